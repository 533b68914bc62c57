"""Which event came first, and of which two can it not be said?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casechron.chronology.chronologies import Chronology
from casechron.chronology.constraints import ABSENCE
from casechron.chronology.day_columns import NOT_ADMISSIBLE, day_counts, texts
from casechron.chronology.gaps import Pairs, chosen_pairs, differences, known_pairs
from casechron.chronology.network import OPEN, Ints


def order_table(
    chronology: Chronology, pairs: pd.DataFrame | Iterable[tuple[str, str]] | None = None
) -> pd.DataFrame:
    """Did one event come before the other, after it, on the same day, or can it not be said?

    One row per pair; by default every pair of events once, absences apart. Both events count as a
    whole, from first to last day; points in `pairs` are not used. `order` says what holds in every
    admissible chronology:

    - 'before': the first event ends before the second starts; 'after': the other way round;
    - 'same day': both fall wholly on one day;
    - 'not after': the first ends no later than the second starts, and both days can be the same;
      'not before':
      the other way round;
    - 'unclear': none of these.

    Of a birth only its published window and what orders alone say is used.

    `share_a_day` says whether a day belongs to both: 'certain', 'possible' or 'ruled out'; of what
    occurred several times only its first and last days are known to belong to it. `status` is
    'admissible', or 'no admissible chronology' with the rest empty.

    >>> from casechron.chronology import solve
    >>> events = pd.DataFrame({"id": ["a", "b", "c"], "date": ["2018-08", "2018-08-10", "2018-09"]})
    >>> relations = pd.DataFrame(
    ...     {"id": ["r"], "type": ["not-after"], "from_event": ["a"], "to_event": ["b"]}
    ... )
    >>> order_table(solve(events, relations))[["from_event", "to_event", "order", "share_a_day"]]
      from_event to_event      order share_a_day
    0          a        b  not after    possible
    1          a        c     before   ruled out
    2          b        c     before   ruled out
    """
    asked = chosen_pairs(chronology, pairs)
    known = known_pairs(chronology, asked)
    words, days_between, days_max, overlap = _orders(chronology, asked)
    lowered = chronology.lowered
    recurs = np.array([row.can_recur for row in lowered.events], dtype=bool)
    recurs |= np.array([date.shape == "several" for date in lowered.dates], dtype=bool)
    apart = (days_between >= 1) | (days_max <= -1)
    overlap &= ~recurs[asked.first] & ~recurs[asked.second]
    shared = np.select(
        [~known, apart, overlap | (words == "same day")], ["", "ruled out", "certain"], "possible"
    )
    ids = np.array(chronology.events, dtype=object)
    return pd.DataFrame(
        {
            "from_event": texts(ids[asked.first]),
            "to_event": texts(ids[asked.second]),
            "order": texts(words),
            "share_a_day": texts(shared),
            "status": texts(np.where(known, "admissible", NOT_ADMISSIBLE)),
        }
    )


def order_words(chronology: Chronology, pairs: Iterable[tuple[str, str]]) -> list[str]:
    """The column `order` of the table of orders, for each pair.

    >>> from casechron.chronology import solve
    >>> events = pd.DataFrame({"id": ["a", "b"], "date": ["2018-08", "2018-09"]})
    >>> relations = pd.DataFrame({"id": [], "type": [], "from_event": [], "to_event": []})
    >>> order_words(solve(events, relations), [("a", "b"), ("b", "a")])
    ['before', 'after']
    """
    orders: list[str] = _orders(chronology, chosen_pairs(chronology, pairs))[0].tolist()
    return orders


def _orders(
    chronology: Chronology, asked: Pairs
) -> tuple[NDArray[np.str_], Ints, Ints, NDArray[np.bool_]]:
    """The order in words; days from the first's end to the second's start, at least, and from the
    first's start to the second's end, at most; and whether a day certainly belongs to both, should
    neither recur."""
    start, end = np.zeros_like(asked.first), np.ones_like(asked.first)
    days_between, after_start = differences(
        chronology, Pairs(asked.first, asked.second, end, start)
    )
    days_min, days_max = differences(chronology, Pairs(asked.first, asked.second, start, end))
    days_between, days_max = _stated_of_births(chronology, asked, days_between, days_max)
    words = np.select(
        [
            ~known_pairs(chronology, asked),
            (days_between >= 0) & (days_max <= 0),
            days_between >= 1,
            days_max <= -1,
            days_between >= 0,
            days_max <= 0,
        ],
        ["", "same day", "before", "after", "not after", "not before"],
        "unclear",
    )
    # The first starts no later than the second ends, and ends no earlier than it starts.
    return words, days_between, days_max, (days_min >= 0) & (after_start <= 0)


def _stated_of_births(
    chronology: Chronology, asked: Pairs, days_between: Ints, days_max: Ints
) -> tuple[Ints, Ints]:
    """The same differences, with what orders alone say of a birth: no date has a part in it, so
    that nothing is told of its day."""
    lowered = chronology.lowered
    births = lowered.birth_points
    first_birth, second_birth = births[asked.first], births[asked.second]
    ends = [
        np.where(birth >= 0, birth, points[event])
        for event, birth in ((asked.first, first_birth), (asked.second, second_birth))
        for points in (lowered.start, lowered.end)
    ]
    asks = ((first_birth >= 0) | (second_birth >= 0)) & (ends[0] >= 0) & (ends[2] >= 0)
    if not chronology.admissible or not asks.any():
        return days_between, days_max
    start, end, other_start, other_end = (points[asks] for points in ends)
    orders = chronology.order_minimal
    days_between, days_max = days_between.copy(), days_max.copy()
    days_between[asks] = np.maximum(days_between[asks], -orders[other_start, end])
    days_max[asks] = np.minimum(days_max[asks], orders[start, other_end])
    return days_between, days_max


def precedence_table(chronology: Chronology) -> pd.DataFrame:
    """Which certain orders are enough to tell all others?

    One row per edge of the transitive reduction of the partial order 'certainly ends before the
    other starts', over all events but absences: what follows from a chain of edges is left out.
    Events that certainly fall on the same day are one node: `before` and `after` name its first
    event in table order, `before_same_day` and `after_same_day` the others. `days_min` and
    `days_max` run from the end of the one to the start of the other, <NA> is open. One row with
    nothing but its `status` where no chronology is admissible.

    Source: the transitive reduction of a finite partial order is unique; Aho, Garey and Ullman
    1972, The transitive reduction of a directed graph, SIAM Journal on Computing 1, 131-137.

    >>> from casechron.chronology import solve
    >>> events = pd.DataFrame({"id": ["a", "b", "c"], "date": ["2018-08", "2018-09", "2018-10"]})
    >>> relations = pd.DataFrame({"id": [], "type": [], "from_event": [], "to_event": []})
    >>> precedence_table(solve(events, relations))[["before", "after", "days_min", "days_max"]]
      before after  days_min  days_max
    0      a     b         1        60
    1      b     c         1        60
    """
    if not chronology.admissible:
        none = np.array([OPEN])
        return _edges([[""], [""], [""], [""], [NOT_ADMISSIBLE]], none, none)
    events = np.flatnonzero([membership != ABSENCE for membership in chronology.lowered.membership])
    n = len(events)
    first_at, second_at = (grid.ravel() for grid in np.indices((n, n)))
    pairs = Pairs(
        events[first_at], events[second_at], np.ones_like(first_at), np.zeros_like(first_at)
    )
    days_min, days_max = (days.reshape(n, n) for days in differences(chronology, pairs))
    if not n:
        return _edges([[]] * 5, days_min.ravel(), days_max.ravel())
    same = (days_min >= 0) & (days_min.T >= 0)
    np.fill_diagonal(same, True)
    first = same.argmax(axis=1)
    nodes = np.flatnonzero(first == np.arange(n))
    before, after = np.nonzero(transitive_reduction(days_min[np.ix_(nodes, nodes)] >= 1))
    ids = [chronology.events[event] for event in events]
    others = [
        "; ".join(ids[k] for k in np.flatnonzero(first == node) if k != node) for node in nodes
    ]
    name = [ids[node] for node in nodes]
    columns = [[values[k] for k in ends] for values in (name, others) for ends in (before, after)]
    of = nodes[before], nodes[after]
    return _edges([*columns, ["admissible"] * len(before)], days_min[of], days_max[of])


def _edges(texts_of: Sequence[Sequence[str]], days_min: Ints, days_max: Ints) -> pd.DataFrame:
    """The table of `precedence`, with its texts by column."""
    before, after, before_same_day, after_same_day, status = map(texts, texts_of)
    return pd.DataFrame(
        {
            "before": before,
            "after": after,
            "before_same_day": before_same_day,
            "after_same_day": after_same_day,
            "days_min": day_counts(days_min),
            "days_max": day_counts(days_max),
            "status": status,
        }
    )


def transitive_reduction(before: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The pairs of a strict partial order (given whole, as a matrix) that no third element lies
    between.

    >>> transitive_reduction(np.array([[0, 1, 1], [0, 0, 1], [0, 0, 0]], dtype=bool)).astype(int)
    array([[0, 1, 0],
           [0, 0, 1],
           [0, 0, 0]])
    """
    counts = before.astype(
        np.float32
    )  # a product of floats runs in BLAS; counts up to 2**24 are exact
    between: NDArray[np.bool_] = counts @ counts == 0
    return before & between
