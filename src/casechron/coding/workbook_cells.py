"""What stands in the cells of a workbook's sheets, as text, and what is kept in one sheet of it?

A cell that is no text is never made one: what was typed is lost once a spreadsheet has made a date
or a number of it. A table that a tool writes, a person adds a column to, and the tool reads back is
a CSV file, or a workbook of one sheet."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as Xml

from casechron.characters import in_short, text_breach
from casechron.coding.cells import first_few
from casechron.coding.files import CSV_BYTES, LINES, UnfitError, from_here, read_limited
from casechron.coding.sheets import decoded
from casechron.coding.workbook_size import refuse_too_large

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

#: The row and the column of a cell.
_Place = tuple[int, int]
#: Bytes of all that a workbook's file holds, unpacked, and columns of a sheet.
_LARGEST, MOST_COLUMNS = 200_000_000, 500
#: Equal workbooks have equal bytes, whenever they are written.
CREATED = datetime(2000, 1, 1)
#: Text, in every cell.
TEXT = {"num_format": 49, "valign": "top"}
_AS_TEXT = "format the cell as text, look up what was typed, and type it again"


class WorkbookError(ValueError):
    """Why a workbook is neither written nor read: a sentence to a line."""


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
    from xlsxwriter.utility import xl_rowcol_to_cell  # here, since a check needs no workbook

    return str(xl_rowcol_to_cell(row - 1, column))


def grouped_cells(slips: Iterable[CellSlip]) -> list[str]:
    """Lines that tell of slips, one for each kind of a sheet, with how many and the first three
    cells.

    >>> grouped_cells([CellSlip("events", f"B{row}", f"{row}", "is a number") for row in (2, 5)])
    ['events!B2: 2 is a number (2 cells: B2, B5)']
    """
    kinds: dict[tuple[str, str], list[CellSlip]] = defaultdict(list)
    for slip in slips:
        kinds[slip.sheet, slip.message].append(slip)
    lines = []
    for alike in kinds.values():
        how_many = f" ({len(alike)} cells: {first_few([slip.cell for slip in alike])})"
        lines.append(f"{alike[0]}{how_many if alike[1:] else ''}")
    return lines


@contextmanager
def opened_workbook(data: bytes) -> Iterator[tuple[zipfile.ZipFile, CalamineWorkbook]]:
    """A workbook, opened, by its parts and by its values.

    Raises
    ------
    UnfitError
        Where the file is no workbook that can be read, or is too large.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    message = "this is no workbook that can be read"
    save_it = "save it from the spreadsheet as .xlsx or .ods, without a password"
    try:
        with unpacked(data, f"{message}; {save_it}") as packed:
            refuse_too_large(packed)
            yield packed, CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError as error:
        raise UnfitError(f"{message}: it has a password; {save_it}") from error
    except (CalamineError, Xml.ParseError, KeyError) as error:
        raise UnfitError(f"{message}; {save_it}") from error


@contextmanager
def unpacked(
    data: bytes, damaged: str = "the file is damaged; save it anew"
) -> Iterator[zipfile.ZipFile]:
    """A packed file, opened; `UnfitError` where a part of it cannot be read, or where it would be
    too large when it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if (size := sum(entry.file_size for entry in packed.infolist())) > _LARGEST:
                raise UnfitError(f"unpacked it has {size:,} bytes; at most {_LARGEST:,} are read")
            yield packed
    except UnfitError:
        raise
    # What a part's place, name and bytes can be where they are damaged, or have a password.
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError) as error:
        raise UnfitError(damaged) from error


def sheet_of_book(book: CalamineWorkbook, name: str) -> CalamineSheet:
    """A sheet of a workbook; `UnfitError` where it has too many rows or columns."""
    sheet = book.get_sheet_by_name(name)
    if sheet.total_height > LINES or sheet.total_width > MOST_COLUMNS:
        size = f"{sheet.total_height:,} rows and {sheet.total_width:,} columns"
        at_most = f"at most {LINES:,} and {MOST_COLUMNS} are read"
        raise UnfitError(f"the sheet {in_short(name)} has {size}; {at_most}")
    return sheet


def read_cells(path: Path, wanted: Iterable[str]) -> tuple[list[str], list[Cells]]:
    """The names of a workbook's sheets, and the cells of those that are wanted.

    Raises
    ------
    UnfitError
        Where the file is no workbook that can be read, or is too large.
    """
    with opened_workbook(read_limited(path, CSV_BYTES)) as (packed, book):
        names = {name.strip().casefold(): name for name in book.sheet_names}
        cells = [
            _cells(name, packed, sheet_of_book(book, names[name]))
            for name in wanted
            if name in names
        ]
        return book.sheet_names, cells


def _cells(name: str, packed: zipfile.ZipFile, sheet: CalamineSheet) -> Cells:
    """The texts of a sheet, and what is no text."""
    formulas = set(formula_cells(packed, sheet.name))
    rows = []
    slips = {}
    for (top, left), (bottom, right) in merged_cells(packed, sheet):
        merged = f"{cell_name(top + 1, left)}:{cell_name(bottom + 1, right)}"
        message = "these cells are merged; part them, and write each its own text"
        slips[top + 1, left] = CellSlip(name, merged, "", message)
    for number, row in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        texts = []
        for column, value in enumerate(row):
            is_formula = (number, column) in formulas
            if isinstance(value, str) and not is_formula:
                texts.append(value.strip())
                continue
            texts.append("")
            as_shown, message = ("", _FORMULA) if is_formula else _not_text(value)
            slips[number, column] = CellSlip(name, cell_name(number, column), as_shown, message)
        if any(texts) or any((number, column) in slips for column in range(len(row))):
            rows.append((number, texts))
    return Cells(name, rows, slips)


_FORMULA = "the cell holds a formula; write a text in its place"


def _not_text(value: object) -> tuple[str, str]:
    """A value that is no text as it is shown, and what is wrong with it."""
    ending = f"to the spreadsheet, which changes such cells; {_AS_TEXT}"
    if isinstance(value, bool):
        return str(value).upper(), f"is a truth value {ending}"
    if isinstance(value, datetime) and value.time() != time():
        return value.isoformat(" "), f"is a date and a time {ending}"
    if isinstance(value, date):
        return str(value)[:10], f"is a date {ending}; a date that is right is written 2018-11-05"
    if isinstance(value, time | timedelta):
        return str(value), f"is a time of day {ending}, as 17:00"
    number = int(value) if isinstance(value, float) and value.is_integer() else value
    return str(number), f"is a number {ending}"


def attribute(element: Xml.Element, name: str, default: str = "") -> str:
    """An attribute of an element by its name without its namespace."""
    named = (value for key, value in element.attrib.items() if key.rpartition("}")[2] == name)
    return next(named, default)


def formula_cells(packed: zipfile.ZipFile, sheet: str) -> Iterator[tuple[int, int]]:
    """The cells of a sheet that hold formulas, by row from 1 and column from 0: what reads values
    gives those of formulas as if they had been typed."""
    content = sheet_part(packed, sheet)
    if re.search(rb"table:formula|<(?:\w+:)?f[\s/>]", content):
        for row, column, cell in cell_elements(packed, sheet):
            if attribute(cell, "formula") or cell.find("{*}f") is not None:
                yield row, column


def merged_cells(packed: zipfile.ZipFile, sheet: CalamineSheet) -> Iterator[tuple[_Place, _Place]]:
    """The first and last cell of each merged one, from 0; what reads values tells of none in an
    OpenDocument sheet."""
    if not is_ods(packed):
        yield from sheet.merged_cell_ranges or ()
    elif b"-spanned=" in sheet_part(packed, sheet.name):
        for row, column, cell in cell_elements(packed, sheet.name):
            width = int(attribute(cell, "number-columns-spanned", "1"))
            height = int(attribute(cell, "number-rows-spanned", "1"))
            if width * height > 1:
                yield (row - 1, column), (row - 2 + height, column - 1 + width)


def is_ods(packed: zipfile.ZipFile) -> bool:
    """Whether a workbook is an OpenDocument spreadsheet."""
    return "content.xml" in packed.namelist()


def sheet_part(packed: zipfile.ZipFile, sheet: str) -> bytes:
    """The XML that holds the cells of a sheet."""
    if is_ods(packed):
        return packed.read("content.xml")
    workbook = Xml.fromstring(packed.read("xl/workbook.xml"))
    related = Xml.fromstring(packed.read("xl/_rels/workbook.xml.rels"))
    target = {element.get("Id"): element.get("Target", "") for element in related}
    sheets = {tag.get("name"): attribute(tag, "id") for tag in workbook.iterfind(".//{*}sheet")}
    part = target[sheets[sheet]]
    return packed.read(part.removeprefix("/") if part.startswith("/") else f"xl/{part}")


def ods_table(root: Xml.Element, sheet: str) -> Xml.Element:
    """The element of a sheet of an OpenDocument spreadsheet."""
    tables = root.iterfind(".//{*}table")
    return next(element for element in tables if attribute(element, "name") == sheet)


def cell_elements(packed: zipfile.ZipFile, sheet: str) -> Iterator[tuple[int, int, Xml.Element]]:
    """The elements of a sheet's cells, by row from 1 and column from 0."""
    from xlsxwriter.utility import xl_cell_to_rowcol

    root = Xml.fromstring(sheet_part(packed, sheet))
    if not is_ods(packed):
        for cell in root.iterfind(".//{*}c"):
            row, column = xl_cell_to_rowcol(cell.get("r", ""))
            yield row + 1, column, cell
        return
    row = 1
    for row_element in ods_table(root, sheet).iterfind(".//{*}table-row"):
        height = int(attribute(row_element, "number-rows-repeated", "1"))
        column = 0
        for cell in row_element:
            width = int(attribute(cell, "number-columns-repeated", "1"))
            # Equal neighbours are written once; empty ones can be a million.
            filled = bool(attribute(cell, "value-type"))
            for down, right in product(range(height), range(width)) if filled else [(0, 0)]:
                yield row + down, column + right, cell
            column += width
        row += height


def from_csv(path: Path, columns: Sequence[str], by: str) -> list[dict[str, str]]:
    """The rows of a file that the command `by` wrote, none where there is none; `WorkbookError`
    where it is not as it was written."""
    if not path.exists():
        return []
    try:
        text, wrong = decoded(read_limited(path, CSV_BYTES))
        lines = list(csv.reader(io.StringIO(text, newline="")))
    except (UnfitError, csv.Error) as error:
        raise WorkbookError(f"{from_here(path)}: {error}") from error
    slips = [message for _, message in wrong]
    if not lines or lines[0] != list(columns):
        slips.append(f"its heads are not {','.join(columns)}")
    for at, cells in enumerate(lines, start=1):
        if len(cells) != len(columns):
            slips.append(f"line {at} has {len(cells)} cells, not {len(columns)}")
    slips += [message for cells in lines for cell in cells if (message := text_breach(cell))]
    if slips:
        raise WorkbookError(f"{from_here(path)}: {slips[0]}; it is written by {by}")
    return [dict(zip(columns, cells, strict=True)) for cells in lines[1:]]


def as_workbook(
    name: str,
    widths: Mapping[str, int],
    rows: Sequence[Mapping[str, str]],
    offered: tuple[str, Sequence[str]],
) -> bytes:
    """The bytes of a workbook of one sheet: its columns with their widths, and what is offered in
    which of them."""
    from xlsxwriter import Workbook

    data, heads = io.BytesIO(), list(widths)
    with Workbook(data, {"in_memory": True}) as book:
        book.set_properties({"created": CREATED})
        text = book.add_format({**TEXT, "text_wrap": True})
        bold = book.add_format({"num_format": 49, "bold": True, "bg_color": "#C9D6DF"})
        sheet = headed(book.add_worksheet(name), heads, bold, frozen=0)
        for place, width in enumerate(widths.values()):
            sheet.set_column(place, place, width, text)
        for line, row in enumerate(rows, start=1):
            for place, head in enumerate(heads):
                sheet.write_string(line, place, row[head], text)
            # LibreOffice makes no row higher by itself.
            sheet.set_row(line, 15 * max(-(-len(row[head]) // widths[head]) for head in heads))
        sheet.autofilter(0, 0, len(rows), len(heads) - 1)
        offer = {"validate": "list", "source": list(offered[1]), "show_error": False}
        place = heads.index(offered[0])
        sheet.data_validation(1, place, max(len(rows), 1), place, offer)
    return data.getvalue()


def headed(sheet: Worksheet, heads: Sequence[str], form: Format, *, frozen: int) -> Worksheet:
    """A new sheet with its heads, which stay in sight, as do so many of its first columns."""
    for place, head in enumerate(heads):
        sheet.write_string(0, place, head, form)
    sheet.freeze_panes(1, frozen)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    return sheet


def from_workbook(
    path: Path, name: str, columns: Sequence[str], remedy: str
) -> list[dict[str, str]]:
    """The rows of a sheet that `as_workbook` wrote; `WorkbookError` where it cannot be read, lacks
    a column or has a cell that is no text. `remedy` says how it is written anew."""
    try:
        sheets = read_cells(path, [name])[1]
    except UnfitError as error:
        raise WorkbookError(f"{path.name}: {error}") from error
    if not sheets or not sheets[0].rows:
        raise WorkbookError(f"{path.name}: there is no sheet '{name}' with rows in it")
    (sheet,) = sheets
    if sheet.slips:
        raise WorkbookError("\n".join(grouped_cells(sheet.slips.values())))
    (_, heads), *lines = sheet.rows
    if missing := ", ".join(column for column in columns if column not in heads):
        raise WorkbookError(
            f"{path.name}: the sheet '{name}' lacks the columns {missing}; {remedy}"
        )
    wrong = [
        CellSlip(name, cell_name(line, place), "", message)
        for line, cells in lines
        for place, cell in enumerate(cells)
        if (message := text_breach(cell))
    ]
    if wrong:
        raise WorkbookError("\n".join(map(str, wrong)))
    return [dict(zip(heads, cells, strict=False)) for _, cells in lines]
