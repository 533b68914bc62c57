"""Where in a running text does it say when? The phrases that the grammar reads, found among other
words, each read where it stands in the narrative."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from casechron.dates import phrase_words as words
from casechron.dates.days import day_text
from casechron.dates.phrase_reader import GRAMMAR, normal
from casechron.dates.phrases import PhraseReading, parse_phrase
from casechron.dates.windows import day_span

#: Words of the longest phrase that is looked for.
_MOST = 15
_TOKEN = re.compile(
    r"[wW]/[cCbBeE]\b|[aApP]\.[mM]\b\.?|[^\W\d_]+\d\w*|\d+(?:[./:]\d+)*(?:st|nd|rd|th|s|am|pm|h|hrs?)?(?!\w)|\d\w*"
    r"|[^\W\d_]+(?:['\u2019][^\W\d_]+)?|\S"
)
_NUMBER = re.compile(r"\d+(?:[./:]\d+)*(?:st|nd|rd|th|s|am|pm|h|hrs?)?")
_SHORTENED = re.compile(r"[ap]\.m\.?|q[1-4]|w/?[cbe]|c\d{4}|o['\u2019]clock").fullmatch
_BETWEEN = frozenset(",-\u2010\u2011\u2012\u2013\u2014/&'\u2019().")
_SHORT = (
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed weds thu thur thurs fri sat"
    " sun xmas am pm st nd rd th"
)
#: Common words that are months and weekdays only with a capital letter.
_CAPITAL = frozenset(["may", "march", "mar", "sat", "sun", "wed", "mon", "jan"])
_BY_A_NUMBER = frozenset(["mar", "sat", "sun", "wed", "mon", "jan"])
#: Words that say nothing of when by themselves, and forms that do so in a cell of dates alone.
_WEAK = (
    "in on at during over of the either both and or to from by until since before after between up"
    " within for not first second third last next - , / "
) + " ".join([*words.ROUNDED, *words.NUMBERS])
_WEAK_WORDS = frozenset(re.findall(r"[a-z]+|[-,/]", _WEAK)) - {"short"}
_NO_TIME = re.compile(
    rf"(?:the )?(?:morning|afternoon|evening|night|noon|midday)s?|[ap] ?m|(?:(?:a|an|one|another"
    rf"|the) )?(?:{words.UNIT})s?|once|twice|(?!recent)\w+ly|then|over time|(?:(?:in|of|over) )?"
    rf"(?:the )?(?:recent )?(?:time|point|stage|period|past|present|date|dated|current|ongoing"
    rf"|later)|this (?:time|point|stage)|(?:the )?last day|(?:to|at) (?:present|date)"
    rf"|(?:from|by|to|since|until|of) (?:this|that)|(?:not|never) (?!until|before|long).+"
    rf"|\d{{1,2}}[.]\d\d|\d{{1,2}}/\d{{1,2}}|.+ , (?:to|until|from) .+"
    r"|.+ (?:the|an?|and|or|of|in|at|during|over|with|until|between|for|(?<!prior )(?<!up )to)"
)
_A_WEEKDAY = re.compile(rf"\d.*\b(?:week|weekend|{words.W})\b|\b(?:week|weekend|{words.W})\b.*\d")
#: A day of the month that was told before.
_A_DAY = re.compile(r"(?:\w+ )?the \d{1,2}(?:st|nd|rd|th)", re.IGNORECASE)
#: What follows a phrase that counts from an event which the text names there.
_TO_AN_EVENT = re.compile(f"(?:.* )?(?:{words.SIDE})")
_OF_AN_EVENT = re.compile(f"within .*|{words.IN.pattern}?(?:{words.THEN})")
_LAWS = r"\b(?:acts?|regulations|together|order|rules|guidance|code)"
#: Where what reads like a phrase, here in brackets, is none: as a part of a number or the number of
#: a paragraph; where only the second of two prepositions is one of the phrase, 'it went on [over a
#: year]'; where a number before it or a word after it is one of it; as the year of a law; and where
#: it is oftener a part of a name or of another word than a time.
_NO_DATE = re.compile(
    r"\d[-\u2013/]⟦|⟧[-\u2013/]\d|^\s*⟦\d+\.\d+(?:\.\d+)?[ ⟧]"
    r"|⟦(?i:in|on|at|of|over) (?i:in|on|at(?! least)|of|over|for|from|by|since|until|between|before"
    r"|after|within|throughout|during) |\b[Ff]or\s*⟦[^⟧]* from\b"
    rf"|\b(?:{words.NUMBER}|working)\s*⟦(?:{words.UNIT})s? |(?i:⟦by the time| since)⟧\s*\w"
    rf"|(?i:{_LAWS}) ?\(?\s*⟦\d{{4}}\b|⟦(?:[Tt]he )?\d{{4}}⟧\s*(?i:{_LAWS})\b"
    rf"|⟦(?i:{words.W}|spring|summer|autumn|winter|weekends?|christmas|easter|half[- ]term)⟧"
).search
#: What stands around the year of a thing: 'their 2010 audit'.
_WHOSE = re.compile(r"\b(?:the|their|its|our|his|her|whose|this|that)$", re.IGNORECASE)
_OF_YEAR = re.compile(r"[a-z]{3,}(?<!s)\b")
#: A phrase that is whole alone and says more beside the date before it.
_NARROWED = re.compile(r"(?:later|earlier)\b|.*\b(?:rest|remainder) of\b", re.IGNORECASE)
#: A phrase of what lies before what is told, which goes on from where it was.
_LOOKS_BACK = re.compile(rf".*\b(?:{words.LAST}|earlier|before|ago)\b", re.IGNORECASE)


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
    vocabulary = set(_SHORT.split())
    patterns = [pattern.__self__.pattern for pattern, _ in GRAMMAR]  # type: ignore[attr-defined]
    for source in (*patterns, words.IN.pattern, words.IT, *words.SAME):
        plain = re.sub(r"\?P<\w+>|\?P=\w+|\\[a-zA-Z]|\[[^\]]*\]", " ", source)
        vocabulary |= {word for word in re.findall("[a-z]+", plain) if len(word) > 1 or word == "a"}
    return frozenset(vocabulary)


def _could_be(token: str, before: str, after: str) -> bool:
    """Whether a word can stand in a phrase, between the two beside it."""
    small = token.lower()
    if small == "fall":  # of a child, far oftener than of a year
        return False
    if small in _CAPITAL and not token[0].isupper():
        return False
    by_a_number = before[:1].isdigit() or after[:1].isdigit() or after in (".", "-")
    if small in _BY_A_NUMBER and not by_a_number:
        return False
    if token in _BETWEEN or _NUMBER.fullmatch(token) or _SHORTENED(small):
        return True
    if small == "c":
        return after == "." or after[:1].isdigit()
    small = re.sub("['\u2019]s?$", "", small)
    return not _vocabulary().isdisjoint((small, small.removesuffix("s"), f"{small}s"))


@lru_cache(maxsize=20_000)
def _reads(text: str) -> int:
    """2 for a text that gives a date where it stands, 1 for one that only is a phrase, else 0."""
    plain = normal(text, [])
    weak = all(
        word in _WEAK_WORDS or re.fullmatch(r"\d{1,3}(?:-\d{1,3})?", word) for word in plain.split()
    )
    if (weak or _NO_TIME.fullmatch(plain)) and not _A_DAY.fullmatch(text):
        return 0
    # What has to be a certain weekday is one in some year.
    years = range(2018, 2011, -1) if _A_WEEKDAY.search(plain) else (2018,)
    for year in years:
        reading = parse_phrase(text, f"{year}-06-01", str(year))
        if reading.dates:
            return 2
    if "how often" in reading.why:  # whatever follows that
        return int(bool(re.fullmatch(words.EVERY, plain)))
    return int(reading.date is None and "not read" not in reading.why)


def find_phrases(text: str) -> list[FoundPhrase]:
    """The phrases in a text that say when, in their order.

    Of phrases that overlap, one that gives a date goes first, then the longer one.

    Parameters
    ----------
    text : str
        A sentence or a few, as they stand in a source.

    Returns
    -------
    list of FoundPhrase
        The phrases, no two of which overlap.

    Examples
    --------
    >>> [
    ...     one.words
    ...     for one in find_phrases("In late May 2018, two days before he left, it may snow.")
    ... ]
    ['In late May 2018', 'two days before']
    """
    tokens = list(_TOKEN.finditer(text))
    texts = [token[0] for token in tokens]
    beside = zip(texts, ["", *texts[:-1]], [*texts[1:], ""], strict=True) if texts else ()
    could = [_could_be(*three) for three in beside]
    spans: list[tuple[int, int, int, int]] = []
    for first, token in enumerate(tokens):
        if not could[first] or texts[first] in _BETWEEN:
            continue
        for last in range(first, min(first + _MOST, len(tokens))):
            if not could[last]:
                break
            if texts[last] in _BETWEEN:
                continue
            start, end = token.start(), tokens[last].end()
            how = _reads(text[start:end])
            if how and not _is_no_date(text, start, end):
                spans.append((-how, start - end, start, end))
    taken: list[FoundPhrase] = []
    for _, _, start, end in sorted(spans):
        if all(end <= phrase.start or phrase.end <= start for phrase in taken):
            taken.append(FoundPhrase(start, end, text[start:end], _of_event(text, start, end)))
    return sorted(taken)


def _is_no_date(text: str, start: int, end: int) -> bool:
    """Whether what reads like a phrase is a number, the year of a law or a verb where it stands."""
    phrase, before, after = text[start:end], text[:start].rstrip(), text[end:].lstrip()
    if (start, end) == (0, len(text)):
        return False
    if _NO_DATE(f"{text[:start]}⟦{phrase}⟧{text[end:]}"):
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
    if _TO_AN_EVENT.fullmatch(phrase):
        return bool(re.match(r"[^\W\d_]", after))
    follows = re.match("(?:of|after|before|from|following|prior|when|that|as)\\b", after)
    return bool(follows) and bool(_OF_AN_EVENT.fullmatch(phrase))


@lru_cache(maxsize=2_000)
def window_of(found: PhraseReading) -> tuple[int | None, int | None]:
    """The first and the last day of all that a reading admits; None where that side is open.

    >>> [day and day_text(day) for day in window_of(parse_phrase("since 2016"))]
    ['2016-01-01', None]
    """
    ends = [(window.earliest, window.latest) for window in map(day_span, found.dates)]
    firsts, lasts = ([window[side] for window in ends] for side in (0, 1))
    return (
        None if None in firsts else min(filter(None, firsts), default=None),
        None if None in lasts else max(filter(None, lasts), default=None),
    )


class Narrative:
    """Reads one phrase after another where it stands: what leaves out its year has that of the date
    before it, and what counts from a date counts from that.

    >>> told = Narrative()
    >>> [told.read(one, 1)[0].date for one in ("May 2018", "late June", "two days later")]
    ['2018-05', 'late 2018-06', None]
    """

    def __init__(self, anchor: str = "", year: str = "") -> None:
        self.anchor, self.year = anchor, year
        #: In which sentence the date stood, and whether all of it stood there.
        self._at: object = None
        self._stated = False

    def read(
        self, phrase: str, sentence: object = None, *, of_event: bool = False
    ) -> tuple[PhraseReading, str]:
        """What a phrase says, and on what that rests: 'stated' where it says all of it itself,
        'derived' with a date of the same sentence, 'judged' with one of a sentence before, or where
        the day is taken to stand before the month."""
        if of_event:
            return PhraseReading(None, words.OTHER_EVENT), ""
        reading, basis = parse_phrase(phrase, day_first=True), "stated"
        alone = reading.date is not None or reading.choices
        if (not alone or _NARROWED.match(phrase)) and (self.anchor or self.year):
            beside = parse_phrase(phrase, self.anchor, self.year, day_first=True)
            if beside.dates:
                same = sentence == self._at and self._stated
                reading, basis = beside, "derived" if same else "judged"
        if words.DAY_FIRST in reading.notes:
            basis = "judged"
        first, last = window_of(reading)
        if first is None and last is None:
            return reading, ""
        if first and last and last - first < 366 and not _LOOKS_BACK.match(phrase):
            first_day, last_day = day_text(first), day_text(last)
            self.anchor = first_day if first_day == last_day else f"[{first_day}..{last_day}]"
            self._at, self._stated = sentence, basis != "judged"
        return reading, basis
