"""Does the private page show each sentence beside its rows, and is it written nowhere else?"""

from __future__ import annotations

import os
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from casechron.cli import main
from casechron.coding.verification import locate_form, verify_form
from casechron.report.verified_page import PageError, page_text, private_file
from test_locating import EVENTS, TEXT
from test_locating import located as review
from text_tables import cells_of

HOSTILE = "<script>alert(1)</script> & \u201cit\u201d"


class _Read(HTMLParser):
    """The rows of the table, each as the texts of its cells, and every tag."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1] and data.strip():
            self.rows[-1][-1] = " ".join([*self.rows[-1][-1].split(), *data.split()])


def page(tmp_path: Path, text: str = TEXT, events: str = EVENTS) -> str:
    """The page for a copy of the text that `TEXT` was located in."""
    folder, source = review(tmp_path, events=events)
    locate_form(folder, None, source)
    source.write_text(text, encoding="utf-8")
    return page_text([verify_form(folder, None, source)], folder.name)


def test_each_sentence_stands_beside_its_rows(tmp_path: Path) -> None:
    rows = _Read(text := page(tmp_path)).rows
    worry = "worry A school refers a child's attendance (events.csv line 2)"
    cells = "date: 2014-08 kind: referral by: school to: police about: X"
    assert rows[0] == ["Place", "Sentence", "Rows"]
    assert [row[:2] for row in rows[1:]] == [
        ["", "A review of Child X"],
        ["p2.1 exact", "The school referred X in August."],
        ["p2.2 exact", "A letter was sent."],
        ["p2.3 exact", "Nothing came of it."],
        ["p3.1 exact", "Social workers of children's services visited in September."],
    ]
    assert "Missing in" not in text
    asked = "does not name police: derived?"
    assert rows[1][2] == ""
    assert rows[2][2] == f"{worry} {cells} p2.1 {asked}"
    assert rows[3][2] == f"{worry} {cells} p2.2 {asked}"
    assert rows[5][2] == (
        "events.csv line 3 A social worker visits date: 2014-09-02 kind: visit by:"
        " childrens-services about: X"
    )


def test_what_is_not_in_the_text_is_said_first(tmp_path: Path) -> None:
    text = TEXT.replace("A letter was sent. ", "").replace("visited in", "came in")
    whole = page(tmp_path, text)
    before, after = whole.split("<table>")
    assert "<h3>Missing in this text</h3>" in before
    assert re.findall(r"<h4>(.*)</h4>", before) == ["p2.2"]
    assert [row[0] for row in _Read(after).rows[1:]] == [
        *("", "p2.1 exact", "p2.3 moved", "p3.1 changed")
    ]


def test_what_rests_elsewhere_stands_there_alone(tmp_path: Path) -> None:
    folder, source = review(tmp_path)
    (folder / "details.csv").write_text(
        "row,column,item,place\nworry,to,police,p3.1\n", encoding="utf-8"
    )
    locate_form(folder, None, source)
    rows = _Read(page_text([verify_form(folder, None, source)], folder.name)).rows
    assert rows[5][2].endswith(
        "worry A school refers a child's attendance (events.csv line 2) to: police p3.1 does not"
        " name police: derived?"
    )
    assert "does not name" not in rows[2][2]


def test_all_is_escaped_and_nothing_runs(tmp_path: Path) -> None:
    folder, source = review(tmp_path, f"{TEXT}\n{HOSTILE}\n", EVENTS.replace("A school", HOSTILE))
    locate_form(folder, None, source)
    text = page_text([verify_form(folder, None, source)], HOSTILE)
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;" in text
    assert not _Read(text).tags & {"script", "a", "img", "iframe", "form", "object"}
    assert 'http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src' in text
    assert "://" not in text


# ---------------------------------------------------------------- where it may stand


def test_the_page_is_written_for_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, source = review(tmp_path)
    out = tmp_path / "mine.html"
    monkeypatch.chdir(tmp_path)
    assert main(["locate", str(folder), "--source", str(source)]) == 0
    assert main(["verify", str(folder), "--source", str(source), "--page", "mine.html"]) == 0
    assert capsys.readouterr().out.splitlines()[-2] == (
        "wrote mine.html: it holds the text of the source, so that it is for you alone"
    )
    assert "A letter was sent." in out.read_text(encoding="utf-8")
    assert os.name == "nt" or out.stat().st_mode & 0o777 == 0o600
    assert main(["verify", str(folder), "--source", str(source), "--page", "mine.html"]) == 2
    assert capsys.readouterr().err == (
        "casechron: mine.html exists already; choose another name, or move it away first\n"
    )


def project(tmp_path: Path) -> Path:
    """The folder of a review within a project."""
    folder = tmp_path / "ours" / "data" / "child-x-example-2019"
    folder.mkdir(parents=True)
    (folder / "review.toml").touch()
    return folder


@pytest.mark.parametrize(
    "where",
    cells_of("""
        ours/out.html | ours/data/child-x-example-2019/out.html | ours/../ours/out.html
        link/out.html | outward.html | repository/deep/out.html | worktree/out.html
        other/out.html
    """),
)
def test_no_page_within_a_project_or_a_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    folder = project(tmp_path)
    (tmp_path / "link").symlink_to(tmp_path / "ours")
    (tmp_path / "repository" / "deep").mkdir(parents=True)
    subprocess.run(["git", "init", "-q", tmp_path / "repository"], check=True)
    (tmp_path / "worktree").mkdir()
    (tmp_path / "worktree" / ".git").write_text("gitdir: elsewhere\n")
    other = tmp_path / "other" / "data" / "child-y-example-2019"
    other.mkdir(parents=True)
    (other / "review.toml").touch()
    monkeypatch.chdir(tmp_path / "other")
    if where == "outward.html":
        (tmp_path / where).symlink_to(tmp_path / "ours" / "new.html")
    with pytest.raises(PageError) as refusal:
        private_file(tmp_path / where, folder)
    if where == "outward.html":
        assert str(refusal.value).startswith("outward.html exists already")
    else:
        assert str(refusal.value).endswith(
            "and the text of a source may not travel with a review; name a file outside of the"
            " project and of any git repository"
        )


def test_beside_the_project_it_may_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = project(tmp_path)
    monkeypatch.chdir(folder)
    private_file(tmp_path / "out.html", folder)
    with pytest.raises(PageError, match=r"there is no folder '.*'; make it, or name another"):
        private_file(tmp_path / "nowhere" / "out.html", folder)


def test_nothing_is_read_for_a_page_that_may_not_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, source = review(tmp_path)
    inside = folder / "out.html"
    locate_form(folder, None, source)
    assert main(["verify", str(folder), "--source", str(source), "--page", str(inside)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("casechron: out.html would lie in ")
    assert not inside.exists()
