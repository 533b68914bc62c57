"""What do the dates admit under every combination of the policy's choices and the readings of the source?

Each choice is an axis with its options, the first as given. What a choice changes in the statements about time is found
row by row; choices that change none are folded. Events that no relation ties (even through others) do not bear on one
another, so each connected group of points is solved for the combinations of its own choices alone, and arrays of
different groups are put together by broadcasting: that is exact, and every combination is covered.

Within a group the minimal network of what never changes is taken to the points that matter (which loses nothing about
them), and the statements that change are added one edge at a time: an edge from u to v of length w makes the distance
from i to j the smaller of what it was and d(i, u) + w + d(v, j).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casechron.analysis.choices import (
    ALLEGED,
    CONVENTION,
    LEFT_OUT,
    REFERENCE,
    Choice,
    Edge,
    Edges,
    Point,
    RowEdges,
    Statements,
    alternatives,
    changed,
    choices_that_matter,
    touching,
)
from casechron.analysis.concerns import alleged_events
from casechron.analysis.policies import tables_under
from casechron.chronology.minimal import minimal
from casechron.chronology.network import OPEN, Ints, Network, negative_cycle
from casechron.coding.policy import DatingPolicy

__all__ = ["ALLEGED", "CONVENTION", "LEFT_OUT", "MOST", "Choice", "Combinations", "combinations", "lean", "without"]

Tables = Mapping[str, pd.DataFrame]

#: Combinations that one group of points is solved for; choices beyond are held as given, and named.
MOST = 2**14


@dataclass(frozen=True, eq=False)
class _Group:
    """A connected group of points: distances over its axes (and the two points last), and where they hold together."""

    place: Mapping[Point, int]
    distance: Ints
    holds: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Combinations:
    """Every combination of the choices that can matter for a review.

    Arrays have one axis for each of `choices`, of length 1 where the choice does not bear on the value. `folded` names
    the options that change no statement and no count, `held` those that were not combined because there are too many.
    """

    choices: tuple[Choice, ...]
    folded: tuple[str, ...]
    held: tuple[str, ...]
    groups: tuple[_Group, ...]
    variants: Mapping[tuple[int, ...], Tables]

    @cached_property
    def group_of(self) -> Mapping[Point, _Group]:
        """The group of each point."""
        return {point: group for group in self.groups for point in group.place if point != REFERENCE}

    @cached_property
    def admissible(self) -> NDArray[np.bool_]:
        """Which combinations have an admissible chronology?"""
        held: NDArray[np.bool_] = np.ones((1,) * len(self.choices), dtype=bool)
        for group in self.groups:
            if not group.holds.all():
                held = held & group.holds
        return held

    def at(self, option: str, choice: str) -> int:
        """The place of an option among those of its choice."""
        return next(one.options.index(option) for one in self.choices if one.name == choice)

    def axis(self, choice: str) -> int | None:
        """The axis of a choice; None if it is folded."""
        return next((at for at, one in enumerate(self.choices) if one.name == choice), None)

    @cached_property
    def _asked(self) -> dict[tuple[Point, Point], Ints]:
        return {}

    def farthest(self, start: Point, end: Point) -> Ints:
        """The greatest day(end) - day(start) under each combination; OPEN where nothing bounds it."""
        if (start, end) not in self._asked:
            self._asked[start, end] = lean(self._farthest(start, end))
        return self._asked[start, end]

    def _farthest(self, start: Point, end: Point) -> Ints:
        if start == end:
            return np.zeros((1,) * len(self.choices), dtype=np.int64)
        one, other = self.group_of.get(start), self.group_of.get(end)
        if one is not None and (other is one or end == REFERENCE):
            return one.distance[..., one.place[start], one.place[end]]
        if other is not None and start == REFERENCE:
            return other.distance[..., other.place[start], other.place[end]]
        if REFERENCE in (start, end):
            return np.full((1,) * len(self.choices), OPEN, dtype=np.int64)
        apart: Ints = np.minimum(self.farthest(start, REFERENCE) + self.farthest(REFERENCE, end), OPEN)
        return apart

    def days(self, start: str, end: str, start_point: str = "start", end_point: str = "start") -> tuple[Ints, Ints]:
        """Least and most days between two points of events, -OPEN and OPEN for no bound."""
        a, b = (start, start_point), (end, end_point)
        return -self.farthest(b, a), self.farthest(a, b)

    def window(self, event: str, point: str = "start") -> tuple[Ints, Ints]:
        """First and last day of a point of an event, -OPEN and OPEN for no bound."""
        return -self.farthest((event, point), REFERENCE), self.farthest(REFERENCE, (event, point))


def combinations(tables: Tables, policy: DatingPolicy, wanted: Iterable[str] | None = None) -> Combinations:
    """Every combination of other policies, other readings, and alleged events left out, solved.

    `tables` as read under `policy`. `wanted` are the events to be asked about; all events by default. Options come from
    `policies.policy_alternatives`; readings of one row exclude each other and are options of one choice.
    """
    fields_, readings = alternatives(tables, policy)
    out = alleged_events(tables)
    variants: dict[tuple[tuple[int, ...], str], Edges] = {}
    said = Statements(tables, policy, {}, {})
    each = ["", *(one for group in readings for one in group)]
    moving = [name for name in fields_ if name != CONVENTION and said.moved_by(name, fields_[name], each)]
    levels = [range(1 + len(fields_[name])) for name in moving]
    for choice in product(*levels):
        named = {name: fields_[name][at - 1] for name, at in zip(moving, choice, strict=True) if at}
        under = changed(policy, named)
        if under is None:
            continue
        variants |= {(choice, reading): said.under(under, reading) for reading in each}
    choices, folded = choices_that_matter(tables, moving, fields_, readings, out, variants)
    folded = (
        *folded,
        *(f"{name} = {value}" for name in fields_ if name not in moving and name != CONVENTION for value in fields_[name]),
    )
    held: list[str] = []
    while True:
        table = RowEdges(choices, tuple(moving), variants, touching(tables, set(out)))
        together = _components(table)
        if (spare := _too_many(table, together)) is None:
            break
        held += spare.options[1:]
        choices = tuple(one for one in choices if one is not spare)
    asked = set(tables["events"]["id"] if wanted is None else wanted)
    groups = tuple(_solved(table, rows, asked) for rows in together)
    return Combinations(choices, folded, tuple(held), groups, _tables_by_structure(tables, policy, choices, out))


def lean(array: NDArray[Any]) -> NDArray[Any]:
    """The same values without the axes along which none changes.

    >>> lean(np.array([[1, 2], [1, 2]])).shape
    (1, 2)
    """
    for axis, size in enumerate(array.shape):
        first = array[(slice(None),) * axis + (slice(0, 1),)]
        if size > 1 and bool((array == first).all()):
            array = first
    return array


def without(tables: Tables, events: Iterable[str]) -> dict[str, pd.DataFrame]:
    """The tables without some events, and without the rows that cannot stand without them."""
    gone = set(events)
    found = {}
    for name, table in tables.items():
        keys = [column for column in ("from_event", "to_event", "from_row", "to_row", "event", "row") if column in table.columns]
        kept = ~table["id"].isin(gone) if name == "events" else pd.Series(True, index=table.index)
        for key in keys if name in ("relations", "links", "participation", "involvement", "themes") else ():
            kept &= ~table[key].isin(gone)
        found[name] = table.loc[kept].reset_index(drop=True)
    return found


def _components(table: RowEdges) -> list[list[str]]:
    """Rows in groups whose points hang together, dates apart: the reference ties nothing."""
    parent: dict[Point, Point] = {}

    def root(point: Point) -> Point:
        while parent.setdefault(point, point) != point:
            parent[point] = parent[parent[point]]
            point = parent[point]
        return point

    first: dict[str, Point] = {}
    for edges in table.variants.values():
        for row, said in edges.items():
            for one, other, _ in said:
                points = [point for point in (one, other) if point != REFERENCE]
                first.setdefault(row, points[0])
                parent[root(points[0])] = root(points[-1])
                parent[root(first[row])] = root(points[0])
    groups: dict[Point, list[str]] = {}
    for row in table.rows:
        if row in first:
            groups.setdefault(root(first[row]), []).append(row)
    return list(groups.values())


def _too_many(table: RowEdges, groups: list[list[str]]) -> Choice | None:
    """The choice to hold as given where a group has more combinations than can be solved: its last reading."""
    for rows in groups:
        axes = sorted({axis for row in rows for axis in table.axes(row)})
        if np.prod([len(table.choices[axis].options) for axis in axes], dtype=np.float64) > MOST:
            readings = [table.choices[axis] for axis in axes if table.choices[axis].name.startswith("reading: ")]
            return readings[-1] if readings else table.choices[axes[-1]]
    return None


def _solved(table: RowEdges, rows: list[str], asked: set[str]) -> _Group:
    axes = {row: table.axes(row) for row in rows}
    varying = sorted((row for row in rows if axes[row]), key=lambda row: (max(axes[row]), row))
    said = {
        row: {chosen: table.edges(row, dict(zip(axes[row], chosen, strict=True)))
              for chosen in product(*(range(len(table.choices[axis].options)) for axis in axes[row]))}
        for row in rows
    }  # fmt: skip
    shared = {row: frozenset.intersection(*options.values()) for row, options in said.items()}
    every = {point for options in said.values() for edges in options.values() for edge in edges for point in edge[:2]} | {
        REFERENCE
    }
    points = [REFERENCE, *sorted(every - {REFERENCE})]
    number = {point: at for at, point in enumerate(points)}
    net = _net(number, [edge for row in rows for edge in shared[row]])
    size = (1,) * len(table.choices)
    if negative_cycle(net) is not None:
        none = np.full((*size, len(points), len(points)), OPEN, dtype=np.int64)
        return _Group(number, none, np.zeros(size, dtype=bool))
    # What changes, and what is asked about: nothing else has to be kept.
    touched = {point for row in varying for found in said[row].values() for edge in found - shared[row]
               for point in edge[:2]}  # fmt: skip
    kept = [point for point in points if point == REFERENCE or point in touched or point[0] in asked]
    place = {point: at for at, point in enumerate(kept)}
    index = [number[point] for point in kept]
    distance = minimal(net)[np.ix_(index, index)].reshape(*size, len(kept), len(kept))
    for row in varying:
        lengths = [len(table.choices[axis].options) if axis in axes[row] else n for axis, n in enumerate(distance.shape[:-2])]
        if (shape := (*lengths, len(kept), len(kept))) != distance.shape:
            distance = np.broadcast_to(distance, shape).copy()
        for chosen, found in said[row].items():
            at = tuple(chosen[axes[row].index(axis)] if axis in axes[row] else slice(None) for axis in range(len(size)))
            for tail, head, length in sorted(found - shared[row]):
                part = distance[at]
                through = part[..., :, place[tail], None] + (length + part[..., None, place[head], :])
                through[through > OPEN // 2] = OPEN
                # A contradiction goes on falling; it is marked below, and only kept from running out of 64 bits.
                distance[at] = np.maximum(np.minimum(part, through, out=through), -OPEN, out=through)
    holds = (np.diagonal(distance, axis1=-2, axis2=-1) >= 0).all(axis=-1)
    return _Group(place, distance, np.asarray(holds, dtype=bool))


def _net(number: Mapping[Point, int], edges: list[Edge]) -> Network:
    ints = [np.array(column, dtype=np.int64) for column in (
        [number[edge[0]] for edge in edges], [number[edge[1]] for edge in edges], [edge[2] for edge in edges], [0] * len(edges),
    )]  # fmt: skip
    return Network(len(number), *ints)


def _tables_by_structure(
    tables: Tables, policy: DatingPolicy, choices: tuple[Choice, ...], out: list[str]
) -> dict[tuple[int, ...], Tables]:
    """The tables under each combination of the structural choices; the key has a place for every choice, 0 for others."""
    found: dict[tuple[int, ...], Tables] = {}
    levels = [range(len(choice.options)) if choice.structural else range(1) for choice in choices]
    for chosen in product(*levels):
        options = [choice.options[at] for choice, at in zip(choices, chosen, strict=True) if at]
        readings = tuple(option.removeprefix("reading: ") for option in options if option.startswith("reading: "))
        read: Tables = (
            tables_under(tables, policy, replace(policy, readings=(*policy.readings, *readings))) if readings else tables
        )
        if f"{ALLEGED} {LEFT_OUT}" in options:
            read = without(read, out)
        found[chosen] = read
    return found
