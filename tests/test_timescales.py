from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import casechron as cc
from a_timed_review import EVENTS, nothing, review
from calendar_cases import last_in_time
from casechron.analysis import national
from casechron.analysis.clocks import SOURCE_SEEN, Rule, rules, rules_of
from casechron.analysis.verdicts import Limit, end_by_due, verdict
from casechron.chronology import PairRegion, solve
from casechron.chronology.calendars import (
    working_calendar,
    working_days_between,
)
from casechron.chronology.shares import WithinMonths, narrowed, share
from casechron.coding.codebook import codebook
from casechron.dates.days import months_on
from casechron.dates.policy import DatingPolicy
from casechron.dates.windows import day_span
from made_reviews import review_of, rules_are
from real_reviews import real_review, real_tables

DATA = Path(__file__).parents[1] / "data"
ENGLAND = working_calendar("England")


def denied(checks: pd.DataFrame) -> list[tuple[str, str]]:
    """The settled verdicts that a share denies: all pairs keep what is met, none what is not."""
    rows = checks[checks["within_limit"].ne("") & checks["verdict"].str.match("(?:not )?met")]
    shares = rows["within_limit"].str.extract(r"(?P<kept>\S+) of (?P<admitted>\S+) date")
    none = rows["verdict"].eq("not met")
    agrees = shares["admitted"].mask(none, "0").eq(shares["kept"])
    return list(rows.loc[~agrees, ["rule", "start"]].itertuples(index=False, name=None))


@pytest.mark.parametrize("name", sorted(path.parent.name for path in DATA.glob("*/review.toml")))
def test_no_share_denies_a_verdict(name: str) -> None:
    found = cc.timescale_checks(real_review(name))
    assert denied(found) == []
    # And what is met by some pairs alone is denied.
    assert len(denied(found.assign(within_limit="1 of 2 date pairs"))) == int(
        found["verdict"].str.match("(?:not )?met").sum()
    )


def checks(
    tables: dict[str, pd.DataFrame], jurisdiction: str = "England", **policy: str
) -> pd.DataFrame:
    chronology = solve(
        tables["events"], tables["relations"], DatingPolicy(**policy), locators=tables["locators"]
    )
    return cc.timescale_checks(review_of(tables, chronology, jurisdiction))


def rule(name: str, edition: str) -> Rule:
    return next(one for one in rules() if one.rule == name and one.edition.endswith(edition))


def shown(table: pd.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return [
        tuple(None if value is pd.NA else value for value in row)
        for row in table[list(columns)].itertuples(index=False)
    ]


def test_the_whole_table_of_a_review_worked_by_hand() -> None:
    assert shown(checks(review()), "rule", "edition", "start", "end", "verdict") == [
        ("referral-decision", "Working Together 2015", "referral", "", "undetermined"),
        ("referral-decision", "Working Together 2015", "referrals-more", "", "undetermined"),
        ("assessment", "Working Together 2015", "referral", "assessment", "met"),
        ("assessment", "Working Together 2015", "referrals-more", "", "undetermined"),
        ("initial-assessment", "", "", "", "not applicable"),
        ("icpc", "Working Together 2015", "strategy", "conference", "undetermined"),
        ("first-core-group", "Working Together 2015", "conference", "", "undetermined"),
        ("first-review-conference", "Working Together 2015", "conference", "", "not applicable"),
        ("later-review-conference", "", "", "", "not applicable"),
        ("notify-panel", "", "", "", "not applicable"),
        ("rapid-review", "", "", "", "not applicable"),
        ("publication", "", "", "", "not applicable"),
    ]


def test_a_window_that_straddles_the_limit_in_full() -> None:
    # From Friday 1 June 2018 the 15th working day is Friday 22 June. The conference is on 20 to 25
    # June: working days 13, 14, 15, 15, 15 (a weekend) and 16; the first counts as one more under
    # the other convention.
    row = checks(review()).set_index("rule").loc["icpc"]
    assert (row["due_earliest"], row["due_latest"]) == (
        pd.Timestamp("2018-06-22"),
        pd.Timestamp("2018-06-22"),
    )
    assert (row["actual_earliest"], row["actual_latest"]) == (
        pd.Timestamp("2018-06-20"),
        pd.Timestamp("2018-06-25"),
    )
    assert (
        row["working_days_min"],
        row["working_days_max"],
        row["margin_min"],
        row["margin_max"],
    ) == (13, 16, -1, 2)
    assert (row["within_limit"], row["convention"], row["convention_matters"]) == (
        "5 of 6 date pairs",
        "day after",
        "no",
    )
    assert row["would_settle"] == (
        "the day of the initial child protection conference and, were it late, whether another"
        " initial child protection conference, which is not coded, came first"
    )
    other = checks(review(), working_day_one="start day").set_index("rule").loc["icpc"]
    assert (other["due_latest"], other["working_days_max"], other["within_limit"]) == (
        pd.Timestamp("2018-06-21"),
        17,
        "2 of 6 date pairs",
    )


@pytest.mark.parametrize(
    ("day", "found", "other"),
    [
        ("2018-06-21", "met", "met"),
        ("2018-06-22", "met", "not met"),
        ("2018-06-24", "met", "not met"),
        ("2018-06-25", "not met", "not met"),
    ],
)
def test_verdicts_at_the_boundary_under_both_conventions(day: str, found: str, other: str) -> None:
    events = [row | {"date": day} if row["id"] == "conference" else row for row in EVENTS]
    tables = review(events=events)
    # The source calls it the first, so no other came before it.
    tables["events"]["sequence"] = (tables["events"]["id"] == "conference").map(
        {True: "first", False: ""}
    )
    row = checks(tables).set_index("rule").loc["icpc"]
    assert (row["verdict"], row["other_convention"], row["convention_matters"]) == (
        found,
        other,
        "no" if found == other else "yes",
    )


def test_what_is_not_due_yet_when_the_account_ends_is_not_applicable() -> None:
    row = checks(review()).set_index("rule").loc["first-review-conference"]
    assert (row["due_earliest"], row["due_latest"]) == (
        pd.Timestamp("2018-09-20"),
        pd.Timestamp("2018-09-25"),
    )
    assert (row["end_of_account"], row["end_by_due"], row["would_settle"]) == (
        "admission",
        "certain",
        "what the source tells ends before it was due",
    )
    core = checks(review()).set_index("rule").loc["first-core-group"]
    assert (core["end_by_due"], core["would_settle"]) == (
        "ruled out",
        "whether it took place at all, and the day of the first core group meeting",
    )


def test_child_w_and_child_a_read_as_the_sources_allow() -> None:
    w = checks(real_tables("child-w-manchester-2020")).set_index("rule")
    icpc = w.loc["icpc"]
    assert (icpc["edition"], icpc["start"], icpc["verdict"]) == (
        "Working Together 2018",
        "",
        "undetermined",
    )
    assert icpc["would_settle"] == (
        "the day of the strategy discussion at which section 47 enquiries were initiated, and the"
        " day of the initial child protection conference"
    )
    assert (icpc["near"], icpc["near_working_days_min"], icpc["near_working_days_max"]) == (
        "section-47",
        0,
        27,
    )
    assert (
        w.loc["first-review-conference", "verdict"],
        w.loc["first-review-conference", "end_by_due"],
    ) == ("not applicable", "certain")
    a = checks(real_tables("child-a-haringey-2008")).set_index("rule").loc["icpc"]
    assert (a["edition"], a["source_seen"], a["verdict"], a["other_convention"]) == (
        "Working Together 2006",
        "not seen",
        "met",
        "met",
    )
    assert (a["working_days_min"], a["working_days_max"], a["margin_min"]) == (8, 8, 7)
    assert (a["due_earliest"], a["due_days_min"]) == (pd.Timestamp("2007-01-05"), 24)


def test_an_edition_whose_limit_is_not_known_judges_nothing() -> None:
    events = [
        {"id": "r", "date": "2008-03-03", "kind": "referral"},
        {"id": "c", "date": "2008-03-04", "kind": "strategy-discussion"},
    ]
    links = [{"id": "l", "type": "answers", "from_row": "c", "to_row": "r"}]
    received = [{"id": "iv", "agency": "cs", "event": "r", "role": "received"}]
    coded = review(events=events, relations=[], links=links, participation=[], involvement=received)
    row = checks(coded).set_index("rule").loc["referral-decision"]
    # The limit alone settles nothing: a discussion is only a sign that it had been decided.
    assert (row["verdict"], row["would_settle"]) == (
        "undetermined",
        "the limit in Working Together 2006 (not on file here) and the day on which children's"
        " services decided what to do with the referral",
    )


def test_an_edition_of_which_only_an_open_day_speaks_is_not_asked_for() -> None:
    """Several calls before a death in 2014: nothing says that one was as early as 2006."""
    calls = {"id": "r", "date": "", "kind": "referral", "count_min": "2"}
    events = [calls, {"id": "d", "date": "2014-05-01", "kind": "death"}]
    before = [{"id": "b", "from_event": "r", "to_event": "d", "type": "before"}]
    received = [{"id": "iv", "agency": "cs", "event": "r", "role": "received"}]
    coded = review(
        events=events, relations=before, links=[], participation=[], involvement=received
    )
    row = checks(coded).set_index("rule").loc["referral-decision"]
    days = "the day on which the referral was received, and the day on which children's services"
    assert row["would_settle"] == (
        f"for each of several events that stand in one row: {days} decided what to do with the"
        " referral"
    )


def test_a_step_that_the_source_denies_outright_is_not_met_and_a_weaker_denial_is_not_enough() -> (
    None
):
    for grade, found in (("did-not-happen", "not met"), ("no-evidence-found", "undetermined")):
        events = [
            {"id": "r", "date": "2016-03-01", "kind": "referral"},
            {"id": "no", "date": "2016", "kind": "assessment", "absence": grade},
        ]
        links = [{"id": "l", "type": "answers", "from_row": "no", "to_row": "r"}]
        received = [{"id": "iv", "agency": "cs", "event": "r", "role": "received"}]
        row = (
            checks(
                review(
                    events=events, relations=[], links=links, participation=[], involvement=received
                )
            )
            .set_index("rule")
            .loc["assessment"]
        )
        assert row["verdict"] == found
    assert (
        row["would_settle"]
        == "whether it took place at all (the source says: no evidence found), and the day on which"
        " the assessment ended"
    )


@pytest.mark.parametrize(("basis", "found"), [("stated", "not met"), ("judged", "undetermined")])
def test_a_conference_that_a_discussion_did_not_lead_to_is_not_met(basis: str, found: str) -> None:
    """What starts the clock is a response, which nothing can answer: the row that says that there
    was none is tied to it by *led to*."""
    events = [
        {"id": "talk", "date": "2016-03-01", "kind": "strategy-discussion"},
        {"id": "no", "date": "2016", "kind": "icpc", "absence": "did-not-happen"},
    ]
    led_to = {"id": "l", "type": "led-to", "from_row": "talk", "to_row": "no", "basis": basis}
    nothing = {name: [] for name in ("relations", "participation", "involvement")}
    table = checks(review(events=events, links=[led_to], **nothing)).set_index("rule")
    assert table.loc["icpc", ["start", "verdict"]].tolist() == ["talk", found]


def test_a_referral_to_another_agency_starts_no_clock_of_childrens_social_care() -> None:
    involvement = [{"id": "iv", "agency": "school", "event": "referral", "role": "received"}]
    table = checks(review(involvement=involvement))
    assert "referral" not in set(table["start"])


def test_a_clock_that_starts_when_something_becomes_known_has_no_due_day() -> None:
    table = checks(
        review(
            events=[*EVENTS, {"id": "harm", "date": "2018-08-20", "kind": "harm-to-child"}],
            participation=[{"id": "p", "person": "x", "event": "harm", "role": "harming"}],
        )
    )
    (row,) = table[table["rule"] == "notify-panel"].to_dict("records")
    assert (row["start"], row["verdict"], row["end_by_due"]) == ("harm", "undetermined", "")
    assert all(
        pd.isna(row[name])
        for name in ("start_earliest", "start_latest", "due_earliest", "due_latest", "due_days_min")
    )
    assert (
        row["would_settle"]
        == "whether it took place at all, and the day on which the local authority became aware of"
        " the incident, and the day on which the authority notified the national Panel"
    )


def test_a_part_of_a_counted_referral_is_not_counted_twice() -> None:
    links = [{"id": "l", "type": "part-of", "from_row": "referral", "to_row": "referrals-more"}]
    assert "referral" not in set(checks(review(links=links))["start"])


def test_contradictions_empty_tables_and_other_jurisdictions() -> None:
    clash = [{"id": "r", "type": "before", "from_event": "admission", "to_event": "referral"}]
    table = checks(review(relations=clash))
    assert set(table.loc[table["start"] != "", "verdict"]) == {"no admissible chronology"}
    assert set(checks(nothing())["verdict"]) == {"not applicable"}
    with rules_are(*(rule for rule in rules() if rule.jurisdiction == "England")):
        empty = checks(review(), "Scotland")
    assert empty.empty
    assert list(empty.columns) == list(table.columns)


def test_every_rule_says_what_it_is_and_where_it_is_from() -> None:
    kinds = codebook().codes("event_kind")
    for one in rules():
        assert set(one.starts) | set(one.ends) <= set(kinds), one
        assert day_span(one.in_force_from).earliest is not None
        assert one.in_force_to == "" or day_span(one.in_force_to).latest is not None
        assert one.ends_by in ("the step", "a later sign", "not told apart")
        known = one.rule not in ("notify-panel", "rapid-review")
        assert one.starts_by == ("the event" if known else "becoming known")
        assert one.pairing in ("linked", "next")
        # What is not linked ends a clock within its spell.
        assert one.spell in ("case", "plan") or one.pairing == "linked" or not one.starts
        assert one.source
        assert one.start_fact
        assert one.end_fact
        assert one.unit in ("working days", "days", "months")
        assert one.source_seen in SOURCE_SEEN
        # What no text was seen to bear names no text.
        assert (one.source_seen == "not seen") == ("." not in one.source)
    assert not [one for one in rules() if "section-47" in one.ends and one.ends_by == "the step"]


def test_the_limits_as_the_guidance_has_them() -> None:
    limits = {(one.rule, one.edition[-4:]): one.limit_words for one in rules_of("England")}
    assert [limits["icpc", year] for year in ("2006", "2010", "2013", "2015", "2018")] == [
        "15 working days"
    ] * 5
    assert limits["referral-decision", "2018"] == "1 working day"
    assert limits["assessment", "2015"] == "45 working days"
    assert (limits["initial-assessment", "2006"], limits["initial-assessment", "2010"]) == (
        "7 working days",
        "10 working days",
    )
    assert (limits["first-core-group", "2018"], limits["first-review-conference", "2018"]) == (
        "10 working days",
        "3 months",
    )
    assert (limits["later-review-conference", "2018"], limits["notify-panel", "2018"]) == (
        "6 months",
        "5 working days",
    )


def test_editions_follow_one_another_without_a_gap() -> None:
    own = [one for one in rules() if one.rule == "icpc"]
    for before, after in pairwise(own):
        end, begin = day_span(before.in_force_to).latest, day_span(after.in_force_from).earliest
        assert end is not None
        assert begin is not None
        assert begin <= end + 1


starts, widths = (
    st.integers(date(2018, 1, 1).toordinal(), date(2018, 3, 1).toordinal()),
    st.integers(0, 9),
)


@given(
    starts,
    widths,
    st.integers(-5, 120),
    widths,
    # In Scotland a core group was due within so many days of the calendar.
    st.sampled_from(
        [("icpc", "2018"), ("first-review-conference", "2018"), ("first-core-group", "2014")]
    ),
    st.sampled_from(["day after", "start day"]),
)
def test_verdicts_against_every_pair_of_days(
    start: int, width: int, away: int, other: int, asked: tuple[str, str], day_one: str
) -> None:
    region = PairRegion(start, start + width, start + away, start + away + other, None, None)
    checked = rule(*asked)
    assert checked.limit is not None
    kept, late, early = 0, 0, 0
    for a in range(start, start + width + 1):
        due = {
            "months": months_on(a, checked.limit),
            "days": a + checked.limit,
            "working days": last_in_time(a, checked.limit, "England", day_one),
        }[checked.unit]
        for b in range(start + away, start + away + other + 1):
            early += b < a
            kept += a <= b <= due
            late += b > due
    expected = (
        "met" if not late and not early else "not met" if not kept and not early else "undetermined"
    )
    limit = Limit(checked, ENGLAND, day_one)
    assert verdict(limit, region) == expected
    by_due = "certain" if not late else "ruled out" if not kept and not early else "possible"
    assert end_by_due(limit, narrowed(region)) == by_due


def test_a_margin_in_months_is_counted_in_working_days() -> None:
    events = [
        {"id": "c", "date": "[2018-09-21..2018-09-24]", "kind": "icpc"},
        {"id": "v", "date": "2018-12-20", "kind": "review-conference"},
    ]
    row = (
        checks(review(events=events, relations=[], links=[], participation=[], involvement=[]))
        .set_index("rule")
        .loc["first-review-conference"]
    )
    due = [date(2018, 12, day).toordinal() for day in (21, 22, 23, 24)]
    margins = [
        int(working_days_between(date(2018, 12, 20).toordinal(), day, ENGLAND, "day after"))
        for day in due
    ]
    assert (row["margin_min"], row["margin_max"], row["verdict"]) == (
        min(margins),
        max(margins),
        "met",
    )
    pairs = share([PairRegion(1, 1, 2, 2, None, None)], WithinMonths(3))
    assert pairs.satisfying == 1


def test_national_figures_are_as_published_and_years_later() -> None:
    table = national.national_conferences()
    assert shown(
        table,
        "area",
        "year",
        "conferences",
        "within_10_working_days",
        "in_11_to_15_working_days",
        "in_16_to_20_working_days",
        "in_21_or_more_working_days",
    ) == [
        ("England", 2023, 74380, 6850, 51480, 7100, 8920),
        ("North West", 2023, 10740, 980, 7660, 970, 1140),
        ("England", 2025, 72100, 6240, 52430, 6430, 6990),
    ]
    w = cc.conferences_beside_national(real_review("child-w-manchester-2020"))
    assert shown(w, "what", "year", "working_days_min", "years_later")[:2] == [
        ("icpc, as far as recorded", 2018, 0, None),
        ("England, all conferences", 2023, None, 5),
    ]
