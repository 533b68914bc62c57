"""Tables that tests write as text: a row in a line, its cells parted by `|`.

    closure   | decision | on 20 March 2017 | 12
    enquiries |          | on 15 May 2017   | None

Cells are stripped, and may be empty. A line that begins with `...` goes on with the row above it.
A whole number, True, False and None are values; as text they stand in quotes, such as '12'.
What a cell lists stands in brackets, parted by ';' and a space, as (visit; call); () lists nothing.
"""

from __future__ import annotations

import re
from typing import Any

_WORDS = {"True": True, "False": False, "None": None}


def lists_of(text: str) -> list[list[Any]]:
    """The cells of each row."""
    return [[_value(cell) for cell in row] for row in _rows(text)]


def tuples_of(text: str) -> list[tuple[Any, ...]]:
    """The cells of each row, as pytest takes the cases of a test and pandas takes rows."""
    return [tuple(row) for row in lists_of(text)]


def cells_of(text: str) -> list[Any]:
    """The cells of all rows, one after the other."""
    return [cell for row in lists_of(text) for cell in row]


def words_of(text: str) -> list[str]:
    """The words of a text, for a list of names."""
    return text.split()


def records_of(text: str) -> list[dict[str, str]]:
    """Each row by the heads, which stand in the first line, without its empty cells, which may be
    left out at its end; all that it holds is text, as in a CSV file."""
    heads, *rows = _rows(text)
    assert all(len(row) <= len(heads) for row in rows)
    return [{head: cell for head, cell in zip(heads, row, strict=False) if cell} for row in rows]


def _rows(text: str) -> list[list[str]]:
    rows: list[list[str]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        cells = [cell.strip() for cell in line.removeprefix("...").split("|")]
        if line.startswith("..."):
            rows[-1] += cells
        else:
            rows.append(cells)
    return rows


def _value(cell: str) -> Any:
    if cell.startswith("(") and cell.endswith(")"):
        return tuple(filter(None, cell[1:-1].split("; ")))
    if cell.lstrip("-").isdecimal():
        return int(cell)
    return _WORDS[cell] if cell in _WORDS else re.sub(r"^'(-?\d+|True|False|None)'$", r"\1", cell)
