"""Which choices does a reader have, and what does each row of the tables say of time under each of them?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

import pandas as pd

from casechron.analysis.policies import policy_alternatives, tables_under
from casechron.chronology.lowering import Lowered, lower
from casechron.chronology.network import HARD, OPEN
from casechron.coding.policy import DatingPolicy, PolicyError

__all__ = [
    "ALLEGED",
    "AS_GIVEN",
    "CONVENTION",
    "LEFT_OUT",
    "REFERENCE",
    "Choice",
    "Edge",
    "Edges",
    "Point",
    "RowEdges",
    "Statements",
    "alternatives",
    "changed",
    "choices_that_matter",
    "touching",
]

Tables = Mapping[str, pd.DataFrame]
Point = tuple[str, str]
Edge = tuple[Point, Point, int]
Edges = Mapping[str, frozenset[Edge]]
Variants = Mapping[tuple[tuple[int, ...], str], Edges]

AS_GIVEN, LEFT_OUT = "as given", "left out"
ALLEGED, CONVENTION = "alleged events", "working_day_one"
REFERENCE: Point = ("", "")
#: Columns that bear on what is counted or checked, other than by time.
_STRUCTURE = ("kind", "count_min", "count_max", "absence", "role", "status", "type", "from_row", "to_row")


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice and its options, the first of them as given."""

    name: str
    options: tuple[str, ...]
    structural: bool = False


@dataclass(frozen=True, eq=False)
class RowEdges:
    """The edges of each row of the tables under each combination of the choices."""

    choices: tuple[Choice, ...]
    moving: tuple[str, ...]
    variants: Variants
    alleged: frozenset[str]

    @cached_property
    def rows(self) -> list[str]:
        """All rows that say something about time."""
        return list(dict.fromkeys(row for edges in self.variants.values() for row in edges))

    @cached_property
    def of_reading(self) -> Mapping[str, tuple[int, int]]:
        """Axis and place of each reading that is combined."""
        return {
            option.removeprefix("reading: "): (axis, at)
            for axis, choice in enumerate(self.choices)
            for at, option in enumerate(choice.options)
            if option.startswith("reading: ")
        }

    def axes(self, row: str) -> list[int]:
        """Which choices change what a row says?"""
        names = {choice.name: axis for axis, choice in enumerate(self.choices)}
        found = []
        for at, name in enumerate(self.moving):
            if name in names and any(
                edges.get(row) != self.variants[(*choice[:at], 0, *choice[at + 1 :]), reading].get(row)
                for (choice, reading), edges in self.variants.items()
                if choice[at] and ((*choice[:at], 0, *choice[at + 1 :]), reading) in self.variants
            ):
                found.append(names[name])
        for reading, (axis, _) in self.of_reading.items():
            if any(
                edges.get(row) != self.variants[choice, ""].get(row)
                for (choice, one), edges in self.variants.items()
                if one == reading
            ):
                found.append(axis)
        if row in self.alleged and ALLEGED in names:
            found.append(names[ALLEGED])
        return sorted(set(found))

    def edges(self, row: str, chosen: Mapping[int, int]) -> frozenset[Edge]:
        """What a row says when these options are chosen, all else as given."""
        names = {choice.name: axis for axis, choice in enumerate(self.choices)}
        if row in self.alleged and chosen.get(names.get(ALLEGED, -1)):
            return frozenset()
        field = tuple(chosen.get(names.get(name, -1), 0) for name in self.moving)
        reading = next((one for one, (axis, at) in self.of_reading.items() if chosen.get(axis) == at and axis in chosen), "")
        found = self.variants.get((field, reading), self.variants[(0,) * len(self.moving), reading])
        return found.get(row, frozenset())


@dataclass(frozen=True, eq=False)
class Statements:
    """The edges of the statements under a policy and a reading, each worked out once."""

    tables: Tables
    policy: DatingPolicy
    known: dict[tuple[DatingPolicy, str], Edges]
    read: dict[str, Tables]

    def under(self, policy: DatingPolicy, reading: str) -> Edges:
        """The edges when every date is read under `policy`, and one more reading is chosen (none: '')."""
        if reading not in self.read:
            few = {name: self.tables[name] for name in ("events", "relations", "readings")}
            chosen = replace(self.policy, readings=(*self.policy.readings, reading)) if reading else self.policy
            self.read[reading] = tables_under(few, self.policy, chosen)
        if (policy, reading) not in self.known:
            read = self.read[reading]
            self.known[policy, reading] = _edges(lower(read["events"], read["relations"], policy))
        return self.known[policy, reading]

    def moved_by(self, name: str, values: Sequence[object], readings: Sequence[str]) -> bool:
        """Whether some value of a field changes a statement, under some reading."""
        others = [other for value in values if (other := changed(self.policy, {name: value})) is not None]
        return any(self.under(other, one) != self.under(self.policy, one) for one in readings for other in others)


def changed(policy: DatingPolicy, values: Mapping[str, object]) -> DatingPolicy | None:
    """The policy with other values in some fields; None where they cannot stand together."""
    try:
        return replace(policy, **values)  # type: ignore[arg-type]
    except PolicyError:
        return None


def alternatives(tables: Tables, policy: DatingPolicy) -> tuple[dict[str, list[object]], list[list[str]]]:
    """Other values of each field, and the readings in groups of those that touch the same row."""
    default = DatingPolicy()
    values: dict[str, list[object]] = {}
    for field in fields(policy):
        own, usual = getattr(policy, field.name), getattr(default, field.name)
        if field.name != "readings" and own != usual:
            values[field.name] = [usual]
    readings = []
    for name, other in policy_alternatives(policy, tables):
        if name.startswith("reading: "):
            readings.append(name.removeprefix("reading: "))
            continue
        name = next(one.name for one in fields(policy) if getattr(other, one.name) != getattr(policy, one.name))
        known = values.setdefault(name, [])
        known += [value for value in [getattr(other, name)] if value not in known]
    rows = tables["readings"]
    touched = {one: set(rows.loc[rows["reading"] == one, "row"]) for one in readings}
    groups: list[list[str]] = []
    for one in readings:
        near = [group for group in groups if any(touched[one] & touched[other] for other in group)]
        groups = [group for group in groups if group not in near] + [[*(other for group in near for other in group), one]]
    return values, groups


def choices_that_matter(
    tables: Tables,
    moving: list[str],
    values: Mapping[str, list[object]],
    readings: list[list[str]],
    out: list[str],
    variants: Variants,
) -> tuple[tuple[Choice, ...], tuple[str, ...]]:
    """The choices that can matter, and the options that change no statement and no count."""
    found = [Choice(name, (AS_GIVEN, *(f"{name} = {value}" for value in values[name]))) for name in moving]
    if CONVENTION in values:
        found.append(Choice(CONVENTION, (AS_GIVEN, *(f"{CONVENTION} = {value}" for value in values[CONVENTION]))))
    folded: list[str] = []
    rows = tables["readings"]
    for group in readings:
        kept, structural = [], False
        for one in group:
            own = rows.loc[rows["reading"] == one]
            counts = own["column"].isin(_STRUCTURE) & own["row"].isin(set().union(*(
                set(tables[name]["id"]) for name in ("events", "links", "involvement", "participation")
            )))  # fmt: skip
            moved = sum(
                edges.get(row) != variants[choice, ""].get(row)
                for (choice, reading), edges in variants.items()
                if reading == one
                for row in {*edges, *variants[choice, ""]}
            )
            if moved or counts.any():
                kept.append(f"reading: {one}")
                structural |= bool(counts.any())
            else:
                folded.append(f"reading: {one}")
        if kept:
            found.append(Choice(f"reading: {group[0]}", (AS_GIVEN, *kept), structural))
    if out:
        found.append(Choice(ALLEGED, (AS_GIVEN, f"{ALLEGED} {LEFT_OUT}"), structural=True))
    return tuple(found), tuple(folded)


def _edges(lowered: Lowered) -> Edges:
    """The edges that each row states, between named points."""
    names: dict[int, Point] = {0: REFERENCE}
    found: dict[str, set[Edge]] = {}
    for row, start, end in zip(lowered.events, lowered.start.tolist(), lowered.end.tolist(), strict=True):
        if start < 0:
            continue
        names[start], first, last = (row.id, "start"), (row.id, "start"), (row.id, "end")
        own = found.setdefault(row.id, set())
        own.add((last, first, 0))  # the start is no later than the end
        if start == end:
            own.add((first, last, 0))
        else:
            names[end] = last
    for row, (earliest, start_latest, end_earliest, latest), start in zip(
        lowered.events, lowered.stated.tolist(), lowered.start.tolist(), strict=True
    ):
        if start < 0:
            # A birth or an absence: its stated window, tied to nothing, so that gaps to it are differences of windows.
            first, last = (row.id, "start"), (row.id, "end")
            sides = [(REFERENCE, first, start_latest), (first, REFERENCE, -earliest), (REFERENCE, last, latest),
                     (last, REFERENCE, -end_earliest), (last, first, 0)]  # fmt: skip
            found[row.id] = {side for side in sides if side[2] < OPEN}
    net = lowered.network
    for tail, head, length, number in zip(
        *(part.tolist() for part in (net.tail, net.head, net.length, net.statement)), strict=True
    ):
        if number == HARD:
            continue
        table, at = lowered.said[number]
        row_id = lowered.events[at].id if table == "date" else lowered.relations[at].id
        found.setdefault(row_id, set()).add((names[tail], names[head], length))
    return {row_id: frozenset(edges) for row_id, edges in found.items()}


def touching(tables: Tables, events: set[str]) -> frozenset[str]:
    """The events and the relations that touch one of them."""
    relations = tables["relations"]
    tied = relations.loc[relations["from_event"].isin(events) | relations["to_event"].isin(events), "id"]
    return frozenset(events | set(tied))
