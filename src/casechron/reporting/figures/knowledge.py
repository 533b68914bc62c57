"""What could have been known at a decision, by whom, and what reached those who decided?"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from casechron.analysis.knowledge import CERTAIN, LATER, NOBODY, OTHER, POSSIBLE, STATES, UNNAMED
from casechron.analysis.known_at_decisions import (
    CERTAINLY_REACHED,
    GROUPS,
    NOT_REACHED,
    ONLY_UNNAMED,
    POSSIBLY_ELSEWHERE,
    POSSIBLY_REACHED,
    POSSIBLY_UNNAMED,
    UNKNOWN_TO_ALL,
    WHO_NOT_STATED,
)
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.reporting import style
from casechron.reporting.figures import marks
from casechron.reporting.figures.lanes import LINE, finished, page, text_width, wrapped, write
from casechron.reporting.figures.marks import MARGIN

__all__ = ["draw_knowledge_at_a_decision", "draw_known_by_decision"]

_MARKS = {
    CERTAIN: marks.filled, POSSIBLE: marks.hatched, OTHER: marks.dot, UNNAMED: marks.small_ring, NOBODY: marks.nothing,
    LATER: marks.ring,
}  # fmt: skip
#: Where matters were, and by which colour that is told; what is certain is full, what is possible light and hatched.
_WHERE = {
    CERTAINLY_REACHED: (0, ""), POSSIBLY_REACHED: (0, "//"), NOT_REACHED: (1, ""), POSSIBLY_ELSEWHERE: (1, "\\\\"),
    ONLY_UNNAMED: (3, ""), POSSIBLY_UNNAMED: (3, "xx"), WHO_NOT_STATED: (5, "--"),
}  # fmt: skip
_PLAIN = {UNKNOWN_TO_ALL: "", NOT_ADMISSIBLE: "||"}
_HEADINGS = dict(zip(
    GROUPS,
    ("Decided:", "Missing or too little involved, as the review says:", "Other agencies:",
     "Apart, what the source does not name:"),
    strict=True,
))  # fmt: skip
_PITCH, _NARROW, _APART, _LABEL = 19.0, 12.0, 9.0, 120.0
_HEAD_EVERY = 400.0
_BAR = 15.0


def draw_knowledge_at_a_decision(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """A matrix of matters and agencies at one decision: who could have known what, had they all been in the room.

    `table` is `analysis.known_at_decisions.knowledge_at_a_decision`. Columns stand in groups: who decided, who was left out,
    others, and what the source does not name. A full square is certain, a hatched one possible (the dates leave it open); a
    dot is known elsewhere; a dashed diamond was learned only afterwards. Artists have the ids `known-`, the matter, the agency.
    """
    ax, width = page(ax)
    if table.empty:
        return finished(ax, width, write(ax, MARGIN, 6, ["No decision with a matter before it is coded."], color=style.MUTED) + 6)
    if (table["known"] == NOT_ADMISSIBLE).all():
        words = wrapped("No chronology is admissible: what was known when cannot be said.", width - 2 * MARGIN)
        return finished(ax, width, write(ax, MARGIN, 6, words) + 6)
    y = write(ax, MARGIN, 6, wrapped(str(table["decision_summary"].iloc[0]), width - 2 * MARGIN, bold=True), bold=True)
    when = f"{table['decision'].iloc[0]}, {table['decision_said'].iloc[0]}"
    y = write(ax, MARGIN, y, wrapped(when, width - 2 * MARGIN), color=style.MUTED) + 4
    y = marks.draw_legend(ax, y, width, [(_MARKS[state], state) for state in STATES if (table["known"] == state).any()], "known")
    agencies = table.drop_duplicates("agency")
    groups = {group: list(agencies.loc[agencies["group"] == group, "agency"]) for group in GROUPS}
    label = dict(zip(agencies["agency"], agencies["agency_label"], strict=True))
    short, last = {}, 0
    for group, held in groups.items():
        for agency in held:
            last += 1
            short[agency] = str(last)
        if held or group == GROUPS[0]:
            entries = [(short[agency], label[agency]) for agency in held]
            heading = _HEADINGS[group] if held else f"{_HEADINGS[group]} the source does not say who."
            y = marks.draw_key(ax, y, width, entries, heading)
    filled = [held for held in groups.values() if held]
    gaps = _APART * (len(filled) - 1)
    pitch = max(_NARROW, min(_PITCH, (width - 2 * MARGIN - _LABEL - gaps) / len(agencies)))
    start = x_at = width - MARGIN - pitch * len(agencies) - gaps
    x: dict[str, float] = {}
    for held in filled:
        for agency in held:
            x[agency] = x_at + pitch / 2
            x_at += pitch
        x_at += _APART
    heads = [(short[agency], place) for agency, place in x.items()]
    y = headed = marks.rows_of_numbers(ax, y + 4, heads)
    for matter, rows in table.groupby("matter", sort=False):
        if y - headed > _HEAD_EVERY:
            y = headed = marks.rows_of_numbers(ax, y + 6, heads)
        unsure = rows["had_come_about"].iloc[0] != "certainly"
        lines = marks.id_lines(str(matter) + (" (?)" if unsure else ""), start - MARGIN - 6)
        middle = y + len(lines) * LINE / 2 + 1
        write(ax, MARGIN, y + 1, lines)
        for agency, known in zip(rows["agency"], rows["known"], strict=True):
            _MARKS[known](ax, x[agency], middle, f"known-{matter}-{agency}")
        y += len(lines) * LINE + 3
        ax.add_line(Line2D([MARGIN, width - MARGIN], [y - 0.5, y - 0.5], color="#d9d7cf", linewidth=0.5, zorder=0))
    if (table["had_come_about"] != "certainly").any():
        unsure_words = wrapped("(?) may have come about only after the decision", width - 2 * MARGIN)
        y = write(ax, MARGIN, y + 3, unsure_words, color=style.MUTED)
    hindsight = "Put together afterwards, from the whole record: nobody had this view at the time."
    return finished(ax, width, write(ax, MARGIN, y + 3, wrapped(hindsight, width - 2 * MARGIN), color=style.MUTED) + 4)


def draw_known_by_decision(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """A bar for each decision, cut by where the matters on record by then were: with those who decided, or elsewhere.

    `table` is `analysis.known_at_decisions.known_by_decision`. Numbers are matters as recorded in this source. Artists have
    the ids `bar-`, the decision and the place of the kind in the legend.
    """
    ax, width = page(ax)
    if table.empty:
        return finished(ax, width, write(ax, MARGIN, 6, ["No decision is coded."], color=style.MUTED) + 6)
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
        y = write(ax, MARGIN, y, wrapped(str(rows["summary"].iloc[0]), width - 2 * MARGIN))
        y = write(ax, MARGIN, y, wrapped(f"{decision}, {said}", width - 2 * MARGIN), color=style.MUTED)
        x = MARGIN
        for kind, count in zip(rows["reached"], rows["matters"], strict=True):
            if not count:
                continue
            ax.add_patch(_box(x, y + 1, unit * count, _BAR, kind, f"bar-{decision}-{kinds.index(kind)}"))
            words = str(count)
            room = text_width(words) + 4
            if room <= unit * count:
                middle = x + unit * count / 2
                ax.add_patch(Rectangle((middle - room / 2, y + 2.5), room, _BAR - 3, facecolor="white", linewidth=0))
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
    return Rectangle((x, y), wide, high, facecolor=face, hatch=hatch * 2, edgecolor=style.INK, linewidth=0.6, gid=gid)
