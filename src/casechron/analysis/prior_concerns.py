"""What stood on record before each decision, and what led up to the injury?

Only what agencies can have known at the time is counted (`on_record`): what was told to the review
alone is not. What tells of a concern and the concern itself are one; so are a part and the whole
that counts it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import numpy as np
import pandas as pd

from casechron.analysis.ages import shown_windows
from casechron.analysis.columns import Tables, cells, rows_in
from casechron.analysis.concerns import (
    by_event,
    concern_ids,
    concerns,
    end_event,
    end_events,
    rows_with,
    telling_ids,
)
from casechron.analysis.intervals import KNOWN_DAYS, intervals, way_known, whole_numbers
from casechron.analysis.knowledge_paths import Way
from casechron.analysis.on_record import (
    Counted,
    Record,
    between,
    counted,
    days_toward,
    holders,
    known_as_judged,
    since,
)
from casechron.analysis.record import placed, places_of
from casechron.chronology import Chronology, feasible_region
from casechron.chronology.calendars import corresponding_days, working_calendar
from casechron.chronology.day_columns import NOT_ADMISSIBLE, calendar_days, texts
from casechron.chronology.network import OPEN, PairRegion, closed
from casechron.chronology.shares import (
    WIDEST_WINDOW,
    WithinMonths,
    narrowed,
    settled,
    share,
    uncounted,
)
from casechron.coding.codebook import codebook


def concerns_before_decisions(tables: Tables, chronology: Chronology) -> pd.DataFrame:
    """How many concerns stood on record when each decision was taken, at least and at most?

    One row per decision (events of a kind flagged so, absences apart), in table order. A concern of
    the same day counts as before. `concerns_min` counts those that an agency certainly held by
    then, in every admissible chronology, `concerns_max` those that some chronology has no later,
    also where the source names no agency that held them (<NA>: not bounded, because a source's
    'several' is not). `certain` and `possible` name the rows; an event that occurred several times
    can be in both.

    Source: the greatest distances from one point are themselves a solution; Dechter, Meiri and
    Pearl 1991, corollary 3.2."""
    listed, decisions = counted(tables), rows_with(tables, "decision")
    on_record = since(tables, listed)
    book, found = codebook(), placed(tables["locators"])
    kinds, summaries = by_event(tables, "kind"), by_event(tables, "summary")
    rows = [counted_before(listed, on_record, decision, chronology) for decision in decisions]
    windows = shown_windows(tables, chronology)[
        np.array([chronology.lowered.place[one] for one in decisions], dtype=np.int64)
    ].reshape(-1, 4)
    return pd.DataFrame(
        {
            "decision": texts(decisions),
            "kind": texts(book.label("event_kind", kinds[one]) for one in decisions),
            "summary": texts(summaries[one] for one in decisions),
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
            "places": texts(found.get(one, "") for one in decisions),
        }
    )


def first_concern_to_first_step(
    tables: Tables, chronology: Chronology, jurisdiction: str
) -> pd.DataFrame:
    """How long from the first concern on record to the first protective step?

    Two rows: counting every concern, from the day on which it came on record, and only those that
    were passed on, from the telling. Least and most over all admissible chronologies, whichever
    concern and whichever step was the first in each. Working days are counted only where every
    concern and step that can be the first gives the same number. `first_concern` and `first_step`
    name all rows that can have been the first."""
    calendar, steps = working_calendar(jurisdiction), rows_with(tables, "protective")
    rows = []
    for scope, starts in records_by_scope(tables)[1].items():
        least, most = first_to_first(chronology, list(starts.values()), steps)
        firsts = _can_be_first(chronology, starts)
        first_steps = _can_be_first(
            chronology, {step: [Record(((step, False),), True)] for step in steps}
        )
        work: tuple[object, object] = (pd.NA, pd.NA)
        if firsts and first_steps and chronology.admissible:
            # The step of a record that comes last: a telling, or the concern itself.
            days = {
                one.steps[-2 if len(one.steps) > 1 else 0][0]
                for row in firsts
                for one in starts[row]
            }
            each = intervals(
                chronology,
                [(one, other) for one in sorted(days) for other in first_steps],
                calendar,
            )
            counts = set(rows_in(each, "working_days_min", "working_days_max"))
            work = counts.pop() if len(counts) == 1 else work
        rows.append((scope, firsts, first_steps, least, most, *work))
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
    held = holders(tables, concern_ids(tables)) if held is None else held
    listed = counted(tables, held)
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
    return [one for one in telling_ids(tables) if kinds[one] in flagged or one in passed]


def closures_and_next_concern(tables: Tables, chronology: Chronology) -> pd.DataFrame:
    """How soon after each closure came the next concern?

    One row per closure. `next_concern` is the concern that certainly comes later and has to come
    the soonest; `days_max` are the days by which it has. `days_min` are the least days to any
    concern that can come later (a concern of the closure's own day does not), so 1 where an undated
    concern can follow at once; `can_come_first` names those that may come before `next_concern`.
    What occurred several times, before the closure too, comes next with what of it came after.
    Both bounds hold in every admissible chronology; the least is attained."""
    kinds, names = by_event(tables, "kind"), by_event(tables, "summary")
    closures = [row for row in rows_with(tables, "decision") if kinds[row] == "closure"]
    listed, found = counted(tables), placed(tables["locators"])
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
            "places": texts(places_of(found, row[0], row[1]) for row in rows),
        }
    )


def steps_before_harm(
    tables: Tables, chronology: Chronology, jurisdiction: str, *, until: str = ""
) -> pd.DataFrame:
    """How long before the injury was each protective step?

    One row per protective step and end of the account: the injury itself, the admission, the death,
    as far as coded (or the event chosen by `until`). Days run from the start of the step to that
    event, no closer than what is shown beside ages (`ages.shown_windows`); below 0 the step came
    later. `step_first` says in how many of the admitted date pairs the step is not after it."""
    calendar = working_calendar(jurisdiction)
    ends = [end_event(tables, until)] if until else end_events(tables)
    pairs = [(step, end) for step in rows_with(tables, "protective") for end in ends if step != end]
    found = intervals(chronology, pairs, calendar, shown_windows(tables, chronology))
    book, kinds, spots = codebook(), by_event(tables, "kind"), placed(tables["locators"])
    return pd.DataFrame(
        {
            "step": found["from_event"],
            "kind": texts(book.label("event_kind", kinds[step]) for step, _ in pairs),
            "to_event": found["to_event"],
            "to_kind": texts(book.label("event_kind", kinds[end]) for _, end in pairs),
            **{name: found[name] for name in KNOWN_DAYS},
            "step_first": found["not_before"],
            "places": texts(places_of(spots, *pair) for pair in pairs),
        }
    )


def said_before_harm(
    tables: Tables, chronology: Chronology, *, months: int = 12, until: str = ""
) -> pd.DataFrame:
    """What had been said in the months before the injury?

    One row per concern or telling that can lie within so many calendar months before the end of the
    account, in table order (the end itself, the injury, and what certainly came after, left out).
    What occurred several times or lasted counts if its first or its last day lies there. `within`
    is 'certain', 'possible', or 'not dated' where no day bounds it on one side; `share` counts the
    admitted date pairs. `known_at_the_time` is 'yes' where an agency is recorded as having held it
    then, 'learned only afterwards' or 'not recorded with any agency', each 'as judged' where it
    would be another, or told by then for certain no more, without what the coder judged."""
    end = end_event(tables, until)
    kinds, summaries, dates = (by_event(tables, column) for column in ("kind", "summary", "date"))
    learning = codebook().flagged("event_kind", "learning")
    told = {row for row in telling_ids(tables) if kinds[row] not in learning}
    told |= set(concern_ids(tables))
    ends = {end, *end_events(tables)}
    asked = [row for row in cells(tables["events"], "id") if row in told and row not in ends]
    known = known_as_judged(tables, chronology, asked, end)
    book, spots = codebook(), placed(tables["locators"])
    about = concerns(tables)
    by, to = (dict(rows_in(about, "concern", side)) for side in ("by", "to"))
    rows = []
    for row in asked if end else []:
        within, counted = _within_months(chronology, row, end, months)
        if within:
            rows.append((row, within, counted))
    return pd.DataFrame(
        {
            "event": texts(row[0] for row in rows),
            "kind": texts(book.label("event_kind", kinds[row[0]]) for row in rows),
            "summary": texts(summaries[row[0]] for row in rows),
            "date": texts(dates[row[0]] for row in rows),
            "by": texts(by.get(row[0], "") for row in rows),
            "to": texts(to.get(row[0], "") for row in rows),
            "known_at_the_time": texts(known[row[0]] for row in rows),
            "within": texts(row[1] for row in rows),
            "share": texts(row[2] for row in rows),
            "before": texts(end for _ in rows),
            "places": texts(spots.get(row[0], "") for row in rows),
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
    first = between(chronology, records, decision, days=days)
    last = between(chronology, records, decision, last=ids, days=days)
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
    spans = [between(chronology, starts, step) for step in steps]
    least = min(max(-OPEN if low is None else low for low, _ in row) for row in spans)
    most = max(
        min(OPEN if high is None else high for high in highs)
        for highs in zip(*([high for _, high in row] for row in spans), strict=True)
    )
    return closed(least), closed(most)


def _can_be_first(chronology: Chronology, starts: Mapping[str, list[Record]]) -> list[str]:
    """Which of some concerns (or steps) can be on record no later than all the others?

    Not one of which each way has a step that certainly comes after all steps of a way of another.
    """
    if not chronology.admissible:
        return list(starts)
    steps = {step for records in starts.values() for one in records for step, _ in one.steps}
    spans = {
        step: dict(zip(starts, between(chronology, starts.values(), step), strict=True))
        for step in steps
    }

    def later(one: str, other: str) -> bool:
        return all(
            any((spans[step][other][0] or 0) >= 1 for step, _ in record.steps)
            for record in starts[one]
        )

    return [one for one in starts if not any(later(one, other) for other in starts if other != one)]


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
    ids = [one for one in on_record if one != closure]
    if not chronology.admissible or not ids:
        return "", None, None, []
    records, days = [on_record[one] for one in ids], days_toward(chronology, closure)
    # From the concern to the closure; turned round: from the closure to the concern.
    first, last = (
        [
            (None if most is None else -most, None if least is None else -least)
            for least, most in between(chronology, records, closure, last=of, days=days)
        ]
        for of in ((), ids)
    )
    # Of several that have to come by the same day the one that can come the soonest.
    sure = []
    soonest: dict[str, int | None] = {}
    for concern, begun, ended in zip(ids, first, last, strict=True):
        fewest, most_often = counts[concern]
        occurrences = [begun] if most_often == 1 else [begun, ended]
        for least, most in occurrences[: 2 if fewest > 1 else 1]:
            if least is not None and least >= 1:
                sure.append((OPEN if most is None else most, least, concern))
        can = [one for one in occurrences if one[1] is None or one[1] >= 1]
        if can:
            # Of three or more, one can lie on any day between the first and the last.
            anywhere = most_often is None or most_often > 2
            soonest[concern] = begun[0] if anywhere else min(least or 0 for least, _ in can)
    by, _, chosen = min(sure, default=(OPEN, 0, ""))
    latest = closed(by)
    rivals = [
        concern
        for concern, least in soonest.items()
        if concern != chosen and (latest is None or least is None or least < latest)
    ]
    days_min = min((max(1, least or 1) for least in soonest.values()), default=None)
    return chosen, days_min, latest, rivals


def _within_months(chronology: Chronology, row: str, end: str, months: int) -> tuple[str, str]:
    """Whether a row lies within the months before the end, and the share of date pairs in which it
    does."""
    if not chronology.admissible:
        return NOT_ADMISSIBLE, ""
    condition = WithinMonths(months)
    first, last = (
        feasible_region(chronology, row, end, from_point=point) for point in ("start", "end")
    )
    if first.gap_hi is not None and first.gap_hi < 0:
        return "", ""
    for region in dict.fromkeys((last, first)):
        if _settled(region, months):
            counted = share(region, condition)
            none = counted.admitted is None or uncounted(chronology, row, end)
            return "certain", "" if none else str(counted)
    if _settled(last, months) is False and _settled(first, months) is False:
        return "", ""
    counted = share(last, condition)
    if counted.admitted is None:
        return "not dated", ""
    return "possible", "" if uncounted(chronology, row, end) else str(counted)


def _settled(region: PairRegion, months: int) -> bool | None:
    """Do all days of the first event lie within so many calendar months before the second (True),
    or none of them (False)?

    Counted back from each day that the second can have; only where its own days are open, from what
    so many months can last."""
    pairs = narrowed(region)
    if pairs.to_lo is None or pairs.to_hi is None or pairs.to_hi - pairs.to_lo > WIDEST_WINDOW:
        return settled(region, WithinMonths(months))
    ends = np.arange(pairs.to_lo, pairs.to_hi + 1)
    days = np.arange(pairs.to_lo - 31 * months, pairs.to_hi + 1)
    begins = days[np.searchsorted(corresponding_days(days, months), ends)]
    least, most = (-OPEN if pairs.gap_lo is None else pairs.gap_lo), pairs.gap_hi
    latest = ends - least if pairs.from_hi is None else np.minimum(ends - least, pairs.from_hi)
    if (np.minimum(latest, ends) < begins).all():
        return False
    if least < 0 or most is None:
        return None
    earliest = ends - most if pairs.from_lo is None else np.maximum(ends - most, pairs.from_lo)
    return True if (earliest >= begins).all() else None


def _known(least: int | None, most: int | None, chronology: Chronology) -> str:
    return way_known(least, most) if chronology.admissible else NOT_ADMISSIBLE
