"""Which events certainly came before which?"""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.typing import LineStyleType

from casechron.reporting import style
from casechron.reporting.figures.lanes import (
    LINE,
    finished,
    packed,
    page,
    text_width,
    wrapped,
    write,
)

__all__ = ["draw_precedence"]

_MARGIN = 10.0
_GUTTER = 110.0
_LANE = 7.0
_BETWEEN = 8.0
#: Lines that run side by side differ in colour and in strokes.
_DASHES: tuple[LineStyleType, ...] = ("-", (0, (4, 2)), (0, (1.5, 1.5)))
_LOOKS = [(color, dash) for dash in _DASHES for color in (*style.PALETTE[:3], style.INK)]


def draw_precedence(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """The certain order of events, from top to bottom: each event below all that certainly came
    before it.

    `table` is `analysis.chronicle.precedence`. Events stand in steps: an event is one step below
    the lowest of those that come right before it; with nothing before it, one above the first that
    comes after it. A line leaves each event on the left, runs down and turns into each event that
    comes right after it; a dot is where lines join, and lines that cross without one have nothing
    to do with each other. What follows from a chain of lines has no line of its own. Under each
    event the numbers of those right before it say the same in words.

    Artists have the ids `event-`, `line-` and the event's, and `edge-` with both. Raises ValueError
    if the table's order comes back to itself."""
    ax, width = page(ax)
    edges = [
        (str(a), str(b)) for a, b in zip(table["before"], table["after"], strict=True) if a and b
    ]
    if not edges:
        refused = "admissible" not in set(table["status"]) and len(table)
        words = (
            "No chronology is admissible: no order is certain."
            if refused
            else "Of no two events is the order certain."
        )
        return finished(ax, width, write(ax, _MARGIN, 6, wrapped(words, width - 2 * _MARGIN)) + 6)
    rows = table.to_dict("records")
    summary = {
        str(row[side]): str(row[f"{side}_summary"] or row[side])
        for row in rows
        for side in ("before", "after")
    }
    steps = _steps(list(summary), edges)
    listed = sorted(summary, key=lambda event: steps[event])
    number = {event: at for at, event in enumerate(listed, start=1)}
    before: dict[str, list[str]] = {event: [] for event in listed}
    after: dict[str, list[str]] = {event: [] for event in listed}
    for one, other in edges:
        before[other].append(one)
        after[one].append(other)
    # The width of the words depends on the lines beside them, and where the lines run on the height
    # of the words; the lanes depend on the order of the events only, so they come first.
    sources = [event for event in listed if after[event]]
    lanes = packed(
        (
            (2 * number[event] + 1, 2 * max(number[one] for one in after[event]))
            for event in sources
        ),
        gap=0.5,
    )
    between = min(_LANE, _GUTTER / max(1, max(lanes) + 1))
    left = _MARGIN + between * (max(lanes) + 1) + 14
    y = _legend(ax, width)
    top: dict[str, float] = {}
    bottom: dict[str, float] = {}
    step = 0
    for event in listed:
        if steps[event] != step:
            step = steps[event]
            ax.add_artist(
                Rectangle(
                    (left, y + 1),
                    width - left - _MARGIN,
                    LINE + 2,
                    facecolor="#efece3",
                    linewidth=0,
                    zorder=0,
                )
            )
            y = write(ax, left + 4, y + 2, [f"Step {step}"], color=style.MUTED) + 7
        top[event] = y
        numbered = f"{number[event]}"
        indent = text_width(f"{len(listed)}", bold=True) + 8
        write(ax, left, y, [numbered], bold=True)
        y = write(ax, left + indent, y, wrapped(summary[event], width - left - indent - _MARGIN))
        if before[event]:
            numbers = ", ".join(str(at) for at in sorted(number[one] for one in before[event]))
            y = write(
                ax,
                left + indent,
                y,
                wrapped(f"after {numbers}", width - left - indent - _MARGIN),
                color=style.MUTED,
            )
        bottom[event] = y
        ax.add_artist(
            Rectangle(
                (left - 4, top[event] - 1),
                2.2,
                y - top[event],
                facecolor=style.INK,
                linewidth=0,
                gid=f"event-{event}",
            )
        )
        y += _BETWEEN
    for turn, (event, lane) in enumerate(zip(sources, lanes, strict=True)):
        color, dash = _LOOKS[turn % len(_LOOKS)]
        x = left - 14 - between * lane
        _lines(
            ax,
            event,
            x,
            left - 4,
            bottom[event] - 3,
            {one: top[one] + 0.5 * LINE for one in after[event]},
            color,
            dash,
        )
    return finished(ax, width, y)


def _steps(events: list[str], edges: list[tuple[str, str]]) -> dict[str, int]:
    """The step of each event: 1 more than the highest step of those right before it.

    What has nothing before it stands in the step above the first that comes after it: at the top it
    would look early."""
    waiting = dict.fromkeys(events, 0)
    for _, other in edges:
        waiting[other] += 1
    after: dict[str, list[str]] = {event: [] for event in events}
    for one, other in edges:
        after[one].append(other)
    steps = dict.fromkeys(events, 1)
    ready = [event for event in events if not waiting[event]]
    for event in ready:
        for other in after[event]:
            steps[other] = max(steps[other], steps[event] + 1)
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    if len(ready) < len(events):
        left = ", ".join(sorted(set(events) - set(ready)))
        raise ValueError(
            f"the order comes back to itself among {left}; give the table of a partial order"
        )
    followed = {other for _, other in edges}
    return {
        event: (
            step
            if event in followed
            else min((steps[other] for other in after[event]), default=2) - 1
        )
        for event, step in steps.items()
    }


def _lines(
    ax: Axes,
    event: str,
    x: float,
    to_x: float,
    y: float,
    after: dict[str, float],
    color: str,
    dash: LineStyleType,
) -> None:
    """From an event down its own line into all that come right after it."""
    last = max(after.values())
    look: dict[str, Any] = {"color": color, "linewidth": 1.2, "solid_capstyle": "butt"}
    path = Line2D([to_x, x, x], [y, y, last], linestyle=dash, gid=f"line-{event}", **look)
    ax.add_artist(path)
    for other, at in after.items():
        ax.add_artist(
            Line2D([x, to_x - 5], [at, at], linestyle=dash, gid=f"edge-{event}-{other}", **look)
        )
    turns = list(after.values())
    for place, marker, size in ((to_x - 3.3, ">", 6.0), (x, "o", 3.6)):
        ax.add_artist(
            Line2D(
                [place] * len(turns),
                turns,
                linestyle="",
                marker=marker,
                markersize=size,
                color=color,
                markeredgewidth=0,
                zorder=3,
            )
        )


def _legend(ax: Axes, width: float) -> float:
    words = (
        "Each event stands below all that certainly came before it. Follow its line on the left"
        " down to what comes right after it; lines join at dots. Of events in one step it is not"
        " certain which came first."
    )
    return write(ax, _MARGIN, 4, wrapped(words, width - 2 * _MARGIN), color=style.MUTED) + 8
