"""What does the hand-out tell? Two sides of paper: what happened, how long it took, who told whom,
what was found and is recommended, three questions.

What a part before tells already is left out; where a side has no room for all, its longest part
tells less."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from casechron.report.page.blocks import Notebook
from casechron.report.page.drawings import labelled
from casechron.report.page.prose import mark_terms

#: Of which pages it tells, by a chart or cards that each of them has, and of how many points.
_PARTS = {"timeline": None, "waits": 2, "tellings": 1, "ledger": 1, "recommended": 3}
#: Of these charts it shows the first that there is, which fills much of a side.
_DRAWN = ("timeline", "waits")
#: How many parts stand on its first side.
_ON_FIRST_SIDE = 3
#: How many letters have room on either side, as measured on paper: beside headings and sources, and
#: below the highest chart.
_ROOMS = (4_700, 620)
#: What a point takes beyond its own letters: about half a line stays empty at its end.
_EMPTY = 40
#: What stands where something is left out.
_LEFT_OUT = "[…]"
#: Points of the first page that stand again on *What was learned*.
_FOUND = "found_first"


@dataclass
class _Part:
    """A part: its heading, its points, and the place of the first of them that can be spared."""

    name: str
    points: list[str]
    spare_from: int


def handout(readers: Sequence[Notebook]) -> dict[str, Any]:
    """What the template of the hand-out is filled with, from the pages for readers."""
    parts = _parts(readers)
    questions = [question for page in readers for question in page.questions[:1]][:3]
    for side, on_side in enumerate((parts[:_ON_FIRST_SIDE], parts[_ON_FIRST_SIDE:])):
        while on_side and (over := _letters(parts, questions)[side] - _ROOMS[side]) > 0:
            longest = max(on_side, key=lambda part: len(part.points))
            if not _tell_less(longest, over, by_sentence=side == 1):
                break
    charts = {block.name: block for page in readers for block in page.of_kind("figure")}
    shown = next((charts[name] for name in _DRAWN if name in charts), None)
    return {
        "parts": parts,
        "before": _ON_FIRST_SIDE,
        "drawing": labelled(shown.drawings) if shown else "",
        "questions": questions,
    }


def _parts(readers: Sequence[Notebook]) -> list[_Part]:
    """The parts with all that they could tell."""
    parts: list[_Part] = []
    for name, limit in _PARTS.items():
        for page in readers:
            if any(block.name == name for block in page.blocks):
                blocks = [
                    [str(point["text"]) for point in block.points]
                    for block in page.of_kind("points")
                    if block.name != _FOUND
                ]
                told = " ".join(text for part in parts for text in part.points)
                points = [
                    text
                    for text in list(chain(*blocks))[:limit]
                    if not all(sentence in told for sentence in text.split(". "))
                ]
                # The last block tells the story, in order of time: its beginning says how it began.
                parts.append(_Part(page.name, points, sum(map(len, blocks[:-1])) + 1))
    return parts


def _tell_less(part: _Part, over: int, *, by_sentence: bool) -> bool:
    """Leave out a point, or its last sentences, so that a part has so many letters less, if it is
    long enough; whether there was one to spare."""
    # What comes last is nearest to the harm.
    midst = part.points[part.spare_from : -1] or part.points[:0:-1]
    spare = next((text for text in midst if text != _LEFT_OUT), None)
    if spare is None:
        return False
    at, left = part.points.index(spare), _LEFT_OUT
    if by_sentence:
        kept = spare[: max(len(spare) - over, 0)].rpartition(". ")[0]
        left = f"{kept}." if kept else ""
    part.points[at : at + 1] = [left] if left and left != part.points[at - 1] else []
    return True


def _letters(parts: Sequence[_Part], questions: Sequence[str]) -> tuple[int, int]:
    """How many letters either side has: the first with what explains the terms of all points, and
    with what each point leaves empty; the second with the questions."""
    first = [text for part in parts[:_ON_FIRST_SIDE] for text in part.points]
    second = [text for part in parts[_ON_FIRST_SIDE:] for text in part.points]
    _, terms = mark_terms(" ".join([*first, *second]), lambda _, words: words)
    explained = sum(len(term.term + term.short) for term in terms if term.on_paper)
    return (
        len(" ".join(first)) + explained + _EMPTY * len(first),
        len(" ".join(second)) + sum(map(len, questions)),
    )
