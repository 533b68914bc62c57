"""How does matplotlib draw a figure onto a sheet of SVG? Ids of artists, and links, are left
out."""

from __future__ import annotations

import base64
import io
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.backend_bases import FigureCanvasBase, GraphicsContextBase, RendererBase
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, weight_dict
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2DBase, Transform

from casechron.reporting import letters
from casechron.reporting.svg_paths import Matrix, data, number, strokes
from casechron.reporting.svg_sheet import Clip, Hatch, Look, Pen, Sheet

__all__ = ["SheetCanvas", "SheetRenderer", "font_look", "page_matrix"]

_GENERIC = ("serif", "sans-serif", "cursive", "fantasy", "monospace")
_ANCHORS = {"center": "middle", "right": "end"}


class SheetRenderer(RendererBase):
    """Draws onto a sheet what matplotlib has to draw; a point of the sheet is a pixel of the
    figure.

    >>> from matplotlib.patches import Rectangle
    >>> renderer = SheetRenderer(Sheet(20, 10, "a"))
    >>> Rectangle((1, 2), 4, 5, facecolor="red", linewidth=0).draw(renderer)
    >>> renderer.sheet.svg()
    '<path fill="#f00" d="M1 8h4v-5h-4z"/>'
    """

    def __init__(self, sheet: Sheet) -> None:
        super().__init__()
        self.sheet = sheet

    def get_canvas_width_height(self) -> tuple[float, float]:
        """Width and height in points."""
        return self.sheet.width, self.sheet.height

    def flipy(self) -> bool:
        """Words are placed from the top downwards."""
        return True

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        """Of a line of words, in points."""
        if ismath:
            width, height, descent = text_to_path.get_text_width_height_descent(s, prop, ismath)
            return float(width), float(height), float(descent)
        return letters.extent(s, prop)

    def _get_font_height_metrics(
        self, prop: FontProperties
    ) -> tuple[float, float, float] | tuple[None, None, None]:
        # matplotlib asks for it where there is one, and reads the tables of the font for each text
        # where there is none.
        return letters.heights(prop)

    def draw_path(
        self, gc: GraphicsContextBase, path: Path, transform: Transform, rgbFace: Any = None
    ) -> None:
        """Draw a path in the look of `gc`, filled with `rgbFace`."""
        matrix = page_matrix(transform, self.sheet.height)
        self.sheet.draw(list(strokes(path, matrix)), _pen(gc, rgbFace), self._clip(gc))

    def draw_markers(
        self,
        gc: GraphicsContextBase,
        marker_path: Path,
        marker_trans: Transform,
        path: Path,
        trans: Transform,
        rgbFace: Any = None,
    ) -> None:
        """Draw a path at each place of another."""
        a, b, c, d, e, f = page_matrix(marker_trans, 0.0)
        to_x, skew_x, skew_y, to_y, left, top = page_matrix(trans, self.sheet.height)
        pen, clip = _pen(gc, rgbFace), self._clip(gc)
        for vertices, _ in path.iter_segments(simplify=False):
            x, y = (float(value) for value in vertices[-2:])
            at_x, at_y = to_x * x + skew_y * y + left, skew_x * x + to_y * y + top
            if np.isfinite(at_x) and np.isfinite(at_y):
                self.sheet.draw(
                    list(strokes(marker_path, (a, b, c, d, e + at_x, f + at_y))), pen, clip
                )

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Text | None = None,
    ) -> None:
        """Write words as words; formulas are drawn."""
        if ismath:
            super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)
            return
        anchor = (
            "start" if mtext is None else _ANCHORS.get(mtext.get_horizontalalignment(), "start")
        )
        self.sheet.write(
            float(x),
            float(y),
            s,
            letters.extent(s, prop),
            font_look(prop),
            gc.get_rgb(),
            alpha=gc.get_alpha() if gc.get_forced_alpha() else None,
            angle=float(angle),
            anchor=anchor,
            clip=self._clip(gc),
        )

    def draw_image(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        im: Any,
        transform: Affine2DBase | None = None,
    ) -> None:
        """Draw a picture made of dots; its rows count from below."""
        from PIL import Image

        high, wide = im.shape[:2]
        held = io.BytesIO()
        Image.fromarray(im[::-1]).save(held, format="png")
        top = self.sheet.height - y - high
        self.sheet.put(
            f'<image x="{number(x)}" y="{number(top)}" width="{wide}" height="{high}" '
            f'href="data:image/png;base64,{base64.b64encode(held.getvalue()).decode("ascii")}"/>',
            (x, top, x + wide, top + high),
            clip=self._clip(gc),
        )

    def _clip(self, gc: Any) -> Clip | None:
        path, transform = gc.get_clip_path()
        if path is not None:
            return Clip(data(strokes(path, page_matrix(transform, self.sheet.height))), None)
        rectangle = gc.get_clip_rectangle()
        if rectangle is None:
            return None
        left, low, right, high = (float(value) for value in rectangle.extents)
        top, bottom = self.sheet.height - high, self.sheet.height - low
        shape = f"M{number(left)} {number(top)}H{number(right)}V{number(bottom)}H{number(left)}z"
        return Clip(shape, (left, top, right, bottom))


class SheetCanvas(FigureCanvasBase):
    """What a figure is on while it is drawn: layouts then measure words as the sheet does, not as a
    screen does."""

    def __init__(self, figure: Figure, renderer: SheetRenderer) -> None:
        super().__init__(figure)
        self._renderer = renderer

    def get_renderer(self) -> SheetRenderer:
        """Who measures."""
        return self._renderer


def page_matrix(transform: Transform, height: float) -> Matrix:
    """From a transform of matplotlib, which counts y from below, to a page so many points high."""
    (a, c, e), (b, d, f), _ = transform.get_matrix().tolist()
    return a, -b, c, -d, e, height - f


def _pen(gc: Any, face: Any) -> Pen:
    # What a context gives is said too widely by the stubs of matplotlib: colours are numbers here,
    # and dashes too.
    hatch = None
    if gc.get_hatch() is not None:
        hatch = Hatch(gc.get_hatch(), tuple(gc.get_hatch_color()), float(gc.get_hatch_linewidth()))
    offset, dashes = gc.get_dashes()
    return Pen(
        face=(
            None
            if face is None or (len(face) == 4 and not face[3] and hatch is None)
            else tuple(face)
        ),
        colour=gc.get_rgb(),
        width=float(gc.get_linewidth()),
        dashes=None if dashes is None else (float(offset), tuple(map(float, dashes))),
        join=gc.get_joinstyle(),
        cap=gc.get_capstyle(),
        alpha=gc.get_alpha() if gc.get_forced_alpha() else None,
        hatch=hatch,
    )


@lru_cache(maxsize=256)
def font_look(prop: FontProperties) -> Look:
    """The attributes of words; the family of our own figures is said once, for the whole
    drawing."""
    look = [("font-size", number(prop.get_size_in_points()))]
    weight = prop.get_weight()
    heavy = weight_dict[weight] if isinstance(weight, str) else weight
    if heavy != 400:
        look.append(("font-weight", "bold" if heavy == 700 else f"{heavy}"))
    if prop.get_style() != "normal":
        look.append(("font-style", prop.get_style()))
    if not letters.is_of_family(prop):
        named = (name if name in _GENERIC else f"'{name}'" for name in prop.get_family())
        look.append(("font-family", ", ".join(named)))
    return tuple(look)
