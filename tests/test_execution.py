"""What does one notebook give, and which cell does an error name?"""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell

from casechron.report.execution import (
    ENGINE,
    PLAIN,
    RenderError,
    execute,
    notebook_environment,
    parse_notebook,
    plain_kernels,
    read_text,
)
from casechron.report.parameters import ParameterError
from casechron.report.run import process
from test_engine import notebook, texts
from thoroughly import some

#: As many cells as an author counts before the first one of these tests.
BEFORE = 2


def source(*cells, may_fail=()):
    """A notebook with a heading, parameters, the cells, and words at its end; `may_fail` are the
    numbers of those tagged raises-exception."""
    written = notebook("limit = 1  # help\nplace = ''  # help", *cells)
    written.cells[0].metadata["tags"] = ["parameters"]
    for number in may_fail:
        written.cells[number].metadata["tags"] = ["raises-exception"]
    written.cells.insert(0, new_markdown_cell("# When?"))
    written.cells.append(new_markdown_cell("words"))
    return written


def refusal(folder, engine, *cells, may_fail=(), timeout=100):
    asked = source(*cells, may_fail=may_fail)
    with pytest.raises(RenderError) as refused:
        execute(asked, "it", {"limit": 7}, folder, timeout, engine=engine)
    return str(refused.value)


engines = pytest.mark.parametrize("engine", some([ENGINE, PLAIN]))


@engines
def test_a_notebook_runs_with_its_parameters_and_stays_as_it_is(engine, tmp_path):
    asked = source("import os\nlimit, os.getcwd() == place, os.environ['OPENBLAS_NUM_THREADS']")
    before = nbformat.writes(asked)
    ran = execute(asked, "it", {"limit": 7, "place": str(tmp_path)}, tmp_path, engine=engine)
    assert texts(ran) == ["", "", "(7, True, '1')"]
    assert [cell.get("execution_count") for cell in ran.cells] == [None, 1, 2, 3, None]
    assert ran.cells[2].metadata.tags == ["injected-parameters"]
    assert nbformat.writes(asked) == before
    assert list(tmp_path.iterdir()) == []


@engines
@pytest.mark.parametrize("may_fail", [(), (1,)], ids=["", "raises-exception"])
def test_an_error_names_the_cell_where_it_was_raised_as_its_author_counts(
    engine, may_fail, tmp_path
):
    message = refusal(tmp_path, engine, "\n1 / 0", "2", "3", may_fail=may_fail)
    assert message == f"it, cell {BEFORE + 1} (1 / 0): ZeroDivisionError: division by zero"


@engines
def test_a_cell_that_may_fail_does_not_hide_one_that_may_not(engine, tmp_path):
    message = refusal(tmp_path, engine, "1 / 0", "int('a')", "3", may_fail=(1,))
    assert message.startswith(f"it, cell {BEFORE + 2} (int('a')): ValueError: ")


@engines
def test_the_end_of_a_process_and_a_limit_name_their_cell(engine, tmp_path):
    message = refusal(tmp_path, engine, "1", "import os; os._exit(3)")
    assert message.startswith(f"it, cell {BEFORE + 2} (import os; os._exit(3)): its ")
    message = refusal(tmp_path, engine, "1", "while True: pass", timeout=1)
    assert message == f"it, cell {BEFORE + 2} (while True: pass): it took more than 1 s"


def test_a_process_that_cannot_begin_names_no_cell(tmp_path, monkeypatch):
    def refuse(*_):
        raise BlockingIOError(11, "no process")

    monkeypatch.setattr(process.get_context("forkserver").Process, "_Popen", staticmethod(refuse))
    assert "it, before its first cell: BlockingIOError" in refusal(tmp_path, ENGINE, "1")


def test_where_forks_are_not_to_be_had_a_plain_kernel_gives_the_same(tmp_path, monkeypatch):
    ours = execute(source("import os, sys\nsys.argv[0] != 'notebook'"), "it", {}, tmp_path)
    monkeypatch.setattr(process, "can_fork", lambda: False)
    plain = execute(source("import os, sys\nsys.argv[0] != 'notebook'"), "it", {}, tmp_path)
    # It is known by what it was called with; all else is the same.
    assert (texts(ours)[-1], texts(plain)[-1]) == ("False", "True")
    assert ours.metadata == plain.metadata


def test_output_that_no_report_can_hold_is_refused_in_words(tmp_path):
    assert refusal(tmp_path, ENGINE, "1", "object()") == (
        f"it: cell {BEFORE + 2} shows an address in memory, which differs from run to run; give the"
        " value a name instead"
    )


def test_a_parameter_that_is_not_declared_is_refused(tmp_path):
    with pytest.raises(ParameterError, match=r"^it has no parameter 'limits'; "):
        execute(source(), "it", {"limits": 1}, tmp_path)


def test_what_is_no_notebook_is_refused(tmp_path):
    message = r"^when\.ipynb is no notebook that can be read: .*No such file"
    with pytest.raises(RenderError, match=message):
        read_text(tmp_path / "when.ipynb")
    for text in ("{", "[]", '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": 1}'):
        with pytest.raises(RenderError, match=r"^it is no notebook that can be read: "):
            parse_notebook(text, "it")


def test_plain_kernels_are_told_the_same_on_every_machine_and_only_they(monkeypatch, tmp_path):
    monkeypatch.setenv("IPYTHONDIR", "mine")
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    before, environment = dict(os.environ), notebook_environment(tmp_path, {"MORE": "1"})
    with plain_kernels(environment):
        seen = dict(os.environ)
    assert dict(os.environ) == before
    assert (seen["MORE"], seen["PYTHONWARNINGS"], seen["PYTHONSAFEPATH"]) == ("1", "", "1")
    assert seen["IPYTHONDIR"] != "mine"
    assert not Path(seen["IPYTHONDIR"]).exists()
