"""Who had which part in an event, and what it came after: the cells of `events` that name parties
and orders.

Which role a column gives stands in codebook.toml, by kind; a word in the bracket replaces it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from casechron.coding import notation
from casechron.coding.characters import shown
from casechron.coding.details import Details
from casechron.coding.items import (
    account_of,
    code_among,
    folded,
    parted_items,
    read_item,
    without_bracket,
)
from casechron.coding.made import Made, Origin, Owner, Work
from casechron.coding.meant import (
    forms_of,
    in_one_bracket,
    meant_duration,
    meant_item,
    meant_list,
    of_workbook,
)
from casechron.coding.sheets import Row

__all__ = ["Parts"]

#: The columns that name parties, in the order in which a role has its first.
COLUMNS = ("by", "to", "with", "about", "without")
#: What a bracket follows, and the bracket: both may hold a `;` that parts nothing.
_PARTED = re.compile(r"(?<![^;()])[^;()]*+\([^()]*+\)")
_POINT = re.compile(r"(?P<event>[a-z0-9-]+)(?:\.(?P<point>start|end))?(?:\s+(?P<gap>.+))?")


@dataclass(slots=True)
class _Part:
    """An item that names a party, and what the words of its bracket say."""

    column: str
    text: str
    #: What stands before the bracket.
    name: str
    party: str
    words: tuple[str, ...]
    origin: Origin
    #: What the words that have been read say, by tidy column; and these words.
    said: dict[str, str] = field(default_factory=dict)
    read: list[str] = field(default_factory=list)


class Parts:
    """Reads the parties and orders of one row after another, into the tables of an expansion."""

    def __init__(self, work: Work, details: Details) -> None:
        self.all, self.details = work, details
        self.book = work.book

    def of(self, owner: Owner) -> None:
        """The involvement and participation of one event."""
        columns = [column for column in COLUMNS if owner.row[column]]
        parts = [part for column in columns for part in self._items(owner, column)]
        agencies = {
            part.party: part.name
            for part in parts
            if part.column in ("by", "to") and not self.all.is_person(part.party)
        }
        seen: dict[tuple[str, ...], _Part] = {}
        many: dict[str, int] = defaultdict(int)
        for column in columns:
            own = [part for part in parts if part.column == column]
            details = self.details.of(owner, column, [(part.text, part.party) for part in own])
            for part, rows in zip(own, details, strict=True):
                role = part.said.get("role") or self._columns(owner, part.party).get(column, "")
                if not role:
                    self._refused(owner, part)
                    continue
                cells = (
                    self._person(owner, part, role, agencies)
                    if self.all.is_person(part.party)
                    else self._agency(owner, part, role)
                )
                if cells is None:
                    continue
                key = tuple(
                    cells[name] for name in cells if name not in ("id", "basis", "note", "grade")
                )
                if key in seen:
                    there = f"{shown(seen[key].text)} in {seen[key].column}"
                    told = (
                        f"{shown(part.text)} stands twice: {there} has the role '{role}' already;"
                        " delete one, or say another role in its bracket"
                    )
                    self.all.wrong("events", owner.row, column, told)
                    continue
                seen[key] = part
                many[cells["id"]] += 1
                if many[cells["id"]] > 1:
                    cells["id"] += f"-{many[cells['id']]}"
                self._add(owner, part, cells, rows)

    def _add(self, owner: Owner, part: _Part, cells: dict[str, str], rows: list[Row]) -> None:
        table = "participation" if "person" in cells else "involvement"
        made = self.all.add(Made(table, cells, [part.origin]))
        self.details.add(made, rows)
        self.all.inherit(made, owner.made.places)

    def _items(self, owner: Owner, column: str) -> list[_Part]:
        found = []
        for text in self._texts(owner, column):
            origin = self.all.origin("events", owner.row, column, text)
            item = read_item(text, self.all.names.find)
            if item is None:
                self._no_item(owner, column, text)
                continue
            self.all.party(item.name, origin)
            bracket = None if self.all.names.find(text) else without_bracket(text)
            name = bracket[0] if bracket else text
            if bracket and not item.words:
                told = f"{shown(text)} has no word in its bracket; write '{name}'"
                self.all.wrong("events", owner.row, column, told)
                continue
            part = _Part(column, text, name, item.name, item.words, origin)
            read = [self._word(owner, part, word) for word in item.words]  # each is told of
            if all(read):
                found.append(part)
        return found

    def _texts(self, owner: Owner, column: str) -> list[str]:
        """The items of a cell; a bracket that a `;` parts is told of, and left out."""
        cell = owner.row[column]
        for found in _PARTED.finditer(cell):
            text = found[0].strip()
            if ";" not in text:
                continue
            if meant := meant_item(text, self._reads, self._bracket_words):
                told = f"{shown(text)} has a ; in its bracket, where a comma parts; write '{meant}'"
                self.all.wrong("events", owner.row, column, told)
                cell = cell.replace(found[0], "", 1)
        return parted_items(cell)

    @cached_property
    def _bracket_words(self) -> Mapping[str, str]:
        return {**self.book.words.columns["agencies"], **self.book.words.columns["people"]}

    def _reads(self, text: str) -> bool:
        """Whether a text is an item with words that there are."""
        item = read_item(text, self.all.names.find)
        return item is not None and all(
            code_among(account_of(word)[0], self._bracket_words) for word in item.words
        )

    def _no_item(self, owner: Owner, column: str, text: str) -> None:
        """Say that a text is no item, and how what was probably meant is written."""
        if meant := meant_list(text, self._reads, self._near):
            told = f"{shown(text)} holds several names, which a ; parts; write '{meant}'"
        elif meant := meant_item(text, self._reads, self._bracket_words):
            told = f"{shown(text)} has no bracket that can be read; write '{meant}'"
        else:
            self.all.unknown(owner, column, text)
            return
        self.all.wrong("events", owner.row, column, told)

    def _near(self, name: str) -> str:
        return self.all.nearest(name, self.all.names)

    def _word(self, owner: Owner, part: _Part, word: str) -> bool:
        """Note what a word of the bracket says; whether it says anything."""
        person = self.all.is_person(part.party)
        codes = self.book.words.columns["people" if person else "agencies"]
        status, by = account_of(word)
        said = {}
        if by:
            if not person:
                told = (
                    f"{shown(part.text)}: {shown(word)} says whose account of a person it is, and"
                )
                return self._wrong(owner, part, f"{told} '{part.name}' is an agency; leave it out")
            account = self.all.party(by, part.origin)
            if not account:
                self.all.unknown(owner, part.column, by)
                return False
            said["account"] = account
        code = code_among(status, codes)
        if status and not code:
            return self._no_word(owner, part, status, person)
        if by and code and codes[code] != "status":
            told = f"{shown(part.text)}: 'by' stands after a status, and {shown(status)} is none;"
            return self._wrong(owner, part, f"{told} write a status, as 'alleged by {by}'")
        if code:
            said[codes[code]] = code
        if twice := [column for column in said if column in part.said]:
            return self._twice(owner, part, word, twice[0])
        part.said |= said
        part.read.append(word)
        return True

    def _no_word(self, owner: Owner, part: _Part, word: str, person: bool) -> bool:
        """Say that a word of the bracket is none for what the item names."""
        own, other = ("a person", "an agency") if person else ("an agency", "a person")
        codes, others = (
            self.book.words.columns[name]
            for name in (("people", "agencies") if person else ("agencies", "people"))
        )
        if code := code_among(word, others):
            role = self._columns(owner, part.party).get(part.column, "")
            told = f"{shown(word)} is a {others[code]} of {other}, and '{part.name}' is {own}; " + (
                f"without the word its role in {part.column} is '{role}': leave it out, or write"
                " another"
                if others[code] == "role" and role
                else "leave it out"
            )
        else:
            meant = self.all.nearest(word, codes)
            kinds = "a basis, a status and whose account it is, or a role"
            told = f"{shown(word)} is no word for {own}; " + (
                f"did you mean {shown(meant)}?"
                if meant
                else f"a bracket holds {kinds if person else 'a basis, a grade or a role'}"
                " (`casechron codebook` lists them), and what else there is to say stands in note"
            )
        return self._wrong(owner, part, f"{shown(part.text)}: {told}")

    def _twice(self, owner: Owner, part: _Part, word: str, column: str) -> bool:
        """Say that a bracket says the same thing twice, and how two items say it."""
        told = f"{shown(part.text)} says two words for its {column}; write "
        if column == "basis":
            return self._wrong(owner, part, f"{told}one of them")
        codes = self.book.words.columns["people" if self.all.is_person(part.party) else "agencies"]
        first = [one for one in part.words if one != word]
        before, by = account_of(word)
        if column == "account" and not before:
            word = f"{part.said.get('status', 'alleged')} by {by}"
        kept = [
            one for one in part.read if codes.get(code_among(account_of(one)[0], codes)) != column
        ]
        then = [word, *(one for one in kept if column != "account" or not account_of(one)[1])]
        both = f"'{in_one_bracket(part.name, first)}; {in_one_bracket(part.name, then)}'"
        return self._wrong(owner, part, f"{told}two items: {both}")

    def _wrong(self, owner: Owner, part: _Part, message: str) -> bool:
        self.all.wrong("events", owner.row, part.column, message)
        return False

    def _columns(self, owner: Owner, party: str) -> Mapping[str, str]:
        """The role that each column gives to a party."""
        roles = self.book.roles.get(owner.row["kind"] or "entry")
        if roles is None:
            return {}
        if not self.all.is_person(party):
            of = roles.agency
            return {**of, "by": self.book.absent_by} if owner.row["absence"] else of
        child = self.all.by_id[party]["kinship"] in self.book.children
        return roles.child if child else roles.adult

    def _refused(self, owner: Owner, part: _Part) -> None:
        """Say that a column is not for an agency in a row of this kind."""
        kind = owner.row["kind"] or "entry"
        columns = [name for name, role in self._columns(owner, part.party).items() if role]
        if not columns:
            return  # the kind is none, which is told there
        told = (
            f"{shown(part.text)} is an agency, and {part.column} of a row of kind '{kind}' names a"
            f" person; write it in {', '.join(columns[:-1])} or {columns[-1]}, or its role in the"
            " bracket"
        )
        self.all.wrong("events", owner.row, part.column, told)

    def _agency(self, owner: Owner, part: _Part, role: str) -> dict[str, str]:
        grade = part.said.get("grade", "")
        if part.column == "without" and not grade and "role" not in part.said:
            grade = owner.row["absence"] or self.book.absent_without
        return {
            "id": f"iv-{owner.id}-{part.party}-{role}",
            "agency": part.party,
            "event": owner.id,
            "role": role,
            "grade": grade,
            "note": "",
            "basis": part.said.get("basis") or owner.made["basis"],
        }

    def _person(
        self, owner: Owner, part: _Part, role: str, agencies: Mapping[str, str]
    ) -> dict[str, str] | None:
        status, account = part.said.get("status", "reported"), part.said.get("account", "")
        if not account and status in self.book.words.unspecified:
            account = self.all.party("unspecified", part.origin)
        if not account and status in self.book.words.opinions:
            if len(agencies) != 1:
                there = f"{len(agencies)} agencies" if agencies else "no agency"
                whose = next(iter(agencies.values()), "AGENCY")
                like = in_one_bracket(part.name, [f"{status} by {whose}"])
                told = f"{shown(part.text)} does not say whose opinion it is, and by and to name"
                self._wrong(owner, part, f"{told} {there}; write it, as '{like}'")
                return None
            account = next(iter(agencies))
        return {
            "id": f"pt-{owner.id}-{part.party}-{role}-{status}",
            "person": part.party,
            "event": owner.id,
            "role": role,
            "status": status,
            "account": account,
            "basis": part.said.get("basis") or owner.made["basis"],
        }

    # Orders

    def orders(self, owner: Owner) -> None:
        """What an event lasts, and what it came after and before."""
        if owner.row["lasts"]:
            self.lasts(owner)
        for column in ("after", "before"):
            if owner.row[column]:
                self.order(owner, column)

    def lasts(self, owner: Owner) -> None:
        """How long an event lasts: a gap from its start to its end."""
        text = owner.row["lasts"]
        found = notation.duration(text)
        if found is None:
            told = f"{shown(text)} is no duration; {meant_duration(text)}"
            self.all.wrong("events", owner.row, "lasts", told)
            return
        if owner.row["absence"]:
            told = (
                f"{shown(text)}: the row is an absence, which has no length; empty the cell, and"
                " write the window of the absence in date and until"
            )
            self.all.wrong("events", owner.row, "lasts", told)
            return
        cells = {"type": "gap", "gap": found[0], "meaning": found[1]}
        ends = {
            "from_event": owner.id,
            "from_point": "start",
            "to_event": owner.id,
            "to_point": "end",
        }
        self._relate(owner, "lasts", text, {**cells, **ends}, [])

    def order(self, owner: Owner, column: str) -> None:
        """What an event came after, or before."""
        read: list[tuple[str, dict[str, str]]] = []
        for text in parted_items(owner.row[column]):
            cells = self._order(owner, column, text)
            if cells and cells in (one for _, one in read):
                told = f"{shown(text)} stands twice; delete one"
                self.all.wrong("events", owner.row, column, told)
            elif cells:
                read.append((text, cells))
        names = [
            (text, cells["from_event" if column == "after" else "to_event"]) for text, cells in read
        ]
        for (text, cells), rows in zip(read, self.details.of(owner, column, names), strict=True):
            self._relate(owner, column, text, cells, rows)

    def _relate(
        self,
        owner: Owner,
        column: str,
        text: str,
        cells: dict[str, str],
        rows: list[Row],
    ) -> None:
        whole = dict.fromkeys(self.book.tables["relations"].header, "")
        whole |= {"basis": owner.made["basis"], **cells}
        origin = self.all.origin("events", owner.row, column, text)
        made = self.all.add(Made("relations", whole, [origin]))
        self.details.add(made, rows)
        self.all.inherit(made, owner.made.places)

    def _order(self, owner: Owner, column: str, text: str) -> dict[str, str] | None:
        parts, said = text, {}
        if bracket := without_bracket(text):
            basis = folded(bracket[1])
            if basis not in self.book.words.columns["links"]:
                allowed = ", ".join(self.book.words.columns["links"])
                told = f"{shown(text)}: {shown(bracket[1])} is no basis; write one of: {allowed}"
                self.all.wrong("events", owner.row, column, told)
                return None
            parts, said = bracket[0], {"basis": basis}
        found = _POINT.fullmatch(parts)
        other = self.all.by_id.get(found["event"]) if found else None
        if found is None or other is None or other.table != "events":
            self.all.wrong("events", owner.row, column, self._no_event(text, parts))
            return None
        if refusal := self._unfit(owner, other, found["point"], found["gap"]):
            self.all.wrong("events", owner.row, column, f"{shown(text)}: {refusal}")
            return None
        own = ""
        if self._lasts(owner.made):
            own = "start" if column == "after" else "end"
        theirs = found["point"] or ""
        ends = (
            (other["id"], theirs, owner.id, own)
            if column == "after"
            else (owner.id, own, other["id"], theirs)
        )
        cells = dict(zip(("from_event", "from_point", "to_event", "to_point"), ends, strict=True))
        gap = " ".join((found["gap"] or "").lower().split())
        if not gap:
            return {"type": "not-after", **cells, **said}
        if gap == "same day":
            return {"type": "same-day", **cells, **said}
        length = notation.duration(gap)
        if length is None:
            name = parts[: found.start("gap")].strip()
            told = (
                f"{shown(text)}: {shown(found['gap'])} is no duration; write how long {column} it"
            )
            forms = forms_of(found["gap"]).replace("'", f"'{name} ", 1).replace(" '", f" '{name} ")
            like = forms or f"'{name} 2 weeks', '{name} exactly 1 day' or '{name} same day'"
            self.all.wrong("events", owner.row, column, f"{told}, as {like}")
            return None
        return {"type": "gap", **cells, "gap": length[0], "meaning": length[1], **said}

    def _no_event(self, text: str, parts: str) -> str:
        """Why an order names no event, and what was probably meant."""
        events = set(self.all.event_ids)
        name = (parts.split(maxsplit=1) or [parts])[0]
        before, dot, point = name.partition(".")
        if dot and before in events:
            points = f"'{before}.start' or '{before}.end'"
            return f"{shown(text)}: {shown(point)} is no point of an event; write {points}"
        length, _, last = parts.rpartition(" ")
        if last in events and notation.duration(length):
            return f"{shown(text)} has its words the other way round; write '{last} {length}'"
        named = [word for word in parts.split() if word in events]
        if meant := (named[0] if named else self.all.nearest(before, events)):
            return f"{shown(text)}: no event has the id {shown(name)}; did you mean {shown(meant)}?"
        told = f"{shown(text)}: no event has the id {shown(name)}{of_workbook(name)}"
        return f"{told}; write the id of a row of events.csv, and behind it how long, if it is said"

    def _unfit(self, owner: Owner, other: Made, point: str | None, gap: str | None) -> str:
        """Why one event cannot be tied to another in time; '' where it can."""
        if owner.made["absence"]:
            return "the row is an absence, which has no order; write its window in date and until"
        if other["absence"]:
            return (
                f"{shown(other['id'])} is an absence, which has no order; write its window in date"
                " and until of its row, or tie it by answers or led_to"
            )
        if other is owner.made:
            how_long = "; how long it lasts stands in lasts" if point or gap else ""
            return f"{shown(other['id'])} is this row itself; name another event{how_long}"
        if self._lasts(other) and not point:
            return (
                f"{shown(other['id'])} lasts or is repeated, so it must be said which end is meant;"
                f" write '{other['id']}.start' or '{other['id']}.end'"
            )
        protected = self.book.flagged("event_kind", "protected")
        if gap and "same day" not in gap and {other["kind"], owner.made["kind"]} & protected:
            return "a stated time from or to a birth would date the birth; write the order alone"
        return ""

    def _lasts(self, made: Made) -> bool:
        """Whether an event has a first and a last day of its own: it lasts, or is counted."""
        many = made["count_min"] not in ("", "1") or made["count_max"] not in ("", "1")
        dated = "/" in made["date"] or made["date"][:1] == "{"
        return many or dated or made["id"] in self._of_length

    @cached_property
    def _of_length(self) -> set[str]:
        """The events of which the sheet says how long they last."""
        return {owner.id for owner in self.all.owners if owner.row["lasts"]}
