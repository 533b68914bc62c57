"""Which days does a phrase mean that counts from another date, the one in it or the one that stands
beside it? Rules of the grammar."""

from __future__ import annotations

import re
from math import ceil, floor

from casechron.coding import phrase_words as words
from casechron.coding.days import date_of, day_text, months_on
from casechron.coding.phrase_reader import (
    Context,
    Decision,
    Groups,
    Missing,
    Reader,
    Time,
    Unread,
    back,
    of_sheet,
    period_of,
    rule,
    run,
)

__all__: list[str] = []

_OVER = "(?:(?:for|in|during|over|within|throughout|after) )?(?:(?:the|this|these) )?"
_BESIDE = f"(?P<next>{words.NEXT}|{words.LAST})"


@rule(
    rf"(?:(?:on|the) )*(?P<next>{words.NEXT}|{words.LAST}) (?P<w>{words.W})(?P<r>)",
    rf"(?:(?:on|the) )*(?P<w>{words.W}) (?P<way>{words.SIDE}) {words.R}",
    rf"the (?P<w>{words.W}) (?P<way>before|after)(?P<r>)",
    rf"(?:(?:on|the) )*(?P<w>{words.W}) (?:of|in) (?:the )?(?P<week>that|this|same|{words.NEXT}"
    rf"|{words.LAST})"
    " week(?P<r>)",
    rf"(?:(?:on|that|the|this) )*(?P<w>{words.W})",
)
def _to_weekday(reader: Reader, found: Groups) -> Time:
    at = words.WEEKDAYS.index(found["w"])
    if "r" not in found:  # in a narrative, the first one from the day that was told before
        context = reader.context
        if not context or not 0 < context.first == context.last:
            raise Missing("it is a weekday without its day; look it up")
        return run(*[context.first + (at - (context.first - 1)) % 7] * 2)
    _, first, last, _ = reader.base(found["r"])
    if beside := found.get("week", ""):
        step = 0 if beside in ("that", "this", "same") else -7 if words.BACK(beside) else 7
        return run(*[period_of("week", first)[0] + step + at] * 2)
    if back(found):
        return run(*(day - 1 - (day - 2 - at) % 7 for day in (first, last)))
    return run(*(day + 1 + (at - day) % 7 for day in (first, last)))


def _number(found: Groups) -> tuple[float, float, str]:
    """How many of a unit, the least and the most."""
    least, most = (
        float(words.NUMBERS.get(one) or one) + (0.5 if found["half"] else 0)
        for one in (found["n"] or "a", found["m"] or found["n"] or "a")
    )
    if found["u"] == "fortnight":
        return 2 * least, 2 * most, "week"
    return least, most, found["u"]


@rule(
    "(?:(?:(?:very|quite) )?(?:shortly|just|soon|immediately)|not long) (?P<way>before|afterwards"
    "|afterward|after|prior to|thereafter)"
    f"(?: {words.R})?",
    f"(?:(?:for|in|during|over) )?(?:{words.VAGUE} )?(?:(?:{words.UNIT})s (?:and|or) )?{words.U}s"
    f" {words.WAY}",
    f"{_OVER}(?P<next>recent|{words.NEXT}|{words.LAST}) (?:{words.MANY} )?{words.U}s",
    f"(?:a|(?:a|some) (?:short|little|long|considerable)) (?:time|while|period) {words.WAY}",
    "some time (?P<way>later|afterwards|earlier|before|after)",
    "(?:at|on) (?:a|some) (?P<way>later|earlier) (?:date|stage|point|time)",
    f"within (?:{words.MANY} )?{words.U}s(?: (?:of|after) {words.R})?",
    "(?:more |very |until )?(?P<next>recently)",
    "(?:in )?(?:the )?(?:more )?(?P<next>(?:recent )?past)",
)
def _near(reader: Reader, found: Groups) -> Time:
    told = "it does not say how many" if "u" in found else "it does not say how near"
    one, earlier = reader.base(found.get("r", "")), back(found)
    same_day = not ("u" in found or found.get("r") or found["all"].endswith("date"))
    if same_day or found["all"].startswith("within") or found.get("next", "")[:6] == "recent":
        edge = f"[..{day_text(one.last)}]" if earlier else f"[{day_text(one.first)}..]"
    else:
        edge = one.beyond(-1 if earlier else 1)
    raise Decision(f"{told}, so only the order can be kept", edge)


@rule(
    f"(?:(?:for|in|during|over|within|throughout) )?the {words.N}{words.U}s? {words.WAY}",
    f"{_OVER}{_BESIDE} {words.N}(?P<r>){words.U}s?",
    f"(?:on )?{_OVER}{_BESIDE} (?P<r>)(?P<n>)(?P<m>)(?P<half>)working (?P<u>day)",
)
def _in_the(reader: Reader, found: Groups) -> Time:
    (_, first, last, _), earlier = reader.base(found["r"]), back(found)
    _, number, unit = _number(found)
    if found["all"].endswith("working day"):
        ends = (first - 5, last - 1) if earlier else (first + 1, last + 5)
        raise Decision("working days leave out weekends and bank holidays", run(*ends).text)
    if unit == "day" and not found["n"]:
        return run(first - 1, last - 1) if earlier else run(first + 1, last + 1)
    far = ceil(number * words.UNIT_DAYS[unit])
    rolling = re.match("over|during|within|through|for|.*past", found["all"])
    if unit == "year" and not (found["n"] or found["r"] or rolling or "way" in found):
        return of_sheet(f"{date_of(first)[0] - 1 if earlier else date_of(last)[0] + 1:04d}")
    if number == 1 and not found["n"]:  # the calendar's week or month beside it can be meant too
        beyond = period_of(unit, first)[0] - 1 if earlier else period_of(unit, last)[1] + 1
        beside = period_of(unit, beyond)
        far = first - beside[0] if earlier else beside[1] - last
    if found["n"] and not found["r"]:  # from a day that is one of several
        return run(first - far, last - 1) if earlier else run(first + 1, last + far)
    return run(first - far, first - 1) if earlier else run(last + 1, last + far)


@rule(f"(?:(?P<round>{words.ROUND}) )?{words.N}(?P<working>working )?{words.U}s? {words.WAY}")
def _counted(reader: Reader, found: Groups) -> Time:
    least, most, unit = _number(found)
    _, first, last, _ = reader.base(found["r"], day=unit == "day" and not found["round"])
    sign, days = -1 if back(found) else 1, words.UNIT_DAYS[unit]
    if found["working"]:  # two days of each week and up to four holidays in a row are none
        near, far = int(least), int(most) + 2 * (int(most) // 5 + 1) + 4
        ends = (first - far, last - near) if sign < 0 else (first + near, last + far)
        raise Decision("working days leave out weekends and bank holidays", run(*ends).text)
    if days < 1:  # hours can lead into the next day
        near, far = floor(least * days), ceil(most * days)
        return run(first - far, last - near) if sign < 0 else run(first + near, last + far)
    near_by = (of for form, of in words.ROUNDED.items() if re.fullmatch(form, found["round"]))
    rounded = next(near_by, None)
    if unit in ("day", "week"):
        exact = [day + sign * int(least * days) for day in (first, last)]
    else:
        months = least * (12 if unit == "year" else 1)
        exact = [months_on(day, sign * round(months)) for day in (first, last)]
    if rounded == (0, 0) or (unit == "day" and least == most and rounded in (None, (0.5, 0.5))):
        return run(*exact)
    low, high = rounded or ((0, 0) if unit == "day" else (0.5, 0.5))
    near = 0 if low is None else ceil((least - low) * days)
    if high is None:
        edge = day_text((first if sign > 0 else last) + sign * near)
        raise Decision(words.COUNTED, f"[..{edge}]" if sign < 0 else f"[{edge}..]")
    far = floor((most + high) * days)
    ends = (first - far, last - near) if sign < 0 else (first + near, last + far)
    ways = [run(*ends).text, *([run(*exact).text] if rounded is None and least == most else [])]
    raise Decision(words.COUNTED, *ways)


@rule(f"within (?:the space of )?{words.N}{words.U}s?(?: (?P<way>of|{words.SIDE}) {words.R})?")
def _within(reader: Reader, found: Groups) -> Time:
    _, number, unit = _number(found)
    _, first, last, _ = reader.base(found["r"])
    far = ceil(number * words.UNIT_DAYS[unit])
    earlier, around = back(found), found["way"] == "of"
    return run(first - far if earlier or around else first, last if earlier else last + far)


@rule(
    "(?:(?P<way>later|earlier) )?(?:(?:on|in|during|within) )?(?:(?:that|this|the same|same)"
    " )+(?:calendar )?(?P<u>date|day|week|month|year)",
    "(?:during|within) the (?P<u>week|month|year)",
    "(?P<way>later|earlier) (?:on )?in the (?P<u>day|week|month|year)",
    "(?P<u>today)",
)
def _same(reader: Reader, found: Groups) -> Time:
    unit, (_, first, last, _) = (
        found["u"].removeprefix("to").replace("date", "day"),
        reader.base(""),
    )
    start, end = period_of(unit, first)[0], period_of(unit, last)[1]
    if unit == "day" or found.get("way", "") == "" or (first, last) == (start, end):
        year_month = day_text(start)[: {"year": 4, "month": 7}.get(unit, 0)]
        whole = year_month and period_of(unit, start) == (start, end)
        return of_sheet(year_month) if whole else run(start, end)
    return _rest(found, start, (first, last), end)


def _rest(found: Groups, start: int, told: tuple[int, int], end: int) -> Time:
    """The days of a period that lie before or after those that were told before."""
    ends = (start, told[1] - 1) if back(found) else (told[0] + 1, end)
    return run(*ends) if ends[0] <= ends[1] else run(start, end)


@rule(
    f"(?P<way>later|earlier) (?:on )?(?:in|on|during) {words.R}",
    f"(?:(?:for|over|during|throughout) )?(?:the )?(?P<way>rest|remainder) of {words.R}",
)
def _part_after(reader: Reader, found: Groups) -> Time:
    whole = reader.one(found["r"])
    first, last = reader.context[2:4] if reader.context else (0, 0)
    if not whole.first <= first <= last <= whole.last or (first, last) == (whole[1:3]):
        return whole
    return _rest(found, whole.first, (first, last), whole.last)


_NAMES = f"(?:early |late |mid )?(?:{words.M}|spring|summer|autumn|winter|christmas|easter)"


@rule(
    rf"(?P<r>(?:(?!\d{{4}}).)+?)(?: ,)? (?:(?:of|in) )?(?:the )?(?P<next>that|this|same"
    rf"|{words.NEXT}|{words.LAST}) year",
    f"the (?P<next>{words.NEXT}|{words.LAST}|same) (?P<r>{_NAMES})",
    f"(?P<next>that|this|next|last) (?P<r>{_NAMES})",
)
def _in_that_year(reader: Reader, found: Groups) -> Time:
    """What has its name each year, in the year that is told or that next to it."""
    here, beside = reader.base(""), found["next"] not in ("that", "this", "same")
    year = date_of(here.first)[0]
    if found["all"].endswith(" year"):
        year += 0 if not beside else -1 if back(found) else 1
        return Reader(Context(year, told=True), reader).read(found["r"])
    ways = [
        Reader(Context(at, told=True), reader).one(found["r"]) for at in (year - 1, year, year + 1)
    ]
    if not beside:
        return ways[1]
    if back(found):
        return next(way for way in reversed(ways) if way.last < here.first or way is ways[0])
    return next(way for way in ways if way.first > here.last or way is ways[-1])


@rule(f"{_OVER}{words.N}{words.U}s? (?:up )?(?:to|ending|ended)(?: in| on)? {words.R}")
def _ending(reader: Reader, found: Groups) -> Time:
    _, number, unit = _number(found)
    _, first, last, _ = reader.one(found["r"])
    months = number * {"month": 1, "year": 12}.get(unit, 0)
    if months:
        return run(months_on(last + 1, -int(months)), last)
    days, those = words.UNIT_DAYS[unit], "the " in found["all"]
    if days < 1 or (found["all"].startswith("for ") and not those):
        raise Unread
    if those and first == last:
        return run(last - int(number * days) + 1, last)
    far = int((number + (unit == "week") / 2) * days)
    raise Decision(words.COUNTED, run(first - far, last).text)


@rule(f"(?:(?:at|in|during|over|for|throughout|within) )?(?:{words.THEN})")
def _then(reader: Reader, found: Groups) -> Time:
    return reader.base("")
