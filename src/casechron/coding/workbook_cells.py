"""What stands in the cells of a workbook's sheets, as text? A cell that is no text is never made
one: what was typed is lost once a spreadsheet has made a date or a number of it."""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as Xml

from casechron.coding.characters import in_short
from casechron.coding.files import CSV_BYTES, LINES, UnfitError, read_limited

__all__ = ["CellSlip", "Cells", "cell_name", "grouped_cells", "read_cells"]

#: Bytes of all that a workbook's file holds, unpacked, and columns of a sheet.
_UNPACKED, _COLUMNS = 200_000_000, 500
#: Cells of one kind of slip that are told.
_FIRST = 3
_AS_TEXT = "format the cell as text, look up what was typed, and type it again"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


class CellSlip(NamedTuple):
    """What is wrong with a cell of a sheet: its sheet, its place, and a sentence on its value,
    which stands apart so that cells with the same slip are one line."""

    sheet: str
    cell: str
    value: str
    message: str

    def __str__(self) -> str:
        value = f"{self.value} " if self.value else ""
        return f"{in_short(self.sheet)}!{self.cell}: {value}{self.message}"


@dataclass(frozen=True, slots=True)
class Cells:
    """The filled rows of a sheet, each with its number from 1 and a text for every column; what is
    no text is empty, and its slip stands at its place."""

    name: str
    rows: list[tuple[int, list[str]]]
    slips: Mapping[tuple[int, int], CellSlip]


def cell_name(row: int, column: int) -> str:
    """The name of a cell by its row from 1 and its column from 0.

    >>> cell_name(12, 1), cell_name(1, 27)
    ('B12', 'AB1')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def grouped_cells(slips: Iterable[CellSlip]) -> list[str]:
    """Lines that tell of slips, one for each kind of a sheet, with how many and the first three
    cells.

    >>> grouped_cells([CellSlip("events", f"B{row}", f"{row}", "is a number") for row in (2, 5)])
    ['events!B2: 2 is a number (2 cells: B2, B5)']
    """
    kinds: dict[tuple[str, str], list[CellSlip]] = defaultdict(list)
    for one in slips:
        kinds[one.sheet, one.message].append(one)
    lines = []
    for alike in kinds.values():
        cells = ", ".join(one.cell for one in alike[:_FIRST])
        many = f" ({len(alike)} cells: {cells}{' …' if alike[_FIRST:] else ''})"
        lines.append(f"{alike[0]}{many if alike[1:] else ''}")
    return lines


def read_cells(path: Path, wanted: Iterable[str]) -> tuple[list[str], list[Cells]]:
    """The names of a workbook's sheets, and the cells of those that are wanted.

    Raises
    ------
    UnfitError
        Where the file is no workbook that can be read, or is too large.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    data = read_limited(path, CSV_BYTES)
    told = "this is no workbook that can be read"
    as_ = "save it from the spreadsheet as .xlsx or .ods, without a password"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if (size := sum(one.file_size for one in packed.infolist())) > _UNPACKED:
                raise UnfitError(f"unpacked it has {size:,} bytes; at most {_UNPACKED:,} are read")
            book = CalamineWorkbook.from_filelike(io.BytesIO(data))
            names = {name.strip().casefold(): name for name in book.sheet_names}
            found = []
            for name in wanted:
                if name not in names:
                    continue
                sheet = book.get_sheet_by_name(names[name])
                if sheet.total_height > LINES or sheet.total_width > _COLUMNS:
                    many = f"{sheet.total_height:,} rows and {sheet.total_width:,} columns"
                    at_most = f"at most {LINES:,} and {_COLUMNS} are read"
                    raise UnfitError(f"the sheet {name} has {many}; {at_most}")
                formulas = set(_formulas(packed, names[name]))
                merged = sheet.merged_cell_ranges or []
                values = sheet.to_python(skip_empty_area=False)
                found.append(_cells(name, values, formulas, merged))
    except PasswordError as error:
        raise UnfitError(f"{told}: it has a password; {as_}") from error
    except (CalamineError, zipfile.BadZipFile, Xml.ParseError, KeyError) as error:
        raise UnfitError(f"{told}; {as_}") from error
    return book.sheet_names, found


def _cells(
    name: str,
    values: Sequence[Sequence[object]],
    formulas: set[tuple[int, int]],
    merged: Iterable[tuple[tuple[int, int], tuple[int, int]]],
) -> Cells:
    """The texts of a sheet, and what is no text."""
    rows = []
    slips = {}
    for (top, left), (bottom, right) in merged:
        cells = f"{cell_name(top + 1, left)}:{cell_name(bottom + 1, right)}"
        told = "these cells are merged; part them, and write each its own text"
        slips[top + 1, left] = CellSlip(name, cells, "", told)
    for number, row in enumerate(values, start=1):
        texts = []
        for column, value in enumerate(row):
            is_formula = (number, column) in formulas
            if isinstance(value, str) and not is_formula:
                texts.append(value.strip())
                continue
            texts.append("")
            what, told = ("", _FORMULA) if is_formula else _no_text(value)
            slips[number, column] = CellSlip(name, cell_name(number, column), what, told)
        if any(texts) or any((number, column) in slips for column in range(len(row))):
            rows.append((number, texts))
    return Cells(name, rows, slips)


_FORMULA = "the cell holds a formula; write a text in its place"


def _no_text(value: object) -> tuple[str, str]:
    """A value that is no text as it is shown, and what is wrong with it."""
    told = f"to the spreadsheet, which changes such cells; {_AS_TEXT}"
    if isinstance(value, bool):
        return str(value).upper(), f"is a truth value {told}"
    if isinstance(value, datetime) and value.time() != time():
        return value.isoformat(" "), f"is a date and a time {told}"
    if isinstance(value, date):
        return str(value)[:10], f"is a date {told}; a date that is right is written 2018-11-05"
    if isinstance(value, time | timedelta):
        return str(value), f"is a time of day {told}, as 17:00"
    number = int(value) if isinstance(value, float) and value.is_integer() else value
    return str(number), f"is a number {told}"


def _formulas(packed: zipfile.ZipFile, sheet: str) -> Iterator[tuple[int, int]]:
    """The cells of a sheet that hold formulas, by row from 1 and column from 0: what reads values
    gives those of formulas as if they had been typed."""
    if "content.xml" in packed.namelist():
        content = packed.read("content.xml")
        if b"table:formula" in content:
            yield from _ods_formulas(Xml.fromstring(content), sheet)
        return
    workbook = Xml.fromstring(packed.read("xl/workbook.xml"))
    related = Xml.fromstring(packed.read("xl/_rels/workbook.xml.rels"))
    target = {one.get("Id"): one.get("Target", "") for one in related}
    (part,) = (
        target[one.get(_RELATION)]
        for one in workbook.iter(f"{_MAIN}sheet")
        if one.get("name") == sheet
    )
    content = packed.read(part.removeprefix("/") if part.startswith("/") else f"xl/{part}")
    if not re.search(rb"<(?:\w+:)?f[\s/>]", content):
        return
    for cell in Xml.fromstring(content).iter(f"{_MAIN}c"):
        if cell.find(f"{_MAIN}f") is not None:
            name = cell.get("r", "")
            column = 0
            for letter in name.rstrip("0123456789"):
                column = column * 26 + ord(letter) - ord("A") + 1
            yield int(name.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")), column - 1


def _ods_formulas(content: Xml.Element, sheet: str) -> Iterator[tuple[int, int]]:
    for table in content.iter(f"{_TABLE}table"):
        if table.get(f"{_TABLE}name") != sheet:
            continue
        row = 1
        for one in table.iter(f"{_TABLE}table-row"):
            column = 0
            for cell in one:
                if cell.get(f"{_TABLE}formula"):
                    yield row, column
                column += int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
            row += int(one.get(f"{_TABLE}number-rows-repeated", "1"))
