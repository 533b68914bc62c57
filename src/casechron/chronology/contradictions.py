"""Does the text hold together, and if not, which of its statements clash?"""

from __future__ import annotations

import pandas as pd

from casechron.chronology.chronologies import Chronology
from casechron.chronology.statements import clash_words

_TEXTS = ("statement", "row", "table", "basis", "paragraphs", "against_it")
_TYPES = {
    "conflict": "int64",
    **dict.fromkeys(_TEXTS, "str"),
    "days_short": "Int64",
    "days_to_relax_alone": "Int64",
}


def conflicting_statements(chronology: Chronology) -> pd.DataFrame:
    """Which statements about time cannot hold together?

    One row per statement of each minimal conflicting set: leave out any one statement of a set, and
    the rest of the set can hold. Sets share no statement, are numbered from 1 in `conflict`, and
    are found until what is left holds. The table is empty when the text holds together.

    `against_it` says what the others of the set put against this statement. `days_short` is what
    the set lacks: the days that its statements need beyond those they allow. `days_to_relax_alone`
    is the least number of days by which widening this one statement, at every bound that it states,
    makes the whole text hold; empty if no widening of it does (another conflict remains).

    >>> from casechron.chronology import solve
    >>> events = pd.DataFrame({"id": ["a", "b"], "date": ["2018-03", "2018-01"]})
    >>> relations = pd.DataFrame(
    ...     {"id": ["r"], "type": ["before"], "from_event": ["a"], "to_event": ["b"]}
    ... )
    >>> found = conflicting_statements(solve(events, relations))
    >>> found[["conflict", "row", "days_short", "days_to_relax_alone"]]
       conflict row  days_short  days_to_relax_alone
    0         1   b          30                   30
    1         1   r          30                   30
    2         1   a          30                   30
    >>> print(found["statement"].iloc[1])
    “a” comes before “b”
    >>> print(found["against_it"].iloc[2])
    the others put “a” no later than 2018-01-30
    """
    rows = [
        (
            *(number, stated.words, stated.row, stated.table, stated.basis, stated.paragraphs),
            *(clash_words(chronology.lowered, stated.id, clash), conflict.days_short, alone),
        )
        for number, conflict in enumerate(chronology.conflicts, start=1)
        for stated, alone, clash in zip(
            map(chronology.statement, conflict.statements),
            conflict.relaxations,
            conflict.clashes,
            strict=True,
        )
    ]
    return pd.DataFrame(rows, columns=list(_TYPES)).astype(_TYPES)
