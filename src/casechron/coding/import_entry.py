"""What does one row of a chronology become, and when was it, as its cells say?

A row of `events.csv`, in whose note stands what no other column holds, and one for each action
that answers it. Dates are read by the one grammar of phrases, with what stands around the cell: a
heading with the year, the row above, and how the file writes its days."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from casechron.characters import shown
from casechron.coding.cells import WORDS_AT_MOST, is_whole, place
from casechron.coding.codebook import codebook
from casechron.coding.import_files import PATTERNS, WORDS, is_period
from casechron.coding.import_names import Agencies, safe, says_nothing
from casechron.coding.items import folded, parted_facts
from casechron.coding.rules import EARLIEST_YEAR
from casechron.dates.edtf import refusal
from casechron.dates.phrases import parse_phrase

_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})(?:\2(\d{4}|\d{2}))?(?![\d/.-]*\d)")
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]?([0-5]\d)\s*(?:h|hrs?|hours)?", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\d-])\d{4}(?!\d)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
#: Letters of the words of a source that a sheet holds.
_LONG = 200


def is_day(text: str) -> str:
    """The day that a heading is, as a date; '' for any other heading.

    >>> is_day("Monday 5 March 2018"), is_day("March 2018")
    ('2018-03-05', '')
    """
    date = parse_phrase(text.strip(" :.-–")).date or ""
    return date if _DAY.fullmatch(date) else ""


def clock(text: str) -> str:
    """A time of day as the sheet writes it; '' for what is none.

    >>> clock("9.05"), clock("1430 hrs"), clock("3 pm"), clock("a.m.")
    ('09:05', '14:30', '15:00', '')
    """
    if time := _CLOCK.fullmatch(text.strip()):
        return f"{int(time[1]):02d}:{time[2]}"
    return parse_phrase(text, "2001-01-01").time


class DateReader:
    """Reads the dates of one table after another."""

    def __init__(self, cells: Iterable[str]) -> None:
        matches = [match for cell in cells for match in _NUMERIC.finditer(cell) if match[4]]
        pairs = [(int(match[1]), int(match[3])) for match in matches]
        day_first = any(12 < first < 32 and second < 13 for first, second in pairs)
        month_first = any(12 < second < 32 and first < 13 for first, second in pairs)
        #: Whether some date shows that the day stands first, and none that the month does.
        self.day_first = day_first and not month_first
        #: How many dates were read so that could have the month first.
        self.day_first_count = 0
        #: How many dates have their year or month from each heading, and their day.
        self.headed: Counter[str] = Counter()
        self.begin()

    def begin(self, period: str = "", day: str = "") -> None:
        """Begin what stands below a heading that names a year or a month, or a day."""
        self.period, self.day, self.row_above = period, day, ""
        for heading in filter(None, (period, day)):  # it is counted even with nothing below it
            self.headed[heading] += 0

    def end(self, text: str) -> str:
        """The one date on which something ended, `..` where it still goes on; '' for another."""
        if PATTERNS["goes_on"].fullmatch(text):
            return ".."
        reading = parse_phrase(text, self.period, day_first=self.day_first)
        return "" if not reading.date or is_whole(reading.date) else reading.date

    def read(self, text: str) -> tuple[dict[str, str], str, bool]:
        """The columns of the date of a cell; what a person has to decide of it, or ''; and whether
        the cell has too many words for `date_words`."""
        text = " ".join(text.split())
        if not text:
            return *self._of_empty_cell(), False
        basis, reading = "", parse_phrase(text, day_first=self.day_first)
        from_above = PATTERNS["from_above"].search(text) is not None
        anchor = self.row_above if from_above else self.period
        if reading.date is None and anchor and (_DAY.fullmatch(anchor) or not from_above):
            anchored = parse_phrase(text, anchor, day_first=self.day_first)
            if anchored.dates:
                basis, reading = "judged" if from_above else "derived", anchored
        if reading.date and any(int(year) < EARLIEST_YEAR for year in _YEAR.findall(reading.date)):
            why = f"its year lies before {EARLIEST_YEAR}; look it up"
            reading = reading._replace(date=None, why=why)
        cells = {"date": "?" if reading.date is None else reading.date, "time": reading.time}
        if reading.date:
            if basis == "derived":
                self.headed[self.period] += 1
            elif not basis and self.day_first and _ambiguous(text):
                basis = "derived"
                self.day_first_count += 1
            cells["date_basis"] = basis
        too_long = len(text.split()) > WORDS_AT_MOST or len(text) > _LONG
        if text != reading.date and not too_long:
            cells["date_words"] = text
        self.row_above = reading.date or ""
        if reading.date is not None:
            return cells, "", too_long
        why = reading.why
        if text.replace(".", "", 1).isdecimal() and why.endswith("are not read"):
            refused = refusal(text)
            why = f"{refused.problem}; {refused.write}"
        question = f"the date {shown(text)} is still to be read: {why}"
        if reading.choices:
            question = f"{question}; write {' or '.join(reading.choices)}"
        return cells, question, too_long

    def _of_empty_cell(self) -> tuple[dict[str, str], str]:
        """What a row has whose own cell is empty: the day of its heading, or a question."""
        if self.day:
            self.headed[self.day] += 1
            return {"date": self.day, "date_basis": "derived"}, ""
        if not self.row_above:
            return {}, ""
        question = f"the date is empty; the row above has {self.row_above}: write it, or empty"
        return {"date": "?"}, f"{question} the cell where there is none"


def _ambiguous(text: str) -> bool:
    """Whether a date of a text could have its day or its month first."""
    return any(
        int(match[1]) < 13 and int(match[3]) < 13 and match[1] != match[3]
        for match in _NUMERIC.finditer(text)
    )


#: What a list marks its lines with.
_BULLET = re.compile(r"^[-–—*•·▪]\s+(?=\S)")
#: The kinds of event by what they are called.
_KINDS: dict[str, str] = WORDS["kinds"] | {
    folded(name): code
    for code, kind in codebook().codes("event_kind").items()
    for name in (code, kind.label)
}
_SEEN = ("child-seen-alone", "child-spoken-to", "child-seen")
FACTS = (*_SEEN, "child-said", "impact", "outcome")
#: The roles of columns that say what happened where no column `summary` does, the likeliest first.
_INSTEAD_OF_SUMMARY = ("action", "outcome", "note", "", *FACTS, "professional", "place")


class Filled(NamedTuple):
    """A filled cell: the role and the head of its column, and its text on one line."""

    role: str
    head: str
    text: str

    @property
    def noted(self) -> str:
        """The cell as it stands in a note."""
        return f"{self.head.rstrip(' ?:')}: {self.text}"


class ImportContext(NamedTuple):
    """What the rows of a chronology are read with: the agencies that it names, how it dates, and
    the sources of the review."""

    agencies: Agencies
    dates: DateReader
    sources: Sequence[str]


class ImportedEntry:
    """A row that is read, with what a person has to decide about it."""

    def __init__(self, cells: Sequence[Filled], context: ImportContext, line: int) -> None:
        self.context = context
        #: The row, and those of the actions.
        self.row: dict[str, str] = {}
        self.actions: list[dict[str, str]] = []
        self.questions: list[str] = []
        #: The cells that went into the note, and those that number rows.
        self.noted: list[Filled] = []
        self.numbers: list[Filled] = []
        self._cells: dict[str, list[Filled]] = defaultdict(list)
        for cell in cells:
            self._cells[cell.role].append(cell)
        self._read_dates()
        by = self._read_by()
        summary = self._cells.pop("summary", [])
        if not summary:
            role = next((role for role in _INSTEAD_OF_SUMMARY if self._cells[role]), None)
            summary = [self._cells[role].pop(0)] if role is not None else []
            self.questions.append("no column says what happened; look whether the summary does")
        self._read_kind(summary, by)
        self.row["summary"] = safe(": ".join(cell.text for cell in summary)) or "not stated"
        self.row["by"] = "; ".join(by)
        self._read_actions(by, line)
        self._read_about()
        self._read_place()
        facts = [self._fact(cell) for role in FACTS for cell in self._cells[role]]
        self.row["facts"] = "; ".join(dict.fromkeys(filter(None, facts)))
        for cell in self._cells["number"]:
            is_number = re.fullmatch(r"\d+\.?", cell.text)
            (self.numbers if is_number else self.noted).append(cell)
        self.noted += [*self._cells["note"], *self._cells[""]]
        self.row["note"] = safe("; ".join(cell.noted for cell in self.noted))

    def _read_dates(self) -> None:
        """The date, the end and the time."""
        dates, periods = self.context.dates, self._cells["period"]
        for heading in periods:
            if period := is_period(heading.text):
                dates.begin(period)
            else:
                self.noted.append(heading)
        # Where there is no date but a year, that is the date.
        cell = next(iter([*self._cells["date"], *periods]), None)
        columns, question, too_long = dates.read(cell.text if cell else "")
        self.row |= {name: safe(text) for name, text in columns.items() if text}
        self.questions += filter(None, [question])
        if cell and too_long:
            self.noted.append(cell)
        for time_cell in self._cells["time"]:
            time = clock(time_cell.text)
            if self.row.setdefault("time", time) != time or not time:
                self.noted.append(time_cell)
        begins = self.row.get("date", "")
        for end_cell in self._cells["until"]:
            has_begun = begins not in ("", "?") and not is_whole(begins)
            end = dates.end(end_cell.text) if has_begun else ""
            if end:
                begins = self.row["date"] = f"{begins}/{end}" if end != begins else begins
            else:
                question = f"the end {shown(end_cell.text)} is not read beside its date; it stands"
                self.questions.append(f"{question} in note")
            if end_cell.text != end:
                self.noted.append(end_cell)

    def _read_by(self) -> list[str]:
        """Whose entry it is, as agencies; a professional of none that is known stands in note."""
        by: dict[str, None] = {}
        for role in ("by", "professional"):
            for cell in self._cells[role]:
                ids, whole = self.context.agencies.of(cell.text, new=role == "by")
                if role == "by" or whole:
                    by |= dict.fromkeys(ids)
                if not whole or "(" in cell.text:
                    self.noted.append(cell)
        return list(by)

    def _read_kind(self, summary: Iterable[Filled], by: Sequence[str]) -> None:
        """The kind that a cell names outright, where nothing else of the row depends on it."""
        acted = any(not no_action(cell.text) for cell in self._cells["action"])
        # The roles of the parties depend on the kind, and so does what an action can answer.
        undecided = bool(by) or acted
        named = ""
        for cell in [*self._cells["kind"], *summary]:
            code = kind_named(cell.text)
            named = named or code
            if cell.role == "kind" and (undecided or code != named or not code):
                self.noted.append(cell)
        if named and undecided:
            who = f"{' and '.join(by)} into by, to or with, as the part was" if by else ""
            question = f"it is headed as the kind {named}; write that, and"
            who = who or "in the row of its action what that answers"
            self.questions.append(f"{question} {who}")
        self.row["kind"] = "entry" if undecided or not named else named

    def _read_actions(self, by: Sequence[str], line: int) -> None:
        """A row for each action that answers the entry; that its agency acted is a judgement."""
        book = codebook()
        disposes = book.flagged("event_kind", "disposes")
        for cell in self._cells["action"]:
            said = shown(cell.text)
            if no_action(cell.text):
                self.noted.append(cell)
                if not says_nothing(cell.text):
                    question = f"{said} under {shown(cell.head)} tells of no action, and stands in"
                    question += " note; where a step was missing or somebody decided on none, write"
                    self.questions.append(f"{question} a row that says so")
                continue
            self.row["id"] = f"entry-{line}"
            kind = kind_named(cell.text)
            if kind in disposes:
                taken = f"is taken for a decision of {' and '.join(by)}, as judged; look whose it"
                unsaid = "does not say whose decision it was; write who into by, and its kind"
                self.questions.append(f"{said} {f'{taken} was' if by else f'{unsaid} {kind}'}")
            action = {"kind": kind if by and kind in disposes else "entry"}
            action["summary"] = safe(cell.text)
            action["by"] = "; ".join(f"{agency} (judged)" for agency in by)
            self.actions.append(action | {"answers": self.row["id"]})
        kind = self.row["kind"]
        if self.actions and kind in book.flagged("event_kind", "response"):
            # Nothing answers a response, so a person decides which of the two kinds is right.
            self.row["kind"] = "entry"
            question = f"it is headed as the kind {kind}, and has an action that answers it"
            self.questions.append(question)

    def _read_about(self) -> None:
        persons: dict[str, None] = {}
        for cell in self._cells["about"]:
            ids = self.context.agencies.person(cell.text)
            persons |= dict.fromkeys(ids)
            if not ids:
                self.noted.append(cell)
                question = f"{shown(cell.text)} is nobody of people.csv; it stands in note"
                self.questions.append(question)
        self.row["about"] = "; ".join(persons)

    def _read_place(self) -> None:
        """Where it stands, where the cell names a source of the review."""
        sources = self.context.sources
        default = sources[0] if len(sources) == 1 else ""
        places: dict[str, None] = {}
        for cell in self._cells["place"]:
            parts = [part.strip() for part in cell.text.split(";")]
            if all(place(part, sources, default) for part in parts):
                places |= dict.fromkeys(parts)
            else:
                self.noted.append(cell)
        self.row["place"] = "; ".join(places)

    def _fact(self, cell: Filled) -> str:
        """What a cell says as a fact of its row; '' where no fact can say it, and the note does."""
        code, value = cell.role, cell.text
        if code in _SEEN:
            yes, no = PATTERNS["yes"].fullmatch(value), PATTERNS["no"].fullmatch(value)
            # That a child was not seen alone is not that it was not seen.
            code = code if yes else "child-not-seen" if no and code == "child-seen" else ""
            if not (yes or no or says_nothing(value)):
                question = f"{shown(value)} under {shown(cell.head)} says neither yes nor no"
                self.questions.append(f"{question}; it stands in note")
            value = cell.noted if PATTERNS["yes_or_no"].fullmatch(value) else value
        # A bracket at the end would be read as what the fact rests on.
        fact = f"{code}: {value}{'.' if value.endswith((')', ';')) else ''}"
        is_one = len(parted_facts(fact, codebook().codes("attribute"))) == 1
        if not code or not is_one or says_nothing(value):
            self.noted.append(cell)
            return ""
        return fact


def no_action(text: str) -> bool:
    """Whether a cell says that nothing was done, that nothing is on record, or nothing at all.

    >>> no_action("No record of response"), no_action("None"), no_action("No reply, card left")
    (True, True, False)
    """
    return says_nothing(text) or PATTERNS["no_action"].fullmatch(text) is not None


def kind_named(text: str) -> str:
    """The kind of event whose code or label a text is; '' where it says anything else.

    >>> kind_named("Strategy discussion"), kind_named("NFA."), kind_named("Referral by school")
    ('strategy-discussion', 'no-further-action', '')
    """
    return _KINDS.get(folded(text.rstrip(".")), "")


def one_line(text: str) -> str:
    """A text of several lines on one, with a mark between lines that end with none.

    >>> one_line("Joint visit.\\n- door damaged\\n- no food")
    'Joint visit. door damaged; no food'
    """
    joined = ""
    for line in text.split("\n"):
        between = " " if joined.endswith((".", ":", ";", ",", "!", "?")) else "; "
        joined += (between if joined else "") + _BULLET.sub("", line, count=1).strip()
    return joined
