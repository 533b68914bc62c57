"""What happened when, and how sure can we be of it?"""

from __future__ import annotations

from typing import Literal

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from casechron.reporting import style
from casechron.reporting.figures.chronicle_bars import (
    MARGIN,
    Item,
    draw_bar,
    draw_legend,
    draw_ring,
    items_of,
)
from casechron.reporting.figures.lanes import (
    LINE,
    finished,
    packed,
    page,
    text_width,
    wrapped,
    write,
)
from casechron.reporting.figures.time_scale import TimeScale, draw_axis, time_scale

__all__ = ["draw_chronicle"]

_BAND = 16.0
_BETWEEN = 9.0
#: After so much of a page the line of dates stands again.
_AXIS_EVERY = 320.0
#: What a mark before the words takes of their first line.
_MARK = 13.0
#: Words that stand beside others are no wider.
_COLUMN = 148.0


def draw_chronicle(
    table: pd.DataFrame, ax: Axes | None = None, *, lanes: Literal["agency", "kind"] | None = None
) -> Axes:
    """A bar of time for each event, with words above it: solid where it certainly was, hatched
    where it may have been.

    `table` is `analysis.chronicle.chronicle`. Its rows from top to bottom, one below the other;
    with `lanes` they stand together by agency (an event in the lane of each agency that it names)
    or by kind, and side by side where there is room. A heavy outline is a window that other
    statements narrowed, with the window as written thin around it; an arrow is a side without a
    bound; a hook is the day by which what lasts, or recurs, had begun, or on which it was not over;
    an absence is hollow, dashed and crossed; a ring marks what is only alleged or denied. Events
    without any date are listed at the end. Where no chronology is admissible only windows as
    written are drawn.

    The figure is as tall as it needs to be, also if `ax` is given. Artists have the ids
    `possible-`, `certain-`, `stated-`, `absence-`, `cross-`, `begun-`, `lasting-`, `alleged-`,
    `open-start-` or `open-end-` and the event, with `--2` and so on where an event stands in
    several lanes."""
    ax, width = page(ax)
    items = list(items_of(table, lanes))
    every = ((*item.stated, *(item.known or ()), item.begun, item.lasting) for item in items)
    days = [day for held in every for day in held if day is not None]
    scale = time_scale(days, MARGIN, width - MARGIN)
    y = draw_legend(ax, items, scale, width)
    if table.empty:
        y = write(ax, MARGIN, y, ["No event is coded."], color=style.MUTED)
    dated, undated = (
        [item for item in items if item.dated],
        [item for item in items if not item.dated],
    )
    if scale is not None:
        y = (
            _in_lanes(ax, y, dated, scale, width)
            if lanes
            else _one_by_one(ax, y, dated, scale, width)
        )
    if undated:
        y = _strip(ax, y, undated, width)
    return finished(ax, width, y + 4)


def _lines(item: Item, width: float) -> tuple[list[str], list[str]]:
    """The words of an event in lines: when, and what."""
    head = wrapped(item.head, width - (_MARK if item.alleged else 0), bold=True)
    return head, wrapped(item.body, width)


def _height(item: Item, width: float) -> float:
    head, body = _lines(item, width)
    return LINE * (len(head) + len(body)) + _BAND + _BETWEEN


def _one_by_one(ax: Axes, y: float, items: list[Item], scale: TimeScale, width: float) -> float:
    room = width - 2 * MARGIN
    axis_at = -_AXIS_EVERY
    for item in items:
        if y - axis_at >= _AXIS_EVERY:
            axis_at = y
            y = draw_axis(ax, y, scale) + 6
        _words(ax, MARGIN, y, item, room)
        y += _height(item, room)
        draw_bar(ax, y - _BETWEEN - _BAND / 2, item, scale)
    return y


def _in_lanes(ax: Axes, y: float, items: list[Item], scale: TimeScale, width: float) -> float:
    room = width - 2 * MARGIN
    named: dict[str, list[Item]] = {}
    for item in items:
        for turn, lane in enumerate(item.lanes, start=1):
            named.setdefault(lane, []).append(
                item._replace(gid=f"{item.event}--{turn}") if turn > 1 else item
            )
    for lane, held in named.items():
        y = (
            write(
                ax,
                MARGIN,
                y + 4,
                wrapped(lane, room, bold=True, size=12.5),
                bold=True,
                size=12.5,
                color=style.PALETTE[0],
            )
            + 2
        )
        y = draw_axis(ax, y, scale) + 6
        axis_at = y
        places = [_extent(item, scale, room) for item in held]
        rows: dict[int, list[int]] = {}
        for at, row in enumerate(
            packed(((low, high) for _, low, high in places), gap=8.0, in_order=True)
        ):
            rows.setdefault(row, []).append(at)
        for side_by_side in rows.values():
            if y - axis_at >= _AXIS_EVERY:
                axis_at = y
                y = draw_axis(ax, y, scale) + 6
            # What has a row to itself has its whole width.
            columns = (
                [(MARGIN, room)]
                if len(side_by_side) == 1
                else [(places[at][0], _COLUMN) for at in side_by_side]
            )
            height = max(
                _height(held[at], wide) for at, (_, wide) in zip(side_by_side, columns, strict=True)
            )
            for at, (x, wide) in zip(side_by_side, columns, strict=True):
                own = _height(held[at], wide)
                _words(ax, x, y + height - own, held[at], wide)
                draw_bar(ax, y + height - _BETWEEN - _BAND / 2, held[at], scale)
            y += height
    return y


def _extent(item: Item, scale: TimeScale, room: float) -> tuple[float, float, float]:
    """Where the words of an event begin beside others, and from where to where words and bar
    reach."""
    bars = [scale.span(*item.drawn)] + (
        [scale.span(*item.stated)] if item.narrowed and any(item.stated) else []
    )
    low, high = min(bar[0] for bar in bars), max(bar[1] for bar in bars)
    head, body = _lines(item, _COLUMN)
    words = max(
        [text_width(line, bold=True) + (_MARK if item.alleged else 0) for line in head]
        + [*map(text_width, body)]
    )
    x = min(low, MARGIN + room - words)
    # An arrow stands beyond the end of its bar.
    first, last = item.drawn
    return (
        x,
        min(x, low - (MARGIN if first is None else 0)),
        max(x + words, high + (MARGIN if last is None else 0)),
    )


def _words(ax: Axes, x: float, y: float, item: Item, width: float) -> None:
    head, body = _lines(item, width)
    indent = _MARK if item.alleged else 0.0
    if item.alleged:
        draw_ring(ax, x + 5, y + 0.5 * LINE, item.gid)
    y = write(ax, x + indent, y, head, bold=True)
    write(ax, x, y, body)


def _strip(ax: Axes, y: float, items: list[Item], width: float) -> float:
    """What has no date, not even from what it is told with: in words, without a place in time."""
    ax.add_artist(
        Line2D([MARGIN, width - MARGIN], [y + 2, y + 2], color=style.MUTED, linewidth=0.8)
    )
    bounded = all(item.known for item in items if not item.absence)
    heading = "Not dated, nor bounded by any order" if bounded else "Without a date of its own"
    y = write(ax, MARGIN, y + 8, [heading], bold=True) + 2
    for item in items:
        marks = item.head.split(" · ")[1:]
        words = f"{item.body} · {' · '.join(marks)}" if marks else item.body
        marker = "x" if item.absence else "o"
        gid = (
            f"cross-{item.gid}"
            if item.absence
            else f"alleged-{item.gid}"
            if item.alleged
            else f"undated-{item.gid}"
        )
        face = "white" if item.alleged else style.MUTED
        dot = Line2D(
            [MARGIN + 4],
            [y + 0.5 * LINE],
            marker=marker,
            markersize=6 if item.absence or item.alleged else 3.5,
            markerfacecolor=face,
            markeredgecolor=style.INK,
            markeredgewidth=1.2,
            linestyle="",
            gid=gid,
        )
        ax.add_artist(dot)
        y = write(ax, MARGIN + _MARK, y, wrapped(words, width - 2 * MARGIN - _MARK)) + 3
    return y
