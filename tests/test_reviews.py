"""Where a review is found, and what reading it gives."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from a_good_review import NAME, change, good_review
from casechron.coding.codebook import codebook
from casechron.coding.reviews import (
    ReviewError,
    ReviewMeta,
    find_review,
    find_root,
    list_reviews,
    read_coded,
    read_coding,
    read_meta,
)
from casechron.dates.policy import DatingPolicy
from text_tables import lists_of


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's folder with the good review in it, and nothing said of it by the environment."""
    monkeypatch.delenv("CASECHRON_ROOT", raising=False)
    (tmp_path / "notebooks").mkdir()
    good_review(tmp_path / "data")
    return tmp_path


def error(*args: object, call: object) -> str:
    with pytest.raises(ReviewError) as caught:
        call(*args)
    return str(caught.value)


def test_the_root_is_the_nearest_folder_with_data_and_notebooks(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_root(root) == root
    assert find_root(root / "data" / NAME) == root
    (root / "notebooks" / "data").mkdir()  # data without notebooks beside it is no root
    assert find_root(root / "notebooks") == root
    monkeypatch.chdir(root / "notebooks")
    assert find_root() == root


def test_the_environment_names_the_root(
    root: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.setenv("CASECHRON_ROOT", str(root))
    assert find_root(elsewhere) == root
    monkeypatch.setenv("CASECHRON_ROOT", str(elsewhere))
    assert (
        error(root, call=find_root)
        == f"CASECHRON_ROOT is '{elsewhere}', which holds no folder data; let it name the folder"
        " that holds data and notebooks, or unset it"
    )


def test_no_root_is_said(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    assert (
        error(elsewhere, call=find_root)
        == f"no folder with data and notebooks was found at or above {elsewhere}; go into the"
        " project's folder, let CASECHRON_ROOT name it, or make one: casechron init FOLDER"
    )


def test_a_review_is_found_by_its_id_and_by_a_path(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = root / "data" / NAME
    assert find_review(NAME, root) == find_review(folder) == find_review(folder, root) == folder
    monkeypatch.chdir(root / "data")
    assert find_review(NAME) == find_review(f"./{NAME}/../{NAME}") == folder
    monkeypatch.chdir(folder)
    assert find_review(f"../{NAME}") == folder


def test_an_unknown_review_is_said_with_the_nearest(root: Path) -> None:
    data = root / "data"
    assert (
        error("child-x-anytwn-2019", root, call=find_review)
        == f"there is no review 'child-x-anytwn-2019' in {data}; did you mean '{NAME}'? The reviews"
        f" are: {NAME}"
    )
    assert (
        error("zzz", root, call=find_review)
        == f"there is no review 'zzz' in {data}; the reviews are: {NAME}"
    )
    assert (
        error("child-x", root, call=find_review)
        == f"there is no review 'child-x' in {data}; did you mean '{NAME}'? The reviews are: {NAME}"
    )
    (data / "child-y-b-2020").mkdir()
    (data / "child-y-b-2020" / "review.toml").write_text("", encoding="utf-8")
    assert "did you mean 'child-y-b-2020'? The" in error("child-y", root, call=find_review)
    assert error("data/zzz", root, call=find_review) == "there is no folder 'data/zzz'"


def test_a_coding_is_found_below_its_review(root: Path) -> None:
    coding = root / "data" / NAME / "codings" / "bob"
    coding.mkdir(parents=True)
    assert find_review(f"{NAME}/codings/bob", root) == find_review(coding, root) == coding
    assert (
        error(f"{NAME}/codings/bo", root, call=find_review)
        == f"there is no folder '{NAME}/codings/bo' here or in {root / 'data'}; its codings"
        " are: bob"
    )


def test_reviews_are_listed_in_order(root: Path) -> None:
    for name in ("b", "a", ".hidden", "__pycache__", "raw"):
        (root / "data" / name).mkdir()
        if name != "raw":  # a folder beside the reviews, and none
            (root / "data" / name / ("events.csv" if name == "a" else "review.toml")).write_text(
                "", encoding="utf-8"
            )
    (root / "data" / "LICENSE").write_text("", encoding="utf-8")
    assert [listed.name for listed in list_reviews(root)] == ["a", "b", NAME]


def test_no_review_at_all(root: Path) -> None:
    (root / "data" / NAME).rename(root / "moved")
    assert (
        error("zzz", root, call=find_review)
        == f"there is no review 'zzz' in {root / 'data'}; there is none yet: `casechron new`"
        " makes one"
    )


def test_what_review_toml_says(root: Path) -> None:
    assert read_meta(root / "data" / NAME) == ReviewMeta(
        id=NAME,
        title="Review of Child X",
        body="Example Safeguarding Board",
        year=2019,
        published="2019-05-14",
        published_of="review",
        jurisdiction="England",
        coder="AB",
        coded_on="2020-02-29",
        codebook=codebook().version,
        content_note="Neglect of a child.",
        notes="Coded once,\nfor tests.\n",
        licence="CC-BY-4.0",
        citation="AB (2020)",
    )


def test_an_invented_review_says_so_in_its_title(root: Path) -> None:
    folder = root / "data" / NAME
    change(folder, [["review.toml", "year = 2019", "year = 2019\ninvented = true"]])
    assert error(folder, call=read_meta).splitlines()[1:] == [
        "review.toml line 1, title: 'Review of Child X' does not say that the review is invented;"
        " write it with the word, such as 'Review of Child X, invented'"
    ]
    change(folder, [["review.toml", 'Child X"', 'Child X, invented"']])
    assert read_meta(folder).invented


def test_dates_without_quotes_are_text_all_the_same(root: Path) -> None:
    folder = root / "data" / NAME
    change(
        folder,
        [
            [
                "review.toml",
                'published = "2019-05-14"\npublished_of',
                "published = 2019-05-14\npublished_of",
            ],
            ["review.toml", '"2020-02-29"', "2020-02-29"],
        ],
    )
    meta = read_meta(folder)
    assert (meta.published, meta.coded_on) == ("2019-05-14", "2020-02-29")


def test_what_review_toml_lacks_is_said(root: Path) -> None:
    folder = root / "data" / NAME
    change(folder, [["review.toml", 'coder = "AB"\n', ""], ["review.toml", "2019\n", "0\n"]])
    assert (
        error(folder, call=read_meta)
        == f"the review '{NAME}' cannot be read; 2 things to mend:\nreview.toml, coder: the key is"
        " missing; write who coded it (a name or initials that they agree to see published)"
        "\nreview.toml line 3, year: the placeholder 0 still stands here; write the year that the"
        " review's id carries, a whole number without quotes"
    )
    (folder / "review.toml").unlink()
    assert (
        error(folder, call=read_meta)
        == f"the review '{NAME}' has no review.toml; `casechron new` writes a blank one"
    )


def test_tables_are_read_as_text_in_the_order_of_the_codebook(root: Path) -> None:
    tables = read_coded(root / "data" / NAME).tables
    assert list(tables) == list(codebook().tables)
    for name, table in tables.items():
        assert list(table.columns) == codebook().header(name)
        assert set(table.dtypes) == {pd.StringDtype(na_value=float("nan"))}
        assert not table.isna().any(axis=None)
    assert_frame_equal(
        tables["attributes"],
        pd.DataFrame(
            lists_of("""
                at-child-x-age-years | child-x | age-years | 7 (in late August) | | derived
                at-plan-2014-plan-category | plan-2014 | plan-category | neglect | | stated
                at-sentence-2015-sentence-months | sentence-2015 | sentence-months | '18' | | stated
            """),
            columns=["id", "row", "attribute", "value", "event", "basis"],
        ),
    )


def test_a_table_without_rows_keeps_its_columns(root: Path) -> None:
    folder = root / "data" / NAME
    change(folder, [["events.csv", ",school-attendance,", ",,"]])
    assert_frame_equal(
        read_coded(folder).tables["themes"], pd.DataFrame({"row": [], "theme": []}, dtype="str")
    )


def test_what_stands_in_a_cell_is_kept_to_the_letter(root: Path) -> None:
    folder = root / "data" / NAME
    change(folder, [["agencies.csv", ",Police,", ',"NA, ""null"" é =1+1",']])
    assert read_coded(folder).tables["agencies"]["label"].tolist()[1] == 'NA, "null" é =1+1'


def test_nothing_that_a_check_refuses_is_read(root: Path) -> None:
    folder = root / "data" / NAME
    change(folder, [["agencies.csv", ",6,", ",,"], ["people.csv", ",mother,", ",mothr,"]])
    with pytest.raises(ReviewError) as caught:
        read_coded(folder)
    assert [breach.file for breach in caught.value.breaches] == ["people.csv", "agencies.csv"]
    assert str(caught.value) == "\n".join(
        [f"the review '{NAME}' cannot be read; 2 things to mend:", *map(str, caught.value.breaches)]
    )
    change(folder, [["people.csv", ",mothr,", ",mother,"]])
    start = (
        f"the review '{NAME}' cannot be read; 1 thing to mend:\nagencies.csv line 3, sector: the"
        " cell is empty; "
    )
    assert error(folder, call=read_coded).startswith(start)


def test_a_reading_changes_the_cells_that_it_names_and_no_other(root: Path) -> None:
    folder = root / "data" / NAME
    default, chosen = (
        read_coded(folder).tables,
        read_coded(folder, DatingPolicy(readings=("visit-in-september",))).tables,
    )
    assert default["events"].set_index("id").at["visit-2014", "date"] == "[2014-08-21..2014-09-30]"
    expected = default["events"].copy()
    expected.loc[expected["id"] == "visit-2014", "date"] = "2014-09"
    assert_frame_equal(chosen["events"], expected)
    for name in set(default) - {"events"}:
        assert_frame_equal(chosen[name], default[name])


def test_two_readings_are_read_together(root: Path) -> None:
    events = read_coded(
        root / "data" / NAME, DatingPolicy(readings=("visit-in-september", "plan-in-november"))
    ).tables["events"]
    assert events.set_index("id")["date"].to_dict() == {
        "referral-2014": "late 2014-08",
        "visit-2014": "2014-09",
        "birth-x": "2007-05",
        "no-visit-2014": "2014-09",
        "referrals-2014": "[2014..2015]",
        "plan-2014": "2014-11/..",
        "sentence-2015": "",
    }


def test_an_unknown_reading_is_said(root: Path) -> None:
    folder = root / "data" / NAME
    assert (
        error(folder, DatingPolicy(readings=("x", "visit-in-september", "y")), call=read_coded)
        == f"the review '{NAME}' has no reading 'x', 'y'; its readings are: visit-in-september,"
        " plan-in-november"
    )
    change(folder, [["readings.csv"]])
    policy = DatingPolicy(readings=("x",))
    assert (
        error(folder, policy, call=read_coded)
        == f"the review '{NAME}' has no reading 'x'; it has none"
    )


def test_two_readings_of_one_cell_are_refused(root: Path) -> None:
    folder = root / "data" / NAME
    change(folder, [["readings.csv", "", "visit-in-august,visit-2014,date,2014-08,,Or then\n"]])
    assert len(read_coded(folder, DatingPolicy(readings=("visit-in-august",))).tables) == 16
    assert (
        error(
            folder,
            DatingPolicy(readings=("visit-in-august", "visit-in-september")),
            call=read_coded,
        )
        == "the readings 'visit-in-september' and 'visit-in-august' both change date of"
        " 'visit-2014'; choose one of them"
    )


def test_a_coding_is_read_like_a_review(root: Path) -> None:
    folder = root / "data" / NAME
    assert (
        error(folder, "pass-1", call=read_coding)
        == f"the review '{NAME}' has no coding 'pass-1'; it has none"
    )
    coding = folder / "codings" / "pass-1"
    coding.mkdir(parents=True)
    for file in folder.glob("*.csv"):
        (coding / file.name).write_bytes(file.read_bytes())
    whole = read_coded(folder).tables
    for name, table in read_coding(folder, "pass-1").items():
        assert_frame_equal(table, whole[name])
    assert (
        error(folder, "pass-2", call=read_coding)
        == f"the review '{NAME}' has no coding 'pass-2'; its codings are: pass-1"
    )
    change(coding, [["agencies.csv", ",6,", ",,"]])
    assert error(folder, "pass-1", call=read_coding).startswith(
        f"the review '{NAME}, coding pass-1' cannot be read; 1 thing to mend:\n"
        "codings/pass-1/agencies.csv line 3, sector: the cell is empty; "
    )


def test_reading_does_not_import_pandas_before_it_must() -> None:
    code = "import sys, casechron.coding.reviews; print('pandas' in sys.modules)"
    assert (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout
        == "False\n"
    )


def test_an_empty_name_is_the_first_review(root: Path, tmp_path: Path) -> None:
    # What the notebooks' own help promises to whoever runs one as it stands.
    assert find_review("", root) == list_reviews(root)[0].folder
    empty = tmp_path / "empty"
    (empty / "data").mkdir(parents=True)
    (empty / "notebooks").mkdir()
    assert (
        error("", empty, call=find_review)
        == f"there is no review in {empty / 'data'}; `casechron new` makes one"
    )
