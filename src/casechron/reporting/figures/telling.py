"""Between whom did information pass, and where does the review say that it did not?"""

from __future__ import annotations

from typing import Literal

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, PathPatch, Polygon, Rectangle
from matplotlib.path import Path

from casechron.analysis.telling import IN_TIME, TIES
from casechron.reporting import style
from casechron.reporting.figures import marks
from casechron.reporting.figures.lanes import LINE, finished, page, text_width, wrapped, write
from casechron.reporting.figures.marks import MARGIN

__all__ = ["draw_telling_network"]

_Dash = Literal["-"] | tuple[float, tuple[float, ...]]
_Boxes = list[tuple[float, float, float, float]]
_TOLD, _LATER = TIES[0], TIES[1]
_GROUPS = {
    "agency": "Agencies",
    "person": "Persons",
    "unnamed": "Agencies that the source does not name",
    "not stated": "",
}
_LABEL = 150.0
#: Between the ends of two lines at one party, and between parties.
_SLOT, _BETWEEN = 7.0, 9.0
_HEAD = 5.0
#: An arc reaches no further than so much of its height.
_FLAT = 0.6
#: Where on its arc a number or a cross may stand, the middle first, so that it meets no other.
_PLACES = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.2, 0.8)


def draw_telling_network(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Parties one below the other, with an arc from each that told to each that was told; missing
    ties are dashed and crossed.

    `table` is `analysis.telling.telling_network`. Parties stand in its order, those that told
    first: agencies, persons, unnamed agencies, and last the end that the source does not state.
    Each arc has an end of its own at its party, so that none are mistaken for one another. A full
    arrowhead: at least one of the tellings certainly came in time for the next decision; an empty
    one: that is possible only, or no decision followed. A number on an arc counts tellings, as
    recorded, if there are several. Artists have the ids `tie-`, the number of the row; `head-` and
    `cross-` likewise."""
    ax, width = page(ax)
    if table.empty:
        return finished(
            ax, width, write(ax, MARGIN, 6, ["No telling is coded."], color=style.MUTED) + 6
        )
    rows = [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
    parties = _parties(rows)
    y = _legend(ax, rows, width)
    slots: dict[str, list[tuple[int, str]]] = {party: [] for party, _, _ in parties}
    rank = {party: at for at, (party, _, _) in enumerate(parties)}
    for at, row in enumerate(rows):
        slots[row["from_party"]].append((at, "from"))
        slots[row["to_party"]].append((at, "to"))
    axis = MARGIN + _LABEL + 8
    ends: dict[tuple[int, str], float] = {}
    group = ""
    for party, kind, label in parties:
        if kind != group:
            group = kind
            if _GROUPS[kind]:
                y = write(ax, MARGIN, y + 2, wrapped(_GROUPS[kind], _LABEL), color=style.MUTED) + 4
        lines = wrapped(label, _LABEL)
        # Ends whose arcs go up lie above those that go down, the longer arcs outside, so that arcs
        # of one party do not cross.
        listed = sorted(slots[party], key=lambda end: _bend(rank, rows[end[0]], end))
        height = max(len(lines) * LINE, _SLOT * len(listed))
        write(ax, MARGIN, y + (height - len(lines) * LINE) / 2, lines)
        first = y + (height - _SLOT * (len(listed) - 1)) / 2
        for place, end in enumerate(listed):
            ends[end] = first + place * _SLOT
        bar = Line2D(
            [axis, axis],
            [y + 1, y + height - 1],
            color=style.INK,
            linewidth=2.4,
            gid=f"party-{rank[party]}",
        )
        ax.add_line(bar)
        y += height + _BETWEEN
    longest = max(abs(ends[at, "from"] - ends[at, "to"]) for at in range(len(rows)))
    room = width - MARGIN - axis - 16
    taken: _Boxes = []
    for at, row in enumerate(rows):
        _arc(ax, at, row, axis + 3, ends[at, "from"], ends[at, "to"], room, longest, taken)
    return finished(ax, width, y + 2)


def _parties(rows: list[dict[str, object]]) -> list[tuple[str, str, str]]:
    """Each party once, with its kind and label: by kind, else as the table has them."""
    found: dict[str, tuple[str, str]] = {}
    for side in ("from", "to"):
        for row in rows:
            found.setdefault(
                str(row[f"{side}_party"]), (str(row[f"{side}_kind"]), str(row[f"{side}_label"]))
            )
    kinds = list(_GROUPS)
    return sorted(
        ((party, kind, label) for party, (kind, label) in found.items()),
        key=lambda one: kinds.index(one[1]),
    )


def _look(tie: str) -> tuple[str, _Dash]:
    """Colour and strokes of a tie."""
    if tie == _TOLD:
        return style.PALETTE[0], "-"
    return (style.MUTED, (0, (1.2, 1.6))) if tie == _LATER else (style.PALETTE[1], (0, (4, 2.4)))


def _bend(
    rank: dict[str, int], row: dict[str, object], end: tuple[int, str]
) -> tuple[int, float, int, str]:
    own, other = ("from_party", "to_party") if end[1] == "from" else ("to_party", "from_party")
    down = rank[str(row[other])] - rank[str(row[own])]
    # Above: arcs that go up, the nearest first from below; below: arcs that go down, the furthest
    # first.
    return (0 if down < 0 else 1, -down, end[0], end[1])


def _arc(
    ax: Axes,
    at: int,
    row: dict[str, object],
    x: float,
    start: float,
    end: float,
    room: float,
    longest: float,
    taken: _Boxes,
) -> None:
    told, later = row["tie"] == _TOLD, row["tie"] == _LATER
    color, dash = _look(str(row["tie"]))
    reach = 14 + min((room - 14) / max(longest, 1.0), _FLAT) * abs(start - end)
    out = x + reach * 4 / 3
    points = [(x, start), (out, start), (out, end), (x + (_HEAD if told or later else 0), end)]
    path = Path(points, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4])
    ax.add_patch(
        PathPatch(
            path, facecolor="none", edgecolor=color, linewidth=1.4, linestyle=dash, gid=f"tie-{at}"
        )
    )
    told_often = int(str(row["tellings"])) > 1
    if told or later or row["tie"] == "not told":
        face = color if row["in_time"] == IN_TIME[0] else "white"
        corners = [(x - 1, end), (x + _HEAD + 1, end - 3.4), (x + _HEAD + 1, end + 3.4)]
        ax.add_patch(
            Polygon(
                corners,
                closed=True,
                facecolor=face,
                edgecolor=color,
                linewidth=1.1,
                zorder=3,
                gid=f"head-{at}",
            )
        )
    if not told and not later:
        top, middle = _free(taken, points, 6.0, 6.0)
        ax.add_patch(Circle((top, middle), 5, facecolor="white", linewidth=0, zorder=3))
        for sign in (1, -1):
            ax.add_line(
                Line2D(
                    [top - 3.4, top + 3.4],
                    [middle - sign * 3.4, middle + sign * 3.4],
                    color=color,
                    linewidth=1.8,
                    zorder=4,
                    gid=f"cross-{at}{'' if sign > 0 else '-2'}",
                )
            )
    elif told_often:
        words = str(row["tellings"])
        wide = text_width(words) + 3
        top, middle = _free(taken, points, wide / 2, 7.0)
        ax.add_patch(
            Rectangle(
                (top - wide / 2, middle - 6.5), wide, 13, facecolor="white", linewidth=0, zorder=2
            )
        )
        marks.number(ax, top, middle, words)


def _free(
    taken: _Boxes, points: list[tuple[float, float]], half_wide: float, half_high: float
) -> tuple[float, float]:
    """A place on an arc that no other number or cross takes; the middle, if there is none."""
    found = (0.0, 0.0)
    for t in reversed((*_PLACES, _PLACES[0])):
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        x, y = (
            sum(weight * point[side] for weight, point in zip(weights, points, strict=True))
            for side in (0, 1)
        )
        free = all(
            abs(x - a) >= half_wide + wide or abs(y - b) >= half_high + high
            for a, b, wide, high in taken
        )
        if free or found == (0.0, 0.0):
            found = (x, y)
    taken.append((*found, half_wide, half_high))
    return found


def _legend(ax: Axes, rows: list[dict[str, object]], width: float) -> float:
    y = 6.0
    told = [row for row in rows if row["tie"] == _TOLD]
    entries = []
    if any(row["in_time"] == IN_TIME[0] for row in told):
        entries.append(("certain", "told, certainly in time for the next decision"))
    if any(row["in_time"] != IN_TIME[0] for row in told):
        entries.append(("possible", "told, perhaps not in time, or no decision after it"))
    if any(row["tie"] == _LATER for row in rows):
        entries.append(("later", "told only afterwards"))
    missing = [tie for tie in TIES[2:] if any(row["tie"] == tie for row in rows)]
    if missing:
        entries.append(
            (
                "missing",
                f"missing, as the review says: {', '.join(missing)}; the other end is as coded",
            )
        )
    for at, (kind, words) in enumerate(entries):
        color, dash = _look({"later": _LATER, "missing": TIES[-1]}.get(kind, _TOLD))
        middle = y + LINE / 2
        line = [MARGIN + 4, MARGIN + 34], [middle, middle]
        ax.add_line(Line2D(*line, color=color, linewidth=1.4, linestyle=dash, gid=f"legend-{at}"))
        if kind == "missing":
            ax.add_patch(Circle((MARGIN + 19, middle), 5, facecolor="white", linewidth=0, zorder=3))
            for sign in (1, -1):
                ends = [middle - sign * 3.4, middle + sign * 3.4]
                ax.add_line(
                    Line2D(
                        [MARGIN + 15.6, MARGIN + 22.4], ends, color=color, linewidth=1.8, zorder=4
                    )
                )
        else:
            corners = [(MARGIN, middle), (MARGIN + 6, middle - 3.4), (MARGIN + 6, middle + 3.4)]
            face = color if kind == "certain" else "white"
            ax.add_patch(
                Polygon(
                    corners, closed=True, facecolor=face, edgecolor=color, linewidth=1.1, zorder=3
                )
            )
        y = write(ax, MARGIN + 40, y, wrapped(words, width - 2 * MARGIN - 40)) + 2
    return y + 4
