"""What of a notebook's shell can be made before there is a notebook?

All of it: ipykernel's shell takes longer to make than to copy with its process. What it leaves in
the process that makes it is undone there, and done in the process that takes it, with the folder,
the environment and the streams of that one."""

from __future__ import annotations

import atexit
import builtins
import getpass
import os
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import MethodType, SimpleNamespace
from typing import Any

from casechron.reporting.kernels.streams import Channel

__all__ = ["prepare", "take"]

#: The shell that the forks of this process take.
_MADE: Any = None


class _Kernel:
    """What a shell expects of its kernel."""

    eventloop = None

    _allow_stdin = False

    def __init__(self) -> None:
        from ipykernel.kernelbase import Kernel

        # They say that nobody is there to be asked.
        self.raw_input, self.getpass = (
            MethodType(Kernel.raw_input, self),
            MethodType(Kernel.getpass, self),
        )


def prepare() -> None:
    """Make the shell that forks of this process take; nothing else of this process is changed."""
    from matplotlib_inline.config import InlineBackend

    global _MADE
    with _as_it_was():
        shell = _make()
        # Each is slow the first time.
        shell.transform_cell("0\n")
        shell.display_formatter.format(0)
        InlineBackend().print_figure_kwargs = {}
    atexit.unregister(shell.atexit_operations)
    _MADE = shell


def take(channel: Channel) -> Any:
    """The shell of this process, which says what it shows through a channel."""
    from ipykernel.zmqshell import ZMQInteractiveShell
    from IPython.core.shellapp import InteractiveShellApp

    # Where a kernel looks for modules: in its folder too, but not first.
    InteractiveShellApp.init_path(SimpleNamespace(ignore_cwd=False))
    shell = _MADE
    if shell is None:
        shell = _make()
    else:
        _move_in(shell)
    for kind in ZMQInteractiveShell._walk_mro():
        kind._instance = shell
    session = shell.displayhook.session
    session.channel, session.session, session.pid = channel, str(uuid.uuid4()), os.getpid()
    shell.enable_gui = _enable_gui
    builtins.input, getpass.getpass = shell.kernel.raw_input, shell.kernel.getpass
    return shell


def _enable_gui(gui: str | None = None) -> None:
    from IPython.core.error import UsageError

    if gui not in (None, "inline"):
        raise UsageError(f"Invalid GUI request {gui!r}: a report has no windows")


def _make() -> Any:
    from ipykernel.compiler import XCachingCompiler
    from ipykernel.zmqshell import ZMQInteractiveShell
    from traitlets.config import Config

    config = Config()
    # It would write to a database, from a thread.
    config.HistoryManager.enabled = False
    # Not `instance`: whoever asks in the process that makes it is to be told that there is none.
    made: Any = ZMQInteractiveShell
    shell = made(config=config, compiler_class=XCachingCompiler, kernel=_Kernel())
    session = _session()
    for hook in (shell.displayhook, shell.display_pub):
        hook.session, hook.pub_socket = session, None
    shell.displayhook.topic = b"execute_result"
    return shell


def _session() -> Any:
    from jupyter_client.session import Session

    class PipeSession(Session):
        """Sends through our channel what the shell would send through a socket."""

        channel: Channel

        def send(
            self, stream: Any, msg_or_type: Any, content: Any = None, *_: Any, **__: Any
        ) -> Any:
            if isinstance(msg_or_type, dict):
                msg_or_type, content = msg_or_type["msg_type"], msg_or_type["content"]
            (self.channel.tell if msg_or_type == "error" else self.channel.send)(
                msg_or_type, content
            )

    return PipeSession()


def _move_in(shell: Any) -> None:
    """What its maker does to a process, and takes from it, once more: here and now."""
    shell.init_ipython_dir(None)
    shell.init_profile_dir(None)
    shell.starting_dir = os.getcwd()
    shell.init_environment()
    shell.init_virtualenv()
    shell.save_sys_module_state()
    shell.init_sys_modules()
    shell.history_manager.dir_hist[:] = [Path.cwd()]
    shell.init_builtins()
    shell.init_prompts()
    shell._parent_header.set({})
    atexit.register(shell.atexit_operations)


@contextmanager
def _as_it_was() -> Iterator[None]:
    """What making a shell changes in a process is changed back."""
    environment, path, main = dict(os.environ), list(sys.path), sys.modules["__main__"]
    builtin, system = dict(vars(builtins)), set(vars(sys))
    with tempfile.TemporaryDirectory(prefix="casechron-") as folder:
        os.environ["IPYTHONDIR"] = folder
        # It would warn of an environment that is not its interpreter's once more than anyone needs.
        os.environ.pop("VIRTUAL_ENV", None)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(environment)
            sys.path[:] = path
            sys.modules["__main__"] = main
            for name in set(vars(builtins)) - set(builtin):
                delattr(builtins, name)
            for name in set(vars(sys)) - system:
                delattr(sys, name)
