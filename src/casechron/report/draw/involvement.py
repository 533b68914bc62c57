"""Which agency had a part in what, and where does the review say that it was missing? Agencies side
by side, events one below the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import cos, radians, sin
from typing import Any

import pandas as pd

from casechron.analysis.involvement import PARTS
from casechron.report.draw.canvas import (
    GROUND,
    INK,
    PALE,
    Canvas,
    mixed,
    rows_by,
    text_width,
    wrapped,
)
from casechron.report.draw.timeline import LANES

__all__ = ["draw_involvement"]

#: How many events and how many agencies are drawn at most: more cannot be read.
MOST, AGENCIES = 25, 14
_SERVICES, _RAISED, _MISSING = (LANES[lane].color for lane in ("services", "raised", "missing"))
_UNNAMED = "Not named in the source"
_ABSENT, _LATER = PARTS[5], PARTS[6]
#: What the key says of each part; two that look alike are one.
KEY: Mapping[str, str] = {
    PARTS[0]: "led or took part",
    PARTS[1]: "raised it or told of it",
    PARTS[2]: "was told",
    PARTS[3]: "held or provided something",
    PARTS[4]: "was told",
    _ABSENT: "missing or not enough, says the review",
    _LATER: "learned or acted afterwards",
}
#: Which events stand where there is no room for all: where somebody was missing, told or led.
_TURNS = (_ABSENT, PARTS[1], PARTS[0], PARTS[2], PARTS[4], PARTS[3], _LATER)
_SLANT = 58.0
#: How many rows stand on a phone's screen below the names.
_SCREEN = 13


def draw_involvement(
    involvement: pd.DataFrame, title: str, note: str = "", px: int = 1160
) -> Canvas:
    """A matrix of events, in order of time, and agencies, with a mark for each part.

    At most 25 events and 14 agencies are drawn: first those where the review says that somebody was
    missing, then those at which somebody told or led; what is left out is said below. Agencies that
    the source does not name share one column.

    Parameters
    ----------
    involvement : pandas.DataFrame
        What `involvement` gives: `event`, `summary`, `said` (when, in words), `agency_label`,
        `named`, `part`, `places`.
    title : str
        The finding, as a sentence.
    note : str, default ""
        What stands below it.
    px : int, default 1160
        The width in CSS pixels.

    Returns
    -------
    Canvas
        Each event is a group by its name, `event-ID`, that leads to its row.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"event": "call", "summary": "A call", "said": "in 2018", "agency_label": "School"}
    >>> parts = pd.DataFrame(
    ...     [row | {"named": True, "part": "raised or told", "places": "para 1.1"}]
    ... )
    >>> list(draw_involvement(parts, "The school called").links)
    ['event-call']
    """
    canvas = Canvas.headed(px, "involvement", title, note)
    if len(involvement):
        _Matrix(canvas, involvement).draw(canvas.height + 8)
    return canvas


class _Matrix:
    """The agencies that have a column each, the events that have a row, and the marks."""

    def __init__(self, canvas: Canvas, table: pd.DataFrame) -> None:
        self.canvas = canvas
        self.size = size = canvas.size
        table = table.assign(column=table["agency_label"].where(table["named"], _UNNAMED))
        named = table.loc[table["named"], "column"]
        # Those with most rows stand, in the order in which they appear.
        drawn_agencies = set(named.value_counts(sort=True).index[:AGENCIES])
        self.columns = [agency for agency in dict.fromkeys(named) if agency in drawn_agencies]
        if not table["named"].all():
            self.columns.append(_UNNAMED)
        drawn = table[table["column"].isin(self.columns)]
        turns = drawn["part"].map(_TURNS.index)
        # What is told of unnamed agencies alone comes last.
        turn = (turns + len(_TURNS) * ~drawn["named"]).groupby(drawn["event"], sort=False).min()
        order = turn.sort_values(kind="stable").index
        # Each agency that has a column has a row too.
        best = drawn.loc[turns.groupby(drawn["column"]).idxmin(), "event"]
        kept = set([*dict.fromkeys([*best, *order])][:MOST])
        self.rows = drawn[drawn["event"].isin(kept)]
        self.left_out = table["event"].nunique() - len(kept), named.nunique() - len(drawn_agencies)
        wide = [text_width(column, size) * cos(radians(_SLANT)) for column in self.columns]
        self.names = 2.0 if canvas.narrow else min(330.0, canvas.width - max(wide) - 20)
        # Each slanted name ends within the drawing.
        rooms = [
            (canvas.width - self.names - name - size) / (place + 0.5)
            for place, name in enumerate(wide)
        ]
        self.step = min(26.0, *rooms)

    def x(self, column: str) -> float:
        return self.names + self.step * (self.columns.index(column) + 0.5)

    def draw(self, y: float) -> None:
        canvas, size = self.canvas, self.size
        y = self._key(y)
        high = max(text_width(column, size) for column in self.columns) * sin(radians(_SLANT))
        rows = [*rows_by(self.rows, "event").items()]
        # On a phone the names stand again where they have gone out of sight.
        several = _SCREEN if canvas.narrow else len(rows)
        for begin in range(0, len(rows), several):
            y = top = self._names(y + high + size + 6)
            for event, parts in rows[begin : begin + several]:
                y = self._row(y, event, parts)
            for column in self.columns:
                canvas.line(self.x(column), top, y, "#e6e4da", 0.5)
        nouns = (("event", "events"), ("agency", "agencies"))
        left_out = [
            f"{count} more {noun if count == 1 else several}"
            for count, (noun, several) in zip(self.left_out, nouns, strict=True)
            if count
        ]
        if what := " and ".join(left_out):
            canvas.paragraph(2, y + 4, f"Not drawn: {what}.", size, canvas.width - 4, color=PALE)

    def _names(self, y: float) -> float:
        """The names of the agencies, slanted, above `y`."""
        for column in self.columns:
            color = PALE if column == _UNNAMED else INK
            x = self.x(column) + self.size * 0.3
            self.canvas.text(x, y - 4, column, self.size, color=color, angle=_SLANT)
        return y

    def _key(self, y: float) -> float:
        canvas, size = self.canvas, self.size
        x = 2.0
        words: dict[str, str] = {}
        for part in sorted(set(self.rows["part"]), key=PARTS.index):
            words.setdefault(KEY[part], part)
        for text, part in words.items():
            width = text_width(text, size) + 18
            if x > 2 and x + width > canvas.width:
                x, y = 2.0, y + size * 1.7
            self._mark(x + 5, y + size * 0.75, part)
            canvas.text(x + 14, y + size * 1.1, text, size)
            x += width + 12
        return y + size * 1.7

    def _row(self, y: float, event: str, rows: Sequence[Mapping[Any, Any]]) -> float:
        canvas, size = self.canvas, self.size
        first = rows[0]
        agencies = "; ".join(f"{row['agency_label']}: {KEY[row['part']]}" for row in rows)
        label = f"{first['summary']}, {first['said']}. {agencies}. {first['places']}"
        with canvas.group(f"event-{event}", f"tables/chronicle.html#{event}", label):
            room = canvas.either(canvas.width - 6, self.names - 14)
            below = canvas.lines(2, y + 2, wrapped(first["summary"], room, size), size)
            if canvas.narrow:
                middle, end = below + 9, below + 17
            else:
                middle, end = (y + below) / 2 + 2, below + 6
            marks: dict[str, list[str]] = {}
            for row in rows:
                marks.setdefault(row["column"], []).append(row["part"])
            for column, parts in marks.items():
                self._mark(self.x(column), middle, min(parts, key=_TURNS.index))
        canvas.rule(2, canvas.width - 2, end, "#e6e4da", 0.5)
        return end

    def _mark(self, x: float, y: float, part: str) -> None:
        canvas = self.canvas
        if part == _ABSENT:
            canvas.bar(x - 3.5, y - 3.5, 7, 7, GROUND, edge=_MISSING, dashed=True)
        elif part == _LATER:
            canvas.bar(x - 3, y - 3, 6, 6, GROUND, edge=PALE)
        elif part == PARTS[1]:
            canvas.arrow(x - 3, y, 7, 4, _RAISED)
        elif KEY[part] == "was told":
            canvas.arrow(x + 3, y, -7, 4, _SERVICES)
        elif part == PARTS[0]:
            canvas.bar(x - 3.5, y - 3.5, 7, 7, _SERVICES)
        else:
            canvas.bar(x - 2, y - 2, 4, 4, mixed(_SERVICES, GROUND, 0.75))
