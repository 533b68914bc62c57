"""Were the timescales of statutory guidance kept, as far as the dates can tell?

Maxima in guidance, not targets and not statute. The edition follows the date of the event that
starts the clock (of the event that ends it, where the source gives no start); a date that straddles
two editions is checked under each on its own days, and told once. A step that the source does not
mention is not a step that was not taken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import pandas as pd

from casechron.analysis.clocks import (
    SOURCE_SEEN,
    UNSAID_CONFERENCE,
    Clock,
    ClockFacts,
    Rule,
    clock_facts,
    clocks,
    rules_of,
    step_point,
    step_window,
)
from casechron.analysis.concerns import by_event, end_event
from casechron.analysis.intervals import hull, working_days
from casechron.analysis.judgements import as_judged, carrying, without_judged
from casechron.analysis.pairing import may_be_no_later
from casechron.analysis.record import placed, places_of
from casechron.analysis.tables import Tables, as_in_help, kept
from casechron.analysis.verdicts import (
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    UNDETERMINED,
    Limit,
    clock_verdict,
    end_by_due,
    held_as_judged,
    of_edition,
    start_runs,
    would_settle,
)
from casechron.analysis.windows import shown_region, start_window
from casechron.chronology import Chronology, PairRegion
from casechron.chronology.calendars import CalendarError, WorkingCalendar, working_calendar
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.chronology.pairs import feasible_regions
from casechron.coding.codebook import codebook
from casechron.review import Review

__all__ = ["timescale_checks"]


#: Working day 1 of the dating policy, and the other convention.
_OTHER_DAY_ONE = {"day after": "start day", "start day": "day after"}
#: For how many days before its birth a child can be known of.
_EXPECTED = 300


@kept
def timescale_checks(review: Review) -> pd.DataFrame:
    """Which timescales were met, and of which can that not be said?

    A rule is met if every admissible chronology says so, and not met only if, besides, no step that
    is not coded can have come first. A link between two steps binds first; otherwise the step that
    stops a clock is the earliest one of its kind on or after the start (after its day, where both
    are of one kind) and within its spell: a case until it is closed, a plan until the end that the
    coding bounds, if it does, or until another initial conference, whose own plan then runs. The
    due window runs from the first to the last day on which the limit can end; it is open where the
    clock starts only when an event becomes known.
    Limits are those of the review's jurisdiction, and no edition that ended before a child was
    expected who died, by its published age. What is coded as a notification is no referral and
    starts no clock.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per rule and clock, however many editions may apply; a rule that nothing in the
        review starts or stops has one row that says so: it is not applicable or, where it counts
        from a conference and a plan is on record, which some conference made, undetermined.

        - `rule`, `title` (text): the rule's id, and what it is about
        - `edition` (text): the guidance and its edition, several where the date straddles them
        - `edition_applies` (text): by the date alone 'certain' ('certain as judged' if that is so
          only by days that the coder judged), or 'possible' where there are several; where one
          system of reviews gave way to another, which of the two a review came under is not told;
          empty where no edition applies
        - `start`, `start_summary` (text): the id of the event that starts the clock, and what
          happened
        - `end`, `end_summary` (text): the id of the event that ends the clock, and what happened;
          empty where more than one can have ended it, or where it only shows that the step had been
          taken by then, which leaves its days and margins empty too
        - `may_end` (ids): the ids of all events that can have ended it, or that show so
        - `limit` (text): the limit with its unit, as in '15 working days'
        - `verdict` (text): 'met', 'met as judged' (not without what the coder judged), 'not met',
          'undetermined', 'not applicable' or 'no admissible chronology'
        - `rests_on` (ids): the ids of the judged rows that carry a verdict which does not hold
          without them
        - `would_settle` (text): the fact that would settle what is undetermined, or that another
          verdict takes for granted, or why the rule is not applicable; of a referral while a plan
          ran also whether it counted as one, which `re_referrals` says of it too
        - `start_earliest`, `start_latest` (date; NaT: open): the days on which the clock's first
          event can have begun
        - `due_earliest`, `due_latest` (date; NaT: open): the first and the last day on which the
          limit can end
        - `actual_earliest`, `actual_latest` (date; NaT: open): the days on which the step can have
          been taken; of an assessment that lasts, on which it can have ended
        - `met_from_earliest`, `met_from_latest` (date; NaT: not undetermined, or open): on or after
          which day the clock must have started, for a step on the first and on the last of its
          possible days to be in time
        - `due_days_min`, `due_days_max` (days; <NA>: open): calendar days from the start to the due
          day
        - `days_min`, `days_max` (days; <NA>: open): calendar days from the start to the step
        - `working_days_min`, `working_days_max` (working days; <NA>: open): the same in working
          days
        - `margin_min`, `margin_max` (working days; <NA>: open): left between the step and the due
          day; below 0 the step was late. On a day off after the due day it is 0: by a limit in
          working days the step was in time, by one in months late
        - `end_days_min`, `end_days_max` (days; <NA>: open): from the start to the end of the
          account
        - `near_working_days_min`, `near_working_days_max` (working days; <NA>: open, or none near):
          from the event of `near` to the step
        - `within_limit` (text): in how many of the date pairs that the source admits the limit is
          kept; empty where only closer days than are told beside an age settle the verdict
        - `near` (text): where the clock's start is not on record, the id of an event near to it:
          context, and no check
        - `convention` (text): the dating policy's working day 1: 'day after' or 'start day'
        - `other_convention` (text): the verdict under the other of these
        - `convention_matters` (text): 'yes' where that is another verdict, else 'no'
        - `end_of_account` (text): the id of the event that ends the account, as in `response_gaps`
        - `end_by_due` (text): whether that came on or before the due day: 'certain', 'possible' or
          'ruled out'; empty where no event ends the account, or the clock has no limit, no start on
          record or one that hangs on when an event became known
        - `source` (text): what bears the limit
        - `source_seen` (text): whether that is the guidance ('edition'), another text that tells of
          it ('secondary') or neither ('not seen'); empty where no edition applies
        - `places` (text): where the source tells of the clock's two events

    See Also
    --------
    response_gaps : every concern and its answer, with or without a limit.

    References
    ----------
    Each rule names its edition of the guidance; their addresses and limits are in
    ``casechron/analysis/timescales.csv``.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.timescale_checks(review)[["rule", "start", "end", "verdict"]].head(5)
                     rule           start        end         verdict
    0   referral-decision  referrals-2014               undetermined
    1          assessment  referrals-2014               undetermined
    2  initial-assessment                             not applicable
    3                icpc   strategy-2014  icpc-2014             met
    4    first-core-group       icpc-2014               undetermined
    """
    tables, chronology, jurisdiction = review.tables, review.chronology, review.meta.jurisdiction
    calendar = working_calendar(jurisdiction)
    rules = rules_of(jurisdiction)
    given = _Checked(clock_facts(tables), chronology, rules, calendar, end_event(tables))
    _, firm = without_judged(tables, chronology)
    places, summaries = placed(tables["locators"]), by_event(tables, "summary")
    rows: list[dict[str, Any]] = []
    for name in dict.fromkeys(rule.rule for rule in rules):
        running = [(given.applying(clock), clock) for clock in given.running[name]]
        for applying, clock in running:
            if applying:
                row = given.row(applying, clock, firm)
                row["start_summary"] = summaries.get(clock.start, "")
                row["end_summary"] = summaries.get(row["end"], "")
                row["places"] = places_of(places, clock.start, *clock.ends)
                rows.append(row)
        if not any(applying for applying, _ in running):
            editions = [rule for rule in rules if rule.rule == name]
            rows.append(_not_running(given, editions, bool(running)))
    _as_judged(rows, given, tables)
    for row in rows:
        row["convention"] = given.day_one
        other = row.setdefault("other_convention", row["verdict"])
        row["convention_matters"] = "no" if other == row["verdict"] else "yes"
    return as_in_help(timescale_checks, rows)


def conference_rules(jurisdiction: str) -> set[str]:
    """The rules of a jurisdiction from a strategy discussion to an initial conference."""
    return {
        rule.rule
        for rule in rules_of(jurisdiction)
        if "strategy-discussion" in rule.starts and "icpc" in rule.ends
    }


def clock_verdicts(
    coding: ClockFacts,
    chronology: Chronology,
    jurisdiction: str,
    until: str,
) -> list[tuple[str, str, str, str, str]]:
    """Rule, title, start, end and verdict of each clock, not yet marked 'as judged'.

    `until` is the end of the account, '' for none."""
    calendar = working_calendar(jurisdiction)
    given = _Checked(coding, chronology, rules_of(jurisdiction), calendar, until)
    return [
        (
            clock.rule,
            applying[0].title,
            clock.start,
            clock.end,
            given.verdict(applying, clock, given.day_one),
        )
        for running in given.running.values()
        for clock in running
        if (applying := given.applying(clock))
    ]


@dataclass(frozen=True, eq=False)
class _Checked:
    """The clocks of a review under one chronology, and their verdicts."""

    coding: ClockFacts
    chronology: Chronology
    rules: Sequence[Rule]
    calendar: WorkingCalendar
    until: str

    @property
    def day_one(self) -> str:
        """The policy's working day 1."""
        return self.chronology.policy.working_day_one

    @cached_property
    def running(self) -> dict[str, list[Clock]]:
        """The clocks that run, by rule."""
        latest = {rule.rule: rule for rule in self.rules}
        return clocks(self.coding, self.chronology, latest.values())

    def applying(self, clock: Clock, chronology: Chronology | None = None) -> list[Rule]:
        """The editions that may apply to a clock, by its days or by those of another chronology. Of
        what has no last day none applies that came after the last source was published."""
        event = clock.start or clock.end
        runs = start_runs(chronology or self.chronology, event)
        about = self.coding.persons[event] & self.coding.children
        born = [self.coding.born[child] for child in about if child in self.coding.born]
        first = min(born) - _EXPECTED if born and len(born) == len(about) else None
        told_by = self.coding.told_by  # No day of an edition is 0.
        return [
            rule
            for rule in self.rules
            if rule.rule == clock.rule
            and any(rule.may_apply(since or first, last or told_by) for since, last in runs)
        ]

    def verdict(self, applying: Sequence[Rule], clock: Clock, day_one: str) -> str:
        """The verdict on a clock, not yet marked 'as judged'."""
        if not self.chronology.admissible:
            return NOT_ADMISSIBLE
        limits = self._limits(applying, day_one)
        try:
            return clock_verdict(limits, clock, self._by_due(limits, clock))
        except CalendarError:
            return UNDETERMINED

    def verdict_of(self, rule: str, start: str, day_one: str) -> str:
        """The verdict on the clock of a rule that an event starts; '' where it starts none."""
        clock = next((clock for clock in self.running[rule] if clock.start == start), None)
        applying = self.applying(clock) if clock else []
        return self.verdict(applying, clock, day_one) if clock and applying else ""

    def _limits(self, applying: Iterable[Rule], day_one: str) -> list[Limit]:
        return [Limit(rule, self.calendar, day_one) for rule in applying]

    def _by_due(self, limits: Sequence[Limit], clock: Clock) -> str:
        """Whether the account ended by the due day, 'possible' where editions differ; '' where no
        event is known to have started the clock, or ends the account."""
        if limits[0].rule.starts_by != "the event" or not (clock.start and self.until):
            return ""
        ended = _regions(self.chronology, clock.start, self.until)
        outcomes = {
            end_by_due(limit, region)
            for limit in limits
            for region in filter(None, (of_edition(limit.rule, days) for days in ended))
        }
        return "" if not ended else outcomes.pop() if len(outcomes) == 1 else "possible"

    def row(self, applying: Sequence[Rule], clock: Clock, firm: Chronology) -> dict[str, Any]:
        """What the table says of a clock; `firm` is the chronology without what was judged."""
        rule, calendar, day_one = applying[0], self.calendar, self.day_one
        limits, chronology = self._limits(applying, day_one), self.chronology
        starts_by_event = rule.starts_by == "the event"
        verdict = self.verdict(applying, clock, day_one)
        # A later sign stops no clock: it can only show that something had, in time.
        sign = rule.ends_by == "a later sign" and verdict != MET
        steps = [case for case in clock.cases if case.end and not sign]

        as_shown = partial(shown_region, chronology)
        # It starts on that day or, where it starts by becoming known, on any later one.
        runs = start_runs(chronology, clock.start if starts_by_event else "", told=True)
        actual = hull(step_window(chronology, rule, case.end, told=True) for case in steps)
        ended = _regions(chronology, clock.start, self.until) if starts_by_event else []
        end = hull(as_shown(region, clock.start, self.until).gap for region in ended)
        other_verdict = self.verdict(applying, clock, _OTHER_DAY_ONE[day_one])
        shown = [
            as_shown(
                case.region, clock.start, case.end, to_point=step_point(chronology, rule, case.end)
            )
            for case in steps
            if case.region
        ]
        regions = [
            (limit, clipped)
            for region in shown
            for limit in limits
            if (clipped := of_edition(limit.rule, region))
        ]
        starts = [
            (limit, _days_of(limit.rule, run))
            for limit in limits
            for run in runs
            if limit.rule.may_apply(*run)
        ]
        try:
            due = hull(limit.due_window(days) for limit, days in starts)
            by_due = self._by_due(limits, clock)
            settled_by = would_settle(self.coding, chronology, limits, clock, verdict)
            margin = hull(limit.margins(region) for limit, region in regions)
            unsettled = verdict == UNDETERMINED and clock.end and rule.ends_by == "the step"
            met_from = hull(limit.first_days_within(actual) for limit in limits if unsettled)
        except CalendarError:
            due = margin = met_from = (None, None)
            by_due, settled_by = "", "a working-day calendar that reaches these dates"
        if not chronology.admissible:
            settled_by = ""
        days = hull(region.gap for _, region in regions)
        working = working_days((region for _, region in regions), calendar, day_one)
        spans = hull(limit.due_spans(days) for limit, days in starts)
        is_near = not clock.start and rule.near_start
        near = _near(self.coding, chronology, rule, clock.end) if is_near else ""
        near_days = _regions(chronology, near, clock.end)
        near_days = [as_shown(region, near, clock.end) for region in near_days]
        near_work = working_days(near_days, calendar, day_one)
        alone = len(applying) == len({case.end for case in clock.cases}) == 1
        counted = (region for _, region in regions if alone)
        within_limit = limits[0].share_within(counted, verdict)
        certain = as_judged("certain", self.applying(clock, firm) == applying)
        return {
            "rule": rule.rule,
            "title": rule.title,
            "edition": " or ".join(edition.edition for edition in applying),
            "edition_applies": "possible" if len(applying) > 1 else certain,
            "start": clock.start,
            "end": clock.end if steps else "",
            "may_end": clock.ends,
            "limit": " or ".join(
                filter(None, dict.fromkeys(edition.limit_words for edition in applying))
            ),
            "verdict": verdict,
            "would_settle": settled_by,
            **_both("earliest", "latest", start=hull(runs), due=due, actual=actual),
            **_both("earliest", "latest", met_from=met_from),
            **_both("min", "max", due_days=spans, days=days, working_days=working, margin=margin),
            **_both("min", "max", end_days=end, near_working_days=near_work),
            "within_limit": within_limit,
            "near": near,
            "other_convention": other_verdict if rule.unit == "working days" else verdict,
            "end_of_account": self.until,
            "end_by_due": by_due,
            "source": "; ".join(dict.fromkeys(edition.source for edition in applying)),
            "source_seen": max(
                (edition.source_seen for edition in applying), key=SOURCE_SEEN.index
            ),
        }


def _as_judged(rows: list[dict[str, Any]], given: _Checked, given_tables: Tables) -> None:
    """Says of each verdict that does not hold without what the coder judged that it rests on it."""

    def checked(rule: str, left_out: Iterable[str] | None = None) -> _Checked:
        tables, chronology = without_judged(given_tables, given.chronology, left_out)
        editions = [edition for edition in given.rules if edition.rule == rule]
        return _Checked(clock_facts(tables), chronology, editions, given.calendar, given.until)

    def still(rule: str, start: str, day_one: str, verdict: str, left_out: Iterable[str]) -> bool:
        return checked(rule, left_out).verdict_of(rule, start, day_one) == verdict

    conventions = {"verdict": given.day_one, "other_convention": _OTHER_DAY_ONE[given.day_one]}
    for row in rows:
        rule, start = row["rule"], row.get("start", "")
        for column, day_one in conventions.items():
            verdict = row.get(column, "")
            if verdict in (MET, NOT_MET):
                without = checked(rule).verdict_of(rule, start, day_one)
                row[column] = held_as_judged(verdict, without)
            if column == "verdict" and row[column] != verdict:
                holds = partial(still, rule, start, day_one, verdict)
                row["rests_on"] = carrying(given_tables, holds)
                if row["verdict"] == UNDETERMINED:
                    row["would_settle"] = "whether what is only judged here holds"


def _not_running(given: _Checked, editions: Sequence[Rule], has_clocks: bool) -> dict[str, Any]:
    """The row of a rule that nothing starts or stops, or only before or after its editions."""
    rule = editions[0]
    plans = given.coding.of_kind("protection-plan") if given.chronology.admissible else []
    unsaid = given.coding.of_kind(UNSAID_CONFERENCE)
    of_conferences = not {"icpc", "review-conference"}.isdisjoint((*rule.starts, *rule.ends))
    # A conference makes a plan, so that there was one, on record or not.
    first = "whether an initial conference made the plan" * bool(plans and "icpc" in rule.starts)
    first = first or "of which kind the conference was" * bool(unsaid and of_conferences)
    days = [start_window(given.chronology, row)[1] for row in (*plans, *unsaid)]
    held = [one for one in editions if any(one.may_apply(None, day) for day in days)]
    if first and held and not has_clocks:
        settles = f"{first}, {rule.start_fact}, and {rule.end_fact}"
        limit = " or ".join(filter(None, dict.fromkeys(each.limit_words for each in held)))
        row = {"rule": rule.rule, "title": rule.title, "limit": limit, "verdict": UNDETERMINED}
        return row | {"would_settle": settles}
    kinds = dict.fromkeys((*rule.starts, *rule.ends[:1]))
    labels = [codebook().label("event_kind", kind).lower() for kind in kinds]
    why = f"no {' and no '.join(labels)} is on record to count from or to"
    if has_clocks or first:
        last = editions[-1].in_force_to
        span = f"from {rule.in_force_from} {f'to {last}' if last else 'on'}"
        why = f"this limit is on file here only {span}"
    return {"rule": rule.rule, "title": rule.title, "verdict": NOT_APPLICABLE, "would_settle": why}


def _both(least: str, most: str, **pairs: tuple[int | None, int | None]) -> dict[str, int | None]:
    """Both ends of some days or numbers, each in a column of its own."""
    return {
        f"{name}_{end}": value
        for name, pair in pairs.items()
        for end, value in zip((least, most), pair, strict=True)
    }


def _regions(chronology: Chronology, start: str, end: str) -> list[PairRegion]:
    """The date pairs of the first days of two events."""
    if not chronology.admissible or not start or not end or start == end:
        return []
    return feasible_regions(chronology, start, end)


def _days_of(rule: Rule, window: tuple[int | None, int | None]) -> tuple[int | None, int | None]:
    """The days of a window on which an edition was in force; the window, where it is open."""
    if window[0] is None or window[1] is None:
        return window
    begins, ends = rule.in_force
    return max(window[0], begins or window[0]), min(window[1], ends or window[1])


def _near(coding: ClockFacts, chronology: Chronology, rule: Rule, end: str) -> str:
    """The last event of the near kind that may come before the clock's end."""
    if not chronology.admissible:
        return ""
    near = coding.of_kind(rule.near_start)
    candidates = [event for event in near if may_be_no_later(chronology, event, end)]

    def lateness(event: str) -> tuple[int, int, str]:
        # Open days are far away on their side; ties are broken by id.
        earliest, latest = chronology.event_windows[chronology.lowered.row_of[event], :2].tolist()
        return latest, earliest, event

    return max(candidates, key=lateness, default="")
