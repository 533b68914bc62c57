"""How large does a workbook become once its sheets are laid out?

A few bytes can stand for any number of cells: one that lies far from the others, is repeated, or is
merged with those beside it; and any number of cells can name one long text. So all of it is counted
in the XML, before room is made for it."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Mapping
from xml.etree import ElementTree as Xml

from casechron.coding.files import UnfitError

#: Cells of all sheets together, as they stand in the file and as they are laid out, up to the last
#: filled row and column of each; letters in them.
_MOST_CELLS, _MOST_LETTERS = 4_000_000, 200_000_000
#: What stands in each part that a sheet, or its text, is read from.
_OF_SHEETS = re.compile(rb"sheetData|mergeCell|table:table|[<:]sst\b")
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.IGNORECASE)


def refuse_too_large(packed: zipfile.ZipFile) -> None:
    """Raise `UnfitError` for a workbook of more cells or letters than are read, `ParseError` or
    `ValueError` for one that is damaged."""
    counted = _Counted()
    for part in packed.infolist():
        if part.filename.lower() == "xl/workbook.bin":
            raise ValueError(part.filename)  # a workbook of another form, which is not counted here
        content = packed.read(part)
        if _OF_SHEETS.search(content):
            parser = Xml.XMLParser(target=counted)
            parser.feed(content)
            parser.close()
    named = (counted.texts.get(at, 0) * times for at, times in counted.named.items())
    if (letters := counted.letters + sum(named)) > _MOST_LETTERS:
        raise UnfitError(f"the cells have {letters:,} letters; at most {_MOST_LETTERS:,} are read")


class _Counted:
    """The cells and letters of a workbook, .xlsx or .ods, as a parser comes upon them in its
    parts."""

    def __init__(self) -> None:
        self.cells = self.letters = 0
        #: The letters of each text that cells name by its number, and how many do.
        self.texts: dict[int, int] = {}
        self.named: Counter[int] = Counter()
        #: Rows and columns of a sheet up to here, and up to its last filled cell.
        self._row = self._column = self._high = self._wide = 0
        #: The rows and columns that a cell is repeated in; what it holds; whether that is a number.
        self._rows = self._columns = 1
        self._text: list[str] = []
        self._is_number = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        match tag.rpartition("}")[2]:
            case "t" | "p":
                pass  # most are these
            case "c":
                self._column += 1
                if "r" in attributes:
                    self._row, self._column = _place(attributes["r"])
                self._is_number = attributes.get("t") == "s"
                self._count(1)
            case "v" | "is":
                self._fill()
                self._text = []
            case "si":
                self._text = []
            case "row":
                self._row, self._column = int(attributes.get("r", self._row + 1)), 0
            case "table-row":
                self._rows = _number(attributes, "number-rows-repeated")
                self._row, self._column = self._row + self._rows, 0
            case "table-cell" | "covered-table-cell":
                self._columns = _number(attributes, "number-columns-repeated")
                self._column += self._columns
                across = _number(attributes, "number-columns-spanned")
                self._count(across * _number(attributes, "number-rows-spanned"))
                if any("value" in key for key in attributes):
                    self._fill()
                self._text = [value for key, value in attributes.items() if "-value" in key]
            case "s":  # several spaces
                self.letters += _number(attributes, "c") * self._rows * self._columns
            case "mergeCell":
                corners = [*map(_place, attributes["ref"].split(":"))]
                (top, left), (bottom, right) = corners[0], corners[-1]
                self._count((bottom - top + 1) * (right - left + 1))
            case "sheetData" | "table":
                self.close()

    def data(self, text: str) -> None:
        self._text.append(text)

    def end(self, tag: str) -> None:
        match tag.rpartition("}")[2]:
            case "v" if self._is_number and self._text:
                self.named[int("".join(self._text))] += 1
            case "si":
                self.texts[len(self.texts)] = sum(map(len, self._text))
            case "table-cell" | "covered-table-cell":
                self.letters += sum(map(len, self._text)) * self._rows * self._columns

    def close(self) -> None:
        """End a sheet."""
        self._count(self._high * self._wide)
        self._row = self._column = self._high = self._wide = 0
        self._is_number = False

    def _fill(self) -> None:
        self._high, self._wide = max(self._high, self._row), max(self._wide, self._column)

    def _count(self, cells: int) -> None:
        self.cells += abs(cells)
        if self.cells > _MOST_CELLS:
            many = f"more than {_MOST_CELLS:,} cells, empty, repeated and merged ones too"
            raise UnfitError(f"the workbook has {many}; so many are not read")


def _place(name: str) -> tuple[int, int]:
    """The row and the column of a cell by its name, both from 1; `ValueError` for no name."""
    if not (cell := _CELL.fullmatch(name)):
        raise ValueError(name)
    column = 0
    for letter in cell[1].upper():
        column = 26 * column + ord(letter) - ord("A") + 1
    return int(cell[2]), column


def _number(attributes: Mapping[str, str], name: str) -> int:
    """A number that an attribute says, whatever its namespace; 1 where none does."""
    values = [int(value) for key, value in attributes.items() if key.rpartition("}")[2] == name]
    return max(map(abs, values), default=1)
