"""Which clocks of guidance does a review start or stop, and what does it say of them beside dates?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from casechron.analysis.timescale_rules import Rule
from casechron.chronology import Chronology, feasible_region

__all__ = ["Clock", "Stated", "clocks", "may_follow", "stated_of", "step_point"]

Tables = Mapping[str, pd.DataFrame]

#: The receiver whose clock a referral starts: a local authority's social care (codes of the list `sector`).
_CLOCK_OF = frozenset({"5A", "5C"})
_LOCAL_CLOCK = "referral"


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock of a rule in a review: the ids of the events that start and stop it, '' where there is none."""

    rule: str
    start: str
    end: str


class Stated(NamedTuple):
    """What is said of a clock beside its dates: whether several events stand in its row, and grades of a missing step."""

    several: bool
    lacks: tuple[str, ...]


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
            chosen = next((end for end in free if may_follow(chronology, start, end, after=bool(same_kind))), "")
        if rule.ends_by == "the step":
            used.add(chosen)
        found.append(Clock(rule.rule, start, chosen))
    if rule.pairing == "next" and not same_kind:
        found += [Clock(rule.rule, "", end) for end in ends if end not in used]
    return found


def stated_of(tables: Tables, rule: Rule, clock: Clock) -> Stated:
    """What the tables say of a clock beside its dates."""
    events, links = tables["events"], tables["links"]
    answers = {
        row
        for row, kind, to in zip(links["from_row"], links["type"], links["to_row"], strict=True)
        if kind == "answers" and to == clock.start
    }
    several, lacks = False, []
    columns = (events[name] for name in ("id", "kind", "count_min", "count_max", "absence"))
    for row, kind, least, most, absence in zip(*columns, strict=True):
        if row == clock.start:
            several = int(least or 0) > 1 or (int(most) > 1 if most else bool(least))
        if absence and row in answers and kind in rule.ends:
            lacks.append(absence)
    return Stated(several, tuple(lacks))


def step_point(chronology: Chronology, end: str) -> str:
    """Which point of an event stops a clock: the end of an assessment that lasts, else the start."""
    place = chronology.lowered.place[end]
    lasts = chronology.lowered.shape[place] == "span" and chronology.lowered.events[place].kind == "assessment"
    return "end" if lasts else "start"


def may_follow(chronology: Chronology, start: str, end: str, *, after: bool) -> bool:
    """Whether an event can be on the day of another or after it (`after`: certainly not on the same day).

    Where no chronology is admissible, the order of the table stands in.
    """
    if not chronology.admissible:
        place = chronology.lowered.place
        return place[end] > place[start]
    most = feasible_region(chronology, start, end).gap_hi
    return most is None or most >= int(after)


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
