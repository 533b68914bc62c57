"""Which processes run the jobs of a run, and what happens when one of them is lost?

A few lasting processes have a pipe each. A job is handed to an idle one, so waiting jobs take no
memory, and when a process ends early it is known which job it had. Another process takes its
place."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import connection, forkserver, get_context, parent_process
from types import FrameType
from typing import Any, Protocol

from casechron.report.execution import RenderError
from casechron.report.run.process import can_fork, ending, safe_start
from casechron.report.run.warm_up import settle

#: Seconds between two checks of a worker whether its parent process is still there.
_LOOK = 1.0
#: Seconds to wait for a job to finish.
_WAIT = 0.2


class LostError(RuntimeError):
    """The process that was given a job ended before it was done; the message says how."""


@dataclass(frozen=True, slots=True)
class Job:
    """A function to call in another process with `given`; `done` is then called with the result or
    the error."""

    function: Callable[..., Any]
    given: tuple[Any, ...]
    done: Callable[[Any, BaseException | None], None]


class Workers(Protocol):
    """Processes or machines that run jobs. `running` are the jobs that are not done yet."""

    running: dict[Any, Any]

    def room(self) -> int:
        """How many more jobs can be begun now."""

    def begin(self, job: Job) -> None:
        """Start a job."""

    def finished(self, seconds: float) -> list[tuple[Job, Any, BaseException | None]]:
        """The jobs that are done, with their results or errors; waits for one, but not longer."""


def carry_out(crews: Sequence[Workers], next_job: Callable[[Workers], Job | None]) -> None:
    """Run jobs until there is no next one and none is running; `done` is called in this process."""
    while True:
        for crew in crews:
            while crew.room() and (job := next_job(crew)) is not None:
                crew.begin(job)
        running = [crew for crew in crews if crew.running]
        if not running:
            return
        for crew in running:
            for job, result, error in crew.finished(_WAIT / len(running)):
                job.done(result, error)


class Pool:
    """Processes of this machine; forks of the warm template where there are forks.

    Raises `RenderError` where none can be started. Use it in a ``with`` block, at whose end all of
    them are ended, whatever they are at, with the notebooks that they run."""

    def __init__(self, size: int, environment: Mapping[str, str] | None = None) -> None:
        self._context: Any = get_context("forkserver" if can_fork() else "spawn")
        self._environment = dict(environment if environment is not None else os.environ)
        self._size = size
        self._everyone: list[tuple[Any, connection.Connection]] = []
        self._idle: list[tuple[Any, connection.Connection]] = []
        self.running: dict[Any, tuple[Any, connection.Connection, Job]] = {}

    def warm_up(self) -> None:
        """Start the template, which begins its imports, without waiting for it."""
        if can_fork():
            with _in_words(), safe_start():
                forkserver.ensure_running()

    def room(self) -> int:
        """How many processes have nothing to do, or have not been started."""
        return self._size - len(self.running)

    def begin(self, job: Job) -> None:
        """Give a job to an idle process, or to a new one."""
        while self._idle and not self._idle[-1][0].is_alive():
            self._idle.pop()[1].close()
        process, ours = self._idle.pop() if self._idle else self._started()
        self.running[process.sentinel] = process, ours, job
        with suppress(OSError):  # one that ends just now is seen by `finished`
            ours.send((job.function, job.given))

    def _started(self) -> tuple[Any, connection.Connection]:
        with _in_words():
            ours, theirs = self._context.Pipe()
            process = self._context.Process(
                target=_work, args=(theirs, self._environment), daemon=False
            )
            # Registered before it starts, since a signal to end may come at any moment.
            self._everyone.append((process, ours))
            with safe_start():
                process.start()
            theirs.close()
            return process, ours

    def finished(self, seconds: float) -> list[tuple[Job, Any, BaseException | None]]:
        """The jobs that are done, with their results or errors."""
        pipes = {ours: sentinel for sentinel, (_, ours, _) in self.running.items()}
        ready = connection.wait([*pipes, *self.running], seconds)
        done: list[tuple[Job, Any, BaseException | None]] = []
        for sentinel in dict.fromkeys(pipes.get(handle, handle) for handle in ready):  # type: ignore[call-overload]
            process, ours, job = self.running.pop(sentinel)
            try:
                result, error = ours.recv()
                self._idle.append((process, ours))
            except (EOFError, OSError):
                result, error = None, LostError(f"the process that ran it {ending(process)}")
                ours.close()
            done.append((job, result, error))
        return done

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """End all processes and give up their jobs."""
        everyone, self._everyone, self._idle, self.running = self._everyone, [], [], {}
        begun = [process for process, _ in everyone if process.pid is not None]
        for process in begun:
            process.kill()
        for _, ours in everyone:
            ours.close()
        for process in begun:
            process.join()


@contextmanager
def _in_words() -> Iterator[None]:
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
            answer = None, LostError(f"{type(error).__name__}: {error}")
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
    signal.setitimer(signal.ITIMER_REAL, _LOOK, _LOOK)


class Interrupted(KeyboardInterrupt):
    """Ctrl-C, or a signal that asks for an end; `exit_code` is what a shell expects then."""

    def __init__(self, message: str = "", exit_code: int = 128 + signal.SIGINT) -> None:
        super().__init__(*[message] * bool(message))
        self.exit_code = exit_code


@contextmanager
def ends_in_order() -> Iterator[None]:
    """Within, SIGTERM and SIGHUP (of a batch system, a closed terminal) end a run as Ctrl-C does:
    they raise `Interrupted`, once, in the main thread, unless they are handled already."""
    ours = []
    if threading.current_thread() is threading.main_thread():
        wanted = [getattr(signal, name, None) for name in ("SIGTERM", "SIGHUP")]
        ours = [
            handled for handled in wanted if handled and signal.getsignal(handled) == signal.SIG_DFL
        ]

    def end(number: int, frame: FrameType | None) -> None:
        for handled in ours:
            signal.signal(handled, signal.SIG_IGN)  # what is cleared away now is cleared away whole
        raise Interrupted(exit_code=128 + number)

    for handled in ours:
        signal.signal(handled, end)
    try:
        yield
    finally:
        for handled in ours:
            signal.signal(handled, signal.SIG_DFL)
