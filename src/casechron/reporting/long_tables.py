"""Which tables are too long for the page that shows them, and what stands in their place?

A page that would be slow on a phone keeps the first rows of its longest tables; all their rows stand on pages of their
own, with the same addresses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

__all__ = ["LongTable", "split_long_tables"]

#: Characters: a table of fewer never moves.
_TABLE = 9_000
_FIRST_ROWS = 8
_TABLES = re.compile(
    r'<div class="table" data-rows="(\d+)">\n<div class="scroll"[^>]*>\n'
    r'(<table class="[^"]*" id="table-([^"]+)">.*?</table>)\n</div>\n<p class="download">.*?</p>\n</div>',
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class LongTable:
    """A table with a page of its own: its name, its caption, and the markup of the whole with its download."""

    name: str
    caption: str
    markup: str


def split_long_tables(text: str, excess: int) -> tuple[str, list[LongTable]]:
    """A page with its longest tables cut to their first rows until it is `excess` characters lighter, and these tables whole.

    The whole tables are in the order of the page.
    Nothing moves if `excess` is not above 0.
    """
    moved = set()
    for table in sorted(_TABLES.finditer(text), key=lambda match: -len(match.group(0))):
        if excess > 0 and len(table.group(0)) > _TABLE and int(table[1]) > _FIRST_ROWS:
            moved.add(table[3])
            excess -= len(table.group(0))
    long: list[LongTable] = []

    def cut(match: re.Match[str]) -> str:
        rows, table, name = match.groups()
        if name not in moved:
            return match.group(0)
        caption = unescape(re.sub(r"<[^>]*>", "", table.split("</caption>")[0].split("<caption", 1)[1].partition(">")[2]))
        long.append(LongTable(name, caption, match.group(0)))
        lines = table.split("\n")
        first = lines.index("<tbody>") + 1
        kept = [re.sub(r'^<tr id="[^"]*">', "<tr>", line) for line in lines[first : first + _FIRST_ROWS]]
        short = "\n".join([*lines[:first], *kept, "</tbody>", "</table>"]).replace("table-" + name, "begin-" + name)
        short = short.replace("caption-" + name, "begin-caption-" + name)
        said = f'The first {_FIRST_ROWS} of {rows} rows. <a href="#table-{name}">All {rows} rows are on a page of their own.</a>'
        return (
            match.group(0)
            .replace(table, short)
            .replace("caption-" + name, "begin-caption-" + name, 1)
            .replace(f'data-rows="{rows}"', f'data-rows="{_FIRST_ROWS}"')
            .replace('<p class="download">', f'<p class="rests">{said}</p>\n<p class="download">')
        )

    return _TABLES.sub(cut, text), long
