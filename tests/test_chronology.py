from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from brute_force import DAY_0, Event, Relation, coded, day, solutions, tables
from casechron.chronology import (
    ContradictionError,
    approximations_table,
    bounds_table,
    solve,
)
from casechron.dates.policy import DatingPolicy
from chronology_cases import conflicting_statements
from text_tables import cells_of, records_of, tuples_of
from thoroughly import examples

NAMES = ("earliest", "start_latest", "end_earliest", "latest")


def events_of(*rows: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        [{"count_min": "", "count_max": "", "absence": "", "kind": "visit", **row} for row in rows],
        dtype="str",
    )


def relations_of(*rows: tuple[str, str, str, str, str, str]) -> pd.DataFrame:
    columns = ["id", "type", "from_event", "to_event", "gap", "meaning"]
    return pd.DataFrame(list(rows), columns=columns, dtype="str")


def offsets(column: pd.Series) -> list[int | None]:
    """Dates as days of the grid, None for NaT."""
    return [None if pd.isna(value) else value.toordinal() - DAY_0 for value in column]


@given(coded())
@settings(max_examples=examples(150), deadline=None)
def test_bounds_are_the_projections_of_all_solutions(
    case: tuple[list[Event], list[Relation]],
) -> None:
    events, relations = case
    every = solutions(events, relations)
    chronology = solve(*tables(events, relations))
    assert chronology.admissible == bool(every)
    table = bounds_table(chronology)
    if not every:
        assert table["status"].tolist() == ["no admissible chronology"] * len(events)
        assert table[list(NAMES)].isna().all(axis=None)
        return
    wider = solutions(events, relations, 1)
    for name, pick, best in zip(NAMES, (0, 0, 1, 1), (min, max, min, max), strict=True):
        found = offsets(table[name])
        for at, event in enumerate(events):
            expected, farther = (
                best(days[event.id][pick] for days in some) for some in (every, wider)
            )
            # What grows with the grid on which a day is looked for is not bounded.
            assert found[at] == (expected if expected == farther else None)


@given(coded(undated=False), st.data())
@settings(max_examples=examples(100), deadline=None)
def test_narrowing_a_date_never_widens_a_bound(
    case: tuple[list[Event], list[Relation]], data: st.DataObject
) -> None:
    events, relations = case
    before = solve(*tables(events, relations))
    chosen = data.draw(
        st.sampled_from([event for event in events if event.shape != "span"] or events)
    )
    if not before.admissible or chosen.shape == "span":
        return
    lo, hi = sorted(
        data.draw(st.tuples(st.integers(chosen.lo, chosen.hi), st.integers(chosen.lo, chosen.hi)))
    )
    narrower = chosen._replace(lo=lo, hi=hi, start_hi=hi, end_lo=lo)
    after = solve(*tables([narrower if event is chosen else event for event in events], relations))
    if not after.admissible:
        return
    wide, narrow = bounds_table(before), bounds_table(after)
    for name in ("earliest", "end_earliest"):
        assert (narrow[name] >= wide[name]).all()
    for name in ("start_latest", "latest"):
        assert (narrow[name] <= wide[name]).all()


@given(coded())
# Between the start and the end of an event that has one day, nothing has to be named.
@example(
    (
        [
            Event("e0", "moment", 1, 1, 1, 1),
            Event("e1", "moment", 0, 1, 0, 1),
            Event("e2", "moment", 0, 1, 0, 1),
        ],
        [
            Relation("r0", "during", "e2", "", "e1", "", 0, "exact"),
            Relation("r1", "same-day", "e1", "end", "e0", "", 0, "exact"),
        ],
    )
)
@settings(max_examples=examples(100), deadline=None)
def test_what_narrowed_a_bound_is_enough_to_narrow_it(
    case: tuple[list[Event], list[Relation]],
) -> None:
    events, relations = case
    if not solutions(events, relations):
        return
    table = bounds_table(solve(*tables(events, relations)))
    stated = table[[f"stated_{name}" for name in NAMES]].set_axis(list(NAMES), axis=1)
    moved = ~((table[list(NAMES)] == stated) | (table[list(NAMES)].isna() & stated.isna())).all(
        axis=1
    )
    assert (table["narrowed_by"] != "").tolist() == moved.tolist()
    for at in moved[moved].index:
        kept = {table["event"][at], *table["narrowed_by_rows"][at]}
        # Drop the dates and relations that are not named: the bounds of this event must stay as
        # they are.
        rows, ties = tables(events, [tie for tie in relations if tie.id in kept])
        rows.loc[~rows["id"].isin(kept), "date"] = ""
        fewer = solve(*with_points_kept(rows, ties, events))
        again = bounds_table(fewer)
        for name in NAMES:
            left, right = again[name][at], table[name][at]
            assert left == right or (pd.isna(left) and pd.isna(right)) or stated[name][at] == right


def with_points_kept(
    rows: pd.DataFrame, ties: pd.DataFrame, events: list[Event]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A date left out must not turn a span into a moment, nor a moment that a relation names an end
    of into a span."""
    two = {event.id for event in events if event.shape == "span" or event.lasts}
    one = {event.id for event in events if event.shape == "moment"}
    rows = rows.copy()
    rows.loc[rows["id"].isin(two) & (rows["date"] == ""), "date"] = "../.."
    rows.loc[rows["id"].isin(one) & (rows["date"] == ""), "date"] = "[1000-01-01..3000-12-31]"
    return rows, ties


CHILD = events_of(
    {
        "id": "conference",
        "date": "late 2018-09",
        "date_words": "late September",
        "basis": "stated",
        "summary": "First conference",
    },
    {"id": "plan", "date": "", "summary": "A plan is made", "basis": "stated"},
    {
        "id": "incident",
        "date": "late 2018-10",
        "date_words": "late October",
        "summary": "An incident",
        "basis": "stated",
    },
    {
        "id": "admission",
        "date": "2018-11",
        "date_words": "November",
        "summary": "Admission",
        "basis": "stated",
    },
).fillna("")
TIES = pd.DataFrame(
    tuples_of("""
        made-then  | same-day | plan     | conference |     |         |                    | derived
        two-months | gap      | plan     | admission  | P2M | rounded | two months after   | stated
        fortnight  | gap      | incident | admission  | P2W | rounded | a fortnight before | stated
    """),
    columns=["id", "type", "from_event", "to_event", "gap", "meaning", "words", "basis"],
    dtype="str",
)
PLACES = pd.DataFrame(
    [
        ("conference", "report", "20"),
        ("fortnight", "report", "24"),
        ("fortnight", "report", "9"),
        ("two-months", "report", "10"),
    ],
    columns=["row", "source", "paragraph"],
)


def test_the_published_tension_is_found_without_slack() -> None:
    exact = DatingPolicy(duration_slack="none")
    with pytest.raises(ContradictionError) as raised:
        _ = solve(CHILD, TIES, exact, locators=PLACES).minimal
    assert (
        str(raised.value)
        == "no admissible chronology\nthese 5 statements cannot hold together (5 days short):\n-"
        " “An incident” is between 2018-10-21 and 2018-10-31 [‘late October’, late 2018-10]\n-"
        " “Admission” is 14 days after “An incident” [‘a fortnight before’, rounded P2W]"
        " (paragraphs 9, 24)\n- “Admission” is 59 to 62 days after “A plan is made” [‘two months"
        " after’, rounded P2M] (paragraph 10)\n- “A plan is made” and “First conference” are on"
        " the same day (derived)\n- “First conference” is between 2018-09-21 and 2018-09-30"
        " [‘late September’, late 2018-09] (paragraph 20)"
    )
    found = conflicting_statements(solve(CHILD, TIES, exact, locators=PLACES))
    assert found["row"].tolist() == cells_of(
        "incident | fortnight | two-months | made-then | conference"
    )
    assert found["table"].tolist() == ["events", "relations", "relations", "relations", "events"]
    assert found["basis"].tolist() == ["stated", "stated", "stated", "derived", "stated"]
    assert found["paragraphs"].tolist() == ["", "9, 24", "10", "", "20"]
    assert found["days_short"].tolist() == [5] * 5
    assert found["days_to_relax_alone"].tolist() == [5] * 5


def test_the_published_tension_is_resolved_by_rounding() -> None:
    assert conflicting_statements(solve(CHILD, TIES)).empty
    table = bounds_table(solve(CHILD, TIES, locators=PLACES))
    last = table.iloc[3]
    assert (str(last["earliest"].date()), str(last["latest"].date())) == (
        "2018-11-06",
        "2018-11-17",
    )
    assert last["days_narrowed"] == 5 + 13
    assert last["narrowed_by_rows"] == tuple(
        cells_of("two-months | made-then | conference | incident | fortnight")
    )
    assert table["days_narrowed"].tolist()[:1] + table["days_narrowed"].tolist()[2:] == [0, 0, 18]
    assert pd.isna(table["days_narrowed"][1])
    assert (
        table["narrowed_by"][1]
        == "“A plan is made” and “First conference” are on the same day (derived); “First"
        " conference” is between 2018-09-21 and 2018-09-30 [‘late September’, late 2018-09]"
        " (paragraph 20)"
    )


def test_bounds_as_a_whole_table() -> None:
    events = events_of(
        {"id": "open", "date": "2018-03-01/.."},
        {"id": "some", "date": "[2018-03-01..2018-03-04]", "count_min": "2"},
        {"id": "never", "date": "2018-03-03", "absence": "did-not-happen"},
        {"id": "undated", "date": ""},
        {"id": "all", "date": "{2018-03-01,2018-03-03}"},
    )
    table = bounds_table(solve(events, relations_of(("r", "before", "some", "undated", "", ""))))
    assert table.columns.tolist() == cells_of("""
        event | shape | stated_earliest | stated_start_latest | stated_end_earliest
        stated_latest | earliest | start_latest | end_earliest | latest | days_narrowed
        narrowed_by | narrowed_by_rows | approximation | open_start | open_end | status
    """)
    assert [str(dtype) for dtype in table.dtypes] == (
        ["str"] * 2
        + ["datetime64[s]"] * 8
        + cells_of("Int64 | str | object | str | bool | bool | str")
    )
    assert table["shape"].tolist() == ["span", "several", "moment", "undated", "several"]
    assert [offsets(table[f"stated_{name}"]) for name in NAMES] == [
        [0, 0, 2, None, 0],
        [0, 3, 2, None, 0],
        [0, 0, 2, None, 2],
        [None, 3, 2, None, 2],
    ]
    assert [offsets(table[name]) for name in NAMES] == [
        [0, 0, 2, 1, 0],
        [0, 3, 2, None, 0],
        [0, 0, 2, 1, 2],
        [None, 3, 2, None, 2],
    ]
    assert table["status"].tolist() == cells_of(
        "admissible | admissible | absence: as stated | admissible | admissible"
    )


def test_a_birth_is_never_dated_more_finely_than_published() -> None:
    events = events_of(
        {"id": "birth", "date": "2018-07", "kind": "birth"},
        {"id": "visit", "date": "2018"},
        {"id": "other", "date": "2018-07-20"},
    )
    relations = relations_of(
        ("r1", "gap", "birth", "visit", "P3D", "exact"),
        ("r2", "before", "birth", "other", "", ""),
        ("r3", "before", "visit", "other", "", ""),
    )
    table = bounds_table(solve(events, relations))
    assert [table[name].dt.strftime("%m-%d").tolist() for name in ("earliest", "latest")] == [
        ["07-01", "07-04", "07-20"],
        ["07-31", "07-19", "07-20"],
    ]
    assert table["status"].tolist() == ["protected: as published", "admissible", "admissible"]
    assert table["days_narrowed"].tolist()[0] == 0
    # A relation that the published window cannot satisfy is still a contradiction.
    late = relations_of(
        ("r1", "gap", "birth", "visit", "P3W", "exact"), ("r3", "before", "visit", "other", "", "")
    )
    with pytest.raises(ContradictionError) as raised:
        _ = solve(events, late).minimal
    assert (
        str(raised.value) == "no admissible chronology\n"
        "these 3 statements cannot hold together (3 days short):\n"
        "- “other” is on 2018-07-20 [2018-07-20]\n"
        "- “visit” comes before “other”\n"
        "- “visit” is 21 days after “birth” [exact P3W]"
    )
    one_day = relations_of(
        ("r1", "gap", "other", "visit", "P1D", "exact"), ("r3", "before", "visit", "other", "", "")
    )
    with pytest.raises(ContradictionError, match=r"“visit” is 1 day after “other” \[exact P1D\]"):
        _ = solve(events, one_day).minimal
    clash = relations_of(
        ("r6", "before", "other", "visit", "", ""), ("r7", "before", "visit", "other", "", "")
    )
    kept = bounds_table(solve(events, clash))
    assert kept["status"].tolist() == [
        "protected: as published",
        "no admissible chronology",
        "no admissible chronology",
    ]
    assert kept["earliest"].notna().tolist() == [True, False, False]


def test_an_absence_moves_nothing_and_the_loss_is_said() -> None:
    events = events_of(
        {"id": "visit", "date": "2018"},
        {"id": "never", "date": "2018-03", "absence": "did-not-happen"},
    )
    chronology = solve(events, relations_of(("r1", "during", "visit", "never", "", "")))
    assert bounds_table(chronology)["days_narrowed"].tolist() == [0, 0]
    assert approximations_table(chronology).to_dict("records") == records_of("""
        table     | row | written | loss
        relations | r1  | during  | it ties an absence, which is a window and moves nothing
    """)


def test_statements_are_the_dates_and_then_the_relations() -> None:
    chronology = solve(CHILD, TIES, locators=PLACES)
    assert [(one.kind, one.row, one.paragraphs) for one in chronology.statements] == [
        ("date", "conference", "20"),
        ("date", "incident", ""),
        ("date", "admission", ""),
        ("relation", "made-then", ""),
        ("relation", "two-months", "10"),
        ("relation", "fortnight", "9, 24"),
    ]


def test_a_statement_says_when_what_lasts_starts_and_when_the_first_of_several_occurs() -> None:
    events = events_of(
        {"id": "care", "date": "../.."},
        {"id": "plan", "date": "2018-03/2018-05-04"},
        {"id": "calls", "date": "{2018-03-01,2018-04-02}"},
        {"id": "visits", "date": "2018-05", "count_min": "2"},
    )
    assert [one.words for one in solve(events, relations_of()).statements] == [
        "“care” starts and ends on a day not stated [../..]",
        "“plan” starts between 2018-03-01 and 2018-03-31 and ends on 2018-05-04"
        " [2018-03/2018-05-04]",
        "“calls” first occurs on 2018-03-01 and last occurs on 2018-04-02"
        " [{2018-03-01,2018-04-02}]",
        "“visits” first and last occur between 2018-05-01 and 2018-05-31 [2018-05]",
    ]


def test_a_statement_is_as_firm_as_its_date_or_where_that_says_nothing_as_its_event() -> None:
    event = {"id": "a", "date": "2018", "basis": "judged"}
    for date_basis, basis in (("derived", "derived"), ("", "judged")):
        [only] = solve(events_of(event | {"date_basis": date_basis}), relations_of()).statements
        assert only.cited == f"“a” is between 2018-01-01 and 2018-12-31 [2018] ({basis})"


def test_no_events_at_all() -> None:
    nothing = solve(events_of({"id": "a", "date": ""}).iloc[:0], relations_of())
    assert nothing.admissible
    assert bounds_table(nothing).empty


def test_days_far_from_now() -> None:
    events = events_of(
        {"id": "old", "date": "Y-170000002"},
        {"id": "new", "date": "2018"},
        {"id": "first", "date": ""},
    )
    relations = relations_of(("r", "before", "first", "old", "", ""))
    table = bounds_table(solve(events, relations))
    assert table["latest"][2].year == -170000002
    assert day(0) == "2018-03-01"
