"""What do the tables hold under each combination of the choices that bear on what is counted or
checked?

A reading changes few tables, and leaving alleged events out a few more: each table is made once for
the choices that change it, and whatever is worked out from some tables once for those that change
any of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from typing import TypeVar

import pandas as pd

from casechron.analysis.choices import ALLEGED, LEFT_OUT, Choice
from casechron.analysis.policies import tables_under
from casechron.coding.policy import DatingPolicy

__all__ = ["Index", "Structures", "without"]

Tables = Mapping[str, pd.DataFrame]
#: A place for every choice: which of its options is chosen.
Index = tuple[int, ...]
#: What makes a table what it is: the readings that change it, and whether events are left out of
#: it.
_Version = tuple[tuple[str, ...], bool]
_Found = TypeVar("_Found")

_TIED = ("from_event", "to_event", "from_row", "to_row", "event", "row")
_TYING = ("relations", "links", "participation", "involvement", "themes")


@dataclass(frozen=True, eq=False)
class Structures:
    """The tables under each combination of the structural choices; `tables` as read under `policy`,
    `out` can be left out."""

    tables: Tables
    policy: DatingPolicy
    choices: tuple[Choice, ...]
    out: tuple[str, ...]
    _made: dict[tuple[str, _Version], pd.DataFrame] = field(default_factory=dict)

    @cached_property
    def keys(self) -> list[Index]:
        """Every combination of the structural choices; other choices stay at 0."""
        return list(
            product(
                *(
                    range(len(choice.options)) if choice.structural else range(1)
                    for choice in self.choices
                )
            )
        )

    def each(self, names: Sequence[str], ask: Callable[[Tables], _Found]) -> dict[Index, _Found]:
        """What is found from these tables (and no others) under each combination."""
        known: dict[tuple[_Version, ...], _Found] = {}
        found = {}
        for key in self.keys:
            versions = tuple(self._version(name, key) for name in names)
            if versions not in known:
                known[versions] = ask(
                    {
                        name: self._table(name, one)
                        for name, one in zip(names, versions, strict=True)
                    }
                )
            found[key] = known[versions]
        return found

    @cached_property
    def _changing(self) -> Mapping[str, frozenset[str]]:
        """The readings that change each table."""
        columns = (self.tables["readings"][name].tolist() for name in ("reading", "row", "column"))
        cells = list(zip(*columns, strict=True))
        found = {}
        for name, table in self.tables.items():
            ids = (
                set(table["id"].tolist()) if "id" in table.columns and name != "readings" else set()
            )
            found[name] = frozenset(
                reading for reading, row, column in cells if row in ids and column in table.columns
            )
        return found

    def _version(self, name: str, key: Index) -> _Version:
        options = [choice.options[at] for choice, at in zip(self.choices, key, strict=True) if at]
        readings = (
            option.removeprefix("reading: ") for option in options if option.startswith("reading: ")
        )
        left_out = f"{ALLEGED} {LEFT_OUT}" in options and name in ("events", *_TYING)
        return tuple(one for one in readings if one in self._changing[name]), left_out

    def _table(self, name: str, version: _Version) -> pd.DataFrame:
        if (name, version) not in self._made:
            readings, left_out = version
            if left_out:
                made = without({name: self._table(name, (readings, False))}, self.out)[name]
            elif readings:
                few = {"readings": self.tables["readings"], name: self.tables[name]}
                other = replace(self.policy, readings=(*self.policy.readings, *readings))
                made = tables_under(few, self.policy, other)[name]
            else:
                made = self.tables[name]
            self._made[name, version] = made
        return self._made[name, version]


def without(tables: Tables, events: Iterable[str]) -> dict[str, pd.DataFrame]:
    """The tables without some events, and without the rows that cannot stand without them."""
    gone = set(events)
    found = {}
    for name, table in tables.items():
        keys = (
            ["id"]
            if name == "events"
            else [key for key in _TIED if key in table.columns]
            if name in _TYING
            else []
        )
        kept = [
            gone.isdisjoint(cells)
            for cells in zip(*(table[key].tolist() for key in keys), strict=True)
        ]
        found[name] = (table.loc[kept] if keys else table).reset_index(drop=True)
    return found
