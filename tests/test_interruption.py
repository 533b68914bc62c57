"""Does a run that is ended, by whatever, leave whole reports, no process, and a run that goes on
from there?"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from casechron.report import folders
from casechron.report.execution import RenderError
from casechron.report.export import check_manifest
from casechron.report.render import render_all
from test_engine import GUARD
from test_render import ALPHA, contents, write_notebook, write_review
from thoroughly import EVERY, SEED, drawn, in_turns, some, thorough

HERE = Path(__file__).parent
REVIEWS = [f"review-200{number}" for number in range(5)]
#: A notebook that waits with all reviews but two until it is let go, and says that it ran.
WAITS = (
    "import os, time\n"
    f"while review > {REVIEWS[1]!r} and not os.path.exists('go'): time.sleep(0.01)\n"
    "with open('ran.txt', 'a') as ran:\n    _ = ran.write(review + ' ')"
)
#: The ways in which a run is asked to end.
ASKED = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
GOES_ON = "; the same command goes on from here"

#: Each takes some seconds of several processes.
turn = in_turns("each step", "asked to end", "any moment", "worker", "a full disk")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")


@turn("each step")
def test_at_whatever_step_it_ends_a_report_is_the_old_one_or_the_new_one(tmp_path: Path) -> None:
    write_review(tmp_path, ALPHA)
    show = (
        "import pandas as pd\nimport casechron as cc\n"
        "cc.show.table(pd.DataFrame({'a': [str(policy)]}), 'a', 'A')"
    )
    write_notebook(tmp_path / "notebooks" / "01_when.ipynb", show)
    each = 8 if EVERY else 16
    first = random.Random(SEED).randint(1, each)
    script = [sys.executable, str(HERE / "every_step.py"), str(tmp_path), str(first), str(each)]
    done = subprocess.run(script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout)
    assert counts.pop("wrong") == []
    # Eight files at least are written, and renamed, and as many removed.
    assert counts["full"] > 8
    assert min(counts["killed, exchange"], counts["killed, rename"]) > 24


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in REVIEWS:
        write_review(tmp_path, name)
    write_notebook(tmp_path / "notebooks" / "01_when.ipynb", WAITS, "review")
    return tmp_path


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where runs have their temporary files: a short path, since sockets are among them."""
    with tempfile.TemporaryDirectory(prefix="t") as folder:
        monkeypatch.setenv("TMPDIR", folder)
        yield Path(folder)


def hear() -> None:
    """What is asked to end hears it: in the background Ctrl-C is ignored, under nohup a hang-up,
    and what is started inherits that."""
    for number in ASKED:
        signal.signal(number, signal.SIG_DFL)


def render(project: Path, *which: str) -> subprocess.Popen[str]:
    """`casechron render` of some reviews, or all, in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "casechron.cli", "render", *(which or ["--all"]), "--jobs", "2"],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=hear,
        env={**os.environ, "MARK_OF_THIS_TEST": str(project)},
    )


def no_process_is_left(project: Path) -> bool:
    """Whether all that a run has started ends, whatever group it is in: it has its environment."""
    mark = f"MARK_OF_THIS_TEST={project}".encode()
    for _ in range(int(GUARD / 0.1)):
        left = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                left += [folder] * (mark in (folder / "environ").read_bytes().split(b"\0"))
            except OSError:
                continue
        if not left:
            return True
        time.sleep(0.1)
    return False


def whole_reports(project: Path) -> list[str]:
    """The reports that there are; all of them are whole."""
    there = sorted((project / "reports").glob("[!.]*/"))
    assert [check_manifest(folder) for folder in there] == [[] for _ in there]
    return [folder.name for folder in there]


def wait_for(run: subprocess.Popen[str], project: Path, reports: int) -> None:
    while run.poll() is None and len([*(project / "reports").glob("[!.]*/SHA256SUMS")]) < reports:
        time.sleep(0.01)
    assert run.poll() is None, run.communicate()


def end(run: subprocess.Popen[str], number: signal.Signals) -> tuple[str, str]:
    """What a run says then; Ctrl-C in a terminal goes to all that is in its group."""
    os.killpg(run.pid, number) if number == signal.SIGINT else os.kill(run.pid, number)
    return run.communicate(timeout=GUARD)


def ran(project: Path) -> list[str]:
    path = project / "ran.txt"
    lines = path.read_text().split() if path.exists() else []
    path.unlink(missing_ok=True)
    return lines


@turn("asked to end")
@pytest.mark.parametrize("number", some(ASKED))
def test_what_asks_a_run_to_end_is_heard_and_nothing_of_it_stays(
    project: Path, temporary: Path, number: signal.Signals
) -> None:
    (project / "data" / REVIEWS[0] / "events.csv").write_text("id\ne1\n")
    run = render(project)
    wait_for(run, project, 1)
    out, complaints = end(run, number)
    assert no_process_is_left(project)
    assert (run.returncode, out) == (128 + number, "")
    assert "Traceback" not in complaints
    message = complaints[complaints.index("casechron: ") :]
    stand = "reports were rendered and stand, all others are as they were"
    assert re.match(rf"casechron: interrupted\. [1-4] of 5 {stand}{GOES_ON}\n", message)
    # What failed before is told all the same.
    assert (
        f"{REVIEWS[0]}: not rendered.\n  it cannot be read, as casechron check says too:" in message
    )
    assert whole_reports(project) != []
    assert not [*(project / "reports").glob(".*")]
    assert [*temporary.iterdir()] == []


@thorough
def test_a_run_that_was_killed_is_swept_and_goes_on_from_where_it_was(
    project: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = render(project)
    wait_for(run, project, 2)
    end(run, signal.SIGKILL)
    assert no_process_is_left(project)
    stood = whole_reports(project)
    # (The standard library's own folder of its forkserver stays: it is nobody's by its name.)
    (left,) = temporary.glob("casechron-*")
    assert left.name.startswith("casechron-run-")
    ran(project)
    (project / "go").touch()
    with monkeypatch.context() as here:
        here.setattr(tempfile, "tempdir", str(temporary))
        alive = folders.temporary_folder()
        living = alive.__enter__()
    try:
        run = render(project)
        done, complaints = run.communicate(timeout=GUARD)
        assert run.returncode == 0, done + complaints
        # Nobody sweeps the folder of a run that lives.
        assert living.is_dir()
    finally:
        alive.__exit__(None, None, None)
    assert not [*temporary.glob("casechron-*")]
    assert f"{len(REVIEWS) - len(stood)} reports rendered, {len(stood)} unchanged." in done
    assert sorted(ran(project)) == sorted({*REVIEWS} - {*stood})
    assert whole_reports(project) == REVIEWS
    assert render_all(project, jobs=2, out_dir=project / "anew", progress=False).failures == ()
    assert contents(project / "anew") == contents(project / "reports")


@turn("any moment")
@pytest.mark.parametrize("seed", drawn(range(20), in_ci=6))
def test_a_run_that_ends_at_any_moment_ends(project: Path, temporary: Path, seed: int) -> None:
    chance = random.Random(seed)
    number = chance.choice([*ASKED, signal.SIGKILL])
    (project / "go").touch()
    # Two begin at once, and a third while one of them is put together: some two and a half seconds.
    run = render(project, *REVIEWS[:3])
    time.sleep(chance.uniform(0, 3.2))
    with_words = run.poll() is None
    if with_words:
        end(run, number)
    else:
        run.communicate(timeout=GUARD)
    # It was asked before it could hear, or heard, or had just ended.
    assert run.returncode in (0, -number, 128 + number)
    assert no_process_is_left(project)
    assert {*whole_reports(project)} <= {*REVIEWS}
    if run.returncode == 128 + number:
        assert [*temporary.iterdir()] == []


@turn("worker")
def test_a_worker_that_is_killed_while_it_supervises_costs_its_own_report_alone(
    project: Path, temporary: Path
) -> None:
    ends = f"import os, signal\nif review == {REVIEWS[1]!r}: os.kill(os.getppid(), signal.SIGKILL)"
    write_notebook(project / "notebooks" / "01_when.ipynb", ends)
    out, _ = render(project).communicate(timeout=GUARD)
    assert "4 reports rendered, 1 failed. " in out
    message = "01_when.ipynb: the process that ran it was ended by SIGKILL; a lack of memory is one"
    assert message in out
    assert no_process_is_left(project)
    assert [*temporary.iterdir()] == []


def test_a_limit_that_is_too_low_is_said_in_words(project: Path) -> None:
    command = [sys.executable, "-m", "casechron.cli", "render", REVIEWS[0]]
    limited = ["sh", "-c", 'ulimit -n 9; exec "$@"', "sh", *command]
    done = subprocess.run(
        limited, cwd=project, capture_output=True, text=True, check=False, timeout=GUARD
    )
    assert done.returncode == 2, done.stdout + done.stderr
    assert "casechron: no process can be started for the notebooks (" in done.stderr
    assert "a limit on memory, on processes or on open files is one cause" in done.stderr
    assert not [*(project / "reports").glob("[!.]*/")]


def test_a_second_run_into_the_same_folder_is_refused(project: Path) -> None:
    reports = project / "reports"
    with folders.locked(reports), pytest.raises(RenderError) as refused:
        render_all(project, progress=False)
    assert str(refused.value) == (
        f"another run is rendering into {reports}; wait until it has ended, or write elsewhere with"
        " --out"
    )
    assert ran(project) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1100k", "casechron", str(disk)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("no file system can be mounted here")
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@turn("a full disk")
def test_a_full_disk_ends_the_run_with_a_sentence_and_whole_reports(
    project: Path, small_disk: Path
) -> None:
    reports = small_disk / "reports"
    # A report then takes some 300 KB.
    write_notebook(project / "notebooks" / "01_when.ipynb", WAITS, "print('x' * 100_000)")
    (project / "go").touch()
    # One after the other, so that some have not begun when the room ends.
    done = render_all(project, jobs=1, progress=False, out_dir=reports)
    assert 0 < len(done.rendered) < len(REVIEWS)
    ((_, why),) = done.failures
    # It depends on the moment whether a notebook was written or all were put together.
    place = r"(01_when\.ipynb: |it could not be put together: |)"
    assert re.fullmatch(rf"{place}No space left on device(: .*)?", why)
    assert done.not_begun + len(done.rendered) + len(done.failures) == len(REVIEWS)
    assert f" not begun{GOES_ON}.\n" in str(done)
    assert sorted(path.name for path in reports.glob("*/")) == sorted(done.rendered)
    assert [check_manifest(reports / name) for name in done.rendered] == [[]] * len(done.rendered)
    # With room again, the rest is rendered.
    subprocess.run(["mount", "-o", "remount,size=20m", str(small_disk)], check=True)
    ran(project)
    again = render_all(project, jobs=2, progress=False, out_dir=reports)
    assert sorted(ran(project)) == sorted({*REVIEWS} - {*done.rendered})
    assert (again.failures, again.trouble) == ((), "")
    assert check_manifest(reports) == []
