"""Which rows does a new review begin with, and does one of them still stand where the review's own
should?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from casechron.coding.codebook import Table, codebook
from casechron.coding.grounds import needs_locator
from casechron.coding.rules import Tables
from casechron.coding.sheets import Breach, Row

__all__ = ["left_over", "nothing_coded", "worked_rows"]

#: A label, a tie of kinship or a heading of another review may well be the same to the letter.
_MAY_COINCIDE = ("agencies", "people", "coverage")
#: What holds words or facts of its own; other rows are invented only because they name one that is.
_OWN_WORDS = ("text", "words", "duration")
#: Filled by `casechron locate`, so that they say nothing of who wrote the row.
_BY_TOOL = ("salt", "digest")


@cache
def worked_rows() -> Mapping[str, tuple[Mapping[str, str], ...]]:
    """The rows of each table of a new review: the codebook's worked ones, each with the locator
    that it needs.

    >>> [row["theme"] for row in worked_rows()["themes"]]
    ['school-attendance']
    """
    rows = {name: list(table.examples) for name, table in codebook().tables.items()}
    like = rows["locators"][0]
    located = {row["row"] for row in rows["locators"]}
    for name, examples in rows.items():
        for row in examples if name != "locators" else ():
            if needs_locator(name, row.get("basis", "")) and row["id"] not in located:
                rows["locators"].append({**like, "row": row["id"]})
    return {name: tuple(examples) for name, examples in rows.items()}


def left_over(tables: Tables) -> Iterator[Breach]:
    """Each row that is the worked row of a new review to the letter, but for what a tool fills.

    Rows without words of their own (who was involved, what ties to what) are taken for invented
    where they also name a row that is."""
    invented: set[str] = set()
    asked = {name: table for name, table in codebook().tables.items() if name not in _MAY_COINCIDE}
    same = {name: list(_same(table, tables.rows(name))) for name, table in asked.items()}
    for name, table in asked.items():
        for row in same[name]:
            if _has_words(table, row):
                invented.add(row["id"])
    invented.discard("")
    for name, table in asked.items():
        for row in same[name]:
            if _has_words(table, row) or invented.intersection(row.cells.values()):
                yield tables.at(
                    name,
                    row,
                    "",
                    "this is the worked row of a new review, and it is invented; write what the "
                    "source says in its place, or delete it",
                )


def _same(table: Table, rows: list[Row]) -> Iterator[Row]:
    own = [column.name for column in table.columns if column.kind not in _BY_TOOL]
    if table.name == "sources":
        own.remove("paragraphs")  # counted by a tool
    worked = {tuple(row[name] for name in own) for row in worked_rows()[table.name]}
    for row in rows:
        if tuple([row[name] for name in own]) in worked:
            yield row


def _has_words(table: Table, row: Row) -> bool:
    return any(column.kind in _OWN_WORDS and row[column.name] for column in table.columns)


def nothing_coded(tables: Tables) -> Iterator[Breach]:
    """A review rests on a text at least, and tells of an event at least."""
    for name, one in (
        ("sources", "each text that the coding uses"),
        ("events", "each event, state and absence of the account"),
    ):
        if tables.whole(name) and not tables.rows(name):
            yield tables.at(
                name,
                None,
                "",
                f"the table has no row, so there is nothing to report; write one for {one}",
            )
