"""What happened, and on which days can it have happened? The timeline of a review.

Lanes, one below the other: what happened at home, what others raised, what children's services
did, what was missing as the review says, and how long it took. Where the dates crowd, a second
panel has a scale of its own."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from casechron.reporting.draw.canvas import (
    GROUND,
    INK,
    PALE,
    PAPER,
    Canvas,
    Link,
    mixed,
    size_of,
    text_width,
    wrapped,
)

__all__ = ["LANES", "Lane", "draw_timeline", "drawn", "label_options"]

#: How many events are drawn at most: more cannot be read, and on paper fewer.
MOST, ON_PAPER = 30, 24


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane: its name, and the colours of its bars and of its ground."""

    name: str
    color: str
    ground: str


#: The lanes from the top down, by the names that the codebook gives to them.
LANES: Mapping[str, Lane] = {
    "home": Lane("At home", "#8f4400", "#f8f0e8"),
    "raised": Lane("Others raise it", "#0a5f96", "#eef3f3"),
    "services": Lane("Children's services", "#2b2b2b", "#eeeeea"),
    "missing": Lane("Missing, says the review", "#96144b", "#f7ecec"),
    "entry": Lane("Not classified yet", "#4a4a46", "#f1f0ea"),
    "wait": Lane("How long", "#00605a", "#ecf2ed"),
}
#: Columns of days.
_DAYS = ("earliest", "latest", "certain_from", "certain_to", "least_from", "least_to")
#: Lanes of events in the order in which each has its turn where there is room for some only.
_TURNS = ("services", "raised", "missing", "home", "entry")
_MONTHS = calendar.month_name
#: In points: the height of a bar, the room below it, the least width of a bar, and the room between
#: two things that stand side by side.
_BAR, _BELOW, _LEAST, _BETWEEN = 5.0, 4.5, 2.5, 7.0
#: How far a bar goes on towards an end that is open.
_STUB = 30.0
#: What of the width the first of two panels has, and what height in points a bar is worth that a
#: cut does not part.
_FIRST, _CROSSED = 0.38, 20.0
#: How strong the colour is of days that are possible only.
_POSSIBLE = 0.68


@dataclass(frozen=True, slots=True)
class _Panel:
    """A part of the time, from a day to the day after its last, and where it is drawn."""

    begins: int
    ends: int
    left: float
    right: float

    def x(self, day: float) -> float:
        share = (min(max(day, self.begins), self.ends) - self.begins) / (self.ends - self.begins)
        return self.left + share * (self.right - self.left)


@dataclass(frozen=True, slots=True)
class _Bar:
    """A bar with the lines of its label, where they stand in a panel."""

    row: Mapping[str, Any]
    panel: _Panel
    lines: Sequence[str]
    bold: bool
    x0: float
    x1: float
    text_x: float
    width: float

    @property
    def left(self) -> float:
        arrow = 7.0 if self.row["earliest"] is None else 0.0
        return min(self.text_x, self.x0) - arrow

    @property
    def right(self) -> float:
        arrow = 7.0 if self.row["latest"] is None else 0.0
        return max(self.text_x + self.width, self.x1 + arrow)


def draw_timeline(
    events: pd.DataFrame, waits: pd.DataFrame, title: str, note: str = "", px: int = 1160
) -> Canvas:
    """The timeline of a review: a bar for all days on which an event can have happened.

    An arrow at an end of a bar says that nothing on record limits it there; a hatched bar is of
    what is alleged or denied, a dashed one of what the review found missing. Of a wait the thick
    part is its least, the thin line its most. More events than can be read are not drawn; harm,
    closures and the ends of the waits always are, then each lane has its turn.

    Parameters
    ----------
    events : pandas.DataFrame
        What `timeline` gives: `event`, `lane`, `short`, `summary`, `when` (its date in words),
        `places`, `kind`, `who`, `absence`, `status`, `always`, `earliest` and `latest` (dates; None
        where nothing limits them),
        `certain_from` and `certain_to` (dates; None where no day is certain).
    waits : pandas.DataFrame
        `event`, `to_event`, `text`, and `earliest`, `latest` (the first day that it can have begun,
        the last on which it can have ended), `least_from`, `least_to` (dates; the days that lie in
        it whatever the dates are, where there are some).
    title : str
        The finding, as a sentence.
    note : str, default ""
        What stands below it.
    px : int, default 1160
        The width in CSS pixels.

    Returns
    -------
    Canvas
        Its `figure()` is the drawing. Each event and each wait is a group by its name, `event-ID`
        and `wait-ID-ID`, that leads to its row.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"event": "call", "lane": "raised", "short": "", "summary": "A call", "always": True}
    >>> row |= {"when": "in May 2018", "places": "para 1.1", "kind": "Referral", "who": "School"}
    >>> row |= {"absence": "", "status": "", "certain_from": pd.NaT, "certain_to": pd.NaT}
    >>> days = {"earliest": pd.Timestamp("2018-05-01"), "latest": pd.Timestamp("2018-05-31")}
    >>> waits = pd.DataFrame(columns=["event", "to_event", "text", "earliest", "latest"])
    >>> list(draw_timeline(pd.DataFrame([row | days]), waits, "A call in May 2018").links)
    ['event-call']
    """
    rows = drawn(events, waits, ON_PAPER if px == PAPER else MOST)
    lengths = [row for row in _records(waits) if _placed(row)]
    canvas = Canvas(px, "timeline")
    y = canvas.paragraph(2, 0, title, size_of(px, 14, 17), canvas.width - 4, bold=True)
    told = [note] if note else []
    if len(rows) < len(events):
        told.append(f"{len(rows)} events are drawn; the whole chronicle has all of them.")
    size = size_of(px, 8.8, 9.2)
    for text in told:
        y = canvas.paragraph(2, y + 2, text, size, canvas.width - 4, color=INK)
    _Layout(canvas, rows, lengths).draw(y + 6)
    return canvas


def drawn(events: pd.DataFrame, waits: pd.DataFrame, most: int = MOST) -> list[dict[str, Any]]:
    """The rows of `events` that `draw_timeline` draws, with these waits, where there is room for so
    many."""
    ends = {event for row in _records(waits) for event in (row["event"], row["to_event"])}
    return _chosen([row for row in _records(events) if _placed(row)], ends, most)


def label_options(row: Mapping[str, Any]) -> list[str]:
    """What can stand at an event's bar, the best first: the coder's own short label, the first
    clause of the summary, the kind with who or with the grade of the absence. None loses that
    something is alleged or denied.

    >>> row = dict.fromkeys(("short", "who", "absence", "status"), "")
    >>> label_options(
    ...     row | {"summary": "The case is closed; why is not said", "kind": "Case closed"}
    ... )
    ['Case is closed', 'Case closed']
    >>> label_options(row | {"summary": "A blow", "kind": "Violence", "status": "alleged"})
    ['A blow (alleged)', 'Violence (alleged)']
    """
    clause = re.split(r"[;:] |, (?:who|which|as|about|only|where|when)\b", row["summary"])[0]
    # Not an 'A': it can be what the source calls the child.
    clause = re.sub(r"^(?:The|An) (?=\w)", "", clause)
    kind = row["kind"]
    if row["absence"]:
        kind = f"{kind}: {row['absence'].lower()}"
    elif row["who"]:
        kind = f"{kind}: {row['who']}"
    options = [row["short"], clause[:1].upper() + clause[1:], kind]
    status = row["status"]
    # The coder's own words are the coder's; what we cut says the status again.
    return [
        option if not place or not status or status in option else f"{option} ({status})"
        for place, option in enumerate(options)
        if option
    ]


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows, their days as numbers: each is asked for in every place that a cut is tried."""
    rows = [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
    return [row | {name: _day(row[name]) for name in _DAYS if name in row} for row in rows]


def _day(value: Any) -> int | None:
    """A date as a number of days; None where there is none."""
    return None if pd.isna(value) else int(value.toordinal())


def _placed(row: Mapping[str, Any]) -> bool:
    """Whether there is a day at all at which a bar can end."""
    return row["earliest"] is not None or row["latest"] is not None


def _chosen(rows: Sequence[dict[str, Any]], ends: Iterable[str], most: int) -> list[dict[str, Any]]:
    """The events that are drawn: those that must be, then from each lane in its turn those whose
    days are told best."""
    ends = set(ends)

    def rank(row: Mapping[str, Any]) -> tuple[bool, bool, int, str]:
        first, last = row["earliest"], row["latest"]
        opened = first is None or last is None
        days = 0 if first is None or last is None else last - first
        return not (row["always"] or row["event"] in ends), opened, days, row["event"]

    queues = [sorted((row for row in rows if row["lane"] == lane), key=rank) for lane in _TURNS]
    must = [row["event"] for row in rows if not rank(row)[0]]
    kept = set(must)
    for turn in range(max(map(len, queues), default=0)):
        for queue in queues:
            if len(kept) < most and turn < len(queue):
                kept.add(queue[turn]["event"])
    return [row for row in rows if row["event"] in kept]


class _Layout:
    """Where each bar and its label stand, whatever the number of panels."""

    def __init__(
        self,
        canvas: Canvas,
        rows: Sequence[Mapping[str, Any]],
        waits: Sequence[Mapping[str, Any]],
    ) -> None:
        self.canvas = canvas
        self.rows = {
            lane: [row for row in rows if row["lane"] == lane] for lane in LANES if lane != "wait"
        } | {"wait": list(waits)}
        px = canvas.px
        self.size, self.head = size_of(px, 8.2, 8.6), size_of(px, 9.2, 9.6)
        self.names = 0.0 if canvas.narrow else 92.0

    # Panels

    def spans(self) -> list[tuple[int, int]]:
        """The parts of the time that are drawn, each with a scale of its own: one, or two where
        that needs less height."""
        days = [
            day
            for rows in self.rows.values()
            for row in rows
            for day in (row["earliest"], row["latest"])
            if day is not None
        ]
        begins, ends = _month(min(days)), _month_after(max(days))
        whole = [(begins, ends)]
        tried = [(self.height(whole), 0, whole)]
        for cut in _months(begins + 150, ends - 60):
            if ends - begins > 500:
                parted = [(begins, cut), (cut, ends)]
                tried.append((self.height(parted) + _CROSSED * self.crossed(cut), -cut, parted))
        return min(tried)[2]

    def blocks(self, spans: Sequence[tuple[int, int]]) -> list[list[_Panel]]:
        """The panels as they stand: side by side, or below each other on a phone."""
        width = self.canvas.width - 2
        if self.canvas.narrow:
            return [[_Panel(*span, 2, width)] for span in spans]
        room = width - self.names - 14 * (len(spans) - 1)
        shares = [1.0] if len(spans) == 1 else [_FIRST, 1 - _FIRST]
        panels, left = [], self.names
        for span, share in zip(spans, shares, strict=True):
            panels.append(_Panel(*span, left, left + room * share))
            left += room * share + 14
        return [panels]

    def height(self, spans: Sequence[tuple[int, int]]) -> float:
        """What height the lanes need with these panels, in points."""
        return sum(
            self._lane_height([self.packed(lane, panel) for panel in block])
            for block in self.blocks(spans)
            for lane in LANES
        )

    def crossed(self, cut: int) -> int:
        """How many bars have days on both sides of a cut."""
        return sum(
            first < cut <= last
            for rows in self.rows.values()
            for row in rows
            if (first := row["earliest"]) is not None and (last := row["latest"]) is not None
        )

    # Bars

    def bars(self, lane: str, panel: _Panel) -> Iterator[_Bar]:
        """The bars of a lane that stand in a panel."""
        for row in self.rows[lane]:
            first, last = row["earliest"], row["latest"]
            # It stands where most of its days lie; where one end is open, at the other; a wait
            # where it begins.
            at = last if first is None else first if last is None else (first + last) // 2
            if lane == "wait" and first is not None:
                at = first
            if at is None or not panel.begins <= at < panel.ends:
                continue
            x0, x1 = self._ends(row, panel, first, last)
            bold = bool(row.get("always"))
            room = max(x1 - x0, size_of(self.canvas.px, 96, 128))
            if lane == "wait":
                lines = wrapped(row["text"], max(room, 150), self.size)
            else:
                lines = self._label(row, room, bold)
            width = max(text_width(line, self.size, bold) for line in lines)
            yield _Bar(row, panel, lines, bold, x0, x1, min(x0, panel.right - width), width)

    def _ends(
        self, row: Mapping[str, Any], panel: _Panel, first: int | None, last: int | None
    ) -> tuple[float, float]:
        """From where to where a bar goes. Towards an end that is open it is short, whatever the
        panel shows there: it says that there is no limit, and not that it can reach so far."""
        certain = [row.get(name) for name in ("certain_from", "certain_to")]
        x0 = panel.left if first is None else panel.x(first)
        x1 = panel.right if last is None else panel.x(last + 1)
        if first is None:
            known = [panel.x(day) for day in certain if day is not None]
            x0 = max(x0, min([x1 - _STUB, *known]))
        if last is None:
            known = [panel.x(day + 1) for day in certain if day is not None]
            x1 = min(x1, max([x0 + _STUB, *known]))
        return x0, max(x1, x0 + _LEAST)

    def _label(self, row: Mapping[str, Any], room: float, bold: bool) -> list[str]:
        """The first label that two lines hold; else the shortest, whole."""
        tried = [wrapped(option, room, self.size, bold) for option in label_options(row)]
        fits = (
            lines
            for lines in tried
            if len(lines) <= 2 and max(text_width(one, self.size, bold) for one in lines) <= room
        )
        return next(fits, min(tried, key=len))

    def packed(self, lane: str, panel: _Panel) -> list[list[_Bar]]:
        """The bars of a lane in rows in which none touches another, from left to right."""
        rows: list[list[_Bar]] = []
        for bar in sorted(self.bars(lane, panel), key=lambda bar: (bar.left, bar.right)):
            for row in rows:
                if row[-1].right + _BETWEEN <= bar.left:
                    row.append(bar)
                    break
            else:
                rows.append([bar])
        return rows

    def _row_height(self, row: Sequence[_Bar]) -> float:
        lines = max(len(bar.lines) for bar in row)
        return lines * self.size * 1.22 + 1.5 + _BAR + _BELOW

    def _lane_height(self, packed: Sequence[Sequence[Sequence[_Bar]]]) -> float:
        """The height of a lane, 0 where it has no bar."""
        if not any(packed):
            return 0.0
        rows = max(sum(map(self._row_height, rows)) for rows in packed)
        if self.canvas.narrow:
            return rows + self.head * 1.5 + 5
        return max(rows + 8, 2 * self.head * 1.3 + 10)

    # Drawing

    def draw(self, y: float) -> None:
        """All panels and lanes below `y`."""
        if not any(self.rows.values()):
            return
        for block in self.blocks(self.spans()):
            y = self._block(block, y)

    def _block(self, block: Sequence[_Panel], y: float) -> float:
        canvas = self.canvas
        y += self.head * 1.5
        for panel in block:
            canvas.text(panel.left, y, _span(panel.begins, panel.ends), self.head, bold=True)
        y += self.size * 1.4
        ticks = [(panel, *tick) for panel in block for tick in _ticks(panel)]
        for panel, day, text in ticks:
            canvas.text(panel.x(day) + 2, y, text, self.size - 0.6, color=PALE)
        y = top = y + 3
        for name, lane in LANES.items():
            packed = [self.packed(name, panel) for panel in block]
            height = self._lane_height(packed)
            if not height:
                continue
            canvas.ground(0, y, canvas.width, height, lane.ground)
            room = canvas.width if canvas.narrow else self.names - 8
            canvas.paragraph(4, y, lane.name, self.head, room, color=lane.color, bold=True)
            below = y + (self.head * 1.5 if canvas.narrow else 3)
            for rows in packed:
                at = below
                for row in rows:
                    at += self._row_height(row)
                    for bar in row:
                        self._bar(bar, name, lane, at - _BELOW - _BAR)
            y += height + 2.5
        for panel, day, _ in ticks:
            canvas.line(panel.x(day), top, y - 2.5, "#c9c8bf")
        return y + 6

    def _bar(self, bar: _Bar, name: str, lane: Lane, y: float) -> None:
        canvas, row, size = self.canvas, bar.row, self.size
        part = (
            f"wait-{row['event']}-{row['to_event']}" if name == "wait" else f"event-{row['event']}"
        )
        with canvas.group(part, self._link(row, name)):
            for below, line in zip(range(len(bar.lines))[::-1], bar.lines, strict=True):
                up = y - 3.2 - below * size * 1.22
                canvas.text(bar.text_x, up, line, size, color=lane.color, bold=bar.bold)
            if name == "wait":
                self._wait(bar, lane, y)
                return
            width = bar.x1 - bar.x0
            if name == "missing":
                canvas.bar(bar.x0, y, width, _BAR, "none", edge=lane.color, dashed=True)
            else:
                canvas.bar(bar.x0, y, width, _BAR, mixed(lane.color, lane.ground, _POSSIBLE))
                self._certain(bar, lane, y)
                if row["status"]:
                    canvas.bar(bar.x0, y, width, _BAR, "none", edge=GROUND, hatch="/////")
            for day, x, way in (("earliest", bar.x0, -1), ("latest", bar.x1, 1)):
                self._end(row[day], bar.panel, x, y, way, lane.color)

    def _link(self, row: Mapping[str, Any], name: str) -> Link:
        if name == "wait":
            return Link(f"tables/chronicle.html#{row['event']}", row["text"])
        told = [row["summary"], row["when"], row["places"]]
        return Link(f"tables/chronicle.html#{row['event']}", ". ".join(filter(None, told)))

    def _certain(self, bar: _Bar, lane: Lane, y: float) -> None:
        """The days on which it certainly lasted, or the one day on which it was."""
        begins, ends = bar.row["certain_from"], bar.row["certain_to"]
        if begins is not None and ends is not None and begins <= ends:
            left, right = bar.panel.x(begins), bar.panel.x(ends + 1)
            if left < right:
                width = max(right - left, _LEAST)
                self.canvas.bar(left, y, width, _BAR, lane.color)

    def _end(
        self, day: int | None, panel: _Panel, x: float, y: float, way: int, color: str
    ) -> None:
        """The mark of an end that is open, or that lies outside the panel."""
        if day is None:
            self.canvas.arrow(x, y + _BAR / 2, way * 5, _BAR / 2 + 1, color)
        elif not panel.begins <= day < panel.ends:
            for step in (1.6, 3.6):
                self.canvas.bar(x + way * step - 0.5, y - 0.8, 1, _BAR + 1.6, color)

    def _wait(self, bar: _Bar, lane: Lane, y: float) -> None:
        self.canvas.bar(bar.x0, y + _BAR * 0.35, bar.x1 - bar.x0, _BAR * 0.3, lane.color)
        begins, ends = bar.row["least_from"], bar.row["least_to"]
        if begins is not None and ends is not None and begins < ends:
            left = bar.panel.x(begins)
            self.canvas.bar(left, y, bar.panel.x(ends) - left, _BAR, lane.color)


# Days and months


def _month(day: int) -> int:
    """The first day of the month of a day."""
    return date.fromordinal(day).replace(day=1).toordinal()


def _month_after(day: int) -> int:
    """The first day of the month after that of a day."""
    return _month(_month(day) + 31)


def _months(begins: int, ends: int) -> list[int]:
    """The first days of months between two days."""
    months = []
    at = begins if _month(begins) == begins else _month_after(begins)
    while at <= ends:
        months.append(at)
        at = _month_after(at)
    return months


def _span(begins: int, ends: int) -> str:
    first, last = date.fromordinal(begins), date.fromordinal(ends - 1)
    if first.year == last.year:
        if first.month == last.month:
            return f"{_MONTHS[first.month]} {first.year}"
        return f"{_MONTHS[first.month]} to {_MONTHS[last.month]} {last.year}"
    begin = f"{first.year}" if first.month == 1 else f"{_MONTHS[first.month]} {first.year}"
    end = f"{last.year}" if last.month == 12 else f"{_MONTHS[last.month]} {last.year}"
    return f"{begin} to {end}"


def _ticks(panel: _Panel) -> list[tuple[int, str]]:
    """Days that are marked, with their names, as many as can be read."""
    months = _months(panel.begins, panel.ends - 1)
    room = (panel.right - panel.left) / 24
    if len(months) <= room:
        return [(day, _MONTHS[date.fromordinal(day).month][:3]) for day in months]
    years = [day for day in months if date.fromordinal(day).month == 1]
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if len(years) / step <= room)
    return [
        (day, str(date.fromordinal(day).year))
        for day in years
        if date.fromordinal(day).year % step == 0
    ]
