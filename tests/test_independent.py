"""The chronology beside a solver that shares no code with the package; and each comparison, seen to
fail by an error that is planted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from itertools import pairwise, product
from typing import Any

import holidays
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

import brute_force
from brute_force import coded, solutions
from casechron.analysis import intervals
from casechron.chronology import (
    Chronology,
    bounds_table,
    constraints,
    gaps_table,
    order_table,
    solve,
)
from casechron.chronology.calendars import WorkingCalendar, working_calendar
from casechron.chronology.pairs import Pairs, differences
from casechron.coding.reviews import frames_with
from casechron.dates.policy import DatingPolicy
from independent import Days, admitted_days, together, working_day
from real_reviews import real_tables
from simulation.reviews import simulate
from text_tables import cells_of
from thoroughly import examples

W, A = "child-w-manchester-2020", "child-a-haringey-2008"
SIMULATED = [f"simulated-{number:02d}" for number in range(1, 21)]
NAMES = ("earliest", "start_latest", "end_earliest", "latest")


@cache
def tables_of(name: str) -> dict[str, pd.DataFrame]:
    if name.startswith("simulated-"):
        return frames_with(simulate(16, int(name[-2:]), events=24).tables)
    return real_tables(name)


@cache
def days_of(name: str, policy: DatingPolicy) -> Days:
    return Days(tables_of(name), policy)


def solved(name: str, policy: DatingPolicy) -> Chronology:
    return solve(tables_of(name)["events"], tables_of(name)["relations"], policy)


def wrong_bounds(name: str, policy: DatingPolicy) -> list[str]:
    """Where the package's bounds are not the solver's."""
    days, table = days_of(name, policy), bounds_table(solved(name, policy)).set_index("event")
    assert set(table["status"]) <= {"admissible", "protected: as published", "absence: as stated"}
    found = []
    for event, sides in days.bounds.items():
        wanted = [day if abs(day) < np.inf else None for side in sides for day in side]
        told = [None if pd.isna(day) else day.toordinal() for day in table.loc[event, list(NAMES)]]
        if event in days.births | days.absent:  # as stated, which only their hull is read of here
            told, wanted = told[::3], wanted[::3]
        found += [f"{event}: {told}, not {wanted}"] if told != wanted else []
    return found


def wrong_gaps(name: str, policy: DatingPolicy) -> list[str]:
    days = days_of(name, policy)
    found = []
    for row in gaps_table(solved(name, policy)).itertuples():
        told = tuple(None if pd.isna(one) else int(one) for one in (row.days_min, row.days_max))
        gap = days.gap((row.from_event, "start"), (row.to_event, "start"))
        wanted = tuple(int(one) if abs(one) < np.inf else None for one in gap)
        found += [f"{row.from_event}, {row.to_event}: {told}, not {wanted}"] * (told != wanted)
    return found


def wrong_orders(name: str, policy: DatingPolicy) -> list[str]:
    days = days_of(name, policy)
    return [
        f"{row.from_event}, {row.to_event}: {row.order}, not {wanted}"
        for row in order_table(solved(name, policy)).itertuples()
        if row.order != (wanted := days.order(row.from_event, row.to_event))
    ]


#: Pairs of Child W whose days are bounded on all sides, one of them with a bank holiday between.
CLOCKS = [("incident-august", "icpc"), ("section-47", "icpc"), ("incident-october", "admission-w")]


def wrong_working_days(name: str, policy: DatingPolicy) -> list[str]:
    off = set(holidays.country_holidays("GB", subdiv="ENG", years=(2018,)))
    found_days = solved(name, policy)
    told = intervals.interval_table(found_days, CLOCKS, working_calendar("England"))
    found = []
    for pair, row in zip(CLOCKS, told.itertuples(), strict=True):
        counts = {
            working_day(one, other, off, policy.working_day_one)
            for one, other in together(days_of(name, policy), pair)
            if other >= one
        }
        wanted = (min(counts), max(counts))
        if (row.working_days_min, row.working_days_max) != wanted:
            found.append(f"{pair}: {row.working_days_min}, {row.working_days_max}, not {wanted}")
    return found


@pytest.mark.parametrize("name", [W, A, *SIMULATED])
def test_bounds_are_those_of_the_solver(name: str) -> None:
    assert wrong_bounds(name, DatingPolicy()) == []


@pytest.mark.parametrize(
    "policy",
    [
        DatingPolicy(duration_slack="one-unit"),
        DatingPolicy(approximate_slack="half-unit", late_from=16, end_from=25, winter="ends"),
    ],
)
def test_bounds_under_another_policy_are_those_of_the_solver(policy: DatingPolicy) -> None:
    assert wrong_bounds(W, policy) == []


def test_without_slack_no_days_fit_child_w() -> None:
    policy = DatingPolicy(duration_slack="none")
    assert days_of(W, policy).assignments == []
    assert not solved(W, policy).admissible


def test_gaps_and_orders_of_all_pairs_of_child_w_are_those_of_the_solver() -> None:
    assert wrong_gaps(W, DatingPolicy()) == []
    assert wrong_orders(W, DatingPolicy()) == []


@pytest.mark.parametrize("name", [A, *SIMULATED[:4]])
def test_gaps_and_orders_of_others_are_those_of_the_solver(name: str) -> None:
    assert wrong_gaps(name, DatingPolicy()) == []
    assert wrong_orders(name, DatingPolicy()) == []


@pytest.mark.parametrize("day_one", ["day after", "start day"])
def test_working_days_are_those_that_are_counted_one_by_one(day_one: str) -> None:
    assert wrong_working_days(W, DatingPolicy(working_day_one=day_one)) == []


# Each comparison fails by an error that is planted in the package.


def the_same_day_is_admitted(patch: pytest.MonkeyPatch) -> None:
    """'Before' as if it were 'not after'."""
    said = constraints._differences
    patch.setattr(
        constraints,
        "_differences",
        lambda tie, policy, since: [
            (a, b, 0 if tie.type == "before" else least, most)
            for a, b, least, most in said(tie, policy, since)
        ],
    )


def a_rounded_week_ends_a_day_late(patch: pytest.MonkeyPatch) -> None:
    said = constraints.stated_days

    def late(gap: str, meaning: str, *more: Any) -> tuple[int, int | None]:
        least, most = said(gap, meaning, *more)
        rounded = meaning == "rounded" and gap[-1] == "W" and most is not None
        return (least, most + 1) if rounded else (least, most)

    patch.setattr(constraints, "stated_days", late)


def a_bank_holiday_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    whole = working_calendar("England")
    off = whole.working.holidays
    less = np.busdaycalendar(holidays=off[off != np.datetime64("2018-08-27")])
    forgetful = WorkingCalendar(whole.name, whole.first, whole.last, less)
    patch.setattr(f"{__name__}.working_calendar", lambda _: forgetful)


def the_pair_is_swapped(patch: pytest.MonkeyPatch) -> None:
    said = differences

    def swapped(chronology: Chronology, asked: Pairs) -> Any:
        return said(chronology, asked._replace(first=asked.second, second=asked.first))

    for function in (gaps_table, order_table):
        patch.setitem(function.__globals__, "differences", swapped)


@pytest.mark.parametrize(
    ("plant", "comparison"),
    [
        (the_same_day_is_admitted, wrong_bounds),
        (the_same_day_is_admitted, wrong_gaps),
        (the_same_day_is_admitted, wrong_orders),
        (a_rounded_week_ends_a_day_late, wrong_bounds),
        (a_rounded_week_ends_a_day_late, wrong_gaps),
        (a_bank_holiday_is_forgotten, wrong_working_days),
        (the_pair_is_swapped, wrong_gaps),
        (the_pair_is_swapped, wrong_orders),
    ],
)
def test_a_planted_error_is_seen(
    plant: Callable[[pytest.MonkeyPatch], None],
    comparison: Callable[[str, DatingPolicy], list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert comparison(W, DatingPolicy()) == []
    plant(monkeypatch)
    assert comparison(W, DatingPolicy()) != []


# Small reviews, every course of days.


@settings(max_examples=examples(200))
@given(coded(undated=False))
def test_small_reviews_day_by_day(case: tuple[list[Any], list[Any]]) -> None:
    """The solver, the package and every assignment of days, one after another."""
    events, relations = case
    courses = solutions(events, relations)
    tables = dict(zip(("events", "relations"), brute_force.tables(events, relations), strict=True))
    tables["events"] = tables["events"].assign(absence="", count_max="")
    days = Days(tables, DatingPolicy())
    assert bool(days.assignments) == bool(courses)
    assert solve(tables["events"], tables["relations"]).admissible == bool(courses)
    if not courses:
        return
    first = brute_force.DAY_0
    for event in events:
        held = list(zip(*(course[event.id] for course in courses), strict=True))
        wanted = tuple((first + min(side), first + max(side)) for side in held)
        assert days.bounds[event.id] == wanted
    for one, other in pairwise(events):
        found = set(admitted_days(tables, DatingPolicy(), [f"{one.id}.end", other.id]))
        assert found == {
            (first + course[one.id][1], first + course[other.id][0]) for course in courses
        }


def test_sets_with_holes_are_tried_alike() -> None:
    generator = np.random.default_rng(15)
    for _ in range(25):
        sets = [sorted(generator.choice(9, 3, replace=False) + 1) for _ in range(3)]
        dates = [f"[{','.join(f'2018-03-{day:02d}' for day in one)}]" for one in sets]
        ties = [("a", "b"), ("b", "c"), ("a", "c")]
        kinds = generator.choice(["before", "not-after", "same-day", "gap"], 3)
        tables = {
            "events": pd.DataFrame({"id": [*"abc"], "date": dates}, dtype="str").assign(
                kind="visit", absence="", count_min="", count_max=""
            ),
            "relations": pd.DataFrame(
                [
                    (
                        f"r{at}",
                        kind,
                        *pair,
                        "",
                        "",
                        "P2D" * (kind == "gap"),
                        "at-most" * (kind == "gap"),
                    )
                    for at, (kind, pair) in enumerate(zip(kinds, ties, strict=True))
                ],
                columns=cells_of("""
                    id | type | from_event | to_event | from_point | to_point | gap | meaning
                """),
                dtype="str",
            ),
        }
        holds = {
            "before": lambda days: days > 0,
            "not-after": lambda days: days >= 0,
            "same-day": lambda days: days == 0,
            "gap": lambda days: 0 <= days <= 2,
        }
        courses = [
            course
            for course in product(*sets)
            if all(
                holds[kind](course["abc".index(two)] - course["abc".index(one)])
                for kind, (one, two) in zip(kinds, ties, strict=True)
            )
        ]
        days = Days(tables, DatingPolicy())
        chronology = solve(tables["events"], tables["relations"])
        assert chronology.admissible == bool(days.assignments) == bool(courses)
        if courses:
            first = date(2018, 3, 1).toordinal() - 1
            table = bounds_table(chronology).set_index("event")
            for at, event in enumerate("abc"):
                held = [first + course[at] for course in courses]
                assert days.bounds[event][0] == (min(held), max(held))
                told = table.loc[event, ["earliest", "latest"]]
                assert [day.toordinal() for day in told] == [min(held), max(held)]
            assert set(together(days, "abc")) == {
                tuple(first + int(day) for day in course) for course in courses
            }
