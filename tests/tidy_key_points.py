"""Do the tidy tables of a review say what a reader of its facts can know? Held against key points
that were worked out by hand, with bounds by linear programming: no reader and no network of the
package has a part in it.

Its days are those of `independent`, and what answers another never comes before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd

import independent

Tables = Mapping[str, pd.DataFrame]
Point = tuple[str, str]  # an event and its start or end

#: The dating policy of the key points.
POLICY = SimpleNamespace(
    early_to=10,
    mid_to=20,
    late_from=21,
    end_from=21,
    duration_slack="half-unit",
    approximate_slack="one-unit",
    winter="starts",
)


class Days(independent.Days):
    """Every admissible assignment of days to the events of some tidy tables.

    With `under`, the dates that this source gives take the place of the default ones.
    """

    def __init__(self, tables: Tables, under: str = "") -> None:
        others = {
            row["row"]: row["value"]
            for row in rows(tables, "readings")
            if row["source"] == under and row["column"] == "date"
        }
        events = [
            {**row, "date": others.get(row["id"], row["date"])} for row in rows(tables, "events")
        ]
        relations = rows(tables, "relations")
        super().__init__(
            {"events": pd.DataFrame(events), "relations": pd.DataFrame(relations)}, POLICY
        )
        for row in rows(tables, "links"):
            ends = [(row[name], "start") for name in ("to_row", "from_row")]
            if row["type"] == "answers" and all(end in self.point for end in ends):
                self.limits.append((*(self.point[end] for end in ends), 0, independent.INF))

    def between(self, first: Point | None, then: Point) -> tuple[int | None, int | None]:
        """Least and most days from one point to another, or from day 0; None is no bound."""
        if not self.assignments:
            raise ValueError("no days fit all dates and relations")
        found = self.gap(first, then) if first else self.bounds[then[0]][then[1] == "end"]
        least, most = (int(day) if abs(day) < independent.INF else None for day in found)
        return least, most


def rows(tables: Tables, name: str) -> list[dict[str, str]]:
    """The rows of a table as text; none where there is no such table."""
    if name not in tables:
        return []
    table = tables[name].astype("object")
    text = table.where(table.notna(), "").astype(str)
    return [{str(name): cell for name, cell in row.items()} for row in text.to_dict("records")]


def fold(text: str) -> str:
    return " ".join(text.replace("’", "'").lower().split())


def failures(points: Mapping[str, Any], tables: Tables) -> Iterator[str]:
    """A sentence for each key point that the tidy tables do not bear out."""
    by_summary: dict[str, list[str]] = {}
    for table in ("events", "findings", "recommendations"):
        for row in rows(tables, table):
            by_summary.setdefault(fold(row["summary"]), []).append(row["id"])
    sought = {**points["events"], **points.get("recommendations", {})}
    sought |= {name: wanted["summary"] for name, wanted in points.get("findings", {}).items()}
    ids: dict[str, str] = {}
    for name, summary in sought.items():
        found = by_summary.pop(fold(summary), [])
        if len(found) != 1:
            yield f"{name}: {len(found)} rows have the summary {summary!r}, not one"
        else:
            ids[name] = found[0]
    for summary, extra in by_summary.items():
        yield f"{extra[0]}: the facts have no {summary!r}"
    if len(ids) < len(sought):
        return  # what is asked of a row that is not there has no answer
    names = {row: name for name, row in ids.items()}
    yield from _of_events(points, tables, ids)
    yield from _of_time(points, tables, ids)
    yield from _of_rows(points, tables, names)


def _of_events(points: Mapping[str, Any], tables: Tables, ids: Mapping[str, str]) -> Iterator[str]:
    events = {row["id"]: row for row in rows(tables, "events")}
    for name in points["events"]:
        event = events[ids[name]]
        for column, wanted in (
            ("kind", points["kinds"][name]),
            ("absence", points["absences"].get(name, "")),
        ):
            if event[column] != wanted:
                yield f"{name}: {column} is {event[column]!r}, not {wanted!r}"
        told = sorted(
            {row["source"] for row in rows(tables, "locators") if row["row"] == ids[name]}
        )
        if told != sorted(points["sources"].get(name, points["sources"]["every"])):
            yield f"{name}: told by {told}"
    readings = {
        (row["row"], row["source"]): row["value"]
        for row in rows(tables, "readings")
        if row["column"] == "date"
    }
    wanted = {}
    for name, dates in points.get("dated", {}).items():
        (_, default), *others = dates.items()
        if events[ids[name]]["date"] != default:
            yield f"{name}: dated {events[ids[name]]['date']!r}, not {default!r}"
        wanted |= {(ids[name], source): other for source, other in others}
    if readings != wanted:
        yield f"the sources differ in {readings}, not in {wanted}"


def _of_time(points: Mapping[str, Any], tables: Tables, ids: Mapping[str, str]) -> Iterator[str]:
    under: dict[str, Days] = {}

    def chronology(point: Mapping[str, Any]) -> Days:
        source = point.get("under", "")
        if source not in under:
            under[source] = Days(tables, source)
        return under[source]

    def place(name: str, unnamed: str = "start") -> Point:
        event, _, end = name.partition(".")
        return ids[event], end or unnamed

    for one in points.get("bounds", []):
        found = chronology(one).between(None, place(one["event"]))
        said = [date.fromordinal(day).isoformat() if day else None for day in found]
        if said != one["days"]:
            yield f"{one['event']} {one.get('under', '')}: {said}, not {one['days']}"
    for one in points.get("gap", []):
        words = f"{one['from']} to {one['to']} {one.get('under', '')}".rstrip()
        first, then = place(one["from"]), place(one["to"])
        found = chronology(one).between(first, then)
        if list(found) != one["days"]:
            yield f"{words}: {found} days, not {one['days']}"
        if "weekdays" in one:
            starts, stops = (chronology(one).between(None, point) for point in (first, then))
            if None in starts + stops or starts[0] != starts[1] or stops[0] != stops[1]:
                yield f"{words}: not known to the day, so that weekdays are no one number"
            elif (counted := _weekdays(starts[0], stops[0])) != one["weekdays"]:
                yield f"{words}: {counted} weekdays, not {one['weekdays']}"
    for one in points.get("order", []):
        least, _ = chronology(one).between(place(one["first"], "end"), place(one["then"]))
        word = "unclear" if least is None or least < 0 else "before" if least else "not after"
        if word != one["word"]:
            yield f"{one['first']} and {one['then']}: {word}, not {one['word']}"


def _weekdays(first: int | None, then: int | None) -> int:
    """Mondays to Fridays, counted from the day after the first to the second."""
    assert first is not None
    assert then is not None
    return sum(date.fromordinal(day).weekday() < 5 for day in range(first + 1, then + 1))


def _of_rows(points: Mapping[str, Any], tables: Tables, names: Mapping[str, str]) -> Iterator[str]:
    labels = {"": ""}
    for table in ("agencies", "people"):
        labels |= {row["id"]: fold(row["label"]) for row in rows(tables, table)}

    def named(row: str) -> str:
        return names.get(row, row)

    found: dict[str, list[tuple[str, ...]]] = {
        # The event has the grade of a step that was not taken.
        "involvement": [
            (named(row["event"]), row["role"], labels[row["agency"]],
             "" if row["role"] == "responsible-absent" else row["grade"])
            for row in rows(tables, "involvement")
        ],
        "participation": [
            (named(row["event"]), row["role"], labels[row["person"]], row["status"],
             labels[row["account"]])
            for row in rows(tables, "participation")
        ],
        "links": [
            (row["type"], named(row["from_row"]), named(row["to_row"]), row["basis"])
            for row in rows(tables, "links")
        ],
        "themes": [(named(row["row"]), row["theme"]) for row in rows(tables, "themes")],
        "attributes": [
            (named(row["row"]), row["attribute"], row["value"])
            for row in rows(tables, "attributes")
        ],
        "findings": [
            (named(row["id"]), row["polarity"], labels[row["attributed_to"]])
            for row in rows(tables, "findings")
        ],
    }  # fmt: skip
    wanted: dict[str, list[list[str]]] = {
        **points["rows"],
        "findings": [
            [name, one["polarity"], one["attributed_to"]]
            for name, one in points.get("findings", {}).items()
        ],
    }
    for table, listed in wanted.items():
        width = max((len(row) for row in found[table]), default=0)
        expected = sorted(
            (*map(_party(table), enumerate(row)), *[""] * (width - len(row))) for row in listed
        )
        have = sorted(found[table])
        for row in have:
            if have.count(row) > expected.count(row):
                yield f"{table}: the facts have no {row}"
        for row in expected:
            if expected.count(row) > have.count(row):
                yield f"{table}: there is no {tuple(one for one in row if one)}"


def _party(table: str) -> Any:
    """Labels of parties are compared whatever their case; all else as it is written."""
    at = {"involvement": (2,), "participation": (2, 4), "findings": (2,)}.get(table, ())
    return lambda numbered: fold(numbered[1]) if numbered[0] in at else numbered[1]
