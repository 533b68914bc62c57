"""Which rows does a coder write of the events? Agencies, persons, their roles, further facts, ties
and themes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest

from casechron.coding.codebook import codebook
from simulation.case import TrueEvent, sheet
from simulation.dates import Dated
from simulation.draws import Draws
from simulation.relations import Tie

Row = dict[str, str]
#: The source that tells of everything.
REPORT = "report"
BOARD = "board"
_NAMING = {
    "involvement": ("agency",),
    "participation": ("person", "account"),
    "views": ("holder",),
    "findings": ("attributed_to",),
}


class Tables(dict[str, list[Row]]):
    """The rows of the tidy tables, by the table's name."""

    def __init__(self) -> None:
        super().__init__({name: [] for name in codebook().tables})

    def add(self, table: str, *cells: str) -> None:
        """One more row, by the order of the table's columns; what is left out is empty."""
        header = codebook().tables[table].header
        assert len(cells) <= len(header), f"{table} has {len(header)} columns, not {len(cells)}"
        self[table].append(dict(zip_longest(header, cells, fillvalue="")))

    def link(self, kind: str, one: str, other: str, basis: str) -> None:
        """One more tie between rows."""
        self.add("links", f"lk-{kind}-{one}-{other}", kind, one, other, "", basis)


def event_rows(
    tables: Tables, events: Sequence[TrueEvent], dates: Mapping[str, Dated], draws: Draws
) -> None:
    """Add the rows of events, involvement, participation, attributes, links and themes."""
    for event in events:
        at, told, basis = event.id, dates[event.id], draws.basis()
        when = told.date, told.date_words, told.date_basis
        counts = told.count_min, told.count_max
        tables.add("events", at, *when, event.kind, *counts, event.absence, event.summary, basis)
        for agency, role, grade in event.agencies:
            name = f"iv-{at}-{agency}-{role}"
            tables.add("involvement", name, agency, at, role, grade, "", draws.basis())
        for person, role, status, account in event.people:
            name = f"pt-{at}-{person}-{role}-{status}"
            tables.add("participation", name, person, at, role, status, account, draws.basis())
        for fact, value in event.facts:
            tables.add("attributes", f"at-{at}-{fact}", at, fact, value, "", draws.basis())
        if event.link:
            kind, earlier = event.link
            tables.link(kind, at, earlier, draws.basis())
        # A denial stands against what is alleged of the same person in the same role.
        alleged = {one[:2] for one in event.people if one.status == "alleged"}
        for person, role, status, _ in event.people:
            if status == "denied" and (person, role) in alleged:
                name = f"pt-{at}-{person}-{role}"
                tables.link("contradicts", f"{name}-denied", f"{name}-alleged", "stated")
        for theme in event.themes:
            tables.add("themes", at, theme)
    # The child's age when it was admitted, with the source's words for that time: of no event, and
    # never a relation.
    born = next(event.start for event in events if event.kind == "birth")
    admission = next(event for event in events if event.kind == "admission")
    months = int((admission.start - born) / 30.436875)
    fact, number = ("age-months", months) if months < 24 else ("age-years", months // 12)
    words = dates[admission.id].date_words
    value = f"{number} ({words})" if words else str(number)
    tables.add("attributes", "at-child-age", "child", fact, value, "", "stated")


def relation_rows(tables: Tables, ties: Iterable[Tie], draws: Draws) -> None:
    """Add the rows of relations; what a coder derives or judges has no words of the source."""
    for number, tie in enumerate(ties, start=1):
        basis = draws.basis()
        words = tie.words if basis == "stated" else ""
        tables.add("relations", f"rl-{number}", *tie[:-1], words, basis)


def cast_rows(tables: Tables, number: int) -> None:
    """Add the rows of agencies and people, of those in cast.csv whom other rows name; and of
    the child, whom the review is about."""
    named = {row[column] for name in _NAMING for row in tables[name] for column in _NAMING[name]}
    for row in sheet("cast"):
        if row["id"] in named | {"child"}:
            label = row["label"].format(number=number)
            tables.add(row["table"], row["id"], label, row["is"], row["note"])
