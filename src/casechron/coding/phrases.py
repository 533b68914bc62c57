"""Which days does a phrase of casework admit, in the sheet's own notation?

One grammar. A rule matches a whole text and hands what it does not read itself to the other rules,
so a word that no rule takes leaves the phrase unread: nothing is dropped. Where a phrase can mean
two things, or says more than a date holds, a person decides."""

from __future__ import annotations

import re
from math import ceil, floor
from typing import NamedTuple

from casechron.coding import phrase_calendar  # noqa: F401 - the rules for dates come first
from casechron.coding import phrase_words as words
from casechron.coding.days import date_of, day_text, months_on
from casechron.coding.edtf import window
from casechron.coding.phrase_reader import (
    Context,
    Decision,
    Groups,
    Missing,
    Reader,
    Time,
    Unread,
    back,
    marked,
    normal,
    of_sheet,
    period_of,
    rule,
    run,
)
from casechron.coding.policy import DatingPolicy
from casechron.coding.refusals import Refusal

__all__ = ["PhraseReading", "parse_phrase"]


class PhraseReading(NamedTuple):
    """What a phrase says of when something was.

    `date` is in the notation of the sheet where every word of the phrase is accounted for and one
    thing is meant; '' where it says that there is no date, None where a person has to decide. Then
    `why` says why, and `choices` are the dates to choose from, if there are any. `time` is a time
    of day (HH:MM) for the column of that name; `notes` tell what was taken for granted."""

    date: str | None
    why: str = ""
    choices: tuple[str, ...] = ()
    time: str = ""
    notes: tuple[str, ...] = ()


@rule(
    rf"(?:(?P<about>{words.ABOUT}) )?(?:at )?{words.CLOCK}(?:[ ,]+(?:on |of )?{words.R})?",
    rf"(?P<r>.+?)[ ,]+(?:at )?(?:(?P<about>{words.ABOUT}) )?{words.CLOCK}",
)
def _clock(reader: Reader, found: Groups) -> Time:
    hour, minute, unit = int(found["h"]), int(found["i"].strip(":.") or 0), found["u"].strip()
    if not (unit or found["i"][:1] in tuple(":.")) or (unit[:1] in ("a", "p") and hour > 12):
        raise Unread
    hour = hour % 12 + 12 * (unit[0] == "p") if unit[:1] in ("a", "p") else hour
    if hour > 23 or minute > 59:
        raise Unread
    if found["s"] == "00" and hour == minute == 0:
        reader.notes.append("it has a midnight that a spreadsheet or a table adds to a date")
    elif not found["about"]:
        reader.time = f"{hour:02d}:{minute:02d}"
    if found["r"]:
        return reader.read(found["r"])
    if not reader.context:
        raise Missing("its day is missing; a time of day stands in time")
    return reader.base("", day=True)


@rule(
    r"(?:in |during )?(?:the )?(?:(?P<next>next|following|that|same|previous) )?"
    rf"{words.DAYTIME}(?: (?:of |on )?{words.R})?",
    rf"(?P<r>.+?)[ ,]+(?:in |at )?(?:the )?(?P<next>)?{words.DAYTIME}",
)
def _part_of_day(reader: Reader, found: Groups) -> Time:
    one, beside = reader.base(found["r"], day=True), found["next"]
    number = re.search(r"(?<![\d/.-])\d{1,2}$", found["r"])  # 9 am is a time
    if one.last > one.first + 1 or (beside and found["r"]) or (number and "m" in found["part"][:3]):
        raise Unread
    step = {"next": 1, "following": 1, "previous": -1}.get(beside, 0)
    dark = found["part"] in ("night", "overnight", "midnight") and one.first == one.last
    return run(one.first + step, one.last + step + dark) if step or dark else one


@rule(
    rf"(?:the )?(?P<next>next|following|previous|preceding) (?P<w>{words.W})(?P<r>)",
    rf"(?:the )?(?P<w>{words.W}) (?P<way>{words.SIDE}) {words.R}",
    rf"(?P<w>{words.W})",
)
def _to_weekday(reader: Reader, found: Groups) -> Time:
    if "r" not in found:
        raise Missing("it is a weekday without its day; look it up")
    _, first, last, _ = reader.base(found["r"])
    at = words.WEEKDAYS.index(found["w"])
    if back(found):
        return run(*(day - 1 - (day - 2 - at) % 7 for day in (first, last)))
    return run(*(day + 1 + (at - day) % 7 for day in (first, last)))


@rule(
    rf"(?P<doubt>{words.DOUBT}) (?P<about>{words.ABOUT}) {words.R}",
    rf"(?P<about>{words.ABOUT}) {words.R}",
    rf"(?P<doubt>{words.DOUBT}) {words.R}",
    rf"{words.R}(?P<about> or thereabouts| or so)",
    r"(?P<r>.+?)(?P<doubt> ?\?| tbc)",
)
def _hedged(reader: Reader, found: Groups) -> Time:
    if found.get("about") and re.fullmatch(_COUNTED, found["r"]):
        raise Unread  # 'about' is of the count there
    text = reader.one(found["r"]).text
    for mark, word in (("~", "about"), ("?", "doubt")):
        text = marked(text, mark) if found.get(word) else text
    return Time(text, whole=True) if text[0] in "[{" else of_sheet(text)


@rule(*words.NO_DATES)
def _no_date(reader: Reader, found: Groups) -> Time:
    text = found["all"]
    raise Decision(next(why for form, why in words.NO_DATES.items() if re.fullmatch(form, text)))


@rule(f"(?:throughout|all of|all through|the whole of) {words.R}")
def _throughout(reader: Reader, found: Groups) -> Time:
    period = reader.one(found["r"])
    return Time(f"{day_text(period.first)}/{day_text(period.last)}", whole=True)


@rule(
    r"(?:(?:from|since) )?(?P<r>.+?)"
    rf"(?: onwards?|\+| (?:and )?ongoing| ?(?:-|/|to|until|till) ?{words.NOW})"
)
def _open(reader: Reader, found: Groups) -> Time:
    return Time(f"{reader.one(found['r']).low()}/..", whole=True)


def _is_one(reader: Reader, text: str) -> bool:
    """Whether a text is a date of its own, whose hyphens part nothing."""
    try:
        return bool(reader.one(text))
    except (Decision, Unread):
        return False


@rule(
    f"(?P<once>(?:some ?time|at some point|on a day) )?between (?P<both>{words.R})",
    f"(?P<lasts>from) {words.R}",
)
def _between(reader: Reader, found: Groups) -> Time:
    text, asked = found["r"], None
    if "lasts" in found and _is_one(reader, text):
        raise Unread
    words_first = [" and "] if "both" in found else [" (?:to|until|till|through) ", r" ?\.\.+ ?"]
    for sign in (sign for form in (*words_first, " ?- ?") for sign in re.finditer(form, text)):
        left, right = text[: sign.start()], text[sign.end() :]
        within = re.search(r"\d{4}(?:-\d\d)?$", left) and re.match(r"\d\d(?!\d)", right)
        if sign[0] == "-" and within:
            continue
        try:
            first, last = reader.row([left, right])
        except Unread:
            continue
        except Decision as decision:
            asked = asked or decision
            continue
        start, end = first.low(), last.high()
        once, span = f"[{start}..{end}]", f"{start}/{end}"
        if found.get("once"):
            return Time(once, first.first, last.last)
        if found.get("lasts"):
            return Time(span, whole=True)
        raise Decision(words.ONCE_OR_LASTED, once, span)
    raise Unread if "lasts" in found or not asked else asked


@rule(rf"(?P<b>{'|'.join(words.BOUNDS)}) ?{words.R}", r"(?P<r>[^.]+?) ?(?P<b>\.\.+)")
def _bounded(reader: Reader, found: Groups) -> Time:
    one = reader.base(found["r"])
    if found["all"].endswith(".."):
        return Time(f"[{one.low()}..]", whole=True)
    ends = {"S": one.low(), "E": one.high(), "L": day_text(one.last)}
    forms = next(form for key, form in words.BOUNDS.items() if re.fullmatch(key, found["b"]))
    if forms in ("B", "A"):
        return Time(one.beyond(-1 if forms == "B" else 1), whole=True)
    ways = [re.sub("[SEL]", lambda end: ends[end[0]], form) for form in forms.split()]
    if len(ways) > 1:
        raise Decision(words.ONCE_OR_LASTED, *ways)
    return Time(ways[0], whole=True)


def _number(found: Groups) -> tuple[int, str]:
    """How many of a unit; what is counted in hours or fortnights is told in days or weeks."""
    number, unit = words.NUMBERS.get(found["n"] or "a") or int(found["n"]), found["u"]
    if unit[0].isdigit():
        return number * int(unit[:2]) // 24, "day"
    return (2 * number, "week") if unit == "fortnight" else (number, unit)


@rule(
    f"(?:shortly|just|soon|immediately) (?P<way>before|after) {words.R}",
    f"(?:in )?{words.VAGUE} {words.U}s {words.WAY}",
)
def _near(reader: Reader, found: Groups) -> Time:
    beyond = reader.base(found["r"]).beyond(-1 if back(found) else 1)
    told = "it does not say how many" if "u" in found else "it does not say how near"
    raise Decision(f"{told}, so only the order can be kept", beyond)


@rule(
    f"(?:in |during |over |within )?the {words.N}{words.U}s? {words.WAY}",
    f"(?:in )?(?:the )?(?P<next>next|following|previous|preceding) (?P<n>)(?P<r>){words.U}",
)
def _in_the(reader: Reader, found: Groups) -> Time:
    (_, first, last, _), earlier = reader.base(found["r"]), back(found)
    number, unit = _number(found)
    if unit == "day" and not found["n"]:
        return run(first - 1, last - 1) if earlier else run(first + 1, last + 1)
    far = ceil(number * words.UNIT_DAYS[unit])
    if number == 1 and not found["n"]:  # the calendar's week or month beside it can be meant too
        beyond = period_of(unit, first)[0] - 1 if earlier else period_of(unit, last)[1] + 1
        beside = period_of(unit, beyond)
        far = first - beside[0] if earlier else beside[1] - last
    return run(first - far, first - 1) if earlier else run(last + 1, last + far)


_COUNTED = f"(?:(?P<exactly>exactly) )?{words.N}{words.U}s? {words.WAY}"


@rule(_COUNTED, f"(?P<about>{words.ABOUT}) {_COUNTED}")
def _counted(reader: Reader, found: Groups) -> Time:
    number, unit = _number(found)
    _, first, last, _ = reader.base(found["r"], day=unit == "day")
    sign, days = -1 if back(found) else 1, words.UNIT_DAYS[unit]
    if unit in ("day", "week"):
        exact = [day + sign * number * int(days) for day in (first, last)]
    else:
        exact = [
            months_on(day, sign * number * (1 + 11 * (unit == "year"))) for day in (first, last)
        ]
    if found["exactly"] or (unit == "day" and "about" not in found):
        return run(*exact)
    slack = 1.0 if "about" in found else 0.5
    near, far = ceil((number - slack) * days), floor((number + slack) * days)
    ends = (first - far, last - near) if sign < 0 else (first + near, last + far)
    ways = [run(*ends).text, *([] if "about" in found else [run(*exact).text])]
    raise Decision("it is counted, and not said whether roughly or exactly", *ways)


@rule(f"within {words.N}{words.U}s?(?: (?P<way>of|{words.SIDE}) {words.R})?")
def _within(reader: Reader, found: Groups) -> Time:
    number, unit = _number(found)
    _, first, last, _ = reader.base(found.get("r", ""))
    far = ceil(number * words.UNIT_DAYS[unit])
    earlier, around = back(found), found["way"] == "of"
    return run(first - far if earlier or around else first, last if earlier else last + far)


@rule(
    "(?P<way>later|earlier|in)? ?(?:on )?(?:in )?(?:that|the same|same) (?P<u>day|week|month|year)"
)
def _same(reader: Reader, found: Groups) -> Time:
    _, first, last, _ = reader.base("")
    start, end = period_of(found["u"], first)[0], period_of(found["u"], last)[1]
    if found["u"] == "day" or found["way"] not in ("later", "earlier"):
        return run(start, end)
    return run(start, last - 1) if back(found) else run(first + 1, end)


rule(words.R)(_between)


@rule("(?:either )?(?P<r>.+(?: or | and | ?/ ?).+)")
def _several(reader: Reader, found: Groups) -> Time:
    text, both = found["r"], " and " in found["r"]
    row = reader.row(re.split(" ?, ?(?:and |or )?| and | or | ?/ ?", text))
    if (both and (" or " in text or "/" in text)) or any(one.text[0] in "[{" for one in row):
        raise Unread
    if "/" in text and (len(row) > 2 or row[0].text.count("-") != row[1].text.count("-")):
        raise Unread
    if re.match(r"\d{4}-[\d-]+/", text):
        return Time(f"{row[0].text}/{row[-1].text}", whole=True)
    inner = ",".join(one.text for one in row)
    if not both and " " in row[0].text and " " in row[-1].text:
        inner = f"{row[0].text}..{row[-1].text}"
    return Time(f"{{{inner}}}" if both else f"[{inner}]", row[0].first, row[-1].last)


def parse_phrase(text: str, anchor: str = "") -> PhraseReading:
    """What a phrase in words says of when something was, in the notation of the sheet.

    Parameters
    ----------
    text : str
        The words of a source or a cell, such as 'late August 2018' or 'w/c 3/9/18'.
    anchor : str, default ''
        The date beside which the phrase stands, in the notation of the sheet: a year for one that
        leaves out its year, a day for one that counts from it ('two days later').

    Returns
    -------
    PhraseReading
        `date` where every word is accounted for and one thing is meant; else `why`, and `choices`
        where there are any. A phrase of which a word is not read has no choice.

    Raises
    ------
    ValueError
        If the anchor is no single date.

    Examples
    --------
    >>> parse_phrase("w/c 27/08/2018").date, parse_phrase("circa May 2018").date
    ('[2018-08-27..2018-09-02]', '2018-05~')
    >>> parse_phrase("two days later", anchor="2018-05-05").date
    '2018-05-07'
    >>> asked = parse_phrase("3/9/18")
    >>> asked.date, asked.choices
    (None, ('2018-09-03', '2018-03-09'))
    >>> parse_phrase("the summer of his birth").why
    "the words 'the summer of his birth' are not read"
    """
    context = None
    if anchor:
        try:
            beside = window(anchor, DatingPolicy())
        except Refusal as refused:
            raise ValueError(
                f"'{anchor}' is no date to count from: {refused.found}; {refused.write}"
            ) from None
        year, month, _ = date_of(beside.earliest)
        one_month = date_of(beside.latest)[:2] == (year, month)
        context = Context(year, month if one_month else 0, beside.earliest, beside.latest)
    reader = Reader(context)
    plain = normal(text[:200], reader.notes)
    if words.NONE(plain) or words.NONE(text.strip().lower()):
        return PhraseReading("")
    try:
        if len(text) > 200:
            raise Unread
        found = reader.read(plain)
    except Decision as asked:
        return PhraseReading(None, asked.why, asked.choices, reader.time, tuple(reader.notes))
    except Unread:
        order = f"; {words.OTHER_EVENT}" if re.fullmatch(words.ORDER, plain) else ""
        return PhraseReading(None, f"the words '{plain[:60]}' are not read{order}")
    return PhraseReading(found.text, "", (), reader.time, tuple(reader.notes))
