"""Does a sentence keep the names of its tables wherever a string would be copied, and is it a
string like any other?"""

from __future__ import annotations

import copy
import json
import pickle

import pytest

from casechron.reporting.said import Said, all_said, said


def test_a_said_sentence_is_a_string() -> None:
    one = said("The gap is 3 to 9 days.", "gaps", "decisions", "gaps")
    assert one == "The gap is 3 to 9 days."
    assert hash(one) == hash("The gap is 3 to 9 days.")
    assert one.tables == ("gaps", "decisions")
    assert json.dumps([one]) == '["The gap is 3 to 9 days."]'
    assert said("Nothing is coded.").tables == ()


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))]
)
def test_copies_keep_their_tables(copied) -> None:
    made = copied(said("Three days.", "gaps"))
    assert type(made) is Said
    assert (made, made.tables) == ("Three days.", ("gaps",))


def test_what_is_made_from_it_names_no_table() -> None:
    for made in (
        said("Three days.", "gaps").upper(),
        said("Three", "gaps") + " days",
        said("Three", "gaps")[:2],
    ):
        assert type(made) is str


def test_a_sentence_that_names_its_own_tables_keeps_them() -> None:
    made = all_said(iter([said("A", "own"), "B"]), "gaps", "bounds")
    assert [(one, one.tables) for one in made] == [("A", ("own",)), ("B", ("gaps", "bounds"))]
