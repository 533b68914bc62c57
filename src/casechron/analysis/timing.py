"""How long did each concern wait for an answer, and for the next protective step?

What answers a concern is coded (links of type *answers*), never guessed from the order of events;
an answer never ended before its concern. A closure, or a decision to do no more, answers nothing:
the concern was left, and the next protective step on record is told. Where none certainly follows,
the wait is right-censored: it is observed until the injury, admission or death that the account
runs up to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import pandas as pd

from casechron.analysis.concerns import (
    UNCLASSIFIED,
    by_event,
    concern_ids,
    concerns,
    end_event,
    rows_with,
)
from casechron.analysis.intervals import CERTAINLY, Next, Wait, next_step, waits_between
from casechron.analysis.judgements import JUDGED, as_judged, with_mark, without_judged
from casechron.analysis.on_record import LEARNED_LATER, at_end, known_at_the_time
from casechron.analysis.record import placed, places_of
from casechron.analysis.tables import Tables, as_in_help, by_key, ids_where, kept, rows_in, ties
from casechron.chronology import Chronology
from casechron.chronology.calendars import working_calendar
from casechron.coding.codebook import codebook
from casechron.review import Review

__all__ = ["breach_responses", "response_gaps"]


ANSWERED = "answered by a step"
#: The case was closed, or it was decided to do no more: the codebook's *disposes*.
CLOSED_OR_LEFT = "closed or left"
#: What answers it is an entry whose kind is still to be decided: a step, a closure or neither.
NOT_CLASSIFIED = "answer not classified yet"
#: There was an answer, and the review calls it insufficient; it has a window and no day.
INSUFFICIENT = "answered insufficiently"
#: The source says outright, or with less force, that what would have answered it did not take
#: place.
STATED_ABSENCE = "missing (says the source)"
NOTHING_RECORDED = "without an answer on record"
#: It led to something that nothing says was meant as an answer to it.
FOLLOWED = "followed, not said to answer it"
#: Another row tells of the concern or counts it together with others; its answers stand there.
CARRIED = "told or counted in another row"
#: The row is the answer to another concern.
ITSELF = "itself an answer"
#: The event that the account runs up to, or what is certainly no earlier: there is no wait to
#: observe.
END = "the end of the account"

#: States in which a concern can be seen to wait up to the end of the account.
_WAITING = (CLOSED_OR_LEFT, STATED_ABSENCE, FOLLOWED, NOTHING_RECORDED)

#: Of several answers, the one that says what became of the concern; then what has none of its own.
_FIRST = (
    *(ANSWERED, INSUFFICIENT, STATED_ABSENCE, CLOSED_OR_LEFT, NOT_CLASSIFIED, LEARNED_LATER),
    *(FOLLOWED, NOTHING_RECORDED, CARRIED, ITSELF, END),
)


@kept
def response_gaps(review: Review) -> pd.DataFrame:
    """What became of each concern, how long did it wait for its answer, and which protective step
    on record came next?

    Days run from the start of the concern (its first occurrence) to the start of the answer or the
    step, which never precedes it. A closure, or a decision to do no more, is no answer. Where no
    protective step certainly follows, what is closed, missing or without an answer is observed up
    to the end of the account: the observed days say how long nothing is recorded. The next step
    need not have been taken because of the concern, and the concern need not be about the child.

    The account ends with the child's death, else its last injury, else its last admission on
    record: what certainly comes no earlier, and an injury without a date that can come no earlier,
    waits for nothing, and the others are observed up to the first of these that has a date of its
    own.

    No days are closer than what the source itself says of when an event was to which a living
    child's published age refers, also where another of its statements gives them: what it dates to
    a month is told as any day of that month. Between two events whose days are both told more
    widely the days stay, since they tell the day of neither.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per concern and answer, or one for a concern without any, in the order of the
        coding.

        - `concern`, `raised`, `summary` (text): the concern's id, its kind, and what happened
        - `how_many` (text): 'once', or how often, as in 'at least 2'; 'an absence' for what did not
          happen; empty for a worry, and for what lasts, of which the source gives no count
        - `by`, `to`, `held_by` (labels): who raised it or, as is said, a part of it, who received
          it, who held it, as coded, also where the source does not state it: see `inferred` in
          `opportunities`, and `agencies_in_events`
        - `themes` (labels): what it was about
        - `says` (labels): how firmly it is said of persons in it, and on whose account
        - `answer`, `answered_by`, `answer_summary` (text): the answer's id, its kind, with
          'derived' or 'judged' where the row that says so is, and what happened
        - `state` (text): 'answered by a step', 'closed or left', 'answered insufficiently',
          'missing (says the source)' (outright or with less force: see `lack`), 'answer not
          classified yet' (an entry, which answers nothing until its kind is decided), 'followed,
          not said to answer it' (what it led to stands in `answer_summary`), 'without an answer on
          record', 'learned only afterwards' (no agency is recorded as having known, which is not
          that none did), 'told or counted in another row', 'itself an answer' or 'the end of the
          account'
        - `lack` (text): how firmly the source says that an answer was missing, with 'derived' or
          'judged' where it is so inferred that this was the answer to the concern
        - `carried_by` (ids): the rows that tell of it or count it with others, or of which it
          tells, where its answers stand, so that it is not to be counted again
        - `known` (text): in what way the days are known: 'exactly', 'between', 'at least', 'only an
          order', 'no admissible chronology', or 'dated before it: worth a look'
        - `days_min`, `days_max` (days; <NA>: open, only an order, or no answer): the wait, at least
          and at most
        - `working_days_min`, `working_days_max` (working days; <NA>: as for the days): the same in
          working days of the review's jurisdiction
        - `next_step` (ids), `next_step_summary` (text): the protective steps that can be the next
          on record, and what happened, without those that are certainly no earlier than another
          that certainly follows too, and can be later than that; protective are the kinds that the
          codebook flags so, as a section 47 enquiry, a conference or a plan, and not an assessment,
          nor a step for other people's children alone
        - `next_step_follows` (text): 'certainly', 'possibly', 'none on record', or 'cannot be told'
          where no day ties the concern to a step, or it is an absence; 'as judged' where that, the
          steps or the days would be others without what the coder judged; empty where no agency is
          recorded as having known of it then, and at the end of the account
        - `next_step_known` (text): in what way its days are known, as in `known`
        - `next_step_days_min`, `next_step_days_max` (days; <NA>: open, only an order, or none): the
          least over the steps that may follow, the most to whichever comes first; where a date is
          open, over those that certainly follow
        - `next_step_working_days_min`, `next_step_working_days_max` (working days; <NA>: as for the
          days): the same in working days
        - `observed_to` (text): the event up to which a concern is seen to wait
        - `observed_known` (text): in what way the observed days are known, as in `known`
        - `observed_days_min`, `observed_days_max` (days; <NA>: open, or not observed): from the
          concern to that event
        - `observed_working_days_min`, `observed_working_days_max` (working days; <NA>: open, or
          not observed): the same in working days
        - `coded_as` (text): the basis of the tie between answer and concern
        - `places` (text): paragraph and sentence of the source

    See Also
    --------
    opportunities : a row for each concern, with what was on record and what the review says.
    timescale_checks : the waits that guidance limits, with verdicts.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.response_gaps(review)[["concern", "next_step", "answer", "days_min", "days_max"]]
              concern               next_step       answer  days_min  days_max
    0   referral-2014  (plan-2014, icpc-2014)   visit-2014        11        17
    1  referrals-2014  (plan-2014, icpc-2014)                   <NA>      <NA>
    2      worry-2014  (plan-2014, icpc-2014)                   <NA>      <NA>
    3     bruise-2014  (plan-2014, icpc-2014)                   <NA>      <NA>
    4       told-2014  (plan-2014, icpc-2014)    icpc-2014        20        28
    5     breach-2014                      ()  answer-2014         4        25
    6       harm-2015                      ()                   <NA>      <NA>
    """
    tables, chronology, jurisdiction = review.tables, review.chronology, review.meta.jurisdiction
    calendar = working_calendar(jurisdiction)
    raised, paired = concerns(tables), _paired(tables)
    ids = list(raised)
    carriers = {concern: row.carried_by for concern, row in raised.items()}
    carried_by = _carried_by(tables, carriers, paired)
    kinds, summaries, absences, bases = (
        by_event(tables, column) | {"": ""} for column in ("kind", "summary", "absence", "basis")
    )
    ended, end = at_end(tables, chronology, ids), end_event(tables)
    answering = {row for row, concern in ties(tables, "answers") if concern in raised}
    known = known_at_the_time(tables, ids)
    later = {row for row in ids if known[row] == LEARNED_LATER}
    facts = rows_in(tables["attributes"], "attribute", "row", "value")
    # What it led to stands in rows of their own, or in its own as an outcome.
    followed = [(row, value) for fact, row, value in facts if fact == "outcome"]
    for concern, led in followed_by(tables).items():
        followed += [(concern, summaries[event]) for event, _ in led]
    led_to = {concern: "; ".join(words) for concern, words in by_key(followed).items()}
    disposes = codebook().flagged("event_kind", "disposes")

    def state_of(concern: str, answer: str) -> str:
        if concern in ended:
            return END
        if absence := absences[answer]:
            return INSUFFICIENT if absence == "insufficient" else STATED_ABSENCE
        if kinds[answer] == UNCLASSIFIED:
            return NOT_CLASSIFIED
        if answer:
            return CLOSED_OR_LEFT if kinds[answer] in disposes else ANSWERED
        if concern in later:
            return LEARNED_LATER
        if concern in answering:
            return ITSELF
        # What is told in a row that is no concern has no answers there.
        carried = not raised.keys().isdisjoint(carried_by[concern])
        return CARRIED if carried else FOLLOWED if concern in led_to else NOTHING_RECORDED

    states = {(concern, answer): state_of(concern, answer) for concern, answer, *_ in paired}

    def next_steps(tables: Tables, chronology: Chronology) -> dict[str, Next]:
        steps = rows_with(tables, "protective")
        return {
            concern: next_step(concern, steps, chronology, calendar, bool(absences[concern]))
            for concern in ids
            if concern not in ended | later
        }

    next_of = next_steps(tables, chronology)
    next_without_judged = next_steps(*without_judged(tables, chronology))

    def waits(pairs: list[tuple[str, str]]) -> dict[tuple[str, str], Wait]:
        of_pairs = waits_between(chronology, pairs, calendar)
        return dict(zip(pairs, of_pairs, strict=True))

    answered = waits(
        [pair for pair, state in states.items() if state in (ANSWERED, CLOSED_OR_LEFT)]
    )
    observed = waits(
        [
            (concern, end)
            for (concern, _), state in states.items()
            if end and state in _WAITING
            if concern in next_of and next_of[concern].follows != CERTAINLY
        ]
    )
    label, places = codebook().label, placed(tables["locators"])
    named = partial(label, "event_kind", jurisdiction=jurisdiction)
    rows = []
    for concern, answer, link, coded_as in paired:
        state, absence = states[concern, answer], absences[answer]
        upcoming = next_of.get(concern, Next())
        holds = upcoming == next_without_judged.get(concern, upcoming)
        to_end = observed.get((concern, end)) if state in _WAITING else None
        rows.append(
            (
                *(concern, *raised[concern][:-1], answer),
                with_mark(named(kinds[answer]), bases[answer]) if answer else "",
                led_to[concern] if state == FOLLOWED else summaries[answer],
                state,
                with_mark(label("absence", absence), coded_as) if absence else "",
                carried_by[concern],
                *answered.get((concern, answer), Wait()),
                upcoming.steps,
                "; ".join(summaries[step] for step in upcoming.steps),
                as_judged(upcoming.follows, holds),
                *upcoming.wait,
                end if to_end else "",
                *(to_end or Wait()),
                coded_as,
                places_of(places, concern, answer, link),
            )
        )
    return as_in_help(response_gaps, rows)


def _carried_by(
    tables: Tables, carriers: Mapping[str, tuple[str, ...]], paired: list[tuple[str, str, str, str]]
) -> dict[str, tuple[str, ...]]:
    """The rows that tell of each concern or count it; also, of a row without an answer that tells
    of a concern with one, that concern: its answer stands there."""
    carried_by = dict(carriers)
    answered = {concern for concern, answer, *_ in paired if answer}
    for telling, concern in ties(tables, "tells-of"):
        if concern in answered and telling not in answered and carried_by.get(telling) == ():
            carried_by[telling] = (concern,)
    return carried_by


def state_of_concerns(gaps: pd.DataFrame) -> dict[str, str]:
    """What became of each concern, over all its answers? `gaps` is `response_gaps`.

    What only the coder judged to be an answer, or is not classified yet, counts where there is no
    other. Of the others the first that fits of: answered by a step, answered insufficiently,
    missing (says the source), closed or left, answer not classified yet, learned only afterwards,
    followed, without an answer on record, and the others."""
    ranks = by_key(
        (concern, (coded_as == JUDGED or state == NOT_CLASSIFIED, _FIRST.index(state)))
        for concern, state, coded_as in rows_in(gaps, "concern", "state", "coded_as")
    )
    return {concern: _FIRST[min(of_concern)[1]] for concern, of_concern in ranks.items()}


def followed_by(tables: Tables) -> dict[str, list[tuple[str, str]]]:
    """By concern, what it led to that is no answer to it, no concern and no absence, each with how
    firmly it is tied."""
    absences = {row for row, absence in by_event(tables, "absence").items() if absence}
    left_out = {*absences, *concern_ids(tables)}
    answers = {(concern, answer) for answer, concern in ties(tables, "answers")}
    links = rows_in(tables["links"], "type", "from_row", "to_row", "basis")
    return by_key(
        (concern, (event, basis))
        for tie, concern, event, basis in links
        if tie == "led-to" and event not in left_out and (concern, event) not in answers
    )


@kept
def breach_responses(review: Review) -> pd.DataFrame:
    """How long from a breach of a plan to the response?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        The rows of `response_gaps` whose concern is a breach of a plan, with the same
        columns, of which its help says what each holds: `concern`, `raised`, `summary`,
        `how_many`, `by`, `to`, `held_by`, `themes`, `says`, `answer`, `answered_by`,
        `answer_summary`, `state`, `lack`, `carried_by`, `known`, `days_min`, `days_max`,
        `working_days_min`, `working_days_max`, `next_step`, `next_step_summary`,
        `next_step_follows`, `next_step_known`, `next_step_days_min`, `next_step_days_max`,
        `next_step_working_days_min`, `next_step_working_days_max`, `observed_to`,
        `observed_known`, `observed_days_min`, `observed_days_max`,
        `observed_working_days_min`, `observed_working_days_max`, `coded_as`, `places`.

    See Also
    --------
    response_gaps : all concerns, and what each column means.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.breach_responses(review)[["concern", "answer", "days_min", "days_max"]]
           concern       answer  days_min  days_max
    0  breach-2014  answer-2014         4        25
    """
    gaps = response_gaps(review)
    breaches = ids_where(review.tables["events"], "kind", {"plan-breach"})
    return gaps.loc[gaps["concern"].isin(breaches)].reset_index(drop=True)


def _paired(tables: Tables) -> list[tuple[str, str, str, str]]:
    """Each concern with each of its answers, the link between them and its basis; empty texts where
    there is no answer."""
    names = ("type", "to_row", "from_row", "id", "basis")
    answers = by_key(
        (row[1], row[1:]) for row in rows_in(tables["links"], *names) if row[0] == "answers"
    )
    return [
        row
        for concern in concern_ids(tables)
        for row in answers.get(concern, [(concern, "", "", "")])
    ]
