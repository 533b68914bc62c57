"""What stood on record before each decision, and what led up to the injury?

Only what agencies can have known at the time is counted: what was told to the review alone is not.
What tells of a concern and the concern itself are one; so are a part and the whole that counts it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from casechron.analysis.columns import cells, rows_in
from casechron.analysis.concerns import (
    by_event,
    carriers,
    concern_ids,
    concerns,
    end_event,
    end_events,
    learned_later,
    rows_with,
)
from casechron.analysis.intervals import (
    AT_LEAST,
    AT_MOST,
    BETWEEN,
    EXACTLY,
    NOTHING,
    intervals,
    whole_numbers,
)
from casechron.analysis.record import placed
from casechron.chronology import Chronology, feasible_region
from casechron.chronology.calendars import working_calendar
from casechron.chronology.day_columns import NOT_ADMISSIBLE, calendar_days, texts
from casechron.chronology.network import closed
from casechron.chronology.pairs import Pairs, differences
from casechron.chronology.shares import WithinMonths, settled, share
from casechron.coding.codebook import codebook

__all__ = [
    "closures_and_next_concern",
    "concerns_before_decisions",
    "counted",
    "counted_concerns",
    "first_concern_to_first_step",
    "said_before_harm",
    "steps_before_harm",
]

Tables = Mapping[str, pd.DataFrame]


def counted_concerns(tables: Tables) -> pd.DataFrame:
    """Which rows make up the concerns on record, so that none is counted twice?

    One row per counted concern: `concern`, `on_record_by` (the row from which on it was on record:
    the first account that tells of it, or itself), `count_min` and `count_max` (<NA>: not bounded).
    A concern that another counted row tells of or counts stays out, and so do the injury itself and
    what only the review learned of."""
    rows = counted(tables)
    return pd.DataFrame(
        {
            "concern": texts(row[0] for row in rows),
            "on_record_by": texts(row[1] for row in rows),
            "count_min": whole_numbers(row[2] for row in rows),
            "count_max": whole_numbers(row[3] for row in rows),
        }
    )


def counted(tables: Tables) -> list[tuple[str, str, int, int | None]]:
    """The rows of `counted_concerns`, in plain values; None is not bounded."""
    events, flags = tables["events"], codebook().flagged("event_kind", "concern")
    row_of = {
        row: own for row, *own in rows_in(events, "id", "kind", "absence", "count_min", "count_max")
    }
    left_out, told = learned_later(tables) | set(end_events(tables)), carriers(tables)
    asked = [row for row in concern_ids(tables) if row_of[row][0] in flags and row not in left_out]
    rows = []
    for concern in asked:
        carried = [one for one in told.get(concern, []) if one in row_of and not row_of[one][1]]
        if set(carried) & set(asked):
            continue
        least, most = row_of[concern][2:]
        rows.append(
            (
                concern,
                carried[0] if carried else concern,
                int(least or 1),
                int(most) if most else None if least else 1,
            )
        )
    return rows


def concerns_before_decisions(tables: Tables, chronology: Chronology) -> pd.DataFrame:
    """How many concerns stood on record when each decision was taken, at least and at most?

    One row per decision (events of a kind flagged so, absences apart), in table order. A concern of
    the same day counts as before. `concerns_min` counts those that every admissible chronology has
    no later than the decision, `concerns_max` those that some has (<NA>: not bounded, because a
    source's 'several' is not). Both are attained, each by one chronology: the latest and the
    earliest in which everything is as far from the decision as it can be. `certain` and `possible`
    name the rows; an event that occurred several times can be in both.

    Source: the greatest distances from one point are themselves a solution; Dechter, Meiri and
    Pearl 1991, corollary 3.2."""
    listed, decisions = counted(tables), rows_with(tables, "decision")
    book, found = codebook(), placed(tables["locators"])
    kinds, summaries = by_event(tables, "kind"), by_event(tables, "summary")
    rows = [_before(listed, decision, chronology) for decision in decisions]
    windows = chronology.event_windows[[chronology.lowered.place[one] for one in decisions]]
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

    Two rows: counting every concern, and only those that were passed on (told to an agency). Least
    and most over all admissible chronologies, whichever concern and whichever step was the first in
    each; both are attained. Working days are counted only where every concern and step that can be
    the first gives the same number. `first_concern` and `first_step` name all rows that can have
    been the first."""
    calendar = working_calendar(jurisdiction)
    steps = rows_with(tables, "protective")
    telling = set(rows_with(tables, "telling"))
    on_record = list(dict.fromkeys(row[1] for row in counted(tables)))
    rows = []
    for scope, starts in (
        ("any concern", on_record),
        ("concerns passed on", [one for one in on_record if one in telling]),
    ):
        least, most = _first_to_first(chronology, starts, steps)
        firsts, first_steps = _can_be_first(chronology, starts), _can_be_first(chronology, steps)
        work: tuple[object, object] = (pd.NA, pd.NA)
        if firsts and first_steps and chronology.admissible:
            each = intervals(
                chronology, [(one, other) for one in firsts for other in first_steps], calendar
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


def closures_and_next_concern(tables: Tables, chronology: Chronology) -> pd.DataFrame:
    """How soon after each closure came the next concern?

    One row per closure. `next_concern` is the concern that certainly comes later and has to come
    the soonest; `days_max` are the days by which it has. `days_min` are the least days to any
    concern that can come later (a concern of the closure's own day does not), so 1 where an undated
    concern can follow at once; `can_come_first` names those that may come before `next_concern`.
    Both bounds hold in every admissible chronology; the least is attained."""
    kinds, names = by_event(tables, "kind"), by_event(tables, "summary")
    closures = [row for row in rows_with(tables, "decision") if kinds[row] == "closure"]
    on_record, found = (
        list(dict.fromkeys(row[1] for row in counted(tables))),
        placed(tables["locators"]),
    )
    rows = []
    for closure in closures:
        rows.append(
            (
                closure,
                *_next_after(chronology, closure, [one for one in on_record if one != closure]),
            )
        )
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
            "places": texts(_joined(found, row[0], row[1]) for row in rows),
        }
    )


def steps_before_harm(
    tables: Tables, chronology: Chronology, jurisdiction: str, *, until: str = ""
) -> pd.DataFrame:
    """How long before the injury was each protective step?

    One row per protective step and end of the account: the injury itself, the admission, the death,
    as far as coded (or the event chosen by `until`). Days run from the start of the step to that
    event; below 0 the step came later. `step_first` says in how many of the admitted date pairs the
    step is not after it."""
    calendar = working_calendar(jurisdiction)
    ends = [end_event(tables, until)] if until else end_events(tables)
    pairs = [(step, end) for step in rows_with(tables, "protective") for end in ends if step != end]
    found = intervals(chronology, pairs, calendar)
    book, kinds, spots = codebook(), by_event(tables, "kind"), placed(tables["locators"])
    return pd.DataFrame(
        {
            "step": found["from_event"],
            "kind": texts(book.label("event_kind", kinds[step]) for step, _ in pairs),
            "to_event": found["to_event"],
            "to_kind": texts(book.label("event_kind", kinds[end]) for _, end in pairs),
            **{
                name: found[name]
                for name in (
                    "known",
                    "days_min",
                    "days_max",
                    "working_days_min",
                    "working_days_max",
                )
            },
            "step_first": found["not_before"],
            "places": texts(_joined(spots, *pair) for pair in pairs),
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
    admitted date pairs. What was told only to the review is marked in `known_at_the_time`."""
    end = end_event(tables, until)
    told = dict.fromkeys((*rows_with(tables, "telling"), *concern_ids(tables)))
    ends = {end, *end_events(tables)}
    asked = [row for row in cells(tables["events"], "id") if row in told and row not in ends]
    later, book, spots = learned_later(tables), codebook(), placed(tables["locators"])
    kinds, summaries, dates = (by_event(tables, column) for column in ("kind", "summary", "date"))
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
            "known_at_the_time": texts(
                "told to the review only" if row[0] in later else "yes" for row in rows
            ),
            "within": texts(row[1] for row in rows),
            "share": texts(row[2] for row in rows),
            "before": texts(end for _ in rows),
            "places": texts(spots.get(row[0], "") for row in rows),
        }
    )


def _before(
    listed: list[tuple[str, str, int, int | None]], decision: str, chronology: Chronology
) -> tuple[int | None, int | None, int | None, list[str], list[str]]:
    """Least and most concerns on or before a decision, the possible ones at their least count, and
    which rows they are."""
    if not chronology.admissible:
        return None, None, None, [], []
    rows = [row for row in listed if decision not in row[:2]]
    on_record_by = [by for _, by, _, _ in rows]
    first = _days(chronology, on_record_by, decision, "start")
    last = _days(chronology, on_record_by, decision, "end")
    least, most, reachable, bounded = 0, 0, 0, True
    certain: list[str] = []
    possible: list[str] = []
    for at, (concern, _, low, high) in enumerate(rows):
        # Days run from the concern to the decision: 0 or more is on time.
        (first_least, first_most), (last_least, last_most) = first[at], last[at]
        sure, all_sure = (days is not None and days >= 0 for days in (first_least, last_least))
        can, all_can = (days is None or days >= 0 for days in (first_most, last_most))
        if not can:
            continue
        least += low if all_sure else int(sure)
        certain += [concern] if sure else []
        possible += [] if all_sure else [concern]
        reachable += low if all_can else max(low - 1, 1)
        bounded &= high is not None
        most += 0 if high is None else high if all_can else max(high - 1, 1)
    return least, most if bounded else None, reachable, certain, possible


def _days(
    chronology: Chronology, ids: Sequence[str], to: str, point: str
) -> list[tuple[int | None, int | None]]:
    """Least and most days from a point of each event to the start of one; None is open."""
    place = chronology.lowered.place
    first = np.array([place[one] for one in ids], dtype=np.int64)
    at = np.full(len(first), point == "end", dtype=np.int64)
    least, most = differences(
        chronology, Pairs(first, np.full_like(first, place[to]), at, np.zeros_like(first))
    )
    return [
        (closed(low), closed(high)) for low, high in zip(least.tolist(), most.tolist(), strict=True)
    ]


def _first_to_first(
    chronology: Chronology, starts: list[str], steps: list[str]
) -> tuple[int | None, int | None]:
    """Least and most days from the first of some events to the first of others, over all admissible
    chronologies.

    For a fixed step j the concerns can all be as late as they can be at once, so the least is the
    minimum over j of the maximum over i of the least gap; for a fixed concern i the steps can all
    be as late at once, so the most is the maximum over i of the minimum over j of the greatest gap.
    """
    if not starts or not steps or not chronology.admissible:
        return None, None
    low, high = (
        np.full((len(starts), len(steps)), -np.inf),
        np.full((len(starts), len(steps)), np.inf),
    )
    for j, step in enumerate(steps):
        for i, (least, most) in enumerate(_days(chronology, starts, step, "start")):
            low[i, j] = -np.inf if least is None else least
            high[i, j] = np.inf if most is None else most
    least_days, most_days = low.max(axis=0).min(), high.min(axis=1).max()
    return (
        int(least_days) if np.isfinite(least_days) else None,
        int(most_days) if np.isfinite(most_days) else None,
    )


def _can_be_first(chronology: Chronology, ids: list[str]) -> list[str]:
    """Which of some events can start no later than all the others?"""
    if not chronology.admissible:
        return list(ids)
    at = np.array([chronology.lowered.place[one] for one in ids], dtype=np.int64)
    one, other = (grid.ravel() for grid in np.indices((len(at), len(at))))
    none = np.zeros(len(one), dtype=np.int64)
    # From the other to the one: at least a day means that the other certainly comes first.
    least, _ = differences(chronology, Pairs(at[other], at[one], none, none))
    later = ((least >= 1) & (one != other)).reshape(len(at), len(at)).any(axis=1)
    return [row for row, comes_later in zip(ids, later.tolist(), strict=True) if not comes_later]


def _next_after(
    chronology: Chronology, closure: str, ids: list[str]
) -> tuple[str, int | None, int | None, list[str]]:
    """The concern that has to come soonest after a closure, the least and the most days to the
    next, and the rivals."""
    if not chronology.admissible or not ids:
        return "", None, None, []
    # From the concern to the closure; turned round: from the closure to the concern.
    spans = [
        (None if most is None else -most, None if least is None else -least)
        for least, most in _days(chronology, ids, closure, "start")
    ]
    sure = [
        (most, at)
        for at, (least, most) in enumerate(spans)
        if least is not None and least >= 1 and most is not None
    ]
    unbounded = [
        at
        for at, (least, most) in enumerate(spans)
        if least is not None and least >= 1 and most is None
    ]
    latest, chosen = min(sure) if sure else (None, unbounded[0] if unbounded else None)
    can = [at for at, (_, most) in enumerate(spans) if most is None or most >= 1]
    soonest = [max(1, spans[at][0] or 1) for at in can]
    rivals = [
        ids[at]
        for at in can
        if at != chosen and (latest is None or spans[at][0] is None or (spans[at][0] or 0) < latest)
    ]
    return (
        ids[chosen] if chosen is not None else "",
        min(soonest) if soonest else None,
        latest,
        rivals,
    )


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
        if settled(region, condition):
            counted = share(region, condition)
            return "certain", "" if counted.admitted is None else str(counted)
    if settled(last, condition) is False and settled(first, condition) is False:
        return "", ""
    counted = share(last, condition)
    return ("not dated", "") if counted.admitted is None else ("possible", str(counted))


def _known(least: int | None, most: int | None, chronology: Chronology) -> str:
    if not chronology.admissible:
        return NOT_ADMISSIBLE
    if least is None or most is None:
        return NOTHING if least is most else AT_LEAST if most is None else AT_MOST
    return EXACTLY if least == most else BETWEEN


def _joined(found: Mapping[str, str], *rows: str) -> str:
    return "; ".join(dict.fromkeys(found[row] for row in rows if row in found))
