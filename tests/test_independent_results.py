"""Waits, next steps, verdicts, re-referrals and stretches without contact, beside what every course
of days gives; each comparison, seen to fail by an error that is planted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from typing import Any

import numpy as np
import pandas as pd
import pytest

import casechron as cc
import independent
import test_independent
from casechron.analysis import (
    intervals,
    pairing,
    re_referrals,
    timescales,
    timing,
)
from casechron.analysis.clocks import Rule, rules, rules_of
from casechron.analysis.involvement import CONTACT_PARTS
from casechron.chronology import Chronology, chronology_of
from casechron.coding.codebook import codebook
from casechron.coding.reviews import frames_with
from casechron.dates.policy import DatingPolicy
from independent_results import Told, clock, longest, next_step, re_referral, starts, wait
from made_reviews import review_of
from test_independent import (
    SIMULATED,
    A,
    W,
    a_bank_holiday_is_forgotten,
    a_rounded_week_ends_a_day_late,
    days_of,
    tables_of,
    the_same_day_is_admitted,
)
from thoroughly import EVERY, some

Tables = Mapping[str, pd.DataFrame]
POLICY = DatingPolicy()
ENGLAND = "England"
#: Rules of which no more than a later sign of the step can be on record.
SIGNS = {rule.rule for rule in rules() if rule.ends_by == "a later sign"}
DAY_0 = date(2018, 8, 13).toordinal()


@dataclass
class Case:
    """A review, and how the days of its courses are asked for."""

    tables: Tables
    days: Callable[[Any], Any]
    policy: DatingPolicy = POLICY

    @property
    def day_one(self) -> str:
        return self.policy.working_day_one

    @cached_property
    def chronology(self) -> Chronology:
        unused = ("links", "locators", "readings")
        used = {name: table for name, table in self.tables.items() if name not in unused}
        return chronology_of(used, self.policy)

    @cached_property
    def review(self) -> cc.Review:
        return review_of(self.tables, self.chronology, ENGLAND)

    @cached_property
    def told(self) -> Told:
        return Told(self.tables)

    @cached_property
    def shown_wider(self) -> set[str]:
        """Events whose days beside a living child's age are told wider than they are known."""
        wider = self.chronology.shown != self.chronology.event_windows
        return set(np.array(self.chronology.events)[wider.any(axis=1)])

    @cached_property
    def open_on_a_side(self) -> set[str]:
        """Events of which the coding leaves a side open, so that no days are told there."""
        return {event for event, sides in self.chronology.open_sides.items() if any(sides)}

    def anew(self) -> Case:
        """The same, of which the package has told nothing yet."""
        return replace(self)

    @cached_property
    def without_judged(self) -> Case:
        """What is left without what the coder judged."""
        less = {
            name: table[table["basis"] != "judged"]
            if name in ("relations", "links", "involvement")
            else table
            for name, table in self.tables.items()
        }
        events = less["events"].copy()
        dated = events["date_basis"] == "judged"
        lasts = events["date"].str.contains("/")
        events["date"] = events["date"].mask(dated & ~lasts, "").mask(dated & lasts, "/..")
        events["kind"] = events["kind"].mask(events["basis"] == "judged", "entry")
        less["events"] = events
        if "small" in self.tables:
            return small_case(less)
        return solver_case(less, self.policy)


def solver_case(tables: Tables, policy: DatingPolicy = POLICY) -> Case:
    days = independent.Days(tables, policy)
    return Case(tables, lambda points: independent.courses(days, points), policy)


@cache
def case_of(name: str, day_one: str = "day after") -> Case:
    policy = replace(POLICY, working_day_one=day_one)
    days = days_of(name, policy)
    return Case(tables_of(name), lambda points: independent.courses(days, points), policy)


# ---------------------------------------------------------------- small reviews, day by day

#: What a small review has of each kind, and how many days after day 0 it is likely to be: days on
#: both sides of limits and of bank holidays.
KINDS = {
    "referral": (0, 1, 2, 3, 4, 365, 366, 367),
    "strategy-discussion": (1, 2, 3, 4, 5),
    "icpc": (22, 23, 24, 25, 26, 27),
    "assessment": (5, 64, 65, 66, 67, 68),
    "closure": (10, 20, 24, 66, 80),
    "no-further-action": (5, 30),
    "core-group": (36, 37, 38, 39, 40),
    "section-47": (2, 3, 4, 5, 24),
    "visit": (1, 12, 24, 40),
    "harm-to-child": (30, 60, 110, 400),
}


def written(low: int, high: int) -> str:
    one, other = (date.fromordinal(DAY_0 + int(day)).isoformat() for day in (low, high))
    return one if low == high else f"[{one}..{other}]"


@cache
def small(seed: int) -> Case | None:
    """A review of three to five dated events, tied at random; None where no days fit it."""
    draw = np.random.default_rng(seed)
    more = [*KINDS, "referral", "closure", "assessment", "assessment"]
    kinds = ["referral", *draw.choice(more, int(draw.integers(2, 5)))]
    events, ids, lows = [], [], []
    for at, kind in enumerate(kinds):
        low = int(draw.choice(KINDS[kind])) + int(draw.integers(0, 2))
        lows.append(low)
        ids.append(f"e{at}-{kind}")
        events.append(
            {
                "id": ids[-1],
                "kind": kind,
                "date": written(low, low + int(draw.integers(0, 6))),
                "summary": ids[-1],
                "basis": "stated",
            }
        )
    ties, links, parts = [], [], []
    for at in range(int(draw.integers(0, 4))):
        one, other = sorted(draw.choice(len(ids), 2, replace=False), key=lambda at: lows[at])
        weeks = round((lows[other] - lows[one]) / 7)
        tie = {"id": f"r{at}", "from_event": ids[one], "to_event": ids[other]}
        tie |= {"basis": str(draw.choice(["stated", "judged"], p=(0.8, 0.2)))}
        if weeks:
            tie |= {"type": "gap", "gap": f"P{weeks}W", "meaning": "rounded"}
        else:
            tie |= {"type": str(draw.choice(["before", "not-after"], p=(0.7, 0.3)))}
        ties.append(tie)
    for at in range(1, len(ids)):
        if draw.random() < 0.6:
            tie = str(draw.choice(["answers", "led-to"]))
            pair = (ids[at], ids[0]) if tie == "answers" else (ids[0], ids[at])
            basis = str(draw.choice(["stated", "judged"], p=(0.8, 0.2)))
            links.append(
                {"id": f"l{at}", "type": tie, "from_row": pair[0], "to_row": pair[1]}
                | {"basis": basis}
            )
    for event, kind in zip(ids, kinds, strict=True):
        role = "received" if kind == "referral" else "led"
        agency = str(draw.choice(["childrens-services", "school"], p=(0.8, 0.2)))
        if draw.random() < 0.9:
            parts.append(
                {"id": f"i-{event}", "agency": agency, "event": event, "role": role}
                | {"basis": "stated"}
            )
    rows_of = {"events": events, "relations": ties, "links": links, "involvement": parts}
    rows_of["agencies"] = [
        {"id": "childrens-services", "label": "Children's services", "sector": "5A"},
        {"id": "school", "label": "The school", "sector": "4A"},
    ]
    tables = frames_with(rows_of)
    # Of some conferences the source says that they were the first, as the form has it.
    says_first = np.random.default_rng([seed, 1]).random(len(ids)) < 0.5
    tables["events"]["sequence"] = [
        "first" if kind == "icpc" and says else ""
        for kind, says in zip(kinds, says_first, strict=True)
    ]
    case = small_case(tables | {"small": pd.DataFrame({"basis": []})})
    return case if len(case.days([])) else None


def small_case(tables: Tables) -> Case:
    """Every assignment of days to the events, each kept or not; no solver has a part in it."""
    place, columns = {}, []
    for event, when in zip(tables["events"]["id"], tables["events"]["date"], strict=True):
        place[event] = len(columns)
        low, _, high = when.strip("[]").partition("..")
        ends = [date.fromisoformat(day).toordinal() for day in (low, high or low)]
        columns.append(np.arange(ends[0], ends[1] + 1))
    every = np.stack([grid.ravel() for grid in np.meshgrid(*columns, indexing="ij")], axis=1)
    for tie in tables["relations"].to_dict("records"):
        gap = every[:, place[tie["to_event"]]] - every[:, place[tie["from_event"]]]
        weeks = int(tie["gap"].strip("PW") or 0)
        least, most = {
            "before": (1, 10**6),
            "not-after": (0, 10**6),
            "gap": (np.ceil(7 * (weeks - 0.5)), np.floor(7 * (weeks + 0.5))),
        }[tie["type"]]
        every = every[(gap >= least) & (gap <= most)]
    return Case(tables, lambda points: every[:, [place[event] for event, _ in points]])


# ---------------------------------------------------------------- comparisons

Wrong = Iterator[str]
#: What has been compared, so that nobody compares nothing.
seen: Counter[str] = Counter()


def numbers(row: Any, *names: str) -> tuple[int | None, ...]:
    values = (getattr(row, name) for name in names)
    return tuple(
        None if pd.isna(one) else one.toordinal() if hasattr(one, "toordinal") else int(one)
        for one in values
    )


def told_wrongly(case: Case, events: set[str], found: Any, wanted: Any) -> bool:
    """Whether days are not those wanted; or do not hold them, where the coding leaves a day open or
    an age is near, so that wider days are told."""
    if not events & (case.shown_wider | case.open_on_a_side):
        return bool(found != wanted)
    if len(found) < 4 or len(wanted) < 4:
        return bool(found != wanted)
    lows, highs = (
        zip(found[:4:2], wanted[:4:2], strict=True),
        zip(found[1:4:2], wanted[1:4:2], strict=True),
    )
    return any(one is not None and one > own for one, own in lows) or any(
        one is not None and one < own for one, own in highs
    )


SPAN = ("days_min", "days_max", "working_days_min", "working_days_max")


def wrong_waits(case: Case) -> Wrong:
    for row in cc.response_gaps(case.review).itertuples():
        if row.state not in (timing.ANSWERED, timing.CLOSED_OR_LEFT):
            continue
        wanted = wait(case.days, row.concern, row.answer, case.day_one)
        if wanted is not None:
            seen["waits"] += 1
            found = numbers(row, *SPAN) if row.known != intervals.PRECEDES else ()
            if told_wrongly(case, {row.concern, row.answer}, found, wanted[:4]):
                yield f"{row.concern}, {row.answer}: {found}, not {wanted}"


def wrong_next(case: Case) -> Wrong:
    protective = codebook().flagged("event_kind", "protective")
    events = case.tables["events"]
    steps = events["id"][events["kind"].isin(protective) & (events["absence"] == "")].tolist()
    absent = set(events["id"][events["absence"] != ""])
    for row in cc.response_gaps(case.review).drop_duplicates("concern").itertuples():
        others = [step for step in steps if step != row.concern]
        if not row.next_step_follows or not others or row.concern in absent:
            continue
        wanted = next_step(case.days, row.concern, others, case.day_one)
        if wanted is None:
            continue
        seen["next steps"] += 1
        named = frozenset(row.next_step)
        if not wanted.alone <= named <= wanted.may:
            yield f"{row.concern}: {set(named)}, not {wanted}"
        if not wanted.may:
            continue
        found = numbers(row, *(f"next_step_{name}" for name in SPAN))
        opened = {row.concern, *row.next_step} & case.open_on_a_side
        if opened or {row.concern, *others} & case.shown_wider:
            continue
        if found[:3] != (wanted.least, wanted.most, wanted.working_least):
            yield f"{row.concern}: {found}, not {wanted}"
        if row.next_step_follows.startswith(intervals.CERTAINLY) != wanted.certain:
            yield f"{row.concern}: {row.next_step_follows}, not {wanted}"
        # Of working days the most of each step is told, and each can be of another concern's day.
        if wanted.certain and not found[3] >= wanted.working_most:
            yield f"{row.concern}: {found[3]} working days, not {wanted}"


def wrong_verdicts(case: Case) -> Wrong:
    less = case.without_judged
    for row in cc.timescale_checks(case.review).itertuples():
        if not row.start:
            continue
        asked = row.rule, row.start, row.end_of_account, case.day_one
        wanted = clock(case.told, case.days, *asked)
        if wanted is None:
            continue
        verdict = wanted.verdict
        if verdict in ("met", "not met"):
            again = clock(less.told, less.days, *asked) if row.start in less.told.kind else None
            if again is None or again.verdict != verdict:
                verdict = {"met": "met as judged"}.get(verdict, "undetermined")
        seen[f"verdicts: {verdict}"] += 1
        which = f"{row.rule}, {row.start}"
        if row.verdict != verdict:
            yield f"{which}: {row.verdict}, not {verdict} ({wanted})"
        if set(row.may_end) != wanted.ends:
            yield f"{which}: ended by {row.may_end}, not {set(wanted.ends)}"
        sign = row.rule in SIGNS and row.verdict not in ("met", "met as judged")
        actual = None if sign else wanted.actual
        for name, days, events in (
            ("due", wanted.due, {row.start}),
            ("actual", actual, wanted.ends),
        ):
            if days_wrong(case, row, name, days, events):
                yield f"{which}: {name} not {days}"
        if row.verdict == "undetermined" and wanted.verdict == "undetermined":
            seen["could be met"] += bool(wanted.met_from)
            if days_wrong(case, row, "met_from", wanted.met_from, wanted.ends):
                yield f"{which}: could be met not from {wanted.met_from}"


def days_wrong(case: Case, row: Any, name: str, days: Any, events: Collection[str]) -> bool:
    """Whether a first and a last day are not those wanted, nor hold them where, beside an age, days
    are told wider."""
    told = numbers(row, f"{name}_earliest", f"{name}_latest")
    if not days or None in told or case.shown_wider.isdisjoint(events):
        return bool(told != (days or (None, None)))
    return not told[0] <= days[0] <= days[1] <= told[1]


def wrong_re_referrals(case: Case) -> Wrong:
    less = case.without_judged
    for row in cc.re_referrals(case.review).itertuples():
        wanted = re_referral(case.told, case.days, row.referral, row.measure)
        if wanted is None:
            continue
        said = wanted[0]
        if said == "certain":
            again = (
                re_referral(less.told, less.days, row.referral, row.measure)
                if row.referral in less.told.kind
                else None
            )
            said = said if again and again[0] == said else "certain as judged"
        seen[f"re-referrals: {said}"] += 1
        found = (
            row.re_referral,
            sorted(row.before),
            *numbers(row, "days_min", "days_max"),
        )
        if found != (said, *wanted[1:]):
            yield f"{row.referral}, {row.measure}: {found}, not {(said, *wanted[1:])}"


def wrong_stretches(case: Case) -> Wrong:
    book = codebook()
    apart = book.flagged("event_kind", "state") | book.flagged("event_kind", "learning")
    rows = cc.involvement(case.review)
    for row in cc.contact_gaps(case.review).itertuples():
        had = rows["event"][
            (rows["agency"] == row.agency) & rows["part"].isin(CONTACT_PARTS) & rows["named"]
        ]
        contacts = [
            one
            for one in sorted(set(had))
            if case.told.kind.get(one, "") not in apart and case.days(starts(one)) is not None
        ]
        wanted = longest(case.days, case.told, contacts)
        if wanted is None:
            continue
        seen["stretches"] += 1
        seen["stretches, the least exactly"] += int(row.days_min == wanted[0])
        # The least is a number that no chronology falls below, and not always reached; beside an
        # age the most is told wider too.
        near = not case.shown_wider.isdisjoint(contacts)
        if (
            not row.days_min <= wanted[0]
            or row.days_max < wanted[1]
            or not (near or row.days_max == wanted[1])
        ):
            yield f"{row.agency}: {row.days_min} to {row.days_max}, not {wanted}"


COMPARISONS = (
    wrong_waits,
    wrong_next,
    wrong_verdicts,
    wrong_re_referrals,
    wrong_stretches,
)


# ---------------------------------------------------------------- both reviews, and others

#: The last two have dates with holes. The others, and most of the small reviews, are looked at
#: where all is.
NAMES = [W, A, *(SIMULATED if EVERY else [SIMULATED[0], SIMULATED[15], SIMULATED[18]])]
SMALL = some(range(250), 40)


@pytest.mark.parametrize("comparison", COMPARISONS)
@pytest.mark.parametrize("name", NAMES)
def test_what_is_told_is_what_the_days_give(name: str, comparison: Callable[[Case], Wrong]) -> None:
    assert list(comparison(case_of(name))) == []


def test_working_days_that_begin_with_the_start_day_are_told_alike() -> None:
    for comparison in (wrong_waits, wrong_next, wrong_verdicts):
        assert list(comparison(case_of(A, "start day"))) == []


def small_reviews() -> Iterator[Case]:
    yield from filter(None, map(small, SMALL))


@cache
def of_small_reviews(comparison: Callable[[Case], Wrong]) -> tuple[list[str], Counter[str]]:
    """What is told wrongly, and how much of each kind has been compared."""
    seen.clear()
    found = [wrong for case in small_reviews() for wrong in comparison(case)]
    return found, seen.copy()


@pytest.mark.parametrize("comparison", COMPARISONS)
def test_small_reviews_are_told_as_all_their_courses_of_days_are(
    comparison: Callable[[Case], Wrong],
) -> None:
    assert of_small_reviews(comparison)[0] == []


def test_every_kind_of_result_has_been_compared() -> None:
    compared = sum((of_small_reviews(one)[1] for one in COMPARISONS), Counter[str]())
    kinds = ("met", "met as judged", "not met", "undetermined", "not applicable")
    wanted = {"waits", "next steps", "stretches", "could be met"}
    wanted |= {f"verdicts: {kind}" for kind in kinds}
    wanted |= {f"re-referrals: {kind}" for kind in ("certain", "possible", "cannot be told")}
    assert wanted <= compared.keys()
    # The least of the longest stretch is nearly always one that some course of days has.
    assert compared["stretches, the least exactly"] >= 0.9 * compared["stretches"]


# ---------------------------------------------------------------- errors that are planted


def a_limit_is_one_working_day_short(patch: pytest.MonkeyPatch) -> None:
    def short(jurisdiction: str) -> list[Rule]:
        return [
            replace(rule, limit=rule.limit - 1)
            if rule.limit and rule.unit == "working days"
            else rule
            for rule in rules_of(jurisdiction)
        ]

    patch.setattr(timescales, "rules_of", short)


def a_holiday_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    a_bank_holiday_is_forgotten(patch)
    for module in (intervals, timing, timescales):
        patch.setattr(module, "working_calendar", test_independent.working_calendar)


def the_later_of_two_next_steps_is_told(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(intervals, "min", max, raising=False)


def a_pair_is_swapped(patch: pytest.MonkeyPatch) -> None:
    between, regions = intervals.waits_between, timescales.feasible_regions
    for module in (timing, intervals):
        patch.setattr(
            module,
            "waits_between",
            lambda found, pairs, *calendar, **more: between(
                found, [pair[::-1] for pair in pairs], *calendar, **more
            ),
        )
    patch.setattr(timescales, "feasible_regions", lambda found, a, b: regions(found, b, a))
    told = pairing.region_of
    patch.setattr(pairing, "region_of", lambda net, a, b: told(net, b, a))


def eleven_months_are_a_year(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(re_referrals, "_MONTHS", 11)


def any_step_may_be_between(patch: pytest.MonkeyPatch) -> None:
    """A third contact within a stretch is overlooked."""
    patch.setattr("casechron.analysis.contacts.closed_cases", lambda net, choices: [net])


#: Small reviews in which each of the errors is seen.
SEEING = (1, 0, 25, 40, 67, 68)
PLANTED = [
    (the_same_day_is_admitted, (wrong_waits, wrong_next, wrong_re_referrals)),
    (a_rounded_week_ends_a_day_late, (wrong_waits, wrong_next, wrong_verdicts)),
    (a_holiday_is_forgotten, (wrong_waits, wrong_next, wrong_verdicts)),
    (the_later_of_two_next_steps_is_told, (wrong_next,)),
    (a_pair_is_swapped, COMPARISONS[:-1]),
    (a_limit_is_one_working_day_short, (wrong_verdicts,)),
    (eleven_months_are_a_year, (wrong_re_referrals,)),
    (any_step_may_be_between, (wrong_stretches,)),
]


@cache
def wrong_of_seeing(comparison: Callable[[Case], Wrong]) -> list[str]:
    return [wrong for case in filter(None, map(small, SEEING)) for wrong in comparison(case)]


@pytest.mark.parametrize(
    ("plant", "comparison"),
    [(plant, comparison) for plant, some in PLANTED for comparison in some],
)
def test_a_planted_error_is_seen(
    plant: Callable[[pytest.MonkeyPatch], None],
    comparison: Callable[[Case], Wrong],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In one of the small reviews, all of which are told rightly without it."""
    assert wrong_of_seeing(comparison) == []
    # What was found without the error is not to stand for what is found with it.
    monkeypatch.setattr(re_referrals, "_cases_in", re_referrals._cases_in.__wrapped__)
    plant(monkeypatch)
    cases = filter(None, map(small, SEEING))
    assert any(wrong for case in cases for wrong in comparison(case.anew()))
