"""The list of what two coders have to talk about as a workbook, and what they decided, kept with
the review in `codings/decisions.csv`."""

from __future__ import annotations

from operator import itemgetter
from pathlib import Path

from casechron.analysis.coding_differences import coding_differences
from casechron.analysis.counterparts import dating_of, unmatched
from casechron.characters import counted
from casechron.coding.files import CODINGS, csv_text, from_here, whole_review, write_files
from casechron.coding.folder import DECISIONS
from casechron.coding.workbook import new_file
from casechron.coding.workbook_cells import as_workbook, from_csv, from_workbook
from casechron.review import Review, read_review

__all__ = ["keep_decisions", "listed_differences", "write_list"]

_ListedRow = dict[str, str]
#: What a decision is about, and what stands beside it.
_KEY = ("coding", "coding_other", "part", "row", "row_other", "about")
_key, _decided = itemgetter(*_KEY), itemgetter("decision", "reason")
_DECIDED_COLUMNS = (*_KEY, "says", "says_other", "places", "decision", "reason")
SHEET, _APART = "differences", "not in the review"
#: What is offered as a decision; anything else may be written.
_OFFERED = ("as the first", "as the other", "both", "neither", "otherwise")
_OPEN, _DECIDED, _RESOLVED = _STATES = ("open", "decided", "no longer differs")
#: The columns of the sheet in their order, with their widths.
_WIDTHS = {
    **{"part": 12, "about": 24, "row": 22, "row_other": 22, "says": 44, "says_other": 44},
    **{"places": 12, "decision": 18, "reason": 36, "status": 12, "coding": 24, "coding_other": 24},
}


def listed_differences(first: Review, second: Review) -> list[_ListedRow]:
    """Each difference of two codings, and each row of either that has no counterpart in the
    review's own coding, with what was decided on it; then what was decided and differs no more.

    `status` is 'open', 'decided' or 'no longer differs'. A decision stands beside what the two said
    when it was made, though a coding may have been mended since."""
    rows = coding_differences(first, second).to_dict("records")
    whole = whole_review(first.folder)
    if whole not in (first.folder, second.folder):
        final = read_review(whole, **dating_of(first))
        for coding, ending in ((first, ""), (second, "_other")):
            for lost in unmatched(final, coding).to_dict("records"):
                columns = ("part", f"row{ending}", "about", f"says{ending}", "places")
                cells = (lost[name] for name in ("row", "table", "says", "places"))
                rows.append(dict(zip(columns, (_APART, *cells), strict=True)))
    names = (first.meta.id, second.meta.id)
    decisions, listed = _decisions(whole), []
    for difference in rows:
        row = {name: str(difference.get(name, "")) for name in _DECIDED_COLUMNS}
        row |= zip(("coding", "coding_other"), names, strict=True)
        row = decisions.get(_key(row), row)
        listed.append(row | {"status": _DECIDED if row["decision"] else _OPEN})
    listed_keys = set(map(_key, listed))
    resolved = [
        row | {"status": _RESOLVED}
        for key, row in decisions.items()
        if key[:2] == names and key not in listed_keys
    ]
    return [*listed, *resolved]


def write_list(first: Review, second: Review, path: str | Path) -> str:
    """Write the list as a workbook, with a column for the decision.

    Parameters
    ----------
    first, second : Review
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
    path, rows = new_file(path), listed_differences(first, second)
    write_files({path: as_workbook(SHEET, _WIDTHS, rows, ("decision", _OFFERED))})
    states = [row["status"] for row in rows]
    counts = ", ".join(f"{states.count(state)} {state}" for state in _STATES)
    apart = sum(row["part"] == _APART for row in rows)
    of_them = f" ({apart:,} on what the review's own coding has otherwise, or not)" if apart else ""
    return f"wrote {len(rows):,} rows{of_them} into {from_here(path)}: {counts}"


def keep_decisions(path: str | Path, folder: Path) -> str:
    """Keep what was decided in a workbook with the review, beside what was decided before.

    What was decided elsewhere after the workbook was written stays: an empty cell takes back only
    what stood there as decided.

    Parameters
    ----------
    path : str or pathlib.Path
        A workbook that `write_list` wrote, saved as ``.xlsx`` or ``.ods``.
    folder : pathlib.Path
        The review, or one of its codings.

    Returns
    -------
    str
        What was written; where there were decisions before, a line for each that is not as it was.

    Raises
    ------
    WorkbookError
        Where the workbook cannot be read, a cell is no text, or a column is missing; then nothing
        is written.
    """
    path, whole = Path(path), whole_review(folder)
    anew = "write it anew with casechron agree --sheet, and copy the decisions over"
    rows = from_workbook(path, SHEET, (*_DECIDED_COLUMNS, "status"), anew)
    before = _decisions(whole)
    decisions = dict(before)
    for row in rows:
        key = _key(row)
        old = before.get(key)
        # A row that was open may have been decided since, in another copy of the workbook.
        was_decided = row["status"] in (_DECIDED, _RESOLVED)
        if old and not was_decided and row["decision"] in ("", old["decision"]):
            row = old | {"reason": row["reason"] or old["reason"]}
        if row["decision"] or row["reason"]:
            decisions[key] = {name: row[name] for name in _DECIDED_COLUMNS}
        else:  # taken back
            decisions.pop(key, None)
    target = whole / CODINGS / DECISIONS
    if not decisions and not target.exists():
        return f"no decision is filled in, so nothing was written into {from_here(target)}"
    changed = [
        key for key in sorted({*decisions, *before}) if decisions.get(key) != before.get(key)
    ]
    kept = sorted(decisions.values(), key=_key)
    write_files({target: csv_text(_DECIDED_COLUMNS, kept).encode()})
    changes = f"{len(changed)} of them new, changed or taken back"
    lines = [f"{counted(len(decisions), 'decision')} in {from_here(target)}, {changes}"]
    if before:
        lines += [_change(before.get(key), decisions.get(key)) for key in changed]
    return "\n".join(lines)


def _change(old: _ListedRow | None, new: _ListedRow | None) -> str:
    """A line on a decision that is not as it was."""
    row = new or old or {}
    how = "taken back" if not new else "changed" if old else "new"
    texts = [": ".join(filter(None, _decided(each))) for each in (old, new) if each]
    return f"  {how}: {row['row'] or row['row_other']}, {row['about']}: {', now '.join(texts)}"


def _decisions(whole: Path) -> dict[tuple[str, ...], _ListedRow]:
    """What was decided; `WorkbookError` where the file is not as it was written."""
    rows = from_csv(whole / CODINGS / DECISIONS, _DECIDED_COLUMNS, "casechron agree")
    return {_key(row): row for row in rows}
