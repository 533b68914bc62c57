"""Which of several steps is the first on or after a start, over all admissible chronologies?

For a step to be the first, each other step has to lie before the start, or no earlier than that
step. Each way to choose one of the two for every other step is a case. The minimal network is
closed under the constraints of a case, one at a time, so that it gives exactly the pairs of days
which the case admits.

Source: Dechter, Meiri and Pearl 1991, Artificial Intelligence 49, section 4 (disjunctive networks)
and theorem 3.3."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from operator import le
from typing import NamedTuple

import numpy as np

from casechron.chronology import Chronology, PairRegion
from casechron.chronology.network import OPEN, Ints, is_open, region_of

#: How many choices between two constraints are made; more are left open, which admits more days.
_MOST_CHOICES = 10


class EventPoint(NamedTuple):
    """A point of an event: its 'start' or its 'end'."""

    event: str
    point: str


class Case(NamedTuple):
    """One way in which a clock can have ended: with which step ('' for none on record), and the
    pairs of days of start and step (None: no step, or no admissible chronology)."""

    end: str
    region: PairRegion | None


class Bound(NamedTuple):
    """day(j) - day(i) <= most, for two places of a small network."""

    i: int
    j: int
    most: int


def surely_no_later(
    chronology: Chronology, first: str, second: str, point: str = "start", days: int = 0
) -> bool:
    """Whether a point of an event is certainly so many days or more before another event."""
    start, end = chronology.place(first, point), chronology.place(second)
    return chronology.admissible and -chronology.furthest.item(end, start) >= days


def may_be_no_later(
    chronology: Chronology, first: str, second: str, point: str = "start", days: int = 0
) -> bool:
    """Whether a point of an event can be so many days or more before another event."""
    start, end = chronology.place(first, point), chronology.place(second)
    return not chronology.admissible or chronology.furthest.item(start, end) >= days


def may_lie_between(chronology: Chronology, start: EventPoint, between: str, end: str) -> bool:
    """Whether an event can lie after a point and no later than a step."""
    after = may_be_no_later(chronology, start.event, between, start.point, days=1)
    return after and may_be_no_later(chronology, between, end)


def known_by(region: PairRegion) -> PairRegion:
    """The days of a clock that starts on any day from an event to the step that ends it."""
    if region.gap_hi is not None and region.gap_hi < 0:
        return region
    return region._replace(from_hi=region.to_hi, gap_lo=0)


def earliest_steps(
    chronology: Chronology,
    start: str,
    ends: Sequence[EventPoint],
    spell_ends: Mapping[EventPoint, bool],
    *,
    strict: bool,
    between: str = "",
) -> tuple[Case, ...]:
    """In which ways can a clock that runs from `start` have ended?

    A case for each step that can be the earliest of `ends` on or after the start, where the spell
    does not end between the two; each with its pairs of days. A case without a step, where it can
    be that none of them counts. `spell_ends` says of each whether, on the day of the start, it can
    have ended the spell that begins on it as well as an earlier one. `strict`: a step counts only
    after the day of the start, since within a day nothing tells which came first. `between`: only
    the cases with a step in which this event begins after the start and no later than the step.

    >>> import pandas as pd
    >>> from casechron.chronology import solve
    >>> events = pd.DataFrame({"id": ["s", "a", "b"], "date": ["2018-09-03", "2018-08", "2018-09"]})
    >>> relations = pd.DataFrame(columns=["id", "type", "from_event", "to_event"])
    >>> steps = [EventPoint("a", "start"), EventPoint("b", "start")]
    >>> cases = earliest_steps(solve(events, relations), "s", steps, {}, strict=False)
    >>> [(case.end, case.region and (case.region.gap_lo, case.region.gap_hi)) for case in cases]
    [('b', (0, 27)), ('', None)]
    """
    points = [EventPoint(start, "start"), *ends, *spell_ends]
    points += [EventPoint(between, "start")] if between else []
    lowered = chronology.lowered
    at = [
        int((lowered.end if point == "end" else lowered.start)[lowered.row_of[event]])
        for event, point in points
    ]
    networks = chronology.networks([0, *at])
    steps = [event for event, _ in ends]
    over = list(spell_ends.values())
    return earliest_of(networks, steps, over, strict=strict, between=bool(between))


def earliest_of(
    networks: Sequence[Ints],
    ends: Sequence[str],
    spell_ends: Sequence[bool],
    *,
    strict: bool,
    between: bool = False,
) -> tuple[Case, ...]:
    """`earliest_steps` in some networks: place 0 is the reference day, 1 the start; then come the
    steps (`ends`), the ends of the spell and, if one is asked about, what lies `between`."""
    steps = range(2, 2 + len(ends))
    over = range(2 + len(ends), 2 + len(ends) + len(spell_ends))
    first_day = int(strict)  # the first day that counts, from the start

    # A step lies before the clock if it comes before the first day that counts, the end of a spell
    # if it ends another spell. What ends on the day of the start is an earlier plan where the clock
    # starts with a conference (not strict), and the plan itself where it does with a review
    # (strict).
    before = {step: Bound(1, step, first_day - 1) for step in steps}
    before |= {end: Bound(1, end, -first_day) for end in over}
    cases: dict[Case, None] = {}
    for step, event in zip(steps, ends, strict=True):
        lies_between = [Bound(over.stop, 1, -1), Bound(step, over.stop, 0)] if between else []
        counts = [[Bound(step, 1, -first_day), *lies_between]]
        others = [[[before[other]], [Bound(other, step, 0)]] for other in before if other != step]
        for region in regions_of_cases(networks, [counts, *others], 1, step):
            cases[Case(event, region)] = None
    within = [
        Bound(end, 1, 0 if strict or on_the_day else -1)
        for end, on_the_day in zip(over, spell_ends, strict=True)
    ]
    no_step_counts = [
        [[before[step]], *([since, Bound(step, since.i, -1)] for since in within)] for step in steps
    ]
    if any_case(networks, no_step_counts):
        cases[Case("", None)] = None
    return tuple(cases)


def closed_cases(
    network: Ints,
    choices: Sequence[list[list[Bound]]],
    adds: Callable[[Ints], bool] = lambda _: True,
) -> Iterator[Ints]:
    """The closed networks of the ways to take one option of every choice that can hold together:
    all that they admit is in one of them. A network that `adds` nothing is not narrowed further."""
    holding = ([option for option in choice if _holds(network, option)] for choice in choices)
    possible = list(takewhile(bool, holding))
    if len(possible) < len(choices):
        return
    # Choices of which only one option can hold come first: they split nothing.
    by_options = sorted(possible, key=len)
    settled = sum(len(options) == 1 for options in by_options)

    def closing(closed_network: Ints, depth: int) -> Iterator[Ints]:
        if not adds(closed_network):
            return
        if depth == min(len(by_options), settled + _MOST_CHOICES):
            yield closed_network
            return
        closed = [_closed_with(closed_network, option) for option in by_options[depth]]
        # Where one option holds already, no other admits anything more.
        as_before = [each for each in closed if each is closed_network]
        for narrower in as_before[:1] or closed:
            if narrower is not None:
                yield from closing(narrower, depth + 1)

    yield from closing(network, 0)


def regions_of_cases(
    networks: Iterable[Ints], choices: Sequence[list[list[Bound]]], first: int, second: int
) -> list[PairRegion]:
    """The pairs of days of two places, other than the reference, that the ways to take one option
    of every choice admit, as regions of which none lies within one before it."""
    ends = (0, first), (first, 0), (0, second), (second, 0), (first, second), (second, first)
    found: dict[tuple[int, ...], PairRegion] = {}

    def days(network: Ints) -> tuple[int, ...]:
        return tuple(network.item(end) for end in ends)

    def adds(network: Ints) -> bool:
        asked = days(network)
        return not any(all(map(le, asked, whole)) for whole in found)

    for network in networks:
        for case in closed_cases(network, choices, adds):
            found[days(case)] = region_of(case, first, second)
    return list(found.values())


def any_case(networks: Iterable[Ints], choices: Sequence[list[list[Bound]]]) -> bool:
    """Whether one option of every choice can hold together in one of some networks."""
    return any(next(closed_cases(network, choices), None) is not None for network in networks)


def _holds(network: Ints, option: list[Bound]) -> bool:
    """Whether a closed network can hold with some more bounds: of the last one is only asked
    whether it fits, which spares closing the network again."""
    closed = _closed_with(network, option[:-1])
    return closed is not None and all(closed.item(j, i) + most >= 0 for i, j, most in option[-1:])


def _closed_with(network: Ints, bounds: Iterable[Bound]) -> Ints | None:
    """A closed network, closed again with some more bounds; None where they cannot hold in it."""
    for i, j, most in bounds:
        if network.item(j, i) + most < 0:
            return None
        if network.item(i, j) > most:
            through = network[:, i, None] + most + network[j]
            network = np.minimum(network, np.where(is_open(through), OPEN, through))
    return network
