from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest

from casechron.analysis.choices import policy_alternatives, tables_under
from casechron.coding.reviews import read_coded
from casechron.dates.policy import DatingPolicy, PolicyError
from thoroughly import drawn

DATA = Path(__file__).parents[1] / "data"
REVIEWS = sorted(folder.name for folder in DATA.iterdir() if (folder / "review.toml").is_file())
READINGS = pd.DataFrame(
    {
        "reading": ["a", "a", "b", "c"],
        "row": ["plan", "visit", "plan", "visit"],
        "column": ["date", "date", "date", "kind"],
        "value": ["2014", "2015", "2016", "contact"],
        "reason": ["why a", "why a", "why b", "why c"],
    },
    dtype="str",
)
TABLES = {
    "events": pd.DataFrame(
        {"id": ["plan", "visit"], "date": ["2013", ""], "kind": ["x", "visit"]}, dtype="str"
    ),
    "locators": pd.DataFrame({"row": ["plan"]}, dtype="str"),
    "readings": READINGS,
}


def differing(one: DatingPolicy, other: DatingPolicy) -> list[str]:
    return [
        field.name
        for field in fields(one)
        if getattr(one, field.name) != getattr(other, field.name)
    ]


def test_each_alternative_differs_in_the_one_thing_that_it_names() -> None:
    found = policy_alternatives(DatingPolicy(), TABLES)
    assert [one.name for one in found] == [
        "early_to = 15",
        "mid_to = 25",
        "late_from = 16",
        "end_from = 25",
        "duration_slack = none",
        "duration_slack = one-unit",
        "approximate_slack = none",
        "approximate_slack = half-unit",
        "winter = ends",
        "working_day_one = start day",
        "reading: a",
        "reading: b",
        "reading: c",
    ]
    assert [one.meaning for one in found[-3:]] == ["why a", "why b", "why c"]
    for name, policy, *_ in found:
        (field,) = differing(DatingPolicy(), policy)
        said = (
            f"reading: {policy.readings[0]}"
            if field == "readings"
            else f"{field} = {getattr(policy, field)}"
        )
        assert name == said


def test_every_field_has_an_alternative() -> None:
    tried = {
        differing(DatingPolicy(), one.policy)[0]
        for one in policy_alternatives(DatingPolicy(), TABLES)
    }
    assert tried == {field.name for field in fields(DatingPolicy)}


def test_alternatives_go_out_from_the_policy_given() -> None:
    base = DatingPolicy(duration_slack="none", readings=("c",))
    found = {one.name: one.policy for one in policy_alternatives(base, TABLES)}
    assert found["duration_slack = half-unit"] == DatingPolicy(readings=("c",))
    assert found["reading: b"].readings == ("b", "c")
    assert "reading: c" not in found


def test_a_reading_of_a_cell_that_is_already_read_otherwise_is_no_alternative() -> None:
    names = [one.name for one in policy_alternatives(DatingPolicy(readings=("a",)), TABLES)]
    assert [name for name in names if name.startswith("reading")] == ["reading: c"]


def test_days_that_cannot_stand_together_are_left_out() -> None:
    names = [one.name for one in policy_alternatives(DatingPolicy(early_to=18, late_from=19))]
    assert "early_to = 15" in names
    assert "late_from = 16" not in names


def test_a_reading_changes_its_cells_and_nothing_else() -> None:
    under = tables_under(TABLES, DatingPolicy(), DatingPolicy(readings=("a",)))
    expected = pd.DataFrame(
        {"id": ["plan", "visit"], "date": ["2014", "2015"], "kind": ["x", "visit"]}, dtype="str"
    )
    pd.testing.assert_frame_equal(under["events"], expected)
    pd.testing.assert_frame_equal(under["readings"], READINGS)
    assert TABLES["events"]["date"].tolist() == ["2013", ""]


def test_what_cannot_be_read_is_said_at_once() -> None:
    with pytest.raises(PolicyError) as refusal:
        tables_under(TABLES, DatingPolicy(readings=("a",)), DatingPolicy(readings=("z",)))
    assert (
        str(refusal.value)
        == "the reading 'a' is already in the tables and cannot be taken back; read them anew"
        " without it\nthere is no reading 'z'; the readings are: a, b, c"
    )


@pytest.mark.parametrize("review", drawn(REVIEWS, 3))
def test_tables_under_a_reading_are_those_that_are_read_with_it(review: str) -> None:
    policy = DatingPolicy()
    tables = read_coded(DATA / review, policy).tables
    read_otherwise = [one.policy for one in policy_alternatives(policy, tables) if one.reading]
    assert read_otherwise
    # Reading anew takes its time, so every fourth.
    for alternative in read_otherwise[::4]:
        again = read_coded(DATA / review, alternative).tables
        for name, table in tables_under(tables, policy, alternative).items():
            pd.testing.assert_frame_equal(table, again[name])
