"""Do the sentences on waits say what their tables say, and no more?"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import casechron as cc
from a_timed_review import OTHERS
from a_timed_review import review as timed
from casechron.report.text import story
from casechron.report.text import waits as words
from casechron.report.text.english import begins_with, chart_label, ends_with, rows_by_event
from casechron.report.text.english import kinds as kinds_of
from casechron.report.text.steps import Concerns, leading
from casechron.review import Review
from involvement_cases import tables_of
from made_reviews import review_of
from page_texts import texts
from real_reviews import real_review
from text_tables import lists_of, records_of, tuples_of

DATA = Path(__file__).parents[1] / "data"


def when_raised(review: Review) -> pd.Series[str]:
    table = story.in_words(cc.opportunities(review), cc.chronicle(review), of="concern")
    return table.set_index("concern")["when"]


def waits_of(review: Review) -> pd.DataFrame:
    return words.waits(cc.response_gaps(review), cc.timescale_checks(review), cc.chronicle(review))


def key_points(review: Review) -> list[str]:
    return texts(words.key_points(waits_of(review), cc.response_gaps(review), cc.chronicle(review)))


def test_the_waits_of_the_example(example: Review) -> None:
    assert key_points(example) == [
        "Between 20 and 28 days passed from the notification by X's school in September 2014 to the"
        " child protection plan.",
        "Between 11 and 17 days passed from the referral in late August 2014 (alleged in part) to"
        " the visit.",
        "Between 4 and 25 days passed from the breach of a plan between 3 and 24 November 2014"
        " to “The plan is made stricter”.",
        "Between 20 and 28 days passed from the notification by X's school in September 2014 to the"
        " initial child protection conference (its answer as judged).",
        "Between 19 and 21 days passed from the strategy discussion on 1 October 2014 to the"
        " initial child protection conference.",
    ]


def test_what_cannot_hold_together_is_said_before_all_else(child_a: Review) -> None:
    tied = {"id": "turned", "type": "before", "from_point": "start", "to_point": "start"}
    tied |= {"from_event": "death", "to_event": "birth"}
    relations = pd.concat([child_a.tables["relations"], pd.DataFrame([tied])]).fillna("")
    turned = replace(child_a, tables={**child_a.tables, "relations": relations})
    said = (
        "As coded and read here, not all dates and orders of events can hold together, so that no"
        " page tells days between them. “How sure” says which."
    )
    assert key_points(turned)[0] == said
    chronicle, facts = cc.chronicle(turned), cc.further_facts(turned)
    assert texts(story.key_points(chronicle, facts))[0] == said


def test_what_says_no_is_named_by_what_was_done() -> None:
    event = {"kind": "No further action", "recurs": False, "basis": "", "by": "", "alleged": ""}
    event |= {"date": "", "said_stated": "not dated"}
    assert begins_with(event) == "the decision to do no more"
    assert ends_with({"kind": "No access"}) == "the visit without entry"
    assert ends_with({"kind": "Support"}) == "support"
    # That an agency acted says nothing.
    action = {"kind": "Action by an agency", "summary": "A social worker is allocated"}
    assert ends_with(action) == "“A social worker is allocated”"


#: A school refers what is done to two girls; children of others are taken into care.
GIRLS = """
    agency | cs | Children's services | 5A
    agency | school | School | 2A
    people | id=g1 | label=The eldest girl | kinship=child
    people | id=g2 | label=G2 | kinship=child
    people | id=s | label=S | kinship=sibling
    people | id=others | label=Children of others | kinship=friend
    event | abuse | harm-to-child | 1999
    event | told  | referral      | 2000-03-01
    event | death | death         | 2001
    event | away  | other-carer   | 2000-03-03
    event | care  | other-carer   | {care}
    event | met   | conference    | 2000-03-07
    part | school | told | raised
    part | cs | told | received
    tie | tells-of | told | abuse
    participation | id=p1 | person=g1     | event=abuse | role=harmed  | status=reported
    participation | id=p2 | person=g2     | event=abuse | role=harmed  | status=reported
    participation | id=p3 | person=others | event=away  | role=subject | status=reported
"""


#: The day of the move, and days of which some are before the conference of 7 March.
DAY, DAYS = "2000-03-05", "[2000-03-05..2000-03-09]"


@pytest.mark.parametrize(
    ("care", "moved", "discussed", "step"),
    [
        (DAY, "g1", "g1 g2", "move to another carer (for the eldest girl)"),
        (DAY, "s", "g1 g2", "move to another carer (for S)"),
        (DAY, "s g2 g1", "g1", "move to another carer"),
        (DAY, "", "g1", "move to another carer"),
        (DAYS, "g1", "g2", "next protective step (for the eldest girl or G2)"),
        (DAYS, "g1", "g1 g2", "next protective step"),
    ],
)
def test_a_step_for_not_all_of_the_children_says_for_whom(
    care: str, moved: str, discussed: str, step: str
) -> None:
    """Where its row names children, and leaves out one of those whom the concern is about. The step
    of the third day, for children of others alone, is none of this case."""
    subjects = [*(f"{who} | care" for who in moved.split())]
    subjects += [f"{who} | met" for who in discussed.split()]
    parts = [
        f"participation | id=q{who[:2]} | person={' | event='.join(who.split(' | '))}"
        " | role=subject | status=reported"
        for who in subjects
    ]
    review = review_of(tables_of("\n".join([GIRLS.format(care=care), *parts])))
    gaps, chronicle = cc.response_gaps(review), cc.chronicle(review)
    assert chronicle.set_index("event").loc["told", "children"] == ("The eldest girl", "G2")
    length = "4 days" if care == DAY else "between 4 and 6 days"
    told = f" passed from the referral by School on 1 March 2000 to the {step}."
    assert key_points(review)[0] == length.capitalize() + told
    _, mark, whom = step.partition(" (")
    later = f"The next protective step on record{mark}{whom} comes {length} later."
    assert later in texts(words.unanswered(gaps, chronicle))[0]


@pytest.mark.parametrize(
    ("died", "mark"), [("2022-02-06", " (for S)"), ("2022-02-07", ""), ("", "")]
)
def test_a_step_after_the_death_of_a_child_says_that_it_is_for_others(died: str, mark: str) -> None:
    """Also where the concern names no child, as what the parents did not do."""
    text = """
        agency | cs | Children's services | 5A
        people | id=n | label=N | kinship=child
        people | id=s | label=S | kinship=sibling
        event | call | behaviour            | 2022-02-04
        event | away | emergency-protection | 2022-02-06
        part | cs | call | held
        participation | id=p1 | person=s | event=away  | role=subject | status=reported
    """
    dead = f"""
        event | death | death | {died}
        participation | id=p2 | person=n | event=death | role=subject | status=reported
    """
    review = review_of(tables_of(text + dead * bool(died)))
    (told,) = texts(words.unanswered(cc.response_gaps(review), cc.chronicle(review)))
    assert told.endswith(f"The next protective step on record{mark} comes 2 days later.")


def test_several_who_told_are_listed_as_in_a_sentence() -> None:
    """In a chart too; who is described in the middle of it has no capital."""
    event = {"kind": "Account given", "recurs": False, "basis": "stated", "alleged": ""}
    event |= {"date": "1995", "said_stated": "in 1995", "summary": "They tell"}
    event["by"] = ("WM", "Grandmother", "One of the two younger girls")
    named = "WM, Grandmother and one of the two younger girls"
    assert begins_with(event) == f"the account given by {named} in 1995"
    assert chart_label(event, "the step") == f"Account given, {named}, 1995 → step"


def test_a_wait_without_two_ends_is_put_down_to_no_source(child_a: Review) -> None:
    gaps, chronicle = cc.response_gaps(child_a), cc.chronicle(child_a)
    gaps = gaps[gaps["state"].eq("without an answer on record")]
    assert texts(words.key_points(waits_of(child_a).iloc[:0], gaps, chronicle)) == [
        "How long a concern waited cannot be told: no wait has both a least and a most."
    ]


def test_the_waits_of_a_review_whose_days_are_known(child_a: Review) -> None:
    assert key_points(child_a) == [
        "4 days passed from the referral on 11 December 2006 to the move to another carer (its"
        " answer as judged); steps on record in answer to the referral (as judged): the strategy"
        " discussion and the police investigation.",
        "1 day passed from the referral on 11 December 2006 to the strategy discussion (its answer"
        " as judged).",
        "4 days passed from the bruising or injury seen on 1 June 2007 to the arrest (its answer as"
        " judged).",
        "10 days passed from the strategy discussion on 12 December 2006 to the initial child"
        " protection conference.",
    ]
    unanswered = words.unanswered(cc.response_gaps(child_a), cc.chronicle(child_a))
    assert texts(unanswered) == [
        "A GP sees bruising on A on 13 October 2006. The source tells of no answer. The next"
        " protective step on record comes 9 weeks later; steps on record in answer to other"
        " concerns (as judged): the strategy discussion and the police investigation.",
        "A is seen at hospital with bruising (9 April 2007). The source tells of no answer. The"
        " source tells of no protective step after that; the child protection plan was on record,"
        " its end not told; steps on record in answer to other concerns (as judged): the arrest and"
        " the legal planning meeting.",
    ]
    limits = words.limit_points(
        cc.timescale_checks(child_a), cc.response_gaps(child_a), cc.chronicle(child_a)
    )
    assert texts(limits) == [
        "The initial child protection conference kept the limit of 15 working days (known from"
        " other editions of the guidance) from the strategy discussion on 12 December 2006, if"
        " section 47 enquiries were initiated there: it took 8 working days."
    ]

    # Beside a living child's age days are told wider than they are known.
    checks = cc.timescale_checks(child_a).assign(working_days_max=85, margin_min=-70)
    gaps, chronicle = cc.response_gaps(child_a), cc.chronicle(child_a)
    (told,) = texts(words.limit_points(checks, gaps, chronicle))
    assert told == limits[0].text[:-15] + "8 to 85 working days, told wider than known."


@pytest.mark.parametrize(
    ("name", "many"),
    [("child-e-example-2024", 0), ("child-w-manchester-2020", 1), ("child-u-manchester-2013", 0)],
)
def test_from_which_day_on_a_limit_was_kept_is_said_of_a_start_that_is_not_on_record(
    name: str, many: int
) -> None:
    """Where it is, what is not known is the day of the step, which no start settles. Of Child U's
    conferences one row counts two at least: no one of them kept a limit or did not."""
    review = real_review(name)
    checks = cc.timescale_checks(review)
    told = texts(words.limit_points(checks, cc.response_gaps(review), cc.chronicle(review)))
    assert sum("was kept only if it began on" in text for text in told) == many


@pytest.mark.parametrize(
    ("nation", "kind", "told"),
    [
        (
            "Northern Ireland",
            "referral",
            "No limit of this nation's guidance is on file here, so none is checked; that is not to"
            " say that there was none.",
        ),
        (
            "Scotland",
            "referral",
            "None of the limits of guidance on file here applies; the table says why.",
        ),
        (
            "Wales",
            "icpc",
            "None of the limits of guidance on file here applies; the table says why.",
        ),
        (
            "England",
            "referral",
            "The source settles no limit of guidance; the table says what would.",
        ),
    ],
)
def test_a_page_says_plainly_whether_limits_of_its_nation_are_on_file(
    nation: str, kind: str, told: str
) -> None:
    """Those of Scotland count from a conference, those of Wales from 2020 on."""
    event = {"id": "e", "date": "2019-03-04", "kind": kind, "summary": "E", "basis": "stated"}
    others: dict[str, list[dict[str, str]]] = {name: [] for name in OTHERS}
    tables = timed(events=[event], links=[], relations=[], **others)
    review = review_of(tables, jurisdiction=nation)
    checks = cc.timescale_checks(review)
    points = words.limit_points(checks, cc.response_gaps(review), cc.chronicle(review))
    assert texts(points) == [told]


def test_every_wait_has_the_days_of_its_row(example: Review, child_a: Review) -> None:
    for review in (example, child_a):
        gaps, checks = cc.response_gaps(review), cc.timescale_checks(review)
        drawn = waits_of(review)
        assert 3 < len(drawn) <= words.WAITS_DRAWN
        for wait in drawn.to_dict("records"):
            days = (wait["days_min"], wait["days_max"])
            own = gaps[gaps["concern"] == wait["event"]].to_dict("records")
            rows = [
                (row["days_min"], row["days_max"])
                for row in own
                if row["answer"] == wait["to_event"]
            ]
            rows += [
                (row["next_step_days_min"], row["next_step_days_max"])
                for row in own
                if wait["protective"] and wait["to_event"] in row["next_step"]
            ]
            rows += [
                (row["days_min"], row["days_max"])
                for row in checks.to_dict("records")
                if (row["start"], row["end"]) == (wait["event"], wait["to_event"])
            ]
            assert days in rows


def test_what_was_passed_on_comes_first_and_what_nobody_passed_on_last(example: Review) -> None:
    drawn = waits_of(example)
    assert pairs(drawn)[0] == ("told-2014", "plan-2014")
    # The conference and the plan can have been on the same days: the first id.
    assert pairs(drawn)[-1] == ("referral-2014", "icpc-2014")
    steps = drawn[drawn["protective"]]
    assert steps["passed_on"].tolist() == [True] + [False] * (len(steps) - 1)


def test_a_beginning_was_passed_on_or_not_whatever_its_wait_ends_with() -> None:
    drawn = waits_of(real_review("child-w-manchester-2020"))
    referral = drawn[drawn["event"] == "referral-2017-09"]
    assert referral["to_event"].tolist() == ["section-47", "assessment-2017"]
    assert referral["passed_on"].all()


def test_the_longest_wait_is_told_whichever_step_it_leads_to() -> None:
    first, second = key_points(real_review("child-e-example-2024"))[:2]
    assert first.startswith("Between 1 and 11 days passed from the referral by Grandmother")
    assert second == (
        "132 days passed from the referral by E's nursery to section 47 enquiries (days by one"
        " source's date); steps on record in answer to the referral: the assessment; to other"
        " concerns: the arrest and the police investigation; to other concerns (as judged): the"
        " strategy discussion."
    )


def test_a_second_wait_to_one_step_says_for_whom_the_step_is_too() -> None:
    """The first referral was about S1, the enquiries that came are for W."""
    told = key_points(real_review("child-w-manchester-2020"))[1]
    assert told.startswith("To the same step (for W) it was between 3½ and 5 years from the")


def test_a_step_is_called_what_it_is_called_in_that_nation() -> None:
    review = real_review("child-x-dundee-2009")
    assert key_points(review)[0].endswith(" to the initial referral discussion.")
    kinds = cc.chronicle(review).set_index("event")["kind"]
    assert kinds["discussion"] == "Initial referral discussion"
    england = cc.chronicle(real_review("child-a-haringey-2008")).set_index("event")["kind"]
    assert england["strategy-meeting"] == "Strategy discussion"
    # It is a step, whatever it is called.
    assert {"Initial referral discussion", "Strategy discussion"} <= kinds_of("response")


@pytest.mark.parametrize(
    ("nation", "called"),
    [
        ("Wales", "section 47 enquiries"),
        ("Northern Ireland", "the enquiries under Article 66"),
        ("Scotland", "the child protection investigation"),
    ],
)
def test_enquiries_are_called_by_the_law_of_that_nation(
    tmp_path: Path, nation: str, called: str
) -> None:
    assert f"E's nursery to {called} (" in key_points(child_e_in(nation, tmp_path))[1]


def child_e_in(nation: str, folder: Path) -> Review:
    """The invented review, as if it were of another nation."""
    folder = shutil.copytree(DATA / "child-e-example-2024", folder / "child-e")
    settings = (folder / "review.toml").read_text(encoding="utf-8")
    elsewhere = settings.replace('jurisdiction = "England"', f'jurisdiction = "{nation}"')
    (folder / "review.toml").write_text(elsewhere, encoding="utf-8")
    return cc.read_review(folder)


def test_no_table_calls_a_step_by_a_name_that_another_nation_has(tmp_path: Path) -> None:
    review, of_england = child_e_in("Scotland", tmp_path), real_review("child-e-example-2024")
    asked = (
        *(cc.coded_events, cc.chronicle, cc.response_gaps, cc.stated_absences, cc.contacts),
        *(cc.concerns_before_decisions, cc.steps_before_harm, cc.turning_point_gaps),
        *(cc.said_before_harm, cc.opportunities, cc.timescale_checks),
    )
    english = {"Section 47 enquiries", "Strategy discussion"}

    def named(table: pd.DataFrame) -> set[str]:
        return english & {cell for column in table for cell in table[column].astype("str")}

    assert set().union(*(named(table(of_england)) for table in asked)) == english
    assert {table.__name__: names for table in asked if (names := named(table(review)))} == {}


def test_what_a_row_counts_several_of_is_told_in_the_plural() -> None:
    """At least two concerns of the school and two or three visits of its officer (`late-hungry`,
    `visit-2021-04`), of which none says which followed which, so that nothing was waited for; at
    least two visits to the family of Child X (`visits`)."""
    child_e, child_x = map(real_review, ("child-e-example-2024", "child-x-dundee-2009"))
    tables = (cc.response_gaps(child_e), cc.timescale_checks(child_e), cc.chronicle(child_e))
    drawn = words.waits(*tables)
    assert ("late-hungry", "visit-2021-04") not in pairs(drawn)
    events = Concerns(tables[0], rows_by_event(tables[2])).events
    said = begins_with(events["late-hungry"]), ends_with(events["visit-2021-04"])
    assert said == ("the concerns on record first in April 2021, last in July 2021", "visits")
    # The report has the bruise on the 22nd, the news on the 21st.
    row = drawn.set_index(["event", "to_event"]).loc["nursery-referral", "s47-2"]
    assert row["text"].endswith(" → section 47 enquiries (days by one source's date)")
    said = " ".join(texts(words.unanswered(cc.response_gaps(child_x), cc.chronicle(child_x))))
    assert "in answer to other concerns (as judged): visits." in said


def test_a_plan_or_order_of_that_day_is_told_where_no_protective_step_follows(
    child_a: Review,
) -> None:
    def told(review: Review, ended: str = "") -> str:
        gaps, chronicle = cc.response_gaps(review), cc.chronicle(review)
        if ended:
            ends = ["end_earliest", "latest"]
            chronicle.loc[chronicle["event"] == "registration", ends] = pd.Timestamp(ended)
        said = " ".join(texts(words.unanswered(gaps, chronicle)))
        after = said.rpartition("no protective step after that")[2].partition(".")[0]
        return after.split(";")[1].strip()

    # Child T was on the register from January to June 2021; the burn is of May.
    assert told(real_review("child-t-cwm-taf-morgannwg-2022")) == (
        "the child protection plan ran then"
    )
    polly = told(real_review("child-polly-derbyshire-2017"))
    # Of three orders on record the last is meant, the supervision order.
    assert polly == "the court order in October 2013 was on record, its end not told"
    # Child A was seen on 9 April 2007, on the register since December.
    assert told(child_a) == "the child protection plan was on record, its end not told"
    assert told(child_a, "2007-04-09") == "the child protection plan ran then"
    assert told(child_a, "2007-04-08").startswith("steps on record in answer to other concerns")


def test_what_answers_the_telling_of_a_concern_answers_no_other_concern() -> None:
    """The referral of Child Ak (`referral-police`) tells of what police found at the search
    (`raid`); the meeting and the social worker answer the referral by a judgement."""
    review = real_review("child-ak-northamptonshire-2019")
    search, *others = texts(words.unanswered(cc.response_gaps(review), cc.chronicle(review)))
    assert search.startswith("Police search the father's flat")
    assert search.endswith(
        "no protective step after that; steps on record in answer to what told of this (as"
        " judged): the strategy discussion and “A social worker is allocated to the family”."
    )
    assert not any("other concerns" in text for text in (search, *others))


def test_no_page_leads_with_a_step_that_was_no_answer() -> None:
    """A concern with another step in answer to it, however much longer the wait, comes after one
    without, or after its own answer."""
    review = real_review("child-u-manchester-2013")
    first, second = key_points(review)[:2]
    assert first.startswith("Up to 30 days passed from the referral in July 2008 to the visit (its")
    # The removal of July 2009 came next, or a conference, which can have been on any day.
    assert second.startswith(
        "Up to 13 months passed from the referral in July 2008 to the next protective step, which"
        " can have been on the same day"
    )
    assert second.endswith("; steps on record in answer to the referral (as judged): the visit.")
    drawn = waits_of(review)
    assert drawn["answered"].tolist() == [True, False]
    assert words.waits_title(drawn).startswith("Visit (its answer as judged): up to 30 days after")
    # Nor does a chart's own label tell of a judged answer as of one of the source's.
    assert "Referral, July 2008 → visit (as judged)" in [*drawn["text"]]
    # Of that wait nothing is drawn as certain: July 2008 can have had both.
    bars = words.on_timeline(drawn, cc.timeline(review)).set_index("to_event")
    assert bars.loc["removal-2009", "least_from"] == bars.loc["removal-2009", "least_to"]
    # Without that answer the months lead.
    alone = drawn.assign(answered=False)
    assert words.waits_title(alone).startswith("Next protective step: up to 13 months")


@pytest.mark.parametrize(
    ("passed_on", "least", "doubtful", "led_by"),
    tuples_of("""
        True  | 93 | False | plan
        True  | 0  | False | attempt
        False | 93 | False | attempt
        True  | 93 | True  | attempt
    """),
)
def test_what_can_be_no_wait_at_all_does_not_lead_where_another_cannot(
    passed_on: bool, least: int, doubtful: bool, led_by: str
) -> None:
    """Both of the attempt's days are those of 2009. What nobody passed on does not lead with a step
    beside which no answer is told."""
    rows = lists_of("""
        reports | plan    | True  | True  | 93 | 244
        worry   | attempt | False | False | 0  | 364
        reports | visit   | False | False | 0  | 244
    """)
    names = ["event", "to_event", "protective", "answered", "days_min", "days_max"]
    waits = pd.DataFrame(rows, columns=names).assign(passed_on=passed_on)
    waits.loc[0, "days_min"], waits["doubtful"] = least, [doubtful, False, False]
    assert leading(waits)[0]["to_event"] == led_by
    # Where each is, the days decide as before.
    waits["doubtful"] = True
    assert leading(waits)[0]["to_event"] == ("plan" if passed_on and least else "attempt")


@pytest.mark.parametrize(
    ("state", "headed_by"),
    tuples_of("""
        without an answer on record | Between 11 and 17 days passed from the referral in late
        missing (says the source)   | Between 20 and 28 days passed from the notification by X's
    """),
)
def test_a_notice_that_nothing_answers_heads_no_page_unless_an_answer_was_missing(
    example: Review, state: str, headed_by: str
) -> None:
    """A step that only came next says nothing of what a notice waited for."""
    gaps = cc.response_gaps(example)
    gaps.loc[gaps["concern"].eq("told-2014"), ["state", "answer", "coded_as"]] = state, "", ""
    drawn = words.waits(gaps, cc.timescale_checks(example), cc.chronicle(example))
    assert texts(words.key_points(drawn, gaps, cc.chronicle(example)))[0].startswith(headed_by)


def test_days_by_one_source_of_several_say_so_and_head_no_page(example: Review) -> None:
    """Another source has the school's notice of September 2014 in August; the wait to the plan,
    with which the page led, comes second, as the longest."""
    gaps, checks, chronicle = (
        table(example) for table in (cc.response_gaps, cc.timescale_checks, cc.chronicle)
    )
    at = chronicle["event"].eq("told-2014")
    chronicle["other_dates"] = [("2014-08",) if here else () for here in at]
    drawn = words.waits(gaps, checks, chronicle)
    assert texts(words.key_points(drawn, gaps, chronicle))[:4] == [
        "Between 11 and 17 days passed from the referral in late August 2014 (alleged in part) to"
        " the visit.",
        "Between 20 and 28 days passed from the notification by X's school in September 2014"
        " (though sources differ) to the child protection plan (days by one source's date).",
        "Between 4 and 25 days passed from the breach of a plan between 3 and 24 November 2014"
        " to “The plan is made stricter”.",
        "Between 20 and 28 days passed from the notification by X's school in September 2014"
        " (though sources differ) to the initial child protection conference (its answer as judged;"
        " days by one source's date).",
    ]


@pytest.mark.parametrize("turn", [1, -1])
def test_of_several_answers_the_one_known_to_have_come_soonest_is_waited_for(turn: int) -> None:
    """Whichever is coded first: the discussion 14 days after the referral, and neither the visit,
    of 4 to 25 days, nor the other discussion of that day, whose id comes later."""
    steps = [("visit", "[2018-03-09..2018-03-30]", "visit")]
    steps += [(name, "2018-03-19", "professionals-meeting") for name in ("meeting", "other")]
    events = [{"id": "referral", "date": "2018-03-05", "kind": "referral"}]
    events += [dict(zip(("id", "date", "kind"), step, strict=True)) for step in steps]
    links = [
        {"id": f"l-{step}", "type": "answers", "from_row": step, "to_row": "referral"}
        for step, *_ in steps
    ]
    others: dict[str, list[dict[str, str]]] = {name: [] for name in OTHERS}
    tables = timed(events=events[::turn], links=links[::turn], relations=[], **others)
    drawn = waits_of(review_of(tables))
    assert pairs(drawn) == [("referral", "meeting")]
    assert drawn[["days_min", "days_max"]].values.tolist() == [[14, 14]]


@pytest.mark.parametrize(("basis", "ends"), [("stated", ["first", "last"]), ("judged", ["first"])])
def test_the_last_answer_that_the_source_names_is_waited_for_too(
    basis: str, ends: list[str]
) -> None:
    """What decides a referral can come eleven months after what was first said of it; what only the
    coder ties to it does not."""
    events = [{"id": "referral", "date": "2021-10-12", "kind": "referral"}]
    days = {"last": "2022-09-20", "first": "2021-10-14", "between": "2022-02-01"}
    events += [{"id": id_, "date": date, "kind": "decision"} for id_, date in days.items()]
    link = {"type": "answers", "to_row": "referral", "basis": basis}
    links = [link | {"id": f"l-{step}", "from_row": step} for step in days]
    others: dict[str, list[dict[str, str]]] = {name: [] for name in OTHERS}
    drawn = waits_of(review_of(timed(events=events, links=links, relations=[], **others)))
    assert pairs(drawn) == [("referral", end) for end in ends]
    assert [*drawn["days_min"]] == [2, 343][: len(ends)]
    assert leading(drawn)[0]["length"] == "2 days"


def test_a_protective_step_that_is_an_answer_too_says_so(child_a: Review) -> None:
    """The move answers the referral of Child A by the coder's reading; were it the source's word,
    it would say so too. What came next to protect Child U, the emergency protection or a
    conference, answers nothing."""
    gaps, rest = cc.response_gaps(child_a), (cc.timescale_checks(child_a), cc.chronicle(child_a))
    told = []
    for basis in ("judged", "stated"):
        drawn = words.waits(gaps.assign(coded_as=basis), *rest).set_index(["event", "to_event"])
        told.append(drawn.loc[("referral-december", "discharge"), "text_to"])
    assert told == [f"the move to another carer (its answer{by})" for by in (" as judged", "")]
    other = waits_of(real_review("child-u-manchester-2013")).set_index("to_event")["text_to"]
    assert other["removal-2009"] == "the next protective step"


def test_beside_an_answer_stands_that_the_concern_was_left_as_the_source_says() -> None:
    """That nothing was done about Child T's arm is stated; that the questions to the mother were an
    answer is judged."""
    review = real_review("child-t-cwm-taf-morgannwg-2022")
    assert key_points(review) == [
        "Up to 15 days passed from the bruising or injury seen on 16 August 2020 to the police"
        " investigation (its answer as judged), which can have been on the same day. Closed or"
        " left: No action is taken after the questions to the mother (August 2020).",
        # The longest wait up to a protective step is told too, whoever raised what it begins with.
        "Between 19 and 24 weeks passed from the bruising or injury seen on 16 August 2020 to the"
        " child protection plan.",
    ]
    gaps, chronicle = cc.response_gaps(review), cc.chronicle(review)
    judged = words.key_points(waits_of(review), gaps.assign(coded_as="judged"), chronicle)
    assert "Closed or left" not in " ".join(texts(judged))


def test_a_limit_stands_at_the_wait_that_it_limits(child_a: Review) -> None:
    drawn = waits_of(child_a)
    limited = drawn[drawn["limit_min"].notna()]
    assert limited["to_event"].tolist() == ["conference"]
    assert limited[["limit_min", "limit_max", "verdict"]].values.tolist() == [[24, 24, "met"]]


def test_who_did_not_come_is_a_concern_without_an_answer_as_in_the_table() -> None:
    review = real_review("child-w-manchester-2020")
    gaps, chronicle = cc.response_gaps(review), cc.chronicle(review)
    told = {point.rows[0]: point.text for point in words.unanswered(gaps, chronicle)}
    assert told["absence-wf-conference"] == (
        "WF does not come to conference in late September 2018 (as judged). The source tells of no"
        " answer."
    )
    everything = gaps[gaps["state"] == "without an answer on record"]["concern"]
    told_of = [row for point in words.unanswered(gaps, chronicle) for row in point.rows]
    assert not {*everything} - {*told_of}


def test_two_referrals_by_one_agency_are_told_apart_by_their_days() -> None:
    """Each is of the day of what it tells of, and has no date of its own; the third has one."""
    events = records_of("""
        id | date | kind | summary
        hungry | 2014-03 | concern | S1 is hungry
        first | | referral | The school refers S1
        tale | 2015-01-02 | account | S2 tells
        second | | referral | The school refers S2
        third | 2015-01-06 | referral | The school refers Q
        enquiries | 2015-01-14 | section-47 | Enquiries begin
    """)
    relations = records_of("""
        id | type | from_event | to_event
        r-1 | same-day | hungry | first
        r-2 | same-day | tale | second
    """)
    raised = [
        {"id": f"iv-{event}", "agency": "school", "event": event, "role": "raised"}
        for event in ("first", "second", "third")
    ]
    tables = timed(events=events, involvement=raised, relations=relations, links=[])
    review = review_of(tables | {"participation": tables["participation"][:0]})
    assert key_points(review)[:2] == [
        "8 days passed from the referral by School on 6 January 2015 to section 47 enquiries.",
        "To the same step it was between 9 and 11 months from the referral by School (in March"
        " 2014).",
    ]
    begins = {
        "the referral by School (in March 2014)",
        "the referral by School (on 2 January 2015)",
    }
    assert begins <= {*waits_of(review)["text_from"]}
    assert "Referral, School, 2 January 2015 → section 47 enquiries" in [*waits_of(review)["text"]]


def test_what_has_neither_a_date_nor_an_answer_is_told_too() -> None:
    review = real_review("child-x-dundee-2009")
    told = words.unanswered(cc.response_gaps(review), cc.chronicle(review))[-1]
    assert told.rows == ("cause-for-concern",)
    assert told.text == (
        "Without a date of its own, and without an answer on record: In early life Child X is first"
        " called a cause for concern (by 25 February 2008)."
    )
    review = real_review("child-u-manchester-2013")
    told = words.unanswered(cc.response_gaps(review), cc.chronicle(review))[-1]
    # What neighbours do, three calls, words at a police station, and conduct.
    assert told.rows == ("claims-neighbours", "call-shops", "words-station", "conduct")
    assert told.text.count("(by 22 September 2011)") == 2
    assert told.text.endswith(" (by 22 September 2011). And one more.")
    # What was followed by something is not without an answer in the table beside it.
    review = real_review("child-w-manchester-2020")
    told = words.unanswered(cc.response_gaps(review), cc.chronicle(review))[-1]
    assert told.rows == ("abuse-of-wm-history", "information-gp-landlord", "conduct-wf")
    assert told.text.startswith("Without a date of their own, and without an answer on record: ")
    # Each with the days that the order of events leaves, of what lasts or recurs for its beginning.
    assert "(first by 31 December 2009, as judged). " in told.text
    # That it was a concern at all can be the coder's judgement.
    assert "(begun by 30 September 2018). That this was a concern is judged. WF" in told.text


@pytest.mark.parametrize(
    ("tie", "step_tie", "told"),
    [("judged", "stated", 0), ("derived", "stated", 1), ("judged", "judged", 1)],
)
def test_a_lack_that_only_a_judgement_ties_to_what_a_step_answers_is_not_what_became_of_it(
    example: Review, tie: str, step_tie: str, told: int
) -> None:
    gaps = cc.response_gaps(example)
    step = gaps[gaps["concern"] == "told-2014"].assign(coded_as=step_tie)
    lack = step.assign(state="missing (says the source)", coded_as=tie)
    points = words.unanswered(pd.concat([step, lack]), cc.chronicle(example))
    assert len(points) == told


def after_closures(review: Review) -> list[str]:
    tables = (cc.closures_and_next_concern, cc.chronicle, cc.time_statements)
    return texts(words.closure_points(*(table(review) for table in tables)))


def test_child_e_the_seven_weeks_of_the_report_stand_alone() -> None:
    """Of the referral 'seven weeks after' the closure the days are wider beside E's age."""
    review = real_review("child-e-example-2024")
    (told,) = (text for text in after_closures(review) if "tells the nursery nothing" in text)
    assert told == (
        "Harnmere closes the case and tells the nursery nothing (between September and November"
        " 2022). 7 weeks later by the source's own words: The manager of the nursery refers E to"
        " Harnmere. Others may have come before it."
    )


def test_the_next_concern_after_a_closure_is_told_with_the_days_to_any(example: Review) -> None:
    assert after_closures(example) == [
        "The case is closed on 19 September 2014. The next concern is on record between 1 and 5"
        " days later. Certainly later: The school tells of the bruise in"
        " September 2014. Others may have come before it."
    ]


@pytest.mark.parametrize("meaning", ["at least", "at most"])
def test_a_length_that_the_source_gives_one_sided_leaves_the_days_to_the_next_concern(
    example: Review, meaning: str
) -> None:
    closures = cc.closures_and_next_concern(example)
    ((_, closed),) = closures.iterrows()
    length = {"gap": "P3D", "meaning": meaning, "basis": "stated"}
    ends = {"from_event": closed["closure"], "to_event": closed["next_concern"]}
    (told,) = texts(
        words.closure_points(closures, cc.chronicle(example), pd.DataFrame([length | ends]))
    )
    assert " The next concern is on record between 1 and 5 days later. Certainly later: " in told
    length["meaning"] = "exact"
    (told,) = texts(
        words.closure_points(closures, cc.chronicle(example), pd.DataFrame([length | ends]))
    )
    assert " 3 days later by the source's own words: " in told


def test_that_no_concern_certainly_came_is_not_that_none_is_on_record(example: Review) -> None:
    closures = cc.closures_and_next_concern(example).assign(next_concern="")
    others = (cc.chronicle(example), cc.time_statements(example))
    told = texts(words.closure_points(closures, *others))
    assert told == ["The case is closed on 19 September 2014. No concern certainly came after it."]
    closures["can_come_first"] = [()]
    told = texts(words.closure_points(closures, *others))
    assert told == ["The case is closed on 19 September 2014. No concern is on record after it."]


@pytest.mark.parametrize("side", ["days_min", "days_max"])
def test_the_next_concern_after_a_closure_is_later_where_one_side_is_open(
    example: Review, side: str
) -> None:
    closures = cc.closures_and_next_concern(example)
    closures[side] = pd.array([pd.NA] * len(closures), dtype="Int64")
    (told,) = texts(
        words.closure_points(closures, cc.chronicle(example), cc.time_statements(example))
    )
    assert " The next concern is on record later. Certainly later: " in told


def test_a_referral_is_told_as_certain_as_it_is() -> None:
    def row(referral: str, measure: str, found: str, before: str) -> dict[str, str]:
        return {
            "referral": referral,
            "summary": f"Referral {referral}",
            "measure": measure,
            "re_referral": found,
            "before": before,
        }

    table = pd.DataFrame(
        [
            row("one", "after a referral", "none on record", ""),
            row("two", "after a referral", "certain", "one"),
            row("two", "after a closure", "certain", "end"),
            row("three", "after a referral", "possible", "two"),
            row("three", "after a closure", "certain as judged", "end"),
            row("four", "after a referral", "cannot be told", "three"),
            row("five", "after a referral", "cannot be told", "four"),
            row("five", "after a closure", "cannot be told", "end"),
            row("six", "after a referral", "cannot be told", "five"),
            row("seven", "after a referral", "cannot be told", "seven"),
        ]
    )
    assert texts(words.re_referral_points(table)) == [
        "Referral two. This is certainly within twelve months of the referral and the closure"
        " before it (a closure counts for the whole family).",
        "Referral three. This is possibly within twelve months of the referral before it.",
        "Referral three. This is certainly, as judged, within twelve months of the closure"
        " before it (a closure counts for the whole family).",
        "Whether any of these came within twelve months of an earlier referral of the same child,"
        " with the case closed in between, cannot be told: Referral four. Referral six.",
        "Whether this came within twelve months of an earlier referral of the same child, with the"
        " case closed in between, or an earlier closure cannot be told: Referral five.",
        "Whether two of these referrals came within twelve months of each other, with the case"
        " closed in between, cannot be told: Referral seven.",
    ]
    # Two referrals fourteen months apart, with a closure between them, follow each other.
    nothing = [
        "No referral on a closed case is on record within twelve months of one before it, or of a"
        " closure."
    ]
    late = table.iloc[:1].assign(before="a worry")
    assert texts(words.re_referral_points(late)) == nothing
    assert texts(words.re_referral_points(late.assign(re_referral="case open"))) == nothing
    refused = words.re_referral_points(late.assign(re_referral="no admissible chronology"))
    assert texts(refused) == [
        "Whether this came within twelve months of an earlier referral of the same child, with the"
        " case closed in between, cannot be told: Referral one."
    ]


def test_which_child_was_seen_is_told_in_the_words_of_the_coding() -> None:
    table = pd.DataFrame(
        {
            "contact": ["one", "two", "three"],
            "summary": ["A visit", "Another visit", "Nobody visits"],
            "absence": ["", "", "did not happen"],
            "seen": ["yes", "not said", "no"],
            "seen_alone": ["no", "not said", "no"],
            "spoken_to": ["not said", "not said", "no"],
            "facts": ["child seen: S1, not alone", "", "child not seen: nobody in"],
            "how_many": ["once", "", "once"],
        }
    )
    assert texts(words.contact_points(table)) == [
        "The source does not say of any visit or contact that took place whether the child was"
        " spoken to.",
        "A visit. Child seen: S1, not alone.",
        "Nobody visits. Child not seen: nobody in.",
    ]
    # 'At 55 meetings, often with the child' does not say that the child was seen at each.
    many = table.iloc[:1].assign(how_many="at least 55")
    assert texts(words.contact_points(many))[1:] == [
        "A visit. At one of these at least, child seen: S1, not alone.",
    ]


def test_a_closure_alone_is_closed_or_left_and_an_answered_concern_is_not(
    example: Review,
) -> None:
    gaps, chronicle = cc.response_gaps(example), cc.chronicle(example)
    closed = gaps[gaps["concern"] == "told-2014"].assign(state="closed or left", coded_as="stated")
    both = pd.concat([gaps[gaps["concern"] == "told-2014"], closed])
    said = [
        texts(words.key_points(waits_of(example).iloc[:0], one, chronicle))
        for one in (closed, both)
    ]
    assert said[0] == [
        "Closed or left, and no step before that is coded: The school tells of the bruise"
        " in September 2014. How: A conference is held on X between 20 and 22 October 2014."
    ]
    assert not any("Closed or left" in text for text in said[1])
    # Beside one that the source ties to its end, one that only the coder does is not named.
    other = closed.assign(concern="referral-2014", coded_as="judged")
    told = said[0][0].partition(": ")[2]
    several = "Closed or left, among other things, and no step before that is coded"
    for one, text in (
        (pd.concat([closed, other]), f"{several}: {told}"),
        (closed.assign(coded_as="judged"), said[0][0].replace("How:", "How, as judged:")),
    ):
        assert texts(words.key_points(waits_of(example).iloc[:0], one, chronicle)) == [text]


def test_what_is_certainly_on_one_day_is_no_wait(example: Review) -> None:
    gaps, checks = cc.response_gaps(example), cc.timescale_checks(example)
    assert ("referral-2014", "visit-2014") in {
        *pairs(words.waits(gaps, checks, cc.chronicle(example)))
    }
    same = gaps.assign(days_min=0, days_max=0)
    assert ("referral-2014", "visit-2014") not in {
        *pairs(words.waits(same, checks, cc.chronicle(example)))
    }


def pairs(drawn: pd.DataFrame) -> list[tuple[str, str]]:
    return [*zip(drawn["event"], drawn["to_event"], strict=True)]


def test_titles_and_notes_say_what_is_drawn(example: Review, child_a: Review) -> None:
    drawn = waits_of(child_a)
    assert words.waits_title(drawn) == (
        "Move to another carer (its answer as judged): 4 days after the referral on 11 December"
        " 2006"
    )
    note = words.waits_note(drawn, cc.response_gaps(child_a), cc.chronicle(child_a))
    assert "an upright rule: the limit of the guidance" in note
    assert "may be the same day" not in note
    assert note.endswith("the strategy discussion and the police investigation.")
    told = words.waits_alt(waits_of(example))
    assert told.count(" to ") >= len(waits_of(example))


def test_only_waits_whose_ends_are_drawn_stand_on_the_timeline(child_a: Review) -> None:
    events = cc.timeline(child_a)
    drawn = words.on_timeline(waits_of(child_a), events)
    assert len(drawn) == words.WAITS_ON_TIMELINE
    without = events[events["event"] != "conference"]
    assert "conference" not in {*words.on_timeline(waits_of(child_a), without)["to_event"]}


def test_of_a_wait_whose_step_has_no_first_day_none_is_drawn_as_certain(child_a: Review) -> None:
    events, waits = cc.timeline(child_a), waits_of(child_a)
    assert words.on_timeline(waits, events)["least_to"].notna().all()
    open_from = events.assign(earliest=events["earliest"].mask(events["event"] == "conference"))
    drawn = words.on_timeline(waits, open_from).set_index("to_event")
    assert drawn["least_to"].isna().to_dict() == {
        step: step == "conference" for step in drawn.index
    }


def test_nothing_coded_says_so(child_a: Review) -> None:
    gaps, checks = cc.response_gaps(child_a).iloc[:0], cc.timescale_checks(child_a).iloc[:0]
    chronicle = cc.chronicle(child_a).iloc[:0]
    drawn = words.waits(gaps, checks, chronicle)
    assert drawn.empty
    assert texts(words.key_points(drawn, gaps, chronicle)) == [
        "No concern is coded, so there is no wait to tell of."
    ]
    assert words.unanswered(gaps, chronicle) == []
    assert words.waits_title(drawn) == "No wait has both a least and a most"
    assert words.waits_note(drawn, gaps, chronicle) == ""
    assert words.waits_alt(drawn) == "No wait is drawn."
    assert texts(words.limit_points(checks, gaps, chronicle)) == [
        "No limit of this nation's guidance is on file here, so none is checked; that is not to say"
        " that there was none."
    ]
    assert texts(words.contact_points(cc.contacts(child_a).iloc[:0])) == [
        "No visit and no contact is coded, so it cannot be told who was seen."
    ]


def test_the_date_of_a_concern_is_told_in_words(example: Review) -> None:
    told = when_raised(example)
    assert told["referral-2014"] == "in late August 2014"
    assert told["referrals-2014"] == "between 2014 and 2015"
    # What the source does not date has the days that the order of events leaves, if any.
    told = when_raised(real_review("child-x-dundee-2009"))
    assert told["scab"] == "between 25 February and 16 March 2008 (as judged)"


def test_what_had_begun_by_a_day_is_told_with_that_day() -> None:
    told = when_raised(real_review("child-w-manchester-2020"))
    # Both were there by the conference of late September, and it is not said since when.
    assert told["information-gp-landlord"] == "begun by 30 September 2018"
    assert told["fear-father-s1"] == "begun by 30 September 2018 (as judged)"
    assert "" not in set(told)


@pytest.mark.parametrize(
    ("date", "stated", "alleged", "begins"),
    [
        ("2021-10-04/", "from 4 October 2021", "", "the conduct (from 4 October 2021)"),
        ("2021/2022", "from 2021 to 2022", "alleged", "the conduct (from 2021 to 2022; alleged)"),
        ("2021-10-04", "on 4 October 2021", "alleged", "the conduct on 4 October 2021 (alleged)"),
        ("", "not dated", "", "the conduct"),
    ],
)
def test_when_something_lasted_is_not_read_as_the_wait_that_begins_with_it(
    date: str, stated: str, alleged: str, begins: str
) -> None:
    event = {"kind": "Conduct", "recurs": False, "basis": "stated", "by": "", "date": date}
    assert begins_with(event | {"said_stated": stated, "alleged": alleged}) == begins


def test_who_told_of_a_deed_did_not_do_it_and_nothing_waited_from_its_day() -> None:
    review = real_review("child-w-manchester-2020")
    gaps, chronicle = cc.response_gaps(review), cc.chronicle(review)
    told = gaps.loc[gaps["concern"] == "nose-wf"].iloc[0]
    assert told["by"] == ("WF",)
    assert told["next_step_days_max"] > 0
    assert " by " not in begins_with(Concerns(gaps, rows_by_event(chronicle)).events["nose-wf"])
    waits = words.waits(gaps, cc.timescale_checks(review), chronicle)
    assert "nose-wf" not in set(waits["event"])
    (point,) = [one for one in words.unanswered(gaps, chronicle) if "nose-wf" in one.rows[:1]]
    # That 'earlier in the year' is the year 2018 was judged; late October is the source's own.
    assert "accusations (2018, as judged). " in point.text
    (other,) = [
        one for one in words.unanswered(gaps, chronicle) if one.rows[:1] == ("incident-october",)
    ]
    assert "(late October 2018)" in other.text
    assert point.text.endswith("The source tells of no answer.")


def test_that_days_are_told_wider_beside_an_age_is_said() -> None:
    """Child E lives and has a published age, by which days that bound the fall are kept apart; of
    Child X nobody has one."""
    (said,) = words.told_wider(cc.chronicle(real_review("child-e-example-2024")))
    wider = "Some days and waits are told wider than known, to give away no living child's birth."
    assert said.text == wider
    assert words.told_wider(cc.chronicle(real_review("child-x-dundee-2009"))) == []


def test_what_only_a_judgement_ties_here_is_told_where_the_source_ties_it() -> None:
    """That no enquiries followed is the source's word on the notification of July, and only judged
    to be one on the run of incidents, on which the source has another; of Child Ak nothing else is
    said to be missing, so that what is judged is told, with its mark."""
    told = {
        name: texts(words.unanswered(cc.response_gaps(review), cc.chronicle(review)))
        for name in ("child-w-manchester-2020", "child-ak-northamptonshire-2019")
        for review in [real_review(name)]
    }
    [run] = [text for text in told["child-w-manchester-2020"] if text.startswith("A run of")]
    assert "Professionals do not seem to act on the incidents after the birth." in run
    assert "thorough safeguarding enquiries" not in run
    assert "thorough safeguarding enquiries" in " ".join(told["child-w-manchester-2020"])
    assert "(tied to this as judged)" in " ".join(told["child-ak-northamptonshire-2019"])


def test_where_a_step_can_have_come_later_no_concern_is_told_as_if_none_had() -> None:
    """Nine referrals on Child U lie between July 2008 and September 2011, in which Child U was
    removed twice and had a plan: which came first no text says."""
    review = real_review("child-u-manchester-2013")
    told = [one.text for one in words.unanswered(cc.response_gaps(review), cc.chronicle(review))]
    (nine,) = [text for text in told if text.startswith("Nine more referrals")]
    assert nine.endswith("tells of no answer. A protective step on record can have come later.")
