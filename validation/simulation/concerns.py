"""What comes up about a family over the years, and what is done about it? Episodes of one to six
events."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from simulation.case import Case, TrueEvent


class Episode(NamedTuple):
    """What can happen, with the least and the greatest number of events that it takes."""

    least: int
    most: int
    happens: Callable[[Case, int], None]


def _referral(case: Case, events: int) -> None:
    """A referral, then an answer, a closure, and before it the concern that it is about."""
    names = ("who", "spoken", "about", "theme")
    stories = [
        ("school", "The school", "missed days at school", "school-attendance"),
        ("school", "The school", "how tired sibling A is", "neglect"),
        ("health-visitor", "The health visitor", "conditions at home", "neglect"),
        ("housing", "The landlord", "quarrels at the home", "domestic-abuse"),
        ("midwifery", "A midwife", "drinking in pregnancy", "substance-misuse"),
        ("gp", "The GP", "the mother's low mood", "mental-health"),
    ]
    words = dict(zip(names, case.draws.pick(stories), strict=True))
    concern = case.add("worry", case.later(0, 10), **words) if events > 3 else None
    referral = case.add("referral", case.workday(1, 12), tells_of=concern, **words)
    if events > 1:
        _answer(case, referral)
    if events > 2:
        case.add("closure", case.workday(3, 50), answers=referral)


def _answer(case: Case, concern: TrueEvent) -> None:
    """One of the answers that children's services give."""
    ways = [(4, ("assessed", 5, 45)), (2, ("no-action", 0, 9)), (2, ("social-work-visit", 0, 14))]
    name, least, most = case.draws.weighted([*ways, (1, ("meeting", 3, 30))])
    case.add(name, case.workday(least, most), answers=concern)


def violence(case: Case, summary: str, *, both_ways: bool) -> TrueEvent:
    """An incident between the parents, with each account of it kept apart; the day is at most a
    fortnight on."""
    parts = ["father harming alleged mother", "mother harmed alleged mother"]
    if case.draws.chance(0.5):
        parts.append("father harming denied father")
    if both_ways:
        parts += ["mother harming counter-alleged father", "father harmed counter-alleged father"]
    if case.draws.chance(0.5):
        parts.append("child present")
    return case.add("violence", case.later(0, 14), summary=summary, people="; ".join(parts))


def _notified(case: Case, events: int) -> None:
    """Violence, the police are told, children's services are notified, and somebody answers."""
    told = ["The parents quarrel and blows are reported", "An incident between the parents"]
    incident = violence(case, case.draws.pick(told), both_ways=case.draws.chance(0.4))
    if events > 3:
        case.add("mothers-account", case.later(0, 5), tells_of=incident)
    if events > 4:
        case.add("fathers-account", case.later(0, 9), tells_of=incident)
    notification = case.add("notification", case.workday(0, 6), tells_of=incident)
    if events > 2:
        _answer(case, notification)
    if events > 5:
        case.add("appointment", case.later(1, 20))


def _treated(case: Case, events: int) -> None:
    """A parent is seen at hospital, which tells another service, or does not."""
    contact = case.add("treated", case.later(0, 20))
    if events > 1:
        case.add("letter", case.later(0, 7), tells_of=contact)


def occurrences(case: Case, soon: int, least: int, most: int, often: int) -> list[int]:
    """The days of what happens several times: the first within so many days, up to so many others
    each so many days after it."""
    first, draws = case.later(0, soon), case.draws
    others = [first + draws.whole(least, most) for _ in range(draws.whole(1, often))]
    return sorted({first, *others})


def _distress(case: Case, events: int) -> None:
    """A parent's distress, more than once, that sets off no assessment."""
    shown = case.add("distress", *occurrences(case, 15, 1, 60, 3))
    if events > 1:
        silence = case.draws.pick(["did-not-happen", "no-evidence-found", "does-not-appear"])
        case.add("not-assessed", shown.end, shown.end + 40, absence=silence, answers=shown)


def _bruise(case: Case, events: int) -> None:
    """A bruise is seen; what should follow does not, as the review finds."""
    seen = case.add("bruise", case.later(0, 25))
    if events > 1:
        silence = case.draws.pick(["apparently-not", "could-not-be-confirmed", "did-not-happen"])
        case.add("not-passed-on", seen.end, seen.end + 30, absence=silence, answers=seen)


def _suspicion(case: Case, events: int) -> None:
    """A suspicion is written down, and nothing more is done."""
    held = case.add("suspicion", case.later(0, 30))
    if events > 1:
        case.add("nothing-more", case.later(0, 10), answers=held)


def _referrals(case: Case, events: int) -> None:
    """Several referrals counted together, one of them told by itself."""
    days = occurrences(case, 20, 10, 300, 4)
    told = case.draws.pick(days)
    several = case.add("several-referrals", *days)
    if events > 1:
        case.add("father-refers", told, part_of=several)


def _single(case: Case, events: int) -> None:
    """One thing that happens by itself."""
    names = ["call-at-home", "surgery", "turned-away", "parting", "neighbour", "tired"]
    case.add(case.draws.pick(names), case.later(3, 45))


#: What can come up, with how likely each is beside the others.
EPISODES: list[tuple[int, Episode]] = [
    (5, Episode(1, 4, _referral)),
    (4, Episode(2, 6, _notified)),
    (2, Episode(1, 2, _treated)),
    (2, Episode(1, 2, _distress)),
    (2, Episode(1, 2, _bruise)),
    (1, Episode(1, 2, _suspicion)),
    (2, Episode(1, 2, _referrals)),
    (3, Episode(1, 1, _single)),
]


def fitting(room: int) -> list[tuple[int, Episode]]:
    """The episodes for which there is room, with their weights.

    >>> [episode.least for _, episode in fitting(1)]
    [1, 1, 1, 1, 1, 1, 1]
    """
    return [(weight, episode) for weight, episode in EPISODES if episode.least <= room]


def history(case: Case, room: int) -> int:
    """What was known of the family from before the case begins, up to four events; how many there
    are."""
    draws, before, now = case.draws, len(case.events), case.day
    if room > 0:
        known = now - draws.whole(0, 1500)
        case.add("known", known, known)
    if room > 1 and draws.chance(0.7):
        ago = draws.whole(1, 500), draws.whole(501, 900), draws.whole(501, 1400)
        case.add("earlier-offences", *sorted({now - days for days in ago}))
    if room > 2 and draws.chance(0.6):
        ended = now - draws.whole(1, 300)
        case.add("drinking", ended - draws.whole(90, 500), ended)
    if room > 3 and draws.chance(0.5):
        ended = now - draws.whole(1, 300)
        case.add("fear", ended - draws.whole(60, 400), ended)
    return len(case.events) - before
