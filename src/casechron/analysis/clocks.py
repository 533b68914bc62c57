"""Which clocks of guidance does a review start or stop, and which steps can have stopped each?

A link between two steps binds first. Otherwise the step that stops a clock is, in each admissible
chronology, the earliest one of its kind on or after the start and within its spell: a case until it
is closed, a plan until it ends. Nothing here depends on the order of rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from casechron.analysis.columns import Tables, by_key, cells, ids_where, rows_in, ties
from casechron.analysis.pairing import Case, EventPoint, earliest_steps
from casechron.analysis.timescale_rules import Rule
from casechron.analysis.timescale_rules import rules as all_rules
from casechron.chronology import Chronology, feasible_region
from casechron.chronology.network import Ints, closed

#: The ready agency of the codebook, and the code of `sector`, that are children's social care.
CHILDRENS_SERVICES, SOCIAL_CARE = "childrens-services", "x-childrens"
#: Codes of `sector` that can be children's social care or another service, or anybody.
_MAY_BE = frozenset({"5A", "5C", "10"})
_REFERRAL, _CONFERENCE, _PLAN = "referral", "icpc", "protection-plan"
PLANS = (_PLAN, "child-in-need-plan")


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock of a rule in a review.

    `start` is the event that starts it, '' where none on record does; `cases` are the ways in which
    its end can have come, each with a step or none. `several`: more than one event stands in its
    row. `lacks` are grades of a step that the source says was missing. `none_between`: a link, or
    the source's 'first' or 'next', says that no step that is not coded came before the end.
    `ours`: children's social care is said to have received what starts it. `before_birth` is
    'certain', 'possible' or '' for a conference on a child not born yet, and `abuse` whether a
    person is recorded as harming in it."""

    rule: str
    start: str
    cases: tuple[Case, ...]
    several: bool = False
    lacks: tuple[str, ...] = ()
    none_between: bool = False
    ours: bool = True
    before_birth: str = ""
    abuse: bool = True

    @property
    def ends(self) -> tuple[str, ...]:
        """The events that can have been its end."""
        return tuple(dict.fromkeys(case.end for case in self.cases if case.end))

    @property
    def end(self) -> str:
        """Its end, where only one event can be it."""
        return self.ends[0] if len(self.ends) == 1 else ""


class Coding(NamedTuple):
    """What the tables say that can start, stop and tie clocks."""

    there: Mapping[str, str]
    tied: Mapping[str, frozenset[str]]
    parts: frozenset[str]
    ours: Mapping[str, bool | None]
    closures: tuple[str, ...]
    in_sequence: frozenset[str]
    several: frozenset[str]
    lacking: tuple[tuple[str, str, str], ...]
    persons: Mapping[str, frozenset[str]]
    children: frozenset[str]
    harming: frozenset[str]

    def of_kind(self, *kinds: str) -> list[str]:
        """The events of some kinds that happened, in table order."""
        return [row for row, kind in self.there.items() if kind in kinds]


def coded(tables: Tables) -> Coding:
    """What the tables say that can start, stop and tie clocks."""
    events = tables["events"]
    rows = list(rows_in(events, "id", "kind", "absence"))
    there = {row: kind for row, kind, absence in rows if not absence}
    pairs = ties(tables, "answers", "led-to")
    tied = by_key([*pairs, *((second, first) for first, second in pairs)])
    missing = {row: (kind, absence) for row, kind, absence in rows if absence}
    led = _by_childrens_services(tables, "led")
    parts = list(rows_in(tables["participation"], "event", "person", "role", "status"))
    persons = by_key((event, person) for event, person, role, _ in parts if role == "subject")
    sequence = rows_in(events, "id", "sequence") if "sequence" in events else ()
    return Coding(
        there,
        {row: frozenset(tied.get(row, ())) for row, *_ in rows},
        frozenset(
            part
            for part, whole in ties(tables, "part-of")
            if there.get(part, "") == there.get(whole)
        ),
        _by_childrens_services(tables, "received"),
        tuple(row for row, kind in there.items() if kind == "closure" and led[row] is not None),
        frozenset(row for row, stated in sequence if stated),
        frozenset(
            row
            for row, count_min, count_max in rows_in(events, "id", "count_min", "count_max")
            if int(count_min or 0) > 1 or (int(count_max) > 1 if count_max else bool(count_min))
        ),
        tuple(
            (answer, *missing[absence])
            for absence, answer in ties(tables, "answers")
            if absence in missing
        ),
        {row: frozenset(persons.get(row, ())) for row, *_ in rows},
        frozenset(ids_where(tables["people"], "kinship", {"child", "sibling"})),
        frozenset(
            event for event, _, role, status in parts if role == "harming" and status != "denied"
        ),
    )


def clocks(coding: Coding, chronology: Chronology, rules: Iterable[Rule]) -> dict[str, list[Clock]]:
    """Which clocks of these rules does the review start or stop? By rule, in table order; steps
    without a start come last."""
    return {rule.rule: _of_rule(coding, chronology, rule) for rule in rules}


@cache
def clock_kinds(jurisdiction: str) -> frozenset[str]:
    """The kinds of event that can start, stop, bound or bar a clock of a jurisdiction's rules."""
    ours = [rule for rule in all_rules() if rule.jurisdiction == jurisdiction]
    return frozenset({_CONFERENCE, _PLAN, "plan-end", "closure", "birth"}).union(
        *((*rule.starts, *rule.starts_if_tied, *rule.ends) for rule in ours)
    )


def step_point(chronology: Chronology, end: str) -> str:
    """Which point of an event stops a clock: the end of an assessment that lasts, else the
    start."""
    place = chronology.lowered.place[end]
    lasts = (
        chronology.lowered.shape[place] == "span"
        and chronology.lowered.events[place].kind == "assessment"
    )
    return "end" if lasts else "start"


def on_a_plan(coding: Coding, chronology: Chronology, referral: str) -> bool:
    """Whether a plan certainly began before a referral, and ended after it or went on beyond the
    account."""
    lowered, net = chronology.lowered, chronology.minimal
    day = lowered.start[lowered.place[referral]]
    plans = [lowered.place[row] for row in coding.of_kind(*PLANS)]
    return any(
        -net[day, lowered.start[plan]] >= 1
        and (lowered.dates[plan].open_end or -net[lowered.end[plan], day] >= 1)
        for plan in plans
    )


def start_window(
    chronology: Chronology, event: str, windows: Ints | None = None
) -> tuple[int | None, int | None]:
    """Between which days an event starts, by other windows than those of the chronology where they
    are given; open where no chronology is admissible and for no event."""
    if not event:
        return None, None
    windows = chronology.event_windows if windows is None else windows
    first, last, *_ = windows[chronology.lowered.place[event]]
    return closed(first), closed(last)


def _of_rule(coding: Coding, chronology: Chronology, rule: Rule) -> list[Clock]:
    ends = coding.of_kind(*rule.ends)
    starts = [row for row in coding.there if _starts(coding, rule, row, ends)]
    bound = {start: tied for start in starts if (tied := coding.tied[start].intersection(ends))}
    taken = frozenset[str]().union(*bound.values()) if rule.ends_by == "the step" else frozenset()
    clocks_of_starts = [
        _clock(coding, chronology, rule, start, starts, bound.get(start), set(ends) - taken)
        for start in starts
    ]
    if rule.pairing == "linked" or set(rule.starts) & set(rule.ends):
        return clocks_of_starts
    stopped = {end for clock in clocks_of_starts for end in clock.ends} | taken
    left = [end for end in ends if end not in stopped]
    if rule.rule.startswith("first-") or not rule.starts:
        # What certainly follows another step of its kind is not the first of them.
        left = [
            end
            for end in left
            if not any(_no_later(chronology, rival, end) for rival in ends if rival != end)
        ]
    return [*clocks_of_starts, *(Clock(rule.rule, "", (Case(end, None),)) for end in left)]


def _starts(coding: Coding, rule: Rule, row: str, ends: list[str]) -> bool:
    kind = coding.there[row]
    tied = kind in rule.starts_if_tied and not coding.tied[row].isdisjoint(ends)
    # A part of another row is not counted twice. Who received it matters where information starts
    # the clock, not where a meeting does.
    received = _REFERRAL not in rule.starts or coding.ours[row] is not None
    return (kind in rule.starts or tied) and row not in coding.parts and received


def _clock(
    coding: Coding,
    chronology: Chronology,
    rule: Rule,
    start: str,
    starts: list[str],
    bound: frozenset[str] | None,
    free: set[str],
) -> Clock:
    if bound is None and rule.pairing == "linked":
        free = set()
    candidates = sorted((bound or free) - {start})
    strict = bool(set(rule.starts) & set(rule.ends))
    cases: tuple[Case, ...] = (Case("", None),)
    if candidates and not chronology.admissible:
        cases = tuple(Case(end, None) for end in candidates)
    elif candidates:
        cases = earliest_steps(
            chronology,
            start,
            [EventPoint(end, step_point(chronology, end)) for end in candidates],
            [] if bound else _spell_ends(coding, chronology, rule, start, candidates),
            strict=strict,
            bound=bool(bound),
        )
    ends = {case.end for case in cases}
    later_start = not strict and any(
        _may_lie_between(chronology, EventPoint(start, "start"), rival, end)
        for rival in set(starts) - {start}
        for end in ends - {""}
    )
    counted_from_conference = _CONFERENCE in rule.starts and rule.unit == "months"
    lacks = [grade for row, kind, grade in coding.lacking if row == start and kind in rule.ends]
    return Clock(
        rule.rule,
        start,
        cases,
        several=start in coding.several,
        lacks=tuple(lacks),
        none_between=bool(bound) or (ends <= coding.in_sequence and not later_start),
        ours=bool(coding.ours[start]) or _REFERRAL not in rule.starts,
        before_birth=_before_birth(coding, chronology, start) if counted_from_conference else "",
        abuse=rule.starts_by == "the event" or start in coding.harming,
    )


def _spell_ends(
    coding: Coding, chronology: Chronology, rule: Rule, start: str, ends: list[str]
) -> list[EventPoint]:
    """What can end the spell that a clock belongs to.

    The end of a plan counts where another plan or conference can have begun a new spell between it
    and the step, or where the step certainly came after it: a conference tells by itself that a
    plan was running."""
    if rule.spell == "case":
        return [EventPoint(row, "start") for row in coding.closures]
    if rule.spell != "plan":
        return []
    conferences = [row for row in coding.of_kind(_CONFERENCE) if row != start]
    plans = coding.of_kind(_PLAN)
    over = [EventPoint(row, "end") for row in plans]
    over += [EventPoint(row, "start") for row in coding.of_kind("plan-end")]

    def counts(point: EventPoint) -> bool:
        begun_anew = [row for row in (*conferences, *plans) if row != point.event]
        return any(
            _no_later(chronology, point.event, end, point.point, 1)
            or any(_may_lie_between(chronology, point, row, end) for row in begun_anew)
            for end in ends
        )

    return [*(EventPoint(row, "start") for row in conferences), *filter(counts, over)]


def _by_childrens_services(tables: Tables, role: str) -> dict[str, bool | None]:
    """Did children's social care have this role in each event, such as receive a referral?

    True where the source names it, None where only others had it, False where that is open: an
    agency of the authority not said which, an unnamed one, or none on record."""
    sectors = dict(rows_in(tables["agencies"], "id", "sector"))
    rows = rows_in(tables["involvement"], "event", "role", "agency")
    had = by_key((event, agency) for event, coded_role, agency in rows if coded_role == role)
    named = {
        agency
        for agency, sector in sectors.items()
        if sector == SOCIAL_CARE or (agency == CHILDRENS_SERVICES and sector == "5A")
    }
    roles: dict[str, bool | None] = {}
    for event in cells(tables["events"], "id"):
        agencies = had.get(event, [])
        maybe = not agencies or any(sectors[agency] in _MAY_BE for agency in agencies)
        roles[event] = not named.isdisjoint(agencies) or (False if maybe else None)
    return roles


def _no_later(
    chronology: Chronology, first: str, second: str, point: str = "start", days: int = 0
) -> bool:
    """Whether an event is certainly so many days or more before another."""
    if not chronology.admissible:
        return False
    gap_lo = feasible_region(chronology, first, second, from_point=point).gap_lo
    return gap_lo is not None and gap_lo >= days


def _may_lie_between(chronology: Chronology, start: EventPoint, between: str, end: str) -> bool:
    """Whether an event can lie after a point and no later than a step."""
    if not chronology.admissible:
        return True
    after = feasible_region(chronology, start.event, between, from_point=start.point).gap_hi
    before = feasible_region(chronology, between, end).gap_hi
    return (after is None or after >= 1) and (before is None or before >= 0)


def _before_birth(coding: Coding, chronology: Chronology, start: str) -> str:
    """Whether a conference was held before a child whom it is about was born."""
    place, furthest, certainty = chronology.lowered.place, chronology.furthest, ""
    for birth in coding.of_kind("birth"):
        if not coding.persons[start].isdisjoint(coding.persons[birth]):
            start_at, birth_at = 2 * place[start], 2 * place[birth]
            if furthest[birth_at, start_at] <= -1:
                return "certain"
            if furthest[start_at, birth_at] >= 1:
                certainty = "possible"
    return certainty
