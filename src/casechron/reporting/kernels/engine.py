"""What is papermill given when it is told to run a notebook in a fork?

papermill loads the engines of all installed packages while it is itself being imported, so nothing
here imports it, or anything heavy, before a notebook is to be run."""

from __future__ import annotations

from functools import cache
from typing import Any

__all__ = ["ForkEngine"]


class ForkEngine:
    """An engine of papermill: each notebook in a fresh process in which the imports are already
    paid.

    Entry point ``casechron-fork`` of the group ``papermill.engine``. It takes what papermill's own
    engine takes (``execution_timeout``: seconds a cell), and ``memory_limit`` and ``output_limit``
    in bytes (see `Limits`). Raises what papermill's own engine raises, and `NotebookEndedError`, a
    kind of nbclient's `DeadKernelError`, which says how a notebook's process ended."""

    @classmethod
    def execute_notebook(cls, nb: Any, kernel_name: str, **settings: Any) -> Any:
        """The notebook after its run."""
        return _engine().execute_notebook(nb, kernel_name, **settings)

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> Any:
        """The kernel that the notebook asks for."""
        return _engine().nb_kernel_name(nb, name)

    @classmethod
    def nb_language(cls, nb: Any, language: str | None = None) -> Any:
        """The language that the notebook is in."""
        return _engine().nb_language(nb, language)


@cache
def _engine() -> Any:
    from papermill.engines import NBClientEngine
    from papermill.log import logger
    from papermill.utils import merge_kwargs, remove_args

    from casechron.reporting.kernels import process
    from casechron.reporting.kernels.process import Limits

    class Engine(NBClientEngine):  # type: ignore[misc]
        @classmethod
        def execute_managed_notebook(
            cls,
            nb_man: Any,
            kernel_name: str,
            memory_limit: int | None = None,
            output_limit: int = Limits().output,
            start_timeout: float = 60,
            execution_timeout: float | None = None,
            **settings: Any,
        ) -> Any:
            if not process.can_fork() or kernel_name != "python3":
                # A kernel of another name may be another interpreter.
                logger.info("casechron-fork: a plain kernel serves")
                return super().execute_managed_notebook(
                    nb_man,
                    kernel_name,
                    start_timeout=start_timeout,
                    execution_timeout=execution_timeout,
                    **settings,
                )
            from casechron.reporting.kernels.client import ForkClient

            settings = merge_kwargs(
                remove_args(["input_path", "timeout", "startup_timeout"], **settings),
                timeout=execution_timeout or settings.get("timeout"),
                startup_timeout=start_timeout,
                kernel_name=kernel_name,
                log=logger,
            )
            return ForkClient(nb_man, Limits(memory_limit, output_limit), **settings).execute()

    return Engine
