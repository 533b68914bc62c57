"""How is it drawn what hangs on the choices of the coder and of the dating policy?"""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from casechron.analysis.intervals import rows_of
from casechron.reporting import style
from casechron.reporting.figures import marks
from casechron.reporting.figures.lanes import LINE, finished, page, text_width, wrapped, write
from casechron.reporting.figures.marks import MARGIN
from casechron.reporting.figures.matrix import Matrix, matrix_width
from casechron.reporting.words import counted

__all__ = ["draw_conclusions_by_choice", "draw_robust_conclusions"]

#: How the three outcomes look: dark, hatched and pale.
_KINDS: dict[str, dict[str, Any]] = {
    "holds": {"facecolor": style.PALETTE[0]},
    "changes": {"facecolor": style.PALETTE[5], "hatch": "////"},
    "no admissible chronology": {"facecolor": "white", "hatch": "xxxx", "hatchcolor": style.MUTED},
}
_BAR = 12.0
_AXIS_EVERY = 300.0
_PARTS = {0.0: "0", 0.25: "¼", 0.5: "half", 0.75: "¾", 1.0: "all"}


def draw_robust_conclusions(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Each conclusion as a bar over all combinations of choices: where it holds, changes, or
    nothing can be concluded.

    `table` is `robustness.robust_conclusions`; under how many it holds stands beside its bar, what
    flips it beneath. Artists have the ids `holds-`, `changes-`, `no admissible chronology-` and the
    number of the row."""
    ax, width = page(ax)
    room = width - 2 * MARGIN
    if table.empty:
        return finished(
            ax,
            width,
            write(ax, MARGIN, 6, ["There is no conclusion to vary."], color=style.MUTED) + 6,
        )
    y = 6.0
    for name, look in _KINDS.items():
        _bar(ax, MARGIN, y + LINE / 2, 24, f"legend-{name}", look)
        y = write(ax, MARGIN + 32, y, wrapped(name, room - 32)) + 2
    y = write(
        ax,
        MARGIN,
        y + 4,
        wrapped("Part of the combinations of choices that bear on it:", room),
        color=style.MUTED,
    )
    beside = max(text_width(words, bold=True) for words in ("some", *table["hold_under"])) + 8
    long = room - beside
    headed: float | None = None
    for at, row in enumerate(rows_of(table)):
        if headed is None or y - headed >= _AXIS_EVERY:
            headed = y
            y = _parts_axis(ax, y, long) + 4
        y = write(ax, MARGIN, y, wrapped(row.conclusion, room))
        x = MARGIN
        for name, count in zip(
            _KINDS, (row.holds, row.changes, row.no_admissible_chronology), strict=True
        ):
            wide = long * float(count) / float(row.combinations)
            if wide:
                _bar(ax, x, y + 1 + LINE / 2, wide, f"{name}-{at}", _KINDS[name])
            x += wide
        y = write(ax, MARGIN + long + 8, y + 1, [row.hold_under], bold=True) + 1
        if row.flipped_by:
            y = write(
                ax, MARGIN, y, wrapped(f"flipped by {row.flipped_by}", room), color=style.MUTED
            )
        y += 7
    return finished(ax, width, y)


def _bar(ax: Axes, x: float, y: float, wide: float, gid: str, look: dict[str, Any]) -> None:
    ax.add_artist(
        Rectangle(
            (x, y - _BAR / 2), wide, _BAR, edgecolor=style.INK, linewidth=0.7, gid=gid, **look
        )
    )


def _parts_axis(ax: Axes, y: float, long: float) -> float:
    base = y + LINE + 3
    xs, ys = [MARGIN, MARGIN + long, float("nan")], [base, base, float("nan")]
    for part, words in _PARTS.items():
        x = MARGIN + long * part
        xs += [x, x, float("nan")]
        ys += [y + 3, base + 2, float("nan")]
        write(ax, x + 3, y, [words])
    ax.add_artist(Line2D(xs, ys, color=style.MUTED, linewidth=0.8))
    return base + 3


def draw_conclusions_by_choice(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Conclusions by choices: a mark for what each choice alone does to each conclusion.

    `table` is `robustness.conclusions_by_choice`. Choices are numbered, the key names them. A full
    square holds, a light and crossed one changes, a dash has no admissible chronology. Choices
    under which all conclusions hold have no column; a line below the key says how many they are.
    Artists have the ids `outcome-`, the numbers of the conclusion and of the choice."""
    ax, width = page(ax)
    if table.empty:
        return finished(
            ax,
            width,
            write(ax, MARGIN, 6, ["There is no conclusion to vary."], color=style.MUTED) + 6,
        )
    told = {"as given", *table.loc[table["outcome"] != "holds", "choice"]}
    tried = list(dict.fromkeys(table["choice"]))
    number = {
        choice: str(at)
        for at, choice in enumerate((choice for choice in tried if choice in told), start=1)
    }
    width = matrix_width(width, [list(number.values())])
    drawn = {
        "holds": marks.filled,
        "changes": marks.changed,
        "no admissible chronology": marks.nothing,
    }
    shown = set(table["outcome"])
    y = marks.draw_legend(
        ax, 6, width, [(mark, name) for name, mark in drawn.items() if name in shown], "outcome"
    )
    y = marks.draw_key(
        ax, y, width, [(short, choice) for choice, short in number.items()], "Choices, each alone:"
    )
    if len(number) < len(tried):
        words = (
            f"Not drawn: {counted(len(tried) - len(number), 'choice')} under which every conclusion"
            " holds."
        )
        y = write(ax, MARGIN, y, wrapped(words, width - 2 * MARGIN), color=style.MUTED) + 4
    matrix = Matrix(ax, width, [list(number.values())])
    drawn_rows = table.loc[table["choice"].isin(list(number))]
    for at, (conclusion, rows) in enumerate(drawn_rows.groupby("conclusion", sort=False)):
        middle, y = matrix.row(y, wrapped(str(conclusion), width - 2 * MARGIN))
        for choice, outcome in zip(rows["choice"], rows["outcome"], strict=True):
            drawn[outcome](ax, matrix.x[number[choice]], middle, f"outcome-{at}-{number[choice]}")
    matrix.end(y)
    return finished(ax, width, y + 4)
