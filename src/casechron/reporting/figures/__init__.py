"""One figure a table: `draw_` + the name of the table that it draws. Figures compute and filter nothing."""

from casechron.reporting.figures.coverage import draw_rows_by_paragraph

__all__ = ["draw_rows_by_paragraph"]
