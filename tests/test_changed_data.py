"""Does nbval notice when the data under an executed report changes?"""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from casechron.coding.reviews import list_reviews

ROOT = Path(__file__).parents[1]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("data", "notebooks"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    review = list_reviews(ROOT)[0]
    report = tmp_path / "reports" / review
    report.mkdir(parents=True)
    shutil.copy(ROOT / "reports" / review / "02_chronology.ipynb", report)
    return tmp_path


def nbval(project: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-cell-timeout=120", "-p", "no:cacheprovider", "-q", "reports"]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False, timeout=300)


def test_one_changed_date_fails_the_executed_report(project: Path) -> None:
    events = project / "data" / list_reviews(project)[0] / "events.csv"
    with events.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    moved = next(row for row in rows if row["kind"] == "icpc")
    moved["date"] = moved["date"][:-1] + ("1" if moved["date"][-1] != "1" else "2")
    with events.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    changed = nbval(project)
    assert changed.returncode == 1, changed.stdout[-2000:]
    assert "mismatch" in changed.stdout
    shutil.copy(ROOT / "data" / events.parent.name / "events.csv", events)
    assert nbval(project).returncode == 0
