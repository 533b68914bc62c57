"""What do the dates admit under every combination of the policy's choices and the readings of the
source?

Each choice is an axis with its options, the first as given. What a choice changes in the statements
about time is found row by row; choices that change none are folded. Events that no relation ties
(even through others) do not bear on one another, so each connected group of points is solved for
the combinations of its own choices alone, and arrays of different groups are put together by
broadcasting: that is exact, and every combination is covered.

Leaving out the orders that only the coder judged is a choice too. Without them groups fall apart
into smaller ones, so each of its two options is solved as a layer by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casechron.analysis.choices import (
    ALLEGED,
    AS_GIVEN,
    CONVENTION,
    JUDGED,
    LEFT_OUT,
    Choice,
    RowEdges,
    alternatives,
    changed,
    choices_that_matter,
    judged_relations,
    touching,
)
from casechron.analysis.concerns import alleged_events
from casechron.analysis.group_distances import Group, lean, lean_where, solved
from casechron.analysis.row_edges import REFERENCE, Point, Said, Statements
from casechron.analysis.structures import Structures, without
from casechron.chronology.network import OPEN, Ints
from casechron.coding.policy import DatingPolicy

__all__ = [
    "ALLEGED",
    "CONVENTION",
    "JUDGED",
    "LEFT_OUT",
    "MOST",
    "Choice",
    "Combinations",
    "combinations",
    "lean",
    "without",
]

Tables = Mapping[str, pd.DataFrame]

#: Combinations that one group of points is solved for; choices beyond are held as given, and named.
MOST = 2**14


@dataclass(frozen=True, eq=False)
class Combinations:
    """Every combination of the choices that can matter for a review.

    Arrays have one axis for each of `choices`, of length 1 where the choice does not bear on the
    value. `folded` names the options that change no statement and no count, `held` those that were
    not combined because there are too many. `layers` are the groups under each option of the choice
    `JUDGED`; there is one layer where no array has more along it. `given` is what each row says as
    given, `wanted` the events that can be asked about."""

    choices: tuple[Choice, ...]
    folded: tuple[str, ...]
    held: tuple[str, ...]
    layers: tuple[tuple[Group, ...], ...]
    structures: Structures
    given: Mapping[str, Said]
    wanted: frozenset[str]
    _asked: dict[tuple[int, Point, Point], Ints] = field(default_factory=dict)

    @cached_property
    def _group_of(self) -> list[Mapping[Point, Group]]:
        """The group of each point in each layer."""
        return [
            {point: group for group in groups for point in group.place if point != REFERENCE}
            for groups in self.layers
        ]

    @cached_property
    def admissible(self) -> NDArray[np.bool_]:
        """Which combinations have an admissible chronology?"""
        layers = []
        for groups in self.layers:
            held: NDArray[np.bool_] = np.ones((1,) * len(self.choices), dtype=bool)
            for group in groups:
                if not group.holds.all():
                    held = held & group.holds
            layers.append(held)
        return lean(self._stacked(layers))

    def at(self, option: str, choice: str) -> int:
        """The place of an option among those of its choice."""
        return next(one.options.index(option) for one in self.choices if one.name == choice)

    def axis(self, choice: str) -> int | None:
        """The axis of a choice; None if it is folded."""
        return next((at for at, one in enumerate(self.choices) if one.name == choice), None)

    def farthest(self, start: Point, end: Point) -> Ints:
        """The greatest day(end) - day(start) under each combination; OPEN where nothing bounds it.

        Where no chronology is admissible the numbers mean nothing.
        """
        key = (-1, start, end)
        if key not in self._asked:
            layers = [self._in_layer(layer, start, end) for layer in range(len(self.layers))]
            self._asked[key] = lean_where(self._stacked(layers), self.admissible)
        return self._asked[key]

    def _stacked(self, layers: list[NDArray[Any]]) -> NDArray[Any]:
        """One array from those of the layers."""
        if all(layer is layers[0] for layer in layers[1:]):
            return layers[0]
        axis = self.axis(JUDGED)
        assert axis is not None
        shape = np.broadcast_shapes(*(layer.shape for layer in layers))
        return np.concatenate([np.broadcast_to(layer, shape) for layer in layers], axis=axis)

    def _in_layer(self, layer: int, start: Point, end: Point) -> Ints:
        key = (layer, start, end)
        if key not in self._asked:
            self._asked[key] = self._farthest(layer, start, end)
        return self._asked[key]

    def _farthest(self, layer: int, start: Point, end: Point) -> Ints:
        if start == end:
            return np.zeros((1,) * len(self.choices), dtype=np.int64)
        one, other = self._group_of[layer].get(start), self._group_of[layer].get(end)
        if one is not None and (other is one or end == REFERENCE):
            return one.distance(start, end)
        if other is not None and start == REFERENCE:
            return other.distance(start, end)
        if REFERENCE in (start, end):
            return np.full((1,) * len(self.choices), OPEN, dtype=np.int64)
        back, on = self._in_layer(layer, start, REFERENCE), self._in_layer(layer, REFERENCE, end)
        return np.where((back < OPEN) & (on < OPEN), back + on, OPEN)

    def days(
        self, start: str, end: str, start_point: str = "start", end_point: str = "start"
    ) -> tuple[Ints, Ints]:
        """Least and most days between two points of events, -OPEN and OPEN for no bound."""
        a, b = (start, start_point), (end, end_point)
        return -self.farthest(b, a), self.farthest(a, b)

    def window(self, event: str, point: str = "start") -> tuple[Ints, Ints]:
        """First and last day of a point of an event, -OPEN and OPEN for no bound."""
        return -self.farthest((event, point), REFERENCE), self.farthest(REFERENCE, (event, point))

    def leaving_out(self, sets: Sequence[tuple[str, ...]]) -> Combinations:
        """As given, and without some sets of relations, each by itself: one choice, with an option
        for each set.

        As `Chronology.without`: what a relation names keeps its points, so that no window can
        become narrower."""
        choices = (
            Choice(
                JUDGED,
                (AS_GIVEN, *(f"{' with '.join(one)} {LEFT_OUT}" for one in sets)),
                structural=True,
            ),
        )
        table = RowEdges(
            choices, (), ((),), {"": self.given}, {JUDGED: (frozenset(), *map(frozenset, sets))}
        )
        groups = tuple(solved(table, rows, self.wanted) for rows in _components(table, table.rows))
        structures = Structures(self.structures.tables, self.structures.policy, choices, ())
        return _OneChoice(choices, (), (), (groups,), structures, self.given, self.wanted)


@dataclass(frozen=True, eq=False)
class _OneChoice(Combinations):
    """Combinations of one choice: so few that all distances between all points are found at
    once."""

    @cached_property
    def _place(self) -> Mapping[Point, int]:
        points = dict.fromkeys(
            point for groups in self.layers for group in groups for point in group.place
        )
        return {point: at for at, point in enumerate(points)}

    @cached_property
    def _ways(self) -> Ints:
        """The greatest day(j) - day(i) under each option, over all points."""
        size, at = len(self._place), self._place.get(REFERENCE, 0)
        ways: Ints = np.full((size, size, len(self.choices[0].options)), OPEN, dtype=np.int64)
        own = []
        for group in self.layers[0]:
            points = [self._place[point] for point in group.place]
            ways[np.ix_(points, points)] = np.minimum(
                ways[np.ix_(points, points)], group.every.reshape(*group.always.shape, -1)
            )
            own.append(points)
        # Points of different groups are tied by their dates alone.
        apart: Ints = ways[:, at, None] + ways[at]
        apart[(ways[:, at, None] >= OPEN // 2) | (ways[at] >= OPEN // 2)] = OPEN
        for points in own:
            apart[np.ix_(points, points)] = ways[np.ix_(points, points)]
        return apart

    def farthest(self, start: Point, end: Point) -> Ints:
        """The greatest day(end) - day(start) under each option; OPEN where nothing bounds it."""
        if start == end:
            return np.zeros((1,), dtype=np.int64)
        one, other = self._place.get(start), self._place.get(end)
        if one is None or other is None:
            return np.full((1,), OPEN, dtype=np.int64)
        ways: Ints = self._ways[one, other]
        return ways


def combinations(
    tables: Tables, policy: DatingPolicy, wanted: Iterable[str] | None = None
) -> Combinations:
    """Every combination of other policies, other readings, and alleged events and judged orders
    left out, solved.

    `tables` as read under `policy`. `wanted` are the events to be asked about; all events by
    default. Options come from `policies.policy_alternatives`; readings of one row exclude each
    other and are options of one choice."""
    fields_, readings = alternatives(tables, policy)
    out = alleged_events(tables)
    statements = Statements(tables, policy)
    each = ["", *(one for group in readings for one in group)]
    others = {
        name: [changed(policy, {name: value}) for value in values]
        for name, values in fields_.items()
    }
    moving = [
        name
        for name in fields_
        if name != CONVENTION
        and statements.moved_by((other for other in others[name] if other is not None), each)
    ]
    policies = {}
    for options in product(*(range(1 + len(fields_[name])) for name in moving)):
        named = {
            name: fields_[name][at - 1] for name, at in zip(moving, options, strict=True) if at
        }
        under = changed(policy, named)
        if under is not None:
            policies[options] = under
    said = statements.under(tuple(policies.values()), each)
    judged = judged_relations(tables)
    choices, folded = choices_that_matter(tables, moving, fields_, readings, out, judged, said)
    folded = (
        *folded,
        *(
            f"{name} = {value}"
            for name in fields_
            if name not in moving and name != CONVENTION
            for value in fields_[name]
        ),
    )
    held: list[str] = []
    alleged: tuple[frozenset[str], ...] = (frozenset(), touching(tables, set(out)))
    while True:
        table = RowEdges(choices, tuple(moving), tuple(policies), said, {ALLEGED: alleged})
        together = _components(table, table.rows)
        if (spare := _too_many(table, together)) is None:
            break
        held += spare.options[1:]
        choices = tuple(one for one in choices if one is not spare)
    asked = frozenset(tables["events"]["id"] if wanted is None else wanted)
    known: dict[tuple[str, ...], Group] = {}
    layers = []
    for left_out in [(), judged] if judged else [()]:
        apart = (
            _components(table, [row for row in table.rows if row not in left_out])
            if left_out
            else together
        )
        for rows in apart:
            if tuple(rows) not in known:
                known[tuple(rows)] = solved(table, rows, asked)
        layers.append(tuple(known[tuple(rows)] for rows in apart))
    place = list(policies).index((0,) * len(moving))
    given = {row: own[place : place + 1] for row, own in said[""].items() if own[place]}
    structures = Structures(tables, policy, choices, tuple(out))
    return Combinations(choices, folded, tuple(held), tuple(layers), structures, given, asked)


def _components(table: RowEdges, rows: Sequence[str]) -> list[list[str]]:
    """Rows in groups whose points hang together, dates apart: the reference ties nothing."""
    parent: dict[Point, Point] = {}

    def root(point: Point) -> Point:
        while parent.setdefault(point, point) != point:
            parent[point] = parent[parent[point]]
            point = parent[point]
        return point

    for row in rows:
        together = [root(point) for point in table.points[row]]
        parent.update(dict.fromkeys(together, together[0]))
    groups: dict[Point, list[str]] = {}
    for row in rows:
        groups.setdefault(root(next(iter(table.points[row]))), []).append(row)
    return list(groups.values())


def _too_many(table: RowEdges, groups: list[list[str]]) -> Choice | None:
    """The choice to hold as given where a group has more combinations than can be solved: its last
    reading."""
    for rows in groups:
        axes = sorted({axis for row in rows for axis in table.axes(row)})
        if np.prod([len(table.choices[axis].options) for axis in axes], dtype=np.float64) > MOST:
            readings = [
                table.choices[axis]
                for axis in axes
                if table.choices[axis].name.startswith("reading: ")
            ]
            return readings[-1] if readings else table.choices[axes[-1]]
    return None
