"""Who does the work of a run, and what if one of those who do it is lost?

Work is handed out in a window: never more than keeps everyone busy, so that what waits takes no
memory however much there is. When a process is lost, every job that it or its pool had in hand is
suspect; suspects are tried again one at a time, with nothing else running, and only one that is
lost alone is to blame."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from casechron.reporting import kernels
from casechron.reporting.assembly import make_into
from casechron.reporting.endings import at_once, deferred
from casechron.reporting.execution import RenderError
from casechron.reporting.kernels.process import nameless_main
from casechron.reporting.tasks import Made, Task

__all__ = ["Crew", "Job", "LocalCrew", "LostError", "carry_out", "local_crew"]

#: Seconds between two looks at whether there is anyone left to do the work, and at whether somebody
#: asks for an end.
_LOOK, _LISTEN = 2.0, 0.1
_A = TypeVar("_A")


class LostError(RuntimeError):
    """Whoever was given a job ended before it was done, with nothing else running; how, in
    words."""


class Crew(Protocol):
    """Those who are given jobs of one kind."""

    def size(self) -> int:
        """How many jobs can be done at once."""

    def make(self, task: Task, folder: Path) -> Future[Made]:
        """Have a notebook run. What comes of it is in the folder then, or is in what is given
        back."""

    def lost(self, error: BaseException) -> str:
        """Whether an error says that whoever did a job has ended: how, in words, else empty. The
        crew is then whole again."""

    def look(self) -> None:
        """Raise `RenderError` if there is nobody left."""


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to be done by a crew: how it is begun, and what is to happen then; `done` is given
    the result, or the error."""

    crew: Crew
    begin: Callable[[], Future[Any]]
    done: Callable[[Any, BaseException | None], None]
    alone: bool = False


def carry_out(next_job: Callable[[], Job | None], window: Callable[[], int]) -> None:
    """Have jobs done until there is no next one and none is running. `done` of each is called here,
    in this thread.

    What asks for an end meanwhile is heard between two jobs (`endings.deferred`).
    """
    with deferred() as heard:
        _carry_out(next_job, window, heard)


def _carry_out(
    next_job: Callable[[], Job | None], window: Callable[[], int], heard: Callable[[], None]
) -> None:
    running: dict[Future[Any], Job] = {}
    suspects: deque[Job] = deque()
    while True:
        while not suspects and len(running) < window() and (job := next_job()) is not None:
            heard()
            _begin(job, running, suspects)
        if suspects and not running:
            _begin(suspects.popleft(), running, suspects)
        if not running and not suspects:
            return
        finished: set[Future[Any]] = set()
        looked = time.monotonic()
        while not finished and time.monotonic() < looked + _LOOK:
            heard()
            finished, _ = wait(running, timeout=_LISTEN, return_when=FIRST_COMPLETED)
        for crew in {id(job.crew): job.crew for job in running.values()}.values():
            crew.look()
        for future in finished:
            job = running.pop(future)
            error = CancelledError("it was given up") if future.cancelled() else future.exception()
            why = job.crew.lost(error) if error is not None else ""
            if why and not job.alone:
                suspects.append(replace(job, alone=True))
            elif error is None:
                job.done(future.result(), None)
            else:
                job.done(None, LostError(why) if why else error)


def _begin(job: Job, running: dict[Future[Any], Job], suspects: deque[Job]) -> None:
    try:
        running[job.begin()] = job
    except BrokenExecutor as error:
        # Somebody was lost since the last look; this job is not to blame.
        job.crew.lost(error)
        suspects.append(job)


class LocalCrew:
    """Processes of this machine, forked from a template in which the imports are paid.

    Where none can be started (no shared memory, a path that is too long for a socket), this process
    does the work itself, with plain kernels; `hindered` says why. `RenderError` where that cannot
    be either."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self.hindered = ""
        self._pool: ProcessPoolExecutor | None = None

    def size(self) -> int:
        """How many processes there are."""
        return self._workers

    def make(self, task: Task, folder: Path) -> Future[Made]:
        """Have a notebook run; what comes of it is written by the process that runs it."""
        return self._begun(
            partial(make_into, task, folder), partial(make_into, task, folder, "nbclient")
        )

    def submit(self, function: Callable[..., _A], *given: Any) -> Future[_A]:
        """Have anything done; the processes begin with the first one."""
        return self._begun(partial(function, *given), partial(function, *given))

    def _begun(self, there: Callable[[], _A], here: Callable[[], _A]) -> Future[_A]:
        if not self.hindered:
            try:
                self._pool = self._pool or kernels.executor(self._workers)
                # It may start a process now, which has no need of whatever script this is.
                with nameless_main(self._pool._mp_context):
                    return self._pool.submit(there)
            except BrokenExecutor:
                raise
            except (MemoryError, RuntimeError) as error:
                # No plain kernel can be talked to either; its library would end this process.
                self.end()
                raise RenderError(
                    "no process can be started for the notebooks"
                    f" ({str(error) or 'no memory is left'}); a limit on memory or on processes is"
                    " one cause"
                ) from error
            except (OSError, EOFError) as error:
                self.hindered = (
                    (isinstance(error, OSError) and error.strerror)
                    or str(error)
                    or "the first one ended at once"
                )
                self.end()
        done: Future[_A] = Future()
        try:
            with at_once():
                given = here()
            done.set_result(given)
        except Exception as error:
            done.set_exception(error)
        return done

    def lost(self, error: BaseException) -> str:
        """A pool that has lost one process gives up all that it has in hand; the next job gets a
        new pool."""
        if not isinstance(error, BrokenExecutor):
            return ""
        self.end()
        return (
            "the process that ran it ended, with nothing else running; a lack of memory is one"
            " cause"
        )

    def look(self) -> None:
        """There is always this machine."""

    def end(self) -> None:
        """End all processes, whatever they are at; the notebooks that they run end with them."""
        pool, self._pool = self._pool, None
        if pool is not None:
            for process in list((pool._processes or {}).values()):
                process.kill()
            # A thread that could not be started cannot be waited for.
            with suppress(RuntimeError):
                pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def local_crew(jobs: int | None) -> Iterator[LocalCrew]:
    """As many processes as there are `jobs` (default: one to a processor), ended with the block."""
    crew = LocalCrew(max(1, jobs or os.cpu_count() or 1))
    try:
        yield crew
    finally:
        crew.end()
