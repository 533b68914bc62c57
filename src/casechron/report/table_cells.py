"""What is written in each cell of a table, how does that become CSV, and how is it read again?

A table is written once, cell by cell; its CSV holds these cells, and what the CSV does not say of
them is the type of each column. From the two together a page is made again that shows what the
table itself would show."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

from casechron.characters import legible

# Who reads cells from CSV, as the command that renders, need not wait for pandas.
if TYPE_CHECKING:
    import pandas as pd

#: Characters that make a spreadsheet read a cell as a formula (OWASP, 'CSV Injection'), wide forms
#: too.
_FORMULA = "=+\\-@\t\r\n＝＋－＠"
#: What is escaped (also where it has apostrophes already), and what has been.
_ESCAPE, _ESCAPED = re.compile(f"'*[{_FORMULA}]"), re.compile(f"'+[{_FORMULA}]")
_LINE_END = "\r\n"


#: Names of columns that do not say by themselves what a reader asks.
_HEADS = {
    "absence": "missing",
    "answer_summary": "what answered it, or was lacking",
    "date_words": "date in the source",
    "done": "what was done",
    "from_kind": "began with",
    "from_said": "began",
    "lane": "agencies",
    "next_step_summary": "next protective step",
    "said": "when it can have been",
    "says": "how firmly it is said",
    "start_summary": "counted from",
    "state": "what became of it",
    "title": "what",
    "to_kind": "ended with",
    "to_said": "ended",
    "would_settle": "what would settle it",
}
#: Names that columns of yes and no share with others.
_YES_OR_NO = {"state": "lasts"}
#: The type of a column by the kind of its dtype; and where that does not say it, by its values'.
_DTYPES = {"b": "boolean", "i": "integer", "u": "integer", "f": "number"}
_KINDS: dict[frozenset[type], str] = {
    frozenset((bool,)): "boolean",
    frozenset((int,)): "integer",
    **dict.fromkeys((frozenset((float,)), frozenset((int, float))), "number"),
    frozenset((dt.date,)): "date",
}
_LIMITS = {"min": "least", "max": "most"}


class TextColumn(NamedTuple):
    """A column as it is written: its name, its type (as Table Schema names it) and its cells, ''
    where nothing is stated."""

    name: str
    type: str
    cells: list[str]


def written_columns(table: pd.DataFrame) -> list[TextColumn]:
    """The columns of a table, each with the text of its cells; the index is left out.

    Days are ISO; booleans ``true`` and ``false``; numbers in full precision, infinities ``INF`` and
    ``-INF``; several values in one cell are joined with '; ', those of a set in order. Missing
    values of whatever kind, empty text and empty sequences are ''. Types: string, integer, number,
    boolean, date, datetime; a column of no values, or of values of several kinds, is a string
    unless its dtype says otherwise. Raises `ValueError` for two columns of one name.

    >>> import pandas as pd
    >>> written_columns(pd.DataFrame({"id": ["e1", None], "days": [3.0, 4.5]}))
    [TextColumn(name='id', type='string', cells=['e1', '']), TextColumn(name='days', type='number', cells=['3.0', '4.5'])]
    """  # noqa: E501
    names = [str(column) for column in table.columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"a table has more than one column named {', '.join(twice)}; rename them")
    columns = []
    for name, (_, column) in zip(names, table.items(), strict=True):
        values = [_plain(value) for value in column.tolist()]
        columns.append(TextColumn(name, _type(column.dtype, values), list(map(_cell, values))))
    return columns


def as_csv(columns: Sequence[TextColumn]) -> str:
    """Columns as CSV: the data itself, for machines, with nothing in it that a spreadsheet would
    run.

    UTF-8 text with LF line ends, one header line, the columns as they are named, the cells as
    `written_columns` gives them. *Text* that begins with ``=``, ``+``, ``-``, ``@``, a tab or a
    line end gets a leading apostrophe, as OWASP advises, since a spreadsheet would read it as a
    formula; columns of numbers are left alone. Text that already has apostrophes before such a sign
    gets one more, so that it can be told from the former. To have every text back as it was, take
    one apostrophe off each text that begins with apostrophes and such a sign, and off no other.

    >>> ids = TextColumn("id", "string", ["=1+1", "'=1+1"])
    >>> print(as_csv([ids, TextColumn("days", "integer", ["-3", ""])]), end="")
    id,days
    '=1+1,-3
    ''=1+1,
    """
    cells = [
        list(map(_escaped, column.cells)) if column.type == "string" else column.cells
        for column in columns
    ]
    heads = [_escaped(column.name) for column in columns]
    lines: list[str] = []
    # A line that ends with a CR and an LF has either quoted in its cells.
    writer: Any = csv.writer(SimpleNamespace(write=lines.append), lineterminator=_LINE_END)
    writer.writerows([heads, *zip(*cells, strict=True)])
    return "".join(line.removesuffix(_LINE_END) + "\n" for line in lines)


def read_csv_cells(text: str, types: Mapping[str, str]) -> list[TextColumn]:
    """The columns that `as_csv` wrote, from the CSV and `types_of` them.

    >>> read_csv_cells("id,days\\n'=1+1,-3\\n", {"days": "integer"})
    [TextColumn(name='id', type='string', cells=['=1+1']), TextColumn(name='days', type='integer', cells=['-3'])]
    """  # noqa: E501
    heads, *rows = csv.reader(io.StringIO(text, newline=""))
    cells = zip(*rows, strict=True) if rows else ((),) * len(heads)
    return [
        TextColumn(_unescaped(head), types.get(head, "string"), list(map(_unescaped, column)))
        for head, column in zip(heads, cells, strict=True)
    ]


def types_of(columns: Sequence[TextColumn]) -> dict[str, str]:
    """The types that a CSV does not say: of each column that is no text, by its name in the CSV.

    >>> types_of([TextColumn("event", "string", ["e1"]), TextColumn("share", "number", ["0.5"])])
    {'share': 'number'}
    """
    return {_escaped(column.name): column.type for column in columns if column.type != "string"}


def fields_of(columns: Sequence[TextColumn]) -> list[dict[str, str]]:
    """Columns as Table Schema names them: a dict for each of its name (as in the CSV) and, unless
    it is a string, its type.

    >>> fields_of([TextColumn("event", "string", ["e1"]), TextColumn("share", "number", ["0.5"])])
    [{'name': 'event'}, {'name': 'share', 'type': 'number'}]
    """
    return [
        {"name": _escaped(name)} | ({"type": of} if of != "string" else {})
        for name, of, _ in columns
    ]


def head_of(column: TextColumn) -> str:
    """The name of a column as a reader sees it.

    >>> days = TextColumn("next_step_days_max", "integer", [])
    >>> head_of(days), head_of(TextColumn("lane", "string", []))
    ('next step days at most', 'agencies')
    >>> [head_of(TextColumn("state", kind, [])) for kind in ("string", "boolean")]
    ['what became of it', 'lasts']
    """
    of_type = _YES_OR_NO if column.type == "boolean" else {}
    words = of_type.get(column.name) or _HEADS.get(column.name)
    words = words or legible(column.name).replace("_", " ")
    return re.sub(" (min|max)$", lambda end: f" at {_LIMITS[end[1]]}", words)


def plain_rows(shown: Sequence[TextColumn], count: int) -> str:
    """The first three rows of a table as text, in columns of at most 24 letters."""
    parts = []
    for column in shown:
        cells = [column.name, *(" ".join(cell.split()) or "—" for cell in column.cells[:3])]
        cells = [cell if len(cell) <= 24 else f"{cell[:23]}…" for cell in cells]
        parts.append([cell.ljust(max(map(len, cells))) for cell in cells])
    lines = ["  ".join(line).rstrip() for line in zip(*parts, strict=True)]
    return "\n".join([*lines, *["…"] * (count > 3)])


def number_text(value: float, whole: bool) -> str:
    """A number as a reader sees it: without decimals in a column of `whole` numbers, else three, or
    two digits if it is tiny.

    >>> number_text(3.0, True), number_text(1 / 3, False), number_text(0.00012, False)
    ('3', '0.333', '0.00012')
    >>> number_text(float("-inf"), True)
    '-∞'
    """
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if whole:
        return str(int(value))
    return f"{value:.3f}" if abs(value) >= 0.001 or value == 0 else f"{value:.2g}"


def _plain(value: Any) -> Any:
    import numpy as np

    return value.item() if isinstance(value, np.generic) else value


def _missing(value: Any) -> bool:
    if isinstance(value, (str, tuple, list, set, frozenset)):
        return not value
    import pandas as pd

    return value is None or bool(pd.isna(value))


def _cell(value: Any) -> str:
    if _missing(value):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # Table Schema spells the infinities so.
        return ("INF" if value > 0 else "-INF") if math.isinf(value) else repr(value)
    if isinstance(value, (tuple, list, set, frozenset)):
        cells = [_cell(_plain(one)) for one in value]
        return "; ".join(cells if isinstance(value, (tuple, list)) else sorted(cells))
    return _iso(value) if isinstance(value, dt.date) else str(value)


def _escaped(text: str) -> str:
    """Text that no spreadsheet runs; `_unescaped` takes it back, whatever the text was."""
    return f"'{text}" if _ESCAPE.match(text) else text


def _unescaped(text: str) -> str:
    return text[1:] if _ESCAPED.match(text) else text


def _iso(value: dt.date) -> str:
    """A day as YYYY-MM-DD; the time only where there is one."""
    if isinstance(value, dt.datetime) and (value.time() != dt.time.min or value.tzinfo is not None):
        return value.isoformat()
    return value.isoformat()[:10]


def _type(dtype: Any, values: Sequence[Any]) -> str:
    if dtype.kind in _DTYPES:
        return _DTYPES[dtype.kind]
    stated = [value for value in values if not _missing(value)]
    if dtype.kind == "M":
        return "datetime" if any(len(_iso(value)) > 10 for value in stated) else "date"
    return _KINDS.get(frozenset(map(type, stated)), "string")
