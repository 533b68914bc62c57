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
    review = tmp_path / "child-x-example-2019"
    review.mkdir()
    for name, text in (GOOD | {f"{name}.csv": text for name, text in files.items()}).items():
        (review / name).write_text(text, encoding="utf-8", newline="")
    return review


def test_an_id_is_written_where_something_refers_to_the_row(tmp_path: Path) -> None:
    events = (
        "date,summary,kind,answers,Our ref\n"
        "2014-08,A worry,concern,,1\n"
        "2014-09,A visit,visit,concern-2014-08,2\n"
    )
    review = folder(tmp_path, events=events)
    before = canonical(expand_forms(read_forms(review), [{"id": "report"}]))
    assert fill(review) == ["events.csv line 2, id: concern-2014-08"]
    assert (review / "events.csv").read_text(encoding="utf-8") == (
        "date,summary,kind,answers,Our ref,id\n"
        "2014-08,A worry,concern,,1,concern-2014-08\n"
        "2014-09,A visit,visit,concern-2014-08,2,\n"
    )
    assert canonical(expand_forms(read_forms(review), [{"id": "report"}])) == before
    assert fill(review) == []


def test_a_corrected_date_breaks_no_reference_once_ids_are_filled(tmp_path: Path) -> None:
    events = (
        "date,summary,kind,answers\n"
        "2014-08,A worry,concern,\n"
        "2014-09,A visit,visit,concern-2014-08\n"
    )
    review = folder(tmp_path, events=events)
    fill(review)
    path = review / "events.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("2014-08,A", "2013-07,A"), encoding="utf-8"
    )
    check = check_form(review)
    assert check.wrong == []
    assert [look.message for look in check.looks if look.column == "id"] == [
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
    review = folder(tmp_path, events=events)
    assert fill_parties(review) == [
        "events.csv line 2, by: childrens-services (derived)",
        "events.csv line 2, with: meeting-unnamed (derived)",
        "events.csv line 2, about: x (derived)",
    ]
    second = (review / "events.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert second[0] == (
        "2014,icpc,,A conference,childrens-services (derived),meeting-unnamed (derived),x (derived)"
    )
    assert second[1:] == events.splitlines()[2:]


def test_of_two_children_none_is_implied(tmp_path: Path) -> None:
    people = "id,label,kinship\nx,X,child\ny,Y,child\n"
    review = folder(tmp_path, events="date,kind,summary\n2014,icpc,One\n", people=people)
    assert [line.split(": ")[1] for line in fill_parties(review)] == [
        "childrens-services (derived)",
        "meeting-unnamed (derived)",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    some([("icpc", "conference"), ("view-no-risk", "v"), ("gp", "family-doctor"), ("wf", "f")], 2),
)
def test_an_id_is_renamed_wherever_it_stands(tmp_path: Path, old: str, new: str) -> None:
    review = tmp_path / "child-w-manchester-2020"
    shutil.copytree(SHEETS / review.name, review)
    before = check_form(review).expanded
    assert rename(review, old, new)
    check = check_form(review)
    assert [str(slip) for slip in check.wrong] == []
    ids = {old: new}
    for table, rows in before.tables.items():
        now = check.expanded.tables[table]
        assert len(now) == len(rows), table
        ids |= {
            old_row["id"]: new_row["id"]
            for old_row, new_row in zip(rows, now, strict=True)
            if old_row["id"]
        }
    assert len(set(ids.values())) == len(ids)
    for table, rows in before.tables.items():
        for old_row, new_row in zip(rows, check.expanded.tables[table], strict=True):
            texts = {column for column in old_row.cells if column in TEXTS}
            expected = {
                column: value if column in texts else ids.get(value, value)
                for column, value in old_row.cells.items()
            }
            assert new_row.cells == expected
    rename(review, new, old)
    forms, _ = read(coding(review.name))
    again, _ = read({path.name: path.read_bytes() for path in review.iterdir() if path.is_file()})
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
    review = folder(tmp_path)
    with pytest.raises(FillError) as error:
        rename(review, old, new)
    assert str(error.value) == message
    assert (review / "events.csv").read_text(encoding="utf-8") == GOOD["events.csv"]


def test_a_coding_is_renamed_with_its_review(tmp_path: Path) -> None:
    review = folder(tmp_path)
    below = review / "codings" / "ann"
    below.mkdir(parents=True)
    for name in ("events.csv", "people.csv"):
        (below / name).write_text(GOOD[name], encoding="utf-8")
    assert rename(review, "worry", "absence-from-school") == [
        "events.csv: 1 cell",
        "codings/ann/events.csv: 1 cell",
    ]
    assert "absence-from-school,2014-08" in (below / "events.csv").read_text(encoding="utf-8")


def test_a_reading_of_the_name_of_a_row_keeps_its_own(tmp_path: Path) -> None:
    text = "reading,row,column,value,reason\nworry,iv-visit-led,event,{},The call led to it\n"
    review = folder(tmp_path, readings=text.format("worry"))
    rename(review, "worry", "referral")
    assert (review / "readings.csv").read_text(encoding="utf-8") == text.format("referral")


def test_what_was_decided_on_differences_keeps_its_rows(tmp_path: Path) -> None:
    review = folder(tmp_path)
    heads = "coding,coding_other,part,row,row_other,about,says,says_other,places,decision,reason"
    decided = """
r,r/codings/bo,date,worry,worry-of-bo,disjoint windows,2014-07,2014-08,para 1.1,both,worry
r,r/codings/bo,code,worry-2,worry,role of an agency: worry,raised,held,,as the first,
r,r/codings/bo,order,visit,visit,order with worry,before,after,,neither,
r,r/codings/bo,event,visit,,worry,worry: worry,,,as the first,
"""
    (review / "codings").mkdir()
    kept = review / "codings" / "decisions.csv"
    kept.write_text(heads + decided, encoding="utf-8")
    assert rename(review, "worry", "concern-1") == [
        "events.csv: 1 cell",
        "codings/decisions.csv: 4 cells",
    ]
    assert (
        kept.read_text(encoding="utf-8")
        == f"""{heads}
r,r/codings/bo,date,concern-1,worry-of-bo,disjoint windows,2014-07,2014-08,para 1.1,both,worry
r,r/codings/bo,code,worry-2,concern-1,role of an agency: concern-1,raised,held,,as the first,
r,r/codings/bo,order,visit,visit,order with concern-1,before,after,,neither,
r,r/codings/bo,event,visit,,worry,worry: worry,,,as the first,
"""
    )


def test_a_file_keeps_its_line_ends_and_the_mark_at_its_beginning(tmp_path: Path) -> None:
    """As Excel saves `CSV UTF-8`; in cells line feeds stand alone."""
    mark, events = b"\xef\xbb\xbf", 'id,date,kind,summary\r\na,2014-08,concern,"A\nworry"\r\n'
    review = folder(tmp_path)
    (review / "events.csv").write_bytes(mark + events.encode())
    heads, cells = "row,about,decision\r\n", "a,day,neither\r\n"
    (review / "codings").mkdir()
    (review / "codings" / "decisions.csv").write_bytes(mark + f"{heads}{cells}".encode())
    rename(review, "a", "b")
    as_written = events.replace("\na,", "\nb,").encode()
    assert (review / "events.csv").read_bytes() == mark + as_written
    decided = (review / "codings" / "decisions.csv").read_bytes()
    assert decided == mark + f"{heads}b,day,neither\r\n".encode()


def test_where_decisions_cannot_be_read_nothing_is_renamed(tmp_path: Path) -> None:
    review = folder(tmp_path)
    (review / "codings").mkdir()
    (review / "codings" / "decisions.csv").write_text("row,reason\nworry," + "y" * 140_000)
    with pytest.raises(FillError) as refused:
        rename(review, "worry", "concern-1")
    assert str(refused.value) == "codings/decisions.csv: field larger than field limit (131072)"
    assert (review / "events.csv").read_text(encoding="utf-8") == GOOD["events.csv"]


def test_a_coding_that_lies_elsewhere_is_left_alone(tmp_path: Path) -> None:
    review, elsewhere = folder(tmp_path), tmp_path / "elsewhere"
    (elsewhere / "ann").mkdir(parents=True)
    decided = "row,about\nworry,day\n"
    for path, text in (("ann/events.csv", GOOD["events.csv"]), ("decisions.csv", decided)):
        (elsewhere / path).write_text(text, encoding="utf-8")
    (review / "codings").symlink_to(elsewhere)
    assert rename(review, "worry", "concern-1") == ["events.csv: 1 cell"]
    assert (elsewhere / "ann" / "events.csv").read_text(encoding="utf-8") == GOOD["events.csv"]
    assert (elsewhere / "decisions.csv").read_text(encoding="utf-8") == decided
