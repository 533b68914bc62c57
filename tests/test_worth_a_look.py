"""What is legal and odd is worth a look, in full words; what is nearly so is silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from casechron.coding.codebook import codebook
from test_codebook import checked
from text_tables import records_of

WORRY = {
    "id": "worry",
    "date": "2014-08",
    "kind": "concern",
    "summary": "A worry",
    "by": "school",
}
PLAN = {
    "id": "plan",
    "date": "2014-09",
    "kind": "protection-plan",
    "summary": "A plan",
    "by": "childrens-services",
    "about": "X",
}
BLOW = {
    "id": "blow",
    "kind": "violence",
    "summary": "A blow",
    "by": "father (alleged by mother)",
    "to": "police",
    "about": "mother (alleged by mother)",
}
SAID = {
    "kind": "account",
    "summary": "Mother speaks",
    "by": "mother",
    "to": "police",
    "about": "father (alleged by mother)",
}
OTHER = {"id": "s1", "label": "S1", "kinship": "sibling"}


def looked(tmp_path: Path, *rows: dict[str, str], **files: list[dict[str, str]]) -> list[str]:
    """What is worth a look in a review of the worry and these rows of events."""
    events = [{"date": "2015-03", "kind": "visit", "summary": "Row", **row} for row in rows]
    people = [*codebook().pages["example"]["files"]["people"], OTHER]
    checked_review = checked(tmp_path, **{"events": [WORRY, *events], "people": people, **files})
    assert [str(remark) for remark in checked_review.expanded.breaches] == []
    return [str(remark) for remark in checked_review.looks]


#: Further rows, what is worth a look in the last of them, and the row that it takes to be silent.
LOOKS = {
    "neither a date nor an order": (
        [{"date": "", "by": "gp"}],
        "date: neither a date nor an order; write a date, or what it came after or before, if the"
        " source says one",
        [{"date": "", "by": "gp", "after": "worry"}],
    ),
    "what answers has an order": (
        [{"date": "", "by": "gp"}],
        "date: neither a date nor an order; write a date, or what it came after or before, if the"
        " source says one",
        [{"date": "", "by": "gp", "answers": "worry"}],
    ),
    "an absence needs neither": (
        [{"date": "", "by": "gp", "kind": "action"}],
        "date: neither a date nor an order; write a date, or what it came after or before, if the"
        " source says one",
        [{"date": "", "by": "gp", "kind": "action", "absence": "did-not-happen"}],
    ),
    "an id with another month": (
        [{"id": "visit-2014-08", "date": "2015-03-02", "by": "gp"}],
        "id: 'visit-2014-08' names a month, and its date is '2015-03-02'",
        [{"id": "visit-2014-08", "date": "2014", "by": "gp"}],
    ),
    "an id with another month of the year": (
        [{"id": "visit-2015-02", "date": "2015-03-02", "by": "gp"}],
        "id: 'visit-2015-02' names a month, and its date is '2015-03-02'",
        [{"id": "visit-2015-03-02", "date": "2015-03-09", "by": "gp"}],
    ),
    "a year of a school, which is a season": (
        [{"date": "2021-22", "by": "gp"}],
        "date: '2021-22' is the summer of 2021; a financial or school year is '2021-04/2022-03' or"
        " '2021-09/2022-08', or [2021-04..2022-03] or [2021-09..2022-08] for one day of it; if the"
        " summer is meant, write the source's words for it into date_words",
        [{"date": "2021-22", "by": "gp", "date_words": "that summer"}],
    ),
    "a financial year, which is a season": (
        [{"date": "early 2020-21", "by": "gp"}],
        "date: '2020-21' is the spring of 2020; a financial or school year is '2020-04/2021-03' or"
        " '2020-09/2021-08', or [2020-04..2021-03] or [2020-09..2021-08] for one day of it; if the"
        " spring is meant, write the source's words for it into date_words",
        [{"date": "2020-22", "by": "gp"}],
    ),
    "an event without an agency": (
        [{"by": ""}],
        "by: no agency has a part in it; name one if the source does, and leave it if not",
        [{"kind": "birth", "about": "X"}],
    ),
    "a concern that nobody received": (
        [{"kind": "referral", "by": "gp"}],
        "to: a concern (referral) that was passed on, and nobody received it",
        [{"kind": "referral", "by": "gp", "to": "childrens-services"}],
    ),
    "a concern of which its receiver has no record": (
        [{"kind": "referral", "by": "gp", "note": "Children's services have no record of it"}],
        "to: a concern (referral) that was passed on, and nobody received it",
        [{"kind": "referral", "by": "gp", "to": "childrens-services (said-to-have-received)"}],
    ),
    "a concern that nobody knew of": (
        [{"kind": "violence", "by": "father (reported)", "about": "mother"}],
        "to: a concern (violence) that no agency received or held; say one, if it did",
        [{"kind": "bruising", "by": "gp", "about": "X"}],
    ),
    "a concern told only to the review": (
        [
            {"kind": "told-to-review", "by": "gp", "tells_of": "fight"},
            {"id": "fight", "kind": "violence", "about": "mother"},
        ],
        "to: a concern (violence) that no agency received or held; say one, if it did",
        [
            {"kind": "referral", "by": "gp", "to": "childrens-services", "tells_of": "fight"},
            {"id": "fight", "kind": "violence", "about": "mother"},
        ],
    ),
    "a decision of several agencies with one": (
        [{"kind": "strategy-discussion", "by": "childrens-services"}],
        "with: a decision of several agencies (strategy-discussion) with one; say who else took"
        " part",
        [{"kind": "closure", "by": "childrens-services"}],
    ),
    "an allegation that no row of harm holds": (
        records_of("""
            id   | kind    | by     | to | about
            told | account | mother | gp | father (alleged by mother)
        """),
        "about: 'father (alleged by mother)': if what is alleged is harm, nothing here tells who"
        " harmed whom; code it as violence or harm-to-child, and write that row in tells_of",
        records_of("""
            kind | by | to | tells_of | id | about
            account | mother | gp | blow
            harm-to-child | father (alleged by mother); father (denied by father) | | | blow
            ... X (alleged by mother)
        """),
    ),
    "who was harmed without the status of who did it": (
        records_of("""
            kind          | by                    | to | about
            harm-to-child | father (alleged by X) | gp | X
        """),
        "about: 'X' has no status, so that 'harmed' is told as a fact, and 'harming' is not; write"
        " its own status too, or reported where the source states it as a fact",
        records_of("""
            kind | by | to | about
            harm-to-child | father (alleged by X)             | gp | X (derived, Reported)
            harm-to-child | father (alleged by X)             | gp | X (alleged by X)
            harm-to-child | mother (told-to-review); mother (convicted) | gp | X
            harm-to-child |                                   | gp | X
        """),
    ),
    "who is feared without the status of who is afraid": (
        records_of("""
            kind | by               | with | about
            fear | mother (alleged) | gp   | father
        """),
        "about: 'father' has no status, so that 'feared' is told as a fact, and 'afraid' is not;"
        " write its own status too, or reported where the source states it as a fact",
        records_of("""
            kind | by               | with | about
            fear | mother (alleged) | gp   | father (alleged)
            fear | mother           | gp   | father
        """),
    ),
    "who did harm and suffered it in one account": (
        records_of("""
            kind     | by                                   | to | about
            violence | mother (reported); father (reported) | gp | father (reported); X
        """),
        "about: 'father (reported)' stands in by too, so that two are told to have harmed each"
        " other; where the source does not say who harmed whom, write those between whom it was"
        " into with alone",
        records_of("""
            kind | by | to | with | about
            violence | | gp | mother; father
            violence | mother (alleged by father); father (alleged by mother) | gp |
            ... mother (alleged by mother); father (alleged by father)
        """),
    ),
    "a row twice": (
        [{"by": "gp"}, {"by": "gp", "id": "again", "place": "report"}],
        "summary: the row says what line 3 says, and would be told as a second event; leave one"
        " out, or write what makes it another (when, who, or what it came after)",
        [
            {"by": "gp", "id": "first"},
            {"by": "gp", "date": "2015-04"},
            {"by": "gp", "about": "X"},
            {"by": "gp", "after": "first"},
            {"by": "gp", "summary": "Another row"},
        ],
    ),
    "an answer that is no step": (
        [
            {"id": "worry", "kind": "concern", "by": "gp", "about": "X"},
            {"kind": "support", "by": "gp", "about": "X", "answers": "worry"},
        ],
        "answers: 'support' is no kind of step that answers a concern; leave worry out, or code the"
        " step that was taken on it",
        [
            {"id": "worry", "kind": "concern", "by": "gp", "about": "X"},
            {"kind": "assessment", "by": "gp", "about": "X", "answers": "worry"},
            {"kind": "closure", "by": "gp", "answers": "worry"},
        ],
    ),
    "a role that makes no sense for an agency": (
        [{"by": "gp; ambulance (provided)"}],
        "by: 'ambulance (provided)': the role 'provided' is unusual in 'visit'",
        [{"by": "gp; ambulance (held)", "without": "school (not-told)"}],
    ),
    "a role that makes no sense for a person": (
        [{"by": "gp", "about": "mother (afraid)"}],
        "about: 'mother (afraid)': the role 'afraid' is unusual in 'visit'",
        [{"by": "gp", "about": "mother (concerned)", "with": "father (did-not-attend)"}],
    ),
    "a review conference without a conference": (
        [{"kind": "review-conference", "by": "childrens-services", "with": "gp"}],
        "kind: 'review-conference', and no initial one (icpc or transfer-conference or conference)"
        " is coded before it",
        [
            {"kind": "transfer-conference", "by": "childrens-services", "with": "gp"},
            {"kind": "review-conference", "by": "childrens-services", "with": "gp"},
        ],
    ),
    "a review conference before the conference": (
        [
            {"kind": "icpc", "date": "2015-04", "by": "childrens-services", "with": "gp"},
            {"kind": "review-conference", "by": "childrens-services", "with": "gp"},
        ],
        "kind: 'review-conference', and no initial one (icpc or transfer-conference or conference)"
        " is coded before it",
        [
            {"kind": "conference", "date": "2015-03-31", "by": "childrens-services", "with": "gp"},
            {"kind": "review-conference", "by": "childrens-services", "with": "gp"},
        ],
    ),
    "two plans without an end": (
        [PLAN, {**PLAN, "id": "again", "date": "2015-03"}],
        "date: 'plan' is a plan too, and no end of it is coded before this one; write its until,"
        " or a row plan-end",
        [{**PLAN, "until": "2014-12"}, {**PLAN, "id": "again", "date": "2015-03"}],
    ),
    "an end that comes after both plans": (
        [
            {"date": "2015-04", "kind": "plan-end", "by": "childrens-services", "about": "X"},
            PLAN,
            {**PLAN, "id": "again", "date": "2015-03"},
        ],
        "date: 'plan' is a plan too, and no end of it is coded before this one; write its until,"
        " or a row plan-end",
        [
            {"date": "2015", "kind": "plan-end", "by": "childrens-services", "about": "X"},
            PLAN,
            {**PLAN, "id": "again", "date": "2015-03"},
        ],
    ),
    "an end that comes before both plans": (
        [
            {"date": "2014-08", "kind": "plan-end", "by": "childrens-services", "about": "X"},
            PLAN,
            {**PLAN, "id": "again", "date": "2015-03"},
        ],
        "date: 'plan' is a plan too, and no end of it is coded before this one; write its until,"
        " or a row plan-end",
        [
            {"date": "2014-09", "kind": "plan-end", "by": "childrens-services", "about": "X"},
            PLAN,
            {**PLAN, "id": "again", "date": "2015-03"},
        ],
    ),
    "a plan that lasted at least so long": (
        [
            {**PLAN, "lasts": "at least 3 weeks"},
            {**PLAN, "id": "again", "date": "2015-03"},
        ],
        "date: 'plan' is a plan too, and no end of it is coded before this one; write its until,"
        " or a row plan-end",
        [{**PLAN, "lasts": "3 weeks"}, {**PLAN, "id": "again", "date": "2015-03"}],
    ),
    "plans of two children": (
        [PLAN, {**PLAN, "id": "again", "date": "2015-03", "about": "X; S1"}],
        "date: 'plan' is a plan too, and no end of it is coded before this one; write its until,"
        " or a row plan-end",
        [PLAN, {**PLAN, "id": "again", "date": "2015-03", "about": "S1"}],
    ),
    "an end of what is told as its beginning": (
        [{"date": "2015-04-13", "until": "2015-05-20", "kind": "action", "by": "gp"}],
        "until: 'action' is a moment, its beginning, and until says the latest day of that; if"
        " '2015-05-20' is its end, write '2015-04-13/2015-05-20' into date and empty until, or"
        " write how long it took into lasts",
        [{"date": "2015-04-13/2015-05-20", "kind": "action", "by": "gp"}],
    ),
    "a beginning of what is dated by its end": (
        [
            {
                "date": "2015-04-13",
                "kind": "assessment",
                "by": "gp",
                "summary": "An assessment began",
            }
        ],
        "until: 'assessment' without until is over on its date; if it began on '2015-04-13', write"
        " its end into until, or ? where the source gives none",
        [
            {"date": "2015-04-13", "kind": "assessment", "by": "gp", "summary": "It is ended"},
            {
                "date": "2015-05",
                "until": "?",
                "kind": "assessment",
                "by": "gp",
                "summary": "Begins",
            },
        ],
    ),
    "an open end of it": (
        [{"date": "2015-04", "until": "..", "kind": "placement", "by": "gp"}],
        "until: 'placement' is a moment, its beginning, and until says the latest day of that; if"
        " '..' is its end, write '2015-04/..' into date and empty until, or write how long it took"
        " into lasts",
        [{"date": "2015-04-13", "lasts": "5 weeks", "kind": "placement", "by": "gp"}],
    ),
    "the latest day of what is over at once": (
        [{"date": "2015-04-13", "until": "2015-04-15", "kind": "section-47", "by": "gp"}],
        "until: 'section-47' is a moment, its beginning, and until says the latest day of that; if"
        " '2015-04-15' is its end, write '2015-04-13/2015-04-15' into date and empty until, or"
        " write how long it took into lasts",
        [{"date": "2015-04-13", "until": "2015-04-15", "kind": "visit", "by": "gp"}],
    ),
    "an accusation that tells of nothing": (
        [BLOW, SAID],
        "about: 'father (alleged by mother)': if what is alleged is harm, nothing here tells who"
        " harmed whom; code it as violence or harm-to-child, and write that row in tells_of",
        [BLOW, {**SAID, "tells_of": "blow"}],
    ),
    "an answer before its concern": (
        [{"date": "2014-07", "by": "gp", "answers": "worry"}],
        "answers: dated '2014-07', it comes before what it answers: worry, dated '2014-08'",
        [{"date": "2014-08-01", "by": "gp", "answers": "worry"}],
    ),
    "a telling that is over before what it tells of": (
        [
            {
                **{"date": "2014-06", "until": "2014-07", "kind": "information-sharing"},
                **{"by": "gp", "tells_of": "worry"},
            }
        ],
        "tells_of: dated '[2014-06..2014-07]', it comes before what it tells of: worry, dated"
        " '2014-08'",
        [
            {
                **{"date": "{2014-06..2014-08}", "kind": "information-sharing"},
                **{"by": "gp", "tells_of": "worry"},
            }
        ],
    ),
    "what it led to, before it": (
        [{"by": "gp", "led_to": "worry"}],
        "led_to: dated '2015-03', it comes after what it led to: worry, dated '2014-08'",
        [{"date": "2014-08-31", "by": "gp", "led_to": "worry"}],
    ),
}


@pytest.mark.parametrize("name", LOOKS)
def test_what_is_legal_and_odd_is_worth_a_look(tmp_path: Path, name: str) -> None:
    rows, message, near = LOOKS[name]
    (tmp_path / "odd").mkdir()
    (tmp_path / "near").mkdir()
    assert looked(tmp_path / "odd", *rows) == [f"events.csv line {len(rows) + 2}, {message}"]
    assert looked(tmp_path / "near", *near) == []


@pytest.mark.parametrize(("received", "unheld"), [("", True), ("childrens-services", False)])
def test_who_raised_several_together_need_not_have_held_each(
    tmp_path: Path, received: str, unheld: bool
) -> None:
    calls = {"id": "calls", "kind": "referral", "count": "4", "by": "gp", "to": received}
    fight = {"id": "fight", "kind": "violence", "about": "mother", "part_of": "calls"}
    unheld_lines = [
        line for line in looked(tmp_path, calls, fight) if "(violence) that no agency" in line
    ]
    assert bool(unheld_lines) == unheld


@pytest.mark.parametrize("end", ["plan-end", "closure"])
@pytest.mark.parametrize("kind", ["protection-plan", "child-in-need-plan"])
def test_each_end_of_a_plan_is_one(tmp_path: Path, kind: str, end: str) -> None:
    plans = [{**PLAN, "kind": kind}, {**PLAN, "kind": kind, "id": "again", "date": "2015-03"}]
    (tmp_path / "odd").mkdir()
    assert len(looked(tmp_path / "odd", *plans)) == 1
    ended = {"date": "2014-12", "kind": end, "by": "childrens-services", "about": "X"}
    assert looked(tmp_path, *plans, ended) == []


@pytest.mark.parametrize(
    ("label", "sector", "odd"),
    [
        ("Ashmere children's services", "5A", True),
        ("Ashmere children's services", "5C", True),
        ("Ashmere children's services", "x-childrens", False),
        ("Ashmere adults' services", "5A", False),
    ],
)
def test_childrens_services_that_no_limit_counts_are_worth_a_look(
    tmp_path: Path, label: str, sector: str, odd: bool
) -> None:
    told = (
        f"agencies.csv line 2, sector: '{sector}' is not told from other services of the authority,"
        f" so that what '{label}' received starts no limit of guidance for certain; children's"
        " social care is x-childrens"
    )
    agencies = [{"id": "ashmere", "label": label, "sector": sector}]
    assert looked(tmp_path, agencies=agencies) == [told] * odd


def test_an_id_that_is_typed_twice_makes_nothing_else_odd(tmp_path: Path) -> None:
    referral = {"id": "told", "kind": "referral", "by": "midwife", "to": "childrens-services"}
    visit = {"kind": "visit", "by": "childrens-services", "answers": "told", "date": "2015-04"}
    birth = {"id": "told", "kind": "birth", "about": "X", "date": "2015-11"}
    assert looked(tmp_path, referral, visit, birth) == []


def test_a_view_with_one_side_is_worth_a_look(tmp_path: Path) -> None:
    low = {"id": "low", "holder": "gp", "proposition": "All was well", "supported_by": "worry"}
    (tmp_path / "near").mkdir()
    assert looked(tmp_path, views=[low]) == [
        "views.csv line 2, proposition: no row is evidence against it; judge both sides or none"
    ]
    against = {"by": "gp", "contradicts": "low"}
    assert looked(tmp_path / "near", against, views=[low]) == []


def test_who_had_a_part_is_not_missed_where_it_is_not_coded(tmp_path: Path) -> None:
    rows = [{"date": "2015", "kind": "referral", "summary": "Somebody refers"}]
    assert [str(remark) for remark in checked(tmp_path, events=rows).looks] == []
