"""How do the machines of a Dask cluster run the same notebooks?

A task is sent with the data of its review and gives back texts, so the machines need not share a
file system: each makes a project folder that holds the one review, runs the notebook there and
removes the folder. They need the same casechron with the same packages beside it, which is seen to
before anything is sent and again where it arrives. The scheduler gives the task of a worker that
was lost to another one, a limited number of times.

Dask sends Python objects and does not ask who sends them: use schedulers whose every user you
trust."""

from __future__ import annotations

import logging
import os
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import BrokenExecutor, CancelledError, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import casechron
from casechron.reporting import kernels, keys
from casechron.reporting.assembly import make_into, read_made
from casechron.reporting.execution import TEMPORARY_VARIABLE, RenderError
from casechron.reporting.kernels.process import nameless_main
from casechron.reporting.tasks import Made, Task, make

__all__ = ["LostThereError", "Parcel", "dask_crew", "identity", "make_there"]

#: Seconds that a scheduler has to answer, and that a cluster may be without any worker.
_ANSWER, _WITHOUT_WORKER = 15, 60


class LostThereError(RuntimeError):
    """The process that ran a notebook on a worker ended, or that of another notebook on the same
    worker did; how, in words."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A task with what a machine needs that has nothing of the project: the review's data, modules,
    and who sends it."""

    task: Task
    files: Mapping[str, bytes] = field(hash=False)
    modules: Mapping[str, bytes] = field(hash=False)
    sender: Mapping[str, str] = field(hash=False)


def identity() -> dict[str, str]:
    """What has to be the same here and there for the same bytes: casechron, and the packages that
    have a hand in a report."""
    return {
        "casechron": f"{casechron.__version__} (files {keys.package_key()[:12]})",
        **keys.versions(),
    }


def _differences(ours: Mapping[str, str], theirs: Mapping[str, str]) -> str:
    differ = [
        f"{name} {theirs.get(name, 'none')}, not {version}"
        for name, version in ours.items()
        if theirs.get(name) != version
    ]
    return "; ".join(differ)


# ---- on a worker


def make_there(parcel: Parcel) -> Made:
    """What `make` gives, on a machine that has nothing of the project.

    Raises `LostThereError` where it is to be tried again, alone, to see whether it is to blame.
    """
    task = parcel.task
    differ = _differences(parcel.sender, identity())
    if differ:
        return Made(error=f"{task.name}: {_unlike(_worker_address(), differ)}")
    with _project(parcel) as root:
        made = _made_in_pool(replace(task, project_root=root), root)
        if keys.package_changed(keys.package_key()):
            return Made(
                error=(
                    f"{task.name}: casechron changed on the worker {_worker_address()} meanwhile;"
                    " start it anew"
                )
            )
        if made.error:
            return replace(made, error=made.error.replace(str(root), "the project"))
        return made if made.notebook else read_made(root, task.page)


@contextmanager
def _project(parcel: Parcel) -> Iterator[Path]:
    """A folder as a project is: one review, and room for notebooks."""
    # Dask clears away what workers that were killed have left in theirs.
    with tempfile.TemporaryDirectory(
        prefix="casechron-", dir=_worker_folder(), ignore_cleanup_errors=True
    ) as folder:
        root = Path(folder)
        (root / "notebooks").mkdir()
        data = {
            f"data/{parcel.task.facts.review}/{name}": content
            for name, content in parcel.files.items()
        }
        for name, content in {**data, **parcel.modules}.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        yield root


_POOL: ProcessPoolExecutor | None = None
_ONE = threading.RLock()


def _made_in_pool(task: Task, folder: Path) -> Made:
    """Run a notebook from a process of its own: a thread of a worker is no place for folders and
    environments of one's own."""
    try:
        with _ONE:
            try:
                pool, waiting = _submitted(task, folder)
            except BrokenExecutor:
                # Somebody was lost since; this one is given to new processes.
                end_pool()
                pool, waiting = _submitted(task, folder)
    except (AssertionError, OSError, EOFError, RuntimeError):
        # A worker that Dask made a daemon may not have processes of Python's kind, but programs:
        # plain kernels serve. So they do where no pool can be started.
        end_pool()
        with _ONE:
            return make(task, engine="nbclient")
    try:
        return waiting.result()
    except BrokenExecutor as error:
        end_pool(pool)
        raise LostThereError(
            f"the process that ran it on the worker {_worker_address()} ended, with nothing else"
            " running; a lack of memory is one cause"
        ) from error


def _submitted(task: Task, folder: Path) -> tuple[ProcessPoolExecutor, Future[Made]]:
    pool = _pool()
    with nameless_main(pool._mp_context):
        return pool, pool.submit(make_into, task, folder)


def _pool() -> ProcessPoolExecutor:
    global _POOL
    if _POOL is None:
        # What processes that are lost leave is in the worker's folder, too.
        within, before = _worker_folder(), os.environ.get(TEMPORARY_VARIABLE)
        if within:
            os.environ[TEMPORARY_VARIABLE] = within
        try:
            _POOL = kernels.executor(_worker_threads())
        finally:
            if within:
                os.environ.pop(TEMPORARY_VARIABLE)
                os.environ.update({TEMPORARY_VARIABLE: before} if before else {})
    return _POOL


def end_pool(only: ProcessPoolExecutor | None = None) -> None:
    """Let the processes that this worker has for notebooks end when they are done; with `only`, if
    they are still those."""
    global _POOL
    with _ONE:
        if only is not None and only is not _POOL:
            return
        pool, _POOL = _POOL, None
    if pool is not None:
        # Another run may have work in it, which is then done.
        pool.shutdown(wait=False)


def _worker() -> Any:
    from distributed import get_worker

    with suppress(ValueError):
        return get_worker()
    return None


def _worker_address() -> str:
    return str(getattr(_worker(), "address", "here"))


def _worker_folder() -> str | None:
    return getattr(_worker(), "local_directory", None)


def _worker_threads() -> int:
    worker = _worker()
    return int(worker.state.nthreads) if worker is not None else 1


# ---- on the machine that sends


def _unlike(where: str, differ: str) -> str:
    return f"the worker {where} has {differ}; install there what is installed here"


class _DaskCrew:
    """The workers of a Dask scheduler."""

    def __init__(self, client: Any) -> None:
        self._client = client
        # Every task is a task of its own; the scheduler's `allowed-failures` says how often it is
        # tried again.
        self._executor = client.get_executor(pure=False)
        self._sender = identity()
        self._last_seen = time.monotonic()

    def size(self) -> int:
        """The threads of all workers that there are now."""
        return max(1, sum(int(worker["nthreads"]) for worker in self._workers().values()))

    def make(self, task: Task, folder: Path) -> Future[Made]:
        """Send a task, with the data that it reads; what comes of it comes back."""
        files = keys.data_files(task.project_root / "data" / task.facts.review)
        parcel = Parcel(task, files, keys.module_files(task.project_root), self._sender)
        sent: Future[Made] = self._executor.submit(make_there, parcel)
        return sent

    def lost(self, error: BaseException) -> str:
        """Whether the scheduler gave a task up since each worker that had it ended, or a worker
        lost its processes."""
        from distributed import KilledWorker

        if isinstance(error, KilledWorker):
            tries = error.allowed_failures + 1
            who = (
                "the worker that was"
                if tries == 1
                else f"{tries} workers, one after the other, that were"
            )
            return f"{who} given it, and nothing else, ended; a lack of memory is one cause"
        if isinstance(error, LostThereError):
            return str(error)
        if isinstance(error, CancelledError):
            self.look()
        return ""

    def look(self) -> None:
        """Raise `RenderError` if the scheduler is gone, or all workers have been for a while."""
        if self._client.status != "running":
            raise RenderError(
                "the Dask scheduler is gone; start it anew, and the same command goes on from here"
            )
        if self._workers():
            self._last_seen = time.monotonic()
        elif time.monotonic() - self._last_seen > _WITHOUT_WORKER:
            raise RenderError(
                "the Dask scheduler has lost all its workers; start some, and the same command goes"
                " on from here"
            )

    def _workers(self) -> dict[str, Any]:
        # What the client was last told, a few seconds ago at most.
        workers: dict[str, Any] = self._client.scheduler_info(n_workers=-1)["workers"]
        return workers


@contextmanager
def dask_crew(address: str) -> Iterator[_DaskCrew]:
    """The workers of the Dask scheduler at an address such as ``10.0.0.5:8786``; or ``local:N``, a
    cluster for this run only.

    ``local:N`` starts a scheduler and N worker processes on this machine, which only it can reach,
    and ends them. Raises `RenderError` where Dask is not installed, where no scheduler or no worker
    answers, and where a worker has another casechron or other packages."""
    try:
        import distributed
    except ImportError as error:
        raise RenderError(
            "--cluster needs Dask; install casechron[cluster], or distributed, here and on every"
            " worker"
        ) from error
    with _quiet(), _scheduler(address, distributed) as scheduler:
        try:
            client = distributed.Client(
                scheduler, timeout=_ANSWER, set_as_default=False, name="casechron"
            )
        except (OSError, ValueError) as error:
            raise RenderError(f"no Dask scheduler answers at {address}: {error}") from error
        try:
            _check_workers(client, address)
            yield _DaskCrew(client)
        finally:
            with suppress(Exception):
                client.run(end_pool)
            client.close(timeout=5)


def _check_workers(client: Any, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=_ANSWER)
    except TimeoutError as error:
        raise RenderError(
            f"the Dask scheduler at {address} has no worker; start some with: dask worker {address}"
        ) from error
    ours = identity()
    found: dict[str, Any] = client.run(identity, on_error="return")
    unlike = []
    for where, theirs in sorted(found.items()):
        if isinstance(theirs, BaseException):
            why = f"{type(theirs).__name__}: {theirs}"
            unlike.append(
                f"the worker {where} cannot run casechron ({why}); install there what is installed"
                " here"
            )
        elif differ := _differences(ours, theirs):
            unlike.append(_unlike(where, differ))
    if unlike:
        raise RenderError("\n".join(unlike))


@contextmanager
def _scheduler(address: str, distributed: Any) -> Iterator[Any]:
    kind, _, many = address.rpartition(":")
    if kind != "local":
        if not many.isdecimal() or not kind:
            raise RenderError(
                f"--cluster {address}: write host:port of a Dask scheduler, or local:N for N"
                " workers started here"
            )
        yield address
        return
    if not many.isdecimal() or int(many) < 1:
        raise RenderError(
            f"--cluster {address}: write local:N with the number of workers, as in local:2"
        )
    import dask

    settings = {
        "scheduler_kwargs": {"dashboard": False},
        "dashboard_address": "127.0.0.1:0",
        "host": "127.0.0.1",
        # The limit that a kernel of the system sets is enough.
        "memory_limit": 0,
        "silence_logs": logging.CRITICAL,
    }
    # Dask leaves a folder; it goes with those of the run.
    within = dask.config.set({"temporary-directory": os.environ.get(TEMPORARY_VARIABLE)})
    with (
        within,
        distributed.LocalCluster(
            n_workers=int(many), threads_per_worker=1, processes=True, **settings
        ) as cluster,
    ):
        yield cluster


@contextmanager
def _quiet() -> Iterator[None]:
    """Dask's own words belong to a cluster's logs, not into the middle of the bar; workers may have
    processes of their own."""
    import dask
    from distributed.utils import silence_logging_cmgr

    with (
        dask.config.set({"distributed.worker.daemon": False}),
        silence_logging_cmgr(logging.CRITICAL),
    ):
        yield
