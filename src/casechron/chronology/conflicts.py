"""Which sets of statements cannot hold together, and how far is each from holding?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from casechron.chronology.network import HARD, Network, farthest, negative_cycle

__all__ = ["Clash", "Conflict", "conflicts", "least_widening"]


class Conflict(NamedTuple):
    """A minimal set of statements that cannot hold together: without any one of them the others
    can.

    `statements` go once round the contradiction. `days_short` is what the set lacks. Per statement,
    `relaxations` has the least days by which widening it alone lets the whole text hold, or None if
    no width does, and `clashes` where it meets the others."""

    statements: tuple[int, ...]
    days_short: int
    relaxations: tuple[int | None, ...]
    clashes: tuple[Clash, ...]


class Clash(NamedTuple):
    """A statement says `day(head) - day(tail) <= length`; the others of its set say it is at least
    `others`."""

    tail: int
    head: int
    length: int
    others: int


def conflicts(net: Network) -> Iterator[Conflict]:
    """Conflicts that share no statement, until what is left can hold; none if the network can hold
    as it is."""
    left = net
    while (cycle := negative_cycle(left)) is not None:
        statements = _minimal_set(left, _stated(left, cycle))
        only = left.only(statements)
        # Every contradiction within a minimal set goes through each statement of it, so widening
        # any one resolves it; the most that one would have to give is the sum that is missing round
        # the circle.
        alone = [least_widening(only, statement) for statement in statements]
        short = max(days for days in alone if days is not None)
        # One that gives at both of its ends needs to give but half of the sum at each.
        circle = negative_cycle(only)
        assert circle is not None  # they cannot hold together
        short = max(short, -int(only.length[circle].sum()))
        yield Conflict(
            statements,
            short,
            tuple(least_widening(net, statement) for statement in statements),
            tuple(_clash(only, statement) for statement in statements),
        )
        left = left.without(statements)


def _stated(net: Network, cycle: list[int]) -> tuple[int, ...]:
    """The statements of a cycle in its order, beginning where it leaves the reference, if it passes
    there."""
    begin = next((at for at, edge in enumerate(cycle) if net.tail[edge] == 0), 0)
    order = [int(net.statement[edge]) for edge in cycle[begin:] + cycle[:begin]]
    return tuple(dict.fromkeys(statement for statement in order if statement != HARD))


def _minimal_set(net: Network, statements: tuple[int, ...]) -> tuple[int, ...]:
    """A subset from which no statement can be left out without resolving it (a deletion filter).

    A negative cycle need not be minimal: two statements may clash by bounds that the cycle does not
    use."""
    net = net.only(statements)
    for statement in statements:
        fewer = net.without([statement])
        if negative_cycle(fewer) is not None:
            net = fewer
    cycle = negative_cycle(net)
    assert cycle is not None  # each step kept one
    return _stated(net, cycle)


def _clash(only: Network, statement: int) -> Clash:
    """The bound of a statement that the others of its minimal set contradict by the most."""
    rest = only.without([statement])
    clashes = []
    for edge in np.flatnonzero(only.statement == statement).tolist():
        tail, head = int(only.tail[edge]), int(only.head[edge])
        others = -int(farthest(rest, head)[tail])
        clashes.append(Clash(tail, head, int(only.length[edge]), others))
    return max(clashes, key=lambda clash: clash.others - clash.length)


def least_widening(net: Network, statement: int) -> int | None:
    """The least whole days by which every bound of one statement must give way for all to hold;
    None: never.

    Each negative cycle found asks for at least so many days; adding them and looking again ends at
    the least number that none asks more than (Newton's method on a piecewise linear function, from
    below)."""
    days = 0
    while (cycle := negative_cycle(wider := net.widened(statement, days))) is not None:
        uses = int((net.statement[cycle] == statement).sum())
        if not uses:
            return None
        days += -(int(wider.length[cycle].sum()) // uses)
    return days
