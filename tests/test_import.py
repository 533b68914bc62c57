"""Is a chronology that exists already the right sheet, row by row, is nothing of it lost, and is
what is left to decide said?"""

from __future__ import annotations

import io
import re
import tomllib
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

import casechron as cc
from a_good_review import META
from casechron.cli import main
from casechron.coding.cells import form_breach
from casechron.coding.codebook import codebook
from casechron.coding.form_check import check_form
from casechron.coding.import_entry import clock, kind_named, one_line
from casechron.coding.import_files import Gathered, read_tables
from casechron.coding.import_names import many_heads
from casechron.coding.importing import (
    ImportedChronology,
    asked_columns,
    import_chronology,
    write_chronology,
)
from chronologies.make import CHRONOLOGIES, cell, docx, ods, packed, plain, table, xlsx
from test_workbook import saved_by_office
from text_tables import cells_of
from thoroughly import examples, thorough

ROOT = Path(__file__).parents[1]
HERE = ROOT / "tests" / "chronologies"
RIGHT = tomllib.loads((HERE / "right.toml").read_text(encoding="utf-8"))
FILES = {path.stem: path for path in HERE.iterdir() if path.name in CHRONOLOGIES}
#: Heads that are not those of the trade.
ASKED = {"long-cells": ["summary=What was written down"]}
NAME = "child-x-anytown-2024"
#: A chronology with actions begins so.
ACTED = [["Date", "Agency", "Event", "Action taken"]]
NOWHERE = Path("nowhere")
#: A review that was published after all that the chronologies tell.
LATER = META.replace("2019", "2024").replace("2020-02-29", "2025-02-28")


def imported(path: Path, folder: Path = NOWHERE) -> ImportedChronology:
    return import_chronology(path, folder, (), asked_columns(ASKED.get(path.stem, ())))


def filled(rows: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    return [{key: cell for key, cell in row.items() if cell} for row in rows]


def of(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("notebooks", "data"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CASECHRON_ROOT", raising=False)
    return tmp_path


# ------------------------------------------------------------------- row by row


def test_there_are_chronologies_in_every_form() -> None:
    assert {path.name for path in FILES.values()} == set(CHRONOLOGIES)
    assert set(FILES) == set(RIGHT)
    assert len(FILES) >= 8
    assert {path.suffix for path in FILES.values()} == {".docx", ".xlsx", ".ods", ".csv"}


@pytest.mark.parametrize("name", CHRONOLOGIES)
def test_a_chronology_is_what_its_script_makes(name: str, tmp_path: Path) -> None:
    tables = read_tables(of(tmp_path / name, CHRONOLOGIES[name]()), many_heads)
    assert tables == read_tables(HERE / name, many_heads)


@pytest.mark.parametrize("name", RIGHT)
def test_a_chronology_is_the_right_sheet(name: str) -> None:
    chronology = imported(FILES[name])
    rows = filled(dict(row) for row in chronology.events)
    for line, (row, right) in enumerate(zip(rows, RIGHT[name]["events"], strict=False), start=2):
        assert row == right, line
    assert len(rows) == len(RIGHT[name]["events"])
    assert list(chronology.agencies) == RIGHT[name].get("agencies", [])


@thorough
@pytest.mark.parametrize(
    ("name", "kind"), [("times.xlsx", "ods"), ("times.xlsx", "xlsx"), ("initials.ods", "xlsx")]
)
def test_a_workbook_that_a_spreadsheet_saved_is_the_same(
    name: str, kind: str, tmp_path: Path
) -> None:
    chronology = imported(*saved_by_office(kind, tmp_path, HERE / name))
    assert filled(dict(row) for row in chronology.events) == RIGHT[Path(name).stem]["events"]


def test_a_chronology_can_be_checked_and_read_as_a_review(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, path in FILES.items():
        review = f"{name}-x-2024"
        columns = [f"--column={column}" for column in ASKED.get(name, ())]
        assert main(["import", str(path), review, *columns]) == 0
        folder = project / "data" / review
        (folder / "review.toml").write_text(LATER, encoding="utf-8")
        assert main(["check", "--draft", review]) == 0, capsys.readouterr().out
        checked = check_form(folder)
        assert not checked.wrong
        unread = [row for row in RIGHT[name]["events"] if row.get("date") == "?"]
        assert len(checked.to_do) == len(unread)
        assert len(cc.bounds(cc.read_review(folder))) == len(RIGHT[name]["events"])


# ------------------------------------------------------------------- nothing is lost

HEADS = (
    "Date", "Time", "Agency", "Event", "Details", "Source of information", "Action taken",
    "Outcome", "Analysis", "Child seen?", "Seen alone?", "Voice of the child", "Impact on child",
    "Professional", "Child", "Type of event", "Year", "No.", "Venue", "Date to", "Recorded", "",
)  # fmt: skip
TYPICAL = (
    "5 March 2018", "05/03/2018", "w/c 3/9/18", "sometime in spring", "next day", "2018", "n/k",
    "14:30", "2 pm", "am", "Police", "HV", "CSC / GP", "Anytown Nursery", "J. Example, SW", "None",
    "NFA", "yes", "N", "Not seen, asleep", "seen at school (well)", "outcome: a; injury: b", "-",
    "=1+1", "Mar-14", "TRUE", "p13.2", "report", "12", "Referral", "Strategy discussion", "ongoing",
    "a; b", "x (derived)", "“quoted”", "- a line\n- another", "X", "12 March 2018 to 14 March 2018",
    "none recorded",
)  # fmt: skip
LETTERS = st.characters(exclude_categories=["C", "Zl", "Zp"], max_codepoint=0x2FFF)
#: Any text; letters that were saved in one encoding and read in another stay wrong in the sheet.
ANY = st.text(LETTERS, max_size=40).filter(lambda text: not form_breach(text.strip()))
TEXT = st.one_of(st.sampled_from(TYPICAL), ANY, st.just(""))


def lost(source: Sequence[Sequence[str]], chronology: ImportedChronology) -> list[str]:
    """The filled cells of a chronology's rows that stand neither in the rows that they became nor
    in what is said."""
    heads, *rows = source
    entries: list[list[str]] = []
    for row in chronology.events:
        if row.get("answers"):
            entries[-1] += row.values()
        else:
            entries.append([*row.values()])
    remarks = "\n".join((*chronology.done, *chronology.left_out))
    named = {entry["label"]: identity for identity, entry in codebook().ready_agencies.items()}
    named |= {row["label"]: row["id"] for row in chronology.agencies}
    missing = []
    for row, entry in zip(rows, entries, strict=True):
        stands = "\n".join(entry)
        for head, cell_ in zip(heads, row, strict=True):
            text = one_line(Gathered().cell(cell_).text)
            names = [text, " ".join(cell_.split()), kind_named(text), clock(text) if text else ""]
            year = head == "Year" and f"heading {text}" in remarks
            if any(name and name in stands for name in names) or year or not text:
                continue
            if head == "No." and text.strip(".").isdigit() and f"under '{head}'" in remarks:
                continue
            parts = [part.strip() for part in re.split("[/;]", text)]
            agencies = head in ("Agency", "Professional") and all(
                named.get(part, "\0") in stands or f"'{part}' is read as" in remarks
                for part in ([text] if text in named or f"'{text}' is read" in remarks else parts)
            )
            if not agencies:
                missing.append(f"{head}: {text}")
    return missing


def test_an_end_without_a_beginning_stands_in_the_note(tmp_path: Path) -> None:
    path = tmp_path / "chronology.csv"
    path.write_bytes(plain([["Date", "Event", "Date to"], ["", "Moved", "2018"]]))
    chronology = import_chronology(path, tmp_path / "none")
    assert [row["note"] for row in chronology.events] == ["Date to: 2018"]
    assert (
        "the end '2018' is not read beside its date; it stands in note" in chronology.to_decide[0]
    )


@given(st.data())
@settings(deadline=None, max_examples=examples(150))
def test_nothing_is_lost(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    heads = ["Date", "Event", *data.draw(st.lists(st.sampled_from(HEADS), max_size=6))]
    order = data.draw(st.permutations(range(len(heads))))
    row = st.tuples(*[TEXT] * (len(heads) - 2)).map(list)
    rows = [
        [day, f"{what}{number} happened", *rest]
        for number, (day, what, rest) in enumerate(
            data.draw(
                st.lists(
                    st.tuples(TEXT, st.sampled_from(["", "=", "- ", "a; "]), row),
                    min_size=1,
                    max_size=6,
                )
            )
        )
    ]
    source = [[line[at] for at in order] for line in [heads, *rows]]
    folder = tmp_path_factory.mktemp("any")
    kind = data.draw(st.sampled_from(["csv", "docx", "xlsx"]))
    path = folder / f"chronology.{kind}"
    if kind == "csv":
        path.write_bytes(plain(source))
    elif kind == "docx":
        path.write_bytes(
            docx(table(*([cell(*lines.split("\n")) for lines in row] for row in source)))
        )
    else:
        path.write_bytes(xlsx(lambda book: _write(book, source)))
    chronology = import_chronology(path, folder / "none", ["report", "timeline"])
    assert lost(source, chronology) == []
    review = folder / NAME
    review.mkdir()
    (review / "review.toml").write_text(LATER, encoding="utf-8")
    write_chronology(chronology, review)
    assert [str(slip) for slip in check_form(review).wrong] == []


def _write(book: Workbook, source: Sequence[Sequence[str]]) -> None:
    sheet = book.add_worksheet("ImportedChronology")
    for at, row in enumerate(source):
        for column, text in enumerate(row):
            sheet.write_string(at, column, text)


# ------------------------------------------------------------------- what is said


def test_what_was_read_left_out_and_left_to_decide_is_said(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "kept.docx").write_bytes(CHRONOLOGIES["two-tables.docx"]())
    assert main(["import", "kept.docx", NAME]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "read: columns of table 2, table 3: 'Date' is date, 'Agency' is by, 'What happened' is"
        " summary, 'Child seen' is the fact child-seen",
        "read: table 1 explains initials: HV is Health visitor, FSW is Family support worker",
        "read: 'HV' is read as Health visitor (health-visitor) in 2 cells",
        "read: 'FSW' is read as Family support worker (family-support-worker) in 1 cell",
        "read: 'SN' is read as School nurse (school-nurse) in 1 cell",
        "left out: above table 3: 'After the summer', a heading or a text beside the table",
        "left out: the text below the tables: 'Completed by the review team', a heading or a text"
        " beside the table",
        "left out: 1 row with nothing but the heads again",
        "to decide: agencies.csv, family-support-worker: 'Family support worker' is new; write its"
        " sector, or put another agency in its place; no person is one",
        "to decide: agencies.csv, pc: 'PC' is initials that are not known here; write what they"
        " stand for into label, and its sector, or put another agency in its place; no person is"
        " one",
        "to decide: 4 rows have the kind entry, which no page counts as a concern, a step or a"
        " decision; write the kind of each that is one",
        "to decide: about is empty; write whom each row is about, as people.csv names them",
        "to decide: what stood under 'Child seen' (1) is in note; look whether another column holds"
        " it, and name people by the labels of people.csv alone",
        f"wrote 4 rows into data/{NAME}/events.csv and 3 rows into agencies.csv from kept.docx;"
        f" fill in review.toml, decide what is left, then: casechron check {NAME}",
    ]
    assert main(["import", "kept.docx", NAME]) == 2
    assert capsys.readouterr().err == (
        f"casechron: data/{NAME}/events.csv has 4 rows already, and nothing is written over them;"
        " name a new review\n"
    )


def test_what_stands_beside_the_text_of_a_document_is_told(tmp_path: Path) -> None:
    assert list(imported(FILES["long-cells"]).left_out) == [
        "the footnotes of the document ('Taken from the day book.'); no column is theirs",
    ]


@pytest.mark.parametrize(
    ("date_", "head", "message"),
    [
        (
            "3/9/18",
            "5 March 2018",
            "the date '3/9/18' is still to be read: the day or the month first, either can be"
            " meant; look it up; write 2018-09-03 or 2018-03-09",
        ),
        (
            "the summer of his birth",
            "5 March 2018",
            "the date 'the summer of his birth' is still to be read: the words 'the summer of his"
            " birth' are not read",
        ),
        (
            "",
            "5 March 2018",
            "the date is empty; the row above has 2018-03-05: write it, or empty the cell where"
            " there is none",
        ),
        ("5 March", "", "the date '5 March' is still to be read: its year is missing; look it up"),
        (
            "0218",
            "2018",
            "the date '0218' is still to be read: its year lies before 1900; look it up",
        ),
        (
            "43709",
            "2018",
            "the date '43709' is still to be read: it is a plain number, which is what a"
            " spreadsheet makes of a date (2019-09-01 or 2023-09-02, by its two ways of counting);"
            " look the date up in the source, format the column as text and write the year, the"
            " month and the day with hyphens between them; a year of more than four digits has a Y"
            " before it, as in 'Y12018'",
        ),
        (
            "09/13/2020",
            "5 March 2018",
            "the date '09/13/2020' is still to be read: 13 is no month, so that the month would"
            " stand first; look it up; write 2020-09-13",
        ),
    ],
)
def test_a_date_that_is_not_read_is_told_with_why(
    date_: str, head: str, message: str, tmp_path: Path
) -> None:
    rows = [["Date", "Event"], [head, "A"], [date_, "B"]]
    chronology = imported(of(tmp_path / "kept.csv", plain(rows)))
    assert chronology.to_decide[0] == f"events.csv line 3 (the file, row 3): {message}"
    assert chronology.events[1]["date"] == "?"


def test_dates_of_a_coded_table_come_back_as_they_stand(tmp_path: Path) -> None:
    coded = ["2014", "[2008..2012]", "2009/..", "2017/", "/..", "[..2018-08-14]", "late 2018-08"]
    coded += ["2018-05~", "{2018-03,2018-05}", "2018-07/2018-08"]
    rows = "".join(f'"{date}",A visit\n' for date in coded)
    chronology = imported(of(tmp_path / "a.csv", f"date,summary\n{rows}".encode()))
    assert filled(dict(row) for row in chronology.events) == [
        {"date": date, "kind": "entry", "summary": "A visit"} for date in coded
    ]
    slips = imported(of(tmp_path / "b.csv", b"date,summary\n[2008..201],A visit\n"))
    assert [dict(row)["date"] for row in slips.events] == ["?"]


def test_rows_below_the_heading_of_a_day_have_it(tmp_path: Path) -> None:
    rows = [["Date", "Event"], ["Monday 5 March 2018", ""], ["", "A"], ["", "B"], ["2018", ""]]
    chronology = imported(of(tmp_path / "kept.csv", plain([*rows, ["6 March", "C"]])))
    dates = [(row["date"], row.get("date_basis"), row["summary"]) for row in chronology.events]
    day = "2018-03-05"
    assert dates == [(day, "derived", "A"), (day, "derived", "B"), ("2018-03-06", "derived", "C")]
    assert "the day of 2 dates is that of the heading 2018-03-05" in chronology.done


def test_the_heads_are_those_of_the_chronology(tmp_path: Path) -> None:
    above = [
        ["ImportedChronology", "", ""],
        ["Date begun: 5 May 2018", "Details: Child K", ""],
        ["", "", ""],
    ]
    rows = [*above, ["Date", "Event", ""], ["2018", "A", "a date, an event and an action"]]
    chronology = imported(of(tmp_path / "kept.csv", plain(rows)))
    assert [row["summary"] for row in chronology.events] == ["A"]
    assert [line.split(": ", 1)[1].split(",")[0] for line in chronology.left_out] == [
        "'ImportedChronology'",
        "'Date begun: 5 May 2018'",
        "'Details: Child K'",
    ]


@pytest.mark.parametrize("merged", [True, False])
def test_a_title_is_no_head_above_two_rows_of_heads(tmp_path: Path, merged: bool) -> None:
    title = [cell("CHRONOLOGY", span=4)] if merged else ["CHRONOLOGY", "", "", ""]
    upper = [cell("When", span=2) if merged else "When", *([] if merged else [""])]
    rows = [title, [*upper, "Agency", "Event"], ["Date", "Time", "", ""]]
    rows += [["1 March 2021", "09:30", "Police", "A call"]]
    chronology = imported(of(tmp_path / "kept.docx", docx(table(*rows))))
    assert filled(dict(row) for row in chronology.events) == [
        {
            "date": "2021-03-01",
            "date_words": "1 March 2021",
            "time": "09:30",
            "by": "police",
            "summary": "A call",
            "kind": "entry",
        }
    ]
    assert chronology.left_out == [
        "table 1, row 1: 'CHRONOLOGY', a heading or a text beside the table"
    ]


def test_a_head_over_two_columns_of_four_is_no_title(tmp_path: Path) -> None:
    upper = [cell("Date", span=2), "", ""]
    rows = [
        upper,
        ["Day", "Time", "Agency", "Event"],
        ["1 March 2021", "09:30", "Police", "A call"],
    ]
    (row,) = imported(of(tmp_path / "kept.docx", docx(table(*rows)))).events
    assert (row["date"], row["time"], row["summary"]) == ("2021-03-01", "09:30", "A call")


def test_a_column_of_years_dates_the_rows_below(tmp_path: Path) -> None:
    rows = [["Year", "Date", "Event"], ["2017", "Mon\n6 March", "A"], ["", "2 May\n10.30", "B"]]
    rows += [["2018", "3 May", "C"], ["2019", "", "D"]]
    chronology = imported(of(tmp_path / "kept.csv", plain(rows)))
    assert [row["date"] for row in chronology.events] == cells_of(
        "2017-03-06 | 2017-05-02 | 2018-05-03 | '2019'"
    )
    dates = [(row.get("date_words"), row.get("date_basis")) for row in chronology.events]
    assert dates == [
        ("Mon 6 March", "derived"),
        ("2 May 10.30", "derived"),
        ("3 May", "derived"),
        (None, None),
    ]
    assert chronology.events[1]["time"] == "10:30"
    chronology = imported(of(tmp_path / "kept.csv", plain([["Year", "Event"], ["2017", "A"]])))
    assert chronology.events[0]["date"] == "2017"


def test_day_first_is_taken_from_the_file_alone(tmp_path: Path) -> None:
    heads = ["Date", "Event"]
    for rows, date_ in (
        ([["3/9/2018", "A"], ["13/9/2018", "B"]], "2018-09-03"),
        ([["3/9/2018", "A"], ["9/13/2018", "B"]], "?"),
        ([["3/9/2018", "A"], ["13/9/2018", "B"], ["9/13/2018", "C"]], "?"),
    ):
        chronology = imported(of(tmp_path / "kept.csv", plain([heads, *rows])))
        assert chronology.events[0]["date"] == date_


@pytest.mark.parametrize(
    "cell_", ["Health Visitor – J. Example", "HV, J. Example", "HV: J. Example", "HV (J. Example)"]
)
def test_a_person_behind_an_agency_is_no_agency(cell_: str, tmp_path: Path) -> None:
    rows = [["Date", "Agency", "Event"], ["5 March 2018", cell_, "A visit"]]
    chronology = imported(of(tmp_path / "kept.csv", plain(rows)))
    assert (chronology.events[0]["by"], chronology.agencies) == ("health-visitor", [])
    assert chronology.events[0]["note"] == f"Agency: {cell_}"


def test_a_kind_that_nothing_answers_is_left_to_decide(tmp_path: Path) -> None:
    rows = [["Date", "Type of event", "Event", "Action"], ["2018", "NFA", "Left", "A letter"]]
    chronology = imported(of(tmp_path / "kept.csv", plain(rows)))
    assert [row["kind"] for row in chronology.events] == ["entry", "entry"]
    assert chronology.events[0]["note"] == "Type of event: NFA"
    assert chronology.to_decide[0] == (
        "events.csv line 2 (the file, row 2): it is headed as the kind no-further-action; write"
        " that, and in the row of its action what that answers"
    )


def test_where_no_cell_says_what_happened_the_first_other_that_says_something_does(
    tmp_path: Path,
) -> None:
    heads = ["Date", "Agency", "Event", "Action taken", "Outcome"]
    rows = [
        heads,
        ["2016", "GP", "", "Rang", "Seen"],
        ["2017", "GP", "", "None", "Seen"],
        ["2018", "GP", "", "None", ""],
    ]
    chronology = imported(of(tmp_path / "kept.csv", plain(rows)))
    given = {"kind": "entry", "by": "gp"}
    assert filled(dict(row) for row in chronology.events) == [
        {"date": "2016", "summary": "Rang", "facts": "outcome: Seen", **given},
        {"date": "2017", "summary": "Seen", "note": "Action taken: None", **given},
        {"date": "2018", "summary": "not stated", "note": "Action taken: None", **given},
    ]
    assert chronology.to_decide[:3] == [
        f"events.csv line {line} (the file, row {line}): no cell says what happened; look whether"
        " the summary does"
        for line in (2, 3, 4)
    ]


@pytest.mark.parametrize("text", ["N/A", "n/a", "-", "nil", "None", "None."])
def test_what_stands_for_nothing_is_no_action(text: str, tmp_path: Path) -> None:
    chronology = imported(of(tmp_path / "kept.csv", plain([*ACTED, ["2018", "GP", "Rang", text]])))
    (row,) = chronology.events
    assert row["note"] == f"Action taken: {text}"
    assert "what stood under 'Action taken' (1) is in note" in chronology.to_decide[-1]


@pytest.mark.parametrize(
    "text",
    [
        *("No record of response", "none recorded", "No action taken", "No action was taken."),
        *("Nothing was done", "No response", "no response from CSC on file", "No", "Unknown"),
        *("There is no record of a reply", "nothing", "No follow-up recorded", "No action needed"),
        *("No further action was needed", "No response from the mother-in-law"),
    ],
)
def test_an_action_that_was_not_taken_is_nobody_s_act_and_is_left_to_decide(
    text: str, tmp_path: Path
) -> None:
    chronology = imported(of(tmp_path / "kept.csv", plain([*ACTED, ["2018", "GP", "Rang", text]])))
    (row,) = filled(dict(row) for row in chronology.events)
    right = {"date": "2018", "kind": "entry", "summary": "Rang", "by": "gp"}
    assert row == right | {"note": f"Action taken: {text}"}
    assert chronology.to_decide[0] == (
        f"events.csv line 2 (the file, row 2): {text!r} under 'Action taken' tells of no action,"
        " and stands in note; where a step was missing or somebody decided on none, write a row"
        " that says so"
    )
    assert not any("for actions" in line for line in chronology.to_decide)


@pytest.mark.parametrize(
    "text",
    [
        *("No answer to calls; letter sent", "No reply, card left", "No offences disclosed"),
        *("No response from mother and referral made to CSC", "No response from SW (rang again)"),
        *("No record of reply so SW rang the police", "No response from SW - rang again"),
        *("No response from SW \N{EN DASH} rang again", "No record of a reply then a visit"),
        *("No response from mother but father came", "Noted"),
    ],
)
def test_what_tells_of_an_action_besides_is_one(text: str, tmp_path: Path) -> None:
    chronology = imported(of(tmp_path / "kept.csv", plain([*ACTED, ["2018", "GP", "Rang", text]])))
    assert [row["summary"] for row in chronology.events] == ["Rang", text]


def test_whose_decision_and_whose_act_an_action_is_is_told_as_far_as_it_stands(
    tmp_path: Path,
) -> None:
    rows = [
        *ACTED,
        ["2018", "School", "Rang", "NFA"],
        ["2018", "", "Rang again", "NFA"],
        ["2018", "", "Rang at last", "A visit"],
    ]
    chronology = imported(of(tmp_path / "kept.csv", plain(rows)))
    assert [
        (row["kind"], row["summary"], row["by"]) for row in chronology.events if "answers" in row
    ] == [
        ("no-further-action", "NFA", "school (judged)"),
        ("entry", "NFA", ""),
        ("entry", "A visit", ""),
    ]
    assert list(chronology.to_decide)[:5] == [
        "events.csv line 2 (the file, row 2): 'NFA' is taken for a decision of school, as judged;"
        " look whose it was",
        "events.csv line 4 (the file, row 3): 'NFA' does not say whose decision it was; write who"
        " into by, and its kind no-further-action",
        "5 rows have the kind entry, which no page counts as a concern, a step or a decision; write"
        " the kind of each that is one",
        "1 row for actions: that the agency of the entry acted is judged, and when it did is not"
        " said",
        "2 rows for actions: neither who acted nor when is said",
    ]


def test_a_date_of_birth_is_left_out(tmp_path: Path) -> None:
    rows = [["Date", "Event", "DOB"], ["5 March 2018", "A visit", "1 January 2015"]]
    chronology = imported(of(tmp_path / "kept.csv", plain(rows)))
    message = "1 cell under 'DOB': no date of birth stands in a row"
    assert list(chronology.left_out) == [message]
    assert "2015" not in repr(chronology)


def test_a_place_and_a_person_of_the_review_are_named(project: Path) -> None:
    folder = project / "data" / NAME
    folder.mkdir()
    (folder / "review.toml").write_text(LATER, encoding="utf-8")
    (folder / "people.csv").write_text("id,label,kinship\nx,Child X,child\n", encoding="utf-8")
    rows = [["Date", "Event", "Child", "Source"], ["2018", "A visit", "Child X", "report:p3; p4"]]
    rows += [["2018", "A visit", "Baby", "the file"]]
    kept = of(project / "kept.csv", plain(rows))
    chronology = import_chronology(kept, folder, ["report"])
    first, second = chronology.events
    assert (first["about"], first["place"], first["note"]) == ("x", "report:p3; p4", "")
    assert (second["about"], second["place"]) == ("", "")
    assert second["note"] == "Child: Baby; Source: the file"
    line = "events.csv line 3 (the file, row 3)"
    assert f"{line}: 'Baby' is nobody of people.csv; it stands in note" in chronology.to_decide


DOCUMENT = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
WRONG = {
    "empty.csv": (b"", "empty.csv holds no table with anything in it"),
    "old.doc": (
        b"\xd0\xcf\x11\xe0 and more",
        "old.doc: this is an old Word or Excel file, or one with a password, which is not read;"
        " save it without a password as .docx or .xlsx",
    ),
    "report.pdf": (
        b"%PDF-1.7",
        "report.pdf: this is a PDF, which is not read; copy its table into a word processor or a"
        " spreadsheet and save that",
    ),
    "text.odt": (
        packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}),
        "text.odt: this is an OpenDocument text, which is not read; open it and save it as .docx",
    ),
    "cut.docx": (b"PK\x03\x04 and no more", "cut.docx: the file is damaged; save it anew"),
    "other-words.docx": (
        docx("It rained.").replace(b"rained", b"snowed"),
        "other-words.docx: the file is damaged; save it anew",
    ),
    "broken.docx": (
        packed({"word/document.xml": f"{DOCUMENT}<w:p>"}),
        "broken.docx: the document is damaged (no element found: line 1, column 88); save it anew"
        " as .docx",
    ),
    "entities.docx": (
        packed({"word/document.xml": f'<!DOCTYPE a [<!ENTITY b "c">]>{DOCUMENT}</w:document>'}),
        "entities.docx: the document declares a type of its own; save it anew as .docx",
    ),
    "prose.docx": (docx("No table stands here"), "prose.docx holds no table with anything in it"),
    "other.csv": (
        plain([["Name", "Relationship"], ["Child P", "subject"]]),
        "other.csv: no row of it heads a column of dates and one of what happened; it begins with"
        " 'Name', 'Relationship', 'Child P', 'subject'; say which they are: --column 'date=HEAD'"
        " --column 'summary=HEAD'",
    ),
    "quote.csv": (
        b'Date,Event\n2018,"never closed\n',
        "quote.csv: line 2 cannot be read as CSV (unexpected end of data); save it anew",
    ),
    "wide.csv": (
        plain([["Date", "Event"], ["2018", "a" * 140_000]]),
        "wide.csv: line 2 cannot be read as CSV (field larger than field limit (131072)); save it"
        " anew",
    ),
    "long.csv": (
        plain([["Date", "Event"], ["2018", "a" * 20_001]]),
        "long.csv: a cell has 20,001 letters, and at most 20,000 are allowed"
        f" ('{'a' * 60}…'); part it into several rows",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_file_that_cannot_be_imported_makes_nothing(
    name: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, message = WRONG[name]
    (project / name).write_bytes(data)
    assert main(["import", name, NAME]) == 2
    assert capsys.readouterr().err == f"casechron: {message}\n"
    assert not list((project / "data").iterdir())


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (
            "title=Event",
            "'title=Event' does not say which column is which; write COLUMN=HEAD, with the head as"
            " it stands and one of: number, until, time, child-seen-alone, child-spoken-to,"
            " child-said, child-seen, impact, date, period, kind, note, place, action, outcome, by,"
            " professional, about, summary",
        ),
        (
            "summary=Happenings",
            "kept.csv: no table with a chronology has the head 'happenings'; its heads are: date,"
            " event",
        ),
    ],
)
def test_a_column_that_is_none_is_refused(
    column: str, message: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "kept.csv").write_bytes(plain([["Date", "Event"], ["2018", "A"]]))
    assert main(["import", "kept.csv", NAME, "--column", column]) == 2
    assert capsys.readouterr().err == f"casechron: {message}\n"


def test_a_review_that_is_there_gets_its_first_rows(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", NAME]) == 0
    (project / "kept.csv").write_bytes(plain([["Date", "Event"], ["2018", "A"]]))
    assert main(["import", "kept.csv", NAME]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        f"wrote 1 row into data/{NAME}/events.csv from kept.csv; decide what is left, then:"
        f" casechron check {NAME}"
    )
    events = (project / "data" / NAME / "events.csv").read_text(encoding="utf-8")
    assert events == "date,kind,summary\n2018,entry,A\n"


def test_the_id_of_a_new_review_is_one(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "kept.csv").write_bytes(plain([["Date", "Event"], ["2018", "A"]]))
    assert main(["import", "kept.csv", "Child X"]) == 2
    assert "'Child X' is no id of a review" in capsys.readouterr().err
    assert not list((project / "data").iterdir())


def _ods_cell(text: str, *, rows: int = 1, columns: int = 1) -> str:
    """A cell of an OpenDocument spreadsheet that is merged with those below and beside it."""
    return (
        f'<table:table-cell table:number-rows-spanned="{rows}" '
        f'table:number-columns-spanned="{columns}" office:value-type="string">'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def test_merged_heads_of_an_ods_stand_over_each_row_and_column_that_they_span(
    tmp_path: Path,
) -> None:
    covered = "<table:covered-table-cell/>"
    rows = [
        [
            *(_ods_cell(head, rows=2) for head in ("Date", "Agency", "Event")),
            _ods_cell("Agency response", columns=2),
            covered,
        ],
        [covered, covered, covered, "Action taken", ""],
        ["5 March 2018", "Police", "A call to the home", "A visit", "A door was mended"],
    ]
    chronology = imported(of(tmp_path / "kept.ods", ods(rows)))
    action = {"kind": "entry", "by": "police (judged)", "answers": "entry-2"}
    assert filled(dict(row) for row in chronology.events) == [
        {
            "id": "entry-2",
            "date": "2018-03-05",
            "date_words": "5 March 2018",
            "kind": "entry",
            "summary": "A call to the home",
            "by": "police",
        },
        {"summary": "A visit", **action},
        {"summary": "A door was mended", **action},
    ]
    assert chronology.done[0] == (
        "columns of the sheet 'Sheet1': 'Date' is date, 'Agency' is by, 'Event' is summary, 'Action"
        " taken' is a row of its own that answers, 'Agency response' is a row of its own that"
        " answers"
    )
    assert list(chronology.left_out) == []


def test_each_cell_that_an_ods_repeats_is_read_as_far_as_it_shows_its_date(tmp_path: Path) -> None:
    """A spreadsheet writes equal neighbours once, with how often they stand there."""
    month = (
        '<table:table-cell table:style-name="day" table:number-columns-repeated="2" '
        'office:value-type="date" office:date-value="2018-11-01"><text:p>11/2018</text:p>'
        "</table:table-cell>"
    )
    with zipfile.ZipFile(io.BytesIO(ods([["From", "To", "Event"], [month, "A visit"]]))) as file:
        parts = {name: file.read(name).decode() for name in file.namelist()}
    twice = '<table:table-row table:number-rows-repeated="2">'
    content = parts["content.xml"].replace("<number:day/><number:text>/</number:text>", "")
    parts["content.xml"] = content.replace(f"<table:table-row>{month}", f"{twice}{month}")
    chronology = imported(of(tmp_path / "kept.ods", packed(parts)))
    events = filled(dict(row) for row in chronology.events)
    assert events == [{"date": "2018-11", "kind": "entry", "summary": "A visit"}] * 2
