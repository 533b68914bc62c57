"""A page is made of what is coded; of each other one it is said what it would need. What is not
coded is never said of the source."""

from __future__ import annotations

import html
import json
import re
import shutil
from pathlib import Path

import pytest

from casechron.checking import check
from casechron.cli import main
from casechron.coding.codebook import codebook
from casechron.coding.reviews import (
    ROOT_VARIABLE,
    NeedsError,
    complete_in,
    list_reviews,
    needs_of,
    pages_that_wait,
)
from casechron.coding.sheets import form_text, read_forms
from casechron.dates.policy import DatingPolicy
from casechron.report.plans import plan, tasks_of
from casechron.report.render import RenderError, render_all
from test_codebook import TOML
from test_render import write_notebook

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
REVIEW = "child-d-anytown-2020"
#: What coders begin with: when, what, and from whose record.
CHRONOLOGY = [
    {"date": "2018-03-05", "summary": "A neighbour tells of shouting", "by": "neighbours"},
    {"date": "2018-03-19", "summary": "A social worker visits the home", "by": "social worker"},
    {"date": "late 2018-05", "summary": "The school worries about attendance", "by": "school"},
    {"date": "2018-11", "summary": "The case is closed", "by": "children's services"},
    {"date": "", "summary": "A relative calls", "by": "relatives"},
]
SILENT = ", or say in `complete` of review.toml that the source is silent."
WAITING = [
    "How long did each concern wait, and what can be said for sure? Fill `kind` and `answers` in"
    f" events.csv{SILENT}",
    f"Who knew, and who told whom? Fill `kind` and `to` in events.csv{SILENT}",
    "Who is said to have harmed whom, by whose account, and who held it? Fill `kind` and `about` in"
    f" events.csv{SILENT}",
    f"What did the review find, on what, and what does it recommend? Fill findings.csv{SILENT}",
]


def project(root: Path, rows: list[dict[str, str]], complete: str = "", **files: str) -> Path:
    """A project of the questions of this one, with a review of these rows; its folder."""
    shutil.copytree(NOTEBOOKS, root / "notebooks", dirs_exist_ok=True)
    folder = root / "data" / REVIEW
    folder.mkdir(parents=True)
    toml = TOML.format(version=codebook().version)
    toml = f"{toml}{complete}\n{codebook().pages['example']['review']}"
    (folder / "review.toml").write_text(toml, encoding="utf-8")
    (folder / "events.csv").write_text(form_text("events", rows), encoding="utf-8")
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def stems(root: Path) -> list[str]:
    """The pages that would be made of the review."""
    notebooks = sorted((root / "notebooks").glob("*.ipynb"))
    agreed = plan(notebooks, {}, {}, root, 60)
    return [task.page.stem for task in tasks_of(root / "data" / REVIEW, agreed)]


def words_of(page: Path) -> str:
    """The words of a page."""
    main = page.read_text(encoding="utf-8").split('<main id="main"')[1].split("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", main)).split())


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose review is a chronology of date, summary and by alone, rendered."""
    root = tmp_path_factory.mktemp("draft")
    project(root, CHRONOLOGY)
    summary = render_all(root, jobs=2, progress=False)
    assert summary.rendered == (REVIEW,)
    return root


def test_a_draft_says_so_and_how_much_is_still_to_do_as_check_does(
    draft: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ROOT_VARIABLE, str(draft))
    assert main(["check", REVIEW, "--draft"]) == 0
    assert f"{REVIEW}: good, {len(CHRONOLOGY)} still to do" in capsys.readouterr().out
    notice = (
        f"A draft. {len(CHRONOLOGY)} things are still to do in this coding; casechron check"
        f" {REVIEW} --draft names them."
    )
    report = draft / "reports" / REVIEW
    assert notice in words_of(report / "index.html")
    assert notice in words_of(report / f"{REVIEW}.html")


def test_a_coding_that_is_done_says_nothing_of_a_draft(tmp_path: Path) -> None:
    folder = project(tmp_path, [{**row, "kind": "contact"} for row in CHRONOLOGY])
    summary = render_all(
        tmp_path, jobs=1, progress=False, notebooks=[NOTEBOOKS / "02_chronology.ipynb"]
    )
    assert summary.rendered == (folder.name,)
    assert "A draft." not in words_of(tmp_path / "reports" / REVIEW / "index.html")


def test_a_chronology_of_date_summary_and_by_renders_a_timeline(draft: Path) -> None:
    report = draft / "reports" / REVIEW
    assert sorted(path.stem for path in report.glob("[0-9]*.ipynb")) == [
        "01_coding",
        "02_chronology",
        "07_sensitivity",
    ]
    story = (report / "index.html").read_text(encoding="utf-8")
    (drawing,) = re.findall(r'<div class="drawing wide">(.*?)</div>', story, flags=re.DOTALL)
    for row in CHRONOLOGY:
        # A label can be drawn line by line; what has no date is no bar.
        assert row["summary"].split()[-1] in drawing or not row["date"]
    assert "5 March 2018" in words_of(report / "index.html")


def test_its_first_page_names_each_further_page_that_is_not_made(draft: Path) -> None:
    text = (draft / "reports" / REVIEW / "index.html").read_text(encoding="utf-8")
    items = [html.unescape(item) for item in re.findall("<li>(No page on .*?)</li>", text)]
    # What there is to fill in is for who codes, and is told by check.
    questions = [line.split(" Fill ")[0] for line in WAITING]
    assert items == [f"No page on “{question}”: it is not coded." for question in questions]


def test_a_check_of_it_says_what_each_would_need(draft: Path) -> None:
    lines: list[str] = []
    assert check(list_reviews(draft), lines.append, draft=True)
    assert [line.strip() for line in lines if "no page yet" in line] == [
        f"no page yet: {line}" for line in WAITING
    ]


def test_what_is_not_coded_is_not_said_of_the_source(draft: Path) -> None:
    for page in sorted((draft / "reports" / REVIEW).glob("*.html")):
        words = words_of(page)
        for claim in (
            "is silent",
            "are silent",
            "no agencies",
            "no agency stated",
            "no persons",
            "another agency",
            "had a part, as recorded",
        ):
            assert claim not in words, f"{page.name} says '{claim}'"


# ------------------------------------------------- which pages are made of what


CODED = {
    "date": "2018-03-05",
    "kind": "referral",
    "summary": "A neighbour tells of shouting",
    "by": "neighbours",
    "to": "children's services",
    "about": "X",
    "answers": "first",
}
FIRST = {"id": "first", "date": "2018-01", "kind": "concern", "summary": "A worry", "by": "gp"}
FILES = {
    "people": "id,label,kinship\nx,X,child\n",
    "findings": "polarity,summary,attributed_to\nstrength,Good,partnership\n",
}
#: What the question of each page cannot be answered without.
NEEDS = {
    "01_coding": (),
    "02_chronology": (),
    "03_timing": ("kind", "answers"),
    "04_involvement": ("kind", "by", "to"),
    "05_accounts": ("kind", "about"),
    "06_learning": ("findings",),
    "07_sensitivity": (),
}
ALL = [*NEEDS]


def test_a_review_has_every_page_without_a_recommendation(tmp_path: Path) -> None:
    project(tmp_path, [FIRST, CODED], **FILES)
    assert stems(tmp_path) == ALL


@pytest.mark.parametrize("need", sorted({need for needs in NEEDS.values() for need in needs}))
def test_a_page_is_not_made_without_any_one_of_its_needs(tmp_path: Path, need: str) -> None:
    files = {name: text for name, text in FILES.items() if name != need}
    rows = [{name: cell for name, cell in row.items() if name != need} for row in (FIRST, CODED)]
    project(tmp_path, rows, **files)
    assert stems(tmp_path) == [stem for stem, needs in NEEDS.items() if need not in needs]


def test_where_the_source_is_said_to_be_silent_the_pages_are_made(tmp_path: Path) -> None:
    complete = 'complete = ["kind", "by", "to", "about", "answers", "findings"]'
    project(tmp_path, [{"date": "2018", "summary": "Something"}], complete)
    assert stems(tmp_path) == ALL


def test_who_writes_entry_has_coded_no_kind(tmp_path: Path) -> None:
    folder = project(tmp_path, [{**row, "kind": "entry"} for row in (FIRST, CODED)])
    assert read_forms(folder).lacking(
        ["kind", "by", "findings", "findings.rests_on"], complete_in(folder)
    ) == [
        "kind",
        "findings",
        "findings.rests_on",
    ]


def test_a_review_of_which_no_page_can_be_made_says_why(tmp_path: Path) -> None:
    project(tmp_path, CHRONOLOGY)
    agreed = plan([tmp_path / "notebooks" / "06_learning.ipynb"], {}, {}, tmp_path, 60)
    assert agreed.dating == DatingPolicy()
    with pytest.raises(RenderError) as caught:
        tasks_of(tmp_path / "data" / REVIEW, agreed)
    assert str(caught.value) == (f"what its pages need is not coded yet:\n  {WAITING[-1]}")


@pytest.mark.parametrize(
    ("needs", "message"),
    [
        (
            "null",
            'there is none; say what has to be coded for this page, as "needs": ["by",'
            ' "findings"], or "needs": [] where nothing has to',
        ),
        ('"by"', '\'by\' is no list of names, such as ["by", "findings"]'),
        ("[1]", '[1] is no list of names, such as ["by", "findings"]'),
        (
            '["fndings"]',
            "there is no file and no column 'fndings' of the form; did you mean 'findings'?",
        ),
    ],
)
def test_needs_that_are_none_are_told(tmp_path: Path, needs: str, message: str) -> None:
    folder = project(tmp_path, CHRONOLOGY)
    notebook = tmp_path / "notebooks" / "30_mine.ipynb"
    write_notebook(notebook)
    read = json.loads(notebook.read_text(encoding="utf-8"))
    metadata = read["cells"][0]["metadata"]
    assert needs_of(read) == tuple(metadata.pop("needs")) == ()
    metadata |= {"needs": json.loads(needs)} if needs != "null" else {}
    notebook.write_text(json.dumps(read), encoding="utf-8")
    where = "needs in the metadata of the first cell"
    with pytest.raises(RenderError) as caught:
        plan([notebook], {}, {}, tmp_path, 60)
    assert str(caught.value) == f"30_mine.ipynb: {where}: {message}"
    with pytest.raises(NeedsError) as refused:
        pages_that_wait(folder, read_forms(folder))
    assert str(refused.value) == f"notebooks/30_mine.ipynb: {where}: {message}"
