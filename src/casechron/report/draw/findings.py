"""What did the review find, and when was what it rests on? A row for each finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from casechron.report.draw.canvas import (
    GROUND,
    INK,
    PALE,
    Canvas,
    Link,
    mixed,
    size_of,
    text_width,
    wrapped,
)
from casechron.report.draw.timeline import LANES

__all__ = ["GOOD", "draw_findings"]

#: How it is said that a finding is no shortfall but a strength.
GOOD = "Found good"
#: How many findings are drawn at most.
MOST = 25
_COLORS: Mapping[str, str] = {
    "shortfall": LANES["missing"].color,
    "strength": LANES["wait"].color,
}
_BAR, _LEAST, _STUB = 6.0, 3.0, 16.0


def draw_findings(
    findings: pd.DataFrame, rests_on: pd.DataFrame, title: str, note: str = "", px: int = 1160
) -> Canvas:
    """The findings of a review by the time of what they rest on, the earliest first.

    A bar covers the days that the source gives to an event on which the finding rests; an arrow
    says that the source sets no limit there. A finding that rests on nothing that has a date has no
    row.

    Parameters
    ----------
    findings : pandas.DataFrame
        `finding`, `kind` (shortfall, strength or neither), `summary`, `when` (the dates, in words).
    rests_on : pandas.DataFrame
        `finding`, `earliest`, `latest` (the source's own window of each event; NaT where it sets no
        limit).
    title : str
        The finding, as a sentence.
    note : str, default ""
        What stands below it.
    px : int, default 1160
        The width in CSS pixels.

    Returns
    -------
    Canvas
        Its `figure()` is the drawing. Each finding is a group by its name, `finding-ID`, that leads
        to its row.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {
    ...     "finding": "slow",
    ...     "kind": "shortfall",
    ...     "summary": "It took long",
    ...     "when": "May 2019",
    ... }
    >>> days = {"earliest": [pd.Timestamp(2019, 5, 1)], "latest": [pd.Timestamp(2019, 5, 31)]}
    >>> rests_on = pd.DataFrame({"finding": ["slow"]} | days)
    >>> list(draw_findings(pd.DataFrame([row]), rests_on, "What was slow").links)
    ['finding-slow']
    """
    canvas = Canvas(px, "findings")
    y = canvas.paragraph(2, 0, title, size_of(px, 14, 17), canvas.width - 4, bold=True)
    size = size_of(px, 8.8, 9.2)
    if note:
        y = canvas.paragraph(2, y + 2, note, size, canvas.width - 4)
    spans: dict[str, list[tuple[int | None, int | None]]] = {}
    for finding, *days in rests_on[["finding", "earliest", "latest"]].itertuples(index=False):
        if any(pd.notna(day) for day in days):
            spans.setdefault(str(finding), []).append((_day(days[0]), _day(days[1])))
    rows = [
        {str(key): value for key, value in row.items()}
        for row in findings.to_dict("records")
        if row["finding"] in spans
    ]
    rows = sorted(rows, key=lambda row: _placed(spans[row["finding"]]))[:MOST]
    if rows:
        _Rows(canvas, rows, spans, size).draw(y)
    return canvas


class _Rows:
    """The rows and the scale of years that they share."""

    def __init__(
        self,
        canvas: Canvas,
        rows: Sequence[Mapping[str, Any]],
        spans: Mapping[str, Sequence[tuple[int | None, int | None]]],
        size: float,
    ) -> None:
        self.canvas, self.rows, self.spans, self.size = canvas, rows, spans, size
        self.left = 4.0 if canvas.narrow else canvas.width * 0.47
        self.right = canvas.width - 10
        days = [
            day for row in rows for span in spans[row["finding"]] for day in span if day is not None
        ]
        begins, ends = (pd.Timestamp(day, unit="D") for day in (min(days), max(days)))
        self.years = range(begins.year, ends.year + 2)
        self.begins, self.ends = _year(begins.year), _year(ends.year + 1)

    def x(self, day: float) -> float:
        share = (day - self.begins) / (self.ends - self.begins)
        return self.left + share * (self.right - self.left)

    def draw(self, y: float) -> None:
        y += 18
        top = bottom = y
        for row in self.rows:
            bottom = y = self._row(row, y)
        free = self.left
        for year in self.years:
            x, wide = self.x(_year(year)), text_width(str(year), self.size)
            self.canvas.line(x, top, bottom, "#d8d7ce")
            if x >= free and year < self.years[-1] and x + wide <= self.canvas.width:
                self.canvas.text(x + 2, top - 4, str(year), self.size - 0.6, color=PALE)
                free = x + wide + 6

    def _row(self, row: Mapping[str, Any], y: float) -> float:
        canvas, size = self.canvas, self.size
        color = _COLORS.get(row["kind"], LANES["services"].color)
        words = f"{GOOD}: {row['summary']}" if row["kind"] == "strength" else row["summary"]
        link = Link(f"tables/findings.html#{row['finding']}", f"{words}: {row['when']}")
        with canvas.group(f"finding-{row['finding']}", link):
            room = canvas.width - 6 if canvas.narrow else self.left - 18
            below = canvas.lines(2, y + 1, wrapped(words, room, size), size, color=INK)
            bar = below + 5 if canvas.narrow else (y + below) / 2 - 1
            drawn = [self._bar(*span, bar, color) for span in self.spans[row["finding"]]]
            end = self._when(row["when"], drawn, bar)
        return (max(end, bar + _BAR) if canvas.narrow else max(below, end)) + 8

    def _when(self, words: str, drawn: Sequence[tuple[float, float]], bar: float) -> float:
        """The dates in words: before the last bar, behind it, or below where there is no room."""
        canvas, size = self.canvas, self.size - 0.6
        wide = text_width(words, size)
        bars: list[tuple[float, float]] = []
        for begin, end in sorted(drawn):
            joined = bars.pop() if bars and begin <= bars[-1][1] else (begin, end)
            bars.append((joined[0], max(joined[1], end)))
        left, right = bars[-1]
        before = bars[-2][1] + 4 if len(bars) > 1 else self.left
        if left - 6 - wide >= before:
            canvas.text(left - 6 - wide, bar + _BAR, words, size, color=PALE)
        elif right + 6 + wide <= canvas.width:
            canvas.text(right + 6, bar + _BAR, words, size, color=PALE)
        else:
            room = canvas.width - self.left - 4
            return canvas.lines(self.left, bar + _BAR, wrapped(words, room, size), size, color=PALE)
        return bar + _BAR

    def _bar(
        self, earliest: int | None, latest: int | None, y: float, color: str
    ) -> tuple[float, float]:
        """A bar, and from where to where it goes, with its arrow."""
        canvas, pale = self.canvas, mixed(color, GROUND, 0.75)
        left = self.x(earliest) if earliest is not None else None
        right = self.x(latest + 1) if latest is not None else None
        # One side at least has a day.
        begins = max((right or 0) - _STUB, self.left + 8) if left is None else left
        ends = min(begins + _STUB, self.right - 6) if right is None else right
        ends = max(ends, begins + _LEAST)
        canvas.bar(begins, y, ends - begins, _BAR, pale)
        if left is None:
            canvas.arrow(begins, y + _BAR / 2, -4, 3.5, pale)
        if right is None:
            canvas.arrow(ends, y + _BAR / 2, 5, 3.5, pale)
        return begins - 4 * (left is None), ends + 5 * (right is None)


def _placed(spans: Sequence[tuple[int | None, int | None]]) -> tuple[int, int]:
    """By which days a finding has its place: those of the last of what it rests on."""
    return max((_known(one, other), _known(other, one)) for one, other in spans)


def _known(one: int | None, other: int | None) -> int:
    return one if one is not None else other if other is not None else 0


def _year(year: int) -> int:
    return (pd.Timestamp(year, 1, 1) - pd.Timestamp(0)).days


def _day(value: Any) -> int | None:
    return None if pd.isna(value) else (pd.Timestamp(value) - pd.Timestamp(0)).days
