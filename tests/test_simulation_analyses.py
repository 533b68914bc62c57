"""Does what the analyses say of a vague account hold of the true days behind it?

Each simulated review is analysed twice: as the source tells it, and with every date exchanged for
the true one. What the vague account bounds must then hold the true number, and what it settles must
be settled the same way."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator
from functools import cache
from typing import Any

import pandas as pd
import pytest

import casechron as cc
from casechron.chronology import Chronology, order_table, solve
from casechron.coding.reviews import frames_with
from casechron.dates.days import day_text
from made_reviews import review_of
from simulation import SimulatedReview, simulate
from test_timescales import denied
from thoroughly import EVERY

Tables = dict[str, pd.DataFrame]
Row = dict[Hashable, Any]
#: Of the last five a table once said what was false: the days that a limit spans, taken from the
#: first and the last day only on which the clock can start.
SEEDS = (3, 10, 26, 37, 41, 61, 64, 68)
ENGLAND = "England"


@cache
def told_and_true(seed: int) -> tuple[tuple[Tables, Chronology], tuple[Tables, Chronology]]:
    """The tables as the source tells them and as they truly were, each with its chronology."""
    simulated = simulate(
        seed,
        events=14 + seed % 23,
        vagueness=(0.3, 0.6, 1)[seed % 3],
        undated=(0, 0.15, 0.4)[seed // 3 % 3],
    )
    found = []
    for tables in (frames_with(simulated.tables), with_true_dates(simulated)):
        chronology = solve(tables["events"], tables["relations"])
        assert chronology.admissible
        found.append((tables, chronology))
    return found[0], found[1]


def with_true_dates(made: SimulatedReview) -> Tables:
    tables = frames_with(made.tables)
    days: dict[str, dict[str, str]] = defaultdict(dict)
    for event, point, day in made.truth:
        days[event][point] = day_text(day)
    events = tables["events"]
    for at, row in events.iterrows():
        if not row["absence"] and row["kind"] != "birth":
            start, end = days[row["id"]]["start"], days[row["id"]].get("end", "..")
            several = bool(row["count_min"])
            events.loc[at, "date"] = (
                f"{{{start},{end}}}" if several else start if start == end else f"{start}/{end}"
            )
    return tables


def both(
    told: pd.DataFrame, true: pd.DataFrame, key: list[str]
) -> Iterator[tuple[tuple[str, ...], Row, Row]]:
    """The rows of the one table beside those of the other, where both have them."""
    rows = {tuple(row[name] for name in key): row for row in true.to_dict("records")}
    for row in told.to_dict("records"):
        which = tuple(row[name] for name in key)
        if which in rows:
            yield which, row, rows[which]


def holding(told: pd.DataFrame, true: pd.DataFrame, key: list[str], *names: str) -> int:
    """Assert that the bounds of the one hold those of the other; how many of these are one
    number."""
    numbers = 0
    for which, row, truth in both(told, true, key):
        for name in names:
            low, high = (
                (name, name.replace("earliest", "latest"))
                if "earliest" in name
                else (f"{name}_min", f"{name}_max")
            )
            said = (
                f"{which}: {name} {row[low]} to {row[high]}, and truly {truth[low]} to"
                f" {truth[high]}"
            )
            assert pd.isna(row[low]) or pd.isna(truth[low]) or row[low] <= truth[low], said
            assert pd.isna(row[high]) or pd.isna(truth[high]) or row[high] >= truth[high], said
            numbers += bool(pd.notna(truth[low]) and truth[low] == truth[high])
    return numbers


def settled(
    told: pd.DataFrame, true: pd.DataFrame, key: list[str], name: str, may_be: dict[str, set[str]]
) -> int:
    """Assert that what is settled is truly so, and what is not is what it may be; how many are
    settled."""
    seen: Counter[tuple[str, str]] = Counter()
    for which, row, truth in both(told, true, key):
        allowed = {row[name], *may_be.get(row[name], set())}
        assert truth[name] in allowed, f"{which}: {name} is {row[name]}, and truly {truth[name]}"
        seen[row[name], truth[name]] += 1
    return sum(number for (one, _), number in seen.items() if one not in may_be)


@pytest.mark.parametrize("seed", [*SEEDS, *(range(100, 130) if EVERY else ())])
def test_waits_and_limits_hold_the_true_ones(seed: int) -> None:
    (told, vague), (true, exact) = told_and_true(seed)
    key = ["concern", "answer", "observed_to"]
    gaps = (
        cc.response_gaps(review_of(told, vague, ENGLAND)),
        cc.response_gaps(review_of(true, exact, ENGLAND)),
    )
    numbers = ("days", "working_days", "observed_days", "observed_working_days")
    assert holding(*gaps, key, *numbers) > 3
    checks = (
        cc.timescale_checks(review_of(told, vague, ENGLAND)),
        cc.timescale_checks(review_of(true, exact, ENGLAND)),
    )
    key = ["rule", "start", "end"]
    numbers = ("days", "working_days", "margin", "due_days", "due_earliest", "actual_earliest")
    assert holding(*checks, key, *numbers) > 3
    # What is undetermined can also have ended with the account, before it was due.
    settling = {"met", "met as judged", "not met", "not applicable"}
    loose = {"undetermined": settling, "met as judged": {"met"}}
    settled(*checks, key, "verdict", loose)
    assert denied(pd.concat(checks)) == []
    steps = (
        cc.steps_before_harm(review_of(told, vague, ENGLAND)),
        cc.steps_before_harm(review_of(true, exact, ENGLAND)),
    )
    assert holding(*steps, ["step", "to_event"], "days", "working_days") > 1
    firsts = (
        cc.first_concern_to_first_step(review_of(told, vague, ENGLAND)),
        cc.first_concern_to_first_step(review_of(true, exact, ENGLAND)),
    )
    holding(*firsts, ["scope"], "days", "working_days")
    turns = (
        cc.turning_point_gaps(review_of(told, vague)),
        cc.turning_point_gaps(review_of(true, exact)),
    )
    assert holding(*turns, ["from_event", "to_event"], "days", "working_days") > 3


@pytest.mark.parametrize("seed", SEEDS)
def test_orders_hold_of_the_true_days(seed: int) -> None:
    (_, vague), (_, exact) = told_and_true(seed)
    every = {"before", "after", "same day", "not before", "not after", "unclear"}
    firm = settled(
        order_table(vague),
        order_table(exact),
        ["from_event", "to_event"],
        "order",
        {
            "unclear": every,
            "not after": {"before", "same day"},
            "not before": {"after", "same day"},
        },
    )
    assert firm > 10


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_certainly_known_or_there_truly_was(seed: int) -> None:
    (told, vague), (true, exact) = told_and_true(seed)
    for _, row, truth in both(
        cc.concerns_before_decisions(review_of(told, vague)),
        cc.concerns_before_decisions(review_of(true, exact)),
        ["decision"],
    ):
        certain, possible = set(row["certain"]), set(row["possible"])
        assert certain <= set(truth["certain"]) <= certain | possible
    said = cc.said_before_harm(review_of(told, vague)), cc.said_before_harm(review_of(true, exact))
    settled(
        *said,
        ["event", "before"],
        "within",
        {"possible": {"certain", "ruled out"}, "not dated": {"certain", "ruled out"}},
    )
    known, truly = cc.knowledge(review_of(told, vague)), cc.knowledge(review_of(true, exact))
    key = ["decision", "matter", "counted_as", "agency"]
    certainly = [
        (row, truth)
        for _, row, truth in both(known, truly, key)
        if row["known"] == "certainly known"
    ]
    assert all(truth["known"] == "certainly known" for _, truth in certainly)
    assert certainly
    reach = (
        cc.information_at_decision(review_of(told, vague)),
        cc.information_at_decision(review_of(true, exact)),
    )
    certainly = [
        (row, truth)
        for _, row, truth in both(*reach, key[:3])
        if row["reached"].startswith("certainly")
    ]
    assert all(truth["reached"] == row["reached"] for row, truth in certainly)


@pytest.mark.parametrize("seed", SEEDS)
def test_windows_of_contact_and_of_accounts_hold_the_true_days(seed: int) -> None:
    (told, vague), (true, exact) = told_and_true(seed)
    held = (
        cc.holders_of_accounts(review_of(told, vague)),
        cc.holders_of_accounts(review_of(true, exact)),
    )
    assert (
        holding(*held, ["event", "account", "status", "agency", "contemporaneous"], "earliest") > 0
    )
    holding(
        cc.contact_gaps(review_of(told, vague)),
        cc.contact_gaps(review_of(true, exact)),
        ["agency"],
        "days",
    )
