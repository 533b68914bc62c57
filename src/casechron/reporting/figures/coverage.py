"""How many coded rows rest on each paragraph of a source?"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from casechron.reporting import style
from casechron.reporting.figures.lanes import LINE, finished, page, text_width, wrapped, write
from casechron.reporting.figures.marks import MARGIN

__all__ = ["draw_rows_by_paragraph"]

_BAR = 10.0
#: Room between two rows, where a printed drawing can be cut.
_APART = 2.5


def draw_rows_by_paragraph(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """A bar for each paragraph, as long as the number of rows that rest on it, which stands behind
    it.

    `table` is `analysis.record.rows_by_paragraph`. Paragraphs that are not coded have their reason
    in place of a bar. Artists have the id `rows-` and the number of the row of the table."""
    ax, width = page(ax)
    if table.empty:
        return finished(
            ax, width, write(ax, MARGIN, 6, ["No text was at hand."], color=style.MUTED) + 6
        )
    numbers = [str(number) for number in table["paragraph"]]
    counts = [int(rows) for rows in table["rows"]]
    left = MARGIN + max(map(text_width, numbers)) + 8
    unit = (width - MARGIN - left - text_width(f"{max(counts)}") - 5) / max([1, *counts])
    said = "The number of a paragraph, and of the coded rows that rest on it"
    y = write(ax, MARGIN, 6, wrapped(said, width - 2 * MARGIN), color=style.MUTED) + 4
    for at, (number, count, status) in enumerate(
        zip(numbers, counts, table["status"], strict=True)
    ):
        write(ax, left - 8 - text_width(number), y, [number])
        if count:
            ax.add_artist(
                Rectangle(
                    (left, y + (LINE - _BAR) / 2),
                    unit * count,
                    _BAR,
                    facecolor=style.PALETTE[0],
                    edgecolor=style.INK,
                    linewidth=0.6,
                    gid=f"rows-{at}",
                )
            )
            y = write(ax, left + unit * count + 5, y, [f"{count}"]) + _APART
        else:
            y = (
                write(ax, left, y, wrapped(str(status), width - MARGIN - left), color=style.MUTED)
                + _APART
            )
    return finished(ax, width, y + 4)
