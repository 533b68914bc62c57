"""How do the machines of a Dask cluster run the same notebooks?

A task is sent with the data of its review and gives back texts, so the machines need not share a
file system: each makes a project folder that holds the one review, runs the notebook there and
removes the folder. The scheduler gives the task of a worker that was lost to another one.

Dask sends Python objects and runs what it is sent: a scheduler that is started here takes nobody
but us (TLS, with a certificate of this run); of others, use those whose every user you trust."""

from __future__ import annotations

import logging
import os
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from casechron.coding.files import data_files
from casechron.questions import SETTINGS, questions_package
from casechron.report.execution import RenderError, Task, TaskResult, make
from casechron.report.run.pool import Job, LostError
from casechron.report.run.process import can_fork

#: Seconds that a scheduler has to answer, and that a cluster may be without any worker.
_ANSWER, _WITHOUT_WORKER = 15, 60
#: What has to be the same here and there for the same bytes.
_SAME = "casechron pandas numpy matplotlib holidays papermill nbformat ipython"
#: A plain kernel takes the environment of its process, which others may not change meanwhile.
_PLAIN = threading.Lock()


@dataclass(frozen=True, slots=True)
class Parcel:
    """A task with what a machine needs that has nothing of the project: the review's data and the
    project's own questions, by their paths."""

    task: Task
    files: Mapping[str, bytes] = field(hash=False)


def parcel(task: Task) -> Parcel:
    """A task with the files that it needs on another machine."""
    root, facts = task.project_root, task.facts
    files = {
        f"data/{review}/{name}": content
        for review in facts.reviews or (facts.coded,)
        for name, content in data_files(root / "data" / review).items()
    }
    if (package := questions_package(root)) is not None:
        modules = [path for path in package.rglob("*.py") if path.is_file()]
        for path in (root / SETTINGS, *modules):
            files[path.relative_to(root).as_posix()] = path.read_bytes()
    return Parcel(task, files)


def make_there(sent: Parcel) -> TaskResult:
    """Run `make` on a machine that has no project folder, in a temporary one of the sent files."""
    # Dask removes the local folders of workers that were killed.
    with tempfile.TemporaryDirectory(
        prefix="casechron-", dir=_worker_folder(), ignore_cleanup_errors=True
    ) as folder:
        for name, content in sent.files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        with nullcontext() if can_fork() else _PLAIN:
            result = make(replace(sent.task, project_root=Path(folder)))
        return replace(result, error=result.error.replace(folder, "the project"))


def _worker_folder() -> str | None:
    from distributed import get_worker

    try:
        return str(get_worker().local_directory)
    except ValueError:
        return None


class _DaskWorkers:
    """The workers of a Dask scheduler, for jobs whose first argument is a task."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.running: dict[Any, Any] = {}
        self._last_seen = time.monotonic()

    def room(self) -> int:
        """How many more tasks to send: two for each thread of the cluster, less those running."""
        threads: int = sum(self._client.nthreads().values())
        return 2 * max(1, threads) - len(self.running)

    def begin(self, job: Job) -> None:
        """Send a task with the data that it reads; its texts come back."""
        self.running[self._client.submit(make_there, parcel(job.given[0]), pure=False)] = job

    def finished(self, seconds: float) -> list[tuple[Job, Any, BaseException | None]]:
        """The tasks that are done; raises `RenderError` if no worker is left."""
        self._look()
        done = [future for future in self.running if future.done()]
        if not done:
            time.sleep(seconds)
        return [(self.running.pop(future), *_outcome(future)) for future in done]

    def _look(self) -> None:
        gone = "the Dask scheduler is gone; start it anew"
        if self._client.status == "running":
            if self._client.nthreads():
                self._last_seen = time.monotonic()
            if time.monotonic() - self._last_seen <= _WITHOUT_WORKER:
                return
            gone = "the Dask scheduler has lost all its workers; start some"
        raise RenderError(f"{gone}, and the same command goes on from here")


def _outcome(future: Any) -> tuple[Any, BaseException | None]:
    from distributed import KilledWorker

    try:
        return future.result(), None
    except KilledWorker as error:
        workers = error.allowed_failures + 1
        which = "the worker that was" if workers == 1 else f"{workers} workers, one after another,"
        return None, LostError(f"{which} given it ended; a lack of memory is one cause")
    except Exception as error:
        return None, error


@contextmanager
def dask_workers(address: str, temporary: Path) -> Iterator[_DaskWorkers]:
    """The workers of the Dask scheduler at an address such as ``10.0.0.5:8786`` or
    ``tls://host:8786``; or ``local:N``, a cluster for this run only.

    ``local:N`` starts a scheduler and N worker processes on this machine, which speak TLS with a
    certificate of their own, and ends them. Raises `RenderError` where Dask is not installed, where
    no scheduler or no worker answers, and where a worker has another casechron or other packages.
    """
    try:
        import cryptography  # noqa: F401 (for the certificates of a cluster of ours)
        import dask
        import distributed
        from distributed.utils import silence_logging_cmgr
    except ImportError as error:
        raise RenderError(
            "--cluster needs Dask and cryptography; install casechron[cluster] here and on every"
            " worker"
        ) from error
    with ExitStack() as stack:
        # Dask's own words belong to a cluster's logs; its workers have notebooks' processes.
        stack.enter_context(silence_logging_cmgr(logging.CRITICAL))
        settings = {
            "distributed.worker.daemon": False,
            "temporary-directory": str(temporary),
            "distributed.scheduler.http.routes": [],
            "distributed.worker.http.routes": [],
        }
        stack.enter_context(dask.config.set(settings))
        kind, _, number = address.rpartition(":")
        if not kind or not number.isdecimal() or (kind == "local" and int(number) < 1):
            raise RenderError(
                f"--cluster {address}: write host:port of a Dask scheduler, or local:N for N"
                " workers started here, as in local:2"
            )
        security, where = None, address
        if kind == "local":
            # Its processes import nothing from their working folder; empty means unset.
            before = os.environ.get("PYTHONSAFEPATH", "")
            stack.callback(os.environ.update, PYTHONSAFEPATH=before)
            os.environ["PYTHONSAFEPATH"] = "1"
            security = distributed.Security.temporary()
            where = stack.enter_context(
                distributed.LocalCluster(
                    n_workers=int(number),
                    threads_per_worker=1,
                    security=security,
                    host="127.0.0.1",
                    dashboard_address=None,
                    # The dashboard has no TLS, so it is open to this machine alone.
                    scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
                    memory_limit=0,
                    silence_logs=logging.CRITICAL,
                )
            )
        try:
            client = distributed.Client(
                where, timeout=_ANSWER, security=security, set_as_default=False, name="casechron"
            )
        except (OSError, ValueError, TypeError) as error:  # the last for a missing certificate
            raise RenderError(f"no Dask scheduler answers at {address}: {error}") from error
        stack.callback(client.close, timeout=5)
        _check_workers(client, address)
        yield _DaskWorkers(client)


def _check_workers(client: Any, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=_ANSWER)
    except TimeoutError as error:
        raise RenderError(
            f"the Dask scheduler at {address} has no worker; start some with: dask worker {address}"
        ) from error
    unlike = []
    for where, theirs in sorted(client.run(_versions, on_error="return").items()):
        if isinstance(theirs, BaseException):
            differ = f"no casechron that runs ({type(theirs).__name__}: {theirs})"
        else:
            pairs = ((name, version, theirs[name]) for name, version in _versions().items())
            others = (f"{name} {there}, not {here}" for name, here, there in pairs if there != here)
            differ = "; ".join(others)
        if differ:
            unlike.append(f"the worker {where} has {differ}; install there what is installed here")
    if unlike:
        raise RenderError("\n".join(unlike))


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in _SAME.split()}
