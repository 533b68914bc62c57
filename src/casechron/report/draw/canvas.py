"""On what is a chart drawn? A sheet measured in points, on which words have a width.

A chart of words, bars and lanes is laid out before it is drawn: how many lines a label needs
decides where the next bar stands. So a chart puts shapes on a `Canvas` from the top down, and
matplotlib draws them when its height is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from matplotlib.artist import Artist
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import Kerning, LoadFlags
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle
from matplotlib.text import Text

from casechron.report.draw import NARROW, WIDE

__all__ = [
    "GROUND",
    "INK",
    "NARROW",
    "PALE",
    "WIDE",
    "Canvas",
    "mixed",
    "size_of",
    "text_width",
    "wrapped",
]

#: CSS pixels in a point.
POINT = 0.75
INK, PALE, GROUND = "#1d1d1b", "#62625d", "#fcfbf7"
_FAMILY = "DejaVu Sans"
#: The size in points at which letters are measured.
_UNIT = 100


@cache
def _properties(size: float, bold: bool) -> FontProperties:
    return FontProperties(family=_FAMILY, size=size, weight="bold" if bold else "normal")


@cache
def _advance(letter: str, following: str, bold: bool) -> float:
    """How far the letter that follows stands from this one, in points at the size of `_UNIT`."""
    # Matplotlib's own, which no process shares with those that it forks.
    font = get_font(findfont(_properties(_UNIT, bold)))
    font.set_size(_UNIT, 72)
    glyph = font.load_char(ord(letter), LoadFlags.NO_HINTING)
    kerning = font.get_kerning(
        font.get_char_index(ord(letter)), font.get_char_index(ord(following)), Kerning.UNFITTED
    )
    return float(glyph.linearHoriAdvance / 65_536 + kerning / 64)


@lru_cache(maxsize=20_000)
def text_width(text: str, size: float, bold: bool = False) -> float:
    """How wide a line of text is drawn: the sum of what each letter advances.

    Matplotlib's own measure, within a hundredth of this one, takes twenty times as long.

    Parameters
    ----------
    text, size, bold
        The line, its size in points, and whether it is bold.

    Returns
    -------
    float
        The width in points.

    Examples
    --------
    >>> text_width("Section 47", 9) < text_width("Section 47", 9, bold=True)
    True
    """
    pairs = zip(text, text[1:] + " ", strict=True)
    return sum(_advance(*pair, bold) for pair in pairs) * size / _UNIT


def wrapped(text: str, room: float, size: float, bold: bool = False) -> list[str]:
    """The lines of a text that fit a room, broken between words; a longer word stands over.

    >>> wrapped("Initial child protection conference", 90, 9)
    ['Initial child', 'protection', 'conference']
    """
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def mixed(color: str, ground: str, share: float) -> str:
    """A colour on a ground, as strong as its share.

    >>> mixed("#000000", "#ffffff", 0.4)
    '#999999'
    """
    pairs = zip(to_rgb(color), to_rgb(ground), strict=True)
    red, green, blue = (share * one + (1 - share) * other for one, other in pairs)
    return to_hex((red, green, blue))


def size_of(px: int, narrow: float, wide: float) -> float:
    """A size in points for a drawing of this width in pixels."""
    return narrow if px < WIDE else wide


@dataclass(frozen=True, slots=True)
class Link:
    """Where a part of a drawing leads, and what it says to who hears it."""

    href: str
    label: str


@dataclass
class Canvas:
    """A sheet of a width in CSS pixels, whose height grows with what is put on it.

    `x` and `y` are points from the left and from the top. What is put within `group` belongs
    together: it is one element of the drawing, by its name, to which a page can link."""

    px: int
    name: str
    height: float = 0.0
    links: dict[str, Link] = field(default_factory=dict)
    _shapes: list[tuple[int, str, str, tuple[Any, ...]]] = field(default_factory=list)
    _group: str = ""

    @property
    def narrow(self) -> bool:
        """Whether it is the drawing for a phone."""
        return self.px < (NARROW + WIDE) / 2

    @property
    def width(self) -> float:
        """The width in points."""
        return self.px * POINT

    @contextmanager
    def group(self, name: str, link: Link | None = None) -> Iterator[None]:
        """Put together, under a name, what is put on the sheet meanwhile; it may lead somewhere."""
        before, self._group = self._group, name
        if link is not None:
            self.links[name] = link
        yield
        self._group = before

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        color: str = INK,
        bold: bool = False,
        align: str = "left",
    ) -> None:
        """A line of text on the base line `y`."""
        self._put(4, "text", (x, y, text, size, color, bold, align), y)

    def slanted(
        self, x: float, y: float, text: str, size: float, angle: float, *, color: str = INK
    ) -> None:
        """A line of text that goes up from its beginning at `x` and `y`, by so many degrees."""
        self._put(4, "slanted", (x, y, text, size, color, angle), y)

    def lines(
        self,
        x: float,
        y: float,
        lines: Sequence[str],
        size: float,
        *,
        color: str = INK,
        bold: bool = False,
        align: str = "left",
    ) -> float:
        """Lines of text below `y`; where they end."""
        for line in lines:
            y += size * 1.25
            self.text(x, y, line, size, color=color, bold=bold, align=align)
        return y

    def paragraph(
        self, x: float, y: float, text: str, size: float, room: float, **look: Any
    ) -> float:
        """A text below `y`, in as many lines as it needs; where it ends."""
        return self.lines(x, y, wrapped(text, room, size, bool(look.get("bold"))), size, **look)

    def ground(self, x: float, y: float, width: float, height: float, color: str) -> None:
        """A coloured ground on which other things stand."""
        self._put(0, "box", (x, y, width, height, color), y + height)

    def line(self, x: float, y: float, to: float, color: str, width: float = 0.6) -> None:
        """An upright line from `y` down to `to`."""
        self._put(1, "line", ((x, x), (y, to), color, width), to)

    def rule(self, x: float, to: float, y: float, color: str, width: float = 0.6) -> None:
        """A level line from `x` to `to`."""
        self._put(1, "line", ((x, to), (y, y), color, width), y)

    def bar(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        color: str,
        *,
        edge: str = "",
        dashed: bool = False,
        hatch: str = "",
    ) -> None:
        """A bar; `edge` alone or `dashed` is an outline; a hatch has the edge's colour."""
        self._put(2, "box", (x, y, width, height, color, edge, dashed, hatch), y + height)

    def arrow(self, x: float, y: float, length: float, half: float, color: str) -> None:
        """A head whose base stands at `x`, its point `length` to the right, or to the left of it
        where that is negative."""
        self._put(3, "polygon", ([(x + length, y), (x, y - half), (x, y + half)], color), y + half)

    def _put(self, layer: int, shape: str, what: tuple[Any, ...], bottom: float) -> None:
        self._shapes.append((layer, self._group, shape, what))
        self.height = max(self.height, bottom)

    def figure(self) -> Figure:
        """All that was put on the sheet, drawn; what belongs together comes one after the other."""
        height = self.height + 6
        figure = Figure(figsize=(self.width / 72, height / 72), facecolor=GROUND)
        figure.set_layout_engine("none")
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, self.width)
        axes.set_ylim(height, 0)
        axes.axis("off")
        groups = {group: number for number, (_, group, _, _) in enumerate(self._shapes[::-1])}
        ordered = sorted(self._shapes, key=lambda one: (one[1] != "", -groups[one[1]], one[0]))
        for order, (_, group, shape, what) in enumerate(ordered):
            artist = _DRAW[shape](axes, *what)
            artist.set_zorder(order)
            artist.set_gid(group or None)
            artist.set_clip_on(False)
        return figure


class _Words(Text):
    """A line of text that stands on its base line, where it was put.

    Matplotlib measures every text as it draws it, to know where its lines stand; that is two thirds
    of what a chart takes. One line needs no measure: the SVG says where it is anchored."""

    def draw(self, renderer: Any) -> None:
        """Put the line into the drawing."""
        x, y = self.get_transform().transform(self.get_unitless_position())
        _, height = renderer.get_canvas_width_height()
        gc = renderer.new_gc()
        gc.set_foreground(self.get_color())
        renderer.open_group("text", self.get_gid())
        font, angle = self.get_fontproperties(), self.get_rotation()
        renderer.draw_text(gc, x, height - y, self.get_text(), font, angle, mtext=self)
        renderer.close_group("text")
        gc.restore()


def _text(
    axes: Any, x: float, y: float, text: str, size: float, color: str, bold: bool, align: str
) -> Artist:
    font = _properties(size, bold)
    look: dict[str, Any] = {"color": color, "fontproperties": font, "va": "baseline", "ha": align}
    return _put(axes, _Words(x, y, text, transform=axes.transData, **look))


def _slanted(
    axes: Any, x: float, y: float, text: str, size: float, color: str, angle: float
) -> Artist:
    artist = _text(axes, x, y, text, size, color, False, "left")
    artist.set(rotation=angle, rotation_mode="anchor")
    return artist


def _put(axes: Any, artist: Artist) -> Artist:
    """An artist in the axes, whose limits are set already and need not grow with it."""
    return axes.add_artist(artist)  # type: ignore[no-any-return]


def _box(
    axes: Any,
    x: float,
    y: float,
    width: float,
    height: float,
    color: str,
    edge: str = "",
    dashed: bool = False,
    hatch: str = "",
) -> Artist:
    patch = Rectangle(
        (x, y),
        width,
        height,
        facecolor=color,
        edgecolor=edge or "none",
        linewidth=0.9 if edge and not hatch else 0,
        linestyle=(0, (2, 1.4)) if dashed else "solid",
        hatch=hatch or None,
        hatchcolor=edge if hatch else None,
    )
    return _put(axes, patch)


def _line(axes: Any, x: Sequence[float], y: Sequence[float], color: str, width: float) -> Artist:
    return _put(axes, Line2D(x, y, color=color, linewidth=width, solid_capstyle="butt"))


def _polygon(axes: Any, points: Sequence[tuple[float, float]], color: str) -> Artist:
    patch = Polygon(points, closed=True, facecolor=color, edgecolor="none", linewidth=0)
    return _put(axes, patch)


_DRAW: dict[str, Callable[..., Artist]] = {
    "text": _text,
    "slanted": _slanted,
    "box": _box,
    "line": _line,
    "polygon": _polygon,
}
