"""How does a run end before it is done, so that nothing of it stays behind but whole reports?"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["Interrupted", "ends_in_order"]

#: What ends a run as Ctrl-C does: the word of a batch system or of a shutdown, and a terminal that is closed.
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


class Interrupted(KeyboardInterrupt):
    """Ctrl-C, or a signal that asks for an end, and what it leaves; `exit_code` is what a shell expects then."""

    def __init__(self, said: str = "", exit_code: int = 128 + signal.SIGINT) -> None:
        super().__init__(*[said] * bool(said))
        self.exit_code = exit_code


@contextmanager
def ends_in_order() -> Iterator[None]:
    """Within, SIGTERM and SIGHUP raise `Interrupted`, once; only in the main thread, and only where nobody else sees to them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ours = [number for number in _SIGNALS if signal.getsignal(number) == signal.SIG_DFL]

    def end(number: int, frame: FrameType | None) -> None:
        # What is cleared away now is cleared away whole.
        for one in ours:
            signal.signal(one, signal.SIG_IGN)
        raise Interrupted(exit_code=128 + number)

    for number in ours:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)
