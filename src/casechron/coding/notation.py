"""How is one cell of a form read: two dates as one, a count, a duration, an order, a place?

Each function gives what the tidy tables hold, or None for what it cannot read; who asks knows the
file and line, and says what is allowed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

__all__ = ["Place", "count_bounds", "duration", "first_date", "free_ids", "place", "tidy_date"]

_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
)
_UNITS = {
    "day": (1, "D"),
    "week": (1, "W"),
    "fortnight": (2, "W"),
    "month": (1, "M"),
    "year": (1, "Y"),
}
_FORCES = {
    "exactly": "exact",
    "about": "approximate",
    "around": "approximate",
    "at least": "at-least",
    "at most": "at-most",
    "": "rounded",
}
_FORCE = "|".join(filter(None, _FORCES))
_COUNT = r"([1-9][0-9]{0,8})"
_PLACE = re.compile(rf"(?:(?P<source>[a-z0-9]+(?:-[a-z0-9]+)*):)?p{_COUNT}(?:\.{_COUNT})?")


class Place(NamedTuple):
    """A place in a source: paragraph and sentence are '' where none is named."""

    source: str
    paragraph: str = ""
    sentence: str = ""

    def __str__(self) -> str:
        if not self.paragraph:
            return self.source
        return f"{self.source}:p{self.paragraph}{self.sentence and '.'}{self.sentence}"


def is_whole(date: str) -> bool:
    """Whether a date says by itself both when it begins and when it ends: an interval or a set.

    >>> is_whole("2018/2019"), is_whole("[2018..]"), is_whole("late 2018-08")
    (True, True, False)
    """
    return "/" in date or date[:1] in ("[", "{")


def tidy_date(date: str, until: str, *, lasts: bool, window: bool = False) -> str | None:
    """The one date of the tidy tables from what stands in `date` and `until`; None where both of
    them say when it ends.

    ``lasts`` is for what lasts, ``window`` for an absence, whose two days bound it.

    >>> tidy_date("2018-08", "", lasts=True), tidy_date("2018-08", "..", lasts=False)
    ('2018-08/', '[2018-08..]')
    >>> tidy_date("2018-08", "2018-09", lasts=False, window=True), tidy_date("", "..", lasts=True)
    ('2018-08/2018-09', '/..')
    >>> tidy_date("2018/2019", "2019", lasts=True) is None
    True
    """
    date = "" if date == "?" else date
    if is_whole(date):
        return None if until else date
    if until == "?":
        return f"{date}/" if date else ""
    if window:
        return f"{date}/{until}" if until else date
    if lasts:
        return f"{date}/{until}" if date or until else ""
    if not until:
        return date
    return f"[{date}..{'' if until == '..' else until}]" if date or until != ".." else None


def first_date(date: str) -> str:
    """The year and month with which a date begins, as far as it has them; '' where it has none.

    >>> first_date("late 2018-08/.."), first_date("[..2018-08-14]"), first_date("2018~")
    ('2018-08', '2018-08', '2018')
    """
    found = re.search(r"(?<![0-9X-])[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?![0-9X]))?", date)
    return found[0] if found else ""


def count_bounds(cell: str) -> tuple[str, str] | None:
    """The least and the greatest number; the greatest is '' where it is not bounded.

    >>> count_bounds("2"), count_bounds("at least 2"), count_bounds("at most 5")
    (('2', '2'), ('2', ''), ('1', '5'))
    >>> count_bounds("2 to 5"), count_bounds("2-5"), count_bounds("5 to 2")
    (('2', '5'), None, None)
    """
    plain = " ".join(cell.lower().split())
    if found := re.fullmatch(_COUNT, plain):
        return found[1], found[1]
    if found := re.fullmatch(rf"at least {_COUNT}", plain):
        return found[1], ""
    if found := re.fullmatch(rf"at most {_COUNT}", plain):
        return "1", found[1]
    if (found := re.fullmatch(rf"{_COUNT} to {_COUNT}", plain)) and int(found[1]) <= int(found[2]):
        return found[1], found[2]
    return None


def duration(phrase: str) -> tuple[str, str] | None:
    """An ISO duration in one unit, and what it means.

    >>> duration("6 months"), duration("exactly one day"), duration("at most P2W")
    (('P6M', 'rounded'), ('P1D', 'exact'), ('P2W', 'at-most'))
    >>> duration("around 4 years")
    ('P4Y', 'approximate')
    >>> duration("a while") is None, duration("0 days") is None
    (True, True)
    """
    plain = " ".join(phrase.lower().split())
    found = re.fullmatch(rf"(?:({_FORCE}) )?(?:an? |(\w+) )?(\w+)", plain)
    if not found:
        return None
    force, number, unit = found[1] or "", found[2], found[3]
    if re.fullmatch(r"p([1-9][0-9]{0,5})([dwmy])", unit):
        return None if number else (unit.upper(), _FORCES[force])
    one = re.match(rf"(?:(?:{_FORCE}) )?an? ", plain)
    if number in _NUMBERS:
        number = str(_NUMBERS.index(number))
    size = _UNITS.get(unit) or _UNITS.get(unit.removesuffix("s"))
    if size is None or (number is None and not one):
        return None
    if number is not None and not re.fullmatch(r"[1-9][0-9]{0,4}", number):
        return None
    return f"P{int(number or 1) * size[0]}{size[1]}", _FORCES[force]


def place(text: str, sources: Sequence[str], default: str) -> Place | None:
    """The place that a text names: `p13.2`, `p14`, `radio:p3.1` or a source alone.

    ``default`` is the source of a place that names none; '' where several could be meant.

    >>> place("p13.2", ["report"], "report")
    Place(source='report', paragraph='13', sentence='2')
    >>> place("13.2", ["report"], "report") is None
    True
    """
    if text in sources:
        return Place(text)
    found = _PLACE.fullmatch(text)
    if not found:
        return None
    source = found["source"] or default
    return Place(source, found[2], found[3] or "") if source in sources else None


def free_ids(base: str, taken: Collection[str]) -> Iterator[str]:
    """The base, then the base and a number from 2: each that is not taken."""
    number = 1
    while True:
        identity = base if number == 1 else f"{base}-{number}"
        if identity not in taken:
            yield identity
        number += 1
