"""Can a student read the key points of any review: few, short, without ids, each number with the
table in which it stands?"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

import a_timed_review
from an_invented_review import invented, no_rows, rows
from casechron.analysis import dynamics, involvement, known_at_decisions, learning, views
from casechron.analysis.decisions import decisions
from casechron.analysis.knowledge import knowledge
from casechron.analysis.telling import tellings
from casechron.analysis.timescales import timescale_checks
from casechron.analysis.timing import LEARNED_LATER, response_gaps
from casechron.chronology import attempt
from casechron.coding.policy import DatingPolicy
from casechron.coding.reviews import list_reviews, read_meta, read_review
from casechron.reporting import (
    chronology_words,
    dynamics_words,
    involvement_words,
    knowledge_words,
    learning_words,
    timing_key_points,
    words,
)
from chronology_cases import tension
from involvement_cases import agency, event, part, tables_of, tie, worked

ROOT = Path(__file__).parents[1]
REVIEWS = [listed.folder for listed in list_reviews(ROOT)]
Tables = dict[str, pd.DataFrame]

#: Points to a page, and words to a point: a phone shows about so many without scrolling.
MOST_POINTS, MOST_WORDS = 6, 48
CLASH = {
    "id": "r",
    "type": "before",
    "from_event": "conference",
    "to_event": "bruise",
    "basis": "stated",
}


def firm(*flipped_by: str, leans_on: tuple[str, ...] = (), open_: int = 0) -> pd.DataFrame:
    """As many numbers, flipped by these choices; working them out takes a second and is tested
    elsewhere.

    The last ones lean on these rows, and the first so many are open."""
    lean = ("none",) * (len(flipped_by) - len(leans_on)) + leans_on
    return pd.DataFrame(
        {
            "flipped_by": pd.array(flipped_by, dtype="str"),
            "leans_on": pd.array(lean, dtype="str"),
            "open": [at < open_ for at in range(len(flipped_by))],
        }
    ).astype({"open": "bool"})


def key_points(tables: Tables, policy: DatingPolicy | None = None) -> dict[str, list[str]]:
    """The key points of every page but the first, whose words need the review's own particulars."""
    chronology = attempt(tables["events"], tables["relations"], policy, locators=tables["locators"])
    points, cells = decisions(tables, chronology), knowledge(tables, chronology)
    reached = known_at_decisions.reached(cells, points, tables, chronology)
    counts = known_at_decisions.known_by_decision(reached, points)
    contact, told = involvement.agency_contact(tables, chronology), tellings(tables, chronology)
    gaps, checks = (
        response_gaps(tables, chronology, "England"),
        timescale_checks(tables, chronology, "England"),
    )
    room = known_at_decisions.knowledge_at_a_decision(cells, points)
    by_agency = known_at_decisions.knowledge_by_agency(cells, points, tables)
    accounts, held = (
        dynamics.accounts_of_harm(tables, chronology),
        views.views_at_decisions(tables, chronology),
    )
    trace, cautions = learning.traceability(tables), learning.completeness(tables)
    return {
        "02": chronology_words.chronology_in_words(tables, chronology, policy or DatingPolicy()),
        "03": timing_key_points.timing_key_points(
            gaps, checks, firm("none", "none", "late_from = 16")
        ),
        "04": involvement_words.involvement_key_points(
            contact, involvement.stated_absences(tables, chronology), told
        ),
        "05": knowledge_words.knowledge_key_points(reached, counts, points, tables=tables),
        "06": knowledge_words.room_key_points(room, tables=tables),
        "07": knowledge_words.agencies_key_points(by_agency),
        "08": dynamics_words.dynamics_key_points(accounts, held),
        "09": learning_words.learning_key_points(
            trace, cautions, learning.plan_categories(tables, chronology)
        ),
    }


def refused() -> Tables:
    return worked() | {"relations": tables_of(relations=[CLASH])["relations"]}


@cache
def of_review(folder: Path) -> dict[str, list[str]]:
    tables = read_review(folder)
    return {"01": words.record_in_words(read_meta(folder), tables), **key_points(tables)}


INVENTED = {
    "nothing": no_rows,
    "by hand": worked,
    "refused": refused,
    "invented": invented,
    "tension": tension,
    "timed": a_timed_review.review,
    "one event": lambda: tables_of(events=[event("one", "visit", "2018-05", summary="A visit")]),
}
SHOWN = {
    name
    for path in (ROOT / "notebooks").glob("*.ipynb")
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
    for name in re.findall(r'(?m)^show\(.*?, "(\w+)", "', "".join(cell["source"]))
}


def readable(said: list[str], ids: set[str]) -> None:
    assert 1 <= len(said) <= MOST_POINTS
    for point in said:
        assert re.match(r"[A-Z0-9“]", point), point
        assert point.endswith("."), point
        assert not re.search(r"\.\.|  | ,|\bnan\b|\bNaT\b|<NA>|\bNone\b(?! of)", point), point
        # An id that is no plain word of its own would show that rows are named by their ids.
        assert not ids & set(re.findall(r"[\w]+(?:-[\w]+)+", point)), point
        assert re.search(r"\d", point) is None or getattr(point, "tables", ()), point
        assert set(getattr(point, "tables", ())) <= SHOWN, point


def ids_of(tables: Tables) -> set[str]:
    return {row for table in tables.values() if "id" in table for row in table["id"] if "-" in row}


@pytest.mark.parametrize("folder", REVIEWS, ids=lambda folder: folder.name)
def test_the_key_points_of_a_real_review_are_few_short_and_without_ids(folder: Path) -> None:
    ids = ids_of(read_review(folder))
    for said in of_review(folder).values():
        readable(said, ids)
        assert max(len(point.split()) for point in said) <= MOST_WORDS


@pytest.mark.parametrize("name", INVENTED)
def test_the_key_points_of_any_review_can_be_read(name: str) -> None:
    tables = INVENTED[name]()
    ids = ids_of(tables) - {"told-board", "no-duty"}  # named so by their own summaries
    for said in key_points(tables).values():
        readable(said, ids)


@pytest.mark.parametrize("name", INVENTED)
def test_no_account_of_harm_is_counted(name: str) -> None:
    for point in key_points(INVENTED[name]())["08"]:
        assert not re.search(r"\d+ (incident|statement|account|allegation)", point)


@pytest.mark.parametrize("folder", REVIEWS, ids=lambda folder: folder.name)
def test_key_points_judge_nobody(folder: Path) -> None:
    for point in (point for said in of_review(folder).values() for point in said):
        own = re.sub(r"“[^”]*”", "", point).lower()
        for word in (
            "fail",
            "missed",
            "should have",
            "ought",
            "delay",
            "blame",
            "probab",
            "likely",
            "worse",
            "best",
        ):
            assert word not in own, point


def test_tables_are_looked_for_where_notebooks_show_them() -> None:
    assert {
        "response_gaps",
        "basis_of_rows",
        "timescale_checks",
        "knowledge_at_a_decision",
        "time_statements",
    } <= SHOWN


# ---------------------------------------------------------------- the first page


def test_the_record_in_words_at_its_boundaries() -> None:
    meta = read_meta(REVIEWS[0])
    said = words.record_in_words(meta, no_rows())
    assert [point.removeprefix(f"{meta.title} ({meta.body}, {meta.year}) ") for point in said] == [
        "is coded from no sources. The record holds no events and states.",
        "No text of the sources was at hand, so an entry names its source but no place in it.",
        "One coding alone is no evidence of how far two people would agree.",
    ]
    one = no_rows() | {
        "events": rows(
            "events",
            "e1|2018-05|||visit||||A visit|stated",
            "e2|2018-05|||visit|||did-not-happen|No visit|judged",
        ),
        "coverage": rows("coverage", "s|1|||coded"),
        "involvement": rows("involvement", "i1|gp|e1|led|||derived"),
        "readings": rows("readings", "r1|e1"),
    }
    one["readings"]["reading"] = "r1"
    assert words.record_in_words(meta, one)[1:] == [
        "1 agency or body has a part in them.",
        (
            "Of 3 entries in all tables, 1 says what the source states. 1 follows from it by a"
            " rule, and 1 rests on the coder's judgement."
        ),
        "The 1 paragraph of the source is coded.",
        (
            "1 other reading of the sources is kept beside the one used here. One coding alone is"
            " no evidence of how far two people would agree."
        ),
    ]
    assert words.record_in_words(meta, one)[0].endswith(
        "The record holds 1 event or state, and 1 thing reported as missing, unconfirmed or not"
        " enough."
    )


# ---------------------------------------------------------------- timing


CHANGES = (
    "if a vague word is read otherwise, another reading of the source is taken, or allegations or"
    " judged orders are left out"
)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (
            firm("none"),
            f"Of 1 number or verdict here that settles something, none changes {CHANGES}.",
        ),
        (
            firm("none", "late_from = 16"),
            f"Of 2 numbers and verdicts here that settle something, 1 changes {CHANGES}.",
        ),
        (
            firm(
                "late_from = 16",
                "none",
                "winter = ends; reading: a",
                leans_on=("r", "r; s"),
                open_=1,
            ),
            f"Of 2 numbers and verdicts here that settle something, 1 changes {CHANGES}; 2 hang on"
            " a row that only the coder judged.",
        ),
    ],
)
def test_how_firm_the_numbers_are(table: pd.DataFrame, told: str) -> None:
    tables = no_rows()
    chronology = attempt(tables["events"], tables["relations"])
    gaps, checks = (
        response_gaps(tables, chronology, "England"),
        timescale_checks(tables, chronology, "England"),
    )
    assert timing_key_points.timing_key_points(gaps, checks, table) == [
        "No concern is coded, so there is no wait to speak of.",
        "Of 10 checks against time limits in guidance, 10 do not apply.",
        told,
    ]
    # What is open is no number, and of none nothing is said.
    for nothing_settled in (firm(), firm("late_from = 16", open_=1)):
        assert len(timing_key_points.timing_key_points(gaps, checks, nothing_settled)) == 2


def test_the_key_points_of_timing_by_hand() -> None:
    assert key_points(a_timed_review.review())["03"] == [
        (
            "5 concerns are on record: 1 answered by a step, 1 closed or left, 1 answered"
            " insufficiently and 1 with a step missing or unconfirmed; on the other one no"
            " answer is recorded, which does not say that nothing was done."
        ),
        (
            "Of 12 checks against time limits in guidance, 1 is met, 5 cannot be settled from this"
            " source and 6 do not apply. Met: the assessment took 10 working days (limit: 45)."
        ),
        (
            "Not yet due when the account ends: first review conference (due between 20 and 25"
            " September 2018)."
        ),
        f"Of 3 numbers and verdicts here that settle something, 1 changes {CHANGES}.",
    ]


def test_concerns_learned_of_only_afterwards_are_told_apart() -> None:
    tables = a_timed_review.review()
    chronology = attempt(tables["events"], tables["relations"])
    gaps, checks = (
        response_gaps(tables, chronology, "England"),
        timescale_checks(tables, chronology, "England"),
    )
    gaps.loc[gaps["concern"] == "notification", "state"] = LEARNED_LATER
    assert (
        timing_key_points.timing_key_points(gaps, checks, firm())[0]
        == "4 concerns are on record: 1 answered by a step, 1 closed or left and 1 answered"
        " insufficiently; on the other one no answer is recorded, which does not say that"
        " nothing was done. 1 more was learned only afterwards."
    )
    gaps["state"] = LEARNED_LATER
    assert (
        timing_key_points.timing_key_points(gaps, checks, firm())[0]
        == "No concern is recorded as known at the time. 6 were learned only afterwards."
    )


def test_timing_where_the_jurisdiction_has_no_rules() -> None:
    tables = no_rows()
    chronology = attempt(tables["events"], tables["relations"])
    gaps, checks = (
        response_gaps(tables, chronology, "Scotland"),
        timescale_checks(tables, chronology, "Scotland"),
    )
    assert timing_key_points.timing_key_points(gaps, checks, firm())[1:] == [
        "No time limit of guidance is on file for this jurisdiction, so none is checked."
    ]


# ---------------------------------------------------------------- involvement and knowledge


def test_the_key_points_of_the_worked_review() -> None:
    said = key_points(worked())
    assert said["04"] == [
        (
            "As recorded in this source, 5 agencies had a part in what"
            " happened: Children's services, Police, GP, School and Landlord."
        ),
        "The review says that GP was insufficiently involved at “What conference is”.",
        "The review says that Landlord was not involved at “What conference is”.",
        "Steps reported as missing, and whose: “What no-duty is” (did not happen; Duty team).",
        (
            "As recorded in this source, 4 rows tell of information passed at the time: 1 possibly"
            " in time, 1 not recorded as passed on, 1 with no decision certain to follow and 1 not"
            " judged. A row can stand for several occasions or be part of another."
        ),
    ]
    assert said["05"] == [
        (
            "By “What conference is” (on 1 June 2017) 5 matters had or may have arisen: 3 certainly"
            " on record with an agency that decided, 1 is recorded only with another named agency"
            " and 1 with none."
        ),
        "Recorded by then only with agencies that did not decide: “What noise is” (Landlord).",
        (
            "At that point, as the review says, GP was insufficiently involved and Landlord was not"
            " involved. Recorded with them: “What bruise is” and “What noise is”."
        ),
        (
            "This page looks at 3 decisions and 1 response that the review found missing,"
            " unconfirmed or not enough. At each of these, some matter is recorded only with a"
            " named agency that did not decide, certainly or possibly by then."
        ),
        "Learned only afterwards, so no knowledge at the time: “What fear is”.",
        "This is put together afterwards from the whole record: nobody had this view at the time.",
    ]
    assert said["06"] == [
        (
            "By the time of “What conference is” (on 1 June 2017) 6 matters, parts of others"
            " counted too, had or may have arisen. 4 of them had certainly reached at least one of"
            " Children's services and School, who decided."
        ),
        (
            "GP and Landlord were missing or too little involved, as the review says. Recorded with"
            " them and not with those who decided: “What noise is” (Landlord). They may have known"
            " more."
        ),
        (
            "1 matter is not recorded with any agency by then. The dates leave open whether it had"
            " happened by then at all."
        ),
        "This is put together afterwards from the whole record: nobody had this view at the time.",
    ]
    assert said["07"][:2] == [
        (
            "For 5 agencies with a row of their own this source records something that they could"
            " have known when a decision was taken: Children's services, GP, School, Police and"
            " Landlord."
        ),
        (
            "For 2 more it records no such thing: Duty team and Board. That does not say that they"
            " knew nothing."
        ),
    ]


def test_a_decision_can_be_named() -> None:
    tables = worked()
    chronology = attempt(tables["events"], tables["relations"])
    points, cells = decisions(tables, chronology), knowledge(tables, chronology)
    reached = known_at_decisions.reached(cells, points, tables, chronology)
    counts = known_at_decisions.known_by_decision(reached, points)
    said = knowledge_words.knowledge_key_points(reached, counts, points, "closure")
    assert said[0].startswith(
        "By “What closure is” (on 20 March 2017) 3 matters had or may have arisen: "
    )
    with pytest.raises(
        ValueError,
        match="'party' is no point of decision of this review; these are: closure, enquiries, ",
    ):
        knowledge_words.knowledge_key_points(reached, counts, points, "party")


def test_nobody_decided_by_name_and_one_unnamed_agency_held_it() -> None:
    tables = tables_of(
        agencies=[agency("gp", "GP", "3A"), agency("somebody", "Unspecified agency", "10")],
        events=[
            event("bruise", "bruising", "2018-03-01", summary="A bruise"),
            event("closure", "closure", "2018-04-01", summary="The case is closed"),
        ],
        involvement=[part("somebody", "bruise", "held")],
    )
    said = key_points(tables)
    assert said["05"][:2] == [
        (
            "By “The case is closed” (on 1 April 2018) 1 matter had or may have arisen:"
            " for 1 it cannot be told whether it was on record with an agency that decided, since"
            " who decided is not stated."
        ),
        (
            "This page looks at 1 decision. No matter is recorded only with a named agency that did"
            " not decide."
        ),
    ]
    assert said["06"][:2] == [
        (
            "By the time of “The case is closed” (on 1 April 2018) 1 matter, parts of others"
            " counted too, had or may have arisen. Who decided is not named."
        ),
        (
            "1 matter is recorded only with agencies that the source does not name; one of these"
            " may have been in the room."
        ),
    ]
    assert (
        said["07"][0]
        == "For 1 agency with a row of its own this source records nothing that it could have"
        " known when a decision was taken: GP. That does not say that it knew nothing."
    )
    assert said["04"] == ["As recorded in this source, no agencies had a part in what happened."]


def one_left_out(*more: dict[str, str], finding: bool = False) -> Tables:
    """A conference at which the review calls a GP too little involved, and what else is coded of
    it."""
    tables = tables_of(
        agencies=[agency("cs", "Children's services", "5A"), agency("gp", "GP", "3A")],
        events=[
            event("bruise", "bruising", "2018-03-01", summary="A bruise"),
            event("meeting", "icpc", "2018-04-01"),
        ],
        involvement=[
            part("cs", "meeting", "led"),
            part("gp", "meeting", "insufficiently-involved", "insufficient"),
            *more,
        ],
        links=[tie("rests-on", "fd", "iv-gp-meeting")] * finding,
    )
    return tables | {
        "findings": rows("findings", "fd|shortfall|The GP had weighty information|cs||stated")
    }


def room_and_key_points(tables: Tables) -> tuple[str, str]:
    """What the pages on knowledge and on the room say of who was left out."""
    chronology = attempt(tables["events"], tables["relations"])
    points, cells = decisions(tables, chronology), knowledge(tables, chronology)
    reached = known_at_decisions.reached(cells, points, tables, chronology)
    counts = known_at_decisions.known_by_decision(reached, points)
    said = knowledge_words.knowledge_key_points(reached, counts, points, tables=tables)
    room = knowledge_words.room_key_points(
        known_at_decisions.knowledge_at_a_decision(cells, points), tables=tables
    )
    return next(one for one in said if "At that point" in one), next(
        one for one in room if "GP" in one
    )


def test_that_no_matter_is_recorded_with_somebody_does_not_say_that_they_held_none() -> None:
    held = part("cs", "bruise", "held")
    assert room_and_key_points(one_left_out(held)) == (
        (
            "At that point, as the review says, GP was insufficiently involved. The source names no"
            " matter here that it held."
        ),
        (
            "GP was missing or too little involved, as the review says. The source names no matter"
            " here that it held; it may have held some."
        ),
    )
    assert room_and_key_points(one_left_out(held, part("gp", "bruise", "held"))) == (
        (
            "At that point, as the review says, GP was insufficiently involved. Recorded with it:"
            " “A bruise”."
        ),
        (
            "GP was missing or too little involved, as the review says. What is recorded with it is"
            " recorded with those who decided too. It may have known more."
        ),
    )


def test_who_is_not_named_among_those_who_decided_can_be_anybody() -> None:
    def room(*parts: dict[str, str]) -> tuple[list[str], str]:
        tables = tables_of(
            agencies=[
                agency("cs", "Children's services", "5A"),
                agency("gp", "GP", "3A"),
                agency("some", "Some, unnamed", "10"),
            ],
            events=[
                event("bruise", "bruising", "2018-03-01", summary="A bruise"),
                event("meeting", "icpc", "2018-04-01"),
            ],
            involvement=[part("gp", "bruise", "held"), *parts],
        )
        chronology = attempt(tables["events"], tables["relations"])
        points, cells = decisions(tables, chronology), knowledge(tables, chronology)
        table = known_at_decisions.knowledge_at_a_decision(cells, points)
        return knowledge_words.room_key_points(table)[
            :2
        ], knowledge_words.alt_knowledge_at_a_decision(table)

    head = (
        "By the time of “What meeting is” (on 1 April 2018) 1 matter, parts of others counted too,"
        " had or may have arisen."
    )
    led, came = part("cs", "meeting", "led"), part("some", "meeting", "took-part")
    for parts, reached, elsewhere in (
        (
            [led],
            "None of them had certainly reached Children's services, who decided.",
            "Recorded with other agencies and not with those who decided: “A bruise” (GP).",
        ),
        (
            [led, came],
            (
                "None of them had certainly reached Children's services, who decided; others who"
                " decided are not named."
            ),
            (
                "Recorded with agencies that may have been there, and not with those named as"
                " deciding: “A bruise” (GP)."
            ),
        ),
        (
            [came],
            "Who decided is not named.",
            "Recorded with agencies that may have been there: “A bruise” (GP).",
        ),
        # That a row for unnamed agencies both decided and held the matter is no tie between the
        # two.
        (
            [led, came, part("some", "bruise", "held")],
            (
                "None of them had certainly reached Children's services, who decided; others who"
                " decided are not named."
            ),
            (
                "Recorded with agencies that may have been there, and not with those named as"
                " deciding: “A bruise” (GP)."
            ),
        ),
    ):
        said, alt = room(*parts)
        assert said == [f"{head} {reached}", elsewhere]
        assert alt.endswith(f"{reached} {elsewhere}")


def test_a_finding_on_whose_part_was_missing_stands_beside_it() -> None:
    found = " The review's finding: “The GP had weighty information”."
    for words_of, words_with in zip(
        room_and_key_points(one_left_out(part("cs", "bruise", "held"))),
        room_and_key_points(one_left_out(part("cs", "bruise", "held"), finding=True)),
        strict=True,
    ):
        assert words_with == words_of + found


@pytest.mark.parametrize(
    ("basis", "said"),
    [
        ("stated", "Steps reported as missing, and whose: “No visit” (did not happen; GP)."),
        (
            "derived",
            (
                "Steps reported as missing, and whose: “No visit” (did not happen; GP, derived by"
                " the coder)."
            ),
        ),
        (
            "judged",
            (
                "Steps reported as missing, and whose: “No visit” (did not happen; GP, the coder's"
                " judgement)."
            ),
        ),
    ],
)
def test_whose_missing_step_it_was_is_said_to_be_the_coders_where_it_is(
    basis: str, said: str
) -> None:
    tables = tables_of(
        agencies=[agency("gp", "GP", "3A")],
        events=[
            event("no-visit", "visit", "2018-04", absence="did-not-happen", summary="No visit")
        ],
        involvement=[part("gp", "no-visit", "responsible-absent") | {"basis": basis}],
    )
    assert key_points(tables)["04"][1] == said


def test_that_somebody_was_missing_is_the_reviews_word_only_where_it_is_stated() -> None:
    tables = one_left_out()
    assert (
        key_points(tables)["04"][1]
        == "The review says that GP was insufficiently involved at “What meeting is”."
    )
    tables["involvement"]["basis"] = "judged"
    assert (
        key_points(tables)["04"][1]
        == "GP was insufficiently involved at “What meeting is” (the coder's judgement)."
    )


def test_where_nothing_is_admissible_no_knowledge_is_claimed() -> None:
    said = key_points(refused())
    assert (
        said["05"]
        == said["06"]
        == said["07"]
        == ["No chronology is admissible, so what was known when cannot be said."]
    )
    assert said["04"][-1] == "No chronology is admissible, so nothing can be said about when."
    assert (
        said["02"][0]
        == "The source gives 13 events and states; when they were cannot be worked out."
    )
    assert "no chronology is admissible" in said["03"][1]


def test_an_empty_review_says_so_on_every_page() -> None:
    said = {page: points[0] for page, points in key_points(no_rows()).items()}
    assert said == {
        "02": "No event is coded, so there is no chronology.",
        "03": "No concern is coded, so there is no wait to speak of.",
        "04": "No agency is coded.",
        "05": "No decision is coded, so nothing could have reached one.",
        "06": "No decision with a matter on record before it is coded.",
        "07": "No decision is coded, so nothing could have reached one.",
        "08": "No incident or statement of harm is coded, and no view of professionals.",
        "09": "No findings and no recommendations are coded.",
    }


# ---------------------------------------------------------------- views, accounts and findings


def test_the_key_points_on_views_accounts_and_findings_by_hand() -> None:
    said = key_points(invented())
    assert said["08"] == [
        "Children's services held this view, as this source has it: “F alone is violent”.",
        (
            "Against the view “F alone is violent” stand: “M, harming: F says that M scratched him”"
            " (alleged in turn by F; with Police at “The case is closed”), “The father of H was"
            " afraid of M” (told to the review by father of H) and others."
        ),
        (
            "Incidents and statements of harm are listed with whose account each is. Accounts stand"
            " side by side; none is weighed against another, and none is counted."
        ),
        (
            "Learned only afterwards, so no knowledge of the time: “The father of H was afraid of"
            " M” and “K suffers a broken arm”."
        ),
        (
            "That an agency held something does not say that it was read or weighed; it is seen"
            " here by hindsight."
        ),
    ]
    assert said["09"] == [
        (
            "The review's findings, as coded: 2 shortfalls, 1 strength and 1 finding that is"
            " neither strength nor shortfall."
        ),
        "The strength that it found: “The bruise was seen”.",
        (
            "2 of 3 recommendations address findings coded here, 2 of the 4 in all. Which addresses"
            " which is, in part or in whole, the coder's judgement."
        ),
        "Recommended without a finding coded here that it addresses: “Train the staff”.",
        "The sources at hand give only some of what the review says: more may stand in it.",
        (
            "“K is placed on a plan”, category: neglect. The review's finding: “The plan had the"
            " wrong category”. Themes, as coded, of what had certainly come about by then: domestic"
            " abuse and 2 more."
        ),
    ]


def test_a_plan_without_a_category() -> None:
    tables = invented()
    tables["attributes"] = tables["attributes"][
        tables["attributes"]["attribute"] != "plan-category"
    ]
    tables["links"] = tables["links"][tables["links"]["to_row"] != "at-1"]
    said = key_points(tables)["09"]
    assert said[-1].startswith("“K is placed on a plan”, no category stated.")


def test_views_without_evidence_and_harm_that_somebody_knew() -> None:
    tables = worked()
    tables["links"] = pd.concat(
        [tables["links"], tables_of(links=[tie("supports", "noise", "v")])["links"]]
    )
    tables["views"] = rows("views", "v|cs|All is quiet", "w|school|The child is well")
    said = key_points(tables)["08"]
    assert said[:2] == [
        "Children's services held this view, as this source has it: “All is quiet”.",
        (
            "For the view “All is quiet” stands: “What noise is” (with Landlord at “What conference"
            " is”)."
        ),
    ]


# ---------------------------------------------------------------- time


def test_the_key_points_of_time_at_their_boundaries() -> None:
    one = tables_of(events=[event("one", "visit", "2018-05-03", summary="A visit")])
    assert key_points(one)["02"][0] == "Known to the day: all of 1 event or state."
    open_ = tables_of(
        events=[
            event("one", "support", "2018/..", summary="Help"),
            event("two", "visit", "2018-05-03"),
        ]
    )
    assert (
        key_points(open_)["02"][0]
        == "Of 2 events and states, 1 is known to the day; for 1 the source leaves at least one end"
        " open."
    )
    absent = tables_of(events=[event("one", "visit", "2018-05-03", absence="did-not-happen")])
    assert (
        key_points(absent)["02"][0]
        == "No event or state is coded, only what is said to be missing."
    )
    born = tables_of(events=[event("one", "birth", "2018-05"), event("two", "birth", "2018-05-03")])
    assert (
        key_points(born)["02"][2]
        == "2 births are shown as coarsely as published: no closer date is worked out for them."
    )


def test_the_policy_that_is_not_the_default_is_said() -> None:
    policy = DatingPolicy(duration_slack="none", late_from=20)
    assert (
        key_points(worked(), policy)["02"][-1]
        == "Vague words are read by rules that differ from the default in 2 choices: the table"
        " below says which."
    )


# ---------------------------------------------------------------- the reports


@pytest.mark.parametrize("folder", REVIEWS, ids=lambda folder: folder.name)
def test_each_number_in_the_words_of_a_report_leads_to_a_table_that_the_report_shows(
    folder: Path,
) -> None:
    said, shown = [], set()
    for path in sorted((ROOT / "reports" / folder.name).glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                about = output.get("metadata", {}).get("casechron", {})
                said += [about] if about.get("kind") == "words" else []
                shown |= {about["name"]} if about.get("kind") == "table" else set()
    assert len(said) > len(list((ROOT / "notebooks").glob("*.ipynb")))
    for words_shown in said:
        rests_on = words_shown.get("rests_on", [[]] * len(words_shown["sentences"]))
        for sentence, tables in zip(words_shown["sentences"], rests_on, strict=True):
            assert set(tables) <= shown, sentence
            # A coder's notes are their own words, made from no table.
            assert (
                tables or not re.search(r"\d", sentence) or words_shown["name"] == "coding_notes"
            ), sentence
