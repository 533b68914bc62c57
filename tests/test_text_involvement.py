"""Do the sentences on who knew and who told say what the tables say, and no more?"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import casechron as cc
from an_invented_review import invented, rows
from casechron.report.draw.involvement import STATE_WORDS
from casechron.report.text import decisions as at
from casechron.report.text import involvement as words
from casechron.report.text import parts
from casechron.report.text.english import with_article
from involvement_cases import agency, solved, tables_of
from made_reviews import review_of
from page_texts import shown
from reader_tables import example, of_tables, the_empty, the_invented
from real_reviews import real_review
from test_answers_to_concerns import MISSING
from test_chronicle import REVIEWS


def told_in(review: cc.Review) -> pd.DataFrame:
    return words.told(cc.tellings(review), cc.chronicle(review), review.tables)


def known_in(review: cc.Review, **changed: pd.DataFrame) -> list[cc.show.Point]:
    made = {
        "reached": cc.information_at_decision(review),
        "decisions": cc.decisions(review),
    } | changed
    return at.known_in_short(
        **made,
        told=told_in(review),
        dates=cc.chronicle(review),
        agencies=cc.involvement(review),
        events=cc.timeline(review),
    )


def decided_in(name: str) -> pd.DataFrame:
    return decided_of(real_review(name))


def decided_of(review: cc.Review) -> pd.DataFrame:
    reached, dates = cc.information_at_decision(review), cc.chronicle(review)
    return at.at_decisions(reached, cc.decisions(review), dates, review.tables)


def said(review: cc.Review) -> dict[str, list[str]]:
    """All sentences of the page, by the part of it."""
    told = told_in(review)
    middle = words.centre(cc.tellings(review), cc.decisions(review))
    found = {
        "key": words.key_points(told, cc.stated_absences(review), cc.tellings(review), middle),
        "passed on": words.passed_on(
            cc.tellings(review),
            cc.information_at_decision(review),
            cc.involvement(review),
            review.tables,
        ),
        "elsewhere": at.held_elsewhere(
            cc.information_at_decision(review), cc.decisions(review), cc.involvement(review)
        ),
        "part": parts.had_part(cc.agency_contact(review), cc.involvement(review), review.tables),
        "first": [
            *words.missing_in_short(cc.stated_absences(review)),
            *known_in(review),
        ],
    }
    return {name: [point.text for point in points] for name, points in found.items()}


def test_the_sentences_of_an_invented_review(tmp_path: Path) -> None:
    assert said(the_invented(tmp_path)) == {
        "key": ["Children's services heard from Police, in 2019."],
        "passed on": [
            "Police heard this: “F speaks to the police”; the source does not say that it was"
            " passed on to those who decided.",
            "The board was told this afterwards: “The father of H was afraid of M”; no agency"
            " is recorded as having held it at the time.",
        ],
        "elsewhere": [
            "By the decision “A first conference is held on K”, this is not said to have reached"
            " those who decided: “F says that M scratched him” (with Police).",
        ],
        "part": [
            "Three agencies had a part, as recorded in this source: Police, Children's services and"
            " School."
        ],
        # The review says of nobody that it was left out.
        "first": [],
    }


def test_what_those_who_decided_had_anyway_need_not_be_passed_on(tmp_path: Path) -> None:
    """The GP is told of the shove on 12 April; children's services, who close the case on the
    30th, were on the 10th."""
    tables = invented()
    added = {
        "agencies": "gp|Family GP|3A",
        "events": "gp-told|2019-04-12|||information-sharing||||The GP is told of it|stated",
        "involvement": "iv-20|gp|gp-told|received|||stated",
        "links": "lk-20|tells-of|gp-told|shove||stated",
    }
    for name, line in added.items():
        tables[name] = pd.concat([tables[name], rows(name, line)], ignore_index=True)
    known = of_tables(tables, tmp_path / "known")
    assert said(known)["passed on"] == said(the_invented(tmp_path / "other"))["passed on"]
    # Without the word of the police nothing says that it was known there.
    links = tables["links"]
    tables["links"] = links[links["id"] != "lk-4"].reset_index(drop=True)
    assert (
        "Family GP heard this: “The GP is told of it”; the source does not say that it was passed"
        " on to those who decided."
    ) in said(of_tables(tables, tmp_path / "unknown"))["passed on"]


def test_who_passed_a_concern_on_to_those_who_decided_is_named_whatever_the_kind_of_telling() -> (
    None
):
    """The duty team passes a neighbours' call on, with word of it; the police do so only after the
    meeting."""
    tables = tables_of(
        """
        agency | cs | Children's services | 5A
        agency | edt | Duty team | x-edt
        agency | police | Police | 6
        agency | gp | GP | 3A
        event | call | notification | 2018-03-01
        event | passed | information-sharing | 2018-03-02
        event | meeting | strategy-discussion | 2018-03-10
        event | late | information-sharing | 2018-03-12
        part | edt | call | received
        part | edt | passed | raised
        part | cs | passed | received
        part | cs | meeting | led
        part | gp | meeting | not-involved | did-not-happen
        part | police | late | raised
        part | cs | late | received
        tie | tells-of | passed | call
        tie | tells-of | late | call
    """
    )
    (point,) = known_in(review_of(tables))
    assert point.text == (
        "By the decision “What meeting is” on 10 March 2018: Children's services had heard from"
        " Duty team."
    )


def test_who_was_told_and_did_no_more_is_named(tmp_path: Path) -> None:
    """Word of what is no telling is no contact, and whoever had it is not left out."""
    tables = invented()
    tables["agencies"] = pd.concat([tables["agencies"], rows("agencies", "gp|Family GP|3A")])
    told = rows("involvement", "iv-20|gp|scratch|received|||stated")
    assert "scratch" in set(tables["events"]["id"])
    tables["involvement"] = pd.concat([tables["involvement"], told], ignore_index=True)
    assert said(of_tables(tables, tmp_path))["part"][1:] == [
        "Family GP was told of something, and has no other part on record."
    ]


@pytest.mark.parametrize(
    ("more", "parts_of_more", "said_of_all"),
    [
        # A neighbour who refers is no agency.
        (
            ["neighbours|Neighbours|1B"],
            ["iv-30|neighbours|bruise|held|||stated"],
            "Three agencies had a part, as recorded in this source: Police, Children's services and"
            " School.",
        ),
        # A court that once convicted somebody, and did no more here, is none.
        (
            ["assizes|An old court|7"],
            ["iv-30|assizes|old-conviction|led|||stated"],
            "Three agencies had a part, as recorded in this source: Police, Children's services and"
            " School.",
        ),
        (
            ["assizes|An old court|7"],
            ["iv-30|assizes|old-conviction|led|||stated", "iv-31|assizes|bruise|held|||stated"],
            "Four agencies had a part, as recorded in this source: Police, Children's services,"
            " School and an old court.",
        ),
        # Whoever is not named can be one of these or another.
        (
            ["somebody|Somebody, unnamed|10"],
            ["iv-30|somebody|bruise|held|||stated"],
            "At least three agencies had a part, as recorded in this source, among them Police,"
            " Children's services and School.",
        ),
        # Five named rows, of which the police are one body or two, and so is the school.
        (
            ["force|Another force|6", "annexe|School annexe|2A"],
            ["iv-30|force|bruise|held|||stated", "iv-31|annexe|bruise|held|||stated"],
            "At least three agencies had a part, as recorded in this source; these can be one body:"
            " Police and another force; School and School annexe.",
        ),
        # The police can be either of two more forces, which are two: at least four bodies of five.
        (
            ["force|Another force|6", "third|Third force|6"],
            ["iv-30|force|bruise|held|||stated", "iv-31|third|bruise|held|||stated"],
            "At least four agencies had a part, as recorded in this source; several of Police,"
            " another force and Third force can be one body.",
        ),
    ],
)
def test_how_many_agencies_had_a_part_is_of_agencies_alone(
    tmp_path: Path, more: list[str], parts_of_more: list[str], said_of_all: str
) -> None:
    tables = invented()
    earlier = rows("events", "old-conviction|2011|||conviction||||F is convicted|stated")
    tables["events"] = pd.concat([tables["events"], earlier], ignore_index=True)
    named = pd.concat([tables["agencies"], rows("agencies", *more)], ignore_index=True)
    same = {"force": "police", "third": "police", "annexe": "school"}
    tables["agencies"] = named.assign(may_be=[same.get(one, "") for one in named["id"]])
    tables["involvement"] = pd.concat(
        [tables["involvement"], rows("involvement", *parts_of_more)], ignore_index=True
    )
    assert said(of_tables(tables, tmp_path))["part"] == [said_of_all]


def test_who_was_missing_is_the_word_of_the_review(tmp_path: Path) -> None:
    tables = invented()
    tables["agencies"] = pd.concat([tables["agencies"], rows("agencies", "gp|Family GP|3A")])
    tables["involvement"] = pd.concat(
        [
            tables["involvement"],
            rows(
                "involvement",
                "iv-20|gp|conference|insufficiently-involved|||stated",
                "iv-21|police|conference|insufficiently-involved|||stated",
                "iv-22|police|closure|not-told|||stated",
            ),
        ],
        ignore_index=True,
    )
    review = of_tables(tables, tmp_path)
    assert said(review)["key"][1:] == [
        "Police had no word of “The case is closed”, says the source.",
        "Family GP and Police had too little part in “A first conference is held on K”, says the"
        " source.",
    ]
    assert said(review)["first"] == [
        "Not told of one thing or more, says the source: Police; insufficiently involved at a step:"
        " Family GP and Police.",
        "By the decision “A first conference is held on K” on 3 June 2019: Children's services had"
        " heard from Police; not said to have reached Children's services and School: “F says that"
        " M scratched him (alleged)” (Police).",
    ]
    absences = cc.stated_absences(review)
    absences.loc[absences["agency"].eq("gp"), "basis"] = "judged"
    assert "insufficiently involved at a step, as judged: Family GP" in (
        words.missing_in_short(absences)[0].text
    )
    reached = cc.information_at_decision(review)
    reached["only_as_judged"] = [("Police",)] * len(reached)
    assert known_in(review, reached=reached)[0].text.endswith(" (Police, as judged).")
    missing = words.missing(cc.stated_absences(review))
    assert missing[["who", "event", "how"]].to_numpy().tolist() == [
        ["Police", "closure", "not told"],
        ["Family GP", "conference", "insufficiently involved"],
        ["Police", "conference", "insufficiently involved"],
        ["Children's services", "no-assessment", "whose step it was"],
    ]
    told = told_in(review)
    assert words.tellings_title(told, missing, "Children's services") == (
        "Police and Family GP had not heard all that others knew, had no part or too little, says"
        " the source."
    )


@pytest.mark.parametrize(
    ("steps", "what"),
    [
        (["interview"], "What interview is"),
        (["interview", "plan"], "What interview is; What plan is"),
        (["interview", "plan", "letter"], "What interview is; and 2 more"),
    ],
)
def test_the_steps_of_an_agency_that_is_not_named_stand_among_what_was_missing(
    steps: list[str], what: str, tmp_path: Path
) -> None:
    text = """
        agency | some  | An agency not named | 10
        agency | court | Court               | 6
        event | late | action | 2021-11 | absence=did-not-happen
        part | court | late | responsible-absent | did-not-happen
    """
    for step in steps:
        text += f"\nevent | {step} | action | 2021-10 | absence=did-not-happen"
        text += f"\npart | some | {step} | responsible-absent | did-not-happen"
    missing = words.missing(cc.stated_absences(of_tables(tables_of(text), tmp_path)))
    assert missing[["who", "how", "what", "events"]].to_numpy().tolist() == [
        ["Court", "whose step it was", "What late is", ("late",)],
        ["An agency not named", "whose step it was", what, tuple(steps)],
    ]


@pytest.mark.parametrize(
    ("how", "title"),
    [
        (["not told"], "Police had not heard all that others knew, says the source."),
        (["not told, as judged"], "Police had not heard all that others knew, as judged."),
        (
            ["not told, as judged", "not told, as derived from the source, though sources differ"],
            "Police had not heard all that others knew, as derived from the source, though sources"
            " differ.",
        ),
        (["not told, perhaps"], "Who told whom is not said."),
        (
            ["not told, as judged", "insufficiently involved"],
            "Police had too little part, or none, says the source.",
        ),
        (["whose step it was"], "Who told whom is not said."),
    ],
)
def test_the_chart_of_tellings_says_by_whom_somebody_is_said_to_be_missing(
    how: list[str], title: str
) -> None:
    nobody = pd.DataFrame({"to": [], "afterwards": pd.Series([], dtype="bool"), "who": []})
    missing = pd.DataFrame({"who": "Police", "how": how})
    assert words.tellings_title(nobody, missing, "Police") == title


def test_a_step_of_a_named_agency_that_the_coder_judged_its_own_says_so() -> None:
    """Who ought to have told the meeting is not said (details.csv); the coding judges that."""
    review = real_review("child-x-dundee-2009")
    missing = words.missing(cc.stated_absences(review))
    assert missing[["who", "event", "how"]].to_numpy().tolist() == [
        ["Police", "not-shared", "whose step it was, as judged"]
    ]
    assert (
        "; step not taken or not enough, as judged: “The meeting is not told how grave"
        in parts.involvement_alt(cc.involvement(review))
    )
    # That the centre's staff came to the family is judged too, and the discussion is stated.
    assert (
        "Family support centre: led or took part: “Social work, health and family support staff see"
        " the family several times, and at home” (as judged) and “An initial referral discussion”."
    ) in parts.involvement_alt(cc.involvement(review))


def test_what_is_derived_and_what_another_source_denies_is_not_the_word_of_the_source() -> None:
    """Row `association-silent`: the report has that no agency was told, from which it follows that
    the police were not; the news has that they were (reading `association-told`). The GP was not
    asked for a report (`gp-not-asked`); that Quillbeck had to ask is derived."""
    review = real_review("child-e-example-2024")
    absences = cc.stated_absences(review)
    (first_screen,) = words.missing_in_short(absences)
    assert "Brother's primary school, Harnmere children's services and E's nursery; not told" in (
        first_screen.text
    )
    of_police = "as derived from the source, though sources differ"
    assert first_screen.text.endswith(
        f"; not told of one thing or more, {of_police}: Police (Harnmere)."
    )
    missing = words.missing(absences).set_index(["who", "event"])["how"]
    assert missing["Police (Harnmere)", "association-silent"] == f"not told, {of_police}"
    assert (
        "; step not taken or not enough, as derived from the source: “The family's GP is not asked"
    ) in parts.involvement_alt(cc.involvement(review))
    (also,) = (sentence for sentence in said(review)["key"] if "also says" in sentence)
    assert "tells no other agency, though sources differ; Harnmere may" in also


def test_what_an_agency_held_by_judgement_alone_is_told_as_judged() -> None:
    (held,) = said(real_review("child-u-manchester-2013"))["elsewhere"]
    assert (
        "“A first referral on Child U is made” (with Children's services; with Greater Manchester"
        " Police, as judged)" in held
    )


def test_a_telling_of_what_those_who_decided_had_answered_is_not_elsewhere(tmp_path: Path) -> None:
    agencies = """
        agency | cs     | Children's services | 5A
        agency | police | Police              | 6
    """
    (held,) = said(of_tables(tables_of(agencies + MISSING), tmp_path))["elsewhere"]
    assert "What noise is" in held
    assert "What report is" not in held


def test_a_call_that_its_receiver_has_no_record_of_is_told_and_not_heard(tmp_path: Path) -> None:
    text = """
        agency | cs     | Children's services | 5A
        agency | home   | Oak House           | 4
        agency | school | School              | 2A
        event  | letter | referral            | 2018-03-01
        event  | call   | information-sharing | 2018-03-02
        event  | ends   | closure             | 2018-03-10
        part   | school | letter | raised
        part   | cs     | letter | received
        part   | home   | call   | raised
        part   | cs     | call   | said-to-have-received
        part   | cs     | ends   | led
        tie    | tells-of | call | letter
    """
    review = of_tables(tables_of(text), tmp_path)
    assert told_in(review)[["who", "to", "what"]].to_numpy().tolist() == [
        ["School", "Children's services", "What letter is"],
        ["Oak House", "Children's services (by the word of others alone)", "What call is"],
    ]
    assert said(review)["key"] == ["Children's services heard from School, in 2018."]
    assert said(review)["passed on"] == []


def test_that_only_one_of_them_says_so_stands_beside_who_was_not_told(tmp_path: Path) -> None:
    """The GP alone says so; of the school the source says it of the conference, too."""
    text = """
        agency | cs     | Children's services | 5A
        agency | gp     | GP                  | 3A
        agency | school | School              | 2A
        event  | plan   | protection-plan     | 2018-03-01
        event  | first  | icpc                | 2018-04-01
        part   | cs     | plan  | led
        part   | cs     | first | led
        part   | gp     | plan  | not-told | by-one-account
        part   | school | plan  | not-told | by-one-account
        part   | school | first | not-told | did-not-happen
    """
    absences = cc.stated_absences(of_tables(tables_of(text), tmp_path))
    assert [point.text for point in words.missing_in_short(absences)] == [
        "Not told of one thing or more, by one account, says the source: GP; not told of one"
        " thing or more, says the source: School."
    ]
    assert words.missing(absences)[["who", "how"]].to_numpy().tolist() == [
        ["GP", "not told, by one account"],
        ["School", "not told"],
    ]
    told, tellings = (
        pd.DataFrame(columns=["to", "who", "what", "afterwards"]),
        words.missing(absences),
    )
    assert words.tellings_title(told, tellings, "Children's services") == (
        "School had not heard all that others knew, says the source."
    )


def test_of_two_that_were_told_as_often_the_one_that_decided_more_stands_in_the_middle(
    tmp_path: Path,
) -> None:
    review = the_invented(tmp_path)
    tellings, decisions = cc.tellings(review), cc.decisions(review)
    (one,) = tellings.index[tellings["to_label"] == "Children's services"][:1]
    heard = tellings.loc[[one, one]].assign(telling=["first", "second"], tie="told")
    heard["to_label"] = ["Police", "Children's services"]
    decided = decisions.iloc[[0, 0, 0]].assign(
        decided_by=[("Police",), ("Children's services",), ("Children's services",)]
    )
    assert words.centre(heard, decided) == "Children's services"
    assert words.centre(heard, decided[:2]) == "Police"
    # What was told counts before what was decided.
    assert words.centre(pd.concat([heard, heard[:1].assign(telling="more")]), decided) == "Police"


def test_a_telling_that_rests_on_its_teller_alone_says_so_and_whom_it_reached_is_named() -> None:
    review = real_review("child-polly-derbyshire-2017")
    told, missing = told_in(review), words.missing(cc.stated_absences(review))
    middle = words.centre(cc.tellings(review), cc.decisions(review))
    assert words.tellings_title(told, missing, middle) == (
        "Derbyshire children's services heard from Polly's father (as alleged)."
    )
    assert words.tellings_alt(told, missing, middle) == (
        "Told to Derbyshire children's services: Polly's father (as alleged),"
        " between 1 January and 17 April 2014 (as judged): The"
        " father, as he told a broadcaster, warns children's services that Polly is at serious "
        "risk (at least 2). Told to others, or to whom is not said: somebody not named in the "
        "source, to Police, between 1 January and 1 May 2014: Police are called out five times, "
        "over arguments between the mother and a new partner (5 in all); somebody not named in "
        "the source, to Ambulance service, on 1 May 2014: An ambulance comes to the home, where "
        "the partner is trying to revive Polly. Missing or not enough, certainly or perhaps:"
        " Derbyshire children's services, whose step it was: Child protection procedures are not"
        " begun."
    )
    # The year of the calls is judged, as is said wherever it is told.
    absences, tellings = cc.stated_absences(review), cc.tellings(review)
    assert words.key_points(told, absences, tellings, middle)[0].text == (
        "Derbyshire children's services heard from Polly's father (as alleged), in 2014"
        " (as judged)."
    )
    # Who is not named is not told to have been told.
    heard = told.assign(to="somebody not named in the source")
    assert ", to " not in words.tellings_alt(heard, missing, middle)


def test_what_was_told_when_it_can_have_been_too_late_says_so() -> None:
    """The officer wrote in the December in which Child Ak died, on the 15th: that can be too late.
    Child E's injury is of 8 July, what the partner told the police of the 9th."""
    review = real_review("child-ak-northamptonshire-2019")
    told, missing = told_in(review), words.missing(cc.stated_absences(review))
    assert words.tellings_title(told, missing, "Northamptonshire children's services") == (
        "Northamptonshire children's services heard from Relatives, Police and Independent"
        " reviewing officer (perhaps after the death)."
    )
    told = told_in(real_review("child-e-example-2024"))
    late = told.loc[told["who"].str.contains("after the"), ["event", "who"]]
    assert late.to_numpy().tolist() == [
        ["account-2023-07", "Partner (after the harm to a child)"],
        ["panel-told", "Harnmere children's services (after the harm to a child)"],
    ]


@pytest.mark.parametrize(
    ("judged", "heard_from"),
    [
        ("", "Police and somebody not named"),
        ("nobody", "Police and somebody not named (as judged)"),
        ("early", "Police and somebody not named"),
        ("early late nobody", "Police (as judged) and somebody not named (as judged)"),
    ],
)
def test_a_teller_whom_only_the_coder_holds_to_have_told_is_marked(
    judged: str, heard_from: str
) -> None:
    rows = """
        agency | cs | Children's services | 5A
        agency | police | Police | 6
        agency | unspecified | Unspecified | 10
    """
    for event, teller in (("early", "police"), ("late", "police"), ("nobody", "unspecified")):
        mark = " | basis=judged" * (event in judged.split())
        rows += f"""
            event | {event} | referral
            part | {teller} | {event} | raised
            part | cs | {event} | received{mark}
        """
    review = review_of(tables_of(rows))
    told = (told_in(review), cc.stated_absences(review), cc.tellings(review))
    (point,) = words.key_points(*told, "Children's services")
    assert point.text == f"Children's services heard from {heard_from}."


@pytest.mark.parametrize(
    ("left_out", "who"),
    [("nothing", "Police"), ("early", "Police (perhaps after the harm to a child)")],
)
def test_who_told_before_and_perhaps_after_the_end_is_named_once(left_out: str, who: str) -> None:
    rows = """
        agency | cs | Children's services | 5A
        agency | police | Police | 6
        event | early | information-sharing | 2018-03-02
        event | harm | harm-to-child | 2018-06-15
        event | late | information-sharing | 2018-06
        part | police | early | raised
        part | cs | early | received
        part | police | late | raised
        part | cs | late | received
    """
    kept = (row for row in rows.splitlines() if left_out not in row)
    review = review_of(tables_of("\n".join(kept)))
    absences, tellings = cc.stated_absences(review), cc.tellings(review)
    told, middle = told_in(review), "Children's services"
    title = words.tellings_title(told, words.missing(absences), middle)
    assert title == f"Children's services heard from {who}."
    (point,) = words.key_points(told, absences, tellings, middle)
    assert point.text == f"Children's services heard from {who}, in 2018."


def test_a_review_without_rows_tells_of_nobody(tmp_path: Path) -> None:
    review = the_empty(tmp_path)
    assert said(review) == {
        "key": ["The source tells of nobody who told an agency anything."],
        "passed on": [],
        "elsewhere": [],
        "part": [],
        "first": [],
    }
    told = told_in(review)
    missing = words.missing(cc.stated_absences(review))
    assert words.tellings_title(told, missing, "Police") == "Who told whom is not said."
    assert words.tellings_alt(told, missing, "Police") == "Nobody is recorded as telling anybody."
    concerns = decided_of(review)
    assert concerns.empty
    assert at.decisions_in_rows(concerns).empty
    assert at.decisions_title(concerns) == "What had reached those who decided cannot be told."
    assert parts.involvement_alt(cc.involvement(review)) == "No agency is coded."


def test_each_concern_has_one_square_at_each_decision(tmp_path: Path) -> None:
    """At the conference the police alone hold the scratch; the school, which took part, the bruise.
    The shove is told in the notification, which passes on what M said. What only the review was
    told is no concern of the time."""
    review = the_invented(tmp_path)
    concerns = decided_of(review)
    assert not concerns.duplicated(["decision", "concern"]).any()
    here = concerns[concerns["decision"] == "conference"].set_index("concern")
    assert here["state"].to_dict() == {
        "scratch": "elsewhere",
        "notification": "certainly",
        "bruise": "certainly",
    }
    assert here.loc["scratch", "who"] == ("Police",)
    assert here["by_whom"].unique().tolist() == ["Children's services; School"]
    table = at.decisions_in_rows(concerns).set_index("event")
    assert table.loc["conference", "with_others"] == "F says that M scratched him (Police)"
    assert set(concerns["state"]) <= set(STATE_WORDS)


@pytest.mark.parametrize(
    ("states", "title"),
    [
        (
            [["certainly"], ["certainly"]],
            "At each of these decisions each concern counted here had reached one or more who"
            " decided.",
        ),
        (
            [["certainly"], ["judged"]],
            "At each of these decisions each concern counted here had reached one or more who"
            " decided (in part as judged).",
        ),
        (
            [["certainly"], ["judged", "elsewhere"]],
            "At only 1 of these 2 decisions does the source say that each concern counted here had"
            " reached one or more who decided.",
        ),
        (
            [["possibly"], ["certainly", "nowhere"]],
            "At none of these decisions does the source say that each concern counted here had"
            " reached one or more who decided.",
        ),
    ],
)
def test_the_chart_of_decisions_says_all_some_or_none(states: list[list[str]], title: str) -> None:
    concerns = pd.DataFrame(
        {"decision": f"d{number}", "point": "decision", "basis": "judged" * (state == "judged")}
        | {"state": "certainly" if state == "judged" else state}
        for number, here in enumerate(states)
        for state in here
    )
    assert at.decisions_title(concerns) == title


def test_a_step_left_undone_is_no_decision_and_nobody_is_said_to_have_decided_on_it() -> None:
    """Child Ak's assessment (`no-assessment`) and visit (`no-visit`) were not made; that somebody
    decided so is not said. The meeting is a decision, and so
    is each point of Child X of Dundee."""
    concerns = decided_in("child-ak-northamptonshire-2019")
    assert at.decisions_title(concerns) == (
        "At each of these decisions and steps left undone each concern counted here had reached one"
        " or more who decided or were to act (in part as judged)."
    )
    by_whom = at.decisions_in_rows(concerns).set_index("event")["by_whom"]
    for undone in ("no-assessment", "no-visit"):
        assert by_whom[undone] == "whose step it was: Northamptonshire children's services"
    assert by_whom["strategy"].startswith("Northamptonshire children's services; ")
    undone_alone = concerns[concerns["decision"] != "strategy"]
    assert at.decisions_title(undone_alone) == (
        "At each of these steps left undone each concern counted here had reached one or more who"
        " were to act (in part as judged)."
    )
    dundee = at.decisions_title(decided_in("child-x-dundee-2009"))
    assert "these decisions does" in dundee
    assert dundee.endswith("who decided.")
    review = real_review("child-e-example-2024")
    reached, points = cc.information_at_decision(review), cc.decisions(review)
    (held,) = at.held_elsewhere(reached, points, cc.involvement(review), "no-medical")
    assert held.text.startswith("By the step left undone “A child protection medical is not ")
    assert "not said to have reached those who were to act" in held.text


def test_who_heard_by_judgement_alone_is_said_to_be_that() -> None:
    told = told_in(real_review("child-w-manchester-2020")).set_index("event")["what"]
    read = told.str.endswith("; who told whom is in part our reading")
    # The source speaks of a police interview, and does not say of which force.
    assert list(told[read].index) == ["denial-wf", "counter-accusations-wf", "referrals-october"]
    review = real_review("child-w-manchester-2020")
    reached, agencies = cc.information_at_decision(review), cc.involvement(review)
    assert words.passed_on(cc.tellings(review), reached, agencies, review.tables)[0].text == (
        "Greater Manchester Police heard this: “WF denies one of the reported assaults” (as judged)"
        " and “WF makes accusations against WM in turn” (as judged); the source does not say that"
        " it was passed on to those who decided."
    )


def test_whose_word_it_is_that_some_were_missing_is_told_once_and_each_doubt_each_time() -> None:
    tables = tables_of("""
        agency | gp     | GP                  | 3A
        agency | school | School              | 2A
        agency | edt    | Emergency duty team | 5A
        agency | clinic | Clinic              | 3B
        event | held | icpc                | 2018-02-01
        part | gp     | held | not-involved            | did-not-happen
        part | school | held | insufficiently-involved | did-not-happen
        part | edt    | held | not-told                | did-not-happen       | basis=judged
        part | clinic | held | insufficiently-involved | no-evidence-found
    """)
    (first,) = words.missing_in_short(cc.stated_absences(review_of(tables, solved(tables))))
    assert first.text == (
        "Not involved at a step, says the source: GP; insufficiently involved at a step: School;"
        " not told of one thing or more, as judged: Emergency duty team; insufficiently involved"
        " at a step, as far as evidence was found, says the source: Clinic."
    )


def test_that_nobody_was_told_is_not_told_of_somebody() -> None:
    """The codebook has `unspecified` where the source names nobody who was not told."""
    tables = tables_of("""
        agency | school      | School      | 2A
        agency | gp          | GP          | 3A
        agency | unspecified | Unspecified | 10
        event | seen | concern             | 2018-01-01
        event | kept | information-sharing | 2018-01 | absence=did-not-happen | summary=No word
        event | held | icpc                | 2018-02-01
        part | school      | seen | held
        part | school      | kept | responsible-absent | did-not-happen
        part | unspecified | kept | not-told           | did-not-happen
        part | gp          | held | not-involved       | did-not-happen
        part | unspecified | held | not-told           | did-not-happen
        tie | tells-of | kept | seen
    """)
    review = review_of(tables, solved(tables))
    found, absences = said(review), cc.stated_absences(review)
    assert found["key"] == [
        "GP had no part in “What held is”, says the source.",
        "The source also says this: No word.",
    ]
    assert found["first"][0] == "Not involved at a step, says the source: GP."
    assert words.missing(absences)[["who", "how", "what"]].values.tolist() == [
        ["GP", "not involved", "What held is"],
        ["School", "whose step it was", "No word"],
    ]
    assert cc.involvement(review)["agency_label"].tolist() == ["School", "School", "GP"]
    assert cc.decisions(review)["left_out"].tolist() == [("GP (not involved)",)]
    missing = cc.tellings(review)[["tie", "from_label", "to_label"]].values.tolist()
    assert missing == [
        ["telling found absent", "School", "not stated"],
        ["not involved", "GP", "not stated"],
    ]


def test_a_child_and_whom_the_doer_told_of_its_own_step_need_pass_nothing_on() -> None:
    """What the school told the clinic is not said to have reached those who placed X."""
    review = review_of(
        tables := tables_of(
            """
            agency | cs     | Children's services | 5A
            agency | other  | Another council     | 5A
            agency | school | School              | 2A
            agency | clinic | Clinic              | 3B
            agency | court  | Family court        | 8
            people | id=x | label=X | kinship=child
            event | worry  | concern             | 2018-01-01
            event | moved  | placement           | 2018-02-01
            event | to-x   | information-sharing | 2018-01-02 | summary=X is told
            event | notice | information-sharing | 2018-02-03 | summary=A notice of the move
            event | letter | information-sharing | 2018-01-04 | summary=A letter on the worry
            event | order  | court-order         | 2018-03-01
            part | school | worry  | held
            part | cs     | moved  | led
            part | clinic | to-x   | raised
            part | cs     | notice | raised
            part | other  | notice | received
            part | school | letter | raised
            part | clinic | letter | received
            part | court  | order  | led
            participation | id=p | person=x | event=to-x | role=was-told | status=reported
            tie | tells-of | to-x   | worry
            tie | tells-of | notice | moved
            tie | tells-of | letter | worry
            """
        ),
        solved(tables),
    )
    assert said(review)["passed on"] == [
        "Clinic heard this: “A letter on the worry”; the source does not say that it was passed on"
        " to those who decided."
    ]


def test_who_told_is_told_with_the_date_of_the_source(tmp_path: Path) -> None:
    review = example(tmp_path)
    told = told_in(review).set_index("event")
    assert told.loc["referral-2014", "when"] == "in late August 2014"
    assert told.loc["told-2014", ["who", "to"]].tolist() == ["X's school", "Children's services"]


def test_words_of_child_w_are_borne_by_its_rows() -> None:
    """What the article says on who was involved too little, and what was told to the police."""
    found = said(real_review("child-w-manchester-2020"))
    assert found["key"] == [
        "Children's services heard from S1's school, the father of S1, Midwifery, Greater"
        " Manchester Police and somebody not named, between 2014 and 2018.",
        "The family GP and One Manchester (WM's landlord) had too little part in “The assessment"
        " that went to the first conference” and “Initial child protection conference”, says the"
        " source.",
        "The source also says this: The emergency duty team has no part in answering the referrals;"
        " Safeguarding partners have no part in assessments and case conferences.",
    ]
    assert found["part"][0].startswith("At least seven agencies had a part")
    (held,) = found["elsewhere"]
    assert held == (
        "By the initial child protection conference, this is not said to have reached those who"
        " decided, among other things: “WM breaks WF's nose, in one of WF's accusations” (with"
        " Greater Manchester Police, as judged), “Two partners have weighty information; its"
        " content is not said” (with the family GP; with One Manchester (WM's landlord)) and “WF"
        " attends A&E; what for is not said” (with A&E, as judged)."
    )
    # That it was a worry is our reading; that these two held it is the article's word.
    assert found["first"][1].endswith(
        "not said to have reached them, among other things: “Weighty information, content not"
        " said” (the family GP and One Manchester) and “WF attends A&E” (A&E, as judged)."
    )


def test_of_whom_nothing_had_reached_is_not_said_where_the_source_names_nobody() -> None:
    (held,) = said(real_review("child-u-manchester-2013"))["elsewhere"]
    assert held.startswith(
        "By the decision “Child U goes back to the mother a second time” (by whom is not said),"
        " this is not said to have reached those who decided: “A first referral on Child U is made”"
    )


def test_what_an_agency_held_at_the_time_was_not_learned_afterwards_only(tmp_path: Path) -> None:
    tables = invented()
    held = rows("involvement", "iv-20|school|fear|held|||stated")
    tables["involvement"] = pd.concat([tables["involvement"], held], ignore_index=True)
    passed_on = said(of_tables(tables, tmp_path))["passed on"]
    assert [text for text in passed_on if "was told this afterwards" in text] == []


def test_a_season_is_no_month(tmp_path: Path) -> None:
    """A telling dated by a season is told by its days."""
    tables = invented()
    events = tables["events"]
    tables["events"] = events.assign(
        date=events["date"].where(events["id"] != "statement-m", "late 2019-21")
    )
    review = of_tables(tables, tmp_path)
    told = told_in(review).set_index("event")
    assert "2019" in told.loc["statement-m", "when"]


def test_child_w_who_is_among_several_and_what_rests_on_our_reading_is_said() -> None:
    review = real_review("child-w-manchester-2020")
    told = told_in(review).set_index("event")
    what = told["what"]
    # Paragraph 13 names S1's father as one who referred.
    assert told.loc["referrals-2015-2016", "who"] == "several, not all named in the source"
    assert [one for one in what if " among them" in one] == [
        f"{what['referrals-2015-2016'].partition(',')[0]}, those of the father of S1 among them"
    ]
    concerns = decided_of(review)
    # Of what was left where it was no day is told, so nothing is said of what had come by then.
    assert "nfa-amphetamine" not in set(concerns["decision"])
    shown = at.decisions_in_rows(concerns).set_index("event").loc["closure-midwife"]
    assert "Worry over how S2 attends school (as judged)" in shown["on_their_record"].split("; ")
    assert "A midwife refers a worry over drinking in pregnancy" in shown["on_their_record"].split(
        "; "
    )
    # What the assessment brought out was on record by then through a judged order alone.
    assert "possible alcohol and drug use (as judged); " in shown["on_their_record"]
    alone = concerns[concerns["decision"] == "closure-midwife"]
    assert at.decisions_alt(alone).endswith(
        "8 had reached an agency that decided or was to act (3 as judged); 1 certainly or possibly"
        " with an agency, not said whether with one of these (as judged)."
    )
    # A decision without days has no place in the chart, and is on record all the same.
    assert at.decisions_alt(concerns[:0]) == "No decision is drawn."
    # When WF accused WM of the broken nose is not said: it can have been after enquiries began.
    begun = concerns[concerns["decision"] == "section-47"]
    assert "1 certainly or possibly recorded with another agency only." in at.decisions_alt(begun)
    assert at.decisions_in_rows(begun)["with_others"].tolist() == [
        "WM breaks WF's nose, in one of WF's accusations (possibly Greater Manchester Police)"
    ]
    assert shown["when"] == "between 1 November 2017 and 30 July 2018 (as judged)"
    # One of the relatives' reports has a row of its own, and is theirs too.
    ak = told_in(real_review("child-ak-northamptonshire-2019")).set_index("event")
    assert ak.loc["reports-relatives", "what"] == (
        "Relatives tell the local authority of worries about the father, eight times at most"
        " (1 to 8)"
    )


def test_what_a_visit_finds_or_doctors_conclude_is_no_telling() -> None:
    review = real_review("child-w-manchester-2020")
    told = set(told_in(review)["event"])
    assert {"visit-home", "medical-opinion-w"} <= set(cc.tellings(review)["telling"])
    assert not {"visit-home", "medical-opinion-w"} & told
    assert {"denial-wf", "report-wm", "paramedics", "referral-midwife"} <= told


def test_what_a_source_hedges_is_not_told_as_what_it_states() -> None:
    """Of the alcohol service the report says that it does not appear to have been told; that the
    housing association did not know is no word on whether it was told; and where Partner was not
    charged, nobody was missing."""
    child_e = real_review("child-e-example-2024")
    first = words.missing_in_short(cc.stated_absences(child_e))[0].text
    assert "; not told of one thing or more, it seems, says the source: Alcohol service;" in first
    assert "; not told of one thing or more, as judged: Housing association and those" in first
    absent = parts.involvement_alt(cc.involvement(child_e))
    assert "not told, perhaps, says the source: “Harnmere may or may not have learned" in absent
    assert absent.endswith(
        "; step not taken or not enough, as derived from the source, 2 events; not told, as"
        " judged, 1 event; step not taken or not enough, says the source, 1 event."
    )


def test_what_others_held_at_a_decision_is_told_once_each_with_who_possibly_held_it() -> None:
    """Some of the neighbours' calls went to the police and some to the housing association; that
    officers found Mother drunk is what the police's notification tells of."""
    review = real_review("child-e-example-2024")
    reached, agencies = cc.information_at_decision(review), cc.involvement(review)
    text = at.held_elsewhere(reached, cc.decisions(review), agencies)[0].text
    calls = "“Neighbours call the police or the housing association about shouting”"
    called = "with Police (Harnmere); with Housing association"
    assert f"{calls} ({called}; with Neighbours)" in text
    assert text.count("“The police notify Quillbeck of the evening before”") == 1
    assert "Officers find" not in text
    assert "(Police, Housing association and Neighbours)" in known_in(review)[0].text
    # Had nobody said that some of them went to each.
    for row in reached.index[reached["matter"] == "summer-calls"]:
        reached.at[row, "certain_with"] = ("Neighbours",)
        reached.at[row, "possible_with"] = ("Police (Harnmere)", "Housing association")
    text = at.held_elsewhere(reached, cc.decisions(review), agencies)[0].text
    assert f"{calls} (with Neighbours; possibly {called.replace('; ', '; possibly ')})" in text
    short = known_in(review, reached=reached)[0].text
    assert "(Neighbours; possibly Police and Housing association)" in short


def test_what_may_not_have_come_about_by_then_is_not_said_to_have_been_elsewhere() -> None:
    """The scab was seen between 25 February and 16 March, the discussion held on 28 February. X
    was called a cause for concern before; with whom that was the source does not say."""
    child_x = real_review("child-x-dundee-2009")
    reached, agencies = cc.information_at_decision(child_x), cc.involvement(child_x)
    come = reached[reached["decision"] == "discussion"].set_index("matter")["had_come_about"]
    assert come[["scab", "cause-for-concern"]].tolist() == ["possibly", "certainly"]
    assert at.held_elsewhere(reached, cc.decisions(child_x), agencies) == []


def test_the_page_says_that_it_does_not_show_every_decision() -> None:
    """Of Child W 14 stand in the table, of which 9 are steps left undone; the chart has 7 with 3 of
    these, since it shows what the same agencies left undone at a time once. Of Polly 6 stand in the
    table and in the chart: the table has all, and not always more."""
    decisions = cc.decisions(real_review("child-w-manchester-2020"))
    shown = decisions[decisions["decision"].isin(decided_in("child-w-manchester-2020")["decision"])]
    assert (len(decisions), int(decisions["point"].ne("decision").sum())) == (14, 9)
    assert (len(shown), int(shown["point"].ne("decision").sum())) == (7, 3)
    polly = "child-polly-derbyshire-2017"
    assert len(cc.decisions(real_review(polly))) == decided_in(polly)["decision"].nunique() == 6
    page = (Path(__file__).parents[1] / "notebooks" / "04_involvement.ipynb").read_text("utf-8")
    assert "At most seven decisions and steps left undone are shown, none after the end of" in page
    assert "[the table of decisions](tables/decisions.html) has all." in page
    assert "Each decision, when" not in page


def test_the_decisions_that_are_shown_are_those_that_mattered_and_none_is_after_the_end() -> None:
    """Of Child E's twenty the findings rest on the transfer, the end of the plan, the closure and
    what was left undone on the referral; Brother went to his father after the fall. Of the rest the
    last that answer something are shown."""
    assert [*dict.fromkeys(decided_in("child-e-example-2024")["decision"])] == [
        *("transfer", "plan-1-ended", "closure", "no-medical", "nfa-2023", "strategy-2", "s47-2")
    ]
    # On the day of the death itself what is known to come after it is left out too.
    tables = tables_of(
        """
        event | call     | referral    | 2018-01-01
        event | closed   | closure     | 2018-02-01
        event | unseen   | visit       | 2018-03 | absence=did-not-happen
        event | enquired | section-47  | 2018-05-01
        event | death    | death       | 2018-05-01
        event | taken    | emergency-protection | 2018-05-01
        event | order    | court-order | 2018-06-01
        part | a | call | raised
        part | b | call | received
        tie | answers | unseen | call
        relations | id=o | type=not-after | from_event=death | to_event=taken | basis=stated
        """,
        agencies=[agency("a", "A", "5A"), agency("b", "B", "3A")],
    )
    shown = decided_of(review_of(tables, solved(tables)))
    assert [*dict.fromkeys(shown["decision"])] == ["closed", "unseen", "enquired"]


@pytest.mark.parametrize("name", REVIEWS)
def test_an_agency_is_marked_as_judged_exactly_where_the_table_names_it(name: str) -> None:
    """In each row on a decision, and in the sentence on what was with others."""
    review = real_review(name)
    reached, points = cc.information_at_decision(review), cc.decisions(review)
    dates, agencies = cc.chronicle(review), cc.involvement(review)
    only_as_judged = {
        (row.decision, row.matter): {*row.only_as_judged} for row in reached.itertuples()
    }
    for row in at.at_decisions(reached, points, dates, review.tables).itertuples():
        marked = {who.removesuffix(", as judged") for who in row.who if who.endswith(", as judged")}
        assert marked == only_as_judged[row.decision, row.concern], row
    summary = dict(zip(reached["matter"], reached["summary"], strict=True))
    for point in at.held_elsewhere(reached, points, agencies):
        decision, *things = point.rows
        for thing in things:
            told = point.text.partition(f"“{summary[thing]}” (")[2].partition(" “")[0]
            marked = re.findall(r"with ([^;]*), as judged", told)
            named = {with_article(one) for one in only_as_judged[decision, thing]}
            assert {*marked} == {one for one in named if f"with {one}" in told}, told


def test_a_label_with_an_article_never_has_a_second_one() -> None:
    """Within a sentence it has no capital, at the beginning of one it has. (Labels of a chart's
    bars, which are spoken with it, have them as they are.)"""
    review = real_review("child-e-example-2024")
    own = {"mother": "the mother", "partner": "The partner", "grandmother": "The grandmother"}
    own |= {"nursery": "the nursery", "gp-harnmere": "a GP", "school": "the brother's school"}
    own |= {"alcohol-service": "an alcohol service", "police-harnmere": "The police"}
    tables = dict(review.tables)
    for name in ("agencies", "people"):
        labels = tables[name]["id"].map(own)
        tables[name] = tables[name].assign(label=labels.fillna(tables[name]["label"]))
    texts, _ = shown(replace(review, tables=tables))
    said = [(name, text) for name, several in texts.items() for text in several]
    names = "|".join(label.partition(" ")[2] for label in own.values())
    assert len(re.findall(rf"\b(?i:the|an?) (?:{names})\b", str(said))) > 40
    for name, text in said:
        assert not re.search(rf"\b(?i:the|an?) (?i:the|an?) (?:{names})", text), text
        capitals = re.search(rf"[a-z,(“] (?:The|An?) (?:{names})", text)
        assert name.startswith("spoken") or not capitals, text
        assert not re.search(rf"(?:^|[a-z”)]\. )(?:the|an?) (?:{names})", text), text


def test_who_held_something_firmly_and_who_by_our_reading_is_told_apart() -> None:
    """That police and health visitor heard of Grandmother's call at the discussion is our reading;
    of Polly the council held both concerns by the source."""
    child_e = at.decisions_in_rows(decided_in("child-e-example-2024")).set_index("event")
    assert (
        "left alone (Quillbeck children's services; Police (Quillbeck), as judged; Health visitor"
        " (Quillbeck), as judged)" in child_e.loc["closure", "with_others"]
    )
    polly = decided_in("child-polly-derbyshire-2017")
    here = polly[polly["decision"] == "no-procedures"].set_index("concern")["basis"]
    assert here[["garage", "partner-first"]].tolist() == ["stated", "derived"]
    # A decision of the chart is called what the words below it say.
    called = cc.draw_decisions(polly, "Title").links["decision-no-procedures"].label
    assert called == (
        "Child protection procedures are not begun, from February to April 2014: 3 had reached an"
        " agency that decided or was to act (1 as judged); 1 can have reached it in time; 1"
        " certainly or possibly with an agency, not said whether with one of these; 1 certainly or"
        " possibly recorded with another agency only (as judged)"
    )
    assert called in at.decisions_alt(polly)


def test_who_decided_where_the_source_does_not_say_is_somebody_not_named() -> None:
    review = real_review("child-t-cwm-taf-morgannwg-2022")
    shown = decided_of(review).set_index("decision_label")
    asked = shown.loc["No action is taken after the questions to the mother", "by_whom"]
    assert set(asked) == {"somebody not named"}


def test_what_is_only_alleged_says_so_beside_a_decision() -> None:
    """Grandmother's call and her warning are alleged, the one denied too; the neighbours' calls are
    not."""
    child_e = real_review("child-e-example-2024")
    chronicle = cc.chronicle(child_e)
    reached = at.with_claims(cc.information_at_decision(child_e), chronicle)
    told = reached.drop_duplicates("matter").set_index("matter")["summary"]
    assert told["grandmother-call"].endswith(" left alone (alleged and denied in part)")
    assert told["grandmother-warns"].endswith(" does to E (alleged in part)")
    assert not told["call-999"].endswith(")")
    shown = at.at_decisions(reached, cc.decisions(child_e), chronicle, child_e.tables)
    assert shown["concern"].notna().all()
    assert shown["summary"].str.endswith("(alleged in part)").any()
