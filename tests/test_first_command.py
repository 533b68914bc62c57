"""Do the two commands do all that a fresh clone needs, and is it said whether a byte differs?"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from a_good_review import NAME, good_review
from casechron.report.export import write_manifest
from casechron.report.progress import Summary
from casechron.report.render import render_all

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("command", "last"),
    [("reports", "casechron render --all --force"), ("test", "python -m pytest -n")],
)
def test_either_command_sets_up_all_it_needs_and_no_variable(
    tmp_path: Path, command: str, last: str
) -> None:
    for path in (ROOT / "Makefile", ROOT / "pyproject.toml", *ROOT.glob("requirements*")):
        shutil.copy(path, tmp_path)
    ran = subprocess.run(
        ["make", "--dry-run", command],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    lines = ran.stdout.splitlines()
    steps = [line.split(":")[0].split()[-3:] for line in lines if line.startswith('echo "  ')]
    assert steps == [[str(number), "of", "4"] for number in range(1, 5)]
    assert any("--require-hashes --requirement requirements.lock" in line for line in lines)
    assert last in lines[-1]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    good_review(tmp_path / "data")
    parameters = "review = ''  # the review\npolicy = {}  # what differs from the default"
    cells = [
        new_markdown_cell("# Who?", metadata={"needs": []}),
        new_code_cell(parameters, metadata={"tags": ["parameters"]}),
        new_code_cell("review"),
    ]
    (tmp_path / "notebooks").mkdir()
    nbformat.write(new_notebook(cells=cells), tmp_path / "notebooks" / "01_who.ipynb")
    return tmp_path


def render(root: Path, *, force: bool = True) -> list[str]:
    return str(render_all(root, jobs=1, progress=False, force=force)).splitlines()


def test_what_is_rendered_anew_is_compared_with_what_stood_there(project: Path) -> None:
    reports = project / "reports"
    ends = f"1 report rendered. Open {reports / 'index.html'}"
    assert render(project) == [ends]
    files = sum(path.is_file() for path in reports.rglob("*"))
    same = (
        f"{NAME}, the pages over all reports: rendered anew, and all {files} files byte for byte as"
        " they were"
    )
    assert render(project) == [same, ends]
    report = reports / NAME
    pages = sum(path.is_file() for path in reports.glob("*"))
    with (report / "index.html").open("a", encoding="utf-8") as page:
        page.write(" ")
    (report / "more.csv").write_text("1\n")
    (report / "01_who.ipynb").unlink()
    # As a report of another version is, which had a file that this one has not.
    write_manifest(report)
    assert render(project) == [
        f"the pages over all reports: rendered anew, and all {pages} files byte for byte as they"
        " were",
        f"{NAME}: rendered anew, and not as it was (3 of {files - pages} files): 01_who.ipynb:"
        " new, index.html: other bytes, more.csv: gone",
        ends,
    ]
    with (reports / "glossary.html").open("a", encoding="utf-8") as page:
        page.write(" ")
    assert render(project)[1] == (
        f"the pages over all reports: rendered anew, and not as it was (1 of {pages} files):"
        " glossary.html: other bytes"
    )
    assert render(project) == [same, ends]


def test_what_is_left_alone_is_not_compared(project: Path) -> None:
    render(project)
    lines = render(project, force=False)
    assert [line.partition(":")[0] for line in lines[:-1]] == [NAME]
    assert "unchanged since it was rendered" in lines[0]


def test_of_many_that_differ_the_first_are_named() -> None:
    names = [f"r{number:02}" for number in range(30)]
    files = tuple(f"{name}.csv: new" for name in names)
    done = Summary(
        Path("index.html"),
        rendered=tuple(names),
        compared=tuple(
            (name, 64, () if place < 15 else files[:2] if place < 20 else files)
            for place, name in enumerate(names)
        ),
    )
    lines = str(done).splitlines()
    assert lines[0] == (
        "r00, r01, r02 and 12 more: rendered anew, and all 960 files byte for byte as they were"
    )
    assert lines[1] == (
        "r15: rendered anew, and not as it was (2 of 64 files): r00.csv: new, r01.csv: new"
    )
    assert lines[6] == (
        "r20: rendered anew, and not as it was (30 of 64 files): r00.csv: new, r01.csv: new,"
        " r02.csv: new and 27 more"
    )
    assert lines[10].startswith("r24: ")
    assert lines[11:] == [
        "5 more: rendered anew, and not as they were",
        "30 reports rendered. Open index.html",
    ]
