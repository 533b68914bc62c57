"""Which timescales does statutory guidance set, which of their clocks does a review start or stop,
and which steps can have stopped each?

Adding an edition, or the rules of another jurisdiction of those that review.toml allows, is adding
rows to timescales.csv, which lies beside this module. Each row names the text that bears its limit,
and `source_seen` says what that text is. A limit that no text of an edition was seen for, but that
the other editions share, is entered as 'not seen'; one that is not known is left empty, and no
check is made with it.

A link between two steps binds first. Otherwise the step that stops a clock is, in each admissible
chronology, the earliest one of its kind on or after the start and within its spell (`Rule`).
Nothing here depends on the order of rows."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from casechron.analysis.concerns import CHILDREN, by_event, happened
from casechron.analysis.pairing import (
    Case,
    EventPoint,
    earliest_steps,
    known_by,
    may_lie_between,
    surely_no_later,
)
from casechron.analysis.record import by_childrens_services, event_counts, led_elsewhere
from casechron.analysis.tables import Tables, by_key, cells, ids_where, rows_in, ties
from casechron.analysis.windows import start_window
from casechron.chronology import Chronology, feasible_region
from casechron.chronology.ages import born_from
from casechron.dates.windows import day_span

_FILE = Path(__file__).with_name("timescales.csv")
#: What was read of a rule: the guidance itself, another text that tells of it, or neither.
SOURCE_SEEN = ("edition", "secondary", "not seen")
#: The ready agency to which notice of a serious incident is given, and its kind of event.
_PANEL, _NOTICE = "national-panel", "notification"
_REFERRAL, _DISCUSSION = "referral", "strategy-discussion"
_CONFERENCE, _PLAN = "icpc", "protection-plan"
#: The kind of a conference of which the source does not say which it was.
UNSAID_CONFERENCE = "conference"
PLAN_KINDS = (_PLAN, "child-in-need-plan")


@dataclass(frozen=True, slots=True)
class Rule:
    """One timescale in one edition of the guidance.

    The clock runs from an event of one of the kinds in `starts` to one of the kinds in `ends`;
    those in `starts_if_tied` start it only where the coding ties such an end to them. `starts_by`
    says when such an event starts it: 'the event' on its own day, or 'becoming known' when the
    agency learns of it, which no event tells. `ends_by` says what an event that ends it is: 'the
    step' itself, 'a later sign' that the step had been taken by then, or 'not told apart' from
    others of its kind. `spell` is what a clock cannot outlast: a 'case' (until it is closed), or a
    'plan' (until its told end, or another initial conference); '' where only what is linked ends
    it. `near_start` is a kind that stands near the clock's start without being it. `pairing` is
    'linked' (the coding must tie the two) or 'next' (the earliest one on or after the start, within
    its spell). `limit` is a number in the unit 'working days', 'days' (of the calendar) or
    'months', None where it is not known. `source` is what bears the limit, and `source_seen` one of
    `SOURCE_SEEN`.
    """

    rule: str
    title: str
    jurisdiction: str
    edition: str
    in_force_from: str
    in_force_to: str
    starts: tuple[str, ...]
    starts_if_tied: tuple[str, ...]
    starts_by: str
    ends: tuple[str, ...]
    spell: str
    near_start: str
    ends_by: str
    pairing: str
    limit: int | None
    unit: str
    start_fact: str
    end_fact: str
    source: str
    source_seen: str
    note: str

    @property
    def limit_words(self) -> str:
        """The limit with its unit; '' where it is not known."""
        if self.limit is None:
            return ""
        unit = self.unit.removesuffix("s") if self.limit == 1 else self.unit
        return f"{self.limit} {unit}"

    @property
    def in_force(self) -> tuple[int | None, int | None]:
        """The first and the last day of the edition; None is open.

        A month as a boundary counts in full on both sides, so that both editions apply to it.
        """
        return _in_force(self.in_force_from, self.in_force_to)

    def may_apply(self, earliest: int | None, latest: int | None) -> bool:
        """Whether the edition may be in force on a day of the window; None is open."""
        begins, ends = self.in_force
        begun = latest is None or begins is None or latest >= begins
        return begun and (earliest is None or ends is None or earliest <= ends)


@cache
def _in_force(begins: str, ends: str) -> tuple[int | None, int | None]:
    return day_span(begins).earliest, day_span(ends).latest if ends else None


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, in the order of timescales.csv.

    >>> [
    ...     rule.limit_words
    ...     for rule in rules()
    ...     if rule.rule == "icpc" and rule.edition == "Working Together 2018"
    ... ]
    ['15 working days']
    """
    with _FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(_rule(row) for row in csv.DictReader(lines))


@cache
def rules_of(jurisdiction: str) -> tuple[Rule, ...]:
    """The rules of a jurisdiction, in the same order."""
    return tuple(rule for rule in rules() if rule.jurisdiction == jurisdiction)


def _rule(row: Mapping[str, str]) -> Rule:
    kinds = {
        name: tuple(filter(None, row[name].split(";")))
        for name in ("starts", "starts_if_tied", "ends")
    }
    limit = int(row["limit"]) if row["limit"] else None
    return Rule(**{**row, **kinds, "limit": limit})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock of a rule in a review.

    `start` is the event that starts it, '' where none on record does; `cases` are the ways in which
    its end can have come, each with a step or none. `several`: more than one event stands in its
    row. `lacks` are grades of a step that the source says was missing. `none_between`: a link, or
    the source's 'first' or 'next', says that no step that is not coded came before the end.
    `received`: children's social care is said to have received what starts it. `before_birth` is
    'certain', 'possible' or '' for a conference on a child not born yet, `abuse` whether a person
    is recorded as harming in it, and `never` says why what could start a clock starts none here, as
    a strategy discussion that initiated no section 47 enquiries; else ''."""

    rule: str
    start: str
    cases: tuple[Case, ...]
    several: bool = False
    lacks: tuple[str, ...] = ()
    none_between: bool = False
    received: bool = True
    before_birth: str = ""
    abuse: bool = True
    never: str = ""

    @property
    def ends(self) -> tuple[str, ...]:
        """The events that can have been its end."""
        return tuple(dict.fromkeys(case.end for case in self.cases if case.end))

    @property
    def end(self) -> str:
        """Its end, where only one event can be it."""
        return self.ends[0] if len(self.ends) == 1 else ""


class ClockFacts(NamedTuple):
    """What the tables say that can start, stop and tie clocks.

    `happened` is the kind of each event that happened, `tied` what a link of *answers* or *led-to*
    ties to each row, `answered` what each answers or was led to by, `parts` the rows that another
    of their kind counts, `received` whether children's social care received each ('yes', 'no' or
    'open'), `closures` those of its cases, `in_sequence` the rows that the source calls first or
    next, `several` those that stand for more than one event, `lacking` each row with the kind and
    the grade of what was missing that would have been tied to it so, `persons` whom each event is
    about, `children` the child and siblings, `harming` the events in which somebody is recorded as
    harming, `about` which children each row is about (where it names none, those of the referrals
    that it answers, if each of these names one; empty where that is not coded), `elsewhere` the
    pairs of what children's social care of one place led and what that of another received,
    `no_enquiries` the discussions that initiated no section 47 enquiries, `no_end` what stops no
    clock: notifications but theirs to the national Panel, and what they published, which is a
    statement, `born` the first day on which each child who died can have been born, `told_by` the
    last day on which a source can have been published, None where one says no such day."""

    happened: Mapping[str, str]
    tied: Mapping[str, frozenset[str]]
    answered: Mapping[str, frozenset[str]]
    parts: frozenset[str]
    received: Mapping[str, str]
    closures: tuple[str, ...]
    in_sequence: frozenset[str]
    several: frozenset[str]
    lacking: tuple[tuple[str, str, str], ...]
    persons: Mapping[str, frozenset[str]]
    children: frozenset[str]
    harming: frozenset[str]
    about: Mapping[str, frozenset[str]]
    elsewhere: frozenset[tuple[str, str]]
    no_enquiries: frozenset[str]
    no_end: frozenset[str]
    born: Mapping[str, int]
    told_by: int | None

    def of_kind(self, *kinds: str) -> list[str]:
        """The events of some kinds that happened, in table order."""
        return [row for row, kind in self.happened.items() if kind in kinds]


def clock_facts(tables: Tables) -> ClockFacts:
    """What the tables say that can start, stop and tie clocks."""
    events, participation = tables["events"], tables["participation"]
    there, kinds, absences = happened(tables), by_event(tables, "kind"), by_event(tables, "absence")
    raised = by_childrens_services(tables, "raised")
    parts = rows_in(tables["involvement"], "agency", "role", "event")
    received = {event for agency, role, event in parts if (agency, role) == (_PANEL, "received")}
    notices = {row for row in received if there.get(row) == _NOTICE and raised[row] != "no"}
    pairs = [*ties(tables, "answers"), *((row, led) for led, row in ties(tables, "led-to"))]
    pairs += [pair for pair in ties(tables, "tells-of") if pair[0] in notices]
    answered, tied = by_key(pairs), by_key([*pairs, *((second, first) for first, second in pairs)])
    led = by_childrens_services(tables, "led")
    published = [row for row in there if (there[row], led[row]) == ("publication", "yes")]
    roles = list(rows_in(participation, "event", "person", "role", "status"))
    persons = by_key((event, person) for event, person, role, _ in roles if role == "subject")
    wholes = ties(tables, "part-of")
    sequence = rows_in(events, "id", "sequence") if "sequence" in events else ()
    children = frozenset(ids_where(tables["people"], "kinship", CHILDREN))
    told = {day_span(day or "../..").latest for day in cells(tables["sources"], "published")}

    def about(row: str) -> frozenset[str]:
        named = [children.intersection(persons.get(row, ()))]
        if not named[0] and there[row] != "referral":
            referrals = [of for of in answered.get(row, ()) if there.get(of) == "referral"]
            named = [children.intersection(persons.get(of, ())) for of in referrals]
        return frozenset[str]().union(*named) if all(named) else frozenset()

    return ClockFacts(
        happened=there,
        tied={row: frozenset(tied.get(row, ())) for row in kinds},
        answered={row: frozenset(answered.get(row, ())) for row in kinds},
        parts=frozenset(part for part, whole in wholes if there.get(part, "") == there.get(whole)),
        received=by_childrens_services(tables, "received"),
        closures=tuple(
            row for row, kind in there.items() if kind == "closure" and led[row] != "no"
        ),
        in_sequence=frozenset(row for row, stated in sequence if stated),
        several=frozenset(row for row, (_, most) in event_counts(tables).items() if most != 1),
        lacking=tuple((of, kinds[row], absences[row]) for row, of in pairs if absences.get(row)),
        persons={row: frozenset(persons.get(row, ())) for row in kinds},
        children=children,
        harming=frozenset(
            event for event, _, role, status in roles if role == "harming" and status != "denied"
        ),
        about={row: about(row) for row in there},
        elsewhere=led_elsewhere(tables),
        no_enquiries=frozenset(
            ids_where(tables["attributes"], "attribute", {"no-section-47"}, "row")
        ),
        no_end=frozenset({*published, *ids_where(events, "kind", {_NOTICE}, "id")} - notices),
        born=born_from(tables),
        told_by=None if None in told else max(filter(None, told), default=None),
    )


def clocks(
    coding: ClockFacts, chronology: Chronology, asked_rules: Iterable[Rule]
) -> dict[str, list[Clock]]:
    """Which clocks of these rules does the review start or stop? By rule, in table order; steps
    without a start come last."""
    return {rule.rule: _of_rule(coding, chronology, rule) for rule in asked_rules}


@cache
def clock_kinds(jurisdiction: str) -> frozenset[str]:
    """The kinds of event that can start, stop, bound or bar a clock of a jurisdiction's rules."""
    return frozenset({_CONFERENCE, UNSAID_CONFERENCE, _PLAN, "plan-end", "closure", "birth"}).union(
        *((*rule.starts, *rule.starts_if_tied, *rule.ends) for rule in rules_of(jurisdiction))
    )


def step_point(chronology: Chronology, rule: Rule, end: str) -> str:
    """Which point of an event stops the clock of a rule: the end of an assessment, which lasts
    where it has no date; else the start, as of what is only a later sign."""
    lowered = chronology.lowered
    place = lowered.row_of[end]
    ends = lowered.events[place].kind == "assessment" and rule.ends_by != "a later sign"
    once = lowered.shape[place] != "several" and not lowered.events[place].can_recur
    return "end" if ends and once else "start"


def of_others(coding: ClockFacts, first: str, second: str) -> bool:
    """Whether each of two rows is about a child, and they are about none in common."""
    children, others = coding.about[first], coding.about[second]
    return bool(children and others) and children.isdisjoint(others)


def step_window(
    chronology: Chronology, rule: Rule, end: str, *, told: bool = False
) -> tuple[int | None, int | None]:
    """Between which days an event stops the clock of a rule; as `start_window`."""
    return start_window(chronology, end, step_point(chronology, rule, end), told=told)


def _of_rule(coding: ClockFacts, chronology: Chronology, rule: Rule) -> list[Clock]:
    """The clocks of one rule, in table order; steps without a start come last."""
    ends = [row for row in coding.of_kind(*rule.ends) if row not in coding.no_end]
    may_start = coding.of_kind(*rule.starts, *rule.starts_if_tied)
    starts = [row for row in may_start if _starts(coding, rule, row, ends)]
    idle = {row: why for row in starts if (why := _never(coding, chronology, rule, row))}
    not_begun = [Clock(rule.rule, row, (Case("", None),), never=why) for row, why in idle.items()]
    starts = [row for row in starts if row not in idle]
    tied_to = {start: tied for start in starts if (tied := coding.tied[start].intersection(ends))}
    taken = frozenset[str]().union(*tied_to.values()) if rule.ends_by == "the step" else set[str]()
    clocks_of_starts = [
        _clock(coding, chronology, rule, start, starts, tied_to.get(start), set(ends) - taken)
        for start in starts
    ]
    if rule.pairing == "linked" or set(rule.starts) & set(rule.ends):
        return [*not_begun, *clocks_of_starts]
    stopped = {end for clock in clocks_of_starts for end in clock.ends} | taken
    left = [end for end in ends if end not in stopped]
    if rule.rule.startswith("first-") or not rule.starts:
        # What certainly follows another step of its kind is not the first of them.
        left = [
            end
            for end in left
            if not any(surely_no_later(chronology, rival, end) for rival in ends if rival != end)
        ]
    startless = (Clock(rule.rule, "", (Case(end, None),)) for end in left)
    return [*not_begun, *clocks_of_starts, *startless]


def _starts(coding: ClockFacts, rule: Rule, row: str, ends: list[str]) -> bool:
    kind = coding.happened[row]
    tied = kind in rule.starts_if_tied and not coding.tied[row].isdisjoint(ends)
    # A part of another row is not counted twice. Who received it matters where information starts
    # the clock, not where a meeting does.
    received = _REFERRAL not in rule.starts or coding.received[row] != "no"
    return (kind in rule.starts or tied) and row not in coding.parts and received


def _never(coding: ClockFacts, chronology: Chronology, rule: Rule, row: str) -> str:
    """Why what can start the clock of a rule starts none here; '' where it does."""
    if _DISCUSSION in rule.starts and row in coding.no_enquiries:
        return "the discussion initiated no section 47 enquiries, from which the limit counts"
    if rule.spell != "plan" or coding.happened[row] == _CONFERENCE or not chronology.admissible:
        return ""
    about = coding.persons[row] & coding.children
    ended = (point for point in _plan_ends(coding) if about <= coding.persons[point.event])
    gaps = (feasible_region(chronology, at.event, row, from_point=at.point) for at in ended)
    ends_it = any((gap.gap_lo, gap.gap_hi) == (0, 0) for gap in gaps)
    return "the plan ended on the day of that conference" if ends_it else ""


def _clock(
    coding: ClockFacts,
    chronology: Chronology,
    rule: Rule,
    start: str,
    starts: list[str],
    tied_ends: frozenset[str] | None,
    free: set[str],
) -> Clock:
    """The clock that `start` starts, one of the `starts` of its rule. `tied_ends` are the steps
    that the coding ties to it, `free` those that it ties to no start."""
    if tied_ends is None and rule.pairing == "linked":
        free = set()
    candidates = sorted((tied_ends or free) - {start})
    strict = bool(set(rule.starts) & set(rule.ends))
    steps = [EventPoint(end, step_point(chronology, rule, end)) for end in candidates]
    asked = candidates and not tied_ends
    over = _spell_ends(coding, chronology, rule, start, candidates) if asked else {}

    def ways(between: str = "") -> tuple[Case, ...]:
        if not chronology.admissible:
            return tuple(Case(end, None) for end in candidates)
        return earliest_steps(chronology, start, steps, over, strict=strict, between=between)

    cases = ways() if candidates else (Case("", None),)
    if rule.starts_by != "the event":
        cases = tuple(Case(end, region and known_by(region)) for end, region in cases)
    ends = {case.end for case in cases}
    rivals = () if strict else set(starts) - {start}
    counted_from_conference = _CONFERENCE in rule.starts and rule.unit == "months"
    lacks = [grade for row, kind, grade in coding.lacking if row == start and kind in rule.ends]
    return Clock(
        rule.rule,
        start,
        cases,
        several=start in coding.several,
        lacks=tuple(lacks),
        none_between=bool(tied_ends)
        or (
            ends <= coding.in_sequence
            and not any(case.end for rival in rivals for case in ways(rival))
        ),
        received=coding.received[start] == "yes" or _REFERRAL not in rule.starts,
        before_birth=_before_birth(coding, chronology, start) if counted_from_conference else "",
        abuse=rule.starts_by == "the event" or start in coding.harming,
    )


def _spell_ends(
    coding: ClockFacts, chronology: Chronology, rule: Rule, start: str, ends: list[str]
) -> dict[EventPoint, bool]:
    """What can end the spell that a clock belongs to, and whether it can do so on its first day.

    The end of a plan counts where the coding bounds it from above, where it certainly came before
    the step, or where another plan or conference can have begun a new spell between the two. One
    that nobody tells does not: a conference tells by itself that a plan was running. On the first
    day ends what certainly began before, and an earlier case or plan as well as this one."""
    if rule.spell == "case":
        return dict.fromkeys((EventPoint(row, "start") for row in coding.closures), True)
    conferences = [row for row in coding.of_kind(_CONFERENCE) if row != start]
    plans = coding.of_kind(_PLAN)
    earlier = {row for row in plans if surely_no_later(chronology, row, start, days=1)}

    def counts(point: EventPoint) -> bool:
        renewed = (
            may_lie_between(chronology, point, row, end)
            and may_lie_between(chronology, EventPoint(start, "start"), row, end)
            for row in {*conferences, *plans} - {point.event}
            for end in ends
        )
        told = start_window(chronology, *point)[1] is not None
        return (
            told
            or any(surely_no_later(chronology, point.event, end, point.point, 1) for end in ends)
            or any(renewed)
        )

    over = {
        at: at.event not in earlier if at.event in plans else not earlier
        for at in filter(counts, _plan_ends(coding))
    }
    return dict.fromkeys((EventPoint(row, "start") for row in conferences), False) | over


def _plan_ends(coding: ClockFacts) -> list[EventPoint]:
    over = [EventPoint(row, "end") for row in coding.of_kind(_PLAN)]
    return over + [EventPoint(row, "start") for row in coding.of_kind("plan-end")]


def _before_birth(coding: ClockFacts, chronology: Chronology, start: str) -> str:
    """Whether a conference was held before every child whom it is about was born; of one who was
    born already the limits run."""
    furthest, place = chronology.furthest, chronology.place
    at, about = place(start), coding.persons[start] & coding.children
    births = [row for row in coding.of_kind("birth") if about & coding.persons[row]]
    if not births or any(furthest[at, place(row)] < 1 for row in births):
        return ""
    unborn = [coding.persons[row] for row in births if furthest[place(row), at] <= -1]
    return "certain" if about <= frozenset[str]().union(*unborn) else "possible"
