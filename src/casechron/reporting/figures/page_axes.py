"""How does a page of hundreds of marks come onto a sheet without matplotlib's long way for each of
them?

matplotlib composes transforms, cuts off and keeps the limits of the data for every mark; on a page
none of that is needed: its unit is the point, all that is on it lies within it, and its marks are
plain boxes, lines, discs and words. What is plain is drawn at once, everything else as matplotlib
does it, with the same picture."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.patches import Circle, Patch, PathPatch, Polygon, Rectangle
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import IdentityTransform, TransformedPath

from casechron.reporting import letters
from casechron.reporting.svg_paths import Matrix, strokes
from casechron.reporting.svg_renderer import SheetRenderer, font_look, page_matrix
from casechron.reporting.svg_sheet import Hatch, Pen, Sheet

__all__ = ["PageAxes"]

#: Given to what is put on a page, and not in force: matplotlib would make one for each.
_UNCUT = TransformedPath(Path.unit_rectangle(), IdentityTransform())


class PageAxes(Axes):
    """Axes for a page without axes or limits of data, as `lanes.page` makes them."""

    def add_artist(self, a: Any) -> Any:
        """Put something on the page; nothing cuts it off."""
        a.set_clip_path(_UNCUT)
        a.set_clip_on(False)
        return super().add_artist(a)

    def add_line(self, line: Line2D) -> Line2D:
        """Put a line on the page."""
        self.add_artist(line)
        return line

    def add_patch(self, p: Patch) -> Patch:
        """Put a shape on the page."""
        self.add_artist(p)
        return p

    def draw(self, renderer: Any) -> None:
        """Draw the page: at once what is plain, if it goes onto a sheet."""
        if not isinstance(renderer, SheetRenderer) or self.axison or not self.get_visible():
            super().draw(renderer)
            return
        furniture = {self.patch, self.xaxis, self.yaxis, *self.spines.values()}
        held = [one for one in self.get_children() if one.get_visible() and one not in furniture]
        matrix = page_matrix(self.transData, renderer.sheet.height)
        for artist in sorted(held, key=lambda one: one.get_zorder()):
            draw = _PLAIN.get(type(artist))
            if (
                draw is None
                or not _is_plain(artist)
                or not draw(artist, self, renderer.sheet, matrix)
            ):
                artist.draw(renderer)
        self.stale = False


def _is_plain(artist: Artist) -> bool:
    return not (
        artist.get_clip_on()
        or artist.get_alpha() is not None
        or artist.get_path_effects()
        or artist.get_sketch_params()
    )


def _text(text: Text, ax: Axes, sheet: Sheet, matrix: Matrix) -> bool:
    words, prop = text.get_text(), text.get_fontproperties()
    plain = text.get_transform() is ax.transData and not text.get_rotation() and not text.get_wrap()
    aligned = (
        text.get_horizontalalignment() == "left" and text.get_verticalalignment() == "baseline"
    )
    if (
        not plain
        or not aligned
        or "\n" in words
        or text.get_parse_math()
        or text.get_bbox_patch() is not None
    ):
        return False
    if words:
        x, y = text.get_position()
        place = matrix[0] * x + matrix[4], matrix[3] * y + matrix[5]
        sheet.write(
            *place, words, letters.extent(words, prop), font_look(prop), to_rgba(text.get_color())
        )
    return True


def _line(line: Any, ax: Axes, sheet: Sheet, matrix: Matrix) -> bool:
    kind, marker = line.get_linestyle(), line.get_marker()
    plain = (
        line.get_transform() is ax.transData
        and line.get_drawstyle() == "default"
        and line.get_markevery() is None
    )
    if (
        not plain
        or kind not in ("-", "None")
        or line.get_fillstyle() != "full"
        or not isinstance(marker, str)
    ):
        return False
    xs, ys = (list(values) for values in (line.get_xdata(orig=True), line.get_ydata(orig=True)))
    if kind == "-" and line.get_linewidth() > 0:
        looks = {"join": line.get_solid_joinstyle(), "cap": line.get_solid_capstyle()}
        pen = Pen(None, to_rgba(line.get_color()), float(line.get_linewidth()), **looks)
        sheet.draw(list(strokes(Path(list(zip(xs, ys, strict=True))), matrix)), pen)
    if marker not in ("None", "none", "", " ") and line.get_markersize() > 0:
        path, (a, b, c, d, e, f), corners, ends = _marker(marker, float(line.get_markersize()))
        colour, face = to_rgba(line.get_markeredgecolor()), to_rgba(line.get_markerfacecolor())
        pen = Pen(
            face if face[3] else None,
            colour,
            float(line.get_markeredgewidth()),
            join=corners,
            cap=ends,
        )
        for x, y in zip(xs, ys, strict=True):
            at = e + matrix[0] * x + matrix[4], f + matrix[3] * y + matrix[5]
            sheet.draw(list(strokes(path, (a, b, c, d, *at))), pen)
    return True


@lru_cache(maxsize=64)
def _marker(name: str, size: float) -> tuple[Path, Matrix, str, str]:
    style = MarkerStyle(name)
    matrix = page_matrix(style.get_transform().scale(size), 0.0)  # type: ignore[attr-defined]
    return style.get_path(), matrix, style.get_joinstyle(), style.get_capstyle()


def _shape(patch: Any, ax: Axes, sheet: Sheet, matrix: Matrix) -> bool:
    if patch.get_data_transform() is not ax.transData or patch.get_linestyle() not in (
        "solid",
        "-",
    ):
        return False
    a, _, _, d, e, f = matrix
    inside = matrix
    if isinstance(patch, Rectangle):
        if patch.get_angle():
            return False
        (x, y), wide, high = patch.get_xy(), patch.get_width(), patch.get_height()
        inside = (a * wide, 0.0, 0.0, d * high, a * x + e, d * y + f)
    elif isinstance(patch, Circle):
        radius = patch.get_radius()
        x, y = (float(value) for value in patch.get_center())  # type: ignore[attr-defined]
        inside = (a * radius, 0.0, 0.0, d * radius, a * x + e, d * y + f)
    face, colour, letters_of_hatch = patch.get_facecolor(), patch.get_edgecolor(), patch.get_hatch()
    hatch = None
    if letters_of_hatch:
        hatch = Hatch(
            letters_of_hatch, tuple(patch.get_hatchcolor()), float(patch.get_hatch_linewidth())
        )
    pen = Pen(
        face=tuple(face) if face[3] else None,
        colour=tuple(colour),
        width=float(patch.get_linewidth()) if colour[3] else 0.0,
        join=patch.get_joinstyle(),
        cap=patch.get_capstyle(),
        hatch=hatch,
    )
    sheet.draw(list(strokes(patch.get_path(), inside)), pen)
    return True


_PLAIN: dict[type[Artist], Callable[[Any, Axes, Sheet, Matrix], bool]] = {
    Text: _text,
    Line2D: _line,
    Rectangle: _shape,
    Circle: _shape,
    Polygon: _shape,
    PathPatch: _shape,
}
