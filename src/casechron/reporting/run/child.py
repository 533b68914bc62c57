"""What happens in the process of one notebook? Cells are run, and what they show is sent back.

All that a cell, and each program that it starts, writes goes to two files, so nobody who writes has
to wait, its order is kept, and it is there still when the process dies. Everything else is a
message of JSON, which says first how far the two files were."""

from __future__ import annotations

import base64
import gc
import json
import os
import queue
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from ipykernel.compiler import XCachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

__all__ = ["STREAMS", "Surroundings", "notebook_shell", "serve"]

#: The two streams, by the numbers of their descriptors.
STREAMS = {1: "stdout", 2: "stderr"}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a notebook runs: its folder, environment, the files of its streams, bytes of memory."""

    folder: str
    environment: Mapping[str, str]
    streams: Mapping[int, str]
    memory: int | None


class Outputs:
    """The way out of a notebook's process."""

    def __init__(self, answers: Connection, streams: Mapping[int, str]) -> None:
        self._answers, self._process, self._lock = answers, os.getpid(), threading.Lock()
        # Read by number, so that nothing that a cell closes or replaces is in the way.
        self._files = {STREAMS[number]: path for number, path in streams.items()}

    def tell(self, kind: str, content: Any = None) -> None:
        """Send a message; what a cell forks has no voice but the two streams."""
        for stream in (sys.stdout, sys.stderr):
            with suppress(AttributeError, OSError, ValueError):
                stream.flush()
        sizes = {name: os.path.getsize(path) for name, path in self._files.items()}
        message = json.dumps([kind, sizes, content], default=_plain, allow_nan=False)
        if os.getpid() == self._process:
            with self._lock:
                self._answers.send_bytes(message.encode(errors="replace"))


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    raise TypeError(f"{type(value).__name__} cannot be part of a notebook's output")


#: Of the notebook that runs in this process.
_OUTPUTS: Outputs


class _Publisher(DisplayPublisher):  # type: ignore[misc]
    def publish(
        self,
        data: Any,
        metadata: Any = None,
        *_: Any,
        transient: Any = None,
        update: bool = False,
        **__: Any,
    ) -> None:
        content = {"data": data, "metadata": metadata or {}}
        kind = "update" if update else "display_data"
        _OUTPUTS.tell(kind, {**content, "id": (transient or {}).get("display_id")})

    def clear_output(self, wait: bool = False) -> None:
        _OUTPUTS.tell("clear", wait)


class _Hook(DisplayHook):  # type: ignore[misc]
    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        count = self.shell.execution_count
        content = {"data": format_dict, "metadata": md_dict or {}, "execution_count": count}
        _OUTPUTS.tell("execute_result", content)


class _Shell(InteractiveShell):  # type: ignore[misc]
    """IPython's shell, showing what it shows through `_OUTPUTS` as a kernel's does."""

    displayhook_class = _Hook
    display_pub_class = _Publisher
    compiler_class = XCachingCompiler
    #: Libraries that ask whether they are in a notebook look for this.
    kernel = None
    system = InteractiveShell.system_piped

    def init_io(self) -> None:
        """The streams are those of the process."""

    def enable_gui(self, gui: str | None = None) -> None:
        """A report has no windows."""
        from IPython.core.error import UsageError

        if gui not in (None, "inline"):
            raise UsageError(f"Invalid GUI request {gui!r}: a report has no windows")

    def _showtraceback(self, etype: Any, evalue: Any, stb: Sequence[str]) -> None:
        content = {"ename": etype.__name__, "evalue": str(evalue), "traceback": list(stb)}
        _OUTPUTS.tell("error", content)


def notebook_shell() -> Any:
    """The shell of this process: made where there is none, as in the template, else taken over."""
    from traitlets.config import Config

    if _Shell.initialized():
        return _Shell.instance()
    # The history would be written to a database, from a thread.
    return _Shell.instance(config=Config({"HistoryManager": {"enabled": False}}))


def serve(
    requests: Connection, answers: Connection, others: Sequence[Connection], around: Surroundings
) -> None:
    """Run the cells that are asked for until nobody asks any more; then this process group ends.

    `others` are the supervisor's ends of the two pipes: a fork of it has them too.
    """
    global _OUTPUTS
    for end in others:
        end.close()
    _move_in(around)
    _OUTPUTS = outputs = Outputs(answers, around.streams)
    cells: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests, cells), daemon=True).start()
    try:
        from casechron.reporting.run import warm_up

        shell, process = notebook_shell(), os.getpid()
        sys.modules["__main__"] = shell.user_module
        outputs.tell("ready", {"warm": warm_up.warm(), "failed": warm_up.FAILED})
        while True:
            result = shell.run_cell(cells.get(), store_history=True)
            if os.getpid() != process:
                os._exit(0)  # a cell has forked and come back twice
            outputs.tell("done", [bool(result.success), shell.execution_count - 1])
    except SystemExit:
        os._exit(0)


def _listen(requests: Connection, cells: queue.SimpleQueue[str]) -> None:
    """Hand on what is asked for; end with all that was started when nobody is left to ask."""
    with suppress(EOFError, OSError):
        while True:
            cells.put(requests.recv_bytes().decode())
    os.killpg(0, signal.SIGKILL)


def _move_in(around: Surroundings) -> None:
    """Be a process of one's own: group, signals, environment, folder, streams, memory, chance."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(around.environment)
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    tempfile.tempdir = None
    time.tzset()
    os.chdir(around.folder)
    # Nothing is imported from where a notebook runs: its folder may hold anybody's files.
    here = {"", ".", os.getcwd(), around.folder}
    sys.path[:] = [folder for folder in sys.path if folder not in here]
    sys.argv[:] = ["notebook"]
    for number, path in around.streams.items():
        file = os.open(path, os.O_WRONLY | os.O_APPEND)
        os.dup2(file, number)
        os.close(file)
    sys.stdout, sys.stderr = (
        open(number, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
        for number in STREAMS
    )
    if around.memory is not None:
        import resource

        limit = _address_space() + around.memory
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    # What stands here stays, and a notebook is short: looking for garbage would copy pages.
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    random.seed()
    if "matplotlib" in sys.modules:
        sys.modules["matplotlib"].rcParams["backend"] = os.environ["MPLBACKEND"]
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


def _address_space() -> int:
    """Bytes that this process has mapped, where the system says it."""
    with suppress(OSError), open("/proc/self/statm", encoding="ascii") as said:
        return int(said.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    return 0
