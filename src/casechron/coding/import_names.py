"""Which column of a chronology is which, and who is meant by the name of an agency?

Columns go by the names that the trade gives them, in one row of heads or in two of which the upper
one spans columns of the lower; an agency is a ready one, a row of the review's own, one of the
initials that the trade writes, or gets a row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import zip_longest
from typing import NamedTuple

from casechron.characters import ID_LETTERS, counted, shown
from casechron.coding.cells import free_ids, text_slip
from casechron.coding.codebook import UNNAMED_SECTOR, codebook
from casechron.coding.files import slug
from casechron.coding.import_files import PATTERNS, WORDS, Cell, ImportTable
from casechron.coding.items import Names, folded, parted_bracket
from casechron.coding.messages import say
from casechron.dates.phrase_reader import MONTHS

#: What a column of a chronology can be, and what its name then has in it.
ROLES = {role: re.compile("|".join(patterns)) for role, patterns in WORDS["roles"].items()}
_Row = Mapping[str, str]
#: Rows of which one can be the heads, and letters of a head.
_FIRST_ROWS, _MOST_LETTERS = 15, 80


def says_nothing(text: str) -> bool:
    """Whether a cell says that there is nothing to say, as 'None' under 'Action taken' does.

    >>> says_nothing("N/A"), says_nothing("none."), says_nothing("None of them came")
    (True, True, False)
    """
    return PATTERNS["nothing"].fullmatch(text) is not None


def safe(text: str) -> str:
    """A text that a spreadsheet leaves alone: in quotation marks where it would not.

    >>> safe("+ve test"), safe("positive test")
    ('“+ve test”', 'positive test')
    """
    return f"“{text}”" if text and text != "?" and text_slip(text) else text


class Heads(NamedTuple):
    """The columns of a table: the role and the name of each, '' where it has none; the texts of
    the heads; and at which row of the table the entries begin."""

    roles: Sequence[str]
    names: Sequence[str]
    rows: Sequence[Sequence[str]]
    begins: int


def plain_head(text: str) -> str:
    """A head as it is compared: small letters, without marks and without what stands in brackets.

    >>> plain_head("Child's name (initials only):")
    'child s name'
    """
    text = re.sub(r"\([^)]*\)", " ", text.casefold()).replace("&", " and ")
    return " ".join(re.sub(r"[^\w#]+", " ", text).split())


def role_of(text: str, asked: Mapping[str, str] | None = None) -> str:
    """The role of a column by its head; '' where the name is none of the trade's.

    >>> [role_of(head) for head in ("Date & time", "Significant event", "Agency response", "Venue")]
    ['date', 'summary', 'action', '']
    """
    plain = plain_head(text)
    if asked and plain in asked:
        return asked[plain]
    if not plain or len(plain) > _MOST_LETTERS:
        return ""
    return next((role for role, words in ROLES.items() if words.search(plain)), "")


def many_heads(texts: Iterable[str]) -> int:
    """How many of some texts are heads."""
    return sum(bool(role_of(text)) and len(text.split()) <= 8 for text in texts)


def is_key(table: ImportTable) -> bool:
    """Whether a table explains initials: two columns, of which the first is headed so."""
    filled = [[cell for cell in row if cell.text] for _, row in table.rows]
    if len(filled) < 2 or max(map(len, filled)) != 2:
        return False
    first, second, *_ = (*(plain_head(cell.own) for cell in filled[0]), "", "")
    return bool(PATTERNS["key_initials"].search(first) and PATTERNS["key_meaning"].search(second))


def heads_of(table: ImportTable, asked: Mapping[str, str], before: Heads | None) -> Heads | None:
    """The heads of a table; None where no row names a date and what happened.

    The roles that somebody has `asked` for stand under heads as `plain_head` has them. `before` are
    the heads of the table before it: one without heads that is as wide goes on from there."""
    for at in range(min(len(table.rows), _FIRST_ROWS)):
        heads = _heads_at(table, at, asked)
        named = dict(zip(heads.roles, heads.names, strict=True))
        # What stands above a chronology, as in 'Date begun: 5 May 2018', has digits.
        has_date = "date" in named and not re.search(r"\d", named["date"])
        if has_date and {"summary", "action"} & {*named}:
            return heads
    # A table without heads takes those of the one before it, if it is as wide.
    width = max((len(row) for _, row in table.rows), default=0)
    return before._replace(begins=0) if before and width == len(before.roles) else None


def _heads_at(table: ImportTable, at: int, asked: Mapping[str, str]) -> Heads:
    """What the heads are if they begin in a row; each stands over every column that it spans."""
    (_, upper), (_, lower) = (*table.rows[at : at + 2], (0, ()))[:2]
    names: list[str] = []
    for cell in upper:
        names.append(names[-1] if cell.part_of == "left" and names else cell.text)
    rows = [[cell.own for cell in upper]]
    if _are_both_heads(upper, lower):
        rows.append([cell.own for cell in lower])
        names = [low or high for high, low in zip_longest(names, rows[1], fillvalue="")]
    roles: list[str] = []
    for role in (role_of(name, asked) for name in names):
        # Of two columns with a role of `_ONCE` the first has it; the other goes into `note`.
        roles.append("" if role == "unsure" or (role in _ONCE and role in roles) else role)
    if "date" not in roles and "period" in roles:
        roles[roles.index("period")] = "date"
    return Heads(roles, names, rows, at + len(rows))


def _are_both_heads(upper: Sequence[Cell], lower: Sequence[Cell]) -> bool:
    """Whether two rows are both heads: the lower one has nothing but heads, and either the upper
    ones reach down into it or it divides what one of them spans. What stands alone over all
    columns, or over one, is a title."""
    beside = {cell.part_of for cell in upper if not cell.own}
    if sum(bool(cell.own) for cell in upper) == 1 and len(beside) < 2:
        return False
    columns = [column for column, cell in enumerate(lower) if cell.own]
    if not columns or many_heads(lower[column].text for column in columns) < len(columns):
        return False
    divides = any(column >= len(upper) or not upper[column].own for column in columns)
    return any(cell.part_of == "above" for cell in lower) or (len(columns) > 1 and divides)


#: Roles that one column of a table has.
_ONCE: Collection[str] = ("date", "until", "time", "number", "kind", "period")
#: What stands between the names of agencies, and between a name and what belongs to it.
_BETWEEN_NAMES = re.compile(r"\s*(?:[;/+]|&|\band\b)\s*", re.IGNORECASE)
_BESIDE = re.compile(r",|\s[–—-]\s|:\s")
_IS_INITIALS = re.compile(r"[A-Z][A-Z&/.]{1,6}")
#: Ids that a spreadsheet makes dates of, that are no ids, or that entries have.
_NO_ID = re.compile(
    r"(?:[0-9].*|entry-[0-9]*)?"
    rf"|(?:{'|'.join(month[:3] for month in MONTHS)})[a-z]*[-0-9]*"
)


class Agencies:
    """Reads the names of agencies, and notes what each was taken for."""

    def __init__(
        self, agencies: Iterable[_Row], people: Iterable[_Row], taken: Iterable[str] = ()
    ) -> None:
        self.names, self.people = Names(), Names()
        #: Ids that no new row can have.
        self.taken = {*taken, *codebook().ready_agencies}
        for rows, names in ((agencies, self.names), (people, self.people)):
            for row in rows:
                identity = row.get("id", "")
                names.add(identity, identity)
                names.add(row.get("label", ""), identity)
                self.taken.add(identity)
        for identity, entry in codebook().ready_agencies.items():
            for label in (identity, entry["label"], *codebook().other_names[identity]):
                self.names.add_free(label, identity)
        #: New rows of agencies.csv by their id.
        self.rows: dict[str, dict[str, str]] = {}
        #: In how many cells each name stands, by the name and the id that it was taken for.
        self.counts: Counter[tuple[str, str]] = Counter()
        #: What a table of the file says that initials stand for, by their folded letters.
        self.key: dict[str, str] = {}

    def of(self, text: str, *, new: bool) -> tuple[list[str], bool]:
        """The ids of the agencies that a cell names, and whether nothing else stands in it.

        `new` lets a name that is not known be that of an agency, which then gets a row.
        """
        if says_nothing(text):
            return [], False
        parts = [part for piece in _BETWEEN_NAMES.split(text) if (part := piece.strip(" .:–-"))]
        if self._find(text) or not any(map(self._known, parts)):
            parts = [text]
        named: list[tuple[str, str]] = []
        whole = True
        for part in parts:
            known = self._known(part)
            if new and not known:
                named.append((part, self._new(safe(part.replace(";", ",")))))
            # What stands behind a comma or a dash is the name of a person or a place.
            elif known != [part] and len(known) < len(_BESIDE.split(part)):
                whole = False
            named += [(name, self._find(name)) for name in known]
        self.counts.update(named)
        return list(dict.fromkeys(identity for _, identity in named)), whole

    def _known(self, text: str) -> list[str]:
        """A text that is a known name, or else those between its commas and dashes that are."""
        if self._find(text):
            return [text]
        parts = (part.strip() for part in _BESIDE.split(text))
        return [part for part in parts if part and self._find(part)]

    def persons(self, text: str) -> list[str]:
        """The ids of persons that a cell names; none where one of them is not known."""
        if person := self.people.find(text):
            return [person]
        parts = [name for part in _BETWEEN_NAMES.split(text) for name in part.split(",")]
        ids = [self.people.find(name) for name in parts]
        return ids if all(ids) else []

    def named_in(self, text: str) -> list[str]:
        """The ids of the agencies whose names stand in a running text, in their order.

        >>> Agencies([], []).named_in("The family's GP told a social worker.")
        ['gp', 'childrens-services']
        """
        identities = (self._find(match[0]) for match in self._any_name.finditer(folded(text)))
        return list(dict.fromkeys(filter(None, identities)))

    @cached_property
    def _any_name(self) -> re.Pattern[str]:
        initials = [folded(short) for short, known in WORDS["initials"].items() if not known[1:]]
        names = sorted({*self.names, *initials}, key=len, reverse=True)
        forms = "|".join(re.escape(name) for name in names if len(name) > 1)
        return re.compile(rf"(?<![\w-])(?:{forms})(?=s?(?![\w-]))")

    def _find(self, name: str) -> str:
        """The id of a name that is known, by itself or before a bracket; '' for another."""
        for spelling in filter(None, (name, parted_bracket(name)[0])):
            meant = self.key.get(folded(spelling), spelling)
            if identity := self.names.find(meant):
                return identity
            if meant != spelling:
                return self._new(meant)
            if known := WORDS["initials"].get(spelling.upper().replace(".", "")):
                return self._new(*known)
        return ""

    def _new(self, label: str, sector: str = UNNAMED_SECTOR) -> str:
        """The id of the row of agencies.csv that a label has or gets."""
        if known := self.names.find(label):
            return known
        base = slug(label)[: ID_LETTERS // 2].strip("-")
        if _NO_ID.fullmatch(base):
            base = f"agency-{base}".strip("-")
        identity = next(free_ids(base, self.taken))
        self.taken.add(identity)
        self.rows[identity] = {"id": identity, "label": label, "sector": sector}
        self.names.add(label, identity)
        return identity

    def read_as(self) -> list[str]:
        """Which agency each name was taken for, where it is not the name of the agency itself."""
        labels = {identity: entry["label"] for identity, entry in codebook().ready_agencies.items()}
        labels |= {identity: row["label"] for identity, row in self.rows.items()}
        return [
            f"{shown(name)} is read as {labels.get(key, key)} ({key}) in {counted(count, 'cell')}"
            for (name, key), count in self.counts.items()
            if name not in (labels.get(key), key)
        ]

    def to_decide(self) -> list[str]:
        """What is left to say of agencies that got a row."""
        lines = []
        for row in self.rows.values():
            if row["sector"] == UNNAMED_SECTOR:
                initials = _IS_INITIALS.fullmatch(row["label"])
                lines.append(say("initials-unknown" if initials else "agency-new", **row))
        return lines
