"""Do the sentences on findings and recommendations say what their tables say, and no more?"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import casechron as cc
from an_invented_review import Tables, invented, no_rows, rows
from casechron.chronology import solve
from casechron.report.text import learning as words
from involvement_cases import tables_of
from made_reviews import review_of
from real_reviews import real_review
from text_tables import tuples_of

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "06_learning.ipynb"


def told(tables: Tables) -> dict[str, pd.DataFrame]:
    """What the page is made of."""
    chronology = solve(tables["events"], tables["relations"])
    found = {
        "trace": cc.traceability(review_of(tables)),
        "chronicle": cc.chronicle(review_of(tables, chronology)),
    }
    found["recorded"] = cc.findings_and_recommendations(review_of(tables))
    found["categories"] = cc.plan_categories(review_of(tables, chronology))
    found["resting"] = words.rests_on(found["trace"], found["chronicle"], tables)
    found["findings"] = words.findings(found["trace"], found["resting"])
    return found


def tied(basis: str = "judged") -> Tables:
    """Two shortfalls and a strength; one recommendation for the second shortfall, one for none."""
    tables = invented()
    extra = {
        "findings": rows(
            "findings",
            "f-view|shortfall|Nobody doubted the view|board||stated",
            "f-bruise|shortfall|The bruise was not assessed|board||stated",
            "f-school|strength|The school saw it|board||stated",
        ),
        "recommendations": rows(
            "recommendations", "r-assess|Bruises are assessed||stated", "r-train|All are trained||"
        ),
        "links": rows(
            "links",
            "l1|rests-on|f-bruise|bruise||stated",
            "l2|rests-on|f-bruise|no-assessment||stated",
            "l3|rests-on|f-school|bruise||stated",
            f"l4|addresses|r-assess|f-bruise||{basis}",
        ),
    }
    return tables | extra


@pytest.fixture(scope="module")
def page() -> dict[str, pd.DataFrame]:
    return told(tied())


def key_points(page: dict[str, pd.DataFrame]) -> list[str]:
    names = ("trace", "recorded", "resting", "categories")
    return [point.text for point in words.key_points(*(page[name] for name in names))]


def test_the_finding_is_one_that_something_is_recommended_on(page: dict[str, pd.DataFrame]) -> None:
    assert key_points(page) == [
        "The bruise was not assessed, the review found.",
        "Found good by the review: The school saw it (6 May 2019).",
        "Among what it recommends (two recommendations coded): Bruises are assessed.",
    ]


def test_what_was_found_that_is_no_shortfall_is_told_beside_the_first_that_is() -> None:
    """Of Child X first that the violence could not be foreseen, and each thing that was done well:
    no more than its source says, with the date of that on which it rests."""
    review = real_review("child-x-dundee-2009")
    trace, chronicle = cc.traceability(review), cc.chronicle(review)
    points = words.key_points(
        trace,
        cc.findings_and_recommendations(review),
        words.rests_on(trace, chronicle, review.tables),
        cc.plan_categories(review),
    )
    assert points[1].text.startswith(
        "Also found by the review: The violence towards Child X could not be foreseen, and there"
        " was little time to step in"
    )
    assert "The meeting was called in good time (28 February 2008). Assessment and the" in (
        points[1].text
    )
    assert "heroin" not in points[1].text


def test_without_a_tie_the_first_shortfall_is_the_finding() -> None:
    tables = tied()
    links = tables["links"]
    tables["links"] = links[links["type"] != "addresses"]
    assert key_points(told(tables))[0] == "Nobody doubted the view, the review found."


def test_each_card_has_what_it_is_tied_to_and_by_whom(page: dict[str, pd.DataFrame]) -> None:
    cards = words.cards(page["trace"], page["recorded"], page["resting"])
    assert [(card.title, card.lead) for card in cards] == [
        ("Bruises are assessed", "We tie it to what was found; the source does not:"),
        ("All are trained", "No finding that is told here is tied to it."),
        ("Found, and tied to no recommendation that is told here", ""),
    ]
    (first,) = cards[0].points
    assert first.text == "The bruise was not assessed (May 2019; 6 May 2019)."
    assert set(first.rows) == {"bruise", "no-assessment"}
    assert [point.text for point in cards[2].points] == [
        "Nobody doubted the view.",
        "Found good: The school saw it (6 May 2019).",
    ]
    stated = told(tied("stated"))
    cards = words.cards(stated["trace"], stated["recorded"], stated["resting"])
    assert cards[0].lead == "The source ties it to what was found:"


def test_a_recommendation_to_two_agencies_is_told_once_and_to_whom() -> None:
    tables = tied()
    both = tables["recommendations"].iloc[[0, 0]].assign(addressed_to=["gp", "school"])
    both["id"] = [both["id"].iloc[0], "r-second"]
    tables["recommendations"] = pd.concat([both, tables["recommendations"].iloc[1:]])
    others = tables["agencies"][~tables["agencies"]["id"].isin(["gp", "school"])]
    named = pd.concat([others, rows("agencies", "gp|GP|3A", "school|School|2A")])
    page = told(tables | {"agencies": named})
    first, second, _ = words.cards(page["trace"], page["recorded"], page["resting"])
    assert first.title == "Bruises are assessed (to GP and School)"
    assert [point.text for point in first.points] == [
        "The bruise was not assessed (May 2019; 6 May 2019)."
    ]
    assert second.title == "All are trained"


def test_every_finding_stands_on_a_card_once_a_tie_and_on_the_last_without_one() -> None:
    review = real_review("child-w-manchester-2020")
    trace, resting = (
        cc.traceability(review),
        words.rests_on(cc.traceability(review), cc.chronicle(review), review.tables),
    )
    cards = words.cards(trace, cc.findings_and_recommendations(review), resting)
    links = review.tables["links"]
    ties = (links["type"] == "addresses").sum()
    alone = set(review.tables["findings"]["id"]) - set(
        links[links["type"] == "addresses"]["to_row"]
    )
    assert len(cards) == len(review.tables["recommendations"]) + 1
    assert sum(len(card.points) for card in cards[:-1]) == ties
    assert len(cards[-1].points) == len(alone)


def test_what_a_finding_rests_on_through_a_part_of_an_event_has_its_date() -> None:
    tables = tied()
    part = rows("links", "l5|rests-on|f-view|p-part||stated")
    tables["links"] = pd.concat([tables["links"], part], ignore_index=True)
    own = pd.DataFrame([{"id": "p-part", "person": "k", "event": "harm", "role": "subject"}])
    own = own.reindex(columns=tables["participation"].columns, fill_value="")
    own[["status", "basis"]] = ["reported", "stated"]
    tables["participation"] = pd.concat([tables["participation"], own], ignore_index=True)
    resting = told(tables)["resting"]
    assert resting.loc[resting["finding"] == "f-view", ["event", "when"]].values.tolist() == [
        ["harm", "20 June 2019"]
    ]


def test_that_the_review_found_something_is_marked_where_only_the_coder_judged_it() -> None:
    tables = tied()
    judged = tables["findings"]["id"].isin(["f-bruise", "f-view"])
    tables["findings"] = tables["findings"].assign(
        basis=tables["findings"]["basis"].mask(judged, "judged")
    )
    page = told(tables)
    assert key_points(page)[0] == "The bruise was not assessed, the review found, as judged."
    cards = words.cards(page["trace"], page["recorded"], page["resting"])
    assert [point.text for card in cards for point in card.points] == [
        "The bruise was not assessed (as judged; May 2019; 6 May 2019).",
        "Nobody doubted the view (as judged).",
        "Found good: The school saw it (6 May 2019).",
    ]
    assert page["findings"]["summary"].tolist() == [
        "Nobody doubted the view (as judged)",
        "The bruise was not assessed (as judged)",
        "The school saw it",
    ]


def test_what_only_the_coder_ties_to_a_finding_is_no_ground_of_it() -> None:
    tables = tied()
    links = tables["links"]
    tables["links"] = links.assign(basis=links["basis"].where(links["id"] != "l1", "judged"))
    resting = told(tables)["resting"]
    own = resting[resting["finding"] == "f-bruise"]
    assert dict(zip(own["event"], own["when"], strict=True)) == {
        "no-assessment": "May 2019",
    }


def test_the_chart_is_titled_by_the_time_of_the_shortfalls(page: dict[str, pd.DataFrame]) -> None:
    title = words.findings_title(page["resting"], page["trace"])
    assert title == "The first date of a shortfall is May 2019"
    none = page["resting"].iloc[:0]
    # Where nothing is drawn, nothing says how to read it.
    assert words.findings_title(none, page["trace"]) == "The source ties no finding to a date"
    assert words.findings_note(page["findings"], none) == ""
    undated = page["resting"].assign(when="")
    assert words.findings_title(undated, page["trace"]) == "The source ties no finding to a date"
    assert words.findings_note(page["findings"], undated) == ""
    good = page["resting"][page["resting"]["finding"] == "f-school"]
    assert words.findings_title(good, page["trace"]) == (
        "What the review found, by the dates of what it rests on"
    )
    note = words.findings_note(page["findings"], page["resting"])
    assert note.endswith("findings that rest on nothing with such a date are not drawn.")
    alt = words.findings_alt(page["findings"])
    assert alt == (
        "The bruise was not assessed (May 2019; 6 May 2019); "
        "The school saw it (found good; 6 May 2019)."
    )


def with_a_bruise(date: str, basis: str) -> Tables:
    """The same, with another date of the bruise, on which a shortfall and the strength rest."""
    tables = tied()
    events = tables["events"]
    bruise = events["id"] == "bruise"
    events = events.assign(
        date=events["date"].mask(bruise, date), date_basis=events["date_basis"].mask(bruise, basis)
    )
    return tables | {"events": events, "relations": rows("relations")}


def test_what_has_an_end_alone_is_told_where_nothing_else_has_a_date() -> None:
    found = told(with_a_bruise("/2019-06-12", "stated"))["findings"].set_index("finding")
    assert found["when"].to_dict() == {
        "f-view": "",
        "f-bruise": "May 2019",
        "f-school": "until 12 June 2019",
    }


def test_what_has_an_end_and_a_length_is_told_and_drawn_with_its_beginning() -> None:
    """Child U's plan lasted ten months, which are 290 to 319 days, up to the death of 1 to 22
    September 2011: from 319 days before the 1st to 290 days before the 22nd."""
    child_u = real_review("child-u-manchester-2013")
    resting = words.rests_on(cc.traceability(child_u), cc.chronicle(child_u), child_u.tables)
    (plan,) = resting[resting["finding"] == "fd-plan"].to_dict("records")
    begin = "17 October 2010 at the earliest"
    assert plan["first"] == begin
    assert plan["when"] == f"{begin} to 22 September 2011 at the latest"
    days = [pd.Timestamp(2010, 10, 17), pd.Timestamp(2011, 9, 22)]
    assert [plan["earliest"], plan["latest"]] == days


@pytest.mark.parametrize(
    ("date", "basis", "told_of"),
    tuples_of("""
        2019-06-12 | stated | May 2019, the last is 12 June 2019
        [2019-05-20..2019-06-12] | stated | May 2019, the last is 12 June 2019 at the latest
        [2019-07..2019-09] | stated | May 2019, the last is September 2019 at the latest
        [2019-04-30..2019-05-02] | stated
        ... 30 April 2019 at the earliest, the last is May 2019
        end 2019-07 | stated | May 2019, the last is the end of July 2019
        late 2019-05/2019-06 | judged | May 2019, the last is late May to June 2019 (as judged)
        2019-05-20/2019-06-12 | stated | May 2019, the last is 20 May 2019 to 12 June 2019
        2019-05-20/.. | stated | May 2019
        2019-04/2019-06 | stated | April 2019
        2019-04-20/.. | stated | 20 April 2019, the last is May 2019
        2019-07-20/.. | stated | May 2019, the last is 20 July 2019
        /2019-06-12 | stated | May 2019
    """),
)
def test_the_title_has_the_first_and_the_last_of_what_was_found_wanting(
    date: str, basis: str, told_of: str
) -> None:
    page = told(with_a_bruise(date, basis))
    title = words.findings_title(page["resting"], page["trace"])
    assert title == f"The first date of a shortfall is {told_of}"


def test_the_last_shortfall_is_what_began_last_and_what_was_on_a_dated_day_has_its_date() -> None:
    """The plans ended on the day of a dated review and on another; what was missed went on after
    the month without a worker had begun and ended."""
    tables = tables_of("""
        agency | board | Board | x-partnership
        event | review1 | review-conference | 2018-09-03
        event | end1    | plan-end          |
        event | missed  | contact           | 2019-09/2021-12 | absence=did-not-happen
        event | end2    | plan-end          | 2021-07-19
        event | worker  | visit             | 2021-09-30/2021-11-01 | absence=did-not-happen
        relations | id=r | type=same-day | from_event=end1 | to_event=review1 | basis=derived
        findings | id=f1 | polarity=shortfall | summary=Plans ended | attributed_to=board
        findings | id=f2 | polarity=shortfall | summary=Missed | attributed_to=board | basis=stated
        findings | id=f3 | polarity=shortfall | summary=Alone | attributed_to=board | basis=stated
        tie | rests-on | f1 | end1
        tie | rests-on | f1 | end2
        tie | rests-on | f2 | missed
        tie | rests-on | f3 | worker
    """)
    page = told(tables)
    assert page["findings"]["when"].tolist() == [
        "3 September 2018; 19 July 2021",
        "from September 2019 to December 2021",
        "from 30 September 2021 to 1 November 2021",
    ]
    assert words.findings_title(page["resting"], page["trace"]) == (
        "The first date of a shortfall is 3 September 2018, the last is 30 September 2021 to 1"
        " November 2021"
    )
    judged = tables["relations"].assign(basis="judged")
    assert told(tables | {"relations": judged})["findings"]["when"].iloc[0] == (
        "3 September 2018 (as judged); 19 July 2021"
    )


def test_the_category_of_a_plan_is_told_where_the_review_says_something_of_it() -> None:
    review = real_review("child-w-manchester-2020")
    categories = cc.plan_categories(review)
    trace, recorded = cc.traceability(review), cc.findings_and_recommendations(review)
    resting = words.rests_on(trace, cc.chronicle(review), review.tables)
    points = words.key_points(trace, recorded, resting, categories)
    (point,) = [one for one in points if one.rows == ("plan",)]
    assert point.text.startswith(
        "The category of a plan, as the source names it: neglect. The review found: "
    )
    quiet = categories.assign(findings="")
    assert point not in words.key_points(trace, recorded, resting, quiet)


def test_what_was_published_is_told_with_the_answer_to_it() -> None:
    review = real_review("child-w-manchester-2020")
    recorded = cc.findings_and_recommendations(review)
    report, answer = words.published(
        cc.chronicle(review), recorded, review.coded("recommendations")
    )
    assert report.rows == ("review-published",)
    # That the source gives only some of it is said.
    assert report.text.endswith("not all it recommends is told.")
    assert answer.rows == ("statement-chair",)


def test_that_a_source_tells_of_no_recommendation_is_said() -> None:
    for name in ("child-polly-derbyshire-2017", "child-ak-northamptonshire-2019"):
        review = real_review(name)
        tables = cc.chronicle(review), cc.findings_and_recommendations(review)
        # Its coding has none, and review.toml says that this is the source's silence.
        first, *others = words.published(*tables, review.coded("recommendations"))
        assert first.text == "The source tells of no recommendation.", name
        assert [one.text for one in others] == ["The review is published."]
        # Where nothing was coded yet, nothing is said of the source.
        uncoded, *rest = words.published(*tables, "not coded")
        assert (uncoded.text, rest) == ("No recommendation is coded.", others)


def test_empty_tables_say_so() -> None:
    page = told(no_rows())
    assert key_points(page) == ["No finding and no recommendation is coded."]
    assert words.cards(page["trace"], page["recorded"], page["resting"]) == []
    assert page["findings"].empty
    assert words.findings_alt(page["findings"]) == "No finding rests on anything that has a date."


def test_under_what_is_recommended_the_recommendations_come_first() -> None:
    source = NOTEBOOK.read_text(encoding="utf-8")
    _, section = source.split("## What it recommends, and on what")
    assert section.index("learning.cards(") < section.index("learning.published(")
