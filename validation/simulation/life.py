"""In which order does an invented case unfold? Its true chronology, from what was known before to
the review."""

from __future__ import annotations

from dataclasses import replace

from casechron.coding.days import day_number
from simulation.case import ABSENCE, Case, TrueEvent
from simulation.concerns import fitting, history
from simulation.crisis import AFTER, BEFORE, LEAST, crisis, outcome, unfold_plan
from simulation.draws import Draws

__all__ = ["FEWEST", "MOST", "true_events"]

#: The birth and what no review is without; and what stays readable, and quick enough to render.
FEWEST, MOST = LEAST + 1, 400
_FIRST, _LAST = 2013, 2016
#: A third of the room, at most, goes to what may stand around the conference and after it.
_SHARE_OF_CRISIS = 3


def true_events(number: int, events: int, draws: Draws) -> tuple[TrueEvent, ...]:
    """What truly happened in the case of review `number`: so many events, in the order of their
    first days.

    >>> found = true_events(1, 12, Draws("example"))
    >>> (
    ...     len(found),
    ...     found[-1].kind,
    ...     [event.start for event in found] == sorted(event.start for event in found),
    ... )
    (12, 'publication', True)
    """
    case = Case(
        number,
        day_number(draws.whole(_FIRST, _LAST), draws.whole(1, 12), draws.whole(1, 28)),
        draws,
    )
    room = events - FEWEST
    chosen = frozenset(
        draws.shuffled([*BEFORE, *AFTER])[: max(room // _SHARE_OF_CRISIS, min(room, 2))]
    )
    room -= len(chosen)
    room -= history(case, min(4, room // 3))
    during = draws.whole(0, room // 4)  # what comes up while the plan runs
    _concerns(case, room - during)
    case.day += draws.whole(1, 60)
    crisis(case, chosen)
    born = case.day - draws.whole(30, 1500)
    _concerns(case, during)
    unfold_plan(case, chosen)
    outcome(case, chosen)
    case.add("birth", born)
    return _in_order(case)


def _concerns(case: Case, room: int) -> None:
    """Episodes until there is no room for another event."""
    while room:
        episode = case.draws.weighted(fitting(room))
        events = case.draws.whole(episode.least, min(episode.most, room))
        before = len(case.events)
        episode.happens(case, events)
        room -= len(case.events) - before
        case.day += case.draws.whole(0, 60)


def _in_order(case: Case) -> tuple[TrueEvent, ...]:
    """The events by their first days; states that last on end after everything else, on a day that
    nobody tells."""
    beyond = max(event.end for event in case.events) + 1
    events = [
        replace(event, days=(event.start, beyond)) if event.lasts_on else event
        for event in case.events
    ]
    return tuple(sorted(events, key=lambda event: (event.start, event.shape == ABSENCE)))
