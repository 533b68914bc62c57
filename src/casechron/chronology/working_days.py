"""How many working days lie between two days, and by which day has a limit run out?

A day is an int, the proleptic Gregorian ordinal (``date.toordinal()``). Saturdays, Sundays and the
public holidays of a jurisdiction are no working days; the holidays come from the `holidays`
library. Two conventions are in use for day 1 of a limit, so every count names its own
(``day_one``):

- 'day after': the first working day after the start is day 1 (the rule of English courts since
  Lester v Garland, 1808: the day of the event itself is left out);
- 'start day': the start is day 1 if it is a working day. If it is none, the next working day is day
  1,
  because a Sunday cannot be the first working day: then both conventions give the same number.

The whole method, with its sources, is in ``docs/method.md``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from casechron.chronology.network import PairRegion
from casechron.coding.days import day_text

DayOne = Literal["day after", "start day"]
Days = NDArray[np.int64]

# The list of bank holidays in use today is complete from 1978 on (New Year's Day in England: 1974,
# the May holidays in all parts of the United Kingdom: 1978). Before that the library and the
# published history differ.
FIRST_YEAR = 1978

_UK = {"England and Wales": "ENG", "Scotland": "SCT", "Northern Ireland": "NIR"}
_UK_SPELLINGS = {
    "england": "England and Wales",
    "wales": "England and Wales",
    "england and wales": "England and Wales",
    "scotland": "Scotland",
    "northern ireland": "Northern Ireland",
    "gb-eng": "England and Wales",
    "gb-wls": "England and Wales",
    "gb-eaw": "England and Wales",
    "gb-sct": "Scotland",
    "gb-nir": "Northern Ireland",
}
# Days that the library (0.109) gives as holidays and the law does not. St Andrew's Day Bank Holiday
# (Scotland) Act 2007: Royal Assent on 15 January 2007, so its first holiday was 30 November 2007.
_NOT_YET_HOLIDAYS: Mapping[str, frozenset[date]] = {"Scotland": frozenset({date(2006, 11, 30)})}

_PERIOD = re.compile(r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?|P(?P<weeks>\d+)W|P(?P<days>\d+)D")
_EPOCH = date(1970, 1, 1).toordinal()


class CalendarError(ValueError):
    """What keeps working days from being counted, in a sentence to the person who can fix it."""


@dataclass(frozen=True, eq=False)
class WorkingCalendar:
    """Which days are working days in one jurisdiction, from `first` to `last` (ordinals, both
    covered).

    `counts[i]` is the number of working days among the first `i` days of the calendar. `note` says
    in words what the calendar covers. Two calendars are equal only if they are the same object;
    `working_calendar` gives the same one each time."""

    name: str
    first: int
    last: int
    note: str
    counts: Days = field(repr=False)

    def up_to(self, days: ArrayLike) -> Days:
        """How many working days does the calendar hold up to each day, that day included?"""
        wanted = np.asarray(days, dtype=np.int64)
        outside = wanted[(wanted < self.first - 1) | (wanted > self.last)]
        if outside.size:
            self.refuse(int(outside.flat[0]))
        return self.counts[wanted - self.first + 1]

    def is_working(self, days: ArrayLike) -> NDArray[np.bool_]:
        """Is each of these days a working day?

        >>> calendar = working_calendar("England")
        >>> calendar.is_working(
        ...     [date(2018, 8, 24).toordinal(), date(2018, 8, 27).toordinal()]
        ... ).tolist()
        [True, False]
        """
        wanted = np.asarray(days, dtype=np.int64)
        self._cover(wanted)
        return self.up_to(wanted) > self.up_to(wanted - 1)

    def offset(self, starts: ArrayLike, day_one: str) -> Days:
        """How many working days does the calendar hold up to each start's day 0, that day included?

        Day 0 is the start itself, or the day before it where the start may be day 1. A count of
        working days is then `up_to(end) - offset(start)`: one part for each day, which all exact
        counting here rests on."""
        if day_one not in get_args(DayOne):
            raise CalendarError(f"day_one is {day_one!r}; write 'day after' or 'start day'")
        wanted = np.asarray(starts, dtype=np.int64)
        self._cover(wanted)
        return self.up_to(wanted if day_one == "day after" else wanted - 1)

    def days(self, first: int, last: int) -> Days:
        """All days from `first` to `last`, refused before they are made if one lies outside."""
        self._cover(np.array([first, last]))
        return np.arange(first, last + 1)

    def refuse(self, day: int) -> None:
        """Raise the error that says that this day lies outside the calendar."""
        raise CalendarError(
            f"{day_text(day)} lies outside the working-day calendar of {self.name}, which covers "
            f"{day_text(self.first)} to {day_text(self.last)}; no working days are counted there"
        )

    def _cover(self, days: Days) -> None:
        outside = days[(days < self.first) | (days > self.last)]
        if outside.size:
            self.refuse(int(outside.flat[0]))


def working_calendar(jurisdiction: str) -> WorkingCalendar:
    """Which days are working days in this jurisdiction?

    England, Wales, 'England and Wales' (one calendar), Scotland, Northern Ireland, or an ISO 3166
    code that the `holidays` library knows ('IE', 'US-NY'). Covers 1978 (or the library's first
    year, if later) to the library's last year (2100 for the United Kingdom). Years to come follow
    today's rules: a one-off holiday is in the calendar only once the library has it. Raises
    CalendarError, with what is allowed, for anything else.

    >>> working_calendar("Wales").name
    'England and Wales'
    >>> working_calendar("Scotland").note
    'Monday to Friday without the bank holidays of Scotland, 1978 to 2100'
    """
    written = jurisdiction.strip()
    return _calendar(_UK_SPELLINGS.get(written.casefold(), written.upper()))


@lru_cache(maxsize=64)
def _calendar(name: str) -> WorkingCalendar:
    import holidays  # 0.2 s: only paid by who counts working days

    country, _, part = ("GB", "-", _UK[name]) if name in _UK else name.partition("-")
    # The list of all countries takes longer than the calendar of one of them: only asked for what
    # is not known to be there.
    countries = (
        {country: [part]}
        if name in _UK
        else holidays.list_supported_countries(include_aliases=False)
    )
    if name not in _UK and (country == "GB" or country not in countries):
        raise CalendarError(
            f"no working-day calendar is known for {name!r}; write England, Wales, England and"
            " Wales, Scotland or Northern Ireland, or the ISO 3166 code of a country, with or"
            " without one of its parts ('IE', 'US-NY'): "
            + ", ".join(sorted(set(countries) - {"GB"}))
        )
    if part and part not in countries[country]:
        parts = (
            ", ".join(f"{country}-{known}" for known in countries[country]) or "none of its parts"
        )
        raise CalendarError(
            f"no working-day calendar is known for {name!r}; of {country}, write {country} or:"
            f" {parts}"
        )
    whole = holidays.country_holidays(country, subdiv=part or None)
    first_year, last_year = max(FIRST_YEAR, whole.start_year), whole.end_year
    if first_year > last_year:
        raise CalendarError(
            f"the calendar of {name} ends in {last_year}; working days are counted from"
            f" {FIRST_YEAR}"
        )
    listed = holidays.country_holidays(
        country, subdiv=part or None, years=range(first_year, last_year + 1)
    )
    first, last = date(first_year, 1, 1).toordinal(), date(last_year, 12, 31).toordinal()
    days = np.arange(first, last + 1)
    if name in _UK:
        # Ordinal 1 is a Monday. Asking the library day by day gives the same and takes ten times as
        # long.
        off = {day.toordinal() for day in set(listed) - _NOT_YET_HOLIDAYS.get(name, frozenset())}
        working = ((days - 1) % 7 < 5) & ~np.isin(days, np.fromiter(off, np.int64))
        note = f"Monday to Friday without the bank holidays of {name}, {first_year} to {last_year}"
    else:
        # Elsewhere the weekend may lie on other days, or move, and a Saturday may be worked to make
        # up for a bridging day: the library knows, day by day.
        working = np.fromiter(
            (listed.is_working_day(date.fromordinal(int(day))) for day in days), np.bool_
        )
        note = (
            f"working days of {name} as the holidays library lists them, {first_year} to"
            f" {last_year}"
        )
    counts = np.concatenate([[0], np.cumsum(working)]).astype(np.int64)
    counts.flags.writeable = False
    return WorkingCalendar(name, first, last, note, counts)


def working_days_between(
    start_day: ArrayLike, end_day: ArrayLike, calendar: WorkingCalendar, day_one: str
) -> Days:
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
    ends = np.asarray(end_day, dtype=np.int64)
    calendar._cover(ends)
    return np.asarray(calendar.up_to(ends) - calendar.offset(start_day, day_one))


def narrowed(region: PairRegion) -> PairRegion:
    """What is the same set of date pairs, with each of its bounds as narrow as the others make it?

    Every first day that is left has a partner. Raises ValueError if no pair is left: that is a
    contradiction in the dates, to be reported as such before anything is counted.

    >>> narrowed(PairRegion(1, 10, 5, None, 0, 3))
    PairRegion(from_lo=2, from_hi=10, to_lo=5, to_hi=13, gap_lo=0, gap_hi=3)
    """
    from_lo, from_hi, to_lo, to_hi, gap_lo, gap_hi = region
    # Three quantities (two days and their gap), so the shortest paths have two steps at most: one
    # pass closes.
    narrow = PairRegion(
        _larger(from_lo, None if to_lo is None or gap_hi is None else to_lo - gap_hi),
        _smaller(from_hi, None if to_hi is None or gap_lo is None else to_hi - gap_lo),
        _larger(to_lo, None if from_lo is None or gap_lo is None else from_lo + gap_lo),
        _smaller(to_hi, None if from_hi is None or gap_hi is None else from_hi + gap_hi),
        _larger(gap_lo, None if to_lo is None or from_hi is None else to_lo - from_hi),
        _smaller(gap_hi, None if to_hi is None or from_lo is None else to_hi - from_lo),
    )
    for low, high in (narrow[0:2], narrow[2:4], narrow[4:6]):
        if low is not None and high is not None and low > high:
            raise ValueError(
                "no pair of days fits these dates: a contradiction, with nothing to count"
            )
    return narrow


def working_day_gaps(
    region: PairRegion, calendar: WorkingCalendar, day_one: str
) -> tuple[int | None, int | None]:
    """How many working days lie between two events, at least and at most?

    Exact over all date pairs of the region; counted as `working_days_between` does. None for a side
    that an open date leaves without a bound. Raises CalendarError where a day that decides lies
    outside the calendar.

    >>> late_september = PairRegion(
    ...     date(2018, 9, 21).toordinal(),
    ...     date(2018, 9, 30).toordinal(),
    ...     date(2018, 10, 1).toordinal(),
    ...     None,
    ...     0,
    ...     14,
    ... )
    >>> working_day_gaps(late_september, working_calendar("England"), "day after")
    (1, 10)
    """
    from_lo, from_hi, to_lo, to_hi, gap_lo, gap_hi = narrowed(region)
    # The count is W(b) - V(a), and W and V never fall as their day grows. So for one first day `a`
    # the least is at its smallest partner, max(to_lo, a + gap_lo). For all `a` up to to_lo - gap_lo
    # that is to_lo itself, and the latest such `a` gives the least; for later ones it is a +
    # gap_lo, and they are tried one by one. Narrowing has left every `a` a partner, and to_lo -
    # gap_lo no later than from_hi. The most is the mirror image.
    least = most = None
    if from_hi is not None and to_lo is not None and gap_lo is not None:
        start = to_lo - gap_lo if from_lo is None else max(from_lo, to_lo - gap_lo)
        firsts = calendar.days(start, from_hi)
        least = int(working_days_between(firsts, firsts + gap_lo, calendar, day_one).min())
    if from_lo is not None and to_hi is not None and gap_hi is not None:
        stop = to_hi - gap_hi if from_hi is None else min(from_hi, to_hi - gap_hi)
        firsts = calendar.days(from_lo, stop)
        most = int(working_days_between(firsts, firsts + gap_hi, calendar, day_one).max())
    return least, most


def last_days_within(
    starts: ArrayLike, limit: int, calendar: WorkingCalendar, day_one: str
) -> Days:
    """For each start, which is the last day that is no more than `limit` working days on?

    Where the calendar ends first, its last day: the true one may be later. Array in, array out.
    """
    reached = calendar.offset(starts, day_one) + limit
    return calendar.first - 2 + np.searchsorted(calendar.counts, reached, side="right")


def corresponding_days(days: ArrayLike, months: int) -> Days:
    """Which day bears the same number so many calendar months on, or is the last of that month if
    none does?

    The corresponding-date rule (Dodds v Walker [1981] 1 WLR 1027, House of Lords). Array in, array
    out.

    >>> date.fromordinal(int(corresponding_days(date(2018, 11, 30).toordinal(), 3))).isoformat()
    '2019-02-28'
    """
    dated = (np.asarray(days, dtype=np.int64) - _EPOCH).astype("datetime64[D]")
    month = dated.astype("datetime64[M]")
    day_of_month = dated - month.astype("datetime64[D]")
    target = month + np.timedelta64(months, "M")
    longest = (target + np.timedelta64(1, "M")).astype("datetime64[D]") - target.astype(
        "datetime64[D]"
    )
    landed = target.astype("datetime64[D]") + np.minimum(
        day_of_month, longest - np.timedelta64(1, "D")
    )
    return np.asarray(landed.astype(np.int64) + _EPOCH)


def due_day(start: int, limit: int | str, calendar: WorkingCalendar | None, day_one: str) -> int:
    """Which is the last day on which an event within the limit is still in time?

    `limit` is a number of working days, or a calendar period: 'P3M', 'P1Y' (the same day of the
    month so many months on, or the month's last day if it has none), 'P2W', 'P14D'. A calendar
    period leaves out its first day whatever `day_one` says, and needs no calendar. In working days
    the answer is the last day whose count is no more than the limit, so days off after the last
    working day are in time; `limit_day` gives that working day itself. Raises CalendarError outside
    the calendar, ValueError for a limit that is none.

    >>> calendar = working_calendar("England")
    >>> date.fromordinal(
    ...     due_day(date(2018, 8, 17).toordinal(), 5, calendar, "day after")
    ... ).isoformat()
    '2018-08-27'
    >>> date.fromordinal(
    ...     due_day(date(2018, 11, 30).toordinal(), "P3M", None, "day after")
    ... ).isoformat()
    '2019-02-28'
    """
    if isinstance(limit, str):
        found = _PERIOD.fullmatch(limit)
        if found is None or limit == "P":
            raise ValueError(
                f"{limit!r} is no limit; write working days as a whole number, or P14D, P2W,"
                " P3M, P1Y"
            )
        years, months, weeks, days = (
            int(found[unit] or 0) for unit in ("years", "months", "weeks", "days")
        )
        return (
            start + 7 * weeks + days
            if weeks or days
            else int(corresponding_days(start, 12 * years + months))
        )
    last = int(last_days_within(start, _whole(limit, 0), _given(calendar), day_one))
    if last >= _given(calendar).last:
        _given(calendar).refuse(last + 1)
    return last


def limit_day(start: int, limit: int, calendar: WorkingCalendar, day_one: str) -> int:
    """Which working day is day `limit` of the clock that runs from the start?

    The date that a diary would call due. `due_day` is the same day, or a day off soon after it.

    >>> start, calendar = date(2018, 8, 17).toordinal(), working_calendar("England")
    >>> date.fromordinal(limit_day(start, 5, calendar, "day after")).isoformat()
    '2018-08-24'
    """
    # The day after the last one with a smaller count.
    return due_day(start, _whole(limit, 1) - 1, calendar, day_one) + 1


def _whole(limit: int, least: int) -> int:
    if limit < least:
        raise ValueError(f"a limit of {limit} working days is none; write {least} or more")
    return limit


def _given(calendar: WorkingCalendar | None) -> WorkingCalendar:
    if calendar is None:
        raise CalendarError(
            "a limit in working days needs a calendar; give working_calendar(jurisdiction)"
        )
    return calendar


def _larger(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else max(one, other)


def _smaller(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else min(one, other)
