"""What can be said about the days from one event to another?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from casechron.analysis.columns import to_table
from casechron.analysis.windows import shown_region
from casechron.chronology import Chronology, PairRegion, feasible_region
from casechron.chronology.calendars import CalendarError, WorkingCalendar
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.chronology.gaps import gap_days
from casechron.chronology.network import Ints
from casechron.chronology.shares import NOT_AFTER, Condition, share, uncounted, working_day_gaps

EXACTLY, BETWEEN, AT_LEAST, AT_MOST = "exactly", "between", "at least", "at most"
KNOWN_DAYS = ("known", "days_min", "days_max", "working_days_min", "working_days_max")
ONLY_ORDER, NOTHING = "only an order", "nothing"


def intervals(
    chronology: Chronology,
    pairs: Iterable[tuple[str, str]],
    calendar: WorkingCalendar,
    shown: Ints | None = None,
) -> pd.DataFrame:
    """How many days and working days lie between two events, and in what way is that known?

    One row per pair, in the order given; days run as in `chronology.gaps`, working days under the
    policy's day 1. `known` is 'exactly', 'between', 'at least', 'at most', 'only an order' (nothing
    but an order bounds it, so the days are left empty), 'nothing', or 'no admissible chronology'.
    `not_before` says in how many of the date pairs that the source admits the second event is not
    before the first; empty where a date is open, or open in its own coding. With the windows that
    are `shown` beside ages (`windows.shown_windows`) no more is told than these allow and the order of
    the two, and the date pairs are those of the days that are shown.

    >>> from casechron.chronology import solve
    >>> from casechron.chronology.calendars import working_calendar
    >>> events = pd.DataFrame({"id": ["a", "b", "c"], "date": ["2018-08-10", "2018-08-17", ""]})
    >>> relations = pd.DataFrame(
    ...     {"id": ["r"], "type": ["before"], "from_event": ["a"], "to_event": ["c"]}
    ... )
    >>> found = intervals(
    ...     solve(events, relations), [("a", "b"), ("a", "c")], working_calendar("England")
    ... )
    >>> found[["days_min", "days_max", "working_days_min", "known"]]
       days_min  days_max  working_days_min          known
    0         7         7                 5        exactly
    1      <NA>      <NA>              <NA>  only an order
    >>> found["not_before"].tolist()
    ['1 of 1 date pairs', '']
    """
    asked = list(pairs)
    days = days_between(chronology, asked, shown)
    rows = []
    for pair, (way, low, high) in zip(asked, days, strict=True):
        region = None if low is high is None else _region(chronology, *pair, shown)
        work = working_days(region, calendar, chronology.policy.working_day_one)
        counted = None if uncounted(chronology, *pair) else region
        rows.append((*pair, way, low, high, *work, share_words(counted, NOT_AFTER)))
    return to_table(("from_event", "to_event", *KNOWN_DAYS, "not_before"), rows)


def days_between(
    chronology: Chronology, pairs: Iterable[tuple[str, str]], shown: Ints | None = None
) -> list[tuple[str, int | None, int | None]]:
    """In what way the days from one event to another are known, and how many they are at least and
    at most.

    One for each pair, in the order given; the numbers are those of `intervals`."""
    asked = list(pairs)
    known: list[tuple[str, int | None, int | None]] = []
    for pair, row in zip(asked, gap_days(chronology, asked), strict=True):
        if row is None or row[2]:
            known.append((ONLY_ORDER if row else NOT_ADMISSIBLE, None, None))
            continue
        low, high = row[:2]
        if shown is not None and not low is high is None:
            wide = _region(chronology, *pair, shown)
            low = None if low is None else wide.gap_lo
            high = None if high is None else wide.gap_hi
        known.append((way_known(low, high), low, high))
    return known


def _region(chronology: Chronology, one: str, other: str, shown: Ints | None) -> PairRegion:
    region = feasible_region(chronology, one, other)
    if shown is None:
        return region
    wide = shown_region(chronology, region, one, other, shown)
    least, most = wide.gap_lo, wide.gap_hi
    # Which of the two came first tells no day, and is told all the same.
    if least is not None and region.gap_lo is not None and region.gap_lo >= 0:
        least = max(least, min(region.gap_lo, 1))
    if most is not None and region.gap_hi is not None and region.gap_hi <= 0:
        most = min(most, max(region.gap_hi, -1))
    return wide._replace(gap_lo=least, gap_hi=most)


def working_days(
    region: PairRegion | None, calendar: WorkingCalendar, day_one: str
) -> tuple[int | None, int | None]:
    """Working days of a region, least and most; None where open, or where the calendar does not
    reach."""
    if region is None:
        return None, None
    try:
        return working_day_gaps(region, calendar, day_one)
    except CalendarError:
        return None, None


def as_rows(table: pd.DataFrame) -> Iterator[Any]:
    """The rows of a table, each with its columns as attributes."""
    return table.itertuples(index=False)


def whole_numbers(values: Iterable[int | None]) -> pd.Series:
    """Whole numbers as a column that can hold <NA>."""
    return pd.Series([pd.NA if value is None else value for value in values], dtype="Int64")


def way_known(low: int | None, high: int | None) -> str:
    """In what way a number is known of which the least and the most are; None is open."""
    if low is None or high is None:
        return NOTHING if low is high else AT_LEAST if high is None else AT_MOST
    return EXACTLY if low == high else BETWEEN


def share_words(region: PairRegion | None, condition: Condition) -> str:
    """How many of the date pairs of a region meet a condition; empty where that cannot be
    counted."""
    counted = share(region, condition) if region else None
    if counted is None or counted.admitted is None:
        return ""
    return f"{counted.satisfying:,} of {counted.admitted:,} date pairs"


def hull(spans: Iterable[tuple[int | None, int | None]]) -> tuple[int | None, int | None]:
    """The least and the most of some spans; open where one is, or where there is none.

    >>> hull([(1, 5), (0, 3)]), hull([(1, 2), (0, None)]), hull([])
    ((0, 5), (0, None), (None, None))
    """
    known = list(spans)
    lows: list[Any] = [low for low, _ in known]
    highs: list[Any] = [high for _, high in known]
    return (
        None if None in lows else min(lows, default=None),
        None if None in highs else max(highs, default=None),
    )
