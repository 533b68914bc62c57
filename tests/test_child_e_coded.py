"""Does the coding of the invented review, and what is worked out from it, admit what is true?

The days, the limits and the contradiction were written before the coding, which was made by people
who had not seen them; `map.csv` says which coded event each true one is."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest

import casechron as cc
from casechron.coding.sources import SourceError
from real_reviews import real_review
from test_child_e import REVIEW, SENTENCES, TRUTH, day, rows, working_days

MAP = {row["truth"]: row["event"] for row in rows("map") if row["event"]}
#: What the coding holds beside the windows of the words: each is one of the texts' as well.
OTHERWISE = {
    "mother-denies": "no latest day: that she denied before the discussion is told by order alone",
    "review-1": "not on the day of the conference that it reviews",
    "hv-records": "some weeks are at least two, and have no most",
    "partner-stays": "no cell holds the latest day of a start",
    "investigation-ends": "some weeks are at least two, and have no most",
}
READING = "finding-1-weeks"


@pytest.fixture(scope="module")
def review() -> cc.Review:
    return real_review(REVIEW)


@pytest.fixture(scope="module")
def bounds(review: cc.Review) -> Mapping[str, pd.Series]:
    return {row["event"]: row for _, row in cc.bounds(review).iterrows()}


def within(first: pd.Timestamp, true: object, last: pd.Timestamp) -> bool:
    at = pd.Timestamp(str(true))
    return bool((pd.isna(first) or first <= at) and (pd.isna(last) or at <= last))


def test_each_true_event_is_coded_or_said_to_be_in_the_row_of_another(review: cc.Review) -> None:
    told = rows("map")
    assert [row["truth"] for row in told] == [*TRUTH]
    assert [row for row in told if bool(row["event"]) == bool(row["coded_as"])] == []
    assert set(MAP.values()) <= set(review.tables["events"]["id"])
    assert len(set(MAP.values())) == len(MAP)


@pytest.mark.parametrize("truth", MAP)
def test_the_true_day_is_within_the_bounds(truth: str, bounds: Mapping[str, pd.Series]) -> None:
    coded = bounds[MAP[truth]]
    # What did not happen did not at any time of its window, in which the true time lies.
    start = "latest" if TRUTH[truth]["absence"] else "start_latest"
    assert within(coded["earliest"], day(truth), coded[start])
    if TRUTH[truth]["until"]:
        assert within(coded["end_earliest"], day(truth, "end"), coded["latest"])


def test_the_bounds_are_those_of_the_words(bounds: Mapping[str, pd.Series]) -> None:
    """No wider than the hand-made windows, which each phrase bears, and no narrower; save some."""
    differ = set()
    for row in rows("dates"):
        coded = bounds[MAP[row["truth"]]]
        names = (
            ("earliest", "start_latest") if row["point"] == "start" else ("end_earliest", "latest")
        )
        first, last = (coded[name] for name in names)
        several = coded["shape"] == "several"  # the first and the last have windows of their own
        same = str(first)[:10] == row["earliest"] and str(last)[:10] == row["latest"]
        held = row["earliest"] <= str(first)[:10] and str(last)[:10] <= row["latest"]
        if row["source"] == "report" and not (held if several else same):
            differ.add(row["truth"])
    assert differ == set(OTHERWISE)


@pytest.mark.parametrize("row", rows("intervals"), ids=lambda row: f"{row['from']}-{row['to']}")
def test_each_gap_admits_the_true_one(row: dict[str, str], review: cc.Review) -> None:
    (gap,) = cc.gaps(review, [(MAP[row["from"]], MAP[row["to"]])]).to_dict("records")
    least, most = gap["days_min"], gap["days_max"]
    true = (day(row["to"]) - day(row["from"])).days
    assert pd.isna(least) or least <= true
    assert pd.isna(most) or true <= most


def test_every_certain_order_is_the_true_one(review: cc.Review) -> None:
    absent = set(review.tables["events"].query("absence != ''")["id"])
    lasts = set(cc.bounds(review).query("shape == 'span'")["event"])
    true = {MAP[one]: one for one in MAP if MAP[one] not in absent}
    pairs = list(combinations(true, 2))
    wrong, certain = [], 0
    for told in cc.order(review, pairs).to_dict("records"):
        one, other = true[told["from_event"]], true[told["to_event"]]
        open_end = {event for event in (told["from_event"], told["to_event"]) if event in lasts}
        if open_end and not all(TRUTH[true[event]]["until"] for event in open_end):
            continue  # its true end is not told
        ends = [
            day(event, "end") if TRUTH[event]["until"] else day(event) for event in (one, other)
        ]
        holds = {
            "before": ends[0] < day(other),
            "not after": ends[0] <= day(other),
            "after": ends[1] < day(one),
            "not before": ends[1] <= day(one),
            "same day": {day(one), day(other)} == {ends[0]} == {ends[1]},
        }
        certain += told["order"] != "unclear"
        if not holds.get(told["order"], True):
            wrong.append((one, told["order"], other))
    assert wrong == []
    assert certain > 1000


LIMITS = {"core-group": "first-core-group", "review": "first-review-conference"}


@pytest.mark.parametrize("row", rows("limits"), ids=lambda row: f"{row['rule']}-{row['to']}")
def test_each_limit_has_the_verdict_of_the_words(row: dict[str, str], review: cc.Review) -> None:
    checks = cc.timescale_checks(review)
    rule, start = LIMITS.get(row["rule"], row["rule"]), MAP[row["from"]]
    found = checks[(checks["rule"] == rule) & (checks["start"] == start)].to_dict("records")
    if row["from"] == "first-notice":  # the report calls it a notification, which is no referral
        assert found == []
        return
    if row["rule"] == "notify-panel":  # the hospital told the authority: the fall is no later
        start = "fall"
        found = checks[checks["rule"] == rule].to_dict("records")
    (check,) = found
    assert check["verdict"] == row["from_report"]
    if row["settled_by"]:
        assert {"review": "conference", "assessment": "assessment"}[row["rule"]] in check[
            "would_settle"
        ]
    if row["unit"] == "working days":
        true = working_days(day(row["from"]), day(row["to"]))
        assert true == int(row["truth"])
        assert check["working_days_min"] <= true <= check["working_days_max"]


def test_each_absence_has_the_grade_of_the_words(review: cc.Review) -> None:
    coded = dict(review.tables["events"][["id", "absence"]].itertuples(index=False))
    # Of the GP the grade is that of a part, and so it stands in the assessment.
    true = {
        one: TRUTH[one]["absence"]
        for one in MAP
        if TRUTH[one]["absence"] and one != "gp-one-question"
    }
    assert {one: coded[MAP[one]] for one in true} == true
    parts = review.tables["involvement"].query("grade != ''")
    told = set(zip(parts["event"], parts["grade"], strict=True))
    assert ("assessment", "insufficient") in told
    for row in rows("map"):
        if row["coded_as"] and "Father" not in row["coded_as"]:
            of = row["coded_as"].split(" in ")[1].split(" and ")
            assert all((event, "did-not-happen") in told for event in of)


def test_the_reports_contradiction_is_found_and_its_reading_dissolves_it(review: cc.Review) -> None:
    assert cc.contradictions(review).empty  # by default the dates hold
    read_review = cc.read_review(REVIEW, readings=[READING])
    contradictions = cc.contradictions(read_review)
    assert set(contradictions["conflict"]) == {1}
    assert set(contradictions["row"]) - set(cc.bounds(review)["event"]) == {
        "rl-not-after-move-transfer"
    }
    (weeks,) = contradictions[contradictions["words"] == "more than eight weeks"].to_dict("records")
    assert "40" in weeks["paragraphs"]
    assert "more than eight weeks" in SENTENCES["report", "p40.2"]
    # 56 days are needed, and the dates leave 30 at most.
    assert set(contradictions["days_short"]) == {56 - 30}
    ways = cc.dissolved_by(read_review).to_dict("records")
    assert [(way["choice"], way["all_hold"]) for way in ways] == [(f"without {READING}", True)]


def test_a_reading_in_use_is_shown_beside_what_was_coded(review: cc.Review) -> None:
    other_readings = cc.other_readings(review)
    read_review = cc.read_review(REVIEW, readings=other_readings["reading"].unique().tolist())
    pd.testing.assert_frame_equal(cc.other_readings(read_review), other_readings)
    assert (other_readings["as_coded"] != other_readings["otherwise"]).all()


def test_each_difference_of_the_news_is_a_reading_of_the_coding(review: cc.Review) -> None:
    news = cc.other_readings(review).query("source == 'news'")
    told = [tuple(row) for row in news[["row", "column", "otherwise"]].itertuples(index=False)]
    calls, silent = MAP["neighbour-calls"], MAP["housing-silent"]
    assert (MAP["bruise"], "date", "2022-11-21") in told
    assert (calls, "count_min", "6") in told
    assert (silent, "absence", "") in told
    about = {row for row, *_ in told if not row.startswith(f"iv-{silent}-")}
    assert about == {MAP["bruise"], calls, silent}


def test_each_sentence_stands_beside_its_rows(review: cc.Review) -> None:
    sentences = cc.sentences(review)
    assert dict(zip(sentences["place"], sentences["sentence"], strict=True)) == {
        f"{source} {place}": text for (source, place), text in SENTENCES.items()
    }
    rests = dict(zip(sentences["place"], sentences["rows"], strict=True))
    assert rests["report p13.1"] == ("grandmother-call",)
    assert rests["report p8.1"] == ()
    says = {
        row: text
        for table, column in (("events", "summary"), ("views", "proposition"), ("people", "label"))
        for row, text in review.tables[table][["id", column]].itertuples(index=False)
    }
    told = sentences[[says.keys() >= {*rows} for rows in sentences["rows"]]]
    assert told["coded"].tolist() == [
        "; ".join(dict.fromkeys(map(says.__getitem__, rows))) for rows in told["rows"]
    ]
    assert set(review.tables["views"]["id"]) & {row for rows in told["rows"] for row in rows}


def test_no_text_stands_beside_the_rows_of_a_review_that_is_not_invented() -> None:
    for real in REVIEW.parent.glob("child-*"):
        if real != REVIEW:
            assert cc.sentences(real_review(real)).empty


def test_a_text_that_was_changed_stands_beside_no_row(tmp_path: Path) -> None:
    copy = shutil.copytree(REVIEW, tmp_path / "data" / REVIEW.name)
    text = copy / "sources" / "news.md"
    text.write_text(text.read_text(encoding="utf-8").replace("six times", "sixty times"))
    with pytest.raises(SourceError, match=r"^news\.md is another text than when it was located;"):
        cc.sentences(cc.read_review(copy))


@pytest.mark.parametrize("left_out", ["", "report,2,1,"], ids=["all", "a heading"])
def test_a_text_of_which_a_sentence_was_never_located_stands_beside_its_rows(
    left_out: str, tmp_path: Path
) -> None:
    copy = shutil.copytree(REVIEW, tmp_path / "data" / REVIEW.name)
    located = copy / "sentences.csv"
    head, *lines = located.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(left_out)]
    located.write_text("".join([head, *kept]), encoding="utf-8")
    assert len(kept) == (len(lines) - 1 if left_out else 0)
    told = cc.sentences(cc.read_review(copy))
    assert told["sentence"].tolist() == list(SENTENCES.values())


def test_the_call_that_ended_in_an_arrest_is_answered(review: cc.Review) -> None:
    """Officers spoke to both, and the arrest was made that night (p29.2 to p29.5)."""
    gaps = cc.response_gaps(review)
    call = gaps[gaps["concern"] == "call-999"]
    columns = ["answer", "state", "coded_as"]
    assert call[columns].to_numpy().tolist() == [["arrest", "answered by a step", "derived"]]


def test_who_was_told_on_a_day_that_the_report_gives_held_it_from_then_on(
    review: cc.Review,
) -> None:
    """Paragraphs 20 and 41 have the health visitor know in May, 23 and 38 the association by its
    log of the call; of the calls until September some went to the police and some to the
    association (22): all before the case was closed in the autumn."""
    reached = cc.information_at_decision(review)
    reached = reached[reached["decision"] == "closure"].set_index("matter")
    callers_and_called = ("Police (Harnmere)", "Housing association", "Neighbours")
    for matter, holders in (
        ("grandmother-warns", ("Health visitor (Harnmere)",)),
        ("summer-calls", callers_and_called),
        ("catch", ("Housing association",)),
    ):
        held = reached.loc[matter]
        assert (held["certain_with"], held["possible_with"]) == (holders, ())
        assert held["only_as_judged"] == ()
