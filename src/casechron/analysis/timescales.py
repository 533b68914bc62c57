"""Were the timescales of statutory guidance kept, as far as the dates can tell?

Maxima in guidance, not targets and not statute. The edition follows the date of the event that starts the clock (of the
event that ends it, where the source gives no start); a date that straddles two editions is checked under both. A step
that the source does not mention is not a step that was not taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from casechron.analysis.concerns import end_event
from casechron.analysis.intervals import whole_numbers, working_days
from casechron.analysis.record import places
from casechron.analysis.timescale_rules import Rule, rules
from casechron.chronology import Chronology, PairRegion, feasible_region
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.chronology.network import closed
from casechron.chronology.shares import Condition, WithinMonths, WithinWorkingDays, settled, share
from casechron.chronology.working_days import (
    CalendarError,
    WorkingCalendar,
    corresponding_days,
    limit_day,
    narrowed,
    working_calendar,
)
from casechron.coding.codebook import codebook
from casechron.coding.days import day_text

__all__ = [
    "MET", "NOT_APPLICABLE", "NOT_MET", "UNDETERMINED", "Clock", "clocks", "due_window", "end_by_due", "judged", "timescale_checks",
    "verdict",
]  # fmt: skip

Tables = Mapping[str, pd.DataFrame]

MET, NOT_MET, UNDETERMINED, NOT_APPLICABLE = "met", "not met", "undetermined", "not applicable"
#: The receiver whose clock a referral starts: a local authority's social care (codes of the list `sector`).
_CLOCK_OF = frozenset({"5A", "5C"})
_LOCAL_CLOCK = "referral"
_DAY_ONES = ("day after", "start day")


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock of a rule in a review: the ids of the events that start and stop it, '' where there is none."""

    rule: str
    start: str
    end: str


def timescale_checks(tables: Tables, chronology: Chronology, jurisdiction: str, *, until: str = "") -> pd.DataFrame:
    """Which timescales were met, and of which can that not be said?

    One row per rule, clock and edition that may apply; a rule that nothing in the review starts or stops has one row
    that says so. `verdict` is 'met' or 'not met' if all date pairs that the source admits say so, 'undetermined' (then
    `would_settle` names the fact that would settle it), 'not applicable' (then it says why) or 'no admissible
    chronology'. `edition_applies` is 'possible' where the date straddles editions. The due window runs from the first to
    the last day on which the limit can end; margins are working days left between the step and the due day, below 0
    when late. `end_of_account` is the injury, admission or death (`until` chooses another event), and `end_by_due`
    whether it came on or before the due day: 'certain', 'possible' or 'ruled out'. Days are dates, NaT is open.

    Where the clock's start is not on record, `near` names an event near to it (for a conference, the start of section 47
    enquiries) and the working days from there: context, not a check.

    Counting: `convention` is the policy's working day 1; `other_convention` gives the verdict under the other one.
    """
    calendar = working_calendar(jurisdiction)
    until = end_event(tables, until)
    found = places(tables["locators"])
    rows = []
    ours = [rule for rule in rules() if rule.jurisdiction == jurisdiction]
    for name in dict.fromkeys(rule.rule for rule in ours):
        editions = [rule for rule in ours if rule.rule == name]
        running = clocks(tables, chronology, editions[0])
        before = len(rows)
        for clock in running:
            window = _window(chronology, clock.start or clock.end)
            applying = [rule for rule in editions if rule.may_apply(*window)]
            rows += [
                _check(tables, chronology, calendar, rule, clock, until, len(applying) > 1) | {"places": _placed(found, clock)}
                for rule in applying
            ]
        if len(rows) == before:
            rows.append(_not_running(editions[0], bool(running)))
    return _table(rows, chronology.policy.working_day_one)


def clocks(tables: Tables, chronology: Chronology, rule: Rule) -> list[Clock]:
    """Which clocks of a rule does the review start or stop? In table order; stops without a start come last.

    A referral that is part of another row is not counted twice, and one that only other agencies received starts no
    clock of children's social care.
    """
    events, links = tables["events"], tables["links"]
    there = events.loc[events["absence"] == ""]
    starts = [row for row in there.loc[there["kind"].isin(rule.starts), "id"] if _counts(tables, row)]
    ends = list(there.loc[there["kind"].isin(rule.ends), "id"])
    tied = links.loc[links["type"].isin(["answers", "led-to"])]
    pairs = set(zip(tied["from_row"], tied["to_row"], strict=True))
    pairs |= {(to_row, from_row) for from_row, to_row in pairs}
    same_kind = set(rule.starts) & set(rule.ends)
    found, used = [], set()
    for start in starts:
        free = [end for end in ends if end != start and end not in used]
        chosen = next((end for end in free if (end, start) in pairs), "")
        if not chosen and rule.pairing == "next":
            chosen = next((end for end in free if _may_follow(chronology, start, end, after=bool(same_kind))), "")
        if rule.ends_by == "the step":
            used.add(chosen)
        found.append(Clock(rule.rule, start, chosen))
    if rule.pairing == "next" and not same_kind:
        found += [Clock(rule.rule, "", end) for end in ends if end not in used]
    return found


def verdict(rule: Rule, region: PairRegion, calendar: WorkingCalendar, day_one: str) -> str:
    """Met, not met or undetermined, from all date pairs that a clock's start and end admit.

    A sign that the step had been taken by some day can show that a limit was met, never that it was not.

    >>> from datetime import date
    >>> start, end = date(2006, 12, 12).toordinal(), date(2006, 12, 22).toordinal()
    >>> icpc = next(rule for rule in rules() if rule.rule == "icpc")
    >>> verdict(icpc, PairRegion(start, start, end, end, None, None), working_calendar("England"), "day after")
    'met'
    """
    condition = _condition(rule, calendar, day_one)
    if condition is None or rule.ends_by == "not told apart":
        return UNDETERMINED
    narrow = narrowed(region)
    if settled(narrow, condition):
        return MET
    if rule.ends_by == "a later sign" or narrow.gap_lo is None or narrow.gap_lo < 0:
        return UNDETERMINED
    return NOT_MET if settled(narrow, condition) is False else UNDETERMINED


def due_window(rule: Rule, start: tuple[int | None, int | None], calendar: WorkingCalendar, day_one: str) -> tuple[int | None, int | None]:
    """The first and the last day on which the limit can end; None where the start, or the limit, is not known."""
    first, last = (None if day is None or rule.limit is None else _due(rule, day, calendar, day_one) for day in start)
    return first, last


def end_by_due(rule: Rule, region: PairRegion, calendar: WorkingCalendar, day_one: str) -> str:
    """Did the end of the account come on or before the due day? From the pairs of the clock's start and that end.

    An end before the clock even started counts as before the due day.
    """
    condition = _condition(rule, calendar, day_one)
    if condition is None:
        return ""
    narrow = narrowed(region)
    if narrow.gap_hi is not None and narrow.gap_hi < 0:
        return "certain"
    within = settled(narrow, condition)
    if within is None or (within is False and (narrow.gap_lo is None or narrow.gap_lo < 0)):
        later = narrow if narrow.gap_lo is not None and narrow.gap_lo >= 0 else narrow._replace(gap_lo=0)
        return "certain" if settled(later, condition) else "possible"
    return "certain" if within else "ruled out"


def _check(
    tables: Tables, chronology: Chronology, calendar: WorkingCalendar, rule: Rule, clock: Clock, until: str, several: bool
) -> dict[str, object]:
    day_one = chronology.policy.working_day_one
    start, actual = _window(chronology, clock.start), _window(chronology, clock.end)
    region = _region(chronology, clock.start, clock.end)
    try:
        due = due_window(rule, start, calendar, day_one)
        ended = _region(chronology, clock.start, until)
        by_due = end_by_due(rule, ended, calendar, day_one) if ended and until != clock.start else ""
        found = judged(tables, rule, clock, region, by_due, calendar, day_one)
        other = judged(tables, rule, clock, region, by_due, calendar, _other(day_one))
        settles = _reason(tables, chronology, rule, clock, found)
        margins = _margins(rule, region, calendar, day_one) if region else (None, None)
        counted = _share(rule, region, calendar, day_one)
    except CalendarError:
        due, by_due, found, settles = (None, None), "", UNDETERMINED, "a working-day calendar that reaches these dates"
        other, margins, counted = found, (None, None), ""
    if not chronology.admissible:
        found, other, settles = NOT_ADMISSIBLE, NOT_ADMISSIBLE, ""
    work = working_days(region, calendar, day_one)
    near = "" if clock.start or not rule.near_start else _near(tables, chronology, rule, clock.end)
    near_work = working_days(_region(chronology, near, clock.end), calendar, day_one)
    return {
        "rule": rule.rule,
        "title": rule.title,
        "edition": rule.edition,
        "edition_applies": "possible" if several else "certain",
        "start": clock.start,
        "end": clock.end,
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
        "margin_min": margins[0],
        "margin_max": margins[1],
        "near_working_days_min": near_work[0],
        "near_working_days_max": near_work[1],
        "within_limit": counted,
        "near": near,
        "other_convention": other if rule.unit == "working days" else found,
        "end_of_account": until,
        "end_by_due": by_due,
        "source_seen": "yes" if rule.source_seen else "no",
    }


def judged(
    tables: Tables, rule: Rule, clock: Clock, region: PairRegion | None, by_due: str, calendar: WorkingCalendar, day_one: str
) -> str:
    """The verdict on one clock, from the date pairs that it admits (None where an end of it is not on record)."""
    if rule.limit is None or not clock.start:
        return UNDETERMINED
    if not clock.end and rule.ends and by_due == "certain":
        return NOT_APPLICABLE
    if _several(tables, clock.start):
        return UNDETERMINED
    if not clock.end:
        return NOT_MET if rule.ends_by == "the step" and "did-not-happen" in _lacks(tables, rule, clock) else UNDETERMINED
    return UNDETERMINED if region is None else verdict(rule, region, calendar, day_one)


def _reason(tables: Tables, chronology: Chronology, rule: Rule, clock: Clock, found: str) -> str:
    """What would settle an undetermined check, or why a check does not apply."""
    if found == NOT_APPLICABLE:
        return "the account ends before it was due"
    if found != UNDETERMINED:
        return ""
    if rule.limit is None:
        return f"the limit in {rule.edition}, which the table of rules does not have"
    if not clock.start:
        return rule.start_fact
    if _several(tables, clock.start):
        return f"for each of several events that stand in one row: {rule.start_fact}, and {rule.end_fact}"
    if not clock.end:
        said = [codebook().label("absence", grade) for grade in _lacks(tables, rule, clock)]
        kept = f"whether it took place at all (the source says: {'; '.join(said)}), and " if said else ""
        return f"{kept}{rule.end_fact}; the source gives none"
    dated = {rule.start_fact: _dated(chronology, clock.start)}
    dated[rule.end_fact] = rule.ends_by == "the step" and _dated(chronology, clock.end)
    return " and ".join(fact for fact, known in dated.items() if not known)


def _lacks(tables: Tables, rule: Rule, clock: Clock) -> list[str]:
    """The grades of absence with which the source says that the step did not follow."""
    events, links = tables["events"], tables["links"]
    answers = set(links.loc[(links["type"] == "answers") & (links["to_row"] == clock.start), "from_row"])
    rows = events.loc[events["id"].isin(answers) & events["kind"].isin(rule.ends) & (events["absence"] != ""), "absence"]
    return list(rows)


def _not_running(rule: Rule, there: bool) -> dict[str, object]:
    labels = [codebook().label("event_kind", kind).lower() for kind in dict.fromkeys((*rule.starts, *rule.ends[:1]))]
    why = f"there is no {' and no '.join(labels)} on record for this clock to run"
    if there:
        why = "no edition with this rule, of those in the table of rules, was in force then"
    return {"rule": rule.rule, "title": rule.title, "verdict": NOT_APPLICABLE, "would_settle": why}


_TEXT = ("rule", "title", "edition", "edition_applies", "start", "end", "limit", "verdict", "would_settle")
_DAYS = ("start_earliest", "start_latest", "due_earliest", "due_latest", "actual_earliest", "actual_latest")
_NUMBERS = ("days_min", "days_max", "working_days_min", "working_days_max", "margin_min", "margin_max",
            "near_working_days_min", "near_working_days_max")  # fmt: skip
_MORE = ("within_limit", "near", "convention", "other_convention", "convention_matters", "end_of_account", "end_by_due", "source_seen", "places")


def _table(rows: list[dict[str, object]], day_one: str) -> pd.DataFrame:
    for row in rows:
        row["convention"] = day_one
        row.setdefault("other_convention", row["verdict"])
        row["convention_matters"] = "no" if row["other_convention"] == row["verdict"] else "yes"
    table: dict[str, pd.Series] = {}
    for name in (*_TEXT, *_DAYS, *_NUMBERS, *_MORE):
        values = [row.get(name) for row in rows]
        if name in _DAYS:
            texts = [day_text(value) if isinstance(value, int) else None for value in values]
            table[name] = pd.Series(pd.to_datetime(pd.Series(texts, dtype="str"))).astype("datetime64[s]")
        elif name in _NUMBERS:
            table[name] = whole_numbers(value if isinstance(value, int) else None for value in values)
        else:
            table[name] = pd.Series(["" if value is None else str(value) for value in values], dtype="str")
    return pd.DataFrame(table)


def _condition(rule: Rule, calendar: WorkingCalendar, day_one: str) -> Condition | None:
    if rule.limit is None:
        return None
    return WithinMonths(rule.limit) if rule.unit == "months" else WithinWorkingDays(rule.limit, calendar, day_one)


def _due(rule: Rule, start: int, calendar: WorkingCalendar, day_one: str) -> int:
    assert rule.limit is not None
    if rule.unit == "months":
        return int(corresponding_days(start, rule.limit))
    return limit_day(start, rule.limit, calendar, day_one)


def _margins(rule: Rule, region: PairRegion, calendar: WorkingCalendar, day_one: str) -> tuple[int | None, int | None]:
    """Working days from the end to the due day, least and most, over all date pairs of the region."""
    if rule.limit is None:
        return None, None
    if rule.unit == "working days":
        least, most = working_days(region, calendar, day_one)
        return (None if most is None else rule.limit - most), (None if least is None else rule.limit - least)
    from_lo, from_hi, to_lo, to_hi, gap_lo, gap_hi = narrowed(region)
    if from_lo is None or from_hi is None:
        return None, None
    firsts = calendar.days(from_lo, from_hi)
    due = calendar.up_to(corresponding_days(firsts, rule.limit))
    least_margin = most_margin = None
    if to_hi is not None and gap_hi is not None:
        least_margin = int((due - calendar.up_to(np.minimum(to_hi, firsts + gap_hi))).min())
    if to_lo is not None and gap_lo is not None:
        most_margin = int((due - calendar.up_to(np.maximum(to_lo, firsts + gap_lo))).max())
    return least_margin, most_margin


def _share(rule: Rule, region: PairRegion | None, calendar: WorkingCalendar, day_one: str) -> str:
    condition = _condition(rule, calendar, day_one)
    if region is None or condition is None or rule.ends_by != "the step":
        return ""
    counted = share(region, condition)
    return "" if counted.admitted is None else f"{counted.satisfying:,} of {counted.admitted:,} date pairs"


def _region(chronology: Chronology, start: str, end: str) -> PairRegion | None:
    """The date pairs of a clock: from the start of the one to the end of the other (a moment's only day)."""
    if not chronology.admissible or not start or not end or start == end:
        return None
    lasts = chronology.lowered.shape[chronology.lowered.place[end]] == "span"
    kind = chronology.lowered.events[chronology.lowered.place[end]].kind
    point = "end" if lasts and kind == "assessment" else "start"
    return feasible_region(chronology, start, end, to_point=point)


def _window(chronology: Chronology, event: str) -> tuple[int | None, int | None]:
    """Between which days an event starts; open where no chronology is admissible and for no event."""
    if not event:
        return None, None
    row = chronology.event_windows[chronology.lowered.place[event]]
    return closed(row[0]), closed(row[1])


def _dated(chronology: Chronology, event: str) -> bool:
    first, last = _window(chronology, event)
    return first is not None and first == last


def _may_follow(chronology: Chronology, start: str, end: str, *, after: bool) -> bool:
    if not chronology.admissible:
        place = chronology.lowered.place
        return place[end] > place[start]
    most = feasible_region(chronology, start, end).gap_hi
    return most is None or most >= int(after)


def _near(tables: Tables, chronology: Chronology, rule: Rule, end: str) -> str:
    """The last event of the near kind that may come before the clock's end."""
    events = tables["events"]
    there = events.loc[(events["kind"] == rule.near_start) & (events["absence"] == ""), "id"]
    return next((event for event in reversed(list(there)) if _may_follow(chronology, event, end, after=False)), "")


def _several(tables: Tables, event: str) -> bool:
    row = tables["events"].set_index("id").loc[event]
    return bool(int(row["count_min"] or 0) > 1 or int(row["count_max"] or 0) > 1 or (row["count_min"] and not row["count_max"]))


def _counts(tables: Tables, event: str) -> bool:
    events, links, rows = tables["events"], tables["links"], tables["involvement"]
    kinds = dict(zip(events["id"], events["kind"], strict=True))
    wholes = links.loc[(links["type"] == "part-of") & (links["from_row"] == event), "to_row"]
    if any(kinds.get(whole) == kinds[event] for whole in wholes):
        return False
    if kinds[event] != _LOCAL_CLOCK:
        return True
    sectors = dict(zip(tables["agencies"]["id"], tables["agencies"]["sector"], strict=True))
    received = [sectors[one] for one in rows.loc[(rows["event"] == event) & (rows["role"] == "received"), "agency"]]
    return not received or bool(_CLOCK_OF & set(received)) or set(received) == {"10"}


def _placed(found: pd.Series, clock: Clock) -> str:
    said = [str(found[event]) for event in (clock.start, clock.end) if event and event in found.index]
    return "; ".join(dict.fromkeys(said))


def _other(day_one: str) -> str:
    return next(one for one in _DAY_ONES if one != day_one)
