"""Each cell of the opportunities and of their neighbours that a reader with the source in hand had
to strike out: small invented reviews, and whole columns of a real one worked out by hand."""

from __future__ import annotations

import pandas as pd
import pytest

import casechron as cc
from casechron.analysis.record import count_words
from involvement_cases import Tables, agency, event, part, solved, tables_of, tie
from made_reviews import review_of
from real_reviews import real_review
from test_answers_to_concerns import CHILD_W, gaps, real, small
from text_tables import cells_of


def of(tables: Tables) -> pd.DataFrame:
    return cc.opportunities(review_of(tables, solved(tables))).set_index("concern")


@pytest.fixture(scope="module")
def child_w() -> pd.DataFrame:
    return cc.opportunities(review_of(*real(CHILD_W))).set_index("concern")


def order(kind: str, one: str, other: str, **more: str) -> dict[str, str]:
    return {"id": f"{one}-{other}", "type": kind, "from_event": one, "to_event": other} | more


def test_of_a_worry_and_of_what_lasts_silence_is_not_once(child_w: pd.DataFrame) -> None:
    blank = child_w.index[child_w["how_many"] == ""].tolist()
    assert blank == cells_of("""
        anger-concern-wf | concern-2017-wm | attendance-s2 | stories-wm
        concern-alcohol-cannabis | concern-mh-wf | staying-wf | information-gp-landlord
        fear-father-s1 | fear-father-s2
    """)
    kinds = ("concern", "support", "referral", "violence")
    assert [count_words(kind, "", "", "") for kind in kinds] == ["", "", "once", "once"]
    assert count_words("concern", "", "2", "") == "at least 2"
    # 'Three appointments were missed' is one row of what did not happen, which counts nothing.
    assert count_words("visit", "did-not-happen", "", "") == ""


def test_a_next_step_that_hangs_on_a_judged_order_says_so(child_w: pd.DataFrame) -> None:
    follows = child_w["next_step_follows"]
    assert follows.groupby(follows).apply(lambda rows: rows.index.tolist()).to_dict() == {
        "": ["fear-father-s1", "fear-father-s2"],
        "cannot be told": ["absence-wf-conference"],
        "certainly": cells_of("""
            referral-2014 | anger-concern-wf | referrals-2015-2016 | referral-2017-09
            suspicion-amphetamine | referral-midwife | notification-july
            concern-alcohol-cannabis | conduct-wm | concern-mh-wf | incident-august
            information-gp-landlord
        """),
        "certainly as judged": cells_of("""
            abuse-of-wm-history | concern-2017-wm | attendance-s2 | stories-wm | incident-chain
            distress-wf | nose-wf | staying-wf | conduct-wf
        """),
        "none on record": ["incident-october", "referrals-october"],
        "none on record as judged": ["breach"],
    }


@pytest.mark.parametrize(
    ("basis", "of_worry", "of_call"),
    [("judged", "certainly as judged", "certainly as judged"), ("derived",) + ("certainly",) * 2],
)
def test_the_mark_of_a_next_step_is_of_its_days_and_its_steps_too(
    basis: str, of_worry: str, of_call: str
) -> None:
    tables = small(
        events=[
            event("worry", "concern"),
            event("call", "referral", "2018-03-01"),
            event("enquiry", "section-47", "[2018-03-05..2018-03-20]"),
            event("met", "icpc", "2018-03-12"),
        ],
        involvement=[part("cs", "worry", "held"), part("cs", "call", "received")],
        relations=[
            order("not-after", "worry", "call", basis="stated"),
            order("not-after", "enquiry", "met", basis=basis),
        ],
    )
    # Without the judged order the conference can come first: of both, another step can be the next.
    waits = gaps(tables).set_index("concern")["next_step_follows"]
    assert (waits["worry"], waits["call"]) == (of_worry, of_call)


def test_what_is_inferred_stands_beside_it(child_w: pd.DataFrame) -> None:
    held = "held the information"
    assert {one: said for one, said in child_w["inferred"].items() if said} == {
        "referral-2014": "Children's services, received: derived",
        "anger-concern-wf": f"Agencies, unnamed, {held}: derived",
        "abuse-of-wm-history": "days: judged",
        "referral-2017-09": "the row: judged",
        "concern-2017-wm": f"days: derived, judged · Children's services, {held}: derived",
        "suspicion-amphetamine": f"Children's services, {held}: derived",
        "referral-midwife": "Children's services, received: derived",
        "attendance-s2": f"days: judged · Agencies, unnamed, {held}: derived",
        "stories-wm": f"days: judged · Agencies, unnamed, {held}: derived",
        "incident-chain": "the row: judged · days: judged · Professionals (agency not named),"
        f" {held}: judged",
        "distress-wf": f"days: judged · Agencies, unnamed, {held}: judged",
        "notification-july": "date: derived · days: derived",
        "nose-wf": "date: judged · days: judged · Greater Manchester Police, received: judged",
        "concern-alcohol-cannabis": f"days: derived · Agencies, unnamed, {held}: derived",
        "conduct-wm": f"days: derived · Agencies, unnamed, {held}: derived",
        "concern-mh-wf": f"days: derived · Agencies, unnamed, {held}: derived",
        "incident-august": "date: derived · days: derived",
        "staying-wf": "days: judged · Children's services, led: derived",
        "information-gp-landlord": "the row: judged · days: derived",
        "absence-wf-conference": "date: judged · days: judged · Professionals (agency not named),"
        f" {held}: derived",
        "conduct-wf": f"days: judged · Professionals (agency not named), {held}: derived",
        "fear-father-s1": "days: judged",
        "fear-father-s2": "days: judged",
        "incident-october": "date: derived · days: derived",
        "breach": "days: judged",
        "referrals-october": "days: derived, judged · Children's services, received: judged",
    }


@pytest.mark.parametrize(
    ("not_before", "not_after", "said"),
    [
        ("", "", ""),
        ("stated", "derived", "days: derived"),
        ("derived", "judged", "days: derived, judged"),
        ("judged", "judged", "days: judged"),
    ],
)
@pytest.mark.parametrize("own", ["", "judged"])
def test_what_bounds_its_days_says_so_beside_its_date(
    not_before: str, not_after: str, said: str, own: str
) -> None:
    tables = small(
        events=[
            event("shut", "closure", "2018-03"),
            event("worry", "concern", "2018" if own else "", date_basis=own),
            event("call", "referral", "2018-06"),
        ],
        relations=[
            order("not-after", "shut", "worry", basis=not_before),
            order("not-after", "worry", "call", basis=not_after),
        ],
    )
    date = f"date: {own}" if own else ""
    # Between two stated orders the year says nothing more.
    assert of(tables).loc["worry", "inferred"] == " · ".join(filter(None, [date, said]))


def test_what_was_known_only_by_a_judged_tie_says_so(child_w: pd.DataFrame) -> None:
    known = child_w["known_at_the_time"]
    assert known.groupby(known).apply(lambda rows: rows.index.tolist()).drop("yes").to_dict() == {
        "learned only afterwards": ["fear-father-s1", "fear-father-s2"],
        "yes as judged": cells_of("""
            incident-chain | distress-wf | nose-wf | staying-wf | incident-october | breach
            referrals-october
        """),
    }
    tables = small(
        events=[event("blow", "violence", "2018-03"), event("call", "contact", "2018-04")],
        involvement=[part("cs", "call", "received")],
        links=[{**tie("tells-of", "call", "blow"), "basis": "judged"}],
    )
    assert of(tables)["known_at_the_time"].to_dict() == {"blow": "yes as judged"}
    tables["links"]["basis"] = "derived"
    assert of(tables)["known_at_the_time"].to_dict() == {"blow": "yes"}


@pytest.mark.parametrize(
    ("basis", "said"), [("stated", "yes"), ("derived", "yes"), ("judged", "yes as judged")]
)
def test_what_only_a_judged_order_has_told_by_the_end_is_known_as_judged(
    basis: str, said: str
) -> None:
    tables = small(
        events=[
            event("blow", "violence", "2018-03"),
            event("worry", "concern"),
            event("call", "contact"),
            event("harm", "harm-to-child", "2018-06"),
        ],
        involvement=[part("cs", "call", "received"), part("cs", "worry", "held")],
        links=[tie("tells-of", "call", "blow")],
        relations=[order("not-after", one, "harm", basis=basis) for one in ("call", "worry")],
    )
    # Who held it itself held it as it occurred, on whatever day.
    wanted = {"blow": said, "worry": "yes"}
    if basis == "judged":
        tables["relations"] = tables["relations"].iloc[:1]
    assert of(tables)["known_at_the_time"].to_dict() == wanted


def test_whom_the_source_leaves_open_is_no_agency_that_knew() -> None:
    tables = tables_of("""
        agency | cs          | Children's services | 5A
        agency | unspecified | Unspecified         | 10
        event | call | referral | 2018-03
        part | unspecified | call | raised
        part | cs          | call | received
    """)
    for basis, said in (("stated", "yes"), ("judged", "yes as judged")):
        tables["involvement"]["basis"] = ["stated", basis]
        assert of(tables)["known_at_the_time"].to_dict() == {"call": said}
    tables["involvement"] = tables["involvement"].iloc[:1]
    assert of(tables)["known_at_the_time"].to_dict() == {"call": "not recorded with any agency"}


def test_a_lack_is_as_firm_as_its_tie(child_w: pd.DataFrame) -> None:
    none = "no evidence found"
    assert {one: said for one, said in child_w["lack"].items() if said} == {
        "incident-chain": ("does not appear to have happened", f"{none} (judged)"),
        "distress-wf": ("does not appear to have happened",),
        "notification-july": (f"{none} (derived)",),
        "concern-alcohol-cannabis": (f"{none} (derived)",),
        "conduct-wm": (f"{none} (derived)",),
        "concern-mh-wf": (f"{none} (derived)",),
        "incident-august": ("could not be confirmed (judged)",),
        "staying-wf": ("could not be confirmed (derived)",),
        "fear-father-s1": ("did not happen",),
        "fear-father-s2": ("did not happen",),
        "incident-october": ("insufficient (judged)", "did not happen (derived)"),
        "breach": ("insufficient",),
        "referrals-october": ("did not happen",),
    }
    rows = gaps(real(CHILD_W)[0])
    tied = rows.loc[rows["lack"] != "", ["lack", "coded_as"]]
    assert tied["lack"].str.extract(r"\((.*)\)$")[0].fillna("stated").equals(tied["coded_as"])


def test_an_absence_is_on_record_from_the_day_of_the_meeting(child_w: pd.DataFrame) -> None:
    away = {"person": "f", "role": "did-not-attend", "status": "reported"}
    tables = small(
        people=[{"id": "f", "label": "F", "kinship": "father"}],
        events=[
            event("call", "referral", "[2018-09-10..2018-09-28]"),
            event("met", "icpc", "2018-09"),
            event("away", "behaviour", "2018-09", absence="did-not-happen"),
        ],
        involvement=[part("cs", "call", "received"), part("cs", "away", "held")],
        participation=[{"id": "p", "event": "met"} | away, {"id": "q", "event": "away"} | away],
        relations=[order("before", "call", "met")],
    )
    columns = ["on_record", "on_record_possibly"]
    assert of(tables).loc["call", columns].tolist() == [(), ()]
    tables["relations"] = pd.DataFrame([order("before", "met", "call")]).reindex(
        columns=tables["relations"].columns, fill_value=""
    )
    assert of(tables).loc["call", columns].tolist() == [("away",), ()]
    assert of(tables).loc["call", "on_record_with"] == "away: Children's services"
    tables["participation"]["person"] = ["g", "f"]
    assert of(tables).loc["call", columns].tolist() == [(), ("away",)]
    for one in ("nose-wf", "staying-wf"):
        for column in columns:
            assert "absence-wf-conference" not in child_w.loc[one, column]


def test_where_the_source_ties_an_answer_is_a_place_too(child_w: pd.DataFrame) -> None:
    # That the plan forbade his staying stands in another sentence than the plan and his staying.
    assert child_w.loc["staying-wf", "places"] == "para 22.1, 10.1, 26.1"
    assert child_w.loc["referrals-october", "places"] == "para 27.1, 28.1"


def test_a_court_received_no_concern() -> None:
    tables = tables_of(
        agencies=[agency("court", "Court", "7"), agency("gp", "GP", "3A")],
        events=[
            event("blow", "violence", "2018-03"),
            event("seen", "medical-opinion", "2018-04"),
            event("plea", "plea", "2019-04"),
        ],
        involvement=[part("gp", "seen", "received"), part("court", "plea", "received")],
        links=[tie("tells-of", "seen", "blow"), tie("tells-of", "plea", "blow")],
    )
    assert of(tables).loc["blow", "to"] == ("GP",)
    harm = gaps(real(CHILD_W)[0]).set_index("concern").loc["harm-w", ["by", "to", "held_by"]]
    assert harm.tolist() == [(), (), ("Medical professionals",)]


def test_ties_that_the_coder_made_are_marked_where_they_lead(child_w: pd.DataFrame) -> None:
    assert {one: said for one, said in child_w["carried_by"].items() if said} == {
        "distress-wf": ("incident-chain (judged)",),
        "incident-october": ("referrals-october",),
        "breach": ("referrals-october (judged)",),
    }
    # No row here tells of these: they are to be counted once.
    assert child_w.loc[["nose-wf", "fear-father-s1"], "carried_by"].tolist() == [(), ()]


def test_a_dated_whole_is_not_named_for_its_undated_part() -> None:
    tables = small(
        events=[
            event("first", "referral", "2014"),
            event("seen", "behaviour"),
            event("calls", "referral", "2017-09"),
            event("last", "referral", "2018-02"),
        ],
        involvement=[part("cs", one, "received") for one in ("first", "calls", "last")]
        + [part("school", "seen", "held")],
        links=[tie("tells-of", "calls", "seen")],
        relations=[order("not-after", "seen", "calls")],
    )
    found = of(tables)
    columns = ["on_record", "on_record_possibly"]
    assert found.loc["first", columns].tolist() == [(), ()]
    assert found.loc["last", columns].tolist() == [("first", "calls"), ()]


def test_an_agency_is_marked_by_what_makes_it_a_holder(child_w: pd.DataFrame) -> None:
    tables = small(
        events=[
            event("worry", "concern", "2018-01"),
            event("shut", "closure", "2018-02"),
            event("call", "referral", "2018-03"),
        ],
        involvement=[
            part("gp", "worry", "held"),
            {**part("school", "worry", "held"), "basis": "derived"},
            part("cs", "shut", "led"),
        ],
        links=[{**tie("answers", "shut", "worry"), "basis": "judged"}],
    )
    assert of(tables).loc["call", "on_record_with"] == (
        "worry: GP, School (derived), Children's services (judged)"
    )
    said = dict(
        one.split(": ", 1) for one in child_w.loc["incident-october", "on_record_with"].split(" · ")
    )
    services = "Children's services"
    assert said["attendance-s2"] == f"{services} (judged), Agencies, unnamed (judged)"
    assert (
        said["incident-august"] == f"{services} (derived), Those at meetings (not named) (judged)"
    )
    assert said["referral-2014"] == f"S1's school, {services} (derived)"
    assert said["referrals-2015-2016"] == services


def test_a_finding_is_as_firm_as_the_finding_itself(child_w: pd.DataFrame) -> None:
    tables = small(
        events=[event("call", "referral", "2018-03-01")],
        links=[tie("rests-on", "fd", "call")],
        findings=[{"id": "fd", "summary": "Left", "polarity": "shortfall", "basis": "judged"}],
    )
    assert of(tables).loc["call", "review_says"] == "Left (judged)"
    says = child_w["review_says"]
    # With the reason that the source gives, as apparent.
    assert (
        "left out, apparently since W, with WF in hospital, seemed no longer at risk"
        " (para 27.1, judged)"
    ) in says["referrals-october"]
    for worry in ("referral-midwife", "attendance-s2", "stories-wm"):
        assert "other worries (para 14.2, judged)" in says[worry]
    assert "thought of him (para 23.2)" in says["conduct-wf"]


def test_who_raised_a_part_and_who_told_of_it_are_named(child_w: pd.DataFrame) -> None:
    who = child_w[["by", "to", "held_by"]]
    assert who.loc["referrals-2015-2016"].tolist() == [
        ("father of S1 (a part of it)", "somebody not named"),
        ("Children's services",),
        (),
    ]
    assert who.loc["nose-wf"].tolist() == [("WF",), ("Greater Manchester Police",), ()]
    assert who.loc["staying-wf"].tolist() == [(), (), ("Children's services",)]
    # He who denies it did not raise it; and what an agency is coded with is not taken from others.
    tables = small("""
        people | id=f | label=F | kinship=father
        event | blow | violence | 2018-03
        event | said | account  | 2018-04
        part | police | said | received
        participation | id=p | person=f | event=said | role=told    | status=reported
        participation | id=q | person=f | event=blow | role=harming | status=denied
        tie | tells-of | said | blow
    """)
    assert of(tables).loc["blow", ["by", "to"]].tolist() == [(), ("Police",)]
    tables["participation"]["status"] = "reported"
    assert of(tables).loc["blow", ["by", "to"]].tolist() == [("F",), ("Police",)]


def test_what_followed_is_told_and_is_no_answer(child_w: pd.DataFrame) -> None:
    anger = child_w.loc["anger-concern-wf"]
    assert (anger["done"], anger["state"], anger["answers"]) == (
        "WF begins to get support for ADHD (followed, not said to answer it, judged)",
        "followed, not said to answer it",
        (),
    )
    # The table of answers says the same.
    (row,) = gaps(*real(CHILD_W)[:1]).query("concern == 'anger-concern-wf'").to_dict("records")
    assert (row["answer"], row["answer_summary"], row["state"]) == (
        "",
        "WF begins to get support for ADHD",
        anger["state"],
    )
    done = child_w.loc["incident-october", "done"].split(" · ")
    assert done[0] == (
        "The answer to the breach lacks rigour (answered insufficiently, insufficient, judged)"
    )
    assert done[-1] == (
        "WF is taken to hospital; what for is not said (followed, not said to answer it, judged)"
    )
    # The breach is a concern of its own.
    assert len(done) == 3
    assert child_w.loc["incident-october", "state"] == "missing (says the source)"


def test_an_absence_from_a_meeting_is_asked_of_the_day_of_the_meeting(
    child_w: pd.DataFrame,
) -> None:
    away = {"person": "f", "role": "did-not-attend", "status": "reported"}
    tables = small(
        people=[{"id": "f", "label": "F", "kinship": "father"}],
        events=[
            event("call", "referral", "[2018-09-01..2018-09-25]"),
            event("met", "icpc", "[2018-09-20..2018-09-30]"),
            event("away", "behaviour", "2018-09", absence="did-not-happen"),
        ],
        involvement=[part("cs", "call", "received"), part("cs", "away", "held")],
        participation=[{"id": "p", "event": "met"} | away, {"id": "q", "event": "away"} | away],
        relations=[order("before", "call", "met")],
    )
    assert of(tables).loc["away", ["on_record", "on_record_possibly"]].tolist() == [("call",), ()]
    tables["participation"]["person"] = ["g", "f"]
    assert of(tables).loc["away", ["on_record", "on_record_possibly"]].tolist() == [(), ("call",)]
    conference = child_w.loc["absence-wf-conference"]
    assert "incident-august" in conference["on_record"]
    assert "incident-august" not in conference["on_record_as_judged"]
    assert conference["on_record_possibly"] == ()


def test_the_cells_that_were_recoded(child_w: pd.DataFrame) -> None:
    answers = child_w.loc["incident-august", "answers"]
    assert answers == ("section-47", "no-safety-planning", "icpc", "plan")
    for place in ("6.2", "22.1"):
        assert f"(para {place}, judged)" in child_w.loc["incident-august", "review_says"]
    # Each sign against the view of the father that the coding names bears the finding on it.
    assert all(
        "(para 5.1, judged)" in child_w.loc[one, "review_says"]
        for one in ("concern-2017-wm", "nose-wf", "referrals-2015-2016")
    )
    nose = child_w.loc["nose-wf"]
    assert nose["latest"] == pd.Timestamp("2018-09-29")
    # From 1 January to 29 September, the last day of the enquiries; the conference can be a day on.
    assert nose["next_step_days_max"] == 271
    for father in ("fear-father-s1", "fear-father-s2"):
        assert "seems to have feared" in child_w.loc[father, "summary"]
    raised = child_w["raised"]
    assert raised["abuse-of-wm-history"] == "Domestic abuse or violence"
    assert raised["conduct-wf"] == "Conduct"
    # One of his accusations; and the plan's breach, of which what the plan barred is another
    # sentence.
    assert nose["summary"] == "WM breaks WF's nose, in one of WF's accusations"
    assert child_w.loc["breach", ["summary", "places"]].tolist() == [
        "The October incident (as judged) breaks the child protection plan, which barred WF from"
        " the home",
        "para 7.1, 26.1",
    ]
    held = child_w.loc["information-gp-landlord"]
    assert (held["held_by"], held["places"]) == (
        ("The family GP", "One Manchester (WM's landlord)"),
        "para 22.2",
    )
    assert held["review_says"] == (
        "The GP and the landlord, who had weighty information, were too little involved (para 22.2)"
    )


# ---------------------------------------------------------------- the tables beside it


def test_no_day_of_the_limits_is_closer_than_the_source_has_it() -> None:
    timescale_checks = cc.timescale_checks(review_of(*real(CHILD_W))).set_index(["rule", "start"])
    asked = timescale_checks.xs("referrals-october", level="start")
    days = ["start_latest", "due_latest", "end_days_min", "end_days_max"]
    assert asked.loc[["referral-decision", "assessment"], days].astype("str").values.tolist() == [
        ["2018-11-30", "2018-12-03", "0", "17"],
        ["2018-11-30", "2019-02-06", "0", "17"],
    ]
    ends = timescale_checks.loc[("assessment", "referral-2014"), ["end_days_min", "end_days_max"]]
    # From 31 December 2014 to 1 November 2018, and from 1 January 2014 to 30 November 2018.
    assert ends.tolist() == [1401, 1794]
    ends = timescale_checks.loc[("first-core-group", "icpc"), ["end_days_min", "end_days_max"]]
    assert ends.tolist() == [32, 70]


def test_a_later_sign_is_no_end_of_a_clock() -> None:
    timescale_checks = cc.timescale_checks(review_of(*real(CHILD_W)))
    signs = timescale_checks.loc[timescale_checks["rule"] == "referral-decision"]
    assert signs["may_end"].tolist() == [
        *(("meeting-2014",), (), ("assessment-2017", "closure-2017-10")),
        *(("closure-midwife",), ()),
    ]
    assert set(signs["end"]) | set(signs["end_summary"]) | set(signs["within_limit"]) == {""}
    numbers = ["days_min", "days_max", "working_days_min", "margin_min", "margin_max"]
    assert signs[[*numbers, "actual_earliest", "actual_latest"]].isna().all(axis=None)
    # A sign in time shows that the limit was kept.
    services = "childrens-services"
    tables = tables_of(
        agencies=[agency(services, "Children's services", "5A")],
        events=[event("call", "referral", "2016-03-01"), event("shut", "closure", "2016-03-02")],
        involvement=[part(services, "call", "received"), part(services, "shut", "led")],
        links=[tie("answers", "shut", "call")],
    )
    kept = cc.timescale_checks(review_of(tables, solved(tables))).iloc[0]
    assert (kept["verdict"], kept["end"], kept["margin_min"]) == ("met", "shut", 0)


def test_what_would_settle_a_publication_is_when_the_review_was_begun_too() -> None:
    timescale_checks = cc.timescale_checks(review_of(*real(CHILD_W))).set_index("rule")
    assert timescale_checks.loc["publication", "would_settle"] == (
        "the limit in the period from March 2020, when six months were relaxed (not on file"
        " here), and the day on which the review was initiated, and the day on which the review,"
        " not a statement on it, was published"
    )


def test_a_sentence_dates_a_publication_only_by_judgement() -> None:
    events = real(CHILD_W)[0]["events"].set_index("id")
    assert events.loc["review-published", "date_basis"] == "judged"
    other = cc.read_review(real_review(CHILD_W).folder, readings=("review-before-sentence",))
    asked = cc.timescale_checks(other).set_index("rule")
    # The review was told of the fear after the admission, which is of November 2018.
    assert asked.loc["publication", "actual_earliest"] == pd.Timestamp("2018-11-01")


def test_a_contact_whose_days_were_judged_says_so() -> None:
    contacts = cc.contacts(review_of(*real(CHILD_W))).set_index("contact")
    assert contacts["as_judged"].to_dict() == {"visit-home": True}
    tables = small(
        events=[event("visit", "visit", "2018-03"), event("call", "referral", "2018-03-10")],
        relations=[order("not-after", "call", "visit", basis="judged")],
    )
    assert cc.contacts(review_of(tables, solved(tables)))["as_judged"].tolist() == [True]
    tables["relations"]["basis"] = "derived"
    assert cc.contacts(review_of(tables, solved(tables)))["as_judged"].tolist() == [False]


def test_a_referral_that_another_row_counts_has_no_row_among_the_re_referrals() -> None:
    re_referrals = cc.re_referrals(review_of(*real(CHILD_W)))
    assert "referral-father-s1" not in set(re_referrals["referral"])
    assert "referrals-2015-2016" in set(re_referrals["referral"])
