"""How does a figure become an SVG that is the same every time, can be read out, and can stand in any page?"""

from __future__ import annotations

import io
import re
import warnings
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from casechron.reporting import style
from casechron.reporting.tables import clean

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["figure_svg", "readable_svg"]

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
#: What matplotlib would write about itself and the day into each file; its version is no part of a figure.
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
#: Attributes that may point to an id of the same drawing.
_URL = re.compile(r"url\(#([^)]*)\)")
#: Fonts of about the width for which matplotlib set the text, for machines that lack its own.
_FONTS = "'DejaVu Sans', Verdana, sans-serif"


def figure_svg(figure: Figure, name: str, title: str, alt: str) -> str:
    """A figure as SVG text: real text, no date, ids of its own, a title and a description to be read out.

    `alt` says in words what the figure shows. All ids begin with ``figure-<name>-``, so that several figures
    can stand in one page. The figure stays open and unchanged.
    """
    drawn = io.StringIO()
    with style.rc_context(), warnings.catch_warnings():
        # The text stays text: a reader's own fonts may well have what matplotlib's has not.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(drawn, format="svg", metadata=_NO_METADATA)
    return readable_svg(drawn.getvalue(), f"figure-{name}", title, alt)


def readable_svg(drawing: str, prefix: str, title: str, alt: str) -> str:
    """matplotlib's SVG with ids under `prefix`, a title and a description; no styles that leak into a page.

    >>> drawing = '<svg xmlns="http://www.w3.org/2000/svg"><g id="a"/><use href="#a"/></svg>'
    >>> print(readable_svg(drawing, "figure-gaps", "Gaps", "Two bars"))
    <svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="figure-gaps-title figure-gaps-desc" \
style="stroke-linejoin: round; stroke-linecap: butt"><title id="figure-gaps-title">Gaps</title>\
<desc id="figure-gaps-desc">Two bars</desc><g id="figure-gaps-a" /><use href="#figure-gaps-a" /></svg>
    """
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    # matplotlib writes what XML cannot hold as it stands; the parser would refuse it.
    root = ET.fromstring(clean(drawing).encode("utf-8"))
    _drop_styles(root)
    for element in root.iter():
        for key, value in list(element.attrib.items()):
            if key == "id":
                element.set(key, f"{prefix}-{value}")
            elif key in ("href", f"{{{_XLINK}}}href") and value.startswith("#"):
                element.set(key, f"#{prefix}-{value[1:]}")
            elif "url(#" in value:
                element.set(key, _URL.sub(rf"url(#{prefix}-\1)", value))
            elif key == "style" and "'DejaVu Sans'" in value:
                element.set(key, value.replace("'DejaVu Sans'", _FONTS, 1))
    root.set("role", "img")
    root.set("aria-labelledby", f"{prefix}-title {prefix}-desc")
    # matplotlib says this in a style sheet for `*`, which would reach every element of the page around it.
    root.set("style", "stroke-linejoin: round; stroke-linecap: butt")
    for place, (tag, text) in enumerate((("title", title), ("desc", alt))):
        element = ET.Element(f"{{{_SVG}}}{tag}", {"id": f"{prefix}-{tag}"})
        element.text = clean(text)
        root.insert(place, element)
    return ET.tostring(root, encoding="unicode")


def _drop_styles(root: ET.Element) -> None:
    """Take out style sheets, and the definitions that held nothing else."""
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag == f"{{{_SVG}}}style":
                parent.remove(child)
    for child in list(root):
        if child.tag == f"{{{_SVG}}}defs" and not len(child):
            root.remove(child)
