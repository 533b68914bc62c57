"""Is each finding traced to what it rests on and what addresses it, and each plan to what came
before it?"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import casechron as cc
import involvement_cases
from an_invented_review import Tables, invented, no_rows, rows
from casechron.analysis.concerns import events_of_parts
from casechron.chronology import solve
from casechron.coding.codebook import codebook
from casechron.coding.reviews import list_reviews
from made_reviews import review_of
from real_reviews import real_tables
from text_tables import cells_of, lists_of
from thoroughly import drawn, examples

ROOT = Path(__file__).parents[1]
NO_REST, NO_ADVICE = "no row coded that it rests on", "no recommendation coded"


def plans(tables: Tables) -> pd.DataFrame:
    return cc.plan_categories(review_of(tables, solve(tables["events"], tables["relations"])))


def child_w() -> Tables:
    return real_tables("child-w-manchester-2020")


def test_traceability_by_hand() -> None:
    traceability = cc.traceability(review_of(invented()))
    columns = cells_of("""
        finding | polarity | rests_on | rests_on_table | rests_on_summary | rests_on_basis
        recommendations | recommendations_basis | untraced | places
    """)
    assert traceability[columns].to_numpy().tolist() == lists_of(f"""
        fd-one | shortfall | v-alone | views | F alone is violent | stated | (rc-both) | (judged)
        ... | para 5.1
        fd-one | shortfall | scratch | events | F says that M scratched him | judged | (rc-both)
        ... (judged) | | para 5.1, 3.1
        fd-seen | strength | bruise | events | A teacher sees a bruise on K | stated | () | ()
        ... {NO_ADVICE} |
        fd-plan | shortfall | at-1 | attributes | category of the plan: neglect | stated
        ... (rc-both; rc-plans) | (stated; judged) | |
        fd-place | neither | | | | | () | () | {NO_REST}; {NO_ADVICE} |
        | | | | | | (rc-train) | () | no finding coded | para 7.1
    """)
    assert traceability["rests_on_rows"].tolist() == [2, 2, 1, 1, 0, pd.NA]
    assert (
        traceability["recommendation_summaries"].tolist()[3]
        == "Ask both parents · Review the plans"
    )
    assert traceability["attributed_to"].tolist() == ["The board"] * 5 + [""]


def test_plan_categories_by_hand() -> None:
    categories = plans(invented())
    columns = ["plan", "category", "theme", "certainly_by_then", "possibly_by_then", "only_later"]
    by_hand = [
        (
            "plan",
            "neglect",
            "Domestic abuse",
            (
                "F says that M scratched him (alleged) · M says that F shoved her (alleged and"
                " denied in part)"
            ),
            # When the father of H was afraid is left open, so that it is not said to be possible.
            "",
            "",
        ),
        (
            "plan",
            "neglect",
            "Physical harm to a child",
            "A teacher sees a bruise on K",
            "",
            "K suffers a broken arm",
        ),
        ("plan", "neglect", "Information sharing", "The police pass on what M said", "", ""),
    ]
    pd.testing.assert_frame_equal(
        categories[columns], pd.DataFrame(by_hand, columns=columns, dtype="str")
    )
    assert categories["certainly_by_then_rows"].tolist() == [
        ("scratch", "shove"),
        ("bruise",),
        ("notification",),
    ]
    assert categories["findings"].unique().tolist() == ["The plan had the wrong category"]


@pytest.mark.parametrize(
    ("ties", "left"),
    [
        ([], ["whole", "part", "note"]),
        ([("part-of", "part", "whole")], ["whole", "note"]),
        ([("tells-of", "note", "part")], ["whole", "part"]),
        # What tells of a part only stands for itself where the whole stands for the part.
        ([("part-of", "part", "whole"), ("tells-of", "note", "part")], ["whole", "note"]),
        ([("part-of", "part", "whole"), ("tells-of", "whole", "part")], ["whole", "note"]),
    ],
)
def test_no_incident_of_a_plan_is_listed_twice(
    ties: list[tuple[str, str, str]], left: list[str]
) -> None:
    tables = no_rows() | {
        "events": rows(
            "events",
            "whole|2018-01|||violence||||Several|stated",
            "part|2018-01|||violence||||One of them|stated",
            "note|2018-02|||notification||||A note|stated",
            "plan|2019|||protection-plan||||A plan|stated",
        ),
        "themes": pd.DataFrame({"row": ["whole", "part", "note"], "theme": ["domestic-abuse"] * 3}),
    }
    header = codebook().tables["links"].header
    tables["links"] = pd.DataFrame(
        [
            {"id": "-".join(tie), "type": tie[0], "from_row": tie[1], "to_row": tie[2]}
            for tie in ties
        ],
        columns=header,
        dtype="str",
    ).fillna("")
    assert plans(tables)["certainly_by_then_rows"].tolist() == [tuple(left)]


@pytest.mark.parametrize(
    ("date", "lists"),
    [
        # After its birth alone: at any time, so that nothing is said of the plan's day.
        ("", ([], [], [])),
        ("2018-09", ([], ["harm"], [])),
        ("[..2018-09-30]", ([], [], [])),
        ("2018-08", (["harm"], [], [])),
        ("[2018-10..]", ([], [], ["harm"])),
    ],
)
def test_what_is_left_open_is_not_possibly_there_by_the_plan(
    date: str, lists: tuple[list[str], ...]
) -> None:
    tables = no_rows() | {
        "events": rows(
            "events",
            "birth|2018-07|||birth||||A birth|stated",
            "plan|2018-09-24|||protection-plan||||A plan|stated",
            f"harm|{date}|||harm-to-child||||Harm|stated",
        ),
        "themes": pd.DataFrame({"row": ["harm"], "theme": ["physical-harm"]}),
    }
    tables["relations"] = pd.DataFrame(
        [{"id": "r", "type": "not-after", "from_event": "birth", "to_event": "harm"}],
        columns=codebook().tables["relations"].header,
        dtype="str",
    ).fillna("")
    tables["relations"]["basis"] = "derived"
    columns = ["certainly_by_then_rows", "possibly_by_then_rows", "only_later_rows"]
    assert plans(tables)[columns].to_numpy().tolist() == [[tuple(each) for each in lists]]


def test_a_plan_without_a_category_or_incident_has_a_row() -> None:
    tables = no_rows() | {"events": rows("events", "plan|2019|||protection-plan||||A plan|stated")}
    assert plans(tables)[["plan", "category", "theme", "dates"]].to_numpy().tolist() == [
        ["plan", "", "", "admissible"]
    ]


def test_without_an_admissible_chronology_nothing_came_before_a_plan() -> None:
    tables = invented() | {"relations": rows("relations", "rl|before|conference||shove|||||stated")}
    categories = plans(tables)
    assert categories["dates"].unique().tolist() == ["no admissible chronology"]
    assert categories[["certainly_by_then", "possibly_by_then", "only_later"]].eq("").all(axis=None)


def test_no_rows_give_empty_tables_with_the_same_columns() -> None:
    for empty, full in (
        (cc.traceability(review_of(no_rows())), cc.traceability(review_of(invented()))),
        (plans(no_rows()), plans(invented())),
    ):
        assert len(empty) == 0
        assert list(empty.columns) == list(full.columns)
        assert empty.dtypes.astype("str").to_dict() == full.dtypes.astype("str").to_dict()


@pytest.mark.parametrize("review", drawn([listed.name for listed in list_reviews(ROOT)], 3))
def test_real_reviews_are_read_and_not_changed(review: str) -> None:
    tables = real_tables(review)
    before = {name: table.copy() for name, table in tables.items()}
    traced = cc.traceability(review_of(tables))
    assert list(dict.fromkeys(row for row in traced["finding"] if row)) == list(
        tables["findings"]["id"]
    )
    assert {row for ids in traced["recommendations"] for row in ids} == set(
        tables["recommendations"]["id"]
    )
    made = tables["events"].query("kind == 'protection-plan' and absence == ''")["id"]
    assert set(plans(tables)["plan"]) == set(made)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table, before[name])


@settings(max_examples=examples(20), deadline=None)
@given(st.sets(st.sampled_from(["lk-13", "lk-14", "lk-15", "lk-16", "lk-17", "lk-18", "lk-19"])))
def test_each_tie_stands_where_it_is_coded_and_what_lacks_one_is_said_to(kept: set[str]) -> None:
    tables = invented()
    links = tables["links"]
    tables["links"] = links = links.loc[links["id"].isin(kept)]
    traceability = cc.traceability(review_of(tables))
    rests = links.loc[links["type"] == "rests-on"]
    pairs = set(zip(rests["from_row"], rests["to_row"], strict=True))
    shown = [
        (finding, row)
        for finding, row in zip(traceability["finding"], traceability["rests_on"], strict=True)
        if row
    ]
    assert len(shown) == len(pairs)
    assert set(shown) == pairs
    addressed = links.loc[links["type"] == "addresses"]
    for row in traceability.to_dict("records"):
        own = set(addressed.loc[addressed["to_row"] == row["finding"], "from_row"])
        if row["finding"]:
            assert set(row["recommendations"]) == own
            assert (NO_ADVICE in row["untraced"]) == (not own)
            assert (NO_REST in row["untraced"]) == (row["rests_on_rows"] == 0)
    loose = traceability.loc[traceability["finding"] == "", "recommendations"].tolist()
    assert loose == [
        (row,) for row in tables["recommendations"]["id"] if row not in set(addressed["from_row"])
    ]


DAY = date(2019, 3, 1)
WINDOWS = st.tuples(st.integers(0, 8), st.integers(0, 8)).map(sorted)


@settings(max_examples=examples(20), deadline=None)
@given(WINDOWS, st.integers(0, 8))
def test_what_came_before_a_plan_is_what_every_day_says(incident: list[int], made_on: int) -> None:
    tables = no_rows() | {
        "events": rows(
            "events",
            f"blow|[{DAY + timedelta(incident[0])}..{DAY + timedelta(incident[1])}]|||violence||||A"
            " blow|stated",
            f"plan|{DAY + timedelta(made_on)}/..|||protection-plan||||A plan|stated",
        ),
        "themes": rows("themes", "blow|domestic-abuse"),
    }
    row = plans(tables).iloc[0]
    when = tuple(sorted({day <= made_on for day in range(incident[0], incident[1] + 1)}))
    column = {
        (True,): "certainly_by_then",
        (False, True): "possibly_by_then",
        (False,): "only_later",
    }[when]
    for name in ("certainly_by_then", "possibly_by_then", "only_later"):
        assert row[name] == ("A blow" if name == column else "")


def test_neglect_is_the_category_of_a_plan_made_after_domestic_violence() -> None:
    categories = plans(child_w())
    assert categories["category"].unique().tolist() == ["neglect"]
    abuse = categories.loc[categories["theme"] == "Domestic abuse"].iloc[0]
    certain = abuse["certainly_by_then_rows"]
    early = {"incident-august", "reported-abuse-home", "assault-attempt", "nose-wf"}
    assert early <= set(certain)
    assert abuse["possibly_by_then_rows"] == ()
    assert "incident-october" in abuse["only_later_rows"]
    assert "wrongly centred on neglect" in abuse["findings"]
    neglect = categories.loc[categories["theme"] == "Neglect and home conditions"].iloc[0]
    assert neglect["certainly_by_then_rows"] == ("referral-2014",)


def test_child_w_has_strengths_findings_without_and_a_recommendation_without_a_finding() -> None:
    traceability = cc.traceability(review_of(child_w()))
    strengths = (
        traceability.loc[traceability["polarity"] == "strength", "finding"].unique().tolist()
    )
    assert strengths == ["fd-structures", "fd-midwife"]
    assert traceability.loc[traceability["finding"] == "", "recommendations"].tolist() == [
        ("rc-trauma",)
    ]
    assert traceability.loc[traceability["finding"] == "fd-category", "untraced"].tolist() == [
        NO_ADVICE
    ]
    assert traceability.loc[
        traceability["finding"] == "fd-opportune", "recommendations"
    ].unique().tolist() == [("rc-history", "rc-interviewing")]


def test_a_fact_of_a_person_is_of_no_event_but_where_it_says_at_which() -> None:
    facts = """
        event | visit | visit | 2018
        people | id=k | label=K | kinship=child
        attributes | id=of-visit | row=visit | attribute=outcome | value=none
        attributes | id=age | row=k | attribute=age-years | value=4
        attributes | id=seen | row=k | event=visit | attribute=child-seen | value=yes
        participation | id=part | event=visit | person=k | role=subject
    """
    assert events_of_parts(involvement_cases.tables_of(facts)) == {
        "of-visit": "visit",
        "seen": "visit",
        "part": "visit",
    }
