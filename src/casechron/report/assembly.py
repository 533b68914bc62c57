"""What is a report put together from, once its notebooks have run?

Workers call what stands here: a notebook is run and written by one, the report made of all its
notebooks by another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from casechron.coding.files import data_key
from casechron.report import export
from casechron.report.execution import Task, TaskResult, make
from casechron.report.export import ExportError, ReviewFacts, questions_key, write_made_from
from casechron.report.page.build import write_pages

#: Characters of an error: what is longer is no sentence any more.
_LONG = 3000


@dataclass(frozen=True, slots=True)
class ReportParts:
    """What a report is put together from: a folder that holds the executed notebooks, and what is
    known of it."""

    folder: Path
    review_dirs: tuple[Path, ...]
    project_root: Path
    facts: ReviewFacts
    made_from: Mapping[str, Any] = field(hash=False)


def make_into(task: Task, folder: Path) -> TaskResult:
    """Run one notebook and write what comes of it; the error, if there is one, and no text.

    What a process says to the one that it works for is thus always short, so that it is said whole
    or not at all, even by one that is killed."""
    error = write_result(make(task), task, folder).error
    return TaskResult(error=error if len(error) <= _LONG else f"{error[:_LONG]} …")


def write_result(result: TaskResult, task: Task, folder: Path) -> TaskResult:
    """Write the notebook that came of a task, if one did; the error, where it cannot be kept."""
    try:
        if result.notebook:
            export.write_text(folder / task.name, result.notebook)
    except ExportError as error:
        return TaskResult(error=f"{task.name}: {error}")
    return result


def assemble(parts: ReportParts) -> str:
    """Write everything of a report that is made of all its notebooks together, the manifest last;
    why that failed, if it did."""
    folder, facts = parts.folder, parts.facts
    executed = {
        page.stem: nbformat.v4.reads((folder / f"{page.stem}.ipynb").read_text(encoding="utf-8"))
        for page in facts.pages
    }
    try:
        resources = export.write_tables(executed, folder)
        export.write_data_package(folder, facts, resources)
        export.write_report_json(folder, facts, executed)
        write_pages(folder, facts, executed)
        for stem, notebook in executed.items():
            export.write_text(folder / f"{stem}.ipynb", export.without_tables(notebook))
    except ExportError as error:
        return str(error)
    if data_key(*parts.review_dirs) != parts.made_from["data"]:
        # Some notebooks may have read it before and some after.
        return "its data changed while it was rendered; render it again"
    if questions_key(parts.project_root) != parts.made_from["questions"]:
        return "the project's own questions changed while it was rendered; render it again"
    write_made_from(folder, parts.made_from)
    export.write_manifest(folder)
    return ""
