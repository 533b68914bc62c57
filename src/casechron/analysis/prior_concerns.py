"""What stood on record before each decision, and what had been said before harm?

Only what agencies can have known at the time is counted (`on_record`): what was told to the review
alone is not. What tells of a concern and the concern itself are one; so are a part and the whole
that counts it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import compress, product

import numpy as np

from casechron.analysis.chronicle import chronicle_rows
from casechron.analysis.concerns import (
    by_event,
    concern_ids,
    concerns,
    end_event,
    rows_with,
    telling_ids,
)
from casechron.analysis.intervals import days_of_pair, known_days, share_words
from casechron.analysis.knowledge_paths import Way, ways_to
from casechron.analysis.on_record import (
    Counted,
    DaysToward,
    Record,
    account_ends,
    days_on_record,
    days_toward,
    each_once,
    known_as_judged,
    records_of,
)
from casechron.analysis.rows import RowOfTable, table_of_rows
from casechron.analysis.tables import Tables, by_key, rows_in
from casechron.analysis.windows import put_after, shown_region, told_regions
from casechron.chronology import Chronology
from casechron.chronology.calendars import corresponding_days, working_calendar
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.chronology.network import OPEN, PairRegion, none_if_open
from casechron.chronology.pairs import feasible_regions
from casechron.chronology.shares import WIDEST_WINDOW, WithinMonths, narrowed, settled
from casechron.coding.codebook import codebook
from casechron.review import Review

__all__ = ["concerns_before_decisions", "first_concern_to_first_step", "said_before_harm"]


@table_of_rows
def concerns_before_decisions(review: Review) -> Iterator[RowOfTable]:
    """How many concerns stood on record when each decision was taken, at least and at most?

    A concern is on record from the day on which an agency held it or was told of it at the time,
    whichever came first; the same day counts as before, unless orders put the concern after the
    decision. What only tells of another concern, or is counted with others, is not counted again;
    nor is the injury that the account runs up to.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per decision that was taken, in the order of the coding: those whose `point` in
        `decisions` is 'decision'.

        - `decision`, `kind`, `summary` (text): its id, its kind, and what happened
        - `earliest`, `latest` (date; NaT: open): the days between which it lies
        - `concerns_min` (count; <NA>: no admissible chronology): how many concerns an agency,
          whichever it was, held by the day of the decision in every admissible chronology, each row
          of the coding one, also where two can tell of one worry
        - `concerns_max` (count; <NA>: a source's 'several' has no bound): how many some admissible
          chronology has by then, also where no agency is recorded as having held them
        - `concerns_possible` (count; <NA>: no admissible chronology): how many can have been on
          record by then, each row taken at its least count
        - `certain`, `possible` (ids): the rows that certainly were, and those that can have been;
          what can have occurred several times can be in both; a row stands for what it tells of
        - `status` (text): 'admissible' or 'no admissible chronology'
        - `places` (text): paragraph and sentence of the source

    References
    ----------
    The greatest distances from one point are themselves a solution: Dechter, Meiri and Pearl 1991,
    *Artificial Intelligence* 49, corollary 3.2.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.concerns_before_decisions(review)[["decision", "concerns_min", "concerns_max"]]
            decision  concerns_min  concerns_max
    0   closure-2014             2             5
    1  strategy-2014             3             6
    2      icpc-2014             3             6
    """
    tables, chronology = review.tables, review.chronology
    listed = each_once(tables, account_ends(tables, chronology))
    on_record = records_of(tables, listed)
    events = chronicle_rows(review)
    for decision in rows_with(tables, "decision"):
        row = events[decision]
        yield (
            *(decision, row.kind, row.summary),
            *(row.earliest, row.start_latest),
            *counted_before(listed, on_record, decision, chronology),
            *("admissible" if chronology.admissible else NOT_ADMISSIBLE, row.places),
        )


@table_of_rows
def first_concern_to_first_step(review: Review) -> Iterator[RowOfTable]:
    """How long from the first concern on record to the first protective step?

    From the day on which the first concern came on record: held by an agency, or told at the time.
    The least and the most over all admissible chronologies, whichever concern and whichever step
    was the first in each. The concern can be about another child, and another than the step was
    taken on.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        Two rows: for any concern, and for those that were passed on to an agency.

        - `scope` (text): 'any concern' or 'concerns passed on'
        - `first_concern` (ids): all rows by which the first concern can have come on record: itself
          or a telling of it
        - `first_step` (ids): all rows that can have been the first step
        - `known` (text): in what way the days are known, as in `turning_point_gaps`
        - `days_min`, `days_max` (days; <NA>: open): from the one to the other; below 0 the step
          came first
        - `working_days_min`, `working_days_max` (working days; <NA>: open, more than one row can
          have been the first, or on record from another day than its own): the same in working days
          of the review's jurisdiction

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.first_concern_to_first_step(review)[["scope", "first_step", "days_min", "days_max"]]
                    scope              first_step  days_min  days_max
    0         any concern  (plan-2014, icpc-2014)        50      <NA>
    1  concerns passed on  (plan-2014, icpc-2014)        50        62
    """
    tables, chronology = review.tables, review.chronology
    calendar, steps = working_calendar(review.meta.jurisdiction), rows_with(tables, "protective")
    step_records = {step: [Record(((step, False),), True)] for step in steps}
    first_steps = _can_be_first(chronology, step_records)
    toward = [days_toward(chronology, row, told=True) for row in steps if chronology.admissible]
    ended = account_ends(tables, chronology)
    for scope, starts in records_by_scope(tables, ended)[1].items():
        days = first_to_first(starts.values(), toward)
        # The step of a record that comes last: a telling, or the concern itself.
        by_row: dict[str, list[Record]] = by_key(
            (record.steps[-2 if len(record.steps) > 1 else 0][0], record)
            for records in starts.values()
            for record in records
        )
        first_concerns = _can_be_first(chronology, by_row)
        pairs = product(first_concerns, first_steps)
        waits = {days_of_pair(chronology, *pair, calendar)[0][1:] for pair in pairs}
        # Between other days than those on which it came on record, the working days are others.
        working_days = {wait[2:] if wait[:2] == days else (None, None) for wait in waits}
        yield (
            *(scope, first_concerns, first_steps, known_days(chronology, *days), *days),
            *(working_days.pop() if len(working_days) == 1 else (None, None)),
        )


def records_by_scope(
    tables: Tables,
    ended: Collection[str],
    held: Mapping[str, Collection[Way]] | None = None,
) -> tuple[list[Counted], dict[str, Mapping[str, list[Record]]]]:
    """What is counted, and from which rows each concern is on record: however it came there, and by
    telling. `ended` are `account_ends`; `held` are `ways_to` all concerns, where they are at
    hand."""
    held = ways_to(tables, concern_ids(tables)) if held is None else held
    listed = each_once(tables, ended, held)
    return listed, {
        "any concern": records_of(tables, listed, (), held),
        "concerns passed on": records_of(tables, listed, _passings(tables), held),
    }


def _passings(tables: Tables) -> list[str]:
    """The tellings in which somebody passed something on: what a visit finds is told to nobody."""
    flagged, kinds = codebook().flagged("event_kind", "telling"), by_event(tables, "kind")
    passed = {
        event
        for name in ("involvement", "participation")
        for event, role in rows_in(tables[name], "event", "role")
        if role in ("raised", "received", "told")
    }
    return [event for event in telling_ids(tables) if kinds[event] in flagged or event in passed]


@table_of_rows
def said_before_harm(review: Review, *, months: int = 12) -> Iterator[RowOfTable]:
    """What had been said in the months before the injury?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.
    months : int, default 12
        How many calendar months before the end of the account.

    Returns
    -------
    pandas.DataFrame
        One row per concern or telling that can lie within these months, in the order of the coding;
        what occurred several times or lasted counts if its first or its last day lies there. Where
        it certainly began before them and ended after the account it is possible, in no date pair.

        - `event`, `kind`, `summary` (text): its id, its kind, and what happened
        - `date` (text): its date as coded
        - `by`, `to` (labels): who raised it, and who received it
        - `known_at_the_time` (text): 'yes' where an agency is recorded as having held it then,
          'learned only afterwards' (no agency is recorded as having known, which is not that none
          did) or 'not recorded with any agency', each 'as judged' where without what the coder
          judged it would be another, or might have been told only after the end of the account
        - `within` (text): whether it lies there: 'certain', 'possible', or 'not dated' where no day
          bounds it on one side
        - `share` (text): in how many of the date pairs that the source admits it lies there
        - `before` (text): the id of the event that ends the account, as in `response_gaps`
        - `places` (text): paragraph and sentence of the source

    Raises
    ------
    ValueError
        For `months` that is no whole number or is below 0.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.said_before_harm(review, months=3)[["event", "within", "share"]]
                event    within                 share
    0  referrals-2014  possible  93 of 730 date pairs
    1     breach-2014   certain     2 of 2 date pairs
    """
    tables, chronology = review.tables, review.chronology
    end = end_event(tables)
    ended = account_ends(tables, chronology)
    events, kinds = chronicle_rows(review), by_event(tables, "kind")
    learning = codebook().flagged("event_kind", "learning")
    wanted = {row for row in telling_ids(tables) if kinds[row] not in learning}
    wanted |= set(concern_ids(tables))
    ids = [row for row in kinds if row in wanted and row not in ended]
    known = known_as_judged(tables, chronology, ids, end)
    parties = {concern: (row.by, row.to) for concern, row in concerns(tables).items()}
    for row in ids if end else []:
        within, counted = _within_months(chronology, row, end, months)
        if within:
            yield (
                *(row, events[row].kind, events[row].summary, events[row].date),
                *(*parties.get(row, ((), ())), known[row], within, counted, end),
                events[row].places,
            )


def counted_before(
    listed: list[Counted],
    on_record: Mapping[str, list[Record]],
    decision: str,
    chronology: Chronology,
) -> tuple[int | None, int | None, int | None, list[str], list[str]]:
    """Least and most concerns on or before a decision, but for what orders put after it, the
    possible ones at their least count, and which rows they are."""
    if not chronology.admissible:
        return None, None, None, [], []
    point = chronology.lowered.start[[chronology.lowered.row_of[decision]]]
    later = set(compress(chronology.events, put_after(chronology, point)[:, 0].tolist()))
    days = days_toward(chronology, decision)
    least, most, reachable, bounded = 0, 0, 0, True
    certain: list[str] = []
    possible: list[str] = []
    # Days run from the concern to the decision: 0 or more is on time. Of what occurred several
    # times the first can be on time and the last not; then one at least counts, and not all.
    for row in listed:
        on_time = [of for of in on_record[row.concern] if later.isdisjoint(dict(of.steps))]
        first_min, first_max = days_on_record(on_time, days)
        if row.concern == decision or first_max < 0:
            continue
        last_min, last_max = first_min, first_max
        if row.count_max != 1:
            last_min, last_max = days_on_record(on_time, days, row.concern)
        first_certain, all_certain, all_possible = first_min >= 0, last_min >= 0, last_max >= 0
        count_min, count_max = row.count_min, row.count_max
        least += count_min if all_certain else int(first_certain)
        certain += [row.concern] if first_certain else []
        possible += [] if all_certain else [row.concern]
        reachable += count_min if all_possible else max(count_min - 1, 1)
        if count_max is None:
            bounded = False
        else:
            most += count_max if all_possible else max(count_max - 1, 1)
    return least, most if bounded else None, reachable, certain, possible


def first_to_first(
    starts: Collection[list[Record]], toward: Sequence[DaysToward]
) -> tuple[int | None, int | None]:
    """Least and most days from the first of some concerns on record to the first of some steps,
    over all admissible chronologies; `toward` are the days toward each step.

    For a fixed step j the concerns can all be as late as they can be at once, so the least is the
    minimum over j of the maximum over i of the least gap; for a fixed concern i the steps can all
    be as late at once, so the most is the maximum over i of the minimum over j of the greatest gap.
    """
    if not starts or not toward:
        return None, None
    spans = [[days_on_record(records, days) for records in starts] for days in toward]
    days_min = min(max(low for low, _ in row) for row in spans)
    days_max = max(min(high for _, high in of_concern) for of_concern in zip(*spans, strict=True))
    return none_if_open(days_min), none_if_open(days_max)


def _can_be_first(chronology: Chronology, starts: Mapping[str, list[Record]]) -> list[str]:
    """Which of some concerns (or steps) can be on record no later than all the others?

    All but those that came on record, in each of their ways, certainly after another had."""
    if not chronology.admissible:
        return list(starts)
    steps = {step for records in starts.values() for record in records for step, _ in record.steps}
    days = {step: days_toward(chronology, step) for step in steps}

    def later(concern: str, rival: str) -> bool:
        return all(
            any(days_on_record(starts[rival], days[step])[0] >= 1 for step, _ in record.steps)
            for record in starts[concern]
        )

    return [
        concern
        for concern in starts
        if not any(later(concern, rival) for rival in starts if rival != concern)
    ]


def _within_months(chronology: Chronology, row: str, end: str, months: int) -> tuple[str, str]:
    """Whether a row lies within the months before the end, and the share of date pairs in which it
    does."""
    if not chronology.admissible:
        return NOT_ADMISSIBLE, ""
    _, first = regions = [
        [
            shown_region(chronology, region, row, end, from_point=point)
            for region in feasible_regions(chronology, row, end, from_point=point)
        ]
        for point in ("end", "start")
    ]
    if all(region.gap_hi is not None and region.gap_hi < 0 for region in first):
        return "", ""
    inside = [_settled(of_point, months) for of_point in regions]
    if inside == [False, False]:
        return "", ""
    # The last day counts, unless it is the first alone that certainly lies there.
    certain = True in inside
    point = "start" if certain and not inside[0] else "end"
    told_pairs = told_regions(chronology, row, end, from_point=point)
    counted = share_words(told_pairs, WithinMonths(months))
    return "certain" if certain else "possible" if counted else "not dated", counted


def _settled(regions: Sequence[PairRegion], months: int) -> bool | None:
    """Do all days of the first event lie within so many calendar months before the second (True),
    or none of them (False)?"""
    not_later = [region for region in regions if region.gap_hi is None or region.gap_hi >= 0]
    outcomes = {_settled_in(region, months) for region in not_later}
    if outcomes and len(not_later) < len(regions):
        outcomes.add(False)
    return outcomes.pop() if len(outcomes) == 1 else None


def _settled_in(region: PairRegion, months: int) -> bool | None:
    """`_settled` in one region: counted back from each day that the second event can have; only
    where its own days are open, from what so many months can last."""
    pairs = narrowed(region)
    if pairs.to_lo is None or pairs.to_hi is None or pairs.to_hi - pairs.to_lo > WIDEST_WINDOW:
        return settled(region, WithinMonths(months))
    ends = np.arange(pairs.to_lo, pairs.to_hi + 1)
    days = np.arange(pairs.to_lo - 31 * months, pairs.to_hi + 1)
    begins = days[np.searchsorted(corresponding_days(days, months), ends)]
    gap_min, gap_max = (-OPEN if pairs.gap_lo is None else pairs.gap_lo), pairs.gap_hi
    latest = np.minimum(ends - gap_min, OPEN if pairs.from_hi is None else pairs.from_hi)
    if (np.minimum(latest, ends) < begins).all():
        return False
    if gap_min < 0 or gap_max is None:
        return None
    earliest = np.maximum(ends - gap_max, -OPEN if pairs.from_lo is None else pairs.from_lo)
    return True if (earliest >= begins).all() else None
