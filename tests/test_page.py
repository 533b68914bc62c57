"""Does a page say what its notebook showed, and nothing that a reader is not meant to see?"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import nbformat
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from casechron.dates.policy import DatingPolicy
from casechron.report import show
from casechron.report.about import About, Party
from casechron.report.draw.canvas import NARROW, POINT, WIDE
from casechron.report.draw.waits import draw_waits
from casechron.report.export import ExportError, ReviewFacts
from casechron.report.page import handout
from casechron.report.page.blocks import Block, read_notebook, shown_outputs, table_of
from casechron.report.page.build import explained, in_page, page_style, write_pages
from casechron.report.page.drawings import in_columns
from casechron.report.page.prose import markdown_html
from real_reviews import real_review
from text_tables import cells_of

CHRONICLE = pd.DataFrame(
    {
        "event": ["referral-1", "closure-1"],
        "summary": ["The school refers <b>worries</b>", "The case is closed"],
        "date_words": ["late August", ""],
        "places": ["p1.1", "p2.3"],
        "days_min": pd.array([3, None], dtype="Int64"),
    }
)
WAIT = "event to_event text length days_min days_max limit_min limit_max"
NO_WAITS = pd.DataFrame(columns=WAIT.split())


def captured(monkeypatch: pytest.MonkeyPatch, cells: list[Any]) -> Any:
    """An executed notebook: prose, or what a call of `show` sends."""
    sent: list[tuple[dict[str, str], dict[str, Any]]] = []
    monkeypatch.setattr(show, "_send", lambda data, **meta: sent.append((data, meta)))
    notebook_cells = []
    for cell in cells:
        if isinstance(cell, str):
            notebook_cells.append(nbformat.v4.new_markdown_cell(cell))
            continue
        sent.clear()
        cell()
        code = nbformat.v4.new_code_cell("secret = 'code'")
        code.outputs = [
            nbformat.v4.new_output("display_data", data=data, metadata={"casechron": meta})
            for data, meta in sent
        ]
        notebook_cells.append(code)
    return nbformat.v4.new_notebook(cells=notebook_cells)


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, str]:
    """The pages of a small report by their names."""
    story = captured(
        monkeypatch,
        [
            "# What happened?\n\nHow to read it. See [waits](03_timing.ipynb), [no](09_x.ipynb).",
            lambda: show.points(
                [show.Point("The case was closed & left.", ("closure-1",)), "A second point."]
            ),
            lambda: show.figure(
                draw_waits,
                pd.DataFrame(
                    [
                        (
                            "referral-1",
                            "closure-1",
                            "From a to b",
                            "up to 9 weeks",
                            0,
                            60,
                            None,
                            None,
                        )
                    ],
                    columns=cells_of("""
                        event | to_event | text | length | days_min | days_max | limit_min
                        limit_max
                    """),
                ),
                name="waits",
                title="Up to nine weeks",
                alt="One bar.",
            ),
            "## All events",
            lambda: show.table(
                CHRONICLE,
                "chronicle",
                "All events",
                ["event", "summary", "places"],
                ["date_words", "days_min"],
            ),
            lambda: show.keep(CHRONICLE, "kept", "What no page shows"),
        ],
    )
    story.cells[0].metadata["casechron"] = {"name": "Story", "questions": ["Why?", "What for?"]}
    behind = captured(monkeypatch, ["# How sure?", lambda: show.points(["Quite sure."])])
    behind.cells[0].metadata["casechron"] = {"name": "How sure", "behind": True}
    waits = captured(monkeypatch, ["# How long?", lambda: show.points(["Nine weeks."])])
    people = (Party("WM", "mother"), Party("sister of WM", "other relative"), Party("W", "child"))
    facts = ReviewFacts(
        "child-x",
        "Child X (Anytown, 2019)",
        imprint=(("Jurisdiction", "Scotland"),),
        about=About(people=people),
        citation="The coders (2026). Child <X>.",
        version="1",
        data_hash="f" * 64,
        waiting=(("Two accounts", "fill `views`"),),
    )
    notebooks = {"01_coding": behind, "02_chronology": story, "03_timing": waits}
    write_pages(tmp_path, facts, notebooks)
    return {
        path.relative_to(tmp_path).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(tmp_path.rglob("*.html"))
    }


def main_of(page: str) -> str:
    return page.split('<main id="main"', 1)[1].split("</main>", 1)[0]


def test_which_pages_there_are(pages: dict[str, str]) -> None:
    assert list(pages) == cells_of("""
        01_coding.html | 03_timing.html | child-x.html | handout.html | index.html
        tables/chronicle.html | tables/kept.html
    """)


def test_the_first_finding_is_the_title_and_stands_once(pages: dict[str, str]) -> None:
    main = main_of(pages["index.html"])
    assert "<h1>The case was closed &amp; left.</h1>" in main
    heard = '<span class="visually-hidden"> for: The case was closed &amp; left.</span>'
    assert main.count("<summary>Show the rows") == 1
    assert (
        f"<summary>Show the rows{heard}</summary>\n<p>The case was closed &amp; left.</p>" in main
    )
    # Beside the rows it is said once more for what they are.
    assert main.replace(heard, "").count("The case was closed &amp; left.") == 2
    # What was found comes before how the page is read.
    assert main.index("<li>A second point.") < main.index("How to read it.")
    assert '<p class="kicker">What happened?</p>' in main
    assert "<li>A second point." in main
    # The rows that bear it, with their words and places.
    assert '<a href="tables/chronicle.html#closure-1">The case is closed</a>' in main
    assert '<span class="place">p2.3</span>' in main


def test_a_page_shows_no_code_and_what_somebody_wrote_is_no_markup(pages: dict[str, str]) -> None:
    for page in pages.values():
        assert "secret" not in page
        assert "<b>" not in page
    assert "The school refers &lt;b&gt;worries&lt;/b&gt;" in pages["index.html"]


def test_links_lead_to_pages_that_are_there(pages: dict[str, str]) -> None:
    main = main_of(pages["index.html"])
    assert '<a href="03_timing.html">waits</a>, no.' in main
    for name, page in pages.items():
        folder = Path(name).parent
        ids = set(re.findall(r'\sid="([^"]+)"', page))
        for href in re.findall(r'<a [^>]*href="([^"]*)"', page):
            file, _, address = href.partition("#")
            if "://" in href or file.startswith("../") or file.endswith((".ipynb", ".csv")):
                continue
            if file == "SHA256SUMS" or href.startswith("tel:"):
                continue
            target = (folder / file).as_posix() if file else name
            assert target in pages, (name, href)
            there = ids if not file else set(re.findall(r'\sid="([^"]+)"', pages[target]))
            assert not address or address in there, (name, href)


def test_menus_have_readers_pages_first_and_those_behind_last(pages: dict[str, str]) -> None:
    menu = pages["index.html"].split('<ul class="menu">', 1)[1].split("</ul>", 1)[0]
    assert re.findall(r">([^<>\n]+)</a>", menu) == ["Story", "How long?", "How sure", "Hand-out"]
    assert '<a href="index.html" aria-current="page">Story</a>' in menu
    assert '<a href="01_coding.html" class="behind">How sure</a>' in menu
    assert '<a href="handout.html" aria-current="page">Hand-out</a>' in pages["handout.html"]


def test_the_file_to_send_leads_nowhere_and_says_how_words_for_days_are_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = captured(monkeypatch, ["# Q\n\nHow *late* is read, [Method](../method.html) says."])
    facts = ReviewFacts("child-x", "X", data_hash="f" * 64, policy=tuple(DatingPolicy().describe()))
    write_pages(tmp_path, facts, {"02_chronology": page})
    assert '<a href="../method.html">Method</a> says' in (tmp_path / "index.html").read_text()
    single = (tmp_path / "child-x.html").read_text(encoding="utf-8")
    assert "<em>late</em> is read, Method says" in single
    assert re.findall(r'href="([^"#][^"]*)"', main_of(single)) == []
    assert "Method, of days that are said in words: " in single
    assert re.findall(r"&#39;(\w+)&#39; ([^;]*) of a month and", single) == [
        ("early", "ends with day 10"),
        ("mid", "is day 11 to 20"),
        ("late", "begins with day 21"),
        ("end", "begins with day 21"),
    ]


def test_the_hand_out_explains_its_terms_on_paper(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    point = "The emergency duty team was not told by the health visitor."
    page = captured(
        monkeypatch,
        [
            "# Q",
            lambda: show.points([point]),
            lambda: show.figure(draw_waits, NO_WAITS, name="timeline", title="T", alt="No bar."),
        ],
    )
    write_pages(tmp_path, ReviewFacts("child-x", "X", data_hash="f" * 64), {"02": page})
    words = (tmp_path / "handout.html").read_text().split('<div class="words">')[1]
    assert re.findall(r"<p><strong>([^<]*)</strong> ([^<]*)</p>", words.split("</div>")[0]) == [
        (
            "Emergency duty team (EDT).",
            "Social workers who answer urgent calls outside office hours.",
        ),
        (
            "Health visitor.",
            "A nurse or midwife with further training who sees families with young children at"
            " home and in clinics.",
        ),
    ]


def test_a_tab_says_which_page_of_which_review_it_is(pages: dict[str, str]) -> None:
    titles = {name: re.findall(r"<title>([^<]*)</title>", page) for name, page in pages.items()}
    review = titles["child-x.html"][0].removesuffix(" – Case chronologies")
    assert titles["index.html"] == [f"Story – {review}"]
    assert titles["01_coding.html"] == [f"How sure – {review}"]
    assert titles["handout.html"] == [f"Hand-out – {review}"]


def test_a_term_of_several_words_is_heard_once() -> None:
    text = explained("<p>An initial child protection conference.</p><!-- terms -->", "")
    heard = re.sub(r'<(\w+)[^>]* aria-hidden="true"[^>]*>.*?</\1>', "", text.split("</p>")[0])
    assert re.sub(r'<[^>]*aria-label="([^"]*)"[^>]*>[^<]*<', r"[\1]<", heard) == (
        '<p>An <span class="kept">[initial child protection conference]</button>.</span>'
    )


def test_what_stands_beside_a_term_without_a_space_is_not_parted_from_it() -> None:
    text = explained(
        "<p>The plan (MARAC, or a strategy discussion), and EDTF for dates.</p><!-- terms -->", ""
    )
    line = re.sub(r"</?(?:button|label)[^>]*>", "", text.split("</p>")[0])
    assert line == (
        '<p>The plan <span class="kept">(MARAC,</span> or a strategy'
        ' <span class="kept">discussion),</span> and EDTF for dates.'
    )
    # A line can end on either side of a button, whatever stands there.
    assert ".kept{white-space:nowrap}" in page_style("page")


def test_what_has_no_page_is_said_in_words_for_readers(pages: dict[str, str]) -> None:
    assert "<li>No page on “Two accounts”: it is not coded.</li>" in pages["index.html"]


def test_both_widths_of_a_chart_stand_on_the_page(pages: dict[str, str]) -> None:
    page = pages["index.html"]
    for name in ("waits-340", "waits-1160"):
        assert f'<title id="{name}-title">Up to nine weeks</title>' in page
    # A bar leads to the row of its event.
    assert re.search(
        r'<a id="waits-1160-wait-referral-1-closure-1" href="tables/chronicle.html#referral-1"',
        page,
    )
    # In the file to send there are no tables to lead to.
    assert "tables/chronicle.html" not in pages["child-x.html"]
    assert '<g id="waits-1160-wait-referral-1-closure-1"' in pages["child-x.html"]


def test_the_file_to_send_holds_the_pages_for_readers_alone(pages: dict[str, str]) -> None:
    single = pages["child-x.html"]
    assert "Quite sure." not in single
    assert "Nine weeks." in single
    assert 'href="tables/' not in single


def test_a_title_that_names_the_place_of_the_fonts_takes_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    chart = captured(
        monkeypatch,
        [
            "# Q",
            lambda: show.points(["So."]),
            lambda: show.figure(draw_waits, NO_WAITS, name="timeline", title="T", alt="No bar."),
        ],
    )
    write_pages(
        tmp_path, ReviewFacts("child-x", "X /* fonts */", data_hash="f" * 64), {"02": chart}
    )
    for name in ("index.html", "child-x.html"):
        head = (tmp_path / name).read_text(encoding="utf-8").split("</head>")[0]
        title, style = head.split("<style>")
        assert "X /* fonts */" in title
        assert "@font-face" not in title
        assert "@font-face" in style


def test_headings_of_the_file_to_send_nest(pages: dict[str, str]) -> None:
    headings = re.findall(r"<(h[1-6])[^>]*>([^<]*)", main_of(pages["child-x.html"]))
    assert ("h2", "The case was closed &amp; left.") in headings
    assert ("h3", "All events") in headings
    assert ("h2", "All events") in re.findall(
        r"<(h[1-6])[^>]*>([^<]*)", main_of(pages["index.html"])
    )
    levels = [int(level[1]) for level, _ in headings]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_the_hand_out_has_a_chart_with_a_few_points_and_questions(pages: dict[str, str]) -> None:
    main = main_of(pages["handout.html"])
    assert re.findall(r"<h2>([^<]*)", main) == ["Story", "Questions for discussion"]
    assert re.findall(r"<li>([^<]*)", main) == [
        "The case was closed &amp; left.",
        "A second point.",
        "Why?",
    ]
    assert re.findall(r'<title id="(waits-[0-9]+)-title', main) == ["waits-340"]
    # On paper a link to the help lines is of no use.
    assert ('<a href="tel:+448088005000">worried about a child, NSPCC 0808 800 5000</a>') in pages[
        "handout.html"
    ]
    # A page leads to them, and has them for paper.
    assert re.findall(r'href="\.\./help.html" data-lines="([^"]*)"', pages["index.html"]) == [
        "worried about a child, NSPCC 0808 800 5000; domestic abuse, in Scotland, 0800 027 1234;"
        " Samaritans, 116 123; in danger now, 999"
    ]


def test_the_hand_out_tells_two_waits_at_most_and_what_had_no_answer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    waits = captured(
        monkeypatch,
        [
            "# How long?",
            lambda: show.points(["One.", "Two.", "Three."], "key_waits"),
            lambda: show.points(["Nobody came."], "unanswered"),
            lambda: show.figure(draw_waits, NO_WAITS, name="waits", title="T", alt="No bar."),
        ],
    )
    write_pages(tmp_path, ReviewFacts("child-x", "X", data_hash="f" * 64), {"03_timing": waits})
    main = main_of((tmp_path / "handout.html").read_text(encoding="utf-8"))
    assert re.findall(r"<li>([^<]*)", main) == ["One.", "Two.", "Nobody came."]


def test_cards_have_their_points_with_rows_and_no_markup(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    point = show.Point("Nobody <b>looked</b>", ("closure-1",))
    cards = [show.Card("Look & see", (point,), "We tie it to this:", "p3.1"), show.Card("Alone")]
    page = captured(
        monkeypatch,
        [
            "# Q",
            lambda: show.keep(CHRONICLE, "chronicle", "Events"),
            lambda: show.cards(cards, "recommended"),
        ],
    )
    write_pages(tmp_path, ReviewFacts("child-x", "X", data_hash="f" * 64), {"06_learning": page})
    main = main_of((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert '<h3>Look &amp; see <span class="place">p3.1</span></h3>' in main
    assert '<p class="lead">We tie it to this:</p>' in main
    assert "<li>Nobody &lt;b&gt;looked&lt;/b&gt;" in main
    assert '<a href="tables/chronicle.html#closure-1">The case is closed</a>' in main
    assert main.count('<section class="card">') == 2
    single = (tmp_path / "child-x.html").read_text(encoding="utf-8")
    assert '<h4>Look &amp; see <span class="place">p3.1</span></h4>' in single


@pytest.mark.parametrize("page", ["index.html", "handout.html", "child-x.html", "03_timing.html"])
def test_persons_are_introduced_above_what_is_told_of_them(
    pages: dict[str, str], page: str
) -> None:
    main = main_of(pages[page])
    key = '<p class="source">WM: mother; W: child.'
    assert main.count(key) == 1
    # What a page begins with: its first point, or the heading of the first.
    assert main.index(key) < main.index("points" if page != "handout.html" else "A second point.")


def test_persons_are_introduced_on_the_pages_behind_too(pages: dict[str, str]) -> None:
    assert main_of(pages["01_coding.html"]).count('<p class="source">WM: mother; W: child.') == 1


def test_the_hand_out_says_how_it_is_cited(pages: dict[str, str]) -> None:
    cited = (
        "To cite: The coders (2026). Child &lt;X&gt;. Hand-out, casechron 1, data <code>ffffffff"
    )
    assert cited in pages["handout.html"]


def test_links_and_what_folds_say_of_what_they_are_to_who_hears_them(
    pages: dict[str, str],
) -> None:
    main = main_of(pages["index.html"])
    for words, of in [
        ("This chart in words", "of: Up to nine weeks"),
        ("More", "on referral-1"),
        ("With every column", "of: All events"),
        ("CSV", "of: All events"),
    ]:
        assert f'>{words}<span class="visually-hidden"> {of}</span></' in main
    folded = re.findall(r"<summary>(.*?)</summary>", main)
    assert len(folded) == len(set(folded))


def test_a_table_says_how_many_of_its_rows_a_page_shows(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    table = pd.DataFrame({"event": [f"e{number}" for number in range(13)]})
    page = captured(monkeypatch, ["# Q", lambda: show.table(table, "events", "Events")])
    write_pages(tmp_path, ReviewFacts("child-x", "X", data_hash="f" * 64), {"06_learning": page})
    whole = "All 13 rows, every column"
    for file, words in [
        ("index.html", f'The first 12 of 13 rows. <a href="tables/events.html">{whole}<'),
        (
            "child-x.html",
            f"The first 12 of 13 rows. {whole}: tables/events.csv of the report.</p>",
        ),
    ]:
        assert words in (tmp_path / file).read_text(encoding="utf-8")


def test_a_chart_in_words_is_a_list_of_its_sentences() -> None:
    block = Block("figure", text="At home: W is hurt (in July 2018); more. Others: 3 referrals.")
    assert block.sentences == ["At home: W is hurt (in July 2018); more.", "Others: 3 referrals."]


def test_an_empty_cell_is_empty_and_numbers_are_whole(pages: dict[str, str]) -> None:
    for page in pages.values():
        assert "not stated" not in page
        assert "&lt;NA&gt;" not in page
    row = pages["tables/kept.html"].split('<tr id="closure-1">', 1)[1].split("</tr>", 1)[0]
    assert row.count('<td data-head="date in the source"></td>') == 1
    assert '<td data-head="days at least" class="number"></td>' in row
    assert '<td data-head="days at least" class="number">3</td>' in pages["tables/kept.html"]


def test_a_column_without_a_cell_is_named_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    table = pd.DataFrame({"event": ["a", "b"], "by": ["", ""]})
    notebook = captured(
        monkeypatch, ["# Q", lambda: show.table(table, "events", "Events", ["event", "by"])]
    )
    ((output, _),) = shown_outputs(notebook)
    shown_table = table_of(output)
    assert (shown_table.heads, shown_table.left_out) == (["event"], ["by"])


@pytest.mark.parametrize("count", [0, 1, 12, 13, 433])
def test_a_page_shows_the_first_rows(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    table = pd.DataFrame({"event": [f"e{number}" for number in range(count)]})
    notebook = captured(monkeypatch, ["# Q", lambda: show.table(table, "events", "Events")])
    ((output, _),) = shown_outputs(notebook)
    assert len(table_of(output).rows) == min(count, 12)
    assert len(table_of(output, whole=True).rows) == count


def test_two_things_of_one_address_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    twice = captured(
        monkeypatch,
        ["# Q", *[lambda: show.table(CHRONICLE, "same", "Same")] * 2],
    )
    facts = ReviewFacts("child-x", "Child X", data_hash="f" * 64)
    with pytest.raises(ExportError, match=r"index\.html: more than one thing has the address "):
        write_pages(tmp_path, facts, {"02_chronology": twice})


#: What groupby makes: whose a row is stands in the index.
COUNTS = pd.DataFrame({"who": ["gp", "school"], "days": [3, 5]}).set_index("who")


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (lambda: show.table(CHRONICLE, "A b", "x"), "'A b' cannot name what is shown"),
        (lambda: show.table(CHRONICLE, "a", "x", ["nowhere"]), "table a has no column nowhere"),
        (
            lambda: show.table(
                pd.DataFrame({c: [1] for c in "abcdefg"}), "a", "x", list("abcdefg")
            ),
            "table a shows 7 columns; name 6 at most",
        ),
        (
            lambda: show.table(COUNTS["days"], "a", "x"),
            "a is no table; .reset_index() makes one of a Series",
        ),
        *(
            (call, "the index of a would be lost; .reset_index() makes columns of it")
            for call in (
                lambda: show.table(COUNTS, "a", "x"),
                lambda: show.table(COUNTS.rename_axis(None), "a", "x"),
                lambda: show.table(COUNTS.set_axis([2017, 2018]).rename_axis("year"), "a", "x"),
                lambda: show.keep(COUNTS, "a", "x"),
            )
        ),
        (
            lambda: show.figure(draw_waits, name="a", title="x", alt=" "),
            "figure a has no alt text; say in words what it shows",
        ),
    ],
)
def test_wrong_use_is_a_sentence(call: Any, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        call()


def test_a_table_is_shown_whatever_its_columns_are_called_and_its_rows_numbered(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As those that groupby or a selection leaves."""
    counts = COUNTS.reset_index().set_axis([("who", ""), 7], axis=1).iloc[[1]]
    show.table(counts, "counts", "Counts")
    assert capsys.readouterr().out.startswith("('who', '')  7\nschool       5\n1 row, 2 columns")


def test_prose_runs_nothing() -> None:
    html = markdown_html(
        "<script>x</script>\n\n[a](javascript:b) ![p](http://x/y.png) [m](data:x) [n](file:y)"
    )
    assert html == "<p>&lt;script&gt;x&lt;/script&gt;</p>\n<p>a p m n</p>\n"


@given(st.text(max_size=80))
def test_whatever_a_finding_says_stands_as_words(text: str) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Q")])
    assert read_notebook(notebook, "x").question == "Q"
    assert "<script" not in markdown_html(text.replace("&", ""))


def test_a_part_of_a_drawing_leads_where_the_report_has_the_table() -> None:
    svg = '<svg><a id="w" href="tables/a.html#e" aria-label="E"><path/></a></svg>'
    assert in_page(svg, {"tables/a.html"}) == svg
    assert in_page(svg, {"tables/b.html"}) == (
        '<svg><g id="w" role="img" aria-label="E"><path/></g></svg>'
    )


def test_a_drawing_for_several_reviews_has_addresses_of_its_own() -> None:
    svg = '<svg aria-labelledby="t"><title id="t">T</title><path fill="url(#h)"/></svg>'
    assert in_page(svg, prefix="one") == (
        '<svg aria-labelledby="one-t"><title id="one-t">T</title><path fill="url(#one-h)"/></svg>'
    )


@pytest.mark.parametrize("one", ["A sentence.", show.Point("A sentence.")])
def test_one_point_alone_is_asked_for_as_a_list(one: str | show.Point) -> None:
    words = r"^give a list of points, also of one: \[cc\.show\.Point\(\.\.\.\)\]$"
    with pytest.raises(ValueError, match=words):
        show.points(one)


def test_a_point_can_name_a_row_of_any_review_of_its_notebook(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As where two are compared, whichever was read last."""
    read = [real_review(f"child-{name}") for name in ("polly-derbyshire-2017", "x-dundee-2009")]
    rows = [review.tables["events"]["id"].iloc[0] for review in read]
    for reviews in (read, read[::-1]):
        shell = SimpleNamespace(user_ns=dict(zip("ab", reviews, strict=True)))
        monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda shell=shell: shell)
        call = partial(show.points, [show.Point("Both.", tuple(rows))])
        assert captured(monkeypatch, [call]).cells[0].outputs
        with pytest.raises(
            ValueError, match=r"^'None.' names rows .*\(looked in sources, agencies"
        ):
            show.points([show.Point("None.", ("nowhere",))])


def test_what_would_be_lost_in_silence_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^give the rows of 'A.' as a tuple of ids$"):
        show.points([show.Point("A.", "event-1")], "p")


def bars(table: pd.DataFrame, room: float = 2.0) -> Any:
    """A chart of somebody's own."""
    ax = plt.subplots(figsize=(7, room))[1]
    ax.barh(table["event"], table["days_min"].fillna(0))
    return ax


@pytest.mark.parametrize("form", ["function", "axes", "figure"])
def test_a_chart_of_ones_own_has_its_title_and_both_widths(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, form: str
) -> None:
    title = "A title of $3 & more that is too long to stand in one line of a phone"

    def chart() -> None:
        given = bars if form == "function" else bars(CHRONICLE)
        tables = [CHRONICLE] if form == "function" else []
        drawn = given.get_figure() if form == "figure" else given
        show.figure(drawn, *tables, name="own", title=title, alt="Two bars.")

    runs = [captured(monkeypatch, ["# Q?", chart]) for _ in range(2)]
    assert runs[0].cells[1].outputs == runs[1].cells[1].outputs
    (block,) = [block for block in read_notebook(runs[0], "x").blocks if block.kind == "figure"]
    lines = {}
    for width, px in {"narrow": NARROW, "wide": WIDE}.items():
        svg = ElementTree.fromstring(block.drawings[width])
        assert svg.attrib["width"] == f"{px * POINT:g}pt"
        words = [
            "".join(text.itertext()).strip()
            for text in svg.iter("{http://www.w3.org/2000/svg}text")
            if text.attrib.get("font-weight") == "700"
        ]
        assert " ".join(words) == title
        lines[width] = len(words)
    assert lines == {"narrow": 3, "wide": 1}
    write_pages(tmp_path, ReviewFacts("child-x", "X", data_hash="f" * 64), {"x": runs[0]})
    main = main_of((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert re.findall(r'<div class="drawing (\w+)"><svg', main) == ["narrow", "wide"]
    assert main.count(">A title of $3 &amp; more") == 4  # as its name, and as it is drawn
    assert plt.get_fignums() == []


def test_a_chart_of_ones_own_without_a_row_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def chart(table: pd.DataFrame) -> Any:
        ax = plt.subplots(figsize=(7, 0.6 + 0.25 * len(table)))[1]
        ax.barh(table["event"], table["days_min"])
        ax.set_xlabel("days")
        return ax

    def without_a_row() -> None:
        show.figure(chart, CHRONICLE.iloc[:0], name="own", title="No day is known", alt="Bars.")

    told = captured(monkeypatch, ["# Q?", without_a_row])
    blocks = [(one.kind, one.text) for one in read_notebook(told, "x").blocks]
    assert blocks[-1] == ("text", "No chart is drawn here: there is no row to draw.")
    write_pages(tmp_path, ReviewFacts("child-x", "X", data_hash="f" * 64), {"x": told})
    main = main_of((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert ">No chart is drawn here: there is no row to draw.<" in main
    assert "Bars." not in main


def test_a_heading_below_which_nothing_is_told_is_no_part_of_the_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nothing() -> None:
        show.points([], "a")

    def something() -> None:
        show.points(["It is told."], "b")

    cells = ["# Q?", something, "## After", nothing, "## Seen", "### Alone", something, "## End"]
    blocks = read_notebook(captured(monkeypatch, cells), "x").blocks
    told = [one.text or one.points[0]["text"] for one in blocks if one.text or one.points]
    assert told == ["It is told.", "## Seen", "### Alone", "It is told."]


def test_whether_a_chart_of_ones_own_has_a_row_is_asked_of_its_tables_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn = []

    def chart(table: pd.DataFrame, of: str = "", beside: pd.DataFrame | None = None) -> Any:
        drawn.append((len(table), of, None if beside is None else len(beside)))
        return bars(CHRONICLE)

    def show_three() -> None:
        texts = {"name": "own", "title": "No day is known", "alt": "Bars."}
        show.figure(chart, CHRONICLE.iloc[:0], "child-x", **texts)
        show.figure(chart, CHRONICLE.iloc[:0], beside=CHRONICLE.iloc[:0], **texts)
        show.figure(chart, CHRONICLE.iloc[:0], beside=CHRONICLE, **texts)

    captured(monkeypatch, ["# Q?", show_three])
    assert drawn == [(0, "", len(CHRONICLE))]


@pytest.mark.parametrize(
    ("drawing", "tables", "why"),
    [
        (bars, [CHRONICLE.assign(event="x" * 90)], "in a width of 340 pixels its labels leave no"),
        (lambda: 3, [], "what draws it returns int; let it return the axes"),
        (Figure(), [CHRONICLE], "this is drawn already; give the function that draws it"),
    ],
)
def test_a_chart_of_ones_own_that_cannot_be_shown_is_refused(
    drawing: Any, tables: list[Any], why: str
) -> None:
    with pytest.raises(ValueError, match=f"^figure own: {why}"):
        show.figure(drawing, *tables, name="own", title="T", alt="A")
    plt.close("all")


def test_a_whole_table_ends_with_its_ids_and_a_page_can_show_its_rows_in_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    numbers = pd.DataFrame(
        {"name": ["call-1 to visit", "visit"], "value": ["3 days", ""], "leans_on": ["rl-a-b", ""]}
    )
    read = pd.DataFrame({"what": ["A call to a visit", "A visit"], "value": numbers["value"]})
    notebook = captured(
        monkeypatch,
        [
            "# Q",
            lambda: show.table(numbers, "numbers", "Numbers", ["what", "value"], in_words=read),
            lambda: show.table(numbers, "raw", "Raw", ["leans_on", "value"]),
        ],
    )
    write_pages(tmp_path, ReviewFacts("child-x", "X", data_hash="f" * 64), {"07": notebook})

    def heads(page: str) -> list[str]:
        return re.findall(r'<th scope="col"[^>]*>([^<]*)', main_of((tmp_path / page).read_text()))

    assert heads("index.html") == ["what", "value", "leans on", "value"]
    main = main_of((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert "A call to a visit" in main
    assert "call-1" not in main
    assert heads("tables/numbers.html") == ["value", "name", "leans on"]
    assert heads("tables/raw.html") == ["value", "name", "leans on"]
    assert "call-1 to visit" in (tmp_path / "tables" / "numbers.html").read_text(encoding="utf-8")


def test_the_hand_out_has_its_charts_as_they_are_drawn_for_paper(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def drawn(name: str) -> Callable[[], None]:
        return lambda: show.figure(draw_waits, NO_WAITS, name=name, title=name, alt="No bar.")

    notebooks = {
        f"0{at}": captured(
            monkeypatch, [f"# {name}", partial(show.points, [f"A, {at}."]), drawn(name)]
        )
        for at, name in enumerate(("timeline", "waits", "tellings"))
    }
    card = show.Card("Look at history", (show.Point("History was not used."),))
    notebooks["06"] = captured(
        monkeypatch,
        [
            "# What was learned?",
            lambda: show.points(["It was missed.", "Among what it recommends: looking."]),
            lambda: show.cards([card], "recommended"),
        ],
    )
    write_pages(tmp_path, ReviewFacts("child-x", "X", data_hash="f" * 64), notebooks)
    main = main_of((tmp_path / "handout.html").read_text(encoding="utf-8"))
    # One chart begins the second side; waits and who told whom are told in words.
    assert re.findall(r'<h2>([^<]*)|<title id="([^"]*)-title', main) == [
        ("timeline", ""),
        ("waits", ""),
        ("tellings", ""),
        ("", "timeline-340"),
        ("What was learned?", ""),
    ]
    assert "<li>Among what it recommends: looking.</li>" in main
    first = main_of((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert re.findall(r'<title id="timeline-(\d+)-title', first) == ["340", "1160"]


@pytest.mark.parametrize(
    ("blocks", "begins", "kept"),
    [
        # 5,550 letters and 100 for the last line of each of 7 points: 6,250.
        ([[1000], [1000, 1000, 1536, 1000]], "", "01234OT"),
        # Of what is more the second wait goes first.
        ([[1000], [1000, 1000, 1537, 1000]], "", "01234O"),
        # Some hundred more explain a term: that goes before anything of the story does.
        ([[1000], [1000, 1000, 1536, 1000]], "core group", "01234OT"),
        # What follows the beginning goes.
        ([[1000], [1000, 1000, 1700, 1000]], "", "01[34O"),
        # Before it goes what the first sentences say of who knew.
        ([[1000, 500, 1300], [1000, 1000, 200, 1000]], "", "013456O"),
        # What stands first stays, and so do the beginning and the end of what is in order of time.
        ([[1000, 1000], [1000, 500, 2000, 200, 1000]], "", "012[56O"),
        ([[3000, 100, 1450, 800, 500]], "", "0[34O"),
        # Where nothing is between them, the beginning stays.
        ([[3000], [3200]], "", "0[O"),
    ],
)
def test_a_hand_out_that_is_too_full_leaves_out_what_follows_the_beginning_of_the_story(
    blocks: list[list[int]],
    begins: str,
    kept: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    def drawn(name: str) -> Callable[[], None]:
        return lambda: show.figure(draw_waits, NO_WAITS, name=name, title=name, alt="No bar.")

    at = itertools.count()
    story = [
        partial(
            show.points,
            [f"{next(at)} {begins} ".ljust(letters, "x") for letters in block],
            f"block_{number}",
        )
        for number, block in enumerate(blocks)
    ]
    told = {"timeline": story, "waits": [partial(show.points, ["One.", "Two."])]}
    notebooks = {
        f"0{place}": captured(monkeypatch, [f"# {name}", *cells, drawn(name)])
        for place, (name, cells) in enumerate(told.items())
    }
    write_pages(tmp_path, ReviewFacts("child-x", "X", data_hash="f" * 64), notebooks)
    main = main_of((tmp_path / "handout.html").read_text(encoding="utf-8"))
    points = re.findall(r"<li>(?:<[^>]*>)?([^<]*)", main)
    assert "".join(said[:1] for said in points) == kept
    assert {said for said in points if said.startswith("[")} <= {
        "[Left out here: see the page “timeline”.]"
    }
    assert '<div class="words">' not in main or not begins


def test_a_hand_out_does_not_tell_again_what_its_story_tells(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = {
        "timeline": ["He falls.", "She calls. Nobody comes."],
        "waits": ["He falls. Nobody comes.", "He falls. A year later a doctor comes."],
    }
    notebooks = {}
    for place, (name, points) in enumerate(told.items()):
        drawn = partial(show.figure, draw_waits, NO_WAITS, name=name, title=name, alt="No bar.")
        cells = [f"# {name}", partial(show.points, points), drawn]
        notebooks[f"0{place}"] = captured(monkeypatch, cells)
    write_pages(tmp_path, ReviewFacts("child-x", "X", data_hash="f" * 64), notebooks)
    main = main_of((tmp_path / "handout.html").read_text(encoding="utf-8"))
    assert re.findall(r"<li>([^<]*)", main) == [*told["timeline"], told["waits"][1]]


@pytest.mark.parametrize(
    ("second", "kept"),
    [
        ("1".ljust(319, "x"), "1".ljust(319, "x")),
        ("1".ljust(320, "x"), None),
        # Of two sentences the first has room, and that there are more is said.
        (f"1 was found. {'2'.ljust(307, 'x')}", "1 was found. The page “Q” has more."),
    ],
)
def test_the_second_side_of_a_hand_out_tells_less_where_the_chart_leaves_too_little_room(
    second: str, kept: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """300 letters, a space and those of another point; of 8,900 a chart of 1,380 leaves 620."""
    paper = handout.labelled
    drawing = '<svg viewBox="0 0 255 1380.0"></svg>'
    monkeypatch.setattr(handout, "labelled", lambda drawings: paper(drawings) and drawing)

    def drawn(name: str) -> Callable[[], None]:
        return lambda: show.figure(draw_waits, NO_WAITS, name=name, title=name, alt="No bar.")

    notebooks = {
        f"0{at}": captured(
            monkeypatch, [f"# {name}", partial(show.points, [f"{at}."]), drawn(name)]
        )
        for at, name in enumerate(("timeline", "waits", "tellings"))
    }
    first = "0".ljust(300, "x")
    cells = ["# Q", lambda: show.points([first, second]), lambda: show.cards([], "recommended")]
    notebooks["06"] = captured(monkeypatch, cells)
    write_pages(tmp_path, ReviewFacts("child-x", "X", data_hash="f" * 64), notebooks)
    main = main_of((tmp_path / "handout.html").read_text(encoding="utf-8"))
    told = re.findall(r"<li>([^<]*)", main)
    assert told == ["0.", "1.", "2.", first, *filter(None, [kept])]


def test_a_row_without_a_name_is_headed_all_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = pd.DataFrame({"who": ["", "The police"], "what": ["A call", ""]})
    shown = captured(
        monkeypatch, ["# Q", lambda: show.table(told, "told", "Told", ["who", "what"])]
    )
    write_pages(tmp_path, ReviewFacts("child-x", "X", data_hash="f" * 64), {"07": shown})
    for page in ("index.html", "tables/told.html"):
        main = main_of((tmp_path / page).read_text(encoding="utf-8"))
        assert re.findall(r'<th scope="row">([^<]*)', main) == ["not said", "The police"]
        # Any other empty cell is the source's silence.
        assert re.findall(r'<td data-head="what">([^<]*)', main) == ["A call", ""]


@pytest.mark.parametrize(
    ("cells", "head"), [([True, False], "lasts"), (["closed or left", ""], "what became of it")]
)
def test_what_lasts_is_not_headed_as_what_became_of_a_concern(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cells: list[Any], head: str
) -> None:
    rows = pd.DataFrame({"summary": ["Looked after", "A call"], "state": cells})
    notebook = captured(monkeypatch, ["# Q", lambda: show.table(rows, "rows", "Rows", ["summary"])])
    write_pages(tmp_path, ReviewFacts("child-x", "X", data_hash="f" * 64), {"07": notebook})
    main = main_of((tmp_path / "tables" / "rows.html").read_text(encoding="utf-8"))
    assert re.findall(r'<th scope="col">([^<]*)', main) == ["summary", head]


def test_columns_without_an_entry_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows = pd.DataFrame({"summary": ["A call"], "places": [""], "missing": [""]})
    for shown, words in (
        (["summary", "places"], "Without an entry in any row: places."),
        (["summary", "places", "missing"], "Without an entry in any row: places, missing."),
    ):
        notebook = captured(monkeypatch, ["# Q", partial(show.table, rows, "rows", "Rows", shown)])
        write_pages(tmp_path, ReviewFacts("child-x", "X", data_hash="f" * 64), {"07": notebook})
        main = main_of((tmp_path / "index.html").read_text(encoding="utf-8"))
        assert re.findall(r'<p class="download">(.*?) (?:The first|<a)', main) == [words]


def test_a_high_drawing_is_cut_into_pieces_of_about_a_third_of_a_sheet() -> None:
    words = "".join(f'<text y="{y}">A</text>' for y in range(20, 1900, 20))
    title = '<title id="w-340-title">W</title>'
    ground = '<path d="M0 1900H255V0H0z" fill="#fcfbf7" />'
    svg = f'<svg viewBox="0 0 255 1900" font-size="9">{title}{ground}{words}</svg>'
    boxes = re.findall(r'<svg viewBox="([^"]*)">', in_columns(svg).partition("</svg>")[2])
    tops, heights = zip(
        *((float(box.split()[1]), float(box.split()[3])) for box in boxes), strict=True
    )
    # Two columns, of four each; a sheet has room for 267 mm, a third of which are 252 points.
    assert len(boxes) == 8
    assert re.findall(r"<p\b[^>]*>", in_columns(svg)) == ["<p>", *['<p class="on">'] * 3] * 2
    assert max(heights) < 252
    ends = [top + height for top, height in zip(tops, heights, strict=True)]
    assert ends == pytest.approx([*tops[1:], 1900])


def test_a_column_within_a_scale_and_a_lane_begins_with_their_names() -> None:
    words = "".join(f'<text y="{y}">A</text>' for y in range(120, 800, 20))
    # At a size of 9 a word reaches from 9 above its line to 2.7 below it.
    names = '<text y="40">A note</text><text y="57">2018</text><text y="312">A lane</text>'
    scale = '<path d="M90 60V790M190 60V790" />'
    lanes = '<path d="M0 60H255V290H0z" /><path d="M0 300H255V790H0z" />'
    title = '<title id="w-340-title">W</title>'
    ground = '<path d="M0 800H255V0H0z" fill="#fcfbf7" />'
    drawn = f"{title}{ground}{lanes}{scale}{names}{words}"
    svg = f'<svg viewBox="0 0 255 800" font-size="9">{drawn}</svg>'
    first, second, *others = re.findall("<p.*?</p>", in_columns(svg))
    assert len(re.findall("<use", first)) == 1
    # The first lane has no name, and goes on to 290.
    assert len(re.findall("<use", second)) == 2
    for piece in others:
        scale_names, lane_name, rest = re.findall(r'viewBox="0 ([\d.]+) 255 ([\d.]+)"', piece)
        assert scale_names == ("48", "12")
        assert lane_name == ("300", "14.7")
    assert float(rest[0]) + float(rest[1]) == 800


def test_however_high_the_names_of_a_scale_are_every_piece_has_them() -> None:
    # Those of a matrix are slanted: its 36 letters of a size of 9 are 178 points high at most, and
    # above them, where a key ends at 192.7, stands no name.
    names = f'<text y="190">A key</text><text y="300" transform="rotate(-58)">{"A" * 36}</text>'
    words = "".join(f'<text y="{y}">A</text>' for y in range(320, 1390, 20))
    title = '<title id="w-340-title">W</title>'
    ground = '<path d="M0 1400H255V0H0z" fill="#fcfbf7" />'
    drawn = f'{title}{ground}<path d="M90 302V1390M190 302V1390" />{names}{words}'
    svg = f'<svg viewBox="0 0 255 1400" font-size="9">{drawn}</svg>'
    pieces = re.findall("<p.*?</p>", in_columns(svg))
    named = [re.findall('viewBox="0 194.7 255 107.3"', piece) for piece in pieces]
    # None is cut off from the first row, which ends at 322.7.
    assert list(map(len, named)) == [0, 0, *[1] * 4]
    # Right above the key.
    assert 'viewBox="0 180 255' in pieces[1]


def test_the_names_of_a_second_scale_have_nothing_of_the_first_above_them() -> None:
    name = f'<text y="448" transform="rotate(-58)">{"A" * 30}</text>'
    words = "".join(f'<text y="{y}">A</text>' for y in [*range(120, 280, 20), *range(470, 790, 20)])
    scales = '<path d="M9 90V310M90 90V310M9 450V790M90 450V790" />'
    title = '<title id="w-340-title">W</title>'
    ground = '<path d="M0 800H255V0H0z" fill="#fcfbf7" />'
    drawn = f'{title}{ground}{scales}<text y="88">2018</text>{name}{words}'
    svg = f'<svg viewBox="0 0 255 800" font-size="9">{drawn}</svg>'
    # The letters are 148.5 points high at most, which are more than from 310 to 448.
    assert 'viewBox="0 310 255 140"' in in_columns(svg)


def test_no_row_is_cut_from_its_marks() -> None:
    # Between the words of a row and its mark is more room than between it and the next.
    rows = "".join(
        f'<g id="w-340-{y}"><text y="{y}">A</text><path d="M9 {y + 15}V{y + 19}H20V{y + 15}z"/></g>'
        for y in range(20, 790, 30)
    )
    title = '<title id="w-340-title">W</title>'
    ground = '<path d="M0 800H255V0H0z" fill="#fcfbf7" />'
    svg = f'<svg viewBox="0 0 255 800" font-size="9">{title}{ground}{rows}</svg>'
    tops = [float(top) for top in re.findall(r'<svg viewBox="0 ([1-9][\d.]*)', in_columns(svg))]
    assert len(tops) == 3
    # A mark ends at 39, 69, and so on, and the next row begins 2 points below it.
    assert all(9 <= top % 30 <= 11 for top in tops)


def test_a_cut_keeps_off_the_edge_of_a_shape() -> None:
    # It is drawn half beyond the shape; nothing else stands between 405 and 450.
    boxes = '<path d="M10 395H20V405H10zM30 395H40V405H30z" /><text y="459">A</text>'
    words = "".join(f'<text y="{y}">A</text>' for y in [*range(20, 400, 10), *range(470, 800, 10)])
    title = '<title id="w-340-title">W</title>'
    ground = '<path d="M0 800H255V0H0z" fill="#fcfbf7" />'
    svg = f'<svg viewBox="0 0 255 800" font-size="9">{title}{ground}{boxes}{words}</svg>'
    (top,) = re.findall(r'<svg viewBox="0 ([1-9][\d.]*)', in_columns(svg))
    assert 406 <= float(top) <= 449
