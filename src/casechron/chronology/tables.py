"""Between which days does each event lie, as stated and as everything together implies? How long
did each state last?"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from casechron.chronology.chronologies import Chronology
from casechron.chronology.conflicts import reasons
from casechron.chronology.constraints import ABSENCE, NETWORK, PROTECTED, Loss
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

    One row per event, in table order, with the columns of `analysis.days.bounds` but `other_dates`.
    Births keep the published window and absences the stated one: neither is ever narrowed.

    >>> from casechron.chronology import solve
    >>> events = pd.DataFrame({"id": ["visit", "meeting"], "date": ["2018-08", "2018-08-10"]})
    >>> order = {"id": ["r1"], "type": "before", "from_event": "visit", "to_event": "meeting"}
    >>> found = bounds_table(solve(events, pd.DataFrame(order | {"basis": "derived"})))
    >>> found[["event", "stated_latest", "earliest", "latest", "days_narrowed"]]
         event stated_latest   earliest     latest  days_narrowed
    0    visit    2018-08-31 2018-08-01 2018-08-09             22
    1  meeting    2018-08-10 2018-08-10 2018-08-10              0
    >>> found["narrowed_by_rows"].iloc[0]
    ('meeting', 'r1')
    >>> print(found["narrowed_by"].iloc[0])
    “meeting” is on 2018-08-10 [2018-08-10]; “visit” comes before “meeting” (derived)
    """
    lowered = chronology.lowered
    stated, days = lowered.stated, chronology.event_windows
    inside = np.array([membership == NETWORK for membership in lowered.membership], dtype=bool)
    known = ~inside | chronology.admissible
    narrowed = np.abs(days - stated)  # about OPEN where an open bound was closed: a sum is open too
    narrowed[lowered.start == lowered.end, 2:] = 0  # a moment has its two bounds twice
    statement = cache(chronology.statement)
    reasons_of = [[statement(number) for number in numbers] for numbers in _narrowed_by(chronology)]
    sides = chronology.open_sides
    table: dict[str, Any] = {"event": texts(chronology.events), "shape": texts(lowered.shape)}
    names = ("earliest", "start_latest", "end_earliest", "latest")
    table |= {
        f"stated_{name}": calendar_days(stated[:, column]) for column, name in enumerate(names)
    }
    table |= {name: calendar_days(days[:, column], known) for column, name in enumerate(names)}
    table |= {
        "days_narrowed": day_counts(narrowed.sum(axis=1), known),
        "narrowed_by": texts("; ".join([each.cited for each in given]) for given in reasons_of),
        "narrowed_by_rows": [tuple([each.row for each in given]) for given in reasons_of],
        "approximation": texts(
            _APPROXIMATION if point in lowered.untried else "" for point in lowered.start.tolist()
        ),
        "open_start": [sides[event].start for event in chronology.events],
        "open_end": [sides[event].end for event in chronology.events],
        "status": texts(
            STATUS[membership] if is_known else NOT_ADMISSIBLE
            for membership, is_known in zip(lowered.membership, known, strict=True)
        ),
    }
    return pd.DataFrame(table)


def _narrowed_by(chronology: Chronology) -> list[list[int]]:
    """For each event the statements on the shortest paths that gave its narrowed bounds, each once,
    in the order of the paths; its own date is none of them."""
    lowered, windows = chronology.lowered, chronology.windows
    statements: list[list[int]] = [[] for _ in lowered.events]
    if windows is None:
        return statements
    moved = chronology.event_windows != lowered.stated
    for event, side in np.argwhere(moved).tolist():
        point, upper = int(lowered.points[event, side // 2]), side % 2 == 1
        edges = windows.chain(point, upper=upper)
        numbers = windows.network.statement[edges].tolist()
        day = windows.upper[point] if upper else -windows.lower[point]
        if windows.network.length[edges].sum() != day:  # holes of a date narrowed it further
            numbers = reasons(windows.network, lowered.sets, point, numbers, upper=upper)
        statements[event] += numbers
    return [
        [
            number
            for number in dict.fromkeys(numbers)
            if number != HARD and lowered.statement_rows[number] != ("date", event_place)
        ]
        for event_place, numbers in enumerate(statements)
    ]


def approximations_table(chronology: Chronology) -> pd.DataFrame:
    """What was left out where a row is no single interval of days?

    One row per loss: the table and row, what is written, and what the interval in its place does
    not say. A loss only ever admits too much: no day that a row admits is lost.

    >>> from casechron.chronology import solve
    >>> events = pd.DataFrame({"id": ["visit"], "date": ["[2018-08-01,2018-08-09]"]})
    >>> relations = pd.DataFrame({"id": [], "type": [], "from_event": [], "to_event": []})
    >>> print(approximations_table(solve(events, relations)).loc[0, "loss"])
    the days between its members count as possible, in the longest stretch between contacts only
    """
    return pd.DataFrame(list(chronology.lowered.losses), columns=Loss._fields, dtype="str")


def durations_table(chronology: Chronology) -> pd.DataFrame:
    """How many days did each state last, at least and at most?

    The columns of `analysis.days.durations`, by all statements; an event lasts where its date is an
    interval, or where it has no date and a relation names its start or end.

    >>> from casechron.chronology import solve
    >>> events = pd.DataFrame({"id": ["plan", "support"], "date": ["2018-09/2018-12", "2017/.."]})
    >>> relations = pd.DataFrame({"id": [], "type": [], "from_event": [], "to_event": []})
    >>> durations_table(solve(events, relations))[
    ...     ["event", "days_min", "days_max", "open_start", "open_end"]
    ... ]
         event  days_min  days_max  open_start  open_end
    0     plan        62       121       False     False
    1  support         0      <NA>       False      True
    """
    lowered = chronology.lowered
    lasting = [
        place
        for place, shape in enumerate(lowered.shape)
        if chronology.in_network(place)
        and (shape == "span" or (shape == "undated" and lowered.start[place] != lowered.end[place]))
        and not lowered.events[place].can_recur
    ]
    # `furthest` has two numbers an event, of its start and of its end.
    start = 2 * np.array(lasting, dtype=np.int64)
    end, furthest = start + 1, chronology.furthest
    sides = ("open_start", "open_end", "unknown_start", "unknown_end")
    status = "admissible" if chronology.admissible else NOT_ADMISSIBLE
    return pd.DataFrame(
        {
            "event": texts([chronology.events[event] for event in lasting]),
            "days_min": day_counts(-furthest[end, start], chronology.admissible),
            "days_max": day_counts(furthest[start, end], chronology.admissible),
            **{
                side: np.array(
                    [getattr(lowered.dates[place], side) for place in lasting], dtype=bool
                )
                for side in sides
            },
            "status": texts([status] * len(lasting)),
        }
    )
