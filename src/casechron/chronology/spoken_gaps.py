"""How many days does a stated duration mean?"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache, lru_cache
from itertools import accumulate
from operator import sub

from casechron.coding.days import month_length
from casechron.coding.policy import DatingPolicy

__all__ = ["MEANINGS", "GapError", "gap_days"]

MEANINGS = ("exact", "rounded", "at-least", "at-most")

_DURATION = re.compile(r"P(\d+)([DWMY])", re.ASCII)
# Mean lengths in the Gregorian calendar: 146,097 days in 400 years.
_MEAN = {
    "D": Fraction(1),
    "W": Fraction(7),
    "M": Fraction(146_097, 4800),
    "Y": Fraction(146_097, 400),
}
_MONTHS_IN_A_CYCLE = 4800


class GapError(ValueError):
    """What was written in place of a duration or of its meaning, and a right way to write it."""


@lru_cache(maxsize=4096)
def gap_days(gap: str, meaning: str, policy: DatingPolicy) -> tuple[int, int | None]:
    """The least and the most whole days that a stated duration can mean; None is no limit.

    `gap` is an ISO 8601 duration in one unit, the unit that the source speaks in: P14D, P2W, P2M,
    P4Y. An exact month or year is a calendar one, so its days depend on where it starts, and the
    widest range is given. `rounded` under the policy's `half-unit` is the duration give or take
    half its unit, in mean Gregorian days, the whole days inside; under `none` it is as exact.
    `at-least` starts at the least exact days, `at-most` runs from 0 to the most exact days: a limit
    is no rounding.

    Raises `GapError` for anything else.

    >>> half, none = DatingPolicy(), DatingPolicy(duration_slack="none")
    >>> [gap_days(gap, "rounded", half) for gap in ("P14D", "P2W", "P2M", "P4Y")]
    [(14, 14), (11, 17), (46, 76), (1279, 1643)]
    >>> [gap_days(gap, "rounded", none) for gap in ("P14D", "P2W", "P2M", "P4Y")]
    [(14, 14), (14, 14), (59, 62), (1460, 1461)]
    >>> gap_days("P3W", "at-least", half), gap_days("P2D", "at-most", half)
    ((21, None), (0, 2))
    """
    found = _DURATION.fullmatch(gap)
    if not found or len(found[1]) > 12:
        raise GapError(
            f"'{gap}' is not a duration in one unit; write for example P14D, P2W, P2M or P4Y"
        )
    if meaning not in MEANINGS:
        raise GapError(
            f"'{meaning}' is no meaning of a duration; write one of: {', '.join(MEANINGS)}"
        )
    number, unit = int(found[1]), found[2]
    if meaning == "rounded" and policy.duration_slack == "half-unit":
        low, high = ((number + side) * _MEAN[unit] for side in (Fraction(-1, 2), Fraction(1, 2)))
        return max(0, -(-low.numerator // low.denominator)), high.numerator // high.denominator
    least, most = _calendar_days(number, unit)
    if meaning == "at-least":
        return least, None
    return (0, most) if meaning == "at-most" else (least, most)


def _calendar_days(number: int, unit: str) -> tuple[int, int]:
    """Least and most days of so many units, wherever in the calendar they start."""
    if unit in "DW":
        days = number * (7 if unit == "W" else 1)
        return days, days
    cycles, months = divmod(number * (12 if unit == "Y" else 1), _MONTHS_IN_A_CYCLE)
    least, most = _months(months)
    return least + cycles * 146_097, most + cycles * 146_097


@lru_cache(maxsize=256)
def _months(months: int) -> tuple[int, int]:
    """Least and most days of so many consecutive calendar months, fewer than 400 years of them.

    From a day of one month to the same day of another is also a run of whole months; where that day
    does not exist and the month's last is taken, it is the run that starts a month later."""
    up_to = _days_up_to_months()
    runs = list(map(sub, up_to[months : months + _MONTHS_IN_A_CYCLE], up_to))
    return min(runs), max(runs)


@cache
def _days_up_to_months() -> list[int]:
    """Days in the first so many months of two cycles of the calendar."""
    cycle = [month_length(2000 + i // 12, i % 12 + 1) for i in range(_MONTHS_IN_A_CYCLE)]
    return list(accumulate(cycle * 2, initial=0))
