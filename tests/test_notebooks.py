"""Are the notebooks thin questions: parameters with help, no logic, no outputs?"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
LOGIC = (ast.FunctionDef, ast.Lambda, ast.For, ast.While, ast.Try, ast.ClassDef, ast.comprehension)
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
pytestmark = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def code_cells(path: Path) -> list[str]:
    return [cell.source for cell in read(path).cells if cell.cell_type == "code"]


def test_is_valid_and_stores_no_outputs(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert not cell.outputs
            assert cell.execution_count is None


def test_title_is_a_question(path: Path) -> None:
    first = read(path).cells[0]
    assert first.cell_type == "markdown"
    assert re.match(r"# .*\?\n", first.source + "\n"), (
        "the first line of a notebook is its question"
    )


def test_parameters_carry_help(path: Path) -> None:
    tagged = [cell for cell in read(path).cells if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    for line in tagged[0].source.splitlines():
        assert re.match(r"\w+ = .*  # \w.{20,}", line), f"no help beside this parameter: {line}"
    names = {line.split(" =")[0] for line in tagged[0].source.splitlines()}
    assert {"policy"} <= names
    assert len({"review", "reviews"} & names) == 1


def test_cells_are_thin(path: Path) -> None:
    for source in code_cells(path):
        assert len(source.splitlines()) <= 6, f"more than six lines:\n{source}"
        tokens = tokenize.generate_tokens(io.StringIO(source).readline)
        assert not [token for token in tokens if token.string == ";"], (
            f"one statement a line, nothing hidden:\n{source}"
        )
        tree = ast.parse(source)
        for node in ast.walk(tree):
            assert not isinstance(node, LOGIC), source
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert "/" not in node.value, f"a path in a notebook: {node.value}"


def test_cells_that_show_nothing_are_collapsed_and_no_others(path: Path) -> None:
    for cell in read(path).cells:
        if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", []):
            shows = set(re.findall(r"cc\.show\.(\w+)", cell.source)) - {"style", "keep"}
            hidden = cell.metadata.get("jupyter", {}).get("source_hidden", False)
            assert hidden is not bool(shows), cell.source


def test_prose_states_no_number(path: Path) -> None:
    for cell in read(path).cells:
        if cell.cell_type == "markdown":
            prose = re.sub(r"`[^`]*`|\]\([^)]*\)", "", cell.source)
            prose = re.sub(r"(?i)section 47|level [012]|working together \d{4}", "", prose)
            assert not re.search(r"\d", prose), f"a number in prose:\n{cell.source}"


def test_prose_promises_nothing_that_only_some_reviews_keep(path: Path) -> None:
    """A review without a text at hand has no sentences, who is who stands on *Story* too, and of a
    real source a few words stand in the tables: those of its dates."""
    prose = " ".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    assert not re.search(r"Every row|on no other page|source's own are given only", prose)


def test_the_first_cell_says_what_its_page_needs_and_what_menus_call_it(path: Path) -> None:
    metadata = read(path).cells[0].metadata
    assert isinstance(metadata["needs"], list)
    page = metadata["casechron"]
    assert set(page) == {"name", "behind", "questions"}
    assert 1 <= len(page["name"].split()) <= 5
    # Pages for readers end with questions; those behind them are looked things up in.
    assert len(page["questions"]) in ((0, 3) if page["behind"] else (3,))
    assert all(question.endswith("?") for question in page["questions"])


def test_what_points_to_another_page_leads_to_it(path: Path) -> None:
    cells = read(path).cells
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    tables = re.findall(r'cc\.show\.(?:keep|table)\(.*?, "(\w+)"', str(cells))
    for words, target in re.findall(r"\[([^\]]*)\]\(([^)]*)\)", prose):
        assert target in {notebook.name for notebook in NOTEBOOKS} - {path.name} | {
            "../method.html",
            *(f"tables/{table}.html" for table in tables),
        }, words
    # A reader of the page meets pages, and a pointer without an address is right only until a page
    # is put in between.
    assert not re.search(r"(?i)notebook|the (next|last|previous) page", prose)
