"""What form was written where a date should be, and what would be a right way to write it?

Slips in the notation itself, and the numbers of a spreadsheet; words and other orders of day, month
and year are read in `phrases`."""

from __future__ import annotations

import re
from datetime import date, timedelta

#: Where a spreadsheet's day 0 lies, in its two systems.
_SERIALS = (date(1899, 12, 30), date(1904, 1, 1))

GENERAL = (
    "write EDTF, for example '2018-08-28', '2018-08', '2018' or '2018-08/2018-10', "
    "or early, mid, late or end before a month, a season or a year, for example 'late 2018-08'"
)

_LOOK_UP = (
    "look the date up in the source, format the column as text and write the year, the month and"
    " the day with hyphens between them; a year of more than four digits has a Y before it, as in"
    " 'Y12018'"
)
_OLD_DRAFT = (
    "leave the end of an interval empty if it is unknown, '2018-08/', and write '..' if it is open,"
    " '2018-08/..'"
)


class Refusal(Exception):
    """What was found in place of a date, and a right way to write it."""

    def __init__(self, found: str, write: str) -> None:
        super().__init__(found, write)
        self.found = found
        self.write = write


def refusal(text: str) -> Refusal:
    """The refusal of a piece of text that is no date.

    >>> refused = refusal("20180828")
    >>> refused.found, refused.write
    ('the hyphens are missing', "write '2018-08-28'")
    """
    if not text:
        return Refusal("nothing is written", GENERAL)
    if text != (bare := text.strip()):
        return Refusal("there are blanks around it", f"write '{bare}'")
    if re.fullmatch(r"[0-9]{8}", text) and _is_day(dashed := f"{text[:4]}-{text[4:6]}-{text[6:]}"):
        return Refusal("the hyphens are missing", f"write '{dashed}'")
    if re.fullmatch(r"[0-9]{5,7}(\.[0-9]+)?", text):
        serial = int(text.split(".")[0])
        days = [start + timedelta(days=serial) for start in _SERIALS if serial < 2_900_000]
        could = f" ({' or '.join(map(str, days))}, by its two ways of counting)" if days else ""
        told = "it is a plain number, which is what a spreadsheet makes of a date"
        return Refusal(f"{told}{could}", _LOOK_UP)
    if re.fullmatch(r"-?[0-9]+", text):
        digits = text.lstrip("-")
        write = "write 'Y' before a year of more than four digits, as in 'Y170000002'"
        if len(digits) < 4:
            write = f"write '{'-' * (int(text) < 0)}{digits.zfill(4)}' if it is a year"
        return Refusal(f"it is a number of {len(digits)} digits, and a year has four", write)
    if re.fullmatch(r"-?P[0-9].*", text):
        return Refusal("it is a duration", "write it as the gap of a relation between two events")
    old = text.replace("u", "X").replace("x", "X").replace("y", "Y").replace("e", "E")
    if old != text and re.fullmatch(r"[-0-9XY][-0-9XE]+", old) and re.search("[0-9]", old):
        return Refusal("small letters stand where EDTF has capitals (X, Y, E)", f"write '{old}'")
    if text.lower() in ("unknown", "open"):
        return Refusal(f"'{text}' is a word of an old draft of EDTF", _OLD_DRAFT)
    if re.fullmatch(r"Y-?[0-9]+-[0-9-]+", text):
        return Refusal("a year with a 'Y' has no month", f"write '{text[: text.index('-', 2)]}'")
    if " " in text and re.fullmatch(r"[0-9X?~%., -]+", text) and re.search("[-,.]", text):
        return Refusal("there are blanks in it", f"write '{text.replace(' ', '')}'")
    if re.fullmatch(r"[0-9-]+T.*", text):
        like = "write for example '1985-04-12T23:20:30Z'"
        return Refusal("the time is not written as EDTF has it", like)
    return Refusal("it has no form that is known", GENERAL)


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False
