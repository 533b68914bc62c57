"""Does a place lead to its paragraph and an id to its row, across pages, and does nothing lead
nowhere?"""

from __future__ import annotations

import re

import pandas as pd
import pytest

from casechron.reporting.links import link_rows, resolve, ways
from casechron.reporting.tables import table_html


def table(name: str, **columns: list[object]) -> str:
    return table_html(pd.DataFrame(columns), name, name)


COVERAGE = table(
    "rows_by_paragraph",
    source=["report", "report"],
    paragraph=[1, 13],
    row_ids=["lk-a", "e-1, e-2, unknown"],
)
SOURCES = table("sources", id=["report", "timeline"], citation=["R", "T"])
EVENTS = table(
    "coded_events",
    event=["e-1", "e-2"],
    summary=["e-1", "b"],
    places=["para 13.2, 14.1", "timeline"],
)
FIRST = f"<main>{SOURCES}{EVENTS}{COVERAGE}</main>"
LATER = (
    f"<main>{table('gaps', event=['e-2', 'e-9'], words=['e-1 waits', 'e-2'])}</main><a"
    ' href="#table-gaps">x</a>'
)
KNOWN = ways({"01.html": FIRST, "02.html": LATER})


def done(text: str, file: str) -> str:
    return resolve(link_rows(text, KNOWN), file, KNOWN)


def test_a_place_leads_to_its_paragraph_and_a_source_to_its_row() -> None:
    text = done(FIRST, "01.html")
    assert '<td>para <a href="#para-13">13.2</a>, 14.1</td>' in text
    assert '<td><a href="#sources-timeline">timeline</a></td>' in text


def test_a_paragraph_leads_to_its_rows() -> None:
    assert '<a href="#row-e-1">e-1</a>, <a href="#row-e-2">e-2</a>, unknown</td>' in done(
        FIRST, "01.html"
    )


def test_beside_places_lists_of_rows_are_words_and_single_ids_lead_on() -> None:
    text = table(
        "gaps",
        gap=["x", "y"],
        start=["e-1", "e-2"],
        rows=["e-1; e-2", "e-2"],
        places=["para 13.2", ""],
    )
    known = ways({"01.html": FIRST, "02.html": text})
    linked = link_rows(text, known)
    assert '<td><a href="#row-e-1">e-1</a></td><td>e-1; e-2</td>' in linked
    assert '<td><a href="#row-e-2">e-2</a></td><td>e-2</td>' in linked
    assert 'para <a href="#para-13">13.2</a>' in linked


def test_without_places_every_row_of_a_list_leads_on() -> None:
    text = table("gaps", gap=["x"], rows=["e-1; e-2"])
    assert '<td><a href="#row-e-1">e-1</a>; <a href="#row-e-2">e-2</a></td>' in link_rows(
        text, ways({"01.html": FIRST, "02.html": text})
    )


def test_in_a_very_long_table_each_row_still_leads_to_its_paragraph() -> None:
    many = 1000
    with_places = table(
        "t", event=["e-1"] * many, words=["x" * 50] * many, places=["para 13.1, 13.2"] * many
    )
    linked = link_rows(with_places, KNOWN)
    assert (
        linked.count("<a ")
        == linked.count('<td>para <a href="#para-13">13.1</a>, 13.2</td>')
        == many
    )
    without = table(
        "t", words=["x" * 50] * many, rows=[f"e-{place % 2 + 1}; e-2" for place in range(many)]
    )
    linked = link_rows(without, KNOWN)
    assert linked.count("<td><a ") == many
    assert linked.count(">e-1</a>; e-2</td>") == linked.count(">e-2</a>; e-2</td>") == many / 2


def test_a_cell_that_repeats_the_one_above_is_words_and_the_tab_key_stops_at_the_first_link_to_a_row() -> (  # noqa: E501
    None
):
    text = table(
        "t",
        event=["e-1", "e-1", "e-2", "e-1"],
        rows=["e-2; x-1", "e-1", "e-1", "e-2"],
        words=["e-1", "b c", "", ""],
    )
    cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", link_rows(text, KNOWN))[3:]
    first, again = '<a href="#row-e-{0}">e-{0}</a>', '<a href="#row-e-{0}" tabindex="-1">e-{0}</a>'
    assert cells[0::3] == [first.format(1), "e-1", again.format(2), again.format(1)]
    assert cells[1::3] == [f"{first.format(2)}; x-1", again.format(1), "e-1", again.format(2)]


def test_a_link_that_is_no_stop_still_leads_to_the_page_where_its_row_is() -> None:
    text = table("t", event=["e-1", "e-2", "e-1"])
    assert done(text, "02.html").count('<a href="01.html#row-e-1" tabindex="-1">e-1</a>') == 1


def test_a_cell_of_several_lines_is_linked_like_any_other() -> None:
    text = table("t", words=["a\nb"], event=["e-1"])
    assert '<td><a href="#row-e-1">e-1</a></td>' in link_rows(text, KNOWN)


def test_a_row_on_another_page_leads_to_where_it_is_told() -> None:
    text = done(LATER, "02.html")
    assert '<tr id="gaps-e-2"><th scope="row"><a href="01.html#row-e-2">e-2</a></th>' in text
    assert '<th scope="row">e-9</th>' in text


def test_words_that_are_no_ids_stay_words() -> None:
    # The column holds prose in one cell, so that an id alone in another is no link either.
    assert "<td>e-1 waits</td></tr>" in done(LATER, "02.html")
    assert "<td>e-2</td></tr>" in done(LATER, "02.html")


def test_a_row_does_not_lead_to_itself() -> None:
    assert '<th scope="row">e-1</th>' in done(FIRST, "01.html")


def test_with_several_sources_a_place_names_its_own() -> None:
    coverage = table(
        "rows_by_paragraph", source=["report", "letter"], paragraph=[2, 2], row_ids=["", ""]
    )
    text = coverage + table("coded_events", event=["e-1"], places=["report 2.1, letter 2.4"])
    known = ways({"01.html": text})
    assert (
        '<a href="#para-report-2">report 2.1</a>, <a href="#para-letter-2">letter 2.4</a>'
        in link_rows(text, known)
    )


@pytest.mark.parametrize("place", ["para 99.1", "nowhere", "5", "1.2.3 &amp; more", "<b>13.2</b>"])
def test_what_leads_nowhere_stays_as_it_is(place: str) -> None:
    text = table("t", event=["e-1"], places=[place])
    assert (
        resolve(link_rows(text, ways({"1.html": text})), "1.html", ways({"1.html": text})) == text
    )


def test_dead_links_of_a_page_are_words_and_others_are_led_across() -> None:
    assert resolve('<a href="#gone">x</a>', "02.html", KNOWN) == "x"
    assert (
        resolve('<a href="#table-gaps">x</a>', "01.html", KNOWN)
        == '<a href="02.html#table-gaps">x</a>'
    )
    assert resolve('<a href="#table-gaps">x</a>', "02.html", KNOWN) == '<a href="#table-gaps">x</a>'
    assert (
        resolve('<a href="https://example.org/#gone">x</a>', "02.html", KNOWN)
        == '<a href="https://example.org/#gone">x</a>'
    )


def test_hostile_cells_gain_no_markup() -> None:
    hostile = '"><script>x</script> 13.2'
    text = table("t", event=["e-1"], places=[hostile])
    linked = link_rows(text, KNOWN)
    assert "<script" not in linked
    assert '"&gt;&lt;script&gt;x&lt;/script&gt; ' in linked
