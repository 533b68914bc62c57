"""Do the workers of a real Dask cluster give what this machine gives, and is what goes wrong there
said in words?"""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import distributed
import pytest

from casechron.report import render as render_module
from casechron.report.execution import RenderError, make
from casechron.report.plans import plan, tasks_of
from casechron.report.render import render_all
from casechron.report.run import workers as workers_module
from casechron.report.run.workers import Job, carry_out, dask_workers, files_for, make_there
from test_engine import gone
from test_render import SHOWS, contents, write_notebook, write_review
from thoroughly import thorough

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
REVIEWS = [f"review-200{number}" for number in range(3)]
#: It takes a while, and reads its review as the project's own notebooks do.
READS = (
    "import time\ntime.sleep(0.1)",
    "from casechron.coding.reviews import find_review\n"
    "print(sorted(path.name for path in find_review(review).iterdir()))",
    "import casechron, own\nown.said",
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    for name in REVIEWS:
        write_review(root, name)
    (root / "own").mkdir()
    (root / "own" / "__init__.py").write_text("said = 'own'\n")
    (root / "casechron.toml").write_text('questions = "own"\n')
    write_notebook(root / "notebooks" / "01_when.ipynb", *SHOWS, *READS)
    return root


@pytest.fixture(scope="module")
def at_home(project: Path) -> dict[str, bytes]:
    """The reports as this machine makes them."""
    assert render_all(project, jobs=2, progress=False).failures == ()
    return contents(project / "reports")


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A cluster that somebody else has started, whose address is known."""
    import dask

    settings = {
        "distributed.worker.daemon": False,
        "temporary-directory": str(tmp_path_factory.mktemp("cluster")),
    }
    with (
        dask.config.set(settings),
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
            memory_limit=0,
        ) as there,
    ):
        yield there


@thorough
def test_local_workers_give_the_same_bytes(
    project: Path, at_home: dict[str, bytes], tmp_path: Path
) -> None:
    done = render_all(project, cluster="local:2", jobs=1, out_dir=tmp_path, progress=False)
    assert (done.failures, done.rendered) == ((), tuple(REVIEWS))
    assert contents(tmp_path) == at_home


def test_a_local_cluster_takes_nobody_but_us(tmp_path: Path) -> None:
    before = os.environ.get("PYTHONSAFEPATH")
    with dask_workers("local:1", tmp_path) as workers:
        address = workers._client.scheduler.address
        assert address.startswith("tls://127.0.0.1:")
        for other in (None, distributed.Security.temporary()):
            bare = address if other else address.replace("tls://", "tcp://")
            with pytest.raises((OSError, TimeoutError)):
                distributed.Client(bare, security=other, timeout=1, set_as_default=False)
        pids = list(workers._client.run(os.getpid).values())
    assert len(pids) == 1
    assert all(gone(pid) for pid in pids)
    assert os.environ.get("PYTHONSAFEPATH") == before


@thorough
def test_a_worker_that_is_killed_on_the_way_changes_no_byte(
    project: Path, at_home: dict[str, bytes], theirs: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    killed = []
    real = render_module._Run._assembled

    def and_kill(self: Any, *given: Any) -> None:
        real(self, *given)
        if not killed:  # a first report stands, and others are being worked on
            with distributed.Client(theirs, set_as_default=False) as client:
                killed.append(min(client.run(os.getpid).values()))
            os.kill(killed[0], signal.SIGKILL)

    monkeypatch.setattr(render_module._Run, "_assembled", and_kill)
    done = render_all(
        project, cluster=theirs.scheduler_address, jobs=1, out_dir=tmp_path, progress=False
    )
    assert gone(killed[0])
    assert (done.failures, done.rendered) == ((), tuple(REVIEWS))
    assert contents(tmp_path) == at_home


@thorough
def test_a_task_that_ends_every_worker_is_lost_alone(theirs: Any, tmp_path: Path) -> None:
    results = {}
    with dask_workers(theirs.scheduler_address, tmp_path) as workers:
        workers._client.run_on_scheduler(
            lambda dask_scheduler: setattr(dask_scheduler, "allowed_failures", 0)
        )
        for function in (os._exit, abs):
            job = Job(
                function, (1,), lambda *came, of=function.__name__: results.update({of: came})
            )
            workers.running[workers._client.submit(function, 1, pure=False)] = job
            carry_out([workers], lambda _: None)
    assert results["abs"] == (1, None)
    assert str(results["_exit"][1]) == (
        "the worker that was given it ended; a lack of memory is one cause"
    )


class Answers:
    """A client whose workers answer so."""

    def __init__(self, answers: dict[str, object]) -> None:
        self._answers = answers

    def wait_for_workers(self, *_: object, **__: object) -> None:
        if not self._answers:
            raise TimeoutError

    def run(self, *_: object, **__: object) -> dict[str, object]:
        return self._answers


def test_workers_with_other_versions_are_refused_in_words(theirs: Any) -> None:
    ours = workers_module._versions()
    with distributed.Client(theirs, set_as_default=False) as client:
        workers_module._check_workers(client, "it")
    answers = {
        "tls://a": {**ours, "numpy": "0.1", "holidays": "0.2"},
        "tls://b": ModuleNotFoundError("No module named 'casechron'"),
        "tls://c": ours,
    }
    with pytest.raises(RenderError) as refused:
        workers_module._check_workers(Answers(answers), "it")
    assert str(refused.value).splitlines() == [
        f"the worker tls://a has numpy 0.1, not {ours['numpy']}; holidays 0.2, not"
        f" {ours['holidays']}; install there what is installed here",
        "the worker tls://b has no casechron that runs (ModuleNotFoundError: No module named"
        " 'casechron'); install there what is installed here",
    ]
    with pytest.raises(RenderError, match=r"^the Dask scheduler at it has no worker; start some"):
        workers_module._check_workers(Answers({}), "it")


@thorough
def test_a_cluster_that_has_nobody_left_ends_the_run(monkeypatch: Any, tmp_path: Path) -> None:
    with dask_workers("local:1", tmp_path) as workers:
        assert workers.finished(0) == []
        monkeypatch.setattr(workers._client, "nthreads", dict)
        monkeypatch.setattr(workers_module, "_WITHOUT_WORKER", -1)
        with pytest.raises(RenderError, match="has lost all its workers; start some, and the same"):
            workers.finished(0)
        workers._client.close()
        with pytest.raises(RenderError, match=r"^the Dask scheduler is gone; start it anew, and"):
            workers.finished(0)


def test_a_machine_that_has_nothing_of_the_project_gives_the_same_texts(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreed = plan([project / "notebooks" / "01_when.ipynb"], {}, {}, project, 60)
    (task,) = tasks_of(project / "data" / REVIEWS[0], agreed)
    files = files_for(task)
    folders = {name.rpartition("/")[0] for name in files}
    assert folders == {"", "own", f"data/{REVIEWS[0]}"}
    # Of one that is over several reviews all of them are sent.
    over = replace(task, facts=replace(task.facts, reviews=tuple(REVIEWS)))
    assert {f"data/{name}" for name in REVIEWS} <= {
        name.rpartition("/")[0] for name in files_for(over)
    }
    # What the worker's own environment says of a project is not meant.
    monkeypatch.setenv("CASECHRON_ROOT", "/nowhere")
    there = make_there(replace(task, project_root=Path("/nowhere")), files)
    assert there == make(task)
    assert there.error == ""


@pytest.mark.parametrize(
    "address", ["local:", "local:0", "local:two", "local:-1", "host", "tls://host", ""]
)
def test_a_malformed_address_is_refused(project: Path, address: str, tmp_path: Path) -> None:
    with pytest.raises(RenderError) as refused:
        render_all(project, cluster=address, out_dir=tmp_path, progress=False)
    assert str(refused.value) == (
        f"--cluster {address}: write host:port of a Dask scheduler, or local:N for N workers"
        " started here, as in local:2"
    )


@pytest.mark.parametrize("scheme", ["", "tcp://", "tls://", "nonsense://"])
def test_a_scheduler_that_does_not_answer_is_named(
    project: Path, scheme: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(workers_module, "_ANSWER", 0.2)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"{scheme}127.0.0.1:{nobody.getsockname()[1]}"
        with pytest.raises(RenderError, match=rf"^no Dask scheduler answers at {address}: "):
            render_all(project, cluster=address, out_dir=tmp_path, progress=False)


@pytest.mark.parametrize("package", ["distributed", "cryptography"])
def test_without_what_it_needs_it_says_what_to_install(
    project: Path, package: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(RenderError) as refused:
        render_all(project, cluster="local:1", out_dir=tmp_path, progress=False)
    assert str(refused.value) == (
        "--cluster needs Dask and cryptography; install casechron[cluster] here and on every worker"
    )
