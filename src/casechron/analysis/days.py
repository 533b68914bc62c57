"""What can be known about time: of each event, between each two, and of what cannot hold
together?"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from casechron.analysis.concerns import by_event
from casechron.analysis.record import other_dates
from casechron.analysis.tables import columns_in_help, kept, rows_in
from casechron.analysis.windows import shown_region, told_region
from casechron.chronology import (
    PairRegion,
    approximations_table,
    bounds_table,
    durations_table,
    feasible_region,
    gaps_table,
    order_table,
    precedence_table,
)
from casechron.chronology.day_columns import texts
from casechron.review import Review

__all__ = ["approximations", "bounds", "durations", "gaps", "order", "precedence"]


@kept
def bounds(review: Review) -> pd.DataFrame:
    """Between which days does each event lie, as stated and as everything together implies?

    The start lies in `earliest` to `start_latest`, the end in `end_earliest` to `latest`, ends
    included; of a moment both are the same two days. Of an event that can have occurred more than
    once they are the first and the last occurrence. Births keep the published days and absences the
    stated ones: neither is ever narrowed. These are the days of the engine: with a living child's
    published age some of them would date a birth. Publish those of `chronicle`.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per event, in the order of the coding.

        - `event` (text): its id
        - `shape` (text): 'moment', 'span' (it lasts), 'several' (it occurred more than once) or
          'undated'
        - `stated_earliest`, `stated_start_latest`, `stated_end_earliest`, `stated_latest` (date;
          NaT: open): what the event's own date says
        - `earliest`, `start_latest`, `end_earliest`, `latest` (date; NaT: open): what all
          statements together imply
        - `days_narrowed` (days; <NA>: an open bound was closed): how many days the windows of start
          and end lost together
        - `narrowed_by` (text): the statements that did it, in words
        - `narrowed_by_rows` (ids): their rows
        - `approximation` (text): where sets of days are too many to try; bounds can then be wider
          than what is admissible, never narrower
        - `status` (text): 'admissible', 'protected: as published' (a birth), 'absence: as stated'
          or 'no admissible chronology', where nothing is implied
        - `open_start`, `open_end` (True or False): whether the coding leaves that side open: only a
          birth, or a default against which the coding holds another reading, bounds it
        - `other_dates` (labels): the dates that other sources give it, each with its source and
          place; the days are those of the coded date, and each of these is a reading

    See Also
    --------
    chronicle : what may be told beside an age, in order of time and in words.
    gaps : the days between two events.

    References
    ----------
    Simple temporal networks: Dechter, Meiri and Pearl 1991, *Artificial Intelligence* 49, 61-95.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.bounds(review)[["event", "stated_latest", "earliest", "latest", "days_narrowed"]].head(4)
               event stated_latest   earliest     latest  days_narrowed
    0  referral-2014    2014-08-31 2014-08-21 2014-08-31              0
    1     visit-2014    2014-09-30 2014-09-01 2014-09-17             24
    2        birth-x    2007-05-31 2007-05-01 2007-05-31              0
    3  no-visit-2014    2014-09-30 2014-09-01 2014-09-30              0
    """
    table = bounds_table(review.chronology)
    others = other_dates(review.tables)
    given = [tuple(others.get(event, ())) for event in table["event"]]
    return table.assign(other_dates=pd.array(given, dtype="object"))


@kept
def gaps(
    review: Review, pairs: pd.DataFrame | Iterable[tuple[str, str]] | None = None
) -> pd.DataFrame:
    """How many days lie between two events, at least and at most?

    Days run from start to start unless `pairs` says otherwise; below 0 the second event comes
    first. Each number is attained by some admissible chronology; with a birth or an absence it is
    the plain difference of the two windows. As with `bounds`, those of an event that `chronicle`
    has `beside_an_age` are not for publication.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.
    pairs : list of tuples of two ids, or pandas.DataFrame, optional
        The pairs of events that are asked about; a frame has the columns from_event and to_event,
        and may have from_point and to_point ('start' or 'end'). By default every pair once,
        absences apart, the earlier row of the coding first.

    Returns
    -------
    pandas.DataFrame
        One row per pair, in the order given.

        - `from_event`, `to_event` (text): the ids of the two events
        - `from_point`, `to_point` (text): from and to which of their ends: 'start' or 'end'
        - `days_min`, `days_max` (days; <NA>: open, also where only a birth, or an order that the
          coding also reads otherwise, bounds one of them): the least and the most days between them
        - `only_order` (True or False): whether nothing but an order bounds the gap, on one side
        - `status` (text): 'admissible', or 'no admissible chronology' with the days empty

    Raises
    ------
    ChronologyInputError (a ValueError)
        For pairs that name no event of the review, and for what is no pair.

    See Also
    --------
    order : which of two events came first.
    response_gaps : the days from each concern to its answer.

    References
    ----------
    The minimal network: Dechter, Meiri and Pearl 1991, *Artificial Intelligence* 49, theorem 3.3.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.gaps(review, [("referral-2014", "visit-2014"), ("visit-2014", "plan-2014")])[
    ...     ["from_event", "to_event", "days_min", "days_max"]
    ... ]
          from_event    to_event  days_min  days_max
    0  referral-2014  visit-2014        11        17
    1     visit-2014   plan-2014        33        51
    """
    table = gaps_table(review.chronology, pairs)
    # Open too where only what closes no side (`Chronology.open_sides`) bounds it.
    dated = gaps_table(review.chronology.with_open_sides, table[table.columns[:4]])
    days = ["days_min", "days_max"]
    return table.assign(**table[days].where(dated[days].notna()), only_order=dated["only_order"])


@kept
def order(
    review: Review, pairs: pd.DataFrame | Iterable[tuple[str, str]] | None = None
) -> pd.DataFrame:
    """Did one event come before the other, after it, on the same day, or can it not be said?

    Both events count as a whole, from their first to their last day.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.
    pairs : list of tuples of two ids, or pandas.DataFrame, optional
        The pairs of events that are asked about; a frame has the columns from_event and to_event.
        By default every pair once, absences apart.

    Returns
    -------
    pandas.DataFrame
        One row per pair, in the order given.

        - `from_event`, `to_event` (text): the ids of the two events
        - `order` (text): what holds in every admissible chronology: 'before', 'after', 'same day',
          'not after' (before, or the same day), 'not before' or 'unclear'
        - `share_a_day` (text): whether a day belongs to both: 'certain', 'possible' or 'ruled out'
        - `status` (text): 'admissible', or 'no admissible chronology' with the rest empty

    Raises
    ------
    ChronologyInputError (a ValueError)
        For pairs that name no event of the review, and for what is no pair.

    See Also
    --------
    precedence : the certain orders that are enough to tell all others.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.order(review, [("referral-2014", "visit-2014"), ("visit-2014", "plan-2014")])[
    ...     ["from_event", "to_event", "order", "share_a_day"]
    ... ]
          from_event    to_event   order share_a_day
    0  referral-2014  visit-2014  before   ruled out
    1     visit-2014   plan-2014  before   ruled out
    """
    return order_table(review.chronology, pairs)


@kept
def precedence(review: Review) -> pd.DataFrame:
    """Which certain orders are enough to tell all others?

    What follows from a chain of these is left out; absences are left out too.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per certain order of two events, or of two groups of events that certainly fall on
        one day; one row with nothing but its status where no chronology is admissible.

        - `before`, `before_summary`, `after`, `after_summary` (text): the id of the event that
          certainly came first, and of the other, and what happened
        - `days_min`, `days_max` (days; <NA>: open, or left open by the coding): from the end of the
          one to the start of the other, no closer than what is shown beside ages
        - `before_same_day`, `after_same_day` (ids): the events of the same day
        - `status` (text): 'admissible' or 'no admissible chronology'

    References
    ----------
    The transitive reduction of a partial order: Aho, Garey and Ullman 1972, *SIAM Journal on
    Computing* 1, 131-137.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.precedence(review)[["before", "after", "days_min", "days_max"]].head(4)
              before           after  days_min  days_max
    0  referral-2014      visit-2014        11        17
    1     visit-2014    closure-2014         2        18
    2        birth-x   referral-2014      2639      2679
    3        birth-x  referrals-2014      2407      3166
    """
    tables, chronology = review.tables, review.chronology
    orders = precedence_table(chronology)
    if chronology.admissible:
        regions = [
            told_region(chronology, before, after, from_point="end")
            for before, after in rows_in(orders, "before", "after")
        ]
        orders = _with_days(orders, regions)
    summary = by_event(tables, "summary")
    for side in ("before", "after"):
        orders[f"{side}_summary"] = texts(
            "; on the same day: ".join(summary[event] for event in (first, *others) if event)
            for first, others in rows_in(orders, side, f"{side}_same_day")
        )
    return orders[columns_in_help(precedence)]


@kept
def durations(review: Review) -> pd.DataFrame:
    """How many days did each state last, at least and at most?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per event that lasts, in the order of the coding; absences, and what merely occurred
        several times, have no duration.

        - `event` (text): its id
        - `days_min`, `days_max` (days; <NA>: open): from its start to its end, no closer than what
          is shown beside ages; 0 is one day only
        - `open_start`, `open_end` (True or False): whether the source says that it goes on beyond
        - `unknown_start`, `unknown_end` (True or False): whether the source does not say when it
          began or ended
        - `status` (text): 'admissible' or 'no admissible chronology'

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.durations(review)[["event", "days_min", "days_max", "open_end"]]
           event  days_min  days_max  open_end
    0  plan-2014         0      <NA>      True
    """
    table, chronology = durations_table(review.chronology), review.chronology
    if not chronology.admissible:
        return table
    regions = []
    for event in table["event"]:
        region = feasible_region(chronology, event, event, to_point="end")
        regions.append(shown_region(chronology, region, event, event, to_point="end"))
    return _with_days(table, regions)


def _with_days(table: pd.DataFrame, regions: list[PairRegion]) -> pd.DataFrame:
    """A table with the least and the most days of some regions, one for each of its rows."""
    least, most = (
        pd.array([region.gap[side] for region in regions], dtype="Int64") for side in (0, 1)
    )
    return table.assign(days_min=least, days_max=most)


@kept
def approximations(review: Review) -> pd.DataFrame:
    """What is left out where a date or a relation is no single interval of days?

    A loss only ever admits too much: no day that a row admits is lost.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per loss; none where nothing is left out.

        - `table`, `row` (text): the row's table and its id
        - `written` (text): what is written there
        - `loss` (text): what the interval in its place does not say

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> print(cc.approximations(review).loc[0, "loss"])
    the days between its members count as possible, in the longest stretch between contacts only
    """
    return approximations_table(review.chronology)
