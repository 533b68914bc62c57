"""What does a person at the command line see, and which exit code does a script get?"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from casechron.cli import main

ROOT = Path(__file__).parents[1]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "notebooks").mkdir()
    shutil.copytree(ROOT / "data", tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CASECHRON_ROOT", raising=False)
    return tmp_path


def a_review(project: Path) -> str:
    return sorted(folder.parent.name for folder in (project / "data").glob("*/review.toml"))[0]


def test_check_of_good_reviews(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--all"]) == 0
    assert all(line.endswith(": good") for line in capsys.readouterr().out.splitlines())


def test_check_names_file_line_and_column(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    review = a_review(project)
    events = project / "data" / review / "events.csv"
    lines = events.read_text(encoding="utf-8").splitlines(keepends=True)
    header = lines[0].rstrip("\n").split(",")
    cells = lines[1].split(",")
    cells[header.index("date")] = "late Augst 2018"
    lines[1] = ",".join(cells)
    events.write_text("".join(lines), encoding="utf-8")
    assert main(["check", review]) == 1
    out = capsys.readouterr().out
    assert f"{review}/events.csv line 2, date: 'late Augst 2018'" in out
    assert out.endswith("of the codebook; docs/codebook.md says what may be written\n")


def test_no_such_review_is_wrong_usage(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "child-nobody-2000"]) == 2
    assert "child-nobody-2000" in capsys.readouterr().err


def test_nothing_named_is_wrong_usage(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 2
    assert capsys.readouterr().err == "casechron: name one or more reviews, or say --all\n"


def test_a_name_and_all_are_wrong_usage(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "child-x", "--all"]) == 2
    said = "--all is every review, and 'child-x' is named as well; leave out one of the two"
    assert capsys.readouterr().err == f"casechron: {said}\n"


def test_new_makes_a_folder_that_says_what_to_fill_in(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "child-x-example-2021"]) == 0
    assert (project / "data" / "child-x-example-2021" / "review.toml").is_file()
    assert main(["check", "child-x-example-2021"]) == 1
    assert "review.toml" in capsys.readouterr().out
    assert main(["new", "child-x-example-2021"]) == 2


@pytest.mark.parametrize(("given", "said"), [
    ("data/child-z-y-2020", "is a path; {id}; did you mean 'child-z-y-2020'?"),
    ("../x", "is a path; {id}"),
    ("/tmp/child-z-y-2020/", "is a path; {id}; did you mean 'child-z-y-2020'?"),
    ("Child Z, Y 2020", "is no id of a review; {id}; did you mean 'child-z-y-2020'?"),
    ("child-z", "is no id of a review; {id}"),
    ("child-z-y-20", "is no id of a review; {id}"),
    ("", "is no id of a review; {id}"),
])  # fmt: skip
def test_new_takes_an_id_and_no_path(given: str, said: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(project.rglob("*"))
    assert main(["new", given]) == 2
    what = (
        "an id is the name of a folder in data/: child, body and year in lower-case letters, digits and hyphens, as in "
        "child-x-example-2021"
    )
    assert capsys.readouterr().err == f"casechron: '{given}' {said.format(id=what)}\n"
    assert sorted(project.rglob("*")) == before


def test_a_second_coding_is_made_checked_and_located_by_its_name(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "child-x-example-2021"]) == 0
    assert main(["new", "child-x-example-2021", "--coding", "bob"]) == 0
    name = "child-x-example-2021/codings/bob"
    said = f"made data/{name}: replace the worked rows, then: casechron check {name}\n"
    assert capsys.readouterr().out.endswith(said)
    assert not (project / "data" / name / "review.toml").exists()
    assert main(["check", name]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{name}/sources.csv line 2: this is the worked row")
    assert {line.rpartition(": ")[2] for line in lines[:-1]} == {lines[0].rpartition(": ")[2]}
    (project / "text.txt").write_text("Title\n\nOne sentence.\n", encoding="utf-8")
    for place in (name, f"data/{name}"):
        assert main(["locate", place, "--source", "text.txt"]) == 0
        assert capsys.readouterr().out.endswith("wrote the digests of 10 locators\n")
        assert main(["verify", place, "--source", "text.txt"]) == 0
    capsys.readouterr()
    assert main(["new", "child-x-example-2021", "--coding", "Bob B"]) == 2
    said = "'Bob B' is no id of a coder; write lower-case letters, digits and hyphens, such as 'bob-b'"
    assert capsys.readouterr().err == f"casechron: {said}\n"
    assert main(["new", "child-nobody-2000", "--coding", "bob"]) == 2


def test_a_coding_of_a_real_review_is_good_by_itself(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (coding,) = sorted((project / "data").glob("*/codings/pass-1"))
    assert main(["check", f"{coding.parents[1].name}/codings/pass-1"]) == 0
    assert capsys.readouterr().out == f"{coding.parents[1].name}/codings/pass-1: good\n"


def test_a_policy_field_that_is_none(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", "--all", "--policy", "late=21"]) == 2
    assert capsys.readouterr().err.startswith("casechron: late is no part of a dating policy; write one of: early_to,")


def a_notebook(project: Path) -> None:
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# How many?"),
            nbformat.v4.new_code_cell("review = ''\npolicy = {}\nlimit = 1", metadata={"tags": ["parameters"]}),
            nbformat.v4.new_code_cell("print(repr(limit))"),
        ]
    )
    nbformat.write(notebook, project / "notebooks" / "01_many.ipynb")


def test_render_does_what_is_new_and_says_so(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a_notebook(project)
    review = a_review(project)
    report = project / "reports" / review
    ends = f"Open {project / 'reports' / 'index.html'}\n"
    assert main(["render", review]) == 0
    assert capsys.readouterr().out == f"1 report rendered. {ends}"
    files = len((report / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    assert main(["render", review]) == 0
    assert capsys.readouterr().out == (
        f"{review}: unchanged since it was rendered, {files} files verified; --force renders it anew\n"
        f"0 reports rendered, 1 unchanged. {ends}"
    )
    assert main(["render", review, "--force"]) == 0
    assert capsys.readouterr().out == f"1 report rendered. {ends}"
    for given, seen in (("limit='3'", "'3'"), ("limit=-0.5", "-0.5")):
        assert main(["render", review, "--parameter", given]) == 0
        assert capsys.readouterr().out == f"{review}: rendered anew: the parameters changed\n1 report rendered. {ends}"
        shown = nbformat.read(report / "01_many.ipynb", as_version=4)
        assert shown.cells[-1].outputs[0].text == f"{seen}\n"


def test_what_is_no_parameter_is_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a_notebook(project)
    for given, said in (
        ("limit", "--parameter limit: write NAME=VALUE, as in limit=3"),
        (
            "limits=3",
            "no notebook has a parameter limits; beside review and policy their cells tagged 'parameters' declare: "
            "limit (01_many.ipynb)",
        ),
        ("review=x", "review cannot be given as a parameter: name the review, and use --policy FIELD=VALUE"),
    ):
        assert main(["render", "--all", "--parameter", given]) == 2
        assert capsys.readouterr().err == f"casechron: {said}\n"
    assert not (project / "reports").exists()


def test_an_interruption_is_no_traceback(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("casechron.coding.checks.check_review", interrupted)
    assert main(["check", "--all"]) == 130
    assert capsys.readouterr().err == "casechron: interrupted\n"


def test_codebook_prints_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["codebook"]) == 0
    assert capsys.readouterr().out == (ROOT / "docs" / "codebook.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom casechron.cli import main\n"
        "try: main(sys.argv[1:])\nexcept SystemExit: pass\n"
        "heavy = {'pandas', 'numpy', 'matplotlib', 'papermill', 'IPython'} & set(sys.modules)\nassert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "usage: casechron" in done.stdout
