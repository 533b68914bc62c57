"""What do the tidy tables admit? Worked out anew, so that the package is not asked about itself: no
reader of dates, no network and no calendar of the package has a part in it.

Bounds are those of scipy's HiGHS on the differences that the tables state (a linear program whose
matrix is totally unimodular, so that its corners are whole days), and between any two points those
of scipy's shortest ways (Johnson), which have to agree with them; where a date has holes, each of
its runs of days is tried. What two or three events admit together is enumerated, day by day:

    for concern, step in admitted_days(tables, policy, ["referral-2014", "visit-2014"]):
        ...  # ordinals of two days that some course of days has, all such pairs in turn

`tables` are the tidy tables of a review, `policy` its dating policy. A name is that of an event,
which is its first day, or 'event.start' or 'event.end'. So whatever is said of a few events (a
wait, the working days of a clock, a verdict, which step came next) can be said of each tuple, and
'certain', 'possible', 'least' and 'most' are all, any, min and max over them. An event that no day
bounds on a side is refused: its days are endless. `Days(tables, policy)` is asked for more at once.

Only the forms of dates that reviews and simulated reviews use are read; any other is refused.
"""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache, cached_property
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_array
from scipy.sparse.csgraph import csgraph_from_dense, johnson

Tables = Mapping[str, pd.DataFrame]
Run = tuple[float, float]

#: Days are counted from here in the linear programs, so that their numbers stay small.
ZERO = date(2015, 1, 1).toordinal()
#: No day of a review is so far away: what comes near it has no bound.
FAR = 1_000_000
MOST_ASSIGNMENTS = 600
INF = math.inf
SEASONS = {21: 3, 22: 6, 23: 9, 24: 12}
QUARTERS = {33: 1, 34: 4, 35: 7, 36: 10}
#: Kinds of what has an end besides its beginning, also where neither is dated.
THAT_LAST = {"assessment", "child-in-need-plan", "fear", "household", "known-to-agencies"}
THAT_LAST |= {"looked-after", "police-investigation", "protection-plan", "support"}
UNITS = {"D": 1.0, "W": 7.0, "M": 30.436875, "Y": 365.2425}


def months_from(year: int, month: int, count: int) -> tuple[int, int]:
    """First and last day of so many whole months."""
    first, after = date(year, month, 1), month - 1 + count
    beyond = date(year + after // 12, after % 12 + 1, 1)
    return first.toordinal(), beyond.toordinal() - 1


def atom(text: str, policy: Any) -> list[Run]:
    """The runs of days of one date: more than one where digits are left open."""
    match = re.fullmatch(
        r"(?:(early|mid|late|end) )?([0-9X]{4})(?:-([0-9X]{2})(?:-([0-9X]{2}))?)?([?~%]?)", text
    )
    if not match:
        raise ValueError(f"the date {text!r} is of no form that is read here")
    part, year_text, month_text, day_text, mark = match.groups()
    if "X" in text:
        assert not part, text
        assert mark not in ("~", "%"), text
        return _matching(year_text, month_text or "XX", day_text or "XX")
    year, month = int(year_text), int(month_text or 0)
    if day_text:
        first = last = date(year, month, int(day_text)).toordinal()
        unit = 0
    elif month in SEASONS or month in QUARTERS:
        start = {**SEASONS, **QUARTERS}[month]
        year -= start == 12 and policy.winter == "ends"
        (first, last), unit = months_from(year, start, 3), 3
    elif month:
        (first, last), unit = months_from(year, month, 1), 1
    else:
        (first, last), unit = months_from(year, 1, 12), 12
    if part and unit == 1:
        first, last = {
            "early": (first, first + policy.early_to - 1),
            "mid": (first + policy.early_to, first + policy.mid_to - 1),
            "late": (first + policy.late_from - 1, last),
            "end": (first + policy.end_from - 1, last),
        }[part]
    elif part:
        # Day 30 of a month is the end of a year or of a season, in months that hold all of it.
        begin, end = {
            "early": (0, policy.early_to),
            "mid": (policy.early_to, policy.mid_to),
            "late": (policy.late_from - 1, 30),
            "end": (policy.end_from - 1, 30),
        }[part]
        skip, length = int(begin / 30 * unit + 1e-9), 0
        while (skip + length) / unit < end / 30 - 1e-9:
            length += 1
        start = date.fromordinal(first).month - 1 + skip
        year = date.fromordinal(first).year + start // 12
        first, last = months_from(year, start % 12 + 1, length)
    if mark in ("~", "%") and policy.approximate_slack != "none":
        assert not part, text
        assert unit != 3, text
        if policy.approximate_slack == "half-unit":
            half = {0: 0, 1: 15, 12: 182}[unit]
            return [(first - half, last + half)]
        if not unit:
            return [(first - 1, last + 1)]
        before = date.fromordinal(first - 1)
        first = (
            months_from(before.year, before.month, 1)[0]
            if unit == 1
            else date(year - 1, 1, 1).toordinal()
        )
        after = date.fromordinal(last + 1)
        last = months_from(after.year, after.month, unit)[1]
    return [(first, last)]


def _matching(year: str, month: str, day: str) -> list[Run]:
    """The runs of days whose digits fit a mask."""
    mask = re.compile(f"{year}-{month}-{day}".replace("X", "[0-9]"))
    day_1 = date(int(year.replace("X", "0")), 1, 1)
    days = (
        day_1 + timedelta(n)
        for n in range(366 + int(year.replace("X", "9")) * 366 - day_1.year * 366)
    )
    runs: list[Run] = []
    for possible in days:
        if mask.fullmatch(possible.isoformat()):
            on = possible.toordinal()
            if runs and runs[-1][1] == on - 1:
                runs[-1] = (runs[-1][0], on)
            else:
                runs.append((on, on))
    return runs


def hull(runs: Sequence[Run]) -> Run:
    return min(low for low, _ in runs), max(high for _, high in runs)


def window(text: str, policy: Any, *, several: bool) -> tuple[list[Run], list[Run], bool]:
    """The runs of days of the first and of the last day, and whether the two are one day."""
    anything = [(-INF, INF)]
    if not text:
        return anything, anything, False
    if "/" in text:
        begin, finish = text.split("/")
        start = anything if begin in ("", "..") else [hull(atom(begin.removeprefix(".."), policy))]
        end = anything if finish in ("", "..") else [hull(atom(finish.removesuffix(".."), policy))]
        if begin.startswith(".."):
            start = [(-INF, start[0][1])]
        if finish.endswith(".."):
            end = [(end[0][0], INF)]
        return start, end, False
    if text[0] in "[{":
        members = []
        for member in text[1:-1].split(","):
            low, dots, high = member.partition("..")
            if not dots:
                members += atom(low, policy) if text[0] == "[" else [hull(atom(low, policy))]
            else:
                first = hull(atom(low, policy))[0] if low else -INF
                members.append((first, hull(atom(high, policy))[1] if high else INF))
        if text[0] == "{":
            lows, highs = zip(*members, strict=True)
            return [(min(lows), min(highs))], [(max(lows), max(highs))], False
    else:
        members = atom(text, policy)
    runs: list[Run] = []
    for low, high in sorted(members):
        if runs and low <= runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], max(runs[-1][1], high))
        else:
            runs.append((low, high))
    return runs, runs, not several


@cache
def whole_months(months: int) -> tuple[int, int]:
    """Least and most days of so many months, from any month of the calendar."""
    lengths = [calendar.monthrange(2000 + at // 12, at % 12 + 1)[1] for at in range(4800)] * 2
    sums = np.concatenate([[0], np.cumsum(lengths)])
    runs = sums[months : months + 4800] - sums[:4800]
    return int(runs.min()), int(runs.max())


def duration(gap: str, meaning: str, policy: Any, since: Run) -> Run:
    """Least and most days of a stated duration, from a day of `since`."""
    match = re.fullmatch(r"P([0-9]+)([DWMY])", gap)
    if not match or meaning not in ("exact", "rounded", "approximate", "at-least", "at-most"):
        raise ValueError(f"the duration {gap!r} ({meaning}) is of no form that is known")
    number, unit = int(match[1]), match[2]
    slack = {"rounded": policy.duration_slack, "approximate": policy.approximate_slack}.get(
        meaning, "none"
    )
    if slack != "none":
        off = {"half-unit": 0.5, "one-unit": 1.0}[slack]
        low, high = (number - off) * UNITS[unit], (number + off) * UNITS[unit]
        return max(0, math.ceil(low)), math.floor(high)
    if unit in "DW":
        least = most = number * (7 if unit == "W" else 1)
    else:
        months = number * (12 if unit == "Y" else 1)
        least, most = whole_months(months)
        if since[0] == since[1]:
            day = date.fromordinal(int(since[0]))
            first, last = months_from(
                day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1, 1
            )
            on = first + day.day - 1
            least, most = (on, on) if on <= last else (last, last + 1)
            least, most = least - day.toordinal(), most - day.toordinal()
    if meaning == "at-least":
        return least, INF
    return (0 if meaning == "at-most" else least), most


class Days:
    """Every admissible course of days of the events of some tidy tables."""

    def __init__(self, tables: Tables, policy: Any) -> None:
        events = _rows(tables["events"], "id date kind absence count_min count_max")
        ties = _rows(
            tables["relations"], "type from_event from_point to_event to_point gap meaning"
        )
        lasting = {
            tie[f"{side}_event"] for tie in ties for side in ("from", "to") if tie[f"{side}_point"]
        }
        lasting |= {tie["to_event"] for tie in ties if tie["type"] == "during"}
        lasting |= {row["id"] for row in events if row["kind"] in THAT_LAST}
        self.births = {row["id"] for row in events if row["kind"] == "birth" and not row["absence"]}
        self.absent = {row["id"] for row in events if row["absence"]}
        #: As stated: the runs of days of start and end.
        self.stated: dict[str, tuple[list[Run], list[Run]]] = {}
        self.point: dict[tuple[str, str], int] = {}
        self.limits: list[tuple[int, int, float, float]] = []
        self.sets: list[tuple[int, list[Run]]] = []
        size = 1
        for row in events:
            event = row["id"]
            most = row["count_max"]
            several = int(row["count_min"] or 0) > 1 or (
                int(most) > 1 if most else bool(row["count_min"])
            )
            start, end, moment = window(row["date"], policy, several=several)
            if not row["date"]:
                moment = not several and event not in lasting
            self.stated[event] = (start, end)
            if event in self.births | self.absent:
                continue
            self.point[event, "start"] = size
            self.point[event, "end"] = size if moment else size + 1
            size += 1 if moment else 2
            for runs, name in ((start, "start"), (end, "end"))[: 1 if moment else 2]:
                at = self.point[event, name]
                self.limits.append((0, at, *(day - ZERO for day in hull(runs))))
                if len(runs) > 1:
                    self.sets.append((at, runs))
            if not moment:
                self.limits.append((size - 2, size - 1, 0, INF))
        self.size = size
        self.ties = ties
        for tie in ties:
            self._tie(tie, policy)
        self._through_births(ties, policy)

    def _ends(self, tie: Mapping[str, str], policy: Any) -> Iterator[tuple[str, str, float, float]]:
        a, b = tie["from_point"], tie["to_point"]
        match tie["type"]:
            case "before" | "not-after":
                yield a or "end", b or "start", int(tie["type"] == "before"), INF
            case "gap":
                since = hull(self.stated[tie["from_event"]][(a or "start") == "end"])
                yield (
                    a or "start",
                    b or "start",
                    *duration(tie["gap"], tie["meaning"], policy, since),
                )
            case "during":
                yield a or "start", b or "start", -INF, 0
                yield a or "end", b or "end", 0, INF
            case "same-day":
                yield a or "start", b or "start", 0, 0
                yield a or "end", b or "end", 0, 0
            case other:
                raise ValueError(f"the relation {other!r} is not known")

    def _tie(self, tie: Mapping[str, str], policy: Any) -> None:
        earlier, later = tie["from_event"], tie["to_event"]
        if {earlier, later} & self.absent or {earlier, later} <= self.births:
            return
        for a, b, least, most in self._ends(tie, policy):
            if earlier in self.births:
                low, high = (day - ZERO for day in hull(self.stated[earlier][a == "end"]))
                self.limits.append((0, self.point[later, b], low + least, high + most))
            elif later in self.births:
                low, high = (day - ZERO for day in hull(self.stated[later][b == "end"]))
                self.limits.append((0, self.point[earlier, a], low - most, high - least))
            else:
                self.limits.append((self.point[earlier, a], self.point[later, b], least, most))

    def _through_births(self, ties: list[dict[str, str]], policy: Any) -> None:
        """What is not after a birth is not after what the birth is not after."""
        steps: list[tuple[tuple[str, str], tuple[str, str], int]] = []
        for tie in ties:
            pair = (tie["from_event"], tie["to_event"])
            if tie["type"] == "gap" or not set(pair) & self.births or set(pair) & self.absent:
                continue
            for a, b, least, most in self._ends(tie, policy):
                first, then = (
                    (event, "" if event in self.births else point)
                    for event, point in zip(pair, (a, b), strict=True)
                )
                if least > -INF:
                    steps.append((first, then, int(least)))
                if most < INF:
                    steps.append((then, first, -int(most)))

        def walk(
            first: tuple[str, str], least: int, passed: tuple[str, ...], here: tuple[str, str]
        ) -> None:
            for before, then, days in steps:
                if before != here or then[0] in passed:
                    continue
                if then[0] in self.births:
                    walk(first, least + days, (*passed, then[0]), then)
                elif then != first:
                    self.limits.append((self.point[first], self.point[then], least + days, INF))

        for first, then, days in steps:
            if first[0] not in self.births:
                walk(first, days, (then[0],), then)

    def _matrix(self, limits: Sequence[tuple[int, int, float, float]]) -> tuple[Any, Any]:
        rows = [(i, j, most) for i, j, _, most in limits if most < INF]
        rows += [(j, i, -least) for i, j, least, _ in limits if least > -INF]
        at = np.arange(len(rows))
        i, j, length = np.array(rows).T
        matrix = csr_array(
            (
                np.repeat([1.0, -1.0], len(rows)),
                (np.tile(at, 2), np.concatenate([j, i]).astype(int)),
            ),
            shape=(len(rows), self.size),
        )
        return matrix, length

    def _widest(self, limits: Sequence[Any], since: int) -> Any:
        """The most days from one point to each other, all at once: of two courses of days the later
        day of each point is one again. None where no days fit."""
        matrix, length = self._matrix(limits)
        free = [(0, 0) if at == since else (-FAR, FAR) for at in range(self.size)]
        best = linprog(-np.ones(self.size), A_ub=matrix, b_ub=length, bounds=free, method="highs")
        if best.status == 2:
            return None
        assert best.status == 0, best.message
        days = np.rint(best.x)
        assert np.abs(best.x - days).max() < 1e-4
        return np.where(days > FAR // 2, INF, days)

    @cached_property
    def assignments(self) -> list[list[tuple[int, int, float, float]]]:
        """The limits, with one run of days for each date that has several: those that can hold."""
        return [limits for limits, _ in self._solved]

    @cached_property
    def _solved(self) -> list[tuple[list[tuple[int, int, float, float]], Any]]:
        """Each of those, and the most days from day 0 to each point."""
        count = math.prod(len(runs) for _, runs in self.sets)
        assert count <= MOST_ASSIGNMENTS, f"{count} assignments are too many"
        tried = (
            [*self.limits]
            + [
                (0, at, low - ZERO, high - ZERO)
                for (at, _), (low, high) in zip(self.sets, chosen, strict=True)
            ]
            for chosen in product(*(runs for _, runs in self.sets))
        )
        both = ((limits, self._widest(limits, 0)) for limits in tried)
        return [(limits, most) for limits, most in both if most is not None]

    def most_from(self, since: int) -> Any:
        """The most days from one point (0: day 0) to each, over all courses of days."""
        if since == 0:
            return np.max([most for _, most in self._solved], axis=0)
        return np.max([self._widest(limits, since) for limits in self.assignments], axis=0)

    @cached_property
    def closures(self) -> list[Any]:
        """The most days from each point to each, for each assignment that can hold: the shortest
        ways in a graph, of which those from day 0 have to be what the solver finds."""
        found = []
        for limits, most_from_0 in self._solved:
            longest = np.full((self.size, self.size), INF)
            for i, j, least, most in limits:
                longest[i, j] = min(longest[i, j], most)
                longest[j, i] = min(longest[j, i], -least)
            found.append(johnson(csgraph_from_dense(longest, null_value=INF)))
            assert np.array_equal(found[-1][0], most_from_0)
        return found

    @cached_property
    def matrix(self) -> Any:
        """The most days from each point to each."""
        return np.max(self.closures, axis=0)

    @cached_property
    def bounds(self) -> dict[str, tuple[Run, Run]]:
        """Least and most day of the start and of the end of each event."""
        most, back = self.most_from(0), self._back(0)
        return {
            event: tuple(
                hull(self.stated[event][side == "end"])
                if (event, side) not in self.point
                else (ZERO - back[self.point[event, side]], ZERO + most[self.point[event, side]])
                for side in ("start", "end")
            )
            for event in self.stated
        }

    def _back(self, since: int) -> Any:
        """The most days from each point to one."""
        turned = ([(j, i, *days) for i, j, *days in limits] for limits in self.assignments)
        return np.max([self._widest(limits, since) for limits in turned], axis=0)

    def gap(self, first: tuple[str, str], second: tuple[str, str]) -> Run:
        """Least and most days from a point of one event to a point of another."""
        if first in self.point and second in self.point:
            i, j = self.point[first], self.point[second]
            return -self.matrix[j, i], self.matrix[i, j]
        (low, high), (least, most) = (
            self.bounds[event][side == "end"] for event, side in (first, second)
        )
        return least - high, most - low

    @cached_property
    def ordered(self) -> dict[tuple[tuple[str, str], tuple[str, str]], float]:
        """The days that orders alone put between points, those of births too."""
        least: dict[tuple[Any, Any], float] = {}
        for event in self.stated:
            least[(event, "start"), (event, "end")] = 0
            if event in self.births or self.point.get((event, "start")) == self.point.get(
                (event, "end")
            ):
                least[(event, "end"), (event, "start")] = 0
        for tie in self.ties:
            pair = (tie["from_event"], tie["to_event"])
            if tie["type"] == "gap" or set(pair) & self.absent:
                continue
            for a, b, low, high in self._ends(tie, None):
                for key, days in (
                    (((pair[0], a), (pair[1], b)), low),
                    (((pair[1], b), (pair[0], a)), -high),
                ):
                    least[key] = max(least.get(key, -INF), days)
        names = list(dict.fromkeys(point for key in least for point in key))
        matrix = np.full((len(names), len(names)), -INF)
        for (earlier, later), days in least.items():
            matrix[names.index(earlier), names.index(later)] = days
        for k in range(len(names)):
            matrix = np.maximum(matrix, matrix[:, k, None] + matrix[k])
        return {(names[i], names[j]): matrix[i, j] for i, j in np.argwhere(matrix > -INF).tolist()}

    def order(self, earlier: str, later: str) -> str:
        """What holds of the order of two whole events in every course of days."""
        between = self.gap((earlier, "end"), (later, "start"))[0]
        within = self.gap((earlier, "start"), (later, "end"))[1]
        if {earlier, later} & self.births:
            between = max(between, self.ordered.get(((earlier, "end"), (later, "start")), -INF))
            within = min(within, -self.ordered.get(((later, "end"), (earlier, "start")), -INF))
        if between >= 0 and within <= 0:
            return "same day"
        if between >= 1 or within <= -1:
            return "before" if between >= 1 else "after"
        return "not after" if between >= 0 else "not before" if within <= 0 else "unclear"


def admitted_days(tables: Tables, policy: Any, events: Iterable[str]) -> Iterator[tuple[int, ...]]:
    """Each tuple of days, as ordinals, that some course of days has for the named points of events:
    'event' (its first day), 'event.start' or 'event.end'. See the head of this module."""
    yield from together(Days(tables, policy), events)


def together(days: Days, events: Iterable[str]) -> Iterator[tuple[int, ...]]:
    """The same of tables that have been read."""
    names = [name.partition(".")[::2] for name in events]
    points = [(event, side or "start") for event, side in names]
    rows = courses(days, points)
    assert rows is not None, f"{points} are open on a side, or of too many days: endless"
    yield from map(tuple, rows.tolist())


def courses(days: Days, points: Sequence[tuple[str, str]], most: int = 200_000) -> Any:
    """The same as rows of an array; None where a point is open on a side, or where there are more
    than so many on the way."""
    parts, share = [], most / max(1, len(days.closures))
    for closure in days.closures:
        rows = np.zeros((1, 0), dtype=np.int64)
        for at, point in enumerate(points):
            same = [days.point.get(other, -1) for other in points[:at]]
            if days.point.get(point) in same:
                rows = np.column_stack([rows, rows[:, same.index(days.point[point])]])
                continue
            if point in days.point:
                low, high = -closure[days.point[point], 0], closure[0, days.point[point]]
            else:
                low, high = (day - ZERO for day in hull(days.stated[point[0]][point[1] == "end"]))
            if max(abs(low), abs(high)) == INF or len(rows) * (high - low + 1) > share:
                return None
            possible = ZERO + np.arange(int(low), int(high) + 1)
            rows = np.column_stack(
                [np.repeat(rows, len(possible), axis=0), np.tile(possible, len(rows))]
            )
            for k, other in enumerate(points[:at]):
                if point in days.point and other in days.point:
                    i, j = days.point[other], days.point[point]
                    gap = rows[:, at] - rows[:, k]
                    rows = rows[(gap <= closure[i, j]) & (-gap <= closure[j, i])]
        parts.append(rows)
    return np.unique(np.concatenate(parts), axis=0) if parts else None


def working_day(start: int, end: int, off: set[date], day_one: str) -> int:
    """Which working day of the clock that runs from the start is the end, counted day by day; the
    end is no earlier."""
    first = start + (day_one == "day after")
    return sum(
        date.fromordinal(day).weekday() < 5 and date.fromordinal(day) not in off
        for day in range(first, end + 1)
    )


def _rows(table: pd.DataFrame, columns: str) -> list[dict[str, str]]:
    """The rows of a table; a column that it has not is empty."""
    named = [*dict.fromkeys([*columns.split(), *table.columns])]
    return table.reindex(columns=named, fill_value="").to_dict("records")
