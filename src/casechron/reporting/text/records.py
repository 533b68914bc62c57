"""The rows of a table, as sentences are made of them."""

from __future__ import annotations

import pandas as pd

__all__ = ["records"]


def records(table: pd.DataFrame) -> list[dict[str, str]]:
    """The rows of a table, each cell as text.

    >>> records(pd.DataFrame({"event": ["blow"], "days_min": [3]}))
    [{'event': 'blow', 'days_min': '3'}]
    """
    return [
        {str(name): str(cell) for name, cell in row.items()} for row in table.to_dict("records")
    ]
