"""What had reached those who decided, at each decision? A square a concern."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from casechron.report.draw.canvas import GROUND, PALE, Canvas, mixed, rows_by, text_width, wrapped
from casechron.report.draw.timeline import LANES

__all__ = ["draw_decisions"]

#: The states of a concern at a decision, with the words of the key, the best known first.
STATES: Mapping[str, str] = {
    "certainly": "had reached an agency that decided",
    "possibly": "can have reached it in time",
    "unsure": "with an agency, not said whether that one decided",
    "elsewhere": "with another agency only",
    "nowhere": "not recorded with any agency at the time",
}
_INK = LANES["wait"].color


def draw_decisions(concerns: pd.DataFrame, title: str, note: str = "", px: int = 1160) -> Canvas:
    """At each decision, a square for each concern raised by then, by where it stood.

    Parameters
    ----------
    concerns : pandas.DataFrame
        One row per decision and concern, decisions in order of time: `decision` (id),
        `decision_label`, `when` (in words), `concern` (id), `summary`, `state` (of `STATES`),
        `who` (with whom it was).
    title : str
        The finding, as a sentence.
    note : str, default ""
        What stands below it.
    px : int, default 1160
        The width in CSS pixels.

    Returns
    -------
    Canvas
        Each decision is a group by its name, `decision-ID`, that leads to its event.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"decision": "closure", "decision_label": "The case is closed", "when": "in 2018"}
    >>> row |= {"concern": "call", "summary": "A call", "state": "certainly", "who": ""}
    >>> list(draw_decisions(pd.DataFrame([row]), "The call was on record").links)
    ['decision-closure']
    """
    canvas = Canvas.headed(px, "decisions", title, note)
    y = _key(canvas, canvas.height + 8, set(concerns["state"]))
    for decision, rows in rows_by(concerns, "decision").items():
        y = _decision(canvas, y + 10, decision, rows)
    return canvas


def _key(canvas: Canvas, y: float, there: set[str]) -> float:
    x, below, size = 2.0, y, canvas.size
    for state, words in STATES.items():
        if state not in there:
            continue
        lines = wrapped(words, canvas.width - 20, size)
        width = max(text_width(line, size) for line in lines) + 16
        if x > 2 and x + width > canvas.width:
            x, y = 2.0, below + size * 0.45
        _square(canvas, x, y + 2, size, state)
        below = max(below, canvas.lines(x + size + 5, y - 1.5, lines, size))
        x += width + 16
    return below + size * 0.45


def _square(canvas: Canvas, x: float, y: float, side: float, state: str) -> None:
    if state == "certainly":
        canvas.bar(x, y, side, side, _INK)
    elif state == "possibly":
        canvas.bar(x, y, side, side, mixed(_INK, GROUND, 0.62))
        canvas.bar(x, y, side, side, "none", edge=GROUND, hatch="/////")
    elif state in ("unsure", "elsewhere"):
        canvas.bar(x, y, side, side, "none", edge=LANES["raised"].color)
        # Half full: whether it was at the table is not said; a point: it was elsewhere.
        part = side / 2 if state == "unsure" else side / 3
        at = (x, y) if state == "unsure" else (x + part, y + part)
        canvas.bar(*at, part, side if state == "unsure" else part, LANES["raised"].color)
    else:
        canvas.bar(x, y, side, side, "none", edge=LANES["missing"].color, dashed=True)


def _decision(canvas: Canvas, y: float, decision: str, rows: Sequence[Mapping[Any, Any]]) -> float:
    """A decision with its squares, those that are best known first."""
    states = sorted((row["state"] for row in rows), key=list(STATES).index)
    counts = [f"{count} {STATES[state]}" for state, count in Counter(states).items()]
    label, when = str(rows[0]["decision_label"]), str(rows[0]["when"])
    href = f"tables/chronicle.html#{decision}"
    names, size = canvas.either(canvas.width - 4, 250.0), canvas.size
    with canvas.group(f"decision-{decision}", href, f"{label}, {when}: {'; '.join(counts)}"):
        top = y
        y = canvas.paragraph(2, y, label, size, names - 14, bold=True)
        y = canvas.paragraph(2, y, when, size, names - 14, color=PALE)
        left = x = canvas.either(2.0, names)
        down = canvas.either(y + 4, top + 3)
        step = size + 4
        for state in states:
            if x + size > canvas.width - 2:
                x, down = left, down + step
            _square(canvas, x, down, size, state)
            x += step
    return max(y, down + step)
