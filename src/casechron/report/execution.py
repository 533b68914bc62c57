"""How is one notebook run, with the same result by any engine and on any machine?

It runs by papermill: in a fork of a warm process (`casechron.report.run.engine`), or in a plain
kernel of the interpreter that runs this; the bytes are the same. The machine's settings and the
user's own are kept out. Nothing is written.

A `Task` is what a process needs to know to run one notebook of one review. It can be sent anywhere:
to a process of this machine, to a machine of a cluster, and however often and wherever it is made,
it gives the same texts."""

from __future__ import annotations

import copy
import errno
import os
import re
import sys
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from casechron import __version__
from casechron.coding.files import VOUCHED_VARIABLE
from casechron.coding.folder import starter_folder
from casechron.coding.reviews import read_ahead
from casechron.questions import ROOT_VARIABLE, QuestionsError, questions_package
from casechron.report.export import Page, ReviewFacts
from casechron.report.normalise import KERNEL, breaches, cell_number, normalised, notebook_text
from casechron.report.parameters import TAG, check_parameters
from casechron.report.run import process
from casechron.report.run.warm_up import variables_set, warm

#: Seconds that one cell may take.
CELL_TIMEOUT = 300
#: Our engine of papermill, and papermill's own, which starts plain kernels.
ENGINE, PLAIN = "casechron", "nbclient"
#: Variables of every notebook, so that neither the machine nor the user's settings change a
#: report.
_ENVIRONMENT = {
    **process.TEMPLATE_ENVIRONMENT,
    "IPYKERNEL_CELL_NAME": "<cell>",  # else a process id stands in each warning
    "JUPYTER_PREFER_ENV_PATH": "1",  # 'python3' is the kernel of the interpreter that runs this
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    # Empty means unset; set, it would have libraries warn or fail in every report.
    "PYTHONDEVMODE": "",
    "PYTHONWARNINGS": "",
    "SOURCE_DATE_EPOCH": "1577836800",  # 2020-01-01; no report shows it
}
#: Errors after which no report can be written any more: disk full, quota, read-only.
_NO_MORE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class RenderError(RuntimeError):
    """Why a report could not be made: which notebook, which cell, what it was doing and the
    cause."""


def is_full(error: BaseException | None) -> bool:
    """Whether nothing more can be written."""
    return isinstance(error, OSError) and error.errno in _NO_MORE


def message(error: BaseException | None) -> str:
    """What an error says, without its kind where it is ours or the system's.

    >>> message(OSError(28, "No space left on device", "a.csv"))
    'No space left on device: a.csv'
    >>> message(KeyError("a"))
    "KeyError: 'a'"
    """
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    of_this_package = type(error).__module__.startswith("casechron.")
    return str(error) if of_this_package else f"{type(error).__name__}: {error}"


def execute(
    source: NotebookNode,
    name: str,
    parameters: Mapping[str, Any],
    project_root: Path,
    timeout: float = CELL_TIMEOUT,
    *,
    engine: str = ENGINE,
    environment: Mapping[str, str] | None = None,
) -> NotebookNode:
    """The notebook as it stands after its run with these parameters, normalised.

    Parameters
    ----------
    source : NotebookNode
        The notebook, as `parse_notebook` reads it; it is not changed.
    name : str
        What errors call it.
    parameters : mapping
        What its cell tagged ``parameters`` is given.
    project_root : Path
        The folder in which it runs, and whose ``data/`` it reads.
    timeout : float
        Seconds that each cell may take.
    engine : str
        An engine of papermill: `ENGINE`, or `PLAIN` for a plain kernel.
    environment : mapping, optional
        Variables that it sees beside those of this process.

    Raises
    ------
    ParameterError
        For a parameter that the notebook does not declare.
    RenderError
        For a cell that fails, takes too long or ends its process, and for output that no report can
        hold.
    """
    import papermill

    check_parameters(name, source, parameters)
    notebook = _with_parameters(source, parameters)
    variables = notebook_environment(project_root, environment)
    started: list[int] = []
    settings: dict[str, Any] = {
        "kernel_name": KERNEL["name"],
        "progress_bar": False,
        "execution_timeout": timeout,
    }
    try:
        with ExitStack() as stack:
            if engine == ENGINE and process.can_fork():
                settings |= {"folder": str(project_root), "environment": variables}
            else:
                engine = PLAIN
                settings |= {
                    "cwd": str(project_root),
                    "config": stack.enter_context(plain_kernels(variables)),
                    "on_cell_start": lambda cell, cell_index: started.append(cell_index),
                    # A kernel's own log would stand in the middle of the progress bar.
                    "extra_arguments": [
                        "--IPKernelApp.log_level=50",
                        "--InteractiveShellApp.ignore_cwd=True",
                    ],
                }
            executed = papermill.execute_notebook(notebook, None, engine_name=engine, **settings)
    except Exception as error:
        place = getattr(error, "cell_index", started[-1] if started else None)
        where = f"{name}, {_where(notebook, place)}{_place_in_own_questions(error, project_root)}"
        raise RenderError(f"{where}: {_cause(error, timeout)}") from error
    if problems := breaches(executed):
        raise RenderError(f"{name}: {'; '.join(problems)}")
    return normalised(executed)


def _with_parameters(source: NotebookNode, parameters: Mapping[str, Any]) -> NotebookNode:
    """The notebook with a cell that sets its parameters, as papermill writes it.

    papermill itself looks for the parameters by patterns and warns of what it cannot make out, and
    writes the cell in another way where the formatter black happens to be installed."""
    from papermill.translators import PythonTranslator, Translator

    notebook = copy.deepcopy(source)
    if parameters:
        code = Translator.codify.__func__(PythonTranslator, dict(parameters), "Parameters")
        injected = nbformat.v4.new_code_cell(code, metadata={"tags": ["injected-parameters"]})
        tagged = [TAG in cell.metadata.get("tags", []) for cell in notebook.cells]
        notebook.cells.insert(tagged.index(True) + 1, injected)
    return notebook


def notebook_environment(
    project_root: Path, further: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The variables that a notebook of a project sees."""
    return {**os.environ, **_ENVIRONMENT, ROOT_VARIABLE: str(project_root), **(further or {})}


@contextmanager
def plain_kernels(variables: Mapping[str, str]) -> Iterator[Any]:
    """Kernels started within see these variables, and neither the profile nor the history of a
    user; a configuration by which no two are ever given the same port."""
    from traitlets.config import Config

    with tempfile.TemporaryDirectory(prefix="casechron-", ignore_cleanup_errors=True) as folder:
        config = Config()
        # The path of a socket may hold about 100 characters.
        if sys.platform == "linux" and len(folder) < 80:
            # By default the sockets would lie in the working folder.
            address = f"{folder}/{uuid.uuid4().hex[:12]}"
            config = Config({"KernelManager": {"transport": "ipc", "ip": address}})
        own = {"IPYTHONDIR": folder, "JUPYTER_RUNTIME_DIR": folder}
        with variables_set({**variables, **own}):
            yield config


def read_text(notebook: Path) -> str:
    """The text of a notebook's file; `RenderError` if it has none."""
    try:
        return notebook.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RenderError(
            f"{notebook.name} is no notebook that can be read: {message(error)}"
        ) from error


def parse_notebook(text: str, name: str) -> NotebookNode:
    """The notebook in the text of a file, to be run by our kernel; `RenderError` if it is none."""
    try:
        source = nbformat.reads(text, as_version=4)
        nbformat.validate(source)
    # The last two where the file holds something else than an object.
    except (ValueError, nbformat.ValidationError, AttributeError, TypeError) as error:
        raise RenderError(f"{name} is no notebook that can be read: {error}") from error
    # The kernel is the one of the interpreter that runs this, whatever the notebook was written
    # with.
    source.metadata["kernelspec"] = dict(KERNEL)
    return source


def _where(notebook: NotebookNode, place: int | None) -> str:
    """A cell by its author's count and by its first line."""
    if place is None:
        return "before its first cell"
    lines = notebook.cells[place].source.splitlines()
    first = next((line.strip() for line in lines if line.strip()), "")
    return f"cell {cell_number(notebook, place)} ({first[:80]})"


def _cause(error: Exception, timeout: float) -> str:
    """The cause in one line: what was raised, or that the kernel is gone or was too slow."""
    name = type(error).__name__
    if name == "PapermillExecutionError":
        ename, evalue = getattr(error, "ename", name), getattr(error, "evalue", "")
        return _COLOUR.sub("", f"{ename}: {evalue}")
    known = {
        "CellTimeoutError": f"it took more than {timeout:g} s",
        "DeadKernelError": "its kernel died; a lack of memory is one cause",
        "NotebookEndedError": str(error),
    }
    return known.get(name, f"{name}: {error}")


def _of_another_version(task: Task) -> str:
    """What is said of a notebook that fails, where this version comes with another of its name."""
    ours = starter_folder() / "notebooks" / task.name
    if not ours.is_file() or ours.read_text(encoding="utf-8") == task.source:
        return ""
    return (
        f"; casechron {__version__} comes with another {task.name}, as README.md of a project says"
        " under How to update"
    )


def _place_in_own_questions(error: Exception, project_root: Path) -> str:
    """Where in the project's own questions something was raised: the innermost place in them."""
    package = None
    with suppress(QuestionsError):  # whoever imports it is told so
        package = questions_package(project_root)
    if package is None:
        return ""
    traceback = _COLOUR.sub("", "\n".join(map(str, getattr(error, "traceback", None) or ())))
    folder, place = package.resolve(), ""
    for file, line in re.findall(r"^ *File (.+?):(\d+)", traceback, re.MULTILINE):
        path = Path(file).expanduser()
        if path.is_absolute() and path.resolve().is_relative_to(folder):
            file_name = path.resolve().relative_to(folder.parent).as_posix()
            place = f", {file_name}, line {line}"
    return place


@dataclass(frozen=True, slots=True)
class Task:
    """One notebook of one review: all that a process needs to run it.

    `source` is the notebook as the text of its file; `parameters` are what it is given, and
    `project_root` is the folder in which it runs and whose ``data/`` it reads. A cell may take
    `timeout` seconds. `vouched` is the key of the data that were checked, so that the notebook need
    not check them again."""

    page: Page
    source: str
    facts: ReviewFacts
    parameters: dict[str, Any] = field(hash=False)
    project_root: Path
    timeout: float = CELL_TIMEOUT
    vouched: str = ""

    @property
    def name(self) -> str:
        """The name of the notebook's file."""
        return f"{self.page.stem}.ipynb"


@dataclass(frozen=True, slots=True)
class TaskResult:
    """What came of a task: the executed notebook as the text of its file, or the error in words."""

    notebook: str = ""
    error: str = ""


def make(task: Task, engine: str = ENGINE) -> TaskResult:
    """Run one notebook; any executor of jobs can run this.

    Raises nothing that a notebook or its review can cause: that is the `error` of what is made."""
    if warm():  # the notebook's process is then a fork of this one
        read_ahead(task.project_root / "data" / task.facts.coded, task.vouched)
    try:
        executed = execute(
            parse_notebook(task.source, task.name),
            task.name,
            task.parameters,
            task.project_root,
            task.timeout,
            engine=engine,
            environment={VOUCHED_VARIABLE: task.vouched},
        )
        return TaskResult(notebook_text(executed))
    except RenderError as error:
        return TaskResult(error=f"{error}{_of_another_version(task)}")
