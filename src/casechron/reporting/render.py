"""How do questions and reviews become reports, whole or not at all?

Each notebook runs in a kernel of its own through papermill. What it gives is normalised, exported and put
together in a folder beside the report; only when every notebook of a review has succeeded does that folder
take the place of the report. A report is thus always one that was made in one go. Two renders into the same
folder at the same time are not guarded against.
"""

from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from casechron import __version__
from casechron.coding.policy import DatingPolicy
from casechron.reporting import export
from casechron.reporting.execution import (
    CELL_TIMEOUT,
    RenderError,
    check_parameters,
    execute,
    kernel_environment,
    read_notebook,
)
from casechron.reporting.export import ExportError, Page, ReviewFacts
from casechron.reporting.normalise import notebook_text
from casechron.reporting.pages import write_pages

__all__ = ["RenderError", "Summary", "render_all", "render_review"]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run of `render_all` did."""

    front_page: Path
    rendered: tuple[str, ...] = ()
    failures: tuple[tuple[str, str], ...] = ()  # (review, why)
    stale: tuple[str, ...] = ()  # reports whose review is gone

    @property
    def exit_code(self) -> int:
        """0 if every report was made, else 1."""
        return 1 if self.failures else 0

    def __str__(self) -> str:
        lines = [f"{review}: not rendered; its previous report stands.\n  {why}" for review, why in self.failures]
        lines += [f"{name}: there is a report but no such review any more; remove it." for name in self.stale]
        many = len(self.rendered)
        lines.append(f"{many} {'report' if many == 1 else 'reports'} rendered. Open {self.front_page}")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is the same for every review of a run."""

    notebooks: Sequence[Path]
    policy: dict[str, Any]
    parameters: dict[str, Any]
    project_root: Path
    timeout: int


@dataclass(frozen=True, slots=True)
class _Task:
    """One notebook of one review: all that a process needs to know to run it."""

    notebook: Path
    folder: Path
    page: Page
    facts: ReviewFacts
    parameters: dict[str, Any] = field(hash=False)
    project_root: Path
    timeout: int


def render_review(
    review_dir: Path,
    notebooks: Sequence[Path],
    out_dir: Path,
    policy: Mapping[str, Any] | None = None,
    *,
    project_root: Path | None = None,
    parameters: Mapping[str, Any] | None = None,
    timeout: int = CELL_TIMEOUT,
) -> Path:
    """The report of one review, made in this process; the folder that holds it.

    `out_dir` is the folder of all reports; the report is the folder of the review's name in it. `policy` is a
    mapping of what differs from the default dating policy; `parameters` are further parameters of the
    notebooks. Cells may take `timeout` seconds each. Kernels start in `project_root` (default: the current
    folder).

    Raises `RenderError`, and leaves the report that stood there as it was; `PolicyError` for a policy that is
    none.
    """
    plan = _Plan(notebooks, dict(policy or {}), dict(parameters or {}), project_root or Path.cwd(), timeout)
    stage = _stage(out_dir, review_dir.name)
    try:
        tasks = _tasks(review_dir, stage, plan)
        with kernel_environment():
            errors = [error for error in map(_run, tasks) if error]
        if errors:
            raise RenderError("\n".join(errors))
        _assemble(stage, tasks)
        return _replace(stage, out_dir / review_dir.name)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def render_all(
    project_root: Path,
    reviews: Sequence[str] | None = None,
    jobs: int | None = None,
    policy: Mapping[str, Any] | None = None,
    *,
    out_dir: Path | None = None,
    notebooks: Sequence[Path] | None = None,
    parameters: Mapping[str, Any] | None = None,
    timeout: int = CELL_TIMEOUT,
    progress: bool = True,
) -> Summary:
    """The reports of reviews, with a front page over all; what was rendered and what failed.

    `reviews` are names of folders in ``data/`` (default: all that hold a ``review.toml``), `notebooks` the
    questions (default: ``notebooks/*.ipynb``), `out_dir` the folder of reports (default: ``reports/``),
    `jobs` how many notebooks run at once (default: one to a processor). Whatever `jobs` is, the reports are
    the same bytes. A review that fails leaves its previous report as it was and hinders no other.

    Raises `RenderError` where nothing can be begun, and `PolicyError` for a policy that is none.
    """
    from casechron.reporting.site import write_site

    project_root = project_root.resolve()
    out_dir = out_dir or project_root / "reports"
    notebooks = sorted((project_root / "notebooks").glob("*.ipynb")) if notebooks is None else notebooks
    names = _review_names(project_root, reviews)
    plan = _Plan(notebooks, dict(policy or {}), dict(parameters or {}), project_root, timeout)
    failures: dict[str, list[str]] = {}
    rendered = []
    stages = {name: _stage(out_dir, name) for name in names}
    try:
        planned: dict[str, list[_Task]] = {}
        for name, stage in stages.items():
            try:
                planned[name] = _tasks(project_root / "data" / name, stage, plan)
            except RenderError as error:
                failures[name] = [str(error)]
        for task, error_text in _run_all([task for tasks in planned.values() for task in tasks], jobs, progress):
            if error_text:
                failures.setdefault(task.facts.review, []).append(error_text)
        for name, tasks in planned.items():
            if name not in failures:
                try:
                    _assemble(stages[name], tasks)
                except RenderError as error:
                    failures[name] = [str(error)]
                    continue
                _replace(stages[name], out_dir / name)
                rendered.append(name)
    finally:
        for stage in stages.values():
            shutil.rmtree(stage, ignore_errors=True)
    write_site(out_dir, project_root / "docs")
    return Summary(
        front_page=out_dir / "index.html",
        rendered=tuple(rendered),
        failures=tuple((name, "\n  ".join(sorted(why))) for name, why in sorted(failures.items())),
        stale=_stale(project_root, out_dir),
    )


def _tasks(review_dir: Path, stage: Path, plan: _Plan) -> list[_Task]:
    """What there is to run for a review, in the order of the notebooks' names."""
    if not plan.notebooks:
        raise RenderError("there is no notebook to run; put the questions into notebooks/ as *.ipynb")
    dating = DatingPolicy.from_parameters(plan.policy)
    parameters = {"review": review_dir.name, "policy": dating.as_parameters(), **plan.parameters}
    pages = {}
    for notebook in sorted(plan.notebooks, key=lambda path: path.stem):
        source = read_notebook(notebook)
        check_parameters(notebook, source, parameters)
        try:
            pages[notebook] = Page(notebook.stem, export.page_title(source))
        except ExportError as error:
            raise RenderError(f"{notebook.name}: {error}") from error
    facts = _facts(review_dir, dating, tuple(pages.values()))
    return [
        _Task(notebook.resolve(), stage.resolve(), page, facts, parameters, plan.project_root, plan.timeout)
        for notebook, page in pages.items()
    ]


def _facts(review_dir: Path, dating: DatingPolicy, pages: tuple[Page, ...]) -> ReviewFacts:
    """What the pages say of their review: review.toml, the policy in words, the data's hash."""
    try:
        said = tomllib.loads((review_dir / "review.toml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RenderError(f"{review_dir.name}/review.toml cannot be read: {error}") from error
    if not said.get("title"):
        raise RenderError(f"{review_dir.name}/review.toml has no title; a report needs one")
    said = {name: str(value) for name, value in said.items()}
    # Children of one label are in more than one review, so body and year belong to the title.
    where = ", ".join(said[name] for name in ("body", "year") if said.get(name))
    return ReviewFacts(
        review=review_dir.name,
        title=f"{said['title']} ({where})" if where else said["title"],
        about=_about(said),
        content_note=said.get("content_note", ""),
        citation=said.get("citation", ""),
        policy=tuple(dating.describe()),
        policy_differs=tuple(dating.as_parameters()),
        data_hash=export.data_hash(review_dir),
        version=__version__,
        pages=pages,
    )


def _about(said: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What the key facts of a page say of a review, in words; what review.toml leaves empty is left out."""
    of = said.get("published_of", "")
    coded = [said.get("coder", ""), said.get("coded_on", ""), said.get("codebook") and f"codebook {said['codebook']}"]
    about = {
        "Published": " ".join(filter(None, [said.get("published", ""), f"(the {of})" if of else ""])),
        "Jurisdiction": said.get("jurisdiction", ""),
        "Coded by": ", ".join(filter(None, coded)),
        "Licence of the data": said.get("licence", ""),
    }
    return tuple((what, value) for what, value in about.items() if value)


def _run_all(tasks: Sequence[_Task], jobs: int | None, progress: bool) -> Iterator[tuple[_Task, str | None]]:
    """Run tasks in fresh processes, as many at once as there are jobs; each with its error, if any."""
    from tqdm import tqdm

    from casechron.reporting import kernels

    if not tasks:
        return
    workers = max(1, min(len(tasks), jobs or os.cpu_count() or 1))
    with (
        kernel_environment(),
        kernels.executor(workers) as pool,
        tqdm(total=len(tasks), unit="notebook", disable=not progress, dynamic_ncols=True) as bar,
    ):
        futures: dict[Future[str | None], _Task] = {pool.submit(_run, task): task for task in tasks}
        try:
            for future in as_completed(futures):
                task = futures[future]
                error = future.exception()
                bar.set_postfix_str(f"{task.facts.review} {task.page.stem}", refresh=False)
                bar.update()
                yield task, f"{task.page.stem}: its process ended: {error}" if error else future.result()
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _run(task: _Task) -> str | None:
    """Run one notebook and write it and its page; why it failed, if it did."""
    try:
        executed = execute(task.notebook, task.parameters, task.project_root, task.timeout)
        page = export.page_html(executed, task.page, task.facts)
        export.write_text(task.folder / f"{task.page.stem}.ipynb", notebook_text(executed))
        export.write_text(task.folder / f"{task.page.stem}.html", page)
    except (RenderError, ExportError) as error:
        return str(error)
    return None


def _assemble(stage: Path, tasks: Sequence[_Task]) -> None:
    """Everything of a report that is made of all its notebooks together."""
    executed = {task.page.stem: nbformat.read(stage / f"{task.page.stem}.ipynb", as_version=4) for task in tasks}
    facts = tasks[0].facts
    try:
        resources = export.write_files(executed, stage)
    except ExportError as error:
        raise RenderError(str(error)) from error
    export.write_data_package(stage, facts, resources)
    export.write_report_json(stage, facts, executed)
    write_pages(stage, facts, executed)
    export.write_manifest(stage)


def _stage(out_dir: Path, review: str) -> Path:
    """An empty folder beside a report; what an interrupted run left there is mended first."""
    stage, old, target = out_dir / f".{review}.new", out_dir / f".{review}.old", out_dir / review
    out_dir.mkdir(parents=True, exist_ok=True)
    if old.exists() and not target.exists():
        # Ended between the two renames of `_replace`: the old report is the whole one.
        old.rename(target)
    for leftover in (stage, old):
        shutil.rmtree(leftover, ignore_errors=True)
    stage.mkdir()
    return stage


def _replace(stage: Path, target: Path) -> Path:
    """Put the new report where the old one was."""
    old = target.with_name(f".{target.name}.old")
    if target.exists():
        target.rename(old)
    stage.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    return target


def _review_names(project_root: Path, reviews: Sequence[str] | None) -> list[str]:
    known = sorted(path.parent.name for path in (project_root / "data").glob("*/review.toml"))
    if reviews is None:
        if not known:
            raise RenderError("there is no review to render; data/ holds no folder with a review.toml")
        return known
    unknown = [name for name in reviews if name not in known]
    if unknown:
        raise RenderError(f"there is no review {', '.join(unknown)}; data/ holds: {', '.join(known) or 'none'}")
    return sorted(set(reviews))


def _stale(project_root: Path, out_dir: Path) -> tuple[str, ...]:
    reports = sorted(path.parent.name for path in out_dir.glob("*/report.json"))
    return tuple(
        name for name in reports if not name.startswith(".") and not (project_root / "data" / name / "review.toml").is_file()
    )
