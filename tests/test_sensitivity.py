"""What another choice changes, one at a time: is it what the tables say that are made anew?"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

import casechron as cc
from a_timed_review import EVENTS, nothing, review
from casechron.analysis import (
    knowledge,
    timing,
)
from casechron.analysis import sensitivity as sens
from casechron.analysis.choices import other_choices
from casechron.analysis.judgements import judged_rows
from casechron.analysis.quantities import QUANTITIES, Asked, Span, Value, still_holds
from casechron.chronology import solve
from casechron.coding.reviews import frames_with
from casechron.dates.policy import DatingPolicy
from involvement_cases import KNOWN, counted_once
from made_reviews import review_of, varied
from real_reviews import real_tables
from simulation import simulate
from text_tables import records_of
from thoroughly import EVERY, some

HERE = Path(__file__).parent
REAL = ("child-a-haringey-2008", "child-w-manchester-2020")
LATER = [
    {"reading": "later", "row": "conference", "column": "date", "value": "[2018-06-20..2018-06-30]"}
]
IN_LATE_JUNE = [
    row | {"date": "late 2018-06"} if row["id"] == "conference" else row for row in EVENTS
]
ABOUT = {one.about: one for one in QUANTITIES}


def given(tables: dict[str, pd.DataFrame], policy: DatingPolicy | None = None) -> cc.Review:
    return review_of(tables, solve(tables["events"], tables["relations"], policy))


@cache
def whole(name: str | int) -> cc.Review:
    """A real review, or one that is simulated by a seed; what is tried of it is found once, in a
    second."""
    if isinstance(name, int):
        tables = frames_with(simulate(name, events=40, vagueness=0.8, undated=0.2).tables)
    else:
        tables = real_tables(name)
    names = ("events", "relations", "locators", "readings")
    events, relations, locators, readings = (tables[table] for table in names)
    chronology = solve(events, relations, locators=locators, readings=readings)
    return review_of(tables, chronology)


# ---------------------------------------------------------------- a review by hand


def test_what_is_printed_and_what_flips_it() -> None:
    found = given(review(events=IN_LATE_JUNE, readings=LATER))
    table = cc.sensitivity(found).set_index(["about", "name"])
    assert table.index.is_unique
    # From 4 to 21 June are 17 days; 'late June' read from the 16th on begins five days sooner, and
    # by the other reading the conference can be on the 20th.
    step = table.loc["next protective step", "notification to the next protective step"]
    assert step.to_dict() == {
        "value": "17 to 26 days",
        "open": False,
        "flipped_by": ("late_from = 16", "reading: later"),
        "leans_on": ("none",),
        "no_chronology_under": ("none",),
        "over_all": "12 to 26 days",
    }
    assert table.loc["response gap", "referral to assessment"]["flipped_by"] == ("none",)
    # Undetermined however it is read, which says little.
    icpc = table.loc["timescale", "Initial child protection conference (strategy)"]
    assert (icpc["value"], icpc["open"], icpc["flipped_by"]) == ("undetermined", True, ("none",))
    changes = cc.changes_by_choice(found)
    own = changes[changes["name"] == "notification to the next protective step"]
    assert own[["value", "choice", "value_then"]].to_dict("split")["data"] == [
        ["17 to 26 days", "late_from = 16", "12 to 26 days"],
        ["17 to 26 days", "reading: later", "16 to 26 days"],
    ]


def test_the_two_tables_agree() -> None:
    for name in REAL:
        review = whole(name)
        table, changes = cc.sensitivity(review), cc.changes_by_choice(review)
        judged = set(judged_rows(review.tables))
        told = {
            (row.about, row.name, choice)
            for row in table.itertuples(index=False)
            for choice in (
                *row.flipped_by,
                *(f"{judged_row} left out" for judged_row in row.leans_on),
            )
            if choice not in ("none", "none left out")
        }
        assert told == set(zip(changes["about"], changes["name"], changes["choice"], strict=True))
        assert set(table["leans_on"].explode()) <= judged | {"none"}


# ---------------------------------------------------------------- what holds


@pytest.mark.parametrize(
    ("old", "new", "held"),
    [
        (Span(2, 9), Span(2, 9), True),
        (Span(2, 9), Span(3, 8), True),
        (Span(2, 9), Span(1, 9), False),
        (Span(2, 9), Span(2, 10), False),
        (Span(2, 9), Span(2, None), False),
        (Span(2, None), Span(2, 5), True),
        (Span(None, 9), Span(None, 9), True),
        (Span(2, None), Span(None, None), False),
        (Span(2, 9), None, False),
        (Span(2, 9), Span(3, 9), True),
        # A count is told with its most too.
        (Span(2, 9), Span(2, 20), False),
        (Span(2, 9), Span(3, None), False),
        (Span(2, None), Span(3, None), True),
        ("met", "met", True),
        ("met", "undetermined", False),
        ("undetermined", "met", False),
        ("met", None, False),
    ],
)
def test_what_holds(old: Value, new: Value | None, held: bool) -> None:
    assert still_holds(old, new) is held


@pytest.mark.parametrize(
    ("about", "value", "settles_nothing"),
    [
        ("timescale", "undetermined", True),
        ("timescale", "not applicable", True),
        ("timescale", "met", False),
        # None is recorded so, as where the source does not name who decided.
        ("known at a decision", Span(0, 0), True),
        ("known at a decision", Span(0, 2), False),
        # A count can never fall below none.
        ("concerns on record", Span(0, 12), True),
        ("concerns on record", Span(1, None), False),
        ("response gap", Span(0, 0), False),
        # No wait is shorter than no day.
        ("response gap", Span(0, None), True),
        ("next protective step", Span(0, None), True),
        ("next protective step", Span(1, None), False),
        # The step can have come first, so that nobody need have waited.
        ("first concern to first step", Span(-655, None), True),
        ("first concern to first step", Span(-3, 40), True),
        ("first concern to first step", Span(None, 40), True),
        ("first concern to first step", Span(0, 40), False),
    ],
)
def test_what_settles_nothing_is_open(about: str, value: Value, settles_nothing: bool) -> None:
    assert ABOUT[about].open(value) is settles_nothing


# ---------------------------------------------------------------- what is asked once


@pytest.mark.parametrize("name", some([*REAL, 9, 17], 2))
def test_what_is_worked_out_once_is_what_is_found_anew(name: str | int) -> None:
    review = whole(name)
    gaps = cc.response_gaps(review)
    others = other_choices(review.tables, review.chronology)
    assert [one.name for one in sens.under_each_choice(review).choices] == [
        one.name for one in others
    ]
    for choice, values in list(zip(others, sens.under_each_choice(review).under, strict=True))[
        :: 3 if EVERY else 9
    ]:
        if not choice.chronology.admissible:
            assert values is None
            continue
        shape = choice.name, "asked anew"
        anew = Asked(choice.tables, choice.chronology, "England", gaps, shape, {})
        assert values == {
            (one.about, own): value for one in QUANTITIES for own, value in one.values(anew).items()
        }


def conference(
    *relations: dict[str, str], readings: Sequence[dict[str, str]] = (), **dates: str
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The verdict on a conference after a strategy discussion, and what flips it."""
    kinds = {"strategy": "strategy-discussion", "conference": "icpc"}
    tables = review(
        events=[{"id": one, "date": date, "kind": kinds[one]} for one, date in dates.items()],
        relations=list(relations),
        links=[],
        participation=[],
        involvement=[],
        readings=list(readings),
    )
    table = cc.sensitivity(given(tables)).set_index(["about", "name"])
    row = table.loc["timescale", "Initial child protection conference (strategy)"]
    return row["value"], row["flipped_by"], row["leans_on"]


def test_a_verdict_is_asked_anew_where_days_between_kinds_or_the_counting_differ() -> None:
    # From Friday 1 June to Friday 22 June 2018 are 15 working days, the limit; 16 with day 1.
    at_the_limit = {"strategy": "2018-06-01", "conference": "2018-06-22"}
    counted = "working_day_one = start day"
    assert conference(**at_the_limit) == ("met", (counted,), ("none",))
    # Another kind at the same days is another clock, or none.
    kind = [{"reading": "visit", "row": "conference", "column": "kind", "value": "visit"}]
    flips = (counted, "reading: visit")
    assert conference(readings=kind, **at_the_limit) == ("met", flips, ("none",))
    # Three days to the day: without it the windows are as they were, and the days between are not.
    gap = {
        "id": "gap",
        "type": "gap",
        "from_event": "strategy",
        "to_event": "conference",
        "gap": "P3D",
        "meaning": "exact",
        "basis": "judged",
    }
    wide = {"strategy": "[2018-06-01..2018-06-22]", "conference": "[2018-06-04..2018-06-25]"}
    assert conference(gap, **wide) == ("met as judged", ("judged orders left out",), ("gap",))
    # Where another reading dates the start, nothing that was judged is needed.
    dated = [{"reading": "dated", "row": "strategy", "column": "date", "value": "2018-06-01"}]
    wide["conference"] = "[2018-06-04..2018-06-22]"
    found = conference(gap, readings=dated, **wide)
    assert (found[0], found[2]) == ("met as judged", ("gap",))
    assert "reading: dated" in found[1]


def test_a_verdict_is_asked_anew_where_only_a_day_within_a_window_differs() -> None:
    """From 5 June the next conference is three days on; from 15 June it is the late one, 19 working
    days on where the limit is 15. The discussion's first and last day are the same either way."""
    between = {"reading": "between", "row": "strategy", "column": "date"}
    tables = review(
        events=[
            {
                "id": "strategy",
                "date": "[2018-06-01,2018-06-05,2018-07-09]",
                "kind": "strategy-discussion",
            },
            {"id": "soon", "date": "2018-06-08", "kind": "icpc"},
            {"id": "late", "date": "2018-07-12", "kind": "icpc"},
        ],
        relations=[],
        links=[],
        participation=[],
        involvement=[],
        readings=[between | {"value": "[2018-06-01,2018-06-15,2018-07-09]"}],
    )
    changes = cc.changes_by_choice(given(tables)).set_index(["about", "name", "choice"])
    name = "Initial child protection conference (strategy)"
    row = changes.loc["timescale", name, "reading: between"]
    assert (row["value"], row["value_then"]) == ("met", "undetermined")


def test_a_count_is_asked_anew_where_only_days_differ() -> None:
    later = {"reading": "later", "row": "bruise", "column": "date", "value": "2018-03-25"}
    tables = review(
        events=[
            {"id": "bruise", "date": "2018-03-10", "kind": "bruising"},
            {"id": "closed", "date": "2018-03-20", "kind": "closure"},
        ],
        relations=[],
        links=[],
        participation=[],
        involvement=[{"id": "seen", "agency": "school", "event": "bruise", "role": "held"}],
        readings=[later],
    )
    table = cc.sensitivity(given(tables)).set_index(["about", "name"])
    row = table.loc["concerns on record", "closed"]
    assert (row["value"], row["flipped_by"]) == ("1 concern", ("reading: later",))


def test_a_verdict_is_asked_anew_where_only_what_ties_two_rows_differs() -> None:
    dates = {"strategy": "2018-06-01", "soon": "2018-06-08", "late": "2018-08-01"}
    tie = {"id": "tie", "type": "answers", "from_row": "late", "to_row": "strategy"}
    tables = review(
        events=[
            {"id": one, "date": date, "kind": "strategy-discussion" if at == 0 else "icpc"}
            for at, (one, date) in enumerate(dates.items())
        ],
        relations=[],
        links=[tie | {"basis": "judged"}],
        participation=[],
        involvement=[],
        readings=[],
    )
    table = cc.sensitivity(given(tables))
    leaning = table[(table["about"] == "timescale") & table["leans_on"].map(("tie",).__eq__)]
    name = "Initial child protection conference (strategy)"
    assert name in leaning["name"].tolist()


@pytest.mark.parametrize(
    ("closed", "value", "flipped_by"),
    [
        # Twelve months to the day; closed on the 2nd there is a day more, on the 1st there is none.
        ("2017-03-02", "certain", ("reading: sooner",)),
        ("2017-03-01", "none on record", ("reading: later",)),
    ],
)
def test_whether_a_referral_is_one_again_is_asked_under_each_choice(
    closed: str, value: str, flipped_by: tuple[str, ...]
) -> None:
    readings = {"sooner": "2017-03-01", "later": "2017-03-02"}
    tables = review(
        events=[
            {"id": "closed", "date": closed, "kind": "closure"},
            {"id": "again", "date": "2018-03-02", "kind": "referral"},
        ],
        relations=[],
        links=[],
        participation=[],
        involvement=[
            {"id": "led", "agency": "cs", "event": "closed", "role": "led"},
            {"id": "got", "agency": "cs", "event": "again", "role": "received"},
        ],
        readings=[
            {"reading": name, "row": "closed", "column": "date", "value": date}
            for name, date in readings.items()
        ],
    )
    table = cc.sensitivity(given(tables)).set_index(["about", "name"])
    row = table.loc["re-referral", "again: after a closure"]
    assert (row["value"], row["flipped_by"]) == (value, flipped_by)


def test_a_plan_that_goes_on_in_another_reading_leaves_the_case_open_there() -> None:
    """The days of both readings are the same: of neither is the end of the plan told."""
    on = {"reading": "on", "row": "plan", "column": "date", "value": "2018-01-10/.."}
    tables = review(
        events=[
            {"id": "before", "date": "2017-12-01", "kind": "referral"},
            {"id": "closed", "date": "2017-12-05", "kind": "closure"},
            {"id": "plan", "date": "2018-01-10/", "kind": "protection-plan"},
            {"id": "again", "date": "2018-03-02", "kind": "referral"},
        ],
        relations=[],
        links=[],
        participation=[],
        involvement=[],
        readings=[on],
    )
    changes = cc.changes_by_choice(given(tables)).set_index(["about", "name", "choice"])
    then = changes.loc["re-referral", "again: after a closure", "reading: on"]["value_then"]
    assert then == "case open"


# ---------------------------------------------------------------- edges


def test_without_an_admissible_chronology_nothing_is_said() -> None:
    clash = [{"id": "r", "type": "before", "from_event": "admission", "to_event": "referral"}]
    found = given(review(relations=clash))
    table = cc.sensitivity(found)
    assert table.empty
    assert str(table.dtypes["open"]) == "bool"
    assert cc.changes_by_choice(found).empty
    assert len(sens.under_each_choice(found).choices) > 3


def test_a_choice_without_a_chronology_changes_nothing_and_says_so() -> None:
    review = whole("child-w-manchester-2020")
    tried = sens.under_each_choice(review)
    at = [one.name for one in tried.choices].index("duration_slack = none")
    assert tried.under[at] is None
    assert not any(at in tried.flipping(name) for name in tried.given)
    assert "duration_slack = none" not in set(cc.changes_by_choice(review)["choice"])
    assert set(cc.sensitivity(review)["no_chronology_under"]) == {("duration_slack = none",)}
    policies_tried = cc.policies_tried(review).set_index("alternative")
    assert policies_tried.loc["duration_slack = none", "status"] == "no admissible chronology"


def test_an_empty_review_has_empty_tables() -> None:
    review = given(nothing())
    assert cc.sensitivity(review).empty
    assert cc.changes_by_choice(review).empty


def test_choices_start_from_the_policy_given() -> None:
    earlier = [LATER[0] | {"value": "2018-06-15"}]
    found = given(review(events=IN_LATE_JUNE, readings=earlier), DatingPolicy(late_from=16))
    table = cc.sensitivity(found).set_index(["about", "name"])
    step = table.loc["next protective step", "notification to the next protective step"]
    assert (step["value"], step["flipped_by"]) == ("12 to 26 days", ("reading: later",))
    assert "late_from = 21" in [one.name for one in sens.under_each_choice(found).choices]


# ---------------------------------------------------------------- the first edition


#: What the second edition says otherwise of a frozen review: its name then, and why. Each differs.
W = "child-w-manchester-2020"
NOT_BEFORE = "An answer never precedes its concern, so no order is needed for it."
DAY_LATER = (
    "The conference comes a day after the enquiries at the earliest, by another judged order."
)
SOON_CLOSED = "How soon the midwife's case was closed is a reading of its own."
KNOWN_2009 = "That the mother's abuse was known by 2009 is judged, with a reading against it."
THROUGH_BIRTH = (
    "Where July dates the incidents after the birth, the case closed before the birth is closed by"
    " the end of July all the same: orders close through a birth without a date of its own."
)
OTHERWISE: dict[tuple[str, str], str] = {
    (
        W,
        "Assessment (referrals-october)",
    ): "The account ends before it was due with any order of the referrals.",
    (
        W,
        "Notice to the national Panel (harm-w)",
    ): "The clock starts at a suspicion of abuse or neglect, not at harm.",
    (W, "referral-midwife to closure-midwife"): f"{SOON_CLOSED} {THROUGH_BIRTH}",
    (W, "closure-midwife to the next concern"): f"{SOON_CLOSED} {THROUGH_BIRTH}",
    (W, "incident-august to section-47"): DAY_LATER,
    (W, "closure-2017-10"): KNOWN_2009,
    (W, "closure-midwife"): KNOWN_2009,
    (W, "section-47"): f"{KNOWN_2009} {THROUGH_BIRTH}",
    (W, "concern-2017-wm to closure-2017-10"): NOT_BEFORE,
    (
        W,
        "report-wm to paramedics",
    ): "What is certainly not before the assault ends the account and waits for nothing.",
    (
        W,
        "first concern passed on to first protective step",
    ): "A concern is passed on from the telling of it, which a judged order places.",
    (
        W,
        "icpc",
    ): "The father's stay at the home is counted, and concerns from when an agency held them.",
}
#: A choice that the first edition did not try.
TRIED_SINCE = "duration_slack = one-unit"
#: Names of the first edition that are another now.
RENAMED = {
    "first concern to first protective step": "any concern to first protective step",
    "first concern passed on to first protective step": (
        "concerns passed on to first protective step"
    ),
}


@pytest.mark.parametrize("review_id", REAL)
def test_the_flips_of_the_first_edition_come_back(review_id: str) -> None:
    """`flipped_by` and `leans_on` as they were frozen, when every combination of choices was
    solved: orders were left out then, and links are too now; so is a choice tried only since."""
    review = whole(review_id)
    table = cc.sensitivity(review).set_index(["about", "name"])
    orders = set(review.tables["relations"]["id"])
    with (HERE / "sensitivity" / f"flips-{review_id}.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        frozen = list(csv.DictReader(file))
    differ, seen = set(), set()
    for was in frozen:
        name = was["conclusion"].rpartition(":")[0]
        key = was["about"], RENAMED.get(name, name)
        seen.add(key)
        if key not in table.index:
            differ.add(name)
            continue
        now = table.loc[key]
        leans_on = [row for row in now["leans_on"] if row in orders]
        flipped_by = [choice for choice in now["flipped_by"] if choice != TRIED_SINCE]
        if ("; ".join(flipped_by) or "none", "; ".join(leans_on) or "none") != (
            was["flipped_by"] or "none",
            was["leans_on"],
        ):
            differ.add(name)
    assert differ == {name for of, name in OTHERWISE if of == review_id}
    new = set(table.index) - seen
    # As recoded, the conference and the plan answer the August incident (Child W), and going to a
    # family friend the referral (Child A).
    ties = ["incident-august to icpc", "incident-august to plan"]
    ties = ties if review_id == W else ["referral-december to discharge"]
    answered = {("response gap", tie) for tie in ties}
    assert {key for key in new if key[0] == "response gap"} == answered
    # What was on record before an end of the account is new, where that is a decision.
    left = {about for about, _ in new - answered}
    assert left <= {
        "concerns on record",
        "known at a decision",
        "next protective step",
        "re-referral",
        "timescale",
    }


# ---------------------------------------------------------------- what is printed


DATA = Path(__file__).parents[1] / "data"
REVIEWS = sorted(folder.name for folder in DATA.iterdir() if (folder / "review.toml").is_file())
#: How sensitivity calls what had not reached those who decided.
ELSEWHERE = {
    knowledge.OTHER: "was with another agency only",
    knowledge.WITH_ONE_IT_CAN_BE: "was with one that may be them",
    knowledge.NOBODY: "is not recorded with anybody",
    knowledge.LATER: "was learned only afterwards",
    knowledge.NOT_STATED: "was with somebody, and who decided is not stated",
}

#: A case is closed on 10 January 2018; the next concern on record comes 66 to 74 days later.
CLOSED = [
    {"id": "closed", "date": "2018-01-10", "kind": "closure", "summary": "The case is closed"},
    {"id": "bruise", "date": "[2018-03-17..2018-03-25]", "kind": "bruising", "summary": "A bruise"},
    {"id": "harm", "date": "2018-06-01", "kind": "harm-to-child", "summary": "An injury"},
]
SOONER = records_of("""
    reading | row | column | value | reason
    sooner | bruise | date | [2018-03-12..2018-03-25] | The month can begin on the day of the visit
""")


def printed(review: cc.Review) -> dict[tuple[str, str], str]:
    """What the tables of the pages say, in the words of sensitivity, by what it is about."""
    found: dict[tuple[str, str], str] = {}

    def add(about: str, table: pd.DataFrame, names: list[str], numbers: str) -> None:
        for row in table.to_dict("records"):
            least, most = (row[f"{numbers}_{side}"] for side in ("min", "max"))
            span = Span(*(None if pd.isna(one) else int(one) for one in (least, most)))
            if (words := ABOUT[about].words(span)) != "not bounded":
                found[about, " to ".join(row[name] for name in names)] = words

    gaps = cc.response_gaps(review)
    answered = gaps[gaps["state"].isin([timing.ANSWERED, timing.CLOSED_OR_LEFT])]
    add("response gap", answered, ["concern", "answer"], "days")
    following = gaps[gaps["next_step"].astype(bool)].assign(to="the next protective step")
    add("next protective step", following, ["concern", "to"], "next_step_days")
    first = cc.first_concern_to_first_step(review)
    first["to"] = "first protective step"
    add("first concern to first step", first, ["scope", "to"], "days")
    closures = cc.closures_and_next_concern(review)
    closures["to"] = "the next concern"
    add("next concern after a closure", closures, ["closure", "to"], "days")
    before = cc.concerns_before_decisions(review)
    add("concerns on record", before, ["decision"], "concerns")
    checks = cc.timescale_checks(review)
    for _, row in checks[(checks["start"] != "") | checks["may_end"].astype(bool)].iterrows():
        start = row["start"] or f"not on record to {row['may_end'][0]}"
        found["timescale", f"{row['title']} ({start})"] = row["verdict"]
    for _, row in cc.re_referrals(review).iterrows():
        found["re-referral", f"{row['referral']}: {row['measure']}"] = row["re_referral"]
    reached = counted_once(cc.information_at_decision(review))
    for decision in cc.decisions(review)["decision"]:
        matters = {kind: len(reached.get((decision, kind), [])) for kind in KNOWN}
        certain, possible = (matters.pop(kind) for kind in (knowledge.CERTAIN, knowledge.POSSIBLE))
        matters[knowledge.NOT_STATED] = len(reached.get((decision, knowledge.NOT_STATED), []))
        words = ABOUT["known at a decision"].words
        name = f"{decision}: reached those who decided"
        found["known at a decision", name] = words(Span(certain, certain + possible))
        for kind, number in matters.items():
            if number or kind not in (knowledge.LATER, knowledge.NOT_STATED):
                name = f"{decision}: {ELSEWHERE[kind]}"
                found["known at a decision", name] = words(Span(number, number))
    return found


@pytest.mark.parametrize(
    ("name", "jurisdiction"),
    some([*((one, "England") for one in REVIEWS), (5, "Scotland"), (6, "England")]),
)
def test_what_is_tried_is_what_is_printed(name: str | int, jurisdiction: str) -> None:
    if isinstance(name, int):
        tables = frames_with(simulate(name, events=36, vagueness=0.5, undated=0.15).tables)
        review = review_of(tables, solve(tables["events"], tables["relations"]), jurisdiction)
    else:
        review = whole(name)
    sensitivity, changed = cc.sensitivity(review), cc.changes_by_choice(review)
    keys = zip(sensitivity["about"], sensitivity["name"], strict=True)
    told = dict(zip(keys, sensitivity["value"], strict=True))
    # That nothing is recorded so is listed only where a choice makes it something.
    flipped = set(zip(changed["about"], changed["name"], strict=True))
    # Nothing that was kept of the one is there for the other.
    anew = varied(review, review.tables, review.chronology)
    assert told == {
        name: value
        for name, value in printed(anew).items()
        if value != "0 matters" or name in flipped
    }


def test_a_reading_that_moves_what_is_printed_flips_it() -> None:
    tables = review(
        events=CLOSED,
        relations=[],
        links=[],
        participation=[],
        involvement=[{"id": "seen", "agency": "school", "event": "bruise", "role": "held"}],
        readings=SOONER,
    )
    sensitivity = cc.sensitivity(given(tables))
    (row,) = sensitivity[sensitivity["about"] == "next concern after a closure"].to_dict("records")
    # From 10 January to 17 March are 66 days, to 25 March 74; to 12 March 61.
    assert (row["value"], row["flipped_by"], row["over_all"]) == (
        "66 to 74 days",
        ("reading: sooner",),
        "61 to 74 days",
    )
