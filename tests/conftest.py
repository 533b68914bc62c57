"""Settings that all tests share."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import matplotlib
import pytest
from hypothesis import HealthCheck, settings

import casechron as cc
from an_example_review import example_review
from casechron.report.about import tell_from
from real_reviews import real_review
from thoroughly import EVERY, SEED, NothingSkipped, drawn

# No screen is needed, and a busy machine is no failure.
matplotlib.use("agg")
settings.register_profile("casechron", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("casechron")
gc.disable()

#: Nobody's examples; and there is another of this name.
collect_ignore = ["conftest.py"]

#: The modules that take longest begin, with what they take in processes of their own, and then the
#: reports, so that no process is left with one of them when the others are done.
LONGEST = (
    "test_interruption",
    "test_nothing_else_runs",
    "test_browser",
    "test_render",
    "test_dask_workers",
    "test_engine",
    "test_starter",
    "test_agreement",
    "test_public_functions",
    "test_hostile",
    "test_reconciling",
    "test_clocks",
    "test_independent_results",
    "test_cli",
    "test_shuffled",
    "test_rerender",
)
#: Reports that nbval leaves where all is looked at: test_parity has plain kernels over them, and
#: compares every byte.
ELSEWHERE = ("child-w-manchester-2020", "reviews")
#: Else, of the notebooks of each review, how many nbval executes anew.
EXECUTED_ANEW = dict.fromkeys(("child-a-haringey-2008", "child-w-manchester-2020"), 1)


def pytest_configure(config: pytest.Config) -> None:
    """Where all is to be looked at, nothing may be skipped."""
    if EVERY:
        # A plugin of its own: what a conftest.py says holds for its folder alone.
        config.pluginmanager.register(NothingSkipped())


@pytest.fixture(autouse=True)
def told_from_the_source() -> Iterator[None]:
    """No test tells of the review that another has told of."""
    yield
    tell_from([])


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> cc.Review:
    """The invented review of the examples in docstrings."""
    return cc.read_review(example_review(tmp_path_factory.mktemp("reviews")))


@pytest.fixture(scope="session")
def child_a() -> cc.Review:
    return real_review("child-a-haringey-2008")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What to set to have the same cases drawn again."""
    if not EVERY:
        terminalreporter.write_line(f"Drawn by CASECHRON_SEED={SEED}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """`make test` hands out modules in this order, all others in their own. nbval runs over the
    reports of all reviews but one, or, unless all is looked at, over some drawn ones of two."""
    if config.args == config.getini("testpaths"):
        reports = config.rootpath / "reports"
        paths = {one.path for one in items if one.path.is_relative_to(reports)}
        if EVERY:
            paths = {path for path in paths if path.parent.name in ELSEWHERE}
        else:
            for review, number in EXECUTED_ANEW.items():
                ours = sorted(path.name for path in paths if path.parent.name == review)
                paths -= {reports / review / name for name in drawn(ours, number)}
        left = {one for one in items if one.path in paths}
        config.hook.pytest_deselected(items=[*left])
        items[:] = [one for one in items if one not in left]
    place = {name: number for number, name in enumerate((*LONGEST, ".ipynb"))}
    items.sort(key=lambda one: place.get(one.path.stem, place.get(one.path.suffix, len(place))))


def pytest_collection_finish() -> None:
    """What stands by now stays: looking through it for garbage again and again takes a twentieth of
    all time, and a quarter of that in which tests are collected."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()
