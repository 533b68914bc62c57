"""What follows from the days of a few events? Waits, next steps, verdicts, re-referrals and
stretches without contact, told anew from the tidy tables and every course of days, so that the
package is not asked about itself: its network, its pairing of steps with clocks and its calendar
have no part in it.

Each function asks `days(points)` for the days that some points, each an (event, 'start' or 'end'),
have together: one row per course of days, one column per point, ordinals; None where they are
endless. What is certain holds in every row, what is possible in some.
"""

from __future__ import annotations

import calendar
import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import holidays
import numpy as np
import pandas as pd

Tables = Mapping[str, pd.DataFrame]
Ask = Callable[[Sequence[tuple[str, str]]], Any]

_CSV = Path(__file__).parents[1] / "src" / "casechron" / "analysis" / "timescales.csv"
FIRST = date(1990, 1, 1).toordinal()


@cache
def working() -> Any:
    """How many working days of England there are from 1990 to each day."""
    off = holidays.country_holidays("GB", subdiv="ENG", years=range(1990, 2031))
    days = range(FIRST, date(2031, 1, 1).toordinal())
    each = [date.fromordinal(day) for day in days]
    return np.cumsum([one.weekday() < 5 and one not in off for one in each])


def number(start: Any, end: Any, day_one: str) -> Any:
    """Which working day of the clock that runs from each start is each end?"""
    return working()[end - FIRST] - working()[start - (day_one == "start day") - FIRST]


@cache
def months_on(day: int, months: int) -> int:
    """The day of the same number so many months on, or the last of that month."""
    one = date.fromordinal(day)
    year, month = divmod(one.year * 12 + one.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(one.day, last)).toordinal()


def months_later(days: Any, months: int) -> Any:
    """The same of many days."""
    each, where = np.unique(days, return_inverse=True)
    return np.array([months_on(int(day), months) for day in each], dtype=np.int64)[where]


def starts(*events: str) -> list[tuple[str, str]]:
    return [(event, "start") for event in events]


def rows(table: pd.DataFrame, columns: str) -> list[tuple[str, ...]]:
    """Some columns of a table, row by row; a column that it has not is empty."""
    names = columns.split()
    nothing = [""] * len(table)
    columns_of = (table[name].tolist() if name in table else nothing for name in names)
    return list(zip(*columns_of, strict=True))


def wait(days: Ask, one: str, other: str, day_one: str) -> tuple[Any, ...] | None:
    """Least and most days and working days from an event to one that does not precede it, and
    whether it certainly does not; () where it must precede it."""
    courses = days(starts(one, other))
    if courses is None:
        return None
    kept = courses[courses[:, 1] >= courses[:, 0]]
    if not len(kept):
        return ()
    gap, work = kept[:, 1] - kept[:, 0], number(kept[:, 0], kept[:, 1], day_one)
    span = (gap.min(), gap.max(), work.min(), work.max())
    return (*map(int, span), len(kept) == len(courses))


@dataclass(frozen=True)
class Next:
    """The protective steps that can be next after a concern, those that are in some course of days
    strictly the next, whether one certainly follows, and the days to the next."""

    may: frozenset[str]
    alone: frozenset[str]
    certain: bool
    least: int
    most: int | None
    working_least: int
    working_most: int | None


def next_step(days: Ask, concern: str, steps: Sequence[str], day_one: str) -> Next | None:
    """None where it cannot be enumerated; nothing in `may` where no step can follow."""
    courses = days(starts(concern, *steps))
    if courses is None:
        return None
    concerns, each = courses[:, :1], courses[:, 1:]
    follows = each >= concerns
    if not follows.any():
        return Next(frozenset(), frozenset(), False, 0, None, 0, None)
    gap = np.where(follows, each - concerns, 10**6)
    first = (gap == gap.min(axis=1, keepdims=True)) & follows
    alone = first & (first.sum(axis=1, keepdims=True) == 1)
    sure = follows.all(axis=0)
    work = number(np.broadcast_to(concerns, each.shape), each, day_one)
    soonest = np.where(follows, work, 10**6).min(axis=1)
    return Next(
        frozenset(step for step, one in zip(steps, first.any(axis=0), strict=True) if one),
        frozenset(step for step, one in zip(steps, alone.any(axis=0), strict=True) if one),
        bool(sure.any()),
        int(gap.min()),
        int(gap.min(axis=1).max()) if sure.any() else None,
        int(soonest.min()),
        int(soonest.max()) if sure.any() else None,
    )


# ---------------------------------------------------------------- clocks


@cache
def editions() -> tuple[dict[str, Any], ...]:
    """The limits of England, as the table of them has them: first and last day as ordinals."""
    found = []
    with _CSV.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["jurisdiction"] == "England":
                begins, ends = row["in_force_from"], row["in_force_to"]
                found.append(
                    row
                    | {
                        "first": date.fromisoformat(f"{begins}-01"[:10]).toordinal(),
                        "last": _last(ends) if ends else date.max.toordinal(),
                        "limit": int(row["limit"]) if row["limit"] else None,
                    }
                    | {name: row[name].split(";") for name in ("starts", "ends", "starts_if_tied")}
                )
    return tuple(found)


def _last(text: str) -> int:
    year, month, *day = map(int, text.split("-"))
    return date(year, month, *(day or [calendar.monthrange(year, month)[1]])).toordinal()


class Told:
    """What tables say of who did what, apart from all days."""

    def __init__(self, tables: Tables) -> None:
        events = rows(tables["events"], "id kind absence count_min count_max date sequence")
        self.kind = {row: kind for row, kind, absence, *_ in events if not absence}
        self.ends = {row: "end" if "/" in when else "start" for row, *_, when, _ in events}
        self.several = {row for row, _, _, low, high, *_ in events if int(high or low or 1) > 1}
        self.may_be_several = self.several | {
            row for row, _, _, low, high, *_ in events if low and not high
        }
        self.in_sequence = {row for row, *_, said in events if said}
        self.tied: dict[str, set[str]] = {}
        self.lacks: dict[str, set[tuple[str, str]]] = {}
        self.parts = set()
        missing = {row: (kind, absence) for row, kind, absence, *_ in events if absence}
        for tie, one, other in rows(tables["links"], "type from_row to_row"):
            if tie in ("answers", "led-to"):
                self.tied.setdefault(one, set()).add(other)
                self.tied.setdefault(other, set()).add(one)
            if tie == "answers" and one in missing:
                self.lacks.setdefault(other, set()).add(missing[one])
            if tie == "part-of" and self.kind.get(one, "") == self.kind.get(other):
                self.parts.add(one)
        sector = dict(rows(tables["agencies"], "id sector"))
        self.agencies: dict[tuple[str, str], set[str]] = {}
        for event, role, agency in rows(tables["involvement"], "event role agency"):
            own = "x-childrens" if (agency, sector[agency]) == ("childrens-services", "5A") else ""
            self.agencies.setdefault((event, role), set()).add(own or sector[agency])
        self.harming = {
            event
            for event, role, status in rows(tables["participation"], "event role status")
            if (role, status != "denied") == ("harming", True)
        }

        young = {
            row for row, kinship in rows(tables["people"], "id kinship") if kinship in CHILDREN
        }
        self.about: dict[str, set[str]] = {}
        for event, role, person in rows(tables["participation"], "event role person"):
            if role == "subject" and person in young:
                self.about.setdefault(event, set()).add(person)
        # What names no child is about those of the referrals that it answers.
        named = dict(self.about)
        answers = {"answers": ("from_row", "to_row"), "led-to": ("to_row", "from_row")}
        of_referrals: dict[str, list[set[str]]] = {}
        for tie, ends in answers.items():
            links = tables["links"][tables["links"]["type"] == tie]
            for one, other in rows(links, " ".join(ends)):
                if self.kind.get(one) != "referral" == self.kind.get(other) and one not in named:
                    of_referrals.setdefault(one, []).append(named.get(other, set()))
        for one, children in of_referrals.items():
            if all(children):
                self.about[one] = set.union(*children)

    def childrens(self, event: str, role: str) -> bool | None:
        """Whether children's social care had a role: None for only others, False for open."""
        had = self.agencies.get((event, role), set())
        if "x-childrens" in had:
            return True
        return False if not had or had & {"5A", "5C", "10"} else None


@dataclass(frozen=True)
class Verdict:
    """What is found of the clock of a rule that an event starts."""

    verdict: str
    ends: frozenset[str]
    due: tuple[int, int]
    actual: tuple[int, int] | None
    met_from: tuple[int, int] | None


def clock(told: Told, days: Ask, rule: str, start: str, until: str, day_one: str) -> Verdict | None:
    """None where the days are endless, or where a plan's spells would have to be told apart."""
    own = [one for one in editions() if one["rule"] == rule]
    if own[0]["starts_by"] != "the event" or start in told.several:
        return None
    ends = [row for row, kind in told.kind.items() if kind in own[0]["ends"]]
    strict = bool(set(own[0]["starts"]) & set(own[0]["ends"]))
    begins = [one for one in told.kind if _begins(told, own[0], one, ends)]
    tied = told.tied.get(start, set()) & set(ends)
    if tied:
        steps = sorted(tied - {start})
    elif own[0]["pairing"] == "linked":
        steps = []
    else:
        taken = set().union(*(told.tied.get(one, set()) for one in begins))
        steps = sorted(set(ends) - {start} - (taken if own[0]["ends_by"] == "the step" else set()))
    over: list[str] = []
    if steps and not tied and own[0]["spell"] == "case":
        over = [
            row
            for row, kind in told.kind.items()
            if kind == "closure" and told.childrens(row, "led") is not None
        ]
    elif steps and not tied and own[0]["spell"] == "plan":
        others = [row for row, kind in told.kind.items() if kind in ("icpc", "protection-plan")]
        if set(others) - {start}:
            return None
    courses = days([(start, "start"), *((one, _stops(told, one)) for one in steps), *starts(*over)])
    if courses is None:
        return None
    began = courses[:, 0]
    late = np.full(len(courses), np.iinfo(np.int64).max)
    limits = np.full(len(courses), -1)
    known = np.zeros(len(courses), dtype=bool)
    for one in own:  # where two editions meet in a month both may be the one: this is not asked
        held = (began >= one["first"]) & (began <= one["last"])
        limits[held], known[held] = one["limit"] or -1, one["limit"] is not None
    if not (limits > 0).all():
        return None
    each = courses[:, 1 : 1 + len(steps)]
    usable = each >= began[:, None] + strict
    first = np.where(usable, each, late[:, None]).min(axis=1, initial=late[0])
    stop = courses[:, 1 + len(steps) :]
    ended = (stop >= began[:, None] + strict) & (stop < first[:, None])
    none = (first == late) | ended.any(axis=1)
    unit = own[0]["unit"]
    due = months_later(began, int(limits[0])) if unit == "months" else _due(began, limits, day_one)
    in_time = first <= (due if unit == "months" else _last_day(began, limits, day_one))
    ending = frozenset(
        step
        for at, step in enumerate(steps)
        if (~none & usable[:, at] & (each[:, at] == first)).any()
    )
    own_days = [days([(step, _stops(told, step))]) for step in ending]
    actual = (min(map(np.min, own_days)), max(map(np.max, own_days))) if ending else None
    met_from = None
    if actual and len(ending) == 1 and own[0]["ends_by"] == "the step":
        met_from = tuple(_from(day, int(limits[0]), unit, day_one) for day in actual)
    said = _said(told, own[0], start, in_time, none, bool(tied))
    if none.all() and said == "undetermined" and until and own[0]["ends"]:
        both = days(starts(start, until))
        if both is None:
            return None
        most = (
            months_later(both[:, 0], int(limits[0]))
            if unit == "months"
            else _last_day(both[:, 0], np.full(len(both), limits[0]), day_one)
        )
        said = "not applicable" if (both[:, 1] <= most).all() else said
    return Verdict(said, ending, (int(due.min()), int(due.max())), actual, met_from)


def _begins(told: Told, rule: Mapping[str, Any], row: str, ends: Iterable[str]) -> bool:
    tied = told.kind[row] in rule["starts_if_tied"] and told.tied.get(row, set()) & set(ends)
    return (
        (told.kind[row] in rule["starts"] or bool(tied))
        and row not in told.parts
        and ("referral" not in rule["starts"] or told.childrens(row, "received") is not None)
    )


def _stops(told: Told, step: str) -> str:
    return told.ends[step] if told.kind[step] == "assessment" else "start"


def _said(
    told: Told, rule: Mapping[str, Any], start: str, in_time: Any, none: Any, tied: bool
) -> str:
    ours = "referral" not in rule["starts"] or told.childrens(start, "received")
    if none.all():
        lacking = {grade for kind, grade in told.lacks.get(start, ()) if kind in rule["ends"]}
        denied = rule["ends_by"] == "the step" and "did-not-happen" in lacking and ours
        return "not met" if denied else "undetermined"
    if not ours or none.any() or rule["ends_by"] == "not told apart":
        return "undetermined"
    if in_time.all():
        return "met"
    # That no step which is not coded came first is said by a tie alone.
    return (
        "not met"
        if tied and not in_time.any() and rule["ends_by"] == "the step"
        else ("undetermined")
    )


def _due(began: Any, limits: Any, day_one: str) -> Any:
    """The working day of the limit's number."""
    base = working()[began - (day_one == "start day") - FIRST]
    return np.searchsorted(working(), base + limits) + FIRST


def _last_day(began: Any, limits: Any, day_one: str) -> Any:
    """The last day of no more than so many working days."""
    return _due(began, limits + 1, day_one) - 1


def _from(end: int, limit: int, unit: str, day_one: str) -> int:
    """The first day from which a step on a day keeps the limit."""
    began = np.arange(end - 400, end + 1)
    last = (
        months_later(began, limit)
        if unit == "months"
        else _last_day(began, np.full(len(began), limit), day_one)
    )
    return int(began[last >= end][0])


# ---------------------------------------------------------------- re-referrals, stretches

OPEN_STEPS = {
    "assessment",
    "strategy-discussion",
    "section-47",
    "icpc",
    "review-conference",
    "core-group",
    "protection-plan",
    "child-in-need-plan",
}


CHILDREN = ("child", "sibling")


def re_referral(told: Told, days: Ask, referral: str, measure: str) -> tuple[Any, ...] | None:
    """What is found, what can have come last before, and least and most days since then. What is
    certain without the referrals of other children is so with them. Of several in one row the later
    ones follow the first, or a closure that came among them."""
    found = _of_first(told, days, referral, measure)
    if found is None or found[0] != "none on record" or referral not in told.may_be_several:
        return found
    closures = [
        row
        for row, kind in told.kind.items()
        if kind == "closure" and told.childrens(row, "led") is not None
    ]
    among = []
    for row in [referral] if measure == "after a referral" else closures:
        courses = days([(referral, "start"), (row, "start"), (referral, "end")])
        if courses is None:
            return None
        first, day, last = courses.T
        among += [row] if ((first <= day) & (day < last)).any() else []
    return ("cannot be told", sorted(among), None, None) if among else found


def _of_first(told: Told, days: Ask, referral: str, measure: str) -> tuple[Any, ...] | None:
    """The same of the first of several in one row."""
    others = {
        row
        for row in told.kind
        if all(about := (told.about.get(row, set()), told.about.get(referral, set())))
        and not set.intersection(*about)
    }
    if measure == "after a closure" or not others:
        return _re_referral(told, days, referral, measure, set(), set())
    without = _re_referral(told, days, referral, measure, others, others)
    if without is None or without[0] == "certain":
        return without
    return _re_referral(told, days, referral, measure, set(), others)


def _re_referral(
    told: Told,
    days: Ask,
    referral: str,
    measure: str,
    left_out: set[str],
    other_cases: set[str],
) -> tuple[Any, ...] | None:
    """The same without some referrals, and without what was done on other cases."""
    here = [
        row
        for row, kind in told.kind.items()
        if kind == "referral"
        and row not in told.parts
        and told.childrens(row, "received") is not None
    ]
    closures = [
        row
        for row, kind in told.kind.items()
        if kind == "closure" and told.childrens(row, "led") is not None
    ]
    after_closure = measure == "after a closure"
    here = [row for row in here if row not in left_out]
    before = closures if after_closure else [row for row in here if row != referral]
    shut, opened = list[str](), list[str]()
    if not after_closure:
        shut = closures + [
            row
            for row, kind in told.kind.items()
            if kind == "no-further-action" and told.tied.get(row, set()) & set(here)
        ]
        opened = [
            row
            for row, kind in told.kind.items()
            if kind in OPEN_STEPS and days(starts(row)) is not None
        ]
    shut, opened = ([row for row in some if row not in other_cases] for some in (shut, opened))
    point = {row: "end" if row in told.several else told.ends[row] for row in before}
    before = [one for one in before if _can_be_last(days, referral, one, point)]
    shut, opened = (
        [
            row
            for row in some
            if _some(days, (row, "start"), (referral, "start"))
            and any(_some(days, (one, point[one]), (row, "start")) for one in before)
        ]
        for some in (shut, opened)
    )
    lasting = [(one, point[one]) for one in before]
    courses = days([(referral, "start"), *lasting, *starts(*shut, *opened)])
    if courses is None or {"protection-plan", "child-in-need-plan"} & set(told.kind.values()):
        return None
    came = courses[:, 0]
    each = courses[:, 1 : 1 + len(before)]
    closing = courses[:, 1 + len(before) : 1 + len(before) + len(shut)]
    steps = courses[:, 1 + len(before) + len(shut) :]
    last = np.where(each < came[:, None], each, 0).max(axis=1, initial=0)
    outcomes, names, gaps = set(), [], list[int]()
    if (last == 0).any():
        outcomes.add("none")
    for at, name in enumerate(before):
        here_last = (each[:, at] == last) & (last > 0)
        if not here_last.any():
            continue
        names.append(name)
        one, own, shuts, opens = (x[here_last] for x in (came, last, closing, steps))
        gaps += [int((one - own).min()), int((one - own).max())]
        within = one <= months_later(own, 12)
        between = (shuts >= own[:, None]) & (shuts <= one[:, None])
        reopened = (opens[:, None, :] > shuts[:, :, None]) & (opens < one[:, None])[:, None, :]
        closed = (between & ~reopened.any(axis=2)).any(axis=1)
        certain = np.full(len(one), bool(told.childrens(referral, "received")))
        if not after_closure:
            certain &= closed & bool(told.childrens(name, "received"))
            about = told.about.get(name, set()), told.about.get(referral, set())
            certain &= not all(about) or bool(set.intersection(*about))
        outcomes |= {"none"} if (~within).any() else set()
        outcomes |= {"certain"} if (within & certain).any() else set()
        outcomes |= {"untold"} if (within & ~certain).any() else set()
    said = (
        "none on record"
        if outcomes <= {"none"}
        else "certain"
        if outcomes == {"certain"}
        else "possible"
        if "certain" in outcomes
        else "cannot be told"
    )
    return said, sorted(names), min(gaps, default=None), max(gaps, default=None)


def _some(days: Ask, one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether a point is no later than another in some course of days."""
    courses = days([one, other])
    return courses is None or bool((courses[:, 0] <= courses[:, 1]).any())


def _can_be_last(days: Ask, referral: str, row: str, point: Mapping[str, str]) -> bool:
    """False where it is never before a referral, or another certainly came between the two."""
    courses = days([(row, point[row]), (referral, "start")])
    if courses is not None and not (courses[:, 0] < courses[:, 1]).any():
        return False
    for other in point.keys() - {row}:
        table = days([(row, point[row]), (other, point[other])])
        came = days([(other, point[other]), (referral, "start")])
        if table is None or came is None:
            continue
        if (table[:, 0] < table[:, 1]).all() and (came[:, 0] < came[:, 1]).all():
            return False
    return True


def longest(days: Ask, told: Told, contacts: Sequence[str]) -> tuple[int, int] | None:
    """Least and most days, over all courses, of the longest stretch without one of the contacts."""
    points = [(one, side) for side in ("start", "end") for one in contacts]
    courses = days(points)
    if courses is None:
        return None
    start, end = courses[:, : len(contacts)], courses[:, len(contacts) :]
    best = np.zeros(len(courses), dtype=np.int64)
    for i in range(len(contacts)):
        for j in range(len(contacts)):
            if i != j:
                apart = (end <= end[:, i : i + 1]) | (start >= start[:, j : j + 1])
                apart[:, [i, j]] = True
                gap = np.where(apart.all(axis=1), start[:, j] - end[:, i], 0)
                best = np.maximum(best, gap)
    return int(best.min()), int(best.max())
