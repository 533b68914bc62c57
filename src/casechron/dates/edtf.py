"""Which window of days can one written date mean, and what was written where it can mean none? (No
interval, no set: those are made of such dates.)

Every single date of the Library of Congress EDTF specification (4 February 2019), levels 0 to 2,
and ``early``, ``mid``, ``late`` or ``end`` before a month, a season or a year. Words and other
orders of day, month and year are read in `phrases`."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any, NamedTuple

from casechron.dates.days import (
    MEAN_MONTH,
    Runs,
    day_number,
    fitting_days,
    fitting_years,
    month_length,
    months_on,
)
from casechron.dates.policy import DatingPolicy

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
NO_END = (
    "leave the end of an interval empty if it is unknown, '2018-08/', and write '..' if it is open,"
    " '2018-08/..'"
)


class Refusal(Exception):
    """What was found in place of a date, and a right way to write it."""

    def __init__(self, problem: str, write: str) -> None:
        super().__init__(problem, write)
        self.problem = problem
        self.write = write


def refusal(text: str) -> Refusal:
    """The refusal of a piece of text that is no date.

    >>> refused = refusal("20180828")
    >>> refused.problem, refused.write
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
        meant = f" ({' or '.join(map(str, days))}, by its two ways of counting)" if days else ""
        problem = "it is a plain number, which is what a spreadsheet makes of a date"
        return Refusal(f"{problem}{meant}", _LOOK_UP)
    if re.fullmatch(r"-?[0-9]+", text):
        digits = text.lstrip("-")
        write = "write 'Y' before a year of more than four digits, as in 'Y170000002'"
        if len(digits) < 4:
            write = f"write '{'-' * (int(text) < 0)}{digits.zfill(4)}' if it is a year"
        return Refusal(f"it is a number of {len(digits)} digits, and a year has four", write)
    if re.fullmatch(r"-?P[0-9].*", text):
        return Refusal("it is a duration", "write it as the gap of a relation between two events")
    large = text.replace("u", "X").replace("x", "X").replace("y", "Y").replace("e", "E")
    if large != text and re.fullmatch(r"[-0-9XY][-0-9XE]+", large) and re.search("[0-9]", large):
        return Refusal("small letters stand where EDTF has capitals (X, Y, E)", f"write '{large}'")
    if text.lower() == "open":
        return Refusal(f"'{text}' is a word of an old draft of EDTF", NO_END)
    if re.fullmatch(r"Y-?[0-9]+-[0-9-]+", text):
        return Refusal("a year with a 'Y' has no month", f"write '{text[: text.index('-', 2)]}'")
    if " " in text and re.fullmatch(r"[0-9X?~%., -]+", text) and re.search("[-,.]", text):
        return Refusal("there are blanks in it", f"write '{text.replace(' ', '')}'")
    if re.fullmatch(r"[0-9-]+T.*", text):
        return _two_cells(text, "the time is not written as EDTF has it")
    return Refusal("it has no form that is known", GENERAL)


def _two_cells(text: str, problem: str) -> Refusal:
    """The refusal of a day with a time of day, which has a column of its own."""
    day, _, clock = text.partition("T")
    time = re.match(r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?![0-9])", clock)
    into = f"'{time[0]}' into time" if time else "the time of day into time, as '23:20'"
    return Refusal(problem, f"write {repr(day) if _is_day(day) else 'the day'}, and {into}")


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


#: Years beyond this are refused: an exponent can be written in four characters that no memory
#: holds.
LARGEST_YEAR = 10**12

#: The months and the days of each unit of precision, the finest first: `~` widens by one of them,
#: and a whole is as precise as its coarsest part. What is coarser than a millennium counts as one.
_SIZES = {
    "none": (0, 0),
    "day": (0, 1),
    "part of month": (0, 10),
    "month": (1, 0),
    "part of season": (1, 0),
    "season": (3, 0),
    "quarter": (3, 0),
    "part of year": (4, 0),
    "quadrimester": (4, 0),
    "half year": (6, 0),
    "year": (12, 0),
    "decade": (120, 0),
    "century": (1200, 0),
    "millennium": (12000, 0),
}
UNITS = tuple(_SIZES)
_POWERS = ("year", "decade", "century", "millennium")


class Window(NamedTuple):
    """The days that one written date can mean, the ends included."""

    earliest: int
    latest: int
    #: Without the slack of `~`: what order of ends and of ranges is checked against.
    stated_earliest: int
    stated_latest: int
    precision: str
    approximate: bool = False
    convex: bool = True
    note: str = ""
    pieces: Runs = ()  # the runs of days that fit, where they have holes


def _as_stated(first: int, last: int, unit: str, **more: Any) -> Window:
    """The days from the first to the last, with no slack."""
    return Window(first, last, first, last, unit, **more)


#: A day, a month, a part of a year or a year with all digits given: nearly all dates that are
#: written.
PLAIN_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?").fullmatch
_PART = re.compile(r"(early|mid|late|end) ([^XS]+)").fullmatch
_DATE = re.compile(
    r"([?~%])?(-?)([0-9X]{4})([?~%])?"
    r"(?:-([?~%])?([0-9X]{2})([?~%])?(?:-([?~%])?([0-9X]{2})([?~%])?)?)?"
).fullmatch
_LONG_YEAR = re.compile(
    r"(?=Y|-?[0-9]{4}(?![0-9E]))(Y?)(-?)([0-9]+)(?:E([0-9]+))?(?:S([0-9]+))?([?~%])?"
).fullmatch
_TIME = re.compile(
    r"(-?)([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:Z|[+-]([0-9]{2})(?::([0-9]{2}))?)?"
).fullmatch

#: First month, months and unit of each code for a part of the year. Seasons 21 to 24 are
#: 'independent of location' in the specification and are read as northern.
_GROUPS: dict[int, tuple[int, int, str]] = {
    **{21 + i: (3 + 3 * (i % 4), 3, "season") for i in range(8)},
    **{29 + i: (month, 3, "season") for i, month in enumerate((9, 12, 3, 6))},
    **{33 + i: (1 + 3 * i, 3, "quarter") for i in range(4)},
    **{37 + i: (1 + 4 * i, 4, "quadrimester") for i in range(3)},
    **{40 + i: (1 + 6 * i, 6, "half year") for i in range(2)},
}


def window(text: str, policy: DatingPolicy) -> Window:
    """The days that one written date can mean under a policy.

    Raises `Refusal` for what is no date.

    >>> from casechron.dates.days import day_text
    >>> late = window("late 2018-08", DatingPolicy())
    >>> day_text(late.earliest), day_text(late.latest), late.precision
    ('2018-08-21', '2018-08-31', 'part of month')
    """
    if plain := PLAIN_DATE(text):
        return _days(int(plain[1]), plain[2], plain[3], policy)
    if (part := _PART(text)) and (_DATE(part[2]) or _LONG_YEAR(part[2])):
        return _part(part[1], part[2], policy)
    if with_marks := _DATE(text):
        return _qualified(with_marks, policy)
    if long_year := _LONG_YEAR(text):
        return _years(long_year, policy)
    if with_time := _TIME(text):
        return _date_time(with_time, policy)
    raise refusal(text)


def _days(
    year: int, month_text: str | None, day_of_month: str | None, policy: DatingPolicy
) -> Window:
    """The window of a year, a month, a part of the year or a day, all digits given."""
    if month_text is None:
        return _as_stated(day_number(year), day_number(year + 1) - 1, "year")
    month = int(month_text)
    if 1 <= month <= 12:
        length = month_length(year, month)
        first = day_number(year, month)
        if day_of_month is None:
            return _as_stated(first, first + length - 1, "month")
        of_month = int(day_of_month)
        if not 1 <= of_month <= length:
            text = f"{_year_text(year)}-{month:02d}"
            problem = f"{text} has days 01 to {length}, not {of_month:02d}"
            raise Refusal(problem, f"write '{text}' if the day is not known")
        return _as_stated(first + of_month - 1, first + of_month - 1, "day")
    if month not in _GROUPS:
        raise _no_such_month(_year_text(year), month, day_of_month)
    if day_of_month is not None:
        problem = f"{month} is no month but the code of a part of the year, and that has no day"
        raise Refusal(problem, f"write '{_year_text(year)}-{month}', or a month from 01 to 12")
    start, months, unit = _GROUPS[month]
    if start == 12 and policy.winter == "ends":
        year -= 1
    over, month0 = divmod(start - 1 + months, 12)
    return _as_stated(day_number(year, start), day_number(year + over, month0 + 1) - 1, unit)


def _qualified(match: re.Match[str], policy: DatingPolicy) -> Window:
    """The window of a date with qualifiers, unspecified digits or a sign."""
    text = match[0]
    before_y, sign, year_mask, after_y, before_m, month, after_m, before_d, day, after_d = (
        match.groups()
    )
    if sign and year_mask == "0000":
        raise Refusal("the year 0 has no sign", f"write '{text.replace('-0000', '0000', 1)}'")
    window = _masked(sign, year_mask, month, day, policy)
    marks = (before_y, after_y, before_m, after_m, before_d, after_d)
    # A mark after a part holds for it and all to its left, as one date of that precision; a mark
    # before a part for that part alone. So each part with an 'about' widens the date by its own
    # unit.
    parts_about = {place // 2 for place, mark in enumerate(marks) if mark in ("~", "%")}
    finest = 2 if day is not None else 1 if month is not None else 0
    for part in sorted(parts_about, reverse=True):
        slack = _unit_of_part(part, year_mask, month, day)
        window = _widened(window, slack, policy)
        if part < finest and policy.approximate_slack != "none":
            note = f"every day within a {slack} of it counts as possible"
            window = window._replace(convex=False, note=note)
    return window


def _unit_of_part(part: int, year_mask: str, month: str | None, day: str | None) -> str:
    """The unit in which a part of a date (0 the year, 1 the month, 2 the day) is known."""
    if part == 0 or month is None:
        return _POWERS[min(4 - year_mask.index("X"), 3)] if "X" in year_mask else "year"
    if part == 1 or day is None:
        if "X" in month:
            return "year"
        return _GROUPS[int(month)][2] if int(month) in _GROUPS else "month"
    return "month" if "X" in day else "day"


def _widened(window: Window, unit: str, policy: DatingPolicy) -> Window:
    """The window with the slack of `~` on each side: a unit by the calendar, half a unit in mean
    days."""
    first, last = window.earliest, window.latest
    months, days = _SIZES[unit]
    if policy.approximate_slack == "one-unit":
        # Counted from the day after the end, so that a month's end moves to a month's end.
        first, last = months_on(first, -months) - days, months_on(last + 1, months) - 1 + days
    elif policy.approximate_slack == "half-unit":
        half = int((days + months * MEAN_MONTH) / 2)
        first, last = first - half, last + half
    pieces = window.pieces if (first, last) == window[:2] else ()
    return window._replace(earliest=first, latest=last, approximate=True, pieces=pieces)


def _masked(
    sign: str, year_mask: str, month: str | None, day: str | None, policy: DatingPolicy
) -> Window:
    """The window of a date some of whose digits may be unspecified."""
    if "X" not in f"{year_mask}{month}{day}":
        return _days(int(sign + year_mask), month, day, policy)
    open_month = "X" in (month or "")
    part = 0 if "X" in year_mask else 1 if open_month else 2
    unit = _unit_of_part(part, year_mask, month, day)
    if month is not None and not open_month and not 1 <= int(month) <= 12:
        if int(month) not in _GROUPS:
            raise _no_such_month(sign + year_mask, int(month), day)
        years = fitting_years(sign, year_mask)
        start, end = (_days(year, month, day, policy) for year in (years[0], years[-1]))
        note = "the days of its years outside that part of the year count as possible"
        return _as_stated(start.earliest, end.latest, unit, convex=False, note=note)
    # Any day of the month is the month, and any month of the year is the year.
    day = None if day == "XX" else day
    month = None if day is None and month == "XX" else month
    fitting = fitting_days(sign, year_mask, month, day)
    if fitting is None:
        problem = "no day of the calendar fits these digits"
        raise Refusal(problem, "write X for the digits that are not known, as in '2018-02-2X'")
    first, last, convex, runs = fitting
    note = "" if convex else "the days between that do not fit the digits count as possible"
    return _as_stated(first, last, unit, convex=convex, note=note, pieces=runs)


def _part(word: str, rest: str, policy: DatingPolicy) -> Window:
    """The window of 'early', 'mid', 'late' or 'end' before a month, a season or a year."""
    if re.search("[?~%].", rest):
        bare = re.sub("[?~%]", "", rest)
        problem = f"after '{word}' a mark (? ~ %) stands at the end only"
        raise Refusal(problem, f"write for example '{word} {bare}~'")
    whole = window(rest, policy)
    first, last, unit = whole.stated_earliest, whole.stated_latest, whole.precision
    if unit == "month":
        part = "part of month"
        before, to = policy.part(word)
        first, last = first + before, first + to - 1 if to < 30 else last
    elif unit == "day":
        problem = f"'{word}' stands before a month, a season or a year, and '{rest}' is a day"
        like = f"write for example '{word} 2018-08', '{word} 2018' or '{word} 2018-22'"
        raise Refusal(problem, like)
    else:
        part = "part of year" if unit == "year" else "part of season"
        before, to = policy.part(word, _SIZES[unit][0])
        first, last = months_on(first, before), months_on(first, to) - 1
    window_of_part = _as_stated(first, last, part)
    return _widened(window_of_part, part, policy) if whole.approximate else window_of_part


def _years(match: re.Match[str], policy: DatingPolicy) -> Window:
    """The window of a year with a 'Y', an exponent or significant digits."""
    with_y, sign, digits, exponent, significant, mark = match.groups()
    if with_y and exponent is None and len(digits) < 5:
        write = f"write '{sign}{digits.zfill(4)}'"
        raise Refusal("'Y' is for years of more than four digits", write)
    if with_y and digits.startswith("0"):
        write = "write for example 'Y170000002'"
        raise Refusal("a year with a 'Y' does not begin with 0", write)
    power = exponent.lstrip("0") if exponent else ""
    if len(digits) > 13 or len(power) > 2 or int(digits) * 10 ** int(power or 0) > LARGEST_YEAR:
        problem = "the year is beyond 10 to the 12, the furthest that is read"
        raise Refusal(problem, "write a year nearer, as 'Y17E7'")
    value = int(digits) * 10 ** int(power or 0)
    if sign and value == 0:
        raise Refusal("the year 0 has no sign", "write '0000'")
    low = high = value
    unit, note = "year", ""
    if significant is not None:
        count, written = int(significant[:5]), len(str(value))
        if not 1 <= count <= written:
            problem = f"S{significant} counts the digits of the year that hold, and {value} has"
            like = f"{match.string.partition('S')[0]}S{min(2, written)}"
            raise Refusal(f"{problem} {written}", f"write S1 to S{written}, as in '{like}'")
        size = 10 ** (written - count)
        low, high = value // size * size, value // size * size + size - 1
        unit = _POWERS[min(written - count, 3)]
        if size > 1:
            note = f"the estimate within it, the year {sign}{value}, moves no bound"
    if sign:
        low, high = -high, -low
    years = _as_stated(day_number(low), day_number(high + 1) - 1, unit, note=note)
    return _widened(years, unit, policy) if mark in ("~", "%") else years


def _date_time(match: re.Match[str], policy: DatingPolicy) -> Window:
    """The day of a date with a time: the day where the clock hung, whatever its zone."""
    sign, year, month, day, hour, minute, second, zone_hour, zone_minute = match.groups()
    clock_wrong = int(hour) > 23 or int(minute) > 59 or int(second) > 59 + (minute == "59")
    if clock_wrong or int(zone_hour or 0) > 23 or int(zone_minute or 0) > 59:
        raise _two_cells(match[0], "there is no such time of day or zone")
    if sign and year == "0000":
        raise Refusal("the year 0 has no sign", "write '0000'")
    if not 1 <= int(month) <= 12:
        raise _no_such_month(sign + year, int(month), day)
    return _days(int(sign + year), month, day, policy)


def _year_text(year: int) -> str:
    return f"{'-' if year < 0 else ''}{abs(year):04d}"


def _no_such_month(text: str, month: int, day: str | None) -> Refusal:
    if 12 < month <= 31 and day and day.isdecimal() and 1 <= int(day) <= 12:
        write = f"write year, month, day: '{text}-{day}-{month}' if that is meant"
        return Refusal(f"{month} is no month; the day may stand before the month", write)
    why = f"{month:02d} is no month (01 to 12) and no season or other part of the year (21 to 41)"
    return Refusal(why, f"write '{text}' if the month is not known")
