"""What could another reader choose otherwise, and what do the tables say under each choice?

Each choice differs from what is given in one thing, so that what changes is owed to that thing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from casechron.analysis.columns import Tables, cells, ids_where, rows_in
from casechron.analysis.concerns import alleged_events
from casechron.analysis.judgements import judged_rows, without_judged
from casechron.analysis.policies import policy_alternatives, tables_under
from casechron.chronology import Chronology, attempt
from casechron.coding.codebook import codebook
from casechron.coding.policy import DatingPolicy

#: Of an event: that its window needs one or the other of some judged orders, and none by itself.
SEVERAL = "several only together"
ALLEGED_OUT, JUDGED_OUT = "alleged events left out", "judged orders left out"
#: The links that make a wait, a count of concerns or what an agency knew.
_TYING_LINKS = frozenset({"answers", "led-to", "part-of", "tells-of"})
_TIED = ("from_event", "to_event", "from_row", "to_row", "event", "row")
_TYING = ("relations", "links", "participation", "involvement", "themes")


@dataclass(frozen=True, eq=False)
class Choice:
    """One thing chosen otherwise, all else as given: what it means (of a reading, the coder's
    reason; of a row left out, what it says), the tables then, and what follows of time.

    `judged_out`: without all that the coder judged it is what is given, as it changes or leaves out
    nothing but relations, links and involvement that the coder judged."""

    name: str
    meaning: str
    tables: Tables
    chronology: Chronology
    judged_out: bool = False

    @property
    def policy(self) -> DatingPolicy:
        """The dating policy under this choice."""
        return self.chronology.policy


def choices(tables: Tables, chronology: Chronology) -> list[Choice]:
    """What could be chosen otherwise, one thing at a time?

    First each other value of the dating policy and each other reading (`policy_alternatives`); then
    the events left out that rest on allegations alone; all orders left out that only the coder
    judged; and each by itself that only the coder judged, of the relations and of the links that
    make a wait, a count or what an agency knew. `tables` are those that `chronology` was made
    from."""
    policy, found = chronology.policy, []
    judged = _judged_whole(tables)
    reasons = dict(rows_in(tables["readings"], "reading", "reason"))

    def read(name: str, meaning: str, under: Tables, other: DatingPolicy) -> Choice:
        solved = attempt(under["events"], under["relations"], other, readings=under["readings"])
        moved = set(
            ids_where(tables["readings"], "reading", {name.removeprefix("reading: ")}, "row")
        )
        judged_out = bool(moved) and moved <= judged & _judged_whole(under)
        return Choice(name, meaning, under, solved, judged_out)

    for name, other in policy_alternatives(policy, tables):
        field, _, reading = name.replace(": ", " = ").partition(" = ")
        means = {one: words for one, _, words in other.describe()} | {"reading": ""}
        found.append(
            read(
                name,
                reasons[reading] if field == "reading" else means[field],
                tables_under(tables, policy, other),
                other,
            )
        )
    if alleged := alleged_events(tables):
        meaning = "what rests on allegations alone did not happen, as far as is recorded"
        found.append(read(ALLEGED_OUT, meaning, without_events(tables, alleged), policy))
    says = _said(tables, chronology)
    orders = [row for row in cells(tables["relations"], "id") if row in says]
    left_out = [(JUDGED_OUT, "only the coder judged them", orders)] if orders else []
    left_out += [(f"{row} left out", words, [row]) for row, words in says.items()]
    return found + [
        Choice(name, meaning, *without_judged(tables, chronology, rows), judged_out=True)
        for name, meaning, rows in left_out
    ]


def _judged_whole(tables: Tables) -> set[str]:
    """The judged rows that nothing is left of without what was judged."""
    return set(judged_rows(tables)) - set(cells(tables["events"], "id"))


def _said(tables: Tables, chronology: Chronology) -> dict[str, str]:
    """What each row says that only the coder judged and that is left out by itself: a relation with
    its places, a link in the words of the codebook."""
    judged = judged_rows(tables)
    says = {
        one.row: one.cited
        for one in chronology.statements
        if one.kind == "relation" and one.row in judged
    }
    summary = dict(rows_in(tables["events"], "id", "summary"))
    for row, tie, one, other in rows_in(tables["links"], "id", "type", "from_row", "to_row"):
        if row in judged and tie in _TYING_LINKS:
            label = codebook().label("link_type", tie).lower()
            says[row] = f"“{summary.get(one, one)}” {label} “{summary.get(other, other)}”"
    return says


@lru_cache(maxsize=1)
def orders_behind(chronology: Chronology) -> tuple[tuple[str, ...], ...]:
    """On which orders that only the coder judged does the window of each event lean?

    For each event the orders without which, each left out by itself, its window is wider; where
    none is but it is wider without all of them, `SEVERAL`. Nothing leans on anything where no
    chronology is admissible."""
    rows = [row.id for row in chronology.lowered.relations if row.basis == "judged"]
    if not rows or not chronology.admissible:
        return ((),) * len(chronology.events)
    apart = [
        (chronology.without(gone).event_windows != chronology.event_windows).any(axis=1)
        for gone in [*([row] for row in rows), rows]
    ]
    *alone, together = np.array(apart)
    return tuple(
        tuple(row for row, moved in zip(rows, alone, strict=True) if moved[event])
        or ((SEVERAL,) if together[event] else ())
        for event in range(len(chronology.events))
    )


def without_events(tables: Tables, events: Iterable[str]) -> dict[str, pd.DataFrame]:
    """The tables without some events, and without the rows that cannot stand without them."""
    gone, found = set(events), {}
    for name, table in tables.items():
        keys = [key for key in _TIED if key in table.columns] if name in _TYING else []
        keys = ["id"] if name == "events" else keys
        kept = [gone.isdisjoint(row) for row in rows_in(table, *keys)] if keys else []
        found[name] = table if all(kept) else table.loc[kept].reset_index(drop=True)
    return found
