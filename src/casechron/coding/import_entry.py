"""What does one row of a chronology become, and when was it, as its cells say?

A row of `events.csv`, in whose note stands what no other column holds, and one for each action
that answers it. Dates are read by the one grammar of phrases, with what stands around the cell: a
heading with the year, the row above, and how the file writes its days."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from casechron.characters import shown
from casechron.coding.cells import WORDS_AT_MOST, is_whole, place
from casechron.coding.codebook import codebook
from casechron.coding.import_files import DAY, PATTERNS, WORDS, heading_date
from casechron.coding.import_names import Agencies, safe, says_nothing
from casechron.coding.items import folded, parted_facts
from casechron.coding.rules import EARLIEST_YEAR
from casechron.dates.edtf import refusal
from casechron.dates.phrases import parse_phrase

_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})(?:\2(\d{4}|\d{2}))?(?![\d/.-]*\d)")
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]?([0-5]\d)\s*(?:h|hrs?|hours)?", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\d-])\d{4}(?!\d)")
#: Letters of the words of a source that a sheet holds.
_LONG = 200


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
        numeric = [numbers for cell in cells for numbers in _NUMERIC.findall(cell)]
        pairs = [(int(first), int(second)) for first, _, second, year in numeric if year]
        day_first = any(12 < first < 32 and second < 13 for first, second in pairs)
        month_first = any(12 < second < 32 and first < 13 for first, second in pairs)
        #: Whether some date shows that the day stands first, and none that the month does.
        self.day_first = day_first and not month_first
        #: How many dates were read so that could have the month first.
        self.day_first_count = 0
        #: How many dates have their year, month or day from each heading.
        self.headed: Counter[str] = Counter()
        self.begin()

    def begin(self, heading: str = "") -> None:
        """Begin what stands below a heading that names a year, a month or a day."""
        self.period, self.day = ("", heading) if DAY.fullmatch(heading) else (heading, "")
        self.row_above = ""
        if heading:
            self.headed[heading] += 0  # it is told even with nothing below it

    def end(self, text: str) -> str:
        """The one date on which something ended, `..` where it still goes on; '' for another."""
        if PATTERNS["goes_on"].fullmatch(text):
            return ".."
        ended = parse_phrase(text, self.period, day_first=self.day_first).date or ""
        return "" if is_whole(ended) else ended

    def read(self, text: str) -> tuple[dict[str, str], str]:
        """The columns of the date of a cell, and what a person has to decide of it, or ''. A cell
        with too many words for `date_words` has none."""
        text = " ".join(text.split())
        if not text and self.day:
            self.headed[self.day] += 1
            return {"date": self.day, "date_basis": "derived"}, ""
        if not text and self.row_above:
            question = f"the date is empty; the row above has {self.row_above}: write it, or empty"
            return {"date": "?"}, f"{question} the cell where there is none"
        if not text:
            return {}, ""
        basis, reading = "", parse_phrase(text, day_first=self.day_first)
        from_above = PATTERNS["from_above"].search(text) is not None
        anchor = self.row_above if from_above else self.period
        if reading.date is None and anchor and (DAY.fullmatch(anchor) or not from_above):
            anchored = parse_phrase(text, anchor, day_first=self.day_first)
            if anchored.dates:
                basis, reading = "judged" if from_above else "derived", anchored
        if any(int(year) < EARLIEST_YEAR for year in _YEAR.findall(reading.date or "")):
            why = f"its year lies before {EARLIEST_YEAR}; look it up"
            reading = reading._replace(date=None, why=why)
        self.row_above = reading.date or ""
        if reading.date and basis == "derived":
            self.headed[self.period] += 1
        elif reading.date and not basis and self.day_first and _ambiguous(text):
            basis = "derived"
            self.day_first_count += 1
        is_short = len(text.split()) <= WORDS_AT_MOST and len(text) <= _LONG
        columns = {
            "date": "?" if reading.date is None else reading.date,
            "time": reading.time,
            "date_basis": basis if reading.date else "",
            "date_words": text if text != reading.date and is_short else "",
        }
        if reading.date is not None:
            return columns, ""
        why = reading.why
        if text.replace(".", "", 1).isdecimal() and why.endswith("are not read"):
            refused = refusal(text)
            why = f"{refused.problem}; {refused.write}"
        choices = f"; write {' or '.join(reading.choices)}" if reading.choices else ""
        return columns, f"the date {shown(text)} is still to be read: {why}{choices}"


def _ambiguous(text: str) -> bool:
    """Whether a date of a text could have its day or its month first."""
    numeric = _NUMERIC.findall(text)
    return any(int(a) < 13 and int(b) < 13 and a != b for a, _, b, _ in numeric)


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


class ImportedEntry:
    """A row that is read, beside the agencies and dates of its file and the sources of the review,
    with the rows of its actions and what a person has to decide about it. `line` is that of
    events.csv; `where` it stands in the file, messages say."""

    def __init__(
        self,
        cells: Iterable[Filled],
        agencies: Agencies,
        dates: DateReader,
        sources: Sequence[str],
        line: int,
        where: str,
    ) -> None:
        self.agencies, self.dates, self.sources = agencies, dates, sources
        self.line, self.where = line, where
        self.row: dict[str, str] = {}
        self.actions: list[dict[str, str]] = []
        self.questions: list[str] = []
        #: The cells that went into the note.
        self.noted: list[Filled] = []
        #: The cells by their role; the one that is the summary is among none.
        self.cells: dict[str, list[Filled]] = defaultdict(list)
        for cell in cells:
            self.cells[cell.role].append(cell)
        self._read_dates()
        by = self._read_by()
        self._read_summary_and_kind(by)
        self.row["by"] = "; ".join(by)
        self._read_actions(by)
        unknown = "is nobody of people.csv; it stands in note"
        self.row["about"] = self._named("about", agencies.persons, unknown)
        self.row["place"] = self._named("place", self._places)
        facts = [self._fact(cell) for role in FACTS for cell in self.cells[role]]
        self.row["facts"] = "; ".join(dict.fromkeys(filter(None, facts)))
        numbers = self.cells["number"]
        self.noted += [cell for cell in numbers if not re.fullmatch(r"\d+\.?", cell.text)]
        self.noted += [*self.cells["note"], *self.cells[""]]
        self.row["note"] = safe("; ".join(cell.noted for cell in self.noted))

    def _ask(self, question: str) -> None:
        self.questions.append(f"events.csv line {self.line} ({self.where}): {question}")

    def _read_dates(self) -> None:
        """The date, the end and the time."""
        periods = self.cells["period"]
        for heading in periods:
            period = heading_date(heading.text)
            if period and not DAY.fullmatch(period):
                self.dates.begin(period)
            else:
                self.noted.append(heading)
        # Where there is no date but a year, that is the date.
        cell = next(iter([*self.cells["date"], *periods]), None)
        columns, question = self.dates.read(cell.text if cell else "")
        self.row |= {name: safe(text) for name, text in columns.items() if text}
        if question:
            self._ask(question)
        if cell and cell.text not in columns.values():
            self.noted.append(cell)
        for time_cell in self.cells["time"]:
            time = clock(time_cell.text)
            if self.row.setdefault("time", time) != time or not time:
                self.noted.append(time_cell)
        for end_cell in self.cells["until"]:
            begins = self.row.get("date", "")
            has_begun = begins not in ("", "?") and not is_whole(begins)
            end = self.dates.end(end_cell.text) if has_begun else ""
            if not end:
                end_shown = shown(end_cell.text)
                self._ask(f"the end {end_shown} is not read beside its date; it stands in note")
            elif end != begins:
                self.row["date"] = f"{begins}/{end}"
            if end_cell.text != end:
                self.noted.append(end_cell)

    def _read_by(self) -> list[str]:
        """Whose entry it is, as agencies; a professional of none that is known stands in note."""
        by: dict[str, None] = {}
        for cell in [*self.cells["by"], *self.cells["professional"]]:
            ids, whole = self.agencies.of(cell.text, new=cell.role == "by")
            if cell.role == "by" or whole:
                by |= dict.fromkeys(ids)
            if not whole or "(" in cell.text:
                self.noted.append(cell)
        return list(by)

    def _read_summary_and_kind(self, by: Sequence[str]) -> None:
        """What happened, and the kind that a cell names outright, where nothing else of the row
        depends on it."""
        summary = self.cells.pop("summary", [])
        if not summary:
            role = next((role for role in _INSTEAD_OF_SUMMARY if self.cells[role]), None)
            summary = [self.cells[role].pop(0)] if role is not None else []
            self._ask("no column says what happened; look whether the summary does")
        self.row["summary"] = safe(": ".join(cell.text for cell in summary)) or "not stated"
        # The roles of the parties depend on the kind, and so does what an action can answer.
        undecided = bool(by) or not all(no_action(cell.text) for cell in self.cells["action"])
        kinds = self.cells["kind"]
        codes = [kind_named(cell.text) for cell in [*kinds, *summary]]
        named = next(filter(None, codes), "")
        self.noted += [
            cell
            for cell, code in zip(kinds, codes, strict=False)
            if undecided or not code or code != named
        ]
        if named and undecided:
            who = f"{' and '.join(by)} into by, to or with, as the part was"
            who = who if by else "in the row of its action what that answers"
            self._ask(f"it is headed as the kind {named}; write that, and {who}")
        self.row["kind"] = "entry" if undecided or not named else named

    def _read_actions(self, by: Sequence[str]) -> None:
        """A row for each action that answers the entry; that its agency acted is a judgement."""
        disposes = codebook().flagged("event_kind", "disposes")
        for cell in self.cells["action"]:
            said = shown(cell.text)
            if no_action(cell.text):
                self.noted.append(cell)
                if not says_nothing(cell.text):
                    none = f"{said} under {shown(cell.head)} tells of no action, and stands in note"
                    step = "where a step was missing or somebody decided on none"
                    self._ask(f"{none}; {step}, write a row that says so")
                continue
            kind = kind_named(cell.text)
            if kind in disposes and by:
                whose = f"a decision of {' and '.join(by)}, as judged; look whose it was"
                self._ask(f"{said} is taken for {whose}")
            elif kind in disposes:
                whose = f"whose decision it was; write who into by, and its kind {kind}"
                self._ask(f"{said} does not say {whose}")
            self.row["id"] = f"entry-{self.line}"
            self.actions.append(
                {
                    "kind": kind if by and kind in disposes else "entry",
                    "summary": safe(cell.text),
                    "by": "; ".join(f"{agency} (judged)" for agency in by),
                    "answers": self.row["id"],
                }
            )

    def _named(self, role: str, read: Callable[[str], Iterable[str]], unknown: str = "") -> str:
        """What the cells of a role name, with `;` between; a cell that names nothing known stands
        in note."""
        named: dict[str, None] = {}
        for cell in self.cells[role]:
            names = dict.fromkeys(read(cell.text))
            named |= names
            if not names:
                self.noted.append(cell)
            if unknown and not names:
                self._ask(f"{shown(cell.text)} {unknown}")
        return "; ".join(named)

    def _places(self, text: str) -> list[str]:
        """The places that a text names, where all of it stands in sources of the review."""
        default = self.sources[0] if len(self.sources) == 1 else ""
        parts = [part.strip() for part in text.split(";")]
        return parts if all(place(part, self.sources, default) for part in parts) else []

    def _fact(self, cell: Filled) -> str:
        """What a cell says as a fact of its row; '' where no fact can say it, and the note does."""
        code, value = cell.role, cell.text
        if code in _SEEN:
            yes, no = PATTERNS["yes"].fullmatch(value), PATTERNS["no"].fullmatch(value)
            # That a child was not seen alone is not that it was not seen.
            code = code if yes else "child-not-seen" if no and code == "child-seen" else ""
            if not (yes or no or says_nothing(value)):
                neither = f"{shown(value)} under {shown(cell.head)} says neither yes nor no"
                self._ask(f"{neither}; it stands in note")
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
