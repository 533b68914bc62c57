"""Is what happened told in a few lines, in order of time, with the dates of the source and nothing
finer?"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from an_invented_review import Tables, invented, no_rows, rows
from casechron.chronology import attempt
from casechron.coding.policy import DatingPolicy
from casechron.coding.reviews import read_review
from casechron.reporting.story_words import what_happened

ROOT = Path(__file__).parents[1]
REVIEWS = sorted(path.parent for path in (ROOT / "data").glob("*/review.toml"))


def told(tables: Tables, policy: DatingPolicy | None = None) -> list[str]:
    policy = policy or DatingPolicy()
    return what_happened(tables, attempt(tables["events"], tables["relations"], policy))


def test_the_invented_review_is_told_by_its_turning_points() -> None:
    assert told(invented()) == [
        (
            "Between January and February 2019 (the first concern here that has a date): F says"
            " that M scratched him (alleged)."
        ),
        "On 10 April 2019: The police pass on what M said.",
        "On 30 April 2019: The case is closed.",
        "On 6 May 2019: A teacher sees a bruise on K (answer missing, says the review).",
        "On 3 June 2019: A first conference is held on K; K is placed on a plan.",
        "On 20 June 2019: K suffers a broken arm.",
        "On 1 February 2020: F is sentenced.",
    ]
    assert told(no_rows()) == []


def test_what_has_no_date_is_told_by_when_it_had_happened_and_after_what_led_to_it() -> None:
    tables = no_rows() | {
        "events": rows(
            "events",
            "row|late 2018-10|||violence||||A quarrel|stated",
            "breach||||plan-breach||||The plan is broken|stated",
            "blow||||harm-to-child||||K is hit|stated",
            "ward|2018-11|||admission||||K goes to hospital|stated",
            "after||||plea||||F pleads guilty|stated",
            "missing|2018-10|||icpc|||did-not-happen|No conference|stated",
        ),
        "relations": rows(
            "relations",
            "r1|same-day|row||breach",
            "r2|not-after|blow||ward",
            "r3|not-after|ward||after",
        ),
        "links": rows("links", "l1|led-to|row|breach"),
        "participation": rows("participation", "p1|f|blow|harming|alleged|m|stated"),
    }
    assert told(tables) == [
        (
            "In late October 2018 (the first concern here that has a date): A quarrel; The plan is"
            " broken."
        ),
        "By November 2018 at the latest: K is hit (alleged). In November 2018: K goes to hospital.",
        "On days that the source does not give: F pleads guilty.",
    ]


def test_kind_18_with_a_decision_stands_what_it_answers_and_what_was_missing_is_told() -> None:
    tables = no_rows() | {
        "events": rows(
            "events",
            "first|2018-01|||referral||||A school refers K|stated",
            "worry||||concern||||Worry over K|stated",
            "closed|2018-03|||closure||||The case is closed|stated",
            "calls||||referral||||Calls come in|stated",
            "bruise|2018-05|||bruising||||A bruise is seen|stated",
            "breach|2018-06|||plan-breach||||The plan is broken|stated",
            "weak|2018-06|||action|||insufficient|Too little is done|stated",
            "none|2018-05|||visit|||does-not-appear|No visit|stated",
            "law|2018-07|||legal-planning||||Lawyers meet|stated",
        ),
        "relations": rows(
            "relations",
            "r1|not-after|worry||closed",
            "r2|not-after|closed||calls",
            "r3|before|calls||law",
        ),
        "links": rows(
            "links",
            "l1|answers|closed|worry",
            "l2|answers|none|calls",
            "l3|answers|none|bruise",
            "l4|answers|weak|breach",
        ),
        "attributes": rows("attributes", "a1|law|outcome|not met||stated"),
    }
    assert told(tables) == [
        "In January 2018 (the first concern here that has a date): A school refers K.",
        "By March 2018 at the latest: Worry over K. In March 2018: The case is closed.",
        "In May 2018: A bruise is seen (answer missing, says the review).",
        "In June 2018: The plan is broken (answered insufficiently, says the review).",
        (
            "By July 2018 at the latest: Calls come in (answer missing, says the review)."
            " In July 2018: Lawyers meet: not met."
        ),
    ]


def test_a_part_of_a_season_or_of_a_year_is_no_month() -> None:
    lines = ("a|late 2018-22|||death||||K dies|stated", "b|early 2017|||closure||||Ends|stated")
    tables = no_rows() | {"events": rows("events", *lines)}
    assert told(tables) == ["Between January and April 2017: Ends.", "In August 2018: K dies."]


def test_harm_and_its_outcome_are_told_before_closures_and_no_more_than_twelve_lines() -> None:
    closures = [
        f"c{year}-{month}|{year}-{month:02}|||closure||||Case {month} is closed|stated"
        for year, first in ((2017, 10), (2018, 1))
        for month in range(first, 13)
    ]
    tables = no_rows() | {
        "events": rows("events", *closures, "death|2019|||death||||K dies|stated")
    }
    lines = told(tables)
    assert len(lines) == 13
    assert lines[-2:] == ["In 2019: K dies.", "4 more turning points stand in the chronology."]


@pytest.mark.parametrize("folder", REVIEWS, ids=lambda folder: folder.name)
def test_every_review_is_told_and_no_birth_more_closely_than_it_is_published(folder: Path) -> None:
    tables = read_review(folder)
    lines = told(tables)
    assert 4 <= len(lines) <= 13
    assert all(line.tables == ("chronicle",) for line in lines)  # type: ignore[attr-defined]
    births = tables["events"][tables["events"]["kind"] == "birth"]
    for date, summary in zip(births["date"], births["summary"], strict=True):
        (line,) = [line for line in lines if summary in line]
        when = line.split(f": {summary}")[0].split(". ")[-1]
        months = pd.Timestamp(date).strftime("%B %Y")
        assert when == (f"In {months}" if len(date) == 7 else f"On {int(date[8:])} {months}")


def test_under_rules_that_admit_no_chronology_the_dates_of_the_source_remain() -> None:
    for folder in REVIEWS:
        strict = DatingPolicy(duration_slack="none")
        assert len(told(read_review(folder, strict), strict)) >= 4
