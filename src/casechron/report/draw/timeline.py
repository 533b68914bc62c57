"""What happened, and on which days can it have happened? The timeline of a review.

Lanes, one below the other: the child and the family, what was seen, told or raised, contacts and
steps, what was not done, not enough or in doubt, and how long it took. Where the dates crowd, a
second panel has a scale of its own, and says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, zip_longest
from typing import Any

import pandas as pd

from casechron.characters import counted
from casechron.dates.days import MONTH_NAMES
from casechron.report.draw import WIDE
from casechron.report.draw.canvas import (
    GROUND,
    LANES,
    PALE,
    Canvas,
    Lane,
    check_columns,
    mixed,
    text_width,
    wrapped,
)
from casechron.report.text.english import label_options, labels, rows_of

__all__ = ["draw_timeline", "drawn"]

#: How many events are drawn at most: more cannot be read.
EVENTS_DRAWN = 30
#: Where there is room for some events only, lanes take turns in this order, an event each.
_TURNS = ("steps", "raised", "missing", "family", "entry")
_DATES = ("earliest", "latest", "certain_from", "certain_to", "least_from", "least_to")
#: In points: the height of a bar, the room below it, the least width of a bar, and the room between
#: two things that stand side by side.
_BAR, _BELOW, _LEAST, _BETWEEN = 5.0, 4.5, 2.5, 7.0
#: How far a bar goes on towards an end that is open.
_STUB = 30.0
#: The share of the width that the first of two panels has.
_FIRST = 0.38
#: Two panels are drawn only if they need less than this share of the height of one; and each bar
#: that goes on over the cut between them counts as so many points of height.
_WORTH, _CROSSED = 0.8, 20.0
#: How strong the colour is of days that are possible only.
_POSSIBLE = 0.68


@dataclass(frozen=True, slots=True)
class _Panel:
    """A part of the time, from a day to the day after its last, and where it is drawn."""

    begins: int
    ends: int
    left: float
    right: float

    @property
    def scale(self) -> float:
        """Points to a day."""
        return (self.right - self.left) / (self.ends - self.begins)

    def x(self, day: float) -> float:
        return self.left + (min(max(day, self.begins), self.ends) - self.begins) * self.scale


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
        return min(self.text_x, self.x0) - 7.0 * (self.row["earliest"] is None)

    @property
    def right(self) -> float:
        return max(self.text_x + self.width, self.x1 + 7.0 * (self.row["latest"] is None))


def draw_timeline(
    events: pd.DataFrame, waits: pd.DataFrame, title: str, note: str = "", px: int = 1160
) -> Canvas:
    """The timeline of a review: a bar for all days on which an event can have happened.

    Strong are the days on which it certainly was. An arrow at an end of a bar says that nothing on
    record limits it there, two strokes that it goes on in the other part; a hatched bar is of what
    is alleged or denied, a dashed one of what the review found missing. Of a wait the thick part is
    its least, the thin line its most. Of more events than can be read `drawn` chooses.

    Parameters
    ----------
    events : pandas.DataFrame
        What `timeline` gives: `event`, `lane`, `short`, `summary`, `when` (its date in words),
        `places`, `kind`, `who`, `absence`, `status`, `always`, `other_side`, `earliest`, `latest`
        (dates; None: open), `certain_from` and `certain_to` (dates; None: no day is certain).
    waits : pandas.DataFrame
        What `cc.words.waits.on_timeline` gives: `event`, `to_event`, `text`, and `earliest`,
        `latest` (dates between which it lies), `least_from`, `least_to` (dates between which it
        lies whatever the dates are; or None).
    title : str
        The finding, as a sentence.
    note : str, default ""
        What stands below it.
    px : int, default 1160
        The width in CSS pixels, from 200 to 10,000.

    Returns
    -------
    Canvas
        Its `figure()` is the drawing. Each event and each wait is a group by its name, `event-ID`
        and `wait-ID-ID`, that leads to its row.

    Raises
    ------
    ValueError
        For a table that lacks a column, with what makes it, and for a width that is none.

    Examples
    --------
    >>> import casechron as cc
    >>> import pandas as pd
    >>> row = {"event": "call", "lane": "raised", "short": "", "summary": "A call", "always": True}
    >>> row |= {"when": "in May 2018", "places": "para 1.1", "kind": "Referral", "who": "School"}
    >>> row |= {"absence": "", "status": "", "certain_from": pd.NaT, "certain_to": pd.NaT}
    >>> row |= {"other_side": False}
    >>> days = {"earliest": pd.Timestamp("2018-05-01"), "latest": pd.Timestamp("2018-05-31")}
    >>> columns = ["event", "to_event", "text", "earliest", "latest", "least_from", "least_to"]
    >>> waits = pd.DataFrame(columns=columns)
    >>> list(cc.draw_timeline(pd.DataFrame([row | days]), waits, "A call in May 2018").links)
    ['event-call']
    """
    columns = "event lane short summary when places kind who absence status always other_side"
    columns += " earliest latest certain_from certain_to"
    check_columns(events, "events", columns, "cc.timeline")
    columns = "event to_event text earliest latest least_from least_to"
    check_columns(waits, "waits", columns, "cc.words.waits.on_timeline")
    rows, lasting = drawn(events, waits), dated_rows(waits)
    layout = _Layout(Canvas(px, "timeline"), rows, lasting)
    # A phone shows the parts that a desk shows.
    spans = _Layout(Canvas(max(px, WIDE), "timeline"), rows, lasting).spans()
    notes = {
        f"Drawn: {counted(len(rows), 'event')}; the table of events has all.": len(rows)
        < len(events),
        "Two strokes at an end: it goes on in the other part, where it is not drawn.": any(
            layout.crossed(begins) for begins, _ in spans[1:]
        ),
        "How long: thick is what certainly lies within it, thin what can.": bool(lasting),
    }
    key = " ".join(text for text, applies in notes.items() if applies)
    layout.canvas = Canvas.headed(px, "timeline", title, note, key)
    layout.draw(layout.canvas.height + 6, spans)
    return layout.canvas


def drawn(
    events: pd.DataFrame, waits: pd.DataFrame, most: int = EVENTS_DRAWN
) -> list[dict[str, Any]]:
    """The rows of `events` that `draw_timeline` draws with these waits: those that must be, then
    those without which one side would be told alone, then from each lane in its turn those whose
    days are told best."""
    ends = {event for row in dated_rows(waits) for event in (row["event"], row["to_event"])}

    def rank(row: Mapping[str, Any]) -> tuple[bool, bool, bool, int, str]:
        first, last = row["earliest"], row["latest"]
        opened = first is None or last is None
        days = 0 if first is None or last is None else last - first
        must = row["always"] or row["event"] in ends
        return not must, not row["other_side"], opened, days, row["event"]

    rows = dated_rows(events)
    ordered = sorted(rows, key=rank)
    kept = {row["event"] for row in ordered[:most] if False in rank(row)[:2]}
    queues = [[row["event"] for row in ordered if row["lane"] == lane] for lane in _TURNS]
    for event in chain(*zip_longest(*queues)):
        if event and len(kept) < most:
            kept.add(event)
    return [row for row in rows if row["event"] in kept]


def dated_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table that have a day, with dates as numbers of days; None where there is
    none."""
    rows = rows_of(table)
    for row in rows:
        days = {name: row[name] for name in _DATES if name in row}
        row |= {name: None if day is None else day.toordinal() for name, day in days.items()}
    return [row for row in rows if {row["earliest"], row["latest"]} != {None}]


class _Layout:
    """Where each bar and its label stand, whatever the number of panels."""

    def __init__(
        self, canvas: Canvas, rows: Sequence[dict[str, Any]], waits: Sequence[dict[str, Any]]
    ) -> None:
        self.canvas = canvas
        self.rows = {lane: [row for row in rows if row["lane"] == lane] for lane in LANES}
        self.rows["wait"] = list(waits)
        self.windows = [(row["earliest"], row["latest"]) for row in chain(*self.rows.values())]
        self.homes = [_home(lane, row) for lane, rows in self.rows.items() for row in rows]
        self.kinds = Counter(label_options(row)[-1] for row in rows)
        self.size, self.head = canvas.either(8.2, 8.6), canvas.either(9.2, 9.6)
        self.names = canvas.either(0.0, 92.0)

    # Panels

    def spans(self) -> list[tuple[int, int]]:
        """The parts of the time that are drawn, each with a scale of its own: one; or two, but only
        where that spares much height, so that a letter more in a label does not change the drawing.
        """
        days = [day for window in self.windows for day in window if day is not None]
        if not days:
            return []
        begins, ends = _month(min(days)), _month(_month(max(days)) + 31)
        tried = [(_WORTH * self.height([(begins, ends)]), 0, [(begins, ends)])]
        # Neither part is empty.
        first, last = min(self.homes) + 1, max(self.homes)
        for cut in _months(max(begins + 150, first), min(ends - 60, last)):
            if ends - begins > 500:
                parted = [(begins, cut), (cut, ends)]
                tried.append((self.height(parted) + _CROSSED * self.crossed(cut), -cut, parted))
        return min(tried)[2]

    def crossed(self, cut: int) -> int:
        """How many bars go on over a cut."""
        return sum(None not in window and window[0] < cut <= window[1] for window in self.windows)

    def blocks(self, spans: Sequence[tuple[int, int]]) -> list[list[_Panel]]:
        """The panels as they stand: side by side, or below each other on a phone."""
        # At each edge there is room for the mark of an end that goes on beyond it.
        width = self.canvas.width - 7
        if self.canvas.narrow:
            return [[_Panel(*span, 7, width)] for span in spans]
        if len(spans) == 1:
            return [[_Panel(*spans[0], self.names, width)]]
        cut = self.names + (width - self.names - 14) * _FIRST
        return [[_Panel(*spans[0], self.names, cut), _Panel(*spans[1], cut + 14, width)]]

    def height(self, spans: Sequence[tuple[int, int]]) -> float:
        """What height the lanes need with these panels, in points."""
        return sum(height for block in self.blocks(spans) for *_, height in self.lanes(block))

    def lanes(self, block: Sequence[_Panel]) -> Iterator[tuple[str, list[list[list[_Bar]]], float]]:
        """The lanes that have a bar in these panels: their names, rows in each panel, heights."""
        for name in LANES:
            packed = [self.packed(name, panel) for panel in block]
            if any(packed):
                rows = max(sum(map(self._row_height, rows)) for rows in packed)
                # A heading has three lines at most, beside the bars.
                beside = max(rows + 8, 3 * self.head * 1.3 + 5)
                yield name, packed, rows + self.head * 1.5 + 5 if self.canvas.narrow else beside

    # Bars

    def bars(self, lane: str, panel: _Panel) -> Iterator[_Bar]:
        """The bars of a lane that stand in a panel."""
        for row in self.rows[lane]:
            if not panel.begins <= _home(lane, row) < panel.ends:
                continue
            x0, x1 = self._ends(row, panel, row["earliest"], row["latest"])
            # An alleged event is drawn without stress.
            bold = bool(row.get("always")) and not row["status"]
            room = max(x1 - x0, self.canvas.either(96, 128))
            lines = (
                wrapped(row["text"], max(room, 150), self.size)
                if lane == "wait"
                else self._label(row, room, panel.right - panel.left, bold)
            )
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

    def _label(self, row: Mapping[str, Any], room: float, most: float, bold: bool) -> Sequence[str]:
        """The first label that two lines hold, in the least room in which one does."""
        options = label_options(row)
        # A kind that is broader than what the row says, or another's too, would hide that.
        said = {row["lane"], row["kind"]}
        broad = said & {"family", "entry", *labels("action", "medical-opinion")}
        if broad or not (row["who"] or row["absence"]) or self.kinds[options[-1]] > 1:
            options = options[:-1] or options
        for wide in (room, *range(int(room) + 8, int(most), 8)):
            for option in options:
                lines = wrapped(option, wide, self.size, bold)
                widest = max(text_width(line, self.size, bold) for line in lines)
                if len(lines) <= 2 and widest <= most:
                    return lines
        return wrapped(options[-1], most, self.size, bold)

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

    # Drawing

    def draw(self, y: float, spans: Sequence[tuple[int, int]]) -> None:
        """All panels and lanes below `y`."""
        blocks = self.blocks(spans) if spans else []
        for block in blocks:
            y = self._block(block, y, blocks[0][0].scale)

    def _block(self, block: Sequence[_Panel], y: float, scale: float) -> float:
        """The panels that stand side by side, with their lanes, below `y`; where they end."""
        canvas = self.canvas
        y += self.head * 1.5
        for panel in block:
            head = _span(panel.begins, panel.ends)
            canvas.text(panel.left, y, head, self.head, bold=True)
            if panel.scale != scale:
                note = _times(panel.scale / scale)
                at = panel.left + text_width(head, self.head, bold=True) + 5
                if at + text_width(note, self.size) > panel.right:
                    at, y = panel.left, y + self.size * 1.4
                canvas.text(at, y, note, self.size, color=LANES["missing"].color)
        y += self.size * 1.4
        ticks = [(panel, *tick) for panel in block for tick in _ticks(panel)]
        for panel, day, text in ticks:
            # A year that ends the chart may have no room for its name; its line stands.
            if panel.x(day) + 2 + text_width(text, self.size) <= canvas.width:
                canvas.text(panel.x(day) + 2, y, text, self.size, color=PALE)
        y = top = y + 3
        for name, packed, height in self.lanes(block):
            lane = LANES[name]
            canvas.bar(0, y, canvas.width, height, lane.ground, layer=0)
            room = canvas.width if canvas.narrow else self.names - 8
            canvas.paragraph(4, y, lane.name, self.head, room, color=lane.color, bold=True)
            below = y + (self.head * 1.5 if canvas.narrow else 3)
            stand = list[tuple[_Bar, float]]()
            for rows in packed:
                at = below
                for row in rows:
                    at += self._row_height(row)
                    stand += [(bar, at - _BELOW - _BAR) for bar in row]
            # Keys and screen readers go through a lane in the order of time.
            for bar, top_of_bar in sorted(stand, key=lambda drawn: (drawn[0].x0, drawn[0].x1)):
                self._bar(bar, name, lane, top_of_bar)
            y += height + 2.5
        for panel, day, _ in ticks:
            canvas.line((panel.x(day),) * 2, (top, y - 2.5), "#c9c8bf")
        for panel in block[1:]:
            # The scale breaks here.
            canvas.bar(panel.left - 10, top, 6, y - 2.5 - top, GROUND, layer=0)
        return y + 6

    def _bar(self, bar: _Bar, name: str, lane: Lane, y: float) -> None:
        canvas, row, size = self.canvas, bar.row, self.size
        ids = [name, row["event"], row["to_event"]] if name == "wait" else ["event", row["event"]]
        words = [row.get(key, "") for key in ("text", "summary", "status", "when", "places")]
        with canvas.group("-".join(ids), f"tables/chronicle.html#{row['event']}", *words):
            for below, line in zip(range(len(bar.lines))[::-1], bar.lines, strict=True):
                up = y - 3.2 - below * size * 1.22
                canvas.text(bar.text_x, up, line, size, color=lane.color, bold=bar.bold)
            width = bar.x1 - bar.x0
            if name == "wait":
                canvas.bar(bar.x0, y + _BAR * 0.35, width, _BAR * 0.3, lane.color)
                last = row["least_to"]
                self._sure(bar, row["least_from"], last and last - 1, y, lane.color)
            elif name == "missing":
                canvas.bar(bar.x0, y, width, _BAR, "none", edge=lane.color, dashed=True)
            else:
                canvas.bar(bar.x0, y, width, _BAR, mixed(lane.color, _POSSIBLE, lane.ground))
                self._sure(bar, row["certain_from"], row["certain_to"], y, lane.color)
                if row["status"]:
                    canvas.bar(bar.x0, y, width, _BAR, "none", edge=GROUND, hatch="/////")
            for day, x, way in (("earliest", bar.x0, -1), ("latest", bar.x1, 1)):
                self._end(row[day], bar.panel, x, y, way, lane.color)

    def _sure(self, bar: _Bar, begins: int | None, last: int | None, y: float, color: str) -> None:
        """The strong part of a bar: the days that are certainly in it."""
        if begins is not None and last is not None and begins <= last:
            left, right = bar.panel.x(begins), bar.panel.x(last + 1)
            if left < right:
                self.canvas.bar(left, y, max(right - left, _LEAST), _BAR, color)

    def _end(
        self, day: int | None, panel: _Panel, x: float, y: float, way: int, color: str
    ) -> None:
        """The mark of an end that is open, or that lies outside the panel."""
        if day is None:
            self.canvas.arrow(x, y + _BAR / 2, way * 5, _BAR / 2 + 1, color)
        elif not panel.begins <= day < panel.ends:
            for step in (1.6, 3.6):
                self.canvas.bar(x + way * step - 0.5, y - 0.8, 1, _BAR + 1.6, color)


# Days and months


def _home(lane: str, row: Mapping[str, Any]) -> int:
    """The day in whose part a bar stands: where most of its days lie; where one end is open, the
    other; of a wait where it begins."""
    first, last = row["earliest"], row["latest"]
    if first is None or last is None:
        return int(last if first is None else first)
    return int(first if lane == "wait" else (first + last) // 2)


def _month(day: int) -> int:
    """The first day of the month of a day."""
    return date.fromordinal(day).replace(day=1).toordinal()


def _months(begins: int, ends: int) -> list[int]:
    """The first days of months between two days."""
    between = date.fromordinal(begins), date.fromordinal(ends)
    return [day.toordinal() for day in pd.date_range(*between, freq="MS")]


def _times(ratio: float) -> str:
    """How much wider, or narrower, than in the first panel a day is drawn.

    >>> _times(10.4), _times(0.25)
    ('the scale changes: 10 times wider', 'the scale changes: 4 times narrower')
    """
    times = max(ratio, 1 / ratio)
    way = "wider" if ratio > 1 else "narrower"
    return f"the scale changes: {times:.{int(times < 2)}f} times {way}"


def _span(begins: int, ends: int) -> str:
    first, last = date.fromordinal(begins), date.fromordinal(ends - 1)
    begin, end = (f"{MONTH_NAMES[day.month]} {day.year}" for day in (first, last))
    if first.year == last.year:
        return end if begin == end else f"{MONTH_NAMES[first.month]} to {end}"
    begin = str(first.year) if first.month == 1 else begin
    return f"{begin} to {last.year if last.month == 12 else end}"


def _ticks(panel: _Panel) -> list[tuple[int, str]]:
    """Days that are marked, with their names, as many as can be read."""
    months = _months(panel.begins, panel.ends - 1)
    room = (panel.right - panel.left) / 26
    if len(months) <= room:
        return [(day, MONTH_NAMES[date.fromordinal(day).month][:3]) for day in months]
    years = [day for day in months if date.fromordinal(day).month == 1]
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if len(years) / step <= room)
    return [
        (day, str(date.fromordinal(day).year))
        for day in years
        if date.fromordinal(day).year % step == 0
    ]
