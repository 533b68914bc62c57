"""Which numbers and verdicts do pages print, and when does each hold?

Each is asked of the function that its table is made with, so that what is tried under other choices
is what is printed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import combinations
from operator import eq
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pandas as pd

from casechron.analysis import knowledge, prior_concerns, re_referrals
from casechron.analysis.clocks import Coding, clock_kinds, coded
from casechron.analysis.columns import Tables, rows_in, ties
from casechron.analysis.concerns import END_KINDS, by_event, end_event, end_events, rows_with
from casechron.analysis.intervals import days_between, next_step, waits_between
from casechron.analysis.judgements import without_judged
from casechron.analysis.knowledge_paths import Way
from casechron.analysis.on_record import Counted, Record
from casechron.analysis.phases import turning_points
from casechron.analysis.timescales import clock_verdicts
from casechron.analysis.timing import ANSWERED, CLOSED_OR_LEFT
from casechron.analysis.verdicts import MET, NOT_APPLICABLE, NOT_MET, UNDETERMINED, held_as_judged
from casechron.analysis.windows import shown_windows
from casechron.characters import counted
from casechron.chronology import Chronology
from casechron.chronology.network import Ints
from casechron.chronology.pairs import chosen_pairs, differences, only_order, order_words

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
    stands for what the tables say of other things than time, and `known` has what has been worked
    out, under this choice or another. `given` is the review as given, where this choice leaves out
    nothing but what was only judged: without all that was judged the two are one."""

    tables: Tables
    chronology: Chronology
    jurisdiction: str
    until: str
    gaps: pd.DataFrame
    shape: Hashable
    known: dict[Hashable, Any]
    given: Asked | None = None

    def once(self, key: Hashable, work_out: Callable[[], T]) -> T:
        """What is worked out from what the key names alone: once for all choices."""
        if key not in self.known:
            self.known[key] = work_out()
        result: T = self.known[key]
        return result

    def of_tables(self, ask: Callable[..., T], *rest: Hashable) -> T:
        """What a function says of the tables that hangs on nothing of time."""
        return self.once((ask, rest, self.shape), partial(ask, self.tables, *rest))

    @cached_property
    def shown(self) -> Ints:
        """The windows as they are shown beside ages."""
        identities = (id(self.tables[name]) for name in ("people", "participation", "attributes"))
        key = (shown_windows, self.chronology, *identities)
        return self.once(key, partial(shown_windows, self.tables, self.chronology))

    def number(self, content: Hashable) -> int:
        """A number that stands for some content: long keys are costly to compare."""
        return self.once((Asked.number, content), partial(len, self.known))

    @cached_property
    def less(self) -> Asked:
        """The same without what the coder judged."""
        if self.given:
            return self.given.less
        tables, chronology = without_judged(self.tables, self.chronology)
        dates = rows_in(tables["events"], "kind", "date")
        ends = tuple(date for kind, date in dates if kind in END_KINDS)
        shape = self.number(("without what was judged", self.shape, ends))
        return replace(self, tables=tables, chronology=chronology, shape=shape)

    @cached_property
    def counted(self) -> _Records:
        """What is counted, and in which ways it came on record."""
        ways_held = self.of_tables(knowledge.Recorded).held
        work_out = partial(_records, self.tables, ways_held, self.number)
        return self.once((_records, self.shape), work_out)

    def of_records(
        self, about: Hashable, name: str, events: Iterable[str], value: Callable[[str], Span]
    ) -> Span:
        """What hangs on what is counted and on the days from it to some events alone."""
        days = tuple((event, self.days_to[event]) for event in events)
        return self.once((about, self.counted.number, name, days), partial(value, name))

    @cached_property
    def days_to(self) -> dict[str, Hashable]:
        """All that is known of the days from what can bring a concern on record to each decision
        and each protective step."""
        place = self.chronology.lowered.place
        points = [2 * place[row] + end for row in self.counted.steps for end in (0, 1)]
        networks = (self.chronology.furthest, self.chronology.dated.furthest)
        return {
            row: tuple(
                side[points].tobytes()
                for furthest in networks
                for side in (furthest[2 * place[row]], furthest[:, 2 * place[row]])
            )
            for row in (
                *self.of_tables(rows_with, "decision"),
                *self.of_tables(rows_with, "protective"),
            )
        }


class _Records(NamedTuple):
    """What is counted, and in which ways it came on record, by scope; `steps` are the events behind
    that, and `number` stands for all of it."""

    listed: list[Counted]
    by_scope: Mapping[str, Mapping[str, list[Record]]]
    steps: tuple[str, ...]
    number: int


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
    ties = asked.of_tables(_answers)
    printed = rows_in(asked.gaps, "concern", "answer", "state")
    pairs = [(start, end) for start, end, state in printed if state in (ANSWERED, CLOSED_OR_LEFT)]
    return _not_before(asked, [pair for pair in pairs if pair in ties])


def _answers(tables: Tables) -> set[tuple[str, str]]:
    return {(concern, answer) for answer, concern in ties(tables, "answers")}


def _observed(asked: Asked) -> dict[str, Value]:
    there = asked.chronology.lowered.place
    printed = rows_in(asked.gaps, "concern", "observed_to")
    return _not_before(asked, [pair for pair in printed if there.keys() >= {*pair}])


def _next_steps(asked: Asked) -> dict[str, Value]:
    steps, absences = asked.of_tables(rows_with, "protective"), asked.of_tables(by_event, "absence")
    printed = rows_in(asked.gaps, "concern", "next_step")
    concerns = list(dict.fromkeys(row for row, step in printed if step and row in absences))
    days = _days_of(asked, [(row, step) for row in [*steps, *concerns] for step in steps])
    count = len(steps)
    waits: dict[str, Value] = {}
    for at, concern in enumerate(concerns, count):
        apart, upon = bool(absences[concern]), days[count * at : count * (at + 1)]
        wait = asked.once(
            (_next_steps, concern, apart, *steps, *days[: count**2], *upon),
            partial(next_step, concern, steps, asked.chronology, None, apart, asked.shown),
        ).wait
        waits[f"{concern} to the next protective step"] = Span(wait.days_min, wait.days_max)
    return waits


def _not_before(asked: Asked, pairs: Iterable[tuple[str, ...]]) -> dict[str, Value]:
    """The days from one event to another that does not precede it."""
    asked_for = list(dict.fromkeys((start, end) for start, end in pairs))
    waits: dict[str, Value] = {}
    for pair, days in zip(asked_for, _days_of(asked, asked_for), strict=True):
        wait = partial(waits_between, asked.chronology, [pair], shown=asked.shown)
        (waiting,) = asked.once((_not_before, pair, days), wait)
        waits[" to ".join(pair)] = Span(waiting.days_min, waiting.days_max)
    return waits


def _steps(asked: Asked) -> dict[str, Value]:
    until = asked.until
    ends = [end_event(asked.tables, until)] if until else asked.of_tables(end_events)
    steps = asked.of_tables(rows_with, "protective")
    return _days(asked, [(step, end) for step in steps for end in ends if step != end])


def _days(asked: Asked, pairs: Iterable[tuple[str, str]]) -> dict[str, Value]:
    pairs = tuple(dict.fromkeys(pairs))
    key = (_days, pairs, asked.chronology, id(asked.shown))
    days = asked.once(key, partial(days_between, asked.chronology, pairs, asked.shown))
    return {
        f"{start} to {end}": Span(low, high)
        for (start, end), (_, low, high) in zip(pairs, days, strict=True)
    }


def _first(asked: Asked) -> dict[str, Value]:
    steps, by_scope = asked.of_tables(rows_with, "protective"), asked.counted.by_scope

    def value(scope: str) -> Span:
        starts = list(by_scope[scope].values())
        return Span(*prior_concerns.first_to_first(asked.chronology, starts, steps))

    return {
        f"{scope} to first protective step": asked.of_records(_first, scope, steps, value)
        for scope in by_scope
    }


def _records(
    tables: Tables, ways_held: Mapping[str, list[Way]], number: Callable[[Hashable], int]
) -> _Records:
    listed, by_scope = prior_concerns.records_by_scope(tables, ways_held)
    rows = [
        (scope, concern, tuple(records))
        for scope, by_concern in by_scope.items()
        for concern, records in by_concern.items()
    ]
    steps: dict[str, None] = {}
    for _, concern, records in rows:
        steps |= dict.fromkeys((concern, *(step for record in records for step, _ in record.steps)))
    return _Records(listed, by_scope, tuple(steps), number((*listed, *by_scope, *rows)))


def _closures(asked: Asked) -> dict[str, Value]:
    records, kinds = asked.counted, asked.of_tables(by_event, "kind")

    def value(closure: str) -> Span:
        about = (closure, records.by_scope["any concern"], records.listed)
        return Span(*re_referrals.next_after(asked.chronology, *about)[1:3])

    return {
        f"{closure} to the next concern": asked.of_records(_closures, closure, [closure], value)
        for closure in asked.of_tables(rows_with, "decision")
        if kinds[closure] == "closure"
    }


def _on_record(asked: Asked) -> dict[str, Value]:
    records = asked.counted

    def value(decision: str) -> Span:
        about = (records.listed, records.by_scope["any concern"], decision)
        return Span(*prior_concerns.counted_before(*about, asked.chronology)[:2])

    return {
        decision: asked.of_records(_on_record, decision, [decision], value)
        for decision in asked.of_tables(rows_with, "decision")
    }


def _known(asked: Asked) -> dict[str, Value]:
    """What had reached those who decided, what was with somebody else, and what is on no record."""
    record, chronology = asked.of_tables(knowledge.Recorded), asked.chronology
    place, left_open = chronology.lowered.place, knowledge.open_first_days(chronology)
    unsure = knowledge.only_if_certain(chronology, record.end)
    content, steps = asked.once((_known, asked.shape), partial(_who_knew, record, asked.number))
    rows = [place[step] for step in steps]
    asked_of = frozenset((*steps, *record.decisions))
    opened = asked.number((asked_of & left_open, asked_of & unsure))
    when = record.in_time(chronology)
    come = np.concatenate([part[rows] for part in when[:4]]).T.copy()
    counts_of: dict[str, Value] = {}
    for column, decision in enumerate(record.decisions):
        who = record.deciders(chronology, decision)
        counts = asked.once(
            (_known, content, decision, who, opened, come[column].tobytes()),
            partial(record.reached, decision, who, when, left_open, unsure),
        )
        for name, kinds_known, also in _REACHED:
            certain = sum(len(counts.get(kind, ())) for kind in kinds_known)
            possible = sum(len(counts.get(kind, ())) for kind in also)
            if certain or kinds_known[0] not in (knowledge.LATER, knowledge.NOT_STATED):
                counts_of[f"{decision}: {name}"] = Span(certain, certain + possible)
    return counts_of


def _who_knew(
    on_record: knowledge.Recorded, number: Callable[[Hashable], int]
) -> tuple[int, tuple[str, ...]]:
    """What the tables say of who held what, as a number, and the events that it is about."""
    about = (on_record.held, on_record.carried, on_record.same)
    parts = (tuple((row, *values) for row, values in part.items()) for part in about)
    return number((*parts, on_record.unnamed, on_record.decisions)), on_record.steps


def _orders(asked: Asked) -> dict[str, Value]:
    pairs = tuple(combinations(asked.of_tables(turning_points), 2))
    key = (_orders, pairs, asked.chronology)
    words = asked.once(key, partial(order_words, asked.chronology, pairs))
    return {f"{start} to {end}": (word,) for (start, end), word in zip(pairs, words, strict=True)}


def _verdicts(asked: Asked) -> dict[str, Value]:
    verdicts, without = _by_clock(asked), {}
    if settled := frozenset(rule for rule, *_, verdict in verdicts if verdict in (MET, NOT_MET)):
        less = _by_clock(asked.less, settled)
        without = {(rule, start): verdict for rule, _, start, _, verdict in less}
    return {
        f"{title} ({start or 'not on record'} to {end or 'nothing on record'})": (
            held_as_judged(verdict, without.get((rule, start), "")),
        )
        for rule, title, start, end, verdict in verdicts
    }


def _by_clock(
    asked: Asked, only: frozenset[str] | None = None
) -> list[tuple[str, str, str, str, str]]:
    coding, end = asked.of_tables(coded), asked.of_tables(end_event, asked.until)
    content = asked.once((_content, asked.shape), lambda: asked.number(_content(coding)))
    ids = [row for row, kind in coding.there.items() if kind in clock_kinds(asked.jurisdiction)]
    return asked.once(
        (_by_clock, content, end, only, _days_among(asked, [*ids, end])),
        partial(clock_verdicts, coding, asked.chronology, asked.jurisdiction, end, only),
    )


def _content(coding: Coding) -> Hashable:
    return tuple(tuple(part.items()) if isinstance(part, dict) else part for part in coding)


# What a value hangs on


def _days_of(asked: Asked, pairs: Iterable[tuple[str, str]]) -> list[Hashable]:
    """For each pair all that is known of the days from the start of one event to that of the other,
    as given and without what closes no side, and of their windows, also as they are shown."""
    pairs = tuple(pairs)
    # A link that is left out moves no day.
    key = (_days_of, pairs, asked.chronology, id(asked.shown))
    return asked.once(key, partial(_days_between, asked, pairs))


def _days_between(asked: Asked, pairs: tuple[tuple[str, str], ...]) -> list[Hashable]:
    chronology, dated = asked.chronology, asked.chronology.dated
    choose = partial(chosen_pairs, chronology, pairs)
    chosen = asked.once((chosen_pairs, pairs, chronology.events), choose)
    bounds = differences(dated, chosen)
    windows = (chronology.event_windows, dated.event_windows, asked.shown)
    known = np.column_stack(
        [
            *differences(chronology, chosen),
            *bounds,
            only_order(dated, chosen, *bounds),
            *(days[event, :2] for event in chosen[:2] for days in windows),
        ]
    )
    # Of dates with holes the days also hang on which of them are left.
    holes = chronology if chronology.lowered.sets else None
    return [(row.tobytes(), holes) for row in known]


def _days_among(asked: Asked, ids: Iterable[str]) -> Hashable:
    """All that is known of the days of some events: what their dates are, their windows, and the
    days between them, which of those outside the network follow from their windows."""
    chronology, lowered = asked.chronology, asked.chronology.lowered
    there = sorted({lowered.place[event] for event in ids if event in lowered.place})
    events = np.array(there, dtype=np.int64)
    points = np.concatenate([lowered.start[events], lowered.end[events]])
    inside = points[points >= 0]
    days = (
        points >= 0,
        chronology.event_windows[events],
        chronology.minimal[np.ix_(inside, inside)],
    )
    shapes = (lowered.shape[event] for event in there)
    return (chronology.policy.working_day_one, *shapes, *(part.tobytes() for part in days))


# Whether it holds, and how it is said


def inside(old: Span, new: Span | None) -> bool:
    """A number of days holds as long as no day outside it is admitted."""
    if new is None:
        return False
    low_holds = old.least is None or (new.least is not None and new.least >= old.least)
    high_holds = old.most is None or (new.most is not None and new.most <= old.most)
    return low_holds and high_holds


def _no_lower(old: Span, new: Span | None) -> bool:
    """A count is said as the least that is certain."""
    if old.least is None or new is None or new.least is None:
        return old.least is None
    return new.least >= old.least


def _as_firm(old: tuple[str, ...], new: tuple[str, ...] | None) -> bool:
    """An order holds where the same or more is said of it."""
    firmer = {"not after": ("before", "same day"), "not before": ("after", "same day")}
    return new is not None and (new == old or new[0] in firmer.get(old[0], ()))


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
    ("reached those who decided", (knowledge.CERTAIN,), (knowledge.POSSIBLE,)),
    ("was with somebody else", (knowledge.OTHER, knowledge.WITH_ONE_IT_CAN_BE), ()),
    ("is not recorded with anybody", (knowledge.NOBODY,), ()),
    ("was learned only afterwards", (knowledge.LATER,), ()),
    ("was with somebody, and who decided is not stated", (knowledge.NOT_STATED,), ()),
)

#: What pages print, in their order. A further number is one line here.
QUANTITIES = (
    Quantity("timescale", _verdicts, eq, "; ".join),
    Quantity("response gap", _waits, inside, _in_days),
    Quantity("no answer observed", _observed, inside, _in_days),
    Quantity("next protective step", _next_steps, inside, _in_days),
    Quantity("protective step", _steps, inside, _in_days),
    Quantity("first concern to first step", _first, inside, _in_days),
    Quantity("next concern after a closure", _closures, inside, _in_days),
    Quantity("concerns on record", _on_record, _no_lower, _in_concerns),
    Quantity("known at a decision", _known, inside, _in_matters),
    Quantity("order of turning points", _orders, _as_firm, "; ".join),
)


def values_of(asked: Asked) -> dict[tuple[str, str], Value]:
    """Every number and verdict, by what it is about and its name."""
    return {
        (quantity.about, name): value
        for quantity in QUANTITIES
        for name, value in quantity.values(asked).items()
    }
