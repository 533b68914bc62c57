"""What a source leaves open: no days and no 'possibly by then' are made of it, and one vocabulary
says what was known. Small invented reviews, and rows of Child W, worked out by hand."""

from __future__ import annotations

import inspect
import re
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from pandas.testing import assert_frame_equal

import casechron as cc
from casechron.analysis import (
    intervals,
    knowledge,
    re_referrals,
    windows,
)
from casechron.chronology import Chronology, feasible_region
from casechron.chronology.ages import aged_events, born_from
from casechron.chronology.chronologies import chronology_of
from casechron.chronology.network import none_if_open
from involvement_cases import Tables, agency, event, part, solved, tables_of, tie
from made_reviews import review_of, varied
from real_reviews import real_review
from text_tables import records_of, words_of
from thoroughly import thorough

W = Path(__file__).parents[1] / "data" / "child-w-manchester-2020"
AGENCIES = [agency("childrens-services", "Children's services", "5A"), agency("gp", "GP", "3A")]


def order(row: str, one: str, other: str, basis: str = "derived") -> dict[str, str]:
    return {"id": row, "type": "not-after", "from_event": one, "to_event": other, "basis": basis}


def against(row: str) -> dict[str, str]:
    """A reading in which an order does not hold."""
    return {"reading": "other", "row": row, "column": "type", "value": "", "reason": "It may not"}


def closed_soon() -> tuple[Tables, Chronology]:
    """A referral of November, soon closed: only a default has the closure no later than the
    visit of July."""
    tables = tables_of(
        """
        event | call       | referral   | 2017-11
        event | closed     | closure
        event | worry      | concern    | 2018-03
        event | visit      | visit      | 2018-07
        event | later-call | referral   | 2018-10
        event | enquiries  | section-47 | 2018-10-15
        part | childrens-services | call       | received
        part | childrens-services | closed     | led
        part | childrens-services | later-call | received
        part | gp                 | worry      | held
        part | childrens-services | enquiries  | led
        tie | answers | closed | call
    """,
        agencies=AGENCIES,
        relations=[order("r1", "call", "closed"), order("r2", "closed", "visit", "judged")],
        readings=[against("r2")],
    )
    return tables, solved(tables)


def test_no_days_are_told_to_an_answer_that_the_source_does_not_date() -> None:
    tables, chronology = closed_soon()
    gaps = cc.response_gaps(review_of(tables, chronology)).set_index("concern")
    wait = gaps.loc["call"]
    # Up to the end of July: 272 days, of which the source says nothing.
    assert chronology.event_windows[1].max() - chronology.event_windows[0].min() == 272
    assert wait["known"] == "only an order"
    assert wait[["days_min", "days_max", "working_days_max"]].isna().all()
    # From 30 November to 15 October at least, from 1 November at most: both are dated.
    assert wait[["next_step_days_min", "next_step_days_max"]].tolist() == [319, 348]
    less = {**tables, "readings": tables["readings"].iloc[:0]}
    plain = cc.response_gaps(review_of(less, solved(less))).set_index("concern").loc["call"]
    assert plain[["days_min", "days_max"]].tolist() == [0, 272]


def test_a_gap_that_the_source_states_is_told_between_undated_events() -> None:
    tables = tables_of(
        events=[event("call", "referral"), event("visit", "visit")],
        relations=records_of("""
            id | type | from_event | to_event | gap | meaning | basis
            r  | gap  | call       | visit    | P3D | exact   | stated
        """),
        links=[tie("answers", "visit", "call")],
    )
    chronology = solved(tables)
    (wait,) = intervals.waits_between(chronology, [("call", "visit")])
    assert (wait.days_min, wait.days_max) == (3, 3)


def test_a_contradiction_that_a_default_makes_stays_one() -> None:
    tables, _ = closed_soon()
    tables["events"].loc[tables["events"]["id"] == "closed", "date"] = "2018-09"
    gaps = cc.response_gaps(review_of(tables, solved(tables))).set_index("concern")
    assert gaps.loc["call", "known"] == "no admissible chronology"


def come_about(tables: Tables, chronology: Chronology) -> dict[tuple[str, str], str]:
    cells = cc.knowledge(review_of(tables, chronology))
    names = ("decision", "matter", "had_come_about")
    return {(one, matter): come for one, matter, come in zip(*map(cells.get, names), strict=True)}


def test_what_is_left_open_is_no_matter_of_what_it_does_not_certainly_precede() -> None:
    """The harm has no lower bound but the birth, the conduct none at all; the meeting came no
    earlier than the call and at no later day that is told."""
    tables = tables_of(
        agencies=AGENCIES,
        events=[
            event("birth", "birth", "2018-07"),
            event("call", "referral", "2018-08"),
            event("bruise", "bruising", "[2018-08-20..2018-09-10]"),
            event("met", "icpc", "2018-09-01"),
            event("harm", "harm-to-child"),
            event("conduct", "behaviour"),
            event("fight", "violence"),
            event("old", "violence"),
            event("stay", "admission", "2018-11"),
        ],
        involvement=[
            part("childrens-services", "met", "led"),
            *(part("gp", row, "held") for row in ("bruise", "harm", "conduct", "fight", "old")),
            part("childrens-services", "call", "received"),
        ],
        relations=[
            order("r1", "birth", "harm"),
            order("r2", "harm", "stay"),
            order("r3", "call", "fight"),
            order("r4", "old", "call"),
        ],
    )
    come_about_by = come_about(tables, solved(tables))
    assert {matter: come for (one, matter), come in come_about_by.items() if one == "met"} == {
        "call": "certainly",
        "old": "certainly",  # open before, and certainly no later than the call
        "bruise": "possibly",  # open within its own dates only
    }


def test_of_an_open_decision_nothing_is_possibly_before() -> None:
    come_about_by = come_about(*closed_soon())
    assert {matter: come for (one, matter), come in come_about_by.items() if one == "closed"} == {
        "call": "certainly"
    }


def test_a_contact_that_only_a_birth_bounds_makes_no_stretch() -> None:
    tables = tables_of(
        agencies=AGENCIES,
        events=[
            event("birth", "birth", "2018-07"),
            event("first", "visit", "2018-03-01"),
            event("second", "visit", "2018-03-11"),
            event("loose", "visit"),
            event("stay", "admission", "2018-11-20"),
        ],
        involvement=[part("gp", row, "led") for row in ("first", "second", "loose")],
        relations=[order("r1", "birth", "loose"), order("r2", "loose", "stay")],
    )
    (row,) = cc.contact_gaps(review_of(tables, solved(tables))).to_dict("records")
    # With the visit of some day from July: 142 to 254 days from 11 March to it.
    assert (row["from_event"], row["to_event"]) == ("first", "second")
    assert (row["days_min"], row["days_max"]) == (10, 10)


def test_no_days_are_told_since_an_open_closure() -> None:
    table = cc.re_referrals(review_of(*closed_soon())).set_index(["referral", "measure"])
    row = table.loc[("later-call", re_referrals.AFTER_CLOSURE)]
    # The closure may also have come after the call of October; if before, on no day that is told.
    assert (row["before"], row["re_referral"]) == (("closed",), "possible")
    assert pd.isna(row["days_min"])
    assert row["days_max"] == 364  # 1 November 2017 to 31 October 2018
    assert row["would_settle"] == "the days of the closure before it and of the referral"


def test_what_is_left_open_is_possibly_on_record_at_nothing() -> None:
    tables = tables_of(
        """
        event | birth  | birth     | 2018-07
        event | row    | violence
        event | bruise | bruising  | [2018-08-20..2018-09-10]
        event | call   | referral  | 2018-09-01
        event | stay   | admission | 2018-11-20
        part | gp                 | row    | held
        part | gp                 | bruise | held
        part | childrens-services | call   | received
    """,
        agencies=AGENCIES,
        relations=[order("r1", "birth", "row"), order("r2", "row", "stay")],
    )
    table = cc.opportunities(review_of(tables, solved(tables))).set_index("concern")
    assert table.loc["call", ["on_record", "on_record_possibly"]].tolist() == [(), ("bruise",)]


@pytest.mark.parametrize(
    ("row", "sides"),
    [
        ("conduct-wf", (True, True)),
        ("assessment-icpc", (True, False)),
        ("closure-midwife", (False, True)),
    ],
)
def test_the_rows_of_child_w_that_were_told_as_if_dated(row: str, sides: tuple[bool, bool]) -> None:
    assert tuple(real_review(W).chronology.open_sides[row]) == sides


def test_the_harm_to_child_w_is_a_matter_of_nothing_before_it() -> None:
    review = real_review(W)
    come_about_by = come_about(dict(review.tables), review.chronology)
    told = ("harm-w", "conduct-wf", "report-wm", "paramedics", "absence-wf-conference")
    come = {(one, matter): come for (one, matter), come in come_about_by.items() if matter in told}
    assert set(come.values()) <= {"certainly"}
    # He did not come to the conference: that was no matter before it, and it was one in October.
    assert {one for one, matter in come if matter == told[-1]} == {
        "breach-response",
        "edt-absent",
        "no-consideration-october",
    }
    gaps = cc.response_gaps(review).set_index(["concern", "answer"])
    soon = gaps.loc[("referral-midwife", "closure-midwife")]
    assert soon["known"] == "only an order"
    assert pd.isna(soon["days_max"])


# ---------------------------------------------------------------- one vocabulary


LATER = {"childrens-services": "learned-later"}


def at_the_end(deciders: list[str], held: dict[str, str]) -> str:
    """What is said of a blow of January for those who closed a case in March; `held` tells how each
    agency held it."""
    tables = tables_of(
        agencies=[*AGENCIES, agency("somebody", "Unnamed agencies", "10")],
        events=[
            event("blow", "violence", "2018-01"),
            event("end", "closure", "2018-03-01"),
            event("told", "referral", "[2018-02-20..2018-03-10]"),
        ],
        involvement=[
            *(part(one, "end", "led") for one in deciders),
            *(
                part(one, "told", "received") if role == "told" else part(one, "blow", role)
                for one, role in held.items()
            ),
        ],
        links=[tie("tells-of", "told", "blow")] if "told" in held.values() else [],
    )
    chronology = solved(tables)
    table = cc.information_at_decision(review_of(tables, chronology)).set_index("matter")
    return str(table.loc["blow", "reached"])


@pytest.mark.parametrize(
    ("deciders", "held", "state"),
    [
        (["childrens-services"], {"childrens-services": "held", "gp": "held"}, knowledge.CERTAIN),
        (["childrens-services"], {"childrens-services": "told", "gp": "held"}, knowledge.POSSIBLE),
        (["childrens-services"], {"gp": "told"}, knowledge.OTHER),
        # What is not named can be the one that decided, whoever else held it.
        (["childrens-services"], {"gp": "held", "somebody": "held"}, knowledge.WITH_ONE_IT_CAN_BE),
        (["somebody"], {"gp": "held"}, knowledge.WITH_ONE_IT_CAN_BE),
        (["childrens-services"], {"childrens-services": "learned-later"}, knowledge.LATER),
        # Who learned of it afterwards takes nothing from who held it at the time.
        (["childrens-services"], LATER | {"gp": "held"}, knowledge.OTHER),
        (["childrens-services"], LATER | {"gp": "told"}, knowledge.OTHER),
        (["childrens-services"], LATER | {"somebody": "held"}, knowledge.WITH_ONE_IT_CAN_BE),
        (["childrens-services", "gp"], LATER | {"gp": "held"}, knowledge.CERTAIN),
        (["childrens-services"], {}, knowledge.NOBODY),
        ([], {"gp": "held"}, knowledge.NOT_STATED),
        ([], {}, knowledge.NOBODY),  # nobody held it, whoever decided
    ],
)
def test_one_vocabulary_says_what_is_recorded_for_those_who_decided(
    deciders: list[str], held: dict[str, str], state: str
) -> None:
    assert at_the_end(deciders, held) == state


def test_for_one_named_agency_that_decided_two_tables_say_the_same() -> None:
    review = real_review(W)
    cells, points = cc.knowledge(review), cc.decisions(review)
    named = set(cells.loc[cells["named"], "agency"])
    points = points[points["decided_by_ids"].map(len) == 1].explode("decided_by_ids")
    alone = points[points["decided_by_ids"].isin(named)]
    known = cells.set_index(["decision", "agency", "matter"])["known"]
    table = cc.information_at_decision(review).merge(
        alone[["decision", "decided_by_ids"]], on="decision"
    )
    rows = zip(
        *(table[name] for name in ("decision", "decided_by_ids", "matter", "reached")), strict=True
    )
    found = [(reached, known[one, agency, matter]) for one, agency, matter, reached in rows]
    assert found
    assert [one for one in found if one[0] != one[1]] == []


# ------------------------------------------- days beside the age of a living child


def test_no_wait_tells_the_days_that_lie_beside_a_published_age() -> None:
    """The child had an age in November, when it was admitted; a blow of late October came 11 to 17
    days before that. From the days of the blow, 1 to 40 days to some day of November."""
    tables = tables_of(
        """
        people | id=k | label=K | kinship=child
        attributes | id=a | row=k | attribute=age-months | value=4 (in November 2018)
        event | blow | violence       | [2018-10-21..2018-10-31]
        event | call | emergency-call
        event | stay | admission      | 2018-11
        part | gp | blow | held
        participation | id=p | person=k | event=stay | role=subject | status=reported
        tie | answers | stay | call
    """,
        agencies=AGENCIES,
        relations=[
            {
                "id": f"r{most}",
                "type": "gap",
                "from_event": "blow",
                "to_event": "stay",
                "gap": f"P{days}D",
                "meaning": meaning,
                "basis": "stated",
            }
            for most, (days, meaning) in enumerate(((11, "at-least"), (17, "at-most")))
        ]
        + [{**order("r3", "call", "stay"), "type": "gap", "gap": "P3D", "meaning": "exact"}],
    )
    chronology = solved(tables)
    assert feasible_region(chronology, "blow", "stay")[4:] == (11, 17)
    gaps = cc.response_gaps(review_of(tables, chronology)).set_index("concern")
    assert gaps.loc["blow", "observed_to"] == "stay"
    assert gaps.loc["blow", ["observed_days_min", "observed_days_max"]].tolist() == [1, 40]
    # Between two events of that time no day of the calendar is told: the number stays.
    assert gaps.loc["call", ["days_min", "days_max"]].tolist() == [3, 3]


def test_when_an_account_was_held_tells_no_day_beside_a_published_age() -> None:
    review = real_review(W)
    told = pd.concat(
        [
            cc.accounts_of_harm(review)[["held_earliest", "held_latest"]].stack(),
            cc.holders_of_accounts(review)[["earliest", "latest"]].stack(),
        ]
    )
    assert len(told)
    admission = cc.chronicle(review_of(dict(review.tables), review.chronology)).set_index("event")
    first, last = admission.loc["admission-w", ["earliest", "latest"]]
    assert (str(first.date()), str(last.date())) == ("2018-11-01", "2018-11-30")
    assert not told.between(first, last, inclusive="neither").any()


def test_no_document_and_no_help_tells_a_day_beside_a_published_age() -> None:
    """Neither the history of findings nor an example may have what the pages keep back."""
    admission = cc.bounds(real_review(W)).set_index("event").loc["admission-w"]
    root = W.parents[1]
    written = [root / "README.md", root / "CHANGELOG.md", *root.glob("docs/**/*.md")]
    written += root.glob("src/**/*.py")
    for day in admission[["earliest", "latest"]]:
        of_month = re.compile(rf"\b{day.day}(th)? (to \d+ )?{day.month_name()}|{day.date()}")
        assert [path.name for path in written if of_month.search(path.read_text("utf-8"))] == []


def test_the_place_of_a_row_tells_no_day_beside_a_published_age() -> None:
    """A blow of 25 October 11 to 17 days before the admission, which is so of the 5th to the 11th.
    Told is November: so it stands before a visit of the 3rd, and behind a call of the 2nd that the
    source puts before it."""
    tables = tables_of(
        """
        people | id=k | label=K | kinship=child
        attributes | id=a | row=k | attribute=age-months | value=4 (in November 2018)
        event | visit | visit     | 2018-11-03
        event | stay  | admission | 2018-11
        event | call  | contact   | 2018-11-02
        event | blow  | violence  | 2018-10-25
        participation | id=p | person=k | event=stay | role=subject | status=reported
    """,
        agencies=AGENCIES,
        relations=[
            order("r", "blow", "stay") | {"type": "gap", "meaning": "rounded", "gap": "P2W"},
            order("s", "call", "stay") | {"type": "before"},
        ],
    )
    chronology = solved(tables)
    at = chronology.lowered.row_of["stay"]
    assert date.fromordinal(int(chronology.event_windows[at, 0])) == date(2018, 11, 5)
    table = cc.chronicle(review_of(tables, chronology))
    assert table["event"].tolist() == ["blow", "call", "stay", "visit"]


def test_what_narrows_days_beside_a_published_age_is_not_told_with_them() -> None:
    """That the admission was 46 to 76 days after the plan, and when the plan was, would tell its
    days by an addition, also in the rows of what came before and after it."""
    review = real_review(W)
    told, exact = (ask(review).set_index("event") for ask in (cc.chronicle, cc.bounds))
    beside = told.index[told["beside_an_age"]]
    assert {"harm-w", "admission-w", "told-fear"} < {*beside}
    assert exact.loc[beside, "narrowed_by"].astype(bool).all()
    statements = ["narrowed_by", "narrowed_by_rows"]
    assert not told.loc[beside, statements].map(len).to_numpy().any()
    # That days lean on a judged date is told still, here the review's, before which this was told.
    assert told.loc["told-fear", "as_judged"]


#: Tables of the engine itself, of the source's own statements, of the sheet, of two codings, or of
#: other choices.
NOT_ASKED = {
    *words_of("""
    bounds gaps order time_statements coded_rows agreement coding_differences conclusions_compared
    unmatched bounds_by_policy changes_by_choice dissolved_by policies_tried sensitivity
""")
}
#: What names the statements behind a window, and not its days.
STATEMENTS = {"narrowed_by", "narrowed_by_rows", "leans_on", "beside_an_age"}


def told(review: cc.Review) -> dict[tuple[str, str, str], str]:
    """Every cell of every table of one review, by table, row and column."""
    cells = {}
    for name in set(cc.__all__) - NOT_ASKED:
        ask = getattr(cc, name)
        if not inspect.isfunction(ask) or "review" not in inspect.signature(ask).parameters:
            continue
        table = ask(review).drop(columns=STATEMENTS, errors="ignore")
        for number, row in enumerate(table.to_dict("records")):
            cells |= {(name, str(number), head): str(row[head]) for head in row}
    return cells


@thorough
def test_no_table_tells_what_narrows_the_days_beside_a_published_age() -> None:
    """What ties the admission of Child W to other days may mean more or less: no cell of any table
    tells the difference, but for days between two others, of which neither has an age beside it,
    and between two that share the age's days, which tell no day."""
    review, meanings = real_review(W), {"plan": "approximate", "incident-october": "approximate"}
    as_given = told(review)
    differing = {}
    for start, meaning in meanings.items():
        tables = dict(review.tables)
        rows = tables["relations"]
        chosen = rows["id"] == f"rl-gap-{start}-admission-w"
        assert chosen.sum() == 1
        tables["relations"] = rows.assign(meaning=rows["meaning"].mask(chosen, meaning))
        other = varied(review, tables, chronology_of(tables, review.policy))
        day = {
            "plan": ("2018-11-01", "2018-11-17"),
            "incident-october": ("2018-11-06", "2018-11-21"),
        }
        bounds = cc.bounds(other).set_index("event").loc["admission-w", ["earliest", "latest"]]
        assert tuple(str(end.date()) for end in bounds) == day[start]
        cells = told(other)
        assert cells.keys() == as_given.keys()
        differing[start] = {
            (table, head, as_given[table, row, head], cell)
            for (table, row, head), cell in cells.items()
            if cell != as_given[table, row, head] and "working" not in head
        }
    # Two months, 46 to 76 days, or 31 to 91: from the plan to the incident at least 46 - 17 days,
    # or 31 - 17; then the dates alone have 21. The plan runs on so long.
    conference = {("durations", "days_min", "29", "21"), ("precedence", "days_min", "29", "21")}
    conference |= {
        ("turning_point_gaps", "days_min", *days) for days in (("29", "21"), ("30", "22"))
    }
    # What followed the incident can be a day after it, or as late as the admission was.
    conference.add(("precedence", "days_min", "1", "11"))
    assert differing["plan"] == conference
    # A fortnight, 11 to 17 days, or 7 to 21: 46 - 21 days, and 17 or 21 up to the admission.
    referrals = {
        *(("durations", "days_min", "29", "25"), ("precedence", "days_min", "29", "25")),
        *(("turning_point_gaps", "days_min", *days) for days in (("29", "25"), ("30", "26"))),
        ("response_gaps", "observed_days_max", "17", "21"),
        ("timescale_checks", "end_days_max", "17", "21"),
    }
    shares = {one for one in differing["incident-october"] if one[1] == "share"}
    assert differing["incident-october"] - shares == referrals
    assert len(shares) == 1


def test_the_days_that_are_told_together_narrow_no_date_beside_a_published_age() -> None:
    """All windows and days that tables tell, put together as statements: what lies beside an age
    keeps the days of its own date. Orders are told all the same: the closure of Child E, of 1
    September to 30 November, came after a workman's call and before 22 November."""
    orders = {"closure": tuple(date(2022, *day).toordinal() for day in ((9, 2), (11, 21)))}
    for name in (W, W.with_name("child-e-example-2024")):
        review = real_review(name)
        chronology = review.chronology
        ids = [*chronology.events]
        at = {(event, point): 1 + 2 * ids.index(event) + point for event in ids for point in (0, 1)}
        most = np.full((2 * len(ids) + 1,) * 2, np.inf)
        np.fill_diagonal(most, 0)

        def add(
            first: int, second: int, low: object, high: object, most: NDArray[np.float64] = most
        ) -> None:
            if not pd.isna(high):
                most[first, second] = min(most[first, second], high)
            if not pd.isna(low):
                most[second, first] = min(most[second, first], -low)

        sides = ("earliest", "start_latest", "end_earliest", "latest")
        for row in cc.chronicle(review).itertuples():
            days = [
                None if pd.isna(day) else day.toordinal()
                for day in (getattr(row, side) for side in sides)
            ]
            for point in (0, 1):
                add(0, at[row.event, point], *days[2 * point : 2 * point + 2])
        spans = [
            (cc.turning_point_gaps(review), "from_event", "to_event", "", 0),
            (cc.steps_before_harm(review), "step", "to_event", "", 0),
            (cc.response_gaps(review), "concern", "answer", "", 0),
            (cc.response_gaps(review), "concern", "observed_to", "observed_", 0),
            (cc.precedence(review), "before", "after", "", 1),
            (cc.durations(review), "event", "event", "", 0),
        ]
        for table, start, end, kind, point in spans:
            rows = zip(
                *(table[head] for head in (start, end, f"{kind}days_min", f"{kind}days_max")),
                strict=True,
            )
            for one, other, low, high in rows:
                if other:
                    add(at[one, point], at[other, int(one == other)], low, high)
        for through in range(len(most)):
            most = np.minimum(most, most[:, through, None] + most[through])
        aged = aged_events(review.tables, chronology.lowered)
        assert aged
        for row, days in aged.items():
            told_days = (-most[at[row, 0], 0], most[0, at[row, 1]])
            assert told_days == orders.get(row, days), row


def test_no_days_are_told_across_a_side_that_the_coding_leaves_open() -> None:
    """The assault has no first day: what dates it there is the birth, or a default. Up to it days
    are told at most: to 30 November, from 1 October 2017, 21 August, 21 September, 21 October."""
    review = real_review(W)
    turns = cc.turning_point_gaps(review).set_index(["from_event", "to_event"])
    columns = ["known", "days_min", "days_max"]
    cells = {
        pair[0]: tuple(None if cell is pd.NA else cell for cell in row)
        for pair, row in zip(turns.index, turns[columns].itertuples(index=False), strict=True)
        if pair[1] == "harm-w"
    }
    assert cells == {
        "closure-2017-10": ("at most", None, 425),
        "closure-midwife": ("at most", None, 394),
        "section-47": ("at most", None, 101),
        "icpc": ("at most", None, 70),
        "breach": ("at most", None, 40),
    }
    last = turns.loc[("harm-w", "admission-w"), columns]
    assert last["known"] == "only an order"
    assert last[["days_min", "days_max"]].isna().all()
    steps = cc.steps_before_harm(review).set_index(["step", "to_event"])
    assert steps.xs("harm-w", level="to_event")["days_min"].isna().all()
    # Without the birth and the default not one number is another.
    dated = varied(review, dict(review.tables), review.chronology.with_open_sides)
    for ask in (cc.turning_point_gaps, cc.steps_before_harm):
        both = [ask(one).filter(regex="days_m").astype(str) for one in (review, dated)]
        assert_frame_equal(*both)


@pytest.mark.parametrize("name", ["child-w-manchester-2020", "child-e-example-2024"])
def test_days_told_of_many_pairs_at_once_are_those_told_of_each(name: str) -> None:
    review = real_review(name)
    chronology = review.chronology
    shown = chronology.shown
    inside = [
        row.id
        for row, at in zip(chronology.lowered.events, chronology.lowered.start, strict=True)
        if at >= 0
    ]
    points = [(event, point) for event in inside for point in ("start", "end")]
    places = [2 * chronology.lowered.row_of[event] + (point == "end") for event, point in points]
    at_once = windows.most_told(chronology, np.array(places), np.array(places))
    wider = {
        event
        for event in inside
        if (shown != chronology.event_windows)[chronology.lowered.row_of[event]].any()
    }
    assert wider
    for i, (start, from_point) in enumerate(points):
        for j, (end, to_point) in enumerate(points):
            if {start, end} & wider:
                named = {"from_point": from_point, "to_point": to_point}
                region = feasible_region(chronology, start, end, **named)
                most = windows.shown_region(chronology, region, start, end, **named).gap_hi
                assert none_if_open(at_once[i, j]) == most, (start, end)


@pytest.mark.parametrize("other", ["[2018-11-20,2018-12-20]", "[2018-11-20..2018-12-20]"])
def test_a_date_with_holes_narrows_no_day_beside_a_published_age(other: str) -> None:
    """A visit exactly three days after the admission: of 20 November and 20 December only the first
    can be it, which would tell the admission as of the 1st to the 17th; and so would a call exactly
    two days after it, which is told as of the 3rd to the 30th."""
    exactly = {"type": "gap", "meaning": "exact"}
    tables = tables_of(
        f"""
        people | id=k | label=K | kinship=child
        attributes | id=a | row=k | attribute=age-months | value=4 (in November 2018)
        event | stay  | admission | 2018-11
        event | visit | visit     | {other}
        event | call  | contact   | 2018-11
        participation | id=p | person=k | event=stay | role=subject | status=reported
    """,
        agencies=AGENCIES,
        relations=[
            order("r", "stay", "visit") | exactly | {"gap": "P3D"},
            order("s", "stay", "call") | exactly | {"gap": "P2D"},
        ],
    )
    chronology = solved(tables)
    told = chronology.shown[[chronology.lowered.row_of[one] for one in ("stay", "call")]]
    first, last = date(2018, 11, 1).toordinal(), date(2018, 11, 30).toordinal()
    assert told[:, [0, 3]].tolist() == [[first, last], [first + 2, last]]
    # That the call was two days after the admission, and the visit three, would tell its days. So
    # what narrows days is told only of what is told by all that narrows it.
    rows = cc.chronicle(review_of(tables, chronology)).set_index("event")
    narrowed = rows[["days_narrowed", "narrowed_by"]]
    assert narrowed.loc["stay"].tolist() == [0, ""]
    assert narrowed.loc["call"].tolist() == [2, ""]


def test_what_holes_narrow_away_from_a_published_age_stays_narrowed() -> None:
    """A letter three days after a note of 20 November or 20 December, which no admission bounds:
    all days between the two would let it be of the 23rd to the 30th, and it is of the 23rd."""
    tables = tables_of(
        """
        people | id=k | label=K | kinship=child
        attributes | id=a | row=k | attribute=age-months | value=4 (in November 2018)
        event | stay   | admission | 2018-11
        event | note   | contact   | [2018-11-20,2018-12-20]
        event | letter | contact   | 2018-11
        participation | id=p | person=k | event=stay | role=subject | status=reported
    """,
        agencies=AGENCIES,
        relations=[
            order("r", "note", "letter") | {"type": "gap", "meaning": "exact", "gap": "P3D"}
        ],
    )
    chronology = solved(tables)
    told = chronology.shown[chronology.lowered.row_of["letter"], [0, 3]]
    assert [date.fromordinal(day) for day in told.tolist()] == [date(2018, 11, 23)] * 2


def test_days_between_two_events_beside_an_age_are_those_that_their_told_days_allow() -> None:
    """A visit on the 20th three days after the admission, a call on the 22nd three days after the
    injury: the injury was two days after the admission. Both are told as of November alone, and
    that the injury was later."""
    exactly = {"type": "gap", "meaning": "exact", "gap": "P3D"}
    tables = tables_of(
        """
        people | id=k | label=K | kinship=child
        attributes | id=a | row=k | attribute=age-months | value=4 (in November 2018)
        event | stay   | admission | 2018-11
        event | injury | bruising  | 2018-11
        event | visit  | visit     | 2018-11-20
        event | call   | contact   | 2018-11-22
        participation | id=p | person=k | event=stay   | role=subject | status=reported
        participation | id=q | person=k | event=injury | role=subject | status=reported
    """,
        agencies=AGENCIES,
        relations=[
            order("r", "stay", "visit") | exactly,
            order("s", "injury", "call") | exactly,
        ],
    )
    chronology = solved(tables)
    closest = feasible_region(chronology, "stay", "injury")
    assert (closest.gap_lo, closest.gap_hi) == (2, 2)
    told = windows.told_region(chronology, "stay", "injury")
    assert (told.gap_lo, told.gap_hi) == (1, 29)


def test_no_days_are_told_between_two_events_over_a_side_that_only_a_default_bounds() -> None:
    # From 1 November to the end of July there are 272 days. The closure is no earlier than the
    # call, but how late it was, before the visit or after, nothing says but the default.
    tables, chronology = closed_soon()
    pairs = [("call", "closed"), ("closed", "call"), ("call", "worry"), ("closed", "visit")]
    columns = ["days_min", "days_max", "only_order"]

    def told(tables: Tables, chronology: Chronology) -> list[list[object]]:
        table = cc.gaps(review_of(tables, chronology), pairs)[columns].astype(object)
        return table.where(table.notna(), None).values.tolist()

    assert told(tables, chronology) == [
        [0, None, True],
        [None, 0, True],
        [91, 150, False],
        [None, 272, False],
    ]
    less = {**tables, "readings": tables["readings"].iloc[:0]}
    assert told(less, solved(less)) == [
        [0, 272, False],
        [-272, 0, False],
        [91, 150, False],
        [0, 272, False],
    ]


@pytest.mark.parametrize(
    ("age", "first"),
    [
        # Not yet eight weeks old on 1 May 2014, the first day on which it can have been seven.
        ("age-weeks: 7", date(2014, 3, 6)),
        ("age-months: 7", date(2013, 9, 1)),
        ("age-years: 7", date(2006, 5, 1)),
    ],
)
def test_from_when_on_a_child_who_died_can_have_been_born(age: str, first: date) -> None:
    """Of a living child it is not asked."""
    attribute, _, number = age.partition(": ")
    fact = {"id": "a", "row": "k", "attribute": attribute, "value": f"{number} (in May 2014)"}
    tables = tables_of(
        people=[{"id": "k", "label": "K", "kinship": "child"}],
        events=[event("death", "death", "2014-05")],
        participation=[{"id": "p", "event": "death", "person": "k", "role": "subject"}],
        attributes=[fact],
    )
    assert {who: date.fromordinal(day) for who, day in born_from(tables).items()} == {"k": first}
    living = tables | {"participation": tables["participation"].iloc[:0]}
    assert born_from(living) == {}
