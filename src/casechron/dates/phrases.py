"""Which days does a phrase of casework admit, in the sheet's own notation?

One grammar. A rule matches a whole text and hands what it does not read itself to the other rules,
so a word that no rule takes leaves the phrase unread: nothing is dropped. Where a phrase can mean
two things, or says more than a date holds, a person decides. In running text `find_phrases` looks
for what the grammar reads."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from casechron.dates import phrase_rules  # noqa: F401 - it declares rules
from casechron.dates.days import day_text
from casechron.dates.phrase_reader import (
    TABLES,
    WEEKDAYS,
    WHY,
    WORDS_IN_TEXT,
    Decision,
    Groups,
    Missing,
    PhraseDate,
    Reader,
    Unread,
    as_marked,
    context_of,
    grammar,
    meaning_of,
    normal,
    of_sheet,
    one_of_days,
    pattern,
    rule,
    step_of,
    with_patterns,
)
from casechron.dates.windows import day_span

#: Words of the longest phrase that is looked for.
_MOST_WORDS = 15
#: Words that say nothing of when by themselves.
_WEAK = WORDS_IN_TEXT["weak"].union(
    *(re.findall("[a-z]+", form) for form in (*TABLES["rounded"], *TABLES["numbers"]))
) - {"short"}
#: A day of the month that was named before.
_A_DAY = re.compile(r"(?:\w+ )?the \d{1,2}(?:st|nd|rd|th)", re.IGNORECASE)
#: What stands around the year of a thing: 'their 2010 audit'.
_WHOSE = re.compile(r"\b(?:the|their|its|our|his|her|whose|this|that)$", re.IGNORECASE)
_OF_YEAR = re.compile(r"[a-z]{3,}(?<!s)\b")
#: A phrase that is whole alone and says more beside the date before it.
_NARROWED = re.compile(r"(?:later|earlier)\b|.*\b(?:rest|remainder) of\b", re.IGNORECASE)
#: A phrase of what lies before the narrative, which then goes on from where it was.
_LOOKS_BACK = re.compile(
    with_patterns(r"since\b|.*\b(?:{last}|earlier|before|ago)\b"), re.IGNORECASE
)


class PhraseReading(NamedTuple):
    """What a phrase says of when something was.

    `date` is in the notation of the sheet where every word of the phrase is accounted for and one
    thing is meant; '' where it says that there is no date, None where a person has to decide. Then
    `why` says why, `unread` whether a word is not read, and `choices` are the dates to choose from.
    `time` is a time of day (HH:MM); `notes` tell what was taken for granted."""

    date: str | None
    why: str = ""
    choices: tuple[str, ...] = ()
    time: str = ""
    notes: tuple[str, ...] = ()
    unread: bool = False

    @property
    def dates(self) -> tuple[str, ...]:
        """The date that is meant, or those to choose from."""
        return (self.date,) if self.date else self.choices


@rule("clock")
def _clock(reader: Reader, groups: Groups) -> PhraseDate:
    hour, minute = int(groups["hour"]), int(groups["minute"].strip(":.") or 0)
    unit, half_day = groups["unit"].strip(), groups["unit"].strip()[:1] in ("a", "p")
    if not (unit or groups["minute"][:1] in tuple(":.")) or (half_day and hour > 12):
        raise Unread
    hour = hour % 12 + 12 * (unit[0] == "p") if half_day else hour
    if hour > 23 or minute > 59:
        raise Unread
    if groups["second"] == "00" and hour == minute == 0:
        reader.notes.append("it has a midnight that a spreadsheet or a table adds to a date")
    elif not groups["about"] and unit != "o'clock":
        reader.time_of_day = f"{hour:02d}:{minute:02d}"
    if not (groups["rest"] or reader.context):
        raise Missing("its day is missing; a time of day stands in time")
    time = reader.read(groups["rest"]) if groups["rest"] else reader.base("", day=True)
    return time._replace(part=bool(hour or minute))


@rule("part_of_day")
def _part_of_day(reader: Reader, groups: Groups) -> PhraseDate:
    rest = re.sub(
        r"^(?:from )?((?:the )?\d\d?) to (?:the )?(?=\d\d? [a-z])", r"\1-", groups["rest"]
    )
    beside = groups["next"]
    base = reader.base(rest, day=True) if groups["part"] else reader.piece(rest)
    # A time: any number before am or pm, and 9 in the morning; the 9th has more than its number.
    hour = r".*(?<![\d/.-])\d{1,2}" if re.match("[ap] ?m", groups["part"]) else "[1-9]|1[0-2]"
    if (
        base.last > base.first + 1
        or (beside and groups["rest"])
        or re.fullmatch(hour, groups["rest"])
    ):
        raise Unread
    step = step_of(beside)
    dark = groups["part"] in ("night", "overnight", "midnight") and base.first == base.last
    time = one_of_days(base.first + step, base.last + step + dark) if step or dark else base
    return time._replace(part=not dark)


@rule("hedged")
def _hedged(reader: Reader, groups: Groups) -> PhraseDate:
    text = reader.piece(groups["rest"]).text
    for mark, word in (("~", "about"), ("?", "doubt")):
        text = as_marked(text, mark) if groups.get(word) else text
    return PhraseDate(text, whole=True) if text[0] in "[{" and ".." not in text else of_sheet(text)


@rule("no_date")
def _no_date(reader: Reader, groups: Groups) -> PhraseDate:
    meaning = meaning_of("no_dates", groups["all"])
    raise Decision(WHY.get(meaning, meaning))


@rule("throughout")
def _throughout(reader: Reader, groups: Groups) -> PhraseDate:
    period = reader.piece(groups["rest"])
    if "part" in groups:
        part = groups["part"].capitalize() if groups["part"] in WEEKDAYS else "part"
        raise Decision(f"it does not say which {part} of it", period.text)
    return PhraseDate(f"{day_text(period.first)}/{day_text(period.last)}", whole=True)


@rule("open")
def _open(reader: Reader, groups: Groups) -> PhraseDate:
    return PhraseDate(f"{reader.piece(groups['rest']).low()}/..", whole=True)


def _is_a_date(reader: Reader, text: str) -> bool:
    """Whether a text is a date of its own, whose hyphens part nothing."""
    try:
        return bool(reader.piece(text))
    except (Decision, Unread):
        return False


@rule("year_apart")
def _year_apart(reader: Reader, groups: Groups) -> PhraseDate:
    try:
        Reader(None, reader).piece(groups["rest"])
    except Missing:  # a year beside what has none is one date, and its hyphen no 'to'
        time = reader.read(f"{groups['rest']} {groups['year']}")
        if not time.whole:
            return time
    except Decision:
        pass
    raise Unread


@rule("between", "range")
def _between(reader: Reader, groups: Groups) -> PhraseDate:
    text, decision_asked = groups["rest"], None
    if "lasts" in groups and _is_a_date(reader, text):
        raise Unread
    words_first = (
        [" and ", " to "]
        if "both" in groups
        else [" (?:(?:up|right|through|right up) )?(?:to|until|till|through) ", r" ?\.\.+ ?"]
    )
    for sign in (sign for form in (*words_first, " ?- ?") for sign in re.finditer(form, text)):
        left, right = text[: sign.start()], text[sign.end() :]
        within = re.search(r"\d{4}(?:-\d\d)?$", left) and re.match(r"\d\d(?!\d)", right)
        if sign[0] == "-" and within:
            continue
        try:
            first, last = reader.in_order([left, right])
        except Unread:
            continue
        except Decision as decision:
            decision_asked = decision_asked or decision
            continue
        start, end = first.low(), last.high()
        once, span = f"[{start}..{end}]", f"{start}/{end}"
        if groups.get("once"):
            return PhraseDate(once, first.first, last.last)
        if groups.get("lasts"):
            return PhraseDate(span, whole=True)
        raise Decision(WHY["once_or_lasted"], once, span)
    if decision_asked and "lasts" not in groups:
        raise decision_asked
    raise Unread


@rule("bounded")
def _bounded(reader: Reader, groups: Groups) -> PhraseDate:
    base = reader.base(groups["rest"])
    if groups["all"].endswith(".."):
        return PhraseDate(f"[{base.low()}..]", whole=True)
    ends = {"S": base.low(), "E": base.high(), "L": day_text(base.last)}
    forms = meaning_of("bounds", groups["bound"])  # in the letters that its table explains
    if forms in ("B", "A"):
        return PhraseDate(base.beyond(-1 if forms == "B" else 1), whole=True)
    choices = [re.sub("[SEL]", lambda end: ends[end[0]], form) for form in forms.split()]
    if len(choices) > 1:
        raise Decision(WHY["once_or_lasted"], *choices)
    return PhraseDate(choices[0], whole=True)


@rule("several")
def _several(reader: Reader, groups: Groups) -> PhraseDate:
    text, both = groups["rest"], " and " in groups["rest"]
    row = reader.in_order(re.split(" ?, ?(?:and |or )?| and | or | ?/ ?", text))
    if [date.text[0] for date in row] == ["[", "["] and row[0].last + 1 == row[1].first:
        once = f"[{row[0].low()}..{row[1].high()}]"  # two parts that meet
        if not both:
            return PhraseDate(once, row[0].first, row[1].last)
        raise Decision(WHY["once_or_lasted"], once, f"{row[0].low()}/{row[1].high()}")
    if (both and (" or " in text or "/" in text)) or any(date.text[0] in "[{" for date in row):
        raise Unread
    if "/" in text and (len(row) > 2 or row[0].text.count("-") != row[1].text.count("-")):
        raise Unread
    if re.match(r"\d{4}-[\d-]+/", text):
        return PhraseDate(f"{row[0].text}/{row[-1].text}", whole=True)
    inner = ",".join(date.text for date in row)
    if not both and " " in row[0].text and " " in row[-1].text:
        inner = f"{row[0].text}..{row[-1].text}"
    return PhraseDate(f"{{{inner}}}" if both else f"[{inner}]", row[0].first, row[-1].last)


def parse_phrase(
    text: str, anchor: str = "", year: str = "", *, day_first: bool = False
) -> PhraseReading:
    """What a phrase in words says of when something was, in the notation of the sheet.

    The `anchor` is the date beside which the phrase stands, in that notation: a year for one that
    leaves out its year, a day for one that counts from it ('two days later'), or the days
    '[2018-08-01..2018-09-12]' among which that date is. The `year` is that of the narrative, which
    a phrase without one then has, whatever the anchor. `day_first` says that the day stands before
    the month in '3/9/18', as in a British text that no spreadsheet has turned. `ValueError` for an
    anchor that is no single date, and a year that is none of four digits.

    >>> parse_phrase("w/c 27/08/2018").date, parse_phrase("circa May 2018").date
    ('[2018-08-27..2018-09-02]', '2018-05~')
    >>> parse_phrase("two days later", anchor="2018-05-05").date
    '2018-05-07'
    >>> asked = parse_phrase("3/9/18")
    >>> asked.date, asked.choices
    (None, ('2018-09-03', '2018-03-09'))
    >>> parse_phrase("the summer of his birth").why
    "the words 'the summer of his birth' are not read"
    """
    reader = Reader(context_of(anchor or year, year), day_first=day_first)
    plain = normal(text[:200], reader.notes)
    if any(map(pattern("none").fullmatch, (plain, text.strip().lower()))):
        return PhraseReading("")
    try:
        if len(text) > 200:
            raise Unread
        found = PhraseReading(reader.read(plain).text)
    except Decision as asked:
        found = PhraseReading(None, asked.why, asked.choices)
    except Unread:
        order = f"; {WHY['other_event']}" if pattern("order").fullmatch(plain) else ""
        return PhraseReading(None, f"the words '{plain[:60]}' are not read{order}", unread=True)
    return found._replace(time=reader.time_of_day, notes=tuple(reader.notes))


class FoundPhrase(NamedTuple):
    """A phrase in a text: the characters from `start` to `end`, and what it says where it stands;
    `of_event` where it counts from an event that the text names after it."""

    start: int
    end: int
    words: str
    of_event: bool = False


@cache
def _vocabulary() -> frozenset[str]:
    """The words of the patterns of the grammar."""
    vocabulary = set(WORDS_IN_TEXT["short"])
    patterns = [form.pattern for form, _ in grammar()]
    for source in (*patterns, with_patterns("{in}"), with_patterns("{it}"), *TABLES["same"]):
        plain = re.sub(r"\?P<\w+>|\?P=\w+|\\[a-zA-Z]|\[[^\]]*\]", " ", source)
        vocabulary |= {word for word in re.findall("[a-z]+", plain) if len(word) > 1 or word == "a"}
    return frozenset(vocabulary)


def _could_be(token: str, before: str, after: str) -> bool:
    """Whether a word can stand in a phrase, between the two beside it."""
    small = token.lower()
    if small == "fall":  # of a child, far oftener than of a year
        return False
    if small in WORDS_IN_TEXT["with_a_capital"] and not token[0].isupper():
        return False
    by_a_number = before[:1].isdigit() or after[:1].isdigit() or after in (".", "-")
    if small in WORDS_IN_TEXT["by_a_number"] and not by_a_number:
        return False
    if (
        token in WORDS_IN_TEXT["between"]
        or pattern("token_of_a_number").fullmatch(token)
        or pattern("shortened").fullmatch(small)
    ):
        return True
    if small == "c":
        return after == "." or after[:1].isdigit()
    small = re.sub("['\u2019]s?$", "", small)
    return not _vocabulary().isdisjoint((small, small.removesuffix("s"), f"{small}s"))


@lru_cache(maxsize=20_000)
def _rank(text: str) -> int:
    """How much a text says of when: 2 for a date, 1 for what only is a phrase, 0 for all else."""
    plain = normal(text, [])
    weak = all(
        word in _WEAK or re.fullmatch(r"\d{1,3}(?:-\d{1,3})?", word) for word in plain.split()
    )
    if (weak or pattern("no_time").fullmatch(plain)) and not _A_DAY.fullmatch(text):
        return 0
    # In 28 years each day of the year is each day of the week.
    years = range(2018, 1990, -1) if pattern("a_weekday").search(plain) else (2018,)
    for year in years:
        reading = parse_phrase(text, f"{year}-06-01", str(year))
        if reading.dates:
            return 2
    if reading.why == WHY["how_often"]:  # whatever follows that
        return int(bool(pattern("every").fullmatch(plain)))
    return int(reading.date is None and not reading.unread)


def find_phrases(text: str) -> list[FoundPhrase]:
    """The phrases in a sentence or a few that say when, in their order, no two of which overlap:
    one that gives a date goes first, then the longer one.

    >>> phrases = find_phrases("In late May 2018, two days before he left, it may snow.")
    >>> [phrase.words for phrase in phrases]
    ['In late May 2018', 'two days before']
    """
    tokens = list(pattern("token").finditer(text))
    texts = [token[0] for token in tokens]
    beside = zip(texts, ["", *texts], [*texts[1:], ""], strict=False)
    could = [_could_be(token, before, after) for token, before, after in beside]
    spans: list[tuple[int, int, int, int]] = []
    for first, token in enumerate(tokens):
        if not could[first] or texts[first] in WORDS_IN_TEXT["between"]:
            continue
        for last in range(first, min(first + _MOST_WORDS, len(tokens))):
            if not could[last]:
                break
            if texts[last] in WORDS_IN_TEXT["between"]:
                continue
            start, end = token.start(), tokens[last].end()
            rank = _rank(text[start:end])
            if rank and not _is_no_date(text, start, end):
                spans.append((-rank, start - end, start, end))
    taken: list[FoundPhrase] = []
    for _, _, start, end in sorted(spans):
        if all(end <= phrase.start or phrase.end <= start for phrase in taken):
            taken.append(FoundPhrase(start, end, text[start:end], _of_event(text, start, end)))
    # What begins a longer phrase that is read, of which the next is the rest, is none of its own.
    read = {span[2:] for span in spans}
    return sorted(
        phrase
        for phrase in taken
        if not any(
            text[phrase.end : rest.start].isspace() and (phrase.start, rest.end) in read
            for rest in taken
        )
    )


def _is_no_date(text: str, start: int, end: int) -> bool:
    """Whether what reads like a phrase is a number, the year of a law or a verb where it stands."""
    phrase, before, after = text[start:end], text[:start].rstrip(), text[end:].lstrip()
    if (start, end) == (0, len(text)):
        return False
    if pattern("no_date").search(f"{text[:start]}⟦{phrase}⟧{text[end:]}"):
        return True
    if re.fullmatch(r"\d{4}", phrase) and before[-1:] not in ("(", "", "/", "\u2013"):
        return after[:1] != ")" and not (_WHOSE.search(before) and _OF_YEAR.match(after))
    if phrase == "May" and not re.search(r"(?:\b(?:and|or|to)|[,/-])$", before):
        return True
    years = re.findall(r"(?<!\d)\d{4}(?!\d| ?h)", phrase)
    return any(not "1900" <= year <= "2100" for year in years)


def _of_event(text: str, start: int, end: int) -> bool:
    """Whether a phrase counts from an event that is named after it."""
    phrase, after = normal(text[start:end], []), text[end:].lstrip()
    if re.match("into\\b", after):
        return True
    if pattern("to_an_event").fullmatch(phrase):
        return bool(re.match(r"[^\W\d_]", after))
    follows = re.match("(?:of|after|before|from|following|prior|when|that|as)\\b", after)
    return bool(follows) and bool(pattern("of_an_event").fullmatch(phrase))


@lru_cache(maxsize=2_000)
def window_of(reading: PhraseReading) -> tuple[int | None, int | None]:
    """The first and the last day of all that a reading admits; None where that side is open.

    >>> [day and day_text(day) for day in window_of(parse_phrase("since 2016"))]
    ['2016-01-01', None]
    """
    ends = [(window.earliest, window.latest) for window in map(day_span, reading.dates)]
    firsts, lasts = ([window[side] for window in ends] for side in (0, 1))
    return (
        None if None in firsts else min(filter(None, firsts), default=None),
        None if None in lasts else max(filter(None, lasts), default=None),
    )


class Narrative:
    """Reads one phrase after another where it stands: what leaves out its year has that of the date
    before it, and what counts from a date counts from that.

    >>> narrative, phrases = Narrative(), ("May 2018", "late June", "two days later")
    >>> [narrative.read(phrase, 1)[0].date for phrase in phrases]
    ['2018-05', 'late 2018-06', None]
    """

    def __init__(self, anchor: str = "", year: str = "") -> None:
        self.anchor, self.year = anchor, year
        #: In which sentence the date stood, and whether all of it stood there.
        self._at: object = None
        self._stated = False
        #: Whether a date of no or many days came after it: what counts, counts from that.
        self._passed = False

    def read(
        self, phrase: str, sentence: object = None, *, of_event: bool = False
    ) -> tuple[PhraseReading, str]:
        """What a phrase says, and on what that rests: 'stated' where it says all of it itself,
        'derived' with a date of the same sentence, 'judged' with one of a sentence before, or where
        the day is taken to stand before the month."""
        if of_event:
            return PhraseReading(None, WHY["other_event"]), ""
        reading, basis = parse_phrase(phrase, day_first=True), "stated"
        alone = reading.date is not None or reading.choices
        counts = self._passed and WHY["other_event"] in reading.why
        if (not alone or _NARROWED.match(phrase)) and (self.anchor or self.year) and not counts:
            beside = parse_phrase(phrase, self.anchor, self.year, day_first=True)
            if beside.dates:
                same = sentence == self._at and self._stated
                reading, basis = beside, "derived" if same else "judged"
        if WHY["day_first"] in reading.notes:
            basis = "judged"
        first, last = window_of(reading)
        if first is None and last is None:
            return reading, ""
        if not _LOOKS_BACK.match(phrase):
            self._passed = not (first and last and last - first < 366)
            if first and last and not self._passed:
                self.anchor = one_of_days(first, last).text
                self._at, self._stated = sentence, basis != "judged"
        return reading, basis
