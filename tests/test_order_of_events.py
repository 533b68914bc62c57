from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from brute_force import Event, Relation, coded, solutions, tables
from casechron.chronology import order_table, precedence_table, solve
from casechron.chronology.pairs import transitive_reduction
from thoroughly import examples

Days = dict[str, tuple[int, int]]


def word(every: list[Days], a: str, b: str) -> str:
    """The word by its definition: what holds in every solution."""
    if all(days[a][0] == days[a][1] == days[b][0] == days[b][1] for days in every):
        return "same day"
    if all(days[a][1] < days[b][0] for days in every):
        return "before"
    if all(days[a][0] > days[b][1] for days in every):
        return "after"
    if all(days[a][1] <= days[b][0] for days in every):
        return "not after"
    return "not before" if all(days[a][0] >= days[b][1] for days in every) else "unclear"


def sharing(every: list[Days], a: Event, b: Event) -> str:
    overlap = [days[a.id][0] <= days[b.id][1] and days[b.id][0] <= days[a.id][1] for days in every]
    if not any(overlap):
        return "ruled out"
    several = "several" in (a.shape, b.shape) and word(every, a.id, b.id) != "same day"
    return "certain" if all(overlap) and not several else "possible"


@given(coded())
@settings(max_examples=examples(150), deadline=None)
def test_order_is_what_holds_in_every_solution(case: tuple[list[Event], list[Relation]]) -> None:
    events, relations = case
    every = solutions(events, relations)
    chronology = solve(*tables(events, relations))
    both = [(a, b) for a, b in itertools.product(events, repeat=2) if a is not b]
    table = order_table(chronology, [(a.id, b.id) for a, b in both])
    if not every:
        assert set(table["order"]) | set(table["share_a_day"]) <= {""}
        return
    assert table["order"].tolist() == [word(every, a.id, b.id) for a, b in both]
    assert table["share_a_day"].tolist() == [sharing(every, a, b) for a, b in both]


@given(coded(undated=False))
@settings(max_examples=examples(100), deadline=None)
def test_precedence_tells_all_certain_orders_and_no_more(
    case: tuple[list[Event], list[Relation]],
) -> None:
    events, relations = case
    every = solutions(events, relations)
    if not every:
        return
    edges = precedence_table(solve(*tables(events, relations)))
    group = {}
    for row in edges.itertuples():
        for name, others in ((row.before, row.before_same_day), (row.after, row.after_same_day)):
            group[name] = [name, *others]
    graph = nx.DiGraph(list(zip(edges["before"], edges["after"], strict=True)))
    told = {
        (x, y) for a, b in nx.transitive_closure(graph).edges for x in group[a] for y in group[b]
    }
    ids = [event.id for event in events]
    assert told == {(a, b) for a in ids for b in ids if a != b and word(every, a, b) == "before"}
    assert set(nx.transitive_reduction(graph).edges) == set(graph.edges)


@given(st.integers(0, 2**32 - 1), st.integers(1, 25), st.floats(0, 0.6))
@settings(max_examples=examples(60), deadline=None)
def test_transitive_reduction_agrees_with_networkx(seed: int, points: int, density: float) -> None:
    rng = np.random.default_rng(seed)
    drawn = np.triu(rng.random((points, points)) < density, 1)
    shuffled = rng.permutation(points)
    whole = nx.transitive_closure(
        nx.from_numpy_array(drawn[np.ix_(shuffled, shuffled)], create_using=nx.DiGraph)
    )
    before = nx.to_numpy_array(whole, dtype=bool, nodelist=range(points))
    ours = set(
        zip(*(side.tolist() for side in np.nonzero(transitive_reduction(before))), strict=True)
    )
    assert ours == set(nx.transitive_reduction(whole).edges)


def relations_of(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["id", "type", "from_event", "to_event"], dtype="str")


def test_events_of_one_day_are_one_node() -> None:
    events = pd.DataFrame(
        {
            "id": ["a", "b", "c", "d", "e"],
            "date": ["2018-03-01", "2018-03-05", "", "2018-03-05", "2018-03-05/2018-03-09"],
        }
    )
    table = precedence_table(solve(events, relations_of(("r", "same-day", "c", "b"))))
    assert table.to_dict("records") == [
        {
            "before": "a",
            "after": "b",
            "before_same_day": (),
            "after_same_day": ("c", "d"),
            "days_min": 4,
            "days_max": 4,
            "status": "admissible",
        },
        {
            "before": "a",
            "after": "e",
            "before_same_day": (),
            "after_same_day": (),
            "days_min": 4,
            "days_max": 4,
            "status": "admissible",
        },
    ]


def test_births_and_absences() -> None:
    events = pd.DataFrame(
        {
            "id": ["birth", "late", "mid", "no"],
            "date": ["2018-07", "2018-08-02", "2018-07-20", "2018-01"],
            "kind": ["birth", "visit", "visit", "visit"],
            "absence": ["", "", "", "did-not-happen"],
        }
    )
    # The relation says that the birth came first, and so does the order; that it was before the
    # 20th is told nowhere.
    chronology = solve(events, relations_of(("r", "before", "birth", "mid")))
    table = order_table(chronology)
    assert table[["from_event", "to_event", "order"]].to_numpy().tolist() == [
        ["birth", "late", "before"],
        ["birth", "mid", "before"],
        ["late", "mid", "after"],
    ]
    assert precedence_table(chronology)[["before", "after"]].to_numpy().tolist() == [
        ["birth", "late"],
        ["mid", "late"],
    ]
    assert order_table(chronology, [("no", "mid")])["order"].tolist() == ["before"]


def test_no_admissible_chronology() -> None:
    events = pd.DataFrame({"id": ["a", "b"], "date": ["2018-03", "2018-01"]})
    chronology = solve(events, relations_of(("r", "before", "a", "b")))
    assert order_table(chronology).to_dict("records") == [
        {
            "from_event": "a",
            "to_event": "b",
            "order": "",
            "share_a_day": "",
            "status": "no admissible chronology",
        }
    ]
    edges = precedence_table(chronology)
    assert edges["status"].tolist() == ["no admissible chronology"]
    assert edges[["before", "after"]].to_numpy().tolist() == [["", ""]]


def test_no_events() -> None:
    empty = solve(pd.DataFrame({"id": [], "date": []}), relations_of())
    assert order_table(empty).empty
    assert precedence_table(empty).empty
