"""Each flag of a code does in the analyses what the codebook says that it does: for every kind of
event and every role, those that were coded last included."""

from __future__ import annotations

from collections.abc import Callable, Set
from functools import cache

import pandas as pd
import pytest

import casechron as cc
from casechron.analysis.concerns import concern_ids, rows_with
from casechron.analysis.decisions import decision_ids
from casechron.analysis.involvement import (
    LATER_PART,
)
from casechron.analysis.knowledge_paths import FEAR, SEEN, harm_ids, ways
from casechron.analysis.timing import CLOSED_OR_LEFT
from casechron.chronology import solve
from casechron.coding.codebook import codebook
from casechron.coding.expansion import Expanded
from casechron.coding.reviews import frames_of
from casechron.report.text import story
from made_reviews import review_of
from sheet_cases import expanded, wrong_lines

BOOK = codebook()
KINDS = list(BOOK.codes("event_kind"))
ROLES = list(BOOK.codes("involvement_role"))
WORRY = {"id": "worry", "date": "2014-01-01", "kind": "concern", "summary": "Worry", "by": "gp"}


def frames(done: Expanded) -> dict[str, pd.DataFrame]:
    """The tidy tables of an expansion that nothing is wrong with."""
    assert wrong_lines(done) == []
    return frames_of(done)


def each(**cells: str) -> dict[str, pd.DataFrame]:
    """A worry, and after it an event of each kind, a month apart, that the GP held."""
    days = pd.date_range("2014-02-01", periods=len(KINDS), freq="MS").strftime("%Y-%m-%d")
    rows = [
        {
            "id": f"e-{kind}",
            "date": day,
            "kind": kind,
            "summary": f"Of {kind}",
            "by": "gp (held)",
            **cells,
        }
        for kind, day in zip(KINDS, days, strict=True)
    ]
    return frames(expanded([WORRY, *rows]))


def kinds_of(events: object) -> set[str]:
    return {str(event).removeprefix("e-") for event in events} - {"worry"}


def solved(tables: dict[str, pd.DataFrame]) -> object:
    return solve(tables["events"], tables["relations"])


def absent_answers() -> set[str]:
    """Kinds whose absence, where it answers something, is a point at which somebody could have
    decided."""
    return kinds_of(decision_ids(each(absence="did-not-happen", answers="worry")))


def closing() -> set[str]:
    """Kinds that close or leave a worry which they answer, and are no step."""
    tables = each(answers="worry")
    gaps = cc.response_gaps(review_of(tables, solved(tables)))
    return kinds_of(
        gaps.loc[(gaps["concern"] == "worry") & (gaps["state"] == CLOSED_OR_LEFT), "answer"]
    )


def seen_or_not() -> set[str]:
    """Kinds of which it is asked whether the child was seen, although the source says nothing."""
    tables = each()
    return kinds_of(cc.contacts(review_of(tables, solved(tables)))["contact"])


def first_steps() -> set[str]:
    """Kinds of which one alone after a worry is the first protective step."""
    kinds = set()
    for kind in KINDS:
        event = {"id": f"e-{kind}", "date": "2014-03-01", "kind": kind, "summary": "S"}
        tables = frames(expanded([WORRY, event]))
        steps = cc.first_concern_to_first_step(review_of(tables, solved(tables)))
        kinds |= kinds_of(steps["first_step"].explode().dropna())
    return kinds


def lasting() -> set[str]:
    """Kinds whose day alone is a beginning."""
    events = each()["events"]
    return kinds_of(events.loc[events["date"].str.contains("/"), "id"])


def not_tied_by_a_time() -> set[str]:
    """Kinds to which no stated time may lead."""
    kinds = set()
    for kind in KINDS:
        row = {"id": "e", "kind": kind, "summary": "S", "after": "worry 2 weeks"}
        messages = wrong_lines(expanded([WORRY, row]))
        assert all("would date the birth" in message for message in messages)
        kinds |= {kind} if messages else set()
    return kinds


def learned_afterwards() -> set[str]:
    """Kinds by which the GP, who is told of the worry, learned of it too late to have known."""
    kinds = set()
    for kind in KINDS:
        row = {"id": "e", "date": "2014-03", "kind": kind, "summary": "S", "tells_of": "worry"}
        row |= {"by": "police (raised)", "to": "gp (received)"}
        ways_of = ways(frames(expanded([{**WORRY, "by": ""}, row])))
        later = {way.later for way in ways_of if (way.agency, way.matter) == ("gp", "worry")}
        assert len(later) == 1
        kinds |= {kind} if later == {True} else set()
    return kinds


def in_short() -> set[str]:
    """Kinds that the story tells at once after what it comes to: a harm."""
    harm = {"id": "harm", "date": "2014-02-01", "kind": "harm-to-child", "summary": "Harm"}
    kinds = set()
    for kind in KINDS:
        row = {"id": f"e-{kind}", "date": "2014-03-01", "kind": kind, "summary": "Something of it"}
        tables = frames(expanded([harm, row]))
        points = story.key_points(
            cc.chronicle(review_of(tables, solved(tables))), cc.further_facts(review_of(tables))
        )
        kinds |= kinds_of({name for point in points for name in point.rows} - {"harm"})
    return kinds


def told_to_somebody() -> set[str]:
    tables = each(by="gp (raised)", to="police (received)")
    return kinds_of(cc.tellings(review_of(tables, solved(tables)))["telling"])


def flagged(*flags: str) -> set[str]:
    return set().union(*(BOOK.flagged("event_kind", flag) for flag in flags))


#: Of each flag what an analysis makes of the kinds, and the kinds of which it has to make it.
DOES: dict[str, tuple[Callable[[], Set[str]], Set[str]]] = {
    "concern": (lambda: kinds_of(concern_ids(each())), flagged("concern")),
    # What is told to a review is a telling too, and comes after the events.
    "telling": (told_to_somebody, flagged("telling") | {"told-to-review"}),
    "response": (absent_answers, flagged("response", "decision")),
    "disposes": (closing, flagged("disposes")),
    "contact": (seen_or_not, flagged("contact")),
    "protective": (first_steps, flagged("protective")),
    "decision": (lambda: kinds_of(decision_ids(each())), flagged("decision")),
    "harm": (lambda: kinds_of(harm_ids(each())), flagged("harm") | {SEEN, FEAR}),
    "turning-point": (
        lambda: kinds_of(rows_with(each(), "turning-point")),
        flagged("turning-point"),
    ),
    "state": (lasting, flagged("state") - BOOK.may_last),
    "protected": (not_tied_by_a_time, flagged("protected")),
    "learning": (learned_afterwards, flagged("learning")),
    "outcome": (
        in_short,
        # A death is what a story comes to, and an admission and a conviction follow a harm.
        flagged("outcome") | {"death", "admission", "conviction"},
    ),
}


@pytest.mark.parametrize("flag", DOES)
def test_a_flag_of_a_kind_does_what_it_says(flag: str) -> None:
    does, kinds = DOES[flag]
    assert does() == kinds


def test_every_flag_of_a_kind_is_held_against_an_analysis() -> None:
    assert set(DOES) == set(BOOK.flags["event_kind"])


#: What was coded because coders had looked for it, and what the analyses are to make of it.
SOUGHT = {
    "child-in-need-plan": {"response", "protective", "state"},
    "plan-end": {"disposes", "decision", "turning-point"},
    "transfer-conference": {"response", "decision", "protective"},
    "conference": {"response", "decision", "protective"},
    "legal-advice": {"response"},
    "no-access": {"response", "contact"},
    "contact": {"contact"},
    "move": set(),
    "entry": set(),
}


def test_what_coders_looked_for_has_the_flags_that_it_needs() -> None:
    kinds = BOOK.codes("event_kind")
    assert {kind: set(kinds[kind].flags) for kind in SOUGHT} == SOUGHT
    assert BOOK.codes("kinship")["parent-partner"].label == "partner of a parent"
    facts = "child-seen child-seen-alone child-spoken-to child-not-seen child-said impact"
    assert {*facts.split(), "judged-malicious"} <= set(BOOK.codes("attribute"))


def test_an_entry_that_is_not_classified_is_nothing_that_an_analysis_counts() -> None:
    events = each()
    for ids in (concern_ids(events), decision_ids(events), rows_with(events, "response")):
        assert "e-entry" not in ids


def test_the_counted_contacts_of_an_agency_stand_in_one_row() -> None:
    row = {
        "id": "calls",
        "date": "2014",
        "kind": "contact",
        "count": "28",
        "summary": "Calls",
        "by": "police",
    }
    done = expanded([row])
    (event,) = done.rows("events")
    assert (event["count_min"], event["count_max"]) == ("28", "28")
    (part,) = done.rows("involvement")
    assert (part["agency"], part["role"]) == ("police", "provided")
    tables = frames(done)
    assert list(cc.agency_contact(review_of(tables, solved(tables)))["agency"]) == ["police"]


# ------------------------------------------------- roles of agencies


@cache
def with_role(role: str) -> cc.Review:
    """A letter about a worry, in which the police have a role, and no other agency has one."""
    letter = {
        "id": "letter",
        "date": "2014-03",
        "kind": "information-sharing",
        "summary": "A letter",
        "with": f"police ({role})",
        "tells_of": "worry",
    }
    tables = frames(expanded([{**WORRY, "by": ""}, letter]))
    return review_of(tables, solved(tables))


def by_role(holds: Callable[[cc.Review], bool]) -> set[str]:
    return {role for role in ROLES if holds(with_role(role))}


def knew(role: str) -> bool:
    """Whether the police held a worry at the time, in which they had a role."""
    tables = frames(expanded([{**WORRY, "by": f"police ({role})"}]))
    return any(way.agency == "police" and not (way.later or way.unsure) for way in ways(tables))


def ends(review: cc.Review, end: str) -> list[str]:
    """Who told, or was told, at the time."""
    tellings = cc.tellings(review)
    return list(tellings.loc[tellings["tie"] == "told", end])


def test_a_flag_of_a_role_does_what_it_says() -> None:
    flags = {
        flag: set(BOOK.flagged("involvement_role", flag)) for flag in BOOK.flags["involvement_role"]
    }
    tellers = by_role(lambda review: "Police" in ends(review, "from_label"))
    hearers = by_role(lambda review: "Police" in ends(review, "to_label"))
    gap = by_role(lambda review: not cc.stated_absences(review).empty)
    # Who led it told, where nobody raised it.
    assert tellers == flags["told"] | flags["decides"]
    assert {role for role in ROLES if knew(role)} == flags["knows"]
    assert hearers == flags["was-told"]
    unsure = by_role(lambda review: any(way.unsure for way in ways(review.tables)))
    assert unsure == flags["may-know"]
    assert gap == flags["gap"]

    closure = {"id": "end", "date": "2014-03", "kind": "closure", "summary": "Closed"}

    def decided(role: str) -> bool:
        tables = frames(expanded([{**closure, "with": f"police ({role})"}]))
        return list(cc.decisions(review_of(tables, solved(tables)))["decided_by"]) == [("Police",)]

    assert {role for role in ROLES if decided(role)} == flags["decides"]
    parts = {
        role: set(cc.involvement(with_role(role))["part"])
        for role in by_role(lambda review: not cc.involvement(review).empty)
    }
    assert {role for role, part in parts.items() if part == {LATER_PART}} == (flags["later"])
