"""What leans on an order that only the coder judged?

What the source states, and what follows from it by a rule, another coder would code alike; an order
that a coder judged, another may leave out. Leaving orders out only ever admits more, since days
that satisfy all statements satisfy any part of them. So bounds only widen, and what is the same
without all of some orders is the same without any of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from casechron.chronology import Chronology
from casechron.chronology.network import Ints

__all__ = ["NO_ORDER", "Sets", "leaning", "leaning_windows", "sets_in_words"]

NO_ORDER = "none"
#: Sets of orders; without all of one set a thing is another.
Sets = tuple[tuple[str, ...], ...]
#: For each of some sets of orders (rows) whether each thing (columns) is another without them.
Changes = Callable[[Sequence[tuple[str, ...]]], NDArray[np.bool_]]


def leaning(orders: Sequence[str], changes: Changes) -> list[Sets]:
    """On which of some orders does each thing lean?

    First each order without which alone it is another. Then, of the others, a set without which it
    is another and from which none can be spared, and so on with what is left, until nothing that is
    left makes it another. So a thing holds as long as the orders named for it do, whatever becomes
    of all others; one that has none named holds without any of them. That rests on `changes` of a
    set being true of every larger set.

    >>> def changes(
    ...     sets,
    ... ):  # the first leans on a, and on b and c, either of which is enough; the second on none
    ...     return np.array([["a" in one or {"b", "c"} <= {*one}, False] for one in sets])
    >>> leaning(["a", "b", "c", "d"], changes)
    [(('a',), ('b', 'c')), ()]
    """
    singles = changes([(order,) for order in orders]) if orders else changes([()])[:0]
    found: list[Sets] = [
        tuple((order,) for order, changed in zip(orders, own, strict=True) if changed)
        for own in singles.T
    ]
    asked = list(range(len(found)))
    while asked:
        left = {
            at: tuple(order for order in orders if not any(order in own for own in found[at]))
            for at in asked
        }
        rests = list(dict.fromkeys(rest for rest in left.values() if len(rest) > 1))
        changed = dict(zip(rests, changes(rests), strict=True)) if rests else {}
        asked = [at for at, rest in left.items() if rest in changed and changed[rest][at]]
        for rest in rests:
            for at, own in _enough(
                (), rest, [at for at in asked if left[at] == rest], changes
            ).items():
                assert own, "to leave nothing out cannot change anything"
                found[at] = (*found[at], own)
    return found


def _enough(
    chosen: tuple[str, ...], rest: tuple[str, ...], things: list[int], changes: Changes
) -> dict[int, tuple[str, ...]]:
    """For each thing a smallest set that makes it another: the chosen, which are sure to be in it,
    and some of the rest."""
    if not things:
        return {}
    found = changes([(*rest[:size], *chosen) for size in range(len(rest) + 1)])
    # All of the rest are enough, so there is a first number of them that is; the last of so many is
    # sure to be in the set.
    first = {at: int(np.argmax(found[:, at])) for at in things}
    sets = {at: chosen for at in things if not first[at]}
    for size in sorted(set(first.values()) - {0}):
        own = [at for at in things if first[at] == size]
        sets |= _enough((rest[size - 1], *chosen), rest[: size - 1], own, changes)
    return sets


def sets_in_words(sets: Sets) -> str:
    """The orders of each set, sets apart; 'none' where there is no set.

    >>> sets_in_words((("a",), ("b", "c"))), sets_in_words(())
    ('a; b with c', 'none')
    """
    return "; ".join(" with ".join(orders) for orders in sets) or NO_ORDER


@lru_cache(maxsize=1)
def leaning_windows(chronology: Chronology) -> tuple[tuple[Sets, ...], Ints]:
    """On which judged orders does the window of each event lean, and what are the windows without
    all of them?

    Windows as in `Chronology.event_windows`. Each of the four bounds is asked for by itself, so
    that an order behind one of them is named whatever the others lean on. Nothing leans on anything
    where no chronology is admissible."""
    windows = chronology.event_windows
    orders = (
        [row.id for row in chronology.lowered.relations if row.basis == "judged"]
        if chronology.admissible
        else []
    )

    def changes(sets: Sequence[tuple[str, ...]]) -> NDArray[np.bool_]:
        return np.array(
            [(chronology.without(one).event_windows != windows).ravel() for one in sets]
        )

    bounds = leaning(orders, changes)
    events = range(len(chronology.events))
    place = {order: number for number, order in enumerate(orders)}
    sets = ({own for bound in bounds[4 * at : 4 * at + 4] for own in bound} for at in events)
    in_order = tuple(
        tuple(sorted(own, key=lambda one: (len(one), *map(place.__getitem__, one)))) for own in sets
    )
    return in_order, chronology.without(orders).event_windows
