"""What does an expansion make, from which cells, and what do all its steps share?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from casechron.coding import notation
from casechron.coding.characters import shown
from casechron.coding.codebook import Codebook, codebook
from casechron.coding.files import is_slug
from casechron.coding.items import Names, parted_items, without_bracket
from casechron.coding.meant import meant_places
from casechron.coding.notation import Place
from casechron.coding.sheets import Breach, Row, nearest

__all__ = ["NO_SOURCE", "ROWS", "Expanded", "Made", "Origin", "Owner", "Work"]

#: Forms whose rows other rows name, in the order in which what they hold is made.
ROWS = ("agencies", "people", "events", "findings", "views", "recommendations")
#: What is said of a place while no source has an id.
NO_SOURCE = (
    "no source is filled in yet that could be meant; fill in [[sources]] of review.toml, or the"
    " sheet sources of the workbook"
)
#: Words that are compared, in all, to find out what was meant: a slip in every row takes seconds.
COMPARISONS = 300_000


class Origin(NamedTuple):
    """The cell that something came from, and the item in it; no column where the row as such is
    meant."""

    file: str
    line: int
    column: str = ""
    item: str = ""


@dataclass(slots=True, eq=False)
class Made:
    """One tidy row: its table, its cells, what it came from (first what made it), and the places
    where it stands."""

    table: str
    cells: dict[str, str]
    origins: list[Origin]
    places: list[tuple[Place, Origin]] = field(default_factory=list)

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(slots=True)
class Owner:
    """A row of the form while it is expanded: its form, the row, and the tidy row it became."""

    form: str
    row: Row
    made: Made

    @property
    def id(self) -> str:
        """The id of the row, typed or made."""
        return self.made["id"]


@dataclass
class Expanded:
    """The tidy tables of a folder, each a list of rows; what is wrong in the form; and what is
    still to do."""

    tables: dict[str, list[Made]]
    breaches: list[Breach]
    to_do: list[Breach]
    #: The digests of each located source's sentences, by paragraph and sentence.
    sentences: Mapping[str, Mapping[tuple[int, int], str]] = field(default_factory=dict)
    #: Ids made for rows without one that are alike in kind and month, with the lines of all of
    #: them.
    alike: Mapping[str, Sequence[int]] = field(default_factory=dict)
    #: As coded, the cells that readings in use have replaced, by reading, row and column.
    replaced: Mapping[tuple[str, str, str], str] = field(default_factory=dict)

    @cached_property
    def made_by(self) -> Mapping[tuple[str, int, str], Sequence[Made]]:
        """The tidy rows that each filled cell made or filled, by its file, line and column."""
        found: dict[tuple[str, int, str], list[Made]] = defaultdict(list)
        for rows in self.tables.values():
            for made in rows:
                for key in dict.fromkeys(origin[:3] for origin in made.origins):
                    found[key].append(made)
        return found

    def where(self, made: Made, column: str = "") -> Origin:
        """The cell of the form that stands behind a tidy row, or behind one column of it."""
        first = made.origins[0]
        for form in codebook().forms.values():
            if form.becomes == made.table and first.item == "" and column:
                return Origin(first.file, first.line, form.column_of(column))
        return first

    def rows(self, table: str) -> list[dict[str, str]]:
        """The rows of one tidy table, as plain cells."""
        return [made.cells for made in self.tables[table]]


class Work:
    """What every step of one expansion shares: what was read, what is made, what is said."""

    def __init__(
        self,
        forms: Mapping[str, Sequence[Row]],
        sources: Sequence[Mapping[str, object]],
        prefix: str,
    ) -> None:
        self.book: Codebook = codebook()
        self.forms, self.prefix = forms, prefix
        self.tables: dict[str, list[Made]] = {name: [] for name in self.book.tables}
        self.breaches: list[Breach] = []
        self.to_do: list[Breach] = []
        self.owners: list[Owner] = []
        self.by_id: dict[str, Made] = {}
        self.alike: dict[str, list[int]] = {}
        self.sources = sources
        self.source_ids = [str(one.get("id", "")) for one in sources]
        marked = [str(one.get("id", "")) for one in sources if one.get("default") is True]
        #: Which sources an empty place means.
        self.default = marked or (self.source_ids if len(sources) == 1 else [])
        #: The source of a place that names none; '' where several could be meant.
        self.one_default = self.default[0] if len(self.default) == 1 else ""
        self.sentences = self._read_sentences()
        self.names = Names()
        #: How many words may yet be compared to find out which were meant.
        self.comparisons = COMPARISONS
        #: Ready agencies that items name, and where.
        self.used: dict[str, list[Origin]] = {}

    # What is told

    def file(self, form: str) -> str:
        """The file of a form, as messages name it."""
        return f"{self.prefix}{form}.csv"

    def origin(self, form: str, row: Row, column: str = "", item: str = "") -> Origin:
        """Where a row of a form, a cell of it or an item stands."""
        return Origin(self.file(form), row.line, column, item)

    def origins(self, form: str, row: Row) -> list[Origin]:
        """The row as such, and each of its filled cells."""
        filled = [name for name in self.book.forms[form].columns if row[name]]
        return [self.origin(form, row), *(self.origin(form, row, name) for name in filled)]

    def wrong(self, form: str, row: Row, column: str, message: str) -> None:
        """Tell of what is wrong with a cell."""
        self.breaches.append(Breach(self.file(form), row.line, column, message))

    def later(self, form: str, row: Row, column: str, message: str) -> None:
        """Tell of what is still to do in a cell."""
        self.to_do.append(Breach(self.file(form), row.line, column, message))

    def nearest(self, value: str, among: Collection[str]) -> str:
        """What was probably meant, while finding it takes no time."""
        self.comparisons -= len(among)
        return nearest(value, among) if self.comparisons >= 0 else ""

    # What is made

    def add(self, made: Made) -> Made:
        """Enter a tidy row into its table; the first row of an id is the one that it names."""
        self.tables[made.table].append(made)
        if identity := made["id"]:
            self.by_id.setdefault(identity, made)
        return made

    def _read_sentences(self) -> dict[str, dict[tuple[int, int], str]]:
        """The digests of each source's sentences, by paragraph and sentence; the row of the whole
        text stands at (0, 0)."""
        found: dict[str, dict[tuple[int, int], str]] = defaultdict(dict)
        for row in self.forms.get("sentences", ()):
            place = row["paragraph"] or "0", row["sentence"] or "0"
            if all(one.isascii() and one.isdigit() for one in place):
                found[row["source"]][int(place[0]), int(place[1])] = row["digest"]
        return {name: dict(sorted(places.items())) for name, places in found.items()}

    # Who can be named

    @cached_property
    def event_ids(self) -> list[str]:
        """The ids of all events, once they are read."""
        return [made["id"] for made in self.tables["events"]]

    def is_person(self, identity: str) -> bool:
        """Whether an id is that of a row of people."""
        made = self.by_id.get(identity)
        return made is not None and made.table == "people"

    def party(self, text: str, origin: Origin) -> str:
        """The agency or person of a name; a ready agency enters the tables with this."""
        identity = self.names.find(text)
        if identity and identity not in self.by_id:
            self.used.setdefault(identity, []).append(origin)
        return identity

    def unknown(self, owner: Owner, column: str, item: str) -> None:
        """Say that an item names nobody, and who was probably meant."""
        parts = without_bracket(item)
        name = parts[0] if parts else item
        if ids := self.names.could_be(name):
            told = f"is the label of {' and '.join(map(shown, ids))}; write the id of one"
        else:
            meant = self.nearest(name, self.names)
            told = "names no agency and no person; " + (
                f"did you mean {shown(meant)}?"
                if meant
                else "write the id or the whole label of a row of agencies.csv or people.csv, or a"
                " ready agency (`casechron codebook` lists them)"
            )
        self.wrong(owner.form, owner.row, column, f"{shown(name)} {told}")

    # Where it stands

    def read_places(self, form: str, row: Row, column: str = "place") -> list[tuple[Place, Origin]]:
        """The places of a cell, each with the item that names it."""
        found = []
        for item in parted_items(row[column]):
            place = notation.place(item, self.source_ids, self.one_default)
            if place is None and self.could_be_place(item):
                self.later(form, row, column, f"{shown(item)}: {NO_SOURCE}")
            elif place is None:
                self.wrong(form, row, column, self._no_place(item))
            else:
                found.append((place, self.origin(form, row, column, item)))
        return found

    def could_be_place(self, item: str) -> bool:
        """Whether an item would be a place once the first source is filled in."""
        name = item.partition(":")[0]
        source = name if is_slug(name) and not name[0].isdigit() else "source"
        return not self.source_ids and notation.place(item, [source], source) is not None

    def _no_place(self, item: str) -> str:
        ids = ", ".join(self.source_ids) or "none, since no source is filled in yet"
        number = item.replace(" ", "")
        if meant := meant_places(item):
            return f"{shown(item)} is more than one place; write '{meant}'"
        if number.replace(".", "").isdigit():
            told = f"{shown(item)} is a bare number; write 'p{number}' for the place"
            # A spreadsheet makes 13.1 of 13.10.
            cut = re.fullmatch(r"[1-9]\d*\.[1-9]", number)
            return f"{told}, or 'p{number}0' if that was typed" if cut else told
        if re.fullmatch(r"(?:[a-z0-9-]+:)?p0+(?:\.\d+)?|(?:[a-z0-9-]+:)?p\d+\.0+", item):
            return f"{shown(item)} is no place; paragraphs and sentences count from 1, as p1.1"
        spoken = re.fullmatch(
            r"(?:para(?:graph)?s?\.?|§|¶)\s*([1-9]\d*(?:\.[1-9]\d*)?)", item, re.I
        )
        if spoken:
            return f"{shown(item)} is no place; write 'p{spoken[1]}'"
        source = item.partition(":")[0]
        if source not in self.source_ids and (near := self.nearest(source, self.source_ids)):
            return f"{shown(item)} names no source; did you mean {shown(near)}?"
        if item[:1] == "p" and item[1:2].isdigit() and len(self.source_ids) > 1 > len(self.default):
            return (
                f"{shown(item)} does not say of which source; write 'SOURCE:{item}', one of: {ids}"
            )
        return (
            f"{shown(item)} is no place; write p13.2, p14, SOURCE:p13.2 or SOURCE, several by ;"
            f" the sources are: {ids}"
        )

    def inherit(self, made: Made, places: Iterable[tuple[Place, Origin]]) -> None:
        """Let a row that an item made stand where the row of the item does, unless a detail has
        given it a place of its own."""
        made.places = made.places or list(places)
