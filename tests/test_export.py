from __future__ import annotations

import json
import re
from unittest import mock

import pandas as pd
import pytest
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from casechron.coding.reviews import question_of
from casechron.dates.policy import DatingPolicy
from casechron.report import show
from casechron.report.export import (
    ExportError,
    Page,
    ReviewFacts,
    check_manifest,
    data_hash,
    write_data_package,
    write_manifest,
    write_report_json,
    write_tables,
    write_text,
)

PAGES = (Page("01_when", "When did it happen?"), Page("02_wait", "How long did <concerns> wait?"))
FACTS = ReviewFacts(
    review="alpha-2001",
    title="Alpha & others, a review",
    imprint=(("Body", "Alpha <Partnership>"), ("Published", "2001-09-29")),
    content_note="This report describes <X>.",
    citation="Cited <so>.",
    policy=tuple(DatingPolicy(winter="ends").describe()),
    policy_differs=("winter",),
    data_hash="0123456789abcdef" * 4,
    version="9.9",
    pages=PAGES,
)


def table_output(name="gaps", table=None, caption="Gaps <i>"):
    table = pd.DataFrame({"event": ["e1", "e2"], "days_min": [1, 2]}) if table is None else table
    return sent(show.table, table, name, caption)


def sent(function, *given, **named):
    """What a call of `show` sends, as the output of a cell."""
    outputs = []
    with mock.patch.object(show, "_send", lambda data, **meta: outputs.append((data, meta))):
        function(*given, **named)
    ((data, meta),) = outputs
    return new_output("display_data", data, metadata={"casechron": meta})


def notebook(*outputs):
    return new_notebook(
        cells=[
            new_markdown_cell("# When did it happen?\n\nHow <b>to</b> read it."),
            new_code_cell("gaps = 1 < 2", execution_count=1, outputs=list(outputs)),
        ]
    )


# ---- titles


@pytest.mark.parametrize("source", ["# When?", "Words.\n\n## When? ##\n", "# When?\n# Where?"])
def test_the_title_is_the_first_heading(source):
    assert (
        question_of(new_notebook(cells=[new_code_cell("# no"), new_markdown_cell(source)]))
        == "When?"
    )


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
    (data / "suggested.csv").write_text("accepted\nno\n")
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


def test_tables_are_what_the_notebook_showed(tmp_path):
    output = table_output()
    write_tables({"01_when": notebook(output)}, tmp_path)
    assert (tmp_path / "tables" / "gaps.csv").read_bytes() == output.metadata["casechron"][
        "csv"
    ].encode()
    assert [path.name for path in tmp_path.rglob("*.*")] == ["gaps.csv"]


def test_tables_that_are_kept_together_have_a_folder_of_their_own(tmp_path):
    gaps = pd.DataFrame({"event": ["e1"]})
    offered = sent(show.keep, {"gaps": gaps}, "coded", "Coded")
    resources = write_tables({"01_when": notebook(table_output("coded_gaps"), offered)}, tmp_path)
    path = "tables/coded/gaps.csv"
    assert (tmp_path / path).read_bytes() == b"event\ne1\n"
    assert [(table["name"], table["path"], table["description"]) for table in resources] == [
        ("coded.gaps", path, "Made by 01_when.ipynb"),
        ("coded_gaps", "tables/coded_gaps.csv", "Made by 01_when.ipynb"),
    ]


def test_the_whole_numbers_of_a_coded_table_are_numbers_in_its_schema(tmp_path):
    events = pd.DataFrame({"id": ["e1", "e2"], "count_min": ["2", ""]})
    offered = sent(show.keep, {"events": events}, "coded", "Coded")
    (resource,) = write_tables({"01_when": notebook(offered)}, tmp_path)
    assert resource["schema"]["fields"] == [
        {"name": "id"},
        {"name": "count_min", "type": "integer"},
    ]


def test_a_name_used_twice_is_refused(tmp_path):
    shown = {
        "01_when": notebook(table_output(), table_output("other")),
        "02_wait": notebook(table_output(), table_output("other")),
    }
    with pytest.raises(ExportError) as refused:
        write_tables(shown, tmp_path)
    assert (
        str(refused.value)
        == "the table gaps is shown by 01_when and again by 02_wait; the table other is shown by"
        " 01_when and again by 02_wait; give each a name of its own"
    )


def test_the_data_package_says_what_stands_in_the_tables(tmp_path):
    second = table_output("absences", pd.DataFrame({"day": pd.to_datetime(["2018-08-27"])}))
    resources = write_tables({"01_when": notebook(table_output(), second)}, tmp_path)
    write_data_package(tmp_path, FACTS, resources)
    package = json.loads((tmp_path / "datapackage.json").read_text())
    assert (package["profile"], package["name"]) == ("tabular-data-package", "casechron-alpha-2001")
    assert [resource["name"] for resource in package["resources"]] == ["absences", "gaps"]
    for resource in package["resources"]:
        content = (tmp_path / resource["path"]).read_bytes()
        assert re.fullmatch(r"[-a-z0-9._/]+", resource["name"])
        header = content.decode().splitlines()[0].split(",")
        assert [field["name"] for field in resource["schema"]["fields"]] == header
    assert package["resources"][0]["schema"] == {"fields": [{"name": "day", "type": "date"}]}


def test_a_report_without_a_table_has_no_data_package(tmp_path):
    write_data_package(tmp_path, FACTS, [])
    assert list(tmp_path.iterdir()) == []


def test_json_has_a_line_for_each_table_and_page_so_that_versions_can_be_compared(tmp_path):
    resources = write_tables({"01_when": notebook(table_output(), table_output("other"))}, tmp_path)
    write_data_package(tmp_path, FACTS, resources)
    lines = (tmp_path / "datapackage.json").read_text().splitlines()
    assert [json.loads(line.rstrip(","))["name"] for line in lines if line.startswith('{"')] == [
        "gaps",
        "other",
    ]
    assert lines[1] == '"profile": "tabular-data-package",'


def test_report_json_says_what_the_front_page_needs(tmp_path):
    points = sent(show.points, ["One.", show.Point("Two.", ("e1",))], "points")
    chart = sent(show.figure, Figure(figsize=(1, 1)), name="gaps", title="One gap", alt="A bar.")
    notebooks = {
        "01_when": notebook(points, chart, table_output()),
        "02_wait": notebook(table_output("policies_tried", caption="Tried")),
    }
    notebooks["01_when"].cells[0].metadata["casechron"] = {"name": "When"}
    write_report_json(tmp_path, FACTS, notebooks)
    assert json.loads((tmp_path / "report.json").read_text()) == {
        "review": "alpha-2001",
        "title": "Alpha & others, a review",
        "content_note": "This report describes <X>.",
        "citation": "Cited <so>.",
        "sources": [],
        "rests_on": "",
        "people": "",
        "about": [["Body", "Alpha <Partnership>"], ["Published", "2001-09-29"]],
        "policy": {name: value for name, value, _ in FACTS.policy},
        "data_sha256": "0123456789abcdef" * 4,
        "casechron": "9.9",
        "single": "alpha-2001.html",
        "pages": [
            {
                "stem": "01_when",
                "title": "When did it happen?",
                "name": "When",
                "points": ["One.", "Two."],
                "figures": [{"name": "gaps", "title": "One gap"}],
                "tables": ["gaps"],
            },
            {
                "stem": "02_wait",
                "title": "How long did <concerns> wait?",
                "name": "When did it happen?",
                "points": [],
                "figures": [],
                "tables": ["policies_tried"],
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
        "changed: other bytes",
        "gone: gone",
        "new: new",
    ]


def test_a_folder_without_a_manifest_is_no_report(tmp_path):
    assert check_manifest(tmp_path) == ["SHA256SUMS: gone"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("a\nb\u202ec\n", "U+202E RIGHT-TO-LEFT OVERRIDE in line 2"),
        ("a\x1b[31m", "U+001B ESCAPE in line 1"),
        ("a\0", "U+0000 NUL in line 1"),
        ("a\r\n", "U+000D CARRIAGE RETURN in line 1"),
        ("\n\n\ud800", "U+D800 (half of a pair) in line 3"),
        ("a\U000e0001", "U+E0001 LANGUAGE TAG in line 1"),
    ],
)
def test_no_file_holds_a_character_that_no_text_may_hold(tmp_path, text, named):
    page = tmp_path / "page.html"
    write_text(page, "it was\there, é — 😀\n")
    with pytest.raises(ExportError) as refused:
        write_text(page, text)
    assert str(refused.value) == f"page.html would hold {named}; take it out of what is shown"
    # What stood there stands.
    assert page.read_text(encoding="utf-8") == "it was\there, é — 😀\n"
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
