"""How long did each wait last, at least and at most, in one review or several? Bars of days on a
scale that gives a day and a year the same room, with the limit of the guidance as a rule."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from casechron.report.draw.canvas import (
    BAR,
    LANES,
    LEAST,
    PALE,
    RULE,
    Canvas,
    check_columns,
    text_width,
    wrapped,
)
from casechron.report.text.english import rows_by, rows_of

__all__ = ["draw_across", "draw_waits"]

#: Days that are marked on the scale, with their words.
_MARKS = (
    *((1, "1 day"), (7, "1 week"), (30.4, "1 month"), (91, "3 months"), (365.25, "1 year")),
    *((1826, "5 years"), (3652, "10 years"), (9131, "25 years")),
)
_COLUMNS = "text length days_min days_max limit_min limit_max"
_COLOR, _LIMIT = LANES["wait"].color, LANES["missing"].color


def draw_waits(waits: pd.DataFrame, title: str, note: str = "", px: int = 1160) -> Canvas:
    """The waits that a page tells of, the longest first.

    A bar goes from the least to the most days that the dates on record admit. An arrow says that
    both can have been on the same day; a bar that goes on to the edge, that nothing limits it. An
    upright rule is the limit of the guidance in force: it is as wide as the calendar days are that
    so many working days can be.

    Parameters
    ----------
    waits : pandas.DataFrame
        What `cc.words.waits.waits` gives: `event`, `to_event`, `text` (from what to what), `length`
        (how long, in words), `days_min`, `days_max` (days; None where nothing limits them),
        `limit_min`, `limit_max` (calendar days that the limit can be; None where there is none).
    title : str
        The finding, as a sentence.
    note : str, default ""
        What stands below it.
    px : int, default 1160
        The width in CSS pixels, from 200 to 10,000.

    Returns
    -------
    Canvas
        Its `figure()` is the drawing. Each wait is a group by its name, `wait-ID-ID`, that leads to
        its row.

    Raises
    ------
    ValueError
        For a table that lacks a column, with what makes it, and for a width that is none.

    Examples
    --------
    >>> import casechron as cc
    >>> import pandas as pd
    >>> row = {"event": "call", "to_event": "visit", "text": "Call to visit", "days_min": 3}
    >>> row |= {"length": "3 to 9 days", "days_max": 9, "limit_min": None, "limit_max": None}
    >>> list(cc.draw_waits(pd.DataFrame([row]), "Between 3 and 9 days passed").links)
    ['wait-call-visit']
    """
    check_columns(waits, "waits", f"event to_event {_COLUMNS}", "cc.words.waits.waits")
    canvas = Canvas.headed(px, "waits", title, note)
    if rows := sorted(rows_of(waits), key=_longest_first):
        _Scale(canvas, rows).draw(canvas.height)
    return canvas


class _Scale:
    """The scale of days, and the bars on it, in the order of the rows. Where a row has no days, its
    `length` says why. `most` are the days up to which the scale goes; else those of the rows."""

    def __init__(self, canvas: Canvas, rows: list[dict[Any, Any]], most: float = 0) -> None:
        self.canvas, self.size, self.rows = canvas, canvas.size, rows
        self.names = canvas.either(4.0, 250.0)
        self.right = canvas.width - canvas.either(56.0, 140.0)
        days = [row[name] or 1 for row in rows for name in ("days_min", "days_max", "limit_max")]
        self.most = max(10.0, most, *days) * 1.15

    def x(self, days: float) -> float:
        """Where so many days stand, in points from the left."""
        share = math.log10(max(days, 1)) / math.log10(self.most)
        return self.names + share * (self.right - self.names)

    def draw(self, y: float) -> float:
        """Draw all below `y`; where it ends."""
        top = bottom = y + 22
        for row in self.rows:
            bottom = self._row(row, bottom)
        room, free = self.canvas.either(6.0, 0.0), -math.inf
        for days, name in _MARKS:
            x, width = self.x(days), text_width(name, self.size - 0.6)
            left = x if days == 1 else x - width / 2
            if days <= self.most and left >= free + room:
                self.canvas.line((x, x), (top, bottom), RULE)
                self.canvas.text(left, top - 4, name, self.size - 0.6, color=PALE)
                free = left + width + 4
        return bottom

    def _row(self, row: Mapping[Any, Any], y: float) -> float:
        canvas, size = self.canvas, self.size
        href = row.get("href") or f"tables/chronicle.html#{row['event']}"
        name = f"wait-{row['event']}-{row['to_event']}"
        with canvas.group(name, href, f"{row['text']}: {row['length']}"):
            room = canvas.width - 6 if canvas.narrow else self.names - 14
            lines = wrapped(row["text"], room, size)
            below = canvas.lines(2, y + 2, lines, size)
            if canvas.narrow:
                bar, end = below + 5, below + 18
            else:
                bar, end = (y + below) / 2 - 0.5, below + 8
            days_min, days_max = row["days_min"], row["days_max"]
            if days_min is None and days_max is None:
                x = 2 + text_width(f"{lines[-1]}: ", size) if canvas.narrow else self.names
                words = wrapped(row["length"], canvas.width - x - 4, size)
                end = canvas.lines(x, below - size * 1.25, words, size, color=PALE)
                return max(below, end) + 6
            left = self.x(days_min or 1)
            right = canvas.width - 8 if days_max is None else max(self.x(days_max), left + LEAST)
            canvas.span(left, right, bar, _COLOR, (not days_min, days_max is None))
            after = right + 5
            if row["limit_min"] is not None:
                first = self.x(row["limit_min"])
                width = max(self.x(row["limit_max"]) - first, 1.6)
                canvas.bar(first, bar - 4, width, BAR + 8, _LIMIT)
                after = max(after, first + width + 4)
            length, wide = row["length"], text_width(row["length"], size, bold=True)
            # Where there is no room behind the bar, it stands before it; where there is none
            # either, above its end.
            x, base = after, bar + BAR
            if after + wide > canvas.width:
                x = left - 8 - wide
                if x < self.names:
                    end += size * 1.3
                    x, base = canvas.width - wide - 2, end - 6
            canvas.text(x, base, length, size, color=_COLOR, bold=True)
        return end


def _longest_first(row: Mapping[Any, Any]) -> tuple[float, float, str, str]:
    days_max, days_min = row["days_max"], row["days_min"]
    days_max = math.inf if days_max is None else days_max
    return -days_max, -(days_min or 0), row["event"], row["to_event"]


def draw_across(intervals: pd.DataFrame, title: str, note: str = "", px: int = 1160) -> Canvas:
    """A small chart for each question, one below the other, all on the scale of `draw_waits`.

    The rows keep their order: none is by length. A review of which no days are told has words in
    the place of its bar.

    Parameters
    ----------
    intervals : pandas.DataFrame
        What `cc.words.across.intervals` gives: `panel` (the heading of its small chart; rows of one
        stand together), `row` (its id), `text` (whose it is), `length` (how long, or why that is
        not told), `days_min`, `days_max` (days; <NA>: open, or none told), `limit_min`, `limit_max`
        (calendar days that the limit can be; <NA>: none).
    title : str
        The finding, as a sentence.
    note : str, default ""
        What stands below it.
    px : int, default 1160
        The width in CSS pixels, from 200 to 10,000.

    Returns
    -------
    Canvas
        Its `figure()` is the drawing. Each row is a group that leads to its row of the table.

    Raises
    ------
    ValueError
        For a table that lacks a column, with what makes it, and for a width that is none.

    Examples
    --------
    >>> import casechron as cc
    >>> import pandas as pd
    >>> row = {"panel": "Call to visit", "row": "x.call", "text": "Child X", "length": "3 days"}
    >>> row |= {"days_min": 3, "days_max": 3, "limit_min": None, "limit_max": None}
    >>> list(cc.draw_across(pd.DataFrame([row]), "Three days").links)
    ['wait-x.call-']
    """
    check_columns(intervals, "intervals", f"panel row {_COLUMNS}", "cc.words.across.intervals")
    canvas = Canvas.headed(px, "across", title, note)
    rows = intervals.assign(
        event=intervals["row"], to_event="", href="tables/across.html#" + intervals["row"]
    )
    days = intervals[["days_min", "days_max", "limit_max"]].max().max()
    longest = 0 if pd.isna(days) else float(days)
    y = canvas.height
    for panel, of_panel in rows_by(rows, "panel").items():
        room = canvas.width - 4
        y = canvas.paragraph(2, y + 12, panel, canvas.size + 1.5, room, bold=True)
        y = _Scale(canvas, of_panel, longest).draw(y)
    return canvas
