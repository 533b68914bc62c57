from __future__ import annotations

import re
from pathlib import Path

import pytest

from casechron.analysis.decisions import decisions
from casechron.analysis.involvement import (
    agency_contact,
    involvement_by_event,
    involvement_by_phase,
    stated_absences,
)
from casechron.analysis.knowledge import NOBODY, OTHER, UNNAMED, knowledge
from casechron.analysis.known_at_decisions import (
    knowledge_at_a_decision,
    known_by_decision,
    reached,
)
from casechron.analysis.phases import phase_of_events, phases
from casechron.analysis.telling import telling_network, tellings
from casechron.chronology import Chronology, attempt
from casechron.coding.reviews import read_review
from casechron.reporting import involvement_words as words
from casechron.reporting import knowledge_words
from involvement_cases import Tables, agency, event, part, solved, tables_of, worked

DATA = Path(__file__).parents[1] / "data"


def everything(tables: Tables, chronology: Chronology) -> dict[str, list[str] | str]:
    points, cells, told = (
        decisions(tables, chronology),
        knowledge(tables, chronology),
        tellings(tables, chronology),
    )
    whole = reached(cells, points, tables, chronology)
    return {
        "contact": words.contact_in_words(agency_contact(tables, chronology)),
        "phases": words.phases_in_words(
            phases(tables, chronology), phase_of_events(tables, chronology)
        ),
        "points": words.involvement_key_points(
            agency_contact(tables, chronology),
            stated_absences(tables, chronology),
            tellings(tables, chronology),
        ),
        "tellings": words.tellings_in_words(told),
        "knowledge": knowledge_words.knowledge_in_words(whole, points),
        "alt event": words.alt_involvement_by_event(involvement_by_event(tables, chronology)),
        "alt phase": words.alt_involvement_by_phase(involvement_by_phase(tables, chronology)),
        "alt network": words.alt_telling_network(telling_network(told, tables)),
        "alt knowledge": knowledge_words.alt_knowledge_at_a_decision(
            knowledge_at_a_decision(cells, points)
        ),
        "alt decisions": knowledge_words.alt_known_by_decision(known_by_decision(whole, points)),
    }


def test_the_worked_review_in_words() -> None:
    tables = worked()
    said = everything(tables, solved(tables))
    assert said["contact"] == [
        (
            "5 agencies had a part, as recorded in this source: Children's"
            " services, Police, GP, School and Landlord."
        ),
        (
            "Duty team: coded only as absent, as not involved enough, or with a step that did not"
            " take place."
        ),
        "Board: named only for what came after the events, or for the review itself.",
        (
            "What the source does not name stands apart: Unnamed agencies. It can be any agency,"
            " those named among them."
        ),
    ]
    assert said["tellings"] == [
        (
            "4 rows of telling at the time, as recorded in this source; a row can stand for several"
            " occasions or be part of another."
        ),
        "Possibly in time for the next decision (the dates leave it open): “What report is”.",
        "Not recorded as passed on to those who decided: “What letter is”.",
        "With no decision that is certain to have followed: “What calls is” (3).",
        "Told only afterwards, so no knowledge at the time: “What told-board is”.",
        (
            "At “What conference is”, as the review says, GP was insufficiently involved; the"
            " coding puts Children's services and School at the other end."
        ),
        (
            "At “What conference is”, as the review says, Landlord was not involved; the coding"
            " puts Children's services and School at the other end."
        ),
        (
            "At “What no-duty is”, as the review says, Duty team was not involved; the coding puts"
            " Children's services at the other end."
        ),
    ]
    assert said["knowledge"][2:3] + said["knowledge"][4:] == [
        (
            "“What conference is” (on 1 June 2017): of 5 matters that had, or may have, come about"
            " by then, 3 certainly on record with an agency that decided, 1 is recorded"
            " only with another named agency and 1 with none. Recorded elsewhere: “What noise is”"
            " (Landlord). As the review says, GP was insufficiently involved and Landlord was not"
            " involved. Recorded with them: “What bruise is” and “What noise is”."
        ),
        "“What fear is”: learned only afterwards by Board; that is no knowledge at the time.",
    ]
    assert said["phases"][0].startswith(
        "3 turning points of certain order cut the account into 4 phases: up to Case closed, "
    )
    assert said["phases"][1:] == [
        "3 of 14 rows cannot be placed in any one phase: the source does not date them so closely."
    ]


def test_alt_texts_of_the_worked_review() -> None:
    tables = worked()
    said = everything(tables, solved(tables))
    assert (
        said["alt event"]
        == "A matrix of 13 events and 8 agencies, 7 of them named, with a mark for each part, as"
        " recorded in this source. 3 marks of absence (GP at “What conference is”; Landlord at"
        " “What conference is”; Duty team at “What no-duty is”); whose step was missing can be"
        " derived by the coder: the table of absences says where."
    )
    assert (
        "Phase 4, from Initial child protection conference: Children's services and School; "
        in said["alt phase"]
    )
    assert said["alt phase"].endswith(
        "coded as absent or not involved enough: GP, Landlord and Duty team."
    )
    assert said["alt network"].startswith(
        "Arcs between parties that stand in a line: 4 arcs for information that passed (from "
    )
    assert said["alt network"].endswith(
        "5 crossed arcs for who was missing, as the review says, and whom the coding puts at the"
        " other end (GP, insufficiently involved, with Children's services at the other end; GP,"
        " insufficiently involved, with School at the other end; Landlord, not involved, with"
        " Children's services at the other end; Landlord, not involved, with School at the other"
        " end; Duty team, not involved, with Children's services at the other end)."
    )
    assert (
        said["alt knowledge"]
        == "At “What conference is”: a matrix of 6 matters and 6 agencies. 4 of them had certainly"
        " reached at least one of Children's services and School, who decided. GP and Landlord"
        " were missing or too little involved, as the review says. Recorded with them and not"
        " with those who decided: “What noise is” (Landlord). They may have known more. Not"
        " recorded with any agency by then: “What fear is”."
    )
    enquiries = "“What enquiries is”: 1 certainly known; 1 possibly known; "
    assert enquiries in said["alt decisions"]


def test_who_was_missing_and_whom_only_the_coding_puts_at_the_other_end() -> None:
    tables = tables_of(
        agencies=[
            agency("cs", "Children's services", "5A"),
            agency("gp", "GP", "3A"),
            agency("police", "Police", "6"),
        ],
        events=[
            event("bruise", "bruising", "2018-03-01"),
            event("meeting", "icpc", "2018-04-01", summary="A conference"),
            event(
                "no-word",
                "notification",
                "2018-04",
                absence="did-not-happen",
                summary="No word is passed on",
            ),
            event(
                "alone", "action", "2018-05", absence="did-not-happen", summary="Nobody joins in"
            ),
        ],
        involvement=[
            part("cs", "meeting", "led"),
            part("gp", "meeting", "not-told", "did-not-happen"),
            part("police", "no-word", "responsible-absent"),
            part("gp", "no-word", "not-told", "did-not-happen"),
            part("gp", "alone", "not-involved", "did-not-happen"),
            part("police", "alone", "not-involved", "did-not-happen"),
        ],
    )
    assert words.tellings_in_words(tellings(tables, solved(tables)))[1:] == [
        (
            "At “A conference”, as the review says, GP was not told; the coding puts Children's"
            " services at the other end."
        ),
        (
            "Found missing, as the review says: “No word is passed on”; the coding has it from"
            " Police to GP."
        ),
        (
            "At “Nobody joins in”, as the review says, GP and Police were not involved; nobody is"
            " coded at the other end."
        ),
    ]


def test_nothing_coded_and_nothing_admissible_are_said() -> None:
    empty = tables_of()
    said = everything(empty, solved(empty))
    assert said["contact"] == said["tellings"] == said["knowledge"] == []
    assert all(said[name] for name in said if name.startswith("alt"))
    tables = worked()
    relation = {
        "id": "r",
        "type": "before",
        "from_event": "conference",
        "to_event": "bruise",
        "basis": "stated",
    }
    tables["relations"] = tables_of(relations=[relation])["relations"]
    said = everything(tables, solved(tables))
    refused = ["No chronology is admissible, so nothing can be said about when."]
    assert said["phases"] == said["tellings"] == refused
    assert said["knowledge"] == [
        "No chronology is admissible, so what was known when cannot be said."
    ]
    assert said["contact"][-1:] == refused
    assert said["alt knowledge"].endswith(said["knowledge"][0])


@pytest.mark.parametrize(
    "review", sorted(path.name for path in DATA.iterdir() if (path / "review.toml").is_file())
)
def test_words_of_a_real_review_blame_nobody_and_keep_what_is_open(review: str) -> None:
    tables = read_review(DATA / review)
    said = everything(
        tables, attempt(tables["events"], tables["relations"], locators=tables["locators"])
    )
    flat = " ".join(
        one for part in said.values() for one in ([part] if isinstance(part, str) else part)
    ).lower()
    for word in (
        "missed opportunity",
        "failure",
        "failed",
        "should have",
        "nan",
        "ought",
        "central",
        "probab",
    ):
        assert not re.search(rf"\b{word}", flat)
    assert "as recorded in this source" in flat


def test_hindsight_is_named() -> None:
    said = knowledge_words.hindsight_in_words()
    assert any("nobody had this view then" in sentence for sentence in said)
    assert any("told only to the review" in sentence for sentence in said)


def test_that_only_is_of_the_record_is_named() -> None:
    assert (
        "'Only' means as recorded in this source: that a matter is recorded with one agency and not"
        " with another does not say that the other lacked it."
        in knowledge_words.hindsight_in_words()
    )


@pytest.mark.parametrize("label", [OTHER, UNNAMED, NOBODY])
def test_where_a_matter_is_recorded_is_not_said_to_be_what_others_lacked(label: str) -> None:
    assert "recorded with" in label
    assert not re.search(r"\b(held|known|lacked)\b", label)
