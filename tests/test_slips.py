"""Does a coder who slips on the sheet learn where, what was found, and what was meant? What each
message must hold was written from the coder's side, before the messages were."""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from casechron.coding.form_check import FormCheck, check_form

TOLD = tomllib.loads(
    (Path(__file__).parent / "lightness" / "slips.toml").read_text(encoding="utf-8")
)
BASE: dict[str, list[str]] = TOLD["base"]
SLIPS: dict[str, dict[str, Any]] = {slip["name"]: slip for slip in TOLD["slip"]}
FINE: dict[str, dict[str, Any]] = {fine["name"]: fine for fine in TOLD["fine"]}
KEYS = {
    "name",
    "class",
    "file",
    "lines",
    "also",
    "keeps",
    "line",
    "column",
    "found",
    "says",
    "never",
}
CLASSES = {"wrong", "to do", "look", "said", "dates"}
#: The one slip that is in how many cells a line has.
RAGGED = "a summary with a comma and without quotation marks"


def files(case: dict[str, Any]) -> dict[str, list[str]]:
    """The review with what the case changes in it."""
    name = case.get("file", "events.csv")
    kept = BASE[name] if case.get("keeps") else []
    return {**BASE, **case.get("also", {}), name: [*case["lines"], *kept]}


def lay(folder: Path, case: dict[str, Any]) -> Path:
    folder.mkdir()
    for name, lines in files(case).items():
        (folder / name).write_text("\n".join([*lines, ""]), encoding="utf-8")
    return folder


def parts(slip: dict[str, Any]) -> list[str]:
    """All that a message on a slip must hold."""
    line = [f"line {slip['line']}"] if "line" in slip else []
    named = [slip[key] for key in ("column", "found") if key in slip]
    return [slip.get("file", "events.csv"), *line, *named, *slip.get("says", [])]


def holds(message: str, part: str) -> bool:
    """Whether the words stand there, whole and in whatever case."""
    before = r"(?<!\w)" if part[0].isalnum() else ""
    after = r"(?!\w)" if part[-1].isalnum() else ""
    return bool(re.search(before + re.escape(part) + after, message, re.IGNORECASE))


def faults(slip: dict[str, Any], message: str) -> list[str]:
    """What a message on a slip lacks, and what it should not hold."""
    return [f"lacks {part!r}" for part in parts(slip) if not holds(message, part)] + [
        f"has {part!r}" for part in slip.get("never", []) if holds(message, part)
    ]


# ------------------------------------------------------------------------ the slips themselves


def test_there_are_many_slips_each_with_a_name_and_a_class() -> None:
    assert len(SLIPS) == len(TOLD["slip"]) >= 60
    assert len(FINE) == len(TOLD["fine"])
    for slip in SLIPS.values():
        assert set(slip) <= KEYS, slip["name"]
        assert slip.get("class", "wrong") in CLASSES, slip["name"]
        assert len(parts(slip)) >= 3, slip["name"]
    assert set(Counter(slip.get("class", "wrong") for slip in SLIPS.values())) == CLASSES


@pytest.mark.parametrize("name", SLIPS)
def test_what_is_found_stands_where_the_slip_says(name: str) -> None:
    slip = SLIPS[name]
    file = slip.get("file", "events.csv")
    if not file.endswith(".csv"):
        return
    head, *rows = csv.reader(files(slip)[file])
    widths = {len(row) for row in rows}
    assert widths == ({len(head) + 1} if name == RAGGED else {len(head)})
    if slip.get("line", 1) > 1 and "column" in slip:
        cell = rows[slip["line"] - 2][head.index(slip["column"])]
        assert slip.get("found", cell) in cell
        assert "found" in slip or not cell


@pytest.mark.parametrize("name", FINE)
def test_a_near_miss_is_a_table(name: str) -> None:
    head, *rows = csv.reader(files(FINE[name])[FINE[name].get("file", "events.csv")])
    assert rows
    assert {len(row) for row in rows} == {len(head)}


def test_a_message_is_held_against_each_of_its_parts() -> None:
    slip = SLIPS["a name that nobody has"]
    good = (
        "events.csv line 2, by: 'helth visitor' is no agency and no person;"
        " did you mean 'Health visitor'?"
    )
    assert faults(slip, good) == []
    for part, other in (
        ("events.csv", "the sheet"),
        ("line 2", "line 21"),
        (", by:", ":"),
        ("helth visitor", "the name"),
        ("Health visitor", "hospital"),
    ):
        assert faults(slip, good.replace(part, other)), part
    dated = SLIPS["what a spreadsheet made of an id"]
    message = "events.csv line 2, id: a spreadsheet made '02-Sep'; keep the column as text"
    assert faults(dated, message) == []
    assert faults(dated, message + "; write '02-sep'") == ["has \"write '02-sep'\""]


# --------------------------------------------------------- the messages, once there are any


def checked(folder: Path) -> tuple[FormCheck, str]:
    """What a check of a folder in the form found, and all that it says."""
    found = check_form(folder)
    return found, "\n".join(map(str, [*found.wrong, *found.to_do, *found.looks]))


def test_the_review_in_which_slips_are_made_is_good(tmp_path: Path) -> None:
    found, message = checked(lay(tmp_path / "k-2016", {"lines": BASE["events.csv"]}))
    assert found.good(), message


#: Names of those whose message is not yet what it must be.
OPEN: list[str] = tomllib.loads(
    (Path(__file__).parent / "lightness" / "open.toml").read_text(encoding="utf-8")
)["names"]


def marked(names: Iterable[str]) -> list[Any]:
    """The names, of which those that are open are expected to fail, and told when they do not."""
    open_yet = pytest.mark.xfail(strict=True, reason="the message is not yet what it must be")
    return [pytest.param(name, marks=[open_yet] * (name in OPEN)) for name in names]


def test_what_is_open_is_a_slip() -> None:
    assert set(OPEN) <= {*SLIPS, *FINE}
    assert len(set(OPEN)) == len(OPEN)


#: What is only told of dates that cannot hold together needs the command that reads the form.
CHECKED = [name for name, slip in SLIPS.items() if slip.get("class", "wrong") != "dates"]


@pytest.mark.parametrize("name", marked(CHECKED))
def test_a_slip_is_told_where_it_is(name: str, tmp_path: Path) -> None:
    slip = SLIPS[name]
    found, message = checked(lay(tmp_path / "k-2016", slip))
    weight = slip.get("class", "wrong")
    assert faults(slip, message) == [], message
    assert found.good() == (weight not in ("wrong", "to do")), message
    if weight in ("wrong", "to do"):
        assert found.good(draft=True) == (weight != "wrong"), message


@pytest.mark.parametrize("name", marked(FINE))
def test_a_near_miss_is_no_slip(name: str, tmp_path: Path) -> None:
    found, message = checked(lay(tmp_path / "k-2016", FINE[name]))
    assert found.good(), message
