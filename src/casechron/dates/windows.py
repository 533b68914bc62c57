"""Between which days does a written date lie?

Reads the Library of Congress EDTF specification (4 February 2019), levels 0, 1 and 2, and
``early``, ``mid``, ``late`` or ``end`` before a month, a season or a year. What the specification
leaves open (`~`, seasons, the four words) the dating policy settles."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from casechron.dates.days import day_number, day_text, month_length, runs_of
from casechron.dates.edtf import (
    GENERAL,
    NO_END,
    PLAIN_DATE,
    UNITS,
    Refusal,
    Window,
    refusal,
    window,
)
from casechron.dates.policy import DatingPolicy

__all__ = ["DateError", "DateWindow", "date_bounds"]

_DEFAULT = DatingPolicy()
_SET_AS_END = re.compile(
    r"(?P<start>[\[{][^/]+[\]}]|[^/.\[{]+\.\.[^/.]+)/[^/]*|[^/]*/(?:[\[{][^/]+[\]}]|[^/.]+\.\.[^/.\]}]+)"
).fullmatch
_MOST_LETTERS = 200
#: Later than any day that can be written, and before all of them with a minus.
_FAR = 10**16
#: What a date of some form says, as the end of a sentence.
_MEANS = {
    r"\{.*": "for what happened on all of them",
    r"\[\.\..*": "for what happened by then",
    r".*\.\.\]": "for what happened from then on",
    r"\[.*": "for what happened on one day of them",
    r".*/\.\.": "for what lasted from then on and is open when the account ends",
    "/.*": "for what lasted until then",
    ".+/.+": "for what lasted from the one to the other",
}
_BRACKETS = re.compile(r"[\[\]{}]").search


class DateError(ValueError):
    """What was written in place of a date, and a right way to write it."""


class DateBounds(NamedTuple):
    """The days between which a written date lies.

    Days are proleptic Gregorian ordinals (`datetime.date.toordinal`; `day_text` writes them), of
    any size; None where nothing is said. The start lies in ``earliest`` to ``start_latest``, the
    end in ``end_earliest`` to ``latest``, ends included.

    ``shape`` is 'moment' (one unknown day of the window, so both pairs are the same), 'span' (it
    lasts) or 'several' (all members of ``{..}``: the start is the first of them, the end the last).
    ``open_start`` and ``open_end`` tell a written '..' from an end left unknown (``unknown_start``,
    ``unknown_end``). ``convex`` is False where days between the bounds are no possible ones;
    ``note`` then says which, and says whatever else the bounds leave out. ``pieces`` are, of a
    moment with holes, the runs of days that are possible ones, in order, None for no bound; empty
    where they are not told apart. ``precision`` is the unit of the coarsest part that is given
    ('none' if none is)."""

    shape: str
    earliest: int | None
    start_latest: int | None
    end_earliest: int | None
    latest: int | None
    precision: str
    open_start: bool = False
    open_end: bool = False
    unknown_start: bool = False
    unknown_end: bool = False
    convex: bool = True
    note: str = ""
    pieces: tuple[tuple[int | None, int | None], ...] = ()


# The same dates are read under one choice after another (`sensitivity`).
@lru_cache(maxsize=4096)
def day_span(text: str, policy: DatingPolicy = _DEFAULT) -> DateBounds:
    """The days between which a written date lies, under a dating policy.

    ``text`` is EDTF, or ``early``, ``mid``, ``late`` or ``end`` before a month, a season or a year,
    alone or within an interval or a set. `~` and `%` widen by the policy's ``approximate_slack``;
    `?` moves no bound. A date with a time is the day where the clock hung, whatever its zone. An
    end left unknown or open is bounded by the other end only. An interval whose end lies before its
    start under this policy, but not under the default one, is in order as written, and no day fits
    it: `earliest` lies after `latest`. Such a range of a set holds none of its days.

    Raises `DateError` for anything else: it says what was found and shows a right way to write it.

    Source: Library of Congress, *Extended Date/Time Format (EDTF) Specification*, 4 February 2019.

    >>> from casechron.dates.days import day_text
    >>> late = day_span("late 2018-08")
    >>> late.shape, day_text(late.earliest), day_text(late.latest)
    ('moment', '2018-08-21', '2018-08-31')
    >>> lasting = day_span("2008-11/..")
    >>> lasting.shape, day_text(lasting.earliest), day_text(lasting.start_latest), lasting.latest, lasting.open_end
    ('span', '2008-11-01', '2008-11-30', None, True)
    >>> day_span("2018-02-30")
    Traceback (most recent call last):
    ...
    casechron.dates.windows.DateError: '2018-02-30' is not a date: 2018-02 has days 01 to 28, not 30; \
write '2018-02' if the day is not known
    """  # noqa: E501
    plain = PLAIN_DATE(text)
    if plain and plain[3]:
        # A plain day is by far the commonest, so it takes the fastest way.
        year, month, day = int(plain[1]), int(plain[2]), int(plain[3])
        if 1 <= month <= 12 and 1 <= day <= month_length(year, month):
            number = day_number(year, month, day)
            return DateBounds("moment", number, number, number, number, "day")
    try:
        if text[:1] in ("[", "{"):
            return _set(text, policy)
        if "/" in text:
            return _interval(text, policy)
        moment = window(text, policy)
    except Refusal as refused:
        advice = _advice(text, refused)
        raise DateError(f"'{text}' is not a date: {advice.problem}; {advice.write}") from None
    days = moment.earliest, moment.latest, moment.earliest, moment.latest
    return _bounds("moment", days, [moment])._replace(pieces=moment.pieces)


def _advice(text: str, refused: Refusal) -> Refusal:
    """The refusal of a text that is no date; where it has no known form its words are read."""
    if ends := _SET_AS_END(text):
        start, end = text.split("/")
        interval = f"/{end}" if ends["start"] else f"{start}/"
        row = f"[{(start if ends['start'] else end).strip('[{]}')}]"
        if _is_date(interval) and _is_date(row):
            return Refusal(
                "EDTF has no set as an end of an interval",
                f"write '{interval}', and '{row}' as the date of a row of its own, that it began or"
                " ended; the column after or before of this row names that with 'same day'",
            )
    offered = re.fullmatch("write (?:.*, )?'([^']+)'(?: if .*)?", refused.write)
    is_right = refused.write != GENERAL and (not offered or _is_date(offered[1]))
    if is_right or len(text) > _MOST_LETTERS:
        return refused
    from casechron.dates.phrases import parse_phrase  # here, since dates alone need no grammar

    for part in dict.fromkeys((text, *re.split(r"[/,\[\]{}]|\.\.", text))):
        phrase = parse_phrase(part)
        # A number between slashes tells less than the whole.
        number = part.isdigit() and len(part) < 4
        if phrase.unread or (part != text and (number or _is_date(part))):
            continue
        problem, _, write = phrase.why.partition("; ")
        otherwise = "its parts are not written as EDTF has them"
        if phrase.date == "":
            otherwise = "it says that there is none"
        elif re.search("[a-zA-Z]", part):
            otherwise = "it is written in words"
        problem = ", and ".join(filter(None, (*phrase.notes, problem))) or otherwise
        if part != text:
            problem = f"of its part '{part}', {problem}"
        if phrase.date == "":
            return Refusal(problem, "leave the cell empty" if part == text else NO_END)
        dates = " or ".join(f"'{choice}'{_means(choice)}" for choice in phrase.dates)
        dates = dates or _without_year(part)
        if dates and write:
            write += ", or " if len(phrase.dates) == 1 else ", and "
        clock = f", and '{phrase.time}' into time" if phrase.time else ""
        return Refusal(problem, f"{write}{dates and 'write '}{dates}{clock}" or GENERAL)
    return refused if refused.write == GENERAL else Refusal(refused.problem, GENERAL)


def _is_date(text: str) -> bool:
    try:
        return bool(day_span(text))
    except DateError:
        return False


def _means(text: str) -> str:
    """What a set or an interval says of what happened, as the end of a sentence."""
    return next((f" {meaning}" for form, meaning in _MEANS.items() if re.fullmatch(form, text)), "")


def _without_year(text: str) -> str:
    """How a phrase that lacks its year is written with it; '' where that differs between years, or
    is no less than the year."""
    from casechron.dates.phrases import parse_phrase

    form, other_form = (
        " or ".join(parse_phrase(text, year).dates).replace(year, "YYYY")
        for year in ("2018", "2021")
    )
    says_more = form == other_form and form not in ("", "YYYY", "[YYYY-01-01..YYYY-12-31]")
    return f"{form} with its year for YYYY" if says_more else ""


#: Stands for an end that is not given.
_ANY_DAY = Window(-_FAR, _FAR, -_FAR, _FAR, "none")


def _piece(text: str, policy: DatingPolicy) -> Window:
    """The window of a date within an interval or a set, whose refusal names the piece."""
    try:
        return window(text, policy)
    except Refusal as refused:
        raise Refusal(f"of its part '{text}', {refused.problem}", refused.write) from None


def _interval(text: str, policy: DatingPolicy) -> DateBounds:
    """The bounds of what lasts, from one date to another."""
    parts = text.split("/")
    if len(parts) != 2 or text == "/":
        raise refusal(text)
    start_text, end_text = parts
    if any(len(part) < 4 and part.isdigit() for part in parts):
        raise refusal(text)  # '08/2018', '2018/19': the whole tells more than the part
    start = end = _ANY_DAY
    if start_text not in ("", ".."):
        start = _piece(start_text.removeprefix(".."), policy)
    if end_text not in ("", ".."):
        end = _piece(end_text.removesuffix(".."), policy)
    # ISO 8601-2 also has an end 'on or before' a day ('..2004-06-01') or 'on or after' it
    # ('2004-06-20..').
    if start_text.startswith(".."):
        start = start._replace(earliest=-_FAR, stated_earliest=-_FAR)
    if end_text.endswith(".."):
        end = end._replace(latest=_FAR, stated_latest=_FAR)
    if "T" in text:
        plain = "/".join(part.partition("T")[0] for part in parts)
        raise Refusal("the ends of an interval have no time of day", f"write '{plain}'")
    if start.stated_earliest > end.stated_latest:
        write = f"write '{end_text}/{start_text}' if the ends are swapped"
        _refuse(Refusal("its end lies before its start", write), text, policy, _interval)
    # What lasts starts no later than it ends.
    start_latest, end_earliest = min(start.latest, end.latest), max(start.earliest, end.earliest)
    days = start.earliest, start_latest, end_earliest, end.latest
    return _bounds("span", days, [start, end])._replace(
        open_start=start_text == "..",
        open_end=end_text == "..",
        unknown_start=not start_text,
        unknown_end=not end_text,
    )


def _refuse(
    refusal: Refusal, text: str, policy: DatingPolicy, read: Callable[[str, DatingPolicy], object]
) -> None:
    """Raise a refusal of a date, unless it is in order as written: only under this policy, and not
    under the default one, does no day fit it."""
    if policy != _DEFAULT:
        with suppress(Refusal):
            read(text, _DEFAULT)
            return
    raise refusal from None


def _bounds(
    shape: str, days: Iterable[int], windows: Sequence[Window], note: str = ""
) -> DateBounds:
    """The bounds on these days of a date made of some windows, with what is to be said of any of
    them; under a note of its own it is not convex."""
    earliest, start_latest, end_earliest, latest = map(_day, days)
    notes = [note, *(part.note for part in windows)]
    return DateBounds(
        *(shape, earliest, start_latest, end_earliest, latest),
        precision=max((part.precision for part in windows), key=UNITS.index),
        convex=not note and all(part.convex for part in windows),
        note="; ".join(dict.fromkeys(filter(None, notes))),
    )


def _set(text: str, policy: DatingPolicy) -> DateBounds:
    """The bounds of one of a set (a moment) or of all of a set (several)."""
    one_of = text[0] == "["
    close = "]" if one_of else "}"
    inner = text[1:-1]
    if not text.endswith(close) or not inner or _BRACKETS(inner):
        rule = "a set is dates with commas between them in one pair of brackets"
        raise Refusal(rule, "write for example '[2018-08,2018-10]' or '{2018-08,2018-10}'")
    if "/" in inner:
        write = f"write '..' between the ends, '{text.replace('/', '..')}'"
        raise Refusal("there is an interval in a set", write)
    ranges: list[tuple[Window, Window]] = []
    members = inner.split(",")
    for place, member in enumerate(members):
        low_text, dots, high_text = member.partition("..")
        low = _piece(low_text, policy) if low_text or not dots else _ANY_DAY
        high = low if not dots else _piece(high_text, policy) if high_text else _ANY_DAY
        no_low = low is _ANY_DAY and (high is _ANY_DAY or place > 0)
        if no_low or (high is _ANY_DAY and place < len(members) - 1):
            problem = "'..' without a date beside it stands inside a set"
            write = "write '..' before the first date or after the last"
            raise Refusal(problem, f"{write}, as in '[..2018-08,2018-10..]'")
        if low.stated_earliest > high.stated_latest:
            write = f"write '{text.replace(member, f'{high_text}..{low_text}')}'"
            swapped = Refusal(f"the range '{member}' ends before it starts", write)
            _refuse(swapped, text, policy, _set)
        ranges.append((low, high))
    if "T" in inner:
        plain = re.sub(r"T[^,.]*", "", text[:-1])
        raise Refusal("the members of a set have no time of day", f"write '{plain}{close}'")
    if one_of:  # a range that no day fits under this policy leaves the others
        ranges = [each for each in ranges if each[0].earliest <= each[1].latest] or ranges
    pieces = [low for low, _ in ranges] + [high for _, high in ranges]
    # The ends of a range bound it, however coarse: [2018-08..2018-08-25] ends on the 25th.
    spans = [(low.earliest, high.latest) for low, high in ranges]
    earliest, latest = min(low for low, _ in spans), max(high for _, high in spans)
    start_latest, end_earliest = latest, earliest
    if not one_of:
        start_latest = min(piece.latest for piece in pieces)
        end_earliest = max(piece.earliest for piece in pieces)
    note = "the days between its members count as possible" if len(runs_of(spans)) > 1 else ""
    days = earliest, start_latest, end_earliest, latest
    bounds = _bounds("moment" if one_of else "several", days, pieces, note)
    return bounds._replace(
        open_start=ranges[0][0] is _ANY_DAY,
        open_end=ranges[-1][1] is _ANY_DAY,
        pieces=_runs_of_members(ranges) if one_of and not bounds.convex else (),
    )


def _runs_of_members(
    ranges: Iterable[tuple[Window, Window]],
) -> tuple[tuple[int | None, int | None], ...]:
    """The runs of days of some ranges; none where those of one of them are not told apart."""
    spans: list[tuple[int, int]] = []
    for low, high in ranges:
        if low is high and low.pieces:
            spans += low.pieces
        elif low is not high or low.convex:
            spans.append((low.earliest, high.latest))
        else:
            return ()
    return tuple((_day(low), _day(high)) for low, high in runs_of(spans))


def _day(day: int) -> int | None:
    return None if abs(day) == _FAR else day


@dataclass(frozen=True, slots=True)
class DateWindow:  # numpydoc ignore=PR01
    """The days between which a written date lies, as `date_bounds` gives them.

    Attributes
    ----------
    earliest, latest : datetime.date, str or None
        The first and the last day that it can touch, both included. None where the date is open;
        beyond the years 1 to 9999, which Python's dates do not reach, the day as ISO 8601 text.
    start_latest, end_earliest : datetime.date, str or None
        Of what lasts (``2018-09/2018-11``), the last day on which it can have begun and the first
        on which it can have ended; of one day, `latest` and `earliest` again.

    Examples
    --------
    >>> import casechron as cc
    >>> cc.date_bounds("late 2018-08").earliest
    datetime.date(2018, 8, 21)
    """

    earliest: date | str | None
    start_latest: date | str | None
    end_earliest: date | str | None
    latest: date | str | None


def date_bounds(text: str, /, **policy: Any) -> DateWindow:
    """The days between which a written date lies.

    Parameters
    ----------
    text : str
        A date in EDTF, such as ``2018-08``, ``2018-08?``, ``2018-09/2018-11`` or ``../2018-08``,
        or ``early``, ``mid``, ``late`` or ``end`` before a month, a season or a year.
    **policy : str or int
        The fields of the dating policy that differ from the default, as `read_review` takes them.

    Returns
    -------
    DateWindow
        `earliest`, `start_latest`, `end_earliest` and `latest`, ends included: dates; None where
        the date is open; beyond the years 1 to 9999 their ISO text. Where no day fits a date under
        the policy given, though it is in order as written, `earliest` lies after `latest`.

    Raises
    ------
    DateError
        For what is no date: it says what was found and shows a right way to write it.
    PolicyError
        For a field that the dating policy does not have, or a value that it does not allow.
    TypeError
        For what is no text.

    See Also
    --------
    bounds : the days of every event of a review, as all its statements together imply them.

    References
    ----------
    Library of Congress, *Extended Date/Time Format (EDTF) Specification*, 4 February 2019.

    Examples
    --------
    >>> import casechron as cc
    >>> august = cc.date_bounds("late 2018-08")
    >>> print(august.earliest, august.latest)
    2018-08-21 2018-08-31
    >>> print(cc.date_bounds("late 2018-08", late_from=16).earliest)
    2018-08-16
    >>> print(cc.date_bounds("2018-11/..").latest)
    None
    >>> cc.date_bounds("Y-10000").latest
    '-10000-12-31'
    """
    if not isinstance(text, str):
        raise TypeError(f"a date is written as text, such as '2018-08', not as {text!r}")
    days = day_span(text, DatingPolicy.from_parameters(policy))
    ends = (days.earliest, days.start_latest, days.end_earliest, days.latest)
    return DateWindow(*map(_calendar_day, ends))


def _calendar_day(number: int | None) -> date | str | None:
    if number is None:
        return None
    if date.min.toordinal() <= number <= date.max.toordinal():
        return date.fromordinal(number)
    return day_text(number)
