"""How long does a report take, and what does each way of making it cost?

    python benchmarks/reports.py [--reports 20] [--jobs 2] [--commands 20] [--notebooks '0[1-7]*']

A report is one notebook of ours run for one review under one dating policy, as ipynb and HTML. It
needs nbconvert, which `make lab` sets up: run it by the Python of `.venv-lab`. The same reports are
made, as many at once each time, by

- the engine of casechron: each notebook in a fresh fork of a warm template, and its page, the pages
  of its tables, the hand-out and the single file;
- papermill's API with a plain kernel and nbconvert's HTML, in a pool of processes;
- the commands `papermill` and `jupyter nbconvert` (fewer of them if `--commands` says so);
- a plain warmed process: the same cells in one shell and the same pages as ours, no papermill,
  nothing isolated. This is the floor: what is above it is overhead. It has run other reports
  before, but not this one: the package remembers some of what it has worked out, and a report that
  is looked up is none that is run.

Wall seconds hold the starting of pools and templates, except for the floor, which is warm by
definition. Seconds of processor are those of a report and of the kernel that it needs, without that
start; they say the same on a busy machine. The forked reports and those of plain kernels must be
the same bytes, or the run fails.

    python benchmarks/reports.py --changed child-w-manchester-2020

measures something else: in a copy of the project one date of that review is changed, `casechron
render REVIEW` makes all its pages anew, and the commands run the same notebooks of the same review,
one after the other and as many at once.

    python benchmarks/reports.py --whole child-w-manchester-2020 --beside FOLDER

measures all that a review needs, by turns with another edition of this project, which `make` has
set up in a folder. On Linux, and with nothing else running: what is counted is the machine."""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import multiprocessing
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from statistics import fmean, median
from typing import Any

import yardstick

from casechron.coding.files import VOUCHED_VARIABLE, data_key
from casechron.report.execution import ENGINE, execute, notebook_environment, parse_notebook
from casechron.report.export import ReviewFacts
from casechron.report.page.build import write_pages
from casechron.report.parameters import cell_of, declared_parameters
from casechron.report.plans import plan, tasks_of
from casechron.report.run.workers import Job, Pool, carry_out

ROOT = Path(__file__).parents[1]
#: How often the engine and the bare cells are measured in turn, and over how many reports.
ROUNDS, IN_TURN = 3, (20, 100)
POLICIES: tuple[dict[str, Any], ...] = (
    {},
    {"duration_slack": "none"},
    {"approximate_slack": "none"},
    {"winter": "ends"},
    {"working_day_one": "start day"},
)
WARM = "one job, warm"
#: The reports that warm the processes in which others are measured.
WARMING = slice(72, 90)
Task = tuple[Path, str, dict[str, Any], Path]


def tasks(count: int, out: Path, pattern: str = "*") -> list[Task]:
    """Notebooks, reviews and policies in turn; the policies then come again with another end of
    `early`."""
    notebooks = [
        path for path in sorted((ROOT / "notebooks").glob(f"{pattern}.ipynb")) if _of_one(path)
    ]
    reviews = sorted(path.parent.name for path in (ROOT / "data").glob("*/review.toml"))
    days = ({} if more == 0 else {"end_from": 22 + more % 8} for more in itertools.count())
    all_of_them = (
        (notebook, review, {**policy, **day}, out / f"{number}")
        for number, (day, policy, notebook, review) in enumerate(
            (day, policy, notebook, review)
            for day in days
            for policy in POLICIES
            for notebook in notebooks
            for review in reviews
        )
    )
    return list(itertools.islice(all_of_them, count))


def _of_one(notebook: Path) -> bool:
    """Whether a notebook is of one review; what is asked of several is another kind of report."""
    source = parse_notebook(notebook.read_text(encoding="utf-8"), notebook.name)
    return "review" in declared_parameters(cell_of(source))


def processor() -> float:
    """Seconds of processor of this process and of those that it has waited for."""
    return sum(
        sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )


@cache
def checked(review: str) -> dict[str, str]:
    """What tells a notebook that somebody has checked its review already; no way pays for that."""
    return {VOUCHED_VARIABLE: data_key(ROOT / "data" / review)}


@cache
def facts_of(review: str) -> ReviewFacts:
    """What each page says of the review; no way pays for that either."""
    planned = plan(sorted((ROOT / "notebooks").glob("*.ipynb")), {}, {}, ROOT, 600)
    return tasks_of(ROOT / "data" / review, planned)[0].facts


def write_html(task: Task, ran: Any) -> None:
    """The pages that we make of an executed notebook."""
    folder = task[3].parent / f"{task[3].name}-pages"
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    write_pages(folder, facts_of(task[1]), {task[0].stem: ran})


def report(task: Task, engine: str | None) -> float:
    """One report, by our engine or through papermill's API and nbconvert; seconds of
    processor."""
    from casechron.report.normalise import normalised, notebook_text

    facts_of(task[1])
    began = processor()
    notebook, review, policy, out = task
    parameters = {"review": review, "policy": policy}
    if engine == ENGINE:
        source = parse_notebook(notebook.read_text(encoding="utf-8"), notebook.name)
        ran = execute(source, notebook.name, parameters, ROOT, environment=checked(review))
        write_html(task, ran)
    else:
        import papermill
        from nbconvert import HTMLExporter

        os.environ |= notebook_environment(ROOT, checked(review))
        ran = normalised(
            papermill.execute_notebook(
                notebook,
                None,
                parameters=parameters,
                kernel_name="python3",
                progress_bar=False,
                request_save_on_cell_execute=False,
                autosave_cell_every=0,
                cwd=ROOT,
                extra_arguments=["--IPKernelApp.log_level=50"],
            )
        )
        html, _ = HTMLExporter().from_notebook_node(ran)
        out.with_suffix(".html").write_text(html, encoding="utf-8")
    out.with_suffix(".ipynb").write_text(notebook_text(ran), encoding="utf-8")
    return processor() - began


def by_engine(task: Task) -> tuple[float, float]:
    """Wall seconds and seconds of processor of one report in the engine."""
    began = time.perf_counter()
    used = report(task, ENGINE)
    return time.perf_counter() - began, used


def floor(task: Task) -> tuple[float, float]:
    """Wall seconds and seconds of processor for what every way of making a report pays: its cells
    and its pages."""
    import nbformat
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    from casechron.report.normalise import notebook_text

    os.chdir(ROOT)
    os.environ |= notebook_environment(ROOT, checked(task[1]))
    main = sys.modules["__main__"]
    shell = InteractiveShell.instance()
    facts_of(task[1])
    began, used = time.perf_counter(), processor()
    # A fork ends with what it holds; whoever goes on has to let go of it.
    shell.reset()
    # What is written is what the notebook gave when it was run before.
    ran = nbformat.read(task[3].with_suffix(".ipynb"), as_version=4)
    with capture_output():
        for cell in ran.cells:
            if cell.cell_type == "code":
                shell.run_cell(cell.source, store_history=True).raise_error()
    write_html(task, ran)
    written = task[3].parent / "floor"
    written.with_suffix(".ipynb").write_text(notebook_text(ran), encoding="utf-8")
    took = time.perf_counter() - began, processor() - used
    # The shell has put its own there, in which the next task of this process would not be found.
    sys.modules["__main__"] = main
    return took


def done_by(pool: Pool, work: Callable[[Task], Any], todo: list[Task]) -> list[Any]:
    """What work gives for each task, in the order in which they are done."""
    results: list[Any] = []

    def keep(result: Any, error: BaseException | None) -> None:
        if error is not None:
            raise error
        results.append(result)

    waiting = iter(todo)
    carry_out([pool], lambda _: next((Job(work, (task,), keep) for task in waiting), None))
    return results


def in_turn(todo: list[Task], warming: list[Task]) -> dict[str, list[tuple[float, float]]]:
    """Wall seconds and seconds of processor of each report in the engine, and of its cells alone.

    Report by report, one way right after the other and each in a process of its own that `warming`
    has warmed, so that a machine that slows down slows both. Of each report the median over the
    rounds stands."""
    ways = {"engine of casechron": by_engine, "cells and pages": floor}
    took: dict[str, list[list[tuple[float, float]]]] = {name: [[] for _ in todo] for name in ways}
    for turn in range(ROUNDS):
        # New ones each time, in which each report is run once.
        with Pool(1) as one, Pool(1) as other:
            pools = dict(zip(ways, (one, other), strict=True))
            for name, work in ways.items():
                done_by(pools[name], work, warming)
            for number, task in enumerate(todo):
                # Each begins as often as the other.
                for name in sorted(ways, reverse=(turn + number) % 2 == 1):
                    took[name][number] += done_by(pools[name], ways[name], [task])
    return {
        name: [
            (median(wall), median(used))
            for wall, used in (zip(*each, strict=True) for each in reports)
        ]
        for name, reports in took.items()
    }


def mean(reports: list[tuple[float, float]]) -> tuple[float, float]:
    """Wall seconds and seconds of processor of a report, on average."""
    wall, used = zip(*reports, strict=True)
    return fmean(wall), fmean(used)


def commands(task: Task) -> None:
    notebook, review, policy, out = task
    written = out.with_suffix(".ipynb")
    run = [
        "papermill",
        notebook,
        written,
        "-p",
        "review",
        review,
        "-y",
        f"policy: {json.dumps(policy)}",
        "--cwd",
        ROOT,
    ]
    run += ["-k", "python3", "--no-progress-bar"]
    for command in (run, ["jupyter", "nbconvert", "--to", "html", "--log-level=ERROR", written]):
        done = subprocess.run(
            [Path(sys.executable).parent / command[0], *command[1:]], capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(f"{command[0]} failed: {done.stderr[-2000:]}")


def timed(made: Callable[[], list[float | None]]) -> tuple[float, float]:
    """Wall seconds, and seconds of processor where the work itself says them."""
    began = time.perf_counter()
    used = made()
    return time.perf_counter() - began, sum(seconds or 0.0 for seconds in used)


def by_pool(jobs: int, todo: list[Task]) -> list[float | None]:
    with Pool(jobs) as pool:
        return done_by(pool, partial(report, engine=ENGINE), todo)


def by_executor(pool: Callable[[], Any], work: Callable[[Task], Any], todo: list[Task]) -> Any:
    with pool() as running:
        return list(running.map(work, todo))


def compare(many: int, jobs: int, by_command: int, pattern: str) -> dict[str, tuple[float, float]]:
    """Wall seconds and seconds of processor of a report, for each way of making it."""
    spawned = partial(ProcessPoolExecutor, jobs, mp_context=multiprocessing.get_context("spawn"))
    with tempfile.TemporaryDirectory() as place:
        folders = [Path(place) / name for name in ("forked", "api", "commands", "warming")]
        for folder in folders:
            folder.mkdir()
        forked, plain, some = (
            tasks(number, folder, pattern)
            for number, folder in zip((many, many, by_command), folders[:3], strict=True)
        )
        took = {"engine of casechron": timed(partial(by_pool, jobs, forked))}
        by_api = partial(report, engine=None)
        took["papermill's API and nbconvert"] = timed(partial(by_executor, spawned, by_api, plain))
        each = {name: (wall / many, used / many) for name, (wall, used) in took.items()}
        if some:
            before = processor()
            threads = partial(ThreadPoolExecutor, jobs)
            wall, _ = timed(partial(by_executor, threads, commands, some))
            each["the commands of both"] = (
                wall / len(some),
                (processor() - before) / len(some),
            )
        # One job, so that nothing waits for another.
        # All notebooks and reviews, under a policy that no report of the first twenty has.
        warming = tasks(WARMING.stop, folders[-1], pattern)[WARMING]
        turns = in_turn(forked[: max(IN_TURN)], warming)
        for count in sorted({min(number, many) for number in IN_TURN}):
            for name, reports in turns.items():
                each[f"{WARM}, {count} reports: {name}"] = mean(reports[:count])
        for one, other in zip(forked, plain, strict=True):
            if len({path.with_suffix(".ipynb").read_bytes() for path in (one[3], other[3])}) > 1:
                raise SystemExit(
                    f"{one[0].name} of {one[1]} under {one[2]}: the two engines give other bytes"
                )
    return each


def changed(review: str, jobs: int) -> None:
    """One review after one changed date, by the command of casechron and by those of others."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "project"
        for name in ("data", "notebooks", "docs"):
            shutil.copytree(ROOT / name, root / name)
        events = root / "data" / review / "events.csv"
        render = [Path(sys.executable).parent / "casechron", "render", review, "--jobs", str(jobs)]

        def rendered() -> float:
            began = time.perf_counter()
            subprocess.run(render, cwd=root, check=True, capture_output=True)
            return time.perf_counter() - began

        rendered()  # what is skipped later has to stand
        text = events.read_text(encoding="utf-8")
        dates = [row["date"] for row in csv.DictReader(text.splitlines())]
        # A month becomes its year, which can hold together with all that held before.
        month = next(date for date in dates if re.fullmatch(r"\d{4}-\d{2}", date))
        wider = text.replace(f",{month},", f",{month[:4]},", 1)
        if wider == text:
            raise SystemExit(f"no date of {events} could be changed")
        events.write_text(wider, encoding="utf-8")
        ours = rendered()
        notebooks = sorted(path for path in (ROOT / "notebooks").glob("*.ipynb") if _of_one(path))
        todo = [(path, review, {}, Path(place) / path.stem) for path in notebooks]
        took = {}
        for at_once in (1, jobs):
            with ThreadPoolExecutor(at_once) as threads:
                began = time.perf_counter()
                list(threads.map(commands, todo))
                took[at_once] = time.perf_counter() - began
    print(f"{len(todo)} notebooks of {review} after one date was changed, seconds:")
    print(f"casechron render {review} --jobs {jobs}: {ours:.1f}")
    for at_once, seconds in took.items():
        print(f"the commands, {at_once} at once: {seconds:.1f}, {seconds / ours:.1f} times as long")


def whole(review: str, other: Path, rounds: int = 7) -> None:
    """Seconds of processor of all that a review needs, in this project and in another edition."""
    took: dict[Path, list[float]] = {ROOT: [], other.resolve(): []}
    with tempfile.TemporaryDirectory() as place:
        for _ in range(1 + rounds):
            for root, seconds in took.items():
                command = [root / ".venv" / "bin" / "casechron", "render", review, "--force"]
                began = _busy()
                subprocess.run(
                    [*command, "--jobs", "1", "--out", Path(place) / f"{len(seconds)}-{root.name}"],
                    cwd=root,
                    check=True,
                    capture_output=True,
                )
                time.sleep(0.5)  # the last processes end
                seconds.append(_busy() - began)
    print(f"{review}, seconds of processor, {rounds} rounds after one that is not counted:")
    for name, seconds in zip(("this edition", "the other"), took.values(), strict=True):
        counted = sorted(seconds[1:])
        print(f"{name}: least {counted[0]:.2f}, median {median(counted):.2f}", end="; ")
        print(", ".join(f"{each:.1f}" for each in seconds[1:]))


def _busy() -> float:
    """Seconds that the processors of this machine have worked since it started."""
    user, nice, system, _, _, irq, softirq, *_ = map(
        int, Path("/proc/stat").read_text(encoding="ascii").split("\n")[0].split()[1:]
    )
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ask.add_argument("--reports", type=int, default=20)
    ask.add_argument("--jobs", type=int, default=2)
    ask.add_argument(
        "--commands", type=int, help="how many reports to make by commands (default: all)"
    )
    ask.add_argument(
        "--notebooks",
        default="0[1-7]*",
        help="which notebooks of one review, as a pattern of their names (default: all)",
    )
    ask.add_argument("--changed", metavar="REVIEW", help="one review after one changed date")
    ask.add_argument("--whole", metavar="REVIEW", help="all of one review, beside another edition")
    ask.add_argument("--beside", type=Path, help="the folder of that edition")
    said = ask.parse_args()
    if said.changed:
        changed(said.changed, said.jobs)
        return
    if bool(said.whole) != bool(said.beside):
        ask.error("--whole and --beside go together")
    if said.whole:
        whole(said.whole, said.beside)
        return
    by_command = said.reports if said.commands is None else said.commands
    before = yardstick.seconds()
    each = compare(said.reports, said.jobs, by_command, said.notebooks)
    print(
        f"{said.reports} reports, {said.jobs} at once, {os.cpu_count()} processors; {by_command} of"
        " them by commands"
    )
    print(f"{'seconds a report':52} {'wall':>8} {'ratio':>6} {'processor':>10} {'ratio':>6}")
    wall, used = each["engine of casechron"]
    for name, (one, other) in each.items():
        print(f"{name:52} {one:8.2f} {one / wall:6.1f} {other:10.2f} {other / used:6.1f}")
    print(f"five million additions took {before:.2f} s before, {yardstick.seconds():.2f} s after")
    warm = [(name, seconds) for name, seconds in each.items() if name.startswith(WARM)]
    for (name, ours), (_, floor_of) in zip(warm[::2], warm[1::2], strict=True):
        wall, used = (one / least - 1 for one, least in zip(ours, floor_of, strict=True))
        print(
            f"overhead of isolation and papermill, {name.split(':')[0]}: {wall:.0%} of wall,"
            f" {used:.0%} of processor"
        )
    print("the forked and the plain reports are the same bytes")


if __name__ == "__main__":
    # Under its own name, by which other processes find what is here; they import nothing from where
    # a script lies, unless they are told to.
    import reports

    os.environ["PYTHONPATH"] = str(Path(__file__).parent)

    reports.main()
