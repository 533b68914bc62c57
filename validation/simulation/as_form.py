"""How are tidy tables written as the form that coders fill in, so that they can be read back?

A role is written in the first column that gives it; what the columns cannot say goes into the
bracket of its item, or beside it into details."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from casechron.coding.cells import Place, tidy_date
from casechron.coding.codebook import FormColumn, codebook
from casechron.coding.expand import expand
from casechron.coding.made import ROWS
from casechron.coding.parts import COLUMNS
from casechron.coding.sheets import Row
from casechron.coding.sources import digest, numbered_sentences

__all__ = ["as_form"]

Tables = Mapping[str, Sequence[Mapping[str, str]]]
Cells = dict[str, str]
#: The words of an item but for its role and basis, of a tidy row, its event and its column.
Words = Callable[[Mapping[str, str], Mapping[str, str], str], list[str]]
#: What tells a row apart whose id a cell makes.
_CONTENT = {
    "involvement": ("agency", "event", "role"),
    "participation": ("person", "event", "role", "status", "account"),
    "attributes": ("row", "attribute", "value", "event"),
}
_WINDOW = re.compile(r"\[([^,\[\]]*?)\.\.([^,\[\]]*)\]")


@dataclass(slots=True)
class _Item:
    """An item of a cell, and what details have to add to it."""

    text: str
    name: str
    place: str = ""
    note: str = ""


@dataclass(slots=True)
class _Line:
    """A row of the form: its plain cells, its items by column, and the places of the tidy row."""

    form: str
    tidy: Mapping[str, str]
    cells: Cells
    places: list[Place]
    items: dict[str, list[_Item]] = field(default_factory=lambda: defaultdict(list))


def as_form(
    tables: Tables, sources: Sequence[Mapping[str, object]], texts: Mapping[str, str]
) -> dict[str, list[Cells]]:
    """The rows of each file of the form that expand into the given tidy tables.

    Parameters
    ----------
    tables
        The tidy tables, each a list of rows.
    sources
        The sources as review.toml names them, with `default` where an empty place means them.
    texts
        The text of each source that has one, by its id.

    Returns
    -------
    dict
        The rows of each file, by its name without `.csv`; ids that cells make are those of
        `casechron.coding.expand`.
    """
    return _Writer(tables, sources, texts).forms()


class _Writer:
    def __init__(
        self, tables: Tables, sources: Sequence[Mapping[str, object]], texts: Mapping[str, str]
    ) -> None:
        self.tables, self.sources, self.texts = tables, sources, texts
        marked = [str(one["id"]) for one in sources if one.get("default")]
        self.default = marked or [str(one["id"]) for one in sources[:1]]
        self.places: dict[str, list[Place]] = defaultdict(list)
        for row in tables["locators"]:
            self.places[row["row"]].append(Place(row["source"], row["paragraph"], row["sentence"]))
        self.kinship = {row["id"]: row["kinship"] for row in tables["people"]}
        self.lines: dict[str, _Line] = {}
        self.ids: dict[str, str] = {}

    def forms(self) -> dict[str, list[Cells]]:
        """All files."""
        for form in ROWS:
            for row in self.tables[form]:
                self.lines[row["id"]] = self._line(form, row)
        for row in self.tables["involvement"]:
            self._part(row, row["agency"], self._agency_words)
        for row in self.tables["participation"]:
            self._part(row, row["person"], self._person_words)
        for row in self.tables["themes"]:
            self.lines[row["row"]].items["themes"].append(_Item(row["theme"], row["theme"]))
        for row in self.tables["attributes"]:
            self._fact(row)
        self._made_ids()
        found = {"relations": [self._relation(row) for row in self.tables["relations"]]}
        found["links"] = [cells for row in self.tables["links"] if (cells := self._link(row))]
        found["readings"] = [self._reading(row) for row in self.tables["readings"]]
        found |= {form: self._rows(form) for form in ROWS}
        # In an order of their own: that of the tables hangs on which column made a row first.
        found["details"] = sorted(self._details(), key=lambda row: sorted(row.items()))
        found["coverage"] = [self._paragraph(row) for row in self.tables["coverage"]]
        found["sentences"] = list(self._sentences())
        return {form: rows for form, rows in found.items() if rows}

    def _line(self, form: str, row: Mapping[str, str]) -> _Line:
        columns = codebook().forms[form].columns
        cells = {name: value for name, value in row.items() if value and name in columns}
        if form == "events":
            cells |= dict(zip(("date", "until"), _two_dates(row), strict=True))
            cells["count"] = _count(row["count_min"], row["count_max"])
        for name in ("basis", "date_basis"):
            if cells.get(name) == "stated":
                del cells[name]
        places = sorted(self.places[row["id"]], key=_order)
        cells["place"] = self._place(places)
        return _Line(form, row, {name: value for name, value in cells.items() if value}, places)

    def _place(self, places: Iterable[Place]) -> str:
        """The cell of some places; empty where they are just the default sources."""
        found = sorted(set(places), key=_order)
        if found == [Place(source) for source in sorted(self.default)]:
            return ""
        alone = f"{self.default[0]}:" if len(self.default) == 1 else ""
        return "; ".join(str(place).removeprefix(alone) for place in found)

    # Items

    def _put(self, owner: str, column: str, item: _Item, row: Mapping[str, str]) -> None:
        """Add an item to a cell, with the place and the note that its tidy row has of its own."""
        line, own = self.lines[owner], sorted(self.places[row["id"]], key=_order)
        if own and own != line.places:
            item.place = self._place(own)
        item.note = row.get("note", "")
        line.items[column].append(item)

    def _part(self, row: Mapping[str, str], party: str, words: Words) -> None:
        event = self.lines[row["event"]].tidy
        roles = codebook().roles[event["kind"]]
        given = dict(roles.agency)
        if party in self.kinship:
            child = self.kinship[party] in codebook().children
            given = dict(roles.child if child else roles.adult)
        elif event["absence"]:
            given["by"] = codebook().absent_by
        column = next((one for one in COLUMNS if given[one] == row["role"]), "")
        said = words(row, event, column)
        if not column:
            said.insert(0, row["role"])
        if row["basis"] != event["basis"]:
            said.append(row["basis"])
        gap = "without" if row.get("grade") or row["role"] == "did-not-attend" else "with"
        self._put(row["event"], column or gap, _Item(_bracketed(party, said), party), row)

    def _agency_words(
        self, row: Mapping[str, str], event: Mapping[str, str], column: str
    ) -> list[str]:
        grade = (event["absence"] or codebook().absent_without) if column == "without" else ""
        return [row["grade"]] if row["grade"] not in ("", grade) else []

    def _person_words(
        self, row: Mapping[str, str], event: Mapping[str, str], column: str
    ) -> list[str]:
        status = "" if row["status"] == "reported" else row["status"]
        by = f"by {row['account']}" if row["account"] else ""
        return [f"{status} {by}".strip()] if status or by else []

    def _fact(self, row: Mapping[str, str]) -> None:
        basis = self.lines[row["row"]].tidy.get("basis") or "stated"
        words = [f"at {row['event']}"] if row["event"] else []
        # A value that ends in a bracket gets one of its own, so that nothing of it is taken for it.
        if row["basis"] != basis or (row["value"].endswith(")") and not words):
            words.append(row["basis"])
        text = _bracketed(f"{row['attribute']}: {row['value']}", words)
        self._put(row["row"], "facts", _Item(text, row["attribute"]), row)

    def _made_ids(self) -> None:
        """The ids that cells make, by those of the tidy rows."""
        forms = {form: [Row(at, row) for at, row in enumerate(self._rows(form))] for form in ROWS}
        done = expand(forms, self.sources)
        for table, columns in _CONTENT.items():
            alike = defaultdict(list)
            for made in done.tables[table]:
                alike[tuple(made[one] for one in columns)].append(made["id"])
            for row in self.tables[table]:
                self.ids[row["id"]] = alike[tuple(row[one] for one in columns)].pop(0)

    def _link(self, row: Mapping[str, str]) -> Cells:
        """A tie as an item of its row's cell; else as a row of links."""
        line = self.lines.get(row["from_row"])
        column = _column(line.form, row["type"]) if line else None
        target = self.ids.get(row["to_row"], row["to_row"])
        if line and column:
            basis = column.empty_basis or line.tidy["basis"]
            words = [row["basis"]] if row["basis"] != basis else []
            self._put(row["from_row"], column.name, _Item(_bracketed(target, words), target), row)
            return {}
        cells = {
            "type": row["type"],
            "from_row": self.ids.get(row["from_row"], row["from_row"]),
            "to_row": target,
            "note": row["note"],
            "basis": row["basis"],
        }
        own = self.places[row["id"]]
        if own and set(own) != set(self.places[row["from_row"]]):
            cells["place"] = self._place(own)
        return _filled(cells)

    # Rows as they are

    def _relation(self, row: Mapping[str, str]) -> Cells:
        cells = dict(row)
        own = self.places[row["id"]]
        if set(own) != set(self.places[row["to_event"]]):
            cells["place"] = self._place(own)
        return _filled(cells)

    def _reading(self, row: Mapping[str, str]) -> Cells:
        cells = {name: row[name] for name in ("reading", "row", "column", "value", "reason")}
        cells["row"] = self.ids.get(row["row"], row["row"])
        cells["place"] = "" if [row["source"]] == self.default else row["source"]
        return _filled(cells)

    def _paragraph(self, row: Mapping[str, str]) -> Cells:
        status = "" if row["status"] == "coded" else row["status"]
        source = "" if [row["source"]] == self.default else row["source"]
        return _filled({**row, "status": status, "source": source})

    def _sentences(self) -> Iterable[Cells]:
        for row in self.tables["sources"]:
            if row["id"] in self.texts:
                whole = {"salt": row["salt"], "digest": row["digest"]}
                yield {"source": row["id"], **whole}
                for one in numbered_sentences(self.texts[row["id"]]):
                    place = {"paragraph": str(one.paragraph), "sentence": str(one.sentence)}
                    yield {"source": row["id"], **place, "digest": digest(one.text, row["salt"])}

    def _rows(self, form: str) -> list[Cells]:
        return [
            line.cells
            | {
                column: "; ".join(item.text for item in items)
                for column, items in line.items.items()
            }
            for line in self.lines.values()
            if line.form == form
        ]

    def _details(self) -> Iterable[Cells]:
        for row, line in self.lines.items():
            for column, items in line.items.items():
                for item in items:
                    alike = sum(one.name == item.name for one in items)
                    said = {"place": item.place, "note": item.note}
                    name = item.name if alike == 1 else item.text
                    if item.place or item.note:
                        yield _filled({"row": row, "column": column, "item": name, **said})


def _two_dates(row: Mapping[str, str]) -> tuple[str, str]:
    """What stands in date and until for one tidy date."""
    date, book = row["date"], codebook()
    states = book.flagged("event_kind", "state") - book.either
    tries = [(date, "")]
    if date.count("/") == 1:
        first, _, last = date.partition("/")
        tries = [(first, last), (first, "?"), *tries]
    elif window := _WINDOW.fullmatch(date):
        tries = [(window[1], window[2] or ".."), *tries]
    for first, last in tries:
        lasts = row["kind"] in states or (row["kind"] in book.either and bool(last))
        if tidy_date(first, last, lasts=lasts, window=bool(row["absence"])) == date:
            return first, last
    raise ValueError(f"the date {date} of {row['id']} cannot be written in the form")


def _count(least: str, most: str) -> str:
    if not least:
        return ""
    if not most:
        return f"at least {least}"
    return least if least == most else f"{least} to {most}"


def _column(form: str, link: str) -> FormColumn | None:
    """The column of a form whose items are ties of a type."""
    columns = codebook().forms[form].columns.values()
    return next((one for one in columns if one.link == link and not one.reverse), None)


def _bracketed(text: str, words: Iterable[str]) -> str:
    inner = ", ".join(word for word in words if word)
    return f"{text} ({inner})" if inner else text


def _filled(cells: Mapping[str, str]) -> Cells:
    """The filled cells; a basis that is stated is left empty."""
    return {
        name: value
        for name, value in cells.items()
        if value and (name, value) != ("basis", "stated")
    }


def _order(place: Place) -> tuple[str, int, int]:
    return place.source, int(place.paragraph or 0), int(place.sentence or 0)
