"""Does each review answer the same questions as its own tables do, with the days that its sheet
gives when they are counted by hand, and does one more review need no code?"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import assume, given, settings

import casechron as cc
from a_good_review import good_review
from an_example_review import example_review
from brute_force import Event, Relation, coded, solutions, tables
from casechron.analysis.across import (
    NONE,
    NOT_CODED,
    PASSED_ON,
    QUESTIONS,
    UNTOLD,
    _last_contact,
)
from casechron.chronology import chronology_of
from casechron.coding.reviews import ROOT_VARIABLE
from casechron.report.export import check_manifest
from casechron.report.render import render_all
from casechron.report.text.across import _review
from involvement_cases import tables_of
from made_reviews import review_of
from real_reviews import real_review
from test_sentences import LISTED
from thoroughly import examples, rendered_for_it

ROOT = Path(__file__).parents[1]
NOTEBOOK = ROOT / "notebooks" / "08_reviews.ipynb"
NAMES = sorted(
    path.parent.name
    for path in (ROOT / "data").glob("*/review.toml")
    if "\ninvented = true" not in path.read_text(encoding="utf-8")
)
FIRST, ANY, CLOSED, CONFERENCE, CONTACT, AGAIN, RAISED, MISSING = QUESTIONS
OF_DAYS = (FIRST, ANY, CLOSED, CONFERENCE, CONTACT)
OPEN = None

A, X, U, POLLY, AK, W, T = (
    "child-a-haringey-2008",
    "child-x-dundee-2009",
    "child-u-manchester-2013",
    "child-polly-derbyshire-2017",
    "child-ak-northamptonshire-2019",
    "child-w-manchester-2020",
    "child-t-cwm-taf-morgannwg-2022",
)


def days(since: str, until: str) -> int:
    return (date.fromisoformat(until) - date.fromisoformat(since)).days


#: Least and most days of each answer, counted from the dates of the sheets that stand here; None:
#: nothing limits them. What is not here tells no days.
BY_HAND: dict[tuple[str, str], list[tuple[int, int | None]]] = {
    # The referral of 11 December and the discharge to a family friend on 15 December 2006.
    (A, FIRST): [(days("2006-12-11", "2006-12-15"),) * 2],
    # The bruise that a GP saw on 13 October 2006 was passed on to nobody that day.
    (A, ANY): [(days("2006-10-13", "2006-12-15"),) * 2],
    (A, CONFERENCE): [(days("2006-12-12", "2006-12-22"),) * 2],
    (A, CONTACT): [(days("2007-08-01", "2007-08-03"),) * 2],
    # Seen last on 12 March 2008, or on a visit on any day up to the one before 16 March.
    (X, CONTACT): [(1, days("2008-03-12", "2008-03-16"))],
    # Child U's conferences lie between July 2008 and the death, and the call that the public made
    # has no earliest day: no days.
    # A psychiatrist two months, 1½ to 2½ of them, before a death from 1 September to the 22nd 2011;
    # others had contact until the day before. 2½ months before the 22nd is 8 July, 1½ is 7 August.
    (U, CONTACT): [(1, days("2011-07-08", "2011-09-22"))],
    # In hospital on a day of February 2014; two more times at hospital until the day before.
    (POLLY, CONTACT): [(1, days("2014-02-01", "2014-05-01"))],
    # A search two months before 15 December, 30 September to 30 October; an arrest about two, which
    # is 31 days at the least: 14 November; neither before 3 October.
    (AK, CONTACT): [(days("2017-11-14", "2017-12-15"), days("2017-10-03", "2017-12-15"))],
    # A referral of 2014; the enquiries not before the incident of 21 to 31 August 2018, and before
    # the conference of 21 to 30 September.
    (W, FIRST): [(days("2014-12-31", "2018-08-21"), days("2014-01-01", "2018-09-29"))],
    (W, ANY): [(days("2014-12-31", "2018-08-21"), OPEN)],
    # October to November 2017. The second closure not before the referral of November, and the day
    # before the birth of July 2018 at the latest; the incidents not before the birth, and not after
    # the report of the end of July.
    (W, CLOSED): [
        (days("2017-10-31", "2017-11-01"), days("2017-10-01", "2017-11-30")),
        (1, days("2017-11-01", "2018-07-31")),
    ],
    # Child W's contacts have no date, and that the visit came after the August incident is one of
    # two readings: no days.
    # 16 August 2020 to any day of January 2021.
    (T, FIRST): [(days("2020-08-16", "2021-01-01"), days("2020-08-16", "2021-01-31"))],
    # Photographs almost a year before the death, at most 365 days, so from 31 July 2020.
    (T, ANY): [(days("2020-08-16", "2021-01-01"), days("2020-07-31", "2021-01-31"))],
    # The visit on 30 July was on the day before the death.
    (T, CONTACT): [(1, 1)],
}


@cache
def table() -> pd.DataFrame:
    return cc.across(cc.read_reviews([ROOT / "data" / name for name in NAMES]))


def told(found: pd.DataFrame, review: str, question: str) -> list[tuple[int, int | None]]:
    rows = found[(found["review"] == review) & (found["question"] == question)]
    pairs = zip(rows["days_min"], rows["days_max"], strict=True)
    return [(int(a), None if pd.isna(b) else int(b)) for a, b in pairs if not pd.isna(a)]


@pytest.mark.parametrize("question", OF_DAYS)
@pytest.mark.parametrize("review", [A, X, U, POLLY, AK, W, T])
def test_the_days_of_each_answer_are_as_counted_by_hand(review: str, question: str) -> None:
    assert told(table(), review, question) == BY_HAND.get((review, question), [])


@pytest.mark.parametrize("review", ["child-e-example-2024", *NAMES])
def test_the_days_to_the_first_step_run_between_the_rows_that_are_named(review: str) -> None:
    """In Child E's a notification tells, a day later, of what a call had told first."""
    read = cc.read_review(review)
    answers = cc.across(read)
    firsts = answers[answers["question"].eq(FIRST) & answers["days_min"].notna()]
    for row in firsts.to_dict("records"):
        pairs = [(a, b) for a in row["from_event"] for b in row["to_event"]]
        between = cc.gaps(read, pairs)
        assert between["days_min"].min() <= row["days_min"] <= between["days_min"].max()
        if len(pairs) == 1:
            columns = ["days_min", "days_max"]
            assert between[columns].iloc[0].tolist() == [row[column] for column in columns]


def test_each_review_has_a_row_for_each_question_in_the_order_of_years() -> None:
    answers = table()
    assert answers["row"].is_unique
    years = {name: int(name[-4:]) for name in NAMES}
    by_year = sorted(NAMES, key=years.__getitem__)
    for question in QUESTIONS:
        assert (
            list(dict.fromkeys(answers.loc[answers["question"] == question, "review"])) == by_year
        )
    silent = answers[answers["days_min"].isna() & answers["question"].isin(OF_DAYS)]
    assert (silent["why"] != "").all()


def test_from_a_discussion_without_enquiries_no_conference_was_due() -> None:
    said = [one.text for one in cc.words.across.points_on(table(), "conference")]
    assert (
        "Child Ak (2019): the discussion initiated no section 47 enquiries, from which the limit"
        " counts." in said
    )


def test_the_list_of_those_referred_again_is_by_name() -> None:
    answers = table().loc[lambda rows: rows["question"] == AGAIN].set_index("review")["answer"]
    assert answers.to_dict() == {
        A: NONE,
        X: NONE,
        # Ten referrals, and nothing on what became of any.
        U: UNTOLD,
        # Two calls or more, and nothing on what became of any.
        POLLY: UNTOLD,
        AK: UNTOLD,
        # Closed in October 2017, a midwife's referral in November.
        W: "certainly",
        T: NONE,
    }
    (point,) = [one.text for one in cc.words.across.points_on(table(), "again")]
    assert "certainly: Child W (2020); possibly: none; it cannot be told: Child U (2013)" in point
    assert (
        "no such referral is on record: Child A (2008), Child X (Dundee, 2009) and Child T" in point
    )


def sentences(found: pd.DataFrame) -> list[str]:
    words = cc.words.across
    asked = ("first-step", "closure", "again", "conference", "last-contact", "raised", "missing")
    points = [
        *words.key_points(found),
        *(one for of in asked for one in words.points_on(found, of)),
    ]
    points += [one for card in words.undetermined(found) for one in card.points]
    return [one.text for one in points]


def test_where_other_steps_came_between_is_named_unless_it_is_everywhere() -> None:
    def told(stepped: set[str]) -> str:
        steps = [("a-visit",) * (review in stepped) for review in table()["review"]]
        return cc.words.across.key_points(table().assign(steps=steps))[0].text

    between = ", with other steps on record in between"
    assert told({*NAMES}).endswith(f"{between}.")
    assert told({A}).endswith(f"{between} in Child A (2008).")
    assert between not in told(set())


def test_a_step_that_can_have_come_first_tells_no_days_though_the_concern_is_dated(
    tmp_path: Path,
) -> None:
    rows = """\
worry,2018-04-06,referral,A school refers,childrens-services
meeting,[2018-04-02..2018-04-20],icpc,A conference meets,childrens-services
"""
    answer = answer_of(tmp_path, ANY, rows)
    assert answer["answer"] == UNTOLD
    assert answer["why"] == "the step can have come before the first concern"


@pytest.mark.parametrize(
    ("later", "answer", "why"),
    [
        ("", NONE, "no protective step is on record after such a concern, only before it"),
        (
            "plan,2018-05,protection-plan,A plan,\n",
            UNTOLD,
            "the step came before the first concern",
        ),
    ],
)
def test_a_step_that_came_before_the_first_concern_is_not_said_to_be_open(
    tmp_path: Path, later: str, answer: str, why: str
) -> None:
    rows = f"""\
meeting,2018-04-02,icpc,A conference meets,childrens-services
worry,2018-04-06,referral,A school refers,childrens-services
{later}"""
    told = answer_of(tmp_path, ANY, rows)
    assert (told["answer"], told["why"]) == (answer, why)
    assert list(told["to_event"]) == ([] if answer == NONE else ["meeting"])


def test_where_protective_steps_came_before_a_concern_they_are_not_left_out() -> None:
    """Polly's plan, foster care and orders were of 2012 and 2013; nothing of the kind is on record
    of Child Ak and Child X before or after the concern."""
    told = cc.words.across.key_points(table())[1].text
    assert told == (
        "How long it was cannot be told in Child U (2013); no such step is on record after such a"
        " concern in Child X (Dundee, 2009) and Child Ak (2019); such steps are on record only"
        " before such a concern in Polly (ADS14, 2017)."
    )
    whys = table()[table()["question"] == FIRST].set_index("review")["why"]
    assert [review for review in NAMES if whys[review].endswith(", only before it")] == [POLLY]


def test_what_was_told_without_an_earliest_day_and_before_the_step_is_all_that_is_open() -> None:
    """Polly's garage came before the plan, on a day that no text gives; what was passed on came in
    2014, after the last protective step of 2013."""
    answers = table().loc[lambda rows: rows["review"] == POLLY].set_index("question")
    assert list(answers.loc[[FIRST, ANY], "answer"]) == [NONE, UNTOLD]
    assert answers.loc[ANY, "why"] == "no earliest day is given of: concern on record"


def test_of_many_reviews_no_sentence_and_no_heading_lists_all() -> None:
    others = table().assign(title="Child Q", review=table()["review"] + "-q")
    many = pd.concat([table(), others, others.assign(title="Child R"), others.assign(title="S")])
    words = cc.words.across
    lead = "From the first concern that was passed on to the first protective step, which need not"
    key = [one.text for one in words.key_points(many)]
    assert key == [
        f"{lead} answer it, review by review.",
        "How long it was cannot be told in Child U (2013), Child Q (2013), Child R (2013) and S"
        " (2013).",
        "No such step is on record after such a concern in Child X (Dundee, 2009), Child Ak (2019),"
        " Child Q (2009), Child Q (2019), Child R (2009), Child R (2019), S (2009) and S (2019).",
        "Such steps are on record only before such a concern in Polly (ADS14, 2017), Child Q"
        " (2017), Child R (2017) and S (2017).",
    ]
    assert [one.text for one in words.points_on(many, "again")] == [
        "Referred again within twelve months of a closure or of an earlier referral: certainly:"
        " Child W (2020), Child Q (2020), Child R (2020) and S (2020).",
        "Possibly: none.",
        "It cannot be told: Child U (2013), Polly (ADS14, 2017), Child Ak (2019), Child Q (2013),"
        " Child Q (2017), Child Q (2019), Child R (2013), Child R (2017), Child R (2019), S (2013),"
        " S (2017) and S (2019).",
        "No such referral is on record: Child A (2008), Child X (Dundee, 2009), Child T (2022),"
        " Child Q (2008), Child Q (2009), Child Q (2022), Child R (2008), Child R (2009), Child R"
        " (2022), S (2008), S (2009) and S (2022).",
    ]
    of_all = table().dropna(subset="days_min").drop_duplicates("question").assign(year=2020)
    nine = [of_all.assign(title=f"Child {number}") for number in range(9)]
    assert words.chart_title(pd.concat(nine)) == "Days from one event to another, review by review"


def test_of_a_review_without_such_a_concern_no_step_after_one_is_missing(tmp_path: Path) -> None:
    row = answer_of(tmp_path, FIRST, "fall,2018-04-06,death,A child dies,\n")
    across = pd.DataFrame([row])
    assert [one.text for one in cc.words.across.key_points(across)] == [
        "From the first concern that was passed on to the first protective step, which need not"
        " answer it: no such concern is on record in Review of Child K (2018)."
    ]
    assert cc.words.across.intervals(across)["length"].tolist() == ["no such concern on record"]


def test_two_reviews_of_one_title_and_year_are_told_apart_by_their_body(tmp_path: Path) -> None:
    folders = [add(tmp_path, name) for name in ("child-k-anytown-2018", "child-l-anytown-2018")]
    for folder, body in zip(folders, ("Anytown Board", "Otherton Board"), strict=True):
        toml = re.sub(
            r"(?m)^title = .*$", 'title = "Child K"', (folder / "review.toml").read_text("utf-8")
        )
        toml = re.sub(r"(?m)^body = .*$", f'body = "{body}"', toml)
        (folder / "review.toml").write_text(
            re.sub(r"(?m)^year = .*$", "year = 2018", toml), "utf-8"
        )
    reviews = cc.read_reviews(folders)
    found = cc.across(reviews)
    titles = ["Child K (Anytown Board)", "Child K (Otherton Board)"]
    assert [*found["title"].unique()] == titles
    names = ["Child K (Anytown Board, 2018)", "Child K (Otherton Board, 2018)"]
    drawn = cc.words.across.intervals(found)["text"]
    assert [*drawn.str.partition(", closed")[0].unique()] == names
    *told, chosen = [one.text for one in cc.words.across.set_points(reviews)]
    assert [text.startswith(name) for text, name in zip(told, names, strict=True)] == [True] * 2
    assert chosen.endswith(f": {names[0]} and {names[1]}.")
    assert [*cc.across(reviews[0])["title"].unique()] == ["Child K"]


def test_the_set_says_how_many_events_of_which_years_each_coding_has() -> None:
    assert [one.text for one in cc.words.across.set_points([real_review(W)])] == [
        "Child W (2020), England: from a news article; the review itself was not read; 76 events"
        " between 2008 and 2020.",
        "Coded by the casechron project; chosen because a public article about it could be read"
        " whole: Child W (2020).",
    ]


def test_a_limit_is_not_kept_by_days_beyond_it_without_a_word_on_why() -> None:
    row = table().loc[lambda rows: (rows["review"] == A) & (rows["question"] == CONFERENCE)]
    wider = row.assign(days_max=125, working_days_min=3, working_days_max=85)
    (point,) = [one.text for one in cc.words.across.points_on(pd.concat([wider]), "conference")]
    assert point == (
        "Child A (2008): between 1 and 18 weeks from the strategy discussion on 12 December"
        " 2006 to the initial child protection conference on 22 December 2006, 3 to 85 working"
        " days; the limit of 15 working days (known from other editions): met, if section 47"
        " enquiries were initiated there (its days are told wider than known)."
    )


def test_a_closure_is_named_only_where_days_are_told_after_it() -> None:
    rows = cc.words.across.intervals(table())
    told = rows["text"].str.contains(", closed")
    assert told.any()
    assert rows.loc[told, "days_min"].notna().all()
    assert not rows.loc[rows["days_min"].isna(), "text"].str.contains("clos").any()


def test_the_title_of_the_chart_is_of_all_that_it_shows() -> None:
    title = cc.words.across.chart_title
    # No review that is closed, as Child W, has a strategy discussion with a day.
    assert title(table()) == "No review tells the days of all four intervals"
    # Child A tells of three; its closure, had it one with days, would be the fourth.
    closed = table().loc[lambda rows: (rows["review"] == W) & (rows["question"] == CLOSED)]
    closed = closed.assign(review=A, title="Child A", year=2008)
    assert title(pd.concat([table(), closed])) == (
        "The days of all four intervals are told of Child A (2008)"
    )


def test_where_a_sector_is_told_the_answer_is_that_it_is_named() -> None:
    asked = table()[table()["question"].isin([RAISED, MISSING])]
    answers = set(zip(asked["sectors"].map(bool), asked["answer"], strict=True))
    assert (True, "named") in answers
    assert answers <= {(True, "named"), (False, NONE), (False, NOT_CODED)}


def test_a_sector_that_an_allegation_or_a_judgement_alone_bears_says_so() -> None:
    """That Polly's father warned is what he told a broadcaster; what relatives of Child Ak told is
    reported as fact. That what Child W's GP and landlord knew was a worry is judged."""
    told = {
        one.text.partition(":")[0]: one.text for one in cc.words.across.points_on(table(), "raised")
    }
    assert ": family member, relative or carer (alleged);" in told["Polly (ADS14, 2017)"]
    assert ": family member, relative or carer;" in told["Child Ak (2019)"]
    assert told["Child W (2020)"].partition(": ")[2] == (
        "family member, relative or carer; school; general practitioner (as judged); other health"
        " services; housing (as judged); police; children's social care; not named."
    )


def test_an_end_that_is_alleged_or_of_a_judged_day_says_so_without_days_too() -> None:
    """The calls of Polly's father, by his account, are taken to be of the year of the death."""
    first = table().loc[lambda rows: (rows["review"] == POLLY) & (rows["question"] == FIRST)]
    assert first[["alleged", "as_judged"]].to_numpy().tolist() == [["alleged", True]]
    of_polly = table().loc[lambda rows: rows["review"] == POLLY]
    (polly,) = cc.words.across.points_on(of_polly, "first-step")
    assert polly.text.startswith(
        "Polly (ADS14, 2017): no protective step is on record after the first concern passed on"
        " (at the latest the referral in 2014; alleged; its day as judged), only before"
        " it; other steps"
    )


def test_days_from_a_first_concern_that_can_be_one_of_several_name_none_and_keep_their_mark() -> (
    None
):
    """Child T's photographs, from the end of July 2020 as judged, can have been of the broken arm
    of 16 August, which was referred on that day, or of injuries before it."""
    (child_t,) = cc.words.across.points_on(table()[table()["review"] == T], "first-step")
    assert child_t.text.endswith(
        "; between 4 and 7 months from the first concern of any kind (which of several is not"
        " certain; days in part as judged)."
    )
    (child_a,) = cc.words.across.points_on(table()[table()["review"] == A], "first-step")
    assert child_a.text.endswith(
        "; 9 weeks from the first concern of any kind, the bruising or injury seen on 13 October"
        " 2006."
    )
    # In the finding too, where days of the review are.
    judged = table().assign(as_judged=table()["review"] == T)
    found = cc.words.across.key_points(judged)[0].text
    assert "24 weeks in Child T (2022; days in part as judged), with other" in found
    assert "4 days in Child A (2008), between" in found


def test_who_was_missing_is_no_word_of_the_source_where_one_stands_there_as_judged() -> None:
    """Who should have told the meeting on Child X is not said: that it was the police is judged."""
    told = [one.text for one in cc.words.across.points_on(table(), "missing")]
    assert told[0] == "Child X (Dundee, 2009): police (as judged)."
    headings = re.findall(r"## Who was missing.*", NOTEBOOK.read_text(encoding="utf-8"))
    assert not [words for words in (MISSING, *headings) if "source" in words]


def test_who_was_not_told_is_not_called_missing() -> None:
    """Of Child T health staff did not pass on what they saw; children's services were not told."""
    told = [one.text for one in cc.words.across.points_on(table(), "missing")]
    assert "Child T (2022): other health services." in told


def test_no_agency_is_named_and_nothing_is_pooled_or_ranked() -> None:
    text = " ".join(sentences(table()))
    labels = {
        label
        for name in NAMES
        for label in real_review(name).tables["agencies"]["label"]
        # What is called no more than its sector is no name.
        if re.search(r"\b(?!A&E|GP|Police)[A-Z]\w+ [A-Z]|shire|Dundee", label)
    }
    assert len(labels) > 5
    assert [label for label in labels if label in text] == []
    pooled = (
        r"\b(mean|median|average|most reviews|of (the )?(seven|\d+) reviews|longest|shortest)\b"
    )
    assert re.findall(pooled, text) == []


def test_a_length_in_a_finding_stands_in_a_sentence_of_its_review_too() -> None:
    answers = table()
    first, steps = sentences(answers)[0], cc.words.across.points_on(answers, "first-step")
    said = re.findall(
        r"((?:\d+ days|at least [\w ]+?|between [\w½ ]+?)) in (\S+ \S+ \(\d{4})[);]", first
    )
    assert len(said) == 3
    for length, name in said:
        assert any(one.text.startswith(f"{name}): {length} from ") for one in steps), (length, name)


def test_a_first_concern_that_is_not_about_the_child_says_whom_it_is_about() -> None:
    """S1's school referred S1, years before W was born; the other first concerns are about the
    child."""
    answers = table()
    about = answers.loc[answers["question"] == PASSED_ON].set_index("review")["about"]
    assert about[about != ""].to_dict() == {
        "child-w-manchester-2020": "brother or sister, full or half, as judged"
    }
    step_for = answers.loc[answers["question"] == PASSED_ON].set_index("review")["step_for"]
    assert step_for[step_for != ""].to_dict() == {"child-w-manchester-2020": "the child"}
    first = sentences(answers)[0]
    assert (
        "years in Child W (2020; about a brother or sister, full or half, as judged; the step is"
        " for the child)"
    ) in first
    assert first.count("about a") == 1


def test_each_sentence_on_the_two_reviews_of_the_list_is_in_it() -> None:
    """Those that tell of the days to an admission, and those on several reviews at once, apart."""
    found = [one for one in sentences(table()) if re.match(r"Child [AW] \(\d{4}\): ", one)]
    listed = {one["text"] for one in LISTED if one["page"] == "across"}
    assert {one for one in found if "to the admission" not in one} == listed
    assert len(listed) > 9


# ---------------------------------------------------------------- a project of somebody else


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of two small reviews, and the question over both."""
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    for name in ("child-k-anytown-2018", "child-l-anytown-2016"):
        add(tmp_path, name)
    return tmp_path


def add(root: Path, name: str) -> Path:
    folder = good_review(root / "data").rename(root / "data" / name)
    toml = folder / "review.toml"
    text = toml.read_text(encoding="utf-8").replace("year = 2019", f"year = {name[-4:]}")
    toml.write_text(text.replace("Child X", f"Child {name[6].upper()}"), encoding="utf-8")
    return folder


def rendered(root: Path) -> Sequence[str]:
    done = render_all(root, jobs=1, progress=False, notebooks=[NOTEBOOK])
    assert done.failures == ()
    return done.rendered


def points(root: Path) -> str:
    said = json.loads((root / "reports" / "reviews" / "report.json").read_text(encoding="utf-8"))
    return " ".join(said["pages"][0]["points"])


@rendered_for_it("one more review")
def test_one_more_review_needs_no_code(project: Path) -> None:
    assert rendered(project) == ("reviews",)
    report = project / "reports" / "reviews"
    assert check_manifest(report) == []
    assert not (report / "handout.html").exists()
    before = points(project)
    assert before.index("Review of Child L (2016)") < before.index("Review of Child K (2018)")
    front = (project / "reports" / "index.html").read_text(encoding="utf-8")
    assert '<a href="reviews/index.html">Reviews side by side</a>' in front
    # Nothing has changed: it is left alone. One more review: it is there.
    assert rendered(project) == ()
    add(project, "child-m-anytown-2020")
    assert rendered(project) == ("reviews",)
    after = points(project)
    assert "Review of Child M (2020)" not in before
    assert after.index("Review of Child K (2018)") < after.index("Review of Child M (2020)")
    assert (report / "tables" / "across.csv").read_text(encoding="utf-8").count("child-m-") > 7
    # One that is invented is none of them; a change in one that is, is seen.
    toml = project / "data" / "child-m-anytown-2020" / "review.toml"
    text = toml.read_text(encoding="utf-8")
    marked = text.replace("of Child M", "of Child M, invented").replace(
        "year =", "invented = true\nyear ="
    )
    toml.write_text(marked, encoding="utf-8")
    assert rendered(project) == ("reviews",)
    assert points(project) == before


def test_a_review_that_cannot_be_read_is_not_left_out_in_silence(project: Path) -> None:
    (project / "data" / "child-k-anytown-2018" / "events.csv").write_text("id,date\ne,2oo7\n")
    done = render_all(project, jobs=1, progress=False, notebooks=[NOTEBOOK])
    ((name, why),) = done.failures
    assert name == "reviews"
    assert "it cannot be read, as casechron check says too:" in why


def test_of_one_review_there_is_no_such_page(tmp_path: Path) -> None:
    add(tmp_path, "child-k-anytown-2018")
    assert rendered(tmp_path) == ()
    assert not (tmp_path / "reports" / "reviews").exists()


def test_where_no_limit_is_on_file_the_days_to_a_conference_are_told(tmp_path: Path) -> None:
    folder = example_review(tmp_path)
    toml = folder / "review.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(text.replace('"England"', '"Scotland"'), encoding="utf-8")
    across = cc.across(cc.read_review(folder))
    since, until = "2014-10-01", ("2014-10-20", "2014-10-22")
    pairs = [tuple(days(since, one) for one in until)]
    assert told(across, folder.name, CONFERENCE) == pairs
    row = across[across["question"] == CONFERENCE].iloc[0]
    assert (row["limit"], row["why"]) == (
        "",
        "no limit for this is on file for Scotland",
    )
    # The days are not told as if there had been none.
    (sentence,) = (one for one in sentences(across) if "initial referral discussion on" in one)
    assert sentence.endswith("; no limit for this is on file for Scotland.")


def test_dates_that_cannot_all_hold_tell_no_days(tmp_path: Path) -> None:
    clash = {"duration_slack": "none", "readings": "visit-in-september"}
    across = cc.across(cc.read_review(example_review(tmp_path), **clash))
    of_days = across[across["question"].isin(OF_DAYS)]
    assert set(of_days["answer"]) == {"no admissible chronology"}
    assert of_days[["days_min", "days_max"]].isna().all(axis=None)
    said = sentences(across)
    assert "it cannot be told; its dates and orders cannot all hold." in " ".join(said)
    assert "Referred again within twelve months: its dates and orders cannot all hold." in said


def test_what_is_not_coded_says_so_and_is_never_zero(tmp_path: Path) -> None:
    folder = add(tmp_path, "child-k-anytown-2018")
    rows = "id,date,summary\na,2018-03-05,A neighbour tells\nb,2018-04-01,A visit\n"
    for file in folder.glob("*.csv"):
        file.unlink()
    (folder / "events.csv").write_text(rows, encoding="utf-8")
    across = cc.across([cc.read_review(folder)])
    assert set(across["answer"]) == {NOT_CODED}
    assert len(across) == len(QUESTIONS)
    assert across[["days_min", "days_max"]].isna().all(axis=None)
    assert "0" not in re.sub(r"\d{4}", "", " ".join(sentences(across)))
    name = _review({"title": "Review of Child K", "year": 2018})
    assert f"{name}: not coded." in sentences(across)


def answer_of(root: Path, question: str, rows: str, *columns: str) -> pd.Series:
    """The one answer of a review with these events to a question."""
    folder = add(root, "child-k-anytown-2018")
    for file in folder.glob("*.csv"):
        if file.name != "agencies.csv":
            file.unlink()
    head = ",".join(("id", "date", "kind", "summary", "by", *columns))
    (folder / "events.csv").write_text(f"{head}\n{rows}", encoding="utf-8")
    across = cc.across(cc.read_review(folder))
    return across.loc[across["question"] == question].squeeze()


def test_days_to_the_harm_are_those_of_a_date_with_holes(tmp_path: Path) -> None:
    # The visit was on the 15th, the 19th or the 20th, the harm on the 19th: only the 15th is before
    # it, four days; and the contact ten.
    rows = """\
call,2019-03-09,contact,Someone calls,
visit,"[2019-03-15,2019-03-19,2019-03-20]",visit,A visit,
harm,2019-03-19,harm-to-child,An injury,
"""
    answer = answer_of(tmp_path, CONTACT, rows)
    assert (answer["days_min"], answer["days_max"]) == (4, 10)


def test_the_last_contact_is_in_each_chronology_the_last_before_the_harm(tmp_path: Path) -> None:
    # Where the visit was not before the harm, this was on the 9th at the latest, eight days after
    # the call; else the visit of the 5th was fifteen days before the 20th, the call nineteen.
    rows = """\
call,2019-03-01,contact,Someone calls,
visit,[2019-03-05..2019-03-09],visit,A visit,
harm,[2019-03-08..2019-03-20],harm-to-child,An injury,
"""
    answer = answer_of(tmp_path, CONTACT, rows)
    assert (answer["days_min"], answer["days_max"]) == (1, 15)


@pytest.mark.parametrize(
    ("stay", "least", "most"),
    [
        ("2019-03-01/2019-03-12", 8, 8),
        # It ran on over the day of the harm, or can have: the day before was one of it.
        ("2019-03-01/2019-03-25", 1, 1),
        ("2019-03-01/mid 2019-03", 1, 9),
        # Of an end that is not told only the beginning is known.
        ("2019-03-01/", 1, 19),
        # It can have begun after the harm; then the call was the last, nineteen days before.
        ("2019-03/2019-04-25", 1, 19),
    ],
)
def test_a_stay_that_lasts_is_a_contact_until_its_last_day(
    tmp_path: Path, stay: str, least: int, most: int
) -> None:
    rows = f"""\
call,2019-03-01,contact,Someone calls,
stay,{stay},admission,A stay in hospital,
harm,2019-03-20,harm-to-child,An injury,
"""
    answer = answer_of(tmp_path, CONTACT, rows)
    assert (answer["days_min"], answer["days_max"]) == (least, most)


@pytest.mark.parametrize(
    ("facts", "days"), [("", 2635), ("child-not-seen: nobody opened", 2635), ("child-seen: X", 365)]
)
def test_who_was_not_let_in_had_no_contact_unless_the_child_was_seen(
    tmp_path: Path, facts: str, days: int
) -> None:
    """A child whom nobody saw for years was not in contact with those who stood at the door."""
    rows = f"""\
seen,2004-10-01,contact,A doctor sees X,,
door,2010-12-19,no-access,Officials call and nobody opens,,{facts}
death,2011-12-19,death,X dies,,
"""
    answer = answer_of(tmp_path, CONTACT, rows, "facts")
    assert (answer["days_min"], answer["days_max"]) == (days, days)


@given(coded(undated=False, relations=1))
@settings(max_examples=examples(200), deadline=None)
def test_the_days_back_to_the_last_contact_hold_those_of_every_chronology(
    drawn: tuple[list[Event], list[Relation]],
) -> None:
    """The first event is the harm, the others are visits, of which some last or occur twice."""
    harm, *visits = events = drawn[0]
    found = solutions(*drawn)
    assume(visits and found)
    # 0: no visit came on an earlier day.
    days = []
    for solution in found:
        visited = set[int]()
        for visit in visits:
            first, last = solution[visit.id]
            visited |= {*range(first, last + 1)} if visit.shape == "span" else {first, last}
        day = solution[harm.id][0]
        days.append(min((day - at for at in visited if at < day), default=0))
    coded_events, relations = (table.to_dict("records") for table in tables(*drawn))
    coded_events[0]["kind"] = "harm-to-child"
    made = tables_of(events=coded_events, relations=relations)
    (answer,) = _last_contact(review_of(made, chronology_of(made)))
    least, most = answer.get("days_min"), answer.get("days_max")
    assert (answer["answer"] == NONE) is (max(days) == 0), events
    if least is not None:
        assert least == min(filter(None, days)), events
    if most is not None:
        assert min(days) > 0, events
        assert most >= max(days), events


@pytest.mark.parametrize(
    ("worry", "answer"), [("[2018-04-02..2018-04-08]", UNTOLD), ("2018-04-02", NONE)]
)
def test_whether_a_concern_followed_a_closure_cannot_be_told_where_one_can_have(
    tmp_path: Path, worry: str, answer: str
) -> None:
    rows = f"""\
closed,2018-04-06,closure,The case is closed,childrens-services
worry,{worry},bruising,A bruise is seen,childrens-services
"""
    assert answer_of(tmp_path, CLOSED, rows)["answer"] == answer


def test_of_a_concern_that_only_an_order_puts_after_a_closure_no_days_are_told(
    tmp_path: Path,
) -> None:
    rows = """\
closed,,closure,The case is closed,childrens-services,
worry,,bruising,A bruise is seen,childrens-services,closed at least 1 day
"""
    answer = answer_of(tmp_path, CLOSED, rows, "after")
    assert answer["answer"] == "only an order"
    assert answer["why"] == "only their order is known"
    assert pd.isna(answer["days_min"])


@pytest.mark.parametrize("basis", ["stated", "judged"])
def test_an_end_that_only_the_coder_holds_to_have_been_is_as_judged(
    tmp_path: Path, basis: str
) -> None:
    """Its days are the source's: that it was at all is judged."""
    rows = f"""\
closed,2018-04-06,closure,The case is closed,childrens-services,
worry,2018-04-10,bruising,A bruise is seen,childrens-services,{basis}
"""
    answer = answer_of(tmp_path, CLOSED, rows, "basis")
    assert (answer["days_min"], answer["as_judged"]) == (4, basis == "judged")


def test_of_two_equal_answers_that_after_a_closure_is_told(tmp_path: Path) -> None:
    folder = add(tmp_path, "child-k-anytown-2018")
    for file in folder.glob("*.csv"):
        if file.name != "agencies.csv":
            file.unlink()
    rows = """\
id,date,kind,summary,to
one,2017-03-10,referral,A school refers,childrens-services
shut,2017-06-01,closure,The case is closed,
again,2018-03-10,referral,A school refers again,childrens-services
"""
    (folder / "events.csv").write_text(rows, encoding="utf-8")
    review = cc.read_review(folder)
    both = cc.re_referrals(review).set_index(["referral", "measure"])["re_referral"]
    assert both["again"].to_dict() == {"after a referral": "certain", "after a closure": "certain"}
    (row,) = cc.across(review).loc[lambda rows: rows["question"] == AGAIN].to_dict("records")
    assert (row["measure"], row["from_event"]) == ("after a closure", ("shut",))
    # From 1 June 2017 to 10 March 2018, and not from 10 March 2017.
    assert (row["days_min"], row["days_max"]) == (282, 282)
