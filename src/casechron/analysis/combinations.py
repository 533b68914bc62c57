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

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casechron.analysis.concerns import alleged_events
from casechron.analysis.policies import policy_alternatives, tables_under
from casechron.chronology.lowering import Lowered, lower
from casechron.chronology.minimal import minimal
from casechron.chronology.network import HARD, OPEN, Ints, Network, negative_cycle
from casechron.coding.policy import DatingPolicy, PolicyError

__all__ = ["ALLEGED", "AS_GIVEN", "CONVENTION", "LEFT_OUT", "MOST", "Choice", "Combinations", "combinations", "lean", "without"]

Tables = Mapping[str, pd.DataFrame]
Point = tuple[str, str]
Edge = tuple[Point, Point, int]
Edges = Mapping[str, frozenset[Edge]]

AS_GIVEN, LEFT_OUT = "as given", "left out"
ALLEGED, CONVENTION = "alleged events", "working_day_one"
#: Combinations that one group of points is solved for; choices beyond are held as given, and named.
MOST = 2**14
_REFERENCE: Point = ("", "")
#: Columns that bear on what is counted or checked, other than by time.
_STRUCTURE = ("kind", "count_min", "count_max", "absence", "role", "status", "type", "from_row", "to_row")


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice and its options, the first of them as given."""

    name: str
    options: tuple[str, ...]
    structural: bool = False


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
        return {point: group for group in self.groups for point in group.place if point != _REFERENCE}

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
        if one is not None and (other is one or end == _REFERENCE):
            return one.distance[..., one.place[start], one.place[end]]
        if other is not None and start == _REFERENCE:
            return other.distance[..., other.place[start], other.place[end]]
        if _REFERENCE in (start, end):
            return np.full((1,) * len(self.choices), OPEN, dtype=np.int64)
        there, back = self.farthest(start, _REFERENCE), self.farthest(_REFERENCE, end)
        return np.minimum(there + back, OPEN)

    def days(self, start: str, end: str, start_point: str = "start", end_point: str = "start") -> tuple[Ints, Ints]:
        """Least and most days between two points of events, -OPEN and OPEN for no bound."""
        a, b = (start, start_point), (end, end_point)
        return -self.farthest(b, a), self.farthest(a, b)

    def window(self, event: str, point: str = "start") -> tuple[Ints, Ints]:
        """First and last day of a point of an event, -OPEN and OPEN for no bound."""
        return -self.farthest((event, point), _REFERENCE), self.farthest(_REFERENCE, (event, point))


def combinations(tables: Tables, policy: DatingPolicy, wanted: Iterable[str] | None = None) -> Combinations:
    """Every combination of other policies, other readings, and alleged events left out, solved.

    `tables` as read under `policy`. `wanted` are the events to be asked about; all events by default. Options come from
    `policies.policy_alternatives`; readings of one row exclude each other and are options of one choice.
    """
    fields_, readings = _alternatives(tables, policy)
    out = alleged_events(tables)
    variants: dict[tuple[tuple[int, ...], str], Edges] = {}
    moving = [name for name in fields_ if name != CONVENTION and _moves(tables, policy, name, fields_[name], readings)]
    levels = [range(1 + len(fields_[name])) for name in moving]
    for choice in product(*levels):
        named = {name: fields_[name][at - 1] for name, at in zip(moving, choice, strict=True) if at}
        try:
            under = replace(policy, **named)  # type: ignore[arg-type]
        except PolicyError:
            continue
        for reading in ("", *(one for group in readings for one in group)):
            variants[choice, reading] = _edges(_lowered(tables, policy, under, reading))
    choices, folded = _choices(tables, moving, fields_, readings, out, variants)
    folded = (*folded, *(f"{name} = {value}" for name in fields_ if name not in moving and name != CONVENTION for value in fields_[name]))
    held: list[str] = []
    while True:
        table = _Rows(choices, tuple(moving), variants, _touching(tables, set(out)))
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


@dataclass(frozen=True, eq=False)
class _Rows:
    """The edges of each row of the tables under each combination of the choices."""

    choices: tuple[Choice, ...]
    moving: tuple[str, ...]
    variants: Mapping[tuple[tuple[int, ...], str], Edges]
    alleged: frozenset[str]

    @cached_property
    def rows(self) -> list[str]:
        """All rows that say something about time."""
        return list(dict.fromkeys(row for edges in self.variants.values() for row in edges))

    @cached_property
    def of_reading(self) -> Mapping[str, tuple[int, int]]:
        """Axis and place of each reading that is combined."""
        return {
            option.removeprefix("reading: "): (axis, at)
            for axis, choice in enumerate(self.choices)
            for at, option in enumerate(choice.options)
            if option.startswith("reading: ")
        }

    def axes(self, row: str) -> list[int]:
        """Which choices change what a row says?"""
        names = {choice.name: axis for axis, choice in enumerate(self.choices)}
        found = []
        for at, name in enumerate(self.moving):
            if name in names and any(
                edges.get(row) != self.variants[(*choice[:at], 0, *choice[at + 1 :]), reading].get(row)
                for (choice, reading), edges in self.variants.items()
                if choice[at] and ((*choice[:at], 0, *choice[at + 1 :]), reading) in self.variants
            ):
                found.append(names[name])
        for reading, (axis, _) in self.of_reading.items():
            if any(
                edges.get(row) != self.variants[choice, ""].get(row)
                for (choice, one), edges in self.variants.items()
                if one == reading
            ):
                found.append(axis)
        if row in self.alleged and ALLEGED in names:
            found.append(names[ALLEGED])
        return sorted(set(found))

    def edges(self, row: str, chosen: Mapping[int, int]) -> frozenset[Edge]:
        """What a row says when these options are chosen, all else as given."""
        names = {choice.name: axis for axis, choice in enumerate(self.choices)}
        if row in self.alleged and chosen.get(names.get(ALLEGED, -1)):
            return frozenset()
        field = tuple(chosen.get(names.get(name, -1), 0) for name in self.moving)
        reading = next((one for one, (axis, at) in self.of_reading.items() if chosen.get(axis) == at and axis in chosen), "")
        found = self.variants.get((field, reading), self.variants[(0,) * len(self.moving), reading])
        return found.get(row, frozenset())


def _alternatives(tables: Tables, policy: DatingPolicy) -> tuple[dict[str, list[object]], list[list[str]]]:
    """Other values of each field, and the readings in groups of those that touch the same row."""
    values: dict[str, list[object]] = {}
    readings = []
    for name, other in policy_alternatives(policy, tables):
        if name.startswith("reading: "):
            readings.append(name.removeprefix("reading: "))
            continue
        field = next(one.name for one in fields(policy) if getattr(other, one.name) != getattr(policy, one.name))
        values.setdefault(field, []).append(getattr(other, field))
    rows = tables["readings"]
    touched = {one: set(rows.loc[rows["reading"] == one, "row"]) for one in readings}
    groups: list[list[str]] = []
    for one in readings:
        near = [group for group in groups if any(touched[one] & touched[other] for other in group)]
        groups = [group for group in groups if group not in near] + [[*(other for group in near for other in group), one]]
    return values, groups


def _lowered(tables: Tables, policy: DatingPolicy, under: DatingPolicy, reading: str) -> Lowered:
    chosen = replace(under, readings=(*policy.readings, reading)) if reading else under
    read = tables_under(tables, policy, chosen)
    return lower(read["events"], read["relations"], chosen)


def _moves(tables: Tables, policy: DatingPolicy, name: str, values: Sequence[object], readings: list[list[str]]) -> bool:
    """Whether some value of a field changes a statement, under some reading."""
    for reading in ("", *(one for group in readings for one in group)):
        given = _edges(_lowered(tables, policy, policy, reading))
        for value in values:
            other = replace(policy, **{name: value})  # type: ignore[arg-type]
            if _edges(_lowered(tables, policy, other, reading)) != given:
                return True
    return False


def _edges(lowered: Lowered) -> Edges:
    """The edges that each row states, between named points."""
    names: dict[int, Point] = {0: _REFERENCE}
    found: dict[str, set[Edge]] = {}
    for row, start, end in zip(lowered.events, lowered.start.tolist(), lowered.end.tolist(), strict=True):
        if start < 0:
            continue
        names[start], first, last = (row.id, "start"), (row.id, "start"), (row.id, "end")
        own = found.setdefault(row.id, set())
        own.add((last, first, 0))  # the start is no later than the end
        if start == end:
            own.add((first, last, 0))
        else:
            names[end] = last
    for row, (earliest, start_latest, end_earliest, latest), start in zip(
        lowered.events, lowered.stated.tolist(), lowered.start.tolist(), strict=True
    ):
        if start < 0:
            # A birth or an absence: its stated window, tied to nothing, so that gaps to it are differences of windows.
            first, last = (row.id, "start"), (row.id, "end")
            sides = [(_REFERENCE, first, start_latest), (first, _REFERENCE, -earliest), (_REFERENCE, last, latest),
                     (last, _REFERENCE, -end_earliest), (last, first, 0)]  # fmt: skip
            found[row.id] = {side for side in sides if side[2] < OPEN}
    net = lowered.network
    for tail, head, length, number in zip(*(part.tolist() for part in (net.tail, net.head, net.length, net.statement)), strict=True):
        if number == HARD:
            continue
        table, at = lowered.said[number]
        row_id = lowered.events[at].id if table == "date" else lowered.relations[at].id
        found.setdefault(row_id, set()).add((names[tail], names[head], length))
    return {row_id: frozenset(edges) for row_id, edges in found.items()}


def _touching(tables: Tables, events: set[str]) -> frozenset[str]:
    relations = tables["relations"]
    tied = relations.loc[relations["from_event"].isin(events) | relations["to_event"].isin(events), "id"]
    return frozenset(events | set(tied))


def _choices(
    tables: Tables,
    moving: list[str],
    values: Mapping[str, list[object]],
    readings: list[list[str]],
    out: list[str],
    variants: Mapping[tuple[tuple[int, ...], str], Edges],
) -> tuple[tuple[Choice, ...], tuple[str, ...]]:
    """The choices that can matter, and the options that change no statement and no count."""
    found = [Choice(name, (AS_GIVEN, *(f"{name} = {value}" for value in values[name]))) for name in moving]
    if CONVENTION in values:
        found.append(Choice(CONVENTION, (AS_GIVEN, *(f"{CONVENTION} = {value}" for value in values[CONVENTION]))))
    folded: list[str] = []
    rows = tables["readings"]
    for group in readings:
        kept, structural = [], False
        for one in group:
            own = rows.loc[rows["reading"] == one]
            counts = own["column"].isin(_STRUCTURE) & own["row"].isin(set().union(*(
                set(tables[name]["id"]) for name in ("events", "links", "involvement", "participation")
            )))  # fmt: skip
            moved = sum(
                edges.get(row) != variants[choice, ""].get(row)
                for (choice, reading), edges in variants.items()
                if reading == one
                for row in {*edges, *variants[choice, ""]}
            )
            if moved or counts.any():
                kept.append(f"reading: {one}")
                structural |= bool(counts.any())
            else:
                folded.append(f"reading: {one}")
        if kept:
            found.append(Choice(f"reading: {group[0]}", (AS_GIVEN, *kept), structural))
    if out:
        found.append(Choice(ALLEGED, (AS_GIVEN, f"{ALLEGED} {LEFT_OUT}"), structural=True))
    return tuple(found), tuple(folded)


def _components(table: _Rows) -> list[list[str]]:
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
                points = [point for point in (one, other) if point != _REFERENCE]
                first.setdefault(row, points[0])
                parent[root(points[0])] = root(points[-1])
                parent[root(first[row])] = root(points[0])
    groups: dict[Point, list[str]] = {}
    for row in table.rows:
        if row in first:
            groups.setdefault(root(first[row]), []).append(row)
    return list(groups.values())


def _too_many(table: _Rows, groups: list[list[str]]) -> Choice | None:
    """The choice to hold as given where a group has more combinations than can be solved: its last reading."""
    for rows in groups:
        axes = sorted({axis for row in rows for axis in table.axes(row)})
        if np.prod([len(table.choices[axis].options) for axis in axes], dtype=np.float64) > MOST:
            readings = [table.choices[axis] for axis in axes if table.choices[axis].name.startswith("reading: ")]
            return readings[-1] if readings else table.choices[axes[-1]]
    return None


def _solved(table: _Rows, rows: list[str], asked: set[str]) -> _Group:
    axes = {row: table.axes(row) for row in rows}
    varying = sorted((row for row in rows if axes[row]), key=lambda row: (max(axes[row]), row))
    said = {
        row: {chosen: table.edges(row, dict(zip(axes[row], chosen, strict=True)))
              for chosen in product(*(range(len(table.choices[axis].options)) for axis in axes[row]))}
        for row in rows
    }  # fmt: skip
    shared = {row: frozenset.intersection(*options.values()) for row, options in said.items()}
    every = {point for options in said.values() for edges in options.values() for edge in edges for point in edge[:2]} | {_REFERENCE}
    points = [_REFERENCE, *sorted(every - {_REFERENCE})]
    number = {point: at for at, point in enumerate(points)}
    net = _net(number, [edge for row in rows for edge in shared[row]])
    size = (1,) * len(table.choices)
    if negative_cycle(net) is not None:
        none = np.full((*size, len(points), len(points)), OPEN, dtype=np.int64)
        return _Group(number, none, np.zeros(size, dtype=bool))
    # What changes, and what is asked about: nothing else has to be kept.
    touched = {point for row in varying for found in said[row].values() for edge in found - shared[row]
               for point in edge[:2]}  # fmt: skip
    kept = [point for point in points if point == _REFERENCE or point in touched or point[0] in asked]
    place = {point: at for at, point in enumerate(kept)}
    index = [number[point] for point in kept]
    distance = minimal(net)[np.ix_(index, index)].reshape(*size, len(kept), len(kept))
    for row in varying:
        lengths = [len(table.choices[axis].options) if axis in axes[row] else n for axis, n in enumerate(distance.shape[:-2])]
        distance = np.broadcast_to(distance, (*lengths, len(kept), len(kept))).copy()
        for chosen, found in said[row].items():
            at = tuple(chosen[axes[row].index(axis)] if axis in axes[row] else slice(None) for axis in range(len(size)))
            for tail, head, length in sorted(found - shared[row]):
                part = distance[at]
                through = part[..., :, place[tail], None] + length + part[..., None, place[head], :]
                distance[at] = np.minimum(part, np.where(through > OPEN // 2, OPEN, through)).clip(-OPEN, OPEN)
    holds = (np.diagonal(distance, axis1=-2, axis2=-1) >= 0).all(axis=-1)
    return _Group(place, distance, holds)


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
        read: Tables = tables_under(tables, policy, replace(policy, readings=(*policy.readings, *readings))) if readings else tables
        if f"{ALLEGED} {LEFT_OUT}" in options:
            read = without(read, out)
        found[chosen] = read
    return found
