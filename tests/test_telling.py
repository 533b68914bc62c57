from __future__ import annotations

from pathlib import Path

import pytest

import casechron as cc
from casechron.chronology import solve
from casechron.coding.reviews import frames_of
from involvement_cases import Tables, agency, event, part, solved, tables_of, tie, worked
from made_reviews import review_of
from real_reviews import real_review, real_tables
from sheet_cases import expanded, wrong_lines
from text_tables import cells_of, lists_of, records_of

DATA = Path(__file__).parents[1] / "data"


def test_every_telling_of_the_worked_review() -> None:
    tables = worked()
    tellings = cc.tellings(review_of(tables, solved(tables)))
    columns = cells_of("""
        telling | tie | from_label | from_kind | to_label | about | how | how_many | said
        next_decision | in_time
    """)
    conference, duty, services = (
        "Initial child protection conference",
        "Out-of-hours response",
        "Children's services",
    )
    assert tellings[columns].values.tolist() == lists_of(f"""
        referral | told | School | agency | {services} | | Referral | once | on 6 March 2017 | () |
        report | told | Police | agency | {services} | assault | Notification | once | in May 2017
        ... (enquiries) | possible
        letter | told | GP | agency | School | bruise | Information shared | once | on 20 May 2017
        ... (closure) | not in time
        conference | insufficiently involved | GP | agency | {services} | | {conference} | once
        ... on 1 June 2017 | () |
        conference | insufficiently involved | GP | agency | School | | {conference} | once
        ... on 1 June 2017 | () |
        conference | not involved | Landlord | agency | {services} | | {conference} | once
        ... on 1 June 2017 | () |
        conference | not involved | Landlord | agency | School | | {conference} | once
        ... on 1 June 2017 | () |
        no-duty | not involved | Duty team | agency | {services} | calls | {duty} |
        ... in July 2017 | () |
        calls | told | Unnamed agencies | unnamed | {services} | fight | Referral | '3'
        ... on 2 July 2017 | () | no later decision
        told-board | told afterwards | an aunt | person | Board | fear | Told to the review | once
        ... in February 2018 | () |
    """)
    behind = ("report", "iv-police-report", "iv-cs-report", "lk-report-assault")
    assert tellings["rows"].iloc[1] == behind
    assert tellings["in_time_for"].iloc[2] == "closure: not in time"


def small(text: str = "", **rows: list[dict[str, str]]) -> Tables:
    return tables_of(
        text,
        agencies=[agency("a", "A", "6"), agency("b", "B", "5A"), agency("c", "C", "3A")],
        **rows,
    )


def test_an_agency_not_told_and_a_telling_that_was_absent_are_missing_ties() -> None:
    tables = small("""
        event | plan      | protection-plan | 2018-01/
        event | no-letter | notification    | 2018-02  | absence=no-evidence-found
        part | b | plan      | led
        part | c | plan      | not-told           | did-not-happen
        part | a | no-letter | responsible-absent
        part | c | no-letter | not-told
    """)
    tellings = cc.tellings(review_of(tables, solved(tables)))
    assert tellings[["telling", "tie", "from_party", "to_party", "in_time"]].values.tolist() == [
        ["plan", "not told", "b", "c", ""],
        ["no-letter", "telling found absent", "a", "c", ""],
    ]


def test_what_a_review_was_not_told_is_no_gap_in_the_case() -> None:
    tables = small("""
        event | call     | referral       | 2018-01
        event | declined | told-to-review | 2019 | absence=did-not-happen
        part | a | call     | raised
        part | b | call     | received
        part | a | declined | responsible-absent
        part | c | declined | not-told | did-not-happen
    """)
    review = review_of(tables, solved(tables))
    assert cc.tellings(review)[["telling", "tie"]].values.tolist() == [["call", "told"]]
    assert cc.stated_absences(review).empty
    assert cc.involvement(review)["event"].tolist() == ["call", "call"]


def test_who_told_the_review_is_told_also_where_no_row_has_what_it_was_told_of() -> None:
    tables = small("""
        people | id=x | label=X | kinship=child
        event | tired | told-to-review | 2019 | summary=X tells the review that she was tired
        part | c | tired | received
        participation | id=p | person=x | event=tired | role=told | status=reported
    """)
    review = review_of(tables, solved(tables))
    told = cc.words.involvement.told(cc.tellings(review), cc.chronicle(review), tables)
    assert told[["who", "to", "when", "what", "afterwards"]].values.tolist() == [
        ["X", "C", "in 2019", "X tells the review that she was tired", True]
    ]


def test_ends_that_the_source_does_not_give_are_not_stated() -> None:
    tables = small("""
        event | call     | emergency-call    | 2018-01
        event | left-out | review-conference | 2018-03
        part | a | left-out | not-involved
    """)
    tellings = cc.tellings(review_of(tables, solved(tables)))
    assert tellings[
        ["telling", "from_label", "to_label", "to_kind", "in_time"]
    ].values.tolist() == [
        ["call", "not stated", "not stated", "not stated", ""],
        ["left-out", "A", "not stated", "not stated", ""],
    ]


def test_who_is_told_can_be_a_person() -> None:
    """W speaks to WF, who tells children's services, which decide on the blow and on what tells of
    it; the police tell him too, of no other row."""
    columns = cells_of("id | date | kind | by | to | tells_of | answers")
    lines = lists_of("""
        hit    | 2019-01    | harm-to-child | | | |
        said   | 2019-02-01 | account       | w | wf | hit |
        passed | 2019-02-02 | referral      | wf | childrens-services | said |
        notice | 2019-02-03 | notification  | police | wf | |
        closed | 2019-03-01 | closure       | childrens-services | | | hit (stated)
    """)
    done = expanded([dict(zip(columns, line, strict=True)) | {"summary": "S"} for line in lines])
    assert wrong_lines(done) == []
    tables = frames_of(done)
    told = cc.tellings(review_of(tables, solved(tables)))
    assert told[["from_party", "to_party", "to_kind", "in_time"]].values.tolist() == lists_of("""
        w      | wf                 | person | certain
        wf     | childrens-services | agency | certain
        police | wf                 | person |
    """)


def test_several_decisions_can_be_the_next() -> None:
    tables = small(
        events=[
            event("blow", "violence", "2018-01-01"),
            event("note", "notification", "[2018-01-10..2018-01-20]"),
            event("one", "closure", "[2018-01-05..2018-01-30]"),
            event("two", "placement", "2018-01-25"),
            event("three", "closure", "2018-02-01"),
        ],
        involvement=[
            part("a", "note", "raised"),
            part("b", "note", "received"),
            *(part("b", one, "led") for one in ("one", "two", "three")),
        ],
        links=[tie("tells-of", "note", "blow")],
    )
    row = cc.tellings(review_of(tables, solved(tables))).iloc[0]
    # The third certainly comes after the second, so it cannot be the next.
    assert (row["next_decision"], row["in_time"]) == (("one", "two"), "possible")
    assert row["in_time_for"] == "one: possible; two: certain"


def test_a_telling_after_which_nothing_was_decided() -> None:
    tables = small(
        events=[
            event("end", "closure", "2018-01"),
            event("blow", "violence", "2018-01-31"),
            event("note", "notification", "2018-02"),
        ],
        involvement=[part("a", "note", "raised"), part("b", "note", "received")],
        links=[tie("tells-of", "note", "blow")],
        relations=records_of("""
            id | type   | from_event | to_event | basis
            r  | before | end        | blow     | stated
        """),
    )
    row = cc.tellings(review_of(tables, solved(tables))).iloc[0]
    assert (row["next_decision"], row["in_time"]) == ((), "no later decision")


def test_an_absent_answer_to_what_is_told_is_a_decision_and_one_to_the_telling_itself_is_none() -> (
    None
):
    rows = {
        "events": [
            event("blow", "violence", "2018-01-01"),
            event("note", "notification", "2018-01-10"),
            event("nothing", "action", "2018-02", absence="did-not-happen"),
        ],
        "involvement": [
            part("a", "note", "raised"),
            part("b", "note", "received"),
            part("b", "nothing", "responsible-absent"),
        ],
    }
    for answered, following, in_time in (
        ("blow", ("nothing",), "certain"),
        ("note", (), "no later decision"),
    ):
        tables = small(
            **rows, links=[tie("tells-of", "note", "blow"), tie("answers", "nothing", answered)]
        )
        row = cc.tellings(review_of(tables, solved(tables))).iloc[0]
        assert (row["next_decision"], row["in_time"]) == (following, in_time)


def test_who_told_and_decides_had_it_and_what_can_be_before_the_harm_need_not_hear_of_it() -> None:
    """Harnmere itself wrote to the health visitor that it had closed the case. E fell on 8 July;
    that the police end their investigation, some weeks after the conference, can be before."""
    told = cc.tellings(real_review("child-e-example-2024"))
    about = told[told["tie"] == "told"].set_index(["telling", "about"])["in_time_for"]
    # The letter has no day of its own.
    assert about["information-sharing", "closure"] == "nfa-2023: possible"
    assert about["panel-told", "fall"] == "brother-leaves: not in time"
    assert about["duty-told", "fall"] == "brother-leaves: possible"


def test_tables_without_rows_and_without_a_chronology() -> None:
    empty = tables_of()
    assert cc.tellings(review_of(empty, solved(empty))).empty
    tables = worked()
    relation = {
        "id": "r",
        "type": "before",
        "from_event": "conference",
        "to_event": "bruise",
        "basis": "stated",
    }
    tables["relations"] = tables_of(relations=[relation])["relations"]
    tellings = cc.tellings(review_of(tables, solved(tables)))
    assert set(tellings.loc[tellings["tie"] == "told", "in_time"]) == {"no admissible chronology"}


@pytest.mark.parametrize(
    "review", sorted(path.name for path in DATA.iterdir() if (path / "review.toml").is_file())
)
def test_every_telling_that_is_coded_has_a_row(review: str) -> None:
    tables = real_tables(review)
    tellings = cc.tellings(
        review_of(tables, solve(tables["events"], tables["relations"], locators=tables["locators"]))
    )
    links = tables["links"]
    assert set(links.loc[links["type"] == "tells-of", "from_row"]) <= set(tellings["telling"])
    assert (tellings["places"] != "").all()
    told = tellings.loc[tellings["tie"] == "told"]
    words = {"", "certain", "possible", "not in time", "not recorded as passed on"}
    assert set(told["in_time"]) <= words | {"no later decision"}
    assert (told.loc[told["about"] == "", "in_time"] == "").all()


def test_child_w_has_the_ties_that_its_review_calls_missing() -> None:
    tables = real_tables("child-w-manchester-2020")
    tellings = cc.tellings(
        review_of(tables, solve(tables["events"], tables["relations"], locators=tables["locators"]))
    )
    missing = {
        (row["from_party"], row["tie"], row["telling"], row["about"])
        for row in tellings.to_dict("records")
    }
    assert {
        ("edt", "not involved", "edt-absent", "referrals-october"),
        ("gp", "insufficiently involved", "icpc", "incident-august"),
        ("gp", "insufficiently involved", "assessment-icpc", ""),
        ("one-manchester", "insufficiently involved", "icpc", "incident-august"),
        ("one-manchester", "insufficiently involved", "assessment-icpc", ""),
    } <= missing
    injury = tellings[
        (tellings["telling"] == "counter-accusations-wf") & (tellings["about"] == "nose-wf")
    ].iloc[0]
    assert (injury["from_label"], injury["to_party"]) == ("WF", "gmp")
    # The police heard it, and no row says that they told those who began the enquiries.
    assert "section-47: not recorded as passed on" in injury["in_time_for"].split("; ")
