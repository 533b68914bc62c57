"""Are the tables of the coded record the coding itself, with labels and places?"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import casechron as cc
from casechron.analysis.record import placed
from casechron.coding.reviews import list_reviews
from made_reviews import review_of
from real_reviews import real_review, real_tables
from thoroughly import drawn

ROOT = Path(__file__).parents[1]
REVIEWS = [listed.name for listed in list_reviews(ROOT)]
TABLES = {
    "coded_events": ("events", cc.coded_events),
    "accounts": ("participation", cc.accounts),
    "agencies_in_events": ("involvement", cc.agencies_in_events),
    "further_facts": ("attributes", cc.further_facts),
    "time_statements": ("relations", cc.time_statements),
    "rows_by_paragraph": ("coverage", cc.rows_by_paragraph),
    "other_readings": ("readings", cc.other_readings),
    "views_held": ("views", cc.views_held),
}


@pytest.mark.parametrize("review", drawn(REVIEWS, 3))
@pytest.mark.parametrize("name", TABLES)
def test_one_row_per_coded_row_in_coding_order(review: str, name: str) -> None:
    tables = real_tables(review)
    coded, function = TABLES[name]
    before = {key: table.copy() for key, table in tables.items()}
    made = function(review_of(tables))
    assert len(made) == len(tables[coded])
    assert list(made.index) == list(range(len(made)))
    if "id" in tables[coded]:
        assert list(made.iloc[:, 0]) == list(tables[coded]["id"])
    if "places" in made:
        assert (made["places"] != "").all()
    for key, table in tables.items():
        pd.testing.assert_frame_equal(table, before[key])


def invented() -> dict[str, pd.DataFrame]:
    def table(columns: str, *rows: tuple[str, ...]) -> pd.DataFrame:
        return pd.DataFrame(list(rows), columns=columns.split(), dtype="str")

    return {
        "locators": table(
            "row source paragraph sentence",
            ("e1", "s", "2", "1"),
            ("e1", "s", "2", "2"),
            ("v1", "s", "3", "1"),
        ),
        "coverage": table(
            "source paragraph section ordinal status note",
            ("s", "1", "", "", "heading", ""),
            ("s", "2", "opening", "1", "coded", ""),
            ("s", "3", "opening", "2", "coded", "a hedge"),
        ),
        "readings": table(
            "reading row column value source reason", ("later", "e1", "date", "2019", "s", "why")
        ),
        "events": table("id date", ("e1", "2018")),
        "views": table(
            "id holder proposition date basis", ("v1", "cs", "All is well", "", "stated")
        ),
        "links": table(
            "type from_row to_row basis",
            ("contradicts", "e1", "v1", "stated"),
            ("contradicts", "e2", "v1", "judged"),
            ("contradicts", "e3", "v1", "derived"),
            ("supports", "e9", "v2", "stated"),
        ),
        "agencies": table("id label", ("cs", "Children's services")),
        "people": table("id label"),
    }


def test_rows_by_paragraph_counts_rows_once() -> None:
    rows_by_paragraph = cc.rows_by_paragraph(review_of(invented()))
    assert rows_by_paragraph["rows"].tolist() == [0, 1, 1]
    assert rows_by_paragraph["status"].tolist() == ["heading", "coded", "coded"]


def test_other_readings_shows_both_values() -> None:
    other_readings = cc.other_readings(review_of(invented()))
    assert other_readings.loc[0, ["as_coded", "otherwise"]].tolist() == ["2018", "2019"]


def test_views_name_what_stands_for_and_against_and_whose_reading_that_is() -> None:
    views_held = cc.views_held(review_of(invented()))
    row = views_held.loc[0, ["holder", "supported_by", "contradicted_by", "places"]].tolist()
    assert row == ["Children's services", (), ("e1", "e2 (judged)", "e3 (derived)"), "para 3.1"]


def test_who_is_who_does_not_call_named_what_its_label_says_is_not() -> None:
    """Polly's "Hospital (not named)" has a sector: what it was is told, and not which."""
    parties = cc.who_is_who(review_of(real_tables("child-polly-derbyshire-2017")))
    assert list(parties) == ["party", "label", "kind", "tie_or_sector", "note"]
    hospital = parties.set_index("party").loc["hospital"].tolist()
    assert hospital == ["Hospital (not named)", "agency or body", "Other health services", ""]


@pytest.mark.parametrize("name", drawn(REVIEWS, 3))
def test_who_is_who_has_each_agency_by_the_label_of_the_other_tables(name: str) -> None:
    """Also whom a source leaves open, whatever the coder calls that row."""
    review = real_review(name)
    parties = cc.who_is_who(review).set_index("party")["label"]
    for table in (cc.agency_contact(review), cc.involvement(review)):
        assert parties[table["agency"]].tolist() == table["agency_label"].tolist()


@pytest.mark.parametrize(
    ("sources", "places"),
    [(["report", "report"], "para 10, 13.2"), (["news", "report"], "news 10, report 13.2")],
)
def test_a_paragraph_without_a_sentence_is_told_without_a_stop(
    sources: list[str], places: str
) -> None:
    where = {"row": ["a", "a"], "source": sources, "paragraph": ["10", "13"], "sentence": ["", "2"]}
    assert placed(pd.DataFrame(where)) == {"a": places}
