from __future__ import annotations

import random
from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from a_timed_review import EVENTS, nothing, review
from casechron.analysis import combinations as combined_module
from casechron.analysis import robustness, run_up
from casechron.analysis.choices import judged_relations
from casechron.analysis.combinations import (
    ALLEGED,
    CONVENTION,
    JUDGED,
    Combinations,
    combinations,
    lean,
    without,
)
from casechron.analysis.concerns import alleged_events
from casechron.analysis.conclusions import _days_words, value_at
from casechron.analysis.policies import tables_under
from casechron.analysis.timescales import timescale_checks
from casechron.chronology import Chronology, attempt, feasible_region
from casechron.chronology.network import OPEN, closed
from casechron.coding.policy import DatingPolicy
from casechron.coding.reviews import read_review

DATA = Path(__file__).parents[1] / "data"
W, A = "child-w-manchester-2020", "child-a-haringey-2008"
READINGS = [
    {
        "reading": "later",
        "row": "conference",
        "column": "date",
        "value": "late 2018-06",
        "source": "s",
        "reason": "r",
    }
]


def under(
    tables: dict[str, pd.DataFrame], found: Combinations, index: tuple[int, ...]
) -> tuple[dict[str, pd.DataFrame], DatingPolicy, Chronology]:
    """The tables, the policy and the chronology of one combination, read anew from the start."""
    options = [choice.options[at] for choice, at in zip(found.choices, index, strict=True) if at]
    fields = dict(option.split(" = ") for option in options if " = " in option)
    readings = tuple(
        option.removeprefix("reading: ") for option in options if option.startswith("reading: ")
    )
    policy = replace(DatingPolicy.from_parameters(fields), readings=readings)
    read = tables_under(tables, DatingPolicy(), policy)
    if any(option.startswith(ALLEGED) for option in options):
        read = without(read, alleged_events(tables))
    chronology = attempt(read["events"], read["relations"], policy)
    if any(option.startswith(JUDGED) for option in options):
        chronology = chronology.without(judged_relations(tables))
    return read, policy, chronology


def value(array: np.ndarray, index: tuple[int, ...]) -> int | None:
    return closed(
        array[tuple(at if size > 1 else 0 for at, size in zip(index, array.shape, strict=True))]
    )


def agree(
    tables: dict[str, pd.DataFrame],
    found: Combinations,
    indices: list[tuple[int, ...]],
    pairs: list[tuple[str, str]],
) -> None:
    """Every gap and whether anything holds, as the engine itself finds them for the combination
    alone."""
    for index in indices:
        _, _, chronology = under(tables, found, index)
        assert bool(value(found.admissible, index)) == chronology.admissible, index
        if not chronology.admissible:
            continue
        for one, other in pairs:
            if one not in chronology.events or other not in chronology.events:
                continue
            region = feasible_region(chronology, one, other)
            least, most = found.days(one, other)
            assert (value(least, index), value(most, index)) == (region.gap_lo, region.gap_hi), (
                index,
                one,
                other,
            )
            assert tuple(value(array, index) for array in found.window(one)) == (
                region.from_lo,
                region.from_hi,
            ), (index, one)


def every_index(found: Combinations) -> list[tuple[int, ...]]:
    return list(product(*(range(len(choice.options)) for choice in found.choices)))


@cache
def real(name: str) -> tuple[dict[str, pd.DataFrame], robustness.Every]:
    tables = read_review(DATA / name)
    return tables, robustness.every_combination(tables, DatingPolicy(), "England")


def test_every_combination_of_a_small_review_is_what_the_engine_finds() -> None:
    tables = review(readings=READINGS)
    found = combinations(tables, DatingPolicy())
    indices = every_index(found)
    # 'late' moves the admission; 'late' also stands in the reading of the conference; an alleged
    # incident can go.
    assert [choice.name for choice in found.choices] == [
        "late_from",
        CONVENTION,
        "reading: later",
        ALLEGED,
    ]
    assert len(indices) == 16
    agree(
        tables,
        found,
        indices,
        [
            ("strategy", "conference"),
            ("conference", "admission"),
            ("incident", "notification"),
            ("plan", "admission"),
        ],
    )


def test_a_real_review_is_what_the_engine_finds_in_a_sample() -> None:
    tables, every = real(W)
    pick = random.Random(4)
    picked = [
        tuple(pick.randrange(len(choice.options)) for choice in every.combined.choices)
        for _ in range(30)
    ]
    pairs = [
        ("section-47", "icpc"),
        ("plan", "admission-w"),
        ("referral-2017-09", "closure-2017-10"),
        ("notification-july", "incident-august"),
        ("harm-w", "admission-w"),
    ]
    agree(tables, every.combined, picked, pairs)


def test_verdicts_are_those_of_the_checks_under_each_combination() -> None:
    tables = review(readings=READINGS)
    every = robustness.every_combination(tables, DatingPolicy(), "England")
    own = [one for one in every.conclusions if one.about == "timescale"]
    for index in every_index(every.combined):
        read, _, chronology = under(tables, every.combined, index)
        checks = timescale_checks(read, chronology, "England")
        said = {
            (row.title, row.start or "not on record", row.end or "nothing on record"): row.verdict
            for row in checks.itertuples(index=False)
        }
        for one in own:
            title, _, rest = one.text.partition(" (")
            start, _, end = rest.partition(")")[0].partition(" to ")
            assert one.said(index) == said[title, start, end], (index, one.text)


def test_counts_and_first_steps_are_those_of_their_tables_under_each_combination() -> None:
    tables, every = real(W)
    pick = random.Random(6)
    choices = every.combined.choices
    structural = [axis for axis, choice in enumerate(choices) if choice.structural]
    # Each structural option alone, and picks of everything.
    picked = [tuple(int(axis == own) for axis in range(len(choices))) for own in structural]
    picked += [tuple(pick.randrange(len(choice.options)) for choice in choices) for _ in range(12)]
    differs = 0
    for index in picked:
        read, _, chronology = under(tables, every.combined, index)
        if not chronology.admissible:
            continue
        counts = run_up.concerns_before_decisions(read, chronology).set_index("decision")[
            "concerns_min"
        ]
        for one in [one for one in every.conclusions if one.about == "concerns on record"]:
            if one.name in counts.index:
                assert one.said(index) == f"at least {counts[one.name]}", (index, one.name)
                differs += not value_at(one.holds, index)
        first = run_up.first_concern_to_first_step(read, chronology, "England")
        said = {
            one.name.partition(" to ")[0]: one.said(index)
            for one in every.conclusions
            if "first step" in one.about
        }
        least = [-OPEN if days is pd.NA else int(days) for days in first["days_min"]]
        most = [OPEN if days is pd.NA else int(days) for days in first["days_max"]]
        words = [_days_words(*days) for days in zip(least, most, strict=True)]
        assert [said["first concern"], said["first concern passed on"]] == words, index
    assert differs


def test_conclusions_and_what_flips_them() -> None:
    table = robustness.robust_conclusions(
        robustness.every_combination(review(readings=READINGS), DatingPolicy(), "England")
    )
    rows = table.set_index("conclusion")
    # 'late June' read from the 16th admits 12 to 20 working days, read from the 21st 14 to 20:
    # undetermined all the same.
    icpc = rows.loc["Initial child protection conference (strategy to conference): undetermined"]
    assert (icpc["hold_under"], icpc["changes"], icpc["flipped_by"]) == ("all", 0, "")
    step = rows.loc["conference to admission: 57 to 72 days"]
    # From 25 June to 21 August is 57 days; from the 16th on, or with a conference as late as the
    # 30th, less.
    assert (step["combinations"], step["holds"], step["hold_under"]) == (4, 1, "some")
    assert (step["flipped_by"], step["under_all"]) == (
        "late_from = 16; reading: later",
        "47 to 76 days",
    )
    assert (
        rows.loc["referral to assessment: 14 days", "combinations"],
        rows.loc["referral to assessment: 14 days", "hold_under"],
    ) == (1, "all")


def test_a_conclusion_that_only_two_choices_together_flip_names_them_together() -> None:
    events = [
        {"id": "a", "date": "2018-06-01", "kind": "strategy-discussion"},
        {"id": "b", "date": "2018-06-20", "kind": "icpc"},
    ]
    readings = [
        {
            "reading": "start",
            "row": "a",
            "column": "date",
            "value": "2018-05-31",
            "source": "s",
            "reason": "r",
        },
        {
            "reading": "end",
            "row": "b",
            "column": "date",
            "value": "2018-06-21",
            "source": "s",
            "reason": "r",
        },
    ]
    tables = review(
        events=events, relations=[], links=[], participation=[], involvement=[], readings=readings
    )
    table = robustness.robust_conclusions(
        robustness.every_combination(tables, DatingPolicy(), "England")
    )
    row = table.iloc[0]
    # 13 working days; one more for each reading, one more for the convention: 16 only with all
    # three.
    assert (row["combinations"], row["holds"], row["changes"], row["hold_under"]) == (
        8,
        7,
        1,
        "most",
    )
    assert row["flipped_by"] == "working_day_one = start day with reading: start with reading: end"
    assert row["under_all"] == "met; not met"


def test_a_combination_without_a_chronology_counts_as_that_and_never_as_a_change() -> None:
    _, every = real(W)
    table = robustness.robust_conclusions(every)
    assert (table["no_admissible_chronology"] > 0).all()
    assert (
        table["holds"] + table["changes"] + table["no_admissible_chronology"]
        == table["combinations"]
    ).all()
    choices = robustness.choices_combined(every).set_index("option")
    assert choices.loc["duration_slack = none", "alone"] == "no admissible chronology"
    assert choices.loc["winter = ends", "treatment"] == "folded: changes no statement"
    assert choices.loc["reading: plea-in-june", "treatment"].startswith("combined")
    alone = robustness.conclusions_by_choice(every)
    none = alone.loc[alone["choice"] == "duration_slack = none"]
    assert set(none["outcome"]) == {"no admissible chronology"}
    assert set(none["said"]) == {""}


def test_where_the_text_contradicts_itself_under_the_policy_given_nothing_holds() -> None:
    clash = [{"id": "r", "type": "before", "from_event": "admission", "to_event": "referral"}]
    every = robustness.every_combination(review(relations=clash), DatingPolicy(), "England")
    table = robustness.robust_conclusions(every)
    assert set(table["hold_under"]) <= {"none"}
    assert set(robustness.conclusions_by_choice(every)["outcome"]) <= {"no admissible chronology"}


def test_under_a_policy_that_admits_no_chronology_no_number_is_concluded_and_others_are_not_called_changes_of_one() -> (  # noqa: E501
    None
):
    policy = DatingPolicy(duration_slack="none")
    tables = read_review(DATA / W, policy)
    every = robustness.every_combination(tables, policy, "England")
    table = robustness.robust_conclusions(every)
    # Other options have a chronology, and what is said under them stands beside; as given nothing
    # is said.
    assert len(table) > 20
    assert all(text.endswith("no admissible chronology") for text in table["conclusion"])
    assert set(table["hold_under"]) == {"none"}
    assert set(table["holds"]) == {0}
    by_choice = robustness.conclusions_by_choice(every)
    given = by_choice.loc[by_choice["choice"] == "as given"]
    assert set(given["outcome"]) == {"no admissible chronology"}
    said = by_choice.loc[by_choice["choice"] == "duration_slack = half-unit"].set_index(
        "conclusion"
    )["said"]
    assert said["plan to admission-w: no admissible chronology"] == "46 to 57 days"


def test_the_matrix_and_the_table_agree() -> None:
    for name in (W, A):
        _, every = real(name)
        table = robustness.robust_conclusions(every).set_index("conclusion")
        matrix = robustness.conclusions_by_choice(every)
        assert len(matrix) == matrix["conclusion"].nunique() * matrix["choice"].nunique()
        assert set(matrix.loc[matrix["choice"] == "as given", "outcome"]) == {"holds"}
        alone = every.without.combined.choices[0].options[1:]
        assert [order for order in matrix["choice"].unique() if order in alone] == list(alone)
        changes = matrix.loc[matrix["outcome"] == "changes"]
        for conclusion, rows in changes.loc[~changes["choice"].isin(alone)].groupby("conclusion"):
            assert table.loc[conclusion, "flipped_by"].split("; ") == rows["choice"].tolist()
        for conclusion, rows in changes.loc[changes["choice"].isin(alone)].groupby("conclusion"):
            assert (
                table.loc[conclusion, "leans_on"].split("; ")
                == rows["choice"].str.removesuffix(" left out").tolist()
            )
        assert (table["leans_on"] != "none").sum() == changes.loc[
            changes["choice"].isin(alone), "conclusion"
        ].nunique()


def test_child_w_and_child_a() -> None:
    w, a = (robustness.robust_conclusions(real(name)[1]).set_index("conclusion") for name in (W, A))
    assert (
        w.loc[
            "Initial child protection conference (not on record to icpc): undetermined",
            "hold_under",
        ]
        == "all"
    )
    assert (
        w.loc["First review conference (icpc to nothing on record): not applicable", "hold_under"]
        == "all"
    )
    assert w.loc["plan to admission-w: 46 to 57 days", "flipped_by"] == "late_from = 16"
    assert (
        a.loc[
            "Initial child protection conference (strategy-meeting to conference): met",
            "hold_under",
        ]
        == "all"
    )
    assert (
        a.loc["referral-december to arrest-first: 8 days", "flipped_by"]
        == "reading: first-arrest-11-december"
    )


def test_readings_of_one_row_exclude_each_other() -> None:
    readings = [*READINGS, {**READINGS[0], "reading": "other", "value": "2018-06-28"}]
    found = combinations(review(readings=readings), DatingPolicy())
    own = next(choice for choice in found.choices if choice.name == "reading: later")
    assert own.options == ("as given", "reading: later", "reading: other")


def test_too_many_choices_are_held_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(combined_module, "MOST", 2)
    found = combinations(review(readings=READINGS), DatingPolicy())
    assert found.held == ("reading: later",)
    assert "reading: later" not in [choice.name for choice in found.choices]


def test_leaving_events_out_takes_their_rows_along() -> None:
    left = without(review(), ["incident"])
    assert "incident" not in set(left["events"]["id"])
    assert "r-incident" not in set(left["relations"]["id"])
    assert "l-tells" not in set(left["links"]["id"])
    assert len(left["participation"]) == 1


def test_lean_keeps_the_values() -> None:
    array = np.arange(4).reshape(2, 1, 2) % 2
    assert lean(array).shape == (1, 1, 2)
    assert (np.broadcast_to(lean(array), array.shape) == array).all()


def test_empty_and_undated_reviews() -> None:
    every = robustness.every_combination(nothing(), DatingPolicy(), "England")
    assert robustness.robust_conclusions(every).empty
    assert robustness.conclusions_by_choice(every).empty
    undated = review(events=[{**row, "date": ""} for row in EVENTS], relations=[])
    table = robustness.robust_conclusions(
        robustness.every_combination(undated, DatingPolicy(), "England")
    )
    assert set(table["about"]) <= {"timescale", "concerns on record"}


def test_a_policy_that_is_not_the_default_is_where_combinations_start() -> None:
    every = robustness.every_combination(review(), DatingPolicy(late_from=16), "England")
    late = next(choice for choice in every.combined.choices if choice.name == "late_from")
    assert late.options == ("as given", "late_from = 21")
    table = robustness.robust_conclusions(every).set_index("conclusion")
    # The wider window is the one given, so the narrower one stays within it; a later conference
    # does not.
    assert table.loc["conference to admission: 52 to 72 days", "flipped_by"] == "reading: later"
