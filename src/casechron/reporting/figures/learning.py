"""Which recommendation addresses which finding, and what has no counterpart?"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from casechron.reporting import style
from casechron.reporting.figures.lanes import LINE, finished, page, text_width, wrapped, write
from casechron.reporting.words import counted

__all__ = ["draw_traceability"]

_MARGIN = 12.0
_COLUMN = 22.0
#: After so much of a page the numbers of the columns stand again.
_HEAD_EVERY = 320.0
_BETWEEN = 5.0
_RULE = "#dcd8cc"


def draw_traceability(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """A row for each finding, a column for each recommendation, and a mark where one addresses the
    other.

    `table` is `analysis.learning.traceability`. Recommendations are numbered in the order in which
    the table names them, and written out above; the number of one that addresses no coded finding
    is light. A mark is filled where the source ties the two, hollow where the coder judged it. The
    figure is as tall as it needs to be, also if `ax` is given; marks have the id `addresses-` and
    both ids."""
    ax, width = page(ax)
    named = _recommendations(table)
    width = max(width, _COLUMN * len(named) + 2 * _MARGIN)
    room = width - 2 * _MARGIN
    y = _legend(ax, table, named, width)
    findings = table.loc[table["finding"] != ""].drop_duplicates("finding")
    if findings.empty:
        y = write(ax, _MARGIN, y, ["No finding is coded."], color=style.MUTED)
    number = {row: at for at, row in enumerate(named)}
    left = width - _MARGIN - _COLUMN * len(named)
    headed = -_HEAD_EVERY
    for row in findings.to_dict("records"):
        if named and y - headed > _HEAD_EVERY:
            y = headed = _heads(ax, y, named, left)
        ax.add_artist(
            Line2D([_MARGIN, width - _MARGIN], [y - 2, y - 2], color=_RULE, linewidth=0.8, zorder=0)
        )
        y = write(
            ax, _MARGIN, y, wrapped(f"{row['polarity']}".capitalize(), room, bold=True), bold=True
        )
        y = write(ax, _MARGIN, y, wrapped(row["finding_summary"], room))
        rests = f"rests on {counted(int(row['rests_on_rows']), 'coded row')}"
        beside = _MARGIN + text_width(rests) + 8 <= left
        if beside or not named:
            write(ax, _MARGIN, y + 1, [rests], color=style.MUTED)
        else:
            y = write(ax, _MARGIN, y, [rests], color=style.MUTED)
        tied = zip(
            row["recommendations"].split("; "),
            row["recommendations_basis"].split("; "),
            strict=True,
        )
        bases = dict(tied)
        for recommendation, at in number.items():
            x = left + _COLUMN * (at + 0.5)
            if recommendation in bases:
                gid = f"addresses-{row['finding']}-{recommendation}"
                _mark(ax, x, y + 1 + 0.5 * LINE, bases[recommendation] == "judged", gid)
            else:
                ax.add_artist(
                    Line2D(
                        [x - 2, x + 2], [y + 1 + 0.5 * LINE] * 2, color=style.MUTED, linewidth=0.8
                    )
                )
        y += LINE + _BETWEEN + 3
    return finished(ax, width, y + 4)


def _recommendations(table: pd.DataFrame) -> dict[str, tuple[str, bool]]:
    """Each recommendation as named by the table: its words, and whether it addresses a coded
    finding."""
    found: dict[str, tuple[str, bool]] = {}
    for row in table.to_dict("records"):
        ids, words = (
            row["recommendations"].split("; "),
            row["recommendation_summaries"].split(" · "),
        )
        found |= {
            one: (said, bool(row["finding"])) for one, said in zip(ids, words, strict=True) if one
        }
    return found


def _heads(ax: Axes, y: float, named: dict[str, tuple[str, bool]], left: float) -> float:
    for at, (_, traced) in enumerate(named.values()):
        words = str(at + 1)
        x = left + _COLUMN * (at + 0.5) - text_width(words, bold=traced) / 2
        write(ax, x, y, [words], bold=traced, color=style.INK if traced else style.MUTED)
    return y + LINE + _BETWEEN


def _mark(ax: Axes, x: float, y: float, judged: bool, gid: str) -> None:
    face = "white" if judged else style.PALETTE[0]
    line = Line2D(
        [x],
        [y],
        marker="s",
        markersize=10,
        markerfacecolor=face,
        markeredgecolor=style.PALETTE[0],
        markeredgewidth=2.0,
        linestyle="",
        gid=gid,
    )
    ax.add_line(line)


def _legend(
    ax: Axes, table: pd.DataFrame, named: dict[str, tuple[str, bool]], width: float
) -> float:
    room = width - 2 * _MARGIN
    y = 4.0
    if not named:
        return write(ax, _MARGIN, y, ["No recommendation is coded."], color=style.MUTED) + 6
    y = write(ax, _MARGIN, y, ["Recommendations"], bold=True) + 2
    for at, (words, traced) in enumerate(named.values(), start=1):
        shown = (
            f"{at}  {words}" if traced else f"{at}  {words} (addresses no finding that is coded)"
        )
        y = write(ax, _MARGIN, y, wrapped(shown, room)) + 3
    bases = {
        basis for cell in table["recommendations_basis"] for basis in cell.split("; ") if basis
    }
    for judged, words in (
        (False, "addresses the finding"),
        (True, "addresses it, as the coder judged, not the source"),
    ):
        if bases & ({"judged"} if judged else {"stated", "derived"}):
            _mark(
                ax,
                _MARGIN + 7,
                y + 0.5 * LINE + 2,
                judged,
                f"legend-{'judged' if judged else 'tied'}",
            )
            y = write(ax, _MARGIN + 24, y + 2, wrapped(words, room - 24)) + 2
    return y + 8
