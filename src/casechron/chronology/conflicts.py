"""Which sets of statements cannot hold together, and how far is each from holding? And what is
certain where a date admits several runs of days, and none between them?

A network holds one run of days for each point. Points that relations tie together make a group;
where their sets of days have few enough assignments, one run for each, all are tried. What some
assignment admits is admissible, so bounds and differences are the widest over those that can
hold, and exactly so: each of them is a simple temporal network. Groups meet in the reference alone
and need not be tried together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, product
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from casechron.chronology.network import (
    HARD,
    OPEN,
    Ints,
    Network,
    closed,
    farthest,
    minimal_network,
    potentials,
)

MOST_ASSIGNMENTS = 10_000
"""A group of more assignments is not tried: the days between the runs then count as possible."""
_AT_ONCE = 1_000


class Conflict(NamedTuple):
    """A minimal set of statements that cannot hold together: without any one of them the others
    can.

    `statements` are in the order of the cycle. `days_short` is what the set lacks. Per statement,
    `relaxations` has the least days by which widening it alone lets the whole text hold, or None if
    no width does, and `clashes` where it meets the others."""

    statements: tuple[int, ...]
    days_short: int
    relaxations: tuple[int | None, ...]
    clashes: tuple[Clash, ...]


class Clash(NamedTuple):
    """A statement says `day(head) - day(tail) <= length`; the others of its set say it is at least
    `others`, None if there are no others."""

    tail: int
    head: int
    length: int
    others: int | None


def conflicts(net: Network) -> Iterator[Conflict]:
    """Conflicts that share no statement, until what is left can hold; none if the network can hold
    as it is."""
    left = net
    while (cycle := potentials(left)[0]) is not None:
        statements = _minimal_set(left, _stated(left, cycle))
        only = left.only(statements)
        circle, _ = potentials(only)
        assert circle is not None  # they cannot hold together
        # Every contradiction within a minimal set goes through each statement of it, so widening
        # any one resolves it; the most that one has to be widened by is the sum round the cycle.
        missing = int(only.length[circle].sum())
        uses = Counter(only.statement[circle].tolist())
        alone = _widenings(only, statements, [-(missing // uses[number]) for number in statements])
        short = max(days or 0 for days in alone)
        # A statement that is used twice in the cycle needs only half of the sum at each end.
        short = max(short, -missing)
        yield Conflict(
            statements,
            short,
            _widenings(net, statements, alone),
            tuple(
                _clash(only, circle, statement, days)
                for statement, days in zip(statements, alone, strict=True)
            ),
        )
        left = left.without(statements)


def _stated(net: Network, cycle: list[int]) -> tuple[int, ...]:
    """The statements of a cycle in its order, beginning where it leaves the reference, if it passes
    there."""
    begin = next((place for place, edge in enumerate(cycle) if net.tail[edge] == 0), 0)
    order = [int(net.statement[edge]) for edge in cycle[begin:] + cycle[:begin]]
    return tuple(dict.fromkeys(statement for statement in order if statement != HARD))


def _minimal_set(net: Network, statements: tuple[int, ...]) -> tuple[int, ...]:
    """A subset from which no statement can be left out without resolving it (a deletion filter).

    A negative cycle need not be minimal: two statements may clash by bounds that the cycle does not
    use. Each trial begins with the days found by the one before, which differ in one statement."""
    net = net.only(statements)
    days: Ints | None = None
    for statement in statements:
        fewer = net.without([statement])
        cycle, days_after = potentials(fewer, days)
        if cycle is None:
            days = days_after
        else:
            net = fewer
    cycle, _ = potentials(net)
    assert cycle is not None  # each step kept one
    return _stated(net, cycle)


def _widenings(
    net: Network, statements: tuple[int, ...], known_widths: Sequence[int | None]
) -> tuple[int | None, ...]:
    """For each statement the least whole days, no less than those known, by which widening it alone
    makes all hold; None: no width does."""
    widths: list[int | None] = []
    days: Ints | None = None
    for statement, known_width in zip(statements, known_widths, strict=True):
        width, days_after = _least_widening(net, statement, known_width or 0, days)
        days = days if days_after is None else days_after
        widths.append(width)
    return tuple(widths)


def _clash(only: Network, circle: list[int], statement: int, alone: int | None) -> Clash:
    """The bound of a statement that the others of its minimal set contradict by the most."""
    edges = np.flatnonzero(only.statement == statement).tolist()
    if set(only.statement.tolist()) <= {statement, HARD}:
        return _meets(only, edges[0], None)
    if len(edges) == 1 and alone is not None:
        # Widened by exactly this much, its bound equals that of the others.
        return _meets(only, edges[0], int(only.length[edges[0]]) + alone)
    rest = only.without([statement])
    bounds = [(edge, -int(farthest(rest, int(only.head[edge]))[only.tail[edge]])) for edge in edges]
    bounds = [(edge, others) for edge, others in bounds if closed(others) is not None]
    if not bounds:
        # The cycle needs two bounds of this statement: one of them counts as one of the others.
        edge = next(edge for edge in circle if only.statement[edge] == statement)
        bounds = [(edge, int(only.length[edge]) - int(only.length[circle].sum()))]
    edge, others = max(bounds, key=lambda bound: bound[1] - int(only.length[bound[0]]))
    return _meets(only, edge, others)


def _meets(only: Network, edge: int, others: int | None) -> Clash:
    return Clash(int(only.tail[edge]), int(only.head[edge]), int(only.length[edge]), others)


def least_widening(net: Network, statement: int) -> int | None:
    """The least whole days by which every bound of one statement must give way for all to hold;
    None: never."""
    return _least_widening(net, statement, 0, None)[0]


def _least_widening(
    net: Network, statement: int, known_width: int, days: Ints | None
) -> tuple[int | None, Ints | None]:
    """The same, known to be no less than `known_width`, and days under which all then holds.

    Each negative cycle found asks for at least so many days; adding them and looking again ends at
    the least number that none asks more than (Newton's method on a piecewise linear function, from
    below)."""
    width = known_width
    while True:
        wider = net.widened(statement, width)
        cycle, days_after = potentials(wider, days)
        if cycle is None:
            return width, days_after
        uses = int((net.statement[cycle] == statement).sum())
        if not uses:
            return None, None
        width += -(int(wider.length[cycle].sum()) // uses)


class DaySet(NamedTuple):
    """A point that lies in one of some runs of days (-OPEN and OPEN: no bound), as a statement
    says."""

    point: int
    statement: int
    runs: tuple[tuple[int, int], ...]


class Group(NamedTuple):
    """Points that constraints tie together, and the sets among them."""

    points: Ints
    sets: tuple[DaySet, ...]

    @property
    def assignments(self) -> int:
        """In how many ways one run can be chosen for each set."""
        return prod(len(days.runs) for days in self.sets)


def _still_there(net: Network, sets: Sequence[DaySet]) -> list[DaySet]:
    """The sets of those statements that a network still has."""
    statements = set(net.statement.tolist())
    return [days for days in sets if days.statement in statements]


def date_groups(net: Network, sets: Sequence[DaySet]) -> list[Group]:
    """The groups that have sets of statements of the network, each point in one of them at most."""
    sets = _still_there(net, sets)
    root = np.arange(net.points)
    tied = (net.tail != 0) & (net.head != 0)
    tail, head = net.tail[tied], net.head[tied]
    while True:  # the least point of each group, passed on from neighbour to neighbour
        before = root.copy()
        np.minimum.at(root, head, root[tail])
        np.minimum.at(root, tail, root[head])
        if (root == before).all():
            break
    return [
        Group(
            np.flatnonzero(root == root_point),
            tuple(s for s in sets if root[s.point] == root_point),
        )
        for root_point in dict.fromkeys(int(root[days.point]) for days in sets)
    ]


def restricted(net: Network, chosen: Iterable[tuple[DaySet, int]]) -> Network:
    """The same network with one run for each of some sets."""
    edges = [
        edge
        for days, run in chosen
        for edge in (
            (0, days.point, days.runs[run][1], days.statement),
            (days.point, 0, -days.runs[run][0], days.statement),
        )
        if edge[2] < OPEN
    ]
    return net.extended(edges)


def minimal_over_sets(net: Network, sets: Sequence[DaySet]) -> Ints | None:
    """The minimal network over all assignments that can hold, of the groups that have few enough to
    try; None if one group has none.

    The network must be able to hold without them.

    >>> from casechron.chronology.network import from_arrays
    >>> columns = np.array([(0, 1, 22, 27, 0), (0, 2, 24, 27, 1), (1, 2, 0, 0, 2)]).T
    >>> one = from_arrays(3, *columns)
    >>> most = minimal_over_sets(one, [DaySet(1, 0, ((22, 22), (27, 27)))])
    >>> -most[2, 0], most[0, 2]
    (np.int64(27), np.int64(27))
    >>> columns[3, 1] = 24
    >>> other = from_arrays(3, *columns)
    >>> minimal_over_sets(other, [DaySet(1, 0, ((22, 22), (27, 27)))]) is None
    True
    """
    base = minimal_network(net)
    widest = base.copy()
    for group in date_groups(net, sets):
        if group.assignments > MOST_ASSIGNMENTS:
            continue
        at = np.concatenate([[0], group.points])
        places = 1 + np.searchsorted(group.points, [days.point for days in group.sets])
        within = _widest(base[np.ix_(at, at)], places, group)
        if within is None:
            return None
        widest[np.ix_(at, at)] = within
        # Every way from one group to another passes the reference.
        others = np.setdiff1d(np.arange(net.points), at)
        widest[np.ix_(group.points, others)] = widest[group.points, 0, None] + widest[0, others]
        widest[np.ix_(others, group.points)] = widest[others, 0, None] + widest[0, group.points]
    widest[widest > OPEN // 2] = OPEN
    return widest


def _widest(base: Ints, places: Ints, group: Group) -> Ints | None:
    """The widest differences over all assignments of one group; None if none can hold.

    `base` is its minimal network, the reference first, `places` those of its sets in it."""
    core = np.concatenate([[0], places])
    widest: Ints | None = None
    seen: set[bytes] = set()
    for ways, can_hold in _ways_by_assignment(base[np.ix_(core, core)], group):
        for way in ways[can_hold]:
            if way.tobytes() in seen:
                continue
            seen.add(way.tobytes())
            # A minimal network is decomposable: every way that the assignment shortens passes its
            # points, in at one and out at another.
            entered = (base[:, core, None] + way).min(axis=1)
            through = np.minimum(base, (entered[:, :, None] + base[core]).min(axis=1))
            widest = through if widest is None else np.maximum(widest, through)
    return widest


def _ways_by_assignment(base: Ints, group: Group) -> Iterator[tuple[Ints, NDArray[np.bool_]]]:
    """For some assignments at once: the shortest ways between the reference and the points of the
    sets, and which of them can hold."""
    choices = product(*(days.runs for days in group.sets))
    while some := list(islice(choices, _AT_ONCE)):
        runs = np.array(some, dtype=np.int64)
        ways = np.repeat(base[None], len(some), axis=0)
        ways[:, 0, 1:] = np.minimum(ways[:, 0, 1:], runs[:, :, 1])
        ways[:, 1:, 0] = np.minimum(ways[:, 1:, 0], -runs[:, :, 0])
        for k in range(ways.shape[1]):
            np.minimum(ways, ways[:, :, k, None] + ways[:, None, k], out=ways)
            np.minimum(ways, OPEN, out=ways)
        yield ways, np.all(np.diagonal(ways, axis1=1, axis2=2) >= 0, axis=1)


def set_conflicts(net: Network, sets: Sequence[DaySet]) -> Iterator[tuple[Conflict, Network]]:
    """Conflicts of a network that holds but for the holes of its sets; each with the network of its
    statements in which it falls short by the least. None share a statement."""
    left = net
    while minimal_over_sets(left, sets) is None:
        statements = _minimal_set_of_dates(left, sets)
        stated = left.only(statements)
        split_sets = _still_there(stated, sets)
        choices = [
            list(zip(split_sets, chosen, strict=True))
            for chosen in product(*(range(len(days.runs)) for days in split_sets))
        ]
        nearest = [
            (next(conflicts(only)), only)
            for only in (restricted(stated, choice) for choice in choices)
        ]
        nearest.sort(key=lambda pair: pair[0].days_short)
        clashes = {
            statement: clash
            for conflict, _ in reversed(nearest)
            for statement, clash in zip(conflict.statements, conflict.clashes, strict=True)
        }
        widths = [
            [least_widening(restricted(net, chosen), statement) for chosen in choices]
            for statement in statements
        ]
        alone = tuple(min((w for w in row if w is not None), default=None) for row in widths)
        own_clashes = tuple(clashes[statement] for statement in statements)
        conflict, only = nearest[0]
        yield Conflict(statements, conflict.days_short, alone, own_clashes), only
        left = left.without(statements)


def _minimal_set_of_dates(net: Network, sets: Sequence[DaySet]) -> tuple[int, ...]:
    """Statements of which none can be left out without resolving the conflict (a deletion
    filter)."""
    failing = next(
        group
        for group in date_groups(net, sets)
        if group.assignments <= MOST_ASSIGNMENTS and minimal_over_sets(net, group.sets) is None
    )
    points = np.append(failing.points, 0)
    kept = net.kept(np.isin(net.tail, points) & np.isin(net.head, points))
    return _needed(kept, lambda fewer: minimal_over_sets(fewer, sets) is None)


def reasons(
    net: Network, sets: Sequence[DaySet], point: int, likely: Iterable[int], *, upper: bool
) -> list[int]:
    """Statements from which the least or the greatest day of a point follows, of which none can be
    left out; first tried are those that are likely to be enough."""

    def day(network: Network) -> int:
        widest = minimal_over_sets(network, sets)
        assert widest is not None  # fewer statements than hold together
        return int(widest[0, point] if upper else widest[point, 0])

    wanted = day(net)
    kept = net.only([*likely, *(days.statement for days in sets)])
    return list(_needed(net if day(kept) > wanted else kept, lambda fewer: day(fewer) <= wanted))


def _needed(net: Network, enough: Callable[[Network], bool]) -> tuple[int, ...]:
    """The statements that are left when each that is not needed has been left out, one after the
    other in the order of the edges, which no order of rows changes."""
    for statement in dict.fromkeys(net.statement.tolist()):
        if statement != HARD and enough(fewer := net.without([statement])):
            net = fewer
    return tuple(sorted(set(net.statement.tolist()) - {HARD}))
