"""Do the sentences on what is coded count what stands in the tables?"""

from __future__ import annotations

import pandas as pd
import pytest

import casechron as cc
from an_invented_review import Tables, invented, no_rows, rows
from casechron.report.text import coding as words
from made_reviews import review_of
from real_reviews import real_review


def told(tables: Tables) -> list[str]:
    basis, paragraphs = cc.basis_of_rows(review_of(tables)), cc.rows_by_paragraph(review_of(tables))
    return [
        point.text
        for point in words.key_points(
            tables, basis, paragraphs, cc.other_readings(review_of(tables))
        )
    ]


def located(tables: Tables, sentence: str, leave_out: int = 0) -> Tables:
    """The tables with a place for each row but the last ones."""
    ids = [
        row for name in cc.basis_of_rows(review_of(tables))["table"] for row in tables[name]["id"]
    ]
    places = [f"{row}|report|1|{sentence}" for row in ids[: len(ids) - leave_out]]
    return tables | {"locators": rows("locators", *places)}


def small() -> Tables:
    return no_rows() | {
        "events": rows(
            "events",
            "a|2019-03|||referral||||A refers|stated",
            "b|2019-04|||closure||||It is closed|judged",
        ),
        "agencies": rows("agencies", "gp|GP|3A"),
    }


def test_rows_are_counted_by_what_they_rest_on() -> None:
    assert told(located(small(), "2")) == [
        "Each of the 2 rows names the sentence of the source on which it rests.",
        "Of these rows: 1 stated by the source and 1 judged by the coder.",
    ]
    assert told(located(small(), ""))[0] == (
        "Each of the 2 rows names its source; a sentence is named in none."
    )
    assert told(located(small(), "2", leave_out=1))[0] == (
        "Of 2 rows 1 name the sentence of the source on which they rest,"
        " 0 the source alone and 1 nothing."
    )


def test_the_basis_of_a_date_is_counted_apart() -> None:
    """A row that the source states can have a date that it does not."""
    dated = rows(
        "events",
        "a|2019-03||judged|referral||||A refers|stated",
        "b|2019-04||derived|closure||||It is closed|stated",
        "c|2019-05||judged|visit||||A visit|stated",
        "d||||visit||||Another|stated",
    )
    assert told(located(small() | {"events": dated}, "2"))[1] == (
        "Of these rows: 4 stated by the source; of the dates of events: 1 derived from it and 2"
        " judged by the coder."
    )


def test_paragraphs_without_rows_are_told_by_what_they_are() -> None:
    coverage = rows("coverage", "report|1|||coded|", "report|2|||heading|", "report|3|||heading|")
    tables = located(small(), "1") | {"coverage": coverage}
    assert told(tables)[2] == (
        "1 of the 3 paragraphs that were read bear rows. The others: heading (2)."
    )
    tables["coverage"] = coverage.head(1)
    assert told(tables)[2] == "All 1 paragraphs that were read bear rows."


def test_readings_are_counted_once_though_they_change_several_cells() -> None:
    readings = rows("readings", "r1|a|date|2019-05", "r1|a|date_words|in May", "r2|b|date|2019-05")
    tables = located(small(), "1") | {"readings": readings}
    assert told(tables)[2] == "Two things can be read or dated otherwise: listed with the reasons."


@pytest.mark.parametrize("review", ["child-w-manchester-2020", "child-a-haringey-2008"])
def test_every_note_of_the_tables_is_listed(review: str) -> None:
    read = real_review(review)
    notes = words.notes(read.tables)
    wanted = [
        (name, row["id"], row["note"])
        for name, table in read.tables.items()
        if "id" in table and "note" in table
        for row in table.to_dict("records")
        if row["note"]
    ]
    assert [*notes[["table", "row", "note"]].itertuples(index=False, name=None)] == wanted
    assert len(wanted) > 5


def test_without_rows_nothing_is_told() -> None:
    assert told(no_rows()) == ["Nothing is coded."]
    assert words.notes(no_rows()).empty
    assert isinstance(words.notes(invented()), pd.DataFrame)
