"""How does text become part of a page? Headings of Markdown have addresses, nothing in it can run,
and a term of the glossary is explained where a page first uses it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape, unescape
from pathlib import Path
from typing import Any

import mistune

from casechron.coding.files import slug

_GLOSSARY = Path(__file__).parents[1] / "glossary.toml"
_TAG = re.compile(r"(<[^<>]*>)")
#: An apostrophe within a word ends no quotation.
_QUOTED = re.compile(r"“[^“”]*”|(?<!\w)‘(?:[^‘’]|’(?=\w))*’")
#: The heading of a page that is a sentence.
_FINDING = re.compile(r"(?<=<h1>)[^<]+\.(?=</h1>)")
#: How files end of which pages are made.
_PAGED = (".ipynb", ".md")
_TAG_NAME = re.compile(r"</?([a-zA-Z0-9]+)")
#: Elements whose text is left as it is.
_LEFT_ALONE = frozenset(
    (
        *("a", "button", "caption", "code", "dt", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("head", "nav", "pre", "script", "style", "summary", "svg", "thead", "title"),
    )
)


def markdown_html(
    text: str,
    pages: Mapping[str, str] | None = None,
    prefix: str = "",
    deeper: int = 0,
    *,
    site: bool = True,
) -> str:
    """Markdown as HTML.

    Parameters
    ----------
    text
        The Markdown; markup in it stays text.
    pages
        Where a link to a notebook or a document leads, by its file's name; to any other it is its
        words alone.
    prefix
        What the addresses of headings begin with.
    deeper
        By how many levels its headings go down.
    site
        Whether other files lie beside it; else a link to one is its words alone.

    Returns
    -------
    str
        HTML without scripts, pictures or styles.

    Examples
    --------
    >>> markdown_html("## Dates\\nSee [waits](03_timing.ipynb).", {"03_timing.ipynb": "waits.html"})
    '<h2 id="dates">Dates</h2>\\n<p>See <a href="waits.html">waits</a>.</p>\\n'
    """
    named = re.findall(r"(?m)^#+ .* \{#([\w-]+)\}$", text)
    markdown = mistune.create_markdown(
        renderer=_Prose(pages or {}, prefix, named, deeper, site), plugins=["table"]
    )
    return str(markdown(text))


class _Prose(mistune.HTMLRenderer):
    """Headings and tables have addresses; markup and links that run something stay text.

    A heading may name its address: ``### Kinds of source {#source-kind}``."""

    def __init__(
        self, pages: Mapping[str, str], prefix: str, named: Sequence[str], deeper: int, site: bool
    ) -> None:
        super().__init__(escape=True, allow_harmful_protocols=False)
        self._pages, self._prefix, self._deeper, self._site = pages, prefix, deeper, site
        self._seen = dict.fromkeys(named, 1)
        self._under = "Table"

    def _address(self, name: str) -> str:
        count = self._seen[name] = self._seen.get(name, 0) + 1
        return f"{self._prefix}{name}" + (f"-{count}" if count > 1 else "")

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        words, _, address_given = text.partition(" {#")
        self._under = words
        plain = unescape(re.sub(r"<[^>]*>", "", words))
        address = address_given.rstrip("}") if address_given else self._address(_slug(plain))
        level += self._deeper
        return f'<h{level} id="{address}">{words}</h{level}>\n'

    def link(self, text: str, url: str, title: str | None = None) -> str:
        if not url.startswith(("#", "https://", "http://", "mailto:")):
            name = url.split("#")[0].rsplit("/", 1)[-1]
            beside = self._site and ":" not in url.split("/")[0]
            url = self._pages.get(name, "") if name.endswith(_PAGED) else url if beside else ""
        return super().link(text, url, title) if url else text

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """The words for a picture: a page loads nothing."""
        return text

    def block_code(self, code: str, info: str | None = None) -> str:
        return f'<pre tabindex="0"><code>{mistune.escape(code)}</code></pre>\n'

    def table(self, text: str) -> str:
        """A table that scrolls within itself; its caption is the heading above it."""
        kind = f"table-{_slug(unescape(self._under))}"
        address = self._address(kind)
        # Two tables under one heading have names of their own for screen readers.
        count = self._seen[kind]
        name = self._under + (f" ({count})" if count > 1 else "")
        return (
            f'<div class="scroll" role="region" aria-labelledby="{address}" tabindex="0">\n<table>'
            f'<caption id="{address}"><span>{name}</span></caption>\n{text}</table></div>\n'
        )

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        return f'<th scope="col">{text}</th>\n' if head else f"<td>{text}</td>\n"


def _slug(text: str) -> str:
    return slug(text) or "section"


@dataclass(frozen=True, slots=True)
class Term:
    """A term: its id, how it is headed, what it means, in which group it stands, and the forms in
    which text uses it."""

    id: str
    term: str
    meaning: str
    group: str
    forms: Sequence[str] = ()

    @property
    def on_paper(self) -> bool:
        """Whether it is explained on paper too; the words of who says so are plain."""
        return self.group != "Who says so"

    @property
    def short(self) -> str:
        """The first sentence of what it means."""
        return re.split(r"(?<=\.) (?=[A-Z])", self.meaning)[0]


@cache
def glossary() -> tuple[Term, ...]:
    """Every term of the glossary, in the order of their heads within each group.

    >>> next(term.term for term in glossary() if term.id == "icpc")
    'Initial child protection conference (ICPC)'
    """
    entries = tomllib.loads(_GLOSSARY.read_text(encoding="utf-8"))
    terms = [
        Term(name, **entry | {"meaning": " ".join(entry["meaning"].split())})
        for name, entry in entries.items()
    ]
    groups = list(dict.fromkeys(term.group for term in terms))
    return tuple(sorted(terms, key=lambda term: (groups.index(term.group), term.term.lower())))


def mark_terms(markup: str, button: Callable[[Term, str], str]) -> tuple[str, list[Term]]:
    """The markup with each term, where it first stands in running text or a cell, put into a
    button; and the terms found.

    Headings, captions, heads of columns, links, code, drawings and what folds are left as they are,
    but for terms that nothing but the page's heading has, where that is a sentence; and so are the
    words of a quotation, but for one that is the term alone: a button within it would tear it where
    the line ends. A form of capitals only, such as ICPC, is found as written; any other whatever
    its capitals.

    >>> mark_terms(
    ...     "<h1>EDTF</h1><p>EDTF and EDTF</p>", lambda term, words: f"[{words}: {term.id}]"
    ... )[0]
    '<h1>EDTF</h1><p>[EDTF: edtf] and EDTF</p>'
    """
    pattern, terms = _pattern()
    marked_terms: dict[str, Term] = {}
    # From where to where a text is a quotation of more than one term.
    quoted: list[tuple[int, int]] = []
    open_tags: list[str] = []  # the tags that are open and whose text is left as it is
    searched: set[str] = set()  # texts whose terms are marked by now, as of cells that recur

    def put_buttons(text: str) -> str:
        quoted[:] = [
            quotation.span()
            for quotation in _QUOTED.finditer(text)
            if not pattern.fullmatch(quotation.group(0)[1:-1])
        ]
        return pattern.sub(marked, text)

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
            if not open_tags and part not in searched:
                searched.add(part)
                parts[place] = put_buttons(part)
        elif (open_tags or part[1] != "/") and (name := _TAG_NAME.match(part)):
            within = open_tags[-1:] == [name[1]]
            if part.startswith("</"):
                open_tags = open_tags[:-1] if within else open_tags
            elif not part.endswith("/>") and (within or name[1] in _LEFT_ALONE):
                open_tags.append(name[1])
    text = _FINDING.sub(lambda finding: put_buttons(finding[0]), "".join(parts), count=1)
    return text, sorted(marked_terms.values(), key=lambda term: term.term.lower())


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
