"""Does a coder who sorts, puts in, deletes or leaves out what is on the sheets break nothing
without being told where?"""

from __future__ import annotations

import csv
import io
import random
import re
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from casechron.coding.fill import FillError, fill
from casechron.coding.form_check import FormCheck, check_form
from sheet_cases import CODINGS, SHEETS, canonical
from test_form_check import checked
from thoroughly import some

Sheet = list[list[str]]
W = "child-w-manchester-2020"
#: Made of which other rows stand on a source, and so changed by any of them.
BY_ALL = ("coverage", "locators")


def copy(name: str, project: Path) -> Path:
    """A copy of the review of a coding; the folder of the coding in it."""
    review = name.partition("/")[0]
    shutil.copytree(SHEETS / review, project / "data" / review)
    return project / "data" / name


def read(path: Path) -> Sheet:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def write(path: Path, rows: Sheet) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")


def check(folder: Path) -> FormCheck:
    return check_form(folder)


def by_column(column: str) -> Callable[[Path], None]:
    def done(folder: Path) -> None:
        head, *rows = read(folder / "events.csv")
        at = head.index(column)
        write(folder / "events.csv", [head, *sorted(rows, key=lambda row: row[at])])

    return done


def shuffled(folder: Path) -> None:
    """Each file with its rows and its columns in another order."""
    draw = random.Random(1989)
    for path in sorted(folder.glob("*.csv")):
        head, *rows = read(path)
        draw.shuffle(rows)
        order = draw.sample(range(len(head)), len(head))
        write(path, [[row[at] for at in order] for row in (head, *rows)])


def spaced(folder: Path) -> None:
    """Empty lines between all rows, and an empty column before and after all."""
    for path in folder.glob("*.csv"):
        wide = [["", *row, ""] for row in read(path)]
        write(path, [line for row in wide for line in (row, [""] * len(row))])


HANDLED = {
    "shuffled": shuffled,
    "spaced": spaced,
    **{f"by {head}": by_column(head) for head in ("date", "kind", "summary", "by", "place")},
}


@pytest.mark.parametrize("how", HANDLED)
@pytest.mark.parametrize("name", some(CODINGS))
def test_the_order_of_rows_and_columns_is_nothing(name: str, how: str, tmp_path: Path) -> None:
    folder = copy(name, tmp_path)
    before = canonical(check(folder).expanded)
    HANDLED[how](folder)
    check_result = check(folder)
    assert [str(item) for item in (*check_result.wrong, *check_result.to_do)] == []
    assert canonical(check_result.expanded) == before


@pytest.mark.parametrize("file", sorted(path.name for path in (SHEETS / W).glob("*.csv")))
def test_of_a_file_that_is_left_out_each_cell_that_named_its_rows_is_told(
    file: str, tmp_path: Path
) -> None:
    folder, before = copy(W, tmp_path), unchanged()
    head, *rows = read(folder / file)
    (folder / file).unlink()
    check_result = check(folder)
    assert all(item.line for item in check_result.wrong)
    lost_or_told(before, check_result, lambda origin: origin[0] == file)
    ids = {row[head.index("id")] for row in rows} - {""} if "id" in head else set()
    named = {name for name in ids if re.search(rf"(?<![\w-]){name}(?![\w-])", all_text(folder))}
    assert bool(check_result.wrong) == bool(named), file


@cache
def unchanged() -> FormCheck:
    return check(SHEETS / W)


def all_text(folder: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.csv")))


def lost_or_told(
    before: FormCheck, after: FormCheck, gone: Callable[[tuple[str, int]], bool]
) -> None:
    """Hold that each tidy row which is not as it was came of what is gone, or of a cell or a row
    that is told."""
    places_told = {(item.file, item.line) for item in (*after.wrong, *after.to_do)}
    places_told |= {
        (item.file, item.line) for item in after.looks if "no event has" in item.message
    }
    for table, all_made in before.expanded.tables.items():
        now = [row.cells for row in after.expanded.tables[table]]
        for row in all_made if table not in BY_ALL else ():
            if row.cells not in now:
                places = {origin[:2] for origin in row.origins}
                assert any(map(gone, places)) or places & places_told, row.cells


@pytest.mark.parametrize("line", sorted(random.Random(1971).sample(range(2, 77), 12)))
def test_of_a_deleted_row_each_cell_that_named_it_is_told(line: int, tmp_path: Path) -> None:
    folder, before = copy(W, tmp_path), unchanged()
    rows = read(folder / "events.csv")
    identity = rows[line - 1][rows[0].index("id")]
    rows[line - 1] = [""] * len(rows[0])  # an empty line is none, and the lines below stay theirs
    write(folder / "events.csv", rows)
    check_result = check(folder)
    lost_or_told(before, check_result, lambda origin: origin == ("events.csv", line))
    named = re.search(rf"(?<![\w-]){identity}(?![\w-])", all_text(folder))
    assert bool(check_result.wrong) == bool(identity and named)
    for item in check_result.wrong:
        assert item.line, item
        if not item.message.startswith("no row has the id"):
            assert identity in item.message, item


@pytest.mark.parametrize("seed", range(6))
def test_a_row_that_is_put_in_changes_no_other(seed: int, tmp_path: Path) -> None:
    folder = copy(W, tmp_path)
    before = check(folder).expanded
    head, *rows = read(folder / "events.csv")
    draw = random.Random(seed)
    # Of the kind and the month of a row that is there, which has an id or none.
    like = dict(zip(head, draw.choice(rows), strict=True))
    new = {column: like[column] for column in ("kind", "date", "until", "absence", "place")}
    new |= {"summary": "Something else", "to": draw.choice(["gp", "", "police"])}
    rows.insert(draw.randrange(len(rows)), [new.get(column, "") for column in head])
    write(folder / "events.csv", [head, *rows])
    check_result = check(folder)
    assert [str(item) for item in check_result.wrong] == []
    after = check_result.expanded
    for table in before.tables:
        there = after.rows(table)
        if table != "coverage":
            assert [row for row in before.rows(table) if row not in there] == []


ALIKE = """\
id,date,kind,summary,by,answers
,2014-08-03,referral,A school worries,school,
,2014-08-20,referral,A GP worries,gp,
,2014-09-02,visit,A visit,childrens-services,referral-2014-08
"""


def test_an_id_that_two_rows_can_have_is_no_id_of_either(tmp_path: Path) -> None:
    """Else a row that is put in would take the ties of another, unseen."""
    check = checked(tmp_path, events=ALIKE, people="")
    message = (
        "events.csv line 4, answers: 'referral-2014-08' can be the row of line 2 or 3, none of"
        " which has an id; write an id into the one that is meant, and name that"
    )
    assert [str(item) for item in check.wrong] == [message]
    (folder,) = tmp_path.iterdir()
    before = (folder / "events.csv").read_bytes()
    with pytest.raises(FillError) as refused:
        fill(folder)
    assert str(refused.value) == message
    assert (folder / "events.csv").read_bytes() == before


@pytest.mark.parametrize(
    "row",
    [",2014-08-20,referral,A GP worries,gp,\n", ",2014-09-02,visit,A visit,gp,\n", ""],
    ids=["of another month", "of another kind", "none"],
)
def test_an_id_that_one_row_alone_can_have_is_enough(row: str, tmp_path: Path) -> None:
    events = ALIKE.replace(",2014-08-20,referral,A GP worries,gp,\n", row)
    check = checked(tmp_path, events=events.replace("2014-08-20", "2014-07-20"), people="")
    assert [str(item) for item in check.wrong] == []
