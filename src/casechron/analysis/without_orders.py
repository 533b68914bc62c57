"""What is concluded without each order that only the coder judged, all else as given?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casechron.analysis.combinations import Combinations
from casechron.analysis.conclusions import NOT_BOUNDED, Conclusion, as_given, value_at
from casechron.analysis.leaning import Sets, leaning
from casechron.analysis.verdicts import NOT_APPLICABLE

__all__ = ["Without", "without_orders"]


@dataclass(frozen=True, eq=False)
class Without:
    """Conclusions without some sets of judged orders.

    `combined` has an option for each of `sets`, after the first, as given. `conclusions` are what
    is concluded, in the order of those given, and `leans_on` are the sets on which each of these
    leans (`leaning.leaning`)."""

    sets: Sets
    combined: Combinations
    conclusions: tuple[Conclusion, ...]
    leans_on: tuple[Sets, ...]


def without_orders(
    orders: Sequence[str],
    combined: Combinations,
    given: Sequence[Conclusion],
    concluded: Callable[[Combinations], Sequence[Conclusion]],
) -> Without:
    """What is concluded without each judged order alone, and without those on which a conclusion
    leans only together.

    `given` are the conclusions of `combined`, `concluded` finds those of other combinations.
    """
    known: dict[Sets, tuple[Combinations, tuple[Conclusion, ...]]] = {}

    def left_out(sets: Sets) -> tuple[Combinations, tuple[Conclusion, ...]]:
        if sets not in known:
            less = combined.leaving_out(sets)
            found = {(one.about, one.name): one for one in concluded(less)}
            known[sets] = (
                less,
                tuple(
                    found.get((one.about, one.name)) or _not_concluded(less, one) for one in given
                ),
            )
        return known[sets]

    def changes(sets: Sequence[tuple[str, ...]]) -> NDArray[np.bool_]:
        holds = [np.broadcast_to(one.holds, 1 + len(sets)) for one in left_out(tuple(sets))[1]]
        return ~np.array(holds, dtype=bool).reshape(len(holds), 1 + len(sets)).T[1:]

    leans_on = tuple(leaning(orders, changes)) if orders else ((),) * len(given)
    sets = tuple(
        dict.fromkeys([*((order,) for order in orders), *(own for one in leans_on for own in one)])
    )
    return Without(sets, *left_out(sets), leans_on)


def _not_concluded(combined: Combinations, one: Conclusion) -> Conclusion:
    """What is said where nothing of it is concluded under any option: other choices made it a
    question."""
    said = NOT_APPLICABLE if one.about == "timescale" else NOT_BOUNDED
    holds = ~combined.admissible | value_at(combined.admissible, as_given(combined))
    return Conclusion(one.about, one.name, one.text, holds, lambda _: said, lambda _: said)
