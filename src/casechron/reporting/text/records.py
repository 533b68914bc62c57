"""How do rows, labels and dates of a table become parts of a sentence?"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from casechron.analysis.views import NOT_NAMED
from casechron.reporting.text.english import as_dated, listed

__all__ = ["named", "parts", "quoted", "records", "when_said", "within"]


def records(table: pd.DataFrame) -> list[dict[str, str]]:
    """The rows of a table, each cell as text.

    >>> records(pd.DataFrame({"event": ["blow"], "days_min": [3]}))
    [{'event': 'blow', 'days_min': '3'}]
    """
    return [
        {str(name): str(cell) for name, cell in row.items()} for row in table.to_dict("records")
    ]


def parts(cell: str) -> list[str]:
    """The parts of a cell that lists several.

    >>> parts("WM; WF"), parts("")
    (['WM', 'WF'], [])
    """
    return [part for part in cell.split("; ") if part]


def named(label: str) -> str:
    """A label within a sentence: 'father of S1' is a description, 'WM' and 'Family GP' are names.

    >>> named("father of S1"), named("WM"), named("The board"), named("somebody not named")
    ('the father of S1', 'WM', 'the board', 'somebody not named')
    """
    if label.startswith(("The ", "A ", "An ")):
        return f"{label[:1].lower()}{label[1:]}"
    return f"the {label}" if label[:1].islower() and label != NOT_NAMED else label


def quoted(texts: Iterable[str]) -> str:
    """Several texts in a sentence, each once, as they stand in the table.

    >>> quoted(["A midwife refers", "The case is closed", "A midwife refers"])
    '“A midwife refers” and “The case is closed”'
    """
    return listed([f"“{one}”" for one in dict.fromkeys(texts)])


def within(kind: str) -> str:
    """The label of a kind of event within a sentence.

    >>> within("Initial child protection conference"), within("MARAC")
    ('the initial child protection conference', 'the MARAC')
    """
    return f"the {kind if kind[1:2].isupper() else kind[:1].lower() + kind[1:]}"


def when_said(date: str, days: str) -> str:
    """When something was: a part of a month as the source names it, else the days as they are told.

    Parameters
    ----------
    date
        The date as coded.
    days
        What it comes to, in words.

    Examples
    --------
    >>> when_said("late 2018-09", "between 21 and 30 September 2018")
    'in late September 2018'
    >>> when_said("2018-11", "in November 2018"), when_said("", "by 31 December 2016")
    ('in November 2018', 'by 31 December 2016')
    """
    return as_dated(date, days) or days
