"""Reviews in the form that coders fill in, and what tests ask of their expansion."""

from __future__ import annotations

import csv
import io
import tarfile
import tomllib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from casechron.coding.codebook import codebook
from casechron.coding.expand import expand
from casechron.coding.expansion import NAMED_FORMS, Expanded, TidyRow
from casechron.coding.sheets import Row
from text_tables import words_of

SHEETS = Path(__file__).parents[1] / "data"
CODINGS = (
    "child-a-haringey-2008",
    "child-w-manchester-2020",
    "child-w-manchester-2020/codings/pass-1",
    "child-w-manchester-2020/codings/pass-2",
)
Cells = Mapping[str, str]
#: What tells a row apart whose id a cell makes: the columns that say what it is.
CONTENT = {
    "involvement": ("agency", "event", "role"),
    "participation": ("person", "event", "role", "status", "account"),
    "attributes": ("row", "attribute", "value", "event"),
    "relations": (
        *words_of("type from_event from_point to_event to_point gap meaning words basis"),
    ),
    "links": ("type", "from_row", "to_row"),
}
#: The columns that hold such an id.
NAMED = {
    "links": ("id", "from_row", "to_row"),
    "locators": ("row",),
    "readings": ("row",),
    **dict.fromkeys(("involvement", "participation", "attributes", "relations"), ("id",)),
}


def rows(*cells: Cells) -> list[Row]:
    """Rows of a form, from line 2 on."""
    return [Row(line, dict(written)) for line, written in enumerate(cells, start=2)]


PEOPLE = (
    {"id": "w", "label": "W", "kinship": "child"},
    {"id": "wm", "label": "WM", "kinship": "mother"},
    {"id": "wf", "label": "WF", "kinship": "father"},
)


def expanded(
    events: Sequence[Cells],
    sources: Sequence[Mapping[str, object]] = ({"id": "report"},),
    **forms: Sequence[Cells],
) -> Expanded:
    """The expansion of some events and of what stands beside them, with three people."""
    whole = {"people": PEOPLE, "events": events, **forms}
    return expand({name: rows(*cells) for name, cells in whole.items()}, sources)


def wrong_lines(done: Expanded) -> list[str]:
    """Everything that is wrong, as it is printed."""
    return [str(breach) for breach in done.breaches]


def read(files: Mapping[str, bytes]) -> tuple[dict[str, list[Row]], list[dict[str, Any]]]:
    """The rows of each form and the sources, from the files of a folder."""
    forms = {}
    for name, content in files.items():
        if name.endswith(".csv"):
            lines = csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""))
            forms[name.removesuffix(".csv")] = rows(*lines)
    return forms, tomllib.loads(files["review.toml"].decode("utf-8"))["sources"]


def coding(name: str) -> dict[str, bytes]:
    """The files of a real coding in the form."""
    return {path.name: path.read_bytes() for path in (SHEETS / name).iterdir() if path.is_file()}


def simulated() -> dict[str, dict[str, bytes]]:
    """The files of each simulated review in the form."""
    return kept("simulated.tar.xz")


def tidy_coding(name: str) -> dict[str, list[dict[str, str]]]:
    """The tidy tables of a coding of Child W, as they were typed before there was a form."""
    files = kept("codings.tar.xz")[Path(name).name]
    return {
        table: [*csv.DictReader(io.StringIO(files[f"{table}.csv"].decode("utf-8"), newline=""))]
        for table in codebook().tables
    }


def kept(archive: str) -> dict[str, dict[str, bytes]]:
    """The files in an archive, by their folder and name."""
    files: dict[str, dict[str, bytes]] = {}
    with tarfile.open(Path(__file__).parent / "sheets" / archive, "r:xz") as tar:
        for member in tar:
            if stream := tar.extractfile(member):
                review, _, file = member.name.partition("/")
                files.setdefault(review, {})[file] = stream.read()
    return files


def identities(
    old: Mapping[str, Sequence[Mapping[str, str]]], new: Mapping[str, Sequence[Mapping[str, str]]]
) -> dict[str, str]:
    """The id that each row has now, by the one that it had."""
    new_ids: dict[str, str] = {}
    for table, columns in CONTENT.items():
        alike = defaultdict(list)
        for row in new[table]:
            alike[tuple(row[column] for column in columns)].append(row["id"])
        for row in old[table]:
            content = tuple(new_ids.get(row[column], row[column]) for column in columns)
            if alike[content]:
                new_ids[row["id"]] = alike[content].pop(0)
    return new_ids


def differences(old: Mapping[str, Sequence[Mapping[str, str]]], done: Expanded) -> list[str]:
    """How the expansion differs from tidy tables; ids that a cell makes are those of the rows with
    the same content.

    A tie that a coder derived or judged had no place of its own in some of them; its place is now
    that of the row whose cell says it."""
    new = {table: done.rows(table) for table in codebook().tables}
    ids = identities(old, new)
    placed = {row["row"] for row in old["locators"]}
    inherited = Counter(
        (ids[link["id"]], *list(place.values())[1:])
        for link in old["links"]
        if link["id"] not in placed
        for place in old["locators"]
        if place["row"] == link["from_row"]
    )
    lines = []
    for table, columns in codebook().tables.items():
        mapped = NAMED.get(table, ())
        before = Counter(
            tuple(
                ids.get(row[column], row[column]) if column in mapped else row[column]
                for column in columns.header
            )
            for row in old[table]
        )
        after = Counter(tuple(row[column] for column in columns.header) for row in new[table])
        if table == "locators":
            before += inherited
        lines += [f"{table}: gone {content}" for content in (before - after).elements()]
        lines += [f"{table}: new {content}" for content in (after - before).elements()]
    return lines


def without_origin(done: Expanded, forms: Mapping[str, Sequence[Row]]) -> list[str]:
    """Tidy rows that no line, cell and item of a form made, and filled cells that made no tidy row
    and are not told of."""
    lines = {(f"{name}.csv", row.line): row for name, rows_of in forms.items() for row in rows_of}
    lines["review.toml", 0] = Row(0, {"sources": "0123456789"})
    faults = [
        f"{table}: {tidy.cells} comes of {tidy.origins}"
        for table, all_made in done.tables.items()
        for tidy in all_made
        if not tidy.origins
        or any(
            origin[:2] not in lines
            or (origin.column and origin.item not in (lines[origin[:2]][origin.column] or []))
            for origin in tidy.origins
        )
    ]
    accounted: set[tuple[object, ...]] = set()
    # What a kind that is none makes of the names beside it, nobody can say; the check refuses it.
    for row in forms.get("events", ()):
        if row["kind"] not in codebook().roles:
            accounted.add(("events.csv", row.line))
    for slip in (*done.breaches, *done.to_do):
        accounted.add((slip.file, slip.line, slip.column))
        # A row of a file such as details is one statement, and a wrong cell refuses all of it.
        if slip.file.removesuffix(".csv") not in NAMED_FORMS:
            accounted.add((slip.file, slip.line))
    of_cell = made_by(done)
    for name, all_rows in forms.items():
        for row in all_rows if name != "sentences" else ():
            for column, value in row.cells.items():
                key = (f"{name}.csv", row.line, column)
                if value and key not in of_cell and accounted.isdisjoint((key, key[:2])):
                    faults.append(f"{key}: {value!r} made nothing")
    return faults


def made_by(done: Expanded) -> dict[tuple[str, int, str], list[TidyRow]]:
    """The tidy rows that each filled cell made or filled, by its file, line and column."""
    at_cell: dict[tuple[str, int, str], list[TidyRow]] = {}
    for tidy in (tidy for rows in done.tables.values() for tidy in rows):
        for key in dict.fromkeys(origin[:3] for origin in tidy.origins):
            at_cell.setdefault(key, []).append(tidy)
    return at_cell


def canonical(done: Expanded) -> dict[str, list[tuple[tuple[str, str], ...]]]:
    """The tidy tables without regard to the order of rows."""
    return {
        table: sorted(tuple(sorted(row.items())) for row in done.rows(table))
        for table in done.tables
    }
