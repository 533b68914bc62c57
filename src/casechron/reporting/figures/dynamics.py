"""Which accounts of harm are recorded, of when, with what force, and since when did an agency hold
them?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle

from casechron.reporting import style
from casechron.reporting.dynamics_words import account_words
from casechron.reporting.figures.lanes import LINE, finished, page, wrapped, write
from casechron.reporting.figures.time_scale import TimeScale, days_of, draw_axis, time_scale

__all__ = ["draw_accounts_of_harm"]

_MARGIN = 12.0
_INDENT = 16.0
_BAND = 14.0
_AXIS_EVERY = 320.0
_SOLID, _HELD = style.PALETTE[0], style.PALETTE[4]
_POSSIBLE: dict[str, Any] = {"facecolor": "#dbe7ef", "hatch": "////", "hatch_linewidth": 0.5}
_NOT_ADMISSIBLE = "no admissible chronology"
_DAYS = (
    "earliest",
    "start_latest",
    "end_earliest",
    "latest",
    "certain_from",
    "certain_to",
    "held_earliest",
    "held_latest",
)
#: By the force of the status: a marker, filled or not, and what it means.
_MARKS: Mapping[str, tuple[str, str, str]] = {
    "fact": ("o", style.INK, "reported as fact"),
    "hedged": ("o", style.MUTED, "reported with a hedge"),
    "alleged": ("o", "white", "alleged, or alleged in turn"),
    "denied": ("x", style.INK, "denied, below what it denies"),
    "found": ("P", style.INK, "found by the review"),
    "opinion": ("s", "white", "an opinion, medical or professional"),
    "established": ("s", style.INK, "admitted, or established by a court"),
    "later": ("^", "white", "told to the review only"),
    "quoted": ("^", style.INK, "a quoted statement"),
    "": ("D", "white", "no status stated"),
}


def draw_accounts_of_harm(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Each incident with a bar for when it was, and below it its accounts, each with a mark for its
    force.

    `table` is `analysis.dynamics.accounts_of_harm`, in its order: a denial is set in below what it
    denies. Bars are solid where the incident certainly was and hatched where it may have been, with
    a hook at the day by which what lasts had begun; under an account that an agency held, a bar
    half as high spans the days on which the first agency can have come to hold it. An arrow is a
    side without a bound. What has no bound at all, or no admissible chronology, has no bar.

    The figure is as tall as it needs to be, also if `ax` is given. Artists have the ids
    `possible-`, `certain-` and the event, `open-start-`, `open-end-`, and `force-`, `held-` with
    event and number of the account."""
    ax, width = page(ax)
    days = {name: days_of(table[name]) for name in _DAYS}
    drawn = [
        day
        for at, row in enumerate(table["dates"])
        if row != _NOT_ADMISSIBLE
        for day in _held(days, at)
    ]
    scale = time_scale(drawn, _MARGIN + _INDENT, width - _MARGIN - _INDENT / 2)
    y = _legend(ax, table, days, scale, width)
    if table.empty:
        y = write(ax, _MARGIN, y, ["No incident or statement of harm is coded."], color=style.MUTED)
    axis_at = -_AXIS_EVERY
    for rows in _incidents(table):
        if scale is not None and y - axis_at >= _AXIS_EVERY:
            axis_at = y
            y = draw_axis(ax, y, scale) + 6
        y = _incident(ax, y, rows, days, scale, width)
    return finished(ax, width, y + 4)


def _held(days: Mapping[str, list[int | None]], at: int) -> list[int]:
    return [day for name in _DAYS for day in (days[name][at],) if day is not None]


def _incidents(table: pd.DataFrame) -> Iterator[list[tuple[int, dict[str, str]]]]:
    """The rows of each incident with their places; those of one incident stand together."""
    found: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for at, row in enumerate(table.to_dict("records")):
        found.setdefault(str(row["event"]), []).append(
            (at, {str(name): value for name, value in row.items()})
        )
    yield from found.values()


def _incident(
    ax: Axes,
    y: float,
    rows: list[tuple[int, dict[str, str]]],
    days: Mapping[str, list[int | None]],
    scale: TimeScale | None,
    width: float,
) -> float:
    at, first = rows[0]
    room = width - 2 * _MARGIN
    said = first["said"]
    y = write(ax, _MARGIN, y, wrapped(said[:1].upper() + said[1:], room, bold=True), bold=True)
    y = write(ax, _MARGIN, y, wrapped(first["summary"], room))
    if scale is not None and first["dates"] != _NOT_ADMISSIBLE:
        y = _incident_bar(ax, y, first["event"], [days[name][at] for name in _DAYS], scale)
    for number, (place, row) in enumerate(rows, start=1):
        indent = _INDENT * (2 if row["force"] == "denied" else 1)
        marker, face, _ = _MARKS[row["force"]]
        _mark(
            ax,
            _MARGIN + indent - 9,
            y + 0.5 * LINE,
            marker,
            face,
            f"force-{row['event']}--{number}",
        )
        words = account_words(row)
        y = write(ax, _MARGIN + indent, y, wrapped(words[:1].upper() + words[1:], room - indent))
        low, high = days["held_earliest"][place], days["held_latest"][place]
        if (
            scale is not None
            and row["dates"] != _NOT_ADMISSIBLE
            and (low is not None or high is not None)
        ):
            middle = y + _BAND / 2
            _line(ax, middle, scale)
            left, right = scale.span(low, high)
            _rectangle(
                ax, left, right, middle, 5.0, f"held-{row['event']}--{number}", facecolor=_HELD
            )
            _arrows(ax, middle, low, high, f"held-{row['event']}--{number}", scale)
            y += _BAND
        y += 2
    return y + 10


def _incident_bar(
    ax: Axes, y: float, event: str, days: list[int | None], scale: TimeScale
) -> float:
    earliest, begun, _, latest, certain_from, certain_to = days[:6]
    if earliest is None and latest is None and begun is None:
        return y + 2
    middle = y + _BAND / 2 + 1
    _line(ax, middle, scale)
    if _is_possible(days):
        low, high = scale.span(earliest, latest)
        _rectangle(ax, low, high, middle, 9.0, f"possible-{event}", **_POSSIBLE)
    if certain_from is not None and certain_to is not None:
        low, high = scale.span(certain_from, certain_to)
        _rectangle(ax, low, high, middle, 9.0, f"certain-{event}", facecolor=_SOLID)
    if begun is not None and _is_begun(days):
        _hook(ax, scale.span(begun, begun, least=0)[1], middle, f"begun-{event}")
    _arrows(ax, middle, earliest, latest, event, scale)
    return y + _BAND + 4


def _is_possible(days: list[int | None]) -> bool:
    """Whether a window is more than what is certain of it."""
    earliest, begun, _, latest, certain_from, certain_to = days[:6]
    bounded = any(day is not None for day in (earliest, begun, latest))
    return bounded and (certain_from is None or (certain_from, certain_to) != (earliest, latest))


def _is_begun(days: list[int | None]) -> bool:
    """Whether only a hook says by when it had begun."""
    _, begun, _, latest, certain_from, _ = days[:6]
    return certain_from is None and begun is not None and begun != latest


def _hook(ax: Axes, x: float, y: float, gid: str) -> None:
    corners = [(x - 2.5, y - 7), (x, y - 7), (x, y + 7), (x - 2.5, y + 7)]
    ax.add_patch(
        Polygon(
            corners, closed=False, fill=False, edgecolor=style.INK, linewidth=1.8, gid=gid, zorder=3
        )
    )


def _line(ax: Axes, y: float, scale: TimeScale) -> None:
    for _, _, low, high in scale.stretches:
        ax.add_line(Line2D([low, high], [y, y], color="#dcd8cc", linewidth=0.8, zorder=0))


def _rectangle(
    ax: Axes, low: float, high: float, y: float, height: float, gid: str, **look: Any
) -> None:
    patch = Rectangle(
        (low, y - height / 2),
        high - low,
        height,
        edgecolor=style.INK,
        gid=gid,
        linewidth=0.7,
        **look,
    )
    ax.add_patch(patch)


def _arrows(
    ax: Axes, y: float, low: int | None, high: int | None, gid: str, scale: TimeScale
) -> None:
    for missing, tip, name in ((low is None, -1, "start"), (high is None, 1, "end")):
        if missing:
            x = (scale.left if tip < 0 else scale.right) + tip
            corners = [(x, y - 5), (x + 9 * tip, y), (x, y + 5)]
            ax.add_patch(
                Polygon(
                    corners, closed=True, facecolor=style.INK, linewidth=0, gid=f"open-{name}-{gid}"
                )
            )


def _mark(ax: Axes, x: float, y: float, marker: str, face: str, gid: str) -> None:
    line = Line2D(
        [x],
        [y],
        marker=marker,
        markersize=7,
        markerfacecolor=face,
        markeredgecolor=style.INK,
        markeredgewidth=1.3,
        linestyle="",
        gid=gid,
    )
    ax.add_line(line)


def _legend(
    ax: Axes,
    table: pd.DataFrame,
    days: Mapping[str, list[int | None]],
    scale: TimeScale | None,
    width: float,
) -> float:
    y, x = 4.0, _MARGIN
    if (table["dates"] == _NOT_ADMISSIBLE).any():
        y = (
            write(
                ax,
                x,
                y,
                wrapped(
                    "No chronology is admissible: there are no bars.", width - 2 * x, bold=True
                ),
                bold=True,
            )
            + 4
        )
    forces = set(table["force"])
    for force, (marker, face, words) in _MARKS.items():
        if force in forces:
            _mark(ax, x + 13, y + 0.5 * LINE, marker, face, f"legend-{force}")
            y = write(ax, x + 36, y, wrapped(words, width - 2 * x - 36)) + 2
    if scale is None:
        return y + 6
    small = TimeScale(((1, 9, x, x + 26),))
    certain = any(day is not None for day in days["certain_from"])
    spans = [[days[name][at] for name in _DAYS] for at in range(len(table))]
    bars: list[tuple[bool, dict[str, Any], float, str]] = [
        (certain, {"facecolor": _SOLID}, 9.0, "the incident: certainly on that day, or under way"),
        (any(map(_is_possible, spans)), _POSSIBLE, 9.0, "the incident: possible on these days"),
        (
            any(table["held_by"] != ""),
            {"facecolor": _HELD},
            5.0,
            "an agency came to hold the account on one of these days",
        ),
    ]
    for used, look, height, words in bars:
        if used:
            _rectangle(ax, *small.span(1, 8), y + 0.5 * LINE, height, "legend-bar", **look)
            y = write(ax, x + 36, y, wrapped(words, width - 2 * x - 36)) + 2
    if any(map(_is_begun, spans)):
        _hook(ax, x + 14, y + 0.5 * LINE, "begun-legend")
        y = write(ax, x + 36, y, wrapped("begun no later than here", width - 2 * x - 36)) + 2
    open_sides = [
        (low is None) != (high is None)
        for days in spans
        for low, high in ((days[0], days[3]), days[6:8])
    ]
    if any(open_sides) or any(map(_is_begun, spans)):
        _arrows(ax, y + 0.5 * LINE, 1, None, "legend", TimeScale(((1, 9, x, x + 10),)))
        y = write(ax, x + 36, y, wrapped("no bound on this side", width - 2 * x - 36)) + 2
    if scale.breaks:
        for start in (x + 9, x + 14):
            ax.add_line(
                Line2D(
                    [start, start + 3],
                    [y + 0.5 * LINE + 4, y + 0.5 * LINE - 4],
                    color=style.INK,
                    linewidth=1.0,
                )
            )
        y = write(ax, x + 36, y, ["the scale changes here"]) + 2
    return y + 6
