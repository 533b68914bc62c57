"""What do the rows of the form become? The tidy tables that every analysis reads.

A row of `events` that names who did what, in plain columns, becomes a row of events and one for
each involvement, part, tie, theme and fact that a cell of it holds. What becomes of what is
declared in codebook.toml. Nothing is invented: each tidy row knows the cells that it came from, and
each cell the rows it made, so that a message about a tidy row can point at what a coder typed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from casechron.coding import notation
from casechron.coding.cells import date_breach
from casechron.coding.characters import shown
from casechron.coding.codebook import FormColumn
from casechron.coding.details import Details
from casechron.coding.items import code_among, parted_items, read_item, without_bracket
from casechron.coding.listed import Listed
from casechron.coding.made import ROWS, Expanded, Made, Origin, Owner, Work
from casechron.coding.meant import no_count
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
        #: A view and the row for a further holder of it.
        self.twins: list[tuple[Made, Made]] = []
        details = Details(self)
        standing = Standing(self, details)
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
        self._as_twins()
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
                elif value and column.form not in ("date", "until"):
                    self._gaps(form, row, column)
                if value and column.form in ("same", "count"):
                    made.origins.append(self.origin(form, row, column.name))
            made.cells["id"] = ids[row.line]
            if form == "events":
                self._date(row, made)
            self.owners.append(Owner(form, row, self.add(made)))

    def _gaps(self, form: str, row: Row, column: FormColumn) -> None:
        """Say that a cell of items has an item with nothing in it."""
        cell = row[column.name]
        items = parted_items(cell)
        if not items:
            told = f"{shown(cell)} holds no item; write one, or empty the cell"
            self.wrong(form, row, column.name, told)
        elif column.form != "facts" and ";" in cell and re.search(r";\s*;|^\s*;", cell):
            told = f"{shown(cell)} has nothing before a ;, so that a name may be lost;"
            self.wrong(form, row, column.name, f"{told} write it, or '{'; '.join(items)}'")

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
            self.wrong(form, row, "count", no_count(row["count"]))
        else:
            made.cells |= dict(zip(("count_min", "count_max"), bounds, strict=True))

    def _date(self, row: Row, made: Made) -> None:
        kind, absent = row["kind"], bool(row["absence"])
        states = self.book.flagged("event_kind", "state") - self.book.either
        either = kind in self.book.either and bool(row["until"] or row["lasts"])
        date = ""
        if self._wrong_ends(row):
            made.cells["date_basis"] = ""  # it is the basis of a date that was typed
        else:
            lasts = kind in states or either
            made_of = notation.tidy_date(row["date"], row["until"], lasts=lasts, window=absent)
            if made_of is None:
                told = (
                    f"{shown(row['until'])} stands beside {shown(row['date'])} in date, which says"
                    " by itself when it ends; empty one of the two"
                    if row["date"]
                    else "'..' says that the end is open, and date is empty; write the first day"
                    " there, or empty the cell"
                )
                self.wrong("events", row, "until", told)
            elif row["date"] and row["until"] and (told := date_breach(made_of)):
                told = (
                    f"{shown(row['until'])} lies before {shown(row['date'])} in date; correct one"
                )
                self.wrong("events", row, "until", f"{told} of the two")
            else:
                date = made_of
        if row["date"] == "?":
            words = f" ({shown(row['date_words'])})" if row["date_words"] else ""
            told = f"'?': the date is not read yet{words}; write it, or empty the cell where the"
            self.later("events", row, "date", f"{told} source gives none")
        if not kind:
            told = "the cell is empty; write what kind of event it is, or entry where none fits yet"
            self.later("events", row, "kind", told)
        made.cells["date"] = date
        if date and not made["date_basis"]:
            made.cells["date_basis"] = self.book.forms["events"].columns["date_basis"].empty
        for column in ("date", "until"):
            if row[column]:
                made.origins.append(self.origin("events", row, column))

    def _wrong_ends(self, row: Row) -> bool:
        """Whether what stands in date or until is no date, which is told there."""
        date, until = row["date"], row["until"]
        found = False
        told = "" if date in ("", "?") else date_breach(date)
        if told and not (until and not date_breach(f"{date}/")):
            self.wrong("events", row, "date", told)
            found = True
        if until in ("", "?", ".."):
            return found
        told = ""
        message = date_breach(until)
        if notation.is_whole(until) and not message:
            one = notation.first_date(until)
            told = f"{shown(until)} says more than one day, and until is the end alone; write one"
            told = f"{told} date, such as '{one or 2014}', and the doubt into note"
        elif message and date_breach(f"/{until}"):
            words = "" if re.search("[0-9]", until) else "; an end that is still open is '..'"
            told = f"{message}{words}"
        if told:
            self.wrong("events", row, "until", told)
        return found or bool(told)

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
            for column in self.book.forms[owner.form].columns.values():
                if column.form in ("party", "holders") and (value := owner.row[column.name]):
                    self._one_party(owner, column, value)
        for identity, entry in self.book.ready.items():
            if identity in self.used:
                cells = dict.fromkeys(
                    [*self.book.tables["agencies"].header, *self.book.forms["agencies"].adds], ""
                )
                self.add(Made("agencies", cells | {"id": identity, **entry}, self.used[identity]))

    def _one_party(self, owner: Owner, column: FormColumn, cell: str) -> None:
        """The agency or person that a cell names; a view of several holders is a row for each."""
        items = parted_items(cell)
        if len(items) > 1 and column.form == "party":
            told = (
                f"{shown(cell)} holds {len(items)} items, and the cell takes one; write one of them"
            )
            self.wrong(owner.form, owner.row, column.name, told)
        first = True
        for text in items if column.form == "holders" else items[:1]:
            origin = self.origin(owner.form, owner.row, column.name, text)
            item = read_item(text, self.names.find)
            if item is None:
                self.unknown(owner, column.name, text)
                continue
            bases = [code_among(word, self.book.words.columns["links"]) for word in item.words]
            if not all(bases) or len(bases) > (column.form == "holders"):
                held = (
                    "a basis: stated, derived or judged" if column.form == "holders" else "nothing"
                )
                told = f"{shown(text)}: the bracket of a name in this column holds {held}; write"
                name = (without_bracket(text) or (text,))[0]
                self.wrong(owner.form, owner.row, column.name, f"{told} '{name}'")
                continue
            cells = {column.name: self.party(item.name, origin)}
            if bases:
                cells["basis"] = bases[0]
            if first:
                made = owner.made
                made.cells |= cells
            else:
                cells["id"] = f"{owner.id}-{item.name}"
                made = Made(
                    owner.made.table, owner.made.cells | cells, list(owner.made.origins[:1])
                )
                made.places = list(owner.made.places)
                self.twins.append((owner.made, self.add(made)))
            made.origins.append(origin)
            first = False

    def _as_twins(self) -> None:
        """Let what is said of a view be said of it for each of its holders."""
        ends = {"themes": ("row",), "links": ("from_row", "to_row")}
        for view, twin in self.twins:
            for table, columns in ends.items():
                for made in list(self.tables[table]):
                    if view["id"] not in (made[column] for column in columns):
                        continue
                    cells = dict(made.cells)
                    for column in columns:
                        cells[column] = twin["id"] if cells[column] == view["id"] else cells[column]
                    if table == "links":
                        cells["id"] = f"lk-{cells['type']}-{cells['from_row']}-{cells['to_row']}"
                    again = self.add(Made(table, cells, [*made.origins, *twin.origins[-1:]]))
                    again.places = list(made.places)
