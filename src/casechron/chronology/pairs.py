"""How many days can lie between two events, which came first, and of which two can it not be said?
Pairs of events, as they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casechron.characters import meant_or, nearest
from casechron.chronology.chronologies import Chronology, ContradictionError
from casechron.chronology.constraints import ABSENCE
from casechron.chronology.day_columns import NOT_ADMISSIBLE, day_counts, texts
from casechron.chronology.network import OPEN, Ints, PairRegion, region_of
from casechron.chronology.rows import ChronologyInputError
from casechron.chronology.shares import narrowed

_POINTS = ("start", "end")
_COLUMNS = ("from_event", "to_event", "from_point", "to_point")
_WANTED = "write pairs of ids, as [('referral', 'harm')], or a table with from_event and to_event"


class Pairs(NamedTuple):
    """Places of two events in the table, and the point of each: 0 its start, 1 its end."""

    first: Ints
    second: Ints
    first_point: Ints
    second_point: Ints


def chosen_pairs(
    chronology: Chronology, pairs: pd.DataFrame | Iterable[tuple[str, str]] | None
) -> Pairs:
    """The pairs asked for; by default each pair of events once, absences apart, the earlier row
    first.

    A table of pairs has the columns from_event and to_event, and may have from_point and to_point
    ('start', 'end'; empty is the start). Raises `ChronologyInputError` for an event or a point that
    does not exist, and for what is no pair."""
    if pairs is None:
        events = np.flatnonzero(
            [membership != ABSENCE for membership in chronology.lowered.membership]
        )
        first, second = np.triu_indices(len(events), 1)
        starts = np.zeros(len(first), dtype=np.int64)
        return Pairs(events[first], events[second], starts, starts)
    if isinstance(pairs, pd.DataFrame) and set(_COLUMNS[:2]) <= set(pairs):
        written = {name: pairs[name].fillna("").tolist() for name in _COLUMNS if name in pairs}
    else:
        # Plain lists for a few pairs: a table would cost more than the whole question.
        listed: list[Any] = list(pairs) if isinstance(pairs, Iterable) else [pairs]
        for pair in listed:
            if not (isinstance(pair, tuple | list | np.ndarray) and len(pair) == 2):
                raise ChronologyInputError([f"pairs: {pair!r} is no pair of events; {_WANTED}"])
        written = {name: [pair[at] for pair in listed] for at, name in enumerate(_COLUMNS[:2])}
    # A table may have other columns, but none that is one of these misspelt.
    other_columns = set(pairs) - set(_COLUMNS) if isinstance(pairs, pd.DataFrame) else ()
    breaches = [
        f"pairs: there is no column '{name}'{meant_or(meant)}"
        for name in other_columns
        if (meant := nearest(str(name), _COLUMNS[2:])) and meant not in written
    ]
    row_of, points = chronology.lowered.row_of, {"": 0, "start": 0, "end": 1}
    an_event = row_of, "event of this review", "review.tables['events'] has the ids"
    a_point = points, "point; write start or end", ""
    numbers: list[Ints] = []
    for name, (known, expected, listed_in) in zip(
        _COLUMNS, (an_event, an_event, a_point, a_point), strict=True
    ):
        values = [*map(str, written.get(name) or [""] * len(written["from_event"]))]
        breaches += [
            f"pairs, {name}: '{value}' is no {expected}{meant_or(nearest(value, known), listed_in)}"
            for value in dict.fromkeys(values)
            if value not in known
        ]
        numbers.append(np.array([known.get(value, 0) for value in values], dtype=np.int64))
    if breaches:
        raise ChronologyInputError(breaches)
    return Pairs(*numbers)


def differences(chronology: Chronology, pairs: Pairs) -> tuple[Ints, Ints]:
    """Least and most days from one point to the other, for each pair; -OPEN and OPEN where nothing
    bounds them (`Chronology.furthest`)."""
    i, j = 2 * pairs.first + pairs.first_point, 2 * pairs.second + pairs.second_point
    return -chronology.furthest[j, i], chronology.furthest[i, j]


def known_pairs(chronology: Chronology, pairs: Pairs) -> NDArray[np.bool_]:
    """For which pairs anything can be said: all of them, or those outside the network if that
    cannot hold."""
    outside = chronology.lowered.start < 0
    known: NDArray[np.bool_] = (
        outside[pairs.first] & outside[pairs.second]
    ) | chronology.admissible
    return known


def gaps_table(
    chronology: Chronology, pairs: pd.DataFrame | Iterable[tuple[str, str]] | None = None
) -> pd.DataFrame:
    """How many days lie between two events, at least and at most?

    One row per pair; by default every pair of events once, absences apart, the earlier row of the
    table first. Days run from `from_point` to `to_point`, start to start unless `pairs` says
    otherwise (a moment's start is its day; the start of what occurred several times is its first
    occurrence); below 0 the second event comes first. <NA> is open. `only_order` is True where
    nothing but an order bounds the gap, on one side: no date, no stated duration. Each number is
    attained by some admissible chronology; with a birth or an absence it is the plain difference of
    the two windows. `status` is 'admissible', or 'no admissible chronology' with the gap empty.

    Source: the minimal network; Dechter, Meiri and Pearl 1991, theorem 3.3.

    >>> from casechron.chronology import solve
    >>> dated = {"id": ["visit", "meeting", "letter"], "date": ["2018-08", "2018-08-10", ""]}
    >>> order = {"from_event": ["visit", "meeting"], "to_event": ["meeting", "letter"]}
    >>> relations = pd.DataFrame({"id": ["r1", "r2"], "type": "before"} | order)
    >>> shown = ["from_event", "to_event", "days_min", "days_max", "only_order"]
    >>> gaps_table(solve(pd.DataFrame(dated), relations))[shown]
      from_event to_event  days_min  days_max  only_order
    0      visit  meeting         1         9       False
    1      visit   letter         2      <NA>        True
    2    meeting   letter         1      <NA>        True
    """
    asked = chosen_pairs(chronology, pairs)
    days_min, days_max = differences(chronology, asked)
    known = known_pairs(chronology, asked)
    ids = np.array(chronology.events, dtype=object)
    points = np.array(_POINTS, dtype=object)
    return pd.DataFrame(
        {
            "from_event": texts(ids[asked.first]),
            "from_point": texts(points[asked.first_point]),
            "to_event": texts(ids[asked.second]),
            "to_point": texts(points[asked.second_point]),
            "days_min": day_counts(days_min, known),
            "days_max": day_counts(days_max, known),
            "only_order": only_order(chronology, asked, days_min, days_max),
            "status": texts(np.where(known, "admissible", NOT_ADMISSIBLE)),
        }
    )


def only_order(
    chronology: Chronology, asked: Pairs, days_min: Ints, days_max: Ints
) -> NDArray[np.bool_]:
    """Whether nothing but an order bounds the days of some pairs, on one side; `days_min`
    and `days_max` are their `differences`."""
    points = chronology.lowered.points
    i, j = points[asked.first, asked.first_point], points[asked.second, asked.second_point]
    one_side = ((days_min > -OPEN) ^ (days_max < OPEN)) & (i >= 0) & (j >= 0)
    if not chronology.admissible or not one_side.any():
        return np.zeros(len(i), dtype=bool)
    orders = chronology.order_minimal
    same = np.where(days_min > -OPEN, -orders[j, i] == days_min, orders[i, j] == days_max)
    only: NDArray[np.bool_] = one_side & same
    return only


def feasible_region(
    chronology: Chronology,
    from_event: str,
    to_event: str,
    *,
    from_point: str = "start",
    to_point: str = "start",
) -> PairRegion:
    """Which days do two events admit together?

    The region of the pairs (a, b) of days of the two named points that some admissible chronology
    attains; days are proleptic Gregorian ordinals, None is open. With a birth or an absence every
    pair of days of the two windows is in it. Raises `ContradictionError` if no chronology is
    admissible, `ChronologyInputError` for an unknown event.

    >>> from casechron.chronology import solve
    >>> events = pd.DataFrame({"id": ["visit", "meeting"], "date": ["0001-01", "0001-01-10"]})
    >>> order = {"id": ["r"], "type": ["before"], "from_event": ["visit"], "to_event": ["meeting"]}
    >>> feasible_region(solve(events, pd.DataFrame(order)), "visit", "meeting")
    PairRegion(from_lo=1, from_hi=9, to_lo=10, to_hi=10, gap_lo=1, gap_hi=9)
    """
    known = {from_event, to_event} <= chronology.lowered.row_of.keys()
    if not known or not {from_point, to_point} <= {"", *_POINTS}:
        asked = pd.DataFrame([(from_event, to_event, from_point, to_point)], columns=_COLUMNS)
        chosen_pairs(chronology, asked)  # says what is wrong
    # This is called thousands of times with one pair each, so it makes no `Pairs`.
    if not chronology.can_be_told(from_event, to_event):
        raise ContradictionError(chronology)
    i, j = chronology.place(from_event, from_point), chronology.place(to_event, to_point)
    days, furthest = chronology.event_windows.reshape(-1, 2), chronology.furthest
    gap = -furthest.item(j, i), furthest.item(i, j)
    return PairRegion.of(*days[i].tolist(), *days[j].tolist(), *gap)


def told_by_order(chronology: Chronology, from_event: str, to_event: str) -> bool:
    """Whether nothing but an order bounds the days between the starts of two events, on one side
    (`only_order` of a pair).

    >>> from casechron.chronology import solve
    >>> events = pd.DataFrame({"id": ["visit", "letter"], "date": ["2018-08", ""]})
    >>> order = {"id": ["r"], "type": ["before"], "from_event": ["visit"], "to_event": ["letter"]}
    >>> told_by_order(solve(events, pd.DataFrame(order)), "visit", "letter")
    True
    """
    if feasible_region(chronology, from_event, to_event).gap.count(None) != 1:
        return False
    asked = chosen_pairs(chronology, [(from_event, to_event)])
    return bool(only_order(chronology, asked, *differences(chronology, asked))[0])


def feasible_regions(
    chronology: Chronology, from_event: str, to_event: str, from_point: str = "", to_point: str = ""
) -> list[PairRegion]:
    """The `feasible_region` of two events; of dates with holes, regions that together have exactly
    the pairs of days that some admissible chronology attains.

    >>> from casechron.chronology import solve
    >>> events = pd.DataFrame({"id": ["a", "b"], "date": ["[0001-01-02,0001-01-09]", "0001-01-10"]})
    >>> relations = pd.DataFrame({"id": [], "type": [], "from_event": [], "to_event": []})
    >>> regions = feasible_regions(solve(events, relations), "a", "b")
    >>> sorted(region.gap_lo for region in regions)
    [1, 8]
    """
    whole = feasible_region(
        chronology, from_event, to_event, from_point=from_point, to_point=to_point
    )
    lowered = chronology.lowered
    points = lowered.points.ravel()
    i = int(points[chronology.place(from_event, from_point)])
    j = int(points[chronology.place(to_event, to_point)])
    if not chronology.choices or max(i, j) < 0:
        return [whole]
    if min(i, j) >= 0:
        return [region_of(network, 1, 2) for network in chronology.networks([0, i, j])]
    # With a birth or an absence: every day of the one with every day of the other.
    first, last = PairRegion._fields[:2] if i >= 0 else PairRegion._fields[2:4]
    days = [region_of(network, 1, 1)[:2] for network in chronology.networks([0, max(i, j)])]
    return [narrowed(whole._replace(**{first: low, last: high})) for low, high in days]


def less_open(region: PairRegion, dated: PairRegion) -> PairRegion:
    """A region without the bounds that another leaves open.

    >>> less_open(PairRegion(1, 2, 3, 4, 1, 3), PairRegion(None, 9, 9, 9, 9, None))
    PairRegion(from_lo=None, from_hi=2, to_lo=3, to_hi=4, gap_lo=1, gap_hi=None)
    """
    opened = (None if side is None else day for day, side in zip(region, dated, strict=True))
    return PairRegion(*opened)


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
    >>> order = {"id": ["r"], "type": ["not-after"], "from_event": ["a"], "to_event": ["b"]}
    >>> order_table(solve(events, pd.DataFrame(order)))[
    ...     ["from_event", "to_event", "order", "share_a_day"]
    ... ]
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
    if chronology.choices:
        apart[~apart] = _never_meet(chronology, Pairs(*(places[~apart] for places in asked)))
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


def _never_meet(chronology: Chronology, asked: Pairs) -> list[bool]:
    """For which pairs of events in the network no choice of days for dates with holes leaves a day
    that can be of both."""
    points = chronology.lowered.points
    return [
        min(four) >= 0
        and all(min(net[1, 4], net[3, 2]) < 0 for net in chronology.networks([0, *four]))
        for four in np.hstack([points[asked.first], points[asked.second]]).tolist()
    ]


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
    that nothing shows its day."""
    births = chronology.lowered.birth_points[:, None]
    points = np.where(births >= 0, births, chronology.lowered.points)
    pairs = np.stack([asked.first, asked.second])
    with_birth = (births[pairs] >= 0).any(axis=(0, 2)) & (points[pairs, 0] >= 0).all(axis=0)
    if not chronology.admissible or not with_birth.any():
        return days_between, days_max
    (start, end), (other_start, other_end) = points[pairs[:, with_birth]].swapaxes(1, 2)
    orders = chronology.order_minimal
    days_between, days_max = days_between.copy(), days_max.copy()
    days_between[with_birth] = np.maximum(days_between[with_birth], -orders[other_start, end])
    days_max[with_birth] = np.minimum(days_max[with_birth], orders[start, other_end])
    return days_between, days_max


def precedence_table(chronology: Chronology) -> pd.DataFrame:
    """Which certain orders are enough to tell all others?

    One row per edge of the transitive reduction of the partial order 'certainly ends before the
    other starts', over all events but absences: what follows from a chain of edges is left out.
    Events that certainly fall on the same day are one node: `before` and `after` name its first
    event in table order, `before_same_day` and `after_same_day` (tuples) the others. `days_min`
    and `days_max` run from the end of the one to the start of the other, <NA> is open. One row with
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
        no_days = np.array([OPEN])
        return _edges([("", "", (), ())], no_days, no_days, NOT_ADMISSIBLE)
    events = np.flatnonzero([membership != ABSENCE for membership in chronology.lowered.membership])
    grid = np.indices((len(events), len(events)))
    first, second = (events[places.ravel()] for places in grid)
    pairs = Pairs(first, second, np.ones_like(first), np.zeros_like(first))
    days_min, days_max = (days.reshape(grid[0].shape) for days in differences(chronology, pairs))
    same_day = (days_min >= 0) & (days_min.T >= 0)
    np.fill_diagonal(same_day, True)
    # Of the events of one day the first in table order is the node.
    nodes = np.flatnonzero(~np.tril(same_day, -1).any(axis=1))
    reduced = transitive_reduction(days_min[np.ix_(nodes, nodes)] >= 1)
    before, after = (nodes[ends] for ends in np.nonzero(reduced))
    ids = [chronology.events[event] for event in events]
    others = [
        tuple([ids[other] for other in np.flatnonzero(row) if other != node])
        for node, row in enumerate(same_day)
    ]
    edges = [
        (ids[earlier], ids[later], others[earlier], others[later])
        for earlier, later in zip(before, after, strict=True)
    ]
    return _edges(edges, days_min[before, after], days_max[before, after], "admissible")


def _edges(
    edges: Sequence[tuple[Any, ...]], days_min: Ints, days_max: Ints, status: str
) -> pd.DataFrame:
    """The table of `precedence`: a row per edge, with its events and those on their days."""
    names = ["before", "after", "before_same_day", "after_same_day"]
    table = pd.DataFrame(edges, columns=names).astype({"before": "str", "after": "str"})
    return table.assign(
        days_min=day_counts(days_min),
        days_max=day_counts(days_max),
        status=texts([status] * len(edges)),
    )


def transitive_reduction(before: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The pairs of a strict partial order (given whole, as a matrix) that no third element lies
    between.

    >>> transitive_reduction(np.array([[0, 1, 1], [0, 0, 1], [0, 0, 0]], dtype=bool)).astype(int)
    array([[0, 1, 0],
           [0, 0, 1],
           [0, 0, 0]])
    """
    # A product of floats runs in BLAS, and counts up to 2**24 are exact.
    counts = before.astype(np.float32)
    between: NDArray[np.bool_] = counts @ counts == 0
    return before & between
