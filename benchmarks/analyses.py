"""How long does each analysis take on the reviews in data/, and how much memory does each
notebook's need?

    python benchmarks/analyses.py [--rounds 5] [--review ID] [--notebooks '03*'] [--policy
    FIELD=VALUE]

The cells of each notebook run with figures, words and display left out; every call that a cell
makes of a function of `coding`, `chronology` or `analysis` is timed. Each round is a fork of a
process that has paid, as the template of reports has, for the imports, the codebook and the
calendar of England, so nothing else that was asked before is remembered. Times are seconds of
processor, medians of the rounds; memory is how far a round's peak rose above what it started with,
in MiB."""

from __future__ import annotations

import argparse
import ast
import functools
import importlib
import inspect
import json
import multiprocessing
import os
import pkgutil
import resource
import statistics
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
ROOT = Path(__file__).parents[1]
TIMED = ("casechron.coding", "casechron.chronology", "casechron.analysis")
Took = dict[str, float]
Given = Callable[[str, Any], None]


def cells(notebook: Path) -> list[str]:
    """The code of a notebook, cell by cell; the first one are its parameters."""
    return [
        "".join(cell["source"])
        for cell in json.loads(notebook.read_text("utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]


def run(
    notebook: Path, review: str, policy: dict[str, Any], given: Given = lambda name, value: None
) -> Took:
    """The seconds of processor that each function took; what each gave goes to `given`."""
    os.chdir(ROOT)
    took: Took = {}
    names: dict[str, Any] = {}
    for number, code in enumerate(cells(notebook)):
        for statement in ast.parse(code).body:
            exec(compile(ast.Module([statement], []), notebook.name, "exec"), names)
            if isinstance(statement, ast.ImportFrom):
                imported = [one.asname or one.name for one in statement.names]
                names |= {one: _watched(names[one], took, given) for one in imported}
        if number == 0:
            names |= {"review": review, "policy": policy}
    return took


def _watched(value: Any, took: Took, given: Given) -> Any:
    """The same module or function, timed; one that does nothing where it only shows."""
    if isinstance(value, ModuleType):
        if value.__name__.startswith("casechron.report"):
            return SimpleNamespace(**dict.fromkeys(dir(value), _nothing))
        own = {
            name: one
            for name, one in vars(value).items()
            if inspect.isfunction(one) and not name.startswith("_")
        }
        return SimpleNamespace(**{name: _watched(one, took, given) for name, one in own.items()})
    if not inspect.isfunction(value):
        return value
    if not value.__module__.startswith(TIMED):
        return _nothing
    called = f"{value.__module__.rpartition('.')[2]}.{value.__name__}"

    @functools.wraps(value)
    def timed(*asked: Any, **named: Any) -> Any:
        began = time.process_time()
        found = value(*asked, **named)
        took[called] = took.get(called, 0.0) + time.process_time() - began
        given(called, found)
        return found

    return timed


def _nothing(*asked: Any, **named: Any) -> None:
    return None


def _in_a_fork(notebook: Path, review: str, policy: dict[str, Any], answer: Connection) -> None:
    began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    took = run(notebook, review, policy)
    answer.send((took, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - began) / 1024))


def _warm() -> None:
    """What a process that makes reports has done before the first of them."""
    import casechron
    from casechron.analysis.clocks import rules
    from casechron.chronology.calendars import working_calendar
    from casechron.coding.codebook import codebook

    for module in pkgutil.walk_packages(casechron.__path__, "casechron."):
        if module.name.startswith((*TIMED, "casechron.report")) and ".kernels" not in module.name:
            importlib.import_module(module.name)
    codebook()
    rules()
    working_calendar("England")


def measured(
    notebook: Path, review: str, policy: dict[str, Any], rounds: int
) -> tuple[Took, float]:
    """Seconds of each function, medians of the rounds, and the memory that a round needed at
    most."""
    found: list[tuple[Took, float]] = []
    for _ in range(rounds):
        here, there = multiprocessing.Pipe(duplex=False)
        child = multiprocessing.get_context("fork").Process(
            target=_in_a_fork, args=(notebook, review, policy, there)
        )
        child.start()
        there.close()
        found.append(here.recv())
        child.join()
    names = found[0][0]
    return {name: statistics.median(one[name] for one, _ in found) for name in names}, max(
        grown for _, grown in found
    )


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ask.add_argument("--rounds", type=int, default=5)
    ask.add_argument(
        "--review", action="append", help="id of a review; may be repeated (default: all in data/)"
    )
    ask.add_argument(
        "--notebooks",
        default="0[1-7]*",
        help="which notebooks of one review, as a pattern of their names (default: all)",
    )
    ask.add_argument(
        "--policy",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="a field of the dating policy",
    )
    ask.add_argument(
        "--least",
        type=float,
        default=0.005,
        help="functions that take less are only summed (default: 0.005)",
    )
    said = ask.parse_args()
    policy = dict(pair.partition("=")[::2] for pair in said.policy)
    _warm()
    everything = 0.0
    for review in said.review or sorted(
        path.parent.name for path in (ROOT / "data").glob("*/review.toml")
    ):
        for notebook in sorted((ROOT / "notebooks").glob(f"{said.notebooks}.ipynb")):
            took, grown = measured(notebook, review, policy, said.rounds)
            total = sum(took.values())
            everything += total
            print(f"{review} {notebook.stem}: {total:.3f} s, {grown:.0f} MiB")
            for name, seconds in sorted(took.items(), key=lambda pair: -pair[1]):
                if seconds >= said.least:
                    print(f"    {name:44} {seconds:8.3f}")
    print(f"all analyses of these notebooks: {everything:.3f} s of processor")


if __name__ == "__main__":
    main()
