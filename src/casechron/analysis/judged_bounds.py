"""Which bounds hold only because the coder judged an order, and how wide are they without it?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from casechron.analysis.chronicle import recurring, window_said
from casechron.analysis.columns import rows_in
from casechron.analysis.leaning import leaning_windows, sets_in_words
from casechron.analysis.record import placed
from casechron.chronology import Chronology, bounds
from casechron.chronology.day_columns import NOT_ADMISSIBLE, calendar_days, day_counts, texts
from casechron.chronology.network import OPEN

__all__ = ["bounds_and_orders", "bounds_without_judged_orders"]

Tables = Mapping[str, pd.DataFrame]

_BOUNDS = ("earliest", "start_latest", "end_earliest", "latest")


def bounds_and_orders(happened: pd.DataFrame, chronology: Chronology) -> pd.DataFrame:
    """Between which days does each event lie, and on which judged orders do those bounds lean?

    `happened` is `chronicle.chronicle`: its rows and its status. The days are those of
    `chronology.bounds`, also where the chronicle keeps to wider ones beside an age. `leans_on` are
    the orders that only the coder judged, without which a bound would be wider, or open: each that
    is enough alone, and after 'with' what is so only together; 'none' where the bounds hold without
    any of them. See `leaning.leaning`."""
    sets = dict(zip(chronology.events, leaning_windows(chronology)[0], strict=True))
    columns = ["event", "stated_earliest", "stated_latest", *_BOUNDS]
    known = rows_in(happened, "event", "status")
    leans_on = texts(
        "" if status == NOT_ADMISSIBLE else sets_in_words(sets[event]) for event, status in known
    )
    days = bounds(chronology).set_index("event", drop=False).loc[happened["event"], columns]
    return days.reset_index(drop=True).assign(
        leans_on=leans_on.to_numpy(), status=happened["status"]
    )


def bounds_without_judged_orders(tables: Tables, chronology: Chronology) -> pd.DataFrame:
    """Which windows would be wider without the orders that only the coder judged, and how wide?

    One row per event whose window leans on such an order, in the order of the coding: `said` is the
    window that all statements together allow, `said_without` the same without all judged orders at
    once, and the days are those of the latter (NaT: open). `days_wider` is how many days its bounds
    move apart, those of start and end together (of a moment once); <NA> where one opens. `leans_on`
    are the orders as in `bounds_and_orders`, `orders` the same in words with their places. One row
    with nothing but its `status` where no chronology is admissible.

    >>> from casechron.chronology import attempt
    >>> from casechron.coding.codebook import codebook
    >>> tables = {
    ...     name: pd.DataFrame(columns=table.header, dtype="str")
    ...     for name, table in codebook().tables.items()
    ... }
    >>> events = pd.DataFrame({"id": ["visit", "closure"], "date": ["2018-08", "2018-08-20"]})
    >>> orders = pd.DataFrame(
    ...     {
    ...         "id": ["r"],
    ...         "type": ["not-after"],
    ...         "from_event": ["visit"],
    ...         "to_event": ["closure"],
    ...         "basis": ["judged"],
    ...     }
    ... )
    >>> tables |= {
    ...     "events": events.reindex(columns=tables["events"].columns, fill_value=""),
    ...     "relations": orders,
    ... }
    >>> found = bounds_without_judged_orders(tables, attempt(events, orders))
    >>> found[["event", "said", "said_without", "days_wider", "leans_on"]]
       event                          said    said_without  days_wider leans_on
    0  visit  between 1 and 20 August 2018  in August 2018          11        r
    """
    sets, without = leaning_windows(chronology)
    windows, lowered, several = chronology.event_windows, chronology.lowered, recurring(chronology)
    at = [event for event, own in enumerate(sets) if own]
    apart = np.abs(without[at] - windows[at])
    apart[:, 2:] *= (lowered.start != lowered.end)[at, None]
    wider = np.where(
        (apart > OPEN // 2).any(axis=1), OPEN, np.where(apart > OPEN // 2, 0, apart).sum(axis=1)
    )
    summary, where = dict(rows_in(tables["events"], "id", "summary")), placed(tables["locators"])
    number = {
        lowered.relations[row].id: place
        for place, (kind, row) in enumerate(lowered.said)
        if kind == "relation"
    }
    cited = {
        order: chronology.statement(number[order]).cited
        for own in sets
        for one in own
        for order in one
    }
    events = [chronology.events[event] for event in at]
    table = pd.DataFrame(
        {
            "event": texts(events),
            "summary": texts(summary[event] for event in events),
            "said": texts(window_said(windows[event], several[event]) for event in at),
            "said_without": texts(window_said(without[event], several[event]) for event in at),
            **{name: calendar_days(without[at, column]) for column, name in enumerate(_BOUNDS)},
            "days_wider": day_counts(wider),
            "leans_on": texts(sets_in_words(sets[event]) for event in at),
            "orders": texts(
                "; ".join(dict.fromkeys(cited[order] for one in sets[event] for order in one))
                for event in at
            ),
            "places": texts(where.get(event, "") for event in events),
            "status": texts("admissible" for _ in at),
        }
    )
    if chronology.admissible or not len(lowered.events):
        return table
    row = {
        name: [
            (
                NOT_ADMISSIBLE
                if name == "status"
                else pd.NaT
                if name in _BOUNDS
                else pd.NA
                if name == "days_wider"
                else ""
            )
        ]
        for name in table
    }
    return pd.DataFrame(row).astype(table.dtypes.to_dict())
