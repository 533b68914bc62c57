"""Which days of the calendar fit a date some of whose digits are not specified ('X')?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from casechron.coding.days import date_of, day_number, is_leap, month_length

__all__ = ["fitting_days", "fitting_runs", "fitting_years"]

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


def fitting_days(
    sign: str, year: str, month: str | None, day: str | None
) -> tuple[int, int, bool] | None:
    """The first and the last day that fit, and whether every day between them fits; None if no day
    does.

    ``sign`` is '-' or '', the other parts are digits and X: four for the year, two for month and
    day (None: not written, so all of them).

    >>> from casechron.coding.days import day_text
    >>> first, last, gapless = fitting_days("", "2018", "XX", "31")
    >>> day_text(first), day_text(last), gapless
    ('2018-01-31', '2018-12-31', False)
    >>> fitting_days("", "2018", "02", "3X") is None
    True
    """
    months = range(1, 13) if month is None else _MONTHS[month] if "X" in month else (int(month),)
    days = range(1, 32) if day is None else _DAYS[day] if "X" in day else (int(day),)
    if 0 in days:
        return None
    first = _first_fitting(fitting_years(sign, year, backwards=False), months, days)
    last = _first_fitting(fitting_years(sign, year, backwards=True), months[::-1], days[::-1])
    if first is None or last is None:
        return None
    whole_years = (month is None or month == "XX") and (day is None or day == "XX")
    if whole_years:
        return (
            first,
            last,
            "X" not in year.rstrip("X"),
        )  # years follow each other if their last digits are open
    year_of_first = date_of(first)[
        0
    ]  # if the last lies in another, they are too far apart to be all that fit
    fitting = sum(1 for m in months for d in days if d <= month_length(year_of_first, m))
    return first, last, last - first + 1 == fitting


def fitting_runs(
    sign: str, year: str, month: str | None, day: str | None
) -> tuple[tuple[int, int], ...]:
    """The runs of days that fit, in order of time; empty for a part of the year, and where more
    than a hundred years fit.

    >>> from casechron.coding.days import day_text
    >>> [day_text(first) for first, _ in fitting_runs("", "2018", "0X", "31")]
    ['2018-01-31', '2018-03-31', '2018-05-31', '2018-07-31', '2018-08-31']
    >>> len(fitting_runs("", "201X", "02", None)), fitting_runs("", "201X", "21", None)
    (10, ())
    """
    months = range(1, 13) if month is None else _MONTHS[month] if "X" in month else (int(month),)
    days = range(1, 32) if day is None else _DAYS[day] if "X" in day else (int(day),)
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
