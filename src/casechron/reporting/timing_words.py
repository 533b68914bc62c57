"""What do the tables of intervention timing show, in plain sentences?

No number is typed here. What the source leaves open stays open in the sentence, and nothing is judged that the source does
not judge.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from casechron.analysis.intervals import AT_LEAST, AT_MOST, BETWEEN, EXACTLY, NOTHING, ONLY_ORDER, rows_of
from casechron.analysis.leaning import NO_ORDER
from casechron.analysis.robustness import ALL, MOST, NONE, SOME
from casechron.analysis.timing import ANSWERED, INSUFFICIENT, LEARNED_LATER, NOTHING_RECORDED, STATED_ABSENCE
from casechron.analysis.verdicts import MET, NOT_APPLICABLE, NOT_MET, UNDETERMINED
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.coding.codebook import codebook
from casechron.reporting.day_spans import date_words, number_of, span_words, working_words
from casechron.reporting.said import all_said
from casechron.reporting.words import capital, counted, listed, quoted, verb

__all__ = [
    "NOTHING_HOLDS", "closures_in_words", "decisions_in_words", "first_step_in_words", "judged_orders_in_words",
    "national_in_words", "open_conclusions", "response_gaps_in_words", "robustness_in_words", "said_before_in_words",
    "steps_in_words", "taken_words", "timescales_in_words", "under_words",
]  # fmt: skip

NOTHING_HOLDS = "The dates cannot all hold together under this policy: no chronology is admissible, so no wait is counted."


def response_gaps_in_words(gaps: pd.DataFrame) -> list[str]:
    """How long did concerns wait for an answer, and for which can it not be said? From `timing.response_gaps`."""
    if gaps.empty:
        return all_said(["No concern is coded, so there is no wait to speak of."], "response_gaps")
    concerns = {state: gaps.loc[gaps["state"] == state, "concern"].nunique() for state in gaps["state"].unique()}
    parts = [
        (ANSWERED, "with an answer on record"),
        (INSUFFICIENT, "with an answer that the source calls insufficient"),
        (STATED_ABSENCE, "for which the source says, more or less firmly, that a step was missing"),
        (NOTHING_RECORDED, "to which the source records no answer"),
    ]
    own = set(gaps.loc[gaps["state"].isin([state for state, _ in parts]), "concern"])
    later = gaps[(gaps["state"] == LEARNED_LATER) & ~gaps["concern"].isin(own)].drop_duplicates("concern")
    split = listed([f"{concerns[state]} {words}" for state, words in parts if concerns.get(state)])
    told = gaps["concern"].nunique() - len(own) - len(later)
    stand = verb(len(own), "row of concern stands on its own", "rows of concern stand on their own")
    found = [f"{len(own) or 'No'} {stand}{f': {split}' if own else ''}."]
    if told:
        verbs = ("is", "belongs", "is") if told == 1 else ("are", "belong", "are")
        found.append(
            f"{capital(counted(told, 'further row'))} {verbs[0]} told or counted in another row, or "
            f"{verbs[1]} to the end of the "
            f"account, and {verbs[2]} not counted again."
        )
    if len(later):
        them = verb(len(later), "it", "them")
        found.append(
            f"No agency is recorded as having known of {counted(len(later), 'more concern')} at the time, so no wait is counted "
            f"for {them}: {listed([quoted(one) for one in later['summary']])}."
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
        work = working_words(row.working_days_min, row.working_days_max)
        said = (
            f"From “{row.summary}” to “{row.answer_summary}”: {span_words(row.days_min, row.days_max)}{work}"
            if (number_of(row.days_min), number_of(row.days_max)) != (0, 0)
            else f"“{row.answer_summary}” came on the same day as “{row.summary}”"
        )
        if row.limit:
            kept = f", kept in {row.within_limit}" if row.within_limit else ""
            said += f"; guidance sets {row.limit} for this{kept}"
        found.append(f"{said}.{_tied_by(row.coded_as)}")
    order = rows.loc[rows["known"] == ONLY_ORDER]
    if len(order):
        they, their, took = ("it", "its concern", "it") if len(order) == 1 else ("they", "their concerns", "they")
        own = int(order["coded_as"].isin(list(_TIED)).sum())
        tied = f" {own} of these ties {verb(own)} the coder's own." if own else ""
        found.append(
            f"For {counted(len(order), 'answer')} the source gives only an order: {they} did not come before {their}, but how "
            f"long {took} took cannot be said.{tied}"
        )
    silent = int((rows["known"] == NOTHING).sum())
    if silent:
        found.append(f"For {counted(silent, 'answer')} the source gives neither days nor an order.")
    return found


#: How it is said that a coder, and not the source, tied an answer to a concern.
_TIED = {"derived": "is derived by the coder", "judged": "is the coder's judgement"}


def _tied_by(basis: str, what: str = "the one answers the other") -> str:
    """Whose word a tie is, as a sentence with a space before it; empty where it is the source's."""
    return f" That {what} {_TIED[basis]}." if basis in _TIED else ""


def _censored(gaps: pd.DataFrame) -> list[str]:
    found = []
    lacking = gaps.loc[gaps["state"] == STATED_ABSENCE]
    for _, rows in lacking.groupby("concern", sort=False):
        row = next(rows_of(rows))
        grades = listed(list(dict.fromkeys(rows["lack"])))
        seen = ""
        if row.observed_known in (EXACTLY, BETWEEN, AT_LEAST, AT_MOST):
            seen = f" From the concern to the end of the account: {span_words(row.observed_days_min, row.observed_days_max)}."
        bases = [basis for basis in _TIED if (rows["coded_as"] == basis).all()]
        tied = _tied_by(bases[0], "the step was to answer this concern") if bases else ""
        told = f"To “{row.summary}” no answer is on record; what the source says of the missing step: {grades}."
        found.append(f"{told}{seen}{tied}")
    quiet = gaps.loc[gaps["state"] == NOTHING_RECORDED, "concern"].nunique()
    if quiet:
        found.append(
            f"Nothing is recorded in answer to {counted(quiet, 'concern')}. That does not say that nothing was done: the source "
            f"gives no end to {verb(quiet, 'the wait', 'these waits')}."
        )
    late = gaps.loc[gaps["state"] == INSUFFICIENT].drop_duplicates("concern")
    found += [f"The source calls the answer to “{row.summary}” insufficient, and gives no day for it." for row in rows_of(late)]
    return found


def decisions_in_words(decisions: pd.DataFrame) -> list[str]:
    """How many concerns stood on record before each decision? From `run_up.concerns_before_decisions`."""
    if decisions.empty:
        return all_said(["No decision is coded."], "concerns_before_decisions")
    if (decisions["status"] == NOT_ADMISSIBLE).all():
        return all_said([NOTHING_HOLDS], "concerns_before_decisions")
    found = []
    for row in rows_of(decisions):
        least, most = number_of(row.concerns_min), number_of(row.concerns_max)
        if most is not None and least == most:
            words = counted(most, "concern")
            tail = f"{'was' if most == 1 else 'were'} on record."
        elif most is None:
            words = f"at least {counted(least, 'concern')}" if least else "an unknown number of concerns"
            tail = f"{'was' if least == 1 else 'were'} on record."
        else:
            words, tail = f"{least or 0} to {most} concerns", "were on record."
        found.append(f"Before “{row.summary}” {words} {tail}")
    return all_said(found, "concerns_before_decisions")


def first_step_in_words(table: pd.DataFrame) -> list[str]:
    """How long from the first concern to the first protective step? From `run_up.first_concern_to_first_step`."""
    scopes = {
        "any concern": "the first concern recorded",
        "concerns passed on": "the first concern recorded as passed on to an agency",
    }
    found, counted_at_all = [], False
    for row in rows_of(table):
        if row.known == NOT_ADMISSIBLE:
            return all_said([NOTHING_HOLDS], "first_concern_to_first_step")
        if not row.first_concern or not row.first_step:
            found.append(
                f"From {scopes[row.scope]} to the first protective step on record nothing can be counted: the source has no "
                "such pair."
            )
            continue
        counted_at_all = True
        span = span_words(row.days_min, row.days_max)
        found.append(f"From {scopes[row.scope]} to the first protective step on record: {span}.")
    kinds = codebook().codes("event_kind").values()
    steps = listed([f"{one.label[:1].lower()}{one.label[1:]}" for one in kinds if "protective" in one.flags])
    found.insert(0, f"Protective steps are, in the words of the codebook: {steps}.")
    if counted_at_all:
        found.append(
            "These days lie between two rows of this record. A concern or a step that the source does not mention can have come "
            "before either, so neither the least nor the most is a bound on anything beyond the record."
        )
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
        span = span_words(row.days_min, row.days_max)
        found.append(
            f"From “{row.summary}” to the next concern on record: {span}. At the latest that was “{row.next_summary}”.{rivals}"
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
        least = number_of(row.days_min)
        share = ""
        if row.step_first and (least is None or least < 0):
            share = f" In {row.step_first} that the source admits, the step was not the later of the two."
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
    there = f"in the {span} before the end of the account"
    parts = [f"{sure} certainly {verb(sure, 'lies', 'lie')} {there}"] * bool(sure)
    does = verb(maybe, "does", "do") if sure else f"{verb(maybe, 'lies', 'lie')} {there}"
    parts += [f"{maybe} possibly {does}"] * bool(maybe)
    whether = "" if parts else f" whether {verb(undated, 'it lies', 'they lie')} {there}"
    parts += [f"for {undated} the source gives no day that could tell{whether}"] * bool(undated)
    found = [f"Of the rows of concern or telling, {listed(parts)}."] if parts else []
    later = len(table) - len(known)
    if later:
        found.append(
            f"{capital(counted(later, 'row'))} of the table {verb(later, 'was', 'were')} told only to the review."
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
        other = f"; counted the other way it would be {row.other_convention}" if row.convention_matters == "yes" else ""
        if row.convention_matters == "no" and "working" in row.limit and row.end:
            other = f"; {row.verdict} too when day 1 is counted the other way"
        unseen = "" if row.source_seen == "yes" else "; the limit was not confirmed from the edition's text"
        found.append(f"{row.title}, {row.limit} ({row.edition}): {row.verdict}, {taken_words(row)}{other}{unseen}.")
    open_ = checks.loc[checks["verdict"] == UNDETERMINED]
    for (title, settles), rows in open_.groupby(["title", "would_settle"], sort=False):
        count = rows[["start", "end"]].drop_duplicates().shape[0]
        times = "" if count == 1 else f" ({counted(count, 'clock')})"
        found.append(f"{title}{times}: undetermined from this source. To settle it, one would have to know {settles}.")
        # What lies near the start of a clock is said directly after it: 'this clock' is no other.
        for row in rows_of(rows.loc[rows["near"] != ""].drop_duplicates("end")):
            span = span_words(row.near_working_days_min, row.near_working_days_max, "working day")
            found.append(
                f"What is on record nearest to the start of this clock is {row.near}; from there to {row.end}: {span}. That is "
                "context, and no check."
            )
    early = checks.loc[(checks["verdict"] == NOT_APPLICABLE) & (checks["end_by_due"] == "certain")]
    for row in rows_of(early):
        found.append(
            f"{row.title} ({row.limit} after {row.start}): it was due {date_words(row.due_earliest, row.due_latest)}, and the "
            f"account ends before that ({row.end_of_account})."
        )
    found.append("These limits are maxima in guidance, not targets; a step that the source does not mention may have been taken.")
    return all_said(found, "timescale_checks")


def taken_words(row: Any) -> str:
    """After how long a step came whose limit was met or not met, from one row of `timescales.timescale_checks`."""
    if not row.end:
        return "the source says outright that it did not take place"
    if "month" in row.limit:
        return f"after {span_words(row.days_min, row.days_max)}"
    return f"after {span_words(row.working_days_min, row.working_days_max, 'working day')}"


def national_in_words(table: pd.DataFrame) -> list[str]:
    """Where does the review's interval stand beside the national figures? From `national.conferences_beside_national`."""
    own, nation = table.loc[table["source"] == "this review"], table.loc[table["source"] != "this review"]
    found = []
    for row in rows_of(own):
        low, high = row.working_days_min, row.working_days_max
        span = (
            "not known, because the clock's start is not on record"
            if number_of(low) is number_of(high) is None
            else span_words(low, high, "working day")
        )
        found.append(f"The interval from strategy discussion to {row.what}: {span}.")
    for row in rows_of(nation):
        later = (
            ""
            if number_of(row.years_later) is None
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
    open_ = open_conclusions(table)
    if open_:
        says = verb(open_, "says", "say")
        found.append(
            f"Of those that hold under all, {open_} {says} only that something cannot be settled from this source or does not "
            "apply."
        )
    leaning = int((table["leans_on"] != NO_ORDER).sum())
    if leaning:
        found.append(
            f"{capital(counted(leaning, 'conclusion'))} {verb(leaning, 'leans', 'lean')} on an order that only the coder judged: "
            f"{verb(leaning, 'it changes', 'they change')} without it, all else as given."
        )
    blamed = table.loc[(table["flipped_by"] != "") & (table["hold_under"] != ALL)]
    for choice, rows in blamed.groupby("flipped_by", sort=False):
        change = f"{capital(counted(len(rows), 'conclusion'))} {verb(len(rows), 'changes', 'change')}"
        found.append(f"{change} with {quoted(str(choice))}.")
    gone = table.loc[table["no_admissible_chronology"] > 0]
    if len(gone):
        first = gone.iloc[0]
        found.append(
            f"Some combinations have no admissible chronology (for the first conclusion {first['no_admissible_chronology']} of "
            f"{first['combinations']}): under them the dates cannot all hold together, and nothing is concluded. They are left "
            "out of these counts."
        )
    return all_said(found, "robust_conclusions")


def open_conclusions(table: pd.DataFrame) -> int:
    """How many conclusions hold under all choices only because they leave something open, or say that it does not apply?

    `table` is `robustness.robust_conclusions`. What nothing could settle is firm in a way that says little.
    """
    firm = table.loc[(table["hold_under"] == ALL) & (table["about"] == "timescale"), "conclusion"]
    return int(firm.str.endswith(tuple(f": {verdict}" for verdict in (UNDETERMINED, NOT_APPLICABLE))).sum())


def judged_orders_in_words(table: pd.DataFrame) -> list[str]:
    """Which conclusions lean on which order that only the coder judged? From `robustness.judged_orders`."""
    orders = table["order"].nunique()
    if not orders:
        return all_said(["No order is coded that only the coder judged, so no conclusion leans on one."], "judged_orders")
    rows = table.loc[table["conclusion"] != NO_ORDER]
    bearing = rows["order"].nunique()
    named = f"{counted(orders, 'order')} that only the coder judged"
    if not bearing:
        return all_said([f"Of {named}, none bears a conclusion: without them every one stays as it is."], "judged_orders")
    rest = "; without any one of the others every conclusion stays as it is" if bearing < orders else ""
    found = [
        f"Of {named}, {bearing} {verb(bearing, 'bears', 'bear')} conclusions, which change if "
        f"{verb(bearing, 'it is', 'they are')} left out, all else as given{rest}."
    ]
    says = dict(zip(table["order"], table["says"], strict=True))
    sets: dict[tuple[str, ...], list[str]] = {}
    for row in rows_of(rows):
        others = row.with_others.split(" with ") if row.with_others != NO_ORDER else []
        own = tuple(order for order in says if order == row.order or order in others)
        # A set stands with each of its orders, and is told with the first.
        if own[0] == row.order:
            sets.setdefault(own, []).append(f"{quoted(row.conclusion)} becomes {quoted(row.said_without)}")
    for own, changed in sets.items():
        together = "together " if len(own) > 1 else ""
        found.append(
            f"Leave out {together}{listed([f'that {says[order]}' for order in own])}, and {counted(len(changed), 'conclusion')} "
            f"{verb(len(changed), 'changes', 'change')}: {'; '.join(changed)}."
        )
    return all_said(found, "judged_orders")


def under_words(under: str) -> str:
    """How far a conclusion holds, in words."""
    words = {ALL: "all combinations", MOST: "most combinations", SOME: "some combinations", NONE: "none of the combinations"}
    return words[under]
