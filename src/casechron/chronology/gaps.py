"""How many days can lie between two points of events, as pairs of them are asked for, and how long
did each state last?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casechron.chronology.chronologies import Chronology, ContradictionError
from casechron.chronology.constraints import ABSENCE, NETWORK
from casechron.chronology.day_columns import NOT_ADMISSIBLE, day_counts, texts
from casechron.chronology.network import OPEN, Ints, PairRegion, closed
from casechron.chronology.rows import ChronologyInputError

POINTS = ("start", "end")
COLUMNS = ("from_event", "to_event", "from_point", "to_point")


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
    does not exist."""
    if pairs is None:
        events = np.flatnonzero(
            [membership != ABSENCE for membership in chronology.lowered.membership]
        )
        first, second = np.triu_indices(len(events), 1)
        none = np.zeros(len(first), dtype=np.int64)
        return Pairs(events[first], events[second], none, none)
    if isinstance(pairs, pd.DataFrame):
        asked = {name: pairs[name].fillna("").tolist() for name in COLUMNS if name in pairs}
    else:
        # Plain lists for a few pairs: a table would cost more than the whole question.
        listed = list(pairs)
        asked = {name: [pair[at] for pair in listed] for at, name in enumerate(COLUMNS[:2])}
    columns = [asked.get(name) or [""] * len(asked["from_event"]) for name in COLUMNS]
    place, points = chronology.lowered.place, {"": 0, "start": 0, "end": 1}
    breaches = [
        f"pairs, {name}: '{event}' is no event of this review"
        for name, ids in zip(COLUMNS[:2], columns[:2], strict=True)
        for event in dict.fromkeys(ids)
        if event not in place
    ]
    breaches += [
        f"pairs, {name}: '{point}' is no point; write start or end"
        for name, written in zip(COLUMNS[2:], columns[2:], strict=True)
        for point in written
        if point not in points
    ]
    if breaches:
        raise ChronologyInputError(breaches)
    numbers = zip(columns, (place, place, points, points), strict=True)
    return Pairs(
        *(np.array([of[name] for name in column], dtype=np.int64) for column, of in numbers)
    )


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
    >>> events = pd.DataFrame(
    ...     {"id": ["visit", "meeting", "letter"], "date": ["2018-08", "2018-08-10", ""]}
    ... )
    >>> relations = pd.DataFrame(
    ...     {
    ...         "id": ["r1", "r2"],
    ...         "type": "before",
    ...         "from_event": ["visit", "meeting"],
    ...         "to_event": ["meeting", "letter"],
    ...     }
    ... )
    >>> gaps_table(solve(events, relations))[
    ...     ["from_event", "to_event", "days_min", "days_max", "only_order"]
    ... ]
      from_event to_event  days_min  days_max  only_order
    0      visit  meeting         1         9       False
    1      visit   letter         2      <NA>        True
    2    meeting   letter         1      <NA>        True
    """
    asked = chosen_pairs(chronology, pairs)
    days_min, days_max = differences(chronology, asked)
    known = known_pairs(chronology, asked)
    ids = np.array(chronology.events, dtype=object)
    points = np.array(POINTS, dtype=object)
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


def gap_days(
    chronology: Chronology, pairs: Iterable[tuple[str, str]]
) -> list[tuple[int | None, int | None, bool] | None]:
    """The least and the most days of `gaps`, and whether only an order is known, as plain numbers;
    None for a pair of which nothing can be said, as no chronology is admissible.

    >>> from casechron.chronology import solve
    >>> events = pd.DataFrame({"id": ["visit", "meeting"], "date": ["2018-08", "2018-08-10"]})
    >>> relations = pd.DataFrame({"id": [], "type": [], "from_event": [], "to_event": []})
    >>> gap_days(solve(events, relations), [("visit", "meeting")])
    [(-21, 9, False)]
    """
    asked = chosen_pairs(chronology, pairs)
    days_min, days_max = differences(chronology, asked)
    columns = (known_pairs(chronology, asked), days_min, days_max)
    ordered = only_order(chronology, asked, days_min, days_max)
    return [
        (closed(low), closed(high), order) if known else None
        for known, low, high, order in zip(
            *(column.tolist() for column in (*columns, ordered)), strict=True
        )
    ]


def only_order(
    chronology: Chronology, asked: Pairs, days_min: Ints, days_max: Ints
) -> NDArray[np.bool_]:
    """Whether nothing but an order bounds the days of some pairs, on one side; `days_min`
    and `days_max` are their `differences`."""
    lowered = chronology.lowered
    ends = np.stack([lowered.start, lowered.end])
    i, j = ends[asked.first_point, asked.first], ends[asked.second_point, asked.second]
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
    >>> relations = pd.DataFrame(
    ...     {"id": ["r"], "type": ["before"], "from_event": ["visit"], "to_event": ["meeting"]}
    ... )
    >>> feasible_region(solve(events, relations), "visit", "meeting")
    PairRegion(from_lo=1, from_hi=9, to_lo=10, to_hi=10, gap_lo=1, gap_hi=9)
    """
    place, points = chronology.lowered.place, ("", *POINTS)
    if not {from_event, to_event} <= place.keys() or not {from_point, to_point} <= set(points):
        asked = pd.DataFrame([(from_event, to_event, from_point, to_point)], columns=COLUMNS)
        chosen_pairs(chronology, asked)  # says what is wrong
    # This is called thousands of times with one pair each, so it makes no `Pairs`.
    first, second = place[from_event], place[to_event]
    tied = chronology.in_network(first) or chronology.in_network(second)
    if tied and not chronology.admissible:
        raise ContradictionError(chronology)
    i, j = 2 * first + (from_point == "end"), 2 * second + (to_point == "end")
    days, furthest = chronology.event_windows.reshape(-1, 2), chronology.furthest
    bounds = (*days[i].tolist(), *days[j].tolist(), -int(furthest[j, i]), int(furthest[i, j]))
    return PairRegion(*map(closed, bounds))


def dated_region(
    chronology: Chronology, from_event: str, to_event: str, *, from_point: str = "start"
) -> PairRegion:
    """The `feasible_region` of two events without the bounds that no word of the source gives.

    None is open, or left open by the coding of one of the two (`Chronology.open_sides`): what then
    bounds the days is a birth or a default, and no days are to be told from it. A gap that the
    source itself states stays, also between two events that it does not date.

    >>> from casechron.chronology import solve
    >>> events = pd.DataFrame(
    ...     {
    ...         "id": ["birth", "plan", "harm"],
    ...         "date": ["2018-07", "2018-09-24", ""],
    ...         "kind": ["birth", "protection-plan", "harm-to-child"],
    ...     }
    ... )
    >>> relations = pd.DataFrame(
    ...     {
    ...         "id": ["r1", "r2"],
    ...         "type": "not-after",
    ...         "from_event": ["birth", "harm"],
    ...         "to_event": ["harm", "plan"],
    ...         "basis": "derived",
    ...     }
    ... )
    >>> found = solve(events, relations)
    >>> feasible_region(found, "harm", "plan").gap_hi
    85
    >>> dated_region(found, "harm", "plan")[4:]
    (0, None)
    """
    region, dated = (
        feasible_region(each, from_event, to_event, from_point=from_point)
        for each in (chronology, chronology.dated)
    )
    return less_open(region, dated)


def less_open(region: PairRegion, dated: PairRegion) -> PairRegion:
    """A region without the bounds that another leaves open.

    >>> less_open(PairRegion(1, 2, 3, 4, 1, 3), PairRegion(None, 9, 9, 9, 9, None))
    PairRegion(from_lo=None, from_hi=2, to_lo=3, to_hi=4, gap_lo=1, gap_hi=None)
    """
    opened = (None if side is None else day for day, side in zip(region, dated, strict=True))
    return PairRegion(*opened)


def durations_table(chronology: Chronology) -> pd.DataFrame:
    """How many days did each state last, at least and at most?

    One row per event that lasts (its date is an interval, or it has no date and a relation names
    its start or end), in table order; absences and what merely occurred several times have no
    duration. Days run from the start to the end: 0 is one day only; <NA> is open. `open_start` and
    `open_end` are True where the source says that it goes on beyond ('..'), `unknown_start` and
    `unknown_end` where it does not say when it began or ended.

    >>> from casechron.chronology import solve
    >>> events = pd.DataFrame({"id": ["plan", "support"], "date": ["2018-09/2018-12", "2017/.."]})
    >>> relations = pd.DataFrame({"id": [], "type": [], "from_event": [], "to_event": []})
    >>> durations_table(solve(events, relations))[
    ...     ["event", "days_min", "days_max", "open_start", "open_end"]
    ... ]
         event  days_min  days_max  open_start  open_end
    0     plan        62       121       False     False
    1  support         0      <NA>       False      True
    """
    lowered = chronology.lowered
    lasting = [
        at
        for at, (shape, membership) in enumerate(
            zip(lowered.shape, lowered.membership, strict=True)
        )
        if membership == NETWORK
        and (shape == "span" or (shape == "undated" and lowered.start[at] != lowered.end[at]))
        and not lowered.events[at].can_recur
    ]
    at = np.array(lasting, dtype=np.int64)
    days_min, days_max = differences(chronology, Pairs(at, at, np.zeros_like(at), np.ones_like(at)))
    dates = [lowered.dates[event] for event in lasting]
    status = "admissible" if chronology.admissible else NOT_ADMISSIBLE
    return pd.DataFrame(
        {
            "event": texts([chronology.events[event] for event in lasting]),
            "days_min": day_counts(days_min, chronology.admissible),
            "days_max": day_counts(days_max, chronology.admissible),
            "open_start": np.array([date.open_start for date in dates], dtype=bool),
            "open_end": np.array([date.open_end for date in dates], dtype=bool),
            "unknown_start": np.array([date.unknown_start for date in dates], dtype=bool),
            "unknown_end": np.array([date.unknown_end for date in dates], dtype=bool),
            "status": texts([status] * len(lasting)),
        }
    )
