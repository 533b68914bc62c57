"""Between which days did something happen, as tables show it: no closer than beside the published
age of a living child, and in plain English?

An age and a day make a birth. The chronology narrows days as far as the statements allow; what is
read beside an age keeps to the days that the source itself gives. Windows come as the four days
that bound an event: earliest, start_latest, end_earliest and latest, ends included."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casechron.chronology import Chronology, PairRegion, feasible_region
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.chronology.network import OPEN, Ints, is_open, none_if_open
from casechron.chronology.pairs import feasible_regions, less_open
from casechron.dates.days import MONTH_NAMES, date_of, month_length

NOT_DATED = "not dated"


def days_left_out(stated: list[int], window: list[int]) -> int | None:
    """How many days of an event's own window are left out of a narrower one; None where a side of
    it is open."""
    open_side = is_open(stated[0]) or is_open(stated[3])
    return None if open_side else (window[0] - stated[0]) + (stated[3] - window[3])


def start_window(
    chronology: Chronology, event: str, point: str = "start", *, told: bool = False
) -> tuple[int | None, int | None]:
    """Between which days an event starts, or ends, exactly or as they are `told` beside ages; open
    where no chronology is admissible and for no event."""
    if not event:
        return None, None
    windows = chronology.shown if told else chronology.event_windows
    days = windows[chronology.lowered.row_of[event]]
    first, last = days[2:] if point == "end" else days[:2]
    return none_if_open(first), none_if_open(last)


def put_after(chronology: Chronology, points: Ints) -> NDArray[np.bool_]:
    """Which events do orders put no earlier than which points of the network, so that they came
    after these on their day too? Not what orders put on that very day."""
    starts, orders = chronology.lowered.start, chronology.order_minimal
    known = (starts[:, None] >= 0) & (points >= 0)
    after, before = orders[starts[:, None], points] <= 0, orders[points, starts[:, None]] <= 0
    came_after: NDArray[np.bool_] = known & after & ~before
    return came_after


def told_region(
    chronology: Chronology, from_event: str, to_event: str, **points: str
) -> PairRegion:
    """The days of two events, and those between them, as every table tells them: open where the
    coding of one of them leaves a side open (`Chronology.open_sides`), and no closer than what is
    shown beside ages (`Chronology.shown`). `points` as in `feasible_region`."""
    region = dated_region(chronology, from_event, to_event, **points)
    return shown_region(chronology, region, from_event, to_event, **points)


def dated_region(
    chronology: Chronology, from_event: str, to_event: str, **points: str
) -> PairRegion:
    """The exact days of two events, open where the coding of one of them leaves a side open."""
    region, dated = (
        feasible_region(each, from_event, to_event, **points)
        for each in (chronology, chronology.with_open_sides)
    )
    return less_open(region, dated)


def told_regions(
    chronology: Chronology, from_event: str, to_event: str, **points: str
) -> list[PairRegion]:
    """The `told_region` of two events; of dates with holes, regions that together have the pairs of
    days that are told, unless one of the two is shown wider beside an age."""
    if _told_as_one(chronology, [from_event, to_event]):
        return [told_region(chronology, from_event, to_event, **points)]
    dated = feasible_region(chronology.with_open_sides, from_event, to_event, **points)
    regions = feasible_regions(chronology, from_event, to_event, **points)
    return list(dict.fromkeys(less_open(region, dated) for region in regions))


def _told_as_one(chronology: Chronology, events: Sequence[str]) -> bool:
    """Whether no choice of days of dates with holes is told of some events: there is none, or one
    of the events is told wider beside an age."""
    at = [chronology.lowered.row_of[event] for event in events]
    return not chronology.choices or bool(chronology.wider.reshape(-1, 2)[at].any())


def shown_region(
    chronology: Chronology,
    region: PairRegion,
    from_event: str,
    to_event: str,
    *,
    from_point: str = "start",
    to_point: str = "start",
) -> PairRegion:
    """A region of the days of two events as it is told beside ages (`Chronology.shown`).

    The number of days from a dated event to one that is shown wider would give away the days of
    the second. It is therefore what the shown windows allow, and the order of the two. An order is
    told as certain here as in every table, also where it follows from the exact days alone: if the
    dated event lies within the date of the other, that bounds the other by its day. Between two
    events that are both shown wider the number stays, unless it follows from their exact windows or
    would narrow a shown one."""
    ends = [chronology.place(from_event, from_point), chronology.place(to_event, to_point)]
    wider = chronology.wider[ends]
    if not wider.any():
        return region
    shown, exact = (
        windows.reshape(-1, 2)[ends].ravel()
        for windows in (chronology.shown, chronology.event_windows)
    )
    days, (gap_lo, gap_hi) = np.array(region.bounds[:4]), region.bounds[4:]
    told = np.where(is_open(days), days, shown)
    closest = np.where(is_open(days), exact, days)
    # The least days are the most the other way round.
    ways = np.array([[2, 3, 0, 1], [0, 1, 2, 3]])
    least, most = _most_told(np.array([-gap_lo, gap_hi]), told[ways], closest[ways], wider.all())
    return PairRegion.of(*told, -least, most)


def most_told(chronology: Chronology, starts: Ints, ends: Ints) -> Ints:
    """The most days from each of some points of events to each of others, as they are told beside
    ages; points by their place in `Chronology.furthest`, `OPEN` is no bound."""
    most, wider = chronology.furthest[starts[:, None], ends], chronology.wider
    i, j = np.nonzero(np.logical_or.outer(wider[starts], wider[ends]))
    start, end = starts[i], ends[j]
    told, closest = (
        np.concatenate([days.reshape(-1, 2)[of] for of in (start, end)], axis=1)
        for days in (chronology.shown, chronology.event_windows)
    )
    most[i, j] = _most_told(most[i, j], told, closest, wider[start] & wider[end])
    return most


def told_network(chronology: Chronology, events: Sequence[str]) -> Ints:
    """The closed network of the first days of some events and, after these, of their last days, as
    they are told beside ages; at 0 the first of all days."""
    points = np.array(
        [chronology.place(event, point) for point in ("start", "end") for event in events]
    )
    days = chronology.shown.reshape(-1, 2)[points]
    net = np.zeros((len(points) + 1,) * 2, dtype=np.int64)
    net[0, 1:], net[1:, 0] = days[:, 1], -days[:, 0]
    net[1:, 1:] = most_told(chronology, points, points)
    for at in range(len(net)):
        net = np.minimum(net, net[:, at, None] + net[at])
    return np.where(net > OPEN // 2, OPEN, net)


def told_networks(chronology: Chronology, events: Sequence[str]) -> Sequence[Ints]:
    """The networks of some events as `told_network` has them, one for each choice of days of dates
    with holes; the one of all days where it is told wider beside an age."""
    lowered = chronology.lowered
    at = [lowered.row_of[event] for event in events]
    points = [*lowered.start[at].tolist(), *lowered.end[at].tolist()]
    if _told_as_one(chronology, events) or min(points) < 0:
        return [told_network(chronology, events)]
    return chronology.networks([0, *points])


def _most_told(most: Ints, told: Ints, closest: Ints, both: Any) -> Ints:
    """The most days between the two events of some pairs that are told beside ages, `OPEN` for no
    bound.

    Each pair has a row in `told` (the windows that are told) and in `closest` (the exact ones): the
    first and the last day of the one event, then of the other. `both` says whether both events are
    told wider."""
    from_lo, from_hi, to_lo, to_hi = told.T
    # The number of days stays where it narrows no window that is told, and follows from none.
    narrows = (to_lo - most > np.maximum(from_lo, -OPEN // 2)) | (
        from_hi + most < np.minimum(to_hi, OPEN // 2)
    )
    stays = both & (most < closest.T[3] - closest.T[0]) & ~narrows
    # That one came on the day of the other or before it is an order.
    ordered = np.where(most <= 0, np.maximum(most, -1), OPEN)
    less = np.where(stays, most, np.minimum(to_hi - from_lo, ordered))
    return np.where(is_open(most) | (less > OPEN // 2), OPEN, less)


def day_words(day: int) -> str:
    """A day in words; years before 1 as astronomers count them.

    >>> day_words(736934)
    '28 August 2018'
    """
    year, month, of_month = date_of(day)
    return f"{of_month} {MONTH_NAMES[month]} {year}"


def window_words(low: int | None, high: int | None) -> str:
    """When a moment was, of which no more is known than that it lies in a window.

    Whole months and years are named as such; both ends belong to what is said.

    >>> from casechron.dates.days import day_number
    >>> window_words(day_number(2018, 8, 6), day_number(2018, 8, 17))
    'between 6 and 17 August 2018'
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


def told_words(chronology: Chronology, window: Sequence[int]) -> str:
    """A window with `OPEN` for no bound in words, or that no chronology is admissible."""
    return window_words(*map(none_if_open, window)) if chronology.admissible else NOT_ADMISSIBLE


def ends_in_words(low: int, high: int) -> tuple[str, str]:
    """The first and the last day of a window, or the months or years if these are whole; alike
    where it is one of them.

    >>> ends_in_words(736934, 736934), ends_in_words(736907, 736967)
    (('28 August 2018', '28 August 2018'), ('August 2018', 'September 2018'))
    """
    (year, month, first), (year_to, month_to, last) = date_of(low), date_of(high)
    if first != 1 or last != month_length(year_to, month_to):
        return day_words(low), day_words(high)
    if (month, month_to) == (1, 12):
        return str(year), str(year_to)
    return f"{MONTH_NAMES[month]} {year}", f"{MONTH_NAMES[month_to]} {year_to}"


def _window(low: int, high: int) -> tuple[str, str]:
    """The preposition and the noun of a window with two ends."""
    if low == high:
        return "on", day_words(low)
    first, last = _ends(low, high)
    if not first:
        return "in", last
    return ("on", f"{first} or {last}") if high == low + 1 else ("between", f"{first} and {last}")


def _ends(low: int, high: int) -> tuple[str, str]:
    """`ends_in_words` without saying twice what they share: of one whole month or year the first
    end is empty."""
    first, last = ends_in_words(low, high)
    words, others = first.split(), last.split()
    while words and words[-1] == others.pop():
        words.pop()
    return " ".join(words), last


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
    begun, ended = _some_day(earliest, start_latest), _some_day(end_earliest, latest)
    if begun and not end_adds:
        return f"from {begun} on"
    if begun and ended:
        return f"from {begun} to {ended}"
    if ended and not start_adds:
        return f"until {ended}"
    start = f"from {begun}" if begun else _one_sided(earliest, start_latest, "begun")
    end = f"to {ended}" if ended else _one_sided(end_earliest, latest, "ended")
    return ", ".join(filter(None, (start * start_adds, end * end_adds))) or NOT_DATED


def _some_day(low: int | None, high: int | None) -> str:
    """When something that lasted began or ended; empty where a side of that is open."""
    if low is None or high is None:
        return ""
    preposition, days = _window(low, high)
    return f"{'some day between ' if preposition == 'between' else ''}{days}"


def _one_sided(low: int | None, high: int | None, done: str) -> str:
    """The one day that limits when something that lasted had 'begun' or 'ended'; empty for none."""
    if low is None:
        return "" if high is None else f"{done} by {day_words(high)}"
    return f"not {done} before {day_words(low)}"


def window_said(days: Iterable[int], several: bool | np.bool_, date: str) -> str:
    """The window of an event in words, from its four days, `OPEN` where there is no bound, and its
    date as coded: that something went on is said of an open end, and of none that is not known or
    follows from how long it lasted. What the source is not sure of is told so.

    >>> from casechron.dates.days import day_number
    >>> days = [day_number(2009), day_number(2009, 12, 31), day_number(2009), OPEN]
    >>> window_said(days, False, "2009/.."), window_said(days, False, "2009/")
    ('from 2009 on', 'from 2009')
    >>> window_said(days, False, "2009?/..")
    'perhaps from 2009 on'
    """
    words = event_words(*map(none_if_open, days), several=bool(several))
    words = words.removesuffix(" on") if date.endswith("/") else words
    return f"perhaps {words}" if re.search(r"\d[?%]", date) else words


def recurring(chronology: Chronology) -> NDArray[np.bool_]:
    """Per event whether it can stand for more than one occurrence: by its count, or by a set of
    dates."""
    lowered = chronology.lowered
    return np.array(
        [
            row.can_recur or date.shape == "several"
            for row, date in zip(lowered.events, lowered.dates, strict=True)
        ],
        dtype=bool,
    )
