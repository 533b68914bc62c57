"""What did those involved hold, what does the review find and recommend, and how else could it be
read?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from casechron.dates.days import date_of
from simulation.case import ABSENCE, MOMENT, TrueEvent
from simulation.dates import Dated, Style
from simulation.draws import Draws
from simulation.phrases import vague
from simulation.rows import BOARD, REPORT, Tables

_MOST_FINDINGS = 6
_RECOMMENDATIONS = (
    ("rc-history", "Weigh the family's history in every plan", "family-history"),
    ("rc-both", "Ask each parent about the violence of both", "domestic-abuse"),
    ("rc-share", "Tell the school and the GP of every plan", "information-sharing"),
    ("rc-training", "Train staff in asking about violence", "practice"),
)
_ALONE, _LOW = "view-father-alone", "view-low-risk"


def evidence_rows(tables: Tables, events: Sequence[TrueEvent], draws: Draws) -> None:
    """Add the rows of views, findings and recommendations, with the links and themes that are
    theirs."""
    _views(tables, events)
    findings = draws.shuffled(_findings(tables, events))[: draws.whole(2, _MOST_FINDINGS)]
    for name, polarity, summary, row, theme in sorted(findings):
        tables.add("findings", name, polarity, summary, BOARD, "", "stated")
        tables.add("themes", name, theme)
        tables.link("rests-on", name, row, draws.pick(["stated", "judged"]))
    shortfalls = [row["id"] for row in tables["findings"] if row["polarity"] == "shortfall"]
    for name, summary, theme in sorted(draws.shuffled(_RECOMMENDATIONS)[: draws.whole(1, 4)]):
        tables.add("recommendations", name, summary, "", "stated")
        tables.add("themes", name, theme)
        if shortfalls and draws.chance(0.8):
            tables.link("addresses", name, draws.pick(shortfalls), "judged")


def _of(events: Sequence[TrueEvent], *kinds: str) -> list[str]:
    """The events of some kinds."""
    return [event.id for event in events if event.kind in kinds]


def _views(tables: Tables, events: Sequence[TrueEvent]) -> None:
    """Two views that the record bears out in part: that one parent alone is violent, that there is
    little risk."""
    incident = [event for event in events if event.kind == "violence"][-1]
    alone = "The father alone is violent"
    tables.add("views", _ALONE, "professionals", alone, "", "", "", "stated")
    tables.link("supports", incident.id, _ALONE, "stated")
    against = [
        row["id"]
        for row in tables["participation"]
        if row["status"] == "counter-alleged" and row["role"] == "harming"
    ]
    for one in [*against, *_of(events, "fear")]:
        tables.link("contradicts", one, _ALONE, "judged")
    if calm := _of(events, "closure", "no-further-action"):
        year, low = str(date_of(incident.start)[0]), "There is little risk to the child"
        tables.add("views", _LOW, "childrens-services", low, year, f"in {year}", "", "judged")
        tables.link("supports", calm[-1], _LOW, "judged")
        for one in _of(events, "bruising"):
            tables.link("contradicts", one, _LOW, "judged")


def _findings(tables: Tables, events: Sequence[TrueEvent]) -> list[tuple[str, str, str, str, str]]:
    """What the review could find: id, polarity, summary, the row that it rests on, theme."""
    alone = "One parent was taken to be the only violent one"
    found = [("fd-view", "shortfall", alone, _ALONE, "assumptions")]
    absences = [event for event in events if event.shape == ABSENCE]
    for number, event in enumerate(absences, start=1):
        fell = f"It fell short: {event.summary}"
        found.append((f"fd-absence-{number}", "shortfall", fell, event.id, event.themes[0]))
    for one in _of(events, "referral", "notification")[:1]:
        timely = "Concern was passed on in good time"
        found.append(("fd-telling", "strength", timely, one, "response"))
    for row in tables["involvement"]:
        if row["role"] == "insufficiently-involved":
            little = "The GP was too little involved"
            found.append(("fd-gp", "shortfall", little, row["id"], "information-sharing"))
    for row in tables["attributes"]:
        if row["attribute"] == "plan-category":
            left = "The plan left violence out"
            found.append(("fd-category", "shortfall", left, row["id"], "planning"))
    for one in _of(events, "known-to-agencies"):
        known = "The family had been known for years"
        found.append(("fd-known", "neutral", known, one, "family-history"))
    return found


def reading_rows(
    tables: Tables,
    events: Sequence[TrueEvent],
    dates: Mapping[str, Dated],
    draws: Draws,
    style: Style,
) -> None:
    """Add other readings of up to two dates: the truth lies within each of them too, so it does
    under any choice of readings."""
    moments = [
        event
        for event in events
        if event.shape == MOMENT and event.kind != "birth" and dates[event.id].date
    ]
    why = "The sentence can be taken to say so; the other reading stands nearer to it"
    for event in draws.shuffled(moments)[: draws.whole(0, 2)]:
        told, other = dates[event.id], vague(event.start, draws, style.policy)
        if other.text == told.date or not draws.chance(style.vagueness):
            continue
        name = f"other-{event.id}"
        tables.add("readings", name, event.id, "date", other.text, REPORT, why)
        if other.words != told.date_words:
            tables.add("readings", name, event.id, "date_words", other.words, REPORT, why)
