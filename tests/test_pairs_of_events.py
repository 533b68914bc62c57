from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings

from brute_force import DAY_0, Event, Relation, coded, solutions, tables
from casechron.chronology import (
    ChronologyInputError,
    ContradictionError,
    PairRegion,
    feasible_region,
    gaps_table,
    solve,
)
from thoroughly import examples

PICK = {"start": 0, "end": 1}


@given(coded())
@settings(max_examples=examples(120), deadline=None)
def test_gaps_are_the_extremes_over_all_solutions(case: tuple[list[Event], list[Relation]]) -> None:
    events, relations = case
    every = solutions(events, relations)
    chronology = solve(*tables(events, relations))
    ids = [event.id for event in events]
    asked = pd.DataFrame(
        [(a, p, b, q) for a in ids for b in ids for p in PICK for q in PICK],
        columns=["from_event", "from_point", "to_event", "to_point"],
    )
    table = gaps_table(chronology, asked)
    assert table[asked.columns.tolist()].to_numpy().tolist() == asked.to_numpy().tolist()
    if not every:
        assert table[["days_min", "days_max"]].isna().all(axis=None)
        return
    wider = solutions(events, relations, 1)
    for row in table.itertuples():
        near, far = (
            [
                days[row.to_event][PICK[row.to_point]] - days[row.from_event][PICK[row.from_point]]
                for days in some
            ]
            for some in (every, wider)
        )
        for ours, best in ((row.days_min, min), (row.days_max, max)):
            # What grows with the grid on which a day is looked for is not bounded.
            assert (None if pd.isna(ours) else ours) == (
                best(near) if best(near) == best(far) else None
            )


@given(coded(undated=False))
@settings(max_examples=examples(120), deadline=None)
def test_the_region_holds_exactly_the_feasible_pairs(
    case: tuple[list[Event], list[Relation]],
) -> None:
    events, relations = case
    every = solutions(events, relations)
    if not every:
        return
    chronology = solve(*tables(events, relations))
    one, other = events[0].id, events[-1].id
    for p in PICK:
        for q in PICK:
            region = feasible_region(chronology, one, other, from_point=p, to_point=q)
            assert region_pairs(region) == {
                (days[one][PICK[p]], days[other][PICK[q]]) for days in every
            }


def region_pairs(region: PairRegion) -> set[tuple[int, int]]:
    from_lo, from_hi, to_lo, to_hi, gap_lo, gap_hi = region
    assert None not in region
    return {
        (a - DAY_0, b - DAY_0)
        for a in range(from_lo, from_hi + 1)
        for b in range(to_lo, to_hi + 1)
        if gap_lo <= b - a <= gap_hi
    }


EVENTS = pd.DataFrame(
    [
        ("a", "2018-03-01", "visit", ""),
        ("b", "", "visit", ""),
        ("birth", "2018-07", "birth", ""),
        ("no", "2018", "visit", "did-not-happen"),
    ],
    columns=["id", "date", "kind", "absence"],
    dtype="str",
)
NONE = pd.DataFrame({"id": [], "type": [], "from_event": [], "to_event": []})


def tied(*rows: tuple[str, str, str, str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        list(rows), columns=["id", "type", "from_event", "to_event", "gap", "meaning"], dtype="str"
    )


def test_default_pairs_are_each_pair_once_without_absences() -> None:
    table = gaps_table(solve(EVENTS, NONE))
    assert table.to_dict("list") == {
        "from_event": ["a", "a", "b"],
        "from_point": ["start"] * 3,
        "to_event": ["b", "birth", "birth"],
        "to_point": ["start"] * 3,
        "days_min": [None, 122, None],
        "days_max": [None, 152, None],
        "only_order": [False] * 3,
        "status": ["admissible"] * 3,
    }
    assert [str(dtype) for dtype in table.dtypes] == ["str"] * 4 + ["Int64"] * 2 + ["bool", "str"]


def test_a_gap_to_a_birth_is_the_difference_of_the_windows() -> None:
    # The visit is 10 to 20 March and exactly a week after the birth: had the birth a point, it
    # would be 3 to 13 March.
    events = pd.DataFrame(
        {
            "id": ["birth", "visit"],
            "date": ["2018-03", "[2018-03-10..2018-03-20]"],
            "kind": ["birth", "visit"],
        }
    )
    chronology = solve(events, tied(("r", "gap", "birth", "visit", "P1W", "exact")))
    assert gaps_table(chronology)[["days_min", "days_max"]].to_numpy().tolist() == [
        [10 - 31, 20 - 1]
    ]
    region = feasible_region(chronology, "birth", "visit")
    assert (region.from_hi - region.from_lo, region.to_hi - region.to_lo) == (30, 10)
    assert (region.gap_lo, region.gap_hi) == (
        region.to_lo - region.from_hi,
        region.to_hi - region.from_lo,
    )


def test_only_an_order() -> None:
    ids = ["a", "b", "c", "d", "e"]
    events = pd.DataFrame({"id": ids, "date": ["", "", "", "2018", ""]})
    relations = tied(
        ("r1", "before", "a", "b", "", ""),
        ("r2", "not-after", "b", "c", "", ""),
        ("r3", "gap", "c", "e", "P2D", "at-least"),
        ("r4", "before", "d", "c", "", ""),
    )
    table = gaps_table(
        solve(events, relations),
        [("a", "b"), ("c", "a"), ("a", "e"), ("d", "c"), ("a", "d"), ("c", "e")],
    )
    assert table[["days_min", "days_max"]].to_numpy().tolist() == [
        [1, pd.NA],
        [pd.NA, -1],
        [3, pd.NA],
        [1, pd.NA],
        [pd.NA, pd.NA],
        [2, pd.NA],
    ]
    assert table["only_order"].tolist() == [True, True, False, True, False, False]


def test_pairs_that_do_not_exist() -> None:
    chronology = solve(EVENTS, NONE)
    with pytest.raises(ChronologyInputError) as raised:
        gaps_table(chronology, [("a", "nobody"), ("nothing", "a")])
    ids = "review.tables['events'] has the ids"
    assert raised.value.breaches == [
        f"pairs, from_event: 'nothing' is no event of this review; {ids}",
        f"pairs, to_event: 'nobody' is no event of this review; {ids}",
    ]
    with pytest.raises(
        ChronologyInputError, match="pairs, from_point: 'middle' is no point; write start or end"
    ):
        feasible_region(chronology, "a", "b", from_point="middle")


def test_no_admissible_chronology() -> None:
    events = pd.DataFrame({"id": ["a", "b"], "date": ["2018-03", "2018-01"]})
    chronology = solve(events, tied(("r", "before", "a", "b", "", "")))
    table = gaps_table(chronology)
    assert table["status"].tolist() == ["no admissible chronology"]
    assert table[["days_min", "days_max"]].isna().all(axis=None)
    with pytest.raises(ContradictionError, match="no admissible chronology"):
        feasible_region(chronology, "a", "b")


def test_an_open_region() -> None:
    assert feasible_region(solve(EVENTS, NONE), "a", "b") == PairRegion(
        DAY_0, DAY_0, None, None, None, None
    )
