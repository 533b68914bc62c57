"""How does an invented case unfold? From what was known before to its conference, its plan, the
harm and the review."""

from __future__ import annotations

from dataclasses import replace

from casechron.dates.days import day_number
from simulation.case import ABSENCE, Case, TrueEvent
from simulation.concerns import fitting, history, occurrences, violence
from simulation.draws import Draws

#: Events that no review is without: violence, section 47 enquiries, conference, plan, harm,
#: admission, publication.
_LEAST = 7
#: What may stand beside them, each an event, in groups that come together: around the conference,
#: ...
_BEFORE = ("strategy", "safety-planning", "arrest", "investigation")
#: ... and while the plan runs, ...
_PLAN = ("core-group", "review", "visit", "breach", "referrals", "edt", "legal", "staying")
#: ... up to the review.
_AFTER = (*_PLAN, "ambulance", "opinion", "plea", "sentence", "told")
#: The birth and what no review is without; and what stays readable, and quick enough to render.
FEWEST, MOST = _LEAST + 1, 400
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
        draws.shuffled([*_BEFORE, *_AFTER])[: max(room // _SHARE_OF_CRISIS, min(room, 2))]
    )
    room -= len(chosen)
    room -= history(case, min(4, room // 3))
    during = draws.whole(0, room // 4)  # what comes up while the plan runs
    _concerns(case, room - during)
    case.day += draws.whole(1, 60)
    _crisis(case, chosen)
    born = case.day - draws.whole(30, 1500)
    _concerns(case, during)
    _unfold_plan(case, chosen)
    _outcome(case, chosen)
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


def _crisis(case: Case, chosen: frozenset[str]) -> None:
    """An incident, enquiries, the conference and the plan."""
    draws = case.draws
    serious = "A serious incident between the parents"
    incident = violence(case, serious, both_ways=draws.chance(0.6))
    if "arrest" in chosen:
        case.add("arrest", case.later(0, 3), answers=incident)
    if "investigation" in chosen:
        begun = case.later(0, 2)
        case.add("investigation", begun, begun + draws.whole(10, 120), answers=incident)
    if "strategy" in chosen:
        case.add("strategy", case.workday(0, 6), answers=incident)
    enquiries = case.add("enquiries", case.workday(0, 5), answers=incident)
    before = case.last("strategy-discussion") or enquiries
    conference = case.add("conference", case.workday(6, 35, before), answers=incident)
    category = draws.pick(["neglect", "physical", "emotional"])
    case.add("plan", conference.end, conference.end, category=category)
    if "safety-planning" in chosen:
        case.add("safety-planning", enquiries.end, conference.end, answers=incident)


def _unfold_plan(case: Case, chosen: frozenset[str]) -> None:
    """What happens while the plan runs, up to the harm and the admission."""
    draws, conference = case.draws, case.last("icpc")
    if "core-group" in chosen:
        case.add("core-group", case.workday(3, 20, conference))
    if "visit" in chosen:
        case.add("visit", case.workday(1, 25))
    if "staying" in chosen:
        found = case.later(0, 10)
        case.add("staying", found, found + draws.whole(5, 60))
    if "review" in chosen:
        case.add("review", case.workday(70, 120, conference))
    if "legal" in chosen:
        case.add("legal", case.workday(5, 40))
    breach = case.add("breach", case.later(4, 40)) if "breach" in chosen else None
    if "referrals" in chosen:
        case.add("referrals", *occurrences(case, 3, 1, 6, 3), tells_of=breach)
    if "edt" in chosen:
        missing = case.day, case.day + draws.whole(3, 20)
        case.add("edt", *missing, answers=breach or case.last("referral"))
    status, account = ("convicted", "court") if "plea" in chosen else ("alleged", "police")
    harm = case.add("harm", case.later(2, 20), status=status, account=account)
    call = case.add("ambulance", case.later(0, 1), tells_of=harm) if "ambulance" in chosen else None
    case.add("admission", case.later(0, 1), answers=call)


def _outcome(case: Case, chosen: frozenset[str]) -> None:
    """What is learned afterwards, up to the day on which the review is published."""
    harm = case.last("harm-to-child")
    if "opinion" in chosen:
        case.add("opinion", case.later(1, 20), tells_of=harm)
    if "plea" in chosen:
        case.add("plea", case.workday(60, 300), tells_of=harm)
    if "sentence" in chosen:
        case.add("sentence", case.workday(10, 90), months=str(case.draws.whole(6, 48)))
    if "told" in chosen:
        case.add("told", case.workday(30, 200), tells_of=case.last("fear", "violence"))
    # What lasts, and has ended, ended before the review reports.
    case.day = max(event.end for event in case.events)
    case.add("publication", case.workday(30, 200))


def _in_order(case: Case) -> tuple[TrueEvent, ...]:
    """The events by their first days; states that last on end after everything else, on a day that
    nobody tells."""
    beyond = max(event.end for event in case.events) + 1
    events = [
        replace(event, days=(event.start, beyond)) if event.lasts_on else event
        for event in case.events
    ]
    return tuple(sorted(events, key=lambda event: (event.start, event.shape == ABSENCE)))
