"""Where does each tidy row stand, what is another reading of it, and which paragraphs are left
out?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from casechron.coding import notation
from casechron.coding.cells import date_breach
from casechron.coding.characters import shown
from casechron.coding.details import Details
from casechron.coding.items import parted_items, without_bracket
from casechron.coding.made import NO_SOURCE, Made, Origin, Owner, Work
from casechron.coding.notation import Place
from casechron.coding.sheets import Row

__all__ = ["Standing"]

_NO_DEFAULT = (
    "the cell is empty, and no source of review.toml is the default; write the place, or default ="
    " true below the source that an empty place means"
)


class Standing:
    """Sources, locators, readings and coverage of an expansion."""

    def __init__(self, work: Work, details: Details) -> None:
        self.work, self.details = work, details

    def source_rows(self) -> None:
        """A row of sources for each that review.toml names, with what locating it has written."""
        whole = {row["source"]: row for row in self.work.forms.get("sentences", ()) if row["salt"]}
        for number, source in enumerate(self.work.sources, start=1):
            cells = dict.fromkeys(self.work.book.tables["sources"].header, "")
            cells |= {name: str(value) for name, value in source.items() if name in cells}
            origins = [Origin(f"{self.work.prefix}review.toml", 0, "sources", str(number))]
            places = self.work.sentences.get(cells["id"], {})
            if any(paragraph for paragraph, _ in places):
                cells["paragraphs"] = str(max(paragraph for paragraph, _ in places))
            if row := whole.get(cells["id"]):
                cells |= {"salt": row["salt"], "digest": row["digest"]}
                origins.append(self.work.origin("sentences", row))
            self.work.add(Made("sources", cells, origins))

    def places(self, owner: Owner) -> None:
        """Read where a row stands, or what its empty cell means."""
        column = self.work.book.forms[owner.form].columns["place"]
        if owner.row["place"]:
            owner.made.places = self.work.read_places(owner.form, owner.row)
        elif column.empty == "sources":
            if self.work.sources and not self.work.default:
                self.work.later(owner.form, owner.row, "place", _NO_DEFAULT)
            for source in self.work.default:
                if self.work.sentences.get(source):
                    self.work.later(
                        owner.form,
                        owner.row,
                        "place",
                        f"the cell is empty, and the text of {shown(source)} is at hand; write"
                        " where it stands, as p13.2",
                    )
                else:
                    origin = self.work.origin(owner.form, owner.row)
                    owner.made.places.append((Place(source), origin))

    def locators(self) -> None:
        """A row of locators for each place at which a tidy row stands."""
        header, around = self.work.book.tables["locators"].header, self._around()
        for rows in list(self.work.tables.values()):
            for made in rows:
                there: dict[Place, Made] = {}
                for place, origin in made.places if made["id"] else ():
                    if place not in there:
                        values = (made["id"], *place, *around.get(place, ("", "", "")))
                        cells = dict(zip(header, values, strict=True))
                        there[place] = self.work.add(Made("locators", cells, []))
                    there[place].origins += [origin, made.origins[0]]

    def _around(self) -> dict[Place, tuple[str, str, str]]:
        """The digests of each sentence and of its neighbours."""
        found = {}
        for source, places in self.work.sentences.items():
            all_of = [(place, digest) for place, digest in places.items() if place != (0, 0)]
            digests = ["", *(digest for _, digest in all_of), ""]
            for at, ((paragraph, sentence), digest) in enumerate(all_of, start=1):
                key = Place(source, str(paragraph), str(sentence))
                found[key] = (digest, digests[at - 1], digests[at + 1])
        return found

    def readings(self) -> None:
        """The rows of readings; a reason is typed once for all rows of a reading."""
        reasons: dict[str, dict[str, Row]] = defaultdict(dict)
        for row in self.work.forms.get("readings", ()):
            if row["reason"]:
                reasons[row["reading"]][row["reason"]] = row
        for row in self.work.forms.get("readings", ()):
            origins = self.work.origins("readings", row)
            reason, known = row["reason"], reasons[row["reading"]]
            if not reason and len(known) == 1:
                reason, other = next(iter(known.items()))
                origins.append(self.work.origin("readings", other, "reason"))
            places = self.work.read_places("readings", row)
            cells = {name: row[name] for name in ("reading", "row", "column", "value", "kind")}
            self.reading(cells, reason, [place for place, _ in places], origins)

    def reading(
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
        for text in parted_items(owner.row["other_date"]):
            parts = without_bracket(text)
            # Also of what is refused: details of it are no second slip.
            items.append((text, parts[0] if parts else text))
            place = notation.place(parts[1], self.work.source_ids, "") if parts else None
            if parts and place is None and self.work.could_be_place(parts[1]):
                self.work.later("events", owner.row, "other_date", f"{shown(text)}: {NO_SOURCE}")
                continue
            if parts is None or place is None:
                self.work.wrong("events", owner.row, "other_date", self._no_source(text, parts))
                continue
            if not owner.row["date"]:
                told = f"{shown(text)} has nothing to differ from, since date is empty; write the"
                told = f"{told} date of one source there"
                self.work.wrong("events", owner.row, "other_date", told)
                continue
            if message := date_breach(parts[0]):
                # The source stands behind the date that is advised, too.
                told = re.sub(r"write '([^']+)'", rf"write '\1 ({parts[1]})'", message)
                self.work.wrong("events", owner.row, "other_date", told)
                continue
            read[len(items) - 1] = place
        details = self.details.of(owner, "other_date", items)
        for at, place in read.items():
            text, date = items[at]
            cells = {
                "reading": f"{owner.id}-date-{place.source}",
                "row": owner.id,
                "column": "date",
                "value": date,
                "kind": "sources-differ",
            }
            origins = [self.work.origin("events", owner.row, "other_date", text)]
            # What details say of an item, they say of the reading, whose reason is its note.
            made = Made("details", {"note": ""}, origins)
            self.details.add(made, details[at])
            reason = made["note"] or f"{place.source} gives {date}"
            self.reading(cells, reason, [place, *(one for one, _ in made.places)], made.origins)

    def _no_source(self, text: str, parts: tuple[str, str] | None) -> str:
        """Why it is not known whose other date it is, and how it is written."""
        ids = self.work.source_ids
        if parts and (near := self.work.nearest(parts[1].partition(":")[0], ids)):
            told = f"{shown(text)}: no source has the id {shown(parts[1])}"
            return f"{told}; did you mean {shown(near)}?"
        others = [one for one in ids if one not in self.work.default] or ids
        date = parts[0] if parts else text
        like = f"write '{date} ({others[0]})'" if len(others) == 1 else "write DATE (SOURCE)"
        return f"{shown(text)} does not say whose date it is; {like}; the sources are: " + (
            ", ".join(ids) or "none, since no source is filled in yet"
        )

    def coverage(self) -> None:
        """A row for each paragraph that is listed or that a place names."""
        named: dict[tuple[str, int], list[Origin]] = defaultdict(list)
        for made in self.work.tables["locators"]:
            if made["paragraph"]:
                named[made["source"], int(made["paragraph"])] += made.origins
        listed = self._listed_paragraphs()
        section, ordinal, source = "", 0, ""
        for key in sorted({*named, *listed}):
            row = listed.get(key)
            if key[0] != source:
                section, ordinal, source = "", 0, key[0]
            status, typed = _status(row), row["ordinal"] if row else ""
            if row and row["section"] and row["section"] != section:
                section, ordinal = row["section"], 0
            if typed.isascii() and typed.isdigit():
                ordinal = int(typed[:10])
            elif status == "coded":
                ordinal += 1
                typed = str(ordinal) if section else ""
            cells = {
                "source": source,
                "paragraph": str(key[1]),
                # What is left out stands in the section that its row names, or in none.
                "section": section if status == "coded" or not row else row["section"],
                "ordinal": typed,
                "status": status,
                "note": row["note"] if row else "",
            }
            origins = [*self.work.origins("coverage", row), *named[key]] if row else named[key]
            self.work.add(Made("coverage", cells, list(dict.fromkeys(origins))))

    def _listed_paragraphs(self) -> dict[tuple[str, int], Row]:
        """The rows of coverage by source and paragraph."""
        found: dict[tuple[str, int], Row] = {}
        for row in self.work.forms.get("coverage", ()):
            number = row["paragraph"]
            if not re.fullmatch("0*[1-9][0-9]{0,8}", number, re.ASCII):
                told = f"{shown(number)} is no number of a paragraph; write a whole number from 1"
                self.work.wrong("coverage", row, "paragraph", told)
            elif (key := (row["source"] or self.work.one_default, int(number))) in found:
                told = (
                    f"paragraph {number} stands twice, first in line {found[key].line}; delete one"
                )
                self.work.wrong("coverage", row, "paragraph", told)
            else:
                found[key] = row
        return found


def _status(row: Row | None) -> str:
    return row["status"] if row and row["status"] else "coded"
