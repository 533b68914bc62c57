"""How does a case come to its conference, its plan, and the harm that the review is about?"""

from __future__ import annotations

from simulation.case import Case
from simulation.concerns import occurrences, violence

__all__ = ["AFTER", "BEFORE", "LEAST", "crisis", "outcome", "unfold_plan"]

#: Events that no review is without: violence, section 47 enquiries, conference, plan, harm,
#: admission, publication.
LEAST = 7
#: What may stand beside them, each an event, in groups that come together: around the conference,
#: ...
BEFORE = ("strategy", "safety-planning", "arrest", "investigation")
#: ... and while the plan runs, ...
_PLAN = ("core-group", "review", "visit", "breach", "referrals", "edt", "legal", "staying")
#: ... up to the review.
AFTER = (*_PLAN, "ambulance", "opinion", "plea", "sentence", "told")


def crisis(case: Case, chosen: frozenset[str]) -> None:
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


def unfold_plan(case: Case, chosen: frozenset[str]) -> None:
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


def outcome(case: Case, chosen: frozenset[str]) -> None:
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
