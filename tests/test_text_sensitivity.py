"""Do the sentences on what another choice changes say what their tables say, and no more?"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

import casechron as cc
from casechron.report.draw.timeline import drawn
from casechron.report.text import sensitivity as words
from casechron.report.text.waits import on_timeline, waits
from casechron.review import Review
from page_texts import texts
from real_reviews import real_review

DATA = Path(__file__).parent.parent / "data"


def choices(review: Review) -> pd.DataFrame:
    return words.choices(cc.changes_by_choice(review), cc.policies_tried(review))


def test_what_is_counted_is_what_changes(example: Review) -> None:
    found, changes = choices(example), cc.changes_by_choice(example)
    assert found[["total", "not_asked"]].to_numpy().sum() == len(changes)
    assert found["total"].is_monotonic_decreasing
    for row in found.to_dict("records"):
        own = changes[changes["choice"] == row["choice"]]
        gone = own["value_then"] == "not on record"
        assert row["not_asked"] == gone.sum()
        own = own[~gone]
        assert row["total"] == len(own)
        assert row["verdicts"] == own["about"].isin(["timescale", "re-referral"]).sum()
        assert row["on_record"] == own["about"].eq("concerns on record").sum()
        assert row["known"] == own["about"].eq("known at a decision").sum()
        assert row["waits"] == row["total"] - sum(
            row[name] for name in ("verdicts", "on_record", "known")
        )


def test_every_sort_of_number_has_its_column(example: Review, child_a: Review) -> None:
    for review in (example, child_a):
        assert {*cc.sensitivity(review)["about"]} <= {*words.SORTS}


def test_the_finding_counts_what_holds(example: Review) -> None:
    numbers, changes = cc.sensitivity(example), cc.changes_by_choice(example)
    points = texts(words.key_points(numbers, choices(example)))
    settled = numbers[~numbers["open"]]
    changed = {*zip(changes["about"], changes["name"], strict=True)}
    held = [
        one for one in zip(settled["about"], settled["name"], strict=True) if one not in changed
    ]
    assert 0 < len(held) < len(settled)
    assert points[:2] == [
        f"{len(held)} of {len(settled)} numbers and verdicts hold under every other choice, one at"
        " a time, that leaves no contradiction.",
        "Counted are those that are settled, change or are no longer asked; those that hold: 5"
        " waits and 5 counts of what was known at a decision.",
    ]
    # To the day not all statements of this review hold, and of no number it is known what it were.
    assert {*numbers["no_chronology_under"].explode()} >= {"duration_slack = none"}
    assert len(held) == 5 + 5
    assert points[2:] == [
        "Leaving out every order that only the coder judged changes 1 wait, 3 counts of"
        " concerns on record and 3 counts of what was known at a decision.",
        "Leaving out that “A teacher worries about X's clothing” comes no later than “The case is"
        " closed” changes 1 wait, 3 counts of concerns on record and 3 counts of what was known at"
        " a decision.",
        "Reading that 'late' begins with day 16 of a month and month 7 of a year changes 2 waits.",
    ]


def test_no_wait_is_counted_where_nobody_is_known_to_have_waited() -> None:
    """Of Polly no concern is dated with its answer but the call-outs, as judged: without that tie
    there is no wait. That one thing changes what is otherwise open is counted among what
    changes."""
    polly = real_review("child-polly-derbyshire-2017")
    numbers, found = cc.sensitivity(polly), choices(polly)
    points = texts(words.key_points(numbers, found))
    assert points[0].startswith("11 of 14 numbers and verdicts hold ")
    assert points[1].endswith(
        "that hold: 5 counts of concerns on record and 6 counts of what was known at a decision."
    )
    assert found[["total", "not_asked"]].to_numpy().tolist() == [[2, 0], [0, 1]]
    drawn = waits(cc.response_gaps(polly), cc.timescale_checks(polly), cc.chronicle(polly))
    changes, tried = cc.changes_by_choice(polly), cc.policies_tried(polly)
    # From 1 January, or from the day of the conference, to 30 April 2014.
    (otherwise,) = texts(words.wait_points(drawn, changes, tried))
    assert ": 0 to 119 days. Leaving out that" in otherwise
    assert otherwise.endswith(": not on record.")
    assert texts(words.wait_points(drawn[:0], changes, tried)) == [
        "No wait has both a least and a most."
    ]


def test_what_is_asked_no_more_is_not_said_to_change() -> None:
    """Without the judged tie of the enquiries to the call there is no such wait; the limit on a
    decision is undetermined either way, though other steps can have ended its clock then. Without
    that of the discussion two decisions (`strategy-2`, `police-end`) have another count each of
    what was with another agency and with one that can be the same."""
    child_e = real_review("child-e-example-2024")
    found = choices(child_e)
    rows = found.set_index("choice")[["total", "not_asked"]]
    assert rows.loc["lk-answers-s47-1-grandmother-call left out"].tolist() == [0, 1]
    assert rows.loc["lk-answers-strategy-1-grandmother-call left out"].tolist() == [4, 1]
    told = words.choices_alt(found)
    assert (
        "Leaving out that “Enquiries under section 47 begin” answers “Grandmother telephones"
        " Quillbeck about Mother's drinking and the children left alone” leaves 1 number"
        " unasked."
    ) in told
    assert (
        "and the children left alone” changes 4 counts of what was known at a decision and"
        " leaves 1 number unasked."
    ) in told


def test_what_comes_next_stays_so_where_it_is_no_answer() -> None:
    """The call is of 21 to 31 August, the enquiries of 1 September: with 'late' from the 16th, 1 to
    16 days. That they answer it is judged; as what came next they stay without that, as its answer
    they go."""
    child_e = real_review("child-e-example-2024")
    drawn = waits(cc.response_gaps(child_e), cc.timescale_checks(child_e), cc.chronicle(child_e))
    changes, tried = cc.changes_by_choice(child_e), cc.policies_tried(child_e)
    (told,) = (
        point.text
        for point in words.wait_points(drawn, changes, tried)
        if point.rows == ("grandmother-call", "s47-1")
    )
    assert told.endswith(
        " to section 47 enquiries (its answer as judged): 1 to 11 days. Reading that 'late'"
        " begins with day 16 of a month and month 7 of a year: 1 to 16 days. Leaving out that"
        " “Enquiries under section 47 begin” answers “Grandmother telephones Quillbeck about"
        " Mother's drinking and the children left alone”: not on record as its answer."
    )


def test_a_wait_that_a_choice_makes_narrower_is_not_said_to_stay_the_same() -> None:
    """The referral is of July 2008, the removal of July 2009: 335 to 395 days apart. Conferences
    held from July 2008 can have come first, but not by the reading that they were of another kind:
    it allows no other days, and fewer of the same."""
    given = real_review("child-u-manchester-2013")
    other = cc.read_review(DATA / "child-u-manchester-2013", readings=["conferences-other"])
    gaps = cc.response_gaps(other).set_index("concern")
    days = gaps.loc[["referral-first"], ["next_step_days_min", "next_step_days_max"]]
    assert days.to_numpy().tolist() == [[335, 395]]
    drawn = waits(cc.response_gaps(given), cc.timescale_checks(given), cc.chronicle(given))
    point, _ = words.wait_points(drawn, cc.changes_by_choice(given), cc.policies_tried(given))
    assert point.text == (
        "From the referral in July 2008 to the next protective step: 0 to 395 days; nothing that"
        " was tried allows fewer or more."
    )
    assert point.rows == ("referral-first", "removal-2009", "conferences")


def test_each_wait_is_told_with_what_each_choice_makes_of_it(example: Review) -> None:
    drawn = waits(cc.response_gaps(example), cc.timescale_checks(example), cc.chronicle(example))
    changes, tried = cc.changes_by_choice(example), cc.policies_tried(example)
    points = words.wait_points(drawn, changes, tried)
    assert [point.rows for point in points] == [
        *zip(drawn["event"], drawn["to_event"], strict=True)
    ]
    said = texts(points)
    assert said[0] == (
        "From the notification by X's school in September 2014 to the child protection plan: 20 to"
        " 28 days; nothing that was tried allows fewer or more."
    )
    assert said[3] == (
        "From the notification by X's school in September 2014 to the initial child protection"
        " conference (its answer as judged): 20 to 28 days. Leaving out that “A conference is held"
        " on X” answers “The school tells of the bruise”: not on record."
    )


def test_what_cannot_hold_to_the_day_is_told_with_what_lets_it(
    example: Review, child_a: Review
) -> None:
    def told(review: Review) -> list[str]:
        exact = cc.read_review(review.folder, duration_slack="none")
        conflicts, ways, tried = (
            cc.contradictions(exact),
            cc.dissolved_by(exact),
            cc.policies_tried(review),
        )
        return texts(words.contradiction_points(conflicts, ways, tried))

    assert told(child_a) == [
        "With each length of time taken to the day, all statements hold together."
    ]
    conflict, ways, reading = told(example)
    assert conflict == (
        "Taken to the day, these cannot all hold: “X is injured” is on 12 January 2015 at the"
        " latest, ‘three months later’ and “A conference is held on X” is on 20 October 2014 at the"
        " earliest; 89 days are needed, and 84 are possible."
    )
    assert ways.startswith("Each of these alone lets all statements hold: A rounded duration may")
    assert reading.startswith("Under another reading not all statements can hold: ")
    # 12 January is 84 days after 20 October; three months of the calendar at least 89.
    assert (pd.Timestamp("2015-01-12") - pd.Timestamp("2014-10-20")).days == 84


def test_a_step_of_a_contradiction_is_told_whole_without_what_follows_of_it() -> None:
    conflicts = pd.DataFrame(
        {
            "conflict": [1] * 3,
            "says": [
                "“Visit: no reply” is on 1 March 2018 at the latest",
                "“A call: urgent” is at most 2 days after “Visit: no reply”: on 3 March 2018 at the"
                " latest",
                "“A call: urgent” is on 5 March 2018 at the earliest: 2 days too late",
            ],
            "words": "",
            "days_needed": None,
            "table": "events",
            "row": ["visit", "call", "call"],
        }
    )
    none = pd.DataFrame(columns=["conflict", "all_hold", "meaning", "alternative"])
    assert texts(words.contradiction_points(conflicts, none, none)) == [
        "Taken to the day, these cannot all hold: “Visit: no reply” is on 1 March 2018 at the"
        " latest, “A call: urgent” is at most 2 days after “Visit: no reply” and “A call: urgent”"
        " is on 5 March 2018 at the earliest."
    ]


def test_the_chart_is_titled_and_told_by_what_changes_most(example: Review) -> None:
    found = choices(example)
    assert words.choices_title(found) == (
        "Leaving out every order that only the coder judged changes 1 wait, 3 counts of"
        " concerns on record and 3 counts of what was known at a decision"
    )
    told = words.choices_alt(found)
    assert told.count(" changes ") + told.count("” leaves ") == len(found)
    many = pd.concat([found] * 5, ignore_index=True)
    assert words.choices_note(found).endswith("are then no longer asked.")
    assert (
        f"{len(many) - words.CHOICES_DRAWN} more that change as many or fewer"
        in words.choices_note(many)
    )


def test_nothing_tried_and_nothing_settled_say_so(child_a: Review) -> None:
    found = words.choices(cc.changes_by_choice(child_a).iloc[:0], cc.policies_tried(child_a))
    assert words.choices_title(found) == "Nothing that was tried changes a number"
    assert words.choices_alt(found) == "No choice is drawn."
    assert texts(words.key_points(cc.sensitivity(child_a).iloc[:0], found)) == [
        "The source settles no number here, so nothing can change."
    ]


def test_numbers_are_named_in_words_and_not_by_ids() -> None:
    chronicle = pd.DataFrame({"event": ["call", "visit-2"], "summary": ["A call", "A visit"]})
    tried = pd.DataFrame(
        {
            "alternative": ["reading: at-once", "rl-1 left out", "late_from = 16"],
            "meaning": [
                "It can be at once; or not",
                "“A” is at most 14 days after “B” [at-most P2W] (judged, 2)",
                "late is on",
            ],
        }
    )
    numbers = pd.DataFrame(
        {
            "about": ["timescale", "known at a decision", "concerns on record"],
            "name": ["Assessment (call)", "visit-2: with somebody", "call"],
            "value": ["met", "2", "at least -7 days"],
            "flipped_by": [
                ("none",),
                ("late_from = 16", "reading: at-once", "alleged events left out"),
                ("none",),
            ],
            "leans_on": [("rl-1",), ("none",), ("none",)],
        }
    )
    assert words.in_words(numbers, chronicle, tried).to_dict("list") == {
        "about": numbers["about"].tolist(),
        "value": ["met", "2", "at least -7 days (below 0: the step came first)"],
        "what": [
            "Assessment: “A call”",
            "“A visit”: with somebody",
            "“A call”",
        ],
        "changed_by": [
            "",
            "Reading that late is on; Another reading (at once: It can be at once); 1 more",
            "",
        ],
        "rests_on": ["Leaving out that “A” is at most 14 days after “B”", "", ""],
    }


@pytest.mark.parametrize("review", ["child_a", "example"])
def test_no_id_is_left_in_the_numbers_of_a_review(
    review: str, request: pytest.FixtureRequest
) -> None:
    read: Review = request.getfixturevalue(review)
    found = words.in_words(cc.sensitivity(read), cc.chronicle(read), cc.policies_tried(read))
    ids = [one for one in read.tables["events"]["id"] if "-" in one]
    said = " ".join(found[["what", "changed_by", "rests_on"]].to_numpy().ravel())
    assert ids
    assert [one for one in ids if re.search(rf"(?<![\w-]){re.escape(one)}(?![\w-])", said)] == []


def test_a_page_says_where_it_shows_a_part_of_what_it_speaks_of() -> None:
    """The timeline of Child W lacks the child protection plan, and more waits change under one
    choice than are drawn."""
    review = real_review("child-w-manchester-2020")
    drawn_waits = waits(cc.response_gaps(review), cc.timescale_checks(review), cc.chronicle(review))
    events = cc.timeline(review)
    shown = {row["event"] for row in drawn(events, on_timeline(drawn_waits, events))}
    assert "plan" in set(events["event"]) - shown
    assert choices(review)["waits"].max() > len(drawn_waits)
    story, sure = (
        (DATA.parent / "notebooks" / f"{name}.ipynb").read_text("utf-8")
        for name in ("02_chronology", "07_sensitivity")
    )
    assert "The chart can leave events out; the table has all." in story
    assert "The waits in the chart of [Waits](03_timing.ipynb)" in sure
    # What each choice changes stands in the chart: a table beside it left out one sort of number.
    assert '"cc.show.keep(choices, ' in sure
    assert "has [all choices](tables/choices.html)" in sure


def test_nothing_behind_a_rule_runs_into_what_it_changes() -> None:
    told = words.choices_alt(choices(real_review("child-e-example-2024")))
    assert (
        " shorter or longer (a fortnight is 7 to 21 days, two months 31 to 91 days) changes "
        in told
    )
    assert " is working day 1, if it is a working day, changes " in told
