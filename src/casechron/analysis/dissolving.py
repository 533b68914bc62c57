"""Which single other choice would let what contradicts itself hold together?

A contradiction is never the source's alone: the words are read under a dating policy, of which each
part could be chosen otherwise, and some of the statements are the coder's own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields
from types import MappingProxyType

import pandas as pd

from casechron.analysis.columns import Tables
from casechron.analysis.policies import policy_alternatives
from casechron.chronology.chronologies import Chronology, can_hold
from casechron.chronology.day_columns import texts
from casechron.chronology.lowering import Lowered, lower_rows
from casechron.chronology.rows import events_with, reading_cells, relations_with
from casechron.coding.policy import DatingPolicy

_POLICY, _READING, _JUDGED = "policy", "reading", "judged row left out"


def dissolved_by(
    tables: Tables,
    chronology: Chronology,
    replaced: Mapping[tuple[str, str, str], str] = MappingProxyType({}),
) -> pd.DataFrame:
    """Which single other choices dissolve each contradiction?

    One row per contradiction, as `contradictions` numbers them, and choice under which its
    statements can hold together, all else as given: another value of the dating policy, a reading
    that the coding holds beside its default, a reading in use left out, or a judged statement left
    out; `replaced` are the cells that readings in use have changed, as coded. `all_hold` says
    whether all that the review says of time can then hold together, not only this contradiction.
    Empty where nothing contradicts, and a contradiction without a row is dissolved by no single
    choice.

    >>> from casechron.chronology import attempt
    >>> events = pd.DataFrame({"id": ["a", "b"], "date": ["late 2018-03", "2018-03-20"]})
    >>> relations = pd.DataFrame(
    ...     {
    ...         "id": ["r"],
    ...         "type": ["before"],
    ...         "from_event": ["a"],
    ...         "to_event": ["b"],
    ...         "basis": ["judged"],
    ...     }
    ... )
    >>> none = pd.DataFrame({name: [] for name in ("reading", "row", "column", "value")})
    >>> dissolved_by({"readings": none}, attempt(events, relations))[["kind", "choice", "all_hold"]]
                      kind          choice  all_hold
    0               policy  late_from = 16      True
    1  judged row left out               r      True
    """
    rows: list[tuple[int, str, str, str, bool]] = []
    given = chronology.lowered
    conflicts = [list(map(chronology.statement, one.statements)) for one in chronology.conflicts]
    alternatives = list(_alternatives(tables, chronology, replaced)) if conflicts else []
    for number, statements in enumerate(conflicts, start=1):
        own = {(one.table, one.row) for one in statements}
        rows += [
            (number, kind, choice, meaning, can_hold(lowered))
            for kind, choice, meaning, lowered in alternatives
            if can_hold(lowered, _numbers(lowered, own))
        ]
        every = set(range(len(given.said)))
        rows += [
            (number, _JUDGED, one.row, one.words, can_hold(given, every - {one.id}))
            for one in statements
            if one.basis == "judged"
        ]
    return pd.DataFrame(
        {
            "conflict": pd.array([row[0] for row in rows], dtype="int64"),
            "kind": texts(row[1] for row in rows),
            "choice": texts(row[2] for row in rows),
            "meaning": texts(row[3] for row in rows),
            "all_hold": pd.array([row[4] for row in rows], dtype="bool"),
        }
    )


def _alternatives(
    tables: Tables, chronology: Chronology, replaced: Mapping[tuple[str, str, str], str]
) -> Iterator[tuple[str, str, str, Lowered]]:
    """Each single other choice: its kind, its name, what it means, and what the rows then say."""
    events, relations = list(chronology.lowered.events), list(chronology.lowered.relations)
    ids, readings = [row.id for row in events], reading_cells(tables["readings"])

    def read(changed: Mapping[tuple[str, str], str], policy: DatingPolicy) -> Lowered:
        return lower_rows(
            events_with(events, changed), relations_with(relations, changed, ids, policy), policy
        )

    for name, policy in policy_alternatives(chronology.policy, tables):
        reading = name.removeprefix("reading: ")
        if reading == name:
            meaning = _meaning(policy, chronology.policy)
            yield _POLICY, name, meaning, lower_rows(events, relations, policy)
            continue
        meaning = _reason(tables["readings"], reading)
        yield _READING, reading, meaning, read(readings[reading], policy)
    for used in chronology.policy.readings:
        changed = {(row, column): was for (of, row, column), was in replaced.items() if of == used}
        meaning = _reason(tables["readings"], used)
        yield _READING, f"without {used}", meaning, read(changed, chronology.policy)


def _meaning(policy: DatingPolicy, given: DatingPolicy) -> str:
    """What the one field means in which a policy differs from the one that is given."""
    field = next(
        one.name for one in fields(policy) if getattr(policy, one.name) != getattr(given, one.name)
    )
    return next(meaning for name, _, meaning in policy.describe() if name == field)


def _reason(readings: pd.DataFrame, reading: str) -> str:
    return str(readings.loc[readings["reading"] == reading, "reason"].iloc[0])


def _numbers(lowered: Lowered, rows: Collection[tuple[str, str]]) -> set[int]:
    """The statements that some rows, named by table and id, make."""
    made = {"date": ("events", lowered.events), "relation": ("relations", lowered.relations)}
    return {
        number
        for number, (kind, at) in enumerate(lowered.said)
        if (made[kind][0], made[kind][1][at].id) in rows
    }
