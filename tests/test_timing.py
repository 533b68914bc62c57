from __future__ import annotations

import pandas as pd

import casechron as cc
from a_timed_review import EVENTS, LINKS, RELATIONS, nothing, review
from casechron.analysis.concerns import alleged_events, concern_ids, end_event, end_events
from casechron.chronology import Chronology, solve
from casechron.dates.policy import DatingPolicy
from made_reviews import review_of
from real_reviews import real_tables
from text_tables import cells_of


def solved(tables: dict[str, pd.DataFrame], policy: DatingPolicy | None = None) -> Chronology:
    return solve(tables["events"], tables["relations"], policy, locators=tables["locators"])


def gaps(tables: dict[str, pd.DataFrame], **changed: str) -> pd.DataFrame:
    return cc.response_gaps(review_of(tables, solved(tables)), **changed)


def shown(table: pd.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return [
        tuple(None if value is pd.NA else value for value in row)
        for row in table[list(columns)].itertuples(index=False)
    ]


def test_the_whole_table_of_a_review_worked_by_hand() -> None:
    # 5 to 19 March 2018 is two weeks. The two months of referrals begin 1 April to 31 May; late
    # August is 21 to 31.
    assert shown(
        gaps(review()),
        "concern",
        "answer",
        "state",
        "lack",
        "known",
        "days_min",
        "days_max",
        "working_days_min",
    ) == [
        ("referral", "assessment", "answered by a step", "", "exactly", 14, 14, 10),
        ("referrals-more", "", "without an answer on record", "", "", None, None, None),
        ("bruise", "nfa", "closed or left", "", "only an order", None, None, None),
        (
            "notification",
            "no-visit",
            "missing (says the source)",
            "no evidence found (derived)",
            "",
            None,
            None,
            None,
        ),
        ("incident", "", "told or counted in another row", "", "", None, None, None),
        ("breach", "breach-answer", "answered insufficiently", "insufficient", "", *[None] * 3),
    ]


def test_the_next_protective_step_of_each_concern_worked_by_hand() -> None:
    # The conference of 20 to 25 June makes the plan. 5 March to these: 107 to 112 days. The first
    # of the referrals is of 1 April to 31 May. The bruise has no date. 4 June to 20 June: 16 days,
    # of which 12 are working days. After the breach no step is on record.
    names = ("next_step", "next_step_follows", "next_step_known")
    days = ("next_step_days_min", "next_step_days_max", "next_step_working_days_min")
    assert shown(gaps(review()), "concern", *names, *days) == [
        ("referral", ("conference", "plan"), "certainly", "between", 107, 112, 73),
        ("referrals-more", ("conference", "plan"), "certainly", "between", 20, 85, 14),
        ("bruise", (), "cannot be told", "", None, None, None),
        ("notification", ("conference", "plan"), "certainly", "between", 16, 21, 12),
        ("incident", ("conference", "plan"), "certainly", "between", 16, 24, 12),
        ("breach", (), "none on record", "", None, None, None),
    ]


def test_what_no_step_certainly_follows_is_observed_to_the_end_of_the_account() -> None:
    # Without the conference and its plan: 31 May to 21 August, 1 April to 31 August.
    events = [row for row in EVENTS if row["id"] not in ("conference", "plan")]
    relations = [row for row in RELATIONS if row["id"] != "r-plan"]
    waits = gaps(review(events=events, relations=relations, readings=[]))
    names = ("concern", "observed_known", "observed_days_min", "observed_days_max")
    assert shown(waits.loc[waits["observed_to"] == "admission"], *names) == [
        ("referrals-more", "between", 82, 152),
        ("bruise", "only an order", None, None),
        ("notification", "between", 78, 88),
    ]
    waits = gaps(review())
    assert waits.loc[waits["observed_to"] != "", "concern"].tolist() == ["bruise"]
    assert waits.loc[waits["state"].str.startswith("without"), "days_max"].isna().all()


def test_of_two_answers_only_the_one_that_closes_the_case_is_observed_to_the_end() -> None:
    step = {"id": "l-step", "type": "answers", "from_row": "assessment", "to_row": "bruise"}
    waits = gaps(review(links=[*LINKS, step | {"basis": "stated"}]))
    assert shown(waits[waits["concern"] == "bruise"], "answer", "state", "observed_to") == [
        ("nfa", "closed or left", "admission"),
        ("assessment", "answered by a step", ""),
    ]


def test_who_raised_it_to_whom_on_what_and_in_which_place() -> None:
    row = gaps(review()).iloc[0]
    assert (row["by"], row["to"], row["themes"], row["how_many"]) == (
        ("School",),
        ("Children's services",),
        ("Neglect and home conditions",),
        "once",
    )
    assert (row["answered_by"], row["answer_summary"], row["coded_as"], row["places"]) == (
        "Assessment",
        "An assessment ends",
        "stated",
        "para 2.1",
    )


def test_an_answer_whose_own_row_is_judged_says_so() -> None:
    kinds = {}
    for basis in ("stated", "derived", "judged"):
        rows = [row | {"basis": basis} if row["kind"] == "assessment" else row for row in EVENTS]
        kinds[basis] = gaps(review(events=rows)).loc[0, "answered_by"]
    assert kinds == {
        "stated": "Assessment",
        "derived": "Assessment (derived)",
        "judged": "Assessment (judged)",
    }


def test_counts_keep_their_bounds() -> None:
    assert dict(shown(gaps(review()), "concern", "how_many"))["referrals-more"] == "at least 2"


def test_an_answer_never_precedes_its_concern() -> None:
    def answered(a: str, b: str) -> pd.Series:
        events = [
            {"id": "a", "date": a, "kind": "referral"},
            {"id": "b", "date": b, "kind": "assessment"},
        ]
        links = [{"id": "l", "type": "answers", "from_row": "b", "to_row": "a"}]
        return gaps(review(events=events, relations=[], links=links, involvement=[])).iloc[0]

    names = ["known", "days_min", "days_max", "working_days_min"]
    # Both in March: the same day to 1 to 31 March.
    assert answered("2018-03", "2018-03")[names].tolist() == ["between", 0, 30, 0]
    late = answered("2018-03-05", "2018-02")
    assert late[names].tolist() == ["dated before it: worth a look", pd.NA, pd.NA, pd.NA]
    assert late["state"] == "answered by a step"


def test_several_answers_are_several_rows_and_no_row_is_lost() -> None:
    for name in ("child-w-manchester-2020", "child-a-haringey-2008"):
        tables = real_tables(name)
        table = gaps(tables)
        links = tables["links"].loc[tables["links"]["type"] == "answers"]
        assert sorted(zip(table["concern"], table["answer"], strict=True)) == sorted(
            [
                *zip(links["to_row"], links["from_row"], strict=True),
                *((one, "") for one in concern_ids(tables) if one not in set(links["to_row"])),
            ]
        )


def test_two_real_reviews() -> None:
    w, a = (
        gaps(real_tables(name)) for name in ("child-w-manchester-2020", "child-a-haringey-2008")
    )
    row = w.loc[w["answer"] == "section-47"].iloc[0]
    # 21 August to Saturday 29 September, the day before the last one of the conference.
    assert (row["days_min"], row["days_max"], row["working_days_min"], row["working_days_max"]) == (
        0,
        39,
        0,
        27,
    )
    assert dict(shown(w, "concern", "how_many"))["referrals-october"] == "4"
    row = a.loc[a["answer"] == "conference"].iloc[0]
    assert (row["known"], row["days_min"], row["working_days_min"]) == ("exactly", 11, 9)


def test_what_was_learned_only_afterwards_did_not_wait() -> None:
    later = {
        "involvement": [
            {"id": "iv", "agency": "cs", "event": "notification", "role": "learned-later"}
        ]
    }
    waits = gaps(review(**later)).set_index("concern")
    # What the review says was missing is missing; how long nobody acted is not told.
    assert waits.loc["notification", ["state", "observed_known"]].tolist() == [
        "missing (says the source)",
        "",
    ]
    alone = gaps(review(**later, links=[])).set_index("concern")
    assert alone.loc["notification", ["state", "observed_known"]].tolist() == [
        "learned only afterwards",
        "",
    ]
    # That nobody knew of the fathers' fear is not said, but that it was left out of account.
    w = gaps(real_tables("child-w-manchester-2020")).set_index("concern")
    assert (
        w.loc[["fear-father-s1", "fear-father-s2"], ["state", "observed_known"]].values.tolist()
        == [["missing (says the source)", ""]] * 2
    )


def test_breaches() -> None:
    tables = review()
    assert shown(
        cc.breach_responses(review_of(tables, solved(tables))), "concern", "answer", "state"
    ) == [("breach", "breach-answer", "answered insufficiently")]


def test_where_no_chronology_is_admissible_the_rows_stay() -> None:
    clash = [{"id": "r", "type": "before", "from_event": "admission", "to_event": "referral"}]
    table = gaps(review(relations=clash))
    assert len(table) == 6
    assert shown(table.head(2), "known", "days_min", "next_step_known", "observed_known") == [
        ("no admissible chronology", None, "no admissible chronology", ""),
        ("", None, "no admissible chronology", "no admissible chronology"),
    ]


def test_empty_and_undated() -> None:
    assert gaps(nothing()).empty
    undated = [{**row, "date": ""} for row in EVENTS]
    assert set(gaps(review(events=undated, relations=[]))["known"]) == {"", "only an order"}


def test_the_tables_given_are_not_changed() -> None:
    tables = review()
    before = {name: table.copy() for name, table in tables.items()}
    gaps(tables)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table, before[name])


def test_the_end_of_the_account() -> None:
    w = real_tables("child-w-manchester-2020")
    assert end_events(w) == ["harm-w", "admission-w"]
    assert end_event(w) == "admission-w"
    assert end_event(nothing()) == ""


def test_the_account_ends_with_no_harm_to_others() -> None:
    """A sister was hurt ten years before; of a third injury nobody is said to have suffered it."""
    tables = {
        "events": pd.DataFrame(
            {
                "id": ["old", "injury", "untold"],
                "date": ["2005", "2015-03-02", "2014"],
                "kind": "harm-to-child",
                "absence": "",
            }
        ),
        "people": pd.DataFrame(
            {"id": ["k", "sister", "mother"], "kinship": ["child", "sibling", "mother"]}
        ),
        "participation": pd.DataFrame(
            [
                ("old", "sister", "harmed"),
                ("old", "mother", "harming"),
                ("injury", "k", "harmed"),
                ("untold", "mother", "harming"),
            ],
            columns=["event", "person", "role"],
        ),
    }
    assert end_events(tables) == ["injury", "untold"]


def test_alleged_events_are_those_that_rest_on_nothing_else() -> None:
    assert alleged_events(real_tables("child-w-manchester-2020")) == cells_of(
        "assault-attempt | reported-abuse-home | assault-denied | nose-wf"
    )
    assert alleged_events(review()) == ["incident"]
