"""How does a figure become an SVG that is the same every time, can be read out, and can stand in any page?"""

from __future__ import annotations

import io
import re
import warnings
import xml.etree.ElementTree as ET
from itertools import groupby
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
#: Said once for the whole drawing and not for each text.
_FAMILY = "font-family: 'DejaVu Sans'; "
#: Ids that matplotlib counts up for every artist; those that an artist was given (`gid`) are kept.
_COUNTED = re.compile(r"-(?:figure|axes|patch|line2d|text|legend|matplotlib\.axis|[xy]tick|[A-Za-z]+Collection)_\d+$")
_LONG = re.compile(r"(-?\d+\.\d{2})\d+")


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

    >>> drawing = '<svg xmlns="http://www.w3.org/2000/svg"><g id="a"><path d="M 1.2345  0"/></g><use href="#a"/></svg>'
    >>> print(readable_svg(drawing, "figure-gaps", "Gaps", "Two bars"))
    <svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="figure-gaps-title figure-gaps-desc" \
style="stroke-linejoin: round; stroke-linecap: butt; font-family: 'DejaVu Sans', Verdana, sans-serif">\
<title id="figure-gaps-title">Gaps</title>\
<desc id="figure-gaps-desc">Two bars</desc><g id="figure-gaps-a"><path d="M1.23 0" /></g><use href="#figure-gaps-a" /></svg>
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
            elif key == "style" and _FAMILY in value:
                element.set(key, value.replace(_FAMILY, ""))
    _compact(root, prefix)
    root.set("role", "img")
    root.set("aria-labelledby", f"{prefix}-title {prefix}-desc")
    # matplotlib says this in a style sheet for `*`, which would reach every element of the page around it.
    root.set("style", f"stroke-linejoin: round; stroke-linecap: butt; font-family: {_FONTS}")
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


def _compact(root: ET.Element, prefix: str) -> None:
    """Take out what changes no picture: ids that nothing names, groups that group nothing, white space, needless digits."""
    named = {found for element in root.iter() for value in element.attrib.values() for found in _URL.findall(value)}
    named |= {value[1:] for element in root.iter() for key, value in element.attrib.items() if key.endswith("href")}
    for element in root.iter():
        name = element.get("id", "")
        if name not in named and _COUNTED.search(name.removeprefix(prefix)):
            del element.attrib["id"]
        for key in ("d", "x", "y", "transform", "points"):
            if key in element.attrib:
                shorter = _LONG.sub(r"\1", " ".join(element.attrib[key].split()))
                element.set(key, re.sub(r"([A-Za-z]) (?=[-\d])", r"\1", shorter).replace(" L", "L") if key == "d" else shorter)
        if element.tag not in (f"{{{_SVG}}}text", f"{{{_SVG}}}tspan"):
            element.text = None if not (element.text or "").strip() else element.text
        element.tail = None if not (element.tail or "").strip() else element.tail
    _ungroup(root)
    _share_looks(root)


def _share_looks(parent: ET.Element) -> None:
    """Say the look of neighbours that look alike once, in a group around them: all that matplotlib sets is inherited."""
    children: list[ET.Element] = []
    for look, run in groupby(parent, key=lambda child: (child.get("style", ""), child.get("clip-path", ""))):
        alike = list(run)
        for child in alike:
            _share_looks(child)
        if len(alike) > 1 and any(look) and "opacity" not in look[0] and parent.tag != f"{{{_SVG}}}text":
            said = {key: value for key, value in zip(("style", "clip-path"), look, strict=True) if value}
            around = ET.Element(f"{{{_SVG}}}g", said)
            for child in alike:
                for key in around.attrib:
                    del child.attrib[key]
            around.extend(alike)
            alike = [around]
        children += alike
    parent[:] = children


def _ungroup(parent: ET.Element) -> None:
    children: list[ET.Element] = []
    for child in parent:
        _ungroup(child)
        children += list(child) if child.tag == f"{{{_SVG}}}g" and not child.attrib else [child]
    parent[:] = children
