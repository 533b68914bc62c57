from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from itertools import pairwise

import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from casechron.coding.policy import DatingPolicy
from casechron.reporting import tables
from casechron.reporting.export import (
    ExportError,
    Page,
    ReviewFacts,
    check_manifest,
    data_hash,
    page_html,
    page_title,
    write_data_package,
    write_files,
    write_manifest,
    write_report_json,
    write_text,
)
from casechron.reporting.table_cells import types_of, written

PAGES = (Page("01_when", "When did it happen?"), Page("02_wait", "How long did <concerns> wait?"))
FACTS = ReviewFacts(
    review="alpha-2001",
    title="Alpha & others, a review",
    about=(("Body", "Alpha <Partnership>"), ("Published", "2001-09-29")),
    content_note="This report describes <X>.",
    citation="Cited <so>.",
    policy=tuple(DatingPolicy(winter="ends").describe()),
    policy_differs=("winter",),
    data_hash="0123456789abcdef" * 4,
    version="9.9",
    pages=PAGES,
)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="figure-gaps-title">'
    '<title id="figure-gaps-title">t</title></svg>'
)


def table_output(name="gaps", table=None, caption="Gaps <i>"):
    table = pd.DataFrame({"event": ["e1", "e2"], "days_min": [1, 2]}) if table is None else table
    columns = written(table)
    said = {
        "kind": "table",
        "name": name,
        "caption": caption,
        "fields": types_of(columns),
        "rows": len(table),
    }
    data = {
        "text/html": tables.begun_html(columns, name, caption),
        "text/plain": tables.plain_of(columns),
        "text/csv": tables.table_csv(table),
    }
    return new_output("display_data", data, metadata={"casechron": said})


def figure_output(name="gaps"):
    said = {"kind": "figure", "name": name, "caption": "Drawn", "alt": "Two <bars>."}
    return new_output(
        "display_data", {"image/svg+xml": SVG, "text/plain": "f"}, metadata={"casechron": said}
    )


def notebook(*outputs, source="gaps = 1 < 2"):
    return new_notebook(
        cells=[
            new_markdown_cell("# When did it happen?\n\nHow <b>to</b> read it."),
            new_code_cell(
                "review = 'a'  # help", execution_count=1, metadata={"tags": ["parameters"]}
            ),
            new_markdown_cell("## The table\n\n## The table"),
            new_code_cell(source, execution_count=2, outputs=list(outputs)),
        ]
    )


def page(*outputs, **more) -> str:
    return page_html(notebook(*outputs, **more), PAGES[0], FACTS)


class Outline(HTMLParser):
    """The start tags of a page in order, and whether every tag closes where it should."""

    EMPTY = ("meta", "link", "br", "hr", "img", "path", "use")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


# ---- the page


def test_every_tag_closes_and_every_link_within_the_page_finds_its_place():
    outline = Outline(page(table_output(), figure_output()))
    assert outline.open == []
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in outline.tags:
        if str(attributes.get("href", "")).startswith("#"):
            assert str(attributes["href"])[1:] in ids
        for key in ("aria-labelledby",):
            if key in attributes:
                assert set(str(attributes[key]).split()) <= set(ids)


def test_the_content_note_and_the_help_lines_come_before_all_else():
    text = page(table_output())
    order = [
        text.index(words)
        for words in ("Content note", "0808 800 5000", "0808 2000 247", "116 123", "<nav", "<h1")
    ]
    assert order == sorted(order)


def test_one_main_heading_and_none_is_skipped():
    levels = [
        int(tag[1])
        for tag, _ in Outline(page(table_output(), figure_output())).tags
        if re.fullmatch("h[1-6]", tag)
    ]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_nothing_is_loaded_and_nothing_runs_but_our_own_script():
    text = page(table_output(), figure_output())
    outline = Outline(text)
    digest = base64.b64encode(
        hashlib.sha256(
            re.search(r"<script>(.*?)</script>", text, flags=re.DOTALL)[1].encode()
        ).digest()
    )
    assert [attributes for tag, attributes in outline.tags if tag == "script"] == [{}]
    assert (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest.decode()}';"
        " img-src data:" in text
    )
    assert not {"img", "iframe", "object", "embed", "video", "audio", "form", "base"} & {
        tag for tag, _ in outline.tags
    }
    assert not [
        attributes
        for _, attributes in outline.tags
        if "src" in attributes or any(key.startswith("on") for key in attributes)
    ]
    assert [attributes["href"] for tag, attributes in outline.tags if tag == "link"] == ["data:,"]
    style = re.search(r"<style>(.*?)</style>", page(), flags=re.DOTALL)
    assert style
    assert "url(" not in style.group(1)
    assert "@import" not in style.group(1)


def test_a_page_says_its_review_its_policy_its_version_and_its_data():
    text = page()
    assert '<html lang="en-GB">' in text
    assert "<title>When did it happen? – Alpha &amp; others, a review</title>" in text
    assert "<dt>Body</dt><dd>Alpha &lt;Partnership&gt;</dd>" in text
    assert "casechron 9.9, data <code>0123456789abcdef</code>" in text
    assert (
        "<dt>How dates are read</dt><dd>by rules that differ from the default in winter (" in text
    )
    for name, value, _ in FACTS.policy:
        assert f"<code>{name} = {value}</code>" in text
    assert text.count("<strong>not the default</strong>") == 1
    assert "What this source cannot show" in text
    assert "How to cite this page" in text
    assert "<strong>Content note.</strong> This report describes &lt;X&gt;.</p>" in text
    assert "<p>The data: Cited &lt;so&gt;.</p>" in text


def test_a_page_leads_to_the_other_pages_and_to_the_front_page():
    text = page()
    assert '<a href="01_when.html" aria-current="page">When did it happen?</a>' in text
    assert '<a href="02_wait.html">How long did &lt;concerns&gt; wait?</a>' in text
    assert '<a href="../index.html">' in text


def test_a_table_scrolls_within_itself_and_downloads():
    text = page(table_output())
    assert (
        '<div class="scroll" role="region" aria-labelledby="caption-gaps" tabindex="0">\n<table'
        in text
    )
    assert (
        '<a href="tables/gaps.csv" download>Download “Gaps &lt;i&gt;” as CSV</a> (2 rows)' in text
    )


def test_a_table_of_more_than_three_rows_can_be_skipped_and_paper_says_what_it_leaves_out():
    def shown(rows):
        return page(
            table_output("t", pd.DataFrame({"event": [f"e{place}" for place in range(rows)]}))
        )

    assert (
        '<a class="skip" href="#after-t">Skip this table (4 rows)</a>\n<div class="scroll"'
        in shown(4)
    )
    assert '<p class="download" id="after-t">' in shown(4)
    assert "Skip this table" not in shown(3)
    for rows, begun in ((60, False), (61, True)):
        words = (
            f"On paper these are the first 12 of {rows} rows; all of them are in tables/t.csv and"
            " on the screen."
        )
        said = f'<p class="on-paper">{words}</p>'
        assert (said in shown(rows)) == ('class="casechron begun' in shown(rows)) == begun
    assert ":nth-child(n + 13 of :not([hidden]))" in shown(1)


def test_a_figure_has_its_words_beside_it():
    text = page(figure_output())
    assert SVG in text
    assert (
        "<summary>This figure in words</summary><ul>\n<li>Two &lt;bars&gt;.</li>\n</ul></details>"
        in text
    )
    assert '<a href="figures/gaps.svg" download>' in text


def test_code_is_folded_and_is_text():
    text = page(source="x = '<script>'")
    assert (
        '<details class="code"><summary>Code of this step</summary><pre tabindex="0"><code>x ='
        " &#39;&lt;script&gt;&#39;" in text
    )


def test_markup_in_prose_stays_text_and_headings_have_addresses():
    text = page()
    assert "&lt;b&gt;to&lt;/b&gt;" in text
    assert '<h1 id="section-when-did-it-happen">When did it happen?</h1>' in text
    assert '<h2 id="section-the-table">' in text
    assert '<h2 id="section-the-table-2">' in text


def words_output(*sentences, rests_on=None):
    said = {"kind": "words", "name": "order", "caption": "", "sentences": list(sentences)}
    said |= {} if rests_on is None else {"rests_on": rests_on}
    return new_output("display_data", {"text/html": "x"}, metadata={"casechron": said})


def test_words_stand_on_the_page():
    assert "<li>a &lt; b</li>" in page(words_output("a < b"))


def test_a_sentence_leads_to_the_tables_that_it_names_and_the_others_to_those_around_them():
    links = (
        '<a href="#table-gaps" class="rests">gaps</a>, <a href="#table-time_limits"'
        ' class="rests">time limits</a>'
    )
    behind = '<p class="rests">The table behind this: <a href="#table-gaps">Gaps &lt;i&gt;</a>.</p>'
    every = page(
        words_output("a.", "b.", rests_on=[["gaps", "time_limits"], ["gaps"]]), table_output()
    )
    assert f"<li>a. {links}</li>" in every
    assert behind not in every
    some = page(words_output("a.", "b.", rests_on=[["gaps", "time_limits"], []]), table_output())
    assert f"<li>a. {links}</li>\n<li>b.</li>" in some
    assert behind in some
    assert behind in page(words_output("a."), table_output())


def test_a_page_has_every_row_of_a_table_of_which_its_notebook_has_the_first():
    table = pd.DataFrame(
        {"event": [f"e{place}" for place in range(30)], "days_min": [1.0, *[None] * 29]}
    )
    output = table_output(table=table)
    assert "e11" not in output.data["text/html"]
    assert tables.table_html(table, "gaps", "Gaps <i>") in page(output)


def test_what_did_not_come_through_display_is_text():
    hostile = "<script>alert(1)</script>"
    shown = page(
        new_output("display_data", {"text/html": hostile, "text/plain": hostile}),
        new_output("stream", name="stdout", text=hostile),
        new_output("execute_result", {"application/javascript": hostile}),
    )
    assert shown.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2
    assert shown.count("<script") == 1
    assert hostile not in shown


def test_two_things_with_one_address_are_refused():
    addresses = "after-gaps, caption-gaps, gaps-e1, gaps-e2, table-gaps"
    with pytest.raises(
        ExportError, match=f"^01_when: more than one thing has the address {addresses}$"
    ):
        page(table_output(), table_output())


def test_a_page_is_the_same_every_time():
    assert page(table_output(), figure_output()) == page(table_output(), figure_output())


# ---- titles


@pytest.mark.parametrize("source", ["# When?", "Words.\n\n## When? ##\n", "# When?\n# Where?"])
def test_the_title_is_the_first_heading(source):
    assert (
        page_title(new_notebook(cells=[new_code_cell("# no"), new_markdown_cell(source)]))
        == "When?"
    )


def test_a_notebook_without_a_heading_is_refused():
    with pytest.raises(
        ExportError,
        match=r"^the notebook has no heading; begin it with its question, as '# When \.\.\.\?'$",
    ):
        page_title(new_notebook(cells=[new_markdown_cell("words")]))


# ---- the hash of the data


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "alpha-2001"
    (folder / "codings" / "second").mkdir(parents=True)
    (folder / "events.csv").write_text("id\ne1\n")
    (folder / "review.toml").write_text("title = 'A'\n")
    (folder / "codings" / "second" / "events.csv").write_text("id\n")
    return folder


def test_the_hash_changes_with_every_byte_of_the_data_and_with_nothing_else(data):
    seen = {data_hash(data)}
    (data / "notes.md").write_text("words")
    (data / "codings" / "second" / "events.csv").write_text("id\ne9\n")
    (data / ".events.csv.swp.csv").write_text("x")
    assert data_hash(data) in seen
    for change in (
        lambda: (data / "events.csv").write_text("id\ne2\n"),
        lambda: (data / "events.csv").rename(data / "event.csv"),
        lambda: (data / "review.toml").write_text(""),
        lambda: (data / "people.csv").write_text(""),
    ):
        change()
        assert data_hash(data) not in seen
        seen.add(data_hash(data))


def test_files_do_not_run_together_in_the_hash(tmp_path):
    for name, files in {
        "a": {"x.csv": "1y.csv2", "y.csv": ""},
        "b": {"x.csv": "1", "y.csv": "2"},
    }.items():
        (tmp_path / name).mkdir()
        for file, text in files.items():
            (tmp_path / name / file).write_text(text)
    assert data_hash(tmp_path / "a") != data_hash(tmp_path / "b")


# ---- files taken out of notebooks


def test_tables_and_figures_are_what_the_notebook_showed(tmp_path):
    output = table_output()
    write_files({"01_when": notebook(output, figure_output())}, tmp_path)
    assert (tmp_path / "tables" / "gaps.csv").read_bytes() == output.data["text/csv"].encode()
    assert (
        tmp_path / "figures" / "gaps.svg"
    ).read_text() == f'<?xml version="1.0" encoding="utf-8"?>\n{SVG}\n'
    assert sorted(path.name for path in tmp_path.rglob("*.*")) == ["gaps.csv", "gaps.svg"]


def test_a_file_that_is_offered_has_its_folder_its_link_and_its_resource(tmp_path):
    offered = table_output("coded/gaps", caption="Coded: gaps")
    offered.metadata["casechron"]["kind"] = "file"
    resources = write_files({"01_when": notebook(table_output("coded_gaps"), offered)}, tmp_path)
    path = "tables/coded/gaps.csv"
    assert (tmp_path / path).read_bytes() == offered.data["text/csv"].encode()
    assert [(one["name"], one["path"]) for one in resources] == [
        ("coded.gaps", path),
        ("coded_gaps", "tables/coded_gaps.csv"),
    ]
    assert resources[0]["description"] == "Offered in 01_when.html#file-coded.gaps"
    assert (
        f'<p class="download" id="file-coded.gaps"><a href="{path}" download>Coded: gaps</a>'
        " (2 rows)</p>"
    ) in page(offered)


def test_a_name_used_twice_is_refused(tmp_path):
    shown = {
        "01_when": notebook(table_output(), figure_output()),
        "02_wait": notebook(table_output(), figure_output()),
    }
    with pytest.raises(ExportError) as refused:
        write_files(shown, tmp_path)
    assert (
        str(refused.value)
        == "the table gaps is shown by 01_when and again by 02_wait; the figure gaps is shown by"
        " 01_when and again by 02_wait; give each a name of its own"
    )


def test_the_data_package_says_what_stands_in_the_tables(tmp_path):
    second = table_output("absences", pd.DataFrame({"day": pd.to_datetime(["2018-08-27"])}))
    resources = write_files({"01_when": notebook(table_output(), second)}, tmp_path)
    write_data_package(tmp_path, FACTS, resources)
    package = json.loads((tmp_path / "datapackage.json").read_text())
    assert (package["profile"], package["name"]) == ("tabular-data-package", "casechron-alpha-2001")
    assert [resource["name"] for resource in package["resources"]] == ["absences", "gaps"]
    for resource in package["resources"]:
        content = (tmp_path / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert re.fullmatch(r"[-a-z0-9._/]+", resource["name"])
        header = content.decode().splitlines()[0].split(",")
        assert [field["name"] for field in resource["schema"]["fields"]] == header
    assert package["resources"][0]["schema"] == {
        "fields": [{"name": "day", "type": "date"}],
        "missingValues": [""],
    }


def test_a_report_without_a_table_has_no_data_package(tmp_path):
    write_data_package(tmp_path, FACTS, [])
    assert list(tmp_path.iterdir()) == []


def test_json_has_a_line_for_each_table_and_page_so_that_versions_can_be_compared(tmp_path):
    resources = write_files({"01_when": notebook(table_output(), table_output("other"))}, tmp_path)
    write_data_package(tmp_path, FACTS, resources)
    lines = (tmp_path / "datapackage.json").read_text().splitlines()
    assert [json.loads(line.rstrip(","))["name"] for line in lines if line.startswith('{"')] == [
        "gaps",
        "other",
    ]
    assert lines[1] == '"profile": "tabular-data-package",'


def test_report_json_says_what_the_front_page_needs(tmp_path):
    said = {"kind": "words", "name": "gap_key_points", "caption": "", "sentences": ["One.", "Two."]}
    points = new_output("display_data", {"text/html": "x"}, metadata={"casechron": said})
    policies = table_output("policies_tried", caption="Tried")
    notebooks = {
        "01_when": notebook(points, figure_output(), table_output()),
        "02_wait": notebook(policies),
    }
    write_report_json(tmp_path, FACTS, notebooks)
    assert json.loads((tmp_path / "report.json").read_text()) == {
        "review": "alpha-2001",
        "title": "Alpha & others, a review",
        "content_note": "This report describes <X>.",
        "citation": "Cited <so>.",
        "sources": [],
        "rests_on": "",
        "who": "",
        "about": [["Body", "Alpha <Partnership>"], ["Published", "2001-09-29"]],
        "policy": {name: value for name, value, _ in FACTS.policy},
        "data_sha256": "0123456789abcdef" * 4,
        "casechron": "9.9",
        "single": "alpha-2001.html",
        "pages": [
            {
                "file": "01_when.html",
                "title": "When did it happen?",
                "part": "",
                "key_points": ["One.", "Two."],
                "figure": {"name": "gaps", "caption": "Drawn", "alt": "Two <bars>."},
                "tables": [{"name": "gaps", "caption": "Gaps <i>", "policies": False}],
            },
            {
                "file": "02_wait.html",
                "title": "How long did <concerns> wait?",
                "part": "",
                "key_points": [],
                "figure": None,
                "tables": [{"name": "policies_tried", "caption": "Tried", "policies": True}],
            },
        ],
    }


# ---- the manifest


def test_the_manifest_is_what_sha256sum_reads(tmp_path):
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "b.csv").write_text("x")
    (tmp_path / "a.html").write_text("")
    (tmp_path / ".hidden").write_text("x")
    write_manifest(tmp_path)
    assert (
        (tmp_path / "SHA256SUMS").read_text()
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a.html\n2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881  tables/b.csv\n"  # noqa: E501
    )
    assert check_manifest(tmp_path) == []


def test_every_difference_from_the_manifest_is_listed(tmp_path):
    for name in ("changed", "gone", "same"):
        (tmp_path / name).write_text(name)
    write_manifest(tmp_path)
    (tmp_path / "changed").write_text("else")
    (tmp_path / "gone").unlink()
    (tmp_path / "new").write_text("new")
    assert check_manifest(tmp_path) == [
        "changed differs from SHA256SUMS",
        "gone is in SHA256SUMS but not in the folder",
        "new is in the folder but not in SHA256SUMS",
    ]


def test_a_folder_without_a_manifest_is_no_report(tmp_path):
    assert check_manifest(tmp_path) == [f"{tmp_path.name} has no SHA256SUMS; render it anew"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\nb\u202ec\n", "U+202E RIGHT-TO-LEFT OVERRIDE in line 2"),
        ("a\x1b[31m", "U+001B ESCAPE in line 1"),
        ("a\0", "U+0000 NUL in line 1"),
        ("a\r\n", "U+000D CARRIAGE RETURN in line 1"),
        ("\n\n\ud800", "U+D800 (half of a pair) in line 3"),
        ("a\U000e0001", "U+E0001 LANGUAGE TAG in line 1"),
    ],
)
def test_no_file_holds_a_character_that_no_text_may_hold(tmp_path, text, said):
    page = tmp_path / "page.html"
    write_text(page, "it was\there, é — 😀\n")
    with pytest.raises(ExportError) as refused:
        write_text(page, text)
    assert str(refused.value) == f"page.html would hold {said}; take it out of what is shown"
    # What stood there stands.
    assert page.read_text(encoding="utf-8") == "it was\there, é — 😀\n"
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
