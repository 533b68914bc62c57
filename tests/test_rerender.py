"""Does a render run what has changed, all of it, and nothing else?"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import casechron
from casechron.reporting import keys
from casechron.reporting import render as render_module
from casechron.reporting.export import check_manifest, write_manifest
from casechron.reporting.plans import plan, tasks_of
from casechron.reporting.render import Summary, render_all, render_review
from casechron.reporting.tasks import Task, make
from test_render import PARAMETERS, SHOWS, contents, write_notebook, write_review

RAN = "with open('ran.txt', 'a') as ran:\n    _ = ran.write('{} ')"
SHOWN = (
    "from casechron.reporting.display import show_words\nshow_words([f'{{review}}: {}'], 'said_{}')"
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one review and three notebooks, each of which says that it ran."""
    write_review(tmp_path, "alpha-2001")
    for stem in ("one", "two", "three"):
        write(tmp_path, stem)
    render(tmp_path)
    assert ran(tmp_path) == ["one", "three", "two"]
    return tmp_path


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
    found = path.read_text().split() if path.exists() else []
    path.unlink(missing_ok=True)
    return found


def anew(root: Path, **options: object) -> dict[str, bytes]:
    """The report as it is when all of it is rendered where nothing was before."""
    out = root / "anew"
    render(root, out_dir=out, force=True, **options)
    ran(root)
    return contents(out / "alpha-2001")


def report(root: Path) -> dict[str, bytes]:
    assert check_manifest(root / "reports" / "alpha-2001") == []
    return contents(root / "reports" / "alpha-2001")


def test_what_has_not_changed_is_verified_and_left_alone(project):
    before = report(project)
    times = {
        path: path.stat().st_mtime_ns for path in (project / "reports" / "alpha-2001").rglob("*")
    }
    done = render(project)
    assert ran(project) == []
    assert report(project) == before
    assert {
        path: path.stat().st_mtime_ns for path in (project / "reports" / "alpha-2001").rglob("*")
    } == times
    assert (
        str(done)
        == f"alpha-2001: unchanged since it was rendered, {len(before) - 1} files verified; --force"
        " renders it anew\n0 reports rendered, 1 unchanged. Open"
        f" {project / 'reports' / 'index.html'}"
    )
    assert done.exit_code == 0


def test_force_renders_all(project):
    before = report(project)
    assert render(project, force=True).rendered == ("alpha-2001",)
    assert ran(project) == ["one", "three", "two"]
    assert report(project) == before


def test_of_notebooks_only_the_one_that_changed_runs(project):
    write(project, "two", "that")
    done = render(project)
    assert ran(project) == ["two"]
    assert str(done).startswith("alpha-2001: rendered anew: two changed\n1 report rendered. ")
    assert b"alpha-2001: that" in report(project)["two.html"]
    assert report(project) == anew(project)
    render(project)
    assert ran(project) == []


def test_a_new_notebook_runs_alone_and_all_pages_know_of_it(project):
    write_notebook(
        project / "notebooks" / "four.ipynb", RAN.format("four"), title="# Who came fourth?"
    )
    assert dict(render(project).reasons) == {"alpha-2001": "four came to it"}
    assert ran(project) == ["four"]
    assert b"Who came fourth?" in report(project)["one.html"]
    assert report(project) == anew(project)
    (project / "notebooks" / "one.ipynb").unlink()
    assert dict(render(project).reasons) == {"alpha-2001": "one went"}
    assert ran(project) == []
    assert "one.ipynb" not in report(project)
    assert report(project) == anew(project)


@pytest.mark.parametrize("file", ["events.csv", "review.toml", "codings/second/events.csv"])
def test_changed_data_run_all(project, file):
    path = project / "data" / "alpha-2001" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text((path.read_text() if path.exists() else "") + "\n")
    assert dict(render(project).reasons) == {"alpha-2001": "its data changed"}
    assert ran(project) == ["one", "three", "two"]
    assert report(project) == anew(project)


def test_another_policy_another_casechron_and_other_packages_run_all(project):
    assert dict(render(project, policy={"winter": "ends"}).reasons) == {
        "alpha-2001": "the parameters changed"
    }
    assert ran(project) == ["one", "three", "two"]
    folder = project / "reports" / "alpha-2001"
    said = json.loads((folder / "made_from.json").read_text())
    keys.write_made_from(folder, {**said, "casechron": "another"})
    write_manifest(folder)
    assert dict(render(project, policy={"winter": "ends"}).reasons) == {
        "alpha-2001": "casechron changed"
    }
    assert ran(project) == ["one", "three", "two"]
    (project / "requirements.lock").write_text(
        "".join(f"{name}=={version}\n" for name, version in keys.versions().items())
    )
    assert dict(render(project, policy={"winter": "ends"}).reasons) == {
        "alpha-2001": "the packages in use changed"
    }
    assert ran(project) == ["one", "three", "two"]


def test_a_parameter_goes_to_the_notebooks_that_declare_it_and_runs_only_them(project):
    write(project, "two", "{limit}", "\nlimit = 1  # how many")
    render(project)
    assert ran(project) == ["two"]
    done = render(project, parameters={"limit": 7})
    assert ran(project) == ["two"]
    assert dict(done.reasons) == {"alpha-2001": "the parameters changed"}
    assert b"alpha-2001: 7" in report(project)["two.html"]
    assert b"limit = 7" in report(project)["two.html"]
    said = json.loads(report(project)["made_from.json"])["notebooks"]
    assert {stem: made["parameters"].get("limit") for stem, made in said.items()} == {
        "one": None,
        "three": None,
        "two": 7,
    }
    assert report(project) == anew(project, parameters={"limit": 7})


def test_in_whatever_order_parameters_are_given_the_report_is_the_same(project):
    write(project, "two", "{limit}", "\nlimit = 1  # how many\nwho = ''  # who")
    render(project, parameters={"limit": 7, "who": "a"})
    before = report(project)
    ran(project)
    render(project, parameters={"who": "a", "limit": 7})
    assert ran(project) == []
    assert anew(project, parameters={"who": "a", "limit": 7}) == before
    # A number is not the same as another kind of it: a notebook shows which it was given.
    for value in (7.0, True, 1):
        done = render(project, parameters={"limit": value, "who": "a"})
        assert dict(done.reasons) == {"alpha-2001": "the parameters changed"}
        assert f"alpha-2001: {value}".encode() in report(project)["two.html"]


def test_a_module_beside_the_notebooks_is_part_of_what_a_report_is_made_from(project):
    helper = project / "notebooks" / "helper.py"
    helper.write_text("said = 'this'\n")
    write_notebook(
        project / "notebooks" / "two.ipynb", "from notebooks import helper\nprint(helper.said)"
    )
    render(project)
    assert b"this" in report(project)["two.html"]
    helper.write_text("said = 'that, at length'\n")
    assert dict(render(project).reasons) == {
        "alpha-2001": "the modules beside the notebooks changed"
    }
    assert b"that, at length" in report(project)["two.html"]
    assert render(project).rendered == ()


def test_what_is_saved_while_a_review_is_read_is_not_overlooked(project, monkeypatch):
    toml = project / "data" / "alpha-2001" / "review.toml"
    real = render_module.tasks_of

    def and_then_saved(*given: object) -> list[Task]:
        found = real(*given)
        toml.write_text(toml.read_text().replace("Review alpha-2001", "Changed"))
        monkeypatch.setattr(render_module, "tasks_of", real)
        return found

    monkeypatch.setattr(render_module, "tasks_of", and_then_saved)
    done = render_all(project, jobs=1, progress=False, force=True)
    assert dict(done.failures) == {
        "alpha-2001": "its data changed while it was rendered; render it again"
    }
    assert render(project).rendered == ("alpha-2001",)
    assert b"Changed" in report(project)["report.json"]


def test_a_package_that_is_edited_while_it_renders_is_noticed(project, tmp_path_factory):
    copied = tmp_path_factory.mktemp("package")
    shutil.copytree(
        Path(casechron.__file__).parent,
        copied / "casechron",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    template = copied / "casechron" / "reporting" / "templates" / "casechron" / "review.html.j2"
    write_review(project, "beta-2002")
    edit = (
        "import pathlib\nif review == 'beta-2002':\n    with"
        f" pathlib.Path({str(template)!r}).open('a') as t:\n"
    )
    write_notebook(
        project / "notebooks" / "two.ipynb", f"{edit}        _ = t.write('<!-- half an edit -->')"
    )
    command = [sys.executable, "-m", "casechron.cli", "render", "--all"]
    settings = {
        "cwd": project,
        "env": {**os.environ, "PYTHONPATH": str(copied)},
        "capture_output": True,
        "text": True,
    }
    done = subprocess.run(command, check=False, **settings)
    assert done.returncode == 1, done.stderr
    assert (
        "beta-2002: not rendered; it has no report.\n  casechron itself changed while it was"
        " rendered; render it again\n" in done.stdout
    )
    assert "half an edit" not in (project / "reports" / "alpha-2001" / "index.html").read_text()


def test_a_report_that_was_tampered_with_is_rendered_anew_from_the_start(project):
    before = report(project)
    folder = project / "reports" / "alpha-2001"

    def reword(path: Path) -> None:
        path.write_text(path.read_text().replace("this", "that"))

    for name, tamper, why in (
        ("two.ipynb", reword, "two.ipynb differs from SHA256SUMS"),
        ("two.html", Path.unlink, "two.html is in SHA256SUMS but not in the folder"),
        ("more.csv", Path.touch, "more.csv is in the folder but not in SHA256SUMS"),
    ):
        tamper(folder / name)
        done = render(project)
        assert dict(done.reasons) == {"alpha-2001": f"it was not as it had been rendered ({why})"}
        assert ran(project) == ["one", "three", "two"]
        assert report(project) == before


def test_a_copy_of_the_project_elsewhere_knows_its_reports(project, tmp_path_factory):
    there = tmp_path_factory.mktemp("clone") / "project"
    shutil.copytree(project, there)
    assert render(there).unchanged == (("alpha-2001", len(report(project)) - 1),)
    assert ran(there) == []
    assert contents(there / "reports") == contents(project / "reports")


def test_data_that_change_while_notebooks_run_make_no_report(tmp_path):
    write_review(tmp_path, "alpha-2001")
    cell = "with open('data/alpha-2001/events.csv', 'a') as table:\n    _ = table.write('e9')"
    write_notebook(tmp_path / "notebooks" / "one.ipynb", cell)
    done = render_all(tmp_path, jobs=1, progress=False)
    assert done.failures == (
        ("alpha-2001", "its data changed while it was rendered; render it again"),
    )
    assert not (tmp_path / "reports" / "alpha-2001").exists()


def test_a_report_made_in_this_process_is_known_too(project):
    notebooks = sorted((project / "notebooks").glob("*.ipynb"))
    before = report(project)
    render_review(
        project / "data" / "alpha-2001", notebooks, project / "reports", project_root=project
    )
    ran(project)
    assert report(project) == before
    assert len(render(project).unchanged) == 1
    assert ran(project) == []


def test_the_page_of_a_notebook_that_is_kept_is_the_page_of_one_that_ran(tmp_path):
    folder = write_review(tmp_path, "alpha-2001")
    notebook = write_notebook(tmp_path / "one.ipynb", *SHOWS)
    (task,) = tasks_of(folder, plan([notebook], {}, {}, tmp_path, 60))
    made = make(task)
    assert made.error == ""
    assert "Gaps of alpha-2001" in made.page
    again = Task(
        task.page, "", task.facts, task.parameters, task.project_root, executed=made.notebook
    )
    assert make(again) == made
