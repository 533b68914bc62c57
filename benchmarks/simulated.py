"""How long do a thousand reports of reviews with known truth take, how much memory, and does the
truth always hold?

    python benchmarks/simulated.py [--reviews 1000] [--jobs 2] [--notebook 02_chronology] [--seed 1]
    [--out FOLDER]

Reviews of 20 to 60 events are made up from a seed and written to disk; of each, every true day must
lie within its bounds and every true gap within the minimal network, or the run fails. Then one
notebook is rendered for each, ipynb and HTML with the tables and figures that go with them, as
`casechron render --all` does it: checked folders, fresh processes, whole reports only. Times are
wall seconds, those of rendering with the starting of all processes and with the pages over all
reports. Memory is resident, of the process that renders as reports get done, and at the peak of any
process below it, pages that are shared between them counted in each. Seconds of processor are those
of all these processes until shortly before the end; they say the same on a busy machine, where wall
seconds say nothing."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import yardstick

from casechron.chronology import solve
from casechron.coding.reviews import frames_with
from casechron.dates.policy import DatingPolicy
from casechron.report.render import render_all

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "validation"))

from simulation import SimulatedReview, simulate_many, write_reviews  # noqa: E402
from simulation.containment import outside_of, widths  # noqa: E402

MINUTES = 6 * 60
#: A run is flat if the process that renders grows by no more than this from the 100th report to the
#: last.
GROWTH = 1.1


class Truths:
    """Looks at each review as it is written: how much of the truth lies outside, and how wide the
    bounds are."""

    def __init__(self) -> None:
        self.violations: list[str] = []
        self.widths: list[int | None] = []
        self.events: list[int] = []

    def looked_at(self, reviews: Iterator[SimulatedReview]) -> Iterator[SimulatedReview]:
        for made in reviews:
            tables = frames_with(made.tables)
            chronology = solve(tables["events"], tables["relations"], made.policy)
            self.violations += [
                f"{made.id}: {found}" for found in outside_of(chronology, made.truth)
            ]
            self.widths += widths(chronology, made.truth) if chronology.admissible else []
            self.events.append(len(tables["events"]))
            yield made

    def __str__(self) -> str:
        closed = [width for width in self.widths if width is not None]
        open_share = 1 - len(closed) / len(self.widths)
        return (
            f"{len(self.events):,} reviews of {min(self.events)} to {max(self.events)} events,"
            f" {len(self.widths):,} true days\n  outside their bounds, or apart by more than is"
            f" admitted   {len(self.violations)} (must be 0)\n  days that the bounds leave open:"
            f" mean {statistics.fmean(closed):.1f}, median {statistics.median(closed):.0f}, certain"
            f" {sum(one == 1 for one in closed) / len(self.widths):.0%}, without end"
            f" {open_share:.0%}"
        )


class Watch:
    """Watches resident memory, of this process by the number of reports that are done and of all
    below it; and the processor."""

    def __init__(self, reports: Path) -> None:
        self._reports, self._over = reports, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.by_done: list[tuple[int, float]] = []
        self.peak_of_child = 0.0
        self.processor = 0.0

    def __enter__(self) -> Watch:
        self._before = sum(os.times()[:2])
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.5):
            done = sum(1 for _ in self._reports.glob("[!.]*/report.json"))
            self.by_done.append((done, _status(Path("/proc/self"))["VmRSS"]))
            below = _below()
            self.peak_of_child = max([self.peak_of_child, *(one["VmHWM"] for one in below)])
            used = (
                sum(_seconds(int(one["Pid"])) for one in below) + sum(os.times()[:2]) - self._before
            )
            self.processor = max(
                self.processor, used
            )  # a process that ends hands its seconds to the one that began it

    def at(self, done: int) -> float | None:
        """MiB when so many reports were done, or a few more."""
        return next((memory for there, memory in self.by_done if there >= done), None)


def _status(process: Path) -> dict[str, float]:
    """A process's parent, and its memory in MiB; nothing where the process is gone."""
    try:
        lines = (process / "status").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    said = dict(line.split(":", 1) for line in lines)
    found = {name: int(said.get(name, "0 kB").split()[0]) / 1024 for name in ("VmRSS", "VmHWM")}
    return {**found, "PPid": int(said.get("PPid", "0")), "Pid": int(said.get("Pid", "0"))}


def _seconds(process: int) -> float:
    """Seconds of processor of a process and of those that it has waited for; 0 where it is gone."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _below() -> list[dict[str, float]]:
    """Every process that this one has begun, and those that they have."""
    everyone = [_status(entry) for entry in Path("/proc").glob("[0-9]*")]
    (own,) = (one["Pid"] for one in [_status(Path("/proc/self"))])
    wanted, found = {own}, []
    while wanted:
        below = [one for one in everyone if one["PPid"] in wanted]
        found += below
        wanted = {one["Pid"] for one in below}
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reviews", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--notebook", default="02_chronology", help="its name without .ipynb")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--out", type=Path, help="a new folder to keep it all in; default: a temporary one"
    )
    asked = parser.parse_args()
    print(
        f"Python {platform.python_version()}, seed {asked.seed}, {asked.jobs} jobs, notebook"
        f" {asked.notebook}"
    )
    with tempfile.TemporaryDirectory() as temporary:
        return measure(asked, asked.out or Path(temporary) / "project")


def measure(asked: argparse.Namespace, project: Path) -> int:
    truths = Truths()
    begun = time.perf_counter()
    write_reviews(
        truths.looked_at(simulate_many(asked.seed, asked.reviews, policy=DatingPolicy())), project
    )
    print(
        f"{truths}\n  made, held against their truth and written in"
        f" {time.perf_counter() - begun:.1f} s\n"
    )
    for found in truths.violations[:10]:
        print(f"  {found}")
    shutil.copytree(ROOT / "notebooks", project / "notebooks")
    notebook = project / "notebooks" / f"{asked.notebook}.ipynb"
    reports = project / "reports"
    with Watch(reports) as watch:
        before = yardstick.seconds()
        begun = time.perf_counter()
        done = render_all(
            project, jobs=asked.jobs, notebooks=[notebook], progress=sys.stderr.isatty()
        )
        seconds = time.perf_counter() - begun
    for review, why in done.failures[:10]:
        print(f"  {review}: {why}")
    each = seconds / asked.reviews
    print(f"five million additions took {before:.2f} s before, {yardstick.seconds():.2f} s after")
    print(
        f"{len(done.rendered):,} reports rendered, {len(done.failures)} failed: {seconds:.1f} s,"
        f" {each:.3f} s a report"
    )
    on_course = each <= MINUTES / 1000
    print(
        f"  target: 1,000 in {MINUTES} s, {MINUTES / 1000:.2f} s each:"
        f" {'met' if on_course else 'MISSED'}"
    )
    flat = told_of(watch, asked.reviews)
    return int(bool(truths.violations or done.failures) or not (on_course and flat))


def told_of(watch: Watch, reviews: int) -> bool:
    """Print the memory; whether it is flat, as far as can be seen."""
    if not watch.by_done or not watch.by_done[-1][1]:
        print("  memory is read from /proc, which is not there")
        return True
    last = watch.by_done[-1][1]
    marks = [(done, watch.at(done)) for done in (1, 100, 500) if done < reviews]
    said = [f"{held:.0f} MiB at report {done}" for done, held in marks if held is not None]
    print(f"  the process that renders: {', '.join([*said, f'{last:.0f} MiB at the last'])}")
    print(f"  processor: {watch.processor:.0f} s, {watch.processor / reviews:.2f} s a report")
    print(f"  the largest process below it: {watch.peak_of_child:.0f} MiB at its peak")
    at_100 = watch.at(100) if reviews > 100 else None
    flat = at_100 is None or last <= GROWTH * at_100
    if at_100 is not None:
        print(
            f"  target: no more than {GROWTH - 1:.0%} above that of report 100:"
            f" {'met' if flat else 'MISSED'}"
        )
    return flat


if __name__ == "__main__":
    sys.exit(main())
