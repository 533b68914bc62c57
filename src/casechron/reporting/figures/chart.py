"""How do the rows of a chart get their labels, bars, segments and words, as few things as can be?

A tick of matplotlib's for each row, a call of `plot` for each mark and a layout that measures each of them would take most
of the time of a figure. Here what looks alike is one line with gaps, labels are words, and only what may stand out of the
axes has a part in the layout.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.transforms import offset_copy

from casechron.reporting import letters, style

__all__ = ["GAP", "Strokes", "bar", "note", "parts", "row_labels", "rules", "words"]

GAP = float("nan")
_TICK = 3.5
_PAD = 3.5
#: What matplotlib calls a short line from a place to the left; its stubs have no name for it.
_TO_THE_LEFT: Any = 0


class Strokes:
    """Segments and marks of a chart, one line of matplotlib's for each look, in the order in which looks first come.

    >>> from matplotlib.figure import Figure
    >>> strokes = Strokes()
    >>> strokes.add([1, 4], [0, 0], color="red")
    >>> strokes.add([2, 3], [1, 1], color="red")
    >>> ax = Figure().subplots()
    >>> strokes.draw(ax)
    >>> parts(ax.lines[0])
    [((1.0, 0.0), (4.0, 0.0)), ((2.0, 1.0), (3.0, 1.0))]
    """

    def __init__(self) -> None:
        self._looks: dict[tuple[tuple[str, Any], ...], tuple[list[float], list[float]]] = {}

    def add(self, xs: Iterable[float], ys: Iterable[float], **look: Any) -> None:
        """Another segment, or marks at some places."""
        held = self._looks.setdefault(tuple(look.items()), ([], []))
        for one, other in zip(held, (xs, ys), strict=True):
            one.extend([GAP, *other] if one else other)

    def draw(self, ax: Axes) -> None:
        """Draw all of them, within the axes."""
        for look, (xs, ys) in self._looks.items():
            ax.add_line(Line2D(xs, ys, **dict(look))).set_in_layout(False)


def parts(line: Line2D) -> list[tuple[tuple[float, float], ...]]:
    """The places of a line of `Strokes`, apart where it has gaps."""
    found: list[list[tuple[float, float]]] = [[]]
    for x, y in line.get_xydata().tolist():  # type: ignore[union-attr]
        if x != x:
            found.append([])
        else:
            found[-1].append((x, y))
    return [tuple(part) for part in found]


def bar(ax: Axes, y: float, low: float, high: float, height: float, **look: Any) -> None:
    """A bar from low to high, with its middle at y; it moves no limits."""
    patch = Rectangle((low, y - height / 2), high - low, height, **look)
    patch.set_in_layout(False)
    ax.add_artist(patch)


def words(ax: Axes, x: float, y: float, text: str, **look: Any) -> None:
    """A text at a place of the axes, as it is written."""
    ax.text(x, y, text, **{"color": style.INK, "parse_math": False, **look})


def note(ax: Axes, x: float, y: float, text: str, size: float) -> None:
    """A text to the right of a mark."""
    beside = offset_copy(ax.transData, ax.get_figure(root=True), 9, 0, units="points")
    words(ax, x, y, text, va="center", fontsize=size, transform=beside)


def rules(ax: Axes, places: Iterable[float]) -> None:
    """Light lines across the axes."""
    ys = [y for place in places for y in (place, place, GAP)]
    line = Line2D([0, 1, GAP] * (len(ys) // 3), ys, color="#d9d7cf", linewidth=0.6, zorder=0, transform=ax.get_yaxis_transform())
    line.set_in_layout(False)
    ax.add_artist(line)


def row_labels(ax: Axes, labels: Sequence[str], size: float, *, ticks: bool = True) -> float:
    """A label to the left of each row, with a tick; how many points the labels need."""
    ax.set_yticks([])
    if not labels:
        return 0.0
    pad = _PAD + (_TICK if ticks else 0.0)
    if ticks:
        marks = Line2D(
            [0] * len(labels), range(len(labels)), linestyle="", marker=_TO_THE_LEFT, markersize=_TICK, color=style.MUTED,
            markeredgewidth=0.8, transform=ax.get_yaxis_transform(), clip_on=False,
        )  # fmt: skip
        marks.set_in_layout(False)
        ax.add_artist(marks)
    transform, vertical, horizontal = ax.get_yaxis_text1_transform(pad)
    for place, label in enumerate(labels):
        words(ax, 0, place, label, fontsize=size, transform=transform, va=vertical, ha=horizontal, gid=f"label-{place}")
    return pad + max(letters.width(line) * size for label in labels for line in label.split("\n"))
