"""How does a run end before it is done, so that nothing of it stays behind but whole reports?"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

__all__ = ["Interrupted", "at_once", "deferred", "ends_in_order"]

#: What ends a run as Ctrl-C does: the word of a batch system or of a shutdown, and a terminal that
#: is closed.
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


class Interrupted(KeyboardInterrupt):
    """Ctrl-C, or a signal that asks for an end, and what it leaves; `exit_code` is what a shell
    expects then."""

    def __init__(self, said: str = "", exit_code: int = 128 + signal.SIGINT) -> None:
        super().__init__(*[said] * bool(said))
        self.exit_code = exit_code


@dataclass
class _Deferring:
    """How many blocks put off what asks for an end, and what has asked meanwhile."""

    depth: int = 0
    asked: BaseException | None = None

    def end(self, error: BaseException) -> None:
        """Raise, now or when it can be done; who asks twice is heard at once."""
        if self.depth and self.asked is None:
            self.asked = error
            return
        raise error

    def heard(self) -> None:
        """Raise what has asked meanwhile."""
        error, self.asked = self.asked, None
        if error is not None:
            raise error


#: Of the main thread, in which alone signals are heard.
_DEFERRING = _Deferring()


@contextmanager
def ends_in_order() -> Iterator[None]:
    """Within, SIGTERM and SIGHUP raise `Interrupted`, once, and Ctrl-C raises `KeyboardInterrupt`;
    `deferred` puts them off.

    Only in the main thread, and only where nobody else sees to them.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ours = [number for number in _SIGNALS if signal.getsignal(number) == signal.SIG_DFL]
    keyboard = (
        [signal.SIGINT] if signal.getsignal(signal.SIGINT) is signal.default_int_handler else []
    )

    def end(number: int, frame: FrameType | None) -> None:
        # What is cleared away now is cleared away whole.
        for one in ours:
            signal.signal(one, signal.SIG_IGN)
        _DEFERRING.end(Interrupted(exit_code=128 + number))

    def interrupt(number: int, frame: FrameType | None) -> None:
        _DEFERRING.end(KeyboardInterrupt())

    for number in ours:
        signal.signal(number, end)
    for number in keyboard:
        signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)
        for number in keyboard:
            signal.signal(number, signal.default_int_handler)


@contextmanager
def deferred() -> Iterator[Callable[[], None]]:
    """Within, what asks for an end is heard when the function that is given is called, and at the
    end of the block.

    An error out of nowhere in the midst of queues and locks, such as those of a pool of processes,
    leaves a lock held for ever by nobody, and whoever waits for it waits for ever."""
    if threading.current_thread() is not threading.main_thread():
        yield lambda: None
        return
    _DEFERRING.depth += 1
    try:
        yield _DEFERRING.heard
    finally:
        _DEFERRING.depth -= 1
        # An error on its way out does not stand before what somebody has asked for.
        if not _DEFERRING.depth:
            _DEFERRING.heard()


@contextmanager
def at_once() -> Iterator[None]:
    """Within a block that is `deferred`: here it is heard at once, as when a notebook runs in this
    very process."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    depth, _DEFERRING.depth = _DEFERRING.depth, 0
    try:
        _DEFERRING.heard()
        yield
    finally:
        _DEFERRING.depth = depth
