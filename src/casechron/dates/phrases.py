"""Which days does a phrase of casework admit, in the sheet's own notation?

One grammar. A rule matches a whole text and hands what it does not read itself to the other rules,
so a word that no rule takes leaves the phrase unread: nothing is dropped. Where a phrase can mean
two things, or says more than a date holds, a person decides."""

from __future__ import annotations

import re
from typing import NamedTuple

from casechron.dates import phrase_rules  # noqa: F401 - its rules come first
from casechron.dates import phrase_words as words
from casechron.dates.days import date_of, day_text
from casechron.dates.edtf import Refusal, window
from casechron.dates.phrase_reader import (
    Context,
    Decision,
    Groups,
    Missing,
    Reader,
    Time,
    Unread,
    as_marked,
    back,
    named_in,
    normal,
    of_sheet,
    rule,
    run,
)
from casechron.dates.policy import DatingPolicy


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

    @property
    def dates(self) -> tuple[str, ...]:
        """The date that is meant, or those to choose from."""
        return (self.date,) if self.date else self.choices


@rule(
    rf"(?:(?P<about>{words.ABOUT}) )?(?:at )?{words.CLOCK}(?:[ ,]+(?:on |of )?{words.R})?",
    rf"(?P<r>.+?)[ ,]+(?:at )?(?:(?P<about>{words.ABOUT}) )?{words.CLOCK}",
)
def _clock(reader: Reader, groups: Groups) -> Time:
    hour, minute, unit = int(groups["h"]), int(groups["i"].strip(":.") or 0), groups["u"].strip()
    if not (unit or groups["i"][:1] in tuple(":.")) or (unit[:1] in ("a", "p") and hour > 12):
        raise Unread
    hour = hour % 12 + 12 * (unit[0] == "p") if unit[:1] in ("a", "p") else hour
    if hour > 23 or minute > 59:
        raise Unread
    if groups["s"] == "00" and hour == minute == 0:
        reader.notes.append("it has a midnight that a spreadsheet or a table adds to a date")
    elif not groups["about"] and unit != "o'clock":
        reader.time = f"{hour:02d}:{minute:02d}"
    if groups["r"]:
        return reader.read(groups["r"])
    if not reader.context:
        raise Missing("its day is missing; a time of day stands in time")
    return reader.base("", day=True)


@rule(
    rf"(?:in |during )?(?:(?:{words.ABOUT}) )?(?:the )?(?:(?P<next>{words.NEXT}"
    rf"|{words.LAST}|that|this|same) )?{words.DAYTIME}(?: (?:of |on )?{words.R})?",
    rf"(?P<r>.+?)[ ,]+(?:in |at )?(?:the )?(?P<next>)?{words.DAYTIME}",
    rf"(?:the )?{words.DAYTIME} (?P<next>before|after)(?P<r>)",
    r"(?:early|late|later|earlier|first thing) (?:on )?(?P<r>(?:on|that|the|in the|at)"
    r" .+)(?P<next>)(?P<part>)",
)
def _part_of_day(reader: Reader, groups: Groups) -> Time:
    base, beside = reader.base(groups["r"], day=True), groups["next"]
    number = re.search(r"(?<![\d/.-])\d{1,2}$", groups["r"])  # 9 am is a time
    if (
        base.last > base.first + 1
        or (beside and groups["r"])
        or (number and "m" in groups["part"][:3])
    ):
        raise Unread
    step = 0 if beside in ("", "that", "this", "same") else -1 if back(groups) else 1
    dark = groups["part"] in ("night", "overnight", "midnight") and base.first == base.last
    return run(base.first + step, base.last + step + dark) if step or dark else base


@rule(
    rf"(?P<doubt>{words.DOUBT}) (?P<about>{words.ABOUT}) {words.R}",
    rf"(?P<about>{words.ABOUT}) {words.R}",
    rf"(?P<doubt>{words.DOUBT}) {words.R}",
    rf"{words.R}(?P<about> or thereabouts| or so)",
    r"(?P<r>.+?)(?P<doubt> ?\?| tbc)",
)
def _hedged(reader: Reader, groups: Groups) -> Time:
    text = reader.one(groups["r"]).text
    for mark, word in (("~", "about"), ("?", "doubt")):
        text = as_marked(text, mark) if groups.get(word) else text
    return Time(text, whole=True) if text[0] in "[{" and ".." not in text else of_sheet(text)


@rule(*words.NO_DATES)
def _no_date(reader: Reader, groups: Groups) -> Time:
    raise Decision(named_in(words.NO_DATES, groups["all"]))


@rule(
    f"(?:throughout|all of|all through|(?:for )?the (?:whole|entirety|duration) of) {words.R}",
    "all (?P<r>day|week|month|year)",
    f"(?:(?:for|during|throughout|over) )?(?P<part>much|most|(?:the )?majority) of {words.R}",
    f"(?:on )?(?:a|one|some) (?P<part>{words.W}) (?:in|of|during) {words.R}",
)
def _throughout(reader: Reader, groups: Groups) -> Time:
    period = reader.one(groups["r"])
    if "part" in groups:
        of = groups["part"].capitalize() if groups["part"] in words.WEEKDAYS else "part"
        raise Decision(f"it does not say which {of} of it", period.text)
    return Time(f"{day_text(period.first)}/{day_text(period.last)}", whole=True)


@rule(
    r"(?:(?:from|since) )?(?P<r>.+?)"
    rf"(?: on|(?: and)? onwards?|\+| (?:and )?ongoing| ?(?:-|/|to|until|till) ?{words.NOW})"
)
def _open(reader: Reader, groups: Groups) -> Time:
    return Time(f"{reader.one(groups['r']).low()}/..", whole=True)


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
def _between(reader: Reader, groups: Groups) -> Time:
    text, asked = groups["r"], None
    if "lasts" in groups and _is_one(reader, text):
        raise Unread
    words_first = (
        [" and ", " to "]
        if "both" in groups
        else [" (?:(?:up|right|through|right up) )?(?:to|until|till|through) ", r" ?\.\.+ ?"]
    )
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
        if groups.get("once"):
            return Time(once, first.first, last.last)
        if groups.get("lasts"):
            return Time(span, whole=True)
        raise Decision(words.ONCE_OR_LASTED, once, span)
    raise Unread if "lasts" in groups or not asked else asked


@rule(rf"(?P<b>{'|'.join(words.BOUNDS)}) ?{words.R}", r"(?P<r>[^.]+?) ?(?P<b>\.\.+)")
def _bounded(reader: Reader, groups: Groups) -> Time:
    base = reader.base(groups["r"])
    if groups["all"].endswith(".."):
        return Time(f"[{base.low()}..]", whole=True)
    ends = {"S": base.low(), "E": base.high(), "L": day_text(base.last)}
    forms = named_in(words.BOUNDS, groups["b"])
    if forms in ("B", "A"):
        return Time(base.beyond(-1 if forms == "B" else 1), whole=True)
    ways = [re.sub("[SEL]", lambda end: ends[end[0]], form) for form in forms.split()]
    if len(ways) > 1:
        raise Decision(words.ONCE_OR_LASTED, *ways)
    return Time(ways[0], whole=True)


rule(words.R)(_between)


@rule("(?:either )?(?P<r>.+(?: or | and | ?/ ?).+)")
def _several(reader: Reader, groups: Groups) -> Time:
    text, both = groups["r"], " and " in groups["r"]
    row = reader.row(re.split(" ?, ?(?:and |or )?| and | or | ?/ ?", text))
    if [date.text[0] for date in row] == ["[", "["] and row[0].last + 1 == row[1].first:
        once = f"[{row[0].low()}..{row[1].high()}]"  # two parts that meet
        if not both:
            return Time(once, row[0].first, row[1].last)
        raise Decision(words.ONCE_OR_LASTED, once, f"{row[0].low()}/{row[1].high()}")
    if (both and (" or " in text or "/" in text)) or any(date.text[0] in "[{" for date in row):
        raise Unread
    if "/" in text and (len(row) > 2 or row[0].text.count("-") != row[1].text.count("-")):
        raise Unread
    if re.match(r"\d{4}-[\d-]+/", text):
        return Time(f"{row[0].text}/{row[-1].text}", whole=True)
    inner = ",".join(date.text for date in row)
    if not both and " " in row[0].text and " " in row[-1].text:
        inner = f"{row[0].text}..{row[-1].text}"
    return Time(f"{{{inner}}}" if both else f"[{inner}]", row[0].first, row[-1].last)


def parse_phrase(
    text: str, anchor: str = "", year: str = "", *, day_first: bool = False
) -> PhraseReading:
    """What a phrase in words says of when something was, in the notation of the sheet.

    Parameters
    ----------
    text : str
        The words of a source or a cell, such as 'late August 2018' or 'w/c 3/9/18'.
    anchor : str, default ''
        The date beside which the phrase stands, in the notation of the sheet: a year for one that
        leaves out its year, a day for one that counts from it ('two days later'); or the days
        '[2018-08-01..2018-09-12]' among which that date is.
    year : str, default ''
        The year of the narrative, which a phrase without one then has, whatever the anchor.
    day_first : bool, default False
        Whether the day stands before the month in '3/9/18', as in a British text that no
        spreadsheet has turned.

    Returns
    -------
    PhraseReading
        `date` where every word is accounted for and one thing is meant; else `why`, and `choices`
        where there are any. A phrase of which a word is not read has no choice.

    Raises
    ------
    ValueError
        If the anchor is no single date, or the year none of four digits.

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
    reader = Reader(_context(anchor or year, year), day_first=day_first)
    plain = normal(text[:200], reader.notes)
    if words.NONE(plain) or words.NONE(text.strip().lower()):
        return PhraseReading("")
    try:
        if len(text) > 200:
            raise Unread
        time = reader.read(plain)
    except Decision as asked:
        return PhraseReading(None, asked.why, asked.choices, reader.time, tuple(reader.notes))
    except Unread:
        order = f"; {words.OTHER_EVENT}" if re.fullmatch(words.ORDER, plain) else ""
        return PhraseReading(None, f"the words '{plain[:60]}' are not read{order}")
    return PhraseReading(time.text, "", (), reader.time, tuple(reader.notes))


def _context(anchor: str, stated_year: str) -> Context | None:
    """Where a phrase stands, beside an anchor and in the year that is told of."""
    if stated_year and not re.fullmatch(r"\d{4}", stated_year):
        raise ValueError(f"'{stated_year}' is no year; write four digits")
    if not anchor:
        return None
    try:
        between = re.fullmatch(r"\[([^\]]+)\.\.([^\]]+)\]", anchor)
        ends = between.groups() if between else (anchor, anchor)
        first, last = (window(end, DatingPolicy()) for end in ends)
    except Refusal as refused:
        raise ValueError(
            f"'{anchor}' is no date to count from: {refused.found}; {refused.write}"
        ) from None
    year, month, _ = date_of(first.earliest)
    one_month = date_of(last.latest)[:2] == (year, month)
    here = int(stated_year) if stated_year else year
    return Context(here, month if one_month else 0, first.earliest, last.latest, bool(stated_year))
