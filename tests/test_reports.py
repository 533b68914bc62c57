"""Are the committed reports executed whole, and their own?"""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from casechron.coding.reviews import list_reviews, real_reviews
from casechron.report.plans import plan, tasks_across, tasks_of
from thoroughly import thorough

ROOT = Path(__file__).parents[1]
REPORTS = sorted((ROOT / "reports").glob("*/*.ipynb"))


def test_every_review_has_every_report_of_what_is_coded() -> None:
    reviews = sorted(path.parent for path in (ROOT / "data").glob("*/review.toml"))
    agreed = plan(sorted((ROOT / "notebooks").glob("*.ipynb")), {}, {}, ROOT, 60)
    over = tasks_across([review.folder for review in real_reviews(ROOT)], agreed)
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


# ---------------- changed data under an executed report


def nbval(folder: Path) -> subprocess.CompletedProcess[str]:
    """pytest over all executed notebooks of a folder, each by a plain kernel."""
    words = ["--nbval", "--nbval-cell-timeout=120", "-p", "no:cacheprovider", "-q", "-x", "reports"]
    command = [sys.executable, "-m", "pytest", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@thorough
def test_one_changed_date_fails_the_executed_report(tmp_path: Path) -> None:
    for folder in ("data", "notebooks"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    review = list_reviews(ROOT)[0].name
    report = tmp_path / "reports" / review
    report.mkdir(parents=True)
    shutil.copy(ROOT / "reports" / review / "02_chronology.ipynb", report)
    assert nbval(tmp_path).returncode == 0
    events = tmp_path / "data" / review / "events.csv"
    with events.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    moved = next(row for row in rows if row["kind"] == "icpc")
    moved["date"] = moved["date"][:-1] + ("1" if moved["date"][-1] != "1" else "2")
    with events.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    changed = nbval(tmp_path)
    assert changed.returncode == 1
    assert "mismatch" in changed.stdout


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="this is no checkout of git")
def test_a_checkout_has_the_bytes_of_the_repository_on_every_system() -> None:
    """Git for Windows rewrites the ends of lines of what it takes for text, and with them the
    hashes of data and reports, unless .gitattributes says that nothing is to be rewritten."""
    paths = ["data/child-w-manchester-2020/events.csv", "reports/index.html", "README.md"]
    asked = ["git", "check-attr", "text", "--", *paths]
    told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert told.splitlines() == [f"{path}: text: unset" for path in paths]
