"""What can be known about time from a review's events and relations?"""

from casechron.chronology.chronologies import Chronology as Chronology
from casechron.chronology.chronologies import ContradictionError as ContradictionError
from casechron.chronology.chronologies import chronology_of as chronology_of
from casechron.chronology.chronologies import solve as solve
from casechron.chronology.network import PairRegion as PairRegion
from casechron.chronology.pairs import feasible_region as feasible_region
from casechron.chronology.pairs import gaps_table as gaps_table
from casechron.chronology.pairs import order_table as order_table
from casechron.chronology.pairs import precedence_table as precedence_table
from casechron.chronology.rows import ChronologyInputError as ChronologyInputError
from casechron.chronology.tables import approximations_table as approximations_table
from casechron.chronology.tables import bounds_table as bounds_table
from casechron.chronology.tables import durations_table as durations_table
