"""How is a table written as HTML, as plain text, as CSV and as a Table Schema?

One table, four renderings, all of the same cells (see `table_cells`). Missing values, whatever
their kind, and empty text are 'not stated'. Dates are ISO days. Every value is text that somebody
wrote: it becomes characters on a page, never markup, and never a formula in a spreadsheet."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from html import escape

import pandas as pd

from casechron.coding.characters import legible
from casechron.reporting.compact import lean_tables
from casechron.reporting.links import beginning
from casechron.reporting.table_cells import (
    Column,
    csv_of,
    fields_of,
    number_text,
    read_csv_cells,
    written,
)

__all__ = [
    "NOT_STATED",
    "anchors",
    "begun_html",
    "begun_on_paper",
    "html_of",
    "plain_of",
    "table_csv",
    "table_fields",
    "table_html",
    "table_html_from_csv",
]

#: A cell of which nothing is stated. In words: what a style sheet adds is not read out everywhere
#: (WCAG, failure F87).
NOT_STATED = '<td class="n">not stated</td>'
#: Characters: up to so many a cell stays on one line (an ISO day, a code); above so many it is
#: prose.
_SHORT, _PROSE = 12, 40
#: Columns: a table of so many or more is a card a row on a phone, and of so many or more a
#: paragraph a row on paper too.
_CARDS, _RECORDS = 5, 11
#: Rows: of a table of more, paper has only the first (see page.css).
_PAPER = 60
#: Columns that say what a row is about, the first ones foremost; the first that a table has heads
#: its rows beside their ids.
_TELLS = (r"summary|title", r"proposition|conclusion|\w+_summary")
#: What an id in a first column looks like; a day or a number does not.
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_IDS = re.compile(rf"{_ID.pattern}(?:[,;] {_ID.pattern})*")
_INTEGER = re.compile(r"-?\d+")


def table_html(table: pd.DataFrame, name: str, caption: str) -> str:
    """A table that a screen reader can walk and that others can link to; see `html_of`.

    >>> print(table_html(pd.DataFrame({"id": ["e1"], "days_min": [3]}), "gaps", "Gaps"))
    <table class="casechron s1 n2" id="table-gaps">
    <caption id="caption-gaps"><span>Gaps</span></caption>
    <thead><tr><th scope="col">id</th><th scope="col" class="number">days min</th></tr></thead>
    <tbody>
    <tr id="gaps-e1"><th scope="row">e1</th><td class="number">3</td></tr>
    </tbody>
    </table>
    """
    return html_of(written(table), name, caption)


def table_html_from_csv(text: str, types: Mapping[str, str], name: str, caption: str) -> str:
    """What `table_html` gives for a table, made from its CSV and from `table_cells.types_of` its
    columns.

    >>> print(
    ...     table_html_from_csv("share\\n0.5\\n", {"share": "number"}, "gaps", "Gaps").split("\\n")[
    ...         4
    ...     ]
    ... )
    <tr><th scope="row" class="number">0.500</th></tr>
    """
    return html_of(read_csv_cells(text, types), name, caption)


def html_of(columns: Sequence[Column], name: str, caption: str) -> str:
    """Columns as a table of HTML, a line a row.

    The caption comes first; column heads have ``scope="col"`` and the first column heads its rows,
    together with the one that tells what each row is about, such as a summary. The table is
    ``#table-<name>``; rows that can be told apart have addresses of their own (see `anchors`).
    Underscores in column names are shown as spaces. The classes of the table say which columns hold
    numbers (``n2`` is the second), short words (``s``), prose (``l``) or lists of ids (``i``), and
    whether a row is a card on a phone (``cards``) and a paragraph on paper (``records``), which has
    only the first of very many rows (``begun``)."""
    return _table(
        columns,
        name,
        caption,
        [f' id="{one}"' if one else "" for one in _addresses(columns, name)],
        looks=True,
    )


def begun_html(columns: Sequence[Column], name: str, caption: str, rows: int = 6) -> str:
    """A table as notebooks hold it: its first rows, and below them how many there are and which
    file has them all.

    A table of no more rows is whole. Its rows have no addresses, since nothing in a notebook leads
    to them.

    >>> print(begun_html([Column("id", "string", ["e1", "e2"])], "gaps", "Gaps", rows=1))
    <table class=casechron id=table-gaps>
    <caption id=caption-gaps><span>Gaps</span></caption>
    <thead><tr><th scope=col>id
    <tbody>
    <tr><th scope=row>e1
    </table>
    <p>1 of 2 rows; all of them are in tables/gaps.csv</p>
    """
    there = len(columns[0].cells) if columns else 0
    text = lean_tables(_table(columns, name, caption, [""] * min(there, rows), looks=False))
    return (
        f"{text}\n<p>{rows} of {there} rows; all of them are in tables/{name}.csv</p>"
        if there > rows
        else text
    )


def begun_on_paper(rows: int) -> bool:
    """Whether a table has so many rows that paper has only the first of them."""
    return rows > _PAPER


def _table(
    columns: Sequence[Column], name: str, caption: str, addresses: Sequence[str], looks: bool
) -> str:
    """A table with as many of its rows as have an attribute for their address, and, if wanted, the
    looks of its columns."""
    texts = [_shown(column) for column in columns]
    kinds = [_kind(column.type, shown) for column, shown in zip(columns, texts, strict=True)]
    # Said once, not at each cell: a long table would weigh a third more. Numbers are marked for
    # JupyterLab too.
    wide = ["cards"] * (len(columns) >= _CARDS) + ["records"] * (len(columns) >= _RECORDS)
    columns_look = [f"{kind[0]}{place}" for place, kind in enumerate(kinds, start=1) if kind]
    wide += ["begun"] * (len(columns) > 0 and begun_on_paper(len(columns[0].cells)))
    look = " ".join(["casechron", *wide, *columns_look] if looks else ["casechron"])
    classes = [' class="number"' if kind == "number" else "" for kind in kinds]
    heads = "".join(
        f'<th scope="col"{cls}>{_text(_label(column.name))}</th>'
        for column, cls in zip(columns, classes, strict=True)
    )
    tells = _tells(columns)
    rows = []
    for cells, address in zip(zip(*texts, strict=True), addresses, strict=False):
        first = f'<th scope="row"{classes[0]}>{"not stated" if cells[0] is None else _text(cells[0])}</th>'  # noqa: E501
        rest = [
            (
                NOT_STATED
                if cell is None
                else (
                    f'<th scope="row">{_text(cell)}</th>'
                    if place == tells
                    else f"<td{cls}>{_text(cell)}</td>"
                )
            )
            for place, (cell, cls) in enumerate(zip(cells[1:], classes[1:], strict=True), start=1)
        ]
        rows.append(f"<tr{address}>{first}{''.join(rest)}</tr>")
    if not rows:
        rows = [f'<tr><td colspan="{max(1, len(columns))}">No rows.</td></tr>']
    return "\n".join(
        [
            f'<table class="{look}" id="table-{name}">',
            f'<caption id="caption-{name}"><span>{_text(legible(caption))}</span></caption>',
            f"<thead><tr>{heads}</tr></thead>",
            "<tbody>",
            *rows,
            "</tbody>",
            "</table>",
        ]
    )


def plain_of(columns: Sequence[Column], rows: int = 3, width: int = 24) -> str:
    """The first rows of a table, as text in columns; for terminals and for differences between
    versions.

    >>> print(
    ...     plain_of(
    ...         [Column("event", "string", ["e1", "e2"]), Column("days_min", "number", ["3.0", ""])]
    ...     )
    ... )
    event  days_min
    e1     3
    e2     —
    2 rows, 2 columns
    """
    shown = []
    for column in columns:
        texts = ["—" if text is None else " ".join(text.split()) for text in _shown(column)[:rows]]
        cells = [
            text if len(text) <= width else text[: width - 1] + "…"
            for text in [legible(column.name), *texts]
        ]
        longest = max(map(len, cells))
        shown.append([cell.ljust(longest) for cell in cells])
    lines = ["  ".join(line).rstrip() for line in zip(*shown, strict=True)]
    there = len(columns[0].cells) if columns else 0
    if there > rows:
        lines.append("…")
    many = f"{there} {'row' if there == 1 else 'rows'}"
    return "\n".join(
        [*lines, f"{many}, {len(columns)} {'column' if len(columns) == 1 else 'columns'}"]
    )


def table_csv(table: pd.DataFrame) -> str:
    """A table as the CSV that a report offers; see `table_cells.csv_of`.

    >>> print(table_csv(pd.DataFrame({"id": ["=1+1", "e2"], "days": [-3, 4]})), end="")
    id,days
    '=1+1,-3
    e2,4
    """
    return csv_of(written(table))


def table_fields(table: pd.DataFrame) -> list[dict[str, str]]:
    """The fields of a table as Table Schema names them: one dict of name and type for each column.

    >>> table_fields(pd.DataFrame({"event": ["e1"], "share": [0.5]}))
    [{'name': 'event', 'type': 'string'}, {'name': 'share', 'type': 'number'}]
    """
    return fields_of(written(table))


def anchors(table: pd.DataFrame, name: str) -> list[str]:
    """The address of each row, ``<name>-<its id>`` (`links.beginning`); '' where it has none or an
    earlier row has it already.

    Ids stand in the column ``id``; else in the first column, if it holds a different id in each
    row; else in ``event``. A table of paragraphs (``source`` and ``paragraph``) has
    ``<name>-<paragraph>``, with the source before the paragraph where there are several sources.

    >>> anchors(pd.DataFrame({"event": ["e1", "e1", "e 2"]}), "gaps")
    ['gaps-e1', '', 'gaps-e-2']
    >>> anchors(pd.DataFrame({"source": ["report", "report"], "paragraph": [1, 2]}), "coverage")
    ['coverage-1', 'coverage-2']
    """
    return _addresses(written(table), name)


def _addresses(columns: Sequence[Column], name: str) -> list[str]:
    seen: set[str] = set()
    found = []
    for value in _row_ids(columns):
        slug = re.sub(r"[^A-Za-z0-9_.-]", "-", value)
        anchor = beginning(name) + slug if slug else ""
        found.append("" if anchor in seen else anchor)
        seen.add(anchor)
    return found


def _row_ids(columns: Sequence[Column]) -> Sequence[str]:
    cells = {column.name: column.cells for column in columns}
    if "id" in cells:
        return cells["id"]
    if "source" in cells and "paragraph" in cells:
        several = len({source for source in cells["source"] if source}) > 1
        rows = zip(cells["source"], cells["paragraph"], strict=True)
        return [f"{source}-{paragraph}" if several else paragraph for source, paragraph in rows]
    first = columns[0].cells if columns else []
    if (
        len(set(first)) == len(first)
        and columns
        and columns[0].type == "string"
        and all(map(_ID.fullmatch, first))
    ):
        return first
    return cells.get("event", [""] * len(first))


def _text(words: str) -> str:
    """Words between tags; there a quotation mark is a character like any other."""
    return escape(words, quote=False)


def _label(column: str) -> str:
    return legible(column).replace("_", " ")


def _tells(columns: Sequence[Column]) -> int:
    """The place of the column that says what each row is about; 0 if that is the first, or none."""
    found = (
        place
        for tells in _TELLS
        for place, column in enumerate(columns)
        if re.fullmatch(tells, column.name)
    )
    return next(found, 0)


def _kind(type_: str, texts: Sequence[str | None]) -> str:
    """What a style sheet needs to know of a column: numbers, short words that stay on one line,
    (long) prose or lists of ids."""
    longest = max((len(text) for text in texts if text is not None), default=0)
    if type_ in ("integer", "number") and longest:
        return "number"
    if longest > _PROSE:
        lists = " " in "".join(filter(None, texts)) and all(
            text is None or _IDS.fullmatch(text) for text in texts
        )
        return "ids" if lists else "long"
    return "short" if 0 < longest <= _SHORT else ""


def _shown(column: Column) -> list[str | None]:
    """What a reader sees; None where nothing is stated. Whole numbers stay whole beside missing
    ones."""
    if column.type == "boolean":
        return [{"true": "yes", "false": "no", "": None}[cell] for cell in column.cells]
    if column.type != "number":
        return [legible(cell) if cell else None for cell in column.cells]
    # An integer among them is told from a float by how it is written, and never loses a digit.
    numbers = [
        None if not cell or _INTEGER.fullmatch(cell) else float(cell) for cell in column.cells
    ]
    whole = all(
        number.is_integer() for number in numbers if number is not None and math.isfinite(number)
    )
    return [
        (cell or None) if number is None else number_text(number, whole)
        for cell, number in zip(column.cells, numbers, strict=True)
    ]
