"""What stands on a canvas: each shape with its layer, its group, its kind and its looks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from matplotlib.artist import Artist
from matplotlib.colors import to_hex
from matplotlib.patches import Polygon, Rectangle
from matplotlib.text import Text

from casechron.report.draw.canvas import Canvas


def shapes(canvas: Canvas) -> Iterator[tuple[int, str, str, tuple[Any, ...]]]:
    """A text as x, y, words, size, colour, whether it is bold and how it is aligned, or its angle;
    a box as x, y, width, height, colour, edge, whether it is dashed and its hatch; a head of an
    arrow as its corners, its point first."""
    for layer, group, artist in canvas._shapes:
        yield layer, group, *_described(artist)


def _described(artist: Artist) -> tuple[str, tuple[Any, ...]]:
    if isinstance(artist, Text):
        where, color = artist.get_position(), str(artist.get_color())
        look = *where, artist.get_text(), artist.get_fontsize(), color
        if artist.get_rotation():
            return "slanted", (*look, artist.get_rotation())
        return "text", (*look, artist.get_weight() == "bold", artist.get_ha())
    if isinstance(artist, Rectangle):
        face, edge = artist.get_facecolor(), artist.get_edgecolor()
        colors = [to_hex(color) if color[3] else "none" for color in (face, edge)]
        box = *artist.get_xy(), artist.get_width(), artist.get_height()
        return "box", (*box, *colors, artist.get_linestyle() != "solid", artist.get_hatch())
    if isinstance(artist, Polygon):
        return "polygon", tuple(map(tuple, artist.get_xy()))
    return "line", ()
