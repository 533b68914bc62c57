"""Does a run that is ended, by whatever, leave whole reports, no process, and a run that goes on
from there?"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

import casechron
from casechron.reporting import folders
from casechron.reporting.crews import Job, carry_out, local_crew
from casechron.reporting.endings import Interrupted, at_once, deferred, ends_in_order
from casechron.reporting.execution import RenderError
from casechron.reporting.export import check_manifest
from casechron.reporting.render import render_all, render_review
from test_render import contents, write_notebook, write_review
from thoroughly import EVERY

HERE = Path(__file__).parent
REVIEWS = [f"review-{number}" for number in range(7)]
#: A notebook that takes a while, and says that it ran.
SLOW = (
    "import time\ntime.sleep(0.4)\nwith open('ran.txt', 'a') as ran:\n    _ = ran.write(review +"
    " ' ')"
)

pytestmark = pytest.mark.skipif(
    not os.path.isdir("/proc"), reason="looks at /proc, and kills as Linux does"
)


def test_at_whatever_step_it_ends_a_report_is_the_old_one_or_the_new_one(tmp_path):
    write_review(tmp_path, "alpha-2001")
    show = (
        "import pandas as pd\nfrom casechron.reporting.display import show\nshow(pd.DataFrame({'a':"
        " [str(policy)]}), 'a')"
    )
    write_notebook(tmp_path / "notebooks" / "01_when.ipynb", show)
    script = [sys.executable, str(HERE / "every_step.py"), str(tmp_path)]
    done = subprocess.run(
        script, capture_output=True, text=True, check=False, env=settled(tmp_path)
    )
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


def settled(project: Path) -> dict[str, str]:
    """An environment with a package of the project's own: somebody may edit ours while this runs,
    and a run would notice that."""
    folder = project / "package"
    if not folder.exists():
        # With what is compiled of it, which each process would else compile anew.
        shutil.copytree(Path(casechron.__file__).parent, folder / "casechron")
    return {**os.environ, "PYTHONPATH": str(folder)}


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where runs have their temporary files: a short path, since sockets are among them."""
    with tempfile.TemporaryDirectory(prefix="t") as folder:
        monkeypatch.setenv("TMPDIR", folder)
        yield Path(folder)


def render(project: Path, *options: str) -> subprocess.Popen[str]:
    """`casechron render` in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "casechron.cli", "render", "--all", "--jobs", "2", *options],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**settled(project), "MARK_OF_THIS_TEST": str(project)},
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


def ended_by(
    run: subprocess.Popen[str], project: Path, number: signal.Signals, reports: int
) -> tuple[str, str]:
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
                " of 7 reports were rendered and stand, all others are as they were; the same"
                " command goes on from here"
            )
            assert "Traceback" not in said
            assert not [*(project / "reports").glob(".*")]
        else:
            assert run.returncode == -signal.SIGKILL
        assert out == ""
        stood = now
    done, said = render(project).communicate(timeout=120)
    last = (
        f"{len(REVIEWS) - len(stood)} reports rendered, {len(stood)} unchanged. Open"
        f" {project / 'reports' / 'index.html'}"
    )
    assert done.splitlines()[-1] == last, done + said
    assert [line.partition(": unchanged")[0] for line in done.splitlines()[:-1]] == stood
    assert sorted(ran(project)) == sorted(set(REVIEWS) - set(stood))
    assert check_manifest(project / "reports") == []
    assert not [*(project / "reports").glob(".*")]
    run = render(project, "--out", "anew")
    run.communicate(timeout=120)
    assert run.returncode == 0
    assert contents(project / "anew") == contents(project / "reports")


@pytest.mark.parametrize(
    "number",
    [signal.SIGTERM, *[signal.SIGINT, signal.SIGHUP] * EVERY],
    ids=lambda number: number.name,
)
def test_what_asks_a_run_to_end_is_heard_and_nothing_of_it_stays(project, temporary, number):
    run = render(project)
    out, said = ended_by(run, project, number, 1)
    assert no_process_is_left(project)
    assert (run.returncode, out) == (128 + number, "")
    assert re.fullmatch(
        r"casechron: interrupted\. [1-7] of 7 reports were rendered and stand, all others are as"
        r" they were; "
        r"the same command goes on from here",
        said.splitlines()[-1],
    )
    assert "Traceback" not in said
    assert [*whole_reports(project)] != []
    assert not [*(project / "reports").glob(".*")]
    assert [*temporary.iterdir()] == []


def test_a_process_that_is_lost_leaves_nothing_when_the_run_is_over(project, temporary):
    ends = (
        f"import os, signal\nif review == {REVIEWS[1]!r}:\n    os.kill(os.getppid(),"
        " signal.SIGKILL)"
    )
    write_notebook(project / "notebooks" / "01_when.ipynb", ends)
    out, _ = render(project).communicate(timeout=120)
    assert "6 reports rendered, 1 failed. " in out
    assert [*temporary.iterdir()] == []


def test_signals_are_heard_only_while_a_run_lasts_and_only_where_nobody_else_hears_them():
    before = signal.getsignal(signal.SIGHUP)
    with ends_in_order():
        with pytest.raises(Interrupted) as ended:
            signal.raise_signal(signal.SIGTERM)
        assert (ended.value.exit_code, str(ended.value)) == (143, "")
        # Once is enough.
        signal.raise_signal(signal.SIGTERM)
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)] == [
        signal.SIG_DFL,
        before,
    ]
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with ends_in_order():
            # As nohup has it.
            signal.raise_signal(signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
    heard = []

    def elsewhere() -> None:
        with ends_in_order():
            heard.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert heard == [signal.SIG_DFL]


DONE: list[str] = []


def _goes_on(number=signal.SIGINT):
    with deferred() as heard:
        heard()
        signal.raise_signal(number)
        DONE.append("went on")
        heard()
        DONE.append("not heard")


def _to_the_end_of_the_block(number=signal.SIGINT):
    with deferred():
        signal.raise_signal(number)
        DONE.append("to the end")


def _before_an_error_on_its_way_out(number=signal.SIGINT):
    with deferred():
        signal.raise_signal(number)
        raise ValueError("broken")


def _twice_is_at_once():
    with deferred():
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        DONE.append("not heard twice")


def _at_once_where_a_notebook_runs_in_this_very_process():
    with deferred(), at_once():
        signal.raise_signal(signal.SIGINT)
        DONE.append("not heard at once")


def test_what_asks_for_an_end_waits_until_nothing_is_left_half_done():
    DONE.clear()
    for asked, told in (
        (_goes_on, ["went on"]),
        (_to_the_end_of_the_block, ["to the end"]),
        (_before_an_error_on_its_way_out, []),
        (_twice_is_at_once, []),
        (_at_once_where_a_notebook_runs_in_this_very_process, []),
        (partial(_goes_on, signal.SIGTERM), ["went on"]),
        (partial(signal.raise_signal, signal.SIGINT), []),
    ):
        with ends_in_order(), pytest.raises(KeyboardInterrupt):
            asked()
        assert told == DONE
        DONE.clear()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_is_not_heard_while_work_is_handed_out():
    # An error raised within a queue's lock would leave it locked, and the threads of the pool would
    # wait for ever.
    inside = []

    def submit():
        signal.raise_signal(signal.SIGINT)
        inside.append("whole")
        raise RuntimeError("handed out")

    with local_crew(1) as crew:
        jobs = [Job(crew, submit, lambda result, error: None)]
        with ends_in_order(), pytest.raises(KeyboardInterrupt):
            carry_out(lambda: jobs.pop() if jobs else None, lambda: 1)
    assert inside == ["whole"]


@pytest.mark.skipif(
    not EVERY, reason="plain kernels one after another take long: with CASECHRON_EVERY=1, as in CI"
)
def test_where_sockets_have_no_room_the_notebooks_run_in_one_process(
    project, temporary, monkeypatch
):
    far = temporary / ("t" * 110)
    far.mkdir()
    for name in REVIEWS[2:]:
        shutil.rmtree(project / "data" / name)
    monkeypatch.setenv("TMPDIR", str(far))
    done, said = render(project).communicate(timeout=300)
    assert done.splitlines() == [
        (
            "no processes could be started for the notebooks (AF_UNIX path too long): they ran"
            " here, one after another."
        ),
        f"2 reports rendered. Open {project / 'reports' / 'index.html'}",
    ], said
    assert "Traceback" not in said
    assert [*far.iterdir()] == []
    monkeypatch.setenv("TMPDIR", str(temporary))
    run = render(project, "--out", "near")
    run.communicate(timeout=120)
    assert run.returncode == 0
    assert contents(project / "near") == contents(project / "reports")


@pytest.mark.parametrize("files", [20, *[40] * EVERY])
def test_a_limit_that_is_too_low_is_said_in_words(project, files):
    limited = [
        "sh",
        "-c",
        f'ulimit -n {files}; exec "$@"',
        "sh",
        sys.executable,
        "-m",
        "casechron.cli",
        "render",
        REVIEWS[0],
    ]
    done = subprocess.run(
        limited,
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env=settled(project),
    )
    # Processes that cannot begin may complain on their own behalf; the run itself says what came of
    # it.
    assert re.match(
        r"(1 report rendered|0 reports rendered, 1 failed)\. Open ", done.stdout.splitlines()[-1]
    ), done.stderr
    assert (
        "no processes could be started for the notebooks (" in done.stdout or done.returncode == 0
    )


def test_a_second_run_into_the_same_folder_is_refused(project):
    reports = project / "reports"
    said = (
        f"another run is rendering into {reports}; wait until it has ended, or write elsewhere with"
        " --out"
    )
    with folders.alone(reports):
        with pytest.raises(RenderError) as refused:
            render_all(project, progress=False)
        assert str(refused.value) == said
        with pytest.raises(RenderError) as refused:
            render_review(
                project / "data" / REVIEWS[0], [project / "notebooks" / "01_when.ipynb"], reports
            )
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
    # It depends on the moment whether that was when a notebook was written or when all were put
    # together.
    assert re.fullmatch(
        r"(01_when\.ipynb: |it could not be put together: |)No space left on device(: .*)?", why
    )
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
