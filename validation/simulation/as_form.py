"""How are tidy tables written as the form that coders fill in, so that they can be read back?

A role is written in the first column that gives it; what the columns cannot say goes into the
bracket of its item, or beside it into details."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from casechron.coding.cells import Place, tidy_date
from casechron.coding.codebook import codebook
from casechron.coding.event_parties import PARTY_COLUMNS
from casechron.coding.expansion import NAMED_FORMS
from casechron.coding.sources import digest, numbered_sentences
from simulation.rows import REPORT, Row

_WINDOW = re.compile(r"\[([^,\[\]]*?)\.\.([^,\[\]]*)\]")


class _Item(NamedTuple):
    """An item of a cell: its text and name, and the place that it has of its own."""

    text: str
    name: str
    place: str


@dataclass(slots=True)
class _Line:
    """A row of the form: the tidy row and its places, its plain cells, its items by column."""

    form: str
    tidy: Row
    cells: Row
    places: list[Place]
    items: dict[str, list[_Item]] = field(default_factory=lambda: defaultdict(list))


def as_form(tables: Mapping[str, list[Row]], text: str) -> dict[str, list[Row]]:
    """The rows of each file of the form, by its name without `.csv`, that expand into the given
    tidy tables, whose rows rest on a text."""
    found = defaultdict(set)
    for row in tables["locators"]:
        found[row["row"]].add(Place(row["source"], row["paragraph"], row["sentence"]))
    places = defaultdict(list, {name: sorted(some, key=_order) for name, some in found.items()})
    lines = {row["id"]: _line(form, row, places) for form in NAMED_FORMS for row in tables[form]}

    def put(owner: str, column: str, name: str, words: Iterable[str], row: str, key: str) -> None:
        """Add an item to a cell, with the place that its tidy row has of its own."""
        line, own, inner = lines[owner], places[row], ", ".join(filter(None, words))
        place = _place(own) if own != line.places else ""
        line.items[column].append(_Item(f"{name} ({inner})" if inner else name, key, place))

    kinship = {row["id"]: row["kinship"] for row in tables["people"]}
    for row in [*tables["involvement"], *tables["participation"]]:
        party, event = row.get("agency") or row["person"], lines[row["event"]].tidy
        column, words = _role(row, event, kinship.get(party, ""))
        put(row["event"], column, party, words, row["id"], party)
    for row in tables["themes"]:
        put(row["row"], "themes", row["theme"], (), "", row["theme"])
    for row in tables["attributes"]:
        basis = lines[row["row"]].tidy.get("basis") or "stated"
        # A value that ends in a bracket gets one of its own, so that nothing of it is taken for it.
        needed = row["basis"] != basis or row["value"].endswith(")")
        fact, words = f"{row['attribute']}: {row['value']}", [row["basis"]] if needed else []
        put(row["row"], "facts", fact, words, row["id"], row["attribute"])
    links = []
    for row in tables["links"]:
        start, end = row["from_row"], row["to_row"]
        columns = codebook().forms[lines[start].form].columns.values() if start in lines else ()
        into = [one for one in columns if one.link == row["type"] and not one.reverse]
        if into:
            basis = into[0].empty_basis or lines[start].tidy["basis"]
            words = [row["basis"]] if row["basis"] != basis else []
            put(start, into[0].name, end, words, row["id"], end)
        else:
            own = places[row["id"]]
            place = _place(own) if own and own != places[start] else ""
            links.append(_filled({**row, "id": "", "place": place}))
    forms = {
        "relations": [
            _filled({**row, "place": _place(own) if own != places[row["to_event"]] else ""})
            for row in tables["relations"]
            for own in (places[row["id"]],)
        ],
        "links": links,
        "readings": [_filled({**row, "source": ""}) for row in tables["readings"]],
        # In an order of their own: that of the tables hangs on which column made a row first.
        "details": sorted(_details(lines), key=lambda row: sorted(row.items())),
        "coverage": [
            _filled({**row, "source": "", "status": row["status"].replace("coded", "")})
            for row in tables["coverage"]
        ],
        "sentences": list(_sentences(tables["sources"][0], text)),
    }
    for line in lines.values():
        items = {name: "; ".join(one.text for one in some) for name, some in line.items.items()}
        forms.setdefault(line.form, []).append(line.cells | items)
    return {form: rows for form, rows in forms.items() if rows}


def _line(form: str, row: Row, places: Mapping[str, list[Place]]) -> _Line:
    cells = {name: row[name] for name in codebook().forms[form].columns if name in row}
    if form == "events":
        cells["date"], cells["until"] = _two_dates(row)
        least, most = row["count_min"], row["count_max"]
        several = f"{least} to {most}" if most else least and f"at least {least}"
        cells["count"] = least if least == most else several
    cells["place"] = _place(places[row["id"]])
    return _Line(form, row, _filled(cells), places[row["id"]])


def _role(row: Row, event: Row, kinship: str) -> tuple[str, list[str]]:
    """The column of a party's item, and the words of its bracket."""
    book, role = codebook(), row["role"]
    roles = book.roles[event["kind"]]
    given = dict(roles.child if kinship in book.child_kinship else roles.adult)
    if not kinship:
        given = {**roles.agency, **({"by": book.absent_by} if event["absence"] else {})}
    column = next((one for one in PARTY_COLUMNS if given[one] == role), "")
    words = [] if column else [role]
    if kinship:
        status = row["status"].replace("reported", "")
        words.append(f"{status} {row['account'] and 'by '}{row['account']}".strip())
    elif column != "without" or row["grade"] != (event["absence"] or book.absent_without):
        words.append(row["grade"])
    if row["basis"] != event["basis"]:
        words.append(row["basis"])
    gap = "without" if row.get("grade") or role == "did-not-attend" else "with"
    return column or gap, words


def _details(lines: Mapping[str, _Line]) -> Iterable[Row]:
    for row, line in lines.items():
        for column, items in line.items.items():
            for item in items:
                name = item.name if sum(one.name == item.name for one in items) == 1 else item.text
                if item.place:
                    yield {"row": row, "column": column, "item": name, "place": item.place}


def _sentences(source: Row, text: str) -> Iterable[Row]:
    name, salt = source["id"], source["salt"]
    yield {"source": name, "salt": salt, "digest": source["digest"]}
    for one in numbered_sentences(text):
        place = {"paragraph": str(one.paragraph), "sentence": str(one.sentence)}
        yield {"source": name, **place, "digest": digest(one.text, salt)}


def _two_dates(row: Row) -> tuple[str, str]:
    """What stands in date and until for one tidy date."""
    date, book = row["date"], codebook()
    states = book.flagged("event_kind", "state") - book.may_last
    tries = [(date, "")]
    if date.count("/") == 1:
        first, _, last = date.partition("/")
        tries = [(first, last), (first, "?"), *tries]
    elif window := _WINDOW.fullmatch(date):
        tries = [(window[1], window[2] or ".."), *tries]
    for first, last in tries:
        lasts = row["kind"] in states or (row["kind"] in book.may_last and bool(last))
        if tidy_date(first, last, lasts=lasts, window=bool(row["absence"])) == date:
            return first, last
    raise ValueError(f"the date {date} of {row['id']} cannot be written in the form")


def _place(places: Iterable[Place]) -> str:
    """The cell of some places; the source that is meant by default is not named."""
    return "; ".join(str(place).removeprefix(f"{REPORT}:") for place in places)


def _filled(cells: Row) -> Row:
    """The filled cells; a basis that is stated is left empty."""
    return {
        name: value
        for name, value in cells.items()
        if value and (value != "stated" or name not in ("basis", "date_basis"))
    }


def _order(place: Place) -> tuple[str, int, int]:
    return place.source, int(place.paragraph or 0), int(place.sentence or 0)
