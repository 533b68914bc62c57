"""Which days have a name in the calendar? The rules of the grammar for days, months, years, weeks,
holidays, terms and their parts; what stands before and after them is read in `phrases`."""

from __future__ import annotations

import re

from casechron.coding import phrase_words as words
from casechron.coding.days import date_of, day_number, day_text, month_length, months_on
from casechron.coding.phrase_reader import (
    Decision,
    Groups,
    Missing,
    Named,
    Reader,
    Time,
    Unread,
    a_day,
    back,
    of_sheet,
    period_of,
    rule,
    run,
    weekday_of,
)

__all__: list[str] = []


@rule(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})")
def _year_first(reader: Reader, found: Groups) -> Time:
    return a_day(int(found["y"]), int(found["m"]), int(found["d"]))


@rule(r"(?:(?:early|mid|late|end) )?\d{4}(?:-\d\d(?:-\d\d)?)?[~?%]?")
def _of_the_sheet(reader: Reader, found: Groups) -> Time:
    return of_sheet(found["all"])


@rule(
    rf"{words.ON}{words.D} ?(?:of )?{words.S}(?P<m>{words.M})(?:{words.S}{words.Y})?",
    rf"{words.ON}(?P<m>{words.M}){words.S}(?:the )?(?P<last>)?{words.D}(?:[ ,]+{words.Y})?",
    rf"(?P<w>)(?P<y>\d{{4}}){words.S}(?P<m>{words.M}){words.S}{words.D}",
)
def _in_words(reader: Reader, found: Groups) -> Time:
    month, day = words.MONTHS.index(found["m"]) + 1, int(found["d"])
    if "last" in found and not found["y"] and len(found["d"]) == 2:
        year = day + (1900 if day > 49 else 2000)
        here = [a_day(reader.context.year, month, day).text] if reader.context else []
        told = f"{day} can be a day or a year, as when a spreadsheet shortens a date; look it up"
        raise Decision(told, f"{year}-{month:02d}", *here)
    return reader.year(found["y"], lambda year: a_day(year, month, day, found["w"]))


@rule(rf"{words.ON}(?P<a>\d{{1,2}}) ?(?P<sign>[/.-]) ?(?P<b>\d{{1,2}})(?: ?(?P=sign) ?{words.Y})?")
def _in_numbers(reader: Reader, found: Groups) -> Time:
    one, two, weekday = int(found["a"]), int(found["b"]), found["w"]
    if not found["y"] and found["sign"] != "/":
        raise Unread
    if not (found["y"] or reader.context) and 1 <= one <= 12 < two:
        raise Decision("it has a year of two digits, if it is a month", f"20{two:02d}-{one:02d}")

    reader.notes.append("its parts stand as spreadsheets show them")

    def build(year: int) -> Time:
        sure = reader.day_first and not weekday and max(one, two) <= 12 and one != two
        if sure:
            reader.notes.append(words.DAY_FIRST)
        ways = [
            day_number(year, month, day)
            for day, month in dict.fromkeys(((one, two), (one, two) if sure else (two, one)))
            if month and month <= 12 and 1 <= day <= month_length(year, month)
        ]
        ways = [at for at in ways if weekday in ("", weekday_of(at))]
        if len(ways) == 1 and (two <= 12 or weekday):
            return run(*ways * 2)
        if ways:
            raise Decision(
                "the day or the month first, either can be meant; look it up", *map(day_text, ways)
            )
        return a_day(year, two, one, weekday)

    return reader.year(found["y"], build)


@rule(r"(?P<y>\d{4})/(?P<m>0?[1-9]|1[0-2])")
def _year_and_month(reader: Reader, found: Groups) -> Time:
    month = of_sheet(f"{found['y']}-{found['m'].zfill(2)}")
    if int(found["m"]) > int(found["y"][2:]):
        years = f"{found['y']}/{found['y'][:2]}{found['m'].zfill(2)}"
        raise Decision("it can be a month or two years", month.text, years)
    return month


@rule(
    r"(?P<m>0?[1-9]|1[0-2]) ?[/.-] ?(?P<y>\d{4})",
    rf"(?P<m>{words.M})(?:{words.S}(?:of |in )?(?P<y>'\d\d|\d{{4}}))?",
)
def _month(reader: Reader, found: Groups) -> Time:
    name = found["m"]
    month = int(name) if name.isdigit() else words.MONTHS.index(name) + 1
    return reader.year(found["y"], lambda year: of_sheet(f"{year:04d}-{month:02d}"))


@rule(rf"{words.ON}(?P<d>\d{{1,2}})(?: of that month)?")
def _day_alone(reader: Reader, found: Groups) -> Time:
    if not reader.context or not reader.context.month:
        raise Missing("its month and year are missing; look them up")
    year, month, first, last, told = reader.context
    if told and first:  # the year of the narrative need not be that of what stands beside it
        year, month, _ = date_of(first)
    here = a_day(year, month, int(found["d"]), found["w"])
    if first == last > here.first:
        years, month = divmod(12 * year + month, 12)
        after = a_day(years, month + 1, int(found["d"])).text
        raise Decision("it can lie before or after the date beside it", here.text, after)
    return here


@rule(r"(?P<y>\d{3})0 ?'?s")
def _decade(reader: Reader, found: Groups) -> Time:
    return of_sheet(f"{found['y']}X")


@rule(
    rf"(?P<n>{'|'.join(words.NAMED)}){words.YEAR}",
    rf"(?P<y>\d{{4}}) (?P<n>{'|'.join(words.NAMED)})",
    rf"(?P<n>{'|'.join(words.OVER)}) ?{words.TWO}",
    rf"{words.TWO} (?P<n>{'|'.join(filter(None, words.OVER))})",
)
def _named(reader: Reader, found: Groups) -> Time:
    table = words.OVER if "z" in found else words.NAMED
    key = next(key for key in table if re.fullmatch(key, found["n"]))
    last = int(found["y"][: 4 - len(found["z"])] + found["z"]) if "z" in found else 0

    def build(year: int) -> Time:
        if last not in (0, year + 1):
            raise Unread
        why, *forms = table[key].split("; ") if "; " in table[key] else ("", table[key])
        ways = [
            re.sub(
                "<(.+?)([+-][0-9]+)?>", lambda day: _holiday(year, day[1], int(day[2] or 0)), form
            )
            for form in (one.format(f"{year:04d}", f"{year + 1:04d}") for one in forms)
        ]
        if why:
            raise Named(why, *ways)
        return of_sheet(ways[0])

    return reader.year(found["y"], build)


def _holiday(year: int, name: str, off: int) -> str:
    from holidays import country_holidays  # here, since few phrases need it

    days = country_holidays("GB", subdiv="ENG", years=year).items()
    return day_text(min(day for day, named in days if named == name).toordinal() + off)


@rule(f"(?P<h>first|second|1|2|latter) half of {words.R}")
def _half(reader: Reader, found: Groups) -> Time:
    whole, later = reader.one(found["r"]), words.ORDINALS[found["h"]] == 2
    if re.fullmatch(r"\d{4}", whole.text):
        return of_sheet(f"{whole.text}-{40 + later}")
    if not re.fullmatch(r"\d{4}-(?:0\d|1[0-2])", whole.text):
        raise Unread
    middle = whole.first + (whole.last - whole.first + 1) // 2 - 1
    return run(middle + 1, whole.last) if later else run(whole.first, middle)


@rule(
    rf"(?:(?:towards|toward|near|nearer|close to) )?(?:the )?(?P<a>{words.P})(?: ?(?:to|or|/|-|-"
    rf" to -) ?(?P<b>{words.P}))?[ -]+(?:of |in |on in )?(?:the )?{words.R}"
)
def _part(reader: Reader, found: Groups) -> Time:
    try:
        wholes: tuple[str, ...] = (reader.one(found["r"]).text,)
    except Missing:
        raise
    except Decision as asked:
        wholes = getattr(asked.__cause__, "choices", ())
        # 'late May to early June' is no late part of May to June
        if not wholes or not all(re.fullmatch(r"\d{4}(?:-\d\d)?", one) for one in wholes):
            raise Unread(asked.why) from None
    whole = wholes[0]
    if whole[0] in "[{":
        if re.search("term|holiday|break|period|week$|^week|quarter|month$", found["r"]):
            raise Decision("it does not say which part of it", whole)
        raise Unread
    parts = [
        part
        for one in (found["a"], found["b"])
        for part, form in words.PARTS.items()
        if one and re.fullmatch(form, one)
    ]
    if whole.endswith("X"):  # of a decade, in which the sheet has no parts
        years = {"early": (0, 3), "mid": (4, 6), "late": (7, 9), "end": (8, 9)}
        third = f"[{whole[:3]}{years[parts[0]][0]}..{whole[:3]}{years[parts[-1]][1]}]"
        raise Named("the reading rules have no parts of a decade", third, whole)
    ways = [
        f"{parts[0]} {one}" if len(parts) == 1 else f"[{parts[0]} {one}..{parts[1]} {one}]"
        for one in wholes
    ]
    if len(ways) > 1:
        raise Decision("it can lie before or after the date beside it", *ways)
    return of_sheet(ways[0])


@rule(
    rf"(?P<h>first|last|final|opening|early) (?:(?P<n>{words.NUMBER}) )?(?P<u>day|week|month)s?"
    rf" (?:of|in) {words.R}"
)
def _first_of(reader: Reader, found: Groups) -> Time:
    if found["u"] == "week" and not found["n"]:
        raise Unread
    whole, number = reader.one(found["r"]), int(words.NUMBERS.get(found["n"]) or found["n"] or 1)
    last = found["h"] in ("last", "final")
    if found["u"] == "month":
        ends = months_on(whole.first, number) - 1, months_on(whole.last + 1, -number)
    else:
        days = number * int(words.UNIT_DAYS[found["u"]])
        ends = whole.first + days - 1, whole.last - days + 1
    if not whole.first <= ends[last] <= whole.last:
        raise Unread
    return run(ends[1], whole.last) if last else run(whole.first, ends[0])


@rule(f"(?P<n>{'|'.join(words.ORDINALS)}) (?P<w>{words.W}|week) (?:of|in) {words.R}")
def _one_of_month(reader: Reader, found: Groups) -> Time:
    whole = reader.one(found["r"])
    if not re.fullmatch(r"\d{4}-(?:0\d|1[0-2])", whole.text):
        raise Unread
    week, at = found["w"] == "week", words.ORDINALS[found["n"]] - 1
    weekday = "monday" if week else found["w"]
    days = range(whole.first, whole.last + 1 - 6 * week)
    day = [day for day in days if weekday_of(day) == weekday][at]
    if not week:
        return run(day, day)
    counted = whole.first + 7 * at if at >= 0 else whole.last - 6
    ways = (run(first, first + 6).text for first in (counted, day))
    raise Named("a week of a month is counted by days or from a Monday", *ways)


@rule(
    rf"(?:w ?/? ?[cb]|(?:week|wk) (?:commencing|beginning|starting|comm|from))(?: of)? {words.R}",
    rf"(?:w ?/ ?e|(?:week|wk) ending) (?P<end>{words.R})",
    rf"week (?:of )?(?P<of>{words.R})",
)
def _week(reader: Reader, found: Groups) -> Time:
    try:
        begins = reader.read(found["r"])
    except Decision as asked:  # a week begins on a Monday, which can settle what stands first
        choices = map(of_sheet, asked.choices)
        mondays = [choice for choice in choices if weekday_of(choice.first) == "monday"]
        if isinstance(asked, Missing):
            raise
        if len(mondays) != 1 or "of" in found or "end" in found:
            raise Decision(asked.why) from None
        begins = mondays[0]
    _, day, last, whole = begins
    if day != last or whole:
        raise Unread
    if "end" in found:
        return run(day - 6, day)
    monday = period_of("week", day)[0]
    if "of" not in found and weekday_of(day) not in ("monday", "sunday"):
        ways = (run(at, at + 6).text for at in (day, monday))
        raise Decision(f"its weekday, {weekday_of(day).capitalize()}, begins no week", *ways)
    return run(monday if "of" in found else day, day + 6)


@rule(r"(?P<y>\d{4}) ?-? ?w ?(?P<w>\d\d)")
def _week_number(reader: Reader, found: Groups) -> Time:
    monday = period_of("week", day_number(int(found["y"]), 1, 4))[0] + 7 * (int(found["w"]) - 1)
    return run(monday, monday + 6)


@rule(
    rf"(?:that |the same )?weekend(?: (?:of )?{words.R})?",
    rf"(?:the )?(?P<next>{words.NEXT}|{words.LAST}) weekend(?P<r>)",
    "(?:the )?weekend (?P<next>before|after)(?P<r>)",
)
def _weekend(reader: Reader, found: Groups) -> Time:
    _, first, last, _ = reader.base(found["r"], day=True)
    at = (first - 1) % 7
    if not found["r"]:  # on a Saturday or Sunday, the next one is another
        beside = -7 if back(found) else 7 * (at > 4) if "next" in found else 0
        return run(first - at + 5 + beside, first - at + 6 + beside)
    if last - first > 2 or 0 < at < 4:
        raise Decision(f"{day_text(first)} has a weekday that is of no weekend; look it up")
    saturday = first - at + 5 if at else first - 2
    return run(min(first, saturday), max(last, saturday + 1))
