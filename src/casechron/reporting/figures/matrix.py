"""How does a matrix fit on a narrow page? The words of a row stand over its marks, and both have
the width of the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from casechron.reporting import style
from casechron.reporting.figures.lanes import write
from casechron.reporting.figures.marks import MARGIN, rows_of_numbers

__all__ = ["Matrix", "matrix_width"]

#: Marks are 11 points wide.
_WIDEST, _NARROWEST = 26.0, 12.0
#: Where columns are narrower, their numbers stand in two lines by turns.
_ABREAST = 18.0
#: Between groups of columns.
_APART = 9.0
#: The band of the marks of a row.
_BAND = 17.0
#: After so much of a page the numbers of the columns stand again.
_HEAD_EVERY = 320.0


def matrix_width(width: float, groups: Sequence[Sequence[str]]) -> float:
    """How wide a page has to be so that the marks of these columns stand apart.

    >>> matrix_width(330, [["1", "2"], ["a"]]), matrix_width(330, [["1"] * 30])
    (330, 380.0)
    """
    return max(width, 2 * MARGIN + _NARROWEST * sum(map(len, groups)) + _APART * (len(groups) - 1))


class Matrix:
    """Columns with a short head each, in groups, and rows written one below the other.

    `groups` are the heads of the columns from left to right; `x` is where each stands. The heads
    are written again every so often; lines lead from them down through the marks, not through the
    words."""

    def __init__(self, ax: Axes, width: float, groups: Sequence[Sequence[str]]) -> None:
        self._ax, self._width = ax, width
        groups = [group for group in groups if group]
        gaps = _APART * (len(groups) - 1)
        pitch = min(_WIDEST, (width - 2 * MARGIN - gaps) / max(1, sum(map(len, groups))))
        self._lines = 1 if pitch >= _ABREAST else 2
        self.x: dict[str, float] = {}
        x = MARGIN
        for group in groups:
            for head in group:
                self.x[head] = x + pitch / 2
                x += pitch
            x += _APART
        self._headed: float | None = None
        self._top = 0.0

    def row(self, y: float, lines: Iterable[str], more: Iterable[str] = ()) -> tuple[float, float]:
        """Write the words of a row, `more` of them lighter; the y of the middle of its marks, and
        the y below it."""
        if self._headed is None or y - self._headed > _HEAD_EVERY:
            self.end(y)
            heads = list(self.x.items())
            for line in range(self._lines):
                y = rows_of_numbers(
                    self._ax, y + 4 * (line == 0) - 2 * line, heads[line :: self._lines]
                )
            self._headed = self._top = y
        below = write(self._ax, MARGIN, y + 2, lines)
        below = write(self._ax, MARGIN, below, more, color=style.MUTED)
        ground = Rectangle(
            (0, y), self._width, below - y + 1, facecolor="white", linewidth=0, zorder=-0.5
        )
        self._ax.add_artist(ground)
        y = below + _BAND + 2
        rule = Line2D(
            [MARGIN, self._width - MARGIN], [y, y], color="#c9c5b9", linewidth=0.6, zorder=0
        )
        self._ax.add_artist(rule)
        return below + 1 + _BAND / 2, y + 2

    def end(self, y: float) -> None:
        """Draw the lines of the columns down to y."""
        if self._headed is not None:
            ends = [(x, x, float("nan")) for x in self.x.values()]
            xs = [place for three in ends for place in three]
            ys = [self._top, y - 2, float("nan")] * len(ends)
            self._ax.add_artist(Line2D(xs, ys, color="#dcd8cc", linewidth=0.6, zorder=-1))
