"""What does the source say, and where? The coded record as tables for reading.

Every table here is the coding itself with codes put into words and places added; nothing is
computed about time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import pandas as pd

from casechron.analysis.columns import Tables, cells, rows_in
from casechron.chronology.day_columns import texts
from casechron.coding.codebook import codebook


def placed(locators: pd.DataFrame) -> dict[str, str]:
    """Where does each coded row stand? By row, in words.

    A place is `para 13.2`: paragraph 13, sentence 2. Where no text was at hand the place is the
    source's id.

    >>> locators = pd.DataFrame(
    ...     {
    ...         "row": ["a", "a", "b"],
    ...         "source": ["report"] * 3,
    ...         "paragraph": ["13", "13", ""],
    ...         "sentence": ["1", "2", ""],
    ...     }
    ... )
    >>> placed(locators)
    {'a': 'para 13.1, 13.2', 'b': 'report'}
    """
    return {row: _paragraphs(found) for row, found in _by_row(locators).items()}


def placed_together(locators: pd.DataFrame, rows: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Where do some coded rows stand together? By key, each place once, in words as in `placed`."""
    own = _by_row(locators)
    return {
        key: _paragraphs(dict.fromkeys(place for row in of for place in own.get(row, ())))
        for key, of in rows.items()
    }


def places_of(found: Mapping[str, str], *rows: str) -> str:
    """The places of some rows, of those that have any, one after the other and each once; `found`
    is `placed`."""
    return "; ".join(dict.fromkeys(found[row] for row in rows if row in found))


def _paragraphs(found: Collection[str]) -> str:
    return ("para " if "".join(found)[:1].isdigit() else "") + ", ".join(found)


def _by_row(locators: pd.DataFrame) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    several = (
        len({source for source, paragraph in rows_in(locators, "source", "paragraph") if paragraph})
        > 1
    )
    for row, source, paragraph, sentence in rows_in(
        locators, "row", "source", "paragraph", "sentence"
    ):
        place = f"{paragraph}.{sentence}" if paragraph else source
        if paragraph and several:
            place = f"{source} {place}"
        said.setdefault(row, []).append(place)
    return said


def count_words(kind: str, least: str, most: str) -> str:
    """How often, in words, from the kind and the count columns of an event.

    Of a worry, and of what lasts, a source that gives no count does not say 'once'.

    >>> counts = [("", ""), ("2", ""), ("4", "4"), ("", "3"), ("2", "5")]
    >>> [count_words("referral", *one) for one in counts]
    ['once', 'at least 2', '4', 'at most 3', '2 to 5']
    >>> [count_words(kind, "", "") for kind in ("concern", "household", "fear")]
    ['', '', '']
    """
    if not least and not most:
        lasts = kind == "concern" or kind in codebook().flagged("event_kind", "state")
        return "" if lasts else "once"
    if least and not most:
        return f"at least {least}"
    if not least:
        return f"at most {most}"
    return least if least == most else f"{least} to {most}"


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
