"""What a workbook would take back of what has been read since it was written: rows that it lacks or
has again, and cells that are as they were."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from casechron.characters import shown

#: The filled cells of a row, by column.
_Row = Mapping[str, str]
#: Columns that say what a row is, the plainest first.
_NAMES = ("id", "summary", "proposition", "label")
#: How many pairs of rows are compared with each other, about.
_COMPARED = 100_000


class Undone(NamedTuple):
    """What a workbook would take back of a table.

    Attributes
    ----------
    what
        Each row and cell, as a message says it.
    whole
        Whether nothing is left of what has been read since: each row and cell is as it was written.
    """

    what: list[str]
    whole: bool


def filled_rows(rows: Iterable[_Row]) -> list[_Row]:
    """The filled cells of the filled rows."""
    cells = ({name: cell for name, cell in row.items() if cell} for row in rows)
    return [row for row in cells if row]


def without(rows: Iterable[_Row], others: Iterable[_Row]) -> list[_Row]:
    """The rows that others lack, in their order; equal rows are as many as there are.

    >>> without([{"date": "2018"}, {"date": "2019"}], [{"date": "2018"}])
    [{'date': '2019'}]
    """
    unmatched = Counter(frozenset(row.items()) for row in others)
    lacking = []
    for row in rows:
        key = frozenset(row.items())
        if not unmatched[key]:
            lacking.append(row)
        unmatched[key] -= unmatched[key] > 0
    return lacking


def row_name(row: _Row) -> str:
    """What a message calls a row: its id, or else what it says.

    >>> print(row_name({"date": "2018", "summary": "A visit"}))
    'A visit'
    """
    return shown(next((row[name] for name in (*_NAMES, *row) if row.get(name)), ""))


def pairs_of(rows: Sequence[_Row], others: Sequence[_Row]) -> list[tuple[_Row, _Row | None]]:
    """Each row with the one of the others that is the same but for some cells, if there is one: it
    has the same id or summary, or else half of its cells."""
    holders: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, other in enumerate(others):
        for cell in other.items():
            holders[cell].append(at)
    # In a long table a cell that very many rows have says nothing of which one is meant.
    most = max(50, _COMPARED // max(1, len(rows)))
    taken: set[int] = set()
    pairs: list[tuple[_Row, _Row | None]] = []
    for row in rows:
        holders_of = [holders[cell] for cell in row.items() if len(holders.get(cell, ())) <= most]
        near = range(len(others)) if len(others) <= most else sorted({*chain(*holders_of)})
        free = [at for at in near if at not in taken]
        # Of several that are as like it, the first.
        nearest = max(free, key=lambda at: _likeness(row, others[at]), default=-1)
        if nearest < 0 or _likeness(row, others[nearest]) < (0, 1.0):
            pairs.append((row, None))
        else:
            taken.add(nearest)
            pairs.append((row, others[nearest]))
    return pairs


def _likeness(row: _Row, other: _Row) -> tuple[int, float]:
    """How alike two rows are: whether a name of theirs is the same, and twice the part of their
    cells that is, so that 1 is half of them."""
    named = any(row.get(name) and row[name] == other.get(name) for name in _NAMES)
    same = sum(other.get(column) == cell for column, cell in row.items())
    one_value = [*row] == [*other] == ["value"]
    return int(named or one_value), 2 * same / max(len(row), len(other))


def undone(
    written: Sequence[_Row], was: Sequence[_Row], now: Sequence[_Row], *, other_copy: bool
) -> Undone:
    """What of a table would be taken back: of its filled rows as they were when the workbook was
    written, as the file has them and as the workbook has them now.

    In another copy than the one that was read last, a cell that has changed since and is otherwise
    in the workbook is taken back, and not typed anew.

    >>> first, since = {"date": "2018", "summary": "Visit"}, {"date": "2019", "summary": "Visit"}
    >>> undone([first], [since], [first], other_copy=False)
    Undone(what=["'Visit', date: '2018' in place of '2019'"], whole=True)
    """
    what = []
    # Rows that are new since, or changed; then those of them that the workbook lacks. Each stands
    # beside the row as it was written, or as the workbook has it.
    changed = pairs_of(without(was, written), without(written, was))
    written_as = {frozenset(row.items()): first for row, first in changed}
    lacking = pairs_of(without([row for row, _ in changed], now), without(now, was))
    whole = bool(changed or written != was) and len(lacking) == len(changed)
    for row, in_workbook in lacking:
        first = written_as[frozenset(row.items())]
        if in_workbook is None:
            what.append(f"{row_name(row)}: the row is gone")
            continue
        whole = whole and first is not None
        for column in dict.fromkeys([*row, *in_workbook]):
            cell, since = in_workbook.get(column, ""), row.get(column, "")
            if since == (first or {}).get(column, ""):
                continue  # it has not changed since
            back = first is not None and cell == first.get(column, "")
            whole = whole and back
            if cell != since and (back or other_copy):
                what.append(f"{row_name(row)}, {column}: {shown(cell)} in place of {shown(since)}")
    for row in without(without(written, was), [first for _, first in changed if first]):
        whole = whole and row in now
        if row in now:
            what.append(f"{row_name(row)}: the row is there again")
    return Undone(what, whole)


def gone(was: Sequence[_Row], now: Sequence[_Row]) -> list[str]:
    """Which rows a workbook has no longer under their names, as a message says it."""
    lines = []
    for row, in_workbook in pairs_of(without(was, now), without(now, was)):
        if in_workbook is None:
            lines.append(f"{row_name(row)}: the row is gone")
        elif not _likeness(row, in_workbook)[0]:
            lines.append(f"{row_name(row)}: the row is now {row_name(in_workbook)}")
    return lines
