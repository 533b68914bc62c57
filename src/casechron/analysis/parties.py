"""Which agencies and persons are there, and what part had each of them in each event?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from casechron.analysis.columns import ids_where, rows_in

__all__ = [
    "NOT_INVOLVED", "RESPONSIBLE", "UNNAMED_SECTOR", "Part", "agency_labels", "agency_parts", "party_labels", "person_parts",
    "unnamed_agencies", "with_roles",
]  # fmt: skip

Tables = Mapping[str, pd.DataFrame]

#: The sector of what the source does not name: such a row can stand for any agency, the named ones among them.
UNNAMED_SECTOR = "10"
#: The agency whose step an absence is, and those that the review says were left out.
RESPONSIBLE = "responsible-absent"
NOT_INVOLVED = ("not-involved", "insufficiently-involved", "not-told")


class Part(NamedTuple):
    """The part of an agency or a person in an event, and the row that says so."""

    party: str
    role: str
    row: str


def agency_labels(tables: Tables) -> dict[str, str]:
    """The label of each agency, by its id."""
    return dict(rows_in(tables["agencies"], "id", "label"))


def party_labels(tables: Tables) -> dict[str, str]:
    """The label of each agency and each person, by its id."""
    return agency_labels(tables) | dict(rows_in(tables["people"], "id", "label"))


def unnamed_agencies(tables: Tables) -> frozenset[str]:
    """Which rows of agencies stand for what the source leaves unnamed?

    >>> unnamed_agencies({"agencies": pd.DataFrame({"id": ["gp", "somebody"], "sector": ["3A", "10"]})})
    frozenset({'somebody'})
    """
    return frozenset(ids_where(tables["agencies"], "sector", {UNNAMED_SECTOR}))


def agency_parts(tables: Tables) -> dict[str, list[Part]]:
    """The parts of agencies in each event with any, as coded.

    >>> rows = pd.DataFrame({"id": ["i1", "i2"], "agency": ["gp", "cs"], "event": ["letter"] * 2, "role": ["raised", "received"]})
    >>> agency_parts({"involvement": rows})["letter"][1]
    Part(party='cs', role='received', row='i2')
    """
    return _parts(tables["involvement"], "agency")


def person_parts(tables: Tables) -> dict[str, list[Part]]:
    """The parts of persons in each event with any, as coded."""
    return _parts(tables["participation"], "person")


def with_roles(parts: Iterable[Part], roles: Collection[str]) -> list[Part]:
    """Those of some parts that are one of these roles."""
    return [part for part in parts if part.role in roles]


def _parts(rows: pd.DataFrame, who: str) -> dict[str, list[Part]]:
    found: dict[str, list[Part]] = {}
    for event, *part in rows_in(rows, "event", who, "role", "id"):
        found.setdefault(event, []).append(Part(*part))
    return found
