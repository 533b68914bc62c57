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
from casechron.coding.expansion import NAMED_FORMS, Expanded, Made
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
    return [Row(line, dict(one)) for line, one in enumerate(cells, start=2)]


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


def told(done: Expanded) -> list[str]:
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
    found: dict[str, dict[str, bytes]] = {}
    with tarfile.open(Path(__file__).parent / "sheets" / archive, "r:xz") as tar:
        for member in tar:
            if stream := tar.extractfile(member):
                review, _, file = member.name.partition("/")
                found.setdefault(review, {})[file] = stream.read()
    return found


def identities(
    old: Mapping[str, Sequence[Mapping[str, str]]], new: Mapping[str, Sequence[Mapping[str, str]]]
) -> dict[str, str]:
    """The id that each row has now, by the one that it had."""
    found: dict[str, str] = {}
    for table, columns in CONTENT.items():
        alike = defaultdict(list)
        for row in new[table]:
            alike[tuple(row[one] for one in columns)].append(row["id"])
        for row in old[table]:
            content = tuple(found.get(row[one], row[one]) for one in columns)
            if alike[content]:
                found[row["id"]] = alike[content].pop(0)
    return found


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
    found = []
    for table, columns in codebook().tables.items():
        mapped = NAMED.get(table, ())
        before = Counter(
            tuple(
                ids.get(row[one], row[one]) if one in mapped else row[one] for one in columns.header
            )
            for row in old[table]
        )
        after = Counter(tuple(row[one] for one in columns.header) for row in new[table])
        if table == "locators":
            before += inherited
        found += [f"{table}: gone {one}" for one in (before - after).elements()]
        found += [f"{table}: new {one}" for one in (after - before).elements()]
    return found


def without_origin(done: Expanded, forms: Mapping[str, Sequence[Row]]) -> list[str]:
    """Tidy rows that no line, cell and item of a form made, and filled cells that made no tidy row
    and are not told of."""
    lines = {(f"{name}.csv", row.line): row for name, found in forms.items() for row in found}
    lines["review.toml", 0] = Row(0, {"sources": "0123456789"})
    found = [
        f"{table}: {made.cells} comes of {made.origins}"
        for table, all_made in done.tables.items()
        for made in all_made
        if not made.origins
        or any(
            one[:2] not in lines
            or (one.column and one.item not in (lines[one[:2]][one.column] or []))
            for one in made.origins
        )
    ]
    told: set[tuple[object, ...]] = set()
    # What a kind that is none makes of the names beside it, nobody can say; the check refuses it.
    for row in forms.get("events", ()):
        if row["kind"] not in codebook().roles:
            told.add(("events.csv", row.line))
    for one in (*done.breaches, *done.to_do):
        told.add((one.file, one.line, one.column))
        # A row of a file such as details is one statement, and a wrong cell refuses all of it.
        if one.file.removesuffix(".csv") not in NAMED_FORMS:
            told.add((one.file, one.line))
    of_cell = made_by(done)
    for name, all_rows in forms.items():
        for row in all_rows if name != "sentences" else ():
            for column, value in row.cells.items():
                key = (f"{name}.csv", row.line, column)
                if value and key not in of_cell and told.isdisjoint((key, key[:2])):
                    found.append(f"{key}: {value!r} made nothing")
    return found


def made_by(done: Expanded) -> dict[tuple[str, int, str], list[Made]]:
    """The tidy rows that each filled cell made or filled, by its file, line and column."""
    found: dict[tuple[str, int, str], list[Made]] = {}
    for made in (made for rows in done.tables.values() for made in rows):
        for key in dict.fromkeys(origin[:3] for origin in made.origins):
            found.setdefault(key, []).append(made)
    return found


def canonical(done: Expanded) -> dict[str, list[tuple[tuple[str, str], ...]]]:
    """The tidy tables without regard to the order of rows."""
    return {
        table: sorted(tuple(sorted(row.items())) for row in done.rows(table))
        for table in done.tables
    }
