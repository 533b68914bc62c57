"""How do the two drawings of a chart stand on a page? Each part leads where the same part of the
other does; and the narrow one, which paper has at its own size, is cut into pieces there, so that
they fill two columns of whatever room a sheet has left."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import ceil
from xml.etree import ElementTree as ET

from casechron.report.draw import NARROW, WIDE

#: Only a narrow drawing that is higher than this, in points, is cut on paper.
_WHOLE = 400
#: About how high a piece is at most, a third of a sheet; higher where its names would fill half.
_PIECE = 250
#: What is higher than this, as the ground of a lane, may be cut; a word, a bar or a row may not.
_CUT = 60
#: In points, how near names stand to each other and to their scale or lane.
_GAP = 2
#: In points, the room of one name: less of a scale or a lane than this is shown without its names.
_NAME = 15
#: More room than this, in points, makes no place for a cut better.
_ROOM = 30
#: How far from an even cut the most room still makes a place as good as the even cut without any,
#: as a share of the height of two pieces.
_OFF = 0.1
#: What shapes inherit from the drawing, and would not inherit in a piece that shows them again.
_LOOK = ("font-family", "font-size", "fill")
ET.register_namespace("", "http://www.w3.org/2000/svg")
_STEP = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_NUMBER = re.compile(r"-?[\d.]+")


def drawings_in(html: str) -> dict[str, str]:
    """The drawings within the picture that a notebook holds: ``narrow`` and ``wide``."""
    pattern = r'(?:media="([^"]*)" srcset|src)="data:image/svg\+xml;base64,([^"]*)"'
    drawings = {
        "narrow" if media else "wide": base64.b64decode(encoded).decode()
        for media, encoded in re.findall(pattern, html)
    }
    if "narrow" in drawings:
        drawings["narrow"] = in_columns(_linked(drawings["narrow"], drawings["wide"]))
    return drawings


def _linked(narrow: str, wide: str) -> str:
    """The narrow drawing, in which a part leads to where the same part of the wide one does, and
    is called as that is, which may be hidden.

    >>> wide = '<a id="w-1160-e" href="#e" aria-label="E"><path/></a>'
    >>> _linked('<g id="w-340-e"><path/></g>', wide)
    '<a id="w-340-e" href="#e" aria-labelledby="w-1160-e"><path/></a>'
    """
    links = re.findall(rf'<a id="(([^"]*?)-{WIDE}-([^"]*))"( href="[^"]*") aria-label=', wide)
    leads = {
        f"{name}-{NARROW}-{part}": f'{href} aria-labelledby="{wide_id}"'
        for wide_id, name, part, href in links
    }

    def link(group: re.Match[str]) -> str:
        name, within = group.groups()
        return f'<a id="{name}"{leads[name]}>{within}</a>' if name in leads else group[0]

    return re.sub(r'<g id="([^"]*)">(.*?)</g>', link, narrow, flags=re.DOTALL)


def labelled(drawings: Mapping[str, str]) -> str:
    """The narrow drawing for a page without the wide one: each part is called what that calls it.
    The wide one where there is no narrow, and nothing where there is neither.

    >>> wide = '<a id="w-1160-e" href="#e" aria-label="E"><path/></a>'
    >>> labelled({"narrow": _linked('<g id="w-340-e"><path/></g>', wide), "wide": wide})
    '<a id="w-340-e" href="#e" aria-label="E"><path/></a>'
    """
    wide = drawings.get("wide", "")
    labels = dict(re.findall(r'<a id="([^"]*)" href="[^"]*" (aria-label="[^"]*")', wide))
    return re.sub(
        r'aria-labelledby="([^"]*)"',
        lambda named: labels.get(named[1], named[0]),
        drawings.get("narrow", wide),
    )


def in_columns(svg: str) -> str:
    """A drawing, and if it is high, behind it pieces that show its parts from the top to the
    bottom, as many for one column as for another: they take its shapes from it, and only paper
    shows them. One that begins within a scale, or a lane, begins with the names of that; where it
    is not the first of its column (``on``), they can be left out if no sheet ends in between.

    >>> words = '<text y="90">A</text><text y="410">B</text><text y="790">C</text>'
    >>> title = '<title id="w-340-title">W</title>'
    >>> ground = '<path d="M0 800H255V0H0z" fill="#fcfbf7"/>'
    >>> svg = f'<svg viewBox="0 0 255 800" font-size="9">{title}{ground}{words}</svg>'
    >>> print(in_columns(svg).replace("><", ">\\n<"))
    <svg viewBox="0 0 255 800">
    <title id="w-340-title">W</title>
    <path d="M0 800H255V0H0z" fill="#fcfbf7"/>
    <g id="w-340-all" font-size="9">
    <text y="90">A</text>
    <text y="410">B</text>
    <text y="790">C</text>
    </g>
    </svg>
    <div class="columns" aria-hidden="true">
    <p>
    <svg viewBox="0 0 255 200">
    <use href="#w-340-all"/>
    </svg>
    </p>
    <p class="on">
    <svg viewBox="0 200 255 200">
    <use href="#w-340-all"/>
    </svg>
    </p>
    <p>
    <svg viewBox="0 400 255 200">
    <use href="#w-340-all"/>
    </svg>
    </p>
    <p class="on">
    <svg viewBox="0 600 255 200">
    <use href="#w-340-all"/>
    </svg>
    </p>
    </div>
    """
    root = ET.fromstring(svg)
    title, ground, *shapes = root
    width, height = map(float, root.attrib["viewBox"].split()[2:])
    names = _names(root)
    highest = max((named - top for top, named, _ in names), default=0)
    # Two columns of so many.
    many = ceil(height / 2 / max(_PIECE, 2 * highest))
    # A drawing of somebody's own has no ground.
    ours = height > _WHOLE and ground.tag.endswith("path")
    cuts = _cuts(root, names, height, 2 * many) if ours else []
    if not cuts:
        return svg
    whole = title.attrib["id"].removesuffix("title") + "all"
    look = {key: root.attrib.pop(key) for key in _LOOK if key in root.attrib}
    root[2:] = [ET.Element("g", {"id": whole, **look})]
    root[2].extend(shapes)
    pieces = ""
    for place, (begins, ends) in enumerate(pairwise([0, *cuts, height])):
        named = [(top, at) for top, at, end in names if at <= begins < end - _NAME]
        views = "".join(
            f'<svg viewBox="0 {top:g} {width:g} {round(bottom - top, 1):g}">'
            f'<use href="#{whole}"/></svg>'
            for top, bottom in [*named, (begins, ends)]
        )
        on = ' class="on"' if place % many else ""
        pieces += f"<p{on}>{views}</p>"
    drawn = ET.tostring(root, encoding="unicode").replace(" />", "/>")
    return f'{drawn}<div class="columns" aria-hidden="true">{pieces}</div>'


def _names(root: ET.Element) -> list[tuple[float, float, float]]:
    """From which to which height the names of each scale and of each lane stand, and to which it
    goes on."""
    words = _words(root)
    paths = " ".join(path.get("d", "") for path in root.iterfind(".//{*}path"))

    def drawn(pattern: str) -> list[tuple[float, float]]:
        pairs = ({float(one), float(other)} for one, other in re.findall(pattern, paths))
        return sorted({(min(pair), max(pair)) for pair in pairs if min(pair) > 0})

    names_of = []
    scales = drawn(r"M[\d.]+ ([\d.]+)V([\d.]+)(?=M| |$)")
    for top, bottom in scales:
        begins = min((upper for upper, lower in words if abs(lower - top) <= _GAP), default=top)
        slanted = top - begins > 2 * _NAME
        for upper, lower in words[::-1]:
            # Above a slanted name stands no other.
            if slanted and begins < lower < top - _GAP:
                begins = lower + _GAP
            elif upper < begins <= lower + _GAP and top - begins < 2 * _NAME:
                begins = upper
        torn = (lower for upper, lower in words if upper < begins < lower < top - _GAP)
        begins = max([begins, *torn, *(end for _, end in scales if end < top)])
        names_of += [(begins, top, bottom)] * (begins < top)
    for top, bottom in drawn(r"M0 ([\d.]+)H[\d.]+V([\d.]+)H0z"):
        names = [lower for upper, lower in words if top < upper < top + 3 * _GAP]
        names_of += [(top, lower, bottom) for lower in names[:1]]
    return names_of


def _words(root: ET.Element) -> list[tuple[float, float]]:
    """From which to which height each word reaches, from the top down."""
    return sorted(span for text in root.iterfind(".//{*}text") for span in _spans(text, root))


def _cuts(
    root: ET.Element, names: Sequence[tuple[float, float, float]], height: float, pieces: int
) -> list[float]:
    """Where a high drawing is cut: near where its pieces are alike, most room is between what must
    not be torn and least is cut of what may be; nowhere if it cannot be."""
    shapes = [span for element in root.iter() for span in _spans(element, root)]
    # A row, with its words and its marks.
    for row in root.iterfind(".//*[@id]"):
        spans = [span for element in row.iter() for span in _spans(element, root)]
        shapes += [(min(spans)[0], max(end for _, end in spans))] if spans else []
    words = _words(root)
    # No names end a column: what they are the names of begins in it.
    kept = [(top, min((low for up, low in words if up >= at), default=at)) for top, at, _ in names]
    whole = sorted([*kept, *(span for span in shapes if span[1] - span[0] <= _CUT)])
    high = [span for span in shapes if _CUT < span[1] - span[0] < 0.9 * height]
    rooms, free_from = list[tuple[float, float]](), 0.0
    for top, bottom in [*whole, (height, height)]:
        rooms += [(free_from, top)] if top > free_from else []
        free_from = max(free_from, bottom)
    alike, cuts = height / pieces, list[float]()
    for number in range(1, pieces):
        middle, least = alike * number, alike / 2 + (cuts[-1] if cuts else 0)
        worth = []
        for begins, ends in rooms:
            # The edge of a shape is drawn half beyond it.
            beside = min(1, (ends - begins) / 2)
            # Right before what comes next, or as near to the middle as may be.
            for at in (ends - beside, min(max(middle, begins + beside), ends - beside)):
                if least <= at <= height - alike / 2:
                    room = min(ends - begins, _ROOM) / _ROOM
                    off = abs(at - middle) / (2 * _OFF * alike)
                    torn = sum(upper < at < lower for upper, lower in high)
                    worth.append((room - off - torn / 2, round(at, 1)))
        cuts += [max(worth)[1]] if worth else []
    return cuts


def _spans(element: ET.Element, root: ET.Element) -> Iterator[tuple[float, float]]:
    """From which to which height a word of a drawing reaches, or each shape of a path."""
    name = element.tag.rpartition("}")[2]
    if name == "text":
        y = float(element.get("y", 0))
        size = float(element.get("font-size", root.get("font-size", 10)))
        slanted = re.findall(r"rotate\((-?[\d.]+)", element.get("transform", ""))
        # Of slanted words a letter is about half as wide as it is high.
        up = size * (0.55 * len("".join(element.itertext())) if slanted else 1)
        yield y - up, y + 0.3 * size
    elif name == "path":
        heights: list[float] = []
        for letter, numbers in _STEP.findall(element.get("d", "")):
            places = list(map(float, _NUMBER.findall(numbers)))
            if letter == "M" and heights:
                yield min(heights), max(heights)
                heights = []
            heights += places if letter == "V" else [] if letter == "H" else places[1::2]
        if heights:
            yield min(heights), max(heights)
