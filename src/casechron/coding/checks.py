"""What keeps a folder from being a review that can be reported? Everything at once, worded for the
coder."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from casechron.coding.cells import Ids, cell_breach, form_breach
from casechron.coding.characters import shown
from casechron.coding.codebook import codebook
from casechron.coding.files import is_slug, leads_out, slug, within, wrong_folder
from casechron.coding.grounds import GROUND_RULES
from casechron.coding.meta import META, meta_values, untouched
from casechron.coding.rules import ROW_RULES, Tables
from casechron.coding.sheets import Breach, Row, Sheet, nearest, read_sheet
from casechron.coding.worked import left_over, nothing_coded
from casechron.coding.years import TIME_RULES

__all__ = ["Breach", "check_codings", "check_review", "is_coding", "read_checked"]

CODINGS = "codings"
#: Wrong cells of one table that are told.
MANY = 1000
#: Rows that are looked at once more for the sake of readings.
TRIED = 500_000
SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".ods", ".numbers")
_EVERY = frozenset[str]().union(*ROW_RULES.values(), *GROUND_RULES.values(), *TIME_RULES.values())


def check_review(folder: str | Path) -> list[Breach]:
    """Everything that is wrong with a review's folder, in the order of its files, lines and
    columns.

    An empty list is a good review. Nothing heavy is imported. The independent codings below the
    folder are not looked at: `check_codings` does. Where the folder is itself such a coding it is
    held to the rules of one.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp()) / "child-x"
    >>> folder.mkdir()
    >>> for breach in check_review(folder)[:2]:
    ...     print(str(breach)[:69])
    review.toml: the file is missing; `casechron new` writes a blank one
    sources.csv: the file is missing; a table without rows holds its head
    """
    folder = Path(os.path.abspath(folder))
    return read_checked(folder, f"{CODINGS}/{folder.name}/" if is_coding(folder) else "")[1]


def is_coding(folder: Path) -> bool:
    """Whether a folder is an independent coding of a review, ``<review>/codings/<coder>``."""
    return folder.parent.name == CODINGS


def check_codings(folder: str | Path) -> list[Breach]:
    """Everything that is wrong with the independent codings of a review, ``codings/<coder>/``.

    The same rules as for the review itself; a coding has the tables and no review.toml. A review
    without codings has no breach."""
    folder = Path(os.path.abspath(folder))
    top = folder / CODINGS
    if not os.path.isdir(top) or leads_out(top, *within(folder)):
        return []
    if message := wrong_folder(top):
        return [Breach(CODINGS, None, "", message)]
    found: list[Breach] = []
    for entry in _entries(top):
        if entry.is_dir() or entry.is_symlink():
            found += read_checked(entry, f"{CODINGS}/{entry.name}/")[1]
        else:
            found.append(
                Breach(
                    f"{CODINGS}/{entry.name}",
                    None,
                    "",
                    "only folders stand here, one a coder; move the file into one of them, or away",
                )
            )
    return found


def read_checked(folder: Path, prefix: str = "") -> tuple[dict[str, Sheet], list[Breach]]:
    """The tables of a folder as read, and everything that is wrong with it.

    With a ``prefix`` the folder is an independent coding: it has no review.toml, and messages name
    its files after the prefix."""
    folder = Path(os.path.abspath(folder))  # '.' has no name, and a link keeps its own
    if message := wrong_folder(folder):
        return {}, [Breach(prefix.rstrip("/") or folder.name, None, "", message)]
    found: list[Breach] = []
    if not is_slug(folder.name):
        could = f", such as '{slug(folder.name)}'" if slug(folder.name) else ""
        found.append(
            Breach(
                prefix.rstrip("/") or folder.name,
                None,
                "",
                "the folder's name is no id; rename it with "
                f"lower-case letters, digits and hyphens{could}",
            )
        )
    paths, wrong = _files(folder, prefix)
    found += wrong
    fresh = False
    meta: dict[str, object] = {}
    if META in paths:
        meta, wrong = meta_values(paths.pop(META))
        fresh = untouched(wrong)
        found += wrong
    elif prefix and not _wrong_file(above := folder.parents[1] / META, within(folder)):
        meta, _ = meta_values(above)
    book = codebook()
    sheets = {
        name: read_sheet(paths[name], table, prefix + paths[name].name)
        for name, table in book.tables.items()
        if name in paths
    }
    for sheet in sheets.values():
        found += sheet.breaches
        found += _forms(sheet)
    ids, by_id, doubled = _ids(sheets)
    found += doubled
    for sheet in sheets.values():
        found += _cells(sheet, ids)
        found += _keys(sheet)
    tables = Tables(sheets, by_id, meta)
    broken = _rule_breaches(tables)
    found += broken
    found += _readings(tables, ids, broken)
    found += nothing_coded(tables)
    if not fresh:  # a new review is told what to fill in first
        found += left_over(tables)
    return sheets, _sorted(found, folder, prefix, sheets)


def _wrong_file(entry: Path, roots: Sequence[Path]) -> str:
    """Why something that stands where a file belongs is none; '' if it is one."""
    if message := leads_out(entry, *roots):
        return message
    if entry.is_file():
        return ""
    what = (
        "a folder" if entry.is_dir() else "a link that leads nowhere" if entry.is_symlink() else ""
    )
    return f"this is {what or 'not a file'}; move it away and save the file in its place"


def _entries(folder: Path) -> list[Path]:
    """What stands in a folder, without hidden files and the locks of open spreadsheets."""
    return sorted(entry for entry in folder.iterdir() if not entry.name.startswith((".", "~$")))


def _files(folder: Path, prefix: str) -> tuple[dict[str, Path], list[Breach]]:
    """The file of each table and review.toml, also under a name that is nearly right; what else is
    there."""
    wanted = {f"{name}.csv": name for name in codebook().tables}
    if not prefix:
        wanted = {META: META, **wanted}
    found: list[Breach] = []
    there = {entry.name: entry for entry in _entries(folder)}
    paths: dict[str, Path] = {}
    roots = within(folder)
    refused: set[str] = set()
    for file, name in wanted.items():
        if file in there:
            if message := _wrong_file(entry := there.pop(file), roots):
                refused.add(file)
                found.append(Breach(prefix + file, None, "", message))
            else:
                paths[name] = entry
    missing = [file for file, name in wanted.items() if name not in paths and file not in refused]
    for file, entry in there.items():
        if file == CODINGS and not prefix and entry.is_dir():
            if message := leads_out(entry, *roots):
                found.append(Breach(file, None, "", message))
            continue
        meant = "" if _wrong_file(entry, roots) else nearest(file, missing)
        if meant and Path(meant).suffix == entry.suffix.lower():
            found.append(
                Breach(
                    prefix + file,
                    None,
                    "",
                    f"this is no file of a review; did you mean {meant}? Rename it",
                )
            )
            missing.remove(meant)
            paths[wanted[meant]] = entry
        else:
            sheet = (
                nearest(f"{entry.stem}.csv", missing)
                if entry.suffix.lower() in SPREADSHEETS
                else ""
            )
            if sheet:
                missing.remove(sheet)
            found.append(Breach(prefix + file, None, "", _no_part(entry, prefix, sheet)))
    for file in missing:
        how = (
            "`casechron new` writes a blank one"
            if file == META
            else (
                "a table without rows holds its header:"
                f" {','.join(codebook().tables[wanted[file]].header)}"
            )
        )
        found.append(Breach(prefix + file, None, "", f"the file is missing; {how}"))
    return {name: paths[name] for name in wanted.values() if name in paths}, found


def _no_part(entry: Path, prefix: str, sheet: str) -> str:
    """What is said of a file that has no place here: it may be the only copy, so nobody is told to
    delete it."""
    if sheet:
        return (
            f"this is a spreadsheet, and {sheet} is missing; save its sheet as {sheet} (CSV UTF-8),"
            " then move it out of this folder"
        )
    what = "coding" if prefix else "review"
    also = "" if prefix else f"{META}, the folder {CODINGS} and "
    return (
        f"this is no part of a {what}; move it out of this folder. A {what} has {also}a CSV file"
        f" for each of the tables {', '.join(codebook().tables)}"
    )


def _forms(sheet: Sheet) -> Iterator[Breach]:
    """Cells that are no clean line of text; afterwards the rows hold the cells without the space
    around them."""
    for row in sheet.rows:
        for column, value in row.cells.items():
            if value and (message := form_breach(value)):
                yield Breach(sheet.file, row.line, column, message)
                row.cells[column] = value.strip()
                if not message.endswith("with a space; delete it"):
                    row.refused.add(column)


def _ids(sheets: dict[str, Sheet]) -> tuple[Ids, dict[str, tuple[str, Row]], list[Breach]]:
    """The ids of the whole review, and those that stand twice."""
    ids = Ids(
        in_part={name for name in codebook().tables if name not in sheets or not sheets[name].whole}
    )
    by_id: dict[str, tuple[str, Row]] = {}
    found: list[Breach] = []
    for name, sheet in sheets.items():
        for row in sheet.rows:
            if not (value := row["id"]):
                continue
            if value in by_id:
                other, first = by_id[value]
                where = (
                    f"line {first.line}"
                    if other == name
                    else f"{sheets[other].file} line {first.line}"
                )
                found.append(
                    Breach(
                        sheet.file,
                        row.line,
                        "id",
                        f"{shown(value)} is already the id of {where}; ids are "
                        "unique in the whole review, so write another",
                    )
                )
            else:
                by_id[value] = (name, row)
                ids.table_of[value] = name
    return ids, by_id, found


def _cells(sheet: Sheet, ids: Ids) -> Iterator[Breach]:
    """Cells that their column does not allow; the rows then know them as refused."""
    # Codes and ids stand in many rows: what is wrong with one is found once.
    known: dict[str, dict[tuple[str, str], str]] = {
        column.name: {} for column in sheet.table.columns
    }
    wrong = 0
    for place, row in enumerate(sheet.rows, start=1):
        cells, refused = row.cells, row.refused
        for column in sheet.table.columns:
            value = cells.get(column.name)
            if value is None or column.name in refused:
                continue
            asked = value, ids.table_of.get(row["row"], "") if column.kind == "column" else ""
            messages = known[column.name]
            if asked not in messages:
                messages[asked] = cell_breach(column, value, ids, asked[1])
            if message := messages[asked]:
                refused.add(column.name)
                wrong += 1
                yield Breach(sheet.file, row.line, column.name, message)
        if wrong > MANY and place < len(sheet.rows):
            # What is meant by each takes time to find out.
            sheet.whole = False
            for unseen in sheet.rows[place:]:
                unseen.refused.update(sheet.table.header)
            yield Breach(
                sheet.file,
                row.line,
                "",
                f"more than {MANY:,} cells of this table are wrong; mend them first, nothing after"
                " this line has been looked at",
            )
            return


def _keys(sheet: Sheet) -> Iterator[Breach]:
    """Rows that say again what another row says, by the table's key or by what it declares
    unique."""
    for key in (sheet.table.key, sheet.table.unique):
        if not key or key == (
            "id",
        ):  # ids are unique in the whole review, which is asked elsewhere
            continue
        first: dict[tuple[str, ...], int] = {}
        for row in sheet.rows:
            if not row.sound(*key):
                continue
            cells = row.cells
            line = first.setdefault(tuple([cells[column] for column in key]), row.line)
            if line != row.line:
                yield Breach(
                    sheet.file,
                    row.line,
                    key[0],
                    f"{_listed(key)} are those of line {line}; the table has one "
                    "row for each: delete one, or correct it",
                )


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _rule_breaches(tables: Tables, changed: frozenset[str] = _EVERY) -> list[Breach]:
    """What breaks a rule that reads one of the changed tables."""
    rules = {**ROW_RULES, **GROUND_RULES, **TIME_RULES}
    return [breach for rule, reads in rules.items() if reads & changed for breach in rule(tables)]


def _readings(tables: Tables, ids: Ids, already: Iterable[Breach]) -> Iterator[Breach]:
    """An alternative value is one that the cell could hold, differs from it, and fits the rows it
    would stand in."""
    book = codebook()
    chosen: dict[str, list[tuple[Row, str, Row]]] = {}
    for row in tables.rows("readings"):
        if not row.sound("reading", "row", "column", "value") or row["row"] not in tables.by_id:
            continue
        table, target = tables.by_id[row["row"]]
        column = book.tables[table].column(row["column"])
        if message := form_breach(row["value"]) or cell_breach(column, row["value"], ids):
            yield tables.at("readings", row, "value", f"for {column.name} of {table}, {message}")
        elif row["value"] == target[column.name] and column.name in target.cells:
            same = (
                "is empty already" if not row["value"] else f"already holds {shown(row['value'])}"
            )
            yield tables.at(
                "readings",
                row,
                "value",
                f"{column.name} of {shown(row['row'])} {same}; an alternative "
                "differs from the default, which stands in the cell itself",
            )
        else:
            chosen.setdefault(row["reading"], []).append((target, column.name, row))
    known = set(already)
    rows = sum(len(sheet.rows) for sheet in tables.sheets.values())
    tried = TRIED // max(rows, 1) or 1
    if len(chosen) > tried:
        yield tables.at(
            "readings",
            None,
            "reading",
            f"there are {len(chosen):,} readings, and each is tried against {rows:,} rows; at most"
            f" {tried:,} are for so many",
        )
    for reading, changes in islice(chosen.items(), tried):
        kept = [
            (target, name, target.cells.get(name, ""), name in target.refused)
            for target, name, _ in changes
        ]
        for target, name, row in changes:
            target.cells[name] = row["value"]
            target.refused.discard(name)
        changed = frozenset(tables.by_id[row["row"]][0] for _, _, row in changes)
        for breach in _rule_breaches(tables, changed):
            if breach not in known:
                yield tables.at(
                    "readings",
                    changes[0][2],
                    "value",
                    f"under the reading '{reading}' a rule would be broken: {breach}",
                )
        for target, name, value, refused in reversed(kept):
            target.cells[name] = value
            if refused:
                target.refused.add(name)


def _sorted(
    found: list[Breach], folder: Path, prefix: str, sheets: Mapping[str, Sheet]
) -> list[Breach]:
    """The breaches in the order of the codebook's tables, of their lines and columns; what else
    there is last."""
    names = list(codebook().tables)
    order = {prefix.rstrip("/") or folder.name: -2, META: -1}
    order |= {f"{prefix}{name}.csv": place for place, name in enumerate(names)}
    order |= {sheet.file: names.index(name) for name, sheet in sheets.items()}
    headers = {sheet.file: sheet.table.header for sheet in sheets.values()}

    def place(breach: Breach) -> tuple[int, str, int, int]:
        header = headers.get(breach.file, [])
        column = header.index(breach.column) if breach.column in header else -1
        return order.get(breach.file, len(names)), breach.file, breach.line or 0, column

    return sorted(dict.fromkeys(found), key=place)
