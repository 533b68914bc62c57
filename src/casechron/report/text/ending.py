"""What does a story come to, how did that come about, and of which offence was somebody found
guilty? Read from the events that are told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from casechron.analysis.chronicle import place_in_time
from casechron.analysis.concerns import END_KINDS
from casechron.analysis.tables import by_key
from casechron.coding.codebook import codebook
from casechron.report.text import english as say
from casechron.report.text.english import RowCells, rows_of
from casechron.report.text.steps import lengths_said

#: Of what is no more than that, and not in part.
_ALLEGED = ("alleged", "alleged and denied", "denied")
#: What says who was found guilty of it, the firmest first.
FOUND = ("conviction", "plea")


def story_end(happened: Sequence[RowCells]) -> RowCells | None:
    """What the story comes to: the gravest of what the account can end with, the first of its kind;
    what is no more than alleged or denied only where there is nothing else, and what happened to
    others only where nothing did to the child."""
    gravest = (
        row
        for to_the_child in (True, False)
        for alleged in (False, True)
        for code in END_KINDS
        for row in happened
        if row["kind"] in say.labels(code)
        and (row["can_end"], row["alleged"] in _ALLEGED) == (to_the_child, alleged)
    )
    return next(gravest, None)


def how_it_came_about(end: RowCells | None, happened: Sequence[RowCells]) -> list[RowCells]:
    """Of a death the last harm to the child that died, be it an injury or neglect, which by its own
    date can have been on that day, or behind which an order puts the death; none that is no more
    than alleged."""
    if not end or end["kind"] not in say.labels("death"):
        return []
    harm = [
        row
        for row in happened
        if row["kind"] in say.labels("harm-to-child", "neglect")
        and row["alleged"] not in _ALLEGED
        and {*end["children"]} <= {*row["children"]}
        and (row["event"] in end["behind"] or (say.dated(row) and not follows(end, row)))
    ]
    return sorted(harm, key=place_in_time)[-1:]


def follows(row: RowCells, other: RowCells | None, side: str = "latest") -> bool:
    """Whether what happened certainly came after the other, on a later day; `start_latest`: after
    its beginning."""
    return say.after(row["earliest"], other and other[side])


def before_the_end(
    statements: pd.DataFrame | None, events: Mapping[str, RowCells]
) -> dict[str, str]:
    """How long before a death, an injury or an admission the source itself says that something was,
    however closely the dates bound that; in its own words where it dates the event by that."""
    lengths = lengths_said(statements)
    of_one = Counter(event for event, _ in lengths)

    def put(event: str, length: str) -> str:
        words = events[event]["date_words"]
        return words if words.endswith(" before") and of_one[event] == 1 else f"{length} before"

    return {
        event: f"{put(event, length)} {say.ends_with(events[end])}"
        for (event, end), length in reversed(lengths.items())
        if {event, end} <= {*events} and events[end]["can_end"]
    }


def tell_offences(events: Mapping[str, RowCells], facts: pd.DataFrame) -> None:
    """Write behind each conviction and plea of which offence it is, where not a word of its summary
    says so: 'three counts' are of something."""
    offence = codebook().label("attribute", "offence")
    offences = by_key(
        (row["row"], row["value"]) for row in rows_of(facts) if row["fact"] == offence
    )
    for event in offences.keys() & events.keys():
        row, words = events[event], re.findall(r"\w{4,}", " ".join(offences[event]).lower())
        if row["kind"] in say.labels(*FOUND) and not any(
            w in row["summary"].lower() for w in words
        ):
            named = f"; offence: {'; '.join(offences[event])}"
            row["outcome"] = named + str(row.get("outcome", ""))
