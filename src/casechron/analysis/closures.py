"""How soon after the closure of a case came the next concern?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import product

import numpy as np

from casechron.analysis.concerns import by_event, rows_with
from casechron.analysis.intervals import ONLY_ORDER, hull, known_days
from casechron.analysis.on_record import (
    Counted,
    DaysToward,
    Record,
    account_ends,
    days_on_record,
    days_toward,
    each_alone,
    each_once,
    records_of,
)
from casechron.analysis.pairing import Bound, closed_cases, surely_no_later
from casechron.analysis.record import placed, places_of
from casechron.analysis.rows import RowOfTable, table_of_rows
from casechron.analysis.windows import told_network, told_networks
from casechron.chronology import Chronology
from casechron.chronology.network import OPEN, Ints, is_open, none_if_open
from casechron.review import Review

__all__ = ["closures_and_next_concern"]

#: Of so many choices of days of dates with holes each is tried; of more, all days between.
_MOST_NETWORKS = 100


@table_of_rows
def closures_and_next_concern(review: Review) -> Iterator[RowOfTable]:
    """How soon after each closure came the next concern?

    Each row that raises a concern counts from the day on which it came on record, also one that
    tells of a concern from before the closure.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per closure, in the order of the coding.

        - `closure`, `summary` (text): its id, and what happened
        - `next_concern`, `next_summary` (text): the concern that certainly comes later and has to
          come the soonest; where what tells of it, or counts it, certainly comes later too, that
        - `known` (text): in what way the days are known, as in `turning_point_gaps`; that they are
          one or more is 'only an order', or 'nothing' where no concern certainly comes later
        - `days_min`, `days_max` (days; <NA>: none, open or only an order): from the closure to the
          first concern after it, whichever that is; the least can be too low where the closure's
          date has holes and a concern occurred several times
        - `can_come_first` (ids): the concerns that may come before `next_concern`
        - `places` (text): where the source tells of the closure and of the concern

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.closures_and_next_concern(review)[["closure", "next_concern", "days_min", "days_max"]]
            closure next_concern  days_min  days_max
    0  closure-2014    told-2014         1         5
    """
    tables, chronology = review.tables, review.chronology
    kinds, summaries = by_event(tables, "kind"), by_event(tables, "summary")
    counted = each_once(tables, account_ends(tables, chronology))
    listed = each_alone(tables, counted)
    told_in = {matter: row.concern for row in reversed(counted) for matter in row.matters}
    places, on_record = placed(tables["locators"]), records_of(tables, listed)
    for closure in rows_with(tables, "decision"):
        if kinds[closure] == "closure":
            concern, *days, rivals = next_after(chronology, closure, on_record, listed)
            whole = told_in.get(concern, "")
            if whole and surely_no_later(chronology, closure, whole, days=1):
                rivals = [row for row in dict.fromkeys((*rivals, concern)) if row != whole]
                concern = whole
            yield (
                *(closure, summaries[closure], concern, summaries.get(concern, "")),
                ONLY_ORDER if concern and days == [None, None] else known_days(chronology, *days),
                *(*days, rivals),
                places_of(places, closure, concern),
            )


def next_after(
    chronology: Chronology,
    closure: str,
    on_record: Mapping[str, list[Record]],
    listed: Iterable[Counted],
) -> tuple[str, int | None, int | None, list[str]]:
    """The concern that has to come soonest after a closure, the least and the most days to the
    next, whichever it is, and the rivals; no days where they are known to be one or more alone.

    What occurred several times comes next with its first occurrence after the closure: with its
    last, if all others came before, and where there are more than two with one between. `listed`
    says how often each occurred."""
    counts = {row.concern: (row.count_min, row.count_max) for row in listed}
    ids = [concern for concern in on_record if concern != closure]
    if not chronology.admissible or not ids:
        return "", None, None, []
    days = days_toward(chronology, closure, told=True)
    # Of several that have to come by the same day the one that can come soonest, or counts most.
    certain = []
    soonest: dict[str, int | None] = {}
    for concern in ids:
        records = on_record[concern]
        events = [concern, *(step for record in records for step, _ in record.steps)]
        fewest, most_often = counts[concern]
        by_choice = _by_choice(chronology, closure, events, days)
        # From the first and the last occurrence to the closure under each choice of days; turned
        # round: from the closure to them.
        occurrences = [
            [
                (none_if_open(-high), none_if_open(-low))
                for low, high in (days_on_record(records, each, last) for each in by_choice)
            ]
            for last in ([""] if most_often == 1 else ["", concern])
        ]
        for low, high in map(hull, occurrences[: 2 if fewest > 1 else 1]):
            if low is not None and low >= 1:
                certain.append((OPEN if high is None else high, low, -fewest, concern))
        spans = (span for of_choices in occurrences for span in of_choices)
        lows = [low for low, high in spans if high is None or high >= 1]
        if lows:
            # Of three or more, one can lie on any day between the first and the last.
            any_day = most_often is None or most_often > 2
            soonest[concern] = hull(occurrences[0])[0] if any_day else min(low or 0 for low in lows)
    by, _, _, chosen = min(certain, default=(OPEN, 0, 0, ""))
    latest = none_if_open(by)
    rivals = [
        concern
        for concern, low in soonest.items()
        if concern != chosen and (latest is None or low is None or low < latest)
    ]
    days_min = min((max(1, low or 1) for low in soonest.values()), default=None)
    if latest is not None and rivals:
        may = {concern: on_record[concern] for concern in (chosen, *rivals)}
        several = {concern for concern in may if counts[concern][0] > 1}
        latest = _most_to_first(chronology, closure, may, several, latest)
    # A day at least is what coming later says.
    return chosen, None if (days_min, latest) == (1, None) else days_min, latest, rivals


def _most_to_first(
    chronology: Chronology,
    closure: str,
    on_record: Mapping[str, list[Record]],
    several: Collection[str],
    most_of_one: int,
) -> int:
    """The most days from a closure to the first of some concerns after it, which are no more than
    those to one of them (`most_of_one`).

    In every chronology each concern came on record by the closure, or no earlier than the day of
    that first one, which is to be as late as it can be. Of `several` occurrences the last counts
    too."""
    steps = [step for of in on_record.values() for record in of for step, _ in record.steps]
    ids = list(dict.fromkeys((closure, *on_record, *steps)))
    first = {event: at for at, event in enumerate(ids)}
    last = {event: at + len(ids) for event, at in first.items()}
    day = 2 * len(ids)
    choices = []
    for concern, records in on_record.items():
        for begins in (first, first | {concern: last[concern]})[: 1 + (concern in several)]:
            own = [one for one in records if begins is first or concern in dict(one.steps)]
            by_then = [[Bound(0, begins[step], 0) for step, _ in one.steps] for one in own]
            later = [
                [Bound((last if told else begins)[step], day, 0) for step, told in one.steps]
                for one in own
                if one.sure
            ]
            if later:
                choices.append([*by_then, *map(list, product(*later))])
    networks = _networks(chronology, ids)
    for most in (most_of_one - 1, 0):
        for network in networks:
            while True:
                wider = np.full((day + 1, day + 1), OPEN)
                wider[:day, :day] = network
                later_than = np.where(is_open(network[0]), OPEN, network[0] - most - 1)
                wider[day] = np.append(later_than, 0)
                case = next(closed_cases(wider, choices), None)
                if case is None:
                    break
                most = int(case[0, day])
                if most >= most_of_one:
                    return most_of_one
    return most


def _networks(chronology: Chronology, events: Sequence[str]) -> list[Ints]:
    """The networks of the first and, after these, the last days of some events as they are told; of
    what no word of the source bounds on a side, no more than an order."""
    networks = told_networks(chronology, events)
    if len(networks) > _MOST_NETWORKS:
        networks = [told_network(chronology, events)]
    rows = [2 * chronology.lowered.row_of[event] for event in events]
    points = [*rows, *(row + 1 for row in rows)]
    untold = is_open(chronology.with_open_sides.furthest[np.ix_(points, points)])
    return [
        np.where(untold, np.where(days > 0, OPEN, np.maximum(days, -1)), days)
        for days in (network[1:, 1:] for network in networks)
    ]


def _by_choice(
    chronology: Chronology, to: str, events: Iterable[str], days: DaysToward
) -> list[DaysToward]:
    """The `days` of some events toward another under each choice of days of dates with holes; as
    they are where one of the events is open on a side."""
    if not chronology.choices:
        return [days]
    ids = list(dict.fromkeys((to, *events)))
    networks = told_networks(chronology, ids)
    at = [chronology.lowered.row_of[event] for event in ids]
    if len(networks) == 1 or is_open(chronology.with_open_sides.event_windows[at]).any():
        return [days]
    starts = [(event, last) for last in (False, True) for event in ids]
    return [DaysToward.of(starts, -network[1, 1:], network[1:, 1]) for network in networks]
