"""Where does each tidy row stand, what is another reading of it, which paragraphs are left out, and
does each place stand in a text that was located?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from casechron.characters import counted, meant_or, shown
from casechron.coding.cells import Place, date_breach
from casechron.coding.cells import place as place_of
from casechron.coding.expansion import Expanded, Made, Origin, Owner, Work
from casechron.coding.items import parted_items, without_bracket
from casechron.coding.messages import say
from casechron.coding.sheets import Breach, Row

#: Why a paragraph is left out, where a note has to say more.
NEED_NOTE = {
    "repeats": "which paragraph says the same",
    "furniture": "what it is",
    "not-the-review": "what it is",
}


class Places:
    """Sources, locators, readings and coverage of an expansion."""

    def __init__(self, work: Work) -> None:
        self.work = work

    def source_rows(self) -> None:
        """A row of sources for each that review.toml names, with what locating it has written."""
        whole = {row["source"]: row for row in self.work.forms.get("sentences", ()) if row["salt"]}
        for number, source in enumerate(self.work.sources, start=1):
            cells = dict.fromkeys(self.work.book.tables["sources"].header, "")
            cells |= {name: str(value) for name, value in source.items() if name in cells}
            origins = [Origin(f"{self.work.prefix}review.toml", 0, "sources", str(number))]
            paragraphs = [place[0] for place in self.work.sentences.get(cells["id"], ())]
            if any(paragraphs):
                cells["paragraphs"] = str(max(paragraphs))
            if row := whole.get(cells["id"]):
                cells |= {"salt": row["salt"], "digest": row["digest"]}
                origins.append(self.work.origin("sentences", row))
            self.work.add(Made("sources", cells, origins))

    def places(self, owner: Owner) -> None:
        """Read where a row stands, or what its empty cell means."""
        form, row = owner.form, owner.row
        if row["place"]:
            owner.made.places = self.work.read_places(form, row)
        elif self.work.book.forms[form].columns["place"].empty == "sources":
            if self.work.sources and not self.work.default:
                self.work.later(form, row, "place", say("no-default"))
            for source in self.work.default:
                if self.work.sentences.get(source):
                    self.work.later(form, row, "place", say("place-missing", source=source))
                else:
                    owner.made.places.append((Place(source), self.work.origin(form, row)))

    def locators(self) -> None:
        """A row of locators for each place at which a tidy row stands."""
        header, around = self.work.book.tables["locators"].header, self._around()
        for rows in list(self.work.tables.values()):
            for row in rows:
                there: dict[Place, Made] = {}
                for place, origin in row.places if row["id"] else ():
                    if place not in there:
                        values = (row["id"], *place, *around.get(place, ("", "", "")))
                        cells = dict(zip(header, values, strict=True))
                        there[place] = self.work.add(Made("locators", cells, []))
                    there[place].origins += [origin, row.origins[0]]

    def _around(self) -> dict[Place, tuple[str, str, str]]:
        """The digests of each sentence and of its neighbours."""
        neighbours = {}
        for source, places in self.work.sentences.items():
            all_of = [(place, digest) for place, digest in places.items() if place != (0, 0)]
            digests = ["", *(digest for _, digest in all_of), ""]
            for at, ((paragraph, sentence), digest) in enumerate(all_of, start=1):
                key = Place(source, str(paragraph), str(sentence))
                neighbours[key] = (digest, digests[at - 1], digests[at + 1])
        return neighbours

    # Readings

    def readings(self) -> None:
        """The rows of readings; a reason is typed once for all rows of a reading."""
        rows = self.work.forms.get("readings", ())
        reasons: dict[str, dict[str, Row]] = defaultdict(dict)
        for row in rows:
            if row["reason"]:
                reasons[row["reading"]][row["reason"]] = row
        for row in rows:
            origins = self.work.origins("readings", row)
            reason, known = row["reason"], reasons[row["reading"]]
            if not reason and len(known) == 1:
                ((reason, reason_row),) = known.items()
                origins.append(self.work.origin("readings", reason_row, "reason"))
            places = self.work.read_places("readings", row)
            cells = {name: row[name] for name in ("reading", "row", "column", "value", "kind")}
            self._reading(cells, reason, [place for place, _ in places], origins)

    def _reading(
        self, cells: dict[str, str], reason: str, places: Sequence[Place], origins: list[Origin]
    ) -> None:
        """A row of readings; without a place it is the one default source's."""
        cells |= {
            "source": places[0].source if places else self.work.one_default,
            "reason": reason,
            "place": "; ".join(str(place) for place in places if place.paragraph),
        }
        self.work.add(Made("readings", cells, origins))

    def other_dates(self, owner: Owner) -> None:
        """What other sources say of the date: a reading each, with a note of details as its
        reason."""
        read: dict[int, Place] = {}
        items = []
        for at, text in enumerate(parted_items(owner.row["other_date"])):
            date, source = without_bracket(text) or (text, "")
            # Refused items too, so that their details are not reported as well.
            items.append((text, date))
            place = place_of(source, self.work.source_ids, "") if source else None
            if place is None and source and self.work.could_be_place(source):
                self.work.later("events", owner.row, "other_date", say("no-source-yet", text=text))
                continue
            if place is None:
                message = self._no_source(text, date, source)
            elif not owner.row["date"]:
                message = say("no-date-to-differ-from", text=text)
            else:
                read[at] = place
                # The source stands behind the date that is advised, too.
                message = re.sub(r"write '([^']+)'", rf"write '\1 ({source})'", date_breach(date))
            if message:
                read.pop(at, None)
                self.work.wrong("events", owner.row, "other_date", message)
        details = self.work.details.of(owner, "other_date", items)
        for at, place in read.items():
            text, date = items[at]
            cells = {"reading": f"{owner.id}-date-{place.source}", "row": owner.id}
            cells |= {"column": "date", "value": date, "kind": "sources-differ"}
            origins = [self.work.origin("events", owner.row, "other_date", text)]
            # What details say of an item, they say of the reading, whose reason is its note.
            named = Made("details", {"note": ""}, origins)
            self.work.details.add(named, details[at])
            reason = named["note"] or f"{place.source} gives {date}"
            self._reading(
                cells, reason, [place, *(spot for spot, _ in named.places)], named.origins
            )

    def _no_source(self, text: str, date: str, source: str) -> str:
        """Why it is not known whose other date it is, and how it is written."""
        ids = self.work.source_ids
        if source and (near := self.work.nearest(source.partition(":")[0], ids)):
            return f"{shown(text)}: no source has the id {shown(source)}{meant_or(near)}"
        others = [identity for identity in ids if identity not in self.work.default] or ids
        like = f"'{date} ({others[0]})'" if len(others) == 1 else "DATE (SOURCE)"
        return say("date-of-no-source", text=text, like=like, sources=self.work.source_names)

    # Coverage

    def coverage(self) -> None:
        """A row for each paragraph that is listed or that a place names."""
        named: dict[tuple[str, int], list[Origin]] = defaultdict(list)
        for locator in self.work.tables["locators"]:
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
            of = section if status == "coded" else row["section"]
            cells = {"source": source, "paragraph": str(key[1]), "section": of, "ordinal": typed}
            cells |= {"status": status, "note": row["note"]}
            origins = self.work.origins("coverage", row) if key in listed else []
            origins = list(dict.fromkeys([*origins, *named[key]]))
            self.work.add(Made("coverage", cells, origins))

    def _listed_paragraphs(self) -> dict[tuple[str, int], Row]:
        """The rows of coverage by source and paragraph."""
        listed: dict[tuple[str, int], Row] = {}
        for row in self.work.forms.get("coverage", ()):
            number = row["paragraph"]
            if not re.fullmatch("0*[1-9][0-9]{0,8}", number, re.ASCII):
                message = (
                    f"{shown(number)} is no number of a paragraph; write a whole number from 1"
                )
                self.work.wrong("coverage", row, "paragraph", message)
            elif (key := (row["source"] or self.work.one_default, int(number))) in listed:
                message = say("paragraph-twice", number=number, line=listed[key].line)
                self.work.wrong("coverage", row, "paragraph", message)
            else:
                listed[key] = row
        return listed


# Is it all there?


def place_breaches(expanded: Expanded) -> Iterator[Breach]:
    """Places that a located text does not have, and paragraphs that are left out wrongly."""
    yield from _unknown_places(expanded)
    yield from _left_out(expanded)


def _unknown_places(expanded: Expanded) -> Iterator[Breach]:
    """Places that a located text does not have."""
    known: dict[str, dict[int, list[int]]] = {}
    for source, places in expanded.sentences.items():
        for number, sentence in places:
            known.setdefault(source, {}).setdefault(number, []).append(sentence)
    reported: set[Origin] = set()
    for locator in expanded.tables["locators"]:
        there, origin = known.get(locator["source"]), locator.origins[0]
        if not there or not locator["paragraph"] or origin in reported:
            continue
        reported.add(origin)
        paragraph, cut = int(locator["paragraph"]), locator["sentence"]
        numbers = there.get(paragraph)
        if not numbers:
            has = f"{shown(locator['source'])} has paragraphs 1 to {max(there)}"
        elif cut and int(cut) not in numbers:
            has = f"paragraph {paragraph} has {counted(max(numbers), 'sentence')}"
        else:
            continue
        yield locator.breach(f"{shown(origin.item)}: {has}; correct the place")


def _left_out(expanded: Expanded) -> Iterator[Breach]:
    """Rows of coverage that do not fit the text or the places of the coding."""
    named: dict[tuple[str, str], Made] = {}
    for locator in expanded.tables["locators"]:
        named.setdefault((locator["source"], locator["paragraph"]), locator)
    last = {
        source: max(number for number, _ in places)
        for source, places in expanded.sentences.items()
        if places
    }
    for row in expanded.tables["coverage"]:
        source, number, status = row["source"], row["paragraph"], row["status"]
        if not row.origins[0].file.endswith("coverage.csv"):
            continue  # no row lists it
        by = named.get((source, number))
        if source in last and int(number) > last[source]:
            message = say("no-such-paragraph", source=source, last=last[source], number=number)
            yield row.breach(message, "paragraph")
        elif status == "coded" and not by and source in last:
            yield row.breach(say("coded-by-no-place", number=number), "status")
        elif status != "coded" and by:
            message = say("left-out-and-named", number=number, status=status, place=by.typed_at)
            yield row.breach(message, "status")
        elif status in NEED_NOTE and not row["note"]:
            yield row.breach(f"the cell is empty; write {NEED_NOTE[status]}", "note")


def uncovered(expanded: Expanded, prefix: str = "") -> Iterator[Breach]:
    """Paragraphs of a located text that no place names and coverage does not leave out."""
    there: dict[str, set[int]] = defaultdict(set)
    for row in expanded.tables["coverage"]:
        there[row["source"]].add(int(row["paragraph"]))
    for source, places in expanded.sentences.items():
        missing = sorted({number for number, _ in places if number} - there[source])
        some = ", ".join(map(str, missing[:10])) + (" …" if missing[10:] else "")
        name = "paragraphs-uncovered" if missing[1:] else "paragraph-uncovered"
        if missing:
            message = say(name, many=len(missing), some=some, source=source)
            yield Breach(f"{prefix}coverage.csv", None, "", message)


def unlocated(
    expanded: Expanded, sources: Sequence[Mapping[str, object]], prefix: str = ""
) -> Iterator[Breach]:
    """Texts in the review's folder of which no sentence is located, so that no place in them has
    been looked up."""
    for source in sources:
        if source.get("text") and not expanded.sentences.get(str(source.get("id", ""))):
            message = say("text-not-located", text=source["text"])
            yield Breach(f"{prefix}sentences.csv", None, "", message)
