"""Which clocks of guidance does a review start or stop, and what does it say of them beside
dates?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import pandas as pd

from casechron.analysis.columns import rows_in
from casechron.analysis.timescale_rules import Rule
from casechron.chronology import Chronology, feasible_region

__all__ = [
    "Clock",
    "Coded",
    "Stated",
    "clocks",
    "clocks_where",
    "coded",
    "may_follow",
    "stated_of",
    "step_point",
]

Tables = Mapping[str, pd.DataFrame]

#: The receiver whose clock a referral starts: a local authority's social care (codes of the list
#: `sector`).
_CLOCK_OF = frozenset({"5A", "5C"})
_LOCAL_CLOCK = "referral"
_TIES = frozenset({"answers", "led-to"})


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock of a rule in a review: the ids of the events that start and stop it, '' where there
    is none."""

    rule: str
    start: str
    end: str


class Stated(NamedTuple):
    """What is said of a clock beside its dates: whether several events stand in its row, and grades
    of a missing step."""

    several: bool
    lacks: tuple[str, ...]


class Coded(NamedTuple):
    """What the tables say that can start, stop and tie clocks: events that happened, ties, and what
    starts no clock."""

    there: tuple[tuple[str, str], ...]
    pairs: frozenset[tuple[str, str]]
    not_counted: frozenset[str]


def coded(tables: Tables) -> Coded:
    """What the tables say that can start, stop and tie clocks; equal where they say the same.

    A referral that is part of another row is not counted twice, and one that only other agencies
    received starts no clock of children's social care."""
    there = (
        (row, kind)
        for row, kind, absence in rows_in(tables["events"], "id", "kind", "absence")
        if not absence
    )
    tied = [
        (one, other)
        for tie, one, other in rows_in(tables["links"], "type", "from_row", "to_row")
        if tie in _TIES
    ]
    pairs = {*tied, *((other, one) for one, other in tied)}
    return Coded(tuple(there), frozenset(pairs), frozenset(_not_counted(tables)))


def clocks(there: Coded, chronology: Chronology, rules: Iterable[Rule]) -> dict[str, list[Clock]]:
    """Which clocks of these rules does the review start or stop? By rule, in table order; stops
    without a start come last."""
    return clocks_where(there, partial(may_follow, chronology), rules)


def clocks_where(
    there: Coded, follows: Callable[[str, str, bool], bool], rules: Iterable[Rule]
) -> dict[str, list[Clock]]:
    """As `clocks`, where `follows` says of two events and of whether a day has to lie between them
    what `may_follow` does."""
    found = {}
    for rule in rules:
        starts = [
            row for row, kind in there.there if kind in rule.starts and row not in there.not_counted
        ]
        ends = [row for row, kind in there.there if kind in rule.ends]
        same_kind = set(rule.starts) & set(rule.ends)
        own, used = [], set()
        for start in starts:
            free = [end for end in ends if end != start and end not in used]
            chosen = next((end for end in free if (end, start) in there.pairs), "")
            if not chosen and rule.pairing == "next":
                chosen = next((end for end in free if follows(start, end, bool(same_kind))), "")
            if rule.ends_by == "the step":
                used.add(chosen)
            own.append(Clock(rule.rule, start, chosen))
        if rule.pairing == "next" and not same_kind:
            own += [Clock(rule.rule, "", end) for end in ends if end not in used]
        found[rule.rule] = own
    return found


def stated_of(tables: Tables, asked: Iterable[tuple[Rule, Clock]]) -> dict[Clock, Stated]:
    """What the tables say of each clock beside its dates."""
    answers: dict[str, set[str]] = {}
    for tie, one, other in rows_in(tables["links"], "type", "from_row", "to_row"):
        if tie == "answers":
            answers.setdefault(other, set()).add(one)
    events = tables["events"]
    several = {
        row: int(least or 0) > 1 or (int(most) > 1 if most else bool(least))
        for row, least, most in rows_in(events, "id", "count_min", "count_max")
    }
    absences = [
        (row, kind, absence)
        for row, kind, absence in rows_in(events, "id", "kind", "absence")
        if absence
    ]
    return {
        clock: Stated(
            several.get(clock.start, False),
            tuple(
                grade
                for row, kind, grade in absences
                if row in answers.get(clock.start, ()) and kind in rule.ends
            ),
        )
        for rule, clock in asked
    }


def step_point(chronology: Chronology, end: str) -> str:
    """Which point of an event stops a clock: the end of an assessment that lasts, else the
    start."""
    place = chronology.lowered.place[end]
    lasts = (
        chronology.lowered.shape[place] == "span"
        and chronology.lowered.events[place].kind == "assessment"
    )
    return "end" if lasts else "start"


def may_follow(chronology: Chronology, start: str, end: str, after: bool) -> bool:
    """Whether an event can be on the day of another or after it (`after`: certainly not on the same
    day).

    Where no chronology is admissible, the order of the table stands in.
    """
    if not chronology.admissible:
        place = chronology.lowered.place
        return place[end] > place[start]
    most = feasible_region(chronology, start, end).gap_hi
    return most is None or most >= int(after)


def _not_counted(tables: Tables) -> set[str]:
    """The events that start no clock: parts of a row of the same kind, and referrals that others
    received."""
    kinds = dict(rows_in(tables["events"], "id", "kind"))
    parts = [
        (one, other)
        for tie, one, other in rows_in(tables["links"], "type", "from_row", "to_row")
        if tie == "part-of"
    ]
    found = {part for part, whole in parts if part in kinds and kinds.get(whole) == kinds[part]}
    sectors = dict(rows_in(tables["agencies"], "id", "sector"))
    received: dict[str, set[str]] = {}
    for event, role, agency in rows_in(tables["involvement"], "event", "role", "agency"):
        if role == "received" and kinds.get(event) == _LOCAL_CLOCK:
            received.setdefault(event, set()).add(sectors[agency])
    return found | {
        event for event, own in received.items() if not _CLOCK_OF & own and own != {"10"}
    }
