"""Does nbval notice when the data under an executed report changes?"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from casechron.coding.reviews import list_reviews

pytest_plugins = ("pytester",)
ROOT = Path(__file__).parents[1]


@pytest.fixture
def project(pytester: pytest.Pytester) -> Path:
    for folder in ("data", "notebooks"):
        shutil.copytree(ROOT / folder, pytester.path / folder)
    review = list_reviews(ROOT)[0].name
    report = pytester.path / "reports" / review
    report.mkdir(parents=True)
    shutil.copy(ROOT / "reports" / review / "02_chronology.ipynb", report)
    return pytester.path


def test_one_changed_date_fails_the_executed_report(
    project: Path, pytester: pytest.Pytester
) -> None:
    events = project / "data" / list_reviews(project)[0].name / "events.csv"
    with events.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    moved = next(row for row in rows if row["kind"] == "icpc")
    moved["date"] = moved["date"][:-1] + ("1" if moved["date"][-1] != "1" else "2")
    with events.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    nbval = ("--nbval", "--nbval-cell-timeout=120", "-p", "no:cacheprovider", "-q", "reports")
    changed = pytester.runpytest_subprocess("--exitfirst", *nbval)
    assert changed.ret == pytest.ExitCode.TESTS_FAILED
    assert "mismatch" in changed.stdout.str()
    shutil.copy(ROOT / "data" / events.parent.name / "events.csv", events)
    assert pytester.runpytest_subprocess(*nbval).ret == pytest.ExitCode.OK
