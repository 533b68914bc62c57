"""When was it, as a cell of a chronology says? By the one grammar of phrases, with what stands
around the cell: a heading with the year, the row above, and how the file writes its days."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from casechron.coding.cells import is_whole
from casechron.coding.characters import shown
from casechron.coding.phrase_words import MONTHS
from casechron.coding.phrases import parse_phrase
from casechron.coding.rules import FIRST_YEAR

_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})(?:\2(\d{4}|\d{2}))?(?![\d/.-]*\d)")
#: What is counted from the row above.
_FROM_ABOVE = re.compile(
    r"\b(?:same|next|following|later|after|afterwards|that|previous|earlier)\b", re.IGNORECASE
)
_PERIOD = re.compile(r"(?:year:?\s*)?((?:19|20)\d\d)", re.IGNORECASE)
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]?([0-5]\d)\s*(?:h|hrs?|hours)?", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\d-])\d{4}(?!\d)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_GOES_ON = re.compile(r"(?:still )?(?:ongoing|current|present|to date|open)", re.IGNORECASE)
#: Words of a source that a sheet holds, and their letters.
_WORDS, _LONG = 6, 200


class ReadDate(NamedTuple):
    """What the columns of a date hold; `ask` is what a person has to decide, or '', and `kept`
    whether the cell has too many words for `date_words`."""

    cells: dict[str, str]
    ask: str = ""
    kept: bool = False


def is_period(text: str) -> str:
    """The year or the month that a heading names, as a date; '' for any other heading.

    >>> is_period("Year: 2018"), is_period("March 2018"), is_period("Family history")
    ('2018', '2018-03', '')
    """
    text = text.strip(" :.-–")
    if found := _PERIOD.fullmatch(text):
        return found[1]
    if len(text.split()) > 2:
        return ""
    date = parse_phrase(text).date or ""
    return date if re.fullmatch(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])", date) else ""


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
    if found := _CLOCK.fullmatch(text.strip()):
        return f"{int(found[1]):02d}:{found[2]}"
    return parse_phrase(text, "2001-01-01").time


class Dates:
    """Reads the dates of one table after another."""

    def __init__(self, cells: Iterable[str]) -> None:
        found = [
            (int(one[1]), int(one[3]))
            for cell in cells
            for one in _NUMERIC.finditer(cell)
            if one[4]
        ]
        day_first = any(12 < first < 32 and second < 13 for first, second in found)
        month_first = any(12 < second < 32 and first < 13 for first, second in found)
        #: Whether some date shows that the day stands first, and none that the month does.
        self.day_first = day_first and not month_first
        #: Of how many dates the day or the month was taken from others.
        self.turned = 0
        #: How many dates have their year or month from each heading, and their day.
        self.headed: Counter[str] = Counter()
        self.begin()

    def begin(self, period: str = "", day: str = "") -> None:
        """Begin what stands below a heading that names a year or a month, or a day."""
        self.context, self.day, self.above = period, day, ""
        for heading in filter(None, (period, day)):  # it is told of, whatever stands below it
            self.headed[heading] += 0

    def end(self, text: str) -> str:
        """The one date on which something ended, `..` where it still goes on; '' for another."""
        if _GOES_ON.fullmatch(text):
            return ".."
        found = parse_phrase(self._named_months(text) if self.day_first else text, self.context)
        return "" if not found.date or is_whole(found.date) else found.date

    def read(self, text: str) -> ReadDate:
        """The columns of the date of a cell."""
        text = " ".join(text.split())
        if not text and self.day:
            self.headed[self.day] += 1
            return ReadDate({"date": self.day, "date_basis": "derived"})
        if not text:
            above = f"; the row above has {self.above}" if self.above else ""
            told = f"the date is empty{above}: write it, or empty the cell where there is none"
            return ReadDate({"date": "?"}, told) if self.above else ReadDate({})
        plain = self._named_months(text) if self.day_first else text
        basis, found = "", parse_phrase(plain)
        if found.date is None and self.context and not _FROM_ABOVE.search(text):
            beside, of = parse_phrase(plain, self.context), "derived"
            basis, found = (of, beside) if beside.date or beside.choices else ("", found)
        elif found.date is None and _DAY.fullmatch(self.above) and _FROM_ABOVE.search(text):
            beside, of = parse_phrase(plain, self.above), "judged"
            basis, found = (of, beside) if beside.date or beside.choices else ("", found)
        if found.date and any(int(year) < FIRST_YEAR for year in _YEAR.findall(found.date)):
            found = found._replace(date=None, why=f"its year lies before {FIRST_YEAR}; look it up")
        cells = {"date": "?" if found.date is None else found.date, "time": found.time}
        if found.date and basis:
            cells["date_basis"] = basis
        elif found.date and plain != text and _ambiguous(text):
            cells["date_basis"] = "derived"
            self.turned += 1
        if found.date and basis == "derived":
            self.headed[self.context] += 1
        kept = len(text.split()) > _WORDS or len(text) > _LONG
        if text != found.date and not kept:
            cells["date_words"] = text
        self.above = found.date or ""
        if found.date is not None:
            return ReadDate(cells, "", kept)
        ask = f"the date {shown(text)} is still to be read: {found.why}"
        if found.choices:
            ask = f"{ask}; write {' or '.join(found.choices)}"
        return ReadDate(cells, ask, kept)

    def _named_months(self, text: str) -> str:
        """A text with the months of its dates in words, where the day stands first."""

        def named(found: re.Match[str]) -> str:
            day, month = int(found[1]), int(found[3])
            if not (0 < month < 13 and 0 < day < 32) or not (found[4] or found[2] == "/"):
                return found[0]
            return f"{day} {MONTHS[month - 1]} {found[4] or ''}".strip()

        return _NUMERIC.sub(named, text)


def _ambiguous(text: str) -> bool:
    """Whether a date of a text could have its day or its month first."""
    return any(
        int(one[1]) < 13 and int(one[3]) < 13 and one[1] != one[3]
        for one in _NUMERIC.finditer(text)
    )
