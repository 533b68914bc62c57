"""How many working days lie between two days, and by which day has a limit run out?

A day is an int, the proleptic Gregorian ordinal (``date.toordinal()``). Saturdays, Sundays and the
bank holidays of a jurisdiction are no working days; the holidays come from the `holidays` library,
the counting from numpy. Two conventions are in use for day 1 of a limit, so every count names its
own (``day_one``):

- 'day after': the first working day after the start is day 1 (the rule of English courts since
  Lester v Garland, 1808: the day of the event itself is left out);
- 'start day': the start is day 1 if it is a working day. If it is none, the next working day is
  day 1, because a Sunday cannot be the first working day: then both conventions give the same
  number.

The whole method, with its sources, is in ``docs/method.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from casechron.chronology.network import Ints
from casechron.coding.meta import JURISDICTIONS
from casechron.dates.days import day_text

_DAY_ONES = ("day after", "start day")

# The list of bank holidays in use today is complete from 1978 on (New Year's Day in England: 1974,
# the May holidays in all parts of the United Kingdom: 1978). Before that the library and the
# published history differ.
_FIRST_YEAR = 1978

# Days that the library (0.109) gives as holidays and the law does not. St Andrew's Day Bank Holiday
# (Scotland) Act 2007: Royal Assent on 15 January 2007, so its first holiday was 30 November 2007.
_NOT_YET_HOLIDAYS: Mapping[str, frozenset[date]] = {"Scotland": frozenset({date(2006, 11, 30)})}

_EPOCH = date(1970, 1, 1).toordinal()


class CalendarError(ValueError):
    """What keeps working days from being counted, in a sentence to the person who can fix it."""


@dataclass(frozen=True, eq=False)
class WorkingCalendar:
    """Which days are working days in one jurisdiction, from `first` to `last` (ordinals, both
    covered).

    Outside that range nothing is counted: every method refuses such a day with a CalendarError."""

    name: str
    first: int
    last: int
    working: np.busdaycalendar = field(repr=False)

    def days(self, first: int, last: int) -> Ints:
        """All days from `first` to `last`, refused before they are made if one lies outside."""
        self.covered([first, last])
        return np.arange(first, last + 1)

    def refuse(self, day: int) -> None:
        """Raise the error that says that this day lies outside the calendar."""
        raise CalendarError(
            f"{day_text(day)} lies outside the working-day calendar of {self.name}, which covers "
            f"{day_text(self.first)} to {day_text(self.last)}; no working days are counted there"
        )

    def covered(self, days: ArrayLike) -> Ints:
        """The days as an array, refused if one lies outside."""
        wanted = np.asarray(days, dtype=np.int64)
        outside = wanted[(wanted < self.first) | (wanted > self.last)]
        if outside.size:
            self.refuse(int(outside.flat[0]))
        return wanted


@cache
def working_calendar(jurisdiction: str) -> WorkingCalendar:
    """Which days are working days in England, Wales, Scotland or Northern Ireland?

    Covers 1978 to the last year of the `holidays` library (2100). Years to come follow today's
    rules: a one-off holiday is in the calendar only once the library has it. Raises CalendarError,
    with what is allowed, for another jurisdiction.

    >>> calendar = working_calendar("England")
    >>> date.fromordinal(calendar.first).isoformat(), date.fromordinal(calendar.last).isoformat()
    ('1978-01-01', '2100-12-31')
    """
    if jurisdiction not in JURISDICTIONS:
        raise CalendarError(
            f"no working-day calendar is known for {jurisdiction!r}; write one of:"
            f" {', '.join(JURISDICTIONS)}"
        )
    import holidays  # 0.2 s: only paid by who counts working days

    country, _, part = JURISDICTIONS[jurisdiction].partition("-")
    last_year = holidays.country_holidays(country).end_year
    listed = holidays.country_holidays(
        country, subdiv=part, years=range(_FIRST_YEAR, last_year + 1)
    )
    off = set(listed) - _NOT_YET_HOLIDAYS.get(jurisdiction, frozenset())
    return WorkingCalendar(
        jurisdiction,
        date(_FIRST_YEAR, 1, 1).toordinal(),
        date(last_year, 12, 31).toordinal(),
        np.busdaycalendar(holidays=np.array(sorted(off), dtype="datetime64[D]")),
    )


def working_days_between(
    start_day: ArrayLike, end_day: ArrayLike, calendar: WorkingCalendar, day_one: str
) -> Ints:
    """Which working day of the clock that runs from each start is each end?

    Arrays of days (broadcast together), an array of whole numbers back. Signed: 0 is day 0 of the
    clock, an end before that counts down. An end on a day off has the number of the working day
    before it. 'start day' gives one more than 'day after' where the start is a working day, and the
    same where it is none. Raises CalendarError for a day outside the calendar.

    >>> start, end = date(2006, 12, 12).toordinal(), date(2006, 12, 22).toordinal()
    >>> calendar = working_calendar("England")
    >>> int(working_days_between(start, end, calendar, "day after"))
    8
    >>> int(working_days_between(start, end, calendar, "start day"))
    9
    >>> working_days_between([start, end], [end, start], calendar, "day after").tolist()
    [8, -8]
    """
    ends = calendar.covered(end_day)
    zero = calendar.covered(start_day) - _before_start(day_one)
    # numpy leaves out the later of two days: both are moved on, so that the earlier one is left
    # out. Where the end comes first, numpy leaves out just that.
    on = ends >= zero
    return np.asarray(
        np.busday_count(_dated(zero + on), _dated(ends + on), busdaycal=calendar.working)
    )


def last_days_within(
    starts: ArrayLike, limit: int, calendar: WorkingCalendar, day_one: str
) -> Ints:
    """For each start, which is the last day that is no more than `limit` (0 or more) working days
    on?

    That is the day before the next working day, so days off after the last working day are within.
    Where the calendar ends first, its last day: the true one may be later. Array in, array out.
    """
    zero = _dated(calendar.covered(starts) - _before_start(day_one))
    # A day 0 that is off has the number of the working day before it.
    after = np.busday_offset(zero, limit + 1, roll="preceding", busdaycal=calendar.working)
    return np.minimum(_ordinal(after) - 1, calendar.last)


def limit_day(starts: ArrayLike, limit: int, calendar: WorkingCalendar, day_one: str) -> Ints:
    """Which working day is day `limit` (1 or more) of the clock that runs from each start?

    The date that a diary would call due. Array in, array out. Raises CalendarError where the
    calendar ends first.

    >>> start, calendar = date(2018, 8, 17).toordinal(), working_calendar("England")
    >>> date.fromordinal(int(limit_day(start, 5, calendar, "day after"))).isoformat()
    '2018-08-24'
    """
    return calendar.covered(last_days_within(starts, limit - 1, calendar, day_one) + 1)


def corresponding_days(days: ArrayLike, months: int) -> Ints:
    """Which day bears the same number so many calendar months on, or is the last of that month if
    none does?

    The corresponding-date rule (Dodds v Walker [1981] 1 WLR 1027, House of Lords). Array in, array
    out.

    >>> date.fromordinal(int(corresponding_days(date(2018, 11, 30).toordinal(), 3))).isoformat()
    '2019-02-28'
    """
    dated = _dated(days)
    month = dated.astype("datetime64[M]")
    target = month + np.timedelta64(months, "M")
    same_number = target.astype("datetime64[D]") + (dated - month.astype("datetime64[D]"))
    last = (target + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    return _ordinal(np.minimum(same_number, last))


def _before_start(day_one: str) -> int:
    """How many days before the start is day 0 of the clock?"""
    if day_one not in _DAY_ONES:
        raise CalendarError(f"day_one is {day_one!r}; write 'day after' or 'start day'")
    return int(day_one == "start day")


def _dated(days: ArrayLike) -> NDArray[np.datetime64]:
    return (np.asarray(days, dtype=np.int64) - _EPOCH).view("datetime64[D]")


def _ordinal(dated: NDArray[np.datetime64]) -> Ints:
    return np.asarray(dated.view(np.int64) + _EPOCH)
