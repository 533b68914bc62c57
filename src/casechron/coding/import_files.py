"""Which tables does a file hold that somebody keeps a chronology in, and what stands around them?

Whatever the file is (.csv, .xlsx, .ods, .docx), its tables become rows of texts. A date of a
spreadsheet is written out as far as the spreadsheet shows it: a cell that shows `Nov 2018` holds
the 1st, which nobody wrote. A merged cell stands in each of its rows. A Word document is read from
its own text (`word/document.xml`), with what its author sees in it: what is marked as deleted is
not read, what is marked as inserted is."""

from __future__ import annotations

import csv
import io
import re
import tomllib
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as Xml

from casechron.characters import LETTERS, counted, first_refused, shown
from casechron.coding.files import CSV_BYTES, LINES, UnfitError, from_here, read_limited
from casechron.coding.sheets import decoded
from casechron.coding.workbook_cells import (
    MOST_COLUMNS,
    attribute,
    cell_elements,
    cell_name,
    formula_cells,
    is_ods,
    ods_table,
    opened_workbook,
    sheet_of_book,
    unpacked,
)
from casechron.dates.phrase_reader import MONTHS
from casechron.dates.phrases import parse_phrase

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

#: What chronologies call what they hold.
WORDS = tomllib.loads(Path(__file__).with_name("import_words.toml").read_text(encoding="utf-8"))
PATTERNS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in WORDS["patterns"].items()}
_PERIOD = re.compile(r"(?:year:?\s*)?((?:19|20)\d\d)", re.IGNORECASE)


class ImportFileError(ValueError):
    """Why nothing can be imported from a file."""


class Cell(NamedTuple):
    """A text, with line feeds between its lines; and `left` or `above` where it is a further part
    of a merged cell that begins there. What is merged downwards has its text in each row."""

    text: str
    part_of: str = ""

    @property
    def own(self) -> str:
        """The text, where it begins here."""
        return "" if self.part_of else self.text


class ImportTable(NamedTuple):
    """A table, as messages name it; its rows, each with its number; what stands above it; and
    whether it can go on with what the table before it has said."""

    name: str
    rows: Sequence[tuple[int, Sequence[Cell]]]
    above: Sequence[str] = ()
    goes_on: bool = True


@dataclass(slots=True)
class Gathered:
    """What a file holds: its tables, and sentences on what was changed and what is left out."""

    tables: list[ImportTable] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    #: Letters that no text may hold and that were taken out.
    unseen: int = 0

    def cell(self, text: str) -> Cell:
        """A cell of a text, without what no text may hold and with single spaces."""
        lines = []
        for line in text.replace("\t", " ").splitlines():
            seen = line
            while refused := first_refused(seen):
                seen = seen.replace(refused[1], "")
                self.unseen += 1
            lines.append(" ".join(seen.split()))
        plain = "\n".join(filter(None, lines))
        if len(plain) > LETTERS:
            message = f"a cell has {len(plain):,} letters, and at most {LETTERS:,} are allowed"
            raise UnfitError(f"{message} ({shown(plain)}); part it into several rows")
        return Cell(plain)


def read_tables(path: str | Path, heads: Callable[[Iterable[str]], int]) -> Gathered:
    """The tables of a chronology's file.

    Parameters
    ----------
    path
        A file: .csv, .xlsx, .ods or .docx, whatever its name ends in.
    heads
        How many of some texts are heads of a chronology: what separates the cells of a .csv is
        what makes most heads of one of its first lines.

    Returns
    -------
    Gathered
        The tables that hold anything, and what was left out of the file.

    Raises
    ------
    ImportFileError
        For a file of another kind, or one that cannot be read.
    """
    path = Path(path)
    try:
        data = read_limited(path, CSV_BYTES)
        gathered = Gathered()
        tables = _tables(data, gathered, heads)
        gathered.tables = [table for table in tables if table.above or filled(table)]
    except UnfitError as error:
        raise ImportFileError(f"{from_here(path)}: {error}") from error
    if gathered.unseen:
        count = counted(gathered.unseen, "letter")
        gathered.left_out.append(f"{count} of which nothing is seen, such as a soft hyphen")
    if not any(map(filled, gathered.tables)):
        raise ImportFileError(f"{from_here(path)} holds no table with anything in it")
    return gathered


def is_period(text: str) -> str:
    """The year or the month that a heading names, as a date; '' for any other heading.

    >>> is_period("Year: 2018"), is_period("March 2018"), is_period("Family history")
    ('2018', '2018-03', '')
    """
    text = text.strip(" :.-–")
    if year := _PERIOD.fullmatch(text):
        return year[1]
    if len(text.split()) > 2:
        return ""
    date = parse_phrase(text).date or ""
    return date if re.fullmatch(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])", date) else ""


def filled(table: ImportTable) -> bool:
    """Whether anything stands in a table."""
    return any(cell.text for _, row in table.rows for cell in row)


def _tables(
    data: bytes, gathered: Gathered, heads: Callable[[Iterable[str]], int]
) -> Iterable[ImportTable]:
    """The tables of a file, read by what is in it: names of files are often wrong."""
    for other in WORDS["not_read"]:
        if data.startswith(other["begins"].encode("latin-1")):
            raise UnfitError(f"this is {other['kind']}, which is not read; {other['instead']}")
    if not data.startswith(b"PK\x03\x04"):
        return [_csv(data, gathered, heads)]
    try:
        with unpacked(data) as packed:
            names = packed.namelist()
            mimetype = packed.read("mimetype") if "mimetype" in names else b""
            if "word/document.xml" in names:
                return [*_docx_tables(packed, gathered)]
    except zipfile.BadZipFile as error:
        raise UnfitError("the file is damaged; save it anew") from error
    if b"opendocument.text" in mimetype:
        message = "this is an OpenDocument text, which is not read; open it and save it as .docx"
        raise UnfitError(message)
    with opened_workbook(data) as (packed, book):
        sheets = [sheet_of_book(book, name) for name in book.sheet_names]
        return [_WorkbookSheet(packed, sheet, gathered).table() for sheet in sheets]


def _csv(data: bytes, gathered: Gathered, heads: Callable[[Iterable[str]], int]) -> ImportTable:
    text, wrong = decoded(data)
    for line, message in wrong:
        warning = f"{f'line {line}: ' if line else ''}{message.partition(';')[0]}"
        gathered.told.append(f"{warning}; look whether its letters are right in what was written")
    lines = io.StringIO(text, newline="").readlines()
    if len(lines) > LINES:
        raise UnfitError(f"the file has {len(lines):,} lines; at most {LINES:,} are read")
    if lines and re.fullmatch(r'"?sep=.?"?\s*', lines[0], re.IGNORECASE):
        gathered.left_out.append(f"{shown(lines[0].strip())}, which tells a spreadsheet what parts")
        lines[0] = "\n"

    def fit(separator: str) -> int:
        return max((heads(row) for row in csv.reader(lines[:20], delimiter=separator)), default=0)

    reader = csv.reader(lines, delimiter=max(",;\t|", key=fit), strict=True)
    rows, begins = [], 1
    try:
        for cells in reader:
            rows.append((begins, [gathered.cell(cell) for cell in cells]))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise UnfitError(f"line {begins} cannot be read as CSV ({error}); save it anew") from error
    return ImportTable("the file", rows)


#: What a document keeps and does not show as its text; the second half repeats the first.
_NOT_SHOWN = {"del", "moveFrom", "instrText", "Fallback", "pPr", "rPr", "tblPr", "sdtPr"}
_WHITE_SPACE = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": " "}
#: Columns of a table.
_WIDE = 100


def _docx_tables(packed: zipfile.ZipFile, gathered: Gathered) -> Iterator[ImportTable]:
    """The tables of a Word document, each with the paragraphs that stand above it."""
    root = _parsed(packed.read("word/document.xml"))
    for name, words in WORDS["beside"].items():
        part = f"word/{name}.xml"
        beside = _text(_parsed(packed.read(part))) if part in packed.namelist() else ""
        if text := " ".join(beside.split()):
            message = f"the {words} of the document ({shown(text)}); no column is theirs"
            gathered.left_out.append(message)
    deletions = [element for element in root.iter() if _name(element) in ("del", "moveFrom")]
    if passages := sum(map(_has_text, deletions)):
        count = counted(passages, "passage")
        gathered.left_out.append(f"{count} that the document marks as deleted or moved away")
    above: list[str] = []
    number = 0
    for block in _blocks(root):
        if _name(block) == "tbl":
            number += 1
            yield ImportTable(f"table {number}", [*_docx_rows(block, gathered)], above)
            above = []
        elif text := gathered.cell(_text(block)).text:
            above.append(text)
    if above:
        yield ImportTable("the text below the tables", [], above)


def docx_paragraphs(packed: zipfile.ZipFile) -> list[str]:
    """The paragraphs of a Word document, those in its tables too, its footnotes and endnotes
    last."""
    there = packed.namelist()
    parts = [f"word/{name}.xml" for name in ("document", "footnotes", "endnotes")]
    return [
        _text(block)
        for part in parts
        if part in there
        for block in _blocks(_parsed(packed.read(part)), ("p",))
    ]


def _parsed(data: bytes) -> Xml.Element:
    if b"<!DOCTYPE" in data[:2000]:  # no word processor writes one
        raise UnfitError("the document declares a type of its own; save it anew as .docx")
    try:
        return Xml.fromstring(data)
    except Xml.ParseError as error:
        raise UnfitError(f"the document is damaged ({error}); save it anew as .docx") from error


def _name(element: Xml.Element) -> str:
    """The name of an element without its namespace, of which Word has two."""
    return element.tag.rpartition("}")[2]


def _value(element: Xml.Element, name: str) -> str | None:
    """The value of a property of a row or a cell, '' where it stands without one, None where it
    does not stand."""
    property_ = element.find(f"{{*}}{_name(element)}Pr/{{*}}{name}")
    return None if property_ is None else attribute(property_, "val")


def _blocks(element: Xml.Element, wanted: tuple[str, ...] = ("p", "tbl")) -> Iterator[Xml.Element]:
    """What stands below an element, through what only wraps it."""
    for child in element:
        if _name(child) in wanted:
            yield child
        elif _name(child) not in _NOT_SHOWN:
            yield from _blocks(child, wanted)


def _has_text(deletion: Xml.Element) -> bool:
    return any(part.text for part in deletion.iter() if _name(part) in ("delText", "t"))


def _text(element: Xml.Element) -> str:
    """The text of an element, with a line feed after each paragraph."""
    pieces = []
    for child in element:
        name = _name(child)
        if name in _NOT_SHOWN:
            continue
        if name == "t":
            pieces.append(child.text or "")
        elif name == "sym":
            pieces.append(_sign(child))
        else:
            pieces.append(_WHITE_SPACE.get(name, "") or _text(child))
            if name in ("p", "tr"):
                pieces.append("\n")
            elif name == "tc":
                pieces.append(" ")
    return "".join(pieces)


def _sign(element: Xml.Element) -> str:
    """A sign of a font of signs: a tick, a cross, or its code."""
    code = attribute(element, "char").upper()
    sign: str = WORDS["signs"].get(f"{attribute(element, 'font').lower()} {code}", f"[sign {code}]")
    return sign


def _docx_rows(table: Xml.Element, gathered: Gathered) -> Iterator[tuple[int, list[Cell]]]:
    """The rows of a table, in columns of the table's grid."""
    row_above: list[Cell] = []
    for number, row in enumerate(_blocks(table, ("tr",)), start=1):
        if _value(row, "del") is not None:  # counted with the other deletions
            continue
        cells = [Cell("")] * _columns(_value(row, "gridBefore"), 0)
        for cell in _blocks(row, ("tc",)):
            merged = _value(cell, "vMerge")
            column = len(cells)
            text = _text(cell)
            if merged in ("", "continue") and column < len(row_above) and not text.strip():
                cells.append(Cell(row_above[column].text, "above"))
            else:
                cells.append(gathered.cell(text))
            cells += [Cell("", "left")] * (_columns(_value(cell, "gridSpan"), 1) - 1)
        if len(cells) > _WIDE:
            raise UnfitError(f"a table has {len(cells)} columns; at most {_WIDE} are read")
        yield number, cells
        row_above = cells


def _columns(value: str | None, default: int) -> int:
    """A number of columns."""
    return min(int(value), _WIDE) if value and re.fullmatch("[0-9]{1,4}", value) else default


#: Of the formats of dates that a workbook need not declare, those that show no day or no year.
_BUILT_IN = {16: "dm", 17: "my"}
_Place = tuple[int, int]


class _WorkbookSheet:
    """A sheet of a workbook that is read."""

    def __init__(self, packed: zipfile.ZipFile, sheet: CalamineSheet, gathered: Gathered) -> None:
        self.packed, self.name, self.gathered = packed, sheet.name, gathered
        self.merged = [*(self._ods_merged() if is_ods(packed) else sheet.merged_cell_ranges or ())]
        self.values = sheet.to_python(skip_empty_area=False)
        has_dates = any(isinstance(value, date) for row in self.values for value in row)
        parts = self._ods_parts if is_ods(packed) else self._xlsx_parts
        #: Which parts of a date a cell shows: some of `d`, `m` and `y`.
        self.parts = dict(parts()) if has_dates else {}
        #: Cells that show a date without its year.
        self.no_year: list[str] = []

    @cached_property
    def elements(self) -> list[tuple[int, int, Xml.Element]]:
        """Its cells as the file has them, of which a sheet without dates may need none."""
        return [*cell_elements(self.packed, self.name)]

    def table(self) -> ImportTable:
        """The sheet as a table."""
        rows = [
            (number, [self._cell(number, column, value) for column, value in enumerate(row)])
            for number, row in enumerate(self.values, start=1)
        ]
        self._merge(dict(rows))
        name = f"the sheet {shown(self.name)}"
        if formulas := sorted(formula_cells(self.packed, self.name)):
            count, first = counted(len(formulas), "formula"), cell_name(*formulas[0])
            message = f"{name} holds {count} (first {first}); what it gave when the file was saved"
            self.gathered.told.append(f"{message} is taken as the text")
        if self.no_year:
            cells = ", ".join(self.no_year[:3]) + (" …" if self.no_year[3:] else "")
            message = f"{name}: dates that show no year ({cells}) are read without one: the year"
            self.gathered.told.append(f"{message} that the spreadsheet holds is its own")
        above = [self.name] if is_period(self.name) else []
        return ImportTable(name, rows, above, goes_on=False)

    def _cell(self, row: int, column: int, value: object) -> Cell:
        match value:
            case bool():
                text = "yes" if value else "no"
            case date():
                text = self._day(row, column, value)
                if isinstance(value, datetime) and value.time() != time():
                    text += f" {value:%H:%M}"
            case time():
                text = f"{value:%H:%M}"
            case timedelta():
                minutes = round(value.total_seconds() / 60)
                text = f"{minutes // 60:02d}:{minutes % 60:02d}"
            case float() if value.is_integer():
                text = str(int(value))
            case _:
                text = str(value)
        return self.gathered.cell(text)

    def _day(self, row: int, column: int, day: date) -> str:
        """A date, as far as its cell shows it."""
        parts = self.parts.get((row, column), "dmy")
        if "y" not in parts:
            self.no_year.append(cell_name(row, column))
            return f"{day.day} {MONTHS[day.month - 1].title()}"
        return day.isoformat()[: 10 if "d" in parts else 7 if "m" in parts else 4]

    def _merge(self, rows: Mapping[int, list[Cell]]) -> None:
        """Let each further cell of a merged one be a part of it."""
        for (top, left), (bottom, right) in self.merged:
            for number in range(top + 1, min(bottom + 1, len(rows)) + 1):
                row = rows[number]
                row += [Cell("")] * (right + 1 - len(row))
                if number > top + 1:
                    row[left] = Cell(rows[top + 1][left].text, "above")
                row[left + 1 : right + 1] = [Cell("", "left")] * (right - left)

    def _ods_merged(self) -> Iterator[tuple[_Place, _Place]]:
        """The first and last cell of each merged one in an OpenDocument sheet, from 0."""
        for row, column, cell in self.elements:
            width = int(attribute(cell, "number-columns-spanned", "1"))
            height = int(attribute(cell, "number-rows-spanned", "1"))
            if width * height > 1:
                yield (row - 1, column), (row - 2 + height, column - 1 + width)

    def _xlsx_parts(self) -> Iterator[tuple[_Place, str]]:
        if "xl/styles.xml" not in self.packed.namelist():
            return
        styles = Xml.fromstring(self.packed.read("xl/styles.xml"))
        formats = dict(_BUILT_IN)
        for number_format in styles.iterfind(".//{*}numFmt"):
            # Neither what is quoted, nor a colour or a locale, is a part of a date.
            plain = re.sub(
                r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.', "", number_format.get("formatCode", "")
            ).lower()
            parts = "".join(part for part in "dmy" if part in plain)
            formats[int(number_format.get("numFmtId", "0"))] = parts or "dmy"
        of_style = [
            formats.get(int(cell_format.get("numFmtId", "0")), "dmy")
            for cell_format in styles.iterfind("./{*}cellXfs/{*}xf")
        ]
        for row, column, cell in self.elements:
            if (style := int(cell.get("s", "0"))) < len(of_style):
                yield (row, column), of_style[style]

    def _ods_parts(self) -> Iterator[tuple[_Place, str]]:
        files = [name for name in ("content.xml", "styles.xml") if name in self.packed.namelist()]
        roots = [Xml.fromstring(self.packed.read(name)) for name in files]
        formats = {
            attribute(style, "name"): "".join(
                part[0]
                for part in ("day", "month", "year")
                if style.find(f"{{*}}{part}") is not None
            )
            for root in roots
            for style in root.iterfind(".//{*}date-style")
        }
        of_style = {
            attribute(style, "name"): formats[attribute(style, "data-style-name")]
            for root in roots
            for style in root.iterfind(".//{*}style")
            if attribute(style, "data-style-name") in formats
        }
        columns: list[str] = []
        for table_column in ods_table(roots[0], self.name).iterfind(".//{*}table-column"):
            repeated = min(
                int(attribute(table_column, "number-columns-repeated", "1")), MOST_COLUMNS
            )
            columns += [attribute(table_column, "default-cell-style-name")] * repeated
        for row, column, cell in self.elements:
            of_column = columns[column] if column < len(columns) else ""
            if parts := of_style.get(attribute(cell, "style-name", of_column)):
                yield (row, column), parts
