"""Which choices does a reader have, and what does each row of the tables say of time under each of
them?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

import pandas as pd

from casechron.analysis.columns import ids_where
from casechron.analysis.policies import policy_alternatives
from casechron.analysis.row_edges import REFERENCE, Edges, Point, Said
from casechron.coding.policy import DatingPolicy, PolicyError

__all__ = [
    "ALLEGED",
    "AS_GIVEN",
    "CONVENTION",
    "JUDGED",
    "LEFT_OUT",
    "Choice",
    "RowEdges",
    "alternatives",
    "changed",
    "choices_that_matter",
    "judged_relations",
    "touching",
]

Tables = Mapping[str, pd.DataFrame]

AS_GIVEN, LEFT_OUT = "as given", "left out"
ALLEGED, CONVENTION, JUDGED = "alleged events", "working_day_one", "judged orders"
#: Columns that bear on what is counted or checked, other than by time.
_STRUCTURE = (
    "agency",
    "person",
    "kind",
    "count_min",
    "count_max",
    "absence",
    "role",
    "status",
    "type",
    "from_row",
    "to_row",
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice and its options, the first of them as given."""

    name: str
    options: tuple[str, ...]
    structural: bool = False


@dataclass(frozen=True, eq=False)
class RowEdges:
    """What each row says of time under each combination of the choices.

    `said[reading][row]` has one entry for each of `under`, the options of the fields in `moving`
    (0: as given). `left_out` has, by the name of a choice, the rows that say nothing under each of
    its options."""

    choices: tuple[Choice, ...]
    moving: tuple[str, ...]
    under: tuple[tuple[int, ...], ...]
    said: Mapping[str, Mapping[str, Said]]
    left_out: Mapping[str, tuple[frozenset[str], ...]]

    @cached_property
    def rows(self) -> list[str]:
        """All rows that say something about time."""
        return list(dict.fromkeys(row for rows in self.said.values() for row in rows))

    @cached_property
    def _axis(self) -> Mapping[str, int]:
        return {choice.name: axis for axis, choice in enumerate(self.choices)}

    @cached_property
    def _leaving_out(self) -> list[tuple[int, tuple[frozenset[str], ...]]]:
        """The axes whose options leave rows out, and which."""
        return [
            (self._axis[name], options)
            for name, options in self.left_out.items()
            if name in self._axis
        ]

    @cached_property
    def _place(self) -> Mapping[tuple[int, ...], int]:
        return {options: place for place, options in enumerate(self.under)}

    @cached_property
    def _of_reading(self) -> Mapping[str, tuple[int, int]]:
        """Axis and place of each reading that is combined."""
        return {
            option.removeprefix("reading: "): (axis, at)
            for axis, choice in enumerate(self.choices)
            for at, option in enumerate(choice.options)
            if option.startswith("reading: ")
        }

    def axes(self, row: str) -> list[int]:
        """Which choices change what a row says?"""
        given = self.said[""].get(row)
        found = [
            axis
            for reading, (axis, _) in self._of_reading.items()
            if self.said[reading].get(row) != given
        ]
        for said in {rows[row] for rows in self.said.values() if row in rows}:
            found += [
                self._axis[self.moving[at]]
                for at in self._moved(said)
                if self.moving[at] in self._axis
            ]
        found += [
            axis for axis, options in self._leaving_out if any(row in rows for rows in options)
        ]
        return sorted(set(found))

    def _moved(self, said: Said) -> list[int]:
        """Which fields change this, whatever the others are?"""
        if all(edges == said[0] for edges in said):
            return []
        return [
            at
            for at in range(len(self.moving))
            if any(
                options[at]
                and (given := self._place.get((*options[:at], 0, *options[at + 1 :]))) is not None
                and said[place] != said[given]
                for place, options in enumerate(self.under)
            )
        ]

    def edges(self, row: str, chosen: Mapping[int, int]) -> Edges:
        """What a row says when these options are chosen, all else as given."""
        if any(row in options[chosen.get(axis, 0)] for axis, options in self._leaving_out):
            return frozenset()
        options = tuple(chosen.get(self._axis.get(name, -1), 0) for name in self.moving)
        reading = next(
            (one for one, (axis, at) in self._of_reading.items() if chosen.get(axis) == at), ""
        )
        said = self.said[reading].get(row)
        place = self._place.get(options, self._place[(0,) * len(self.moving)])
        return (said and said[place]) or frozenset()

    @cached_property
    def points(self) -> Mapping[str, frozenset[Point]]:
        """The points of events that each row speaks of, under whatever choices."""
        found: dict[str, set[Point]] = {}
        for rows in self.said.values():
            for row, said in rows.items():
                points = found.setdefault(row, set())
                for edges in set(said):
                    points |= {point for edge in edges or () for point in edge[:2]}
        return {row: frozenset(points - {REFERENCE}) for row, points in found.items()}


def changed(policy: DatingPolicy, values: Mapping[str, object]) -> DatingPolicy | None:
    """The policy with other values in some fields; None where they cannot stand together."""
    try:
        return replace(policy, **values)  # type: ignore[arg-type]
    except PolicyError:
        return None


def alternatives(
    tables: Tables, policy: DatingPolicy
) -> tuple[dict[str, list[object]], list[list[str]]]:
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
        name = next(
            one.name
            for one in fields(policy)
            if getattr(other, one.name) != getattr(policy, one.name)
        )
        known = values.setdefault(name, [])
        known += [value for value in [getattr(other, name)] if value not in known]
    rows = tables["readings"]
    touched = {one: set(rows.loc[rows["reading"] == one, "row"]) for one in readings}
    groups: list[list[str]] = []
    for one in readings:
        near = [group for group in groups if any(touched[one] & touched[other] for other in group)]
        groups = [group for group in groups if group not in near] + [
            [*(other for group in near for other in group), one]
        ]
    return values, groups


def choices_that_matter(
    tables: Tables,
    moving: list[str],
    values: Mapping[str, list[object]],
    readings: list[list[str]],
    out: list[str],
    judged: Sequence[str],
    said: Mapping[str, Mapping[str, Said]],
) -> tuple[tuple[Choice, ...], tuple[str, ...]]:
    """The choices that can matter, and the options that change no statement and no count.

    `out` are the events that can be left out as alleged, `judged` the relations that can be left
    out as judged, and `said` is what each row says under each reading and policy."""
    found = [
        Choice(name, (AS_GIVEN, *(f"{name} = {value}" for value in values[name])))
        for name in moving
    ]
    if CONVENTION in values:
        found.append(
            Choice(
                CONVENTION, (AS_GIVEN, *(f"{CONVENTION} = {value}" for value in values[CONVENTION]))
            )
        )
    folded: list[str] = []
    counted = {
        row
        for name in ("events", "links", "involvement", "participation")
        for row in tables[name]["id"].tolist()
    }
    columns = (tables["readings"][name].tolist() for name in ("reading", "row", "column"))
    counting = {
        one
        for one, row, column in zip(*columns, strict=True)
        if column in _STRUCTURE and row in counted
    }
    for group in readings:
        kept, structural = [], False
        for one in group:
            if one in counting or said[one] != said[""]:
                kept.append(f"reading: {one}")
                structural |= one in counting
            else:
                folded.append(f"reading: {one}")
        if kept:
            found.append(Choice(f"reading: {group[0]}", (AS_GIVEN, *kept), structural))
    if out:
        found.append(Choice(ALLEGED, (AS_GIVEN, f"{ALLEGED} {LEFT_OUT}"), structural=True))
    if judged:
        # Which step a clock may stop with can hang on an order.
        found.append(Choice(JUDGED, (AS_GIVEN, f"{JUDGED} {LEFT_OUT}"), structural=True))
    return tuple(found), tuple(folded)


def judged_relations(tables: Tables) -> tuple[str, ...]:
    """The relations that only the coder judged, in the order of the table, as the tables are read.

    >>> judged_relations(
    ...     {
    ...         "relations": pd.DataFrame(
    ...             {"id": ["r", "s", "t"], "basis": ["judged", "derived", "stated"]}
    ...         )
    ...     }
    ... )
    ('r',)
    """
    return tuple(ids_where(tables["relations"], "basis", {"judged"}))


def touching(tables: Tables, events: set[str]) -> frozenset[str]:
    """The events and the relations that touch one of them."""
    relations = tables["relations"]
    tied = relations.loc[
        relations["from_event"].isin(events) | relations["to_event"].isin(events), "id"
    ]
    return frozenset(events | set(tied))
