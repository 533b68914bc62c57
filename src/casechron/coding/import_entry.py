"""What does one row of a chronology become? A row of `events.csv`, in whose note stands what no
other column holds, and one for each action that answers it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from casechron.coding.cells import is_whole, place
from casechron.coding.characters import shown
from casechron.coding.codebook import codebook
from casechron.coding.import_dates import Dates, clock, is_period
from casechron.coding.import_files import safe, says_nothing
from casechron.coding.import_parties import Agencies
from casechron.coding.items import folded, parted_facts

#: What says outright that a child was seen, or was not; anything else is left to a person.
_YES = re.compile(r"(?:yes|y|seen)\b[^?]*|[✓✔][^?]*", re.IGNORECASE)
_NO = re.compile(r"(?:no|n)(?:[.,;:–-][^?]*)?|(?:child )?not seen\b[^?]*|[✗✘][^?]*", re.IGNORECASE)
_BARE = re.compile(r"yes|y|no|n|[✓✔✗✘]", re.IGNORECASE)
#: What a list marks its lines with.
_BULLET = re.compile(r"^[-–—*•·▪]\s+(?=\S)")
#: The kinds that chronologies name otherwise than the codebook.
_KINDS = {
    "icpc": "icpc",
    "rcpc": "review-conference",
    "nfa": "no-further-action",
    "s47": "section-47",
    "strategy meeting": "strategy-discussion",
}
_SEEN = ("child-seen-alone", "child-spoken-to", "child-seen")
FACTS = (*_SEEN, "child-said", "impact", "outcome")
#: What says what happened where no column does, the likeliest first.
_INSTEAD = ("action", "outcome", "note", "", *FACTS, "professional", "place")


class Filled(NamedTuple):
    """A filled cell: the role and the head of its column, and its text on one line."""

    role: str
    head: str
    text: str

    @property
    def noted(self) -> str:
        """The cell as it stands in a note."""
        return f"{self.head.rstrip(' ?:')}: {self.text}"


class Around(NamedTuple):
    """What the rows of a chronology are read with: the agencies that it names, how it dates, and
    the sources of the review."""

    agencies: Agencies
    dates: Dates
    sources: Sequence[str]


class Entry:
    """A row that is read, with what a person has to decide about it."""

    def __init__(self, cells: Sequence[Filled], around: Around, line: int) -> None:
        self.around = around
        #: The row, and those of the actions.
        self.row: dict[str, str] = {}
        self.actions: list[dict[str, str]] = []
        self.asks: list[str] = []
        #: The cells that went into the note, and those that number rows.
        self.noted: list[Filled] = []
        self.numbers: list[Filled] = []
        self._of: dict[str, list[Filled]] = defaultdict(list)
        for one in cells:
            self._of[one.role].append(one)
        self._read(line)

    def _read(self, line: int) -> None:
        self._dates()
        by = self._by()
        summary = self._of.pop("summary", [])
        if not summary:
            role = next((one for one in _INSTEAD if self._of[one]), None)
            summary = [self._of[role].pop(0)] if role is not None else []
            self.asks.append("no column says what happened; look whether the summary does")
        self._kind(summary, by)
        self.row["summary"] = safe(": ".join(one.text for one in summary)) or "not stated"
        self.row["by"] = "; ".join(by)
        self._actions(by, line)
        self._about()
        self._place()
        facts = [fact for role in FACTS for one in self._of[role] if (fact := self._fact(one))]
        self.row["facts"] = "; ".join(dict.fromkeys(facts))
        for one in self._of["number"]:
            is_number = re.fullmatch(r"\d+\.?", one.text)
            (self.numbers if is_number else self.noted).append(one)
        self.noted += [*self._of["note"], *self._of[""]]
        self.row["note"] = safe("; ".join(one.noted for one in self.noted))

    def _dates(self) -> None:
        """The date, the end and the time."""
        of, dates = self._of, self.around.dates
        for one in of["period"]:
            if period := is_period(one.text):
                dates.begin(period)
            else:
                self.noted.append(one)
        # Where there is no date but a year, that is the date.
        cell = next(iter([*of["date"], *of["period"]]), None)
        found = dates.read(cell.text if cell else "")
        self.row |= {name: safe(text) for name, text in found.cells.items() if text}
        self.asks += filter(None, [found.ask])
        if cell and found.kept:
            self.noted.append(cell)
        for one in of["time"]:
            time = clock(one.text)
            if self.row.setdefault("time", time) != time or not time:
                self.noted.append(one)
        for one in of["until"]:
            begins = self.row.get("date", "")
            end = dates.end(one.text)
            if end and begins not in ("", "?") and not is_whole(begins):
                self.row["date"] = f"{begins}/{end}" if end != begins else begins
            else:
                told = f"the end {shown(one.text)} is not read beside its date; it stands in note"
                self.asks.append(told)
            if one.text != end or not end:
                self.noted.append(one)

    def _by(self) -> list[str]:
        """Whose entry it is, as agencies; a professional of none that is known stands in note."""
        by: dict[str, None] = {}
        for role in ("by", "professional"):
            for one in self._of[role]:
                told = self.around.agencies.of(one.text, new=role == "by")
                if role == "by" or told.whole:
                    by |= dict.fromkeys(told.ids)
                if not told.whole or "(" in one.text:
                    self.noted.append(one)
        return list(by)

    def _kind(self, summary: Iterable[Filled], by: Sequence[str]) -> None:
        """The kind that a cell names outright, where nothing else of the row hangs on it."""
        acted = [one for one in self._of["action"] if not says_nothing(one.text)]
        # Who had which part, and whether an action can answer it, hang on the kind.
        left = bool(by or acted)
        named = ""
        for one in [*self._of["kind"], *summary]:
            code = kind_named(one.text)
            named = named or code
            if one.role == "kind" and (left or code != named or not code):
                self.noted.append(one)
        if named and left:
            who = f"{' and '.join(by)} into by, to or with, as the part was" if by else ""
            told = f"it is headed as the kind {named}; write that, and"
            self.asks.append(f"{told} {who or 'in the row of its action what that answers'}")
        self.row["kind"] = "entry" if left or not named else named

    def _actions(self, by: Sequence[str], line: int) -> None:
        """A row for each action that answers the entry; that its agency acted is a judgement."""
        book = codebook()
        disposes = book.flagged("event_kind", "disposes")
        for one in self._of["action"]:
            if says_nothing(one.text):
                self.noted.append(one)
                continue
            self.row["id"] = f"entry-{line}"
            kind = kind_named(one.text)
            self.actions.append(
                {
                    "kind": kind if kind in disposes else "entry",
                    "summary": safe(one.text),
                    "by": "; ".join(f"{agency} (judged)" for agency in by),
                    "answers": self.row["id"],
                }
            )
        if self.actions and self.row["kind"] in book.flagged("event_kind", "response"):
            # A step is answered by none, so that one of the two kinds is to be decided.
            kind, self.row["kind"] = self.row["kind"], "entry"
            self.asks.append(f"it is headed as the kind {kind}, and has an action that answers it")

    def _about(self) -> None:
        persons: dict[str, None] = {}
        for one in self._of["about"]:
            found = self.around.agencies.person(one.text)
            persons |= dict.fromkeys(found)
            if not found:
                self.noted.append(one)
                self.asks.append(f"{shown(one.text)} is nobody of people.csv; it stands in note")
        self.row["about"] = "; ".join(persons)

    def _place(self) -> None:
        """Where it stands, where the cell names a source of the review."""
        sources = self.around.sources
        default = sources[0] if len(sources) == 1 else ""
        places: dict[str, None] = {}
        for one in self._of["place"]:
            parts = [part.strip() for part in one.text.split(";")]
            if all(place(part, sources, default) for part in parts):
                places |= dict.fromkeys(parts)
            else:
                self.noted.append(one)
        self.row["place"] = "; ".join(places)

    def _fact(self, one: Filled) -> str:
        """What a cell says as a fact of its row; '' where no fact can say it, and the note does."""
        code, value = one.role, one.text
        if code in _SEEN:
            yes, no = _YES.fullmatch(value), _NO.fullmatch(value)
            # That a child was not seen alone is not that it was not seen.
            code = code if yes else "child-not-seen" if no and code == "child-seen" else ""
            if not (yes or no or says_nothing(value)):
                told = f"{shown(value)} under {shown(one.head)} says neither yes nor no; it stands"
                self.asks.append(f"{told} in note")
            value = one.noted if _BARE.fullmatch(value) else value
        # A bracket at the end would be read as what the fact rests on.
        fact = f"{code}: {value}{'.' if value.endswith((')', ';')) else ''}"
        is_one = len(parted_facts(fact, codebook().codes("attribute"))) == 1
        if not code or not is_one or says_nothing(value):
            self.noted.append(one)
            return ""
        return fact


def kind_named(text: str) -> str:
    """The kind of event whose code or label a text is; '' where it says anything else.

    >>> kind_named("Strategy discussion"), kind_named("NFA."), kind_named("Referral by school")
    ('strategy-discussion', 'no-further-action', '')
    """
    return _kinds().get(folded(text.rstrip(".")), "")


@lru_cache(maxsize=1)
def _kinds() -> Mapping[str, str]:
    codes = codebook().codes("event_kind").items()
    return _KINDS | {folded(one): code for code, of in codes for one in (code, of.label)}


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
