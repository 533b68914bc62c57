"""What did the review find, and when was what it rests on? A row for each finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
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
    mixed,
    text_width,
)
from casechron.report.draw.timeline import dated_rows
from casechron.report.text.english import rows_of

__all__ = ["draw_findings"]

#: How it is said that a finding is no shortfall but a strength.
GOOD = "Found good"
#: How many findings are drawn at most.
FINDINGS_DRAWN = 25
_COLORS: Mapping[str, str] = {
    "shortfall": LANES["missing"].color,
    "strength": LANES["wait"].color,
}
#: How far, in points, a bar goes on towards an end that is open.
_STUB = 16.0
#: From a day to a day; None where nothing limits it.
_Span = tuple[int | None, int | None]


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
        What `cc.words.learning.findings` gives: `finding`, `kind` (shortfall, strength or neither),
        `summary`, `when` (the dates, in words).
    rests_on : pandas.DataFrame
        What `cc.words.learning.rests_on` gives: `finding`, `earliest`, `latest` (the source's own
        window of each event; NaT where it sets no limit).
    title : str
        The finding, as a sentence.
    note : str, default ""
        What stands below it.
    px : int, default 1160
        The width in CSS pixels, from 200 to 10,000.

    Returns
    -------
    Canvas
        Its `figure()` is the drawing. Each finding is a group by its name, `finding-ID`, that leads
        to its row.

    Raises
    ------
    ValueError
        For a table that lacks a column, with what makes it, and for a width that is none.

    Examples
    --------
    >>> import casechron as cc
    >>> import pandas as pd
    >>> row = {"finding": "slow", "kind": "shortfall", "when": "May 2019"}
    >>> row |= {"summary": "It took long"}
    >>> days = {"earliest": [pd.Timestamp(2019, 5, 1)], "latest": [pd.Timestamp(2019, 5, 31)]}
    >>> rests_on = pd.DataFrame({"finding": ["slow"]} | days)
    >>> list(cc.draw_findings(pd.DataFrame([row]), rests_on, "What was slow").links)
    ['finding-slow']
    """
    made_by = "cc.words.learning.findings"
    check_columns(findings, "findings", "finding kind summary when", made_by)
    check_columns(rests_on, "rests_on", "finding earliest latest", "cc.words.learning.rests_on")
    canvas = Canvas.headed(px, "findings", title, note)
    spans: dict[str, list[_Span]] = {}
    for event in dated_rows(rests_on):
        spans.setdefault(event["finding"], []).append((event["earliest"], event["latest"]))
    rows = [row for row in rows_of(findings) if row["finding"] in spans]
    rows = sorted(rows, key=lambda row: _placed(spans[row["finding"]]))[:FINDINGS_DRAWN]
    if rows:
        _Rows(canvas, rows, spans).draw(canvas.height)
    return canvas


class _Rows:
    """The rows and the scale of years that they share."""

    def __init__(
        self,
        canvas: Canvas,
        rows: Sequence[Mapping[Any, Any]],
        spans: Mapping[str, Sequence[_Span]],
    ) -> None:
        self.canvas, self.rows, self.spans, self.size = canvas, rows, spans, canvas.size
        self.left = canvas.either(4.0, canvas.width * 0.47)
        self.right = canvas.width - 10
        days = [
            day for row in rows for span in spans[row["finding"]] for day in span if day is not None
        ]
        begins, ends = (date.fromordinal(day).year for day in (min(days), max(days)))
        self.years = range(begins, ends + 2)
        self.begins, self.ends = _year(begins), _year(ends + 1)

    def x(self, day: float) -> float:
        share = (day - self.begins) / (self.ends - self.begins)
        return self.left + share * (self.right - self.left)

    def draw(self, y: float) -> None:
        top = bottom = y + 18
        for row in self.rows:
            bottom = self._row(row, bottom)
        free = self.left
        for year in self.years:
            x, wide = self.x(_year(year)), text_width(str(year), self.size)
            self.canvas.line((x, x), (top, bottom), RULE)
            if x >= free and year < self.years[-1] and x + wide <= self.canvas.width:
                self.canvas.text(x + 2, top - 4, str(year), self.size - 0.6, color=PALE)
                free = x + wide + 6

    def _row(self, row: Mapping[Any, Any], y: float) -> float:
        canvas, size = self.canvas, self.size
        color = _COLORS.get(row["kind"], LANES["steps"].color)
        words = f"{GOOD}: {row['summary']}" if row["kind"] == "strength" else row["summary"]
        href = f"tables/findings.html#{row['finding']}"
        with canvas.group(f"finding-{row['finding']}", href, f"{words}: {row['when']}"):
            room = canvas.width - 6 if canvas.narrow else self.left - 18
            below = canvas.paragraph(2, y + 1, words, size, room)
            bar = below + 5 if canvas.narrow else (y + below) / 2 - 1
            pale = mixed(color, 0.75)
            drawn = [self._bar(*span, bar, pale) for span in self.spans[row["finding"]]]
            end = self._when(row["when"], drawn, bar)
        return (max(end, bar + BAR) if canvas.narrow else max(below, end)) + 8

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
            canvas.text(left - 6 - wide, bar + BAR, words, size, color=PALE)
        elif right + 6 + wide <= canvas.width:
            canvas.text(right + 6, bar + BAR, words, size, color=PALE)
        else:
            room = canvas.width - self.left - 4
            return canvas.paragraph(self.left, bar + BAR, words, size, room, color=PALE)
        return bar + BAR

    def _bar(
        self, earliest: int | None, latest: int | None, y: float, color: str
    ) -> tuple[float, float]:
        """A bar, and from where to where it goes, with its arrow."""
        left = self.x(earliest) if earliest is not None else None
        right = self.x(latest + 1) if latest is not None else None
        # One side at least has a day.
        begins = max((right or 0) - _STUB, self.left + 8) if left is None else left
        ends = min(begins + _STUB, self.right - 6) if right is None else right
        ends = max(ends, begins + LEAST)
        self.canvas.span(begins, ends, y, color, (left is None, right is None))
        return begins - 4 * (left is None), ends + 5 * (right is None)


def _placed(spans: Sequence[_Span]) -> tuple[int, int]:
    """By which days a finding has its place: those of the last of what it rests on."""
    # No day has the number 0.
    return max((first or last or 0, last or first or 0) for first, last in spans)


def _year(year: int) -> int:
    return date(year, 1, 1).toordinal()
