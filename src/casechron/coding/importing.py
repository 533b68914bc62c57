"""A chronology that exists already, as a table in whatever file, becomes the sheet of a review.

Headings give years and days to the rows below them. Every filled cell is in a row of the sheet, or
among what is said to be left out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from casechron.characters import counted, shown
from casechron.coding.codebook import codebook
from casechron.coding.files import from_here, write_files
from casechron.coding.import_entry import DateReader, Filled, ImportedEntry, one_line
from casechron.coding.import_files import (
    WORDS,
    Cell,
    ImportFileError,
    ImportTable,
    heading_date,
    read_tables,
)
from casechron.coding.import_names import (
    ROLES,
    Agencies,
    Heads,
    heads_of,
    is_key,
    many_heads,
    plain_head,
)
from casechron.coding.items import folded
from casechron.coding.messages import say, watched
from casechron.coding.sheets import form_text, read_forms

#: The line of events.csv in which its first row stands.
_FIRST_LINE = 2
_NO_HEADS = "no row of it heads a column of dates and one of what happened"


class ImportedEntries:
    """The rows that a chronology becomes, and what is to be reported of them."""

    def __init__(self, agencies: Agencies, dates: DateReader, sources: Sequence[str]) -> None:
        self.agencies, self.dates, self.sources = agencies, dates, sources
        self.entries: list[ImportedEntry] = []
        self.rows: list[dict[str, str]] = []
        #: What is left to decide of single rows, in their order.
        self.questions: list[str] = []
        self._left_out: list[str] = []
        self._repeated_heads = 0

    def add_table(self, table: ImportTable, heads: Heads | None) -> None:
        """Add what stands above a table and, where it has heads, its rows."""
        if not table.goes_on:
            self.dates.begin()
        for text in table.above:
            self._heading(text, f"above {table.name}" if table.rows else table.name)
        if heads:
            # What stands above its heads: a title, whose chronology it is.
            for number, row in table.rows[: max(heads.begins - len(heads.rows), 0)]:
                for text in (cell.own for cell in row if cell.own):
                    self._heading(text, f"{table.name}, row {number}")
            for number, row in watched(table.rows[heads.begins :], table.name, "rows"):
                self._row(heads, row, f"{table.name}, row {number}")

    def _heading(self, text: str, where: str) -> None:
        """Take a heading for the day, the year or the month of what stands below it, or leave it
        out."""
        if date := heading_date(text):
            self.dates.begin(date)
        else:
            self._left_out.append(f"{where}: {shown(text)}, a heading or a text beside the table")

    def _row(self, heads: Heads, row: Sequence[Cell], where: str) -> None:
        """Add what becomes of a row: nothing of heads again, a heading, an entry."""
        texts = [cell.own for cell in row if cell.own]
        cells = list(_filled_cells(heads, row))
        spans = any(cell.part_of == "left" for cell in row)
        if texts in [[*filter(None, head_row)] for head_row in heads.rows]:
            self._repeated_heads += 1
        elif len(texts) == len(cells) == 1 and (spans or cells[0].role in ("date", "number", "")):
            self._heading(cells[0].text, where)
        elif texts:
            line = len(self.rows) + _FIRST_LINE
            entry = ImportedEntry(cells, self.agencies, self.dates, self.sources, line, where)
            self.entries.append(entry)
            self.rows += [entry.row, *entry.actions]
            self.questions += entry.questions

    def left_out(self) -> Iterator[str]:
        """What is left out, with why."""
        yield from self._left_out
        if self._repeated_heads:
            yield f"{counted(self._repeated_heads, 'row')} with nothing but the heads again"
        numbers: dict[str, list[str]] = defaultdict(list)
        for entry in self.entries:
            for cell in entry.cells["number"]:
                if cell not in entry.noted:
                    numbers[cell.head].append(cell.text)
        for head, texts in numbers.items():
            span = f"{texts[0]} to {texts[-1]}" if texts[1:] else texts[0]
            yield f"the numbers of rows under {shown(head)} ({shown(span)}); events.csv has its own"
        births = Counter(cell.head for entry in self.entries for cell in entry.cells["birth"])
        for head, count in births.items():
            yield f"{counted(count, 'cell')} under {shown(head)}: no date of birth stands in a row"

    def for_all_rows(self) -> Iterator[str]:
        """What is left to decide of many rows at once."""
        if count := sum(row["kind"] == "entry" for row in self.rows):
            have = "1 row has" if count == 1 else f"{count} rows have"
            yield f"{have} {say('rows-of-no-kind')}"
        actions = Counter(bool(row["by"]) for row in self.rows if "answers" in row)
        for has_agency, count in actions.items():
            acted = say("acted-as-judged" if has_agency else "acted-unsaid")
            yield f"{counted(count, 'row')} for actions: {acted}"
        if not any(row.get("about") for row in self.rows):
            yield "about is empty; write whom each row is about, as people.csv names them"
        if noted := Counter(cell.head for entry in self.entries for cell in entry.noted):
            heads = ", ".join(f"{shown(head)} ({count})" for head, count in noted.items())
            yield say("stands-in-note", heads=heads)


def _filled_cells(heads: Heads, row: Iterable[Cell]) -> Iterator[Filled]:
    """The filled cells of a row; what is merged downwards counts in each row where it is a date or
    names who, and else in its first row alone."""
    for column, cell in enumerate(row):
        headed = column < len(heads.roles)
        role, head = (heads.roles[column], heads.names[column]) if headed else ("", "")
        text = cell.text if role in ("date", "by") else cell.own
        if text:
            # A narrow column breaks a date over several lines.
            line = " ".join(text.split()) if role in ("date", "until", "time") else one_line(text)
            yield Filled(role, " ".join(head.split()) or f"column {column + 1}", line)


def columns_read_as(tables: Iterable[tuple[str, Heads]]) -> list[str]:
    """What each column of the tables was taken for, a line for each set of heads.

    >>> columns_read_as([("table 1", Heads(["date", ""], ["Date", "Venue"], [], 1))])
    ["columns of table 1: 'Date' is date, 'Venue' is note"]
    """
    names: dict[str, list[str]] = defaultdict(list)
    for name, heads in tables:
        columns = [
            f"{shown(' '.join(head.split()))} is {WORDS['role_names'].get(role, role)}"
            for head, role in zip(heads.names, heads.roles, strict=True)
            if head
        ]
        names[", ".join(columns)].append(name)
    return [f"columns of {', '.join(those)}: {columns}" for columns, those in names.items()]


class ImportedChronology(NamedTuple):
    """What a file becomes: rows of events.csv and new rows of agencies.csv; sentences on what was
    read as what, what was left out with why, and what a person has to decide."""

    events: Sequence[Mapping[str, str]]
    agencies: Sequence[Mapping[str, str]]
    done: Sequence[str]
    left_out: Sequence[str]
    to_decide: Sequence[str]


def asked_columns(texts: Iterable[str]) -> dict[str, str]:
    """Which head is which column, as somebody says it: ``summary=What happened``.

    Raises `ImportFileError` for what is no column or has no head.

    >>> asked_columns(["summary=What we found"])
    {'what we found': 'summary'}
    """
    asked = {}
    roles = [role for role in ROLES if role not in ("birth", "unsure")]
    for text in texts:
        role, _, head = text.partition("=")
        if role.strip() not in roles or not plain_head(head):
            raise ImportFileError(say("no-column-asked", text=text, roles=", ".join(roles)))
        asked[plain_head(head)] = role.strip()
    return asked


def import_chronology(
    path: str | Path,
    folder: str | Path,
    sources: Sequence[str] = (),
    asked: Mapping[str, str] | None = None,
) -> ImportedChronology:
    """What a chronology in a file (.csv, .xlsx, .ods or .docx, one table or several) becomes in the
    sheet of a review; nothing is written.

    The folder of the review need not be there; its agencies and people can be named, and the ids of
    its `sources`. `asked_columns` gives what is `asked`. There is a row of events for each entry,
    in the order of the file, and one for each action that answers it; each filled cell stands in
    its row, or is among what is left out. `ImportFileError` for a file that cannot be read or holds
    no chronology, and for a review that has events."""
    path, folder = Path(path), Path(folder)
    forms = _forms_without_events(folder)
    gathered = read_tables(path, many_heads)
    headed = _with_heads(gathered.tables, asked or {}, path)
    chronologies = [(table, heads) for table, heads in headed if heads]
    agencies = Agencies(forms["agencies"], forms["people"], sources)
    dates = DateReader(
        cell.text
        for table, heads in chronologies
        for _, row in table.rows[heads.begins :]
        for role, cell in zip(heads.roles, row, strict=False)
        if role in ("date", "until")
    )
    done = [*gathered.notes, *columns_read_as((table.name, heads) for table, heads in chronologies)]
    left_out = gathered.left_out
    for table, heads in headed:
        if is_key(table):
            done.append(_explained(table, agencies))
        elif not heads and table.filled:
            texts = _texts(table.rows)
            cells = counted(len(texts), "filled cell")
            left_out.append(f"{table.name}, with {cells}, first {shown(texts[0])}: {_NO_HEADS}")
    entries = ImportedEntries(agencies, dates, sources)
    for table, heads in headed:
        entries.add_table(table, heads)
    if dates.day_first_count:
        dated = counted(dates.day_first_count, "date")
        done.append(say("day-first", dated=dated))
    for heading, count in dates.headed.items():
        part = ("year", "month", "day")[heading.count("-")]
        done.append(f"the {part} of {counted(count, 'date')} is that of the heading {heading}")
    return ImportedChronology(
        entries.rows,
        list(agencies.rows.values()),
        [*done, *agencies.read_as()],
        [*left_out, *entries.left_out()],
        [*entries.questions, *agencies.to_decide(), *entries.for_all_rows()],
    )


def write_chronology(chronology: ImportedChronology, folder: str | Path) -> None:
    """Write a chronology into the folder of a review that has no events yet."""
    folder = Path(folder)
    files: dict[Path, bytes | None] = {
        folder / "events.csv": form_text("events", chronology.events).encode()
    }
    if chronology.agencies:
        rows = [*read_forms(folder).cells("agencies"), *chronology.agencies]
        files[folder / "agencies.csv"] = form_text("agencies", rows).encode()
    write_files(files)


def _forms_without_events(folder: Path) -> Mapping[str, Sequence[Mapping[str, str]]]:
    """The agencies and people of a review; one that has events is refused: nothing is ever
    written over."""
    forms = read_forms(folder)
    example = codebook().forms["events"].example
    if count := sum(row.filled != example for row in forms.rows("events")):
        file = from_here(folder / "events.csv")
        raise ImportFileError(say("events-there", where=file, many=counted(count, "row")))
    files = ("events.csv", "agencies.csv")
    if unread := [str(breach) for breach in forms.breaches if breach.file in files]:
        raise ImportFileError("\n".join(unread))
    return {name: forms.cells(name) for name in ("agencies", "people")}


def _with_heads(
    tables: Iterable[ImportTable], asked: Mapping[str, str], path: Path
) -> list[tuple[ImportTable, Heads | None]]:
    """The tables, those that are chronologies with their heads."""
    headed: list[tuple[ImportTable, Heads | None]] = []
    last: Heads | None = None
    for table in tables:
        before = last if table.goes_on else None
        heads = None if is_key(table) else heads_of(table, asked, before)
        headed.append((table, heads))
        last = heads or last
    known = {plain_head(name) for _, heads in headed if heads for name in heads.names}
    if missing := [head for head in asked if head not in known]:
        heads_there = ", ".join(sorted(filter(None, known))) or "none that is read"
        message = say("no-such-head", head=missing[0], heads=heads_there)
        raise ImportFileError(f"{from_here(path)}: {message}")
    if not last:
        first = next(table for table, _ in headed if table.rows)
        begins = ", ".join(map(shown, _texts(first.rows[:3])[:6]))
        message = f"{_NO_HEADS}; {say('say-the-heads', begins=begins)}"
        raise ImportFileError(f"{from_here(path)}: {message}")
    return headed


def _explained(table: ImportTable, agencies: Agencies) -> str:
    """Note what a table of initials says that they stand for, and say so."""
    pairs = [[cell.text for cell in row if cell.text] for _, row in table.rows[1:]]
    agencies.key |= {folded(pair[0]): pair[1] for pair in pairs if len(pair) > 1}
    return f"{table.name} explains initials: {', '.join(map(' is '.join, filter(None, pairs)))}"


def _texts(rows: Iterable[tuple[int, Sequence[Cell]]]) -> list[str]:
    """The filled cells of rows, each on one line."""
    return [one_line(cell.own) for _, row in rows for cell in row if cell.own]
