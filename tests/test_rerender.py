"""Does a render run what has changed, all of it, and nothing else?"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from casechron.report import render as render_module
from casechron.report.execution import Task
from casechron.report.export import check_manifest, write_made_from, write_manifest
from casechron.report.render import Summary, render_all
from test_render import ALPHA, PARAMETERS, contents, write_notebook, write_review
from thoroughly import in_turns

RAN = "with open('ran.txt', 'a') as ran:\n    _ = ran.write('{} ')"
SHOWN = "import casechron as cc\ncc.show.points([f'{{review}}: {}'], 'said_{}')"
#: What changes, and what runs then.
turn = in_turns("a notebook", "a new notebook", "all", "a parameter", "a moment")


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one review and three notebooks, each of which says that it ran."""
    root = tmp_path_factory.mktemp("project")
    write_review(root, ALPHA)
    for stem in ("one", "two", "three"):
        write(root, stem)
    render(root)
    assert ran(root) == ["one", "three", "two"]
    return root


@pytest.fixture
def project(rendered: Path, tmp_path: Path) -> Path:
    """A copy of it, rendered as it stands."""
    return Path(shutil.copytree(rendered, tmp_path, dirs_exist_ok=True))


def write(root: Path, stem: str, says: str = "this", more: str = "") -> Path:
    cells = (RAN.format(stem), SHOWN.format(says, stem))
    return write_notebook(
        root / "notebooks" / f"{stem}.ipynb", *cells, parameters=PARAMETERS + more
    )


def render(root: Path, **options: object) -> Summary:
    done = render_all(root, jobs=1, progress=False, **options)
    assert done.failures == ()
    return done


def ran(root: Path) -> list[str]:
    """Which notebooks have run since this was last asked."""
    path = root / "ran.txt"
    lines = path.read_text().split() if path.exists() else []
    path.unlink(missing_ok=True)
    return lines


def anew(root: Path, **options: object) -> dict[str, bytes]:
    """The report as it is when all of it is rendered where nothing was before."""
    render(root, out_dir=root / "anew", force=True, **options)
    ran(root)
    return contents(root / "anew" / ALPHA)


def report(root: Path) -> dict[str, bytes]:
    assert check_manifest(root / "reports" / ALPHA) == []
    return contents(root / "reports" / ALPHA)


def test_what_has_not_changed_is_verified_and_left_alone_unless_forced(project: Path) -> None:
    before, folder = report(project), project / "reports" / ALPHA
    times = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    done = render(project)
    assert ran(project) == []
    assert report(project) == before
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == times
    assert done.unchanged == ((ALPHA, len(before) - 1),)
    assert f"{ALPHA}: unchanged since it was rendered, {len(before) - 1} files" in str(done)
    assert render(project, force=True).rendered == (ALPHA,)
    assert ran(project) == ["one", "three", "two"]
    assert report(project) == before


@turn("a notebook")
def test_of_notebooks_only_the_one_that_changed_runs(project: Path) -> None:
    write(project, "two", "that")
    render(project)
    assert ran(project) == ["two"]
    assert b"alpha-2001: that" in report(project)["two.html"]
    assert report(project) == anew(project)
    render(project)
    assert ran(project) == []


@turn("a new notebook")
def test_a_new_notebook_runs_alone_and_all_pages_know_of_it(project: Path) -> None:
    four = project / "notebooks" / "four.ipynb"
    write_notebook(four, RAN.format("four"), title="# Who came fourth?")
    render(project)
    assert ran(project) == ["four"]
    assert b"Who came fourth?" in report(project)["one.html"]
    assert report(project) == anew(project)
    (project / "notebooks" / "one.ipynb").unlink()
    assert render(project).rendered == (ALPHA,)
    assert ran(project) == []
    assert "one.ipynb" not in report(project)
    assert report(project) == anew(project)


@turn("all")
def test_changed_data_another_policy_and_another_casechron_run_all(project: Path) -> None:
    with (project / "data" / ALPHA / "review.toml").open("a") as file:
        file.write("\n")
    render(project)
    assert ran(project) == ["one", "three", "two"]
    assert report(project) == anew(project)
    ends = {"policy": {"winter": "ends"}}
    render(project, **ends)
    assert ran(project) == ["one", "three", "two"]
    folder = project / "reports" / ALPHA
    record = json.loads((folder / "made_from.json").read_text())
    write_made_from(folder, {**record, "casechron": "another"})
    write_manifest(folder)
    render(project, **ends)
    assert ran(project) == ["one", "three", "two"]


@turn("a parameter")
def test_a_parameter_goes_to_the_notebooks_that_declare_it_and_runs_only_them(
    project: Path,
) -> None:
    write(project, "two", "{limit}", "\nlimit = 1  # how many\nwho = ''  # who")
    render(project, parameters={"limit": 7, "who": "a"})
    assert ran(project) == ["two"]
    assert b"alpha-2001: 7" in report(project)["two.html"]
    notebooks = json.loads(report(project)["made_from.json"])["notebooks"]
    limits = {stem: notebook["parameters"].get("limit") for stem, notebook in notebooks.items()}
    assert limits == {"one": None, "three": None, "two": 7}
    # Nobody's order of words changes a byte.
    render(project, parameters={"who": "a", "limit": 7})
    assert ran(project) == []
    assert report(project) == anew(project, parameters={"who": "a", "limit": 7})


def test_a_changed_byte_of_a_report_renders_all_of_it_anew(project: Path) -> None:
    before, folder = report(project), project / "reports" / ALPHA
    (folder / "two.html").write_bytes(before["two.html"] + b" ")
    render(project)
    assert ran(project) == ["one", "three", "two"]
    assert report(project) == before


@turn("a moment")
def test_what_is_saved_while_a_review_is_read_is_not_overlooked(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toml = project / "data" / ALPHA / "review.toml"
    real = render_module.tasks_of

    def and_then_saved(*given: object) -> list[Task]:
        tasks = real(*given)
        toml.write_text(toml.read_text().replace("Review alpha-2001", "Changed"))
        monkeypatch.setattr(render_module, "tasks_of", real)
        return tasks

    monkeypatch.setattr(render_module, "tasks_of", and_then_saved)
    done = render_all(project, jobs=1, progress=False, force=True)
    assert done.failures == ((ALPHA, "its data changed while it was rendered; render it again"),)
    assert render(project).rendered == (ALPHA,)
    assert b"Changed" in report(project)["report.json"]
