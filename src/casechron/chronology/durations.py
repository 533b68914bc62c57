"""How long did each state last?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from casechron.chronology.chronologies import Chronology
from casechron.chronology.constraints import NETWORK
from casechron.chronology.day_columns import NOT_ADMISSIBLE, day_counts, texts
from casechron.chronology.pairs import Pairs, differences


def durations(chronology: Chronology) -> pd.DataFrame:
    """How many days did each state last, at least and at most?

    One row per event that lasts (its date is an interval, or it has no date and a relation names
    its start or end), in table order; absences and what merely occurred several times have no
    duration. Days run from the start to the end: 0 is one day only; <NA> is open. `open_start` and
    `open_end` are True where the source says that it goes on beyond ('..'), `unknown_start` and
    `unknown_end` where it does not say when it began or ended.

    >>> from casechron.chronology import solve
    >>> events = pd.DataFrame({"id": ["plan", "support"], "date": ["2018-09/2018-12", "2017/.."]})
    >>> relations = pd.DataFrame({"id": [], "type": [], "from_event": [], "to_event": []})
    >>> durations(solve(events, relations))[
    ...     ["event", "days_min", "days_max", "open_start", "open_end"]
    ... ]
         event  days_min  days_max  open_start  open_end
    0     plan        62       121       False     False
    1  support         0      <NA>       False      True
    """
    lowered = chronology.lowered
    lasting = [
        at
        for at, (shape, room) in enumerate(zip(lowered.shape, lowered.room, strict=True))
        if room == NETWORK
        and (shape == "span" or (shape == "undated" and lowered.start[at] != lowered.end[at]))
        and not lowered.events[at].can_recur
    ]
    at = np.array(lasting, dtype=np.int64)
    least, most = differences(chronology, Pairs(at, at, np.zeros_like(at), np.ones_like(at)))
    dates = [lowered.dates[event] for event in lasting]
    status = "admissible" if chronology.admissible else NOT_ADMISSIBLE
    return pd.DataFrame(
        {
            "event": texts([chronology.events[event] for event in lasting]),
            "days_min": day_counts(least, chronology.admissible),
            "days_max": day_counts(most, chronology.admissible),
            "open_start": np.array([date.open_start for date in dates], dtype=bool),
            "open_end": np.array([date.open_end for date in dates], dtype=bool),
            "unknown_start": np.array([date.unknown_start for date in dates], dtype=bool),
            "unknown_end": np.array([date.unknown_end for date in dates], dtype=bool),
            "status": texts([status] * len(lasting)),
        }
    )
