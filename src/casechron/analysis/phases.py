"""Into which phases do the turning points of a case cut it, what can be placed in them, and how far
apart were the turning points?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, combinations, pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casechron.analysis.chronicle import chronicle_rows
from casechron.analysis.concerns import by_event, rows_with
from casechron.analysis.intervals import interval_table
from casechron.analysis.rows import RowOfTable, table_of_rows
from casechron.analysis.tables import Tables, columns_in_help, kept, rows_in
from casechron.chronology import Chronology, order_table
from casechron.chronology.calendars import working_calendar
from casechron.chronology.day_columns import NOT_ADMISSIBLE, texts
from casechron.chronology.network import Ints
from casechron.coding.codebook import codebook
from casechron.review import Review

__all__ = ["phase_of_events", "phases", "turning_point_gaps"]


def cuts(
    tables: Tables, chronology: Chronology
) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """Which turning points cut the case into phases, and why do the others not?

    The longest chain of turning points of which each certainly comes no later than the next; of
    several such chains the one whose turning points can begin on the fewest days, then the one of
    the kinds that the codebook has first, then of the first ids. What certainly falls on one day is
    one cut, by the first of these: with each cut stand the others of its day. The second part says,
    of each turning point that is left, against which of the cuts its order cannot be said. No cuts
    where no chronology is admissible."""
    kinds, kind_of = list(codebook().codes("event_kind")), by_event(tables, "kind")
    marked = sorted(
        rows_with(tables, "turning-point"), key=lambda row: (kinds.index(kind_of[row]), row)
    )
    if not chronology.admissible:
        return {}, dict.fromkeys(marked, NOT_ADMISSIBLE)
    earlier = no_later(chronology, marked)
    same = earlier & earlier.T
    heads = [at for at in range(len(marked)) if not same[at, :at].any()]
    before = earlier & ~earlier.T
    rows = [chronology.lowered.row_of[event] for event in marked]
    days = np.diff(chronology.event_windows[rows, :2])[:, 0].tolist()

    def rank(places: tuple[int, ...]) -> tuple[int, int, tuple[int, ...]]:
        return -len(places), sum(days[at] for at in places), places

    # Longest chain ending at each, worked from those with the fewest turning points before them.
    best: dict[int, tuple[int, ...]] = {}
    for at in sorted(heads, key=lambda head: (int(before[heads, head].sum()), head)):
        best[at] = (
            *min((best[head] for head in heads if before[head, at]), key=rank, default=()),
            at,
        )
    chosen = min(best.values(), key=rank, default=())
    cutting = {
        marked[at]: tuple(marked[k] for k in np.flatnonzero(same[at]) if k != at) for at in chosen
    }
    cut_days = {*chain(cutting, *cutting.values())}
    unclear = {
        event: "; ".join(marked[k] for k in chosen if not earlier[at, k] and not earlier[k, at])
        for at, event in enumerate(marked)
        if event not in cut_days
    }
    return cutting, unclear


@table_of_rows
def phases(review: Review) -> Iterator[RowOfTable]:
    """Into which phases do the turning points cut the case?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per phase, in order of time; one phase where no chronology is admissible.

        - `phase` (number): its number, from 1
        - `title` (text): from which kind of turning point to which
        - `from_event`, `to_event` (text): the ids of the turning points: the first is in the phase,
          the second in the next; empty is the beginning and the end of the account
        - `begins` (text): when it begins, in words
        - `earliest`, `latest` (date; NaT: open): the bounds of its first day
        - `events`, `may_fall` (count): rows that certainly fall into it as a whole, and those that
          may
        - `event_ids`, `may_fall_ids` (ids): these rows
        - `same_day` (ids): the turning points that certainly fall on the day it begins
        - `status` (text): 'admissible' or 'no admissible chronology'

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.phases(review)[["phase", "from_event", "begins", "events"]]
       phase    from_event                          begins  events
    0      1                                                     4
    1      2  closure-2014            on 19 September 2014       4
    2      3     icpc-2014  between 20 and 22 October 2014       1
    3      4   breach-2014  between 3 and 24 November 2014       2
    4      5     harm-2015              on 12 January 2015       1
    """
    tables, chronology = review.tables, review.chronology
    cutting, _ = cuts(tables, chronology)
    events = chronicle_rows(review)
    ranges = list(rows_in(phase_of_events(review), "event", "first_phase", "last_phase"))
    edges = ["", *cutting, ""]
    admissible = chronology.admissible
    for number, (start, end) in enumerate(pairwise(edges), start=1):
        inside = [event for event, first, last in ranges if first == last == number]
        may = [event for event, first, last in ranges if first <= number <= last and first != last]
        kinds = [events[cut].kind if cut else "" for cut in (start, end)]
        yield (
            number,
            _title(*kinds) if admissible else NOT_ADMISSIBLE,
            *(start, end, events[start].said if start else ""),
            *((events[start].earliest, events[start].start_latest) if start else (None, None)),
            *(len(inside), len(may), inside, may),
            cutting.get(start, ()),
            "admissible" if admissible else NOT_ADMISSIBLE,
        )


@table_of_rows
def phase_of_events(review: Review) -> Iterator[RowOfTable]:
    """Into which phase does each event fall, and of which can it not be said?

    A phase begins on the day of its turning point, so what can be of that day, or of the day
    before, can be in either. But what the source, or the coding, says to come no later than the
    turning point is before it, on its day too.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per event, in order of time.

        - `event`, `summary` (text): its id, and what happened
        - `said` (text): when, in words
        - `first_phase`, `last_phase` (number): the phases in which it can lie: the same twice where
          it certainly lies in one
        - `certain_in` (labels): the numbers of the phases that certainly hold a day of it
        - `placed` (text): the same in words
        - `turning_point` (text): of a turning point, 'cuts', or against which cuts its order cannot
          be said, so that it cuts none
        - `places` (text): paragraph and sentence of the source
        - `status` (text): as in `bounds`

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.phase_of_events(review)[["event", "first_phase", "last_phase"]].head(4)
                event  first_phase  last_phase
    0         birth-x            1           1
    1  referrals-2014            1           5
    2   referral-2014            1           1
    3      visit-2014            1           1
    """
    tables, chronology = review.tables, review.chronology
    cutting, unclear = cuts(tables, chronology)
    ranges = phase_ranges(chronology, cutting)
    turning_point = {
        event: f"cuts nothing: order unclear with {others}" for event, others in unclear.items()
    }
    turning_point |= dict.fromkeys(chain(cutting, *cutting.values()), "cuts")
    for event, row in chronicle_rows(review).items():
        numbers = ranges[chronology.lowered.row_of[event]].tolist()
        certain = _certain(numbers, row.recurs)
        yield (
            *(event, row.summary, row.said, numbers[0], numbers[3], map(str, certain)),
            _placed(numbers, certain) if chronology.admissible else NOT_ADMISSIBLE,
            *(turning_point.get(event, ""), row.places, row.status),
        )


def phase_ranges(chronology: Chronology, cutting: Mapping[str, Iterable[str]]) -> Ints:
    """First and last phase of the start, first and last phase of the end, of each event in table
    order; counted from 1. What begins a phase, and what orders put no later than that, stands as
    `phase_of_events` says."""
    lowered = chronology.lowered
    ranges = np.ones((len(chronology.events), 4), dtype=np.int64)
    if not cutting or not chronology.admissible:
        return ranges
    cut = np.array([lowered.row_of[event] for event in cutting], dtype=np.int64)
    cut_starts, furthest, orders = lowered.start[cut], chronology.furthest, chronology.order_minimal
    for point, at in enumerate((lowered.start, lowered.end)):
        before_or_on = (orders[np.ix_(cut_starts, at)] <= 0) & (at >= 0)
        on_or_after = (orders[np.ix_(at, cut_starts)].T <= 0) & (at >= 0)
        # What is no later than one is before all that follow.
        before = np.logical_or.accumulate(before_or_on) & ~on_or_after
        passed = (furthest[point::2, 2 * cut].T <= 0) & ~before
        may_pass = (furthest[2 * cut, point::2] >= 0) & ~before
        ranges[:, 2 * point] += passed.sum(axis=0)
        ranges[:, 2 * point + 1] += may_pass.sum(axis=0)
    for event, same_day in cutting.items():
        ranges[[lowered.row_of[other] for other in same_day]] = ranges[lowered.row_of[event]]
    return ranges


def no_later(chronology: Chronology, ids: list[str]) -> NDArray[np.bool_]:
    """Which of some events certainly ends no later than which other starts."""
    starts = np.array([2 * chronology.lowered.row_of[event] for event in ids], dtype=np.int64)
    by_then: NDArray[np.bool_] = chronology.furthest[np.ix_(starts, starts + 1)].T <= 0
    return by_then


def _certain(phase_numbers: list[int], recurs: bool) -> list[int]:
    """The phases that certainly hold a day of an event; of what recurs, only its first and last
    days are known to be its."""
    start_first, start_last, end_first, end_last = phase_numbers
    if recurs:
        ends = ((start_first, start_last), (end_first, end_last))
        return sorted({first for first, last in ends if first == last})
    return list(range(start_last, end_first + 1))


def _placed(phase_numbers: list[int], certain: list[int]) -> str:
    """In words, in which phases an event lies."""
    first, last = phase_numbers[0], phase_numbers[3]
    if first == last:
        return f"phase {first}"
    if not certain:
        return f"cannot be placed: phase {first} to {last}"
    numbers = ", ".join(map(str, certain))
    whole = certain == list(range(first, last + 1))
    others = "" if whole else f"; possibly also in others of {first} to {last}"
    return f"in phase {numbers}{others}"


def _title(start: str, end: str) -> str:
    if start and end:
        return f"from {start} to {end}"
    return f"from {start}" if start else f"up to {end}" if end else "the whole account"


@kept
def turning_point_gaps(review: Review) -> pd.DataFrame:
    """In which order did each two turning points come, and how many days and working days lie
    between them?

    Turning points are of the kinds that the codebook marks so: closures, enquiries, conferences,
    harm. Working days are those of the review's jurisdiction.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per pair of turning points, in the order of the coding.

        - `from_event`, `from_kind`, `to_event`, `to_kind` (text): the ids of the two events, and
          what kinds of events they are
        - `order` (text): what is certain of their order, as in `order`
        - `known` (text): in what way the days are known: 'exactly', 'between', 'at least', 'at
          most', 'only an order', 'nothing' or 'no admissible chronology'
        - `days_min`, `days_max` (days; <NA>: open or only an order): from start to start; no closer
          than what is shown beside a living child's published age, as in `response_gaps`
        - `working_days_min`, `working_days_max` (working days; <NA>: open or only an order): the
          same in working days, counted as the dating policy has it
        - `beside_an_age` (True or False): whether the days are told more widely than all statements
          together have them, since a living child's published age refers to one of the events; what
          the source says more closely, `time_statements` has

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.turning_point_gaps(review)[["from_event", "to_event", "days_min", "days_max"]].head(4)
         from_event     to_event  days_min  days_max
    0  closure-2014    icpc-2014        31        33
    1  closure-2014  breach-2014        45        66
    2  closure-2014    harm-2015       115       115
    3     icpc-2014  breach-2014        12        35
    """
    tables, chronology = review.tables, review.chronology
    calendar = working_calendar(review.meta.jurisdiction)
    pairs = list(combinations(rows_with(tables, "turning-point"), 2))
    events = chronicle_rows(review)
    table = interval_table(chronology, pairs, calendar).assign(
        from_kind=texts(events[start].kind for start, _ in pairs),
        to_kind=texts(events[end].kind for _, end in pairs),
        order=order_table(chronology, pairs)["order"],
    )
    return table[columns_in_help(turning_point_gaps)]
