"""What `casechron check` says: every message in full, from the table of cases in breaches.toml."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from a_good_review import good_review
from casechron.coding.checks import Breach, check_codings, check_review
from casechron.coding.codebook import codebook
from check_cases import Case, cases, change

CASES = cases()
TABLES = list(codebook().tables)
# A review is written once for each example, never shared between two.
FUZZ = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def said(folder: Path) -> list[str]:
    return [str(breach) for breach in check_review(folder)]


def as_coding(parent: Path, coder: str) -> tuple[Path, Path]:
    """A review without tables of its own that matter, and the good review's tables as a coding of
    it."""
    review = good_review(parent)
    coding = review / "codings" / coder
    coding.mkdir(parents=True)
    for table in TABLES:
        (coding / f"{table}.csv").write_bytes((review / f"{table}.csv").read_bytes())
    return review, coding


def test_a_good_review_has_no_breach(tmp_path: Path) -> None:
    assert said(good_review(tmp_path)) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_check_says_everything_in_full(case: Case, tmp_path: Path) -> None:
    folder = good_review(tmp_path)
    change(folder, case.edits)
    assert said(folder) == case.breaches


def test_cases_have_names_of_their_own() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if not any(edit[0] == "review.toml" for edit in case.edits)],
    ids=lambda case: case.name,
)
def test_a_coding_is_held_to_the_same_rules(case: Case, tmp_path: Path) -> None:
    review, coding = as_coding(tmp_path, "pass-1")
    change(coding, case.edits)
    found = check_codings(review)
    assert {breach.file.rpartition("/")[0] for breach in found} <= {"codings/pass-1"}
    own = [str(breach).removeprefix("codings/pass-1/") for breach in found]
    expected = [
        text.replace("no part of a review", "no part of a coding").replace(
            "A review has review.toml, the folder codings and a CSV", "A coding has a CSV"
        )
        for text in case.breaches
    ]
    assert [text.replace("codings/pass-1/", "") for text in own] == expected
    assert said(review) == []


def test_a_review_without_codings_has_no_breach_in_them(tmp_path: Path) -> None:
    assert check_codings(good_review(tmp_path)) == []


def test_what_is_no_coding_is_said(tmp_path: Path) -> None:
    review, coding = as_coding(tmp_path, "pass-1")
    coding.rename(coding.with_name("Pass 1"))
    (review / "codings" / "events.csv").write_text("x\n", encoding="utf-8")
    (review / "codings" / "Pass 1" / "review.toml").write_text("", encoding="utf-8")
    found = [str(breach) for breach in check_codings(review)]
    assert found == [
        (
            "codings/Pass 1: the folder's name is no id; rename it with lower-case letters, digits"
            " and hyphens, such as 'pass-1'"
        ),
        "codings/Pass 1/review.toml: this is no part of a coding; move it out of this folder. A"
        " coding has a CSV file for each of the tables " + ", ".join(TABLES),
        (
            "codings/events.csv: only folders stand here, one a coder; move the file into one of"
            " them, or away"
        ),
    ]


@pytest.mark.parametrize(
    ("name", "such"),
    [("Child X", ", such as 'child-x'"), ("child_x", ", such as 'child-x'"), ("--", "")],
)
def test_a_folder_has_an_id_for_its_name(name: str, such: str, tmp_path: Path) -> None:
    folder = good_review(tmp_path).rename(tmp_path / name)
    assert said(folder) == [
        f"{name}: the folder's name is no id; rename it with lower-case letters, digits and"
        f" hyphens{such}"
    ]


def test_there_is_no_such_folder(tmp_path: Path) -> None:
    assert said(tmp_path / "child-y") == ["child-y: there is no such folder"]


def test_a_folder_in_the_place_of_a_table(tmp_path: Path) -> None:
    folder = good_review(tmp_path)
    (folder / "themes.csv").unlink()
    (folder / "themes.csv").mkdir()
    assert said(folder) == [
        "themes.csv: this is a folder; move it away and save the file in its place"
    ]


def test_hidden_files_and_locks_of_spreadsheets_are_let_be(tmp_path: Path) -> None:
    folder = good_review(tmp_path)
    for name in (".DS_Store", "~$events.csv", ".~lock.events.csv#"):
        (folder / name).write_text("x", encoding="utf-8")
    assert said(folder) == []


def test_breaches_come_in_the_order_of_tables_lines_and_columns(tmp_path: Path) -> None:
    folder = good_review(tmp_path)
    change(
        folder,
        [
            ["themes.csv", "school-attendance", "x"],
            ["events.csv", ",2,4,", ",two,four,"],
            ["events.csv", "late 2014-08", "Aug"],
            ["review.toml", "2019\n", "19\n"],
        ],
    )
    assert [(breach.file, breach.line, breach.column) for breach in check_review(folder)] == [
        ("review.toml", 3, "year"),
        ("events.csv", 2, "date"),
        ("events.csv", 6, "count_min"),
        ("events.csv", 6, "count_max"),
        ("themes.csv", 2, "theme"),
    ]


def test_a_check_changes_no_file(tmp_path: Path) -> None:
    folder = good_review(tmp_path)
    change(folder, [["readings.csv", "date,2014-09", "date,"]])
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert said(folder) == said(folder) != []
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("table", [name for name in TABLES if name not in ("sources", "locators")])
def test_a_blank_table_leaves_only_what_names_its_rows(table: str, tmp_path: Path) -> None:
    """A table without rows is no breach itself; every breach is of a row that named one of its
    rows."""
    folder = good_review(tmp_path)
    ids = {
        line.split(",")[0]
        for line in (folder / f"{table}.csv").read_text(encoding="utf-8").splitlines()[1:]
    }
    change(
        folder,
        [[f"{table}.csv"], [f"{table}.csv", "", ",".join(codebook().tables[table].header) + "\n"]],
    )
    if table == "coverage":
        assert said(folder) == [
            "coverage.csv: paragraphs 1 to 2 of 'report' (which has 2) have no row; write one for"
            " each paragraph"
        ]
    else:
        empty = f"{table}.csv: the table has no row, so there is nothing to report; write one for "
        found = [breach for breach in check_review(folder) if not str(breach).startswith(empty)]
        assert (table == "events") == (len(found) < len(check_review(folder)))
        assert all(
            any(f"'{name}'" in breach.message for name in ids) for breach in found if breach.line
        )
        own = [str(breach) for breach in found if breach.file == f"{table}.csv"]
        child = (
            "people.csv, kinship: no row has the kinship 'child'; write a row for each child whom"
            " the review is about"
        )
        assert own == ([child] if table == "people" else [])


def test_a_review_without_a_source_or_an_event_is_none(tmp_path: Path) -> None:
    folder = good_review(tmp_path)
    for name, table in codebook().tables.items():
        (folder / f"{name}.csv").write_text(",".join(table.header) + "\n", encoding="utf-8")
    assert said(folder) == [
        (
            "sources.csv: the table has no row, so there is nothing to report; write one for each"
            " text that the coding uses"
        ),
        (
            "people.csv, kinship: no row has the kinship 'child'; write a row for each child whom"
            " the review is about"
        ),
        (
            "events.csv: the table has no row, so there is nothing to report; write one for each"
            " event, state and absence of the account"
        ),
    ]


@pytest.mark.parametrize("value", ["[" * 20_000, "1" * 5_000], ids=["deep", "digits"])
def test_toml_that_its_reader_gives_no_place_for(value: str, tmp_path: Path) -> None:
    folder = good_review(tmp_path)
    (folder / "review.toml").write_text(f"year = {value}\n", encoding="utf-8")
    assert said(folder) == [
        "review.toml: this is not TOML (too deep, or too long a number); a line is: key ="
        ' "text", in straight quotes, with \\\\ for a backslash'
    ]


def test_a_long_line_that_is_no_toml_is_not_written_anew(tmp_path: Path) -> None:
    folder = good_review(tmp_path)
    (folder / "review.toml").write_text(f"coder = {'A' * 300}\n", encoding="utf-8")
    (breach,) = said(folder)
    assert breach.endswith(
        '…\' is not TOML (column 9: Invalid value); a line is: key = "text", in straight quotes,'
        " with \\\\ for a backslash"
    )


@FUZZ
@given(
    data=st.binary(max_size=300)
    | st.text(alphabet=" ,;\"\t\n\r\0abcid='é", max_size=80).map(str.encode),
    name=st.sampled_from([*(f"{table}.csv" for table in TABLES), "review.toml"]),
    keep=st.booleans(),
)
def test_no_bytes_crash_a_check(
    data: bytes, name: str, keep: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = good_review(tmp_path_factory.mktemp("fuzz"))
    path = folder / name
    path.write_bytes((path.read_bytes() if keep else b"") + data)
    for breach in check_review(folder):
        assert isinstance(breach, Breach)
        assert "\n" not in str(breach)
        assert str(breach).startswith(breach.file)


@FUZZ
@given(data=st.data())
def test_a_changed_cell_is_refused_or_read_as_it_is(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from casechron.coding.reviews import read_review

    folder = good_review(tmp_path_factory.mktemp("fuzz"))
    table = data.draw(st.sampled_from(TABLES))
    path = folder / f"{table}.csv"
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    line = data.draw(st.integers(1, len(rows) - 1))
    column = data.draw(st.integers(0, len(rows[0]) - 1))
    others = [cell for row in rows for cell in row]
    value = data.draw(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
        | st.sampled_from(others)
        | st.sampled_from(["2015", "2015/2014", "0", "P2M", "police", "child-x", "gap"])
    )
    rows[line][column] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    found = check_review(folder)
    assert found == sorted(set(found), key=found.index)
    if not found:
        assert read_review(folder)[table].iat[line - 1, column] == value


def test_a_check_imports_nothing_heavy(tmp_path: Path) -> None:
    """Coders check again and again: it must not wait for the libraries of the reports."""
    folder = good_review(tmp_path)
    code = (
        "import sys; from casechron.coding.reviews import check_codings, check_review; assert"
        f" check_review({str(folder)!r}) == check_codings({str(folder)!r}) == [];"
        " print(*sorted({name.partition('.')[0] for name in sys.modules} & {'pandas', 'numpy',"
        " 'matplotlib', 'IPython', 'papermill', 'holidays', 'nbformat', 'tqdm'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"
