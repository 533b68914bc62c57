"""What can a tool write into the files of a form? Ids that something refers to, parties that a kind
implies, another id for a row: always into the cells, where a coder sees it."""

from __future__ import annotations

import csv
import io
import re
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casechron.characters import ID_LETTERS, counted, meant_or, nearest, shown
from casechron.coding.codebook import FormColumn, codebook
from casechron.coding.expand import expand_forms
from casechron.coding.expansion import NAMED_FORMS, Expanded
from casechron.coding.files import (
    CODINGS,
    CSV_BYTES,
    is_slug,
    leads_out,
    lies_within,
    read_file_of,
    write_files,
)
from casechron.coding.folder import DECISIONS, codings_in
from casechron.coding.meta import sources_in
from casechron.coding.sheets import ReadForms, Row, csv_records, read_whole_forms
from casechron.coding.tidy_check import references, unsure_ids

#: Columns that name a row, or a party, by its id alone.
_NAMING = ("id", "row", "from_event", "to_event", "from_row", "to_row")
#: Columns of tidy tables that hold ids, so that another reading of them is one.
_REFERRING = frozenset(
    column.name
    for table in codebook().tables.values()
    for column in table.columns
    if column.kind in ("ref", "row", "party")
)
#: How the columns are read whose items begin with an id.
_ITEMS = ("party", "holders", "parties", "links", "order")
#: The id with which an item begins, and that after `by` in the bracket with which it ends.
_ID_OF_ITEM = re.compile(
    r"""
    (^\s*(?=[a-z0-9-]+(?:\s*$|[\s.(]))           # where the item begins
    |\bby\s+(?=[a-z0-9-]+\s*(?:,[^()]*)?\)\s*$))  # or after `by`
    ([a-z0-9-]+)
    """,
    re.VERBOSE,
)
#: What was decided on the differences of two coders, in the folder of the review.
_DECIDED = f"{CODINGS}/{DECISIONS}"
#: The event after `at` in the bracket of a fact.
_EVENT_OF_FACT = re.compile(r"([(,]\s*at )([a-z0-9-]+)(?=[,)])")


class FillError(ValueError):
    """Why nothing was written: a sentence to a line."""


@dataclass(slots=True)
class _Folder:
    """The files of a form, to be written over: what was read, and what becomes of each cell."""

    path: Path
    read: ReadForms
    sources: Sequence[Mapping[str, Any]]
    changed: dict[tuple[str, int, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, path: Path) -> _Folder:
        """The files of a folder; `FillError` where one cannot be read."""
        return cls(path, read_whole_forms(path, FillError), sources_in(path))

    def expanded(self) -> Expanded:
        """What the files become as they stand now."""
        return expand_forms(self.read, self.sources)

    def set(self, form: str, row: Row, column: str, value: str) -> None:
        """Change a cell here, and in the file once it is written."""
        row.cells[column] = value
        self.changed[form, row.line, column] = value

    def write(self) -> list[str]:
        """Write each file that has changed, whole, and none before all are ready; what was written,
        a line a cell."""
        write_files(self.contents())
        return [
            f"{form}.csv line {line}, {column}: {value}"
            for (form, line, column), value in self.changed.items()
        ]

    def contents(self) -> dict[Path, bytes]:
        """The files that have changed, as they shall be."""
        paths = {form: self.path / f"{form}.csv" for form, _, _ in self.changed}
        return {path: self._content(form, path.read_bytes()) for form, path in paths.items()}

    def _content(self, form: str, before: bytes) -> bytes:
        """A file with its changed cells, every other cell as it stands."""
        text = before.decode("utf-8-sig")
        ((_, header), *records), _ = csv_records(io.StringIO(text, newline=""), ",")
        cells_of_line = dict(records)
        names = [name.strip() for name in header]
        changed = [(*cell[1:], value) for cell, value in self.changed.items() if cell[0] == form]
        new = dict.fromkeys(column for _, column, _ in changed if column not in names)
        header, names = [*header, *new], [*names, *new]
        for cells in filter(None, cells_of_line.values()):
            cells += [""] * (len(header) - len(cells))
        for line, column, value in changed:
            cells_of_line[line][names.index(column)] = value
        return _as_before(before, [header, *cells_of_line.values()])


def fill(folder: str | Path) -> list[str]:
    """Write an id into each row that something refers to and that has none.

    Such a row is referred to by the id that it has until then, made of its kind and month: once it
    is written, a corrected date changes it no more.

    Parameters
    ----------
    folder
        The folder of a review.

    Returns
    -------
    list of str
        What was written, a line a cell.

    Raises
    ------
    FillError
        Where a file cannot be read, or an id can be that of several rows; then nothing is written.
    """
    files = _Folder.of(Path(folder))
    expanded = files.expanded()
    if unsure := list(unsure_ids(expanded, files.read)):
        raise FillError("\n".join(map(str, unsure)))
    named = {identity for identity, _ in references(expanded, files.read)}
    for form in NAMED_FORMS:
        for row, tidy_row in zip(files.read.rows(form), expanded.tables[form], strict=False):
            if not row["id"] and tidy_row["id"] in named:
                files.set(form, row, "id", tidy_row["id"])
    return files.write()


def fill_parties(folder: str | Path) -> list[str]:
    """Write the parties that a kind implies into the cells that name nobody, as derived.

    Nothing is written into an absence, whose columns say what was lacking.

    Parameters
    ----------
    folder
        The folder of a review.

    Returns
    -------
    list of str
        What was written, a line a cell.

    Raises
    ------
    FillError
        Where a file cannot be read; then nothing is written.
    """
    files = _Folder.of(Path(folder))
    people = files.expanded().tables["people"]
    children = [person["id"] for person in people if person["kinship"] == "child"]
    for row in files.read.rows("events"):
        for column, (party, kinds) in codebook().implied.items():
            name = party or (children[0] if len(children) == 1 else "")
            if row["kind"] in kinds and not row["absence"] and not row[column] and name:
                files.set("events", row, column, f"{name} (derived)")
    return files.write()


def rename(folder: str | Path, old: str, new: str) -> list[str]:
    """Change the id of a row wherever it stands, in the codings below the folder and what was
    decided on their differences too.

    Ids that cells make of it change with it. Texts are left alone.

    Parameters
    ----------
    folder
        The folder of a review.
    old, new
        The id as it is, and as it shall be.

    Returns
    -------
    list of str
        What was changed, a line a file.

    Raises
    ------
    FillError
        Where no row has the id, where the new one is taken or is none, or where a file cannot be
        read; then nothing is written.
    """
    if not is_slug(new) or len(new) > ID_LETTERS:
        raise FillError(f"{shown(new)} is no id; write lower-case letters, digits and hyphens")
    folder = Path(folder)
    folders = [_Folder.of(path) for path in (folder, *codings_in(folder)[0])]
    form_of = {identity: form for files in folders for identity, form in _typed_ids(files).items()}
    if old not in form_of:
        raise FillError(f"no row has the id {shown(old)}{meant_or(nearest(old, form_of))}")
    for files in folders:
        taken = {row["id"] for rows in files.expanded().tables.values() for row in rows}
        if form_of[old] != "agencies":  # a row of agencies may take the place of a ready one
            taken |= set(codebook().ready_agencies)
        if new in taken:
            raise FillError(f"{shown(new)} is the id of a row already; choose another")
    changed_ids: dict[str, str] = {}
    for files in folders:
        if old in _typed_ids(files):
            changed_ids |= _renamed(files, old, new)
    cell_counts = Counter(
        f"{files.read.prefix}{form}.csv" for files in folders for form, _, _ in files.changed
    )
    contents = {path: data for files in folders for path, data in files.contents().items()}
    decided, data = _decisions_renamed(folder, changed_ids)
    if decided:
        cell_counts[_DECIDED], contents[folder / _DECIDED] = decided, data
    write_files(contents)
    return [f"{file}: {counted(number, 'cell')}" for file, number in cell_counts.items()]


def _typed_ids(files: _Folder) -> dict[str, str]:
    """The ids that are typed, with their files."""
    return {
        row["id"]: form
        for form, sheet in files.read.sheets.items()
        for row in sheet.rows
        if row["id"]
    }


def _decisions_renamed(folder: Path, ids: Mapping[str, str]) -> tuple[int, bytes]:
    """Replace ids in what was decided on the differences of two coders: in how many cells, and the
    file as it shall be."""
    apart = leads_out(folder / CODINGS, *lies_within(folder))
    if apart or not (folder / _DECIDED).is_file():
        return 0, b""
    try:
        before = read_file_of(folder, _DECIDED, CSV_BYTES)
        rows = list(csv.reader(io.StringIO(before.decode("utf-8-sig"), newline="")))
    except (ValueError, csv.Error) as error:
        raise FillError(f"{_DECIDED}: {error}") from error
    number = 0
    for row in rows[1:]:
        for place, (column, cell) in enumerate(zip(rows[0], row, strict=False)):
            # A party or the other event of an order ends what a decision is about.
            start, space, identity = cell.rpartition(" ")
            named = column in ("row", "row_other") or start.endswith((":", "order with"))
            if identity in ids and named and column in ("row", "row_other", "about"):
                row[place] = f"{start}{space}{ids[identity]}"
                number += 1
    return number, _as_before(before, rows)


def _as_before(before: bytes, rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as a file with the line ends, and the mark at its beginning, that it had before."""
    ends = "\r\n" if before.partition(b"\n")[0].endswith(b"\r") else "\n"
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=ends).writerows(rows)
    return out.getvalue().encode("utf-8-sig" if before.startswith(BOM_UTF8) else "utf-8")


def _renamed(files: _Folder, old: str, new: str) -> dict[str, str]:
    """Change the id in every cell that names it, and then those that cells had made of it; each
    with what it is now."""
    before, changed = files.expanded(), {old: new}
    _replace(files, changed)
    for tables in (("involvement", "participation", "attributes", "relations"), ("links",)):
        after = files.expanded()
        new_ids = {
            old_row["id"]: new_row["id"]
            for table in tables
            for old_row, new_row in zip(before.tables[table], after.tables[table], strict=False)
            if old_row["id"] != new_row["id"] and old_row.origins[0][:3] == new_row.origins[0][:3]
        }
        if new_ids:
            _replace(files, new_ids)
            changed |= new_ids
    return changed


def _replace(files: _Folder, ids: Mapping[str, str]) -> None:
    """Replace ids in each cell of the files that names a row or a party."""
    for form, sheet in files.read.sheets.items():
        for row in sheet.rows:
            for name, column in codebook().forms[form].columns.items():
                cell = row[name]
                replaced = _replaced(cell, form, column, row, ids) if cell else cell
                if replaced != cell:
                    files.set(form, row, name, replaced)


def _replaced(cell: str, form: str, column: FormColumn, row: Row, ids: Mapping[str, str]) -> str:
    """A cell with the ids in it replaced, as its column is read."""

    def other_id(match: re.Match[str]) -> str:
        return match[1] + ids.get(match[2], match[2])

    of_a_reading = (form, column.name) == ("readings", "value") and row["column"] in _REFERRING
    if column.form == "facts":
        return _EVENT_OF_FACT.sub(other_id, cell)
    if column.form in _ITEMS or column.name == "may_be":
        return ";".join(_ID_OF_ITEM.sub(other_id, item) for item in cell.split(";"))
    if column.name in _NAMING or of_a_reading or (form, column.name) == ("details", "item"):
        return _ID_OF_ITEM.sub(other_id, cell)
    return cell
