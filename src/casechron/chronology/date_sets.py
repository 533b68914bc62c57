"""What is certain where a date admits several runs of days, and none between them?

A network holds one run of days for each point. Points that relations tie together make a group;
where their sets of days have few enough assignments, one run for each, all are tried. What some
assignment admits is admissible, so bounds and differences are the widest over those that can
hold, and exactly so: each of them is a simple temporal network. Groups meet in the reference alone
and need not be tried together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import islice, product
from math import prod
from typing import NamedTuple

import numpy as np

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

    def widened(self, days: int) -> DaySet:
        """The same with each of the runs longer by so many days on either side."""
        return self._replace(runs=tuple((low - days, high + days) for low, high in self.runs))


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
    return net.extended([(0, days.point, *days.runs[run], days.statement) for days, run in chosen])


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
    for choices in choices_of(net, sets):
        if not len(choices.distances):
            return None
        points, group = choices.points, choices.points[1:]
        places = np.arange(len(points))
        # One after the other: all at once would be as many whole networks in memory.
        networks = (choices.networks(places, each[None])[0] for each in choices.distances)
        widest[np.ix_(points, points)] = reduce(np.maximum, networks)
        # Every way from one group to another passes the reference.
        others = np.setdiff1d(np.arange(net.points), points)
        widest[np.ix_(group, others)] = widest[group, 0, None] + widest[0, others]
        widest[np.ix_(others, group)] = widest[others, 0, None] + widest[0, group]
    widest[is_open(widest)] = OPEN
    return widest


class Choices(NamedTuple):
    """The assignments of one group that can hold.

    `points` are its points, the reference first, `base` their minimal network without the sets,
    `core` the places among them of the reference and the sets, and `distances` the shortest
    distances between those under each assignment, each matrix once."""

    points: Ints
    base: Ints
    core: Ints
    distances: Ints

    def networks(self, places: Ints, distances: Ints) -> Ints:
        """The minimal network of the points at some places, under each of some `distances`."""
        base, core = self.base, self.core
        # A minimal network is decomposable: every way that the assignment shortens passes its
        # points, in at one and out at another.
        entered = (base[np.ix_(places, core)][:, :, None] + distances[:, None]).min(axis=2)
        through = (entered[:, :, :, None] + base[np.ix_(core, places)]).min(axis=2)
        networks: Ints = np.minimum(base[np.ix_(places, places)], through)
        return networks


def choices_of(net: Network, sets: Sequence[DaySet]) -> Iterator[Choices]:
    """The assignments that can hold, group by group, of those that have few enough to try."""
    base = minimal_network(net)
    for group in date_groups(net, sets):
        if group.assignments <= MOST_ASSIGNMENTS:
            points = np.append(0, group.points)
            core = np.append(0, np.searchsorted(points, [days.point for days in group.sets]))
            group_base = base[np.ix_(points, points)]
            distances = [*_distances_by_assignment(group_base[np.ix_(core, core)], group)]
            unique = np.unique(np.concatenate(distances), axis=0)
            yield Choices(points, group_base, core, unique)


def networks_of(widest: Ints, chosen: Sequence[Choices], points: Ints) -> list[Ints]:
    """The minimal networks of some points, the reference first, under the assignments of all groups
    that they are in, each once; the widest alone where these are too many to try.

    Together they admit exactly what is admissible, and each alone no pair of days that is not."""
    network = widest[np.ix_(points, points)]
    of_group = np.zeros(len(points), dtype=np.int64)
    parts: list[tuple[Ints, Ints]] = []
    for choices in chosen:
        at = np.append(0, np.flatnonzero(np.isin(points, choices.points[1:])))
        if len(at) > 1:
            of_group[at[1:]] = 1 + len(parts)
            places = np.searchsorted(choices.points, points[at])
            chunks = np.split(choices.distances, range(_AT_ONCE, len(choices.distances), _AT_ONCE))
            networks = np.concatenate([choices.networks(places, chunk) for chunk in chunks])
            unique = {each.tobytes(): each for each in networks}
            parts.append((at, np.array([*unique.values()])))
    if prod(len(networks) for _, networks in parts) > MOST_ASSIGNMENTS:
        return [network]
    result = network[None]
    for at, networks in parts:
        result, networks = (
            np.repeat(result, len(networks), axis=0),
            np.tile(networks, (len(result), 1, 1)),
        )
        result[:, at[:, None], at] = networks
    by_reference = result[:, :, :1] + result[:, :1]
    result = np.where(of_group[:, None] != of_group, by_reference, result)
    result[is_open(result)] = OPEN
    return list(result)


def _distances_by_assignment(base: Ints, group: Group) -> Iterator[Ints]:
    """For `_AT_ONCE` assignments at a time: the shortest distances between the reference and the
    points of the sets, where they can hold."""
    assignments = product(*(days.runs for days in group.sets))
    while chunk := list(islice(assignments, _AT_ONCE)):
        runs = np.array(chunk, dtype=np.int64)
        distances = np.repeat(base[None], len(chunk), axis=0)
        distances[:, 0, 1:] = np.minimum(distances[:, 0, 1:], runs[:, :, 1])
        distances[:, 1:, 0] = np.minimum(distances[:, 1:, 0], -runs[:, :, 0])
        for k in range(distances.shape[1]):
            np.minimum(distances, distances[:, :, k, None] + distances[:, None, k], out=distances)
            np.minimum(distances, OPEN, out=distances)
        yield distances[np.all(np.diagonal(distances, axis1=1, axis2=2) >= 0, axis=1)]
