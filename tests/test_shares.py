"""Every count against the pairs themselves, tried one by one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from calendar_cases import CONVENTIONS, counted, day, last_in_time, works
from casechron.chronology.calendars import CalendarError, WorkingCalendar, working_calendar
from casechron.chronology.network import PairRegion
from casechron.chronology.shares import (
    NOT_AFTER,
    Condition,
    Share,
    WithinDays,
    WithinMonths,
    WithinWorkingDays,
    narrowed,
    settled,
    share,
    working_day_gaps,
)
from casechron.dates.days import months_on
from thoroughly import examples

MIDDLE = day("2018-12-26")
REACH = 70  # far beyond every bound that is drawn, so that an open side is seen to be open


def satisfies(a: int, b: int, condition: Condition) -> bool:
    """The words of each condition, for one pair: no cumulative counts, no closed form."""
    match condition:
        case WithinDays(least, most):
            return (least is None or b - a >= least) and (most is None or b - a <= most)
        case WithinMonths(months):
            return a <= b <= months_on(a, months)
        case WithinWorkingDays(days, calendar, day_one):
            first = a if day_one == "start day" else a + 1
            return a <= b and sum(works(calendar.name, d) for d in range(first, b + 1)) <= days


def pairs_of(region: PairRegion, reach: int = REACH) -> list[tuple[int, int]]:
    def low(value: int | None) -> int:
        return MIDDLE - reach if value is None else value

    def high(value: int | None) -> int:
        return MIDDLE + reach if value is None else value

    return [
        (a, b)
        for a in range(low(region.from_lo), high(region.from_hi) + 1)
        for b in range(low(region.to_lo), high(region.to_hi) + 1)
        if (region.gap_lo is None or b - a >= region.gap_lo)
        and (region.gap_hi is None or b - a <= region.gap_hi)
    ]


@st.composite
def regions(draw: st.DrawFn, *, open_sides: bool = False) -> PairRegion:
    side = st.integers(MIDDLE - 12, MIDDLE + 12)
    gap = st.none() | st.integers(-15, 25)
    drawn = [draw(st.none() | side if open_sides else side) for _ in range(4)]
    gaps = [draw(gap), draw(gap)]
    bounds: list[int | None] = []
    for low, high in (drawn[:2], drawn[2:], gaps):
        # Crossed bounds are turned round, not thrown away: few examples are lost.
        bounds += [low, high] if low is None or high is None else sorted([low, high])
    return PairRegion(*bounds)


BEFORE, SAME_DAY = WithinDays(1, None), WithinDays(0, 0)
day_conditions = st.sampled_from([BEFORE, SAME_DAY, NOT_AFTER]) | st.builds(
    WithinDays, st.none() | st.integers(-20, 5), st.none() | st.integers(-2, 30)
)
conditions = (
    day_conditions
    | st.builds(WithinMonths, st.integers(0, 2))
    | st.builds(
        WithinWorkingDays,
        st.integers(0, 15),
        st.sampled_from(["England", "Scotland"]).map(working_calendar),
        st.sampled_from(CONVENTIONS),
    )
)


@given(regions(), conditions)
@settings(max_examples=examples(250), deadline=None)
def test_shares_are_what_one_counts_pair_by_pair(region: PairRegion, condition: Condition) -> None:
    pairs = pairs_of(region)
    if not pairs:
        with pytest.raises(
            ValueError, match=r"^no pair of days fits these dates: a contradiction, with nothing"
        ):
            share([region], condition)
        return
    assert share([region], condition) == (
        sum(satisfies(a, b, condition) for a, b in pairs),
        len(pairs),
    )


@given(regions(open_sides=True), day_conditions)
@settings(max_examples=examples(100), deadline=None)
def test_open_dates_are_not_counted_and_bounded_ones_are(
    region: PairRegion, condition: Condition
) -> None:
    pairs = pairs_of(region)
    assume(pairs)
    counted = share([region], condition)
    if counted.admitted is None:
        assert tuple(counted) == (None, None)
        assert len(pairs_of(region, REACH + 30)) > len(pairs)
    else:
        satisfying = sum(satisfies(a, b, condition) for a, b in pairs)
        assert tuple(counted) == (satisfying, len(pairs))


@given(regions(open_sides=True), day_conditions)
@settings(max_examples=examples(100), deadline=None)
def test_settled_is_exact_for_days(region: PairRegion, condition: Condition) -> None:
    pairs = pairs_of(region)
    assume(pairs)
    seen = {satisfies(a, b, condition) for a, b in pairs}
    assert settled(region, condition) == (None if len(seen) == 2 else seen.pop())


@given(
    regions(open_sides=True),
    conditions.filter(lambda c: isinstance(c, WithinMonths | WithinWorkingDays)),
)
@settings(max_examples=examples(60), deadline=None)
def test_settled_never_claims_too_much(region: PairRegion, condition: Condition) -> None:
    pairs = pairs_of(region, 40)
    assume(pairs)
    found = settled(region, condition)
    if found is not None:
        assert {satisfies(a, b, condition) for a, b in pairs} == {found}


@pytest.mark.parametrize(
    ("region", "condition", "found"),
    [
        # From a known day to some day at least three working days on, over Christmas: never within
        # two.
        (PairRegion(MIDDLE, MIDDLE, MIDDLE + 5, None, None, None), 2, False),
        (PairRegion(MIDDLE, MIDDLE, MIDDLE + 5, None, None, None), 3, None),
        (PairRegion(MIDDLE, MIDDLE, None, None, 0, 5), 3, True),
    ],
)
def test_settled_by_working_days_with_an_open_end(
    region: PairRegion, condition: int, found: bool | None
) -> None:
    limit = WithinWorkingDays(condition, working_calendar("England"), "day after")
    assert settled(region, limit) is found


def test_settled_by_months_with_open_dates() -> None:
    assert settled(PairRegion(MIDDLE, None, None, None, 0, 28), WithinMonths(1)) is True
    assert settled(PairRegion(MIDDLE, None, None, None, 0, 29), WithinMonths(1)) is None
    assert settled(PairRegion(MIDDLE, None, None, None, 32, None), WithinMonths(1)) is False


def test_the_three_orders_add_up() -> None:
    region = PairRegion(MIDDLE, MIDDLE + 30, MIDDLE - 10, MIDDLE + 20, -25, 17)
    before, same, not_after = (
        share([region], condition) for condition in (BEFORE, SAME_DAY, NOT_AFTER)
    )
    assert before.satisfying is not None
    assert same.satisfying is not None
    assert before.satisfying + same.satisfying == not_after.satisfying
    assert before.admitted == same.admitted == not_after.admitted == len(pairs_of(region))


def test_words() -> None:
    assert str(Share(31, 240)) == "31 of 240 date pairs"
    assert str(Share(0, 1)) == "0 of 1 date pair"
    assert str(Share(1_234, 3_334_276)) == "1,234 of 3,334,276 date pairs"
    assert str(Share(None, None)) == "not countable: a date is open"


def test_child_a_is_within_the_limit_under_both_conventions() -> None:
    start, end = day("2006-12-12"), day("2006-12-22")
    region = PairRegion(start, start, end, end, None, None)
    england = working_calendar("England")
    for day_one, needed in zip(CONVENTIONS, (8, 9), strict=True):
        assert share([region], WithinWorkingDays(needed, england, day_one)) == (1, 1)
        assert share([region], WithinWorkingDays(needed - 1, england, day_one)) == (0, 1)


def five_years(first: str) -> tuple[int, int]:
    return day(first), day(first) + 1826


@pytest.mark.parametrize(
    "make",
    [
        lambda england: NOT_AFTER,
        lambda england: WithinDays(0, 200),
        lambda england: WithinMonths(7),
        lambda england: WithinWorkingDays(145, england, "start day"),
    ],
)
def test_five_years_by_five_years_exactly(
    make: Callable[[WorkingCalendar], Condition],
) -> None:
    england = working_calendar("England")
    condition = make(england)
    (from_lo, from_hi), (to_lo, to_hi) = five_years("2014-03-01"), five_years("2015-01-01")
    region = PairRegion(from_lo, from_hi, to_lo, to_hi, -400, 1200)
    found = share([region], condition)
    # All 3.3 million pairs at once, one row of a table for each first day.
    a, b = np.arange(from_lo, from_hi + 1)[:, None], np.arange(to_lo, to_hi + 1)[None, :]
    admitted = (b - a >= -400) & (b - a <= 1200)
    match condition:
        case WithinDays(_, days):
            last = np.full(a.shape, to_hi) if days is None else a + days
        case WithinMonths(months):
            last = np.array([[months_on(int(one), months)] for one in a[:, 0]])
        case _:
            last = np.array(
                [[last_in_time(int(one), 145, "England", "start day")] for one in a[:, 0]]
            )
    assert found == (int((admitted & (b >= a) & (b <= last)).sum()), int(admitted.sum()))


def test_windows_of_any_width_for_days_and_a_limit_for_months() -> None:
    wide = 10**12
    region = PairRegion(0, wide, 0, wide, None, None)
    assert share([region], BEFORE) == (wide * (wide + 1) // 2, (wide + 1) ** 2)
    with pytest.raises(ValueError, match=r"^a window") as caught:
        share([region], WithinMonths(3))
    assert (
        str(caught.value)
        == "a window of 1,000,000,000,001 days is too wide to count a limit in months over it; at"
        " most 1,000,000 days"
    )
    with pytest.raises(
        CalendarError, match=r"^0000-12-31 lies outside the working-day calendar of England, wh"
    ):
        share([region], WithinWorkingDays(3, working_calendar("England"), "day after"))


def test_the_end_of_the_calendar_matters_only_to_partners_beyond_it() -> None:
    england = working_calendar("England")
    near = PairRegion(
        england.last - 10, england.last - 1, england.last - 10, england.last, None, None
    )
    assert (
        share([near], WithinWorkingDays(100, england, "day after")).satisfying == 65
    )  # 11 + 10 + ... + 2
    beyond = near._replace(to_hi=england.last + 1)
    with pytest.raises(CalendarError, match=r"^2101-01-01 lies outside"):
        share([beyond], WithinWorkingDays(100, england, "day after"))
    # Where the limit runs out within the calendar, a partner beyond it is plainly too late.
    early = PairRegion(
        england.last - 60, england.last - 50, england.last - 60, england.last + 9, None, None
    )
    plain = early._replace(to_hi=england.last)
    assert (
        share([early], WithinWorkingDays(5, england, "day after")).satisfying
        == share([plain], WithinWorkingDays(5, england, "day after")).satisfying
    )


# --- the least and the most of a region ---------------------------------------------------------


@given(regions(open_sides=True))
@settings(deadline=None)
def test_narrowed_keeps_every_pair_and_is_tight(region: PairRegion) -> None:
    pairs = pairs_of(region)
    if not pairs:
        with pytest.raises(
            ValueError, match=r"^no pair of days fits these dates: a contradiction, with nothing"
        ):
            narrowed(region)
        return
    tight = narrowed(region)
    assert pairs_of(tight) == pairs
    extremes = [
        f(values) for values in ({a for a, _ in pairs}, {b for _, b in pairs}) for f in (min, max)
    ]
    extremes += [f(b - a for a, b in pairs) for f in (min, max)]
    for found, extreme in zip(tight, extremes, strict=True):
        # An open side is one whose extreme lies where the enumeration was cut off.
        at = extreme - MIDDLE if abs(extreme) > MIDDLE // 2 else extreme
        assert found == extreme or (found is None and abs(at) >= REACH - 25 - 12)


@given(
    regions(open_sides=True),
    st.sampled_from(["England", "Scotland", "Northern Ireland"]),
    st.sampled_from(CONVENTIONS),
)
@settings(max_examples=examples(150), deadline=None)
def test_working_day_gaps_are_the_extremes_over_all_pairs(
    region: PairRegion, jurisdiction: str, day_one: str
) -> None:
    pairs = pairs_of(region, 40)
    assume(pairs)
    counts = {counted(a, b, jurisdiction, day_one) for a, b in pairs}
    tight = narrowed(region)
    assert working_day_gaps(region, working_calendar(jurisdiction), day_one) == (
        None if None in (tight.from_hi, tight.to_lo) else min(counts),
        None if None in (tight.from_lo, tight.to_hi) else max(counts),
    )


def test_working_day_gaps_of_child_a_and_of_open_dates() -> None:
    start, end = day("2006-12-12"), day("2006-12-22")

    def gaps(*region: int | None, day_one: str = "day after") -> tuple[int | None, int | None]:
        return working_day_gaps(PairRegion(*region), working_calendar("England"), day_one)

    assert gaps(start, start, end, end, None, None) == (8, 8)
    assert gaps(start, start, end, None, None, None) == (8, None)
    assert gaps(None, start, end, end, None, None) == (8, None)
    assert gaps(start, None, None, end, None, None) == (None, 8)
    assert gaps(start, None, None, None, 0, None) == (None, None)
    # The gap alone bounds neither day where both are open on that side.
    assert gaps(start, None, None, None, 0, 3) == gaps(None, end, None, None, 0, 3) == (None, None)
    # The gap alone bounds the second day.
    assert gaps(start, start, None, None, 10, 10, day_one="start day") == (9, 9)


def test_working_day_gaps_refuse_where_a_day_that_decides_is_outside() -> None:
    far = PairRegion(
        day("1950-01-01"), day("1950-12-31"), day("2018-01-01"), day("2018-01-02"), None, None
    )
    endless = PairRegion(1, 10**15, 1, 10**15, None, None)
    for region, refused in ((far, "1950-12-31"), (endless, r"\+2737907006989-07-04")):
        with pytest.raises(CalendarError, match=f"^{refused} lies outside the working-day calen"):
            working_day_gaps(region, working_calendar("England"), "day after")
