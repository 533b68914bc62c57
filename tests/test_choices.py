"""What can be chosen otherwise: is each choice one thing, and what follows of it what reading anew
would give?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import casechron as cc
from a_timed_review import review
from brute_force import DAY_0, Event, Relation, coded, solutions, tables
from casechron.analysis.choices import (
    ALLEGED_OUT,
    JUDGED_OUT,
    SEVERAL,
    Choice,
    orders_behind,
    other_choices,
    policy_alternatives,
    without_events,
)
from casechron.analysis.concerns import alleged_events
from casechron.analysis.judgements import judged_rows, without_judged
from casechron.chronology import Chronology, chronology_of, solve
from casechron.coding.reviews import list_reviews, read_coded
from casechron.dates.policy import DatingPolicy
from chronology_cases import tables_of, tension
from made_reviews import review_of
from real_reviews import real_tables
from text_tables import records_of
from thoroughly import drawn, examples

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"
REVIEWS = [listed.name for listed in list_reviews(ROOT)]
EXACT = DatingPolicy(duration_slack="none")
Tables = dict[str, pd.DataFrame]


def attempted(tables: Tables, policy: DatingPolicy | None = None) -> Chronology:
    return chronology_of({name: tables[name] for name in tables if name != "links"}, policy)


def tried(tables: Tables, policy: DatingPolicy | None = None) -> list[Choice]:
    return other_choices(tables, attempted(tables, policy))


# ---------------------------------------------------------------- the choices


@pytest.mark.parametrize("name", drawn(REVIEWS, 3))
def test_each_choice_is_one_thing_and_says_what_it_means(name: str) -> None:
    given_tables = real_tables(name)
    found = tried(given_tables)
    names = [one.name for one in found]
    ties = given_tables["links"].query("type in ['answers', 'led-to', 'part-of', 'tells-of']")["id"]
    single = {*given_tables["relations"]["id"], *ties}
    judged = [row for row in judged_rows(given_tables) if row in single]
    alternatives = [one.name for one in policy_alternatives(DatingPolicy(), given_tables)]
    orders = given_tables["relations"]["basis"].eq("judged").any()
    all_out = [JUDGED_OUT] if orders else []
    alleged = [ALLEGED_OUT] if alleged_events(given_tables) else []
    left_out = [f"{row} left out" for row in judged]
    assert names == [*alternatives, *alleged, *all_out, *left_out]
    assert all(one.meaning for one in found)
    for choice in found:
        # The coding holds the same readings under each.
        assert choice.chronology.altered == set(given_tables["readings"]["row"])
        # A table that the choice does not touch is the very one that was given.
        changed = {one for one in given_tables if choice.tables[one] is not given_tables[one]}
        if choice.name in left_out:
            assert len(changed) == 1
            (table,) = changed
            assert len(given_tables[table]) - len(choice.tables[table]) == 1
        elif " = " in choice.name:
            assert not changed
            assert choice.chronology.policy != DatingPolicy()


def test_the_default_is_tried_where_the_policy_has_another_value() -> None:
    names = [one.name for one in policy_alternatives(DatingPolicy(late_from=18))]
    assert {"late_from = 21", "late_from = 16"} <= set(names)


def test_links_that_only_the_coder_judged_are_left_out_one_by_one() -> None:
    given_tables = review()
    links = given_tables["links"]
    tie = links.loc[links["type"] == "answers", "id"].iloc[0]
    given_tables["links"] = links.assign(
        basis=["judged" if row == tie else "stated" for row in links["id"]]
    )
    (choice,) = [one for one in tried(given_tables) if one.name == f"{tie} left out"]
    assert tie not in choice.tables["links"]["id"].tolist()
    assert " answers “" in choice.meaning
    assert choice.chronology is not None


@pytest.mark.parametrize("name", drawn(REVIEWS, 3))
def test_rows_left_out_are_as_if_they_had_not_been_coded(name: str) -> None:
    given_tables = real_tables(name)
    chronology = attempted(given_tables)
    rows = judged_rows(given_tables)
    less, then = without_judged(given_tables, chronology)
    for table in ("relations", "links", "involvement"):
        kept = ~given_tables[table]["id"].isin(rows)
        assert_frame_equal(less[table], given_tables[table][kept].reset_index(drop=True))
    anew = solve(less["events"], less["relations"])
    # Of what lasts a point can be left that reading anew does not make: it is as free as the other.
    same = chronology.lowered.start == anew.lowered.start
    assert (then.event_windows[same] == anew.event_windows[same]).all()


def test_leaving_events_out_takes_their_rows_along() -> None:
    given_tables = review()
    before = {name: table.copy() for name, table in given_tables.items()}
    less = without_events(given_tables, ["referral"])
    assert set(before["events"]["id"]) - set(less["events"]["id"]) == {"referral"}
    tying = {"from_event", "to_event", "from_row", "to_row", "event", "row"}
    for name in ("relations", "links", "participation", "involvement", "themes"):
        columns = [column for column in less[name].columns if column in tying]
        assert not less[name][columns].isin(["referral"]).any().any()
    assert len(less["links"]) < len(before["links"])
    for name, table in given_tables.items():
        assert_frame_equal(table, before[name])


# ---------------------------------------------------------------- windows that lean on orders


@given(coded(undated=False), st.data())
@settings(max_examples=examples(60), deadline=None)
def test_the_windows_without_judged_relations_are_those_of_all_days_left(
    case: tuple[list[Event], list[Relation]], data: st.DataObject
) -> None:
    events, relations = case
    judged = [one.id for one in relations if data.draw(st.booleans(), label=one.id)]
    rows, ties = tables(events, relations)
    ties["basis"] = ["judged" if one in judged else "stated" for one in ties["id"]]
    chronology = solve(rows, ties)
    every = [
        (days, {one.id for one in relations if not one.holds(days)})
        for days in solutions(events, [])
    ]
    windows = {}
    for gone in {(), *((one,) for one in judged), tuple(judged)}:
        left = [days for days, broken in every if broken <= {*gone}]
        less = chronology.without(gone)
        assert less.admissible == bool(left)
        if left:
            spans = [[[days[event.id][end] for days in left] for end in (0, 1)] for event in events]
            windows[gone] = np.array(
                [[DAY_0 + find(days) for days in both for find in (min, max)] for both in spans]
            )
            assert (less.event_windows == windows[gone]).all()
    behind = orders_behind(chronology)
    if () not in windows:
        assert not any(behind)
        return
    for at, own in enumerate(behind):
        wider = [one for one in judged if (windows[one,][at] != windows[()][at]).any()]
        together = (windows[tuple(judged)][at] != windows[()][at]).any()
        assert list(own) == (wider or ([SEVERAL] if together else []))


def test_orders_of_which_one_is_enough_are_told_together() -> None:
    events = [{"id": "visit", "date": ""}, {"id": "closed", "date": "2018-03-10"}]
    twice = [
        {"id": one, "type": "not-after", "from_event": "visit", "to_event": "closed"}
        for one in ("one", "other")
    ]
    found = tables_of(events, [tie | {"basis": "judged"} for tie in twice])
    assert orders_behind(attempted(found)) == ((SEVERAL,), ())
    assert cc.chronicle(review_of(found, attempted(found)))["leans_on"].tolist() == [
        ("several only together",),
        (),
    ]
    stated = tables_of(events, [twice[0] | {"basis": "judged"}, twice[1] | {"basis": "stated"}])
    assert orders_behind(attempted(stated)) == ((), ())


def test_that_something_lasts_is_not_taken_back_with_the_relation_that_says_so() -> None:
    events = [
        {"id": "state", "date": "", "kind": "support"},
        {"id": "day", "date": "2018-03-01"},
        {"id": "later", "date": "2018-05"},
    ]
    ties = records_of("""
        id     | type      | from_event | to_event | to_point | basis  | gap  | meaning
        begins | before    | day        | state    | start    | judged
        ends   | not-after | state      | later
        gap    | gap       | day        | state    |          |        | P14D | exact
    """)
    given_tables = tables_of(events, ties)
    chronology = solve(given_tables["events"], given_tables["relations"])
    # A moment would end on the day on which it starts.
    assert (
        chronology.without({"begins"}).event_windows[0].tolist()
        == chronology.event_windows[0].tolist()
    )
    assert len(set(chronology.event_windows[0].tolist())) == 2
    assert chronology.without({"none such"}) is chronology


def judged_tension() -> Tables:
    found = tension()
    basis = {"made-then": "judged", "two-months": "judged"}
    found["relations"]["basis"] = [basis.get(one, "stated") for one in found["relations"]["id"]]
    return found


@pytest.mark.parametrize(
    ("column", "value", "judged_only"), [("gap", "P3M", True), ("basis", "stated", False)]
)
def test_another_reading_of_what_was_judged_leaves_it_out_unless_it_is_stated_then(
    column: str, value: str, judged_only: bool
) -> None:
    reading = {"reading": "other", "row": "two-months", "column": column, "value": value}
    given_tables = judged_tension() | {"readings": tables_of([], readings=[reading])["readings"]}
    (choice,) = (one for one in tried(given_tables) if one.name == "reading: other")
    assert choice.judged_only == judged_only


def test_what_windows_lean_on_as_tables() -> None:
    given_tables = judged_tension()
    chronology = attempted(given_tables)
    chronicle = cc.chronicle(review_of(given_tables, chronology))
    assert dict(zip(chronicle["event"], chronicle["leans_on"], strict=True)) == {
        "conference": (),
        "plan": ("made-then",),
        "incident": (),
        "admission": ("made-then", "two-months"),
    }
    then = cc.bounds_by_policy(review_of(given_tables, chronology))
    left_out = then[then["alternative"].str.endswith("left out")]
    # Two months, 46 to 76 days, before 1 to 17 November.
    # A plan lasts.
    alone = "from some day between 17 August and 2 October 2018 on"
    assert left_out[["alternative", "event", "said_under_it"]].to_dict("split")["data"] == [
        [JUDGED_OUT, "plan", "not dated"],
        [JUDGED_OUT, "admission", "between 1 and 17 November 2018"],
        ["made-then left out", "plan", alone],
        ["made-then left out", "admission", "between 1 and 17 November 2018"],
        ["two-months left out", "admission", "between 1 and 17 November 2018"],
    ]
    exact = attempted(given_tables, EXACT)
    assert set(cc.chronicle(review_of(given_tables, exact))["leans_on"]) == {()}


# ---------------------------------------------------------------- windows under other choices


def test_bounds_under_other_policies_as_whole_tables() -> None:
    given_tables = tension()
    others = tried(given_tables)
    table = cc.policies_tried(review_of(given_tables, attempted(given_tables)))
    assert table["alternative"].tolist() == [one.name for one in others]
    changed = table[table["windows_that_differ"].fillna(-1) != 0].drop(columns="meaning")
    assert changed.to_dict("records") == [
        {"alternative": "late_from = 16", "windows_that_differ": 4, "status": "admissible"},
        {
            "alternative": "duration_slack = none",
            "windows_that_differ": None,
            "status": "no admissible chronology",
        },
        {
            "alternative": "duration_slack = one-unit",
            "windows_that_differ": 1,
            "status": "admissible",
        },
    ]
    table = cc.bounds_by_policy(review_of(given_tables, attempted(given_tables)))
    assert table.drop(columns=["summary", "places"]).to_dict("records") == [
        {
            "alternative": "late_from = 16",
            "event": "conference",
            "said": "between 21 and 30 September 2018",
            "said_under_it": "between 16 and 30 September 2018",
            "status": "admissible",
        },
        {
            "alternative": "late_from = 16",
            "event": "plan",
            "said": "between 21 and 30 September 2018",
            "said_under_it": "between 16 and 30 September 2018",
            "status": "admissible",
        },
        {
            "alternative": "late_from = 16",
            "event": "incident",
            "said": "between 21 and 31 October 2018",
            "said_under_it": "between 16 and 31 October 2018",
            "status": "admissible",
        },
        {
            "alternative": "late_from = 16",
            "event": "admission",
            "said": "between 6 and 17 November 2018",
            "said_under_it": "between 1 and 17 November 2018",
            "status": "admissible",
        },
        {
            "alternative": "duration_slack = none",
            "event": "",
            "said": "",
            "said_under_it": "no admissible chronology",
            "status": "no admissible chronology",
        },
        # A fortnight of 7 to 21 days after 21 to 31 October; two months of 31 to 91 bound no more.
        {
            "alternative": "duration_slack = one-unit",
            "event": "admission",
            "said": "between 6 and 17 November 2018",
            "said_under_it": "between 1 and 21 November 2018",
            "status": "admissible",
        },
    ]


@pytest.mark.parametrize("date", ["2013-23/2013-24", "[2013-23..2013-24]"])
def test_a_policy_that_puts_the_ends_of_a_date_the_wrong_way_round_admits_nothing(
    date: str,
) -> None:
    given_tables = tables_of([{"id": "autumn", "date": date}, {"id": "later", "date": "2014-05"}])
    table = cc.policies_tried(review_of(given_tables, attempted(given_tables)))
    status = table.set_index("alternative")["status"]
    assert status[status != "admissible"].to_dict() == {"winter = ends": "no admissible chronology"}
    ends = DatingPolicy(winter="ends")
    refused = solve(given_tables["events"], given_tables["relations"], ends)
    [one, other] = cc.contradictions(review_of({}, refused)).to_dict("records")
    assert (one["days_short"], one["days_to_relax_alone"]) == (185, 93)
    assert other["says"].endswith("is on 1 September 2013 at the earliest: 185 days too late")


def test_what_holds_only_under_another_policy() -> None:
    table = cc.bounds_by_policy(review_of(tension(), attempted(tension(), EXACT)))
    rounded = table[table["alternative"] == "duration_slack = half-unit"]
    assert rounded[["event", "said", "said_under_it"]].to_dict("records") == records_of("""
        event     | said                     | said_under_it
        plan      | no admissible chronology | between 21 and 30 September 2018
        admission | no admissible chronology | between 6 and 17 November 2018
    """)


@pytest.mark.parametrize("review", drawn(REVIEWS, 3))
def test_windows_under_a_policy_are_those_of_a_review_read_under_it(review: str) -> None:
    given_tables = real_tables(review)
    table = cc.bounds_by_policy(review_of(given_tables, attempted(given_tables)))
    before = cc.chronicle(review_of(given_tables, attempted(given_tables))).set_index("event")[
        "said"
    ]
    alternatives = policy_alternatives(DatingPolicy(), given_tables)
    # Reading anew takes its time, so every fourth reading.
    fields = [one for one in alternatives if not one.reading]
    for name, policy, *_ in [*fields, *alternatives[len(fields) :: 4]]:
        anew = read_coded(DATA / review, policy).tables if policy.readings else given_tables
        chronology = attempted(anew, policy)
        rows = table[table["alternative"] == name]
        assert rows["status"].ne("admissible").any() == (not chronology.admissible)
        if chronology.admissible:
            chronicle = cc.chronicle(review_of(anew, chronology)).set_index("event")["said"]
            assert rows["said_under_it"].tolist() == chronicle[rows["event"]].tolist()
            # Whatever is not listed is said as before.
            rest = [event for event in before.index if event not in set(rows["event"])]
            assert before[rest].to_dict() == chronicle[rest].to_dict()
