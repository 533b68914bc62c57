"""Of the date pairs that the source admits for two events, how many satisfy a condition?

A share is counted over one pair of events alone, exactly, in whole numbers. It says how much of
what the source leaves open lies on one side. It is not a probability: no date pair is claimed to be
likelier than another."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from casechron.chronology.network import PairRegion
from casechron.chronology.working_days import (
    Days,
    WorkingCalendar,
    corresponding_days,
    last_days_within,
    narrowed,
    working_day_gaps,
)

# Counting month limits takes one pass over the days of the first event; wider windows are refused,
# not waited for.
WIDEST_WINDOW = 1_000_000


@dataclass(frozen=True)
class Before:
    """The first event is at least one day before the second."""


@dataclass(frozen=True)
class SameDay:
    """Both events are on one day."""


@dataclass(frozen=True)
class NotAfter:
    """The first event is on the day of the second or before it."""


@dataclass(frozen=True)
class WithinDays:
    """The second event is 0 to `days` days after the first."""

    days: int


@dataclass(frozen=True)
class WithinWorkingDays:
    """The second event is not before the first, and its working-day number is no more than
    `days`."""

    days: int
    calendar: WorkingCalendar
    day_one: str


@dataclass(frozen=True)
class WithinMonths:
    """The second event is not before the first, and no later than the same day so many calendar
    months on."""

    months: int


Condition = Before | SameDay | NotAfter | WithinDays | WithinWorkingDays | WithinMonths


class Share(NamedTuple):
    """How many of the admitted date pairs satisfy a condition; both None where an open date leaves
    no number.

    >>> Share(31, 240).fraction, str(Share(31, 240)), str(Share(None, None))
    (Fraction(31, 240), '31 of 240 date pairs', 'not countable: a date is open')
    """

    satisfying: int | None
    admitted: int | None

    @property
    def fraction(self) -> Fraction | None:
        """Which part of the admitted date pairs satisfies the condition? None if not countable."""
        if self.satisfying is None or self.admitted is None:
            return None
        return Fraction(self.satisfying, self.admitted)

    def __str__(self) -> str:
        if self.satisfying is None or self.admitted is None:
            return "not countable: a date is open"
        return (
            f"{self.satisfying:,} of {self.admitted:,} date pair{'' if self.admitted == 1 else 's'}"
        )


def share(region: PairRegion, condition: Condition) -> Share:
    """How many of the date pairs of two events satisfy a condition?

    Exact for windows of any width; a month or working-day limit takes time in proportion to the
    days of the first event. Share(None, None) where an open date leaves the pairs without a number.
    Raises CalendarError outside the working-day calendar, ValueError where no pair is admitted or a
    month limit meets a window over 1,000,000 days.

    >>> from datetime import date
    >>> august, september = date(2018, 8, 1).toordinal(), date(2018, 9, 1).toordinal()
    >>> region = PairRegion(august, august + 30, september, september + 29, None, None)
    >>> str(share(region, WithinDays(14)))
    '105 of 930 date pairs'
    >>> str(share(region, WithinMonths(1)))
    '495 of 930 date pairs'
    """
    admitted_pairs = narrowed(region)
    admitted = _count(admitted_pairs)
    if admitted is None:
        return Share(None, None)
    low, high = _gap_limits(condition)
    chosen = _with_gap(admitted_pairs, low, high)
    if chosen is None:
        return Share(0, admitted)
    if isinstance(condition, WithinWorkingDays | WithinMonths):
        return Share(_count_to_last_day(chosen, condition), admitted)
    return Share(_count(chosen), admitted)


def settled(region: PairRegion, condition: Condition) -> bool | None:
    """Do all admitted date pairs satisfy the condition (True), or none of them (False)?

    None where some do and some do not. Works with open dates too, where nothing can be counted; a
    working-day or month limit may then stay None although a closer look at the calendar would
    settle it (never the reverse).

    >>> settled(PairRegion(1, 10, 12, None, None, None), Before())
    True
    >>> settled(PairRegion(1, 10, 5, None, None, None), WithinDays(14)) is None
    True
    """
    counted = share(region, condition)
    if counted.satisfying is not None:
        return (
            True
            if counted.satisfying == counted.admitted
            else None
            if counted.satisfying
            else False
        )
    pairs = narrowed(region)
    low, high = _gap_limits(condition)
    if _with_gap(pairs, low, high) is None:
        return False
    within = (low is None or (pairs.gap_lo is not None and pairs.gap_lo >= low)) and (
        high is None or (pairs.gap_hi is not None and pairs.gap_hi <= high)
    )
    if isinstance(condition, WithinMonths):
        # n months never last less than 28 n days.
        return (
            True
            if within and pairs.gap_hi is not None and pairs.gap_hi <= 28 * condition.months
            else None
        )
    if isinstance(condition, WithinWorkingDays):
        least, most = working_day_gaps(pairs, condition.calendar, condition.day_one)
        if least is not None and least > condition.days:
            return False
        return True if within and most is not None and most <= condition.days else None
    return True if within else None


def _gap_limits(condition: Condition) -> tuple[int | None, int | None]:
    """Between which gaps in days must every satisfying pair lie? (Enough, if it is on days
    alone.)"""
    match condition:
        case Before():
            return 1, None
        case SameDay():
            return 0, 0
        case NotAfter() | WithinWorkingDays():
            return 0, None
        case WithinDays(days):
            return 0, days
        case WithinMonths(months):
            return 0, 31 * months


def _with_gap(region: PairRegion, low: int | None, high: int | None) -> PairRegion | None:
    """Which pairs of a narrowed region have a gap from `low` to `high`? None for none."""
    lows = [gap for gap in (region.gap_lo, low) if gap is not None]
    highs = [gap for gap in (region.gap_hi, high) if gap is not None]
    gap_lo, gap_hi = max(lows, default=None), min(highs, default=None)
    # Every gap between the two bounds of a narrowed region occurs in it, so only crossed bounds
    # leave no pair.
    if gap_lo is not None and gap_hi is not None and gap_lo > gap_hi:
        return None
    return narrowed(region._replace(gap_lo=gap_lo, gap_hi=gap_hi))


def _count(region: PairRegion) -> int | None:
    """How many pairs does a narrowed region hold? In closed form, so any window will do; None if
    endless."""
    from_lo, from_hi, to_lo, to_hi, gap_lo, gap_hi = region
    if (
        from_lo is None
        or from_hi is None
        or to_lo is None
        or to_hi is None
        or gap_lo is None
        or gap_hi is None
    ):
        return None
    partners = to_hi - to_lo + 1

    def partners_of_first(days: int) -> int:
        # 1 + 2 + ... + days, where no term may exceed the number of partners there are.
        rising = min(max(days, 0), partners)
        return rising * (rising + 1) // 2 + max(days - partners, 0) * partners

    def at_most(gap: int) -> int:
        # The pairs (a, b) with b <= a + gap: each later `a` has one more partner, from none up to
        # all of them.
        return partners_of_first(from_hi + gap - to_lo + 1) - partners_of_first(
            from_lo + gap - to_lo
        )

    return at_most(gap_hi) - at_most(gap_lo - 1)


def _count_to_last_day(region: PairRegion, condition: WithinWorkingDays | WithinMonths) -> int:
    """How many pairs of a narrowed, bounded region (none with b < a) have b by the condition's last
    day?"""
    from_lo, from_hi, to_lo, to_hi, gap_lo, gap_hi = region
    assert from_lo is not None
    assert from_hi is not None
    assert to_lo is not None
    assert to_hi is not None
    assert gap_lo is not None
    assert gap_hi is not None
    if isinstance(condition, WithinMonths) and from_hi - from_lo >= WIDEST_WINDOW:
        raise ValueError(
            f"a window of {from_hi - from_lo + 1:,} days is too wide to count a limit in months"
            f" over it; at most {WIDEST_WINDOW:,} days"
        )
    if isinstance(condition, WithinWorkingDays):
        firsts = condition.calendar.days(from_lo, from_hi)
    else:
        firsts = np.arange(from_lo, from_hi + 1)
    # The partners of `a` that satisfy the condition are all the days from `earliest` to `latest`:
    # one subtraction.
    earliest = np.maximum(to_lo, firsts + gap_lo)
    latest = np.minimum(to_hi, firsts + gap_hi)
    return int(
        np.maximum(
            np.minimum(latest, _last_days(firsts, latest, condition)) - earliest + 1, 0
        ).sum()
    )


def _last_days(firsts: Days, latest: Days, condition: WithinWorkingDays | WithinMonths) -> Days:
    if isinstance(condition, WithinMonths):
        return corresponding_days(firsts, condition.months)
    last = last_days_within(firsts, condition.days, condition.calendar, condition.day_one)
    # Where the calendar ends before the limit does, the true last day is not known; it matters only
    # to a partner that lies beyond the calendar.
    unknown = latest[(last >= condition.calendar.last) & (latest > condition.calendar.last)]
    if unknown.size:
        condition.calendar.refuse(int(unknown[0]))
    return last
