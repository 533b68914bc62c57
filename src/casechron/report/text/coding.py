"""How much of the source is coded, and how surely? The sentences of the page behind the others.

>>> import casechron as cc
>>> review = cc.read_review("child-x-anytown-2019")
>>> basis, paragraphs = cc.basis_of_rows(review), cc.rows_by_paragraph(review)
>>> of = review.tables, basis, paragraphs, cc.other_readings(review)
>>> cc.words.coding.key_points(*of)[1].text.partition("; ")[0]
'Of these rows: 38 stated by the source, 6 derived from it and 4 judged by the coder'
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from casechron.analysis.record import placed
from casechron.analysis.tables import Tables, to_table
from casechron.report.show import Point
from casechron.report.text.english import count_in_words, listed, point, rows_of

#: What the rows of each basis do.
_BASES = {
    "stated": "stated by the source",
    "derived": "derived from it",
    "judged": "judged by the coder",
}


def key_points(
    tables: Tables, basis: pd.DataFrame, paragraphs: pd.DataFrame, readings: pd.DataFrame
) -> list[Point]:
    """How much is coded, on what, and what was left out.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        The tidy tables of a review.
    basis, paragraphs, readings : pandas.DataFrame
        What `basis_of_rows`, `rows_by_paragraph` and `other_readings` give.

    Returns
    -------
    list of Point
        The first is the page's finding. Rows of ours are counted here and on no other page.
    """
    total = int(basis["rows"].sum())
    if not total:
        return [Point("Nothing is coded.")]
    points = [Point(_where(tables, basis, total))]
    rests = _rest(basis[[*_BASES]].sum().to_dict())
    # The basis of a row is of all that it says but its date.
    dates = tables["events"]["date_basis"].value_counts().to_dict() | {"stated": 0}
    if dates.keys() & {"derived", "judged"}:
        rests += f"; of the dates of events: {_rest(dates)}"
    points.append(Point(f"Of these rows: {rests}."))
    if len(paragraphs):
        points.append(Point(_covered(paragraphs)))
    if otherwise := readings["reading"].nunique():
        things = count_in_words(otherwise, otherwise, "thing")
        points.append(point(f"{things} can be read or dated otherwise: listed with the reasons"))
    return points


def notes(tables: Tables) -> pd.DataFrame:
    """What the coders noted beside their rows.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        The tidy tables of a review.

    Returns
    -------
    pandas.DataFrame
        A row for each note.

        - `table`, `row`, `note`, `places` (text): the table and the id of the row beside which it
          stands, the note, and paragraph and sentence of the source
    """
    places = placed(tables["locators"])
    rows = [
        (name, row["id"], row["note"], places.get(row["id"], ""))
        for name, table in tables.items()
        if {"id", "note"} <= {*table.columns}
        for row in rows_of(table[["id", "note"]])
        if row["note"]
    ]
    return to_table(("table", "row", "note", "places"), rows)


def _rest(counts: Mapping[Any, int]) -> str:
    """How many rest on what, by the codes of the bases."""
    return listed(f"{counts[basis]} {does}" for basis, does in _BASES.items() if counts.get(basis))


def _where(tables: Tables, basis: pd.DataFrame, total: int) -> str:
    """What of the source each row names."""
    coded = {row for name in basis["table"] for row in tables[name]["id"]}
    locators = tables["locators"]
    sentenced = set(locators.loc[locators["sentence"] != "", "row"]) & coded
    sourced = set(locators["row"]) & coded
    if len(sentenced) == len(coded):
        return f"Each of the {total} rows names the sentence of the source on which it rests."
    if len(sourced) == len(coded) and not sentenced:
        return f"Each of the {total} rows names its source; a sentence is named in none."
    return (
        f"Of {total} rows {len(sentenced)} name the sentence of the source on which they rest,"
        f" {len(sourced - sentenced)} the source alone and {len(coded - sourced)} nothing."
    )


def _covered(paragraphs: pd.DataFrame) -> str:
    """Which paragraphs bear rows, and what the others are."""
    bear = int((paragraphs["rows"] > 0).sum())
    others = paragraphs.loc[paragraphs["rows"] == 0, "status"].value_counts(sort=False)
    if others.empty:
        return f"All {len(paragraphs)} paragraphs that were read bear rows."
    kinds = ", ".join(f"{status} ({count})" for status, count in others.items())
    words = f"{bear} of the {len(paragraphs)} paragraphs that were read bear rows"
    return f"{words}. The others: {kinds}."
