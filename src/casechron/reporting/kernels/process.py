"""How is the process of one notebook started, watched and ended?"""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import select
import signal
import sys
import tempfile
import threading
import time
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection
from typing import Any

from casechron.reporting.kernels.streams import GOOD_BYE

__all__ = ["Limits", "NotebookProcess", "can_fork", "nameless_main", "start", "worker_context"]

_TEMPLATE = "casechron.reporting.kernels.template"
#: Seconds that a notebook's process has to end by itself.
_GRACE = 3.0
#: Seconds until it is said that a process, which can say nothing more, does not end: a busy machine
#: may take a while.
_ENDING = 20.0
_STARTING = threading.Lock()


@dataclass(frozen=True, slots=True)
class Limits:
    """What a notebook may take. Bytes; None is no limit.

    `memory` is address space on top of what the template already has, so it is reached before that
    much is in use; `output` is all that a notebook says and shows."""

    memory: int | None = None
    output: int = 100_000_000


def can_fork() -> bool:
    """Whether this platform bears forks of a process that has imported much."""
    return sys.platform != "darwin" and "forkserver" in multiprocessing.get_all_start_methods()


def worker_context() -> tuple[Any, Callable[..., None] | None, tuple[Any, ...]]:
    """How to start processes that supervise notebooks: a context of multiprocessing, what they do
    first, with what."""
    if not can_fork():
        return multiprocessing.get_context("spawn"), None, ()
    return _forkserver(), _begin_work, (dict(os.environ),)


def _begin_work(environment: Mapping[str, str]) -> None:
    die_with_parent()
    die_with_supervisor()
    # Ctrl-C in a terminal reaches all processes there; the supervisor ends those that it has.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The template has the environment of the time when it was started.
    be_in(environment)


def be_in(environment: Mapping[str, str]) -> None:
    """Have this environment and nothing else in it."""
    if dict(os.environ) != environment:
        os.environ.clear()
        os.environ.update(environment)


def die_with_parent() -> None:
    """End this process when the one that forked it ends, where the system can see to it."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        _library().prctl(pr_set_pdeathsig, signal.SIGKILL)


@cache
def _library() -> Any:
    import ctypes

    return ctypes.CDLL(None)


def die_with_supervisor() -> tuple[int, ...]:
    """End this process when the one that asked for it ends: its parent, the forkserver, lives as
    long as any of us does.

    What it is to keep open for that.
    """
    supervisor = multiprocessing.parent_process()
    if sys.platform != "linux" or supervisor is None:
        return ()
    import fcntl

    # A thread that watches would stand in the way of forks; the system can send a signal when the
    # pipe is closed.
    pipe = supervisor.sentinel
    fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(pipe, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)
    if not supervisor.is_alive():
        os._exit(1)
    return (pipe,)


class NotebookProcess:
    """The process of a notebook as its supervisor sees it."""

    def __init__(
        self, process: Any, requests: int, messages: int, files: Mapping[str, int], limits: Limits
    ) -> None:
        self._process = process
        self._requests = requests
        self._files = dict(files)
        self.messages = messages
        self.limits = limits

    def request(self, **what: Any) -> None:
        """Ask for something; if nobody is there any more, that shows when the answer is read."""
        text = json.dumps(what).encode() + b"\n"
        with suppress(BrokenPipeError):
            while text:
                text = text[os.write(self._requests, text) :]

    def said(self, name: str, start: int, stop: int | None = None) -> bytes:
        """The bytes of a stream from `start` to `stop`, or as far as it goes."""
        size = self.size(name)
        stop = size if stop is None else min(stop, size)
        return os.pread(self._files[name], stop - start, start) if stop > start else b""

    def size(self, name: str) -> int:
        """How many bytes a stream has."""
        return os.fstat(self._files[name]).st_size

    def is_alive(self) -> bool:
        """Whether the process is there."""
        return bool(self._process.is_alive())

    def _wait(self, seconds: float) -> None:
        """Until the process is gone; not its `join`, which waits for ever for a fork that has
        closed what it was given."""
        deadline = time.monotonic() + seconds
        while self.is_alive() and time.monotonic() < deadline:
            time.sleep(0.002)

    def interrupt(self) -> None:
        """What Ctrl-C does."""
        with suppress(ProcessLookupError):
            os.kill(self._process.pid, signal.SIGINT)

    def ending(self) -> str:
        """How the process ended, in words."""
        self._wait(_ENDING)
        code = self._process.exitcode
        if code is None:
            return "its process no longer answers"
        if code >= 0:
            return f"its process ended with the exit code {code}"
        why = "; a lack of memory is one cause" if code == -signal.SIGKILL else ""
        return f"its process was ended by {signal.Signals(-code).name}{why}"

    def stop(self, grace: float = _GRACE) -> None:
        """End the process and all that it has left behind in its process group."""
        os.close(self._requests)
        deadline = time.monotonic() + grace
        os.set_blocking(self.messages, False)
        # Whoever else holds the pipe open is not waited for: each look asks whether the process
        # itself is there.
        news = select.poll()
        news.register(self.messages, select.POLLIN)
        said = bytearray()
        while time.monotonic() < deadline and not self._ended(said):
            news.poll(20)
        # One that has said so has nothing left to do; it is buried when the next one starts, and
        # nobody waits for that.
        self._kill(_GRACE if not said.endswith(GOOD_BYE) else 0)
        os.close(self.messages)
        for file in self._files.values():
            os.close(file)

    def _ended(self, said: bytearray) -> bool:
        try:
            while chunk := os.read(self.messages, 1 << 16):
                said[:] = (said + chunk)[-len(GOOD_BYE) :]
        except BlockingIOError:
            return said.endswith(GOOD_BYE) or not self.is_alive()
        return True

    def _kill(self, wait: float) -> None:
        # The group first: as long as anyone is in it, nobody else can have its number.
        for kill in (os.killpg, os.kill):
            with suppress(ProcessLookupError, PermissionError):
                kill(self._process.pid, signal.SIGKILL)
        self._wait(wait)
        with suppress(ValueError):
            self._process.close()


def start(limits: Limits, folder: str | None = None) -> NotebookProcess:
    """A process for a notebook, in a folder (the current one, if none is named) and with the
    current environment.

    Raises `NotebookEndedError` where none can be had.
    """
    try:
        return _start(limits, folder)
    except (EOFError, OSError, RuntimeError) as error:
        from casechron.reporting.kernels.pipe import NotebookEndedError

        raise NotebookEndedError(
            f"no process could be started for it: {_hindrance(error)}"
        ) from error


def _hindrance(error: Exception) -> str:
    said = f"{type(error).__name__}: {error}".removesuffix(": ")
    if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
        return f"{said}; more files would have to be open than `ulimit -n` allows"
    if "AF_UNIX path too long" in str(error):
        return (
            f"{said}; TMPDIR is to name a folder with a shorter path than {tempfile.gettempdir()}"
        )
    if isinstance(error, EOFError | ConnectionError):
        return f"{said}; the process that is to start it has ended"
    return said


def _start(limits: Limits, folder: str | None) -> NotebookProcess:
    from casechron.reporting.kernels import shell

    request_r, request_w = os.pipe()
    message_r, message_w = os.pipe()
    files = {name: _file(name) for name in ("stdout", "stderr")}
    theirs = [Connection(os.dup(fd)) for fd in files.values()]
    theirs += [Connection(request_r, writable=False), Connection(message_w, readable=False)]
    context = _context()
    options = shell.Options(folder or os.getcwd(), dict(os.environ), limits.memory, limits.output)
    process = context.Process(target=shell.serve, args=(*theirs, options), name="MainProcess")
    try:
        with _STARTING, nameless_main(context):
            process.start()
    except BaseException:
        for fd in (request_w, message_r, *files.values()):
            os.close(fd)
        raise
    finally:
        for end in theirs:
            end.close()
    os.set_blocking(message_r, False)
    return NotebookProcess(process, request_w, message_r, files, limits)


def _context() -> Any:
    """Fork this process if it is as good as the template, else ask the template."""
    template = sys.modules.get(_TEMPLATE)
    if template is not None and template.warm() and template.threads() == 1:
        return multiprocessing.get_context("fork")
    return _forkserver()


def _forkserver() -> Any:
    # Not every platform has it.
    from multiprocessing import forkserver

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([_TEMPLATE])
    # Only one thread may stand where a process forks, and the server begins with our environment.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with _STARTING, _deaf_to_ctrl_c(), _no_options(), nameless_main(context):
        forkserver.ensure_running()
    return context


@contextmanager
def _no_options() -> Iterator[None]:
    """What starts meanwhile has no options of the interpreter from us, as kernels have none: the
    environment tells it."""
    from multiprocessing import util

    inner = vars(util)
    before = inner["_args_from_interpreter_flags"]
    inner["_args_from_interpreter_flags"] = list
    try:
        yield
    finally:
        inner["_args_from_interpreter_flags"] = before


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """What starts meanwhile does not hear Ctrl-C: the forkserver says that it will not, but only
    after its imports."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        # None: not from Python.
        signal.signal(signal.SIGINT, signal.SIG_DFL if before is None else before)


@contextmanager
def nameless_main(context: Any) -> Iterator[None]:
    """While a process starts, our main module has no file, or that script would run in every
    notebook's process."""
    main = sys.modules["__main__"]
    if context.get_start_method() != "fork":
        sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _file(name: str) -> int:
    """A file without a name: it takes what a stream says from whoever says it, in order, and never
    blocks."""
    if hasattr(os, "memfd_create"):
        fd = os.memfd_create(name)
    else:
        with tempfile.TemporaryFile() as file:
            fd = os.dup(file.fileno())
    import fcntl

    fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_APPEND)
    return fd
