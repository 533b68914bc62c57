"""A review with nothing to mend, for the tests of what a check says when something is: invented
from end to end."""

from __future__ import annotations

from pathlib import Path

from casechron.coding.blank import new_review
from casechron.coding.codebook import codebook

NAME = "child-x-anytown-2019"

META = f"""\
title = "Review of Child X"
body = "Example Safeguarding Board"
year = 2019
published = "2019-05-14"
published_of = "review"
jurisdiction = "England"
coder = "AB"
coded_on = "2020-02-29"
codebook = "{codebook().version}"
content_note = "Neglect of a child."
notes = \"\"\"
Coded once,
for tests.
\"\"\"
licence = "CC-BY-4.0"
citation = "AB (2020)"
"""

#: Rows after the worked ones, so that each rule has something to bite on.
MORE = {
    "sources": ["timeline,Example Gazette (2019),timeline,2019-05-14,,source only,,,"],
    "agencies": ["police,Police,6,", "unspecified,Unspecified agency,10,"],
    "people": ["mother-x,X's mother,mother,"],
    "events": [
        "birth-x,2007-05,,stated,birth,,,,X is born,stated",
        (
            "no-visit-2014,2014-09,,stated,visit,,,no-evidence-found,No further visit is on"
            " record,stated"
        ),
        "referrals-2014,[2014..2015],,stated,referral,2,4,,Agencies refer the family again,stated",
        "plan-2014,2014-10/..,,stated,protection-plan,,,,A plan is made for X,stated",
        "sentence-2015,,,,sentence,,,,A court passes sentence,stated",
    ],
    "involvement": [
        "iv-no-visit-cs,childrens-services,no-visit-2014,responsible-absent,,,stated",
        "iv-referral-police,police,referral-2014,not-told,did-not-happen,,stated",
    ],
    "participation": ["pt-referral-mother,mother-x,referral-2014,harming,alleged,police,stated"],
    "attributes": [
        "at-plan,plan-2014,plan-category,neglect,,stated",
        "at-sentence,sentence-2015,sentence-months,18,,stated",
    ],
    "relations": ["rl-visit-plan,before,visit-2014,,plan-2014,start,,,,derived"],
    "links": ["lk-referral-part,part-of,referral-2014,referrals-2014,,derived"],
    "readings": ["plan-in-november,plan-2014,date,2014-11/..,timeline,The timeline has November"],
}
#: What makes the worked rows rows of this review; none of them may stand as it does in a new one.
OWN = {
    "sources": [("Review of Child X.", "The review of Child X.")],
    "events": [
        ("A school refers a child's", "A school refers X's"),
        ("visits the home", "visits X's home"),
    ],
    "attributes": [(",7 (in late August),,stated", ",7 (in late August),,derived")],
    "relations": [("fortnight later,stated", "fortnight later,derived")],
    "views": [("The risk to the child was low", "The risk to X was low")],
    "findings": [("took too long", "took long")],
    "recommendations": [("Visit within a set time of a referral", "Visit soon after a referral")],
    "readings": [("can date the visit or", "may date the visit or")],
}
LOCATED = (
    "birth-x",
    "no-visit-2014",
    "referrals-2014",
    "plan-2014",
    "sentence-2015",
    "iv-no-visit-cs",
    "iv-referral-police",
    "pt-referral-mother",
    "at-plan",
    "at-sentence",
    "rl-visit-plan",
)


def good_review(parent: Path) -> Path:
    """Writes the review into a folder of its name below a parent."""
    folder = new_review(parent / NAME)
    (folder / "review.toml").write_text(META, encoding="utf-8")
    more = dict(
        MORE, locators=[f"{row},report,2,2,,," for row in LOCATED] + ["plan-2014,timeline,,,,,"]
    )
    for table, changes in OWN.items():
        path = folder / f"{table}.csv"
        text = path.read_text(encoding="utf-8")
        for old, new in changes:
            assert text.count(old) == 1, f"{table} holds {old!r} {text.count(old)} times"
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8", newline="")
    for table, rows in more.items():
        with (folder / f"{table}.csv").open("a", encoding="utf-8", newline="") as file:
            file.writelines(f"{row}\n" for row in rows)
    return folder
