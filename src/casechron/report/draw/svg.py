"""How does a chart stand in a page? As matplotlib's own SVG, made fit for a page of many.

matplotlib's ids and its one style hold for a whole page, so that two drawings would change each
other; and it makes an element of each shape, where a reader has one event."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Mapping
from xml.etree import ElementTree as ET

from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from casechron.characters import legible
from casechron.report.draw.canvas import HEAD, Link, rc_context

_SVG = "http://www.w3.org/2000/svg"
_IN_SVG = f"{{{_SVG}}}"
_IN_XLINK = "{http://www.w3.org/1999/xlink}"
#: The ids that matplotlib gives to what was given none.
_OWN_ID = re.compile(r"(?:figure|axes|patch|line2d|text)_\d+")
#: Attributes that hold places, and those of which matplotlib writes what would hold anyway.
_PLACES = frozenset(("d", "x", "y", "transform", "width", "height", "viewBox"))
_DEFAULTS = {
    "stroke-dashoffset": "0",
    "stroke-linejoin": "miter",
    "stroke-width": "1",
    "text-anchor": "start",
}
_NUMBER = re.compile(r"-?\d+\.\d{2,}")
#: Attributes of shapes that are not joined with others: one has a name, or is seen through.
_NOT_JOINED = frozenset(("id", "opacity", "fill-opacity", "stroke-opacity"))
#: One corner of a path, and a path of straight lines alone.
_CORNER = re.compile(r"([ML])(-?[\d.]+) (-?[\d.]+)")
_STRAIGHT = re.compile(rf"(?:{_CORNER.pattern})+z?")
_URL = re.compile(r"url\(#([^)]+)\)")
#: Fonts of about the width for which the text is set, for who has not the page's own.
_FONTS = "'DejaVu Sans', Verdana, sans-serif"


def figure_svg(
    figure: Figure, name: str, title: str, links: Mapping[str, Link] | None = None
) -> str:
    """A chart as an SVG that can stand in any page, with the same bytes every time.

    Parameters
    ----------
    figure
        What `Canvas.figure` gives.
    name
        Its name within the page; every id of the drawing begins with it.
    title
        What the chart shows, in a sentence, for who hears it.
    links
        The parts of the drawing, by the names of their groups, that lead somewhere. None: the
        figure is no canvas of ours, and is kept as matplotlib drew it.

    Returns
    -------
    str
        An element ``svg`` with text as text.

    Examples
    --------
    >>> from casechron.report.draw.canvas import Canvas
    >>> canvas = Canvas(200, "gap")
    >>> with canvas.group("one", "#row-one", "One"):
    ...     canvas.bar(10, 10, 30, 5, "#00695c")
    >>> print(figure_svg(canvas.figure(), "gap", "A gap", canvas.links))
    <svg xmlns="http://www.w3.org/2000/svg" width="150pt" height="21pt" viewBox="0 0 150 21"\
 role="group" font-family="'DejaVu Sans', Verdana, sans-serif">\
<title id="gap-title">A gap</title>\
<path d="M0 21H150V0H0z" fill="#fcfbf7"/>\
<a id="gap-one" href="#row-one" aria-label="One">\
<path d="M10 10H40V15H10z" fill="#00695c"/></a></svg>
    """
    raw = io.BytesIO()
    with rc_context():
        # `savefig` draws all of it once more, to find out what there is.
        canvas = FigureCanvasSVG(figure)
        canvas.print_svg(raw, metadata={"Date": None, "Creator": None})  # type: ignore[no-untyped-call]
    root = ET.fromstring(raw.getvalue())
    box = {key: root.attrib[key] for key in ("width", "height", "viewBox")}
    look = {"role": "group", "font-family": _FONTS}
    drawing = ET.Element("svg", {"xmlns": _SVG, **box, **look})
    ET.SubElement(drawing, "title", id=f"{name}-title").text = legible(title)
    if links is None:
        drawing.extend([*root.findall(f"{_IN_SVG}g"), *root.findall(f"{_IN_SVG}defs")])
        for holder in drawing.iter(f"{_IN_SVG}defs"):
            # A style element acts on the whole page; its rules stand in the root as well.
            for styled in holder.findall(f"{_IN_SVG}style"):
                holder.remove(styled)
    else:
        _shapes(root, drawing, links)
        if patterns := root.findall(f".//{_IN_SVG}pattern"):
            ET.SubElement(drawing, "defs").extend(patterns)
    for element in drawing.iter():
        _rewrite(element, name)
    if links is not None:
        _share_text_looks(drawing)
        _join_shapes(drawing)
    return ET.tostring(drawing, encoding="unicode").replace(" />", "/>")


def _shapes(root: ET.Element, drawing: ET.Element, links: Mapping[str, Link]) -> None:
    """Put the shapes of a drawing into another: those of one group into one element, which is a
    link where it leads somewhere."""
    group, part = "", drawing
    for holder in root.iter(f"{_IN_SVG}g"):
        shapes = [shape for shape in holder if shape.tag in (f"{_IN_SVG}path", f"{_IN_SVG}text")]
        if not shapes:
            continue
        named = "" if _OWN_ID.fullmatch(holder.attrib["id"]) else holder.attrib["id"]
        if named != group or not named:
            group, part = named, drawing
            if named:
                part = ET.SubElement(drawing, "g", id=named)
                if link := links.get(named):
                    part.tag = "a"
                    part.attrib |= {"href": link.href, "aria-label": legible(link.label)}
                elif named == HEAD:
                    # It is heard as the name of the whole drawing.
                    part.set("aria-hidden", "true")
        part.extend(shapes)


def _share_text_looks(drawing: ET.Element) -> None:
    """Move the commonest size and colour of the texts from each text to the drawing."""
    texts = list(drawing.iter("text"))
    for key in ("font-size", "fill"):
        if not texts or not all(key in text.attrib for text in texts):
            continue
        ((commonest, _),) = Counter(text.attrib[key] for text in texts).most_common(1)
        drawing.set(key, commonest)
        for text in texts:
            if text.attrib[key] == commonest:
                del text.attrib[key]
    if "fill" in drawing.attrib:
        # Shapes would inherit the colour, so they keep their own.
        for shape in (element for element in drawing.iter() if element.tag in ("path", "rect")):
            shape.attrib.setdefault("fill", "#000000")


def _join_shapes(drawing: ET.Element) -> None:
    """Group consecutive opaque shapes of equal style into one path."""
    for holder in list(drawing.iter()):
        before: dict[str, str] = {}
        for shape in list(holder):
            looks = shape.attrib if shape.tag == "path" else {}
            if (
                looks
                and {**looks, "d": ""} == {**before, "d": ""}
                and not _NOT_JOINED & looks.keys()
            ):
                before["d"] += looks["d"]
                holder.remove(shape)
            else:
                before = looks


def _shorter(path: str) -> str:
    """A path of straight lines, with vertical and horizontal ones written as V and H.

    >>> _shorter("M0 21L150 21L150 0L0 0z")
    'M0 21H150V0H0z'
    """
    if not _STRAIGHT.fullmatch(path):
        return path
    parts = []
    at = ("", "")
    for letter, x, y in _CORNER.findall(path):
        if letter == "L" and y == at[1]:
            parts.append(f"H{x}")
        elif letter == "L" and x == at[0]:
            parts.append(f"V{y}")
        else:
            parts.append(f"{letter}{x} {y}")
        at = x, y
    return "".join(parts) + path[len(path.rstrip("z")) :]


def _rewrite(element: ET.Element, name: str) -> None:
    """Rewrite an element of matplotlib's SVG in place: ids with this name, shorter attributes."""
    element.tag = element.tag.removeprefix(_IN_SVG)
    element.tail = None
    if element.tag != "title" and not (element.text or "").strip():
        element.text = None
    if "id" in element.attrib and element.tag != "title":
        element.set("id", f"{name}-{element.attrib['id']}")
    for reference in (f"{_IN_XLINK}href", "clip-path"):
        if reference in element.attrib:
            target = re.sub("#", f"#{name}-", element.attrib.pop(reference))
            element.set(reference.removeprefix(_IN_XLINK), target)
    if "style" in element.attrib:
        for declared in element.attrib.pop("style").split("; "):
            key, value = declared.split(": ", 1)
            if key != "font-family":
                element.set(key, _URL.sub(rf"url(#{name}-\1)", value).removesuffix("px"))
    for key in _PLACES & element.attrib.keys():
        # A tenth of a point is finer than the eye sees.
        place = _NUMBER.sub(lambda n: f"{round(float(n[0]), 1):.10g}", element.attrib[key])
        element.set(key, place)
    if "d" in element.attrib:
        path = re.sub(r" ?([A-Za-z]) ?", r"\1", " ".join(element.attrib["d"].split()))
        element.set("d", _shorter(path))
    for key, value in _DEFAULTS.items():
        if element.attrib.get(key) == value:
            del element.attrib[key]
    if element.attrib.get("transform", "").startswith("rotate(-0 "):
        del element.attrib["transform"]
