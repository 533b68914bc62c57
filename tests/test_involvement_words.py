from __future__ import annotations

import re
from pathlib import Path

import pytest

from casechron.analysis.decisions import decisions
from casechron.analysis.involvement import agency_contact, involvement_by_event, involvement_by_phase, stated_absences
from casechron.analysis.knowledge import knowledge
from casechron.analysis.known_at_decisions import knowledge_at_a_decision, known_by_decision, reached
from casechron.analysis.phases import phase_of_events, phases
from casechron.analysis.telling import telling_network, tellings
from casechron.chronology import Chronology, attempt
from casechron.coding.reviews import read_review
from casechron.reporting import involvement_words as words
from casechron.reporting import knowledge_words
from involvement_cases import Tables, solved, tables_of, worked

DATA = Path(__file__).parents[1] / "data"


def everything(tables: Tables, chronology: Chronology) -> dict[str, list[str] | str]:
    points, cells, told = decisions(tables, chronology), knowledge(tables, chronology), tellings(tables, chronology)
    whole = reached(cells, points, tables)
    return {
        "contact": words.contact_in_words(agency_contact(tables, chronology)),
        "phases": words.phases_in_words(phases(tables, chronology), phase_of_events(tables, chronology)),
        "points": words.involvement_key_points(
            agency_contact(tables, chronology), stated_absences(tables, chronology), tellings(tables, chronology)
        ),
        "tellings": words.tellings_in_words(told),
        "knowledge": knowledge_words.knowledge_in_words(whole, points),
        "alt event": words.alt_involvement_by_event(involvement_by_event(tables, chronology)),
        "alt phase": words.alt_involvement_by_phase(involvement_by_phase(tables, chronology)),
        "alt network": words.alt_telling_network(telling_network(told, tables)),
        "alt knowledge": knowledge_words.alt_knowledge_at_a_decision(knowledge_at_a_decision(cells, points)),
        "alt decisions": knowledge_words.alt_known_by_decision(known_by_decision(whole, points)),
    }


def test_the_worked_review_in_words() -> None:
    tables = worked()
    said = everything(tables, solved(tables))
    assert said["contact"] == [
        "5 named agencies had a part, as recorded in this source: Children's services, Police, GP, School and Landlord.",
        "Duty team: named only where the review says that they were absent or not involved enough.",
        "Board: named only for what came after the events, or for the review itself.",
        "Unnamed agencies: what the source does not name stands apart; such a row can stand for any agency, those named among "
        "them.",
    ]
    assert said["tellings"] == [
        "4 tellings at the time, as recorded in this source.",
        "Certainly came by whatever decision was the next: “What referral is”.",
        "May or may not have come by the next decision, the dates leave it open: “What report is”.",
        "Came after the decision that was the next after what they tell of: “What letter is”.",
        "No decision that is certain to follow: “What calls is”.",
        "Told only afterwards, so no knowledge at the time: “What told-board is”.",
        "Missing, as the review says: GP and Children's services (insufficiently involved), “What conference is”.",
        "Missing, as the review says: GP and School (insufficiently involved), “What conference is”.",
        "Missing, as the review says: Landlord and Children's services (not involved), “What conference is”.",
        "Missing, as the review says: Landlord and School (not involved), “What conference is”.",
        "Missing, as the review says: Duty team and Children's services (not involved), “What no-duty is”.",
    ]
    assert said["knowledge"][2:3] + said["knowledge"][4:] == [
        "“What conference is” (on 1 June 2017): of 6 matters that had, or may have, come about by then, 4 certainly reached "
        "those "
        "who decided, 1 was only with another named agency and 1 recorded with none. Held elsewhere: “What noise is” "
        "(Landlord). Left out, as the review says: GP (insufficiently involved); Landlord (not involved); they held “What bruise "
        "is” and “What noise is”.",
        "“What fear is”: learned only afterwards by Board; that is no knowledge at the time.",
    ]
    assert said["phases"][0].startswith("3 turning points of certain order cut the account into 4 phases: up to Case closed, ")
    assert said["phases"][1:] == ["3 of 14 rows cannot be placed in any one phase: the source does not date them so closely."]


def test_alt_texts_of_the_worked_review() -> None:
    tables = worked()
    said = everything(tables, solved(tables))
    assert said["alt event"] == (
        "A matrix of 13 events and 8 agencies, 7 of them named, with a mark for each part. Most marks, as recorded in this "
        "source: Children's services, 6. 3 stated absences: GP at “What conference is”; Landlord at “What conference is”; "
        "Duty team at “What no-duty is”."
    )
    assert "Phase 4, from Initial child protection conference: Children's services and School; " in said["alt phase"]
    assert said["alt phase"].endswith("stated absent or insufficient: GP, Landlord and Duty team.")
    assert said["alt network"].startswith("Arcs between parties that stand in a line: 4 arcs for information that passed (from ")
    assert "Duty team and Children's services, not involved" in said["alt network"]
    assert "Landlord (left out): 1 certainly known, 0 possibly known." in said["alt knowledge"]
    assert said["alt knowledge"].endswith("Not known to any agency at the time: “What fear is”.")
    enquiries = "“What enquiries is”: 1 certainly reached those who decided; 2 possibly reached those who decided; "
    assert enquiries in said["alt decisions"]


def test_nothing_coded_and_nothing_admissible_are_said() -> None:
    empty = tables_of()
    said = everything(empty, solved(empty))
    assert said["contact"] == said["tellings"] == said["knowledge"] == []
    assert all(said[name] for name in said if name.startswith("alt"))
    tables = worked()
    relation = {"id": "r", "type": "before", "from_event": "conference", "to_event": "bruise", "basis": "stated"}
    tables["relations"] = tables_of(relations=[relation])["relations"]
    said = everything(tables, solved(tables))
    refused = ["No chronology is admissible, so nothing can be said about when."]
    assert said["phases"] == said["tellings"] == refused
    assert said["knowledge"] == ["No chronology is admissible, so what was known when cannot be said."]
    assert said["contact"][-1:] == refused
    assert said["alt knowledge"].endswith(said["knowledge"][0])


@pytest.mark.parametrize("review", sorted(path.name for path in DATA.iterdir() if (path / "review.toml").is_file()))
def test_words_of_a_real_review_blame_nobody_and_keep_what_is_open(review: str) -> None:
    tables = read_review(DATA / review)
    said = everything(tables, attempt(tables["events"], tables["relations"], locators=tables["locators"]))
    flat = " ".join(one for part in said.values() for one in ([part] if isinstance(part, str) else part)).lower()
    for word in ("missed opportunity", "failure", "failed", "should have", "nan", "ought", "central", "probab"):
        assert not re.search(rf"\b{word}", flat)
    assert "as recorded in this source" in flat


def test_hindsight_is_named() -> None:
    said = knowledge_words.hindsight_in_words()
    assert any("nobody had this view then" in sentence for sentence in said)
    assert any("told only to the review" in sentence for sentence in said)
