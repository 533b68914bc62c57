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
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as Xml

from casechron.characters import LETTERS, counted, first_refused, shown
from casechron.coding.cells import first_few
from casechron.coding.files import CSV_BYTES, LINES, UnfitError, from_here, read_limited
from casechron.coding.messages import say
from casechron.coding.sheets import SEPARATOR_LINE, SEPARATORS, decoded
from casechron.coding.workbook_cells import (
    MOST_COLUMNS,
    attribute,
    cell_elements,
    cell_name,
    formula_cells,
    is_ods,
    merged_cells,
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
_YEAR = re.compile(r"(?:year:?\s*)?((?:19|20)\d\d)", re.IGNORECASE)
_MONTH = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


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

    @property
    def filled(self) -> bool:
        """Whether anything stands in it."""
        return any(cell.text for _, row in self.rows for cell in row)


@dataclass(slots=True)
class Gathered:
    """What a file holds: its tables, and sentences on how it was read and what is left out."""

    tables: list[ImportTable] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    #: Letters that no text may hold and that were taken out.
    unseen: int = 0

    def cell(self, text: str) -> Cell:
        """A cell of a text, without what no text may hold and with single spaces."""
        lines = []
        for line in text.replace("\t", " ").splitlines():
            clean = line
            while refused := first_refused(clean):
                clean = clean.replace(refused[1], "")
                self.unseen += 1
            lines.append(" ".join(clean.split()))
        plain = "\n".join(filter(None, lines))
        if len(plain) > LETTERS:
            raise UnfitError(say("cell-too-long", letters=len(plain), most=LETTERS, text=plain))
        return Cell(plain)


def read_tables(path: str | Path, heads: Callable[[Iterable[str]], int]) -> Gathered:
    """The tables of a chronology's file that hold anything, and what was left out of it.

    The file is .csv, .xlsx, .ods or .docx, whatever its name ends in. `heads` says how many of some
    texts are heads of a chronology: what separates the cells of a .csv is what makes most heads of
    one of its first lines. `ImportFileError` for a file of another kind, or one that is not read.
    """
    path, gathered = Path(path), Gathered()
    try:
        tables = _tables(read_limited(path, CSV_BYTES), gathered, heads)
    except UnfitError as error:
        raise ImportFileError(f"{from_here(path)}: {error}") from error
    if gathered.unseen:
        count = counted(gathered.unseen, "letter")
        gathered.left_out.append(f"{count} of which nothing is seen, such as a soft hyphen")
    gathered.tables = [table for table in tables if table.above or table.filled]
    if not any(table.filled for table in gathered.tables):
        raise ImportFileError(f"{from_here(path)} holds no table with anything in it")
    return gathered


def heading_date(text: str) -> str:
    """The year, the month or the day that a heading names, as a date; '' for any other heading.

    >>> headings = ("Year: 2018", "March 2018", "Mon 5 March 2018", "Family")
    >>> [heading_date(heading) for heading in headings]
    ['2018', '2018-03', '2018-03-05', '']
    """
    text = text.strip(" :.-–")
    if year := _YEAR.fullmatch(text):
        return year[1]
    date = parse_phrase(text).date or ""
    is_month = len(text.split()) <= 2 and _MONTH.fullmatch(date)
    return date if is_month or DAY.fullmatch(date) else ""


def _tables(
    data: bytes, gathered: Gathered, heads: Callable[[Iterable[str]], int]
) -> Iterable[ImportTable]:
    """The tables of a file, read by what is in it: names of files are often wrong."""
    for other in WORDS["not_read"]:
        if data.startswith(other["begins"].encode("latin-1")):
            raise UnfitError(f"this is {other['kind']}, which is not read; {other['instead']}")
    if not data.startswith(b"PK\x03\x04"):
        return [_csv(data, gathered, heads)]
    with unpacked(data) as packed:
        names = packed.namelist()
        mimetype = packed.read("mimetype") if "mimetype" in names else b""
        if "word/document.xml" in names:
            return [*_docx_tables(packed, gathered)]
    if b"opendocument.text" in mimetype:
        raise UnfitError(say("opendocument-text"))
    with opened_workbook(data) as (packed, book):
        sheets = [sheet_of_book(book, name) for name in book.sheet_names]
        return [_sheet_table(packed, sheet, gathered) for sheet in sheets]


def _csv(data: bytes, gathered: Gathered, heads: Callable[[Iterable[str]], int]) -> ImportTable:
    text, wrong = decoded(data)
    for line, message in wrong:
        warning = f"{f'line {line}: ' if line else ''}{message.partition(';')[0]}"
        gathered.notes.append(f"{warning}; look whether its letters are right in what was written")
    lines = io.StringIO(text, newline="").readlines()
    if len(lines) > LINES:
        raise UnfitError(f"the file has {len(lines):,} lines; at most {LINES:,} are read")
    if lines and SEPARATOR_LINE.fullmatch(lines[0]):
        gathered.left_out.append(f"{shown(lines[0].strip())}, which tells a spreadsheet what parts")
        lines[0] = "\n"

    def most_heads(separator: str) -> int:
        with suppress(csv.Error):  # it is told below, with its line
            return max(map(heads, csv.reader(lines[:20], delimiter=separator)), default=0)
        return 0

    reader = csv.reader(lines, delimiter=max(SEPARATORS, key=most_heads), strict=True)
    rows, begins = [], 1
    try:
        for cells in reader:
            rows.append((begins, [gathered.cell(cell) for cell in cells]))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise UnfitError(f"line {begins} cannot be read as CSV ({error}); save it anew") from error
    return ImportTable("the file", rows)


#: What a document keeps and does not show as its text; a `Fallback` repeats what stands before it.
_NOT_SHOWN = {"del", "moveFrom", "instrText", "Fallback", "pPr", "rPr", "tblPr", "sdtPr"}
#: What stands for some elements, and what stands behind the text of others.
_SIGNS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": " "}
_BEHIND = {"p": "\n", "tr": "\n", "tc": " "}
#: Columns of the widest table that is read.
_WIDEST = 100


def _docx_tables(packed: zipfile.ZipFile, gathered: Gathered) -> Iterator[ImportTable]:
    """The tables of a Word document, each with the paragraphs that stand above it."""
    root = _docx_part(packed, "document")
    for name, words in WORDS["beside"].items():
        if text := " ".join(_text(_docx_part(packed, name)).split()):
            gathered.left_out.append(say("beside-the-tables", words=words, text=text))
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
    parts = [_docx_part(packed, name) for name in ("document", "footnotes", "endnotes")]
    return [_text(block) for part in parts for block in _blocks(part, ("p",))]


def _docx_part(packed: zipfile.ZipFile, name: str) -> Xml.Element:
    """A part of a Word document, empty where the document has none of this name."""
    path = f"word/{name}.xml"
    data = packed.read(path) if path in packed.namelist() else b"<none/>"
    if b"<!DOCTYPE" in data[:2000]:  # no word processor writes one
        raise UnfitError("the document declares a type of its own; save it anew as .docx")
    try:
        return Xml.fromstring(data)
    except Xml.ParseError as error:
        raise UnfitError(f"the document is damaged ({error}); save it anew as .docx") from error


def _name(element: Xml.Element) -> str:
    """The name of an element without its namespace, of which Word has two."""
    return element.tag.rpartition("}")[2]


def _blocks(element: Xml.Element, wanted: tuple[str, ...] = ("p", "tbl")) -> Iterator[Xml.Element]:
    """What stands below an element, through what only wraps it."""
    for child in element:
        if _name(child) in wanted:
            yield child
        elif _name(child) not in _NOT_SHOWN:
            yield from _blocks(child, wanted)


def _text(element: Xml.Element) -> str:
    """The text of an element, with a line feed after each paragraph."""
    name = _name(element)
    if name == "t":
        return element.text or ""
    if name == "sym":  # a tick or a cross of a font of signs, or its code
        code = attribute(element, "char").upper()
        sign = f"{attribute(element, 'font').lower()} {code}"
        return str(WORDS["signs"].get(sign, f"[sign {code}]"))
    inner = "".join(_text(child) for child in element if _name(child) not in _NOT_SHOWN)
    return _SIGNS.get(name, inner) + _BEHIND.get(name, "")


def _docx_rows(table: Xml.Element, gathered: Gathered) -> Iterator[tuple[int, list[Cell]]]:
    """The rows of a table, in columns of the table's grid."""
    row_above: list[Cell] = []
    for number, row in enumerate(_blocks(table, ("tr",)), start=1):
        if _property(row, "del") is not None:  # marked as deleted
            continue
        cells = [Cell("")] * _columns(row, "gridBefore", 0)
        for cell in _blocks(row, ("tc",)):
            text, column = _text(cell), len(cells)
            goes_on = _property(cell, "vMerge") in ("", "continue") and not text.strip()
            if goes_on and column < len(row_above):
                cells.append(Cell(row_above[column].text, "above"))
            else:
                cells.append(gathered.cell(text))
            cells += [Cell("", "left")] * (_columns(cell, "gridSpan", 1) - 1)
        if len(cells) > _WIDEST:
            raise UnfitError(f"a table has {len(cells)} columns; at most {_WIDEST} are read")
        yield number, cells
        row_above = cells


def _property(element: Xml.Element, name: str) -> str | None:
    """The value of a property of a row or a cell, '' where it stands without one, None where it
    does not stand."""
    property_ = element.find(f"{{*}}{_name(element)}Pr/{{*}}{name}")
    return None if property_ is None else attribute(property_, "val")


def _columns(element: Xml.Element, name: str, default: int) -> int:
    """A number of columns that a property says."""
    value = _property(element, name)
    return min(int(value), _WIDEST) if value and re.fullmatch("[0-9]{1,4}", value) else default


#: Of the formats of dates that a workbook need not declare, those that show no day or no year.
_BUILT_IN = {"16": "dm", "17": "my"}


def _sheet_table(packed: zipfile.ZipFile, sheet: CalamineSheet, gathered: Gathered) -> ImportTable:
    """A sheet of a workbook as a table."""
    values = sheet.to_python(skip_empty_area=False)
    dates = [
        (number, column)
        for number, row in enumerate(values, start=1)
        for column, value in enumerate(row)
        if isinstance(value, date)
    ]
    parts = _shown_parts(packed, sheet.name) if dates else {}
    rows = [
        [
            gathered.cell(_as_shown(value, parts.get((number, column), "dmy")))
            for column, value in enumerate(row)
        ]
        for number, row in enumerate(values, start=1)
    ]
    # Each further cell of a merged one is a part of it.
    for (top, left), (bottom, right) in merged_cells(packed, sheet):
        for at, row in enumerate(rows[top : bottom + 1]):
            row += [Cell("")] * (right + 1 - len(row))
            if at:
                row[left] = Cell(rows[top][left].text, "above")
            row[left + 1 : right + 1] = [Cell("", "left")] * (right - left)
    name = f"the sheet {shown(sheet.name)}"
    if formulas := sorted(formula_cells(packed, sheet.name)):
        count, first = counted(len(formulas), "formula"), cell_name(*formulas[0])
        gathered.notes.append(say("formulas-as-text", sheet=name, count=count, first=first))
    if no_year := [cell_name(*place) for place in dates if "y" not in parts.get(place, "dmy")]:
        gathered.notes.append(say("dates-without-year", sheet=name, cells=first_few(no_year)))
    # A day is rather that on which somebody made the sheet.
    period = heading_date(sheet.name)
    above = [sheet.name] if period and not DAY.fullmatch(period) else []
    return ImportTable(name, [*enumerate(rows, start=1)], above, goes_on=False)


def _as_shown(value: object, parts: str) -> str:
    """A value of a cell as text; a date as far as its cell shows it: some of `d`, `m` and `y`."""
    match value:
        case bool():
            return "yes" if value else "no"
        case date():
            day = value.isoformat()[: 10 if "d" in parts else 7 if "m" in parts else 4]
            if "y" not in parts:
                day = f"{value.day} {MONTHS[value.month - 1].title()}"
            timed = isinstance(value, datetime) and value.time() != time()
            return f"{day} {value:%H:%M}" if timed else day
        case time():
            return f"{value:%H:%M}"
        case timedelta():
            minutes = round(value.total_seconds() / 60)
            return f"{minutes // 60:02d}:{minutes % 60:02d}"
        case float() if value.is_integer():
            return str(int(value))
    return str(value)


def _shown_parts(packed: zipfile.ZipFile, sheet: str) -> dict[tuple[int, int], str]:
    """Which parts of a date cells show, as far as their styles say: some of `d`, `m` and `y`."""
    styles = _ods_styles(packed) if is_ods(packed) else _xlsx_styles(packed)
    of_column: list[str] = []
    if is_ods(packed):
        root = Xml.fromstring(packed.read("content.xml"))
        for column_element in ods_table(root, sheet).iterfind(".//{*}table-column"):
            repeated = int(attribute(column_element, "number-columns-repeated", "1"))
            style = attribute(column_element, "default-cell-style-name")
            of_column += [style] * min(repeated, MOST_COLUMNS - len(of_column))
    parts = {}
    for row, column, cell in cell_elements(packed, sheet):
        default = of_column[column] if column < len(of_column) else "0"
        style = attribute(cell, "style-name") or cell.get("s") or default
        parts[row, column] = styles.get(style) or "dmy"
    return parts


def _xlsx_styles(packed: zipfile.ZipFile) -> dict[str, str]:
    """The parts of a date that each style of a workbook shows."""
    if "xl/styles.xml" not in packed.namelist():
        return {}
    root = Xml.fromstring(packed.read("xl/styles.xml"))
    formats = dict(_BUILT_IN)
    for number_format in root.iterfind(".//{*}numFmt"):
        # Neither what is quoted, nor a colour or a locale, is a part of a date.
        code = number_format.get("formatCode", "")
        plain = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.', "", code).lower()
        parts = "".join(part for part in "dmy" if part in plain)
        formats[number_format.get("numFmtId", "0")] = parts
    styles = enumerate(root.iterfind("./{*}cellXfs/{*}xf"))
    return {str(at): formats.get(style.get("numFmtId", "0"), "") for at, style in styles}


def _ods_styles(packed: zipfile.ZipFile) -> dict[str, str]:
    files = [name for name in ("content.xml", "styles.xml") if name in packed.namelist()]
    roots = [Xml.fromstring(packed.read(name)) for name in files]
    formats = {
        attribute(style, "name"): "".join(
            part[0] for part in ("day", "month", "year") if style.find(f"{{*}}{part}") is not None
        )
        for root in roots
        for style in root.iterfind(".//{*}date-style")
    }
    return {
        attribute(style, "name"): formats.get(attribute(style, "data-style-name"), "")
        for root in roots
        for style in root.iterfind(".//{*}style")
    }
