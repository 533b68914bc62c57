"""One figure a table: `draw_` + the name of the table that it draws. Figures compute and filter nothing."""

from casechron.reporting.figures.chronology import draw_chronicle
from casechron.reporting.figures.contradiction import draw_contradictions
from casechron.reporting.figures.coverage import draw_rows_by_paragraph
from casechron.reporting.figures.precedence import draw_precedence

__all__ = [
    "draw_chronicle",
    "draw_contradictions",
    "draw_precedence",
    "draw_rows_by_paragraph",
]
