"""How does a case come to its conference, its plan, and the harm that the review is about?"""

from __future__ import annotations

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
from simulation.cast import BOARD, spoken
from simulation.concerns import CS, LED, RECEIVED, violence

__all__ = ["AFTER", "BEFORE", "LEAST", "crisis", "outcome", "unfold_plan"]

_CHILD = Part("child", "subject")
#: Events that no review is without: violence, section 47 enquiries, conference, plan, harm,
#: admission, publication.
LEAST = 7
#: What may stand beside them, each an event, in groups that come together: around the conference,
#: ...
BEFORE = ("strategy", "safety-planning", "arrest", "investigation")
#: ... and after it.
AFTER = (
    "core-group",
    "review",
    "visit",
    "breach",
    "referrals",
    "edt",
    "legal",
    "staying",
    "ambulance",
    "opinion",
    "plea",
    "sentence",
    "told",
)


def crisis(case: Case, chosen: frozenset[str]) -> None:
    """An incident, enquiries, the conference and the plan."""
    draws = case.draws
    incident = violence(case, "A serious incident between the parents", both_ways=draws.chance(0.6))
    if "arrest" in chosen:
        case.add(
            "arrest",
            "The father is arrested and bailed",
            case.later(0, 3),
            agencies=[Involved("police", "led")],
            people=[Part("father", "subject")],
            attributes=[("outcome", "bailed")],
            themes=["domestic-abuse"],
            answers=incident,
        )
    if "investigation" in chosen:
        begun = case.later(0, 2)
        case.add(
            "police-investigation",
            "The police investigate the incident",
            begun,
            begun + draws.whole(10, 120),
            shape=STATE,
            agencies=[Involved("police", "led")],
            people=[Part("father", "subject")],
            themes=["domestic-abuse"],
            answers=incident,
        )
    strategy = None
    if "strategy" in chosen:
        strategy = case.add(
            "strategy-discussion",
            "A strategy discussion is held",
            weekday(case.later(0, 6)),
            agencies=[
                LED,
                Involved("police", "took-part"),
                Involved("gp", "not-involved", "did-not-happen"),
            ],
            people=[_CHILD],
            themes=["assessment"],
            answers=incident,
        )
    enquiries = case.add(
        "section-47",
        "Section 47 enquiries begin",
        weekday(case.later(0, 5)),
        agencies=[LED],
        people=[_CHILD],
        themes=["assessment"],
        answers=incident,
    )
    conference = case.add(
        "icpc",
        "The initial child protection conference is held",
        weekday((strategy or enquiries).end + draws.whole(6, 35)),
        agencies=[
            LED,
            Involved("police", "took-part"),
            Involved("school", "took-part"),
            Involved("gp", "insufficiently-involved", "insufficient"),
        ],
        people=[_CHILD, Part("mother", "attended"), Part("father", "did-not-attend")],
        themes=["planning"],
        answers=incident,
    )
    case.add(
        "protection-plan",
        f"{spoken('child', case.number)} is placed on a child protection plan",
        conference.end,
        conference.end,
        shape=STATE,
        lasts_on=True,
        agencies=[LED],
        people=[_CHILD, Part("sibling", "subject")],
        attributes=[
            ("plan-category", draws.pick(["neglect", "physical", "emotional"])),
            ("restriction", "the father may not stay at the home"),
        ],
        themes=["planning", "neglect"],
    )
    if "safety-planning" in chosen:
        case.add(
            "safety-planning",
            "No planning for safety before the conference could be shown",
            enquiries.end,
            conference.end,
            shape=ABSENCE,
            absence="could-not-be-confirmed",
            agencies=[Involved(CS, "responsible-absent")],
            themes=["planning"],
            answers=incident,
        )


def unfold_plan(case: Case, chosen: frozenset[str]) -> None:
    """What happens while the plan runs, up to the harm and the admission."""
    draws, conference = case.draws, case.last("icpc")
    assert conference is not None
    if "core-group" in chosen:
        case.add(
            "core-group",
            "The core group meets for the first time",
            weekday(conference.end + draws.whole(3, 20)),
            agencies=[
                LED,
                Involved("school", "took-part"),
                Involved("health-visitor", "took-part"),
            ],
            people=[Part("mother", "attended")],
            themes=["planning"],
        )
    if "visit" in chosen:
        case.add(
            "visit",
            "A social worker visits the home unannounced",
            weekday(case.later(1, 25)),
            agencies=[LED],
            people=[_CHILD],
            themes=["planning"],
        )
    if "staying" in chosen:
        found = case.later(0, 10)
        case.add(
            "household",
            "The father is apparently staying at the home",
            found,
            found + draws.whole(5, 60),
            shape=STATE,
            agencies=[Involved(CS, "held")],
            people=[Part("father", "present", "apparent")],
            themes=["planning", "domestic-abuse"],
        )
    if "review" in chosen:
        case.add(
            "review-conference",
            "The first review conference is held",
            weekday(conference.end + draws.whole(70, 120)),
            agencies=[LED, Involved("school", "took-part")],
            people=[_CHILD, Part("mother", "attended")],
            themes=["planning"],
        )
    if "legal" in chosen:
        case.add(
            "legal-planning",
            "A legal planning meeting holds that the threshold is not met",
            weekday(case.later(5, 40)),
            agencies=[LED],
            people=[_CHILD],
            attributes=[("outcome", "threshold held not met")],
            themes=["response"],
        )
    breach: TrueEvent | None = None
    if "breach" in chosen:
        breach = case.add(
            "plan-breach",
            "The father comes back to the home against the plan",
            case.later(4, 40),
            agencies=[Involved("police", "held")],
            people=[Part("father", "subject")],
            themes=["planning", "domestic-abuse"],
        )
    if "referrals" in chosen:
        first = case.later(0, 3)
        days = sorted({first, *(first + draws.whole(1, 6) for _ in range(draws.whole(1, 3)))})
        case.add(
            "referral",
            "Referrals are made over the father's return",
            *days,
            shape=SEVERAL,
            agencies=[Involved("unspecified", "raised"), RECEIVED],
            people=[_CHILD],
            themes=["response"],
            tells_of=breach,
        )
    if "edt" in chosen:
        case.add(
            "emergency-duty-response",
            "The emergency duty team is not called in",
            case.day,
            case.day + draws.whole(3, 20),
            shape=ABSENCE,
            absence="did-not-happen",
            agencies=[Involved("edt", "responsible-absent")],
            themes=["response"],
            answers=breach or case.last("referral"),
        )
    harm = case.add(
        "harm-to-child",
        f"{spoken('child', case.number)} suffers a head injury",
        case.later(2, 20),
        people=[
            Part("child", "harmed"),
            Part(
                "father",
                "harming",
                "convicted" if "plea" in chosen else "alleged",
                "court" if "plea" in chosen else "police",
            ),
        ],
        attributes=[("injury", "head injury")],
        themes=["physical-harm"],
    )
    call = None
    if "ambulance" in chosen:
        call = case.add(
            "emergency-call",
            "An ambulance is called to the home",
            case.later(0, 1),
            agencies=[Involved("ambulance", "received")],
            people=[Part("mother", "told"), _CHILD],
            themes=["physical-harm"],
            tells_of=harm,
        )
    case.add(
        "admission",
        f"{spoken('child', case.number)} is admitted to hospital",
        case.later(0, 1),
        agencies=[Involved("hospital", "provided")],
        people=[_CHILD],
        themes=["physical-harm"],
        answers=call,
    )


def outcome(case: Case, chosen: frozenset[str]) -> None:
    """What is learned afterwards, up to the day on which the review is published."""
    draws, harm = case.draws, case.last("harm-to-child")
    if "opinion" in chosen:
        case.add(
            "medical-opinion",
            "Doctors hold that the injury fits with shaking",
            case.later(1, 20),
            agencies=[Involved("hospital", "led")],
            people=[Part("child", "harmed", "medical-opinion", "hospital")],
            attributes=[("mechanism", "consistent with shaking")],
            themes=["physical-harm"],
            tells_of=harm,
        )
    if "plea" in chosen:
        case.add(
            "plea",
            "The father pleads guilty to assault",
            weekday(case.later(60, 300)),
            agencies=[Involved("court", "led")],
            people=[Part("father", "harming", "admitted", "father")],
            attributes=[("offence", "assault")],
            themes=["physical-harm"],
            tells_of=harm,
        )
    if "sentence" in chosen:
        case.add(
            "sentence",
            "The father is sentenced to prison",
            weekday(case.later(10, 90)),
            agencies=[Involved("court", "led")],
            people=[Part("father", "subject", "convicted", "court")],
            attributes=[("sentence-months", str(draws.whole(6, 48)))],
            themes=["physical-harm"],
        )
    if "told" in chosen:
        case.add(
            "told-to-review",
            "The father of sibling A speaks to the review",
            weekday(case.later(30, 200)),
            agencies=[Involved(BOARD, "received")],
            people=[Part("father-of-sibling", "told", "told-to-review", "father-of-sibling")],
            themes=["assumptions"],
            tells_of=case.last("fear", "violence"),
        )
    case.day = max(
        event.end for event in case.events
    )  # what lasts, and has ended, ended before the review reports
    case.add(
        "publication",
        "The review is published",
        weekday(case.later(30, 200)),
        agencies=[Involved(BOARD, "led")],
        themes=["practice"],
    )
