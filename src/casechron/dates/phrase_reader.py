"""How is a phrase taken apart, piece by piece? The words and patterns of `phrases.toml`, the dates
of which a phrase is made, what it leaves to where it stands, and what has to be decided."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable
from difflib import get_close_matches
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from casechron.dates.days import MEAN_MONTH, date_of, day_number, day_text, month_length
from casechron.dates.edtf import Refusal, window
from casechron.dates.policy import DatingPolicy

_DECLARED = tomllib.loads(Path(__file__).with_name("phrases.toml").read_text(encoding="utf-8"))


@cache
def _pattern_text(name: str) -> str:
    """A pattern by its name, or all forms of a table as one."""
    declared = _DECLARED["patterns"].get(name) or _DECLARED["tables"][name]
    return with_patterns(_one_line(declared if isinstance(declared, str) else "|".join(declared)))


def _one_line(text: str) -> str:
    """A pattern without the ends of its lines and the blanks before them."""
    return "".join(line.lstrip() for line in text.splitlines())


def with_patterns(text: str) -> str:
    """A pattern with those that it names, such as `{month}`, in place of their names.

    >>> with_patterns("the {now}")
    'the (?:the )?(?:present|ongoing|date|now|current|today)'
    """
    return re.sub(r"\{([a-z_]+)\}", lambda match: _pattern_text(match[1]), text)


@cache
def pattern(name: str) -> re.Pattern[str]:
    """A pattern by its name, or all forms of a table as one."""
    return re.compile(_pattern_text(name))


def is_from_print(text: str) -> bool:
    """Whether a newspaper counts a phrase from the day on which it is printed.

    >>> is_from_print("in April last year"), is_from_print("in the last year")
    (True, False)
    """
    return bool(pattern("from_print").fullmatch(text.lower()))


#: The tables of the vocabulary: what each form means.
TABLES: dict[str, dict[str, Any]] = {
    name: {
        with_patterns(form): with_patterns(meaning) if isinstance(meaning, str) else meaning
        for form, meaning in table.items()
    }
    for name, table in _DECLARED["tables"].items()
}
WORDS_IN_TEXT = {name: frozenset(words.split()) for name, words in _DECLARED["words"].items()}
#: Why a person decides.
WHY: dict[str, str] = _DECLARED["reasons"]
MONTHS: list[str] = _DECLARED["patterns"]["month"]
WEEKDAYS: list[str] = _DECLARED["patterns"]["weekday"]
UNIT_DAYS = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "week": 7.0}
UNIT_DAYS |= {"month": MEAN_MONTH, "year": 12 * MEAN_MONTH}
_HALF_A_YEAR = 182.5
_SIGNS = str.maketrans({sign: plain for signs, plain in TABLES["signs"].items() for sign in signs})


class Decision(Exception):
    """A person has to decide, and between which dates."""

    def __init__(self, why: str, *choices: str) -> None:
        super().__init__(why)
        self.why, self.choices = why, choices


class Missing(Decision):
    """The phrase leaves out its year, its month or what it counts from."""


class Named(Decision):
    """A name of some days, of which each choice says more or less the same."""

    def days(self) -> PhraseDate:
        """One of all days that its choices admit."""
        days = [of_sheet(re.sub("[,/]", "..", choice)) for choice in self.choices]
        return one_of_days(min(day.first for day in days), max(day.last for day in days))


class Unread(Exception):
    """A piece of the phrase that no rule takes."""


class PhraseDate(NamedTuple):
    """A date in the notation of the sheet, its first and its last day. A `whole`
    one (an interval, an open set) is not a part of any other date; of a `part` of a day, what lies
    before or after it can lie on that day."""

    text: str
    first: int = 0
    last: int = 0
    whole: bool = False
    part: bool = False

    @property
    def days(self) -> tuple[int, int]:
        """Its first and its last day."""
        return self.first, self.last

    def low(self) -> str:
        """The date with which an interval or a set begins with it."""
        return day_text(self.first) if self.text[0] in "[{" else self.text

    def high(self) -> str:
        """The date with which an interval or a set ends with it."""
        return day_text(self.last) if self.text[0] in "[{" else self.text

    def beyond(self, step: int) -> str:
        """All before (-1) or after (1) it; where one of its days is meant, all that can be so."""
        if step < 0 and re.fullmatch(r"(?:\w+ )?\d{4}-24[~?%]?", self.text):
            ends = (f"[..{date_of(self.first)[0] - back}-11]" for back in (1, 0))
            raise Decision("a winter is named by the year of its beginning or of its end", *ends)
        loose = self.text[0] in "[{" or self.text[-1] in "~?%"
        day = (self.last if loose == (step < 0) else self.first) + step * (not self.part)
        part, _, whole = self.text.rpartition(" ")
        edge = day_text(day)
        if re.fullmatch(r"\d{4}(?:-(?:0\d|1[0-2]))?", whole) and (not part or "-" in whole):
            edge = edge[: len(whole)]
            if part and edge == whole:
                edge = f"{('early', 'mid', 'late')[min(date_of(day)[2] - 1, 29) // 10]} {edge}"
        return f"[..{edge}]" if step < 0 else f"[{edge}..]"


class Context(NamedTuple):
    """Where a phrase stands: the year and the month that it may leave out (0 for none), the first
    and last day of what it may count from (0 for nothing), and whether the year is stated as that
    of the narrative, so that it is not asked for."""

    year: int
    month: int = 0
    first: int = 0
    last: int = 0
    year_stated: bool = False


def context_of(anchor: str, stated_year: str) -> Context | None:
    """Where a phrase stands, beside an anchor and in the year of the narrative."""
    if stated_year and not re.fullmatch(r"\d{4}", stated_year):
        raise ValueError(f"'{stated_year}' is no year; write four digits")
    if not anchor:
        return None
    try:
        between = re.fullmatch(r"\[([^\]]+)\.\.([^\]]+)\]", anchor)
        ends = between.groups() if between else (anchor, anchor)
        first, last = (window(end, DatingPolicy()) for end in ends)
    except Refusal as refused:
        raise ValueError(
            f"'{anchor}' is no date to count from: {refused.problem}; {refused.write}"
        ) from None
    year, month, _ = date_of(first.earliest)
    one_month = date_of(last.latest)[:2] == (year, month)
    year_of_narrative = int(stated_year) if stated_year else year
    return Context(
        year_of_narrative, month if one_month else 0, first.earliest, last.latest, bool(stated_year)
    )


def of_sheet(text: str) -> PhraseDate:
    """A single date, which the sheet reads itself, or one of the days between two."""
    try:
        first, _, last = text.strip("[]").partition("..")
        earliest_part = window(first, DatingPolicy())
        return PhraseDate(
            text, earliest_part.earliest, window(last or first, DatingPolicy()).latest
        )
    except Refusal:
        raise Unread(text) from None


def one_of_days(first: int, last: int | None = None) -> PhraseDate:
    """One of the days from the first to the last, or a single day."""
    if last in (None, first):
        return PhraseDate(day_text(first), first, first)
    return PhraseDate(f"[{day_text(first)}..{day_text(last)}]", first, last)


def a_day(year: int, month: int, day: int, weekday: str = "") -> PhraseDate:
    """A day of the calendar, which may be said to be a certain weekday."""
    if not 1 <= month <= 12:
        like = f"{year:04d}-12-{min(max(day, 1), 31):02d}"
        raise Decision(f"there is no month {month} ('{like}' is of December); look it up", like[:4])
    if not 1 <= day <= month_length(year, month):
        short = f"{year:04d}-{month:02d}"
        raise Decision(f"{short} has no day {day}; look it up", short)
    number = day_number(year, month, day)
    if weekday not in ("", true := weekday_of(number)):
        slip = f"{day_text(number)} was a {true.capitalize()}, so its weekday or its day is a slip"
        raise Decision(f"{slip}; look it up", day_text(number))
    return one_of_days(number)


def weekday_of(day: int) -> str:
    """The name of the weekday of a day."""
    return WEEKDAYS[(day - 1) % 7]


def period_of(unit: str, day: int) -> tuple[int, int]:
    """The first and last day of the calendar's week, month or year in which a day lies."""
    year, month, _ = date_of(day)
    if unit == "year":
        return day_number(year), day_number(year + 1) - 1
    if unit == "month":
        return day_number(year, month), day_number(year, month) + month_length(year, month) - 1
    monday = day - (day - 1) % 7
    return (monday, monday + 6) if unit == "week" else (day, day)


def side_left_open(time: PhraseDate, first: int, last: int) -> int:
    """On which side of some days the next or the last of what comes every year is as possible as
    this one, which has their year: 1 after them, where this one lies before; -1 before them, where
    that is nearer, as the winter before a March; 0 where this one is meant.

    >>> march = of_sheet("2015-03")
    >>> others = map(of_sheet, ("2015-24", "2015-22", "2015-02"))
    >>> [side_left_open(other, *march.days) for other in others]
    [-1, 0, 1]
    """
    ahead = (time.first + time.last - first - last) / 2
    if time.last < first or ahead < -_HALF_A_YEAR:
        return 1
    return -1 if ahead > _HALF_A_YEAR else 0


def as_marked(text: str, mark: str) -> str:
    """The text with a mark ('~' or '?') at every date; a date with both has '%'."""

    def with_mark(date: re.Match[str]) -> str:
        return date[1] + (mark if date[2] in ("", mark) else "%")

    return re.sub(r"(\d{4}(?:-\d\d){0,2}(?![\d-]))([~?%]?)", with_mark, text)


#: Pieces that are tried before a text is given up; phrases of casework need up to a dozen.
MOST_PIECES = 120
Groups = dict[str, str]
ReadsText = Callable[["Reader", Groups], PhraseDate]
#: What reads the texts of a rule, by its name.
_READS: dict[str, ReadsText] = {}


def rule(*names: str) -> Callable[[ReadsText], ReadsText]:
    """Declares what reads the texts of the rules of these names."""

    def add(reads: ReadsText) -> ReadsText:
        _READS.update(dict.fromkeys(names, reads))
        return reads

    return add


@cache
def grammar() -> list[tuple[re.Pattern[str], ReadsText]]:
    """The patterns of the grammar in their order, and what reads a text that one of them matches
    whole."""
    return [
        (re.compile(with_patterns(_one_line(form))), _READS[name])
        for name, forms in _DECLARED["rules"].items()
        for form in (TABLES[forms] if isinstance(forms, str) else forms)
    ]


class Reader:
    """Reads the pieces of one phrase where it stands."""

    def __init__(
        self, context: Context | None, whole: Reader | None = None, *, day_first: bool = False
    ) -> None:
        self.context, self.time_of_day = context, ""
        self.day_first: bool = whole.day_first if whole else day_first
        self.notes: list[str] = whole.notes if whole else []
        self.pieces: list[str] = whole.pieces if whole else []
        #: Why the days of a name within the phrase are not certain, as those of a school term.
        self.doubts: list[str] = whole.doubts if whole else []

    def read(self, text: str) -> PhraseDate:
        """The date that a text says, by the first rule that reads it."""
        self.pieces.append(text)
        if len(self.pieces) > MOST_PIECES:
            raise Decision("its words are too many, so that they are not read")
        prefix = pattern("in").match(text)
        for form, reads in grammar():
            for whole in dict.fromkeys((text, text[prefix.end() :] if prefix else text)):
                if match := form.fullmatch(whole):
                    noted, time = len(self.notes), self.time_of_day
                    try:
                        read = reads(self, match.groupdict("") | {"all": whole})
                    except Unread:
                        del self.notes[noted:]
                        self.time_of_day = time
                        continue
                    if self.doubts and "/" in read.text:  # what lasts begins and ends on its days
                        raise Decision(self.doubts[-1], read.text)
                    return read
        raise Unread(text)

    def piece(self, text: str) -> PhraseDate:
        """The date of a piece that has a first and a last day, for phrases that build on it."""
        text = text.strip(" ,")
        unit_alone = text.removeprefix("the ") in ("day", "week", "month", "year")
        try:  # 'the end of the month' is of the one named before
            time = self.read(f"that {text.removeprefix('the ')}" if unit_alone else text)
        except Missing:
            raise
        except Named as named:
            self.doubts.append(named.why)
            return named.days()
        except Decision as asked:
            raise Decision(asked.why) from asked  # its choices are none of the whole phrase
        if time.whole:
            raise Unread(text)
        return time

    def year(self, written: str, build: Callable[[int], PhraseDate]) -> PhraseDate:
        """The date that `build` gives for the written year, or for the year of the context."""
        if written:
            year = int(written.strip("'"))
            return build(year + (1900 if year > 49 else 2000) * (len(written.strip("'")) == 2))
        if not self.context:
            raise Missing("its year is missing; look it up")

        def at(year: int) -> tuple[PhraseDate, tuple[str, ...], Named | None]:
            try:
                time = build(year)
            except Named as named:
                return named.days(), named.choices, named
            return time, (time.text,), None

        time, choices, named = at(self.context.year)
        _, _, first, last, year_stated = self.context
        if first and not year_stated and (step := side_left_open(time, first, last)):
            try:
                beside = at(self.context.year + step)[1]
            except Decision:  # that year has no such day
                return time
            why = WHY["either_side"] + (f", and {named.why}" if named else "")
            raise Decision(why, *(choices + beside if step > 0 else beside + choices))
        if named:
            raise named
        return time

    def base(self, text: str, *, day: bool = False) -> PhraseDate:
        """The date that a phrase counts from: the one that it names, or that of the context."""
        if text and not pattern("it").fullmatch(text):
            # A night and a weekend have two days; Christmas and New Year count from the day itself.
            text = re.sub(r"^(?:the )?(\d\d?) ?- ?(?=\d\d? [a-z])", r"\1/", text)
            return self.piece(re.sub(r"(christmas|new year)(?= \d|$)", r"\1 day", text))
        if not self.context or not self.context.first:
            raise Missing(WHY["other_event"])
        if day and self.context.first != self.context.last:
            raise Decision("the day that it counts from is not known")
        return one_of_days(*self.context[2:4])

    def in_order(self, texts: list[str]) -> list[PhraseDate]:
        """Dates in order, each of which may leave its year or its month to the one beside it."""
        dates: list[PhraseDate | None] = []
        for text in texts:
            try:
                dates.append(Reader(None, self).piece(text))
            except Missing:
                dates.append(None)
        if not any(dates):
            dates[-1] = self.piece(texts[-1])
        # First from the last date to the first, then back.
        pairs = list(pairwise(range(len(texts))))
        for place, next_to in (*reversed(pairs), *((later, earlier) for earlier, later in pairs)):
            if not dates[place] and (neighbour := dates[next_to]):
                dates[place] = self.beside(texts[place].strip(), neighbour, place - next_to)
        known = [date for date in dates if date]
        for earlier, later in pairwise(known):
            first, last = (
                of_sheet(end.text.rstrip("~?%")) if end.text[-1] in "~?%" else end
                for end in (earlier, later)
            )
            if first.first > last.last:
                raise Decision(f"{earlier.low()} lies after {later.high()}; look both up")
        return known

    def beside(self, text: str, neighbour: PhraseDate, step: int) -> PhraseDate:
        """A date that stands before (-1) or after (1) one that has its year or month."""
        if re.fullmatch(r"\d{4}", neighbour.text):
            raise Unread(text)
        year, month, _ = date_of(neighbour.first)
        months = 12 * year + month - 1
        for in_months in (months, months + step * (1 if text.isdigit() else 12)):
            context = Context(in_months // 12, in_months % 12 + 1)
            try:
                time = Reader(context, self).piece(text)
            except Missing:  # the later one can count from the earlier: 'in May and a day later'
                if step < 0:
                    raise
                context = context._replace(first=neighbour.first, last=neighbour.last)
                return Reader(context, self).piece(text)
            if (time.first - neighbour.last) * step >= 0:
                break
        return time


def normal(text: str, notes: list[str]) -> str:
    """The text in small letters and plain signs, months and weekdays written out."""
    plain, noted = _normal(text)
    notes += noted
    return plain


@lru_cache(maxsize=20_000)
def _normal(text: str) -> tuple[str, tuple[str, ...]]:
    """That of one text, which is read beside many years, and what is noted of it."""
    notes: list[str] = []
    text = unicodedata.normalize("NFKC", text).lower().translate(_SIGNS)
    text = re.sub(r"(?<=[0-9]) ?(?:st|nd|rd|th)\b", "", text)
    text = re.sub(r"(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[a-z])", " ", text)
    text = re.sub(r"(?<=[a-z])\.(?!\.)|(?<!\.)\.(?=[a-z])|(?<=[^.])[.;:](?= |$)", " ", text)
    text = re.sub(r"(?<=[a-z]) ?- ?| ?- ?(?=[a-z])", " - ", text)
    text = re.sub(r" ?, ?", " , ", text)
    text = re.sub(r" ?/ ?", "/", text)
    text = re.sub("[a-z']+", lambda word: _word(word[0], notes), text)
    for form, plain in TABLES["same"].items():
        text = re.sub(form, plain, text)
    return pattern("joined").sub(r"\1 ", " ".join(text.split())).strip(" ,'"), tuple(notes)


def _word(word: str, notes: list[str]) -> str:
    if plain := TABLES["alike"].get(word):
        return str(plain)
    for names in (MONTHS, WEEKDAYS):
        for name in names:
            if len(word) > 2 and name.startswith(word):
                return name
    if len(word) > 4 and word.removesuffix("s") not in WEEKDAYS:
        names = [*MONTHS, *WEEKDAYS]
        near = get_close_matches(word, names, 2, 0.83)
        if len(near) == 1 and abs(len(near[0]) - len(word)) < 2:
            notes.append(f"'{word}' is read as {near[0].capitalize()}")
            return near[0]
    return word


def counts_back(groups: Groups) -> bool:
    """Whether a phrase counts back: 'earlier', 'before', 'previous', not 'later', 'after'."""
    return step_of(groups.get("way") or groups.get("next") or "") < 0


def step_of(word: str) -> int:
    """-1 for what counts back, such as 'previous', 0 for 'that' or 'the same', 1 for all else."""
    if word in ("", "that", "this", "same"):
        return 0
    return -1 if pattern("back").match(word) else 1


def meaning_of(table: str, text: str) -> Any:
    """What a table has for a text that one of its forms matches whole."""
    return next(meaning for form, meaning in TABLES[table].items() if re.fullmatch(form, text))


def number_of(groups: Groups) -> tuple[float, float, str]:
    """How many of a unit, the least and the most."""
    lowest, highest = (
        float(TABLES["numbers"].get(number) or number) + (0.5 if groups.get("half") else 0)
        for number in (groups["number"] or "a", groups.get("up_to") or groups["number"] or "a")
    )
    times, unit = {"fortnight": (2, "week"), "decade": (10, "year")}.get(
        groups["unit"], (1, groups["unit"])
    )
    return times * lowest, times * highest, unit
