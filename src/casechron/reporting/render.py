"""How do questions and reviews become reports, whole or not at all, and only those that would be
other than they are?

A report whose data, notebooks, parameters, packages and casechron are as they were (`keys`) is
verified against its manifest and left alone; of one that has changed only in some notebooks, the
others are kept as they had run. All else is handed out as tasks (`tasks`) to a crew (`crews`), put
together in a folder beside the report (`assembly`), and takes its place in one step (`folders`),
review by review, so that what a run holds does not grow with the number of reviews and what is
finished stays finished, whatever ends the run."""

from __future__ import annotations

import shutil
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from casechron.reporting import folders, keys
from casechron.reporting.assembly import Parts, assemble, write_made
from casechron.reporting.crews import Crew, Job, LocalCrew, carry_out, local_crew
from casechron.reporting.endings import Interrupted, ends_in_order
from casechron.reporting.execution import CELL_TIMEOUT, RenderError, kernel_environment
from casechron.reporting.failures import is_full, why, words
from casechron.reporting.plans import Plan, plan, tasks_of
from casechron.reporting.progress import Progress, Summary, progress_bar
from casechron.reporting.tasks import Made, Task, make

__all__ = ["Interrupted", "RenderError", "Summary", "render_all", "render_review"]


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
    """The report of one review, made in this process and in any case anew; the folder that holds
    it.

    `out_dir` is the folder of all reports; the report is the folder of the review's name in it.
    `policy` is a mapping of what differs from the default dating policy; `parameters` are further
    parameters of the notebooks, each given to those that declare it. Cells may take `timeout`
    seconds each. Kernels start in `project_root` (default: the current folder).

    Raises `RenderError`, and leaves the report that stood there as it was; `PolicyError` for a
    policy that is none."""
    agreed = plan(notebooks, policy or {}, parameters or {}, project_root or Path.cwd(), timeout)
    tasks, said = _tasks_and_keys(
        review_dir,
        agreed,
        keys.lock_key(agreed.project_root),
        keys.modules_key(agreed.project_root),
    )
    with _said_inwords():
        folders.guard(out_dir.resolve(), agreed.project_root)
    with _said_inwords(), folders.alone(out_dir):
        folders.mend(out_dir)
        stage = folders.stage(out_dir, review_dir.name)
        try:
            all_made = [make(task) for task in tasks]
            errors = [made.error for made in all_made if made.error]
            if errors:
                raise RenderError("\n".join(errors))
            for task, made in zip(tasks, all_made, strict=True):
                write_made(stage, task.page, made)
            failed = assemble(Parts(stage, review_dir, agreed.project_root, tasks[0].facts, said))
            if failed:
                raise RenderError(failed)
            return folders.replace(stage, out_dir / review_dir.name)
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
    force: bool = False,
    cluster: str | None = None,
) -> Summary:
    """The reports of reviews, with a front page over all; what was rendered, what was left alone
    and what failed.

    `reviews` are names of folders in ``data/`` (default: all that hold a ``review.toml``),
    `notebooks` the questions (default: ``notebooks/*.ipynb``), `out_dir` the folder of reports
    (default: ``reports/``), `jobs` how many notebooks run at once (default: one to a processor),
    `cluster` the address of a Dask scheduler whose workers run them instead (see `cluster.crew`).
    Whoever runs them, the reports are the same bytes. A report that nothing has changed for since
    it was made is only verified, unless `force` is said. A review that fails leaves its previous
    report as it was and hinders no other; a full disk ends the run.

    Raises `RenderError` where nothing can be begun, `PolicyError` for a policy that is none, and
    `Interrupted` for Ctrl-C, and for SIGTERM and SIGHUP where this is called in the main thread.
    """
    from casechron.reporting.site import write_site

    project_root = project_root.resolve()
    out_dir = (out_dir or project_root / "reports").resolve()
    notebooks = (
        sorted((project_root / "notebooks").glob("*.ipynb")) if notebooks is None else notebooks
    )
    names = _review_names(project_root, reviews)
    agreed = plan(notebooks, policy or {}, parameters or {}, project_root, timeout)
    with ExitStack() as held:
        held.enter_context(ends_in_order())
        with _said_inwords():
            folders.guard(out_dir, project_root)
            held.enter_context(folders.alone(out_dir))
            folders.mend(out_dir)
            held.enter_context(kernel_environment(project_root))
        local = held.enter_context(local_crew(jobs))
        makers: Crew = local
        if cluster is not None:
            from casechron.reporting.cluster import dask_crew

            makers = held.enter_context(dask_crew(cluster))
        bar = held.enter_context(progress_bar(len(names) * len(agreed.questions), progress))
        run = _Run(agreed, out_dir, names, force, makers, local, bar)
        try:
            carry_out(run.next_job, lambda: 2 * makers.size())
        except _FullError:
            pass
        except KeyboardInterrupt as error:
            raise Interrupted(
                run.said_of_interruption(), getattr(error, "exit_code", 130)
            ) from error
        finally:
            # First those who may still write there.
            local.end()
            folders.mend(out_dir)
        try:
            write_site(out_dir, project_root / "docs")
        except OSError as error:
            return run.summary(f"the pages over all reports could not be written: {words(error)}")
        return run.summary()


class _FullError(Exception):
    """Nothing more can be written."""


@dataclass(slots=True)
class _Begun:
    """A review of which some notebooks have not run yet, or which is being put together."""

    parts: Parts
    left: int
    errors: list[str] = field(default_factory=list)

    @property
    def review(self) -> str:
        return self.parts.facts.review


class _Run:
    """The reviews of a run: by name those to come and those that are over, and a few that are
    begun, with all that they need."""

    def __init__(
        self,
        agreed: Plan,
        out_dir: Path,
        names: Sequence[str],
        force: bool,
        makers: Crew,
        local: LocalCrew,
        bar: Progress,
    ) -> None:
        self._plan, self._out_dir, self._force, self._makers, self._local, self._bar = (
            agreed,
            out_dir,
            force,
            makers,
            local,
            bar,
        )
        self._packages, self._modules = (
            keys.lock_key(agreed.project_root),
            keys.modules_key(agreed.project_root),
        )
        self._names, self._many = deque(names), len(names)
        self._waiting: deque[Job] = deque()
        self._begun: dict[str, _Begun] = {}
        self._rendered: list[str] = []
        self._unchanged: list[tuple[str, int]] = []
        self._reasons: dict[str, str] = {}
        self._failures: dict[str, str] = {}

    def next_job(self) -> Job | None:
        """What is to be done next, if there is anything that does not wait for something else."""
        while not self._waiting and self._names:
            self._begin(self._names.popleft())
        return self._waiting.popleft() if self._waiting else None

    def _begin(self, name: str) -> None:
        review_dir, report = self._plan.project_root / "data" / name, self._out_dir / name
        try:
            tasks, said = _tasks_and_keys(review_dir, self._plan, self._packages, self._modules)
            stands = keys.Standing() if self._force else keys.standing(report, said)
            if not stands.unchanged:
                stage = folders.stage(self._out_dir, name)
        except (RenderError, OSError) as error:
            self._bar.left_out(len(self._plan.questions))
            self._end(name, words(error), error)
            return
        if stands.unchanged:
            self._unchanged.append((name, stands.files))
            self._bar.left_out(len(tasks))
            return
        self._bar.begin()
        self._reasons[name] = stands.why
        begun = self._begun[name] = _Begun(
            Parts(stage, review_dir, self._plan.project_root, tasks[0].facts, said), len(tasks)
        )
        for task in tasks:
            kept = replace(task, executed=stands.kept.get(task.page.stem, ""))
            self._waiting.append(
                Job(
                    self._makers,
                    partial(self._makers.make, kept, stage),
                    partial(self._made, begun, task),
                )
            )

    def _made(
        self, begun: _Begun, task: Task, made: Made | None, error: BaseException | None
    ) -> None:
        self._bar.made(begun.review, task.page.stem)
        begun.left -= 1
        try:
            if made is None or made.error:
                begun.errors.append(made.error if made else f"{task.name}: {words(error)}")
            elif made.notebook:
                write_made(begun.parts.folder, task.page, made)
        except OSError as refused:
            begun.errors.append(words(refused))
            error = refused
        if begun.left == 0 or is_full(error):
            if begun.errors:
                self._end(
                    begun.review,
                    why(self._plan.project_root / "data" / begun.review, sorted(begun.errors)),
                    error,
                )
            else:
                self._bar.putting_together(begun.review)
                # Before anything else: it then needs no more room.
                put_together = partial(self._local.submit, assemble, begun.parts)
                self._waiting.appendleft(
                    Job(self._local, put_together, partial(self._assembled, begun))
                )

    def _assembled(self, begun: _Begun, failed: str | None, error: BaseException | None) -> None:
        try:
            if error is not None or failed:
                self._end(
                    begun.review, failed or f"it could not be put together: {words(error)}", error
                )
                return
            folders.replace(begun.parts.folder, self._out_dir / begun.review)
        except OSError as refused:
            self._end(begun.review, words(refused), refused)
            return
        del self._begun[begun.review]
        self._rendered.append(begun.review)

    def _end(self, name: str, said: str, error: BaseException | None) -> None:
        """A review that failed, of which nothing is left."""
        self._failures[name] = said
        begun = self._begun.pop(name, None)
        if begun is not None:
            shutil.rmtree(begun.parts.folder, ignore_errors=True)
        if is_full(error):
            raise _FullError

    def said_of_interruption(self) -> str:
        """What a run that was interrupted has done."""
        return (
            f"interrupted. {len(self._rendered)} of {self._many} reports were rendered and stand,"
            " all others are as they were; the same command goes on from here"
        )

    def summary(self, trouble: str = "") -> Summary:
        """What was done; `trouble` is what befell the pages over all reports."""
        from casechron.reporting.site import unreadable_in

        failed = tuple(sorted(self._failures.items()))
        rendered = tuple(sorted(self._rendered))
        front, unreadable = self._out_dir / "index.html", unreadable_in(self._out_dir)
        stale = [
            name
            for name in _stale(self._plan.project_root, self._out_dir)
            if name not in unreadable
        ]
        return Summary(
            front_page=front if front.is_file() else None,
            rendered=rendered,
            failures=failed,
            stale=tuple(stale),
            unchanged=tuple(self._unchanged),
            reasons=tuple((name, self._reasons[name]) for name in rendered if self._reasons[name]),
            not_begun=len(self._names) + len(self._begun),
            without=tuple(name for name, _ in failed if not (self._out_dir / name).exists()),
            trouble=trouble,
            unreadable=tuple(unreadable),
            hindered=self._local.hindered,
        )


def _tasks_and_keys(
    review_dir: Path, agreed: Plan, lock: str, modules: str
) -> tuple[list[Task], dict[str, Any]]:
    """What there is to run for a review, and what its report is made from."""
    # The key before anything is read: what somebody saves from now on is seen when the report is
    # put together.
    data = keys.data_key(review_dir)
    tasks = tasks_of(review_dir, agreed)
    return tasks, keys.made_from(data, tasks, lock, modules)


@contextmanager
def _said_inwords() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RenderError(f"nothing can be rendered: {words(error)}") from error


def _review_names(project_root: Path, reviews: Sequence[str] | None) -> list[str]:
    known = sorted(path.parent.name for path in (project_root / "data").glob("*/review.toml"))
    if reviews is None:
        if not known:
            raise RenderError(
                "there is no review to render; data/ holds no folder with a review.toml"
            )
        return known
    unknown = [name for name in reviews if name not in known]
    if unknown:
        raise RenderError(
            f"there is no review {', '.join(unknown)}; data/ holds: {', '.join(known) or 'none'}"
        )
    return sorted(set(reviews))


def _stale(project_root: Path, out_dir: Path) -> tuple[str, ...]:
    reports = sorted(path.parent.name for path in out_dir.glob("*/report.json"))
    return tuple(
        name
        for name in reports
        if not name.startswith(".") and not (project_root / "data" / name / "review.toml").is_file()
    )
