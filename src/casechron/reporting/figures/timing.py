"""How are waits, the run-up, timescales and robustness drawn?

Intervals are segments, never a midpoint. Solid is certain, light and hatched is possible, an arrow is open. Marker and
hatch stand beside every colour, so that the figures read in greyscale.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from casechron.analysis.intervals import rows_of
from casechron.reporting import style
from casechron.reporting.figures import chart
from casechron.reporting.figures.chart import Strokes

__all__ = [
    "draw_concerns_before_decisions", "draw_conclusions_by_choice", "draw_response_gaps", "draw_robust_conclusions",
    "draw_timescale_checks",
]  # fmt: skip

#: Ticks of the scale of days, which is linear up to a fortnight and logarithmic beyond.
_TICKS = {-365: "-1 year", -91: "-3 months", -30: "-1 month", 0: "0", 7: "1 week", 14: "2 weeks", 30: "1 month",
          91: "3 months", 365: "1 year", 1461: "4 years"}  # fmt: skip
_LINEAR = 14
#: Narrow enough for its words to be read on a telephone.
_WIDTH = 6.0
_SMALL = 9


def draw_response_gaps(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """The wait for each answer as a segment from its least to its most days, beside the limit where there is one.

    `table` is `timing.response_gaps`. A wait without an answer is a light bar as long as it was observed, with an arrow;
    where the source gives only an order, words stand in place of a segment.
    """
    ax = _rows(len(table), ax, each=0.4)
    first, second, third = style.looks(3)
    strokes, notes, days = Strokes(), [], [0.0]
    for place, row in enumerate(rows_of(table)):
        low, high = _number(row.days_min), _number(row.days_max)
        note, end = row.state, 0.0
        if low is not None or high is not None:
            end = _segment(strokes, place, low, high, first["color"], first["marker"])
            days += [day for day in (low, high) if day is not None]
            note = ""
        elif row.known:
            strokes.add([0], [place], marker=">", color=style.INK, markersize=5, linestyle="")
            note = row.known
        elif row.observed_to:
            note = f"{row.lack}\nobserved to {row.observed_to}"
            end = _observed(ax, strokes, place, _number(row.observed_days_min), _number(row.observed_days_max), third)
            days.append(end)
        near, far = _number(row.limit_days_min), _number(row.limit_days_max)
        if near is not None and far is not None:
            look = {"marker": "|", "markersize": 20, "markeredgewidth": 3, "linewidth": 1}
            strokes.add([near, far], [place] * 2, color=second["color"], **look)
            days += [near, far]
        if note:
            notes.append((max(end, 0), place, note))
    strokes.draw(ax)
    for x, place, note in notes:
        chart.note(ax, x, place, note, _SMALL - 1)
    _row_labels(ax, [f"{row.concern}\n→ {row.answer}" if row.answer else f"{row.concern}\n(no answer)" for row in rows_of(table)])
    _day_scale(ax, days, "calendar days from the concern; narrower beyond 2 weeks")
    _legend(
        ax,
        [
            Line2D([], [], color=first["color"], marker=first["marker"], linewidth=4, label="wait, least to most"),
            Line2D([], [], color=style.INK, marker=">", linestyle="", label="only an order"),
            Patch(facecolor="white", hatch=third["hatch"], edgecolor=third["color"], label="no answer: observed so long"),
            Line2D([], [], color=second["color"], marker="|", markersize=12, markeredgewidth=3, linewidth=1,
                   label="limit in guidance"),
        ],
    )  # fmt: skip
    return _empty(ax, table, "no concern is coded")


def draw_concerns_before_decisions(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """The concerns on record before each decision, as steps down the decisions in the order of the table.

    `table` is `run_up.concerns_before_decisions`: solid for those certainly before, light and hatched for those that are
    possible, an arrow where the source sets no upper limit.
    """
    ax = _rows(len(table), ax, each=0.5)
    first, second = style.looks(2)
    known = [(place, row) for place, row in enumerate(rows_of(table)) if _number(row.concerns_min) is not None]
    for place, row in enumerate(rows_of(table)):
        low, possible, high = (_number(value) for value in (row.concerns_min, row.concerns_possible, row.concerns_max))
        if low is None or possible is None:
            chart.words(ax, 0, place, f" {row.status}", va="center", fontsize=_SMALL)
            continue
        ax.barh(place, low, height=1, color=first["color"], linewidth=0)
        reach = max(possible, high or 0)
        ax.barh(place, reach - low, left=low, height=1, facecolor="white", hatch=second["hatch"], edgecolor=second["color"])
        if high is None:
            ax.plot([reach], [place], marker=">", color=style.INK, markersize=6, clip_on=False)
        words = f"{low}" if low == high else f"at least {low}" if high is None else f"{low} to {high}"
        chart.note(ax, reach, place, words, _SMALL)
    if known:
        ax.step(
            [row.concerns_min for _, row in known for _ in (0, 1)],
            [place + side for place, _ in known for side in (-0.5, 0.5)],
            color=style.INK,
            linewidth=2,
        )
    _row_labels(ax, [f"{row.decision}\n{_dates(row.earliest, row.latest)}" for row in rows_of(table)])
    ax.set_xlim(left=0)
    ax.margins(x=0.2)
    ax.set_xlabel("concerns on record")
    _legend(
        ax,
        [
            Patch(facecolor=first["color"], label="certainly before it"),
            Patch(facecolor="white", hatch=second["hatch"], edgecolor=second["color"], label="possibly before it"),
            Line2D([], [], color=style.INK, marker=">", linestyle="", label="no upper limit"),
        ],
    )
    return _empty(ax, table, "no decision is coded")


def draw_timescale_checks(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """The due window of each check beside the actual window, in calendar days from the clock's start.

    `table` is `timescales.timescale_checks`. The end of the account (injury, admission or death) is a third segment, so
    that a step which could not yet be due is seen as that. The verdict stands in words.
    """
    ax = _rows(len(table), ax, each=0.9)
    first, second, third = style.looks(3)
    strokes, days = Strokes(), [0.0]
    for place, row in enumerate(rows_of(table)):
        due = _number(row.due_days_min), _number(row.due_days_max)
        if due[0] is not None and due[1] is not None:
            last = due[0] + max(due[1] - due[0], 0.6)
            look = {"facecolor": "white", "hatch": second["hatch"], "edgecolor": second["color"], "linewidth": 1.4}
            chart.bar(ax, place + 0.06, due[0], last, 0.16, **look)
            days += [due[0], last]
        low, high = _number(row.days_min), _number(row.days_max)
        ends = _number(row.end_days_min), _number(row.end_days_max)
        if low is not None or high is not None:
            _segment(strokes, place + 0.2, low, high, first["color"], first["marker"])
        if ends[0] is not None or ends[1] is not None:
            _segment(strokes, place + 0.31, *ends, third["color"], third["marker"], width=2)
        days += [day for day in (low, high, *ends) if day is not None]
        clock = (
            f"{row.start or 'start not on record'} → {row.end or 'none on record'}" if row.start or row.end else "no clock runs"
        )
        edition = f", {row.edition.removeprefix('Working Together ')}" if row.edition else ""
        _above(ax, place - 0.26, f"{row.title}{f' ({row.limit}{edition})' if row.limit else ''}: {row.verdict}", bold=True)
        _above(ax, place - 0.07, clock)
    strokes.draw(ax)
    chart.rules(ax, [place + 0.44 for place in range(len(table))])
    _no_row_labels(ax, len(table))
    _day_scale(ax, days, "calendar days from the clock's start; narrower beyond 2 weeks")
    _legend(
        ax,
        [
            Patch(facecolor="white", hatch=second["hatch"], edgecolor=second["color"], label="due"),
            Line2D([], [], color=first["color"], marker=first["marker"], linewidth=4, label="actual"),
            Line2D([], [], color=third["color"], marker=third["marker"], linewidth=2, label="end of the account"),
        ],
    )
    return _empty(ax, table, "no rule for this jurisdiction")


def draw_robust_conclusions(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Each conclusion as a bar over all combinations of choices: where it holds, changes, or nothing can be concluded.

    `table` is `robustness.robust_conclusions`; what flips a conclusion stands beneath its bar.
    """
    ax = _rows(len(table), ax, each=0.62)
    kinds = _kinds()
    for place, row in enumerate(rows_of(table)):
        left = 0.0
        for name, count in zip(kinds, (row.holds, row.changes, row.no_admissible_chronology), strict=True):
            share = float(count) / float(row.combinations)
            chart.bar(ax, place, left, left + share, 0.3, **kinds[name])
            left += share
        _above(ax, place - 0.2, row.conclusion)
        chart.words(ax, 1.015, place, row.hold_under, va="center", fontsize=_SMALL, fontweight="bold", in_layout=False)
        if row.flipped_by:
            words = textwrap.shorten(f"flipped by {row.flipped_by}", 80, placeholder=" …")
            look = {"ha": "right", "va": "center", "fontsize": _SMALL - 1.5, "style": "italic", "in_layout": False}
            chart.words(ax, 1.0, place + 0.29, words, **look)
    _no_row_labels(ax, len(table))
    ax.set_xlim(0, 1.12)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "a quarter", "half", "three quarters", "all"], fontsize=_SMALL)
    ax.set_xlabel("part of the combinations of choices that bear on it")
    _legend(ax, [Patch(label=name, **look) for name, look in kinds.items()])
    return _empty(ax, table, "there is no conclusion to vary")


def draw_conclusions_by_choice(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Conclusions by choices: a mark for what each choice alone does to each conclusion.

    `table` is `robustness.conclusions_by_choice`. Filled circles hold, crosses in a hatched cell change, open squares have
    no admissible chronology.
    """
    conclusions, choices = list(dict.fromkeys(table["conclusion"])), list(dict.fromkeys(table["choice"]))
    ax = _rows(len(conclusions), ax, each=0.46)
    kinds = _kinds()
    marks = dict(zip(kinds, ("o", "X", "s"), strict=True))
    strokes = Strokes()
    for row in rows_of(table):
        x, y = choices.index(row.choice), conclusions.index(row.conclusion)
        if row.outcome == "changes":
            chart.bar(ax, y, x - 0.48, x + 0.48, 0.92, **kinds["changes"])
        filled = style.PALETTE[0] if row.outcome == "holds" else "white"
        strokes.add([x], [y], marker=marks[row.outcome], color=filled, markeredgecolor=style.INK, markersize=7, linestyle="")
    strokes.draw(ax)
    _row_labels(ax, [textwrap.fill(text, 34) for text in conclusions], size=_SMALL - 1, ticks=False)
    ax.set_xticks(range(len(choices)), [textwrap.fill(choice, 18) for choice in choices], rotation=90, fontsize=_SMALL - 1)
    ax.xaxis.tick_top()
    ax.set_xlim(-0.6, max(len(choices), 1) - 0.4)
    ax.tick_params(length=0)
    chart.rules(ax, [place - 0.5 for place in range(1, len(conclusions))])
    _legend(
        ax,
        [
            Line2D([], [], marker=marks[name], color=style.PALETTE[0] if name == "holds" else "white", markeredgecolor=style.INK,
                   linestyle="", label=name)
            for name in kinds
        ],
    )  # fmt: skip
    return _empty(ax, table, "there is no conclusion to vary")


def _kinds() -> dict[str, dict[str, Any]]:
    """How the three outcomes look: dark, hatched and pale."""
    return {
        "holds": {"facecolor": style.PALETTE[0], "edgecolor": style.INK},
        "changes": {"facecolor": style.PALETTE[5], "hatch": "//", "edgecolor": style.INK},
        "no admissible chronology": {"facecolor": "white", "hatch": "xx", "edgecolor": style.MUTED},
    }


def _rows(count: int, ax: Axes | None, *, each: float) -> Axes:
    if ax is None:
        _, ax = plt.subplots(figsize=(_WIDTH, 1.7 + each * max(count, 2)))
    return ax


def _row_labels(ax: Axes, labels: list[str], size: float = _SMALL, *, ticks: bool = True) -> None:
    chart.row_labels(ax, labels, size, ticks=ticks)
    ax.set_ylim(max(len(labels), 1) - 0.4, -0.6)


def _no_row_labels(ax: Axes, count: int) -> None:
    ax.set_yticks([])
    ax.set_ylim(max(count, 1) - 0.5, -0.65)


def _above(ax: Axes, place: float, words: str, *, bold: bool = False) -> None:
    """A line of words above a row, from the left edge of the axes."""
    chart.words(
        ax, 0.005, place, textwrap.shorten(words, 82, placeholder=" …"), ha="left", va="bottom",
        fontsize=_SMALL - 1, fontweight="bold" if bold else "normal", transform=ax.get_yaxis_transform(), in_layout=False,
    )  # fmt: skip


def _segment(
    strokes: Strokes, place: float, low: int | None, high: int | None, color: str, marker: str, width: float = 4
) -> float:
    """A segment from low to high; an arrow where one of them is open. Where it ends on the right."""
    left, right = low if low is not None else high, high if high is not None else low
    assert left is not None
    assert right is not None
    strokes.add([left, right], [place, place], color=color, linewidth=width, solid_capstyle="butt")
    ends = sorted({left, right})
    strokes.add(ends, [place] * len(ends), color=color, marker=marker, markersize=5, linestyle="")
    for bound, at, arrow in ((low, left, "<"), (high, right, ">")):
        if bound is None:
            strokes.add([at], [place], color=color, marker=arrow, markersize=8, linestyle="")
    return float(right)


def _observed(ax: Axes, strokes: Strokes, place: int, low: int | None, high: int | None, look: dict[str, str]) -> float:
    """A light bar as long as a wait without an answer was observed, with an arrow."""
    reach = high if high is not None else low
    if reach is None:
        return 0.0
    end = max(float(reach), 0.3)
    chart.bar(ax, place, 0, end, 0.4, facecolor="white", hatch=look["hatch"], edgecolor=look["color"])
    if low is not None and low > 0:
        chart.bar(ax, place, 0, low, 0.4, facecolor="none", edgecolor=style.INK, linewidth=1.2)
    strokes.add([end], [place], marker=">", color=style.INK, markersize=5, linestyle="")
    return end


def _day_scale(ax: Axes, days: Sequence[float], label: str) -> None:
    ax.set_xscale("symlog", linthresh=_LINEAR)
    low, high = min([0.0, *days]), max([30.0, *days])
    ticks = {day: words for day, words in _TICKS.items() if low <= day <= high}
    ax.set_xticks(list(ticks), list(ticks.values()), fontsize=_SMALL, rotation=40, ha="right")
    ax.set_xticks([], minor=True)
    ax.set_xlim(low * 1.5 - 0.8, high * 2)
    if low < 0:
        ax.axvline(0, color=style.MUTED, linewidth=0.8, zorder=0)
    ax.set_xlabel(label, fontsize=9)


def _legend(ax: Axes, handles: list[Patch | Line2D]) -> None:
    ax.figure.legend(handles=handles, loc="outside lower center", ncols=2, fontsize=_SMALL)


def _empty(ax: Axes, table: pd.DataFrame, words: str) -> Axes:
    if table.empty:
        ax.text(0.5, 0.5, words, ha="center", va="center", transform=ax.transAxes)
        ax.set_xticks([])
        ax.set_yticks([])
    return ax


def _number(value: object) -> int | None:
    return None if value is None or value is pd.NA or pd.isna(value) else int(value)  # type: ignore[call-overload]


def _dates(first: pd.Timestamp, last: pd.Timestamp) -> str:
    one, other = ("" if pd.isna(day) else f"{day:%Y-%m-%d}" for day in (first, last))
    if one and one == other:
        return one
    return f"{one or '…'} to {other or '…'}" if one or other else "not dated"
