"""Which other dating policies could a reader hold, and what do the tables say under each?

Each alternative differs from a given policy in one thing, so that what changes is owed to that
thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from casechron.analysis.columns import Tables, cells, rows_in
from casechron.coding.policy import DatingPolicy, PolicyError

#: What each field is tried as. Of the days of a month, one other cut for each word: 'early' to the
#: middle of the month, 'mid' up to five days later, 'late' from the middle on, 'end' as the last
#: days only. Each stays within what the words can bear in ordinary use, and each moves one bound
#: only.
ALTERNATIVES: tuple[tuple[str, tuple[int | str, ...]], ...] = (
    ("early_to", (15,)),
    ("mid_to", (25,)),
    ("late_from", (16,)),
    ("end_from", (25,)),
    ("duration_slack", ("none", "half-unit", "one-unit")),
    ("approximate_slack", ("none", "half-unit", "one-unit")),
    ("winter", ("starts", "ends")),
    ("working_day_one", ("day after", "start day")),
)
_DEFAULT = DatingPolicy()


def policy_alternatives(
    policy: DatingPolicy, tables: Tables | None = None
) -> list[tuple[str, DatingPolicy]]:
    """Which policies differ from this one in one thing only?

    One pair (name, policy) for each other choice in `ALTERNATIVES`, and for the default where the
    policy has another value, in the order of the policy's fields; then, if `tables` are given, one
    for each alternative reading that they keep, used beside those that the policy already uses.
    What cannot stand is left out: a day that the policy's other days rule out, and a reading of a
    cell of which the policy has chosen another reading. Names are 'field = value' and 'reading:
    id'.

    >>> for name, _ in policy_alternatives(DatingPolicy())[-6:]:
    ...     print(name)
    duration_slack = none
    duration_slack = one-unit
    approximate_slack = none
    approximate_slack = half-unit
    winter = ends
    working_day_one = start day
    """
    found = []
    for field, values in ALTERNATIVES:
        usual: int | str = getattr(_DEFAULT, field)
        for value in dict.fromkeys((usual, *values)):
            if getattr(policy, field) == value:
                continue
            try:
                found.append((f"{field} = {value}", replace(policy, **{field: value})))  # type: ignore[arg-type]
            except PolicyError:
                continue
    if tables is not None:
        found += [
            (f"reading: {reading}", replace(policy, readings=(*policy.readings, reading)))
            for reading in _other_readings(tables["readings"], policy)
        ]
    return found


def tables_under(
    tables: Tables, policy: DatingPolicy, alternative: DatingPolicy
) -> dict[str, pd.DataFrame]:
    """What do the tables say under another policy?

    `tables` as read under `policy`. The readings that only `alternative` chooses are put into the
    cells that they name; all else stays, and the tables given are not changed. Raises `PolicyError`
    for a reading that the tables do not have, and if `alternative` lacks a reading that `policy`
    chooses, since what it replaced is no longer in the tables.

    >>> events = pd.DataFrame({"id": ["plan"], "date": ["2014-10"]})
    >>> readings = pd.DataFrame(
    ...     {"reading": ["later"], "row": ["plan"], "column": ["date"], "value": ["2014-11"]}
    ... )
    >>> under = tables_under(
    ...     {"events": events, "readings": readings},
    ...     DatingPolicy(),
    ...     DatingPolicy(readings=("later",)),
    ... )
    >>> under["events"]["date"].tolist(), events["date"].tolist()
    (['2014-11'], ['2014-10'])
    """
    lacking = [reading for reading in policy.readings if reading not in alternative.readings]
    rows = tables["readings"]
    there = list(dict.fromkeys(cells(rows, "reading")))
    unknown = [reading for reading in alternative.readings if reading not in there]
    breaches = [
        f"the reading '{one}' is already in the tables and cannot be taken back; read them anew"
        " without it"
        for one in lacking
    ]
    breaches += [
        f"there is no reading '{one}'; the readings are: {', '.join(there) or 'none'}"
        for one in unknown
    ]
    if breaches:
        raise PolicyError("\n".join(breaches))
    added = set(alternative.readings) - set(policy.readings)
    if not added:
        return dict(tables)
    changes = {
        (row, column): value
        for reading, row, column, value in rows_in(rows, "reading", "row", "column", "value")
        if reading in added
    }
    return {
        name: table if name == "readings" else _changed(table, changes)
        for name, table in tables.items()
    }


def _changed(table: pd.DataFrame, changes: Mapping[tuple[str, str], str]) -> pd.DataFrame:
    if "id" not in table.columns:
        return table
    ids = set(cells(table, "id"))
    held = {
        (row, column): value
        for (row, column), value in changes.items()
        if row in ids and column in table.columns
    }
    changed = {
        column: pd.Series(
            [held.get((row, column), value) for row, value in rows_in(table, "id", column)],
            table.index,
            dtype="str",
        )
        for column in dict.fromkeys(column for _, column in held)
    }
    return table.assign(**changed) if changed else table


def _other_readings(readings: pd.DataFrame, policy: DatingPolicy) -> list[str]:
    """Readings that the policy does not use and that change no cell which one of its own has
    changed."""
    changed: dict[str, set[tuple[str, str]]] = {}
    for reading, row, column in rows_in(readings, "reading", "row", "column"):
        changed.setdefault(reading, set()).add((row, column))
    taken = {cell for reading in policy.readings for cell in changed.get(reading, ())}
    return [
        reading
        for reading, own in changed.items()
        if reading not in policy.readings and taken.isdisjoint(own)
    ]


def dating_policy(policy: DatingPolicy) -> pd.DataFrame:
    """How does this policy read vague dates? One row per field: its value, and what that means in
    plain English.

    >>> dating_policy(DatingPolicy()).loc[4, "value"]
    'half-unit'
    """
    return pd.DataFrame(policy.describe(), columns=["field", "value", "meaning"], dtype="str")
