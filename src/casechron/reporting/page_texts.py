"""What do pages say beside what notebooks found: their part in the account, their questions, what a
policy changes?"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from casechron.analysis.policies import ALTERNATIVES

__all__ = ["PageText", "PolicyLine", "kinship_words", "page_text", "policy_lines"]


@dataclass(frozen=True, slots=True)
class PageText:
    """What is said beside a notebook: its part in the account, the figure that stands for it,
    questions for discussion.

    `front` is the place, from 0, of the key point that stands for it on the front page.
    """

    part: str
    figure: str
    questions: tuple[str, ...]
    front: int = 0


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """A choice of the dating policy: what it means, the other choices, and what they would
    change."""

    field: str
    value: str
    meaning: str
    differs: bool
    others: tuple[str, ...]
    change: str


def page_text(stem: str) -> PageText:
    """What is said beside the notebook of this stem; general words where it has none of its own.

    >>> page_text("01_coding").part, page_text("99_new").part
    ('What the source says', '')
    """
    pages = _said()["pages"]
    own = {**pages["any"], **pages.get(stem, {})}
    return PageText(own["part"], own["figure"], tuple(own["questions"]), own["front"])


def policy_lines(
    policy: tuple[tuple[str, str, str], ...], differs: tuple[str, ...]
) -> list[PolicyLine]:
    """The dating policy line by line, from (field, value, meaning), with its alternatives in
    words."""
    choices = {field: tuple(str(value) for value in values) for field, values in ALTERNATIVES}
    change = _said()["policy"]
    return [
        PolicyLine(
            field,
            value,
            meaning,
            field in differs,
            tuple(choice for choice in choices.get(field, ()) if choice != value),
            change.get(field, ""),
        )
        for field, value, meaning in policy
    ]


def kinship_words(kinship: str, count: int = 1) -> str:
    """A tie to the child as a line of labels says it, of one person or of several.

    >>> kinship_words("mother"), kinship_words("sibling", 2)
    ('mother', 'brothers or sisters, full or half')
    """
    one, several = _said()["kinship"][kinship]
    return str(one if count == 1 else several)


@cache
def _said() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("pages.toml").read_text(encoding="utf-8"))
