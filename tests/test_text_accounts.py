"""Do the sentences on accounts keep what is alleged alleged, and say whose account it is?"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

import casechron as cc
from an_invented_review import Tables, invented, rows
from casechron.coding.reviews import frames_of
from casechron.report.text import accounts as words
from casechron.report.text import involvement, parts, views
from drawn_shapes import shapes
from involvement_cases import tables_of
from made_reviews import review_of
from reader_tables import of_tables, the_empty, the_invented
from real_reviews import real_review
from sheet_cases import expanded
from test_accounts_of_harm import accused_of_the_harm
from text_tables import cells_of, lists_of

CHILD_U = "child-u-manchester-2013"


def ledger(review: cc.Review) -> pd.DataFrame:
    return words.ledger(
        cc.accounts_of_harm(review),
        cc.chronicle(review),
        cc.accounts(review),
        cc.further_facts(review),
        cc.evidence_on_views(review),
    )


def said(review: cc.Review) -> dict[str, list[str]]:
    accounts = cc.accounts_of_harm(review)
    middle = involvement.centre(cc.tellings(review), cc.decisions(review))
    found = {
        "key": words.key_points(ledger(review), accounts),
        "views": views.view_points(cc.evidence_on_views(review), cc.views_held(review)),
        "holders": views.holder_points(
            cc.holders_of_accounts(review),
            accounts,
            cc.involvement(review),
            middle,
            cc.response_gaps(review),
        ),
    }
    return {name: [point.text for point in points] for name, points in found.items()}


def test_what_was_learned_when_it_was_over_is_not_told_as_held_back() -> None:
    """Child U's mother told a nurse when Child U was dead; the blow at the shops came before."""
    held = " ".join(said(real_review(CHILD_U))["holders"])
    assert "hits Child U hard" in held
    assert "suffocates" not in held


def test_the_sentences_of_an_invented_review(tmp_path: Path) -> None:
    assert said(the_invented(tmp_path)) == {
        "key": [
            "Harm by M to F is counter-alleged; harm by F to M is alleged, and harm by F to K is"
            " found by a court (F denies what is alleged).",
            "Harm by M is counter-alleged by F; harm by F is alleged by M, and harm by F to K"
            " is found by a court.",
            "The source names nobody as having caused this: “A teacher sees a bruise on K”.",
        ],
        "views": [
            "Children's services took this to be so, says the source: F alone is violent. As the"
            " source tells, against it stood: “M, harming: F says that M scratched him” and"
            " “The father of H was afraid of M”. The review finds: One parent was seen as violent.",
        ],
        "holders": [
            "Children's services came to hold accounts of this: “M says that F shoved her”.",
            "Police held this, which is not recorded with Children's services: “F says that M"
            " scratched him” (counter-alleged by F) and F's denial of “M says that F shoved her”.",
            "School held this, which is not recorded with Children's services: “A teacher sees a"
            " bruise on K” (reported as fact).",
            "The board learned of this afterwards: “The father of H was afraid of M”.",
        ],
    }


def test_the_ledger_has_each_incident_once_with_every_account_of_it(tmp_path: Path) -> None:
    review = the_invented(tmp_path)
    table = ledger(review).set_index("event")
    assert table.index.is_unique
    assert table[["said_of", "how_firmly"]].to_dict("index") == {
        "scratch": {"said_of": ("M",), "how_firmly": "counter-alleged by F"},
        "shove": {"said_of": ("F",), "how_firmly": "alleged by M; denied by F"},
        "bruise": {
            "said_of": (),
            "how_firmly": "reported as fact; nobody is named as having caused it",
        },
        "fear": {"said_of": ("M",), "how_firmly": "told to the review by the father of H"},
        "harm": {
            "said_of": ("F",),
            "how_firmly": "that K was harmed is reported as fact; convicted by Court",
        },
    }
    assert words.sides(table, cc.accounts_of_harm(review)) == ("M", "F")


def test_a_conviction_told_by_itself_stands_in_the_ledger(tmp_path: Path) -> None:
    tables = invented()
    events = rows("events", "old|2010|||conviction||||F is convicted|stated")
    tables["events"] = pd.concat([tables["events"], events], ignore_index=True)
    part = rows("participation", "pt-20|f|old|subject|convicted||stated")
    tables["participation"] = pd.concat([tables["participation"], part], ignore_index=True)
    fact = rows("attributes", "at-20|old|offence|affray||stated")
    tables["attributes"] = pd.concat([tables["attributes"], fact], ignore_index=True)
    review = of_tables(tables, tmp_path)
    first = ledger(review).iloc[0]
    assert first[["event", "said_of", "when", "what", "how_firmly"]].tolist() == cells_of(
        "old | (F) | in 2010 | F is convicted; named: affray | convicted"
    )
    # It is no account of harm to anybody: the sentences stay, F first.
    others = said(review)["key"]
    begins = "Harm by F to M is alleged, and harm by F to K is found by a court (F denies"
    assert others[0].startswith(begins)
    assert others[2:] == said(the_invented(tmp_path / "other"))["key"][2:]


def test_nobody_stands_under_what_is_said_of_somebody_else(tmp_path: Path) -> None:
    """The review finds that F and the father of H burned K, the school alleges it of M; a court
    finds F guilty, and M admits something else."""
    tables = invented()
    added = {
        "events": (
            "burn|2019-07|||harm-to-child||||K is burned|stated",
            "court|2020-05|||conviction||||F and M are found guilty|stated",
        ),
        "participation": (
            "pt-20|f|burn|harming|found|board|stated",
            "pt-21|n|burn|harming|found|board|stated",
            "pt-22|k|burn|harmed|found|board|stated",
            "pt-23|m|burn|harming|alleged|school|stated",
            "pt-24|f|court|subject|convicted||stated",
            "pt-25|m|court|subject|admitted||stated",
        ),
    }
    for name, lines in added.items():
        tables[name] = pd.concat([tables[name], rows(name, *lines)], ignore_index=True)
    review = of_tables(tables, tmp_path)
    table = ledger(review)
    told = table.loc[table["event"].isin(("burn", "court")), ["event", "said_of", "how_firmly"]]
    assert told.to_numpy().tolist() == [
        ["burn", ("F", "father of H"), "found by the board"],
        ["burn", ("M",), "alleged by School"],
        ["court", ("F",), "convicted"],
        ["court", ("M",), "admitted"],
    ]
    assert "Of M, in July 2019: K is burned (alleged by School)." in words.ledger_alt(table)
    # All whom the review found stand in the headline, also who has no column of the chart.
    assert words.sides(table, cc.accounts_of_harm(review)) == ("M", "F")
    # What a court found of M is not said to be that harm.
    assert said(review)["key"][0].endswith(
        "harm by the father of H to K is found by the board. Told besides: “F and M are found"
        " guilty”."
    )


@pytest.mark.parametrize(("whose", "found"), [("court", "Court"), ("", "the review")])
def test_what_a_family_court_found_is_its_finding_and_none_of_the_review(
    whose: str, found: str, tmp_path: Path
) -> None:
    tables = invented()
    added = {
        "events": ("burn|2019-07|||harm-to-child||||K is burned|stated",),
        "participation": (
            f"pt-20|n|burn|harming|found|{whose}|stated",
            "pt-21|k|burn|harmed|reported||stated",
        ),
    }
    for name, lines in added.items():
        tables[name] = pd.concat([tables[name], rows(name, *lines)], ignore_index=True)
    review = of_tables(tables, tmp_path)
    told = ledger(review).set_index("event").loc["burn", "how_firmly"]
    assert told == f"found by {found}; that K was harmed is reported as fact"
    assert f"harm by the father of H to K is found by {found}" in said(review)["key"][0]


def test_of_whom_somebody_was_convicted_of_harming_nothing_is_said(tmp_path: Path) -> None:
    """K stands beside F in what the conviction is about; where nobody has a status, both stay."""
    tables = invented()
    added = {
        "events": (
            "old|2010|||conviction||||F is convicted of harm to K|stated",
            "bare|2011|||conviction||||F is convicted|stated",
        ),
        "participation": (
            "pt-20|f|old|subject|convicted||stated",
            "pt-21|k|old|subject|reported||stated",
            "pt-22|f|bare|subject|reported||stated",
        ),
    }
    for name, lines in added.items():
        tables[name] = pd.concat([tables[name], rows(name, *lines)], ignore_index=True)
    table = ledger(of_tables(tables, tmp_path))
    assert table[["event", "said_of", "how_firmly"]].head(2).to_numpy().tolist() == [
        ["old", ("F",), "convicted"],
        ["bare", ("F",), "reported as fact"],
    ]


def test_who_was_accused_and_not_found_guilty_is_told_as_that(tmp_path: Path) -> None:
    """F, whom a court found guilty of harm to K, is acquitted of the shove. That charges were
    dropped before anything else is said of F is of something else; that somebody feared M has no
    date, and can have come first."""
    tables = invented()
    added = {
        "events": (
            "old|2010|||acquittal||||Charges against F and M are dropped|stated",
            "cleared|2020-03-01|||acquittal||||F is acquitted of the shove|stated",
        ),
        "participation": (
            "pt-20|f|old|subject|reported||stated",
            "pt-21|m|old|subject|reported||stated",
            "pt-22|f|cleared|subject|reported||stated",
        ),
        "involvement": ("iv-20|court|cleared|led|||stated",),
    }
    for name, lines in added.items():
        tables[name] = pd.concat([tables[name], rows(name, *lines)], ignore_index=True)
    review = of_tables(tables, tmp_path)
    table = ledger(review).set_index("event")[["said_of", "how_firmly", "held_by"]]
    tag = "acquittal or charges dropped"
    assert table.loc["old"].tolist() == [("F", "M"), tag, ()]
    assert table.loc["cleared"].tolist() == [("F",), tag, ("Court",)]
    # Who was found guilty of the one is told to be acquitted of the other.
    assert said(review)["key"][0] == (
        "Harm by F to M is alleged (told besides: “F is acquitted of the shove”), and harm by F"
        " to K is found by a court (F denies what is alleged); harm by M to F is counter-alleged"
        " (told besides: “Charges against F and M are dropped”)."
    )


def test_one_of_several_children_who_told_is_told_of_as_that_and_is_no_agency(
    tmp_path: Path,
) -> None:
    """As the codebook has it where the source does not say which of them it was."""
    cells = {
        "date": "2019-03",
        "kind": "account",
        "summary": "She says that WF hit her",
        "by": "sister",
        "to": "police",
        "about": "wf (alleged by sister)",
        "tells_of": "hit",
    }
    hit = {"id": "hit", "date": "2019-02", "kind": "harm-to-child", "summary": "A girl is hit"}
    agencies = [{"id": "sister", "label": "One of the sisters", "sector": "1C"}]
    tables = frames_of(expanded([hit, cells], agencies=agencies))
    review = of_tables(tables, tmp_path)
    assert ledger(review)["how_firmly"].tolist()[-1] == "alleged by one of the sisters"
    (had,) = parts.had_part(cc.agency_contact(review), cc.involvement(review), tables)
    assert had.text == "One agency had a part, as recorded in this source: Police."


def test_who_is_only_accused_of_harm_and_was_found_guilty_of_something_is_told_as_both() -> None:
    """Of Child E's mother only Partner alleges harm; she pleaded guilty to neglect and has a
    sentence for it, which no account of harm brings."""
    child_e = real_review("child-e-example-2024")
    told = ledger(child_e).set_index("event")[["said_of", "how_firmly"]]
    assert told.loc["plea"].tolist() == [("Mother",), "admitted"]
    assert told.loc["sentence"].tolist() == [("Mother",), "convicted"]
    assert told.loc["not-charged"].tolist() == [("Partner",), "never charged or convicted"]
    assert said(child_e)["key"][0] == (
        "Harm by Partner to Child E and Mother is alleged (told besides: “Partner is not charged"
        " with any offence”) (Partner denies it); harm by Mother to Partner is counter-alleged."
        " Told besides: “Mother pleads guilty to child neglect” and “Mother has a suspended prison"
        " sentence”."
    )
    assert said(child_e)["key"][1] == (
        "Harm by Partner is alleged by Child E and Mother; harm by Mother is counter-alleged by"
        " Partner."
    )
    # Of Child W an account of harm has that WM admitted it and was convicted; that WF was convicted
    # before anything is said of him is of something else.
    child_w = real_review("child-w-manchester-2020")
    assert not {"plea-wm", "sentence-wm"} & {*ledger(child_w)["event"]}
    assert "besides" not in said(child_w)["key"][0]


def test_each_conviction_names_its_own_offences(tmp_path: Path) -> None:
    """Also where two are summed up in the same words."""
    tables = invented()
    added = {
        "events": (
            "old|2010|||conviction||||F is convicted|stated",
            "older|2009|||conviction||||F is convicted|stated",
        ),
        "participation": (
            "pt-20|f|old|subject|convicted||stated",
            "pt-21|f|older|subject|convicted||stated",
        ),
        "attributes": ("at-20|old|offence|affray||stated", "at-21|older|offence|theft||stated"),
    }
    for name, lines in added.items():
        tables[name] = pd.concat([tables[name], rows(name, *lines)], ignore_index=True)
    table = ledger(of_tables(tables, tmp_path)).set_index("event")["what"]
    assert table[["old", "older"]].tolist() == [
        "F is convicted; named: affray",
        "F is convicted; named: theft",
    ]


def test_an_accusation_is_of_violence_only_where_it_tells_of_harm(tmp_path: Path) -> None:
    """F is said to be lazy: nobody's violence is alleged by that, and no ledger has it."""
    tables = invented()
    added = {
        "events": "lazy|2019-04-02|||account||||F is said to sleep all day|stated",
        "involvement": "iv-20|school|lazy|received|||stated",
        "participation": "pt-20|f|lazy|of-concern|alleged|k|stated",
    }
    for name, line in added.items():
        tables[name] = pd.concat([tables[name], rows(name, line)], ignore_index=True)
    review = of_tables(tables, tmp_path / "one")
    assert said(review) == said(the_invented(tmp_path / "other"))
    assert "lazy" not in set(ledger(review)["event"])
    # The same words of the shove, which M told the police and the police passed on, are.
    link = rows("links", "lk-20|tells-of|lazy|notification||stated")
    tables["links"] = pd.concat([tables["links"], link], ignore_index=True)
    accused = of_tables(tables, tmp_path / "accused")
    assert "harm by F is alleged by M and K" in said(accused)["key"][1]
    assert ledger(accused).set_index("event").loc["lazy", "said_of"] == ("F",)


def test_the_ledger_says_which_account_it_was_where_not_each_was_held_by_the_same(
    tmp_path: Path,
) -> None:
    held = ledger(of_tables(accused_of_the_harm(), tmp_path)).set_index("event")["held_by"]
    assert [*map(list, held[["shove", "harm"]])] == lists_of("""
        Police (between 20 and 31 March 2019) | Children's services (on 10 April 2019)
        ... Police (on 2 April 2019), as denied by F
        Hospital (on 20 June 2019) | Children's services (on 20 June 2019) | GP (on 1 July 2019)
        ... Police (on 22 June 2019), as alleged by M | School (on 3 July 2019), as alleged by M
        ... afterwards: Court (sentence)
    """)


def withdrawing(tables: Tables, *, also_of: str = "") -> Tables:
    """M tells the police on 8 May 2019 that what she said in her interview of March, by which they
    held the shove, was not so; `also_of`: a row of which else she takes it back."""
    added = {
        "events": ["takes-back|2019-05-08|||account||||M takes it back|stated"],
        "involvement": ["iv-30|police|takes-back|received|||stated"],
        "participation": [
            "pt-30|f|takes-back|of-concern|withdrawn|m|stated",
            "pt-31|m|takes-back|told|reported||stated",
        ],
        "links": ["lk-30|tells-of|takes-back|statement-m||stated"],
    }
    if also_of:
        added["links"].append(f"lk-31|tells-of|takes-back|{also_of}||stated")
    for name, lines in added.items():
        tables[name] = pd.concat([tables[name], rows(name, *lines)], ignore_index=True)
    return tables


def test_a_withdrawn_allegation_is_told_as_withdrawn_and_from_when(tmp_path: Path) -> None:
    """The allegation keeps its row: until 8 May it stood. What others said of F stays too."""
    review = of_tables(withdrawing(invented()), tmp_path)
    table = ledger(review).set_index("event")
    assert table.loc[
        ["shove", "takes-back"], ["said_of", "when", "how_firmly"]
    ].to_numpy().tolist() == [
        [("F",), "in March 2019", "alleged by M, who withdrew it; denied by F"],
        [("F",), "on 8 May 2019", "withdrawn by M"],
    ]
    assert table.loc["takes-back", "held_by"] == ("Police (on 8 May 2019)",)
    assert table.loc["scratch", "how_firmly"] == "counter-alleged by F"
    sentences = said(review)
    assert sentences["key"][:2] == [
        "Harm by M to F is counter-alleged; harm by F to M is alleged, and the allegation"
        " withdrawn, and harm by F to K is found by a court (F denies what is alleged).",
        "Harm by M is counter-alleged by F; harm by F is alleged by M, and harm by F to K is"
        " found by a court (M withdrew the allegation).",
    ]
    points = words.key_points(ledger(review), cc.accounts_of_harm(review))
    assert "takes-back" in points[1].rows
    assert "“M takes it back” (withdrawn by M)" in sentences["holders"][1]
    accounts = cc.accounts_of_harm(review).set_index("event")
    assert accounts.loc["shove", "withdrawal"].tolist() == [
        "withdrawn by M (on 8 May 2019)",
        *("", ""),
    ]


def test_what_was_alleged_and_not_taken_back_stands(tmp_path: Path) -> None:
    """Of the arm M says so to the police, and takes back the shove alone; then both."""
    part = of_tables(withdrawing(accused_of_the_harm()), tmp_path / "part")
    assert said(part)["key"][0] == (
        "Harm by M to F is counter-alleged; harm by F to M and K is alleged, and harm by F to K is"
        " found by a court (F denies part of what is alleged)."
    )
    assert said(part)["key"][1].endswith(" (M withdrew part of it).")
    both = of_tables(withdrawing(accused_of_the_harm(), also_of="harm"), tmp_path / "both")
    # Of the two that are alleged F denies the shove alone.
    assert said(both)["key"][0].endswith(" (F denies part of what is alleged).")
    assert said(both)["key"][1].endswith(" (M withdrew the allegation).")


def test_where_nobody_is_said_to_have_harmed_that_is_the_finding() -> None:
    child_a = real_review("child-a-haringey-2008")
    found = said(child_a)
    assert found["key"] == [
        "The source names nobody as having caused this: “A GP sees bruising on A”, “A is seen"
        " at hospital with bruising” and “Bruises in 12 places are seen on A at an unannounced"
        " visit”.",
    ]
    table = ledger(child_a)
    sides = words.sides(table, cc.accounts_of_harm(child_a))
    # A, who was harmed, is nobody of whom it is said.
    assert sides == ()
    assert set(table["said_of"]) == {()}
    assert words.ledger_title(sides, table).endswith("nobody is named as having caused it.")
    assert len(cc.draw_ledger(table, sides, "A title").links) == len(table) == 3
    assert words.ledger_alt(table).startswith("On 13 October 2006: A GP sees bruising on A (")


@pytest.mark.parametrize(
    ("doer", "sides"), [("F", ("F", "M")), ("N", ("F", "N")), ("N; A", ("F", "N"))]
)
def test_a_side_is_who_did_harm_and_who_else_was_there_where_that_is_one_alone(
    doer: str, sides: tuple[str, ...]
) -> None:
    # F pushed; F or N hit; of a row between M and F nobody is said to have begun it. The GP, whose
    # word is in it too, is no side of it; nor is A, of whom less is said than of two others.
    accounts = pd.DataFrame(
        {
            "event": ["push", "blow", "row"],
            "by_whom": [("F",), tuple(doer.split("; ")), ()],
            "also_concerned": [("GP",), (), ("M", "F")],
        }
    )
    rows = pd.DataFrame(
        {"said_of": [("F",), ("GP", *doer.split("; ")), (doer[0],), ("M",), ("M", "GP")]}
    ).assign(how_firmly="alleged")
    assert words.sides(rows, accounts) == sides


def test_who_is_convicted_beside_the_one_who_did_harm_has_a_side() -> None:
    """Polly's mother killed her; the partner was convicted of allowing it. Both were sentenced: a
    row has that the partner was found guilty as one has it of the mother, and neither sentence is
    told."""
    polly = real_review("child-polly-derbyshire-2017")
    table = ledger(polly)
    sides = words.sides(table, cc.accounts_of_harm(polly))
    assert sides == ("Polly's mother", "mother's partner")
    told = table.set_index("event")
    assert told.loc["conviction", "said_of"] == ("Polly's mother", "mother's partner")
    assert not {"sentence-mother", "sentence-partner"} & {*told.index}
    # Which of the offences was whose is not coded.
    assert told.loc["conviction", "what"] == (
        "The mother is convicted of murder and cruelty, the partner of allowing the death"
    )
    assert len(cc.draw_ledger(table, sides, "A title").links) == len(table) == 3


def test_the_ledger_says_that_others_stand_beside_the_two_sides() -> None:
    """Of Child W also the sister of WM."""
    review = real_review("child-w-manchester-2020")
    table = ledger(review)
    sides = words.sides(table, cc.accounts_of_harm(review))
    assert words.ledger_title(sides, table) == (
        "What is said of WF, WM and others, or of nobody, by date, and how firmly."
    )
    both = table[table["said_of"].map({*sides}.issuperset)]
    assert words.ledger_title(sides, both).startswith("What is said of WF and WM, or of nobody,")


def test_an_injury_of_which_nobody_is_said_to_have_done_it_is_told_as_such() -> None:
    tables, titles, heads = {}, {}, {}
    names = {"X": "child-x-dundee-2009", "T": "child-t-cwm-taf-morgannwg-2022", "U": CHILD_U}
    for name, folder in names.items():
        review = real_review(folder)
        tables[name] = ledger(review).set_index("event")
        sides = words.sides(tables[name], cc.accounts_of_harm(review))
        titles[name] = words.ledger_title(sides, tables[name])
        drawn = cc.draw_ledger(tables[name].reset_index(), sides, "A title")
        heads[name] = [
            what[2]
            for _, _, shape, what in shapes(drawn)
            if shape == "text" and what[2].startswith(("Said of ", "An edge", "No edge"))
        ]
    # The mothers' accounts of the injuries stand beside them: in T it is ours that it is of these.
    cut = tables["X"].loc["cut", ["what", "how_firmly"]].tolist()
    assert cut[0].endswith("; mechanism of injury: fell out of bed, said the mother")
    assert cut[1] == "reported as fact; nobody is named as having caused it"
    assert (
        tables["T"]
        .loc["injuries-2020", "what"]
        .endswith("; mechanism of injury: a fall on the stairs, said the mother (as judged)")
    )
    # The partner alone is said to have harmed X, and of two injuries nobody is.
    assert titles["X"] == (
        "What is said of the mother's partner, or of nobody, by date, and how firmly."
    )
    assert heads["X"] == ["An edge: of the mother's partner. No edge: of others, or of nobody."]
    assert ", or of nobody, by date" in titles["T"]
    # Both are said to have killed T.
    key = "An edge at each side: of both. No edge: of others, or of nobody."
    assert heads["T"] == [key, "Said of Child T's mother", "Said of the mother's partner"]
    # Of all that is told of harm to U the mother is said to have done it.
    assert titles["U"] == "What is said of Child U's mother, by date, and how firmly."
    assert heads["U"] == ["An edge: of Child U's mother."]


_COURT = """
    people | id=child | label=N | kinship=child
    people | id=mother | label=Mother | kinship=mother
    people | id=father | label=Father | kinship=father
    event | plea | plea | 2024-01 | summary=Mother pleads guilty to three counts
    event | cleared | acquittal | 2024-02 | summary=A charge against Father is dropped
    participation | id=p1 | person={} | event=plea | role=subject | status=admitted
    participation | id=p2 | person=father | event=cleared | role=subject | status=reported
    attributes | id=a1 | row=plea | attribute=offence | value=child cruelty | basis=stated
"""


def test_where_a_court_alone_tells_of_harm_the_headline_has_that() -> None:
    """But an acquittal alone is no harm."""
    rows = _COURT.format("mother")
    assert said(review_of(tables_of(rows)))["key"] == [
        "No harm is coded by itself, only this: “Mother pleads guilty to three counts; named: child"
        " cruelty” and “A charge against Father is dropped”."
    ]
    acquitted = "\n".join(row for row in rows.splitlines() if "plea" not in row)
    none = ["No row of harm by anybody to anybody is coded."]
    assert said(review_of(tables_of(acquitted)))["key"] == none


def test_neglect_is_told_as_harm_by_who_admitted_it_or_else_by_nobody_named() -> None:
    rows = (
        _COURT.format("mother")
        + """
    event | neglect | neglect | 2016/2022 | summary=N lives with neglect
    participation | id=p3 | person=child | event=neglect | role=harmed | status=reported
    """
    )
    assert said(review_of(tables_of(rows)))["key"][0] == (
        "The source names nobody as having caused this: “N lives with neglect”."
    )
    rows += "participation | id=p4 | person=mother | event=neglect | role=harming | status=admitted"
    assert said(review_of(tables_of(rows)))["key"] == ["Harm by Mother to N is admitted."]


def test_a_review_without_rows_says_that_none_of_harm_is_coded(tmp_path: Path) -> None:
    review = the_empty(tmp_path)
    assert said(review) == {
        "key": ["No row of harm by anybody to anybody is coded."],
        "views": [],
        "holders": [],
    }
    assert ledger(review).empty
    assert words.sides(ledger(review), cc.accounts_of_harm(review)) == ()
    assert words.ledger_title((), ledger(review)) == "No account of harm is on record."
    assert words.ledger_alt(ledger(review)) == "No account of harm is on record."


def test_of_child_w_no_allegation_loses_that_it_is_one() -> None:
    """In every row and every sentence that tells of an allegation or a denial, its word stands."""
    child_w = real_review("child-w-manchester-2020")
    accounts, table = cc.accounts_of_harm(child_w), ledger(child_w)
    firm = dict(zip(table["event"], table["how_firmly"], strict=True))
    alleged = accounts[accounts["force"] == "alleged"]
    assert len(alleged)
    for event, status in zip(alleged["event"], alleged["status"], strict=True):
        assert status in firm[event]
    assert said(child_w)["key"][:2] == [
        "Harm by WF to WM is alleged (WF denies part of it); harm by WM to WF is counter-alleged,"
        " and harm by WM to W is admitted and found by a court.",
        "Harm by WF is alleged by somebody not named; harm by WM is counter-alleged by WF, and an"
        " attempt at harm by WM is alleged by the father of S1, and harm by WM to W is stated by"
        " the source, admitted and found by a court.",
    ]


@pytest.mark.parametrize(
    ("also_concerned", "to_whom", "what"),
    [
        (("M (set upon)",), (), "an attempt at harm by F"),
        # Somebody was harmed besides.
        (("M (set upon)",), ("N",), "harm by F to N"),
        (("M",), (), "harm by F"),
    ],
)
def test_an_attempt_that_is_alleged_is_no_alleged_harm(
    also_concerned: tuple[str, ...], to_whom: tuple[str, ...], what: str
) -> None:
    row = {"event": "e", "by_whom": ("F",), "to_whom": to_whom, "also_concerned": also_concerned}
    row |= {"account": "M", "status": "alleged", "force": "alleged", "withdrawal": ""}
    assert words._said_of("F", [row], []) == (
        f"{what} is alleged",
        f"{what.removesuffix(' to N')} is alleged by M",
    )


def test_to_whom_harm_is_alleged_is_not_what_is_said_of_others_or_of_fear() -> None:
    """Of one evening M alleges that F hit her, and F that M hit N; a neighbour was afraid."""
    evening = {"event": "e", "also_concerned": (), "withdrawal": "", "force": "alleged"}
    claim = evening | {"by_whom": ("F",), "to_whom": ("M",), "account": "M", "status": "alleged"}
    counter = evening | {"by_whom": ("M",), "to_whom": ("N",), "account": "F"}
    counter |= {"status": "counter-alleged"}
    fear = evening | {"by_whom": (), "to_whom": ("K (afraid)",), "account": "the source's own"}
    fear |= {"status": "reported as fact", "force": "fact"}
    told = [words._said_of(who, [claim, counter, fear], [])[0] for who in ("F", "M")]
    assert told == ["harm by F to M is alleged", "harm by M to N is counter-alleged"]


def test_what_was_held_by_judgement_alone_is_said_to_be_our_reading() -> None:
    held = said(real_review("child-w-manchester-2020"))["holders"][0]
    # The enquiries, by the source's own word, answered the August incident.
    assert held.endswith(
        "; that it held “A further violent incident between WM and WF” is our reading."
    )


def test_what_only_a_judged_tie_makes_held_is_our_reading_too() -> None:
    """By the legal planning meeting of 25 July, 54 days after the bruises of 1 June: it came to
    hold them, and did not hold them at the time."""
    held = said(real_review("child-a-haringey-2008"))["holders"]
    assert held[0].startswith("Children's services came to hold accounts of this: “Bruises in 12")
    assert held[0].endswith("seen on A at an unannounced visit”; that it held this is our reading.")


def test_what_a_court_found_is_told_apart_from_what_is_only_stated_and_not_twice() -> None:
    """The mother admitted the killing and was convicted of it; the blow has neither. Of the partner
    of Child X's mother no other harm is told."""
    assert said(real_review("child-x-dundee-2009"))["key"][0] == (
        "Harm by the mother's partner to Child X is found by a court."
    )
    assert said(real_review(CHILD_U))["key"] == [
        "Harm by Child U's mother to Child U is admitted and found by a court, and other harm is"
        " stated by the source."
    ]


def test_a_blow_of_which_no_injury_is_told_is_violence_on_record() -> None:
    review = real_review(CHILD_U)
    held = ledger(review).set_index("event").loc["hit"]
    # The source tells of the blow as fact, and that people who saw it called the police.
    assert (held["said_of"], held["how_firmly"]) == (("Child U's mother",), "reported as fact")
    assert [one.split(" (")[0] for one in held["held_by"]] == [
        "Members of the public",
        "Greater Manchester Police",
    ]


@pytest.mark.parametrize(
    ("harmed", "key"),
    [
        (
            "m f",
            ["Harm by M to F is stated by the source; harm by F to M is stated by the source."],
        ),
        ("f", ["Harm by M to F is stated by the source; harm by F is stated by the source."]),
    ],
)
def test_nobody_is_told_to_have_harmed_themselves(tmp_path: Path, harmed: str, key: str) -> None:
    tables = invented()
    parts = [("m", "harming"), ("f", "harming"), *((who, "harmed") for who in harmed.split())]
    told = [f"q-{at}|{who}|scratch|{role}|reported||stated" for at, (who, role) in enumerate(parts)]
    tables["participation"] = rows("participation", *told)
    assert said(of_tables(tables, tmp_path))["key"][:1] == key


def test_an_incident_that_has_two_accounts_is_named_once() -> None:
    held = said(real_review("child-e-example-2024"))["holders"]
    # That she was afraid is the report's word; that it was of him is her own account.
    assert held[1] == (
        "Health visitor (Harnmere) held this, which is not recorded with Harnmere children's"
        " services: “Grandmother is afraid of Partner” (reported as fact; alleged by Grandmother)."
    )


def test_whose_harm_it_was_is_said_in_words_for_who_they_are() -> None:
    assert said(real_review("child-polly-derbyshire-2017"))["key"][0] == (
        "Harm by Polly's mother to Polly is found by a court."
    )


def test_nothing_is_counted_against_each_other() -> None:
    """No sentence on accounts has a number of ours: figures stand only within what is quoted."""
    for name in ("child-w-manchester-2020", "child-a-haringey-2008"):
        for sentences in said(real_review(name)).values():
            for text in sentences:
                own = re.sub(r"“[^”]*”|\bS\d\b", "", text)
                assert not re.search(r"\d|\b(twice|more often|most|two|three|four)\b", own), text


def test_of_whom_somebody_was_afraid_is_not_said_to_have_done_anything(tmp_path: Path) -> None:
    tables = invented()
    parts = tables["participation"]
    tables["participation"] = parts[parts["event"] != "scratch"].reset_index(drop=True)
    review = of_tables(tables, tmp_path)
    assert words.sides(ledger(review), cc.accounts_of_harm(review)) == ("F", "M")
    assert said(review)["key"][:2] == [
        "Harm by F to M is alleged, and harm by F to K is found by a court (F denies what is"
        " alleged).",
        "Harm by F is alleged by M, and harm by F to K is found by a court.",
    ]


def test_an_opinion_of_professionals_on_the_violence_stands_in_the_ledger() -> None:
    review = real_review("child-w-manchester-2020")
    table = ledger(review).set_index("event")
    told = table.loc["concern-2017-wm", ["said_of", "how_firmly", "held_by"]].tolist()
    by = "Children's services"
    assert told == [("WM",), f"professional opinion of {by}", (by,)]
    # An opinion that bears on nothing that was thought of the violence does not.
    assert "suspicion-amphetamine" not in table.index


def test_what_conduct_is_called_stands_in_the_ledger_on_both_sides() -> None:
    review = real_review("child-w-manchester-2020")
    table = ledger(review).set_index("event")[["said_of", "how_firmly", "held_by"]]
    # The review calls WF aggressive and challenging, and WM resistant, volatile and challenging, in
    # words that the article quotes from it: they are the partnership's, and no fact of the source.
    # Who had to do with that held it, as a court does whom it convicts.
    by = "quoted statement of Manchester Safeguarding Partnership"
    who = ("Professionals (agency not named)",)
    assert table.loc["conduct-wf"].tolist() == [("WF",), by, who]
    who = ("Agencies, unnamed",)
    assert table.loc["conduct-wm"].tolist() == [("WM",), by, who]
    assert table.loc["convictions-wf"].tolist() == [("WF",), "convicted", ("Criminal court",)]
    # The page says that such rows stand beside the accounts of who harmed whom, and no others: the
    # opinions on the mind of Child U's mother are of no violence, and no word is for her conduct.
    page = (Path(__file__).parents[1] / "notebooks" / "05_accounts.ipynb").read_text("utf-8")
    assert (
        "any word of the source for somebody's conduct and opinion of professionals on the" in page
    )
    child_u = {*ledger(cc.read_review(CHILD_U))["event"]}
    assert child_u.isdisjoint({"conduct", "diagnosis", "opinion-2009", "opinion-psychiatrist"})
    # That somebody came late, drunk or not at all is no word for how they were.
    assert not {"absence-wf-conference", "collection-alcohol"} & {*table.index}


def test_an_offence_that_is_told_already_is_not_named_again() -> None:
    told = ledger(real_review("child-ak-northamptonshire-2019")).set_index("event")["what"]
    assert told["conviction"] == "The father is convicted of murder"


def test_of_a_fall_nobody_is_said_to_have_done_it_and_who_was_afraid_was_not_harmed() -> None:
    """E climbed onto a sill and fell while Mother slept; Grandmother, who says that the partner
    shut E in a room, was afraid of him, and nobody harmed her."""
    child_e = real_review("child-e-example-2024")
    table = ledger(child_e).set_index("event")
    assert table.loc["fall", ["said_of", "how_firmly"]].tolist() == [
        (),
        "reported as fact; nobody is named as having caused it",
    ]
    assert table.loc["afraid", ["said_of", "how_firmly"]].tolist() == [
        ("Partner",),
        "that Grandmother was afraid is reported as fact; alleged by Grandmother",
    ]
    assert said(child_e)["key"][2] == (
        "The source names nobody as having caused this: “E falls from the bedroom window while"
        " Mother, who had been drinking, sleeps” and “The doctors also note an older bruise on E's"
        " upper arm”."
    )
