"""How do questions and reviews become reports, whole or not at all, and only those that would be
other than they are?

A report whose data, notebooks, parameters and version of casechron are as they were (see
`freshness`) is verified against its manifest and left alone; of one that has changed only in some
notebooks, the others are kept as they had run. Each review is checked before anything of it
runs. All else is handed out as tasks (`execution`) to those who do the work (`run.workers`), put
together in a folder beside the report, and takes its place in one step (`folders`), review by
review, so that what a run holds does not grow with the number of reviews and what is finished stays
finished, whatever ends the run."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from casechron.coding.files import CODINGS, data_key, is_coding, joined_key
from casechron.coding.form_check import FormCheck, by_message, check_form
from casechron.coding.reviews import (
    ListedReview,
    ReviewError,
    find_review,
    list_reviews,
    read_meta,
    real_reviews,
)
from casechron.questions import QuestionsError, questions_package
from casechron.report import export, folders
from casechron.report.assembly import ReportParts, assemble, make_into, write_result
from casechron.report.execution import CELL_TIMEOUT, RenderError, Task, TaskResult, is_full, message
from casechron.report.export import ExportError
from casechron.report.page.site import unreadable_in, write_site
from casechron.report.plans import (
    ACROSS,
    Plan,
    coded_name,
    plan,
    report_name,
    reports_folder,
    tasks_across,
    tasks_of,
)
from casechron.report.progress import NO_SUCH_REVIEW, Progress, Summary
from casechron.report.run.workers import (
    Interrupted,
    Job,
    LostError,
    Pool,
    Workers,
    carry_out,
    dask_workers,
    done_by,
    ends_in_order,
)


def render_all(
    project_root: Path,
    reviews: Sequence[str] | None = None,
    jobs: int | None = None,
    policy: Mapping[str, Any] | None = None,
    *,
    out_dir: Path | None = None,
    notebooks: Sequence[Path] | None = None,
    parameters: Mapping[str, Any] | None = None,
    timeout: float = CELL_TIMEOUT,
    progress: bool = True,
    force: bool = False,
    cluster: str | None = None,
) -> Summary:
    """The reports of reviews, with a front page over all.

    Whoever runs the notebooks, the reports are the same bytes. A report that nothing has changed
    for since it was made is only verified. A review that fails leaves its previous report as it was
    and hinders no other; a full disk ends the run. Where all reviews are rendered and two or more
    of them are not invented, notebooks that take several are run over these, once.

    Parameters
    ----------
    project_root : Path
        The folder that holds ``data/`` and ``notebooks/``.
    reviews : sequence of str, optional
        Names of folders in ``data/``, or of codings, as ``<review>/codings/<coder>``; default: all
        folders that hold a ``review.toml``.
    jobs : int, optional
        How many notebooks run at once; default: one to a processor.
    policy : mapping, optional
        What differs from the default dating policy.
    out_dir : Path, optional
        The folder of reports; default: ``reports/``, for codings ``build/codings/``.
    notebooks : sequence of Path, optional
        The questions; default: ``notebooks/*.ipynb``.
    parameters : mapping, optional
        Further parameters of the notebooks, each given to those that declare it.
    timeout : float
        Seconds that one cell may take.
    progress : bool
        Whether a bar is shown.
    force : bool
        Whether reports are rendered anew also where nothing has changed. Each is then compared
        with what stood in its place, byte by byte.
    cluster : str, optional
        The address of a Dask scheduler whose workers run the notebooks, or ``local:N``.

    Returns
    -------
    Summary
        What was rendered, what was left alone and what failed.

    Raises
    ------
    RenderError
        Where nothing can be begun.
    PolicyError
        For a policy that is none.
    Interrupted
        For Ctrl-C, and for SIGTERM and SIGHUP where this is called in the main thread.
    """
    project_root = project_root.resolve()
    if notebooks is None:
        notebooks = sorted((project_root / "notebooks").glob("*.ipynb"))
    listed = _listed(project_root, reviews)
    if 0 < sum(is_coding(review.folder) for review in listed) < len(listed):
        raise RenderError("codings of one coder are rendered apart from reviews: name either")
    first = listed[0].folder if listed else project_root
    out_dir = (out_dir or reports_folder(first, project_root)).resolve()
    common = plan(notebooks, policy or {}, parameters or {}, project_root, timeout)
    of_each = listed if any(not question.across for question in common.questions) else []
    wanted = [_Report(review.name, (review.folder,), review.problem) for review in of_each]
    wanted += _across(project_root, listed, common)
    with ExitStack() as stack:
        stack.enter_context(ends_in_order())
        try:
            questions = export.questions_key(project_root)
            folders.guard(out_dir, project_root)
            stack.enter_context(folders.locked(out_dir))
            folders.mend(out_dir)
            temporary = stack.enter_context(folders.temporary_folder())
        except (OSError, QuestionsError) as error:
            raise RenderError(f"nothing can be rendered: {message(error)}") from error
        # Files that a killed process leaves lie in this folder and are removed with it.
        environment = {**os.environ, "TMPDIR": str(temporary)}
        local = stack.enter_context(Pool(jobs or os.cpu_count() or 1, environment))
        makers: Workers = local
        if cluster is None:
            local.warm_up()
        else:
            makers = stack.enter_context(dask_workers(cluster, temporary))
        bar = stack.enter_context(closing(Progress(len(wanted) * len(common.questions), progress)))
        run = _Run(common, questions, out_dir, deque(wanted), force, makers, local, bar)
        try:
            try:
                carry_out(list(dict.fromkeys((makers, local))), run.next_job)
            except _FullError:
                local.end()
            try:
                # A process that has run notebooks has all that pages need, and the memory of a
                # front page over thousands of reports ends with it.
                with run.comparing("the pages over all reports", out_dir, "*"):
                    done_by(local, write_site, out_dir, project_root / "docs")
                trouble = ""
            except (LostError, ExportError, OSError) as error:
                trouble = message(error)
        except KeyboardInterrupt as error:
            raise Interrupted(run.interruption(), getattr(error, "exit_code", 130)) from error
        finally:
            # End the processes first: they may still write there.
            local.end()
            folders.mend(out_dir)
        return run.summary(trouble)


def check_reports(project_root: Path, *, jobs: int = 1) -> tuple[list[str], list[str], list[str]]:
    """Render every report anew in a temporary folder, and compare it with reports/: a line for each
    report or page that could not be made; else a line for each file that differs, and for each way
    in which a report that stands was made otherwise, or is of no review. Without any line the
    reports reproduce, byte by byte."""
    standing = project_root / "reports"
    with tempfile.TemporaryDirectory(prefix="casechron-") as folder:
        fresh = Path(folder) / "reports"
        try:
            summary = render_all(project_root, jobs=jobs, out_dir=fresh, force=True)
        except Interrupted as error:
            raise Interrupted(
                "interrupted before all reports were compared; nothing was changed", error.exit_code
            ) from error
        failed = [f"{name}: {why}" for name, why in (*summary.failures, *summary.lost)]
        failed += filter(None, [summary.trouble])
        if failed:
            return failed, [], []
        stale = _stale(project_root, standing)
        differing = {
            name: how
            for name, how in export.changed(export.digests(standing), export.digests(fresh)).items()
            if name.split("/")[0] not in stale
        }
        whys = [
            f"{name}: made {way}"
            for name in sorted({name.split("/")[0] for name in differing})
            for way in export.made_otherwise(standing / name, fresh / name)
        ]
        whys += map(NO_SUCH_REVIEW.format, stale)
        return [], [f"{name}: {how}" for name, how in differing.items()], whys


class _FullError(Exception):
    """Nothing more can be written."""


@dataclass(eq=False)
class _Report:
    """A report that is wanted: its name, the folders of the review or the reviews that it is of,
    and why nothing of it can be read; and what has become of it once it is begun."""

    name: str
    review_dirs: tuple[Path, ...]
    problem: str = ""
    parts: ReportParts = field(init=False)
    #: How many notebooks have not run yet.
    not_run: int = 0
    errors: list[str] = field(default_factory=list)
    #: The pages of the project's own questions that failed, which cost no other page.
    lost: dict[export.Page, str] = field(default_factory=dict)

    def without_lost_pages(self) -> ReportParts:
        """What the report is put together from: all but the pages that failed. It does not say
        that it was made from their notebooks, so that these are asked again."""
        facts, record = self.parts.facts, self.parts.made_from
        asked = dict(record["notebooks"])
        for page in self.lost:
            del asked[page.stem]
        pages = tuple(page for page in facts.pages if page not in self.lost)
        waiting = (*facts.waiting, *((page.title, "") for page in self.lost))
        facts = replace(facts, pages=pages, waiting=waiting)
        return replace(self.parts, facts=facts, made_from={**record, "notebooks": asked})


@dataclass(eq=False)
class _Run:
    """The reports of a run: those to come, a few that are begun, with all that they need, and by
    name those that are over."""

    plan: Plan
    questions: str
    out_dir: Path
    to_come: deque[_Report]
    force: bool
    makers: Workers
    local: Workers
    bar: Progress
    notebooks: deque[Job] = field(default_factory=deque)
    assemblies: deque[Job] = field(default_factory=deque)
    begun: set[_Report] = field(default_factory=set)
    rendered: list[str] = field(default_factory=list)
    unchanged: list[tuple[str, int]] = field(default_factory=list)
    compared: list[tuple[str, int, tuple[str, ...]]] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)
    lost: list[tuple[str, str]] = field(default_factory=list)
    #: Of each review that was checked the key of the data that were.
    keys: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.wanted = len(self.to_come)
        package = questions_package(self.plan.project_root)
        self.own_questions = re.compile(rf"\b{package.name}\b") if package else None

    def next_job(self, workers: Workers) -> Job | None:
        """The next job for `workers`; None if all that is left waits for another job."""
        if workers is self.makers:
            while not self.notebooks and not self.assemblies and self.to_come:
                self._begin(self.to_come.popleft())
        # Finished reports come first, so that their parts take no more room.
        if workers is self.local and self.assemblies:
            return self.assemblies.popleft()
        if workers is self.makers and self.notebooks:
            return self.notebooks.popleft()
        return None

    def _begin(self, report: _Report) -> None:
        """Hand out the notebooks of a report that have to run, unless nothing has changed or it
        cannot be read."""
        name, tasks = report.name, list[Task]()
        try:
            if report.problem:
                raise RenderError(report.problem)
            for folder in report.review_dirs:
                checked = self._checked(folder)
            keys = [self.keys[report_name(folder)] for folder in report.review_dirs]
            if name == ACROSS:
                asked = tasks_across(report.review_dirs, self.plan)
            else:
                asked = tasks_of(report.review_dirs[0], self.plan, checked)
            record = export.made_from(joined_key(keys), self.questions, asked)
            state = (
                export.Freshness() if self.force else export.freshness(self.out_dir / name, record)
            )
            if state.unchanged:
                self.unchanged.append((name, state.files))
                return
            stage = folders.stage(self.out_dir, name)
            for stem, text in state.kept.items():
                kept = export.with_tables(text, self.out_dir / name)
                export.write_text(stage / f"{stem}.ipynb", kept)
            tasks = [task for task in asked if task.page.stem not in state.kept]
        except (RenderError, ReviewError, OSError) as error:
            self._end(report, message(error), error)
            return
        finally:
            self.bar.left_out(len(self.plan.questions) - len(tasks))
        self.bar.begin()
        root = self.plan.project_root
        report.parts = ReportParts(stage, report.review_dirs, root, asked[0].facts, record)
        report.not_run = len(tasks)
        self.begun.add(report)
        for task in tasks:
            job = replace(task, vouched=" ".join(keys))
            self.notebooks.append(Job(make_into, (job, stage), partial(self._made, report, task)))
        if not tasks:
            self._put_together(report)

    def _checked(self, review_dir: Path) -> FormCheck | None:
        """A review as it was checked, which is done once a run; None if it was done before."""
        name = report_name(review_dir)
        if name in self.keys:
            return None
        # The key first: data saved from now on are noticed when the report is put together.
        key = data_key(review_dir)
        checked = check_form(review_dir)
        # Nothing of a review runs in which something is wrong; what is to do keeps nothing back.
        if checked.wrong:
            intro = "it cannot be read, as casechron check says too:"
            raise RenderError("\n  ".join([intro, *by_message(checked.wrong)]))
        read_meta(review_dir)  # what is not filled in there, each notebook would say once more
        self.keys[name] = key
        return checked

    def _made(
        self, report: _Report, task: Task, result: TaskResult | None, error: BaseException | None
    ) -> None:
        """Note that a notebook has run; after the last one its report is put together."""
        self.bar.made(report.name, task.page.stem)
        report.not_run -= 1
        try:
            if result:
                result = write_result(result, task, report.parts.folder)
        except OSError as refused:
            result, error = None, refused
        if result is None or result.error:
            why = result.error if result else f"{task.name}: {message(error)}"
            if result and self.own_questions and self.own_questions.search(task.source):
                report.lost[task.page] = why
            else:
                report.errors.append(why)
        if report.not_run == 0 or is_full(error):
            if report.errors or len(report.lost) == len(report.parts.facts.pages):
                whys = sorted([*report.errors, *report.lost.values()])
                self._end(report, "\n  ".join(dict.fromkeys(whys)), error)
            else:
                self._put_together(report)

    def _put_together(self, report: _Report) -> None:
        """Let all notebooks of a report, which have run, become its pages."""
        self.bar.putting_together(report.name)
        done = partial(self._assembled, report)
        self.assemblies.append(Job(assemble, (report.without_lost_pages(),), done))

    def _assembled(self, report: _Report, failed: str | None, error: BaseException | None) -> None:
        """Let a report that was put together take its place."""
        try:
            if error is None and not failed:
                folder = self.out_dir / report.name
                with self.comparing(report.name, folder):
                    folders.replace(report.parts.folder, folder)
        except OSError as refused:
            failed, error = message(refused), refused
        if error is not None or failed:
            self._end(report, failed or f"it could not be put together: {message(error)}", error)
            return
        self.begun.remove(report)
        self.lost += [(report.name, why) for why in report.lost.values()]
        self.rendered.append(report.name)

    def _end(self, report: _Report, why: str, error: BaseException | None) -> None:
        """A report that failed, of which nothing is left."""
        self.failures[report.name] = re.sub(r"\n(?! )", "\n  ", why)
        if report in self.begun:
            self.begun.remove(report)
            shutil.rmtree(report.parts.folder, ignore_errors=True)
        if is_full(error):
            raise _FullError

    @contextmanager
    def comparing(self, what: str, folder: Path, pattern: str = "**/*") -> Iterator[None]:
        """Keep for the summary, where all is rendered anew, how what stood in a folder before
        differs from what stands there then."""
        before = export.digests(folder, pattern) if self.force else {}
        yield
        if before:
            after = export.digests(folder, pattern)
            # The manifest differs where anything does.
            pairs = export.changed(before, after).items()
            lines = tuple(f"{name}: {how}" for name, how in pairs if name != export.MANIFEST)
            self.compared.append((what, len(after), lines))

    def interruption(self) -> str:
        """What a run that was interrupted has done."""
        done = (
            f"interrupted. {len(self.rendered)} of {self.wanted} reports were rendered and stand,"
            " all others are as they were; the same command goes on from here"
        )
        failed = [f"{name}: not rendered.\n  {why}" for name, why in sorted(self.failures.items())]
        return "\n".join([done, *failed])

    def summary(self, trouble: str) -> Summary:
        """What was done; `trouble` is what kept the pages over all reports from being written."""
        failed = tuple(sorted(self.failures.items()))
        rendered = tuple(sorted(self.rendered))
        front, unreadable = self.out_dir / "index.html", unreadable_in(self.out_dir)
        stale = _stale(self.plan.project_root, self.out_dir)
        return Summary(
            front_page=front if front.is_file() else None,
            rendered=rendered,
            failures=failed,
            stale=tuple(name for name in stale if name not in unreadable),
            unchanged=tuple(self.unchanged),
            not_begun=len(self.to_come) + len(self.begun),
            lost=tuple(sorted(self.lost)),
            without_report=tuple(name for name, _ in failed if not (self.out_dir / name).exists()),
            trouble=trouble and f"the pages over all reports could not be written: {trouble}",
            unreadable=tuple(unreadable),
            compared=tuple(sorted(self.compared)),
        )


def _listed(project_root: Path, reviews: Sequence[str] | None) -> list[ListedReview]:
    known = {review.name: review for review in list_reviews(project_root)}
    if not known:
        raise RenderError("there is no review to render; `casechron new` makes one")
    for name in reviews or ():
        if f"/{CODINGS}/" in name:
            folder = find_review(name, project_root)
            known[name] = ListedReview(report_name(folder), folder)
    unknown = [name for name in reviews or () if name not in known]
    if unknown:
        raise RenderError(
            f"there is no review {', '.join(unknown)}; data/ holds: {', '.join(known)}"
        )
    return [known[name] for name in sorted(set(known if reviews is None else reviews))]


def _across(project_root: Path, listed: Sequence[ListedReview], common: Plan) -> list[_Report]:
    """The report over all reviews that are not invented: where all reviews are rendered, two of
    these are there, and a notebook asks it."""
    names = [review.name for review in listed]
    every = [review.name for review in list_reviews(project_root)]
    real = tuple(review.folder for review in real_reviews(project_root))
    if names != every or len(real) < 2 or not any(question.across for question in common.questions):
        return []
    if ACROSS in names:
        raise RenderError(f"data/{ACROSS} has the name of the report over all reviews; rename it")
    return [_Report(ACROSS, real)]


def _stale(project_root: Path, out_dir: Path) -> tuple[str, ...]:
    """The reports whose review, or whose coding, is not there any more."""
    names = {path.parent.name for path in out_dir.glob("[!.]*/report.json")} - {ACROSS}
    data = project_root / "data"
    return tuple(name for name in sorted(names) if not (data / coded_name(name)).is_dir())
