"""What do two codings of one review say of the same things? Pairs of values, unit by unit.

Which events are the same is decided twice (`matched_events`): without a look at any code, and with
kind and absence looked at. A statistic of one matching alone would measure the matching too."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain, combinations, permutations, product
from math import nan
from typing import Any, NamedTuple

from casechron.analysis.concerns import by_event, happened
from casechron.analysis.counterparts import (
    check_one_review,
    dating_of,
    matched_events,
    matched_parties,
    not_coded,
    sentences_of,
    without_paragraphs,
)
from casechron.analysis.tables import Tables, by_key, kept, rows_in
from casechron.chronology import Chronology
from casechron.chronology.constraints import constraints
from casechron.chronology.network import OPEN
from casechron.chronology.pairs import order_words
from casechron.coding.files import CODINGS, is_coding
from casechron.coding.folder import DECISIONS
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
    def tables(self) -> Tables:
        """The tables of the review."""
        return self.review.tables

    @property
    def chronology(self) -> Chronology:
        """What these say of time."""
        return self.review.chronology


class Unit(NamedTuple):
    """What both codings say of an event, or of somebody's part in it: the ids of the event, and of
    the party or else the event again, in the first coding."""

    event: str
    about: str
    values: tuple[Any, Any]


class Matching(NamedTuple):
    """Counterparts in the other coding, by id."""

    events: Mapping[str, str]
    agencies: Mapping[str, str]
    people: Mapping[str, str]


class Compared:
    """Two codings, matched in both ways, in the part of the text that both coders were given."""

    def __init__(self, one: Side, other: Side) -> None:
        self.left_out = not_coded(one.tables) | not_coded(other.tables)
        self.one, self.other = self.sides = self._in_part(one), self._in_part(other)

    def _in_part(self, side: Side) -> Side:
        if not self.left_out:
            return side
        tables = without_paragraphs(side.tables, self.left_out)
        return side._replace(review=replace(side.review, tables=tables))

    @cached_property
    def matchings(self) -> tuple[Matching, Matching]:
        """The counterparts by place alone, and by place and code."""
        return self._matching(by_code=False), self._matching(by_code=True)

    @property
    def notes(self) -> str:
        """What has to be known of every figure; else ''."""
        return "; ".join(filter(None, (self._mended(), self._part())))

    def _part(self) -> str:
        """Which paragraphs only one of the two was given; else ''."""
        numbers = by_key((source, int(number)) for source, number in self.left_out)
        named = []
        for source in sorted(numbers):
            for first, length in _runs(numbers[source]):
                last = f" to p{first + length - 1}" if length > 1 else ""
                named.append(f"{source}:p{first}{last}".removeprefix(":"))
        without = f"compared without {', '.join(named)}, which one of the two did not code"
        return without if named else ""

    def _mended(self) -> str:
        """That the review's own coding can have been mended with the other in view, where it is one
        of the two and decisions on differences are kept; else ''."""
        for final, other in (self.sides, self.sides[::-1]):
            folder, seen = final.review.folder, f"{other.name} in view"
            if not is_coding(folder) and (folder / CODINGS / DECISIONS).is_file():
                return f"differences were decided: {final.name} may have been mended with {seen}"
        return ""

    def _matching(self, *, by_code: bool) -> Matching:
        tables = self.one.tables, self.other.tables
        events = matched_events(*tables, by_code=by_code)
        return Matching(events, **matched_parties(*tables, events))

    @cached_property
    def paragraphs(self) -> tuple[Mapping[str, Hashable], Mapping[str, Hashable]]:
        """The paragraph in which each event of either coding is told first; an event without a
        place stands for itself."""
        return _paragraphs(self.one.tables), _paragraphs(self.other.tables)

    @property
    def drawn(self) -> list[Hashable]:
        """What an interval draws: the paragraphs in which either coding tells an event first."""
        return sorted({*chain(*(each.values() for each in self.paragraphs))}, key=str)

    def codes(self, matching: Matching) -> dict[str, list[Unit]]:
        """The codes of matched events, and of matched parties in them, by what they say."""
        codes, codes_other = (_codes_of(side.tables) for side in self.sides)
        counterparts = {**matching.events, **matching.agencies, **matching.people}
        units: dict[str, list[Unit]] = {name: [] for name in CODES}
        for name, of_units in units.items():
            for (event, about), code in codes[name].items():
                pair = counterparts.get(event, ""), counterparts.get(about, "")
                if pair in codes_other[name]:
                    of_units.append(Unit(event, about, (code, codes_other[name][pair])))
        return units

    def sets(self, matching: Matching) -> dict[str, list[Unit]]:
        """The sets of agencies, people and themes of matched events, where either has any; a party
        without a counterpart is nobody of the other coding."""
        units: dict[str, list[Unit]] = {}
        for name, table, row, item, parties in (
            ("agencies", "involvement", "event", "agency", matching.agencies),
            ("people", "participation", "event", "person", matching.people),
            ("themes", "themes", "row", "theme", None),
        ):
            items, items_other = (_listed(side, table, row, item) for side in self.sides)
            units[name] = []
            for event, counterpart in matching.events.items():
                ours = frozenset(
                    each if parties is None else parties.get(each, f"{each} of {self.one.name}")
                    for each in items.get(event, ())
                )
                theirs = frozenset(items_other.get(counterpart, ()))
                if ours or theirs:
                    units[name].append(Unit(event, event, (ours, theirs)))
        return units

    def dated(self, matching: Matching) -> list[Unit]:
        """Whether each matched event has a date."""
        dates, dates_other = (by_event(side.tables, "date") for side in self.sides)
        return [
            Unit(event, event, (bool(dates[event]), bool(dates_other[counterpart])))
            for event, counterpart in matching.events.items()
        ]

    def windows(self, matching: Matching) -> list[Unit]:
        """First and last day that the dates of matched events state, where both have a date."""
        days, days_other = (
            dict(zip(each.events, map(tuple, each.lowered.stated[:, [0, 3]].tolist()), strict=True))
            for each in (self.one.chronology, self.other.chronology)
        )
        return [
            Unit(event, event, (days[event], days_other[matching.events[event]]))
            for event, _, dated in self.dated(matching)
            if all(dated)
        ]

    def contradictions(self, matching: Matching) -> tuple[list[tuple[str, str, str, str]], int]:
        """Pairs of events of which the two codings say orders that cannot both be true: two events
        of the first, its order and that of the other; and how many pairs were looked at."""
        first, second = self.one.chronology, self.other.chronology
        if not (first.admissible and second.admissible):
            return [], 0
        there, there_other = (happened(side.tables) for side in self.sides)
        counterparts = {
            event: counterpart
            for event, counterpart in matching.events.items()
            if event in there and counterpart in there_other
        }
        pairs = list(combinations(counterparts, 2))
        pairs_other = list(combinations(counterparts.values(), 2))
        orders, orders_other = order_words(first, pairs), order_words(second, pairs_other)
        return [
            (*pair, order, order_other)
            for pair, order, order_other in zip(pairs, orders, orders_other, strict=True)
            if order_other in CONTRARY.get(order, ())
        ], len(pairs)

    def entailed(self, matching: Matching, *, theirs: bool = False) -> dict[str, bool | None]:
        """Whether each relation that one coding states follows from all that the other says; None
        where the other has no counterpart of its events, or no days for them.

        Relations of the first coding are looked for in the other; `theirs` asks the other way
        round."""
        side, over = self.sides[::-1] if theirs else self.sides
        counterparts = matching.events
        if theirs:
            counterparts = {counterpart: event for event, counterpart in counterparts.items()}
        lowered = over.chronology.lowered
        points = list(zip(lowered.start.tolist(), lowered.end.tolist(), strict=True))
        stated = lowered.stated.tolist()
        follows: dict[str, bool | None] = {}
        for relation in side.chronology.lowered.relations:
            follows[relation.id] = None
            start, end = counterparts.get(relation.from_event), counterparts.get(relation.to_event)
            if start is None or end is None or not over.chronology.admissible:
                continue
            in_other = relation._replace(from_event=start, to_event=end)
            bounds = constraints(
                in_other, lowered.row_of, lowered.membership, points, stated, lowered.policy, []
            )
            if bounds:
                furthest = over.chronology.minimal
                follows[relation.id] = all(
                    (high >= OPEN or furthest[i, j] <= high)
                    and (low <= -OPEN or -furthest[j, i] >= low)
                    for i, j, low, high in bounds
                )
        return follows

    @cached_property
    def continuum(
        self,
    ) -> tuple[list[tuple[str, int, int]], list[dict[str, list[tuple[int, int]]]]]:
        """The sentences of the sources in their order, and for each coding the runs of them that
        its events rest on, by kind: first place and length.

        Where events of one kind share sentences, they are one run."""
        several = len(self.one.tables["sources"]) > 1
        sentences = sorted(
            (source if several else "", *place)
            for source, places in self.one.sentences.items()
            for place in places
            if any(place)  # (0, 0) is the text as a whole
            and (source if several else "", str(place[0])) not in self.left_out
        )
        position = {
            (source, *map(str, numbers)): at for at, (source, *numbers) in enumerate(sentences)
        }
        by_kind = []
        for side in self.sides:
            kinds = by_event(side.tables, "kind")
            runs: dict[str, list[tuple[int, int]]] = {}
            for row, places in sentences_of(side.tables).items():
                if row in kinds:
                    rests_on = {
                        at
                        for place in places
                        for sentence, at in position.items()
                        if sentence == place or (not place[2] and sentence[:2] == place[:2])
                    }
                    runs.setdefault(kinds[row], []).extend(_runs(rests_on))
            by_kind.append({kind: united(spans) for kind, spans in runs.items()})
        return sentences, by_kind


def windows_meet(one: tuple[int, int], other: tuple[int, int]) -> str:
    """How two windows of days lie: 'equal', 'nested', 'overlapping' or 'disjoint'.

    >>> [windows_meet((1, 4), window) for window in [(1, 4), (2, 4), (3, 9), (5, 9)]]
    ['equal', 'nested', 'overlapping', 'disjoint']
    """
    if one == other:
        return "equal"
    if one[1] < other[0] or other[1] < one[0]:
        return "disjoint"
    return "overlapping" if (one[0] - other[0]) * (one[1] - other[1]) > 0 else "nested"


def window_distance(one: tuple[int, int], other: tuple[int, int]) -> float:
    """The square of the Hausdorff distance of two windows of days, from the first to the last day
    of each: for windows of one day, the interval metric of alpha.

    >>> window_distance((1, 1), (4, 4)), window_distance((1, 9), (2, 5))
    (9.0, 16.0)
    """
    return float(max(abs(one[0] - other[0]), abs(one[1] - other[1])) ** 2)


def jaccard(one: frozenset[Any], other: frozenset[Any]) -> float:
    """The share of what either set holds that both hold; 1 for two empty sets.

    >>> jaccard(frozenset("ab"), frozenset("bc"))
    0.3333333333333333
    """
    return len(one & other) / len(one | other) if one | other else 1.0


def masi_distance(one: frozenset[Any], other: frozenset[Any]) -> float:
    """The distance of two sets: 1 - Jaccard, times 1 where they are equal, 2/3 where one holds the
    other, 1/3 where they overlap (Passonneau 2006, Measuring agreement on set-valued items, LREC).

    >>> round(masi_distance(frozenset("ab"), frozenset("a")), 3)
    0.667
    """
    if one == other:
        return 0.0
    holds = one <= other or other <= one
    return 1 - jaccard(one, other) * (2 / 3 if holds else 1 / 3)


def _codes_of(tables: Tables) -> dict[str, dict[tuple[str, str], Any]]:
    """By what they say, the codes of each event, and all that a party did in it, in one word or
    several; both by the ids of a `Unit`."""
    codes: dict[str, dict[tuple[str, str], Any]] = {name: {} for name in CODES}
    names = ("id", "kind", "absence", "basis", "date", "date_basis")
    for event, kind, absence, basis, date, dated in sorted(rows_in(tables["events"], *names)):
        unit = event, event
        codes["kind"][unit] = kind
        codes["absence"][unit] = absence or HAPPENED
        codes["basis"][unit] = basis
        if date:
            codes["basis of the date"][unit] = dated or basis
    for name, table, party, column in (
        ("role of an agency", "involvement", "agency", "role"),
        ("role of a person", "participation", "person", "role"),
        ("status of a person's part", "participation", "person", "status"),
    ):
        rows = rows_in(tables[table], "event", party, column)
        parts = by_key(((event, who), value) for event, who, value in rows)
        codes[name] = {unit: tuple(sorted(set(values))) for unit, values in parts.items()}
    return codes


def _listed(side: Side, table: str, row: str, item: str) -> dict[str, list[str]]:
    return by_key(rows_in(side.tables[table], row, item))


def _paragraphs(tables: Tables) -> dict[str, Hashable]:
    """The first paragraph of each event, or the event itself where it has no place."""
    places = sentences_of(tables)
    paragraphs: dict[str, Hashable] = {}
    for event in tables["events"]["id"].tolist():
        known = [place[:2] for place in places.get(event, ()) if place[1]]
        paragraphs[event] = min(
            known, key=lambda place: (place[0], len(place[1]), place[1]), default=event
        )
    return paragraphs


def _runs(places: Iterable[int]) -> list[tuple[int, int]]:
    """Places that follow each other, as runs: first place and length."""
    runs: list[tuple[int, int]] = []
    for at in sorted(places):
        if runs and sum(runs[-1]) == at:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((at, 1))
    return runs


def united(runs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Runs that share no place: those that do are joined; those that only touch are not."""
    apart: list[tuple[int, int]] = []
    for start, length in sorted(runs):
        if apart and start < sum(apart[-1]):
            first, _ = apart[-1]
            apart[-1] = (first, max(sum(apart[-1]), start + length) - first)
        else:
            apart.append((start, length))
    return apart


@kept
def compared_codings(review: Review, other: str | Review) -> Compared:
    """Two codings of one review side by side; the other can be named by its coder."""
    if not isinstance(other, Review):
        read_coding(review.folder, other)  # says which codings there are
        other = read_review(review.folder / CODINGS / other, **dating_of(review))
    check_one_review(review, other)
    if dating_of(other) != dating_of(review):
        raise ValueError(
            "the two codings are read under different dating policies; read both under one"
        )
    name, name_other = (_name(coding) for coding in (review, other))
    if name == name_other:
        name, name_other = f"{name} (1)", f"{name} (2)"
    return Compared(_side(review, name), _side(other, name_other))


def _name(review: Review) -> str:
    """The coder of a coding; the review's own is the final one."""
    _, _, coder = review.meta.id.rpartition("/codings/")
    return coder if coder != review.meta.id else "the final coding"


def _side(review: Review, name: str) -> Side:
    return Side(name, review, review.expanded.sentences if review.expanded else {})


Section = tuple[int, int, bool]


def unitizing_alpha(
    coders: Sequence[Mapping[str, Sequence[tuple[int, int]]]], length: int
) -> float:
    """Krippendorff's alpha for finding units in a continuum, over categories together.

    Each coder has, by category, the units (first place, length) that they found there; units of one
    category do not overlap. NaN where no coder found any. Source: Krippendorff 2004, Content
    Analysis, 2nd ed., 251-256.

    >>> unitizing_alpha([{"k": [(3, 2)]}, {"k": [(3, 2)]}], 20)
    1.0
    """
    observed = expected = 0.0
    for name in sorted({name for units in coders for name in units}):
        parted = [_sections(units.get(name, ()), length) for units in coders]
        observed += _observed(parted, length)
        expected += _expected(parted, length)
    return 1 - observed / expected if expected else nan


def _sections(units: Sequence[tuple[int, int]], length: int) -> list[Section]:
    """A continuum cut into units and the gaps between them: start, length, whether it is a unit."""
    sections: list[Section] = []
    at = 0
    for start, size in sorted(units):
        if start < at or start + size > length:
            raise ValueError(f"the unit from {start} of length {size} overlaps, or leads out")
        if start > at:
            sections.append((at, start - at, False))
        sections.append((start, size, True))
        at = start + size
    return [*sections, (at, length - at, False)] if at < length else sections


def _observed(parted: Sequence[Sequence[Section]], length: int) -> float:
    """Squared differences of units that intersect, and of units within a gap of another coder."""
    total = 0
    for ours, theirs in permutations(parted, 2):
        for (start, size, unit), (begin, span, other_unit) in product(ours, theirs):
            if unit and other_unit and -size < start - begin < span:
                total += (start - begin) ** 2 + (start + size - begin - span) ** 2
            elif unit and not other_unit and 0 <= start - begin <= span - size:
                # Both orders of two coders are seen: a unit within a gap counts in each.
                total += 2 * size**2
    coders = len(parted)
    return total / (coders * (coders - 1) * length**2)


def _expected(parted: Sequence[Sequence[Section]], length: int) -> float:
    """The same over all ways in which the sections of all coders could lie together."""
    sizes = [size for sections in parted for _, size, unit in sections if unit]
    gaps = [size for sections in parted for _, size, unit in sections if not unit]
    whole = len(parted) * length
    total = sum(
        (len(sizes) - 1) / 3 * (2 * size**3 - 3 * size**2 + size)
        + size**2 * sum(gap - size + 1 for gap in gaps if gap >= size)
        for size in sizes
    )
    places = whole * (whole - 1) - sum(size * (size - 1) for size in sizes)
    return 2 / length * total / places if places else 0.0
