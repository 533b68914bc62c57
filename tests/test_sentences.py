"""Does what the reader pages say hold, and do they say nothing else? The list of `sentences.toml`
was written by hand; each of its assertions is worked out here from the tidy tables, by the solver
of the tests and not by the analyses that the pages are made of, and compared exactly. Nothing here
writes the list."""

from __future__ import annotations

import json
import re
import tomllib
from calendar import monthrange
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from article import article_text
from sentences import POLICY, Solved
from test_independent import A, W, tables_of
from test_independent_results import Case
from test_no_source_text import forbidden, hits

HERE = Path(__file__).parent
REPORTS = HERE.parent / "reports"
LISTED: list[dict[str, Any]] = tomllib.loads((HERE / "sentences.toml").read_text(encoding="utf-8"))[
    "sentence"
]
IDS = [one["id"] for one in LISTED]
#: The stem of each reader page, and what it is called in the list.
PAGES = {
    "02_chronology": "story",
    "03_timing": "waits",
    "04_involvement": "knew",
    "05_accounts": "accounts",
    "06_learning": "learned",
}


@cache
def solved(review: str) -> Solved:
    return Solved(tables_of(review))


def wrong(one: Mapping[str, Any], tables: Solved) -> list[str]:
    """The assertions of an entry that do not hold."""
    told = {assertion: tables(assertion) for assertion in one["holds"]}
    return [f"{at}: {found}" for at, (found, wanted) in told.items() if found != wanted]


@pytest.mark.parametrize("one", LISTED, ids=IDS)
def test_what_a_sentence_says_holds(one: dict[str, Any]) -> None:
    assert one["holds"]
    assert wrong(one, solved(one["review"])) == []


#: A cell of the tidy tables, another value, and sentences that then no longer hold.
PLANTED = {
    "the police report at any time of the month": (
        *(W, "events", "notification-july", "date", "2018-07"),
        ["w-story-july", "w-waits-police", "w-waits-july-conference", "w-learned-opportune"],
    ),
    "two months are one": (
        *(W, "relations", "plan gap admission-w", "gap", "P1M"),
        ["w-story-fortnight", "w-story-steps"],
    ),
    "an allegation is a fact": (
        *(W, "participation", "pt-incident-august-wf-harming-alleged", "status", "reported"),
        ["w-story-august", "w-accounts-wf-august"],
    ),
    "another raised it": (
        *(W, "involvement", "iv-notification-july-gmp-raised", "agency", "gp"),
        ["w-story-july", "w-knew-who", "w-knew-gp-landlord"],
    ),
    "five referrals": (
        *(W, "events", "referrals-october", "count_max", "5"),
        ["w-story-october", "w-waits-october", "w-knew-october", "w-learned-juncture"],
    ),
    "a closure is another step": (
        *(W, "events", "closure-midwife", "kind", "assessment"),
        ["w-story-midwife", "w-story-closed"],
    ),
    "not confirmed is no evidence": (
        *(W, "events", "no-safety-planning", "absence", "no-evidence-found"),
        ["w-waits-safety", "w-learned-safety"],
    ),
    "a recommendation is tied elsewhere": (
        *(W, "links", "lk-addresses-rc-history-fd-opportune", "to_row", "fd-fear"),
        ["w-learned-history"],
    ),
    "a day too late": (
        *(A, "events", "conference", "date", "2006-12-23"),
        ["a-story-register", "a-waits-first"],
    ),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_an_error_in_the_tables_is_found(planted: str) -> None:
    review, table, row, column, value, wanted = PLANTED[planted]
    tables = dict(tables_of(review))
    changed = tables[table].copy()
    named = changed["id"] == row
    if table == "relations":
        named = (changed["from_event"] + " " + changed["type"] + " " + changed["to_event"]) == row
    assert named.sum() == 1
    assert (changed.loc[named, column] != value).all()
    changed.loc[named, column] = value
    found = Solved(tables | {table: changed})
    broken = [one["id"] for one in LISTED if one["id"] in wanted and wrong(one, found)]
    assert sorted(broken) == sorted(wanted)


# ---------------------------------------------------------------- what stands in the words

#: Days of a unit, and the smallest step in which it is said.
UNITS = {
    "day": (1, 1),
    "week": (7, 7),
    "month": (30.436875, 30.436875),
    "year": (365.2425, 182.62125),
}
LENGTH = re.compile(
    r"(?:(between|up to) )?(?:(\d+½?)( days?)? and )?(?<![\d½])(\d+½?) (day|week|month|year)s?\b",
    re.I,
)
MONTHS = "January February March April May June July August September October November December"
DATE = re.compile(rf"(?:(\d{{1,2}}) )?({'|'.join(MONTHS.split())}) (\d{{4}})")


def lengths(text: str) -> list[tuple[str, float, float, float]]:
    """Each length of time in a text: as it is said, least and most days, and the days of a step."""
    found = []
    for said in LENGTH.finditer(text):
        unit, step = UNITS[said[5].lower()]
        high = _number(said[4]) * unit
        low = 0.0 if (said[1] or "").lower() == "up to" else _number(said[2] or said[4]) * unit
        # A least of fewer days than the unit has is told in days.
        low = low / unit if said[3] else low
        found.append((said[0], low, high, step))
    return found


def _number(text: str) -> float:
    return float(text.removesuffix("½") or 0) + 0.5 * text.endswith("½")


def lengths_not_borne(one: Mapping[str, Any]) -> list[str]:
    """The lengths of time in a text that no assertion bears, or that are wider than need be. What
    the source itself says of a time between two rows is told as it says it."""
    holds = " ".join(one["holds"])
    ties = re.findall(r"tie\([^)]*\) == P(\d+)([DWMY])", holds)
    units = {unit[0].upper(): unit for unit in UNITS}
    stated = {f"{number} {units[unit]}{'s' * (number != '1')}" for number, unit in ties}
    spans = [
        (int(low), int(high)) for low, high in re.findall(r"gap\([^)]*\) in (\d+)\.\.(\d+)", holds)
    ]
    return [
        said
        for said, low, high, step in lengths(one["text"])
        if said not in stated
        and not any(low <= a < low + step and high - step < b <= high for a, b in spans)
    ]


def dates_not_borne(one: Mapping[str, Any], tables: Solved) -> list[str]:
    """The dates in a text that neither a row of the entry nor one of its assertions has."""
    rows = [tables.event[row]["date"] for row in one["rows"] if row in tables.event]
    borne = " ".join([*rows, *one["holds"]])
    # What comes no later than something of a month comes no later than its last day.
    for year, month in re.findall(r"== (\d{4})-(\d\d)\b(?!-)", borne):
        borne += f" {year}-{month}-{monthrange(int(year), int(month))[1]}"
    months = {name: at for at, name in enumerate(MONTHS.split(), 1)}
    said = [
        f"{year}-{months[month]:02d}" + (f"-{int(day):02d}" if day else "")
        for day, month, year in DATE.findall(one["text"])
    ]
    said += re.findall(r"\b(?:19|20)\d\d\b", one["text"])
    return [day for day in said if day not in borne]


def test_lengths_and_dates_in_words_are_those_of_the_assertions() -> None:
    for one in LISTED:
        assert lengths_not_borne(one) == [], one["id"]
        assert dates_not_borne(one, solved(one["review"])) == [], one["id"]


# ---------------------------------------------------------------- rows, places and words

#: Words of ours that stop a reader, and what would be printed where the source is silent.
BANNED = re.compile(
    r"\b(matters|readings|judged orders|leans on|date pairs|admissible|policy|not stated"
    r"|conclusions that hold|phase|missed opportunit(y|ies)|perpetrators?|innocent|guilty of"
    r"|delays?|fail(ed|ures?))\b|\b\d+ of (the )?[\d,]+\b|\d+ ?%",
    re.IGNORECASE,
)
AGES = re.compile(r"\b(aged?|months old|weeks old|years old|year-old)\b", re.IGNORECASE)


@cache
def places_of(review: str) -> dict[str, set[str]]:
    """Where the source has each row, and what the tables say of it."""
    tables = tables_of(review)
    about: dict[str, set[str]] = {}
    for name, columns in {
        "involvement": ("event",),
        "participation": ("event",),
        "attributes": ("row",),
        "links": ("from_row", "to_row"),
        "relations": ("from_event", "to_event"),
    }.items():
        for row in tables[name].to_dict("records"):
            for column in columns:
                about.setdefault(row[column], set()).add(row["id"])
    said: dict[str, set[str]] = {}
    for row in tables["locators"].to_dict("records"):
        said.setdefault(row["row"], set()).add(f"p{row['paragraph']}.{row['sentence']}")
    return {
        row: set().union(*(said.get(one, set()) for one in {row} | about.get(row, set())))
        for row in said
    }


def not_in_place(one: Mapping[str, Any]) -> list[str]:
    """Rows that the review does not have, and places that none of the entry's rows has; rows that
    no place of the entry has."""
    tables = tables_of(one["review"])
    known = {row for table in tables.values() if "id" in table.columns for row in table["id"]}
    found = [row for row in one["rows"] if row not in known]
    if "places" in one:
        own = {row: places_of(one["review"]).get(row, set()) for row in one["rows"]}
        found += [place for place in one["places"] if place not in set().union(*own.values())]
        found += [row for row, places in own.items() if places.isdisjoint(one["places"])]
    return found


def test_rows_and_places_are_those_of_the_review() -> None:
    for one in LISTED:
        assert ("places" in one) == (one["review"] == W), one["id"]
        assert not_in_place(one) == [], one["id"]


def unfit(text: str, ids: Iterable[str]) -> list[str]:
    """Words that no reader page uses, ids of rows, ages."""
    rows = [row for row in ids if "-" in row and re.search(rf"\b{re.escape(row)}\b", text)]
    return rows + [found[0] for what in (BANNED, AGES) for found in what.finditer(text)]


def test_words_are_those_of_a_careful_author() -> None:
    for one in LISTED:
        text = one["text"]
        assert unfit(text, solved(one["review"]).event) == [], one["id"]
        assert text == " ".join(text.split()), one["id"]
        assert text.endswith("."), one["id"]


def test_the_words_that_no_page_uses_are_found() -> None:
    text = "At referral-2014 535 of 1,400 pairs of readings hold: aged four months, 38 % by policy."
    found = ["referral-2014", "readings", "policy", "535 of 1,400", "38 %", "aged"]
    assert sorted(unfit(text, ["referral-2014", "plan"])) == sorted(found)


def test_entries_are_told_apart() -> None:
    assert len(set(IDS)) == len(IDS)
    said = [(one["review"], one["page"], one["text"]) for one in LISTED]
    assert len(set(said)) == len(said)
    assert {one["page"] for one in LISTED} == {*PAGES.values(), "handout", "across"}
    assert {one["review"] for one in LISTED} == {W, A}


def test_the_admission_is_said_with_the_month_of_the_source() -> None:
    """Its days follow from ours; joined with an age that is published they would tell a birth."""
    of_w = [assertion for one in LISTED if one["review"] == W for assertion in one["holds"]]
    wider = Case(tables_of(W), lambda _: None, POLICY).shown_wider
    assert "admission-w" in wider
    told = [at for at in of_w if re.match(r"(gap|working|window)\(", at)]
    assert told
    assert [at for at in told for event in wider if re.search(rf"\b{event}\b", at)] == []


def test_no_sentence_has_nine_words_in_a_row_of_the_article() -> None:
    sought = forbidden(article_text())
    assert hits(article_text(), sought)
    assert [one["id"] for one in LISTED if hits(one["text"], sought)] == []


# ---------------------------------------------------------------- the pages


def strangers(report: Mapping[str, Any], listed: Iterable[Mapping[str, Any]]) -> list[str]:
    """The key points of a report's reader pages that are not, word for word, sentences of the list
    for that page."""
    written = {(one["page"], one["text"]) for one in listed if one["review"] == report["review"]}
    return [
        f"{page['stem']}: {point}"
        for page in report["pages"]
        for point in page["points"]
        if page["stem"] in PAGES and (PAGES[page["stem"]], point) not in written
    ]


@pytest.mark.parametrize("review", [W, A])
def test_each_key_point_of_the_reader_pages_is_a_sentence_of_the_list(review: str) -> None:
    report = json.loads((REPORTS / review / "report.json").read_text(encoding="utf-8"))
    assert [page["stem"] for page in report["pages"] if page["stem"] in PAGES and page["points"]]
    assert strangers(report, LISTED) == []


def test_a_key_point_that_is_not_in_the_list_is_found() -> None:
    one = next(one for one in LISTED if one["page"] == "waits")
    page = {"stem": "03_timing", "points": [one["text"]]}
    evidence = {"stem": "01_coding", "points": ["Anything."]}
    report = {"review": one["review"], "pages": [page, evidence]}
    assert strangers(report, LISTED) == []
    changed = one["text"].replace("10 weeks", "9 weeks")
    assert changed != one["text"]
    for other in (
        {"review": one["review"], "pages": [page | {"points": [changed]}]},
        {"review": one["review"], "pages": [page | {"stem": "02_chronology"}]},
        {"review": A, "pages": [page]},
    ):
        assert len(strangers(other, LISTED)) == 1


# ---------------------------------------------------------------- the cards

#: The dates on which findings rest, as they are coded and, written by hand, in words.
IN_WORDS = {
    "": "",
    "/..": "",
    "end 2018-07": "end of July 2018",
    "2017-10": "October 2017",
    "2017-11": "November 2017",
    "2018-07/2018-08": "from July to August 2018",
    "end 2018-07/late 2018-08": "from the end of July to late August 2018",
    "late 2018-08/late 2018-09": "from late August to late September 2018",
    "late 2018-09": "late September 2018",
    "late 2018-10": "late October 2018",
    "/late 2018-09": "until late September 2018",
    "late 2018-10/2018-11": "from late October to November 2018",
}
LEADS = {
    "": "No finding that is told here is tied to it.",
    "judged": "We tie it to what was found; the source does not:",
    "stated": "The source ties it to what was found:",
}


def cards_of(report: Path) -> list[dict[str, Any]]:
    """The cards of an executed notebook."""
    cells = json.loads(report.read_text(encoding="utf-8"))["cells"]
    told = [
        output["metadata"].get("casechron", {})
        for cell in cells
        for output in cell.get("outputs", ())
    ]
    return [card for one in told for card in one.get("cards", ())]


def quoted(tables: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """What cards have to say, from the tidy tables alone: a card is no sentence of ours but the
    coded recommendation with its places, the coded findings that are tied to it, and the dates of
    the events on which each rests by more than our judgement, marked where these, or that the
    review found it, are judged."""
    rows = {name: table.to_dict("records") for name, table in tables.items()}
    events = {row["id"]: row for row in rows["events"]}
    # What was on the day of a dated event was on that day.
    for tie in rows["relations"]:
        ends = tie["from_event"], tie["to_event"]
        whole = tie["type"] == "same-day" and not tie["from_point"] + tie["to_point"]
        for one, of in (ends, ends[::-1]) if whole else ():
            if not events[one]["date"] and "/" not in events[of]["date"]:
                judged = "judged" in (tie["basis"], events[of]["date_basis"])
                basis = "judged" if judged else tie["basis"]
                events[one] |= {"date": events[of]["date"], "date_basis": basis}
    of_event = {row["id"]: row["row"] for row in rows["attributes"]}
    of_event |= {row["id"]: row["event"] for row in rows["involvement"] + rows["participation"]}
    ties = {
        kind: [row for row in rows["links"] if row["type"] == kind]
        for kind in ("addresses", "rests-on")
    }

    def point(finding: Mapping[str, str]) -> tuple[Any, ...]:
        targets = [
            of_event.get(row["to_row"], row["to_row"])
            for row in ties["rests-on"]
            if row["from_row"] == finding["id"] and row["basis"] != "judged"
        ]
        rests = {one for one in targets if one in events}
        judged = {one for one in rests if events[one]["date_basis"] == "judged"}
        dates = {
            IN_WORDS[events[one]["date"]] + (", as judged" if one in judged else "")
            for one in rests
            if IN_WORDS[events[one]["date"]]
        }
        # What is done by then says nothing beside what was done then.
        dates -= {f"until {one}" for one in dates}
        dates |= {"as judged"} if finding["basis"] == "judged" else set()
        good = "Found good: " if finding["polarity"] == "strength" else ""
        return good + finding["summary"].rstrip("."), frozenset(dates), frozenset(rests)

    found, cards = {row["id"]: row for row in rows["findings"]}, []
    for advice in rows["recommendations"]:
        tied = [row for row in ties["addresses"] if row["from_row"] == advice["id"]]
        bases = "".join({row["basis"] for row in tied})
        points = [point(one) for one in found.values() if one["id"] in {r["to_row"] for r in tied}]
        places = [row for row in rows["locators"] if row["row"] == advice["id"]]
        at = frozenset(f"{row['paragraph']}.{row['sentence']}" for row in places)
        cards.append((advice["summary"].rstrip("."), LEADS[bases], at, points))
    alone = {row["to_row"] for row in ties["addresses"]}
    rest = [point(one) for one in found.values() if one["id"] not in alone]
    told = "Found, and tied to no recommendation that is told here"
    return [*cards, *([(told, "", frozenset(), rest)] if rest else [])]


def read_cards(cards: Iterable[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    """What cards say, in the form of `quoted`."""
    made = []
    for card in cards:
        points = []
        for one in card["points"]:
            words, _, dates = one["text"].rstrip(".").removesuffix(")").partition(" (")
            days = frozenset(filter(None, dates.split("; ")))
            points.append((words, days, frozenset(one["rows"])))
        at = frozenset(re.findall(r"[0-9]+\.[0-9]+", card["place"]))
        made.append((card["title"].rstrip("."), card["lead"], at, points))
    return made


def test_cards_say_what_is_coded_and_nothing_else() -> None:
    cards = cards_of(REPORTS / W / "06_learning.ipynb")
    assert read_cards(cards) == quoted(tables_of(W))
    assert sum(len(card["points"]) for card in cards) > len(tables_of(W)["findings"])
    texts = [card["title"] for card in cards]
    texts += [one["text"] for card in cards for one in card["points"]]
    assert [text for text in texts if unfit(text, solved(W).event)] == []


@pytest.mark.parametrize(
    ("table", "row", "column", "value"),
    [
        ("findings", "fd-fear", "summary", "Both fathers feared WM"),
        ("findings", "fd-fear", "polarity", "strength"),
        ("findings", "fd-edt", "basis", "stated"),
        ("recommendations", "rc-trauma", "summary", "Work should be otherwise"),
        ("events", "notification-july", "date", "2017-10"),
        ("links", "lk-addresses-rc-history-fd-opportune", "basis", "stated"),
        ("links", "lk-addresses-rc-history-fd-opportune", "to_row", "fd-fear"),
        ("links", "lk-rests-on-fd-opportune-notification-july", "basis", "judged"),
        ("links", "lk-rests-on-fd-fear-fear-father-s1", "to_row", "fear-father-s2"),
        ("locators", "rc-history", "sentence", "9"),
    ],
)
def test_an_error_in_what_cards_say_is_found(table: str, row: str, column: str, value: str) -> None:
    tables = dict(tables_of(W))
    changed = tables[table].copy()
    named = changed["row" if table == "locators" else "id"] == row
    assert named.any()
    changed.loc[named, column] = value
    cards = read_cards(cards_of(REPORTS / W / "06_learning.ipynb"))
    assert cards != quoted(tables | {table: changed})
