"""Invented reviews of any size for the tests of what is drawn and said of a chronology."""

from __future__ import annotations

import random

import pandas as pd

from casechron.chronology import Chronology
from casechron.coding.codebook import codebook
from casechron.coding.reviews import frames_with
from casechron.dates.days import date_of, day_number, day_text
from text_tables import records_of

Tables = dict[str, pd.DataFrame]

SUMMARIES = (
    "A visit",
    (
        "A social worker sees the home and writes down what the neighbours had said about it over"
        " the summer before"
    ),
    "Costs of $5 and $6 are paid",
    "Donaudampfschifffahrtsgesellschaftskapitaensmuetzenabzeichenherstellerverband meets",
    "A call",
    "Nobody asks whether anything more, or anything sooner, was to be done",
    "A letter arrives",
)
KINDS = ("visit", "referral", "protection-plan", "concern", "icpc", "birth", "closure", "violence")


Rows = list[dict[str, str]]


def tables_of(events: Rows, relations: Rows | None = None, **more: Rows) -> Tables:
    """All tables of a review, with rows in some of them; cells that are left out are empty."""
    return frames_with({"events": events, "relations": relations or [], **more})


def generated(count: int, seed: int = 1) -> Tables:
    """A review of so many events: dates of every form, absences, allegations, agencies, orders that
    can hold together."""
    draw = random.Random(seed)
    events: list[dict[str, str]] = []
    true: list[int] = []
    for number in range(count):
        crowded = draw.random() < 0.7
        day = (
            day_number(2018, 3) + draw.randrange(240)
            if crowded
            else day_number(2006) + draw.randrange(15 * 365)
        )
        true.append(day)
        year, month, _ = date_of(day)
        forms = [
            day_text(day),
            f"{year}-{month:02d}",
            f"{year}",
            f"{day_text(day)}/..",
            f"/{day_text(day)}",
            "",
            "",
            f"[{day_text(day - draw.randrange(60))}..{day_text(day + draw.randrange(60))}]",
            f"{year}-{month:02d}/{year + 1}",
        ]
        date = draw.choice(forms)
        kind = draw.choice(KINDS)
        absence = (
            draw.choice(list(codebook().codes("absence")))
            if draw.random() < 0.15 and kind != "birth"
            else ""
        )
        recurs = draw.random() < 0.1 and not absence and "/" not in date
        events.append(
            {
                "id": f"e{number}",
                "date": date,
                "date_basis": "stated" if date else "",
                "kind": kind,
                "absence": absence,
                "count_min": "2" if recurs else "",
                "summary": draw.choice(SUMMARIES),
                "basis": "stated",
            }
        )
    # Orders between points that the true days satisfy.
    free = [
        at
        for at in range(count)
        if not events[at]["absence"]
        and events[at]["kind"] != "birth"
        and not events[at]["count_min"]
        and "/" not in events[at]["date"]
    ]
    ties = []
    for number in range(count):
        if len(free) > 1:
            one, other = draw.sample(free, 2)
            if true[one] < true[other]:
                ties.append(
                    {
                        "id": f"r{number}",
                        "type": draw.choice(["before", "not-after"]),
                        "from_event": f"e{one}",
                        "to_event": f"e{other}",
                        "basis": "derived",
                    }
                )
    labels = ("Police", "School", "Health visitors")
    agencies = [{"id": f"a{at}", "label": label, "sector": "8"} for at, label in enumerate(labels)]
    involved = [
        {
            "id": f"i{at}-{agency}",
            "agency": f"a{agency}",
            "event": f"e{at}",
            "role": "led",
            "basis": "stated",
        }
        for at in range(count)
        for agency in range(3)
        if draw.random() < 0.4
    ]
    parts = [
        {
            "id": f"p{at}",
            "person": "x",
            "event": f"e{at}",
            "role": "harming",
            "status": "alleged",
            "basis": "stated",
        }
        for at in range(count)
        if events[at]["kind"] == "violence"
    ]
    people = [{"id": "x", "label": "X", "kinship": "child"}]
    return tables_of(
        events, ties, agencies=agencies, involvement=involved, participation=parts, people=people
    )


def tension() -> Tables:
    """Two months and a fortnight that cannot both be as said: the conference is late September, the
    incident late October."""
    events = [
        {
            "id": "conference",
            "date": "late 2018-09",
            "date_words": "late September",
            "kind": "icpc",
            "summary": "A conference",
        },
        {"id": "plan", "date": "", "kind": "protection-plan", "summary": "A plan is made"},
        {
            "id": "incident",
            "date": "late 2018-10",
            "date_words": "late October",
            "kind": "violence",
            "summary": "An incident",
        },
        {
            "id": "admission",
            "date": "2018-11",
            "date_words": "November",
            "kind": "admission",
            "summary": "An admission",
        },
    ]
    ties = records_of("""
        id | type | from_event | to_event | basis | gap | meaning | words
        made-then | same-day | plan | conference | derived
        two-months | gap | plan | admission | stated | P2M | rounded | two months after
        fortnight | gap | incident | admission | stated | P2W | rounded | a fortnight before
    """)
    paragraphs = {"two-months": "10", "fortnight": "24", "made-then": "10", "admission": "9"}
    places = [
        {"row": row, "source": "report", "paragraph": number, "sentence": "1"}
        for row, number in paragraphs.items()
    ]
    rows = [
        {**event, "basis": "stated", "date_basis": "stated" if event["date"] else ""}
        for event in events
    ]
    return tables_of(rows, ties, locators=places)


def conflicting_statements(chronology: Chronology) -> pd.DataFrame:
    """The statements of each conflict of a chronology, a row each."""
    rows = [
        (
            *(number, stated.words, stated.row, stated.table, stated.basis, stated.paragraphs),
            *(conflict.days_short, alone),
        )
        for number, conflict in enumerate(chronology.conflicts, start=1)
        for stated, alone in zip(
            map(chronology.statement, conflict.statements), conflict.relaxations, strict=True
        )
    ]
    columns = ["conflict", "statement", "row", "table", "basis", "paragraphs"]
    table = pd.DataFrame(rows, columns=[*columns, "days_short", "days_to_relax_alone"])
    return table.astype({"days_to_relax_alone": "Int64"})
