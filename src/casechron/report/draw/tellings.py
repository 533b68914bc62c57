"""Who told whom, and who was not told? Those who decided stand in the middle, who told them at the
left, and who should have been there, as the review says, at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from casechron.report.draw.canvas import INK, PALE, Canvas, Link, mixed, size_of, wrapped
from casechron.report.draw.timeline import LANES

__all__ = ["draw_tellings"]

_TOLD, _CENTRE, _MISSING = LANES["raised"], LANES["services"], LANES["missing"]


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
    canvas = Canvas(px, "tellings")
    y = canvas.paragraph(2, 0, title, size_of(px, 14, 17), canvas.width - 4, bold=True)
    if note:
        y = canvas.paragraph(2, y + 2, note, size_of(px, 8.8, 9.2), canvas.width - 4)
    later = tellings["afterwards"].astype(bool)
    here = tellings["to"] == centre
    layout = _Columns(canvas)
    y = layout.draw(y + 12, _records(tellings[here & ~later]), _records(missing), centre)
    for name, head, rows in (
        ("other", "Told to others, or to whom is not said", tellings[~here & ~later]),
        ("later", "Told to the review", tellings[later]),
    ):
        if rows.empty:
            continue
        y = canvas.paragraph(2, y + 14, head, layout.head, canvas.width, color=PALE, bold=True)
        for place, row in enumerate(_records(rows)):
            with canvas.group(f"{name}-{place}", _link(row)):
                by = row["who"] or "By whom is not said"
                to = f", to {row['to']}" if row["to"] else ""
                text = f"{by[:1].upper()}{by[1:]}{to}, {row['when']}: {row['what']}"
                y = canvas.paragraph(2, y + 2, text, layout.size, canvas.width - 4, color=INK)
    return canvas


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def _said(row: Mapping[str, Any]) -> str:
    """What a box says below its name: when it was, or how somebody was missing, and of what."""
    head = str(row.get("when") or row.get("how") or "")
    return ": ".join(filter(None, [f"{head[:1].upper()}{head[1:]}", str(row["what"] or "")]))


def _link(row: Mapping[str, Any]) -> Link:
    told = [row["who"], _said(row), row["places"]]
    return Link(f"tables/chronicle.html#{row['event']}", ". ".join(filter(None, map(str, told))))


class _Columns:
    """Boxes at the left with arrows to the middle, dashed boxes at the right; below each other on a
    phone."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        px = canvas.px
        self.size, self.head = size_of(px, 8.6, 9.0), size_of(px, 9.4, 10.0)
        width = canvas.width
        self.side = width - 40 if canvas.narrow else (width - 190) / 2 - 24
        self.middle = (width - 190) / 2

    def draw(
        self,
        y: float,
        told: Sequence[Mapping[str, Any]],
        missing: Sequence[Mapping[str, Any]],
        centre: str,
    ) -> float:
        canvas, top = self.canvas, y
        if canvas.narrow:
            y = self._heading(2, y, "Told, as recorded", _TOLD.color)
            y = self._told(2, y, told, canvas.width - 2)
            y = self._centre(2, y + 4, y + 30, canvas.width - 4, centre) + 10
            if missing:
                y = self._heading(2, y, "Missing, or not enough, says the review", _MISSING.color)
                y = self._missing(2, y, missing)
            return y
        self._heading(2, y, "Told, as recorded", _TOLD.color)
        left = self._told(2, y + self.head * 1.6, told, self.middle)
        right = top
        if missing:
            at = canvas.width - self.side - 2
            self._heading(at, y, "Missing, or not enough, says the review", _MISSING.color)
            right = self._missing(at, y + self.head * 1.6, missing)
        bottom = max(left, right, top + 70)
        self._centre(self.middle, top + self.head * 1.6, bottom, 190, centre)
        return bottom

    def _heading(self, x: float, y: float, text: str, color: str) -> float:
        return self.canvas.paragraph(x, y, text, self.head, self.side, color=color, bold=True) + 3

    def _box(
        self, x: float, y: float, row: Mapping[str, Any], color: str, ground: str, dashed: bool
    ) -> float:
        canvas = self.canvas
        name = str(row["who"]) or "not said who"
        name = f"{name[:1].upper()}{name[1:]}"
        who = wrapped(name, self.side - 12, self.size, bold=True)
        what = wrapped(_said(row), self.side - 12, self.size)
        height = (len(who) + len(what)) * self.size * 1.25 + 7
        if dashed:
            canvas.bar(x, y, self.side, height, "none", edge=color, dashed=True)
        else:
            canvas.bar(x, y, self.side, height, ground)
            canvas.bar(x, y, 2, height, color)
        down = canvas.lines(x + 7, y + 1, who, self.size, color=color, bold=True)
        canvas.lines(x + 7, down, what, self.size, color=INK)
        return height

    def _told(self, x: float, y: float, rows: Sequence[Mapping[str, Any]], to: float) -> float:
        for place, row in enumerate(rows):
            with self.canvas.group(f"told-{place}", _link(row)):
                height = self._box(x, y, row, _TOLD.color, _TOLD.ground, dashed=False)
                begin = x + self.side + 2
                length = max(to - begin - 6, 6.0)
                self.canvas.bar(begin, y + height / 2 - 0.6, length, 1.2, _TOLD.color)
                self.canvas.arrow(begin + length, y + height / 2, 5, 3, _TOLD.color)
            y += height + 5
        return y

    def _missing(self, x: float, y: float, rows: Sequence[Mapping[str, Any]]) -> float:
        for place, row in enumerate(rows):
            with self.canvas.group(f"missing-{place}", _link(row)):
                y += self._box(x, y, row, _MISSING.color, "none", dashed=True) + 5
        return y

    def _centre(self, x: float, y: float, bottom: float, width: float, text: str) -> float:
        canvas = self.canvas
        canvas.bar(x, y, width, bottom - y, mixed(_CENTRE.color, _CENTRE.ground, 0.12))
        lines = wrapped(text, width - 16, self.head, bold=True)
        at = (y + bottom) / 2 - len(lines) * self.head * 0.62
        for line in lines:
            at += self.head * 1.25
            canvas.text(x + width / 2, at, line, self.head, bold=True, align="center")
        return max(bottom, at + 6)
