"""How does a figure become an SVG that is the same every time, can be read out, and can stand in
any page?"""

from __future__ import annotations

import warnings
from html import escape
from typing import TYPE_CHECKING

from casechron.coding.characters import legible
from casechron.reporting import style
from casechron.reporting.words import in_brief

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["figure_svg"]

#: Fonts of about the width for which the text is set, for machines that lack matplotlib's own.
_FONTS = "'DejaVu Sans', Verdana, sans-serif"


def figure_svg(figure: Figure, name: str, title: str, alt: str) -> str:
    """A figure as SVG text: real text, no date, ids of its own, a title and a description to be
    read out.

    `alt` says in words what the figure shows; its beginning is the description, since who is told
    of a drawing cannot leave off, and all of it stands beside the drawing. All ids begin with
    ``figure-<name>-``, so that several figures can stand in one page. The figure stays open and
    unchanged.

    >>> from matplotlib.figure import Figure
    >>> figure = Figure(figsize=(1, 0.5))
    >>> words = figure.text(0.5, 0.5, "Gaps", fontsize=11, color="black")
    >>> print(figure_svg(figure, "gaps", "Gaps", "One word").replace("><", ">\\n<"))
    <svg xmlns="http://www.w3.org/2000/svg" width="72pt" height="36pt" viewBox="0 0 72 36" role="img" \
aria-labelledby="figure-gaps-title" aria-describedby="figure-gaps-desc" font-family="'DejaVu Sans', Verdana, sans-serif">
    <title id="figure-gaps-title">Gaps</title>
    <desc id="figure-gaps-desc">One word</desc>
    <path fill="#fff" d="M0 36h72v-36h-72z"/>
    <text fill="#000" font-size="11" x="36" y="18">Gaps</text>
    </svg>
    """  # noqa: E501
    from casechron.reporting.svg_renderer import SheetCanvas, SheetRenderer
    from casechron.reporting.svg_sheet import Sheet

    prefix = f"figure-{name}"
    width, height = (float(side) * 72 for side in figure.get_size_inches())
    sheet = Sheet(width, height, prefix)
    dpi, canvas = figure.dpi, figure.canvas
    with style.rc_context(), warnings.catch_warnings():
        # The text stays text: a reader's own fonts may well have what matplotlib's has not.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        renderer = SheetRenderer(sheet)
        SheetCanvas(figure, renderer)
        figure.dpi = 72  # a point is a pixel
        try:
            figure.draw(renderer)
        finally:
            figure.set_canvas(canvas)
            figure.dpi = dpi
    size = f"{width:.6g}", f"{height:.6g}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}pt" height="{size[1]}pt"'
        f' viewBox="0 0 {size[0]} {size[1]}" role="img" aria-labelledby="{prefix}-title"'
        f' aria-describedby="{prefix}-desc" font-family="{_FONTS}"><title'
        f' id="{prefix}-title">{escape(legible(title), quote=False)}</title><desc'
        f' id="{prefix}-desc">{escape(in_brief(legible(alt)), quote=False)}</desc>'
        f"{sheet.svg()}</svg>"
    )
