"""What does each row of the tables say of time, under each policy and each reading?

A row speaks for itself: what it says depends on its own cells, for an event without a date on
whether a relation makes it last, and for a tie to a birth on its published window. So no network is
made here, and a row is asked again only where a reading changes one of these, or where the policy
can change how its date or its duration is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import NamedTuple

import pandas as pd

from casechron.analysis.policies import reading_cells
from casechron.chronology.lowering import (
    NETWORK,
    PROTECTED,
    constraints,
    lasting_events,
    room_of,
    shape_of,
    stated_window,
)
from casechron.chronology.network import OPEN
from casechron.chronology.rows import (
    EventRow,
    RelationRow,
    event_rows,
    events_with,
    read_dates,
    relation_rows,
    relations_with,
)
from casechron.coding.edtf import PLAIN
from casechron.coding.policy import DatingPolicy

__all__ = ["REFERENCE", "Edge", "Edges", "Point", "Said", "Statements"]

Tables = Mapping[str, pd.DataFrame]
Point = tuple[str, str]
Edge = tuple[Point, Point, int]
Edges = frozenset[Edge]
#: What a row says under each of some policies; None where it says nothing.
Said = tuple[Edges | None, ...]

REFERENCE: Point = ("", "")
_POINTS = ("start", "end")


class _Event(NamedTuple):
    """All that what an event says of time depends on, the policy apart."""

    row: EventRow
    two_points: bool
    room: str


class _Tie(NamedTuple):
    """All that what a relation says of time depends on, the policy apart."""

    row: RelationRow
    one: tuple[str, EventRow | None]
    other: tuple[str, EventRow | None]


_Row = _Event | _Tie


@dataclass(frozen=True, eq=False)
class Statements:
    """What the rows of a review say of time, each worked out once.

    `tables` as read under `policy`. Rows are asked for as read, and under one more reading each
    (`''`: none)."""

    tables: Tables
    policy: DatingPolicy
    _numbers: dict[_Row, int] = field(default_factory=dict)
    _known: dict[DatingPolicy, dict[int, Edges | None]] = field(default_factory=dict)
    _read: dict[str, Mapping[str, int]] = field(default_factory=dict)

    def moved_by(self, policies: Iterable[DatingPolicy], readings: Iterable[str]) -> bool:
        """Whether one of these policies changes what a row says, as read or under one of these
        readings."""
        rows = [
            row
            for row in set(chain.from_iterable(self._rows(one).values() for one in readings))
            if self._movable[row]
        ]
        return any(
            self._said(row, other) != self._said(row, self.policy)
            for other in policies
            for row in rows
        )

    def under(
        self, policies: Sequence[DatingPolicy], readings: Iterable[str]
    ) -> dict[str, dict[str, Said]]:
        """What each row says under each of these policies, by reading; rows that say nothing under
        any are left out."""
        known: dict[int, Said] = {}
        found = {}
        for reading in readings:
            rows = self._rows(reading)
            for row in rows.values():
                if row not in known:
                    known[row] = tuple(
                        self._said(row, policy if self._movable[row] else self.policy)
                        for policy in policies
                    )
            found[reading] = {name: known[row] for name, row in rows.items() if any(known[row])}
        return found

    def _said(self, row: int, policy: DatingPolicy) -> Edges | None:
        known = self._known.setdefault(policy, {})
        if row not in known:
            read = self._distinct[row]
            edges = (
                _event_edges(read, policy) if isinstance(read, _Event) else _tie_edges(read, policy)
            )
            known[row] = frozenset(edges) or None
        return known[row]

    @cached_property
    def _distinct(self) -> list[_Row]:
        """Each row as it speaks of time, once; readings share those that they do not change."""
        return []

    @cached_property
    def _movable(self) -> list[bool]:
        """Whether a policy can change what it says."""
        return []

    @cached_property
    def _written(self) -> tuple[list[EventRow], list[RelationRow]]:
        events = event_rows(self.tables["events"])
        return events, relation_rows(
            self.tables["relations"], [row.id for row in events], self.policy
        )

    @cached_property
    def _cells(self) -> Mapping[str, dict[tuple[str, str], str]]:
        return reading_cells(self.tables["readings"])

    def _rows(self, reading: str) -> Mapping[str, int]:
        """The number of each row by its id, events of the network first."""
        if reading not in self._read:
            events, relations = self._written
            if cells := self._cells.get(reading, {}):
                events = events_with(events, cells)
                relations = relations_with(
                    relations, cells, [row.id for row in events], self.policy
                )
            self._read[reading] = {
                name: self._number(row)
                for name, row in _in_context(events, relations, self.policy).items()
            }
        return self._read[reading]

    def _number(self, row: _Row) -> int:
        number = self._numbers.setdefault(row, len(self._numbers))
        if number == len(self._distinct):
            self._distinct.append(row)
            self._movable.append(_may_move(row))
        return number


def _in_context(
    events: list[EventRow], relations: list[RelationRow], policy: DatingPolicy
) -> dict[str, _Row]:
    lasting = lasting_events(relations)
    # The shape of a date is a matter of how it is written, whatever the policy.
    dates = read_dates(events, policy)
    found = {
        row.id: _Event(row, shape_of(row, date, lasting)[1], room_of(row))
        for row, date in zip(events, dates, strict=True)
    }
    ends = {
        name: (one.room, one.row if one.room == PROTECTED else None) for name, one in found.items()
    }
    inside = {name: one for name, one in found.items() if one.room == NETWORK}
    return {
        **inside,
        **found,
        **{row.id: _Tie(row, ends[row.from_event], ends[row.to_event]) for row in relations},
    }


def _may_move(row: _Row) -> bool:
    """Whether a policy can change what a row says: not that of a plain date, nor of a relation
    without a duration."""
    if isinstance(row, _Event):
        return not _is_calendar_date(row.row.date)
    births = [birth for _, birth in (row.one, row.other) if birth is not None]
    return row.row.type == "gap" or any(not _is_calendar_date(birth.date) for birth in births)


def _is_calendar_date(text: str) -> bool:
    plain = PLAIN(text)
    return not text or (plain is not None and (plain[2] or "01") <= "12")


def _event_edges(event: _Event, policy: DatingPolicy) -> list[Edge]:
    first, last = (event.row.id, "start"), (event.row.id, "end")
    date = read_dates([event.row], policy)[0]
    earliest, start_latest, end_earliest, latest = stated_window(event.row, date, [])
    # The start is no later than the end.
    always: list[Edge] = [(last, first, 0)]
    starts: list[Edge] = [(REFERENCE, first, start_latest), (first, REFERENCE, -earliest)]
    ends: list[Edge] = [(REFERENCE, last, latest), (last, REFERENCE, -end_earliest)]
    if event.room == NETWORK and not event.two_points:
        always, ends = [*always, (first, last, 0)], []
    if event.room == NETWORK and not event.row.date:
        starts = ends = []
    # A birth or an absence is its stated window, tied to nothing, so that gaps to it are
    # differences of windows.
    return [*always, *(edge for edge in (*starts, *ends) if edge[2] < OPEN)]


def _tie_edges(tie: _Tie, policy: DatingPolicy) -> list[Edge]:
    # The first and the last point of each, also of a moment: that its points are one is for its own
    # row to say.
    names: list[Point] = [
        REFERENCE,
        *((event, point) for event in (tie.row.from_event, tie.row.to_event) for point in _POINTS),
    ]
    nothing = (-OPEN, OPEN, -OPEN, OPEN)
    births = (tie.one[1], tie.other[1])
    windows = [
        stated_window(birth, read_dates([birth], policy)[0], []) if birth else nothing
        for birth in births
    ]
    place = {tie.row.from_event: 0, tie.row.to_event: 1}
    said = constraints(
        tie.row, place, (tie.one[0], tie.other[0]), ((1, 3), (2, 4)), windows, policy, []
    )
    return [
        edge
        for one, other, least, most in said
        for edge in ((names[one], names[other], most), (names[other], names[one], -least))
        if edge[2] < OPEN
    ]
