"""Which step answered a concern, when was it on record, what was told in time, and which
opportunities were there? Small invented reviews, and rows of two real ones, worked out by hand."""

from __future__ import annotations

import random
from itertools import product

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import casechron as cc
from casechron.analysis import (
    knowledge,
)
from casechron.chronology import Chronology
from casechron.coding.codebook import codebook
from casechron.dates.days import day_text
from involvement_cases import Tables, agency, counted_once, event, part, solved, tables_of, tie
from made_reviews import review_of
from real_reviews import real_review
from text_tables import cells_of, records_of
from thoroughly import examples

CHILD_W, CHILD_A = "child-w-manchester-2020", "child-a-haringey-2008"
BASE = 736_700
AGENCIES = [
    agency("cs", "Children's services", "5A"),
    agency("gp", "GP", "3A"),
    agency("police", "Police", "6"),
    agency("school", "School", "2A"),
]


def real(name: str) -> tuple[Tables, Chronology]:
    review = real_review(name)
    return dict(review.tables), review.chronology


def small(text: str = "", **rows: list[dict[str, str]]) -> Tables:
    return tables_of(text, agencies=AGENCIES, **rows)


def gaps(tables: Tables) -> pd.DataFrame:
    return cc.response_gaps(review_of(tables, solved(tables)))


def states(table: pd.DataFrame) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for concern, state in zip(table["concern"], table["state"], strict=True):
        found.setdefault(state, set()).add(concern)
    return found


def before(tables: Tables) -> pd.DataFrame:
    return cc.concerns_before_decisions(review_of(tables, solved(tables))).set_index("decision")


# ---------------------------------------------------------------- a closure is no answer


def test_a_closure_and_no_further_action_answer_nothing() -> None:
    tables = small("""
        event | seen    | referral          | 2018-03-01
        event | shut    | referral          | 2018-03-01
        event | left    | suspicion         | 2018-03-01
        event | visit   | visit             | 2018-03-03
        event | closed  | closure           | 2018-03-05
        event | nothing | no-further-action | 2018-03-06
        tie | answers | visit   | seen
        tie | answers | closed  | seen
        tie | answers | closed  | shut
        tie | answers | nothing | left
    """)
    waits = gaps(tables)
    assert list(zip(waits["concern"], waits["answer"], waits["state"], strict=True)) == [
        ("seen", "visit", "answered by a step"),
        ("seen", "closed", "closed or left"),
        ("shut", "closed", "closed or left"),
        ("left", "nothing", "closed or left"),
    ]
    assert (
        codebook()
        .flagged("event_kind", "disposes")
        .isdisjoint(codebook().flagged("event_kind", "response"))
    )


def test_an_entry_not_classified_yet_is_no_concern_and_answers_nothing_yet() -> None:
    """As `casechron import` writes rows: the kind of an entry and of an action is undecided."""
    tables = small("""
        people | id=mother | label=the mother | kinship=parent
        event | rang   | referral      | 2018-03-01
        event | done   | entry         | 2018-03-02 | summary=Officers attended
        event | noted  | entry         | 2018-03-03
        event | seen   | visit         | 2018-03-04 | summary=A visit
        event | blow   | violence      | 2018-03-01
        event | closed | closure       | 2018-03-06 | summary=Closed
        event | shut   | referral      | 2018-03-01
        event | lack   | entry         | 2018-03-07 | absence=did-not-happen | summary=No call back
        event | bruise | bruising      | 2018-03-07
        event | told   | referral      | 2018-03-05
        event | harm   | harm-to-child | 2018-06-01
        participation | id=hits | event=blow | person=mother | role=harming | status=alleged
        tie | answers | done   | rang | basis=judged
        tie | answers | seen   | noted
        tie | answers | done   | blow
        tie | answers | seen   | blow | basis=judged
        tie | answers | done   | shut
        tie | answers | closed | shut
        tie | answers | lack   | bruise
        tie | answers | told   | noted
    """)
    review = review_of(tables, solved(tables))
    waits, undecided = cc.response_gaps(review), "answer not classified yet"
    assert list(zip(waits["concern"], waits["answer"], waits["state"], strict=True)) == [
        ("rang", "done", undecided),
        ("blow", "done", undecided),
        ("blow", "seen", "answered by a step"),
        ("shut", "done", undecided),
        ("shut", "closed", "closed or left"),
        ("bruise", "lack", "missing (says the source)"),
        ("told", "", "without an answer on record"),
        ("harm", "", "the end of the account"),
    ]
    # No days are told, neither up to such an answer nor as if nothing were recorded.
    open_ = waits[waits["state"].eq(undecided)]
    assert open_[["known", "days_min", "observed_to"]].replace("", None).isna().all(axis=None)
    opportunities = opportunities_of(tables)
    assert opportunities[["state", "done"]].to_numpy().tolist() == [
        [undecided, "Officers attended (answer not classified yet, judged)"],
        # What is no answer yet does not outweigh a step that is judged to be one.
        [
            "answered by a step",
            "Officers attended (answer not classified yet) · A visit (answered by a step, judged)",
        ],
        [
            "closed or left",
            "Officers attended (answer not classified yet) · Closed (closed or left)",
        ],
        ["missing (says the source)", "No call back (missing (says the source), did not happen)"],
        # What answers an entry, which is no concern yet, waits for its own answer.
        ["without an answer on record", ""],
    ]
    # That nothing came before the closure cannot be said, since such an answer may have.
    words, chronicle = cc.words.waits, cc.chronicle(review)
    told = words.waits(waits, cc.timescale_checks(review), chronicle)
    points = words.key_points(told, waits, chronicle) + words.unanswered(waits, chronicle)
    assert [point.rows for point in points] == [("blow", "seen"), ("bruise", "lack"), ("told",)]
    assert set(cc.accounts_of_harm(review)["responses"]) == {
        "Entry not classified yet: Officers attended · A visit",
        "an absence (did not happen): No call back",
        "",
    }


def test_what_tells_of_an_answered_concern_has_its_answer_there() -> None:
    tables = small("""
        event | blow      | violence   | 2018-03-01
        event | call      | referral   | 2018-03-02
        event | calls     | referral   | 2018-03    | count_min=2
        event | enquiries | section-47 | 2018-03-05
        tie | tells-of | call      | blow
        tie | part-of  | call      | calls
        tie | answers  | enquiries | blow
    """)
    waits = gaps(tables).set_index("concern")
    assert waits["state"].to_dict() == {
        "blow": "answered by a step",
        "call": "told or counted in another row",
        # Others were counted with it, and of these nothing is said.
        "calls": "without an answer on record",
    }


def test_a_concern_told_in_two_steps_is_answered_at_the_end_of_the_chain() -> None:
    tables = small("""
        event | blow      | violence   | 2018-03-01
        event | said      | account    | 2018-03-02
        event | call      | referral   | 2018-03-02
        event | enquiries | section-47 | 2018-03-05
        tie | tells-of | said      | blow
        tie | tells-of | call      | said
        tie | answers  | enquiries | call
    """)
    waits = gaps(tables).set_index("concern")
    assert waits[["state", "carried_by"]].to_numpy().tolist() == [
        ["told or counted in another row", ("said", "call")],
        ["answered by a step", ()],
    ]
    # It is one concern, and is counted once.
    review = review_of(tables, solved(tables))
    counted = cc.concerns_before_decisions(review).set_index("decision")
    assert counted.loc["enquiries", ["concerns_min", "concerns_max"]].tolist() == [0, 1]


def test_the_concerns_of_child_w() -> None:
    concerns = states(cc.response_gaps(review_of(*real(CHILD_W))))
    answered, closed = concerns["answered by a step"], concerns["closed or left"]
    # The support for WF is said to follow the worry over his anger, not to answer it; an emergency
    # call after the assault answers nothing that could have been done before.
    assert answered - {"staying-wf"} == {
        "referral-2014",
        "referral-2017-09",
        "incident-august",
    }
    assert closed - answered == {
        "suspicion-amphetamine",
        "concern-2017-wm",
        "referral-midwife",
        "attendance-s2",
        "stories-wm",
    }


# ---------------------------------------------------------------- the answer that came


def test_the_police_report_of_july_was_followed_by_enquiries() -> None:
    tables, chronology = real(CHILD_W)
    table = cc.response_gaps(review_of(tables, chronology))
    row = table.loc[table["concern"] == "notification-july"].iloc[0]
    assert (row["next_step"], row["next_step_follows"], row["state"]) == (
        ("section-47",),
        "certainly",
        "missing (says the source)",
    )
    numbers = ["days_min", "days_max", "working_days_min", "working_days_max"]
    # 31 July to 21 August; 21 July to 29 September, the day before the last one of the conference,
    # which is a Saturday: ten weeks of working days without the bank holiday of 27 August.
    assert row[[f"next_step_{name}" for name in numbers]].tolist() == [21, 70, 15, 49]
    assert row["observed_to"] == ""
    # 31 July to 21 September; 21 July to 30 September.
    to_conference = cc.gaps(review_of(tables, chronology), [("notification-july", "icpc")])
    assert to_conference[["days_min", "days_max"]].to_numpy().tolist() == [[52, 71]]


def test_what_may_follow_bounds_the_least_and_what_follows_the_most() -> None:
    tables = small("""
        event | concern | referral          | 2018-03-10
        event | earlier | core-group        | 2018-03-01
        event | may     | section-47        | [2018-03-01..2018-03-20]
        event | will    | icpc              | [2018-03-15..2018-03-25]
        event | later   | review-conference | 2018-06-01
    """)
    row = gaps(tables).iloc[0]
    assert (row["next_step"], row["next_step_follows"]) == (("may", "will"), "certainly")
    # On the same day at the soonest; 10 to 25 March at the latest: 15 days, of which 11 are working
    # days (12 to 16 and 19 to 23 March, and Sunday the 25th is none), so 10.
    assert row[["next_step_days_min", "next_step_days_max"]].tolist() == [0, 15]
    assert row["next_step_working_days_max"] == 10


def test_what_may_follow_bounds_the_most_where_it_comes_sooner_in_each_chronology() -> None:
    tables = small("""
        event | concern | referral   | [2018-03-24..2018-03-30]
        event | at-once | icpc       | 2018-03-25
        event | may     | section-47 | [2018-03-29..2018-04-04]
        event | will    | core-group | 2018-04-05
    """)
    row = gaps(tables).iloc[0]
    # A concern of the 24th or the 25th is followed on the 25th; one of the 26th by 4 April at the
    # latest, nine days on; where the enquiries came before it, it is of the 30th, and 5 April is
    # six days on. From 26 March to 4 April, without Good Friday and Easter Monday, 5 working days.
    assert row[["next_step_days_min", "next_step_days_max"]].tolist() == [0, 9]
    assert row["next_step_working_days_max"] == 5


def test_a_step_for_other_peoples_children_alone_is_no_next_step() -> None:
    """Whatever the part: `about` of a sheet gives whoever is no child of the case, in a conference,
    the part `of-concern`. A step about the mother is one for her children, born or not."""
    for tie_to_child, role, step in (
        ("unsaid", "of-concern", "ours"),
        ("friend", "of-concern", "ours"),
        ("unsaid", "subject", "ours"),
        ("mother", "of-concern", "other"),
        ("sibling", "subject", "other"),
    ):
        tables = small(f"""
            event | call  | referral   | 2018-03-01
            event | other | section-47 | 2018-03-05
            event | ours  | icpc       | 2018-03-09
            people | id=x | label=X | kinship=child
            people | id=y | label=Y | kinship={tie_to_child}
            participation | id=p1 | person=y | event=other | role={role}
            participation | id=p2 | person=x | event=ours | role=subject
        """)
        assert gaps(tables).loc[0, "next_step"] == (step,), (tie_to_child, role)


def test_the_days_to_an_answer_are_none_at_least() -> None:
    def answered(concern: str, answer: str) -> pd.Series:
        tables = small(
            events=[event("concern", "referral", concern), event("answer", "visit", answer)],
            links=[tie("answers", "answer", "concern")],
        )
        return gaps(tables).iloc[0]

    row = answered("[2018-03-01..2018-03-10]", "[2018-03-05..2018-03-20]")
    assert row[["known", "days_min", "days_max"]].tolist() == ["between", 0, 19]
    row = answered("2018-03-10", "2018-03-01")
    assert row["known"] == "dated before it: worth a look"
    assert pd.isna(row["days_min"])


def days_from(low: int, wide: int, holes: bool) -> list[int]:
    """Some days from one on; with holes none between the first and the last."""
    return [low, low + 1 + wide] if holes else list(range(low, low + wide + 1))


windows = st.builds(days_from, st.integers(0, 8), st.integers(0, 4), st.booleans())


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(windows, min_size=3, max_size=4),
    st.lists(st.sampled_from([(1, 2), (2, 1), (0, 2), (1, 3)]), max_size=2, unique=True),
)
# The enquiries came between the two days of the concern and before the conference.
@example([[0, 4], [2], [3]], [])
def test_the_next_step_is_that_of_all_admissible_chronologies(
    spans: list[list[int]], ordered: list[tuple[int, int]]
) -> None:
    ordered = [(i, j) for i, j in ordered if max(i, j) < len(spans)]
    kinds = ("referral", "section-47", "icpc", "core-group")
    tables = small(
        events=[
            event(f"e{at}", kinds[at], f"[{','.join(map(day, days))}]")
            for at, days in enumerate(spans)
        ],
        relations=[
            {"id": f"r{at}", "type": "not-after", "from_event": f"e{i}", "to_event": f"e{j}"}
            for at, (i, j) in enumerate(ordered)
        ],
    )
    admitted = [days for days in product(*spans) if all(days[i] <= days[j] for i, j in ordered)]
    row = gaps(tables).iloc[0]
    if not admitted:
        assert row["next_step_known"] == "no admissible chronology"
        return
    waits = [
        min((step - days[0] for step in days[1:] if step >= days[0]), default=None)
        for days in admitted
    ]
    seen = [wait for wait in waits if wait is not None]
    sure = [at for at in range(1, len(spans)) if all(days[at] >= days[0] for days in admitted)]
    if not seen:
        assert row["next_step_follows"] == "none on record"
        return
    assert row["next_step_follows"] == ("certainly" if sure else "possibly")
    assert row["next_step_days_min"] == min(seen)
    first = [
        {
            f"e{at}"
            for at, step in enumerate(days)
            if at and wait is not None and step == days[0] + wait
        }
        for days, wait in zip(admitted, waits, strict=True)
    ]
    alone = set().union(*(steps for steps in first if len(steps) == 1))
    assert alone <= set(row["next_step"]) <= set().union(*first)
    if sure:
        assert None not in waits
        assert row["next_step_days_max"] == max(seen)
    else:
        assert pd.isna(row["next_step_days_max"])


def day(number: int) -> str:
    return day_text(BASE + number)


# ---------------------------------------------------------------- on record from when


def test_a_concern_is_on_record_from_its_own_holder() -> None:
    tables = small("""
        event | bruise | bruising | 2018-03-01
        event | closed | closure  | 2018-04-01
        event | plea   | plea     | 2019-02-01
        part | gp | bruise | held
        part | cs | closed | led
        tie | tells-of | plea | bruise
    """)
    row = before(tables).loc["closed"]
    assert (row["concerns_min"], row["concerns_max"], row["certain"]) == (1, 1, ("bruise",))
    closures = cc.closures_and_next_concern(review_of(tables, solved(tables))).iloc[0]
    assert closures["next_concern"] == ""


def test_the_first_concern_is_not_the_letter_that_tells_of_it() -> None:
    tables = small("""
        event | bruise    | bruising            | 2018-03-01
        event | letter    | information-sharing | 2018-05-01
        event | enquiries | section-47          | 2018-05-02
        part | gp | bruise | held
        part | gp | letter | raised
        part | cs | letter | received
        tie | tells-of | letter | bruise
    """)
    first_concern_to_first_step = cc.first_concern_to_first_step(review_of(tables, solved(tables)))
    # 1 March to 2 May; the letter passed it on a day before the step.
    assert first_concern_to_first_step[["scope", "days_min", "days_max"]].values.tolist() == [
        ["any concern", 62, 62],
        ["concerns passed on", 1, 1],
    ]


@settings(max_examples=examples(150), deadline=None)
@given(st.integers(0, 10**9))
def test_more_telling_never_lowers_what_was_on_record(seed: int) -> None:
    draw = random.Random(seed)

    def date() -> str:
        low = draw.randrange(20)
        return draw.choice(["", f"[{day(low)}..{day(low + draw.randrange(6))}]", day(low)])

    concerns = [f"c{at}" for at in range(draw.randrange(1, 4))]
    kinds = ["bruising", "violence", "referral", "concern"]
    events = [event(one, draw.choice(kinds), date()) for one in concerns]
    events += [event(f"d{at}", draw.choice(["closure", "icpc"]), date()) for at in range(2)]
    involvement = [
        part(draw.choice(["gp", "police"]), one, "held") for one in concerns if draw.random() < 0.7
    ]
    links: list[dict[str, str]] = []

    def add(name: str) -> None:
        kind = draw.choice(["information-sharing", "account", "referral", "plea", "told-to-review"])
        events.append(event(name, kind, date()))
        if draw.random() < 0.8:
            involvement.append(part(draw.choice(["cs", "school"]), name, "received"))
        links.append(tie("tells-of", name, draw.choice(concerns)))

    for at in range(draw.randrange(3)):
        add(f"t{at}")
    first = before(small(events=events, involvement=involvement, links=links))
    add("more")
    then = before(small(events=events, involvement=involvement, links=links))
    assert (then["concerns_min"] >= first["concerns_min"]).all()


# ---------------------------------------------------------------- twelve calendar months


def test_twelve_months_are_calendar_months() -> None:
    def said(held: str, harmed: str = "2018-03-01") -> list[str]:
        tables = small(
            events=[
                event("early", "suspicion", held),
                event("harm", "harm-to-child", harmed),
                event("last", "referral", "2018-02-01"),
            ],
            relations=[
                {"id": "r", "type": "before", "from_event": "early", "to_event": "last"},
            ],
        )
        said_before_harm = cc.said_before_harm(review_of(tables, solved(tables)))
        return said_before_harm.loc[said_before_harm["event"] == "early", "within"].tolist()

    # Open at its start, at the latest 371 days before the injury: never within twelve months.
    assert said("[..2017-02-23]") == []
    assert said("[..2017-02-28]") == []
    # A year to the day is within.
    assert said("[..2017-03-01]") == ["not dated"]
    assert said("2017-03-01") == ["certain"]
    assert said("2017-02-28") == []
    # The injury on some day of two: counted back from each.
    assert said("[..2017-03-01]", "[2018-03-01..2018-03-02]") == ["not dated"]
    assert said("[..2017-02-28]", "[2018-03-01..2018-03-02]") == []
    # 1 March 2017 is within a year before 1 March 2018, and not before the 2nd.
    assert said("[2017-03-01..2017-03-05]", "[2018-03-01..2018-03-02]") == ["possible"]


def test_the_suspicion_of_child_w_was_earlier() -> None:
    said_before_harm = cc.said_before_harm(review_of(*real(CHILD_W)))
    assert "suspicion-amphetamine" not in set(said_before_harm["event"])


# ------------------------------------------- one notion of a concern, and of a telling


def test_waits_and_run_up_count_the_same_concerns() -> None:
    tables, chronology = real(CHILD_W)
    concerns_before_decisions = cc.concerns_before_decisions(
        review_of(tables, chronology)
    ).set_index("decision")
    # The father's staying at the home, which the missing safety planning should have answered.
    certain = concerns_before_decisions.loc["icpc", "certain"]
    assert "staying-wf" in certain
    # With the abuse of the mother before 2009, and the father's conduct up to the conference.
    assert {"abuse-of-wm-history", "conduct-wf"} <= set(certain)
    # With what the GP and the landlord held, and WF's account of his nose: 20 rows, of which two
    # stand for two or more.
    assert concerns_before_decisions.loc["icpc", "concerns_min"] == 22


def test_what_no_agency_is_recorded_with_is_not_said_to_be_known() -> None:
    tables, chronology = real(CHILD_W)
    said_before_harm = cc.said_before_harm(review_of(tables, chronology)).set_index("event")[
        "known_at_the_time"
    ]
    # Of the breach the four referrals over that incident tell, as the coder takes it.
    assert said_before_harm[
        ["breach", "report-wm", "fear-father-s1", "notification-july"]
    ].tolist() == cells_of(
        "yes as judged | not recorded with any agency | learned only afterwards | yes"
    )
    cells = cc.knowledge(review_of(tables, chronology))
    held = set(cells.loc[cells["known"].isin(["certainly known", "possibly known"]), "matter"])
    for matter in set(cells["matter"]) & set(said_before_harm.index):
        assert matter not in held or said_before_harm[matter].startswith("yes"), matter


def test_what_a_link_says_is_a_telling_is_one_everywhere() -> None:
    tables = small("""
        event | blow   | violence      | 2018-03-01
        event | clinic | contact       | 2018-03-05
        event | harm   | harm-to-child | 2018-06-01
        part | gp | clinic | received
        tie | tells-of | clinic | blow
    """)
    said_before_harm = cc.said_before_harm(review_of(tables, solved(tables)))
    assert said_before_harm["event"].tolist() == ["blow", "clinic"]
    assert said_before_harm["known_at_the_time"].tolist() == ["yes", "yes"]
    assert cc.tellings(review_of(tables, solved(tables)))["telling"].tolist() == ["clinic"]


# ---------------------------------------------------------------- told in time


def told(tables: Tables) -> pd.DataFrame:
    return cc.tellings(review_of(tables, solved(tables))).set_index("telling")


def test_a_telling_about_nothing_else_has_no_verdict() -> None:
    tables = small("""
        event | call   | referral | 2018-03-01
        event | closed | closure  | 2018-04-01
        part | gp | call   | raised
        part | cs | call   | received
        part | cs | closed | led
    """)
    assert told(tables).loc["call", ["next_decision", "in_time"]].tolist() == [(), ""]
    for name in (CHILD_W, CHILD_A):
        tellings = cc.tellings(review_of(*real(name)))
        assert "certain" not in set(tellings.loc[tellings["about"] == "", "in_time"])


def test_a_telling_about_a_decision_is_judged_against_the_next_one() -> None:
    tables = small("""
        event | closed | closure             | 2018-03-01
        event | letter | information-sharing | 2018-03-05
        event | met    | icpc                | 2018-04-01
        part | cs | closed | led
        part | gp | letter | received
        part | gp | met    | took-part
        tie | tells-of | letter | closed
    """)
    row = told(tables).loc["letter"]
    assert (row["next_decision"], row["in_time"]) == (("met",), "certain")


def hearing(*more: dict[str, str], **rows: list[dict[str, str]]) -> Tables:
    """A denial of a blow, given to the police; children's services decide."""
    return small(
        events=[
            event("blow", "violence", "2018-03-01"),
            event("denial", "account", "2018-03-05"),
            *rows.get("events", []),
            event("met", "icpc", "2018-04-01"),
        ],
        involvement=[
            part("police", "denial", "received"),
            part("cs", "met", "led"),
            *rows.get("involvement", []),
        ],
        links=[tie("tells-of", "denial", "blow"), *more],
    )


def test_who_heard_it_must_decide_or_pass_it_on() -> None:
    assert told(hearing()).loc["denial", "in_time"] == "not recorded as passed on"

    def passed_on(date: str, about: str = "blow", receiver: str = "cs") -> str:
        tables = hearing(
            tie("tells-of", "note", about),
            events=[event("note", "notification", date)],
            involvement=[part("police", "note", "raised"), part(receiver, "note", "received")],
        )
        return str(told(tables).loc["denial", "in_time"])

    assert passed_on("2018-03-10") == passed_on("2018-03-10", "denial") == "certain"
    assert passed_on("[2018-03-03..2018-03-10]") == "possible"
    assert passed_on("2018-04-10") == "not in time"
    # What was passed on before it was heard was not it.
    assert passed_on("2018-03-02") == "not in time"
    assert passed_on("2018-03-10", receiver="school") == "not recorded as passed on"


def test_who_heard_it_after_the_decision_could_pass_nothing_on() -> None:
    """To the police, who decide nothing, it came in May; the conference was on 1 April."""
    tables = hearing()
    events = tables["events"]
    events.loc[events["id"] == "denial", "date"] = "2018-05"
    assert told(tables).loc["denial", "in_time"] == "not in time"


def test_whom_the_source_does_not_name_can_be_anybody() -> None:
    tables = hearing()
    tables["involvement"] = tables_of(involvement=[part("cs", "met", "led")])["involvement"]
    assert told(tables).loc["denial", "in_time"] == "possible"


def test_the_denial_to_the_police_is_not_in_time_for_the_enquiries() -> None:
    tellings = cc.tellings(review_of(*real(CHILD_W))).set_index("telling")
    assert tellings.loc["denial-wf", "in_time"] == "not recorded as passed on"


# ---------------------------------------------------------------- each matter is counted once


def at_decisions(
    tables: Tables, chronology: Chronology
) -> tuple[pd.DataFrame, dict[tuple[str, str], list[str]]]:
    table = cc.information_at_decision(review_of(tables, chronology))
    return table, counted_once(table)


def test_a_matter_and_what_tells_of_it_are_one() -> None:
    tables = small("""
        event | blow   | violence     | 2018-03-01
        event | report | notification | 2018-03-05
        event | old    | referral     | 2016-04-01
        event | met    | icpc         | 2018-04-01
        part | police | report | raised
        part | cs     | report | received
        part | cs     | old    | received
        part | cs     | met    | led
        tie | tells-of | report | blow
    """)
    table, counted = at_decisions(tables, solved(tables))
    assert counted == {("met", knowledge.CERTAIN): ["report", "old"]}
    # 1 April 2016 to 1 April 2018: two years without 29 February.
    rows = table.set_index("matter")
    ages = rows[["age_days_min", "age_days_max", "came_by", "basis"]]
    assert ages.loc["old"].tolist() == cells_of(
        "730 | 730 | Children's services: took part or held (old) | stated"
    )
    assert ages.loc["blow", "came_by"] == "Children's services: told (report, then blow)"


MISSING = """
    event | missing | behaviour           | 2021-10-04
    event | noise   | concern             | 2021-10-05
    event | report  | emergency-call      | 2021-10-05
    event | plan    | strategy-discussion | 2021-10-08
    event | met     | section-47          | 2021-10-11
    part | police | report | received
    part | police | noise  | held
    part | cs     | plan   | led
    part | cs     | met    | led
    tie | tells-of | report | missing
    tie | answers  | plan   | missing
"""


def test_what_those_who_decided_had_answered_had_reached_them_whoever_heard_it_told() -> None:
    tables = small(MISSING)
    table, counted = at_decisions(tables, solved(tables))
    assert {kind: ids for (decision, kind), ids in counted.items() if decision == "met"} == {
        knowledge.CERTAIN: ["missing"],
        knowledge.OTHER: ["noise"],
    }
    rows = table[table["decision"] == "met"].set_index("matter")
    assert rows["carried_by"].to_dict() == {"missing": (), "noise": (), "report": ("missing",)}
    # A call that tells of the noise besides still stands for that, which had not reached them.
    tables = small(f"{MISSING}\ntie | tells-of | report | noise")
    table, _ = at_decisions(tables, solved(tables))
    rows = table[table["decision"] == "met"].set_index("matter")
    assert rows["carried_by"].to_dict() == {"missing": (), "noise": ("report",), "report": ()}


def test_the_conference_of_child_w_stood_on_its_own_record() -> None:
    table, counted = at_decisions(*real(CHILD_W))
    matters = sum(len(ids) for (decision, _), ids in counted.items() if decision == "icpc")
    # The first edition counted 28. Three are told of by another: the attempted assault, the mother
    # when she fetched her children, the reports of July. What WF said of his nose is no evidence of
    # its own, since only the coder sets it against a view. His conduct is not dated, so nothing
    # says that it had come about by then; that he did not come was no matter before the conference.
    # What the GP and the landlord held came in since.
    assert matters == 23
    held = table.loc[
        (table["decision"] == "icpc") & (table["reached"] == knowledge.CERTAIN)
    ].set_index("matter")
    assert held.loc["referral-2014", "age_days_min"] > 3 * 365
    assert held.loc["stories-wm", "basis"] == "judged"
    assert (held["came_by"] != "").all()


# ---------------------------------------------------------------- opportunities, seen and heard


def test_opportunities_of_a_small_review_worked_by_hand() -> None:
    tables = small(
        """
        event | bruise   | bruising      | 2018-03-01 | summary=A bruise
        event | call     | referral      | 2018-04-02 | summary=A call
        event | closed   | closure       | 2018-04-05 | summary=Case closed
        event | blow     | violence      | 2018-05    | summary=A blow
        event | no-visit | visit         | 2018-05    | absence=apparently-not | summary=No visit
        event | met      | icpc          | 2018-06-04 | summary=A conference
        event | harm     | harm-to-child | 2018-07-01
        part | gp     | bruise | held
        part | school | call   | raised
        part | cs     | call   | received
        part | cs     | closed | led
        findings | id=fd | summary=Closed too soon | polarity=shortfall
        locators | row=fd | source=s | paragraph=4 | sentence=2
    """,
        links=[
            tie("answers", "closed", "call"),
            {**tie("answers", "no-visit", "blow"), "basis": "judged"},
            tie("rests-on", "fd", "iv-cs-closed"),
            {**tie("rests-on", "fd", "call"), "basis": "judged"},
        ],
    )
    opportunities = cc.opportunities(review_of(tables, solved(tables))).set_index("concern")
    assert opportunities.index.tolist() == ["bruise", "call", "blow"]
    assert opportunities["state"].tolist() == [
        "without an answer on record",
        "closed or left",
        "missing (says the source)",
    ]
    assert opportunities["done"].tolist() == [
        "",
        "Case closed (closed or left)",
        "No visit (missing (says the source), apparently not, judged)",
    ]
    assert opportunities["on_record_with"].tolist() == [
        "",
        "bruise: GP",
        "bruise: GP · call: School, Children's services",
    ]
    assert opportunities["review_says"].tolist() == ["", "Closed too soon (para 4.2)", ""]
    assert opportunities["lack"].tolist() == [(), (), ("apparently not (judged)",)]
    assert opportunities[["next_step_days_min", "next_step_days_max"]].values.tolist() == [
        [95, 95],
        [63, 63],
        [4, 34],
    ]


def test_every_answer_and_finding_of_the_real_reviews_stands_among_the_opportunities() -> None:
    for name in (CHILD_W, CHILD_A):
        tables, chronology = real(name)
        opportunities = cc.opportunities(review_of(tables, chronology)).set_index("concern")
        links = tables["links"]
        for kind, one, other in zip(links["type"], links["from_row"], links["to_row"], strict=True):
            if kind == "answers" and other in opportunities.index:
                assert one in opportunities.loc[other, "answers"]
            if kind == "rests-on" and other in opportunities.index:
                summary = tables["findings"].set_index("id").loc[one, "summary"]
                assert summary in opportunities.loc[other, "review_says"]


def opportunities_of(tables: Tables) -> pd.DataFrame:
    return cc.opportunities(review_of(tables, solved(tables))).set_index("concern")


def of_child_w() -> pd.DataFrame:
    return cc.opportunities(review_of(*real(CHILD_W))).set_index("concern")


def test_a_concern_told_in_a_row_that_is_none_has_a_row_of_its_own() -> None:
    tables = small("""
        event | blow   | violence | 2018-03-01
        event | said   | account  | 2018-03-02
        event | bruise | bruising | 2018-03-03
        event | call   | referral | 2018-03-04
        tie | tells-of | said | blow
        tie | tells-of | call | bruise
    """)
    assert opportunities_of(tables).index.tolist() == ["blow", "call"]
    assert "nose-wf" in of_child_w().index


def test_what_is_not_before_the_injury_is_no_opportunity() -> None:
    events = [
        event("harm", "harm-to-child"),
        event("call", "emergency-call", "2018-11"),
        event("care", "admission", "2018-11"),
    ]
    after = {"id": "r", "type": "not-after", "from_event": "harm", "to_event": "call"}
    tables = small(events=events, relations=[after])
    assert gaps(tables).set_index("concern")["state"].to_dict() == {
        "harm": "the end of the account",
        "call": "the end of the account",
    }
    # Without that order it can have come before, and was a chance.
    assert opportunities_of(small(events=events)).index.tolist() == ["call"]
    assert {"report-wm", "paramedics"}.isdisjoint(of_child_w().index)


def test_an_undated_injury_certainly_before_the_end_of_the_account_waits_for_an_answer() -> None:
    text = """
        event | hurt  | harm-to-child
        event | trial | account       | 2018-02
        event | stab  | harm-to-child | 2018-07-09
    """
    early = {"id": "r", "type": "before", "from_event": "hurt", "to_event": "trial"}
    found = states(gaps(small(text, relations=[early])))
    assert found == {"without an answer on record": {"hurt"}, "the end of the account": {"stab"}}
    # Without that order it can be the injury that the account runs up to.
    assert states(gaps(small(text))) == {"the end of the account": {"hurt", "stab"}}


@pytest.mark.parametrize(("hurt", "ends"), [("24", True), ("23", False)])
def test_an_injury_of_the_day_before_the_death_waits_for_no_answer(hurt: str, ends: bool) -> None:
    """Who is stabbed in the evening dies in the night; a referral of that day waits."""
    found = states(
        gaps(
            small(f"""
        event | refer | referral      | 2022-11-{hurt}
        event | stab  | harm-to-child | 2022-11-{hurt}
        event | died  | death         | 2022-11-25
    """)
        )
    )
    ended = {"stab"} if ends else set()
    assert found.get("the end of the account", set()) == ended
    assert found["without an answer on record"] == {"refer", "stab"} - ended


def test_what_the_source_says_of_an_answer_comes_before_what_the_coder_judged() -> None:
    lack = event("none", "safety-planning", absence="could-not-be-confirmed")
    row = opportunities_of(
        small(
            events=[event("stay", "household", "2018-08"), lack, event("plan", "icpc", "2018-09")],
            links=[
                {**tie("answers", "none", "stay"), "basis": "derived"},
                {**tie("answers", "plan", "stay"), "basis": "judged"},
            ],
        )
    ).loc["stay"]
    assert (row["state"], row["lack"]) == (
        "missing (says the source)",
        ("could not be confirmed (derived)",),
    )
    assert of_child_w().loc["staying-wf", "state"] == "missing (says the source)"


def test_a_step_does_not_hide_the_closure_after_it() -> None:
    row = of_child_w().loc["referral-2017-09"]
    done = row["done"].split(" · ")
    assert [one.rpartition(" (")[2] for one in done] == [
        "answered by a step)",
        "closed or left, judged)",
    ]


def test_who_held_a_part_did_not_hold_the_whole() -> None:
    tables = small("""
        event | calls  | referral | 2016
        event | blow   | violence | 2016
        event | bruise | bruising | 2018
        part | cs          | calls | received
        part | unspecified | calls | raised
        part | gp          | blow  | held
        tie | part-of | blow | calls
    """)
    tables["agencies"] = pd.concat(
        [
            tables["agencies"],
            tables["agencies"].tail(1).assign(id="unspecified", label="Unspecified", sector="10"),
        ],
        ignore_index=True,
    )
    opportunities = opportunities_of(tables)
    assert opportunities.loc["bruise", "on_record_with"] == "calls: Children's services"


def test_of_what_is_open_it_is_not_said_whether_it_was_on_record() -> None:
    tables = small(
        events=[
            event("worry", "concern"),
            event("call", "referral", "2018-03"),
            event("calls", "referral", "2018-03-15"),
            event("bruise", "bruising", "2018-04"),
        ],
        involvement=[part("cs", one, "held") for one in ("worry", "call", "calls", "bruise")],
    )
    opportunities = opportunities_of(tables)
    columns = ["on_record", "on_record_possibly"]
    assert opportunities.loc["worry", columns].tolist() == [(), ()]
    assert opportunities.loc["calls", columns].tolist() == [(), ("call",)]
    assert opportunities.loc["bruise", columns].tolist() == [("call", "calls"), ()]


def test_what_came_of_an_answer_was_not_on_record_before_it() -> None:
    tables = small(
        events=[
            event("call", "referral", "2017-09"),
            event("looked", "assessment", "2017-09"),
            event("worry", "concern", "2017-09"),
        ],
        involvement=[part("cs", one, "held") for one in ("call", "worry")],
        links=[tie("answers", "looked", "call")],
        relations=[{"id": "r", "type": "during", "from_event": "worry", "to_event": "looked"}],
    )
    assert opportunities_of(tables).loc["call", "on_record_possibly"] == ()
    assert of_child_w().loc["referral-2017-09", "on_record_possibly"] == ()


@pytest.mark.parametrize(
    ("told", "certain", "possible"),
    [
        ("2018-03-10", ("told",), ()),
        # On the 10th it came with the concern as much as with the visit.
        ("[2018-03-10..2018-03-12]", (), ("told",)),
        ("[2018-03-11..2018-03-12]", (), ()),
    ],
)
def test_what_is_told_on_the_day_of_an_answer_can_have_come_with_the_concern(
    told: str, certain: tuple[str, ...], possible: tuple[str, ...]
) -> None:
    tables = small(
        events=[
            event("worry", "concern", "2018-03-10"),
            event("visit", "visit", "2018-03-10"),
            event("told", "concern", told),
        ],
        involvement=[part("cs", one, "held") for one in ("worry", "told")],
        links=[tie("answers", "visit", "worry")],
    )
    row = opportunities_of(tables).loc["worry"]
    assert (row["on_record"], row["on_record_possibly"]) == (certain, possible)


def test_a_finding_reaches_a_concern_as_firmly_as_the_weakest_tie_to_it() -> None:
    tables = small(
        """
        event | call   | referral   | 2018-03-01
        event | blow   | violence   | 2018-03-01
        event | none   | assessment | absence=did-not-happen
        event | missed | assessment | absence=did-not-happen
        findings | id=one | summary=Missed | polarity=shortfall
        findings | id=two | summary=Told   | polarity=neutral
    """,
        links=[
            {**tie("tells-of", "call", "blow"), "basis": "stated"},
            {**tie("answers", "none", "call"), "basis": "judged"},
            {**tie("part-of", "none", "missed"), "basis": "derived"},
            {**tie("rests-on", "one", "missed"), "basis": "stated"},
            {**tie("rests-on", "two", "blow"), "basis": "derived"},
        ],
    )
    assert opportunities_of(tables).loc["call", "review_says"] == "Told (derived) · Missed (judged)"
    opportunities = of_child_w()["review_says"]
    assert "(para 6.1, derived)" in opportunities["notification-july"]
    assert "(para 14.1, judged)" in opportunities["concern-2017-wm"]


def test_the_findings_of_child_w_that_no_concern_reaches_rest_on_none() -> None:
    tables, _ = real(CHILD_W)
    said = " · ".join(of_child_w()["review_says"])
    summaries = zip(tables["findings"]["id"], tables["findings"]["summary"], strict=True)
    # On the family's dynamics, the city's structures, all work with the family, the part of
    # partners, and one attendance of WF: of none the source says what was raised.
    assert {finding for finding, summary in summaries if summary not in said} == {
        "fd-dynamics",
        "fd-partners",
        "fd-structures",
        "fd-timeliness",
        "fd-evidence",
    }


def test_no_half_of_a_join_among_the_opportunities_and_contacts() -> None:
    opportunities = of_child_w()
    assert opportunities.loc["referrals-october", "latest"] == pd.Timestamp("2018-11-30")


def test_what_is_on_record_only_as_judged_is_marked() -> None:
    tables = small(
        events=[event("worry", "concern"), event("call", "referral", "2018-03")],
        involvement=[part("cs", "worry", "held")],
        relations=records_of("""
            id | type      | from_event | to_event | basis
            r  | not-after | worry      | call     | judged
        """),
    )
    row = opportunities_of(tables).loc["call"]
    assert (row["on_record"], row["on_record_as_judged"]) == (("worry",), ("worry",))
    tables["relations"]["basis"] = "stated"
    row = opportunities_of(tables).loc["call"]
    assert (row["on_record"], row["on_record_as_judged"]) == (("worry",), ())


def test_a_person_who_is_not_reported_as_a_fact_has_the_status_beside() -> None:
    contacts = cc.contacts(review_of(*real(CHILD_W))).set_index("contact")
    assert contacts.loc["visit-home", "persons"] == ("WF (reported as apparent)",)


def fact(row: str, code: str, value: str) -> dict[str, str]:
    return {"id": f"at-{row}-{code}", "row": row, "attribute": code, "value": value}


def test_contacts_say_whether_the_child_was_seen_alone_and_heard() -> None:
    def person(event_id: str, who: str) -> dict[str, str]:
        part = {"id": f"pt-{event_id}-{who}", "event": event_id, "person": who, "role": "subject"}
        return part | {"status": "reported"}

    tables = small(
        """
        people | id=x | label=X | kinship=child
        people | id=m | label=M | kinship=mother
        event | clinic | contact    | 2018-01-01
        event | mother | contact    | 2018-01-02
        event | visit  | visit      | 2018-01-03 | count_min=3
        event | missed | visit      | 2018-01-04
        event | none   | visit      | 2018-01-05 | absence=did-not-happen
        event | nobody | visit      | 2018-01-05 | absence=did-not-happen
        event | talk   | assessment | 2018-01-06
        event | core   | assessment | 2018-01-07
        event | both   | visit      | 2018-01-08
        event | alone  | visit      | 2018-01-09
        part | cs | visit | led
    """,
        participation=[person("clinic", "x"), person("mother", "m")],
        attributes=[
            fact("clinic", "child-seen-alone", "X"),
            fact("missed", "child-not-seen", "said to be asleep"),
            fact("nobody", "child-not-seen", "X"),
            fact("talk", "child-said", "home is loud"),
            fact("both", "child-seen", "S1"),
            fact("both", "child-not-seen", "X"),
            fact("alone", "child-seen-alone", "S1"),
            fact("alone", "child-not-seen", "X"),
        ],
    )
    contacts = cc.contacts(review_of(tables, solved(tables)))
    columns = ["contact", "how_many", "absence", "seen", "seen_alone", "spoken_to", "child_said"]
    assert contacts[columns].values.tolist() == [
        ["clinic", "once", "", "yes", "yes", "not said", ""],
        ["visit", "at least 3", "", "not said", "not said", "not said", ""],
        ["missed", "once", "", "no", "no", "no", ""],
        ["nobody", "", "did not happen", "no", "no", "no", ""],
        ["talk", "once", "", "yes", "not said", "yes", "home is loud"],
        # Of S1, who was seen, nobody says more; X was not seen, so neither alone nor spoken to.
        ["both", "once", "", "yes and no", "no and not said", "no and not said", ""],
        ["alone", "once", "", "yes and no", "yes and no", "no and not said", ""],
    ]
    assert contacts["by"].tolist() == [(), ("Children's services",), (), (), (), (), ()]


def test_neglect_waits_for_an_answer_only_where_a_row_answers_it() -> None:
    """It lasts, as a court or a review sums it up; what was raised of it has rows of its own."""
    text = """
        event | neglect | neglect       | 2016/2022
        event | visit   | visit         | 2019-03
        event | refer   | referral      | 2018-03
    """
    assert states(gaps(small(text))) == {"without an answer on record": {"refer"}}
    answered = small(text, links=[tie("answers", "visit", "neglect")])
    assert states(gaps(answered))["answered by a step"] == {"neglect"}
