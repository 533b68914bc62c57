from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from casechron.report import folders
from casechron.report.execution import RenderError
from casechron.report.export import write_manifest
from test_render import contents


def test_only_one_run_at_a_time_writes_into_a_folder(tmp_path):
    reports = tmp_path / "reports"
    message = (
        f"another run is rendering into {reports}; wait until it has ended, or write elsewhere with"
        " --out"
    )
    code = (
        "import sys; from pathlib import Path; from casechron.report.folders import locked\n"
        "with locked(Path(sys.argv[1])):\n    print('mine', flush=True); sys.stdin.readline()\n"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(reports)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with other:
        assert other.stdout is not None
        assert other.stdout.readline() == "mine\n"
        with pytest.raises(RenderError) as refused, folders.locked(reports):
            pass
        assert str(refused.value) == message
        # However it ends, the folder is free again.
        other.kill()
    with folders.locked(reports), pytest.raises(RenderError), folders.locked(reports):
        pass
    with folders.locked(reports):
        pass
    assert contents(reports) == {} or os.name == "nt"


def report(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "report.json").write_text(text)
    return folder


@pytest.mark.parametrize("exchange", [True, False], ids=["in one step", "in two"])
def test_a_report_takes_the_place_of_another_whole(tmp_path, monkeypatch, exchange):
    if not exchange:
        monkeypatch.setattr(folders, "_exchanged", lambda *paths: False)
    target = tmp_path / "alpha"
    for text in ("first", "second", "third"):
        staged = folders.stage(tmp_path, "alpha")
        (staged / "report.json").write_text(text)
        assert folders.replace(staged, target) == target
        assert contents(tmp_path) == {"alpha/report.json": text.encode()}
        assert [path.name for path in tmp_path.iterdir()] == ["alpha"]


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
@pytest.mark.parametrize("kind", ["new", "old"])
def test_what_has_one_of_our_names_goes_whatever_it_is_and_of_a_link_the_link(
    tmp_path, monkeypatch, kind
):
    monkeypatch.setattr(folders, "_exchanged", lambda *paths: False)
    reports, elsewhere = tmp_path / "reports", report(tmp_path / "elsewhere", "whole")
    reports.mkdir()
    left = reports / f".alpha.casechron-{kind}"

    def a_file() -> None:
        left.write_text("x")

    def a_link() -> None:
        left.symlink_to(elsewhere)

    def a_link_to_nothing() -> None:
        left.symlink_to(tmp_path / "nowhere")

    for leave in (a_file, a_link, a_link_to_nothing):
        leave()
        folders.mend(reports)
        assert [*reports.iterdir()] == [], leave
        target = report(reports / "alpha", "first")
        if kind == "new":
            leave()
        staged = folders.stage(reports, "alpha")
        (staged / "report.json").write_text("second")
        if kind == "old":
            leave()
        folders.replace(staged, target)
        assert contents(reports) == {"alpha/report.json": b"second"}, leave
        assert [path.name for path in reports.iterdir()] == ["alpha"]
        (target / "report.json").unlink()
        target.rmdir()
    assert contents(elsewhere) == {"report.json": b"whole"}


@pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux lets two folders change places in one step"
)
def test_two_folders_change_places_in_one_step(tmp_path):
    first, second = report(tmp_path / "one", "1"), report(tmp_path / "other", "2")
    assert folders._exchanged(first, second)
    assert contents(tmp_path) == {"one/report.json": b"2", "other/report.json": b"1"}
    assert not folders._exchanged(first, tmp_path / "nothing")


def test_what_an_interrupted_run_left_is_mended_whatever_review_it_is_of(tmp_path):
    report(tmp_path / "whole", "whole")
    report(tmp_path / ".whole.casechron-old", "old")
    report(tmp_path / ".moved.2001.casechron-old", "moved")
    report(tmp_path / ".moved.2001.casechron-new", "half")
    report(tmp_path / ".begun.casechron-new", "half")
    report(tmp_path / ".idea", "not ours")
    report(tmp_path / ".config.old", "not ours")
    (tmp_path / "thesis.pdf.part").write_text("not ours")
    (tmp_path / "index.html.part").write_text("half")
    (tmp_path / "index.html").write_text("front")
    folders.mend(tmp_path)
    assert contents(tmp_path) == {
        "whole/report.json": b"whole",
        "moved.2001/report.json": b"moved",
        ".idea/report.json": b"not ours",
        ".config.old/report.json": b"not ours",
        "thesis.pdf.part": b"not ours",
        "index.html": b"front",
    }


def test_what_is_no_report_is_never_replaced(tmp_path):
    project, out = tmp_path / "project", tmp_path / "out"
    (project / "data" / "alpha").mkdir(parents=True)
    hands_off = "it is not replaced; move it away, or write elsewhere with --out"

    def refused(what, *given) -> str:
        with pytest.raises(RenderError) as error:
            what(*given)
        return str(error.value)

    for folder in (project / "data", project / "data" / "reports", project / "notebooks"):
        name = folder.relative_to(project).parts[0]
        assert (
            refused(folders.guard, folder, project)
            == f"{folder}: reports are not written into {name}/, which people write; name another"
            " folder"
        )
    message = f"{project} is the project itself; name a folder within it, as in --out build/reports"
    assert refused(folders.guard, project, project) == message
    folders.guard(out, project)
    (file := project / "notes.txt").write_text("mine")
    message = f"{file} is a file; name a new folder, or one of reports"
    assert refused(folders.guard, file, project) == message
    (out / "alpha").mkdir(parents=True)
    folders.guard(out, project)
    # An empty folder can hold a report; one with somebody's files cannot.
    folders.replace(folders.stage(out, "alpha"), out / "alpha")
    (out / "alpha" / "thesis.txt").write_text("mine")
    assert (
        refused(folders.stage, out, "alpha")
        == f"{out / 'alpha'} holds something else than a report (thesis.txt); {hands_off}"
    )
    (out / "beta").write_text("mine")
    assert (
        refused(folders.stage, out, "beta")
        == f"{out / 'beta'} is no folder of a report; {hands_off}"
    )
    (out / "index.html").write_text("my site")
    assert (
        refused(folders.guard, out, project)
        == f"{out / 'index.html'} is no page of casechron, and is not written over; name another"
        " folder, or move it away"
    )
    assert contents(out) == {"alpha/thesis.txt": b"mine", "beta": b"mine", "index.html": b"my site"}


def test_a_file_beside_the_pages_of_a_report_is_not_removed_with_them(tmp_path: Path) -> None:
    report = folders.replace(folders.stage(tmp_path, "alpha"), tmp_path / "alpha")
    (report / "index.html").write_text("casechron")
    write_manifest(report)
    # What an editor hides there is nobody's work.
    (report / ".thesis.swp").write_text("mine")
    folders.stage(tmp_path, "alpha")
    (report / "tables").mkdir()
    (report / "tables" / "thesis.txt").write_text("mine")
    with pytest.raises(RenderError) as refused:
        folders.stage(tmp_path, "alpha")
    assert str(refused.value) == (
        f"{report} holds what was not rendered there (tables/thesis.txt) and would go with the old"
        " report; move it away"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes there")
def test_a_pipe_of_somebody_else_holds_no_run_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    os.mkfifo(tmp_path / "casechron-run-x")
    with folders.temporary_folder() as folder:
        assert folder.is_dir()
    assert [path.name for path in tmp_path.iterdir()] == ["casechron-run-x"]
