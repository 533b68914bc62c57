"""What do two codings of one review say of the same things? Pairs of values, unit by unit.

Which events are the same is decided twice (`matched_events`): without a look at any code, and with
kind and absence looked at. A statistic of one matching alone would measure the matching too."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from functools import cached_property
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from casechron.analysis.columns import listed, rows_in
from casechron.analysis.counterparts import matched_events, matched_parties, sentences_of
from casechron.analysis.kept import kept
from casechron.chronology import Chronology
from casechron.chronology.constraints import ABSENCE, Lowered, constraints
from casechron.chronology.network import OPEN
from casechron.chronology.order import order_words
from casechron.coding.reviews import read_coding
from casechron.review import Review, read_review

#: What is compared of matched events as one code, and as a set of codes or parties.
CODES = (
    *("kind", "absence", "basis", "basis of the date"),
    *("role of an agency", "role of a person", "status of a person's part"),
)
#: Which words of an order cannot both be true of two events.
CONTRARY = {
    "before": {"after", "same day", "not before"},
    "after": {"before", "same day", "not after"},
    "same day": {"before", "after"},
    "not after": {"after"},
    "not before": {"before"},
}
HAPPENED = "happened"


class Side(NamedTuple):
    """One coding: its name, its review, and the sentences of its sources, each by paragraph and
    number."""

    name: str
    review: Review
    sentences: Mapping[str, Iterable[tuple[int, int]]]

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The tables of the review."""
        return self.review.tables

    @property
    def chronology(self) -> Chronology:
        """What these say of time."""
        return self.review.chronology


class Unit(NamedTuple):
    """What both codings say of one thing, and of which event (of the first) they say it."""

    event: str
    of: str
    values: tuple[Any, Any]


class Matching(NamedTuple):
    """Counterparts in the other coding, by id."""

    events: Mapping[str, str]
    agencies: Mapping[str, str]
    people: Mapping[str, str]


class Compared:
    """Two codings, matched in both ways."""

    def __init__(self, one: Side, other: Side) -> None:
        self.one, self.other = one, other

    @cached_property
    def matchings(self) -> tuple[Matching, Matching]:
        """The counterparts by place alone, and by place and code."""
        found = []
        for by_code in (False, True):
            events = matched_events(self.one.tables, self.other.tables, by_code=by_code)
            parties = matched_parties(self.one.tables, self.other.tables, events)
            found.append(Matching(events, parties["agencies"], parties["people"]))
        return found[0], found[1]

    @cached_property
    def paragraphs(self) -> tuple[Mapping[str, Hashable], Mapping[str, Hashable]]:
        """The paragraph in which each event of either coding is told first; an event without a
        place stands for itself."""
        return _paragraphs(self.one.tables), _paragraphs(self.other.tables)

    def codes(self, matching: Matching) -> dict[str, list[Unit]]:
        """The codes of matched events, by what they say."""
        found: dict[str, list[Unit]] = {name: [] for name in CODES}
        ours, theirs = _events(self.one.tables), _events(self.other.tables)
        for event, counterpart in matching.events.items():
            one, other = ours[event], theirs[counterpart]
            for name in ("kind", "absence", "basis"):
                found[name].append(Unit(event, event, (one[name], other[name])))
            if one["date"] and other["date"]:
                bases = (one["date_basis"] or one["basis"], other["date_basis"] or other["basis"])
                found["basis of the date"].append(Unit(event, event, bases))
        for name, table, party, column, same in (
            ("role of an agency", "involvement", "agency", "role", matching.agencies),
            ("role of a person", "participation", "person", "role", matching.people),
            ("status of a person's part", "participation", "person", "status", matching.people),
        ):
            mine = _parts(self.one.tables, table, party, column)
            others = _parts(self.other.tables, table, party, column)
            for (event, who), value in mine.items():
                there = (matching.events.get(event, ""), same.get(who, ""))
                if there in others:
                    found[name].append(Unit(event, who, (value, others[there])))
        return found

    def sets(self, matching: Matching) -> dict[str, list[Unit]]:
        """The sets of agencies, people and themes of matched events, where either has any; a party
        without a counterpart is nobody of the other coding."""
        sides = {
            "agencies": ("involvement", "event", "agency", matching.agencies),
            "people": ("participation", "event", "person", matching.people),
            "themes": ("themes", "row", "theme", None),
        }
        found: dict[str, list[Unit]] = {}
        for name, (table, row, item, same) in sides.items():
            mine: dict[str, list[str]] = listed(rows_in(self.one.tables[table], row, item))
            others: dict[str, list[str]] = listed(rows_in(self.other.tables[table], row, item))
            found[name] = []
            for event, counterpart in matching.events.items():
                own = mine.get(event, [])
                one = {
                    each if same is None else same.get(each, f"{each} of {self.one.name}")
                    for each in own
                }
                other = frozenset(others.get(counterpart, []))
                if one or other:
                    found[name].append(Unit(event, event, (frozenset(one), other)))
        return found

    def dated(self, matching: Matching) -> list[Unit]:
        """Whether each matched event has a date."""
        ours, theirs = _events(self.one.tables), _events(self.other.tables)
        return [
            Unit(event, event, (bool(ours[event]["date"]), bool(theirs[other]["date"])))
            for event, other in matching.events.items()
        ]

    def windows(self, matching: Matching) -> list[Unit]:
        """First and last day that the dates of matched events state, where both have a date."""
        ours, theirs = self.one.chronology.lowered, self.other.chronology.lowered

        def window(lowered: Lowered, event: str) -> tuple[int, ...]:
            return tuple(lowered.stated[lowered.place[event], [0, 3]].tolist())

        return [
            Unit(event, event, (window(ours, event), window(theirs, matching.events[event])))
            for event, _, dated in self.dated(matching)
            if all(dated)
        ]

    def contradictions(self, matching: Matching) -> tuple[list[tuple[str, str, str, str]], int]:
        """Pairs of events of which the two codings say orders that cannot both be true: two events
        of the first, its order and that of the other; and how many pairs were looked at."""
        ours, theirs = self.one.chronology, self.other.chronology
        if not (ours.admissible and theirs.admissible):
            return [], 0
        there = [
            event
            for event, other in matching.events.items()
            if ABSENCE
            not in (
                ours.lowered.room[ours.lowered.place[event]],
                theirs.lowered.room[theirs.lowered.place[other]],
            )
        ]
        pairs = list(combinations(there, 2))
        same = matching.events
        own = order_words(ours, pairs)
        others = order_words(theirs, [(same[one], same[other]) for one, other in pairs])
        return [
            (*pair, one, other)
            for pair, one, other in zip(pairs, own, others, strict=True)
            if other in CONTRARY.get(one, ())
        ], len(pairs)

    def entailed(self, matching: Matching, *, theirs: bool = False) -> dict[str, bool | None]:
        """Whether each relation that one coding states follows from all that the other says; None
        where the other has no counterpart of its events, or no days for them.

        Relations of the first coding are looked for in the other; `theirs` asks the other way
        round."""
        one, other = (self.other, self.one) if theirs else (self.one, self.other)
        same = {there: event for event, there in matching.events.items()}
        same = same if theirs else dict(matching.events)
        lowered = other.chronology.lowered
        found: dict[str, bool | None] = {}
        for tie in one.chronology.lowered.relations:
            found[tie.id] = None
            start, end = same.get(tie.from_event), same.get(tie.to_event)
            if start is None or end is None or not other.chronology.admissible:
                continue
            there = tie._replace(from_event=start, to_event=end)
            points = list(zip(lowered.start.tolist(), lowered.end.tolist(), strict=True))
            stated = lowered.stated.tolist()
            asked = constraints(
                there, lowered.place, lowered.room, points, stated, lowered.policy, []
            )
            if asked:
                most = other.chronology.minimal
                found[tie.id] = all(
                    (high >= OPEN or most[i, j] <= high) and (low <= -OPEN or -most[j, i] >= low)
                    for i, j, low, high in asked
                )
        return found

    @cached_property
    def continuum(
        self,
    ) -> tuple[list[tuple[str, int, int]], list[dict[str, list[tuple[int, int]]]]]:
        """The sentences of the sources in their order, and for each coding the runs of them that
        its events rest on, by kind: first place and length.

        Where events of one kind share sentences, they are one run."""
        several = len(self.one.tables["sources"]) > 1
        told = sorted(
            (source if several else "", *place)
            for source, places in self.one.sentences.items()
            for place in places
        )
        place = {
            (source, str(par), str(number)): at for at, (source, par, number) in enumerate(told)
        }
        found = []
        for side in (self.one, self.other):
            kinds = dict(rows_in(side.tables["events"], "id", "kind"))
            runs: dict[str, list[tuple[int, int]]] = {}
            for row, places in sentences_of(side.tables).items():
                if row in kinds:
                    at = {
                        number
                        for one in places
                        for key, number in place.items()
                        if key == one or (not one[2] and key[:2] == one[:2])
                    }
                    runs.setdefault(kinds[row], []).extend(_runs(at))
            found.append({kind: joined(own) for kind, own in runs.items()})
        return told, found


def windows_meet(one: tuple[int, int], other: tuple[int, int]) -> str:
    """How two windows of days lie: 'equal', 'nested', 'overlapping' or 'disjoint'.

    >>> [windows_meet((1, 4), window) for window in [(1, 4), (2, 4), (3, 9), (5, 9)]]
    ['equal', 'nested', 'overlapping', 'disjoint']
    """
    if one == other:
        return "equal"
    if one[1] < other[0] or other[1] < one[0]:
        return "disjoint"
    starts, ends = np.sign(one[0] - other[0]), np.sign(one[1] - other[1])
    return "overlapping" if starts * ends > 0 else "nested"


def _events(tables: Mapping[str, pd.DataFrame]) -> dict[str, dict[str, str]]:
    names = ("id", "kind", "absence", "basis", "date", "date_basis")
    rows = (dict(zip(names, row, strict=True)) for row in rows_in(tables["events"], *names))
    return {row["id"]: row | {"absence": row["absence"] or HAPPENED} for row in rows}


def _parts(
    tables: Mapping[str, pd.DataFrame], table: str, party: str, column: str
) -> dict[tuple[str, str], tuple[str, ...]]:
    """All that a party did in an event, in one word or several."""
    rows = rows_in(tables[table], "event", party, column)
    found = listed(((event, who), value) for event, who, value in rows)
    return {key: tuple(sorted(set(values))) for key, values in found.items()}


def _paragraphs(tables: Mapping[str, pd.DataFrame]) -> dict[str, Hashable]:
    places = sentences_of(tables)
    found: dict[str, Hashable] = {}
    for event in tables["events"]["id"].tolist():
        told = [place[:2] for place in places.get(event, ()) if place[1]]
        found[event] = min(told, key=lambda one: (one[0], len(one[1]), one[1]), default=event)
    return found


def _runs(places: Iterable[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for at in sorted(places):
        if found and sum(found[-1]) == at:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((at, 1))
    return found


def joined(runs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Runs that share no place: those that do are joined; those that only touch are not."""
    found: list[tuple[int, int]] = []
    for start, length in sorted(runs):
        if found and start < sum(found[-1]):
            first, _ = found[-1]
            found[-1] = (first, max(sum(found[-1]), start + length) - first)
        else:
            found.append((start, length))
    return found


@kept
def compared_codings(review: Review, other: str | Review) -> Compared:
    """Two codings of one review side by side; the other can be named by its coder."""
    if not isinstance(other, Review):
        read_coding(review.folder, other)  # says which codings there are
        other = read_review(review.folder / "codings" / other, **review.policy.as_parameters())
    if other.policy != review.policy:
        raise ValueError(
            "the two codings are read under different dating policies; read both under one"
        )
    one, two = (_name(each) for each in (review, other))
    names = (one, two) if one != two else (f"{one} (1)", f"{two} (2)")
    sides = (_side(each, name) for each, name in zip((review, other), names, strict=True))
    return Compared(*sides)


def _name(review: Review) -> str:
    """The coder of a coding; the review's own is the final one."""
    _, _, coder = review.meta.id.rpartition("/codings/")
    return coder if coder != review.meta.id else "the final coding"


def _side(review: Review, name: str) -> Side:
    sentences = review.expanded.sentences if review.expanded else {}
    return Side(name, review, sentences)
