"""How many coded rows rest on each paragraph of a source?"""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from casechron.reporting import style
from casechron.reporting.figures import chart

__all__ = ["draw_rows_by_paragraph"]

#: Of a bar, in rows; of letters, in points.
_HIGH, _SMALL = 0.7, 8


def draw_rows_by_paragraph(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """A bar for each paragraph, as long as the number of rows that rest on it.

    `table` is `analysis.record.rows_by_paragraph`. Paragraphs that are not coded have their reason in place of a bar.
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(7.2, 1.2 + 0.24 * max(len(table), 2)))
    counts = [int(rows) for rows in table["rows"]]
    for place, (count, status) in enumerate(zip(counts, table["status"], strict=True)):
        chart.bar(ax, place, 0, count, _HIGH, facecolor=style.looks(1)[0]["color"])
        chart.words(ax, count, place, f" {count}" if count else f" {status}", va="center", fontsize=_SMALL, in_layout=False)
    needed = chart.row_labels(ax, [str(number) for number in table["paragraph"]], _SMALL)
    ax.set_xlim(0, max([1, *counts]) * 1.12)
    last = max(len(counts), 1) - 1 + _HIGH / 2
    beyond = 0.05 * (last + _HIGH / 2)
    ax.set_ylim(last + beyond, -_HIGH / 2 - beyond)
    ax.set_xlabel("coded rows that rest on the paragraph")
    ax.set_ylabel("paragraph", labelpad=4 + needed)
    if table.empty:
        ax.set_xlim(0, 1)
        ax.text(0.5, 0.5, "no text was at hand", ha="center", va="center", transform=ax.transAxes)
        ax.set_xticks([])
    return ax
