"""A workbook back into the CSV files of a review: what is no text is refused by its sheet and cell,
numbers of rows become ids, and nothing is written before all of it is read."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from casechron.characters import counted, meant_or, nearest, shown, text_breach
from casechron.coding.cells import duration
from casechron.coding.codebook import codebook
from casechron.coding.expand import expand
from casechron.coding.files import CSV_BYTES, UnfitError, from_here, read_file_of, write_files
from casechron.coding.messages import say
from casechron.coding.meta import META, sources_in
from casechron.coding.sheets import Row, Sheet, form_text, read_forms, read_records
from casechron.coding.workbook import (
    CODED,
    CODES_SHEET,
    COMPLETE,
    FILE,
    FORMS,
    META_FORMS,
    READ_ME,
    REVIEW,
    REVIEW_KEYS,
    ROW_NUMBER,
    SOURCES,
    TABLE_NAMES,
    WHO,
    content_key,
    toml_cell,
    toml_contents,
    toml_text,
)
from casechron.coding.workbook_cells import (
    Cells,
    CellSlip,
    WorkbookError,
    cell_name,
    grouped_cells,
    read_cells,
)
from casechron.coding.workbook_toml import toml_with
from casechron.coding.workbook_undone import filled_rows, gone, row_name, undone, without

_Rows = Sequence[Mapping[str, str]]
#: An item that begins with the number of a row.
_NUMBERED = re.compile(r"(\s*)([0-9]{1,6})(?=\s*$|[ .(])")
#: What was last read from each workbook as keys of its tables, in the folder of the review.
LAST_READ = ".read-sheet.json"
_SHEETS = (*FORMS, CODED, WHO)


def read_workbook(path: str | Path, folder: str | Path) -> list[str]:
    """Write the tables of a workbook into the CSV files of a review, or of a coding; what was
    written, removed and left alone, a line each.

    The workbook is one of `casechron.coding.workbook.write_workbook`, saved by a spreadsheet as
    ``.xlsx`` or ``.ods``, or any other whose sheets have the names of the files. A table without a
    sheet stays as it is, and so does one that has changed since the workbook was written or last
    read, while its sheet has not, and a value of review.toml whose cell is empty; a table whose
    sheet has no row any more is removed.

    Raises `WorkbookError`, and writes nothing, with each cell that is no text, each reference that
    names no row, what is wrong with the heads, each table and value of review.toml that has changed
    as its sheet has, and each that another workbook, or an older copy, would take something from.
    """
    return _Reading(Path(path), Path(folder)).write()


@dataclass(frozen=True, slots=True)
class _Record:
    """What was read of a table: the key of what was read last, the rows as they were when the
    workbook was first read, and the copies of the workbook that hold what was read last."""

    read: str
    written: list[Mapping[str, str]]
    copies: list[str]

    def __post_init__(self) -> None:
        """Refuse what a file that somebody has changed holds in the place of lists."""
        if not all(isinstance(value, list) for value in (self.written, self.copies)):
            raise TypeError(self)


class _Reading:
    """A workbook that is read for a folder."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.folder, self.book = Path(os.path.abspath(folder)), path.name
        #: What is wrong with single cells and with sheets, for which nothing is written.
        self.slips: list[CellSlip] = []
        self.problems: list[str] = []
        #: What is left alone or not read.
        self.notes: list[str] = []
        #: Why the file of a table, or a value of review.toml, is left as it is.
        self.kept: dict[str, str] = {}
        #: The rows and cells of each that are taken away or put back.
        self.undone: dict[str, list[str]] = {}
        #: Which copy of a workbook this is: a key of the path where it lies.
        self.copy = content_key([{"path": os.path.abspath(path)}])
        try:
            names, cells = read_cells(path, _SHEETS)
        except UnfitError as error:
            raise WorkbookError(f"{from_here(path)}: {error}") from error
        self.toml = toml_text(self.folder)
        self.cells = {sheet.name: sheet for sheet in cells}
        self.before = read_forms(self.folder)
        self._refuse_another_review(self.folder.name)
        if "events" not in self.cells:
            others = ", ".join(map(shown, names[:5]))
            raise WorkbookError(f"the workbook has no sheet events, but {others}; name it so")
        for name in names:
            if (plain := name.strip().casefold()) not in (*_SHEETS, CODES_SHEET, READ_ME):
                meant = nearest(plain, [form for form in FORMS if form not in self.cells])
                self.notes.append(f"the sheet {shown(name)} is left alone{meant_or(meant)}")
        #: The rows of events by the numbers in their first column.
        self.numbers: dict[int, list[Row]] = defaultdict(list)
        #: The place of each column of a sheet.
        self.columns: dict[str, dict[str, int]] = {}
        self.sheets = {
            name: self._sheet(self.cells[name]) for name in TABLE_NAMES if name in self.cells
        }
        self._refuse_to_lose_columns()
        self._numbers_to_ids()
        meta = [name for name in META_FORMS if name in self.cells]
        self.meta = {name: self._sheet(self.cells[name]).rows for name in meta}
        self._check_keys()
        if not (self.slips or self.problems):
            self._compare_with_last_read()
        if self.slips or self.problems:
            raise WorkbookError("\n".join([*grouped_cells(self.slips), *self.problems]))

    def _refuse_another_review(self, review: str) -> None:
        """Refuse the workbook of another review: its tables would take the place of this one's."""
        for _, cells in self._rows(WHO):
            if cells[:1] == ["review"] and cells[1:2] != [review]:
                raise WorkbookError(say("other-review", of=cells[1], review=review, sheet=WHO))

    def _rows(self, name: str) -> list[tuple[int, list[str]]]:
        """The rows of a sheet, none where it is not there."""
        return self.cells[name].rows if name in self.cells else []

    def _sheet(self, cells: Cells) -> Sheet:
        """A table of the workbook, read as a file of the form is."""
        name = cells.name
        form = FORMS[name]
        sheet = Sheet(form, name)
        heads = cells.rows[0][1] if cells.rows else []
        number = heads.index(ROW_NUMBER) if ROW_NUMBER in heads else len(heads)
        if cells.rows:
            rows = [(at, row[:number] + row[number + 1 :]) for at, row in cells.rows]
            read_records(sheet, rows)
        elif form.needed:
            self.problems.append(f"{name}: the sheet is empty; write the heads into its first row")
        self.problems += [
            f"{name}, row {breach.line}: {breach.message}".replace("in line ", "in row ")
            for breach in sheet.breaches
        ]
        self.notes += [f"{name}: {breach.message}" for breach in sheet.left_alone]
        places = {head: place for place, head in enumerate(heads) if head in form.columns}
        self.columns[name] = places
        self._check_cells(cells, [] if sheet.breaches else heads, set(places.values()))
        sheet.rows = [row for row in sheet.rows if row.filled]
        if ROW_NUMBER in heads and name == "events":
            self._note_numbers(cells, number, {row.line: row for row in sheet.rows})
        moved = [(at, row.line) for at, row in enumerate(sheet.rows, start=2) if row.line != at]
        if moved and name in TABLE_NAMES:
            (at, line), *_ = moved
            self.notes.append(say("empty-rows", sheet=name, row=line, line=at))
        return sheet

    def _check_cells(self, cells: Cells, heads: list[str], places: set[int]) -> None:
        """What is wrong with single cells, save in columns that are left alone."""
        for (row, column), slip in sorted(cells.slips.items()):
            if column in places or ":" in slip.cell or row == 1:
                self.slips.append(slip)
        lines = cells.name == REVIEW
        for number, texts in cells.rows:
            for column, text in enumerate(texts):
                if column in places and (why := text_breach(text, lines=lines)):
                    self._slip(cells.name, number, column, why)
                if text and heads and not heads[column]:
                    self._slip(cells.name, number, column, say("no-head"))

    def _slip(self, sheet: str, row: int, column: int, message: str) -> None:
        self.slips.append(CellSlip(sheet, cell_name(row, column), "", message))

    def _note_numbers(self, cells: Cells, place: int, rows: Mapping[int, Row]) -> None:
        """Note which rows each number names."""
        for at, row in cells.rows[1:]:
            slip = cells.slips.get((at, place))
            number = row[place] or (slip.value if slip else "")
            if number.isdigit() and at in rows:
                self.numbers[int(number)].append(rows[at])

    def _refuse_to_lose_columns(self) -> None:
        """Refuse to write over a file with a column of somebody's own, which no workbook has."""
        for breach in self.before.left_alone:
            if Path(breach.file).stem in self.sheets:
                why = breach.message.partition(" and is left")[0]
                self.problems.append(f"{breach.file}: {why}; {say('column-lost')}")

    def _numbers_to_ids(self) -> None:
        """Put ids in place of the numbers of rows, and give an id to each row that is named so."""
        forms = {name: sheet.rows for name, sheet in self.sheets.items()}
        numbered = [*self._numbered_cells()]
        if not numbered:
            return
        expanded = expand(forms, sources_in(self.folder))
        events = zip(forms["events"], expanded.tables["events"], strict=True)
        ids = {row.line: event["id"] for row, event in events}
        for name, row, column in numbered:
            items = row.cells[column].split(";")
            for place, item in enumerate(items):
                if not (match := _NUMBERED.match(item)):
                    continue
                number = int(match[2])
                if message := _how_long_first(item, column) or self._no_row(number):
                    self._slip(name, row.line, self.columns[name][column], message)
                    continue
                (target,) = self.numbers[number]
                identity = target.cells["id"] = target["id"] or ids[target.line]
                items[place] = f"{match[1]}{identity}{item[match.end() :]}"
            row.cells[column] = ";".join(items)

    def _numbered_cells(self) -> Iterator[tuple[str, Row, str]]:
        """The cells that name rows by number, each by its table, row and column."""
        for name, sheet in self.sheets.items():
            for column, form_column in codebook().forms[name].columns.items():
                for row in sheet.rows if form_column.form in ("links", "order") else ():
                    if any(map(_NUMBERED.match, row[column].split(";"))):
                        yield name, row, column

    def _no_row(self, number: int) -> str:
        """Why a number names no row, or more than one; '' where it names one."""
        rows = self.numbers.get(number, [])
        if not rows:
            return f"no filled row of events has the number {number} in its column {ROW_NUMBER}"
        lines = ", ".join(str(row.line) for row in rows)
        return f"the number {number} stands in rows {lines}; give one another" if rows[1:] else ""

    def _check_keys(self) -> None:
        """What the workbook says of review.toml, and what is wrong with those cells by itself:
        `check` says what they may be."""
        rows = self.meta.get(REVIEW, ())
        #: The values of review.toml that the workbook has: an empty one undoes nothing.
        self.says: dict[str, Any] = {
            row["key"]: row["value"] for row in rows if toml_cell(row["value"])
        }
        places = self.columns.get(REVIEW, {})
        for row in rows if "value" in places else ():
            at = places["value"]
            key = REVIEW_KEYS.get(row["key"])
            if key and key.kind == "flag":
                self._check_yes(REVIEW, row.line, at, row["value"])
            elif not key and row["value"]:
                keys = f"the keys are: {', '.join(REVIEW_KEYS)}"
                offer = meant_or(nearest(row["key"], REVIEW_KEYS), keys)
                self._slip(REVIEW, row.line, at - 1, f"{shown(row['key'])} is no key{offer}")
        for row in self.meta.get(SOURCES, ()):
            if "default" in row.cells:
                self._check_yes(SOURCES, row.line, self.columns[SOURCES]["default"], row["default"])
        if CODED in self.cells and self.toml:
            coded = self._rows(CODED)[1:]
            for at, cells in coded:
                self._check_yes(CODED, at, 1, "".join(cells[1:2]))
            self.says[COMPLETE] = [cells[0] for _, cells in coded if cells[1:2] == ["yes"]]
        if SOURCES in self.meta:
            self.says[SOURCES] = [row.cells for row in self.meta[SOURCES]]

    def _check_yes(self, sheet: str, row: int, column: int, cell: str) -> None:
        """Refuse a cell that is neither yes nor empty."""
        if cell not in ("yes", ""):
            self._slip(sheet, row, column, say("yes-or-empty", cell=cell))

    def _compare_with_last_read(self) -> None:
        """Compare each table, and each value of review.toml, with what was last read from the
        workbook, or else with what it was made from: keep what has changed since while its sheet
        has not; refuse what both have changed, and what another workbook or an older copy would
        undo; tell of all else that goes or is put back."""
        rows = [cells for _, cells in self._rows(WHO) if cells[:1] == [FILE]]
        made_from = {cells[1]: cells[2] for cells in rows if cells[2:]}
        file, workbook = self.folder / LAST_READ, content_key([made_from or {"": self.book}])
        try:
            kept = read_file_of(self.folder, LAST_READ, CSV_BYTES) if file.exists() else b"{}"
            self.last_read = json.loads(kept)
            of_workbook = self.last_read.get(workbook, {}).items()
            records = {name: _Record(**record) for name, record in of_workbook}
        except (ValueError, AttributeError, TypeError, RecursionError) as error:
            message = f"{LAST_READ} of {self.folder.name} cannot be read; delete it"
            raise WorkbookError(message) from error
        changed: dict[str, _Record] = {}
        for name, now, was in self._contents():
            now_key, was_key, record = content_key(now), content_key(was), records.get(name)
            made_key = made_from.get(name)
            last_key = record.read if record else made_key
            written = record.written if record else [*was]
            other_copy = record is not None and self.copy not in record.copies
            taken = undone(written, was, now, other_copy=other_copy)
            lost = without(was, now)
            # In one workbook people type, put cells back and delete rows. One that has nothing of
            # what was read since it was written, or under half of the rows, is an older copy.
            few = 2 * len(now) < len(was)
            older = taken.whole and name not in REVIEW_KEYS
            place, sheet, give_way = _in_words(name)
            names = {"place": place, "sheet": sheet, "book": self.book}
            names["advice"] = say("carry-over", give_way=give_way)
            why = ""
            if not was or was_key == now_key:
                copies = record.copies if record and now_key == last_key else []
                if now_key != last_key or other_copy:
                    changed[name] = _Record(now_key, written, [*copies, self.copy])
            elif last_key == now_key or (other_copy and made_key == now_key):
                self.kept[name] = "it has changed since, and its sheet has not"
            elif last_key is None and not now:
                delete = f"delete {'the file' if name in TABLE_NAMES else 'it there'}"
                self.kept[name] = f"its sheet has no row; {delete}, if none is meant"
            elif last_key is not None and was_key != last_key:
                why = say("both-changed", **names)
            elif record and taken.what and (other_copy or older):
                why = say("older-copy", **names, undone="; ".join(taken.what))
            elif lost and (last_key is None or (record and few)):
                many = counted(len(lost), "row" if name in TABLE_NAMES else "value")
                them = "them" if lost[1:] else "it"
                rows_lost = ", ".join(map(row_name, lost))
                why = say("would-lose", **names, many=many, them=them, rows=rows_lost)
            else:
                changed[name] = _Record(now_key, written, [self.copy])
                self.undone[name] = [*dict.fromkeys([*taken.what, *gone(was, now)])]
            if why:
                self.problems.append(why)
        if changed:
            read = {name: asdict(record) for name, record in {**records, **changed}.items()}
            self.last_read[workbook] = read
        else:
            self.last_read = {}  # then `write` leaves the file as it is

    def _contents(self) -> Iterator[tuple[str, _Rows, _Rows]]:
        """What is compared by itself, as the workbook has it and as it stands: the filled rows of
        each table, and of review.toml each value, the sources and what is coded throughout."""
        now: dict[str, _Rows] = {
            name: [row.cells for row in sheet.rows] for name, sheet in self.sheets.items()
        }
        before: dict[str, _Rows] = {name: self.before.cells(name) for name in now}
        if filled_rows(before["events"]) == [FORMS["events"].example]:
            before["events"] = []  # the worked row of a new review is nobody's
        of_toml = toml_contents(self._changed_toml()).items()
        now |= {name: rows for name, rows in of_toml if name in self.says}
        before |= toml_contents(self.toml)
        for name, rows in now.items():
            yield name, filled_rows(rows), filled_rows(before.get(name, ()))

    def write(self) -> list[str]:
        """Write what has changed, all of it or nothing."""
        files: dict[Path, bytes | None] = {}
        lines = []
        for name in TABLE_NAMES:
            path = self.folder / f"{name}.csv"
            before, sheet = self.before.sheets.get(name), self.sheets.get(name)
            kept = self.kept.get(name) or ("" if sheet else f"the workbook has no sheet {name}")
            rows = [row.cells for row in sheet.rows] if sheet else []
            rows_before = self.before.cells(name)
            if kept:
                lines += [f"{path.name} is left as it is: {kept}"] if before else []
            elif before and rows and filled_rows(rows) == filled_rows(rows_before):
                # Not even its bytes differ, by whose digest a review is cited.
                lines.append(f"{path.name}: {counted(len(rows), 'row')}, as before")
            elif rows or name == "events":
                files[path] = form_text(name, rows, before.heads if before else ()).encode()
                lines.append(_changes(name, rows, rows_before))
            elif before:
                files[path] = None
                lines.append(f"removed {path.name}: its sheet has no row")
        for name, rows_undone in self.undone.items():
            if rows_undone:
                lines.append(f"undone in {_in_words(name)[0]}: {'; '.join(rows_undone)}")
        for name in (name for name in self.kept if name not in TABLE_NAMES):
            lines.append(f"{_in_words(name)[0]} is left as it is: {self.kept[name]}")
        text = self._changed_toml()
        was, now = tomllib.loads(self.toml), tomllib.loads(text)
        empty = {row["key"] for row in self.meta.get(REVIEW, ())}.difference(self.says)
        if kept_keys := [key for key in REVIEW_KEYS if key in empty and toml_cell(was.get(key))]:
            lines.append(f"{META} keeps {', '.join(kept_keys)}: an empty cell undoes nothing")
        if changed := [key for key in {**now, **was} if was.get(key) != now.get(key)]:
            files[self.folder / META] = text.encode()
            lines.append(f"wrote {', '.join(changed)} into {META}")
        elif self.meta and not self.toml:
            lines.append(f"{REVIEW} and {SOURCES} are left alone: {self.folder.name} has no {META}")
        if self.last_read:
            files[self.folder / LAST_READ] = f"{json.dumps(self.last_read, indent=1)}\n".encode()
        write_files(files)
        return [*self.notes, *lines]

    def _changed_toml(self) -> str:
        """review.toml with what the workbook says of the review; '' where there is none."""
        says = {name: value for name, value in self.says.items() if name not in self.kept}
        return self.toml and toml_with(self.toml, says)


def _how_long_first(item: str, column: str) -> str:
    """What is wrong with a reference that begins with how long, and not with a row; else ''."""
    words = item.split()
    if not duration(" ".join(words[:2])):
        return ""
    write, row = "write the row first, and how long behind it", " ".join(words[3:])
    if words[2:3] == [column] and row:
        write = f"write {shown(' '.join([row, *words[:2]]))}"
    return f"{shown(item.strip())} begins with how long, which is no number of a row; {write}"


def _in_words(name: str) -> tuple[str, str, str]:
    """What is compared as messages name it: where it stands, on which sheet, how it gives way."""
    if name in TABLE_NAMES:
        return f"{name}.csv", name, f"move {name}.csv away"
    sheet = {SOURCES: SOURCES, COMPLETE: CODED}.get(name, REVIEW)
    return f"{name} in {META}", sheet, "delete it there"


def _changes(
    name: str, rows: Iterable[Mapping[str, str]], rows_before: Iterable[Mapping[str, str]]
) -> str:
    """What was written into a file, beside what stood there."""
    now, before = filled_rows(rows), filled_rows(rows_before)
    new, fewer = len(without(now, before)), len(before) - len(now)
    changes = [f"{new} of them new or changed"] if new else []
    changes += [f"{fewer} fewer than before"] if fewer > 0 else []
    changes += ["in another order"] if not changes and now != before else []
    return f"wrote {name}.csv: {', '.join([counted(len(now), 'row'), *changes])}"
