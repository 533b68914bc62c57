"""What do the rows of a chronology's tables become, one after another, and what is to be said of
them? Headings give years and days to the rows below them; nothing is lost without a word."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from casechron.coding.characters import counted, shown
from casechron.coding.import_dates import is_day, is_period
from casechron.coding.import_entry import FACTS, Around, Entry, Filled, one_line
from casechron.coding.import_files import Cell, ImportTable
from casechron.coding.import_heads import Heads

#: The line of events.csv in which its first row stands.
_FIRST = 2


class Entries:
    """The rows that a chronology becomes, and what is to be said of them."""

    def __init__(self, around: Around) -> None:
        self.around = around
        self.rows: list[dict[str, str]] = []
        #: What is left to decide of single rows, in their order.
        self.asks: list[str] = []
        self.actions = 0
        self._left_out: list[str] = []
        self._noted: Counter[str] = Counter()
        self._numbers: dict[str, list[str]] = defaultdict(list)
        self._births: Counter[str] = Counter()
        self._repeated = 0

    def heading(self, text: str, where: str) -> None:
        """Take a heading for the day, the year or the month of what stands below it, or leave it
        out."""
        dates = self.around.dates
        if day := is_day(text):
            dates.begin(day=day)
        elif period := is_period(text):
            dates.begin(period)
        else:
            self._left_out.append(f"{where}: {shown(text)}, a heading or a text beside the table")

    def add(self, table: ImportTable, heads: Heads, number: int, row: Sequence[Cell]) -> None:
        """Add what a row of a table becomes."""
        where = f"{table.name}, row {number}"
        own = [cell.own for cell in row if cell.own]
        if own in [[text for text in texts if text] for texts in heads.rows]:
            self._repeated += 1
            return
        cells = list(_filled(heads, row))
        spans = any(cell.part_of == "left" for cell in row)
        if len(own) == len(cells) == 1 and (spans or cells[0].role in ("date", "number", "")):
            self.heading(cells[0].text, where)
        elif own:
            self._entry(cells, where)

    def _entry(self, cells: Sequence[Filled], where: str) -> None:
        line = len(self.rows) + _FIRST
        entry = Entry(cells, self.around, line)
        self.rows += [entry.row, *entry.actions]
        self.actions += len(entry.actions)
        self.asks += [f"events.csv line {line} ({where}): {ask}" for ask in entry.asks]
        self._noted.update(one.head for one in entry.noted)
        self._births.update(one.head for one in cells if one.role == "birth")
        for one in entry.numbers:
            self._numbers[one.head].append(one.text)

    def left_out(self) -> Iterator[str]:
        """What is left out, with why."""
        yield from self._left_out
        if self._repeated:
            yield f"{counted(self._repeated, 'row')} with nothing but the heads again"
        for head, texts in self._numbers.items():
            span = f"{texts[0]} to {texts[-1]}" if texts[1:] else texts[0]
            yield f"the numbers of rows under {shown(head)} ({shown(span)}); events.csv has its own"
        for head, many in self._births.items():
            yield f"{counted(many, 'cell')} under {shown(head)}: no date of birth stands in a row"

    def of_all(self) -> Iterator[str]:
        """What is left to decide of many rows at once."""
        if many := sum(row["kind"] == "entry" for row in self.rows):
            have = "1 row has" if many == 1 else f"{many} rows have"
            told = f"{have} the kind entry, which no page counts as a concern, a step or a"
            yield f"{told} decision; write the kind of each that is one"
        if self.actions:
            told = f"{counted(self.actions, 'row')} for actions: that the agency of the entry acted"
            yield f"{told} is judged, and when it did is not said"
        if not any(row.get("about") for row in self.rows):
            yield "about is empty; write whom each row is about, as people.csv names them"
        if self._noted:
            heads = ", ".join(f"{shown(head)} ({many})" for head, many in self._noted.items())
            told = f"what stood under {heads} is in note; look whether another column holds it,"
            yield f"{told} and name people by the labels of people.csv alone"


def _filled(heads: Heads, row: Iterable[Cell]) -> Iterator[Filled]:
    """The filled cells of a row; what is merged downwards counts in each row where it is a date or
    names who, and else in its first row alone."""
    for at, cell in enumerate(row):
        role, head = (heads.roles[at], heads.names[at]) if at < len(heads.roles) else ("", "")
        text = cell.text if role in ("date", "by") else cell.own
        if text:
            # A date stands on as many lines as its column is narrow.
            line = " ".join(text.split()) if role in ("date", "until", "time") else one_line(text)
            yield Filled(role, " ".join(head.split()) or f"column {at + 1}", line)


def told_of_columns(found: Iterable[tuple[str, Heads]]) -> list[str]:
    """What each column of the tables was taken for, a line for each set of heads.

    >>> told_of_columns([("table 1", Heads(["date", ""], ["Date", "Venue"], [], 1))])
    ["columns of table 1: 'Date' is date, 'Venue' is note"]
    """
    lines: dict[str, list[str]] = defaultdict(list)
    for name, heads in found:
        columns = zip(heads.names, heads.roles, strict=True)
        said = [
            f"{shown(' '.join(one.split()))} is {_as_told(role)}" for one, role in columns if one
        ]
        lines[", ".join(said)].append(name)
    return [f"columns of {', '.join(names)}: {said}" for said, names in lines.items()]


def _as_told(role: str) -> str:
    """A role as it is told: by the column of events.csv that it fills."""
    if role in FACTS:
        return f"the fact {role}"
    told = {
        "": "note",
        "professional": "by, or note",
        "action": "a row of its own that answers",
        "birth": "left out",
        "period": "the year or month of date",
    }
    return told.get(role, role)
