"""Of the date pairs that the source admits for two events, how many satisfy a condition, and how
many working days lie between the two?

A share is counted over one pair of events alone, exactly, in whole numbers. It says how much of
what the source leaves open lies on one side. It is not a probability: no date pair is claimed to be
likelier than another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from casechron.chronology.calendars import (
    WorkingCalendar,
    corresponding_days,
    last_days_within,
    working_days_between,
)
from casechron.chronology.network import Ints, PairRegion

# Counting month limits takes one pass over the days of the first event; wider windows are refused,
# not waited for.
WIDEST_WINDOW = 1_000_000


@dataclass(frozen=True)
class WithinDays:
    """The second event is at least and at most so many days after the first (below 0 before it);
    None is no limit."""

    least: int | None
    most: int | None


NOT_AFTER = WithinDays(0, None)
"""The first event is on the day of the second or before it."""


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


Condition = WithinDays | WithinWorkingDays | WithinMonths


class Share(NamedTuple):
    """How many of the admitted date pairs satisfy a condition; both None where an open date leaves
    no number.

    >>> str(Share(31, 240)), str(Share(None, None))
    ('31 of 240 date pairs', 'not countable: a date is open')
    """

    satisfying: int | None
    admitted: int | None

    def __str__(self) -> str:
        if self.satisfying is None or self.admitted is None:
            return "not countable: a date is open"
        return (
            f"{self.satisfying:,} of {self.admitted:,} date pair{'' if self.admitted == 1 else 's'}"
        )


def share(regions: Iterable[PairRegion], condition: Condition) -> Share:
    """How many of the date pairs of two events satisfy a condition?

    The pairs are those of a region, or of several, each counted once. Exact for windows of any
    width; several regions, and a month or working-day limit, take time in proportion to the days of
    the first event. Share(None, None) where an open date leaves the pairs without a number. Raises
    CalendarError outside the working-day calendar, ValueError where no pair is admitted or a month
    limit meets a window over 1,000,000 days.

    >>> from datetime import date
    >>> august, september = date(2018, 8, 1).toordinal(), date(2018, 9, 1).toordinal()
    >>> region = PairRegion(august, august + 30, september, september + 29, None, None)
    >>> str(share([region], WithinDays(0, 14)))
    '105 of 930 date pairs'
    >>> str(share([region], WithinMonths(1)))
    '495 of 930 date pairs'
    """
    pairs = list(dict.fromkeys(map(narrowed, regions)))
    if any(None in part for part in pairs):
        return Share(None, None)
    admitted = _count(pairs)
    limits = _gap_limits(condition)
    chosen = [part for each in pairs if (part := pairs_within(each, **limits))]
    if isinstance(condition, WithinDays):
        return Share(_count(chosen), admitted)
    return Share(_count_by_first_day(chosen, condition), admitted)


def settled(region: PairRegion, condition: Condition) -> bool | None:
    """Do all admitted date pairs satisfy the condition (True), or none of them (False)?

    None where some do and some do not. Works with open dates too, where nothing can be counted; a
    working-day or month limit may then stay None although a closer look at the calendar would
    settle it (never the reverse).

    >>> settled(PairRegion(1, 10, 12, None, None, None), NOT_AFTER)
    True
    >>> settled(PairRegion(1, 10, 5, None, None, None), WithinDays(0, 14)) is None
    True
    """
    pairs = narrowed(region)
    chosen = pairs_within(pairs, **_gap_limits(condition))
    if chosen is None:
        return False
    if isinstance(condition, WithinMonths):
        # n months never last less than 28 n days.
        chosen = pairs_within(pairs, gap_lo=0, gap_hi=28 * condition.months)
    if not isinstance(condition, WithinWorkingDays) and chosen == pairs:
        return True
    satisfying, admitted = share([pairs], condition)
    if satisfying is not None:
        return satisfying == admitted if satisfying in (0, admitted) else None
    if isinstance(condition, WithinWorkingDays):
        days_min, days_max = working_day_gaps(pairs, condition.calendar, condition.day_one)
        if days_min is not None and days_min > condition.days:
            return False
        if days_max is not None and days_max <= condition.days and chosen == pairs:
            return True
    return None


def working_day_gaps(
    region: PairRegion, calendar: WorkingCalendar, day_one: str
) -> tuple[int | None, int | None]:
    """How many working days lie between two events, at least and at most?

    Exact over all date pairs of the region; counted as `working_days_between` does. None for a side
    that an open date leaves without a bound. Raises CalendarError where a day that decides lies
    outside the calendar.

    >>> from datetime import date
    >>> from casechron.chronology.calendars import working_calendar
    >>> first = date(2018, 9, 21).toordinal()
    >>> late_september = PairRegion(first, first + 9, first + 10, None, 0, 14)
    >>> working_day_gaps(late_september, working_calendar("England"), "day after")
    (1, 10)
    """
    from_lo, from_hi, to_lo, to_hi, gap_lo, gap_hi = narrowed(region)
    # The count is W(b) - V(a), and W and V never fall as their day grows. So for one first day `a`
    # the least is at its smallest partner, max(to_lo, a + gap_lo). For all `a` up to to_lo - gap_lo
    # that is to_lo itself, and the latest such `a` gives the least; for later ones it is a +
    # gap_lo, and they are tried one by one. Narrowing has left every `a` a partner, and to_lo -
    # gap_lo no later than from_hi. The most is the mirror image.
    days_min = days_max = None
    if from_hi is not None and to_lo is not None and gap_lo is not None:
        start = to_lo - gap_lo if from_lo is None else max(from_lo, to_lo - gap_lo)
        firsts = calendar.days(start, from_hi)
        days_min = int(working_days_between(firsts, firsts + gap_lo, calendar, day_one).min())
    if from_lo is not None and to_hi is not None and gap_hi is not None:
        stop = to_hi - gap_hi if from_hi is None else min(from_hi, to_hi - gap_hi)
        firsts = calendar.days(from_lo, stop)
        days_max = int(working_days_between(firsts, firsts + gap_hi, calendar, day_one).max())
    return days_min, days_max


def narrowed(region: PairRegion) -> PairRegion:
    """What is the same set of date pairs, with each of its bounds as narrow as the others make it?

    Every first day that is left has a partner. Raises ValueError if no pair is left: that is a
    contradiction in the dates, to be reported as such before anything is counted.

    >>> narrowed(PairRegion(1, 10, 5, None, 0, 3))
    PairRegion(from_lo=2, from_hi=10, to_lo=5, to_hi=13, gap_lo=0, gap_hi=3)
    """
    from_lo, from_hi, to_lo, to_hi, gap_lo, gap_hi = region.bounds
    # Three quantities (two days and their gap), so the shortest paths have two steps at most: one
    # pass closes.
    narrow = PairRegion.of(
        max(from_lo, to_lo - gap_hi),
        min(from_hi, to_hi - gap_lo),
        max(to_lo, from_lo + gap_lo),
        min(to_hi, from_hi + gap_hi),
        max(gap_lo, to_lo - from_hi),
        min(gap_hi, to_hi - from_lo),
    )
    bounds = narrow.bounds
    if any(low > high for low, high in zip(bounds[::2], bounds[1::2], strict=True)):
        raise ValueError("no pair of days fits these dates: a contradiction, with nothing to count")
    return narrow


@lru_cache(maxsize=4096)
def pairs_within(region: PairRegion, **limits: int | None) -> PairRegion | None:
    """The pairs of a region that keep further bounds too, by their names; None for none.

    >>> pairs_within(PairRegion(1, 10, 5, None, 0, 3), from_hi=4, gap_lo=None)
    PairRegion(from_lo=2, from_hi=4, to_lo=5, to_hi=7, gap_lo=1, gap_hi=3)
    """
    more = PairRegion(*[None] * 6)._replace(**limits)
    bounds = zip((max, min) * 3, region.bounds, more.bounds, strict=True)
    try:
        return narrowed(PairRegion.of(*(closer(*both) for closer, *both in bounds)))
    except ValueError:
        return None


def _gap_limits(condition: Condition) -> dict[str, int | None]:
    """Between which gaps in days must every satisfying pair lie? (Enough, if it is on days
    alone.)"""
    if isinstance(condition, WithinDays):
        return {"gap_lo": condition.least, "gap_hi": condition.most}
    most = 31 * condition.months if isinstance(condition, WithinMonths) else None
    return {"gap_lo": 0, "gap_hi": most}


def _count(regions: Sequence[PairRegion]) -> int:
    """How many pairs do some narrowed, bounded regions hold? One in closed form, so any window will
    do."""
    if len(regions) != 1:
        return _count_by_first_day(regions, None)
    [region] = regions
    from_lo, from_hi, to_lo, to_hi, gap_lo, gap_hi = region.bounds
    partners = to_hi - to_lo + 1

    def partners_of_first(days: int) -> int:
        # 1 + 2 + ... + days, where no term may exceed the number of partners there are.
        rising = min(max(days, 0), partners)
        return rising * (rising + 1) // 2 + max(days - partners, 0) * partners

    def at_most(gap: int) -> int:
        # The pairs (a, b) with b <= a + gap: each later `a` has one more partner, from none up to
        # all of them.
        first, last = from_lo + gap - to_lo, from_hi + gap - to_lo
        return partners_of_first(last + 1) - partners_of_first(first)

    return at_most(gap_hi) - at_most(gap_lo - 1)


def _count_by_first_day(
    regions: Sequence[PairRegion], condition: WithinWorkingDays | WithinMonths | None
) -> int:
    """How many pairs that are in one of some narrowed, bounded regions satisfy the condition, if
    there is one? Regions under a condition have no pair with b < a."""
    bounds = np.array([region.bounds for region in regions], dtype=np.int64).reshape(-1, 6)
    satisfying = 0
    # From one of these days to the day before the next, each first day is of the same regions.
    cuts = np.unique(np.concatenate([bounds[:, 0], bounds[:, 1] + 1])).tolist()
    for first, after in pairwise(cuts):
        here = (bounds[:, 0] <= first) & (bounds[:, 1] >= after - 1)
        if not here.any():
            continue
        if isinstance(condition, WithinMonths) and after - first > WIDEST_WINDOW:
            raise ValueError(
                f"a window of {after - first:,} days is too wide to count a limit in months"
                f" over it; at most {WIDEST_WINDOW:,} days"
            )
        if isinstance(condition, WithinWorkingDays):
            firsts = condition.calendar.days(first, after - 1)
        else:
            firsts = np.arange(first, after)
        _, _, to_lo, to_hi, gap_lo, gap_hi = bounds[here].T[:, :, None]
        # The partners of `a` that satisfy the condition are, in each region, all the days from
        # `earliest` to `latest`; of several regions each begins where those before it have ended.
        earliest = np.maximum(to_lo, firsts + gap_lo)
        latest = np.minimum(to_hi, firsts + gap_hi)
        if condition is not None:
            latest = np.minimum(latest, _last_days(firsts, latest.max(axis=0), condition))
        order = np.argsort(earliest, axis=0)
        earliest, latest = (np.take_along_axis(days, order, 0) for days in (earliest, latest))
        ended = np.maximum.accumulate(latest, axis=0)
        earliest[1:] = np.maximum(earliest[1:], ended[:-1] + 1)
        satisfying += int(np.maximum(latest - earliest + 1, 0).sum())
    return satisfying


def _last_days(firsts: Ints, latest: Ints, condition: WithinWorkingDays | WithinMonths) -> Ints:
    """For each first day the last partner that satisfies a condition; `latest` are the last of
    all."""
    if isinstance(condition, WithinMonths):
        return corresponding_days(firsts, condition.months)
    last = last_days_within(firsts, condition.days, condition.calendar, condition.day_one)
    # Where the calendar ends before the limit does, the true last day is not known; it matters only
    # to a partner that lies beyond the calendar.
    unknown = latest[(last >= condition.calendar.last) & (latest > condition.calendar.last)]
    if unknown.size:
        condition.calendar.refuse(int(unknown[0]))
    return last
