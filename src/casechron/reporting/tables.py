"""How is a table written as HTML, as plain text, as CSV and as a Table Schema?

One table, four renderings. Missing values, whatever their kind, and empty text are 'not stated'. Dates are ISO
days. Every value is text that somebody wrote: it becomes characters on a page, never markup, and never a
formula in a spreadsheet.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from html import escape
from typing import Any

import pandas as pd

__all__ = ["NOT_STATED", "anchors", "clean", "table_csv", "table_fields", "table_html", "table_plain"]

#: What HTML or XML cannot hold, and what turns the direction of the text around it.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
#: Characters that make a spreadsheet read a cell as a formula (OWASP, 'CSV Injection'), wide forms too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_QUOTED = re.compile('[",\r\n]')
#: A cell of which nothing is stated.
NOT_STATED = '<span aria-hidden="true">—</span><span class="visually-hidden">not stated</span>'
#: Characters: up to so many a cell stays on one line (an ISO day, a code); above so many it is prose.
_SHORT, _PROSE = 12, 40
#: What an id in a first column looks like; a day or a number does not.
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


def table_html(table: pd.DataFrame, name: str, caption: str) -> str:
    """A table that a screen reader can walk and that others can link to.

    The caption comes first; column heads have ``scope="col"`` and the first column heads its rows. The table
    is ``#table-<name>``; rows that can be told apart have addresses of their own (see `anchors`).
    Underscores in column names are shown as spaces. The index is not shown. The classes of the table say which columns
    hold numbers (``n2`` is the second), short words (``s``) or prose (``l``).

    >>> print(table_html(pd.DataFrame({"id": ["e1"], "days_min": [3]}), "gaps", "Gaps"))
    <table class="casechron s1 n2" id="table-gaps">
    <caption id="caption-gaps"><span>Gaps</span></caption>
    <thead><tr><th scope="col">id</th><th scope="col" class="number">days min</th></tr></thead>
    <tbody>
    <tr id="gaps-e1"><th scope="row">e1</th><td class="number">3</td></tr>
    </tbody>
    </table>
    """
    columns = _columns(table)
    texts = [_texts(values) for _, values in columns]
    kinds = [_kind(values, shown) for (_, values), shown in zip(columns, texts, strict=True)]
    # Said once, not at each cell: a long table would weigh a third more. Numbers are marked for JupyterLab too.
    look = " ".join(["casechron", *(f"{kind[0]}{place}" for place, kind in enumerate(kinds, start=1) if kind)])
    classes = [' class="number"' if kind == "number" else "" for kind in kinds]
    heads = "".join(
        f'<th scope="col"{cls}>{escape(_label(column))}</th>' for (column, _), cls in zip(columns, classes, strict=True)
    )
    rows = []
    for place, anchor in enumerate(anchors(table, name)):
        cells = []
        for position, cls in enumerate(classes):
            text = texts[position][place]
            shown = NOT_STATED if text is None else escape(text)
            cells.append(f'<th scope="row"{cls}>{shown}</th>' if position == 0 else f"<td{cls}>{shown}</td>")
        rows.append(f"<tr{f' id={chr(34)}{anchor}{chr(34)}' if anchor else ''}>{''.join(cells)}</tr>")
    if not rows:
        rows = [f'<tr><td colspan="{max(1, len(columns))}">No rows.</td></tr>']
    return "\n".join(
        [
            f'<table class="{look}" id="table-{name}">',
            f'<caption id="caption-{name}"><span>{escape(clean(caption))}</span></caption>',
            f"<thead><tr>{heads}</tr></thead>",
            "<tbody>",
            *rows,
            "</tbody>",
            "</table>",
        ]
    )


def table_plain(table: pd.DataFrame, rows: int = 8, width: int = 24) -> str:
    """The first rows of a table, as text in columns; for terminals and for differences between versions.

    >>> print(table_plain(pd.DataFrame({"event": ["e1", "e2"], "days_min": [3.0, None]})))
    event  days_min
    e1     3
    e2     —
    2 rows, 2 columns
    """
    columns = []
    for column, values in _columns(table):
        texts = ["—" if text is None else " ".join(text.split()) for text in _texts(values)[:rows]]
        cells = [text if len(text) <= width else text[: width - 1] + "…" for text in [clean(column), *texts]]
        longest = max(map(len, cells))
        columns.append([cell.ljust(longest) for cell in cells])
    lines = ["  ".join(line).rstrip() for line in zip(*columns, strict=True)]
    if len(table) > rows:
        lines.append("…")
    many = f"{len(table)} {'row' if len(table) == 1 else 'rows'}"
    return "\n".join([*lines, f"{many}, {len(columns)} {'column' if len(columns) == 1 else 'columns'}"])


def table_csv(table: pd.DataFrame) -> str:
    """A table as CSV: the data itself, for machines, with nothing in it that a spreadsheet would run.

    UTF-8 text with LF line ends, one header line, the columns as they are named. Empty means not stated;
    days are ISO; booleans ``true`` and ``false``; numbers in full precision; several values in one cell are
    joined with '; '. *Text* that begins with ``=``, ``+``, ``-``, ``@``, a tab or a line end gets a leading
    apostrophe, as OWASP advises, since a spreadsheet would read it as a formula; numbers are left alone. A
    reader of the data takes one leading apostrophe off such text.

    >>> print(table_csv(pd.DataFrame({"id": ["=1+1", "e2"], "days": [-3, 4]})), end="")
    id,days
    '=1+1,-3
    e2,4
    """
    columns = _columns(table)
    lines = zip(*([_csv_text(value) for value in values] for _, values in columns), strict=True)
    return _csv_line([_unformula(name) for name, _ in columns]) + "".join(map(_csv_line, lines))


def table_fields(table: pd.DataFrame) -> list[dict[str, str]]:
    """The fields of a table as Table Schema names them: one dict of name and type for each column.

    Types: string, integer, number, boolean, date, datetime. A column of no values is a string unless its
    dtype says otherwise.

    >>> table_fields(pd.DataFrame({"event": ["e1"], "share": [0.5]}))
    [{'name': 'event', 'type': 'string'}, {'name': 'share', 'type': 'number'}]
    """
    return [
        {"name": _unformula(column), "type": _field_type(table.iloc[:, position])}
        for position, (column, _) in enumerate(_columns(table))
    ]


def anchors(table: pd.DataFrame, name: str) -> list[str]:
    """The address of each row, ``<name>-<its id>``; '' where it has none or an earlier row has it already.

    Ids stand in the column ``id``; else in the first column, if it holds a different id in each row; else in
    ``event``. A table of paragraphs (``source`` and ``paragraph``) has ``<name>-<paragraph>``, with the source before the
    paragraph where there are several sources.

    >>> anchors(pd.DataFrame({"event": ["e1", "e1", "e 2"]}), "gaps")
    ['gaps-e1', '', 'gaps-e-2']
    >>> anchors(pd.DataFrame({"source": ["report", "report"], "paragraph": [1, 2]}), "coverage")
    ['coverage-1', 'coverage-2']
    """
    seen: set[str] = set()
    found = []
    for value in _row_ids(table):
        slug = "" if _missing(value) else re.sub(r"[^A-Za-z0-9_.-]", "-", str(value))
        anchor = f"{name}-{slug}" if slug else ""
        found.append("" if anchor in seen else anchor)
        seen.add(anchor)
    return found


def _row_ids(table: pd.DataFrame) -> list[Any]:
    columns = list(table.columns)
    if "id" in columns:
        return list(table["id"].tolist())
    if "source" in columns and "paragraph" in columns:
        several = table["source"].nunique() > 1
        rows = zip(table["source"].tolist(), table["paragraph"].tolist(), strict=True)
        return [f"{source}-{paragraph}" if several else paragraph for source, paragraph in rows]
    first = table.iloc[:, 0].tolist() if columns else []
    if len(set(map(str, first))) == len(first) and all(isinstance(one, str) and _ID.fullmatch(one) for one in first):
        return first
    return list(table["event"].tolist()) if "event" in columns else [None] * len(table)


def clean(text: object) -> str:
    """Text that a page can hold: control characters and turns of direction are shown as U+FFFD.

    >>> clean("a\\x07b")
    'a\\ufffdb'
    """
    return _UNFIT.sub("\ufffd", str(text))


def _columns(table: pd.DataFrame) -> list[tuple[str, list[Any]]]:
    """Names and values, as Python's own scalars; a name may stand once."""
    names = [str(column) for column in table.columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"a table has more than one column named {', '.join(twice)}; rename them")
    return [(name, table.iloc[:, position].tolist()) for position, name in enumerate(names)]


def _label(column: str) -> str:
    return clean(column).replace("_", " ")


def _missing(value: Any) -> bool:
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, str) and value == ""):
        return True
    if isinstance(value, (tuple, list, set, frozenset)):
        return not value
    return isinstance(value, float) and math.isnan(value)


def _kind(values: list[Any], texts: list[str | None]) -> str:
    """What a style sheet needs to know of a column: numbers, short words that stay on one line, or (long) prose."""
    stated = [value for value in values if not _missing(value)]
    longest = max((len(text) for text in texts if text is not None), default=0)
    if stated and all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in stated):
        return "number"
    if longest > _PROSE:
        return "long"
    return "short" if 0 < longest <= _SHORT else ""


def _texts(values: list[Any]) -> list[str | None]:
    """What a reader sees; None where nothing is stated. Whole numbers stay whole beside missing ones."""
    floats = [value for value in values if isinstance(value, float) and not _missing(value)]
    whole = all(value.is_integer() for value in floats if math.isfinite(value))
    return [None if _missing(value) else clean(_text(value, whole)) for value in values]


def _text(value: Any, whole: bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if math.isinf(value):
            return "∞" if value > 0 else "-∞"
        if whole:
            return str(int(value))
        return f"{value:.3f}" if abs(value) >= 0.001 or value == 0 else f"{value:.2g}"
    if isinstance(value, (tuple, list)):
        return "; ".join(_text(one, whole) for one in value)
    if isinstance(value, (set, frozenset)):
        return "; ".join(sorted(_text(one, whole) for one in value))
    return _iso(value) if isinstance(value, dt.date) else str(value)


def _csv_text(value: Any) -> str:
    if _missing(value):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # Table Schema spells the infinities so.
        return ("INF" if value > 0 else "-INF") if math.isinf(value) else repr(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (tuple, list)):
        return _unformula("; ".join(_text(one, False) for one in value))
    if isinstance(value, (set, frozenset)):
        return _unformula("; ".join(sorted(_text(one, False) for one in value)))
    return _iso(value) if isinstance(value, dt.date) else _unformula(str(value))


def _csv_line(cells: Sequence[str]) -> str:
    """One line of RFC 4180; the standard library's versions differ in whether they quote a lone CR."""
    if list(cells) == [""]:
        return '""\n'  # an empty line would be no row
    return ",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' if _QUOTED.search(cell) else cell for cell in cells) + "\n"


def _unformula(text: str) -> str:
    # The NUL character ends a text for many readers of CSV; others may have their say.
    text = text.replace("\x00", "\ufffd")
    return f"'{text}" if text.startswith(_FORMULA) else text


def _iso(value: dt.date) -> str:
    """A day as YYYY-MM-DD; the time only where there is one."""
    if isinstance(value, dt.datetime) and (value.time() != dt.time.min or value.tzinfo is not None):
        return value.isoformat()
    return value.strftime("%Y-%m-%d") if value.year > 999 else f"{value.year:04}-{value.month:02}-{value.day:02}"


def _field_type(column: pd.Series[Any]) -> str:
    stated = [value for value in column.tolist() if not _missing(value)]
    if pd.api.types.is_bool_dtype(column.dtype):
        return "boolean"
    if pd.api.types.is_integer_dtype(column.dtype):
        return "integer"
    if pd.api.types.is_float_dtype(column.dtype):
        return "number"
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return "datetime" if any(len(_iso(value)) > 10 for value in stated) else "date"
    if not stated:
        return "string"
    kinds = {type(value) for value in stated}
    if kinds == {bool}:
        return "boolean"
    if kinds == {int}:
        return "integer"
    if kinds <= {int, float}:
        return "number"
    return "date" if kinds == {dt.date} else "string"
