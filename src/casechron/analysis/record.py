"""What does the source say, and where? The coded record as tables for reading.

Every table here is the coding itself with codes put into words and places added; nothing is computed about time.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from casechron.coding.codebook import codebook

Tables = Mapping[str, pd.DataFrame]

_CODED = ("events", "involvement", "participation", "attributes", "relations", "links", "views", "findings", "recommendations")


def places(locators: pd.DataFrame) -> pd.Series:
    """Where does each coded row stand? Places in words, indexed by row.

    A place is `para 13.2`: paragraph 13, sentence 2. Where no text was at hand the place is the source's id.

    >>> locators = pd.DataFrame({"row": ["a", "a", "b"], "source": ["report"] * 3,
    ...                          "paragraph": ["13", "13", ""], "sentence": ["1", "2", ""]})
    >>> places(locators)
    row
    a    para 13.1, 13.2
    b             report
    dtype: str
    """
    said: dict[str, list[str]] = {}
    several = locators.loc[locators["paragraph"] != "", "source"].nunique() > 1
    for row, source, paragraph, sentence in zip(
        locators["row"], locators["source"], locators["paragraph"], locators["sentence"], strict=True
    ):
        place = f"{paragraph}.{sentence}" if paragraph else source
        if paragraph and several:
            place = f"{source} {place}"
        said.setdefault(row, []).append(place)
    words = {row: ("para " if found[0][0].isdigit() else "") + ", ".join(found) for row, found in said.items()}
    series = pd.Series(words, dtype="str")
    series.index.name = "row"
    return series


def coded_events(tables: Tables) -> pd.DataFrame:
    """Which events, states and absences does the source give, in the order in which they were coded?

    One row per event: id, the date as coded and in the source's own words, kind, how many, absence and its
    force, summary, basis of date and row, and places.
    """
    book, events = codebook(), tables["events"]
    return pd.DataFrame(
        {
            "event": events["id"],
            "date": events["date"],
            "date_words": events["date_words"],
            "date_basis": events["date_basis"],
            "kind": [book.label("event_kind", code) for code in events["kind"]],
            "how_many": [count_words(least, most) for least, most in zip(events["count_min"], events["count_max"], strict=True)],
            "absence": [book.label("absence", code) if code else "" for code in events["absence"]],
            "summary": events["summary"],
            "basis": events["basis"],
            "places": _placed(events["id"], tables),
        }
    ).reset_index(drop=True)


def count_words(least: str, most: str) -> str:
    """How often, in words, from the count columns of an event.

    >>> [count_words("", ""), count_words("2", ""), count_words("4", "4"), count_words("", "3"), count_words("2", "5")]
    ['once', 'at least 2', '4', 'at most 3', '2 to 5']
    """
    if not least and not most:
        return "once"
    if least and not most:
        return f"at least {least}"
    if not least:
        return f"at most {most}"
    return least if least == most else f"{least} to {most}"


def accounts(tables: Tables) -> pd.DataFrame:
    """Who took part in what, with what force is it said, and by whose account?

    One row per row of participation. `account` is empty where the source speaks for itself.
    """
    book, rows = codebook(), tables["participation"]
    return pd.DataFrame(
        {
            "participation": rows["id"],
            "person": rows["person"].map(_labels(tables)),
            "role": [book.label("participation_role", code) for code in rows["role"]],
            "event": rows["event"],
            "summary": rows["event"].map(tables["events"].set_index("id")["summary"]),
            "status": [book.label("status", code) for code in rows["status"]],
            "account": [_labels(tables).get(party, "") for party in rows["account"]],
            "basis": rows["basis"],
            "places": _placed(rows["id"], tables),
        }
    ).reset_index(drop=True)


def agencies_in_events(tables: Tables) -> pd.DataFrame:
    """Which agency had which role in which event? One row per row of involvement."""
    book, rows = codebook(), tables["involvement"]
    return pd.DataFrame(
        {
            "involvement": rows["id"],
            "agency": rows["agency"].map(_labels(tables)),
            "role": [book.label("involvement_role", code) for code in rows["role"]],
            "event": rows["event"],
            "summary": rows["event"].map(tables["events"].set_index("id")["summary"]),
            "stated_absence": [book.label("absence", code) if code else "" for code in rows["grade"]],
            "basis": rows["basis"],
            "places": _placed(rows["id"], tables),
        }
    ).reset_index(drop=True)


def further_facts(tables: Tables) -> pd.DataFrame:
    """Which further facts does the source give of events and persons? One row per attribute."""
    book, rows = codebook(), tables["attributes"]
    labels = {**_labels(tables), **dict(zip(tables["events"]["id"], tables["events"]["summary"], strict=True))}
    return pd.DataFrame(
        {
            "attribute": rows["id"],
            "of": rows["row"].map(labels),
            "fact": [book.label("attribute", code) for code in rows["attribute"]],
            "value": rows["value"],
            "at_event": rows["event"],
            "basis": rows["basis"],
            "places": _placed(rows["id"], tables),
        }
    ).reset_index(drop=True)


def time_statements(tables: Tables) -> pd.DataFrame:
    """Which statements tie two events in time? One row per relation."""
    book, rows = codebook(), tables["relations"]
    return pd.DataFrame(
        {
            "relation": rows["id"],
            "from_event": rows["from_event"],
            "relation_type": [book.label("relation_type", code) for code in rows["type"]],
            "to_event": rows["to_event"],
            "gap": rows["gap"],
            "meaning": [book.label("gap_meaning", code) if code else "" for code in rows["meaning"]],
            "words": rows["words"],
            "basis": rows["basis"],
            "places": _placed(rows["id"], tables),
        }
    ).reset_index(drop=True)


def basis_of_rows(tables: Tables) -> pd.DataFrame:
    """How much of the coding is stated, derived and judged? One row per table that has a basis; counts of rows."""
    counts = [
        {
            "table": name,
            "grain": codebook().tables[name].grain,
            "rows": len(tables[name]),
            **{basis: int((tables[name]["basis"] == basis).sum()) for basis in codebook().codes("basis")},
        }
        for name in _CODED
    ]
    return pd.DataFrame(counts)


def rows_by_paragraph(tables: Tables) -> pd.DataFrame:
    """What was made of each paragraph of the source? One row per paragraph in coverage.

    `rows` counts the coded rows that rest on the paragraph; `row_ids` names them; `note` says what was left out.
    """
    coverage, locators = tables["coverage"], tables["locators"]
    resting = {
        key: list(dict.fromkeys(group))
        for key, group in locators.groupby(["source", "paragraph"], sort=False)["row"]
    }
    found = [resting.get(key, []) for key in zip(coverage["source"], coverage["paragraph"], strict=True)]
    return pd.DataFrame(
        {
            "source": coverage["source"],
            "paragraph": pd.to_numeric(coverage["paragraph"]).astype("Int64"),
            "section": coverage["section"],
            "ordinal": coverage["ordinal"],
            "status": [codebook().label("coverage", code) for code in coverage["status"]],
            "rows": [len(ids) for ids in found],
            "row_ids": [", ".join(ids) for ids in found],
            "note": coverage["note"],
        }
    ).reset_index(drop=True)


def other_readings(tables: Tables) -> pd.DataFrame:
    """Where could the source, or another source, be read otherwise? One row per cell that a reading changes."""
    rows = tables["readings"]
    cells = {(row_id, column): value for table in tables.values() if "id" in table for column in table.columns
             for row_id, value in zip(table["id"], table[column], strict=True)}  # fmt: skip
    return pd.DataFrame(
        {
            "reading": rows["reading"],
            "row": rows["row"],
            "column": rows["column"],
            "as_coded": [cells.get(cell, "") for cell in zip(rows["row"], rows["column"], strict=True)],
            "otherwise": rows["value"],
            "source": rows["source"],
            "reason": rows["reason"],
        }
    ).reset_index(drop=True)


def views_held(tables: Tables) -> pd.DataFrame:
    """Which propositions did somebody hold, and which rows support or contradict them? One row per view."""
    views, links = tables["views"], tables["links"]

    def tied(view: str, kind: str) -> str:
        found = links.loc[(links["type"] == kind) & (links["to_row"] == view), "from_row"]
        return ", ".join(found)

    return pd.DataFrame(
        {
            "view": views["id"],
            "holder": [_labels(tables).get(party, "") for party in views["holder"]],
            "proposition": views["proposition"],
            "date": views["date"],
            "supported_by": [tied(view, "supports") for view in views["id"]],
            "contradicted_by": [tied(view, "contradicts") for view in views["id"]],
            "basis": views["basis"],
            "places": _placed(views["id"], tables),
        }
    ).reset_index(drop=True)


def findings_and_recommendations(tables: Tables) -> pd.DataFrame:
    """What did the review find and recommend? One row per finding, then one per recommendation."""
    book, findings, recommendations = codebook(), tables["findings"], tables["recommendations"]
    found = pd.DataFrame(
        {
            "row": findings["id"],
            "what": "finding: " + findings["polarity"].map(lambda code: book.label("polarity", code)),
            "summary": findings["summary"],
            "by_or_to": [_labels(tables).get(party, "") for party in findings["attributed_to"]],
            "basis": findings["basis"],
            "places": _placed(findings["id"], tables),
        }
    )
    recommended = pd.DataFrame(
        {
            "row": recommendations["id"],
            "what": "recommendation",
            "summary": recommendations["summary"],
            "by_or_to": [_labels(tables).get(party, "") for party in recommendations["addressed_to"]],
            "basis": recommendations["basis"],
            "places": _placed(recommendations["id"], tables),
        }
    )
    return pd.concat([found, recommended], ignore_index=True).astype("str")


def _labels(tables: Tables) -> dict[str, str]:
    parties = pd.concat([tables["agencies"][["id", "label"]], tables["people"][["id", "label"]]])
    return dict(zip(parties["id"], parties["label"], strict=True))


def _placed(ids: pd.Series, tables: Tables) -> list[str]:
    found = places(tables["locators"])
    return [found.get(row, "") for row in ids]
