from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings

import casechron as cc
from brute_force import Event, Relation, coded, day, solutions
from brute_force import tables as dated
from casechron.analysis.phases import cuts
from casechron.chronology import Chronology, solve
from casechron.coding.codebook import codebook
from involvement_cases import Tables, agency, event, part, solved, tables_of, worked
from made_reviews import review_of
from real_reviews import real_review, real_tables
from text_tables import cells_of, lists_of
from thoroughly import examples


@pytest.fixture(scope="module")
def child_w() -> tuple[Tables, Chronology]:
    tables = real_tables("child-w-manchester-2020")
    return tables, solve(tables["events"], tables["relations"], locators=tables["locators"])


def test_the_phases_of_the_worked_review() -> None:
    tables = worked()
    phases = cc.phases(review_of(tables, solved(tables)))
    assert phases[
        ["phase", "title", "from_event", "begins", "events", "may_fall", "event_ids"]
    ].values.tolist() == lists_of("""
        1 | up to Case closed | | | 2 | 1 | (bruise; referral)
        2 | from Case closed to Section 47 enquiries | closure | on 20 March 2017 | 2 | 3
        ... (closure; assault)
        3 | from Section 47 enquiries to Initial child protection conference | enquiries
        ... on 15 May 2017 | 2 | 3 | (enquiries; letter)
        4 | from Initial child protection conference | conference | on 1 June 2017 | 5 | 1
        ... (conference; fight; no-duty; calls; told-board)
    """)
    assert phases["may_fall_ids"].tolist() == cells_of(
        "(fear) | (fear; report; noise) | (fear; report; noise) | (fear)"
    )


def test_what_is_missing_is_graded_by_its_own_row_and_else_by_the_event() -> None:
    tables = worked()
    more = pd.DataFrame([part("cs", "no-duty", "responsible-absent")])
    tables["involvement"] = pd.concat([tables["involvement"], more]).fillna("")
    table = cc.involvement(review_of(tables, solved(tables))).set_index(["event", "agency"])
    absent = table.loc[table["stated_absence"].map(bool), "stated_absence"]
    assert absent.to_dict() == {
        ("conference", "gp"): ("insufficient",),
        ("conference", "landlord"): ("did not happen",),
        ("no-duty", "edt"): ("did not happen",),
        ("no-duty", "cs"): ("did not happen",),
    }


def test_involvement_of_the_worked_review_by_phase() -> None:
    tables = worked()
    # What children's services learned later is no contact, and takes nothing from their others.
    more = pd.DataFrame([part("cs", "fear", "learned-later")])
    tables["involvement"] = pd.concat([tables["involvement"], more]).fillna("")
    involvement_by_phase = cc.involvement_by_phase(review_of(tables, solved(tables)))
    grid = {who: rows["recorded"].tolist() for who, rows in involvement_by_phase.groupby("agency")}
    none, maybe = "nothing recorded", "possibly involved"
    assert grid == {
        "cs": ["involved", "involved", "involved", "involved"],
        "police": [none, "involved", maybe, none],
        "gp": ["involved", none, "involved", "stated absence"],
        "school": ["involved", none, "involved", "involved"],
        "landlord": [none, maybe, maybe, "stated absence"],
        "edt": [none, none, none, "stated absence"],
        "unnamed": [none, none, none, "involved"],
    }
    assert involvement_by_phase.loc[
        involvement_by_phase["agency"] == "police", ["contact_rows", "contact_rows_may_fall"]
    ].values.tolist() == [
        [0, 0],
        [1, 1],
        [0, 1],
        [0, 0],
    ]


def test_first_and_last_contact_in_the_worked_review() -> None:
    tables = worked()
    agency_contact = cc.agency_contact(review_of(tables, solved(tables))).set_index("agency")
    counts = ["contact_rows", "contacts_min", "contacts_max", "absence_rows", "later_rows"]
    columns = ["first_contact", "last_contact", *counts]
    assert {who: agency_contact.loc[who, columns].tolist() for who in agency_contact.index} == {
        "cs": ["on 6 March 2017", "on 2 July 2017", 6, 8, 8, 0, 0],
        "police": ["between 1 and 10 May 2017", "in May 2017", 2, 2, 2, 0, 0],
        "gp": ["on 2 March 2017", "on 20 May 2017", 2, 2, 2, 1, 0],
        "school": ["on 6 March 2017", "on 1 June 2017", 3, 3, 3, 0, 0],
        "landlord": ["in May 2017", "in May 2017", 1, 1, 1, 1, 0],
        "edt": ["none recorded", "none recorded", 0, 0, 0, 1, 0],
        "board": ["none recorded", "none recorded", 0, 0, 0, 0, 2],
        "unnamed": ["on 2 July 2017", "on 2 July 2017", 1, 3, 3, 0, 0],
    }
    assert agency_contact.loc["police", "first_events"] == ("assault", "report")


def test_the_longest_stretch_without_contact_in_the_worked_review() -> None:
    tables = worked()
    contact_gaps = cc.contact_gaps(review_of(tables, solved(tables)))
    assert contact_gaps[
        ["agency", "from_event", "to_event", "days_min", "days_max", "may_fall_between"]
    ].values.tolist() == lists_of("""
        cs     | closure  | enquiries | 42 | 56 | (report)
        police | assault  | report    | 0  | 30 | ()
        gp     | bruise   | letter    | 79 | 79 | ()
        school | referral | letter    | 75 | 75 | ()
    """)


def test_the_longest_stretch_is_taken_under_each_choice_of_days() -> None:
    # Forty days, and a visit after ten of them or after thirty: thirty are left without a contact
    # in either case, where a visit on any day between could halve the forty. No visit is on a day
    # that leaves more.
    tables = tables_of(
        """
        event | call   | referral | 2018-01-01
        event | seen   | visit    | [2018-01-11,2018-01-31]
        event | closed | closure  | 2018-02-10
        part | cs | call   | received
        part | cs | seen   | led
        part | cs | closed | led
    """,
        agencies=[agency("cs", "Children's services", "5A")],
    )
    (row,) = cc.contact_gaps(review_of(tables, solved(tables))).to_dict("records")
    assert (row["from_event"], row["to_event"]) == ("call", "closed")
    assert (row["days_min"], row["days_max"], row["may_fall_between"]) == (30, 30, ("seen",))


def test_contacts_in_no_certain_order_lie_apart_as_in_the_longest_stretch_that_can_be() -> None:
    tables = tables_of(
        agencies=[agency("gp", "GP", "3A")],
        events=[
            event("call", "contact", "[2018-01-05..2018-01-20]"),
            event("visit", "contact", "[2018-01-01..2018-01-10]"),
        ],
        involvement=[part("gp", row, "led") for row in ("call", "visit")],
    )
    (row,) = cc.contact_gaps(review_of(tables, solved(tables))).to_dict("records")
    assert (row["days_min"], row["days_max"]) == (0, 19)
    assert (row["from_event"], row["to_event"]) == ("visit", "call")
    assert (row["most_from"], row["most_to"]) == ("visit", "call")


def test_a_contact_without_a_date_may_fall_into_a_stretch_and_does_not_run_through_it() -> None:
    tables = tables_of(
        """
        event | first  | visit          | 2018-03-02
        event | second | visit          | 2018-05-02
        event | some   | visit          |
        event | family | household      | 2018-01/2018-12
        part | cs | first  | led
        part | cs | second | led
        part | cs | some   | led
        part | cs | family | held
    """,
        agencies=[agency("cs", "Children's services", "5A")],
    )
    (row,) = cc.contact_gaps(review_of(tables, solved(tables))).to_dict("records")
    assert (row["from_event"], row["to_event"]) == ("first", "second")
    assert row["may_fall_between"] == ("some",)
    assert (row["ran_through"], row["may_run_through"]) == (("family",), ())


def test_contacts_that_overlap_leave_no_day_without_one() -> None:
    # A visit falls within an assessment that lasted from the 2nd to the 12th.
    tables = tables_of(
        """
        event | work | assessment | 2018-03-02/2018-03-12
        event | seen | visit      | 2018-03-05
        part | cs | work | led
        part | cs | seen | led
    """,
        agencies=[agency("cs", "Children's services", "5A")],
    )
    (row,) = cc.contact_gaps(review_of(tables, solved(tables))).to_dict("records")
    assert (row["days_min"], row["days_max"]) == (0, 0)


def test_stated_absences_of_the_worked_review() -> None:
    tables = worked()
    stated_absences = cc.stated_absences(review_of(tables, solved(tables)))
    columns = cells_of("""
        agency | absence | force | event | missing_step | answers | answers_summary | phase
    """)
    assert stated_absences[columns].values.tolist() == lists_of("""
        gp | insufficiently involved | insufficient | conference | False | () | | phase 4
        landlord | not involved | did not happen | conference | False | () | | phase 4
        edt | not involved | did not happen | no-duty | True | (calls (3)) | What calls is | phase 4
    """)
    assert stated_absences["places"].tolist() == ["para 2.1", "", "para 3.1"]


def test_the_strongest_role_names_the_part_and_a_hearer_of_an_incident_was_not_there() -> None:
    tables = tables_of(
        agencies=[agency("a", "A", "6"), agency("b", "B", "10")],
        events=[event("blow", "violence", "2018-01"), event("note", "notification", "2018-02")],
        involvement=[
            part("a", "blow", "received"),
            {**part("a", "note", "raised"), "id": "x"},
            part("a", "note", "led"),
            part("b", "note", "received"),
        ],
    )
    chronology = solved(tables)
    involvement = cc.involvement(review_of(tables, chronology))
    assert involvement[["event", "agency", "named", "part", "roles"]].values.tolist() == [
        ["blow", "a", True, "was told of it", ("received",)],
        ["note", "a", True, "led or took part", ("raised", "led")],
        ["note", "b", False, "received", ("received",)],
    ]
    agency_contact = cc.agency_contact(review_of(tables, chronology))
    assert agency_contact["first_contact"].tolist() == ["in February 2018", "in February 2018"]
    # Who was told at the time did not learn of it later.
    counts = ["contact_rows", "absence_rows", "later_rows"]
    assert agency_contact[counts].values.tolist() == [[1, 0, 0], [1, 0, 0]]


@pytest.mark.parametrize("turn", [1, -1])
def test_a_turning_point_of_unclear_order_cuts_nothing_and_says_so(turn: int) -> None:
    """Whichever is coded first; of the two of 10 March the kind that the codebook has first cuts,
    and that is the enquiry."""
    rows = [
        event("one", "closure", "2018-01-10"),
        event("any", "closure", "2018"),
        event("two", "icpc", "2018-03-10"),
        event("same", "section-47", "2018-03-10"),
        event("seen", "visit", "2018-02"),
        event("when", "visit", "2018-03"),
    ]
    tables = tables_of(events=rows[::turn])
    chronology = solved(tables)
    found, unclear = cuts(tables, chronology)
    assert list(found.items()) == [("one", ()), ("same", ("two",))]
    assert unclear == {"any": "one; same"}
    placed = cc.phase_of_events(review_of(tables, chronology)).set_index("event")
    assert placed["placed"].to_dict() == {
        "one": "phase 2",
        "any": "cannot be placed: phase 1 to 3",
        "seen": "phase 2",
        "when": "cannot be placed: phase 2 to 3",
        "two": "phase 3",
        "same": "phase 3",
    }
    assert placed.loc["any", "turning_point"] == "cuts nothing: order unclear with one; same"
    assert placed.loc["two", "turning_point"] == "cuts"


def test_what_lasts_stands_in_every_phase_that_it_certainly_runs_through() -> None:
    tables = tables_of("""
        agency | a | A | 6
        event | one  | closure | 2018-02-10
        event | two  | closure | 2018-03-10
        event | help | support | 2018-01/2018-04
        event | open | support | 2018-01/
        part | a | help | provided
        part | a | open | provided
    """)
    chronology = solved(tables)
    placed = cc.phase_of_events(review_of(tables, chronology)).set_index("event")
    assert placed.loc["help", ["certain_in", "placed"]].tolist() == [
        ("1", "2", "3"),
        "in phase 1, 2, 3",
    ]
    assert placed.loc["open", ["certain_in", "placed"]].tolist() == [
        ("1",),
        "in phase 1; possibly also in others of 1 to 3",
    ]
    involvement_by_phase = cc.involvement_by_phase(review_of(tables, chronology))
    assert involvement_by_phase[["contact_rows", "contact_rows_may_fall"]].values.tolist() == [
        [2, 0],
        [1, 1],
        [1, 1],
    ]


@given(coded(undated=False, events=3, relations=2))
@settings(max_examples=examples(20), deadline=None)
def test_phases_and_contacts_are_those_of_every_chronology(
    case: tuple[list[Event], list[Relation]],
) -> None:
    events, relations = case
    ids = [one.id for one in events]
    every = list(itertools.islice(solutions(events, relations), 3000))
    assume(0 < len(every) < 3000)
    rows, ties = dated(events, relations)
    rows["kind"] = [
        "closure" if one.shape == "moment" and at % 2 else "visit" for at, one in enumerate(events)
    ]
    tables = tables_of(
        agencies=[agency("a", "A", "6")], involvement=[part("a", one.id, "led") for one in events]
    )
    tables["events"] = (
        rows.reindex(columns=codebook().tables["events"].header, fill_value="")
        .fillna("")
        .astype("str")
    )
    tables["relations"] = ties.reindex(
        columns=codebook().tables["relations"].header, fill_value=""
    ).astype("str")
    chronology = solved(tables)
    contact = cc.agency_contact(review_of(tables, chronology)).iloc[0]
    for name, found in (
        ("first", [min(start for start, _ in days.values()) for days in every]),
        ("last", [max(end for _, end in days.values()) for days in every]),
    ):
        bounds = (contact[f"{name}_earliest"], contact[f"{name}_latest"])
        assert [str(bound)[:10] for bound in bounds] == [day(min(found)), day(max(found))]
    cutting = cuts(tables, chronology)[0]
    chain = [*cutting]
    for one, other in itertools.pairwise(chain):
        assert all(days[one][1] <= days[other][0] for days in every)
    placed = cc.phase_of_events(review_of(tables, chronology)).set_index("event")
    # Orders without any date: what holds in every assignment of seven days to six points.
    orders = [relation for relation in relations if relation.type != "gap"]
    on_grid = [
        [(low, high) for low in range(7) for high in range(low, 7) if one.lasts or low == high]
        for one in (row._replace(lasts=row.shape != "moment") for row in events)
    ]
    assigned = (dict(zip(ids, days, strict=True)) for days in itertools.product(*on_grid))
    kept = [days for days in assigned if all(order.holds(days) for order in orders)]
    # What certainly falls on the day of a turning point, and is one too, stands with it.
    stands = {each: cut for cut, others in cutting.items() for each in (cut, *others)}
    for row in ids:
        as_if = stands.get(row, row)
        for point, name in enumerate(("first_phase", "last_phase")):
            before, phases = set[str](), set[int]()
            for at, cut in enumerate(chain):
                signs = {np.sign(days[as_if][point] - days[cut][0]) for days in kept}
                if signs <= {-1, 0} and signs != {0}:
                    before |= set(chain[at:])
                elif signs == {0}:
                    before |= set(chain[at + 1 :])
            for days in every:
                passed = {cut for cut in chain if days[cut][0] <= days[as_if][point]}
                phases.add(1 + len(passed - before))
            assert placed.loc[row, name] == (max(phases) if point else min(phases))


def test_the_day_of_a_turning_point_is_in_the_phase_that_it_begins() -> None:
    # A closure on the 20th, and contacts that can be on its day: of the same day, of it or the day
    # before, and the same two where the closure is said to come no earlier.
    rows = [event("shut", "closure", "2022-09-20")] + [
        event(row, "contact", days)
        for row, days in (
            ("on", "2022-09-20"),
            ("near", "[2022-09-19..2022-09-20]"),
            ("led-on", "2022-09-20"),
            ("led-near", "[2022-09-19..2022-09-20]"),
        )
    ]
    ties = [
        {"id": f"r-{row}", "type": "not-after", "from_event": row, "to_event": "shut"}
        for row in ("led-on", "led-near")
    ]
    tables = tables_of(events=rows, relations=ties)
    placed = cc.phase_of_events(review_of(tables, solved(tables))).set_index("event")["placed"]
    assert placed.to_dict() == {
        "shut": "phase 2",
        "on": "phase 2",
        "near": "cannot be placed: phase 1 to 2",
        "led-on": "phase 1",
        "led-near": "phase 1",
    }


def test_tables_without_rows_and_without_a_chronology() -> None:
    empty = tables_of()
    chronology = solved(empty)
    for table in (
        cc.involvement,
        cc.involvement_by_phase,
        cc.agency_contact,
        cc.contact_gaps,
        cc.stated_absences,
        cc.phase_of_events,
    ):
        assert table(review_of(empty, chronology)).empty
    assert cc.phases(review_of(empty, chronology))["title"].tolist() == ["the whole account"]
    tables = worked()
    relation = {
        "id": "r",
        "type": "before",
        "from_event": "conference",
        "to_event": "bruise",
        "basis": "stated",
    }
    tables["relations"] = tables_of(relations=[relation])["relations"]
    chronology = solved(tables)
    refused = {"no admissible chronology"}
    assert set(cc.phases(review_of(tables, chronology))["title"]) == refused
    assert set(cc.involvement_by_phase(review_of(tables, chronology))["recorded"]) == refused
    contact = cc.agency_contact(review_of(tables, chronology))
    assert set(contact["first_contact"]) == refused | {"none recorded"}
    assert contact[["first_earliest", "last_latest"]].isna().all().all()
    assert cc.contact_gaps(review_of(tables, chronology)).empty
    assert len(cc.stated_absences(review_of(tables, chronology))) == 3
    assert isinstance(cc.involvement(review_of(tables, chronology)), pd.DataFrame)


def test_child_w_says_who_was_missing_where(child_w: tuple[Tables, Chronology]) -> None:
    stated_absences = cc.stated_absences(review_of(*child_w))
    rows = {(row["agency"], row["event"]): row for row in stated_absences.to_dict("records")}
    duty = rows["edt", "edt-absent"]
    assert (duty["absence"], duty["force"], duty["answers"]) == (
        "not involved",
        "did not happen",
        ("referrals-october (4)",),
    )
    for who in ("gp", "one-manchester"):
        for step in ("assessment-icpc", "icpc"):
            assert rows[who, step]["absence"] == "insufficiently involved"
            assert rows[who, step]["places"].startswith("para ")


def test_child_w_is_cut_in_certain_order(child_w: tuple[Tables, Chronology]) -> None:
    found, unclear = cuts(*child_w)
    assert [*found] == cells_of(
        "closure-2017-10 | closure-midwife | section-47 | icpc | breach | admission-w"
    )
    assert set(unclear) == {"harm-w"}


def test_the_body_of_the_review_and_a_verdict_on_its_harm_are_no_part_of_the_case() -> None:
    """The partnership that made the review of Child E held a rapid review after the fall; the
    father of Child Ak was convicted after the death, WF before all that the review is about."""
    after = "learned or acted only afterwards"
    for review, row, wanted in (
        ("child-e-example-2024", "rapid-review", after),
        ("child-ak-northamptonshire-2019", "conviction", after),
        ("child-w-manchester-2020", "convictions-wf", "led or took part"),
    ):
        parts = cc.involvement(real_review(review))
        assert parts.loc[parts["event"] == row, "part"].tolist() == [wanted], row
