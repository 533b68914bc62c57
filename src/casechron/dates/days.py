"""Which whole number is a day of the calendar, in any year however far, and which days fit a date
some of whose digits are not specified ('X')?

A day is its proleptic Gregorian ordinal, as in the standard library (1 is 0001-01-01), but of any
size: `datetime` ends at the years 1 and 9999, and EDTF does not. Year 0 is 1 BC, as in ISO 8601."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable
from datetime import date
from itertools import product

_LENGTHS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
#: The days and the months after which the Gregorian calendar repeats.
CYCLE_DAYS, CYCLE_MONTHS = 146_097, 4_800
MEAN_MONTH = CYCLE_DAYS / CYCLE_MONTHS

#: The names of the months, from 1: in English whatever the language of the machine, in which
#: `calendar` has them.
MONTH_NAMES = (
    *("", "January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def month_length(year: int, month: int) -> int:
    """How many days a month has.

    >>> month_length(2018, 2), month_length(2020, 2)
    (28, 29)
    """
    return 29 if month == 2 and isleap(year) else _LENGTHS[month]


def day_number(year: int, month: int = 1, day: int = 1) -> int:
    """The day as a whole number (the proleptic Gregorian ordinal); the date is taken as valid.

    >>> day_number(1), day_number(2018, 8, 28), day_number(0, 12, 31)
    (1, 736934, 0)
    """
    cycles, year0 = divmod(year - 1, 400)
    return date(year0 + 1, month, day).toordinal() + cycles * CYCLE_DAYS


def date_of(day: int) -> tuple[int, int, int]:
    """The year, month and day of the month of a day.

    >>> date_of(736934), date_of(0)
    ((2018, 8, 28), (0, 12, 31))
    """
    cycles, day0 = divmod(day - 1, CYCLE_DAYS)
    date_in_cycle = date.fromordinal(day0 + 1)
    return date_in_cycle.year + 400 * cycles, date_in_cycle.month, date_in_cycle.day


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


def working_day_span(number: int) -> tuple[int, int]:
    """The fewest and the most days from any day to that which is so many working days on or back:
    two days of each week are none, and in the calendars of `chronology.calendars` up to five
    holidays in a row of weekdays, and one more for each twenty further working days.

    >>> working_day_span(7), working_day_span(10)
    ((9, 18), (12, 21))
    """
    weekdays = number + (3 if number < 3 else 5 + number // 20)
    return number + 2 * (max(number - 1, 0) // 5), weekdays + 2 * -(-weekdays // 5)


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


Runs = tuple[tuple[int, int], ...]


def runs_of(spans: Iterable[tuple[int, int]]) -> Runs:
    """The runs of days that some spans of them cover together, in order.

    >>> runs_of([(7, 9), (1, 3), (4, 4)])
    ((1, 4), (7, 9))
    """
    runs: list[tuple[int, int]] = []
    for low, high in sorted(spans):
        if runs and low <= runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], max(runs[-1][1], high))
        else:
            runs.append((low, high))
    return tuple(runs)


#: A date with more digits of its year open, so that over a hundred years fit, is not taken apart.
_MOST_OPEN_DIGITS = 2


def _fitting(mask: str) -> list[int]:
    """The numbers that fit a mask of digits and X, in order."""
    digits = ["0123456789" if digit == "X" else digit for digit in mask]
    return [int("".join(chosen)) for chosen in product(*digits)]


def fitting_days(
    sign: str, year: str, month: str | None, day: str | None
) -> tuple[int, int, bool, Runs] | None:
    """The first and the last day that fit, whether every day between them fits, and the runs of
    days that fit, in order of time; None if no day does.

    ``sign`` is '-' or '', the other parts are digits and X: four for the year, two for month and
    day (None: not written, so all of them). There are no runs where all between fit, and where more
    than a hundred years do.

    >>> from casechron.dates.days import day_text
    >>> first, last, gapless, runs = fitting_days("", "2018", "0X", "31")
    >>> day_text(first), day_text(last), gapless
    ('2018-01-31', '2018-08-31', False)
    >>> [day_text(first) for first, _ in runs]
    ['2018-01-31', '2018-03-31', '2018-05-31', '2018-07-31', '2018-08-31']
    >>> fitting_days("", "2018", "02", "3X") is None
    True
    """
    years = fitting_years(sign, year)
    months = [number for number in _fitting(month or "XX") if 1 <= number <= 12]
    days = _fitting(day or "XX")

    def of_year(number: int) -> list[int]:
        return [
            day_number(number, of_month, day_that_fits)
            for of_month in months
            for day_that_fits in days
            if 1 <= day_that_fits <= month_length(number, of_month)
        ]

    earliest = next(filter(None, map(of_year, years)), None)
    latest = next(filter(None, map(of_year, reversed(years))), None)
    if earliest is None or latest is None:
        return None
    first, last = earliest[0], latest[-1]
    if month is None and day is None and "X" not in year.rstrip("X"):
        return first, last, True, ()  # years follow each other if their last digits are open
    if year.count("X") > _MOST_OPEN_DIGITS:
        return first, last, False, ()
    runs = runs_of((fits, fits) for number in years for fits in of_year(number))
    return (first, last, True, ()) if len(runs) == 1 else (first, last, False, runs)


def fitting_years(sign: str, mask: str) -> list[int]:
    """The years that fit a mask, in order of time.

    >>> fitting_years("-", "198X")[:3]
    [-1989, -1988, -1987]
    """
    years = _fitting(mask)
    # The year 0 has no sign.
    return [-year for year in reversed(years) if year] if sign else years
