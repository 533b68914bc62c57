"""On what is a chart drawn, and in which look? A sheet measured in points, on which words have a
width; and settings that are the same whatever the machine's own are.

A chart of words, bars and lanes is laid out before it is drawn: how many lines a label needs
decides where the next bar stands. So a chart puts shapes on a `Canvas` from the top down, and
matplotlib draws them when its height is known."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from copy import copy
from dataclasses import dataclass, field
from functools import cache, lru_cache
from io import BytesIO
from typing import Any, Literal

import matplotlib as mpl
import matplotlib.style
import pandas as pd
from cycler import cycler
from matplotlib.artist import Artist
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import Kerning, LoadFlags
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from casechron.report.draw import NARROW, WIDE

#: Points in a CSS pixel.
POINT = 0.75
INK, PALE, GROUND = "#1d1d1b", "#62625d", "#fcfbf7"
MUTED = "#6b6b66"
#: The lines of a scale, and of a table, which are fainter.
RULE, FAINT_RULE = "#d8d7ce", "#e6e4da"
#: After Okabe and Ito (2008, "Color Universal Design"), moved in lightness only, so that the order
#: from dark to light survives greyscale: neighbours differ by at least 8 in CIE L*.
PALETTE = ("#00476f", "#a84800", "#008f68", "#cc79a7", "#8cc9ee", "#f4e96b")
#: The matplotlib settings of every figure. Whatever is not named here keeps matplotlib's own
#: default.
RC: dict[Any, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.prop_cycle": cycler(color=PALETTE),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 11.0,
    "axes.unicode_minus": False,
    "figure.constrained_layout.use": True,
    "figure.dpi": 72.0,
    "figure.figsize": (7.2, 4.2),
    "font.family": ["DejaVu Sans"],
    "grid.color": "#d9d7cf",
    "grid.linewidth": 0.6,
    "hatch.color": INK,
    "hatch.linewidth": 0.5,
    "legend.frameon": False,
    "lines.linewidth": 1.6,
    "patch.edgecolor": INK,
    "patch.force_edgecolor": True,
    "patch.linewidth": 0.6,
    "path.simplify": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "casechron",  # fixes the ids that matplotlib derives from content
    "text.color": INK,
    "xtick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.color": MUTED,
    "ytick.labelcolor": INK,
}

#: The options of pandas that are not its defaults, or that it guesses from the front end.
PANDAS: dict[str, Any] = {
    "display.html.border": 0,
    "display.html.use_mathjax": False,
    "display.max_columns": 40,
    "display.max_colwidth": 60,
    "display.min_rows": 20,
    "display.precision": 3,
    "display.width": 110,
}


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane: its name, and the colours of its bars and of its ground."""

    name: str
    color: str
    ground: str


#: The lanes of the timeline from the top down: those of the codebook's ``[lanes]``, what was
#: missing, and waits. Other charts take their colours.
LANES: Mapping[str, Lane] = {
    "family": Lane("Child and family", "#8f4400", "#f8f0e8"),
    "raised": Lane("Seen, told or raised", "#0a5f96", "#eef3f3"),
    "steps": Lane("Contacts and steps", "#2b2b2b", "#eeeeea"),
    "missing": Lane("Not done, not enough, in doubt", "#96144b", "#f7ecec"),
    "entry": Lane("Other entries", "#4a4a46", "#f1f0ea"),
    "wait": Lane("How long", "#00605a", "#ecf2ed"),
}
#: In points, the height of a bar on a scale, and its least width.
BAR, LEAST = 6.0, 3.0
#: The group of the lines of a drawing's title.
HEAD = "head"
_FAMILY = "DejaVu Sans"
#: The size in points at which letters are measured.
_UNIT = 100


@cache
def _properties(size: float, bold: bool) -> FontProperties:
    return FontProperties(family=_FAMILY, size=size, weight="bold" if bold else "normal")


@cache
def _advance(letter: str, following: str, bold: bool) -> float:
    """How far the letter that follows stands from this one, in points at the size of `_UNIT`."""
    # Matplotlib keeps fonts by process, so forks share none.
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


def wrapped(text: str, room: float, size: float, bold: bool = False) -> tuple[str, ...]:
    """The lines of a text that fit a room, broken between words; a longer word stands over.

    >>> wrapped("Initial child protection conference", 90, 9)
    ('Initial child', 'protection', 'conference')
    """
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)


def mixed(color: str, share: float, ground: str = GROUND) -> str:
    """The colour that results where `share` of a colour covers a ground, by default the sheet.

    >>> mixed("#000000", 0.4, "#ffffff")
    '#999999'
    """
    pairs = zip(to_rgb(color), to_rgb(ground), strict=True)
    red, green, blue = (share * value + (1 - share) * ground_value for value, ground_value in pairs)
    return to_hex((red, green, blue))


class _Line(Text):
    """A line of text that is drawn where it is put: matplotlib would measure it first, which only
    text that is centred needs."""

    def draw(self, renderer: Any) -> None:
        if self.get_horizontalalignment() != "left":
            super().draw(renderer)
            return
        x, y = self.get_transform().transform(self.get_position())
        _, height = renderer.get_canvas_width_height()
        letters = renderer.new_gc()
        letters.set_foreground(self.get_color())
        renderer.open_group("text", self.get_gid())
        text, font, angle = self.get_text(), self.get_fontproperties(), self.get_rotation()
        renderer.draw_text(letters, x, height - y, text, font, angle, mtext=self)
        renderer.close_group("text")


@dataclass(frozen=True, slots=True)
class Link:
    """The address that a part of a drawing leads to, and its label for screen readers."""

    href: str
    label: str


def check_columns(table: object, name: str, columns: str, made_by: str) -> None:
    """Raise `ValueError`, in words, where what is to be drawn is no table with these columns."""
    present = list(table) if isinstance(table, pd.DataFrame) else []
    if lacking := [column for column in columns.split() if column not in present]:
        raise ValueError(
            f"{name} has no column {', '.join(lacking)}; {made_by} makes the table that is meant"
        )


@dataclass
class Canvas:
    """A sheet of a width in CSS pixels, whose height grows with what is put on it.

    Its `figure()` is a matplotlib figure of its own, to save as PNG, PDF or SVG, and no part of
    another. `x` and `y` are points from the left and from the top. What is put within `group`
    belongs together: it is one element of the drawing, by its name, to which a page can link."""

    px: int
    name: str
    height: float = 0.0
    links: dict[str, Link] = field(default_factory=dict, repr=False)
    #: Each with its layer and the name of its group.
    _shapes: list[tuple[int, str, Artist]] = field(default_factory=list, repr=False)
    _group: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """`ValueError` for a width that no chart can have."""
        if self.px not in range(200, 10_001):
            raise ValueError(
                f"px is {self.px!r}; write the width in CSS pixels, from 200 to 10,000"
            )

    @classmethod
    def headed(cls, px: int, name: str, title: str, *notes: str) -> Canvas:
        """A sheet with a title, and below it what is noted; its `height` is where these end."""
        canvas = cls(px, name, _group=HEAD)
        y = canvas.paragraph(2, 0, title, canvas.either(14, 17), canvas.width - 4, bold=True)
        canvas._group = ""
        for note in filter(None, notes):
            y = canvas.paragraph(2, y + 2, note, canvas.size, canvas.width - 4)
        return canvas

    @property
    def narrow(self) -> bool:
        """Whether it is the drawing for a phone."""
        return self.px < (NARROW + WIDE) / 2

    def either(self, narrow: float, wide: float) -> float:
        """The first of two measures (points) on a phone, the second on a desk."""
        return narrow if self.narrow else wide

    @property
    def width(self) -> float:
        """The width in points."""
        return self.px * POINT

    @property
    def size(self) -> float:
        """The size in points of most of its words."""
        return self.either(8.8, 9.2)

    @contextmanager
    def group(self, name: str, href: str, *label: str) -> Iterator[None]:
        """Make one element, of this name, of what is put on the sheet within: a link to `href`,
        which screen readers call by the words of `label`; those that are empty are left out."""
        before, self._group = self._group, name
        self.links[name] = Link(href, ". ".join(filter(None, label)))
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
        align: Literal["left", "center"] = "left",
        angle: float = 0,
    ) -> None:
        """A line of text on the base line `y`, which goes up by so many degrees."""
        artist = _Line(
            x,
            y,
            text,
            color=color,
            fontproperties=_properties(size, bold),
            horizontalalignment=align,
            rotation=angle,
            rotation_mode="anchor" if angle else "default",
            parse_math=False,  # a dollar sign is a dollar sign
        )
        self._put(4, artist, y)

    def lines(self, x: float, y: float, lines: Sequence[str], size: float, **look: Any) -> float:
        """Lines of text below `y`; where they end."""
        for line in lines:
            y += size * 1.25
            self.text(x, y, line, size, **look)
        return y

    def paragraph(
        self, x: float, y: float, text: str, size: float, room: float, **look: Any
    ) -> float:
        """A text below `y`, in as many lines as it needs; where it ends."""
        return self.lines(x, y, wrapped(text, room, size, bool(look.get("bold"))), size, **look)

    def line(
        self, xs: tuple[float, float], ys: tuple[float, float], color: str, width: float = 0.6
    ) -> None:
        """A line from the first `x` and `y` to the second, below words and bars."""
        self._put(1, Line2D(xs, ys, color=color, linewidth=width, solid_capstyle="butt"), ys[1])

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
        layer: int = 2,
    ) -> None:
        """A bar; `edge` alone or `dashed` is an outline; a hatch has the edge's colour. On the
        layer 0 it is a ground, on which other things stand."""
        artist = Rectangle(
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
        self._put(layer, artist, y + height)

    def arrow(self, x: float, y: float, length: float, half: float, color: str) -> None:
        """A head whose base stands at `x`, its point `length` to the right, or to the left of it
        where that is negative."""
        points = [(x + length, y), (x, y - half), (x, y + half)]
        self._put(3, Polygon(points, facecolor=color, edgecolor="none", linewidth=0), y + half)

    def span(
        self, left: float, right: float, y: float, color: str, open_ends: tuple[bool, bool]
    ) -> None:
        """A bar from left to right, as high as `BAR`, with an arrow at an end that is open."""
        self.bar(left, y, right - left, BAR, color)
        for opened, x, length in zip(open_ends, (left, right), (-4, 5), strict=True):
            if opened:
                self.arrow(x, y + BAR / 2, length, 3.5, color)

    def _put(self, layer: int, shape: Artist, bottom: float) -> None:
        self._shapes.append((layer, self._group, shape))
        self.height = max(self.height, bottom)

    def figure(self) -> Figure:
        """The sheet as a figure, in which the shapes of a group follow each other."""
        height = self.height + 6
        figure = Figure(figsize=(self.width / 72, height / 72), facecolor=GROUND)
        figure.set_layout_engine("none")
        # Points from the top, of which 72 are an inch.
        inches = Affine2D().scale(1, -1).translate(0, height).scale(1 / 72)
        groups = {group: number for number, (_, group, _) in enumerate(self._shapes[::-1])}
        ordered = sorted(
            self._shapes,
            key=lambda shape: (shape[1] not in (HEAD, ""), -groups[shape[1]], shape[0]),
        )
        for order, (_, group, shape) in enumerate(ordered):
            # Of its own, as matplotlib takes a shape into one figure alone.
            own, placed = copy(shape), inches + figure.dpi_scale_trans
            own.set(zorder=order, gid=group or None, transform=placed)
            figure.add_artist(own)
        return figure

    def _repr_png_(self) -> bytes:
        """The drawing where a notebook shows what a cell gives."""
        file = BytesIO()
        self.figure().savefig(file, format="png", dpi=96)
        return file.getvalue()


def set_look() -> None:
    """Let the figures and tables of a notebook look the same wherever it runs.

    Resets matplotlib to its defaults before it sets `RC`, so that a user's own matplotlibrc changes
    no report; sets the pandas options in `PANDAS`; tells the inline backend to draw SVG without a
    date.

    >>> set_look()
    >>> mpl.rcParams["svg.hashsalt"], pd.get_option("display.max_columns")
    ('casechron', 40)
    """
    mpl.rcdefaults()
    mpl.rcParams.update(RC)
    pd.reset_option("display")
    for option, value in PANDAS.items():
        pd.set_option(option, value)
    # Text in figures stays text, so a glyph that matplotlib's own font lacks is no loss and no
    # news.
    warnings.filterwarnings("ignore", message="Glyph .* missing from font")
    _set_inline_backend()


def rc_context() -> AbstractContextManager[None]:
    """The settings of `RC`, and matplotlib's own defaults beside them, for the time of a `with`
    block; for code that runs outside a report's notebook.

    >>> with rc_context():
    ...     mpl.rcParams["svg.fonttype"]
    'none'
    """
    return mpl.style.context(RC, after_reset=True)


def _set_inline_backend() -> None:
    """The same settings of the inline backend in every kernel; nothing outside a kernel."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if shell is None or not hasattr(shell, "kernel"):
        return
    from matplotlib_inline.backend_inline import set_matplotlib_formats
    from matplotlib_inline.config import InlineBackend

    # An `ax` left open at the end of a cell is then drawn as deterministic SVG too, not as PNG.
    set_matplotlib_formats("svg")
    inline = InlineBackend.instance(parent=shell)
    inline.print_figure_kwargs = {"bbox_inches": None, "metadata": {"Date": None, "Creator": None}}
    inline.rc = {}
