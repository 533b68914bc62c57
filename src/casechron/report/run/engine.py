"""An engine for papermill: each notebook runs in a fork of a process with all imports done.

``papermill --engine casechron in.ipynb out.ipynb``, or ``engine_name="casechron"`` in its API.
papermill itself imports this module, by its entry point; nobody else does."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import Any

from papermill.engines import Engine, NBClientEngine
from papermill.log import logger

from casechron.coding.reviews import ReviewError, find_root
from casechron.questions import ROOT_VARIABLE
from casechron.report.normalise import LANGUAGE
from casechron.report.run.process import NotebookEndedError, NotebookProcess, can_fork


class CasechronEngine(Engine):  # type: ignore[misc]
    """Runs a notebook's cells in a fork of the standard library's forkserver.

    It takes what papermill's own engine takes (``execution_timeout``: seconds a cell), and
    ``memory_limit`` and ``output_limit`` in bytes, ``folder`` and ``environment`` (default: those
    of this process). A cell that is ended by its limits, or whose process dies, raises
    `NotebookEndedError`; its ``cell_index`` is the place of the cell. A notebook runs in the
    project in which it lies, or else in which this is called. Where there is no fork, or the
    notebook is of another kernel, papermill's own engine serves."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        execution_timeout: float | None = None,
        memory_limit: int | None = None,
        output_limit: int = 100_000_000,
        folder: str | None = None,
        environment: Mapping[str, str] | None = None,
        input_path: Any = None,
        **settings: Any,
    ) -> None:
        """Run the cells of a notebook, up to the first that fails."""
        if not can_fork() or kernel_name != "python3":
            logger.info("casechron: a plain kernel serves")
            NBClientEngine.execute_managed_notebook(
                nb_man, kernel_name, execution_timeout=execution_timeout, **settings
            )
            return
        folder, environment = folder or os.getcwd(), environment or _default_environment(input_path)
        limits = execution_timeout, output_limit, memory_limit
        with closing(NotebookProcess(folder, environment, *limits)) as process:
            _warn_if_slow(process.template)
            version = {"version": platform.python_version()}
            nb_man.nb.metadata["language_info"] = LANGUAGE | version
            for place, cell in enumerate(nb_man.nb.cells):
                nb_man.cell_start(cell, place)
                try:
                    goes_on = cell.cell_type != "code" or _run(process, cell)
                except NotebookEndedError as error:
                    nb_man.cell_exception(cell, place)
                    error.cell_index = place
                    raise
                if not goes_on:
                    nb_man.cell_exception(cell, place)
                    break
                nb_man.cell_complete(cell, place)


def _default_environment(notebook: Any) -> dict[str, str]:
    """The variables of this process, and the project of a notebook where they name none: that in
    which it lies, or else the one in which this is called.

    A project is a folder with ``data/`` and ``notebooks/``: settings that lie with downloaded
    tables are nobody's."""
    variables = dict(os.environ)
    at = Path(notebook).parent if isinstance(notebook, str) and os.path.isfile(notebook) else "."
    for folder in (at, "."):
        with suppress(ReviewError):
            return {ROOT_VARIABLE: str(find_root(folder)), **variables}
    return variables


@cache
def _warn_once(why: str) -> None:
    logger.warning("casechron: each notebook of this process starts slowly: %s", why)


def _warn_if_slow(template: Any) -> None:
    """Log why notebooks do not begin with all imports done, which costs a second each."""
    if not template["warm"]:
        _warn_once("the forkserver was started by another part of this program")
    for what, why in template["failed"].items():
        _warn_once(f"{what} failed beforehand: {why}")


def _run(process: NotebookProcess, cell: Any) -> bool:
    """Run one cell; False where it failed and may not, so that the notebook ends with it."""
    if not cell.source.strip():
        return True
    shown: list[dict[str, Any]] = []
    try:
        good, cell.execution_count = process.run(cell.source, shown)
    finally:
        cell.outputs = shown
    return good or "raises-exception" in cell.metadata.get("tags", [])
