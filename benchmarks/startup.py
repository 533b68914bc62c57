"""How much processor do the commands take that a coder runs again and again, and an import?

    python benchmarks/startup.py [--rounds 7]

`casechron --help`, `casechron check` of each review and `import casechron`, beside a Python that
does nothing and one that imports pandas. Seconds of processor of a child process
(`resource.getrusage`), the best and the median of the rounds, which take turns: another program on
the machine then slows all of them alike. A check is measured against `import pandas` of the same
round. Then the seconds of `read_review` in one process, with the check and without it."""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
AIM = 0.4
#: Of the processor that `import pandas` takes in the same run.
CHECK_AIM = 0.6
IMPORT_AIM = 0.1
NOTHING, PANDAS, FACE = (
    f"python -c '{code}'" for code in ("pass", "import pandas", "import casechron")
)


def processor(words: list[str]) -> float:
    """Seconds of processor of one run of a command."""
    before = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    subprocess.run(words, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    return sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - before


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ask.add_argument("--rounds", type=int, default=7)
    rounds = ask.parse_args().rounds
    os.environ["CASECHRON_ROOT"] = str(ROOT)
    # Where it is set, each process compiles anew what it imports of ours, and nothing of pandas.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    casechron = str(Path(sys.executable).with_name("casechron"))
    reviews = sorted(path.parent.name for path in (ROOT / "data").glob("*/review.toml"))
    commands = {
        name: [sys.executable, "-c", name.split("'")[1]] for name in (NOTHING, PANDAS, FACE)
    }
    commands |= {
        "casechron --help": [casechron, "--help"],
    }
    commands |= {f"casechron check {review}": [casechron, "check", review] for review in reviews}
    took: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, words in commands.items():
            took[name].append(processor(words))
    print(f"{'seconds of processor':44} {'best':>7} {'median':>7}")
    for name, seconds in took.items():
        print(f"{name:44} {min(seconds):7.3f} {statistics.median(seconds):7.3f}")
    print()
    medians = {name: statistics.median(seconds) for name, seconds in took.items()}
    ours = {name: median for name, median in medians.items() if name.startswith("casechron")}
    said("a median of the commands", AIM, ours)
    said(f"{FACE}, beyond {NOTHING}", IMPORT_AIM, {FACE: medians[FACE] - medians[NOTHING]})
    ratios = {
        name: statistics.median(
            one / pandas for one, pandas in zip(took[name], took[PANDAS], strict=True)
        )
        for name in ours
        if " check " in name
    }
    said("a check, as a part of `import pandas`", CHECK_AIM, ratios)
    print()
    for review in reviews:
        print(f"read_review({review!r}): {reading(review, rounds)}")


def said(what: str, aim: float, found: dict[str, float]) -> None:
    """One aim and what was found: each number, and whether it is met."""
    numbers = ", ".join(f"{name} {number:.3f}" for name, number in found.items())
    missed = [name for name, number in found.items() if number >= aim]
    verdict = f"MISSED by {', '.join(missed)}" if missed else "met"
    print(f"aim: {what} below {aim}: {verdict} ({numbers})")


def reading(review: str, rounds: int) -> str:
    """Median seconds of `read_review`, checked and vouched for by turns."""
    import casechron as cc
    from casechron.coding.files import VOUCHED_VARIABLE, data_key

    took: dict[str, list[float]] = {"": [], data_key(ROOT / "data" / review): []}
    for _ in range(rounds + 1):  # the first finds the imports to be made
        for key, seconds in took.items():
            os.environ[VOUCHED_VARIABLE] = key
            began = time.perf_counter()
            cc.read_review(review)
            seconds.append(time.perf_counter() - began)
    checked, vouched = (statistics.median(seconds[1:]) for seconds in took.values())
    return f"{checked:.4f} s with the check, {vouched:.4f} s where a run vouches for the bytes"


if __name__ == "__main__":
    main()
