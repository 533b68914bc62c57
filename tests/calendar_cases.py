"""Working days, walked one by one over what the `holidays` library lists: no numpy, no sums."""

from __future__ import annotations

from datetime import date
from functools import cache

import holidays

CONVENTIONS = ("day after", "start day")
PARTS = {"England": "ENG", "Wales": "WLS", "Scotland": "SCT", "Northern Ireland": "NIR"}
# The library has it a year before the act of 2007 that made it.
TOO_EARLY = ("Scotland", date(2006, 11, 30))


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


@cache
def listed(jurisdiction: str) -> holidays.HolidayBase:
    return holidays.country_holidays("GB", subdiv=PARTS[jurisdiction])


@cache
def works(jurisdiction: str, one: int) -> bool:
    on = date.fromordinal(one)
    return on.weekday() < 5 and (on not in listed(jurisdiction) or (jurisdiction, on) == TOO_EARLY)


def counted(start: int, end: int, jurisdiction: str, day_one: str) -> int:
    """Which working day of the clock is the end? By the words of the two conventions."""
    number = int(day_one == "start day" and works(jurisdiction, start))
    number += sum(works(jurisdiction, one) for one in range(start + 1, end + 1))
    return number - sum(works(jurisdiction, one) for one in range(end + 1, start + 1))


def last_in_time(start: int, limit: int, jurisdiction: str, day_one: str) -> int:
    """The last day that is no more than so many working days on."""
    one, number = start - (day_one == "start day"), 0
    while number + works(jurisdiction, one + 1) <= limit:
        one += 1
        number += works(jurisdiction, one)
    return one
