"""Orders, slack, dates with holes, contradictions and sources that differ: small chronologies whose
days were worked out by hand."""

from __future__ import annotations

from datetime import date
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import casechron as cc
from an_example_review import example_review
from casechron.analysis.intervals import interval_table
from casechron.checking import check
from casechron.chronology import (
    Chronology,
    ChronologyInputError,
    approximations_table,
    bounds_table,
    gaps_table,
    order_table,
    solve,
)
from casechron.chronology.calendars import working_calendar
from casechron.coding.reviews import ListedReview
from casechron.dates.policy import DatingPolicy
from chronology_cases import tables_of
from made_reviews import review_of
from real_reviews import real_review
from text_tables import records_of

W = "child-w-manchester-2020"


def events_of(*rows: tuple[str, str] | tuple[str, str, str]) -> pd.DataFrame:
    kinds = [row[2] if len(row) > 2 else "" for row in rows]
    return pd.DataFrame(
        {"id": [row[0] for row in rows], "date": [row[1] for row in rows], "kind": kinds},
        dtype="str",
    )


def ties_of(*rows: tuple[str, ...]) -> pd.DataFrame:
    """Relations 'id type from to', or with a gap and its meaning; the basis last."""
    full = [(*row[:4], *(row[4:6] if len(row) > 5 else ("", "")), row[-1]) for row in rows]
    columns = ["id", "type", "from_event", "to_event", "gap", "meaning", "basis"]
    return pd.DataFrame(full, columns=columns, dtype="str")


def days(chronology: Chronology, event: str) -> list[str]:
    row = bounds_table(chronology).set_index("event").loc[event]
    return [str(row[name])[:10] for name in ("earliest", "latest")]


def words(chronology: Chronology, one: str, other: str) -> str:
    return str(order_table(chronology, [(one, other)])["order"].iloc[0])


# Orders through a birth.


THROUGH = (
    events_of(("x", ""), ("birth", "2018-07", "birth"), ("y", "")),
    ties_of(("r1", "not-after", "x", "birth", "stated"), ("r2", "before", "birth", "y", "stated")),
)


def test_orders_close_through_a_birth() -> None:
    chronology = solve(*THROUGH)
    assert words(chronology, "x", "y") == "before"
    assert (words(chronology, "x", "birth"), words(chronology, "birth", "y")) == (
        "not after",
        "before",
    )
    assert gaps_table(chronology, [("x", "y")])[["days_min", "only_order"]].values.tolist() == [
        [1, True]
    ]
    turned = ties_of(("r3", "before", "y", "x", "stated"))
    clash = solve(THROUGH[0], pd.concat([THROUGH[1], turned], ignore_index=True))
    assert not clash.admissible
    assert {clash.statement(one).row for one in clash.conflicts[0].statements} == {"r1", "r2", "r3"}


def test_nothing_dates_the_birth_itself() -> None:
    events = events_of(("x", "2018-07-20"), ("birth", "2018-07", "birth"), ("y", "2018-07-22"))
    chronology = solve(events, THROUGH[1])
    assert days(chronology, "birth") == ["2018-07-01", "2018-07-31"]
    assert gaps_table(chronology, [("x", "birth")])[["days_min", "days_max"]].values.tolist() == [
        [-19, 11]
    ]
    # Nor where a contradiction is told step by step.
    steps = cc.contradictions(
        review_of(
            {}, solve(events.assign(date=["2018-07-22", "2018-07", "2018-07-20"]), THROUGH[1])
        )
    )
    at_birth = steps["says"].str.startswith("“birth”")
    assert len(steps) == 4
    assert at_birth.sum() == 1
    assert steps.loc[at_birth, "says"].tolist() == ["“birth” is at least 1 day before “y”"]
    assert steps.loc[at_birth, ["day", "days_on"]].isna().all(axis=None)


# About so long.


@pytest.mark.parametrize(
    ("meaning", "policy", "wanted"),
    [
        # 1,461 days are four years; a mean year is 365.2425 days: 1,095.7 to 1,826.2 inside.
        ("approximate", {}, (1096, 1826)),
        ("approximate", {"approximate_slack": "half-unit"}, (1279, 1643)),
        ("approximate", {"approximate_slack": "none"}, (1460, 1461)),
        ("rounded", {}, (1279, 1643)),
        ("rounded", {"duration_slack": "one-unit"}, (1096, 1826)),
    ],
)
def test_around_widens_by_a_whole_unit(
    meaning: str, policy: dict[str, str], wanted: tuple[int, int]
) -> None:
    chronology = solve(
        events_of(("a", ""), ("b", "")),
        ties_of(("r", "gap", "a", "b", "P4Y", meaning, "stated")),
        DatingPolicy(**policy),
    )
    row = gaps_table(chronology, [("a", "b")]).iloc[0]
    assert (row["days_min"], row["days_max"]) == wanted


def test_a_slack_of_one_unit_is_among_the_choices() -> None:
    review = cc.read_review(W, duration_slack="one-unit")
    # A fortnight give or take a week after 21 to 31 October, in November: 1 to 21 November.
    assert days(review.chronology, "admission-w") == ["2018-11-01", "2018-11-21"]
    assert "duration_slack = one-unit" in cc.policies_tried(real_review(W))["alternative"].tolist()


# Dates with holes, exact months, circles of orders.


def holes(other: str) -> Chronology:
    return solve(
        events_of(("a", "[2018-08-22,2018-08-27]"), ("b", other)),
        ties_of(("r", "same-day", "a", "b", "stated")),
    )


def test_a_day_between_the_days_of_a_set_is_none_of_them() -> None:
    clash = holes("2018-08-24")
    assert not clash.admissible
    contradictions = cc.contradictions(review_of({}, clash))
    # From 22 to 24 August, and from 24 to 27.
    assert contradictions["days_short"].tolist() == [2, 2, 2, 3, 3, 3]
    assert set(contradictions["row"]) == {"a", "b", "r"}
    assert contradictions["days_to_relax_alone"].tolist() == [2] * len(contradictions)
    assert (
        contradictions["statement"][contradictions["row"] == "a"]
        .iloc[0]
        .startswith("“a” is on 2018-08-22 or on 2018-08-27")
    )


def test_what_a_set_leaves_is_certain() -> None:
    chronology = holes("[2018-08-24..2018-08-27]")
    assert days(chronology, "a") == days(chronology, "b") == ["2018-08-27", "2018-08-27"]
    narrowed = bounds_table(chronology).set_index("event")["narrowed_by_rows"]
    assert set(narrowed["b"]) == {"a", "r"}
    assert set(narrowed["a"]) == {"b", "r"}
    assert approximations_table(chronology)["loss"].tolist() == [
        "the days between its members count as possible, in the longest stretch between contacts"
        " only"
    ]
    unspecified = solve(
        events_of(("a", "2018-XX-31"), ("b", "2018-02/2018-04")),
        ties_of(("r", "during", "a", "b", "stated")),
    )
    assert days(unspecified, "a") == ["2018-03-31", "2018-03-31"]


def test_sets_are_tried_against_every_assignment() -> None:
    """Three sets tied in a row, beside all assignments of days, one by one."""
    sets = {"a": (1, 4, 9), "b": (2, 5, 12), "c": (3, 11, 12)}
    chronology = solve(
        events_of(
            *(
                (name, f"[{','.join(f'2018-03-{day:02d}' for day in held)}]")
                for name, held in sets.items()
            )
        ),
        ties_of(
            ("r1", "before", "a", "b", "stated"),
            ("r2", "gap", "b", "c", "P2D", "at-most", "stated"),
        ),
    )
    admitted = [(a, b, c) for a, b, c in product(*sets.values()) if a < b and 0 <= c - b <= 2]
    first = date(2018, 3, 1).toordinal() - 1
    for at, name in enumerate(sets):
        held = [one[at] for one in admitted]
        assert [date.fromisoformat(day).toordinal() - first for day in days(chronology, name)] == [
            min(held),
            max(held),
        ]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        held = [row[other] - row[one] for row in admitted]
        row = gaps_table(chronology, [("abc"[one], "abc"[other])]).iloc[0]
        assert (row["days_min"], row["days_max"]) == (min(held), max(held))


def test_too_many_assignments_are_said_to_be() -> None:
    days_of = "[2018-03-01,2018-03-03,2018-03-05,2018-03-07,2018-03-09,2018-03-11,2018-03-13]"
    names = ["a", "b", "c", "d", "e"]  # 7 to the power of 5 are 16,807
    ties = [
        (f"r{at}", "not-after", one, two, "stated") for at, (one, two) in enumerate(pairwise(names))
    ]
    chronology = solve(
        events_of(*((name, days_of) for name in names), ("z", "2018")), ties_of(*ties)
    )
    table = bounds_table(chronology).set_index("event")["approximation"]
    assert (table[names] == "the days between the members of a set count as possible").all()
    assert table["z"] == ""
    assert (
        approximations_table(chronology)["loss"].str.endswith("more than 10,000 assignments").all()
    )
    few = solve(events_of(*((name, days_of) for name in names)), ties_of(*ties[:2]))
    assert (bounds_table(few)["approximation"] == "").all()
    # Three of them tied, and two by themselves: 343, 7 and 7 choices, 16,807 of all.
    assert set(approximations_table(few)["loss"]) == {
        "the days between its members count as possible, but not in bounds, gaps and orders: with"
        " all other sets, it has more than 10,000 assignments"
    }
    fewer = solve(events_of(*((name, days_of) for name in names[:4])), ties_of(*ties[:2]))
    assert set(approximations_table(fewer)["loss"]) == {
        "the days between its members count as possible, in the longest stretch between contacts"
        " only"
    }


@pytest.mark.parametrize(
    ("start", "gap", "wanted"),
    [
        ("2018-01-31", "P1M", ["2018-02-28", "2018-03-01"]),
        ("2018-01-15", "P1M", ["2018-02-15", "2018-02-15"]),
        ("2020-02-29", "P1Y", ["2021-02-28", "2021-03-01"]),
        ("2018-01", "P1M", ["2018-01-29", "2018-03-03"]),  # 28 to 31 days from any of its days
    ],
)
def test_an_exact_month_is_counted_from_a_known_day(
    start: str, gap: str, wanted: list[str]
) -> None:
    ties = ties_of(("r", "gap", "a", "b", gap, "exact", "stated"))
    assert days(solve(events_of(("a", start), ("b", "")), ties), "b") == wanted


def test_two_rows_that_can_each_hold_are_one_conflict() -> None:
    """A plan of five days has both its ends on one day, the last of several visits: each of the two
    rows can hold, and together they are four days short."""
    events = events_of(("plan", "2018-03-01/2018-03-05"), ("visits", ""))
    ties = ties_of(("r", "same-day", "plan", "visits", "stated"))
    contradictions = cc.contradictions(
        review_of({}, solve(events.assign(count_min=["", "2"]), ties.assign(to_point="end")))
    )
    assert set(contradictions["row"]) == {"plan", "r"}
    assert set(contradictions["days_short"]) == {4}
    # Autumn to winter 2018, where the winter of 2018 is the one that ended in it.
    alone = solve(events_of(("a", "2018-23/2018-24")), ties_of(), DatingPolicy(winter="ends"))
    assert {row for row in cc.contradictions(review_of({}, alone))["row"] if row} == {"a"}


def test_what_comes_before_itself_is_refused() -> None:
    with pytest.raises(ChronologyInputError, match="row 'r': it ties 'a' to itself; name two"):
        solve(events_of(("a", "2018")), ties_of(("r", "before", "a", "a", "stated")))


def test_a_circle_of_orders_is_one_conflict_of_all() -> None:
    names = [f"e{at:03d}" for at in range(300)]
    shuffled = np.random.default_rng(1).permutation(300)
    ties = ties_of(
        *((f"r{at:03d}", "before", names[at], names[(at + 1) % 300], "stated") for at in shuffled)
    )
    (found,) = solve(events_of(*((name, "") for name in names)), ties).conflicts
    assert len(found.statements) == 300
    assert found.days_short == 300
    assert set(found.relaxations) == {300}


# What dissolves a contradiction.


def test_single_choices_that_dissolve_the_contradiction_of_child_w() -> None:
    """Without slack a fortnight after 31 October at the latest is 14 November, and two months after
    21 September at the earliest 19 November: with 'late' from the 16th both can be 14 November."""
    exact = cc.read_review(W, duration_slack="none")
    assert not exact.chronology.admissible
    dissolved_by = cc.dissolved_by(exact)
    policy = dissolved_by[dissolved_by["kind"] == "policy"]
    assert policy["choice"].tolist() == [
        "late_from = 16",
        "duration_slack = half-unit",
        "duration_slack = one-unit",
    ]
    assert policy["all_hold"].all()
    late = cc.read_review(W, duration_slack="none", late_from=16)
    assert days(late.chronology, "admission-w") == ["2018-11-14", "2018-11-14"]
    for row in dissolved_by[dissolved_by["kind"] == "reading"].itertuples():
        under = cc.read_review(W, duration_slack="none", readings=[row.choice])
        assert under.chronology.admissible == row.all_hold
    assert cc.dissolved_by(real_review(W)).empty


def test_a_judged_row_that_clashes_is_among_them() -> None:
    events = events_of(("a", "2018-03-05"), ("b", "2018-03-01"), ("c", "2018-03-02"))
    none = pd.DataFrame({name: [] for name in ("reading", "row", "column", "value", "reason")})
    ties = ties_of(("r1", "before", "a", "b", "judged"), ("r2", "before", "c", "b", "stated"))
    tables = {"events": events, "relations": ties, "readings": none}
    dissolved_by = cc.dissolved_by(review_of(tables, solve(events, ties)))
    # The second clashes with c, and no single choice dissolves that one.
    assert dissolved_by[["kind", "choice", "all_hold"]].values.tolist() == [
        ["judged row left out", "r1", False]
    ]


# Sources that differ.


def two_sources(other: str) -> dict[str, pd.DataFrame]:
    return tables_of(
        [
            {"id": "visit", "date": "2018-03-01", "kind": "visit", "summary": "A visit"},
            {"id": "call", "date": "2018-03-02", "kind": "visit", "summary": "A call"},
        ],
        records_of("""
            id | type | from_event | to_event | gap | meaning | basis
            r  | gap  | visit      | call     | P1D | exact   | stated
        """),
        readings=[
            {
                "reading": "radio-otherwise",
                "row": "visit",
                "column": "date",
                "value": other,
                "source": "radio",
                "reason": "It says so",
            }
        ],
        locators=[
            {"row": name, "source": "report", "paragraph": "3", "sentence": "1"}
            for name in ("visit", "call")
        ],
    )


def test_a_date_that_two_sources_give_otherwise_is_not_known_to_the_day() -> None:
    tables = two_sources("2018-03-04")
    table = cc.chronicle(review_of(tables, solve(tables["events"], tables["relations"])))
    assert table["other_dates"].tolist() == [("2018-03-04 (radio)",), ()]
    same = two_sources("2018-03-04") | {"locators": tables["locators"].assign(source="radio")}
    other = cc.chronicle(review_of(same, solve(same["events"], same["relations"])))
    assert other["other_dates"].tolist() == [(), ()]  # one text that can be read in two ways


# What the coding leaves open.


def test_only_a_birth_or_a_default_with_a_reading_against_it_closes_no_side() -> None:
    events = events_of(
        ("birth", "2018-07", "birth"), ("plan", "2018-09-24"), ("harm", ""), ("stay", "2018-11-14")
    )
    ties = ties_of(
        ("r1", "not-after", "birth", "harm", "derived"),
        ("r2", "not-after", "harm", "stay", "derived"),
    )
    default = ties_of(("r3", "not-after", "plan", "harm", "judged"))
    none, against = (pd.DataFrame({"row": rows}, dtype="str") for rows in ([], ["r3"]))
    with_default = pd.concat([ties, default], ignore_index=True)
    sides = {
        name: solve(events, relations, readings=readings).open_sides["harm"]
        for name, relations, readings in (
            ("only the birth", ties, none),
            ("a default", with_default, against),
            ("judged, and nothing against it", with_default, none),
        )
    }
    assert {name: tuple(one) for name, one in sides.items()} == {
        "only the birth": (True, False),
        "a default": (True, False),
        "judged, and nothing against it": (False, False),
    }
    stated = ties.assign(basis=["stated", "derived"])  # soon after the birth, says the source
    assert tuple(solve(events, stated).open_sides["harm"]) == (False, False)


def test_no_share_is_counted_on_an_open_side() -> None:
    """The assault is dated by nothing but the birth: it may have come before the plan, and in how
    many date pairs is no word of the source."""
    review = real_review(W)
    table = cc.bounds(review).set_index("event")
    assert table.loc["harm-w", ["open_start", "open_end"]].tolist() == [True, False]
    assert table.loc["incident-august", ["open_start", "open_end"]].tolist() == [False, False]
    pairs = [("icpc", "harm-w"), ("incident-august", "icpc"), ("plan", "admission-w")]
    chronology = review.chronology
    told = interval_table(chronology, pairs, working_calendar("England"))
    assert told["days_min"].notna().tolist() == [False, True, True]
    assert [share != "" for share in told["not_before"]] == [False, True, True]


def test_the_command_names_a_reading_under_which_not_all_can_hold(tmp_path: Path) -> None:
    """In the invented review the plan cannot be of November: the conference was in October."""
    folder, lines = example_review(tmp_path), list[str]()
    check([ListedReview(folder.name, folder)], lines.append, dates=True, draft=True)
    told = [line for line in lines if "cannot hold together" in line or "not all" in line]
    assert "under the reading 'plan-in-november'" in told[0]
    assert not any("the default dating policy" in line for line in told)
    policy = DatingPolicy(late_from=16)
    check([ListedReview(folder.name, folder)], lines.append, dates=True, draft=True, policy=policy)
    assert any("under the reading 'plan-in-november' with late_from = 16; " in one for one in lines)
