"""What can be known about time from a review's events and relations?"""

from casechron.chronology.bounds import approximations as approximations
from casechron.chronology.bounds import bounds as bounds
from casechron.chronology.chronologies import Chronology as Chronology
from casechron.chronology.chronologies import ContradictionError as ContradictionError
from casechron.chronology.chronologies import solve as solve
from casechron.chronology.contradictions import conflicting_statements as conflicting_statements
from casechron.chronology.gaps import durations as durations
from casechron.chronology.gaps import feasible_region as feasible_region
from casechron.chronology.gaps import gaps as gaps
from casechron.chronology.network import PairRegion as PairRegion
from casechron.chronology.order import order as order
from casechron.chronology.order import precedence as precedence
from casechron.chronology.rows import ChronologyInputError as ChronologyInputError
