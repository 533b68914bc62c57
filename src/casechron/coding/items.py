"""What do the items of a cell say? `NAME (WORD, WORD …)`, with `;` between.

A name is an id or a label, and a label can hold brackets and commas of its own: so the whole text
is tried as a name first, and then without its last bracket. Nothing here knows what a name stands
for or what a word means: `casechron.coding.expand` does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from casechron.coding.sources import normalise

__all__ = [
    "Item",
    "Names",
    "folded",
    "parted_facts",
    "parted_items",
    "read_item",
    "without_bracket",
]


class Item(NamedTuple):
    """One item of a cell: its text as it stands, what it names, and the words of its bracket."""

    text: str
    name: str
    words: tuple[str, ...] = ()


@dataclass(slots=True)
class Names:
    """What a name can stand for: ids, and labels that are unique among all that is named."""

    _of: dict[str, str] = field(default_factory=dict)
    #: Labels of which more than one row would be meant, with the ids of these rows.
    shared: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, identity: str) -> None:
        """Let a name stand for an id. An id is stronger than a label of the same letters."""
        key = folded(name)
        there = self._of.get(key)
        if not key or there == identity:
            return
        if there is None or folded(identity) == key:
            self._of[key] = identity
        elif folded(there) != key:
            ids = self.shared.setdefault(key, [there])
            if identity not in ids:
                ids.append(identity)

    def find(self, name: str) -> str:
        """The id that a name stands for; '' where it is none, or could be several."""
        key = folded(name)
        return "" if key in self.shared and folded(self._of[key]) != key else self._of.get(key, "")

    def could_be(self, name: str) -> list[str]:
        """The ids that a label could stand for, where they are several."""
        return self.shared.get(folded(name), []) if not self.find(name) else []

    def __iter__(self) -> Iterator[str]:
        return iter(self._of)

    def __len__(self) -> int:
        return len(self._of)

    def __contains__(self, name: object) -> bool:
        return name in self._of


@lru_cache(maxsize=10_000)
def folded(name: str) -> str:
    """A name as it is compared: case, blanks and the forms of quotes and dashes make no difference.

    >>> folded(" Children’s  Services ") == folded("children's services")
    True
    """
    return normalise(name).casefold()


def parted_items(cell: str) -> list[str]:
    """The items of a cell, each without the blanks around it; what is empty is left out.

    >>> parted_items("gp; Smith, Jones & Co (derived);")
    ['gp', 'Smith, Jones & Co (derived)']
    """
    return [part for one in cell.split(";") if (part := one.strip())]


def parted_facts(cell: str, codes: Iterable[str]) -> list[str]:
    """The facts of a cell: a `;` parts only before a code and a colon.

    >>> parted_facts("reason: late; tired; injury: bruise", ["reason", "injury"])
    ['reason: late; tired', 'injury: bruise']
    """
    parts = _before_a_code(tuple(codes)).split(cell) if ";" in cell else [cell]
    return [part for one in parts if (part := one.strip().removesuffix(";").rstrip())]


@lru_cache
def _before_a_code(codes: tuple[str, ...]) -> re.Pattern[str]:
    """A `;` before one of some codes and a colon."""
    known = "|".join(map(re.escape, sorted(codes, key=len, reverse=True)))
    return re.compile(rf";(?=\s*(?:{known})\s*:)", re.IGNORECASE)


def without_bracket(text: str) -> tuple[str, str] | None:
    """A text before its last bracket, and what stands in that; None where it ends with none.

    >>> without_bracket("Smith (police) (alleged by GP (old practice))")
    ('Smith (police)', 'alleged by GP (old practice)')
    >>> without_bracket("a) (b") is None
    True
    """
    if not text.endswith(")"):
        return None
    depth = 0
    for place in range(len(text) - 1, -1, -1):
        depth += (text[place] == ")") - (text[place] == "(")
        if depth == 0:
            before = text[:place].rstrip()
            return (before, text[place + 1 : -1].strip()) if before else None
    return None


def read_item(
    text: str, find: Callable[[str], str], party: Callable[[str], str] | None = None
) -> Item | None:
    """The item that a text is; None where neither it nor what stands before its last bracket names
    anything.

    Parameters
    ----------
    text
        The item as it stands.
    find
        Gives the id that a name stands for, or ''.
    party
        The same for a name after `by` in the bracket, in which a comma separates nothing.

    Examples
    --------
    >>> names = {"gp": "gp", "smith (derived)": "smith"}
    >>> read_item("GP (alleged by smith, derived)", lambda name: names.get(name.lower(), ""))
    Item(text='GP (alleged by smith, derived)', name='gp', words=('alleged by smith', 'derived'))
    >>> read_item("Smith (derived)", lambda name: names.get(name.lower(), "")).words
    ()
    """
    if name := find(text):
        return Item(text, name)
    parts = without_bracket(text)
    if parts is None or not (name := find(parts[0])):
        return None
    return Item(text, name, tuple(_words(parts[1], party or find)))


def _words(bracket: str, party: Callable[[str], str]) -> list[str]:
    """The words of a bracket: a comma parts them, unless it belongs to the label after `by`."""
    parts = [part.strip() for part in bracket.split(",")]
    words: list[str] = []
    while parts:
        taken = 1
        if by := _BY.search(parts[0]):
            after = parts[0][by.end() :]
            longer = (
                many
                for many in range(min(len(parts), _COMMAS), 0, -1)
                if party(", ".join([after, *parts[1:many]]))
            )
            taken = next(longer, 1)
        words.append(", ".join(parts[:taken]))
        del parts[:taken]
    return [word for word in words if word]


#: Commas that the label after `by` can hold.
_COMMAS = 10
_BY = re.compile(r"(?:^|\s)by\s+", re.IGNORECASE)


def account_of(word: str) -> tuple[str, str]:
    """The status before `by`, and the party after it; no party where there is no `by`.

    >>> account_of("alleged by the GP"), account_of("by wm"), account_of("derived")
    (('alleged', 'the GP'), ('', 'wm'), ('derived', ''))
    """
    if by := _BY.search(word):
        return word[: by.start()].strip(), word[by.end() :].strip()
    return word, ""


def code_among(word: str, codes: Mapping[str, str]) -> str:
    """The code that a word is, whatever its case and with blanks for hyphens; '' for none.

    >>> code_among("Took part", {"took-part": "role"})
    'took-part'
    """
    plain = re.sub(r"[\s_]+", "-", folded(word))
    return plain if plain in codes else ""
