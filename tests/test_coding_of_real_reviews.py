"""The coding of real reviews says what the source bears, and no more: values by hand, each with the
paragraph of the article that bears it (`child-w-manchester-2020`: p4.1 is its fourth paragraph)."""

from __future__ import annotations

import pandas as pd
import pytest

import casechron as cc
from casechron import read_review
from casechron.review import Review
from real_reviews import real_review


@pytest.fixture(scope="module")
def child_w() -> Review:
    return real_review("child-w-manchester-2020")


def window(review: Review, event: str, *columns: str) -> list[str]:
    """Days of an event, as text; empty where that side is open."""
    row = cc.bounds(review).set_index("event").loc[event, list(columns)]
    return ["" if pd.isna(day) else f"{day:%Y-%m-%d}" for day in row]


def linked(review: Review, kind: str, row: str) -> set[str]:
    links = review.tables["links"]
    return set(links.loc[(links["type"] == kind) & (links["from_row"] == row), "to_row"])


def answered_by(review: Review, concern: str) -> set[str]:
    links = review.tables["links"]
    return set(links.loc[(links["type"] == "answers") & (links["to_row"] == concern), "from_row"])


def under(reading: str) -> Review:
    return read_review("child-w-manchester-2020", readings=[reading])


def test_the_assault_is_judged_to_follow_the_plan_with_readings_against_it(
    child_w: Review,
) -> None:
    # p4.1 has an order word, p22.1 late September, p26.1 late October, p16.1 July.
    assert window(child_w, "harm-w", "earliest") == ["2018-09-21"]
    orders = child_w.tables["relations"].set_index("id")
    assert orders.loc["rl-plan-assault", ["words", "basis"]].tolist() == ["subsequently", "judged"]
    assert window(under("assault-after-october"), "harm-w", "earliest") == ["2018-10-21"]
    assert window(under("assault-since-birth"), "harm-w", "earliest") == ["2018-07-01"]


@pytest.mark.parametrize(
    ("event", "days", "reading", "then"),
    [
        # p23.1: the period from the August incident to the conference.
        ("conduct-wf", ("2018-08-21", "2018-09-30"), "conduct-at-any-time", "2018-07-01"),
        # p20.1 and p24.2: after the enquiries, for the conference.
        ("assessment-icpc", ("2018-08-21", "2018-09-30"), "assessment-begun-before", "2018-07-01"),
        # p12.1: known since 2009 for both.
        ("abuse-of-wm-history", ("", ""), "abuse-known-later", ""),
        ("looked-after-wm", ("", "2009-12-31"), "still-looked-after", ""),
    ],
)
def test_what_has_no_date_is_bounded_with_a_reading_against_it(
    child_w: Review, event: str, days: tuple[str, str], reading: str, then: str
) -> None:
    assert window(child_w, event, "earliest", "latest") == list(days)
    assert window(under(reading), event, "earliest") == [then]


def test_a_judged_order_with_a_reading_against_it_closes_no_side(child_w: Review) -> None:
    sides = child_w.chronology.open_sides
    assert [sides[one] for one in ("harm-w", "conduct-wf", "assessment-icpc")] == [
        (True, False),
        (True, True),
        (True, False),
    ]
    # p14.2: quickly, and no more.
    assert sides["closure-midwife"] == (False, True)


def test_how_soon_professionals_met_in_2014_is_left_open(child_w: Review) -> None:
    assert window(child_w, "meeting-2014", "earliest", "latest") == ["2014-01-01", ""]
    assert window(under("meeting-in-2014"), "meeting-2014", "latest") == ["2014-12-31"]


def test_who_assumed_is_said_as_far_as_paragraph_5_says_it(child_w: Review) -> None:
    views = child_w.tables["views"]
    held = views.loc[views["id"].str.startswith("view-father-only"), "holder"]
    assert set(held) == {"childrens-services", "agencies-other"}


def test_evidence_on_the_two_views_is_judged_in_both_directions(child_w: Review) -> None:
    links = child_w.tables["links"]
    for view in ("view-father-only", "view-prevailing"):
        ties = links.loc[links["to_row"] == view]
        for kind, expected in {
            "supports": {"convictions-wf", "assault-denied", "incident-august"},
            "contradicts": {"assault-attempt", "concern-2017-wm", "nose-wf", "fear-father-s1"},
        }.items():
            found = ties.loc[(ties["type"] == kind) & ties["from_row"].isin(expected)]
            assert set(found["from_row"]) == expected, (view, kind)
            assert set(found["basis"]) == {"judged"}


def test_the_conference_of_child_a_follows_from_the_register() -> None:
    events = real_review("child-a-haringey-2008").tables["events"].set_index("id")
    assert events.loc["conference", ["basis", "date_basis"]].tolist() == ["derived", "derived"]
    assert events.loc["registration", ["basis", "date_basis"]].tolist() == ["stated", "stated"]


def test_the_conference_comes_a_day_after_the_enquiries_at_the_earliest(
    child_w: Review,
) -> None:
    assert window(child_w, "section-47", "start_latest") == ["2018-09-29"]


def test_the_interview_may_have_been_before_the_police_told(child_w: Review) -> None:
    # What WF told in it counts as evidence that there was by the conference, late in September.
    assert window(child_w, "interview-wf", "latest") == ["2018-09-30"]
    assert window(under("accusations-at-any-time"), "interview-wf", "latest") == ["2018-12-31"]
    assert window(under("denial-before-july-report"), "interview-wf", "latest") == ["2018-07-31"]


def test_decisions_answer_a_concern_and_missing_answers_are_coded(child_w: Review) -> None:
    kinds = child_w.tables["events"].set_index("id")["kind"]
    for decision in ("nfa-amphetamine", "closure-2017-10", "closure-midwife", "section-47", "icpc"):
        assert linked(child_w, "answers", decision), kinds[decision]
    # p19.1 and p20.1 on July; p27.1 and p28.1 on October.
    assert {"no-enquiries-july", "no-holistic-july"} == answered_by(child_w, "notification-july")
    assert {"edt-absent", "no-consideration-october"} == answered_by(child_w, "referrals-october")


def test_what_is_said_of_the_mothers_youth_lies_before_every_decision(
    child_w: Review,
) -> None:
    assert window(child_w, "abuse-of-wm-history", "start_latest") == ["2009-12-31"]
    assert window(child_w, "looked-after-wm", "latest") == ["2009-12-31"]


def test_four_referrals_tell_of_the_breach(child_w: Review) -> None:
    assert linked(child_w, "tells-of", "referrals-october") == {"incident-october", "breach"}


def test_who_took_no_action_on_reports_had_them_before_them() -> None:
    """The decision answers the reports, as stated, and is by the two services that had them."""
    dundee = real_review("child-x-dundee-2009")
    tie = dundee.tables["links"].set_index("id").loc["lk-answers-no-action-reports-reports-partner"]
    assert tie["basis"] == "stated"
    gap = cc.gaps(dundee, [("reports-partner", "no-action-reports")]).loc[0]
    assert gap["days_min"] == 0
    reached = cc.information_at_decision(dundee).set_index(["decision", "matter"])
    row = reached.loc[("no-action-reports", "reports-partner")]
    assert row["reached"] == "certainly known"
    assert row["certain_with"] == ("Dundee social work", "Police")
    counts = cc.concerns_before_decisions(dundee).set_index("decision")["concerns_min"]
    assert counts["no-action-reports"] == 1


def test_that_wf_missed_the_first_conference_is_judged_in_both_rows(child_w: Review) -> None:
    """p23.2 has neither the date of the conference nor which one it was."""
    events, parts = (child_w.tables[name] for name in ("events", "participation"))
    absence = events.set_index("id").loc["absence-wf-conference"]
    assert absence[["date", "date_basis"]].tolist() == ["late 2018-09", "judged"]
    missed = parts[(parts["event"] == "icpc") & (parts["person"] == "wf")]
    assert missed["basis"].tolist() == ["judged"]
    dates = cc.chronicle(child_w).set_index("event")
    assert dates.loc["absence-wf-conference", "as_judged"]


def test_a_day_that_two_texts_which_differ_give_together_is_judged() -> None:
    """One text has the last visit on the day before the death, another on the day before Child T
    was found, the 31st; none has the death on that day."""
    child_t = real_review("child-t-cwm-taf-morgannwg-2022")
    dates = cc.chronicle(child_t).set_index("event")
    assert dates.loc["death", ["said", "as_judged"]].tolist() == ["on 31 July 2021", True]
    last = cc.across([child_t]).set_index("question").loc["last contact to the harm"]
    assert (last["days_min"], last["days_max"], last["as_judged"]) == (1, 1, True)


def test_conferences_of_a_kind_not_said_are_neither_first_nor_later_ones() -> None:
    """The text tells of conferences beside the plan and says of none which it was (mail p25.1)."""
    child_u = real_review("child-u-manchester-2013")
    checks = cc.timescale_checks(child_u)
    assert "conferences" not in {*checks["start"], *checks["end"]}
    of_conferences = checks["rule"].isin(("first-review-conference", "later-review-conference"))
    assert checks.loc[of_conferences, "verdict"].tolist() == ["undetermined"] * 2
    answers = cc.across([child_u])
    to_them = answers["to_event"].map(lambda events: "conferences" in events)
    assert set(answers.loc[to_them, "to_kind"]) == {"Child protection conference"}


def test_what_followed_each_return_is_no_matter_of_the_first_removal() -> None:
    """Child U was undressed after each return from foster care (mail p24.1), so after the first."""
    reached = cc.information_at_decision(real_review("child-u-manchester-2013"))
    at = set(reached.loc[reached["matter"] == "stripping", "decision"])
    assert "removal-2009" not in at
    assert "removal-2010" in at


def test_a_day_of_publication_that_the_text_does_not_give_is_said_to_come_from_elsewhere(
    child_w: Review,
) -> None:
    # Beside the two comments of 1 and 3 October 2020 no text bears a day, as both passes say.
    for coder in ("pass-1", "pass-2"):
        passed = read_review(child_w.folder / "codings" / coder).tables["sources"]
        assert passed["published"].tolist() == ["[2019-06..2020-10-01]"]
    assert child_w.meta.published == "2020-09-29"
    assert "29 September 2020, is not in the text: it comes from" in child_w.meta.notes
    events = child_w.tables["events"].set_index("id")
    assert events.loc["review-published", "date_basis"] == "judged"


def test_the_judge_on_child_ak_is_told_whole() -> None:
    """One judge has the planned assessment not made (bbc p1.5) and one under way at the death
    (p1.6): who reads the first reads the second, as it is no answer to anything by itself."""
    review = real_review("child-ak-northamptonshire-2019")
    assert answered_by(review, "referral-police") == {
        *("strategy", "allocation", "no-assessment", "no-visit")
    }
    row = cc.chronicle(review).set_index("event").loc["no-assessment"]
    assert "not made, says a judge, though one is under way at the death" in row["summary"]
    assert row["places"] == "bbc 1.5, bbc 1.6, bbc 1.11, bbc 1.12"
