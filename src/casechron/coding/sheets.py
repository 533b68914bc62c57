"""What stands in the files of a form, line by line, what keeps one from being read as a table, and
what is coded in them?

Reads whatever bytes a spreadsheet left behind: each breach is said and, where the rest can still be
understood, reading goes on, so that a coder learns of everything at once.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Literal, NamedTuple

from casechron.characters import LETTERS, counted, in_short, legible, meant_or, nearest, shown
from casechron.coding.codebook import Form, codebook
from casechron.coding.files import (
    CSV_BYTES,
    LINES,
    UnfitError,
    csv_text,
    prefix_of,
    read_file_of,
)
from casechron.coding.messages import say

#: Cells of a header; a spreadsheet that saves every column it has saves thousands.
_MOST_HEADS = 100
#: Lines of which one may hold the heads, where a title stands above them.
_FIRST_LINES = 10
#: What an empty cell of a column means.
State = Literal["coded", "silent", "not coded"]
#: What can part the cells of a line, and what it is called; of several the first.
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
#: A first line that tells a spreadsheet what parts the cells.
SEPARATOR_LINE = re.compile(r'"?sep=.?"?\s*', re.IGNORECASE)


class Breach(NamedTuple):
    """One thing that a coder has to mend, and where.

    ``line`` counts the lines of the file from 1 (the header) and is None where no one line is
    meant; ``column`` is a column of a table, a key of review.toml or empty.

    >>> str(Breach("events.csv", 12, "date", "'Augst' is not a date"))
    "events.csv line 12, date: 'Augst' is not a date"
    >>> str(Breach("events.csv", None, "", "the file is empty"))
    'events.csv: the file is empty'
    """

    file: str
    line: int | None
    column: str
    message: str

    def __str__(self) -> str:
        line = "" if self.line is None else f" line {self.line}"
        column = f", {in_short(self.column)}" if self.column else ""
        return f"{legible(self.file)}{line}{column}: {self.message}"


@dataclass(slots=True)
class Row:
    """One row of a file of the form: its line, its cells, the file as messages name it, and
    whether its cells do not fit the heads, so that nothing but its id is known."""

    line: int
    cells: dict[str, str]
    file: str = ""
    ragged: bool = False

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    @property
    def filled(self) -> dict[str, str]:
        """The cells that hold anything."""
        return {column: cell for column, cell in self.cells.items() if cell}

    def breach(self, message: str, column: str = "") -> Breach:
        """A breach at a cell of the row, or at the row as such where no column is meant."""
        return Breach(self.file, self.line, column, message)

    def slip(self, column: str, name: str, /, **more: object) -> Breach:
        """A breach with a sentence of messages.toml: what it tells of are the cells of the row, and
        whatever else is given."""
        return self.breach(say(name, **{**self.cells, **more}), column)


@dataclass(slots=True)
class Sheet:
    """One file of the form as read, or a sheet of a workbook: its rows, and what is wrong with it.

    ``whole`` is False while rows may be missing; ``left_alone`` are reports of columns that are not
    of the form, ``heads`` the columns that are there, in their order."""

    form: Form
    file: str
    rows: list[Row] = field(default_factory=list)
    breaches: list[Breach] = field(default_factory=list)
    whole: bool = False
    left_alone: list[Breach] = field(default_factory=list)
    heads: tuple[str, ...] = ()

    def breach(self, line: int | None, message: str) -> None:
        """Note what is wrong with a line, or with the file as such."""
        self.breaches.append(Breach(self.file, line, "", message))


def decoded(data: bytes, save_as: str = "") -> tuple[str, list[tuple[int | None, str]]]:
    """The text of a file, and what is wrong with its bytes as pairs of line and message.

    UTF-8 with or without a byte order mark is right. Anything else is read as well as it can be.

    >>> decoded("é".encode())
    ('é', [])
    >>> decoded(b"id\\ncaf\\xe9\\n")[1][0][0]
    2
    """
    problems: list[tuple[int | None, str]] = []
    save_as = save_as or say("save-as")
    marked = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ""
    if order := marked or _utf16_order(data):
        text = data.decode(order, errors="replace")
        problems.append((None, f"the file is UTF-16, not UTF-8; {save_as}"))
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text, line, message = _mixed(data, save_as)
            problems.append((line, message))
    if "\0" in text:
        problems.append((text[: text.index("\0")].count("\n") + 1, say("nul-byte")))
        text = text.replace("\0", "")
    return text, problems


def _utf16_order(data: bytes) -> str:
    """Which UTF-16 it is when there is no byte order mark: every second byte of plain text is then
    zero; '' for none."""
    head = data[:400]
    if len(head) < 4 or head.count(0) * 3 < len(head):
        return ""
    return "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"


def _mixed(data: bytes, save_as: str) -> tuple[str, int, str]:
    """Text of which some lines are not UTF-8: those are read as Windows-1252, which Excel
    writes."""
    parts: list[str] = []
    wrong: list[tuple[int, str]] = []
    lines = data.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)
    for number, line in enumerate(lines, start=1):
        try:
            parts.append(line.decode("utf-8"))
        except UnicodeDecodeError as error:
            parts.append(line.decode("cp1252", errors="replace"))
            byte = line[error.start : error.start + 1]
            char = byte.decode("cp1252", errors="replace")
            guess = "" if char == "\ufffd" else f" (in Windows-1252 it is '{char}')"
            wrong.append((number, f"the byte 0x{byte[0]:02X} is not UTF-8{guess}"))
    (first, message), *others = wrong
    more = f", nor are {len(others)} further lines" if others else ""
    more = ", nor is 1 further line" if len(others) == 1 else more
    return "".join(parts), first, f"{message}{more}; the file is not UTF-8: {save_as}"


def sheet_of(data: bytes, form: Form, file: str) -> Sheet:
    """A file that coders fill in from its bytes; ``file`` is what messages call it.

    Columns stand in any order, and only those that the form needs must be there; an empty file or
    line is none, and a column that is not of the form is left alone."""
    sheet = Sheet(form, file)
    if data.startswith(b"PK\x03\x04"):
        sheet.breach(None, say("workbook-as-csv"))
        return sheet
    text, wrong = decoded(data)
    for line, message in wrong:
        sheet.breach(line, message)
    # Counted before they are parted into cells, which takes many times the memory.
    line_count = text.count("\n") + text.count("\r") - text.count("\r\n")
    if line_count > LINES and text.strip():
        sheet.breach(None, f"the file has {line_count:,} lines; at most {LINES:,} are read")
        return sheet
    lines = list(io.StringIO(text, newline="")) if text.strip() else []
    _empty_what_is_left_behind(lines, sheet)
    first = list(islice((line for line in lines if line.strip()), _FIRST_LINES))
    if not first:
        return sheet
    separator = _separator(first, form)
    if separator != ",":
        sheet.breach(1, say("other-separator", separators=SEPARATORS[separator]))
    records, problems = csv_records(lines, separator)
    for line, message in problems:
        sheet.breach(line, message)
    # Empty lines are no records.
    records = [record for record in records if any(cell.strip() for cell in record[1])]
    if records:
        read_records(sheet, records)
        sheet.whole = sheet.whole and not problems
    elif not problems:
        sheet.breach(1, say("first-line-empty", header=",".join(form.columns)))
    return sheet


def read_records(sheet: Sheet, records: Sequence[tuple[int, list[str]]]) -> None:
    """Read the lines of a table into a sheet that has none yet: the heads, and a row of each other
    line that is not empty. What is wrong with them is among its breaches afterwards."""
    form = sheet.form
    skipped = _above_the_heads(records, form)
    head_line, heads = records[skipped]
    if skipped:
        above = "a line stands" if skipped == 1 else f"{skipped} lines stand"
        title = next(cell for cell in records[0][1] if cell.strip()).strip()
        sheet.breach(records[0][0], say("above-heads", many=above, line=head_line, title=title))
    if len(heads) > _MOST_HEADS:
        values = {"many": len(form.columns), "columns": ",".join(form.columns)}
        sheet.breach(head_line, say("too-many-heads", heads=len(heads), **values))
        return
    columns = _columns(heads, sheet, head_line)
    sheet.heads = tuple(filter(None, columns))
    sheet.whole = set(columns) >= set(form.needed)
    for line, cells in records[skipped + 1 :]:
        if len(cells) == len(columns):
            named = zip(columns, cells, strict=True)
            by_column = {column: cell for column, cell in named if column}
            sheet.rows.append(Row(line, by_column, sheet.file))
            continue
        sheet.breach(line, _parted_otherwise(cells, len(columns)))
        # Its id is still known to other tables, so that one stray comma is one breach.
        id_alone = {"id": cells[columns.index("id")]} if "id" in columns[: len(cells)] else {}
        sheet.rows.append(Row(line, id_alone, sheet.file, ragged=True))
        sheet.whole = sheet.whole and bool(id_alone)


def _above_the_heads(records: Sequence[tuple[int, list[str]]], form: Form) -> int:
    """How many lines, such as a title or heads of several columns, stand above the heads: those are
    the one of the first lines that names most columns, if it names two that the first does not."""
    named = [len({*map(_head, cells)} & form.columns.keys()) for _, cells in records[:_FIRST_LINES]]
    best = max(named)
    return named.index(best) if best >= named[0] + 2 else 0


def _parted_otherwise(cells: Sequence[str], columns: int) -> str:
    """Why a row has more cells, or fewer, than there are columns."""
    why = "unquoted-comma"
    if len(cells) < columns:
        why = "missing-comma"
    elif any(quote in cell for cell in cells for quote in "\u201c\u201d\u201e"):
        why = "curly-quotes"
    return f"the row has {counted(len(cells), 'cell')}, the header has {columns}; {say(why)}"


def _empty_what_is_left_behind(lines: list[str], sheet: Sheet) -> None:
    """Empty, and report, what other programs have left in a file: a spreadsheet's line that names
    the separator, and the marks of a merge with the second of the two versions."""
    if lines and SEPARATOR_LINE.fullmatch(lines[0]):
        sheet.breach(1, f"{shown(lines[0].strip())} is a line that a spreadsheet reads; delete it")
        lines[0] = "\n"
    first = None
    in_second_version = False
    for at, line in enumerate(lines):
        if line.startswith("<<<<<<< "):
            first, in_second_version = at, False
            lines[at] = "\n"
        elif first is not None and line.startswith(">>>>>>> "):
            sheet.breach(first + 1, say("unresolved-merge", first=first + 1, last=at + 1))
            first, lines[at] = None, "\n"
        elif first is not None:
            in_second_version = in_second_version or line.startswith("=======")
            lines[at] = "\n" if in_second_version else line


def _head(cell: str) -> str:
    """The name of a column, without the blanks and the curly quotation marks around it."""
    return cell.strip().strip("\u201c\u201d\u201e").strip()


def _separator(first: Iterable[str], form: Form) -> str:
    """What separates the cells: the separator under which one of the first lines names most of the
    form's columns."""

    def hits(separator: str) -> int:
        return max(
            sum(_head(cell.strip().strip('"')) in form.columns for cell in line.split(separator))
            for line in first
        )

    return max(SEPARATORS, key=hits)


def csv_records(
    lines: Iterable[str], separator: str
) -> tuple[list[tuple[int, list[str]]], list[tuple[int, str]]]:
    """The records of a CSV file with the line where each begins, and where it is no CSV."""
    records: list[tuple[int, list[str]]] = []
    problems: list[tuple[int, str]] = []
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        start = reader.line_num + 1
        try:
            records.append((start, next(reader)))
        except StopIteration:
            return records, problems
        except csv.Error as error:
            why = str(error)
            if "unexpected end" in why:
                problems.append((start, say("quote-open")))
                return records, problems
            message = f"the line cannot be read as CSV ({why})"
            if "expected after" in why:
                message = 'a double quote stands within a quoted text; write it twice ("")'
            elif "field larger" in why:
                limit = csv.field_size_limit()
                message = f"a cell has more than {limit:,} letters; at most {LETTERS:,} are allowed"
            problems.append((start, message))


def _columns(cells: Sequence[str], sheet: Sheet, line: int) -> list[str]:
    """The column of each position, '' where there is none; what is wrong with the header is
    said."""
    form, named = sheet.form, [*map(_head, cells)]
    missing = [column for column in form.columns if column not in named]
    columns: list[str] = []
    if not form.columns.keys() & named:
        must = f": {' and '.join(form.needed)} must be there" if form.needed else ""
        sheet.breach(line, say("no-heads", table=form.name, must=must))
        return [""] * len(named)
    for typed, name in zip(cells, named, strict=True):
        column = ""
        if name and name in columns:
            sheet.breach(line, f"the column {shown(name)} stands twice; delete one")
        elif name in form.columns:
            if typed != name:
                what = "a space" if typed.strip() == name else "a curly quotation mark"
                sheet.breach(line, say("head-not-clean", typed=typed, what=what))
            column = name
        elif name and (meant := nearest(name, missing)) and meant in form.needed:
            sheet.breach(line, f"{shown(name)} is no column of {form.name}{meant_or(meant)}")
            missing.remove(meant)
            column = meant
        elif name:
            offer = meant_or(meant, "`casechron codebook` lists them")
            message = say("column-left-alone", column=name, table=form.name, offer=offer)
            sheet.left_alone.append(Breach(sheet.file, line, "", message))
        columns.append(column)
    unknown = [shown(name) for name in named if name and name not in form.columns]
    instead = f" in the place of {' or '.join(unknown[:3])}, if that is it" if unknown else ""
    for column in missing:
        if column in form.needed:
            sheet.breach(line, say("column-missing", column=column, instead=instead))
    return columns


# All files of a form


class ReadForms(NamedTuple):
    """The files of a form by their name without `.csv`, those that are there."""

    sheets: Mapping[str, Sheet]
    prefix: str = ""

    @property
    def breaches(self) -> list[Breach]:
        """What kept a file or a line from being read."""
        return [breach for sheet in self.sheets.values() for breach in sheet.breaches]

    @property
    def left_alone(self) -> list[Breach]:
        """Columns that are not of the form; nothing is made of them."""
        return [breach for sheet in self.sheets.values() for breach in sheet.left_alone]

    def rows(self, name: str) -> list[Row]:
        """The rows of a file; none where it is missing."""
        return self.sheets[name].rows if name in self.sheets else []

    def cells(self, name: str) -> list[dict[str, str]]:
        """The cells of the rows of a file."""
        return [row.cells for row in self.rows(name)]

    def coded(self, name: str, complete: Collection[str]) -> State:
        """What an empty cell of a column means.

        Parameters
        ----------
        name
            A column of the events, a file, or a column of a file as ``"findings.rests_on"``.
        complete
            What review.toml says is coded wherever the source speaks of it.

        Returns
        -------
        str
            ``"silent"`` where `complete` has the column or the file: the source says nothing.
            ``"not coded"`` where no cell of it is filled, ``"coded"`` where some are: then an empty
            cell says nothing of the source.

        Raises
        ------
        KeyError
            For a name that is no file and no column.

        Examples
        --------
        >>> read = ReadForms({})
        >>> read.coded("by", []), read.coded("by", ["by"]), read.coded("views", ["views"])
        ('not coded', 'silent', 'silent')
        """
        form, column = form_and_column(name)
        if (column or form) in complete or form in complete:
            return "silent"
        # A cell that holds just what an empty one means codes no more than an empty one.
        empty = ("", codebook().forms[form].columns[column].empty) if column else ()
        return "coded" if any(row[column] not in empty for row in self.rows(form)) else "not coded"

    def lacking(self, needs: Sequence[str], complete: Collection[str]) -> list[str]:
        """What of these is not coded; where the source is said to be silent, it is."""
        return [name for name in needs if self.coded(name, complete) == "not coded"]


def form_and_column(name: str) -> tuple[str, str]:
    """The file that is meant by a name of what can be coded, and the column, '' for all of it;
    `KeyError` for a name of neither."""
    forms = codebook().forms
    known: dict[str, tuple[str, str]] = {
        f"{form.name}.{column}": (form.name, column)
        for form in forms.values()
        for column in form.columns
    }
    known |= {column: ("events", column) for column in forms["events"].columns}
    known |= {form: (form, "") for form in forms}
    if str(name) not in known:
        offer = meant_or(nearest(str(name), known))
        raise KeyError(f"there is no file and no column '{name}' of the form{offer}")
    return known[name]


def read_forms(folder: str | Path, files: Mapping[str, bytes] | None = None) -> ReadForms:
    """Read what a folder holds of the form.

    Parameters
    ----------
    folder
        The folder of a review, or of an independent coding.
    files
        The bytes of the files by their names, where they have been read already.

    Returns
    -------
    ReadForms
        A missing file is one without rows; the cells have no blanks around them.
    """
    folder = Path(os.path.abspath(folder))
    prefix, sheets = prefix_of(folder), {}
    for name, form in codebook().forms.items():
        path = folder / f"{name}.csv"
        if path.name not in files if files is not None else not os.path.lexists(path):
            continue
        file = f"{prefix}{path.name}"
        try:
            data = read_file_of(folder, path.name, CSV_BYTES) if files is None else files[path.name]
            sheet = sheet_of(data, form, file)
        except UnfitError as error:
            sheet = Sheet(form, file)
            sheet.breach(None, str(error))
        for row in sheet.rows:
            row.cells = {column: value.strip() for column, value in row.cells.items()}
        sheets[name] = sheet
    return ReadForms(sheets, prefix)


def read_whole_forms(folder: str | Path, refusal: type[ValueError]) -> ReadForms:
    """What a folder holds of the form; the refusal, with all of it, where something keeps a file
    or a line from being read."""
    read = read_forms(folder)
    if read.breaches:
        raise refusal("\n".join(map(str, read.breaches)))
    return read


def form_text(name: str, rows: Iterable[Mapping[str, str]], keep: Sequence[str] = ()) -> str:
    """A file of the form as the text of a CSV file: the columns that are to be kept, as they stand;
    where others are filled or must be there, all of these in the order of the codebook.

    >>> form_text("views", [{"id": "low", "holder": "gp", "words": ""}])
    'id,holder\\nlow,gp\\n'
    """
    rows, form = list(rows), codebook().forms[name]
    needed = {column for row in rows for column, cell in row.items() if cell}.union(form.needed)
    in_order = [column for column in form.columns if column in needed.union(keep)]
    return csv_text(keep if needed.issubset(keep) else in_order, rows)
