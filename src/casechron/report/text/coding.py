"""What does the source say, and where? The sentences of the page behind the others."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from casechron.analysis.record import placed
from casechron.report.show import Point
from casechron.report.text.english import counted, listed

__all__ = ["key_points", "notes"]

Tables = Mapping[str, pd.DataFrame]


def key_points(
    tables: Tables, basis: pd.DataFrame, paragraphs: pd.DataFrame, readings: pd.DataFrame
) -> list[Point]:
    """How much is coded, on what, and what was left out.

    Parameters
    ----------
    tables
        The tidy tables of a review.
    basis, paragraphs, readings
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
    counts = [(name, int(basis[name].sum())) for name in ("stated", "derived", "judged")]
    says = {
        "stated": "say what the source states",
        "derived": "follow from it",
        "judged": "are the coder's judgement",
    }
    told = [f"{count} {says[name]}" for name, count in counts if count]
    points.append(Point(f"Of these rows {listed(told)}."))
    if len(paragraphs):
        points.append(Point(_covered(paragraphs)))
    if otherwise := readings["reading"].nunique():
        number = counted(otherwise, otherwise, "thing").capitalize()
        points.append(Point(f"{number} can be read or dated otherwise: listed with the reasons."))
    return points


def notes(tables: Tables) -> pd.DataFrame:
    """What the coders noted beside their rows.

    Parameters
    ----------
    tables
        The tidy tables of a review.

    Returns
    -------
    pandas.DataFrame
        A row for each note: `table`, `row` (the id of the row), `note`, `places`.
    """
    where = placed(tables["locators"])
    rows = [
        {"table": name, "row": row["id"], "note": row["note"], "places": where.get(row["id"], "")}
        for name, table in tables.items()
        if {"id", "note"} <= {*table.columns}
        for row in table.to_dict("records")
        if row["note"]
    ]
    return pd.DataFrame(rows, columns=["table", "row", "note", "places"], dtype="str")


def _where(tables: Tables, basis: pd.DataFrame, total: int) -> str:
    """What of the source each row names."""
    coded = {row for name in basis["table"] for row in tables[name]["id"]}
    locators = tables["locators"]
    exact = set(locators.loc[locators["sentence"] != "", "row"]) & coded
    some = set(locators["row"]) & coded
    if len(exact) == len(coded):
        return f"Each of the {total} rows names the sentence of the source on which it rests."
    if len(some) == len(coded) and not exact:
        return f"Each of the {total} rows names its source; a sentence is named in none."
    return (
        f"Of {total} rows {len(exact)} name the sentence of the source on which they rest,"
        f" {len(some - exact)} the source alone and {len(coded - some)} nothing."
    )


def _covered(paragraphs: pd.DataFrame) -> str:
    """Which paragraphs bear rows, and what the others are."""
    bear = int((paragraphs["rows"] > 0).sum())
    others = paragraphs[paragraphs["rows"] == 0]["status"].value_counts(sort=False)
    told = f"{bear} of the {len(paragraphs)} paragraphs of the source bear rows"
    if others.empty:
        return f"All {len(paragraphs)} paragraphs of the source bear rows."
    kinds = ", ".join(f"{status} ({count})" for status, count in others.items())
    return f"{told}. The others: {kinds}."
