"""Does the text hold together, and if not, which of its statements clash?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from casechron.chronology.chronologies import Chronology, attempt
from casechron.chronology.day_columns import day_counts, texts
from casechron.chronology.network import OPEN
from casechron.chronology.statements import clash_words
from casechron.dates.policy import DatingPolicy

__all__ = ["contradictions", "contradictions_in"]


def contradictions(
    events: pd.DataFrame,
    relations: pd.DataFrame,
    policy: DatingPolicy | None = None,
    *,
    locators: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Which statements about time cannot hold together?

    One row per statement of each minimal conflicting set: leave out any one statement of a set, and
    the rest of the set can hold. Sets share no statement, are numbered from 1 in `conflict`, and
    are found until what is left holds. The table is empty when the text holds together.

    `against_it` says what the others of the set put against this statement. `days_short` is what
    the set lacks: the days that its statements need beyond those they allow. `days_to_relax_alone`
    is the least number of days by which widening this one statement, at every bound that it states,
    makes the whole text hold; empty if no widening of it does (another conflict remains).

    >>> events = pd.DataFrame({"id": ["a", "b"], "date": ["2018-03", "2018-01"]})
    >>> relations = pd.DataFrame(
    ...     {"id": ["r"], "type": ["before"], "from_event": ["a"], "to_event": ["b"]}
    ... )
    >>> found = contradictions(events, relations)
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
    return contradictions_in(attempt(events, relations, policy, locators=locators))


def contradictions_in(chronology: Chronology) -> pd.DataFrame:
    """The table of `contradictions`, for a chronology that has been attempted."""
    rows = [
        (
            number,
            chronology.statement(said),
            found.days_short,
            OPEN if alone is None else alone,
            clash,
        )
        for number, found in enumerate(chronology.conflicts, start=1)
        for said, alone, clash in zip(
            found.statements, found.relaxations, found.clashes, strict=True
        )
    ]
    said = [row[1] for row in rows]
    return pd.DataFrame(
        {
            "conflict": np.array([row[0] for row in rows], dtype=np.int64),
            "statement": texts([one.words for one in said]),
            "row": texts([one.row for one in said]),
            "table": texts([one.table for one in said]),
            "basis": texts([one.basis for one in said]),
            "paragraphs": texts([one.paragraphs for one in said]),
            "against_it": texts(
                [clash_words(chronology.lowered, row[1].id, row[4]) for row in rows]
            ),
            "days_short": day_counts(np.array([row[2] for row in rows], dtype=np.int64)),
            "days_to_relax_alone": day_counts(np.array([row[3] for row in rows], dtype=np.int64)),
        }
    )
