"""Are the committed reports executed whole, and their own?"""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from casechron.coding.reviews import real_reviews
from casechron.report.plans import plan, tasks_of, tasks_over

ROOT = Path(__file__).parents[1]
REPORTS = sorted((ROOT / "reports").glob("*/*.ipynb"))


def test_every_review_has_every_report_of_what_is_coded() -> None:
    reviews = sorted(path.parent for path in (ROOT / "data").glob("*/review.toml"))
    agreed = plan(sorted((ROOT / "notebooks").glob("*.ipynb")), {}, {}, ROOT, 60)
    over = tasks_over([review.folder for review in real_reviews(ROOT)], agreed)
    assert [(path.parent.name, path.stem) for path in REPORTS] == [
        *((review.name, task.page.stem) for review in reviews for task in tasks_of(review, agreed)),
        *((task.facts.review, task.page.stem) for task in over),
    ]


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_nbval_is_not_vacuous(path: Path) -> None:
    # nbval passes a code cell without stored output, so an unexecuted report would pass unread.
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    shown = [
        output
        for cell in cells
        for output in cell.outputs
        if "casechron" in output.get("metadata", {})
    ]
    assert len(shown) >= 3
    assert not [
        output for cell in cells for output in cell.outputs if output.output_type == "error"
    ]


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_nothing_of_one_machine_stands_in_a_report(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert "papermill" not in notebook["metadata"]
    assert "version" not in notebook["metadata"].get("language_info", {})
    assert str(ROOT) not in path.read_text(encoding="utf-8")
