"""Is a workbook what the sheets of a review are, and does a spreadsheet change nothing in it that
is not said?"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from casechron.characters import text_breach
from casechron.cli import main
from casechron.coding import workbook_size
from casechron.coding.codebook import codebook
from casechron.coding.files import UnfitError
from casechron.coding.folder import blank_toml, new_review
from casechron.coding.sheets import form_text, read_forms
from casechron.coding.workbook import (
    CODED,
    FORMS,
    ROW_NUMBER,
    TABLE_NAMES,
    meta_sheets,
    workbook_of,
    write_workbook,
)
from casechron.coding.workbook_cells import WorkbookError, read_cells
from casechron.coding.workbook_reading import LAST_READ, read_workbook
from casechron.coding.workbook_toml import toml_with
from casechron.report.export import data_hash
from chronologies.make import ods
from sheet_cases import CODINGS, SHEETS, simulated
from test_slips import FINE, SLIPS, TYPED
from text_tables import cells_of
from thoroughly import EVERY, drawn, examples, some

KEYS = [name for name, key in codebook().keys.items() if key.needed]

OFFICE = shutil.which("soffice")
LIGHTNESS = Path(__file__).parent / "lightness"
NAME = "child-x-anytown-2019"
#: Reviews that are written as workbooks whole.
WHOLE = ("child-w-manchester-2020", "child-a-haringey-2008")
TOML = 'title = "A review"\n\n[[sources]]\nid = "report"\ncitation = "A report"\n'
Rows = list[list[Any]]


def review(folder: Path, **files: str) -> Path:
    """A review with some files."""
    folder.mkdir(parents=True)
    (folder / "review.toml").write_text(TOML, encoding="utf-8")
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    return folder


def workbook(path: Path, **sheets: Rows) -> Path:
    """A workbook that somebody made by themselves: what begins with '=' is a formula."""
    with Workbook(path, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "d mmm yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name.replace("_", " "))
            for at, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, date | datetime | time):
                        sheet.write_datetime(at, place, cell, day)
                    elif str(cell).startswith("="):
                        sheet.write_formula(at, place, cell, None, "what it gives")
                    else:
                        sheet.write(at, place, cell)
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def saved_by_office(kind: str, folder: Path, *paths: Path) -> list[Path]:
    """The workbooks as LibreOffice saves them."""
    if OFFICE is None:
        pytest.skip("LibreOffice is not installed here, so that no spreadsheet can save a workbook")
    profile = f"-env:UserInstallation=file://{folder / 'office'}"
    out = folder / kind
    arguments = ["--headless", "--convert-to", kind, "--outdir", str(out), *map(str, paths)]
    subprocess.run([OFFICE, profile, *arguments], check=True, capture_output=True, timeout=300)
    return [out / f"{path.stem}.{kind}" for path in paths]


@pytest.mark.parametrize("name", CODINGS)
def test_a_review_comes_back_byte_for_byte(name: str, tmp_path: Path) -> None:
    top = name.partition("/")[0]
    shutil.copytree(SHEETS / top, tmp_path / top)
    folder = tmp_path / name
    before = contents(folder)
    write_workbook(folder, tmp_path / "book.xlsx")
    for path in folder.glob("*.csv"):
        if path.stem in TABLE_NAMES:  # so that what is read comes of the workbook alone
            path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n")
    read_workbook(tmp_path / "book.xlsx", folder)
    assert contents(folder) == before


@pytest.mark.parametrize("name", drawn(sorted(path.name for path in SHEETS.glob("*-*")), 3))
def test_a_review_that_nobody_changed_keeps_its_bytes_and_so_its_digest(
    name: str, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(SHEETS / name, tmp_path / name))
    before, digest = contents(folder), data_hash(folder)
    write_workbook(folder, tmp_path / "book.xlsx")
    lines = read_workbook(tmp_path / "book.xlsx", folder)
    assert contents(folder) == before
    assert data_hash(folder) == digest
    assert [line for line in lines if not line.endswith(", as before")] == []


def test_columns_stay_where_somebody_put_them(tmp_path: Path) -> None:
    text = 'summary,date,note\n"Closed",2022-05,"for now"\n'
    folder, book = review(tmp_path / NAME, events=text), tmp_path / "book.xlsx"
    write_workbook(folder, book)
    assert read_workbook(book, folder) == ["events.csv: 1 row, as before"]
    assert (folder / "events.csv").read_text(encoding="utf-8") == text
    visit = ["date=2022-04", "summary=A visit"]
    typed(book, "events", ["date=2022-05", "summary=Closed", "note=for now"], visit)
    assert read_workbook(book, folder) == ["wrote events.csv: 2 rows, 1 of them new or changed"]
    now = "summary,date,note\nClosed,2022-05,for now\nA visit,2022-04,\n"
    assert (folder / "events.csv").read_text(encoding="utf-8") == now
    typed(book, "events", visit, ["date=2022-05", "summary=Closed", "note=for now"])
    assert read_workbook(book, folder) == ["wrote events.csv: 2 rows, in another order"]
    # One that was not there has its place in the codebook, and so have they all.
    typed(book, "events", [*visit, "by=police"])
    read_workbook(book, folder)
    now = "date,summary,note,by\n2022-04,A visit,,police\n"
    assert (folder / "events.csv").read_text(encoding="utf-8") == now


def test_simulated_reviews_come_back_byte_for_byte(tmp_path: Path) -> None:
    for number, (name, files) in enumerate(some(sorted(simulated().items()), 9)):
        folder = tmp_path / name
        folder.mkdir()
        for file, data in files.items():
            (folder / file).write_bytes(data)
        write_workbook(folder, tmp_path / f"{number}.xlsx")
        tables = [file for file in files if file.removesuffix(".csv") in TABLE_NAMES]
        assert "events.csv" in tables
        for file in tables:
            (folder / file).unlink()
        read_workbook(tmp_path / f"{number}.xlsx", folder)
        assert contents(folder) == files


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, Path]]:
    """The workbooks of two reviews, and of one with every notation that coders have typed, right or
    wrong, in the columns of its own; as they are written, or as LibreOffice saves them, which is
    started once for each kind of file."""
    folder = tmp_path_factory.mktemp("books")
    every_notation = review(folder / NAME, events=form_text("events", NOTATIONS))
    books = {name: folder / f"{name}.xlsx" for name in (*WHOLE, NAME)}
    for name, book in books.items():
        write_workbook(every_notation if name == NAME else SHEETS / name, book)

    @cache
    def of_kind(kind: str) -> dict[str, Path]:
        if not kind:
            return books
        return dict(zip(books, saved_by_office(kind, folder, *books.values()), strict=True))

    return of_kind


@pytest.mark.parametrize("kind", some(["xlsx", "ods"]))
def test_a_review_comes_back_from_a_spreadsheet(
    kind: str, saved: Callable[[str], dict[str, Path]], tmp_path: Path
) -> None:
    name = WHOLE[0]
    shutil.copytree(SHEETS / name, tmp_path / name)
    before = contents(tmp_path / name)
    for file in before:
        if file.removesuffix(".csv") in TABLE_NAMES:
            head = before[file].split(b"\n")[0] + b"\n"
            (tmp_path / name / file).write_bytes(head)
    read_workbook(saved(kind)[name], tmp_path / name)
    assert contents(tmp_path / name) == before
    folder = review(tmp_path / NAME, events=form_text("events", NOTATIONS))
    cells = csv_rows(folder / "events.csv")
    (folder / "events.csv").unlink()
    read_workbook(saved(kind)[NAME], folder)
    assert csv_rows(folder / "events.csv") == cells


def values(text: str) -> dict[str, Any]:
    """What a review.toml says, without what no sheet shows: whether a day stands in quotes, and
    white space around a text."""

    def plain(value: Any) -> Any:
        if isinstance(value, list):
            return [plain(item) for item in value]
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        return value if isinstance(value, bool | int) else str(value).strip()

    content = plain(tomllib.loads(text))
    assert isinstance(content, dict)
    return content


@pytest.mark.parametrize("kind", some(["", "xlsx", "ods"]))
def test_what_review_toml_says_comes_back_from_the_workbook_alone(
    kind: str, saved: Callable[[str], dict[str, Path]], tmp_path: Path
) -> None:
    """Into the blank file of a new review; all of it, and the comments of that file stay."""
    for name in WHOLE:
        shutil.copytree(SHEETS / name, tmp_path / name)
        toml = tmp_path / name / "review.toml"
        before = toml.read_text(encoding="utf-8")
        toml.write_text(blank_toml(), encoding="utf-8")
        read_workbook(saved(kind)[name], tmp_path / name)
        after = toml.read_text(encoding="utf-8")
        written, asked = values(after), values(before)
        assert {*written.pop("complete", ())} == {*asked.pop("complete", ())}
        assert written == asked
        comments = [line for line in blank_toml().splitlines() if line.startswith("#")]
        assert [line for line in after.splitlines() if line.startswith("#")] == comments


def test_what_a_person_wrote_into_review_toml_stays() -> None:
    before = (
        "# Ours\r\ntitle = 'A'   # by hand\r\nyear=2019\r\ninvented = false\r\n"
        'sources = [ {id = "one"}, # first\r\n {id = "two", mine = 1} ] # all\r\n'
    )
    rows = [{"id": "one", "citation": ""}, {"id": "two", "citation": ""}]
    says = {"title": "A", "year": "2019", "invented": "", "sources": rows}
    assert toml_with(before, says) == before
    says = {"title": "B", "region": "North West", "complete": ["by"], "sources": rows[1:]}
    after = toml_with(before, says)
    assert after.splitlines()[:3] == ["# Ours", 'title = "B"   # by hand', "year=2019"]
    assert tomllib.loads(after) == {
        "title": "B",
        "year": 2019,
        "invented": False,
        "region": "North West",
        "complete": ["by"],
        "sources": [{"id": "two", "mine": 1}],
    }
    says = dict.fromkeys(("title", "year", "region", "invented"), "")
    emptied = toml_with(after, says | {"complete": [], "sources": []})
    assert tomllib.loads(emptied) == {
        "title": "FILL IN",
        "year": 0,
        "invented": False,
        "complete": [],
    }


def csv_rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def notations() -> list[dict[str, str]]:
    """A row for each notation of the codebook and each cell that a slip or a near miss has, but for
    numbers of rows, which become ids."""
    columns = codebook().forms["events"].columns
    rows = []
    for name, column in columns.items():
        of = codebook().pages["notations"].get(column.form)
        for cell in [*(cell for cell, _ in (of["cells"] if of else ())), *TYPED.get(name, ())]:
            plain = cell.strip()
            number = plain[:1].isdigit() and column.form in ("links", "order")
            if plain.isprintable() and not number and plain[:4] not in ("", "<<<<", "====", ">>>>"):
                rows.append({"summary": "x", name: plain})
    changed = cells_of(
        "13.10 | 2+ | 2-5 | mar-14 | =P6M | 5/11/2018 | Nov 2018 | '2014' | '007' | 1E5"
    )
    changed += ["2006-12-15/", "TRUE", "0.50", "..", "?", "'x", "+44", "-1", "@x", "1-2", "#REF!"]
    return rows + [{"summary": "x", "date": cell, "id": cell, "note": cell} for cell in changed]


NOTATIONS = notations()


def test_every_notation_is_tried() -> None:
    assert len(NOTATIONS) > 300
    assert len(SLIPS) + len(FINE) > 250


LETTERS = st.characters(exclude_categories=["C", "Zl", "Zp"])
CELL = st.one_of(
    st.sampled_from([cell for cells in TYPED.values() for cell in cells]), st.text(LETTERS)
)


def is_plain(cell: str) -> bool:
    """Whether a cell can stand in a table, and is no mark of a merge."""
    return not text_breach(cell) and cell == cell.strip() and cell[:4] not in ("<<<<", "sep=")


@given(st.data())
@settings(deadline=None, max_examples=examples(25))
def test_any_sheet_comes_back(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = review(tmp_path_factory.mktemp("any") / NAME)
    there = {}
    for name in data.draw(st.sets(st.sampled_from(TABLE_NAMES), max_size=3)) | {"events"}:
        form = codebook().forms[name]
        # No cell of a column of rows is the number of a row here.
        columns = [
            column for column, of in form.columns.items() if of.form not in ("links", "order")
        ]
        row = st.dictionaries(st.sampled_from(columns), CELL.filter(is_plain), min_size=1)
        rows = data.draw(st.lists(row, min_size=1, max_size=5))
        there[name] = [row for row in rows if any(row.values())]
        (folder / f"{name}.csv").write_text(
            form_text(name, there[name]), encoding="utf-8", newline=""
        )
    before = {name: [row.cells for row in read_forms(folder).rows(name)] for name in there}
    path = folder.parent / "book.xlsx"
    write_workbook(folder, path)
    for name in there:
        (folder / f"{name}.csv").unlink()
    read_workbook(path, folder)
    after = read_forms(folder)
    for name, rows in before.items():
        filled = [{key: cell for key, cell in row.items() if cell} for row in rows]
        assert [{k: c for k, c in row.cells.items() if c} for row in after.rows(name)] == [
            row for row in filled if row
        ]


PLAIN = st.text(LETTERS, max_size=20).map(str.strip).filter(lambda text: "FILL IN" not in text)
MANY = st.lists(PLAIN.filter(bool), min_size=1, max_size=3).map("\n".join)


@given(
    st.dictionaries(st.sampled_from([key for key in KEYS if key != "year"]), PLAIN),
    MANY,
    st.lists(st.fixed_dictionaries({"id": PLAIN, "citation": PLAIN}), max_size=3),
    st.sampled_from(["", "default = true\n", "default = false\n"]),
)
@settings(deadline=None, max_examples=examples(60))
def test_any_text_comes_into_review_toml_and_out_of_it(
    cells: dict[str, str], notes: str, sources: list[dict[str, str]], default: str
) -> None:
    cells |= {"notes": notes}
    before = f'# Ours\n{blank_toml()}{default}\n# At the end\n[[sources]]\nid = "b" # Second\n'
    after = toml_with(before, cells | {"sources": sources})
    there = meta_sheets(after)
    shown = {row["key"]: row["value"] for row in there["review"].rows}
    blank = {row["key"]: row["value"] for row in meta_sheets(before)["review"].rows}
    assert shown == blank | cells
    rows = [{key: row[key] for key in ("id", "citation")} for row in there["sources"].rows]
    left = [] if default == "default = true\n" else [{"id": "", "citation": ""}]
    assert rows in (sources, [*sources, *left])
    assert after.startswith("# Ours\n# What this review is.")
    # What it says already changes nothing, to the byte.
    same = [dict(row.cells) for row in there["sources"].rows]
    assert toml_with(after, shown | {"sources": same}) == after
    turned = meta_sheets(toml_with(after, {"sources": same[::-1]}))["sources"].rows
    assert [row.cells for row in turned] == same[::-1]


def test_equal_sheets_are_equal_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = SHEETS / CODINGS[0]
    first, _ = workbook_of(folder)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert workbook_of(folder)[0] == first


def test_cells_of_a_workbook_are_text_and_lists_are_strict_or_offer() -> None:
    data, _ = workbook_of(SHEETS / CODINGS[0])
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        styles = packed.read("xl/styles.xml").decode()
        names = packed.read("xl/workbook.xml").decode().split('<sheet name="')[1:]
        at = [piece.partition('"')[0] for piece in names].index("events") + 1
        events = packed.read(f"xl/worksheets/sheet{at}.xml").decode()
    formats = styles.partition("<cellXfs")[2].partition("</cellXfs>")[0].split("<xf ")[1:]
    text = {str(at) for at, piece in enumerate(formats) if 'numFmtId="49"' in piece}
    columns = [
        piece.partition('style="')[2].partition('"')[0] for piece in events.split("<col ")[1:]
    ]
    assert columns
    assert set(columns) <= text
    rules = events.split("<dataValidation ")[1:]
    kind = next(rule for rule in rules if 'promptTitle="kind"' in rule)
    by = next(rule for rule in rules if 'promptTitle="by"' in rule)
    assert 'type="list"' in kind
    assert 'showErrorMessage="1"' in kind
    assert 'type="list"' in by
    assert "showErrorMessage" not in by
    assert 'state="frozen"' in events


HEADS = [ROW_NUMBER, "id", "date", "kind", "summary", "by", "answers", "after", "count", "place"]


def row(*cells: Any) -> list[Any]:
    return [*cells, *[""] * (len(HEADS) - len(cells))]


def test_numbers_of_rows_become_ids(tmp_path: Path) -> None:
    """Sorted, with a row put in, with two rows alike: each number goes with its row."""
    path = workbook(
        tmp_path / "book.xlsx",
        events=[
            HEADS,
            row("3", "", "2018-09", "visit", "Later", "gp", "2; 1 (stated)", "2 exactly 1 day"),
            row("1", "", "2018-08", "concern", "One", "school"),
            row("", "", "2018-08", "concern", "Without a number", "school"),
            row("2", "", "2018-08", "concern", "Another", "police"),
            row("4", "typed", "2018-10", "plan", "Typed", "gp"),
            row("7", "", "2018-10", "closure", "Last", "gp", "typed", "4.end; 3"),
            row("8"),
        ],
    )
    folder = review(tmp_path / NAME)
    read_workbook(path, folder)
    rows = {cells["summary"]: cells for cells in csv_rows(folder / "events.csv")}
    first, another, later = (rows[name]["id"] for name in ("One", "Another", "Later"))
    assert len({first, another, later, "typed"}) == 4
    assert all((first, another, later))
    assert rows["Later"]["answers"] == f"{another}; {first} (stated)"
    assert rows["Later"]["after"] == f"{another} exactly 1 day"
    assert rows["Last"]["after"] == f"typed.end; {later}"
    assert rows["Last"]["id"] == rows["Without a number"]["id"] == ""
    assert [*rows] == ["Later", "One", "Without a number", "Another", "Typed", "Last"]
    assert main(["check", str(folder)]) == 1  # review.toml lacks keys; no id is told of
    assert read_forms(folder).breaches == []


NO_TEXT = "to the spreadsheet, which changes such cells; format the cell as text, look up what was typed, and type it again"  # noqa: E501
REFUSED: dict[str, tuple[Callable[[], dict[str, Rows]], list[str]]] = {
    "a date": (
        lambda: {"events": [HEADS, row("1", "", date(2018, 11, 5), "visit", "A visit")]},
        [f"events!C2: 2018-11-05 is a date {NO_TEXT}; a date that is right is written 2018-11-05"],
    ),
    "numbers": (
        lambda: {
            "events": [
                HEADS,
                *(row("1", "", 2000 + year, "visit", "A visit") for year in range(5)),
            ],
        },
        [f"events!C2: 2000 is a number {NO_TEXT} (5 cells: C2, C3, C4 …)"],
    ),
    "a number with a place behind the point": (
        lambda: {"events": [HEADS, [*row("1", "", "2018", "visit", "A visit")[:-1], 13.1]]},
        [f"events!J2: 13.1 is a number {NO_TEXT}"],
    ),
    "a truth value and a time": (
        lambda: {
            "events": [HEADS, row("1", "", "2018", True, "A visit"), row("2", "", time(17, 30))]
        },
        [
            f"events!D2: TRUE is a truth value {NO_TEXT}",
            f"events!C3: 17:30:00 is a time of day {NO_TEXT}, as 17:00",
        ],
    ),
    "a formula that gives a text": (
        lambda: {"events": [HEADS, row("1", "", "2018", "visit", '="A"&" visit"')]},
        ["events!E2: the cell holds a formula; write a text in its place"],
    ),
    "a line break": (
        lambda: {"events": [HEADS, row("1", "", "2018", "visit", "A\nvisit")]},
        [
            "events!E2: the cell holds a line break (U+000A LINE FEED at letter 2); write it on one"
            " line"
        ],
    ),
    "a title above the heads": (
        lambda: {"events": [row("A chronology"), HEADS, row("1", "", "2018", "visit", "A visit")]},
        [
            "events, row 1: a line stands above the heads, which are in row 2 ('A chronology');"
            " delete what stands above them"
        ],
    ),
    "a head that is missing": (
        lambda: {"events": [["date", "by"], ["2018", "gp"]]},
        ["events, row 1: the column 'summary' is missing; write it into the first line"],
    ),
    "heads that are named otherwise": (
        lambda: {"events": [["date", "What happened", "by", "mine"], ["2018", "A", "gp"]]},
        [
            "events, row 1: the column 'summary' is missing; write it into the first line in the"
            " place of 'What happened' or 'mine', if that is it"
        ],
    ),
    "a cell below no head": (
        lambda: {"events": [["date", "summary", ""], ["2018", "A visit", "x"]]},
        [
            "events!C2: the column has no head; write one into the first row, or empty the cell",
        ],
    ),
    "numbers of no row and of two": (
        lambda: {
            "events": [
                HEADS,
                row("1", "", "2018", "visit", "A", "gp", "9"),
                row("2", "", "2018", "visit", "B", "gp", "", "1.end 2 weeks"),
                row("1", "", "2018", "visit", "C", "gp"),
            ]
        },
        [
            "events!G2: no filled row of events has the number 9 in its column #",
            "events!H3: the number 1 stands in rows 2, 4; give one another",
        ],
    ),
    "how long before the row": (
        lambda: {
            "events": [
                HEADS,
                row("2", "", "2018", "visit", "A", "gp"),
                row("3", "", "2018", "visit", "B", "gp", "", "2 weeks after 3"),
                row("4", "", "2018", "visit", "C", "gp", "", "10 days after visit; 2 1 day"),
                row("5", "", "2018", "visit", "D", "gp", "", "3 weeks"),
            ]
        },
        [
            "events!H3: '2 weeks after 3' begins with how long, which is no number of a row; write"
            " '3 2 weeks'",
            "events!H4: '10 days after visit' begins with how long, which is no number of a row;"
            " write 'visit 10 days'",
            "events!H5: '3 weeks' begins with how long, which is no number of a row; write the row"
            " first, and how long behind it",
        ],
    ),
    "no sheet of events": (
        lambda: {"Sheet1": [HEADS]},
        ["the workbook has no sheet events, but 'Sheet1'; name it so"],
    ),
    "another review": (
        lambda: {
            "events": [HEADS],
            "who_and_what": [["what", "id"], ["review", "child-z-b-2020"]],
        },
        [
            f"the workbook was written for 'child-z-b-2020', and not for '{NAME}'; name that"
            " review, or empty the row on the sheet who and what"
        ],
    ),
    "what is coded, in another word": (
        lambda: {"events": [HEADS], "coded": [["name", "coded"], ["by", "ja"]]},
        ["coded!B2: 'ja' is not allowed; write yes, or empty the cell"],
    ),
    "a day of publication, an invented key and what is neither yes nor empty": (
        lambda: {
            "events": [HEADS],
            "review": [
                ["key", "value"],
                ["published", date(2020, 9, 29)],
                ["invented", "true"],
                ["titel", "A review"],
                ["mine", "A note"],
            ],
            "sources": [["id", "default"], ["report", "x"]],
        },
        [
            f"review!B2: 2020-09-29 is a date {NO_TEXT}; a date that is right is written"
            " 2018-11-05",
            "review!B3: 'true' is not allowed; write yes, or empty the cell",
            "review!A4: 'titel' is no key; did you mean 'title'?",
            f"review!A5: 'mine' is no key; the keys are: {', '.join(KEYS)}, region,"
            " invented, chosen",
            "sources!B2: 'x' is not allowed; write yes, or empty the cell",
        ],
    ),
    "sheets of the review without their heads": (
        lambda: {
            "events": [HEADS],
            "review": [["key", "valeu"], ["title", "A"]],
            "sources": [["citation"], ["A report"]],
        },
        [
            "review, row 1: 'valeu' is no column of review; did you mean 'value'?",
            "sources, row 1: the column 'id' is missing; write it into the first line",
        ],
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_told_by_its_cell_and_nothing_is_written(
    name: str, tmp_path: Path
) -> None:
    sheets, lines = REFUSED[name]
    folder = review(tmp_path / NAME, events="date,summary\n2017,As it was\n")
    before = contents(folder)
    with pytest.raises(WorkbookError) as caught:
        read_workbook(workbook(tmp_path / "book.xlsx", **sheets()), folder)
    assert str(caught.value).splitlines() == lines
    assert contents(folder) == before


def test_merged_cells_and_formulas_of_each_kind_of_file_are_found(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with Workbook(path) as book:
        sheet = book.add_worksheet("events")
        sheet.write_row(0, 0, ["date", "summary"])
        sheet.merge_range("A2:B2", "A chronology")
        sheet.write_formula("B4", '="A"&"b"')
    folder = review(tmp_path / NAME)
    formula = "events!B4: the cell holds a formula; write a text in its place"
    merged = "events!A2:B2: these cells are merged; part them, and write each its own text"
    with pytest.raises(WorkbookError) as caught:
        read_workbook(path, folder)
    assert str(caught.value).splitlines() == [merged, formula]
    if EVERY:
        with pytest.raises(WorkbookError) as caught:
            read_workbook(*saved_by_office("ods", tmp_path, path), folder)
        assert str(caught.value).splitlines() == [merged, formula]


def test_cells_that_are_merged_in_an_ods_are_found(tmp_path: Path) -> None:
    """Of the rows below, all but the first would lose what the merged cell says."""
    merged = (
        '<table:table-cell table:number-rows-spanned="2" table:number-columns-spanned="1" '
        'office:value-type="string"><text:p>A</text:p></table:table-cell>'
    )
    path = tmp_path / "kept.ods"
    path.write_bytes(ods([["date", "summary"], ["2018", merged], ["2019", ""]]))
    (sheet,) = read_cells(path, ["sheet1"])[1]
    assert [str(slip) for slip in sheet.slips.values()] == [
        "sheet1!B2:B3: these cells are merged; part them, and write each its own text"
    ]


def test_each_formula_that_an_ods_repeats_is_found(tmp_path: Path) -> None:
    """A spreadsheet writes equal neighbours once, with how often they stand there."""
    formula = (
        '<table:table-cell table:formula="of:=&quot;A&quot;" table:number-columns-repeated="2" '
        'office:value-type="string"><text:p>A</text:p></table:table-cell>'
    )
    path = tmp_path / "kept.ods"
    path.write_bytes(ods([["date", "summary", "note"], ["2018", formula]]))
    (sheet,) = read_cells(path, ["sheet1"])[1]
    assert [str(slip) for slip in sheet.slips.values()] == [
        f"sheet1!{cell}: the cell holds a formula; write a text in its place"
        for cell in ("B2", "C2")
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            b"date,summary\n",
            "this is no workbook that can be read; save it from the spreadsheet as",
        ),
        (b"PK\x03\x04 broken", "this is no workbook that can be read; save it from the"),
        (None, "the file cannot be read (No such file or directory)"),
    ],
)
def test_what_is_no_workbook_is_told(data: bytes | None, message: str, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(WorkbookError) as caught:
        read_workbook(path, review(tmp_path / NAME))
    assert str(caught.value).startswith(f"{path}: {message}")


def test_too_much_is_not_read(tmp_path: Path) -> None:
    path = workbook(tmp_path / "book.xlsx", events=[["date", "summary"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/bomb", b"\0" * 200_000_001)
    with pytest.raises(WorkbookError, match="; at most 200,000,000 are read"):
        read_workbook(path, review(tmp_path / NAME))


MANY_CELLS = (
    "the workbook has more than 4,000,000 cells, empty, repeated and merged ones too; so many are"
    " not read"
)


def _merged(cells: str) -> tuple[str, str, str]:
    merged = f'<mergeCells count="1"><mergeCell ref="{cells}"/></mergeCells>'
    return "xl/worksheets/sheet1.xml", "</sheetData>", f"</sheetData>{merged}"


def _ods_with(attributes: str) -> tuple[str, str, str]:
    cell = '<table:table-cell office:value-type="string"'
    return "content.xml", f"{cell}><text:p>A", f"{cell} {attributes}><text:p>A"


@pytest.mark.parametrize(
    ("kind", "part", "old", "new", "message"),
    [
        ("xlsx", "xl/worksheets/sheet1.xml", 'r="B2"', 'r="XFD1048576"', MANY_CELLS),
        ("xlsx", "xl/worksheets/sheet1.xml", '<c r="B2"', '<c r="xfd1048576"', MANY_CELLS),
        ("xlsx", "xl/worksheets/sheet1.xml", '<row r="2"', '<row r="1048576"', ""),
        ("xlsx", *_merged("A2:XFD10000"), MANY_CELLS),
        ("xlsx", *_merged("A1:XFD1"), ""),  # as a title is
        ("xlsx", "xl/worksheets/sheet1.xml", "<v>3</v>", "<v></v>", ""),
        (
            "xlsx",
            "xl/sharedStrings.xml",
            "<t>A</t>",
            f"<t>{'A' * 101}</t>",
            "the cells have 221 letters; at most 200 are read",
        ),
        ("ods", *_ods_with('table:number-columns-repeated="2000000"'), MANY_CELLS),
        ("ods", *_ods_with('table:number-columns-spanned="2000000000"'), MANY_CELLS),
        ("ods", *_ods_with('table:number-columns-spanned="16384"'), ""),
        (
            "ods",
            "content.xml",
            "<text:p>A",
            '<text:p>A<text:s text:c="100"/>',
            "the cells have 221 letters; at most 200 are read",
        ),
    ],
)
def test_a_few_bytes_that_stand_for_many_cells_or_letters_are_not_laid_out(
    kind: str,
    part: str,
    old: str,
    new: str,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workbook_size, "_MOST_LETTERS", 200)
    rows, path = [["date", "summary"], ["2017", "A"], ["2018", "A"]], tmp_path / f"book.{kind}"
    whole = workbook(path, events=rows).read_bytes() if kind == "xlsx" else ods(rows)
    with zipfile.ZipFile(io.BytesIO(whole)) as packed:
        parts = {name: packed.read(name).decode() for name in packed.namelist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    try:
        read_cells(path, ["events"])
        told = ""
    except UnfitError as error:
        told = str(error)
    assert told == message  # letters: 19 of heads and dates, and twice the long one


def test_what_is_left_alone_removed_and_shifted_is_told(tmp_path: Path) -> None:
    folder = review(
        tmp_path / NAME,
        events="date,summary\n2017,As it was\n",
        people="id,label\nmother,Mother\n",
        views="id,proposition\nlow,Low\n",
    )
    path = workbook(
        tmp_path / "book.xlsx",
        events=[
            ["date", "summary", "days open"],
            ["2017", "As it was", 12],
            ["", "", ""],
            ["2018", "New", 13],
        ],
        people=[["id", "label"]],
        My_notes=[["x"]],
        finding=[["id", "summary"]],
    )
    assert read_workbook(path, folder) == [
        "the sheet 'My notes' is left alone",
        "the sheet 'finding' is left alone; did you mean 'findings'?",
        "events: 'days open' is no column of events and is left alone; `casechron codebook` lists"
        " them",
        "events: empty rows are left out, so that row 4 is line 3 of the file",
        "wrote events.csv: 2 rows, 1 of them new or changed",
        "views.csv is left as it is: the workbook has no sheet views",
        "people.csv is left as it is: its sheet has no row; delete the file, if none is meant",
    ]
    files = [LAST_READ, "events.csv", "people.csv", "review.toml", "views.csv"]
    assert sorted(contents(folder)) == files
    assert (folder / "events.csv").read_text() == "date,summary\n2017,As it was\n2018,New\n"


def typed(book: Path, name: str, *rows: list[str]) -> None:
    """Save a workbook with other rows below the heads of a sheet."""
    names, cells = read_cells(book, [*FORMS, CODED, "who and what"])
    texts = {sheet.name: [texts for _, texts in sheet.rows] for sheet in cells}
    of = dict(zip(texts[name][0], range(len(texts[name][0])), strict=True))
    texts[name][1:] = []
    for row in rows:
        cells_of = dict(cell.split("=", 1) for cell in row)
        texts[name].append([cells_of.get(head, "") for head in of])
    workbook(book, **{sheet.replace(" ", "_"): texts[sheet] for sheet in names if sheet in texts})


def test_a_workbook_that_is_written_anew_has_not_been_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = review(tmp_path / "data" / NAME, events="date,summary\n2017,A visit\n")
    first, book = (folder / "events.csv").read_text(), tmp_path / "book.xlsx"
    for _ in range(2):
        # To start over: the file as it was, the same workbook, the same cell typed again.
        (folder / "events.csv").write_text(first)
        book.unlink(missing_ok=True)
        assert main(["sheet", NAME, "book.xlsx"]) == 0
        typed(book, "events", ["date=2018", "summary=A visit"])
        assert main(["read-sheet", "book.xlsx", NAME]) == 0
        assert "2018" in (folder / "events.csv").read_text()


def test_what_the_workbook_never_held_is_neither_removed_nor_undone(tmp_path: Path) -> None:
    folder = review(tmp_path / NAME, events="date,summary\n2017,A visit\n")
    book, events = tmp_path / "book.xlsx", folder / "events.csv"
    write_workbook(folder, book)
    by_hand = "id,summary\nlate,Help came late\n"
    (folder / "findings.csv").write_text(by_hand)
    first, changed = ["date=2017", "summary=A visit"], ["date=2018", "summary=Another"]
    typed(book, "events", first, changed)
    # What was typed is read, and read again when it is typed otherwise.
    kept = "findings.csv is left as it is: it has changed since, and its sheet has not"
    for other in (changed, ["date=2018", "summary=One more"]):
        typed(book, "events", first, other)
        assert kept in read_workbook(book, folder)
        assert other[1].partition("=")[2] in events.read_text()
        assert (folder / "findings.csv").read_text() == by_hand
    # A cell that is mended in the file is not put back by a sheet that nobody has touched since.
    events.write_text(mended := events.read_text().replace("2017", "2016"))
    lines = read_workbook(book, folder)
    assert "events.csv is left as it is: it has changed since, and its sheet has not" in lines
    assert events.read_text() == mended
    # Where both have changed, it is for a person to say which counts.
    typed(book, "events", first)
    before = contents(folder)
    with pytest.raises(WorkbookError) as refused:
        read_workbook(book, folder)
    assert str(refused.value) == (
        "events.csv has changed since book.xlsx was written or last read, and so has the sheet"
        " events, so that one would undo the other; write another workbook with `casechron sheet`"
        " and carry over what you typed, or move events.csv away if the sheet is what counts"
    )
    assert contents(folder) == before
    events.unlink()
    read_workbook(book, folder)
    assert events.read_text() == "date,summary\n2017,A visit\n"


def test_rows_that_a_person_deletes_in_the_workbook_are_gone(tmp_path: Path) -> None:
    people, events = "id,label\nmother,Mother\n", "date,summary\n2017,A visit\n2016,Gone\n"
    folder = review(tmp_path / NAME, events=f"{events}2015,Gone too\n", people=people)
    write_workbook(folder, tmp_path / "book.xlsx")
    typed(tmp_path / "book.xlsx", "people")
    typed(tmp_path / "book.xlsx", "events", ["date=2017", "summary=A visit"], ["date=2018"])
    assert read_workbook(tmp_path / "book.xlsx", folder) == [
        "wrote events.csv: 2 rows, 1 of them new or changed, 1 fewer than before",
        "removed people.csv: its sheet has no row",
        "undone in events.csv: 'Gone': the row is gone; 'Gone too': the row is gone",
        "undone in people.csv: 'mother': the row is gone",
    ]
    assert not (folder / "people.csv").exists()
    (book,) = json.loads((folder / LAST_READ).read_text())
    for unread in ("[]", json.dumps({book: {"events": "a key"}}), "[" * 100_000, None):
        (folder / LAST_READ).unlink()
        if unread is None:
            os.mkfifo(folder / LAST_READ)
        else:
            (folder / LAST_READ).write_text(unread)
        with pytest.raises(WorkbookError, match=r"read-sheet.json of .* cannot be read; delete it"):
            read_workbook(tmp_path / "book.xlsx", folder)


def test_one_workbook_is_read_again_after_a_row_is_deleted_and_a_cell_put_back(
    tmp_path: Path,
) -> None:
    folder = review(tmp_path / NAME, events="date,summary\n2015,A\n2016,B\n")
    (folder / "review.toml").write_text('title = "Child X"\n', encoding="utf-8")
    book, original = tmp_path / "book.xlsx", tmp_path / "original.xlsx"
    write_workbook(folder, book)
    shutil.copy(book, original)
    a, b, c = ([f"date={2015 + at}", f"summary={letter}"] for at, letter in enumerate("ABC"))
    for *rows, title in (
        (a, b, c, "Child X"),
        (a, c, "Child Y"),
        (["date=2015-05", "summary=A"], c, "Child X"),
        (a, c, "Child Y"),
        (a, b, c, "Child X"),
        (b, c, "Child X"),
        (a, b, c, "Child X"),
    ):
        typed(book, "events", *rows)
        typed(book, "review", ["key=title", f"value={title}"])
        read_workbook(book, folder)
        read = [[f"{head}={row[head]}" for head in row] for row in csv_rows(folder / "events.csv")]
        assert read == rows
        assert tomllib.loads((folder / "review.toml").read_text())["title"] == title
    before = contents(folder)
    assert "events.csv is left as it is: it has changed since, and its sheet has not" in (
        read_workbook(original, folder)
    )
    assert {**contents(folder), LAST_READ: b""} == {**before, LAST_READ: b""}


def test_what_is_typed_into_review_toml_is_not_undone_by_an_older_workbook(tmp_path: Path) -> None:
    folder = new_review(tmp_path / NAME)
    book, toml, events = tmp_path / "book.xlsx", folder / "review.toml", folder / "events.csv"
    write_workbook(folder, book)
    events.write_text("date,summary\n2017,A visit\n")
    by_hand = toml.read_text(encoding="utf-8")
    for key, value in (("title", "Child X"), ("licence", "Ours"), ("id", "report")):
        by_hand = re.sub(f"^{key} = .*FILL IN.*$", f'{key} = "{value}"', by_hand, flags=re.M)
    toml.write_text(f'complete = ["by"]\n{by_hand}', encoding="utf-8")
    before = contents(folder)
    assert read_workbook(book, folder) == [
        "events.csv is left as it is: it has changed since, and its sheet has not",
        "sources in review.toml is left as it is: it has changed since, and its sheet has not",
        "complete in review.toml is left as it is: it has changed since, and its sheet has not",
        "review.toml keeps title, licence: an empty cell undoes nothing",
    ]
    assert contents(folder) == before
    # What is typed in one of the two alone is kept, and what is typed in both otherwise is asked.
    typed(book, "review", ["key=body", "value=A partnership"], ["key=licence", "value=FILL IN"])
    assert "wrote body into review.toml" in read_workbook(book, folder)
    filled = before["review.toml"].decode().splitlines()
    assert toml.read_text(encoding="utf-8").splitlines() == [
        'body = "A partnership"' if line.startswith("body =") else line for line in filled
    ]
    write_workbook(folder, tmp_path / "later.xlsx")
    toml.write_text(toml.read_text().replace("Child X", "Child Y").replace("Ours", "Mine"))
    typed(tmp_path / "later.xlsx", "review", ["key=title", "value=Child Z"])
    before = contents(folder)
    with pytest.raises(WorkbookError) as refused:
        read_workbook(tmp_path / "later.xlsx", folder)
    assert str(refused.value) == (
        "title in review.toml has changed since later.xlsx was written or last read, and so has the"
        " sheet review, so that one would undo the other; write another workbook with `casechron"
        " sheet` and carry over what you typed, or delete it there if the sheet is what counts"
    )
    assert contents(folder) == before
    toml.write_text(toml.read_text().replace('title = "Child Y"', ""))
    read_workbook(tmp_path / "later.xlsx", folder)
    said = tomllib.loads(toml.read_text())
    assert (said["title"], said["licence"], said["body"]) == ("Child Z", "Mine", "A partnership")


def test_neither_an_older_copy_nor_another_workbook_removes_what_it_did_not_bring(
    tmp_path: Path,
) -> None:
    folder = new_review(tmp_path / NAME)
    older, newer = tmp_path / "older.xlsx", tmp_path / "newer.xlsx"
    write_workbook(folder, older)
    shutil.copy(older, newer)
    one, two = ["date=2017", "summary=A visit"], ["date=2018", "summary=Another"]
    typed(newer, "events", one, two, ["date=2019", "summary=A third"])
    typed(newer, "people", ["id=x", "label=Child X"])
    typed(newer, "review", ["key=title", "value=Child X"])
    read_workbook(newer, folder)
    before = contents(folder)
    what_to_do = (
        "write another workbook with `casechron sheet` and carry over what you typed, or move"
        " events.csv away if the sheet is what counts"
    )
    assert read_workbook(older, folder)[:2] == [
        "events.csv is left as it is: it has changed since, and its sheet has not",
        "people.csv is left as it is: it has changed since, and its sheet has not",
    ]
    typed(older, "events", one)
    own = {"events": [["date", "summary"], ["2017", "A visit"], ["2015", "B"], ["2014", "C"]]}
    for book, why in (
        (
            older,
            "older.xlsx is an older copy, which would undo in events.csv what has been read since;"
            f" {what_to_do}. Undone would be: 'Another': the row is gone; 'A third': the row is"
            " gone",
        ),
        (
            workbook(tmp_path / "own.xlsx", **own),
            "events.csv has 2 rows that the sheet events of own.xlsx lacks, and would lose them;"
            f" {what_to_do}. Lost would be: 'Another', 'A third'",
        ),
    ):
        with pytest.raises(WorkbookError) as refused:
            read_workbook(book, folder)
        assert str(refused.value).splitlines()[0] == why
        assert contents(folder) == before
    # Where a person says so, the workbook counts.
    (folder / "events.csv").unlink()
    (folder / "people.csv").unlink()
    read_workbook(older, folder)
    assert [row["date"] for row in csv_rows(folder / "events.csv")] == ["2017"]


#: A workbook of two rows as it was written, and as one coder has read it: a date is another, and
#: there is a third row.
VISIT, CLOSED = "date=2022-05-02", "date=2022-05-20"
AS_WRITTEN = [[VISIT, "summary=A visit"], [CLOSED, "summary=The case is closed"]]
AS_READ = [AS_WRITTEN[0], ["date=2022-05-27", "summary=The case is closed"], ["summary=Core group"]]
CORE_GONE, CLOSED_BACK = (
    "'Core group': the row is gone",
    "'The case is closed', date: '2022-05-20' in place of '2022-05-27'",
)


@pytest.mark.parametrize("same_path", [False, True])
@pytest.mark.parametrize(
    ("rows", "undone"),
    [
        # Nothing else than what was written.
        (AS_WRITTEN, [CLOSED_BACK, CORE_GONE]),
        # With a row and a cell of a colleague's own, of which neither touches the other's.
        (
            [["date=2022-05-03", "summary=A visit"], AS_WRITTEN[1], ["date=2021", "summary=Mine"]],
            [CLOSED_BACK, CORE_GONE],
        ),
        # With another cell of the row that was mended.
        ([AS_WRITTEN[0], [*AS_WRITTEN[1], "place=p3"]], [CLOSED_BACK, CORE_GONE]),
    ],
)
def test_a_colleagues_copy_of_one_workbook_undoes_nothing_in_silence(
    rows: list[list[str]], undone: list[str], same_path: bool, tmp_path: Path
) -> None:
    """One export, copied: what one has typed and read, the other's copy does not take back."""
    folder = review(tmp_path / NAME, events="date,summary\n")
    typed_rows = [[cell.partition("=")[2] for cell in row] for row in AS_WRITTEN]
    (folder / "events.csv").write_text(
        form_text(
            "events", [dict(zip(("date", "summary"), row, strict=True)) for row in typed_rows]
        )
    )
    mine, other = tmp_path / "mine.xlsx", tmp_path / "old.xlsx"
    write_workbook(folder, mine)
    shutil.copy(mine, other)
    typed(mine, "events", *AS_READ)
    read_workbook(mine, folder)
    before = contents(folder)
    typed(other, "events", *rows)
    if same_path:  # they send the file, and it is put in the place of mine
        other = shutil.copy(other, mine)
    elif rows == AS_WRITTEN:
        assert "events.csv is left as it is: it has changed since, and its sheet has not" in (
            read_workbook(other, folder)
        )
        assert contents(folder) == before
        return
    with pytest.raises(WorkbookError) as refused:
        read_workbook(other, folder)
    assert str(refused.value) == (
        f"{other.name} is an older copy, which would undo in events.csv what has been read since;"
        " write another workbook with `casechron sheet` and carry over what you typed, or move"
        f" events.csv away if the sheet is what counts. Undone would be: {'; '.join(undone)}"
    )
    assert contents(folder) == before


def test_two_people_who_type_the_same_cell_of_one_workbook_are_told(tmp_path: Path) -> None:
    folder = review(tmp_path / NAME, events="date,summary\n2022-05-20,Closed\n2019,Gone\n")
    mine, other = tmp_path / "mine.xlsx", tmp_path / "other.xlsx"
    write_workbook(folder, mine)
    shutil.copy(mine, other)
    typed(mine, "events", ["date=2022-05-27", "summary=Closed"])
    told = read_workbook(mine, folder)
    assert told[-1] == "undone in events.csv: 'Gone': the row is gone"
    typed(other, "events", ["date=2022-06", "summary=Closed"], ["date=2019", "summary=Gone"])
    with pytest.raises(WorkbookError) as refused:
        read_workbook(other, folder)
    assert str(refused.value).partition("Undone would be: ")[2] == (
        "'Closed', date: '2022-06' in place of '2022-05-27'; 'Gone': the row is there again"
    )
    # In the workbook that was read the cell may be typed again; who puts it back is told.
    typed(mine, "events", ["date=2022-06", "summary=Closed"])
    read_workbook(mine, folder)
    assert csv_rows(folder / "events.csv") == [{"date": "2022-06", "summary": "Closed"}]
    typed(mine, "events", ["date=2022-05-20", "summary=Closed"])
    assert read_workbook(mine, folder) == [
        "wrote events.csv: 1 row, 1 of them new or changed",
        "undone in events.csv: 'Closed', date: '2022-05-20' in place of '2022-06'",
    ]
    # A copy that has all that was read goes on from there, whatever it is called.
    shutil.copy(mine, other)
    assert read_workbook(other, folder) == ["events.csv: 1 row, as before"]
    typed(other, "events", ["date=2022-07", "summary=Closed"])
    read_workbook(other, folder)
    assert csv_rows(folder / "events.csv") == [{"date": "2022-07", "summary": "Closed"}]


def test_nobody_can_type_where_nothing_is_read(tmp_path: Path) -> None:
    folder = review(
        tmp_path / NAME,
        events="id,date,summary\ne1,2017,As it was\n",
        people="id,label\nx,Child X\n",
    )
    write_workbook(folder, tmp_path / "book.xlsx")
    with zipfile.ZipFile(tmp_path / "book.xlsx") as packed:
        whole = packed.read("xl/workbook.xml").decode().split('<sheet name="')[1:]
        names = [piece.partition('"')[0] for piece in whole]
        parts = [packed.read(f"xl/worksheets/sheet{at}.xml") for at in range(1, len(names) + 1)]
    kept = {name for name, part in zip(names, parts, strict=True) if b"<sheetProtection" in part}
    assert kept == {"read me", "who and what", "codes"}


def test_a_workbook_of_a_coding_without_a_review_toml_of_its_own(tmp_path: Path) -> None:
    shutil.copytree(SHEETS / CODINGS[1], tmp_path / "child-w-manchester-2020")
    folder = tmp_path / CODINGS[2]
    (folder / "review.toml").unlink(missing_ok=True)
    write_workbook(folder, tmp_path / "book.xlsx")
    (folder / "events.csv").unlink()
    names, _ = read_cells(tmp_path / "book.xlsx", [])
    assert not {"review", "sources", CODED} & {*names}
    rows = {"events": [["date", "summary"], ["2018", "A"]], "sources": [["id"], ["report"]]}
    lines = read_workbook(workbook(tmp_path / "typed.xlsx", **rows), folder)
    assert lines[-1] == "review and sources are left alone: pass-1 has no review.toml"
    assert not (folder / "review.toml").exists()


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("title = ", "it cannot be read; `casechron check` says where, and what to write"),
        ('notes = "a\\u0007b"\n', ", notes: the cell holds U+0007 BELL at letter 2; delete it"),
    ],
)
def test_a_review_toml_that_no_workbook_can_hold(toml: str, message: str, tmp_path: Path) -> None:
    folder = review(tmp_path / NAME, events="date,summary\n2017,A\n")
    path = workbook(tmp_path / "book.xlsx", events=[["date", "summary"], ["2018", "B"]])
    (folder / "review.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(WorkbookError) as caught:
        write_workbook(folder, tmp_path / "other.xlsx")
    assert str(caught.value) == f"review.toml{message if message[0] == ',' else f': {message}'}"
    assert not (tmp_path / "other.xlsx").exists()
    if message[0] != ",":
        before = contents(folder)
        with pytest.raises(WorkbookError) as caught:
            read_workbook(path, folder)
        assert str(caught.value) == f"review.toml: {message}"
        assert contents(folder) == before


def test_a_column_of_somebodys_own_is_not_written_over(tmp_path: Path) -> None:
    folder = review(tmp_path / NAME, events="date,summary,mine\n2017,As it was,x\n")
    path = workbook(tmp_path / "book.xlsx", events=[["date", "summary"], ["2017", "As it was"]])
    with pytest.raises(WorkbookError) as caught:
        read_workbook(path, folder)
    assert str(caught.value) == (
        "events.csv: 'mine' is no column of events; a workbook does not keep it; delete the column"
        " there, or keep it elsewhere"
    )


@pytest.mark.parametrize(
    ("toml", "after"),
    [
        (TOML, TOML.replace("\n\n[[", '\ncomplete = ["by", "views"]\n\n[[')),
        (
            f'# Ours\ncomplete = [ "views",\n  "to" ] # kept\n{TOML}',
            f'# Ours\ncomplete = ["views", "by"] # kept\n{TOML}',
        ),
        (f'complete = ["views", "by"]\n{TOML}', f'complete = ["views", "by"]\n{TOML}'),
    ],
)
def test_what_is_coded_throughout_is_asked_for(toml: str, after: str, tmp_path: Path) -> None:
    folder = review(tmp_path / NAME)
    (folder / "review.toml").write_text(toml, encoding="utf-8")
    write_workbook(folder, tmp_path / "book.xlsx")
    yes = ["name=by", "coded=yes"], ["name=to"], ["name=views", "coded=yes"]
    typed(tmp_path / "book.xlsx", CODED, *yes)
    read_workbook(tmp_path / "book.xlsx", folder)
    assert (folder / "review.toml").read_text(encoding="utf-8") == after


def test_nothing_is_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = review(tmp_path / NAME, events="date,summary\n2017,A\n", people="id\nx\n")
    events = [["date", "summary"], ["2017", "A"], ["2018", "B"]]
    path = workbook(tmp_path / "book.xlsx", events=events, people=[["id"], ["x"], ["y"]])
    before, whole = contents(folder), shutil.copymode

    def full_disk(file: Path, part: Path) -> None:
        if "people" in file.name:
            raise OSError(28, "No space left on device")
        whole(file, part)

    monkeypatch.setattr(shutil, "copymode", full_disk)
    with pytest.raises(OSError, match="No space left"):
        read_workbook(path, folder)
    assert contents(folder) == before


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in ("data", "notebooks"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_each_command_says_what_it_wrote_and_what_comes_next(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = new_review(project / "data" / NAME)
    assert main(["sheet", NAME]) == 0
    empty = ["findings", "views", "recommendations", "people", "agencies"]
    assert capsys.readouterr().out.splitlines() == [
        "sources: 0 rows",
        "events: 1 row",
        *(f"{name}: 0 rows" for name in empty),
        f"wrote these into {NAME}.xlsx; work on it in a spreadsheet, save it, then: casechron"
        f" read-sheet {NAME}.xlsx {NAME}",
    ]
    (before,) = [(folder / "events.csv").read_bytes()]
    assert main(["read-sheet", f"{NAME}.xlsx", NAME]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "events.csv: 1 row, as before",
        f"next: casechron check {NAME}",
    ]
    assert (folder / "events.csv").read_bytes() == before
    assert main(["sheet", NAME]) == 2
    assert capsys.readouterr().err == (
        f"casechron: {project / NAME}.xlsx exists already, and may hold what is nowhere else;"
        " choose another name, or move it away first\n"
    )
    assert main(["sheet", NAME, "other.csv"]) == 2
    assert capsys.readouterr().err == (
        "casechron: 'other.csv' is no name of a workbook; let it end in .xlsx\n"
    )
    assert not (project / "other.csv").exists()


def test_a_new_review_has_a_workbook_and_is_not_begun_over_another(project: Path) -> None:
    (project / f"{NAME}.xlsx").write_bytes(b"mine")
    assert main(["new", NAME]) == 2
    assert not (project / "data" / NAME).exists()
    (project / f"{NAME}.xlsx").unlink()
    assert main(["new", NAME]) == 0
    names, cells = read_cells(project / f"{NAME}.xlsx", ["events", CODED])
    assert names[:4] == ["read me", "review", "sources", "events"]
    assert names[-3:] == [CODED, "who and what", "codes"]
    heads, first = (texts for _, texts in cells[0].rows[:2])
    assert heads[:6] == [ROW_NUMBER, "date", "kind", "summary", "by", "to"]
    assert first[:3] == ["1", "late 2014-08", "referral"]
    assert set(heads) - {ROW_NUMBER} == set(codebook().forms["events"].columns)


def test_a_blank_workbook_alone_makes_a_review(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a list of facts is coded as, typed into the sheets of a new review and nowhere else; in
    a draft some of it may be missing."""
    name, plain = "child-k-anytown-2016", LIGHTNESS / "plain"
    assert main(["new", name]) == 0
    _, blank = read_cells(project / f"{name}.xlsx", ["review", "sources", CODED])
    (keys, heads, coded) = ([texts for _, texts in sheet.rows] for sheet in blank)
    wanted = tomllib.loads((plain / "review.toml").read_text(encoding="utf-8"))
    answers = {key: "yes" if value is True else str(value) for key, value in wanted.items()}
    sources = [
        [{True: "yes"}.get(source.get(head), source.get(head, "")) for head in heads[0]]
        for source in wanted["sources"]
    ]
    with (plain / "events.csv").open(encoding="utf-8", newline="") as file:
        events = [*csv.reader(file)]

    def filled(path: Path, *without: str) -> Path:
        review = [
            [key, "" if key in without else answers.get(key, ""), of] for key, _, of in keys[1:]
        ]
        yes = [[key, "yes" if key in wanted["complete"] else "", of] for key, _, of in coded[1:]]
        rows: dict[str, Rows] = {
            "review": [keys[0], *review],
            "sources": [heads[0], *sources],
            "events": events,
            CODED: [coded[0], *yes],
        }
        return workbook(path, **rows)

    capsys.readouterr()
    assert main(["read-sheet", str(filled(project / "draft.xlsx", "licence", "notes")), name]) == 0
    assert main(["check", name, "--draft"]) == 0
    assert main(["check", name]) == 1
    folder = project / "data" / name
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        "wrote events.csv: 15 rows, 15 of them new or changed",
        "wrote title, body, year, published, published_of, jurisdiction, coder, coded_on,"
        " content_note, citation, invented, complete, sources into review.toml",
        f"next: casechron check {name}",
    ]
    to_do = (
        f"  {name}/review.toml line 35: 2 places are not filled in yet (notes, licence); write what"
        " the comment at each asks for, there or on the sheets review and sources"
    )
    assert lines.count(to_do) == 2
    assert f"{name}: good, 2 still to do, 2 worth a look" in lines
    assert f"{name}: 2 still to do, 2 worth a look" in lines
    assert main(["read-sheet", str(filled(project / "whole.xlsx")), name]) == 0
    assert main(["check", name]) == 0
    assert values((folder / "review.toml").read_text(encoding="utf-8")) == values(
        (plain / "review.toml").read_text(encoding="utf-8")
    )
    typed, right = (
        [[*filter(None, row.values())] for row in csv_rows(place / "events.csv")]
        for place in (folder, plain)
    )
    assert typed == right


def test_each_cell_of_a_sheet_to_read_wraps_where_its_column_does(tmp_path: Path) -> None:
    write_workbook(
        review(tmp_path / NAME, events="date,summary\n2017,As it was\n"), tmp_path / "book.xlsx"
    )
    with zipfile.ZipFile(tmp_path / "book.xlsx") as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
        formats = packed.read("xl/styles.xml").decode().partition("<cellXfs")[2]
    wraps = ["wrapText" in one for one in re.findall("<xf .*?(?:/>|</xf>)", formats)]
    # The names of the sheets do not wrap, what stands there does.
    columns = [wraps[int(style)] for style in re.findall('<col [^>]*style="(\\d+)"', sheet)]
    assert columns[:2] == [False, True]
    cells = re.findall('<c r="([AB])\\d+" s="(\\d+)"', sheet.partition("</row>")[2])
    assert {(column, wraps[int(style)]) for column, style in cells} == {("A", False), ("B", True)}


#: What the sheet to read first says of the other sheets, and of what to do last.
READ_ME_SHEETS = {
    "people": "One row per person or unnamed group of persons; the child first; the label that the"
    " source publishes, never a name.",
    "events": "One row per event, state or absence; begin with date, kind, summary, by, to and"
    " about; the row that stands in the sheet of a new review is invented: write over it.",
    "findings": "One row per finding of the review.",
    "views": "One row per proposition that somebody held.",
    "recommendations": "One row per recommendation.",
    "agencies": "One row per agency or body; only those that are no ready agency on the sheet who"
    " and what.",
}
READ_ME_WHO = [
    "who and what",
    "To look up: whom and what a cell can name. Who is new on the sheets people and agencies is"
    " typed by id or label at once, though no list offers it yet. Nothing is typed here.",
]
READ_ME_CODES = ["codes", "To look up: what each code means. Nothing is typed here."]
READ_ME_CELL = ["in a cell", "The note at the head of a column says how its cells are written."]


def read_me_ends(name: str) -> list[list[str]]:
    return [
        READ_ME_CELL,
        [
            "then",
            f"Save the workbook as .xlsx or .ods, then: casechron read-sheet FILE {name}",
        ],
        [
            "at last",
            f"casechron check {name} --draft says what is wrong, and what is still to do.",
        ],
    ]


def test_the_first_sheet_says_what_to_fill_in_which_order_and_what_then(project: Path) -> None:
    assert main(["new", NAME]) == 0
    assert main(["new", NAME, "--coding", "bob"]) == 0
    of_review, of_coding = (
        [texts for _, texts in read_cells(project / f"{name}.xlsx", ["read me"])[1][0].rows]
        for name in (NAME, f"{NAME}-bob")
    )
    sheets = READ_ME_SHEETS
    later = ("findings", "views", "recommendations")
    assert of_review == [
        ["sheet", "what stands there"],
        [
            "1. review",
            "What the review is: each key with what to write there; leave empty what you do not"
            " know yet.",
        ],
        [
            "2. sources",
            "One row per text that the coding uses, whether it is at hand or not.",
        ],
        ["3. people", sheets["people"]],
        ["4. events", sheets["events"]],
        *([name, sheets[name]] for name in (*later, "agencies")),
        ["coded", "At the end: what is coded wherever the source speaks of it."],
        READ_ME_WHO,
        READ_ME_CODES,
        *read_me_ends(NAME),
    ]
    assert of_coding == [
        ["sheet", "what stands there"],
        ["1. people", sheets["people"]],
        ["2. events", sheets["events"]],
        *([name, sheets[name]] for name in (*later, "agencies")),
        READ_ME_WHO,
        READ_ME_CODES,
        *read_me_ends(f"{NAME}/codings/bob"),
    ]


def test_help_names_what_a_coder_has(project: Path) -> None:
    """Columns, sheets and codes; no table that cells make."""
    assert main(["new", NAME]) == 0
    names, cells = read_cells(project / f"{NAME}.xlsx", [*TABLE_NAMES, "codes", "read me"])
    texts = {sheet.name: [texts for _, texts in sheet.rows] for sheet in cells}
    codes = {row[1] for row in texts["codes"]}
    columns = {head for name in TABLE_NAMES if name in names for head in texts[name][0]}
    understood = codes | columns | {*names} | {*codebook().ready_agencies}
    understood |= {"~", *(f"{code} by PARTY" for code in codes)}
    helps = [
        *(cell for row in texts["codes"][1:] for cell in row[2:]),
        *(cell for row in texts["read me"] for cell in row),
        *(
            of.meaning
            for name in TABLE_NAMES
            if name in names
            for of in FORMS[name].columns.values()
        ),
    ]
    assert len(helps) > 500
    quoted = {word for text in helps for word in re.findall("`([^`]+)`", text)}
    assert len(quoted) > 30
    assert quoted - understood == set()
    derived = {*codebook().tables} - {*codebook().forms, "sources"}
    assert "participation" in derived
    words = re.compile(rf"\b(?:in|of) (?:{'|'.join(derived)})\b")
    assert [text for text in helps if words.search(text)] == []


def test_what_no_workbook_could_keep_is_refused(tmp_path: Path) -> None:
    folder = review(tmp_path / NAME, events='date,summary\n2018,"A\nvisit"\n')
    with pytest.raises(WorkbookError) as caught:
        write_workbook(folder, tmp_path / "book.xlsx")
    assert str(caught.value) == (
        "events.csv line 2, summary: the cell holds a line break (U+000A LINE FEED at letter 2);"
        " write it on one line"
    )
    assert not (tmp_path / "book.xlsx").exists()
