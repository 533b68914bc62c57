"""Is the frozen set of date expressions still what was drawn, and does it agree with itself?"""

from __future__ import annotations

import csv
import hashlib
import random
import re
from pathlib import Path

import pytest

import casechron as cc
from casechron.coding.suggest import candidates

EXPRESSIONS = Path(__file__).parent / "expressions"
FOUND, DRAWN, SEED = 581, 300, 19


def rows(name: str) -> list[dict[str, str]]:
    with (EXPRESSIONS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_what_is_frozen_has_not_changed():
    for line in (EXPRESSIONS / "frozen.sha256").read_text(encoding="utf-8").splitlines():
        digest, name = line.split("  ")
        now = hashlib.sha256((EXPRESSIONS / name).read_bytes()).hexdigest()
        assert now == digest, f"{name} is frozen: corrections are listed in README.md, one by one"


def test_the_rows_are_the_ones_that_the_seed_draws():
    drawn = random.Random(SEED).sample(range(1, FOUND + 1), DRAWN)
    assert [row["id"] for row in rows("frozen.csv")] == [f"f{at:03}" for at in sorted(drawn)]


@pytest.mark.parametrize("name", ["frozen.csv", "two-reports.csv"])
def test_each_row_is_a_short_expression_of_a_known_document_with_a_window(name):
    documents = {row["document"] for row in rows("documents.csv")}
    for row in rows(name):
        assert len(row["expression"].split()) <= 6, row
        assert row["document"] in documents, row
        assert row["decision"] in ("true", "false"), row
        assert row["decision"] == "true" or row["earliest"] or row["latest"], row
        assert not row["earliest"] or not row["latest"] or row["earliest"] <= row["latest"], row


@pytest.mark.parametrize("name", ["frozen.csv", "two-reports.csv"])
def test_a_window_is_that_of_the_date_beside_it(name):
    dated = [row for row in rows(name) if row["edtf"]]
    assert dated
    for row in dated:
        read = cc.date_bounds(row["edtf"])
        for day, expected in ((read.earliest, row["earliest"]), (read.latest, row["latest"])):
            assert ("" if day is None else str(day)) == expected, row


def test_the_paraphrased_reports_hold_their_expressions_line_by_line():
    report: dict[str, list[str]] = {}
    for row in rows("two-reports.csv"):
        number = re.fullmatch(r"r([12])-\d\d", row["id"])[1]
        report.setdefault(number, []).append(row["expression"])
    for number, expressions in report.items():
        text = (EXPRESSIONS / "two-reports" / f"report-{number}.txt").read_text(encoding="utf-8")
        marked, _, *lines = text.splitlines()
        assert marked.startswith("Invented words"), marked
        for line, expression in zip(lines, expressions, strict=True):
            assert expression.lower() in line.lower(), (line, expression)


def test_nineteen_of_twenty_dated_candidates_of_two_reports_need_no_change_of_date():
    dated = right = covered = 0
    for number in "12":
        text = (EXPRESSIONS / "two-reports" / f"report-{number}.txt").read_text(encoding="utf-8")
        marked = [row for row in rows("two-reports.csv") if row["id"].startswith(f"r{number}")]
        suggested = candidates(text.splitlines()[2:])
        for line, row in enumerate(marked, 1):
            here = [
                hint
                for hint in suggested
                if hint["place"].startswith(f"p{line}.") and hint["words"]
            ]
            covered += any(hint["words"].lower() in row["expression"].lower() for hint in here)
            for hint in here:
                if hint["date"]:
                    dated += 1
                    days = cc.date_bounds(hint["date"])
                    span = tuple(
                        "" if day is None else str(day) for day in (days.earliest, days.latest)
                    )
                    right += row["decision"] == "false" and span == (row["earliest"], row["latest"])
    assert covered == 24
    assert dated >= 20
    assert right / dated >= 19 / 20, (right, dated)
