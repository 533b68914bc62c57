from __future__ import annotations

import itertools
from math import inf
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import casechron as cc
from brute_force import Event, Relation, day, solutions
from brute_force import tables as dated
from casechron.analysis.concerns import end_event, end_events
from casechron.analysis.decisions import decision_ids, events_answered, in_time
from casechron.analysis.knowledge import (
    CERTAIN,
    LATER,
    NOBODY,
    OTHER,
    POSSIBLE,
    WITH_ONE_IT_CAN_BE,
    Recorded,
)
from casechron.analysis.knowledge_paths import denials, matters, ways
from casechron.analysis.tables import ties
from casechron.chronology import solve
from casechron.coding.codebook import codebook
from casechron.coding.reviews import read_coded
from casechron.dates.policy import DatingPolicy
from casechron.dates.windows import day_span
from involvement_cases import (
    Tables,
    agency,
    counted_once,
    event,
    part,
    solved,
    tables_of,
    tie,
    worked,
)
from made_reviews import review_of
from real_reviews import real_review, real_tables
from text_tables import cells_of, lists_of, records_of
from thoroughly import examples

DATA = Path(__file__).parents[1] / "data"
RANK = {CERTAIN: 2, POSSIBLE: 1}


def cells(tables: Tables) -> dict[tuple[str, str, str], str]:
    knowledge = cc.knowledge(review_of(tables, solved(tables)))
    return {
        (d, m, a): k
        for d, m, a, k in zip(
            knowledge["decision"],
            knowledge["matter"],
            knowledge["agency"],
            knowledge["known"],
            strict=True,
        )
    }


# ---------------------------------------------------------------- the worked review


def test_the_decisions_of_the_worked_review() -> None:
    tables = worked()
    decisions = cc.decisions(review_of(tables, solved(tables)))
    assert decisions.drop(
        columns=["summary", "rows", "places", "status", "kind", "absence"]
    ).values.tolist() == lists_of("""
        closure | decision | on 20 March 2017 | (Children's services) | (led or took part) | ()
        ... (referral) | (cs) | ()
        enquiries | decision | on 15 May 2017 | (Children's services) | (led or took part) | () | ()
        ... (cs) | ()
        conference | decision | on 1 June 2017 | (Children's services; School) | (led or took part)
        ... (GP (insufficiently involved); Landlord (not involved)) | () | (cs; school)
        ... (gp; landlord)
        no-duty | response found absent or insufficient | in July 2017 | (Children's services)
        ... (received what it was to answer) | (Duty team (not involved)) | (calls) | (cs) | (edt)
    """)
    assert decisions["places"].tolist() == ["", "", "para 2.1", "para 3.1"]
    assert decisions["rows"].iloc[3] == ("no-duty", "iv-cs-calls", "iv-edt-no-duty")


def test_by_which_rows_who_held_what_in_the_worked_review() -> None:
    tables = worked()
    table = cc.knowledge(review_of(tables, solved(tables)))
    known = table[(table["decision"] == "no-duty") & table["rows"].astype(bool)]
    assert known[["matter", "agency", "by", "rows"]].values.tolist() == lists_of("""
        bruise   | gp       | took part or held (bruise)   | (iv-gp-bruise)
        bruise   | school   | told (letter, then bruise)   | (iv-school-letter; lk-letter-bruise)
        referral | cs       | took part or held (referral) | (iv-cs-referral)
        referral | school   | took part or held (referral) | (iv-school-referral)
        assault  | cs       | told (report, then assault)  | (iv-cs-report; lk-report-assault)
        assault  | police   | took part or held (assault)  | (iv-police-assault)
        report   | cs       | took part or held (report)   | (iv-cs-report)
        report   | police   | took part or held (report)   | (iv-police-report)
        fear     | board    | told (told-board, then fear)
        ... (iv-board-told-board; lk-told-board-fear)
        noise    | landlord | took part or held (noise)    | (iv-landlord-noise)
        fight    | cs       | told (calls, then fight)     | (iv-cs-calls; lk-calls-fight)
        fight    | unnamed  | told (calls, then fight)     | (iv-unnamed-calls; lk-calls-fight)
        calls    | cs       | took part or held (calls)    | (iv-cs-calls)
        calls    | unnamed  | took part or held (calls)    | (iv-unnamed-calls)
    """)


#: Decision, matter: who held it certainly, who possibly. All others did not.
HELD = {
    ("closure", "bruise"): ("gp", ""),
    ("closure", "referral"): ("cs school", ""),
    ("closure", "fear"): ("", ""),
    ("enquiries", "bruise"): ("gp", ""),
    ("enquiries", "referral"): ("cs school", ""),
    ("enquiries", "assault"): ("police", "cs"),
    ("enquiries", "report"): ("", "cs police"),
    ("enquiries", "fear"): ("", ""),
    ("enquiries", "noise"): ("", "landlord"),
    ("conference", "bruise"): ("gp school", ""),
    ("conference", "referral"): ("cs school", ""),
    ("conference", "assault"): ("cs police", ""),
    ("conference", "report"): ("cs police", ""),
    ("conference", "fear"): ("", ""),
    ("conference", "noise"): ("landlord", ""),
    ("no-duty", "bruise"): ("gp school", ""),
    ("no-duty", "referral"): ("cs school", ""),
    ("no-duty", "assault"): ("cs police", ""),
    ("no-duty", "report"): ("cs police", ""),
    ("no-duty", "fear"): ("", ""),
    ("no-duty", "noise"): ("landlord", ""),
    ("no-duty", "fight"): ("cs unnamed", ""),
    ("no-duty", "calls"): ("cs unnamed", ""),
}


def test_every_cell_of_the_worked_review() -> None:
    tables = worked()
    expected = {}
    for (decision, matter), (certain, possible) in HELD.items():
        for who in tables["agencies"]["id"]:
            holders = certain.split() + possible.split()
            # What the source does not name can be anybody, and anybody can be what it does not.
            either = "unnamed" in holders or who == "unnamed"
            elsewhere = NOBODY if not holders else WITH_ONE_IT_CAN_BE if either else OTHER
            state = (
                CERTAIN
                if who in certain.split()
                else POSSIBLE
                if who in possible.split()
                else elsewhere
            )
            expected[decision, matter, who] = LATER if (who, matter) == ("board", "fear") else state
    assert cells(tables) == expected


def test_what_reached_those_who_decided_in_the_worked_review() -> None:
    tables = worked()
    chronology = solved(tables)
    table = cc.information_at_decision(review_of(tables, chronology))
    found = {(row["decision"], row["matter"]): row for row in table.to_dict("records")}
    assert list(found) == list(HELD)
    assert {key: row["reached"] for key, row in found.items()} == {
        ("closure", "bruise"): OTHER,
        ("closure", "referral"): CERTAIN,
        ("closure", "fear"): NOBODY,
        ("enquiries", "bruise"): OTHER,
        ("enquiries", "referral"): CERTAIN,
        ("enquiries", "assault"): POSSIBLE,
        ("enquiries", "report"): POSSIBLE,
        ("enquiries", "fear"): NOBODY,
        ("enquiries", "noise"): OTHER,
        ("conference", "bruise"): CERTAIN,
        ("conference", "referral"): CERTAIN,
        ("conference", "assault"): CERTAIN,
        ("conference", "report"): CERTAIN,
        ("conference", "fear"): NOBODY,
        ("conference", "noise"): OTHER,
        ("no-duty", "bruise"): OTHER,
        ("no-duty", "referral"): CERTAIN,
        ("no-duty", "assault"): CERTAIN,
        ("no-duty", "report"): CERTAIN,
        ("no-duty", "fear"): NOBODY,
        ("no-duty", "noise"): OTHER,
        ("no-duty", "fight"): CERTAIN,
        ("no-duty", "calls"): CERTAIN,
    }
    noise = found["conference", "noise"]
    assert (noise["certain_with"], noise["left_out_with"], noise["learned_later"]) == (
        ("Landlord",),
        ("Landlord",),
        (),
    )
    assert found["conference", "fear"]["learned_later"] == ("Board",)
    assert found["enquiries", "noise"]["had_come_about"] == "possibly"
    # The report tells of the assault: one matter.
    counted = counted_once(cc.information_at_decision(review_of(tables, chronology)))
    assert {
        kind: len(ids) for (decision, kind), ids in counted.items() if decision == "conference"
    } == {CERTAIN: 3, OTHER: 1, NOBODY: 1}


def test_knowledge_by_agency_lists_what_the_cells_say() -> None:
    tables = worked()
    chronology = solved(tables)
    knowledge_by_agency = cc.knowledge_by_agency(review_of(tables, chronology))
    assert len(knowledge_by_agency) == 4 * len(tables["agencies"])
    row = knowledge_by_agency[
        (knowledge_by_agency["decision"] == "enquiries") & (knowledge_by_agency["agency"] == "cs")
    ].iloc[0]
    assert row.drop(["decision", "agency", "named"]).tolist() == cells_of("""
        Children's services | decided | (referral) | (assault; report) | () | 2 | 0 | 1 | admissible
    """)
    board = knowledge_by_agency[
        (knowledge_by_agency["decision"] == "closure") & (knowledge_by_agency["agency"] == "board")
    ].iloc[0]
    assert (board["learned_afterwards"], board["part"]) == (("fear",), "")


def test_what_an_agency_did_not_hold_is_counted_and_adds_up() -> None:
    tables = worked()
    chronology = solved(tables)
    table = cc.knowledge(review_of(tables, chronology))
    for row in cc.knowledge_by_agency(review_of(tables, chronology)).to_dict("records"):
        own = table[(table["decision"] == row["decision"]) & (table["agency"] == row["agency"])]
        lists = [row[name] for name in ("certainly_known", "possibly_known", "learned_afterwards")]
        counts = [
            row[name]
            for name in (
                "recorded_with_another",
                "recorded_with_one_it_can_be",
                "recorded_with_none",
            )
        ]
        assert sum(map(len, lists)) + sum(counts) == len(own)


def test_the_default_decision_is_the_one_with_most_left_out() -> None:
    tables = worked()
    chronology = solved(tables)
    knowledge_at_a_decision = cc.knowledge_at_a_decision(review_of(tables, chronology))
    assert set(knowledge_at_a_decision["decision"]) == {"conference"}
    assert knowledge_at_a_decision.drop_duplicates("agency")[
        ["agency", "group"]
    ].values.tolist() == [
        ["cs", "decided"],
        ["school", "decided"],
        ["gp", "left out"],
        ["landlord", "left out"],
        ["police", "other agencies"],
        ["board", "other agencies"],
    ]
    assert set(
        cc.knowledge_at_a_decision(review_of(tables, chronology), decision="closure")["decision"]
    ) == {"closure"}
    words = (
        "'party' is no point of decision of this review; these are: closure, enquiries, conference,"
        " no-duty"
    )
    with pytest.raises(ValueError, match=f"^{words}$"):
        cc.knowledge_at_a_decision(review_of(tables, chronology), decision="party")


# ---------------------------------------------------------------- single rules


def small(
    *involved: tuple[str, str, str],
    links: tuple[tuple[str, str, str], ...] = (),
    **events: tuple[str, str],
) -> Tables:
    rows = [event(name.replace("_", "-"), kind, date) for name, (kind, date) in events.items()]
    agencies = [agency("a", "A", "6"), agency("b", "B", "5A"), agency("somebody", "Somebody", "10")]
    roles, ties = [part(*one) for one in involved], [tie(*one) for one in links]
    return tables_of(agencies=agencies, events=rows, involvement=roles, links=ties)


def test_a_telling_of_a_telling_tells_of_what_the_first_told() -> None:
    tables = small(
        ("a", "account", "received"),
        ("b", "note", "received"),
        links=(("tells-of", "account", "blow"), ("tells-of", "note", "account")),
        blow=("violence", "2018-01-01"),
        account=("account", "2018-01-10"),
        note=("notification", "2018-01-20"),
        early=("closure", "2018-01-15"),
        late=("closure", "2018-01-20"),
    )
    known = cells(tables)
    assert (known["early", "blow", "a"], known["early", "blow", "b"]) == (CERTAIN, OTHER)
    assert known["late", "blow", "b"] == CERTAIN  # told on the very day: a day is the finest grain
    way = [one for one in ways(tables) if (one.agency, one.matter) == ("b", "blow")]
    assert [one.rows for one in way] == [("iv-b-note", "lk-note-account", "lk-account-blow")]
    assert way[0].steps == (("note", True), ("account", True), ("blow", False))


def test_what_an_agency_is_only_said_to_have_received_is_never_certain() -> None:
    """The receiver has no record of the call, which is no contact; that it had come is possible
    from its day on, for what it told of too."""
    tables = small(
        ("a", "blow", "held"),
        ("a", "call", "raised"),
        ("b", "call", "said-to-have-received"),
        ("b", "soon", "led"),
        ("b", "late", "led"),
        links=(("tells-of", "call", "blow"),),
        blow=("violence", "2018-01-01"),
        soon=("closure", "2018-01-05"),
        call=("referral", "2018-01-10"),
        late=("closure", "2018-02-01"),
    )
    known = cells(tables)
    assert (known["late", "call", "b"], known["late", "blow", "b"]) == (POSSIBLE, POSSIBLE)
    assert known["soon", "blow", "b"] == OTHER
    review = review_of(tables, solved(tables))
    reached = cc.information_at_decision(review)
    late = reached.loc[reached["decision"] == "late", ["matter", "came_by", "possible_with"]]
    assert late.values.tolist() == lists_of("""
        blow | B: not said whether (call, then blow) | (B)
        call | B: not said whether (call) | (B)
    """)
    told = cc.tellings(review)[["telling", "tie", "from_party", "to_party", "in_time"]]
    assert told.values.tolist() == [["call", "said to have been told", "a", "b", ""]]
    assert list(cc.involvement(review)["event"]) == ["blow", "soon", "call", "late"]
    assert cc.contact_gaps(review)["agency"].tolist() == ["a", "b"]
    assert cc.holders_of_accounts(review)["agency"].tolist() == ["A"]


def test_a_whole_is_known_with_its_parts_and_a_raiser_of_one_part_with_no_other() -> None:
    tables = small(
        ("a", "calls", "raised"),
        ("b", "calls", "received"),
        links=(("part-of", "one-call", "calls"),),
        calls=("referral", "2018-01"),
        one_call=("referral", "2018-01-05"),
        end=("closure", "2018-03"),
    )
    known = cells(tables)
    assert (
        known["end", "calls", "a"],
        known["end", "one-call", "a"],
        known["end", "one-call", "b"],
    ) == (CERTAIN, OTHER, CERTAIN)


def test_who_led_the_answer_held_what_it_answers_and_an_absent_answer_tells_nothing() -> None:
    tables = small(
        ("a", "enquiries", "led"),
        ("b", "nothing-done", "responsible-absent"),
        links=(("answers", "enquiries", "blow"), ("answers", "nothing-done", "blow")),
        blow=("violence", "2018-01"),
        enquiries=("section-47", "2018-02"),
        nothing_done=("action", "2018-03"),
    )
    tables["events"].loc[2, "absence"] = "did-not-happen"
    known = cells(tables)
    assert (known["enquiries", "blow", "a"], known["enquiries", "blow", "b"]) == (CERTAIN, OTHER)
    assert known["nothing-done", "blow", "b"] == OTHER


def test_who_answered_what_tells_of_it_held_it_and_was_not_told() -> None:
    tables = small(
        ("a", "blow", "held"),
        ("a", "word", "raised"),
        ("b", "meeting", "took-part"),
        links=(("tells-of", "word", "blow"), ("answers", "meeting", "word")),
        blow=("violence", "2018-01"),
        word=("referral", "2018-02"),
        meeting=("strategy-discussion", "2018-03"),
    )
    rows = cc.knowledge(review_of(tables, solved(tables)))
    by = rows[rows["agency"] == "b"].set_index(["decision", "matter"])["by"]
    assert by["meeting", "blow"] == "answered (meeting, then word, then blow)"


@pytest.mark.parametrize(
    ("date", "links", "known"),
    [
        # An absence of February is none of March, whatever goes on for how long.
        ("2018-02", (("answers", "nothing_done", "run"),), {"blow": CERTAIN, "second": ""}),
        (
            "[2018-02..2018-03]",
            (("answers", "nothing_done", "run"),),
            {"blow": CERTAIN, "second": POSSIBLE},
        ),
        # It comes no earlier than what it answers: certain for what is told by then.
        (
            "[2018-01..2018-03]",
            (("answers", "nothing_done", "second"),),
            {"blow": CERTAIN, "second": CERTAIN},
        ),
        # What only the end of the account brought was no knowledge of those who had not acted
        # before it.
        (
            "[2018-02..2018-06]",
            (("answers", "nothing_done", "run"),),
            {"blow": CERTAIN, "harm": ""},
        ),
        # Unless it answers the end itself.
        (
            "[2018-02..2018-06]",
            (("answers", "nothing_done", "harm"),),
            {"blow": CERTAIN, "harm": CERTAIN},
        ),
    ],
)
def test_an_absent_answer_stays_in_its_window_and_before_the_end_of_the_account(
    date: str, links: tuple[tuple[str, str, str], ...], known: dict[str, str]
) -> None:
    held = [("a", matter, "held") for matter in ("run", "blow", "second", "harm")]
    tables = small(
        *held,
        links=tuple((kind, one.replace("_", "-"), other) for kind, one, other in links),
        run=("violence", "2018-01/.."),
        blow=("violence", "2018-01"),
        second=("violence", "2018-03-10"),
        harm=("harm-to-child", "2018-05-01"),
        nothing_done=("action", date),
    )
    tables["events"].loc[4, "absence"] = "did-not-happen"
    table = cells(tables)
    assert {matter: table.get(("nothing-done", matter, "a"), "") for matter in known} == known


def test_received_at_a_time_not_stated_is_possible_from_the_first_day_and_certain_once_told() -> (
    None
):
    base = {
        "blow": ("violence", "2018-01"),
        "end": ("closure", "2018-03"),
        "account": ("account", "2018-05"),
        "plan": ("closure", "2018-06"),
    }
    untold = cells(small(("a", "blow", "received"), **base))
    assert (untold["end", "blow", "a"], untold["plan", "blow", "a"]) == (POSSIBLE, POSSIBLE)
    known = cells(
        small(
            ("a", "blow", "received"),
            ("a", "account", "received"),
            links=(("tells-of", "account", "blow"),),
            **base,
        )
    )
    # That it was told in May does not say that it had heard nothing before.
    assert (known["end", "blow", "a"], known["plan", "blow", "a"]) == (POSSIBLE, CERTAIN)


def test_a_recurring_telling_is_certain_only_once_it_is_over() -> None:
    tables = small(
        ("a", "calls", "received"),
        links=(("tells-of", "calls", "blow"),),
        blow=("violence", "2018-01"),
        calls=("referral", "[2018-02-01..2018-02-20]"),
        early=("closure", "2018-02-10"),
        late=("closure", "2018-02-20"),
    )
    tables["events"].loc[1, ["count_min", "count_max"]] = ["2", "2"]
    known = cells(tables)
    assert (known["early", "blow", "a"], known["late", "blow", "a"]) == (POSSIBLE, CERTAIN)


def test_what_only_an_unnamed_agency_held_is_said_apart() -> None:
    tables = small(
        ("somebody", "blow", "held"), blow=("violence", "2018-01"), end=("closure", "2018-03")
    )
    known = cells(tables)
    assert (known["end", "blow", "somebody"], known["end", "blow", "a"]) == (
        CERTAIN,
        WITH_ONE_IT_CAN_BE,
    )


def test_where_an_unnamed_agency_decided_nothing_is_said_not_to_have_reached_it() -> None:
    tables = small(
        ("a", "blow", "held"),
        ("somebody", "end", "led"),
        blow=("violence", "2018-01"),
        end=("closure", "2018-03"),
    )
    chronology = solved(tables)
    table = cc.information_at_decision(review_of(tables, chronology))
    assert table["reached"].tolist() == [WITH_ONE_IT_CAN_BE]
    # Nor that it did: a row for an unnamed agency can be another one each time.
    tables = small(
        ("somebody", "blow", "held"),
        ("somebody", "end", "led"),
        blow=("violence", "2018-01"),
        end=("closure", "2018-03"),
    )
    chronology = solved(tables)
    table = cc.information_at_decision(review_of(tables, chronology))
    assert table["reached"].tolist() == [WITH_ONE_IT_CAN_BE]


@pytest.mark.parametrize(
    ("held", "kind"),
    [
        ({"b": "2018-01"}, OTHER),
        ({"b": "[2018-02..2018-04]"}, OTHER),
        ({"b": "[2018-02..2018-04]", "somebody": "2018-01"}, WITH_ONE_IT_CAN_BE),
        ({"b": "2018-01", "somebody": "[2018-02..2018-04]"}, WITH_ONE_IT_CAN_BE),
        ({"somebody": "2018-01"}, WITH_ONE_IT_CAN_BE),
        ({"somebody": "[2018-02..2018-04]"}, WITH_ONE_IT_CAN_BE),
        ({"a": "[2018-02..2018-04]", "b": "2018-01"}, POSSIBLE),
        ({"b": "2018-05"}, NOBODY),
    ],
)
def test_what_the_dates_leave_open_is_no_more_than_possible_elsewhere_too(
    held: dict[str, str], kind: str
) -> None:
    told = {f"told-{agency}": ("referral", date) for agency, date in held.items()}
    tables = small(
        ("a", "end", "led"),
        *((agency, f"told-{agency}", "received") for agency in held),
        links=tuple(("tells-of", f"told-{agency}", "blow") for agency in held),
        blow=("violence", "2018-01"),
        end=("closure", "2018-03"),
        **told,
    )
    chronology = solved(tables)
    table = cc.information_at_decision(review_of(tables, chronology))
    assert table.set_index("matter").loc["blow", "reached"] == kind


def test_a_plan_of_the_same_day_says_who_decided_where_nothing_else_does() -> None:
    tables = small(
        ("a", "plan", "led"),
        ("b", "other", "led"),
        meeting=("icpc", "2018-09-21"),
        plan=("protection-plan", "2018-09-21/"),
        other=("visit", "2018-09-22"),
    )
    decisions = cc.decisions(review_of(tables, solved(tables)))
    assert decisions[["decided_by", "decided_by_is"]].values.tolist() == [
        [("A",), ("led a response that began on the same day",)]
    ]


def test_evidence_on_a_view_counts_as_a_matter() -> None:
    days = {
        "clinic": ("contact", "2018-01"),
        "walk": ("contact", "2018-01"),
        "end": ("closure", "2018-03"),
    }
    tables = small(("a", "clinic", "provided"), **days)
    tables["views"] = pd.DataFrame(
        [{"id": "v", "holder": "a", "proposition": "All is well"}]
    ).reindex(columns=codebook().tables["views"].header, fill_value="")
    tables["links"] = tables_of(links=[tie("contradicts", "clinic", "v")])["links"]
    assert matters(tables) == {"clinic": "evidence on a view"}
    assert cells(tables)["end", "clinic", "a"] == CERTAIN


def test_the_basis_of_a_way_is_that_of_its_weakest_row() -> None:
    tables = worked()
    tables["links"].loc[tables["links"]["id"] == "lk-report-assault", "basis"] = "judged"
    table = cc.knowledge(review_of(tables, solved(tables)))
    conference = table[table["decision"] == "conference"]
    basis = dict(zip(conference["rows"], conference["basis"], strict=True))
    assert basis["iv-cs-report", "lk-report-assault"] == "judged"
    assert basis["iv-cs-report",] == "stated"


def test_tables_without_rows_and_without_a_chronology() -> None:
    empty = tables_of()
    chronology = solved(empty)
    points, table = (
        cc.decisions(review_of(empty, chronology)),
        cc.knowledge(review_of(empty, chronology)),
    )
    whole = cc.information_at_decision(review_of(empty, chronology))
    assert all(
        found.empty
        for found in (
            points,
            table,
            whole,
        )
    )
    assert cc.knowledge_by_agency(review_of(empty, chronology)).empty
    assert cc.knowledge_at_a_decision(review_of(empty, chronology)).empty
    tables = worked()
    tables["relations"] = tables_of(
        relations=records_of("""
            id | type   | from_event | to_event | basis
            r  | before | conference | bruise   | stated
        """)
    )["relations"]
    chronology = solved(tables)
    assert not chronology.admissible
    points, table = (
        cc.decisions(review_of(tables, chronology)),
        cc.knowledge(review_of(tables, chronology)),
    )
    assert set(table["known"]) == {"no admissible chronology"}
    assert set(cc.information_at_decision(review_of(tables, chronology))["reached"]) == {
        "no admissible chronology"
    }
    assert set(cc.knowledge_by_agency(review_of(tables, chronology))["status"]) == {
        "no admissible chronology"
    }


# ---------------------------------------------------------------- brute force

Days = dict[str, tuple[int, int]]
KINDS = (
    "referral",
    "notification",
    "violence",
    "account",
    "concern",
    "told-to-review",
    "admission",
)
ROLES = ("raised", "received", "led", "held", "learned-later", "not-told", "said-to-have-received")
AGENCIES = ("a", "b", "somebody")


@st.composite
def reviews(draw: st.DrawFn) -> tuple[Tables, list[Event], list[Relation]]:
    """A small review, its events in the chronology and the relations between them."""
    shapes = ["moment", "moment", "several", "span"]
    events: list[Event] = []
    for number in range(draw(st.integers(2, 3))):
        shape = draw(st.sampled_from(shapes))
        lo, hi = sorted(draw(st.tuples(st.integers(0, 3), st.integers(0, 3))))
        inner = (lo, hi) if shape == "span" else (hi, lo)
        events.append(Event(f"e{number}", shape, lo, inner[0], inner[1], hi))
    lo, hi = sorted(draw(st.tuples(st.integers(0, 3), st.integers(0, 3))))
    absent = draw(st.booleans())
    decision = Event(
        "d", "moment" if absent else draw(st.sampled_from(["moment", "several"])), lo, hi, lo, hi
    )
    events.append(decision)
    inside = [one.id for one in events if not (absent and one.id == "d")]
    types = st.sampled_from(["before", "not-after", "same-day"])
    relations = [
        Relation(f"r{number}", draw(types), one, "", other, "", 0, "exact")
        for number in range(draw(st.integers(0, 2)) if len(inside) > 1 else 0)
        for one, other in [draw(st.permutations(inside))[:2]]
    ]
    rows, ties = dated(events, relations)
    rows["kind"] = [draw(st.sampled_from(KINDS)) for _ in events[:-1]] + [
        "action" if absent else "closure"
    ]
    rows["absence"] = [""] * (len(events) - 1) + (["did-not-happen"] if absent else [""])
    concerns = [one.id for one in events[:-1]]
    pairs = st.tuples(
        st.sampled_from(["tells-of", "part-of", "answers"]),
        st.sampled_from(concerns),
        st.sampled_from(concerns),
    )
    # Parts in a circle are refused when a coding is read.
    links = {
        one
        for one in draw(st.lists(pairs, max_size=4))
        if one[1] != one[2] and one[0] != "answers" and (one[0] != "part-of" or one[1] < one[2])
    }
    answered = draw(st.sets(st.sampled_from(concerns), min_size=int(absent), max_size=2))
    links |= {("answers", "d", one) for one in answered}
    roles = st.tuples(
        st.sampled_from(AGENCIES), st.sampled_from([*concerns, "d"]), st.sampled_from(ROLES)
    )
    involved = {
        (who, of): role
        for who, of, role in draw(st.lists(roles, max_size=6))
        if (of, role) != ("d", "learned-later")
    }
    if draw(st.booleans()):
        involved |= {("a", "d"): "led", ("b", "d"): "raised"}
    tables = tables_of(
        agencies=[
            agency("a", "A", "6"),
            agency("b", "B", "5A"),
            agency("somebody", "Somebody", "10"),
        ],
        involvement=[part(who, of, role) for (who, of), role in involved.items()],
        links=[{**tie(*one), "id": "-".join(("lk", *one))} for one in sorted(links)],
    )
    header = codebook().tables["events"].header
    tables["events"] = rows.reindex(columns=header, fill_value="").fillna("").astype("str")
    tables["relations"] = ties.reindex(
        columns=codebook().tables["relations"].header, fill_value=""
    ).astype("str")
    return tables, [one for one in events if one.id in inside], relations


def chronologies(
    tables: Tables, events: list[Event], relations: list[Relation]
) -> list[tuple[Days, dict[str, int], int]]:
    """Every admissible chronology, with the day on which each event told and the day of the
    decision, spelled out."""
    absent = tables["events"].set_index("id").loc["d", "absence"]
    window = tables["events"].set_index("id").loc["d", "date"]
    lo, hi = (
        ((window, window) if ".." not in window else window.strip("[]").split(".."))
        if absent
        else ("", "")
    )
    grid = {day(at): at for at in range(-1, 6)}
    answered = events_answered(tables).get("d", [])
    end = end_event(tables)
    told = [
        (days, dict(zip(days, when, strict=True)))
        for days in solutions(events, relations)
        for when in itertools.product(*(range(days[name][0], days[name][1] + 1) for name in days))
    ]
    if not absent:
        return [(days, when, when["d"]) for days, when in told]
    # Absent on a day of its window, not before what it answers, and before the end of the account
    # if that can be.
    later = [
        (days, when, at)
        for days, when in told
        for at in range(grid[lo], grid[hi] + 1)
        if all(when[one] <= at for one in answered)
    ]
    before_end = [(days, when, at) for days, when, at in later if not end or at < days[end][0]]
    always = [
        (days, when, max([at, *(when[one] for one in answered)]))
        for days, when in told
        for at in range(grid[lo], grid[hi] + 1)
    ]
    return before_end or later or always


def held_from(
    tables: Tables, days: Days, told: dict[str, int]
) -> dict[tuple[str, str], list[tuple[int, bool, bool]]]:
    """From which day each agency holds each event: a day, whether it is known, whether it is at the
    time. By relaxation."""
    book = codebook()
    flags = {code: entry.flags for code, entry in book.codes("involvement_role").items()}
    kinds = dict(zip(tables["events"]["id"], tables["events"]["kind"], strict=True))
    absent = set(tables["events"].loc[tables["events"]["absence"] != "", "id"])
    links = list(
        zip(
            tables["links"]["type"],
            tables["links"]["from_row"],
            tables["links"]["to_row"],
            strict=True,
        )
    )
    found: dict[tuple[str, str], list[tuple[int, bool, bool]]] = {}
    for who, of, role in zip(
        *(tables["involvement"][name] for name in ("agency", "event", "role")), strict=True
    ):
        if "later" in flags[role]:
            found.setdefault((who, of), []).append((0, False, False))
        if flags[role].isdisjoint({"knows", "may-know"}) or of in absent:
            continue
        # Who received somebody on admission was there, as who received a telling.
        there = kinds[of] == "admission" or "telling" in book.codes("event_kind")[kinds[of]].flags
        telling = there or any(t == "tells-of" and f == of for t, f, _ in links)
        dated_at = ("was-told" not in flags[role] or telling) and "may-know" not in flags[role]
        first = {
            (of, True, "learning" not in book.codes("event_kind")[kinds[of]].flags): days[of][0]
        }
        best = dict(first)
        for _ in range(len(kinds) + 1):
            for (at, start, now), day_at in list(best.items()):
                for kind, one, other in links:
                    if kind == "tells-of" and one == at:
                        step, onto = told[at], other
                    elif (
                        kind == "part-of" and other == at and not (start and "told" in flags[role])
                    ):
                        step, onto = day_at, one
                    elif kind == "answers" and one == at and start and "decides" in flags[role]:
                        step, onto = day_at, other
                    else:
                        continue
                    still = now and (
                        start or "learning" not in book.codes("event_kind")[kinds[at]].flags
                    )
                    key = (onto, False, still)
                    reach = max(day_at, step, days[onto][0])
                    best[key] = min(best.get(key, reach), reach)
        for (onto, _, now), day_at in best.items():
            found.setdefault((who, onto), []).append((day_at, dated_at, now))
    # Who took a decision can have heard what others held at the time who brought it to them.
    roles = {*tables["involvement"][["agency", "role", "event"]].itertuples(index=False, name=None)}
    heard = [
        ((who, onto), (max(day_at, days["d"][0]), False, True))
        for who, other in itertools.permutations(AGENCIES, 2)
        if {(who, "led", "d"), (other, "raised", "d")} <= roles and "d" not in absent
        for (holder, onto), ways_held in found.items()
        for day_at, _, now in ways_held
        if holder == other and now
    ]
    for key, way in heard:
        found.setdefault(key, []).append(way)
    return found


def put_after(events: list[Event], relations: list[Relation]) -> set[str]:
    """The events that orders put after the decision, and not on its very day."""
    order = {(one.id, one.id) for one in events} | {(one.a, one.b) for one in relations}
    order |= {(one.b, one.a) for one in relations if one.type == "same-day"}
    for middle, *_ in events:
        ends = list(itertools.product(*[[one.id for one in events]] * 2))
        order |= {(i, j) for i, j in ends if {(i, middle), (middle, j)} <= order}
    return {one.id for one in events if ("d", one.id) in order and (one.id, "d") not in order}


@given(reviews())
@settings(max_examples=examples(25), deadline=None)
def test_knowledge_is_what_every_or_some_chronology_says(
    case: tuple[Tables, list[Event], list[Relation]],
) -> None:
    tables, events, relations = case
    every = chronologies(tables, events, relations)
    assume(0 < len(every) <= 6000)
    subjects = list(matters(tables))
    in_time_of = {(who, matter): [] for who in AGENCIES for matter in subjects}
    come = {matter: [] for matter in subjects}
    after = put_after(events, relations)
    for days_of_all, told, decided in every:
        days = days_of_all | dict.fromkeys(after, (99, 99))
        held = held_from(tables, days, told | dict.fromkeys(after, 99))
        for matter in subjects:
            come[matter].append(days[matter][0] <= decided)
        for key, seen in in_time_of.items():
            # What was received on a day not stated can have come on the first day that counts.
            at_the_time = [(at, known) for at, known, now in held.get(key, []) if now]
            seen.append(
                (
                    any(known and at <= decided for at, known in at_the_time),
                    any(at <= decided for at, _ in at_the_time),
                )
            )
    # What is no earlier than the end, and what somebody did not do, had come certainly or not.
    ends, days_of = end_events(tables)[:1], list(solutions(events, relations))
    unsure = {
        one for end in ends for one in come if all(days[one][0] >= days[end][0] for days in days_of)
    }
    unsure |= set(tables["events"].loc[tables["events"]["absence"] != "", "id"])
    expected: dict[tuple[str, str, str], str] = {}
    for matter in subjects:
        if not (all if matter in unsure else any)(come[matter]):
            continue
        states = {}
        for who in AGENCIES:
            seen = in_time_of[who, matter]
            states[who] = (
                CERTAIN
                if all(sure for sure, _ in seen)
                else POSSIBLE
                if any(may for _, may in seen)
                else ""
            )
        for who in AGENCIES:
            others = [other for other in AGENCIES if other != who and states[other]]
            later = any(
                not now
                for at, known, now in held_from(tables, *every[0][:2]).get((who, matter), [])
            )
            either = "somebody" in (who, *others)
            none = NOBODY if not others else WITH_ONE_IT_CAN_BE if either else OTHER
            expected["d", matter, who] = states[who] or (LATER if later else none)
    assert {key: state for key, state in cells(tables).items() if key[0] == "d"} == expected


@given(reviews())
@settings(max_examples=examples(12), deadline=None)
def test_certain_is_certain_in_each_chronology_and_none_known_there_is_impossible(
    case: tuple[Tables, list[Event], list[Relation]],
) -> None:
    tables, events, relations = case
    every = list(itertools.islice(solutions(events, relations), 400))
    assume(every)
    before = cells(tables)
    days = every[len(every) // 2]
    fixed = {
        one: (
            f"{day(a)}/{day(b)}"
            if event.shape == "span"
            else f"[{day(a)},{day(b)}]"
            if a != b
            else day(a)
        )
        for event, (one, (a, b)) in zip(events, days.items(), strict=True)
    }
    rows = tables["events"].copy()
    rows["date"] = [
        fixed.get(one, date) for one, date in zip(rows["id"], rows["date"], strict=True)
    ]
    # Of an absent response that these days leave no day of its window from what it answers to the
    # end of the account, another day is meant than before (`decisions.in_time`).
    at = {one: day_span(date) for one, date in zip(rows["id"], rows["date"], strict=True)}
    end, absent = end_event(tables), dict(zip(rows["id"], rows["absence"], strict=True))
    for response, concern in ties(tables, "answers"):
        if absent[response] and end and None not in (at[concern].earliest, at[end].earliest):
            first, last = at[response].earliest, at[response].latest
            begins = max(-inf if first is None else first, at[concern].earliest)
            assume(begins < at[end].earliest and (last is None or at[concern].earliest <= last))
    after = cells(tables | {"events": rows})
    # To date what an absent response should have answered dates the response, and with it what had
    # come about by then.
    assume(set(after) <= set(before))
    for key, state in after.items():
        assert RANK.get(state, 0) <= (2 if RANK.get(before[key], 0) else 0), (
            f"{key}: {before[key]} became {state}"
        )
    for key, state in before.items():
        assert state != CERTAIN or after[key] == CERTAIN


# ---------------------------------------------------------------- properties


def ranked(tables: Tables) -> dict[tuple[str, str, str], int]:
    return {key: RANK.get(state, 0) for key, state in cells(tables).items()}


@given(
    reviews(),
    st.sampled_from(AGENCIES),
    st.sampled_from(AGENCIES),
    st.integers(0, 3),
    st.integers(0, 2),
    st.booleans(),
)
@settings(max_examples=examples(12), deadline=None)
def test_more_telling_never_means_less_known(
    case: tuple[Tables, list[Event], list[Relation]],
    teller: str,
    hearer: str,
    at: int,
    about: int,
    dated_telling: bool,
) -> None:
    tables, _, _ = case
    assume(solved(tables).admissible)
    more = {name: table.copy() for name, table in tables.items()}
    subject = tables["events"]["id"].iloc[about % (len(tables["events"]) - 1)]
    told = {**part(teller, "more", "raised"), "id": "iv-teller"}
    added = tables_of(
        events=[event("more", "notification", day(at) if dated_telling else "")],
        involvement=[told, {**part(hearer, "more", "received"), "id": "iv-hearer"}],
        links=[tie("tells-of", "more", subject)],
    )
    for name in ("events", "involvement", "links"):
        more[name] = pd.concat([tables[name], added[name]], ignore_index=True)
    before, after = ranked(tables), ranked(more)
    for key, rank in before.items():
        assert after[key] >= rank


@given(reviews(), st.integers(1, 3), st.integers(0, 2))
@settings(max_examples=examples(12), deadline=None)
def test_earlier_telling_never_means_later_knowing(
    case: tuple[Tables, list[Event], list[Relation]], earlier: int, which: int
) -> None:
    tables, events, relations = case
    moved = events[which % len(events)]
    assume(moved.id != "d" and not any(moved.id in (tie.a, tie.b) for tie in relations))
    # What the account runs up to, moved, moves what is no earlier than it and so no matter before.
    assume(moved.id not in end_events(tables))
    assume(solved(tables).admissible)
    shifted = moved._replace(
        **{name: getattr(moved, name) - earlier for name in ("lo", "start_hi", "end_lo", "hi")}
    )
    rows = tables["events"].copy()
    rows["date"] = [
        shifted.date if one == moved.id else date
        for one, date in zip(rows["id"], rows["date"], strict=True)
    ]
    # A response that was absent stands no earlier than what it should have answered, so moving that
    # moves the decision too.
    absent = (tables["events"]["absence"] != "").any()
    if not (absent and moved.id in events_answered(tables).get("d", [])):
        before, after = ranked(tables), ranked(tables | {"events": rows})
        for key, rank in before.items():
            assert after[key] >= rank


@given(reviews())
@settings(max_examples=examples(12), deadline=None)
def test_certainly_in_time_is_possibly_in_time(
    case: tuple[Tables, list[Event], list[Relation]],
) -> None:
    tables, _, _ = case
    chronology = solved(tables)
    assume(chronology.admissible)
    found = in_time(chronology, decision_ids(tables), events_answered(tables))
    assert (found.certain <= found.possible).all()
    assert (found.certain[1::2] <= found.certain[::2]).all()


# ---------------------------------------------------------------- the first review


@pytest.fixture(scope="module")
def child_w() -> tuple[Tables, pd.DataFrame, pd.DataFrame]:
    tables = read_coded(DATA / "child-w-manchester-2020", DatingPolicy()).tables
    chronology = solve(tables["events"], tables["relations"], locators=tables["locators"])
    return (
        tables,
        cc.knowledge(review_of(tables, chronology)),
        cc.decisions(review_of(tables, chronology)),
    )


def test_the_fathers_account_of_an_injury_was_with_the_police_before_the_enquiries(
    child_w: tuple[Tables, pd.DataFrame, pd.DataFrame],
) -> None:
    tables, table, _ = child_w
    cell = table[(table["decision"] == "section-47") & (table["matter"] == "nose-wf")].set_index(
        "agency"
    )
    # The interview may have been before the enquiries or after: so possibly, and with nobody else
    # that is named.
    assert cell.loc["gmp", "known"] == POSSIBLE
    behind = (
        "iv-counter-accusations-wf-gmp-received",
        "lk-tells-of-counter-accusations-wf-nose-wf",
    )
    assert cell.loc["gmp", "rows"] == behind
    assert cell.loc["childrens-services", "known"] == OTHER
    assert cell.loc["childrens-services", "others"] == ("Greater Manchester Police (possibly)",)
    information_at_decision = cc.information_at_decision(
        review_of(tables, solved(tables))
    ).set_index(["decision", "matter"])
    assert information_at_decision.loc[("section-47", "nose-wf"), "reached"] == OTHER


def test_the_fear_told_to_the_review_is_no_knowledge_at_the_time(
    child_w: tuple[Tables, pd.DataFrame, pd.DataFrame],
) -> None:
    _, table, _ = child_w
    fear = table[table["matter"].isin(["fear-father-s1", "fear-father-s2"])]
    assert set(fear.loc[fear["agency"] == "manchester-partnership", "known"]) == {LATER}
    assert set(fear.loc[fear["agency"] != "manchester-partnership", "known"]) == {NOBODY}


def test_each_decision_that_the_question_names_is_there(
    child_w: tuple[Tables, pd.DataFrame, pd.DataFrame],
) -> None:
    tables, table, points = child_w
    wanted = {
        "closure-2017-10",
        "closure-midwife",
        "section-47",
        "icpc",
        "edt-absent",
        "no-consideration-october",
    }
    assert wanted <= set(points["decision"])
    assert wanted <= set(table["decision"])
    conference = cc.knowledge_at_a_decision(review_of(tables, solved(tables)))
    assert set(conference["decision"]) == {"icpc"}
    assert set(conference.loc[conference["group"] == "left out", "agency"]) == {
        "gp",
        "one-manchester",
    }
    with_ae = conference[
        (conference["matter"] == "contact-ae-wf") & (conference["agency"] == "emergency-department")
    ]
    assert with_ae["known"].tolist() == [CERTAIN]


def test_what_the_source_leaves_unnamed_is_not_laid_on_one_agency(
    child_w: tuple[Tables, pd.DataFrame, pd.DataFrame],
) -> None:
    tables, table, points = child_w
    decided = points.set_index("decision")["decided_by_ids"]
    assert decided["icpc"] == ("childrens-services", "meeting-unnamed")
    assert decided["fear-not-considered"] == ("professionals",)
    assert decided["edt-absent"] == ("professionals", "childrens-services")
    information_at_decision = cc.information_at_decision(review_of(tables, solved(tables)))
    told = set(
        information_at_decision.loc[
            information_at_decision["decision"].isin(["icpc", "fear-not-considered", "edt-absent"]),
            "reached",
        ]
    )
    assert WITH_ONE_IT_CAN_BE in told
    assert OTHER not in told
    # Those who came to the conference brought nothing that other unnamed parties held; there they
    # learned of the incident that it answers.
    with_meeting = table[
        (table["agency"] == "meeting-unnamed") & table["known"].isin([CERTAIN, POSSIBLE])
    ]
    assert set(with_meeting["matter"]) == {"referral-2014", "incident-august"}


@pytest.mark.parametrize("decision", ["strategy-meeting", "conference", "legal-planning"])
def test_who_came_to_a_meeting_is_not_named_in_the_second_review_either(decision: str) -> None:
    tables = real_tables("child-a-haringey-2008")
    points = cc.decisions(
        review_of(tables, solve(tables["events"], tables["relations"], locators=tables["locators"]))
    )
    assert set(points.set_index("decision")["decided_by_ids"][decision]) == {
        "childrens-services",
        "meeting-unnamed",
    }


def test_every_cell_can_be_traced_to_rows(
    child_w: tuple[Tables, pd.DataFrame, pd.DataFrame],
) -> None:
    tables, table, _ = child_w
    ids = {row for one in tables.values() if "id" in one for row in one["id"]}
    own = table["known"].isin([CERTAIN, POSSIBLE, LATER])
    assert table.loc[own, ["by", "basis", "rows"]].astype(bool).all(axis=None)
    assert {row for rows in table.loc[own, "rows"] for row in rows} <= ids
    # What an agency did not hold itself rests on the rows of those that did, in the same decision
    # and matter.
    assert not table.loc[~own, ["by", "basis", "rows"]].astype(bool).any(axis=None)
    elsewhere = table[table["known"].isin([OTHER, WITH_ONE_IT_CAN_BE])]
    assert elsewhere["others"].astype(bool).all()
    held = set(
        zip(table["decision"], table["matter"], table["agency_label"].where(own), strict=True)
    )
    for decision, matter, others in zip(
        elsewhere["decision"], elsewhere["matter"], elsewhere["others"], strict=True
    ):
        assert all(
            (decision, matter, other.removesuffix(" (possibly)")) in held for other in others
        )


def test_what_doctors_conclude_is_known_from_the_day_on_which_they_did(
    child_w: tuple[Tables, pd.DataFrame, pd.DataFrame],
) -> None:
    _, table, _ = child_w
    # They saw the child no earlier than the admission: nothing of it was there at the conference,
    # and what was lacking before the admission was not lacking in the light of it.
    assert "harm-w" not in set(table["matter"])


# ---------------------------------------------------------------- known only by a judged order


KEY = ["decision", "agency", "matter"]


def known_and_reached(review: str) -> tuple[dict[str, pd.DataFrame], pd.DataFrame, pd.DataFrame]:
    tables = real_tables(review)
    chronology = solve(tables["events"], tables["relations"])
    given = review_of(tables, chronology)
    return tables, cc.knowledge(given), cc.information_at_decision(given)


@pytest.mark.parametrize("review", ["child-w-manchester-2020", "child-e-example-2024"])
def test_marked_is_what_is_no_longer_certain_in_a_coding_without_what_was_judged(
    review: str,
) -> None:
    """The dates and the orders, and the ties that say what a lacking step should have answered."""
    tables, cells, reached = known_and_reached(review)
    events, relations, links = (tables[name] for name in ("events", "relations", "links"))
    lacking = set(events.loc[events["absence"] != "", "id"])
    placing = links["type"].eq("answers") & links["from_row"].isin(lacking)
    judged, lasts = events["date_basis"].eq("judged"), events["date"].str.contains("/")
    dates = events["date"].mask(judged, "").mask(judged & lasts, "/..")
    less = tables | {
        "events": events.assign(date=dates),
        "relations": relations[relations["basis"] != "judged"].reset_index(drop=True),
        "links": links[~placing | (links["basis"] != "judged")].reset_index(drop=True),
    }
    assert len(less["links"]) < len(links)
    without = cc.knowledge(review_of(less, solve(less["events"], less["relations"]))).set_index(
        KEY
    )["known"]
    certain = cells[cells["known"] == CERTAIN]
    # What a judged tie alone makes a point of decision is none without it.
    asked = certain[certain["decision"].isin(without.index.get_level_values("decision"))]
    then = without.reindex(pd.MultiIndex.from_frame(asked[KEY])).fillna("").tolist()
    assert asked["only_as_judged"].tolist() == ["" if known == CERTAIN else "yes" for known in then]
    # Without an order what was certain is possible, or, where only the order bounds it on a side,
    # nothing is said of it.
    assert set(then) <= {CERTAIN, POSSIBLE, ""}
    assert {*certain["only_as_judged"]} == {"", "yes"}
    assert set(cells.loc[cells["known"] != CERTAIN, "only_as_judged"]) == {""}
    for certain_with, only in zip(reached["certain_with"], reached["only_as_judged"], strict=True):
        assert set(only) <= set(certain_with)
    # Among those who decided, what came by judged ways alone counts too.
    by_judgement = certain["only_as_judged"].eq("yes") | certain["basis"].eq("judged")
    assert reached["only_as_judged"].map(len).sum() == by_judgement.sum()


def test_nothing_leans_on_orders_where_there_are_none() -> None:
    _, cells, reached = known_and_reached("child-a-haringey-2008")
    assert set(cells["only_as_judged"]) == {""}
    by_judgement = cells["known"].eq(CERTAIN) & cells["basis"].eq("judged")
    assert reached["only_as_judged"].map(len).sum() == by_judgement.sum()


def test_what_an_agency_held_by_a_judged_way_alone_says_so() -> None:
    """That the visit of police and others answered the first referral, only the coder holds."""
    _, _, reached = known_and_reached("child-u-manchester-2013")
    by_return = reached[reached["decision"] == "return-2010"].set_index("matter")
    held = by_return.loc["referral-first"]
    assert {"Children's services", "Greater Manchester Police"} <= set(held["certain_with"])
    assert held["only_as_judged"] == ("Greater Manchester Police",)


def test_when_a_decision_was_is_marked_where_it_leans_on_what_the_coder_judged() -> None:
    """When the midwife's case was closed only judged orders bound; the month of the other closure
    is the source's."""
    review = real_review("child-w-manchester-2020")
    said = cc.decisions(review).set_index("decision")["said"]
    assert said["closure-midwife"] == "between 1 November 2017 and 30 July 2018 (as judged)"
    assert said["closure-2017-10"] == "in October 2017"
    judged = cc.chronicle(review).query("as_judged")["event"]
    assert {*said.index[said.str.endswith("(as judged)")]} == {*said.index} & {*judged}


@pytest.mark.parametrize("name", ["child-w-manchester-2020", "child-e-example-2024"])
def test_what_is_counted_with_another_matter_is_not_counted_again(name: str) -> None:
    """Counted are the rows of the table that do not say that another of its rows carries them."""
    review = real_review(name)
    recorded = Recorded(review.tables)
    table, by_then = cc.information_at_decision(review), recorded.by_then(review.chronology)
    again = 0
    for decision, rows in table.groupby("decision"):
        matters_there, counted = set(rows["matter"]), dict[str, list[str]]()
        for row in rows.itertuples():
            if matters_there.isdisjoint(row.carried_by):
                counted.setdefault(row.reached, []).append(row.matter)
            else:
                again += 1
        who = recorded.deciders(review.chronology, decision)
        assert recorded.reached(decision, who, by_then) == counted
    assert again


@pytest.mark.parametrize(("status", "found"), [("denied", {"one": ["other"]}), ("alleged", {})])
def test_an_allegation_that_contradicts_another_denies_nothing(
    status: str, found: dict[str, list[str]]
) -> None:
    harming = {"event": "harm", "role": "harming"}
    tables = tables_of(
        events=[{"id": "harm", "kind": "harm-to-child", "date": "2018"}],
        participation=[
            harming | {"id": "one", "person": "a", "status": "alleged"},
            harming | {"id": "other", "person": "b", "status": status},
        ],
        links=[tie("contradicts", "other", "one")],
    )
    assert denials(tables) == found
