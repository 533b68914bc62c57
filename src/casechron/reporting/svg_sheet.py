"""What of a drawing can be said together?

What looks alike is one path, or one group of words, wherever that changes no picture: a shape joins
the lowest layer of its look that lies above all that is under it. So a matrix of many marks is a
path for each kind of mark. Looks are attributes, not styles: every reader of SVG knows them, and no
page's style sheet or drawing reaches another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from html import escape
from math import cos, radians, sin
from typing import NamedTuple

from matplotlib.colors import to_hex
from matplotlib.path import Path

from casechron.coding.characters import legible
from casechron.reporting.svg_paths import Box, Stroke, data, number, strokes

__all__ = ["Clip", "Colour", "Hatch", "Look", "Pen", "Sheet"]

#: How things look: attributes and their values.
Look = tuple[tuple[str, str], ...]
#: Red, green, blue and how opaque, each from 0 to 1.
Colour = tuple[float, ...]
#: Boxes are looked up by the bands of the page in which they lie, so many points high.
_BAND = 24.0
#: Side of the tile of a hatch, in points; as matplotlib has it.
_TILE = 72
_CAPS = {"projecting": "square", "round": "round"}


class Hatch(NamedTuple):
    """Strokes over a ground: matplotlib's letters for them, their colour and width."""

    letters: str
    colour: Colour
    width: float


class Pen(NamedTuple):
    """How a shape is filled and its outline drawn; None for not at all. `alpha` makes the whole of
    it less opaque."""

    face: Colour | None
    colour: Colour | None
    width: float
    dashes: tuple[float, tuple[float, ...]] | None = None
    join: str = "miter"
    cap: str = "butt"
    alpha: float | None = None
    hatch: Hatch | None = None


class Clip(NamedTuple):
    """What cuts things off: the data of a path, and its box if it is no more than that."""

    shape: str
    box: Box | None


class _Layer(NamedTuple):
    """Things of one look: strokes, or elements as they are written."""

    look: Look
    strokes: list[Stroke]
    elements: list[str]


class Sheet:
    """A page of `width` by `height` points to draw on, y downwards; ids begin with `prefix`. `svg`
    is what has been drawn.

    >>> sheet, pen = Sheet(40, 20, "a"), Pen(face=(1, 0, 0, 1), colour=None, width=0)
    >>> for x in (1, 16):
    ...     sheet.draw(list(strokes(Path.unit_rectangle(), (4, 0, 0, 5, x, 2))), pen)
    >>> sheet.write(24, 8, "two", (5, 3, 0), (("font-size", "11"),), (0, 0, 0, 1))
    >>> sheet.svg()
    '<path fill="#f00" d="M1 2h4v5h-4zm15 0h4v5h-4z"/><text fill="#000" font-size="11" x="24" y="8">two</text>'
    """  # noqa: E501

    def __init__(self, width: float, height: float, prefix: str) -> None:
        self.width = width
        self.height = height
        self._prefix = prefix
        #: From below upwards; the lowest is the ground of the page, if it has one.
        self._layers = [_Layer((), [], [])]
        self._ground = ""
        #: The layers of each look; strokes and words apart.
        self._of_look: defaultdict[tuple[bool, Look], list[int]] = defaultdict(list)
        #: What lies in each band of the page: boxes and their layers.
        self._bands: defaultdict[int, list[tuple[float, float, float, float, int]]] = defaultdict(
            list
        )
        self._clips: dict[str, str] = {}
        self._hatches: dict[tuple[Hatch, Colour | None], tuple[str, str]] = {}

    def svg(self) -> str:
        """All that has been drawn, as elements of an SVG."""
        defined = [
            f'<clipPath id="{name}"><path d="{shape}"/></clipPath>'
            for shape, name in self._clips.items()
        ]
        defined += [pattern for _, pattern in self._hatches.values()]
        return "".join(
            [f"<defs>{''.join(defined)}</defs>" if defined else "", *map(_written, self._layers)]
        )

    def draw(self, found: list[Stroke], pen: Pen, clip: Clip | None = None) -> None:
        """Draw strokes."""
        stroked = (
            pen.colour is not None
            and pen.width > 0
            and (pen.colour[3] > 0 or pen.alpha is not None)
        )
        # A mere point is seen only if the pen is round or square.
        found = [one for one in found if one.moves or (stroked and pen.cap != "butt")]
        if not found or not (stroked or pen.face is not None or pen.hatch is not None):
            return
        left, top, right, bottom = (
            found[0].box if len(found) == 1 else _around(one.box for one in found)
        )
        edge = 0.0 if not stroked else pen.width if pen.cap == "projecting" else pen.width / 2
        # A corner may reach as far as twice the line is wide, if it is not a right one.
        reach = 2 * pen.width if stroked and any(one.sharp for one in found) else edge
        box = left - reach, top - reach, right + reach, bottom + reach
        if box[0] > self.width or box[1] > self.height or box[2] < 0 or box[3] < 0:
            return
        turns = any(one.turns for one in found)
        look = _look(
            pen._replace(
                colour=pen.colour if stroked else None,
                join=pen.join if turns else "miter",
                hatch=None,
            )
        )
        if pen.hatch is not None:
            look = (
                ("fill", f"url(#{self._hatch(pen.hatch, pen.face)})"),
                *(one for one in look if one[0] != "fill"),
            )
        plain = len(look) == 1 and pen.hatch is None
        if (
            plain
            and len(self._layers) == 1
            and box[0] <= 0
            and box[1] <= 0
            and box[2] >= self.width
            and box[3] >= self.height
        ):
            # It lies under everything, so nothing need be compared with it.
            self._ground = look[0][1]
            self._layers[0] = _Layer(look, found, [])
            return
        look += self._clip(clip, (left - edge, top - edge, right + edge, bottom + edge))
        if plain and look[0][1] == self._ground and not self._under(box):
            return
        alone = look[0][1] != "none" or any("opacity" in name for name, _ in look)
        self._place(look, box, alone=alone, drawn=True).strokes.extend(found)

    def write(
        self,
        x: float,
        y: float,
        words: str,
        size: tuple[float, float, float],
        font: Look,
        colour: Colour,
        *,
        alpha: float | None = None,
        angle: float = 0.0,
        anchor: str = "start",
        clip: Clip | None = None,
    ) -> None:
        """Write a line of words that begins at (x, y); `size` is its width, height and descent,
        `anchor` what stays in place."""
        wide, high, low = size
        box = _turned(x, y, wide, high, low, angle)
        opacity = colour[3] if alpha is None else alpha
        look = (
            ("fill", _hex(colour)),
            *((("opacity", number(opacity, 3)),) if opacity != 1.0 else ()),
            *font,
        )
        if angle:
            place = f'transform="translate({number(x, 1)} {number(y, 1)}) rotate({number(-angle)})"'
        else:
            if anchor != "start":
                # Where the reader has another font, words still end, or have their middle, at the
                # same place.
                look += (("text-anchor", anchor),)
                x += wide if anchor == "end" else wide / 2
            place = f'x="{number(x, 1)}" y="{number(y, 1)}"'
        layer = self._place((*look, *self._clip(clip, box)), box, alone=opacity != 1.0)
        layer.elements.append(f"<text {place}>{escape(legible(words), quote=False)}</text>")

    def put(self, element: str, box: Box, look: Look = (), clip: Clip | None = None) -> None:
        """Put an element, as it is written, into a box."""
        self._place((*look, *self._clip(clip, box)), box, alone=True).elements.append(element)

    def _under(self, box: Box) -> int:
        """The uppermost layer that has something in a box; 0 for the ground."""
        left, top, right, bottom = box
        highest = 0
        for band in self._bands_of(box):
            for x0, y0, x1, y1, at in self._bands[band]:
                if at > highest and x0 < right and left < x1 and y0 < bottom and top < y1:
                    highest = at
        return highest

    def _place(self, look: Look, box: Box, *, alone: bool, drawn: bool = False) -> _Layer:
        """The layer for things of a look in a box; with `alone`, one in which they lie on nothing
        of the same look."""
        under = self._under(box)
        found = self._of_look[drawn, look]
        # The lowest that will do, so that what comes next has to go no higher than it must.
        at = next((one for one in found if one > under or (one == under and not alone)), 0)
        if not at:
            at = len(self._layers)
            found.append(at)
            self._layers.append(_Layer(look, [], []))
        for band in self._bands_of(box):
            self._bands[band].append((*box, at))
        return self._layers[at]

    def _bands_of(self, box: Box) -> range:
        return range(int(max(box[1], 0) // _BAND), int(min(box[3], self.height) // _BAND) + 1)

    def _clip(self, clip: Clip | None, box: Box) -> Look:
        """What cuts a box off; nothing where it lies inside anyway."""
        if clip is None:
            return ()
        if clip.box is not None:
            left, top, right, bottom = clip.box
            if (
                left <= box[0] + 0.05
                and box[2] <= right + 0.05
                and top <= box[1] + 0.05
                and box[3] <= bottom + 0.05
            ):
                return ()
        name = self._clips.setdefault(clip.shape, f"{self._prefix}-clip-{len(self._clips) + 1}")
        return (("clip-path", f"url(#{name})"),)

    def _hatch(self, hatch: Hatch, face: Colour | None) -> str:
        """The id of a pattern of strokes."""
        if (hatch, face) not in self._hatches:
            name = f"{self._prefix}-hatch-{len(self._hatches) + 1}"
            ground = (
                ""
                if face is None
                else f'<path fill="{_hex(face)}" d="M0 0h{_TILE}v{_TILE}h-{_TILE}z"/>'
            )
            drawn = data(strokes(Path.hatch(hatch.letters), (_TILE, 0, 0, -_TILE, 0, _TILE)))
            colour = _hex(hatch.colour)
            self._hatches[hatch, face] = (
                name,
                (
                    f'<pattern id="{name}" patternUnits="userSpaceOnUse" width="{_TILE}"'
                    f' height="{_TILE}">{ground}<path fill="{colour}" stroke="{colour}"'
                    f' stroke-width="{number(hatch.width)}" d="{drawn}"/></pattern>'
                ),
            )
        return self._hatches[hatch, face][0]


def _turned(x: float, y: float, wide: float, high: float, low: float, angle: float) -> Box:
    """The box of words whose line begins at (x, y) and goes up by `angle` degrees."""
    if not angle:
        return x, y - high + low, x + wide, y + low
    cosine, sine = cos(radians(angle)), sin(radians(angle))
    corners = [
        (x + u * cosine + v * sine, y - u * sine + v * cosine)
        for u in (0.0, wide)
        for v in (low - high, low)
    ]
    return _around((u, v, u, v) for u, v in corners)


def _around(boxes: Iterable[Box]) -> Box:
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)


def _written(layer: _Layer) -> str:
    look = "".join(f' {name}="{escape(value)}"' for name, value in layer.look)
    if layer.strokes:
        return f'<path{look} d="{data(layer.strokes)}"/>'
    if len(layer.elements) == 1 and "clip-path" not in look:
        # A clip holds for what is around an element, not within its own turn.
        return layer.elements[0].replace(" ", f"{look} ", 1)
    return f"<g{look}>{''.join(layer.elements)}</g>" if layer.elements else ""


@lru_cache(maxsize=256)
def _hex(colour: Colour) -> str:
    said = to_hex(colour)  # type: ignore[arg-type]
    return f"#{said[1]}{said[3]}{said[5]}" if said[1::2] == said[2::2] else said


@lru_cache(maxsize=1024)
def _look(pen: Pen) -> Look:
    """The attributes of a path; what is not said is as SVG has it."""
    look = [("fill", "none" if pen.face is None else _hex(pen.face))]
    if pen.face is not None and len(pen.face) == 4 and pen.face[3] != 1.0 and pen.alpha is None:
        look.append(("fill-opacity", number(pen.face[3], 3)))
    if pen.alpha is not None and pen.alpha != 1.0:
        look.append(("opacity", number(pen.alpha, 3)))
    if pen.colour is not None:
        look.append(("stroke", _hex(pen.colour)))
        if pen.colour[3] != 1.0 and pen.alpha is None:
            look.append(("stroke-opacity", number(pen.colour[3], 3)))
        if number(pen.width) != "1":
            look.append(("stroke-width", number(pen.width)))
        if pen.dashes is not None:
            look.append(("stroke-dasharray", " ".join(map(number, pen.dashes[1]))))
            if pen.dashes[0]:
                look.append(("stroke-dashoffset", number(pen.dashes[0])))
        if pen.join != "miter":
            look.append(("stroke-linejoin", pen.join))
        if pen.cap in _CAPS:
            look.append(("stroke-linecap", _CAPS[pen.cap]))
    return tuple(look)
