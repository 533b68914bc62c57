"""What do the tools write into the files of a form, and what do they leave alone?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from casechron.coding.expand import expand_forms
from casechron.coding.fill import FillError, fill, fill_parties, rename
from casechron.coding.form_check import check_form
from casechron.coding.sheets import read_forms
from sheet_cases import SHEETS, canonical, coding, read
from test_form_check import GOOD
from thoroughly import some

#: Columns in which the letters of an id are no id.
TEXTS = ("summary", "note", "label", "words", "date_words", "reason", "kind", "proposition")


def folder(tmp_path: Path, **files: str) -> Path:
    made = tmp_path / "child-x-example-2019"
    made.mkdir()
    for name, text in (GOOD | {f"{name}.csv": text for name, text in files.items()}).items():
        (made / name).write_text(text, encoding="utf-8", newline="")
    return made


def test_an_id_is_written_where_something_refers_to_the_row(tmp_path: Path) -> None:
    events = (
        "date,summary,kind,answers,Our ref\n"
        "2014-08,A worry,concern,,1\n"
        "2014-09,A visit,visit,concern-2014-08,2\n"
    )
    made = folder(tmp_path, events=events)
    before = canonical(expand_forms(read_forms(made), [{"id": "report"}]))
    assert fill(made) == ["events.csv line 2, id: concern-2014-08"]
    assert (made / "events.csv").read_text(encoding="utf-8") == (
        "date,summary,kind,answers,Our ref,id\n"
        "2014-08,A worry,concern,,1,concern-2014-08\n"
        "2014-09,A visit,visit,concern-2014-08,2,\n"
    )
    assert canonical(expand_forms(read_forms(made), [{"id": "report"}])) == before
    assert fill(made) == []


def test_a_corrected_date_breaks_no_reference_once_ids_are_filled(tmp_path: Path) -> None:
    events = (
        "date,summary,kind,answers\n"
        "2014-08,A worry,concern,\n"
        "2014-09,A visit,visit,concern-2014-08\n"
    )
    made = folder(tmp_path, events=events)
    fill(made)
    path = made / "events.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("2014-08,A", "2013-07,A"), encoding="utf-8"
    )
    check = check_form(made)
    assert check.wrong == []
    assert [one.message for one in check.looks if one.column == "id"] == [
        "'concern-2014-08' names a month, and its date is '2013-07'"
    ]


def test_what_a_kind_implies_is_written_for_all_to_see(tmp_path: Path) -> None:
    events = (
        "date,kind,absence,summary,by,with,about\n"
        "2014,icpc,,A conference,,,\n"
        "2015,icpc,apparently-not,No conference,,,\n"
        "2016,section-47,,Enquiries,police,,m\n"
        "2017,visit,,A visit,,,\n"
    )
    made = folder(tmp_path, events=events)
    assert fill_parties(made) == [
        "events.csv line 2, by: childrens-services (derived)",
        "events.csv line 2, with: meeting-unnamed (derived)",
        "events.csv line 2, about: x (derived)",
    ]
    second = (made / "events.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert second[0] == (
        "2014,icpc,,A conference,childrens-services (derived),meeting-unnamed (derived),x (derived)"
    )
    assert second[1:] == events.splitlines()[2:]


def test_of_two_children_none_is_implied(tmp_path: Path) -> None:
    people = "id,label,kinship\nx,X,child\ny,Y,child\n"
    made = folder(tmp_path, events="date,kind,summary\n2014,icpc,One\n", people=people)
    assert [line.split(": ")[1] for line in fill_parties(made)] == [
        "childrens-services (derived)",
        "meeting-unnamed (derived)",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    some([("icpc", "conference"), ("view-no-risk", "v"), ("gp", "family-doctor"), ("wf", "f")], 2),
)
def test_an_id_is_renamed_wherever_it_stands(tmp_path: Path, old: str, new: str) -> None:
    made = tmp_path / "child-w-manchester-2020"
    shutil.copytree(SHEETS / made.name, made)
    before = check_form(made).expanded
    assert rename(made, old, new)
    check = check_form(made)
    assert [str(one) for one in check.wrong] == []
    ids = {old: new}
    for table, rows in before.tables.items():
        now = check.expanded.tables[table]
        assert len(now) == len(rows), table
        ids |= {was["id"]: one["id"] for was, one in zip(rows, now, strict=True) if was["id"]}
    assert len(set(ids.values())) == len(ids)
    for table, rows in before.tables.items():
        for was, one in zip(rows, check.expanded.tables[table], strict=True):
            texts = {column for column in was.cells if column in TEXTS}
            expected = {
                column: value if column in texts else ids.get(value, value)
                for column, value in was.cells.items()
            }
            assert one.cells == expected
    rename(made, new, old)
    forms, _ = read(coding(made.name))
    again, _ = read({path.name: path.read_bytes() for path in made.iterdir() if path.is_file()})
    assert {name: [row.cells for row in rows] for name, rows in again.items()} == {
        name: [row.cells for row in rows] for name, rows in forms.items()
    }


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("worri", "w", "no row has the id 'worri'; did you mean 'worry'?"),
        ("worry", "x", "'x' is the id of a row already; choose another"),
        ("worry", "gp", "'gp' is the id of a row already; choose another"),
        ("worry", "A worry", "'A worry' is no id; write lower-case letters, digits and hyphens"),
    ],
)
def test_a_name_that_is_none_renames_nothing(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    made = folder(tmp_path)
    with pytest.raises(FillError) as error:
        rename(made, old, new)
    assert str(error.value) == message
    assert (made / "events.csv").read_text(encoding="utf-8") == GOOD["events.csv"]


def test_a_coding_is_renamed_with_its_review(tmp_path: Path) -> None:
    made = folder(tmp_path)
    below = made / "codings" / "ann"
    below.mkdir(parents=True)
    for name in ("events.csv", "people.csv"):
        (below / name).write_text(GOOD[name], encoding="utf-8")
    assert rename(made, "worry", "absence-from-school") == [
        "events.csv: 1 cell",
        "codings/ann/events.csv: 1 cell",
    ]
    assert "absence-from-school,2014-08" in (below / "events.csv").read_text(encoding="utf-8")
