"""Settings that all tests share."""

from __future__ import annotations

import gc

import matplotlib
import pytest
from hypothesis import HealthCheck, settings

from thoroughly import EVERY, NothingSkipped

# No screen is needed, and a busy machine is no failure.
matplotlib.use("agg")
settings.register_profile("casechron", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("casechron")
gc.disable()

#: Nobody's examples; and there is another of this name.
collect_ignore = ["conftest.py"]

#: The modules that take longest begin, so that no process is left with one of them when the others
#: are done.
LONGEST = (
    "test_browser",
    "test_nothing_else_runs",
    "test_interruption",
    "test_engine",
    "test_net",
    "test_cluster",
    "test_expand",
    "test_render",
    "test_parity",
    "test_face",
    "test_rerender",
)
#: Without findings, and with all that can be coded.
EXECUTED_ANEW = ("child-a-haringey-2008", "child-w-manchester-2020")


def pytest_configure(config: pytest.Config) -> None:
    """Where all is to be looked at, nothing may be skipped."""
    if EVERY:
        # A plugin of its own: what a conftest.py says holds for its folder alone.
        config.pluginmanager.register(NothingSkipped())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """`make test` hands out modules in this order, all others in their own. Unless all is looked
    at, nbval runs over the reports of two reviews."""
    if not EVERY and config.args == config.getini("testpaths"):
        reports = config.rootpath / "reports"
        left = {
            one
            for one in items
            if one.path.is_relative_to(reports) and one.path.parent.name not in EXECUTED_ANEW
        }
        config.hook.pytest_deselected(items=[*left])
        items[:] = [one for one in items if one not in left]
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.stem, len(place)))


def pytest_collection_finish() -> None:
    """What stands by now stays: looking through it for garbage again and again takes a twentieth of
    all time, and a quarter of that in which tests are collected."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()
