"""What does each of several reviews say to the same questions? A small chart for each question, all
on one scale of days."""

from __future__ import annotations

import pandas as pd

from casechron.report.draw.canvas import Canvas, size_of
from casechron.report.draw.waits import Scale

__all__ = ["draw_across"]


def draw_across(intervals: pd.DataFrame, title: str, note: str = "", px: int = 1160) -> Canvas:
    """A small chart for each question, one below the other, all on the scale of `draw_waits`.

    The rows keep their order: none is by length. A review of which no days are told has words in
    the place of its bar.

    Parameters
    ----------
    intervals : pandas.DataFrame
        `panel` (the heading of its small chart; rows of one stand together), `row` (its id),
        `text` (whose it is), `length` (how long, or why that is not told), `days_min`, `days_max`
        (days; <NA>: open, or none told), `limit_min`, `limit_max` (calendar days that the limit can
        be; <NA>: none).
    title : str
        The finding, as a sentence.
    note : str, default ""
        What stands below it.
    px : int, default 1160
        The width in CSS pixels.

    Returns
    -------
    Canvas
        Its `figure()` is the drawing. Each row is a group that leads to its row of the table.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"panel": "Call to visit", "row": "x.call", "text": "Child X", "length": "3 days"}
    >>> row |= {"days_min": 3, "days_max": 3, "limit_min": None, "limit_max": None}
    >>> list(draw_across(pd.DataFrame([row]), "Three days").links)
    ['wait-x.call-']
    """
    canvas = Canvas(px, "across")
    y = canvas.paragraph(2, 0, title, size_of(px, 14, 17), canvas.width - 4, bold=True)
    size = size_of(px, 8.8, 9.2)
    if note:
        y = canvas.paragraph(2, y + 2, note, size, canvas.width - 4)
    panels: dict[str, list[dict[str, object]]] = {}
    for record in intervals.to_dict("records"):
        row = {str(key): None if pd.isna(value) else value for key, value in record.items()}
        row |= {"event": row["row"], "to_event": "", "href": f"tables/across.html#{row['row']}"}
        panels.setdefault(str(row["panel"]), []).append(row)
    days = intervals[["days_min", "days_max", "limit_max"]].max().max()
    for panel, rows in panels.items():
        y = canvas.paragraph(2, y + 12, panel, size + 1.5, canvas.width - 4, bold=True)
        y = Scale(canvas, rows, size, 0 if pd.isna(days) else float(days)).draw(y)
    return canvas
