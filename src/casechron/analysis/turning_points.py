"""How far apart, and in which order, were the turning points of a case?"""

from __future__ import annotations

from itertools import combinations

import pandas as pd

from casechron.analysis.ages import shown_windows
from casechron.analysis.columns import Tables
from casechron.analysis.concerns import by_event, rows_with
from casechron.analysis.intervals import KNOWN_DAYS, intervals
from casechron.chronology import Chronology, order
from casechron.chronology.calendars import WorkingCalendar
from casechron.chronology.day_columns import texts
from casechron.coding.codebook import codebook


def turning_points(tables: Tables) -> list[str]:
    """Which events does the codebook mark as turning points, in coding order? Absences apart.

    >>> events = pd.DataFrame({"id": ["a", "b"], "kind": ["visit", "closure"], "absence": ["", ""]})
    >>> turning_points({"events": events})
    ['b']
    """
    return rows_with(tables, "turning-point")


def turning_point_gaps(
    tables: Tables, chronology: Chronology, calendar: WorkingCalendar
) -> pd.DataFrame:
    """In which order did each two turning points come, and how many days and working days lie
    between them?

    One row per pair of turning points, in coding order. `order` is three-valued: before, after,
    same day, or what is left open. Days and working days come as least and most, start to start,
    and are empty where only an order is known; `known` says in what way the gap is known. No days
    are closer than what is shown beside ages (`ages.shown_windows`).

    >>> from casechron.chronology import solve
    >>> from casechron.chronology.calendars import working_calendar
    >>> tables = {
    ...     name: pd.DataFrame(columns=table.header, dtype="str")
    ...     for name, table in codebook().tables.items()
    ... }
    >>> events = pd.DataFrame(
    ...     {"id": ["one", "two"], "date": ["2018-08-10", "2018-08"], "kind": "closure"}
    ... )
    >>> tables["events"] = events.reindex(columns=tables["events"].columns, fill_value="")
    >>> chronology = solve(tables["events"], tables["relations"])
    >>> found = turning_point_gaps(tables, chronology, working_calendar("England"))
    >>> found[["from_event", "to_event", "order", "days_min", "days_max"]]
      from_event to_event    order  days_min  days_max
    0        one      two  unclear        -9        21
    """
    pairs = list(combinations(turning_points(tables), 2))
    ordered, shown = order(chronology, pairs), shown_windows(tables, chronology)
    between = intervals(chronology, pairs, calendar, shown)
    kinds = by_event(tables, "kind")
    labels = {event: codebook().label("event_kind", kind) for event, kind in kinds.items()}
    return pd.DataFrame(
        {
            "from_event": between["from_event"],
            "from_kind": texts(labels[one] for one, _ in pairs),
            "to_event": between["to_event"],
            "to_kind": texts(labels[other] for _, other in pairs),
            "order": ordered["order"],
            **{name: between[name] for name in KNOWN_DAYS},
        }
    )
