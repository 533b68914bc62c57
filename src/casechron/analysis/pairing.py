"""Which of several steps is the first on or after a start, over all admissible chronologies?

The question is a disjunction over the minimal network: each other step is before the start, or no
earlier than the one chosen. Its cases are closed one constraint at a time, so that each case gives
exactly the pairs of days which it admits. Source: Dechter, Meiri and Pearl 1991, Artificial
Intelligence 49, section 4 (disjunctive networks) and theorem 3.3."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from casechron.chronology import Chronology, PairRegion
from casechron.chronology.network import OPEN, Ints, closed

#: How many other steps and ends of spells are told apart; more are left open, which admits more.
_MOST = 10


class EventPoint(NamedTuple):
    """A point of an event: its 'start' or its 'end'."""

    event: str
    point: str


class Case(NamedTuple):
    """One way in which a clock can have ended: the step, '' for none on record, and the pairs of
    days of start and step (None: no step, or no admissible chronology)."""

    end: str
    region: PairRegion | None


class Bound(NamedTuple):
    """day(j) - day(i) <= most, for two places of a small network."""

    i: int
    j: int
    most: int


def earliest_steps(
    chronology: Chronology,
    start: str,
    ends: Sequence[EventPoint],
    spell_ends: Sequence[EventPoint],
    *,
    strict: bool,
    bound: bool,
) -> tuple[Case, ...]:
    """In which ways can a clock that runs from `start` have ended?

    One case per step that is, in some admissible chronology, the earliest of `ends` on or after the
    start with no end of the spell from the start on and before it; each with its pairs of days. A
    case without a step, where none need be. `strict`: after the start, not on its day. `bound`: the
    coding ties the ends to the start, so that one of them is its end.

    >>> import pandas as pd
    >>> from casechron.chronology import solve
    >>> events = pd.DataFrame({"id": ["s", "a", "b"], "date": ["2018-09-03", "2018-08", "2018-09"]})
    >>> relations = pd.DataFrame(columns=["id", "type", "from_event", "to_event"])
    >>> found = earliest_steps(
    ...     solve(events, relations),
    ...     "s",
    ...     [EventPoint("a", "start"), EventPoint("b", "start")],
    ...     [],
    ...     strict=False,
    ...     bound=False,
    ... )
    >>> [(case.end, case.region and (case.region.gap_lo, case.region.gap_hi)) for case in found]
    [('b', (0, 27)), ('', None)]
    """
    points = [EventPoint(start, "start"), *ends, *spell_ends]
    lowered = chronology.lowered
    at = [
        int((lowered.end if point == "end" else lowered.start)[lowered.place[event]])
        for event, point in points
    ]
    network = chronology.minimal[np.ix_([0, *at], [0, *at])]
    steps, over = range(2, 2 + len(ends)), range(2 + len(ends), 2 + len(ends) + len(spell_ends))
    apart = int(strict)

    # A step counts on or after the start, and another one lies before the start. On the day of a
    # conference an earlier plan ends; on that of a review, its own.
    before = {step: Bound(1, step, apart - 1) for step in steps}
    before |= {end: Bound(1, end, -apart) for end in over}
    cases: dict[Case, None] = {}
    for step, (event, _) in zip(steps, ends, strict=True):
        others = [[[before[other]], [Bound(other, step, 0)]] for other in before if other != step]
        for net in closed_cases(network, [[[Bound(step, 1, -apart)]], *others]):
            cases[Case(event, region_of(net, 1, step))] = None
    none = [
        [[before[step]], *([Bound(end, 1, apart - 1), Bound(step, end, -1)] for end in over)]
        for step in steps
    ]
    if not (bound and cases) and next(closed_cases(network, none), None) is not None:
        cases[Case("", None)] = None
    return tuple(cases)


def closed_cases(network: Ints, choices: Sequence[list[list[Bound]]]) -> Iterator[Ints]:
    """The closed network of each way to take one option of every choice that can hold together."""
    # What only one option of can hold splits nothing, so it comes first.
    options = [
        [option for option in choice if _with(network, option) is not None] for choice in choices
    ]
    if not all(options):
        return
    chosen = sorted(options, key=len)
    single = sum(len(one) == 1 for one in chosen)

    def closing(net: Ints, depth: int) -> Iterator[Ints]:
        if depth == min(len(chosen), single + _MOST):
            yield net
            return
        for option in chosen[depth]:
            narrower = _with(net, option)
            if narrower is not None:
                yield from closing(narrower, depth + 1)

    yield from closing(network, 0)


def _with(network: Ints, bounds: Iterable[Bound]) -> Ints | None:
    """The network closed under some more bounds; None where they cannot hold in it."""
    for i, j, most in bounds:
        if network[j, i] + most < 0:
            return None
        if network[i, j] > most:
            through = network[:, i, None] + most + network[j]
            network = np.minimum(network, np.where(through > OPEN // 2, OPEN, through))
    return network


def region_of(net: Ints, one: int, other: int) -> PairRegion:
    """The pairs of days that a closed network leaves to two of its places."""
    return PairRegion(
        closed(-net[one, 0]),
        closed(net[0, one]),
        closed(-net[other, 0]),
        closed(net[0, other]),
        closed(-net[other, one]),
        closed(net[one, other]),
    )
