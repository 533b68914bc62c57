"""The dating policy: its defaults, what it refuses, and that parameters and prose say the same."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casechron.analysis.choices import policy_alternatives, with_reading
from casechron.coding.reviews import read_coded
from casechron.dates.policy import DatingPolicy, PolicyError
from text_tables import cells_of
from thoroughly import drawn, examples


@st.composite
def policies(draw: st.DrawFn) -> DatingPolicy:
    early = draw(st.integers(1, 26))
    mid = draw(st.integers(early + 1, 27))
    return DatingPolicy(
        early_to=early,
        mid_to=mid,
        late_from=draw(st.integers(early + 1, mid + 1)),
        end_from=draw(st.integers(early + 1, 28)),
        duration_slack=draw(st.sampled_from(["none", "half-unit"])),
        approximate_slack=draw(st.sampled_from(["none", "half-unit", "one-unit"])),
        winter=draw(st.sampled_from(["starts", "ends"])),
        working_day_one=draw(st.sampled_from(["day after", "start day"])),
        readings=tuple(draw(st.lists(st.from_regex(r"\A[a-z0-9-]{1,6}\Z"), max_size=3))),
    )


def test_the_defaults_are_those_that_the_method_argues_for() -> None:
    policy = DatingPolicy()
    assert [getattr(policy, field.name) for field in fields(policy)] == [
        10,
        20,
        21,
        21,
        "half-unit",
        "one-unit",
        "starts",
        "day after",
        (),
    ]


def test_it_is_frozen_and_hashable_and_its_readings_are_sorted_and_single() -> None:
    policy = DatingPolicy(readings=("b", "a", "b"))
    assert policy.readings == ("a", "b")
    assert hash(policy) == hash(DatingPolicy(readings=("a", "b")))
    with pytest.raises(FrozenInstanceError):
        policy.early_to = 3


@given(policies())
@settings(max_examples=examples(60), deadline=None)
def test_parameters_read_back_to_the_same_policy(policy: DatingPolicy) -> None:
    parameters = policy.as_parameters()
    assert DatingPolicy.from_parameters(parameters) == policy
    as_a_command_line_says_them = {
        name: ",".join(value) if isinstance(value, list) else str(value)
        for name, value in parameters.items()
    }
    assert DatingPolicy.from_parameters(as_a_command_line_says_them) == policy
    default = DatingPolicy()
    assert set(parameters) == {
        f.name for f in fields(policy) if getattr(policy, f.name) != getattr(default, f.name)
    }


@given(policies(), policies())
@settings(max_examples=examples(60), deadline=None)
def test_policies_that_differ_are_described_differently(
    first: DatingPolicy, second: DatingPolicy
) -> None:
    described = first.describe()
    assert [name for name, _, _ in described] == [field.name for field in fields(first)]
    assert all(value and meaning for _, value, meaning in described)
    assert (described == second.describe()) == (first == second)


@pytest.mark.parametrize(
    "name", ["duration_slack", "approximate_slack", "winter", "working_day_one"]
)
def test_each_choice_changes_the_words_that_are_printed(name: str) -> None:
    allowed = {
        "duration_slack": ["none", "half-unit"],
        "approximate_slack": ["none", "half-unit", "one-unit"],
        "winter": ["starts", "ends"],
        "working_day_one": ["day after", "start day"],
    }[name]
    meanings = []
    for value in allowed:
        printed = {
            field: (shown, meaning)
            for field, shown, meaning in replace(DatingPolicy(), **{name: value}).describe()
        }
        assert printed[name][0] == value
        meanings.append(printed[name][1])
    assert len(set(meanings)) == len(allowed)


def test_nothing_and_none_are_the_default() -> None:
    assert DatingPolicy.from_parameters({}) == DatingPolicy()


def test_every_breach_is_named_at_once() -> None:
    with pytest.raises(PolicyError) as caught:
        DatingPolicy.from_parameters(
            {
                "early_to": 30,
                "mid_to": "x",
                "winter": "cold",
                "slack": 1,
                "readings": 4,
                "working_day_one": True,
            }
        )
    assert str(caught.value).splitlines() == [
        (
            "slack is no part of a dating policy; write one of: early_to, mid_to, late_from,"
            " end_from, duration_slack, approximate_slack, winter, working_day_one, readings"
        ),
        "early_to is 30; it is a day of the month from 1 to 26, before mid_to",
        "mid_to is 'x'; it is a day of the month after early_to and before 28",
        "winter is 'cold'; write one of: starts, ends",
        "working_day_one is True; write one of: day after, start day",
        "readings is 4; it is a list of ids of readings, for example ['r1', 'r2']",
    ]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (
            {"early_to": True},
            "early_to is True; it is a day of the month from 1 to 26, before mid_to",
        ),
        (
            {"early_to": 10.0},
            "early_to is 10.0; it is a day of the month from 1 to 26, before mid_to",
        ),
        (
            {"mid_to": 10},
            "mid_to is 10; it is a day of the month after early_to (10) and before 28",
        ),
        (
            {"early_to": "²"},
            "early_to is '²'; it is a day of the month from 1 to 26, before mid_to",
        ),
        (
            {"early_to": 27},
            "early_to is 27; it is a day of the month from 1 to 26, before mid_to",
        ),
        (
            {"early_to": 25, "late_from": 20, "end_from": 26},
            (
                "mid_to is 20; it is a day of the month after early_to (25) and before 28\n"
                "late_from is 20; it is a day of the month after early_to (25) and no later than"
                " the day after mid_to, so that no day is left out"
            ),
        ),
        (
            {"late_from": 22},
            (
                "late_from is 22; it is a day of the month after early_to (10) and no later than"
                " the day after mid_to (20), so that no day is left out"
            ),
        ),
        (
            {"end_from": 29},
            "end_from is 29; it is a day of the month after early_to (10) and up to 28",
        ),
        (
            {"readings": [""]},
            "readings is ('',); it is a list of ids of readings, for example ['r1', 'r2']",
        ),
        (
            {"duration_slack": None},
            "duration_slack is None; write one of: none, half-unit, one-unit",
        ),
    ],
)
def test_a_breach_says_what_is_allowed(parameters: dict[str, object], message: str) -> None:
    with pytest.raises(PolicyError) as caught:
        DatingPolicy.from_parameters(parameters)
    assert str(caught.value) == message


def test_what_is_no_mapping_is_refused() -> None:
    with pytest.raises(PolicyError) as caught:
        DatingPolicy.from_parameters(["winter"])
    assert (
        str(caught.value)
        == "a dating policy is read from a mapping of field to value, not from ['winter']; "
        "write for example {'duration_slack': 'none'}"
    )


# ---------------------------------------------------------------- alternatives to a policy


DATA = Path(__file__).parents[1] / "data"
REVIEWS = sorted(folder.name for folder in DATA.iterdir() if (folder / "review.toml").is_file())
#: Reviews with another reading of their sources.
READ_OTHERWISE = [name for name in REVIEWS if (DATA / name / "readings.csv").is_file()]
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


def differing(first: DatingPolicy, second: DatingPolicy) -> list[str]:
    return [
        field.name
        for field in fields(first)
        if getattr(first, field.name) != getattr(second, field.name)
    ]


def test_each_alternative_differs_in_the_one_thing_that_it_names() -> None:
    alternatives = policy_alternatives(DatingPolicy(), TABLES)
    assert [trial.name for trial in alternatives] == cells_of("""
        early_to = 15 | mid_to = 25 | late_from = 16 | end_from = 25 | duration_slack = none
        duration_slack = one-unit | approximate_slack = none | approximate_slack = half-unit
        winter = ends | working_day_one = start day | reading: a | reading: b | reading: c
    """)
    assert [trial.meaning for trial in alternatives[-3:]] == ["why a", "why b", "why c"]
    for name, policy, *_ in alternatives:
        (field,) = differing(DatingPolicy(), policy)
        expected = (
            f"reading: {policy.readings[0]}"
            if field == "readings"
            else f"{field} = {getattr(policy, field)}"
        )
        assert name == expected


def test_every_field_has_an_alternative() -> None:
    tried = {
        differing(DatingPolicy(), trial.policy)[0]
        for trial in policy_alternatives(DatingPolicy(), TABLES)
    }
    assert tried == {field.name for field in fields(DatingPolicy)}


def test_alternatives_go_out_from_the_policy_given() -> None:
    base = DatingPolicy(duration_slack="none", readings=("c",))
    tried = {trial.name: trial.policy for trial in policy_alternatives(base, TABLES)}
    assert tried["duration_slack = half-unit"] == DatingPolicy(readings=("c",))
    assert tried["reading: b"].readings == ("b", "c")
    assert "reading: c" not in tried


def test_a_reading_of_a_cell_that_is_already_read_otherwise_is_no_alternative() -> None:
    names = [trial.name for trial in policy_alternatives(DatingPolicy(readings=("a",)), TABLES)]
    assert [name for name in names if name.startswith("reading")] == ["reading: c"]


def test_days_that_cannot_stand_together_are_left_out() -> None:
    names = [trial.name for trial in policy_alternatives(DatingPolicy(early_to=18, late_from=19))]
    assert "early_to = 15" in names
    assert "late_from = 16" not in names


def test_a_reading_changes_its_cells_and_nothing_else() -> None:
    under = with_reading(TABLES, "a")
    expected = pd.DataFrame(
        {"id": ["plan", "visit"], "date": ["2014", "2015"], "kind": ["x", "visit"]}, dtype="str"
    )
    pd.testing.assert_frame_equal(under["events"], expected)
    pd.testing.assert_frame_equal(under["readings"], READINGS)
    assert TABLES["events"]["date"].tolist() == ["2013", ""]


@pytest.mark.parametrize("review", drawn(READ_OTHERWISE, 3))
def test_tables_with_a_reading_are_those_that_are_read_with_it(review: str) -> None:
    policy = DatingPolicy()
    tables = read_coded(DATA / review, policy).tables
    read_otherwise = [way for way in policy_alternatives(policy, tables) if way.reading]
    assert read_otherwise
    # Reading anew takes its time, so every fourth.
    for trial in read_otherwise[::4]:
        again = read_coded(DATA / review, trial.policy).tables
        for name, table in with_reading(tables, trial.reading).items():
            pd.testing.assert_frame_equal(table, again[name])
