"""Phrases: is the table of casework read as it was written down before the grammar, and is what is
advised a date whose days hold all that the phrase admits?"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from casechron.coding.dates import bounds
from casechron.coding.days import day_text
from casechron.coding.phrases import parse_phrase

TABLE = list(
    csv.DictReader((Path(__file__).parent / "phrases.csv").read_text(encoding="utf-8").splitlines())
)


def run(first: int | None, last: int | None) -> str:
    one, other = ("" if day is None else day_text(day) for day in (first, last))
    return one if one == other else f"{one}..{other}"


def days(text: str) -> str:
    """The days of a date as the table writes them."""
    found = bounds(text)
    marks = "~" * found.approximate + "?" * found.uncertain
    if found.shape == "several":
        shown = f"all {run(found.earliest, found.latest)}"
    elif found.shape == "span":
        start = ".." if found.open_start else run(found.earliest, found.start_latest)
        end = ".." if found.open_end else run(found.end_earliest, found.latest)
        shown = f"{'' if found.unknown_start else start}/{'' if found.unknown_end else end}"
    elif found.pieces:
        shown = " or ".join(run(*piece) for piece in found.pieces)
    else:
        shown = run(found.earliest, found.latest)
    return f"{shown} {marks}".strip()


def test_the_table_holds_each_phrase_once() -> None:
    keys = [(row["phrase"], row["anchor"]) for row in TABLE]
    assert len(set(keys)) == len(keys) >= 200


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row['phrase']} [{row['anchor']}]")
def test_a_phrase_is_read_as_the_table_says(row: dict[str, str]) -> None:
    found = parse_phrase(row["phrase"], row["anchor"])
    dates = [found.date] if found.date else found.choices
    assert " | ".join(map(days, dates)) == row["days"]
    assert found.time == row["time"]
    if row["why"] == "none":
        assert found.date == ""
    elif row["why"]:
        assert found.date is None
        assert row["why"] in found.why
    else:
        assert found.date, found.why
