"""Does the form become the tidy tables of before, to the last cell, and nothing that was not
typed?"""

from __future__ import annotations

import random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casechron.chronology import durations_table, solve
from casechron.coding.codebook import codebook
from casechron.coding.expand import expand
from sheet_cases import (
    CODINGS,
    PEOPLE,
    canonical,
    coding,
    differences,
    expanded,
    made_by,
    read,
    rows,
    simulated,
    tidy_coding,
    without_origin,
    wrong_lines,
)
from text_tables import cells_of, records_of, words_of
from thoroughly import examples


def plain(records: list[dict[str, str]], *columns: str) -> list[tuple[str, ...]]:
    return [tuple(row[column] for column in columns) for row in records]


# What stood before


@pytest.mark.parametrize("name", CODINGS[2:])
def test_a_coding_becomes_the_tables_of_before(name: str) -> None:
    forms, sources = read(coding(name))
    done = expand(forms, sources)
    assert wrong_lines(done) == [str(item) for item in done.to_do] == []
    assert differences(tidy_coding(name), done) == []


@pytest.mark.parametrize(
    ("form", "column", "value"),
    [
        ("events", "by", "gp"),
        ("events", "date", "2001"),
        ("events", "place", "p5.1"),
        ("findings", "rests_on", "view-no-risk"),
        ("relations", "basis", "judged"),
        ("sentences", "digest", "00"),
        ("coverage", "section", "elsewhere"),
    ],
)
def test_a_changed_cell_is_a_difference(form: str, column: str, value: str) -> None:
    forms, sources = read(coding(CODINGS[2]))
    row = next(row for row in forms[form][4:] if row[column] != value)
    row.cells[column] = value
    assert differences(tidy_coding(CODINGS[2]), expand(forms, sources))


def test_a_coding_is_typed_in_a_third_of_its_cells() -> None:
    typed = sum(
        bool(cell)
        for rows_before in tidy_coding(CODINGS[2]).values()
        for row in rows_before
        for column, cell in row.items()
        if not column.startswith(("digest", "salt"))
    )
    forms, _ = read(coding(CODINGS[2]))
    now = sum(
        bool(cell)
        for name, rows_of_form in forms.items()
        for row in rows_of_form
        for cell in (row.cells.values() if name != "sentences" else ())
    )
    assert now * 3 < typed, f"{now} of {typed} cells"


# Where it comes from


@pytest.mark.parametrize("name", CODINGS)
def test_each_row_has_its_cells_and_each_cell_its_rows(name: str) -> None:
    forms, sources = read(coding(name))
    assert without_origin(expand(forms, sources), forms) == []


@pytest.mark.parametrize("name", [*CODINGS, *sorted(simulated())[::6]])
def test_the_order_of_rows_and_columns_changes_nothing(name: str) -> None:
    files = coding(name) if name in CODINGS else simulated()[name]
    forms, sources = read(files)
    before = canonical(expand(forms, sources))
    draw = random.Random(1989)
    for form_rows in forms.values():
        draw.shuffle(form_rows)
        for line, row in enumerate(form_rows, start=2):
            cells = list(row.cells.items())
            draw.shuffle(cells)
            row.line, row.cells = line, dict(cells)
    assert canonical(expand(forms, sources)) == before


@pytest.mark.parametrize("name", CODINGS)
def test_a_stop_behind_a_summary_or_a_label_is_none_of_its_words(name: str) -> None:
    """Sentences and charts put their own, so that no text has two."""
    forms, sources = read(coding(name))
    before = canonical(expand(forms, sources))
    stopped = 0
    for row in (row for form_rows in forms.values() for row in form_rows):
        for column in {"summary", "short", "label"} & row.cells.keys():
            stopped += bool(row[column])
            row.cells[column] += "." * bool(row[column])
    assert stopped > 20
    assert canonical(expand(forms, sources)) == before


def test_who_has_a_label_with_a_stop_can_be_named_with_it_and_without() -> None:
    for named in ("Mum", "Mum.", "m"):
        done = expanded(
            [{"date": "2018-05", "kind": "referral", "by": named}],
            people=[{"id": "m", "label": "Mum.", "kinship": "mother"}],
        )
        assert wrong_lines(done) == []
        assert plain(done.rows("participation"), "person") == [("m",)]
        assert plain(done.rows("people"), "label") == [("Mum",)]


def test_only_paragraphs_of_a_section_are_counted_in_it() -> None:
    events = [{"summary": "A visit", "place": "p1; p2; p3; p4"}]
    listed = [{"paragraph": "2", "section": "The findings"}]
    coverage = expanded(events, coverage=listed).rows("coverage")
    assert plain(coverage, "paragraph", "section", "ordinal") == [
        ("1", "", ""),
        ("2", "The findings", "1"),
        ("3", "The findings", "2"),
        ("4", "The findings", "3"),
    ]


def test_a_row_points_at_its_cell() -> None:
    done = expanded([{"date": "2018-05", "kind": "visit", "by": "gp; police (derived)"}])
    first, second = done.tables["involvement"]
    assert first.origins[0] == ("events.csv", 2, "by", "gp")
    assert second.origins[0] == ("events.csv", 2, "by", "police (derived)")
    of_cell = [made_row.table for made_row in made_by(done)["events.csv", 2, "by"]]
    assert of_cell == ["locators", "locators", "agencies", "agencies", "involvement", "involvement"]


NAMES = ["gp", "GP", "w", "WM", "W", "nobody", "police", "Children’s services", "a", "b", "p1.1"]
WORDS = cells_of(
    "derived | alleged | alleged by wm | by gp | told | led | insufficient | ( | ) | ,"
)
ITEM = st.one_of(
    st.sampled_from(NAMES),
    st.builds("{} ({})".format, st.sampled_from(NAMES), st.sampled_from(WORDS)),
    st.builds("{} ({}, {})".format, *map(st.sampled_from, (NAMES, WORDS, WORDS))),
    st.text(max_size=12),
    st.text(alphabet="ab;:(),. 0123456789-/[]{}p?", max_size=14),
)
CELL = st.lists(ITEM, max_size=3).map("; ".join)
COLUMNS = list(codebook().forms["events"].columns)
EVENT = st.dictionaries(st.sampled_from(COLUMNS), CELL, max_size=6).map(
    lambda cells: {"kind": "visit", **cells}
)
KIND = st.sampled_from([*codebook().roles, "", "no kind"])


@given(st.lists(st.tuples(EVENT, KIND), max_size=4))
@settings(max_examples=examples(100), deadline=None)
def test_nothing_is_invented_and_nothing_lost_whatever_is_typed(
    drawn: list[tuple[dict[str, str], str]],
) -> None:
    events = [
        {**{name: cell.strip() for name, cell in cells.items()}, "kind": kind}
        for cells, kind in drawn
    ]
    done = expanded(events)
    assert without_origin(done, {"events": rows(*events), "people": rows(*PEOPLE)}) == []


OTHERS = st.fixed_dictionaries(
    {
        name: st.lists(st.dictionaries(st.sampled_from(list(form.columns)), CELL), max_size=2)
        for name, form in codebook().forms.items()
        if name not in ("events", "people", "sentences")
    }
)


@given(st.lists(EVENT, max_size=2), OTHERS)
@settings(max_examples=examples(100), deadline=None)
def test_nothing_is_invented_and_nothing_lost_in_any_file(
    events: list[dict[str, str]], others: dict[str, list[dict[str, str]]]
) -> None:
    forms = {"people": PEOPLE, "events": events, **others}
    read_of = {
        name: rows(*({column: cell.strip() for column, cell in row.items()} for row in listed))
        for name, listed in forms.items()
    }
    assert without_origin(expand(read_of, [{"id": "report"}]), read_of) == []


def test_a_finding_is_the_partnerships_where_nobody_is_named() -> None:
    finding = {"id": "f1", "polarity": "shortfall", "summary": "Too long"}
    for cells, finder in (({}, "partnership"), ({"attributed_to": "gp"}, "gp")):
        done = expand({"findings": rows({**finding, **cells})}, [])
        assert done.breaches == []
        assert [one["attributed_to"] for one in done.tables["findings"]] == [finder]
        assert [one["id"] for one in done.tables["agencies"]] == [finder]


# What one cell says


@pytest.mark.parametrize(
    ("kind", "cells", "date"),
    [
        ("support", {"date": "2018"}, "2018/"),
        ("support", {"date": "2018", "until": ".."}, "2018/.."),
        ("support", {"date": "2018", "until": "2019"}, "2018/2019"),
        ("support", {"until": "2019"}, "/2019"),
        ("support", {"until": ".."}, "/.."),
        ("support", {}, ""),
        ("support", {"date": "[2018..2019]"}, "[2018..2019]"),
        ("visit", {"date": "2018", "absence": "apparently-not"}, "2018"),
        ("visit", {"date": "2018", "until": "2019", "absence": "apparently-not"}, "2018/2019"),
        ("visit", {"until": "2019", "absence": "apparently-not"}, "/2019"),
        # Somebody did not come on a day of it, which need not be an early one.
        (
            "behaviour",
            {"date": "2018", "until": "2019", "absence": "did-not-happen"},
            "[2018..2019]",
        ),
        ("behaviour", {"date": "2018/2019", "absence": "did-not-happen"}, "2018/2019"),
        ("visit", {"date": "2018-08"}, "2018-08"),
        ("visit", {"date": "2018-08", "until": "2018-09"}, "[2018-08..2018-09]"),
        ("visit", {"until": "2018-09"}, "[..2018-09]"),
        ("visit", {"date": "2018-08", "until": ".."}, "[2018-08..]"),
        ("visit", {"date": "2018/2019"}, "2018/2019"),
        ("visit", {"date": "?"}, ""),
        ("police-investigation", {"date": "2018-08"}, "2018-08"),
        ("police-investigation", {"date": "2018-08", "until": "?"}, "2018-08/"),
        ("police-investigation", {"date": "2018-08", "lasts": "2 weeks"}, "2018-08/"),
        ("police-investigation", {"date": "2018-08", "until": ".."}, "2018-08/.."),
        ("assessment", {"date": "2018-08", "lasts": "9 weeks"}, "2018-08/"),
        (
            "assessment",
            {"date": "2018-08", "until": "2018-11", "lasts": "9 weeks"},
            "2018-08/2018-11",
        ),
        ("assessment", {"lasts": "9 weeks"}, ""),
        ("assessment", {"date": "2018-08", "until": "2018-11"}, "2018-08/2018-11"),
        ("assessment", {"date": "2018-08", "until": "?"}, "2018-08/"),
        ("assessment", {"until": "?"}, ""),
        ("support", {"until": "?"}, ""),
        ("household", {"date": "2018-08"}, "2018-08"),
    ],
)
def test_date_and_until_are_one_date(kind: str, cells: dict[str, str], date: str) -> None:
    done = expanded([{"kind": kind, "summary": "What happened", **cells}])
    assert done.rows("events")[0]["date"] == date
    assert done.rows("events")[0]["date_basis"] == ("stated" if date else "")
    assert wrong_lines(done) == []


@pytest.mark.parametrize("kind", ["assessment", "support", "injury"])
def test_one_moment_of_several_days_has_no_length(kind: str) -> None:
    row = {"kind": kind, "date": "[2018-08..2018-09]", "lasts": "2 weeks", "summary": "It was so"}
    assert wrong_lines(expanded([row])) == [
        "events.csv line 2, date: '[2018-08..2018-09]' is one moment of several days, and lasts"
        " says how long it took; write when it began as one date, and the doubt into note"
    ]


def test_that_something_lasts_is_never_dropped_without_a_word() -> None:
    spread = {"kind": "assessment", "date": "[2018-08..2018-09]", "until": "?"}
    undated = {"kind": "action", "until": "?"}
    rows = [row | {"summary": f"It was so {at}"} for at, row in enumerate((spread, undated))]
    assert wrong_lines(expanded(rows)) == [
        "events.csv line 2, until: '?' stands beside '[2018-08..2018-09]' in date, which is whole"
        " by itself; write one date there, when it began, or empty until",
        "events.csv line 3, until: '?' says of what lasts that its end is open or not given, and"
        " date is empty; write the first day there, or empty the cell",
    ]


def test_a_step_of_which_it_is_said_how_long_it_lasts_lasts_so_long() -> None:
    row = {"id": "long", "kind": "assessment", "date": "2019-11", "lasts": "exactly 9 weeks"}
    done = expanded([{**row, "summary": "What is assessed"}])
    chronology = solve(*(pd.DataFrame(done.rows(name)) for name in ("events", "relations")))
    assert chronology.admissible
    assert durations_table(chronology)[
        ["event", "days_min", "days_max", "unknown_end"]
    ].to_numpy().tolist() == [["long", 63, 63, True]]


def test_what_lasts_and_until_when_are_two_statements() -> None:
    done = expanded(
        [{"id": "s", "kind": "support", "date": "2018", "until": "2019", "lasts": "6 months"}]
    )
    assert plain(
        done.rows("relations"),
        "type",
        "from_event",
        "from_point",
        "to_event",
        "to_point",
        "gap",
        "meaning",
    ) == [("gap", "s", "start", "s", "end", "P6M", "rounded")]
    assert done.rows("events")[0]["date"] == "2018/2019"


def test_a_name_is_an_id_or_a_label_of_any_case_and_quotes() -> None:
    agencies = [
        {"id": "trust", "label": "Trust (Smith, Jones & Co)", "sector": "3F"},
        {"id": "gp", "label": "The family’s doctor", "sector": "3A"},
        {"id": "odd", "label": "Panel (derived)", "sector": "8"},
    ]
    cell = "TRUST  (smith, jones & co) (judged); The family's doctor; Panel (derived); Police"
    done = expanded([{"id": "v", "kind": "visit", "by": cell}], agencies=agencies)
    assert plain(done.rows("involvement"), "agency", "basis") == [
        ("trust", "judged"),
        ("gp", "stated"),
        ("odd", "stated"),
        ("police", "stated"),
    ]
    assert plain(done.rows("agencies"), "id", "label")[-1] == ("police", "Police")
    assert wrong_lines(done) == []


def test_child_and_mother_in_one_cell_have_each_their_role() -> None:
    done = expanded(
        [{"id": "r", "kind": "referral", "about": "w; wm; wf (alleged by school, told)"}]
    )
    assert plain(done.rows("participation"), "person", "role", "status", "account") == [
        ("w", "subject", "reported", ""),
        ("wm", "of-concern", "reported", ""),
        ("wf", "told", "alleged", "school"),
    ]
    assert plain(done.rows("agencies"), "id") == [("school",)]


def test_a_bracket_holds_of_its_own_name_only() -> None:
    cell = {"by": "wf (alleged); wf (denied by wf); wf (alleged by wm)", "about": "wm"}
    done = expanded([{"id": "v", "kind": "violence", **cell}])
    assert plain(done.rows("participation"), "id", "status", "account") == [
        ("pt-v-wf-harming-alleged", "alleged", "unspecified"),
        ("pt-v-wf-harming-denied", "denied", "wf"),
        ("pt-v-wf-harming-alleged-2", "alleged", "wm"),
        ("pt-v-wm-harmed-reported", "reported", ""),
    ]


def test_an_opinion_is_the_agencys_that_stands_there_alone() -> None:
    cells = {"kind": "medical-opinion", "by": "hospital", "about": "w (medical-opinion)"}
    done = expanded([cells])
    assert plain(done.rows("participation"), "status", "account") == [
        ("medical-opinion", "hospital")
    ]
    done = expanded([{**cells, "to": "police"}])
    assert wrong_lines(done) == [
        "events.csv line 2, about: 'w (medical-opinion)' does not say whose opinion it is, and by"
        " and to name 2 agencies; write it, as 'w (medical-opinion by hospital)'"
    ]


def test_of_an_absence_by_is_whose_step_was_lacking() -> None:
    cells = {"kind": "section-47", "absence": "no-evidence-found", "by": "police", "without": "gp"}
    done = expanded(
        [{**cells, "id": "n"}, {"id": "m", "kind": "icpc", "without": "gp; police (insufficient)"}]
    )
    assert plain(done.rows("involvement"), "event", "agency", "role", "grade") == [
        ("n", "police", "responsible-absent", ""),
        ("n", "gp", "not-involved", "no-evidence-found"),
        ("m", "gp", "not-involved", "did-not-happen"),
        ("m", "police", "not-involved", "insufficient"),
    ]


@pytest.mark.parametrize("column", ["to", "without"])
def test_whom_nobody_told_was_not_told(column: str) -> None:
    cells = {"kind": "information-sharing", "absence": "did-not-happen", column: "wf"}
    done = expanded([cells])
    assert plain(done.rows("participation"), "person", "role") == [("wf", "was-not-told")]


def test_an_order_after_an_id_that_two_rows_have_names_neither() -> None:
    done = expanded(
        [{"id": "rhi", "kind": "visit"}, {"id": "b", "kind": "visit", "after": "rhi"}],
        agencies=[{"id": "rhi", "label": "RHI team", "sector": "8"}],
    )
    assert wrong_lines(done) == [
        "events.csv line 3, after: 'rhi': 'rhi' is the id of another row too; give one of them"
        " another id"
    ]


def test_what_did_not_happen_was_received_by_nobody() -> None:
    cells = {"kind": "information-sharing", "by": "police", "to": "gp; hospital (insufficient)"}
    refused = {"id": "v", "kind": "admission", "absence": "did-not-happen", "to": "hospital"}
    done = expanded([{**cells, "id": "n", "absence": "does-not-appear"}, refused])
    assert plain(done.rows("involvement"), "event", "agency", "role", "grade") == [
        ("n", "police", "responsible-absent", ""),
        ("n", "gp", "not-told", "does-not-appear"),
        ("n", "hospital", "not-told", "insufficient"),
        ("v", "hospital", "not-involved", "did-not-happen"),
    ]


def test_an_entry_names_its_agency_and_no_more() -> None:
    done = expanded([{"kind": "entry", "by": "gp"}, {"by": "gp"}])
    assert plain(done.rows("involvement"), "role") == [("named",), ("named",)]
    assert [str(item) for item in done.to_do] == [
        "events.csv line 3, kind: the cell is empty; write what kind of event it is, or entry where"
        " none fits yet"
    ]


def test_facts_are_parted_before_a_code_only() -> None:
    cell = "reason: a; b; Injury: c (derived); outcome: d (in May); reason: e (derived) (stated)"
    done = expanded([{"id": "v", "kind": "visit", "facts": cell, "basis": "judged"}])
    assert plain(done.rows("attributes"), "id", "value", "basis") == [
        ("at-v-reason", "a; b", "judged"),
        ("at-v-injury", "c", "derived"),
        ("at-v-outcome", "d (in May)", "judged"),
        ("at-v-reason-2", "e (derived)", "stated"),
    ]


def test_a_fact_of_a_person_says_at_which_event() -> None:
    people = [
        {"id": "x", "label": "X", "kinship": "child", "facts": "condition: ill (derived, at v)"}
    ]
    done = expanded([{"id": "v", "kind": "visit"}], people=people)
    assert plain(done.rows("attributes"), "row", "value", "event", "basis") == [
        ("x", "ill", "v", "derived")
    ]


def test_answers_are_judged_and_what_is_told_is_as_its_row() -> None:
    cells = {
        "id": "a",
        "kind": "account",
        "answers": "b; c (stated)",
        "tells_of": "b",
        "led_to": "c",
    }
    done = expanded([cells, {"id": "b", "kind": "concern"}, {"id": "c", "kind": "visit"}])
    assert plain(done.rows("links"), "id", "basis") == [
        ("lk-answers-a-b", "judged"),
        ("lk-answers-a-c", "stated"),
        ("lk-tells-of-a-b", "stated"),
        ("lk-led-to-a-c", "judged"),
    ]


def test_a_view_can_say_what_supports_it() -> None:
    views = [{"id": "low", "holder": "Children’s services", "supported_by": "a (judged)"}]
    done = expanded([{"id": "a", "kind": "concern", "contradicts": "low"}], views=views)
    assert plain(done.rows("views"), "holder") == [("childrens-services",)]
    assert plain(done.rows("links"), "type", "from_row", "to_row", "basis") == [
        ("contradicts", "a", "low", "stated"),
        ("supports", "a", "low", "judged"),
    ]


@pytest.mark.parametrize(
    ("cell", "relation"),
    [
        ({"after": "b"}, ("not-after", "b", "", "a", "", "", "", "stated")),
        ({"before": "b (derived)"}, ("not-after", "a", "", "b", "", "", "", "derived")),
        ({"after": "b exactly 1 day"}, ("gap", "b", "", "a", "", "P1D", "exact", "stated")),
        ({"after": "b same day"}, ("same-day", "b", "", "a", "", "", "", "stated")),
        ({"after": "s.end 2 weeks"}, ("gap", "s", "end", "a", "", "P2W", "rounded", "stated")),
        ({"before": "s.start"}, ("not-after", "a", "", "s", "start", "", "", "stated")),
        (
            {"after": "b at least 3 weeks", "count": "2"},
            ("gap", "b", "", "a", "start", "P3W", "at-least", "stated"),
        ),
        ({"before": "b", "until": "2019"}, ("not-after", "a", "", "b", "", "", "", "stated")),
    ],
)
def test_after_and_before_are_relations(cell: dict[str, str], relation: tuple[str, ...]) -> None:
    done = expanded(
        [
            {"id": "a", "kind": "visit", "date": "2018", **cell},
            {"id": "b", "kind": "visit"},
            {"id": "s", "kind": "support", "date": "2018", "until": "2019"},
        ]
    )
    assert wrong_lines(done) == []
    columns = (*words_of("type from_event from_point to_event to_point gap meaning basis"),)
    assert plain(done.rows("relations"), *columns) == [relation]


def test_another_date_is_a_reading_with_its_own_source() -> None:
    sources = [{"id": "report", "default": True}, {"id": "radio"}]
    cell = {
        "id": "a",
        "kind": "visit",
        "date": "2020-01-22",
        "other_date": "2020-01-23 (radio:p3.1)",
    }
    done = expanded([cell], sources)
    assert plain(done.rows("readings"), "row", "column", "value", "source", "place", "kind") == [
        ("a", "date", "2020-01-23", "radio", "radio:p3.1", "sources-differ")
    ]


def test_an_empty_place_means_the_default_sources_but_none_with_a_text() -> None:
    sources = [{"id": "report", "default": True}, {"id": "radio", "default": True}, {"id": "web"}]
    sentences = [
        {"source": "report", "salt": "aa", "digest": "00"},
        *(
            {"source": "report", "paragraph": "1", "sentence": str(n), "digest": f"0{n}"}
            for n in (1, 2)
        ),
        {"source": "report", "paragraph": "2", "sentence": "1", "digest": "03"},
    ]
    events = [
        {"id": "a", "kind": "visit"},
        {"id": "b", "kind": "visit", "place": "report:p1.2; web"},
    ]
    done = expanded(events, sources, sentences=sentences)
    assert plain(done.rows("locators"), *codebook().tables["locators"].header) == [
        ("a", "radio", "", "", "", "", ""),
        ("b", "report", "1", "2", "02", "01", "03"),
        ("b", "web", "", "", "", "", ""),
    ]
    assert [str(item) for item in done.to_do] == [
        "events.csv line 2, place: the cell is empty, and the text of 'report' is at hand; write"
        " where it stands, as p13.2"
    ]
    assert plain(done.rows("sources"), "id", "paragraphs", "salt", "digest")[0] == (
        "report",
        "2",
        "aa",
        "00",
    )


def test_details_add_a_place_words_and_a_note_to_one_item() -> None:
    cells = {"id": "a", "kind": "referral", "by": "gp; gp (insufficiently-involved, insufficient)"}
    more = {"to": "police", "about": "w", "after": "b", "date": "2018", "place": "p1.1"}
    details = records_of("""
        row | column | item   | place | note              | words
        a   | to     | Police | p2.1  | Not said outright
        a   | by     | gp     |       | Which is not said
        a   | after  | b      |       |                   | in the wake of
        a   | date   |        | p3.1  |                   | in 2018
    """)
    done = expanded(
        [{**cells, **more}, {"id": "b", "kind": "visit", "place": "p4.1"}], details=details
    )
    assert wrong_lines(done) == []
    assert plain(done.rows("involvement"), "role", "note") == [
        ("raised", "Which is not said"),
        ("insufficiently-involved", ""),
        ("received", "Not said outright"),
    ]
    assert done.rows("relations")[0]["words"] == "in the wake of"
    assert done.rows("events")[0]["date_words"] == "in 2018"
    places = [f"{row['row']} {row['paragraph']}" for row in done.rows("locators")]
    assert places == cells_of("""
        a 1 | a 3 | b 4 | iv-a-gp-raised 1 | iv-a-gp-insufficiently-involved 1
        iv-a-police-received 2 | pt-a-w-subject-reported 1 | rl-not-after-b-a 1
    """)


def test_rows_without_an_id_are_told_apart_by_kind_and_month() -> None:
    visit = {"kind": "visit", "date": "2018-08-14"}
    events = [
        {**visit, "summary": "two"},
        {**visit, "summary": "one"},
        {"kind": "visit"},
        {"id": "visit"},
    ]
    ids = {row["summary"]: row["id"] for row in expanded(events[:2]).rows("events")}
    assert ids == {"one": "visit-2018-08", "two": "visit-2018-08-2"}
    assert plain(expanded(events).rows("events"), "id")[2:] == [("visit-2",), ("visit",)]


def test_an_id_is_stronger_than_a_label_of_the_same_letters() -> None:
    agencies = [
        {"id": "a", "label": "GP", "sector": "8"},
        {"id": "b", "label": "WM", "sector": "8"},
    ]
    done = expanded(
        [{"id": "v", "kind": "visit", "by": "gp; a; b", "about": "wm"}], agencies=agencies
    )
    assert plain(done.rows("involvement"), "agency") == [("gp",), ("a",), ("b",)]
    assert plain(done.rows("participation"), "person") == [("wm",)]
    assert wrong_lines(done) == []


@pytest.mark.parametrize("form", list(codebook().forms))
def test_a_file_that_is_left_out_is_one_without_rows(form: str) -> None:
    forms, sources = read(coding("child-w-manchester-2020"))
    without = {name: form_rows for name, form_rows in forms.items() if name != form}
    left = expand(without, sources)
    empty = expand({**forms, form: []}, sources)
    assert canonical(left) == canonical(empty)
    assert [str(breach) for breach in left.breaches] == [str(breach) for breach in empty.breaches]


def test_a_comma_after_by_belongs_to_the_label() -> None:
    agencies = [{"id": "trust", "label": "Smith, Jones & Co", "sector": "8"}]
    cell = "wf (alleged by smith, jones & co, derived); wm (by trust)"
    done = expanded([{"id": "v", "kind": "visit", "about": cell}], agencies=agencies)
    assert plain(done.rows("participation"), "status", "account", "basis") == [
        ("alleged", "trust", "derived"),
        ("reported", "trust", "stated"),
    ]


def test_a_link_goes_to_a_row_that_a_cell_makes() -> None:
    findings = [
        {"id": "f", "polarity": "shortfall", "rests_on": "iv-v-gp-led; at-v-reason (judged)"}
    ]
    links = records_of("""
        type        | from_row               | to_row
        contradicts | pt-v-wf-subject-denied | pt-v-wf-told-alleged
    """)
    cells = {"by": "gp; wf (alleged)", "about": "wf (denied by wf)", "facts": "reason: late"}
    done = expanded(
        [{"id": "v", "kind": "visit", "place": "report", **cells}], findings=findings, links=links
    )
    assert wrong_lines(done) == []
    assert plain(done.rows("links"), "id", "basis") == [
        ("lk-rests-on-f-iv-v-gp-led", "stated"),
        ("lk-rests-on-f-at-v-reason", "judged"),
        ("lk-contradicts-pt-v-wf-subject-denied-pt-v-wf-told-alleged", "stated"),
    ]


# The declaration


def test_a_word_says_one_thing_only() -> None:
    for name, columns in codebook().words.columns.items():
        lists = {
            "agencies": ("absence", "involvement_role"),
            "people": ("status", "participation_role"),
        }
        words = [
            code
            for code_list in ("basis", *lists.get(name, ()))
            for code in codebook().codes(code_list)
        ]
        assert sorted(words) == sorted(columns), name


def test_roles_are_declared_for_every_kind_and_are_roles() -> None:
    book = codebook()
    assert set(book.roles) == set(book.codes("event_kind"))
    for roles in book.roles.values():
        assert set(roles.agency.values()) <= {"", *book.codes("involvement_role")}
        assert {*roles.child.values(), *roles.adult.values()} <= {
            "",
            *book.codes("participation_role"),
        }
        assert list(roles.agency) == ["by", "to", "with", "about", "without"]
    for entry in book.ready_agencies.values():
        assert entry["sector"] in book.codes("sector")


def test_a_view_of_several_holders_is_a_row_for_each() -> None:
    views = [
        {"id": "low", "holder": "gp; police (derived)", "proposition": "p", "themes": "neglect"},
        {"id": "high", "holder": "w", "proposition": "q", "contradicts": "low"},
    ]
    done = expanded([{"id": "v", "kind": "visit", "supports": "low"}], views=views)
    assert wrong_lines(done) == []
    assert plain(done.rows("views"), "id", "holder", "basis") == [
        ("low", "gp", "stated"),
        ("high", "w", "stated"),
        ("low-police", "police", "derived"),
    ]
    assert plain(done.rows("themes"), "row", "theme") == [
        ("low", "neglect"),
        ("low-police", "neglect"),
    ]
    assert plain(done.rows("links"), "id") == [
        ("lk-supports-v-low",),
        ("lk-contradicts-high-low",),
        ("lk-supports-v-low-police",),
        ("lk-contradicts-high-low-police",),
    ]


def test_a_note_of_details_is_the_reason_of_another_date() -> None:
    event = {"id": "v", "kind": "visit", "date": "2018", "other_date": "2019 (b); 2017 (c)"}
    details = [{"row": "v", "column": "other_date", "item": "2017 (c)", "note": "Not by day"}]
    sources = [{"id": source, "default": source == "a"} for source in "abc"]
    done = expand({"events": rows(event), "details": rows(*details)}, sources)
    assert wrong_lines(done) == []
    assert plain(done.rows("readings"), "value", "source", "kind", "reason") == [
        ("2019", "b", "sources-differ", "b gives 2019"),
        ("2017", "c", "sources-differ", "Not by day"),
    ]


def test_words_of_another_date_stand_quoted_in_its_reason_and_a_refused_one_is_told_once() -> None:
    event = {"id": "v", "kind": "visit", "date": "2018", "other_date": "2019 (b); May 2017 (c)"}
    details = [
        {"row": "v", "column": "other_date", "item": "2019", "words": "the year after"},
        {"row": "v", "column": "other_date", "item": "May 2017 (c)", "note": "Not by day"},
    ]
    sources = [{"id": source, "default": source == "a"} for source in "abc"]
    done = expand({"events": rows(event), "details": rows(*details)}, sources)
    assert [breach.column for breach in done.breaches] == ["other_date"]
    assert plain(done.rows("readings"), "value", "reason") == [("2019", "“the year after”")]
