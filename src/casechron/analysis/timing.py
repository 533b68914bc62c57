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
from casechron.analysis.columns import Tables, ids_where, listed, rows_in, table_of, ties
from casechron.analysis.concerns import (
    by_event,
    concern_ids,
    concerns,
    end_event,
    end_events,
    rows_with,
)
from casechron.analysis.intervals import share_words
from casechron.analysis.judgements import as_judged, marked, without_judged
from casechron.analysis.knowledge_paths import JUDGED
from casechron.analysis.on_record import AFTERWARDS, known_at_the_time
from casechron.analysis.record import placed, places_of
from casechron.analysis.timescale_rules import Rule, rules
from casechron.analysis.verdicts import due_spans
from casechron.analysis.waits import (
    CERTAINLY,
    PRECEDES,
    Next,
    Wait,
    follows,
    next_step,
    not_before,
    waits_between,
)
from casechron.chronology import Chronology, feasible_region
from casechron.chronology.calendars import CalendarError, WorkingCalendar, working_calendar
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.chronology.shares import WithinWorkingDays, uncounted
from casechron.coding.codebook import codebook

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


def response_gaps(
    tables: Tables, chronology: Chronology, jurisdiction: str, *, until: str = ""
) -> pd.DataFrame:
    """What became of each concern, how long did it wait for its answer, and which protective step
    on record came next?

    One row per concern and answer, or one row for a concern without any; in table order. Days run
    from the start of the concern (its first occurrence) to the start of the answer, which never
    precedes it. `state` is 'answered by a step', 'closed or left' (no further action, a closure),
    'answered insufficiently' (an answer without a day), 'missing (says the source)' (`lack` says
    how firmly, and marks an inferred tie), 'followed, not said to answer it' (`answer_summary`
    tells what it led to), 'without an answer on record', 'learned only afterwards' (what nobody
    knew did not wait), 'told or counted in another row' (see `carried_by`; not to be counted
    again), 'itself an answer' (to another concern) or 'the end of the account'.

    `next_step` names the protective steps that can be the next on record, whether or not they are
    said to answer the concern; `next_step_follows` says whether one 'certainly' or 'possibly'
    follows, 'none on record', or 'cannot be told' (no day ties the concern to a step, or it is an
    absence, which no order ties to one), each 'as judged' where without what the coder judged that,
    the steps or the days to them would be others. Its days are the least over the steps that may
    follow, and the most over those that certainly do. Where none certainly follows what is closed,
    missing or without an answer, `observed_days` run to `observed_to`, the injury, admission or
    death that `until` can replace.

    `known` says in what way the days are known ('only an order' leaves them empty; 'dated before
    it' where the coded dates put the answer first). No days are told on a side that the coding of
    the concern or of its answer leaves open; `left_open` names it. Where guidance limits the wait
    between two such kinds of event, `limit` says so, `limit_days` the calendar days that it spans,
    and `within_limit` the date pairs that keep it. `coded_as` is the basis of the link that ties
    answer and concern."""
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
                marked(label("event_kind", kinds[answer]), basis[answer]) if answer else "",
                then[concern] if state == FOLLOWED else summaries[answer],
                state,
                marked(label("absence", absence), coded_as) if absence else "",
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
    return table_of(_GAPS, rows)


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
    return listed(
        (one, (other, basis))
        for tie, one, other, basis in rows_in(
            tables["links"], "type", "from_row", "to_row", "basis"
        )
        if tie == "led-to" and one in asked and other not in apart and (one, other) not in answers
    )


def breach_responses(gaps: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """How long from a breach of a plan to the response? The rows of `response_gaps` whose concern
    is a breach."""
    breaches = ids_where(tables["events"], "kind", {"plan-breach"})
    return gaps.loc[gaps["concern"].isin(breaches)].reset_index(drop=True)


def _paired(tables: Tables) -> list[tuple[str, str, str, str]]:
    """Each concern with each of its answers, the link between them and its basis; empty texts where
    there is no answer."""
    names = ("type", "to_row", "from_row", "id", "basis")
    answers = listed(
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


def steps_after_concerns(tables: Tables, chronology: Chronology, jurisdiction: str) -> pd.DataFrame:
    """Which protective steps on record follow each concern, and after how many days?

    One row per concern (`concerns.concern_ids`) and protective step that certainly or possibly
    follows it (`follows`), in table order; the step need not be said to answer it. Days run from
    the start of the concern to the start of the step."""
    calendar, summaries = working_calendar(jurisdiction), by_event(tables, "summary")
    rows, places = [], placed(tables["locators"])
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
    return table_of(columns, rows)


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
