"""Which agency was involved where, and where does the review say that it was missing?"""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from casechron.analysis.involvement import PARTS
from casechron.reporting import style
from casechron.reporting.figures import marks
from casechron.reporting.figures.lanes import finished, page, text_width, wrapped, write
from casechron.reporting.figures.marks import MARGIN
from casechron.reporting.figures.matrix import Matrix, matrix_width

__all__ = ["draw_involvement_by_event", "draw_involvement_by_phase"]

#: One mark for each part, in the order of PARTS.
_MARKS = dict(
    zip(
        PARTS,
        (
            marks.filled,
            marks.right,
            marks.left,
            marks.disc,
            marks.small_ring,
            marks.absence,
            marks.ring,
        ),
        strict=True,
    )
)
#: Columns of phases: how wide at the least, at the most, and for two marks side by side.
_LEAST, _MOST, _ABREAST = 24.0, 58.0, 40.0
_ASIDE, _CELL = 10.0, 16.0
#: After so much of a page the numbers of the phases stand again.
_HEAD_EVERY = 320.0


def draw_involvement_by_event(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """A matrix of events (from top to bottom) and agencies, with a mark for each part; a crossed
    box is a stated absence.

    `table` is `analysis.involvement.involvement_by_event`. Agencies stand as they first appear in
    it, unnamed ones apart on the right; numbers stand for their names, which the key gives. An
    empty place means that nothing is recorded. Artists have the ids `part-`, the event and the
    agency."""
    ax, width = page(ax)
    if table.empty:
        return finished(
            ax, width, write(ax, MARGIN, 6, ["No involvement is coded."], color=style.MUTED) + 6
        )
    named = list(dict.fromkeys(table.loc[table["named"], "agency"]))
    unnamed = list(dict.fromkeys(table.loc[~table["named"], "agency"]))
    label = dict(zip(table["agency"], table["agency_label"], strict=True))
    heads = {agency: str(at) for at, agency in enumerate(named, start=1)}
    heads |= {agency: _letter(at) for at, agency in enumerate(unnamed)}
    groups = [[heads[agency] for agency in group] for group in (named, unnamed)]
    width = matrix_width(width, groups)
    y = marks.draw_legend(
        ax,
        6,
        width,
        [(_MARKS[part], part) for part in PARTS if (table["part"] == part).any()],
        "part",
    )
    y = marks.draw_key(ax, y, width, [(heads[agency], label[agency]) for agency in named])
    if unnamed:
        entries = [(heads[agency], label[agency]) for agency in unnamed]
        y = marks.draw_key(ax, y, width, entries, "Apart, what the source does not name:")
    matrix = Matrix(ax, width, groups)
    for event, rows in table.groupby("event", sort=False):
        summary = str(rows["summary"].iloc[0]) or str(event)
        middle, y = matrix.row(y, wrapped(summary, width - 2 * MARGIN))
        for agency, part in zip(rows["agency"], rows["part"], strict=True):
            _MARKS[part](ax, matrix.x[heads[agency]], middle, f"part-{event}-{agency}")
    matrix.end(y)
    return finished(ax, width, y + 4)


def draw_involvement_by_phase(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """A matrix of agencies and phases, with the numbers of events recorded; a crossed box is a
    stated absence.

    `table` is `analysis.involvement.involvement_by_phase`. Full squares with a number: so many
    events certainly fall into the phase; hatched: only such as may fall into it; a crossed box: a
    stated absence, with ? if it only may fall into it. Phases are numbered, the key says what cuts
    them. Artists have the ids `events-`, `may-`, `absence-`, the agency and the phase."""
    ax, width = page(ax)
    if table.empty:
        return finished(
            ax, width, write(ax, MARGIN, 6, ["No agency is coded."], color=style.MUTED) + 6
        )
    titles = dict(zip(table["phase"], table["title"], strict=True))
    y = marks.draw_legend(
        ax,
        6,
        width,
        [
            (marks.filled, "rows in the phase"),
            (marks.hatched, "only such as may fall into it"),
            (marks.absence, "stated absence"),
            (_question, "an absence that may fall into it"),
            (marks.nothing, "nothing recorded"),
        ],
        "phase",
    )
    y = marks.draw_key(
        ax, y, width, [(str(phase), title) for phase, title in titles.items()], "Phases:"
    )
    width = max(width, 2 * MARGIN + _LEAST * len(titles))
    column = min(_MOST, (width - 2 * MARGIN) / len(titles))
    x = {phase: MARGIN + column * (at + 0.5) for at, phase in enumerate(titles)}
    heads = [(str(phase), place) for phase, place in x.items()]
    apart, headed = False, -_HEAD_EVERY
    for _, rows in table.sort_values("named", ascending=False, kind="stable").groupby(
        "agency", sort=False
    ):
        if not apart and not rows["named"].iloc[0]:
            apart = True
            y = write(
                ax,
                MARGIN,
                y + 6,
                wrapped("Apart, what the source does not name:", width - 2 * MARGIN),
                color=style.MUTED,
            )
        if y - headed > _HEAD_EVERY:
            y = headed = marks.rows_of_numbers(ax, y + 4, heads)
        y = write(ax, MARGIN, y + 2, wrapped(str(rows["agency_label"].iloc[0]), width - 2 * MARGIN))
        cells = [{str(key): value for key, value in row.items()} for row in rows.to_dict("records")]
        # Where there is no room for a number and an absence side by side, they stand one below the
        # other.
        stacked = column < _ABREAST and any(len(_shown(cell)) > 1 for cell in cells)
        high = 2 * _CELL if stacked else _CELL
        for cell in cells:
            _cell(ax, x[cell["phase"]], y + high / 2 + 1, cell, stacked)
        y += high + 4
        ax.add_line(
            Line2D(
                [MARGIN, width - MARGIN], [y - 1, y - 1], color="#c9c5b9", linewidth=0.6, zorder=0
            )
        )
    return finished(ax, width, y + 4)


_COUNTED = ("contact_rows", "contact_rows_may_fall", "absence_rows", "absence_rows_may_fall")


def _counts(row: dict[str, object]) -> tuple[int, int, int, int]:
    events, may, absent, absent_may = (int(str(row[key])) for key in _COUNTED)
    return events, may, absent, absent_may


def _shown(row: dict[str, object]) -> list[str]:
    """Which kinds of marks a cell has."""
    events, may, absent, absent_may = _counts(row)
    return [
        kind
        for kind, count in (("events", events or may), ("absence", absent or absent_may))
        if count
    ]


def _cell(ax: Axes, x: float, y: float, row: dict[str, object], stacked: bool) -> None:
    name = f"{row['agency']}-{row['phase']}"
    events, may, absent, _ = _counts(row)
    shown = _shown(row)
    if not shown:
        marks.nothing(ax, x, y, f"nothing-{name}")
    middle = y
    for at, kind in enumerate(shown):
        aside = 0.0 if len(shown) == 1 else (-1, 1)[at]
        place, y = (x, middle + aside * _CELL / 2) if stacked else (x + aside * _ASIDE, middle)
        if kind == "events":
            words = str(events or may)
            wide = max(marks.SIZE + 2, text_width(words) + 6)
            looks: dict[str, Any] = (
                {"facecolor": style.PALETTE[0]}
                if events
                else {"facecolor": "white", "hatch": "//////"}
            )
            corner, gid = (place - wide / 2, y - 6.5), f"{'events' if events else 'may'}-{name}"
            ax.add_patch(
                Rectangle(corner, wide, 13, edgecolor=style.INK, linewidth=0.6, gid=gid, **looks)
            )
            if not events:
                # The number needs a ground of its own to be read on the strokes.
                ax.add_patch(
                    Rectangle(
                        (place - wide / 2 + 2, y - 5.2),
                        wide - 4,
                        10.4,
                        facecolor="white",
                        linewidth=0,
                    )
                )
            marks.number(ax, place, y, words, color="white" if events else style.INK)
        elif absent:
            marks.absence(ax, place, y, f"absence-{name}")
        else:
            _question(ax, place, y, f"absence-{name}")


def _question(ax: Axes, x: float, y: float, gid: str) -> None:
    """A stated absence of which the phase cannot be said."""
    half = marks.SIZE / 2 - 0.5
    looks = {
        "facecolor": "white",
        "edgecolor": style.PALETTE[1],
        "linewidth": 1.0,
        "linestyle": (0, (2, 1.4)),
    }
    ax.add_patch(Rectangle((x - half, y - half), 2 * half, 2 * half, gid=gid, **looks))  # type: ignore[arg-type]
    marks.number(ax, x, y, "?", bold=True, color=style.PALETTE[1])


def _letter(at: int) -> str:
    return chr(ord("a") + at) if at < 26 else f"a{_letter(at - 26)}"
