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
COLUMNS = ("from_event", "to_event", "from_point", "to_point")


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
        asked = {name: pairs[name].fillna("").tolist() for name in COLUMNS if name in pairs}
    else:
        # No table is made of a few pairs: that would cost more than all that is asked of them.
        listed = list(pairs)
        asked = {name: [pair[at] for pair in listed] for at, name in enumerate(COLUMNS[:2])}
    columns = [asked.get(name) or [""] * len(asked["from_event"]) for name in COLUMNS]
    place, points = chronology.lowered.place, {"": 0, "start": 0, "end": 1}
    breaches = [
        f"pairs, {name}: '{one}' is no event of this review"
        for name, ids in zip(COLUMNS[:2], columns[:2], strict=True)
        for one in dict.fromkeys(ids)
        if one not in place
    ]
    breaches += [
        f"pairs, {name}: '{one}' is no point; write start or end"
        for name, written in zip(COLUMNS[2:], columns[2:], strict=True)
        for one in written
        if one not in points
    ]
    if breaches:
        raise ChronologyInputError(breaches)
    numbers = zip(columns, (place, place, points, points), strict=True)
    return Pairs(*(np.array([of[one] for one in each], dtype=np.int64) for each, of in numbers))


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
