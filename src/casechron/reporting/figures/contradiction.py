"""Why can some statements about time not hold together?"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle

from casechron.coding.days import date_of, day_number
from casechron.reporting import style
from casechron.reporting.figures.lanes import LINE, finished, page, text_width, wrapped, write
from casechron.reporting.figures.time_scale import TimeScale, days_of, draw_axis

__all__ = ["draw_contradictions"]

_MARGIN = 12.0
_INDENT = 22.0
_NEED = style.PALETTE[1]
_HAVE = style.PALETTE[0]


def draw_contradictions(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """For each contradiction a ruler: how many days are needed, how many are possible, and how that
    comes about.

    `table` is `analysis.contradictions.contradictions`. Above, the longest time that a statement
    asks for and what the others leave of it; below, step by step, the latest day that is left,
    until a statement asks for a later one. A diamond marks statements that the coder derived or
    judged. An empty table says that the statements hold together.

    Artists have the ids `needed-`, `possible-` and `short-` and the number of the conflict,
    `step-`, `moved-` and `judged-` and those of conflict and step."""
    ax, width = page(ax)
    room = width - 2 * _MARGIN
    if table.empty:
        y = write(
            ax, _MARGIN, 8, wrapped("The statements hold together.", room, bold=True), bold=True
        )
        y = write(
            ax,
            _MARGIN,
            y + 2,
            wrapped("Some assignment of days satisfies every one of them.", room),
            color=style.MUTED,
        )
        return finished(ax, width, y + 8)
    y = 4.0
    many = table["conflict"].nunique() > 1
    for conflict, steps in table.groupby("conflict", sort=False):
        y = _conflict(ax, y, int(str(conflict)), steps, room, many) + 14
    return finished(ax, width, y)


def _conflict(
    ax: Axes, y: float, conflict: int, steps: pd.DataFrame, room: float, many: bool
) -> float:
    short = int(steps["days_short"].iloc[0])
    rows = steps["row"].ne("").sum()
    heading = f"Contradiction {conflict}: " if many else ""
    heading += (
        f"{rows} statement{'' if rows == 1 else 's'} that cannot hold together: {_days(short)}"
        " short"
    )
    y = (
        write(ax, _MARGIN, y, wrapped(heading, room, bold=True, size=12.5), bold=True, size=12.5)
        + 6
    )
    y = _needed(ax, y, conflict, steps, short, room)
    y = write(ax, _MARGIN, y + 4, ["Step by step"], bold=True) + 2
    scale = _scale(steps, room)
    dated = bool(steps["day"].notna().all())
    if dated:
        y = draw_axis(ax, y, scale) + 4
    days = days_of(steps["day"]) if dated else [int(day) for day in steps["days_on"]]
    before: int | None = None if dated else 0
    for (_, step), day in zip(steps.iterrows(), days, strict=True):
        last = int(step["step"]) == len(steps)
        y = _step(ax, y, step, room)
        assert day is not None  # dated steps all have a day
        _track(ax, y + 9, f"{conflict}-{step['step']}", scale, before, day, dated and last)
        before = day
        y += 22
        if last:
            words = (
                f"The day that is asked for is {_days(short)} later than the latest that is left."
            )
            if not dated:
                words = f"Round the circle something would have to be {_days(short)} before itself."
            y = write(
                ax,
                _MARGIN + _INDENT,
                y,
                wrapped(words, room - _INDENT, bold=True),
                bold=True,
                color=_NEED,
            )
    return y


def _needed(
    ax: Axes, y: float, conflict: int, steps: pd.DataFrame, short: int, room: float
) -> float:
    """Two bars from the same start: the days that one statement needs, and those that the others
    leave."""
    told = steps[steps["days_needed"].notna()]
    if told.empty:
        return y
    step = told.iloc[0]
    needed, possible = int(step["days_needed"]), int(step["days_possible"])
    y = write(ax, _MARGIN, y, wrapped(f"{_days(needed)} needed: {_ground(step)}", room))
    ax.add_artist(
        Rectangle(
            (_MARGIN, y + 3),
            room,
            11,
            facecolor=_NEED,
            edgecolor=style.INK,
            linewidth=0.8,
            gid=f"needed-{conflict}",
        )
    )
    y = write(
        ax,
        _MARGIN,
        y + 20,
        wrapped(f"{_days(possible)} possible, as the other statements have it", room),
    )
    x = _MARGIN + room * possible / needed
    ax.add_artist(
        Rectangle(
            (_MARGIN, y + 3),
            x - _MARGIN,
            11,
            facecolor=_HAVE,
            edgecolor=style.INK,
            linewidth=0.8,
            gid=f"possible-{conflict}",
        )
    )
    ax.add_artist(
        Rectangle(
            (x, y + 3),
            _MARGIN + room - x,
            11,
            facecolor="white",
            edgecolor=_NEED,
            hatch="xxx",
            linewidth=1.2,
            linestyle=(0, (3, 2)),
            gid=f"short-{conflict}",
        )
    )
    words = f"{_days(short)} short"
    write(
        ax, _MARGIN + room - text_width(words, bold=True), y + 17, [words], bold=True, color=_NEED
    )
    return y + 17 + LINE


def _ground(step: pd.Series) -> str:
    """What a step rests on: the source's words, its basis, its place."""
    basis, places = str(step["basis"]), str(step["paragraphs"])
    if not step["row"]:
        return f"{step['statement']} (holds of itself)"
    words = f"‘{step['words']}’" if step["words"] else "not in words of the source"
    if places[:1].isdigit():
        places = f"paragraph{'s' if ',' in places else ''} {places}"
    by = basis if basis in ("", "stated") else f"{basis} by the coder"
    beside = ", ".join(part for part in (by, places) if part)
    return f"{words} ({beside})" if beside else words


def _step(ax: Axes, y: float, step: pd.Series, room: float) -> float:
    write(ax, _MARGIN, y, [f"{step['step']}"], bold=True)
    if step["basis"] in ("derived", "judged"):
        gid = f"judged-{step['conflict']}-{step['step']}"
        ax.add_artist(
            Line2D(
                [_MARGIN + 5],
                [y + 1.6 * LINE],
                marker="D",
                markersize=6,
                markerfacecolor="white",
                linestyle="",
                markeredgecolor=style.INK,
                markeredgewidth=1.2,
                gid=gid,
            )
        )
    y = write(ax, _MARGIN + _INDENT, y, wrapped(_sentence(str(step["says"])), room - _INDENT))
    return write(
        ax, _MARGIN + _INDENT, y, wrapped(_ground(step), room - _INDENT), color=style.MUTED
    )


def _track(
    ax: Axes, y: float, gid: str, scale: TimeScale, before: int | None, day: int, asks: bool
) -> None:
    """One step on the ruler: from the day before it to its own."""
    ax.add_artist(
        Line2D([scale.left, scale.right], [y, y], color="#dcd8cc", linewidth=0.8, zorder=0)
    )
    x = scale.x(day)
    if before is not None:
        x_before = scale.x(before)
        ax.add_artist(
            Line2D(
                [x_before],
                [y],
                marker="o",
                markersize=5,
                markerfacecolor="white",
                markeredgecolor=style.INK,
                markeredgewidth=1.0,
                linestyle="",
            )
        )
        if asks:
            low, high = min(x, x_before), max(x, x_before)
            ax.add_artist(
                Rectangle(
                    (low, y - 5),
                    high - low,
                    10,
                    facecolor="white",
                    edgecolor=_NEED,
                    hatch="xxx",
                    linewidth=1.2,
                    linestyle=(0, (3, 2)),
                    gid=f"moved-{gid}",
                    zorder=1,
                )
            )
        elif abs(x - x_before) > 1:
            ax.add_artist(
                Line2D([x_before, x], [y, y], color=_HAVE, linewidth=2.2, gid=f"moved-{gid}")
            )
            tip = 1 if x > x_before else -1
            if abs(x - x_before) > 14:
                corners = [(x - 11 * tip, y - 4.5), (x - 3 * tip, y), (x - 11 * tip, y + 4.5)]
                ax.add_artist(Polygon(corners, closed=True, facecolor=_HAVE, linewidth=0))
    marker, color = ("s", _NEED) if asks else ("o", _HAVE)
    ax.add_artist(
        Line2D(
            [x],
            [y],
            marker=marker,
            markersize=6.5,
            markerfacecolor=color,
            markeredgecolor=style.INK,
            markeredgewidth=0.8,
            linestyle="",
            gid=f"step-{gid}",
            zorder=3,
        )
    )


def _scale(steps: pd.DataFrame, room: float) -> TimeScale:
    """An even scale over all days of a conflict, in whole months."""
    days = [day for day in days_of(steps["day"]) if day is not None]
    left, right = _MARGIN + _INDENT, _MARGIN + room
    if len(days) < len(steps):
        found = [0, *(int(day) for day in steps["days_on"])]
        more = max(1, (max(found) - min(found)) // 20)
        return TimeScale(((min(found) - more, max(found) + more, left, right),))
    (year, month, _), (last_year, last_month, _) = date_of(min(days)), date_of(max(days))
    after = day_number(last_year + last_month // 12, last_month % 12 + 1)
    return TimeScale(((day_number(year, month), after, left, right),))


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"
