"""A new review begins with everything in place, and is written in full or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from a_good_review import META
from casechron.coding.codebook import codebook
from casechron.coding.files import UnfitError, is_coding
from casechron.coding.folder import BlankError, new_coding, new_review
from casechron.coding.form_check import check_form
from casechron.dates.windows import day_span

KEYS = [name for name, key in codebook().keys.items() if key.needed]

ID = "child-x-anytown-2019"


def test_a_new_review_says_what_to_fill_in(tmp_path: Path) -> None:
    check = check_form(new_review(tmp_path / ID))
    # the version of the codebook is the one thing that the package knows
    keys = [key for key in KEYS if key != "codebook"]
    assert list(check.wrong) == list(check.looks) == []
    *blank, worked = check.to_do
    assert [breach.column for breach in blank] == [*keys, *["sources"] * 4]
    assert (
        str(blank[0])
        == "review.toml line 5, title: the placeholder FILL IN still stands here; write the"
        " review's title, as reports print it"
    )
    assert (
        str(blank[2])
        == "review.toml line 11, year: the placeholder 0 still stands here; write the year that the"
        " review's id carries, a whole number without quotes"
    )
    assert str(worked) == LEFT


def test_what_names_a_source_before_one_is_filled_in_is_still_to_do(tmp_path: Path) -> None:
    folder = new_review(tmp_path / ID)
    rows = "date,kind,summary,place,other_date\n2018,visit,One,paper,2019 (paper)\n"
    rows = f"{rows}2018,visit,Two,p1.2,\n2018,visit,Three,13.10,2019\n"
    (folder / "events.csv").write_text(rows, encoding="utf-8")
    check = check_form(folder)
    unfilled = (
        "no source is filled in yet that could be meant; fill in [[sources]] of review.toml, or the"
        " sheet sources of the workbook"
    )
    assert [str(slip) for slip in check.to_do if slip.file == "events.csv"] == [
        f"events.csv line 2, other_date: '2019 (paper)': {unfilled}",
        f"events.csv line 2, place: 'paper': {unfilled}",
        f"events.csv line 3, place: 'p1.2': {unfilled}",
    ]
    assert list(map(str, check.wrong)) == [
        "events.csv line 4, other_date: '2019' does not say whose date it is; write DATE (SOURCE);"
        " the sources are: none, since no source is filled in yet",
        "events.csv line 4, place: '13.10' is a bare number; write 'p13.10' for the place",
    ]


LEFT = (
    "events.csv line 2: this is the worked row of a new review, and it is invented; write what the"
    " source says in its place, or delete it"
)


def test_the_worked_row_that_still_stands_is_one_line(tmp_path: Path) -> None:
    folder = new_review(tmp_path / ID)
    (folder / "review.toml").write_text(META, encoding="utf-8")
    for _ in range(2):  # so it is in an independent coding, which has the sources of its review
        check = check_form(folder)
        assert [str(slip).removeprefix("codings/bob/") for slip in check.to_do] == [LEFT]
        assert list(check.wrong) == list(check.looks) == []
        folder = folder if is_coding(folder) else new_coding(folder, "bob")


def test_a_new_review_is_a_sheet_of_one_row(tmp_path: Path) -> None:
    folder = new_review(tmp_path / ID)
    assert sorted(path.name for path in folder.iterdir()) == ["events.csv", "review.toml"]
    assert (folder / "events.csv").read_text(encoding="utf-8").splitlines() == [
        "date,kind,summary,by,to,with,about,answers,place",
        "late 2014-08,referral,A school refers a child's attendance,school,childrens-services"
        " (derived),,,,",
    ]
    assert [path.name for path in new_coding(folder, "bob").iterdir()] == ["events.csv"]


def test_the_worked_rows_of_the_tidy_tables_agree_in_time() -> None:
    """A fortnight (11 to 17 days, rounded) after the referral is a day of the visit, under its
    other reading too."""
    events = {row["id"]: day_span(row["date"]) for row in codebook().tables["events"].examples}
    (relation,) = codebook().tables["relations"].examples
    (reading,) = codebook().tables["readings"].examples
    assert (relation["gap"], relation["meaning"]) == ("P2W", "rounded")
    assert (reading["row"], reading["column"]) == (relation["to_event"], "date")
    first = events[relation["from_event"]]
    for visit in (events[relation["to_event"]], day_span(reading["value"])):
        assert visit.earliest <= first.latest + 17
        assert visit.latest >= first.earliest + 11


def test_what_exists_is_left_as_it_is(tmp_path: Path) -> None:
    folder = new_review(tmp_path / ID)
    (folder / "people.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(BlankError) as caught:
        new_review(folder)
    assert str(caught.value) == f"{folder} exists already; choose another id, or move it away first"
    assert (folder / "people.csv").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("name", "more"),
    [("Child X", "; did you mean 'child-x'?"), ("child_x", "; did you mean 'child-x'?"), ("§", "")],
)
def test_a_review_has_an_id(name: str, more: str, tmp_path: Path) -> None:
    with pytest.raises(UnfitError) as caught:
        new_review(tmp_path / name)
    assert (
        str(caught.value)
        == f"'{name}' is no id of a review; write lower-case letters, digits and hyphens{more}"
    )
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Path.write_text

    def full_disk(path: Path, *args: object, **kwargs: object) -> int:
        if path.name == "events.csv":
            raise OSError(28, "No space left on device")
        return whole(path, *args, **kwargs)

    monkeypatch.setattr(Path, "write_text", full_disk)
    with pytest.raises(BlankError) as caught:
        new_review(tmp_path / ID)
    assert str(caught.value) == f"{tmp_path / ID} cannot be written (No space left on device)"
    assert list(tmp_path.iterdir()) == []


def test_what_a_run_that_was_cut_short_left_behind_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / f".{ID}.part").mkdir()
    (tmp_path / f".{ID}.part" / "old.csv").write_text("x", encoding="utf-8")
    folder = new_review(tmp_path / ID)
    assert sorted(path.name for path in tmp_path.iterdir()) == [ID]
    assert not (folder / "old.csv").exists()


def test_folders_above_are_made(tmp_path: Path) -> None:
    assert new_review(tmp_path / "data" / ID).is_dir()


def test_two_blank_reviews_are_alike_to_the_byte(tmp_path: Path) -> None:
    first, second = new_review(tmp_path / "a"), new_review(tmp_path / "b")
    assert {path.name: path.read_bytes() for path in first.iterdir()} == {
        path.name: path.read_bytes() for path in second.iterdir()
    }
    assert all(b"\r" not in path.read_bytes() for path in first.iterdir())
