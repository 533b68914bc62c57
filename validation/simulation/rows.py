"""Which rows does a coder write of the events? Agencies, persons, their roles, further facts, ties
and themes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from simulation.case import TrueEvent
from simulation.cast import AGENCIES, people_of
from simulation.dates import Dated
from simulation.draws import Draws
from simulation.relations import Tie

__all__ = ["Row", "Tables", "basis", "cast_rows", "event_rows", "relation_rows"]

Row = dict[str, str]
Tables = dict[str, list[Row]]
#: Persons named by nobody's part in an event are left out, but for the child: the review is about
#: it.
CHILD = "child"
_NAMING = {
    "involvement": ("agency",),
    "participation": ("person", "account"),
    "attributes": ("row",),
    "views": ("holder",),
    "findings": ("attributed_to",),
}


def basis(draws: Draws) -> str:
    """The basis of a row: mostly stated."""
    return draws.weighted([(8, "stated"), (1, "derived"), (1, "judged")])


def event_rows(events: Sequence[TrueEvent], dates: Mapping[str, Dated], draws: Draws) -> Tables:
    """The rows of events, involvement, participation, attributes, links and themes."""
    tables: Tables = {
        name: []
        for name in ("events", "involvement", "participation", "attributes", "links", "themes")
    }
    for event in events:
        tables["events"].append(
            {
                "id": event.id,
                **dates[event.id].cells,
                "kind": event.kind,
                "absence": event.absence,
                "summary": event.summary,
                "basis": basis(draws),
            }
        )
        tables["involvement"] += [
            {
                "id": f"iv-{event.id}-{one.agency}-{one.role}",
                "agency": one.agency,
                "event": event.id,
                "role": one.role,
                "grade": one.grade,
                "note": "",
                "basis": basis(draws),
            }
            for one in event.agencies
        ]
        parts = [
            {
                "id": f"pt-{event.id}-{one.person}-{one.role}-{one.status}",
                "event": event.id,
                **one._asdict(),
                "basis": basis(draws),
            }
            for one in event.people
        ]
        tables["participation"] += parts
        tables["attributes"] += [
            {
                "id": f"at-{event.id}-{attribute}",
                "row": event.id,
                "attribute": attribute,
                "value": value,
                "event": "",
                "basis": basis(draws),
            }
            for attribute, value in event.attributes
        ]
        tables["links"] += [_link(one.type, event.id, one.to, basis(draws)) for one in event.links]
        tables["links"] += _denials(parts)
        tables["themes"] += [{"row": event.id, "theme": theme} for theme in event.themes]
    tables["attributes"] += _ages(events, dates)
    return tables


def _link(kind: str, one: str, other: str, said: str) -> Row:
    return {
        "id": f"lk-{kind}-{one}-{other}",
        "type": kind,
        "from_row": one,
        "to_row": other,
        "note": "",
        "basis": said,
    }


def _denials(parts: Iterable[Row]) -> list[Row]:
    """A denial stands against what is alleged of the same person in the same role."""
    alleged = {
        (row["person"], row["role"]): row["id"] for row in parts if row["status"] == "alleged"
    }
    return [
        _link("contradicts", row["id"], alleged[row["person"], row["role"]], "stated")
        for row in parts
        if row["status"] == "denied" and (row["person"], row["role"]) in alleged
    ]


def _ages(events: Sequence[TrueEvent], dates: Mapping[str, Dated]) -> list[Row]:
    """The child's age when it was admitted, with the source's words for that time: of no event, and
    never a relation."""
    born = next(event.start for event in events if event.kind == "birth")
    admission = next(event for event in events if event.kind == "admission")
    months = int((admission.start - born) / 30.436875)
    attribute, value = ("age-months", months) if months < 24 else ("age-years", months // 12)
    words = dates[admission.id].date_words
    return [
        {
            "id": "at-child-age",
            "row": CHILD,
            "attribute": attribute,
            "value": f"{value} ({words})" if words else str(value),
            "event": "",
            "basis": "stated",
        }
    ]


def relation_rows(ties: Iterable[Tie], draws: Draws) -> list[Row]:
    """The rows of relations; what a coder derives or judges has no words of the source."""
    rows = []
    for number, tie in enumerate(ties, start=1):
        said = basis(draws)
        rows.append(
            {"id": f"rl-{number}", **tie._asdict(), "basis": said}
            | ({} if said == "stated" else {"words": ""})
        )
    return rows


def cast_rows(tables: Tables, number: int) -> Tables:
    """The rows of agencies and people, of those whom other rows name."""
    named = {CHILD}
    for name, columns in _NAMING.items():
        named |= {row[column] for row in tables[name] for column in columns}
    return {
        "agencies": [
            {"id": name, "label": agency.label, "sector": agency.sector, "note": ""}
            for name, agency in AGENCIES.items()
            if name in named
        ],
        "people": [
            {"id": name, **person._asdict()}
            for name, person in people_of(number).items()
            if name in named
        ],
    }
