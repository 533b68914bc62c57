"""Which protective steps followed each concern, and what had been done and said before harm?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from casechron.analysis.columns import cells, kept, rows_in, to_table
from casechron.analysis.concerns import (
    by_event,
    concern_ids,
    concerns,
    end_event,
    end_events,
    rows_with,
    telling_ids,
)
from casechron.analysis.intervals import (
    KNOWN_DAYS,
    PRECEDES,
    Wait,
    follows,
    interval_table,
    waits_between,
)
from casechron.analysis.on_record import (
    known_as_judged,
)
from casechron.analysis.record import placed, places_of
from casechron.analysis.windows import shown_windows
from casechron.chronology import Chronology, feasible_region
from casechron.chronology.calendars import (
    corresponding_days,
    working_calendar,
)
from casechron.chronology.day_columns import NOT_ADMISSIBLE, texts
from casechron.chronology.network import OPEN, PairRegion
from casechron.chronology.shares import (
    WIDEST_WINDOW,
    WithinMonths,
    narrowed,
    settled,
    share,
    uncounted,
)
from casechron.coding.codebook import codebook
from casechron.review import Review

__all__ = ["said_before_harm", "steps_after_concerns", "steps_before_harm"]


@kept
def steps_after_concerns(review: Review) -> pd.DataFrame:
    """Which protective steps on record follow each concern, and after how many days?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per concern and protective step that certainly or possibly follows it, in the order
        of the coding; it need not be said to answer it.

        - `concern`, `summary` (text): the concern's id, and what happened
        - `step`, `step_summary` (text): the step's id, and what happened
        - `follows` (text): 'certainly' or 'possibly'; empty where no chronology is admissible
        - `known` (text): in what way the days are known, as in `response_gaps`
        - `days_min`, `days_max` (days; <NA>: open, or only an order): from the start of the one to
          the start of the other
        - `working_days_min`, `working_days_max` (working days; <NA>: as for the days): the same in
          working days of the review's jurisdiction
        - `left_open` (text): as in `response_gaps`
        - `places` (text): where the source tells of the concern and of the step

    See Also
    --------
    response_gaps : which of them came next.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> table = cc.steps_after_concerns(review)
    >>> table.loc[table["concern"] == "told-2014", ["step", "follows", "days_min", "days_max"]]
            step    follows  days_min  days_max
    8  plan-2014  certainly        20        28
    9  icpc-2014  certainly        20        28
    """
    tables, chronology = review.tables, review.chronology
    calendar = working_calendar(review.meta.jurisdiction)
    rows, places, summaries = [], placed(tables["locators"]), by_event(tables, "summary")
    shown = shown_windows(tables, chronology)
    for concern in concern_ids(tables):
        steps = [step for step in rows_with(tables, "protective") if step != concern]
        pairs = [(concern, step) for step in steps]
        waits = waits_between(chronology, pairs, calendar, shown=shown)
        for step, wait in zip(steps, waits, strict=True):
            if wait.known != PRECEDES:
                own = (concern, summaries[concern], step, summaries[step])
                follow = follows(chronology, concern, step)
                rows.append((*own, follow, *wait, places_of(places, concern, step)))
    columns = ("concern", "summary", "step", "step_summary", "follows", *Wait._fields, "places")
    return to_table(columns, rows)


@kept
def steps_before_harm(review: Review, *, until: str = "") -> pd.DataFrame:
    """How long before the injury was each protective step?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.
    until : str, default ""
        The id of the event that ends the account; empty is every injury, admission or death on
        record.

    Returns
    -------
    pandas.DataFrame
        One row per protective step and end of the account.

        - `step`, `kind` (text): the step's id and its kind
        - `to_event`, `to_kind` (text): the id and the kind of the injury, admission or death
        - `known` (text): in what way the days are known, as in `response_gaps`
        - `days_min`, `days_max` (days; <NA>: open): from the start of the step to that event; below
          0 the step came later; no closer than what `response_gaps` tells
        - `working_days_min`, `working_days_max` (working days; <NA>: open): the same in working
          days of the review's jurisdiction
        - `step_first` (text): in how many of the date pairs that the source admits the step is not
          after the event
        - `places` (text): where the source tells of the step and of the event

    Raises
    ------
    ValueError
        For `until` that is no event of the review.

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
    ends = [end_event(tables, until)] if until else end_events(tables)
    pairs = [(step, end) for step in rows_with(tables, "protective") for end in ends if step != end]
    found = interval_table(chronology, pairs, calendar, shown_windows(tables, chronology))
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


@kept
def said_before_harm(review: Review, *, months: int = 12, until: str = "") -> pd.DataFrame:
    """What had been said in the months before the injury?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.
    months : int, default 12
        How many calendar months before the end of the account.
    until : str, default ""
        The id of the event that ends the account; empty is the first injury, admission or death on
        record.

    Returns
    -------
    pandas.DataFrame
        One row per concern or telling that can lie within these months, in the order of the coding;
        what occurred several times or lasted counts if its first or its last day lies there.

        - `event`, `kind`, `summary` (text): its id, its kind, and what happened
        - `date` (text): its date as coded
        - `by`, `to` (text): who raised it, and who received it
        - `known_at_the_time` (text): 'yes' where an agency is recorded as having held it then,
          'learned only afterwards' (no agency is recorded as having known, which is not that none
          did) or 'not recorded with any agency', each 'as judged' where without what the coder
          judged it would be another, or might have been told only after the end of the account
        - `within` (text): whether it lies there: 'certain', 'possible', or 'not dated' where no day
          bounds it on one side
        - `share` (text): in how many of the date pairs that the source admits it lies there
        - `before` (text): the id of the event that ends the account
        - `places` (text): paragraph and sentence of the source

    Raises
    ------
    ValueError
        For `until` that is no event of the review.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.said_before_harm(review, months=3)[["event", "within", "share"]]
                event    within                 share
    0  referrals-2014  possible  93 of 730 date pairs
    1     breach-2014   certain   22 of 22 date pairs
    """
    tables, chronology = review.tables, review.chronology
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
