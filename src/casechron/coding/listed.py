"""What do the cells say that list themes, facts and ties, and the rows that are ties and relations
already?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from casechron.characters import meant_or, shown
from casechron.coding.cells import free_ids, one_of
from casechron.coding.codebook import Code, FormColumn
from casechron.coding.expansion import Made, Owner, Work
from casechron.coding.items import (
    folded,
    meant_list,
    of_workbook,
    parted_facts,
    parted_items,
    without_bracket,
)
from casechron.coding.messages import say


class Listed:
    """Reads the lists of one row after another, into the tables of an expansion."""

    def __init__(self, work: Work) -> None:
        self.work = work
        #: Ties that have been said, by type and ends.
        self.ties: set[tuple[str, ...]] = set()
        #: Of each list of codes that was asked for, what names its codes.
        self.names: dict[str, dict[str, str]] = {}

    def of(self, owner: Owner, form: str) -> None:
        """The items of those columns of a row that are read in one way."""
        read = {"codes": self._codes, "facts": self._facts, "links": self._links}[form]
        for column in self._columns[owner.form, form]:
            if cell := owner.row[column.name]:
                read(owner, column, cell)

    @cached_property
    def _columns(self) -> Mapping[tuple[str, str], list[FormColumn]]:
        """The columns of each form that are read in each way."""
        columns = defaultdict(list)
        for name, form in self.work.book.forms.items():
            for column in form.columns.values():
                columns[name, column.form].append(column)
        return columns

    def _wrong(self, owner: Owner, column: FormColumn, message: str) -> None:
        self.work.wrong(owner.form, owner.row, column.name, message)

    def _codes_of(self, name: str) -> dict[str, str]:
        """The codes of a list by what names them: themselves, else their label."""
        if name not in self.names:
            entries = self.work.book.codes(name)
            self.names[name] = {folded(entry.label): code for code, entry in entries.items()}
            self.names[name] |= {folded(code): code for code in entries}
        return self.names[name]

    def _codes(self, owner: Owner, column: FormColumn, cell: str) -> None:
        codes = self._codes_of(column.list)
        seen: set[str] = set()
        for item in parted_items(cell):
            code = codes.get(folded(item), "")
            if code in seen:
                self._wrong(owner, column, say("text-twice", text=item))
            elif code:
                seen.add(code)
                origin = self.work.origin(owner.form, owner.row, column.name, item)
                self.work.add(Made("themes", {"row": owner.id, "theme": code}, [origin]))
            elif meant := meant_list(item, lambda text: folded(text) in codes):
                self._wrong(owner, column, say("several-codes", text=item, meant=meant))
            else:
                write = f"write {one_of(self.work.book.codes(column.list))}"
                offer = meant_or(codes.get(self.work.nearest(item, codes), ""), write)
                message = f"{shown(item)} is no code of {column.list}{offer}"
                self._wrong(owner, column, message)

    def _facts(self, owner: Owner, column: FormColumn, cell: str) -> None:
        codes = self._codes_of("attribute")
        facts: dict[tuple[str, str], str] = {}
        for text in parted_facts(cell, codes):
            name, colon, value = text.partition(":")
            code, value = codes.get(folded(name), ""), value.strip()
            if (code, value) in facts:
                self._wrong(owner, column, say("text-twice", text=text))
            elif code and colon and value:
                facts[code, value] = text
            elif code:
                self._wrong(owner, column, say("fact-without-value", text=text, code=code))
            elif colon and (meant := self.work.nearest(name, codes)):
                message = f"{shown(name)} is no code of attribute{meant_or(codes[meant])}"
                self._wrong(owner, column, message)
            else:
                like = f"{self._alike(text)}: {value or text}"
                self._wrong(owner, column, say("fact-without-code", text=text, like=like))
        counts: dict[str, int] = defaultdict(int)
        items = []
        for (code, value), text in facts.items():
            self._no_such_event(owner, column, text)
            value, basis, event = self._fact_value(value)
            counts[code] += 1
            number = f"-{counts[code]}" if counts[code] > 1 else ""
            cells = {
                "id": f"at-{owner.id}-{code}{number}",
                "row": owner.id,
                "attribute": code,
                "value": value,
                "event": event,
                "basis": basis or owner.made["basis"] or "stated",
            }
            items.append((text, code, "attributes", cells))
        self.work.make(owner, column.name, items)

    def _alike(self, text: str) -> str:
        """The code of a fact whose declaration has most words of a text, as an example."""
        words = set(re.findall(r"[a-z]{4,}", text.lower()))

        def shared(entry: Code) -> int:
            declared = f"{entry.label} {entry.definition} {entry.example}".lower()
            return sum(word[:5] in declared for word in words)

        codes = self.work.book.codes("attribute")
        return max(codes, key=lambda code: shared(codes[code]))

    def _fact_value(self, value: str) -> tuple[str, str, str]:
        """The value of a fact, its basis and its event: only a bracket all of whose words are one
        of these is no part of the value."""
        parts = without_bracket(value)
        basis = event = ""
        for word in parts[1].split(",") if parts else ():
            plain = folded(word)
            at = plain.removeprefix("at ").strip()
            if plain in self.work.book.words.columns["facts"] and not basis:
                basis = plain
            elif plain.startswith("at ") and not event and self.work.is_a("events", at):
                event = at
            else:
                return value, "", ""
        return (parts[0] if parts else value), basis, event

    def _no_such_event(self, owner: Owner, column: FormColumn, text: str) -> None:
        """Say that a bracket names an event that there is not: `(at EVENT)` with a slip in it."""
        for match in re.finditer(r"[(,]\s*at ([a-z0-9]+(?:-[a-z0-9]+)+)\s*(?=[,)])", text):
            if self.work.is_a("events", match[1]):
                continue
            if meant := self.work.nearest(match[1], self.work.event_ids):
                message = f"{shown(text)}: no event has the id {shown(match[1])}{meant_or(meant)}"
                self._wrong(owner, column, message)

    # Ties

    def _links(self, owner: Owner, column: FormColumn, cell: str) -> None:
        items: list[tuple[str, str, str, dict[str, str] | None]] = []
        for text in parted_items(cell):
            target, basis = self._target(text)
            if not target:
                self._no_row(owner, column, text)
                continue
            ends = (target, owner.id) if column.reverse else (owner.id, target)
            cells: dict[str, str] | None = {
                "id": f"lk-{column.link}-{ends[0]}-{ends[1]}",
                "type": column.link,
                "from_row": ends[0],
                "to_row": ends[1],
                "note": "",
                "basis": basis or column.empty_basis or owner.made["basis"] or "stated",
            }
            if self._tied(column.link, *ends):
                self._wrong(owner, column, f"{shown(text)}: {say('tie-twice', to=target)}")
                cells = None
            items.append((text, target, "links", cells))
        self.work.make(owner, column.name, items)

    def _tied(self, *tie: str) -> bool:
        """Whether a tie, by its type and its ends, was said before."""
        before = tie in self.ties
        self.ties.add(tie)
        return before

    def _target(self, text: str) -> tuple[str, str]:
        """The row that an item names, and the basis of its bracket."""
        if text in self.work.by_id:
            return text, ""
        parts = without_bracket(text)
        if parts and parts[0] in self.work.by_id:
            basis = folded(parts[1])
            if basis in self.work.book.words.columns["links"]:
                return parts[0], basis
        return "", ""

    def _no_row(self, owner: Owner, column: FormColumn, text: str) -> None:
        ids, parts = self.work.by_id, without_bracket(text)
        name = parts[0] if parts else text
        if name in ids and parts:
            allowed = ", ".join(self.work.book.words.columns["links"])
            message = say("no-word-for-tie", text=text, word=parts[1], allowed=allowed)
        elif named := self._of_summary.get(folded(text)):
            mend = f"; that is the summary of a row; write its id, {shown(named)}"
            message = f"no row has the id {shown(name)}{of_workbook(name)}{mend}"
        elif meant := meant_list(text, lambda identity: identity in ids):
            message = say("several-ids", text=text, meant=meant)
        else:
            offer = meant_or(self.work.nearest(name, ids), "write the id of one that is there")
            message = f"no row has the id {shown(name)}{of_workbook(name)}{offer}"
        self._wrong(owner, column, message)

    @cached_property
    def _of_summary(self) -> dict[str, str]:
        """The ids of rows by what they say, folded."""
        return {
            folded(owner.row[text]): owner.id
            for owner in reversed(self.work.owners)
            for text in ("summary", "proposition", "short")
            if owner.row[text]
        }

    def plain(self, form: str) -> None:
        """The rows of a file that are tidy already but for what is empty, and their places."""
        declared = self.work.book.forms[form]
        for row in self.work.forms.get(form, ()):
            cells = dict.fromkeys(self.work.book.tables[form].header, "")
            cells |= {name: row[name] for name in declared.columns if name in cells}
            cells["basis"] = cells["basis"] or declared.columns["basis"].empty
            if form == "links":
                tie = cells["type"], cells["from_row"], cells["to_row"]
                cells["id"] = cells["id"] or f"lk-{'-'.join(tie)}"
                if self._tied(*tie):
                    self.work.wrong(form, row, "type", say("tie-twice", to=cells["to_row"]))
                    continue
            tidy_row = self.work.add(Made(form, cells, self.work.origins(form, row)))
            tidy_row.places = self.work.read_places(form, row)
            if not tidy_row.places and not row["place"]:
                of = self.work.by_id.get(cells[declared.columns["place"].empty])
                tidy_row.places = list(of.places) if of else []

    def relation_ids(self) -> None:
        """Ids for relations that have none, numbered by what the rows hold."""
        bare: dict[str, list[Made]] = defaultdict(list)
        for relation in self.work.tables["relations"]:
            if not relation["id"]:
                bare[
                    f"rl-{relation['type']}-{relation['from_event']}-{relation['to_event']}"
                ].append(relation)
        for base, alike in bare.items():
            alike.sort(key=lambda relation: sorted(relation.cells.items()))
            for relation, identity in zip(
                alike, free_ids(base, set(self.work.by_id)), strict=False
            ):
                relation.cells["id"] = identity
                self.work.by_id[identity] = relation
