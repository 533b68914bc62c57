"""What did the sheet that a coder typed become?"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from casechron.analysis import record
from casechron.face.kept import kept
from casechron.review import Review, ReviewError

__all__ = ["coded_rows"]


@kept
def coded_rows(review: Review, events: Iterable[str] | None = None) -> pd.DataFrame:
    """Which row of which table did each cell of the sheet become?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.
    events : iterable of str, optional
        The ids of events: only what their rows of events.csv became; default: all rows.

    Returns
    -------
    pandas.DataFrame
        One row per row of the coded tables, in the order of the files, lines and columns.

        - `file` (text): the file in which it was typed, as 'events.csv'
        - `line` (number): the line there; 0 for what review.toml says
        - `column` (text): the column there; empty for the line as a whole
        - `item` (text): which item of that cell; empty for the cell as a whole
        - `table` (text): the coded table that has the row
        - `row` (text): its id; empty in a table whose rows have none
        - `says` (text): its filled columns, each as 'column: value'

    Raises
    ------
    KeyError
        For an id that no event has.
    ReviewError
        For a review that was made of tables, and of no sheet.

    See Also
    --------
    coded_events : the events with their codes in words.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> rows = cc.coded_rows(review, ["referral-2014"])
    >>> rows[["line", "column", "item", "table"]].head(5)
       line   column                                   item          table
    0     2                                                         events
    1     2       to                     childrens-services    involvement
    2     2     with  mother-x (harming, alleged by police)  participation
    3     2    about                                child-x  participation
    4     2  without                                 police    involvement
    """
    if review.expanded is None:
        raise ReviewError(
            f"the review '{review.meta.id}' was made of tables, which do not say from which cells"
            " they came; read its folder with read_review"
        )
    return record.coded_rows(review.expanded, events)
