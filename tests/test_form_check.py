"""What does a coder read of a folder in the form: wrong, still to do, worth a look?"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest

from casechron.coding.folder import new_review
from casechron.coding.form_check import FormCheck, by_message, check_form
from casechron.coding.sheets import Breach, read_forms
from sheet_cases import CODINGS, SHEETS, simulated

TOML = """\
title = "Child X"
body = "Example Safeguarding Board"
year = 2019
published = "2019-05"
published_of = "review"
jurisdiction = "England"
coder = "A. Coder"
coded_on = "2021-03-01"
codebook = "2.0"
content_note = "It tells of harm."
notes = "Coded once."
licence = "CC-BY-4.0"
citation = "A. Coder (2021)."

[[sources]]
id = "report"
citation = "Example Safeguarding Board (2019). Review of Child X."
kind = "review-report"
published = "2019-05"
located_by = "source only"
"""
#: A chronology of twelve cells and the people in it: nothing is wrong with it, nothing to do.
GOOD = {
    "review.toml": TOML,
    "events.csv": """\
id,date,kind,summary,by,to,about
worry,2014-08,referral,A school refers a child's attendance,school,Children's services,X
,2014-09-02,visit,A social worker visits,childrens-services,,X
""",
    "people.csv": "id,label,kinship\nx,X,child\nm,X's mother,mother\n",
}


def checked(tmp_path: Path, **changes: str) -> FormCheck:
    """The check of the good folder with other files; `events` is a text for events.csv."""
    folder = tmp_path / "child-x-example-2019"
    folder.mkdir()
    files = GOOD | {
        "review.toml" if name == "toml" else f"{name}.csv": text for name, text in changes.items()
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return check_form(folder)


def lines(breaches: object) -> list[str]:
    return [str(breach) for breach in breaches]


@pytest.mark.parametrize("name", CODINGS)
def test_nothing_is_wrong_with_a_real_coding(name: str) -> None:
    check = check_form(SHEETS / name)
    assert lines(check.wrong) == lines(check.to_do) == []


def test_nothing_is_wrong_with_simulated_reviews(tmp_path: Path) -> None:
    for review, files in list(simulated().items())[::7]:
        (tmp_path / review).mkdir()
        for name, content in files.items():
            (tmp_path / review / name).write_bytes(content)
        check = check_form(tmp_path / review)
        assert lines(check.wrong) == lines(check.to_do) == []


def test_a_chronology_of_date_summary_and_by_is_good(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    check = checked(tmp_path / "r", events="by,summary,date\nschool,A worry,2014-08\n", people="")
    assert lines(check.wrong) == []
    assert lines(check.to_do) == [
        "events.csv line 2, kind: the cell is empty; write what kind of event it is, or entry where"
        " none fits yet"
    ]
    check = checked(tmp_path)
    assert lines(check.wrong) == lines(check.to_do) == lines(check.looks) == []


def test_slips_of_one_kind_are_one_line_and_the_rarest_first(tmp_path: Path) -> None:
    rows = "".join(f"2014,visit,A visit {number},gpp,\n" for number in range(30))
    check = checked(
        tmp_path, events=f"date,kind,summary,by,count\n{rows}2014,visit,Two,gp,2+\n"
    ).wrong
    assert by_message(check) == [
        "events.csv line 32, count: '2+' is no count; write 2, at least 2 (also for several, or a"
        " plural without a number), at most 5 or 2 to 5",
        "events.csv line 2, by: 'gpp' names no agency and no person; did you mean 'gp'? (30 times:"
        " lines 2, 3, 4 …)",
    ]
    assert len(by_message(check, every=True)) == 31
    # What is to be written in place of the first is not what the others need.
    days = [
        Breach("events.csv", line, "date", f"'{day}' is not a date; write '{right}'")
        for line, day, right in ((2, "June 2019", "2019-06"), (3, "10 June 2019", "2019-06-10"))
    ]
    (line,) = by_message(days)
    assert line.endswith("write '2019-06' (2 of this kind: lines 2, 3; --every says it of each)")
    # What was meant by one name is not what was meant by another.
    names = [
        Breach("events.csv", line, "by", f"'{name}' names nobody; did you mean '{meant}'?")
        for line, name, meant in ((2, "scool", "school"), (3, "schol", "school"), (4, "gpp", "gp"))
    ]
    assert by_message(names) == [
        "events.csv line 4, by: 'gpp' names nobody; did you mean 'gp'?",
        "events.csv line 2, by: 'scool' names nobody; did you mean 'school'? (2 of this kind:"
        " lines 2, 3)",
    ]


def test_who_was_not_invited_is_offered_a_word_that_can_be_read(tmp_path: Path) -> None:
    rows = "2014,2014-03,icpc,One,gp,school,gp ({})\n".format
    events = "date,until,kind,summary,by,with,without\n"
    for bracket, wrong in (("not invited", 1), ("not-involved, did-not-happen", 0)):
        (tmp_path / bracket / "r").mkdir(parents=True)
        check = checked(tmp_path / bracket / "r", events=events + rows(bracket)).wrong
        assert len([slip for slip in check if slip.column == "without"]) == wrong


def test_a_new_review_says_what_to_fill_in_and_its_worked_row_is_one_line(tmp_path: Path) -> None:
    folder = new_review(tmp_path / "child-x-anytown-2021")
    check = check_form(folder)
    assert list(check.wrong) == []
    *blank, worked = check.to_do
    assert {slip.file for slip in blank} == {"review.toml"}
    assert all("the placeholder" in slip.message for slip in blank)
    assert lines([worked]) == [
        "events.csv line 2: this is the worked row of a new review, and it is invented; write what"
        " the source says in its place, or delete it"
    ]
    (folder / "review.toml").write_text(
        TOML.replace("2019", "2021").replace("2021-03", "2022-03"), encoding="utf-8"
    )
    events = folder / "events.csv"
    text = events.read_text(encoding="utf-8")
    events.write_text(text.replace("A school refers", "A school sends"), encoding="utf-8")
    check = check_form(folder)
    assert lines(check.wrong) == lines(check.to_do) == lines(check.looks) == []


def test_a_reading_is_tried_against_the_rows_that_name_its_row(tmp_path: Path) -> None:
    """The order of the second event stands in a row of its own, which names the first."""
    events = (
        "id,date,kind,absence,summary,by,after,place\n"
        "first,2014-05,visit,,A visit,gp,,p2.1\nsecond,2014-06,visit,,Another,gp,first,p2.1\n"
    )
    readings = (
        "reading,row,column,value,reason,place\nnone,first,absence,did-not-happen,It may be,p2.1\n"
    )
    wrong = lines(checked(tmp_path, events=events, readings=readings).wrong)
    assert [line for line in wrong if "under the reading 'none'" in line] != []
    assert "'first' is an absence, which has no order" in " ".join(wrong)


def test_another_reading_of_a_source_is_tried_against_all_that_rests_on_it(tmp_path: Path) -> None:
    """A report of 2012 cannot tell of what happened in 2014, whichever rows name the report."""
    readings = "reading,row,column,value,reason\nolder,report,published,2012,It may be older\n"
    wrong = lines(checked(tmp_path, readings=readings).wrong)
    lead = "readings.csv line 2, value: under the reading 'older' a rule would be broken: "
    assert [line.removeprefix(lead).split(":")[0] for line in wrong] == [
        "events.csv line 2, date",
        "events.csv line 3, date",
    ]


def test_an_empty_cell_is_not_coded_or_silent() -> None:
    read = read_forms(SHEETS / "child-a-haringey-2008")
    assert read.coded("by", []) == "coded"
    assert read.coded("sequence", []) == read.coded("views", []) == "not coded"
    assert read.coded("sequence", ["sequence"]) == read.coded("views", ["views"]) == "silent"
    for name in (3, None, ["by"]):
        told = re.escape(f"there is no file and no column '{name}' of the form")
        with pytest.raises(KeyError, match=told):
            read.coded(cast(str, name), [])


@pytest.mark.parametrize("sources", ['"report"', '["report"]', '[{ id = "report" }, "news"]'])
def test_what_is_no_list_of_sources_is_told(tmp_path: Path, sources: str) -> None:
    toml = f"sources = {sources}\n{TOML.split('[[sources]]')[0]}"
    (told,) = lines(checked(tmp_path, toml=toml).wrong)
    assert " is no list of sources; write " in told


@pytest.mark.parametrize("value", ["[" * 20_000, "1" * 5_000], ids=["deep", "digits"])
def test_toml_that_its_reader_gives_no_place_for(value: str, tmp_path: Path) -> None:
    assert lines(checked(tmp_path, toml=f"year = {value}\n").wrong) == [
        "review.toml: this is not TOML (too deep, or too long a number); a line is: key ="
        ' "text", in straight quotes, with \\\\ for a backslash'
    ]


def test_a_check_changes_no_file_and_imports_nothing_heavy(tmp_path: Path) -> None:
    """Coders check again and again: it must not wait for the libraries of the reports."""
    checked(tmp_path, events="date,summary,by\n2014,A worry,gpp\n")
    folder = tmp_path / "child-x-example-2019"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    code = (
        "import sys; from casechron.coding.form_check import check_form;"
        f" assert check_form({str(folder)!r}).wrong;"
        " print(*sorted({name.partition('.')[0] for name in sys.modules} & {'pandas', 'numpy',"
        " 'matplotlib', 'IPython', 'papermill', 'holidays', 'nbformat', 'tqdm'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
