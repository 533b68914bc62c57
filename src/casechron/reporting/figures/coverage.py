"""How many coded rows rest on each paragraph of a source?"""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from casechron.reporting import style


def draw_rows_by_paragraph(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """A bar for each paragraph, as long as the number of rows that rest on it.

    `table` is `analysis.record.rows_by_paragraph`. Paragraphs that are not coded have their reason in place of a bar.
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(7.2, 1.2 + 0.24 * max(len(table), 2)))
    places = range(len(table))
    looks = style.looks(1)[0]
    ax.barh(list(places), table["rows"].astype(int), color=looks["color"], height=0.7)
    for place, (rows, status) in enumerate(zip(table["rows"], table["status"], strict=True)):
        ax.text(rows, place, f" {rows}" if rows else f" {status}", va="center", ha="left", fontsize=8, color=style.INK)
    ax.set_yticks(list(places), [str(number) for number in table["paragraph"]], fontsize=8)
    ax.invert_yaxis()
    ax.set_xlabel("coded rows that rest on the paragraph")
    ax.set_ylabel("paragraph")
    ax.margins(x=0.12)
    if table.empty:
        ax.set_xlim(0, 1)
        ax.text(0.5, 0.5, "no text was at hand", ha="center", va="center", transform=ax.transAxes)
        ax.set_xticks([])
    return ax
