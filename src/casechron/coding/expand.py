"""What do the rows of the form become? The tidy tables that every analysis reads.

A row of `events` becomes a row of events and one for each involvement, part, tie, theme and fact
that a cell of it holds, as codebook.toml declares. Each tidy row knows the cells that it came from,
and each cell the rows it made, so that a message about a tidy row can point at what was typed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from casechron.characters import meant_or, shown
from casechron.coding.cells import (
    count_bounds,
    date_breach,
    first_date,
    free_ids,
    is_whole,
    one_of,
    tidy_date,
    tidy_text,
)
from casechron.coding.codebook import CONDUCT, Code, FormColumn
from casechron.coding.event_parties import Parts
from casechron.coding.expansion import NAMED_FORMS, Expanded, Owner, TidyRow, Work, origin_of
from casechron.coding.items import (
    code_among,
    codes_named,
    folded,
    meant_list,
    no_count,
    parted_bracket,
    parted_facts,
    parted_items,
    read_item,
    row_number_hint,
)
from casechron.coding.messages import say
from casechron.coding.sheets import ReadForms, Row


def expand(
    forms: Mapping[str, Sequence[Row]], sources: Sequence[Mapping[str, Any]], prefix: str = ""
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
    >>> [(row["event"], row["agency"], row["role"]) for row in expanded.rows("involvement")]
    [('referral-2018-05', 'school', 'raised')]
    """
    return _Expansion(forms, sources, prefix).expanded()


def expand_forms(read: ReadForms, sources: Sequence[Mapping[str, Any]]) -> Expanded:
    """Expand what was read, with the sources that review.toml names."""
    return expand({name: sheet.rows for name, sheet in read.sheets.items()}, sources, read.prefix)


class _Expansion(Work):
    """The steps of one expansion."""

    def expanded(self) -> Expanded:
        """All tables, each step after those whose rows it needs."""
        #: A view and the row for a further holder of it.
        self.further_holders: list[tuple[TidyRow, TidyRow]] = []
        #: Ties that have been made, by type and ends.
        self.ties: set[tuple[str, ...]] = set()
        parts = Parts(self)
        self.source_rows()
        for form in NAMED_FORMS:
            self._rows_of(form)
        self._party_names()
        events = [owner for owner in self.owners if owner.table == "events"]
        for owner in self.owners:
            self.find_places(owner)
        for owner in events:
            parts.parties(owner)
        for owner in self.owners:
            self._listed(owner, "codes", "facts")
        for owner in self.owners:
            self._listed(owner, "party", "holders")
        self._ready()
        self._plain("relations")
        for owner in events:
            parts.orders(owner)
        self._relation_ids()
        for owner in self.owners:
            self._listed(owner, "links")
        self._plain("links")
        self._repeat_for_further_holders()
        parts.readings()
        for owner in events:
            parts.other_dates(owner)
        self.details.read_values()
        self.details.stray()
        self.locators()
        self.coverage()
        return self.made

    # A row of the form

    def _rows_of(self, form: str) -> None:
        declared = self.book.forms[form]
        rows = list(self.forms.get(form, ()))
        ids = self._ids(form, rows)
        header = self.book.header(form)
        for row in rows:
            owner = Owner(form, dict.fromkeys(header, ""), [origin_of(row)], row=row)
            for name, column in declared.columns.items():
                value = row[name]
                if column.form == "same":
                    owner.cells[name] = tidy_text(name, value, column.empty)
                elif column.form == "count" and value:
                    self._count(owner, value)
                elif value and column.form not in ("date", "until"):
                    self._empty_items(row, column)
                if value and column.form in ("same", "count"):
                    owner.origins.append(origin_of(row, name))
            owner.cells["id"] = ids[row.line]
            if form == "events":
                self._date(owner)
                if not row["kind"]:
                    self.still_to_do(row, "kind", say("kind-empty"))
            self.add(owner)
            self.owners.append(owner)

    def _empty_items(self, row: Row, column: FormColumn) -> None:
        """Say that nothing stands before, between or after the `;` of a cell of items."""
        cell = row[column.name]
        items = parted_items(cell)
        if not items:
            self.wrong(row, column.name, say("no-item", cell=cell))
        elif column.form != "facts" and re.search(r";\s*;|^\s*;", cell):
            self.wrong(row, column.name, say("item-missing", cell=cell, items="; ".join(items)))

    def _ids(self, form: str, rows: Sequence[Row]) -> dict[int, str]:
        """The id of each row by its line: as typed, else made of kind and month, and numbered by
        what the rows hold, so that their order in the file changes nothing."""
        typed = {row["id"] for name in NAMED_FORMS for row in self.forms.get(name, ())}
        taken = typed | set(self.by_id)
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
                    self.made.alike[identity] = sorted(row.line for row in alike)
        return ids

    def _count(self, owner: Owner, cell: str) -> None:
        if bounds := count_bounds(cell):
            owner.cells["count_min"], owner.cells["count_max"] = bounds
        else:
            self.wrong(owner.row, "count", no_count(cell))

    def _date(self, owner: Owner) -> None:
        """The date of an event from its two cells, and its basis."""
        row = owner.row
        wrong = self._wrong_ends(row)
        date = "" if wrong else self._tidy_date(row)
        if wrong or (not date and row["date"] not in ("", "?")):
            owner.cells["date_basis"] = ""  # it is the basis of a date that was typed
        if row["date"] == "?":
            words = f" ({shown(row['date_words'])})" if row["date_words"] else ""
            self.still_to_do(row, "date", say("date-unread", words=words))
        owner.cells["date"] = date
        if date and not owner["date_basis"]:
            owner.cells["date_basis"] = self.book.forms["events"].columns["date_basis"].empty
        owner.origins += [origin_of(row, column) for column in ("date", "until") if row[column]]

    def _tidy_date(self, row: Row) -> str:
        """The one date of an event; '' where its two cells do not fit, which is reported."""
        kind, date, until = row["kind"], row["date"], row["until"]
        says_it_lasts = row["lasts"] or (kind in self.book.may_last and until)
        lasts = kind in self.book.always_last or bool(says_it_lasts)
        # Who did not come was missed on a day of the two, as of any other moment.
        both = tidy_date(date, until, lasts=lasts, window=bool(row["absence"]) and kind != CONDUCT)
        if both is None:
            message = "end-twice" if date else "end-without-date"
        elif date and until and date_breach(both):
            message = "end-before-date"
        else:
            return both
        self.wrong(row, "until", say(message, until=until, date=date))
        return ""

    def _wrong_ends(self, row: Row) -> bool:
        """Whether what stands in date or until is no date, which is reported there."""
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
            self.wrong(row, column, message)
        return bool(wrong)

    # Who can be named

    def _party_names(self) -> None:
        """Let ids and labels of agencies and people name them; ids are stronger than labels."""
        named = [*self.tables["agencies"], *self.tables["people"]]
        ids = [row["id"] for row in named]
        ready = {key: entry for key, entry in self.book.ready_agencies.items() if key not in ids}
        for identity in (*ids, *ready):
            self.names.add(identity, identity)
        for row in named:
            self.names.add(row["label"], row["id"])
        for identity, entry in ready.items():
            for label in (entry["label"], *self.book.other_names[identity]):
                self.names.add_free(label, identity)

    def _ready(self) -> None:
        """A row of agencies for each ready agency that a cell names."""
        blank = dict.fromkeys(self.book.header("agencies"), "")
        for identity, entry in self.book.ready_agencies.items():
            if origins := self.ready_used.get(identity):
                self.add(TidyRow("agencies", blank | {"id": identity, **entry}, origins))

    def _one_party(self, owner: Owner, column: FormColumn, cell: str) -> None:
        """The agency or person that a cell names; a view of several holders is a row for each."""
        items, several = parted_items(cell), column.form == "holders"
        if len(items) > 1 and not several:
            self.wrong(owner.row, column.name, say("several-items", cell=cell, many=len(items)))
        first = True
        for text in items if several else items[:1]:
            origin = origin_of(owner.row, *((column.name, text) if owner.row[column.name] else ()))
            item = read_item(text, self.names.find)
            if item is None:
                self.unknown(owner, column.name, text)
                continue
            bases = [code_among(word, self.book.words.columns["links"]) for word in item.words]
            if not all(bases) or len(bases) > several:
                allowed = "a basis: stated, derived or judged" if several else "nothing"
                message = say("bracket-of-name", text=text, held=allowed, name=item.name)
                self.wrong(owner.row, column.name, message)
                continue
            cells = {column.name: self.party(item.id, origin)}
            if bases:
                cells["basis"] = bases[0]
            if first:
                owner.cells |= cells
                owner.origins.append(origin)
            else:
                cells = owner.cells | cells | {"id": f"{owner['id']}-{item.id}"}
                origins = [owner.origins[0], origin]
                further = self.add(TidyRow(owner.table, cells, origins, list(owner.places)))
                self.further_holders.append((owner, further))
            first = False

    def _repeat_for_further_holders(self) -> None:
        """Repeat the themes and ties of a view of several holders for each further holder."""
        ends = {"themes": ("row",), "links": ("from_row", "to_row")}
        for view, further in self.further_holders:
            for table, columns in ends.items():
                for tidy_row in list(self.tables[table]):
                    if view["id"] not in (tidy_row[column] for column in columns):
                        continue
                    cells = dict(tidy_row.cells)
                    cells |= {name: further["id"] for name in columns if cells[name] == view["id"]}
                    if table == "links":
                        cells["id"] = _link_id(cells)
                    origins = [*tidy_row.origins, *further.origins[-1:]]
                    self.add(TidyRow(table, cells, origins, list(tidy_row.places)))

    # What cells list: themes, facts and ties

    def _listed(self, owner: Owner, *forms: str) -> None:
        """The items of those columns of a row that are read in one of some ways."""
        read = {"codes": self._codes, "facts": self._facts, "links": self._links}
        for column in self.book.forms[owner.table].columns.values():
            if column.form in forms and (cell := owner.row[column.name] or column.empty):
                read.get(column.form, self._one_party)(owner, column, cell)

    def _codes(self, owner: Owner, column: FormColumn, cell: str) -> None:
        codes = codes_named(column.list)
        listed: set[str] = set()
        for item in parted_items(cell):
            code = codes.get(folded(item), "")
            if code in listed:
                self.wrong(owner.row, column.name, say("text-twice", text=item))
            elif code:
                listed.add(code)
                origins = [origin_of(owner.row, column.name, item)]
                self.add(TidyRow("themes", {"row": owner["id"], "theme": code}, origins))
            elif meant := meant_list(item, lambda text: folded(text) in codes):
                self.wrong(owner.row, column.name, say("several-codes", text=item, meant=meant))
            else:
                write = f"write {one_of(self.book.codes(column.list))}"
                offer = meant_or(codes.get(self.nearest(item, codes), ""), write)
                message = f"{shown(item)} is no code of {column.list}{offer}"
                self.wrong(owner.row, column.name, message)

    def _facts(self, owner: Owner, column: FormColumn, cell: str) -> None:
        codes = codes_named("attribute")
        facts: dict[tuple[str, str], str] = {}
        for text in parted_facts(cell, codes):
            name, colon, value = text.partition(":")
            code, value = codes.get(folded(name), ""), value.strip()
            if (code, value) in facts:
                self.wrong(owner.row, column.name, say("text-twice", text=text))
            elif code and colon and value:
                facts[code, value] = text
            elif code:
                self.wrong(owner.row, column.name, say("fact-without-value", text=text, code=code))
            elif colon and (meant := self.nearest(name, codes)):
                message = f"{shown(name)} is no code of attribute{meant_or(codes[meant])}"
                self.wrong(owner.row, column.name, message)
            else:
                like = f"{self._likeliest_fact(text)}: {value or text}"
                self.wrong(owner.row, column.name, say("fact-without-code", text=text, like=like))
        ids: set[str] = set()
        items = []
        for (code, value), text in facts.items():
            self._no_such_event(owner, column, text)
            value, basis, event = self._fact_value(value)
            identity = next(free_ids(f"at-{owner['id']}-{code}", ids))
            ids.add(identity)
            cells = {"id": identity, "row": owner["id"], "attribute": code, "value": value}
            cells |= {"event": event, "basis": basis or owner.basis}
            items.append((text, code, "attributes", cells))
        self.add_items(owner, column.name, items)

    def _likeliest_fact(self, text: str) -> str:
        """The code of a fact whose declaration has most words of a text, as an example."""
        words = set(re.findall(r"[a-z]{4,}", text.lower()))

        def shared(entry: Code) -> int:
            declared = f"{entry.label} {entry.definition} {entry.example}".lower()
            return sum(word[:5] in declared for word in words)

        codes = self.book.codes("attribute")
        return max(codes, key=lambda code: (shared(codes[code]), code == "outcome"))

    def _fact_value(self, value: str) -> tuple[str, str, str]:
        """The value of a fact, its basis and its event: only a bracket all of whose words are one
        of these is no part of the value."""
        before, bracket = parted_bracket(value)
        basis = event = ""
        for word in bracket.split(","):
            plain = folded(word)
            event_id = plain.removeprefix("at ").strip()
            if plain in self.book.words.columns["facts"] and not basis:
                basis = plain
            elif plain.startswith("at ") and not event and self.is_a("events", event_id):
                event = event_id
            else:
                return value, "", ""
        return before, basis, event

    def _no_such_event(self, owner: Owner, column: FormColumn, text: str) -> None:
        """Say that a bracket names an event that there is not: `(at EVENT)` with a slip in it."""
        for match in re.finditer(r"[(,]\s*at ([a-z0-9]+(?:-[a-z0-9]+)+)\s*(?=[,)])", text):
            is_event = self.is_a("events", match[1])
            if not is_event and (meant := self.nearest(match[1], self.event_ids)):
                message = f"{shown(text)}: no event has the id {shown(match[1])}{meant_or(meant)}"
                self.wrong(owner.row, column.name, message)

    # Ties

    def _links(self, owner: Owner, column: FormColumn, cell: str) -> None:
        items: list[tuple[str, str, str, dict[str, str] | None]] = []
        for text in parted_items(cell):
            target, basis = self._target(text)
            if not target:
                self._no_row(owner, column, text)
                continue
            ends = (target, owner["id"]) if column.reverse else (owner["id"], target)
            link = {"type": column.link, "from_row": ends[0], "to_row": ends[1], "note": ""}
            link |= {"id": _link_id(link), "basis": basis or column.empty_basis or owner.basis}
            is_new = self._is_new(link)
            if not is_new:
                self.wrong(owner.row, column.name, f"{shown(text)}: {say('tie-twice', to=target)}")
            items.append((text, target, "links", link if is_new else None))
        self.add_items(owner, column.name, items)

    def _is_new(self, link: Mapping[str, str]) -> bool:
        """Whether no tie of this type between these two rows was made before."""
        tie = link["type"], link["from_row"], link["to_row"]
        is_new = tie not in self.ties
        self.ties.add(tie)
        return is_new

    def _target(self, text: str) -> tuple[str, str]:
        """The row that an item names, and the basis of its bracket."""
        if text in self.by_id:
            return text, ""
        name, bracket = parted_bracket(text)
        basis = folded(bracket)
        is_row = name in self.by_id and basis in self.book.words.columns["links"]
        return (name, basis) if is_row else ("", "")

    def _no_row(self, owner: Owner, column: FormColumn, text: str) -> None:
        ids = self.by_id
        name, word = parted_bracket(text)
        of_summary = self._of_summary.get(folded(text))
        if name in ids:
            allowed = ", ".join(self.book.words.columns["links"])
            message = say("no-word-for-tie", text=text, word=word, allowed=allowed)
        elif not of_summary and (meant := meant_list(text, ids.__contains__)):
            message = say("several-ids", text=text, meant=meant)
        else:
            if of_summary:
                mend = f"; that is the summary of a row; write its id, {shown(of_summary)}"
            else:
                rows = [row for row in ids if ids[row].table not in ("agencies", "people")]
                mend = meant_or(self.nearest(name, rows), "write the id of one that is there")
            message = f"no row has the id {shown(name)}{row_number_hint(name)}{mend}"
        self.wrong(owner.row, column.name, message)

    @cached_property
    def _of_summary(self) -> dict[str, str]:
        """The ids of rows by what they say, folded."""
        return {
            folded(owner.row[text]): owner["id"]
            for owner in reversed(self.owners)
            for text in ("summary", "proposition", "short")
            if owner.row[text]
        }

    def _plain(self, form: str) -> None:
        """The rows of a file that is typed as its tidy table stands, but for its empty cells."""
        declared = self.book.forms[form]
        for row in self.forms.get(form, ()):
            cells = dict.fromkeys(self.book.tables[form].header, "")
            cells |= {name: row[name] for name in declared.columns if name in cells}
            cells["basis"] = cells["basis"] or declared.columns["basis"].empty
            if form == "links":
                cells["id"] = cells["id"] or _link_id(cells)
                if not self._is_new(cells):
                    self.wrong(row, "type", say("tie-twice", to=cells["to_row"]))
                    continue
            tidy_row = self.add(TidyRow(form, cells, self.origins(form, row)))
            tidy_row.places = self.read_places(row)
            if not tidy_row.places and not row["place"]:
                tied_row = self.by_id.get(cells[declared.columns["place"].empty])
                tidy_row.places = list(tied_row.places) if tied_row else []

    def _relation_ids(self) -> None:
        """Ids for relations that have none, numbered by what the rows hold."""
        bare = [relation for relation in self.tables["relations"] if not relation["id"]]
        free: dict[str, Iterator[str]] = {}
        for relation in sorted(bare, key=lambda relation: sorted(relation.cells.items())):
            base = f"rl-{relation['type']}-{relation['from_event']}-{relation['to_event']}"
            identity = next(free.setdefault(base, free_ids(base, self.by_id)))
            relation.cells["id"] = identity
            self.by_id[identity] = relation


def _link_id(link: Mapping[str, str]) -> str:
    return f"lk-{link['type']}-{link['from_row']}-{link['to_row']}"
