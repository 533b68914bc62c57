"""How does a reader get from a number to its row, and from a row to its paragraph?

Pages are first made with addresses as if all stood on one page (``#row-e1``). Only when every page
of a review is there is it known on which one an address stands; then links are put in and those
that lead nowhere are taken out again. In the one file that holds all pages they stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape, unescape

__all__ = ["COVERAGE", "SOURCES", "Ways", "beginning", "link_rows", "resolve", "ways"]

#: The tables that stand for the source itself: one row a paragraph, and one row a source.
COVERAGE, SOURCES = "rows_by_paragraph", "sources"
#: How the address of a paragraph begins, and that of a coded event: short, for thousands of links
#: lead there.
PARAGRAPH = "para"
_SHORT = {COVERAGE: PARAGRAPH, "coded_events": "row"}

#: Characters: a table of more is very long.
_LONG = 60_000
_TABLE = re.compile(r'<table class="casechron[^"]*" id="table-([^"]+)">.*?</table>', re.DOTALL)
_HEAD = re.compile(r'<th scope="col"[^>]*>(.*?)</th>')
_ROW = re.compile(r'<tr(?: id="([^"]+)")?>(.*?)</tr>', re.DOTALL)
_CELL = re.compile(r"(<t[hd][^>]*>)(.*?)(</t[hd]>)", re.DOTALL)
_SEVERAL = re.compile("[,;] ")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PLACE = re.compile(r"(?:(?P<source>[a-z0-9-]+) )?(?P<paragraph>\d+)\.[\w-]+")
_LINK = re.compile(r'<a href="#([^"]+)"([^>]*)>(.*?)</a>', re.DOTALL)


class Ways:
    """Where things stand: addresses by page, and the address at which each coded row is told with
    its places."""

    def __init__(self) -> None:
        self.page_of: dict[str, str] = {}
        self.row_at: dict[str, str] = {}


def beginning(table: str) -> str:
    """How the addresses of a table's rows begin: with its name, but for those to which most links
    lead.

    >>> beginning("gaps"), beginning("coded_events")
    ('gaps-', 'row-')
    """
    return f"{_SHORT.get(table, table)}-"


def ways(pages: Mapping[str, str]) -> Ways:
    """Where every address of a review stands; `pages` maps the file of each page to its text, in
    order.

    >>> found = ways(
    ...     {
    ...         "a.html": '<table class="casechron" id="table-t">\\n<thead><tr><th scope="col">event</th>'
    ...         '<th scope="col">places</th></tr></thead>\\n<tr id="t-e1"></tr></table>'
    ...     }
    ... )
    >>> found.page_of["t-e1"], found.row_at["e1"]
    ('a.html', 't-e1')
    """  # noqa: E501
    found = Ways()
    for file, text in pages.items():
        for address in re.findall(r'<[a-z0-9]+[^<>]*? id="([^"]+)"', text):
            found.page_of.setdefault(address, file)
        for name, table in _tables(text):
            if "places" in _heads(table):
                for address, _ in _ROW.findall(table):
                    if address:
                        found.row_at.setdefault(address.removeprefix(beginning(name)), address)
    return found


def link_rows(text: str, known: Ways) -> str:
    """The page with links in its tables: places lead to their paragraph, ids of coded rows to their
    row.

    Every row of a table is to lead to its paragraph, and no table is to weigh more by its links
    than by its words. So, by what a table has: with ``places`` (as its head, or at the end of one),
    each place leads to its paragraph, a paragraph of several sentences once a cell; ids of coded
    rows lead to their row where a column has one to a cell, but not where it lists several, since
    what they stand for is what the places tell. Without ``places`` every id leads to its row, and
    from there to the paragraph. In a very long table the places alone are led on, or, without them,
    the first id of each cell.

    Nobody has to walk through the same link again and again: a cell of ids that repeats the one
    above it is words alone, and of all links of a table to the same row the tab key stops at the
    first."""
    return _TABLE.sub(lambda match: _linked(match.group(0), match.group(1), known), text)


def resolve(text: str, file: str, known: Ways) -> str:
    """The page with each ``#address`` that stands on another page of the review led there; dead
    ones are words alone."""

    def led(match: re.Match[str]) -> str:
        address, attributes, words = match.groups()
        page = known.page_of.get(address)
        if page is None:
            return match.group(0) if f' id="{address}"' in text else words
        return (
            match.group(0)
            if page == file
            else f'<a href="{page}#{address}"{attributes}>{words}</a>'
        )

    return _LINK.sub(led, text)


def _linked(table: str, name: str, known: Ways) -> str:
    heads = _heads(table)
    rows = [(match, _CELL.findall(match.group(2))) for match in _ROW.finditer(table)][1:]
    if not rows or len(rows[0][1]) != len(heads):
        return table
    long = len(table) > _LONG
    told = "places" in heads
    makers: dict[int, Callable[[str], str]] = {}
    above: dict[int, str] = {}
    seen: set[str] = set()
    for position, head in enumerate(heads):
        if head == "places" or head.endswith(" places"):
            makers[position] = lambda cell: _places(cell, known)
            continue
        column = [unescape(cells[position][1]) for _, cells in rows]
        if told and (long or any(_SEVERAL.search(cell) for cell in column)):
            continue
        if _holds_rows(column, name, known):
            makers[position] = lambda cell: _rows(cell, name, known, 1 if long else 0, seen)
            above[position] = ""
    if not makers:
        return table

    def row(match: re.Match[str]) -> str:
        changed = ""
        for at, (begin, words, end) in enumerate(_CELL.findall(match.group(2))):
            leads = at in makers and "<" not in words and words != above.get(at)
            changed += f"{begin}{makers[at](words) if leads else words}{end}"
            if at in above:
                above[at] = words
        return f"{match.group(0).split('>', 1)[0]}>{changed}</tr>"

    head, body = table.split("<tbody>", 1)
    return f"{head}<tbody>{_ROW.sub(row, body)}"


def _places(cell: str, known: Ways) -> str:
    """``para 13.2, 14.1`` with each place led to its paragraph, or the name of a source to its
    row."""

    def led(match: re.Match[str]) -> str:
        source, paragraph = match["source"], match["paragraph"]
        before = f"{source} " if source == "para" else ""
        address = f"{PARAGRAPH}-{paragraph}"
        if source and source != "para":
            address = _first([f"{PARAGRAPH}-{source}-{paragraph}", address], known.page_of)
        if address not in known.page_of or address in seen:
            return match.group(0)
        seen.add(address)
        return f'{before}<a href="#{address}">{match.group(0).removeprefix(before)}</a>'

    seen: set[str] = set()  # the first of several sentences of a paragraph leads there
    if _PLACE.search(cell):
        return _PLACE.sub(led, cell)
    return re.sub(
        r"[^,;\s][^,;]*",
        lambda match: _led(match.group(0), f"{SOURCES}-{match.group(0)}", known),
        cell,
    )


def _rows(cell: str, table: str, known: Ways, most: int, seen: set[str]) -> str:
    """Ids of coded rows, each led to where it is told; `most` of them, or all if that is 0. Those
    `seen` are no stop again."""

    def led(match: re.Match[str]) -> str:
        address = known.row_at.get(match.group(0), "")
        if address == beginning(table) + match.group(0):
            return match.group(0)
        again = ' tabindex="-1"' if address in seen else ""
        seen.add(address)
        return _led(match.group(0), address, known, again)

    return re.sub(r"[^,;\s]+", led, cell, count=most)


def _led(words: str, address: str, known: Ways, more: str = "") -> str:
    return f'<a href="#{escape(address)}"{more}>{words}</a>' if address in known.page_of else words


def _holds_rows(cells: list[str], table: str, known: Ways) -> bool:
    """Whether a column holds ids of coded rows: every word could be one, and half of them are, told
    elsewhere."""
    words = [word for cell in cells if cell != "not stated" for word in _SEVERAL.split(cell)]
    if not words or not all(_ID.fullmatch(word) for word in words):
        return False
    there = [
        word
        for word in words
        if word in known.row_at and known.row_at[word] != beginning(table) + word
    ]
    return 2 * len(there) >= len(words)


def _tables(text: str) -> Iterator[tuple[str, str]]:
    return ((match.group(1), match.group(0)) for match in _TABLE.finditer(text))


def _heads(table: str) -> list[str]:
    return [unescape(head) for head in _HEAD.findall(table)]


def _first(addresses: Iterable[str], there: Mapping[str, str]) -> str:
    return next((one for one in addresses if one in there), "")
