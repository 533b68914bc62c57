"""How much processor do the commands take that a coder runs again and again?

    python benchmarks/startup.py [--rounds 7]

`casechron --help` and `casechron check` of each review, beside a Python that does nothing. Seconds
of processor of a child process (`resource.getrusage`), the best and the median of the rounds, which
take turns: another program on the machine then slows all of them alike."""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
AIM = 0.4


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
    casechron = str(Path(sys.executable).with_name("casechron"))
    reviews = sorted(path.parent.name for path in (ROOT / "data").glob("*/review.toml"))
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
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
    missed = [name for name, seconds in took.items() if statistics.median(seconds) >= AIM]
    print(f"aim: a median below {AIM} s: {'MISSED by ' + ', '.join(missed) if missed else 'met'}")


if __name__ == "__main__":
    main()
