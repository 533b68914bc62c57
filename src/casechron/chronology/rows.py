"""What do the events and relations tables say about time, row by row? Their dates, the days that a
stated duration means, and what cannot be read."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from fractions import Fraction
from functools import lru_cache, partial
from math import ceil, floor
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from casechron.characters import meant_or, nearest
from casechron.chronology.cells import cells, made_once, rows_in
from casechron.dates.days import CYCLE_DAYS, CYCLE_MONTHS, date_of, months_on
from casechron.dates.policy import DatingPolicy
from casechron.dates.windows import DateBounds, DateError, day_span

if TYPE_CHECKING:
    import pandas as pd


RELATION_TYPES = ("before", "not-after", "same-day", "during", "gap")
#: A link of this type orders two events, and is no relation that anybody writes.
ANSWERS = "answers"
_POINTS = ("", "start", "end")
MEANINGS = ("exact", "rounded", "approximate", "at-least", "at-most")

_SLACK = {"half-unit": Fraction(1, 2), "one-unit": Fraction(1)}

_DURATION = re.compile(r"P(\d+)([DWMY])", re.ASCII)
#: Mean lengths in the Gregorian calendar.
_MEAN = {"D": Fraction(1), "W": Fraction(7), "M": Fraction(CYCLE_DAYS, CYCLE_MONTHS)}
_MEAN["Y"] = 12 * _MEAN["M"]

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
    """What ties two events in time: one row of the relations table, or a link of what answers
    what."""

    id: str
    type: str
    from_event: str
    from_point: str = ""
    to_event: str = ""
    to_point: str = ""
    gap: str = ""
    meaning: str = ""
    words: str = ""
    basis: str = ""

    @property
    def table(self) -> str:
        """The table in which it is coded."""
        return "links" if self.type == ANSWERS else "relations"


_Row = TypeVar("_Row", EventRow, RelationRow)


def _rows(kind: type[_Row], table: pd.DataFrame, needed: tuple[str, ...], name: str) -> list[_Row]:
    """The rows of a table; a column that is not needed may be missing, and is then empty."""
    missing = [column for column in needed if column not in table.columns]
    if missing:
        raise ChronologyInputError(
            [f"{name} has no column {column}; it needs {', '.join(needed)}" for column in missing]
        )
    # Most choices leave the relations as they are.
    return list(made_once(table, (kind,), partial(_all_rows, kind, table)))


def _all_rows(kind: type[_Row], table: pd.DataFrame) -> list[_Row]:
    columns = []
    for column in kind._fields:
        values = cells(table, column) if column in table.columns else [""] * len(table)
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
    rows, breaches, ids = _rows(EventRow, events, ("id", "date"), "events"), [], set()
    for row in rows:
        if not row.id or row.id in ids:
            problem = "an id is a short name of its own; this one is not unique"
            breaches.append(f"events, row '{row.id}', id: {problem}")
        ids.add(row.id)
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
    rows, event_ids = _rows(RelationRow, relations, needed, "relations"), set(events)
    breaches: list[str] = []

    def breach(row: RelationRow, problem: str) -> None:
        breaches.append(f"relations, row '{row.id}'{problem}")

    for row in rows:
        for name, event in (("from_event", row.from_event), ("to_event", row.to_event)):
            if event not in event_ids:
                offer = meant_or(nearest(event, event_ids), "add the event or correct the id")
                breach(row, f", {name}: '{event}' is no event of this review{offer}")
        if row.type not in RELATION_TYPES:
            allowed = f"write one of: {', '.join(RELATION_TYPES)}"
            breach(row, f", type: '{row.type}' is no relation; {allowed}")
        lasts = row.type == "gap" and (row.from_point, row.to_point) == ("start", "end")
        if row.from_event == row.to_event and not lasts:
            breach(
                row,
                f": it ties '{row.to_event}' to itself; name two events"
                " (how long one event lasts is a gap from its start to its end)",
            )
        if row.from_point not in _POINTS or row.to_point not in _POINTS:
            breach(row, ": a point is empty, start or end")
        if row.type == "gap":
            try:
                stated_days(row.gap, row.meaning, policy)
            except GapError as error:
                breach(row, f", gap: {error}")
    if breaches:
        raise ChronologyInputError(breaches)
    return rows


def answer_orders(links: pd.DataFrame | None, events: Collection[str]) -> list[RelationRow]:
    """The links of some events by which an answer ended no earlier than its concern began: those
    that are stated or derived, since a coder's judgement of what answers what orders nothing."""
    if links is None:
        return []
    known = set(events)
    rows = rows_in(links, "id", "type", "from_row", "to_row", "basis")
    return [
        RelationRow(row, ANSWERS, concern, to_event=answer, basis=basis)
        for row, kind, answer, concern, basis in rows
        if kind == ANSWERS
        and basis in ("stated", "derived")
        and answer != concern
        and {answer, concern} <= known
    ]


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


class GapError(ValueError):
    """What was written in place of a duration or of its meaning, and a right way to write it."""


@lru_cache(maxsize=4096)
def stated_days(
    gap: str, meaning: str, policy: DatingPolicy, since: int | None = None
) -> tuple[int, int | None]:
    """The least and the most whole days that a stated duration can mean; None is no limit.

    `gap` is an ISO 8601 duration in one unit, the unit that the source speaks in: P14D, P2W, P2M,
    P4Y. A month or year without slack is a calendar one, so its days depend on where it starts, and
    the widest range is given; `since` is the day on which it starts, where that is known: months
    are then counted from it, and one from the 31st ends on the last day of a shorter month or on
    the day after. `rounded` is the duration give or take the policy's `duration_slack`, and
    `approximate` ('around') its `approximate_slack`: half its unit or a whole one, in mean
    Gregorian days, the whole days inside; under `none` it is as exact. `at-least` starts at the
    least exact days, `at-most` runs from 0 to the most exact days: a limit is no rounding.

    Raises `GapError` for anything else.

    >>> half, none = DatingPolicy(), DatingPolicy(duration_slack="none")
    >>> [stated_days(gap, "rounded", half) for gap in ("P14D", "P2W", "P2M", "P4Y")]
    [(14, 14), (11, 17), (46, 76), (1279, 1643)]
    >>> [stated_days(gap, "rounded", none) for gap in ("P14D", "P2W", "P2M", "P4Y")]
    [(14, 14), (14, 14), (59, 62), (1460, 1461)]
    >>> stated_days("P3W", "at-least", half), stated_days("P2D", "at-most", half)
    ((21, None), (0, 2))
    >>> stated_days("P4Y", "approximate", half), stated_days("P2W", "approximate", half)
    ((1096, 1826), (7, 21))
    >>> from casechron.dates.days import day_number
    >>> stated_days("P1M", "exact", half), stated_days("P1M", "at-least", half)
    ((28, 31), (28, None))
    >>> since = day_number(2018, 1, 31)
    >>> [stated_days("P1M", meaning, half, since) for meaning in ("exact", "at-most")]
    [(28, 29), (0, 29)]
    """
    duration = _DURATION.fullmatch(gap)
    if not duration or len(duration[1]) > 12:
        raise GapError(
            f"'{gap}' is not a duration in one unit; write for example P14D, P2W, P2M or P4Y"
        )
    if meaning not in MEANINGS:
        raise GapError(
            f"'{meaning}' is no meaning of a duration; write one of: {', '.join(MEANINGS)}"
        )
    number, unit = int(duration[1]), duration[2]
    slack = _SLACK.get(_slack(meaning, policy))
    if slack:
        low, high = (number - slack) * _MEAN[unit], (number + slack) * _MEAN[unit]
        return max(0, ceil(low)), floor(high)
    days_min, days_max = _calendar_days(number, unit, since)
    if meaning == "at-least":
        return days_min, None
    return (0, days_max) if meaning == "at-most" else (days_min, days_max)


def counted_in_months(gap: str, meaning: str, policy: DatingPolicy) -> bool:
    """Whether a duration is one of calendar months or years without slack, whose days depend on
    where it starts.

    >>> counted_in_months("P1M", "exact", DatingPolicy())
    True
    >>> counted_in_months("P1M", "rounded", DatingPolicy())
    False
    """
    return gap[-1] in "MY" and _slack(meaning, policy) == "none"


def _slack(meaning: str, policy: DatingPolicy) -> str:
    """By how much a duration of this meaning is widened, in the policy's words."""
    if meaning == "rounded":
        return policy.duration_slack
    return policy.approximate_slack if meaning == "approximate" else "none"


def _calendar_days(number: int, unit: str, since: int | None) -> tuple[int, int]:
    """Least and most days of so many units from a day, or wherever in the calendar they start."""
    if unit in "DW":
        days = number * (7 if unit == "W" else 1)
        return days, days
    months = number * (12 if unit == "Y" else 1)
    if since is not None:
        end = months_on(since, months)
        return end - since, end - since + (date_of(end)[2] != date_of(since)[2])
    return _months(months)


@lru_cache(maxsize=256)
def _months(months: int) -> tuple[int, int]:
    """Least and most days of so many consecutive calendar months.

    From a day of one month to the same day of another is also a run of whole months; where that day
    does not exist and the month's last is taken, it is the run that starts a month later."""
    starts = np.arange(CYCLE_MONTHS).view("datetime64[M]")  # the calendar repeats after these
    lengths = (starts + np.timedelta64(months, "M")).astype("datetime64[D]") - starts.astype(
        "datetime64[D]"
    )
    days = lengths.astype(int)
    return int(days.min()), int(days.max())
