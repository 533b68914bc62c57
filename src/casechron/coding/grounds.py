"""Does every coded row rest on a place in a source, and is every paragraph of a source accounted
for?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from casechron.coding.characters import shown
from casechron.coding.rules import Rule, Tables
from casechron.coding.sheets import Breach, Row

__all__ = ["GROUND_RULES", "NEED_LOCATOR", "needs_locator"]

#: Every row of these tables rests on a source; a link does where its basis is 'stated', since a tie
#: that a coder derives or judges rests on the rows that it ties. Agencies, people and themes rest
#: on those that name them.
NEED_LOCATOR = (
    "events",
    "involvement",
    "participation",
    "attributes",
    "relations",
    "views",
    "findings",
    "recommendations",
)
NEED_NOTE = ("repeats", "furniture", "not-the-review")


def needs_locator(table: str, basis: str) -> bool:
    """Whether a row needs at least one locator.

    >>> (
    ...     needs_locator("events", "judged"),
    ...     needs_locator("links", "judged"),
    ...     needs_locator("people", ""),
    ... )
    (True, False, False)
    """
    return table in NEED_LOCATOR or (table == "links" and basis == "stated")


def rows_have_locators(tables: Tables) -> Iterator[Breach]:
    """Every row that says something has at least one locator."""
    if not tables.whole("locators"):
        return
    located = {row["row"] for row in tables.rows("locators")}
    for name in (*NEED_LOCATOR, "links"):
        for row in tables.rows(name):
            if row.sound("id") and row["id"] not in located and needs_locator(name, row["basis"]):
                yield tables.at(
                    name,
                    row,
                    "id",
                    f"no row of locators names {shown(row['id'])}; write there at least one, "
                    "with its source, paragraph and sentence",
                )


def locator_places(tables: Tables) -> Iterator[Breach]:
    """A locator names paragraph and sentence of a text at hand, and neither where there was no
    text."""
    for row in tables.rows("locators"):
        if not row.sound("source", "paragraph", "sentence"):
            continue
        source = tables.named("sources", row["source"])
        if source is None or not source.sound("paragraphs"):
            continue
        paragraph, sentence, last = row["paragraph"], row["sentence"], source["paragraphs"]
        if not last:
            for column in ("paragraph", "sentence"):
                if row[column]:
                    yield tables.at(
                        "locators",
                        row,
                        column,
                        f"'{row[column]}' is a place in {shown(row['source'])}, of which no text"
                        " was at hand (its paragraphs are empty in sources); empty the cell",
                    )
        elif not paragraph:
            yield tables.at(
                "locators",
                row,
                "paragraph",
                f"the cell is empty, and the text of {shown(row['source'])} was "
                f"at hand; write the number of the paragraph, 1 to {last}",
            )
        elif int(paragraph) > int(last):
            yield tables.at(
                "locators",
                row,
                "paragraph",
                f"paragraph {paragraph} is outside {shown(row['source'])}; "
                f"write a number from 1 to {last}",
            )
        elif not sentence:
            yield tables.at(
                "locators",
                row,
                "sentence",
                f"the cell is empty, and the row names paragraph {paragraph}; "
                "write the number of the sentence in it, from 1",
            )


def coverage_rows(tables: Tables) -> Iterator[Breach]:
    """Coverage has a row for each paragraph of a text, says why one is not coded, and agrees with
    the locators."""
    located: dict[tuple[str, str], Row] = {}
    for row in tables.rows("locators"):
        if row.sound("source", "paragraph") and row["paragraph"]:
            located.setdefault((row["source"], row["paragraph"]), row)
    seen: dict[str, set[int]] = defaultdict(set)
    for row in tables.rows("coverage"):
        if row.sound("status", "note") and row["status"] in NEED_NOTE and not row["note"]:
            yield tables.at(
                "coverage",
                row,
                "note",
                f"the cell is empty, and the status is '{row['status']}'; write "
                + ("which paragraph says the same" if row["status"] == "repeats" else "what it is"),
            )
        if not row.sound("source", "paragraph"):
            continue
        source, paragraph = tables.named("sources", row["source"]), row["paragraph"]
        if source is None or not source.sound("paragraphs"):
            continue
        if not source["paragraphs"]:
            yield tables.at(
                "coverage",
                row,
                "source",
                f"no text of {shown(row['source'])} was at hand (its paragraphs "
                "are empty in sources); delete the row",
            )
            continue
        if int(paragraph) > int(source["paragraphs"]):
            yield tables.at(
                "coverage",
                row,
                "paragraph",
                f"paragraph {paragraph} is outside {shown(row['source'])}; "
                f"write a number from 1 to {source['paragraphs']}",
            )
            continue
        seen[row["source"]].add(int(paragraph))
        if not row.sound("status"):
            continue
        locator = located.get((row["source"], paragraph))
        if row["status"] == "coded" and locator is None and tables.whole("locators"):
            yield tables.at(
                "coverage",
                row,
                "status",
                f"paragraph {paragraph} is 'coded', and no row of locators names it; "
                "write the locators, or why it is not coded",
            )
        elif row["status"] != "coded" and locator is not None:
            yield tables.at(
                "coverage",
                row,
                "status",
                f"paragraph {paragraph} is '{row['status']}', and {tables.sheets['locators'].file}"
                f" line {locator.line} names it; write coded, or correct the locator",
            )
    if tables.whole("coverage"):
        yield from _uncovered(tables, seen)


def _uncovered(tables: Tables, seen: dict[str, set[int]]) -> Iterator[Breach]:
    for source in tables.rows("sources"):
        if not source.sound("id", "paragraphs") or not source["paragraphs"]:
            continue
        last, there = int(source["paragraphs"]), seen[source["id"]]
        missing = _gaps(sorted(there), last)
        if missing:
            one = len(missing) == 1 and missing[0][0] == missing[0][1]
            yield tables.at(
                "coverage",
                None,
                "",
                f"paragraph{'' if one else 's'} {_ranges(missing)} of {shown(source['id'])} (which"
                f" has {last}) {'has' if one else 'have'} no row; write one for each paragraph",
            )


def _gaps(there: Sequence[int], last: int) -> list[tuple[int, int]]:
    """The runs of numbers from 1 to last that are not there: never longer than what is there,
    however large last."""
    runs = []
    expected = 1
    for number in [*there, last + 1]:
        if number > expected:
            runs.append((expected, number - 1))
        expected = number + 1
    return runs


def _ranges(runs: list[tuple[int, int]]) -> str:
    parts = [str(first) if first == last else f"{first} to {last}" for first, last in runs]
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]


GROUND_RULES: Mapping[Rule, frozenset[str]] = {
    rows_have_locators: frozenset({"locators", "links"}),
    locator_places: frozenset({"locators", "sources"}),
    coverage_rows: frozenset({"coverage", "locators", "sources"}),
}
