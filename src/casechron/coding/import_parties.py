"""Who is meant by the name of an agency in a chronology? A ready agency, a row of the review's own,
one of the initials that the trade writes, or an agency that gets a row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from casechron.coding.cells import free_ids
from casechron.coding.characters import ID_LETTERS, counted, shown
from casechron.coding.codebook import codebook
from casechron.coding.files import slug
from casechron.coding.import_files import safe, says_nothing
from casechron.coding.items import Names, folded, without_bracket
from casechron.coding.sheets import Row

#: Initials of British casework: a ready agency, or the label and the sector of one.
_INITIALS: Mapping[str, str | tuple[str, str]] = {
    "CSC": "childrens-services",
    "SW": "childrens-services",
    "HV": "health-visitor",
    "MW": "midwifery",
    "LAS": "ambulance",
    "A&E": ("A&E", "3E"),
    "ED": ("Emergency department", "3E"),
    "SN": ("School nurse", "3C"),
    "EWO": ("Education welfare officer", "2B"),
    "CAMHS": ("CAMHS", "3F"),
    "EDT": ("Emergency duty team", "x-edt"),
    "YOT": ("Youth offending team", "5B"),
    "CAFCASS": ("CAFCASS", "7"),
}
_UNKNOWN_SECTOR = "10"
_BETWEEN = re.compile(r"\s*(?:[;/+]|&|\band\b)\s*", re.IGNORECASE)
_BESIDE = re.compile(r",|\s[–—-]\s|:\s")
_IS_INITIALS = re.compile(r"[A-Z][A-Z&/.]{1,6}")
#: Ids that a spreadsheet makes dates of, that are no ids, or that entries have.
_NO_ID = re.compile(
    r"(?:[0-9].*|entry-[0-9]*)?|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-0-9]*"
)


class Told(NamedTuple):
    """The ids of who is meant, and whether nothing else stood in the cell."""

    ids: tuple[str, ...]
    whole: bool


class Agencies:
    """Reads the names of agencies, and notes what each was taken for."""

    def __init__(
        self, agencies: Iterable[Row], people: Iterable[Row], taken: Iterable[str] = ()
    ) -> None:
        self.names, self.people = Names(), Names()
        self.taken = set(taken)
        for rows, names in ((agencies, self.names), (people, self.people)):
            for row in rows:
                names.add(row["id"], row["id"])
                names.add(row["label"], row["id"])
                self.taken.add(row["id"])
        for identity, entry in codebook().ready.items():
            for label in (identity, entry["label"], *codebook().also[identity]):
                self.names.add_free(label, identity)
            self.taken.add(identity)
        self._names_in: re.Pattern[str] | None = None
        #: New rows of agencies.csv by their id.
        self.rows: dict[str, dict[str, str]] = {}
        #: What names were taken for: how many cells of each name and id.
        self.read: Counter[tuple[str, str]] = Counter()
        #: What a table of the file says that initials stand for.
        self.key: dict[str, str] = {}

    def explain(self, initials: str, meaning: str) -> None:
        """Note what the file says that initials stand for."""
        self.key[folded(initials)] = meaning

    def of(self, text: str, *, new: bool) -> Told:
        """Who is named in a cell.

        `new` lets a name that is not known be that of an agency, which then gets a row.
        """
        text = text.strip()
        if says_nothing(text):
            return Told((), whole=False)
        parts = [part for one in _BETWEEN.split(text) if (part := one.strip(" .:–-"))]
        if self._find(text) or not any(map(self._known, parts)):
            parts = [text]
        items, whole = [], True
        for part in parts:
            found = [part] if self._find(part) else self._known(part)
            if found:
                # What stands behind a comma or a dash is the name of a person or a place.
                whole = whole and (found == [part] or len(found) == len(_BESIDE.split(part)))
                items += [(one, self._find(one)) for one in found]
            elif new:
                items.append((part, self._new(safe(" ".join(part.replace(";", ",").split())))))
            else:
                whole = False
        self.read.update((" ".join(name.split()), identity) for name, identity in items)
        return Told(tuple(dict.fromkeys(identity for _, identity in items)), whole)

    def _known(self, text: str) -> list[str]:
        """The names between the commas and dashes of a text that are known."""
        return [part for one in _BESIDE.split(text) if (part := one.strip()) and self._find(part)]

    def person(self, text: str) -> tuple[str, ...]:
        """The ids of persons that a cell names; none where one of them is not known."""
        parts = [one for part in _BETWEEN.split(text) for one in part.split(",")]
        ids = [self.people.find(one.strip()) for one in [text, *parts]]
        return (ids[0],) if ids[0] else tuple(dict.fromkeys(ids[1:])) if all(ids[1:]) else ()

    def named_in(self, text: str) -> list[str]:
        """The ids of the agencies whose names stand in a running text, in their order.

        >>> Agencies([], []).named_in("The family's GP told a social worker.")
        ['gp', 'childrens-services']
        """
        if self._names_in is None:
            initials = [one for one, of in _INITIALS.items() if isinstance(of, str)]
            names = sorted({*self.names, *map(folded, initials)}, key=len, reverse=True)
            forms = "|".join(re.escape(name) for name in names if len(name) > 1)
            self._names_in = re.compile(rf"(?<![\w-])(?:{forms})(?=s?(?![\w-]))")
        found = (self._find(one[0]) for one in self._names_in.finditer(folded(text)))
        return list(dict.fromkeys(filter(None, found)))

    def _find(self, name: str) -> str:
        """The id of a name that is known, by itself or before a bracket; '' for another."""
        before = (without_bracket(name) or ("",))[0]
        for one in filter(None, (name, before)):
            meant = self.key.get(folded(one), one)
            if identity := self.names.find(meant):
                return identity
            if meant != one:
                return self._new(meant)
            known = _INITIALS.get(one.upper().replace(".", ""), "")
            if isinstance(known, tuple):
                return self._new(*known)
            if known:
                return known
        return ""

    def _new(self, label: str, sector: str = _UNKNOWN_SECTOR) -> str:
        """The id of the row of agencies.csv that a label has or gets."""
        if there := self.names.find(label):
            return there
        base = slug(label)[: ID_LETTERS // 2].strip("-")
        if _NO_ID.fullmatch(base):
            base = f"agency-{base}".strip("-")
        identity = next(free_ids(base, self.taken))
        self.taken.add(identity)
        self.rows[identity] = {"id": identity, "label": label, "sector": sector}
        self.names.add(label, identity)
        return identity

    def told(self) -> list[str]:
        """What names were taken for, a line each where it is not the name of the agency itself."""
        labels = {one: entry["label"] for one, entry in codebook().ready.items()}
        labels |= {one: row["label"] for one, row in self.rows.items()}
        return [
            f"{shown(name)} is read as {labels.get(identity, identity)} ({identity}) in"
            f" {counted(many, 'cell')}"
            for (name, identity), many in self.read.items()
            if name not in (labels.get(identity), identity)
        ]

    def to_decide(self) -> list[str]:
        """What is left to say of agencies that got a row."""
        lines = []
        for row in self.rows.values():
            label, sector = row["label"], row["sector"]
            if sector != _UNKNOWN_SECTOR:
                continue
            of = "initials that are not known here" if _IS_INITIALS.fullmatch(label) else "new"
            told = f"agencies.csv, {row['id']}: {shown(label)} is {of}; write"
            what = "what they stand for into label, and " if of != "new" else ""
            lines.append(
                f"{told} {what}its sector, or put another agency in its place; no person is one"
            )
        return lines
