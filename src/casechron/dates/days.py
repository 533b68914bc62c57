"""Which whole number is a day of the calendar, in any year however far, and which days fit a date
some of whose digits are not specified ('X')?

A day is its proleptic Gregorian ordinal, as in the standard library (1 is 0001-01-01), but of any
size: `datetime` ends at the years 1 and 9999, and EDTF does not. Year 0 is 1 BC, as in ISO 8601."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

#: Days of the year before each month of a common year, by month number.
_BEFORE = (0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_LENGTHS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_CYCLE_DAYS = 146_097  # the 400 years after which the Gregorian calendar repeats
#: Days from 1 March of year 0 to 1 January of year 1, less one: day 1 is the latter.
_MARCH_SHIFT = 305


def is_leap(year: int) -> bool:
    """Whether a year has a 29 February.

    >>> [is_leap(year) for year in (1900, 2000, 2018, 0, -4)]
    [False, True, False, True, True]
    """
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(year: int, month: int) -> int:
    """How many days a month has.

    >>> month_length(2018, 2), month_length(2020, 2)
    (28, 29)
    """
    return 29 if month == 2 and is_leap(year) else _LENGTHS[month]


def day_number(year: int, month: int = 1, day: int = 1) -> int:
    """The day as a whole number (the proleptic Gregorian ordinal); the date is taken as valid.

    >>> day_number(1), day_number(2018, 8, 28), day_number(0, 12, 31)
    (1, 736934, 0)
    """
    before = year - 1
    number = before * 365 + before // 4 - before // 100 + before // 400 + _BEFORE[month] + day
    if month > 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0):
        return number + 1
    return number


def date_of(day: int) -> tuple[int, int, int]:
    """The year, month and day of the month of a day.

    Reckons in years that begin in March, after Hinnant, *chrono-compatible low-level date
    algorithms*.

    >>> date_of(736934), date_of(0)
    ((2018, 8, 28), (0, 12, 31))
    """
    cycle, within = divmod(day + _MARCH_SHIFT, _CYCLE_DAYS)
    year = (within - within // 1460 + within // 36524 - within // 146096) // 365
    of_year = within - (365 * year + year // 4 - year // 100)
    march_month = (5 * of_year + 2) // 153
    month = march_month + 3 if march_month < 10 else march_month - 9
    return cycle * 400 + year + (month <= 2), month, of_year - (153 * march_month + 2) // 5 + 1


def months_on(day: int, months: int) -> int:
    """The same day of the month some months on (or back), the last of the month where there is no
    such day.

    >>> day_text(months_on(day_number(2018, 3, 31), -1))
    '2018-02-28'
    """
    year, month, of_month = date_of(day)
    years, month0 = divmod(month - 1 + months, 12)
    year += years
    return day_number(year, month0 + 1, min(of_month, month_length(year, month0 + 1)))


def day_text(day: int) -> str:
    """The day as text, ``YYYY-MM-DD``.

    Years beyond four digits carry their sign, as ISO 8601 expands them; EDTF itself has no such
    days.

    >>> day_text(736934), day_text(0), day_text(10**9)
    ('2018-08-28', '0000-12-31', '+2737908-01-04')
    """
    year, month, of_month = date_of(day)
    sign = "-" if year < 0 else "+" if year > 9999 else ""
    return f"{sign}{abs(year):04d}-{month:02d}-{of_month:02d}"


#: A date whose digits fit more years than this is not taken apart.
_MOST_YEARS = 100


def _fitting(mask: str, numbers: range) -> tuple[int, ...]:
    """The two-digit numbers that fit a mask such as '1X'."""
    return tuple(
        n for n in numbers if all(m in ("X", c) for m, c in zip(mask, f"{n:02d}", strict=True))
    )


_MASKS = ["".join(pair) for pair in product("0123456789X", repeat=2) if "X" in pair]
_MONTHS = {mask: _fitting(mask, range(1, 13)) for mask in _MASKS}
_DAYS = {mask: _fitting(mask, range(1, 32)) for mask in _MASKS}


def _parts_fitting(part: str | None, masks: Mapping[str, tuple[int, ...]]) -> tuple[int, ...]:
    """The months or days of the month that a part of a date can be; all where it is not written."""
    return (int(part),) if part and "X" not in part else masks[part or "XX"]


def fitting_days(
    sign: str, year: str, month: str | None, day: str | None
) -> tuple[int, int, bool] | None:
    """The first and the last day that fit, and whether every day between them fits; None if no day
    does.

    ``sign`` is '-' or '', the other parts are digits and X: four for the year, two for month and
    day (None: not written, so all of them).

    >>> from casechron.dates.days import day_text
    >>> first, last, gapless = fitting_days("", "2018", "XX", "31")
    >>> day_text(first), day_text(last), gapless
    ('2018-01-31', '2018-12-31', False)
    >>> fitting_days("", "2018", "02", "3X") is None
    True
    """
    months, days = _parts_fitting(month, _MONTHS), _parts_fitting(day, _DAYS)
    if 0 in days:
        return None
    first = _first_fitting(fitting_years(sign, year, backwards=False), months, days)
    last = _first_fitting(fitting_years(sign, year, backwards=True), months[::-1], days[::-1])
    if first is None or last is None:
        return None
    if month in (None, "XX") and day in (None, "XX"):
        # Years follow each other if their last digits are open.
        return first, last, "X" not in year.rstrip("X")
    # If the last lies in another year, they are too far apart to be all that fit.
    year_of_first = date_of(first)[0]
    fitting = sum(1 for m in months for d in days if d <= month_length(year_of_first, m))
    return first, last, last - first + 1 == fitting


def fitting_runs(
    sign: str, year: str, month: str | None, day: str | None
) -> tuple[tuple[int, int], ...]:
    """The runs of days that fit, in order of time; empty for a part of the year, and where more
    than a hundred years fit.

    >>> from casechron.dates.days import day_text
    >>> [day_text(first) for first, _ in fitting_runs("", "2018", "0X", "31")]
    ['2018-01-31', '2018-03-31', '2018-05-31', '2018-07-31', '2018-08-31']
    >>> len(fitting_runs("", "201X", "02", None)), fitting_runs("", "201X", "21", None)
    (10, ())
    """
    months, days = _parts_fitting(month, _MONTHS), _parts_fitting(day, _DAYS)
    if 10 ** year.count("X") > _MOST_YEARS or not set(months) <= set(range(1, 13)):
        return ()
    runs: list[tuple[int, int]] = []
    for one in fitting_years(sign, year, backwards=False):
        for in_month in months:
            first = day_number(one, in_month) - 1
            for of_month in days:
                if 1 <= of_month <= month_length(one, in_month):
                    fits = first + of_month
                    if runs and runs[-1][1] == fits - 1:
                        runs[-1] = (runs[-1][0], fits)
                    else:
                        runs.append((fits, fits))
    return tuple(runs)


def fitting_years(sign: str, mask: str, *, backwards: bool) -> Iterator[int]:
    """The years that fit a mask, in order of time or from the last.

    >>> list(fitting_years("-", "198X", backwards=True))[:3]
    [-1980, -1981, -1982]
    """
    falling = backwards != bool(sign)
    digits = [("9876543210" if falling else "0123456789") if c == "X" else c for c in mask]
    for chosen in product(*digits):
        number = int("".join(chosen))
        if not (sign and number == 0):  # the year 0 has no sign
            yield -number if sign else number


def _first_fitting(years: Iterator[int], months: Sequence[int], days: Sequence[int]) -> int | None:
    """The first day of these years, months and days of the month in the order given; None if there
    is none."""
    for year in years:
        for month in months:
            length = month_length(year, month)
            for of_month in days:
                if of_month <= length:
                    return day_number(year, month, of_month)
        if 2 not in months or is_leap(year):
            return None  # no other year has a day that this one has not
    return None
