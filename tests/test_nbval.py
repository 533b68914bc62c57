"""Does nbval notice when the data under an executed report changes?"""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from pathlib import Path

from casechron.coding.reviews import list_reviews
from thoroughly import thorough

ROOT = Path(__file__).parents[1]


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
