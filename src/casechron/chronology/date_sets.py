"""What is certain where a date admits several runs of days, and none between them?

A network holds one run of days for each point. Points that relations tie together make a group;
where their sets of days have few enough assignments, one run for each, all are tried. What some
assignment admits is admissible, so bounds and differences are the widest over those that can
hold, and exactly so: each of them is a simple temporal network. Groups meet in the reference alone
and need not be tried together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from casechron.chronology.network import OPEN, Ints, Network, is_open, minimal_network

MOST_ASSIGNMENTS = 10_000
"""A group of more assignments is not tried: the days between the runs then count as possible."""
_AT_ONCE = 1_000


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


def still_there(net: Network, sets: Sequence[DaySet]) -> list[DaySet]:
    """The sets of those statements that a network still has."""
    statements = set(net.statement.tolist())
    return [days for days in sets if days.statement in statements]


def date_groups(net: Network, sets: Sequence[DaySet]) -> list[Group]:
    """The groups that have sets of statements of the network, each point in one of them at most."""
    sets = still_there(net, sets)
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
    widest[is_open(widest)] = OPEN
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
