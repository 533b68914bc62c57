"""How is a number of days said, and a day, with what is open left open?"""

from __future__ import annotations

import pandas as pd

from casechron.analysis.window_words import window_words

__all__ = ["date_words", "number_of", "span_words", "working_words"]


def span_words(least: object, most: object, unit: str = "day") -> str:
    """A number of days, with what is open left open; below 0 it is earlier.

    >>> for bounds in [
    ...     (1, 1),
    ...     (15, 27),
    ...     (3, None),
    ...     (None, 0),
    ...     (None, None),
    ...     (-5, 2),
    ...     (-4, -4),
    ...     (-4, -1),
    ...     (-5, None),
    ...     (None, -2),
    ... ]:
    ...     print(span_words(*bounds))
    1 day
    15 to 27 days
    at least 3 days; the source gives no upper limit
    at most 0 days; the source gives no lower limit
    a number of days that the source does not give
    5 days earlier to 2 days later
    4 days earlier
    1 to 4 days earlier
    at most 5 days earlier; the source gives no limit to how much later
    at least 2 days earlier; the source gives no limit to how much
    """
    low, high = number_of(least), number_of(most)
    if low is None and high is None:
        return f"a number of {unit}s that the source does not give"
    if low is not None and low == high:
        return _signed(low, unit, bare=True)
    if high is None:
        assert low is not None
        if low < 0:
            return f"at most {_signed(low, unit)}; the source gives no limit to how much later"
        return f"at least {_signed(low, unit, bare=True)}; the source gives no upper limit"
    if low is None:
        if high < 0:
            return f"at least {_signed(high, unit)}; the source gives no limit to how much"
        return f"at most {_signed(high, unit, bare=True)}; the source gives no lower limit"
    if high < 0:
        return f"{-high:,} to {_signed(low, unit)}"
    if low < 0:
        return f"{_signed(low, unit)} to {_signed(high, unit)}"
    return f"{low:,} to {high:,} {unit}s"


def number_of(value: object) -> int | None:
    """A count, None where it is open."""
    return None if value is None or value is pd.NA or pd.isna(value) else int(value)  # type: ignore[call-overload]


def _signed(days: int, unit: str, *, bare: bool = False) -> str:
    noun = unit if abs(days) == 1 else f"{unit}s"
    if days < 0:
        return f"{-days:,} {noun} earlier"
    return f"{days:,} {noun}" if bare else f"{days:,} {noun} later"


def working_words(least: object, most: object) -> str:
    """Working days in brackets, after a number of days; empty where a side is open."""
    low, high = number_of(least), number_of(most)
    if low is None or high is None:
        return ""
    return (
        f" ({low:,} working day{'' if low == 1 else 's'})"
        if low == high
        else f" ({low:,} to {high:,} working days)"
    )


def date_words(first: object, last: object) -> str:
    """A day, or the days between which it lies.

    >>> date_words(pd.Timestamp("2018-12-21"), pd.Timestamp("2018-12-30")), date_words(None, None)
    ('between 21 and 30 December 2018', 'on a day that the source does not give')
    """
    low, high = (
        day.toordinal() if isinstance(day, pd.Timestamp) and not pd.isna(day) else None
        for day in (first, last)
    )
    return (
        "on a day that the source does not give" if low is high is None else window_words(low, high)
    )
