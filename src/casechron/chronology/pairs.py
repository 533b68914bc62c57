"""Which pairs of events, and which points of them, is a table about?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casechron.chronology.chronologies import Chronology
from casechron.chronology.constraints import ABSENCE
from casechron.chronology.network import Ints
from casechron.chronology.rows import ChronologyInputError

POINTS = ("start", "end")


class Pairs(NamedTuple):
    """Places of two events in the table, and the point of each: 0 its start, 1 its end."""

    first: Ints
    second: Ints
    first_point: Ints
    second_point: Ints


def chosen_pairs(
    chronology: Chronology, pairs: pd.DataFrame | Iterable[tuple[str, str]] | None
) -> Pairs:
    """The pairs asked for; by default each pair of events once, absences apart, the earlier row
    first.

    A table of pairs has the columns from_event and to_event, and may have from_point and to_point
    ('start', 'end'; empty is the start). Raises `ChronologyInputError` for an event or a point that
    does not exist."""
    if pairs is None:
        held = np.flatnonzero([room != ABSENCE for room in chronology.lowered.room])
        one, other = np.triu_indices(len(held), 1)
        none = np.zeros(len(one), dtype=np.int64)
        return Pairs(held[one], held[other], none, none)
    if isinstance(pairs, pd.DataFrame):
        said = {name: pairs[name].tolist() for name in ("from_event", "to_event")}
        said |= {
            name: pairs[name].fillna("").tolist()
            for name in ("from_point", "to_point")
            if name in pairs
        }
    else:
        # No table is made of a few pairs: that would cost more than all that is asked of them.
        listed = list(pairs)
        said = {
            "from_event": [one for one, _ in listed],
            "to_event": [other for _, other in listed],
        }
    place, breaches, columns = chronology.lowered.place, [], []
    for name in ("from_event", "to_event"):
        ids = said[name]
        breaches += [
            f"pairs, {name}: '{one}' is no event of this review"
            for one in dict.fromkeys(ids)
            if one not in place
        ]
        columns.append(np.array([place.get(one, 0) for one in ids], dtype=np.int64))
    for name in ("from_point", "to_point"):
        points = said.get(name) or [""] * len(said["from_event"])
        strange = (one for one in points if one not in ("", *POINTS))
        breaches += [f"pairs, {name}: '{one}' is no point; write start or end" for one in strange]
        columns.append(np.array([one == "end" for one in points], dtype=np.int64))
    if breaches:
        raise ChronologyInputError(breaches)
    return Pairs(*columns)


def differences(chronology: Chronology, pairs: Pairs) -> tuple[Ints, Ints]:
    """Least and most days from one point to the other, for each pair; -OPEN and OPEN where nothing
    bounds them (`Chronology.furthest`)."""
    i, j = 2 * pairs.first + pairs.first_point, 2 * pairs.second + pairs.second_point
    return -chronology.furthest[j, i], chronology.furthest[i, j]


def known_pairs(chronology: Chronology, pairs: Pairs) -> NDArray[np.bool_]:
    """For which pairs anything can be said: all of them, or those outside the network if that
    cannot hold."""
    outside = chronology.lowered.start < 0
    known: NDArray[np.bool_] = (
        outside[pairs.first] & outside[pairs.second]
    ) | chronology.admissible
    return known
