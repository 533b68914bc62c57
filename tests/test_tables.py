from __future__ import annotations

import csv
import datetime as dt
import io
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casechron.reporting.tables import anchors, clean, table_csv, table_fields, table_html, table_plain

#: Text as a CSV in UTF-8 can hold it.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


class Reader(HTMLParser):
    """The tags of a table, and the words of each of its cells as a screen reader says them."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self._hidden = 0
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        self._hidden += tag == "span" and ("aria-hidden", "true") in attrs

    def handle_endtag(self, tag):
        self._hidden = 0

    def handle_data(self, data):
        if self.rows and self.rows[-1] and not self._hidden and data.strip("\n"):
            self.rows[-1][-1] += data


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
    assert table_plain(table).splitlines()[1] == "e1  —"


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


@given(st.lists(st.tuples(TEXT, TEXT), max_size=5))
@settings(deadline=None, max_examples=60)
def test_csv_gives_the_texts_back(rows):
    table = pd.DataFrame(rows, columns=["one", "=two"], dtype=object)
    read = list(csv.reader(io.StringIO(table_csv(table), newline="")))
    undone = [[cell[1:] if cell[:1] == "'" and cell[1:2] in "=+-@\t\r\n＝＋－＠" else cell for cell in row] for row in read]
    apostrophes = [[text.replace("\x00", "\ufffd") for text in row] for row in rows]
    # A text of one lone apostrophe, or with an apostrophe before a sign, is the one case that cannot be told.
    if not any(text[:1] == "'" and text[1:2] in "=+-@\t\r\n＝＋－＠" for row in apostrophes for text in row):
        assert undone == [["one", "=two"], *apostrophes]


@given(st.lists(TEXT.filter(lambda text: text.strip()), min_size=1, max_size=4), TEXT)
@settings(deadline=None, max_examples=60)
def test_no_text_becomes_markup(texts, caption):
    table = pd.DataFrame({"summary": texts})
    reader = Reader(table_html(table, "t", caption))
    assert [tag for tag, _ in reader.tags] == ["table", "caption", "span", "thead", "tr", "th", "tbody"] + ["tr", "th"] * len(
        texts
    )


@pytest.mark.parametrize(
    "hostile",
    ["<script>alert(1)</script>", '" onmouseover="x', "javascript:alert(1)", "</td></table><h1>x", "&lt;b&gt;", "<!--"],
)
def test_hostile_text_is_shown_as_it_stands(hostile):
    table = pd.DataFrame({"id": [hostile], hostile: [hostile]})
    reader = Reader(table_html(table, "t", hostile))
    assert reader.rows == [["id", hostile], [hostile, hostile]]
    assert {tag for tag, _ in reader.tags} <= {"table", "caption", "span", "thead", "tbody", "tr", "th", "td"}
    assert all(set(attributes) <= {"class", "id", "scope"} for _, attributes in reader.tags)


def test_characters_that_no_page_can_hold_are_seen():
    assert clean("a\x00b\x1b[0m\u202ec\ud800") == "a\ufffdb\ufffd[0m\ufffdc\ufffd"
    assert clean("tab\tline\nend é — 😀") == "tab\tline\nend é — 😀"


def test_a_row_has_an_address_once():
    table = pd.DataFrame({"event": ["e1", "e1", "", 'a"b', None], "x": range(5)})
    assert anchors(table, "gaps") == ["gaps-e1", "", "", "gaps-a-b", ""]


def test_a_column_id_goes_before_a_column_event():
    assert anchors(pd.DataFrame({"event": ["e1"], "id": ["r1"]}), "t") == ["t-r1"]


def test_a_first_column_of_ids_gives_each_row_its_address():
    assert anchors(pd.DataFrame({"relation": ["rl-a", "rl-b"], "event": ["e1", "e1"]}), "t") == ["t-rl-a", "t-rl-b"]


@pytest.mark.parametrize("first", [["two words"], ["2018-08-27"], [1], ["-a"], ["A"], [""], [None]])
def test_a_first_column_of_anything_else_gives_none(first):
    assert anchors(pd.DataFrame({"agency": first}), "t") == [""]


def test_a_first_column_that_repeats_leaves_it_to_the_event():
    assert anchors(pd.DataFrame({"rule": ["icpc", "icpc"], "event": ["e1", "e2"]}), "t") == ["t-e1", "t-e2"]


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
    for write in (table_csv, table_fields, table_plain, lambda table: table_html(table, "t", "T")):
        with pytest.raises(ValueError, match=r"^a table has more than one column named a; rename them$"):
            write(table)


def test_an_empty_table_says_so():
    table = pd.DataFrame({"event": [], "days_min": []})
    assert body(table) == [["No rows."]]
    assert table_csv(table) == "event,days_min\n"
    assert table_plain(table) == "event  days_min\n0 rows, 2 columns"


def test_plain_text_keeps_to_the_first_rows_and_to_short_cells():
    table = pd.DataFrame({"id": range(10), "summary": ["x" * 40] * 10})
    assert table_plain(table, rows=1, width=5) == "id  summ…\n0   xxxx…\n…\n10 rows, 2 columns"


def test_columns_are_known_as_numbers_short_words_or_prose():
    table = pd.DataFrame(
        {"id": ["e1"], "days": [None], "share": [0.5], "words": ["x" * 20], "summary": ["x" * 41], "day": ["2018-08-27"]}
    )
    assert Reader(table_html(table, "t", "T")).tags[0][1]["class"] == "casechron s1 n3 l5 s6"
