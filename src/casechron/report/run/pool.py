"""Who does the work of a run, and what if one of those who do it is lost?

A few processes that last, each with a pipe of its own: work is handed to one that is idle, so what
waits takes no memory, and of a process that ends before its work is done it is known which work
that was. Another process takes its place."""

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

#: Seconds between two looks of a worker at whether there is still somebody to work for.
_LOOK = 1.0
#: Seconds to wait for whoever is done first.
_WAIT = 0.2


class LostError(RuntimeError):
    """Whoever was given a job ended before it was done; how, in words."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done elsewhere, and what is to happen then: `done` is given the result, or
    the error."""

    function: Callable[..., Any]
    given: tuple[Any, ...]
    done: Callable[[Any, BaseException | None], None]


class Workers(Protocol):
    """Those who do jobs. `running` are the jobs that are not done yet."""

    running: dict[Any, Any]

    def room(self) -> int:
        """How many more jobs can be begun now."""

    def begin(self, job: Job) -> None:
        """Have a job done."""

    def finished(self, seconds: float) -> list[tuple[Job, Any, BaseException | None]]:
        """The jobs that are done, with their results or errors; waits for one, but not longer."""


def carry_out(crews: Sequence[Workers], next_job: Callable[[Workers], Job | None]) -> None:
    """Have jobs done until there is no next one and none is running; `done` is called here."""
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
        """Let the template begin with what it imports; nobody waits for it."""
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
            # Before it starts: what asks for an end may come at any moment.
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
        for sentinel in dict.fromkeys(pipes.get(one, one) for one in ready):  # type: ignore[call-overload]
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
        """End all processes; what they were at is given up."""
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
    """Do the jobs that come, until nobody is there to give any."""
    # Ctrl-C in a terminal reaches all processes there; the one that gives the jobs ends us.
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
        except OSError:  # the one that gives the jobs has ended meanwhile
            return


def _end_with_parent() -> None:
    """End this process soon after the one that it works for, however that ends.

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
    """Within, the word of a batch system or of a closed terminal ends a run as Ctrl-C does.

    SIGTERM and SIGHUP raise `Interrupted`, once, in the main thread, where nobody else sees to
    them."""
    ours = []
    if threading.current_thread() is threading.main_thread():
        wanted = [getattr(signal, name, None) for name in ("SIGTERM", "SIGHUP")]
        ours = [one for one in wanted if one and signal.getsignal(one) == signal.SIG_DFL]

    def end(number: int, frame: FrameType | None) -> None:
        for one in ours:
            signal.signal(one, signal.SIG_IGN)  # what is cleared away now is cleared away whole
        raise Interrupted(exit_code=128 + number)

    for one in ours:
        signal.signal(one, end)
    try:
        yield
    finally:
        for one in ours:
            signal.signal(one, signal.SIG_DFL)
