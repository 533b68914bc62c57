"""The list of what two coders have to talk about as a workbook, and what they decided, kept with
the review in `codings/decisions.csv`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from casechron.characters import counted
from casechron.coding.files import csv_text, from_here, write_files
from casechron.coding.folder import CODINGS, DECISIONS, is_coding
from casechron.coding.workbook import new_file
from casechron.coding.workbook_cells import as_workbook, from_csv, from_workbook

if TYPE_CHECKING:
    from casechron.review import Review

__all__ = ["keep_decisions", "listed_differences", "write_list"]

ListedRow = dict[str, str]
#: What a decision is about, and what stands beside it.
_KEY = ("coding", "coding_other", "part", "row", "row_other", "about")
_COLUMNS = (*_KEY, "says", "says_other", "places", "decision", "reason")
_STATUS = "status"
SHEET = "differences"
#: What is offered as a decision; anything else may be written.
OFFERED = ("as the first", "as the other", "both", "neither", "otherwise")
#: The columns of the sheet in their order, with their widths.
_WIDTHS = {
    **{"part": 12, "about": 24, "row": 22, "row_other": 22, "says": 44, "says_other": 44},
    **{"places": 12, "decision": 18, "reason": 36, _STATUS: 12, "coding": 24, "coding_other": 24},
}
_LOST = "not in the review"


def listed_differences(one: Review, other: Review) -> list[ListedRow]:
    """Each difference of two codings, and each row of either that has no counterpart in the
    review's own coding, with what was decided on it; then what was decided and differs no more.

    `status` is 'open', 'decided' or 'no longer differs'."""
    import casechron as cc

    differences = cc.coding_differences(one, other).to_dict("records")
    rows = [{str(name): str(cell) for name, cell in row.items()} for row in differences]
    whole = _whole(one.folder)
    if whole not in (one.folder, other.folder):
        final = cc.read_review(whole, **one.policy.as_parameters())
        for column, coding in (("row", one), ("row_other", other)):
            column_said = "says" + column.removeprefix("row")
            for lost in cc.unmatched(final, coding).to_dict("records"):
                cells = {"part": _LOST, column: lost["row"], "about": lost["table"]}
                rows.append({**cells, column_said: lost["says"], "places": lost["places"]})
    names = {"coding": one.meta.id, "coding_other": other.meta.id}
    rows = [{**dict.fromkeys(_COLUMNS, ""), **row, **names} for row in rows]
    decided = {_key(row): row for row in _decisions(whole)}
    for row in rows:
        row |= {name: decided.get(_key(row), row)[name] for name in ("decision", "reason")}
        row[_STATUS] = "decided" if row["decision"] else "open"
    there = set(map(_key, rows))
    gone = [
        row | {_STATUS: "no longer differs"}
        for key, row in decided.items()
        if key[:2] == tuple(names.values()) and key not in there
    ]
    return [*rows, *gone]


def write_list(one: Review, other: Review, path: str | Path) -> str:
    """Write the list as a workbook, with a column for the decision.

    Parameters
    ----------
    one, other : Review
        The two codings.
    path : str or pathlib.Path
        The new file; its name ends in ``.xlsx``.

    Returns
    -------
    str
        What was written.

    Raises
    ------
    WorkbookError
        Where the file exists or its name is none of a workbook.
    """
    path, rows = new_file(path), listed_differences(one, other)
    write_files({path: as_workbook(SHEET, _WIDTHS, rows, ("decision", OFFERED))})
    states = [row[_STATUS] for row in rows]
    named = ("open", "decided", "no longer differs")
    counts = ", ".join(f"{states.count(state)} {state}" for state in named)
    return f"wrote {len(rows):,} rows into {from_here(path)}: {counts}"


def keep_decisions(path: str | Path, folder: Path) -> str:
    """Keep what was decided in a workbook with the review, beside what was decided before.

    Parameters
    ----------
    path : str or pathlib.Path
        A workbook that `write_list` wrote, saved as ``.xlsx`` or ``.ods``.
    folder : pathlib.Path
        The review, or one of its codings.

    Returns
    -------
    str
        What was written.

    Raises
    ------
    WorkbookError
        Where the workbook cannot be read, a cell is no text, or a column is missing; then nothing
        is written.
    """
    path, whole = Path(path), _whole(folder)
    anew = "write it anew with casechron agree --sheet, and copy the decisions over"
    rows = from_workbook(path, SHEET, _COLUMNS, anew)
    kept = {_key(row): row for row in _decisions(whole)}
    before = dict(kept)
    for row in rows:
        if row["decision"].strip() or row["reason"].strip():
            kept[_key(row)] = {name: row[name] for name in _COLUMNS}
        else:  # taken back
            kept.pop(_key(row), None)
    changed = sum(kept.get(key) != before.get(key) for key in {*kept, *before})
    target = whole / CODINGS / DECISIONS
    write_files({target: csv_text(_COLUMNS, sorted(kept.values(), key=_key)).encode()})
    changes = f"{changed} of them new, changed or taken back"
    return f"{counted(len(kept), 'decision')} in {from_here(target)}, {changes}"


def _whole(folder: Path) -> Path:
    return folder.parents[1] if is_coding(folder) else folder


def _key(row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(row[name] for name in _KEY)


def _decisions(whole: Path) -> list[ListedRow]:
    """What was decided; `WorkbookError` where the file is not as it was written."""
    return from_csv(whole / CODINGS / DECISIONS, _COLUMNS, "casechron agree")
