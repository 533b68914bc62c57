"""Was a limit kept, as far as the days that two events admit can tell, and which fact would settle
it?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from casechron.analysis.clocks import PLAN_KINDS, Clock, ClockFacts, Rule, of_others, step_window
from casechron.analysis.intervals import share_words, working_days
from casechron.analysis.pairing import may_be_no_later, surely_no_later
from casechron.analysis.windows import start_window
from casechron.chronology import Chronology, PairRegion, feasible_region
from casechron.chronology.calendars import (
    CalendarError,
    WorkingCalendar,
    corresponding_days,
    limit_day,
    working_days_between,
)
from casechron.chronology.network import Ints
from casechron.chronology.pairs import feasible_regions
from casechron.chronology.shares import (
    Condition,
    WithinDays,
    WithinMonths,
    WithinWorkingDays,
    narrowed,
    pairs_within,
    settled,
)
from casechron.coding.codebook import codebook

MET, NOT_MET, UNDETERMINED, NOT_APPLICABLE = "met", "not met", "undetermined", "not applicable"
#: Met, but only with what the coder judged.
MET_AS_JUDGED = "met as judged"


@dataclass(frozen=True)
class Limit:
    """The limit of a rule, and the calendar and the working day 1 by which its days are counted."""

    rule: Rule
    calendar: WorkingCalendar
    day_one: str

    @property
    def condition(self) -> Condition | None:
        """What a clock's start and end have to meet; None where the limit is not known."""
        if self.rule.limit is None:
            return None
        if self.rule.unit == "months":
            return WithinMonths(self.rule.limit)
        if self.rule.unit == "days":
            return WithinDays(0, self.rule.limit)
        return WithinWorkingDays(self.rule.limit, self.calendar, self.day_one)

    def first_days_within(
        self, end: tuple[int | None, int | None]
    ) -> tuple[int | None, int | None]:
        """On or after which day would a clock have had to start, for a step on the first and on the
        last day of a window to keep the limit? None where that day is open.

        >>> from datetime import date
        >>> from casechron.analysis.clocks import rules
        >>> from casechron.chronology.calendars import working_calendar
        >>> icpc = next(rule for rule in rules() if rule.rule == "icpc" and "2018" in rule.edition)
        >>> limit = Limit(icpc, working_calendar("England"), "day after")
        >>> late = date(2018, 9, 21).toordinal(), date(2018, 9, 30).toordinal()
        >>> [date.fromordinal(day).isoformat() for day in limit.first_days_within(late)]
        ['2018-08-31', '2018-09-07']
        """
        if self.rule.limit is None:
            return None, None
        by_working_days, limit = self.rule.unit == "working days", self.rule.limit

        def first_day(day: int | None) -> int | None:
            if day is None:
                return None
            # No limit spans more: as many months, or so many working days and two of holidays.
            firsts = self.calendar.days(day - 31 * limit - 60, day)
            if by_working_days:
                within = working_days_between(firsts, day, self.calendar, self.day_one) <= limit
            else:
                within = self._due(firsts) >= day
            return int(firsts[np.argmax(within)])

        return first_day(end[0]), first_day(end[1])

    def _due(self, starts: ArrayLike) -> Ints:
        """The day on which the limit ends, for each day on which a clock can start."""
        assert self.rule.limit is not None
        if self.rule.unit == "months":
            return self.calendar.covered(corresponding_days(starts, self.rule.limit))
        if self.rule.unit == "days":
            return self.calendar.covered(np.asarray(starts) + self.rule.limit)
        return limit_day(starts, self.rule.limit, self.calendar, self.day_one)

    def due_window(self, start: tuple[int | None, int | None]) -> tuple[int | None, int | None]:
        """The first and the last day on which the limit can end; None where the start, or the
        limit, is not known."""
        first, last = (
            None if day is None or self.rule.limit is None else int(self._due(day)) for day in start
        )
        return first, last

    def due_spans(self, start: tuple[int | None, int | None]) -> tuple[int | None, int | None]:
        """How many calendar days lie between the start and the due day, least and most over the
        days of the start's window."""
        first, last = start
        if self.rule.limit is None or first is None or last is None:
            return None, None
        try:
            firsts = self.calendar.days(first, last)
            spans = self._due(firsts) - firsts
        except CalendarError:
            return None, None
        return int(spans.min()), int(spans.max())

    def margins(self, region: PairRegion) -> tuple[int | None, int | None]:
        """Working days from the end to the due day, least and most, over all date pairs of the
        region."""
        limit = self.rule.limit
        if limit is None:
            return None, None
        if self.rule.unit == "working days":
            least, most = working_days([region], self.calendar, self.day_one)
            return None if most is None else limit - most, None if least is None else limit - least
        from_lo, from_hi, to_lo, to_hi, gap_lo, gap_hi = narrowed(region)
        if from_lo is None or from_hi is None:
            return None, None
        firsts = self.calendar.days(from_lo, from_hi)
        due = self._due(firsts)

        def margin(ends: Ints) -> Ints:
            return working_days_between(ends, due, self.calendar, "day after")

        least_margin = most_margin = None
        if to_hi is not None and gap_hi is not None:
            least_margin = int(margin(np.minimum(to_hi, firsts + gap_hi)).min())
        if to_lo is not None and gap_lo is not None:
            most_margin = int(margin(np.maximum(to_lo, firsts + gap_lo)).max())
        return least_margin, most_margin

    def share_within(self, regions: Iterable[PairRegion], given: str) -> str:
        """How many of the admitted date pairs keep the limit, in words; empty where it cannot be
        counted, and where it would deny the verdict that was `given` on closer days than are told.
        """
        regions = list(regions)
        if self.condition is None or self.rule.ends_by != "the step":
            return ""
        try:
            verdicts = {verdict(self, region) for region in regions}
            denied = given in (MET, NOT_MET) and verdicts - {given}
            return "" if denied else share_words(regions, self.condition)
        except CalendarError:
            return ""


# Kept, as `sensitivity` asks for the same days under one choice after another.
@lru_cache(maxsize=1024)
def verdict(limit: Limit, region: PairRegion) -> str:
    """Met, not met or undetermined, from all date pairs that a clock's start and end admit.

    A sign that the step had been taken by some day can show that a limit was met, never that it was
    not.

    >>> from datetime import date
    >>> from casechron.analysis.clocks import rules
    >>> from casechron.chronology.calendars import working_calendar
    >>> start, end = date(2006, 12, 12).toordinal(), date(2006, 12, 22).toordinal()
    >>> icpc = next(rule for rule in rules() if rule.rule == "icpc")
    >>> limit = Limit(icpc, working_calendar("England"), "day after")
    >>> verdict(limit, PairRegion(start, start, end, end, None, None))
    'met'
    """
    rule, condition = limit.rule, limit.condition
    if condition is None or rule.ends_by == "not told apart":
        return UNDETERMINED
    narrow = narrowed(region)
    if settled(narrow, condition):
        return MET
    if rule.ends_by == "a later sign" or narrow.gap_lo is None or narrow.gap_lo < 0:
        return UNDETERMINED
    return NOT_MET if settled(narrow, condition) is False else UNDETERMINED


def clock_verdict(limits: Sequence[Limit], clock: Clock, by_due: str) -> str:
    """The verdict on one clock under the limits that may apply to it, of one edition each.

    Met if every admissible chronology says so under the edition of its day. Not met only if every
    one does and no step that is not coded can have come first. `by_due` says whether the account
    ended by the due day, under all of these editions."""
    if clock.never:
        return NOT_APPLICABLE
    if not clock.start or any(limit.rule.limit is None for limit in limits):
        return UNDETERMINED
    rule = limits[0].rule
    if clock.before_birth == "certain":
        return NOT_APPLICABLE
    if not clock.ends:
        if by_due == "certain":
            return NOT_APPLICABLE
        denied = rule.ends_by == "the step" and "did-not-happen" in clock.lacks
        return NOT_MET if denied and clock.received and not clock.several else UNDETERMINED
    if clock.several or not clock.received or clock.before_birth == "possible":
        return UNDETERMINED
    said = _by_days(limits, clock)
    return UNDETERMINED if said == NOT_MET and not clock.none_between else said


def _by_days(limits: Sequence[Limit], clock: Clock) -> str:
    """The verdict that all possible days give under all editions, undetermined if they differ."""
    verdicts = {UNDETERMINED} if any(case.region is None for case in clock.cases) else set()
    for limit in limits:
        regions = (of_edition(limit.rule, case.region) for case in clock.cases if case.region)
        verdicts |= {verdict(limit, region) for region in regions if region}
    return verdicts.pop() if len(verdicts) == 1 else UNDETERMINED


def held_as_judged(given: str, without_judged: str) -> str:
    """A verdict, and what it is called where it is another one without what the coder judged."""
    if given not in (MET, NOT_MET) or without_judged == given:
        return given
    return MET_AS_JUDGED if given == MET else UNDETERMINED


def of_edition(rule: Rule, region: PairRegion) -> PairRegion | None:
    """The date pairs of a region whose first day lies in an edition; None where none does."""
    begins, ends = rule.in_force
    return pairs_within(region, from_lo=begins, from_hi=ends)


@lru_cache(maxsize=1024)
def end_by_due(limit: Limit, region: PairRegion) -> str:
    """Did the end of the account come on or before the due day ('certain', 'possible' or 'ruled
    out')? From the pairs of the clock's start and that end; '' where the limit is not known.

    An end before the clock even started counts as before the due day."""
    condition = limit.condition
    if condition is None:
        return ""
    narrow = narrowed(region)
    if narrow.gap_hi is not None and narrow.gap_hi < 0:
        return "certain"
    within = settled(narrow, condition)
    if within is None or (within is False and (narrow.gap_lo is None or narrow.gap_lo < 0)):
        later = narrow._replace(gap_lo=max(0, narrow.gap_lo or 0))
        return "certain" if settled(later, condition) else "possible"
    return "certain" if within else "ruled out"


def start_runs(
    chronology: Chronology, event: str, *, told: bool = False
) -> list[tuple[int | None, int | None]]:
    """The days of `windows.start_window`, one window for each run of the days of a date with
    holes."""
    window = start_window(chronology, event, told=told)
    if not (event and chronology.choices and window == start_window(chronology, event)):
        return [window]
    return list(dict.fromkeys(region[:2] for region in feasible_regions(chronology, event, event)))


def would_settle(
    coding: ClockFacts,
    chronology: Chronology,
    limits: Sequence[Limit],
    clock: Clock,
    result: str,
) -> str:
    """What would settle an undetermined check, what another takes for granted, or why a check does
    not apply. No day that cannot change the verdict is named."""
    editions = [limit.rule for limit in limits]
    rule = editions[0]
    if result == NOT_APPLICABLE:
        if clock.never:
            return clock.never
        if clock.before_birth == "certain":
            return "a conference before birth has other limits, which are not on file here"
        return "what the source tells ends before it was due"
    if result != UNDETERMINED:
        return _supposed(coding, chronology, rule, clock) if result in (MET, NOT_MET) else ""
    unknown = [edition.edition for edition in editions if edition.limit is None]
    # That an edition held is as open as the first day, where others can have held.
    open_since = clock.start and start_window(chronology, clock.start)[0] is None
    limit_unknown = unknown and not (open_since and len(unknown) < len(editions))
    facts = [f"the limit in {' and in '.join(unknown)} (not on file here)"] * bool(limit_unknown)
    if not clock.start:
        dated = clock.end and _dated(step_window(chronology, rule, clock.end))
        return ", and ".join([*facts, rule.start_fact, *[rule.end_fact] * (not dated)])
    facts += [] if clock.received else ["whether children's social care received it"]
    if coding.happened[clock.start] == "referral" and on_a_plan(coding, chronology, clock.start):
        facts.append("whether a request on an open case counted as a referral")
    if _abuse_asked(coding, chronology, rule, clock):
        facts.append("whether abuse or neglect was known or suspected")
    if clock.before_birth == "possible":
        facts.append("whether the child was born before the conference")
    if clock.several:
        facts.append(
            f"for each of several events that stand in one row: {rule.start_fact}, and"
            f" {rule.end_fact}"
        )
    elif not clock.ends:
        facts += _lacking(rule, clock)
    else:
        steps = replace(clock, cases=tuple(case for case in clock.cases if case.region))
        said, said_of_steps = (_by_days(limits, each) for each in (clock, steps))
        facts += _not_settled(chronology, editions, clock, said, said_of_steps)
    return " and ".join(dict.fromkeys(facts)).replace(" and , ", " and, ")


def on_a_plan(
    coding: ClockFacts, chronology: Chronology, referral: str, *, family: bool = False
) -> bool:
    """Whether a plan certainly began before a referral, and ended after it or went on beyond the
    account: of the family, or none that is coded as of other children."""
    lowered, net = chronology.lowered, chronology.minimal
    day = lowered.start[lowered.row_of[referral]]
    plans = [
        lowered.row_of[row]
        for row in coding.of_kind(*PLAN_KINDS)
        if family or not of_others(coding, row, referral)
    ]
    return any(
        -net[day, lowered.start[plan]] >= 1
        and (lowered.dates[plan].open_end or -net[lowered.end[plan], day] >= 1)
        for plan in plans
    )


def _supposed(coding: ClockFacts, chronology: Chronology, rule: Rule, clock: Clock) -> str:
    """What has to be so for the clock to have run: of an incident, that it was of abuse or neglect;
    of a strategy discussion, that section 47 enquiries began there, where none are on record that
    can have begun at it or later."""
    if _abuse_asked(coding, chronology, rule, clock):
        return "whether abuse or neglect was known or suspected"
    if coding.happened[clock.start] != "strategy-discussion" or rule.near_start != "section-47":
        return ""
    on_record = coding.of_kind(rule.near_start)
    if any(may_be_no_later(chronology, clock.start, enquiries) for enquiries in on_record):
        return ""
    return "whether section 47 enquiries were initiated there"


def _abuse_asked(coding: ClockFacts, chronology: Chronology, rule: Rule, clock: Clock) -> bool:
    """Whether an incident is to be told of only if it was of abuse or neglect, which is not said.
    The death of a child in care is, whatever it came of (Working Together 2018; Department for
    Education, *Serious incident notifications*)."""
    died = clock.start
    if clock.abuse or rule.rule != "notify-panel" or coding.happened[died] != "death":
        return not clock.abuse
    whose = coding.persons[died]
    in_care = [row for row in coding.of_kind("looked-after") if coding.persons[row] & whose]
    in_care = [row for row in in_care if surely_no_later(chronology, row, died)]
    if any(chronology.lowered.dates[chronology.lowered.row_of[row]].open_end for row in in_care):
        return False
    ends = [feasible_region(chronology, died, row, to_point="end").gap_lo for row in in_care]
    return all(days is None or days < 0 for days in ends)


def _lacking(rule: Rule, clock: Clock) -> list[str]:
    """The facts that would settle a clock with a start and without an end on record."""
    if not rule.ends:
        facts = [rule.start_fact] * (rule.starts_by != "the event") + [rule.end_fact]
        return [f"{', and '.join(facts)}; no kind of row is for it, so none was looked up"]
    lacks = [codebook().label("absence", grade) for grade in clock.lacks]
    # Nothing says that there was such a step: its day is not all that is not known.
    quoted = f" (the source says: {'; '.join(lacks)})" if lacks else ""
    whether = (
        f"whether it took place at all{quoted}, and " if lacks or rule.ends_by == "the step" else ""
    )
    start = "" if rule.starts_by == "the event" else f"{rule.start_fact}, and "
    return [f"{whether}{start}{rule.end_fact}"]


def _not_settled(
    chronology: Chronology, editions: Sequence[Rule], clock: Clock, said: str, said_of_steps: str
) -> list[str]:
    """The facts that would settle a clock with a start and an end on record. `said` is the verdict
    of its days alone, `said_of_steps` the same without the chronologies in which no step counts."""
    rule, is_open = editions[0], said == UNDETERMINED
    facts = []
    known = rule.starts_by == "the event" and _dated(start_window(chronology, clock.start))
    if is_open and not known:
        facts.append(rule.start_fact)
    if is_open and (
        rule.ends_by != "the step"
        or not (clock.end and _dated(step_window(chronology, rule, clock.end)))
    ):
        facts.append(rule.end_fact)
    dated = not facts
    if is_open and dated and len({edition.limit for edition in editions}) > 1:
        facts.append("which edition held")
    if is_open and dated and rule.spell and said_of_steps != said:
        facts.append(f"whether the {rule.spell} had ended before it")
    if not clock.none_between and rule.ends_by == "the step" and said_of_steps != MET:
        kinds = " or ".join(codebook().label("event_kind", kind).lower() for kind in rule.ends)
        late = ", were it late," if facts else ""
        facts.append(f"{late} whether another {kinds}, which is not coded, came first".strip())
    return facts


def _dated(window: tuple[int | None, int | None]) -> bool:
    """Whether a window is known to the day."""
    first, last = window
    return first is not None and first == last
