"""What do the cells say that list themes, facts and ties, and the rows that are ties and relations
already?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from casechron.coding.cells import one_of
from casechron.coding.characters import shown
from casechron.coding.codebook import Code, FormColumn
from casechron.coding.details import Details
from casechron.coding.items import folded, parted_facts, parted_items, without_bracket
from casechron.coding.made import Made, Owner, Work
from casechron.coding.meant import meant_list, of_workbook
from casechron.coding.notation import free_ids

__all__ = ["Listed"]


class Listed:
    """Reads the lists of one row after another, into the tables of an expansion."""

    def __init__(self, work: Work, details: Details) -> None:
        self.work, self.details = work, details
        #: Ties that have been said, by type and ends.
        self.ties: set[tuple[str, str, str]] = set()
        #: Of each list of codes that was asked for, what names its codes.
        self.names: dict[str, dict[str, str]] = {}
        read = {"codes": self._codes, "facts": self._facts, "links": self._links}
        #: What reads in one way which columns of a form.
        self._ways = {
            (name, way): (
                read[way],
                [column for column in form.columns.values() if column.form == way],
            )
            for name, form in work.book.forms.items()
            for way in read
        }

    def of(self, owner: Owner, form: str) -> None:
        """The items of those columns of a row that are read in one way."""
        read, columns = self._ways[owner.form, form]
        for column in columns:
            if cell := owner.row[column.name]:
                read(owner, column, cell)

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
            if not code:
                told = f"{shown(item)} is no code of {column.list}; "
                if meant := meant_list(item, lambda one: folded(one) in codes):
                    told = f"{shown(item)} is more than one code, which a ; parts; write '{meant}'"
                elif near := self.work.nearest(item, codes):
                    told += f"did you mean {shown(codes[near])}?"
                else:
                    told += f"write {one_of(self.work.book.codes(column.list))}"
                self.work.wrong(owner.form, owner.row, column.name, told)
            elif code in seen:
                told = f"{shown(item)} stands twice; delete one"
                self.work.wrong(owner.form, owner.row, column.name, told)
            else:
                seen.add(code)
                origin = self.work.origin(owner.form, owner.row, column.name, item)
                self.work.add(Made("themes", {"row": owner.id, "theme": code}, [origin]))

    def _facts(self, owner: Owner, column: FormColumn, cell: str) -> None:
        codes = self._codes_of("attribute")
        facts: list[tuple[str, str, str]] = []
        for text in parted_facts(cell, codes):
            name, colon, value = text.partition(":")
            code = codes.get(folded(name), "")
            if code and colon and value.strip():
                fact = (code, value.strip())
                if fact in (one[1:] for one in facts):
                    told = f"{shown(text)} stands twice; delete one"
                    self.work.wrong(owner.form, owner.row, column.name, told)
                else:
                    facts.append((text, *fact))
                continue
            if code:
                told = f"{shown(text)} has no value; write '{code}:' and the value"
            elif colon and (meant := self.work.nearest(name, codes)):
                told = f"{shown(name)} is no code of attribute; did you mean {shown(codes[meant])}?"
            else:
                like = f"{self._alike(text)}: {text.partition(':')[2].strip() or text}"
                told = (
                    f"{shown(text)} begins with no code and a colon; write CODE: value, as '{like}'"
                    " (`casechron codebook` lists the codes)"
                )
            self.work.wrong(owner.form, owner.row, column.name, told)
        details = self.details.of(owner, column.name, [(text, code) for text, code, _ in facts])
        many: dict[str, int] = defaultdict(int)
        for (text, code, value), rows in zip(facts, details, strict=True):
            self._no_such_event(owner, column, text)
            value, basis, event = self._fact_value(owner, value)
            many[code] += 1
            number = f"-{many[code]}" if many[code] > 1 else ""
            cells = {
                "id": f"at-{owner.id}-{code}{number}",
                "row": owner.id,
                "attribute": code,
                "value": value,
                "event": event,
                "basis": basis or owner.made["basis"] or "stated",
            }
            origin = self.work.origin(owner.form, owner.row, column.name, text)
            made = self.work.add(Made("attributes", cells, [origin]))
            self.details.add(made, rows)
            self.work.inherit(made, owner.made.places)

    def _alike(self, text: str) -> str:
        """The code of a fact whose declaration has most words of a text, as an example."""
        words = set(re.findall(r"[a-z]{4,}", text.lower()))

        def shared(entry: Code) -> int:
            said = f"{entry.label} {entry.definition} {entry.example}".lower()
            return sum(word[:5] in said for word in words)

        codes = self.work.book.codes("attribute")
        return max(codes, key=lambda code: shared(codes[code]))

    def _fact_value(self, owner: Owner, value: str) -> tuple[str, str, str]:
        """The value of a fact, its basis and its event: only a bracket all of whose words are one
        of these is no part of the value."""
        parts = without_bracket(value)
        basis = event = ""
        for word in parts[1].split(",") if parts else ():
            plain = folded(word)
            if plain in self.work.book.words.columns["facts"] and not basis:
                basis = plain
            elif plain.startswith("at ") and not event and self._is_event(plain[3:].strip()):
                event = plain[3:].strip()
            else:
                return value, "", ""
        return (parts[0] if parts else value), basis, event

    def _no_such_event(self, owner: Owner, column: FormColumn, text: str) -> None:
        """Say that a bracket names an event that there is not: `(at EVENT)` with a slip in it."""
        for found in re.finditer(r"[(,]\s*at ([a-z0-9]+(?:-[a-z0-9]+)+)\s*(?=[,)])", text):
            if self._is_event(found[1]):
                continue
            if meant := self.work.nearest(found[1], self.work.event_ids):
                told = f"{shown(text)}: no event has the id {shown(found[1])}"
                told = f"{told}; did you mean {shown(meant)}?"
                self.work.wrong(owner.form, owner.row, column.name, told)

    def _is_event(self, identity: str) -> bool:
        made = self.work.by_id.get(identity)
        return made is not None and made.table == "events"

    # Ties

    def _links(self, owner: Owner, column: FormColumn, cell: str) -> None:
        items: list[tuple[str, str, str]] = []
        for text in parted_items(cell):
            target, basis = self._target(text)
            if target:
                items.append((text, target, basis))
            else:
                self._no_row(owner, column.name, text)
        details = self.details.of(owner, column.name, [(text, name) for text, name, _ in items])
        for (text, target, basis), rows in zip(items, details, strict=True):
            ends = (target, owner.id) if column.reverse else (owner.id, target)
            cells = {
                "id": f"lk-{column.link}-{ends[0]}-{ends[1]}",
                "type": column.link,
                "from_row": ends[0],
                "to_row": ends[1],
                "note": "",
                "basis": basis or column.empty_basis or owner.made["basis"] or "stated",
            }
            if self._tied(cells):
                told = f"{shown(text)}: the tie to {shown(target)} is said twice; delete one"
                self.work.wrong(owner.form, owner.row, column.name, told)
                continue
            origin = self.work.origin(owner.form, owner.row, column.name, text)
            made = self.work.add(Made("links", cells, [origin]))
            self.details.add(made, rows)
            self.work.inherit(made, owner.made.places)

    def _tied(self, cells: Mapping[str, str]) -> bool:
        key = cells["type"], cells["from_row"], cells["to_row"]
        if key in self.ties:
            return True
        self.ties.add(key)
        return False

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

    def _no_row(self, owner: Owner, column: str, text: str) -> None:
        parts = without_bracket(text)
        name = parts[0] if parts else text
        if name in self.work.by_id and parts:
            allowed = ", ".join(self.work.book.words.columns["links"])
            told = f"{shown(text)}: {shown(parts[1])} is no word for a tie; write one of: {allowed}"
        else:
            told = f"no row has the id {shown(name)}{of_workbook(name)}; "
            ids = self.work.by_id
            if named := self._of_summary.get(folded(text)):
                told += f"that is the summary of a row; write its id, {shown(named)}"
            elif meant := meant_list(text, lambda one: one in ids):
                told = f"{shown(text)} is more than one id, which a ; parts; write '{meant}'"
            elif near := self.work.nearest(name, ids):
                told += f"did you mean {shown(near)}?"
            else:
                told += "write the id of one that is there"
        self.work.wrong(owner.form, owner.row, column, told)

    @cached_property
    def _of_summary(self) -> dict[str, str]:
        """The ids of rows by what they say, folded."""
        texts = ("summary", "proposition", "short")
        return {
            folded(owner.row[text]): owner.id
            for owner in reversed(self.work.owners)
            for text in texts
            if owner.row[text]
        }

    def plain(self, form: str) -> None:
        """The rows of a file that are tidy already but for what is empty, and their places."""
        declared = self.work.book.forms[form]
        for row in self.work.forms.get(form, ()):
            cells = dict.fromkeys(self.work.book.tables[form].header, "")
            cells |= {name: row[name] for name in declared.columns if name in cells}
            cells["basis"] = cells["basis"] or declared.columns["basis"].empty
            origins = self.work.origins(form, row)
            if form == "links":
                cells["id"] = (
                    cells["id"] or f"lk-{cells['type']}-{cells['from_row']}-{cells['to_row']}"
                )
                if self._tied(cells):
                    told = f"the tie to {shown(cells['to_row'])} is said twice; delete one"
                    self.work.wrong(form, row, "type", told)
                    continue
            made = self.work.add(Made(form, cells, origins))
            made.places = self.work.read_places(form, row)
            if not made.places and not row["place"]:
                of = self.work.by_id.get(cells[declared.columns["place"].empty])
                self.work.inherit(made, of.places if of else ())

    def relation_ids(self) -> None:
        """Ids for relations that have none, numbered by what the rows hold."""
        bare: dict[str, list[Made]] = defaultdict(list)
        for made in self.work.tables["relations"]:
            if not made["id"]:
                bare[f"rl-{made['type']}-{made['from_event']}-{made['to_event']}"].append(made)
        for base, alike in bare.items():
            alike.sort(key=lambda made: sorted(made.cells.items()))
            for made, identity in zip(alike, free_ids(base, set(self.work.by_id)), strict=False):
                made.cells["id"] = identity
                self.work.by_id[identity] = made
