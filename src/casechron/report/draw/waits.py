"""How long did each wait last, at least and at most? Bars of days on a scale that gives a day and a
year the same room, with the limit of the guidance as a rule."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from casechron.report.draw.canvas import INK, PALE, Canvas, Link, size_of, text_width, wrapped
from casechron.report.draw.timeline import LANES

__all__ = ["Scale", "draw_waits"]

_MARKS = ((1, "1 day"), (7, "1 week"), (30.4, "1 month"), (91, "3 months"), (365.25, "1 year"))
_MORE = ((1826, "5 years"), (3652, "10 years"), (9131, "25 years"))
_COLOR, _LIMIT = LANES["wait"].color, LANES["missing"].color
_BAR, _LEAST = 6.0, 3.0


def draw_waits(waits: pd.DataFrame, title: str, note: str = "", px: int = 1160) -> Canvas:
    """The waits that a page tells of, the longest first.

    A bar goes from the least to the most days that the dates on record admit. An arrow says that
    both can have been on the same day; a bar that goes on to the edge, that nothing limits it. An
    upright rule is the limit of the guidance in force: it is as wide as the calendar days are that
    so many working days can be.

    Parameters
    ----------
    waits : pandas.DataFrame
        `event`, `to_event`, `text` (from what to what), `length` (how long, in words), `days_min`,
        `days_max` (days; None where nothing limits them), `limit_min`, `limit_max` (calendar days
        that the limit can be; None where there is none).
    title : str
        The finding, as a sentence.
    note : str, default ""
        What stands below it.
    px : int, default 1160
        The width in CSS pixels.

    Returns
    -------
    Canvas
        Its `figure()` is the drawing. Each wait is a group by its name, `wait-ID-ID`, that leads to
        its row.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"event": "call", "to_event": "visit", "text": "Call to visit", "days_min": 3}
    >>> row |= {"length": "3 to 9 days", "days_max": 9, "limit_min": None, "limit_max": None}
    >>> list(draw_waits(pd.DataFrame([row]), "Between 3 and 9 days passed").links)
    ['wait-call-visit']
    """
    canvas = Canvas(px, "waits")
    y = canvas.paragraph(2, 0, title, size_of(px, 14, 17), canvas.width - 4, bold=True)
    size = size_of(px, 8.8, 9.2)
    if note:
        y = canvas.paragraph(2, y + 2, note, size, canvas.width - 4)
    rows = [
        {str(key): None if pd.isna(value) else value for key, value in row.items()}
        for row in waits.to_dict("records")
    ]
    if rows:
        Scale(canvas, sorted(rows, key=_longest), size).draw(y)
    return canvas


class Scale:
    """The scale of days, and the bars on it, in the order of the rows. Where a row has no days, its
    `length` says why. `most` are the days up to which the scale goes; else those of the rows."""

    def __init__(
        self, canvas: Canvas, rows: list[dict[str, Any]], size: float, most: float = 0
    ) -> None:
        self.canvas, self.size, self.rows = canvas, size, rows
        self.names = 4.0 if canvas.narrow else 250.0
        self.right = canvas.width - (56.0 if canvas.narrow else 140.0)
        days = [row[name] or 1 for row in rows for name in ("days_min", "days_max", "limit_max")]
        self.most = max(10.0, most, *days) * 1.15

    def x(self, days: float) -> float:
        """Where so many days stand, in points from the left."""
        share = math.log10(max(days, 1)) / math.log10(self.most)
        return self.names + share * (self.right - self.names)

    def draw(self, y: float) -> float:
        """Draw all below `y`; where it ends."""
        y += 16
        top = y + 6
        bottom = y = top
        for row in self.rows:
            y = self._row(row, y)
            bottom = y
        step = 100.0 if self.canvas.narrow else 0.0
        free = -math.inf
        for days, name in (*_MARKS, *_MORE):
            x, width = self.x(days), text_width(name, self.size - 0.6)
            left = x if days == 1 else x - width / 2
            if days <= self.most and left >= free + step * 0.06:
                self.canvas.line(x, top, bottom, "#d8d7ce")
                self.canvas.text(left, top - 4, name, self.size - 0.6, color=PALE)
                free = left + width + 4
        return bottom

    def _row(self, row: Mapping[str, Any], y: float) -> float:
        canvas, size = self.canvas, self.size
        href = row.get("href") or f"tables/chronicle.html#{row['event']}"
        link = Link(href, f"{row['text']}: {row['length']}")
        with canvas.group(f"wait-{row['event']}-{row['to_event']}", link):
            room = canvas.width - 6 if canvas.narrow else self.names - 14
            lines = wrapped(row["text"], room, size)
            below = canvas.lines(2, y + 2, lines, size, color=INK)
            if canvas.narrow:
                bar, end = below + 5, below + 18
            else:
                bar, end = (y + below) / 2 - 0.5, below + 8
            least, most = row["days_min"], row["days_max"]
            if least is None and most is None:
                x = 2 + text_width(f"{lines[-1]}: ", size) if canvas.narrow else self.names
                told = wrapped(row["length"], canvas.width - x - 4, size)
                end = canvas.lines(x, below - size * 1.25, told, size, color=PALE)
                return max(below, end) + 6
            left = self.x(least or 1)
            right = canvas.width - 8 if most is None else max(self.x(most), left + _LEAST)
            canvas.bar(left, bar, right - left, _BAR, _COLOR)
            if not least:
                canvas.arrow(left, bar + _BAR / 2, -4, 3.5, _COLOR)
            if most is None:
                canvas.arrow(right, bar + _BAR / 2, 5, 3.5, _COLOR)
            after = right + 5
            if row["limit_min"] is not None:
                first = self.x(row["limit_min"])
                width = max(self.x(row["limit_max"]) - first, 1.6)
                canvas.bar(first, bar - 4, width, _BAR + 8, _LIMIT)
                after = max(after, first + width + 4)
            length, wide = row["length"], text_width(row["length"], size, bold=True)
            # Where there is no room behind the bar, it stands before it; where there is none
            # either, above its end.
            if after + wide <= canvas.width:
                canvas.text(after, bar + _BAR, length, size, color=_COLOR, bold=True)
            elif left - 8 - wide >= self.names:
                canvas.text(left - 8 - wide, bar + _BAR, length, size, color=_COLOR, bold=True)
            else:
                end += size * 1.3
                at = canvas.width - wide - 2
                canvas.text(at, end - 6, length, size, color=_COLOR, bold=True)
        return end


def _longest(row: Mapping[str, Any]) -> tuple[float, float, str, str]:
    most, least = row["days_max"], row["days_min"]
    most = math.inf if most is None else most
    return -most, -(least or 0), row["event"], row["to_event"]
