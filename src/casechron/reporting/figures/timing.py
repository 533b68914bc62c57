"""How are waits, the run-up and timescales drawn?

Intervals are segments, never a midpoint. Solid is certain, light and hatched is possible, an arrow
is open. Marker and hatch stand beside every colour, so that the figures read in greyscale. What
marks mean, and the scale, come first; the scale comes again every few rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from casechron.analysis.intervals import rows_of
from casechron.reporting import style
from casechron.reporting.figures.day_scale import DayScale, day_scale, draw_day_axis, draw_ruler
from casechron.reporting.figures.lanes import LINE, finished, page, text_width, wrapped, write
from casechron.reporting.figures.marks import MARGIN

__all__ = ["draw_concerns_before_decisions", "draw_response_gaps", "draw_timescale_checks"]

#: From the end of the line to the edge of the page: room for an arrow.
_SIDE = MARGIN + 6.0
_BAND, _BETWEEN = 16.0, 8.0
#: After so much of a page the scale stands again.
_AXIS_EVERY = 300.0
_SAMPLE = 34.0
_SCALE = "Calendar days from {}, narrower beyond 2 weeks:"
_FIRST, _SECOND, _THIRD = style.looks(3)
_Entry = tuple[bool, Callable[[float, float], None], str]


def draw_response_gaps(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """The wait for each answer as a segment from its least to its most days, beside the limit where
    there is one.

    `table` is `timing.response_gaps`. Over each segment stand the concern and, behind an arrow, its
    answer. A wait without an answer is a light bar as long as it was observed, with an arrow; where
    the source gives only an order, words stand in place of a segment. Artists have the ids `wait-`,
    `observed-`, `limit-` and the number of the row."""
    ax, width = page(ax)
    room = width - 2 * MARGIN
    if table.empty:
        return finished(
            ax, width, write(ax, MARGIN, 6, ["No concern is coded."], color=style.MUTED) + 6
        )
    rows = list(rows_of(table))
    spans = [(_number(row.days_min), _number(row.days_max)) for row in rows]
    limits = [(_number(row.limit_days_min), _number(row.limit_days_max)) for row in rows]
    seen = [
        (
            (_number(row.observed_days_min), _number(row.observed_days_max))
            if row.observed_to
            else (None, None)
        )
        for row in rows
    ]
    days = [float(day) for one in (*spans, *limits, *seen) for day in one if day is not None]
    scale = day_scale(days, MARGIN + 2, width - _SIDE)
    entries: list[_Entry] = [
        (
            any(map(_some, spans)),
            lambda x, y: _segment(ax, y, x, x + 24, "legend-wait", _FIRST),
            "wait, least to most days",
        ),
        (
            any(map(_some, seen)),
            lambda x, y: _observed(ax, y, x, x + 18, "legend-observed"),
            "no answer: observed so long",
        ),
        (
            any(map(_some, limits)),
            lambda x, y: _limit(ax, y, x + 4, x + 20, "legend-limit"),
            "limit in guidance",
        ),
        (
            any(None in span and _some(span) for span in spans),
            lambda x, y: _arrow(ax, y, x + 12, 1, "legend-open"),
            "no bound on this side",
        ),
    ]
    y = _legend(ax, entries, width)
    axis = _Axis(ax, scale, "the concern", width)
    for at, (row, span, limit, observed) in enumerate(zip(rows, spans, limits, seen, strict=True)):
        y = axis.again(y)
        y = write(ax, MARGIN, y, wrapped(row.summary or row.concern, room))
        y = write(
            ax,
            MARGIN,
            y,
            wrapped(_answer(row, span), room),
            color=style.INK if row.answer else style.MUTED,
        )
        if any(map(_some, (span, limit, observed))):
            middle = y + _BAND / 2 + 1
            draw_ruler(ax, middle, scale)
            if _some(observed) and not _some(span):
                _observed(
                    ax,
                    middle,
                    scale.x(0),
                    scale.x(_reach(observed)),
                    f"observed-{at}",
                    scale.x(observed[0] or 0),
                )
            if _some(span):
                _bounds(ax, middle, span, scale, f"wait-{at}", _FIRST)
            if limit[0] is not None and limit[1] is not None:
                _limit(ax, middle, scale.x(limit[0]), scale.x(limit[1]), f"limit-{at}")
            y += _BAND + 2
        y += _BETWEEN
    return finished(ax, width, y)


def _answer(row: Any, span: tuple[int | None, int | None]) -> str:
    """The answer, or what the source says of the lack of one; and what is known of the wait, if
    that is no days."""
    note = ""
    if not _some(span):
        so_long = ", observed to the end of the account" if row.observed_to else ""
        note = row.known or f"{row.lack or row.state}{so_long}"
    if not row.answer:
        return f"{note[:1].upper()}{note[1:]}"
    return f"→ {row.answer_summary or row.answer}{f' ({note})' if note else ''}"


def draw_concerns_before_decisions(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """The concerns on record before each decision, as bars down the decisions in the order of the
    table.

    `table` is `run_up.concerns_before_decisions`: solid for those certainly before, light and
    hatched for those that are possible, an arrow where the source sets no upper limit. Artists have
    the ids `certain-`, `possible-`, `open-` and the decision."""
    ax, width = page(ax)
    room = width - 2 * MARGIN
    if table.empty:
        return finished(
            ax, width, write(ax, MARGIN, 6, ["No decision is coded."], color=style.MUTED) + 6
        )
    rows = list(rows_of(table))
    counts = [
        tuple(map(_number, (row.concerns_min, row.concerns_possible, row.concerns_max)))
        for row in rows
    ]
    most = max([1, *(number for count in counts for number in count if number is not None)])
    beside = text_width(f"at least {most}") + 14
    unit = (room - beside) / most
    known = [count for count in counts if count[0] is not None and count[1] is not None]
    y = _legend(
        ax,
        [
            (
                bool(known),
                lambda x, y: _box(ax, x, x + 24, y, "legend-certain", **_CERTAIN),
                "concerns certainly before it",
            ),
            (
                any(_possible(count) for count in known),
                lambda x, y: _box(ax, x, x + 24, y, "legend-possible", **_POSSIBLE),
                "possibly before it",
            ),
            (
                any(count[2] is None for count in known),
                lambda x, y: _arrow(ax, y, x + 12, 1, "legend-open"),
                "no upper limit",
            ),
        ],
        width,
    )
    headed = -_AXIS_EVERY
    for row, (low, possible, high) in zip(rows, counts, strict=True):
        if known and y - headed >= _AXIS_EVERY:
            headed = y
            y = _count_axis(ax, y, most, unit) + 6
        y = write(ax, MARGIN, y, wrapped(row.summary or row.decision, room))
        y = write(ax, MARGIN, y, wrapped(_dates(row.earliest, row.latest), room), color=style.MUTED)
        if low is None or possible is None:
            y = write(ax, MARGIN, y, wrapped(row.status, room), color=style.MUTED) + _BETWEEN
            continue
        reach, middle = max(possible, high or 0), y + _BAND / 2 + 1
        end = MARGIN + unit * reach
        _box(ax, MARGIN, MARGIN + unit * low, middle, f"certain-{row.decision}", **_CERTAIN)
        if reach > low:
            _box(ax, MARGIN + unit * low, end, middle, f"possible-{row.decision}", **_POSSIBLE)
        if high is None:
            _arrow(ax, middle, end + 1, 1, f"open-{row.decision}")
        words = (
            f"{low}" if low == high else f"at least {low}" if high is None else f"{low} to {high}"
        )
        write(ax, end + 12, middle - LINE / 2, [words])
        y += _BAND + 2 + _BETWEEN
    return finished(ax, width, y)


_CERTAIN: dict[str, Any] = {"facecolor": _FIRST["color"]}
_POSSIBLE: dict[str, Any] = {
    "facecolor": "white",
    "hatch": _SECOND["hatch"] * 2,
    "hatchcolor": _SECOND["color"],
}


def _possible(count: tuple[int | None, ...]) -> bool:
    low, possible, high = count
    return max(possible or 0, high or 0) > (low or 0)


def _count_axis(ax: Axes, y: float, most: int, unit: float) -> float:
    """The scale of a count, in whole steps that leave room for their numbers."""
    wide = text_width(f"{most}") + 8
    step = next(
        one * 10**power for power in range(9) for one in (1, 2, 5) if unit * one * 10**power >= wide
    )
    base = y + LINE + 3
    xs, ys = [MARGIN, MARGIN + unit * most, float("nan")], [base, base, float("nan")]
    for number in range(0, most + 1, step):
        x = MARGIN + unit * number
        xs += [x, x, float("nan")]
        ys += [y + 3, base + 2, float("nan")]
        write(ax, x + 3, y, [f"{number}"])
    ax.add_artist(Line2D(xs, ys, color=style.MUTED, linewidth=0.8))
    return base + 3


def draw_timescale_checks(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """The due window of each check beside the actual window, in calendar days from the clock's
    start.

    `table` is `timescales.timescale_checks`. The end of the account (injury, admission or death) is
    a third segment, so that a step which could not yet be due is seen as that. The verdict stands
    in words. Artists have the ids `due-`, `actual-`, `end-` and the number of the row."""
    ax, width = page(ax)
    room = width - 2 * MARGIN
    if table.empty:
        return finished(
            ax,
            width,
            write(ax, MARGIN, 6, ["No rule for this jurisdiction."], color=style.MUTED) + 6,
        )
    rows = list(rows_of(table))
    pairs = [
        [
            (_number(getattr(row, f"{name}_min")), _number(getattr(row, f"{name}_max")))
            for name in ("due_days", "days", "end_days")
        ]
        for row in rows
    ]
    pairs = [[due if None not in due else (None, None), *others] for due, *others in pairs]
    scale = day_scale(
        [float(day) for row in pairs for pair in row for day in pair if day is not None],
        MARGIN + 2,
        width - _SIDE,
    )
    used = [any(_some(row[at]) for row in pairs) for at in range(3)]
    y = _legend(
        ax,
        [
            (used[0], lambda x, y: _due(ax, y, x, x + 24, "legend-due"), "due in this time"),
            (
                used[1],
                lambda x, y: _segment(ax, y, x, x + 24, "legend-actual", _FIRST),
                "done in this time",
            ),
            (
                used[2],
                lambda x, y: _segment(ax, y, x, x + 24, "legend-end", _THIRD, 2.0),
                "end of the account",
            ),
            (
                any(_some(pair) and None in pair for row in pairs for pair in row),
                lambda x, y: _arrow(ax, y, x + 12, 1, "legend-open"),
                "no bound on this side",
            ),
        ],
        width,
    )
    axis = _Axis(ax, scale, "the clock's start", width)
    for at, (row, (due, actual, end)) in enumerate(zip(rows, pairs, strict=True)):
        shown = [pair for pair in (due, actual, end) if _some(pair)]
        y = axis.again(y) if any(used) else y
        edition = f", {row.edition.removeprefix('Working Together ')}" if row.edition else ""
        title = f"{row.title}{f' ({row.limit}{edition})' if row.limit else ''}: {row.verdict}"
        y = write(ax, MARGIN, y, wrapped(title, room, bold=True), bold=True)
        y = write(ax, MARGIN, y, wrapped(_clock(row), room), color=style.MUTED)
        middle = y + 7
        for pair in shown:
            draw_ruler(ax, middle, scale)
            if pair is due and due[0] is not None and due[1] is not None:
                _due(ax, middle, scale.x(due[0]), scale.x(due[1]), f"due-{at}")
            elif pair is actual:
                _bounds(ax, middle, pair, scale, f"actual-{at}", _FIRST)
            else:
                _bounds(ax, middle, pair, scale, f"end-{at}", _THIRD, 2.0)
            middle += 11
        y = middle + (0 if shown else -6) + _BETWEEN - 4
        ax.add_artist(
            Line2D(
                [MARGIN, width - MARGIN], [y - 4, y - 4], color="#dcd8cc", linewidth=0.8, zorder=0
            )
        )
    return finished(ax, width, y)


def _clock(row: Any) -> str:
    if not row.start and not row.end:
        return "no clock runs"
    begun, ended = row.start_summary or row.start, row.end_summary or row.end
    return f"{begun or 'start not on record'} → {ended or 'none on record'}"


class _Axis:
    """The scale of days, which stands again after so much of a page; the first time with what it
    counts."""

    def __init__(self, ax: Axes, scale: DayScale, origin: str, width: float) -> None:
        self._ax, self._scale = ax, scale
        self._words = wrapped(_SCALE.format(origin), width - 2 * MARGIN)
        self._at: float | None = None

    def again(self, y: float) -> float:
        if self._at is not None and y - self._at < _AXIS_EVERY:
            return y
        if self._at is None:
            y = write(self._ax, MARGIN, y, self._words, color=style.MUTED)
        self._at = y
        return draw_day_axis(self._ax, y, self._scale) + 6


def _legend(ax: Axes, entries: list[_Entry], width: float) -> float:
    """What the marks mean, as far as they are used; the y below."""
    y = 6.0
    for used, draw, words in entries:
        if used:
            draw(MARGIN + 2, y + LINE / 2 + 0.5)
            y = write(ax, MARGIN + _SAMPLE, y, wrapped(words, width - 2 * MARGIN - _SAMPLE)) + 2
    return y + 4


def _box(
    ax: Axes, low: float, high: float, y: float, gid: str, *, high_of: float = 12.0, **look: Any
) -> None:
    patch = Rectangle(
        (low, y - high_of / 2),
        high - low,
        high_of,
        edgecolor=style.INK,
        linewidth=0.7,
        gid=gid,
        **look,
    )
    ax.add_artist(patch)


def _due(ax: Axes, y: float, low: float, high: float, gid: str) -> None:
    more = max(0.0, (4.0 - (high - low)) / 2)
    _box(ax, low - more, high + more, y, gid, high_of=8.0, **_POSSIBLE)


def _segment(
    ax: Axes, y: float, low: float, high: float, gid: str, look: dict[str, str], heavy: float = 4.0
) -> None:
    line = Line2D(
        [low, high], [y, y], color=look["color"], linewidth=heavy, solid_capstyle="butt", gid=gid
    )
    ends = Line2D(
        sorted({low, high}),
        [y] * len({low, high}),
        linestyle="",
        color=look["color"],
        marker=look["marker"],
        markersize=6,
    )
    ax.add_artist(line)
    ax.add_artist(ends)


def _bounds(
    ax: Axes,
    y: float,
    pair: tuple[int | None, int | None],
    scale: DayScale,
    gid: str,
    look: dict[str, str],
    heavy: float = 4.0,
) -> None:
    """A segment from the least to the most days; to the end of the line and an arrow where one of
    them is open."""
    low, high = pair
    left, right = (
        (scale.left if low is None else scale.x(low)),
        (scale.right if high is None else scale.x(high)),
    )
    if low is None or high is None:
        line = Line2D(
            [left, right],
            [y, y],
            color=look["color"],
            linewidth=heavy,
            solid_capstyle="butt",
            gid=gid,
        )
        ax.add_artist(line)
        bound = right if low is None else left
        ax.add_artist(
            Line2D(
                [bound], [y], linestyle="", color=look["color"], marker=look["marker"], markersize=6
            )
        )
        _arrow(
            ax, y, left + 4 if low is None else right + 3, -1 if low is None else 1, f"open-{gid}"
        )
    else:
        _segment(ax, y, left, right, gid, look, heavy)


def _limit(ax: Axes, y: float, low: float, high: float, gid: str) -> None:
    """Two strokes across the line, as a limit that nothing should pass."""
    look = {"color": _SECOND["color"], "gid": gid}
    ax.add_artist(Line2D([low, high], [y, y], linewidth=1.0, **look))  # type: ignore[arg-type]
    for x in sorted({low, high}):
        ax.add_artist(Line2D([x, x], [y - 8, y + 8], linewidth=2.6, solid_capstyle="butt", **look))  # type: ignore[arg-type]


def _observed(
    ax: Axes, y: float, low: float, high: float, gid: str, certain: float | None = None
) -> None:
    """A light bar as long as a wait without an answer was observed, with an arrow; outlined where
    that is certain."""
    _box(
        ax,
        low,
        max(high, low + 3),
        y,
        gid,
        high_of=10.0,
        facecolor="white",
        hatch=_THIRD["hatch"] * 2,
        hatchcolor=_THIRD["color"],
    )
    if certain is not None and certain > low:
        outline = Rectangle(
            (low, y - 5), certain - low, 10, facecolor="none", edgecolor=style.INK, linewidth=1.6
        )
        ax.add_artist(outline)
    _arrow(ax, y, max(high, low + 3) + 4, 1, f"open-{gid}")


def _arrow(ax: Axes, y: float, x: float, tip: int, gid: str) -> None:
    marker = ">" if tip > 0 else "<"
    ax.add_artist(
        Line2D([x], [y], marker=marker, markersize=7, color=style.INK, linestyle="", gid=gid)
    )


def _some(pair: tuple[int | None, int | None]) -> bool:
    return pair != (None, None)


def _reach(pair: tuple[int | None, int | None]) -> int:
    return max(day for day in pair if day is not None)


def _number(value: object) -> int | None:
    return None if value is None or value is pd.NA or pd.isna(value) else int(value)  # type: ignore[call-overload]


def _dates(first: pd.Timestamp, last: pd.Timestamp) -> str:
    one, other = ("" if pd.isna(day) else f"{day:%Y-%m-%d}" for day in (first, last))
    if one and one == other:
        return one
    if one and other:
        return f"{one} to {other}"
    return f"on or after {one}" if one else f"by {other}" if other else "not dated"
