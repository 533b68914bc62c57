"""What would a review look like whose true dates are known? Invented cases, told with their dates
blurred."""

from simulation.folders import write_reviews
from simulation.reviews import (
    SimulatedReview,
    SimulationError,
    TrueDay,
    simulate,
    simulate_many,
)

__all__ = [
    "SimulatedReview",
    "SimulationError",
    "TrueDay",
    "simulate",
    "simulate_many",
    "write_reviews",
]
