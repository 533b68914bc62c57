"""What could have been known at a decision, by whom, and what reached those who decided?"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from casechron.analysis.knowledge import (
    CERTAIN,
    LATER,
    NOBODY,
    NOT_STATED,
    OTHER,
    POSSIBLE,
    STATES,
    UNNAMED,
)
from casechron.analysis.known_at_decisions import GROUPS
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.reporting import style
from casechron.reporting.figures import marks
from casechron.reporting.figures.lanes import finished, page, text_width, wrapped, write
from casechron.reporting.figures.marks import MARGIN
from casechron.reporting.figures.matrix import Matrix, matrix_width

__all__ = ["draw_knowledge_at_a_decision", "draw_known_by_decision"]

_MARKS = {
    CERTAIN: marks.filled,
    POSSIBLE: marks.hatched,
    OTHER: marks.dot,
    UNNAMED: marks.small_ring,
    NOBODY: marks.nothing,
    LATER: marks.ring,
}
#: Where matters were, and by which colour that is told; what is certain is full, what is possible
#: light and hatched.
_WHERE = {
    CERTAIN: (0, ""),
    POSSIBLE: (0, "//"),
    OTHER: (1, ""),
    UNNAMED: (3, "xx"),
    LATER: (1, "\\\\"),
    NOT_STATED: (5, "--"),
}
_PLAIN = {NOBODY: "", NOT_ADMISSIBLE: "||"}
_HEADINGS = dict(
    zip(
        GROUPS,
        (
            "Decided:",
            "Missing or too little involved, as the review says:",
            "Other agencies:",
            "Apart, what the source does not name:",
        ),
        strict=True,
    )
)
#: Before a matter of which it is not sure that it came about before the decision.
_UNSURE = "(?) "
_BAR = 15.0


def draw_knowledge_at_a_decision(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """A matrix of matters and agencies at one decision: who could have known what, had they all
    been in the room.

    `table` is `analysis.known_at_decisions.knowledge_at_a_decision`. Columns stand in groups: who
    decided, who was left out, others, and what the source does not name. A full square is certain,
    a hatched one possible (the dates leave it open); a dot is known elsewhere; a dashed diamond was
    learned only afterwards. Artists have the ids `known-`, the matter, the agency."""
    ax, width = page(ax)
    if table.empty:
        return finished(
            ax,
            width,
            write(
                ax, MARGIN, 6, ["No decision with a matter before it is coded."], color=style.MUTED
            )
            + 6,
        )
    if (table["known"] == NOT_ADMISSIBLE).all():
        words = wrapped(
            "No chronology is admissible: what was known when cannot be said.", width - 2 * MARGIN
        )
        return finished(ax, width, write(ax, MARGIN, 6, words) + 6)
    agencies = table.drop_duplicates("agency")
    groups = {group: list(agencies.loc[agencies["group"] == group, "agency"]) for group in GROUPS}
    label = dict(zip(agencies["agency"], agencies["agency_label"], strict=True))
    short = {
        agency: str(at)
        for at, agency in enumerate((one for held in groups.values() for one in held), start=1)
    }
    columns = [[short[agency] for agency in held] for held in groups.values() if held]
    width = matrix_width(width, columns)
    y = write(
        ax,
        MARGIN,
        6,
        wrapped(str(table["decision_summary"].iloc[0]), width - 2 * MARGIN, bold=True),
        bold=True,
    )
    y = (
        write(
            ax,
            MARGIN,
            y,
            wrapped(str(table["decision_said"].iloc[0]), width - 2 * MARGIN),
            color=style.MUTED,
        )
        + 4
    )
    y = marks.draw_legend(
        ax,
        y,
        width,
        [(_MARKS[state], state) for state in STATES if (table["known"] == state).any()],
        "known",
    )
    if (table["had_come_about"] != "certainly").any():
        y = (
            write(
                ax,
                MARGIN,
                y - 2,
                wrapped(
                    f"{_UNSURE}may have come about only after the decision", width - 2 * MARGIN
                ),
            )
            + 4
        )
    for group, held in groups.items():
        if held or group == GROUPS[0]:
            entries = [(short[agency], label[agency]) for agency in held]
            heading = (
                _HEADINGS[group] if held else f"{_HEADINGS[group]} the source does not say who."
            )
            y = marks.draw_key(ax, y, width, entries, heading)
    matrix = Matrix(ax, width, columns)
    for matter, rows in table.groupby("matter", sort=False):
        unsure = _UNSURE if rows["had_come_about"].iloc[0] != "certainly" else ""
        summary = str(rows["summary"].iloc[0]) or str(matter)
        middle, y = matrix.row(y, wrapped(f"{unsure}{summary}", width - 2 * MARGIN))
        for agency, known in zip(rows["agency"], rows["known"], strict=True):
            _MARKS[known](ax, matrix.x[short[agency]], middle, f"known-{matter}-{agency}")
    matrix.end(y)
    hindsight = "Put together afterwards, from the whole record: nobody had this view at the time."
    return finished(
        ax,
        width,
        write(ax, MARGIN, y + 3, wrapped(hindsight, width - 2 * MARGIN), color=style.MUTED) + 4,
    )


def draw_known_by_decision(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """A bar for each decision, cut by where the matters on record by then were: with those who
    decided, or elsewhere.

    `table` is `analysis.known_at_decisions.known_by_decision`. Numbers are matters as recorded in
    this source. Artists have the ids `bar-`, the decision and the place of the kind in the legend.
    """
    ax, width = page(ax)
    if table.empty:
        return finished(
            ax, width, write(ax, MARGIN, 6, ["No decision is coded."], color=style.MUTED) + 6
        )
    kinds = list(dict.fromkeys(table["reached"]))
    shown = [kind for kind in kinds if table.loc[table["reached"] == kind, "matters"].any()]
    y = 6.0
    for at, kind in enumerate(shown):
        ax.add_patch(_box(MARGIN, y + 1.5, 18, 11, kind, f"legend-{at}"))
        y = write(ax, MARGIN + 24, y, wrapped(kind, width - 2 * MARGIN - 24)) + 2
    most = max(1, int(table.groupby("decision", sort=False)["matters"].sum().max()))
    unit = (width - 2 * MARGIN) / most
    y += 6
    for decision, rows in table.groupby("decision", sort=False):
        said = str(rows["said"].iloc[0])
        y = write(
            ax,
            MARGIN,
            y,
            wrapped(str(rows["summary"].iloc[0]) or str(decision), width - 2 * MARGIN),
        )
        y = write(ax, MARGIN, y, wrapped(said, width - 2 * MARGIN), color=style.MUTED)
        x = MARGIN
        for kind, count in zip(rows["reached"], rows["matters"], strict=True):
            if not count:
                continue
            ax.add_patch(
                _box(x, y + 1, unit * count, _BAR, kind, f"bar-{decision}-{kinds.index(kind)}")
            )
            words = str(count)
            room = text_width(words) + 4
            if room <= unit * count:
                middle = x + unit * count / 2
                ax.add_patch(
                    Rectangle(
                        (middle - room / 2, y + 2.5), room, _BAR - 3, facecolor="white", linewidth=0
                    )
                )
                marks.number(ax, middle, y + 1 + _BAR / 2, words)
            x += unit * count
        if x == MARGIN:
            write(ax, MARGIN, y + 1, ["nothing on record by then"], color=style.MUTED)
        y += _BAR + 10
    return finished(ax, width, y)


def _box(x: float, y: float, wide: float, high: float, kind: str, gid: str) -> Rectangle:
    face, hatch = "white", _PLAIN.get(kind, "")
    if kind in _WHERE:
        place, hatch = _WHERE[kind]
        face = style.PALETTE[place] if not hatch else style.light(style.PALETTE[place])
    return Rectangle(
        (x, y),
        wide,
        high,
        facecolor=face,
        hatch=hatch * 2,
        edgecolor=style.INK,
        linewidth=0.6,
        gid=gid,
    )
