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
from multiprocessing import connection, current_process, get_context
from pathlib import Path
from typing import Any

from nbformat import from_dict

from casechron.report.run.warm_up import variables_set, warm

#: Seconds between two looks at how much has been written and how long a cell has run; that a
#: process may take to begin; and that one which says no more may take to be gone.
_TICK, _BEGINNING, _ENDING = 0.2, 120.0, 10.0
_WARM_UP = "casechron.report.run.warm_up"


class NotebookEndedError(RuntimeError):
    """How a notebook's process ended before its last cell, in words; `cell_index` is the cell."""

    cell_index: int | None = None


def can_fork() -> bool:
    """Whether notebooks may run in forks of a warm process: on macOS forks are unsafe, and only
    Linux can end them together with the process that started them."""
    return sys.platform == "linux" and not current_process().daemon


def ending(process: Any) -> str:
    """How a process ended, or that it did not."""
    process.join(_ENDING)
    code = process.exitcode
    if code is None:
        return "no longer answers"
    if code >= 0:
        return f"ended with the exit code {code}"
    name = {number.value: number.name for number in signal.Signals}.get(-code, f"signal {-code}")
    why = "; a lack of memory is one cause" if name == "SIGKILL" else ""
    return f"was ended by {name}{why}"


class NotebookProcess:
    """A notebook's process as its supervisor has it.

    `run` gives a cell to it; once it is closed, nothing of it is left but what a cell has started
    in a session of its own. A cell may take `seconds`; `output` are the bytes of all that the
    notebook may write and show, `memory` those of address space that it may take on top of what its
    template has. None is no limit. `template` is what its template said of itself: whether it is
    ``warm``, and what ``failed`` beforehand, with the reason."""

    def __init__(
        self,
        folder: str,
        environment: Mapping[str, str],
        seconds: float | None,
        output: int,
        memory: int | None,
    ) -> None:
        from casechron.report.run.child import STREAMS, serve

        self._seconds, self._output, self._shown_bytes, self._clear = seconds, output, 0, False
        self._by_id: dict[str, list[Any]] = {}
        # The temporary files of the notebook lie in this folder too and are removed with it.
        self._folder = tempfile.TemporaryDirectory(prefix="casechron-", ignore_cleanup_errors=True)
        variables = {**environment, "TMPDIR": self._folder.name}
        paths = {name: Path(self._folder.name, name) for name in STREAMS.values()}
        for path in paths.values():
            path.touch()
        utf_8 = codecs.getincrementaldecoder("utf-8")
        self._decoders = {name: utf_8("replace") for name in paths}
        self._streams: dict[str, Any] = {}
        # A worker of ours is a fork of the template and has one thread: it forks by itself.
        alone = warm() and threading.active_count() == 1
        context: Any = get_context("fork" if alone else "forkserver")
        self._pipe, theirs = context.Pipe()
        life, self._life = context.Pipe(duplex=False)
        given = (theirs, life, (self._pipe, self._life), folder, variables, memory)
        self._process = context.Process(target=serve, args=given)
        try:
            with safe_start():
                self._process.start()
            theirs.close()
            life.close()
            # Opened after the fork, which would otherwise share and move their positions.
            self._streams = {name: path.open("rb") for name, path in paths.items()}
            self.template = self._answer([], _BEGINNING)
        except BaseException:
            self.close()
            raise

    def run(self, code: str, outputs: list[dict[str, Any]]) -> tuple[bool, int]:
        """Whether a cell went well, and its number; what it shows is added to `outputs`.

        Raises `NotebookEndedError` where the process ends, writes too much or takes too long."""
        self._clear = False
        with suppress(OSError):  # if nobody is there, that shows at once
            self._pipe.send_bytes(code.encode())
        good, count = self._answer(outputs, self._seconds)
        return good, count

    def _answer(self, outputs: list[dict[str, Any]], seconds: float | None) -> Any:
        """The answer of the process; what it shows until then is added to `outputs`."""
        began, limit = time.monotonic(), self._output
        too_much = f"it wrote more than {limit:,} bytes"
        while True:
            # Children of a process that ended can hold its pipes open, so ask whether it is alive.
            alive = self._process.is_alive()
            ready = connection.wait([self._pipe, self._process.sentinel], _TICK)
            try:
                message = self._pipe.recv_bytes(limit) if self._pipe in ready else b""
                if not message and (ready or not alive):
                    raise EOFError
            except (EOFError, OSError) as error:
                # A message longer than the limit raises an OSError without an error number.
                too_long = type(error) is OSError and error.errno is None
                why = too_much if too_long else f"its process {ending(self._process)}"
                raise self._ended(why, outputs) from error
            self._shown_bytes += len(message)
            written = sum(os.fstat(file.fileno()).st_size for file in self._streams.values())
            if self._shown_bytes + written > limit:
                raise self._ended(too_much, outputs)
            if message:
                kind, sizes, content = json.loads(message)
                done = kind in ("ready", "done")
                for name, size in zip(self._streams, sizes, strict=True):
                    self._read(name, size, outputs, done)
                if done:
                    return content
                self._show(kind, content, outputs)
            if seconds and time.monotonic() > began + seconds:
                raise self._ended(f"it took more than {seconds:g} s", outputs)

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

    def _read(self, name: str, size: int, outputs: list[dict[str, Any]], last: bool) -> None:
        """Add the text of a stream up to `size`; an incomplete character waits, unless `last`."""
        file = self._streams[name]
        if text := self._decoders[name].decode(file.read(max(0, size - file.tell())), last):
            self._add({"output_type": "stream", "name": name, "text": text}, outputs)

    def _ended(self, why: str, outputs: list[dict[str, Any]]) -> NotebookEndedError:
        """End the process, add what it wrote last, and give the error to raise."""
        self._kill()
        for name in self._streams:
            self._read(name, self._output, outputs, True)
        return NotebookEndedError(why)

    def _kill(self) -> None:
        """End the process, if it has begun, with all that it has started."""
        if self._process.pid is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()
            self._process.join(_ENDING)

    def close(self) -> None:
        """End the process, if it has not ended, and clear away what it leaves."""
        self._kill()
        for end in (self._pipe, self._life, *self._streams.values()):
            end.close()
        self._folder.cleanup()


_STARTING = threading.Lock()
#: The template, as each notebook, imports nothing from its working folder, has one thread, so that
#: the order of a sum is always the same, and opens no windows.
TEMPLATE_ENVIRONMENT = {
    "PYTHONSAFEPATH": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}


@contextmanager
def safe_start() -> Iterator[None]:
    """Within this context a process can be started, whatever the caller's script is.

    It does not run the script again that asks for it, as multiprocessing does by itself."""
    if can_fork():  # Windows has no forkserver
        get_context("forkserver").set_forkserver_preload([_WARM_UP])
    with _STARTING, variables_set(TEMPLATE_ENVIRONMENT):
        main = sys.modules["__main__"]
        sys.modules["__main__"] = types.ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main
