"""How do the two drawings of a chart stand on a page? Each part leads where the same part of the
other does; and the narrow one, which paper has at its own size, is two columns there, or more."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from math import ceil
from xml.etree import ElementTree as ET

from casechron.report.draw import NARROW, WIDE

#: Higher than this, in points, a narrow drawing is two columns on paper; and a column has room for
#: so much on a sheet.
_COLUMN, _SHEET = 400, 700
#: What is higher than this, as the ground of a lane, may be cut; a word or a bar may not.
_CUT = 60
#: In points, how near names stand to each other and to what they are the names of; and the room of
#: one, within which of either end of a scale or a lane it is not said again.
_GAP, _NAME = 2, 15
#: More room than this, in points, makes no place for a cut better.
_ROOM = 30
#: How far from where columns are alike a cut may be, as a share of the height of two.
_OFF = 0.1
#: The drawing from its beginning to its ground, with its attributes and its name; what is drawn on
#: that, and its end.
_PARTS = re.compile(
    r'(<svg ([^>]*)>\s*<title id="([^"]*)-title">[^<]*</title><path [^>]*/>)(.*)(</svg>)', re.DOTALL
)
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
    """A drawing, and if it is high, behind it two columns or more that show its parts from the top
    to the bottom: they take its shapes from it, and only paper shows them. A column that begins
    within a scale, or a lane, begins with the names of that.

    >>> words = '<text y="90">A</text><text y="410">B</text><text y="790">C</text>'
    >>> title = '<title id="w-340-title">W</title>'
    >>> ground = '<path d="M0 800H255V0H0z" fill="#fcfbf7" />'
    >>> svg = f'<svg viewBox="0 0 255 800" font-size="9">{title}{ground}{words}</svg>'
    >>> print(in_columns(svg).removeprefix(svg[: -len(words) - 6]).replace("><", ">\\n<"))
    <g id="w-340-all" font-size="9">
    <text y="90">A</text>
    <text y="410">B</text>
    <text y="790">C</text>
    </g>
    </svg>
    <div class="column" aria-hidden="true">
    <svg viewBox="0 0 255 400">
    <use href="#w-340-all"/>
    </svg>
    </div>
    <div class="column" aria-hidden="true">
    <svg viewBox="0 400 255 400">
    <use href="#w-340-all"/>
    </svg>
    </div>
    """
    parts = _PARTS.fullmatch(svg.strip())
    if not parts:
        return svg
    begin, attributes, name, shapes, end = parts.groups()
    root = ET.fromstring(svg)
    width, height = map(float, root.attrib["viewBox"].split()[2:])
    cuts = _cuts(root, height) if height > _COLUMN else []
    if not cuts:
        return svg
    kept = " ".join(re.findall(r'(?:font-family|font-size|fill)="[^"]*"', attributes))
    columns = ""
    for begins, ends in pairwise([0, *cuts, height]):
        views = "".join(
            f'<svg viewBox="0 {top:g} {width:g} {round(bottom - top, 1):g}">'
            f'<use href="#{name}-all"/></svg>'
            for top, bottom in [*_names(root, begins, ends), (begins, ends)]
        )
        columns += f'<div class="column" aria-hidden="true">{views}</div>'
    return f'{begin}<g id="{name}-all" {kept}>{shapes}</g>{end}{columns}'


def _names(root: ET.Element, at: float, ends: float) -> list[tuple[float, float]]:
    """From which to which height the names stand of the scale, and of the lane, that go on where a
    column begins; none of which a sheet has no room above it."""
    words = sorted(span for text in root.iterfind(".//{*}text") for span in _spans(text, root))
    paths = " ".join(path.get("d", "") for path in root.iterfind(".//{*}path"))

    def going_on(pattern: str) -> list[float]:
        ends = (sorted(map(float, pair)) for pair in re.findall(pattern, paths))
        return [top for top, bottom in ends if 0 < top < at - _NAME < bottom - 2 * _NAME][:1]

    found = []
    for top in going_on(r"M[\d.]+ ([\d.]+)V([\d.]+)(?=M| |$)"):
        begins = min((upper for upper, lower in words if abs(lower - top) <= _GAP), default=top)
        for upper, lower in words[::-1]:
            # Above a slanted name stands no other.
            if upper < begins <= lower + _GAP and top - begins < 2 * _NAME:
                begins = upper
        begins = max([begins, *(lower for upper, lower in words if upper < begins < lower)])
        found += [(begins, top)] * (begins < top)
    for top in going_on(r"M0 ([\d.]+)H[\d.]+V([\d.]+)H0z"):
        found += [(top, lower) for upper, lower in words if top < upper < top + 3 * _GAP][:1]
    return found if sum(lower - upper for upper, lower in found) + ends - at <= _SHEET else []


def _cuts(root: ET.Element, height: float) -> list[float]:
    """Where a high drawing is cut: near where its columns are alike, most room is between what must
    not be torn and least is cut of what may be; nowhere if it cannot be."""
    shapes = [span for element in root.iter() for span in _spans(element, root)]
    whole = sorted(span for span in shapes if span[1] - span[0] <= _CUT)
    high = [span for span in shapes if _CUT < span[1] - span[0] < 0.9 * height]
    columns = max(2, ceil(height / _SHEET))
    alike, off, cuts = height / columns, 2 * _OFF * height / columns, list[float]()
    for middle in (alike * number for number in range(1, columns)):
        best, end = (-9.0, 0.0), 0.0
        for top, bottom in [*whole, (height, height)]:
            # Right before what comes next, or in the middle.
            # The edge of a shape is drawn half beyond it.
            beside = min(1, (top - end) / 2)
            for at in (top - beside, min(max(middle, end + beside), top - beside)):
                if top > end and abs(at - middle) <= off:
                    torn = sum(upper < at < lower for upper, lower in high)
                    room = min(top - end, _ROOM) / _ROOM
                    best = max(best, (room - abs(at - middle) / off - torn / 2, round(at, 1)))
            end = max(end, bottom)
        cuts += [best[1]] if best[1] else []
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
