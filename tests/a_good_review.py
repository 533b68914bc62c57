"""A review with nothing to mend, for the tests of what a check says when something is: invented
from end to end."""

from __future__ import annotations

from pathlib import Path

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

[[sources]]
id = "report"
citation = "Example Safeguarding Board (2019). The review of Child X."
kind = "review-report"
published = "2019-05"
located_by = "Blocks of text between blank lines, counted from 1; the title is 1"
default = true

[[sources]]
id = "timeline"
citation = "Example Gazette (2019)"
kind = "timeline"
published = "2019-05-14"
located_by = "source only"
"""

#: The files beside review.toml.
FILES = {
    "agencies": """\
id,label,sector,note
childrens-services,Children's services,5A,
police,Police,6,
unspecified,Unspecified agency,10,
""",
    "people": """\
id,label,kinship,facts
child-x,X,child,age-years: 7 (in late August) (derived)
mother-x,X's mother,mother,
""",
    "events": """\
id,date,until,date_words,date_basis,kind,absence,count,summary,by,to,with,about,without,answers,part_of,themes,facts,place
referral-2014,late 2014-08,,late August,,referral,,,A school refers X's attendance,,childrens-services,"mother-x (harming, alleged by police)",child-x,police,,referrals-2014 (derived),school-attendance,,p2.1
visit-2014,2014-08-21,2014-09-30,a fortnight later,derived,visit,,,A social worker visits X's home,,,,,,referral-2014 (stated),,,,p2.1
birth-x,2007-05,,,,birth,,,X is born,,,,,,,,,,p2.2
no-visit-2014,2014-09,,,,visit,no-evidence-found,,No further visit is on record,childrens-services,,,,,,,,,p2.2
referrals-2014,2014,2015,,,referral,,2 to 4,Agencies refer the family again,,,,,,,,,,p2.2
plan-2014,2014-10,..,,,protection-plan,,,A plan is made for X,,,,,,,,,plan-category: neglect,p2.2; timeline
sentence-2015,,,,,sentence,,,A court passes sentence,,,,,,,,,sentence-months: 18,p2.2
""",  # noqa: E501
    "findings": """\
id,polarity,summary,attributed_to,place
fd-response,shortfall,The response to the referral took long,childrens-services,p2.1
""",
    "views": """\
id,holder,proposition,date,date_words,place
view-low-risk,childrens-services,The risk to X was low,2014,during 2014,p2.1
""",
    "recommendations": """\
id,summary,place
rc-visits,Visit soon after a referral,p2.1
""",
    "relations": """\
id,type,from_event,to_event,to_point,gap,meaning,words,place,basis
rl-referral-visit,gap,referral-2014,visit-2014,,P2W,rounded,a fortnight later,,derived
rl-visit-plan,before,visit-2014,plan-2014,start,,,,p2.2,derived
""",
    "details": """\
row,column,item,place
child-x,facts,age-years,p2.1
referral-2014,without,police,p2.2
referral-2014,with,mother-x,p2.2
plan-2014,facts,plan-category,p2.2
""",
    "readings": """\
reading,row,column,value,place,reason
visit-in-september,visit-2014,date,2014-09,,The sentence may date the visit or its record
plan-in-november,plan-2014,date,2014-11/..,timeline,The timeline has November
""",
    "coverage": """\
paragraph,section,ordinal,status,note
1,,,heading,
2,opening,1,,
""",
}


def good_review(parent: Path) -> Path:
    """Writes the review into a folder of its name below a parent."""
    folder = parent / NAME
    folder.mkdir(parents=True)
    (folder / "review.toml").write_text(META, encoding="utf-8")
    for name, text in FILES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    return folder


def change(folder: Path, edits: list[list[str]]) -> None:
    """Makes the edits in a review's folder; an edit that finds nothing to replace is a mistake in
    the test. An edit is [file] (delete it), [file, '', text] (append, or make it) or
    [file, old, new] (replace, once)."""
    for file, *words in edits:
        path = folder / file
        if not words:
            path.unlink()
            continue
        old, new = words
        text = path.read_bytes().decode("utf-8") if path.exists() else ""
        if old:
            assert text.count(old) == 1, f"{file} holds {old!r} {text.count(old)} times"
        path.write_bytes((text.replace(old, new) if old else text + new).encode("utf-8"))
