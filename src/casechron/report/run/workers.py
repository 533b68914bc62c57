"""Who runs the jobs of a run: processes of this machine, or the workers of a Dask cluster?

`Pool` keeps a few lasting processes with a pipe each. A job is handed to an idle one, so waiting
jobs take no memory, and when a process ends early it is known which job it had. Another process
takes its place.

To a worker of Dask, a task is sent with the data of its review and gives back texts, so the
machines need not share a file system: each makes a project folder that holds the one review, runs
the notebook there and removes the folder. The scheduler gives the task of a worker that was lost to
another one. Dask sends Python objects and runs what it is sent: a scheduler that is started here
takes nobody but us (TLS, with a certificate of this run); of others, use those whose every user you
trust."""

from __future__ import annotations

import logging
import os
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from multiprocessing import connection, forkserver, get_context, parent_process
from pathlib import Path
from types import FrameType
from typing import Any

from casechron.coding.files import data_files
from casechron.questions import SETTINGS, questions_package
from casechron.report.execution import RenderError, Task, TaskResult, make, message
from casechron.report.run.process import can_fork, ending, safe_start
from casechron.report.run.warm_up import settle, variables_set

#: Seconds between two checks of a worker whether its parent process is still there.
_PARENT_LOOK = 1.0
#: Seconds to wait for a job to finish.
_WAIT = 0.2
#: Seconds that a scheduler has to answer, and that a cluster may be without any worker.
_ANSWER, _WITHOUT_WORKER = 15, 60
#: What has to be the same here and there for the same bytes.
_SAME_PACKAGES = "casechron pandas numpy matplotlib holidays papermill nbformat ipython"
#: A plain kernel takes the environment of its process, which others may not change meanwhile.
_ONE_PLAIN_KERNEL = threading.Lock()


class LostError(RuntimeError):
    """The process that was given a job ended before it was done; the message says how."""


@dataclass(frozen=True, slots=True)
class Job:
    """A function to call in another process with `given`; `done` is then called with the result or
    the error."""

    function: Callable[..., Any]
    given: tuple[Any, ...]
    done: Callable[[Any, BaseException | None], None]


def carry_out(everybody: Sequence[Workers], next_job: Callable[[Workers], Job | None]) -> None:
    """Run jobs until there is no next one and none is running; `done` is called in this process."""
    while True:
        for workers in everybody:
            while workers.room() and (job := next_job(workers)) is not None:
                workers.begin(job)
        busy = [workers for workers in everybody if workers.running]
        if not busy:
            return
        for workers in busy:
            for job, result, error in workers.finished(_WAIT / len(busy)):
                job.done(result, error)


class Pool(AbstractContextManager["Pool"]):
    """Processes of this machine; forks of the warm template where there are forks.

    Raises `RenderError` where none can be started. Use it in a ``with`` block, at whose end all of
    them are ended, whatever they are at, with the notebooks that they run."""

    def __init__(self, size: int, environment: Mapping[str, str] | None = None) -> None:
        self._context: Any = get_context("forkserver" if can_fork() else "spawn")
        self._environment = dict(environment if environment is not None else os.environ)
        self._size = size
        #: Every process that was started, with our end of its pipe.
        self._pipes: dict[Any, connection.Connection] = {}
        self._idle: list[Any] = []
        self.running: dict[Any, Job] = {}

    def warm_up(self) -> None:
        """Start the template, which begins its imports, without waiting for it."""
        if can_fork():
            with _no_process_in_words(), safe_start():
                forkserver.ensure_running()

    def room(self) -> int:
        """How many processes have nothing to do, or have not been started."""
        return self._size - len(self.running)

    def idle(self) -> bool:
        """Whether a process is there that has nothing to do."""
        return any(process.is_alive() for process in self._idle)

    def begin(self, job: Job) -> None:
        """Give a job to an idle process, or to a new one."""
        while self._idle and not self._idle[-1].is_alive():
            self._pipes[self._idle.pop()].close()
        process = self._idle.pop() if self._idle else self._started()
        self.running[process] = job
        with suppress(OSError):  # one that ends just now is seen by `finished`
            self._pipes[process].send((job.function, job.given))

    def _started(self) -> Any:
        with _no_process_in_words():
            ours, theirs = self._context.Pipe()
            process = self._context.Process(
                target=_work, args=(theirs, self._environment), daemon=False
            )
            # Registered before it starts, since a signal to end may come at any moment.
            self._pipes[process] = ours
            with safe_start():
                process.start()
            theirs.close()
            return process

    def finished(self, seconds: float) -> list[tuple[Job, Any, BaseException | None]]:
        """The jobs that are done, with their results or errors."""
        # Other processes can hold the pipe of one that has ended, so its end is waited for too.
        handles: dict[Any, Any] = {self._pipes[process]: process for process in self.running}
        handles |= {process.sentinel: process for process in self.running}
        done: list[tuple[Job, Any, BaseException | None]] = []
        for process in dict.fromkeys(map(handles.get, connection.wait(handles, seconds))):
            job, ours = self.running.pop(process), self._pipes[process]
            try:
                result, error = ours.recv()
                self._idle.append(process)
            except (EOFError, OSError):
                result, error = None, LostError(f"the process that ran it {ending(process)}")
                ours.close()
            done.append((job, result, error))
        return done

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """End all processes and give up their jobs."""
        begun = [process for process in self._pipes if process.pid is not None]
        for process in begun:
            process.kill()
        for ours in self._pipes.values():
            ours.close()
        for process in begun:
            process.join()
        self._pipes, self._idle, self.running = {}, [], {}


def done_by(pool: Pool, function: Callable[..., Any], *given: Any) -> Any:
    """What a function gives in a process of the pool that has nothing to do; in this process, where
    there is none.

    Raises what the function raises; in a process of the pool, `LostError` for any error but an
    `OSError`, and where that process ends."""
    if not pool.idle():
        return function(*given)
    outcomes: list[tuple[Any, BaseException | None]] = []
    jobs = iter([Job(function, given, lambda *came: outcomes.append(came))])
    carry_out([pool], lambda _: next(jobs, None))
    ((result, error),) = outcomes
    if error is not None:
        raise error
    return result


@contextmanager
def _no_process_in_words() -> Iterator[None]:
    try:
        yield
    except (EOFError, OSError, RuntimeError) as error:
        raise RenderError(
            "no process can be started for the notebooks"
            f" ({str(error) or type(error).__name__}); a limit on memory, on processes or on open"
            " files is one cause, a TMPDIR with a long path another"
        ) from error


def _work(jobs: connection.Connection, environment: Mapping[str, str]) -> None:
    """Do the jobs that come by the pipe until its other end closes."""
    # Ctrl-C in a terminal reaches all processes there; the parent process ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    settle(environment)
    _end_with_parent()
    while True:
        try:
            function, given = jobs.recv()
        except (EOFError, OSError):
            return
        answer: tuple[Any, BaseException | None]
        try:
            answer = function(*given), None
        except OSError as error:
            answer = None, error
        except Exception as error:  # which may not come out of a pipe as it went in
            answer = None, LostError(message(error))
        try:
            jobs.send(answer)
        except OSError:  # the parent process has ended meanwhile
            return


def _end_with_parent() -> None:
    """End this process soon after its parent process, however that ends.

    By a timer and not by a thread: a process that has threads does not fork well."""
    parent = parent_process()
    if parent is None or not hasattr(signal, "setitimer"):
        return

    def look(number: int, frame: FrameType | None) -> None:
        if not parent.is_alive():
            os._exit(1)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, _PARENT_LOOK, _PARENT_LOOK)


class Interrupted(KeyboardInterrupt):
    """Ctrl-C, or a signal that asks for an end; `exit_code` is what a shell expects then."""

    def __init__(self, message: str = "", exit_code: int = 128 + signal.SIGINT) -> None:
        super().__init__(*[message] * bool(message))
        self.exit_code = exit_code


@contextmanager
def ends_in_order() -> Iterator[None]:
    """Within, SIGTERM and SIGHUP (of a batch system, a closed terminal) end a run as Ctrl-C does:
    they raise `Interrupted`, once, in the main thread, unless they are handled already."""
    in_main_thread = threading.current_thread() is threading.main_thread()
    numbers = [getattr(signal, name, None) for name in ("SIGTERM", "SIGHUP") if in_main_thread]
    handled_here = [one for one in numbers if one and signal.getsignal(one) == signal.SIG_DFL]

    def end(number: int, frame: FrameType | None) -> None:
        for handled in handled_here:
            signal.signal(handled, signal.SIG_IGN)  # what is cleared away now is cleared away whole
        raise Interrupted(exit_code=128 + number)

    for handled in handled_here:
        signal.signal(handled, end)
    try:
        yield
    finally:
        for handled in handled_here:
            signal.signal(handled, signal.SIG_DFL)


def files_for(task: Task) -> dict[str, bytes]:
    """What a task needs on a machine that has nothing of the project: the review's data and the
    project's own questions, by their paths."""
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
    return files


def make_there(task: Task, files: Mapping[str, bytes]) -> TaskResult:
    """Run `make` on a machine that has no project folder, in a temporary one of these files."""
    # Dask removes the local folders of workers that were killed.
    with tempfile.TemporaryDirectory(
        prefix="casechron-", dir=_worker_folder(), ignore_cleanup_errors=True
    ) as folder:
        for name, content in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        with nullcontext() if can_fork() else _ONE_PLAIN_KERNEL:
            result = make(replace(task, project_root=Path(folder)))
        return replace(result, error=result.error.replace(folder, "the project"))


def _worker_folder() -> str | None:
    from distributed import get_worker

    try:
        return str(get_worker().local_directory)
    except ValueError:
        return None


class DaskWorkers:
    """The workers of a Dask scheduler, for jobs whose first argument is a task. What is asked of
    them is what is asked of a `Pool`."""

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
        task = job.given[0]
        future = self._client.submit(make_there, task, files_for(task), pure=False)
        self.running[future] = job

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


#: Processes or machines that run jobs; `running` are the jobs that are not done yet.
Workers = Pool | DaskWorkers


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
def dask_workers(address: str, temporary: Path) -> Iterator[DaskWorkers]:
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
            # Its processes import nothing from their working folder.
            stack.enter_context(variables_set({"PYTHONSAFEPATH": "1"}))
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
        yield DaskWorkers(client)


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

    return {name: version(name) for name in _SAME_PACKAGES.split()}
