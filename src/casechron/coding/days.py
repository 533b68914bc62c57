"""Which whole number is a day of the calendar, in any year however far?

A day is its proleptic Gregorian ordinal, as in the standard library (1 is 0001-01-01), but of any
size: `datetime` ends at the years 1 and 9999, and EDTF does not. Year 0 is 1 BC, as in ISO 8601.
"""

from __future__ import annotations

__all__ = ["date_of", "day_number", "day_text", "is_leap", "month_length", "months_on"]

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
