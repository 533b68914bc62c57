"""The coded tables of a review, and what can be known of its time, as one SQLite database."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from casechron.analysis.days import bounds
from casechron.analysis.tables import documented_table
from casechron.analysis.timescales import timescale_checks
from casechron.analysis.timing import response_gaps
from casechron.coding.cells import allowed
from casechron.coding.codebook import Column as CodedColumn
from casechron.coding.codebook import codebook
from casechron.report.table_cells import written_columns
from casechron.review import Review

__all__ = ["database"]

#: What is computed and not coded: the questions that are asked most, each a table.
_COMPUTED = (bounds, response_gaps, timescale_checks)
#: Columns of those that hold the id of one event.
_EVENTS = dict.fromkeys(("event", "concern", "answer"), "events")
_TYPES = {"integer": "INTEGER", "boolean": "INTEGER", "number": "REAL"}


class _Column(NamedTuple):
    """A column of the database: `holds` says the kind of its values, their unit where they have
    one, and what an empty one means."""

    name: str
    type: str
    holds: str
    description: str
    refers: str = ""
    required: bool = False


class _Table(NamedTuple):
    name: str
    grain: str
    columns: Sequence[_Column]
    rows: Sequence[Sequence[Any]]
    key: Sequence[str] = ()
    unique: Sequence[str] = ()


def database(review: Review) -> bytes:
    """A review as one SQLite database.

    It has the coded tables under the names of the codebook; a table for each list of codes
    (``codes_basis``); `rows`, the table of each row's id; `bounds`, `response_gaps` and
    `timescale_checks` as the functions of these names give them; `about`, what review.toml says and
    under which dating policy; and `tables` and `columns`, what a row of each table is and what
    stands in each column, with its unit. Foreign keys hold. Empty cells are NULL.

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
    >>> read.execute("SELECT latest FROM bounds WHERE event = 'visit-2014'").fetchone()
    ('2014-09-17',)
    """
    tables = [_about(review), *_lists(), *_coded(review), *_computed(review)]
    tables += _described([*tables, *_described(())])
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


def _text(name: str, description: str, *, required: bool = True) -> _Column:
    return _Column(name, "TEXT", "text", description, required=required)


def _about(review: Review) -> _Table:
    facts = {key: value for key, value in review.meta._asdict().items() if key != "complete"}
    facts["invented"] = "yes" if review.meta.invented else "no"
    facts |= {f"dating policy: {name}": value for name, value, _ in review.policy.describe()}
    columns = [_text("what", "What is told."), _text("told", "What review.toml, or the run, says.")]
    rows = [(key, str(value)) for key, value in facts.items()]
    return _Table("about", "one row per thing told of the review", columns, rows, ("what",))


def _lists() -> Iterator[_Table]:
    columns = [
        _text("code", "The code, as it stands in the tables."),
        _text("label", "What it is called where people read it."),
        _text("definition", "What it means."),
        _text("rule", "When it is used."),
    ]
    for name, codes in codebook().lists.items():
        rows = [
            (code.code, code.label, code.definition, code.rule) for code in codes.codes.values()
        ]
        yield _Table(f"codes_{name}", f"one row per code: {codes.title}", columns, rows, ("code",))


def _coded(review: Review) -> Iterator[_Table]:
    book = codebook()
    ids: list[tuple[str, str]] = []
    for name, table in book.tables.items():
        columns = [_of_codebook(column) for column in table.columns]
        for added in book.added_columns(name):
            columns.append(_text(added.name, added.meaning, required=False))
        kinds = ["integer" if column.type == "INTEGER" else "" for column in columns]
        cells = review.tables[name][[column.name for column in columns]]
        rows = [[*map(_value, row, kinds)] for row in cells.itertuples(index=False, name=None)]
        yield _Table(name, table.grain, columns, rows, table.key, table.unique)
        if table.key == ("id",):
            ids += [(str(row[0]), name) for row in rows]
    columns = [_text("id", "The id of a row."), _text("in_table", "The table in which it stands.")]
    yield _Table("rows", "one row per id of the coded tables", columns, ids, ("id",))


def _of_codebook(column: CodedColumn) -> _Column:
    targets = {"ref": column.refers, "code": f"codes_{column.list}", "row": "rows", "party": "rows"}
    refers = targets.get(column.kind, "")
    sql_type = "INTEGER" if column.kind == "count" else "TEXT"
    holds = f"one of {refers}" if column.kind == "code" else allowed(column)
    return _Column(column.name, sql_type, holds, column.meaning, refers, column.required)


def _computed(review: Review) -> Iterator[_Table]:
    for function in _COMPUTED:
        grain, documented = documented_table(function)
        table = written_columns(function(review))
        columns = []
        for column in table:
            holds, meaning = documented[column.name]
            holds = re.sub("<NA>|NaT", "NULL", holds)
            holds = re.sub("^(ids|labels)", r"\1, joined by '; '", holds)
            sql_type, refers = _TYPES.get(column.type, "TEXT"), _EVENTS.get(column.name, "")
            columns.append(_Column(column.name, sql_type, holds, meaning, refers))
        cells = [[_value(cell, column.type) for cell in column.cells] for column in table]
        yield _Table(function.__name__, grain, columns, list(zip(*cells, strict=True)))


def _value(cell: str, kind: str) -> str | int | float | None:
    if not cell:
        return None
    if kind == "boolean":
        return int(cell == "true")
    number = {"integer": int, "number": float}.get(kind)
    return number(cell) if number else cell


def _described(tables: Iterable[_Table]) -> list[_Table]:
    """The two tables that tell of some tables."""
    tables = list(tables)
    columns = [
        _text("table_name", "The table."),
        _text("column_name", "The column."),
        _Column("position", "INTEGER", "a whole number from 1", "Where it stands in the table."),
        _text("holds", "What kind of value, in which unit, and what an empty one means."),
        _text("description", "What it means."),
    ]
    names = [_text("name", "The table."), _text("grain", "What a row of it is.")]
    grains = [(table.name, table.grain) for table in tables]
    rows = [
        (table.name, column.name, position, column.holds, column.description)
        for table in tables
        for position, column in enumerate(table.columns, start=1)
    ]
    return [
        _Table("tables", "one row per table", names, grains, ("name",)),
        _Table("columns", "one row per column", columns, rows, ("table_name", "column_name")),
    ]
