"""What did the text say about time, statement by statement, in plain English?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from casechron.characters import counted
from casechron.chronology.constraints import Lowered, days_of_gap
from casechron.chronology.network import OPEN
from casechron.chronology.rows import ANSWERS, RelationRow
from casechron.dates.days import day_text

if TYPE_CHECKING:
    import pandas as pd


_MOST_RUNS = 3
"""Runs of days that a sentence names one by one."""


class Statement(NamedTuple):
    """One thing that the text says about time: the date of an event, or a relation of two.

    `number` is its place in `Lowered.statement_rows`, `row` the id of the row that says it."""

    number: int
    kind: str
    table: str
    row: str
    words: str
    basis: str
    paragraphs: str

    @property
    def cited(self) -> str:
        """The words with their basis, unless stated outright, and their paragraphs."""
        beside = [] if self.basis in ("", "stated") else [self.basis]
        if self.paragraphs[:1].isdigit():
            beside.append(f"paragraph{'s' if ',' in self.paragraphs else ''} {self.paragraphs}")
        elif self.paragraphs:
            beside.append(self.paragraphs)
        return f"{self.words} ({', '.join(beside)})" if beside else self.words


def statement(lowered: Lowered, number: int, paragraphs: Mapping[str, str]) -> Statement:
    """One statement of a lowered review, in words."""
    kind, place = lowered.statement_rows[number]
    if kind == "date":
        event = lowered.events[place]
        row, basis = event.id, event.date_basis or event.basis
        table, words = "events", _date(lowered, place)
    else:
        tie = lowered.relations[place]
        row, basis, table, words = tie.id, tie.basis, tie.table, _relation(lowered, tie)
    return Statement(number, kind, table, row, words, basis, paragraphs.get(row, ""))


def event_name(lowered: Lowered, event: str) -> str:
    """An event as sentences name it: its summary, or its id if there is none."""
    summary = lowered.events[lowered.row_of[event]].summary.rstrip(". ")
    return f"“{summary or event}”"


def _window(low: int, high: int) -> str:
    if low == high:
        return f"on {day_text(low)}"
    if low <= -OPEN:
        return f"no later than {day_text(high)}" if high < OPEN else "on a day not stated"
    if high >= OPEN:
        return f"no earlier than {day_text(low)}"
    return f"between {day_text(low)} and {day_text(high)}"


def _date(lowered: Lowered, event_place: int) -> str:
    event = lowered.events[event_place]
    earliest, start_latest, end_earliest, latest = lowered.stated[event_place].tolist()
    if lowered.start[event_place] == lowered.end[event_place]:
        sets = (
            days.runs
            for days in lowered.sets
            if lowered.statement_rows[days.statement] == ("date", event_place)
        )
        runs = next(sets, ())
        if not 0 < len(runs) <= _MOST_RUNS:
            runs = ((earliest, latest),)
        when = "is " + " or ".join(_window(low, high) for low, high in runs)
    else:
        first, last, both = ("first occurs", "last occurs", "first and last occur")
        if lowered.shape[event_place] == "span":
            first, last, both = ("starts", "ends", "starts and ends")
        start, end = _window(earliest, start_latest), _window(end_earliest, latest)
        when = f"{both} {start}" if start == end else f"{first} {start} and {last} {end}"
    source = f"‘{event.date_words}’, " if event.date_words else ""
    return f"{event_name(lowered, event.id)} {when} [{source}{event.date}]"


def _relation(lowered: Lowered, tie: RelationRow) -> str:
    first, second = (
        f"the {point} of {event_name(lowered, event)}" if point else event_name(lowered, event)
        for event, point in ((tie.from_event, tie.from_point), (tie.to_event, tie.to_point))
    )
    if tie.type == "gap":
        since = lowered.stated[lowered.row_of[tie.from_event]].tolist()
        low, high = days_of_gap(tie, lowered.policy, since)
        if high is None:
            days = f"at least {counted(low, 'day')}"
        elif low == 0:
            days = f"at most {counted(high, 'day')}"
        else:
            days = counted(low, "day") if low == high else f"{low} to {high} days"
        source = f"‘{tie.words}’, " if tie.words else ""
        return f"{second} is {days} after {first} [{source}{tie.meaning} {tie.gap}]"
    wording = {
        "before": f"{first} comes before {second}",
        "not-after": f"{first} comes no later than {second}",
        "same-day": f"{first} and {second} are on the same day",
        "during": f"{first} lies within {second}",
        ANSWERS: f"{second} answers {first}",
    }[tie.type]
    return f"{wording} [‘{tie.words}’]" if tie.words else wording


def paragraphs_by_row(locators: pd.DataFrame | None) -> dict[str, str]:
    """Where each coded row stands: '12, 15', with the source before it where the review has more
    than one.

    A row whose locator names no paragraph (no text was at hand) stands in the source as a whole.
    """
    if locators is None or not len(locators):
        return {}
    places: dict[str, dict[str, set[str]]] = {}
    columns = (locators[name].tolist() for name in ("row", "source", "paragraph"))
    for row, source, paragraph in zip(*columns, strict=True):
        places.setdefault(row, {}).setdefault(source, set()).add(paragraph)
    several_sources = locators["source"].nunique() > 1
    return {
        row: "; ".join(
            _place(source, paragraphs - {""}, several_sources)
            for source, paragraphs in by_source.items()
        )
        for row, by_source in places.items()
    }


def _place(source: str, paragraphs: set[str], several_sources: bool) -> str:
    listed = ", ".join(sorted(paragraphs, key=lambda p: (len(p), p)))
    return f"{source} {listed}".strip() if several_sources or not listed else listed
