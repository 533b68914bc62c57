"""Which tidy rows does an expansion make, from which cells, where in the sources do they stand, and
what do all its steps share?"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from casechron.characters import listed, meant_or, shown
from casechron.coding.cells import Guesses, Place, read_place
from casechron.coding.codebook import codebook
from casechron.coding.details import Details
from casechron.coding.files import is_slug
from casechron.coding.items import (
    Names,
    each_by_itself,
    meant_places,
    parted_bracket,
    parted_items,
)
from casechron.coding.messages import say
from casechron.coding.sheets import Breach, Row
from casechron.coding.sources import with_neighbours

#: Forms whose rows have ids that other rows name, in the order in which they are expanded.
NAMED_FORMS = ("agencies", "people", "events", "findings", "views", "recommendations")

#: How many words are compared in all to find out what was meant: where every row has a slip, a
#: check still ends within seconds.
COMPARISONS = 300_000


class Origin(NamedTuple):
    """The cell that something came from, and the item in it; no column where the row as such is
    meant."""

    file: str
    line: int
    column: str = ""
    item: str = ""


def origin_of(row: Row, column: str = "", item: str = "") -> Origin:
    """Where a row of a form, a cell of it or an item stands."""
    return Origin(row.file, row.line, column, item)


@dataclass(slots=True, eq=False)
class TidyRow:
    """One tidy row: its table, its cells, what it came from (first what made it), and the places
    where it stands."""

    table: str
    cells: dict[str, str]
    origins: list[Origin]
    places: list[tuple[Place, Origin]] = field(default_factory=list)
    #: The columns whose cell is already refused.
    refused: set[str] = field(default_factory=set)

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def sound(self, *columns: str) -> bool:
        """Whether the cells can be relied on, so that a rule over them says nothing twice."""
        refused, cells = self.refused, self.cells
        for column in columns:  # noqa: SIM110 (a plain loop: this is asked of every row by every rule)
            if column in refused or column not in cells:
                return False
        return True

    @property
    def typed_at(self) -> str:
        """The row of the form that made it, as a message names it."""
        origin = self.origins[0]
        return f"{origin.file} line {origin.line}" if origin.line else f"source {origin.item}"

    def breach(self, message: str, column: str = "") -> Breach:
        """A breach at the cell that made the row, or at another cell of its line."""
        origin = self.origins[0]
        return Breach(origin.file, origin.line, column or origin.column, message)

    def say(self, name: str, /, **more: object) -> str:
        """A sentence of messages.toml on the row: what it tells of are the cells of the row, the
        item that made it, and whatever else is given."""
        return say(name, **{"item": self.origins[0].item, **self.cells, **more})

    def slip(self, column: str, name: str, /, **more: object) -> Breach:
        """A breach with such a sentence; where no column is said, at the cell that made the row."""
        return self.breach(self.say(name, **more), column)


@dataclass(slots=True, eq=False)
class Owner(TidyRow):
    """The tidy row that a row of the form became, with that row, whose cells make further ones."""

    row: Row = field(kw_only=True)

    @property
    def basis(self) -> str:
        """The basis of what its cells make, where they say no other."""
        return self["basis"] or "stated"


@dataclass
class Expanded:
    """The tidy tables of a folder, each a list of rows; what is wrong in the form; and what is
    still to do."""

    tables: dict[str, list[TidyRow]]
    breaches: list[Breach] = field(default_factory=list)
    to_do: list[Breach] = field(default_factory=list)
    #: Where readings stand: they have no id, and so no row among the locators.
    reading_locators: list[TidyRow] = field(default_factory=list)
    #: The digests of each located source's sentences, by paragraph and sentence.
    sentences: Mapping[str, Mapping[tuple[int, int], str]] = field(default_factory=dict)
    #: Ids made for rows without one that are alike in kind and month, with the lines of all of
    #: them.
    alike: dict[str, list[int]] = field(default_factory=dict)
    #: As coded, the cells that readings in use have replaced, by reading, row and column.
    replaced: Mapping[tuple[str, str, str], str] = field(default_factory=dict)

    @property
    def all_locators(self) -> list[TidyRow]:
        """Each place that the form names."""
        return [*self.tables["locators"], *self.reading_locators]

    @property
    def sentence_counts(self) -> dict[str, Counter[int]]:
        """How many sentences each paragraph of each located source has."""
        return {
            source: Counter(paragraph for paragraph, _ in places if paragraph)
            for source, places in self.sentences.items()
        }

    def rows(self, table: str) -> list[dict[str, str]]:
        """The rows of one tidy table, as plain cells."""
        return [row.cells for row in self.tables[table]]


class Work:
    """What every step of one expansion shares: what was read, what is made, what is reported."""

    def __init__(
        self,
        forms: Mapping[str, Sequence[Row]],
        sources: Sequence[Mapping[str, Any]],
        prefix: str,
    ) -> None:
        self.book = codebook()
        self.forms, self.prefix = forms, prefix
        for form, rows in forms.items():
            for row in rows:
                row.file = f"{prefix}{form}.csv"
        self.sentences = self._read_sentences()
        self.tables: dict[str, list[TidyRow]] = {name: [] for name in self.book.tables}
        self.made = Expanded(self.tables, sentences=self.sentences)
        self.owners: list[Owner] = []
        self.by_id: dict[str, TidyRow] = {}
        self.sources = sources
        self.source_ids = ids = [source["id"] for source in sources]
        marked = [source["id"] for source in sources if source.get("default") is True]
        #: Which sources an empty place means.
        self.default = marked or (ids if len(ids) == 1 else [])
        #: The source of a place that names none; '' where several could be meant.
        self.one_default = self.default[0] if len(self.default) == 1 else ""
        #: The sources, as messages list them.
        self.source_names = ", ".join(self.source_ids) or "none, since no source is filled in yet"
        self.names = Names()
        self.nearest = Guesses(COMPARISONS).nearest
        #: Ready agencies that items name, and where.
        self.ready_used: dict[str, list[Origin]] = {}
        self.details = Details(self)

    # What is reported

    def origins(self, form: str, row: Row) -> list[Origin]:
        """The row as such, and each of its filled cells."""
        filled = [name for name in self.book.forms[form].columns if row[name]]
        return [origin_of(row, name) for name in ("", *filled)]

    def wrong(self, row: Row, column: str, message: str) -> None:
        """Report what is wrong with a cell."""
        self.made.breaches.append(row.breach(message, column))

    def still_to_do(self, row: Row, column: str, message: str) -> None:
        """Report what is still to do in a cell."""
        self.made.to_do.append(row.breach(message, column))

    # What is made

    def add(self, tidy: TidyRow) -> TidyRow:
        """Enter a tidy row into its table; the first row of an id is the one that it names."""
        self.tables[tidy.table].append(tidy)
        if identity := tidy["id"]:
            self.by_id.setdefault(identity, tidy)
        return tidy

    def add_items(
        self,
        owner: Owner,
        column: str,
        items: Sequence[tuple[str, str, str, dict[str, str] | None]],
    ) -> None:
        """Enter a tidy row for each item of a cell: its text, what it names, and the table and the
        cells of the row (None where it makes none). It stands where details say, else where the row
        of the cell does."""
        details = self.details.of(owner, column, [item[:2] for item in items])
        for (text, _, table, cells), rows in zip(items, details, strict=True):
            if cells is not None:
                tidy_row = self.add(TidyRow(table, cells, [origin_of(owner.row, column, text)]))
                self.details.add(tidy_row, rows)
                tidy_row.places = tidy_row.places or list(owner.places)

    def _read_sentences(self) -> dict[str, dict[tuple[int, int], str]]:
        """The digests of each source's sentences, by paragraph and sentence; the row of the whole
        text stands at (0, 0)."""
        digests: dict[str, dict[tuple[int, int], str]] = defaultdict(dict)
        for row in self.forms.get("sentences", ()):
            place = row["paragraph"] or "0", row["sentence"] or "0"
            if all(number.isascii() and number.isdigit() for number in place):
                digests[row["source"]][int(place[0]), int(place[1])] = row["digest"]
        return {name: dict(sorted(places.items())) for name, places in digests.items()}

    # Who can be named

    @cached_property
    def event_ids(self) -> list[str]:
        """The ids of all events, once they are read."""
        return [event["id"] for event in self.tables["events"]]

    def is_a(self, table: str, identity: str) -> bool:
        """Whether an id is that of a row of a table."""
        row = self.by_id.get(identity)
        return row is not None and row.table == table

    def party(self, text: str, origin: Origin) -> str:
        """The agency or person of a name; a ready agency enters the tables with this."""
        identity = self.names.find(text)
        if identity and identity not in self.by_id:
            self.ready_used.setdefault(identity, []).append(origin)
        return identity

    def unknown(self, owner: Owner, column: str, item: str) -> None:
        """Say that an item names nobody, and who was probably meant."""
        name, _ = parted_bracket(item)
        if ids := self.names.could_be(name):
            message = say("label-of-several", name=name, ids=" and ".join(map(shown, ids)))
        else:
            offer = each_by_itself(name) or meant_or(
                self.nearest(name, self.names), say("how-to-name")
            )
            if ids := self.names.beginning(name):
                offer = f"; {say('names-begin-so', names=listed(map(shown, ids), 'or'))}"
            message = f"{shown(name)} names no agency and no person{offer}"
        self.wrong(owner.row, column, message)

    # Where it stands

    def read_places(self, row: Row) -> list[tuple[Place, Origin]]:
        """The places of a row, each with the item that names it."""
        places = []
        for item in parted_items(row["place"]):
            if place := read_place(item, self.source_ids, self.one_default):
                places.append((place, origin_of(row, "place", item)))
            elif self.could_be_place(item):
                self.still_to_do(row, "place", say("no-source-yet", text=item))
            else:
                self.wrong(row, "place", self._no_place(item))
        return places

    def could_be_place(self, item: str) -> bool:
        """Whether an item would be a place once the first source is filled in."""
        name = item.partition(":")[0]
        source = name if is_slug(name) and not name[0].isdigit() else "source"
        return not self.source_ids and read_place(item, [source], source) is not None

    def _no_place(self, item: str) -> str:
        """Why an item is no place, and how the one that was meant is written."""
        number = item.replace(" ", "")
        if meant := meant_places(item):
            return f"{shown(item)} is more than one place; write '{meant}'"
        if number.replace(".", "").isdigit():
            # A spreadsheet makes 13.1 of 13.10.
            cut = re.fullmatch(r"[1-9]\d*\.[1-9]", number)
            typed = f", or 'p{number}0' if that was typed" if cut else ""
            return f"{shown(item)} is a bare number; write 'p{number}' for the place{typed}"
        if re.fullmatch(r"(?:[a-z0-9-]+:)?p(?:0+(?:\.\d+)?|\d+\.0+)", item):
            return f"{shown(item)} is no place; paragraphs and sentences count from 1, as p1.1"
        spoken = r"(?:para(?:graph)?s?\.?|§|¶)\s*([1-9]\d*(?:\.[1-9]\d*)?)"
        if match := re.fullmatch(spoken, item, re.I):
            return f"{shown(item)} is no place; write 'p{match[1]}'"
        source = item.partition(":")[0]
        if source not in self.source_ids and (near := self.nearest(source, self.source_ids)):
            return f"{shown(item)} names no source{meant_or(near)}"
        of_none = re.match(r"p\d", item) and len(self.source_ids) > 1 > len(self.default)
        name = "place-of-no-source" if of_none else "no-place"
        return say(name, item=item, sources=self.source_names)

    def source_rows(self) -> None:
        """A row of sources for each that review.toml names, with what locating it has written."""
        located = {row["source"]: row for row in self.forms.get("sentences", ()) if row["salt"]}
        for number, source in enumerate(self.sources, start=1):
            cells = dict.fromkeys(self.book.tables["sources"].header, "")
            cells |= {name: str(value) for name, value in source.items() if name in cells}
            origins = [Origin(f"{self.prefix}review.toml", 0, "sources", str(number))]
            paragraphs = [place[0] for place in self.sentences.get(cells["id"], ())]
            if any(paragraphs):
                cells["paragraphs"] = str(max(paragraphs))
            if row := located.get(cells["id"]):
                cells |= {"salt": row["salt"], "digest": row["digest"]}
                origins.append(origin_of(row))
            self.add(TidyRow("sources", cells, origins))

    def find_places(self, owner: Owner) -> None:
        """Read where a row stands, or what its empty cell means."""
        row = owner.row
        if row["place"]:
            owner.places = self.read_places(row)
        elif self.book.forms[owner.table].columns["place"].empty == "sources":
            if self.sources and not self.default:
                self.still_to_do(row, "place", say("no-default"))
            for source in self.default:
                if self.sentences.get(source):
                    self.still_to_do(row, "place", say("place-missing", source=source))
                else:
                    owner.places.append((Place(source), origin_of(row)))

    def locators(self) -> None:
        """A row of locators for each place at which a tidy row stands; those of readings apart."""
        header = self.book.tables["locators"].header
        digests = {
            Place(source, *map(str, place)): around
            for source, of_places in self.sentences.items()
            for place, around in with_neighbours(of_places).items()
        }
        for rows in list(self.tables.values()):
            for row in rows:
                locators: dict[Place, TidyRow] = {}
                for place, origin in row.places:
                    if place not in locators:
                        values = (row["id"], *place, *digests.get(place, ("", "", "")))
                        cells = dict(zip(header, values, strict=True))
                        locators[place] = TidyRow("locators", cells, [])
                    locators[place].origins += [origin, row.origins[0]]
                if row.table == "readings":
                    self.made.reading_locators += locators.values()
                elif row["id"]:
                    self.tables["locators"] += locators.values()

    # Coverage

    def coverage(self) -> None:
        """A row for each paragraph that is listed or that a place names."""
        named: dict[tuple[str, int], list[Origin]] = defaultdict(list)
        for locator in self.made.all_locators:
            if locator["paragraph"]:
                named[locator["source"], int(locator["paragraph"])] += locator.origins
        listed = self._listed_paragraphs()
        section, ordinal, source = "", 0, ""
        for key in sorted({*named, *listed}):
            row = listed.get(key, Row(0, {}))
            if key[0] != source:
                section, ordinal, source = "", 0, key[0]
            status, typed = row["status"] or "coded", row["ordinal"]
            if row["section"] and row["section"] != section:
                section, ordinal = row["section"], 0
            if typed.isascii() and typed.isdigit():
                ordinal = int(typed[:10])
            elif status == "coded":
                ordinal += 1
                typed = str(ordinal) if section else ""
            # What is left out stands in the section that its row names, or in none.
            row_section = section if status == "coded" else row["section"]
            cells = {"source": source, "paragraph": str(key[1]), "section": row_section}
            cells |= {"ordinal": typed, "status": status, "note": row["note"]}
            origins = self.origins("coverage", row) if key in listed else []
            origins = list(dict.fromkeys([*origins, *named[key]]))
            self.add(TidyRow("coverage", cells, origins))

    def _listed_paragraphs(self) -> dict[tuple[str, int], Row]:
        """The rows of coverage by source and paragraph."""
        listed: dict[tuple[str, int], Row] = {}
        for row in self.forms.get("coverage", ()):
            number = row["paragraph"]
            if not re.fullmatch("0*[1-9][0-9]{0,8}", number, re.ASCII):
                self.wrong(row, "paragraph", say("no-paragraph", number=number))
            elif (key := (row["source"] or self.one_default, int(number))) in listed:
                message = say("paragraph-twice", number=number, line=listed[key].line)
                self.wrong(row, "paragraph", message)
            else:
                listed[key] = row
        return listed
