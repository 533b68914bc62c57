"""What do the events and relations tables say about time, row by row, and can it be read?"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from casechron.chronology.stated_gaps import GapError, stated_days
from casechron.dates.policy import DatingPolicy
from casechron.dates.windows import DateBounds, DateError, day_span

if TYPE_CHECKING:
    import pandas as pd


RELATION_TYPES = ("before", "not-after", "same-day", "during", "gap")
POINTS = ("", "start", "end")
UNDATED = DateBounds("undated", None, None, None, None, "none")


class ChronologyInputError(ValueError):
    """What in the events or relations cannot be read, every breach at once; `breaches` lists
    them."""

    def __init__(self, breaches: list[str]) -> None:
        super().__init__("\n".join(breaches))
        self.breaches = breaches


class EventRow(NamedTuple):
    """One row of the events table, as far as time goes."""

    id: str
    date: str
    date_words: str
    date_basis: str
    kind: str
    count_min: str
    count_max: str
    absence: str
    summary: str
    basis: str

    @property
    def can_recur(self) -> bool:
        """Whether more than one occurrence is possible: 'several', 'at least two', 'one to
        three'."""
        fewest, largest = int(self.count_min or 0), self.count_max
        return fewest > 1 or (int(largest) > 1 if largest else bool(self.count_min))


class RelationRow(NamedTuple):
    """One row of the relations table."""

    id: str
    type: str
    from_event: str
    from_point: str
    to_event: str
    to_point: str
    gap: str
    meaning: str
    words: str
    basis: str


_Row = TypeVar("_Row", EventRow, RelationRow)


def _rows(kind: type[_Row], table: pd.DataFrame, needed: tuple[str, ...], name: str) -> list[_Row]:
    """The rows of a table; a column that is not needed may be missing, and is then empty."""
    missing = [column for column in needed if column not in table.columns]
    if missing:
        raise ChronologyInputError(
            [f"{name} has no column {column}; it needs {', '.join(needed)}" for column in missing]
        )
    columns = []
    for column in kind._fields:
        values = table[column].tolist() if column in table.columns else [""] * len(table)
        # An empty cell is '' in a table read by casechron, and not a text in one that pandas read
        # by itself.
        if set(map(type, values)) - {str}:
            values = [value if isinstance(value, str) else _text(value) for value in values]
        columns.append(values)
    return list(map(kind._make, zip(*columns, strict=True)))


def _text(value: object) -> str:
    """A cell that pandas did not keep as text: missing, or a whole number that it read as one."""
    if isinstance(value, float):
        return "" if value != value else str(int(value)) if value.is_integer() else str(value)
    return str(value) if isinstance(value, int) else ""


def event_rows(events: pd.DataFrame) -> list[EventRow]:
    """The rows of an events table; raises `ChronologyInputError` for ids that are empty or not
    unique, and for counts that cannot be read."""
    rows, breaches, seen = _rows(EventRow, events, ("id", "date"), "events"), [], set()
    for row in rows:
        if not row.id or row.id in seen:
            problem = "an id is a short name of its own; this one is not unique"
            breaches.append(f"events, row '{row.id}', id: {problem}")
        seen.add(row.id)
        for name, count in (("count_min", row.count_min), ("count_max", row.count_max)):
            if count and not (count.isascii() and count.isdigit()):
                breaches.append(f"events, row '{row.id}', {name}: '{count}' is not a whole number")
    if breaches:
        raise ChronologyInputError(breaches)
    return rows


def relation_rows(
    relations: pd.DataFrame, events: Iterable[str], policy: DatingPolicy
) -> list[RelationRow]:
    """The rows of a relations table; raises `ChronologyInputError` for whatever in them cannot be
    read."""
    needed = ("id", "type", "from_event", "to_event")
    rows, known = _rows(RelationRow, relations, needed, "relations"), set(events)
    breaches: list[str] = []
    for row in rows:
        for name, event in (("from_event", row.from_event), ("to_event", row.to_event)):
            if event not in known:
                near = difflib.get_close_matches(event, known, 1)
                hint = f"did you mean '{near[0]}'?" if near else "add the event or correct the id"
                problem = f"'{event}' is no event of this review; {hint}"
                breaches.append(f"relations, row '{row.id}', {name}: {problem}")
        if row.type not in RELATION_TYPES:
            problem = f"'{row.type}' is no relation; write one of: {', '.join(RELATION_TYPES)}"
            breaches.append(f"relations, row '{row.id}', type: {problem}")
        lasts = row.type == "gap" and (row.from_point, row.to_point) == ("start", "end")
        if row.from_event == row.to_event and not lasts:
            breaches.append(
                f"relations, row '{row.id}': it ties '{row.to_event}' to itself; name two events"
                " (how long one event lasts is a gap from its start to its end)"
            )
        if row.from_point not in POINTS or row.to_point not in POINTS:
            breaches.append(f"relations, row '{row.id}': a point is empty, start or end")
        if row.type == "gap":
            try:
                stated_days(row.gap, row.meaning, policy)
            except GapError as error:
                breaches.append(f"relations, row '{row.id}', gap: {error}")
    if breaches:
        raise ChronologyInputError(breaches)
    return rows


def read_dates(rows: list[EventRow], policy: DatingPolicy) -> list[DateBounds]:
    """The bounds of each event's date as written; raises `ChronologyInputError` for what is no
    date."""
    dates, breaches = [], []
    for row in rows:
        try:
            dates.append(day_span(row.date, policy) if row.date else UNDATED)
        except DateError as error:
            breaches.append(f"events, row '{row.id}', date: {error}")
    if breaches:
        raise ChronologyInputError(breaches)
    return dates
