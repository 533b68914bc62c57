"""Which differences are named in golden/changes.toml, and does each that is named still differ?"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import net
from net import Difference
from net_tables import POLICIES

CHANGES = net.GOLDEN / "changes.toml"
KINDS = ("table", "gone", "new")
LISTS = ("columns", "reviews", "policies")
#: Stands for every name; and, among reviews, for those of a kind.
ALL = "all"
GROUPS = {"real": net.REAL, "simulated": net.SIMULATED}


class ChangesError(ValueError):
    """What is wrong with changes.toml, and what is allowed."""


@dataclass(frozen=True)
class Change:
    """An entry of changes.toml; an empty tuple restricts nothing."""

    kind: str
    names: tuple[str, ...]
    issue: int
    reason: str
    columns: tuple[str, ...] = ()
    reviews: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()

    def covers(self, one: Difference) -> bool:
        """Whether a difference is of what this entry names."""
        return (
            one.kind == self.kind
            and (one.name in self.names or ALL in self.names)
            and (not self.columns or one.column in self.columns)
            and (not self.reviews or one.review in self._reviews())
            and (not self.policies or one.policy in self.policies)
        )

    def _reviews(self) -> set[str]:
        return {each for one in self.reviews for each in GROUPS.get(one, (one,))}

    def no_longer(self, found: Iterable[Difference], looked_at: Collection[str]) -> list[str]:
        """What this entry names and does not differ: each name, column, review and policy must
        differ somewhere. Of a review that was not looked at nothing is said."""
        if self.reviews and not self._reviews() & set(looked_at):
            return []
        ours = [one for one in found if self.covers(one)]
        reviews = [one for one in self.reviews if set(GROUPS.get(one, (one,))) <= set(looked_at)]
        parts: list[tuple[str, Sequence[str], Callable[[Difference, str], bool]]] = [
            (self.kind, self.names, lambda one, name: name in (one.name, ALL)),
            ("column", self.columns, lambda one, name: name == one.column),
            ("review", reviews, lambda one, name: one.review in GROUPS.get(name, (name,))),
            ("policy", self.policies, lambda one, name: name == one.policy),
        ]
        return [
            f"{what} {name!r}"
            for what, named, fits in parts
            for name in named
            if not any(fits(one, name) for one in ours)
        ]


def read_changes(path: Path = CHANGES) -> list[Change]:
    """The entries of changes.toml. Raises `ChangesError`, which names the entry and what is
    allowed."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))
    if extra := sorted(set(entries) - {"change"}):
        raise ChangesError(f"{', '.join(extra)}: only [[change]] stands in {path.name}")
    return [_change(number, one) for number, one in enumerate(entries.get("change", []), start=1)]


def _change(number: int, entry: dict[str, Any]) -> Change:
    kinds = [kind for kind in KINDS if kind in entry]
    where = f"changes.toml, entry {number}"
    if len(kinds) != 1:
        raise ChangesError(f"{where}: one of {', '.join(KINDS)} says what differs; found {kinds}")
    kind = kinds[0]
    if extra := sorted(set(entry) - {kind, *LISTS, "issue", "reason"}):
        raise ChangesError(f"{where}: {', '.join(extra)} is no key; write {', '.join(LISTS)}")
    lists = {key: _texts(f"{where}, {key}", entry[key]) for key in (kind, *LISTS) if key in entry}
    if "columns" in lists and kind != "table":
        raise ChangesError(f"{where}: only a table has columns")
    allowed = {
        "policies": set(POLICIES),
        "reviews": {*net.REAL, *net.SIMULATED, *GROUPS},
        kind: _known(kind),
    }
    for key, names in lists.items():
        known = allowed.get(key, set())
        for name in names if known else ():
            if name not in known and (key != kind or name != ALL):
                raise ChangesError(f"{where}: {key} {name!r} is none of {', '.join(sorted(known))}")
    issue, reason = entry.get("issue"), entry.get("reason")
    if type(issue) is not int or issue < 1 or not isinstance(reason, str) or not reason.strip():
        raise ChangesError(f"{where}: issue is a number and reason a sentence")
    return Change(kind, lists[kind], issue, reason, **{key: lists.get(key, ()) for key in LISTS})


def _known(kind: str) -> set[str]:
    """What an entry can name; of what is new, any name can be meant."""
    if kind in ("table", "gone"):
        return set(net.frozen_keys())
    return set()


def _texts(where: str, value: object) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not values or not all(isinstance(v, str) for v in values):
        raise ChangesError(f"{where}: write a text, or a list of texts")
    return tuple(values)


def unnamed(found: Iterable[Difference], changes: Iterable[Change]) -> list[Difference]:
    """The differences that no entry names."""
    changes = list(changes)
    return [one for one in found if not any(change.covers(one) for change in changes)]


def report(found: Iterable[Difference], most: int = 40) -> str:
    """Differences as a reader needs them: which review, policy, table and column, and how."""
    told = []
    for one in found:
        where = f"{one.review}, {one.policy}" if one.policy else one.review
        what = f"{one.kind} {one.name}, {one.column}" if one.column else f"{one.kind} {one.name}"
        told.append("\n    ".join([f"{where}: {what}", *one.shown.splitlines()]))
    more = [f"and {len(told) - most} more"] if len(told) > most else []
    end = f"{len(told)} differences from the first edition are not named in golden/changes.toml"
    return "\n".join([*told[:most], *more, end])
