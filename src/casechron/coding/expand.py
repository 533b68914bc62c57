"""What do the rows of the form become? The tidy tables that every analysis reads.

A row of `events` that names who did what, in plain columns, becomes a row of events and one for
each involvement, part, tie, theme and fact that a cell of it holds. What becomes of what is
declared in codebook.toml. Nothing is invented: each tidy row knows the cells that it came from, and
each cell the rows it made, so that a message about a tidy row can point at what a coder typed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from casechron.characters import shown
from casechron.coding.cells import (
    count_bounds,
    date_breach,
    first_date,
    free_ids,
    is_whole,
    tidy_date,
)
from casechron.coding.codebook import FormColumn
from casechron.coding.event_parties import Parts
from casechron.coding.expansion import ROWS, Expanded, Made, Owner, Work
from casechron.coding.items import code_among, no_count, parted_items, read_item, without_bracket
from casechron.coding.listed import Listed
from casechron.coding.messages import say
from casechron.coding.places import Places
from casechron.coding.sheets import Row


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
        places, parts, listed = Places(self), Parts(self), Listed(self)
        places.source_rows()
        for form in ROWS:
            self._rows_of(form)
        self._party_names()
        events = [owner for owner in self.owners if owner.form == "events"]
        for owner in self.owners:
            places.places(owner)
        for owner in events:
            parts.of(owner)
        for owner in self.owners:
            listed.of(owner, "codes")
            listed.of(owner, "facts")
        self._ready()
        listed.plain("relations")
        for owner in events:
            parts.orders(owner)
        listed.relation_ids()
        for owner in self.owners:
            listed.of(owner, "links")
        listed.plain("links")
        self._as_twins()
        places.readings()
        for owner in events:
            places.other_dates(owner)
        self.details.values()
        self.details.stray()
        places.locators()
        places.coverage()
        return Expanded(self.tables, self.breaches, self.to_do, self.sentences, self.alike)

    # A row of the form

    def _rows_of(self, form: str) -> None:
        declared = self.book.forms[form]
        rows = list(self.forms.get(form, ()))
        ids = self._ids(form, rows)
        header = [*self.book.tables[declared.becomes].header, *declared.adds]
        for row in rows:
            tidy_row = Made(declared.becomes, dict.fromkeys(header, ""), [self.origin(form, row)])
            for name, column in declared.columns.items():
                value = row[name]
                if column.form == "same":
                    empty = column.empty if name in ("basis", "kind") else ""
                    tidy_row.cells[name] = value or empty
                elif column.form == "count" and value:
                    self._count(form, row, tidy_row)
                elif value and column.form not in ("date", "until"):
                    self._gaps(form, row, column)
                if value and column.form in ("same", "count"):
                    tidy_row.origins.append(self.origin(form, row, name))
            tidy_row.cells["id"] = ids[row.line]
            if form == "events":
                self._date(row, tidy_row)
            self.owners.append(Owner(form, row, self.add(tidy_row)))

    def _gaps(self, form: str, row: Row, column: FormColumn) -> None:
        """Say that a cell of items has an item with nothing in it."""
        cell = row[column.name]
        items = parted_items(cell)
        if not items:
            self.wrong(form, row, column.name, say("no-item", cell=cell))
        elif column.form != "facts" and re.search(r";\s*;|^\s*;", cell):
            message = say("item-missing", cell=cell, items="; ".join(items))
            self.wrong(form, row, column.name, message)

    def _ids(self, form: str, rows: Sequence[Row]) -> dict[int, str]:
        """The id of each row by its line: as typed, else made of kind and month, and numbered by
        what the rows hold, so that their order in the file changes nothing."""
        taken = {row["id"] for name in ROWS for row in self.forms.get(name, ())} | set(self.by_id)
        ids = {row.line: row["id"] for row in rows if row["id"]}
        bare: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if not row["id"]:
                begins = first_date(row["date"]) or first_date(row["until"])
                base = form.removesuffix("s")
                if form == "events":
                    base = row["kind"] if row["kind"] in self.book.roles else "entry"
                bare[f"{base}-{begins}" if begins else base].append(row)
        for base, alike in sorted(bare.items()):
            alike.sort(key=lambda row: (sorted(row.cells.items()), row.line))
            for row, identity in zip(alike, free_ids(base, taken), strict=False):
                ids[row.line] = identity
                if alike[1:]:
                    self.alike[identity] = sorted(row.line for row in alike)
        return ids

    def _count(self, form: str, row: Row, tidy_row: Made) -> None:
        bounds = count_bounds(row["count"])
        if bounds is None:
            self.wrong(form, row, "count", no_count(row["count"]))
        else:
            tidy_row.cells |= dict(zip(("count_min", "count_max"), bounds, strict=True))

    def _date(self, row: Row, tidy_row: Made) -> None:
        wrong = self._wrong_ends(row)
        date = "" if wrong else self._tidy_date(row)
        if wrong:
            tidy_row.cells["date_basis"] = ""  # it is the basis of a date that was typed
        if row["date"] == "?":
            words = f" ({shown(row['date_words'])})" if row["date_words"] else ""
            self.later("events", row, "date", say("date-unread", words=words))
        if not row["kind"]:
            self.later("events", row, "kind", say("kind-empty"))
        tidy_row.cells["date"] = date
        if date and not tidy_row["date_basis"]:
            tidy_row.cells["date_basis"] = self.book.forms["events"].columns["date_basis"].empty
        tidy_row.origins += [
            self.origin("events", row, column) for column in ("date", "until") if row[column]
        ]

    def _tidy_date(self, row: Row) -> str:
        """The one date of an event; '' where its two cells do not go together, which is told."""
        kind, date, until = row["kind"], row["date"], row["until"]
        states = self.book.flagged("event_kind", "state") - self.book.either
        lasts = kind in states or (kind in self.book.either and bool(until or row["lasts"]))
        made_of = tidy_date(date, until, lasts=lasts, window=bool(row["absence"]))
        if made_of is None:
            message = "end-twice" if date else "end-without-date"
        elif date and until and date_breach(made_of):
            message = "end-before-date"
        else:
            return made_of
        self.wrong("events", row, "until", say(message, until=until, date=date))
        return ""

    def _wrong_ends(self, row: Row) -> bool:
        """Whether what stands in date or until is no date, which is told there."""
        date, until = row["date"], row["until"]
        wrong = {}
        message = "" if date in ("", "?") else date_breach(date)
        if message and not (until and not date_breach(f"{date}/")):
            wrong["date"] = message
        message = "" if until in ("", "?", "..") else date_breach(until)
        if is_whole(until) and not message:
            wrong["until"] = say("end-of-days", until=until, like=first_date(until) or 2014)
        elif message and date_breach(f"/{until}"):
            words = "" if re.search("[0-9]", until) else "; an end that is still open is '..'"
            wrong["until"] = f"{message}{words}"
        for column, message in wrong.items():
            self.wrong("events", row, column, message)
        return bool(wrong)

    # Who can be named

    def _party_names(self) -> None:
        """Let ids and labels of agencies and people name them; ids are stronger than labels."""
        named = [*self.tables["agencies"], *self.tables["people"]]
        ids = {row["id"] for row in named}
        ready = {key: entry for key, entry in self.book.ready.items() if key not in ids}
        for identity in (*(row["id"] for row in named), *ready):
            self.names.add(identity, identity)
        for row in named:
            self.names.add(row["label"], row["id"])
        for identity, entry in ready.items():
            for label in (entry["label"], *self.book.also[identity]):
                self.names.add_free(label, identity)

    def _ready(self) -> None:
        for owner in self.owners:
            for column in self.book.forms[owner.form].columns.values():
                if column.form in ("party", "holders") and (value := owner.row[column.name]):
                    self._one_party(owner, column, value)
        header = [*self.book.tables["agencies"].header, *self.book.forms["agencies"].adds]
        for identity, entry in self.book.ready.items():
            if identity in self.used:
                cells = dict.fromkeys(header, "") | {"id": identity, **entry}
                self.add(Made("agencies", cells, self.used[identity]))

    def _one_party(self, owner: Owner, column: FormColumn, cell: str) -> None:
        """The agency or person that a cell names; a view of several holders is a row for each."""
        items, several = parted_items(cell), column.form == "holders"
        if len(items) > 1 and not several:
            message = say("several-items", cell=cell, many=len(items))
            self.wrong(owner.form, owner.row, column.name, message)
        first = True
        for text in items if several else items[:1]:
            origin = self.origin(owner.form, owner.row, column.name, text)
            item = read_item(text, self.names.find)
            if item is None:
                self.unknown(owner, column.name, text)
                continue
            bases = [code_among(word, self.book.words.columns["links"]) for word in item.words]
            if not all(bases) or len(bases) > several:
                allowed = "a basis: stated, derived or judged" if several else "nothing"
                name = (without_bracket(text) or (text,))[0]
                message = say("bracket-of-name", text=text, held=allowed, name=name)
                self.wrong(owner.form, owner.row, column.name, message)
                continue
            tidy_row, cells = owner.made, {column.name: self.party(item.name, origin)}
            if bases:
                cells["basis"] = bases[0]
            if first:
                tidy_row.cells |= cells
            else:
                cells["id"] = f"{owner.id}-{item.name}"
                view = owner.made
                tidy_row = Made(view.table, view.cells | cells, view.origins[:1], list(view.places))
                self.twins.append((view, self.add(tidy_row)))
            tidy_row.origins.append(origin)
            first = False

    def _as_twins(self) -> None:
        """Let what is said of a view be said of it for each of its holders."""
        ends = {"themes": ("row",), "links": ("from_row", "to_row")}
        for view, twin in self.twins:
            for table, columns in ends.items():
                for tidy_row in list(self.tables[table]):
                    if view["id"] not in (tidy_row[column] for column in columns):
                        continue
                    cells = dict(tidy_row.cells)
                    for column in columns:
                        cells[column] = twin["id"] if cells[column] == view["id"] else cells[column]
                    if table == "links":
                        cells["id"] = f"lk-{cells['type']}-{cells['from_row']}-{cells['to_row']}"
                    origins = [*tidy_row.origins, *twin.origins[-1:]]
                    self.add(Made(table, cells, origins, list(tidy_row.places)))
