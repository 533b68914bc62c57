"""Is it sure which row an id names, where the row has none that was typed?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from casechron.coding.characters import shown
from casechron.coding.forms import ReadForms
from casechron.coding.made import ROWS, Expanded, Origin
from casechron.coding.sheets import Breach

__all__ = ["no_events", "references", "unsure_ids"]

#: A bracket at the end of a fact that may have been meant for an event.
_AT = re.compile(r"\((?:[^()]*, *)?at ([a-z0-9]+(?:-[a-z0-9]+)*)(?:,[^()]*)?\)", re.IGNORECASE)
_ENDS = {
    "links": ("from_row", "to_row"),
    "relations": ("from_event", "to_event"),
    "attributes": ("event",),
}


def references(done: Expanded, read: ReadForms) -> Iterator[tuple[str, Origin]]:
    """Each id by which a cell names another row than its own, and that cell."""
    owner = {made["id"]: made.origins[0][:2] for form in ROWS for made in done.tables[form]}
    for table, columns in _ENDS.items():
        for made in done.tables[table]:
            origin = made.origins[0]
            for column in columns:
                if made[column] and owner.get(made[column]) != origin[:2]:
                    yield made[column], origin if origin.item else origin._replace(column=column)
    for name in ("readings", "details"):
        for row in read.rows(name):
            yield row["row"], Origin(f"{read.prefix}{name}.csv", row.line, "row")


def unsure_ids(done: Expanded, read: ReadForms) -> Iterator[Breach]:
    """Ids that several rows could be meant by: rows of one kind and month that have no id are
    numbered by what they hold, so that another row would be named as soon as one is added."""
    for identity, origin in references(done, read):
        if identity in done.alike:
            lines = [str(line) for line in done.alike[identity]]
            told = (
                f"{shown(identity)} can be the row of line {', '.join(lines[:-1])} or {lines[-1]},"
                " none of which has an id; write an id into the one that is meant, and name that"
            )
            yield Breach(origin.file, origin.line, origin.column, told)


def no_events(done: Expanded) -> Iterator[Breach]:
    """Facts that end in `(at X)` where no event has the id: the bracket is then part of the value,
    as in `(at home)`, and was perhaps meant otherwise before the event was deleted."""
    for made in done.tables["attributes"]:
        if (found := _AT.search(made["value"])) and found.end() == len(made["value"]):
            origin = made.origins[0]
            told = (
                f"no event has the id {shown(found[1])}, so that the bracket is part of the value"
            )
            yield Breach(origin.file, origin.line, origin.column, f"{shown(origin.item)}: {told}")
