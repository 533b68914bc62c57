"""How is it said in plain English between which days something happened?

Windows come as the four days that bound an event: earliest, start_latest, end_earliest and latest,
ends included, None where there is no bound."""

from __future__ import annotations

from casechron.dates.days import date_of, month_length

NOT_DATED = "not dated"
_MONTHS = (
    *("", "January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def month_name(month: int) -> str:
    """A month's name, from its number.

    >>> month_name(8)
    'August'
    """
    return _MONTHS[month]


def day_words(day: int) -> str:
    """A day in words; years before 1 as astronomers count them.

    >>> day_words(736934)
    '28 August 2018'
    """
    year, month, of_month = date_of(day)
    return f"{of_month} {_MONTHS[month]} {year}"


def window_words(low: int | None, high: int | None) -> str:
    """When a moment was, of which no more is known than that it lies in a window.

    Whole months and years are named as such; both ends belong to what is said.

    >>> from casechron.dates.days import day_number
    >>> window_words(day_number(2018, 11, 6), day_number(2018, 11, 17))
    'between 6 and 17 November 2018'
    >>> (
    ...     window_words(day_number(2018, 11, 1), day_number(2018, 11, 30)),
    ...     window_words(None, day_number(2018, 7, 31)),
    ... )
    ('in November 2018', 'by 31 July 2018')
    """
    if low is None:
        return NOT_DATED if high is None else f"by {day_words(high)}"
    if high is None:
        return f"on or after {day_words(low)}"
    return " ".join(_window(low, high))


def _window(low: int, high: int) -> tuple[str, str]:
    """The preposition and the noun of a window with two ends."""
    if low == high:
        return "on", day_words(low)
    if whole := _whole(low, high):
        return "in", whole
    first, last = _ends(low, high)
    return ("on", f"{first} or {last}") if high == low + 1 else ("between", f"{first} and {last}")


def event_words(
    earliest: int | None,
    start_latest: int | None,
    end_earliest: int | None,
    latest: int | None,
    *,
    several: bool = False,
) -> str:
    """When an event was that may have lasted, or, with `several`, may have occurred more than once.

    A moment has its start and its end in one window. Of what lasted, start and end are said apart.

    >>> from casechron.dates.days import day_number
    >>> event_words(day_number(2009), day_number(2009, 12, 31), day_number(2009), None)
    'from 2009 on'
    >>> days = [day_number(2018, 9, 21), day_number(2018, 9, 30), day_number(2018, 10, 21), None]
    >>> event_words(*days)
    'from some day between 21 and 30 September 2018, not ended before 21 October 2018'
    >>> event_words(*days, several=True)
    'first between 21 and 30 September 2018, last on or after 21 October 2018'
    """
    if earliest == end_earliest and start_latest == latest:
        return window_words(earliest, latest)
    # The end lies after the start and the start before the end: bounds that say no more than this
    # add nothing.
    end_adds = latest is not None or (
        end_earliest is not None and (earliest is None or end_earliest > earliest)
    )
    start_adds = earliest is not None or (
        start_latest is not None and (latest is None or start_latest < latest)
    )
    if several:
        first = f"first {window_words(earliest, start_latest)}" if start_adds else ""
        last = f"last {window_words(end_earliest, latest)}" if end_adds else ""
        return ", ".join(part for part in (first, last) if part) or NOT_DATED
    start = _side(earliest, start_latest, "from", "begun") if start_adds else ""
    if not end_adds and start.startswith("from "):
        return f"{start} on"
    end = _side(end_earliest, latest, "to", "ended") if end_adds else ""
    if start.startswith("from ") and end.startswith("to "):
        return f"{start} {end}"
    if not start and end.startswith("to "):
        return f"until {end.removeprefix('to ')}"
    return ", ".join(part for part in (start, end) if part) or NOT_DATED


def _side(low: int | None, high: int | None, when: str, done: str) -> str:
    """When something that lasted began (`when` is 'from', `done` 'begun') or ended."""
    if low is None:
        return "" if high is None else f"{done} by {day_words(high)}"
    if high is None:
        return f"not {done} before {day_words(low)}"
    preposition, days = _window(low, high)
    return f"{when} {'some day between ' if preposition == 'between' else ''}{days}"


def _whole(low: int, high: int) -> str:
    """The month or the year that a window is exactly, if it is one."""
    (year, month, first), (year_to, month_to, last) = date_of(low), date_of(high)
    if year != year_to or first != 1 or last != month_length(year_to, month_to):
        return ""
    if month == month_to:
        return f"{_MONTHS[month]} {year}"
    return str(year) if (month, month_to) == (1, 12) else ""


def _ends(low: int, high: int) -> tuple[str, str]:
    """Both ends of a window without saying twice what they share; as months or years if these are
    whole."""
    (year, month, first), (year_to, month_to, last) = date_of(low), date_of(high)
    if first == 1 and last == month_length(year_to, month_to):
        if (month, month_to) == (1, 12):
            return str(year), str(year_to)
        return (
            _MONTHS[month] if year == year_to else f"{_MONTHS[month]} {year}"
        ), f"{_MONTHS[month_to]} {year_to}"
    if (year, month) == (year_to, month_to):
        return str(first), day_words(high)
    return (f"{first} {_MONTHS[month]}" if year == year_to else day_words(low)), day_words(high)
