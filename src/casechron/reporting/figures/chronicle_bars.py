"""How does an event look on a line of time, and what do its marks mean?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle

from casechron.reporting import style
from casechron.reporting.figures.lanes import LINE, wrapped, write
from casechron.reporting.figures.time_scale import TimeScale, days_of

__all__ = ["Item", "draw_bar", "draw_legend", "draw_ring", "items_of"]

MARGIN = 12.0
_FILL = "#dbe7ef"
_SOLID = style.PALETTE[0]
_NOT_ADMISSIBLE = "no admissible chronology"
_NAMES = ("earliest", "start_latest", "end_earliest", "latest")
_BOUNDS = (*(f"stated_{name}" for name in _NAMES), *_NAMES, "certain_from", "certain_to")


class Item(NamedTuple):
    """One event: what is written above its bar, and the days of its bars; `begun` and `lasting`
    only where no bar says it."""

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
    begun: int | None
    lasting: int | None
    lanes: tuple[str, ...]

    @property
    def dated(self) -> bool:
        """Whether anything is known of when it was."""
        return any(
            day is not None for day in (*self.stated, *(self.known or ()), self.begun, self.lasting)
        )

    @property
    def drawn(self) -> tuple[int | None, int | None]:
        """The window that gives the bar its place."""
        return self.known or self.stated


def items_of(table: pd.DataFrame, lanes: str | None) -> Iterator[Item]:
    """What is drawn of each row of a chronicle; `lanes` is 'agency', 'kind' or None."""
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
        earliest, begun, lasting, latest = (
            days[name if admissible else f"stated_{name}"][at] for name in _NAMES
        )
        yield Item(
            event=str(row["event"]),
            gid=str(row["event"]),
            head=" · ".join([head, *marks]),
            body=body + _times(str(row["how_many"])),
            absence=bool(row["absence"]),
            alleged=bool(row["alleged"]) and not str(row["alleged"]).endswith("in part"),
            narrowed=bool(row["narrowed_by_rows"]),
            stated=(days["stated_earliest"][at], days["stated_latest"][at]),
            known=(earliest, latest) if admissible else None,
            certain=(first, last) if first is not None and last is not None else None,
            begun=begun if first is None and begun != latest and not row["absence"] else None,
            lasting=(
                lasting if first is None and lasting != earliest and not row["absence"] else None
            ),
            lanes=tuple(str(row["lane"]).split("; ")) if lanes == "agency" else (str(row["kind"]),),
        )


def _times(how_many: str) -> str:
    if how_many == "once":
        return ""
    return (
        f" ({how_many.removesuffix(' 1')} once)"
        if how_many.endswith(" 1")
        else f" ({how_many} times)"
    )


def draw_bar(ax: Axes, y: float, item: Item, scale: TimeScale) -> None:
    """The bars of an event, on a line through the whole of time."""
    ends = [x for _, _, low, high in scale.stretches for x in (low, high, float("nan"))]
    ax.add_artist(Line2D(ends, [y] * len(ends), color="#dcd8cc", linewidth=0.8, zorder=0))
    if item.absence:
        low, high = scale.span(*item.drawn, least=8.0)
        _rectangle(
            ax,
            low,
            high,
            y,
            8.0,
            f"absence-{item.gid}",
            facecolor="white",
            linestyle=(0, (3, 2)),
            linewidth=1.0,
        )
        middle = (low + high) / 2
        cross = Line2D(
            [middle],
            [y],
            marker="x",
            markersize=6,
            markeredgewidth=1.5,
            color=style.INK,
            linestyle="",
            gid=f"cross-{item.gid}",
            zorder=4,
        )
        ax.add_artist(cross)
        _arrows(ax, y, item, scale, hollow=True)
        return
    if item.known is None or (item.narrowed and any(day is not None for day in item.stated)):
        _rectangle(
            ax,
            *scale.span(*item.stated),
            y,
            13.0,
            f"stated-{item.gid}",
            facecolor="none",
            linewidth=0.7,
        )
    if item.known is not None:
        heavy = 1.8 if item.narrowed else 0.7
        if item.certain != item.known:
            low, high = scale.span(*item.known)
            _rectangle(
                ax,
                low,
                high,
                y,
                8.0,
                f"possible-{item.gid}",
                facecolor=_FILL,
                hatch="////",
                linewidth=heavy,
                hatch_linewidth=0.5,
            )
        if item.certain is not None:
            low, high = scale.span(*item.certain)
            _rectangle(
                ax, low, high, y, 8.0, f"certain-{item.gid}", facecolor=_SOLID, linewidth=heavy
            )
    for day, inwards, name in ((item.begun, -2.5, "begun"), (item.lasting, 2.5, "lasting")):
        if day is not None:
            x = scale.span(day, day, least=0)[1 if inwards < 0 else 0]
            hook = [(x + inwards, y - 7), (x, y - 7), (x, y + 7), (x + inwards, y + 7)]
            ax.add_artist(
                Polygon(
                    hook,
                    closed=False,
                    fill=False,
                    edgecolor=style.INK,
                    linewidth=1.8,
                    gid=f"{name}-{item.gid}",
                    zorder=3,
                )
            )
    _arrows(ax, y, item, scale, hollow=item.known is None)


def _rectangle(
    ax: Axes, low: float, high: float, y: float, height: float, gid: str, **look: Any
) -> None:
    patch = Rectangle(
        (low, y - height / 2), high - low, height, edgecolor=style.INK, gid=gid, **look
    )
    ax.add_artist(patch)


def _arrows(ax: Axes, y: float, item: Item, scale: TimeScale, *, hollow: bool) -> None:
    """An arrow at each side without a bound, beyond the end of the line."""
    low, high = item.drawn
    for missing, tip, name in ((low is None, -1, "start"), (high is None, 1, "end")):
        if missing:
            x = (scale.left if tip < 0 else scale.right) + tip
            corners = [(x, y - 5), (x + 9 * tip, y), (x, y + 5)]
            face = "white" if hollow else style.INK
            ax.add_artist(
                Polygon(
                    corners,
                    closed=True,
                    facecolor=face,
                    edgecolor=style.INK,
                    linewidth=0.8,
                    gid=f"open-{name}-{item.gid}",
                )
            )


def draw_ring(ax: Axes, x: float, y: float, gid: str) -> None:
    """The mark of what is only alleged or denied."""
    ring = Line2D(
        [x],
        [y],
        marker="o",
        markersize=7,
        markerfacecolor="white",
        markeredgecolor=style.INK,
        markeredgewidth=1.2,
        linestyle="",
        gid=f"alleged-{gid}",
    )
    ax.add_artist(ring)


def draw_legend(ax: Axes, items: list[Item], scale: TimeScale | None, width: float) -> float:
    """What the marks mean, as far as they are used."""
    happened = [item for item in items if not item.absence and item.dated]
    known = [item for item in happened if item.known]
    sample = Item("", "", "", "", False, False, False, (1, 8), (1, 8), None, None, None, ())
    open_side = any(day is None for item in items if item.dated for day in item.drawn)
    narrowed = any(item.narrowed and any(day is not None for day in item.stated) for item in known)
    entries: list[tuple[bool, str, str]] = [
        (any(item.certain for item in known), "certain", "certainly on that day, or under way"),
        (
            any(item.certain != item.known for item in known),
            "possible",
            "possible on these days, and on no others",
        ),
        (
            any(item.narrowed for item in known),
            "narrowed",
            "heavy outline: bounded more closely by other statements",
        ),
        (
            narrowed or any(item.known is None for item in happened),
            "stated",
            "thin outline: the window as the date is written",
        ),
        (
            any(item.begun is not None for item in happened),
            "begun",
            "begun, or for the first time, no later than here",
        ),
        (
            any(item.lasting is not None for item in happened),
            "lasting",
            "not over, or once more, here or later",
        ),
        (
            any(item.absence for item in items),
            "absence",
            "absence: said not to have happened, or not enough",
        ),
        (open_side, "open", "no bound on this side"),
        (any(item.alleged for item in items), "alleged", "only alleged, or denied"),
        (scale is not None and bool(scale.breaks), "break", "the scale changes here"),
    ]
    y, x = 4.0, MARGIN
    small = TimeScale(((1, 9, x, x + 26),))
    if any(item.known is None for item in items):
        y = (
            write(
                ax,
                x,
                y,
                wrapped(
                    "No chronology is admissible: windows are drawn as written.",
                    width - 2 * x,
                    bold=True,
                ),
                bold=True,
            )
            + 4
        )
    for used, mark, words in entries:
        if not used:
            continue
        lines = wrapped(words, width - 2 * x - 36)
        middle = y + 0.5 * LINE
        if mark in ("certain", "possible", "narrowed", "stated", "begun", "lasting", "absence"):
            item = sample._replace(
                gid=f"legend-{mark}",
                certain=(1, 8) if mark == "certain" else None,
                narrowed=mark == "narrowed",
                stated=(1, 8) if mark == "stated" else (None, None),
                known=None if mark == "stated" else (1, 8),
                begun=6 if mark == "begun" else None,
                lasting=3 if mark == "lasting" else None,
                absence=mark == "absence",
            )
            draw_bar(ax, middle, item, small)
        elif mark == "open":
            _arrows(
                ax,
                middle,
                sample._replace(gid="legend", known=(1, None)),
                TimeScale(((1, 9, x, x + 10),)),
                hollow=False,
            )
        elif mark == "alleged":
            draw_ring(ax, x + 13, middle, "legend")
        else:
            for at in (x + 9, x + 14):
                ax.add_artist(
                    Line2D([at, at + 3], [middle + 4, middle - 4], color=style.INK, linewidth=1.0)
                )
        y = write(ax, x + 36, y, lines, color=style.INK) + 2
    return y + 6
