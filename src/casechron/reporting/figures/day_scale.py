"""Where on a line does each number of days stand, if both a day and a year have to be seen?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from casechron.reporting import style
from casechron.reporting.figures.lanes import LINE, text_width, write

__all__ = ["AXIS_HEIGHT", "DayScale", "day_scale", "draw_day_axis", "draw_ruler"]

AXIS_HEIGHT = LINE + 6
#: The scale is even up to so many days, and logarithmic beyond.
_EVEN = 14.0
_TICKS = {
    -1461: "-4 years",
    -365: "-1 year",
    -91: "-3 months",
    -30: "-1 month",
    0: "0",
    7: "1 week",
    14: "2 weeks",
    30: "1 month",
    91: "3 months",
    365: "1 year",
    1461: "4 years",
    3653: "10 years",
}
#: Which of them have words, if not all of them find room: those that matter most first.
_FIRST = (0, 365, 30, 1461, 7, -365, 91, 14, -30, -91, 3653, -1461)


@dataclass(frozen=True, slots=True)
class DayScale:
    """A line from x = `left` to `right` for the days from `least` to `most`."""

    least: float
    most: float
    left: float
    right: float

    def x(self, days: float) -> float:
        """Where a number of days stands; beyond the line, at its end."""
        low, high = _bent(self.least), _bent(self.most)
        share = (_bent(days) - low) / (high - low)
        return self.left + (self.right - self.left) * min(1.0, max(0.0, share))


def _bent(days: float) -> float:
    size = abs(days)
    return days if size <= _EVEN else math.copysign(_EVEN * (1 + math.log10(size / _EVEN)), days)


def day_scale(days: Sequence[float], left: float, right: float) -> DayScale:
    """A line for these days, 0 and a month always among them.

    >>> scale = day_scale([3, 1400], 0, 300)
    >>> [round(scale.x(days)) for days in (0, 7, 14, 30, 365, 1400)]
    [0, 50, 100, 133, 242, 300]
    """
    return DayScale(min([0.0, *days]), max([30.0, *days]), left, right)


def draw_day_axis(ax: Axes, y: float, scale: DayScale) -> float:
    """The line with its numbers of days, from y downwards; the y below it."""
    base = y + LINE + 3
    shown = [day for day in _TICKS if scale.least <= day <= scale.most]
    taken: list[tuple[float, float]] = []
    xs, ys = [scale.left, scale.right, float("nan")], [base, base, float("nan")]
    for day in sorted(shown, key=_FIRST.index):
        x, wide = scale.x(day), text_width(_TICKS[day])
        # At the end of the line words stand to the left of their tick.
        low, high = (
            (x - 2, x + 3 + wide) if x + 3 + wide <= scale.right + 8 else (x - 3 - wide, x + 2)
        )
        worded = all(high + 4 <= a or b + 4 <= low for a, b in taken)
        if worded:
            taken.append((low, high))
            write(ax, x + 3 if low > x - 3 else low, y, [_TICKS[day]])
        xs += [x, x, float("nan")]
        ys += [y + 3 if worded else base - 4, base + 2, float("nan")]
    ax.add_artist(Line2D(xs, ys, color=style.MUTED, linewidth=0.8))
    return y + AXIS_HEIGHT


def draw_ruler(ax: Axes, y: float, scale: DayScale) -> None:
    """A light line on which the bars of a row stand, with 0 marked on it."""
    ax.add_artist(
        Line2D([scale.left, scale.right], [y, y], color="#dcd8cc", linewidth=0.8, zorder=0)
    )
    if scale.least < 0:
        x = scale.x(0)
        ax.add_artist(Line2D([x, x], [y - 7, y + 7], color=style.MUTED, linewidth=0.8, zorder=0))
