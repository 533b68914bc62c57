"""Which time limits of guidance were kept, as far as the dates can tell? The tables of timescales
in plain sentences."""

from __future__ import annotations

from typing import Any

import pandas as pd

from casechron.analysis.intervals import rows_of
from casechron.analysis.verdicts import (
    MET,
    MET_AS_JUDGED,
    NOT_APPLICABLE,
    NOT_MET,
    UNDETERMINED,
)
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.reporting.day_spans import date_words, number_of, span_words
from casechron.reporting.said import all_said
from casechron.reporting.timing_words import NOTHING_HOLDS
from casechron.reporting.words import counted, summaries

__all__ = ["BACKGROUND", "national_in_words", "taken_words", "timescales_in_words"]

#: What the table says beside the step of this review.
_RECORDED = ", as far as recorded"
#: What is said beside days that lie near the start of a clock.
BACKGROUND = "This is background; it does not test the limit."


def timescales_in_words(checks: pd.DataFrame, events: pd.DataFrame) -> list[str]:
    """Which timescales of guidance were kept, as far as the dates can tell?

    `checks` is `timescales.timescale_checks`, `events` are the coded ones.
    """
    if checks.empty:
        return all_said(
            ["The table of rules has no timescale for this jurisdiction."], "timescale_checks"
        )
    if (checks["verdict"] == NOT_ADMISSIBLE).any():
        return all_said([NOTHING_HOLDS], "timescale_checks")
    found: list[str] = []
    named = summaries(events)
    for row in rows_of(checks.loc[checks["verdict"].isin([MET, MET_AS_JUDGED, NOT_MET])]):
        other = (
            f"; counted the other way it would be {row.other_convention}"
            if row.convention_matters == "yes"
            else ""
        )
        if row.convention_matters == "no" and "working" in row.limit and row.end:
            other = f"; {row.verdict} too when day 1 is counted the other way"
        unseen = {
            "secondary": "; the limit is taken from texts on the edition",
            "not seen": "; no text on the edition was seen to confirm the limit",
        }.get(row.source_seen, "")
        rests = f" (it rests on what the coder judged: {row.rests_on})" if row.rests_on else ""
        found.append(
            f"{row.title}, {row.limit} ({row.edition}): {row.verdict}{rests}; it"
            f" {taken_words(row)}{other}{unseen}."
        )
    open_ = checks.loc[checks["verdict"] == UNDETERMINED]
    for (title, settles), rows in open_.groupby(["title", "would_settle"], sort=False):
        count = rows[["start", "end"]].drop_duplicates().shape[0]
        times = "" if count == 1 else f" ({counted(count, 'clock')})"
        found.append(
            f"{title}{times}: undetermined from this source. To settle it, one would have to know"
            f" {settles}."
        )
        for row in rows_of(rows.loc[(rows["start"] == "") & rows["met_from_earliest"].notna()]):
            day = date_words(row.met_from_earliest, row.met_from_latest)
            one = "a day " if day.startswith("between") else ""
            found.append(
                f"{row.title} could be met only if that day was on or after {one}{day}, for a step"
                " on its first and on its last possible day."
            )
        # What lies near the start of a clock is said directly after it: 'this clock' is no other.
        for row in rows_of(rows.loc[rows["near"] != ""].drop_duplicates("end")):
            span = span_words(row.near_working_days_min, row.near_working_days_max, "working day")
            found.append(
                f"What is on record nearest to the start of this clock is {named(row.near)}; from"
                f" there to {named(row.end)}: {span}. {BACKGROUND}"
            )
    early = checks.loc[(checks["verdict"] == NOT_APPLICABLE) & (checks["end_by_due"] == "certain")]
    for row in rows_of(early):
        found.append(
            f"{row.title} ({row.limit} after {named(row.start)}): it was due"
            f" {date_words(row.due_earliest, row.due_latest)}, and the account ends before that,"
            f" with {named(row.end_of_account)}."
        )
    found.append(
        "These limits are maxima in guidance, not targets; a step that the source does not mention"
        " may have been taken."
    )
    return all_said(found, "timescale_checks")


def taken_words(row: Any) -> str:
    """When a step came whose limit was met or not met, from one row of
    `timescales.timescale_checks`, as a verb and its days.

    Only the side that bears on the verdict is told where days are a span: the most if it was met,
    the least if not."""
    if not row.end:
        return "did not take place, as the source says outright"
    least, most, unit = row.working_days_min, row.working_days_max, "working day"
    if "month" in row.limit:
        least, most, unit = row.days_min, row.days_max, "day"
    side = number_of(most if row.verdict != NOT_MET else least)
    span = span_words(least, most, unit)
    if side is not None and number_of(least) != number_of(most):
        span = f"{'at least' if row.verdict == NOT_MET else 'at most'} {counted(side, unit)}"
    return f"{'took' if 'assessment' in row.title.lower() else 'came after'} {span}"


def national_in_words(table: pd.DataFrame, events: pd.DataFrame) -> list[str]:
    """Where does the review's interval stand beside the national figures?

    `table` is `national.conferences_beside_national`, `events` are the coded ones.
    """
    named = summaries(events)
    own, nation = (
        table.loc[table["source"] == "this review"],
        table.loc[table["source"] != "this review"],
    )
    found = []
    for row in rows_of(own):
        low, high = row.working_days_min, row.working_days_max
        span = (
            "not known, because neither start is on record"
            if number_of(low) is number_of(high) is None
            else span_words(low, high, "working day")
        )
        step, far, _ = row.what.partition(_RECORDED)
        start = row.measured_from or "strategy discussion or section 47 enquiries"
        found.append(f"The interval from {start} to {named(step)}{far}: {span}.")
    for row in rows_of(nation):
        later = (
            ""
            if number_of(row.years_later) is None
            else f", {counted(int(row.years_later), 'year')} after this review's conference"
        )
        found.append(
            f"{row.what} in {row.year}{later}: half took {row.median} working days or fewer, a"
            f" quarter {row.first_quartile} or fewer, three quarters {row.third_quartile} or fewer."
        )
    found.append(
        "The national figures are context only: they run from the start of section 47 enquiries,"
        " are of later years and say nothing of one conference."
        if len(nation)
        else "No conference is coded that national figures could stand beside."
    )
    return all_said(found, "conferences_beside_national")
