"""What does one process need to know to run one notebook of one review, and what does it give back?

A `Task` can be sent anywhere: to a process of this machine, to a machine of a cluster (`cluster`
gives it the data that it needs there). It is idempotent: however often and wherever it is made, it
gives the same texts, and it writes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casechron.coding.files import VOUCHED_VARIABLE
from casechron.report.execution import (
    CELL_TIMEOUT,
    ENGINE,
    RenderError,
    execute,
    parse_notebook,
)
from casechron.report.export import Page, ReviewFacts
from casechron.report.normalise import notebook_text

__all__ = ["Made", "Task", "make"]


@dataclass(frozen=True, slots=True)
class Task:
    """One notebook of one review: all that a process needs to run it.

    `source` is the notebook as the text of its file; `parameters` are what it is given, and
    `project_root` is the folder in which it runs and whose ``data/`` it reads. A cell may take
    `timeout` seconds. `vouched` is the key of the data that were checked, so that the notebook need
    not check them again. `executed` is the notebook as it stood after an earlier run of the same
    task, if its page is all that has to be made."""

    page: Page
    source: str
    facts: ReviewFacts
    parameters: dict[str, Any] = field(hash=False)
    project_root: Path
    timeout: float = CELL_TIMEOUT
    vouched: str = ""
    executed: str = ""

    @property
    def name(self) -> str:
        """The name of the notebook's file."""
        return f"{self.page.stem}.ipynb"


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a task: the executed notebook as the text of its file, or the error in words."""

    notebook: str = ""
    error: str = ""


def make(task: Task, engine: str = ENGINE) -> Made:
    """Run one notebook; any executor of jobs can run this.

    Raises nothing that a notebook or its review can cause: that is the `error` of what is made."""
    if task.executed:
        return Made(task.executed)
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
        return Made(notebook_text(executed))
    except RenderError as error:
        return Made(error=str(error))
