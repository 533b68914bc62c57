"""Do the sentences of the story say what their tables say, and no more?"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

import casechron as cc
from a_timed_review import review as timed
from casechron.analysis.concerns import end_event, end_events
from casechron.report.show import Point
from casechron.report.text import story as words
from casechron.report.text.english import (
    as_dated,
    dated,
    rows_by_event,
    rows_of,
    summary_with_date,
    whens,
)
from casechron.report.text.steps import days_as_judged, event_with_date
from casechron.report.text.waits import on_timeline, waits
from casechron.review import Review
from involvement_cases import tables_of
from made_reviews import review_of
from page_texts import texts
from real_reviews import real_review
from text_tables import records_of


def in_order(review: Review) -> list[str]:
    tables = cc.chronicle(review), cc.response_gaps(review), cc.further_facts(review)
    return texts(words.in_order(*tables))


def test_the_story_of_a_review_whose_days_are_known(child_a: Review) -> None:
    assert texts(words.key_points(cc.chronicle(child_a), cc.further_facts(child_a))) == [
        "A dies on 3 August 2007."
    ]
    assert in_order(child_a) == [
        "A GP sees bruising on A on 13 October 2006. A is referred to children's services after"
        " being seen by a GP and at hospital (11 December 2006). A strategy meeting is held on"
        " 12 December 2006. A is discharged to a family friend (15 December 2006). A child"
        " protection conference is held on A (22 December 2006). A is placed on the child"
        " protection register; the end is not given (from 22 December 2006). A is returned to the"
        " mother on 26 January 2007.",
        "A is seen at hospital with bruising (9 April 2007). Bruises in 12 places are seen on A at"
        " an unannounced visit (1 June 2007). A legal planning meeting is held on 25 July 2007;"
        " outcome: threshold held not met. A is seen at a clinic on 1 August 2007.",
    ]


@pytest.mark.parametrize(
    ("review_id", "harm", "lead"),
    [
        (
            "child-t-cwm-taf-morgannwg-2022",
            "Child T is killed at home by members of the family.",
            "Child T dies in July 2021. The mother and her partner are convicted of murder"
            " (April 2022).",
        ),
        (
            "child-u-manchester-2013",
            "The mother suffocates Child U.",
            "Child U dies between 1 and 22 September 2011. The mother pleads guilty to manslaughter"
            " on the ground of diminished responsibility (November 2012).",
        ),
    ],
)
def test_a_death_is_told_with_how_it_came_about(review_id: str, harm: str, lead: str) -> None:
    """With the last harm before it, and with what was found or admitted of it: the blow to Child U
    at the shops is of before that."""
    review = real_review(review_id)
    chronicle, facts = cc.chronicle(review), cc.further_facts(review)
    first, second = texts(words.key_points(chronicle, facts))
    assert first == f"{harm} {lead}"
    assert not second.startswith(lead.split(". ")[1])
    death = lead.split(". ")[0]
    # What a court found before the death is about something else.
    found = chronicle["kind"].isin(["Conviction", "Plea"])
    turned = pd.concat([chronicle[found], chronicle[~found]], ignore_index=True)
    assert texts(words.key_points(turned, facts))[0] == f"{harm} {death}."
    # Harm that is alleged, or certainly of before the day, does not say how.
    rest = turned.loc[turned["kind"] != "Harm to a child"]
    rest = rest.assign(behind=[()] * len(rest))
    for other in ({"alleged": "alleged"}, {"latest": pd.Timestamp("2008-01-01")}):
        changed = turned.loc[turned["kind"] == "Harm to a child"].assign(**other)
        points = words.key_points(pd.concat([rest, changed], ignore_index=True), facts)
        assert points[0].text == f"{death}."


STABBED = """
    people | id=boy | label=J | kinship=child
    people | id=girl | label=K | kinship=child
    event | hit | harm-to-child | 2019-03-01 | summary=J is hit
    event | fall | harm-to-child | {day} | summary=J is stabbed
    event | burn | harm-to-child | 2022-11-25 | summary=K is burnt
    event | death | death | 2022-11-25 | summary=J dies in hospital
    event | tried | conviction | 2023-06 | summary=A youth is convicted of two counts
    participation | id=p1 | person=boy | event=hit | role=harmed | status=reported
    participation | id=p2 | person=boy | event=fall | role=harmed | status=reported
    participation | id=p3 | person=boy | event=death | role=subject | status=reported
    participation | id=p4 | person=girl | event=burn | role=harmed | status=reported
    attributes | id=a1 | row=tried | attribute=offence | value=manslaughter | basis=stated
    relations | id=r1 | type=before | from_event=hit | to_event=fall | basis=stated
    relations | id=r2 | type=before | from_event=fall | to_event=death | basis=stated
"""
TRIED = (
    " J dies in hospital on 25 November 2022. A youth is convicted of two counts (June 2023);"
    " offence: manslaughter."
)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, "J is stabbed on 16 November 2022."),
        # Without an order only what can be of the day of the death.
        ({"relations": "none"}, ""),
        (
            {"relations": "none", "2022-11-16": "[2022-11-16..2022-11-25]"},
            "J is stabbed between 16 and 25 November 2022.",
        ),
        (
            {"relations": "none", "harm-to-child | 2022-11-16": "neglect | 2019/2022-11-25"},
            "J is stabbed from 2019 to 25 November 2022.",
        ),
    ],
)
def test_a_death_is_told_behind_the_injury_or_the_neglect_before_it(
    changed: dict[str, str], told: str
) -> None:
    """Nine days lie between the injury and the death; what was done to a sister on the day of the
    death is no part of it. Which offence the counts were of is told where no word says it."""
    rows = STABBED.format(day="2022-11-16")
    for old, new in changed.items():
        rows = rows.replace(old, new)
    review = review_of(tables_of(rows))
    lead = texts(words.key_points(cc.chronicle(review), cc.further_facts(review)))[0]
    assert lead == f"{told}{TRIED}".lstrip()
    before = " ".join(in_order(review))
    assert before.startswith("J is hit on 1 March 2019.")
    assert "K is burnt" in before
    assert ("stabbed" in before) == (not told)


def test_a_day_that_another_source_gives_otherwise_says_that_sources_differ(
    child_a: Review,
) -> None:
    """The arrest: 19 December 2006 in two sources, the 11th in another. Of what is dated to a month
    it is said too where the other day lies outside of it."""
    chronicle = cc.chronicle(child_a)
    (arrest,) = (row for row in rows_of(chronicle) if row["event"] == "arrest-first")
    said = "on 19 December 2006, though sources differ"
    assert dated(arrest) == whens(chronicle)["arrest-first"] == said
    table = words.as_read(chronicle).set_index("event")["said"]
    assert table["arrest-first"] == said
    assert table.str.contains("sources differ").sum() == 1
    assert dated(arrest | {"other_dates": ()}) == "on 19 December 2006"
    month = arrest | {"date": "2006-12", "said_stated": "in December 2006"}
    assert dated(month) == "in December 2006"
    other = month | {"other_dates": ("2006-11-30 (later-timeline)",)}
    assert dated(other) == "in December 2006, though sources differ"


def test_child_x_days_that_another_source_gives_otherwise_say_so() -> None:
    """The partner moved in before the call of 25 February by one source, on the 27th by another.
    Child T died in July by one, on the 31st by another: the two do not differ."""
    chronicle = cc.chronicle(real_review("child-x-dundee-2009"))
    said = "between 21 and 25 February 2008, though sources differ"
    assert whens(chronicle)["move-partner"] == said
    assert words.as_read(chronicle).set_index("event")["said"]["move-partner"] == said
    chronicle = cc.chronicle(real_review("child-t-cwm-taf-morgannwg-2022"))
    assert "sources differ" not in words.as_read(chronicle).set_index("event")["said"]["death"]


def test_child_e_a_judged_date_and_a_day_after_one_of_two_say_so() -> None:
    """The month of the review conference is judged. The bruise is of 22 November in the report and
    of the 21st in the news: the referral comes exactly a day after it."""
    review = real_review("child-e-example-2024")
    chronicle = cc.chronicle(review)
    (continued,) = (row for row in rows_of(chronicle) if row["event"] == "review-1")
    assert event_with_date(continued) == (
        "A review conference continues the plan between 22 September and 25 December 2021"
        " (as judged)"
    )
    read = words.as_read(chronicle).set_index("event")["said"]
    said = "on 23 November 2022, though sources differ"
    assert read["nursery-referral"] == whens(chronicle)["nursery-referral"] == said
    assert read["plan-1"].startswith("from 21 September 2021")
    # The bruise, the referral after it, and what came after either. Not the closure seven weeks
    # before: beside E's age it is told as of autumn, which no source has otherwise, and so are the
    # plan that had ended by then and the letter that came later.
    differ = {"bruise", "nursery-referral", "fingers", "gp-asked", "climbing-frame"}
    assert {*read.index[read.str.contains("sources differ")]} == differ


def test_a_bound_that_leans_on_a_day_on_which_sources_differ_says_so() -> None:
    """Polly's mother was convicted on 11 April 2016 by one source and on the 8th by another: so
    neither the arrests before nor the sentences after are bounded by the 11th for certain."""
    said = words.as_read(cc.chronicle(real_review("child-polly-derbyshire-2017")))
    told = said.set_index("event")["said"]
    assert told["arrests"] == "between 1 May 2014 and 11 April 2016, though sources differ"
    assert told["sentence-mother"] == "between 11 April and 31 December 2016, though sources differ"
    assert told["sentence-partner"] == "on or after 11 April 2016, though sources differ"
    assert told.str.contains("sources differ").sum() == 4


def test_days_between_what_rests_on_one_day_on_which_sources_differ_do_not_say_so() -> None:
    """Child Ak's stay began on 3 October 2017 or about the 1st: the referral and the discussion two
    days later came after it, whenever it began. Days from the stay itself do differ."""
    days = rows_by_event(cc.chronicle(real_review("child-ak-northamptonshire-2019")))
    referral, discussion, stay = (days[it] for it in ("referral-police", "strategy", "stays"))
    assert days_as_judged(referral, discussion) == ""
    assert days_as_judged(stay, referral) == " (days by one source's date)"
    judged = discussion | {"as_judged": True, "differs": set()}
    said = " (days in part as judged and by one source's date)"
    assert days_as_judged(referral, judged) == said


def test_child_t_one_length_is_told_once() -> None:
    review = real_review("child-t-cwm-taf-morgannwg-2022")
    tables = cc.chronicle(review), cc.response_gaps(review), cc.further_facts(review)
    told = " ".join(texts(words.in_order(*tables, cc.time_statements(review))))
    assert "The source puts that almost a year before the death." in told


def test_an_event_has_the_same_window_beside_the_chart_as_in_the_table() -> None:
    """Three weeks before a death in the middle of March is in late February, whatever the month
    says; what nothing narrows is told in the source's own words."""
    tables = timed(
        events=records_of("""
            id     | date         | kind  | summary
            move   | 2008-02      | move  | A move
            visit  | late 2008-02 | visit | A visit
            death  | 2008-03-16   | death | A death
        """),
        relations=records_of("""
            id | type | from_event | to_event | gap | meaning
            r  | gap  | move       | death    | P3W | rounded
        """),
        links=[],
        involvement=[],
    )
    chronicle = cc.chronicle(review_of(tables | {"participation": tables["participation"][:0]}))
    # 18 to 24 days before 16 March: from 21 to 27 February 2008.
    assert whens(chronicle) == {
        "move": "between 21 and 27 February 2008",
        "visit": "in late February 2008",
        "death": "on 16 March 2008",
    }


def held_by_an_agency(events: str, links: str, relations: str = "id") -> Review:
    """A review of these events, each of which an agency held."""
    rows = records_of(events)
    held = [
        {"id": f"iv-{row['id']}", "agency": "cs", "event": row["id"], "role": "held"}
        for row in rows
    ]
    ties = {"links": records_of(links), "relations": records_of(relations)}
    tables = timed(events=rows, involvement=held, **ties)
    return review_of(tables | {"participation": tables["participation"][:0]})


def raised(events: str, links: str = "id") -> str:
    """What the story tells of these events."""
    return " ".join(in_order(held_by_an_agency(events, links)))


BRUISE = """
    id | date | kind | summary
    bruise | 2019-04-21 | bruising | A bruise is seen
    told | 2019-05-05 | {kind} | The bruise is told of
    referral | 2019-10-01 | referral | The GP refers
"""
TELLS = """
    id | type | from_row | to_row | basis
    l-told | tells-of | told | bruise | stated
"""


def test_what_did_not_happen_is_not_told_as_raised_although_it_is_answered() -> None:
    rows = """
        id | date | kind | summary | absence
        none | 2019-04-01 | referral | No referral is made | did-not-happen
        bruise | 2019-04-21 | bruising | A bruise is seen |
        visit | 2019-04-22 | visit | A visit |
    """
    links = """
        id | type | from_row | to_row | basis
        l-answer | answers | visit | none | stated
    """
    assert raised(rows, links) == "A bruise is seen on 21 April 2019."


@pytest.mark.parametrize("kind", ["account", "information-sharing", "told-to-review"])
def test_neither_a_denial_nor_a_telling_hides_what_came_before_it(kind: str) -> None:
    assert raised(BRUISE.format(kind=kind), TELLS) == (
        "A bruise is seen on 21 April 2019. The GP refers on 1 October 2019."
    )


@pytest.mark.parametrize("kind", ["notification", "referral"])
def test_who_passed_on_what_happened_first_is_told_too(kind: str) -> None:
    links = f"{TELLS} l-more | tells-of | referral | bruise | stated"
    assert raised(BRUISE.format(kind=kind), links) == (
        "A bruise is seen on 21 April 2019. The bruise is told of on 5 May 2019. The GP refers on"
        " 1 October 2019."
    )


@pytest.mark.parametrize("day", ["2019-05-04", "2019-05-05"])
def test_a_notification_that_answers_what_it_tells_of_is_told(day: str) -> None:
    """The incident is no telling, but a concern."""
    events = f"""
        id | date | kind | summary
        incident | {day} | violence | An incident
        told | 2019-05-05 | notification | The police notify
    """
    links = """
        id | type | from_row | to_row | basis
        l-tells | tells-of | told | incident | stated
        l-answers | answers | told | incident | stated
    """
    assert raised(events, links) == "The police notify on 5 May 2019."


def test_what_counts_several_is_told_and_not_a_part_of_it() -> None:
    events = """
        id | date | kind | summary | count_min
        one | 2019-04-01 | referral | A school refers
        all | [2019-04-01..2019-05-31] | referral | Referrals are made | 3
    """
    links = """
        id | type | from_row | to_row | basis
        l-part | part-of | one | all | stated
    """
    assert raised(events, links) == (
        "Referrals are made (at least 3 times; between April and May 2019)."
    )


@pytest.mark.parametrize("more", [0, 12])
def test_what_was_not_done_and_answers_nothing_is_told_in_order_of_time(more: int) -> None:
    """But not where there are many, nor what is wanting from the day of the death on, or a word
    that somebody was not told."""
    events = """
        id | date | kind | summary | absence
        ref | 2020-03-01 | referral | The school refers |
        none | 2020-04/2020-06 | visit | No visit is made | did-not-happen
        met | 2020-12-14 | legal-planning | The meeting is cancelled | did-not-happen
        told | 2020-12 | information-sharing | The GP is not told | did-not-happen
        plan | 2021-01-10 | protection-plan | A plan is made |
        dead | 2022-02-06 | death | X dies |
        after | 2022-02-06/.. | action | Nobody is charged | did-not-happen
    """
    line = "        m{0} | 2020-05 | visit | Visit {0} is missed | did-not-happen\n"
    told = in_order(
        held_by_an_agency(events + "".join(line.format(at) for at in range(more)), "id")
    )
    lead = "Not done, not enough or in doubt, as the source says:"
    missing = f"{lead} No visit is made from April to June 2020. The meeting is cancelled on"
    rest = ["A plan is made on 10 January 2021."]
    first = "The school refers on 1 March 2020."
    wanted = [first, f"{missing} 14 December 2020.", *rest]
    assert told == ([f"{first} {rest[0]}"] if more else wanted)


def test_one_of_several_is_told_with_the_row_that_counts_them_all() -> None:
    """A number that the summary has, or that is no more than its plural says, is not told twice."""
    events = """
        id | date | kind | summary | count_min | count_max
        first | 2021-02-14 | notification | J is reported missing | |
        all | [2021-02-14..2021-08-31] | missing | J is missing from home | 12 | 15
        calls | [2021-06..2021-08] | referral | J's mother asks for help | 4 |
        four | 2021-10 | referral | Four strangers refer J | 4 | 4
        more | 2021-11 | referral | Referrals are made | 2 |
    """
    links = """
        id | type | from_row | to_row | basis
        l-part | part-of | first | all | stated
    """
    assert raised(events, links) == (
        "J is reported missing on 14 February 2021. J is missing from home (12 to 15 times; between"
        " 14 February and 31 August 2021). J's mother asks for help (at least 4 times; between June"
        " and August 2021). Four strangers refer J in October 2021. Referrals are made in November"
        " 2021."
    )


@pytest.mark.parametrize("month", ["2019-04", "2019-06"])
def test_what_is_on_record_and_was_not_raised_is_not_told_as_raised(month: str) -> None:
    events = f"""
        id | date | kind | summary
        hungry | {month} | concern | A school records that X is hungry
        call | 2019-05-05 | emergency-call | A neighbour rings the police
        referral | 2019-10-01 | referral | The GP refers
    """
    assert raised(events) == (
        "A neighbour rings the police on 5 May 2019. The GP refers on 1 October 2019."
    )


def test_a_closure_between_two_concerns_is_told_between_them() -> None:
    """The bruise, to which a report was lacking, is no part of what was done after another concern,
    as the referral is that the enquiries answer: 'within a fortnight' of a day is all its date."""
    events = """
        id | date | kind | summary | absence
        worry | 2018-01-10 | referral | The midwife refers |
        close | 2018-02-10 | closure | The case is closed |
        bruise | 2018-10-03 | bruising | A bruise is seen |
        none | 2018-10-04 | referral | No referral is made | did-not-happen
        call | 2019-02-12 | notification | Neighbours ring |
        school | | referral | The school refers |
        enquiries | 2019-03-04 | section-47 | Enquiries begin |
    """
    links = """
        id | type | from_row | to_row | basis
        l-none | answers | none | bruise | stated
        l-school | answers | enquiries | school | derived
    """
    relations = """
        id | type | from_event | to_event | gap | meaning
        r-school | gap | call | school | P2W | at-most
    """
    assert in_order(held_by_an_agency(events, links, relations)) == [
        "The midwife refers on 10 January 2018. The case is closed on 10 February 2018.",
        "A bruise is seen on 3 October 2018. Not done, not enough or in doubt, as the source says:"
        " No referral is made.",
        "Neighbours ring on 12 February 2019. The school refers between 12 and 26 February 2019."
        " Enquiries begin on 4 March 2019.",
    ]


def test_an_outcome_is_told_of_its_own_event_alone(child_a: Review) -> None:
    """Also where another event is summed up in the same words."""
    chronicle, gaps, facts = (
        ask(child_a) for ask in (cc.chronicle, cc.response_gaps, cc.further_facts)
    )
    story = words.in_order(chronicle, gaps, facts)
    assert "; outcome: threshold" in " ".join(texts(story))
    (meeting,) = facts.loc[facts["value"].str.contains("threshold"), "row"]
    summary = chronicle.loc[chronicle["event"] == meeting, "summary"].item()
    concern = story[0].rows[0]
    assert concern != meeting
    chronicle.loc[chronicle["event"] == concern, "summary"] = summary
    told_alike = " ".join(texts(words.in_order(chronicle, gaps, facts)))
    assert told_alike.count(summary.rstrip(".")) == 2
    assert told_alike.count("; outcome: threshold") == 1


def test_how_long_before_the_end_the_source_says_it_was_is_told_as_the_source_does(
    example: Review,
) -> None:
    """Three months before the injury: the source's own words, whatever the dates come to."""
    told = cc.chronicle(example), cc.response_gaps(example), cc.further_facts(example)
    statements = cc.time_statements(example)
    without, said = (texts(words.in_order(*told, *more)) for more in ((), (statements,)))
    conference = "A conference is held on X between 20 and 22 October 2014."
    before = " The source puts that 3 months before the harm to a child."
    assert said == [text.replace(conference, conference + before) for text in without] != without
    # What is around or at most so long says so; what only the coder holds is not the source's.
    statements.loc[statements["gap"] == "P3M", ["gap", "meaning"]] = ["P1Y", "at most"]
    assert "puts that at most 1 year before the harm" in " ".join(
        texts(words.in_order(*told, statements))
    )
    statements["basis"] = "judged"
    assert texts(words.in_order(*told, statements)) == without


def test_how_long_before_the_end_is_told_too_of_the_first_concern(child_a: Review) -> None:
    told = cc.chronicle(child_a), cc.response_gaps(child_a), cc.further_facts(child_a)
    (death,) = told[0].loc[told[0]["kind"] == "Death", "event"]
    first, *_ = without = words.in_order(*told)
    statement = {"from_event": first.rows[0], "to_event": death, "gap": "P3M"}
    statements = pd.DataFrame([statement | {"basis": "stated", "meaning": "exact"}])
    seen = "A GP sees bruising on A on 13 October 2006."
    assert first.text.startswith(f"{seen} A is")
    said = first.text.replace(seen, f"{seen} The source puts that 3 months before the death.")
    assert texts(words.in_order(*told, statements)) == [said, *texts(without[1:])]
    # The source's own words of it are nearer than a number of months; with another length beside
    # it, nothing says which of the two they are of.
    told[0].loc[told[0]["event"] == first.rows[0], "date_words"] = "some three months before"
    said = said.replace("that 3 months", "that some three months")
    assert texts(words.in_order(*told, statements))[0] == said
    other = pd.DataFrame([statement | {"basis": "stated", "meaning": "exact", "to_event": "x"}])
    both = pd.concat([statements, other])
    assert " 3 months before the death." in texts(words.in_order(*told, both))[0]


def test_an_end_without_a_date_says_so_and_one_that_is_alleged_too(example: Review) -> None:
    chronicle, facts = cc.chronicle(example), cc.further_facts(example)
    harm = chronicle["event"] == "harm-2015"
    chronicle.loc[harm, ["date", "alleged"]] = ["", "alleged"]
    open_ended = chronicle.assign(earliest=None, start_latest=None, latest=None)
    finding = words.key_points(open_ended, facts)[0]
    assert finding.text == "X is injured (alleged); the source does not say when."
    assert finding.rows == ("harm-2015",)
    # The days that follow from other dates are told; those that lean on the coder do not count.
    followed = words.key_points(chronicle, facts)[0]
    assert followed.text == "X is injured (12 January 2015; alleged)."
    judged = chronicle.assign(as_judged=True)
    assert words.key_points(judged, facts)[0] == finding


def test_an_end_that_is_dated_by_another_event_is_told_with_its_day() -> None:
    """The injury is coded as three days after Christmas, and has no date of its own."""
    tables = tables_of(
        """
        event | feast | contact | 2014-12-25
        event | harm | harm-to-child | summary=X is injured
        relations | id=r | type=gap | from_event=feast | to_event=harm | gap=P3D | meaning=exact
    """
    )
    review = review_of(tables)
    points = words.key_points(cc.chronicle(review), cc.further_facts(review))
    assert points[0].text == "X is injured on 28 December 2014."


def test_what_is_alleged_is_no_finding_beside_what_happened(example: Review) -> None:
    chronicle, facts = cc.chronicle(example), cc.further_facts(example)
    harm = chronicle["event"] == "harm-2015"
    chronicle.loc[harm, "alleged"] = "alleged"
    other = chronicle[harm].assign(event="admitted", alleged="", kind="Admission to hospital")
    finding = words.key_points(pd.concat([chronicle, other], ignore_index=True), facts)[0]
    assert finding.rows == ("admitted",)


def test_the_gravest_is_what_the_story_comes_to(child_a: Review) -> None:
    chronicle, facts = cc.chronicle(child_a), cc.further_facts(child_a)
    without = chronicle[chronicle["event"] != "death"]
    assert texts(words.key_points(without, facts)) == ["A is seen at a clinic on 1 August 2007."]


def test_a_death_is_told_before_a_harm(example: Review) -> None:
    chronicle, facts = cc.chronicle(example), cc.further_facts(example)
    died = ["Death", "X dies", True]
    sentenced = chronicle["event"] == "sentence-2015"
    chronicle.loc[sentenced, ["kind", "summary", "can_end"]] = died
    finding = words.key_points(chronicle, facts)[0]
    assert finding.text == "X dies; the source does not say when."


#: A mother in prison for what she did to an older child; a twin with an injury of no date.
TWINS = """
    people | id=twin   | label=C6 | kinship=child
    people | id=older  | label=C1 | kinship=sibling
    people | id=mother | label=A1 | kinship=mother
    people | id=father | label=A2 | kinship=father
    event | old    | harm-to-child | 2004    | summary=A1 harms C1
    event | plan   | icpc          | 2011-02 | summary=A conference is held
    event | head   | harm-to-child |         | summary=C6 has head injuries
    event | taken  | admission     | 2011-05-08 | summary=C6 is taken to hospital
    participation | id=p1 | person=mother | event=old   | role=harming | status=convicted
    participation | id=p2 | person=older  | event=old   | role=harmed  | status=reported
    participation | id=p3 | person=mother | event=head  | role=harming | status=alleged
    participation | id=p4 | person=twin   | event=head  | role=harmed  | status={}
    participation | id=p5 | person=twin   | event=taken | role=subject | status=reported
"""


@pytest.mark.parametrize(
    ("harm", "lead"),
    [
        ("reported", "C6 has head injuries (alleged in part); the source does not say when."),
        ("alleged", "C6 is taken to hospital on 8 May 2011."),
    ],
)
def test_the_story_comes_to_what_happened_to_the_child_whom_the_review_is_about(
    harm: str, lead: str
) -> None:
    """And not to an old conviction for harm to a sister, which is told before it, whatever is
    alleged; nor does the account end with that."""
    tables = tables_of(TWINS.format(harm))
    review = review_of(tables)
    chronicle, facts = cc.chronicle(review), cc.further_facts(review)
    assert texts(words.key_points(chronicle, facts))[0] == lead
    before = "A1 harms C1 in 2004. A conference is held in February 2011."
    assert in_order(review)[0].startswith(before)
    assert end_events(tables) == ["head", "taken"]
    assert end_event(tables) == "taken"
    # Where nothing happened to the child, it is the harm to the sister.
    rest = "{} != 'head' and {} != 'taken'"
    of_sister = review_of(
        tables
        | {
            "events": tables["events"].query(rest.format("id", "id")),
            "participation": tables["participation"].query(rest.format("event", "event")),
        }
    )
    chronicle, facts = cc.chronicle(of_sister), cc.further_facts(of_sister)
    assert texts(words.key_points(chronicle, facts))[0] == "A1 harms C1 in 2004."


def test_a_sentence_of_before_the_harm_is_not_told_as_what_came_of_it() -> None:
    """The mother was sentenced for what she had done to an older child."""
    rows = TWINS.format("reported").replace(
        "harm-to-child |         |", "harm-to-child | 2011-05 |"
    )
    for year, told in (("2005", []), ("2013", ["A1 is sentenced in 2013."])):
        rows_with = f"{rows}    event | jailed | sentence | {year} | summary=A1 is sentenced\n"
        review = review_of(tables_of(rows_with))
        points = texts(words.key_points(cc.chronicle(review), cc.further_facts(review)))
        assert points[0].startswith("C6 has head injuries")
        assert points[1:] == [" ".join(["C6 is taken to hospital on 8 May 2011.", *told])]


def test_who_was_cleared_of_one_charge_and_convicted_of_another_is_told_with_both() -> None:
    """Also where only an order puts the conviction behind the death; none of years before is."""
    rows = """
    people | id=k | label=K | kinship=child
    event | theft | conviction | 2009       | summary=L is convicted of theft
    event | death | death      | 2017-10-03 | summary=K dies
    event | guilt | conviction | 2019-02    | summary=F is convicted of murder
    event | clear | acquittal  | 2019-03    | summary=L is cleared of murder
    event | allow | conviction | {}         | summary=L is convicted of allowing it
    participation | id=p1 | person=k | event=death | role=subject | status=reported
    """
    order = "relations | id=r | type=not-after | from_event=death | to_event=allow | basis=stated"
    for when in ("2019-03", ""):
        review = review_of(tables_of(f"{rows.format(when)}{order}"))
        points = texts(words.key_points(cc.chronicle(review), cc.further_facts(review)))
        assert points[0].startswith("K dies on 3 October 2017. ")
        for told in ("F is convicted of murder", "L is cleared of murder", "L is convicted of all"):
            assert told in " ".join(points[:2])
        assert "theft" not in " ".join(points)


def test_what_orders_put_behind_the_harm_is_not_told_as_what_came_before_it() -> None:
    """Nor is what is alleged and has neither a date nor an order; days alone would admit both."""
    rows = TWINS.format("reported")
    rows += """
    event | care   | other-carer | 2011 | summary=The twins are taken into care
    event | rumour | concern     |      | summary=There is a rumour
    participation | id=p6 | person=father | event=rumour | role=subject | status=alleged
    """
    before = "A1 harms C1 in 2004. A conference is held in February 2011."
    assert "The twins are taken into care" in " ".join(in_order(review_of(tables_of(rows))))
    rows += "relations | id=r | type=not-after | from_event=head | to_event=care | basis=stated\n"
    review = review_of(tables_of(rows))
    assert in_order(review) == [before]
    behind = cc.chronicle(review).set_index("event")["behind"]
    assert behind[behind.map(bool)].to_dict() == {"care": ("head",)}


def test_one_more_accused_of_what_the_review_found_leaves_the_headline_with_it() -> None:
    """The abuse of two girls, which became worse for one of them later, is told first, with how far
    it is alleged."""
    told = [
        review_of(
            tables_of(
                f"""
                people | id=girl   | label=G | kinship=child
                people | id=father | label=F | kinship=father
                event | abuse | harm-to-child | 1995 | summary=The girls are abused
                event | worse | harm-to-child | 1998 | summary=The abuse becomes worse
                participation | id=p1 | person=father | event=abuse | role=harming | status=found
                participation | id=p2 | person=girl   | event=abuse | role=harmed  | status=found
                {accused}
            """
            )
        )
        for accused in (
            "",
            "participation | id=p3 | person=other | event=abuse | role=harming | status=alleged",
        )
    ]
    assert [
        texts(words.key_points(cc.chronicle(review), cc.further_facts(review))) for review in told
    ] == [
        ["The girls are abused in 1995."],
        ["The girls are abused (1995; found and alleged in part)."],
    ]


REFERRED = "The school refers in 1998."


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        # From some day of 1998 on; the referral of that year can be of before it.
        (
            "1998/..",
            [REFERRED, "After the harm above had begun: A girl is taken into care in 1999."],
        ),
        # One day of 1998: what came after it is not told here.
        ("1998", [REFERRED]),
    ],
)
def test_what_came_after_harm_that_lasts_had_begun_is_not_told_as_before_it(
    harm: str, told: list[str]
) -> None:
    review = held_by_an_agency(
        f"""
        id    | date   | kind          | summary
        harm  | {harm} | harm-to-child | The girls are abused
        first | 1998   | referral      | The school refers
        care  | 1999   | other-carer   | A girl is taken into care
    """,
        "id",
    )
    assert in_order(review) == told


def test_what_the_review_finds_missing_stands_behind_what_it_was_to_answer(
    example: Review,
) -> None:
    """The lack is dated before the telling that it was to answer."""
    chronicle, gaps, facts = (
        cc.chronicle(example),
        cc.response_gaps(example),
        cc.further_facts(example),
    )
    order = chronicle["event"].tolist()
    lack, concern = "no-visit-2014", "told-2014"
    moved = (
        chronicle.set_index("event")
        .loc[[lack, *(event for event in order if event != lack)]]
        .reset_index()
    )
    gaps.loc[gaps["concern"] == concern, ["state", "answer"]] = ["missing (says the source)", lack]
    points = words.in_order(moved, gaps, facts)
    (told,) = (point for point in points if lack in point.rows)
    assert told.text.endswith(
        " September 2014. Not done, not enough or in doubt, as the source says: No further visit is"
        " on record (tied to this as judged)."
    )
    assert told.rows[-2:] == (concern, lack)


def test_the_timeline_is_titled_by_the_wait_after_what_was_passed_on_last(
    example: Review, child_a: Review
) -> None:
    def title(review: Review) -> str:
        gaps, checks = cc.response_gaps(review), cc.timescale_checks(review)
        drawn = waits(gaps, checks, cc.chronicle(review))
        return words.timeline_title(cc.chronicle(review), drawn)

    assert title(child_a) == (
        "4 days from the referral on 11 December 2006 to the move to another carer (its answer as"
        " judged)"
    )
    drawn = waits(cc.response_gaps(child_a), cc.timescale_checks(child_a), cc.chronicle(child_a))
    longer = drawn.iloc[:1].assign(length="3 weeks", days_min=21, days_max=21)
    both = pd.concat([longer, drawn.iloc[:1]])
    assert words.timeline_title(cc.chronicle(child_a), both).startswith("4 days from")
    # The closure of 2022 is drawn too, after the step of 2021.
    assert title(real_review("child-e-example-2024")).startswith(
        "One closure; between 1 and 11 days from the referral by Grandmother in late August 2021"
    )
    assert title(example) == (
        "One closure; between 20 and 28 days from the notification by X's school in September"
        " 2014 to the child protection plan"
    )


def test_what_came_before_is_told_in_order_of_time() -> None:
    """Photographs of summer 2020 come before the arm of 16 August and the plan of 2021; the scab,
    which has no date, between the call of 25 February and the death."""
    assert in_order(real_review("child-t-cwm-taf-morgannwg-2022")) == [
        "At a health assessment 31 photographs of injuries are taken (between 31 July and 30 August"
        " 2020, as judged). Not done, not enough or in doubt, as the source says: Injuries that"
        " health staff saw are not made known to services that could have acted (tied to this as"
        " judged).",
        "Doctors find a broken arm; there are bruises on the cheek (16 August 2020). The hospital"
        " refers Child T to children's services (16 August 2020). No action is taken after the"
        " questions to the mother (August 2020). Child T is on the child protection register (from"
        " January to June 2021).",
        # The last contact stands at the end; how the child died is told before all.
        "A social worker is told that Child T burned the neck on the bath (May 2021). Child T is"
        " taken off the register (June 2021). A social worker speaks to the adults outside the home"
        " for twenty minutes (30 July 2021); child not seen: Child T, who was said to have"
        " Covid-19.",
    ]
    # With each decision stands what it answers: the reports on which nothing was done.
    assert in_order(real_review("child-x-dundee-2009")) == [
        "Nine reports that the partner is suspected of abusing a former partner are with police and"
        " social work (between 1 January 2007 and 28 February 2008). No action is taken on the nine"
        " reports (between 1 January 2007 and 28 February 2008).",
        "The mother's own mother calls social work with worries about parenting and the new partner"
        " (25 February 2008). Health visitors worry about how Child X walks and seeks attention,"
        " and see a scab at the eye (between 25 February and 16 March 2008, as judged). An initial"
        " referral discussion on 28 February 2008; outcome: no immediate ground for removal; an"
        " urgent case conference on 18 March.",
        "A health visitor sees a cut close to the eye and dried blood in the nose (12 March 2008).",
    ]


def test_what_a_telling_tells_of_and_what_was_lacking_after_it_are_told() -> None:
    """The police's referral on Child Ak has no date; it passes on what their search of October 2017
    found, and the assessment that was to follow is not made. What the relatives reported is told
    once, and not also one of their reports."""
    told = in_order(real_review("child-ak-northamptonshire-2019"))
    assert told[0].startswith(
        "Police search the father's flat, find Child Ak there with drugs and believe that Ak is"
        " left alone for long (October 2017). Police refer Child Ak to children's services (between"
        " 3 October and 11 December 2017, though sources differ). Not done, not enough or in doubt,"
        " as the source says: The planned assessment"
    )
    assert " ".join(told).count("elatives") == 1
    assert told[1].startswith(
        "A strategy meeting of several professions is held (between 5 October and 13 December 2017,"
        " though sources differ); no section 47 enquiries: threshold of harm held not met; outcome:"
        " family to be assessed further."
    )


def test_that_a_discussion_initiated_no_enquiries_is_told_in_each_nation(tmp_path: Path) -> None:
    data = Path(__file__).parents[1] / "data"
    of_england = data / "child-ak-northamptonshire-2019"
    folder = shutil.copytree(of_england, tmp_path / of_england.name)
    settings = (folder / "review.toml").read_text(encoding="utf-8")
    elsewhere = settings.replace('jurisdiction = "England"', 'jurisdiction = "Scotland"')
    (folder / "review.toml").write_text(elsewhere, encoding="utf-8")
    told = " ".join(in_order(cc.read_review(folder)))
    assert "; no child protection investigation: threshold of harm held not met;" in told


def test_what_was_raised_without_a_date_has_the_days_that_others_leave() -> None:
    """The school's referral comes before the call; the plan, which lasts, is told without days."""
    events = """
        id | date | kind | summary
        referral | | referral | The school refers X
        call | 2014-06-10 | emergency-call | Neighbours call
        plan | | protection-plan | A plan is made
    """
    relations = """
        id | type | from_event | to_event
        r-first | before | referral | call
        r-then | before | call | plan
    """
    assert in_order(held_by_an_agency(events, "id", relations)) == [
        "The school refers X by 9 June 2014. Neighbours call on 10 June 2014. A plan is made.",
    ]


def test_of_many_steps_those_that_carry_a_plan_on_are_left_out() -> None:
    """Child E's first plan is told with its beginning and its end; the second, of 27 April 2023,
    ran at the fall of 8 July 2023."""
    review = real_review("child-e-example-2024")
    points = in_order(review)
    told = " ".join(points)
    first, ended, second = (
        told.index(words)
        for words in (
            "Both children have a first child protection plan",
            "The first plan ends in mid-June 2022",
            "A second plan is made, under two categories (from 27 April 2023)",
        )
    )
    assert first < ended < second
    # What came after the fall is not told before it.
    assert "goes to live with" not in told
    assert "core group" not in told
    assert "review conference" not in told
    chronicle, gaps = cc.chronicle(review), cc.response_gaps(review)
    few = chronicle[chronicle["event"].isin(["review-1", "nursery-referral"])]
    all_told = texts(words.in_order(few, gaps, cc.further_facts(review)))
    assert all_told[0].startswith("A review conference continues the plan")


def test_the_timeline_is_told_in_words_by_lane(child_a: Review) -> None:
    events = cc.timeline(child_a)
    drawn = on_timeline(
        waits(cc.response_gaps(child_a), cc.timescale_checks(child_a), cc.chronicle(child_a)),
        events,
    )
    told_of = words.timeline_alt(events, drawn)
    assert told_of.startswith(
        "Child and family: A is born (on 1 March 2006); A dies (on 3 August 2007)."
    )
    assert "Seen, told or raised: A GP sees bruising on A (on 13 October 2006)" in told_of
    assert all(text in told_of for text in drawn["text"])
    # A bar with an open end is drawn, so it is told; what no room was left for is counted.
    assert "The police investigate; the end is not given (from 15 December 2006)" in told_of
    assert "not drawn" not in told_of
    many = [events.assign(event=events["event"] + str(at), always=False) for at in range(3)]
    rest = [
        int(one)
        for one in re.findall(
            r"(\d+) more that (?:is|are) not drawn", words.timeline_alt(pd.concat(many), drawn)
        )
    ]
    assert sum(rest) == 3 * len(events) - 30


#: What the note says of every timeline.
PLAIN = "A bar covers all days on which an event can have happened."


def test_the_note_explains_only_what_is_drawn(child_a: Review) -> None:
    events = cc.timeline(child_a)
    assert events["certain_from"].notna().any()
    assert set(events.loc[events["always"], "kind"]) == {"Death"}
    events = events.assign(certain_from=pd.NaT, always=False)
    closed = events[events["latest"].notna()]
    assert words.timeline_note(closed[closed["earliest"].notna()]) == PLAIN
    # One side alone that is open has an arrow, the last too; what has no day has no bar.
    arrow = f"{PLAIN[:-1]}; an arrow: no limit is known there."
    assert words.timeline_note(closed.assign(latest=pd.NaT)) == arrow
    assert words.timeline_note(closed.assign(earliest=pd.NaT)) == arrow
    assert words.timeline_note(closed.assign(earliest=pd.NaT, latest=pd.NaT)) == PLAIN
    alleged = closed.assign(status="alleged", absence="did not happen")
    assert words.timeline_note(alleged) == (
        f"{PLAIN[:-1]}; hatched: alleged or denied; dashed: not done, not enough or in doubt."
    )


def test_the_note_says_what_is_strong_and_what_is_bold(child_a: Review) -> None:
    events = cc.timeline(child_a).assign(certain_from=pd.NaT, always=False)
    closed = events[events["latest"].notna() & events["earliest"].notna()]
    strong = closed.assign(certain_from=closed["earliest"])
    # What is dark on paper is light on a dark screen.
    assert words.timeline_note(strong) == f"{PLAIN[:-1]}; strong: certainly on these days."
    # What is missing is an outline, a label of what is alleged is not bold, and no day is no bar.
    assert words.timeline_note(strong.assign(lane="missing")) == PLAIN
    bold = closed.head(3).assign(always=True, kind=["Case closed", "Death", "Case closed"])
    assert words.timeline_note(bold) == f"{PLAIN[:-1]}; bold: case closed, death."
    alleged = bold.assign(status="alleged")
    assert words.timeline_note(alleged) == f"{PLAIN[:-1]}; hatched: alleged or denied."
    assert words.timeline_note(bold.assign(earliest=pd.NaT, latest=pd.NaT)) == PLAIN


def test_nothing_coded_says_so(child_a: Review) -> None:
    chronicle, facts = cc.chronicle(child_a).iloc[:0], cc.further_facts(child_a).iloc[:0]
    gaps = cc.response_gaps(child_a).iloc[:0]
    assert texts(words.key_points(chronicle, facts)) == [
        "No event is coded, so there is no story to tell."
    ]
    assert words.in_order(chronicle, gaps, facts) == []
    drawn = waits(gaps, cc.timescale_checks(child_a).iloc[:0], chronicle)
    assert words.timeline_title(chronicle, drawn) == "What happened, and when it can have been"
    events = cc.timeline(child_a).iloc[:0]
    assert words.timeline_alt(events, on_timeline(drawn, events)) == (
        "No event has a date that could be drawn."
    )


@pytest.mark.parametrize(
    ("date", "stated", "said"),
    [
        ("early 2018-09", "", "in early September 2018"),
        ("mid 2018-09", "", "in mid-September 2018"),
        ("end 2018-07", "", "at the end of July 2018"),
        ("late 2018-08/late 2018-09", "", "from late August to late September 2018"),
        ("late 2017-12/early 2018-01", "", "from late December 2017 to early January 2018"),
        (
            "late 2018-09/..",
            "from some day between 21 and 30 September 2018 on",
            "from some day between 21 and 30 September 2018 on",
        ),
        ("[2015..2016]", "between 2015 and 2016", "between 2015 and 2016"),
        ("mid 2014", "between 1 June and 31 August 2014", "in mid-2014"),
        ("end 2014", "between 1 and 31 December 2014", "at the end of 2014"),
        ("late 2014/2014", "", "from late 2014 to 2014"),
        ("early 2014/mid 2015", "", "from early 2014 to mid-2015"),
        ("[..mid 2014]", "by 31 August 2014", "by mid-2014"),
        ("[late 2014-09..]", "on or after 21 September 2014", "in late September 2014 or later"),
        ("[2014..early 2015-01]", "", "between 2014 and early January 2015"),
        ("[mid 2014-03..end 2014-05]", "", "between mid-March and the end of May 2014"),
        ("[..2014-06]", "by 30 June 2014", "by 30 June 2014"),
        (
            "[2014-06-15..late 2014-07]",
            "between 15 June and 31 July 2014",
            "between 15 June and 31 July 2014",
        ),
        ("/..", "not dated", ""),
        ("", "not dated", ""),
    ],
)
def test_a_date_is_said_no_finer_than_its_source_has_it(date: str, stated: str, said: str) -> None:
    assert as_dated(date, stated) == said


def test_a_date_is_not_taken_for_a_part_of_what_happened() -> None:
    long = "The police tell of further reports of abuse where W lives"
    assert summary_with_date(long, "at the end of July 2018") == f"{long} (end of July 2018)"
    assert (
        summary_with_date("WF is alleged to have hit WM", "", "alleged")
        == "WF is alleged to have hit WM"
    )
    assert pd.notna(summary_with_date("", ""))


def test_a_day_that_leans_on_a_judgement_is_marked() -> None:
    chronicle = pd.DataFrame({"said": ["in 2018", "by 2019"], "as_judged": [True, False]})
    chronicle = chronicle.assign(event=["one", "two"], said_stated="", other_dates=((), ()))
    assert words.as_read(chronicle)["said"].tolist() == ["in 2018 (as judged)", "by 2019"]


def test_the_story_tells_the_first_findings_of_how_many_and_what_else_was_found() -> None:
    """That nobody could have foreseen it, or that somebody did well, stands beside it. Rows that
    come from several texts have no order in any: nothing says which a source leads with."""
    findings = pd.DataFrame(
        {
            "row": [f"fd-{number}" for number in range(8)],
            "what": ["finding: strength", *["finding: shortfall"] * 6, "recommendation"],
            "summary": [f"Finding {number}" for number in range(8)],
        }
    )
    (point,) = words.found_first(findings)
    assert point.text == (
        "What the review found wanting (some of 6 shortfalls coded): Finding 1. Finding 2."
        " Finding 3. Finding 4. Finding 5. Also found: Finding 0."
    )
    assert point.rows == ("fd-1", "fd-2", "fd-3", "fd-4", "fd-5", "fd-0")
    (alone,) = words.found_first(findings[:1])
    assert alone.text == "Also found: Finding 0."
    (whole,) = words.found_first(findings[1:3])
    assert whole.text == "What the review found wanting: Finding 1. Finding 2."
    assert words.found_first(findings[-1:]) == []
    # Behind it stands what is recommended; where nothing is coded, not that nothing is.
    advice = Point("Among what it recommends (one recommendation coded): Look.")
    assert words.found_first(findings, [advice]) == [point, advice]
    assert words.found_first(findings[:0], [advice]) == []


def test_child_w_each_lack_stands_behind_what_it_was_to_answer() -> None:
    """The notification of July and the four referrals of October above all."""
    told = in_order(real_review("child-w-manchester-2020"))
    parts = [text.split(" Not done, not enough or in doubt, as the source says: ") for text in told]
    assert [(rest[0].split(". ")[-1], rest[1].count(". ") + 1) for rest in parts if rest[1:]] == [
        (
            "A run of incidents, domestic abuse among them, soon after the birth (first in July"
            " 2018, last between July and August 2018, as judged).",
            1,
        ),
        (
            "At least twice WF is in distress with signs of suicidal thoughts (between July and"
            " August 2018, as judged).",
            1,
        ),
        (
            "The police tell children's services of more reported domestic abuse at W's home (end"
            " of July 2018).",
            2,
        ),
        (
            "Section 47 enquiries begin, only after the August incident (between 21 August and"
            " 29 September 2018).",
            1,
        ),
        (
            "W and both half-siblings get a child protection plan.",
            1,
        ),
        (
            "Four referrals over the October incident; by whom is not said (between 21 October and"
            " 30 November 2018, as judged).",
            3,
        ),
    ]
    assert max(map(len, parts)) == 2


def test_child_u_what_was_seen_before_the_death_is_told_before_it() -> None:
    """The public called the police over a blow; the suffocation is told with the death."""
    told = in_order(real_review("child-u-manchester-2013"))
    # A plan of which the source tells the end and the length is told with its beginning.
    assert (
        " Child U has a child protection plan for the last ten months (from some day between"
        " 17 October and 6 December 2010 to some day between 1 and 22 September 2011)."
    ) in told[2]
    # What doctors held of the mother stands where it was, and from when one text has a diagnosis.
    assert told[0] == (
        "The mother is diagnosed with schizophrenia, by one text; by another at the time of the"
        " death (2005)."
    )
    assert (
        " The mother is held to show no sign of mental illness; she denies hearing voices or"
        " thinking of suicide (5 July 2009)."
    ) in told[2]
    assert (
        " The psychiatrist finds no symptoms of a serious mental illness in the mother (between"
        " 17 June and 7 August 2011)."
    ) in told[2]
    assert told[-1] == "Three members of the public call the police (by 22 September 2011)."
    assert told[-2].endswith(
        " The mother hits Child U hard at shops near by (by 22 September 2011)."
    )
