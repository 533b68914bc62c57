"""Where on a line does each day stand, if most days that matter crowd into a few months?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from casechron.coding.days import date_of, day_number
from casechron.reporting import style
from casechron.reporting.figures.lanes import LINE, text_width, write

__all__ = ["AXIS_HEIGHT", "TimeScale", "days_of", "draw_axis", "time_scale"]

AXIS_HEIGHT = LINE + 6
#: The shortest stretch of time that holds six tenths of the days is drawn wider, if it is no longer
#: than this part of the whole: less than a doubling of the scale is not worth a break.
_SHORT = 0.3
_SHARE = {1: 0.7, 2: 0.6}
_LEAST = 0.18
_BREAK = 8.0
_GAP = float("nan")
_EPOCH = 719_163  # 1970-01-01, numpy's day 0
_MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_YEARS = [step * 10**power for power in range(9) for step in (1, 2, 5)]


@dataclass(frozen=True, slots=True)
class TimeScale:
    """Stretches of days, each `(first day, day after the last, x of the one, x of the other)`, from
    left to right."""

    stretches: tuple[tuple[int, int, float, float], ...]

    @property
    def left(self) -> float:
        """Where the line begins."""
        return self.stretches[0][2]

    @property
    def right(self) -> float:
        """Where the line ends."""
        return self.stretches[-1][3]

    @property
    def breaks(self) -> list[tuple[float, float]]:
        """Where the line is broken, because the scale changes."""
        return [
            (one[3], other[2])
            for one, other in zip(self.stretches, self.stretches[1:], strict=False)
        ]

    def x(self, day: int) -> float:
        """Where a day begins; days beyond the line stand at its ends."""
        if day <= self.stretches[0][0]:
            return self.left
        for first, after, low, high in self.stretches:
            if day < after:
                return low + (high - low) * (day - first) / (after - first)
        return self.right

    def span(self, first: int | None, last: int | None, least: float = 4.0) -> tuple[float, float]:
        """From where to where a bar reaches that covers these days, ends included; no narrower than
        `least`."""
        low = self.left if first is None else self.x(first)
        high = self.right if last is None else self._end(last)
        more = max(0.0, (least - (high - low)) / 2)
        low, high = low - more, high + more
        over = max(0.0, high - self.right) - max(0.0, self.left - low)
        return low - over, high - over

    def _end(self, day: int) -> float:
        """Where a day ends: before a break, not after it."""
        for _, after, _, high in self.stretches:
            if day + 1 == after:
                return high
        return self.x(day + 1)


def time_scale(days: Sequence[int], left: float, right: float) -> TimeScale | None:
    """A line from x = `left` to `right` for these days; None for no days.

    Whole months, or years. Where six tenths of the days lie in less than three tenths of the time,
    that stretch is drawn wider and the line is broken at its ends: within each stretch the scale is
    even.

    >>> scale = time_scale(
    ...     [
    ...         day_number(2008),
    ...         day_number(2018, 8, 3),
    ...         day_number(2018, 9, 9),
    ...         day_number(2018, 11, 2),
    ...     ],
    ...     0,
    ...     100,
    ... )
    >>> [(date_of(first)[:2], round(high - low)) for first, _, low, high in scale.stretches]
    [((2008, 1), 28), ((2018, 8), 64)]
    """
    if not days:
        return None
    held = sorted(days)
    count = -(-len(held) * 6 // 10)
    at = min(range(len(held) - count + 1), key=lambda i: held[i + count - 1] - held[i])
    first, after = _month(held[0]), _next_month(held[-1])
    crowd_from, crowd_to = _month(held[at]), _next_month(held[at + count - 1])
    if crowd_to - crowd_from >= _SHORT * (after - first):
        return TimeScale(
            ((_rounded(first, after - first), _rounded_up(after, after - first), left, right),)
        )
    # A short rest is worth no break.
    if crowd_from - first <= (crowd_to - crowd_from) / 4:
        crowd_from = first
    if after - crowd_to <= (crowd_to - crowd_from) / 4:
        crowd_to = after
    parts = [
        (_rounded(first, crowd_from - first), crowd_from),
        (crowd_from, crowd_to),
        (crowd_to, _rounded_up(after, after - crowd_to)),
    ]
    parts = [part for part in parts if part[0] < part[1]]
    # Long before and long after weigh by the root of their length.
    weights = [(b - a) ** 0.5 if (a, b) != (crowd_from, crowd_to) else 0.0 for a, b in parts]
    room = right - left - _BREAK * (len(parts) - 1)
    rest = 1 - _SHARE[len(parts) - 1]
    shares = [max(_LEAST, rest * weight / sum(weights)) if weight else 0.0 for weight in weights]
    shares = [share or 1 - sum(shares) for share in shares]
    stretches, x = [], left
    for (a, b), share in zip(parts, shares, strict=True):
        stretches.append((a, b, x, x + share * room))
        x += share * room + _BREAK
    return TimeScale(tuple(stretches))


def days_of(column: pd.Series) -> list[int | None]:
    """The days of a column of dates, in any year; None for NaT.

    >>> days_of(pd.Series(pd.to_datetime(["2018-08-28", None])))
    [736934, None]
    """
    seconds = column.to_numpy(dtype="datetime64[s]")
    whole = seconds.astype("int64") // 86_400 + _EPOCH
    return [
        None if missing else int(day) for missing, day in zip(np.isnat(seconds), whole, strict=True)
    ]


def draw_axis(ax: Axes, y: float, scale: TimeScale) -> float:
    """The line with its dates, from y downwards; the y below it."""
    base = y + LINE + 3
    xs, ys = [], []
    for first, after, low, high in scale.stretches:
        xs += [low, high, _GAP]
        ys += [base, base, _GAP]
        for day, label in ticks(scale, first, after, high):
            x = scale.x(day)
            xs += [x, x, _GAP]
            ys += [y + 3, base + 2, _GAP]
            if label:
                write(ax, x + 3, y, [label], color=style.INK)
    ax.add_artist(Line2D(xs, ys, color=style.MUTED, linewidth=0.8))
    for low, high in scale.breaks:
        for x in (low + 1, high - 4):
            ax.add_artist(Line2D([x, x + 3], [base + 4, base - 4], color=style.INK, linewidth=1.0))
    return y + AXIS_HEIGHT


@lru_cache(maxsize=64)
def ticks(scale: TimeScale, first: int, after: int, end: float) -> Sequence[tuple[int, str]]:
    """The finest dates whose words stand apart on a stretch; what finds no room at its end has no
    words."""
    for found in filter(None, _choices(first, after)):
        ends = [*(scale.x(day) for day, _ in found[1:]), end]
        fits = [
            scale.x(day) + text_width(label) + 5 <= limit
            for (day, label), limit in zip(found, ends, strict=True)
        ]
        if all(fits[:-1]) and any(fits):
            return tuple(
                (day, label if fit else "") for (day, label), fit in zip(found, fits, strict=True)
            )
    return ()


def _choices(first: int, after: int) -> Iterator[list[tuple[int, str]]]:
    """Dates with words, from the finest to the coarsest."""
    length = after - first
    if length <= 93:
        for of_month in ((1, 8, 15, 22), (1, 15)):
            yield _worded(
                [day for day in range(first, after) if date_of(day)[2] in of_month], "day"
            )
    year, month, _ = date_of(first)
    if length <= 366 * 12:
        for step in (1, 2, 3, 6):
            months = [
                (year + at // 12, at % 12 + 1)
                for at in range(month - 1, month + length // 28)
                if at % step == 0
            ]
            yield _worded(
                [day for day in (day_number(*one) for one in months) if first <= day < after],
                "month",
            )
    last = date_of(after - 1)[0]
    for step in _YEARS:
        if (last - year) // step <= 60:
            years = range(-(-year // step) * step, last + 1, step)
            yield _worded([day for day in map(day_number, years) if first <= day < after], "year")


def _worded(days: list[int], unit: str) -> list[tuple[int, str]]:
    found = []
    before: tuple[int, int] | None = None
    for day in days:
        year, month, of_month = date_of(day)
        new_month, new_year = before != (year, month), before is None or before[0] != year
        words = [str(of_month)] if unit == "day" else []
        words += [_MONTHS[month]] if unit == "month" or (unit == "day" and new_month) else []
        words += [str(year)] if unit == "year" or new_year else []
        found.append((day, " ".join(words)))
        before = (year, month)
    return found


def _month(day: int) -> int:
    year, month, _ = date_of(day)
    return day_number(year, month)


def _next_month(day: int) -> int:
    year, month, _ = date_of(day)
    return day_number(year + month // 12, month % 12 + 1)


def _rounded(day: int, length: int) -> int:
    return day_number(date_of(day)[0]) if length > 730 else day


def _rounded_up(day: int, length: int) -> int:
    return day_number(date_of(day - 1)[0] + 1) if length > 730 else day
