"""What happens in the process of a notebook? ipykernel's shell runs cells and says through a pipe
what they show.

See `streams` for the way out.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import sys
import time
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from casechron.reporting.kernels.streams import Channel, Stream

__all__ = ["Options", "serve"]


#: Containers that a notebook makes between two looks for cycles among them; Python's own number is
#: 700.
_GARBAGE = 50_000


@dataclass(frozen=True, slots=True)
class Options:
    """What a notebook's process is told: where it is and what it may take."""

    folder: str
    environment: dict[str, str]
    memory: int | None
    output: int


def serve(
    stdout: Connection,
    stderr: Connection,
    requests: Connection,
    messages: Connection,
    options: Options,
) -> None:
    """Run the cells that are asked for until nobody asks any more. Never returns."""
    from casechron.reporting.kernels import inherited, ready_shell, template

    code = 1
    try:
        channel, streams = _isolate(stdout, stderr, requests, messages, options)
        shell = ready_shell.take(channel)
        sys.stdout, sys.stderr = streams
        channel.tell("ready", _about())
        # Whoever runs a notebook from within this one is not to fork what this one has become.
        template.WARM_IN = os.getpid()
        # Not `asyncio.run`, which would take Ctrl-C away from the cells.
        asyncio.set_event_loop(loop := asyncio.new_event_loop())
        loop.run_until_complete(_answer(shell, requests.fileno(), channel))
        inherited.end(shell)
        code = 0
        channel.end()
    except BaseException:
        # The shell itself is broken; this is then the last that the cell wrote.
        os.write(2, traceback.format_exc().encode(errors="replace"))
    finally:
        os._exit(code)


def _isolate(
    stdout: Connection,
    stderr: Connection,
    requests: Connection,
    messages: Connection,
    options: Options,
) -> tuple[Channel, tuple[Stream, Stream]]:
    """Be a process of one's own: group, environment, folder, streams, random state, limits."""
    os.setsid()
    from casechron.reporting.kernels import inherited, process

    process.die_with_parent()
    watched = process.die_with_supervisor()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    process.be_in(options.environment)
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    time.tzset()
    os.chdir(options.folder)
    sys.path[:] = inherited.module_path()
    sys.argv[:] = ["ipykernel_launcher.py"]
    originals = os.dup(1), os.dup(2)
    files = stdout.fileno(), stderr.fileno()
    for number, file in enumerate(files, start=1):
        os.dup2(file, number)
    inherited.drop_descriptors({*originals, *files, requests.fileno(), messages.fileno(), *watched})
    inherited.begin_anew()
    channel = Channel(messages.fileno(), files, options.output)
    # A notebook is short and its process ends with it: looking for cycles less often costs a little
    # memory and saves time.
    gc.set_threshold(_GARBAGE, 20, 20)
    inherited.look_again()
    if options.memory is not None:
        import resource

        limit = _address_space() + options.memory
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    return channel, (
        Stream("stdout", channel, files[0], originals[0]),
        Stream("stderr", channel, files[1], originals[1]),
    )


def _address_space() -> int:
    try:
        with open("/proc/self/statm", encoding="ascii") as said:
            return int(said.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _about() -> dict[str, Any]:
    from casechron.reporting.kernels import template

    return {
        "warm": template.warm(),
        "failed": template.FAILED,
        "threads": template.threads(),
        "language_info": {
            "name": "python",
            "version": sys.version.split()[0],
            "mimetype": "text/x-python",
            "codemirror_mode": {"name": "ipython", "version": sys.version_info[0]},
            "pygments_lexer": "ipython3",
            "nbconvert_exporter": "python",
            "file_extension": ".py",
        },
    }


async def _answer(shell: Any, requests: int, channel: Channel) -> None:
    """Run one cell after the other within a loop, as ipykernel does; what cells left running goes
    on between them."""
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
    rest = bytearray()
    os.set_blocking(requests, False)

    def read() -> None:
        chunk = os.read(requests, 1 << 20)
        if not chunk:
            loop.remove_reader(requests)
            lines.put_nowait(None)
        rest.extend(chunk)
        while (end := rest.find(b"\n")) >= 0:
            lines.put_nowait(json.loads(rest[:end]))
            del rest[: end + 1]

    loop.add_reader(requests, read)
    here = os.getpid()
    while (request := await lines.get()) is not None and not shell.exit_now:
        channel.tell(
            "execute_input", {"code": request["code"], "execution_count": shell.execution_count}
        )
        reply = await _run_cell(shell, request["code"], request["store_history"])
        if os.getpid() != here:
            # A cell has forked and come back twice.
            os._exit(0)
        channel.tell("reply", reply)


async def _run_cell(shell: Any, code: str, store_history: bool) -> dict[str, Any]:
    """What ipykernel's `do_execute` does."""
    broken = transformed = None
    # Cells that cannot wait for anything are neither rewritten nor compiled to be asked whether
    # they do.
    may_wait = "await" in code or "async" in code or shell.input_transformers_post
    try:
        transformed = shell.transform_cell(code) if may_wait else None
    except Exception:
        transformed, broken = code, sys.exc_info()
    if may_wait and shell.should_run_async(
        code, transformed_cell=transformed, preprocessing_exc_tuple=broken
    ):
        result = None
        try:
            result = await shell.run_cell_async(
                code,
                store_history=store_history,
                transformed_cell=transformed,
                preprocessing_exc_tuple=broken,
            )
        finally:
            shell.events.trigger("post_execute")
            shell.events.trigger("post_run_cell", result)
    else:
        result = shell.run_cell(code, store_history=store_history)
    shell.payload_manager.clear_payload()
    reply: dict[str, Any] = {"status": "ok", "execution_count": shell.execution_count - 1}
    if not result.success or getattr(shell, "_last_traceback_during_displayhook", False):
        error = (
            result.error_before_exec
            if result.error_before_exec is not None
            else result.error_in_exec
        )
        reply.update(
            status="error",
            ename=type(error).__name__,
            evalue=str(error),
            traceback=shell._last_traceback or [],
        )
    return reply
