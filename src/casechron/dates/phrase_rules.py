"""Which days does a phrase mean that names them in the calendar, or counts from another date?

Rules of the grammar; what stands before and after such a date is read in `phrases`."""

from __future__ import annotations

import re
from datetime import date
from functools import partial
from math import ceil, floor, inf

from casechron.dates.days import (
    date_of,
    day_number,
    day_text,
    month_length,
    months_on,
    working_day_span,
)
from casechron.dates.phrase_reader import (
    MONTHS,
    TABLES,
    UNIT_DAYS,
    WEEKDAYS,
    WHY,
    Context,
    Decision,
    Groups,
    Missing,
    Named,
    PhraseDate,
    Reader,
    Unread,
    a_day,
    counts_back,
    meaning_of,
    number_of,
    of_sheet,
    one_of_days,
    period_of,
    rule,
    side_left_open,
    step_of,
    weekday_of,
)

_IS_MONTH = re.compile(r"\d{4}-(?:0\d|1[0-2])").fullmatch

# Days, months and years


@rule("of_the_sheet")
def _of_the_sheet(reader: Reader, groups: Groups) -> PhraseDate:
    return of_sheet(f"{groups['decade']}X" if "decade" in groups else groups["all"])


def _month_number(name: str) -> int:
    """A month by its name or in digits."""
    return int(name) if name.isdigit() else MONTHS.index(name) + 1


@rule("in_words")
def _in_words(reader: Reader, groups: Groups) -> PhraseDate:
    month, day = _month_number(groups["month"]), int(groups["day"])
    if "last" in groups and not groups["year"] and len(groups["day"]) == 2:
        year = day + (1900 if day > 49 else 2000)
        choices = [a_day(reader.context.year, month, day).text] if reader.context else []
        why = f"{day} can be a day or a year, as when a spreadsheet shortens a date; look it up"
        raise Decision(why, f"{year}-{month:02d}", *choices)
    return reader.year(groups["year"], lambda year: a_day(year, month, day, groups["weekday"]))


@rule("in_numbers")
def _in_numbers(reader: Reader, groups: Groups) -> PhraseDate:
    first, second, weekday = int(groups["first"]), int(groups["second"]), groups["weekday"]
    if not groups["year"] and groups["sign"] != "/":
        raise Unread
    if not (groups["year"] or reader.context) and 1 <= first <= 12 < second:
        why = "it has a year of two digits, if it is a month"
        raise Decision(why, f"20{second:02d}-{first:02d}")
    reader.notes.append("its parts stand as spreadsheets show them")
    sure = reader.day_first and max(first, second) <= 12 and first != second

    def build(year: int) -> PhraseDate:
        if sure and not weekday:
            reader.notes.append(WHY["day_first"])
        orders = [(first, second)] + [(second, first)] * (not sure and first != second)
        days = [
            day_number(year, month, day)
            for day, month in orders
            if 1 <= month <= 12 and 1 <= day <= month_length(year, month)
        ]
        possible = [day for day in days if weekday in ("", weekday_of(day))]
        if len(possible) == 1 and (second <= 12 or weekday):
            return one_of_days(possible[0])
        if possible:
            why = "the day or the month first, either can be meant"
            if second > 12:
                why = f"{second} is no month, so that the month would stand first"
            raise Decision(f"{why}; look it up", *map(day_text, possible))
        return a_day(year, second, first, weekday)

    return reader.year(groups["year"], build)


@rule("month")
def _month(reader: Reader, groups: Groups) -> PhraseDate:
    month, century = _month_number(groups["month"]), groups.get("century", "")
    if century and month > int(groups["year"]):
        first_year = century + groups["year"]
        choices = (f"{first_year}-{month:02d}", f"{first_year}/{century}{month:02d}")
        raise Decision("it can be a month or two years", *choices)
    written = century + groups["year"]
    return reader.year(written, lambda year: of_sheet(f"{year:04d}-{month:02d}"))


@rule("day_alone")
def _day_alone(reader: Reader, groups: Groups) -> PhraseDate:
    if not reader.context or not reader.context.month:
        raise Missing("its month and year are missing; look them up")
    year, month, first, last, year_known = reader.context
    if year_known and first:  # the year of the narrative need not be that of what stands beside it
        year, month, _ = date_of(first)
    date = a_day(year, month, int(groups["day"]), groups["weekday"])
    if first == last > date.first:
        years, month = divmod(12 * year + month, 12)
        after = a_day(years, month + 1, int(groups["day"])).text
        raise Decision(WHY["either_side"], date.text, after)
    return date


@rule("named")
def _named(reader: Reader, groups: Groups) -> PhraseDate:
    second_year = groups.get("second_year", "")
    meaning = meaning_of("over_two_years" if second_year else "named", groups["name"])
    *why, dates = meaning.split("; ", maxsplit=1)

    def build(year: int) -> PhraseDate:
        if second_year and int(groups["year"][: -len(second_year)] + second_year) != year + 1:
            raise Unread
        choices = [
            re.sub(r"<(.+?)([+-]\d+)?>", partial(_holiday, year), date)
            for date in dates.format(f"{year:04d}", f"{year + 1:04d}").split("; ")
        ]
        if why:
            raise Named(why[0], *choices)
        return of_sheet(choices[0])

    return reader.year(groups["year"], build)


def _holiday(year: int, named: re.Match[str]) -> str:
    """The day of a public holiday of England in a year, or so many days after it, as the table of
    names has it between angle brackets."""
    from holidays import country_holidays  # here, since few phrases need it

    days = country_holidays("GB", subdiv="ENG", years=year).items()
    first = min((day for day, name in days if name == named[1]), default=None)
    if not first:
        raise Decision(f"{named[1]} was no public holiday in {year}; look it up")
    return day_text(first.toordinal() + int(named[2] or 0))


@rule("half")
def _half(reader: Reader, groups: Groups) -> PhraseDate:
    whole, later = reader.piece(groups["rest"]), TABLES["ordinals"][groups["which"]] == 2
    if re.fullmatch(r"\d{4}", whole.text):
        return of_sheet(f"{whole.text}-{40 + later}")
    if not _IS_MONTH(whole.text):
        raise Unread
    middle = (whole.first + whole.last - 1) // 2
    return one_of_days(middle + 1, whole.last) if later else one_of_days(whole.first, middle)


@rule("part")
def _part(reader: Reader, groups: Groups) -> PhraseDate:
    try:
        wholes: tuple[str, ...] = (reader.piece(groups["rest"]).text,)
    except Missing:
        raise
    except Decision as asked:
        wholes = getattr(asked.__cause__, "choices", ())
        # 'late May to early June' is no late part of May to June
        if not wholes or not all(re.fullmatch(r"\d{4}(?:-\d\d)?", whole) for whole in wholes):
            raise Unread(asked.why) from None
    whole = wholes[0]
    if whole[0] in "[{":
        if re.search("term|holiday|break|period|week$|^week|quarter|month$", groups["rest"]):
            raise Decision("it does not say which part of it", whole)
        raise Unread
    part, last_part = (
        meaning_of("parts", groups[name] or groups["part"]) for name in ("part", "last_part")
    )
    if whole.endswith("X"):  # of a decade, in which the sheet has no parts
        years = {"early": (0, 3), "mid": (4, 6), "late": (7, 9), "end": (8, 9)}
        first, last = years[part][0], years[last_part][1]
        third = f"[{whole[:3]}{first}..{whole[:3]}{last}]"
        raise Named("the reading rules have no parts of a decade", third, whole)
    form = "[{0} {2}..{1} {2}]" if groups["last_part"] else "{0} {2}"
    choices = [form.format(part, last_part, whole_text) for whole_text in wholes]
    if len(choices) > 1:
        raise Decision(WHY["either_side"], *choices)
    return of_sheet(choices[0])


@rule("first_of")
def _first_of(reader: Reader, groups: Groups) -> PhraseDate:
    if groups["unit"] == "week" and not groups["number"]:
        raise Unread
    whole, number = reader.piece(groups["rest"]), int(number_of(groups)[0])
    if reader.doubts:
        raise Decision(reader.doubts[-1], whole.text)
    last = groups["which"] in ("last", "final")
    if groups["unit"] == "month":
        ends = months_on(whole.first, number) - 1, months_on(whole.last + 1, -number)
    else:
        days = number * int(UNIT_DAYS[groups["unit"]])
        ends = whole.first + days - 1, whole.last - days + 1
    if not whole.first <= ends[last] <= whole.last:
        raise Unread
    return one_of_days(ends[1], whole.last) if last else one_of_days(whole.first, ends[0])


@rule("one_of_month")
def _one_of_month(reader: Reader, groups: Groups) -> PhraseDate:
    whole = reader.piece(groups["rest"])
    if not _IS_MONTH(whole.text):
        raise Unread
    week, place = groups["weekday"] == "week", TABLES["ordinals"][groups["ordinal"]] - 1
    weekday = "monday" if week else groups["weekday"]
    days = range(whole.first, whole.last + 1 - 6 * week)
    day = [day for day in days if weekday_of(day) == weekday][place]
    if not week:
        return one_of_days(day)
    counted = whole.first + 7 * place if place >= 0 else whole.last - 6
    weeks = (one_of_days(first, first + 6).text for first in (counted, day))
    raise Named("a week of a month is counted by days or from a Monday", *weeks)


@rule("week")
def _week(reader: Reader, groups: Groups) -> PhraseDate:
    try:
        begins = reader.read(groups["rest"])
    except Missing:
        raise
    except Decision as asked:  # a week begins on a Monday, which can settle what stands first
        mondays = [
            time for time in map(of_sheet, asked.choices) if weekday_of(time.first) == "monday"
        ]
        if len(mondays) != 1 or "of" in groups or "end" in groups:
            raise Decision(asked.why) from None
        begins = mondays[0]
    day = begins.first
    if day != begins.last or begins.whole:
        raise Unread
    if "end" in groups:
        return one_of_days(day - 6, day)
    monday = period_of("week", day)[0]
    if "of" not in groups and weekday_of(day) not in ("monday", "sunday"):
        weeks = (one_of_days(at, at + 6).text for at in (day, monday))
        raise Decision(f"its weekday, {weekday_of(day).capitalize()}, begins no week", *weeks)
    return one_of_days(monday if "of" in groups else day, day + 6)


@rule("week_number")
def _week_number(reader: Reader, groups: Groups) -> PhraseDate:
    year, week = int(groups["year"]), int(groups["week"])
    first, counted = day_number(year) + 7 * (week - 1), groups.get("counted")
    by_days = one_of_days(first, min(first + 6, day_number(year + 1) - 1))
    why = "a week of a year is counted from a Monday or from 1 January"
    try:
        monday = date.fromisocalendar(year, week, 1).toordinal()
    except ValueError:  # few years have a week 53 from a Monday
        raise (Named(why, by_days.text) if counted else Unread) from None
    from_monday = one_of_days(monday, monday + 6)
    if not counted or from_monday == by_days:
        return from_monday
    raise Named(why, from_monday.text, by_days.text)


@rule("weekend")
def _weekend(reader: Reader, groups: Groups) -> PhraseDate:
    first, last = reader.base(groups["rest"], day=True).days
    weekday = (first - 1) % 7
    if not groups["rest"]:  # on a Saturday or Sunday, the next one is another
        beside = -7 if counts_back(groups) else 7 * (weekday > 4) if "next" in groups else 0
        return one_of_days(first - weekday + 5 + beside, first - weekday + 6 + beside)
    if last - first > 2 or 0 < weekday < 4:
        raise Decision(f"{day_text(first)} has a weekday that is of no weekend; look it up")
    saturday = first - weekday + 5 if weekday else first - 2
    return one_of_days(min(first, saturday), max(last, saturday + 1))


@rule("to_weekday")
def _to_weekday(reader: Reader, groups: Groups) -> PhraseDate:
    weekday = WEEKDAYS.index(groups["weekday"])
    if "rest" not in groups:  # in a narrative, the first one from the day named before
        context = reader.context
        if not context or not 0 < context.first == context.last:
            raise Missing("it is a weekday without its day; look it up")
        return one_of_days(context.first + (weekday - (context.first - 1)) % 7)
    first, last = reader.base(groups["rest"]).days
    if beside := groups.get("week", ""):
        return one_of_days(period_of("week", first)[0] + 7 * step_of(beside) + weekday)
    if counts_back(groups):
        return one_of_days(*(day - 1 - (day - 2 - weekday) % 7 for day in (first, last)))
    return one_of_days(*(day + 1 + (weekday - day) % 7 for day in (first, last)))


# What counts from another date


def _away(first: int, last: int, near: int, far: int, *, earlier: bool) -> PhraseDate:
    """The days that lie as far as this before or after one of some days."""
    days = (first - far, last - near) if earlier else (first + near, last + far)
    return one_of_days(*days)


def _all_from(day: int, *, earlier: bool) -> str:
    """All that lies on a day or before it, or on it or after."""
    return f"[..{day_text(day)}]" if earlier else f"[{day_text(day)}..]"


@rule("near")
def _near(reader: Reader, groups: Groups) -> PhraseDate:
    vague = "it does not say how many" if "unit" in groups else "it does not say how near"
    base, earlier = reader.base(groups.get("rest", "")), counts_back(groups)
    same_day = not ("unit" in groups or groups.get("rest") or groups["all"].endswith("date"))
    if same_day or groups["all"].startswith("within") or groups.get("next", "")[:6] == "recent":
        edge = _all_from(base.last if earlier else base.first, earlier=earlier)
    else:
        edge = base.beyond(-1 if earlier else 1)
    raise Decision(f"{vague}, so only the order can be kept", edge)


@rule("in_the")
def _in_the(reader: Reader, groups: Groups) -> PhraseDate:
    (first, last), earlier = reader.base(groups["rest"]).days, counts_back(groups)
    _, number, unit = number_of(groups)
    several = groups["number"] or number > 1
    if groups["all"].endswith("working day"):
        days = _away(first, last, *working_day_span(1), earlier=earlier)
        raise Decision(WHY["working"], days.text)
    if unit == "day" and not several:
        return _away(first, last, 1, 1, earlier=earlier)
    far = ceil(number * UNIT_DAYS[unit])
    rolling = re.match("over|during|within|through|for|.*past", groups["all"])
    if unit == "year" and not (several or groups["rest"] or rolling or "way" in groups):
        return of_sheet(f"{date_of(first)[0] - 1 if earlier else date_of(last)[0] + 1:04d}")
    edge = first if earlier else last
    if not several:
        # The calendar's week or month beside it can be meant too.
        period = period_of(unit, edge)
        beside = period_of(unit, period[0] - 1 if earlier else period[1] + 1)
        far = first - beside[0] if earlier else beside[1] - last
    if reader.doubts:
        raise Decision(reader.doubts[-1], _away(first, last, 1, far, earlier=earlier).text)
    if several and not groups["rest"]:  # from a day that is one of several
        return _away(first, last, 1, far, earlier=earlier)
    return _away(edge, edge, 1, far, earlier=earlier)


@rule("counted")
def _counted(reader: Reader, groups: Groups) -> PhraseDate:
    lowest, highest, unit = number_of(groups)
    first, last = reader.base(groups["rest"], day=unit == "day" and not groups["round"]).days
    earlier, days, working = counts_back(groups), UNIT_DAYS[unit], groups["working"]
    if days < 1:  # hours can lead into the next day
        return _away(first, last, floor(lowest * days), ceil(highest * days), earlier=earlier)
    rounded = meaning_of("rounded", groups["round"]) if groups["round"] else None
    sign = -1 if earlier else 1
    if unit in ("day", "week"):
        exact = [day + sign * int(lowest * days) for day in (first, last)]
    else:
        months = lowest * (12 if unit == "year" else 1)
        exact = [months_on(day, sign * round(months)) for day in (first, last)]
    sure = unit == "day" and lowest == highest and rounded in (None, [0.5, 0.5])
    if not working and (sure or rounded == [0, 0]):
        return one_of_days(*exact)
    low, high = rounded or ((0, 0) if unit == "day" else (0.5, 0.5))
    near = 0 if low == inf else ceil((lowest - low) * days)
    near = working_day_span(near)[0] if working else near
    why = WHY["working"] if working else WHY["roughly"] if rounded else WHY["counted"]
    if high == inf:
        edge = (last if earlier else first) + sign * near
        raise Decision(why, _all_from(edge, earlier=earlier))
    far = floor((highest + high) * days)
    far = working_day_span(far)[1] if working else far
    choices = [_away(first, last, near, far, earlier=earlier).text]
    choices += [one_of_days(*exact).text] if lowest == highest and not (rounded or working) else []
    raise Decision(why, *choices)


@rule("within")
def _within(reader: Reader, groups: Groups) -> PhraseDate:
    _, number, unit = number_of(groups)
    first, last = reader.base(groups["rest"]).days
    working = groups["working"]
    far = working_day_span(int(number))[1] if working else ceil(number * UNIT_DAYS[unit])
    earlier, around = counts_back(groups), groups["way"] == "of"
    time = one_of_days(first - far if earlier or around else first, last if earlier else last + far)
    if working:
        raise Decision(WHY["working"], time.text)
    return time


# The period named before


@rule("same")
def _same(reader: Reader, groups: Groups) -> PhraseDate:
    unit = groups["unit"].removeprefix("to").replace("date", "day")
    first, last = reader.base("").days
    start, end = period_of(unit, first)[0], period_of(unit, last)[1]
    if unit == "day" or not groups.get("way") or (first, last) == (start, end):
        year_month = day_text(start)[: {"year": 4, "month": 7}.get(unit, 0)]
        whole = year_month and period_of(unit, start) == (start, end)
        return of_sheet(year_month) if whole else one_of_days(start, end)
    return _rest_of_period(groups, start, (first, last), end)


def _rest_of_period(
    groups: Groups, start: int, named_days: tuple[int, int], end: int
) -> PhraseDate:
    """The days of a period that lie before or after those named before."""
    ends = (start, named_days[1] - 1) if counts_back(groups) else (named_days[0] + 1, end)
    return one_of_days(*ends) if ends[0] <= ends[1] else one_of_days(start, end)


@rule("part_after")
def _part_after(reader: Reader, groups: Groups) -> PhraseDate:
    whole = reader.piece(groups["rest"])
    first, last = reader.context[2:4] if reader.context else (0, 0)
    if not whole.first <= first <= last <= whole.last or (first, last) == whole.days:
        return whole
    return _rest_of_period(groups, whole.first, (first, last), whole.last)


@rule("in_that_year")
def _in_that_year(reader: Reader, groups: Groups) -> PhraseDate:
    """What comes every year, in the year of the narrative or that next to it."""
    first, last = reader.base("").days
    step, year, last_year = step_of(groups["next"]), date_of(first)[0], date_of(last)[0]

    def at(year: int) -> PhraseDate:
        return Reader(Context(year, year_stated=True), reader).piece(groups["rest"])

    if groups["all"].endswith(" year"):
        return Reader(Context(year + step, year_stated=True), reader).read(groups["rest"])
    if step < 0:  # what begins before the days named, and goes on no longer than they
        dates = map(at, range(last_year, year - 3, -1))
        return next(date for date in dates if date.first < first and date.last < last)
    if step:
        dates = map(at, range(year, last_year + 3))
        return next(date for date in dates if date.first > first and date.last > last)
    time, before = at(year), at(year - 1)
    if before.first <= first <= last <= before.last:
        return before
    if side_left_open(time, first, last) < 0:
        raise Decision(WHY["either_side"], before.text, time.text)
    return time


@rule("ending")
def _ending(reader: Reader, groups: Groups) -> PhraseDate:
    _, number, unit = number_of(groups)
    first, last = reader.piece(groups["rest"]).days
    if months := number * {"month": 1, "year": 12}.get(unit, 0):
        return one_of_days(months_on(last + 1, -int(months)), last)
    days, definite = UNIT_DAYS[unit], "the " in groups["all"]
    if days < 1 or (groups["all"].startswith("for ") and not definite):
        raise Unread
    if definite and first == last:
        return one_of_days(last - int(number * days) + 1, last)
    far = int((number + (unit == "week") / 2) * days)
    raise Decision(WHY["counted"], one_of_days(first - far, last).text)


@rule("then")
def _then(reader: Reader, groups: Groups) -> PhraseDate:
    return reader.base("")
