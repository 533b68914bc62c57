"""Which events does the published age of a living child refer to, and what is shown of their days?

An age and a day make a birth. The chronology narrows days as far as the statements allow; what is
read beside an age keeps to the days that the source itself gives."""

from __future__ import annotations

import re

import numpy as np

from casechron.analysis.columns import Tables, rows_in
from casechron.analysis.window_words import month_name
from casechron.chronology import Chronology, PairRegion
from casechron.chronology.network import OPEN, Ints, closed, farthest
from casechron.coding.rules import AGES
from casechron.dates.days import day_number, month_length

_MONTHS = {month_name(number).casefold(): number for number in range(1, 13)}
_WHEN = re.compile(r"\(([^()]*)\)\s*$")


def aged_events(tables: Tables, chronology: Chronology) -> dict[str, tuple[int, int]]:
    """Which events can a living child's published age refer to, and on which days does the source
    itself have them?

    An age is published with the time at which the child had it, as coarsely as the source says it:
    4 (in May 2014). It can refer to what the child had a part in and what happened, where the
    event's own date lies within that time (or that time within its date); without a year that can
    be read, to every such event. Children are the child at the centre and siblings without a death
    on record. The days, first and last, are those of the event's own date; births are not among
    them, since they are never narrowed.

    >>> import pandas as pd
    >>> from casechron.chronology import solve
    >>> from casechron.coding.codebook import codebook
    >>> tables = {
    ...     name: pd.DataFrame(columns=table.header, dtype="str")
    ...     for name, table in codebook().tables.items()
    ... }
    >>> def rows(name, **columns):
    ...     return pd.DataFrame(columns).reindex(
    ...         columns=codebook().tables[name].header, fill_value=""
    ...     )
    >>> tables |= {
    ...     "people": rows("people", id=["k"], kinship=["child"]),
    ...     "attributes": rows(
    ...         "attributes",
    ...         id=["a"],
    ...         row=["k"],
    ...         attribute=["age-months"],
    ...         value=["4 (in May 2014)"],
    ...     ),
    ...     "events": rows(
    ...         "events",
    ...         id=["visit", "admission"],
    ...         date=["2014-04", "2014-05"],
    ...         kind=["visit", "admission"],
    ...     ),
    ...     "participation": rows(
    ...         "participation",
    ...         id=["p", "q"],
    ...         person=["k"] * 2,
    ...         event=["visit", "admission"],
    ...         role=["subject"] * 2,
    ...     ),
    ... }
    >>> list(aged_events(tables, solve(tables["events"], tables["relations"])))
    ['admission']
    """
    kind = {
        event: kind
        for event, kind, absence in rows_in(tables["events"], "id", "kind", "absence")
        if not absence
    }
    parts = {
        (person, event)
        for person, event in rows_in(tables["participation"], "person", "event")
        if event in kind
    }
    dead = {person for person, event in parts if kind[event] == "death"}
    living = {
        person
        for person, kinship in rows_in(tables["people"], "id", "kinship")
        if kinship in ("child", "sibling") and person not in dead
    }
    times = [
        (person, _time(value))
        for person, attribute, value in rows_in(tables["attributes"], "row", "attribute", "value")
        if attribute in AGES and person in living
    ]
    dated = {
        event: (low, high)
        for event, (low, *_, high) in zip(
            chronology.events, chronology.lowered.stated.tolist(), strict=True
        )
        if low > -OPEN and high < OPEN and kind.get(event, "birth") != "birth"
    }
    return {
        event: window
        for event, window in dated.items()
        if any(
            (person, event) in parts
            and (time is None or _within(window, time) or _within(time, window))
            for person, time in times
        )
    }


def shown_windows(tables: Tables, chronology: Chronology) -> Ints:
    """The windows of events as they are shown and said beside ages: those of the chronology, had
    nothing narrowed the dates of the events to which a living child's age refers.

    What is so many days from such an event, or in order with it, would tell its days too: its
    window is that of the event's own date. Wider windows are true wherever the narrower are. Rows
    as the events of the chronology, columns as `chronology.event_windows`."""
    lowered, days = chronology.lowered, chronology.event_windows
    aged = aged_events(tables, chronology)
    if not aged or not chronology.admissible:
        return days.copy()
    at = [lowered.place[event] for event in aged]
    points = np.unique([lowered.start[at], lowered.end[at]])
    net, tied = lowered.network, points[points >= 0]
    shown, inside = days.copy(), lowered.start >= 0
    # The latest days come along edges that lead from the first of all days to a point, the earliest
    # along those that lead back: none comes to such an event but from its own date.
    for side, way, sign in ((1, net, 1), (0, net.turned(), -1)):
        wide = sign * farthest(way.kept(~np.isin(way.head, tied) | (way.tail == 0)), 0)
        # What the members of a set leave out is known of the days alone, and stays where nothing
        # else is wider.
        whole = sign * farthest(way, 0) if lowered.sets else None
        for column, points in ((side, lowered.start[inside]), (side + 2, lowered.end[inside])):
            near = days[inside, column] if whole is None else whole[points]
            wider = sign * wide[points] > sign * near
            shown[inside, column] = np.where(wider, wide[points], shown[inside, column])
    return shown


def shown_region(
    chronology: Chronology,
    region: PairRegion,
    from_event: str,
    to_event: str,
    shown: Ints,
    *,
    to_point: str = "start",
) -> PairRegion:
    """A region of the first days of two events, or to the last day of the second, as it is told
    beside ages; `shown` is `shown_windows`.

    So many days from a dated event to one whose window is shown wider would tell its days too:
    their number is then what the shown windows allow. Between two such events it tells no day, and
    stays."""
    place = chronology.lowered.place
    points = ((place[from_event], 0), (place[to_event], 0 if to_point == "start" else 2))
    shown_days, days = (
        np.array([windows[at, side : side + 2] for at, side in points])
        for windows in (shown, chronology.event_windows)
    )
    wider = (shown_days != days).any(axis=1)
    if not wider.any():
        return region
    from_lo, from_hi, to_lo, to_hi = (
        None if day_given is None else closed(day)
        for day_given, day in zip(region[:4], shown_days.ravel().tolist(), strict=True)
    )
    gap_lo, gap_hi = region.gap_lo, region.gap_hi
    if not wider.all():
        gap_lo = None if gap_lo is None else _gap(from_hi, to_lo)
        gap_hi = None if gap_hi is None else _gap(from_lo, to_hi)
    return PairRegion(from_lo, from_hi, to_lo, to_hi, gap_lo, gap_hi)


def _gap(start: int | None, end: int | None) -> int | None:
    return None if start is None or end is None else end - start


def _within(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _time(value: str) -> tuple[int, int] | None:
    """The first and the last day of the time in brackets after an age, by the years and, of one
    year, the months that it names; None where it names no year."""
    bracket = _WHEN.search(value)
    words = re.findall(r"[0-9]{4}|[a-z]+", bracket[1].casefold()) if bracket else []
    years = sorted(int(word) for word in words if word.isdigit())
    if not years:
        return None
    months = sorted(_MONTHS[word] for word in words if word in _MONTHS)
    first, last = (months[0], months[-1]) if months and years[0] == years[-1] else (1, 12)
    return (
        day_number(years[0], first),
        day_number(years[-1], last, month_length(years[-1], last)),
    )
