"""One figure a table: `draw_` + the name of the table that it draws. Figures compute and filter
nothing."""

from casechron.reporting.figures.chronology import draw_chronicle
from casechron.reporting.figures.contradiction import draw_contradictions
from casechron.reporting.figures.coverage import draw_rows_by_paragraph
from casechron.reporting.figures.dynamics import draw_accounts_of_harm
from casechron.reporting.figures.involvement import (
    draw_involvement_by_event,
    draw_involvement_by_phase,
)
from casechron.reporting.figures.knowledge import (
    draw_knowledge_at_a_decision,
    draw_known_by_decision,
)
from casechron.reporting.figures.learning import draw_traceability
from casechron.reporting.figures.precedence import draw_precedence
from casechron.reporting.figures.telling import draw_telling_network
from casechron.reporting.figures.timing import (
    draw_concerns_before_decisions,
    draw_response_gaps,
    draw_timescale_checks,
)

__all__ = [
    "draw_accounts_of_harm",
    "draw_chronicle",
    "draw_concerns_before_decisions",
    "draw_contradictions",
    "draw_involvement_by_event",
    "draw_involvement_by_phase",
    "draw_knowledge_at_a_decision",
    "draw_known_by_decision",
    "draw_precedence",
    "draw_response_gaps",
    "draw_rows_by_paragraph",
    "draw_telling_network",
    "draw_timescale_checks",
    "draw_traceability",
]
