"""How are the cells of a table read?

pandas hands out the cells of a column of text one call at a time; a list of them at once takes a
thirtieth of the time. While tables are handed over uncopied, each column is read once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import pandas as pd

_T = TypeVar("_T")
#: What has been made of tables while they are handed over uncopied: by the identity of each table,
#: the table itself and what was made of it. None where tables are copied.
_MADE: ContextVar[dict[int, tuple[pd.DataFrame, dict[Hashable, Any]]] | None] = ContextVar(
    "what has been made of the tables", default=None
)


@contextmanager
def tables_uncopied() -> Iterator[None]:
    """Within this, tables of a review are handed over uncopied, and what is made of them is kept:
    for callers that change none. Within another it changes nothing."""
    token = _MADE.set({} if _MADE.get() is None else _MADE.get())
    try:
        yield
    finally:
        _MADE.reset(token)


def are_uncopied() -> bool:
    """Whether tables are handed over uncopied."""
    return _MADE.get() is not None


def made_once(table: pd.DataFrame, key: Hashable, make: Callable[[], _T]) -> _T:
    """What is made of a table: once, while tables are handed over uncopied."""
    made = _MADE.get()
    if made is None:
        return make()
    # The table is kept too: no other can have its identity meanwhile.
    _, results = made.setdefault(id(table), (table, {}))
    if key not in results:
        results[key] = make()
    result: _T = results[key]
    return result


def cells(table: pd.DataFrame, column: str) -> list[Any]:
    """The cells of a column, from the first row to the last; not to be changed."""
    return made_once(table, column, lambda: table[column].tolist())


def rows_in(table: pd.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    """The cells of some columns, row by row.

    >>> import pandas as pd
    >>> table = pd.DataFrame({"id": ["a", "b"], "kind": ["visit", "call"], "date": ["", ""]})
    >>> list(rows_in(table, "id", "kind"))
    [('a', 'visit'), ('b', 'call')]
    """
    return zip(*[cells(table, column) for column in columns], strict=True)
