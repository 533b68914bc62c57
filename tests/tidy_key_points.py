"""Do the tidy tables of a review say what a reader of its facts can know? Held against key points
that were worked out by hand, with bounds by linear programming: no reader and no network of the
package has a part in it.

Only what the two frozen lists need of dates and durations is read; anything else is refused.
"""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import linprog

Tables = Mapping[str, pd.DataFrame]
Point = tuple[str, str]  # an event and its start or end

#: Days of a month that 'early' and so on stand for; 31 is the last one.
PARTS = {"early": (1, 10), "mid": (11, 20), "late": (21, 31), "end": (21, 31)}
#: First month of a season; it has three.
SEASONS = {21: 3, 22: 6, 23: 9, 24: 12}
#: Mean days of a unit.
UNITS = {"D": 1.0, "W": 7.0, "M": 30.436875, "Y": 365.2425}


class Window(NamedTuple):
    """The days that a written date admits for start and end; None is no bound."""

    start: tuple[int | None, int | None]
    end: tuple[int | None, int | None]
    lasts: bool


def window(written: str) -> Window:
    """What a written date admits, in days of the proleptic Gregorian calendar."""
    if not written:
        return Window((None, None), (None, None), False)
    if "/" in written:
        first, last = written.split("/")
        start = days(first) if first not in ("", "..") else (None, None)
        end = days(last) if last not in ("", "..") else (None, None)
        return Window(start, end, True)
    if found := re.fullmatch(r"\[([^.\[]*)\.\.([^.\]]*)\]", written):
        least = days(found[1])[0] if found[1] else None
        most = days(found[2])[1] if found[2] else None
        return Window((least, most), (least, most), False)
    return Window(days(written), days(written), False)


def days(written: str) -> tuple[int, int]:
    """First and last day of a day, month, part of a month, season or year."""
    found = re.fullmatch(r"(?:(early|mid|late|end) )?(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", written)
    if not found or (found[1] and (not found[3] or found[4])):
        raise ValueError(f"the date {written!r} is of no form that the key points need")
    year, month, day = int(found[2]), int(found[3] or 0), int(found[4] or 0)
    if month in SEASONS and not found[1]:
        first, last = SEASONS[month], SEASONS[month] + 2
        return month_days(year, first)[0], month_days(year + last // 13, (last - 1) % 12 + 1)[1]
    if not month:
        return month_days(year, 1)[0], month_days(year, 12)[1]
    if day:
        return (only := date(year, month, day).toordinal()), only
    first_day, last_day = month_days(year, month)
    if not found[1]:
        return first_day, last_day
    least, most = PARTS[found[1]]
    return first_day + least - 1, min(first_day + most - 1, last_day)


def month_days(year: int, month: int) -> tuple[int, int]:
    last = calendar.monthrange(year, month)[1]
    return date(year, month, 1).toordinal(), date(year, month, last).toordinal()


def duration(gap: str, meaning: str) -> tuple[int, int | None]:
    """The days that a stated duration admits; a rounded one has half a unit on each side."""
    found = re.fullmatch(r"P([1-9]\d*)([DWMY])", gap)
    if not found or meaning not in ("exact", "rounded", "at-least", "at-most"):
        raise ValueError(f"the duration {gap!r} ({meaning}) is of no form that is known")
    number, mean = int(found[1]), UNITS[found[2]]
    if meaning == "rounded" and found[2] != "D":
        return math.ceil((number - 0.5) * mean), math.floor((number + 0.5) * mean)
    if mean % 1:
        raise ValueError(f"the days of {gap!r} ({meaning}) depend on where it begins")
    whole = round(number * mean)
    least, most = (0 if meaning == "at-most" else whole), (None if meaning == "at-least" else whole)
    return least, most


class Days:
    """Every admissible assignment of days to the events of some tidy tables.

    With `under`, the dates that this source gives take the place of the default ones.
    """

    def __init__(self, tables: Tables, under: str = "") -> None:
        self.events = {row["id"]: row for row in rows(tables, "events")}
        dates = {event: row["date"] for event, row in self.events.items()}
        if under:
            for row in rows(tables, "readings"):
                if row["source"] == under and row["column"] == "date":
                    dates[row["row"]] = row["value"]
        present = {event: row for event, row in self.events.items() if not row["absence"]}
        relations = rows(tables, "relations")
        windows = {event: window(dates[event]) for event in present}
        lasting = {event for event, one in windows.items() if one.lasts} | {
            row[f"{side}_event"] for row in relations for side in ("from", "to")
            if row[f"{side}_point"]
        }  # fmt: skip
        self.index = {
            (event, point): 1 + 2 * number + (point == "end" and event in lasting)
            for number, event in enumerate(present)
            for point in ("start", "end")
        }
        self.size = 1 + 2 * len(present)
        #: least <= day(j) - day(i) <= most, as rows (i, j, most) and the reverse.
        self.limits: list[tuple[int, int, int]] = []
        for event, one in windows.items():
            for point, (least, most) in (("start", one.start), ("end", one.end)):
                self._between(None, (event, point), least, most)
            self._between((event, "start"), (event, "end"), 0, None)
        for row in relations:
            self._relate(row)
        for row in rows(tables, "links"):
            # An answer never comes before what it answers.
            ends = (row["to_row"], row["from_row"])
            if row["type"] == "answers" and all(end in present for end in ends):
                self._between((ends[0], "start"), (ends[1], "start"), 0, None)

    def _between(
        self, first: Point | None, then: Point, least: int | None, most: int | None
    ) -> None:
        start, stop = self.index[first] if first else 0, self.index[then]
        if most is not None:
            self.limits.append((start, stop, most))
        if least is not None:
            self.limits.append((stop, start, -least))

    def _relate(self, row: Mapping[str, str]) -> None:
        ends = {}
        for side, unnamed in (("from", ("start", "end")), ("to", ("start", "end"))):
            point = row[f"{side}_point"]
            ends[side] = [
                (row[f"{side}_event"], one) for one in ([point] * 2 if point else unnamed)
            ]
        first, then = ends["from"], ends["to"]
        match row["type"]:
            case "before":
                self._between(first[1], then[0], 1, None)
            case "not-after":
                self._between(first[1], then[0], 0, None)
            case "same-day":
                for one, other in zip(first, then, strict=True):
                    self._between(one, other, 0, 0)
            case "during":
                self._between(then[0], first[0], 0, None)
                self._between(first[1], then[1], 0, None)
            case "gap":
                self._between(first[0], then[0], *duration(row["gap"], row["meaning"]))
            case other:
                raise ValueError(f"the relation {other!r} is not known")

    def between(self, first: Point | None, then: Point) -> tuple[int | None, int | None]:
        """Least and most days from one point to another, or from day 0; None is no bound."""
        aim = np.zeros(self.size)
        aim[self.index[then]] += 1
        aim[self.index[first] if first else 0] -= 1
        matrix = np.zeros((len(self.limits), self.size))
        for number, (start, stop, _) in enumerate(self.limits):
            matrix[number, stop] += 1
            matrix[number, start] -= 1
        most = np.array([limit for _, _, limit in self.limits], dtype=float)
        found: list[int | None] = []
        for sign in (1, -1):
            free = [(0, 0), *[(None, None)] * (self.size - 1)]
            answer = linprog(sign * aim, A_ub=matrix, b_ub=most, bounds=free, method="highs")
            if answer.status == 2:
                raise ValueError("no days fit all dates and relations")
            if answer.status == 3:
                found.append(None)
            else:
                assert answer.status == 0, answer.message
                assert abs(answer.fun - round(answer.fun)) < 1e-6, answer.fun
                found.append(sign * round(answer.fun))
        return found[0], found[1]


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
