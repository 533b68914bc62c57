"""What does a term of the field, or of this project, mean, and where does a page first use it?"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Term:
    """A term: its id, how it is headed, the forms in which text uses it, what it means, and in
    which group it stands."""

    id: str
    term: str
    forms: tuple[str, ...]
    meaning: str
    group: str


@cache
def glossary() -> tuple[Term, ...]:
    """Every term of the glossary, in the order of their heads within each group.

    >>> next(term.term for term in glossary() if term.id == "icpc")
    'Initial child protection conference (ICPC)'
    """
    entries = tomllib.loads(Path(__file__).with_name("glossary.toml").read_text(encoding="utf-8"))
    terms = [
        Term(
            id=name,
            term=entry["term"],
            forms=tuple(entry.get("forms", ())),
            meaning=" ".join(entry["meaning"].split()),
            group=entry["group"],
        )
        for name, entry in entries.items()
    ]
    groups = list(dict.fromkeys(term.group for term in terms))
    return tuple(sorted(terms, key=lambda term: (groups.index(term.group), term.term.lower())))


def mark_terms(markup: str, button: Callable[[Term, str], str]) -> tuple[str, list[Term]]:
    """The markup with each term, where it first stands in running text or a cell, put into a
    button; and the terms found.

    Headings, captions, heads of columns, links, code, drawings and what folds are left as they are,
    and so are the words of a quotation, but for one that is the term alone: a button within it
    would tear it where the line ends. A form of capitals only, such as ICPC, is found as written;
    any other whatever its capitals.

    >>> mark_terms(
    ...     "<h1>EDTF</h1><p>EDTF and EDTF</p>", lambda term, words: f"[{words}: {term.id}]"
    ... )[0]
    '<h1>EDTF</h1><p>[EDTF: edtf] and EDTF</p>'
    """
    pattern, terms = _pattern()
    marked_terms: dict[str, Term] = {}
    # From where to where a text is a quotation of more than one term.
    quoted: list[tuple[int, int]] = []
    left: list[str] = []  # the tags that are open and whose text is left as it is
    searched: set[str] = set()  # texts whose terms are marked by now, as of cells that recur

    def marked(match: re.Match[str]) -> str:
        words = match.group(0)
        term = terms.get(words) or terms.get(words.lower())
        within = any(begin < match.start() and match.end() < end for begin, end in quoted)
        if term is None or term.id in marked_terms or within:
            return words
        marked_terms[term.id] = term
        return button(term, words)

    parts = _TAG.split(markup)
    for place, part in enumerate(parts):
        if place % 2 == 0:
            if not left and part not in searched:
                searched.add(part)
                quoted = [
                    quotation.span()
                    for quotation in _QUOTED.finditer(part)
                    if not pattern.fullmatch(quotation.group(0)[1:-1])
                ]
                parts[place] = pattern.sub(marked, part)
        elif name := _NAME.match(part):
            within = left[-1:] == [name[1]]
            if part.startswith("</"):
                left = left[:-1] if within else left
            elif not part.endswith("/>") and (within or name[1] in _LEFT):
                left.append(name[1])
    return "".join(parts), sorted(marked_terms.values(), key=lambda term: term.term.lower())


_TAG = re.compile(r"(<[^<>]*>)")
#: An apostrophe within a word ends no quotation.
_QUOTED = re.compile(r"“[^“”]*”|(?<!\w)‘(?:[^‘’]|’(?=\w))*’")
_NAME = re.compile(r"</?([a-zA-Z0-9]+)")
_LEFT = frozenset(
    (
        *("a", "button", "caption", "code", "dt", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("head", "nav", "pre", "script", "style", "summary", "svg", "thead", "title"),
    )
)


@cache
def _pattern() -> tuple[re.Pattern[str], dict[str, Term]]:
    """One pattern for all forms, the longest first, and the term of each form as it stands in
    markup."""
    terms: dict[str, Term] = {}
    alternatives = []
    for term in glossary():
        for form in term.forms:
            written = escape(form, quote=False)
            exact = form.upper() == form
            terms[written if exact else written.lower()] = term
            pattern = re.escape(written) if exact else f"(?i:{re.escape(written)})"
            alternatives.append((-len(written), pattern))
    longest = "|".join(pattern for _, pattern in sorted(alternatives))
    return re.compile(rf"(?<![\w&-])(?:{longest})(?![\w-])"), terms
