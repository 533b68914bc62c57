"""Which days of events may be shown no closer than the source has them, since a living child's age
is published beside them?

An age and a day make a birth. The chronology narrows days as far as the statements allow; what is
shown beside an age keeps to the days that the source itself gives."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from casechron.chronology.cells import rows_in
from casechron.chronology.constraints import Lowered
from casechron.chronology.network import OPEN, Ints, most_days_from
from casechron.coding.rules import AGES
from casechron.dates.days import MONTH_NAMES, day_number, month_length, months_on

if TYPE_CHECKING:
    import pandas as pd

_MONTHS = {MONTH_NAMES[number].casefold(): number for number in range(1, 13)}
#: The months and days of a unit of each age.
_UNITS = dict(zip(AGES, ((12, 0), (1, 0), (0, 7)), strict=True))
#: The months at which a child is of age.
_OF_AGE = 18 * 12
#: What stands beside years and months and leaves neither.
_WITHIN = {*("in", "at", "the", "of", "early", "mid", "late", "end", "between", "and", "to")}
_WHEN = re.compile(r"\(([^()]*)\)\s*$")


def aged_events(tables: Mapping[str, pd.DataFrame], lowered: Lowered) -> dict[str, tuple[int, int]]:
    """Which events can a living child's published age refer to, and on which days does the source
    itself have them?

    An age is published with the time at which the child had it, as coarsely as the source says it:
    4 (in May 2014). It can refer to what the child had a part in and what happened, where the
    event's own date lies within that time (or that time within its date); without a year, or with
    a word that is not read ('winter 2014', 'by May 2014'), to every such event. Children are the
    child at the centre, siblings, and whoever has a published age below 18 (a cousin, a young
    mother), without a death on record. The days, first and last, are those of the event's own date;
    births are not among them, since they are never narrowed.

    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> list(aged_events(review.tables, review.chronology.lowered))
    ['referral-2014']
    """
    parts = set(rows_in(tables["participation"], "person", "event"))
    people = rows_in(tables["people"], "id", "kinship")
    children = {person for person, tie in people if tie in ("child", "sibling")}
    children |= {person for person, (months, _), _ in _ages(tables) if months <= _OF_AGE}
    living = children - _dead(tables)
    times_of_ages = [(who, time) for who, _, time in _ages(tables) if who in living]
    # Births and absences have no point.
    dated = {
        event: (low, high)
        for event, (low, *_, high) in zip(lowered.row_of, lowered.stated.tolist(), strict=True)
        if low > -OPEN and high < OPEN and lowered.start[lowered.row_of[event]] >= 0
    }
    return {
        event: window
        for event, window in dated.items()
        if any(
            (person, event) in parts
            and (time is None or _within(window, time) or _within(time, window))
            for person, time in times_of_ages
        )
    }


def born_from(tables: Mapping[str, pd.DataFrame]) -> dict[str, int]:
    """The first day on which each child who died can have been born, by a published age; of a
    living child none is told."""
    dead = _dead(tables)
    return {
        person: months_on(time[0], -months) - days
        for person, (months, days), time in _ages(tables)
        if person in dead and time
    }


def shown_windows(lowered: Lowered, days: Ints, aged: Collection[str]) -> Ints:
    """The windows of events as they may be shown: `days`, those of the chronology, without what
    follows from narrowing the dates of the events to which a living child's age refers (`aged`).

    What is so many days from such an event, or in order with it, would show its days too: its
    window is that of the event's own date. Wider windows are true wherever the narrower are. Rows
    as the events of the chronology, columns as `Chronology.event_windows`."""
    if not aged:
        return days
    shown = days.copy()
    at = [lowered.row_of[event] for event in aged]
    aged_points = np.unique(lowered.points[at])
    inside = lowered.start >= 0
    points = lowered.points[inside]
    # The latest days are distances from the reference point, the earliest are distances back to it.
    # Of the edges that lead to an event with an age only those of its own date stay.
    for side, edges, sign in ((1, lowered.network, 1), (0, lowered.network.turned(), -1)):
        wide = edges.kept(~np.isin(edges.head, aged_points) | (edges.tail == 0))
        by_point = sign * most_days_from(wide, 0)
        narrow = as_narrowed = days[inside, side::2]
        if lowered.sets:
            # Dates with holes narrow the days and not the edges. So the days stay where the edges
            # give no wider window without the narrowing than with it, save where an event with an
            # age bounds them: holes can have narrowed its days.
            by_all = sign * most_days_from(edges, 0)
            between = edges.kept((edges.head != 0) & (edges.tail != 0))
            from_aged = [most_days_from(between, int(point)) < OPEN // 2 for point in aged_points]
            narrow = np.where(np.any(from_aged, axis=0)[points], as_narrowed, by_all[points])
        wider = sign * by_point[points] > sign * narrow
        shown[inside, side::2] = np.where(wider, by_point[points], as_narrowed)
    return shown


def _dead(tables: Mapping[str, pd.DataFrame]) -> set[str]:
    """Those whose death is on record; who was there, or told of it, lives."""
    events = rows_in(tables["events"], "id", "kind", "absence")
    deaths = {event for event, kind, absence in events if kind == "death" and not absence}
    parts = rows_in(tables["participation"], "person", "event", "role")
    return {person for person, event, role in parts if event in deaths and role == "subject"}


def _ages(
    tables: Mapping[str, pd.DataFrame],
) -> Iterator[tuple[str, tuple[int, int], tuple[int, int] | None]]:
    """Whose age is published, how many months and days old nobody of that age is yet, and its
    time."""
    for person, attribute, value in rows_in(tables["attributes"], "row", "attribute", "value"):
        if attribute in AGES:
            months, days = _UNITS[attribute]
            over = int(value.split()[0]) + 1
            yield person, (months * over, days * over), _time_of_age(value)


def _within(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _time_of_age(value: str) -> tuple[int, int] | None:
    """The first and the last day of the time in brackets after an age, by the years and, of one
    year, the months that it names; None where it names no year, or has a word by which it can be
    another time."""
    bracket = _WHEN.search(value)
    words = re.findall(r"\w+", bracket[1].casefold()) if bracket else []
    years = sorted(int(word) for word in words if re.fullmatch("[0-9]{4}", word))
    months = sorted(_MONTHS[word] for word in words if word in _MONTHS)
    if not years or not _WITHIN.issuperset({*words} - {*map(str, years)} - _MONTHS.keys()):
        return None
    first, last = (months[0], months[-1]) if months and years[0] == years[-1] else (1, 12)
    return (
        day_number(years[0], first),
        day_number(years[-1], last, month_length(years[-1], last)),
    )
