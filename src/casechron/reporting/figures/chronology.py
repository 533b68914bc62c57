"""What happened when, and how sure can we be of it?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle

from casechron.reporting import style
from casechron.reporting.figures.lanes import LINE, finished, packed, page, text_width, wrapped, write
from casechron.reporting.figures.time_scale import TimeScale, days_of, draw_axis, time_scale

__all__ = ["draw_chronicle"]

_MARGIN = 12.0
_BAND = 16.0
_BETWEEN = 9.0
#: After so much of a page the line of dates stands again.
_AXIS_EVERY = 420.0
_MARK = 13.0
_COLUMN = 185.0
_FILL = "#dbe7ef"
_SOLID = style.PALETTE[0]
_NOT_ADMISSIBLE = "no admissible chronology"
_BOUNDS = ("stated_earliest", "stated_latest", "earliest", "latest", "certain_from", "certain_to")


class _Item(NamedTuple):
    """One event, laid out: what is written above its bar, and the days of the bars."""

    event: str
    gid: str
    head: str
    body: str
    absence: bool
    alleged: bool
    narrowed: bool
    stated: tuple[int | None, int | None]
    known: tuple[int | None, int | None] | None
    certain: tuple[int, int] | None
    lanes: tuple[str, ...]

    @property
    def dated(self) -> bool:
        return any(day is not None for day in (*self.stated, *(self.known or ())))

    @property
    def drawn(self) -> tuple[int | None, int | None]:
        """The window that gives the bar its place."""
        return self.known or self.stated


def draw_chronicle(table: pd.DataFrame, ax: Axes | None = None, *, lanes: Literal["agency", "kind"] | None = None) -> Axes:
    """A bar of time for each event, with words above it: solid where it certainly was, hatched where it may have been.

    `table` is `analysis.chronicle.chronicle`. Its rows from top to bottom, one below the other; with `lanes` they stand
    together by agency (an event in the lane of each agency that it names) or by kind, and side by side where there is
    room. A heavy outline is a window that other statements narrowed, with the window as written thin around it; an arrow is
    a side without a bound; an absence is hollow, dashed and crossed; a ring marks what is only alleged or denied. Events
    without any date are listed at the end. Where no chronology is admissible only windows as written are drawn.

    The figure is as tall as it needs to be, also if `ax` is given. Artists have the ids `possible-`, `certain-`,
    `stated-`, `absence-`, `cross-`, `alleged-`, `open-start-` or `open-end-` and the event, with `--2` and so on where an
    event stands in several lanes.
    """
    ax, width = page(ax)
    items = list(_items(table, lanes))
    days = [day for item in items for window in (item.stated, item.known or ()) for day in window if day is not None]
    scale = time_scale(days, _MARGIN, width - _MARGIN)
    y = _legend(ax, items, scale, width)
    if table.empty:
        y = write(ax, _MARGIN, y, ["No event is coded."], color=style.MUTED)
    dated, undated = [item for item in items if item.dated], [item for item in items if not item.dated]
    if scale is not None:
        y = _in_lanes(ax, y, dated, scale, width) if lanes else _one_by_one(ax, y, dated, scale, width)
    if undated:
        y = _strip(ax, y, undated, width)
    return finished(ax, width, y + 4)


def _items(table: pd.DataFrame, lanes: str | None) -> Iterator[_Item]:
    days = {name: days_of(table[name]) for name in _BOUNDS}
    for at, row in enumerate(table.to_dict("records")):
        admissible = row["status"] != _NOT_ADMISSIBLE
        said = str(row["said"] if admissible else row["said_stated"])
        marks = [f"absence: {row['absence']}"] if row["absence"] else []
        marks += [str(row["alleged"])] if row["alleged"] else []
        marks += ["a birth, as published"] if row["protected"] else []
        head = said[:1].upper() + said[1:]
        if not admissible:
            head = f"As written: {said}"
        first, last = days["certain_from"][at], days["certain_to"][at]
        body = str(row["summary"]) or str(row["event"])
        yield _Item(
            event=str(row["event"]),
            gid=str(row["event"]),
            head=" · ".join([head, *marks]),
            body=body + _times(str(row["how_many"])),
            absence=bool(row["absence"]),
            alleged=bool(row["alleged"]) and not str(row["alleged"]).endswith("in part"),
            narrowed=bool(row["narrowed_by_rows"]),
            stated=(days["stated_earliest"][at], days["stated_latest"][at]),
            known=(days["earliest"][at], days["latest"][at]) if admissible else None,
            certain=(first, last) if first is not None and last is not None else None,
            lanes=tuple(str(row["lane"]).split("; ")) if lanes == "agency" else (str(row["kind"]),),
        )


def _times(how_many: str) -> str:
    if how_many == "once":
        return ""
    return f" ({how_many.removesuffix(' 1')} once)" if how_many.endswith(" 1") else f" ({how_many} times)"


def _lines(item: _Item, width: float) -> tuple[list[str], list[str]]:
    """The words of an event in lines: when, and what."""
    head = wrapped(item.head, width - (_MARK if item.alleged else 0), bold=True)
    return head, wrapped(item.body, width)


def _height(item: _Item, width: float) -> float:
    head, body = _lines(item, width)
    return LINE * (len(head) + len(body)) + _BAND + _BETWEEN


def _one_by_one(ax: Axes, y: float, items: list[_Item], scale: TimeScale, width: float) -> float:
    room = width - 2 * _MARGIN
    axis_at = -_AXIS_EVERY
    for item in items:
        if y - axis_at >= _AXIS_EVERY:
            axis_at = y
            y = draw_axis(ax, y, scale) + 6
        _words(ax, _MARGIN, y, item, room)
        y += _height(item, room)
        _bar(ax, y - _BETWEEN - _BAND / 2, item, scale)
    return y


def _in_lanes(ax: Axes, y: float, items: list[_Item], scale: TimeScale, width: float) -> float:
    room = width - 2 * _MARGIN
    named: dict[str, list[_Item]] = {}
    for item in items:
        for turn, lane in enumerate(item.lanes, start=1):
            named.setdefault(lane, []).append(item._replace(gid=f"{item.event}--{turn}") if turn > 1 else item)
    for lane, held in named.items():
        y = write(ax, _MARGIN, y + 4, wrapped(lane, room, bold=True, size=12.5), bold=True, size=12.5, color=_SOLID) + 2
        y = draw_axis(ax, y, scale) + 6
        axis_at = y
        places = [_extent(item, scale, room) for item in held]
        rows: dict[int, list[int]] = {}
        for at, row in enumerate(packed(((low, high) for _, low, high in places), gap=8.0, in_order=True)):
            rows.setdefault(row, []).append(at)
        for side_by_side in rows.values():
            if y - axis_at >= _AXIS_EVERY:
                axis_at = y
                y = draw_axis(ax, y, scale) + 6
            # What has a row to itself has its whole width.
            columns = [(_MARGIN, room)] if len(side_by_side) == 1 else [(places[at][0], _COLUMN) for at in side_by_side]
            height = max(_height(held[at], wide) for at, (_, wide) in zip(side_by_side, columns, strict=True))
            for at, (x, wide) in zip(side_by_side, columns, strict=True):
                own = _height(held[at], wide)
                _words(ax, x, y + height - own, held[at], wide)
                _bar(ax, y + height - _BETWEEN - _BAND / 2, held[at], scale)
            y += height
    return y


def _extent(item: _Item, scale: TimeScale, room: float) -> tuple[float, float, float]:
    """Where the words of an event begin beside others, and from where to where words and bar reach."""
    bars = [scale.span(*item.drawn)] + ([scale.span(*item.stated)] if item.narrowed and any(item.stated) else [])
    low, high = min(bar[0] for bar in bars), max(bar[1] for bar in bars)
    head, body = _lines(item, _COLUMN)
    words = max([text_width(line, bold=True) + (_MARK if item.alleged else 0) for line in head] + [*map(text_width, body)])
    x = min(low, _MARGIN + room - words)
    return x, min(x, low - _MARGIN), max(x + words, high + _MARGIN)


def _words(ax: Axes, x: float, y: float, item: _Item, width: float) -> None:
    head, body = _lines(item, width)
    indent = _MARK if item.alleged else 0.0
    if item.alleged:
        ring = Line2D([x + 5], [y + 0.5 * LINE], marker="o", markersize=7, markerfacecolor="white",
                      markeredgecolor=style.INK, markeredgewidth=1.2, linestyle="", gid=f"alleged-{item.gid}")  # fmt: skip
        ax.add_line(ring)
    y = write(ax, x + indent, y, head, bold=True)
    write(ax, x, y, body)


def _bar(ax: Axes, y: float, item: _Item, scale: TimeScale) -> None:
    """The bars of an event, on a line through the whole of time."""
    for _, _, low, high in scale.stretches:
        ax.add_line(Line2D([low, high], [y, y], color="#dcd8cc", linewidth=0.8, zorder=0))
    if item.absence:
        low, high = scale.span(*item.drawn, least=8.0)
        _rectangle(ax, low, high, y, 8.0, f"absence-{item.gid}", facecolor="white", linestyle=(0, (3, 2)), linewidth=1.0)
        middle = (low + high) / 2
        cross = Line2D([middle], [y], marker="x", markersize=6, markeredgewidth=1.5, color=style.INK, linestyle="",
                       gid=f"cross-{item.gid}", zorder=4)  # fmt: skip
        ax.add_line(cross)
        _arrows(ax, y, item, scale, hollow=True)
        return
    if item.known is None or (item.narrowed and any(day is not None for day in item.stated)):
        _rectangle(ax, *scale.span(*item.stated), y, 13.0, f"stated-{item.gid}", facecolor="none", linewidth=0.7)
    if item.known is not None:
        heavy = 1.8 if item.narrowed else 0.7
        if item.certain != item.known:
            low, high = scale.span(*item.known)
            _rectangle(
                ax, low, high, y, 8.0, f"possible-{item.gid}", facecolor=_FILL, hatch="////", linewidth=heavy, hatch_linewidth=0.5
            )
        if item.certain is not None:
            low, high = scale.span(*item.certain)
            _rectangle(ax, low, high, y, 8.0, f"certain-{item.gid}", facecolor=_SOLID, linewidth=heavy)
    _arrows(ax, y, item, scale, hollow=item.known is None)


def _rectangle(ax: Axes, low: float, high: float, y: float, height: float, gid: str, **look: object) -> None:
    patch = Rectangle((low, y - height / 2), high - low, height, edgecolor=style.INK, gid=gid, **look)  # type: ignore[arg-type]
    ax.add_patch(patch)


def _arrows(ax: Axes, y: float, item: _Item, scale: TimeScale, *, hollow: bool) -> None:
    """An arrow at each side without a bound, beyond the end of the line."""
    low, high = item.drawn
    for missing, tip, name in ((low is None, -1, "start"), (high is None, 1, "end")):
        if missing:
            x = (scale.left if tip < 0 else scale.right) + tip
            corners = [(x, y - 5), (x + 9 * tip, y), (x, y + 5)]
            face = "white" if hollow else style.INK
            ax.add_patch(
                Polygon(corners, closed=True, facecolor=face, edgecolor=style.INK, linewidth=0.8, gid=f"open-{name}-{item.gid}")
            )


def _strip(ax: Axes, y: float, items: list[_Item], width: float) -> float:
    """What has no date, not even from what it is told with: in words, without a place in time."""
    ax.add_line(Line2D([_MARGIN, width - _MARGIN], [y + 2, y + 2], color=style.MUTED, linewidth=0.8))
    y = write(ax, _MARGIN, y + 8, ["Not dated, nor bounded by any order"], bold=True) + 2
    for item in items:
        marks = item.head.split(" · ")[1:]
        words = f"{item.body} · {' · '.join(marks)}" if marks else item.body
        marker = "x" if item.absence else "o"
        gid = f"cross-{item.gid}" if item.absence else f"alleged-{item.gid}" if item.alleged else f"undated-{item.gid}"
        face = "white" if item.alleged else style.MUTED
        dot = Line2D([_MARGIN + 4], [y + 0.5 * LINE], marker=marker, markersize=6 if item.absence or item.alleged else 3.5,
                     markerfacecolor=face, markeredgecolor=style.INK, markeredgewidth=1.2, linestyle="", gid=gid)  # fmt: skip
        ax.add_line(dot)
        y = write(ax, _MARGIN + _MARK, y, wrapped(words, width - 2 * _MARGIN - _MARK)) + 3
    return y


def _legend(ax: Axes, items: list[_Item], scale: TimeScale | None, width: float) -> float:
    """What the marks mean, as far as they are used."""
    happened = [item for item in items if not item.absence and item.dated]
    known = [item for item in happened if item.known]
    sample = _Item("", "", "", "", False, False, False, (1, 8), (1, 8), None, ())
    open_side = any(day is None for item in items if item.dated for day in item.drawn)
    narrowed = any(item.narrowed and any(day is not None for day in item.stated) for item in known)
    entries: list[tuple[bool, str, str]] = [
        (any(item.certain for item in known), "certain", "certainly on that day, or under way"),
        (any(item.certain != item.known for item in known), "possible", "possible on these days, and on no others"),
        (any(item.narrowed for item in known), "narrowed", "heavy outline: bounded more closely by other statements"),
        (narrowed or any(item.known is None for item in happened), "stated", "thin outline around it: as the date is written"),
        (any(item.absence for item in items), "absence", "absence: said not to have happened, or not enough"),
        (open_side, "open", "no bound on this side"),
        (any(item.alleged for item in items), "alleged", "only alleged, or denied"),
        (scale is not None and bool(scale.breaks), "break", "the scale changes here"),
    ]
    y, x = 4.0, _MARGIN
    small = TimeScale(((1, 9, x, x + 26),))
    if any(item.known is None for item in items):
        y = write(ax, x, y, wrapped("No chronology is admissible: windows are drawn as written.", width - 2 * x), bold=True) + 4
    for used, mark, words in entries:
        if not used:
            continue
        lines = wrapped(words, width - 2 * x - 36)
        middle = y + 0.5 * LINE
        if mark in ("certain", "possible", "narrowed", "stated", "absence"):
            item = sample._replace(
                gid=f"legend-{mark}",
                certain=(1, 8) if mark == "certain" else None,
                narrowed=mark == "narrowed",
                stated=(1, 8) if mark == "stated" else (None, None),
                known=None if mark == "stated" else (1, 8),
                absence=mark == "absence",
            )
            _bar(ax, middle, item, small)
        elif mark == "open":
            _arrows(ax, middle, sample._replace(gid="legend", known=(1, None)), TimeScale(((1, 9, x, x + 10),)), hollow=False)
        elif mark == "alleged":
            ax.add_line(Line2D([x + 13], [middle], marker="o", markersize=7, markerfacecolor="white", linestyle="",
                               markeredgecolor=style.INK, markeredgewidth=1.2, gid="alleged-legend"))  # fmt: skip
        else:
            for at in (x + 9, x + 14):
                ax.add_line(Line2D([at, at + 3], [middle + 4, middle - 4], color=style.INK, linewidth=1.0))
        y = write(ax, x + 36, y, lines, color=style.INK) + 2
    return y + 6
