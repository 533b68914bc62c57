"""Which agency was involved where, and where does the review say that it was missing?"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from casechron.analysis.involvement import PARTS
from casechron.reporting import style
from casechron.reporting.figures import marks
from casechron.reporting.figures.lanes import LINE, finished, page, text_width, wrapped, write
from casechron.reporting.figures.marks import MARGIN

__all__ = ["draw_involvement_by_event", "draw_involvement_by_phase"]

#: One mark for each part, in the order of PARTS.
_MARKS = dict(zip(
    PARTS, (marks.filled, marks.right, marks.left, marks.disc, marks.small_ring, marks.absence, marks.ring), strict=True
))  # fmt: skip
_PITCH = 17.0
_NARROW = 12.0
_LABEL = 105.0
_APART = 10.0
#: After so much of a page the numbers of the columns stand again.
_HEAD_EVERY = 400.0


def draw_involvement_by_event(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """A matrix of events (from top to bottom) and agencies, with a mark for each part; a crossed box is a stated absence.

    `table` is `analysis.involvement.involvement_by_event`. Agencies stand as they first appear in it, unnamed ones apart on
    the right; numbers stand for their names, which the key gives. An empty place means that nothing is recorded.
    Artists have the ids `part-`, the event and the agency.
    """
    ax, width = page(ax)
    if table.empty:
        return finished(ax, width, write(ax, MARGIN, 6, ["No involvement is coded."], color=style.MUTED) + 6)
    named = list(dict.fromkeys(table.loc[table["named"], "agency"]))
    unnamed = list(dict.fromkeys(table.loc[~table["named"], "agency"]))
    label = dict(zip(table["agency"], table["agency_label"], strict=True))
    y = marks.draw_legend(ax, 6, width, [(_MARKS[part], part) for part in PARTS if (table["part"] == part).any()], "part")
    y = marks.draw_key(ax, y, width, [(str(at), label[agency]) for at, agency in enumerate(named, start=1)])
    if unnamed:
        entries = [(_letter(at), label[agency]) for at, agency in enumerate(unnamed)]
        y = marks.draw_key(ax, y, width, entries, "Apart, what the source does not name:")
    pitch = min(_PITCH, (width - 2 * MARGIN - _LABEL - _APART) / (len(named) + len(unnamed)))
    pitch = max(pitch, _NARROW)
    start = width - MARGIN - pitch * (len(named) + len(unnamed)) - (_APART if unnamed else 0)
    x = {agency: start + pitch * (at + 0.5) for at, agency in enumerate(named)}
    x |= {agency: start + _APART + pitch * (len(named) + at + 0.5) for at, agency in enumerate(unnamed)}
    heads = [(str(at), x[agency]) for at, agency in enumerate(named, start=1)]
    heads += [(_letter(at), x[agency]) for at, agency in enumerate(unnamed)]
    y = top = marks.rows_of_numbers(ax, y + 4, heads)
    headed = y
    for event, rows in table.groupby("event", sort=False):
        if y - headed > _HEAD_EVERY:
            _columns(ax, list(x.values()), top, y)
            y = top = headed = marks.rows_of_numbers(ax, y + 6, heads)
        lines = marks.id_lines(str(event), start - MARGIN - 6)
        middle = y + len(lines) * LINE / 2 + 1
        write(ax, MARGIN, y + 1, lines)
        for agency, part in zip(rows["agency"], rows["part"], strict=True):
            _MARKS[part](ax, x[agency], middle, f"part-{event}-{agency}")
        y += len(lines) * LINE + 3
        ax.add_line(Line2D([MARGIN, width - MARGIN], [y - 0.5, y - 0.5], color="#d9d7cf", linewidth=0.5, zorder=0))
    _columns(ax, list(x.values()), top, y)
    return finished(ax, width, y + 4)


def draw_involvement_by_phase(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """A matrix of agencies and phases, with the numbers of events recorded; a crossed box is a stated absence.

    `table` is `analysis.involvement.involvement_by_phase`. Full squares with a number: so many events certainly fall into the
    phase; hatched: only such as may fall into it; a crossed box: a stated absence, with ? if it only may fall into it. Phases
    are numbered, the key says what cuts them. Artists have the ids `events-`, `may-`, `absence-`, the agency and the phase.
    """
    ax, width = page(ax)
    if table.empty:
        return finished(ax, width, write(ax, MARGIN, 6, ["No agency is coded."], color=style.MUTED) + 6)
    titles = dict(zip(table["phase"], table["title"], strict=True))
    y = marks.draw_legend(
        ax, 6, width,
        [(marks.filled, "events in the phase"), (marks.hatched, "only such as may fall into it"),
         (marks.absence, "stated absence"), (_question, "an absence that may fall into it"),
         (marks.nothing, "nothing recorded")], "phase",
    )  # fmt: skip
    y = marks.draw_key(ax, y, width, [(str(phase), title) for phase, title in titles.items()], "Phases:")
    column = min(58.0, (width - 2 * MARGIN - 130) / len(titles))
    start = width - MARGIN - column * len(titles)
    x = {phase: start + column * (at + 0.5) for at, phase in enumerate(titles)}
    y = top = marks.rows_of_numbers(ax, y + 4, [(str(phase), place) for phase, place in x.items()])
    apart = False
    for _, rows in table.sort_values("named", ascending=False, kind="stable").groupby("agency", sort=False):
        if not apart and not rows["named"].iloc[0]:
            apart = True
            y = write(ax, MARGIN, y + 4, ["Apart, what the source does not name:"], color=style.MUTED) + 2
        lines = wrapped(str(rows["agency_label"].iloc[0]), start - MARGIN - 6)
        middle = y + len(lines) * LINE / 2 + 1
        write(ax, MARGIN, y + 1, lines)
        for row in rows.to_dict("records"):
            _cell(ax, x[row["phase"]], middle, {str(key): value for key, value in row.items()})
        y += len(lines) * LINE + 4
        ax.add_line(Line2D([MARGIN, width - MARGIN], [y - 1, y - 1], color="#d9d7cf", linewidth=0.5, zorder=0))
    _columns(ax, [place - column / 2 for place in x.values()], top, y)
    return finished(ax, width, y + 4)


def _cell(ax: Axes, x: float, y: float, row: dict[str, object]) -> None:
    name = f"{row['agency']}-{row['phase']}"
    events, may, absent, absent_may = (int(str(row[key])) for key in ("events", "may_fall", "absences", "absences_may_fall"))
    shown = [kind for kind, count in (("events", events or may), ("absence", absent or absent_may)) if count]
    if not shown:
        marks.nothing(ax, x, y, f"nothing-{name}")
    for at, kind in enumerate(shown):
        place = x + (0 if len(shown) == 1 else (-12, 12)[at])
        if kind == "events":
            words = str(events or may)
            wide = max(marks.SIZE + 2, text_width(words) + 6)
            looks = {"facecolor": style.PALETTE[0]} if events else {"facecolor": "white", "hatch": "//////"}
            corner, gid = (place - wide / 2, y - 6.5), f"{'events' if events else 'may'}-{name}"
            ax.add_patch(Rectangle(corner, wide, 13, edgecolor=style.INK, linewidth=0.6, gid=gid, **looks))  # type: ignore[arg-type]
            if not events:
                # The number needs a ground of its own to be read on the strokes.
                ax.add_patch(Rectangle((place - wide / 2 + 2, y - 5.2), wide - 4, 10.4, facecolor="white", linewidth=0))
            marks.number(ax, place, y, words, color="white" if events else style.INK)
        elif absent:
            marks.absence(ax, place, y, f"absence-{name}")
        else:
            _question(ax, place, y, f"absence-{name}")


def _question(ax: Axes, x: float, y: float, gid: str) -> None:
    """A stated absence of which the phase cannot be said."""
    half = marks.SIZE / 2 - 0.5
    looks = {"facecolor": "white", "edgecolor": style.PALETTE[1], "linewidth": 1.0, "linestyle": (0, (2, 1.4))}
    ax.add_patch(Rectangle((x - half, y - half), 2 * half, 2 * half, gid=gid, **looks))  # type: ignore[arg-type]
    marks.number(ax, x, y, "?", bold=True, color=style.PALETTE[1])


def _columns(ax: Axes, places: list[float], top: float, bottom: float) -> None:
    for place in places:
        ax.add_line(Line2D([place, place], [top, bottom - 1], color="#e8e6df", linewidth=0.5, zorder=-1))


def _letter(at: int) -> str:
    return chr(ord("a") + at) if at < 26 else f"a{_letter(at - 26)}"
