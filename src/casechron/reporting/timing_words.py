"""What do the tables of intervention timing show, in plain sentences?

No number is typed here. What the source leaves open stays open in the sentence, and nothing is
judged that the source does not judge."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from casechron.analysis.intervals import (
    AT_LEAST,
    AT_MOST,
    BETWEEN,
    EXACTLY,
    NOTHING,
    ONLY_ORDER,
    rows_of,
)
from casechron.analysis.timing import (
    ANSWERED,
    CLOSED,
    INSUFFICIENT,
    LEARNED_LATER,
    NOTHING_RECORDED,
    STATED_ABSENCE,
    state_of_concerns,
)
from casechron.analysis.waits import CERTAINLY
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.coding.codebook import codebook
from casechron.reporting.day_spans import number_of, span_words, working_words
from casechron.reporting.said import all_said
from casechron.reporting.words import capital, counted, listed, quoted, summaries, verb

__all__ = [
    "NOTHING_HOLDS",
    "closures_in_words",
    "decisions_in_words",
    "first_step_in_words",
    "response_gaps_in_words",
    "said_before_in_words",
    "steps_in_words",
]

NOTHING_HOLDS = (
    "The dates cannot all hold together as they are read here: no chronology is admissible, so no"
    " wait is counted."
)


def response_gaps_in_words(gaps: pd.DataFrame) -> list[str]:
    """How long did concerns wait for an answer, and for which can it not be said? From
    `timing.response_gaps`."""
    if gaps.empty:
        return all_said(["No concern is coded, so there is no wait to speak of."], "response_gaps")
    states = state_of_concerns(gaps)
    concerns = Counter(states.values())
    parts = [
        (ANSWERED, "answered by a step"),
        (CLOSED, "closed or left, with no step on record"),
        (INSUFFICIENT, "with an answer that the source calls insufficient"),
        (STATED_ABSENCE, "for which the source says, more or less firmly, that a step was missing"),
        (NOTHING_RECORDED, "to which the source records no answer"),
    ]
    own = {one for one, state in states.items() if state in dict(parts)}
    later = gaps[(gaps["state"] == LEARNED_LATER) & ~gaps["concern"].isin(own)].drop_duplicates(
        "concern"
    )
    split = listed([f"{concerns[state]} {words}" for state, words in parts if concerns.get(state)])
    told = gaps["concern"].nunique() - len(own) - len(later)
    stand = verb(len(own), "row of concern stands on its own", "rows of concern stand on their own")
    found = [f"{len(own) or 'No'} {stand}{f': {split}' if own else ''}."]
    if told:
        verbs = ("is", "belongs", "is") if told == 1 else ("are", "belong", "are")
        found.append(
            f"{capital(counted(told, 'further row'))} {verbs[0]} told or counted in another row, or"
            f" {verbs[1]} to the end of the account, and {verbs[2]} not counted again."
        )
    if len(later):
        them = verb(len(later), "it", "them")
        found.append(
            f"No agency is recorded as having known of {counted(len(later), 'more concern')} at the"
            f" time, so no wait is counted for {them}:"
            f" {listed([quoted(one) for one in later['summary']])}."
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
            f"From “{row.summary}” to “{row.answer_summary}”:"
            f" {span_words(row.days_min, row.days_max)}{work}"
            if (number_of(row.days_min), number_of(row.days_max)) != (0, 0)
            else f"“{row.answer_summary}” came on the same day as “{row.summary}”"
        )
        if row.limit:
            kept = f", kept in {row.within_limit}" if row.within_limit else ""
            said += f"; guidance sets {row.limit} for this{kept}"
        found.append(f"{said}.{_tied_by(row.coded_as)}")
    order = rows.loc[rows["known"] == ONLY_ORDER]
    if len(order):
        they, their, took = (
            ("it", "its concern", "it") if len(order) == 1 else ("they", "their concerns", "they")
        )
        own = int(order["coded_as"].isin(list(_TIED)).sum())
        tied = f" {own} of these ties {verb(own)} the coder's own." if own else ""
        found.append(
            f"For {counted(len(order), 'answer')} the source gives only an order: {they} did not"
            f" come before {their}, but how long {took} took cannot be said.{tied}"
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
            seen = (
                " From the concern to the end of the account:"
                f" {span_words(row.observed_days_min, row.observed_days_max)}."
            )
        bases = [basis for basis in _TIED if (rows["coded_as"] == basis).all()]
        tied = _tied_by(bases[0], "the step was to answer this concern") if bases else ""
        told = (
            f"To “{row.summary}” no answer is on record; what the source says of the missing step:"
            f" {grades}."
        )
        found.append(f"{told}{_next(row)}{seen}{tied}")
    quiet = gaps.loc[gaps["state"] == NOTHING_RECORDED, "concern"].nunique()
    if quiet:
        found.append(
            f"Nothing is recorded in answer to {counted(quiet, 'concern')}. That does not say that"
            " nothing was done: the source gives no end to"
            f" {verb(quiet, 'the wait', 'these waits')}."
        )
    late = gaps.loc[gaps["state"] == INSUFFICIENT].drop_duplicates("concern")
    found += [
        f"The source calls the answer to “{row.summary}” insufficient, and gives no day for it."
        for row in rows_of(late)
    ]
    return found


def _next(row: Any) -> str:
    """The protective step on record that came next, as a sentence with a space before it."""
    if row.next_step_follows != CERTAINLY or row.next_step_known not in (
        EXACTLY,
        BETWEEN,
        AT_LEAST,
    ):
        return ""
    span = span_words(row.next_step_days_min, row.next_step_days_max)
    return f" To the next protective step on record (“{row.next_step_summary}”): {span}."


def decisions_in_words(decisions: pd.DataFrame) -> list[str]:
    """How many concerns stood on record before each decision? From
    `run_up.concerns_before_decisions`."""
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
            words = (
                f"at least {counted(least, 'concern')}"
                if least
                else "an unknown number of concerns"
            )
            tail = f"{'was' if least == 1 else 'were'} on record."
        else:
            words, tail = f"{least or 0} to {most} concerns", "were on record."
        found.append(f"Before “{row.summary}” {words} {tail}")
    return all_said(found, "concerns_before_decisions")


def first_step_in_words(table: pd.DataFrame) -> list[str]:
    """How long from the first concern to the first protective step? From
    `run_up.first_concern_to_first_step`."""
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
                f"From {scopes[row.scope]} to the first protective step on record nothing can be"
                " counted: the source has no such pair."
            )
            continue
        counted_at_all = True
        span = span_words(row.days_min, row.days_max)
        found.append(f"From {scopes[row.scope]} to the first protective step on record: {span}.")
    kinds = codebook().codes("event_kind").values()
    steps = listed(
        [f"{one.label[:1].lower()}{one.label[1:]}" for one in kinds if "protective" in one.flags]
    )
    found.insert(0, f"Protective steps are, in the words of the codebook: {steps}.")
    if counted_at_all:
        found.append(
            "These days lie between two rows of this record. A concern or a step that the source"
            " does not mention can have come before either, so neither the least nor the most is a"
            " bound on anything beyond the record."
        )
    return all_said(found, "first_concern_to_first_step")


def closures_in_words(table: pd.DataFrame) -> list[str]:
    """How soon after each closure came the next concern? From
    `run_up.closures_and_next_concern`."""
    if table.empty:
        return all_said(["No closure is coded."], "closures_and_next_concern")
    if (table["known"] == NOT_ADMISSIBLE).all():
        return all_said([NOTHING_HOLDS], "closures_and_next_concern")
    found = []
    for row in rows_of(table):
        if not row.next_concern:
            found.append(
                f"After “{row.summary}” no concern is certain to have followed: the source gives no"
                " order that says so."
            )
            continue
        rivals = " Concerns without a date can have come sooner." if row.can_come_first else ""
        span = span_words(row.days_min, row.days_max)
        came = f"with {quoted(row.next_summary)} if not before"
        if None in (number_of(row.days_min), number_of(row.days_max)):
            found.append(
                f"From “{row.summary}” to the next concern on record: {span}. It came"
                f" {came}.{rivals}"
            )
        else:
            found.append(
                f"After “{row.summary}” the next concern on record came {span} later,"
                f" {came}.{rivals}"
            )
    return all_said(found, "closures_and_next_concern")


def steps_in_words(table: pd.DataFrame, events: pd.DataFrame) -> list[str]:
    """How long before the injury was each protective step? From `run_up.steps_before_harm`, with
    the coded `events`."""
    if table.empty:
        return all_said(
            ["No protective step and no end of the account are coded together."],
            "steps_before_harm",
        )
    if (table["known"] == NOT_ADMISSIBLE).all():
        return all_said([NOTHING_HOLDS], "steps_before_harm")
    found, named = [], summaries(events)
    for row in rows_of(table):
        least = number_of(row.days_min)
        share = ""
        if row.step_first and (least is None or least < 0):
            share = f" In {_of_pairs(row.step_first)} the step came first or on the same day."
        known = (
            f"{span_words(row.days_min, row.days_max)}."
            if row.known != ONLY_ORDER
            else "only an order is given, no days."
        )
        found.append(f"From {named(row.step)} to {named(row.to_event)}: {known}{share}")
    return all_said(found, "steps_before_harm")


def _of_pairs(pairs: str) -> str:
    """A share of date pairs as it stands in a sentence.

    >>> _of_pairs("2,829 of 5,740 date pairs"), _of_pairs("1 of 1 date pairs")
    ('2,829 of the 5,740 possible pairs of dates', 'the one possible pair of dates')
    """
    some, _, total = pairs.removesuffix(" date pairs").partition(" of ")
    return (
        "the one possible pair of dates"
        if (some, total) == ("1", "1")
        else f"{some} of the {total} possible pairs of dates"
    )


def said_before_in_words(table: pd.DataFrame, months: int) -> list[str]:
    """What had been said in the months before the injury? From `run_up.said_before_harm`."""
    span = "month" if months == 1 else f"{months} months"
    if table.empty:
        return all_said(
            [f"Nothing that is coded was said in the {span} before the end of the account."],
            "said_before_harm",
        )
    if (table["within"] == NOT_ADMISSIBLE).all():
        return all_said([NOTHING_HOLDS], "said_before_harm")
    known = table.loc[table["known_at_the_time"] == "yes", "within"]
    sure, maybe, undated = (
        int((known == what).sum()) for what in ("certain", "possible", "not dated")
    )
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
            f"{capital(counted(later, 'row'))} of the table {verb(later, 'was', 'were')} learned of"
            " only afterwards, or not recorded with any agency."
        )
    return all_said(found, "said_before_harm")
