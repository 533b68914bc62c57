"""How is the process of one notebook started, watched and ended?"""

from __future__ import annotations

import codecs
import json
import os
import signal
import sys
import tempfile
import threading
import time
import types
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import connection, current_process, get_all_start_methods, get_context
from pathlib import Path
from typing import Any

from nbformat import from_dict

from casechron.reporting.run.warm_up import warm

__all__ = ["Limits", "NotebookEndedError", "NotebookProcess", "can_fork", "safe_start"]

#: Seconds between two looks at how much has been written and how long a cell has run.
_TICK = 0.2
#: Seconds that a process may take to begin; the template may have to import everything first.
_STARTING_UP = 120.0
#: Seconds that a process which says no more may take to be gone.
_ENDING = 10.0
_WARM_UP = "casechron.reporting.run.warm_up"


class NotebookEndedError(RuntimeError):
    """How a notebook's process ended before its last cell, in words; `cell_index` is the cell."""

    cell_index: int | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What a notebook may take; None is no limit.

    `seconds` is for each cell, `output` the bytes of all that it writes and shows, `memory` the
    bytes of address space on top of what its template has."""

    seconds: float | None = None
    output: int = 100_000_000
    memory: int | None = None


def can_fork() -> bool:
    """Whether this platform has forks of a process that has imported much; macOS bears none."""
    return (
        sys.platform != "darwin"
        and "forkserver" in get_all_start_methods()
        and not current_process().daemon
    )


class NotebookProcess:
    """A notebook's process as its supervisor has it.

    `run` gives a cell to it. In a ``with`` block; afterwards nothing of it is left."""

    def __init__(self, limits: Limits, folder: str, environment: Mapping[str, str]) -> None:
        from casechron.reporting.run.child import STREAMS, Surroundings, serve

        self._limits, self._shown = limits, 0
        self._clear = False
        self._by_id: dict[str, list[Any]] = {}
        self._temporary = tempfile.TemporaryDirectory(
            prefix="casechron-", ignore_cleanup_errors=True
        )
        paths = {number: str(Path(self._temporary.name, name)) for number, name in STREAMS.items()}
        for path in paths.values():
            Path(path).touch(mode=0o600)  # read here while the process writes there
        self._streams = {STREAMS[number]: open(path, "rb") for number, path in paths.items()}  # noqa: SIM115
        self._decoders = {
            name: codecs.getincrementaldecoder("utf-8")("replace") for name in self._streams
        }
        environment = {**environment, "TMPDIR": self._temporary.name}
        around = Surroundings(folder, environment, paths, limits.memory)
        # A worker of ours is a fork of the template and has one thread: it forks by itself.
        alone = warm() and threading.active_count() == 1
        context: Any = get_context("fork" if alone else "forkserver")
        theirs, self._requests = context.Pipe(duplex=False)
        self._answers, answers = context.Pipe(duplex=False)
        try:
            with safe_start():
                self._process = context.Process(
                    target=serve, args=(theirs, answers, (self._requests, self._answers), around)
                )
                self._process.start()
            theirs.close()
            answers.close()
            self.about = self._answer([], _STARTING_UP)
        except BaseException:
            self.close()
            raise

    def run(self, code: str, outputs: list[dict[str, Any]]) -> tuple[bool, int]:
        """Whether a cell went well, and its number; what it shows is added to `outputs`.

        Raises `NotebookEndedError` where the process ends, writes too much or takes too long."""
        self._clear = False
        with suppress(OSError):  # if nobody is there, that shows at once
            self._requests.send_bytes(code.encode())
        good, count = self._answer(outputs, self._limits.seconds)
        return good, count

    def _answer(self, outputs: list[dict[str, Any]], seconds: float | None) -> Any:
        """What the process answers; until then, what it shows."""
        began = time.monotonic()
        while True:
            ready = connection.wait([self._answers, self._process.sentinel], _TICK)
            try:
                if self._answers in ready:
                    message = self._answers.recv_bytes(self._limits.output)
                    self._shown += len(message)
                    kind, sizes, content = json.loads(message)
                    for name, size in sizes.items():
                        self._read(name, size, outputs)
                    if kind in ("ready", "done"):
                        return content
                    self._show(kind, content, outputs)
                elif ready:
                    raise EOFError
            except (EOFError, OSError, ValueError) as error:
                raise NotebookEndedError(self._ending(outputs)) from error
            written = sum(os.fstat(file.fileno()).st_size for file in self._streams.values())
            if self._shown + written > self._limits.output:
                self._kill(outputs)
                raise NotebookEndedError(f"it wrote more than {self._limits.output:,} bytes")
            if seconds and time.monotonic() > began + seconds:
                self._kill(outputs)
                raise NotebookEndedError(f"it took more than {seconds:g} seconds")

    def _show(self, kind: str, content: Any, outputs: list[dict[str, Any]]) -> None:
        if kind == "clear":
            self._clear = bool(content)
            if not content:
                outputs.clear()
            return
        identity = content.pop("id", None)
        if kind == "update":
            for shown in self._by_id.get(identity, []):
                shown.update(content)
            return
        self._add({"output_type": kind, **content}, outputs)
        if identity is not None:
            self._by_id.setdefault(identity, []).append(outputs[-1])

    def _add(self, output: dict[str, Any], outputs: list[dict[str, Any]]) -> None:
        if self._clear:
            outputs.clear()
            self._clear = False
        outputs.append(from_dict(output))

    def _read(self, name: str, size: int, outputs: list[dict[str, Any]]) -> None:
        """Add what a stream holds up to a size."""
        file = self._streams[name]
        text = self._decoders[name].decode(file.read(max(0, size - file.tell())))
        if text:
            self._add({"output_type": "stream", "name": name, "text": text}, outputs)

    def _ending(self, outputs: list[dict[str, Any]]) -> str:
        """How the process ended."""
        self._process.join(_ENDING)
        code = self._process.exitcode
        self._kill(outputs)
        if code is None:
            return "its process no longer answers, or has shown more than it may at once"
        if code >= 0:
            return f"its process ended with the exit code {code}"
        why = "; a lack of memory is one cause" if code == -signal.SIGKILL else ""
        return f"its process was ended by {signal.Signals(-code).name}{why}"

    def _kill(self, outputs: list[dict[str, Any]]) -> None:
        """End the process, with all that it has started; add the last that they wrote."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.join(_ENDING)
        for name in self._streams:
            self._read(name, min(self._limits.output, sys.maxsize), outputs)

    def close(self) -> None:
        """End the process, if it has not ended, and clear away what it leaves."""
        if hasattr(self, "_process"):
            with suppress(ValueError):
                self._kill([])
        for end in (self._requests, self._answers):
            end.close()
        for file in self._streams.values():
            file.close()
        self._temporary.cleanup()

    def __enter__(self) -> NotebookProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


_STARTING = threading.Lock()
#: The template has one thread, imports nothing from the folder it is started in, draws nowhere.
_TEMPLATE_ENVIRONMENT = {
    "PYTHONSAFEPATH": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}


@contextmanager
def safe_start() -> Iterator[None]:
    """Within, a process can be started by the forkserver: warm, whoever asks and wherever.

    It does not run the script again that asks for it, as multiprocessing does by itself."""
    get_context("forkserver").set_forkserver_preload([_WARM_UP])
    with _STARTING:
        before = {name: os.environ.get(name) for name in _TEMPLATE_ENVIRONMENT}
        main = sys.modules["__main__"]
        sys.modules["__main__"] = types.ModuleType("__main__")
        os.environ.update(_TEMPLATE_ENVIRONMENT)
        try:
            yield
        finally:
            sys.modules["__main__"] = main
            for name, value in before.items():
                os.environ.pop(name, None)
                os.environ.update({name: value} if value is not None else {})
