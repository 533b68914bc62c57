"""What does each of several reviews say to the same questions? A small chart for each question, all
on one scale of days."""

from __future__ import annotations

import pandas as pd

from casechron.report.draw.canvas import Canvas, rows_by
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
        y = Scale(canvas, of_panel, longest).draw(y)
    return canvas
