"""The public functions: `import casechron as cc`, one review, a function for each table."""

from __future__ import annotations

import ast
import base64
import dataclasses
import doctest
import importlib
import inspect
import json
import os
import re
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Callable
from datetime import date
from operator import attrgetter
from pathlib import Path

import matplotlib as mpl
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import casechron as cc
from an_example_review import example_review
from casechron import chronology
from casechron.analysis import timing
from casechron.chronology import solve
from casechron.coding import form_check, reviews
from casechron.coding.files import VOUCHED_VARIABLE, data_key
from casechron.coding.reviews import ROOT_VARIABLE
from casechron.dates.days import day_text
from casechron.dates.policy import DatingPolicy
from casechron.dates.windows import day_span
from made_reviews import review_of
from real_reviews import real_review
from text_tables import cells_of, words_of
from thoroughly import EVERY, drawn, some, walked

ROOT = Path(__file__).parents[1]
REVIEWS = sorted(path.parent.name for path in (ROOT / "data").glob("*/review.toml"))
#: Reviews with another reading of their sources.
READ_OTHERWISE = sorted(path.parent.name for path in (ROOT / "data").glob("*/readings.csv"))
NO_TABLE = {
    *words_of("""
    DateError DateWindow PolicyError Review ReviewError __version__ date_bounds read_review
    read_reviews show words
""")
}
DRAWN = {name for name in cc.__all__ if name.startswith("draw_")}
TABLES = sorted(set(cc.__all__) - NO_TABLE - DRAWN)
#: Tables of the pages that have another name than their function, or are coded tables.
SHOWN_AS = {
    "dissolved_by_without_slack": "dissolved_by",
    "contradictions_without_slack": "contradictions",
    "involvement_by_event": "involvement",
    "narrowings": "chronicle",
    "reading_rules": "dating_policy",
}
#: Tables in the words of a page, which it shows beside its sentences: their numbers are those of
#: tables that can be asked for.
IN_WORDS = {
    "at_decisions": "decisions.decisions_in_rows",
    "choices": "sensitivity.choices",
    "coding_agreement": "agreement.by_what",
    "notes": "coding.notes",
    "said_of_whom": "accounts.ledger",
    "waits": "waits.waits",
    "who_told_whom": "involvement.told",
    "who_was_missing": "involvement.missing",
}
#: Tables of two codings.
OF_TWO = {"unmatched", "agreement", "coding_differences", "conclusions_compared"}
#: The kinds of a column in a docstring, and the dtypes that it then has.
DTYPES = {
    "text": "str",
    "date": "datetime64[s]",
    "days": "int64 Int64",
    "working days": "int64 Int64",
    "count": "int64 Int64",
    "number": "int64 Int64",
    "share": "Float64",
    "True or False": "bool",
    # Several in each cell, as a tuple.
    **dict.fromkeys(("ids", "labels"), "object"),
}


@pytest.fixture(autouse=True)
def _in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ROOT_VARIABLE, str(ROOT))
    monkeypatch.delenv(VOUCHED_VARIABLE, raising=False)


@pytest.fixture(scope="module")
def read() -> Callable[..., cc.Review]:
    """Reviews, each read once; under another policy for the whole module."""
    known: dict[tuple[object, ...], cc.Review] = {}

    def review(name: str, **policy: object) -> cc.Review:
        if not policy:
            return real_review(name)
        key = (name, *sorted(policy.items()))
        if key not in known:
            known[key] = cc.read_review(ROOT / "data" / name, **policy)
        return known[key]

    return review


# ---------------------------------------------------------------- a review


@pytest.mark.parametrize("name", drawn(REVIEWS, 2))
def test_three_lines_give_bounds_and_waits(name: str) -> None:
    review = cc.read_review(name)
    assert len(cc.bounds(review)) == len(review.tables["events"])
    assert {"days_min", "days_max"} <= set(cc.response_gaps(review))


def test_a_review_is_a_name_a_folder_or_the_first_one_there(tmp_path: Path) -> None:
    folder = example_review(tmp_path)
    for given in (folder, str(folder)):
        assert cc.read_review(given).meta.id == folder.name
    assert cc.read_review().meta.id == cc.read_review("").meta.id == REVIEWS[0]
    assert cc.read_review(REVIEWS[-1]).folder == ROOT / "data" / REVIEWS[-1]


def test_nothing_of_a_review_can_be_set(read: Callable[..., cc.Review]) -> None:
    review = read(REVIEWS[0])
    for name in ("tables", "meta", "policy", "folder", "chronology", "of_mine"):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(review, name, None)
    with pytest.raises(TypeError, match="does not support item assignment"):
        review.tables["events"] = pd.DataFrame()
    with pytest.raises(TypeError, match="does not support item deletion"):
        del review.tables["events"]


WRITES: dict[str, Callable[[pd.DataFrame], object]] = {
    "a cell": lambda table: table.iloc.__setitem__((0, 0), "other"),
    "a column": lambda table: table.__setitem__(table.columns[0], "other"),
    "a further column": lambda table: table.__setitem__("further", 1),
    "a row less": lambda table: table.__delitem__(table.columns[0]),
    "the array of a column": lambda table: table.iloc[:, 0].array.__setitem__(0, "other"),
    "numpy's view of it": lambda table: table.iloc[:, 0].to_numpy().__setitem__(0, "other"),
    "the name of the index": lambda table: setattr(table.index, "name", "other"),
    "the name of the columns": lambda table: setattr(table.columns, "name", "other"),
    "the attributes": lambda table: table.attrs.update(other=1),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
@pytest.mark.parametrize(
    "get", [lambda review: review.tables["events"], cc.bounds, cc.gaps, cc.response_gaps]
)
def test_whoever_writes_into_a_table_changes_nothing_in_the_review(
    get: Callable[[cc.Review], pd.DataFrame],
    write: Callable[[pd.DataFrame], object],
    read: Callable[..., cc.Review],
) -> None:
    review = read(REVIEWS[0])
    before, mine = get(review).copy(), get(review)
    write(mine)
    again = get(review)
    assert_frame_equal(again, before)
    assert (again.index.name, again.columns.name, again.attrs) == (None, None, {})


def test_the_chronology_is_solved_once_and_a_table_made_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    review = cc.read_review(REVIEWS[0])
    assert review.chronology is review.chronology
    made = []
    whole = timing.end_event
    monkeypatch.setattr(timing, "end_event", lambda *a: made.append(a) or whole(*a))
    for _ in range(2):
        cc.response_gaps(review)
    cc.breach_responses(review)
    assert len(made) == 1
    # Another reading of the same review is another review.
    cc.response_gaps(cc.read_review(REVIEWS[0]))
    assert len(made) == 2


OTHERWISE = {"duration_slack": "none", "working_day_one": "start day", "late_from": 16}


@pytest.mark.parametrize("name", drawn(REVIEWS, 2))
def test_the_policy_is_given_once(name: str) -> None:
    """Every table is made under it, whether it takes days, working days or the policy itself."""
    review, policy = cc.read_review(name, **OTHERWISE), DatingPolicy(**OTHERWISE)
    assert review.policy == policy == review.chronology.policy
    tables = reviews.read_coded(name, policy).tables
    solved = solve(
        tables["events"],
        tables["relations"],
        policy,
        **{name: tables[name] for name in ("links", "locators", "readings")},
    )
    alone = review_of(tables, solved, review.meta.jurisdiction)
    for ours, direct in (
        (lambda one: cc.bounds(one).drop(columns="other_dates"), chronology.bounds_table(solved)),
        (cc.gaps, cc.gaps(alone)),
        (cc.order, chronology.order_table(solved)),
        (cc.response_gaps, cc.response_gaps(alone)),
        (cc.concerns_before_decisions, cc.concerns_before_decisions(alone)),
        (cc.turning_point_gaps, cc.turning_point_gaps(alone)),
    ):
        assert_frame_equal(ours(review), direct)
    value = cc.dating_policy(review).set_index("field")["value"]
    assert value[list(OTHERWISE)].to_dict() == {key: str(one) for key, one in OTHERWISE.items()}


def test_chosen_readings_stand_in_the_tables(tmp_path: Path) -> None:
    folder = example_review(tmp_path)
    review = cc.read_review(folder, readings=["plan-in-november"])
    dates = review.tables["events"].set_index("id")["date"]
    assert dates["plan-2014"] == "2014-11/.."
    assert (
        cc.read_review(folder).tables["events"].set_index("id")["date"]["plan-2014"]
        != (dates["plan-2014"])
    )


def test_what_a_review_says_of_itself(tmp_path: Path) -> None:
    folder = example_review(tmp_path)
    toml = folder / "review.toml"
    toml.write_text(toml.read_text().replace("Review of Child X", "Child X & <i>others</i>"))
    given = cc.read_review(folder)
    assert repr(given) == (
        "<Review 'child-x-anytown-2019': Child X & <i>others</i> (invented). 16 events, 2"
        " sources. Dating policy: the default. An admissible chronology.>"
    )
    strict = cc.read_review(folder, duration_slack="none", readings="visit-in-september")
    assert repr(strict).endswith(
        "Dating policy: duration_slack = none, readings = visit-in-september."
        " No admissible chronology.>"
    )


# ---------------------------------------------------------------- wrong use


FIELDS = (
    "early_to, mid_to, late_from, end_from, duration_slack, approximate_slack, winter,"
    " working_day_one, readings"
)
THERE = ", ".join(REVIEWS)
WRONG: dict[str, tuple[Callable[[cc.Review], object], type[Exception], str]] = {
    "a review that is not there": (
        lambda review: cc.read_review(f"{REVIEWS[0]}s"),
        cc.ReviewError,
        f"there is no review '{REVIEWS[0]}s' in {ROOT / 'data'}; did you mean '{REVIEWS[0]}'? The"
        f" reviews are: {THERE}",
    ),
    "a field that is none": (
        lambda review: cc.read_review(REVIEWS[0], duration_slak="none"),
        cc.PolicyError,
        "duration_slak is no part of a dating policy; did you mean 'duration_slack'? Write one of:"
        f" {FIELDS}",
    ),
    "a field that is like none": (
        lambda review: cc.date_bounds("2018-08", tolerance=3),
        cc.PolicyError,
        f"tolerance is no part of a dating policy; write one of: {FIELDS}",
    ),
    "two values out of range": (
        lambda review: cc.read_review(REVIEWS[0], early_to=30, winter="cold"),
        cc.PolicyError,
        "early_to is 30; it is a day of the month from 1 to 26, before mid_to\n"
        "winter is 'cold'; write one of: starts, ends",
    ),
    "a mapping that is not spread": (
        lambda review: cc.read_review(REVIEWS[0], policy={"winter": "ends"}),
        cc.PolicyError,
        "the dating policy is given by its fields, as in duration_slack='none'; write **policy for"
        " a mapping of them",
    ),
    "a reading that is not there": (
        lambda review: cc.read_review(review.folder, readings=["later"]),
        cc.ReviewError,
        "the review 'child-x-anytown-2019' has no reading 'later'; its readings are:"
        " visit-in-september, plan-in-november",
    ),
    "a table that is not there": (
        lambda review: review.tables["event"],
        KeyError,
        "there is no table 'event'; did you mean 'events'? The tables are: sources, locators,"
        " agencies, people, events, involvement, participation, attributes, relations, links,"
        " views, findings, recommendations, themes, readings, coverage",
    ),
    "a table like no other": (
        lambda review: review.tables["zz"],
        KeyError,
        "there is no table 'zz'; the tables are: sources, locators,"
        " agencies, people, events, involvement, participation, attributes, relations, links,"
        " views, findings, recommendations, themes, readings, coverage",
    ),
    "a name for a review": (
        lambda review: cc.bounds("child-x"),
        TypeError,
        "bounds takes a review, not str; write bounds(read_review('child-x'))",
    ),
    "tables for a review": (
        lambda review: cc.response_gaps({}),
        TypeError,
        "response_gaps takes a review, not dict; write response_gaps(read_review(...))",
    ),
    "a function that is none": (
        lambda review: cc.response_gap,
        AttributeError,
        "casechron has no 'response_gap'; did you mean 'response_gaps'? dir(casechron) lists what"
        " it has",
    ),
    "a function that is like none": (
        lambda review: cc.zzz,
        AttributeError,
        "casechron has no 'zzz'; dir(casechron) lists what it has",
    ),
    "a decision that is none": (
        lambda review: cc.knowledge_at_a_decision(review, decision="x"),
        ValueError,
        "'x' is no point of decision of this review; these are: closure-2014, strategy-2014,"
        " icpc-2014",
    ),
    "a pair of events that are none": (
        lambda review: cc.gaps(review, [("visit-2014", "x")]),
        ValueError,
        "pairs, to_event: 'x' is no event of this review; review.tables['events'] has the ids",
    ),
    "ids that are no pairs": (
        lambda review: cc.gaps(review, ["visit-2014", "plan-2014"]),
        ValueError,
        "pairs: 'visit-2014' is no pair of events; write pairs of ids, as [('referral', 'harm')],"
        " or a table with from_event and to_event",
    ),
    "a name for the review that is told": (
        lambda review: cc.show.style("child-x"),
        TypeError,
        "style takes a review, not str; write style(read_review('child-x'))",
    ),
    "an event that is no text": (
        lambda review: cc.gaps(review, [("visit-2014", ["a"])]),
        ValueError,
        "pairs, to_event: '['a']' is no event of this review; review.tables['events'] has the ids",
    ),
    "a table of pairs of what is no text": (
        lambda review: cc.order(review, pd.DataFrame({"from_event": [["a"]], "to_event": [5]})),
        ValueError,
        "pairs, from_event: '['a']' is no event of this review; review.tables['events'] has the ids"
        "\npairs, to_event: '5' is no event of this review; review.tables['events'] has the ids",
    ),
    "an event that is misspelt": (
        lambda review: cc.gaps(review, [("visit-2014", "plan-2104")]),
        ValueError,
        "pairs, to_event: 'plan-2104' is no event of this review; did you mean 'plan-2014'?",
    ),
    "a column of a table of pairs that is misspelt": (
        lambda review: cc.gaps(
            review,
            pd.DataFrame({"from_event": ["visit-2014"], "to_event": ["plan-2014"]}).assign(
                from_pont="end", note=""
            ),
        ),
        ValueError,
        "pairs: there is no column 'from_pont'; did you mean 'from_point'?",
    ),
    "a table instead of reviews": (
        lambda review: cc.across(review.tables["events"]),
        TypeError,
        "across takes a review, not DataFrame; write across(read_review(...))",
    ),
    "one review twice": (
        lambda review: cc.across([review, review]),
        ValueError,
        "across takes each review once; 'child-x-anytown-2019' is there 2 times",
    ),
    "reviews under two policies": (
        lambda review: cc.across([review, cc.read_review("child-x-dundee-2009", late_from=16)]),
        ValueError,
        "across takes reviews that were read under one dating policy, not under both the default"
        " and late_from = 16; read_reviews reads all alike",
    ),
    "a pair of three": (
        lambda review: cc.order(review, [("visit-2014", "plan-2014", "start")]),
        ValueError,
        "pairs: ('visit-2014', 'plan-2014', 'start') is no pair of events; write pairs of ids, as"
        " [('referral', 'harm')], or a table with from_event and to_event",
    ),
    "a number for pairs": (
        lambda review: cc.gaps(review, 5),
        ValueError,
        "pairs: 5 is no pair of events; write pairs of ids, as [('referral', 'harm')], or a"
        " table with from_event and to_event",
    ),
    "a table of pairs without its heads": (
        lambda review: cc.gaps(review, pd.DataFrame({"from_event": ["visit-2014"]})),
        ValueError,
        "pairs: 'from_event' is no pair of events; write pairs of ids, as [('referral', 'harm')],"
        " or a table with from_event and to_event",
    ),
    "months below 0": (
        lambda review: cc.said_before_harm(review, months=-3),
        ValueError,
        "months is -3; write a whole number, 0 or more",
    ),
    "months that are not whole": (
        lambda review: cc.said_before_harm(review, months=12.5),
        ValueError,
        "months is 12.5; write a whole number, 0 or more",
    ),
    "months as text": (
        lambda review: cc.said_before_harm(review, months="12"),
        ValueError,
        "months is '12'; write a whole number, 0 or more",
    ),
    "draws below 0": (
        lambda review: cc.agreement(review, "ann", draws=-1),
        ValueError,
        "draws is -1; write a whole number, 0 or more",
    ),
    "draws that are no number": (
        lambda review: cc.agreement(review, review, draws=True),
        ValueError,
        "draws is True; write a whole number, 0 or more",
    ),
    **{
        f"a {type(given).__name__} for a coding, {ask.__name__}": (
            lambda review, ask=ask, given=given: ask(review, given),
            TypeError,
            f"a coding is the name of a coder's folder, or a review, not {type(given).__name__}",
        )
        for ask, given in (
            (cc.agreement, 5),
            (cc.unmatched, 5),
            (cc.coding_differences, None),
            (cc.conclusions_compared, Path("ann")),
        )
    },
    "a seed below 0": (
        lambda review: cc.agreement(review, review, seed=-1),
        ValueError,
        "seed is -1; write a whole number, 0 or more",
    ),
    "a name for several reviews": (
        lambda review: cc.across("child-x"),
        TypeError,
        "across takes a review, not str; write across(read_review('child-x'))",
    ),
    "names for several reviews": (
        lambda review: cc.across([review, Path("child-x")]),
        TypeError,
        f"across takes a review, not {type(Path()).__name__}; write across(read_review('child-x'))",
    ),
    "a number for several reviews": (
        lambda review: cc.across(5),
        TypeError,
        "across takes a review, not int; write across(read_review(...))",
    ),
    "a number for the names of reviews": (
        lambda review: cc.read_reviews(5),
        TypeError,
        "read_review takes the name of a review, as text, or the path of its folder, not int",
    ),
    "one event that is none": (
        lambda review: cc.coded_rows(review, "bruise"),
        KeyError,
        "there is no event bruise",
    ),
    "a number for an event": (
        lambda review: cc.coded_rows(review, 5),
        KeyError,
        "there is no event 5",
    ),
    "decisions as they are, to draw": (
        lambda review: cc.draw_decisions(cc.decisions(review), "T"),
        ValueError,
        "concerns has no column decision_label, when, state, basis;"
        " cc.words.decisions.at_decisions makes the table that is meant",
    ),
    "days to answers as they are, to draw": (
        lambda review: cc.draw_waits(cc.response_gaps(review), "T"),
        ValueError,
        "waits has no column event, to_event, text, length, limit_min, limit_max;"
        " cc.words.waits.waits makes the table that is meant",
    ),
    "accounts as they are, to draw": (
        lambda review: cc.draw_ledger(cc.accounts(review), ("KM", "KF"), "T"),
        ValueError,
        "accounts has no column said_of, when, what, how_firmly; cc.words.accounts.ledger makes the"
        " table that is meant",
    ),
    "no waits, to draw": (
        lambda review: cc.draw_timeline(cc.timeline(review), None, "T"),
        ValueError,
        "waits has no column event, to_event, text, earliest, latest, least_from, least_to;"
        " cc.words.waits.on_timeline makes the table that is meant",
    ),
    "a number for a review": (
        lambda review: cc.read_review(5),
        TypeError,
        "read_review takes the name of a review, as text, or the path of its folder, not int",
    ),
    "a date that is none": (
        lambda review: cc.date_bounds("2018-02-30"),
        cc.DateError,
        "'2018-02-30' is not a date: 2018-02 has days 01 to 28, not 30; write '2018-02' if the day"
        " is not known",
    ),
    "a date that is no text": (
        lambda review: cc.date_bounds(2018),
        TypeError,
        "a date is written as text, such as '2018-08', not as 2018",
    ),
}


@pytest.mark.parametrize(("use", "kind", "message"), WRONG.values(), ids=WRONG)
def test_wrong_use_is_a_sentence(
    use: Callable[[cc.Review], object], kind: type[Exception], message: str, tmp_path: Path
) -> None:
    review = cc.read_review(example_review(tmp_path))
    with pytest.raises(kind) as caught:
        use(review)
    assert str(caught.value.args[0]) == message


def test_one_name_is_a_list_of_one_and_a_review_named_twice_is_read_once(tmp_path: Path) -> None:
    folder = example_review(tmp_path)
    for names in (
        str(folder),
        folder,
        [folder],
        [folder, str(folder), folder / ".." / folder.name],
    ):
        (review,) = cc.read_reviews(names)
        assert review.meta.id == folder.name
    one, listed = (cc.coded_rows(review, ids) for ids in ("visit-2014", ["visit-2014"]))
    assert_frame_equal(one, listed)
    assert len(one) > 1


@pytest.mark.parametrize("name", sorted(DRAWN))
def test_help_and_a_sentence_name_what_makes_each_table_of_a_drawing(name: str) -> None:
    draw = getattr(cc, name)
    given = inspect.signature(draw).parameters.values()
    made_by = dict(re.findall(r" (\w+) : pandas.DataFrame\n +What `([\w.]+)` gives", draw.__doc__))
    assert list(made_by) == [one.name for one in given if one.annotation == "pd.DataFrame"]
    whole = pd.DataFrame(columns=list(set(re.findall(r"`(\w+)`", draw.__doc__))))
    others = {one.name: "" for one in given if one.default is one.empty}
    for table, written in made_by.items():
        maker = written.removeprefix("cc.")
        assert callable(attrgetter(maker)(cc))
        with pytest.raises(ValueError, match=f"^{table} has no column .*; cc.{maker} makes the"):
            draw(**others | dict.fromkeys(made_by, whole) | {table: None})


def drawn_from(review: cc.Review) -> dict[str, tuple[list[pd.DataFrame], list[object]]]:
    """The tables that each drawing takes, and what else it takes before its title."""
    words, chronicle = cc.words, cc.chronicle(review)
    waits = words.waits.waits(cc.response_gaps(review), cc.timescale_checks(review), chronicle)
    events = words.story.in_words(cc.timeline(review), chronicle)
    trace, harm = cc.traceability(review), cc.accounts_of_harm(review)
    rests_on = words.learning.rests_on(trace, chronicle, review.tables)
    tellings, decisions = cc.tellings(review), cc.decisions(review)
    ledger = words.accounts.ledger(
        harm,
        chronicle,
        cc.accounts(review),
        cc.further_facts(review),
        cc.evidence_on_views(review),
    )
    told = words.involvement.told(tellings, chronicle, review.tables)
    missing = words.involvement.missing(cc.stated_absences(review))
    at_decisions = words.decisions.at_decisions(
        cc.information_at_decision(review), decisions, chronicle, review.tables
    )
    tried = cc.changes_by_choice(review), cc.policies_tried(review)
    involvement = words.story.in_words(cc.involvement(review), chronicle, "said")
    return {
        "draw_across": ([words.across.intervals(cc.across([review]))], []),
        "draw_choices": ([words.sensitivity.choices(*tried)], []),
        "draw_decisions": ([at_decisions], []),
        "draw_findings": ([words.learning.findings(trace, rests_on), rests_on], []),
        "draw_involvement": ([involvement], []),
        "draw_ledger": ([ledger], [words.accounts.sides(ledger, harm)]),
        "draw_tellings": ([told, missing], [words.involvement.centre(tellings, decisions)]),
        "draw_timeline": ([events, words.waits.on_timeline(waits, events)], []),
        "draw_waits": ([waits], []),
    }


def test_a_drawing_names_every_column_that_it_needs(read: Callable[..., cc.Review]) -> None:
    """Without any one column of its tables it is drawn, or the sentence says which is lacking."""
    given = drawn_from(read("child-w-manchester-2020"))
    assert set(given) == DRAWN
    said = []
    for name, (tables, others) in given.items():
        draw = getattr(cc, name)
        draw(*tables, *others, "A title")
        for place, table in enumerate(tables):
            for column in drawn([*table.columns], 4):
                less = [*tables[:place], table.drop(columns=column), *tables[place + 1 :]]
                try:
                    draw(*less, *others, "A title")
                except ValueError as error:
                    said.append((column, str(error)))
    assert len(said) > (40 if EVERY else 5)
    assert [
        message for column, message in said if f" has no column {column}; " not in message
    ] == []


# ---------------------------------------------------------------- dates


@pytest.mark.parametrize("policy", [{}, {"late_from": 16, "approximate_slack": "none"}])
@pytest.mark.parametrize(
    "text",
    cells_of("""
        2018-08-28 | late 2018-08 | 2018-08~ | 2018-09/2018-11 | ../2018 | 2018/ | {2016,2018}
        '0001' | 9999-12-31 | '0000' | -0044-03-15 | Y170000002 | 9999/Y10000
    """),
)
def test_date_bounds_are_those_of_the_coding(text: str, policy: dict[str, object]) -> None:
    found, days = cc.date_bounds(text, **policy), day_span(text, DatingPolicy(**policy))
    for name in ("earliest", "start_latest", "end_earliest", "latest"):
        given, day = getattr(found, name), getattr(days, name)
        assert (given is None) == (day is None)
        assert isinstance(given, date | None) == (day is None or 1 <= day <= 3652059)
        if day is not None:
            assert (given.isoformat() if isinstance(given, date) else given) == day_text(day)
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.earliest = None


def test_date_bounds_by_hand() -> None:
    assert cc.date_bounds("late 2018-08") == cc.DateWindow(
        date(2018, 8, 21), date(2018, 8, 31), date(2018, 8, 21), date(2018, 8, 31)
    )
    assert cc.date_bounds("2018-11/..") == cc.DateWindow(
        date(2018, 11, 1), date(2018, 11, 30), date(2018, 11, 1), None
    )
    assert cc.date_bounds("Y10000").earliest == "+10000-01-01"
    assert cc.date_bounds("-0001").latest == "-0001-12-31"


# ---------------------------------------------------------------- what there is


def in_a_fresh_process(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("use", ["", "dir(cc)", "cc.date_bounds('late 2018-08')", "cc.__version__"])
def test_nothing_heavy_is_imported_before_it_is_asked_for(use: str) -> None:
    code = f"import sys\nimport casechron as cc\n{use}\nprint(*sorted(sys.modules))"
    loaded = set(in_a_fresh_process(code).split())
    assert "casechron" in loaded
    assert not {"pandas", "numpy", "matplotlib", "holidays", "papermill"} & loaded
    if not use:
        # It finds the package of a project's own questions, and imports nothing itself.
        ours = {name for name in loaded if name.startswith("casechron.")}
        assert ours == {"casechron.questions"}


def test_dir_is_complete() -> None:
    """The names that are listed are those that the modules have, and what type checkers see."""
    tree = ast.parse(Path(cc.__file__).read_text(encoding="utf-8"))
    starred = {
        node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("casechron.")
    }
    assert starred - {"casechron.report", "casechron.questions"} == {
        f"casechron.{module}" for module in cc._MODULES
    }, "a module stands in `_MODULES` and among the imports for type checkers"
    names = {"__version__", "show", "words"}
    for module, listed in cc._MODULES.items():
        found = importlib.import_module(f"casechron.{module}").__all__
        # A chart's module has the colours of its lanes too.
        assert set(listed) <= set(found), module
        assert module.startswith("report.draw.") or sorted(listed) == sorted(found), module
        names |= set(listed)
    assert set(dir(cc)) == set(cc.__all__) == names
    assert len(cc.__all__) == len(names)
    for name in dir(cc):
        assert getattr(cc, name) is not None


def test_every_table_of_the_pages_can_be_asked_for() -> None:
    for name in REVIEWS:
        shown = {path.stem for path in (ROOT / "reports" / name / "tables").glob("*.csv")}
        assert len(shown) > 40
        # The places are those of the coded locators, each once.
        there = set(TABLES) | set(cc.read_review(name).tables) | set(IN_WORDS) | {"places"}
        assert {SHOWN_AS.get(table, table) for table in shown} <= there


def test_tables_in_words_are_made_by_the_words_of_their_page() -> None:
    for name, made in IN_WORDS.items():
        module, _, function = made.partition(".")
        assert callable(getattr(getattr(cc.words, module), function)), name


@pytest.mark.parametrize("page", dir(cc.words))
def test_help_of_the_words_of_a_page(page: str) -> None:
    """Each parameter of each function has its type, and what is returned is told."""
    module = getattr(cc.words, page)
    for name, function in inspect.getmembers(module, inspect.isfunction):
        if name.startswith("_") or function.__module__ != module.__name__:
            continue
        _, given, returned = re.split(
            r"\n(?:Parameters|Returns)\n-{7,}\n", inspect.getdoc(function) or ""
        )
        named = re.findall(r"(?m)^(\w[\w, ]*) : \w", given)
        assert ", ".join(named).split(", ") == [*inspect.signature(function).parameters], name
        assert re.match(r"[a-z]+[\w. ]*\n    \S|\w.* : \w.*\n    \S", returned), name


def test_notebooks_make_their_tables_by_public_functions() -> None:
    """A notebook imports `cc` and nothing behind it, in a set-up cell of three lines."""
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        source = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        imported = set(re.findall(r"(?m)^(?:from|import) (casechron[\w.]*)", source))
        assert imported == {"casechron"}
        assert set(re.findall(r"\bcc\.(\w+)", source)) <= set(dir(cc)), path.stem
        setup = (
            "import casechron as cc\nreview = cc.read_review(review, **policy)\n"
            "cc.show.style(review)"
        )
        if "reviews = []" in source:
            setup = setup.replace("review(review,", "reviews(reviews,").replace(
                "style(review)", "style()"
            )
            setup = setup.replace("\nreview =", "\nreviews =")
        assert setup in ["".join(cell["source"]) for cell in cells], path.stem


# ---------------------------------------------------------------- help


def sections(name: str) -> dict[str, str]:
    """The sections of a docstring by their heading; the first line is under the empty one."""
    text = inspect.getdoc(getattr(cc, name)) or ""
    parts = re.split(r"(?m)^([A-Z][A-Za-z ]+)\n-{3,}\n", text)
    return {"": parts[0].strip(), **dict(zip(parts[1::2], parts[2::2], strict=True))}


def documented_columns(name: str) -> list[tuple[str, str]]:
    """The columns of a table with their kinds, as the docstring's Returns has them."""
    columns = []
    for bullet in re.split(r"(?m)^ *- (?=`)", sections(name)["Returns"])[1:]:
        for part in re.finditer(r"((?:`\w+`,?\s*)+)\(([^;)]+)(?:;[^)]*)?\)", head_of(bullet)):
            columns += [(column, part[2]) for column in re.findall(r"`(\w+)`", part[1])]
    return columns


def head_of(bullet: str) -> str:
    """What stands before the colon that ends the columns of a bullet; those in brackets do not."""
    depth = 0
    for at, letter in enumerate(bullet):
        depth += (letter == "(") - (letter == ")")
        if letter == ":" and not depth:
            return " ".join(bullet[:at].split())
    raise AssertionError(f"no colon ends the columns of: {bullet}")


@pytest.mark.parametrize("name", TABLES)
def test_help_has_every_section(name: str) -> None:
    said = sections(name)
    assert {"", "Parameters", "Returns", "Examples"} <= set(said), name
    first = said[""].split("\n\n")[0]
    assert first.endswith("?"), "the first sentence is the question that the table answers"
    function = getattr(cc, name)
    for parameter in inspect.signature(function).parameters.values():
        assert re.search(rf"(?m)^{parameter.name} : \w", said["Parameters"]), parameter.name
        if parameter.name in ("decision", "pairs"):
            assert "Raises" in said
    assert inspect.signature(function).return_annotation == "pd.DataFrame"
    assert said["Returns"].startswith("pandas.DataFrame\n")
    assert re.search(r"(?i)\b(one row|two rows|the rows)\b", said["Returns"]), "the grain"


def test_help_says_which_event_ends_the_account() -> None:
    said = " ".join(sections("response_gaps")[""].split())
    assert "the child's death, else its last injury, else its last admission on record" in said


@pytest.mark.parametrize("name", sorted(DRAWN))
def test_a_chart_takes_its_words_and_its_width(name: str) -> None:
    signature = inspect.signature(getattr(cc, name))
    assert {"title", "note", "px"} <= set(signature.parameters)
    assert signature.return_annotation == "Canvas"


@pytest.mark.parametrize(
    "name", ["read_review", "read_reviews", "date_bounds", "Review", "DateWindow"]
)
def test_help_of_what_gives_no_table(name: str) -> None:
    said = sections(name)
    wanted = {"Attributes"} if inspect.isclass(getattr(cc, name)) else {"Parameters", "Returns"}
    assert {"", "Examples"} | wanted <= set(said)
    assert inspect.isclass(getattr(cc, name)) or "Raises" in said
    if "Attributes" in said:
        for field in dataclasses.fields(getattr(cc, name)):
            assert re.search(rf"(?m)^[\w, ]*\b{field.name}\b[\w, ]* : ", said["Attributes"])


def test_help_names_every_field_of_the_policy_with_its_default() -> None:
    said = " ".join(sections("read_review")["Parameters"].split())
    for field in dataclasses.fields(DatingPolicy):
        assert f"`{field.name}`" in said
        if field.name != "readings":
            assert re.search(rf"`{field.name}`[^-]*{field.default}", said), field.name


def test_tables_have_their_columns_where_python_leaves_out_all_help() -> None:
    asks = (
        "import casechron as cc; table = cc.contacts(cc.read_review('child-x-anytown-2019'));"
        " print(cc.contacts.__doc__, *table.columns[:3], table.dtypes['earliest'])"
    )
    run = [sys.executable, "-OO", "-c", asks]
    told = subprocess.run(run, capture_output=True, check=True, text=True).stdout
    assert told.split() == ["None", "contact", "kind", "summary", "datetime64[s]"]


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize(
    ("review", "policy"),
    some(
        [
            *((one, {}) for one in sorted(REVIEWS, key="child-w-manchester-2020".__ne__)),
            (REVIEWS[-1], {"duration_slack": "none"}),
        ],
        2,
    ),
    ids=str,
)
def test_the_columns_are_those_of_the_help(
    name: str, review: str, policy: dict[str, str], read: Callable[..., cc.Review]
) -> None:
    one = read(review, **policy)
    table = getattr(cc, name)(one, *[one] * (name in OF_TWO))
    said = documented_columns("response_gaps" if name == "breach_responses" else name)
    assert sorted(column for column, _ in said) == sorted(table.columns)
    for column, kind in said:
        assert str(table[column].dtype) in DTYPES[kind].split(), (column, table[column].dtype)
        if kind == "text":
            assert {type(cell) for cell in table[column]} <= {str}, column
        if kind in ("ids", "labels"):
            assert all(isinstance(cell, tuple) for cell in table[column]), column
            assert all(isinstance(part, str) and part for cell in table[column] for part in cell)
        if kind == "ids":
            ids = {row for rows in one.tables.values() if "id" in rows for row in rows["id"]}
            # Said of what leans on no row.
            known = ids | {"none"} if (name, column) == ("sensitivity", "leans_on") else ids
            assert {part for cell in table[column] for part in cell} <= known, column
    # Of what holds together none says that it does not; but another policy can be tried.
    if one.chronology.admissible and name not in ("bounds_by_policy", "policies_tried"):
        assert "no admissible chronology" not in table.select_dtypes("str").to_numpy()


#: Tables that show days as stated, or as published, also where they cannot all hold.
AS_STATED = words_of("""
    bounds chronicle conferences_beside_national contradictions timeline timescale_checks
""")


def test_where_nothing_holds_together_no_table_has_a_day() -> None:
    clash = {"duration_slack": "none", "readings": "visit-in-september"}
    one = cc.read_review("child-x-anytown-2019", **clash)
    for name in sorted({*TABLES} - {*AS_STATED}):
        said = documented_columns("response_gaps" if name == "breach_responses" else name)
        columns = [column for column, kind in said if kind in ("date", "days", "working days")]
        if columns:
            table = getattr(cc, name)(one, *[one] * (name in OF_TWO))
            assert table[columns].isna().all(axis=None), name


def told_of(name: str, column: str) -> str:
    """What the help on a table says of a column."""
    bullets = re.split(r"(?m)^ *- (?=`)", sections(name)["Returns"])[1:]
    (bullet,) = (one for one in bullets if f"`{column}`" in head_of(one))
    return " ".join(bullet.split())


#: Columns of which the help names every word that can stand in them.
WORDED = {
    *(("chronicle", "alleged"), ("timeline", "status"), ("accounts_of_harm", "basis")),
    *(("evidence_on_views", "basis"), ("information_at_decision", "basis")),
    *(("knowledge", "basis"), ("coded_events", "date_basis"), ("coded_events", "basis")),
    ("time_statements", "meaning"),
    *(("timescale_checks", name) for name in ("edition_applies", "end_by_due", "source_seen")),
}
COUNTED = {"chronicle", "coded_events", "contacts", "accounts_of_harm", "opportunities"}


@pytest.mark.parametrize(
    ("name", "column"), sorted(WORDED | {(name, "how_many") for name in COUNTED})
)
def test_the_help_names_what_stands_in_a_column(
    name: str, column: str, read: Callable[..., cc.Review]
) -> None:
    said = told_of(name, column)
    stand = {cell for review in REVIEWS for cell in getattr(cc, name)(read(review))[column]}
    assert "" not in stand or "empty" in said
    if column != "how_many":
        words = {word for cell in stand for word in cell.split("; ")} - {""}
        assert words <= set(re.findall(r"'([^']*)'", said))
        assert not any("; " in cell for cell in stand) or "joined by '; '" in said


def test_concerns_are_counted_before_the_decisions_that_the_help_says(
    read: Callable[..., cc.Review],
) -> None:
    (point,) = re.findall(
        r"whose `point` in `decisions` is '(\w+)'",
        " ".join(sections("concerns_before_decisions")["Returns"].split()),
    )
    for name in REVIEWS:
        points = cc.decisions(read(name))
        counted = cc.concerns_before_decisions(read(name))["decision"]
        assert {*counted} == {*points.loc[points["point"] == point, "decision"]}, name


@pytest.mark.parametrize("name", ["first_concern_to_first_step", "steps_before_harm"])
def test_the_help_leads_to_all_ways_in_which_days_are_known(
    name: str, read: Callable[..., cc.Review]
) -> None:
    (home,) = re.findall(r"as in `(\w+)`", told_of(name, "known"))
    stand = {way for review in REVIEWS for way in getattr(cc, name)(read(review))["known"]}
    assert stand <= set(re.findall(r"'([^']*)'", told_of(home, "known")))


def test_several_in_a_cell_are_joined_for_other_programs_as_the_help_says() -> None:
    (line,) = re.findall(r"``(table\[column\] = .*?)``", inspect.getdoc(cc) or "")
    table, files = cc.chronicle(cc.read_review("child-x-anytown-2019")), sqlite3.connect(":memory:")
    with pytest.raises(pd.errors.DatabaseError):
        table.to_sql("before", files)
    for column, kind in documented_columns("chronicle"):
        if kind in ("ids", "labels"):
            exec(line, {"table": table, "column": column})
    table.to_sql("chronicle", files)
    found = files.execute("SELECT lane, narrowed_by_rows FROM chronicle WHERE event = 'told-2014'")
    assert found.fetchall() == [("X's school; Children's services", "rl-bruise-told; bruise-2014")]
    files.close()


def test_the_help_on_breaches_names_the_columns_of_all_waits() -> None:
    said = re.findall(r"`(\w+)`", sections("breach_responses")["Returns"])
    table = cc.breach_responses(cc.read_review("child-x-anytown-2019"))
    assert said == ["response_gaps", *table.columns]


@pytest.mark.parametrize("project", [None, "empty", "with one of its name"])
def test_the_review_of_the_examples_is_found_wherever_no_other_of_its_name_is(
    project: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(ROOT_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    if project:
        (tmp_path / "notebooks").mkdir()
        (tmp_path / "data").mkdir()
    if project == "with one of its name":
        folder = example_review(tmp_path / "data")
        assert cc.read_review("child-x-anytown-2019").folder == folder
        (folder / "events.csv").unlink()
        with pytest.raises(cc.ReviewError, match=r"^the review 'child-x-anytown-2019' cannot"):
            cc.read_review("child-x-anytown-2019")
        return
    review = cc.read_review("child-x-anytown-2019", late_from=20)
    assert str(review).startswith("<Review 'child-x-anytown-2019': Review of Child X (invented). ")
    assert review.meta.invented
    with pytest.raises(cc.ReviewError):
        cc.read_review("child-x-anytown-2018")


@pytest.mark.parametrize("module", sorted(cc._MODULES))
def test_every_example_is_run(module: str) -> None:
    """Doctest finds the functions although they are wrapped."""
    found = doctest.DocTestFinder().find(importlib.import_module(f"casechron.{module}"))
    run = {test.name.rpartition(".")[2] for test in found if test.examples}
    wanted = {name for name in cc._MODULES[module] if not name.endswith("Error")}
    assert wanted <= run


@pytest.mark.parametrize("name", sorted({*DRAWN, *(f"show.{one}" for one in cc.show.__all__)}))
def test_the_example_of_a_drawing_runs_as_it_stands(name: str) -> None:
    """In a notebook nothing has been imported but what the example itself imports."""
    (example,) = doctest.DocTestFinder(recurse=False).find(attrgetter(name)(cc), name, globs={})
    failures: list[str] = []
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    with mpl.rc_context():
        doctest.DocTestRunner(optionflags=flags).run(example, out=failures.append)
    assert failures == []


def test_the_lines_in_the_readme_are_true() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    test = doctest.DocTestParser().get_doctest(block, {}, "README.md", "README.md", 0)
    assert len(test.examples) == 5
    assert doctest.DocTestRunner().run(test).failed == 0
    policies = re.findall(r"(?:2020\", |`)(\w+)=(\S+?)\)?`", text[text.index(block) :])
    said = [(field, value) for field, value in policies if field in ("late_from", "duration_slack")]
    assert said == [("late_from", "16"), ("duration_slack", '"none"')]
    late, exact = (
        cc.read_review("child-w-manchester-2020", **{field: value.strip('"')})
        for field, value in said
    )
    earliest = cc.bounds(late).set_index("event").loc["section-47", "earliest"]
    assert f"section 47 enquiries began on {earliest:%-d %B} at the earliest" in text
    assert str(exact).endswith(" No admissible chronology.>")
    without = cc.bounds(exact).query("status == 'no admissible chronology'")
    assert len(without) > 60
    assert without["earliest"].isna().all()
    assert len(cc.contradictions(exact)) > 1


def test_what_the_readme_says_of_a_review_stands_in_the_list_of_sentences() -> None:
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    told = text.split("lets anyone say for sure: ")[1].split(" **Read** the pages")[0]
    listed = tomllib.loads((ROOT / "tests" / "sentences.toml").read_text(encoding="utf-8"))
    sentences = [one["text"] for one in listed["sentence"] if one["text"] in told]
    assert len(sentences) == 3
    assert " ".join(sentences) == told


def test_the_picture_in_the_readme_is_the_timeline_of_the_report() -> None:
    path = ROOT / "reports" / "child-w-manchester-2020" / "02_chronology.ipynb"
    (drawn,) = (
        base64.b64decode(found).decode()
        for found in re.findall(
            r'img src=\\"data:image/svg\+xml;base64,([\w+/=]+)', path.read_text(encoding="utf-8")
        )
    )
    assert (ROOT / "docs" / "timeline.svg").read_text(encoding="utf-8") == drawn


# ---------------------------------------------------------------- the check runs once a run


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders whose tables have been held against the rules."""
    seen: list[Path] = []
    whole = form_check.folder_breaches
    monkeypatch.setattr(
        form_check,
        "folder_breaches",
        lambda folder, *more: seen.append(folder) or whole(folder, *more),
    )
    return seen


def equal(one: cc.Review, other: cc.Review) -> bool:
    return one.meta == other.meta and all(
        one.tables[name].equals(other.tables[name]) for name in one.tables
    )


@pytest.mark.parametrize("name", drawn(READ_OTHERWISE, 2))
def test_what_a_run_vouches_for_is_not_checked_again(
    name: str, checked: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    by_hand = cc.read_review(name)
    assert checked == [ROOT / "data" / name]
    monkeypatch.setenv(VOUCHED_VARIABLE, data_key(ROOT / "data" / name))
    vouched = cc.read_review(name)
    assert len(checked) == 1
    assert equal(by_hand, vouched)
    # Neither is read twice, and readings are chosen all the same.
    reading = by_hand.tables["readings"]["reading"].iloc[0]
    with_reading = cc.read_review(name, readings=[reading])
    assert len(checked) == 1
    monkeypatch.delenv(VOUCHED_VARIABLE)
    assert equal(with_reading, cc.read_review(name, readings=[reading]))
    assert not equal(with_reading, by_hand)


def test_other_bytes_than_the_vouched_ones_are_checked(
    tmp_path: Path, checked: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = example_review(tmp_path)
    monkeypatch.setenv(VOUCHED_VARIABLE, data_key(folder))
    cc.read_review(folder)
    assert checked == []
    events = folder / "events.csv"
    good = events.read_text(encoding="utf-8")
    events.write_text(good.replace("2014-09-24", "2014-09-31"), encoding="utf-8", newline="")
    with pytest.raises(cc.ReviewError) as caught:
        cc.read_review(folder)
    line = good.splitlines().index(next(row for row in good.splitlines() if "2014-09-24" in row))
    assert str(caught.value).splitlines() == [
        "the review 'child-x-anytown-2019' cannot be read; 1 thing to mend:",
        f"events.csv line {line + 1}, date: '2014-09-31' is not a date: 2014-09 has days 01 to 30,"
        " not 31; write '2014-09' if the day is not known",
    ]
    events.write_text(good, encoding="utf-8", newline="")
    cc.read_review(folder)
    assert len(checked) == 1
    # The other review's key vouches for nothing here, nor does what is no key.
    for key in (data_key(ROOT / "data" / REVIEWS[0]), "yes", "1", "*"):
        monkeypatch.setenv(VOUCHED_VARIABLE, key)
        cc.read_review(folder)
    assert len(checked) == 5


@pytest.mark.parametrize("damaged", ["events.csv", "review.toml"])
def test_a_vouch_for_what_cannot_be_read_helps_nobody(
    damaged: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = example_review(tmp_path)
    (folder / damaged).write_text("nothing", encoding="utf-8")
    monkeypatch.setenv(VOUCHED_VARIABLE, data_key(folder))
    with pytest.raises(cc.ReviewError, match=re.escape(damaged)):
        cc.read_review(folder)
    (folder / "review.toml").unlink()
    monkeypatch.setenv(VOUCHED_VARIABLE, data_key(folder))
    with pytest.raises(cc.ReviewError, match=re.escape("review.toml")):
        cc.read_review(folder)


def test_a_draft_is_read_and_says_what_is_still_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = example_review(tmp_path)
    events = folder / "events.csv"
    text = events.read_text(encoding="utf-8")
    draft = text.replace("2014-09-24,,,,bruising", "?,,,,bruising")
    assert draft != text
    events.write_text(draft, encoding="utf-8", newline="")
    toml = folder / "review.toml"
    told = toml.read_text(encoding="utf-8").replace(
        "[[sources]]", 'complete = ["to"]\n[[sources]]', 1
    )
    toml.write_text(told, encoding="utf-8")
    for vouched in ("", data_key(folder)):
        monkeypatch.setenv(VOUCHED_VARIABLE, vouched)
        review = cc.read_review(folder)
        (to_do,) = map(str, review.to_do)
        assert to_do.startswith("events.csv line 11, date: '?': the date is not read yet; ")
        assert review.coded("by") == "coded"
        assert review.coded("to") == "silent"
        assert review.coded("themes") == "coded"
        assert review.coded("led_to") == "not coded"
        assert review.coded("findings") == "coded"
        assert review.coded("links") == "not coded"
        assert review.coded("views.supported_by") == "not coded"
        with pytest.raises(KeyError, match="did you mean 'led_to'"):
            review.coded("led_too")


@walked("a notebook opened by hand")
def test_a_notebook_opened_by_hand_gives_what_a_run_gives(tmp_path: Path) -> None:
    """In a plain kernel: without the check and with it the outputs are those of the report. (With
    it, nbval says so of every notebook.)"""
    import papermill

    name, source = REVIEWS[0], ROOT / "notebooks" / "05_accounts.ipynb"
    found = []
    for vouched in some([data_key(ROOT / "data" / name), ""]):
        made = tmp_path / f"{bool(vouched)}.ipynb"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(VOUCHED_VARIABLE, vouched)
            patch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
            papermill.execute_notebook(
                source, made, parameters={"review": name}, progress_bar=False, cwd=str(ROOT)
            )
        found.append(outputs_of(made))
    report = outputs_of(ROOT / "reports" / name / source.name)
    for outputs in found:
        assert outputs == found[0]
        assert [texts(one) for one in outputs] == [texts(one) for one in report]
    assert any(one["metadata"]["casechron"]["kind"] == "table" for one in report)


def outputs_of(path: Path) -> list[dict[str, object]]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [output for cell in cells for output in cell.get("outputs", [])]


def texts(output: dict[str, object]) -> dict[str, object]:
    data = output["data"]
    assert isinstance(data, dict)
    return {kind: data[kind] for kind in ("text/plain", "text/html") if kind in data}
