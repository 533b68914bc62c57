"""Does a run that is ended, by whatever, leave whole reports, no process, and a run that goes on from there?"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from casechron.reporting import folders
from casechron.reporting.execution import RenderError
from casechron.reporting.export import check_manifest
from casechron.reporting.render import render_all, render_review
from test_render import contents, write_notebook, write_review

HERE = Path(__file__).parent
REVIEWS = [f"review-{number}" for number in range(7)]
#: A notebook that takes a while, and says that it ran.
SLOW = "import time\ntime.sleep(0.4)\nwith open('ran.txt', 'a') as ran:\n    _ = ran.write(review + ' ')"

pytestmark = pytest.mark.skipif(not os.path.isdir("/proc"), reason="looks at /proc, and kills as Linux does")


def test_at_whatever_step_it_ends_a_report_is_the_old_one_or_the_new_one(tmp_path):
    write_review(tmp_path, "alpha-2001")
    show = "import pandas as pd\nfrom casechron.reporting.display import show\nshow(pd.DataFrame({'a': [str(policy)]}), 'a')"
    write_notebook(tmp_path / "notebooks" / "01_when.ipynb", show)
    script = [sys.executable, str(HERE / "every_step.py"), str(tmp_path)]
    done = subprocess.run(script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said.pop("wrong") == []
    # Eight files at least are written, and renamed, and as many removed.
    assert said["full"] > 8
    assert min(said["killed, exchange"], said["killed, rename"]) > 24


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in REVIEWS:
        write_review(tmp_path, name)
    write_notebook(tmp_path / "notebooks" / "01_when.ipynb", SLOW, "review")
    return tmp_path


def render(project: Path, *options: str) -> subprocess.Popen[str]:
    """`casechron render` in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "casechron.cli", "render", "--all", "--jobs", "2", *options],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "MARK_OF_THIS_TEST": str(project)},
    )


def processes(project: Path) -> list[int]:
    """All that the run has started, whatever group they are in: they have its environment."""
    mark = f"MARK_OF_THIS_TEST={project}".encode()
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
            except OSError:
                continue
    return found


def no_process_is_left(project: Path) -> bool:
    deadline = time.monotonic() + 30
    while (left := processes(project)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not left


def whole_reports(project: Path) -> Iterator[str]:
    """The reports that there are; all of them are whole."""
    for folder in sorted((project / "reports").glob("[!.]*/")):
        assert check_manifest(folder) == [], folder
        yield folder.name


def ended_by(run: subprocess.Popen[str], project: Path, number: signal.Signals, reports: int) -> tuple[str, str]:
    """What a run says that is sent a signal once there are so many reports."""
    while run.poll() is None and len([*(project / "reports").glob("[!.]*/SHA256SUMS")]) < reports:
        time.sleep(0.01)
    assert run.poll() is None, run.communicate()
    # Ctrl-C in a terminal goes to all that is in its group.
    os.killpg(run.pid, number) if number == signal.SIGINT else os.kill(run.pid, number)
    return run.communicate(timeout=60)


def ran(project: Path) -> list[str]:
    path = project / "ran.txt"
    found = path.read_text().split() if path.exists() else []
    path.unlink(missing_ok=True)
    return found


def test_a_run_that_is_ended_again_and_again_goes_on_from_where_it_was(project):
    stood: list[str] = []
    for number in (signal.SIGKILL, signal.SIGINT):
        reports = len(stood) + 1
        run = render(project)
        out, said = ended_by(run, project, number, reports)
        assert no_process_is_left(project), number
        now = [*whole_reports(project)]
        assert len(now) >= reports
        assert set(stood) <= set(now)
        # What was finished is not run again.
        assert not set(ran(project)) & set(stood)
        if number == signal.SIGINT:
            assert run.returncode == 130
            assert said.splitlines()[-1].startswith("casechron: interrupted. ")
            assert said.splitlines()[-1].endswith(
                " of 7 reports were rendered and stand, all others are as they were; the same command goes on from here"
            )
            assert "Traceback" not in said
            assert not [*(project / "reports").glob(".*")]
        else:
            assert run.returncode == -signal.SIGKILL
        assert out == ""
        stood = now
    done = render_all(project, jobs=2, progress=False)
    assert (done.failures, sorted(name for name, _ in done.unchanged)) == ((), stood)
    assert sorted(ran(project)) == sorted(set(REVIEWS) - set(stood))
    assert check_manifest(project / "reports") == []
    assert not [*(project / "reports").glob(".*")]
    render_all(project, jobs=2, progress=False, out_dir=project / "anew")
    assert contents(project / "anew") == contents(project / "reports")


def test_a_second_run_into_the_same_folder_is_refused(project):
    reports = project / "reports"
    said = f"another run is rendering into {reports}; wait until it has ended, or write elsewhere with --out"
    with folders.alone(reports):
        with pytest.raises(RenderError) as refused:
            render_all(project, progress=False)
        assert str(refused.value) == said
        with pytest.raises(RenderError) as refused:
            render_review(project / "data" / REVIEWS[0], [project / "notebooks" / "01_when.ipynb"], reports)
        assert str(refused.value) == said
    assert ran(project) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1600k", "casechron", str(disk)]
    mounted = subprocess.run(command, capture_output=True, check=False)
    if mounted.returncode != 0:
        pytest.skip("no file system can be mounted here")
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_ends_the_run_with_a_sentence_and_whole_reports(project, small_disk):
    reports = small_disk / "reports"
    # A report then takes some 300 KB.
    write_notebook(project / "notebooks" / "01_when.ipynb", SLOW, "print('x' * 100_000)")
    done = render_all(project, jobs=2, progress=False, out_dir=reports)
    assert 0 < len(done.rendered) < len(REVIEWS)
    assert done.exit_code == 1
    ((_, why),) = done.failures
    # It depends on the moment whether that was when a notebook was written or when all were put together.
    assert re.fullmatch(r"(01_when\.ipynb: |it could not be put together: |)No space left on device(: .*)?", why)
    assert done.not_begun + len(done.rendered) + len(done.failures) == len(REVIEWS)
    assert " not begun; the same command goes on from here.\n" in str(done)
    assert sorted(path.name for path in reports.glob("*/")) == sorted(done.rendered)
    for name in done.rendered:
        assert check_manifest(reports / name) == []
    # With room again, the rest is rendered.
    subprocess.run(["mount", "-o", "remount,size=20m", str(small_disk)], check=True)
    ran(project)
    again = render_all(project, jobs=2, progress=False, out_dir=reports)
    assert sorted(ran(project)) == sorted(set(REVIEWS) - set(done.rendered))
    assert (again.failures, again.trouble) == ((), "")
    assert check_manifest(reports) == []
