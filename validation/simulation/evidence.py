"""What did those involved hold, what does the review find and recommend, and how else could it be
read?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from casechron.coding.days import date_of
from simulation.case import ABSENCE, MOMENT, TrueEvent
from simulation.cast import BOARD
from simulation.dates import Dated, Style
from simulation.draws import Draws
from simulation.phrases import vague
from simulation.rows import Row, Tables

__all__ = ["evidence_rows", "reading_rows"]

_MOST_FINDINGS = 6


class _Finding(NamedTuple):
    id: str
    polarity: str
    summary: str
    rests_on: str
    theme: str


def evidence_rows(events: Sequence[TrueEvent], tables: Tables, draws: Draws) -> Tables:
    """The rows of views, findings and recommendations, with the links and themes that are
    theirs."""
    made: Tables = {
        name: [] for name in ("views", "findings", "recommendations", "links", "themes")
    }
    _views(events, tables, made)
    findings = draws.shuffled(_findings(events, tables, made))[: draws.whole(2, _MOST_FINDINGS)]
    for one in sorted(findings, key=lambda finding: finding.id):
        made["findings"].append(
            {
                "id": one.id,
                "polarity": one.polarity,
                "summary": one.summary,
                "attributed_to": BOARD,
                "words": "",
                "basis": "stated",
            }
        )
        made["themes"].append({"row": one.id, "theme": one.theme})
        _link(made, "rests-on", one.id, one.rests_on, draws.pick(["stated", "judged"]))
    shortfalls = [row["id"] for row in made["findings"] if row["polarity"] == "shortfall"]
    told = draws.shuffled(
        [
            ("rc-history", "Weigh the family's history in every plan", "family-history"),
            ("rc-both", "Ask each parent about the violence of both", "domestic-abuse"),
            ("rc-share", "Tell the school and the GP of every plan", "information-sharing"),
            ("rc-training", "Train staff in asking about violence", "practice"),
        ]
    )[: draws.whole(1, 4)]
    for name, summary, theme in sorted(told):
        made["recommendations"].append(
            {"id": name, "summary": summary, "addressed_to": "", "basis": "stated"}
        )
        made["themes"].append({"row": name, "theme": theme})
        if shortfalls and draws.chance(0.8):
            _link(made, "addresses", name, draws.pick(shortfalls), "judged")
    return made


def _link(made: Tables, kind: str, one: str, other: str, basis: str) -> None:
    made["links"].append(
        {
            "id": f"lk-{kind}-{one}-{other}",
            "type": kind,
            "from_row": one,
            "to_row": other,
            "note": "",
            "basis": basis,
        }
    )


def _views(events: Sequence[TrueEvent], tables: Tables, made: Tables) -> None:
    """Two views that the record bears out in part: that one parent alone is violent, that there is
    little risk."""
    incidents = [event for event in events if event.kind == "violence"]
    year = str(date_of(incidents[-1].start)[0])
    made["views"].append(
        {
            "id": "view-father-alone",
            "holder": "professionals",
            "proposition": "The father alone is violent",
            "date": "",
            "date_words": "",
            "words": "",
            "basis": "stated",
        }
    )
    _link(made, "supports", incidents[-1].id, "view-father-alone", "stated")
    against = [
        row["id"]
        for row in tables["participation"]
        if row["status"] == "counter-alleged" and row["role"] == "harming"
    ]
    against += [event.id for event in events if event.kind == "fear"]
    for one in against:
        _link(made, "contradicts", one, "view-father-alone", "judged")
    calm = [event.id for event in events if event.kind in ("closure", "no-further-action")]
    if calm:
        made["views"].append(
            {
                "id": "view-low-risk",
                "holder": "childrens-services",
                "proposition": "There is little risk to the child",
                "date": year,
                "date_words": f"in {year}",
                "words": "",
                "basis": "judged",
            }
        )
        _link(made, "supports", calm[-1], "view-low-risk", "judged")
        for event in events:
            if event.kind == "bruising":
                _link(made, "contradicts", event.id, "view-low-risk", "judged")


def _findings(events: Sequence[TrueEvent], tables: Tables, made: Tables) -> list[_Finding]:
    """What the review could find, each finding with the row that it rests on."""
    found = [
        _Finding(
            "fd-view",
            "shortfall",
            "One parent was taken to be the only violent one",
            made["views"][0]["id"],
            "assumptions",
        )
    ]
    for number, event in enumerate((one for one in events if one.shape == ABSENCE), start=1):
        theme = event.themes[0] if event.themes else "response"
        found.append(
            _Finding(
                f"fd-absence-{number}",
                "shortfall",
                f"It fell short: {event.summary}",
                event.id,
                theme,
            )
        )
    for event in events:
        if event.kind in ("referral", "notification"):
            found.append(
                _Finding(
                    "fd-telling",
                    "strength",
                    "Concern was passed on in good time",
                    event.id,
                    "response",
                )
            )
            break
    for row in tables["involvement"]:
        if row["role"] == "insufficiently-involved":
            found.append(
                _Finding(
                    "fd-gp",
                    "shortfall",
                    "The GP was too little involved",
                    row["id"],
                    "information-sharing",
                )
            )
    for row in tables["attributes"]:
        if row["attribute"] == "plan-category":
            found.append(
                _Finding(
                    "fd-category", "shortfall", "The plan left violence out", row["id"], "planning"
                )
            )
    for event in events:
        if event.kind == "known-to-agencies":
            found.append(
                _Finding(
                    "fd-known",
                    "neutral",
                    "The family had been known for years",
                    event.id,
                    "family-history",
                )
            )
    return found


def reading_rows(
    events: Sequence[TrueEvent], dates: Mapping[str, Dated], source: str, draws: Draws, style: Style
) -> list[Row]:
    """Other readings of up to two dates: the truth lies within each of them too, so it does under
    any choice of readings."""
    rows: list[Row] = []
    moments = [
        event
        for event in events
        if event.shape == MOMENT and event.kind != "birth" and dates[event.id].date
    ]
    for event in draws.shuffled(moments)[: draws.whole(0, 2)]:
        other = vague(event.start, draws, style.policy)
        if other.text == dates[event.id].date or not draws.chance(style.vagueness):
            continue
        cells = {"date": other.text, "date_words": other.words}
        rows += [
            {
                "reading": f"other-{event.id}",
                "row": event.id,
                "column": column,
                "value": value,
                "source": source,
                "reason": (
                    "The sentence can be taken to say so; the other reading stands nearer to it"
                ),
            }
            for column, value in cells.items()
            if value != getattr(dates[event.id], column)
        ]
    return rows
