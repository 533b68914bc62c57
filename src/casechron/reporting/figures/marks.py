"""With which small marks do matrices say who had what part, so that they stay apart without
colour?"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Polygon, Rectangle

from casechron.reporting import style
from casechron.reporting.figures.lanes import FONT, LINE, text_width, wrapped, write

__all__ = [
    "MARGIN",
    "SIZE",
    "Mark",
    "absence",
    "disc",
    "dot",
    "draw_key",
    "draw_legend",
    "filled",
    "hatched",
    "left",
    "nothing",
    "number",
    "right",
    "ring",
    "rows_of_numbers",
    "small_ring",
]

MARGIN = 10.0
#: Marks fit in a square of so many points.
SIZE = 11.0
#: By how much `text_width` rounds up, which a text in the middle of a mark must not.
_ROUNDING = 1.04
Mark = Callable[[Axes, float, float, str], None]
_DARK, _LIGHT = style.PALETTE[0], style.PALETTE[4]


def filled(ax: Axes, x: float, y: float, gid: str) -> None:
    """A full square around (x, y)."""
    _square(ax, x, y, gid, facecolor=_DARK, edgecolor=_DARK)


def hatched(ax: Axes, x: float, y: float, gid: str) -> None:
    """A light square with strokes."""
    _square(ax, x, y, gid, facecolor=_LIGHT, edgecolor=style.INK, hatch="//////", linewidth=0.8)


def absence(ax: Axes, x: float, y: float, gid: str) -> None:
    """An empty square with a dashed edge, crossed: what was not there."""
    half = SIZE / 2 - 0.5
    _square(
        ax,
        x,
        y,
        gid,
        facecolor="white",
        edgecolor=style.PALETTE[1],
        linewidth=1.0,
        linestyle=(0, (2, 1.4)),
    )
    for sign in (1, -1):
        ax.add_line(
            Line2D(
                [x - half + 1.5, x + half - 1.5],
                [y - sign * (half - 1.5), y + sign * (half - 1.5)],
                color=style.PALETTE[1],
                linewidth=1.6,
                gid=f"{gid}--cross{'' if sign > 0 else '-2'}",
            )
        )


def right(ax: Axes, x: float, y: float, gid: str) -> None:
    """A full triangle that points to the right: telling."""
    _triangle(ax, x, y, 1, gid)


def left(ax: Axes, x: float, y: float, gid: str) -> None:
    """A triangle that points to the left, empty: told."""
    _triangle(ax, x, y, -1, gid)


def disc(ax: Axes, x: float, y: float, gid: str) -> None:
    """A full circle."""
    ax.add_patch(
        Circle(
            (x, y),
            SIZE / 2 - 1,
            facecolor=style.PALETTE[2],
            edgecolor=style.INK,
            linewidth=0.6,
            gid=gid,
        )
    )


def ring(ax: Axes, x: float, y: float, gid: str) -> None:
    """An empty diamond: what came only afterwards."""
    half = SIZE / 2 - 0.5
    corners = [(x, y - half), (x + half, y), (x, y + half), (x - half, y)]
    dashes = (0, (2, 1))
    ax.add_patch(
        Polygon(
            corners,
            closed=True,
            facecolor="white",
            edgecolor=style.INK,
            linewidth=1.0,
            linestyle=dashes,
            gid=gid,
        )
    )


def small_ring(ax: Axes, x: float, y: float, gid: str) -> None:
    """A small empty circle."""
    ax.add_patch(
        Circle((x, y), 2.6, facecolor="white", edgecolor=style.INK, linewidth=0.8, gid=gid)
    )


def dot(ax: Axes, x: float, y: float, gid: str) -> None:
    """A small full circle."""
    ax.add_patch(Circle((x, y), 2.0, facecolor=style.INK, linewidth=0, gid=gid))


def nothing(ax: Axes, x: float, y: float, gid: str) -> None:
    """A short dash."""
    ax.add_line(Line2D([x - 2, x + 2], [y, y], color=style.MUTED, linewidth=0.8, gid=gid))


def number(
    ax: Axes, x: float, y: float, words: str, *, bold: bool = False, color: str = style.INK
) -> None:
    """A short text with its middle at (x, y)."""
    write(
        ax,
        x - text_width(words, FONT, bold) / _ROUNDING / 2,
        y - LINE / 2 - 0.2,
        [words],
        bold=bold,
        color=color,
    )


def draw_legend(
    ax: Axes, y: float, width: float, entries: Iterable[tuple[Mark, str]], name: str
) -> float:
    """The meaning of each mark, in as few lines as fit; the y below them."""
    x = MARGIN
    for at, (mark, words) in enumerate(entries):
        room = SIZE + 4 + text_width(words)
        if x > MARGIN and x + room > width - MARGIN:
            x, y = MARGIN, y + LINE + 2
        lines = wrapped(words, width - 2 * MARGIN - SIZE - 4)
        mark(ax, x + SIZE / 2, y + LINE / 2, f"legend-{name}-{at}")
        below = write(ax, x + SIZE + 4, y, lines)
        if len(lines) > 1:
            x, y = MARGIN, below - LINE
        x += room + 12
    return y + LINE + 6


def draw_key(
    ax: Axes, y: float, width: float, entries: Iterable[tuple[str, str]], heading: str = ""
) -> float:
    """What each number stands for, one below the other in two columns where they fit; the y below
    them."""
    if heading:
        y = write(ax, MARGIN, y, wrapped(heading, width - 2 * MARGIN), color=style.MUTED)
    listed = list(entries)
    indent = max((text_width(short, bold=True) for short, _ in listed), default=0.0) + 5
    column = (width - 2 * MARGIN - 12) / 2
    two = all(text_width(words) + indent <= column for _, words in listed) and len(listed) > 3
    half = -(-len(listed) // 2) if two else len(listed)
    lowest = top = y
    for at, (short, words) in enumerate(listed):
        if at == half and two:
            y = top
        x = MARGIN + (column + 12 if two and at >= half else 0)
        write(ax, x, y, [short], bold=True)
        y = write(
            ax, x + indent, y, wrapped(words, (column if two else width - 2 * MARGIN) - indent)
        )
        lowest = max(lowest, y)
    return lowest + 4


def rows_of_numbers(ax: Axes, y: float, columns: Iterable[tuple[str, float]]) -> float:
    """The numbers of the columns above their middles; the y below them."""
    for words, x in columns:
        number(ax, x, y + LINE / 2, words, bold=True)
    return y + LINE + 2


def _square(ax: Axes, x: float, y: float, gid: str, **looks: object) -> None:
    half = SIZE / 2 - 0.5
    ax.add_patch(Rectangle((x - half, y - half), 2 * half, 2 * half, gid=gid, **looks))  # type: ignore[arg-type]


def _triangle(ax: Axes, x: float, y: float, way: int, gid: str) -> None:
    half = SIZE / 2 - 0.5
    corners = [(x - way * half, y - half), (x + way * half, y), (x - way * half, y + half)]
    face = _DARK if way > 0 else "white"
    ax.add_patch(
        Polygon(corners, closed=True, facecolor=face, edgecolor=_DARK, linewidth=1.2, gid=gid)
    )
