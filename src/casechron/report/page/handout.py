"""What does the hand-out tell? Two sides of paper: what happened, how long it took, what had no
answer, who told whom, what was found and is recommended, three questions.

What a part before tells already is left out. Where the first side has no room for all, it leaves
out, and says so there, what had no answer, from the last on; then who told, who was not told, the
second wait, and last of these what had not reached those who decided; then rather what explains the
terms than what a later sentence of the story can refer to; and last the story behind its beginning.
The second side leaves out the last sentences of its longest point."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from casechron.report.page.blocks import Notebook
from casechron.report.page.drawings import labelled
from casechron.report.page.prose import mark_terms

#: Of which pages it tells, by a chart or cards that each of them has, and of how many points.
_PARTS = {"timeline": None, "waits": 2, "tellings": 1, "ledger": 1, "recommended": 3}
#: Of these charts it shows the first that there is, which fills much of a side.
_DRAWN = ("timeline", "waits")
#: Which part stands below the chart, on its second side.
_SECOND = "recommended"
#: How many letters have room on either side, beside headings and sources, as measured on paper with
#: a margin for other fonts; and what each point of its drawing's height takes of the second.
_ROOMS, _DRAWING = (6_250, 8_900), 6
#: What a point takes on the first side beyond its own letters: the empty end of its last line, and
#: the gap below it.
_EMPTY = 100
#: Points of the first page that stand in place of those of *What was learned*.
_FOUND = "found_first"
#: Points that are told besides, as far as there is room, so many at most, and what is said of more.
_BESIDES, _TOLD_BESIDES = "unanswered", 2
_MORE = "The page “{}” tells of more without an answer, or without enough."
#: Stands above the waits, as on their page.
_NEED_NOT_ANSWER = "A step that ends a wait need not answer what the wait began with."
#: What can be spared on the first side, in this order.
_UNANSWERED, _WHO_TOLD, _NOT_TOLD, _SECOND_WAIT, _NOT_REACHED = range(5)
#: What stands where the story leaves something out, and behind a point that is cut.
_LEFT_OUT = "[Left out here: see the page “{}”.]"
_CUT = " The page “{}” has more."


@dataclass
class _Part:
    """A part: its heading, its points, and those that can be spared, each with when and with what
    then stands in its place; those of the story only if need be."""

    name: str
    second: bool
    points: list[str]
    spare: list[tuple[int, str, str]]
    story: list[tuple[str, str]]
    note: str


def handout(readers: Sequence[Notebook]) -> dict[str, Any]:
    """What the template of the hand-out is filled with, from the pages for readers."""
    charts = {block.name: block for page in readers for block in page.of_kind("figure")}
    shown = next((charts[name] for name in _DRAWN if name in charts), None)
    drawing = labelled(shown.drawings) if shown else ""
    questions = [question for page in readers for question in page.questions[:1]][:3]
    for explained in (True, False):
        parts = _parts(readers)
        first = [part for part in parts if not part.second]
        spared = [(when, part, (text, more)) for part in first for when, text, more in part.spare]
        spare = [(part, one) for _, part, one in sorted(spared, key=itemgetter(0))]
        spare += [(part, one) for part in first for one in part.story if not explained]
        while (full := _on_first_side(parts, explained) > _ROOMS[0]) and spare:
            part, (text, instead) = spare.pop(0)
            at = part.points.index(text)
            part.points[at : at + 1] = [instead] * bool(instead and instead not in part.points)
        if not full:
            break
    height = re.search(r' viewBox="0 0 \S+ ([\d.]+)"', drawing)
    room = _ROOMS[1] - _DRAWING * float(height[1] if height else 0) - sum(map(len, questions))
    for part in parts[len(first) :]:
        while part.points and (over := round(len(" ".join(part.points)) - room)) > 0:
            _cut(part, over)
    return {
        "parts": [part for part in parts if part.points],
        "before": len([part for part in first if part.points]),
        "explained": explained,
        "drawing": drawing,
        "questions": questions,
    }


def _parts(readers: Sequence[Notebook]) -> list[_Part]:
    """The parts with all that they could tell."""
    parts: list[_Part] = []
    for name, limit in _PARTS.items():
        for page in readers:
            if any(block.name == name for block in page.blocks):
                parts.append(_part(page, name, limit, readers, parts))
    return parts


def _part(
    page: Notebook, name: str, limit: int | None, readers: Sequence[Notebook], before: list[_Part]
) -> _Part:
    """A part with all that it could tell and that those `before` do not tell."""
    told = " ".join(text for part in before for text in part.points)
    by_name = {
        block.name: [
            text
            for text in (str(point["text"]) for point in block.points)
            if not all(sentence in told for sentence in text.split(". "))
        ]
        for one in (readers if name == _SECOND else [page])
        for block in one.of_kind("points")
        if one is page or block.name == _FOUND
    }
    found, besides = (by_name.pop(named, []) for named in (_FOUND, _BESIDES))
    blocks = [*by_name.values()][: 1 if limit else None]
    blocks = [found] if found and name == _SECOND else blocks
    points = [text for block in blocks for text in block][:limit]
    more = _MORE.format(page.name)
    besides, many = besides[:_TOLD_BESIDES], len(besides) > _TOLD_BESIDES
    story, spare = [], [(_UNANSWERED, text, more) for text in reversed(besides)]
    if name == "waits":
        spare += [(_SECOND_WAIT, text, "") for text in points[1:]]
        besides += [more] * many
    elif name == "tellings":
        spare = [(_WHO_TOLD, text, "") for text in points]
    elif name == "timeline":
        # The last block tells the story, in order of time: its beginning says how it began, and
        # what comes last is nearest to the harm.
        first = points[: -len(blocks[-1])] if blocks[1:] else points[:0]
        # Of these the last says what had not reached those who decided.
        spare += [(_NOT_TOLD, text, "") for text in first[2:-1]]
        spare += [(_NOT_REACHED, text, "") for text in first[2:][-1:]]
        midst = points[len(first) + 1 : -1] or points[:0:-1]
        story = [(text, _LEFT_OUT.format(page.name)) for text in midst]
    note = _NEED_NOT_ANSWER if name == "waits" else ""
    return _Part(page.name, name == _SECOND, points + besides, spare, story, note)


def _cut(part: _Part, over: int) -> None:
    """Leave out the last sentences of its longest point, so many letters at least, or all of it."""
    longest, more = max(part.points, key=len), _CUT.format(part.name)
    at, text = part.points.index(longest), longest.removesuffix(more)
    kept = text[: max(len(longest) - over - len(more), 0)].rpartition(". ")[0]
    part.points[at : at + 1] = [f"{kept}.{more}"] * bool(kept)


def _on_first_side(parts: Sequence[_Part], explained: bool) -> int:
    """How many letters the first side has, with what each point leaves empty and, if they are
    explained there, with what explains the terms of all points."""
    first = [text for part in parts if not part.second for text in part.points]
    _, terms = mark_terms(
        " ".join(text for part in parts for text in part.points), lambda _, words: words
    )
    words = sum(len(term.term + term.short) for term in terms if term.on_paper and explained)
    return len(" ".join(first)) + words + _EMPTY * len(first)
