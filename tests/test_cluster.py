"""Do the workers of a real Dask cluster give what this machine gives, and is what goes wrong there
said in words?"""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from casechron.reporting import cluster, kernels, keys
from casechron.reporting.cluster import Parcel, identity, make_there
from casechron.reporting.execution import RenderError
from casechron.reporting.export import check_manifest
from casechron.reporting.plans import plan, tasks_of
from casechron.reporting.render import render_all
from casechron.reporting.tasks import make
from test_render import SHOWS, contents, write_notebook, write_review
from thoroughly import EVERY

pytest.importorskip("distributed")
pytestmark = pytest.mark.skipif(
    not os.path.isdir("/proc"), reason="looks at /proc, and kills as Linux does"
)
REVIEWS = [f"review-{number}" for number in range(4)]
#: A notebook that ends the worker that was given it: the process that Dask's nanny has spawned.
ENDS_ITS_WORKER = """\
import os, signal
above = os.getpid()
while b'multiprocessing.spawn' not in open(f'/proc/{above}/cmdline', 'rb').read():
    above = int(open(f'/proc/{above}/stat').read().rsplit(')', 1)[1].split()[1])
os.kill(above, signal.SIGKILL)
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    for name in REVIEWS:
        write_review(root, name)
    # It takes a while, and reads its review as the project's own do.
    reads = (
        "from casechron.coding.reviews import find_review\nprint(sorted(path.name for path in"
        " find_review(review).iterdir()))"
    )
    write_notebook(
        root / "notebooks" / "01_when.ipynb", *SHOWS, "import time\ntime.sleep(0.3)", reads
    )
    return root


@pytest.fixture(scope="module")
def at_home(project: Path) -> dict[str, bytes]:
    """The reports as this machine makes them."""
    done = render_all(project, jobs=2, progress=False)
    assert done.failures == ()
    return contents(project / "reports")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A scheduler and two workers, each a process with a nanny that starts it anew when it ends."""
    folder = tmp_path_factory.mktemp("cluster")
    said = folder / "scheduler.json"
    common = ["--scheduler-file", str(said), "--no-dashboard"]
    told = {**os.environ, "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
    with (folder / "log.txt").open("w") as log:

        def start(kind: str, *more: str, **settings: object) -> subprocess.Popen[bytes]:
            command = [
                sys.executable,
                "-m",
                f"distributed.cli.dask_{kind}",
                *common,
                "--host",
                "127.0.0.1",
                *more,
            ]
            return subprocess.Popen(
                command, cwd=folder, stdout=log, stderr=log, start_new_session=True, **settings
            )

        running = [start("scheduler", "--port", "0")]
        try:
            while not said.exists() or not said.read_text().endswith("}"):
                assert running[0].poll() is None, (folder / "log.txt").read_text()
                time.sleep(0.05)
            workers = (
                "worker",
                "--nthreads",
                "1",
                "--memory-limit",
                "0",
                "--local-directory",
                str(folder),
            )
            running += [start(*workers, env=told) for _ in range(2)]
            yield json.loads(said.read_text())["address"]
        finally:
            for process in running:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[Any]:
    import distributed

    with distributed.Client(address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
        yield client


def test_a_worker_that_is_killed_on_the_way_changes_no_byte(
    project, at_home, address, client, tmp_path
):
    victim, _ = client.run(os.getpid).values()
    out = tmp_path / "reports"
    command = [
        sys.executable,
        "-m",
        "casechron.cli",
        "render",
        "--all",
        "--cluster",
        address,
        "--out",
        str(out),
    ]
    run = subprocess.Popen(
        command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while run.poll() is None and not [*out.glob("[!.]*/SHA256SUMS")]:
        time.sleep(0.02)
    assert run.poll() is None, run.communicate()
    os.kill(victim, signal.SIGKILL)
    said, errors = run.communicate(timeout=120)
    assert run.returncode == 0, errors
    assert said == f"{len(REVIEWS)} reports rendered. Open {out / 'index.html'}\n"
    assert check_manifest(out) == []
    assert contents(out) == at_home
    # Nothing of it stays on a worker.
    folder = Path(client.run(os.getcwd).popitem()[1])
    assert [*folder.rglob("casechron-*")] == []


def test_a_notebook_that_ends_every_worker_costs_its_own_report_alone(
    project, client, address, tmp_path
):
    client.run_on_scheduler(lambda dask_scheduler: setattr(dask_scheduler, "allowed_failures", 0))
    client.wait_for_workers(2, timeout=60)
    ends = ENDS_ITS_WORKER.replace("\n", "\n    ").rstrip()
    notebook = write_notebook(
        tmp_path / "01_when.ipynb", f"if review == {REVIEWS[1]!r}:\n    {ends}\nreview"
    )
    done = render_all(
        project,
        REVIEWS[:3],
        cluster=address,
        jobs=1,
        out_dir=tmp_path / "reports",
        notebooks=[notebook],
        progress=False,
    )
    assert done.rendered == (REVIEWS[0], REVIEWS[2])
    assert done.failures == (
        (
            REVIEWS[1],
            (
                "01_when.ipynb: the worker that was given it, and nothing else, ended; a lack of"
                " memory is one cause"
            ),
        ),
    )


def test_a_worker_with_another_casechron_is_refused_before_anything_is_sent(
    project, client, address, monkeypatch, tmp_path
):
    client.wait_for_workers(2, timeout=60)
    ours = keys.versions()
    monkeypatch.setattr(keys, "versions", lambda: {**ours, "numpy": "0.1"})
    with pytest.raises(RenderError) as refused:
        render_all(project, cluster=address, out_dir=tmp_path / "reports", progress=False)
    assert str(refused.value).splitlines() == [
        f"the worker {where} has numpy {ours['numpy']}, not 0.1; install there what is installed"
        " here"
        for where in sorted(client.scheduler_info()["workers"])
    ]
    assert contents(tmp_path) == {}


@pytest.mark.skipif(
    not EVERY, reason="a cluster of its own takes long: with CASECHRON_EVERY=1, as in CI"
)
def test_one_that_ends_its_process_costs_none_of_its_neighbours_on_a_worker_anything(
    project, tmp_path
):
    import dask
    import distributed

    ends = (
        f"import os, signal, time\nif review == {REVIEWS[1]!r}:\n    time.sleep(0.3)\n   "
        " os.kill(os.getppid(), signal.SIGKILL)"
    )
    notebook = write_notebook(
        tmp_path / "01_when.ipynb", ends, "import time\ntime.sleep(1.5)\nreview"
    )
    settings = {
        "n_workers": 1,
        "threads_per_worker": 3,
        "processes": True,
        "memory_limit": 0,
        "dashboard_address": "127.0.0.1:0",
    }
    with (
        dask.config.set({"distributed.worker.daemon": False}),
        distributed.LocalCluster(**settings) as there,
    ):
        done = render_all(
            project,
            cluster=there.scheduler_address.removeprefix("tcp://"),
            jobs=1,
            out_dir=tmp_path / "reports",
            notebooks=[notebook],
            progress=False,
        )
    assert done.rendered == (REVIEWS[0], *REVIEWS[2:])
    ((review, why),) = done.failures
    assert review == REVIEWS[1]
    assert re.fullmatch(
        r"01_when\.ipynb: the process that ran it on the worker tcp://127\.0\.0\.1:\d+ ended, with"
        r" nothing else running; "
        r"a lack of memory is one cause",
        why,
    )


# ---- without a scheduler


def test_a_cluster_for_one_run(project, at_home, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    done = render_all(
        project,
        REVIEWS[:2],
        jobs=1,
        cluster="local:1",
        out_dir=tmp_path / "reports",
        progress=False,
    )
    assert (done.rendered, done.failures) == (tuple(REVIEWS[:2]), ())
    assert [*(tmp_path / "temporary").iterdir()] == []
    for name in REVIEWS[:2]:
        assert contents(tmp_path / "reports" / name) == contents(project / "reports" / name)


class Refused:
    """Gives pools of processes, and notes why they take no work."""

    def __init__(self, give: Callable[[int], ProcessPoolExecutor]) -> None:
        self._give, self.errors = give, list[str]()

    def __call__(self, workers: int) -> ProcessPoolExecutor:
        pool = self._give(workers)
        submit = pool.submit

        def noting(*given: Any) -> Any:
            try:
                return submit(*given)
            except AssertionError as error:
                self.errors.append(str(error))
                raise

        pool.submit = noting  # type: ignore[method-assign]
        return pool


def parcel(project: Path, notebook: Path | None = None, **sender: str) -> Parcel:
    review = project / "data" / REVIEWS[0]
    (task,) = tasks_of(
        review, plan([notebook or project / "notebooks" / "01_when.ipynb"], {}, {}, project, 60)
    )
    return Parcel(
        task, keys.data_files(review), keys.module_files(project), {**identity(), **sender}
    )


def test_a_machine_that_has_nothing_of_the_project_gives_the_same_texts(
    project, monkeypatch, tmp_path
):
    sent = parcel(project)
    at_home = make(sent.task)
    nowhere = replace(sent, task=replace(sent.task, project_root=Path("/nowhere")))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    # What the worker's own environment says of a project is not meant.
    monkeypatch.setenv("CASECHRON_ROOT", str(tmp_path))
    try:
        assert make_there(nowhere) == at_home
    finally:
        cluster.end_pool()
    assert at_home.error == ""
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_the_modules_beside_the_notebooks_are_sent_too(tmp_path):
    write_review(tmp_path, REVIEWS[0])
    notebook = write_notebook(
        tmp_path / "notebooks" / "01_when.ipynb", "from notebooks import helper\nprint(helper.said)"
    )
    (notebook.parent / "helper.py").write_text("said = 'from beside'\n")
    sent = parcel(tmp_path)
    try:
        made = make_there(replace(sent, task=replace(sent.task, project_root=Path("/nowhere"))))
    finally:
        cluster.end_pool()
    assert (made.error, "from beside" in made.page) == ("", True)


def test_where_a_worker_may_have_no_processes_a_plain_kernel_serves(project, monkeypatch, tmp_path):
    sent = parcel(project, write_notebook(tmp_path / "01_when.ipynb", "review"))
    at_home = make(sent.task)
    # As Dask starts its workers unless it is told otherwise.
    monkeypatch.setitem(multiprocessing.current_process()._config, "daemon", True)
    monkeypatch.setattr(kernels, "executor", refused := Refused(kernels.executor))
    assert make_there(sent) == at_home
    assert refused.errors == ["daemonic processes are not allowed to have children"]


def test_a_worker_looks_at_who_sends(project):
    where = make_there(parcel(project, casechron="9.9.9 (files 000000000000)"))
    theirs = identity()["casechron"]
    assert (
        where.error == f"01_when.ipynb: the worker here has casechron {theirs}, not 9.9.9 (files"
        " 000000000000); "
        "install there what is installed here"
    )


@pytest.mark.parametrize("address", ["local:", "local:0", "local:two"])
def test_a_cluster_of_no_workers_is_refused(project, address, tmp_path):
    with pytest.raises(RenderError) as refused:
        render_all(project, cluster=address, out_dir=tmp_path, progress=False)
    assert (
        str(refused.value)
        == f"--cluster {address}: write local:N with the number of workers, as in local:2"
    )


def test_a_scheduler_that_does_not_answer_is_named(project, monkeypatch, tmp_path):
    monkeypatch.setattr(cluster, "_ANSWER", 1)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{nobody.getsockname()[1]}"
        with pytest.raises(RenderError, match=rf"^no Dask scheduler answers at {address}: "):
            render_all(project, cluster=address, out_dir=tmp_path, progress=False)


def test_without_dask_it_says_what_to_install(project, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(RenderError) as refused:
        render_all(project, cluster="local:1", out_dir=tmp_path, progress=False)
    assert (
        str(refused.value)
        == "--cluster needs Dask; install casechron[cluster], or distributed, here and on every"
        " worker"
    )
