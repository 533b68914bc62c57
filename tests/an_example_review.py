"""The review of the examples in docstrings: that of `a_good_review`, with some more that happened,
so that every question has an answer in it. Invented from end to end."""

from __future__ import annotations

from pathlib import Path

from a_good_review import good_review

#: What comes to the tables of the good review.
MORE = {
    "agencies": ["school-x,X's school,2A,"],
    "events": [
        "worry-2014,,,,concern,,,,A teacher worries about X's clothing,stated",
        "closure-2014,2014-09-19,,stated,closure,,,,The case is closed,stated",
        "bruise-2014,2014-09-24,,stated,bruising,,,,A teacher sees a bruise on X,stated",
        "told-2014,2014-09,,stated,notification,,,,The school tells of the bruise,stated",
        "strategy-2014,2014-10-01,,stated,strategy-discussion,,,,Agencies discuss X,stated",
        "icpc-2014,[2014-10-20..2014-10-22],,stated,icpc,,,,A conference is held on X,stated",
        'breach-2014,"[2014-11-03,2014-11-24]",,stated,plan-breach,,,,A visit breaks it,stated',
        "answer-2014,2014-11-28,,stated,action,,,,The plan is made stricter,stated",
        "harm-2015,2015-01-12,,stated,harm-to-child,,,,X is injured,stated",
    ],
    "involvement": [
        "iv-worry,school-x,worry-2014,held,,,stated",
        "iv-closure,childrens-services,closure-2014,led,,,stated",
        "iv-bruise,school-x,bruise-2014,held,,,stated",
        "iv-told-school,school-x,told-2014,raised,,,stated",
        "iv-told-cs,childrens-services,told-2014,received,,,stated",
        "iv-strategy,childrens-services,strategy-2014,led,,,stated",
        "iv-icpc-cs,childrens-services,icpc-2014,led,,,stated",
        "iv-icpc-police,police,icpc-2014,not-involved,did-not-happen,,stated",
    ],
    "relations": [
        "rl-worry-closure,not-after,worry-2014,,closure-2014,,,,,judged",
        "rl-bruise-told,not-after,bruise-2014,,told-2014,,,,,derived",
        "rl-icpc-plan,same-day,icpc-2014,,plan-2014,start,,,,derived",
        "rl-icpc-harm,gap,icpc-2014,,harm-2015,,P3M,rounded,three months later,stated",
    ],
    "links": [
        "lk-told-bruise,tells-of,told-2014,bruise-2014,,stated",
        "lk-icpc-told,answers,icpc-2014,told-2014,,judged",
        "lk-answer-breach,answers,answer-2014,breach-2014,,stated",
        "lk-finding-visit,rests-on,fd-response,visit-2014,,judged",
        "lk-bruise-view,contradicts,bruise-2014,view-low-risk,,judged",
    ],
    "coverage": ["report,3,,,coded,Says that the list of recommendations is not complete"],
}


def example_review(parent: Path) -> Path:
    """Writes the review into a folder of its name below a parent."""
    folder = good_review(parent)
    sources = folder / "sources.csv"
    text = sources.read_text(encoding="utf-8")
    assert text.count('title is 1",2,') == 1, "the source has two paragraphs, and gets a third"
    sources.write_text(
        text.replace('title is 1",2,', 'title is 1",3,'), encoding="utf-8", newline=""
    )
    located = (
        row for name in ("events", "involvement", "relations", "links") for row in MORE[name]
    )
    locators = [f"{row.split(',')[0]},report,3,1,,," for row in located]
    for table, rows in {**MORE, "locators": locators}.items():
        with (folder / f"{table}.csv").open("a", encoding="utf-8", newline="") as file:
            file.writelines(f"{row}\n" for row in rows)
    return folder
