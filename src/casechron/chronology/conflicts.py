"""Which sets of statements cannot hold together, how far is each from holding, and which statements
does a bound follow from?"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np

from casechron.chronology.date_sets import (
    MOST_ASSIGNMENTS,
    DaySet,
    choices_of,
    date_groups,
    minimal_over_sets,
    restricted,
    still_there,
)
from casechron.chronology.network import (
    HARD,
    Network,
    negative_cycle,
)


class Conflict(NamedTuple):
    """A minimal set of statements that cannot hold together: without any one of them the others
    can.

    `statements` are in the order of the cycle. `days_short` is what the set lacks. Per statement,
    `relaxations` has the least days by which widening it alone lets the whole text hold, or None if
    no width does."""

    statements: tuple[int, ...]
    days_short: int
    relaxations: tuple[int | None, ...]


def conflicts(net: Network) -> Iterator[Conflict]:
    """Conflicts that share no statement, until what is left can hold; none if the network can hold
    as it is."""
    rest = net
    while (cycle := negative_cycle(rest)) is not None:
        statements = _minimal_set(rest, _statements_round(rest, cycle))
        only = rest.only(statements)
        cycle = _cycle_of(only)
        # Every contradiction within a minimal set goes through each statement of it, so widening
        # any one resolves it; the most that one has to be widened by is what lacks round the cycle.
        lack = -int(only.length[cycle].sum())
        uses = Counter(only.statement[cycle].tolist())
        alone = _widenings(only, statements, [-(-lack // uses[number]) for number in statements])
        # A statement that is used twice in the cycle needs only half of that at each end.
        days_short = max(lack, *(days or 0 for days in alone))
        yield Conflict(statements, days_short, _widenings(net, statements, alone))
        rest = rest.without(statements)


def _statements_round(net: Network, cycle: list[int]) -> tuple[int, ...]:
    """The statements of a cycle in its order, beginning where it leaves the reference, if it passes
    there."""
    begin = next((place for place, edge in enumerate(cycle) if net.tail[edge] == 0), 0)
    order = [int(net.statement[edge]) for edge in cycle[begin:] + cycle[:begin]]
    return tuple(dict.fromkeys(statement for statement in order if statement != HARD))


def _minimal_set(net: Network, statements: tuple[int, ...]) -> tuple[int, ...]:
    """A subset from which no statement can be left out without resolving it (a deletion filter).

    A negative cycle need not be minimal: two statements may clash by bounds that the cycle does not
    use."""
    clashing = net.only(statements)
    clashing = clashing.only(
        _needed(clashing, statements, lambda fewer: negative_cycle(fewer) is not None)
    )
    return _statements_round(clashing, _cycle_of(clashing))


def _widenings(
    net: Network, statements: tuple[int, ...], known_widths: Sequence[int | None]
) -> tuple[int | None, ...]:
    """For each statement the least whole days, no less than those known, by which widening it alone
    makes all hold; None: no width does."""
    return tuple(
        least_widening(net, statement, known_width or 0)
        for statement, known_width in zip(statements, known_widths, strict=True)
    )


def least_widening(net: Network, statement: int, known_width: int = 0) -> int | None:
    """The least whole days, known to be no less than `known_width`, by which every bound of one
    statement must give way for all to hold; None: never.

    Each negative cycle found asks for at least so many days; adding them and looking again ends at
    the least number that none asks more than (Newton's method on a piecewise linear function, from
    below)."""
    width = known_width
    while True:
        wider = net.widened(statement, width)
        cycle = negative_cycle(wider)
        if cycle is None:
            return width
        uses = int((net.statement[cycle] == statement).sum())
        if not uses:
            return None
        width += -(int(wider.length[cycle].sum()) // uses)


def set_conflicts(
    net: Network, sets: Sequence[DaySet]
) -> Iterator[tuple[Conflict, tuple[Network, ...]]]:
    """Conflicts of a network that holds but for the holes of its sets, none of which share a
    statement; each with networks that cannot hold. Whichever run of days is chosen from each set,
    one of these is part of what results, perhaps with narrower bounds. The first falls short by the
    least. `relaxations` are left to `relaxed`."""
    rest = net
    while minimal_over_sets(rest, sets) is None:
        statements = _minimal_set_of_dates(rest, sets)
        stated = rest.only(statements)
        split_sets = still_there(stated, sets)
        choices = [
            list(zip(split_sets, chosen, strict=True))
            for chosen in product(*(range(len(days.runs)) for days in split_sets))
        ]
        nearest = [
            (next(conflicts(only)), only)
            for only in (restricted(stated, choice) for choice in choices)
        ]
        nearest.sort(key=lambda pair: pair[0].days_short)
        cycles: list[Network] = []
        for conflict, only in nearest:
            if not any(_has(only, cycle) for cycle in cycles):
                clashing = only.only(conflict.statements)
                cycles.append(clashing.kept(np.sort(_cycle_of(clashing))))
        no_widths = (0,) * len(statements)
        yield Conflict(statements, nearest[0][0].days_short, no_widths), tuple(cycles)
        rest = rest.without(statements)


def holds(net: Network, sets: Sequence[DaySet]) -> bool:
    """Whether a network can hold with some choice of runs for each of its sets."""
    if negative_cycle(net) is not None:
        return False
    return not sets or all(len(choices.distances) for choices in choices_of(net, sets))


def relaxed(net: Network, sets: Sequence[DaySet], conflict: Conflict) -> Conflict:
    """A conflict with the widenings that let all hold with some choice of runs, of its own dates
    and of all others; None too where there are too many choices to try.

    What is widened more admits more, so the least is found by halving."""
    few = all(group.assignments <= MOST_ASSIGNMENTS for group in date_groups(net, sets))

    def least(statement: int, known: int | None) -> int | None:
        """The width of one statement, no less than is known of the network without its sets."""

        def enough(days: int) -> bool:
            wider_sets = [each.widened(days * (each.statement == statement)) for each in sets]
            return holds(net.widened(statement, days), wider_sets)

        if known is None or not few or not holds(net.without([statement]), sets):
            return None
        span = 1
        while not enough(known + span):
            span *= 2
        return known + bisect_left(range(span), True, key=lambda days: enough(known + days))

    widths = map(least, conflict.statements, conflict.relaxations)
    return conflict._replace(relaxations=tuple(widths))


def _cycle_of(net: Network) -> list[int]:
    """The edges of a negative cycle of a network that cannot hold."""
    cycle = negative_cycle(net)
    assert cycle is not None
    return cycle


def _has(net: Network, other: Network) -> bool:
    """Whether each edge of another network is in a network, or a shorter one of its statement."""
    ends = np.stack([net.tail, net.head, net.statement], axis=1)
    others = np.stack([other.tail, other.head, other.statement], axis=1)
    same = (ends == others[:, None]).all(axis=2)
    return bool((same & (net.length <= other.length[:, None])).any(axis=1).all())


def _minimal_set_of_dates(net: Network, sets: Sequence[DaySet]) -> tuple[int, ...]:
    """Statements of which none can be left out without resolving the conflict (a deletion
    filter)."""
    failing = next(
        group for group in date_groups(net, sets) if minimal_over_sets(net, group.sets) is None
    )
    points = np.append(failing.points, 0)
    group = net.kept(np.isin(net.tail, points) & np.isin(net.head, points))
    return _needed(group, _statements(group), lambda fewer: minimal_over_sets(fewer, sets) is None)


def reasons(
    net: Network, sets: Sequence[DaySet], point: int, likely: Iterable[int], *, upper: bool
) -> list[int]:
    """Statements from which the least or the greatest day of a point follows, of which none can be
    left out; first tried are those that are likely to be enough."""

    def day(network: Network) -> int:
        widest = minimal_over_sets(network, sets)
        assert widest is not None  # fewer statements than hold together
        return int(widest[0, point] if upper else widest[point, 0])

    bound = day(net)
    few = net.only([*likely, *(days.statement for days in sets)])
    enough = net if day(few) > bound else few
    return list(_needed(enough, _statements(enough), lambda fewer: day(fewer) <= bound))


def _statements(net: Network) -> list[int]:
    """The statements of a network in the order of its edges, which no order of rows changes."""
    return [number for number in dict.fromkeys(net.statement.tolist()) if number != HARD]


def _needed(
    net: Network, statements: Iterable[int], enough: Callable[[Network], bool]
) -> tuple[int, ...]:
    """Those of its statements that are left when each that is not needed has been left out, one
    after the other."""
    needed = []
    for statement in statements:
        fewer = net.without([statement])
        if enough(fewer):
            net = fewer
        else:
            needed.append(statement)
    return tuple(sorted(needed))
