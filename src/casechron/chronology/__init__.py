"""What can be known about time from a review's events and relations?"""

from casechron.chronology.bounds import bounds, losses
from casechron.chronology.chronologies import Chronology, ContradictionError, attempt, solve
from casechron.chronology.contradictions import conflicting_statements
from casechron.chronology.durations import durations
from casechron.chronology.gaps import feasible_region, gaps
from casechron.chronology.network import PairRegion
from casechron.chronology.order import order, precedence
from casechron.chronology.rows import ChronologyInputError

__all__ = [
    "Chronology",
    "ChronologyInputError",
    "ContradictionError",
    "PairRegion",
    "attempt",
    "bounds",
    "conflicting_statements",
    "durations",
    "feasible_region",
    "gaps",
    "losses",
    "order",
    "precedence",
    "solve",
]
