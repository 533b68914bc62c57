"""How are durations, counts, labels and lists said in words? Durations are rounded outwards, never
to the nearest: the words admit every day that the table admits."""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Iterable, Mapping

from casechron.coding.codebook import codebook

#: Below so many days a duration is in this unit: its mean days, its smallest part, its name.
_UNITS = (
    (21, (1.0, 1.0, "day")),
    (183, (7.0, 1.0, "week")),
    (730, (30.436875, 1.0, "month")),
    (math.inf, (365.2425, 0.5, "year")),
)
_PART = re.compile(r"(?:(early|mid|late|end) )?(\d{4})-(0[1-9]|1[0-2])")
#: The most words of a summary that has its date behind it.
_SHORT = 6
_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def between(least: int | None, most: int | None) -> str:
    """How long something lasted, in words that admit all that the days admit.

    Parameters
    ----------
    least, most
        The least and the most days; None where nothing limits them.

    Returns
    -------
    str
        Days up to three weeks, then weeks, months and half years.

    Examples
    --------
    >>> between(21, 71), between(1329, 1733), between(11, 17), between(0, 60)
    ('between 3 and 11 weeks', 'between 3½ and 5 years', 'between 11 and 17 days', 'up to 9 weeks')
    >>> between(5, 5), between(40, None), between(None, None)
    ('5 days', 'at least 5 weeks', 'for a time that cannot be told')
    """
    least = max(least or 0, 0)
    if most is None and not least:
        return "for a time that cannot be told"
    days = least if most is None else most
    unit, step, noun = next(unit for limit, unit in _UNITS if days < limit)
    low = math.floor(least / unit / step) * step
    high = math.ceil(days / unit / step) * step
    if most is None:
        return f"at least {_units(low, noun)}"
    if low == high:
        return _units(high, noun)
    if not low:
        return f"up to {_units(high, noun)}"
    return f"between {_number(low)} and {_units(high, noun)}"


def _units(number: float, noun: str) -> str:
    return f"{_number(number)} {noun}{'' if number == 1 else 's'}"


def _number(number: float) -> str:
    whole, half = divmod(number, 1)
    return f"{int(whole) if whole or not half else ''}{'½' if half else ''}"


def counted(least: int, most: int | None, noun: str, nouns: str = "") -> str:
    """A count in words: small numbers as words, a range where it is one.

    >>> counted(2, 2, "referral"), counted(7, 10, "agency", "agencies"), counted(2, None, "report")
    ('two referrals', '7 to 10 agencies', 'at least two reports')
    >>> counted(1, 1, "time"), counted(0, 0, "step")
    ('one time', 'no steps')
    """
    if most is not None and least != most:
        return span(least, most, noun, nouns)
    number = _SMALL[least] if least < len(_SMALL) else str(least)
    lead = "at least " if most is None else ""
    return f"{lead}{number} {noun if least == 1 else nouns or f'{noun}s'}"


def span(least: int, most: int, noun: str, nouns: str = "") -> str:
    """A count in figures: a range where it is one.

    >>> span(1, 1, "day"), span(0, 3, "day"), span(2, 3, "agency", "agencies")
    ('1 day', '0 to 3 days', '2 to 3 agencies')
    """
    number = f"{most}" if least == most else f"{least} to {most}"
    return f"{number} {noun if least == most == 1 else nouns or f'{noun}s'}"


def listed(words: Iterable[str], link: str = "and") -> str:
    """Several things in a sentence.

    >>> listed(["the GP"]), listed(["a", "b", "c"]), listed(["a", "b"], "or")
    ('the GP', 'a, b and c', 'a or b')
    """
    *before, last = words
    return f"{', '.join(before)} {link} {last}" if before else last


def quoted(texts: Iterable[str]) -> str:
    """Several texts in a sentence, each once, as they stand in the table.

    >>> quoted(["A midwife refers", "The case is closed", "A midwife refers"])
    '“A midwife refers” and “The case is closed”'
    """
    return listed(f"“{text}”" for text in dict.fromkeys(texts))


def capital(text: str) -> str:
    """A text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def lowered(label: str) -> str:
    """A label within a sentence: abbreviations keep their capitals.

    >>> lowered("Initial child protection conference"), lowered("MARAC"), lowered("A&E")
    ('initial child protection conference', 'MARAC', 'A&E')
    """
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def sentence(text: str) -> str:
    """A text as a sentence: with a capital at its beginning and a stop at its end.

    >>> sentence("the case was closed")
    'The case was closed.'
    """
    text = text.strip()
    return f"{capital(text)}{'' if text[-1:] in '.?!' else '.'}"


def with_notes(lead: str, notes: Mapping[str, object]) -> str:
    """A sentence with those of its notes that apply.

    >>> with_notes("the scale is even", {"an arrow: no limit": True, "a rule: the limit": False})
    'The scale is even; an arrow: no limit.'
    """
    return sentence("; ".join([lead, *(note for note, applies in notes.items() if applies)]))


def labels(*codes: str) -> frozenset[str]:
    """The labels of kinds of events.

    >>> sorted(labels("closure", "death"))
    ['Case closed', 'Death']
    """
    return frozenset(codebook().label("event_kind", code) for code in codes)


def kinds(*flags: str) -> frozenset[str]:
    """The labels of the kinds of events that have one of these flags of the codebook.

    >>> "Case closed" in kinds("disposes"), "Referral" in kinds("disposes", "protective")
    (True, False)
    """
    return labels(*(code for flag in flags for code in codebook().flagged("event_kind", flag)))


def as_dated(date: str, stated: str) -> str:
    """When something was, no finer than its source dates it; empty where it gives no date.

    Parameters
    ----------
    date
        Its date as coded.
    stated
        The days of that date alone, in words, as `chronicle` has them in `said_stated`.

    Returns
    -------
    str
        With its preposition: a part of a month as the source names it, else the days.

    Examples
    --------
    >>> as_dated("late 2018-08", "between 21 and 31 August 2018"), as_dated("2014", "in 2014")
    ('in late August 2018', 'in 2014')
    >>> as_dated("end 2018-07/late 2018-08", ""), as_dated("/..", "not dated"), as_dated("", "")
    ('from the end of July to late August 2018', '', '')
    >>> as_dated("late 2018-10/2018-11", ""), as_dated("/late 2018-09", "")
    ('from late October to November 2018', 'until late September 2018')
    """
    if not re.search(r"\d", date):
        return ""
    begun, *ended = date.split("/")
    parts = [_part(text) for text in ([begun] if begun or not ended else []) + ended]
    if not all(parts):
        return stated
    if not begun:
        return f"until {_the(parts[0])}"
    first, *last = parts
    if not last:
        return f"{'at the' if first.startswith('end') else 'in'} {first}"
    if first[-4:] == last[0][-4:]:
        first = first[:-5]
    return f"from {_the(first)} to {_the(last[0])}"


def _part(date: str) -> str:
    """A part of a month as a source names it; empty for any other date."""
    written = _PART.fullmatch(date.strip())
    if not written:
        return ""
    part, year, month = written[1], written[2], calendar.month_name[int(written[3])]
    lead = {None: "", "mid": "mid-", "end": "end of "}.get(part, f"{part} ")
    return f"{lead}{month} {year}"


def _the(words: str) -> str:
    return f"the {words}" if words.startswith("end") else words


def told(summary: str, when: str = "", status: str = "") -> str:
    """What happened and when, as a sentence without its stop; what is only alleged says so. Where
    it could be taken for a part of what happened, the date stands in brackets.

    >>> told("The case is closed", "in October 2017"), told("A blow", "", "alleged")
    ('The case is closed in October 2017', 'A blow (alleged)')
    >>> told("Four referrals are made; by whom is not said", "in 2018")
    'Four referrals are made; by whom is not said (2018)'
    """
    text = summary.strip().rstrip(".")
    claimed = status if not re.search(r"alleg|accus|den(?:y|ie)", text) else ""
    if not claimed and len(text.split()) <= _SHORT and not re.search(r"[;:,(]", text):
        return f"{text} {when}".rstrip()
    note = "; ".join(filter(None, [bare(when), claimed]))
    return f"{text} ({note})" if note else text


def in_brackets(when: str) -> str:
    """What stands in brackets, with a comma before a note that would have brackets of its own.

    >>> in_brackets("in July 2018 (as judged)")
    'in July 2018, as judged'
    """
    return re.sub(r" \(([^()]*)\)$", r", \1", when)


def bare(when: str) -> str:
    """A date without its preposition, where that can go.

    >>> bare("at the end of July 2018"), bare("on 3 May 2007"), bare("between 2015 and 2016")
    ('end of July 2018', '3 May 2007', 'between 2015 and 2016')
    """
    return re.sub(r"^(?:at the|in|on) ", "", when)
