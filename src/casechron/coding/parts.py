"""Who had which part in an event, and what it came after: the cells of `events` that name parties
and orders.

Which role a column gives stands in codebook.toml, by kind; a word in the bracket replaces it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

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
from casechron.coding.sheets import Row

__all__ = ["Parts"]

#: The columns that name parties, in the order in which a role has its first.
COLUMNS = ("by", "to", "with", "about", "without")
_POINT = re.compile(r"(?P<event>[a-z0-9-]+)(?:\.(?P<point>start|end))?(?:\s+(?P<gap>.+))?")


@dataclass(slots=True)
class _Part:
    """An item that names a party, and what the words of its bracket say."""

    column: str
    text: str
    party: str
    origin: Origin
    said: dict[str, str] = field(default_factory=dict)


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
            part.party
            for part in parts
            if part.column in ("by", "to") and not self.all.is_person(part.party)
        }
        seen: dict[tuple[str, ...], str] = {}
        many: dict[str, int] = defaultdict(int)
        for column in columns:
            there = [part for part in parts if part.column == column]
            details = self.details.of(owner, column, [(part.text, part.party) for part in there])
            for part, rows in zip(there, details, strict=True):
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
                    told = f"{shown(part.text)} says again what {shown(seen[key])} says; delete one"
                    self.all.wrong("events", owner.row, column, told)
                    continue
                seen[key] = part.text
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
        for text in parted_items(owner.row[column]):
            origin = self.all.origin("events", owner.row, column, text)
            item = read_item(text, self.all.names.find)
            if item is None:
                self.all.unknown(owner, column, text)
                continue
            self.all.party(item.name, origin)
            part = _Part(column, text, item.name, origin)
            read = [self._word(owner, part, word) for word in item.words]  # each is told of
            if all(read):
                found.append(part)
        return found

    def _word(self, owner: Owner, part: _Part, word: str) -> bool:
        """Note what a word of the bracket says; whether it says anything."""
        person = self.all.is_person(part.party)
        codes = self.book.words.columns["people" if person else "agencies"]
        status, by = account_of(word)
        said = {}
        if by:
            account = self.all.party(by, part.origin)
            if not person:
                told = f"{shown(word)} in the bracket of an agency: only what is said of a person"
                return self._wrong(owner, part, f"{told} is by somebody")
            if not account:
                self.all.unknown(owner, part.column, by)
                return False
            said["account"] = account
        code = code_among(status, codes)
        if status and (not code or (by and codes[code] != "status")):
            what, other = ("a person", "an agency") if person else ("an agency", "a person")
            others = self.book.words.columns["agencies" if person else "people"]
            meant = self.all.nearest(status, codes)
            if code_among(status, others):
                offer = f" but one for {other}; write one of: {', '.join(codes)}"
            else:
                offer = f"; did you mean {shown(meant)}?" if meant else ""
                offer = offer or f"; write one of: {', '.join(codes)}"
            return self._wrong(owner, part, f"{shown(status)} is no word for {what}{offer}")
        if code:
            said[codes[code]] = code
        if twice := said.keys() & part.said.keys():
            told = f"{shown(part.text)} says its {min(twice)} twice; write one word for it"
            return self._wrong(owner, part, told)
        part.said |= said
        return True

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
        kind = owner.row["kind"]
        columns = [name for name, role in self._columns(owner, part.party).items() if role]
        if not columns:
            told = f"{shown(part.text)} has no role, since {shown(kind)} is no kind of event"
        else:
            what = "a person" if self.all.is_person(part.party) else "an agency"
            told = (
                f"{shown(part.text)}: {what} has no part in {part.column} of a row of kind"
                f" '{kind or 'entry'}'; write it in {' or '.join(columns)}, or its role in the"
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
        self, owner: Owner, part: _Part, role: str, agencies: set[str]
    ) -> dict[str, str] | None:
        status, account = part.said.get("status", "reported"), part.said.get("account", "")
        if not account and status in self.book.words.unspecified:
            account = self.all.party("unspecified", part.origin)
        if not account and status in self.book.words.opinions:
            if len(agencies) != 1:
                there = (
                    f"by and to name {len(agencies)} agencies"
                    if agencies
                    else "by and to name none"
                )
                told = f"{shown(part.text)} does not say whose opinion it is, and {there}; write"
                self._wrong(owner, part, f"{told} '{status} by' and the agency in the bracket")
                return None
            account = min(agencies)
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
            told = f"{shown(text)} is no duration; write {_DURATIONS}"
            self.all.wrong("events", owner.row, "lasts", told)
            return
        if owner.row["absence"]:
            told = (
                "an absence has no length; empty the cell, and write its window in date and until"
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
        read = [
            (text, cells)
            for text in parted_items(owner.row[column])
            if (cells := self._order(owner, column, text))
        ]
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
                told = f"{shown(bracket[1])} is no basis; write in the bracket one of: {allowed}"
                self.all.wrong("events", owner.row, column, told)
                return None
            parts, said = bracket[0], {"basis": basis}
        found = _POINT.fullmatch(parts)
        other = self.all.by_id.get(found["event"]) if found else None
        if found is None or other is None or other.table != "events":
            name = parts.split(maxsplit=1)[0] if parts.split() else parts
            events = self.all.event_ids
            meant = self.all.nearest(name.split(".")[0], events)
            offer = (
                f"did you mean {shown(meant)}?" if meant else "write the id of one that is there"
            )
            told = f"no event has the id {shown(name)}; {offer}"
            self.all.wrong("events", owner.row, column, told)
            return None
        if refusal := self._unfit(owner, other, found["point"], found["gap"]):
            self.all.wrong("events", owner.row, column, refusal)
            return None
        own = ""
        if _lasts(owner.made):
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
            told = f"{shown(found['gap'])} is no duration; write {_DURATIONS}, or same day"
            self.all.wrong("events", owner.row, column, told)
            return None
        return {"type": "gap", **cells, "gap": length[0], "meaning": length[1], **said}

    def _unfit(self, owner: Owner, other: Made, point: str | None, gap: str | None) -> str:
        """Why one event cannot be tied to another in time; '' where it can."""
        if owner.made["absence"]:
            return "an absence has no place in time to tie; write its window in date and until"
        if other["absence"]:
            return (
                f"{shown(other['id'])} is an absence, which has no place in time to tie; date its"
                " window there, or tie it by answers or led_to"
            )
        if other is owner.made:
            return f"{shown(other['id'])} is this row itself; name another event"
        if _lasts(other) and not point:
            return (
                f"{shown(other['id'])} lasts or is repeated, so it must be said which end is meant;"
                f" write {other['id']}.start or {other['id']}.end"
            )
        protected = self.book.flagged("event_kind", "protected")
        if gap and "same day" not in gap and {other["kind"], owner.made["kind"]} & protected:
            return "a stated time from or to a birth would date the birth; write the order alone"
        return ""


_DURATIONS = "6 months, exactly 14 days, at least 3 weeks or at most 2 days"


def _lasts(made: Made) -> bool:
    """Whether an event has a first and a last day of its own: it lasts, or is counted."""
    many = made["count_min"] not in ("", "1") or made["count_max"] not in ("", "1")
    return many or "/" in made["date"] or made["date"][:1] == "{"
