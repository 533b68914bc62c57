"""How is what a notebook's process says read by those who expect a kernel?

A kernel client that reads a pipe and two files where others read sockets, and gives messages as
kernels send them."""

from __future__ import annotations

import asyncio
import codecs
import json
import logging
import os
from datetime import UTC, datetime
from functools import cache
from queue import Empty
from typing import Any

from nbclient.exceptions import DeadKernelError

from casechron.reporting.kernels.process import NotebookProcess
from casechron.reporting.kernels.streams import GOOD_BYE, TOO_MUCH

__all__ = ["NotebookEndedError", "PipeClient"]

_LOG = logging.getLogger(__name__)
_STREAMS = ("stdout", "stderr")
#: Seconds between two looks at how much a cell has written.
_LOOK = 0.2


@cache
def _warn(why: str) -> None:
    """Once for each process, not for each notebook."""
    _LOG.warning(why)


class NotebookEndedError(DeadKernelError):  # type: ignore[misc]
    """Why the process of a notebook ended before its cells did."""


class _Inbox:
    """Messages of one kind, as nbclient fetches them."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Any] = asyncio.Queue()
        self.put = self._queue.put_nowait

    async def get_msg(self, timeout: float | None = None) -> Any:
        try:
            # Not `wait_for`, which makes a task of it.
            async with asyncio.timeout(timeout):
                message = await self._queue.get()
        except TimeoutError:
            raise Empty from None
        if isinstance(message, Exception):
            raise message
        return message

    def drain(self) -> list[Any]:
        found = []
        while not self._queue.empty():
            found.append(self._queue.get_nowait())
        return [message for message in found if not isinstance(message, Exception)]


class PipeClient:
    """What nbclient and nbval ask of a kernel client, read from the pipe and the two files of a
    notebook's process."""

    def __init__(self, process: NotebookProcess) -> None:
        self._process = process
        self._buffer = bytearray()
        self._received = 0
        self._parent = ""
        self._number = 0
        self._taken = dict.fromkeys(_STREAMS, 0)
        self._decoders = {
            name: codecs.getincrementaldecoder("utf-8")("replace") for name in _STREAMS
        }
        self._loop: asyncio.AbstractEventLoop | None = None
        self._look: asyncio.TimerHandle | None = None
        self.iopub_channel, self.shell_channel = _Inbox(), _Inbox()

    async def ready(self, timeout: float | None) -> dict[str, Any]:
        """What the process says of itself once it can take cells."""
        self._listen()
        try:
            about: dict[str, Any] = await self.shell_channel.get_msg(timeout or None)
        except Empty:
            raise NotebookEndedError(f"its process was not ready after {timeout} seconds") from None
        finally:
            self.rest_a_while()
        if not about["warm"]:
            _warn(
                "a forkserver was already running without casechron's imports; each notebook pays"
                " for its own"
            )
        for name, why in about["failed"].items():
            _warn(
                f"{name} could not be imported beforehand ({why}); a notebook that needs it will"
                " say so"
            )
        return about

    def execute(self, code: str, store_history: bool = True, **_: Any) -> str:
        """Ask for a cell to be run; the id of the request."""
        self._number += 1
        self._parent = f"cell-{self._number}"
        self._listen()
        self._process.request(code=code, store_history=store_history)
        return self._parent

    async def is_alive(self) -> bool:
        """Whether more is to come; how the process ended is said where it is waited for."""
        return True

    def rest(self) -> list[Any]:
        """What there is that nbclient has not fetched."""
        self._take()
        self._flush()
        return [
            message for message in self.iopub_channel.drain() if message["msg_type"] != "status"
        ]

    def rest_a_while(self) -> None:
        """Listen no more until the next cell, which may run in another loop."""
        if self._loop is not None:
            self._loop.remove_reader(self._process.messages)
            self._loop = None
        if self._look is not None:
            self._look.cancel()
            self._look = None

    def _listen(self) -> None:
        self.iopub_channel, self.shell_channel = _Inbox(), _Inbox()
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._process.messages, self._pump)
        self._look = self._loop.call_later(_LOOK, self._watch)

    def _watch(self) -> None:
        """Programs that a cell has started write to the streams unseen, and a fork can hold the
        pipe open."""
        if self._loop is None:
            return
        if self._too_much():
            self._fail(self._said_too_much())
        elif not self._process.is_alive():
            self._pump()
            self._fail(self._process.ending())
        else:
            self._look = self._loop.call_later(_LOOK, self._watch)

    def _pump(self) -> None:
        """Read what is there; tell nbclient if that is all there will ever be."""
        try:
            chunk = os.read(self._process.messages, 1 << 20)
        except BlockingIOError:
            return
        self._received += len(chunk)
        self._buffer.extend(chunk)
        if self._too_much():
            self._fail(self._said_too_much())
        elif not chunk:
            ending = self._process.ending()
            self._fail(self._said_too_much() if ending.endswith(f"code {TOO_MUCH}") else ending)
        else:
            try:
                self._take()
            except (ValueError, TypeError, KeyError, AttributeError):
                # Else the loop would log it, and whoever waits for an answer would wait for ever.
                self._buffer.clear()
                self._fail("it wrote into the pipe through which its process says what cells show")

    def _too_much(self) -> bool:
        return self._received + sum(map(self._process.size, _STREAMS)) > self._process.limits.output

    def _said_too_much(self) -> str:
        return (
            f"it wrote and showed more than the {self._process.limits.output:,} bytes that a"
            " notebook may"
        )

    def _fail(self, why: str) -> None:
        self.rest_a_while()
        self.shell_channel.put(NotebookEndedError(why))

    def _take(self) -> None:
        """Pass on the messages that are whole."""
        while (end := self._buffer.find(b"\n")) >= 0:
            line = bytes(self._buffer[: end + 1])
            del self._buffer[: end + 1]
            if line == GOOD_BYE:
                # A cell has asked for the end; the next one will find nobody.
                continue
            kind, sizes, content = json.loads(line.decode(errors="replace"))
            for name, size in zip(_STREAMS, sizes, strict=True):
                self._stream(name, size)
            if kind == "ready":
                self.shell_channel.put(content)
            elif kind == "reply":
                self._flush()
                self._pass("status", {"execution_state": "idle"})
                self.shell_channel.put(self._message("execute_reply", content))
            else:
                self._pass(kind, content)

    def _stream(self, name: str, size: int | None, final: bool = False) -> None:
        said = self._process.said(name, self._taken[name], size)
        self._taken[name] += len(said)
        text = self._decoders[name].decode(said, final)
        if text:
            self._pass("stream", {"name": name, "text": text})

    def _flush(self) -> None:
        limit = self._process.limits.output
        for name in _STREAMS:
            self._stream(name, min(self._process.size(name), limit), final=True)

    def _pass(self, kind: str, content: Any) -> None:
        self.iopub_channel.put(self._message(kind, content))

    def _message(self, kind: str, content: Any) -> dict[str, Any]:
        header = {"msg_type": kind, "date": datetime.now(UTC)}
        return {
            "header": header,
            "parent_header": {"msg_id": self._parent},
            "msg_type": kind,
            "content": content,
        }
