"""Do the waits of the coded reviews come out as counted by hand from the dates that their sources
give, and was every row of them held against its source by a second reader?

The figures were counted on a calendar from the dates that stand in the comments, not taken from
the output; the second reader counted them again. A duration in months or weeks is read as its
source rounds: to half of one either way."""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

import casechron as cc
from casechron.report.about import basis_in_words
from real_reviews import real_review

ROOT = Path(__file__).parents[1]
READINGS = ROOT / "validation" / "second-readings"

#: Review, first event, second event, least and most days from start to start, and why.
WAITS = [
    # Both in July 2008; that the visit answered the referral is judged, and orders no days.
    ("child-u-manchester-2013", "referral-first", "visit-police", -30, 30),
    # July 2008 to July 2009: 31 July to 1 July at least, 1 July to 31 July at most.
    ("child-u-manchester-2013", "referral-first", "removal-2009", 335, 395),
    # July 2009 to October 2010: 31 July to 1 October at least, 1 July to 31 October at most.
    ("child-u-manchester-2013", "removal-2009", "removal-2010", 427, 487),
    # Two months, 1½ to 2½ of them: 46 to 76 days before a death of 1 to 22 September 2011.
    ("child-u-manchester-2013", "contact-psychiatrist", "death", 46, 76),
    # Ten months, 9½ to 10½ of them: 290 to 319 days.
    ("child-u-manchester-2013", "plan", "death", 290, 319),
    # So the plan began from 17 October (319 days before 1 September) to 6 December 2010 (290
    # before the 22nd); the first referral is of July 2008.
    ("child-u-manchester-2013", "referral-first", "plan", 808, 888),
    # 22 September 2011 to 28 February 2013: 366 days, which have a 29 February, and 159.
    ("child-u-manchester-2013", "found", "publication", 525, 525),
    # 30 September to 15 December 2017.
    ("child-ak-northamptonshire-2019", "introduction", "death", 76, 76),
    # Two months before 15 December are 30 September to 30 October; not before 3 October.
    ("child-ak-northamptonshire-2019", "raid", "death", 46, 73),
    ("child-ak-northamptonshire-2019", "referral-police", "strategy", 2, 2),
    # Two days at least; at most from 3 October to two days before the death, by when there was a
    # social worker instead of section 47 enquiries.
    ("child-ak-northamptonshire-2019", "raid", "strategy", 2, 71),
    # Not before 5 October, two days after the search at the earliest.
    ("child-ak-northamptonshire-2019", "strategy", "death", 2, 71),
    ("child-ak-northamptonshire-2019", "evening", "death", 1, 1),
    # 25 and 28 February, 12 and 16 March 2008, which has a 29 February.
    ("child-x-dundee-2009", "call", "discussion", 3, 3),
    ("child-x-dundee-2009", "discussion", "death", 17, 17),
    ("child-x-dundee-2009", "cut", "death", 4, 4),
    # Three weeks, 2½ to 3½ of them, are 18 to 24 days; but they had moved in by 25 February.
    ("child-x-dundee-2009", "move-partner", "death", 20, 24),
    ("child-x-dundee-2009", "move-partner", "call", 0, 4),
    # Five months, 4½ to 5½ of them: 137 to 167 days.
    ("child-polly-derbyshire-2017", "foster", "return", 137, 167),
    # So the return lies from 15 September (137 days after 1 May) to 14 November 2013 (167 after
    # the 31st).
    ("child-polly-derbyshire-2017", "return", "death", 168, 228),
    # May to October 2013: 31 May to 1 October at least, 1 May to 31 October at most.
    ("child-polly-derbyshire-2017", "proceedings", "order-supervision", 123, 183),
    # October 2013 to 1 May 2014.
    ("child-polly-derbyshire-2017", "order-supervision", "death", 182, 212),
    # Three weeks, 2½ to 3½ of them: 18 to 24 days.
    ("child-polly-derbyshire-2017", "care-talked-of", "death", 18, 24),
    ("child-polly-derbyshire-2017", "marac", "death", 1, 1),
    # 1 May 2014 to 1 May 2017: 1,096 days, with a 29 February; 127 more to 5 September.
    ("child-polly-derbyshire-2017", "death", "publication", 1223, 1223),
    # 16 August 2020 to 1 or 31 January 2021.
    ("child-t-cwm-taf-morgannwg-2022", "referral-2020", "plan", 138, 168),
    # May to June 2021: a day at least, 60 at most; 30 or 1 June to 31 July.
    ("child-t-cwm-taf-morgannwg-2022", "burn", "plan-end", 1, 60),
    ("child-t-cwm-taf-morgannwg-2022", "plan-end", "death", 31, 60),
    # By one text the visit of 30 July was on the day before the death; others say July.
    ("child-t-cwm-taf-morgannwg-2022", "visit-last", "death", 1, 1),
    ("child-t-cwm-taf-morgannwg-2022", "visit-last", "found", 1, 1),
    # 16 August 2020 to 31 July 2021: a year less 16 days.
    ("child-t-cwm-taf-morgannwg-2022", "hospital-2020", "found", 349, 349),
    # 31 July 2021 to 24 November 2022: a year and 116 days.
    ("child-t-cwm-taf-morgannwg-2022", "found", "publication", 481, 481),
]
CODED = sorted({wait[0] for wait in WAITS})
#: The columns that name a row of a table; of every other one its id does.
NAMED_BY = {
    "coverage": ("source", "paragraph"),
    "details": ("row", "column", "item"),
    "readings": ("reading", "row", "column"),
}


@cache
def review(name: str) -> cc.Review:
    return real_review(name)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("wait", WAITS, ids=lambda wait: f"{wait[0]} {wait[1]} to {wait[2]}")
def test_a_wait_is_as_counted_by_hand(wait: tuple[str, str, str, int, int]) -> None:
    name, first, second, least, most = wait
    (found,) = cc.gaps(review(name), [(first, second)]).itertuples()
    assert (found.days_min, found.days_max) == (least, most)


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        # July 2012 to May 2013: 31 July to 1 May at least, 1 July to 31 May at most.
        ("child-polly-derbyshire-2017", 274, 334),
        # January to June 2021: 31 January to 1 June at least, 1 January to 30 June at most.
        ("child-t-cwm-taf-morgannwg-2022", 121, 180),
    ],
)
def test_a_plan_lasts_as_its_months_allow(name: str, least: int, most: int) -> None:
    ends = pd.DataFrame(
        {"from_event": ["plan"], "from_point": "start", "to_event": ["plan"], "to_point": "end"}
    )
    (found,) = cc.gaps(review(name), ends).itertuples()
    assert (found.days_min, found.days_max) == (least, most)


@pytest.mark.parametrize(
    ("name", "first", "step", "least", "most"),
    [
        # July 2008 to the emergency powers of July 2009, if no conference was held before.
        ("child-u-manchester-2013", "referral-first", "removal-2009; conferences", 0, 395),
        # Each came to a strategy discussion alone: the conference was set for after the death, and
        # no enquiries followed the meeting.
        ("child-x-dundee-2009", "call", "", None, None),
        ("child-ak-northamptonshire-2019", "referral-police", "", None, None),
        # The plan of July 2012; when the mother was found in the garage no text says.
        ("child-polly-derbyshire-2017", "garage", "plan", None, None),
        # Procedures were not begun in 2014, and no order followed that of October 2013.
        ("child-polly-derbyshire-2017", "injuries", "", None, None),
        # From 16 August 2020 to the register in January 2021; no text has a step after the burn.
        ("child-t-cwm-taf-morgannwg-2022", "referral-2020", "plan", 138, 168),
        ("child-t-cwm-taf-morgannwg-2022", "burn", "", None, None),
    ],
)
def test_the_next_protective_step_is_as_the_texts_have_it(
    name: str, first: str, step: str, least: int | None, most: int | None
) -> None:
    columns = ["next_step", "next_step_days_min", "next_step_days_max"]
    gaps = cc.response_gaps(review(name)).set_index("concern").loc[[first], columns]
    found = gaps.astype(object).where(gaps.notna(), None).drop_duplicates()
    steps = tuple(step.split("; ")) if step else ()
    assert found.to_numpy().tolist() == [[steps, least, most]]


def test_what_ended_a_plan_and_what_was_left_of_it_are_no_protective_step() -> None:
    child_e = real_review("child-e-example-2024")

    def after_the_warning(of: cc.Review) -> list[object]:
        gaps = cc.response_gaps(of).set_index("concern")
        return gaps.loc["grandmother-warns", ["next_step", "next_step_days_max"]].tolist()

    # From 17 May 2022 to 4 April 2023: 14 days of May, 214 from June to December, 94 of 2023.
    assert after_the_warning(child_e) == [("s47-2",), 322]
    # Without what the source ties together both are steps of kinds that protect, in mid-June.
    links = child_e.tables["links"].query("type != 'led-to'")
    untied = replace(child_e, tables={**child_e.tables, "links": links})
    assert after_the_warning(untied) == [("review-2", "cin-plan"), 34]


def test_taking_a_child_out_of_a_parents_care_is_a_protective_step_and_the_return_is_none() -> None:
    gaps = cc.response_gaps(review("child-polly-derbyshire-2017")).set_index("concern")
    assert "foster" in gaps.loc["partner-first", "next_step"]
    assert "return" not in {step for steps in gaps["next_step"] for step in steps}


def test_a_story_tells_its_first_concern_and_names_no_closure_that_none_was() -> None:
    # The referral tells of the injuries of 16 August 2020, and they are answered; the plan of
    # January 2021 came after them, and before the child came off it, which closed no case.
    child_t = review("child-t-cwm-taf-morgannwg-2022")
    chronicle, gaps = cc.chronicle(child_t), cc.response_gaps(child_t)
    told = cc.words.story.in_order(chronicle, gaps, cc.further_facts(child_t))
    # The photographs, which their source does not date, were taken about a year before the death.
    assert [row for point in told for row in point.rows][:3:2] == ["photographs", "injuries-2020"]
    waits = cc.words.waits.waits(gaps, cc.timescale_checks(child_t), chronicle)
    assert cc.words.story.timeline_title(chronicle, waits).startswith("Up to 15 days from")
    # The wait is drawn to the last day on which the plan can have begun, not to its end.
    drawn = cc.words.waits.on_timeline(waits, cc.timeline(child_t)).set_index("to_event")
    assert drawn.loc["plan", "latest"] == pd.Timestamp(2021, 1, 31)


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        # Seven agencies saw the mother, often with Child U.
        ("child-u-manchester-2013", {"contacts-all": "yes"}),
        # Police found Child Ak in October; no social worker saw Child Ak from then on.
        (
            "child-ak-northamptonshire-2019",
            {"raid": "yes", "no-visit": "no", "hospital-death": "yes"},
        ),
        # Nobody is examined or treated unseen.
        ("child-polly-derbyshire-2017", {"hospital-visits": "yes", "hospital-last": "yes"}),
        (
            "child-t-cwm-taf-morgannwg-2022",
            {"hospital-2020": "yes", "photographs": "yes", "visit-last": "no"},
        ),
        (
            "child-x-dundee-2009",
            {"visits": "yes", "visit-bed": "yes", "cut": "yes", "medical": "yes"},
        ),
    ],
)
def test_the_child_was_seen_where_the_texts_say_so(name: str, seen: dict[str, str]) -> None:
    told = cc.contacts(review(name)).set_index("contact")["seen"]
    assert told[told != "not said"].to_dict() == seen


@pytest.mark.parametrize("name", CODED)
def test_what_was_coded_without_the_report_says_that_it_was_not_read(name: str) -> None:
    coded = review(name)
    assert " about the review and not from the review" in coded.meta.notes
    said = basis_in_words(coded.tables["sources"].to_dict("records"))
    assert said.endswith("; the review itself was not read")


@pytest.mark.parametrize("name", CODED)
def test_every_row_rests_on_a_sentence_that_was_read(name: str) -> None:
    tables = review(name).tables
    places = tables["locators"]
    assert places["sentence"].ne("").all()
    assert places["digest"].ne("").all()
    for table in ("events", "findings", "views", "recommendations"):
        assert set(tables[table]["id"]) <= set(places["row"])


@pytest.mark.parametrize("name", CODED)
def test_every_row_was_held_against_its_source_by_a_second_reader(name: str) -> None:
    read = rows(READINGS / f"{name}.csv")
    assert {one["verdict"] for one in read} <= {"borne", "corrected", "left out"}
    assert all(one["why"] for one in read if one["verdict"] != "borne")
    there = {
        (path.stem, " ".join(row[key] for key in NAMED_BY.get(path.stem, ("id",)) if row[key]))
        for path in (ROOT / "data" / name).glob("*.csv")
        if path.stem != "sentences"
        for row in rows(path)
    }
    assert {(one["table"], one["row"]) for one in read if one["verdict"] != "left out"} == there


def test_what_two_texts_date_otherwise_can_be_read_by_either() -> None:
    """The five call-outs for Polly: from January 2014, or within three months of the death; the
    meeting over them was on 30 April."""
    for readings, most in ((), 119), (("call-outs-three-months",), 88):
        polly = cc.read_review(ROOT / "data" / "child-polly-derbyshire-2017", readings=readings)
        gaps = cc.response_gaps(polly).set_index(["concern", "answer"])
        assert gaps.loc[("call-outs", "marac"), ["days_min", "days_max"]].tolist() == [0, most]


def test_one_relative_called_and_is_named_as_what_she_was() -> None:
    calls = cc.response_gaps(review("child-x-dundee-2009")).set_index("concern")
    assert set(calls.loc[["call"], "by"]) == {("Mother's own mother",)}


@pytest.mark.parametrize(
    ("name", "concern", "answer"),
    [
        # One sentence has the violent partner and the foster care, in this order.
        ("child-polly-derbyshire-2017", "partner-first", "foster"),
        # The call-outs were over domestic abuse, on which such a conference is held.
        ("child-polly-derbyshire-2017", "call-outs", "marac"),
    ],
)
def test_what_answered_a_concern_by_our_reading_is_tied_as_judged(
    name: str, concern: str, answer: str
) -> None:
    gaps = cc.response_gaps(review(name)).set_index(["concern", "answer"])
    found = gaps.loc[(concern, answer), ["state", "coded_as"]].tolist()
    assert found == ["answered by a step", "judged"]


def test_a_court_alone_decides_on_its_order_and_can_have_heard_what_who_brought_it_held() -> None:
    polly = review("child-polly-derbyshire-2017")
    decided_by = cc.decisions(polly).set_index("decision")["decided_by"]
    known = cc.information_at_decision(polly).set_index(["decision", "matter"])
    for order in ("order-interim-supervision", "order-interim-care", "order-supervision"):
        assert decided_by[order] == ("Family court",)
        # No text says that the court was told of the garage, nor that it was not.
        garage = known.loc[(order, "garage")]
        assert garage["reached"] == "possibly known"
        assert garage["certain_with"] == ("Derbyshire children's services",)


def test_who_discharged_a_child_is_not_said_to_have_decided_where_it_was_to_go() -> None:
    haringey = review("child-a-haringey-2008")
    decided_by = cc.decisions(haringey).set_index("decision")["decided_by"]
    assert decided_by["discharge"] == ("somebody not named",)
    parts = cc.involvement(haringey).set_index(["event", "agency"])["part"]
    assert parts["discharge", "hospital"] == "held or provided"


def test_a_worry_that_led_to_a_medical_is_not_told_as_without_anything_after_it() -> None:
    """The health visitors worried about the way of walking, over which a doctor saw Child X."""
    gaps = cc.response_gaps(review("child-x-dundee-2009")).set_index("concern")
    assert gaps.loc["scab", "state"] == "followed, not said to answer it"
    assert gaps.loc["scab", "answer_summary"].startswith("Child X is examined by a doctor")


def test_a_concern_with_an_outcome_of_its_own_is_not_told_as_without_anything_after_it() -> None:
    """Polly's mother was moved from the garage into supported housing, says the row itself."""
    gaps = cc.response_gaps(review("child-polly-derbyshire-2017")).set_index("concern")
    found = gaps.loc["garage", ["answer", "answer_summary", "state"]].tolist()
    assert found == ["", "moved into supported housing", "followed, not said to answer it"]


def test_what_was_seen_in_the_days_before_a_death_is_on_no_record_a_year_earlier() -> None:
    """Of Polly's mother, two concerns can stand before the orders: the garage and her partner."""
    before = cc.concerns_before_decisions(review("child-polly-derbyshire-2017"))
    before = before.set_index("decision")["concerns_max"]
    assert before["order-interim-supervision"] == before["order-supervision"] == 2


def test_what_is_told_to_have_come_after_a_decision_does_not_stand_before_it() -> None:
    """Each time Child U was back, the mother undressed her: after the decision to return her, be it
    on the same day. By the second return she had done so once."""
    child_u = review("child-u-manchester-2013")
    reached = cc.information_at_decision(child_u)
    at_decisions = {*zip(reached["decision"], reached["matter"], strict=True)}
    assert ("return-2009", "stripping") not in at_decisions
    assert ("return-2010", "stripping") in at_decisions
    before = cc.concerns_before_decisions(child_u).set_index("decision")["possible"]
    assert "stripping" not in before["return-2009"]
    assert "stripping" in before["return-2010"]
