"""Is what leans on judged orders what trying every set of them says?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brute_force import DAY_0, Event, Relation, coded, solutions, tables
from casechron.analysis.chronicle import chronicle, narrowings
from casechron.analysis.judged_bounds import bounds_and_orders, bounds_without_judged_orders
from casechron.analysis.leaning import leaning, leaning_windows, sets_in_words
from casechron.chronology import attempt
from casechron.coding.policy import DatingPolicy
from casechron.coding.reviews import list_reviews, read_review
from chronology_cases import tables_of, tension

ROOT = Path(__file__).parents[1]
W = "child-w-manchester-2020"
ORDERS = ["a", "b", "c", "d", "e"]


def every_set(orders: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return chain.from_iterable(combinations(orders, size) for size in range(len(orders) + 1))


# ---------------------------------------------------------------- sets


@given(
    st.lists(
        st.lists(st.sets(st.sampled_from(ORDERS), min_size=1), max_size=4), min_size=1, max_size=4
    )
)
@settings(max_examples=200)
def test_the_sets_are_those_that_trying_every_set_finds(enough: list[list[set[str]]]) -> None:
    """`enough` has for each thing sets of orders, each of which makes it another if it is left
    out."""

    def changes(sets: Sequence[tuple[str, ...]]) -> np.ndarray:
        return np.array([[any(own <= {*one} for own in thing) for thing in enough] for one in sets])

    for thing, found in zip(enough, leaning(ORDERS, changes), strict=True):
        smallest = [own for own in thing if not any(other < own for other in thing)]
        assert [one for one in found if len(one) == 1] == [
            (one,) for one in ORDERS if {one} in smallest
        ]
        assert all(set(one) in smallest for one in found)
        assert all(list(one) == sorted(one) for one in found)
        named = [order for one in found for order in one]
        assert len(named) == len(set(named))
        # What is not named can be left out, all of it and any part of it.
        rest = [order for order in ORDERS if order not in named]
        assert not any(own <= set(rest) for own in thing)


def test_without_orders_nothing_leans_on_any() -> None:
    assert leaning([], lambda sets: np.zeros((len(sets), 2), dtype=bool)) == [(), ()]


def test_what_changes_against_the_rule_still_ends() -> None:
    """A verdict can be another without some orders and the same again without more: what is named
    does change it."""

    def changes(sets: Sequence[tuple[str, ...]]) -> np.ndarray:
        return np.array([[len(one) in (2, 4)] for one in sets])

    assert leaning(["a", "b", "c", "d"], changes) == [(("a", "b"), ("c", "d"))]


# ---------------------------------------------------------------- windows


@given(coded(undated=False), st.data())
@settings(max_examples=60, deadline=None)
def test_the_windows_without_every_set_of_judged_relations(
    case: tuple[list[Event], list[Relation]], data: st.DataObject
) -> None:
    events, relations = case
    judged = [one.id for one in relations if data.draw(st.booleans(), label=one.id)]
    rows, ties = tables(events, relations)
    ties["basis"] = ["judged" if one in judged else "stated" for one in ties["id"]]
    chronology = attempt(rows, ties)
    every = [
        (days, {one.id for one in relations if not one.holds(days)})
        for days in solutions(events, [])
    ]
    windows = {}
    for gone in every_set(judged):
        left = [days for days, broken in every if broken <= {*gone}]
        less = chronology.without(gone)
        assert less.admissible == bool(left)
        if not left:
            continue
        spans = [[[days[event.id][end] for days in left] for end in (0, 1)] for event in events]
        windows[gone] = np.array(
            [[DAY_0 + find(days) for days in both for find in (min, max)] for both in spans]
        )
        assert (less.event_windows == windows[gone]).all()
    sets, without = leaning_windows(chronology)
    if () not in windows:
        assert not any(sets)
        return
    widest = windows[tuple(judged)]
    assert (without == widest).all()
    for gone, found in windows.items():
        # Bounds only widen, and what is the same without all judged relations is so without any of
        # them.
        assert (found[:, 0::2] <= windows[()][:, 0::2]).all()
        assert (found[:, 1::2] >= windows[()][:, 1::2]).all()
        assert (found[:, 0::2] >= widest[:, 0::2]).all()
        assert (found[:, 1::2] <= widest[:, 1::2]).all()
        for at, own in enumerate(sets):
            moved = (found[at] != windows[()][at]).any()
            assert moved >= any({*one} <= {*gone} for one in own)
            if not {*gone} & {order for one in own for order in one}:
                assert not moved
    for at, own in enumerate(sets):
        assert bool(own) == (widest[at] != windows[()][at]).any()
        for one in own:
            # From none of the sets can an order be spared, of each bound that the set widens.
            moved = {gone: windows[gone][at] != windows[()][at] for gone in every_set(one)}
            assert any(
                moved[one][bound]
                and not any(moved[gone][bound] for gone in moved if len(gone) < len(one))
                for bound in range(4)
            )


def test_that_something_lasts_is_not_taken_back_with_the_relation_that_says_so() -> None:
    events = [
        {"id": "state", "date": "", "kind": "support"},
        {"id": "day", "date": "2018-03-01"},
        {"id": "later", "date": "2018-05"},
    ]
    ties = [
        {
            "id": "begins",
            "type": "before",
            "from_event": "day",
            "to_event": "state",
            "to_point": "start",
            "basis": "judged",
        },
        {"id": "ends", "type": "not-after", "from_event": "state", "to_event": "later"},
        {
            "id": "gap",
            "type": "gap",
            "from_event": "day",
            "to_event": "state",
            "gap": "P14D",
            "meaning": "exact",
        },
    ]
    given_tables = tables_of(events, ties)
    chronology = attempt(given_tables["events"], given_tables["relations"])
    # A moment would end on the day on which it starts.
    assert (
        chronology.without({"begins"}).event_windows[0].tolist()
        == chronology.event_windows[0].tolist()
    )
    assert len(set(chronology.event_windows[0].tolist())) == 2
    assert chronology.without({"none such"}) is chronology


# ---------------------------------------------------------------- tables


def judged_tension() -> dict[str, pd.DataFrame]:
    found = tension()
    basis = {"made-then": "judged", "two-months": "judged"}
    found["relations"]["basis"] = [basis.get(one, "stated") for one in found["relations"]["id"]]
    return found


def test_bounds_without_judged_orders_as_a_whole_table() -> None:
    given_tables = judged_tension()
    chronology = attempt(
        given_tables["events"], given_tables["relations"], locators=given_tables["locators"]
    )
    table = bounds_without_judged_orders(given_tables, chronology)
    days = ["earliest", "start_latest", "end_earliest", "latest"]
    assert table.drop(columns=[*days, "orders"]).to_dict("list") == {
        "event": ["plan", "admission"],
        "summary": ["A plan is made", "An admission"],
        "said": ["between 21 and 30 September 2018", "between 6 and 17 November 2018"],
        "said_without": ["not dated", "between 1 and 17 November 2018"],
        "days_wider": [None, 5],
        "leans_on": ["made-then", "made-then; two-months"],
        "places": ["", "para 9.1"],
        "status": ["admissible", "admissible"],
    }
    assert table[days].isna().all(axis=1).tolist() == [True, False]
    assert table["earliest"][1] == pd.Timestamp("2018-11-01")
    assert table["latest"][1] == pd.Timestamp("2018-11-17")
    assert (
        table["orders"][0]
        == "“A plan is made” and “A conference” are on the same day (judged, paragraph 10)"
    )
    narrowed = narrowings(given_tables, chronology)
    assert narrowed[["event", "leans_on"]].to_dict("list") == {
        "event": ["plan", "admission"],
        "leans_on": ["made-then", "made-then; two-months"],
    }
    told = bounds_and_orders(chronicle(given_tables, chronology), chronology)
    assert told.columns.tolist() == [
        "event",
        "stated_earliest",
        "stated_latest",
        *days,
        "leans_on",
        "status",
    ]
    assert dict(zip(told["event"], told["leans_on"], strict=True)) == {
        "conference": "none",
        "plan": "made-then",
        "incident": "none",
        "admission": "made-then; two-months",
    }


def test_where_no_chronology_is_admissible_no_window_leans_on_anything() -> None:
    given_tables = judged_tension()
    exact = attempt(
        given_tables["events"], given_tables["relations"], DatingPolicy(duration_slack="none")
    )
    table = bounds_without_judged_orders(given_tables, exact)
    assert table["status"].tolist() == ["no admissible chronology"]
    assert table["leans_on"].tolist() == [""]
    held = attempt(given_tables["events"], given_tables["relations"])
    assert table.dtypes.tolist() == bounds_without_judged_orders(given_tables, held).dtypes.tolist()
    assert set(bounds_and_orders(chronicle(given_tables, exact), exact)["leans_on"]) == {""}
    empty = tables_of([])
    none = attempt(empty["events"], empty["relations"])
    assert bounds_without_judged_orders(empty, none).empty
    assert bounds_and_orders(chronicle(empty, none), none).empty


@pytest.mark.parametrize("review", [listed.name for listed in list_reviews(ROOT)])
def test_the_windows_of_a_review_that_lean_are_those_that_differ_without_judged_relations(
    review: str,
) -> None:
    given_tables = read_review(ROOT / "data" / review)
    chronology = attempt(given_tables["events"], given_tables["relations"])
    judged = (
        given_tables["relations"].loc[given_tables["relations"]["basis"] == "judged", "id"].tolist()
    )
    sets, without = leaning_windows(chronology)
    assert (without == chronology.without(judged).event_windows).all()
    table = bounds_without_judged_orders(given_tables, chronology).set_index("event")
    for at, event in enumerate(chronology.events):
        differs = (without[at] != chronology.event_windows[at]).any()
        assert differs == bool(sets[at]) == (event in table.index)
        if differs:
            assert table.loc[event, "leans_on"] == sets_in_words(sets[at])
            named = {order for one in sets[at] for order in one}
            rest = chronology.without([one for one in judged if one not in named])
            assert (rest.event_windows[at] == chronology.event_windows[at]).all()
    assert bool(len(table)) == (review == W)
    # A birth is never among them.
    assert not set(table.index) & set(
        given_tables["events"].loc[given_tables["events"]["kind"] == "birth", "id"]
    )
