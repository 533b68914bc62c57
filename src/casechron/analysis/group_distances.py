"""Between which days can events that hang together lie, under every combination of the choices that
bear on them?

The minimal network of what never changes is found once. Of the statements that change only their
own points are kept under every combination: an edge from u to v of length w makes the distance from
i to j the smaller of what it was and d(i, u) + w + d(v, j). Any other distance is that of what
never changes, or leads through two of those points."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casechron.analysis.choices import RowEdges
from casechron.analysis.row_edges import REFERENCE, Edge, Edges, Point
from casechron.chronology.minimal import minimal
from casechron.chronology.network import OPEN, Ints, Network, negative_cycle

__all__ = ["Group", "lean", "lean_where", "solved"]

Held = NDArray[np.bool_]


def lean(array: NDArray[Any]) -> NDArray[Any]:
    """The same values without the axes along which none changes.

    >>> lean(np.array([[1, 2], [1, 2]])).shape
    (1, 2)
    """
    for axis, size in enumerate(array.shape):
        if size > 1:
            first = array[(slice(None),) * axis + (slice(0, 1),)]
            if bool((array == first).all()):
                array = first
    return array


def lean_where(array: NDArray[Any], held: Held) -> NDArray[Any]:
    """The same values wherever `held` says so, without the axes along which none of those changes.

    What the values are elsewhere is not kept. `held` has as many axes, of the same length or of
    length 1.

    >>> lean_where(np.array([[1, 2], [1, 7]]), np.array([[True, True], [True, False]])).tolist()
    [[1, 2]]
    """
    if array.size and bool((array == array.flat[0]).all()):
        return array[(slice(0, 1),) * array.ndim]
    spare = tuple(
        axis for axis, size in enumerate(array.shape) if size == 1 and held.shape[axis] > 1
    )
    held = np.asarray(held.any(axis=spare, keepdims=True)) if spare else held
    for axis, size in enumerate(array.shape):
        if size == 1:
            continue
        before = (slice(None),) * axis
        value, known = array[(*before, slice(0, 1))], held[(*before, slice(0, 1))]
        for at in range(1, size):
            other = array[(*before, slice(at, at + 1))]
            there = held[(*before, slice(at, at + 1))] if held.shape[axis] > 1 else known
            if bool(((value != other) & (known & there)).any()):
                break
            if there is not known:
                value, known = np.where(known, value, other), known | there
        else:
            array, held = value, known
    return array


@dataclass(frozen=True, eq=False)
class Group:
    """The points of a group with their distances, and under which combinations they can hold
    together.

    `always` is the minimal network of what never changes, over `place`. `inner` are places of the
    points that what changes touches, `varied[t, u]` the distances between them over the axes of the
    group (the choices in `axes`, in that order), and `held` the combinations that have a
    chronology; elsewhere the distances mean nothing. `choices` is the number of all choices."""

    place: Mapping[Point, int]
    always: Ints
    inner: Ints
    varied: NDArray[Any]
    held: Held
    axes: tuple[int, ...]
    choices: int
    _between: dict[tuple[int, int], NDArray[Any] | None] = field(default_factory=dict)

    @cached_property
    def holds(self) -> Held:
        """Which combinations have a chronology, over all choices; axes that change nothing have
        length 1."""
        return self._over_all_choices(self._held)

    @cached_property
    def _held(self) -> Held:
        return lean(self.held)

    def distance(self, start: Point, end: Point) -> Ints:
        """The greatest day(end) - day(start) under each combination that has a chronology; OPEN
        where nothing bounds it."""
        one, other = self.place[start], self.place[end]
        found: NDArray[Any] = np.full((1,) * len(self.axes), self.always[one, other])
        for t in self._gates(self.always[one, self.inner], self._inside):
            for u in self._gates(self.always[self.inner, other], self._inside.T):
                between = self._varied_between(t, u)
                if between is not None:
                    way = (
                        self.always[one, self.inner[t]]
                        + between
                        + self.always[self.inner[u], other]
                    )
                    found = np.minimum(found, np.where(between < OPEN, way, OPEN))
        return self._over_all_choices(lean_where(found, self._held))

    @cached_property
    def every(self) -> NDArray[Any]:
        """The distances between all points over the axes of the group: for combinations so few that
        all find room at once."""
        varied = self.varied.astype(np.int64)
        varied[varied >= _far(self.varied) // 2] = OPEN
        always = self.always.reshape(*self.always.shape, *(1,) * self.held.ndim)
        on, back = always[:, self.inner], always[self.inner]
        there: NDArray[Any] = np.full((len(always), *varied.shape[1:]), OPEN, dtype=np.int64)
        for t in range(len(self.inner)):
            np.minimum(there, on[:, t, None] + varied[t], out=there)
        found = np.broadcast_to(always, (*self.always.shape, *self.held.shape)).copy()
        for u in range(len(self.inner)):
            np.minimum(found, there[:, u, None] + back[u], out=found)
        found[found >= OPEN // 2] = OPEN
        return found

    @cached_property
    def _inside(self) -> Ints:
        return self.always[np.ix_(self.inner, self.inner)]

    def _gates(self, away: Ints, inside: Ints) -> list[int]:
        """The inner points by which a point is left (or reached): those that no other of them
        stands before."""
        open_ = [int(t) for t in np.flatnonzero(away < OPEN)]
        # away[t] through s: inside[s, t] is the way from s on to t.
        behind = away[:, None] + inside == away
        gates = list(open_)
        for t in open_:
            if any(behind[s, t] for s in gates if s != t):
                gates.remove(t)
        return gates

    def _varied_between(self, t: int, u: int) -> NDArray[Any] | None:
        """The distance between two inner points where the choices change it; None where they never
        do."""
        if (t, u) not in self._between:
            found = lean_where(self.varied[t, u], self._held).astype(np.int64)
            found[found >= _far(self.varied) // 2] = OPEN
            self._between[t, u] = (
                None if found.size == 1 and found.flat[0] == self._inside[t, u] else found
            )
        return self._between[t, u]

    def _over_all_choices(self, array: NDArray[Any]) -> NDArray[Any]:
        """An array over the axes of the group as one over all choices."""
        order = np.argsort(self.axes, kind="stable")
        shape = [1] * self.choices
        for axis, size in zip(self.axes, array.shape, strict=True):
            shape[axis] = size
        return array.transpose(order).reshape(shape)


def solved(table: RowEdges, rows: list[str], asked: Collection[str]) -> Group:
    """The group of these rows: its distances between all points of the events asked about."""
    axes = {row: table.axes(row) for row in rows}
    varying = [row for row in rows if axes[row]]
    said = {row: _said(table, row, axes[row]) for row in varying}
    shared = {
        row: frozenset.intersection(*said[row].values()) if axes[row] else table.edges(row, {})
        for row in rows
    }
    points = [REFERENCE, *sorted(frozenset().union(*(table.points[row] for row in rows)))]
    number = {point: at for at, point in enumerate(points)}
    net = _net(number, [edge for row in rows for edge in shared[row]])
    if negative_cycle(net) is not None:
        none = np.full((len(points), len(points)), OPEN, dtype=np.int64)
        nothing = np.zeros((0, 0), dtype=np.int64)
        return Group(
            number,
            none,
            np.zeros(0, dtype=np.int64),
            nothing,
            np.zeros((), dtype=bool),
            (),
            len(table.choices),
        )
    changing = {
        row: {chosen: sorted(edges - shared[row]) for chosen, edges in said[row].items()}
        for row in varying
    }
    touched = {
        point
        for row in varying
        for edges in changing[row].values()
        for edge in edges
        for point in edge[:2]
    }
    kept = [
        point for point in points if point == REFERENCE or point in touched or point[0] in asked
    ]
    place = {point: at for at, point in enumerate(kept)}
    index = [number[point] for point in kept]
    always = minimal(net)[np.ix_(index, index)]
    inner = sorted(place[point] for point in touched)
    # The choice that changes most comes first: what comes later is worked out for more
    # combinations.
    weight: dict[int, int] = {}
    for row in varying:
        for axis in axes[row]:
            weight[axis] = weight.get(axis, 0) + max(map(len, changing[row].values()))
    ranked = sorted(weight, key=lambda axis: (-weight[axis], axis))
    varied, held = _varied(
        table,
        always[np.ix_(inner, inner)],
        {kept[at]: t for t, at in enumerate(inner)},
        {row: (axes[row], changing[row]) for row in varying},
        ranked,
    )
    return Group(
        place,
        always,
        np.array(inner, dtype=np.int64),
        varied,
        held,
        tuple(reversed(ranked)),
        len(table.choices),
    )


def _said(table: RowEdges, row: str, axes: list[int]) -> dict[tuple[int, ...], Edges]:
    options = (range(len(table.choices[axis].options)) for axis in axes)
    return {
        chosen: table.edges(row, dict(zip(axes, chosen, strict=True)))
        for chosen in product(*options)
    }


def _varied(
    table: RowEdges,
    inside: Ints,
    place: Mapping[Point, int],
    changing: Mapping[str, tuple[list[int], Mapping[tuple[int, ...], list[Edge]]]],
    ranked: list[int],
) -> tuple[NDArray[Any], Held]:
    """Distances between the inner points over the axes, the last ranked first, and the combinations
    that can hold."""
    lengths = [
        abs(length)
        for _, options in changing.values()
        for edges in options.values()
        for _, _, length in edges
    ]
    # 32 bits hold half the memory, where no sum can leave them.
    narrow = int(np.abs(inside[inside < OPEN]).sum()) + sum(lengths) < 2**28
    varied: NDArray[Any] = (
        np.where(inside < OPEN, inside, 2**29).astype(np.int32) if narrow else inside.copy()
    )
    far = _far(varied)
    held: Held = np.ones((), dtype=bool)
    for rank, axis in enumerate(ranked):
        size = len(table.choices[axis].options)
        varied = np.repeat(varied[:, :, None], size, axis=2)
        held = np.repeat(held[None], size, axis=0)
        for axes, options in changing.values():
            if max(map(ranked.index, axes)) != rank:
                continue
            for chosen, edges in options.items():
                fixed = dict(zip(axes, chosen, strict=True))
                at = tuple(fixed.get(one, slice(None)) for one in reversed(ranked[: rank + 1]))
                for tail, head, length in edges:
                    _shortened(
                        varied[(slice(None), slice(None), *at)],
                        held,
                        at,
                        place[tail],
                        place[head],
                        length,
                        far,
                    )
    return varied, held


def _shortened(
    ways: NDArray[Any],
    held: Held,
    at: tuple[int | slice, ...],
    tail: int,
    head: int,
    length: int,
    far: int,
) -> None:
    """Put an edge into the distances (in place), but for combinations in which it closes a negative
    cycle."""
    if not (ways[tail, head] > length).any():
        return
    clash = ways[head, tail] + length < 0
    to, on = ways[:, tail] + length, ways[head].copy()
    if clash.any():
        held[at] &= ~clash
        to[:, clash] = far
    # Sums with what is open can only fall short of it by the lengths of edges: what is above half
    # of it is open. Row by row, so that what is between needs the room of a row only.
    for row, way in zip(ways, to, strict=True):
        np.minimum(row, way + on, out=row)


def _far(ways: NDArray[Any]) -> int:
    return 2**29 if ways.dtype == np.int32 else OPEN


def _net(number: Mapping[Point, int], edges: list[Edge]) -> Network:
    ints = [
        np.array(column, dtype=np.int64)
        for column in (
            [number[edge[0]] for edge in edges],
            [number[edge[1]] for edge in edges],
            [edge[2] for edge in edges],
            [0] * len(edges),
        )
    ]
    return Network(len(number), *ints)
