"""How does a question that is answered row by row become a table, once for a review?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any, Concatenate

import pandas as pd

from casechron.analysis.tables import P, as_in_help, kept
from casechron.review import Review

#: A cell for each column, in their order; or those that are not blank, by the name of the column.
RowOfTable = Sequence[Any] | dict[str, Any]


def table_of_rows(
    ask: Callable[Concatenate[Review, P], Iterable[RowOfTable]],
) -> Callable[Concatenate[Review, P], pd.DataFrame]:
    """The rows that a function yields as the table that its help describes (`as_in_help`), which is
    made once for a review (`kept`)."""
    # What is handed out, and what its signature says.
    ask.__annotations__["return"] = "pd.DataFrame"

    @kept
    @wraps(ask)
    def table(review: Review, /, *args: P.args, **kwargs: P.kwargs) -> pd.DataFrame:
        return as_in_help(ask, ask(review, *args, **kwargs))

    return table
