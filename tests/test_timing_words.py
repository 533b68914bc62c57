from __future__ import annotations

from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from a_timed_review import EVENTS, nothing, review
from casechron.analysis import national, run_up
from casechron.analysis.timescales import timescale_checks
from casechron.analysis.timing import LEARNED_LATER, response_gaps
from casechron.chronology import attempt
from casechron.coding.reviews import read_review
from casechron.reporting import day_spans, timescale_words
from casechron.reporting import timing_alts as alts
from casechron.reporting import timing_words as words

DATA = Path(__file__).parents[1] / "data"
CLASH = [{"id": "r", "type": "before", "from_event": "admission", "to_event": "referral"}]
EVENTS_TABLE = review()["events"]
NOTHING_HOLDS = (
    "The dates cannot all hold together as they are read here: no chronology is admissible, so no"
    " wait is counted."
)


def made(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    chronology = attempt(tables["events"], tables["relations"], locators=tables["locators"])
    checks = timescale_checks(tables, chronology, "England")
    return {
        "gaps": response_gaps(tables, chronology, "England"),
        "decisions": run_up.concerns_before_decisions(tables, chronology),
        "first": run_up.first_concern_to_first_step(tables, chronology, "England"),
        "closures": run_up.closures_and_next_concern(tables, chronology),
        "steps": run_up.steps_before_harm(tables, chronology, "England"),
        "said": run_up.said_before_harm(tables, chronology, months=3),
        "checks": checks,
        "national": national.conferences_beside_national(checks),
    }


@cache
def worked() -> dict[str, pd.DataFrame]:
    return made(review())


@cache
def clashing() -> dict[str, pd.DataFrame]:
    return made(review(relations=CLASH))


@cache
def empty_tables() -> dict[str, pd.DataFrame]:
    return made(nothing())


def one_event_gap(first: str, second: str, basis: str = "stated") -> list[str]:
    events = [
        {"id": "a", "date": first, "kind": "referral", "summary": "A"},
        {"id": "b", "date": second, "kind": "visit", "summary": "B"},
    ]
    links = [{"id": "l", "type": "answers", "from_row": "b", "to_row": "a", "basis": basis}]
    relations = [{"id": "r", "type": "not-after", "from_event": "a", "to_event": "b"}]
    tables = review(
        events=events, links=links, relations=relations, participation=[], involvement=[]
    )
    return words.response_gaps_in_words(
        response_gaps(tables, attempt(tables["events"], tables["relations"]), "England")
    )


@pytest.mark.parametrize(
    ("least", "most", "unit", "said"),
    [
        (0, 0, "day", "0 days"),
        (1, 1, "day", "1 day"),
        (2, 2, "working day", "2 working days"),
        (0, 1, "day", "0 to 1 days"),
        (15, 27, "working day", "15 to 27 working days"),
        (1329, 1733, "day", "1,329 to 1,733 days"),
        (1, None, "day", "at least 1 day; the source gives no upper limit"),
        (0, None, "day", "at least 0 days; the source gives no upper limit"),
        (None, 7, "day", "at most 7 days; the source gives no lower limit"),
        (None, None, "working day", "a number of working days that the source does not give"),
        (-1, -1, "day", "1 day earlier"),
        (-3, 0, "day", "3 days earlier to 0 days later"),
        (-3, -1, "day", "1 to 3 days earlier"),
        (-2000, -1000, "day", "1,000 to 2,000 days earlier"),
        # No more than so much earlier, and no less: the bound that is there is said, and the side
        # that is open.
        (-2, None, "day", "at most 2 days earlier; the source gives no limit to how much later"),
        (None, -2, "day", "at least 2 days earlier; the source gives no limit to how much"),
        (pd.NA, 4, "day", "at most 4 days; the source gives no lower limit"),
    ],
)
def test_spans_at_every_boundary(least: object, most: object, unit: str, said: str) -> None:
    assert day_spans.span_words(least, most, unit) == said


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("2018-03-05", "2018-03-05", "“B” came on the same day as “A”."),
        ("2018-03-05", "2018-03-06", "From “A” to “B”: 1 day (1 working day)."),
        ("2018-03-05", "2018-03-19", "From “A” to “B”: 14 days (10 working days)."),
        (
            "2018-03-05",
            "[2018-03-06..2018-03-08]",
            "From “A” to “B”: 1 to 3 days (1 to 3 working days).",
        ),
        (
            "2018-03-05",
            "[2018-03-06..]",
            "From “A” to “B”: at least 1 day; the source gives no upper limit.",
        ),
        (
            "2018-03-05",
            "",
            (
                "For 1 answer the source gives only an order: it did not come before its concern,"
                " but how long it took cannot be said."
            ),
        ),
    ],
)
def test_a_wait_in_words_at_every_boundary(first: str, second: str, said: str) -> None:
    assert one_event_gap(first, second) == [
        "1 row of concern stands on its own: 1 answered by a step.",
        said,
    ]


@pytest.mark.parametrize(
    ("basis", "wait", "order"),
    [
        ("stated", "", ""),
        (
            "derived",
            " That the one answers the other is derived by the coder.",
            " 1 of these ties is the coder's own.",
        ),
        (
            "judged",
            " That the one answers the other is the coder's judgement.",
            " 1 of these ties is the coder's own.",
        ),
    ],
)
def test_an_answer_that_the_coder_tied_to_a_concern_is_said_to_be(
    basis: str, wait: str, order: str
) -> None:
    assert (
        one_event_gap("2018-03-05", "2018-03-19", basis)[1]
        == f"From “A” to “B”: 14 days (10 working days).{wait}"
    )
    assert (
        one_event_gap("2018-03-05", "2018-03-05", basis)[1]
        == f"“B” came on the same day as “A”.{wait}"
    )
    assert (
        one_event_gap("2018-03-05", "", basis)[1]
        == "For 1 answer the source gives only an order: it did not come before its concern, but"
        f" how long it took cannot be said.{order}"
    )


def test_the_hand_worked_review_in_words() -> None:
    tables = worked()
    assert words.response_gaps_in_words(tables["gaps"]) == [
        (
            "5 rows of concern stand on their own: 1 answered by a step, 1 closed or left, with no"
            " step on record, 1 with an answer that the source calls insufficient, 1 for which the"
            " source says, more or less firmly, that a step was missing and 1 to which the source"
            " records no answer."
        ),
        (
            "1 further row is told or counted in another row, or belongs to the end of the account,"
            " and is not counted again."
        ),
        (
            "From “A school refers” to “An assessment ends”: 14 days (10 working days); guidance"
            " sets 45 working days (assessment) for this, kept in 1 of 1 date pairs."
        ),
        (
            "To “The police notify” no answer is on record; what the source says of the missing"
            " step: no evidence found. To the next protective step on record (“A conference; A"
            " plan”): 16 to 21 days. That the step was to answer this concern is derived by the"
            " coder."
        ),
        (
            "Nothing is recorded in answer to 1 concern. That does not say that nothing was done:"
            " the source gives no end to the wait."
        ),
        (
            "The source calls the answer to “The plan is broken” insufficient, and gives no day"
            " for it."
        ),
    ]
    assert words.decisions_in_words(tables["decisions"]) == [
        "Before “Nothing more is done” at least 1 concern was on record.",
        "Before “A strategy discussion” at least 3 concerns were on record.",
        "Before “A conference” at least 4 concerns were on record.",
    ]
    assert words.first_step_in_words(tables["first"]) == [
        (
            "Protective steps are, in the words of the codebook: section 47 enquiries, initial"
            " child protection conference, review conference, transfer conference, core group"
            " meeting, child protection plan, child in need plan, safety or risk planning and"
            " out-of-hours response."
        ),
        (
            "From the first concern recorded to the first protective step on record: at least 107"
            " days; the source gives no upper limit."
        ),
        (
            "From the first concern recorded as passed on to an agency to the first protective step"
            " on record: 107 to 112 days."
        ),
        (
            "These days lie between two rows of this record. A concern or a step that the source"
            " does not mention can have come before either, so neither the least nor the most is a"
            " bound on anything beyond the record."
        ),
    ]
    assert words.closures_in_words(tables["closures"]) == ["No closure is coded."]
    assert (
        words.steps_in_words(tables["steps"], EVENTS_TABLE)[0]
        == "From “A conference” to “X is admitted”: 57 to 72 days."
    )
    assert words.said_before_in_words(tables["said"], 3) == [
        "Of the rows of concern or telling, 3 certainly lie in the 3 months before the end of the"
        " account, 1 possibly does and for 1 the source gives no day that could tell."
    ]


@pytest.mark.parametrize(
    ("within", "said"),
    [
        (["certain"], "1 certainly lies in the month before the end of the account."),
        (["possible"], "1 possibly lies in the month before the end of the account."),
        (
            ["not dated"],
            (
                "for 1 the source gives no day that could tell whether it lies in the month before"
                " the end of the account."
            ),
        ),
        (
            ["certain", "possible", "possible"],
            "1 certainly lies in the month before the end of the account and 2 possibly do.",
        ),
    ],
)
def test_what_was_said_before_at_every_boundary(within: list[str], said: str) -> None:
    table = pd.DataFrame({"known_at_the_time": "yes", "within": within})
    said = f"Of the rows of concern or telling, {said}"
    assert words.said_before_in_words(table, 1) == [said]
    table = pd.concat(
        [
            table,
            pd.DataFrame({"known_at_the_time": ["told to the review only"], "within": ["certain"]}),
        ]
    )
    assert words.said_before_in_words(table, 1) == [
        said,
        "1 row of the table was learned of only afterwards, or not recorded with any agency.",
    ]


def learned_later(*concerns: str) -> pd.DataFrame:
    """The waits of the review, with what nobody is recorded as having known of at the time."""
    gaps = worked()["gaps"].copy()
    gaps.loc[gaps["concern"].isin(concerns), "state"] = LEARNED_LATER
    return gaps


def test_concerns_that_were_learned_of_only_afterwards_stand_apart() -> None:
    said = words.response_gaps_in_words(learned_later("notification"))
    assert said[0].startswith(
        "4 rows of concern stand on their own: 1 answered by a step, 1 closed or left, "
    )
    assert (
        said[2]
        == "No agency is recorded as having known of 1 more concern at the time, so no wait is"
        " counted for it: “The police notify”."
    )
    assert not any("To “The police notify”" in sentence for sentence in said)
    said = words.response_gaps_in_words(learned_later(*worked()["gaps"]["concern"]))
    assert said[0] == "No row of concern stands on its own."


def test_timescales_in_words() -> None:
    said = timescale_words.timescales_in_words(worked()["checks"], EVENTS_TABLE)
    assert (
        said[0]
        == "Assessment, 45 working days (Working Together 2015): met; it took 10 working days; met"
        " too when day 1 is counted the other way; no text on the edition was seen to confirm the"
        " limit."
    )
    assert (
        "Initial child protection conference: undetermined from this source. To settle it, one"
        " would have to know the day of the initial child protection conference and, were it late,"
        " whether another initial child protection conference, which is not coded, came first."
        in said
    )
    assert (
        "First review conference (3 months after “A conference”): it was due between 20 and 25"
        " September 2018, and the account ends before that, with “X is admitted”." in said
    )
    assert (
        said[-1]
        == "These limits are maxima in guidance, not targets; a step that the source does not"
        " mention may have been taken."
    )
    events = [row | {"date": "2018-06-22"} if row["id"] == "conference" else row for row in EVENTS]
    tables = review(events=events)
    checks = timescale_checks(tables, attempt(tables["events"], tables["relations"]), "England")
    assert (
        "Initial child protection conference, 15 working days (Working Together 2015): met; it came"
        " after 15 working days; counted the other way it would be undetermined; the limit is taken"
        " from texts on the edition."
        in timescale_words.timescales_in_words(checks, tables["events"])
    )


def test_child_w_and_child_a_in_words() -> None:
    w, a = (
        read_review(DATA / name) for name in ("child-w-manchester-2020", "child-a-haringey-2008")
    )
    checks = {
        name: timescale_checks(tables, attempt(tables["events"], tables["relations"]), "England")
        for name, tables in (("w", w), ("a", a))
    }
    said = timescale_words.timescales_in_words(checks["w"], w["events"])
    clock = said.index(
        "Initial child protection conference: undetermined from this source. To settle it, one"
        " would have to know the day of the strategy discussion at which section 47 enquiries were"
        " initiated."
    )
    assert said[clock + 1] == (
        "Initial child protection conference could be met only if that day was on or after a day"
        " between 31 August and 7 September 2018, for a step on its first and on its last possible"
        " day."
    )
    assert (
        said[clock + 2]
        == "What is on record nearest to the start of this clock is “Section 47 enquiries begin,"
        " only after the August incident”; from there to “Initial child protection conference”:"
        " 0 to 27 working days. This is background; it does not test the limit."
    )
    assert (
        timescale_words.timescales_in_words(checks["a"], a["events"])[0]
        == "Initial child protection conference, 15 working days (Working Together 2006): met; it"
        " came after 8 working days; met too when day 1 is counted the other way; no text on"
        " the edition was seen to confirm the limit."
    )
    beside = timescale_words.national_in_words(
        national.conferences_beside_national(checks["w"]), w["events"]
    )
    assert (
        beside[0]
        == "The interval from section 47 enquiries to “Initial child protection conference”, as far"
        " as recorded: 0 to 27 working days."
    )
    assert (
        beside[1]
        == "England, all conferences in 2023, 5 years after this review's conference: half took 14"
        " working days or fewer, a quarter 13 or fewer, three quarters 15 or fewer."
    )
    assert (
        beside[-1]
        == "The national figures are context only: they run from the start of section 47 enquiries,"
        " are of later years and say nothing of one conference."
    )


@pytest.mark.parametrize(
    ("title", "verdict", "least", "most", "end", "said"),
    [
        ("Assessment", "met", 0, 42, "e", "took at most 42 working days"),
        ("Assessment", "met", None, 1, "e", "took at most 1 working day"),
        ("Later review conference", "not met", 20, 30, "e", "came after at least 20 working days"),
        ("Later review conference", "not met", 20, 20, "e", "came after 20 working days"),
        (
            "Assessment",
            "not met",
            None,
            None,
            "",
            "did not take place, as the source says outright",
        ),
    ],
)
def test_only_the_side_that_bears_on_the_verdict_is_told(
    title: str, verdict: str, least: int | None, most: int | None, end: str, said: str
) -> None:
    row = SimpleNamespace(
        title=title,
        verdict=verdict,
        end=end,
        limit="15 working days",
        working_days_min=least,
        working_days_max=most,
    )
    assert timescale_words.taken_words(row) == said


@pytest.mark.parametrize(
    ("least", "most", "said"),
    [
        (
            1,
            60,
            (
                "After “Closed” the next concern on record came 1 to 60 days later, with “A call”"
                " if not before."
            ),
        ),
        (
            3,
            3,
            (
                "After “Closed” the next concern on record came 3 days later, with “A call” if not"
                " before."
            ),
        ),
        (
            3,
            None,
            (
                "From “Closed” to the next concern on record: at least 3 days; the source gives no"
                " upper limit. It came with “A call” if not before."
            ),
        ),
    ],
)
def test_the_concern_after_a_closure(least: int, most: int | None, said: str) -> None:
    row = {
        "summary": "Closed",
        "next_concern": "c",
        "next_summary": "A call",
        "can_come_first": "",
        "known": "between",
        "days_min": least,
        "days_max": most,
    }
    assert words.closures_in_words(pd.DataFrame([row])) == [said]


def test_steps_after_the_injury_are_said_by_pairs_of_dates() -> None:
    row = {
        "step": "conference",
        "kind": "K",
        "to_event": "admission",
        "to_kind": "K",
        "known": "between",
        "days_min": -91,
        "days_max": 88,
        "step_first": "2,829 of 5,740 date pairs",
    }
    assert words.steps_in_words(pd.DataFrame([row]), EVENTS_TABLE) == [
        "From “A conference” to “X is admitted”: 91 days earlier to 88 days later. In 2,829 of the"
        " 5,740 possible pairs of dates the step came first or on the same day."
    ]


SPEAK = {
    "gaps": words.response_gaps_in_words,
    "decisions": words.decisions_in_words,
    "first": words.first_step_in_words,
    "closures": words.closures_in_words,
    "steps": lambda table: words.steps_in_words(table, EVENTS_TABLE),
    "checks": lambda table: timescale_words.timescales_in_words(table, EVENTS_TABLE),
}


@pytest.mark.parametrize("name", SPEAK)
def test_contradictions_and_empty_tables_are_said(name: str) -> None:
    clash = clashing()
    said = SPEAK[name](clash[name])
    assert (NOTHING_HOLDS if name != "closures" else "No closure is coded.") in said
    empty = SPEAK[name](empty_tables()[name])
    assert empty
    assert all(sentence.endswith(".") for sentence in empty)


def test_said_before_where_nothing_holds_or_nothing_was_said() -> None:
    assert words.said_before_in_words(clashing()["said"], 3) == [NOTHING_HOLDS]
    assert words.said_before_in_words(empty_tables()["said"], 1) == [
        "Nothing that is coded was said in the month before the end of the account."
    ]


ALTS = {
    "gaps": alts.alt_response_gaps,
    "decisions": alts.alt_concerns_before_decisions,
    "checks": alts.alt_timescale_checks,
}


@pytest.mark.parametrize("name", ALTS)
def test_alt_texts_are_made_from_their_tables(name: str) -> None:
    full, empty = ALTS[name](worked()[name]), ALTS[name](empty_tables()[name])
    assert full != empty
    assert empty.startswith("No ")
    assert full.endswith(".")


def test_alt_of_the_waits_names_each_and_ranks_none() -> None:
    assert (
        alts.alt_response_gaps(worked()["gaps"])
        == "A row for each of 6 pairs of concern and answer, on a scale of days. 1 answered wait"
        " with days: from “A school refers” to “An assessment ends”, 14 days. 1 row with only an"
        " order; no rows without an answer, open to the right."
    )
