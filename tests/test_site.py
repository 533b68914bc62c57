"""Does the front page tell of each review what happened and how long it waited, and do the pages
that belong to no single one stand beside it?"""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path
from unittest import mock

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from casechron import __version__
from casechron.coding.codebook import codebook
from casechron.report import show
from casechron.report.draw.waits import draw_waits
from casechron.report.export import ExportError, check_manifest
from casechron.report.page import site
from casechron.report.page.build import INDEX
from casechron.report.page.prose import glossary
from casechron.report.page.site import reports_in, unreadable_in, write_site

STORY = {"stem": INDEX, "title": "What <x>?", "name": "Story", "points": ["First <b>.", "Second."]}
WAITS = {"stem": "03_timing", "title": "How long?", "name": "Waits", "points": ["Weeks.", "Days."]}
HELP = [
    *("+448088005000", "+448082000247", "+448000271234", "+448088010800", "+448088021414"),
    *("116123", "999"),
]
WAIT = pd.DataFrame(
    [
        {"event": "a", "to_event": "b", "text": "A to B", "length": "3 days", "days_min": 3}
        | {"days_max": 3, "limit_min": None, "limit_max": None}
    ]
)


def report(folder: Path, name: str, title: str, chart: bool = False, **more: object) -> None:
    """A report as far as the front page reads it."""
    (folder / name).mkdir()
    facts = {"review": name, "title": title, "pages": [STORY, WAITS], **more}
    (folder / name / "report.json").write_text(json.dumps(facts))
    if chart:
        sent: list[tuple[dict[str, str], dict[str, object]]] = []
        with mock.patch.object(show, "_send", lambda data, **meta: sent.append((data, meta))):
            show.figure(draw_waits, WAIT, name="timeline", title="T", alt="A bar.")
        ((data, meta),) = sent
        output = new_output("display_data", data, metadata={"casechron": meta})
        cells = [new_markdown_cell("# What?"), new_code_cell("1", outputs=[output])]
        nbformat.write(new_notebook(cells=cells), folder / name / f"{INDEX}.ipynb")


def front(folder: Path) -> str:
    return (folder / "index.html").read_text(encoding="utf-8")


def headings(page: Path) -> list[tuple[str, str]]:
    return re.findall(r"<h([12]) [^>]*>([^<]*)<", page.read_text(encoding="utf-8"))


def test_the_front_page_tells_two_sentences_of_what_happened_and_one_on_waits(
    tmp_path: Path,
) -> None:
    report(tmp_path, "beta-2002", "Beta")
    rests_on = "a news article"
    report(
        tmp_path,
        "alpha-2001",
        "Alpha <script>",
        people="A: the child; M: <mother>",
        rests_on=rests_on,
    )
    report(tmp_path, ".gamma-2003.casechron-new", "Gamma")
    assert write_site(tmp_path) == tmp_path / "index.html"
    text = front(tmp_path)
    assert text.index("Alpha &lt;script&gt;") < text.index("Beta")
    assert '<a href="alpha-2001/index.html">' in text
    alpha = text.split('id="alpha-2001"')[1].split("Beta")[0]
    assert alpha.index("From a news article.") < alpha.index("First")
    for point in ("First &lt;b&gt;.", "Second.", "Weeks."):
        assert alpha.count(point) == 1
    assert alpha.index("A: the child; M: &lt;mother&gt;.") < alpha.index("First")
    assert "Days." not in text
    assert "Gamma" not in text
    assert text.count("<script") == 1
    assert check_manifest(tmp_path) == []
    # What is no page and lies in no report is not vouched for.
    (tmp_path / "of-others").mkdir()
    for name in ("bogus.html", "of-others/bogus.html"):
        (tmp_path / name).write_text("<p>casechron")
    write_site(tmp_path)
    manifest = (tmp_path / "SHA256SUMS").read_text(encoding="utf-8")
    assert "  alpha-2001/report.json\n" in manifest
    assert "  index.html\n" in manifest
    assert "bogus" not in manifest


def test_the_front_page_lists_its_reviews_first(tmp_path: Path) -> None:
    report(tmp_path, "alpha-2001", "Alpha")
    report(tmp_path, "child-a", "Child A", invented=True)
    write_site(tmp_path)
    text = front(tmp_path)
    assert '<a href="index.html" aria-current="page">All reviews</a>' in text
    assert "On this page" not in text
    report(tmp_path, "beta-2002", "Beta")
    write_site(tmp_path)
    listed = front(tmp_path).split('<section class="review"')[0]
    assert re.findall(r'<li><a href="#([^"]*)">([^<]*)', listed) == [
        ("alpha-2001", "Alpha"),
        ("beta-2002", "Beta"),
        ("invented", "Invented, for teaching and testing"),
    ]


def test_each_page_of_a_review_and_its_hand_out_are_one_click_away(tmp_path: Path) -> None:
    report(tmp_path, "alpha-2001", "Alpha")
    old = [{"stem": INDEX, "points": []}]
    report(tmp_path, "beta-2002", "Beta", pages=old)
    write_site(tmp_path)
    links = re.findall(r'<a href="((?:alpha|beta)-[^"]*)">(.*?)</a>', front(tmp_path))
    alpha, beta = (f'<span class="visually-hidden"> of {name}</span>' for name in ("Alpha", "Beta"))
    # A page that has no name of its own is one of an older report.
    assert links == [
        ("alpha-2001/index.html", "Alpha"),
        ("alpha-2001/index.html", f"Story{alpha}"),
        ("alpha-2001/03_timing.html", f"Waits{alpha}"),
        ("alpha-2001/handout.html", f"Hand-out{alpha}"),
        ("beta-2002/index.html", "Beta"),
        ("beta-2002/handout.html", f"Hand-out{beta}"),
    ]


def test_what_stands_behind_the_story_is_linked_last(tmp_path: Path) -> None:
    behind = {"stem": "01_coding", "name": "Evidence", "points": []}
    report(tmp_path, "alpha-2001", "Alpha", pages=[behind, STORY, WAITS])
    write_site(tmp_path)
    links = re.findall(r'<a href="alpha-2001/[^"]*">([A-Z][a-z-]*)<span', front(tmp_path))
    assert links == ["Story", "Waits", "Evidence", "Hand-out"]


def test_each_review_has_its_own_small_chart(tmp_path: Path) -> None:
    for name in ("alpha-2001", "beta-2002"):
        report(tmp_path, name, name, chart=True)
    write_site(tmp_path)
    text = front(tmp_path)
    # The narrow drawing is called as the wide one is.
    assert text.count('role="img" aria-label="A to B: 3 days') == 2
    called = re.findall(r'role="img" aria-labelledby="([^"]*)"', text)
    assert len(called) == 2
    assert all(f' id="{name}" role="img" aria-label="A to B: 3 days' in text for name in called)
    words = re.findall(r"This chart in words<span[^>]*>([^<]*)", text)
    assert words == [" of: alpha-2001, T", " of: beta-2002, T"]
    assert re.findall(r'<figure data-of="([^"]*)"', text) == ["alpha-2001", "beta-2002"]
    # The same drawing of two reviews stands on one page: each has addresses of its own.
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert [name for name in ids if re.search(r"\d-title", name) and "timeline" in name] == [
        f"{name}-timeline-{px}-title" for name in ("alpha-2001", "beta-2002") for px in (340, 1160)
    ]


def test_what_is_no_report_is_left_out(tmp_path: Path) -> None:
    report(tmp_path, "alpha-2001", "Alpha")
    facts = json.loads((tmp_path / "alpha-2001" / "report.json").read_text())
    wrong: list[dict[str, object]] = [
        {"review": 1},
        {"review": "alpha-2001"},
        {"pages": [1]},
        {"pages": "ab"},
        {"pages": [{**STORY, "points": 1}]},
        {"pages": [{**STORY, "points": [1]}]},
        {"pages": [{**STORY, "stem": None}]},
        {"title": None},
        {"sources": [{"citation": "C."}]},
        {"data_sha256": 5},
    ]
    bad = [b"{", b"\xff", b"[]", b"null", b"[" * 100_000, b'{"title": "x"}']
    bad += [json.dumps({**facts, "review": "beta", **more}).encode() for more in wrong]
    (tmp_path / "beta").mkdir()
    for content in bad:
        (tmp_path / "beta" / "report.json").write_bytes(content)
        write_site(tmp_path)
        assert unreadable_in(tmp_path) == ["beta"], content[:80]
        assert [shown["review"] for shown in reports_in(tmp_path)] == ["alpha-2001"]
        assert "Alpha" in front(tmp_path)
    (tmp_path / "beta" / "report.json").write_text(json.dumps({**facts, "review": "beta"}))
    assert unreadable_in(tmp_path) == []


def test_a_front_page_over_nothing_says_so(tmp_path: Path) -> None:
    write_site(tmp_path)
    assert [*reports_in(tmp_path)] == []
    assert "No review has been rendered yet." in front(tmp_path)


def test_many_reviews_are_a_list_and_no_page_grows_with_their_charts(tmp_path: Path) -> None:
    for number in range(13):
        report(tmp_path, f"review-{number:02}", f"Review {number} <b>", chart=True)
    write_site(tmp_path)
    text = front(tmp_path)
    assert text.count("<svg") == 2 * 12
    assert "Review 12 &lt;b&gt;" in text


@pytest.mark.parametrize("page", ["index", "glossary", "method", "codebook", "cite", "help"])
def test_help_stands_on_every_page_before_all_else(tmp_path: Path, page: str) -> None:
    write_site(tmp_path)
    text = (tmp_path / f"{page}.html").read_text(encoding="utf-8")
    assert text.index('<a href="help.html"') < text.index("<h1")


def test_help_lines_are_named_with_their_numbers(tmp_path: Path) -> None:
    write_site(tmp_path)
    text = (tmp_path / "help.html").read_text(encoding="utf-8")
    assert re.findall(r'href="tel:([+\d]+)"', text) == HELP


def test_the_page_on_citing_has_version_and_data_of_every_review(tmp_path: Path) -> None:
    report(tmp_path, "alpha-2001", "Alpha", data_sha256="0123456789abcdef" * 4, citation="C <d>.")
    write_site(tmp_path)
    text = (tmp_path / "cite.html").read_text(encoding="utf-8")
    assert f"casechron that made it ({__version__})" in text
    assert "0123456789abcdef" in text
    assert "C &lt;d&gt;." in text


def test_the_page_on_citing_shows_how_a_sentence_is_cited(tmp_path: Path) -> None:
    source = {"citation": "Press <1>.", "address": "example.org", "link": "https://example.org"}
    report(tmp_path, "alpha-2001", "Alpha", data_sha256="01" * 32, sources=[source])
    report(tmp_path, "beta-2002", "Beta")
    sent: list[dict[str, object]] = []
    with mock.patch.object(show, "_send", lambda data, **meta: sent.append(meta)):
        show.points([show.Point("It is <told>.", ("b", "a"))])
    output = new_output("display_data", {}, metadata={"casechron": sent[0]})
    cells = [new_markdown_cell("# What?"), new_code_cell("1", outputs=[output])]
    folder = tmp_path / "alpha-2001"
    nbformat.write(new_notebook(cells=cells), folder / f"{INDEX}.ipynb")
    (folder / "tables").mkdir()
    (folder / "tables" / "chronicle.csv").write_text("event,places\nc,p1.1\na,p2.3\nb,\n")
    write_site(tmp_path)
    text = (tmp_path / "cite.html").read_text(encoding="utf-8")
    assert 'Press &lt;1&gt; (<a href="https://example.org">example.org</a>).' in text
    (example,) = re.findall(r"<p>A sentence, for example: (.*)</p>", text)
    assert re.sub(r"<[^<>]*>", "", example) == (
        "“It is &lt;told&gt;”, page What? of Alpha, rows a (source, p2.3), b,"
        f" casechron , data {'01' * 8}."
    )
    assert '<a href="alpha-2001/tables/chronicle.html#a">a</a>' in example


def test_the_documents_are_pages_of_the_site(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "method.md").write_text(
        "# Method\n\n## A\n\n```\n# not a heading <b>\n```\n\n| x |\n|---|\n| `1` |\n"
        "\n![pic](x.png)\n\n## B\n\n[ethics](ethics.md) [code](../src/x.py) [out](https://example.org/)"
        " [run](javascript:x)\n"
    )
    (docs / "ethics.md").write_text("# Ethics\n\n<script>x</script>\n")
    write_site(tmp_path / "reports", docs)
    method = (tmp_path / "reports" / "method.html").read_text(encoding="utf-8")
    assert headings(tmp_path / "reports" / "method.html") == [
        ("1", "Method"),
        ("2", "A"),
        ("2", "B"),
    ]
    assert "# not a heading &lt;b&gt;" in method
    assert '<caption id="table-a"><span>A</span></caption>' in method
    assert '<th scope="col">x</th>' in method
    assert (
        '<a href="ethics.html">ethics</a> code <a href="https://example.org/">out</a> run' in method
    )
    assert "x.png" not in method
    assert "&lt;script&gt;x&lt;/script&gt;" in (tmp_path / "reports" / "ethics.html").read_text(
        encoding="utf-8"
    )


def test_without_a_method_of_the_project_the_packages_own_is_shown_or_that_none_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "package"
    (package / "docs").mkdir(parents=True)
    (package / "docs" / "method.md").write_text(
        "# How it is done\n\n## Days\n\nThey are counted.\n"
    )
    monkeypatch.setattr(site, "starter_folder", lambda: package)
    page, docs = tmp_path / "reports" / "method.html", tmp_path / "docs"
    docs.mkdir()
    for given in (docs, None):
        write_site(page.parent, given)
        assert headings(page) == [("1", "How it is done"), ("2", "Days")]
        assert "<p>They are counted.</p>" in page.read_text(encoding="utf-8")
    (package / "docs" / "method.md").unlink()
    write_site(page.parent, docs)
    assert headings(page) == [("1", "Method")]
    assert "<p>The document that describes the method was not at hand.</p>" in page.read_text(
        encoding="utf-8"
    )


def test_a_document_with_an_address_given_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "method.md").write_text("# Method\n\n## A {#days}\n\n## B {#days}\n")
    with pytest.raises(ExportError) as refused:
        write_site(tmp_path / "reports", tmp_path / "docs")
    assert str(refused.value) == "method.html: more than one thing has the address days"
    assert not (tmp_path / "reports" / "method.html").exists()


def test_every_code_of_the_codebook_can_be_linked_to(tmp_path: Path) -> None:
    write_site(tmp_path)
    text = (tmp_path / "codebook.html").read_text(encoding="utf-8")
    for name in codebook().lists:
        assert f'id="{name.replace("_", "-")}"' in text
    assert '<a href="#event-kind">' in text


def test_every_term_stands_in_the_glossary(tmp_path: Path) -> None:
    write_site(tmp_path)
    text = (tmp_path / "glossary.html").read_text(encoding="utf-8")
    for term in glossary():
        assert (
            f'<dt id="{term.id}">{escape(term.term)}</dt><dd>{escape(term.meaning)}</dd>'.replace(
                "&#x27;", "&#39;"
            )
            in text
        )


def test_an_invented_review_stands_under_a_heading_of_its_own(tmp_path: Path) -> None:
    report(tmp_path, "child-a", "Child A, invented", chart=True, invented=True)
    report(tmp_path, "child-b", "Child B", chart=True)
    write_site(tmp_path)
    page = front(tmp_path)
    assert re.findall(r"<(h[1-6])\b", page) == ["h1", "h2", "h2", "h3"]
    parts = page.split('<h2 id="invented">')
    assert 'id="child-b-title"' in parts[0]
    assert "child-a" not in parts[0]
    assert 'id="child-a-title"' in parts[1]


def test_a_front_page_over_real_reviews_has_no_such_heading(tmp_path: Path) -> None:
    report(tmp_path, "child-b", "Child B")
    write_site(tmp_path)
    assert "nvented" not in front(tmp_path)


def test_a_front_page_over_invented_reviews_alone_does_not_say_that_there_is_none(
    tmp_path: Path,
) -> None:
    report(tmp_path, "child-a", "Child A, invented", invented=True)
    write_site(tmp_path)
    page = front(tmp_path)
    assert 'id="child-a-title"' in page
    assert "No review has been rendered" not in page
