"""What was written where a date should be, and what would be a right way to write it?

Runs only for what is no date, so it may be slow and thorough. Nothing is guessed: where a form can
be read in two ways (28/08/2018 and 8/28/18, a spreadsheet's serial) the message says so and lets a
person choose."""

from __future__ import annotations

import re
from datetime import date, timedelta

__all__ = ["GENERAL", "Refusal", "refusal"]

_MONTH_WORDS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_SEASON_WORDS = {"spring": "21", "summer": "22", "autumn": "23", "fall": "23", "winter": "24"}
_WORD_FORMS = {
    "early": "early",
    "beginning": "early",
    "start": "early",
    "mid": "mid",
    "middle": "mid",
    "late": "late",
    "end": "end",
}
_SERIALS = (
    date(1899, 12, 30),
    date(1904, 1, 1),
)  # where a spreadsheet's day 0 lies, in its two systems

GENERAL = (
    "write EDTF, for example '2018-08-28', '2018-08', '2018' or '2018-08/2018-10', "
    "or early, mid, late or end before a month, a season or a year, for example 'late 2018-08'"
)


class Refusal(Exception):
    """What was found in place of a date, and a right way to write it."""

    def __init__(self, found: str, write: str) -> None:
        super().__init__(found, write)
        self.found = found
        self.write = write


def refusal(text: str) -> Refusal:
    """The refusal of a piece of text that is no date.

    >>> refused = refusal("late August 2018")
    >>> refused.found, refused.write
    ("the month 'August' is written as a word", "write 'late 2018-08'")
    """
    for look in (
        _blank,
        _numbers,
        _slashed,
        _spreadsheet_time,
        _in_words,
        _old_or_loose,
        _looks_like,
    ):
        refused = look(text)
        if refused:
            return refused
    return Refusal("it has no form that is known", GENERAL)


def _blank(text: str) -> Refusal | None:
    if not text:
        return Refusal("nothing is written", GENERAL)
    if text != text.strip():
        return Refusal("there are blanks around it", f"write '{text.strip()}'")
    if not text.isascii():
        plain = text.translate(
            {
                0x2010: "-",
                0x2011: "-",
                0x2012: "-",
                0x2013: "-",
                0x2014: "-",
                0x2212: "-",
                0x00A0: " ",
                0x2026: "..",
            }
        )
        if plain.isascii():
            return Refusal(
                "it has a dash, blank or dots that are not those of the keyboard",
                f"write '{plain}'",
            )
    return None


def _numbers(text: str) -> Refusal | None:
    if re.fullmatch(r"[0-9]{8}", text) and _is_day(int(text[:4]), int(text[4:6]), int(text[6:])):
        return Refusal("the hyphens are missing", f"write '{text[:4]}-{text[4:6]}-{text[6:]}'")
    if re.fullmatch(r"[0-9]{5,7}(\.[0-9]+)?", text):
        serial = int(text.split(".")[0])
        days = [start + timedelta(days=serial) for start in _SERIALS if serial < 2_900_000]
        could = f" ({' or '.join(map(str, days))}, by its two ways of counting)" if days else ""
        return Refusal(
            f"it is a plain number, which is what a spreadsheet makes of a date{could}",
            "look the date up in the source, format the column as text and write the year, the"
            " month and the day with hyphens between them; a year of more than four digits has a Y"
            " before it, as in 'Y12018'",
        )
    if re.fullmatch(r"-?[0-9]+", text):
        return Refusal(
            f"it is a number of {len(text.lstrip('-'))} digits, and a year has four",
            (
                f"write '{'-' * text.startswith('-')}{text.lstrip('-').zfill(4)}' if it is a year"
                if len(text.lstrip("-")) < 4
                else "write 'Y' before a year of more than four digits, as in 'Y170000002'"
            ),
        )
    return None


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _slashed(text: str) -> Refusal | None:
    parts = re.fullmatch(r"([0-9]{1,2})([/. -])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?: .*)?", text)
    if not parts:
        return _year_and_month(text)
    one, two, year_text = int(parts[1]), int(parts[3]), parts[4]
    year = int(year_text) if len(year_text) == 4 else 2000 + int(year_text)
    reads = []
    for day, month, order in (
        (one, two, "the day first"),
        (two, one, "the month first, as in the US"),
    ):
        if _is_day(year, month, day):
            reads.append(f"'{year:04d}-{month:02d}-{day:02d}' (read with {order})")
    if one == two:
        reads = [read.split(" ")[0] for read in reads[:1]]
    short = " with a year of two digits" if len(year_text) == 2 else ""
    return Refusal(
        f"it is a date as spreadsheets show it{short}, and days and months stand in either order"
        " there",
        "look it up in the source and write year, month, day:"
        f" {' or '.join(reads) or repr('2018-08-28')}",
    )


def _year_and_month(text: str) -> Refusal | None:
    year_first = re.fullmatch(r"([0-9]{4})[/. ]([0-9]{1,2})[/. ]([0-9]{1,2})(?: .*)?", text)
    if year_first:
        y, m, d = year_first.groups()
        return Refusal(
            "the parts are not joined by hyphens", f"write '{y}-{m.zfill(2)}-{d.zfill(2)}'"
        )
    month_first = re.fullmatch(r"(0?[1-9]|1[0-2])[/. -]([0-9]{4})", text)
    if month_first:
        return Refusal(
            "the month stands before the year",
            f"write '{month_first[2]}-{month_first[1].zfill(2)}'",
        )
    two_digits = re.fullmatch(r"([0-9]{4})[/.]([0-9]{1,2})", text)
    if two_digits:
        y, two = two_digits[1], two_digits[2].zfill(2)
        ways = [f"the month, '{y}-{two}'"] if 1 <= int(two) <= 12 else []
        if two > y[2:]:
            ways.append(f"both years, '{y}/{y[:2]}{two}'")
        if ways:
            return Refusal("of its two parts the second is no year", f"write {' or '.join(ways)}")
    return None


def _spreadsheet_time(text: str) -> Refusal | None:
    stamp = re.fullmatch(
        r"([0-9]{4}-[0-9]{2}-[0-9]{2}) +([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]+)?)", text
    )
    if not stamp:
        return None
    if not stamp[2].strip("0:."):
        return Refusal(
            "it has a midnight that a spreadsheet or a table adds to a date", f"write '{stamp[1]}'"
        )
    clock = stamp[2].split(".")[0].rjust(5, "0")
    return Refusal(
        "a 'T' stands between a date and a time, and the time has seconds",
        f"write '{stamp[1]}T{clock if len(clock) > 5 else clock + ':00'}', or '{stamp[1]}' for"
        " the day",
    )


def _month_number(word: str) -> int | None:
    """The month that a word names, if it does: in full, or by three letters or more (and
    'Sept')."""
    word = word.lower().rstrip(".")
    if len(word) < 3:
        return None
    return next((i for i, month in enumerate(_MONTH_WORDS, 1) if month.startswith(word)), None)


def _in_words(text: str) -> Refusal | None:
    words = re.findall(r"[A-Za-z]+\.?|[0-9]+", text)
    names = [word for word in words if _month_number(word)]
    if len(names) == 1:
        return _month_in_words(text, words, names[0])
    seasons = [word for word in words if word.lower() in _SEASON_WORDS]
    years = [word for word in words if re.fullmatch(r"[0-9]{4}", word)]
    if len(seasons) == 1 and not names:
        year = years[0] if len(years) == 1 else "2018"
        part = next((f"{_WORD_FORMS[w.lower()]} " for w in words if w.lower() in _WORD_FORMS), "")
        return Refusal(
            f"the season '{seasons[0]}' is written as a word",
            f"write '{part}{year}-{_SEASON_WORDS[seasons[0].lower()]}'"
            + ("" if len(years) == 1 else ", with its year"),
        )
    return None


def _month_in_words(text: str, words: list[str], name: str) -> Refusal:
    month = f"{_month_number(name):02d}"
    years = [word for word in words if re.fullmatch(r"[0-9]{4}", word)]
    numbers = [word for word in words if re.fullmatch(r"[0-9]{1,2}", word)]
    part = next(
        (f"{_WORD_FORMS[word.lower()]} " for word in words if word.lower() in _WORD_FORMS), ""
    )
    said = f"the month '{name.rstrip('.')}' is written as a word"
    if len(years) == 1 and len(numbers) == 1 and 1 <= int(numbers[0]) <= 31:
        return Refusal(said, f"write '{years[0]}-{month}-{numbers[0].zfill(2)}'")
    if len(years) == 1 and not numbers:
        return Refusal(said, f"write '{part}{years[0]}-{month}'")
    if len(numbers) == 1 and not years:
        two = numbers[0].zfill(2)
        day = f", or the day, '2018-{month}-{two}' with its year" if 1 <= int(two) <= 31 else ""
        return Refusal(
            f"{said}, and {numbers[0]} can be a day or a year, as when a spreadsheet shortens a"
            " date",
            f"look it up in the source and write the month, '20{two}-{month}'{day}",
        )
    if len(numbers) == 2 and not years:
        return Refusal(
            f"{said}, and the year has two digits",
            f"write '20{numbers[1].zfill(2)}-{month}-{numbers[0].zfill(2)}' if that is meant",
        )
    return Refusal(said, f"write '{part}2018-{month}', with its year")


def _old_or_loose(text: str) -> Refusal | None:
    part = re.fullmatch(
        r"(early|mid|middle|late|end|start|beginning)(?:[ -]*(?:of)?[ -]+)(.+)", text, re.IGNORECASE
    )
    if part:
        word, rest = _WORD_FORMS[part[1].lower()], part[2]
        if re.fullmatch(r"[0-9]{4}(-[0-9]{2})?", rest):
            return Refusal(f"'{part[1]}' is not written so", f"write '{word} {rest}'")
        return Refusal(
            f"after '{part[1]}' stands '{rest}', which is no month, season or year",
            f"write '{word} 2018-08', '{word} 2018' or '{word} 2018-22'",
        )
    if re.fullmatch(r"-?P[0-9].*", text):
        return Refusal("it is a duration", "write it as the gap of a relation between two events")
    about = re.fullmatch(
        r"(?:c|ca|circa|about|around|approx)\.? *([0-9][0-9X-]*)", text, re.IGNORECASE
    )
    if about:
        return Refusal("'about' is written as a word", f"write '{about[1]}~'")
    old = text.replace("u", "X").replace("x", "X").replace("y", "Y").replace("e", "E")
    if old != text and re.fullmatch(r"[-0-9XY][-0-9XE]+", old) and re.search("[0-9]", old):
        return Refusal("small letters stand where EDTF has capitals (X, Y, E)", f"write '{old}'")
    if text.lower() in ("unknown", "open"):
        return Refusal(
            f"'{text}' is a word of an old draft of EDTF",
            "leave the end of an interval empty if it is unknown, '2018-08/', and write '..' if it"
            " is open, '2018-08/..'",
        )
    if re.fullmatch(r"[0-9]{4}s", text):
        return Refusal("a decade is not written with an 's'", f"write '{text[:3]}X'")
    if re.fullmatch(r"Y-?[0-9]+-[0-9-]+", text):
        return Refusal("a year with a 'Y' has no month", f"write '{text[: text.index('-', 2)]}'")
    return None


def _looks_like(text: str) -> Refusal | None:
    loose = re.fullmatch(r"([0-9]{4})-([0-9]{1,2})(?:-([0-9]{1,2}))?", text)
    if loose:
        year, month, day = int(loose[1]), int(loose[2]), int(loose[3] or 1)
        if 1 <= month <= 12 and not _is_day(year, month, day):
            short = f"{loose[1]}-{month:02d}"
            none = f"months and days have two digits, and {short} has no day {day}"
            return Refusal(none, f"write '{short}' if the day is not known")
        right = "-".join([loose[1], *(part.zfill(2) for part in loose.groups()[1:] if part)])
        return Refusal("months and days have two digits", f"write '{right}'")
    if " " in text and re.fullmatch(r"[0-9X?~%., -]+", text) and re.search("[-,.]", text):
        return Refusal("there are blanks in it", f"write '{text.replace(' ', '')}'")
    if re.fullmatch(r"[0-9-]+T.*", text):
        return Refusal(
            "the time is not written as EDTF has it", "write for example '1985-04-12T23:20:30Z'"
        )
    return None
