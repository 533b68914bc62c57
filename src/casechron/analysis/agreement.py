"""Which rows of one coding have no counterpart in another?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from casechron.analysis.columns import rows_in
from casechron.analysis.record import placed
from casechron.analysis.views import summaries
from casechron.chronology.day_columns import texts

__all__ = ["unmatched"]

Tables = Mapping[str, pd.DataFrame]
Row = dict[str, str]
#: What two rows must have alike to be each other's counterparts, beside a sentence where the table
#: is read from the source directly; what is named here can be the id of another row.
_ALIKE: dict[str, tuple[str, ...]] = {
    "events": ("kind",),
    "findings": ("polarity",),
    "recommendations": (),
    "views": ("holder",),
    "involvement": ("event", "agency", "role"),
    "participation": ("event", "person", "role", "status"),
    "attributes": ("row", "attribute"),
    "themes": ("row", "theme"),
    "relations": ("from_event", "to_event"),
    "links": ("type", "from_row", "to_row"),
}
_READ = ("events", "findings", "recommendations", "views")
_PARTIES = (("agencies", "sector"), ("people", "kinship"))


def unmatched(coding: Tables, final: Tables) -> pd.DataFrame:
    """Which rows of `coding` have no counterpart in `final`?

    One row per row without one, by table and in the order of the coding. Counterparts are one to
    one. Parties are matched by label, else by sector or tie to the child. What is read from the
    source directly (events, findings, recommendations, views) must share a sentence, or neither
    have a place; events must be of one kind too, and both have happened or not, findings have one
    polarity, views one holder. All other rows must say the same of counterparts; relations must tie
    the same two events, whichever comes first. Dates, words, bases and places are not compared, nor
    are readings and coverage.

    `table` and `row` name the row (a theme by the row that has it), `says` what it says, `places`
    where. `beside` are the rows of `final` in the same table that share a sentence with it, or the
    event or row that it is about, and are no counterpart of another one: what it may have become.

    >>> from casechron.coding.codebook import codebook
    >>> empty = {
    ...     name: pd.DataFrame(columns=table.header, dtype="str")
    ...     for name, table in codebook().tables.items()
    ... }
    >>> def rows(name, **columns):
    ...     return pd.DataFrame(columns).reindex(
    ...         columns=codebook().tables[name].header, fill_value=""
    ...     )
    >>> one = empty | {
    ...     "events": rows("events", id=["e1", "e2"], kind=["visit", "closure"], date=["2018"] * 2)
    ... }
    >>> two = empty | {"events": rows("events", id=["v"], kind=["visit"], date=["2018"])}
    >>> unmatched(one, two)[["table", "row"]].to_numpy().tolist()
    [['events', 'e2']]
    """
    sides = _Side(coding), _Side(final)
    same = _parties(coding, final)
    found: list[tuple[str, str, str, str, str]] = []
    said, where = summaries(coding), placed(coding["locators"])
    for table, kin in _PARTIES:
        found += [
            (table, one, label, where.get(one, ""), "")
            for one, label, _ in rows_in(coding[table], "id", "label", kin)
            if not same[one]
        ]
    for table, columns in _ALIKE.items():
        left, right = (side.rows(table) for side in sides)
        pairs = _matched(left, right, _scoring(table, columns, sides, same))
        for one in left:
            same[one] = {pairs[one]} if one in pairs else set()
        free = set(right) - set(pairs.values())
        for one, row in left.items():
            if one not in pairs:
                beside = [
                    other for other in free if _is_beside(table, row, right[other], sides, same)
                ]
                says = said.get(one, "") or " ".join(filter(None, (row[name] for name in columns)))
                place = where.get(one, "") or where.get(row.get("event") or row.get("row", ""), "")
                found.append((table, one, says, place, "; ".join(sorted(beside))))
    names = ("table", "row", "says", "places", "beside")
    return pd.DataFrame({name: texts(row[at] for row in found) for at, name in enumerate(names)})


class _Side:
    """The rows of a coding by table and id, and the sentences of each."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        sources = list(tables["sources"]["id"])
        self.sentences: dict[str, set[tuple[str, ...]]] = {}
        for row, source, *place in rows_in(
            tables["locators"], "row", "source", "paragraph", "sentence"
        ):
            # Where there is one source alone, coders may have named it as they liked.
            named = source if len(sources) > 1 else ""
            self.sentences.setdefault(row, set()).add((named, *place))

    def rows(self, table: str) -> dict[str, Row]:
        """The rows of a table by id; a theme, which has none, by row and code."""
        found = [
            {str(name): str(cell) for name, cell in row.items()}
            for row in self._tables[table].to_dict("records")
        ]
        return {row.get("id") or f"{row['row']}: {row['theme']}": row for row in found}


def _parties(coding: Tables, final: Tables) -> dict[str, set[str]]:
    """Which agencies and persons of `final` each of `coding` can be."""
    found: dict[str, set[str]] = {}
    for table, kin in _PARTIES:
        there = list(rows_in(final[table], "id", "label", kin))
        for one, label, own in rows_in(coding[table], "id", "label", kin):
            named = {other for other, words, _ in there if words.casefold() == label.casefold()}
            found[one] = named or {other for other, _, kind in there if kind == own}
    return found


def _scoring(
    table: str, columns: Sequence[str], sides: tuple[_Side, _Side], same: Mapping[str, set[str]]
) -> Callable[[Row, Row], int]:
    """How well two rows of a table fit: 0 where they are no counterparts."""

    def alike(one: str, other: str) -> bool:
        return other in same[one] if one in same else one == other

    def score(left: Row, right: Row) -> int:
        if table == "relations":
            ends = (left["from_event"], left["to_event"])
            there = (right["from_event"], right["to_event"])
            fits = any(all(map(alike, ends, two)) for two in (there, there[::-1]))
        else:
            fits = all(alike(left[name], right[name]) for name in columns)
        if not fits or bool(left.get("absence")) != bool(right.get("absence")):
            return 0
        equal = sum(left[name] == right[name] for name in set(left) & set(right) - {"id"})
        if table not in _READ:
            return 1 + equal
        one, other = (
            side.sentences.get(row["id"], set())
            for side, row in zip(sides, (left, right), strict=True)
        )
        if not one and not other:
            return 1 + equal
        return 100 * len(one & other) + equal if one & other else 0

    return score


def _is_beside(
    table: str, left: Row, right: Row, sides: tuple[_Side, _Side], same: Mapping[str, set[str]]
) -> bool:
    if table in _READ:
        one, other = (
            side.sentences.get(row["id"], set())
            for side, row in zip(sides, (left, right), strict=True)
        )
        return bool(one & other)
    about = next(name for name in ("event", "row", "from_event", "from_row") if name in left)
    return right[about] in same.get(left[about], ())


def _matched(
    left: Mapping[str, Row], right: Mapping[str, Row], score: Callable[[Row, Row], int]
) -> dict[str, str]:
    """The greatest number of counterparts, one to one, by augmenting paths; the best are tried
    first, and the order of rows changes nothing."""
    fits = {
        one: {other: number for other, there in right.items() if (number := score(row, there))}
        for one, row in left.items()
    }
    options = {
        one: sorted(scores, key=lambda other: (-scores[other], other))
        for one, scores in fits.items()
    }
    taken: dict[str, str] = {}

    def place(one: str, seen: set[str]) -> bool:
        for other in options[one]:
            if other not in seen:
                seen.add(other)
                if other not in taken or place(taken[other], seen):
                    taken[other] = one
                    return True
        return False

    for one in sorted(left, key=lambda one: (-max(fits[one].values(), default=0), one)):
        place(one, set())
    return {one: other for other, one in taken.items()}
