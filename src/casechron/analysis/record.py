"""What does the source say, and where? The coded record as tables for reading.

Every table here is the coding itself with codes put into words and places added; nothing is
computed about time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from casechron.analysis.columns import Tables, cells, listed, rows_in, ties
from casechron.analysis.parties import party_labels
from casechron.chronology.day_columns import texts
from casechron.coding.codebook import codebook
from casechron.coding.expansion import Expanded

_CODED = (
    *("events", "involvement", "participation", "attributes", "relations"),
    *("links", "views", "findings", "recommendations"),
)


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


def coded_events(tables: Tables) -> pd.DataFrame:
    """Which events, states and absences does the source give, in the order in which they were
    coded?

    One row per event: id, the date as coded and in the source's own words, kind, how many, absence
    and its force, summary, basis of date and row, and places."""
    events = tables["events"]
    return pd.DataFrame(
        {
            "event": events["id"],
            "date": events["date"],
            "date_words": events["date_words"],
            "date_basis": events["date_basis"],
            "kind": _in_words(events["kind"], "event_kind"),
            "how_many": texts(
                count_words(*row) for row in rows_in(events, "kind", "count_min", "count_max")
            ),
            "absence": _in_words(events["absence"], "absence"),
            "summary": events["summary"],
            "basis": events["basis"],
            "places": _placed(events["id"], tables),
        }
    ).reset_index(drop=True)


def coded_rows(expanded: Expanded, events: Iterable[str] | None = None) -> pd.DataFrame:
    """Which row of which table did each cell become, in the order of files, lines and columns?

    One row per row of the tables; with `events`, only of what their lines of events.csv became.
    Raises `KeyError` for an id that no event has."""
    forms = codebook().forms
    files = list(forms)
    lines = None
    if events is not None:
        typed = {made["id"]: made.origins[0][:2] for made in expanded.tables["events"]}
        wanted = list(events)
        if unknown := [one for one in wanted if one not in typed]:
            raise KeyError(f"there is no event {', '.join(unknown)}")
        lines = {typed[one] for one in wanted}
    rows = []
    for made in (made for table in expanded.tables.values() for made in table):
        origin = made.origins[0]
        if lines is None or origin[:2] in lines:
            says = "; ".join(
                f"{name}: {value}" for name, value in made.cells.items() if value and name != "id"
            )
            form = Path(origin.file).stem
            # review.toml is no form and comes first; so does the line as a whole.
            at = files.index(form) if form in files else -1
            columns = [*forms[form].columns] if form in files else []
            column = columns.index(origin.column) if origin.column in columns else -1
            rows.append(((at, origin.line, column), (*origin, made.table, made["id"], says)))
    rows.sort(key=itemgetter(0))
    names = ["file", "line", "column", "item", "table", "row", "says"]
    table = pd.DataFrame([row for _, row in rows], columns=pd.Index(names), dtype="str")
    return table.astype({"line": "int64"})


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


def accounts(tables: Tables) -> pd.DataFrame:
    """Who took part in what, with what force is it said, and by whose account?

    One row per row of participation. `account` is empty where the source speaks for itself.
    """
    rows = tables["participation"]
    return pd.DataFrame(
        {
            "participation": rows["id"],
            "person": _mapped(rows["person"], party_labels(tables)),
            "role": _in_words(rows["role"], "participation_role"),
            "event": rows["event"],
            "summary": _mapped(rows["event"], _summaries(tables)),
            "status": _in_words(rows["status"], "status"),
            "account": _named(rows["account"], party_labels(tables)),
            "basis": rows["basis"],
            "places": _placed(rows["id"], tables),
        }
    ).reset_index(drop=True)


def agencies_in_events(tables: Tables) -> pd.DataFrame:
    """Which agency had which role in which event? One row per row of involvement."""
    rows = tables["involvement"]
    return pd.DataFrame(
        {
            "involvement": rows["id"],
            "agency": _mapped(rows["agency"], party_labels(tables)),
            "role": _in_words(rows["role"], "involvement_role"),
            "event": rows["event"],
            "summary": _mapped(rows["event"], _summaries(tables)),
            "stated_absence": _in_words(rows["grade"], "absence"),
            "basis": rows["basis"],
            "places": _placed(rows["id"], tables),
        }
    ).reset_index(drop=True)


def further_facts(tables: Tables) -> pd.DataFrame:
    """Which further facts does the source give of events and persons? One row per attribute."""
    rows = tables["attributes"]
    labels = {**party_labels(tables), **_summaries(tables)}
    return pd.DataFrame(
        {
            "attribute": rows["id"],
            "of": _mapped(rows["row"], labels),
            "fact": _in_words(rows["attribute"], "attribute"),
            "value": rows["value"],
            "at_event": rows["event"],
            "basis": rows["basis"],
            "places": _placed(rows["id"], tables),
        }
    ).reset_index(drop=True)


def time_statements(tables: Tables) -> pd.DataFrame:
    """Which statements tie two events in time? One row per relation."""
    rows = tables["relations"]
    return pd.DataFrame(
        {
            "relation": rows["id"],
            "from_event": rows["from_event"],
            "relation_type": _in_words(rows["type"], "relation_type"),
            "to_event": rows["to_event"],
            "gap": rows["gap"],
            "meaning": _in_words(rows["meaning"], "gap_meaning"),
            "words": rows["words"],
            "basis": rows["basis"],
            "places": _placed(rows["id"], tables),
        }
    ).reset_index(drop=True)


def basis_of_rows(tables: Tables) -> pd.DataFrame:
    """How much of the coding is stated, derived and judged? One row per table that has a basis;
    counts of rows."""
    counts = [
        {
            "table": name,
            "grain": codebook().tables[name].grain,
            "rows": len(tables[name]),
            **{
                basis: cells(tables[name], "basis").count(basis)
                for basis in codebook().codes("basis")
            },
        }
        for name in _CODED
    ]
    return pd.DataFrame(counts)


def rows_by_paragraph(tables: Tables) -> pd.DataFrame:
    """What was made of each paragraph of the source? One row per paragraph in coverage.

    `rows` counts the coded rows that rest on the paragraph; `row_ids` names them; `note` says what
    was left out."""
    coverage, locators = tables["coverage"], tables["locators"]
    resting: dict[tuple[str, str], dict[str, None]] = {}
    for source, paragraph, row in rows_in(locators, "source", "paragraph", "row"):
        resting.setdefault((source, paragraph), {})[row] = None
    found = [resting.get(key, {}) for key in rows_in(coverage, "source", "paragraph")]
    return pd.DataFrame(
        {
            "source": coverage["source"],
            "paragraph": pd.to_numeric(coverage["paragraph"]).astype("Int64"),
            "section": coverage["section"],
            "ordinal": coverage["ordinal"],
            "status": _in_words(coverage["status"], "coverage"),
            "rows": np.array([len(ids) for ids in found], dtype=np.int64),
            "row_ids": texts(", ".join(ids) for ids in found),
            "note": coverage["note"],
        }
    ).reset_index(drop=True)


def other_readings(
    tables: Tables, replaced: Mapping[tuple[str, str, str], str] = MappingProxyType({})
) -> pd.DataFrame:
    """Where could the source, or another source, be read otherwise? One row per cell that a reading
    changes; `replaced` are the cells that readings in use have changed, as they were coded."""
    rows = tables["readings"]
    wanted = set(rows_in(rows, "row", "column"))
    named = {column for _, column in wanted}
    coded = {
        (row_id, column): value
        for table in tables.values()
        if "id" in table
        for column in table.columns
        if column in named
        for row_id, value in rows_in(table, "id", column)
    }
    return pd.DataFrame(
        {
            "reading": rows["reading"],
            "row": rows["row"],
            "column": rows["column"],
            "as_coded": texts(
                replaced.get(cell, coded.get(cell[1:], ""))
                for cell in rows_in(rows, "reading", "row", "column")
            ),
            "otherwise": rows["value"],
            "source": rows["source"],
            "reason": rows["reason"],
        }
    ).reset_index(drop=True)


def views_held(tables: Tables) -> pd.DataFrame:
    """Which propositions did somebody hold, and which rows support or contradict them? One row per
    view."""
    views = tables["views"]
    supported, contradicted = (
        listed((view, row) for row, view in ties(tables, tie))
        for tie in ("supports", "contradicts")
    )
    return pd.DataFrame(
        {
            "view": views["id"],
            "holder": _named(views["holder"], party_labels(tables)),
            "proposition": views["proposition"],
            "date": views["date"],
            "supported_by": texts(", ".join(supported.get(view, ())) for view in views["id"]),
            "contradicted_by": texts(", ".join(contradicted.get(view, ())) for view in views["id"]),
            "basis": views["basis"],
            "places": _placed(views["id"], tables),
        }
    ).reset_index(drop=True)


def findings_and_recommendations(tables: Tables) -> pd.DataFrame:
    """What did the review find and recommend? One row per finding, then one per recommendation."""
    findings, recommendations = tables["findings"], tables["recommendations"]
    found = pd.DataFrame(
        {
            "row": findings["id"],
            "what": [
                f"finding: {polarity}" for polarity in _in_words(findings["polarity"], "polarity")
            ],
            "summary": findings["summary"],
            "by_or_to": _named(findings["attributed_to"], party_labels(tables)),
            "basis": findings["basis"],
            "places": _placed(findings["id"], tables),
        }
    )
    recommended = pd.DataFrame(
        {
            "row": recommendations["id"],
            "what": "recommendation",
            "summary": recommendations["summary"],
            "by_or_to": _named(recommendations["addressed_to"], party_labels(tables)),
            "basis": recommendations["basis"],
            "places": _placed(recommendations["id"], tables),
        }
    )
    return pd.concat([found, recommended], ignore_index=True).astype("str")


def _summaries(tables: Tables) -> dict[str, str]:
    return dict(rows_in(tables["events"], "id", "summary"))


def _placed(ids: pd.Series, tables: Tables) -> ExtensionArray:
    found = placed(tables["locators"])
    return texts(found.get(row, "") for row in ids.tolist())


def _in_words(column: pd.Series, code_list: str) -> ExtensionArray:
    """The labels of the codes in a column; empty cells stay empty."""
    codes = codebook().codes(code_list)
    return texts(codes[code].label if code else "" for code in column.tolist())


def _mapped(column: pd.Series, labels: Mapping[str, str]) -> pd.Series:
    """What each cell of a column stands for; missing where it stands for nothing."""
    return pd.Series([labels.get(row) for row in column.tolist()], dtype="str", index=column.index)


def _named(column: pd.Series, labels: Mapping[str, str]) -> ExtensionArray:
    return texts(labels.get(row, "") for row in column.tolist())


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
