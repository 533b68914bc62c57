"""What was written where a date should be in words that bound it: by, before, after, since,
between?

Runs only for what is no date. How such a bound is written depends on what it bounds, something that
happened or something that lasted, so both ways are shown where the word leaves it open."""

from __future__ import annotations

import re

from casechron.coding.days import day_number, day_text, month_length
from casechron.coding.refusals import Refusal, refusal

__all__ = ["spoken"]

_NO_DATE = re.compile(
    "--?|[\u2013\u2014.x]|[?]+|n[./]?a[.]?|n[./]?k[.]?|none|nil|null|nan|tb[cad]|to be"
    " confirmed|unk|undated|no date|not (?:applicable|available|given|known|recorded|stated)"
)
_PIECE = re.compile(r"(?:(?:early|mid|late|end) )?[0-9]{4}(?:-[0-9]{2}){0,2}[?~%]?")
_BOUND = re.compile(
    r"(on or before|no later than|not later than|prior to|up to|by|before|until|till|on or after|no"
    r" earlier than|not before|"
    r"after|following|since|from)\s+(.+?)(\s+on|\s+onwards?)?",
    re.IGNORECASE,
)
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_RANGES = (
    re.compile(
        r"(?:between|from)\s+(.+?)\s+(?:and|to|until|till|-|\u2013|\u2014)\s+(.+)", re.IGNORECASE
    ),
    re.compile(r"(.+?)\s+(?:to|until|till|through|-|\u2013|\u2014)\s+(.+)", re.IGNORECASE),
    re.compile(r"([^./\[{]+?)\s*(?:\.\.+|\u2026|\u2013|\u2014)\s*([^./\]}]+)"),
    re.compile(rf"({_DAY})-({_DAY})"),
    re.compile(r"([0-9]{4})-([0-9]{4})"),
)
_OPEN = re.compile(r"(\.\.+)([^./]+)|([^./]+)(\.\.+)")
_IT_IS_AN_ORDER = (
    "leave the cell empty, and write a row of relations where it is an order of two events"
)


def spoken(text: str) -> Refusal | None:
    """The refusal of a text that bounds a date by words or by dots, or says that there is none.

    >>> spoken("by 2019-06-15").write
    "write '[..2019-06-15]' for what happened by then"
    """
    bare = text.strip()
    if _NO_DATE.fullmatch(bare.lower()):
        return Refusal("it says that there is none", "leave the cell empty")
    for form in _RANGES:
        if (ends := form.fullmatch(bare)) and (refused := _between(ends[1], ends[2])):
            return refused
    if (dots := _OPEN.fullmatch(bare)) and (one := _date(dots[2] or dots[3])):
        right = f"[..{one[0]}]" if dots[1] else f"[{one[0]}..]"
        return Refusal(
            "dots stand beside a date without the brackets of a set", f"write '{right}'{one[1]}"
        )
    if bound := _BOUND.fullmatch(bare):
        return _bounded(bound[1], bound[2])
    return None


def _date(text: str) -> tuple[str, str] | None:
    """A date and what is to be said after it, from one that is right or whose refusal shows one
    right way."""
    bare = re.sub(r"^the ", "", text.strip())
    if _PIECE.fullmatch(bare):
        return (bare, "") if _is_one(bare) else None
    shown = re.fullmatch(r"write '([^']+)'(, with its year)?", refusal(bare).write)
    return (
        (shown[1], shown[2] or "")
        if shown and _PIECE.fullmatch(shown[1]) and _is_one(shown[1])
        else None
    )


def _is_one(text: str) -> bool:
    """Whether month and day are there in the calendar, or the part of a year is one."""
    year, month, day = (int(number) for number in [*re.findall("[0-9]+", text), "1", "1"][:3])
    dashes = text.count("-")
    if dashes == 2:
        return 1 <= month <= 12 and 1 <= day <= month_length(year, month) and text[0].isdigit()
    return dashes == 0 or 1 <= month <= 12 or (21 <= month <= 24)


def _between(first: str, last: str) -> Refusal | None:
    one, other = _date(first), _date(last)
    if one is None or other is None:
        return None
    start, end = one[0], other[0]
    if one[1] and not other[1]:  # 'between June and September 2019' has one year for both
        year = re.search("[0-9]{4}", end)
        start = re.sub("[0-9]{4}", year[0] if year else "", start, count=1)
    if re.sub("[^0-9]", "", start) > re.sub("[^0-9]", "", end):
        return None
    return Refusal(
        "two dates bound it",
        f"write '[{start}..{end}]' for what happened on a day between them, or '{start}/{end}' for"
        f" what lasted from the one to the other{other[1]}",
    )


def _bounded(word: str, rest: str) -> Refusal:
    one = _date(rest)
    if one is None and re.search("[0-9]", rest):
        return Refusal(
            f"after '{word}' stands '{rest}', which is no date",
            "write the days that are possible as a set, such as "
            "'[..2018-08-28]' or '[2018-08-28..]'",
        )
    if one is None:
        return Refusal(f"'{word}' stands before what is no date", _IT_IS_AN_ORDER)
    day, tail = one
    match word.lower():
        case "before" | "prior to":
            write = f"write '[..{_beside(day, -1)}]' for what happened before then{tail}"
        case "by" | "on or before" | "no later than" | "not later than" | "up to":
            write = f"write '[..{day}]' for what happened by then{tail}"
        case "until" | "till":
            write = f"write '/{day}' for what lasted until then{tail}"
        case "after" | "following":
            write = f"write '[{_beside(day, 1)}..]' for what happened after then{tail}"
        case "on or after" | "no earlier than" | "not before":
            write = f"write '[{day}..]' for what happened from then on{tail}"
        case _:
            write = (
                f"write '{day}/..' for what lasted from then on and is open when the account ends,"
                f" or '[{day}..]' for what happened since{tail}"
            )
    return Refusal(f"'{word}' is written as a word", write)


def _beside(text: str, step: int) -> str:
    """The day, month or year before or after one; what has a word or a mark stays, since its ends
    are a convention."""
    parts = re.fullmatch(r"([0-9]{4})(?:-(0[1-9]|1[0-2]))?(?:-([0-9]{2}))?", text)
    if parts is None:
        return text
    year, month = int(parts[1]), int(parts[2] or 0)
    if parts[3]:
        return day_text(day_number(year, month, int(parts[3])) + step)
    if not month:
        return f"{year + step:04d}"
    month += step
    return f"{year + (month > 12) - (month < 1):04d}-{(month - 1) % 12 + 1:02d}"
