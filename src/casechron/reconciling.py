"""The list of what two coders have to talk about as a workbook, and what they decided, kept with
the review in `codings/decisions.csv`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from casechron.coding.characters import text_breach
from casechron.coding.files import CSV_BYTES, UnfitError, from_here, read_limited, write_files
from casechron.coding.folder import CODINGS, DECISIONS, is_coding
from casechron.coding.sheets import decoded
from casechron.coding.workbook import CREATED, WorkbookError, new_file
from casechron.coding.workbook_cells import cell_name, grouped_cells, read_cells

if TYPE_CHECKING:
    from casechron.review import Review

__all__ = ["keep_decisions", "listed", "write_list"]

Row = dict[str, str]
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


def listed(one: Review, other: Review) -> list[Row]:
    """Each difference of two codings, and each row of either that has no counterpart in the
    review's own coding, with what was decided on it; then what was decided and differs no more.

    `status` is 'open', 'decided' or 'no longer differs'."""
    import casechron as cc

    found = cc.coding_differences(one, other).to_dict("records")
    rows = [{str(name): str(cell) for name, cell in row.items()} for row in found]
    whole = _whole(one.folder)
    if whole not in (one.folder, other.folder):
        final = cc.read_review(whole, **one.policy.as_parameters())
        for column, coding in (("row", one), ("row_other", other)):
            said = "says" + column.removeprefix("row")
            for lost in cc.unmatched(final, coding).to_dict("records"):
                told = {"part": _LOST, column: lost["row"], "about": lost["table"]}
                rows.append({**told, said: lost["says"], "places": lost["places"]})
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
    from xlsxwriter import Workbook

    path, rows = new_file(path), listed(one, other)
    data = io.BytesIO()
    with Workbook(data, {"in_memory": True}) as book:
        book.set_properties({"created": CREATED})
        text = book.add_format({"num_format": 49, "valign": "top", "text_wrap": True})
        bold = book.add_format({"num_format": 49, "bold": True, "bg_color": "#C9D6DF"})
        sheet = book.add_worksheet(SHEET)
        sheet.freeze_panes(1, 0)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        heads = list(_WIDTHS)
        for place, (head, width) in enumerate(_WIDTHS.items()):
            sheet.set_column(place, place, width, text)
            sheet.write_string(0, place, head, bold)
        for line, row in enumerate(rows, start=1):
            for place, head in enumerate(heads):
                sheet.write_string(line, place, row[head], text)
            # LibreOffice makes no row higher by itself.
            sheet.set_row(line, 15 * max(-(-len(row[head]) // _WIDTHS[head]) for head in heads))
        sheet.autofilter(0, 0, len(rows), len(heads) - 1)
        offer = {"validate": "list", "source": list(OFFERED), "show_error": False}
        place = heads.index("decision")
        sheet.data_validation(1, place, max(len(rows), 1), place, offer)
    write_files({path: data.getvalue()})
    states = [row[_STATUS] for row in rows]
    many = ", ".join(
        f"{states.count(state)} {state}" for state in ("open", "decided", "no longer differs")
    )
    return f"wrote {len(rows):,} rows into {from_here(path)}: {many}"


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
    try:
        sheets = read_cells(path, [SHEET])[1]
    except UnfitError as error:
        raise WorkbookError(f"{path.name}: {error}") from error
    if not sheets or not sheets[0].rows:
        raise WorkbookError(f"{path.name}: there is no sheet '{SHEET}' with rows in it")
    (sheet,) = sheets
    if sheet.slips:
        raise WorkbookError("\n".join(grouped_cells(sheet.slips.values())))
    (_, heads), *lines = sheet.rows
    if missing := [name for name in _COLUMNS if name not in heads]:
        raise WorkbookError(
            f"{path.name}: the sheet '{SHEET}' lacks the columns {', '.join(missing)}; write it"
            " anew with casechron agree --sheet, and copy the decisions over"
        )
    wrong = [
        f"{SHEET}!{cell_name(line, place)}: {message}"
        for line, cells in lines
        for place, cell in enumerate(cells)
        if (message := text_breach(cell))
    ]
    if wrong:
        raise WorkbookError("\n".join(wrong))
    rows = [dict(zip(heads, cells, strict=False)) for _, cells in lines]
    kept = {_key(row): row for row in _decisions(whole)}
    before = dict(kept)
    for row in rows:
        if row["decision"].strip() or row["reason"].strip():
            kept[_key(row)] = {name: row[name] for name in _COLUMNS}
        else:  # taken back
            kept.pop(_key(row), None)
    changed = sum(kept.get(key) != before.get(key) for key in {*kept, *before})
    target = whole / CODINGS / DECISIONS
    write_files({target: _as_csv(kept.values())})
    many = f"{len(kept)} decision{'' if len(kept) == 1 else 's'}"
    return f"{many} in {from_here(target)}, {changed} of them new, changed or taken back"


def _whole(folder: Path) -> Path:
    return folder.parents[1] if is_coding(folder) else folder


def _key(row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(row[name] for name in _KEY)


def _decisions(whole: Path) -> list[Row]:
    """What was decided; `WorkbookError` where the file is not as it was written."""
    path = whole / CODINGS / DECISIONS
    if not path.exists():
        return []
    try:
        text, wrong = decoded(read_limited(path, CSV_BYTES))
    except UnfitError as error:
        raise WorkbookError(f"{from_here(path)}: {error}") from error
    lines = list(csv.reader(io.StringIO(text, newline="")))
    told = [message for _, message in wrong]
    if not lines or tuple(lines[0]) != _COLUMNS:
        told.append(f"its heads are not {','.join(_COLUMNS)}")
    told += [
        f"line {at} has {len(cells)} cells, not {len(_COLUMNS)}"
        for at, cells in enumerate(lines, start=1)
        if len(cells) != len(_COLUMNS)
    ]
    told += [message for cells in lines for cell in cells if (message := text_breach(cell))]
    if told:
        raise WorkbookError(f"{from_here(path)}: {told[0]}; it is written by casechron agree")
    return [dict(zip(_COLUMNS, cells, strict=True)) for cells in lines[1:]]


def _as_csv(rows: Iterable[Row]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in sorted(rows, key=_key):
        writer.writerow(row)
    return text.getvalue().encode()
