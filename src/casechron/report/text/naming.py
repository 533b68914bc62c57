"""How are events, and the ends of a wait, named in a sentence?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from casechron.analysis.timeline import AS_JUDGED
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.report.draw.timeline import label_options
from casechron.report.show import Point
from casechron.report.text.english import as_dated, bare, kinds, told

__all__ = [
    "Row",
    "begins_with",
    "capital",
    "chart_label",
    "contradicted",
    "dated",
    "ends_with",
    "named_events",
    "own_concerns",
    "passes_on",
    "rows_of",
    "said_of",
    "told_later",
    "was_passed_on",
]

Row = Mapping[str, Any]
#: States of rows of `response_gaps` that are no concern of their own.
_NONE = (
    "told or counted in another row",
    "learned only afterwards",
    "itself an answer",
    "the end of the account",
)
#: How kinds begin that have no article.
_NO_ARTICLE = ("support", "safety", "information", "no ")


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table by the names of its columns; None where a cell has no value."""
    columns: list[list[Any]] = []
    for _, column in table.items():
        cells, empty = column.tolist(), column.isna()
        if empty.any():
            cells = [None if none else cell for cell, none in zip(cells, empty, strict=True)]
        columns.append(cells)
    names = list(map(str, table))
    return [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]


def named_events(chronicle: pd.DataFrame, gaps: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """The events by their ids, each with who raised it where the source names somebody."""
    by = {row["concern"]: row["by"] for row in rows_of(gaps) if "Unspecified" not in row["by"]}
    return {str(row["event"]): row | {"by": by.get(row["event"], "")} for row in rows_of(chronicle)}


def contradicted(chronicle: pd.DataFrame) -> list[Point]:
    """That not all dates and orders can hold together, which a page says before all else."""
    if NOT_ADMISSIBLE not in set(chronicle["status"]):
        return []
    told = "As coded and read here, not all dates and orders of events can hold together, so that"
    return [Point(f"{told} no page tells days between them. “How sure” says which.")]


def own_concerns(gaps: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of concerns of their own that were known at the time."""
    return [row for row in rows_of(gaps) if row["state"] not in _NONE]


def passes_on(event: Row) -> bool:
    """Whether it is of a kind that tells somebody."""
    return event["kind"] in kinds("telling")


def was_passed_on(row: Row, events: Mapping[str, Row]) -> bool:
    """Whether somebody raised a concern with an agency."""
    return bool(row["by"]) and row["concern"] in events and passes_on(events[row["concern"]])


def told_later(row: Row, events: Mapping[str, Row]) -> bool:
    """Whether a concern was raised by a telling of its own, so that nothing waited from its day."""
    return (
        bool(row["by"]) and "Unspecified" not in row["by"] and not passes_on(events[row["concern"]])
    )


def capital(text: str) -> str:
    """A text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def dated(event: Row) -> str:
    """When something was by its source's own date; empty where it gives none."""
    return as_dated(event["date"], event["said_stated"])


def said_of(event: Row) -> str:
    """What happened and when, and that it is alleged where it is."""
    return told(event["summary"], dated(event), event["alleged"])


def begins_with(event: Row) -> str:
    """Where a wait begins, as part of a sentence: 'the referral by S1's school in 2014'."""
    kind = event["kind"][:1].lower() + event["kind"][1:]
    if event["recurs"] and passes_on(event):
        kind += "s"
    kind += AS_JUDGED * (event["basis"] == "judged")
    # Of what is no telling, the one who told it is not the one who did it.
    by = f" by {event['by']}" if event["by"] and passes_on(event) else ""
    claimed = f" ({event['alleged']})" if event["alleged"] else ""
    return f"the {kind}{by} {dated(event)}".rstrip() + claimed


def ends_with(event: Row) -> str:
    """Where it ends: the kind of the step, as part of a sentence."""
    kind = str(event["kind"][:1].lower() + event["kind"][1:])
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
