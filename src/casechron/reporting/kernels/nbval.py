"""How does nbval check executed notebooks without starting, and importing everything into, a kernel
for each?

``pytest --nbval --nbval-warm`` (or ``--nbval-lax --nbval-warm``): nbval reads, compares and reports
as it always does, but the cells of each notebook run in a fresh fork of the template. A plugin of
pytest, found by it where the package is installed; it does nothing unless it is asked to. Where
forks are not to be had, for notebooks of other kernels, and where coverage is measured, nbval's own
kernels serve.

A cell whose process ends fails at once with how it ended; nbval with its own kernel waits until the
cell's time is up."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from typing import Any

import pytest

__all__ = ["WarmKernel"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option that asks for it."""
    parser.getgroup("nbval").addoption(
        "--nbval-warm",
        action="store_true",
        help=(
            "Run the cells of each notebook in a fresh fork of a process in which the imports are"
            " paid (casechron)"
        ),
    )


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Give nbval our kernel in the place of its own."""
    if not config.option.nbval_warm:
        return
    if not hasattr(config.option, "nbval"):
        raise pytest.UsageError("--nbval-warm needs nbval: pip install 'casechron[nbval]'")
    if not (config.option.nbval or config.option.nbval_lax):
        raise pytest.UsageError(
            "--nbval-warm says how nbval runs notebooks; say --nbval or --nbval-lax too"
        )
    # The cells of a notebook belong into one process, in their order: pytest-xdist would hand them
    # out one by one.
    if getattr(config.option, "dist", "no") in ("load", "worksteal"):
        config.option.dist = "loadscope"
    from nbval import plugin

    plain = plugin.RunningKernel

    def kernel(kernel_name: str, cwd: str | None = None, startup_timeout: float = 60) -> Any:
        from casechron.reporting.kernels import process

        ours = kernel_name in ("python3", plugin.CURRENT_ENV_KERNEL_NAME)
        measured = getattr(config.option, "cov_source", None)
        if not ours or measured or not process.can_fork():
            return plain(kernel_name, cwd=cwd, startup_timeout=startup_timeout)
        return WarmKernel(cwd, startup_timeout)

    plugin.RunningKernel = kernel
    config.add_cleanup(lambda: setattr(plugin, "RunningKernel", plain))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Say in nbval's own words, with the cell's number and source, how a cell's process ended."""
    try:
        return (yield)
    except _EndedError as error:
        item.raise_cell_error(str(error))  # type: ignore[attr-defined]


class _EndedError(Exception):
    """The process of the notebook is gone."""


class WarmKernel:
    """What nbval expects of a running kernel: one fresh fork of the template, and what it says."""

    language = "python"

    def __init__(self, folder: str | None, startup_timeout: float) -> None:
        from casechron.reporting.kernels.pipe import PipeClient
        from casechron.reporting.kernels.process import Limits, start

        self._process = start(Limits(), folder)
        # Nothing comes in but while nbval waits, so a loop that only runs then is enough.
        self._loop = asyncio.new_event_loop()
        self._client = PipeClient(self._process)
        self._stopped = False
        try:
            self._loop.run_until_complete(self._client.ready(startup_timeout))
        except BaseException:
            self.stop()
            raise

    def execute_cell_input(self, cell_input: str, allow_stdin: bool | None = None) -> str:
        """Begin a cell; the id of the request."""

        async def ask() -> str:
            self._client.rest_a_while()
            return self._client.execute(cell_input, store_history=False)

        return self._loop.run_until_complete(ask())

    def await_reply(self, msg_id: str, timeout: float | None = None) -> None:
        """Wait until a cell has run; `Empty` when its time is up."""
        self.get_message("shell", timeout)

    def await_idle(self, parent_id: str, timeout: float | None) -> None:
        """Read on until all that a cell shows has been read."""
        while self.get_message("iopub", timeout)["msg_type"] != "status":
            pass

    def get_message(self, stream: str, timeout: float | None = None) -> dict[str, Any]:
        """The next message of the cell; `Empty` when there is none in time."""
        from nbclient.exceptions import DeadKernelError

        inbox = self._client.shell_channel if stream == "shell" else self._client.iopub_channel
        try:
            message: dict[str, Any] = self._loop.run_until_complete(inbox.get_msg(timeout))
        except DeadKernelError as error:
            self.stop()
            raise _EndedError(str(error)) from None
        return message

    def interrupt(self) -> None:
        """What Ctrl-C does."""
        self._process.interrupt()

    def is_alive(self) -> bool:
        """Whether the process is there."""
        return not self._stopped and self._process.is_alive()

    def stop(self) -> None:
        """End the process and all that it has left behind."""
        if not self._stopped:
            self._stopped = True
            self._loop.run_until_complete(self._rest())
            self._process.stop(grace=0)
            self._loop.close()

    async def _rest(self) -> None:
        self._client.rest_a_while()
