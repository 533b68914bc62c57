"""Between which days does each event lie, as stated and as everything together implies?"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from casechron.chronology.chronologies import Chronology
from casechron.chronology.conflicts import reasons
from casechron.chronology.constraints import ABSENCE, NETWORK, PROTECTED
from casechron.chronology.day_columns import NOT_ADMISSIBLE, calendar_days, day_counts, texts
from casechron.chronology.network import HARD

STATUS = {
    NETWORK: "admissible",
    PROTECTED: "protected: as published",
    ABSENCE: "absence: as stated",
}


_APPROXIMATION = "the days between the members of a set count as possible"


def bounds_table(chronology: Chronology) -> pd.DataFrame:
    """Between which days does each event lie, and which statements narrowed it?

    One row per event, in table order. The `stated_` columns are what the event's own date says, the
    others what all statements together imply: the start lies in `earliest` to `start_latest`, the
    end in `end_earliest` to `latest` (the same pair twice for a moment), ends included; NaT is
    open. For an event that can have occurred more than once, start and end are the first and the
    last occurrence. Births keep the published window and absences the stated one: neither is ever
    narrowed.

    `days_narrowed` is how many days the windows of start and end lost together (a moment has one
    window), <NA> where an open bound was closed. `narrowed_by` names the statements that did it,
    `narrowed_by_rows` their ids; whether an event is a moment or lasts is taken as its own row has
    it, and is not named. `approximation` says where the sets of days that events tied together
    can have are too many to try (over 10,000 assignments): bounds can then be wider than what is
    admissible, never narrower. `open_start` and `open_end` are as `Chronology.open_sides` has them.
    `status` is 'admissible', 'protected: as published', 'absence: as
    stated' or 'no admissible chronology'; then the columns of what is implied are empty.

    >>> from casechron.chronology import solve
    >>> events = pd.DataFrame({"id": ["visit", "meeting"], "date": ["2018-08", "2018-08-10"]})
    >>> relations = pd.DataFrame(
    ...     {
    ...         "id": ["r1"],
    ...         "type": ["before"],
    ...         "from_event": ["visit"],
    ...         "to_event": ["meeting"],
    ...         "basis": ["derived"],
    ...     }
    ... )
    >>> found = bounds_table(solve(events, relations))
    >>> found[["event", "stated_latest", "earliest", "latest", "days_narrowed"]]
         event stated_latest   earliest     latest  days_narrowed
    0    visit    2018-08-31 2018-08-01 2018-08-09             22
    1  meeting    2018-08-10 2018-08-10 2018-08-10              0
    >>> print(found["narrowed_by_rows"].iloc[0])
    meeting; r1
    >>> print(found["narrowed_by"].iloc[0])
    “meeting” is on 2018-08-10 [2018-08-10]; “visit” comes before “meeting” (derived)
    """
    lowered = chronology.lowered
    stated, days = lowered.stated, chronology.event_windows
    inside = np.array([membership == NETWORK for membership in lowered.membership], dtype=bool)
    known = ~inside | chronology.admissible
    lost = np.abs(days - stated)  # about OPEN where an open bound was closed, and so is its sum
    lost[lowered.start == lowered.end, 2:] = 0
    statement = cache(chronology.statement)
    behind = [[statement(number) for number in numbers] for numbers in _narrowed_by(chronology)]
    sides = chronology.open_sides
    table: dict[str, Any] = {"event": texts(chronology.events), "shape": texts(lowered.shape)}
    names = ("earliest", "start_latest", "end_earliest", "latest")
    table |= {
        f"stated_{name}": calendar_days(stated[:, column]) for column, name in enumerate(names)
    }
    table |= {name: calendar_days(days[:, column], known) for column, name in enumerate(names)}
    table |= {
        "days_narrowed": day_counts(lost.sum(axis=1), known),
        "narrowed_by": texts("; ".join([stated.cited for stated in those]) for those in behind),
        "narrowed_by_rows": texts("; ".join([stated.row for stated in those]) for those in behind),
        "approximation": texts(
            _APPROXIMATION if point in lowered.untried else "" for point in lowered.start.tolist()
        ),
        "open_start": [sides[event].start for event in chronology.events],
        "open_end": [sides[event].end for event in chronology.events],
        "status": texts(
            STATUS[membership] if ok else NOT_ADMISSIBLE
            for membership, ok in zip(lowered.membership, known, strict=True)
        ),
    }
    return pd.DataFrame(table)


def _narrowed_by(chronology: Chronology) -> list[list[int]]:
    """For each event the statements on the shortest paths that gave its narrowed bounds, each once,
    in the order of the paths; its own date is none of them."""
    lowered, windows = chronology.lowered, chronology.windows
    behind: list[list[int]] = [[] for _ in lowered.events]
    if windows is None:
        return behind
    moved = chronology.event_windows != lowered.stated
    for event, side in np.argwhere(moved).tolist():
        point, upper = int((lowered.start, lowered.end)[side // 2][event]), side % 2 == 1
        edges = windows.upper_chain(point) if upper else windows.lower_chain(point)
        numbers = windows.network.statement[edges].tolist()
        day = windows.upper[point] if upper else -windows.lower[point]
        if windows.network.length[edges].sum() != day:  # holes of a date narrowed it further
            numbers = reasons(windows.network, lowered.sets, point, numbers, upper=upper)
        behind[event] += numbers
    return [
        [
            number
            for number in dict.fromkeys(numbers)
            if number != HARD and lowered.said[number] != ("date", at)
        ]
        for at, numbers in enumerate(behind)
    ]


def approximations_table(chronology: Chronology) -> pd.DataFrame:
    """What was left out where a row is no single interval of days?

    One row per loss: the table and row, what is written, and what the interval in its place does
    not say. A loss only ever admits too much: no day that a row admits is lost.

    >>> from casechron.chronology import solve
    >>> events = pd.DataFrame({"id": ["visit"], "date": ["[2018-08-01,2018-08-09]"]})
    >>> relations = pd.DataFrame({"id": [], "type": [], "from_event": [], "to_event": []})
    >>> approximations_table(solve(events, relations)).loc[0, "loss"]
    'the days between its members count as possible, in shares of date pairs only'
    """
    rows = chronology.lowered.losses
    return pd.DataFrame(
        {
            name: texts([row[at] for row in rows])
            for at, name in enumerate(("table", "row", "written", "loss"))
        }
    )
