"""What happens in the process of one notebook? Cells are run, and what they show is sent back.

All that a cell, and each program that it starts, writes goes to two files, so nobody who writes has
to wait, its order is kept, and it is there still when the process dies. Everything else is a
message of JSON, which says first how far the two files were."""

from __future__ import annotations

import gc
import json
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, TextIO

from ipykernel.compiler import XCachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.jsonutil import json_default

from casechron.report.run import warm_up

#: The names of the streams and of their files, by the numbers of their descriptors.
STREAMS = {1: "stdout", 2: "stderr"}


class _Publisher(DisplayPublisher):  # type: ignore[misc]
    def publish(  # type: ignore[no-untyped-def]
        self, data, metadata=None, *_: Any, transient=None, update=False, **__: Any
    ) -> None:
        content = {"data": data, "metadata": metadata or {}}
        kind = "update" if update else "display_data"
        self.shell.tell(kind, {**content, "id": (transient or {}).get("display_id")})

    def clear_output(self, wait: bool = False) -> None:
        self.shell.tell("clear", wait)


class _Hook(DisplayHook):  # type: ignore[misc]
    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        content = {"data": format_dict, "metadata": md_dict or {}}
        count = self.shell.execution_count
        self.shell.tell("execute_result", {**content, "execution_count": count})


class _Shell(InteractiveShell):  # type: ignore[misc]
    """IPython's shell, which tells its supervisor what a kernel's shows."""

    displayhook_class = _Hook
    display_pub_class = _Publisher
    compiler_class = XCachingCompiler
    #: Libraries that ask whether they are in a notebook look for this.
    kernel = None
    system = InteractiveShell.system_piped

    def begin(self, pipe: Connection, files: Sequence[str]) -> None:
        """Send messages to the supervisor by `pipe`; the streams are written to `files`."""
        self._pipe, self._files = pipe, files
        self._process, self._lock = os.getpid(), threading.Lock()
        sys.modules["__main__"] = self.user_module

    def tell(self, kind: str, content: Any = None) -> None:
        """Send a message to the supervisor, unless this is a process that a cell forked."""
        for stream in (sys.stdout, sys.stderr):
            with suppress(AttributeError, OSError, ValueError):
                stream.flush()
        if os.getpid() == self._process:
            message = [kind, [os.path.getsize(path) for path in self._files], content]
            text = json.dumps(message, default=json_default, ensure_ascii=False, allow_nan=False)
            with self._lock:
                # A lone surrogate, which a Python string can hold, cannot be encoded.
                self._pipe.send_bytes(text.encode(errors="replace"))

    def init_io(self) -> None:
        """Leave the streams of the process as they are."""

    def enable_gui(self, gui: str | None = None) -> None:
        """Do nothing: a report opens no windows, so no event loop is needed."""

    def ask_exit(self) -> None:
        """End the notebook as `sys.exit()` does; `exit()` calls this."""
        raise SystemExit

    def _showtraceback(self, etype: Any, evalue: Any, stb: Sequence[str]) -> None:
        content = {"ename": etype.__name__, "evalue": str(evalue), "traceback": list(stb)}
        self.tell("error", content)


def notebook_shell() -> Any:
    """The shell of this process: made where there is none, as in the template, else taken over."""
    from traitlets.config import Config

    # The history would be written to a database, from a thread.
    return _Shell.instance(config=Config({"HistoryManager": {"enabled": False}}))


def serve(
    pipe: Connection,
    life: Connection,
    others: Sequence[Connection],
    folder: str,
    environment: Mapping[str, str],
    memory: int | None,
) -> None:
    """Run the cells that come, in a folder and an environment; ``TMPDIR`` holds the streams.

    `others` are the supervisor's ends of the pipes: a fork of it has them too.
    """
    for end in others:
        end.close()
    _end_with(life)
    files = [os.path.join(environment["TMPDIR"], name) for name in STREAMS.values()]
    _move_in(folder, environment, files)
    shell, process = notebook_shell(), os.getpid()
    shell.begin(pipe, files)
    _limit_memory(memory)
    shell.tell("ready", {"warm": warm_up.warm(), "failed": warm_up.FAILED})
    while True:
        result = shell.run_cell(pipe.recv_bytes().decode(), store_history=True)
        if os.getpid() != process:
            os._exit(0)  # a cell has forked and come back twice
        shell.tell("done", [bool(result.success), shell.execution_count - 1])


def _end_with(life: Connection) -> None:
    """Start a process group of its own, which the system kills as soon as the other end of `life`
    closes: whatever a cell is doing, and however the supervisor ends."""
    import fcntl

    os.setsid()
    fcntl.fcntl(life, fcntl.F_SETOWN, -os.getpgrp())
    fcntl.fcntl(life, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(life, fcntl.F_SETFL, os.O_ASYNC)
    if life.poll():  # it has closed meanwhile
        os.killpg(0, signal.SIGKILL)


def _move_in(folder: str, environment: Mapping[str, str], files: Sequence[str]) -> None:
    """Set signals, environment, folder, module path, streams and random numbers after the fork."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    warm_up.settle(environment)
    backend = os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    time.tzset()
    os.chdir(folder)
    sys.argv[:] = ["notebook"]
    for number, path in zip(STREAMS, files, strict=True):
        file = os.open(path, os.O_WRONLY | os.O_APPEND)
        os.dup2(file, number)
        os.close(file)
    sys.stdout, sys.stderr = map(_writer, STREAMS)
    random.seed()
    if "matplotlib" in sys.modules:
        sys.modules["matplotlib"].rcParams["backend"] = backend
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    # A notebook is short, and collecting what the template holds would copy its memory pages.
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _writer(number: int) -> TextIO:
    return open(number, "w", 1, encoding="UTF-8", errors="backslashreplace", closefd=False)


def _limit_memory(memory: int | None) -> None:
    """Let this process map so many bytes more than it has."""
    if memory is not None:
        import resource

        with open("/proc/self/statm", encoding="ascii") as pages:
            memory += int(pages.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
