"""What of what an agency certainly knew is certain only with an order that the coder judged?

What the source states, and what follows from it by a rule, another coder would code alike; an order
that a coder judged, another may leave out. Without all of them days are only ever freer, so nothing
becomes certain that was not."""

from __future__ import annotations

import pandas as pd

from casechron.analysis.columns import Tables, ids_where
from casechron.analysis.knowledge import CERTAIN, knowledge
from casechron.chronology import Chronology
from casechron.chronology.day_columns import texts

#: In the column `only_as_judged`; a cell that does not lean on judged orders is empty.
YES = "yes"
_KEY = ("decision", "agency", "matter")


def marked(cells: pd.DataFrame, tables: Tables, chronology: Chronology) -> pd.DataFrame:
    """The cells of `knowledge` with a column `only_as_judged`: 'yes' where 'certainly known' needs
    judged orders.

    `tables` and `chronology` are those that `cells` was made from. A cell is marked if the agency
    certainly knew, and no longer certainly does where all relations of the basis 'judged' are left
    out.

    >>> from casechron.chronology import attempt
    >>> from casechron.coding.codebook import codebook
    >>> tables = {
    ...     name: pd.DataFrame(columns=table.header, dtype="str")
    ...     for name, table in codebook().tables.items()
    ... }
    >>> def rows(name, **columns):
    ...     return pd.DataFrame(columns).reindex(
    ...         columns=codebook().tables[name].header, fill_value=""
    ...     )
    >>> tables |= {
    ...     "agencies": rows("agencies", id=["gp"], label=["GP"]),
    ...     "events": rows(
    ...         "events",
    ...         id=["bruise", "cut", "closed"],
    ...         date=["2018-03", "2018-05", "2018-05"],
    ...         kind=["bruising", "bruising", "closure"],
    ...     ),
    ...     "involvement": rows(
    ...         "involvement",
    ...         id=["i1", "i2", "i3"],
    ...         agency=["gp"] * 3,
    ...         event=["bruise", "cut", "closed"],
    ...         role=["held", "held", "decided"],
    ...     ),
    ...     "relations": rows(
    ...         "relations",
    ...         id=["r1"],
    ...         type=["before"],
    ...         from_event=["cut"],
    ...         to_event=["closed"],
    ...         basis=["judged"],
    ...     ),
    ... }
    >>> chronology = attempt(tables["events"], tables["relations"])
    >>> found = marked(knowledge(tables, chronology), tables, chronology)
    >>> found[["matter", "known", "only_as_judged"]].to_numpy().tolist()
    [['bruise', 'certainly known', ''], ['cut', 'certainly known', 'yes']]
    """
    orders = ids_where(tables["relations"], "basis", {"judged"})
    certain = cells["known"] == CERTAIN
    still: set[tuple[str, ...]] = set(_keys(cells[certain]))
    if orders and chronology.admissible:
        without = knowledge(tables, chronology.without(orders))
        still = set(_keys(without[without["known"] == CERTAIN]))
    leans = (
        YES if sure and key not in still else ""
        for sure, key in zip(certain, _keys(cells), strict=True)
    )
    return cells.assign(only_as_judged=texts(leans))


def with_judged(table: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """`known_at_decisions.reached` with a column `only_as_judged`: those of `certain_with` that are
    marked in `cells`.

    `cells` is `marked`.
    """
    found: dict[tuple[str, str], list[str]] = {}
    own = cells[cells["only_as_judged"] == YES]
    for decision, matter, label in zip(
        own["decision"], own["matter"], own["agency_label"], strict=True
    ):
        found.setdefault((decision, matter), []).append(label)
    keys = zip(table["decision"], table["matter"], strict=True)
    return table.assign(only_as_judged=texts("; ".join(found.get(key, [])) for key in keys))


def _keys(cells: pd.DataFrame) -> list[tuple[str, ...]]:
    return list(zip(*(cells[name].tolist() for name in _KEY), strict=True))
