"""How do rows of tables, events, and the ends of a wait become parts of a sentence?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from casechron.analysis.record import NOT_NAMED
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.coding.codebook import AS_JUDGED
from casechron.report.draw.timeline import label_options
from casechron.report.show import Point
from casechron.report.text.english import as_dated, bare, kinds, listed, lowered, sentence, told

#: A row of a table, by the names of its columns.
Row = dict[str, Any]
#: The beginnings of kinds that take no article.
_NO_ARTICLE = ("support", "safety", "information", "no ")


def rows_of(table: pd.DataFrame) -> list[Row]:
    """The rows of a table by the names of its columns; None where a cell has no value."""
    columns: list[list[Any]] = []
    for _, column in table.items():
        cells, empty = column.tolist(), column.isna()
        if empty.any():
            cells = [None if none else cell for cell, none in zip(cells, empty, strict=True)]
        columns.append(cells)
    names = list(map(str, table))
    return [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]


def as_table(rows: Iterable[Any], columns: str, **types: str) -> pd.DataFrame:
    """A table of these rows, of text where no other type is named.

    >>> as_table([("blow", 3)], "event days", days="Int64").dtypes.astype(str).to_dict()
    {'event': 'str', 'days': 'Int64'}
    """
    names = columns.split()
    table = pd.DataFrame(list(rows), columns=names)
    return table.astype(dict.fromkeys(names, "str") | types)


def groups(table: pd.DataFrame, *columns: str) -> Iterable[tuple[Any, pd.DataFrame]]:
    """The rows of a table that are alike in some columns, in the order of the table."""
    return table.groupby(columns[0] if len(columns) == 1 else list(columns), sort=False)


def parts(cell: str) -> list[str]:
    """The parts of a cell that lists several.

    >>> parts("WM; WF"), parts("")
    (['WM', 'WF'], [])
    """
    return [part for part in cell.split("; ") if part]


def point(text: str, rows: Iterable[Any] = ()) -> Point:
    """A sentence and the ids of the rows that bear it, each once."""
    return Point(sentence(text), tuple(dict.fromkeys(rows)))


def rows_by_event(chronicle: pd.DataFrame) -> dict[str, Row]:
    """The events by their ids."""
    return {row["event"]: row for row in rows_of(chronicle)}


def contradicted(chronicle: pd.DataFrame) -> list[Point]:
    """That not all dates and orders can hold together, which a page says before all else."""
    if NOT_ADMISSIBLE not in set(chronicle["status"]):
        return []
    text = "As coded and read here, not all dates and orders of events can hold together, so that"
    return [Point(f"{text} no page tells days between them. “How sure” says which.")]


def passes_on(event: Row) -> bool:
    """Whether it is of a kind that tells somebody."""
    return event["kind"] in kinds("telling")


def named(label: str) -> str:
    """A label within a sentence: 'father of S1' is a description, 'WM' and 'Family GP' are names.

    >>> named("father of S1"), named("WM"), named("The board"), named("somebody not named")
    ('the father of S1', 'WM', 'the board', 'somebody not named')
    """
    if label.startswith(("The ", "A ", "An ")):
        return f"{label[:1].lower()}{label[1:]}"
    described = label[:1].islower() and label != NOT_NAMED and not label.startswith("unnamed ")
    return f"the {label}" if described else label


def all_named(parties: Iterable[str]) -> str:
    """Several labels within a sentence, each once.

    >>> all_named(["WM", "father of S1", "WM"])
    'WM and the father of S1'
    """
    return listed(map(named, dict.fromkeys(parties)))


def dated(event: Row) -> str:
    """When something was by its source's own date; empty where it gives none."""
    return as_dated(event["date"], event["said_stated"])


def how_often(event: Row, note: str = "") -> str:
    """What happened, with how often it was where one row stands for several.

    >>> how_often({"summary": "Referrals are made", "how_many": "at least 2"})
    'Referrals are made (at least 2)'
    """
    once = event["how_many"] in ("", "once", "at least 1")
    return str(event["summary"]) + ("" if once else f" ({event['how_many']}{note})")


def said_of(event: Row) -> str:
    """What happened and when, and that it is alleged where it is."""
    return told(event["summary"], dated(event), event["alleged"])


def what_happened(events: Iterable[Row]) -> str:
    """What happened in several events, each in a sentence of its own."""
    return " ".join(sentence(said_of(event)) for event in events)


def days_as_judged(*events: Row) -> str:
    """The mark on days that lean on what the coder judged; empty where none do."""
    return " (days in part as judged)" * any(event["as_judged"] for event in events)


def begins_with(event: Row) -> str:
    """Where a wait begins, as part of a sentence: 'the referral by S1's school in 2014'."""
    kind = lowered(event["kind"])
    if event["recurs"] and passes_on(event):
        kind += "s"
    kind += AS_JUDGED * (event["basis"] == "judged")
    # `by` is who told it, so it is left out where the event itself is no telling.
    by = f" by {event['by']}" if event["by"] and passes_on(event) else ""
    claimed = f" ({event['alleged']})" if event["alleged"] else ""
    return f"the {kind}{by} {dated(event)}".rstrip() + claimed


def ends_with(event: Row) -> str:
    """Where it ends: the kind of the step, as part of a sentence."""
    kind = lowered(event["kind"])
    return kind if kind.endswith("s") or kind.startswith(_NO_ARTICLE) else f"the {kind}"


def chart_label(event: Row, to: str) -> str:
    """The same in a chart: a short label with its date, an arrow, the step."""
    when = bare(dated(event))
    row = {"short": "", "who": "", "absence": "", "status": event["alleged"]}
    label = label_options(row | {"summary": event["summary"], "kind": event["kind"]})[0]
    if passes_on(event):
        label = event["kind"] + ("s" if event["recurs"] else "")
        label += AS_JUDGED * (event["basis"] == "judged")
        label += f", {event['by']}" if event.get("by") else ""
    return f"{label}{f', {when}' if when else ''} → {to.removeprefix('the ')}"


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
    when = {}
    for row in rows_of(dates):
        # An event that is dated by orders alone has no date words.
        words_of_its_own = row["said"] == row["said_stated"] or not row["as_judged"]
        when[row["event"]] = (dated(row) if words_of_its_own else "") or row["said"]
        when[row["event"]] += AS_JUDGED * row["as_judged"]
    return when


def years(earliest: pd.Series[pd.Timestamp], latest: pd.Series[pd.Timestamp]) -> str:
    """Between which years something was, outwards; nothing where it is open.

    >>> days = pd.Series(pd.to_datetime(["2014-01-01", "2018-11-30"]))
    >>> years(days, days), years(days[:1], days[:1])
    (', between 2014 and 2018', ', in 2014')
    """
    if earliest.isna().any() or latest.isna().any() or earliest.empty:
        return ""
    first, last = int(earliest.min().year), int(latest.max().year)
    return f", in {first}" if first == last else f", between {first} and {last}"
