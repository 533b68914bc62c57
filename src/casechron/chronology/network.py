"""What follows from differences between days?

A simple temporal network: points (unknown whole days) and constraints `least <= day(j) - day(i) <=
most`, either side open. Point 0 is the reference, day 0. Everything rests on one theorem: the
constraints are the edges of a distance graph, `day(j) - day(i) <= most` an edge of that length from
i to j; the network can hold exactly if the graph has no negative cycle, and then the shortest
distance from i to j is the greatest difference that some solution attains (Dechter, Meiri and Pearl
1991, Temporal constraint networks, Artificial Intelligence 49, 61-95: theorem 3.1 for the cycle,
theorem 3.3 and its corollaries 3.4 and 3.5 for the minimal network). Lengths are whole numbers, so
those solutions are whole days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
#: Two points, the least and the most of their difference (-OPEN and OPEN: no bound), and the
#: statement that says so.
Constraint = tuple[int, int, int, int, int]

OPEN = 2**60
"""No bound. Sums of two of them still fit 64 bits; anything above half of it is read as open."""
_HALF = OPEN // 2
SMALL = 160
"""Up to so many points, closing them all at once takes less time than choosing an order."""
LARGEST = 2**46
"""The largest day or gap that is held exactly (190 billion years; numpy's seconds end there
too)."""
HARD = -1
"""The statement of a constraint that nobody stated and nobody can drop: a start is no later than
its end."""


class PairRegion(NamedTuple):
    """Which days a and b do the sources admit together for two events?

    Exactly the pairs with from_lo <= a <= from_hi, to_lo <= b <= to_hi and gap_lo <= b - a <=
    gap_hi; None is open. In a minimal network each such pair extends to a solution of the whole
    (decomposability: Dechter, Meiri and Pearl 1991, theorem 3.3), so counting pairs here counts
    what the text admits."""

    from_lo: int | None
    from_hi: int | None
    to_lo: int | None
    to_hi: int | None
    gap_lo: int | None
    gap_hi: int | None

    @classmethod
    def of(cls, *bounds: int | np.int64) -> PairRegion:
        """The region of six bounds, -OPEN or OPEN where there is none."""
        days = map(int, bounds)  # many times as quick to compare as those of numpy
        return cls(*[day if -_HALF < day < _HALF else None for day in days])

    @property
    def bounds(self) -> tuple[int, ...]:
        """The six bounds, -OPEN or OPEN where there is none."""
        given = zip(self, (-OPEN, OPEN) * 3, strict=True)
        return tuple([no_bound if bound is None else bound for bound, no_bound in given])

    @property
    def gap(self) -> tuple[int | None, int | None]:
        """The least and the most days from a to b."""
        return self.gap_lo, self.gap_hi


def region_of(network: Ints, first: int, second: int) -> PairRegion:
    """The pairs of days that a minimal network leaves to two of its points."""
    ways = (0, first), (0, second), (first, second)
    return PairRegion.of(
        *(bound for i, j in ways for bound in (-network.item(j, i), network.item(i, j)))
    )


class _Edges(NamedTuple):
    """Edges sorted by the point that they end at, so that one `reduceat` relaxes them all.

    `edge` is the place of each in the network and `group` the number of its target among the points
    reached; `first` has the first place of each group here, `reached` its target."""

    source: Ints
    target: Ints
    length: Ints
    edge: Ints
    first: Ints
    reached: Ints
    group: Ints


def _sorted_edges(source: Ints, target: Ints, length: Ints, edge: Ints) -> _Edges:
    by = np.argsort(target, kind="stable")
    target = target[by]
    new = np.empty(len(target), dtype=bool)
    new[:1] = True
    np.not_equal(target[1:], target[:-1], out=new[1:])
    first = np.flatnonzero(new)
    return _Edges(
        source[by], target, length[by], edge[by], first, target[first], np.cumsum(new) - 1
    )


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Points and the edges of their distance graph; `statement[e]` says whose edge it is."""

    points: int
    tail: Ints
    head: Ints
    length: Ints
    statement: Ints

    def without(self, statements: Iterable[int]) -> Network:
        """The same points without what these statements say."""
        return self.kept(~np.isin(self.statement, np.fromiter(statements, np.int64)))

    def only(self, statements: Iterable[int]) -> Network:
        """The same points with what these statements say, and what nobody can drop."""
        numbers = np.fromiter(statements, np.int64)
        return self.kept(np.isin(self.statement, numbers) | (self.statement == HARD))

    def kept(self, edges: NDArray[np.bool_] | Ints) -> Network:
        """The same points with a choice of edges, marked or by their places."""
        return Network(
            self.points,
            self.tail[edges],
            self.head[edges],
            self.length[edges],
            self.statement[edges],
        )

    def turned(self) -> Network:
        """The same network with every edge the other way round."""
        return replace(self, tail=self.head, head=self.tail)

    def widened(self, statement: int, days: int) -> Network:
        """The same network with every bound of one statement wider by so many days."""
        return replace(self, length=self.length + days * (self.statement == statement))

    def extended(self, constraints: Sequence[Constraint]) -> Network:
        """The same network with more constraints."""
        more = from_arrays(self.points, *columns_of(constraints))
        return Network(
            self.points,
            np.append(self.tail, more.tail),
            np.append(self.head, more.head),
            np.append(self.length, more.length),
            np.append(self.statement, more.statement),
        )


def columns_of(constraints: Sequence[Constraint]) -> Iterable[Ints]:
    """Constraints in columns, as `from_arrays` takes them."""
    columns: Ints = np.array(constraints, dtype=np.int64).reshape(-1, 5).T
    return columns


def from_arrays(points: int, i: Ints, j: Ints, least: Ints, most: Ints, statement: Ints) -> Network:
    """The network of constraints in columns; -OPEN and OPEN stand for no bound."""
    upper, lower = most < OPEN, least > -OPEN
    length = np.concatenate([most[upper], -least[lower]])
    if length.size and (np.abs(length) > 2 * LARGEST).any():
        raise OverflowError("a constraint of more than 380 billion years cannot be held exactly")
    return Network(
        points,
        np.concatenate([i[upper], j[lower]]),
        np.concatenate([j[upper], i[lower]]),
        length,
        np.concatenate([statement[upper], statement[lower]]),
    )


class NegativeCycleError(ValueError):
    """The constraints cannot hold together; `edges` go once round a negative cycle."""

    def __init__(self, edges: list[int]) -> None:
        super().__init__("these constraints cannot hold together")
        self.edges = edges


def _cycle(parent: Ints, source_of: Ints) -> list[int] | None:
    """The edges of a cycle in the predecessor graph, if there is one (it is then a negative
    cycle)."""
    previous = np.where(parent >= 0, source_of[np.maximum(parent, 0)], -1)
    jump = np.append(previous, -1)  # index -1 is its own parent, so roots stay roots
    for _ in range(len(previous).bit_length()):
        jump = jump[jump]
    on_or_behind = np.flatnonzero(jump[:-1] >= 0)
    if not on_or_behind.size:
        return None
    # So many steps back that it is certainly on the cycle.
    start = int(jump[on_or_behind[0]])
    edges: list[int] = []
    point = start
    while not edges or point != start:
        edges.append(int(parent[point]))
        point = int(previous[point])
    return edges[::-1]


def _relax(edges: _Edges, points: int, distance: Ints) -> tuple[Ints, Ints]:
    """Bellman-Ford in whole rounds: shortest distances and the (sorted) edge by which each was
    reached.

    Each round relaxes every edge from the distances of the round before, so after r rounds no path
    of at most r edges is shorter. A cycle of predecessors is a negative cycle also under
    simultaneous rounds; it is looked for whenever the number of rounds doubles."""
    parent = np.full(points, -1, dtype=np.int64)
    if not edges.source.size:
        return distance, parent
    rounds, next_look = 0, 8
    while True:
        start = distance[edges.source]
        reach = start + edges.length
        reach[start >= _HALF] = OPEN
        best = np.minimum.reduceat(reach, edges.first)
        better = best < distance[edges.reached]
        if not better.any():
            return distance, parent
        won = np.flatnonzero(better[edges.group] & (reach == best[edges.group]))[::-1]
        parent[edges.target[won]] = won  # reversed: of equal edges the first stays
        distance[edges.reached[better]] = best[better]
        rounds += 1
        if rounds == next_look:
            next_look *= 2
            cycle = _cycle(parent, edges.source)
            if cycle is not None:
                raise NegativeCycleError([int(edges.edge[e]) for e in cycle])


def negative_cycle(net: Network) -> list[int] | None:
    """Edges that cannot hold together, in order round a negative cycle; None if the network can
    hold."""
    edges = _sorted_edges(net.tail, net.head, net.length, np.arange(len(net.tail)))
    try:
        # As if a source reached all points: cycles that the reference cannot reach count too.
        _relax(edges, net.points, np.zeros(net.points, dtype=np.int64))
    except NegativeCycleError as cycle:
        return cycle.edges
    return None


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Least and greatest day of every point (-OPEN, OPEN: none), and the edge that set each (-1:
    none)."""

    network: Network
    lower: Ints
    upper: Ints
    lower_edge: Ints
    upper_edge: Ints

    def chain(self, point: int, *, upper: bool) -> list[int]:
        """The edges whose sum is the greatest day of a point, from the reference to the point; or
        minus its least day, from the point to the reference."""
        net = self.network
        last, ends = (self.upper_edge, net.tail) if upper else (self.lower_edge, net.head)
        chain = []
        while point and (edge := int(last[point])) >= 0:
            chain.append(edge)
            point = int(ends[edge])
        return chain[::-1] if upper else chain


def _distances(net: Network, point: int) -> tuple[Ints, Ints]:
    """The shortest distance from a point to every other, and the last edge of its path (-1:
    none)."""
    distance = np.full(net.points, OPEN, dtype=np.int64)
    distance[point] = 0
    edges = _sorted_edges(net.tail, net.head, net.length, np.arange(len(net.tail)))
    distance, parent = _relax(edges, net.points, distance)
    return distance, np.append(edges.edge, -1)[parent]


def most_days_from(net: Network, point: int) -> Ints:
    """The greatest day(j) - day(point) for every j, OPEN where nothing bounds it; the network must
    be able to hold."""
    return _distances(net, point)[0]


def is_open(days: Any) -> Any:
    """Whether a day or a number of days has no bound, or which of many."""
    return abs(days) >= _HALF


def none_if_open(day: int | np.int64) -> int | None:
    """The day or gap, or None if it is open."""
    day = int(day)  # many times as quick to compare as one of numpy
    return day if -_HALF < day < _HALF else None


def tightened(net: Network) -> Windows:
    """Which days can each point have? Raises NegativeCycleError if the constraints cannot hold
    together."""
    upper, upper_edge = _distances(net, 0)
    away, lower_edge = _distances(net.turned(), 0)
    # Other cycles than those on a way from the reference or back to it are among the points left.
    apart = is_open(upper) & is_open(away)
    beside = np.flatnonzero(apart[net.tail] & apart[net.head])
    if (cycle := negative_cycle(net.kept(beside))) is not None:
        raise NegativeCycleError(beside[cycle].tolist())
    return Windows(net, -away, upper, lower_edge, upper_edge)


def minimal_network(net: Network) -> Ints:
    """The minimal network: `m[i, j]` is the greatest day(j) - day(i), OPEN if nothing bounds it.

    Points are eliminated in the order of least degree, each leaving its neighbours their shortest
    way through it; what is left when all remaining points are neighbours is closed by Floyd and
    Warshall; then the eliminated points come back in reverse, each reading its distances off its
    neighbours' (Snowball: Planken, de Weerdt and van der Krogt 2012, Computing all-pairs shortest
    paths by leveraging low treewidth, Journal of Artificial Intelligence Research 43, 353-388). A
    text ties an event to few others, so this costs points squared times a small number. The network
    must be able to hold: ask `tightened` first. The result cannot be written to: networks of the
    same edges, as under choices that move no date, share it."""
    return _minimal_of_edges(
        net.points, *(part.tobytes() for part in (net.tail, net.head, net.length))
    )


@lru_cache(maxsize=32)
def _minimal_of_edges(points: int, *edges: bytes) -> Ints:
    tail, head, length = (np.frombuffer(part, np.int64) for part in edges)
    step = np.full((points, points), OPEN, dtype=np.int64)
    np.minimum.at(step, (tail, head), length)
    np.fill_diagonal(step, 0)
    result = _closed(step) if points <= SMALL else _by_elimination(step)
    result[result > _HALF] = OPEN
    result.flags.writeable = False
    return result


def _by_elimination(step: Ints) -> Ints:
    """All shortest ways, where each point is tied to few others; changes `step`."""
    points = len(step)
    order, neighbours, core = _eliminated(step)
    closed_core = _closed(step[np.ix_(core, core)])
    place = np.empty(points, dtype=np.int64)
    place[core] = np.arange(len(core))
    place[order] = np.arange(points - 1, len(core) - 1, -1)
    # ahead[i, j] is the way from i to j, in the order of `place`, and back its transpose, so that
    # both directions read whole rows.
    ahead = np.full((points, points), OPEN, dtype=np.int64)
    back = ahead.copy()
    ahead[: len(core), : len(core)] = closed_core
    back[: len(core), : len(core)] = closed_core.T
    for point, near in zip(reversed(order), reversed(neighbours), strict=True):
        at_place = int(place[point])
        if near.size:
            rows = place[near]
            for way, other, to_near in ((ahead, back, step[point]), (back, ahead, step[:, point])):
                nearest = (to_near[near, None] + way[rows, :at_place]).min(axis=0)
                way[at_place, :at_place] = np.minimum(nearest, OPEN)
                other[:at_place, at_place] = way[at_place, :at_place]
        ahead[at_place, at_place] = back[at_place, at_place] = 0
    return ahead[np.ix_(place, place)]


def _closed(step: Ints) -> Ints:
    """All shortest ways by Floyd and Warshall, in 32 bits where no sum can leave them: half the
    memory to move."""
    lengths = step[step < _HALF]
    narrow = bool(np.abs(lengths).sum() < 2**28)
    way: NDArray[Any] = np.where(step < _HALF, step, 2**29).astype(np.int32) if narrow else step
    through = np.empty_like(way)
    # Nothing is nearer through a point that nothing leads to, or that leads nowhere.
    tied = (step < _HALF) & ~np.eye(len(step), dtype=bool)
    for middle in np.flatnonzero(tied.any(axis=0) & tied.any(axis=1)):
        np.add(way[:, middle, None], way[middle], out=through)
        np.minimum(way, through, out=way)
    wide: Ints = way.astype(np.int64)
    if narrow:
        wide[wide >= 2**28] = OPEN
    return wide


def _eliminated(step: Ints) -> tuple[list[int], list[Ints], Ints]:
    """Points in order of elimination, the neighbours each had then, and the points that stayed.

    Changes `step`: after it, the way from neighbour to neighbour is no longer than through the
    point."""
    points = len(step)
    adjacent = step < OPEN
    adjacent |= adjacent.T
    np.fill_diagonal(adjacent, False)
    degree = adjacent.sum(axis=1)
    stays = np.ones(points, dtype=bool)
    order: list[int] = []
    neighbours: list[Ints] = []
    while len(order) < points:
        point = int(degree.argmin())
        if degree[point] >= (points - len(order)) // 2:
            break  # so dense that elimination saves nothing more
        near = np.flatnonzero(adjacent[point])
        order.append(point)
        neighbours.append(near)
        stays[point] = False
        adjacent[point] = adjacent[:, point] = False
        degree[point] = points + 1  # above all others: never chosen again
        if near.size:
            square = (near[:, None], near)
            step[square] = np.minimum(step[square], step[near, point, None] + step[point, near])
            adjacent[square] = True
            adjacent[near, near] = False
            degree[near] = adjacent[near].sum(axis=1)
    return order, neighbours, np.flatnonzero(stays)
