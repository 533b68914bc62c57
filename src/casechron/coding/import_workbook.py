"""What do the sheets of a workbook show that somebody made without casechron? Dates as far as they
are shown: a cell that shows `Nov 2018` holds the 1st, which nobody wrote."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Xml

from casechron.characters import counted, shown
from casechron.coding.import_entry import is_period
from casechron.coding.import_files import Cell, Gathered, ImportTable
from casechron.coding.workbook_cells import (
    attribute,
    cell_elements,
    cell_name,
    formula_cells,
    is_ods,
    ods_table,
    opened_workbook,
    sheet_of_book,
)
from casechron.dates.phrase_words import MONTHS

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

#: Of the formats of dates that a workbook need not declare, those that show no day or no year.
_BUILT_IN = {16: "dm", 17: "my"}
#: Columns whose style is looked up.
_WIDE = 500
_Place = tuple[int, int]


def workbook_tables(path: Path, gathered: Gathered) -> list[ImportTable]:
    """The sheets of a workbook as tables."""
    with opened_workbook(path) as (packed, book):
        sheets = [sheet_of_book(book, name) for name in book.sheet_names]
        return [_Sheet(packed, sheet, gathered).table() for sheet in sheets]


class _Sheet:
    """A sheet of a workbook that is read."""

    def __init__(self, packed: zipfile.ZipFile, sheet: CalamineSheet, gathered: Gathered) -> None:
        self.packed, self.name, self.gathered = packed, sheet.name, gathered
        self.ods = is_ods(packed)
        self.merged = list(sheet.merged_cell_ranges or [])
        self.values = sheet.to_python(skip_empty_area=False)
        has_dates = any(isinstance(value, date) for row in self.values for value in row)
        parts = self._ods_parts if self.ods else self._xlsx_parts
        #: Which parts of a date a cell shows: some of `d`, `m` and `y`.
        self.parts = dict(parts()) if has_dates else {}
        #: Cells that show no year, and those of which a spreadsheet can have swapped day and month.
        self.no_year: list[str] = []

    def table(self) -> ImportTable:
        """The sheet as a table."""
        rows = [
            (number, [self._cell(number, at, value) for at, value in enumerate(row)])
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

    def _cell(self, number: int, column: int, value: object) -> Cell:
        if isinstance(value, bool):
            return Cell("yes" if value else "no")
        if isinstance(value, datetime) and value.time() != time():
            return Cell(f"{self._day(number, column, value.date())} {value.time():%H:%M}")
        if isinstance(value, date):
            day = value.date() if isinstance(value, datetime) else value
            return Cell(self._day(number, column, day))
        if isinstance(value, time):
            return Cell(f"{value:%H:%M}")
        if isinstance(value, timedelta):
            minutes = round(value.total_seconds() / 60)
            return Cell(f"{minutes // 60:02d}:{minutes % 60:02d}")
        if isinstance(value, float) and value.is_integer():
            return Cell(str(int(value)))
        return self.gathered.cell(str(value))

    def _day(self, number: int, column: int, day: date) -> str:
        """A date, as far as its cell shows it."""
        parts = self.parts.get((number, column), "dmy")
        if "y" not in parts:
            self.no_year.append(cell_name(number, column))
            return f"{day.day} {MONTHS[day.month - 1].title()}"
        return day.isoformat() if "d" in parts else f"{day:%Y-%m}" if "m" in parts else f"{day:%Y}"

    def _merge(self, rows: Mapping[int, list[Cell]]) -> None:
        """Let each further cell of a merged one be a part of it."""
        if self.ods:
            self.merged = list(self._ods_merged())
        for (top, left), (bottom, right) in self.merged:
            for number in range(top + 1, min(bottom + 1, len(rows)) + 1):
                row = rows[number]
                row += [Cell("")] * (right + 1 - len(row))
                if number > top + 1:
                    row[left] = Cell(rows[top + 1][left].text, "above")
                row[left + 1 : right + 1] = [Cell("", "left")] * (right - left)

    def _ods_merged(self) -> Iterator[tuple[_Place, _Place]]:
        for row, column, cell in cell_elements(self.packed, self.name):
            wide = int(attribute(cell, "number-columns-spanned", "1"))
            high = int(attribute(cell, "number-rows-spanned", "1"))
            if wide * high > 1:
                yield (row - 1, column), (row - 2 + high, column - 1 + wide)

    def _xlsx_parts(self) -> Iterator[tuple[_Place, str]]:
        if "xl/styles.xml" not in self.packed.namelist():
            return
        styles = Xml.fromstring(self.packed.read("xl/styles.xml"))
        shown_by = dict(_BUILT_IN)
        for number_format in styles.iterfind(".//{*}numFmt"):
            # Neither what is quoted, nor a colour or a locale, is a part of a date.
            plain = re.sub(
                r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.', "", number_format.get("formatCode", "")
            ).lower()
            parts = "".join(part for part in "dmy" if part in plain)
            shown_by[int(number_format.get("numFmtId", "0"))] = parts or "dmy"
        of_style = [
            shown_by.get(int(cell_format.get("numFmtId", "0")), "dmy")
            for cell_format in styles.iterfind("./{*}cellXfs/{*}xf")
        ]
        for row, column, cell in cell_elements(self.packed, self.name):
            if (style := int(cell.get("s", "0"))) < len(of_style):
                yield (row, column), of_style[style]

    def _ods_parts(self) -> Iterator[tuple[_Place, str]]:
        files = [name for name in ("content.xml", "styles.xml") if name in self.packed.namelist()]
        roots = [Xml.fromstring(self.packed.read(name)) for name in files]
        dates = {
            attribute(style, "name"): "".join(
                part[0]
                for part in ("day", "month", "year")
                if style.find(f"{{*}}{part}") is not None
            )
            for root in roots
            for style in root.iterfind(".//{*}date-style")
        }
        of_style = {
            attribute(style, "name"): dates[attribute(style, "data-style-name")]
            for root in roots
            for style in root.iterfind(".//{*}style")
            if attribute(style, "data-style-name") in dates
        }
        columns: list[str] = []
        for table_column in ods_table(roots[0], self.name).iterfind(".//{*}table-column"):
            repeated = min(int(attribute(table_column, "number-columns-repeated", "1")), _WIDE)
            columns += [attribute(table_column, "default-cell-style-name")] * repeated
        for row, column, cell in cell_elements(self.packed, self.name):
            of_column = columns[column] if column < len(columns) else ""
            if parts := of_style.get(attribute(cell, "style-name", of_column)):
                yield (row, column), parts
