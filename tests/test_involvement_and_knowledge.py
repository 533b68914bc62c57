"""Who knew, who was involved and what was found: small reviews whose tables were worked out by hand
or by trying every day."""

from __future__ import annotations

import itertools
import random
import re
from datetime import date

import pandas as pd
import pytest

import casechron as cc
from brute_force import day
from casechron.analysis.concerns import rows_with
from casechron.analysis.counterparts import rows_without_counterpart
from casechron.analysis.knowledge import (
    CERTAIN,
    NOBODY,
    NOT_STATED,
    OTHER,
    POSSIBLE,
    WITH_ONE_IT_CAN_BE,
)
from casechron.analysis.knowledge_paths import matters, ways
from casechron.analysis.record import bodies, can_be
from casechron.chronology import bounds_table, solve
from casechron.chronology.ages import aged_events
from casechron.coding.reviews import read_coding
from casechron.report.text import parts
from involvement_cases import KNOWN, Tables, agency, event, part, solved, tables_of, tie
from made_reviews import evidence_by_decision, review_of
from real_reviews import real_review
from thoroughly import EVERY


def known(tables: Tables) -> dict[tuple[str, str, str], str]:
    """The state of each decision, matter and agency."""
    knowledge = cc.knowledge(review_of(tables, solved(tables)))
    names = ("decision", "matter", "agency")
    keys = zip(*(knowledge[name] for name in names), strict=True)
    return dict(zip(keys, knowledge["known"], strict=True))


def shuffled(tables: Tables, seed: int = 7) -> Tables:
    """The same tables with the rows of each in another order."""
    return {
        name: table.sample(frac=1, random_state=seed).reset_index(drop=True)
        for name, table in tables.items()
    }


def unordered(table: pd.DataFrame) -> list[tuple[object, ...]]:
    """The rows of a table, and what is listed in a cell, in no order."""
    rows = [
        tuple(
            tuple(sorted(re.split("; | · |, |para ", cell)))
            if isinstance(cell, str)
            else tuple(sorted(cell))
            if isinstance(cell, tuple)
            else None
            if pd.isna(cell)
            else cell
            for cell in row
        )
        for row in table.itertuples(index=False)
    ]
    return sorted(rows, key=repr)


# ------------------------------------------- days beside the age of a living child


def aged(value: str = "4 (in May 2014)", kinship: str = "child", died: str = "") -> Tables:
    """A child, an admission in a month that what is known to the day narrows, and a call on the
    same day, of which no date is given; the child's age stands beside them."""
    rows = [
        event("letter", "referral", "2014-05-10"),
        event("admission", "admission", "2014-05"),
        event("call", "emergency-call"),
        *([event("death", "death", died)] if died else []),
    ]
    gap = {"gap": "P3D", "meaning": "exact"}
    return tables_of(
        people=[{"id": "k", "label": "K", "kinship": kinship}],
        attributes=[{"id": "a", "row": "k", "attribute": "age-months", "value": value}],
        events=rows,
        participation=[
            {"id": f"pt-{one['id']}", "person": "k", "event": one["id"], "role": "subject"}
            | {"status": "reported"}
            for one in rows
            if one["id"] != "call"
        ],
        relations=[
            {"id": "r", "type": "gap", "from_event": "letter", "to_event": "admission"} | gap,
            {"id": "s", "type": "same-day", "from_event": "call", "to_event": "admission"},
        ],
    )


def said(tables: Tables) -> dict[str, str]:
    table = cc.chronicle(review_of(tables, solved(tables)))
    return dict(zip(table["event"], table["said"], strict=True))


MONTH = (date(2014, 5, 1).toordinal(), date(2014, 5, 31).toordinal())


def test_beside_a_living_childs_age_an_event_keeps_the_sources_own_window() -> None:
    tables = aged()
    assert aged_events(tables, solved(tables).lowered)["admission"] == MONTH
    # The letter has its day from the source; the call would tell the day of the admission.
    assert said(tables) == {
        "letter": "on 10 May 2014",
        "admission": "in May 2014",
        "call": "in May 2014",
    }
    assert unordered(
        cc.chronicle(review_of(shuffled(tables), solved(shuffled(tables))))
    ) == unordered(cc.chronicle(review_of(tables, solved(tables))))
    # The numbers are not lost: the engine has them. The chronicle tells what is shown, and says so.
    exact = bounds_table(solved(tables)).set_index("event").loc["admission", ["earliest", "latest"]]
    assert [str(day_)[:10] for day_ in exact] == ["2014-05-13"] * 2
    chronicle = cc.chronicle(review_of(tables, solved(tables))).set_index("event")
    beside_an_age = chronicle["beside_an_age"]
    assert beside_an_age.to_dict() == {"letter": False, "admission": True, "call": True}
    # What narrows the exact days would tell them by an addition.
    assert chronicle["narrowed_by"].tolist() == ["", "", ""]


@pytest.mark.parametrize(
    ("value", "refers"),
    [
        ("4 (in May 2014)", True),
        ("4 (in early May 2014)", True),
        ("4 (in 2014)", True),
        ("4", True),  # when is not said
        ("4 (in late May)", True),  # nor of which year
        ("4 (between March and May 2014)", True),
        ("4 (in May and March 2014)", True),  # in whichever order the months and the years stand
        ("4 (in 2015 and 2014)", True),
        # Words that can reach beyond the months and years that are named.
        ("4 (in winter 2013)", True),
        ("4 (in 2013/14)", True),
        ("4 (between April and Sept 2014)", True),
        ("4 (by June 2014)", True),
        ("4 (which may be in 2013)", True),
        ("4 (between June and July 2014)", False),
        ("4 (in June 2014)", False),
        ("4 (in 2013)", False),
        ("5 (at the end of 2013)", False),
    ],
)
def test_an_age_refers_to_what_lies_in_its_time(value: str, refers: bool) -> None:
    tables = aged(value)
    assert ("admission" in aged_events(tables, solved(tables).lowered)) == refers
    assert said(tables)["admission"] == ("in May 2014" if refers else "on 13 May 2014")


def test_the_dead_adults_and_those_who_had_no_part_are_not_meant() -> None:
    tables = aged(died="2015-01")
    assert aged_events(tables, solved(tables).lowered) == {}
    tables = aged()
    tables["participation"] = tables["participation"].iloc[:0]
    assert aged_events(tables, solved(tables).lowered) == {}


def test_an_age_refers_to_no_birth_and_to_nothing_that_did_not_happen() -> None:
    """These are never narrowed, so that nothing of theirs is kept back."""
    tables = aged()
    for of_event in ({"kind": "birth"}, {"absence": "did-not-happen"}):
        changed = tables | {"events": tables["events"].copy()}
        admission = changed["events"]["id"] == "admission"
        for column, value in of_event.items():
            changed["events"].loc[admission, column] = value
        assert "admission" not in aged_events(changed, solved(changed).lowered)


@pytest.mark.parametrize(
    ("kinship", "months", "kept_back"),
    [
        ("relative", 4, True),
        ("household", 17 * 12 + 11, True),
        ("mother", 17 * 12, True),
        ("mother", 18 * 12, False),
        ("sibling", 18 * 12, True),
    ],
)
def test_whoever_is_below_18_is_a_child(kinship: str, months: int, kept_back: bool) -> None:
    """A cousin, a child of the household and a young mother as the child at the centre."""
    tables = aged(f"{months} (in May 2014)", kinship)
    assert said(tables)["admission"] == ("in May 2014" if kept_back else "on 13 May 2014")


@pytest.mark.parametrize("role", ["present", "told", "of-concern"])
def test_who_was_there_when_somebody_died_is_not_dead(role: str) -> None:
    """The brother, of whom an age is published, was there, or rang for help, as the child died."""
    tables = aged(kinship="sibling")
    death = event("death", "death", "2014-07")
    part = {"id": "pt-there", "person": "k", "event": "death", "role": role, "status": "reported"}
    for table, row in (("events", death), ("participation", part)):
        tables[table] = pd.concat([tables[table], pd.DataFrame([row])]).fillna("")
    assert "admission" in aged_events(tables, solved(tables).lowered)
    assert said(tables)["admission"] == "in May 2014"


def test_the_chronicle_of_child_w_does_not_narrow_the_admission() -> None:
    review = real_review("child-w-manchester-2020")
    table = cc.chronicle(review)
    days = pd.concat(
        [table[name] for name in ("earliest", "start_latest", "end_earliest", "latest")]
    )
    inside = days[(days > "2018-11-01") & (days < "2018-11-30")]
    own = pd.concat([table[name] for name in ("stated_earliest", "stated_latest")])
    assert set(inside) <= set(own)


def test_a_contradiction_tells_no_day_for_the_event_nor_by_way_of_it() -> None:
    tables = aged()
    events = tables["events"]
    tables["events"] = events.assign(date=events["date"].mask(events["id"] == "call", "2014-05-20"))
    chronology = solve(tables["events"], tables["relations"])
    table = cc.contradictions(review_of(tables, chronology))
    assert [f"{day:%d %B}" if pd.notna(day) else "" for day in table["day"]] == [
        *("10 May", "", "", "20 May")
    ]
    assert table["days_on"].fillna(-1).tolist() == [0, -1, -1, 10]
    # 3 days from the letter would be the 13th of May, which neither step may say.
    assert not table["says"].str.contains("13 May").any()
    # Beside the age of an adult it is told.
    adult = {**tables, **{name: aged("400", "mother")[name] for name in ("people", "attributes")}}
    told = cc.contradictions(review_of(adult, chronology))["day"]
    assert [day.day for day in told] == [10, 13, 13, 20]


def test_what_is_so_many_days_from_the_event_keeps_what_its_own_date_allows() -> None:
    tables = aged()
    extra = tables_of(
        events=[event("known", "contact")],
        relations=[
            {"id": "t", "type": "gap", "from_event": "known", "to_event": "admission"}
            | {"gap": "P20D", "meaning": "exact"}
        ],
    )
    for name in ("events", "relations"):
        tables[name] = pd.concat([tables[name], extra[name]], ignore_index=True)
    # By the letter the admission is on 13 May, and this on 23 April: who reads both knows the day.
    assert solved(tables).event_windows[-1].tolist() == [date(2014, 4, 23).toordinal()] * 4
    assert said(tables)["known"] == "between 11 April and 11 May 2014"


def test_no_page_of_child_w_tells_a_day_that_only_the_narrowed_admission_gives() -> None:
    table = cc.chronicle(real_review("child-w-manchester-2020")).set_index("event")
    assert table.loc["family-known", "said"] == (
        "from some day between November 2013 and December 2014 on"
    )


# ---------------------------------------------------------------- a receipt without a date


def received(at_most: dict[str, tuple[int, int]], **more: list[dict[str, str]]) -> Tables:
    """A blow of which an agency received word, it is not said when; decisions before and after it
    acted on it. Each within its days."""
    kinds = {"blow": "violence", "answer": "assessment", "letter": "account"}
    return tables_of(
        agencies=[agency("cs", "Children's services", "5A"), agency("gp", "GP", "3A")],
        events=[
            event(name, kinds.get(name, "closure"), f"[{day(low)}..{day(high)}]")
            for name, (low, high) in at_most.items()
        ],
        involvement=[part("cs", "blow", "received"), *more.get("involvement", [])],
        links=more.get("links", []),
    )


def test_a_receipt_without_a_date_is_not_lost_when_it_was_answered() -> None:
    days = {"blow": (1, 1), "early": (5, 5), "answer": (9, 9), "late": (12, 12)}
    alone = received(days)
    answered = received(
        days, involvement=[part("cs", "answer", "led")], links=[tie("answers", "answer", "blow")]
    )
    assert known(alone)["early", "blow", "cs"] == POSSIBLE
    # That it acted on the ninth says nothing of whether it had heard by the fifth.
    assert known(answered)["early", "blow", "cs"] == POSSIBLE
    assert known(answered)["late", "blow", "cs"] == CERTAIN
    assert known(answered)["early", "blow", "gp"] not in (CERTAIN, POSSIBLE)


def test_every_day_of_every_event_and_of_the_receipt_agrees() -> None:
    draw = random.Random(24)
    seen = {CERTAIN: 0, POSSIBLE: 0, "": 0}
    for _ in range(150 if EVERY else 50):
        days: dict[str, tuple[int, int]] = {}
        for name in ("blow", "answer", "letter", "end"):
            low = draw.randint(0, 4)
            days[name] = (low, low + draw.randint(0, 2))
        answers, told = draw.random() < 0.5, draw.random() < 0.5
        tables = received(
            days,
            involvement=[part("cs", "answer", "led"), part("cs", "letter", "received")],
            links=[tie("answers", "answer", "blow")] * answers
            + [tie("tells-of", "letter", "blow")] * told,
        )
        held = []
        begun = False
        spans = [range(low, high + 1) for low, high in days.values()]
        for blow, answer, letter, end in itertools.product(*spans):
            begun |= blow <= end
            # Word came on any day from the blow on, also after all that is coded.
            for receipt in range(blow, 9):
                ways_in = [receipt, *[max(answer, blow)] * answers, *[max(letter, blow)] * told]
                held.append(min(ways_in) <= end)
        right = CERTAIN if all(held) else POSSIBLE if any(held) else ""
        states_of_all = known(tables).get(("end", "blow", "cs"), "")
        assert (states_of_all if states_of_all in seen else "") == (right if begun else ""), (
            days,
            answers,
            told,
        )
        seen[right] += 1
    assert min(seen.values()) > 5  # each state was met


def test_the_order_of_rows_changes_no_way_and_no_state() -> None:
    tables = received(
        {"blow": (1, 1), "early": (5, 5), "answer": (9, 9), "letter": (3, 7)},
        involvement=[
            part("cs", "answer", "led"),
            {**part("cs", "answer", "took-part"), "id": "iv-cs-answer-too"},
            part("cs", "letter", "received"),
        ],
        links=[tie("answers", "answer", "blow"), tie("tells-of", "letter", "blow")],
    )
    for seed in range(5):
        other = shuffled(tables, seed)
        assert set(ways(other)) == set(ways(tables))
        assert unordered(cc.knowledge(review_of(other, solved(other)))) == unordered(
            cc.knowledge(review_of(tables, solved(tables)))
        )


# ---------------------------------------------------------------- agencies that are not named


def told(hearers: list[str], **may_be: str) -> Tables:
    """A referral that some agencies received, and a closure afterwards by children's services."""
    tables = tables_of(
        agencies=[
            agency("cs", "Children's services", "5A"),
            agency("gp", "GP", "3A"),
            agency("clinic", "Clinic", "3B"),
            agency("unspecified", "Unspecified", "10"),
        ],
        events=[event("call", "referral", "2018-01-10"), event("end", "closure", "2018-02-10")],
        involvement=[part("cs", "end", "led"), *(part(who, "call", "received") for who in hearers)],
        views=[{"id": "v", "holder": "cs", "proposition": "All is well", "basis": "stated"}],
        links=[tie("contradicts", "call", "v")],
    )
    tables["agencies"]["may_be"] = [may_be.get(one, "") for one in tables["agencies"]["id"]]
    return tables


def states(tables: Tables) -> dict[str, str]:
    """The state of the call at the closure for each agency, and for those who decided."""
    found = {who: state for (_, matter, who), state in known(tables).items() if matter == "call"}
    seen = evidence_by_decision(review_of(tables, solved(tables)))
    return found | {"deciders": seen["with_those_who_decided"].iloc[0]}


def test_an_unnamed_receiver_can_be_anybody_and_is_never_another_agency() -> None:
    assert states(told(["unspecified"])) == {
        "cs": WITH_ONE_IT_CAN_BE,
        "gp": WITH_ONE_IT_CAN_BE,
        "clinic": WITH_ONE_IT_CAN_BE,
        "unspecified": CERTAIN,
        "deciders": WITH_ONE_IT_CAN_BE,
    }
    # Nor where a named one heard of it too: the other may be this one.
    assert states(told(["gp", "unspecified"])) == {
        "cs": WITH_ONE_IT_CAN_BE,
        "gp": CERTAIN,
        "clinic": WITH_ONE_IT_CAN_BE,
        "unspecified": CERTAIN,
        "deciders": WITH_ONE_IT_CAN_BE,
    }
    assert states(told(["gp"])) == {
        "cs": OTHER,
        "gp": CERTAIN,
        "clinic": OTHER,
        "unspecified": WITH_ONE_IT_CAN_BE,
        "deciders": OTHER,
    }


def test_of_rows_that_can_be_one_body_neither_is_another_agency() -> None:
    assert states(told(["gp"], clinic="gp")) == {
        "cs": OTHER,
        "gp": CERTAIN,
        "clinic": WITH_ONE_IT_CAN_BE,
        "unspecified": WITH_ONE_IT_CAN_BE,
        "deciders": OTHER,
    }


def test_an_unnamed_decider_neither_held_a_matter_nor_lacked_it() -> None:
    tables = told(["unspecified"])
    tables["involvement"].loc[0, "agency"] = "unspecified"
    assert states(tables)["deciders"] == WITH_ONE_IT_CAN_BE
    tables["involvement"] = tables["involvement"].iloc[1:]
    assert states(tables)["deciders"] == NOT_STATED


def test_what_nobody_is_coded_with_is_recorded_with_nobody() -> None:
    tables = told([])
    assert set(states(tables).values()) == {NOBODY}
    for table in (
        cc.knowledge(review_of(tables, solved(tables))),
        cc.knowledge(review_of(told(["gp"]), solved(tables))),
    ):
        assert set(table["known"]) <= KNOWN


# ---------------------------------------------------------------- what a coding lost


def coded(prefix: str = "") -> Tables:
    """A coding of five sentences; another coder gives other ids and another name to a party."""
    ids = {one: f"{prefix}{one}" for one in ("cs", "gp", "visit", "end", "worry", "v", "f", "w")}
    tables = tables_of(
        sources=[{"id": f"{prefix}article"}],
        agencies=[
            agency(ids["cs"], "Children's services", "5A"),
            agency(ids["gp"], "GP" if not prefix else "Family doctor", "3A"),
        ],
        people=[{"id": ids["w"], "label": "W", "kinship": "child"}],
        events=[
            event(ids["visit"], "visit", "2018-01"),
            event(ids["worry"], "concern", "2018-01"),
            event(ids["end"], "closure", "2018-03"),
        ],
        involvement=[part(ids["cs"], ids["end"], "led"), part(ids["gp"], ids["worry"], "held")],
        participation=[
            {"id": f"{prefix}pt", "person": ids["w"], "event": ids["visit"], "role": "present"}
        ],
        views=[{"id": ids["v"], "holder": ids["cs"], "proposition": "He alone"}],
        findings=[{"id": ids["f"], "polarity": "shortfall", "summary": "Nobody asked"}],
        links=[tie("answers", ids["end"], ids["worry"]), tie("rests-on", ids["f"], ids["end"])],
        relations=[
            {
                "id": f"{prefix}r",
                "type": "before",
                "from_event": ids["visit"],
                "to_event": ids["end"],
            }
        ],
        themes=[{"row": ids["worry"], "theme": "neglect"}],
    )
    places = {"visit": "1", "worry": "1", "end": "2", "v": "3", "f": "4"}
    tables["locators"] = tables_of(
        locators=[
            {"row": ids[one], "source": f"{prefix}article", "paragraph": "1", "sentence": at}
            for one, at in places.items()
        ]
    )["locators"]
    return tables


def without(tables: Tables, table: str, row: str, column: str = "id") -> Tables:
    """A coding that has lost a row, and its places with it."""
    left = tables[table][tables[table][column] != row].reset_index(drop=True)
    places = tables["locators"]
    if column == "id":
        places = places[places["row"] != row]
    return {**tables, table: left, "locators": places}


def test_a_coding_of_the_same_facts_under_other_ids_has_lost_nothing() -> None:
    assert rows_without_counterpart(coded("other-"), coded()).empty
    assert rows_without_counterpart(coded(), coded("other-")).empty


@pytest.mark.parametrize(
    ("table", "row", "column", "lost"),
    [
        ("involvement", "iv-gp-worry", "id", {"involvement: iv-gp-worry"}),
        ("participation", "pt", "id", {"participation: pt"}),
        ("views", "v", "id", {"views: v"}),
        ("relations", "r", "id", {"relations: r"}),
        ("themes", "worry", "row", {"themes: worry: neglect"}),
        ("agencies", "gp", "id", {"agencies: gp", "involvement: iv-gp-worry"}),
        ("findings", "f", "id", {"findings: f", "links: lk-f-end"}),
        (
            "events",
            "worry",
            "id",
            {
                "events: worry",
                "involvement: iv-gp-worry",
                "links: lk-end-worry",
                "themes: worry: neglect",
            },
        ),
    ],
)
def test_each_row_that_the_final_coding_lost_is_listed(
    table: str, row: str, column: str, lost: set[str]
) -> None:
    final = without(coded("other-"), table, f"other-{row}", column)
    if (table, row) in {("involvement", "iv-gp-worry"), ("findings", "f")}:
        ids = {"iv-gp-worry": "iv-other-gp-other-worry", "f": "other-f"}
        final = without(coded("other-"), table, ids[row], column)
    found = rows_without_counterpart(coded(), final)
    assert {
        f"{one}: {other}" for one, other in zip(found["table"], found["row"], strict=True)
    } == lost
    again = rows_without_counterpart(shuffled(coded()), shuffled(final))
    assert unordered(again) == unordered(found)


def test_two_rows_of_one_sentence_need_two_counterparts() -> None:
    twice = coded()
    twice["events"] = pd.concat(
        [twice["events"], tables_of(events=[event("again", "visit", "2018-01")])["events"]],
        ignore_index=True,
    )
    place = twice["locators"].iloc[:1].assign(row="again")
    twice["locators"] = pd.concat([twice["locators"], place], ignore_index=True)
    lost = rows_without_counterpart(twice, coded("other-"))
    assert lost["table"].tolist().count("events") == 1


def test_what_is_of_one_kind_at_another_place_is_no_counterpart() -> None:
    final = coded("other-")
    places = final["locators"]
    elsewhere = places["row"] == "other-worry"
    final["locators"] = places.assign(sentence=places["sentence"].mask(elsewhere, "9"))
    lost = rows_without_counterpart(coded(), final).set_index("row")
    assert lost.loc["worry", ["table", "places"]].tolist() == ["events", "para 1.1"]
    # It has become another kind there.
    final = coded("other-")
    final["events"].loc[1, "kind"] = "suspicion"
    lost = rows_without_counterpart(coded(), final).set_index("row")
    assert lost.loc["worry", "table"] == "events"


def test_the_holder_that_a_pass_of_child_w_had_and_the_final_coding_lost() -> None:
    review = real_review("child-w-manchester-2020")
    unmatched = cc.unmatched(review, "pass-2")
    assert not {"vw-only-cs", "vw-only-others"} & set(unmatched["row"])
    final, views = dict(review.tables), review.tables["views"]
    final["views"] = views.loc[views["holder"] != "agencies-other"]
    lost = rows_without_counterpart(read_coding(review.folder, "pass-2"), final).set_index("row")
    assert lost.loc["vw-only-others", ["table", "places"]].tolist() == ["views", "para 5.1"]
    with pytest.raises(cc.ReviewError, match="no coding 'pass-9'; its codings are: pass-1, pass-2"):
        cc.unmatched(real_review("child-w-manchester-2020"), "pass-9")


# ---------------------------------------------------------------- evidence on a view


def test_only_what_the_source_ties_to_a_view_is_evidence_on_it() -> None:
    tables = tables_of("""
        agency | cs | Children's services | 5A
        event | attended | contact | 2018-01
        event | ladder   | contact | 2018-02
        event | end      | closure | 2018-03
        part | cs | end | led
        views | id=v | holder=cs | proposition=He alone | basis=stated
        tie | contradicts | attended | v
        tie | contradicts | ladder   | v | basis=judged
    """)
    evidence = evidence_by_decision(review_of(tables, solved(tables)))
    assert evidence[["evidence", "judged"]].to_numpy().tolist() == [
        ["attended", False],
        ["ladder", True],
    ]
    assert list(matters(tables)) == ["attended"]
    assert unordered(
        evidence_by_decision(review_of(shuffled(tables), solved(shuffled(tables))))
    ) == unordered(evidence)


# ---------------------------------------------------------------- counts that are ranges


def test_ten_rows_of_which_four_may_be_one_body_are_seven_to_ten_bodies() -> None:
    ids = [f"a{number}" for number in range(10)]
    tables = tables_of(
        agencies=[*(agency(one, one.upper(), "3F") for one in ids), agency("x", "X", "10")],
        events=[event("visit", "visit", "2018-01")],
        involvement=[part(one, "visit", "led") for one in [*ids, "x"]],
    )
    assert bodies(ids, can_be(tables)) == (10, 10)
    tables["agencies"]["may_be"] = ["a1; a2; a3", "a2; a3", "a3", *[""] * 8]
    assert bodies(ids, can_be(tables)) == (7, 10)
    # Three in a row, of which the ends cannot be one: at least two bodies.
    tables["agencies"]["may_be"] = ["a1", "a2", *[""] * 9]
    assert bodies(ids, can_be(tables)) == bodies(ids, can_be(shuffled(tables))) == (9, 10)


def test_the_least_number_of_bodies_is_that_of_the_best_grouping() -> None:
    draw = random.Random(11)

    def groupings(rows: list[int]) -> list[list[list[int]]]:
        if not rows:
            return [[]]
        first, *rest = rows
        return [
            grouping
            for other in groupings(rest)
            for grouping in [
                [[first], *other],
                *([*other[:at], [first, *other[at]], *other[at + 1 :]] for at in range(len(other))),
            ]
        ]

    every = groupings(list(range(6)))
    for _ in range(60):
        tied = {pair for pair in itertools.combinations(range(6), 2) if draw.random() < 0.5}
        same = {
            str(one): [
                str(other) for other in range(6) if (min(one, other), max(one, other)) in tied
            ]
            for one in range(6)
        }
        fits = [
            len(grouping)
            for grouping in every
            if all(pair in tied for group in grouping for pair in itertools.combinations(group, 2))
        ]
        assert bodies(same, same) == (min(fits), 6)


def contacts(*events: dict[str, str], links: tuple[dict[str, str], ...] = ()) -> Tables:
    """Events at which the police were, and a closure that cuts the account in January 2017."""
    return tables_of(
        agencies=[agency("police", "Police", "6")],
        events=[*events, event("end", "closure", "2017-01-15")],
        involvement=[part("police", one["id"], one.pop("role", "provided")) for one in events],
        links=list(links),
    )


@pytest.mark.parametrize("role", ["provided", "received", "took-part", "held", "led"])
def test_twenty_eight_police_contacts_are_twenty_eight_in_one_row(role: str) -> None:
    many = event("many", "contact", "[2016..2018]", count_min="28", count_max="28", role=role)
    tables = contacts(many)
    row = cc.agency_contact(review_of(tables, solved(tables))).iloc[0]
    assert (row["contact_rows"], row["contacts_min"], row["contacts_max"]) == (1, 28, 28)
    phases = cc.involvement_by_phase(review_of(tables, solved(tables)))
    assert phases["recorded"].tolist() == ["possibly involved"] * 2
    assert phases["contacts_min"].tolist() == [0, 0]
    assert phases["contacts_max"].tolist() == [28, 28]


@pytest.mark.parametrize(
    ("date", "count", "most"),
    [
        # In December and in February, before and after the closure of 15 January: of three, two at
        # most are on either side; of two, one.
        ("{2016-12,2017-02}", "3", [2, 2]),
        ("{2016-12,2017-02}", "2", [1, 1]),
        # The last can be of either side, the first of one alone.
        ("{2016-12,2017-01}", "3", [3, 2]),
        ("[2016..2018]", "3", [3, 3]),
        ("{2016-12,2017-02}", "", [None, None]),
        # One stay that lasts is one on both sides.
        ("2016-12/2017-02", "1", [1, 1]),
    ],
)
def test_of_several_contacts_those_certainly_in_another_phase_are_not_counted(
    date: str, count: str, most: list[int | None]
) -> None:
    tables = contacts(event("many", "contact", date, count_min="1", count_max=count))
    phases = cc.involvement_by_phase(review_of(tables, solved(tables)))
    assert [None if pd.isna(one) else one for one in phases["contacts_max"]] == most


def test_contacts_that_are_counted_together_are_not_counted_again() -> None:
    tables = contacts(
        event("many", "contact", "[2016-01..2016-12]", count_min="3"),
        event("one", "contact", "2016-05"),
        event("two", "contact", "2016-06"),
        event("other", "visit", "2017-05", count_max="4"),
        links=(tie("part-of", "one", "many"), tie("part-of", "two", "many")),
    )
    row = cc.agency_contact(review_of(tables, solved(tables))).iloc[0]
    assert (row["contact_rows"], row["contacts_min"]) == (4, 4)
    assert pd.isna(row["contacts_max"])  # 'at least 3' has no end
    phases = cc.involvement_by_phase(review_of(tables, solved(tables)))
    assert phases["contacts_min"].tolist() == [3, 1]
    assert [None if pd.isna(one) else one for one in phases["contacts_max"]] == [None, 4]
    other = shuffled(tables)
    assert unordered(cc.involvement_by_phase(review_of(other, solved(other)))) == unordered(phases)


def test_a_row_that_counts_the_contacts_of_several_agencies_says_of_each_that_it_had_one() -> None:
    tables = tables_of(
        agencies=[agency("police", "Police", "6"), agency("gp", "GP", "3A")],
        events=[
            event("all", "contact", "2016", count_min="55", count_max="60"),
            event("calls", "contact", "2016", count_min="7", count_max="7"),
            event("letters", "referral", "2016", count_min="3", count_max="3"),
        ],
        involvement=[
            *(part(who, "all", "provided") for who in ("police", "gp")),
            *(part("police", "calls", "provided"), part("gp", "calls", "not-told")),
            *(part("police", "letters", "raised"), part("gp", "letters", "received")),
        ],
        links=[tie("part-of", "calls", "all")],
    )
    # Of the 55 to 60 the police had 7 or more, the GP one or more; both had a part in all letters.
    for table in (cc.agency_contact, cc.involvement_by_phase):
        counts = table(review_of(tables, solved(tables)))[
            ["agency", "contacts_min", "contacts_max"]
        ]
        assert counts.values.tolist() == [["police", 10, 63], ["gp", 4, 63]]


def test_two_rows_that_count_one_and_the_same_can_be_the_same_occasions() -> None:
    links = (tie("part-of", "call", "calls"), tie("part-of", "call", "checks"))
    tables = contacts(
        event("call", "contact", "2016-05"),
        event("calls", "contact", "2016", count_min="2", count_max="2"),
        event("checks", "contact", "2016", count_min="2", count_max="2"),
        links=links,
    )
    row = cc.agency_contact(review_of(tables, solved(tables))).iloc[0]
    assert (row["contacts_min"], row["contacts_max"]) == (2, 4)


# ---------------------------------------------------------------- the review is no involvement


def test_the_body_that_made_the_review_is_not_involved_in_the_last_phase() -> None:
    tables = tables_of(
        agencies=[
            agency("cs", "Children's services", "5A"),
            agency("board", "Board", "x-partnership"),
        ],
        events=[event("end", "closure", "2018-03"), event("report", "publication", "2020-05")],
        involvement=[part("cs", "end", "led"), part("board", "report", "led")],
    )
    phases = cc.involvement_by_phase(review_of(tables, solved(tables)))
    assert set(phases["agency"]) == {"cs"}
    rows = cc.involvement(review_of(tables, solved(tables))).set_index("agency")
    assert rows.loc["board", "part"] == "learned or acted only afterwards"
    agency_contact = cc.agency_contact(review_of(tables, solved(tables))).set_index("agency")
    assert agency_contact.loc["board", ["contact_rows", "later_rows"]].tolist() == [0, 1]


def test_one_agency_that_is_named_is_not_told_as_several() -> None:
    """Others are not named, and can be any."""
    tables = tables_of(
        agencies=[agency("cs", "Children's services", "5A"), agency("some", "Agencies", "10")],
        events=[event("worry", "concern", "2018-03"), event("care", "other-carer", "2018-05")],
        involvement=[part("some", "worry", "held"), part("cs", "care", "led")],
    )
    review = review_of(tables, solved(tables))
    (had,) = parts.had_part(cc.agency_contact(review), cc.involvement(review), tables)
    assert had.text == (
        "At least one agency had a part, as recorded in this source: Children's services."
    )


@pytest.mark.parametrize(("others", "point"), [((), False), (("cs",), True)])
def test_that_a_review_is_held_is_no_decision_of_the_case(
    others: tuple[str, ...], point: bool
) -> None:
    """Unless somebody else decided too. The body has a label of its own, not that of the review."""
    tables = tables_of(
        agencies=[
            agency("cs", "Children's services", "5A"),
            agency("partnership", "The partnership", "x-partnership"),
        ],
        events=[event("worry", "concern", "2018-03"), event("held", "decision", "2018-05")],
        involvement=[
            part("cs", "worry", "held"),
            *(part(who, "held", "led") for who in ("partnership", *others)),
        ],
    )
    review = review_of(tables, solved(tables))
    assert cc.decisions(review)["decision"].tolist() == ["held"] * point
    assert cc.information_at_decision(review).empty is not point
    # Nor a step that can have followed a concern.
    assert rows_with(review.tables, "response") == ["held"] * point
    came_to = cc.involvement(review).set_index("agency")["part"]
    assert came_to["partnership"] == "learned or acted only afterwards"


def test_the_table_of_plan_categories_has_the_evidence_that_the_source_names() -> None:
    tables = tables_of(
        agencies=[agency("cs", "Children's services", "5A")],
        events=[
            event("blow", "violence", "2018-01"),
            event("attended", "contact", "2018-02"),
            event("seen", "contact", "2018-02"),
            event("plan", "protection-plan", "2018-03/.."),
        ],
        views=[{"id": "v", "holder": "cs", "proposition": "He alone", "basis": "stated"}],
        links=[tie("contradicts", "attended", "v")],
        themes=[
            {"row": one, "theme": "domestic-abuse"} for one in ("blow", "attended", "seen", "plan")
        ],
    )
    plan_categories = cc.plan_categories(review_of(tables, solved(tables)))
    # What is no concern, and bears on no view, is a contact like any other.
    assert plan_categories["certainly_by_then_rows"].tolist() == [("blow", "attended")]


@pytest.mark.parametrize(
    ("first", "second", "basis", "dated", "mark"),
    [
        ("blow", "plan", "judged", "stated", " (its time as judged)"),
        ("blow", "plan", "derived", "stated", ""),
        ("plan", "blow", "judged", "stated", " (its time as judged)"),
        ("plan", "blow", "derived", "judged", ""),
        ("", "", "", "judged", " (its time as judged)"),
        ("", "", "", "stated", ""),
    ],
)
def test_what_is_certain_of_a_plan_only_as_judged_is_marked(
    first: str, second: str, basis: str, dated: str, mark: str
) -> None:
    """By an order, or by the date of the blow alone."""
    date = "2018" if first else "2018-04"
    tables = tables_of(
        events=[
            event("blow", "violence", date, date_basis=dated),
            event("plan", "protection-plan", "2018-03/.."),
        ],
        relations=[
            {"id": "r", "type": "before", "from_event": first, "from_point": "start"}
            | {"to_event": second, "to_point": "start", "basis": basis}
        ]
        * bool(first),
        themes=[{"row": one, "theme": "domestic-abuse"} for one in ("blow", "plan")],
    )
    row = cc.plan_categories(review_of(tables, solved(tables))).iloc[0]
    column = "certainly_by_then" if first == "blow" else "only_later"
    summary = tables["events"].set_index("id").loc["blow", "summary"]
    assert row[column] == f"{summary}{mark}"


def test_child_w_was_attended_to_before_the_plan() -> None:
    review = real_review("child-w-manchester-2020")
    plan_categories = cc.plan_categories(review)
    listed = (
        plan_categories["certainly_by_then_rows"].tolist()
        + plan_categories["possibly_by_then_rows"].tolist()
    )
    assert any("contact-ae-wf" in rows for rows in listed)
    phases = cc.involvement_by_phase(review)
    assert "manchester-partnership" not in set(phases["agency"])


def test_an_agency_that_an_unclassified_entry_names_has_no_part() -> None:
    tables = contacts(event("note", "entry", "2016-05", role="named"))
    assert cc.involvement(review_of(tables, solved(tables))).empty
    assert cc.agency_contact(review_of(tables, solved(tables)))["contact_rows"].tolist() == [0]


# ---------------------------------------------------------------- all of them


def made(tables: Tables) -> dict[str, pd.DataFrame]:
    """The tables of who knew, who was involved and what was found."""
    given = review_of(tables, solved(tables))
    functions = (
        cc.chronicle,
        cc.involvement,
        cc.involvement_by_phase,
        cc.agency_contact,
        cc.stated_absences,
        cc.knowledge,
        cc.evidence_on_views,
        cc.views_at_decisions,
        cc.plan_categories,
        cc.traceability,
    )
    return {one.__name__: one(given) for one in functions}


def test_of_what_is_not_coded_every_table_is_empty() -> None:
    tables = tables_of(
        events=[event("visit", "visit", "2018-01"), event("worry", "concern", "2018-02")]
    )
    empty = {name for name, table in made(tables).items() if table.empty}
    assert empty == set(made(tables)) - {"chronicle"}
