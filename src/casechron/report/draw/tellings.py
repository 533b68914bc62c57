"""Who told whom, and who was not told? Those who decided stand in the middle, who told them at the
left, and who should have been there, as the review says, at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import pandas as pd

from casechron.report.draw.canvas import PALE, Canvas, mixed, wrapped
from casechron.report.draw.timeline import LANES, Lane
from casechron.report.text.english import capital

__all__ = ["draw_tellings"]

_TOLD, _CENTRE, _MISSING = LANES["raised"], LANES["services"], LANES["missing"]
_Row = Mapping[Any, Any]


def draw_tellings(
    tellings: pd.DataFrame,
    missing: pd.DataFrame,
    centre: str,
    title: str,
    note: str = "",
    px: int = 1160,
) -> Canvas:
    """Who told those who decided, when and of what; who was missing; what was told to the review.

    Parameters
    ----------
    tellings : pandas.DataFrame
        One row per telling, in order of time: `event`, `who` and `to` (empty: not stated), `when`
        (its date in words), `what` (of what, in few words), `places`, `afterwards` (bool: told to
        the review, after it all).
    missing : pandas.DataFrame
        One row per agency of which the review says that it was not there: `event`, `who`, `how`,
        `what` (from which steps), `places`.
    centre : str
        Who was told.
    title : str
        The finding, as a sentence.
    note : str, default ""
        What stands below it.
    px : int, default 1160
        The width in CSS pixels.

    Returns
    -------
    Canvas
        Each row is a group by its name, `told-N`, `missing-N`, `other-N` or `later-N`, that leads
        to its event.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"event": "call", "who": "School", "to": "Social care", "when": "in 2018"}
    >>> told = pd.DataFrame([row | {"what": "Worries", "places": "para 1.1", "afterwards": False}])
    >>> missing = pd.DataFrame(columns=["event", "who", "how", "what", "places"])
    >>> list(draw_tellings(told, missing, "Social care", "The school told").links)
    ['told-0']
    """
    canvas = Canvas.headed(px, "tellings", title, note)
    later = tellings["afterwards"].astype(bool)
    here = tellings["to"] == centre
    layout = _Columns(canvas)
    here_told, absent = (rows.to_dict("records") for rows in (tellings[here & ~later], missing))
    y = layout.draw(canvas.height + 12, here_told, absent, centre)
    for name, head, rows in (
        ("other", "Told to others, or to whom is not said", tellings[~here & ~later]),
        ("later", "Told to the review", tellings[later]),
    ):
        if rows.empty:
            continue
        y = canvas.paragraph(2, y + 14, head, layout.head, canvas.width, color=PALE, bold=True)
        for place, row in enumerate(rows.to_dict("records")):
            with layout.group(name, place, row):
                by = capital(row["who"] or "By whom is not said")
                to = f", to {row['to']}" if row["to"] else ""
                text = f"{by}{to}, {row['when']}: {row['what']}"
                y = canvas.paragraph(2, y + 2, text, layout.size, canvas.width - 4)
    return canvas


def _said(row: _Row) -> str:
    """What a box says below its name: when it was, or how somebody was missing, and of what."""
    head = capital(row.get("when") or row.get("how") or "")
    return ": ".join(filter(None, [head, row["what"]]))


class _Columns:
    """Boxes at the left with arrows to the middle, dashed boxes at the right; below each other on a
    phone."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.size, self.head = canvas.either(8.6, 9.0), canvas.either(9.4, 10.0)
        self.middle = (canvas.width - 190) / 2
        self.side = canvas.either(canvas.width - 40, self.middle - 24)

    def group(self, name: str, place: int, row: _Row) -> AbstractContextManager[None]:
        """What is drawn of a row, which leads to its event."""
        href = f"tables/chronicle.html#{row['event']}"
        return self.canvas.group(f"{name}-{place}", href, row["who"], _said(row), row["places"])

    def draw(self, y: float, told: Sequence[_Row], missing: Sequence[_Row], centre: str) -> float:
        canvas, top = self.canvas, y + self.head * 1.6
        below = self._heading(2, y, _TOLD, "Told, as recorded")
        if canvas.narrow:
            y = self._told(2, below, told, canvas.width - 2)
            y = self._centre(2, y + 4, y + 30, canvas.width - 4, centre) + 10
        else:
            left = self._told(2, top, told, self.middle)
        at, right = canvas.either(2, canvas.width - self.side - 2), y
        if missing:
            below = self._heading(at, y, _MISSING, "Missing, or not enough, says the review")
            right = self._missing(at, canvas.either(below, top), missing)
        if canvas.narrow:
            return right
        bottom = max(left, right, y + 70)
        self._centre(self.middle, top, bottom, 190, centre)
        return bottom

    def _heading(self, x: float, y: float, lane: Lane, text: str) -> float:
        look = {"color": lane.color, "bold": True}
        return self.canvas.paragraph(x, y, text, self.head, self.side, **look) + 3

    def _box(self, x: float, y: float, row: _Row, lane: Lane, dashed: bool) -> float:
        canvas = self.canvas
        name = capital(row["who"] or "not said who")
        who = wrapped(name, self.side - 12, self.size, bold=True)
        what = wrapped(_said(row), self.side - 12, self.size)
        height = (len(who) + len(what)) * self.size * 1.25 + 7
        if dashed:
            canvas.bar(x, y, self.side, height, "none", edge=lane.color, dashed=True)
        else:
            canvas.bar(x, y, self.side, height, lane.ground)
            canvas.bar(x, y, 2, height, lane.color)
        down = canvas.lines(x + 7, y + 1, who, self.size, color=lane.color, bold=True)
        canvas.lines(x + 7, down, what, self.size)
        return height

    def _told(self, x: float, y: float, rows: Sequence[_Row], to: float) -> float:
        for place, row in enumerate(rows):
            with self.group("told", place, row):
                height = self._box(x, y, row, _TOLD, dashed=False)
                begin = x + self.side + 2
                length = max(to - begin - 6, 6.0)
                self.canvas.bar(begin, y + height / 2 - 0.6, length, 1.2, _TOLD.color)
                self.canvas.arrow(begin + length, y + height / 2, 5, 3, _TOLD.color)
            y += height + 5
        return y

    def _missing(self, x: float, y: float, rows: Sequence[_Row]) -> float:
        for place, row in enumerate(rows):
            with self.group("missing", place, row):
                y += self._box(x, y, row, _MISSING, dashed=True) + 5
        return y

    def _centre(self, x: float, y: float, bottom: float, width: float, text: str) -> float:
        canvas = self.canvas
        canvas.bar(x, y, width, bottom - y, mixed(_CENTRE.color, _CENTRE.ground, 0.12))
        lines = wrapped(text, width - 16, self.head, bold=True)
        at = (y + bottom) / 2 - len(lines) * self.head * 0.62
        at = canvas.lines(x + width / 2, at, lines, self.head, bold=True, align="center")
        return max(bottom, at + 6)
