"""Where on a page do words and bars go, so that none overlaps another?

Pages are measured in points, x to the right and y downwards, and words by the font that draws them.
Everything here goes through its input in order and takes the first place that is free, so that
equal input gives an equal page."""

from __future__ import annotations

from collections.abc import Iterable

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from casechron.reporting import letters, style
from casechron.reporting.figures.page_axes import PageAxes

__all__ = ["FONT", "LINE", "WIDTH", "finished", "packed", "page", "text_width", "wrapped", "write"]

#: With letters of 11 points on so narrow a page they are 10 pixels high on a telephone 360 pixels
#: wide, and at their own size as large as those of a table.
WIDTH = 330.0
FONT = 11.0
#: From one line of words to the next.
LINE = 14.0
_NARROWEST = 240.0
_ROUNDING = 1.04


def text_width(text: str, size: float = FONT, bold: bool = False) -> float:
    """How many points wide is a line of words at the most?

    As the font has it, and a little more: some renderers make letters a whole number of pixels
    wide.

    >>> round(text_width("iii"), 1), round(text_width("WWW"), 1)
    (9.5, 33.9)
    """
    return letters.width(text, bold) * size * _ROUNDING


def wrapped(text: str, width: float, size: float = FONT, bold: bool = False) -> list[str]:
    """Words in lines none of which is wider than `width` points; a word too long for a line is cut.

    No words are no lines.

    >>> wrapped("an unannounced visit by a social worker", 130)
    ['an unannounced visit', 'by a social worker']
    """
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if text_width(longer, size, bold) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        while text_width(word, size, bold) > width and len(word) > 1:
            cut = next(
                at
                for at in range(len(word) - 1, 0, -1)
                if at == 1 or text_width(word[:at], size, bold) <= width
            )
            lines.append(word[:cut])
            word = word[cut:]
        line = word
    return [*lines, line] if line else lines


def packed(
    spans: Iterable[tuple[float, float]], gap: float = 0.0, *, in_order: bool = False
) -> list[int]:
    """In which lane does each span go, so that spans of one lane keep `gap` apart?

    Each span, in the order given, takes the first lane that is free where it lies; with `in_order`
    no lane before that of the span before it, nor a place to the left of one in its lane, so that
    lanes read as lines do. Lanes count from 0.

    >>> (
    ...     packed([(0, 4), (2, 6), (5, 9), (6, 7)]),
    ...     packed([(0, 4), (2, 6), (5, 9), (6, 7)], in_order=True),
    ... )
    ([0, 1, 0, 1], [0, 1, 2, 3])
    """
    lanes: list[list[tuple[float, float]]] = []
    places: list[int] = []
    for low, high in spans:
        lane = places[-1] if in_order and places else 0
        while lane < len(lanes) and not _free(lanes[lane], low, high, gap, in_order):
            lane += 1
        if lane == len(lanes):
            lanes.append([])
        lanes[lane].append((low, high))
        places.append(lane)
    return places


def _free(
    held: list[tuple[float, float]], low: float, high: float, gap: float, in_order: bool
) -> bool:
    return all(b + gap <= low or (not in_order and high + gap <= a) for a, b in held)


def page(ax: Axes | None) -> tuple[Axes, float]:
    """Axes to lay out a page on, and how many points wide it is."""
    if ax is None:
        figure = plt.figure(figsize=(WIDTH / 72, 1), layout="none")
        return figure.add_axes((0, 0, 1, 1), axes_class=PageAxes), WIDTH
    figure = _root(ax)
    return ax, max(_NARROWEST, ax.get_position().width * figure.get_size_inches()[0] * 72)


def finished(ax: Axes, width: float, height: float) -> Axes:
    """The axes, with a point as their unit; the figure is made so tall that the page fits.

    Axes that came with the figure keep their share of it.
    """
    figure, share = _root(ax), ax.get_position()
    figure.set_size_inches(width / 72 / share.width, height / 72 / share.height)
    ax.set_position(share)  # from now on no layout engine moves them
    ax.set_xlim(0, width)
    ax.set_ylim(height, 0)
    ax.set_axis_off()
    return ax


def write(
    ax: Axes,
    x: float,
    y: float,
    lines: Iterable[str],
    *,
    color: str = style.INK,
    bold: bool = False,
    size: float = FONT,
) -> float:
    """Write lines of words from the top left corner (x, y) downwards; the y below them."""
    for line in lines:
        text = Text(
            x,
            y + 0.78 * LINE,
            line,
            color=color,
            verticalalignment="baseline",
            horizontalalignment="left",
            fontproperties=letters.font(size, bold),
            parse_math=False,
        )
        ax.add_artist(text)
        text.set_clip_on(False)
        y += LINE
    return y


def _root(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError(
            "these axes belong to no figure any more; leave ax out, or give axes of a figure"
        )
    return figure
