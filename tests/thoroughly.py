"""How much is looked at? All of it in CI, a fair part of it while somebody works and waits.

`CASECHRON_EVERY=1 make test` looks at all of it anywhere.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from typing import Any

import pytest

#: Every notebook of every review on both kinds of kernel, every page by every rule in light and
#: dark at both widths, each signal that can end a run, and what needs a cluster or processes of
#: pytest of its own. Nothing may be skipped then.
EVERY = os.environ.get("CASECHRON_EVERY") == "1"

#: For what is looked at then alone.
thorough = pytest.mark.skipif(not EVERY, reason="looked at with CASECHRON_EVERY=1")


def examples(number: int) -> int:
    """How many of so many drawn cases are tried: each where all is looked at, a fifth else."""
    return number if EVERY else number // 5


def some(every: Sequence[Any], number: int = 1) -> Sequence[Any]:
    """Which cases are tried: each where all is looked at, else so many, which come first."""
    return every if EVERY else every[:number]


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
