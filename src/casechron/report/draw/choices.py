"""Which choice changes what? A row for each choice, a square for each sort of number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from casechron.report.draw.canvas import GROUND, INK, PALE, Canvas, Link, mixed, size_of, wrapped
from casechron.report.draw.timeline import LANES

__all__ = ["draw_choices"]

#: How many choices are drawn at most: those that change most.
MOST = 12
_SORTS: Mapping[str, str] = {
    "waits": "waits",
    "limits": "limits",
    "orders": "order of two events",
    "on_record": "concerns on record",
    "known": "known at a decision",
}
_INK = LANES["wait"].color


def draw_choices(choices: pd.DataFrame, title: str, note: str = "", px: int = 1160) -> Canvas:
    """How many numbers of each sort each choice changes; the stronger the square, the more.

    Parameters
    ----------
    choices : pandas.DataFrame
        Those that change most first: `choice`, `text` (what it is, in words), and `waits`,
        `limits`, `orders`, `on_record`, `known` (how many it changes).
    title : str
        The finding, as a sentence.
    note : str, default ""
        What stands below it.
    px : int, default 1160
        The width in CSS pixels.

    Returns
    -------
    Canvas
        Its `figure()` is the drawing. Each choice is a group by its name, `choice-N`, that leads to
        the table.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"choice": "late_from = 16", "text": "late from the 16th", "waits": 2, "limits": 0}
    >>> tried = pd.DataFrame([row | {"orders": 1, "on_record": 0, "known": 0}])
    >>> list(draw_choices(tried, "One choice changes two waits").links)
    ['choice-1']
    """
    canvas = Canvas(px, "choices")
    y = canvas.paragraph(2, 0, title, size_of(px, 14, 17), canvas.width - 4, bold=True)
    size = size_of(px, 8.8, 9.2)
    if note:
        y = canvas.paragraph(2, y + 2, note, size, canvas.width - 4)
    rows: list[dict[str, Any]] = [
        {str(key): value for key, value in row.items()}
        for row in choices.head(MOST).to_dict("records")
    ]
    if not rows:
        return canvas
    wide = size_of(px, 50.0, 84.0)
    left = 2.0 if canvas.narrow else canvas.width - len(_SORTS) * wide - 2
    most = max(1, *(row[name] for row in rows for name in _SORTS))
    heads = [wrapped(words, wide - 4, size - 0.6) for words in _SORTS.values()]
    y += 4
    for place, lines in enumerate(heads):
        canvas.lines(left + place * wide, y, lines, size - 0.6, color=PALE)
    y += max(map(len, heads)) * size * 1.3 + 4
    high = size * 1.9
    for number, row in enumerate(rows):
        with canvas.group(f"choice-{number + 1}", Link("tables/choices.html", row["text"])):
            room = canvas.width - 4 if canvas.narrow else left - 14
            below = canvas.lines(2, y + 2, wrapped(row["text"], room, size), size, color=INK)
            top = below + 4 if canvas.narrow else y
            for place, name in enumerate(_SORTS):
                _square(canvas, left + place * wide, top, (wide - 4, high), row[name], most)
        y = max(below, top + high) + 6
    canvas.height = max(canvas.height, y)
    return canvas


def _square(
    canvas: Canvas, x: float, y: float, size: tuple[float, float], count: int, most: int
) -> None:
    """A square as strong as what it counts is large, with the number in it."""
    width, height = size
    # Never so strong that the number in it could not be read.
    fill = mixed(_INK, GROUND, 0.12 + 0.48 * count / most) if count else "none"
    canvas.bar(x, y, width, height, fill, edge="" if count else "#d8d7ce")
    if count:
        canvas.text(x + 6, y + height * 0.66, str(count), size_of(canvas.px, 8.8, 9.2), color=INK)
