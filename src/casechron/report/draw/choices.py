"""Which choice changes what? A row for each choice, a square for each sort of number."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from casechron.report.draw.canvas import LANES, PALE, RULE, Canvas, check_columns, mixed, wrapped
from casechron.report.text.english import rows_of

__all__ = ["draw_choices"]

#: How many choices are drawn at most: those that change most.
CHOICES_DRAWN = 12
_SORTS: Mapping[str, str] = {
    "waits": "waits",
    "verdicts": "verdicts",
    "on_record": "on record",
    "known": "known at a decision",
    "not_asked": "no longer asked",
}
_INK = LANES["wait"].color


def draw_choices(choices: pd.DataFrame, title: str, note: str = "", px: int = 1160) -> Canvas:
    """How many numbers of each sort each choice changes; the stronger the square, the more.

    Parameters
    ----------
    choices : pandas.DataFrame
        What `cc.words.sensitivity.choices` gives, those that change most first: `choice`, `text`
        (what it is, in words), `waits`, `verdicts`, `on_record`, `known` (how many it changes) and
        `not_asked` (how many are then no longer asked).
    title : str
        The finding, as a sentence.
    note : str, default ""
        What stands below it.
    px : int, default 1160
        The width in CSS pixels, from 200 to 10,000.

    Returns
    -------
    Canvas
        Its `figure()` is the drawing. Each choice is a group by its name, `choice-N`, that leads to
        the table.

    Raises
    ------
    ValueError
        For a table that lacks a column, with what makes it, and for a width that is none.

    Examples
    --------
    >>> import casechron as cc
    >>> import pandas as pd
    >>> row = {"choice": "late_from = 16", "text": "late from the 16th", "waits": 2, "verdicts": 0}
    >>> tried = pd.DataFrame([row | {"on_record": 0, "known": 0, "not_asked": 0}])
    >>> list(cc.draw_choices(tried, "One choice changes two waits").links)
    ['choice-1']
    """
    columns = f"text {' '.join(_SORTS)}"
    check_columns(choices, "choices", columns, "cc.words.sensitivity.choices")
    canvas = Canvas.headed(px, "choices", title, note)
    y, size = canvas.height, canvas.size
    rows = choices.head(CHOICES_DRAWN)
    if rows.empty:
        return canvas
    wide = canvas.either((canvas.width - 4) / len(_SORTS), 84.0)
    left = canvas.either(2.0, canvas.width - len(_SORTS) * wide - 2)
    highest = max(1, rows[[*_SORTS]].to_numpy().max())
    heads = [wrapped(words, wide - 9, size - 0.6) for words in _SORTS.values()]
    y += 4
    for place, lines in enumerate(heads):
        canvas.lines(left + place * wide, y, lines, size - 0.6, color=PALE)
    y += max(map(len, heads)) * size * 1.3 + 4
    high = size * 1.9
    for number, row in enumerate(rows_of(rows), start=1):
        with canvas.group(f"choice-{number}", "tables/choices.html", row["text"]):
            room = canvas.width - 4 if canvas.narrow else left - 14
            below = canvas.paragraph(2, y + 2, row["text"], size, room)
            top = below + 4 if canvas.narrow else y
            for place, name in enumerate(_SORTS):
                x, count = left + place * wide, row[name]
                # Never so strong that the number in it could not be read, in the dark either.
                fill = mixed(_INK, 0.12 + 0.28 * count / highest) if count else "none"
                canvas.bar(x, top, wide - 4, high, fill, edge="" if count else RULE)
                if count:
                    canvas.text(x + 6, top + high * 0.66, str(count), size)
        y = max(below, top + high) + 6
    canvas.height = max(canvas.height, y)
    return canvas
