"""Which tables are too long for the page that shows them, and what stands in their place?

A page that would be slow on a phone keeps the first rows of its longest tables; all their rows
stand on pages of their own, with the same addresses. The one file of a review, made to be sent,
keeps those tables whole whose rows something in it leads to, and begins the others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape, unescape

from casechron.reporting.compact import lean_tables

__all__ = ["LongTable", "begin_tables", "split_long_tables"]

#: Characters: a table of fewer never moves.
_TABLE = 9_000
_FIRST_ROWS = 8
#: Rows: in the one file of a review a table of no more is whole anyway.
_FEW = 12
_TABLES = re.compile(
    r'<div class="table" data-rows="(\d+)">\n(?:<a class="skip"[^\n]*\n)?<div'
    r' class="scroll"[^>]*>\n'
    r'(<table class="[^"]*" id="table-([^"]+)">.*?</table>)\n</div>\n'
    r'(?:<p class="on-paper">[^\n]*\n)?<p class="download" id="[^"]*">.*?</p>\n</div>',
    re.DOTALL,
)


_IN_ONE_FILE = re.compile(
    r'<div class="table" data-rows="(\d+)">\n((?:<a class="skip"[^\n]*\n)?<div'
    r' class="scroll"[^>]*>\n'
    r'<table class="[^"]*" id="table-([^"]+)">.*?</table>\n</div>)(?:\n<p'
    r' class="on-paper">[^\n]*)?',
    re.DOTALL,
)
#: What is true of the whole table alone.
_ON_PAPER = re.compile(r'<p class="on-paper">[^\n]*\n')
_SKIPPED = re.compile(r"(?<=>Skip this table \()\d+(?= rows\)</a>)")
_ROW_ADDRESS = re.compile(r'^<tr id="([^"]*)">', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class LongTable:
    """A table with a page of its own: its name, its caption, and the markup of the whole with its
    download."""

    name: str
    caption: str
    markup: str


def split_long_tables(text: str, excess: int) -> tuple[str, list[LongTable]]:
    """A page with its longest tables cut to their first rows until it is `excess` characters
    lighter, and these tables whole.

    The whole tables are in the order of the page.
    Nothing moves if `excess` is not above 0.
    """
    moved = set()
    for table in sorted(_TABLES.finditer(text), key=lambda match: -len(match.group(0))):
        if excess > 0 and len(table.group(0)) > _TABLE and int(table[1]) > _FIRST_ROWS:
            moved.add(table[3])
            excess -= len(lean_tables(table.group(0)))
    long: list[LongTable] = []

    def cut(match: re.Match[str]) -> str:
        rows, table, name = match.groups()
        if name not in moved:
            return match.group(0)
        caption = unescape(
            re.sub(
                r"<[^>]*>",
                "",
                table.split("</caption>")[0].split("<caption", 1)[1].partition(">")[2],
            )
        )
        long.append(LongTable(name, caption, match.group(0)))
        short = _ROW_ADDRESS.sub("<tr>", _begun(table)).replace("table-" + name, "begin-" + name)
        short = short.replace("caption-" + name, "begin-caption-" + name)
        said = (
            f'The first {_FIRST_ROWS} of {rows} rows. <a href="#table-{name}">All {rows} rows are'
            " on a page of their own.</a>"
        )
        whole = _SKIPPED.sub(str(_FIRST_ROWS), _ON_PAPER.sub("", match.group(0)), count=1)
        return (
            whole.replace(table, short)
            .replace("caption-" + name, "begin-caption-" + name, 1)
            .replace(f'data-rows="{rows}"', f'data-rows="{_FIRST_ROWS}"')
            .replace('<p class="download" ', f'<p class="rests">{said}</p>\n<p class="download" ')
        )

    return _TABLES.sub(cut, text), long


def begin_tables(text: str, page_of: Mapping[str, str]) -> str:
    """The one file of a review with every long table cut to its first rows, but for those whose
    rows are led to.

    Links within tables have to be there already. `page_of` says on which page of the full report
    each table is whole, by the address of the table; what is left out is said with that page and
    with the file of the CSV."""
    led_to = set(re.findall(r' href="#([^"]+)"', text))

    def cut(match: re.Match[str]) -> str:
        rows, table, name = match.groups()
        if int(rows) <= _FEW or not led_to.isdisjoint(_ROW_ADDRESS.findall(table)):
            return match.group(0)
        page = page_of.get(f"table-{name}", "")
        there = " and ".join(
            f"<code>{escape(one)}</code>" for one in (page, f"tables/{name}.csv") if one
        )
        said = (
            f'<p class="rests">The first {_FIRST_ROWS} of {rows} rows. The full report has all of'
            f" them: {there}.</p>"
        )
        return f'<div class="table" data-rows="{_FIRST_ROWS}">\n{_begun(table)}\n{said}'

    return _IN_ONE_FILE.sub(cut, text)


def _begun(table: str) -> str:
    """The markup of a table, and of what is around it, with its first rows alone."""
    # By tags and not by lines: a cell may hold several.
    head, rest = table.split("<tbody>\n", 1)
    rows, end = rest.split("\n</tbody>", 1)
    first = "</tr>\n".join(rows.removesuffix("</tr>").split("</tr>\n")[:_FIRST_ROWS])
    return _SKIPPED.sub(str(_FIRST_ROWS), f"{head}<tbody>\n{first}</tr>\n</tbody>{end}", count=1)
