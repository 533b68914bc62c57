from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings

import casechron as cc
import involvement_cases
from brute_force import Event, Relation, coded, solutions, tables
from casechron.analysis.chronicle import (
    NO_AGENCY,
)
from casechron.analysis.windows import event_words
from casechron.chronology import Chronology, bounds_table, chronology_of
from casechron.coding.reviews import read_coded
from casechron.dates.policy import DatingPolicy
from chronology_cases import generated, tables_of, tension
from made_reviews import review_of
from real_reviews import real_review, real_tables
from text_tables import cells_of
from thoroughly import drawn, examples

DATA = Path(__file__).parents[1] / "data"
REVIEWS = sorted(folder.name for folder in DATA.iterdir() if (folder / "review.toml").is_file())
EXACT = DatingPolicy(duration_slack="none")
Tables = dict[str, pd.DataFrame]


def attempted(tables: Tables, policy: DatingPolicy | None = None) -> Chronology:
    used = {name: table for name, table in tables.items() if name not in ("links", "readings")}
    return chronology_of(used, policy)


def tables_from(events: list[Event], relations: list[Relation]) -> Tables:
    rows, ties = tables(events, relations)
    return tables_of(rows.to_dict("records"), ties.to_dict("records"))


# ---------------------------------------------------------------- chronicle


def test_a_chronicle_as_a_whole_table() -> None:
    given_tables = tension()
    given_tables["involvement"] = tables_of(
        [],
        involvement=[
            {"id": "i1", "agency": "school", "event": "conference", "role": "took-part"},
            {"id": "i2", "agency": "police", "event": "conference", "role": "led"},
            {"id": "i3", "agency": "police", "event": "incident", "role": "not-told"},
        ],
    )["involvement"]
    given_tables["agencies"] = tables_of(
        [],
        agencies=[
            {"id": "police", "label": "Police", "sector": "6"},
            {"id": "school", "label": "School", "sector": "2A"},
        ],
    )["agencies"]
    table = cc.chronicle(review_of(given_tables, attempted(given_tables)))
    assert table.columns.tolist() == cells_of("""
        event | said | summary | kind | date | date_words | other_dates | how_many | recurs
        state | absence | protected | can_end | behind | children | alleged | as_judged | basis
        date_basis | shape | said_stated
        stated_earliest | stated_start_latest | stated_end_earliest | stated_latest | earliest
        start_latest | end_earliest | latest | certain_from | certain_to | days_narrowed
        narrowed_by | narrowed_by_rows | leans_on | beside_an_age | lane | places | status
    """)
    assert table[["event", "said", "said_stated", "kind", "lane", "places"]].to_dict("list") == {
        "event": ["conference", "plan", "incident", "admission"],
        "said": [
            "between 21 and 30 September 2018",
            "between 21 and 30 September 2018",
            "between 21 and 31 October 2018",
            "between 6 and 17 November 2018",
        ],
        "said_stated": [
            "between 21 and 30 September 2018",
            "not dated",
            "between 21 and 31 October 2018",
            "in November 2018",
        ],
        "kind": [
            "Initial child protection conference",
            "Child protection plan",
            "Domestic abuse or violence",
            "Admission to hospital",
        ],
        "lane": [("School", "Police"), (NO_AGENCY,), (NO_AGENCY,), (NO_AGENCY,)],
        "places": ["", "", "", "para 9.1"],
    }
    # The admission, of whom nothing is said, is the child's.
    assert table["can_end"].tolist() == [False, False, False, True]
    assert table["days_narrowed"].tolist()[0::2] == [0, 0]
    assert table["days_narrowed"].tolist()[3] == 18
    assert pd.isna(table["days_narrowed"][1])
    assert table["certain_from"].isna().all()


def test_a_stated_date_stays_the_source_s_where_a_judged_order_narrows_its_days() -> None:
    dates = {"first": "2021-06-01", "again": "[..2021-09-14]", "closed": "2021-09"}
    events = [{"id": name, "kind": "referral", "date": date} for name, date in dates.items()]
    events[2]["date_basis"] = "judged"
    relations = [
        {"id": "r1", "type": "before", "from_event": "first", "to_event": "again"},
        {"id": "r2", "type": "before", "from_event": "again", "to_event": "closed"},
    ]
    given_tables = tables_of(events, [row | {"basis": "judged"} for row in relations])
    table = cc.chronicle(review_of(given_tables, attempted(given_tables)))
    assert table.set_index("event")[["said", "as_judged", "date_basis"]].T.to_dict("list") == {
        "first": ["on 1 June 2021", False, ""],
        "again": ["between 2 June and 14 September 2021", True, ""],
        "closed": ["in September 2021", True, "judged"],
    }


@given(coded())
@settings(max_examples=examples(50), deadline=None)
def test_rows_stand_in_an_order_that_no_certain_order_contradicts(
    case: tuple[list[Event], list[Relation]],
) -> None:
    every = solutions(*case)
    given_tables = tables_from(*case)
    table = cc.chronicle(review_of(given_tables, attempted(given_tables)))
    place = {event: at for at, event in enumerate(table["event"])}
    assert sorted(place) == sorted(event.id for event in case[0])
    ids = list(place)
    if every:
        for one in ids:
            for other in ids:
                if one != other and all(days[one][1] < days[other][0] for days in every):
                    assert place[one] < place[other]
    assert table["earliest"].dropna().is_monotonic_increasing


def test_rows_without_an_earliest_day_stand_by_the_day_by_which_they_were_and_undated_ones_last() -> (  # noqa: E501
    None
):
    events = [
        {"id": "nothing", "date": "", "kind": "visit"},
        {"id": "by-june", "date": "[..2018-06-30]", "kind": "visit"},
        {"id": "may", "date": "2018-05", "kind": "visit"},
        {"id": "before-may", "date": "", "kind": "visit"},
        {"id": "july", "date": "2018-07", "kind": "visit"},
        {"id": "whole-may", "date": "2018-05-01", "kind": "visit"},
    ]
    ties = [{"id": "r", "type": "not-after", "from_event": "before-may", "to_event": "may"}]
    given_tables = tables_of(events, ties)
    table = cc.chronicle(review_of(given_tables, attempted(given_tables)))
    assert table["event"].tolist() == cells_of(
        "before-may | whole-may | may | by-june | july | nothing"
    )
    assert table["said"].tolist() == cells_of("""
        by 31 May 2018 | on 1 May 2018 | in May 2018 | by 30 June 2018 | in July 2018
        not dated
    """)


def test_only_of_an_open_end_it_is_said_that_something_went_on() -> None:
    """What is dated by its first day and lasts has an end that is not known, or follows."""
    dates = {"open": "2021-10-04/..", "unknown": "2021-10-04/", "two-days": "2021-10-04/"}
    events = [{"id": name, "kind": "behaviour", "date": date} for name, date in dates.items()]
    lasts = {"id": "lasts", "type": "gap", "from_event": "two-days", "from_point": "start"}
    lasts |= {"to_event": "two-days", "to_point": "end", "gap": "P2D", "meaning": "exact"}
    given_tables = tables_of(events, [lasts])
    table = cc.chronicle(review_of(given_tables, attempted(given_tables)))
    assert table.set_index("event")[["said_stated", "said"]].T.to_dict("list") == {
        "open": ["from 4 October 2021 on"] * 2,
        "unknown": ["from 4 October 2021"] * 2,
        "two-days": ["from 4 October 2021", "from 4 October 2021 to 6 October 2021"],
    }


@pytest.mark.parametrize("told_on", ["2021-10-04", ""])
def test_what_is_said_to_have_come_first_on_a_day_stands_first_though_it_lasts(
    told_on: str,
) -> None:
    events = [
        {"id": "told", "date": told_on, "kind": "emergency-call"},
        {"id": "searched", "date": "2021-10-04", "kind": "action"},
        {"id": "missing", "date": "2021-10-04", "kind": "behaviour"},
    ]
    order = {"from_event": "missing", "from_point": "start", "to_event": "told"}
    relations = [
        {"id": "lasts", "type": "gap", "from_event": "missing", "from_point": "start"}
        | {"to_event": "missing", "to_point": "end", "gap": "P2D", "meaning": "at-most"},
        order | {"id": "day", "type": "same-day"},
        order | {"id": "order", "type": "not-after"},
        {"id": "then", "type": "not-after", "from_event": "told", "to_event": "searched"},
    ]
    given_tables = tables_of(events, relations)
    table = cc.chronicle(review_of(given_tables, attempted(given_tables)))
    assert table["event"].tolist() == ["missing", "told", "searched"]


@given(coded(undated=False))
@settings(max_examples=examples(40), deadline=None)
def test_certain_days_belong_to_the_event_in_every_chronology(
    case: tuple[list[Event], list[Relation]],
) -> None:
    every = solutions(*case)
    given_tables = tables_from(*case)
    for row in cc.chronicle(review_of(given_tables, attempted(given_tables))).to_dict("records"):
        if not every or row["recurs"]:
            assert pd.isna(row["certain_from"])
            continue
        start = max(days[row["event"]][0] for days in every)
        end = min(days[row["event"]][1] for days in every)
        if start > end:
            assert pd.isna(row["certain_from"])
        else:
            assert (row["certain_to"] - row["certain_from"]).days == end - start


def test_allegations_and_lanes_by_their_rules() -> None:
    events = [
        {"id": name, "date": "2018", "kind": "violence"}
        for name in ("all", "denied", "part", "fact", "none", "unheard", "unheard-in-part")
    ]
    events.append({"id": "never", "date": "2018", "kind": "action", "absence": "did-not-happen"})
    status = {
        "all": ["alleged", "counter-alleged"],
        "denied": ["alleged", "denied"],
        "part": ["reported", "alleged"],
        "fact": ["reported", "convicted"],
        # Somebody denies what nobody alleges.
        "unheard": ["denied"],
        "unheard-in-part": ["reported", "denied"],
    }
    parts = [
        {"id": f"p-{event}-{at}", "person": "x", "event": event, "role": "harming", "status": one}
        for event, held in status.items()
        for at, one in enumerate(held)
    ]
    agencies = [{"id": f"a{at}", "label": f"Agency {at}", "sector": "8"} for at in range(3)]
    roles = [
        ("all", 0, "led"),
        ("all", 1, "not-told"),
        ("all", 2, "learned-later"),
        ("never", 1, "responsible-absent"),
        ("part", 0, "insufficiently-involved"),
        ("fact", 2, "held"),
        ("fact", 2, "led"),
        ("fact", 0, "raised"),
    ]
    involved = [
        {"id": f"i{at}", "agency": f"a{agency}", "event": event, "role": role}
        for at, (event, agency, role) in enumerate(roles)
    ]
    given_tables = tables_of(events, participation=parts, agencies=agencies, involvement=involved)
    table = cc.chronicle(review_of(given_tables, attempted(given_tables))).set_index("event")
    assert table["alleged"].to_dict() == {
        "all": "alleged",
        "denied": "alleged and denied",
        "part": "alleged in part",
        "fact": "",
        "none": "",
        "unheard": "denied",
        "unheard-in-part": "denied in part",
        "never": "",
    }
    assert table["lane"].to_dict() == {
        "all": ("Agency 0",),
        "denied": (NO_AGENCY,),
        "part": (NO_AGENCY,),
        "fact": ("Agency 2", "Agency 0"),
        "none": (NO_AGENCY,),
        "unheard": (NO_AGENCY,),
        "unheard-in-part": (NO_AGENCY,),
        "never": ("Agency 1",),
    }


def test_without_an_admissible_chronology_cells_say_so_and_written_windows_stay() -> None:
    table = cc.chronicle(review_of(tension(), attempted(tension(), EXACT)))
    assert set(table["said"]) == set(table["status"]) == {"no admissible chronology"}
    assert table["said_stated"].tolist() == [
        "between 21 and 30 September 2018",
        "between 21 and 31 October 2018",
        "in November 2018",
        "not dated",
    ]
    assert table[["earliest", "latest", "certain_from", "days_narrowed"]].isna().all(axis=None)


@pytest.mark.parametrize("review", drawn(REVIEWS, 3))
def test_the_chronicle_of_a_review_agrees_with_its_bounds_and_its_order(review: str) -> None:
    given_tables = real_tables(review)
    chronology = attempted(given_tables)
    table, found = (
        cc.chronicle(review_of(given_tables, chronology)),
        bounds_table(chronology).set_index("event"),
    )
    # Beside a living child's age days are no finer than the source gives them.
    aside = (chronology.shown != chronology.event_windows).any(axis=1)
    wider = set(itertools.compress(chronology.events, aside))
    assert bool(wider) == (review in ("child-e-example-2024", "child-w-manchester-2020"))
    found = found.drop(index=list(wider))
    for column in ("earliest", "start_latest", "end_earliest", "latest", "narrowed_by", "status"):
        pd.testing.assert_series_equal(
            table.set_index("event")[column].drop(index=list(wider)),
            found[column].reindex([one for one in table["event"] if one not in wider]),
            check_names=False,
        )
    place = {event: at for at, event in enumerate(table["event"])}
    order = cc.precedence(review_of(given_tables, chronology))
    assert len(order)
    assert all(place[a] < place[b] for a, b in zip(order["before"], order["after"], strict=True))
    undated = (table["said"] == "not dated").tolist()
    assert undated == sorted(undated)
    births = table[table["protected"]]
    assert set(births["event"]) == set(given_tables["events"].query("kind == 'birth'")["id"])
    assert (births["said"] == births["said_stated"]).all()
    assert (births["narrowed_by"] == "").all()


def test_the_published_narrowing() -> None:
    child_w = DATA / "child-w-manchester-2020"
    found = [
        cc.chronicle(review_of(given_tables, attempted(given_tables)))
        for given_tables in (
            read_coded(folder).tables for folder in (DATA / "child-a-haringey-2008", child_w)
        )
    ]
    said = {
        event: words
        for table in found
        for event, words in zip(table["event"], table["said"], strict=True)
    }
    # No half of a join: an age of a living child stands beside it.
    assert said["admission-w"] == "in November 2018"
    shown = found[1].set_index("event")
    assert shown.loc["admission-w", ["narrowed_by", "beside_an_age"]].tolist() == ["", True]
    # The assault comes no later than the admission, whose window in turn is November.
    assert shown.loc["harm-w", ["said_stated", "said", "beside_an_age"]].tolist() == [
        "not dated",
        "between 21 September and 30 November 2018",
        True,
    ]
    assert said["strategy-meeting"] == "on 12 December 2006"
    assert said["known-wm"] == "from 2009 on"
    # Orders that a coder judges bound what the text leaves open on one side; the birth stays as
    # published.
    assert {
        event: said[event]
        for event in ("birth-w", "reported-abuse-home", "distress-wf", "denial-wf", "report-wm")
    } == {
        "birth-w": "in July 2018",
        "reported-abuse-home": "in July 2018",
        "distress-wf": "between July and August 2018",
        "denial-wf": "between July and September 2018",
        "report-wm": "in November 2018",
    }
    assert said["breakdown"] == "by 31 July 2018"
    judged = found[1].set_index("event")["as_judged"]
    # Of a judged order, of a judged date, of that of another event; not what the source dates or
    # orders.
    assert judged[["breakdown", "harm-w", "birth-w", "denial-wf"]].all()
    assert not judged[["meeting-2014", "closure-2017-10", "notification-july"]].any()
    # No finer than the source beside an age: no order narrows what is shown.
    assert not judged["admission-w"]


def test_an_empty_review_has_empty_tables() -> None:
    nothing = tables_of([])
    chronology = attempted(nothing)
    for table in (
        cc.chronicle(review_of(nothing, chronology)),
        cc.precedence(review_of(nothing, chronology)),
        cc.contradictions(review_of({}, chronology)),
    ):
        assert table.empty
        assert len(table.columns)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_narrowed_it_is_told_of_each_event_whose_days_are_narrower(seed: int) -> None:
    given_tables = generated(60, seed)
    table = cc.chronicle(review_of(given_tables, attempted(given_tables)))
    days = ["earliest", "start_latest", "end_earliest", "latest"]
    stated = table[[f"stated_{name}" for name in days]].set_axis(days, axis=1)
    moved = ((table[days] != stated) & (table[days].notna() | stated.notna())).any(axis=1)
    assert moved.any()
    assert (table["narrowed_by"] != "").tolist() == moved.tolist()


# ---------------------------------------------------------------- order and contradictions


def test_the_order_with_its_words() -> None:
    table = cc.precedence(review_of(tension(), attempted(tension())))
    assert table[["before", "before_summary", "after", "after_summary", "before_same_day"]].to_dict(
        "records"
    ) == [
        {
            "before": "conference",
            "before_summary": "A conference; on the same day: A plan is made",
            "after": "incident",
            "after_summary": "An incident",
            "before_same_day": ("plan",),
        },
        {
            "before": "incident",
            "before_summary": "An incident",
            "after": "admission",
            "after_summary": "An admission",
            "before_same_day": (),
        },
    ]
    assert cc.precedence(review_of(tension(), attempted(tension(), EXACT)))["status"].tolist() == [
        "no admissible chronology"
    ]


def test_who_had_a_part_stands_in_the_order_of_letters() -> None:
    who = cc.timeline(real_review("child-u-manchester-2013"))["who"]
    several = [cell.split(", ") for cell in who if ", " in cell]
    assert max(map(len, several)) > 5
    assert several == [sorted(names) for names in several]


def test_the_steps_of_the_published_tension() -> None:
    table = cc.contradictions(review_of({}, attempted(tension(), EXACT)))
    assert table["says"].tolist() == [
        "“An incident” is on 31 October 2018 at the latest",
        "“An admission” is at most 14 days after “An incident”: on 14 November 2018 at the latest",
        (
            "the start of “A plan is made” is at least 59 days before “An admission”: on 16"
            " September 2018 at the latest"
        ),
        (
            "“A conference” is no later than the start of “A plan is made”: on 16 September 2018 at"
            " the latest"
        ),
        "“A conference” is on 21 September 2018 at the earliest: 5 days too late",
    ]
    assert table["words"].tolist() == cells_of(
        "late October | a fortnight before | two months after | | late September"
    )
    assert table["row"].tolist() == cells_of(
        "incident | fortnight | two-months | made-then | conference"
    )
    assert table["days_on"].tolist() == [0, 14, -45, -45, -40]
    assert table["days_needed"].dropna().to_dict() == {2: 59}
    assert table["days_possible"].dropna().to_dict() == {2: 54}
    assert table["days_short"].tolist() == table["days_to_relax_alone"].tolist() == [5] * 5
    assert cc.contradictions(review_of({}, attempted(tension()))).empty


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ((5, 6, 7, 9), "first on 5 or 6 May 2018, last between 7 and 9 May 2018"),
        ((None, 6, None, 9), "first by 6 May 2018, last by 9 May 2018"),
        ((5, None, 7, None), "first on or after 5 May 2018, last on or after 7 May 2018"),
        # That the first was no later than the last, and the last no earlier, says nothing.
        ((None, None, None, 9), "last by 9 May 2018"),
        ((None, 9, 7, 9), "last between 7 and 9 May 2018"),
        ((5, None, None, None), "first on or after 5 May 2018"),
        ((5, 6, 5, None), "first on 5 or 6 May 2018"),
        ((None, None, None, None), "not dated"),
    ],
)
def test_of_what_occurred_several_times_the_first_and_the_last_are_said(
    days: tuple[int | None, ...], said: str
) -> None:
    may = (None if day is None else date(2018, 5, day).toordinal() for day in days)
    assert event_words(*may, several=True) == said


def test_days_that_are_needed_are_told_only_where_some_are_possible() -> None:
    # The visit is 9 days before the call, and has to be 3 or more after it: 12 days short.
    dated = [{"id": "call", "date": "2018-03-10"}, {"id": "visit", "date": "2018-03-01"}]
    three = {"id": "three", "type": "gap", "from_event": "call", "to_event": "visit", "gap": "P3D"}
    table = cc.contradictions(
        review_of({}, attempted(tables_of(dated, [three | {"meaning": "at-least"}])))
    )
    assert table["days_short"].tolist() == [12] * 3
    assert table[["days_needed", "days_possible"]].isna().all(axis=None)


@given(coded(undated=False, relations=5))
@settings(max_examples=examples(50), deadline=None)
def test_the_steps_of_a_contradiction_add_up(case: tuple[list[Event], list[Relation]]) -> None:
    given_tables = tables_from(*case)
    table = cc.contradictions(review_of({}, attempted(given_tables)))
    assert table.empty == bool(solutions(*case))
    for _, steps in table.groupby("conflict"):
        short = int(steps["days_short"].iloc[0])
        assert steps["step"].tolist() == list(range(1, len(steps) + 1))
        assert short > 0
        if steps["day"].notna().all():
            # The last day that is left, and the later one that is asked for.
            left, asked = steps["day"].iloc[-2:] if len(steps) > 1 else (steps["day"].iloc[0],) * 2
            assert len(steps) == 1 or (asked - left).days == short
            assert steps["days_on"].tolist() == [
                (day - steps["day"].iloc[0]).days for day in steps["day"]
            ]
        else:
            assert steps["days_on"].iloc[-1] == -short
        told = steps[steps["days_needed"].notna()]
        assert len(told) <= 1
        for need, have in zip(told["days_needed"], told["days_possible"], strict=True):
            assert need - have == short
            assert have >= 0


def test_that_somebody_is_charged_is_no_allegation() -> None:
    text = """
        people | id=k | label=K | kinship=child
        people | id=father | label=Father | kinship=father
        event | push | harm-to-child | 2018-05-01
        event | charged | charge | 2018-06-01
    """
    for event in ("push", "charged"):
        text += f"participation | id=p-{event} | person=father | event={event}"
        text += f" | role={'harming' if event == 'push' else 'subject'} | status=alleged\n"
    table = cc.chronicle(review_of(involvement_cases.tables_of(text)))
    assert table.set_index("event")["alleged"].to_dict() == {"push": "alleged", "charged": ""}
    # What a review found of somebody else stands beside it.
    text += "people | id=mother | label=Mother | kinship=mother\n"
    text += "participation | id=p | person=mother | event=push | role=harming | status=found"
    table = cc.chronicle(review_of(involvement_cases.tables_of(text)))
    assert table.set_index("event")["alleged"]["push"] == "found and alleged in part"
