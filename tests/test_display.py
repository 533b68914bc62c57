from __future__ import annotations

import re

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from casechron.reporting import tables
from casechron.reporting.display import publish, show, show_figure, show_words
from casechron.reporting.said import said
from test_tables import Reader


@pytest.fixture
def sent(monkeypatch):
    """What a kernel would be sent: pairs of data and metadata."""
    outputs = []
    plt.switch_backend(
        "agg"
    )  # now, because pyplot asks a shell for its events when it first chooses a backend
    monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: object())
    monkeypatch.setattr(
        "IPython.display.display", lambda data, raw, metadata: outputs.append((data, metadata, raw))
    )
    return outputs


def test_a_table_is_sent_in_three_renderings(sent):
    table = pd.DataFrame({"event": ["e1"], "days_min": [3]})
    show(table, "response_gaps", "Gaps before a response")
    assert sent == [
        (
            {
                "text/html": (
                    "<table class=casechron id=table-response_gaps>\n<caption"
                    " id=caption-response_gaps><span>Gaps before a"
                    " response</span></caption>\n<thead><tr><th scope=col>event<th scope=col"
                    " class=number>days min\n<tbody>\n<tr><th scope=row>e1<td"
                    " class=number>3\n</table>"
                ),
                "text/plain": "event  days_min\ne1     3\n1 row, 2 columns",
                "text/csv": "event,days_min\ne1,3\n",
            },
            {
                "casechron": {
                    "kind": "table",
                    "name": "response_gaps",
                    "caption": "Gaps before a response",
                    "fields": {"days_min": "integer"},
                    "rows": 1,
                }
            },
            True,
        )
    ]


def test_of_a_long_table_a_notebook_shows_the_first_rows_and_where_all_of_them_are(sent):
    table = pd.DataFrame(
        {"event": [f"e{place}" for place in range(75)], "share": [0.5, *[1.0] * 74]}
    )
    show(table, "coded_events")
    data, metadata, _ = sent[0]
    reader = Reader(data["text/html"])
    # Numbers look as they do in the whole table, whatever its first rows hold.
    assert reader.rows == [
        ["event", "share"],
        ["e0", "0.500"],
        *([f"e{place}", "1.000"] for place in range(1, 6)),
    ]
    assert data["text/html"].endswith(
        "</table>\n<p>6 of 75 rows; all of them are in tables/coded_events.csv</p>"
    )
    assert len(data["text/plain"].splitlines()) == 1 + 3 + 2
    assert data["text/csv"] == tables.table_csv(table)
    assert metadata["casechron"]["rows"] == 75


def test_a_table_that_is_no_longer_than_its_beginning_is_whole(sent):
    show(pd.DataFrame({"event": [f"e{place}" for place in range(6)]}), "coded_events")
    assert len(Reader(sent[0][0]["text/html"]).rows) == 7
    assert sent[0][0]["text/html"].endswith("</table>")


def test_tables_are_offered_as_files_of_a_folder(sent):
    publish({"events": pd.DataFrame({"id": ["e1"], "date": ["2018"]})}, "coded")
    assert sent == [
        (
            {
                "text/plain": "tables/coded/events.csv: 1 row, 2 columns",
                "text/csv": "id,date\ne1,2018\n",
            },
            {
                "casechron": {
                    "kind": "file",
                    "name": "coded/events",
                    "caption": "Coded: events",
                    "fields": {},
                    "rows": 1,
                }
            },
            True,
        )
    ]
    for frames, folder in (({"events": pd.DataFrame()}, "../up"), ({"a/b": pd.DataFrame()}, "up")):
        with pytest.raises(ValueError, match="cannot name a table, a figure or findings"):
            publish(frames, folder)


def test_a_table_without_a_caption_is_called_by_its_name(sent):
    show(pd.DataFrame({"a": [1]}), "response_gaps")
    assert sent[0][1]["casechron"]["caption"] == "Response gaps"


def test_showing_changes_no_table(sent):
    table = pd.DataFrame(
        {"event": ["=e1", None], "day": pd.to_datetime(["2018-08-27", None])}, index=[7, 3]
    )
    before = table.copy(deep=True)
    show(table, "gaps")
    pd.testing.assert_frame_equal(table, before)


def test_a_figure_is_sent_as_svg_with_its_words_and_closed(sent):
    figure, ax = plt.subplots()
    show_figure(ax, "gaps", alt="Nothing yet.", caption="Gaps")
    data, metadata, raw = sent[0]
    assert set(data) == {"image/svg+xml", "text/plain"}
    assert data["image/svg+xml"].startswith("<svg ")
    assert data["text/plain"] == "Figure gaps: Nothing yet."
    assert metadata == {
        "casechron": {"kind": "figure", "name": "gaps", "caption": "Gaps", "alt": "Nothing yet."}
    }
    assert raw is True
    assert not plt.fignum_exists(figure.number)


def test_a_figure_and_its_axes_are_shown_alike(sent):
    for pick in (lambda figure, ax: figure, lambda figure, ax: ax):
        show_figure(pick(*plt.subplots()), "gaps", alt="Nothing yet.")
    assert sent[0] == sent[1]


def test_a_figure_without_words_is_refused():
    _, ax = plt.subplots()
    with pytest.raises(
        ValueError, match=r"^figure gaps has no alt text; say in words what it shows$"
    ):
        show_figure(ax, "gaps", alt=" ")
    plt.close("all")


def test_axes_of_no_figure_are_refused():
    _, ax = plt.subplots()
    ax.remove()
    with pytest.raises(
        ValueError, match=r"^figure gaps: these axes belong to no figure any more; draw them anew$"
    ):
        show_figure(ax, "gaps", alt="x")
    plt.close("all")


def test_words_are_sent_as_a_list(sent):
    show_words(["a < b", "c"], "order", "What comes <first>")
    assert sent[0][0] == {
        "text/html": (
            '<div class="words" id="words-order">\n<p class="words-heading">What comes'
            " &lt;first&gt;</p>\n<ul>\n<li>a &lt; b</li>\n<li>c</li>\n</ul>\n</div>"
        ),
        "text/plain": "What comes <first>\n- a < b\n- c",
    }
    assert sent[0][1] == {
        "casechron": {
            "kind": "words",
            "name": "order",
            "caption": "What comes <first>",
            "sentences": ["a < b", "c"],
        }
    }


def test_words_say_on_which_tables_they_rest(sent):
    given = [said("3 days.", "gaps", "decisions"), "Nobody knows."]
    show_words(given, "order")
    assert sent[0][1]["casechron"] == {
        "kind": "words",
        "name": "order",
        "caption": "",
        "sentences": ["3 days.", "Nobody knows."],
        "rests_on": [["gaps", "decisions"], []],
    }
    show_words(list(map(str, given)), "order")
    # In the notebook file the words are the same.
    assert sent[0][0] == sent[1][0]
    assert "rests_on" not in sent[1][1]["casechron"]


@pytest.mark.parametrize("sentences", [["one"], "one", ("one",), pd.Series(["one"]), iter(["one"])])
def test_words_come_in_any_sequence(sent, sentences):
    show_words(sentences, "order")
    assert sent[0][0]["text/plain"] == "- one"


def test_no_words_are_said_to_be_none(sent):
    show_words([], "order")
    assert sent[0][0]["text/plain"] == "Nothing that is coded bears on this."
    assert "<p>Nothing that is coded bears on this.</p>" in sent[0][0]["text/html"]


@pytest.mark.parametrize(
    "name",
    ["", "Gaps", "gaps-1", "../gaps", "1gaps", "gaps.csv", "table", "figure", "words", "caption"],
)
def test_a_name_that_cannot_be_an_address_is_refused(name):
    said = (
        f"{name!r} cannot name a table, a figure or findings; write small letters, digits and"
        " underscores, beginning with a letter, and none of: table, caption, figure, words"
    )
    for call in (
        lambda: show(pd.DataFrame({"a": [1]}), name),
        lambda: show_figure(plt.figure(), name, alt="x"),
        lambda: show_words(["x"], name),
    ):
        with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
            call()
    plt.close("all")
