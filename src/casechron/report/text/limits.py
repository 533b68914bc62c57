"""Which limits of guidance are kept, and what would settle the others? In sentences."""

from __future__ import annotations

import pandas as pd

from casechron.report.show import Point
from casechron.report.text.naming import (
    Row,
    begins_with,
    capital,
    ends_with,
    named_events,
    rows_of,
)

__all__ = ["SETTLED", "limit_points"]

#: Verdicts that say whether a limit is kept.
SETTLED = ("met", "met as judged", "not met")


def limit_points(checks: pd.DataFrame, gaps: pd.DataFrame, chronicle: pd.DataFrame) -> list[Point]:
    """Which limits of guidance are kept or not, and of a step whose clock has no start on record
    from which day on it would be; the table has the others.

    Parameters
    ----------
    checks, gaps, chronicle
        What `timescale_checks`, `response_gaps` and `chronicle` give.
    """
    events = named_events(chronicle, gaps)
    if not len(checks):
        return [Point("No limit of guidance is on file for this review, so none is checked.")]
    points = []
    for row in rows_of(checks):
        start, end = row["start"], row["end"]
        if row["verdict"] in SETTLED and start in events:
            points.append(_settled(row, events[start], events.get(end)))
        elif row["verdict"] == "undetermined" and row["met_from_earliest"] is not None:
            lack = row["would_settle"].partition("; the source gives")[0]
            words = (
                f"Whether {begins_with(events[end])} kept the limit of {row['limit']} cannot be"
                f" told: one would have to know {lack}. {_kept_from(row)}."
            )
            points.append(Point(words, (end,)))
    if points:
        return points
    return [Point("The source settles no limit of guidance; the table says what would.")]


def _settled(row: Row, start: Row, end: Row | None) -> Point:
    did = "did not keep" if row["verdict"] == "not met" else "kept"
    judged = ", as judged," if row["verdict"] == "met as judged" else ""
    what = ends_with(end) if end else row["title"][:1].lower() + row["title"][1:]
    words = f"{capital(what)} {did}{judged} the limit of {row['limit']} from {begins_with(start)}"
    if row["working_days_max"] is not None and "working" in row["limit"]:
        words += f": it took {_span(row['working_days_min'], row['working_days_max'])}"
    return Point(f"{words}.", (row["start"], *([row["end"]] if end else [])))


def _span(least: int, most: int) -> str:
    if least == most:
        return f"{most} working day{'' if most == 1 else 's'}"
    return f"up to {most} working days" if not least else f"{least} to {most} working days"


def _kept_from(row: Row) -> str:
    """From which day on the start would have to be for the limit to be kept."""
    first, last = (
        f"{day.day} {day:%B %Y}" for day in (row["met_from_earliest"], row["met_from_latest"])
    )
    if first == last:
        return f"The limit was kept only if that day was {first} or later"
    return (
        f"If the step came on its earliest possible day, the limit was kept only if that day was"
        f" {first} or later; if on its latest, {last} or later"
    )
