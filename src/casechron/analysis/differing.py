"""Of which events do two sources give two dates?"""

from __future__ import annotations

import pandas as pd

from casechron.analysis.columns import Tables, cells, rows_in
from casechron.chronology.day_columns import texts


def differing_dates(tables: Tables) -> pd.DataFrame:
    """Which dates of events do other sources give otherwise?

    One row per event and reading that changes its date and is another source's: the reading says so
    (kind 'sources-differ'), or, where it says nothing, its source is none of those in which the
    event stands. `date` is as coded and `source` where it stands so; `other_date` is the reading's,
    with its own source and place. In the order of the table of readings.

    >>> tables = {
    ...     "events": pd.DataFrame({"id": ["visit"], "date": ["2018-03-01"]}),
    ...     "readings": pd.DataFrame(
    ...         {
    ...             "reading": ["radio-later", "or-april"],
    ...             "row": "visit",
    ...             "column": "date",
    ...             "value": ["2018-03-02", "2018-04-01"],
    ...             "source": ["radio", "report"],
    ...         }
    ...     ),
    ...     "locators": pd.DataFrame({"row": ["visit"], "source": ["report"]}),
    ... }
    >>> differing_dates(tables)[["event", "date", "source", "other_date", "other_source"]]
       event        date  source  other_date other_source
    0  visit  2018-03-01  report  2018-03-02        radio
    """
    readings = tables["readings"]
    blank = [""] * len(readings)
    kinds, places = (
        cells(readings, name) if name in readings.columns else blank for name in ("kind", "place")
    )
    dates = dict(rows_in(tables["events"], "id", "date"))
    sources: dict[str, dict[str, None]] = {}
    for row, source in rows_in(tables["locators"], "row", "source"):
        sources.setdefault(row, {})[source] = None
    columns = rows_in(readings, "reading", "row", "column", "value", "source")
    rows = [
        (event, dates[event], ", ".join(sources.get(event, {})), value, source, place, reading)
        for (reading, event, column, value, source), kind, place in zip(
            columns, kinds, places, strict=True
        )
        if column == "date"
        and event in dates
        and value != dates[event]
        and (kind == "sources-differ" or (not kind and source not in sources.get(event, [source])))
    ]
    names = ("event", "date", "source", "other_date", "other_source", "other_place", "reading")
    return pd.DataFrame({name: texts(row[at] for row in rows) for at, name in enumerate(names)})


def other_dates(tables: Tables) -> dict[str, str]:
    """By event, the dates that other sources give it, each with its source and place; what has none
    is left out."""
    found: dict[str, list[str]] = {}
    for row in differing_dates(tables).itertuples(index=False):
        where = f"{row.other_source} {row.other_place}".strip()
        found.setdefault(str(row.event), []).append(f"{row.other_date} ({where})")
    return {event: "; ".join(dates) for event, dates in found.items()}
