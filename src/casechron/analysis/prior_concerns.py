"""What stood on record before each decision, and what led up to the injury?

Only what agencies can have known at the time is counted (`on_record`): what was told to the review
alone is not. What tells of a concern and the concern itself are one; so are a part and the whole
that counts it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import numpy as np
import pandas as pd

from casechron.analysis.ages import shown_windows
from casechron.analysis.columns import Tables, rows_in
from casechron.analysis.concerns import (
    by_event,
    concern_ids,
    rows_with,
    telling_ids,
)
from casechron.analysis.intervals import intervals, way_known, whole_numbers
from casechron.analysis.kept import kept
from casechron.analysis.knowledge_paths import Way, ways_to
from casechron.analysis.on_record import (
    Counted,
    Record,
    days_of_pair,
    days_toward,
    each_once,
    since,
)
from casechron.analysis.record import placed, places_of
from casechron.chronology import Chronology
from casechron.chronology.calendars import working_calendar
from casechron.chronology.day_columns import NOT_ADMISSIBLE, calendar_days, texts
from casechron.chronology.network import OPEN, closed
from casechron.coding.codebook import codebook
from casechron.review import Review

__all__ = ["closures_and_next_concern", "concerns_before_decisions", "first_concern_to_first_step"]


@kept
def concerns_before_decisions(review: Review) -> pd.DataFrame:
    """How many concerns stood on record when each decision was taken, at least and at most?

    A concern is on record from the day on which an agency held it or was told of it at the time,
    whichever came first; the same day counts as before. What only tells of another concern, or is
    counted with others, is not counted again.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per decision, in the order of the coding.

        - `decision`, `kind`, `summary` (text): its id, its kind, and what happened
        - `earliest`, `latest` (date; NaT: open): the days between which it lies
        - `concerns_min` (count; <NA>: no admissible chronology): how many concerns an agency,
          whichever it was, held by the day of the decision in every admissible chronology, each row
          of the coding one, also where two can tell of one worry
        - `concerns_max` (count; <NA>: a source's 'several' has no bound): how many some admissible
          chronology has by then, also where no agency is recorded as having held them
        - `concerns_possible` (count; <NA>: no admissible chronology): how many can have been on
          record by then, each row taken at its least count
        - `certain`, `possible` (text): the ids of the rows that certainly were, and of those that
          can have been; what occurred several times can be in both
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
    listed, decisions = each_once(tables), rows_with(tables, "decision")
    on_record = since(tables, listed)
    book, places = codebook(), placed(tables["locators"])
    kinds, summaries = by_event(tables, "kind"), by_event(tables, "summary")
    rows = [counted_before(listed, on_record, decision, chronology) for decision in decisions]
    windows = shown_windows(tables, chronology)[
        np.array([chronology.lowered.place[decision] for decision in decisions], dtype=np.int64)
    ].reshape(-1, 4)
    return pd.DataFrame(
        {
            "decision": texts(decisions),
            "kind": texts(book.label("event_kind", kinds[decision]) for decision in decisions),
            "summary": texts(summaries[decision] for decision in decisions),
            "earliest": calendar_days(windows[:, 0], chronology.admissible),
            "latest": calendar_days(windows[:, 1], chronology.admissible),
            "concerns_min": whole_numbers(row[0] for row in rows),
            "concerns_max": whole_numbers(row[1] for row in rows),
            "concerns_possible": whole_numbers(row[2] for row in rows),
            "certain": texts("; ".join(row[3]) for row in rows),
            "possible": texts("; ".join(row[4]) for row in rows),
            "status": texts(
                "admissible" if chronology.admissible else NOT_ADMISSIBLE for _ in rows
            ),
            "places": texts(places.get(decision, "") for decision in decisions),
        }
    )


@kept
def first_concern_to_first_step(review: Review) -> pd.DataFrame:
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
        - `first_concern`, `first_step` (text): the ids of all rows that can have been the first
        - `known` (text): in what way the days are known, as in `response_gaps`
        - `days_min`, `days_max` (days; <NA>: open): from the one to the other
        - `working_days_min`, `working_days_max` (working days; <NA>: open, or more than one row can
          have been the first): the same in working days of the review's jurisdiction

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.first_concern_to_first_step(review)[["scope", "first_step", "days_min", "days_max"]]
                    scope            first_step  days_min  days_max
    0         any concern  plan-2014; icpc-2014        50      <NA>
    1  concerns passed on  plan-2014; icpc-2014        50        62
    """
    tables, chronology = review.tables, review.chronology
    calendar, steps = working_calendar(review.meta.jurisdiction), rows_with(tables, "protective")
    rows = []
    for scope, starts in records_by_scope(tables)[1].items():
        days_min, days_max = first_to_first(chronology, list(starts.values()), steps)
        firsts = _can_be_first(chronology, starts)
        first_steps = _can_be_first(
            chronology, {step: [Record(((step, False),), True)] for step in steps}
        )
        work: tuple[object, object] = (pd.NA, pd.NA)
        if firsts and first_steps and chronology.admissible:
            # The step of a record that comes last: a telling, or the concern itself.
            days = {
                record.steps[-2 if len(record.steps) > 1 else 0][0]
                for row in firsts
                for record in starts[row]
            }
            each = intervals(
                chronology,
                [(start, step) for start in sorted(days) for step in first_steps],
                calendar,
            )
            counts = set(rows_in(each, "working_days_min", "working_days_max"))
            work = counts.pop() if len(counts) == 1 else work
        rows.append((scope, firsts, first_steps, days_min, days_max, *work))
    return pd.DataFrame(
        {
            "scope": texts(row[0] for row in rows),
            "first_concern": texts("; ".join(row[1]) for row in rows),
            "first_step": texts("; ".join(row[2]) for row in rows),
            "known": texts(_known(row[3], row[4], chronology) for row in rows),
            "days_min": whole_numbers(row[3] for row in rows),
            "days_max": whole_numbers(row[4] for row in rows),
            "working_days_min": pd.Series([row[5] for row in rows], dtype="Int64"),
            "working_days_max": pd.Series([row[6] for row in rows], dtype="Int64"),
        }
    )


def records_by_scope(
    tables: Tables, held: Mapping[str, Collection[Way]] | None = None
) -> tuple[list[Counted], dict[str, Mapping[str, list[Record]]]]:
    """What is counted, and from which rows each concern is on record: however it came there, and by
    telling. `held` are `holders` of all concerns, where they are at hand."""
    held = ways_to(tables, concern_ids(tables)) if held is None else held
    listed = each_once(tables, held)
    passed_on = since(tables, listed, _passings(tables), held)
    return listed, {"any concern": since(tables, listed, (), held), "concerns passed on": passed_on}


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


@kept
def closures_and_next_concern(review: Review) -> pd.DataFrame:
    """How soon after each closure came the next concern?

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
          come the soonest
        - `known` (text): in what way the days are known, as in `response_gaps`
        - `days_min` (days; <NA>: none): the least days to any concern that can come later; of what
          occurred several times, to an occurrence that can
        - `days_max` (days; <NA>: open): the days by which `next_concern` has come
        - `can_come_first` (text): the ids of concerns that may come before `next_concern`
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
    kinds, names = by_event(tables, "kind"), by_event(tables, "summary")
    closures = [row for row in rows_with(tables, "decision") if kinds[row] == "closure"]
    listed, places = each_once(tables), placed(tables["locators"])
    on_record = since(tables, listed)
    rows = [(closure, *next_after(chronology, closure, on_record, listed)) for closure in closures]
    return pd.DataFrame(
        {
            "closure": texts(row[0] for row in rows),
            "summary": texts(names[row[0]] for row in rows),
            "next_concern": texts(row[1] for row in rows),
            "next_summary": texts(names.get(row[1], "") for row in rows),
            "known": texts(_known(row[2], row[3], chronology) for row in rows),
            "days_min": whole_numbers(row[2] for row in rows),
            "days_max": whole_numbers(row[3] for row in rows),
            "can_come_first": texts("; ".join(row[4]) for row in rows),
            "places": texts(places_of(places, row[0], row[1]) for row in rows),
        }
    )


def counted_before(
    listed: list[Counted],
    on_record: Mapping[str, list[Record]],
    decision: str,
    chronology: Chronology,
) -> tuple[int | None, int | None, int | None, list[str], list[str]]:
    """Least and most concerns on or before a decision, the possible ones at their least count, and
    which rows they are."""
    if not chronology.admissible:
        return None, None, None, [], []
    rows = [row for row in listed if row.concern != decision]
    records, ids = [on_record[row.concern] for row in rows], [row.concern for row in rows]
    days = days_toward(chronology, decision)
    first = days_of_pair(chronology, records, decision, days=days)
    last = days_of_pair(chronology, records, decision, last=ids, days=days)
    least, most, reachable, bounded = 0, 0, 0, True
    certain: list[str] = []
    possible: list[str] = []
    for row, (first_least, first_most), (last_least, last_most) in zip(
        rows, first, last, strict=True
    ):
        # Days run from the concern to the decision: 0 or more is on time.
        sure, all_sure = (days is not None and days >= 0 for days in (first_least, last_least))
        can, all_can = (days is None or days >= 0 for days in (first_most, last_most))
        if not can:
            continue
        low, high = row.count_min, row.count_max
        least += low if all_sure else int(sure)
        certain += [row.concern] if sure else []
        possible += [] if all_sure else [row.concern]
        reachable += low if all_can else max(low - 1, 1)
        bounded &= high is not None
        most += 0 if high is None else high if all_can else max(high - 1, 1)
    return least, most if bounded else None, reachable, certain, possible


def first_to_first(
    chronology: Chronology, starts: list[list[Record]], steps: list[str]
) -> tuple[int | None, int | None]:
    """Least and most days from the first of some concerns on record to the first of some steps,
    over all admissible chronologies.

    For a fixed step j the concerns can all be as late as they can be at once, so the least is the
    minimum over j of the maximum over i of the least gap; for a fixed concern i the steps can all
    be as late at once, so the most is the maximum over i of the minimum over j of the greatest gap.
    """
    if not starts or not steps or not chronology.admissible:
        return None, None
    spans = [days_of_pair(chronology, starts, step) for step in steps]
    days_min = min(max(-OPEN if low is None else low for low, _ in row) for row in spans)
    days_max = max(
        min(OPEN if high is None else high for high in highs)
        for highs in zip(*([high for _, high in row] for row in spans), strict=True)
    )
    return closed(days_min), closed(days_max)


def _can_be_first(chronology: Chronology, starts: Mapping[str, list[Record]]) -> list[str]:
    """Which of some concerns (or steps) can be on record no later than all the others?

    Not one of which each way has a step that certainly comes after all steps of a way of another.
    """
    if not chronology.admissible:
        return list(starts)
    steps = {step for records in starts.values() for record in records for step, _ in record.steps}
    spans = {
        step: dict(zip(starts, days_of_pair(chronology, starts.values(), step), strict=True))
        for step in steps
    }

    def later(concern: str, rival: str) -> bool:
        return all(
            any((spans[step][rival][0] or 0) >= 1 for step, _ in record.steps)
            for record in starts[concern]
        )

    return [
        concern
        for concern in starts
        if not any(later(concern, rival) for rival in starts if rival != concern)
    ]


def next_after(
    chronology: Chronology,
    closure: str,
    on_record: Mapping[str, list[Record]],
    listed: Iterable[Counted],
) -> tuple[str, int | None, int | None, list[str]]:
    """The concern that has to come soonest after a closure, the least and the most days to the
    next, and the rivals.

    What occurred several times comes next with its first occurrence after the closure: with its
    last, if all others came before, and where there are more than two with one between. `listed`
    says how often each occurred."""
    counts = {row.concern: (row.count_min, row.count_max) for row in listed}
    ids = [concern for concern in on_record if concern != closure]
    if not chronology.admissible or not ids:
        return "", None, None, []
    records, days = [on_record[concern] for concern in ids], days_toward(chronology, closure)
    # From the concern to the closure; turned round: from the closure to the concern.
    first, last = (
        [
            (None if high is None else -high, None if low is None else -low)
            for low, high in days_of_pair(chronology, records, closure, last=of, days=days)
        ]
        for of in ((), ids)
    )
    # Of several that have to come by the same day the one that can come the soonest.
    sure = []
    soonest: dict[str, int | None] = {}
    for concern, begun, ended in zip(ids, first, last, strict=True):
        fewest, most_often = counts[concern]
        occurrences = [begun] if most_often == 1 else [begun, ended]
        for low, high in occurrences[: 2 if fewest > 1 else 1]:
            if low is not None and low >= 1:
                sure.append((OPEN if high is None else high, low, concern))
        can = [span for span in occurrences if span[1] is None or span[1] >= 1]
        if can:
            # Of three or more, one can lie on any day between the first and the last.
            anywhere = most_often is None or most_often > 2
            soonest[concern] = begun[0] if anywhere else min(low or 0 for low, _ in can)
    by, _, chosen = min(sure, default=(OPEN, 0, ""))
    latest = closed(by)
    rivals = [
        concern
        for concern, low in soonest.items()
        if concern != chosen and (latest is None or low is None or low < latest)
    ]
    days_min = min((max(1, low or 1) for low in soonest.values()), default=None)
    return chosen, days_min, latest, rivals


def _known(least: int | None, most: int | None, chronology: Chronology) -> str:
    return way_known(least, most) if chronology.admissible else NOT_ADMISSIBLE
