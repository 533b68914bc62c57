"""Which numbers and verdicts do pages print, and when does each hold?

Each is asked of the function that its table is made with, so that what is tried under other choices
is what is printed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import chain
from operator import eq
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pandas as pd

from casechron.analysis import closures, knowledge, on_record, prior_concerns, re_referrals
from casechron.analysis.clocks import ClockFacts, clock_facts, clock_kinds
from casechron.analysis.concerns import END_KINDS, by_event, end_event, end_events, rows_with
from casechron.analysis.intervals import next_step, waits_between
from casechron.analysis.judgements import without_judged
from casechron.analysis.on_record import Counted, Record, account_ends, each_alone, records_of
from casechron.analysis.tables import Tables, ids_where, rows_in, ties
from casechron.analysis.timescales import clock_verdicts
from casechron.analysis.timing import ANSWERED, CLOSED_OR_LEFT
from casechron.analysis.verdicts import MET, NOT_APPLICABLE, NOT_MET, UNDETERMINED, held_as_judged
from casechron.characters import counted
from casechron.chronology import Chronology
from casechron.chronology.network import Ints

_T = TypeVar("_T")
#: What is said where nothing is known, so that no page prints it as a number.
NOT_BOUNDED = "not bounded"
#: What says only that something is open, so that it holds whatever is chosen.
OPEN_VERDICTS = {UNDETERMINED, NOT_APPLICABLE, re_referrals.NONE, *re_referrals.NOT_SETTLED}


class Span(NamedTuple):
    """A number of days or of rows, least and most; None is open."""

    least: int | None
    most: int | None


#: A count that says only that nothing is recorded so.
NOTHING_SO = Span(0, 0)
AT_A_DECISION = "known at a decision"
#: A number, or the verdict on a clock.
Value = Span | str


@dataclass(frozen=True, eq=False)
class Asked:
    """What a number is worked out from: the tables and the chronology under one choice.

    `gaps` are the waits as given (`timing.response_gaps`): which of them are printed. `shape` is
    alike for tables that differ in nothing but time. `known` keeps what has been worked out, under
    this choice or another. `given` is the review as given, where this choice leaves out judged rows
    alone: without all judged rows the two are the same."""

    tables: Tables
    chronology: Chronology
    jurisdiction: str
    gaps: pd.DataFrame
    shape: Hashable
    known: dict[Hashable, Any]
    given: Asked | None = None

    def once(self, key: Hashable, work_out: Callable[[], _T]) -> _T:
        """What is worked out from what the key names alone: once for all choices."""
        if key not in self.known:
            self.known[key] = work_out()
        result: _T = self.known[key]
        return result

    def of_tables(self, ask: Callable[..., _T], *rest: Hashable) -> _T:
        """What a function says of the tables, where it does not depend on time."""
        return self.once((ask, rest, self.shape), partial(ask, self.tables, *rest))

    def number(self, content: Hashable) -> int:
        """A number that stands for some content: long keys are costly to compare."""
        return self.once((Asked.number, content), partial(len, self.known))

    @cached_property
    def firm(self) -> Asked:
        """The same without what the coder judged."""
        if self.given:
            return self.given.firm
        tables, chronology = without_judged(self.tables, self.chronology)
        ends = tuple(ids_where(tables["events"], "kind", END_KINDS, "date"))
        shape = self.number(("without what was judged", self.shape, ends))
        return replace(self, tables=tables, chronology=chronology, shape=shape)

    @cached_property
    def counted(self) -> _Records:
        """What is counted, and in which ways it came on record."""
        days = _days_among(self.chronology, self.of_tables(end_events))
        ended = self.once(
            (account_ends, self.shape, days), partial(account_ends, self.tables, self.chronology)
        )
        records = self.once((_records, self.shape, ended), partial(_records, self, ended))
        days = _days_known(self.chronology, records.events)
        return records._replace(known=(records.known, days))


class _Records(NamedTuple):
    """What is counted (`listed`; each row by itself: `each`), and in which ways it came on record:
    `by_scope`, and each row `alone`. What was on record before a decision or a step hangs on the
    days of `events`; `known` stands for all of it, these days too."""

    listed: list[Counted]
    by_scope: Mapping[str, Mapping[str, list[Record]]]
    each: list[Counted]
    alone: Mapping[str, list[Record]]
    events: list[str]
    known: Hashable


@dataclass(frozen=True, eq=False)
class Quantity:
    """One kind of number or verdict.

    `values` gives each by its name, `words` how it is said, `NOT_BOUNDED` where nothing is known,
    and `open` whether that settles nothing, so that it holds nearly whatever is chosen."""

    about: str
    values: Callable[[Asked], Mapping[str, Value]]
    words: Callable[[Any], str]
    open: Callable[[Any], bool]


# Values, by name


def _waits(asked: Asked) -> Mapping[str, Value]:
    answers = set(asked.of_tables(ties, "answers"))
    printed = rows_in(asked.gaps, "concern", "answer", "state")
    pairs = [(start, end) for start, end, state in printed if state in (ANSWERED, CLOSED_OR_LEFT)]
    tied = tuple(dict.fromkeys(pair for pair in pairs if pair[::-1] in answers))

    def days() -> dict[str, Value]:
        found = zip(tied, waits_between(asked.chronology, tied), strict=True)
        return {" to ".join(pair): Span(*known[1:3]) for pair, known in found}

    return asked.once((_waits, tied, _days_known(asked.chronology, chain(*tied))), days)


def _next_steps(asked: Asked) -> Mapping[str, Value]:
    steps, absences = asked.of_tables(rows_with, "protective"), asked.of_tables(by_event, "absence")
    printed = rows_in(asked.gaps, "concern", "next_step")
    apart = {row: bool(absences[row]) for row, step in printed if step and row in absences}

    between, waits = _days_known(asked.chronology, steps), dict[str, Value]()
    for row, to_steps in zip(apart, _days_to(asked.chronology, apart, steps), strict=True):
        about = partial(next_step, row, steps, asked.chronology, None, apart[row])
        wait = asked.once((next_step, row, apart[row], *steps, between, to_steps), about).wait
        waits[f"{row} to the next protective step"] = Span(wait.days_min, wait.days_max)
    return waits


def _days_to(
    chronology: Chronology, events: Collection[str], steps: Collection[str]
) -> Iterator[bytes]:
    """For each event all that is known of its days and of those from it to some steps."""
    dated, points = chronology.with_open_sides, chronology.lowered.points.ravel()
    starts, ends = ([chronology.place(row) for row in rows] for rows in (events, steps))
    windows = (chronology.event_windows, dated.event_windows, chronology.shown)
    known = [days[[start // 2 for start in starts]] for days in windows]
    for network, i, j in (
        (chronology.furthest, starts, ends),
        (dated.furthest, starts, ends),
        (dated.order_minimal, points[starts], points[ends]),
    ):
        known += [network[i][:, j], network[j][:, i].T]
    return (row.tobytes() for row in np.hstack(known))


def _first(asked: Asked) -> Mapping[str, Value]:
    steps, records = asked.of_tables(rows_with, "protective"), asked.counted

    def days() -> dict[str, Value]:
        toward = [on_record.days_toward(asked.chronology, step, told=True) for step in steps]
        return {
            f"{scope} to first protective step": Span(
                *prior_concerns.first_to_first(starts.values(), toward)
            )
            for scope, starts in records.by_scope.items()
        }

    return asked.once((_first, records.known), days)


def _records(asked: Asked, ended: Collection[str]) -> _Records:
    tables = asked.tables
    held = asked.of_tables(knowledge.Recorded).held
    listed, by_scope = prior_concerns.records_by_scope(tables, ended, held)
    each = each_alone(tables, listed)
    alone = records_of(tables, each, (), held)
    rows = tuple(
        (scope, concern, tuple(records))
        for scope, by_concern in {**by_scope, "alone": alone}.items()
        for concern, records in by_concern.items()
    )
    protective, decisions = (rows_with(tables, flag) for flag in ("protective", "decision"))
    events = [*protective, *decisions]
    for _, concern, records in rows:
        events += [concern, *(step for record in records for step, _ in record.steps)]
    number = asked.number((*listed, *each, rows, *protective, "", *decisions))
    return _Records(listed, by_scope, each, alone, events, number)


def _closures(asked: Asked) -> Mapping[str, Value]:
    records, kinds = asked.counted, asked.of_tables(by_event, "kind")
    closed = [row for row in asked.of_tables(rows_with, "decision") if kinds[row] == "closure"]

    def days() -> dict[str, Value]:
        return {
            f"{closure} to the next concern": Span(
                *closures.next_after(asked.chronology, closure, records.alone, records.each)[1:3]
            )
            for closure in closed
        }

    return asked.once((_closures, records.known, *closed), days)


def _on_record(asked: Asked) -> Mapping[str, Value]:
    records, decisions = asked.counted, asked.of_tables(rows_with, "decision")

    def counts() -> dict[str, Value]:
        about = (records.listed, records.by_scope["any concern"])
        return {
            decision: Span(*prior_concerns.counted_before(*about, decision, asked.chronology)[:2])
            for decision in decisions
        }

    return asked.once((_on_record, records.known), counts)


def _known(asked: Asked) -> dict[str, Value]:
    """What had reached those who decided, what was with others, and what is on no record."""
    record, chronology = asked.of_tables(knowledge.Recorded), asked.chronology
    by_then, row_of = record.by_then(chronology), chronology.lowered.row_of
    content, steps = asked.once((_known, asked.shape), partial(_who_knew, record, asked.number))
    places = [2 * row_of[event] + told for event in steps for told in (False, True)]
    unsure = by_then.unsure.intersection(record.held)
    come = by_then.when.certainty[places].T.copy()
    counts_of: dict[str, Value] = {}
    for column, decision in enumerate(record.decisions):
        who = record.deciders(chronology, decision)
        untold = True if decision in by_then.left_open else frozenset(unsure)
        counts_of |= asked.once(
            (_known, content, decision, who, untold, come[column].tobytes()),
            partial(_reached, record, decision, who, by_then),
        )
    return counts_of


def _reached(record: knowledge.Recorded, decision: str, *about: Any) -> dict[str, Value]:
    counts = {kind: len(rows) for kind, rows in record.reached(decision, *about).items()}
    return {
        f"{decision}: {name}": Span(least, least + counts.get(also, 0))
        for name, kind, also in _REACHED
        if (least := counts.get(kind, 0)) or kind not in (knowledge.LATER, knowledge.NOT_STATED)
    }


def _who_knew(
    recorded: knowledge.Recorded, number: Callable[[Hashable], int]
) -> tuple[int, tuple[str, ...]]:
    """What the tables say of who held what, as a number, and the events that it is about."""
    about = (recorded.held, recorded.carried, recorded.same)
    parts = (tuple((row, *values) for row, values in part.items()) for part in about)
    return number((*parts, recorded.unnamed, recorded.decisions)), recorded.steps


def _verdicts(asked: Asked) -> dict[str, Value]:
    verdicts, without = _by_clock(asked), {}
    if any(verdict in (MET, NOT_MET) for *_, verdict in verdicts):
        without = {(rule, start): verdict for rule, _, start, _, verdict in _by_clock(asked.firm)}
    return {
        # Which step ends it can hang on the choice; it is the same clock.
        f"{title} ({start or f'not on record to {end}'})": held_as_judged(
            verdict, without.get((rule, start), "")
        )
        for rule, title, start, end, verdict in verdicts
    }


def _by_clock(asked: Asked) -> list[tuple[str, str, str, str, str]]:
    (coding, content), end = _coding(asked), asked.of_tables(end_event)
    ids = [*coding.of_kind(*clock_kinds(asked.jurisdiction)), end]
    return asked.once(
        (_by_clock, content, end, _days_among(asked.chronology, ids)),
        partial(clock_verdicts, coding, asked.chronology, asked.jurisdiction, end),
    )


def _again(asked: Asked) -> dict[str, Value]:
    told = _told_anew(asked)
    settled = any(found in re_referrals.SETTLED for found, _ in told.values())
    said = re_referrals.words(told, _told_anew(asked.firm) if settled else {})
    return {": ".join(name): words for name, words in said.items()}


def _told_anew(asked: Asked) -> re_referrals.Told:
    (coding, content), chronology = _coding(asked), asked.chronology
    lowered, dated = chronology.lowered, chronology.with_open_sides
    rows = coding.of_kind(*re_referrals.KINDS)
    # A plan can go on beyond the account in the same days.
    go_on = (lowered.dates[lowered.row_of[row]].open_end for row in rows)
    days = _days_among(chronology, rows, (dated.event_windows,), (dated.minimal,))
    ask = partial(re_referrals.told_anew, coding, chronology)
    return asked.once((_told_anew, content, *go_on, days), ask)


def _coding(asked: Asked) -> tuple[ClockFacts, int]:
    """What the tables say of clocks, and a number that stands for it."""
    coding = asked.of_tables(clock_facts)
    parts = (tuple(part.items()) if isinstance(part, dict) else part for part in coding)
    return coding, asked.once((_coding, asked.shape), lambda: asked.number(tuple(parts)))


# What a value depends on


def _days_among(
    chronology: Chronology,
    events: Iterable[str],
    windows: Iterable[Ints] = (),
    networks: Iterable[Ints] = (),
) -> Hashable:
    """All that is known of the days of some events: the shapes of their dates, their windows, and
    the days between those in the network; also by other `windows` and `networks`."""
    lowered, row_of = chronology.lowered, chronology.lowered.row_of
    places = np.array(sorted({row_of[row] for row in events if row in row_of}), dtype=np.int64)
    points = np.concatenate([lowered.start[places], lowered.end[places]])
    inside = points[points >= 0]
    of_events = [days[places] for days in (chronology.event_windows, *windows)]
    between = [days[inside[:, None], inside] for days in (chronology.minimal, *networks)]
    shapes = [lowered.shape[place] for place in places.tolist()]
    parts = [part.tobytes() for part in (points >= 0, *of_events, *between)]
    # Of dates with holes the days also depend on which of them are left.
    holes = chronology if lowered.sets else None
    return (chronology.policy.working_day_one, holes, *shapes, *parts)


def _days_known(chronology: Chronology, events: Iterable[str]) -> Hashable:
    """All that is known of the days of some events: as given, without what closes no side, and as
    they are shown."""
    dated = chronology.with_open_sides
    windows = chronology.shown, dated.event_windows
    return _days_among(chronology, events, windows, (dated.minimal, dated.order_minimal))


# Whether it holds, and how it is said


def still_holds(old: Value, new: Value | None) -> bool:
    """A verdict holds where it is the same, a number where none outside it is admitted; nothing
    does that is asked no more (None)."""
    if old == new or not (isinstance(old, Span) and isinstance(new, Span)):
        return old == new
    low_holds = old.least is None or (new.least is not None and new.least >= old.least)
    return low_holds and (old.most is None or (new.most is not None and new.most <= old.most))


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
        return f"at {'least' if high is None else 'most'} {counted(bound, noun)}"
    return counted(low, noun) if low == high else f"{low} to {high} {noun}s"


_in_days, _in_concerns, _in_matters = (
    partial(_number, noun=noun) for noun in ("day", "concern", "matter")
)

#: How a matter stood with those who decided: for each what counts certainly, and what possibly.
_REACHED = (
    ("reached those who decided", knowledge.CERTAIN, knowledge.POSSIBLE),
    ("was with another agency only", knowledge.OTHER, ""),
    ("was with one that may be them", knowledge.WITH_ONE_IT_CAN_BE, ""),
    ("is not recorded with anybody", knowledge.NOBODY, ""),
    ("was learned only afterwards", knowledge.LATER, ""),
    ("was with somebody, and who decided is not stated", knowledge.NOT_STATED, ""),
)


def _no_wait(days: Span) -> bool:
    """Days that can be below 0, or are at least 0 and no more is said of them."""
    return days.least is None or days.least < 0 or days == Span(0, None)


#: What pages print, in their order. A further number is one line here.
QUANTITIES = (
    Quantity("timescale", _verdicts, str, OPEN_VERDICTS.__contains__),
    Quantity("re-referral", _again, str, OPEN_VERDICTS.__contains__),
    Quantity("response gap", _waits, _in_days, _no_wait),
    Quantity("next protective step", _next_steps, _in_days, _no_wait),
    Quantity("first concern to first step", _first, _in_days, _no_wait),
    Quantity("next concern after a closure", _closures, _in_days, _no_wait),
    # A count that may be of none settles nothing.
    Quantity("concerns on record", _on_record, _in_concerns, lambda count: count.least == 0),
    Quantity(AT_A_DECISION, _known, _in_matters, partial(eq, NOTHING_SO)),
)
BY_ABOUT = {quantity.about: quantity for quantity in QUANTITIES}


def values_of(asked: Asked) -> dict[tuple[str, str], Value]:
    """Every number and verdict, by what it is about and its name."""
    return {
        (quantity.about, name): value
        for quantity in QUANTITIES
        for name, value in quantity.values(asked).items()
    }
