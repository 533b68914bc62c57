"""How long did each concern wait for an answer, and for the next protective step?

What answers a concern is coded (links of type *answers*), never guessed from the order of events;
an answer never precedes its concern. A closure, or a decision to do no more, answers nothing: the
concern was left, and the next protective step on record is told. Where none certainly follows, the
wait is right-censored: it is observed until the injury, admission or death that the account runs up
to."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from casechron.analysis.ages import shown_windows
from casechron.analysis.clocks import start_window
from casechron.analysis.columns import Tables, by_key, ids_where, rows_in, ties, to_table
from casechron.analysis.concerns import (
    by_event,
    concern_ids,
    concerns,
    end_event,
    end_events,
    rows_with,
)
from casechron.analysis.intervals import share_words
from casechron.analysis.judgements import JUDGED, as_judged, with_mark, without_judged
from casechron.analysis.kept import kept
from casechron.analysis.on_record import AFTERWARDS, known_at_the_time
from casechron.analysis.record import placed, places_of
from casechron.analysis.timescale_rules import Rule, rules
from casechron.analysis.verdicts import due_spans
from casechron.analysis.waits import (
    CERTAINLY,
    Next,
    Wait,
    next_step,
    not_before,
    waits_between,
)
from casechron.chronology import Chronology, feasible_region
from casechron.chronology.calendars import CalendarError, WorkingCalendar, working_calendar
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.chronology.shares import WithinWorkingDays, uncounted
from casechron.coding.codebook import codebook
from casechron.review import Review

__all__ = ["breach_responses", "response_gaps"]


ANSWERED = "answered by a step"
#: The case was closed, or it was decided to do no more: the codebook's *disposes*.
CLOSED = "closed or left"
#: There was an answer, and the review calls it insufficient; it has a window and no day.
INSUFFICIENT = "answered insufficiently"
#: The source says outright, or with less force, that what would have answered it did not take
#: place.
STATED_ABSENCE = "missing (says the source)"
NOTHING_RECORDED = "without an answer on record"
#: It led to something that nothing says was meant as an answer to it.
FOLLOWED = "followed, not said to answer it"
#: No agency is coded as having known of it at the time, so nobody let it wait.
LEARNED_LATER = AFTERWARDS
#: Another row tells of the concern or counts it together with others; its answers stand there.
CARRIED = "told or counted in another row"
#: The row is the answer to another concern.
ITSELF = "itself an answer"
#: The event that the account runs up to, or what is certainly no earlier: there is no wait to
#: observe.
END = "the end of the account"

#: States in which a concern can be seen to wait up to the end of the account.
_WAITING = (CLOSED, STATED_ABSENCE, FOLLOWED, NOTHING_RECORDED)

#: Of several answers, the one that says what became of the concern; then what has none of its own.
_FIRST = (
    *(ANSWERED, INSUFFICIENT, STATED_ABSENCE, CLOSED, LEARNED_LATER),
    *(FOLLOWED, NOTHING_RECORDED, CARRIED, ITSELF, END),
)
#: What a row tells of its concern (`concerns.concerns`), and its columns.
_RAISED = ("concern", "raised", "summary", "how_many", "by", "to", "held_by", "themes", "says")
_GAPS = (
    *(*_RAISED, "answer", "answered_by", "answer_summary", "state", "lack", "carried_by"),
    *(*Wait._fields, "next_step", "next_step_summary", "next_step_follows"),
    *(f"next_step_{name}" for name in Wait._fields),
    *("limit", "limit_days_min", "limit_days_max", "within_limit", "observed_to"),
    *(f"observed_{name}" for name in Wait._fields),
    *("coded_as", "places"),
)


@kept
def response_gaps(review: Review, *, until: str = "") -> pd.DataFrame:
    """What became of each concern, how long did it wait for its answer, and which protective step
    on record came next?

    Days run from the start of the concern (its first occurrence) to the start of the answer or the
    step, which never precedes it. A closure, or a decision to do no more, is no answer. Where no
    protective step certainly follows, what is closed, missing or without an answer is observed up
    to the end of the account: the observed days say how long nothing is recorded. The next step
    need not have been taken because of the concern, and the concern need not be about the child.

    No days are closer than what the source itself says of when an event was to which a living
    child's published age refers, also where another of its statements gives them: what it dates to
    a month is told as any day of that month. Between two events whose days are both
    told more widely the days stay, since they tell the day of neither.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.
    until : str, default ""
        The id of the event that ends the account. Empty is the death, else the injury, else the
        admission on record: what certainly comes no earlier waits for nothing, and the others are
        observed up to the first of these that has a date of its own.

    Returns
    -------
    pandas.DataFrame
        One row per concern and answer, or one for a concern without any, in the order of the
        coding.

        - `concern`, `raised`, `summary` (text): the concern's id, its kind, and what happened
        - `how_many` (text): 'once', or how often, as in 'at least 2'; empty for a worry, and for
          what lasts, of which the source gives no count
        - `by`, `to`, `held_by` (text): who raised it, who received it, who held it, as coded, also
          where the source does not state it: see `inferred` in `opportunities`, and
          `agencies_in_events`
        - `themes` (text): what it was about
        - `says` (text): how firmly it is said of persons in it, and on whose account
        - `answer`, `answered_by`, `answer_summary` (text): the answer's id, its kind, with
          'derived' or 'judged' where the row that says so is, and what happened
        - `state` (text): 'answered by a step', 'closed or left', 'answered insufficiently',
          'missing (says the source)' (outright or with less force: see `lack`), 'followed, not
          said to answer it' (what it led to stands in `answer_summary`), 'without an answer on
          record', 'learned only afterwards' (no agency is recorded as having known, which is not
          that none did), 'told or counted in another row', 'itself an answer' or 'the end of the
          account'
        - `lack` (text): how firmly the source says that an answer was missing, with 'derived' or
          'judged' where it is so inferred that this was the answer to the concern
        - `carried_by` (text): the rows that tell of it or count it with others, or of which it
          tells, where its answers stand, so that it is not to be counted again
        - `known` (text): in what way the days are known: 'exactly', 'between', 'at least', 'only an
          order', 'no admissible chronology', or 'dated before it: worth a look'
        - `days_min`, `days_max` (days; <NA>: open, only an order, or no answer): the wait, at least
          and at most
        - `working_days_min`, `working_days_max` (working days; <NA>: as for the days): the same in
          working days of the review's jurisdiction
        - `left_open` (text): which event has no earliest or no latest day in its own coding, where
          that is why no days are told
        - `next_step`, `next_step_summary` (text): the ids of the protective steps that can be the
          next on record, and what happened; protective are the kinds that the codebook flags so, as
          a section 47 enquiry, a conference or a plan, and not an assessment
        - `next_step_follows` (text): 'certainly', 'possibly', 'none on record', or 'cannot be told'
          where no day ties the concern to a step, or it is an absence; 'as judged' where that, the
          steps or the days would be others without what the coder judged; empty where no agency is
          recorded as having known of it then, and at the end of the account
        - `next_step_known` (text): in what way its days are known, as in `known`
        - `next_step_days_min`, `next_step_days_max` (days; <NA>: open, only an order, or none): the
          least over the steps that may follow, the most over those that certainly do
        - `next_step_working_days_min`, `next_step_working_days_max` (working days; <NA>: as for the
          days): the same in working days
        - `next_step_left_open` (text): as `left_open`
        - `limit` (text): the limit that guidance sets on this wait, if any
        - `limit_days_min`, `limit_days_max` (days; <NA>: no limit, or open): the days that the
          limit spans
        - `within_limit` (text): in how many of the date pairs the limit is kept
        - `observed_to` (text): the event up to which a concern is seen to wait
        - `observed_known` (text): in what way the observed days are known, as in `known`
        - `observed_days_min`, `observed_days_max` (days; <NA>: open, or not observed): from the
          concern to that event
        - `observed_working_days_min`, `observed_working_days_max` (working days; <NA>: open, or
          not observed): the same in working days
        - `observed_left_open` (text): as `left_open`
        - `coded_as` (text): the basis of the tie between answer and concern
        - `places` (text): paragraph and sentence of the source

    Raises
    ------
    ValueError
        For `until` that is no event of the review.

    See Also
    --------
    opportunities : a row for each concern, with what was on record and what the review says.
    steps_after_concerns : every protective step that follows a concern.
    timescale_checks : the waits that guidance limits, with verdicts.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.response_gaps(review)[["concern", "next_step", "answer", "days_min", "days_max"]]
              concern             next_step       answer  days_min  days_max
    0   referral-2014  plan-2014; icpc-2014   visit-2014        11        17
    1  referrals-2014  plan-2014; icpc-2014                   <NA>      <NA>
    2      worry-2014  plan-2014; icpc-2014                   <NA>      <NA>
    3     bruise-2014  plan-2014; icpc-2014                   <NA>      <NA>
    4       told-2014  plan-2014; icpc-2014    icpc-2014        20        28
    5     breach-2014                        answer-2014         4        25
    6       harm-2015                                         <NA>      <NA>
    """
    tables, chronology, jurisdiction = review.tables, review.chronology, review.meta.jurisdiction
    calendar = working_calendar(jurisdiction)
    by_default, until = not until, end_event(tables, until)
    paired = _paired(tables)
    raised = {row[0]: row for row in rows_in(concerns(tables), *_RAISED, "carried_by")}
    carriers_of = {concern: row[-1] for concern, row in raised.items()}
    answered = {concern for concern, answer, *_ in paired if answer}
    ids = list(dict.fromkeys(concern for concern, *_ in paired))
    # A row without an answer that tells of one that was answered has its answer there.
    for telling, concern in ties(tables, "tells-of"):
        unanswered = telling not in answered and carriers_of.get(telling) == ""
        if concern in answered and unanswered:
            carriers_of[telling] = concern
    kinds, summaries, absences, basis = (
        by_event(tables, column) | {"": ""} for column in ("kind", "summary", "absence", "basis")
    )
    at_end = _at_end(chronology, ids, {*end_events(tables)[:1], until} if by_default else {until})
    answering = {row for row, _ in ties(tables, "answers")}
    later = {row for row, known in known_at_the_time(tables, ids).items() if known == AFTERWARDS}
    then = {
        concern: "; ".join(summaries[one] for one, _ in rows)
        for concern, rows in followed_by(tables, ids).items()
    }
    disposes = codebook().flagged("event_kind", "disposes")

    def state_of(concern: str, answer: str) -> str:
        if concern in at_end:
            return END
        if absence := absences[answer]:
            return INSUFFICIENT if absence == "insufficient" else STATED_ABSENCE
        if answer:
            return CLOSED if kinds[answer] in disposes else ANSWERED
        if concern in later:
            return LEARNED_LATER
        if concern in answering:
            return ITSELF
        # What is told in a row that is no concern has no answers there.
        carried = not set(ids).isdisjoint(carriers_of[concern].split("; "))
        return CARRIED if carried else FOLLOWED if concern in then else NOTHING_RECORDED

    states = {(concern, answer): state_of(concern, answer) for concern, answer, *_ in paired}
    asked = [concern for concern in ids if concern not in at_end | later]

    def next_steps(tables: Tables, chronology: Chronology) -> dict[str, Next]:
        steps, shown = rows_with(tables, "protective"), shown_windows(tables, chronology)
        return {
            concern: next_step(concern, steps, chronology, calendar, bool(absences[concern]), shown)
            for concern in asked
        }

    nexts = next_steps(tables, chronology)
    firm = next_steps(*without_judged(tables, chronology))
    follow = {one: as_judged(nexts[one].follows, nexts[one] == firm[one]) for one in asked}
    took_place = [pair for pair, state in states.items() if state in (ANSWERED, CLOSED)]
    censored = [
        (concern, until)
        for (concern, _), state in states.items()
        if until
        and state in _WAITING
        and concern not in later
        and nexts.get(concern, Next()).follows != CERTAINLY
    ]
    shown = shown_windows(tables, chronology)
    waits, observed = (
        dict(zip(pairs, waits_between(chronology, pairs, calendar, shown=shown), strict=True))
        for pairs in (took_place, censored)
    )
    label, places = codebook().label, placed(tables["locators"])
    rows = []
    for concern, answer, link, coded_as in paired:
        state, absence = states[concern, answer], absences[answer]
        upcoming = nexts.get(concern, Next())
        limit: tuple[str, int | None, int | None, str] = ("", None, None, "")
        if (concern, answer) in waits:
            limit = _limit(chronology, jurisdiction, calendar, concern, answer)
        to_end = observed.get((concern, until)) if state in _WAITING else None
        rows.append(
            (
                *raised[concern][:-1],
                answer,
                with_mark(label("event_kind", kinds[answer]), basis[answer]) if answer else "",
                then[concern] if state == FOLLOWED else summaries[answer],
                state,
                with_mark(label("absence", absence), coded_as) if absence else "",
                carriers_of[concern],
                *waits.get((concern, answer), Wait()),
                "; ".join(upcoming.steps),
                "; ".join(summaries[step] for step in upcoming.steps),
                follow.get(concern, ""),
                *upcoming.wait,
                *limit,
                until if to_end else "",
                *(to_end or Wait()),
                coded_as,
                places_of(places, concern, answer, link),
            )
        )
    return to_table(_GAPS, rows)


def state_of_concerns(gaps: pd.DataFrame) -> dict[str, str]:
    """What became of each concern, over all its answers? `gaps` is `response_gaps`.

    What only the coder judged to be an answer counts where there is no other. Of the others the
    first that fits of: answered by a step, answered insufficiently, missing (says the source),
    closed or left, learned only afterwards, followed, without an answer on record, and the
    others."""
    states: dict[str, tuple[bool, str]] = {}
    for concern, state, coded_as in rows_in(gaps, "concern", "state", "coded_as"):
        own = (coded_as == JUDGED, state)
        states[concern] = min(
            states.get(concern, own), own, key=lambda one: (one[0], _FIRST.index(one[1]))
        )
    return {concern: state for concern, (_, state) in states.items()}


def followed_by(tables: Tables, ids: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """By concern, what it led to that is no answer to it, no concern and no absence, each with how
    firmly it is tied."""
    asked = set(ids)
    apart = {row for row, absence in rows_in(tables["events"], "id", "absence") if absence}
    apart.update(concern_ids(tables))
    answers = {(concern, answer) for answer, concern in ties(tables, "answers")}
    return by_key(
        (one, (other, basis))
        for tie, one, other, basis in rows_in(
            tables["links"], "type", "from_row", "to_row", "basis"
        )
        if tie == "led-to" and one in asked and other not in apart and (one, other) not in answers
    )


@kept
def breach_responses(review: Review, *, until: str = "") -> pd.DataFrame:
    """How long from a breach of a plan to the response?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.
    until : str, default ""
        The id of the event that ends the account, as in `response_gaps`.

    Returns
    -------
    pandas.DataFrame
        The rows of `response_gaps` whose concern is a breach of a plan, with the same columns.

    Raises
    ------
    ValueError
        For `until` that is no event of the review.

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
    gaps = response_gaps(review, until=until)
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


def _at_end(chronology: Chronology, ids: Iterable[str], ends: set[str]) -> set[str]:
    """The ends of the account, an undated injury of the child, and what is certainly no earlier
    than one of the ends."""
    ends = ends - {""}
    if not ends:
        return ends

    def over(concern: str) -> bool:
        row = chronology.lowered.events[chronology.lowered.place[concern]]
        if row.kind == "harm-to-child" and not row.date:
            return True
        if not chronology.admissible:
            return False
        most = (feasible_region(chronology, concern, end).gap_hi for end in ends)
        return any(days is not None and days <= 0 for days in most)

    return ends.union(filter(over, set(ids) - ends))


def _limit(
    chronology: Chronology,
    jurisdiction: str,
    calendar: WorkingCalendar,
    concern: str,
    answer: str,
) -> tuple[str, int | None, int | None, str]:
    """The limit that guidance sets between two such kinds, the calendar days it spans, and the
    share that keeps it."""
    lowered = chronology.lowered
    kinds = [lowered.events[lowered.place[event]].kind for event in (concern, answer)]
    first, last = start_window(chronology, concern)
    applying = [
        rule
        for rule in rules()
        if rule.jurisdiction == jurisdiction
        and rule.limit is not None
        and rule.unit == "working days"
        and rule.ends_by == "the step"
        and kinds[0] in rule.starts
        and kinds[1] in rule.ends
        and rule.may_apply(first, last)
    ]
    if not applying:
        return "", None, None, ""
    words = "; ".join(
        dict.fromkeys(f"{rule.limit_words} ({rule.title.lower()})" for rule in applying)
    )
    # Over every day that the concern can be of: a holiday between the first and the last makes the
    # longest span.
    day_one = chronology.policy.working_day_one
    spans = (due_spans(rule, (first, last), calendar, day_one) for rule in applying)
    lengths = [days for span in spans for days in span if days is not None]
    one_limit = len({rule.limit for rule in applying}) == 1
    kept = _within(chronology, applying[0], calendar, concern, answer) if one_limit else ""
    return words, min(lengths, default=None), max(lengths, default=None), kept


def _within(
    chronology: Chronology, rule: Rule, calendar: WorkingCalendar, concern: str, answer: str
) -> str:
    if not chronology.admissible:
        return NOT_ADMISSIBLE
    if uncounted(chronology, concern, answer):
        return ""
    assert rule.limit is not None
    condition = WithinWorkingDays(rule.limit, calendar, chronology.policy.working_day_one)
    region = not_before(feasible_region(chronology, concern, answer))
    try:
        return share_words(region, condition)
    except CalendarError:
        return ""
