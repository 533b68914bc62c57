"""What does one notebook give when it is run, whoever runs it and wherever?

A plain kernel of the interpreter that runs this, through papermill, for one notebook; the machine's
settings and the user's own are kept out. Nothing is written."""

from __future__ import annotations

import os
import re
import sys
import tempfile
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from casechron.coding.reviews import ROOT_VARIABLE
from casechron.reporting.normalise import KERNEL, breaches, normalise

__all__ = [
    "CELL_TIMEOUT",
    "KERNEL_ENVIRONMENT",
    "TEMPORARY_VARIABLE",
    "RenderError",
    "check_parameters",
    "declared_parameters",
    "execute",
    "execute_source",
    "kernel_environment",
    "parse_notebook",
    "read_notebook",
    "read_text",
]

#: The variable that names the folder in which the processes of a run have their temporary ones.
TEMPORARY_VARIABLE = "CASECHRON_TEMPORARY"
#: Seconds that one cell may take.
CELL_TIMEOUT = 300
#: What every kernel is told, so that neither the machine nor the user's own settings reach a
#: report.
KERNEL_ENVIRONMENT = {
    "IPYKERNEL_CELL_NAME": "<cell>",  # else a process id stands in each warning
    "JUPYTER_PREFER_ENV_PATH": "1",  # 'python3' is the kernel of the interpreter that runs this
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",  # the order of a sum is then always the same
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "PYTHONDEVMODE": (
        ""
    ),  # empty is not set; either would have libraries warn, or fail, in every report
    "PYTHONWARNINGS": "",
    "SOURCE_DATE_EPOCH": "1577836800",  # 2020-01-01; no report shows it
}


class RenderError(RuntimeError):
    """Why a report could not be made: which notebook, which cell, what it was doing and the
    cause."""


def execute(
    notebook: Path,
    parameters: Mapping[str, Any],
    project_root: Path,
    timeout: int = CELL_TIMEOUT,
    *,
    engine: str | None = None,
) -> NotebookNode:
    """The notebook as it stands after its run with these parameters, normalised; nothing is
    written.

    It runs in a fresh fork of a process in which the imports are paid
    (`casechron.reporting.kernels`), or in the papermill `engine` that is named, such as
    `"nbclient"` for a plain kernel; the bytes are the same.

    Raises `RenderError` for a parameter that the notebook does not declare, for a cell that fails,
    takes more than `timeout` seconds or kills its kernel, and for output that no report can hold.
    """
    return execute_source(
        read_notebook(notebook), notebook.name, parameters, project_root, timeout, engine=engine
    )


def execute_source(
    source: NotebookNode,
    name: str,
    parameters: Mapping[str, Any],
    project_root: Path,
    timeout: int = CELL_TIMEOUT,
    *,
    engine: str | None = None,
) -> NotebookNode:
    """What `execute` gives, for a notebook that has been read; `name` is what errors call it."""
    import papermill

    from casechron.reporting import kernels

    check_parameters(name, source, parameters)
    started: list[tuple[int, str]] = []

    def note(cell: NotebookNode, cell_index: int) -> None:
        started.append((cell_index, cell.source))

    def run() -> Any:
        return papermill.execute_notebook(
            source,
            None,
            parameters=dict(parameters),
            kernel_name=KERNEL["name"],
            engine_name=kernels.register() if engine is None else engine,
            progress_bar=False,
            request_save_on_cell_execute=False,
            autosave_cell_every=0,
            cwd=str(project_root),
            execution_timeout=timeout,
            on_cell_start=note,
            config=kernel_config(),
            # A kernel's own log would stand in the middle of the progress bar.
            extra_arguments=["--IPKernelApp.log_level=50"],
        )

    try:
        try:
            executed = run()
        except RuntimeError as error:
            # Two kernels that start at once can be given the same port; neither then answers.
            if started or isinstance(error, papermill.PapermillExecutionError):
                raise
            executed = run()
    except Exception as error:
        raise RenderError(f"{name}, {_where(source, started)}: {_cause(error, timeout)}") from error
    found = breaches(executed)
    if found:
        raise RenderError(f"{name}: {'; '.join(found)}")
    return normalise(executed)


@contextmanager
def kernel_environment(project_root: Path | None = None) -> Iterator[None]:
    """Kernels started within see `KERNEL_ENVIRONMENT`, and neither the profile nor the history of a
    user.

    Whatever the user's own environment says, they find the reviews of `project_root`, if that is
    named."""
    # One folder for a run, with those of its processes below it: what one that was killed leaves
    # goes with the run.
    above = os.environ.get(TEMPORARY_VARIABLE)
    above = above if above and os.path.isdir(above) else None
    with tempfile.TemporaryDirectory(
        prefix="casechron-", dir=above, ignore_cleanup_errors=True
    ) as folder:
        told = {
            **KERNEL_ENVIRONMENT,
            "IPYTHONDIR": folder,
            "JUPYTER_RUNTIME_DIR": folder,
            TEMPORARY_VARIABLE: above or folder,
        }
        if project_root is not None:
            told[ROOT_VARIABLE] = str(project_root)
        before = {name: os.environ.get(name) for name in told}
        os.environ.update(told)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value


def check_parameters(name: str, source: NotebookNode, parameters: Mapping[str, Any]) -> None:
    """Raise `RenderError` for a parameter that a notebook does not declare; papermill itself only
    warns of it."""
    declared = declared_parameters(source)
    unknown = [parameter for parameter in parameters if parameter not in declared]
    if unknown:
        raise RenderError(
            f"{name} has no parameter {', '.join(unknown)}; its cell tagged 'parameters' declares: "
            f"{', '.join(declared) or 'none'}"
        )


def declared_parameters(source: NotebookNode) -> list[str]:
    """The names that the cell tagged 'parameters' declares."""
    import papermill

    return list(papermill.inspect_notebook(source))


def read_notebook(notebook: Path) -> NotebookNode:
    """The notebook in a file, to be run by our kernel; `RenderError` if it is none."""
    return parse_notebook(read_text(notebook), notebook.name)


def read_text(notebook: Path) -> str:
    """The text of a notebook's file; `RenderError` if it has none."""
    try:
        return notebook.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RenderError(f"{notebook.name} is no notebook that can be read: {error}") from error


def parse_notebook(text: str, name: str) -> NotebookNode:
    """The notebook in the text of a file, to be run by our kernel; `RenderError` if it is none."""
    try:
        source = nbformat.reads(text, as_version=4)
        nbformat.validate(source)
    except (ValueError, nbformat.ValidationError) as error:
        raise RenderError(f"{name} is no notebook that can be read: {error}") from error
    # The kernel is the one of the interpreter that runs this, whatever the notebook was written
    # with.
    source.metadata["kernelspec"] = dict(KERNEL)
    return source


def kernel_config() -> Any:
    """Talk to kernels through files where that can be, so that no two are ever given the same
    port."""
    from traitlets.config import Config

    folder = os.environ.get("JUPYTER_RUNTIME_DIR", "")
    # The path of a socket may hold about 100 characters.
    if sys.platform == "linux" and folder and len(folder) < 80:
        # Left to itself it would take names in the folder where it starts, and two could take the
        # same.
        return Config(
            {"KernelManager": {"transport": "ipc", "ip": f"{folder}/{uuid.uuid4().hex[:12]}"}}
        )
    return Config()


def _where(source: NotebookNode, started: Sequence[tuple[int, str]]) -> str:
    """The cell that ran last, by its author's count and by its first line."""
    if not started:
        return "before its first cell"
    place, text = started[-1]
    tagged = [
        index
        for index, cell in enumerate(source.cells)
        if "parameters" in cell.metadata.get("tags", [])
    ]
    # papermill has added a cell after the one with the parameters.
    number = place + 1 - (place > tagged[0] if tagged else 1)
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return f"cell {number} ({first[:80]})"


def _cause(error: Exception, timeout: int) -> str:
    """The cause in one line: what was raised, or that the kernel is gone or was too slow."""
    name = type(error).__name__
    if name == "CellTimeoutError":
        return f"it took more than {timeout} seconds"
    if name == "DeadKernelError":
        return "its kernel died; a lack of memory is one cause"
    if name == "NotebookEndedError":
        return str(error)
    if name == "PapermillExecutionError":
        ename, evalue = getattr(error, "ename", name), getattr(error, "evalue", "")
        return re.sub(r"\x1b\[[0-9;]*m", "", f"{ename}: {evalue}")
    return f"{name}: {error}"
