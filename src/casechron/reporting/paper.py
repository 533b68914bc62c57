"""Where may a tall drawing be cut, so that paper shows all of it and no row of it is torn?

On a screen a drawing is one picture that scrolls. A sheet of paper would show its beginning, or
tear it wherever the sheet ends. So a tall drawing is followed by windows onto itself, each no
taller than a sheet, that the style sheet shows in print."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import pairwise

__all__ = ["cuts", "on_paper"]

_SVG = "{http://www.w3.org/2000/svg}"
#: As shares of a drawing's width: how tall it may be to fit on one sheet as it is, and how tall its
#: pieces are otherwise.
_WHOLE, _PIECE = 1.75, 1.36
#: What is taller is an axis, a grid line or a ground, and may be cut.
_ROW = 70.0
_STEPS = 2  # to a unit of the drawing
_PATH = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?")
#: How many numbers each command of a path takes at a time, and which of them are heights.
_TAKES: dict[str, tuple[int, tuple[int, ...]]] = {
    "m": (2, (1,)),
    "l": (2, (1,)),
    "h": (1, ()),
    "v": (1, (0,)),
    "c": (6, (1, 3, 5)),
    "s": (4, (1, 3)),
    "q": (4, (1, 3)),
    "t": (2, (1,)),
    "a": (7, (6,)),
    "z": (0, ()),
}
_TRANSLATED = re.compile(r"translate\(\s*[-\d.]+[ ,]+(-?[\d.]+)")
_LOOKS = re.compile(r' (?:style|font-family|font-size|stroke-linejoin|stroke-linecap)="[^"]*"')
_SIZE = re.compile(r"(?:font: |font-size: ?|^)(\d[\d.]*)")
_TITLE = re.compile(r'<svg [^>]*aria-labelledby="([^" ]+)-title[ "]')


def on_paper(drawing: str) -> str:
    """A drawing; if it is taller than a sheet, with windows onto itself behind it, cut between its
    rows.

    The windows are for print alone: they are hidden from screen readers, which have the drawing
    itself.

    >>> on_paper(
    ...     '<svg aria-labelledby="figure-a-title" viewBox="0 0 100 90"><path d="M0 1L9 1" /></svg>'
    ... )
    '<svg aria-labelledby="figure-a-title" viewBox="0 0 100 90"><path d="M0 1L9 1" /></svg>'
    """
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawing)
    named = _TITLE.match(drawing)
    if box is None or named is None or float(box[2]) <= _WHOLE * float(box[1]):
        return drawing
    width, height = float(box[1]), float(box[2])
    edges = [0.0, *cuts(drawing, _PIECE * width), height]
    address = f"{named[1]}-drawing"
    begin = (
        drawing.index("</desc>") + len("</desc>")
        if "</desc>" in drawing
        else drawing.index(">") + 1
    )
    end = drawing.rindex("</svg>")
    windows = "".join(
        f'<svg viewBox="0 {top:g} {width:g} {bottom - top:g}"><use href="#{address}"/></svg>\n'
        for top, bottom in pairwise(edges)
    )
    # What a window shows has its looks from where it stands, so the drawing's own go with it.
    looks = "".join(_LOOKS.findall(drawing[: drawing.index(">")]))
    whole = f'{drawing[:begin]}<g id="{address}"{looks}>{drawing[begin:end]}</g>{drawing[end:]}'
    return f'{whole}\n<div class="sheets" aria-hidden="true">\n{windows}</div>'


def cuts(drawing: str, most: float) -> list[float]:
    """At which heights a drawing can be cut into pieces of at most `most`, none of them through a
    word or a mark.

    In units of the drawing, from top to bottom. Of the places in the last two fifths of a piece the
    one with most room around it is taken; where there is none at all, the piece is as tall as it
    may be.

    >>> rows = "".join(f'<rect x="0" y="{y}" width="9" height="30" />' for y in range(0, 200, 40))
    >>> cuts(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 200">{rows}</svg>', 100)
    [75.0, 155.0]
    """
    root = ET.fromstring(drawing)
    height = float(root.get("viewBox", "0 0 0 0").split()[3])
    taken = [False] * (math.ceil(height * _STEPS) + 2)
    for top, bottom in _marks(root, 0.0, 10.0):
        if bottom - top <= _ROW:
            # Marks that touch can be parted where they do.
            for step in range(
                max(0, math.floor(top * _STEPS) + 1), min(len(taken), math.ceil(bottom * _STEPS))
            ):
                taken[step] = True
    found: list[float] = []
    begin = 0.0
    while height - begin > most:
        free = _widest(taken, int((begin + 0.6 * most) * _STEPS), int((begin + most) * _STEPS))
        free = free or _widest(
            taken, int((begin + 0.25 * most) * _STEPS), int((begin + most) * _STEPS)
        )
        begin = free / _STEPS if free else begin + most
        found.append(round(begin, 1))
    return found


def _widest(taken: list[bool], first: int, last: int) -> int:
    """The middle of the longest free stretch between two steps, the later of equals; 0 if there is
    none."""
    best, room, run = 0, 0, 0
    for step in range(first, last + 1):
        run = 0 if taken[step] else run + 1
        if run and run >= room:
            best, room = step - run // 2, run
    return best


def _marks(element: ET.Element, down: float, em: float) -> Iterator[tuple[float, float]]:
    """From where to where each word and mark reaches, from the top of the drawing."""
    if element.tag in (f"{_SVG}defs", f"{_SVG}clipPath", f"{_SVG}pattern"):
        return
    transform = element.get("transform", "")
    moved = _TRANSLATED.search(transform)
    down += float(moved[1]) if moved else 0.0
    size = _SIZE.search(element.get("font-size", "") or element.get("style", ""))
    em = float(size[1]) if size else em
    if element.tag == f"{_SVG}text":
        y = float(element.get("y", 0)) + down
        yield y - em, y + 0.35 * em
    elif element.tag == f"{_SVG}path":
        yield from ((top + down, bottom + down) for top, bottom in _strokes(element.get("d", "")))
    elif element.tag == f"{_SVG}rect":
        y = float(element.get("y", 0)) + down
        yield y, y + float(element.get("height", 0))
    elif element.tag == f"{_SVG}use":
        y = float(element.get("y", 0)) + down
        yield y - 5, y + 5
    for child in element:
        yield from _marks(child, down, em)


def _strokes(path: str) -> Iterator[tuple[float, float]]:
    """From where to where each stroke of a path reaches; a path may draw many marks, each begun by
    a move.

    >>> list(_strokes("M0 5h9v-3zm1 10 l2 4"))
    [(2.0, 5.0), (15.0, 19.0)]
    """
    y = begun = 0.0
    reached: list[float] = []
    command, numbers = "", []
    for token in [*_PATH.findall(path), "end"]:
        if not token[0].isalpha():
            numbers.append(float(token))
            takes, heights = _TAKES[command.lower()]
            if len(numbers) == takes:
                if command in "Mm" and reached:
                    yield min(reached), max(reached)
                    reached = []
                reached += [y * command.islower() + numbers[place] for place in heights]
                y = reached[-1] if heights else y
                begun = y if command in "Mm" else begun
                # What follows a move without a command of its own is a line.
                command = {"M": "L", "m": "l"}.get(command, command)
                numbers = []
            continue
        if token in ("Z", "z"):
            y = begun
        command = token
    if reached:
        yield min(reached), max(reached)
