"""What would one tell a student first of how long concerns waited? From the tables of intervention
timing."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from casechron.analysis.intervals import rows_of
from casechron.analysis.sensitivity import NONE
from casechron.analysis.timing import (
    ANSWERED,
    CLOSED,
    INSUFFICIENT,
    LEARNED_LATER,
    NOTHING_RECORDED,
    STATED_ABSENCE,
    state_of_concerns,
)
from casechron.analysis.verdicts import (
    MET,
    MET_AS_JUDGED,
    NOT_APPLICABLE,
    NOT_MET,
    UNDETERMINED,
)
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.reporting.day_spans import date_words, span_words
from casechron.reporting.said import said
from casechron.reporting.timescale_words import BACKGROUND, taken_words
from casechron.reporting.timing_words import NOTHING_HOLDS
from casechron.reporting.words import capital, counted, listed, quoted, some_of, verb

__all__ = ["timing_key_points"]

#: How many settled timescales are told one by one.
_FEW = 2


def timing_key_points(
    gaps: pd.DataFrame, checks: pd.DataFrame, conclusions: pd.DataFrame
) -> list[str]:
    """The key points of the timing report: waits, timescales and how firmly they stand; six at
    most.

    `gaps` is `timing.response_gaps`, `checks` is `timescales.timescale_checks`, `conclusions` is
    `sensitivity.sensitivity`.
    """
    refused = [
        table[column].eq(NOT_ADMISSIBLE).any()
        for table, column in ((gaps, "known"), (gaps, "observed_known"), (checks, "verdict"))
        if len(table)
    ]
    points = _concerns(gaps)
    if any(refused):
        points.append(said(NOTHING_HOLDS, "response_gaps"))
    elif checks.empty:
        points.append(
            "No time limit of guidance is on file for this jurisdiction, so none is checked."
        )
    else:
        points += [*_verdicts(checks), *_unsettled(checks, gaps), *_not_yet_due(checks, gaps)]
    return [*points, *_how_firm(conclusions)]


def _concerns(gaps: pd.DataFrame) -> list[str]:
    """How many concerns have an answer on record, and what the source says of the others."""
    became = state_of_concerns(gaps) if len(gaps) else {}
    states = (ANSWERED, CLOSED, INSUFFICIENT, STATED_ABSENCE, NOTHING_RECORDED)
    number = Counter(became.values())
    own = [one for one, state in became.items() if state in states]
    later = number[LEARNED_LATER]
    if not own and not later:
        return ["No concern is coded, so there is no wait to speak of."]
    answered, closed, weak, lacking, silent = (number[state] for state in states)
    have = [f"{answered or 'none'} answered by a step"] * bool(
        answered or closed or weak or lacking
    )
    have += [f"{closed} closed or left"] * bool(closed)
    have += [f"{weak} answered insufficiently"] * bool(weak)
    have += [f"{lacking} with a step missing or unconfirmed"] * bool(lacking)
    on = (
        f"the other {silent}"
        if have and silent > 1
        else "the other one"
        if have
        else verb(silent, "it", "them")
    )
    quiet = (
        f"; on {on} no answer is recorded, which does not say that nothing was done"
        if silent
        else ""
    )
    words = (
        f"{capital(counted(len(own), 'concern'))} {verb(len(own))} on"
        f" record{': ' if have else ''}{listed(have)}{quiet}."
    )
    words = words if own else "No concern is recorded as known at the time."
    # Apart, because nobody can be said to have left them waiting.
    words += (
        f" {later}{' more' if own else ''} {verb(later, 'was', 'were')} learned only afterwards."
        if later
        else ""
    )
    return [said(words, "response_gaps")]


def _verdicts(checks: pd.DataFrame) -> list[str]:
    """How many timescales are settled; if they are few, each with its days."""
    words = {
        MET: ("is met", "are met"),
        MET_AS_JUDGED: ("is met as judged", "are met as judged"),
        NOT_MET: ("is not met", "are not met"),
        UNDETERMINED: ("cannot be settled from this source", "cannot be settled from this source"),
        NOT_APPLICABLE: ("does not apply", "do not apply"),
    }
    counts = [
        (int((checks["verdict"] == verdict).sum()), verbs) for verdict, verbs in words.items()
    ]
    split = listed([f"{number} {verb(number, *verbs)}" for number, verbs in counts if number])
    total = f"Of {counted(len(checks), 'check')} against time limits in guidance, {split}."
    settled = list(rows_of(checks[checks["verdict"].isin([MET, MET_AS_JUDGED, NOT_MET])]))
    if not 0 < len(settled) <= _FEW:
        return [said(total, "timescale_checks")]
    told = []
    for row in settled:
        limit = row.limit.partition(" ")[0] if "working" in row.limit and row.end else row.limit
        told.append(
            f"{capital(row.verdict)}: the {row.title[:1].lower()}{row.title[1:]} {taken_words(row)}"
            f" (limit: {limit})."
        )
    return [said(f"{total} {' '.join(told)}", "timescale_checks")]


def _unsettled(checks: pd.DataFrame, gaps: pd.DataFrame) -> list[str]:
    """The step that was taken while the start of its clock is not on record, what would settle it,
    and what lies nearest."""
    open_ = checks[
        (checks["verdict"] == UNDETERMINED)
        & (checks["start"] == "")
        & (checks["end"] != "")
        & (checks["limit"] != "")
    ].drop_duplicates("end")
    points: list[str] = []
    for row in list(rows_of(open_))[:1]:
        title = f"{row.title[:1].lower()}{row.title[1:]}"
        points.append(
            said(
                f"Whether the {title} came within {row.limit} cannot be told. To settle it, one"
                f" would have to know {row.would_settle}.",
                "timescale_checks",
            )
        )
        if row.near:
            span = span_words(row.near_working_days_min, row.near_working_days_max, "working day")
            known = (
                dict(zip(gaps["answer"], gaps["answer_summary"], strict=True)) if len(gaps) else {}
            )
            step = quoted(known[row.near]) if known.get(row.near) else "the nearest step on record"
            words = f"From {step} to the {title}: {span}. {BACKGROUND}"
            points.append(said(words, "timescale_checks"))
    return points


def _not_yet_due(checks: pd.DataFrame, gaps: pd.DataFrame) -> list[str]:
    """Which steps were not yet due when the account ends."""
    rows = checks[(checks["verdict"] == NOT_APPLICABLE) & (checks["end_by_due"] == "certain")]
    known = dict(zip(gaps["concern"], gaps["summary"], strict=True)) if len(gaps) else {}
    told = []
    for row in rows_of(rows):
        what = f" for {quoted(known[row.start])}" if row.start in known else ""
        told.append(
            f"{row.title[:1].lower()}{row.title[1:]}{what} (due"
            f" {date_words(row.due_earliest, row.due_latest)})"
        )
    return (
        [said(f"Not yet due when the account ends: {some_of(told, 40)}.", "timescale_checks")]
        if told
        else []
    )


def _how_firm(conclusions: pd.DataFrame) -> list[str]:
    """Of the numbers and verdicts that settle something, how many another choice flips, and how
    many hang on what only the coder judged."""
    settled = conclusions.loc[~conclusions["open"]]
    if settled.empty:
        return []
    total, leaning = len(settled), int((settled["leans_on"] != NONE).sum())
    flipped = int((settled["flipped_by"] != NONE).sum())
    words = (
        f"Of {counted(total, 'number or verdict', 'numbers and verdicts')} here that"
        f" {verb(total, 'settles', 'settle')} something, {flipped or 'none'}"
        f" {verb(flipped, 'changes', 'change')} if a vague word is read otherwise, another reading"
        " of the source is taken, or allegations or judged orders are left out"
    )
    if leaning:
        words += f"; {leaning} {verb(leaning, 'hangs', 'hang')} on a row that only the coder judged"
    return [said(f"{words}.", "sensitivity")]
