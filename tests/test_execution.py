from __future__ import annotations

import os
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from casechron.reporting.execution import (
    KERNEL_ENVIRONMENT,
    RenderError,
    execute,
    kernel_environment,
    read_notebook,
)


def test_a_notebook_runs_with_its_parameters_and_is_not_written(tmp_path):
    cells = [
        new_code_cell("limit = 1  # help", metadata={"tags": ["parameters"]}),
        new_markdown_cell("words"),
        new_code_cell("import os\nlimit, os.getcwd() == place, os.environ['OPENBLAS_NUM_THREADS']"),
    ]
    # Braces in a path are no parameters of it.
    notebook = tmp_path / "{when}.ipynb"
    cells[0].source += "\nplace = ''  # help"
    nbformat.write(new_notebook(cells=cells), notebook)
    before = notebook.read_bytes()
    with kernel_environment():
        ran = execute(notebook, {"limit": 7, "place": str(tmp_path)}, tmp_path)
    assert ran.cells[3].outputs[0].data == {"text/plain": "(7, True, '1')"}
    assert [cell.get("execution_count") for cell in ran.cells] == [1, 2, None, 3]
    assert ran.cells[1].metadata.tags == ["injected-parameters"]
    assert notebook.read_bytes() == before
    assert list(tmp_path.iterdir()) == [notebook]


def test_a_notebook_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(
        RenderError, match=r"^when\.ipynb is no notebook that can be read: .*No such file"
    ):
        read_notebook(tmp_path / "when.ipynb")


def test_kernels_are_told_the_same_on_every_machine_and_only_they(monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", "mine")
    monkeypatch.delenv("IPYKERNEL_CELL_NAME", raising=False)
    before = dict(os.environ)
    with kernel_environment():
        assert {name: os.environ[name] for name in KERNEL_ENVIRONMENT} == KERNEL_ENVIRONMENT
        folder = os.environ["IPYTHONDIR"]
        assert folder != "mine"
        assert Path(folder).is_dir()
    assert dict(os.environ) == before
    assert not Path(folder).exists()
