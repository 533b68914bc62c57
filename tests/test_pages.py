"""Do the pages of a review make one account, and are they small enough to be read on a phone?"""

from __future__ import annotations

import os
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_output

from casechron.reporting.export import page_html, write_text
from casechron.reporting.links import beginning
from casechron.reporting.page_texts import page_text, policy_lines
from casechron.reporting.pages import write_pages
from casechron.reporting.steps import steps
from test_export import FACTS, PAGES, figure_output, notebook, table_output

ROOT = Path(__file__).parents[1]
#: Another rendering can be measured by naming its folder.
FOLDER = Path(os.environ.get("CASECHRON_REPORTS", ROOT / "reports"))
REPORTS = sorted(FOLDER.rglob("*.html"))
KILOBYTE, MEGABYTE = 1000, 1_000_000


class Marks(HTMLParser):
    """What a page holds, as a reader of HTML finds it: its tags, ids and links."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.ids = [attributes["id"] for _, attributes in self.tags if "id" in attributes]
        self.links = [
            attributes["href"] or "" for _, attributes in self.tags if "href" in attributes
        ]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def write(folder: Path, notebooks: dict[str, NotebookNode]) -> None:
    for page in PAGES:
        write_text(folder / f"{page.stem}.html", page_html(notebooks[page.stem], page, FACTS))
    write_pages(folder, FACTS, notebooks)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    notebooks = {
        "01_when": notebook(table_output(), figure_output()),
        "02_wait": notebook(table_output("policies_tried")),
    }
    write(tmp_path, notebooks)
    return tmp_path


def test_the_overview_leads_to_every_page_and_to_the_tables(folder: Path) -> None:
    text = (folder / "index.html").read_text(encoding="utf-8")
    assert '<a href="01_when.html">When did it happen?</a></h2>' in text
    assert '<a href="01_when.html#table-gaps">Gaps &lt;i&gt;</a>' in text
    assert '<title id="overview-figure-gaps-title">' in text
    assert "Two &lt;bars&gt;." in text


def test_the_policy_says_what_else_was_tried_and_where(folder: Path) -> None:
    text = (folder / "01_when.html").read_text(encoding="utf-8")
    assert (
        '<p>What they change in this review: <a href="02_wait.html#table-policies_tried">Gaps'
        " &lt;i&gt;</a>.</p>" in text
    )
    assert "Tried instead: <code>none</code>, <code>half-unit</code>." in text


def test_one_file_holds_all_and_leads_nowhere_else(folder: Path) -> None:
    text = (folder / "alpha-2001.html").read_text(encoding="utf-8")
    marks = Marks(text)
    assert {link for link in marks.links if not link.startswith(("#", "tel:", "data:,"))} == set()
    assert len(marks.ids) == len(set(marks.ids))
    assert {link[1:] for link in marks.links if link.startswith("#")} <= set(marks.ids)
    assert {"table-gaps", "table-policies_tried", "chapter-01_when", "chapter-02_wait"} <= set(
        marks.ids
    )
    assert "gaps = 1 &lt; 2" not in text
    assert [tag for tag, _ in marks.tags].count("h1") == 1


def test_prose_that_points_to_another_notebook_leads_to_its_page_or_nowhere(tmp_path: Path) -> None:
    pointing = notebook(table_output())
    pointing.cells[
        0
    ].source += "\n\nSee [the *waits*](02_wait.ipynb) and [what is not there](03_gone.ipynb)."
    write(tmp_path, {"01_when": pointing, "02_wait": notebook(table_output("other"))})
    page, one = (
        (tmp_path / f"{name}.html").read_text(encoding="utf-8")
        for name in ("01_when", "alpha-2001")
    )
    assert 'See <a href="02_wait.html">the <em>waits</em></a> and what is not there.' in page
    assert 'See <a href="#chapter-02_wait">the <em>waits</em></a> and what is not there.' in one


def test_questions_close_each_page_and_are_asked_of_a_notebook_nobody_has_written_for(
    folder: Path,
) -> None:
    text = (folder / "01_when.html").read_text(encoding="utf-8")
    for question in page_text("").questions:
        assert f"<li>{question}</li>" in text
    assert text.index("Questions for discussion") > text.index("id=table-gaps")


@pytest.mark.parametrize("stem", [path.stem for path in (ROOT / "notebooks").glob("*.ipynb")])
def test_every_notebook_has_its_part_and_its_questions(stem: str) -> None:
    said = page_text(stem)
    assert said.part
    assert len(said.questions) >= 3
    assert said.questions != page_text("").questions
    assert all(question.endswith("?") for question in said.questions)


def test_every_line_of_the_policy_says_what_another_choice_would_change() -> None:
    for line in policy_lines(FACTS.policy, FACTS.policy_differs):
        assert line.change.endswith("."), line.field
        assert line.value not in line.others
        assert line.others or line.field == "readings"


def test_code_that_shows_nothing_goes_with_the_next_that_does() -> None:
    given = notebook(table_output())
    given.cells.insert(2, given.cells[1].copy())
    given.cells[2].update(source="import x", metadata={}, outputs=[])
    found = steps(given)
    assert [(step.kind, step.source) for step in found if step.kind == "shown"] == [
        ("shown", "import x\n\ngaps = 1 < 2")
    ]


def test_findings_rest_on_the_tables_of_their_section_and_a_figure_is_beside_its_own() -> None:
    text = page_html(
        notebook(table_output("other"), table_output(), figure_output()), PAGES[0], FACTS
    )
    assert '<p class="rests">Its data: <a href="#table-gaps">Gaps &lt;i&gt;</a>.</p>' in text


def test_a_page_that_would_be_too_heavy_begins_its_longest_table_and_tells_it_whole_elsewhere(
    tmp_path: Path,
) -> None:
    long = pd.DataFrame(
        {
            "event": [f"e{place}" for place in range(900)],
            "summary": ["x" * 400] * 900,
            "places": ["para 1.1"] * 900,
        }
    )
    notebooks = {
        "01_when": notebook(table_output(), table_output("long", long, "Long & more")),
        "02_wait": notebook(table_output("t")),
    }
    write(tmp_path, notebooks)
    begun, whole = (
        (tmp_path / f"01_when{more}.html").read_text(encoding="utf-8") for more in ("", "-long")
    )
    assert begun.count("<th scope=row>" + "x" * 400) == 8
    assert (
        '<a href="01_when-long.html#table-long">All 900 rows are on a page of their own.</a>'
        in begun
    )
    assert "gaps-e1" in Marks(begun).ids
    assert [
        text.count(f">Skip this table ({rows} rows)</a>")
        for rows in (8, 900)
        for text in (begun, whole)
    ] == [1, 0, 0, 1]
    assert ["On paper these are the first" in text for text in (begun, whole)] == [False, True]
    assert [one for one in Marks(whole).ids if str(one).startswith("long-e")] == [
        f"long-e{place}" for place in range(900)
    ]
    assert '<a href="tables/long.csv" download>' in begun
    assert "<h1>Long &amp; more</h1>" in whole
    for text in (begun, whole):
        ids = Marks(text).ids
        assert len(ids) == len(set(ids))
        assert len(text) < 400 * KILOBYTE or text is whole


def test_the_one_file_keeps_tables_whole_that_others_lead_to_and_begins_the_rest(
    tmp_path: Path,
) -> None:
    events = [f"e{place}" for place in range(40)]
    told = pd.DataFrame({"event": events, "summary": ["a\nb"] * 40, "places": ["para 1.1"] * 40})
    long = pd.DataFrame(
        {"case": [f"c{place}" for place in range(40)], "event": events, "summary": ["c\nd"] * 40}
    )
    short = long.head(12)
    notebooks = {
        "01_when": notebook(table_output("coded_events", told), table_output("short", short)),
        "02_wait": notebook(table_output("long", long)),
    }
    write(tmp_path, notebooks)
    text = (tmp_path / "alpha-2001.html").read_text(encoding="utf-8")
    marks = Marks(text)
    # All but the eight rows that are kept of `long` are gone, and nothing that led to them or from
    # them is dead.
    for name, rows in (("coded_events", 40), ("short", 12), ("long", 8)):
        assert sum(str(one).startswith(beginning(name)) for one in marks.ids) == rows, name
    assert {link[1:] for link in marks.links if link.startswith("#")} <= set(marks.ids)
    assert "#row-e39" not in marks.links
    assert marks.links.count("#row-e7") == 2
    assert text.count("<th scope=row>c\nd") == 20
    said = (
        "The first 8 of 40 rows. The full report has all of them: <code>02_wait.html</code> and"
        " <code>tables/long.csv</code>."
    )
    assert (
        text.count('<p class="rests">The first ') == text.count(f'<p class="rests">{said}</p>') == 1
    )
    assert "long-e39" not in marks.ids
    assert (
        text.count("(40 rows)</a>")
        == text.count("(8 rows)</a>")
        == text.count("(12 rows)</a>")
        == 1
    )
    assert "long-c39" in Marks((tmp_path / "02_wait.html").read_text(encoding="utf-8")).ids


def test_key_points_lead_to_the_tables_that_they_name(tmp_path: Path) -> None:
    points = {
        "kind": "words",
        "name": "wait_key_points",
        "caption": "",
        "sentences": ["One < two.", "Three."],
    }
    named = new_output(
        "display_data",
        {"text/html": "x"},
        metadata={"casechron": points | {"rests_on": [["gaps"], ["gaps"]]}},
    )
    some = new_output(
        "display_data",
        {"text/html": "x"},
        metadata={"casechron": points | {"rests_on": [["gaps"], []]}},
    )
    every = new_output(
        "display_data",
        {"text/html": "x"},
        metadata={"casechron": points | {"name": "when_key_points"}},
    )
    behind = "The tables behind these key points"
    for output, lines in ((named, 0), (some, 1)):
        write(
            tmp_path,
            {
                "01_when": notebook(every, table_output()),
                "02_wait": notebook(output, table_output("other")),
            },
        )
        text = (tmp_path / "index.html").read_text(encoding="utf-8")
        assert (
            '<li>One &lt; two. <a href="01_when.html#table-gaps" class="rests">gaps</a></li>'
            in text
        )
        assert text.count(behind) == 1 + lines
        text = (tmp_path / "02_wait.html").read_text(encoding="utf-8")
        assert (
            '<li>One &lt; two. <a href="01_when.html#table-gaps" class="rests">gaps</a></li>'
            in text
        )
    text = (tmp_path / "alpha-2001.html").read_text(encoding="utf-8")
    assert text.count('<li>One &lt; two. <a href="#table-gaps" class="rests">gaps</a></li>') == 2


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_page_weighs_less_than_400_kilobytes(path: Path) -> None:
    # The file that holds a whole review is no page of it; it has to be fit to send.
    limit = 1.2 * MEGABYTE if path.stem == path.parent.name else 400 * KILOBYTE
    assert path.stat().st_size < limit


def test_all_reports_weigh_less_than_4_megabytes_a_review() -> None:
    reviews = len(list(FOLDER.glob("*/report.json")))
    assert (
        sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file())
        < max(1, reviews) * 4 * MEGABYTE
    )
