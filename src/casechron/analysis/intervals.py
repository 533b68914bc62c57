"""What can be said about the days from one event to another, also to one that does not precede it
(a wait), and which protective step came next after each concern, or before harm?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import compress
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from casechron.analysis.chronicle import chronicle_rows
from casechron.analysis.concerns import end_events, rows_with
from casechron.analysis.pairing import EventPoint, earliest_of, earliest_steps
from casechron.analysis.record import placed, places_of
from casechron.analysis.rows import RowOfTable, table_of_rows
from casechron.analysis.tables import rows_in, to_table
from casechron.analysis.windows import dated_region, told_networks, told_regions
from casechron.chronology import Chronology, PairRegion
from casechron.chronology.calendars import CalendarError, WorkingCalendar, working_calendar
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.chronology.network import is_open
from casechron.chronology.pairs import told_by_order
from casechron.chronology.shares import NOT_AFTER, Condition, share, working_day_gaps
from casechron.review import Review

__all__ = ["steps_before_harm"]


EXACTLY, BETWEEN, AT_LEAST, AT_MOST = "exactly", "between", "at least", "at most"
ONLY_ORDER, NOTHING = "only an order", "nothing"
#: Does a protective step on record follow a concern?
CERTAINLY, POSSIBLY, NONE_ON_RECORD = "certainly", "possibly", "none on record"
#: No day ties the concern to a step, or it is an absence, which no order ties to anything: that one
#: can follow is no news.
NOT_TOLD = "cannot be told"
#: Instead of a wait, where the coded dates put the later event first.
PRECEDES = "dated before it: worth a look"


class Wait(NamedTuple):
    """Days and working days from one event to one that does not precede it, least and most; None is
    open. `known` says in what way they are known."""

    known: str = ""
    days_min: int | None = None
    days_max: int | None = None
    working_days_min: int | None = None
    working_days_max: int | None = None


class Next(NamedTuple):
    """The protective steps that can come next, whether one follows, and the days to them."""

    steps: tuple[str, ...] = ()
    follows: str = ""
    wait: Wait = Wait()


def interval_table(
    chronology: Chronology,
    pairs: Iterable[tuple[str, str]],
    calendar: WorkingCalendar,
) -> pd.DataFrame:
    """How many days and working days lie between two events, and in what way is that known?

    One row per pair, in the order given; days run as in `chronology.pairs`, and are those that are
    told (`windows.told_region`); working days under the policy's day 1. `known` is 'exactly',
    'between', 'at least', 'at most', 'only an order' (nothing but an order bounds it, so the days
    are left empty), 'nothing', or 'no admissible chronology'.
    `not_before` says in how many of the date pairs that are told the second event is not before the
    first; empty where a date is open, or open in its own coding. `beside_an_age` says whether an
    age widens the days.

    >>> from casechron.chronology import solve
    >>> from casechron.chronology.calendars import working_calendar
    >>> events = pd.DataFrame({"id": ["a", "b", "c"], "date": ["2018-08-10", "2018-08-17", ""]})
    >>> relations = pd.DataFrame(
    ...     {"id": ["r"], "type": ["before"], "from_event": ["a"], "to_event": ["c"]}
    ... )
    >>> chronology, pairs = solve(events, relations), [("a", "b"), ("a", "c")]
    >>> days = interval_table(chronology, pairs, working_calendar("England"))
    >>> days[["days_min", "days_max", "working_days_min", "known"]]
       days_min  days_max  working_days_min          known
    0         7         7                 5        exactly
    1      <NA>      <NA>              <NA>  only an order
    >>> days["not_before"].tolist()
    ['1 of 1 date pairs', '']
    """
    rows = []
    for pair in pairs:
        told, regions = days_of_pair(chronology, *pair, calendar)
        by_days = told.known not in (NOT_ADMISSIBLE, ONLY_ORDER)
        beside_an_age = by_days and dated_region(chronology, *pair).gap != told[1:3]
        rows.append((*pair, *told, share_words(regions, NOT_AFTER), beside_an_age))
    columns = ("from_event", "to_event", *Wait._fields, "not_before", "beside_an_age")
    return to_table(columns, rows, beside_an_age="bool")


def days_of_pair(
    chronology: Chronology,
    first: str,
    second: str,
    calendar: WorkingCalendar | None = None,
    *,
    waiting: bool = False,
) -> tuple[Wait, list[PairRegion]]:
    """The days from one event to another as they are told (`windows.told_regions`), and their date
    pairs, if they can be counted; `waiting`: to one that does not precede it.

    No days are told on a side that the coding of one of them leaves open (`Chronology.open_sides`),
    and none that are closer than what is shown beside ages (`Chronology.shown`). Without a
    calendar the working days are not counted."""
    if not chronology.can_be_told(first, second):
        return Wait(NOT_ADMISSIBLE), []
    if waiting and chronology.furthest[chronology.place(first), chronology.place(second)] < 0:
        return Wait(PRECEDES), []
    regions = told_regions(chronology, first, second)
    opened = any(None in region.gap for region in regions)
    if waiting:
        regions = list(filter(None, map(not_before, regions)))
    days = days_min, days_max = hull(region.gap for region in regions)
    counted = regions if chronology.admissible else []
    says_nothing = waiting and days_max is None and not days_min
    if says_nothing or (opened and told_by_order(chronology.with_open_sides, first, second)):
        return Wait(ONLY_ORDER), counted
    work = working_days(counted, calendar, chronology.policy.working_day_one)
    return Wait(way_known(*days), *days, *work), counted


def working_days(
    regions: Iterable[PairRegion], calendar: WorkingCalendar | None, day_one: str
) -> tuple[int | None, int | None]:
    """Working days over some regions, least and most; None where open, without a calendar, or where
    the calendar does not reach."""
    if calendar is None:
        return None, None
    try:
        return hull(working_day_gaps(region, calendar, day_one) for region in regions)
    except CalendarError:
        return None, None


def waits_between(
    chronology: Chronology,
    pairs: Iterable[tuple[str, str]],
    calendar: WorkingCalendar | None = None,
) -> list[Wait]:
    """For each pair, the days from the first event to the second, which does not precede it."""
    return [days_of_pair(chronology, *pair, calendar, waiting=True)[0] for pair in pairs]


def not_before(region: PairRegion) -> PairRegion | None:
    """The days on which the second event does not precede the first; None if there are none."""
    if region.gap_hi is not None and region.gap_hi < 0:
        return None
    return region._replace(gap_lo=max(0, region.gap_lo or 0))


def next_step(
    concern: str,
    steps: list[str],
    chronology: Chronology,
    calendar: WorkingCalendar | None,
    absent: bool,
) -> Next:
    """The protective steps on record that can come next after a concern, and the days to them.

    A step is not the next where another one that certainly follows the concern is certainly no
    later, and can be earlier, nor where another is sooner in every chronology. The least days are
    over all steps that are left, the most those to the first that follows in any chronology; where
    a date is open, the least that one of those that certainly follow can take. Of a concern that is
    `absent` (coded as an absence) only what certainly follows is told."""
    steps = [step for step in steps if step != concern]
    if steps and not chronology.admissible:
        return Next(wait=Wait(NOT_ADMISSIBLE))
    start, furthest = chronology.place(concern), chronology.furthest
    at = np.array([chronology.place(step) for step in steps], dtype=np.int64)
    may, surely = furthest[start, at] >= 0, furthest[at, start] <= 0
    possible, certain = list(compress(steps, may)), list(compress(steps, surely))
    if not possible:
        return Next(follows=NONE_ON_RECORD)
    # From one that certainly follows, in rows, to another that certainly comes after it.
    most = furthest[at[:, None], at]
    after_another = (most.T <= 0) & (most != 0) & surely[:, None]
    np.fill_diagonal(after_another, False)
    upcoming = list(compress(steps, may & ~after_another.any(axis=0)))
    if chronology.choices and not absent:
        # Where a date has holes, another can always come between without being certain to follow.
        points = [EventPoint(step, "start") for step in upcoming]
        first = {end for end, _ in earliest_steps(chronology, concern, points, {}, strict=False)}
        upcoming = [step for step in upcoming if step in first]
    pairs = [(concern, step) for step in upcoming]
    waits = waits_between(chronology, pairs, calendar)
    ordered = [wait.known == ONLY_ORDER for wait in waits]
    if not certain and (all(ordered) or absent):
        return Next(follows=NOT_TOLD)
    of_certain = [wait for step, wait in zip(upcoming, waits, strict=True) if step in certain]
    days_max = _fewest(wait.days_max for wait in of_certain)
    working_max = _fewest(wait.working_days_max for wait in of_certain)
    if days_max is not None and certain != possible:
        # All that certainly follow can be late at once, and one that only may can come sooner.
        nearest = nearest_days(chronology, concern, possible)
        work = working_days(nearest, calendar, chronology.policy.working_day_one)
        days_max = _fewest([days_max, hull(region.gap for region in nearest)[1]])
        working_max = _fewest([working_max, work[1]])
    # A step that only an order ties to the concern can have come on the same day.
    days_min = min(wait.days_min or 0 for wait in waits)
    working_min = min(wait.working_days_min or 0 for wait in waits)
    wait = Wait(ONLY_ORDER)
    if days_min or days_max is not None or not any(ordered):
        days = days_min, days_max
        wait = Wait(way_known(*days), *days, working_min, working_max)
    return Next(tuple(upcoming), CERTAINLY if certain else POSSIBLY, wait)


def _fewest(several: Iterable[int | None]) -> int | None:
    """The fewest of some days, but for those that are open; None where all are."""
    return min((days for days in several if days is not None), default=None)


def nearest_days(
    chronology: Chronology, event: str, others: Iterable[str], *, before: bool = False
) -> list[PairRegion]:
    """The days from an event to the first of some others on or after it, in every chronology; with
    `before`, back to the last before its day. Others that are open on a side are left out; none
    where it is open itself, or none of the others need be there."""
    row_of, windows = chronology.lowered.row_of, chronology.with_open_sides.event_windows
    ids = [each for each in (event, *others) if not is_open(windows[row_of[each], :2]).any()]
    if event not in ids:
        return []
    networks = told_networks(chronology, ids)
    ways = [network.T for network in networks] if before else networks
    regions = [case.region for case in earliest_of(ways, ids[1:], [], strict=before)]
    return [] if None in regions else list(filter(None, regions))


@table_of_rows
def steps_before_harm(review: Review) -> Iterator[RowOfTable]:
    """How long before the injury was each protective step?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per protective step and each injury, admission or death on record.

        - `step`, `kind` (text): the step's id and its kind
        - `to_event`, `to_kind` (text): the id and the kind of the injury, admission or death
        - `known` (text): in what way the days are known, as in `turning_point_gaps`
        - `days_min`, `days_max` (days; <NA>: open): from the start of the step to that event; below
          0 the step came later; no closer than what `response_gaps` tells
        - `working_days_min`, `working_days_max` (working days; <NA>: open): the same in working
          days of the review's jurisdiction
        - `step_first` (text): in how many of the date pairs that are told the step is not
          after the event
        - `beside_an_age` (True or False): whether the days are told more widely than all statements
          together have them, since a living child's published age refers to one of the events; what
          the source says more closely, `time_statements` has
        - `places` (text): where the source tells of the step and of the event

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.steps_before_harm(review)[["step", "to_event", "days_min", "days_max"]]
            step   to_event  days_min  days_max
    0  plan-2014  harm-2015        82        84
    1  icpc-2014  harm-2015        82        84
    """
    tables, chronology = review.tables, review.chronology
    calendar = working_calendar(review.meta.jurisdiction)
    steps, ends = rows_with(tables, "protective"), end_events(tables)
    pairs = [(step, end) for step in steps for end in ends if step != end]
    days = interval_table(chronology, pairs, calendar)
    events, places = chronicle_rows(review), placed(tables["locators"])
    for step, end, *known in rows_in(days, *days.columns):
        yield (
            *(step, events[step].kind, end, events[end].kind),
            *(*known, places_of(places, step, end)),
        )


def way_known(low: int | None, high: int | None) -> str:
    """In what way a number is known of which the least and the most are; None is open."""
    if low is None or high is None:
        return NOTHING if low is high else AT_LEAST if high is None else AT_MOST
    return EXACTLY if low == high else BETWEEN


def known_days(chronology: Chronology, low: int | None, high: int | None) -> str:
    """`way_known` of days under a chronology, or that none is admissible."""
    return way_known(low, high) if chronology.admissible else NOT_ADMISSIBLE


def share_words(regions: Iterable[PairRegion], condition: Condition) -> str:
    """How many of the date pairs of some regions meet a condition; empty where that cannot be
    counted, or where there is no region."""
    regions = list(regions)
    counted = share(regions, condition) if regions else None
    if counted is None or counted.admitted is None:
        return ""
    return f"{counted.satisfying:,} of {counted.admitted:,} date pairs"


def hull(spans: Iterable[tuple[int | None, int | None]]) -> tuple[int | None, int | None]:
    """The least and the most of some spans; open where one is, or where there is none.

    >>> hull([(1, 5), (0, 3)]), hull([(1, 2), (0, None)]), hull([])
    ((0, 5), (0, None), (None, None))
    """
    known = list(spans)
    lows: list[Any] = [low for low, _ in known]
    highs: list[Any] = [high for _, high in known]
    return (
        None if None in lows else min(lows, default=None),
        None if None in highs else max(highs, default=None),
    )
