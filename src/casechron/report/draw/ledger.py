"""Who is said to have harmed whom, and by whose account? Two columns by date, never added up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from casechron.report.draw.canvas import INK, LANES, PALE, Canvas, check_columns, wrapped
from casechron.report.text.english import rows_of, with_article

__all__ = ["draw_ledger"]

_COLORS = (LANES["family"].color, LANES["wait"].color)
_GROUNDS = (LANES["family"].ground, LANES["wait"].ground)
#: Of what is said of both, where it has a row to itself.
_BOTH = LANES["steps"].ground


def draw_ledger(
    accounts: pd.DataFrame, sides: tuple[str, ...], title: str, note: str = "", px: int = 1160
) -> Canvas:
    """What was said of one person and of the other, in order of time.

    Parameters
    ----------
    accounts : pandas.DataFrame
        What `cc.words.accounts.ledger` gives, one row per thing said, in order of time: `event`,
        `said_of` (a tuple of persons: one of `sides`; what is of both, of others or of nobody goes
        across), `when` (in words), `what` (in few words), `how_firmly` (alleged, denied, admitted,
        convicted …, and by whom), `places`.
    sides : tuple of str
        The two labels, or the one, as `cc.words.accounts.sides` gives them.
    title : str
        The finding, as a sentence.
    note : str, default ""
        What stands below it.
    px : int, default 1160
        The width in CSS pixels, from 200 to 10,000.

    Returns
    -------
    Canvas
        Each row is a group by its name, `said-N`, that leads to its event.

    Raises
    ------
    ValueError
        For a table that lacks a column, with what makes it, and for a width that is none.

    Examples
    --------
    >>> import casechron as cc
    >>> import pandas as pd
    >>> row = {"event": "fight", "said_of": ("KM",), "when": "in 2018", "what": "KM hits KF"}
    >>> said = pd.DataFrame([row | {"how_firmly": "alleged by KF", "places": "para 1.1"}])
    >>> list(cc.draw_ledger(said, ("KM", "KF"), "One allegation").links)
    ['said-0']
    """
    columns = "event said_of when what how_firmly places"
    check_columns(accounts, "accounts", columns, "cc.words.accounts.ledger")
    said_of = [set(persons) for persons in accounts["said_of"]]
    notes = {
        f"An edge: of {', '.join(map(with_article, sides))}.": len(sides) == 1,
        "An edge at each side: of both.": sides[1:] and any({*sides} <= of for of in said_of),
        "No edge: of others, or of nobody.": sides and not all(of & {*sides} for of in said_of),
    }
    key = " ".join(text for text, applies in notes.items() if applies)
    canvas = Canvas.headed(px, "ledger", title, note, key)
    y = top = canvas.height + 8
    middle = canvas.either(8.0, 120.0)
    room = (canvas.width - middle) / 2 if sides[1:] else canvas.width - canvas.either(0.0, middle)
    # A heading of one column alone would stand above what is said of nobody too.
    for side, label in enumerate(sides if sides[1:] else ()):
        x, size, color = side * (room + middle) + 4, canvas.size + 0.6, _COLORS[side]
        head = f"Said of {with_article(label)}"
        y = max(y, canvas.paragraph(x, top, head, size, room - 8, color=color, bold=True))
    y += 6
    for place, row in enumerate(rows_of(accounts)):
        words = [row["what"], row["when"], row["how_firmly"], row["places"]]
        with canvas.group(f"said-{place}", f"tables/chronicle.html#{row['event']}", *words):
            y = _row(canvas, y, row, sides, room, middle) + 5
    return canvas


def _row(
    canvas: Canvas,
    y: float,
    row: Mapping[Any, Any],
    sides: tuple[str, ...],
    room: float,
    middle: float,
) -> float:
    """A row: its date in the middle, or above it; what is said in one column or across."""
    when, size = str(row["when"]), canvas.size
    top = y
    if canvas.narrow:
        y = canvas.paragraph(4, y, when, size - 0.6, canvas.width - 8, color=PALE) + 3
    else:
        for line in wrapped(when, middle - 12, size - 0.6):
            top += (size - 0.6) * 1.25
            canvas.text(room + middle / 2, top + 2, line, size - 0.6, color=PALE, align="center")
    columns = [side for side, label in enumerate(sides) if label in row["said_of"]]
    across = len(columns) != 1
    side = 0 if across else columns[0]
    color = INK if across else _COLORS[side]
    if across and not canvas.narrow:
        # What is told of both, or of nobody, stands once, below its date.
        y = top + 5
    x, width = side * (room + middle), canvas.width if across else room
    lines = wrapped(str(row["what"]), width - 14, size)
    tags = wrapped(str(row["how_firmly"]), width - 14, size - 0.6, bold=True)
    height = len(lines) * size * 1.25 + len(tags) * size * 1.2 + 8
    canvas.bar(x, y, width, height, _BOTH if across else _GROUNDS[side])
    if columns:
        canvas.bar(x, y, 2, height, _COLORS[side])
    if len(columns) > 1:
        canvas.bar(x + width - 2, y, 2, height, _COLORS[1])
    down = canvas.lines(x + 7, y, lines, size)
    canvas.lines(x + 7, down + 1, tags, size - 0.6, color=color, bold=True)
    return max(top, y + height)
