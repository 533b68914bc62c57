"""Are tables that tests write as text read cell by cell, and those that do not fit refused?"""

from __future__ import annotations

import pytest

from involvement_cases import rows_in
from text_tables import cells_of, lists_of, records_of, tuples_of


def test_a_row_goes_on_in_a_line_that_begins_with_dots_and_cells_may_be_empty() -> None:
    assert lists_of("""
        closure | | on 20 March 2017
        ... 12  | None

        | '12' | True
    """) == [["closure", "", "on 20 March 2017", 12, None], ["", "12", True]]
    assert tuples_of("a | -1") == [("a", -1)]
    assert cells_of("a | b |") == ["a", "b", ""]


def test_what_a_cell_lists_stands_in_brackets() -> None:
    assert cells_of("(visit; call) | (12) | () | a (b) | (a) b") == [
        ("visit", "call"),
        ("12",),
        (),
        "a (b)",
        "(a) b",
    ]


def test_a_record_is_text_has_no_empty_cells_and_no_cell_beyond_its_heads() -> None:
    assert records_of("id | date | kind\n a | 2018 |\n b") == [
        {"id": "a", "date": "2018"},
        {"id": "b"},
    ]
    with pytest.raises(AssertionError):
        records_of("id | date\n a | 2018 | visit")


def test_rows_in_words_are_those_of_the_functions_that_they_name() -> None:
    rows = rows_in("part | gp | bruise | held\n tie | answers | visit | call | basis=judged")
    assert rows["involvement"][0]["id"] == "iv-gp-bruise"
    assert rows["links"][0]["basis"] == "judged"
    with pytest.raises(TypeError):
        rows_in("part | gp")
