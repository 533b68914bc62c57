"""Who had which part in an event, what it came after, and which other readings are there: the cells
of `events` that name parties, orders and other dates, and the rows of readings.

Which role a column gives stands in codebook.toml, by kind; a word in the bracket replaces it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from casechron.characters import listed, meant_or, shown
from casechron.coding.cells import Place, date_breach, duration, free_ids, read_place
from casechron.coding.expansion import Origin, Owner, TidyRow, Work, origin_of
from casechron.coding.items import (
    Item,
    account_of,
    code_among,
    folded,
    forms_of,
    in_one_bracket,
    meant_duration,
    meant_item,
    meant_list,
    parted_bracket,
    parted_items,
    read_item,
    row_number_hint,
)
from casechron.coding.messages import say
from casechron.coding.sheets import Row

#: The columns that name parties, in the order in which a role has its first.
PARTY_COLUMNS = ("by", "to", "with", "about", "without")
#: A name and the bracket behind it, in which a `;` may stand by mistake.
_WITH_BRACKET = re.compile(r"(?<![^;()])[^;()]*+\([^()]*+\)")
_POINT = re.compile(r"(?P<event>[a-z0-9-]+)(?:\.(?P<point>start|end))?(?:\s+(?P<gap>.+))?")


@dataclass(slots=True)
class _Part:
    """An item of an event that names a party, and what the words of its bracket say."""

    owner: Owner
    column: str
    text: str
    item: Item
    person: bool
    #: The words that a bracket of such a party can hold, with the columns that they fill.
    codes: Mapping[str, str]
    origin: Origin
    #: What the words that have been read say, by tidy column; and the word that says it.
    values: dict[str, str] = field(default_factory=dict)
    word_of: dict[str, str] = field(default_factory=dict)


class Parts:
    """Reads the parties and orders of one row after another, into the tables of an expansion."""

    def __init__(self, work: Work) -> None:
        self.work, self.book = work, work.book
        words = self.book.words.columns
        #: The words that a bracket can hold, with the columns that they fill, and those of all.
        self.of_agencies, self.of_people = words["agencies"], words["people"]
        self.bracket_words = {**self.of_agencies, **self.of_people}

    def _wrong(self, owner: Owner, column: str, name: str, /, **values: object) -> bool:
        """Say what is wrong with a cell, by a sentence of messages.toml; always False."""
        self.work.wrong(owner.row, column, say(name, **values))
        return False

    def _wrong_part(self, part: _Part, name: str, /, **values: object) -> bool:
        """The same of an item, which its sentence names; always False."""
        named = {"text": part.text, "name": part.item.name, "column": part.column}
        return self._wrong(part.owner, part.column, name, **named | values)

    def parties(self, owner: Owner) -> None:
        """The involvement and participation of one event."""
        columns = [column for column in PARTY_COLUMNS if owner.row[column]]
        parts = {column: self._items(owner, column) for column in columns}
        agencies = {
            part.item.id: part.item.name
            for column in ("by", "to")
            for part in parts.get(column, ())
            if not part.person
        }
        first_parts: dict[tuple[str, ...], _Part] = {}
        ids: set[str] = set()
        for column, column_parts in parts.items():
            items = []
            for part in column_parts:
                cells = self._cells(part, agencies)
                if cells and self._is_new(part, cells, first_parts):
                    cells["id"] = next(free_ids(cells["id"], ids))
                    ids.add(cells["id"])
                else:
                    cells = None
                table = "participation" if part.person else "involvement"
                items.append((part.text, part.item.id, table, cells))
            self.work.add_items(owner, column, items)

    def _is_new(
        self, part: _Part, cells: Mapping[str, str], first_parts: dict[tuple[str, ...], _Part]
    ) -> bool:
        """Whether no other item says the same of the same party."""
        key = tuple(cells[name] for name in cells if name not in ("id", "basis", "note", "grade"))
        earlier = first_parts.setdefault(key, part)
        if earlier is part:
            return True
        values = {"other": earlier.text, "column": earlier.column, "role": cells["role"]}
        return self._wrong_part(part, "party-twice", **values)

    def _items(self, owner: Owner, column: str) -> list[_Part]:
        items = []
        for text in self._texts(owner, column):
            item = read_item(text, self.work.names.find)
            if item is None:
                self._no_item(owner, column, text)
                continue
            origin = origin_of(owner.row, column, text)
            self.work.party(item.id, origin)
            person = self.work.is_a("people", item.id)
            codes = self.of_people if person else self.of_agencies
            part = _Part(owner, column, text, item, person, codes, origin)
            read = [self._word(part, word) for word in item.words]  # all, to tell of each slip
            if item.name != text and not read:
                self._wrong_part(part, "bracket-empty")
            elif all(read):
                items.append(part)
        return items

    def _texts(self, owner: Owner, column: str) -> list[str]:
        """The items of a cell; a bracket that a `;` parts is reported, and left out."""
        cell = owner.row[column]
        for match in _WITH_BRACKET.finditer(cell):
            text = match[0].strip()
            if ";" not in text:
                continue
            if meant := meant_item(text, self._reads, self.bracket_words):
                # Two words that fill one column are those of two items.
                item = read_item(meant, self.work.names.find)
                if item and len(fills := self._fills(item)) > len(set(fills)):
                    meant = "; ".join(in_one_bracket(item.name, [word]) for word in item.words)
                self._wrong(owner, column, "bracket-parted", text=text, meant=meant)
                cell = cell.replace(match[0], "", 1)
        return parted_items(cell)

    def _reads(self, text: str) -> bool:
        """Whether a text is an item with words that there are."""
        item = read_item(text, self.work.names.find)
        return item is not None and all(self._fills(item))

    def _fills(self, item: Item) -> list[str]:
        """The column that each word of a bracket fills; '' for one that is none."""
        codes = (code_among(account_of(word)[0], self.bracket_words) for word in item.words)
        return [self.bracket_words.get(code, "") for code in codes]

    def _no_item(self, owner: Owner, column: str, text: str) -> None:
        """Say that a text is no item, and how what was probably meant is written."""

        def near(name: str) -> str:
            return self.work.nearest(name, self.work.names)

        if meant := meant_list(text, self._reads, near):
            self._wrong(owner, column, "several-names", text=text, meant=meant)
        elif meant := meant_item(text, self._reads, self.bracket_words):
            self._wrong(owner, column, "bracket-unread", text=text, meant=meant)
        else:
            self.work.unknown(owner, column, text)

    def _word(self, part: _Part, word: str) -> bool:
        """Note what a word of the bracket says; whether it says anything."""
        codes = part.codes
        status, by = account_of(word)
        values = {}
        if by and not part.person:
            return self._wrong_part(part, "account-of-agency", word=word)
        if by:
            values["account"] = self.work.party(by, part.origin)
            if not values["account"]:
                self.work.unknown(part.owner, part.column, by)
                return False
        code = code_among(status, codes)
        if status and not code:
            return self._no_word(part, status)
        if by and code and codes[code] != "status":
            return self._wrong_part(part, "by-without-status", word=status, by=by)
        if code:
            values[codes[code]] = code
        if twice := [column for column in values if column in part.values]:
            return self._twice(part, word, twice[0])
        part.values |= values
        part.word_of |= dict.fromkeys(values, word)
        return True

    def _no_word(self, part: _Part, word: str) -> bool:
        """Say that a word of the bracket is none for what the item names."""
        kind, opposite = ("a person", "an agency") if part.person else ("an agency", "a person")
        others = self.of_agencies if part.person else self.of_people
        if code := code_among(word, others):
            role = self._columns(part).get(part.column, "")
            mend = "leave it out"
            if others[code] == "role" and role:
                mend = say("role-without-word", column=part.column, role=role)
            values = {"what": others[code], "other": opposite, "own": kind, "mend": mend}
            return self._wrong_part(part, "word-of-other", word=word, **values)
        if part.person and re.match(r"aged?\b|\d+(?: (?:year|month)s?\b.*)?$", word):
            offer = f"; {say('age-in-bracket')}"
            return self._wrong_part(part, "no-word", word=word, own=kind, offer=offer)
        meant = self.work.nearest(word, part.codes)
        if meant in self.book.flagged("involvement_role", "gap") and not part.person:
            meant = f"{meant}, did-not-happen"  # without a grade it is no absence
        offer = meant_or(meant, say("bracket-of-person" if part.person else "bracket-of-agency"))
        return self._wrong_part(part, "no-word", word=word, own=kind, offer=offer)

    def _twice(self, part: _Part, word: str, column: str) -> bool:
        """Say that a bracket says the same thing twice, and how two items say it."""
        if column == "basis":
            return self._wrong_part(part, "basis-twice")
        first = [each for each in part.item.words if each != word]
        status, by = account_of(word)
        if column == "account" and not status:
            word = f"{part.values.get('status', 'alleged')} by {by}"
        read = dict.fromkeys(part.word_of.values())
        second = [word, *(each for each in read if each != part.word_of[column])]
        both = f"{in_one_bracket(part.item.name, first)}; {in_one_bracket(part.item.name, second)}"
        return self._wrong_part(part, "word-twice", column=column, both=both)

    def _columns(self, part: _Part) -> Mapping[str, str]:
        """The role that each column gives to a party."""
        row = part.owner.row
        roles = self.book.roles.get(row["kind"] or "entry")
        if roles is None:
            return {}
        if not part.person:
            if not row["absence"]:
                return roles.agency
            absent = {"by": self.book.absent_by}
            # What did not happen reached nobody: to whom it was to go was left out of it.
            if roles.agency.get("to") in self.book.flagged("involvement_role", "was-told"):
                absent["to"] = roles.agency["without"]
            return {**roles.agency, **absent}
        child = self.work.by_id[part.item.id]["kinship"] in self.book.child_kinship
        of_persons = roles.child if child else roles.adult
        untold = row["absence"] and of_persons.get("to") == "was-told"
        return {**of_persons, "to": of_persons["without"]} if untold else of_persons

    def _cells(self, part: _Part, agencies: Mapping[str, str]) -> dict[str, str] | None:
        """The cells of the row that an item makes; None where it makes none, which is reported."""
        given, owner, values = self._columns(part), part.owner, part.values
        role = values.get("role") or given.get(part.column, "")
        columns = [name for name, role in given.items() if role]  # none where the kind is none
        if not role and columns:
            kind, others = owner.row["kind"] or "entry", listed(columns, "or")
            self._wrong_part(part, "column-of-persons", kind=kind, columns=others)
        if not role:
            return None
        ends = f"{owner['id']}-{part.item.id}-{role}"
        cells = {"event": owner["id"], "role": role}
        basis = values.get("basis") or owner.basis
        if not part.person:
            grade = values.get("grade", "")
            left_out = part.column == "without" or role == given.get("without")
            if left_out and not grade and "role" not in values:
                grade = owner.row["absence"] or self.book.absent_without
            cells |= {"grade": grade, "note": "", "basis": basis}
            return {"id": f"iv-{ends}", "agency": part.item.id, **cells}
        if role == "harming" and "status" not in values:
            other_words = [word for word in part.item.words if not account_of(word)[1]]
            by = values.get("account", "PARTY")
            like, fact = (
                in_one_bracket(part.item.name, [status, *other_words])
                for status in (f"alleged by {by}", "reported")
            )
            self._wrong_part(part, "harming-without-status", like=like, fact=fact)
            return None
        status = values.get("status", "reported")
        account = self._account(part, status, agencies)
        if account is None:
            return None
        cells |= {"status": status, "account": account, "basis": basis}
        return {"id": f"pt-{ends}-{status}", "person": part.item.id, **cells}

    def _account(self, part: _Part, status: str, agencies: Mapping[str, str]) -> str | None:
        """Whose account it is, '' where that is not asked; None where it is not clear, which is
        reported."""
        account = part.values.get("account", "")
        if not account and status in self.book.words.unspecified:
            return self.work.party("unspecified", part.origin)
        if account or status not in self.book.words.opinions:
            return account
        if len(agencies) == 1:
            return next(iter(agencies))
        how_many = f"{len(agencies)} agencies" if agencies else "no agency"
        account_of_whom = next(iter(agencies.values()), "AGENCY")
        like = in_one_bracket(part.item.name, [f"{status} by {account_of_whom}"])
        self._wrong_part(part, "opinion-of-nobody", there=how_many, like=like)
        return None

    # Orders

    def orders(self, owner: Owner) -> None:
        """What an event lasts, and what it came after and before."""
        if owner.row["lasts"]:
            self._length(owner, owner.row["lasts"])
        for column, end in (("after", "from_event"), ("before", "to_event")):
            items: list[tuple[str, str, str, dict[str, str] | None]] = []
            for text in parted_items(owner.row[column]):
                cells = self._order(owner, column, text)
                if cells and cells in (item[3] for item in items):
                    self._wrong(owner, column, "text-twice", text=text)
                elif cells:
                    items.append((text, cells[end], "relations", cells))
            self.work.add_items(owner, column, items)

    def _length(self, owner: Owner, text: str) -> None:
        """How long an event lasts: a gap from its start to its end."""
        length = duration(text)
        if length is None:
            self._wrong(owner, "lasts", "no-duration", text=text, mend=meant_duration(text))
        elif owner.row["absence"]:
            self._wrong(owner, "lasts", "absence-lasts", text=text)
        elif owner["date"][:1] == "[":
            self._wrong(owner, "date", "length-of-a-moment", date=owner["date"])
        else:
            cells = self._relation(owner, owner["id"], "start", owner["id"], "end", *length)
            origin = origin_of(owner.row, "lasts", text)
            self.work.add(TidyRow("relations", cells, [origin], list(owner.places)))

    def _relation(self, owner: Owner, *ends_and_gap: str) -> dict[str, str]:
        """The cells of a relation, by its ends with their points, its gap and what that means."""
        header = self.book.tables["relations"].header
        names = ("from_event", "from_point", "to_event", "to_point", "gap", "meaning")
        given = dict(zip(names, ends_and_gap, strict=True))
        return dict.fromkeys(header, "") | given | {"type": "gap", "basis": owner.basis}

    def _order(self, owner: Owner, column: str, text: str) -> dict[str, str] | None:
        """The cells of the relation that an item makes; None where it makes none."""
        parts, bracket = parted_bracket(text)
        basis, bases = folded(bracket), self.book.words.columns["links"]
        match = _POINT.fullmatch(parts)
        event = self.work.by_id.get(match["event"]) if match else None
        if parts != text and basis not in bases:
            wrong = say("no-basis", word=bracket, allowed=", ".join(bases))
        elif match is None or event is None or event.table != "events":
            wrong = self._no_event(text, parts, column)
        else:
            wrong = self._unfit(owner, event, match["point"], match["gap"])
        if wrong or match is None or event is None:
            self.work.wrong(owner.row, column, f"{shown(text)}{wrong}")
            return None
        after = column == "after"
        point = ("start" if after else "end") if self._lasts(owner) else ""
        own_end, other_end = (owner["id"], point), (event["id"], match["point"] or "")
        gap = " ".join((match["gap"] or "").lower().split())
        length = duration(gap) if gap not in ("", "same day") else ("", "")
        if length is None:
            name = parts[: match.start("gap")].strip()
            forms = forms_of(match["gap"]).replace("'", f"'{name} ", 1).replace(" '", f" '{name} ")
            like = forms or f"'{name} 2 weeks', '{name} exactly 1 day' or '{name} same day'"
            values = {"text": text, "gap": match["gap"], "column": column, "like": like}
            self._wrong(owner, column, "no-gap", **values)
            return None
        ends = other_end + own_end if after else own_end + other_end
        cells = self._relation(owner, *ends, *length)
        if not length[0]:
            cells["type"] = "same-day" if gap else "not-after"
        return cells | ({"basis": basis} if basis else {})

    def _no_event(self, text: str, parts: str, column: str) -> str:
        """Why an order names no event, and what was probably meant."""
        events = set(self.work.event_ids)
        name = (parts.split(maxsplit=1) or [parts])[0]
        before, dot, point = name.partition(".")
        if name in events:
            return f": {shown(name)} is the id of another row too; give one of them another id"
        if dot and before in events:
            return say("no-point", point=point, event=before)
        length, _, last = parts.rpartition(" ")
        length = length.removesuffix(f" {column}").removesuffix(" as")
        if last in events and (duration(length) or length == "same day"):
            return f" has its words the other way round; write '{last} {length}'"
        named = [word for word in parts.split() if word in events]
        meant = named[0] if named else self.work.nearest(before, events)
        write = "write the id of a row of events.csv, and behind it how long, if it is said"
        number = "" if meant else row_number_hint(name)
        return f": no event has the id {shown(name)}{number}{meant_or(meant, write)}"

    def _unfit(self, owner: Owner, other_event: TidyRow, point: str | None, gap: str | None) -> str:
        """Why one event cannot be tied to another in time; '' where it can."""
        if owner["absence"]:
            return ": the row is an absence, which has no order; write its window in date and until"
        event = other_event["id"]
        if other_event["absence"]:
            return f": {say('relation-of-absence', event=event)}"
        if other_event is owner:
            how_long = "; how long it lasts stands in lasts" if point or gap else ""
            return f": {shown(event)} is this row itself; name another event{how_long}"
        if self._lasts(other_event) and not point:
            return say("which-end", event=event)
        protected = self.book.flagged("event_kind", "protected")
        if gap and "same day" not in gap and {other_event["kind"], owner["kind"]} & protected:
            return f": {say('time-from-birth')}"
        return ""

    def _lasts(self, event: TidyRow) -> bool:
        """Whether an event has a first and a last day of its own: it lasts, or is counted."""
        several = event["count_min"] not in ("", "1") or event["count_max"] not in ("", "1")
        dated = "/" in event["date"] or event["date"][:1] == "{"
        return several or dated or event["id"] in self._of_length

    @cached_property
    def _of_length(self) -> set[str]:
        """The events of which the sheet says how long they last."""
        return {owner["id"] for owner in self.work.owners if owner.row["lasts"]}

    # Other readings

    def readings(self) -> None:
        """The rows of readings; a reason is typed once for all rows of a reading."""
        rows = self.work.forms.get("readings", ())
        reasons: dict[str, dict[str, Row]] = defaultdict(dict)
        for row in rows:
            if row["reason"]:
                reasons[row["reading"]][row["reason"]] = row
        for row in rows:
            origins = self.work.origins("readings", row)
            reason, given_reasons = row["reason"], reasons[row["reading"]]
            if not reason and len(given_reasons) == 1:
                ((reason, reason_row),) = given_reasons.items()
                origins.append(origin_of(reason_row, "reason"))
            places = self.work.read_places(row)
            cells = {name: row[name] for name in ("reading", "row", "column", "value", "kind")}
            self._reading(cells, reason, places, origins)

    def _reading(
        self,
        cells: dict[str, str],
        reason: str,
        places: Sequence[tuple[Place, Origin]],
        origins: list[Origin],
    ) -> None:
        """A row of readings; without a place it is the one default source's."""
        cells |= {
            "source": places[0][0].source if places else self.work.one_default,
            "reason": reason,
            "place": "; ".join(str(place) for place, _ in places if place.paragraph),
        }
        self.work.add(TidyRow("readings", cells, origins, list(places)))

    def other_dates(self, owner: Owner) -> None:
        """What other sources say of the date: a reading each, with a note of details as its
        reason."""
        # Refused items too, so that their details are not reported as well.
        items = [(text, parted_bracket(text)[0]) for text in parted_items(owner.row["other_date"])]
        details = self.work.details.of(owner, "other_date", items)
        for (text, date), rows in zip(items, details, strict=True):
            _, source = parted_bracket(text)
            place = read_place(source, self.work.source_ids, "") if source else None
            if source and self.work.could_be_place(source):
                self.work.still_to_do(owner.row, "other_date", say("no-source-yet", text=text))
                continue
            if place is None:
                message = self._no_source(text, date, source)
            elif not owner.row["date"]:
                message = say("no-date-to-differ-from", text=text)
            else:
                # The source stands behind the date that is advised, too.
                message = re.sub(r"write '([^']+)'", rf"write '\1 ({source})'", date_breach(date))
            if place is None or message:
                self.work.wrong(owner.row, "other_date", message)
                continue
            cells = {"reading": f"{owner['id']}-date-{place.source}", "row": owner["id"]}
            cells |= {"column": "date", "value": date, "kind": "sources-differ"}
            origins = [origin_of(owner.row, "other_date", text)]
            # What details say of an item, they say of the reading, whose reason is its note.
            named = TidyRow("details", {"note": ""}, origins, [(place, origins[0])])
            self.work.details.add(named, rows)
            reason = named["note"] or f"{place.source} gives {date}"
            self._reading(cells, reason, named.places, named.origins)

    def _no_source(self, text: str, date: str, source: str) -> str:
        """Why it is not known whose other date it is, and how it is written."""
        ids = self.work.source_ids
        if source and (near := self.work.nearest(source.partition(":")[0], ids)):
            return f"{shown(text)}: no source has the id {shown(source)}{meant_or(near)}"
        others = [identity for identity in ids if identity not in self.work.default] or ids
        one = len(others) == 1 and not date_breach(date)
        like = f"'{date} ({others[0]})'" if one else "DATE (SOURCE)"
        return say("date-of-no-source", text=text, like=like, sources=self.work.source_names)
