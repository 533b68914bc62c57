from __future__ import annotations

import json
import re
from html import escape

from casechron.reporting.page_texts import page_text
from casechron.reporting.site import reports_in, unreadable_in, write_site

from casechron import __version__
from casechron.coding.codebook import codebook
from casechron.reporting.export import check_manifest
from casechron.reporting.glossary import glossary


def report(folder, name, title):
    (folder / name).mkdir()
    said = {
        "review": name,
        "title": title,
        "about": [["Body", "B & C"]],
        "pages": [{"file": "01_when.html", "title": "When <x>?"}],
    }
    (folder / name / "report.json").write_text(json.dumps(said))


def test_the_front_page_leads_to_every_page_of_every_report(tmp_path):
    report(tmp_path, "beta-2002", "Beta")
    report(tmp_path, "alpha-2001", "Alpha <script>")
    report(tmp_path, ".gamma-2003.casechron-new", "Gamma")
    assert write_site(tmp_path) == tmp_path / "index.html"
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert text.index("Alpha &lt;script&gt;") < text.index("Beta")
    assert '<a href="alpha-2001/01_when.html">When &lt;x&gt;?</a>' in text
    assert "<dt>Body</dt><dd>B &amp; C</dd>" in text
    assert text.index("0808 800 5000") < text.index("<h1")
    assert "Gamma" not in text
    assert text.count("<script") == 1
    assert check_manifest(tmp_path) == []


def test_what_is_no_report_is_left_out(tmp_path):
    report(tmp_path, "alpha-2001", "Alpha")
    said = json.loads((tmp_path / "alpha-2001" / "report.json").read_text())
    page = said["pages"][0]
    bad = [
        b"{",
        b"\xff",
        b"[]",
        b"null",
        b"[" * 100_000,
        b'{"title": "x"}',
        *(
            json.dumps({**said, "review": "beta", **more}).encode()
            for more in (
                {"review": 1},
                {"review": "alpha-2001"},
                {"pages": [1]},
                {"pages": "ab"},
                {"about": [1]},
                {"sources": [{}]},
                {"title": None},
                {"data_sha256": 5},
                {"pages": [{**page, "figure": {"name": 1}}]},
                {"pages": [{**page, "key_points": 1}]},
            )
        ),
    ]
    (tmp_path / "beta").mkdir()
    for content in bad:
        (tmp_path / "beta" / "report.json").write_bytes(content)
        write_site(tmp_path)
        assert unreadable_in(tmp_path) == ["beta"], content[:80]
        assert [one["review"] for one in reports_in(tmp_path)] == ["alpha-2001"]
        assert "Alpha" in (tmp_path / "index.html").read_text(encoding="utf-8")
    (tmp_path / "beta" / "report.json").write_text(json.dumps({**said, "review": "beta"}))
    assert unreadable_in(tmp_path) == []


def test_a_front_page_over_nothing_says_so(tmp_path):
    write_site(tmp_path)
    assert [*reports_in(tmp_path)] == []
    assert "No review has been rendered yet." in (tmp_path / "index.html").read_text(
        encoding="utf-8"
    )


def test_the_front_page_shows_key_points_and_one_figure_of_each_review(tmp_path):
    for name in ("alpha-2001", "beta-2002"):
        report(tmp_path, name, name)
        said = json.loads((tmp_path / name / "report.json").read_text())
        page = {
            "file": "02_dates.html",
            "title": "Dates",
            "part": "When",
            "key_points": ["First <b>.", "Second."],
        }
        figure = {"name": "chronicle", "caption": "Chronology", "alt": "Bars"}
        said["pages"] += [
            page | {"figure": figure},
            page | {"key_points": [], "figure": figure | {"name": "gone"}},
        ]
        (tmp_path / name / "report.json").write_text(json.dumps(said))
        (tmp_path / name / "figures").mkdir()
        drawing = (
            '<svg aria-labelledby="figure-chronicle-title"><title'
            ' id="figure-chronicle-title">T</title></svg>\n'
        )
        (tmp_path / name / "figures" / "chronicle.svg").write_text(
            f'<?xml version="1.0" encoding="utf-8"?>\n{drawing}'
        )
    write_site(tmp_path)
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert text.count('<li>First &lt;b&gt;. <a class="more" href="') == 2
    assert "Second." not in text
    # The same drawing of two reviews stands on one page: each has addresses of its own.
    assert re.findall(r'<title id="([^"]+)">', text) == [
        f"{name}-figure-chronicle-title" for name in ("alpha-2001", "beta-2002")
    ]


def test_the_front_page_takes_the_point_that_adds_most_and_says_by_the_time_of_what(tmp_path):
    report(tmp_path, "alpha-2001", "Alpha")
    said = json.loads((tmp_path / "alpha-2001" / "report.json").read_text())
    said["pages"] = [
        {
            "file": "05_knowledge.html",
            "title": "Five?",
            "key_points": ["By the time of “A conference” one.", "Other."],
        },
        {
            "file": "06_room.html",
            "title": "Six?",
            "key_points": ["By the time of “A conference” two.", "The GP was left out."],
        },
        {"file": "06_room.html", "title": "Seven?", "key_points": ["Only this."]},
    ]
    said["sources"] = [{"citation": "A. B", "kind": "timeline", "address": "", "link": ""}]
    said |= {"rests_on": "a timeline", "who": "K: x"}
    (tmp_path / "alpha-2001" / "report.json").write_text(json.dumps(said))
    write_site(tmp_path)
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    points = ["By the time of “A conference” one.", "The GP was left out.", "Only this."]
    assert re.findall(r"<li>([^<]*) <a class=\"more\"", text) == points
    assert "<strong>Source.</strong> A. B: a timeline." in text
    assert "K: x" in text


def test_many_reviews_are_rows_of_a_table_and_no_page_grows_with_their_figures(tmp_path):
    for number in range(13):
        report(tmp_path, f"review-{number:02}", f"Review {number} <b>")
    said = json.loads((tmp_path / "review-03" / "report.json").read_text())
    said["pages"][0] |= {
        "key_points": ["First.", "Second."],
        "figure": {"name": "chronicle", "caption": "C", "alt": "Bars"},
    }
    (tmp_path / "review-03" / "report.json").write_text(
        json.dumps({**said, "content_note": "N", "data_sha256": "a" * 64})
    )
    (tmp_path / "review-03" / "figures").mkdir()
    (tmp_path / "review-03" / "figures" / "chronicle.svg").write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n<svg></svg>\n'
    )
    write_site(tmp_path)
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'<tr><th scope=row><a href="?([^">]*)"?>([^<]*)</a>', text) == [
        (f"review-{number:02}/index.html", f"Review {number} &lt;b&gt;") for number in range(13)
    ]
    assert "<td>First.<td>N<td><code>aaaaaaaaaaaaaaaa</code>" in text
    assert '<div class="table" data-rows="13">' in text
    assert "<svg" not in text.split("<main", 1)[1]
    for page in ("index", "glossary", "method", "codebook"):
        cited = (
            (tmp_path / f"{page}.html")
            .read_text(encoding="utf-8")
            .split("How to cite this page")[1]
        )
        assert (
            f"made with casechron {__version__} from the data of 13 reviews, whose hashes stand"
            " beside them on the" in cited
        )
    # One fewer, and each is shown in full.
    (tmp_path / "review-12" / "report.json").unlink()
    write_site(tmp_path)
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert text.count('<section class="review"') == 12
    assert "<svg" in text.split("<main", 1)[1]


def test_the_documents_are_pages_of_the_site(tmp_path):
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "method-b.md").write_text(
        "# B\n\n[ethics](ethics.md) [code](../src/x.py) [out](https://example.org/)"
        " [run](javascript:x)\n"
    )
    (docs / "method-a.md").write_text(
        "# A\n\n```\n# not a heading <b>\n```\n\n| x |\n|---|\n| `1` |\n\n![pic](x.png)\n"
    )
    (docs / "ethics.md").write_text("# Ethics\n\n<script>x</script>\n")
    write_site(tmp_path / "reports", docs)
    method = (tmp_path / "reports" / "method.html").read_text(encoding="utf-8")
    # What closes every page comes after.
    assert re.findall(r"<h([12]) [^>]*>([^<]*)<", method)[:4] == [
        ("1", "Method"),
        ("2", "A"),
        ("2", "B"),
        ("2", "Questions for discussion"),
    ]
    assert "# not a heading &lt;b&gt;" in method
    assert '<caption id="caption-1"><span>A</span></caption>' in method
    assert '<th scope="col">x</th>' in method
    assert (
        '<a href="ethics.html">ethics</a> code <a href="https://example.org/">out</a> run' in method
    )
    assert "x.png" not in method
    assert "&lt;script&gt;x&lt;/script&gt;" in (tmp_path / "reports" / "ethics.html").read_text(
        encoding="utf-8"
    )
    (docs / "method.md").write_text("# Whole\n")
    write_site(tmp_path / "reports", docs)
    assert "Whole</h1>" in (tmp_path / "reports" / "method.html").read_text(encoding="utf-8")


def test_every_code_of_the_codebook_can_be_linked_to(tmp_path):
    write_site(tmp_path)
    text = (tmp_path / "codebook.html").read_text(encoding="utf-8")
    for name in codebook().lists:
        assert f'id="{name.replace("_", "-")}"' in text
    assert '<a href="#event-kind">' in text


def test_every_term_stands_in_the_glossary(tmp_path):
    write_site(tmp_path)
    text = (tmp_path / "glossary.html").read_text(encoding="utf-8")
    for term in glossary():
        assert (
            f'<dt id="{term.id}">{escape(term.term)}</dt><dd>{escape(term.meaning)}</dd>'.replace(
                "&#x27;", "&#39;"
            )
            in text
        )


def test_every_page_begins_with_help_and_ends_with_questions_of_its_own(tmp_path):
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "ethics.md").write_text("# Ethics\n")
    write_site(tmp_path / "reports", docs)
    asked = {}
    for page in ("index", "glossary", "method", "codebook", "ethics"):
        text = (tmp_path / "reports" / f"{page}.html").read_text(encoding="utf-8")
        assert text.index("0808 800 5000") < text.index("<nav") < text.index("<h1")
        questions = text.split('<section class="questions"')[1]
        assert re.match(r".*?</section>\s*</main>", questions, re.DOTALL)
        asked[page] = tuple(re.findall("<li>(.*?)</li>", questions.split("</section>")[0]))
        assert len(asked[page]) >= 3
    # None has the general ones, and none those of another page.
    assert (
        len({*asked.values(), tuple(escape(one) for one in page_text("").questions)})
        == len(asked) + 1
    )


def test_every_page_says_how_to_cite_it_with_version_and_data(tmp_path):
    report(tmp_path, "alpha-2001", "Alpha")
    said = json.loads((tmp_path / "alpha-2001" / "report.json").read_text())
    (tmp_path / "alpha-2001" / "report.json").write_text(
        json.dumps({**said, "data_sha256": "0123456789abcdef" * 4})
    )
    write_site(tmp_path)
    for page in ("index", "glossary", "method", "codebook"):
        text = (tmp_path / f"{page}.html").read_text(encoding="utf-8")
        assert "How to cite this page" in text
        assert (
            f"made with casechron {__version__} from data <code>alpha-2001 0123456789abcdef</code>"
            in text
        )
