"""What was frozen of the first edition, and how what stands today differs from it.

`golden/freeze.py` froze it; `net_tables` says how each table is made today; `net_changes` reads
what differs on purpose. Simulated reviews are read from the frozen tidy tables."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import lzma
import tarfile
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from casechron.coding.codebook import codebook
from casechron.coding.reviews import read_coded
from casechron.dates.policy import DatingPolicy
from net_tables import POLICIES, TABLES, Case

GOLDEN = Path(__file__).parent / "golden"
DATA = Path(__file__).parents[1] / "data"
REPORTS = Path(__file__).parents[1] / "reports"
REAL = ("child-a-haringey-2008", "child-w-manchester-2020")
SIMULATED = tuple(f"simulated-{number:04d}" for number in range(1, 31))
#: The column of a difference where rows are gone or new.
ROWS = "(rows)"
#: Between the cells of a row, and between rows, when they are hashed.
CELL, ROW = "\x1f", "\x1e"

Digests = dict[str, Any]
Rows = Mapping[str, Sequence[str]]


# What was frozen


@cache
def inputs() -> dict[str, dict[str, bytes]]:
    """The frozen files of each review, by their path below its folder."""
    found: dict[str, dict[str, bytes]] = {}
    for path, content in unpacked(GOLDEN / "inputs.tar.xz"):
        review, _, file = path.partition("/")
        found.setdefault(review, {})[file] = content
    return found


@cache
def frozen_digests() -> dict[str, dict[str, dict[str, Digests]]]:
    """Review, policy, table: the digests of the first edition (see `digests`)."""
    found: dict[str, dict[str, dict[str, Digests]]] = read_json("digests.json.xz")
    return found


@cache
def frozen_keys() -> dict[str, list[str]]:
    """The columns that tell the rows of each table apart."""
    found: dict[str, list[str]] = read_json("keys.json")
    return found


@cache
def frozen_rows(review: str) -> dict[tuple[str, str], Rows]:
    """Each table of a real review, by policy and name, as columns of texts."""
    found: dict[tuple[str, str], Rows] = {}
    for path, content in unpacked(GOLDEN / f"rows-{review}.tar.xz"):
        policy, _, file = path.partition("/")
        header, rows = csv_rows(content)
        found[policy, file.removesuffix(".csv")] = {
            name: [row[at] for row in rows] for at, name in enumerate(header)
        }
    return found


def read_json(name: str) -> Any:
    """A frozen file of values."""
    content = (GOLDEN / name).read_bytes()
    return json.loads(lzma.decompress(content) if name.endswith(".xz") else content)


def unpacked(archive: Path) -> Iterator[tuple[str, bytes]]:
    """The files of an archive."""
    with tarfile.open(archive, "r:xz") as tar:
        for member in tar:
            stream = tar.extractfile(member)
            assert stream is not None, f"{archive.name} holds {member.name}, which is no file"
            yield member.name, stream.read()


def csv_rows(content: bytes) -> tuple[list[str], list[list[str]]]:
    """The header and the rows of a CSV file."""
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8"), newline=""))
    return header, rows


def csv_content(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows, the header first, as a CSV file."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8")


def frozen(name: str) -> dict[str, list[dict[str, str]]]:
    """The frozen tidy tables of a review or a coding."""
    review, _, below = name.partition("/")
    files = inputs()[review]
    found = {}
    for table in codebook().tables:
        header, lines = csv_rows(files[f"{below}/{table}.csv" if below else f"{table}.csv"])
        found[table] = [dict(zip(header, line, strict=True)) for line in lines]
    return found


# What stands today

#: What tells a row apart whose id a cell makes: the columns that say what it is.
CONTENT = {
    "involvement": ("agency", "event", "role"),
    "participation": ("person", "event", "role", "status", "account"),
    "attributes": ("row", "attribute", "value", "event"),
    "relations": (
        "type",
        "from_event",
        "from_point",
        "to_event",
        "to_point",
        "gap",
        "meaning",
        "words",
        "basis",
    ),
    "links": ("type", "from_row", "to_row"),
}
#: The columns that hold such an id.
NAMED = {
    "links": ("id", "from_row", "to_row"),
    "locators": ("row",),
    "readings": ("row",),
    **dict.fromkeys(("involvement", "participation", "attributes", "relations"), ("id",)),
}


def case(review: str, policy: str) -> Case:
    """A review under one of the four policies, ready to be asked for its tables: a real one as it
    stands in data/, a simulated one as it was frozen."""
    meta = tomllib.loads(inputs()[review]["review.toml"].decode("utf-8"))
    tables = (
        with_frozen_ids(review)
        if review in REAL
        else {
            name: pd.DataFrame(rows, columns=codebook().tables[name].header, dtype="str")
            for name, rows in frozen(review).items()
        }
    )
    return Case(tables, DatingPolicy.from_parameters(POLICIES[policy]), meta["jurisdiction"])


def with_frozen_ids(review: str) -> dict[str, pd.DataFrame]:
    """The tables of a real review as they are read, but for ids and order: rows whose ids cells
    make have the ids that rows of the same content had, and stand where these stood, so that what
    is listed in a cell is listed in the same order."""
    tables, old = read_coded(DATA / review).tables, frozen(review)
    new = {name: table.to_dict("records") for name, table in tables.items()}
    before = {now: was for was, now in identities(old, new).items()}
    for name, columns in NAMED.items():
        for column in columns:
            tables[name][column] = tables[name][column].map(lambda one: before.get(one, one))
    for name, table in tables.items():
        key = list(codebook().tables[name].key)
        stood = {tuple(row[one] for one in key): at for at, row in enumerate(old[name])}
        place = [
            stood.get(cells, len(stood)) for cells in zip(*(table[one] for one in key), strict=True)
        ]
        order = sorted(range(len(table)), key=place.__getitem__)
        tables[name] = table.iloc[order].reset_index(drop=True)
    return tables


def identities(
    old: Mapping[str, Sequence[Mapping[str, str]]], new: Mapping[str, Sequence[Mapping[str, str]]]
) -> dict[str, str]:
    """The id that each row has now, by the one that it had."""
    found: dict[str, str] = {}
    for table, columns in CONTENT.items():
        alike = defaultdict(list)
        for row in new[table]:
            alike[tuple(row[one] for one in columns)].append(row["id"])
        for row in old[table]:
            content = tuple(found.get(row[one], row[one]) for one in columns)
            if alike[content]:
                found[row["id"]] = alike[content].pop(0)
    return found


def names(review: str, policy: str) -> list[str]:
    """The tables that are made of a review under a policy."""
    return list(TABLES)


def texts(table: pd.DataFrame) -> Rows:
    """A table as columns of texts. What is missing and what is empty are one; so are a tuple and
    its parts joined by '; ', and a whole number however it is held."""
    return {str(name): _texts(table[name]) for name in table.columns}


def _texts(column: pd.Series) -> list[str]:
    if column.dtype.kind == "M":
        days = np.datetime_as_string(column.to_numpy(), unit="D")
        return ["" if day == "NaT" else str(day) for day in days]
    return [one if type(one) is str else _text(one) for one in column.tolist()]


def _text(value: Any) -> str:
    if isinstance(value, (tuple, list)):
        return "; ".join(map(_text, value))
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


def row_keys(table: Rows, key: Sequence[str]) -> list[str]:
    """What tells each row apart, as one text a row."""
    return list(map(CELL.join, zip(*(table[name] for name in key), strict=True)))


def digests(table: Rows, key: Sequence[str]) -> Digests:
    """The digest of the whole table, of its keys and of each of its columns beside the keys.

    None of them depends on the order of rows or of columns. Where a column of the key is missing,
    nothing can be told row by row: only the names of the columns are given."""
    columns = sorted(table)
    if not set(key) <= set(columns):
        return {"table": "", "rows": "", "columns": dict.fromkeys(columns, "")}
    keys = row_keys(table, key)
    order = sorted(range(len(keys)), key=keys.__getitem__)
    if len(set(keys)) == len(keys):
        sorted_columns = {name: [table[name][at] for at in order] for name in columns}
    else:
        sorted_columns = {
            name: [cell for _, cell in sorted(zip(keys, table[name], strict=True))]
            for name in columns
        }
    start = hashlib.sha256(ROW.join([keys[at] for at in order]).encode("utf-8"))
    found = {}
    for name, cells in sorted_columns.items():
        digest = start.copy()
        digest.update(f"{ROW}{ROW}{ROW.join(cells)}".encode())
        found[name] = digest.hexdigest()[:10]
    whole = sorted(map(CELL.join, zip(*(table[name] for name in columns), strict=True)))
    together = hashlib.sha256(ROW.join([CELL.join(columns), *whole]).encode("utf-8"))
    return {"table": together.hexdigest()[:10], "rows": start.hexdigest()[:10], "columns": found}


# How they differ


@dataclass(frozen=True, order=True)
class Difference:
    """One thing that is not as it was frozen.

    `kind` is 'table', 'gone' or 'new', `name` that of the table,
    `column` a column of a table that differs, or ROWS; `shown` says how, in lines."""

    kind: str
    review: str
    policy: str
    name: str
    column: str = ""
    shown: str = ""


@cache
def table_differences(review: str, policy: str) -> tuple[Difference, ...]:
    """How the tables of a review differ from the frozen ones, under one of the four policies."""
    frozen, there = frozen_digests()[review][policy], names(review, policy)
    made = case(review, policy)
    found = [Difference("gone", review, policy, one) for one in frozen if one not in there]
    found += [Difference("new", review, policy, one) for one in there if one not in frozen]
    for name in [one for one in there if one in frozen]:
        found += _in_table(review, policy, name, frozen[name], texts(made[name]))
    if policy == "default":
        published = sorted(path.stem for path in (REPORTS / review / "tables").glob("*.csv"))
        known = {*there, *frozen}
        found += [Difference("new", review, policy, one) for one in published if one not in known]
    return tuple(found)


def _in_table(review: str, policy: str, name: str, old: Digests, table: Rows) -> list[Difference]:
    key = frozen_keys()[name]
    new = digests(table, key)
    if old == new:
        return []
    changed = {one: "the column is gone" for one in old["columns"] if one not in table}
    changed |= {one: "the column is new" for one in table if one not in old["columns"]}
    if lost := [one for one in key if one not in table]:
        changed[ROWS] = f"rows cannot be told apart without {', '.join(lost)}: nothing is compared"
    elif review in REAL:
        changed |= compared(frozen_rows(review)[policy, name], table, key)
    elif old["rows"] != new["rows"]:
        changed[ROWS] = "rows are gone or new: nothing else is compared"
    else:
        for one, digest in new["columns"].items():
            if old["columns"].get(one, digest) != digest:
                changed[one] = "some rows differ"
    if not changed:
        changed[ROWS] = "the same cells stand together otherwise"
    return [Difference("table", review, policy, name, one, how) for one, how in changed.items()]


def compared(old: Rows, new: Rows, key: Sequence[str], most: int = 3) -> dict[str, str]:
    """What differs between two tables, by column, with the first rows, old and new.

    Under ROWS stand the rows that only one of them has; columns are compared over the others."""
    before, after = _by_key(old, key), _by_key(new, key)
    both, gone = [], []
    for one, places in before.items():
        (both if len(places) == len(after.get(one, [])) else gone).append(one)
    come = [one for one in after if one not in before]
    found: dict[str, str] = {}
    if gone or come:
        lines = [f"rows that are gone, or not as many: {len(gone)}; that are new: {len(come)}"]
        lines += [f"- {_told(one)}" for one in gone[:most]]
        lines += [f"+ {_told(one)}" for one in come[:most]]
        found[ROWS] = "\n".join(lines)
    for column in [one for one in old if one in new]:
        lines = []
        for one in both:
            was = sorted(old[column][at] for at in before[one])
            now = sorted(new[column][at] for at in after[one])
            if was != now:
                lines.append(f"{_told(one)}: was {', '.join(was)!r}, is {', '.join(now)!r}")
        if lines:
            more = [f"and {len(lines) - most} more"] if len(lines) > most else []
            head = f"{len(lines)} of {len(before)} rows differ"
            found[column] = "\n".join([head, *lines[:most], *more])
    return found


def _by_key(table: Rows, key: Sequence[str]) -> dict[str, list[int]]:
    found = defaultdict(list)
    for at, one in enumerate(row_keys(table, key)):
        found[one].append(at)
    return found


def _told(key: str) -> str:
    return key.replace(CELL, " | ")
