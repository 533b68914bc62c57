"""Is a chronology that exists already the right sheet row by row, is nothing of it lost, and is what
is left to decide said?"""

from __future__ import annotations

import importlib.util
import tomllib
from pathlib import Path

import pytest

from casechron.coding.importing import Chronology, asked_columns, import_chronology

HERE = Path(__file__).parent / "chronologies"
RIGHT = tomllib.loads((HERE / "right.toml").read_text(encoding="utf-8"))
FILES = {path.stem: path for path in HERE.iterdir() if path.suffix not in (".py", ".toml")}
#: Heads that are not those of the trade.
ASKED = {"long-cells": ["summary=What was written down"]}


def imported(path: Path, folder: Path, *columns: str) -> Chronology:
    return import_chronology(path, folder, (), asked_columns(columns or ASKED.get(path.stem, ())))


def test_there_are_chronologies_in_every_form() -> None:
    assert set(FILES) == set(RIGHT)
    assert len(FILES) >= 8
    assert {path.suffix for path in FILES.values()} == {".docx", ".xlsx", ".ods", ".csv"}


@pytest.mark.parametrize("name", RIGHT)
def test_a_chronology_is_the_right_sheet(name: str, tmp_path: Path) -> None:
    found = imported(FILES[name], tmp_path / "none")
    for line in (*found.done, "--", *found.left_out, "--", *found.to_decide):
        print(line)
    rows = [{key: cell for key, cell in row.items() if cell} for row in found.events]
    for line, (row, right) in enumerate(zip(rows, RIGHT[name]["events"], strict=False), start=2):
        assert row == right, line
    assert len(rows) == len(RIGHT[name]["events"])
    assert list(found.agencies) == RIGHT[name].get("agencies", [])
