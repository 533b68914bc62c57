"""How long did each concern wait for an answer?

What answers a concern is coded (links of type *answers*), never guessed from the order of events. A
concern without an answer is right-censored: it is observed until the injury, admission or death
that the account runs up to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from casechron.analysis.columns import cells, ids_where, rows_in
from casechron.analysis.concerns import by_event, concern_ids, concerns, end_event, learned_later
from casechron.analysis.intervals import intervals, whole_numbers
from casechron.analysis.record import placed
from casechron.analysis.timescale_rules import Rule, rules
from casechron.analysis.verdicts import due_spans
from casechron.chronology import Chronology, feasible_region
from casechron.chronology.calendars import CalendarError, WorkingCalendar, working_calendar
from casechron.chronology.day_columns import NOT_ADMISSIBLE, texts
from casechron.chronology.network import closed
from casechron.chronology.shares import WithinWorkingDays, share
from casechron.coding.codebook import codebook

__all__ = [
    "ANSWERED",
    "CARRIED",
    "END",
    "INSUFFICIENT",
    "ITSELF",
    "LEARNED_LATER",
    "NOTHING_RECORDED",
    "STATED_ABSENCE",
    "breach_responses",
    "response_gaps",
]

Tables = Mapping[str, pd.DataFrame]

ANSWERED = "answered"
#: The source says outright, or with less force, that what would have answered it did not take
#: place.
STATED_ABSENCE = "absence stated"
#: There was an answer, and the review calls it insufficient; it has a window and no day.
INSUFFICIENT = "called insufficient"
NOTHING_RECORDED = "nothing recorded"
#: No agency is coded as having known of it at the time, so nobody let it wait.
LEARNED_LATER = "learned only afterwards"
#: Another row tells of the concern or counts it together with others; its answers stand there.
CARRIED = "told or counted in another row"
#: The row is the answer to another concern.
ITSELF = "itself an answer"
#: The event that the account runs up to, or what is certainly no earlier: there is no wait to
#: observe.
END = "the end of the account"

_DAYS = ("days_min", "days_max", "working_days_min", "working_days_max")


def response_gaps(
    tables: Tables, chronology: Chronology, jurisdiction: str, *, until: str = ""
) -> pd.DataFrame:
    """How long did each concern wait for its answer, at least and at most, and which have none on
    record?

    One row per concern and answer, or one row for a concern without any; in table order. Days run
    from the start of the concern (its first occurrence) to the start of the answer. `state` is
    'answered', 'absence stated' or 'nothing recorded' (both right-censored: the days are empty, and
    `observed_days` run to `observed_to`, the injury, admission or death that `until` can replace),
    'called insufficient' (an answer without a day), 'learned only afterwards' (by the agencies, as
    coded: what nobody knew did not wait), 'told or counted in another row' (see `carried_by`; not
    to be counted again), 'itself an answer' (to another concern) or 'the end of the account'.
    `lack` is what the source says of the lack.

    `known` says in what way the days are known ('only an order' leaves them empty); `not_before`
    how many of the admitted date pairs have the answer not before the concern. Where guidance
    limits the wait between two such kinds of event, `limit` says so, `limit_days` the calendar days
    that it spans, and `within_limit` the date pairs that keep it. `coded_as` is the basis of the
    link that ties answer and concern."""
    calendar = working_calendar(jurisdiction)
    until = end_event(tables, until)
    table = _paired(tables).merge(
        concerns(tables), on="concern", how="left", validate="many_to_one"
    )
    pairs = list(rows_in(table, "concern", "answer"))
    kinds, summaries, absences = (
        by_event(tables, column) | {"": ""} for column in ("kind", "summary", "absence")
    )
    absence = [absences[answer] for _, answer in pairs]
    at_end = _at_end(chronology, [concern for concern, _ in pairs], until)
    answering = {
        row for tie, row in rows_in(tables["links"], "type", "from_row") if tie == "answers"
    }
    later = learned_later(tables)
    state = [
        _state(concern, answer, lack, bool(carried), at_end, answering, later)
        for (concern, answer), lack, carried in zip(
            pairs, absence, cells(table, "carried_by"), strict=True
        )
    ]
    waits = _between(chronology, pairs, [one == ANSWERED for one in state], calendar)
    censored = [one in (STATED_ABSENCE, NOTHING_RECORDED) and bool(until) for one in state]
    observed = _between(chronology, [(concern, until) for concern, _ in pairs], censored, calendar)
    limits = [
        (
            _limit(tables, chronology, jurisdiction, calendar, concern, answer)
            if one == ANSWERED
            else ("", None, None, "")
        )
        for (concern, answer), one in zip(pairs, state, strict=True)
    ]
    book, found = codebook(), placed(tables["locators"])
    answered_by = [book.label("event_kind", kinds[answer]) if answer else "" for _, answer in pairs]
    lacks = [
        (
            book.label("absence", grade)
            if grade
            else NOTHING_RECORDED
            if one == NOTHING_RECORDED
            else ""
        )
        for grade, one in zip(absence, state, strict=True)
    ]
    return pd.DataFrame(
        {
            **{
                name: table[name]
                for name in (
                    "concern",
                    "raised",
                    "summary",
                    "how_many",
                    "by",
                    "to",
                    "held_by",
                    "themes",
                    "says",
                )
            },
            "answer": table["answer"],
            "answered_by": texts(answered_by),
            "answer_summary": texts(summaries[answer] for _, answer in pairs),
            "state": texts(state),
            "lack": texts(lacks),
            "carried_by": table["carried_by"],
            "known": waits["known"],
            **{name: waits[name] for name in _DAYS},
            "not_before": waits["not_before"],
            "limit": texts([one[0] for one in limits]),
            "limit_days_min": whole_numbers([one[1] for one in limits]),
            "limit_days_max": whole_numbers([one[2] for one in limits]),
            "within_limit": texts([one[3] for one in limits]),
            "observed_to": texts([until if one else "" for one in censored]),
            "observed_known": observed["known"],
            **{f"observed_{name}": observed[name] for name in _DAYS},
            "coded_as": table["coded_as"],
            "places": texts(
                [_joined(found, *row) for row in rows_in(table, "concern", "answer", "link")]
            ),
        }
    ).reset_index(drop=True)


def breach_responses(gaps: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """How long from a breach of a plan to the response? The rows of `response_gaps` whose concern
    is a breach."""
    events = tables["events"]
    breaches = set(ids_where(events, "kind", {"plan-breach"}))
    return gaps.loc[[concern in breaches for concern in cells(gaps, "concern")]].reset_index(
        drop=True
    )


def _paired(tables: Tables) -> pd.DataFrame:
    """One row per concern and answer; an empty answer where there is none."""
    answers: dict[str, list[tuple[str, ...]]] = {}
    for tie, concern, *answer in rows_in(
        tables["links"], "type", "to_row", "from_row", "id", "basis"
    ):
        if tie == "answers":
            answers.setdefault(concern, []).append((concern, *answer))
    rows = [
        row
        for concern in concern_ids(tables)
        for row in answers.get(concern, [(concern, "", "", "")])
    ]
    return pd.DataFrame(rows, columns=["concern", "answer", "link", "coded_as"], dtype="str")


def _state(
    concern: str,
    answer: str,
    absence: str,
    carried: bool,
    at_end: set[str],
    answering: set[str],
    later: set[str],
) -> str:
    if concern in later and (absence or not answer):
        return LEARNED_LATER
    if answer:
        return (
            INSUFFICIENT if absence == "insufficient" else STATED_ABSENCE if absence else ANSWERED
        )
    if concern in at_end:
        return END
    if concern in answering:
        return ITSELF
    return CARRIED if carried else NOTHING_RECORDED


def _at_end(chronology: Chronology, ids: Iterable[str], until: str) -> set[str]:
    """The end event, an undated injury of the child, and what is certainly no earlier than the
    end."""
    if not until:
        return set()
    place = chronology.lowered.place
    found = {until}
    for concern in set(ids) - {until}:
        row = chronology.lowered.events[place[concern]]
        if row.kind == "harm-to-child" and not row.date:
            found.add(concern)
        elif chronology.admissible:
            most = feasible_region(chronology, concern, until).gap_hi
            if most is not None and most <= 0:
                found.add(concern)
    return found


def _between(
    chronology: Chronology,
    pairs: list[tuple[str, str]],
    wanted: list[bool],
    calendar: WorkingCalendar,
) -> pd.DataFrame:
    """`intervals` for the rows that are wanted, and nothing for the others."""
    at = [place for place, one in enumerate(wanted) if one]
    found = intervals(chronology, [pairs[place] for place in at], calendar)
    known, shares = [""] * len(pairs), [""] * len(pairs)
    numbers: dict[str, list[int | None]] = {name: [None] * len(pairs) for name in _DAYS}
    for place, way, not_before, *days in zip(
        at, *(cells(found, name) for name in ("known", "not_before", *_DAYS)), strict=True
    ):
        known[place], shares[place] = way, not_before
        for name, value in zip(_DAYS, days, strict=True):
            numbers[name][place] = None if value is pd.NA else int(value)
    return pd.DataFrame(
        {
            "known": texts(known),
            **{name: whole_numbers(values) for name, values in numbers.items()},
            "not_before": texts(shares),
        }
    )


def _limit(
    tables: Tables,
    chronology: Chronology,
    jurisdiction: str,
    calendar: WorkingCalendar,
    concern: str,
    answer: str,
) -> tuple[str, int | None, int | None, str]:
    """The limit that guidance sets between two such kinds, the calendar days it spans, and the
    share that keeps it."""
    place = chronology.lowered.place
    kinds = [chronology.lowered.events[place[event]].kind for event in (concern, answer)]
    window = [closed(day) for day in chronology.event_windows[place[concern]]]
    first, last = window[0], window[1]
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
    spans = [
        due_spans(rule, (first, last), calendar, chronology.policy.working_day_one)
        for rule in applying
    ]
    lengths = [one for span in spans for one in span if one is not None]
    kept = (
        ""
        if len({rule.limit for rule in applying}) > 1
        else _within(chronology, applying[0], calendar, concern, answer)
    )
    return words, min(lengths, default=None), max(lengths, default=None), kept


def _within(
    chronology: Chronology, rule: Rule, calendar: WorkingCalendar, concern: str, answer: str
) -> str:
    if not chronology.admissible:
        return NOT_ADMISSIBLE
    assert rule.limit is not None
    condition = WithinWorkingDays(rule.limit, calendar, chronology.policy.working_day_one)
    try:
        counted = share(feasible_region(chronology, concern, answer), condition)
    except CalendarError:
        return ""
    return (
        ""
        if counted.admitted is None
        else f"{counted.satisfying:,} of {counted.admitted:,} date pairs"
    )


def _joined(found: Mapping[str, str], *rows: str) -> str:
    return "; ".join(dict.fromkeys(found[row] for row in rows if row in found))
