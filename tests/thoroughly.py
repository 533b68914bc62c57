"""How much is looked at? All of it in CI, a fair part of it while somebody works and waits.

`CASECHRON_EVERY=1 make test` looks at all of it anywhere.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Generator, Sequence
from datetime import date
from typing import Any, TypeVar

import pytest

T = TypeVar("T")

#: Whether all is looked at, and nothing may be skipped. What that adds to `make test`, and why who
#: waits has a part of it:
#: - Drawn cases: ten times as many (`examples`); and more seeds and simulated reviews in
#:   test_agreement, test_clocks, test_independent_results, test_sensitivity, test_shuffled,
#:   test_simulation and test_simulation_analyses. Others of a kind seldom say more.
#: - Of what holds of each review all reviews, not three or one (`drawn`).
#: - Every table of Child W under two readings, cell by cell, in test_left_open.
#: - Child W beside Child A, and other policies, in test_coding_in_the_open, test_fill,
#:   test_public_functions, test_sensitivity and test_sheet_handling: a review takes a
#:   second each time.
#: - Processes, of which each starts Python: the other engine or place of test_engine and
#:   test_execution, our notebooks in plain kernels in test_public_functions and test_parity,
#:   signals, moments and steps of test_interruption, folders, commands and engines of
#:   test_nothing_else_runs and a change of what is asked there, four tests of test_dask_workers,
#:   the workflow of a new project in test_starter, pytest within pytest in test_reports and
#:   test_render, and its worker in test_thoroughly.
#: - Tests that start many processes take turns (`in_turns`): one of five moments in
#:   test_interruption and of five changes in test_rerender, one of three runs of test_render and of
#:   test_engine, one of two of test_workers, a place of test_nothing_else_runs, one of what
#:   newcomers do (`walked`), one of two projects rendered for a claim (`rendered_for_it`).
#: - Pages in Chromium, of which each takes a second: in test_browser those of the other reviews,
#:   two dozen by every rule in light and dark at both widths, not four, and twelve printed where no
#:   sheets are counted, not two, and the picture of a bar that is hatched; in test_hostile all of
#:   one whole table. Which two dozen and twelve is drawn every day, as is what else is alike.
#: - nbval over the reports of all reviews but two, and over all notebooks of these two but one
#:   each (conftest.py); those of Child W are test_parity's then.
#: - The article's words: in test_no_source_text the reports of all reviews, not of one.
#: - LibreOffice: in test_import at all, in test_workbook the other kinds of file.
EVERY = os.environ.get("CASECHRON_EVERY") == "1"
#: What is drawn is another every day; the processes of one run share it. It is told at the end.
SEED = os.environ.setdefault("CASECHRON_SEED", date.today().isoformat())

#: For what is looked at then alone.
thorough = pytest.mark.skipif(not EVERY, reason="looked at with CASECHRON_EVERY=1")


def examples(number: int) -> int:
    """How many of so many drawn cases are tried: half where all is looked at, else a twentieth, and
    no fewer than five."""
    return max(number // (2 if EVERY else 20), 5)


def some(every: Sequence[Any], number: int = 1) -> Sequence[Any]:
    """Which cases are tried: each where all is looked at, else so many, which come first."""
    return every if EVERY else every[:number]


def drawn(every: Sequence[T], number: int = 1, in_ci: int | None = None) -> list[T]:
    """As `some`, but which they are is drawn by `SEED`; in their order. No more than `in_ci`, where
    all is looked at: of what is alike, others every day."""
    number = (in_ci or len(every)) if EVERY else number
    if number >= len(every):
        return [*every]
    places = random.Random(f"{SEED} {[*map(str, every)]}").sample(range(len(every)), number)
    return [every[at] for at in sorted(places)]


def in_turns(*names: str, number: int = 1) -> Callable[[str], pytest.MarkDecorator]:
    """Marks for tests that start many processes and take turns: of those named, so many run, drawn
    by `SEED`; all of them where all is looked at."""
    chosen = drawn(names, number)

    def mark(name: str) -> pytest.MarkDecorator:
        assert name in names
        return pytest.mark.skipif(
            name not in chosen, reason="takes turns with others; CASECHRON_EVERY=1 runs all"
        )

    return mark


#: What newcomers do, each time a whole project made and rendered.
walked = in_turns(
    "the steps of the README", "the tutorial", "a simulated review", "a notebook opened by hand"
)
#: A project, or a part of one, that is rendered for one claim each.
rendered_for_it = in_turns("one more review", "a coding apart from reviews")


class NothingSkipped:
    """A plugin under which a skip is a failure: of a test, a doctest, a cell or a whole module."""

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        fail_if_skipped(report)
        return report

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_make_collect_report(
        self,
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        report = yield
        fail_if_skipped(report)
        return report


def fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure that gives its reason; what is expected to fail is no skip."""
    if report.skipped and not hasattr(report, "wasxfail"):
        assert isinstance(report.longrepr, tuple)
        file, line, reason = report.longrepr
        report.outcome = "failed"
        report.longrepr = (
            f"{file}:{line}: {reason}\nWith CASECHRON_EVERY=1 nothing may be skipped: provide what"
            " it needs, or unset CASECHRON_EVERY."
        )
