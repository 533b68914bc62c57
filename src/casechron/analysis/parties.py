"""Which agencies and persons are there, and what part had each of them in each event?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from casechron.analysis.columns import Tables, by_key, cells, ids_where, kept, rows_in
from casechron.coding.codebook import codebook
from casechron.review import Review

__all__ = ["who_is_who"]


#: The sector of what the source does not name: such a row can stand for any agency, the named ones
#: among them.
UNNAMED_SECTOR = "10"
#: The row of agencies for whom the source leaves open, who need not be an agency.
UNSPECIFIED = "unspecified"
#: The agency whose step an absence is, and those that the review says were left out.
RESPONSIBLE = "responsible-absent"
NOT_INVOLVED = ("not-involved", "insufficiently-involved", "not-told")


_CODED = (("people", "kinship"), ("agencies", "sector"))


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

    >>> unnamed_agencies(
    ...     {"agencies": pd.DataFrame({"id": ["gp", "somebody"], "sector": ["3A", "10"]})}
    ... )
    frozenset({'somebody'})
    """
    return frozenset(ids_where(tables["agencies"], "sector", {UNNAMED_SECTOR}))


def can_be(tables: Tables) -> dict[str, frozenset[str]]:
    """Which other rows of agencies can be the same body as each row?

    What the source does not name can be any of them, whichever row stands for it. Of named ones the
    coding says so (`may_be`), in one direction or both.

    >>> rows = {"id": ["gp", "clinic", "police"], "sector": ["3A", "3B", "6"]}
    >>> agencies = pd.DataFrame({**rows, "may_be": ["clinic", "", ""]})
    >>> {one: sorted(others) for one, others in can_be({"agencies": agencies}).items()}
    {'gp': ['clinic'], 'clinic': ['gp'], 'police': []}
    """
    agencies, unnamed = tables["agencies"], unnamed_agencies(tables)
    ids = cells(agencies, "id")
    found: dict[str, set[str]] = {one: set(ids if one in unnamed else unnamed) for one in ids}
    if "may_be" in agencies:
        for one, listed in rows_in(agencies, "id", "may_be"):
            for other in filter(None, (part.strip() for part in listed.split(";"))):
                found[one].add(other)
                found[other].add(one)
    return {one: frozenset(others - {one}) for one, others in found.items()}


def bodies(agencies: Iterable[str], same: Mapping[str, Collection[str]]) -> tuple[int, int]:
    """How many bodies can some rows of agencies be, at least and at most?

    `same` has, by row, those that can be the same body (`can_be`). At most each row is one. At
    least as many as there are groups of rows that can all be one body, where the groups are as few
    as can be.

    >>> bodies(["gp", "ward", "clinic"], {"gp": ["clinic"], "clinic": ["gp"], "ward": []})
    (2, 3)
    """

    def fewest(rest: list[str], groups: list[list[str]], best: int) -> int:
        if len(groups) >= best or not rest:
            return min(best, len(groups))
        first, *others = rest
        for group in groups:
            if set(group) <= set(same[first]):
                group.append(first)
                best = fewest(others, groups, best)
                group.pop()
        return fewest(others, [*groups, [first]], best)

    rows = sorted(set(agencies))
    tied = [row for row in rows if set(same[row]).intersection(rows)]
    return len(rows) - len(tied) + fewest(tied, [], len(tied)), len(rows)


def takes_in() -> frozenset[str]:
    """The kinds of event in which an agency that received somebody was there itself: what reached
    it was a person, and not word of what happened.

    Those in which a person who receives is, by the codebook, caring.

    >>> sorted(takes_in())[:2]
    ['admission', 'contact']
    """
    roles = codebook().roles
    return frozenset(kind for kind, own in roles.items() if own.adult["to"] == "caring")


@kept
def who_is_who(review: Review) -> pd.DataFrame:
    """Which persons and which agencies are there, and what is each of them?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per person, then one per agency, in the order of the coding.

        - `party` (text): the id of the person or agency
        - `label` (text): how reports call it
        - `kind` (text): 'person or group' or 'agency or body'
        - `tie_or_sector` (text): a person's tie to the child, an agency's sector
        - `named` (text): 'no' for an agency that the source leaves unnamed, else 'yes'; empty for
          persons, of whom none is named
        - `note` (text): the coder's note, and of a person the ties to others

    See Also
    --------
    involvement : the agencies' parts in events.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.who_is_who(review)[["party", "named", "label", "tie_or_sector"]]
                    party named                label                 tie_or_sector
    0             child-x                          X                     the child
    1            mother-x                 X's mother                        mother
    2  childrens-services   yes  Children's services  Local authority: social care
    3              police   yes               Police                        Police
    4         unspecified    no   Unspecified agency        Unknown or unspecified
    5            school-x   yes           X's school                        School
    """
    tables = review.tables
    book = codebook()
    facts = rows_in(tables["attributes"], "row", "attribute", "value")
    ties = by_key((row, value) for row, attribute, value in facts if attribute == "family-tie")
    people, agencies = (rows_in(tables[name], "id", "label", "note", code) for name, code in _CODED)
    rows = []
    for one, label, note, tie in people:
        notes = "; ".join(filter(None, [note, *ties.get(one, [])]))
        rows.append((one, label, "person or group", book.label("kinship", tie), "", notes))
    for one, label, note, sector in agencies:
        named = "no" if sector == UNNAMED_SECTOR else "yes"
        rows.append((one, label, "agency or body", book.label("sector", sector), named, note))
    names = ["party", "label", "kind", "tie_or_sector", "named", "note"]
    return pd.DataFrame(rows, columns=names, dtype="str")


def agency_parts(tables: Tables) -> dict[str, list[Part]]:
    """The parts of agencies in each event with any, as coded.

    >>> rows = pd.DataFrame(
    ...     {
    ...         "id": ["i1", "i2"],
    ...         "agency": ["gp", "cs"],
    ...         "event": ["letter"] * 2,
    ...         "role": ["raised", "received"],
    ...     }
    ... )
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
    found = rows_in(rows, "event", who, "role", "id")
    return by_key((event, Part(*part)) for event, *part in found)
