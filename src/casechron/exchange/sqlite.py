"""The coded tables of a review, and what can be known of its time, as one SQLite database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from casechron.analysis.chronicle import chronicle
from casechron.analysis.timescales import timescale_checks
from casechron.analysis.timing import response_gaps
from casechron.coding.codebook import Column as CodedColumn
from casechron.coding.codebook import codebook
from casechron.exchange import told_of
from casechron.report.table_cells import written_columns
from casechron.review import Review

__all__ = ["database"]

#: What is computed and not coded: the questions that are asked most, each a table. Ages stand in
#: the same file, so the days of events are those that may be told beside one.
_COMPUTED = (chronicle, response_gaps, timescale_checks)
#: Columns of those that hold the id of one event.
_EVENTS = dict.fromkeys(
    ("event", "concern", "answer", "observed_to", "start", "end", "end_of_account"), "events"
)
_TYPES = {"integer": "INTEGER", "boolean": "INTEGER", "number": "REAL"}


class _Column(NamedTuple):
    name: str
    type: str = "TEXT"
    refers: str = ""
    required: bool = False


class _Table(NamedTuple):
    name: str
    columns: Sequence[_Column]
    rows: Sequence[Sequence[Any]]
    key: Sequence[str] = ()
    unique: Sequence[str] = ()


def database(review: Review) -> bytes:
    """A review as one SQLite database.

    It has the coded tables under the names of the codebook; a table for each list of codes
    (``codes_basis``); `rows`, the table of each row's id; `chronicle`, `response_gaps` and
    `timescale_checks` as the functions of these names give them; and `about`, what goes with the
    review (`told_of`). Foreign keys hold. Empty cells are NULL.

    Parameters
    ----------
    review
        The review, under its dating policy.

    Returns
    -------
    bytes
        The file. The same review gives the same bytes, with the same version of SQLite.

    Examples
    --------
    >>> import casechron as cc, sqlite3
    >>> read = sqlite3.connect(":memory:")
    >>> read.deserialize(database(cc.read_review("child-x-anytown-2019")))
    >>> read.execute("SELECT latest FROM chronicle WHERE event = 'visit-2014'").fetchone()
    ('2014-09-17',)
    """
    about = _Table("about", _texts("what", "told"), [*told_of(review).items()], ("what",))
    tables = [about, *_lists(), *_coded(review), *_computed(review)]
    strict = " STRICT" if sqlite3.sqlite_version_info >= (3, 37) else ""
    database = sqlite3.connect(":memory:")
    try:
        database.execute("PRAGMA foreign_keys = ON")
        for table in tables:
            database.execute(f"CREATE TABLE {_quoted(table.name)} ({_definition(table)}){strict}")
        for table in tables:
            marks = ", ".join("?" * len(table.columns))
            database.executemany(f"INSERT INTO {_quoted(table.name)} VALUES ({marks})", table.rows)
        database.commit()
        return database.serialize()
    finally:
        database.close()


def _definition(table: _Table) -> str:
    columns, keys = [], []
    for column in table.columns:
        name = _quoted(column.name)
        columns.append(f"{name} {column.type}{' NOT NULL' if column.required else ''}")
        if column.refers:
            target = "code" if column.refers.startswith("codes_") else "id"
            key = f"FOREIGN KEY ({name}) REFERENCES {_quoted(column.refers)} ({target})"
            keys.append(f"{key} DEFERRABLE INITIALLY DEFERRED")
    required = {column.name for column in table.columns if column.required}
    # A key of which a part may be empty keeps no two rows apart.
    for kind, names in (("UNIQUE", table.unique), ("PRIMARY KEY", table.key)):
        if names and required.issuperset(names):
            keys.insert(0, f"{kind} ({', '.join(map(_quoted, names))})")
    return ", ".join([*columns, *keys])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _texts(*names: str) -> list[_Column]:
    return [_Column(name, required=True) for name in names]


def _lists() -> Iterator[_Table]:
    columns = _texts("code", "label", "definition", "rule")
    for name, codes in codebook().lists.items():
        rows = [
            (code.code, code.label, code.definition, code.rule) for code in codes.codes.values()
        ]
        yield _Table(f"codes_{name}", columns, rows, ("code",))


def _coded(review: Review) -> Iterator[_Table]:
    book = codebook()
    ids: list[tuple[str, str]] = []
    for name, table in book.tables.items():
        columns = [_of_codebook(column) for column in table.columns]
        columns += [_Column(added.name) for added in book.added_columns(name)]
        kinds = ["integer" if column.type == "INTEGER" else "" for column in columns]
        cells = review.tables[name][[column.name for column in columns]]
        rows = [[*map(_value, row, kinds)] for row in cells.itertuples(index=False, name=None)]
        yield _Table(name, columns, rows, table.key, table.unique)
        if table.key == ("id",):
            ids += [(str(row[0]), name) for row in rows]
    yield _Table("rows", _texts("id", "in_table"), ids, ("id",))


def _of_codebook(column: CodedColumn) -> _Column:
    targets = {
        "ref": "".join(column.tables),
        "code": f"codes_{column.list}",
        "row": "rows",
        "party": "rows",
    }
    refers = targets.get(column.kind, "")
    sql_type = "INTEGER" if column.kind == "count" else "TEXT"
    return _Column(column.name, sql_type, refers, column.required)


def _computed(review: Review) -> Iterator[_Table]:
    for function in _COMPUTED:
        table = written_columns(function(review))
        columns = [
            _Column(name, _TYPES.get(kind, "TEXT"), _EVENTS.get(name, ""), name == "event")
            for name, kind, _ in table
        ]
        cells = [[_value(cell, column.type) for cell in column.cells] for column in table]
        yield _Table(function.__name__, columns, list(zip(*cells, strict=True)), ("event",))


def _value(cell: str, kind: str) -> str | int | float | None:
    if not cell:
        return None
    if kind == "boolean":
        return int(cell == "true")
    number = {"integer": int, "number": float}.get(kind)
    return number(cell) if number else cell
