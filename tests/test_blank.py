"""A new review begins with everything in place, and is written in full or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from a_good_review import META
from casechron.coding import blank
from casechron.coding.blank import BlankError, new_review
from casechron.coding.checks import check_review
from casechron.coding.codebook import codebook
from casechron.coding.dates import bounds
from casechron.coding.files import UnfitError
from casechron.coding.locators import locate
from casechron.coding.meta import KEYS

ID = "child-x-anytown-2019"


def test_a_blank_review_lacks_only_its_review_toml(tmp_path: Path) -> None:
    folder = new_review(tmp_path / ID)
    found = check_review(folder)
    # the version of the codebook is the one thing that the package knows
    assert [breach.column for breach in found] == [key for key in KEYS if key != "codebook"]
    assert (
        str(found[0])
        == "review.toml line 5, title: the placeholder FILL IN still stands here; write the"
        " review's title, as reports print it"
    )
    assert (
        str(found[2])
        == "review.toml line 11, year: the placeholder 0 still stands here; write the year that the"
        " review's id carries, a whole number without quotes"
    )


LEFT = (
    "this is the worked row of a new review, and it is invented; write what the source says in its"
    " place, or delete it"
)


def test_every_worked_row_that_still_stands_is_named(tmp_path: Path) -> None:
    folder = new_review(tmp_path / ID)
    (folder / "review.toml").write_text(META, encoding="utf-8")
    # agencies, people and coverage may be the same in another review
    places = [
        "sources.csv line 2",
        *(f"locators.csv line {line}" for line in range(2, 12)),
        "events.csv line 2",
        "events.csv line 3",
        *(
            f"{name}.csv line 2"
            for name in codebook().tables
            if name not in ("sources", "locators", "agencies", "people", "events", "coverage")
        ),
    ]
    assert [str(breach) for breach in check_review(folder)] == [
        f"{place}: {LEFT}" for place in places
    ]


def test_worked_rows_are_named_once_anything_is_filled_in(tmp_path: Path) -> None:
    folder = new_review(tmp_path / ID)
    path = folder / "review.toml"
    text = path.read_text(encoding="utf-8")
    fill = {
        "published": "2019",
        "published_of": "article",
        "jurisdiction": "Wales",
        "coded_on": "2020-01-31",
    }
    one = text.replace('title = "FILL IN"', 'title = "words"')
    path.write_text(one, encoding="utf-8")
    found = check_review(folder)
    assert {breach.file for breach in found[:11]} == {"review.toml"}
    assert {breach.message for breach in found[11:]} == {LEFT}
    for key in KEYS:
        text = text.replace(f'\n{key} = "FILL IN"', f'\n{key} = "{fill.get(key, "words")}"')
    path.write_text(
        text.replace("\nFILL IN\n", "\nwords\n").replace("year = 0", "year = 2019"),
        encoding="utf-8",
    )
    assert {breach.message for breach in check_review(folder)} == {LEFT}


def test_a_worked_row_with_digests_is_still_one(tmp_path: Path) -> None:
    folder = new_review(tmp_path / ID)
    (folder / "review.toml").write_text(META, encoding="utf-8")
    (folder.parent / "text.txt").write_text("Title\n\nOne sentence.\n", encoding="utf-8")
    before = len(check_review(folder))
    locate(folder, "report", folder.parent / "text.txt")
    assert len(check_review(folder)) == before


def test_every_table_has_its_worked_rows(tmp_path: Path) -> None:
    folder = new_review(tmp_path / ID)
    assert {path.name for path in folder.iterdir()} == {
        "review.toml",
        *(f"{name}.csv" for name in codebook().tables),
    }
    lines = {
        name: (folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        for name in codebook().tables
    }
    assert {name: len(rows) - 1 for name, rows in lines.items()} == {
        **dict.fromkeys(codebook().tables, 1),
        "events": 2,
        "coverage": 2,
        "locators": 10,
    }
    assert lines["relations"] == [
        "id,type,from_event,from_point,to_event,to_point,gap,meaning,words,basis",
        "rl-referral-visit,gap,referral-2014,,visit-2014,,P2W,rounded,a fortnight later,stated",
    ]


def test_the_worked_rows_agree_in_time() -> None:
    """A fortnight (11 to 17 days, rounded) after the referral is a day of the visit, under its
    other reading too."""
    events = {row["id"]: bounds(row["date"]) for row in codebook().tables["events"].examples}
    (relation,) = codebook().tables["relations"].examples
    (reading,) = codebook().tables["readings"].examples
    assert (relation["gap"], relation["meaning"]) == ("P2W", "rounded")
    assert (reading["row"], reading["column"]) == (relation["to_event"], "date")
    first = events[relation["from_event"]]
    for visit in (events[relation["to_event"]], bounds(reading["value"])):
        assert visit.earliest <= first.latest + 17
        assert visit.latest >= first.earliest + 11


def test_what_exists_is_left_as_it_is(tmp_path: Path) -> None:
    folder = new_review(tmp_path / ID)
    (folder / "themes.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(BlankError) as caught:
        new_review(folder)
    assert str(caught.value) == f"{folder} exists already; choose another id, or move it away first"
    assert (folder / "themes.csv").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("name", "meant"),
    [("Child X", "; did you mean 'child-x'?"), ("child_x", "; did you mean 'child-x'?"), ("§", "")],
)
def test_a_review_has_an_id(name: str, meant: str, tmp_path: Path) -> None:
    with pytest.raises(UnfitError) as caught:
        new_review(tmp_path / name)
    assert (
        str(caught.value)
        == f"'{name}' is no id of a review; write lower-case letters, digits and hyphens{meant}"
    )
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Path.write_text

    def full_disk(path: Path, *args: object, **kwargs: object) -> int:
        if path.name == "links.csv":
            raise OSError(28, "No space left on device")
        return whole(path, *args, **kwargs)  # type: ignore[arg-type]

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
    one, two = new_review(tmp_path / "a"), new_review(tmp_path / "b")
    assert {path.name: path.read_bytes() for path in one.iterdir()} == {
        path.name: path.read_bytes() for path in two.iterdir()
    }
    assert all(b"\r" not in path.read_bytes() for path in one.iterdir())
    assert blank._files()["themes.csv"] == "row,theme\nreferral-2014,school-attendance\n"
