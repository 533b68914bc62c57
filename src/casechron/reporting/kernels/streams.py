"""How does what a notebook says get out of its process?

All that cells and the programs they start write to the two streams goes to two files, so its order
is kept, nobody who writes has to wait, and nothing is lost when the process dies. Everything else
is a line of JSON that says how long the two files were when it was sent."""

from __future__ import annotations

import io
import json
import os
import threading
from contextlib import suppress
from typing import Any

__all__ = ["GOOD_BYE", "TOO_MUCH", "Channel", "Stream"]

#: The exit code of a process that has said too much.
TOO_MUCH = 77
#: The line with which a process says that it has done all that it was to do.
GOOD_BYE = b'["bye"]\n'


def _json(content: Any) -> str:
    from jupyter_client.jsonutil import json_default

    return json.dumps(content, default=json_default, ensure_ascii=False, allow_nan=False)


class Channel:
    """The way out: lines of JSON. Whoever forks this process has no way out but the two streams."""

    def __init__(self, messages: int, streams: tuple[int, int], limit: int) -> None:
        self._fd, self._streams, self._limit = messages, streams, limit
        self._lock = threading.Lock()
        os.register_at_fork(after_in_child=self._close)

    def send(self, kind: str, content: Any) -> None:
        """Say something about what the cell shows, and how far the streams were; fails where a
        kernel's messages fail."""
        try:
            said = _json(content).encode(errors="surrogateescape")
        except (TypeError, ValueError):
            from jupyter_client.session import Session

            # It makes the best of it, and warns or fails as it does in a kernel.
            said = Session(key=b"").serialize(
                {"header": {}, "parent_header": {}, "metadata": {}, "content": content}
            )[-1]
        self._send(kind, said)

    def tell(self, kind: str, content: Any) -> None:
        """Say something that is no cell's to see fail: half a character is a question mark."""
        self._send(kind, _json(content).encode(errors="replace"))

    def _send(self, kind: str, said: bytes) -> None:
        sizes = [os.fstat(fd).st_size for fd in self._streams]
        with self._lock:
            rest = memoryview(b'["%s", %s, %s]\n' % (kind.encode(), str(sizes).encode(), said))
            while rest and self._fd >= 0:
                rest = rest[os.write(self._fd, rest) :]

    def end(self) -> None:
        """Say that nothing more comes."""
        with self._lock:
            if self._fd >= 0:
                os.write(self._fd, GOOD_BYE)

    def write(self, fd: int, text: str) -> None:
        """Add to a stream."""
        for start in range(0, len(text), 1 << 20):
            rest = memoryview(
                text[start : start + (1 << 20)].encode("utf-8", errors="backslashreplace")
            )
            while rest:
                rest = rest[os.write(fd, rest) :]
            if os.fstat(fd).st_size > self._limit:
                os._exit(TOO_MUCH)

    def _close(self) -> None:
        self._lock = threading.Lock()
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


class Stream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr` of a notebook, as ipykernel's looks from within."""

    encoding = "UTF-8"

    def __init__(self, name: str, channel: Channel, fd: int, original: int) -> None:
        self.name, self._channel, self._fd, self._original = name, channel, fd, original
        self._is_closed = False
        os.register_at_fork(after_in_child=self._let_go)

    @property
    def closed(self) -> bool:
        """Whether a cell has closed it."""
        return self._is_closed

    def close(self) -> None:
        """No more is written."""
        self._is_closed = True

    def fileno(self) -> int:
        """The stream that this process was started with: what is written there is no output of a
        cell."""
        return self._original

    def _let_go(self) -> None:
        """A fork that outlives the notebook is not to hold open what whoever started the notebook
        waits to see closed."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        with suppress(OSError):
            os.fstat(self._original)
            os.dup2(nowhere, self._original, inheritable=False)
        os.close(nowhere)

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, string: str) -> int:
        """Add to the stream."""
        if not isinstance(string, str):
            raise TypeError(f"write() argument must be str, not {type(string)}")
        if self._is_closed:
            raise ValueError("I/O operation on closed file")
        self._channel.write(self._fd, string)
        return len(string)
