"""How does an analysis read the tables of a review, and make one of its own, once for a review?"""

from __future__ import annotations

import ast
import inspect
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from casechron.chronology.cells import cells as cells
from casechron.chronology.cells import made_once, tables_uncopied
from casechron.chronology.cells import rows_in as rows_in
from casechron.chronology.day_columns import calendar_days
from casechron.chronology.network import OPEN
from casechron.review import Review

# The tidy tables of a review, by name.
Tables = Mapping[str, pd.DataFrame]
K = TypeVar("K")
V = TypeVar("V")
P = ParamSpec("P")
Result = TypeVar("Result")

#: The results of each review that is still in use, by function and arguments.
_RESULTS: WeakKeyDictionary[Review, dict[Any, Any]] = WeakKeyDictionary()
# A table has dozens of columns of few kinds, and pandas looks for each by its name.
_dtype: Callable[[str], Any] = cache(pd.api.types.pandas_dtype)


def kept(
    function: Callable[Concatenate[Review, P], Result],
) -> Callable[Concatenate[Review, P], Result]:
    """The same function, which makes its table once for a review and the same further arguments.

    A table that is handed out is a copy. Raises `TypeError`, in words, where the first argument is
    no `Review`, and `ValueError` where what is annotated `int` is no whole number, or below 0."""

    @wraps(function)
    def kept_result(review: Review, /, *args: P.args, **kwargs: P.kwargs) -> Result:
        check_review(review, function.__name__)
        for name, value in kwargs.items():
            counts = isinstance(value, int | np.integer) and value >= 0
            counts &= not isinstance(value, bool)
            if function.__annotations__.get(name) == "int" and not counts:
                raise ValueError(f"{name} is {value!r}; write a whole number, 0 or more")
        results = _RESULTS.setdefault(review, {})
        call = function, args, tuple(sorted(kwargs.items()))
        try:
            known = call in results
        except TypeError:  # an argument that has no hash, such as a list of pairs
            return function(review, *args, **kwargs)
        if not known:
            with tables_uncopied():
                results[call] = function(review, *args, **kwargs)
        result: Result = results[call]
        return result.copy() if isinstance(result, pd.DataFrame) else result

    return kept_result


def check_review(given: object, asker: str) -> None:
    """Raise `TypeError`, in words, where what a function is given is no `Review`."""
    if not isinstance(given, Review):
        name = repr(str(given)) if isinstance(given, str | Path) else "..."
        raise TypeError(
            f"{asker} takes a review, not {type(given).__name__}; write"
            f" {asker}(read_review({name}))"
        )


def check_together(reviews: Sequence[Review]) -> None:
    """Raise `ValueError` where the answers of two reviews could not be told apart or compared."""
    for name, number in Counter(review.meta.id for review in reviews).items():
        if number > 1:
            raise ValueError(f"across takes each review once; '{name}' is there {number} times")
    # Readings are ids of one review.
    policies = [replace(review.policy, readings=()) for review in reviews]
    if differs := [policy for policy in policies if policy != policies[0]]:
        one, other = (policy.in_short() or "the default" for policy in (policies[0], differs[0]))
        raise ValueError(
            "across takes reviews that were read under one dating policy, not under both"
            f" {one} and {other}; read_reviews reads all alike"
        )


def without_rows(table: pd.DataFrame, ids: frozenset[str]) -> pd.DataFrame:
    """A table without the rows of some ids; the very one that was given where it has none.

    >>> table = pd.DataFrame({"id": ["a", "b"]})
    >>> without_rows(table, frozenset("a"))["id"].tolist()
    ['b']
    >>> without_rows(table, frozenset()) is table
    True
    """

    def rest() -> pd.DataFrame:
        positions = [at for at, row in enumerate(cells(table, "id")) if row not in ids]
        whole = len(positions) == len(table)
        return table if whole else table.take(positions).reset_index(drop=True)

    return made_once(table, (without_rows, ids), rest)


def as_rows(table: pd.DataFrame) -> Iterator[Any]:
    """The rows of a table, each with its columns as attributes."""
    return table.itertuples(index=False)


def to_table(
    columns: Iterable[str],
    rows: Iterable[Sequence[Any]],
    /,
    lists: Collection[str] = (),
    **kinds: str,
) -> pd.DataFrame:
    """Rows as a table, whose columns keep their kind also when it is empty.

    Columns whose names end in `_min` or `_max` are whole numbers, where None becomes <NA>. Those
    named in `lists` hold several ids or labels, each cell a tuple. All others are text. `kinds` has
    the kind of a column for which this does not hold; days are dates, or their numbers, None or
    `OPEN` where a side is open.

    >>> rows = [("visit", 736934, 3, ["e1", "e2"]), ("call", None, None, [])]
    >>> columns = ["step", "latest", "days_min", "rows"]
    >>> to_table(columns, rows, lists=["rows"], latest="datetime64[s]")
        step     latest  days_min      rows
    0  visit 2018-08-28         3  (e1, e2)
    1   call        NaT      <NA>        ()
    """
    names = list(columns)
    values = list(zip(*rows, strict=True)) or [()] * len(names)
    table: dict[str, Any] = {}
    for name, column in zip(names, values, strict=True):
        kind = kinds.get(name, "Int64" if name.endswith(("_min", "_max")) else "str")
        if name in lists:
            table[name] = pd.array(list(map(tuple, column)), dtype="object")
        elif kind == _DATE and not any(isinstance(day, datetime) for day in column):
            days = [OPEN if day is None else day for day in column]
            table[name] = calendar_days(np.array(days, dtype=np.int64))
        else:
            table[name] = pd.array(list(column), dtype=_dtype(kind))
    return pd.DataFrame(table, copy=False)


_DATE = "datetime64[s]"
#: The kind of a column, by what its help says that it holds; all else is whole numbers.
_KINDS = {
    "text": "str",
    "ids": "object",
    "labels": "object",
    "True or False": "bool",
    "date": _DATE,
    "share": "Float64",
}
#: What stands in a cell of a row that does not name its column.
_BLANK: Mapping[str, Any] = {"str": "", "object": (), "bool": False}
_HEADS = re.compile(r"((?:`\w+`,?\s*)+)\((.*?)\)(?=[,:]|\s+and\b)", re.DOTALL)


def as_in_help(
    function: Callable[..., Any], rows: Iterable[Sequence[Any] | dict[str, Any]]
) -> pd.DataFrame:
    """Rows as the table that the help of a function describes.

    Its columns have the names, the order and the kinds that stand there. A row has a cell for each,
    or is a mapping of those that are not blank."""
    kinds = _kinds(function)
    blank = {name: _BLANK.get(kind) for name, kind in kinds.items()}
    given = ((blank | row).values() if isinstance(row, dict) else row for row in rows)
    lists = [name for name, kind in kinds.items() if kind == "object"]
    return to_table(kinds, map(tuple, given), lists, **kinds)


def columns_in_help(function: Callable[..., Any]) -> list[str]:
    """The names of the columns of a table, as the help of its function has them."""
    return list(_kinds(function))


def meanings_in_help(function: Callable[..., Any]) -> dict[str, str]:
    """What the help of a function says of a row of its table, under '', and of each column, with
    its kind and unit; as it reads in a file, where what is missing is empty.

    >>> def waits():
    ...     '''How long?
    ...
    ...     Returns
    ...     -------
    ...     DataFrame
    ...         One row per `event`.
    ...
    ...         - `event` (text): which
    ...         - `days_min`, `days_max` (days; <NA>: open): long
    ...     '''
    >>> print(*meanings_in_help(waits).items(), sep="\\n")
    ('', 'One row per event.')
    ('event', 'event (text): which')
    ('days_min', 'days_min, days_max (days; empty: open): long')
    ('days_max', 'days_min, days_max (days; empty: open): long')
    >>> _kinds(waits)
    {'event': 'str', 'days_min': 'Int64', 'days_max': 'Int64'}
    """
    (_, *rows), *bullets = (part.split("\n") for part in _parts(function))
    meanings = {"": " ".join(" ".join(rows).split()).replace("`", "")}
    for bullet in map("\n".join, bullets):
        said = re.sub("`|NaT|<NA>", lambda sign: "" if sign[0] == "`" else "empty", bullet)
        for head in _HEADS.finditer(bullet):
            meanings |= dict.fromkeys(re.findall(r"`(\w+)`", head[1]), " ".join(said.split()))
    return meanings


def _parts(function: Callable[..., Any]) -> list[str]:
    """What the help of a function says that it gives: of the table, and in each bullet."""
    text = inspect.getdoc(function)
    if text is None:  # Python was told to leave out all help
        (definition,) = ast.parse(inspect.getsource(function)).body
        assert isinstance(definition, ast.FunctionDef)
        text = ast.get_docstring(definition) or ""
    returns = re.split(r"\n\n\w[\w ]*\n---", text.partition("Returns\n-------\n")[2])[0]
    return re.split(r"\n *- (?=`)", returns)


@cache
def _kinds(function: Callable[..., Any]) -> dict[str, str]:
    """The kind of each column of a table, as the help of its function has them."""
    kinds: dict[str, str] = {}
    for head in (head for bullet in _parts(function)[1:] for head in _HEADS.finditer(bullet)):
        what, _, empty = " ".join(head[2].split()).partition("; ")
        kind = _KINDS.get(what) or ("Int64" if "<NA>" in empty else "int64")
        kinds |= dict.fromkeys(re.findall(r"`(\w+)`", head[1]), kind)
    return kinds


def ids_where(
    table: pd.DataFrame, column: str, wanted: Iterable[str], id_column: str = "id"
) -> list[Any]:
    """The ids, or the cells of another column, of rows that have one of some values in a column.

    >>> ids_where(pd.DataFrame({"id": ["a", "b"], "kind": ["visit", "call"]}), "kind", {"call"})
    ['b']
    """
    allowed = frozenset(wanted)
    return [row for row, value in rows_in(table, id_column, column) if value in allowed]


def by_key(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    """The second of each pair, by the first, in their order.

    >>> by_key([("a", 1), ("b", 2), ("a", 3)])
    {'a': [1, 3], 'b': [2]}
    """
    lists: dict[K, list[V]] = {}
    for key, value in pairs:
        lists.setdefault(key, []).append(value)
    return lists


def reached(start: K, ties: Mapping[K, Iterable[K]]) -> list[K]:
    """What some ties lead to, by one of them or by several in turn: each once, the start first.

    >>> reached("a", {"a": ["b", "c"], "b": ["d"], "d": ["a"]})
    ['a', 'b', 'c', 'd']
    """
    visited = {start: None}
    for at in (ahead := [start]):
        onward = [row for row in ties.get(at, ()) if row not in visited]
        visited |= dict.fromkeys(onward)
        ahead += onward
    return list(visited)


def ties(tables: Tables, *types: str) -> list[tuple[str, str]]:
    """From which row to which do the links of some types lead? In table order; not to be
    changed."""
    links = tables["links"]
    rows = rows_in(links, "type", "from_row", "to_row")
    return made_once(
        links, (ties, types), lambda: [(start, end) for tie, start, end in rows if tie in types]
    )
