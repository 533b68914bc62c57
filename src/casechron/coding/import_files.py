"""Which tables does a file hold that somebody keeps a chronology in, and what stands around them?

Whatever the file is (.csv, .xlsx, .ods, .docx), its tables become rows of texts: here a date of a
spreadsheet is written out as far as the spreadsheet shows it, and a merged cell stands in each of
its rows."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from casechron.coding.cells import text_slip
from casechron.coding.characters import LETTERS, counted, first_refused, shown
from casechron.coding.files import CSV_BYTES, LINES, UnfitError, from_here, read_limited
from casechron.coding.sheets import decoded

_NOTHING = re.compile(
    r"(?:[-–—.]+|none|nil|n/?a|n/?k|not (?:applicable|known|stated|recorded|clear))\W*",
    re.IGNORECASE,
)


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

    def cell(self, text: str, part_of: str = "") -> Cell:
        """A cell of a text, without what no text may hold and with single spaces."""
        lines = (" ".join(self._seen(line).split()) for line in text.splitlines())
        plain = "\n".join(filter(None, lines))
        if len(plain) > LETTERS:
            many = f"a cell has {len(plain):,} letters, and at most {LETTERS:,} are allowed"
            raise UnfitError(f"{many} ({shown(plain)}); part it into several rows")
        return Cell(plain, part_of)

    def _seen(self, line: str) -> str:
        line = line.replace("\t", " ")
        while found := first_refused(line):
            line = line.replace(found[1], "")
            self.unseen += 1
        return line


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
        tables = _reader(path, data)(path, data, gathered, heads)
        gathered.tables = [one for one in tables if one.above or filled(one)]
    except UnfitError as error:
        raise ImportFileError(f"{from_here(path)}: {error}") from error
    if gathered.unseen:
        many = counted(gathered.unseen, "letter")
        gathered.left_out.append(f"{many} of which nothing is seen, such as a soft hyphen")
    if not any(map(filled, gathered.tables)):
        raise ImportFileError(f"{from_here(path)} holds no table with anything in it")
    return gathered


def filled(table: ImportTable) -> bool:
    """Whether anything stands in a table."""
    return any(cell.text for _, row in table.rows for cell in row)


def says_nothing(text: str) -> bool:
    """Whether a cell says that there is nothing to say, as 'None' under 'Action taken' does.

    >>> says_nothing("N/A"), says_nothing("none."), says_nothing("None of them came")
    (True, True, False)
    """
    return _NOTHING.fullmatch(text) is not None


def safe(text: str) -> str:
    """A text that a spreadsheet leaves alone: in quotation marks where it would not.

    >>> safe("+ve test"), safe("positive test")
    ('“+ve test”', 'positive test')
    """
    return f"“{text}”" if text and text != "?" and text_slip(text) else text


Read = Callable[[Path, bytes, Gathered, Callable[[Iterable[str]], int]], Iterable[ImportTable]]
_AS_DOCX = "open it and save it as .docx"
_OTHERS = (
    (b"%PDF-", "a PDF", "copy its table into a word processor or a spreadsheet and save that"),
    (b"{\\rtf", "rich text", _AS_DOCX),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file, or one with a password", "save it without"
     " a password as .docx or .xlsx"),
)  # fmt: skip


def _reader(path: Path, data: bytes) -> Read:
    """What reads a file, by what is in it: names of files are often wrong."""
    for start, what, instead in _OTHERS:
        if data.startswith(start):
            raise UnfitError(f"this is {what}, which is not read; {instead}")
    if not data.startswith(b"PK\x03\x04"):
        return _csv
    from casechron.coding.import_docx import docx_tables
    from casechron.coding.import_workbook import workbook_tables
    from casechron.coding.workbook_cells import unpacked

    try:
        with unpacked(data) as packed:
            names = set(packed.namelist())
            kind = packed.read("mimetype") if "mimetype" in names else b""
    except zipfile.BadZipFile as error:
        raise UnfitError("the file is damaged; save it anew") from error
    if "word/document.xml" in names:
        return docx_tables
    if b"opendocument.text" in kind:
        raise UnfitError(f"this is an OpenDocument text, which is not read; {_AS_DOCX}")
    return workbook_tables


def _csv(
    path: Path, data: bytes, gathered: Gathered, heads: Callable[[Iterable[str]], int]
) -> Iterator[ImportTable]:
    text, wrong = decoded(data)
    for line, message in wrong:
        at = f"line {line}: " if line else ""
        told = message.partition(";")[0]
        gathered.told.append(f"{at}{told}; look whether its letters are right in what was written")
    lines = io.StringIO(text, newline="").readlines()
    if len(lines) > LINES:
        raise UnfitError(f"the file has {len(lines):,} lines; at most {LINES:,} are read")
    if lines and re.fullmatch(r'"?sep=.?"?\s*', lines[0], re.IGNORECASE):
        gathered.left_out.append(f"{shown(lines[0].strip())}, which tells a spreadsheet what parts")
        lines[0] = "\n"

    def fit(separator: str) -> int:
        return max((heads(row) for row in csv.reader(lines[:20], delimiter=separator)), default=0)

    try:
        reader = csv.reader(lines, delimiter=max(",;\t|", key=fit), strict=True)
        rows = []
        while True:
            number = reader.line_num + 1
            try:
                rows.append((number, [gathered.cell(one) for one in next(reader)]))
            except StopIteration:
                break
    except csv.Error as error:
        raise UnfitError(f"line {number} cannot be read as CSV ({error}); save it anew") from error
    yield ImportTable("the file", rows)
