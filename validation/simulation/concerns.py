"""What comes up about a family over the years, and what is done about it? Episodes of one to six
events."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from simulation.case import (
    ABSENCE,
    SEVERAL,
    STATE,
    Case,
    Involved,
    Part,
    TrueEvent,
    weekday,
)
from simulation.cast import AGENCIES, spoken

__all__ = ["EPISODES", "Episode", "fitting", "history", "violence"]

CS = "childrens-services"
LED = Involved(CS, "led")
RECEIVED = Involved(CS, "received")
_SUBJECT = Part("child", "subject")


class Episode(NamedTuple):
    """What can happen, with the least and the greatest number of events that it takes."""

    least: int
    most: int
    happens: Callable[[Case, int], None]


def _child(case: Case) -> str:
    return spoken("child", case.number)


def _agency(name: str) -> str:
    return (
        AGENCIES[name]
        .spoken.replace("the ", "The ")
        .replace("a midwife", "A midwife")
        .replace("a court", "A court")
    )


def _referral(case: Case, events: int) -> None:
    """A referral, then an answer, a closure, and before it the concern that it is about."""
    draws = case.draws
    who, about, theme = draws.pick(
        [
            ("school", "missed days at school", "school-attendance"),
            ("school", "how tired sibling A is", "neglect"),
            ("health-visitor", "conditions at home", "neglect"),
            ("housing", "quarrels at the home", "domestic-abuse"),
            ("midwifery", "drinking in pregnancy", "substance-misuse"),
            ("gp", "the mother's low mood", "mental-health"),
        ]
    )
    concern = None
    if events > 3:
        concern = case.add(
            "concern",
            f"{_agency(who)} notes worries about {about}",
            case.later(0, 10),
            agencies=[Involved(who, "held")],
            people=[_SUBJECT],
            themes=[theme],
        )
    referral = case.add(
        "referral",
        f"{_agency(who)} refers the family over {about}",
        weekday(case.later(1, 12)),
        agencies=[Involved(who, "raised"), RECEIVED],
        people=[_SUBJECT, Part("mother", "of-concern")],
        attributes=[("reason", about)],
        themes=[theme],
        tells_of=concern,
    )
    if events > 1:
        _answer(case, referral)
    if events > 2:
        case.add(
            "closure",
            "Children's services close the case",
            weekday(case.later(3, 50)),
            agencies=[LED],
            themes=["response"],
            answers=referral,
        )


def _answer(case: Case, concern: TrueEvent) -> TrueEvent:
    """One of the answers that children's services give."""
    kind, summary, least, most = case.draws.weighted(
        [
            (4, ("assessment", "Children's services assess the family", 5, 45)),
            (2, ("no-further-action", "Children's services decide on no further action", 0, 9)),
            (2, ("visit", "A social worker visits the home", 0, 14)),
            (1, ("professionals-meeting", "Professionals meet about the family", 3, 30)),
        ]
    )
    others = [Involved("professionals", "took-part")] if kind == "professionals-meeting" else []
    return case.add(
        kind,
        summary,
        weekday(case.later(least, most)),
        agencies=[LED, *others],
        people=[_SUBJECT],
        themes=["assessment" if kind == "assessment" else "response"],
        answers=concern,
    )


def violence(case: Case, summary: str, *, both_ways: bool) -> TrueEvent:
    """An incident between the parents, with each account of it kept apart; the day is at most a
    fortnight on."""
    parts = [
        Part("father", "harming", "alleged", "mother"),
        Part("mother", "harmed", "alleged", "mother"),
    ]
    if case.draws.chance(0.5):
        parts.append(Part("father", "harming", "denied", "father"))
    if both_ways:
        parts += [
            Part("mother", "harming", "counter-alleged", "father"),
            Part("father", "harmed", "counter-alleged", "father"),
        ]
    if case.draws.chance(0.5):
        parts.append(Part("child", "present"))
    return case.add("violence", summary, case.later(0, 14), people=parts, themes=["domestic-abuse"])


def _notified(case: Case, events: int) -> None:
    """Violence, the police are told, children's services are notified, and somebody answers."""
    draws = case.draws
    incident = violence(
        case,
        draws.pick(
            ["The parents quarrel and blows are reported", "An incident between the parents"]
        ),
        both_ways=draws.chance(0.4),
    )
    if events > 3:
        case.add(
            "account",
            "The mother tells the police what happened",
            case.later(0, 5),
            agencies=[Involved("police", "received")],
            people=[Part("mother", "told")],
            themes=["domestic-abuse"],
            tells_of=incident,
        )
    if events > 4:
        case.add(
            "account",
            "The father gives the police another version",
            case.later(0, 9),
            agencies=[Involved("police", "received")],
            people=[Part("father", "told")],
            themes=["domestic-abuse"],
            tells_of=incident,
        )
    notification = case.add(
        "notification",
        "The police notify children's services of an incident",
        weekday(case.later(0, 6)),
        agencies=[Involved("police", "raised"), RECEIVED],
        people=[_SUBJECT],
        themes=["domestic-abuse", "information-sharing"],
        tells_of=incident,
    )
    if events > 2:
        _answer(case, notification)
    if events > 5:
        case.add(
            "behaviour",
            "The father does not keep an appointment",
            case.later(1, 20),
            agencies=[Involved(CS, "held")],
            people=[Part("father", "subject")],
            themes=["parental-conduct"],
        )


def _treated(case: Case, events: int) -> None:
    """A parent is seen at hospital, which tells another service, or does not."""
    contact = case.add(
        "contact",
        "The mother is seen at A&E with a bruise",
        case.later(0, 20),
        agencies=[Involved("emergency-department", "provided")],
        people=[Part("mother", "subject")],
        attributes=[("injury", "bruise")],
        themes=["domestic-abuse"],
    )
    if events > 1:
        case.add(
            "information-sharing",
            "A&E writes to the GP",
            case.later(0, 7),
            agencies=[
                Involved("emergency-department", "raised"),
                Involved("gp", "received"),
                Involved(CS, "not-told", "no-evidence-found"),
            ],
            people=[Part("mother", "subject")],
            themes=["information-sharing"],
            tells_of=contact,
        )


def _distress(case: Case, events: int) -> None:
    """A parent's distress, more than once, that sets off no assessment."""
    first = case.later(0, 15)
    days = sorted(
        {first, *(first + case.draws.whole(1, 60) for _ in range(case.draws.whole(1, 3)))}
    )
    shown = case.add(
        "distress",
        "The father speaks of not wanting to live",
        *days,
        shape=SEVERAL,
        agencies=[Involved("gp", "held")],
        people=[Part("father", "subject")],
        themes=["mental-health"],
    )
    if events > 1:
        case.add(
            "assessment",
            "What the father's state means for the children is not assessed",
            days[-1],
            days[-1] + 40,
            shape=ABSENCE,
            absence=case.draws.pick(["did-not-happen", "no-evidence-found", "does-not-appear"]),
            agencies=[Involved(CS, "responsible-absent")],
            themes=["assessment"],
            answers=shown,
        )


def _bruise(case: Case, events: int) -> None:
    """A bruise is seen; what should follow does not, as the review finds."""
    seen = case.add(
        "bruising",
        f"The health visitor sees a bruise on {_child(case)}",
        case.later(0, 25),
        agencies=[Involved("health-visitor", "held")],
        people=[_SUBJECT],
        attributes=[("injury", "bruise")],
        themes=["physical-harm"],
    )
    if events > 1:
        case.add(
            "action",
            "The bruise is not passed on",
            seen.end,
            seen.end + 30,
            shape=ABSENCE,
            absence=case.draws.pick(["apparently-not", "could-not-be-confirmed", "did-not-happen"]),
            agencies=[Involved("health-visitor", "responsible-absent")],
            themes=["information-sharing"],
            answers=seen,
        )


def _suspicion(case: Case, events: int) -> None:
    """A suspicion is written down, and nothing more is done."""
    held = case.add(
        "suspicion",
        "A social worker suspects that the mother uses drugs",
        case.later(0, 30),
        agencies=[Involved(CS, "held")],
        people=[Part("mother", "of-concern", "professional-opinion", CS)],
        attributes=[("substance", "not said")],
        themes=["substance-misuse"],
    )
    if events > 1:
        case.add(
            "no-further-action",
            "Nothing more is done about the suspicion",
            case.later(0, 10),
            agencies=[LED],
            themes=["response"],
            answers=held,
        )


def _referrals(case: Case, events: int) -> None:
    """Several referrals counted together, one of them told by itself."""
    draws = case.draws
    first = case.later(0, 20)
    days = sorted({first, *(first + draws.whole(10, 300) for _ in range(draws.whole(1, 4)))})
    told = draws.pick(days)
    several = case.add(
        "referral",
        "Referrals reach children's services",
        *days,
        shape=SEVERAL,
        agencies=[Involved("unspecified", "raised"), RECEIVED],
        people=[_SUBJECT],
        themes=["family-history"],
    )
    if events > 1:
        case.add(
            "referral",
            "The father of sibling A refers the family",
            told,
            agencies=[RECEIVED],
            people=[
                Part("father-of-sibling", "told"),
                Part("mother", "of-concern", "alleged", "father-of-sibling"),
            ],
            themes=["family-history", "substance-misuse"],
            part_of=several,
        )


def _single(case: Case, events: int) -> None:
    """One thing that happens by itself."""
    draws = case.draws
    kind, summary, agency, role, theme = draws.pick(
        [
            ("visit", "A health visitor calls at the home", "health-visitor", "led", "neglect"),
            ("contact", f"{_child(case)} is seen at the surgery", "gp", "provided", "neglect"),
            ("behaviour", "The mother turns a social worker away", CS, "held", "parental-conduct"),
            (
                "relationship",
                "The parents part, or so it appears",
                "housing",
                "held",
                "domestic-abuse",
            ),
            (
                "emergency-call",
                "A neighbour calls the police to the home",
                "police",
                "received",
                "domestic-abuse",
            ),
            (
                "concern",
                "The school worries about how tired sibling A is",
                "school",
                "held",
                "neglect",
            ),
        ]
    )
    who = {"behaviour": "mother", "relationship": "father", "concern": "sibling"}.get(kind, "child")
    status = "apparent" if kind == "relationship" else "reported"
    case.add(
        kind,
        summary,
        case.later(3, 45),
        agencies=[Involved(agency, role)],
        people=[Part(who, "subject", status)],
        themes=[theme],
    )


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
    draws, before = case.draws, len(case.events)
    now = case.day
    if room > 0:
        known = now - draws.whole(0, 1500)
        case.add(
            "known-to-agencies",
            "The family is known to children's services",
            known,
            known,
            shape=STATE,
            lasts_on=True,
            agencies=[Involved(CS, "held")],
            people=[Part("mother", "subject")],
            themes=["family-history"],
        )
    if room > 1 and draws.chance(0.7):
        days = sorted(
            {now - draws.whole(1, 500), now - draws.whole(501, 900), now - draws.whole(501, 1400)}
        )
        case.add(
            "conviction",
            "The father is convicted of several offences",
            *days,
            shape=SEVERAL,
            agencies=[Involved("court", "led")],
            people=[Part("father", "subject", "convicted", "court")],
            attributes=[("offence", "disorder in the street")],
            themes=["family-history"],
        )
    if room > 2 and draws.chance(0.6):
        ended = now - draws.whole(1, 300)
        case.add(
            "support",
            "The mother is supported over her drinking",
            ended - draws.whole(90, 500),
            ended,
            shape=STATE,
            agencies=[Involved("gp", "provided")],
            people=[Part("mother", "subject")],
            attributes=[("substance", "alcohol")],
            themes=["substance-misuse", "family-history"],
        )
    if room > 3 and draws.chance(0.5):
        ended = now - draws.whole(1, 300)
        case.add(
            "fear",
            "The father of sibling A was afraid of the mother",
            ended - draws.whole(60, 400),
            ended,
            shape=STATE,
            people=[
                Part("father-of-sibling", "afraid", "told-to-review", "father-of-sibling"),
                Part("mother", "feared", "told-to-review", "father-of-sibling"),
            ],
            themes=["domestic-abuse", "assumptions"],
        )
    return len(case.events) - before
