"""What do the tables of intervention timing show, in plain sentences?

No number is typed here. What the source leaves open stays open in the sentence, and nothing is judged that the source does
not judge.
"""

from __future__ import annotations

import pandas as pd

from casechron.analysis.intervals import AT_LEAST, AT_MOST, BETWEEN, EXACTLY, NOTHING, ONLY_ORDER, rows_of
from casechron.analysis.robustness import ALL, MOST, NONE, SOME
from casechron.analysis.timing import ANSWERED, INSUFFICIENT, NOTHING_RECORDED, STATED_ABSENCE
from casechron.analysis.verdicts import MET, NOT_APPLICABLE, NOT_MET, UNDETERMINED
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.reporting.said import all_said
from casechron.reporting.words import counted, listed

__all__ = [
    "NOTHING_HOLDS", "closures_in_words", "decisions_in_words", "first_step_in_words", "national_in_words",
    "response_gaps_in_words", "robustness_in_words", "said_before_in_words", "span_words", "steps_in_words",
    "timescales_in_words", "under_words",
]  # fmt: skip

NOTHING_HOLDS = "The dates cannot all hold together under this policy: no chronology is admissible, so no wait is counted."


def span_words(least: object, most: object, unit: str = "day") -> str:
    """A number of days, with what is open left open; below 0 it is earlier.

    >>> for bounds in [(1, 1), (15, 27), (3, None), (None, 0), (None, None), (-5, 2), (-4, -4)]:
    ...     print(span_words(*bounds))
    1 day
    between 15 and 27 days; the source cannot say more
    at least 3 days; the source sets no upper limit
    at most 0 days; the source sets no lower limit
    a number of days that the source cannot say
    between 5 days earlier and 2 days later; the source cannot say more
    4 days earlier
    """
    low, high = _number(least), _number(most)
    if low is None and high is None:
        return f"a number of {unit}s that the source cannot say"
    if low is not None and low == high:
        return _signed(low, unit, bare=True)
    if low is None or high is None:
        bound = low if high is None else high
        side, other = ("at least", "upper") if high is None else ("at most", "lower")
        return f"{side} {_signed(bound or 0, unit, bare=True)}; the source sets no {other} limit"
    if low < 0:
        return f"between {_signed(low, unit)} and {_signed(high, unit)}; the source cannot say more"
    return f"between {low:,} and {high:,} {unit}s; the source cannot say more"


def response_gaps_in_words(gaps: pd.DataFrame) -> list[str]:
    """How long did concerns wait for an answer, and for which can it not be said? From `timing.response_gaps`."""
    if gaps.empty:
        return all_said(["No concern is coded, so there is no wait to speak of."], "response_gaps")
    concerns = {state: gaps.loc[gaps["state"] == state, "concern"].nunique() for state in gaps["state"].unique()}
    parts = [
        (ANSWERED, "with an answer on record"),
        (INSUFFICIENT, "with an answer that the source calls insufficient"),
        (STATED_ABSENCE, "of which the source says, with more or less force, that a step was missing"),
        (NOTHING_RECORDED, "to which the source records no answer"),
    ]
    own = gaps.loc[gaps["state"].isin([state for state, _ in parts]), "concern"].nunique()
    split = listed([f"{concerns[state]} {words}" for state, words in parts if concerns.get(state)])
    told = gaps["concern"].nunique() - own
    found = [f"{counted(own, 'row').capitalize()} of concern {'stands' if own == 1 else 'stand'} on their own: {split}."]
    if told:
        verbs = ("is", "belongs", "is") if told == 1 else ("are", "belong", "are")
        found.append(
            f"{counted(told, 'further row').capitalize()} {verbs[0]} told or counted in another row, or "
            f"{verbs[1]} to the end of the "
            f"account, and {verbs[2]} not counted again."
        )
    if (gaps["known"] == NOT_ADMISSIBLE).any() or (gaps["observed_known"] == NOT_ADMISSIBLE).any():
        return all_said([*found, NOTHING_HOLDS], "response_gaps")
    found += _answered(gaps)
    found += _censored(gaps)
    return all_said(found, "response_gaps")


def _answered(gaps: pd.DataFrame) -> list[str]:
    rows = gaps.loc[gaps["state"] == ANSWERED]
    found = []
    for row in rows_of(rows.loc[rows["known"].isin([EXACTLY, BETWEEN, AT_LEAST, AT_MOST])]):
        work = _working(row.working_days_min, row.working_days_max)
        found.append(
            f"From “{row.summary}” to “{row.answer_summary}”: {span_words(row.days_min, row.days_max)}{work}."
            if (_number(row.days_min), _number(row.days_max)) != (0, 0)
            else f"“{row.answer_summary}” came on the same day as “{row.summary}”."
        )
        if row.limit:
            kept = f", kept in {row.within_limit}" if row.within_limit else ""
            found[-1] = f"{found[-1][:-1]}; guidance sets {row.limit} there{kept}."
    order = int((rows["known"] == ONLY_ORDER).sum())
    if order:
        found.append(
            f"For {counted(order, 'answer')} the source gives only an order: that {'it' if order == 1 else 'each'} did not come "
            "before its concern can be said, how long it took cannot."
        )
    silent = int((rows["known"] == NOTHING).sum())
    if silent:
        found.append(f"For {counted(silent, 'answer')} the source gives neither days nor an order.")
    return found


def _censored(gaps: pd.DataFrame) -> list[str]:
    found = []
    rows = gaps.loc[gaps["state"] == STATED_ABSENCE].drop_duplicates("concern")
    for row in rows_of(rows):
        grades = listed(list(dict.fromkeys(gaps.loc[gaps["concern"] == row.concern, "lack"])))
        seen = ""
        if row.observed_known in (EXACTLY, BETWEEN, AT_LEAST, AT_MOST):
            seen = (
                f"; from the concern to the end of the account it is {span_words(row.observed_days_min, row.observed_days_max)}"
            )
        found.append(f"To “{row.summary}” no answer is on record (what the source says of it: {grades}){seen}.")
    quiet = gaps.loc[gaps["state"] == NOTHING_RECORDED, "concern"].nunique()
    if quiet:
        found.append(
            f"That nothing is recorded in answer to {counted(quiet, 'concern')} does not say that nothing was done: "
            f"{'it waits' if quiet == 1 else 'they wait'} without an end that the source gives."
        )
    late = gaps.loc[gaps["state"] == INSUFFICIENT].drop_duplicates("concern")
    found += [f"The answer to “{row.summary}” is called insufficient; the source gives no day for it." for row in rows_of(late)]
    return found


def decisions_in_words(decisions: pd.DataFrame) -> list[str]:
    """How many concerns stood on record before each decision? From `run_up.concerns_before_decisions`."""
    if decisions.empty:
        return all_said(["No decision is coded."], "concerns_before_decisions")
    if (decisions["status"] == NOT_ADMISSIBLE).all():
        return all_said([NOTHING_HOLDS], "concerns_before_decisions")
    found = []
    for row in rows_of(decisions):
        least, most = _number(row.concerns_min), _number(row.concerns_max)
        if most is not None and least == most:
            words = counted(most, "concern")
            tail = f"{'was' if most == 1 else 'were'} on record."
        elif most is None:
            words, tail = f"at least {counted(least or 0, 'concern')}", "on record; the source sets no upper limit."
            words = "an unknown number of concerns" if not least else words
            tail = f"{'was' if least == 1 else 'were'} {tail}"
        else:
            words, tail = f"between {least or 0} and {most} concerns", "were on record; the source cannot say more."
        found.append(f"Before “{row.summary}” {words} {tail}")
    return all_said(found, "concerns_before_decisions")


def first_step_in_words(table: pd.DataFrame) -> list[str]:
    """How long from the first concern to the first protective step? From `run_up.first_concern_to_first_step`."""
    scopes = {
        "any concern": "the first concern on record",
        "concerns passed on": "the first concern that was passed on to an agency",
    }
    found = []
    for row in rows_of(table):
        if row.known == NOT_ADMISSIBLE:
            return all_said([NOTHING_HOLDS], "first_concern_to_first_step")
        if not row.first_concern or not row.first_step:
            found.append(
                f"From {scopes[row.scope]} to the first protective step nothing can be counted: the source has no such pair."
            )
            continue
        found.append(f"From {scopes[row.scope]} to the first protective step: {span_words(row.days_min, row.days_max)}.")
    return all_said(found, "first_concern_to_first_step")


def closures_in_words(table: pd.DataFrame) -> list[str]:
    """How soon after each closure came the next concern? From `run_up.closures_and_next_concern`."""
    if table.empty:
        return all_said(["No closure is coded."], "closures_and_next_concern")
    if (table["known"] == NOT_ADMISSIBLE).all():
        return all_said([NOTHING_HOLDS], "closures_and_next_concern")
    found = []
    for row in rows_of(table):
        if not row.next_concern:
            found.append(f"After “{row.summary}” no concern is certain to have followed: the source gives no order that says so.")
            continue
        rivals = " Concerns without a date can have come sooner." if row.can_come_first else ""
        found.append(
            f"After “{row.summary}” the next concern came within {span_words(row.days_min, row.days_max)}: "
            f"“{row.next_summary}” at the "
            f"latest.{rivals}".replace("within between", "between")
        )
    return all_said(found, "closures_and_next_concern")


def steps_in_words(table: pd.DataFrame) -> list[str]:
    """How long before the injury was each protective step? From `run_up.steps_before_harm`."""
    if table.empty:
        return all_said(["No protective step and no end of the account are coded together."], "steps_before_harm")
    if (table["known"] == NOT_ADMISSIBLE).all():
        return all_said([NOTHING_HOLDS], "steps_before_harm")
    found = []
    for row in rows_of(table):
        least = _number(row.days_min)
        share = (
            f" In {row.step_first} that the source admits the step was not the later one." if least is None or least < 0 else ""
        )
        share = share if row.step_first else ""
        known = f"{span_words(row.days_min, row.days_max)}." if row.known != ONLY_ORDER else "only an order is given, no days."
        found.append(f"From {row.kind.lower()} ({row.step}) to {row.to_kind.lower()} ({row.to_event}): {known}{share}")
    return all_said(found, "steps_before_harm")


def said_before_in_words(table: pd.DataFrame, months: int) -> list[str]:
    """What had been said in the months before the injury? From `run_up.said_before_harm`."""
    span = "month" if months == 1 else f"{months} months"
    if table.empty:
        return all_said([f"Nothing that is coded was said in the {span} before the end of the account."], "said_before_harm")
    if (table["within"] == NOT_ADMISSIBLE).all():
        return all_said([NOTHING_HOLDS], "said_before_harm")
    known = table.loc[table["known_at_the_time"] == "yes", "within"]
    sure, maybe, undated = (int((known == what).sum()) for what in ("certain", "possible", "not dated"))
    found = [
        f"In the {span} before the end of the account {counted(sure, 'row')} of concern or telling certainly "
        f"{'falls' if sure == 1 else 'fall'}; of {counted(maybe, 'row')} it is possible, and of "
        f"{counted(undated, 'row')} the source "
        "gives no day that could say."
    ]
    later = len(table) - len(known)
    if later:
        found.append(
            f"{counted(later, 'row').capitalize()} of the table {'was' if later == 1 else 'were'} told only to the review."
        )
    return all_said(found, "said_before_harm")


def timescales_in_words(checks: pd.DataFrame) -> list[str]:
    """Which timescales of guidance were kept, as far as the dates can tell? From `timescales.timescale_checks`."""
    if checks.empty:
        return all_said(["The table of rules has no timescale for this jurisdiction."], "timescale_checks")
    if (checks["verdict"] == NOT_ADMISSIBLE).any():
        return all_said([NOTHING_HOLDS], "timescale_checks")
    found: list[str] = []
    for row in rows_of(checks.loc[checks["verdict"].isin([MET, NOT_MET])]):
        work = span_words(row.working_days_min, row.working_days_max, "working day")
        took = f"after {work}" if "month" not in row.limit else f"after {span_words(row.days_min, row.days_max)}"
        if not row.end:
            took = "the source says outright that it did not take place"
        other = f"; counted the other way it would be {row.other_convention}" if row.convention_matters == "yes" else ""
        if row.convention_matters == "no" and "working" in row.limit and row.end:
            other = f"; {row.verdict} too when day 1 is counted the other way"
        unseen = "" if row.source_seen == "yes" else "; the limit was not confirmed from the edition's text"
        found.append(f"{row.title}, {row.limit} ({row.edition}): {row.verdict}, {took}{other}{unseen}.")
    open_ = checks.loc[checks["verdict"] == UNDETERMINED]
    for (title, settles), rows in open_.groupby(["title", "would_settle"], sort=False):
        count = rows[["start", "end"]].drop_duplicates().shape[0]
        times = "" if count == 1 else f" ({counted(count, 'clock')})"
        found.append(f"{title}{times}: undetermined from this source. What would settle it: {settles}.")
    for row in rows_of(checks.loc[checks["near"] != ""].drop_duplicates("end")):
        span = span_words(row.near_working_days_min, row.near_working_days_max, "working day")
        found.append(
            f"From what is on record nearest to that clock's start ({row.near}) it is {span}; that is context and no check."
        )
    early = checks.loc[(checks["verdict"] == NOT_APPLICABLE) & (checks["end_by_due"] == "certain")]
    for row in rows_of(early):
        found.append(
            f"{row.title} ({row.limit} after {row.start}): the account ends ({row.end_of_account}) before it was due, "
            f"{_dates(row.due_earliest, row.due_latest)}."
        )
    found.append("These limits are maxima in guidance, not targets; a step that the source does not mention may have been taken.")
    return all_said(found, "timescale_checks")


def national_in_words(table: pd.DataFrame) -> list[str]:
    """Where does the review's interval stand beside the national figures? From `national.conferences_beside_national`."""
    own, nation = table.loc[table["source"] == "this review"], table.loc[table["source"] != "this review"]
    found = []
    for row in rows_of(own):
        low, high = row.working_days_min, row.working_days_max
        span = (
            "not known, because the clock's start is not on record"
            if _number(low) is _number(high) is None
            else span_words(low, high, "working day")
        )
        found.append(f"The interval from strategy discussion to {row.what}: {span}.")
    for row in rows_of(nation):
        later = (
            ""
            if _number(row.years_later) is None
            else f", {counted(int(row.years_later), 'year')} after this review's conference"
        )
        found.append(
            f"{row.what} in {row.year}{later}: half took {row.median} working days or fewer, a quarter "
            f"{row.first_quartile} or fewer, three quarters {row.third_quartile} or fewer."
        )
    found.append("The national figures are context only: they are of later years and say nothing of one conference.")
    return all_said(found, "conferences_beside_national")


def robustness_in_words(table: pd.DataFrame) -> list[str]:
    """Which conclusions hold however the dates are read? From `robustness.robust_conclusions`."""
    if table.empty:
        return all_said(["There is no verdict and no number that a choice could change."], "robust_conclusions")
    total = len(table)
    counts = {under: int((table["hold_under"] == under).sum()) for under in (ALL, MOST, SOME, NONE)}
    found = [
        f"Of {counted(total, 'conclusion')}, "
        + listed(
            [
                f"{number} {'holds' if number == 1 else 'hold'} under {under_words(under)}"
                for under, number in counts.items()
                if number
            ]
        )
        + " that have an admissible chronology."
    ]
    blamed = table.loc[(table["flipped_by"] != "") & (table["hold_under"] != ALL)]
    for choice, rows in blamed.groupby("flipped_by", sort=False):
        found.append(
            f"{counted(len(rows), 'conclusion').capitalize()} {'changes' if len(rows) == 1 else 'change'} with: {choice}."
        )
    gone = table.loc[table["no_admissible_chronology"] > 0]
    if len(gone):
        first = gone.iloc[0]
        found.append(
            f"Some combinations have no admissible chronology (for the first conclusion {first['no_admissible_chronology']} of "
            f"{first['combinations']}): under them the dates cannot all hold together, and nothing is concluded."
        )
    return all_said(found, "robust_conclusions")


def _number(value: object) -> int | None:
    return None if value is None or value is pd.NA or pd.isna(value) else int(value)  # type: ignore[call-overload]


def _signed(days: int, unit: str, *, bare: bool = False) -> str:
    noun = unit if abs(days) == 1 else f"{unit}s"
    if days < 0:
        return f"{-days:,} {noun} earlier"
    return f"{days:,} {noun}" if bare else f"{days:,} {noun} later"


def _working(least: object, most: object) -> str:
    low, high = _number(least), _number(most)
    if low is None or high is None:
        return ""
    return f" ({low:,} working day{'' if low == 1 else 's'})" if low == high else f" ({low:,} to {high:,} working days)"


def under_words(under: str) -> str:
    """How far a conclusion holds, in words."""
    words = {ALL: "all combinations", MOST: "most combinations", SOME: "some combinations", NONE: "none of the combinations"}
    return words[under]


def _dates(first: object, last: object) -> str:
    one, other = (day.strftime("%Y-%m-%d") if isinstance(day, pd.Timestamp) and not pd.isna(day) else "" for day in (first, last))
    if not one or not other:
        return "on a day that the source cannot say"
    return f"on {one}" if one == other else f"between {one} and {other}"
