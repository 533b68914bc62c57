from __future__ import annotations

import csv
import datetime as dt
import io
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casechron.report.table_cells import (
    as_csv,
    fields_of,
    read_csv_cells,
    types_of,
    written_columns,
)
from thoroughly import examples

#: Text as a CSV in UTF-8 can hold it.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


#: What makes a text hard to write as CSV and to read again.
HARD = st.lists(
    st.sampled_from(
        [
            "'",
            '"',
            "=",
            "+",
            "-",
            "@",
            "\t",
            "\r",
            "\n",
            "＝",
            ",",
            ";",
            " ",
            "\x00",
            "\x07",
            "\ufeff",
            "a",
            "-3",
            "é",
        ]
    ),
    max_size=5,
).map("".join)


def table_csv(table: pd.DataFrame) -> str:
    return as_csv(written_columns(table))


@pytest.mark.parametrize(
    ("values", "written_as"),
    [
        ([1.0, None], ["1.0", ""]),
        ([0.25, 1.0], ["0.25", "1.0"]),
        ([0.0004], ["0.0004"]),
        ([1 / 3], ["0.3333333333333333"]),
        ([np.inf, -np.inf], ["INF", "-INF"]),
        ([-3], ["-3"]),
        ([True, False], ["true", "false"]),
        (pd.to_datetime(["2018-08-27", None]), ["2018-08-27", ""]),
        ([dt.date(476, 9, 4)], ["0476-09-04"]),
        ([dt.datetime(2018, 8, 27, 9, 30)], ["2018-08-27T09:30:00"]),
        ([("b", "a")], ["b; a"]),
        ([frozenset({"b", "a"})], ["a; b"]),
        ([2**70], [str(2**70)]),
        (pd.Series([3, 0.5, 2**70], dtype=object), ["3", "0.5", str(2**70)]),
        (pd.Series([True, "a", -3, 0.5], dtype=object), ["true", "a", "'-3", "0.5"]),
        ([(0.5, True), (1.0,)], ["0.5; true", "1.0"]),
        (pd.Series([np.int64(3), np.float64(0.5)], dtype=object), ["3", "0.5"]),
    ],
)
def test_values_as_written(values, written_as):
    table = pd.DataFrame({"n": range(len(values)), "v": values})
    assert [row[1] for row in list(csv.reader(io.StringIO(table_csv(table))))[1:]] == written_as


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(start):
    text = f"{start}SUM(1;2)"
    cells = list(csv.reader(io.StringIO(table_csv(pd.DataFrame({start: [text]})), newline="")))
    assert cells == [[f"'{start}"], [f"'{text}"]]


@given(st.lists(st.tuples(TEXT | HARD, TEXT | HARD), max_size=5))
@settings(deadline=None, max_examples=examples(100))
def test_csv_gives_the_texts_back(rows):
    table = pd.DataFrame(rows, columns=["one", "'=two"], dtype=object)
    read = list(csv.reader(io.StringIO(table_csv(table), newline="")))
    # One apostrophe comes off any text that begins with apostrophes and a sign, whatever the text
    # was.
    undone = [
        [cell[1:] if re.match("'+[=+\\-@\\t\\r\\n＝＋－＠]", cell) else cell for cell in row]
        for row in read
    ]
    assert undone == [
        ["one", "'=two"],
        *(list(row) for row in rows),
    ]
    assert not [
        cell
        for row in read
        for cell in row
        if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    ]


#: Columns of every kind that a table of ours can have, and of kinds that it should not.
ANY = st.one_of(
    TEXT,
    HARD,
    st.none(),
    st.sampled_from(
        [
            np.nan,
            pd.NA,
            pd.NaT,
            "",
            (),
            [],
            np.inf,
            -np.inf,
            2**70,
            -0.0,
            1e22,
            5e-324,
            1e-5,
            np.float64(0.5),
            np.int64(3),
        ]
    ),
    st.booleans(),
    st.integers(-5, 5),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.tuples(TEXT | st.floats() | st.booleans(), HARD),
    st.frozensets(TEXT, max_size=3),
)


@st.composite
def frames(draw):
    length = draw(st.integers(0, 5))
    column = st.one_of(
        st.lists(ANY, min_size=length, max_size=length).map(
            lambda values: pd.Series(values, dtype=object)
        ),
        *(
            st.lists(st.none() | kind, min_size=length, max_size=length).map(
                lambda values, dtype=dtype: pd.Series(values, dtype=dtype)
            )
            for kind, dtype in (
                (HARD, object),
                (HARD, "str"),
                (st.from_regex("[a-c]{1,2}", fullmatch=True), object),
                (st.integers(-9, 9), "Int64"),
                (st.integers(-9, 9) | st.floats(), object),
                (st.floats(), "float64"),
                (st.integers(-3, 3).map(float), "float64"),
                (st.booleans(), "boolean"),
                (st.booleans(), object),
                (st.dates(), object),
                (st.datetimes(dt.datetime(1700, 1, 1), dt.datetime(2200, 1, 1)), "datetime64[ns]"),
                (st.dates(dt.date(1700, 1, 1), dt.date(2200, 1, 1)), "datetime64[ns]"),
            )
        ),
    )
    heads = draw(
        st.lists(
            st.sampled_from(
                ["id", "event", "source", "paragraph", "=x", "'=x", "''+y", "a_b", "-"]
            ),
            unique=True,
            max_size=4,
        )
    )
    return pd.DataFrame({head: draw(column) for head in heads}, columns=heads)


@given(frames())
@settings(deadline=None, max_examples=examples(200))
def test_the_csv_of_a_table_gives_its_columns_back(table):
    columns = written_columns(table)
    types = types_of(columns)
    assert "string" not in types.values()
    text = table_csv(table)
    assert read_csv_cells(text, types) == columns
    assert fields_of(read_csv_cells(text, types)) == fields_of(columns)
    assert as_csv(read_csv_cells(text, types)) == text


def test_the_fields_of_a_table():
    table = pd.DataFrame(
        {
            "text": pd.Series(["a"], dtype="str"),
            "whole": [1],
            "part": [0.5],
            "sure": [True],
            "day": pd.to_datetime(["2018-08-27"]),
            "time": pd.to_datetime(["2018-08-27 09:30"]),
            "either": pd.Series([pd.NA], dtype="Int64"),
            "maybe": pd.Series([None], dtype="boolean"),
            "big": pd.Series([2**70], dtype=object),
            "far": pd.Series([dt.date(1, 1, 1)], dtype=object),
            "mixed": pd.Series([dt.date(1, 1, 1)], dtype=object).astype(str),
            "none": pd.Series([None], dtype=object),
        }
    )
    assert {field["name"]: field.get("type") for field in fields_of(written_columns(table))} == {
        "text": None,
        "whole": "integer",
        "part": "number",
        "sure": "boolean",
        "day": "date",
        "time": "datetime",
        "either": "integer",
        "maybe": "boolean",
        "big": "integer",
        "far": "date",
        "mixed": None,
        "none": None,
    }


def test_two_columns_of_one_name_are_refused():
    table = pd.DataFrame([[1, 2]], columns=["a", "a"])
    with pytest.raises(
        ValueError, match=r"^a table has more than one column named a; rename them$"
    ):
        written_columns(table)


def test_an_empty_table_has_its_heads():
    assert table_csv(pd.DataFrame({"event": [], "days_min": []})) == "event,days_min\n"
