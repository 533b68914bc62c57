"""What does one row of a chronology become, and when was it, as its cells say?

A row of `events.csv`, in whose note stands what no other column holds, and one for each action
that answers it. Dates are read by the one grammar of phrases, with what stands around the cell: a
heading with the year, the row above, and how the file writes its days."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import NamedTuple

from casechron.characters import shown
from casechron.coding.cells import MOST_WORDS, is_whole, read_place
from casechron.coding.codebook import codebook
from casechron.coding.import_files import DAY, PATTERNS, WORDS, heading_date
from casechron.coding.import_names import Agencies, safe, says_nothing
from casechron.coding.items import folded, parted_facts
from casechron.coding.messages import say
from casechron.coding.rules import EARLIEST_YEAR
from casechron.dates.edtf import refusal
from casechron.dates.phrases import PhraseReading, parse_phrase
from casechron.dates.windows import DateError, day_span

_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})(?:\2(\d{4}|\d{2}))?(?![\d/.-]*\d)")
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]?([0-5]\d)\s*(?:h|hrs?|hours)?", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\d-])\d{4}(?!\d)")
#: Letters of the words of a source that a sheet holds.
_MOST_LETTERS = 200


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
            self.headed[heading] += 0  # it is listed even with nothing below it

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
            return {"date": "?"}, say("date-empty", above=self.row_above)
        if not text:
            return {}, ""
        basis, reading = "", parse_phrase(text, day_first=self.day_first)
        if reading.unread and is_whole(text):
            with suppress(DateError):  # a set or an open interval, as a coded table has them
                day_span(text)
                reading = PhraseReading(text)
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
        is_short = len(text.split()) <= MOST_WORDS and len(text) <= _MOST_LETTERS
        columns = {
            "date": "?" if reading.date is None else reading.date,
            "time": reading.time,
            "date_basis": basis if reading.date else "",
            "date_words": text if text != reading.date and is_short else "",
        }
        if reading.date is not None:
            return columns, ""
        why = reading.why
        if text.replace(".", "", 1).isdecimal() and reading.unread:
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
#: The roles of cells that say what happened where no cell `summary` does, the likeliest first.
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
        #: The items of columns that list several, none twice.
        self.items: dict[str, dict[str, None]] = {
            column: {} for column in ("by", "about", "place", "facts")
        }
        #: The cells by their role; the one that is the summary is among none.
        self.cells: dict[str, list[Filled]] = defaultdict(list)
        for cell in cells:
            self.cells[cell.role].append(cell)
        self._take(self._period, "period")
        self._read_date()
        self._take(self._time, "time")
        self._take(self._until, "until")
        self._take(self._by, "by", "professional")
        self._read_summary_and_kind()
        self._take(self._action, "action")
        self._take(self._about, "about")
        self._take(self._place, "place")
        self._take(self._fact, *FACTS)
        self._take(lambda cell: bool(re.fullmatch(r"\d+\.?", cell.text)), "number")
        self._take(lambda _: False, "note", "")
        self.row |= {column: "; ".join(items) for column, items in self.items.items()}
        self.row["note"] = safe("; ".join(cell.noted for cell in self.noted))

    def _take(self, take: Callable[[Filled], bool], *roles: str) -> None:
        """Let the cells of some roles be read; one that is not taken whole stands in the note."""
        cells = [cell for role in roles for cell in self.cells[role]]
        self.noted += [cell for cell in cells if not take(cell)]

    def _ask(self, question: str) -> None:
        self.questions.append(f"events.csv line {self.line} ({self.where}): {question}")

    def _period(self, cell: Filled) -> bool:
        period = heading_date(cell.text)
        if is_period := bool(period) and not DAY.fullmatch(period):
            self.dates.begin(period)
        return is_period

    def _read_date(self) -> None:
        # Where there is no date but a year, that is the date.
        cell = next(iter([*self.cells["date"], *self.cells["period"]]), None)
        columns, question = self.dates.read(cell.text if cell else "")
        self.row |= {name: safe(text) for name, text in columns.items() if text}
        if question:
            self._ask(question)
        if cell and cell.text not in columns.values():
            self.noted.append(cell)

    def _time(self, cell: Filled) -> bool:
        time = clock(cell.text)
        return self.row.setdefault("time", time) == time and bool(time)

    def _until(self, cell: Filled) -> bool:
        begins = self.row.get("date", "")
        has_begun = begins not in ("", "?") and not is_whole(begins)
        end = self.dates.end(cell.text) if has_begun else ""
        if not end:
            self._ask(say("end-unread", end=cell.text))
        elif end != begins:
            self.row["date"] = f"{begins}/{end}"
        return cell.text == end

    def _by(self, cell: Filled) -> bool:
        """Whose entry it is, as agencies; a professional of none that is known stands in note."""
        ids, whole = self.agencies.of(cell.text, new=cell.role == "by")
        if cell.role == "by" or whole:
            self.items["by"] |= dict.fromkeys(ids)
        return whole and "(" not in cell.text

    def _read_summary_and_kind(self) -> None:
        """What happened, and the kind that a cell names outright, where nothing else of the row
        depends on it."""
        summary = self.cells.pop("summary", [])
        if not summary:
            others = (cell for role in _INSTEAD_OF_SUMMARY for cell in self.cells[role])
            summary = [cell for cell in others if not says_nothing(cell.text)][:1]
            for cell in summary:
                self.cells[cell.role].remove(cell)
            self._ask("no cell says what happened; look whether the summary does")
        self.row["summary"] = safe(": ".join(cell.text for cell in summary)) or "not stated"
        # The roles of the parties depend on the kind, and so does what an action can answer.
        acted = not all(no_action(cell.text) for cell in self.cells["action"])
        undecided = bool(self.items["by"]) or acted
        self._take(lambda cell: bool(kind_named(cell.text)) and not undecided, "kind")
        kinds = (kind_named(cell.text) for cell in [*self.cells["kind"], *summary])
        kind = next(filter(None, kinds), "")
        if kind and undecided:
            name = "headed-by-agencies" if self.items["by"] else "headed-with-action"
            self._ask(say(name, kind=kind, agencies=" and ".join(self.items["by"])))
        self.row["kind"] = "entry" if undecided else kind or "entry"

    def _action(self, cell: Filled) -> bool:
        """A row for an action that answers the entry; that its agency acted is a judgement."""
        by, action = list(self.items["by"]), cell.text
        if no_action(cell.text):
            if not says_nothing(cell.text):
                self._ask(say("no-action", action=action, head=cell.head))
            return False
        kind = kind_named(cell.text)
        if decides := kind in codebook().flagged("event_kind", "disposes"):
            name = "decision-as-judged" if by else "decision-of-nobody"
            self._ask(say(name, action=action, agencies=" and ".join(by), kind=kind))
        self.row["id"] = f"entry-{self.line}"
        self.actions.append(
            {
                "kind": kind if by and decides else "entry",
                "summary": safe(cell.text),
                "by": "; ".join(f"{agency} (judged)" for agency in by),
                "answers": self.row["id"],
            }
        )
        return True

    def _about(self, cell: Filled) -> bool:
        persons = self.agencies.persons(cell.text)
        self.items["about"] |= dict.fromkeys(persons)
        if not persons:
            self._ask(f"{shown(cell.text)} is nobody of people.csv; it stands in note")
        return bool(persons)

    def _place(self, cell: Filled) -> bool:
        """Where it stands, where the cell names a source of the review."""
        default = self.sources[0] if len(self.sources) == 1 else ""
        parts = [part.strip() for part in cell.text.split(";")]
        are_places = all(read_place(part, self.sources, default) for part in parts)
        self.items["place"] |= dict.fromkeys(parts if are_places else ())
        return are_places

    def _fact(self, cell: Filled) -> bool:
        """What a cell says as a fact of its row, where a fact can say it."""
        code, value = cell.role, cell.text
        if code in _SEEN:
            yes, no = PATTERNS["yes"].fullmatch(value), PATTERNS["no"].fullmatch(value)
            # That a child was not seen alone is not that it was not seen.
            code = code if yes else "child-not-seen" if no and code == "child-seen" else ""
            if not (yes or no or says_nothing(value)):
                self._ask(say("neither-yes-nor-no", value=value, head=cell.head))
            value = cell.noted if PATTERNS["yes_or_no"].fullmatch(value) else value
        # A bracket at the end would be read as what the fact rests on.
        fact = f"{code}: {value}{'.' if value.endswith((')', ';')) else ''}"
        is_one = len(parted_facts(fact, codebook().codes("attribute"))) == 1
        is_fact = bool(code) and is_one and not says_nothing(value)
        self.items["facts"] |= dict.fromkeys([fact] if is_fact else ())
        return is_fact


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
    return _KINDS.get(folded(text), "")


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
