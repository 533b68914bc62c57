"""What the examples in docstrings find: a project with one small review, invented from end to end.

It is the one that comes with the package, so no example depends on what lies in data/."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import papermill  # noqa: F401 (it loads our engine, which cannot be the first to be imported)
import pytest

from an_example_review import example_review
from casechron.coding.reviews import ROOT_VARIABLE

#: Nobody's examples; and there is another of this name.
collect_ignore = ["conftest.py"]


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose only review is the invented one."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "data").mkdir()
    example_review(folder / "data")
    return folder


@pytest.fixture(autouse=True)
def _project_of_the_examples(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ROOT_VARIABLE, str(project))
    # A table is printed as wide as the terminal in which the tests run, else; and as pandas prints
    # it by itself, whatever a notebook that ran before has chosen.
    monkeypatch.setenv("COLUMNS", "80")
    pd.reset_option("display")
