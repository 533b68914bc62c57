"""Which numbers and verdicts do pages print, and when does each hold?

Each is asked of the function that its table is made with, so that what is tried under other choices
is what is printed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pandas as pd

from casechron.analysis.columns import cells, rows_in
from casechron.analysis.concerns import by_event, end_event, end_events, rows_with
from casechron.analysis.intervals import days_between
from casechron.analysis.on_record import Counted, Record, counted
from casechron.analysis.run_up import (
    counted_before,
    first_to_first,
    next_after,
    records_by_scope,
)
from casechron.analysis.timescale_rules import rules
from casechron.analysis.timescales import clock_verdicts
from casechron.analysis.timing import ANSWERED, CLOSED, next_step, waits_between
from casechron.analysis.turning_points import turning_points
from casechron.analysis.verdicts import NOT_APPLICABLE, UNDETERMINED
from casechron.chronology import Chronology, order
from casechron.chronology.pairs import Pairs, differences

__all__ = ["OPEN_VERDICTS", "QUANTITIES", "UNKNOWN", "Asked", "Quantity", "Span", "Value"]

Tables = Mapping[str, pd.DataFrame]
T = TypeVar("T")
NOT_BOUNDED = "not bounded"
#: What is said where nothing is known, so that no page prints it as a number.
UNKNOWN = frozenset({NOT_BOUNDED, "unclear"})
#: What says only that something is open, so that it holds whatever is chosen.
OPEN_VERDICTS = frozenset({UNDETERMINED, NOT_APPLICABLE})


class Span(NamedTuple):
    """A number of days or of rows, least and most; None is open."""

    least: int | None
    most: int | None


#: A number, or the words that are said: of a clock one for each edition that may apply.
Value = Span | tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Asked:
    """What a number is worked out from: the tables and the chronology under one choice.

    `gaps` are the waits as given (`timing.response_gaps`): which are printed, and to what. `shape`
    is what the tables say of other things than time, and `known` what has been worked out, under
    this choice or another."""

    tables: Tables
    chronology: Chronology
    jurisdiction: str
    until: str
    gaps: pd.DataFrame
    shape: Hashable
    known: dict[Hashable, Any]

    def once(self, days: Hashable, work_out: Callable[[Asked], T]) -> T:
        """What is worked out from the shape and from these days alone: once for all choices."""
        key = work_out, self.shape, days
        if key not in self.known:
            self.known[key] = work_out(self)
        found: T = self.known[key]
        return found


@dataclass(frozen=True, eq=False)
class Quantity:
    """One kind of number or verdict.

    `values` gives each by its name, `holds` whether what was said still holds where another value
    is found (None: it is asked no more), and `words` how it is said, one of `UNKNOWN` where nothing
    is known."""

    about: str
    values: Callable[[Asked], Mapping[str, Value]]
    holds: Callable[[Any, Any], bool]
    words: Callable[[Any], str]


# Values, by name


def _waits(asked: Asked) -> dict[str, Value]:
    ties = {
        (concern, answer)
        for tie, answer, concern in rows_in(asked.tables["links"], "type", "from_row", "to_row")
        if tie == "answers"
    }
    printed = rows_in(asked.gaps, "concern", "answer", "state")
    pairs = [(one, other) for one, other, state in printed if state in (ANSWERED, CLOSED)]
    return _not_before(asked, [pair for pair in pairs if pair in ties])


def _observed(asked: Asked) -> dict[str, Value]:
    there = asked.chronology.lowered.place
    printed = rows_in(asked.gaps, "concern", "observed_to")
    return _not_before(asked, [pair for pair in printed if there.keys() >= {*pair}])


def _next_steps(asked: Asked) -> dict[str, Value]:
    ids = [*cells(asked.gaps, "concern"), *rows_with(asked.tables, "protective")]
    return asked.once(_days_among(asked, ids), _next_step)


def _next_step(asked: Asked) -> dict[str, Value]:
    steps, absences = rows_with(asked.tables, "protective"), by_event(asked.tables, "absence")
    printed = rows_in(asked.gaps, "concern", "next_step")
    found: dict[str, Value] = {}
    for concern in dict.fromkeys(one for one, step in printed if step and one in absences):
        apart = bool(absences[concern])
        wait = next_step(concern, steps, asked.chronology, None, apart).wait
        found[f"{concern} to the next protective step"] = Span(wait.days_min, wait.days_max)
    return found


def _not_before(asked: Asked, pairs: Iterable[tuple[str, ...]]) -> dict[str, Value]:
    """The days from one event to another that does not precede it."""
    asked_for = list(dict.fromkeys((one, other) for one, other in pairs))
    return {
        f"{one} to {other}": Span(wait.days_min, wait.days_max)
        for (one, other), wait in zip(
            asked_for, waits_between(asked.chronology, asked_for), strict=True
        )
    }


def _steps(asked: Asked) -> dict[str, Value]:
    tables, until = asked.tables, asked.until
    ends = [end_event(tables, until)] if until else end_events(tables)
    steps = rows_with(tables, "protective")
    return _days(asked, [(step, end) for step in steps for end in ends if step != end])


def _days(asked: Asked, pairs: Iterable[tuple[str, str]]) -> dict[str, Value]:
    pairs = list(dict.fromkeys(pairs))
    return {
        f"{one} to {other}": Span(low, high)
        for (one, other), (_, low, high) in zip(
            pairs, days_between(asked.chronology, pairs), strict=True
        )
    }


def _first(asked: Asked) -> dict[str, Value]:
    steps = rows_with(asked.tables, "protective")
    return {
        f"{scope} to first protective step": Span(
            *first_to_first(asked.chronology, list(starts.values()), steps)
        )
        for scope, starts in asked.once(None, _records).items()
    }


def _records(asked: Asked) -> dict[str, Mapping[str, list[Record]]]:
    return records_by_scope(asked.tables)


def _closures(asked: Asked) -> dict[str, Value]:
    on_record = asked.once(None, _records)["any concern"]
    return {
        f"{closure} to the next concern": Span(
            *next_after(asked.chronology, closure, on_record)[1:3]
        )
        for closure in rows_with(asked.tables, "decision")
        if by_event(asked.tables, "kind")[closure] == "closure"
    }


def _on_record(asked: Asked) -> dict[str, Value]:
    on_record, listed = asked.once(None, _records)["any concern"], asked.once(None, _listed)
    return {
        decision: Span(*counted_before(listed, on_record, decision, asked.chronology)[:2])
        for decision in rows_with(asked.tables, "decision")
    }


def _listed(asked: Asked) -> list[Counted]:
    return counted(asked.tables)


def _orders(asked: Asked) -> dict[str, Value]:
    found = order(asked.chronology, combinations(turning_points(asked.tables), 2))
    return {
        f"{one} to {other}": (word,)
        for one, other, word in rows_in(found, "from_event", "to_event", "order")
    }


def _verdicts(asked: Asked) -> dict[str, Value]:
    ours = [rule for rule in rules() if rule.jurisdiction == asked.jurisdiction]
    kinds = {kind for rule in ours for kind in (*rule.starts, *rule.ends)}
    ids = [one for one, kind in rows_in(asked.tables["events"], "id", "kind") if kind in kinds]
    end = end_event(asked.tables, asked.until)
    return asked.once(_days_among(asked, [*ids, end]), _by_clock)


def _by_clock(asked: Asked) -> dict[str, Value]:
    found = clock_verdicts(asked.tables, asked.chronology, asked.jurisdiction, until=asked.until)
    return {
        f"{title} ({start or 'not on record'} to {end or 'nothing on record'})": (verdict,)
        for (title, start, end), verdict in found.items()
    }


# What a value hangs on


def _days_among(asked: Asked, ids: Iterable[str]) -> Hashable:
    """All that is known of the days of some events: what their dates are, their windows, and the
    days between them."""
    chronology = asked.chronology
    place = chronology.lowered.place
    events = np.array(sorted({place[one] for one in ids if one in place}), dtype=np.int64)
    at, point = np.repeat(events, 2), np.tile([0, 1], len(events))
    one, other = (grid.ravel() for grid in np.indices((len(at), len(at))))
    between = differences(chronology, Pairs(at[one], at[other], point[one], point[other]))
    days = (chronology.event_windows[events], *between)
    shapes = (chronology.lowered.shape[event] for event in events.tolist())
    return (chronology.policy.working_day_one, *shapes, *(part.tobytes() for part in days))


# Whether it holds, and how it is said


def _within(old: Span, new: Span | None) -> bool:
    """A number of days holds as long as no day outside it is admitted."""
    if new is None:
        return False
    least = old.least is None or (new.least is not None and new.least >= old.least)
    most = old.most is None or (new.most is not None and new.most <= old.most)
    return least and most


def _no_lower(old: Span, new: Span | None) -> bool:
    """A count is said as the least that is certain."""
    if old.least is None or new is None or new.least is None:
        return old.least is None
    return new.least >= old.least


def _as_firm(old: tuple[str, ...], new: tuple[str, ...] | None) -> bool:
    """An order holds where the same or more is said of it."""
    firmer = {"not after": ("before", "same day"), "not before": ("after", "same day")}
    return new is not None and (new == old or new[0] in firmer.get(old[0], ()))


def _same(old: tuple[str, ...], new: tuple[str, ...] | None) -> bool:
    return new == old


def _number(value: Span, noun: str) -> str:
    """A number in words.

    >>> [_number(Span(*one), "day") for one in [(1, 1), (0, 40), (5, None), (None, None)]]
    ['1 day', '0 to 40 days', 'at least 5 days', 'not bounded']
    """
    low, high = value
    if low is None or high is None:
        bound = low if high is None else high
        if bound is None:
            return NOT_BOUNDED
        return f"at {'least' if high is None else 'most'} {bound} {noun}{'' if bound == 1 else 's'}"
    return f"{low} {noun}{'' if low == 1 else 's'}" if low == high else f"{low} to {high} {noun}s"


_in_days, _in_concerns, _in_matters = (
    partial(_number, noun=noun) for noun in ("day", "concern", "matter")
)

#: What pages print, in their order. A further number is one line here.
QUANTITIES = (
    Quantity("timescale", _verdicts, _same, "; ".join),
    Quantity("response gap", _waits, _within, _in_days),
    Quantity("no answer observed", _observed, _within, _in_days),
    Quantity("next protective step", _next_steps, _within, _in_days),
    Quantity("protective step", _steps, _within, _in_days),
    Quantity("first concern to first step", _first, _within, _in_days),
    Quantity("next concern after a closure", _closures, _within, _in_days),
    Quantity("concerns on record", _on_record, _no_lower, _in_concerns),
    Quantity("order of turning points", _orders, _as_firm, "; ".join),
)
