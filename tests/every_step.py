"""End a render at each of its steps in turn, and look at what it leaves: a script, for
`test_interruption`.

    python every_step.py PROJECT FIRST EACH

The steps are those that change the disk; from FIRST on, EACH is 1 for all of them, 3 for every
third. Killed: the process ends there, what it was writing half written; once where two folders can
change places in one step, and once where they cannot. Full: there is no room from there on. Prints
a line of JSON: how many steps there were each time, and in `wrong` a sentence for each that left
what it should not."""

from __future__ import annotations

import errno
import itertools
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from casechron.report import assembly, folders, render
from casechron.report.execution import RenderError, make
from casechron.report.export import check_manifest
from casechron.report.plans import plan, tasks_of
from casechron.report.render import Summary
from casechron.report.run.workers import Job
from test_render import ALPHA, contents

REFUSED = 3
FULL = "No space left on device"


class Here:
    """Workers that are this very process, so that it is this one which ends."""

    def __init__(self, *_: object) -> None:
        self.running: dict[int, tuple[Job, object, BaseException | None]] = {}

    def warm_up(self) -> None:
        pass

    def room(self) -> int:
        return 1 - len(self.running)

    def idle(self) -> bool:
        return False

    def begin(self, job: Job) -> None:
        try:
            self.running[0] = job, job.function(*job.given), None
        except OSError as error:
            self.running[0] = job, None, error

    def finished(self, _: float) -> list[tuple[Job, object, BaseException | None]]:
        return [self.running.pop(0)] if self.running else []

    def end(self) -> None:
        pass

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def main(root: Path, first: int, each: int) -> None:
    review = root / "data" / ALPHA
    notebooks = sorted((root / "notebooks").glob("*.ipynb"))
    policies: list[dict[str, str]] = [{}, {"winter": "ends"}]
    results = {}
    for policy in policies:
        for task in tasks_of(review, plan(notebooks, policy, {}, root, 60)):
            results[str(task.parameters)] = make(task)
    assembly.make = lambda task: results[str(task.parameters)]
    render.Pool = Here

    def rendered(reports: Path, policy: dict[str, str]) -> Summary:
        return render.render_all(root, policy=policy, out_dir=reports, progress=False)

    def old(reports: Path) -> Path:
        assert rendered(reports, policies[0]).rendered == (ALPHA,)
        return reports / ALPHA

    def new(reports: Path) -> None:
        done = rendered(reports, policies[1])
        if done.failures or done.trouble:
            raise RenderError("; ".join([*dict(done.failures).values(), done.trouble]))

    new(root / "new")
    whole = [contents(old(root / "old")), contents(root / "new" / ALPHA)]
    counts: dict[str, object] = {}
    wrong: list[str] = []
    reports = root / "reports"
    for how in ("full", "killed, exchange", "killed, rename"):
        if how == "killed, rename":
            folders._exchanged = lambda *paths: False
        for step in itertools.count(first, each):
            shutil.rmtree(reports, ignore_errors=True)
            shutil.copytree(root / "old", reports)
            status, words = ended(step, how, lambda: new(reports))
            if how == "full" and status == REFUSED and FULL not in words:
                wrong.append(f"{how}: step {step} said: {words}")
            if how != "full":
                folders.mend(reports)
            # What is over all reports is written last, each file whole.
            there = sorted(path.name for path in reports.iterdir() if path.name not in folders.SITE)
            if there != [ALPHA]:
                wrong.append(f"{how}: step {step} left {there}")
            elif check_manifest(reports / ALPHA) or contents(reports / ALPHA) not in whole:
                wrong.append(
                    f"{how}: step {step} left a report that is neither the old nor the new"
                )
            if status == 0:
                break
        counts[how] = step - 1
    print(json.dumps({**counts, "wrong": wrong}))


def ended(step: int, how: str, what: Callable[[], object]) -> tuple[int, str]:
    """The exit code of a process that ends at this step, or does not come to it; and why, if it
    says so."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        arm(step, how)
        try:
            what()
        except RenderError as error:
            os.write(writing, str(error).encode())
            os._exit(REFUSED)
        os._exit(0)
    os.close(writing)
    with open(reading, encoding="utf-8") as pipe:
        words = pipe.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), words


def arm(step: int, how: str) -> None:
    """From now on the `step`-th thing that changes the disk goes wrong."""
    left = itertools.count(step - 1, -1)

    def goes_wrong(halfway: Callable[[], object]) -> None:
        now = next(left)
        if how != "full" and now == 0:
            halfway()
            os._exit(9)
        if how == "full" and now <= 0:
            halfway()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def guarded(owner: object, name: str, halfway: Callable[..., object] = lambda *_: None) -> None:
        original = getattr(owner, name)

        def instead(*given: object, **more: object) -> object:
            goes_wrong(lambda: halfway(*given))
            return original(*given, **more)

        setattr(owner, name, instead)

    write = Path.write_bytes
    guarded(Path, "write_bytes", lambda path, content: write(path, content[: len(content) // 2]))
    guarded(os, "mkdir")
    if how != "full":
        # To remove something needs no room, and to rename it none that is not there.
        for name in ("unlink", "rmdir", "rename", "replace"):
            guarded(os, name)
        guarded(folders, "_exchanged")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
