"""What do the rows of the form become? The tidy tables that every analysis reads.

A row of `events` that names who did what, in plain columns, becomes a row of events and one for
each involvement, part, tie, theme and fact that a cell of it holds. What becomes of what is
declared in codebook.toml. Nothing is invented: each tidy row knows the cells that it came from, and
each cell the rows it made, so that a message about a tidy row can point at what a coder typed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from casechron.coding import notation
from casechron.coding.characters import shown
from casechron.coding.details import Details
from casechron.coding.items import parted_items
from casechron.coding.listed import Listed
from casechron.coding.made import ROWS, Expanded, Made, Origin, Owner, Work
from casechron.coding.notation import free_ids
from casechron.coding.parts import Parts
from casechron.coding.sheets import Row
from casechron.coding.standing import Standing

__all__ = ["Expanded", "Made", "Origin", "expand"]


def expand(
    forms: Mapping[str, Sequence[Row]], sources: Sequence[Mapping[str, object]], prefix: str = ""
) -> Expanded:
    """Expand the rows of a review's files into the tidy tables.

    Parameters
    ----------
    forms
        The rows of each file by its name without `.csv`; a missing one has none.
    sources
        The `[[sources]]` of review.toml, in order.
    prefix
        What stands before the names of files in messages, as `codings/pass-1/`.

    Returns
    -------
    Expanded
        Every table of the codebook, also where it is empty. What could not be read is a breach, and
        the rest is there nevertheless.

    Examples
    --------
    >>> row = Row(2, {"date": "2018-05", "kind": "referral", "by": "school", "summary": "A worry"})
    >>> expanded = expand({"events": [row]}, [{"id": "report"}])
    >>> [(one["event"], one["agency"], one["role"]) for one in expanded.rows("involvement")]
    [('referral-2018-05', 'school', 'raised')]
    """
    return _Expansion(forms, sources, prefix).expanded()


class _Expansion(Work):
    """The steps of one expansion."""

    def expanded(self) -> Expanded:
        """All tables, in the order in which one needs the other."""
        details, standing = Details(self), Standing(self)
        parts, listed = Parts(self, details), Listed(self, details)
        events = self.of_events
        standing.source_rows()
        for form in ROWS:
            self._rows_of(form)
        self._party_names()
        for owner in self.owners:
            standing.places(owner)
        for owner in events():
            parts.of(owner)
        for owner in self.owners:
            listed.of(owner, "codes")
            listed.of(owner, "facts")
        self._ready()
        listed.plain("relations")
        for owner in events():
            parts.orders(owner)
        listed.relation_ids()
        for owner in self.owners:
            listed.of(owner, "links")
        listed.plain("links")
        standing.readings()
        for owner in events():
            standing.other_dates(owner)
        details.values()
        details.stray()
        standing.locators()
        standing.coverage()
        return Expanded(self.tables, self.breaches, self.to_do, self.sentences, self.alike)

    def of_events(self) -> list[Owner]:
        """The rows of events.csv, once they are read."""
        return [owner for owner in self.owners if owner.form == "events"]

    # A row of the form

    def _rows_of(self, form: str) -> None:
        declared = self.book.forms[form]
        rows = list(self.forms.get(form, ()))
        ids = self._ids(form, rows)
        header = [*self.book.tables[declared.becomes].header, *declared.adds]
        for row in rows:
            made = Made(declared.becomes, dict.fromkeys(header, ""), [self.origin(form, row)])
            for column in declared.columns.values():
                value = row[column.name]
                if column.form == "same":
                    made.cells[column.name] = value or (
                        column.empty if column.name in ("basis", "kind") else ""
                    )
                elif column.form == "count" and value:
                    self._count(form, row, made)
                elif value and column.form not in ("date", "until") and not parted_items(value):
                    told = f"{shown(value)} holds no item; write one, or empty the cell"
                    self.wrong(form, row, column.name, told)
                if value and column.form in ("same", "count"):
                    made.origins.append(self.origin(form, row, column.name))
            made.cells["id"] = ids[row.line]
            if form == "events":
                self._date(row, made)
            self.owners.append(Owner(form, row, self.add(made)))

    def _ids(self, form: str, rows: Sequence[Row]) -> dict[int, str]:
        """The id of each row by its line: as typed, else made of kind and month, and numbered by
        what the rows hold, so that their order in the file changes nothing."""
        taken = {row["id"] for name in ROWS for row in self.forms.get(name, ())} | set(self.by_id)
        ids = {row.line: row["id"] for row in rows if row["id"]}
        bare: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if not row["id"]:
                begins = notation.first_date(row["date"]) or notation.first_date(row["until"])
                base = row["kind"] if form == "events" else form.removesuffix("s")
                base = base if base in self.book.roles or form != "events" else "entry"
                bare[f"{base}-{begins}" if begins else base].append(row)
        for base, alike in sorted(bare.items()):
            alike.sort(key=lambda row: (sorted(row.cells.items()), row.line))
            for row, identity in zip(alike, free_ids(base, taken), strict=False):
                ids[row.line] = identity
                if alike[1:]:
                    self.alike[identity] = sorted(one.line for one in alike)
        return ids

    def _count(self, form: str, row: Row, made: Made) -> None:
        bounds = notation.count_bounds(row["count"])
        if bounds is None:
            self.wrong(
                form,
                row,
                "count",
                f"{shown(row['count'])} is no count; write 2, at least 2, at most 5 or 2 to 5",
            )
        else:
            made.cells |= dict(zip(("count_min", "count_max"), bounds, strict=True))

    def _date(self, row: Row, made: Made) -> None:
        kind, absent = row["kind"], bool(row["absence"])
        states = self.book.flagged("event_kind", "state") - self.book.either
        either = kind in self.book.either and bool(row["until"] or row["lasts"])
        date = notation.tidy_date(
            row["date"], row["until"], lasts=kind in states or either, window=absent
        )
        if date is None:
            self.wrong(
                "events",
                row,
                "until",
                f"{shown(row['until'])} stands beside {shown(row['date'])} in date; "
                + (
                    "that says by itself when it ends: empty one of the two"
                    if row["date"]
                    else "a moment without a first day and a last one has no date: empty the cell"
                ),
            )
            date = ""
        if row["date"] == "?":
            self.later(
                "events", row, "date", "'?': the date is not read yet; write it, or empty it"
            )
        if not kind:
            self.later("events", row, "kind", "the cell is empty; write what kind of event it is")
        made.cells["date"] = date
        if date and not made["date_basis"]:
            made.cells["date_basis"] = self.book.forms["events"].columns["date_basis"].empty
        for column in ("date", "until"):
            if row[column]:
                made.origins.append(self.origin("events", row, column))

    # Who can be named

    def _party_names(self) -> None:
        """Let ids and labels of agencies and people name them; ids are stronger than labels."""
        names = self.names
        tables = [("agencies", self.tables["agencies"]), ("people", self.tables["people"])]
        for _, rows in tables:
            for made in rows:
                names.add(made["id"], made["id"])
        own = {made["id"] for _, rows in tables for made in rows}
        ready = {one: entry for one, entry in self.book.ready.items() if one not in own}
        for identity in ready:
            names.add(identity, identity)
        for _, rows in tables:
            for made in rows:
                names.add(made["label"], made["id"])
        for identity, entry in ready.items():
            for label in (entry["label"], *self.book.also[identity]):
                if not names.find(label) and not names.could_be(label):
                    names.add(label, identity)

    def _ready(self) -> None:
        for owner in self.owners:
            form = self.book.forms[owner.form]
            for column in form.columns.values():
                if column.form == "party" and (value := owner.row[column.name]):
                    origin = self.origin(owner.form, owner.row, column.name, value)
                    identity = self.party(value, origin)
                    if not identity:
                        self.unknown(owner, column.name, value)
                    owner.made.cells[column.name] = identity
                    owner.made.origins.append(origin)
        for identity, entry in self.book.ready.items():
            if identity in self.used:
                cells = dict.fromkeys(
                    [*self.book.tables["agencies"].header, *self.book.forms["agencies"].adds], ""
                )
                self.add(Made("agencies", cells | {"id": identity, **entry}, self.used[identity]))
