"""How do rows, labels and dates of a table become parts of a sentence?"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from casechron.analysis.timeline import AS_JUDGED
from casechron.analysis.views import NOT_NAMED
from casechron.report.text.english import as_dated, listed

__all__ = ["named", "parts", "quoted", "records", "whens", "within"]


def records(table: pd.DataFrame) -> list[dict[str, str]]:
    """The rows of a table, each cell as text.

    >>> records(pd.DataFrame({"event": ["blow"], "days_min": [3]}))
    [{'event': 'blow', 'days_min': '3'}]
    """
    names = [str(name) for name in table]
    columns = [[str(cell) for cell in column.tolist()] for _, column in table.items()]
    return [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]


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
    described = label[:1].islower() and label != NOT_NAMED and not label.startswith("unnamed ")
    return f"the {label}" if described else label


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


def whens(dates: pd.DataFrame) -> dict[str, str]:
    """When each event was: a part of a month as the source names it, else the days as they are
    told, with a mark where these lean on what the coder judged.

    Parameters
    ----------
    dates
        What `chronicle` gives.

    Examples
    --------
    >>> columns = ["event", "date", "said", "said_stated", "as_judged"]
    >>> july = ["talk", "", "in July 2018", "not dated", True]
    >>> late = ["met", "late 2018-09", "between 21 and 30 September 2018", "", False]
    >>> whens(pd.DataFrame([july, late], columns=columns))
    {'talk': 'in July 2018 (as judged)', 'met': 'in late September 2018'}
    """
    return {
        # What only an order dates has no words of its own.
        str(event): (((days == stated or not judged) and as_dated(date, stated)) or days)
        + AS_JUDGED * judged
        for event, date, days, stated, judged in dates[
            ["event", "date", "said", "said_stated", "as_judged"]
        ].itertuples(index=False)
    }
