"""Were the timescales of statutory guidance kept, as far as the dates can tell?

Maxima in guidance, not targets and not statute. The edition follows the date of the event that
starts the clock (of the event that ends it, where the source gives no start); a date that straddles
two editions is checked under both. A step that the source does not mention is not a step that was
not taken."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from casechron.analysis.clocks import (
    Clock,
    Stated,
    clocks,
    coded,
    may_follow,
    stated_of,
    step_point,
)
from casechron.analysis.concerns import end_event
from casechron.analysis.intervals import whole_numbers, working_days
from casechron.analysis.record import places
from casechron.analysis.timescale_rules import Rule, rules
from casechron.analysis.verdicts import (
    NOT_APPLICABLE,
    UNDETERMINED,
    due_spans,
    due_window,
    end_by_due,
    judged,
    margins,
    share_within,
)
from casechron.chronology import Chronology, PairRegion, feasible_region
from casechron.chronology.calendars import CalendarError, WorkingCalendar, working_calendar
from casechron.chronology.day_columns import NOT_ADMISSIBLE, calendar_days
from casechron.chronology.network import closed
from casechron.coding.codebook import codebook

__all__ = ["timescale_checks"]

Tables = Mapping[str, pd.DataFrame]

_DAY_ONES = ("day after", "start day")


def timescale_checks(
    tables: Tables, chronology: Chronology, jurisdiction: str, *, until: str = ""
) -> pd.DataFrame:
    """Which timescales were met, and of which can that not be said?

    One row per rule, clock and edition that may apply; a rule that nothing in the review starts or
    stops has one row that says so. `verdict` is 'met' or 'not met' if all date pairs that the
    source admits say so, 'undetermined' (then `would_settle` names the fact that would settle it),
    'not applicable' (then it says why) or 'no admissible chronology'. `edition_applies` is
    'possible' where the date straddles editions. The due window runs from the first to the last day
    on which the limit can end (`due_days` are calendar days from the start to it), and is open
    where the clock starts only when an event becomes known; margins are working days left between
    the step and the due day, below 0 when late. `end_of_account` is the injury, admission or death
    (`until` chooses another event), and `end_by_due` whether it came on or before the due day:
    'certain', 'possible' or 'ruled out'. Days are dates, NaT is open.

    Where the clock's start is not on record, `near` names an event near to it (for a conference,
    the start of section 47 enquiries) and the working days from there: context, not a check.

    Counting: `convention` is the policy's working day 1; `other_convention` gives the verdict under
    the other one."""
    calendar = working_calendar(jurisdiction)
    until = end_event(tables, until)
    found = places(tables["locators"])
    rows: list[dict[str, object]] = []
    ours = [rule for rule in rules() if rule.jurisdiction == jurisdiction]
    first = {rule.rule: rule for rule in reversed(ours)}
    every = clocks(coded(tables), chronology, first.values())
    stated = {
        rule: stated_of(tables, [(rule, clock) for clock in every[rule.rule]]) for rule in ours
    }
    for name in dict.fromkeys(rule.rule for rule in ours):
        editions = [rule for rule in ours if rule.rule == name]
        running = every[name]
        before = len(rows)
        for clock in running:
            window = _window(chronology, clock.start or clock.end)
            applying = [rule for rule in editions if rule.may_apply(*window)]
            rows += [
                _check(
                    tables,
                    chronology,
                    calendar,
                    rule,
                    clock,
                    stated[rule][clock],
                    until,
                    len(applying) > 1,
                )
                | {"places": _placed(found, clock)}
                for rule in applying
            ]
        if len(rows) == before:
            rows.append(_not_running(editions[0], bool(running)))
    return _table(rows, chronology.policy.working_day_one)


def _check(
    tables: Tables,
    chronology: Chronology,
    calendar: WorkingCalendar,
    rule: Rule,
    clock: Clock,
    stated: Stated,
    until: str,
    several: bool,
) -> dict[str, object]:
    day_one = chronology.policy.working_day_one
    summaries = dict(zip(tables["events"]["id"], tables["events"]["summary"], strict=True))
    start, actual = _window(chronology, clock.start), _window(chronology, clock.end)
    if rule.starts_by != "the event":
        # It starts on that day or on any later one, and the source need not say when.
        start = None, None
    region = _region(chronology, clock.start, clock.end)
    ended = _region(chronology, clock.start, until) if rule.starts_by == "the event" else None
    try:
        due = due_window(rule, start, calendar, day_one)
        by_due = end_by_due(rule, ended, calendar, day_one) if ended else ""
        found = judged(rule, clock, stated, region, by_due, calendar, day_one)
        other = judged(rule, clock, stated, region, by_due, calendar, _other(day_one))
        settles = _reason(chronology, rule, clock, stated, found)
        left = margins(rule, region, calendar, day_one) if region else (None, None)
        counted = share_within(rule, region, calendar, day_one)
    except CalendarError:
        due, by_due, found, settles = (
            (None, None),
            "",
            UNDETERMINED,
            "a working-day calendar that reaches these dates",
        )
        other, left, counted = found, (None, None), ""
    if not chronology.admissible:
        found, other, settles = NOT_ADMISSIBLE, NOT_ADMISSIBLE, ""
    work = working_days(region, calendar, day_one)
    spans = due_spans(rule, start, calendar, day_one)
    near = "" if clock.start or not rule.near_start else _near(tables, chronology, rule, clock.end)
    near_work = working_days(_region(chronology, near, clock.end), calendar, day_one)
    return {
        "rule": rule.rule,
        "title": rule.title,
        "edition": rule.edition,
        "edition_applies": "possible" if several else "certain",
        "start": clock.start,
        "start_summary": summaries.get(clock.start, ""),
        "end": clock.end,
        "end_summary": summaries.get(clock.end, ""),
        "limit": rule.limit_words,
        "verdict": found,
        "would_settle": settles,
        "start_earliest": start[0],
        "start_latest": start[1],
        "due_earliest": due[0],
        "due_latest": due[1],
        "actual_earliest": actual[0],
        "actual_latest": actual[1],
        "days_min": region.gap_lo if region else None,
        "days_max": region.gap_hi if region else None,
        "working_days_min": work[0],
        "working_days_max": work[1],
        "due_days_min": spans[0],
        "due_days_max": spans[1],
        "end_days_min": ended.gap_lo if ended else None,
        "end_days_max": ended.gap_hi if ended else None,
        "margin_min": left[0],
        "margin_max": left[1],
        "near_working_days_min": near_work[0],
        "near_working_days_max": near_work[1],
        "within_limit": counted,
        "near": near,
        "other_convention": other if rule.unit == "working days" else found,
        "end_of_account": until,
        "end_by_due": by_due,
        "source_seen": "yes" if rule.source_seen else "no",
    }


def _reason(chronology: Chronology, rule: Rule, clock: Clock, stated: Stated, found: str) -> str:
    """What would settle an undetermined check, or why a check does not apply."""
    if found == NOT_APPLICABLE:
        return "the account ends before it was due"
    if found != UNDETERMINED:
        return ""
    if rule.limit is None:
        return f"the limit in {rule.edition}, which the table of rules does not have"
    if not clock.start:
        return rule.start_fact
    if stated.several:
        return (
            f"for each of several events that stand in one row: {rule.start_fact}, and"
            f" {rule.end_fact}"
        )
    if not clock.end:
        said = [codebook().label("absence", grade) for grade in stated.lacks]
        kept = (
            f"whether it took place at all (the source says: {'; '.join(said)}), and "
            if said
            else ""
        )
        known = "" if rule.starts_by == "the event" else f"{rule.start_fact}, and "
        return f"{kept}{known}{rule.end_fact}; the source gives {'neither' if known else 'none'}"
    dated = {rule.start_fact: rule.starts_by == "the event" and _dated(chronology, clock.start)}
    dated[rule.end_fact] = rule.ends_by == "the step" and _dated(chronology, clock.end)
    return " and ".join(fact for fact, known in dated.items() if not known)


def _not_running(rule: Rule, there: bool) -> dict[str, object]:
    labels = [
        codebook().label("event_kind", kind).lower()
        for kind in dict.fromkeys((*rule.starts, *rule.ends[:1]))
    ]
    why = f"there is no {' and no '.join(labels)} on record for this clock to run"
    if there:
        why = "no edition with this rule, of those in the table of rules, was in force then"
    return {"rule": rule.rule, "title": rule.title, "verdict": NOT_APPLICABLE, "would_settle": why}


_TEXT = (
    "rule",
    "title",
    "edition",
    "edition_applies",
    "start",
    "start_summary",
    "end",
    "end_summary",
    "limit",
    "verdict",
    "would_settle",
)
_DAYS = (
    "start_earliest",
    "start_latest",
    "due_earliest",
    "due_latest",
    "actual_earliest",
    "actual_latest",
)
_NUMBERS = (
    "due_days_min",
    "due_days_max",
    "days_min",
    "days_max",
    "working_days_min",
    "working_days_max",
    "margin_min",
    "margin_max",
    "end_days_min",
    "end_days_max",
    "near_working_days_min",
    "near_working_days_max",
)
_MORE = (
    "within_limit",
    "near",
    "convention",
    "other_convention",
    "convention_matters",
    "end_of_account",
    "end_by_due",
    "source_seen",
    "places",
)


def _table(rows: list[dict[str, object]], day_one: str) -> pd.DataFrame:
    for row in rows:
        row["convention"] = day_one
        row.setdefault("other_convention", row["verdict"])
        row["convention_matters"] = "no" if row["other_convention"] == row["verdict"] else "yes"
    table: dict[str, pd.Series] = {}
    for name in (*_TEXT, *_DAYS, *_NUMBERS, *_MORE):
        values = [row.get(name) for row in rows]
        if name in _DAYS:
            known = np.array([isinstance(value, int) for value in values], dtype=bool)
            days = np.array(
                [value if isinstance(value, int) else 0 for value in values], dtype=np.int64
            )
            table[name] = pd.Series(calendar_days(days, known))
        elif name in _NUMBERS:
            table[name] = whole_numbers(
                value if isinstance(value, int) else None for value in values
            )
        else:
            table[name] = pd.Series(
                ["" if value is None else str(value) for value in values], dtype="str"
            )
    return pd.DataFrame(table)


def _region(chronology: Chronology, start: str, end: str) -> PairRegion | None:
    """The date pairs of a clock: from the start of the one to the end of the other (a moment's only
    day)."""
    if not chronology.admissible or not start or not end or start == end:
        return None
    return feasible_region(chronology, start, end, to_point=step_point(chronology, end))


def _window(chronology: Chronology, event: str) -> tuple[int | None, int | None]:
    """Between which days an event starts; open where no chronology is admissible and for no
    event."""
    if not event:
        return None, None
    row = chronology.event_windows[chronology.lowered.place[event]]
    return closed(row[0]), closed(row[1])


def _dated(chronology: Chronology, event: str) -> bool:
    first, last = _window(chronology, event)
    return first is not None and first == last


def _near(tables: Tables, chronology: Chronology, rule: Rule, end: str) -> str:
    """The last event of the near kind that may come before the clock's end."""
    events = tables["events"]
    there = events.loc[(events["kind"] == rule.near_start) & (events["absence"] == ""), "id"]
    return next(
        (
            event
            for event in reversed(list(there))
            if may_follow(chronology, event, end, after=False)
        ),
        "",
    )


def _placed(found: pd.Series, clock: Clock) -> str:
    said = [
        str(found[event]) for event in (clock.start, clock.end) if event and event in found.index
    ]
    return "; ".join(dict.fromkeys(said))


def _other(day_one: str) -> str:
    return next(one for one in _DAY_ONES if one != day_one)
