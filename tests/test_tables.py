from __future__ import annotations

import csv
import datetime as dt
import io
import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casechron.coding.characters import legible
from casechron.reporting.table_cells import csv_of, fields_of, read_csv_cells, types_of, written
from casechron.reporting.tables import (
    anchors,
    begun_html,
    plain_of,
    table_csv,
    table_fields,
    table_html,
    table_html_from_csv,
)

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


def plain(table: pd.DataFrame, **more: int) -> str:
    return plain_of(written(table), **more)


class Reader(HTMLParser):
    """The tags of a table, and the words of each of its cells."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self._within = False
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        self._within |= tag == "table"

    def handle_endtag(self, tag):
        self._within &= tag != "table"

    def handle_data(self, data):
        # A line end between rows stands in the last cell where its end tag is left out.
        if self._within and self.rows and self.rows[-1] and data.strip("\n"):
            self.rows[-1][-1] += data.removesuffix("\n")


def body(table: pd.DataFrame) -> list[list[str]]:
    return Reader(table_html(table, "t", "T")).rows[1:]


def test_a_table_is_read_by_its_heads():
    markup = table_html(pd.DataFrame({"event": ["e1"], "days_min": [1]}), "gaps", "Gaps & more")
    reader = Reader(markup)
    assert reader.tags == [
        ("table", {"class": "casechron s1 n2", "id": "table-gaps"}),
        ("caption", {"id": "caption-gaps"}),
        ("span", {}),
        ("thead", {}),
        ("tr", {}),
        ("th", {"scope": "col"}),
        ("th", {"scope": "col", "class": "number"}),
        ("tbody", {}),
        ("tr", {"id": "gaps-e1"}),
        ("th", {"scope": "row"}),
        ("td", {"class": "number"}),
    ]
    assert reader.rows == [["event", "days min"], ["e1", "1"]]
    assert ">Gaps &amp; more</span></caption>" in markup


@pytest.mark.parametrize("nothing", [None, np.nan, pd.NaT, pd.NA, "", (), []])
def test_whatever_is_missing_is_said_to_be_not_stated(nothing):
    table = pd.DataFrame({"id": ["e1"], "date": pd.Series([nothing], dtype=object)})
    assert body(table) == [["e1", "not stated"]]
    assert table_csv(table) == "id,date\ne1,\n"
    assert plain(table).splitlines()[1] == "e1  —"


@pytest.mark.parametrize(
    ("values", "shown", "written"),
    [
        ([1.0, None], ["1", "not stated"], ["1.0", ""]),
        ([0.25, 1.0], ["0.250", "1.000"], ["0.25", "1.0"]),
        ([0.0004], ["0.0004"], ["0.0004"]),
        ([1 / 3], ["0.333"], ["0.3333333333333333"]),
        ([np.inf, -np.inf], ["∞", "-∞"], ["INF", "-INF"]),
        ([-3], ["-3"], ["-3"]),
        ([True, False], ["yes", "no"], ["true", "false"]),
        (pd.to_datetime(["2018-08-27", None]), ["2018-08-27", "not stated"], ["2018-08-27", ""]),
        ([dt.date(476, 9, 4)], ["0476-09-04"], ["0476-09-04"]),
        ([dt.datetime(2018, 8, 27, 9, 30)], ["2018-08-27T09:30:00"], ["2018-08-27T09:30:00"]),
        ([("b", "a")], ["b; a"], ["b; a"]),
        ([frozenset({"b", "a"})], ["a; b"], ["a; b"]),
        ([2**70], [str(2**70)], [str(2**70)]),
        (
            pd.Series([3, 0.5, 2**70], dtype=object),
            ["3", "0.500", str(2**70)],
            ["3", "0.5", str(2**70)],
        ),
        (
            pd.Series([True, "a", -3, 0.5], dtype=object),
            ["true", "a", "-3", "0.5"],
            ["true", "a", "'-3", "0.5"],
        ),
        ([(0.5, True), (1.0,)], ["0.500; yes", "1.000"], ["0.500; yes", "1.000"]),
        (pd.Series([np.int64(3), np.float64(0.5)], dtype=object), ["3", "0.500"], ["3", "0.5"]),
    ],
)
def test_values_as_shown_and_as_written(values, shown, written):
    table = pd.DataFrame({"n": range(len(values)), "v": values})
    assert [row[1] for row in body(table)] == shown
    assert [row[1] for row in list(csv.reader(io.StringIO(table_csv(table))))[1:]] == written


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(start):
    text = f"{start}SUM(1;2)"
    cells = list(csv.reader(io.StringIO(table_csv(pd.DataFrame({start: [text]})), newline="")))
    assert cells == [[f"'{start}"], [f"'{text}"]]


@given(st.lists(st.tuples(TEXT | HARD, TEXT | HARD), max_size=5))
@settings(deadline=None, max_examples=100)
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
@settings(deadline=None, max_examples=200)
def test_a_page_is_made_from_the_csv_as_it_would_be_from_the_table(table):
    columns = written(table)
    types = types_of(columns)
    assert "string" not in types.values()
    text = table_csv(table)
    assert read_csv_cells(text, types) == columns
    assert table_html_from_csv(text, types, "t", "T") == table_html(table, "t", "T")
    assert fields_of(read_csv_cells(text, types)) == table_fields(table)
    assert csv_of(read_csv_cells(text, types)) == text
    # Other than by its own rendering: what the reader of the page sees in each column of text is
    # the text.
    seen = Reader(table_html_from_csv(text, types, "t", "T")).rows[1:]
    for place, column in enumerate(columns if len(table) else ()):
        if column.type == "string":
            assert [row[place] for row in seen] == [_as_read(cell) for cell in column.cells]


def _as_read(cell: str) -> str:
    """A cell as the reader of these tests reads it from a page."""
    text = legible(cell) if cell else "not stated"
    return text.removesuffix("\n") if text.strip("\n") else ""


@given(st.lists(TEXT.filter(lambda text: text.strip()), min_size=1, max_size=4), TEXT)
@settings(deadline=None, max_examples=60)
def test_no_text_becomes_markup(texts, caption):
    table = pd.DataFrame({"summary": texts})
    reader = Reader(table_html(table, "t", caption))
    assert [tag for tag, _ in reader.tags] == [
        "table",
        "caption",
        "span",
        "thead",
        "tr",
        "th",
        "tbody",
    ] + ["tr", "th"] * len(texts)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '" onmouseover="x',
        "javascript:alert(1)",
        "</td></table><h1>x",
        "&lt;b&gt;",
        "<!--",
    ],
)
def test_hostile_text_is_shown_as_it_stands(hostile):
    table = pd.DataFrame({"id": [hostile], hostile: [hostile]})
    reader = Reader(table_html(table, "t", hostile))
    assert reader.rows == [["id", hostile], [hostile, hostile]]
    assert {tag for tag, _ in reader.tags} <= {
        "table",
        "caption",
        "span",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }
    assert all(set(attributes) <= {"class", "id", "scope"} for _, attributes in reader.tags)


def test_a_row_has_an_address_once():
    table = pd.DataFrame({"event": ["e1", "e1", "", 'a"b', None], "x": range(5)})
    assert anchors(table, "gaps") == ["gaps-e1", "", "", "gaps-a-b", ""]


def test_a_column_id_goes_before_a_column_event():
    assert anchors(pd.DataFrame({"event": ["e1"], "id": ["r1"]}), "t") == ["t-r1"]


def test_a_first_column_of_ids_gives_each_row_its_address():
    assert anchors(pd.DataFrame({"relation": ["rl-a", "rl-b"], "event": ["e1", "e1"]}), "t") == [
        "t-rl-a",
        "t-rl-b",
    ]


@pytest.mark.parametrize("first", [["two words"], ["2018-08-27"], [1], ["-a"], ["A"], [""], [None]])
def test_a_first_column_of_anything_else_gives_none(first):
    assert anchors(pd.DataFrame({"agency": first}), "t") == [""]


def test_a_first_column_that_repeats_leaves_it_to_the_event():
    assert anchors(pd.DataFrame({"rule": ["icpc", "icpc"], "event": ["e1", "e2"]}), "t") == [
        "t-e1",
        "t-e2",
    ]


def test_a_paragraph_has_an_address_with_its_source_where_there_are_several():
    table = pd.DataFrame({"source": ["a", "a"], "paragraph": pd.array([1, 2], dtype="Int64")})
    assert anchors(table, "t") == ["t-1", "t-2"]
    assert anchors(table.assign(source=["a", "b"]), "t") == ["t-a-1", "t-b-2"]


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
    assert {field["name"]: field["type"] for field in table_fields(table)} == {
        "text": "string",
        "whole": "integer",
        "part": "number",
        "sure": "boolean",
        "day": "date",
        "time": "datetime",
        "either": "integer",
        "maybe": "boolean",
        "big": "integer",
        "far": "date",
        "mixed": "string",
        "none": "string",
    }


def test_two_columns_of_one_name_are_refused():
    table = pd.DataFrame([[1, 2]], columns=["a", "a"])
    for write in (table_csv, table_fields, plain, lambda table: table_html(table, "t", "T")):
        with pytest.raises(
            ValueError, match=r"^a table has more than one column named a; rename them$"
        ):
            write(table)


def test_an_empty_table_says_so():
    table = pd.DataFrame({"event": [], "days_min": []})
    assert body(table) == [["No rows."]]
    assert table_csv(table) == "event,days_min\n"
    assert plain(table) == "event  days_min\n0 rows, 2 columns"
    assert Reader(begun_html(written(table), "t", "T")).rows[1:] == [["No rows."]]


def test_plain_text_keeps_to_the_first_rows_and_to_short_cells():
    table = pd.DataFrame({"id": range(10), "summary": ["x" * 40] * 10})
    assert plain(table, rows=1, width=5) == "id  summ…\n0   xxxx…\n…\n10 rows, 2 columns"


def test_columns_are_known_as_numbers_short_words_or_prose():
    table = pd.DataFrame(
        {
            "id": ["e1"],
            "days": [None],
            "share": [0.5],
            "words": ["x" * 20],
            "summary": ["x" * 41],
            "day": ["2018-08-27"],
        }
    )
    assert Reader(table_html(table, "t", "T")).tags[0][1]["class"] == "casechron cards s1 n3 l5 s6"


def test_a_list_of_ids_is_known_as_one():
    texts = {
        "a": ["e-1; " * 10 + "e-2", None],
        "b": ["E 1; " * 10, None],
        "c": ["x" * 41, "x"],
        "d": ["e-1; e-2", None],
    }
    assert (
        Reader(table_html(pd.DataFrame(texts), "t", "T")).tags[0][1]["class"]
        == "casechron i1 l2 l3 s4"
    )


@pytest.mark.parametrize(
    ("columns", "looks"), [(4, set()), (5, {"cards"}), (10, {"cards"}), (11, {"cards", "records"})]
)
def test_a_wide_table_says_that_its_rows_may_be_cards_or_paragraphs(columns, looks):
    table = pd.DataFrame({f"c{place}": ["some words here"] for place in range(columns)})
    assert set(Reader(table_html(table, "t", "T")).tags[0][1]["class"].split()) == {
        "casechron",
        *looks,
    }


def test_what_a_row_is_about_heads_it_beside_its_id():
    def heads(columns):
        text = table_html(pd.DataFrame({column: ["x"] for column in columns}), "t", "T")
        return re.findall(r'<th scope="row">|<td>', text)

    td, th = "<td>", '<th scope="row">'
    assert heads(["event", "day", "summary"]) == [th, td, th]
    assert heads(["event", "first_summary", "next_summary"]) == [th, th, td]
    assert heads(["summary", "day"]) == [th, td]
    assert heads(["event", "day"]) == [th, td]
    assert '<th scope="row">e</th><td class="n">not stated</td>' in table_html(
        pd.DataFrame({"event": ["e"], "summary": [None]}), "t", "T"
    )
