"""The first notebook codes in the open: each coded row has its cell, and the files that it offers
are the review."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from pandas.testing import assert_frame_equal

import casechron as cc
from casechron.coding.codebook import codebook
from casechron.coding.reviews import ROOT_VARIABLE
from casechron.report import show
from casechron.report.export import write_tables
from casechron.report.table_cells import read_csv_cells
from thoroughly import EVERY, drawn

ROOT = Path(__file__).parents[1]
#: Those of one review.
CODING, *OTHERS = (
    path
    for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
    if "read_review(" in path.read_text(encoding="utf-8")
)
REVIEWS = sorted(path.parent.name for path in (ROOT / "data").glob("*/review.toml"))
Sent = list[tuple[dict[str, str], dict[str, Any]]]


@pytest.fixture(autouse=True)
def _in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ROOT_VARIABLE, str(ROOT))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, cc.Review], Sent]:
    """A notebook's code, run here on a review: what it sends, but for its figures."""

    def ran(notebook: Path, review: cc.Review) -> Sent:
        sent: Sent = []
        monkeypatch.setattr(show, "_send", lambda data, **said: sent.append((data, said)))
        # Drawing takes longest, and is made of the tables that are compared.
        monkeypatch.setattr(show, "figure", lambda *given, **named: None)
        monkeypatch.setattr(cc, "read_review", lambda name, **policy: review)
        names: dict[str, Any] = {}
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), names)
        return sent

    return ran


def fed_back(folder: Path, review: cc.Review) -> cc.Review:
    """The review that the files of a report make: the coded tables, and each place once with its
    digests."""
    tables = {path.stem: frame_of(path) for path in (folder / "coded").glob("*.csv")}
    locators, places = tables["locators"], frame_of(folder / "places.csv")
    on = [name for name in places if name in locators]
    tables["locators"] = locators.merge(places, how="left", on=on, validate="many_to_one")
    return cc.Review(tables, review.meta, review.policy, review.folder)


def frame_of(path: Path) -> pd.DataFrame:
    columns = read_csv_cells(path.read_text(encoding="utf-8"), {})
    return pd.DataFrame({column.name: column.cells for column in columns}, dtype="str")


@pytest.mark.parametrize("name", [REVIEWS[0], "child-w-manchester-2020"] if EVERY else REVIEWS[:1])
def test_the_published_files_make_every_other_notebooks_tables(
    name: str, run: Callable[[Path, cc.Review], Sent], tmp_path: Path
) -> None:
    review = cc.read_review(ROOT / "data" / name)
    outputs = [
        new_output("display_data", data, metadata={"casechron": said})
        for data, said in run(CODING, review)
    ]
    resources = write_tables(
        {CODING.stem: new_notebook(cells=[new_code_cell(outputs=outputs)])}, tmp_path
    )
    again = fed_back(tmp_path / "tables", review)
    assert set(again.tables) == set(codebook().tables)
    for table, frame in review.tables.items():
        assert_frame_equal(again.tables[table], frame)
    offered = {one["path"] for one in resources if one["name"].startswith("coded.")}
    assert offered == {f"tables/coded/{table}.csv" for table in codebook().tables}
    compared = 0
    for notebook in OTHERS:
        for (data, said), (other, of) in zip(
            run(notebook, review), run(notebook, again), strict=True
        ):
            assert (data, said) == (other, of), f"{notebook.stem}: {said['name']}"
            compared += said["kind"] == "table"
    assert compared > 30


@pytest.mark.parametrize("name", drawn(REVIEWS, 3))
def test_each_coded_row_is_shown_with_the_cell_that_it_came_from(name: str) -> None:
    review = cc.read_review(ROOT / "data" / name)
    rows = cc.coded_rows(review)
    assert rows["table"].value_counts().to_dict() == {
        table: len(frame) for table, frame in review.tables.items() if len(frame)
    }
    files = {}
    for path in (ROOT / "data" / name).glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as read:
            files[path.name] = list(csv.reader(read))
    for row in rows[rows["file"] != "review.toml"].itertuples():
        heads, typed = files[row.file][0], files[row.file][row.line - 1]
        if row.column:
            cell = typed[heads.index(row.column)]
            assert cell
            assert row.item in cell
    for event in review.tables["events"]["id"]:
        (own,) = rows[(rows["table"] == "events") & (rows["row"] == event)].itertuples()
        of_line = rows[(rows["file"] == own.file) & (rows["line"] == own.line)]
        assert_frame_equal(cc.coded_rows(review, [event]), of_line.reset_index(drop=True))


def test_what_has_no_cells_says_so() -> None:
    review = cc.read_review(REVIEWS[0])
    with pytest.raises(KeyError, match="there is no event nothing"):
        cc.coded_rows(review, ["nothing"])
    Review = cc.Review(review.tables, review.meta, review.policy, review.folder)
    with pytest.raises(cc.ReviewError) as caught:
        cc.coded_rows(Review)
    assert str(caught.value) == (
        f"the review '{REVIEWS[0]}' was made of tables, which do not say from which cells they"
        " came; read its folder with read_review"
    )
