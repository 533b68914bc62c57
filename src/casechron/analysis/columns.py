"""Which cells stand in these columns of a table, as plain lists?

pandas hands out the cells of a column of text one call at a time; a list of them at once takes a
thirtieth of the time."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import pandas as pd

from casechron.review import read_of_tables

# The tidy tables of a review, by name.
Tables = Mapping[str, pd.DataFrame]
K = TypeVar("K")
V = TypeVar("V")


def cells(table: pd.DataFrame, column: str) -> list[Any]:
    """The cells of a column, from the first row to the last; not to be changed."""
    values: list[Any] = _once(table, column, lambda: table[column].tolist())
    return values


def without_rows(table: pd.DataFrame, ids: frozenset[str]) -> pd.DataFrame:
    """A table without the rows of some ids; the very one that was given where it has none.

    >>> table = pd.DataFrame({"id": ["a", "b"]})
    >>> (
    ...     without_rows(table, frozenset("a"))["id"].tolist(),
    ...     without_rows(table, frozenset()) is table,
    ... )
    (['b'], True)
    """

    def left() -> pd.DataFrame:
        kept = [at for at, row in enumerate(cells(table, "id")) if row not in ids]
        return table if len(kept) == len(table) else table.iloc[kept].reset_index(drop=True)

    table_left: pd.DataFrame = _once(table, (without_rows, ids), left)
    return table_left


def _once(table: pd.DataFrame, key: Hashable, make: Callable[[], Any]) -> Any:
    read = read_of_tables()
    if read is None:
        return make()
    # The table is kept too: no other can have its identity meanwhile.
    _, made = read.setdefault(id(table), (table, {}))
    if key not in made:
        made[key] = make()
    return made[key]


def rows_in(table: pd.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    """The cells of some columns, row by row.

    >>> list(
    ...     rows_in(
    ...         pd.DataFrame({"id": ["a", "b"], "kind": ["visit", "call"], "date": ["", ""]}),
    ...         "id",
    ...         "kind",
    ...     )
    ... )
    [('a', 'visit'), ('b', 'call')]
    """
    return zip(*(cells(table, column) for column in columns), strict=True)


def to_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], **kinds: str) -> pd.DataFrame:
    """Rows as a table, whose columns keep their kind also when it is empty.

    Columns whose names end in `_min` or `_max` are whole numbers, where None becomes <NA>; all
    others are text. `kinds` has the kind of a column for which this does not hold.

    >>> to_table(["step", "days_min"], [("visit", 3), ("call", None)])
        step  days_min
    0  visit         3
    1   call      <NA>
    """
    usual = {name: "Int64" if name.endswith(("_min", "_max")) else "str" for name in columns}
    table = pd.DataFrame(list(rows), columns=pd.Index(columns), dtype="object")
    return table.astype(usual | kinds)


def ids_where(
    table: pd.DataFrame, column: str, wanted: Iterable[str], other: str = "id"
) -> list[Any]:
    """The cells of `other` (the ids) in rows that have one of some values in a column.

    >>> ids_where(pd.DataFrame({"id": ["a", "b"], "kind": ["visit", "call"]}), "kind", {"call"})
    ['b']
    """
    allowed = wanted if isinstance(wanted, (set, frozenset)) else set(wanted)
    return [one for one, value in rows_in(table, other, column) if value in allowed]


def by_key(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    """The second of each pair, by the first, in their order.

    >>> by_key([("a", 1), ("b", 2), ("a", 3)])
    {'a': [1, 3], 'b': [2]}
    """
    lists: dict[K, list[V]] = {}
    for one, other in pairs:
        lists.setdefault(one, []).append(other)
    return lists


def ties(tables: Tables, *types: str) -> list[tuple[str, str]]:
    """From which row to which do the links of some types lead? In table order."""
    links = rows_in(tables["links"], "type", "from_row", "to_row")
    return [(one, other) for tie, one, other in links if tie in types]
