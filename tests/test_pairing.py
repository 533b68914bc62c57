"""In which ways can a clock have ended? Beside every chronology of small cases, one by one."""

from __future__ import annotations

from datetime import date
from itertools import product
from random import Random

import numpy as np
import pandas as pd
import pytest

from casechron.analysis.pairing import (
    Bound,
    EventPoint,
    closed_cases,
    earliest_steps,
    regions_of_cases,
)
from casechron.chronology import PairRegion, solve

DAYS = dict[str, int]
FIRST_DAY = date(2018, 3, 1).toordinal()
STEPS, SPELL_ENDS = ("step-1", "step-2"), ("end-1", "end-2")


def qualifies(days: DAYS, step: str, *, strict: bool) -> bool:
    """Whether a step is the earliest that counts, and no end of the spell came before it.

    A step counts on the day of the start too, unless it has to be later. The end of the spell
    counts from the day after the start on, or from that day on."""
    start, apart = days["start"], int(strict)
    counting = [days[other] for other in STEPS if days[other] >= start + apart]
    ended = any(start + 1 - apart <= days[end] < days[step] for end in SPELL_ENDS)
    return days[step] >= start + apart and days[step] == min(counting) and not ended


def none_needed(days: DAYS, *, strict: bool) -> bool:
    return not any(qualifies(days, step, strict=strict) for step in STEPS)


def pairs_of(region: PairRegion) -> set[tuple[int, int]]:
    assert None not in region
    from_lo, from_hi, to_lo, to_hi, gap_lo, gap_hi = (day or 0 for day in region)
    pairs = product(range(from_lo, from_hi + 1), range(to_lo, to_hi + 1))
    return {(start, step) for start, step in pairs if gap_lo <= step - start <= gap_hi}


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("seed", range(40))
def test_each_case_has_the_pairs_of_days_that_some_chronology_has(seed: int, strict: bool) -> None:
    random = Random(seed)
    names = ("start", *STEPS, *SPELL_ENDS)
    # Every other time with the days between the first and the last, which are three at most.
    between = ".." if seed % 2 else ","
    firsts = {name: FIRST_DAY + random.randrange(5) for name in names}
    ends = {name: (first, first + random.randrange(3)) for name, first in firsts.items()}
    written = [between.join(date.fromordinal(day).isoformat() for day in ends[x]) for x in names]
    events = pd.DataFrame({"id": names, "date": [f"[{days}]" for days in written]})
    chronology = solve(events, pd.DataFrame(columns=["id", "type", "from_event", "to_event"]))

    every = [
        dict(zip(names, days, strict=True))
        for days in product(
            *(range(a, b + 1) if seed % 2 else sorted({a, b}) for a, b in ends.values())
        )
    ]
    expected = {
        step: {
            (days["start"], days[step]) for days in every if qualifies(days, step, strict=strict)
        }
        for step in STEPS
    }
    cases = earliest_steps(
        chronology,
        "start",
        [EventPoint(step, "start") for step in STEPS],
        dict.fromkeys((EventPoint(end, "start") for end in SPELL_ENDS), False),
        strict=strict,
    )
    found: dict[str, set[tuple[int, int]]] = {step: set() for step in STEPS}
    for case in cases:
        if case.region:
            found[case.end] |= pairs_of(case.region)
    assert found == expected
    assert ("" in {case.end for case in cases}) == any(
        none_needed(days, strict=strict) for days in every
    )


@pytest.mark.parametrize(
    ("ended", "strict", "on_the_day", "ends"),
    [
        # Where the step can be on the day of the start, what ended on that day ended before,
        ("2018-03-04", False, False, {"step"}),
        ("2018-03-05", False, False, {"step"}),
        ("2018-03-06", False, False, {""}),
        # unless it can as well have ended what begins on it.
        ("2018-03-04", False, True, {"step"}),
        ("2018-03-05", False, True, {"step", ""}),
        ("2018-03-06", False, True, {""}),
        # Where it has to be later, what ends on that day ends the spell that begins on it.
        ("2018-03-04", True, False, {"step"}),
        ("2018-03-05", True, False, {""}),
        ("2018-03-06", True, False, {""}),
    ],
)
def test_a_spell_ends_from_the_start_on_and_not_the_day_before(
    ended: str, strict: bool, on_the_day: bool, ends: set[str]
) -> None:
    dates = ["2018-03-05", "2018-03-09", ended]
    events = pd.DataFrame({"id": ["start", "step", "end"], "date": dates})
    cases = earliest_steps(
        solve(events, pd.DataFrame(columns=["id", "type", "from_event", "to_event"])),
        "start",
        [EventPoint("step", "start")],
        {EventPoint("end", "start"): on_the_day},
        strict=strict,
    )
    assert {case.end for case in cases} == ends


@pytest.mark.parametrize(("point", "days"), [("start", 14), ("end", 19)])
def test_days_run_from_the_start_of_what_lasts_to_the_point_that_is_asked_for(
    point: str, days: int
) -> None:
    events = pd.DataFrame(
        {"id": ["stay", "work"], "date": ["2018-09-01/2018-09-10", "2018-09-15/2018-09-20"]}
    )
    relations = pd.DataFrame(columns=["id", "type", "from_event", "to_event"])
    (case,) = earliest_steps(
        solve(events, relations), "stay", [EventPoint("work", point)], {}, strict=False
    )
    assert case.region is not None
    assert (case.region.gap_lo, case.region.gap_hi) == (days, days)


def test_a_choice_that_holds_already_splits_no_case() -> None:
    # Two points and ten others after both: of each choice both options hold already.
    days = [0, 1, 2, *range(10, 20)]
    network = np.array([[to - since for to in days] for since in days])
    choices = [[[Bound(1, other, 100)], [Bound(2, other, 17)]] for other in range(3, 13)]
    cases = list(closed_cases(network, choices))
    assert [case.tolist() for case in cases] == [network.tolist()]


@pytest.mark.parametrize("seed", range(40))
def test_the_regions_of_cases_are_those_of_each_choice_taken(seed: int) -> None:
    random = Random(seed)
    firsts = [random.randrange(6) for _ in range(5)]
    network = np.array(
        [
            [0, *(first + 3 for first in firsts)],
            *([-one, *(other + 3 - one for other in firsts)] for one in firsts),
        ]
    )
    np.fill_diagonal(network, 0)
    places = [*product(range(1, 6), repeat=2)]
    choices = [
        [[Bound(*random.choice(places), random.randrange(-3, 3))] for _ in range(2)]
        for _ in range(5)
    ]
    expected: set[tuple[int, int]] = set()
    for days in product(*(range(first, first + 4) for first in firsts)):
        at = (0, *days)
        if all(any(at[b.j] - at[b.i] <= b.most for [b] in choice) for choice in choices):
            expected.add((at[1], at[2]))
    regions = regions_of_cases([network, network], choices, 1, 2)
    found = [pairs_of(region) for region in regions]
    assert set[tuple[int, int]]().union(*found) == expected
    # None lies within one before it, so that their number does not grow with that of the choices.
    for number, pairs in enumerate(found):
        assert not any(pairs <= before for before in found[:number])
