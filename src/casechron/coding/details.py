"""What do the rows of `details` add: a place, words or a note to one item, or to one value?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from casechron.coding.cells import words_breach
from casechron.coding.characters import shown
from casechron.coding.items import folded, without_bracket
from casechron.coding.made import Made, Owner, Work
from casechron.coding.sheets import Row

__all__ = ["Details"]

#: How the cells are read that hold one value and no items.
_VALUES = ("same", "date", "until", "count", "lasts")


class Details:
    """The rows of details, given out to the items and values that they name."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in work.forms.get("details", ()):
            self.rows[row["row"], row["column"]].append(row)
        #: The lines of those that were asked for.
        self.given: set[int] = set()

    def of(self, owner: Owner, column: str, items: Sequence[tuple[str, str]]) -> list[list[Row]]:
        """The rows of details for each item of a cell, given as its text and what it names.

        A row of details says the item as it stands in the cell, or its name alone where no other
        item of the cell has it."""
        found: list[list[Row]] = [[] for _ in items]
        for row in self.rows.get((owner.id, column), ()) if owner.row[column] else ():
            wanted = folded(row["item"])
            if not wanted:
                continue
            self.given.add(row.line)
            whole = [at for at, (text, _) in enumerate(items) if folded(text) == wanted]
            parts = [
                at
                for at, (text, name) in enumerate(items)
                if wanted in (folded(name), folded((without_bracket(text) or (text,))[0]))
                or folded(text).startswith(f"{wanted}:")
            ]
            places = whole or parts
            if len(places) == 1 or (whole and places):
                found[places[0]].append(row)
                continue
            meant = self.work.nearest(row["item"], [text for text, _ in items])
            told = (
                f"stands {len(places)} times in {column} of {shown(owner.id)}; write the whole item"
                if places
                else f"is no item of {column} of {shown(owner.id)}; "
                + (
                    f"did you mean {shown(meant)}?"
                    if meant
                    else "write an item as it stands in the cell, or delete the row"
                )
            )
            self.work.wrong("details", row, "item", f"{shown(row['item'])} {told}")
        return found

    def add(self, made: Made, rows: Iterable[Row]) -> None:
        """Add to a tidy row what details say of its item."""
        for row in rows:
            made.origins += self.work.origins("details", row)
            made.places += self.work.read_places("details", row)
            column = "words" if "words" in made.cells else "note"
            if row["words"] and self._words(row):
                # What a table has no column for stands in its note, told from own words by quotes.
                words = row["words"] if column == "words" else f"\u201c{row['words']}\u201d"
                self._say(made, row, "words", column, words)
            if row["note"]:
                self._say(made, row, "note", "note", row["note"])

    def _words(self, row: Row) -> bool:
        """Whether so many of the source's words may stand there."""
        if told := words_breach(row["words"]):
            self.work.wrong("details", row, "words", told)
        return not told

    def _say(self, made: Made, row: Row, typed: str, column: str, text: str) -> None:
        if column not in made.cells:
            told = f"{shown(row[typed])} has no room beside the item; write it into note of the row"
            self.work.wrong("details", row, typed, f"{told} {shown(row['row'])}")
        elif column == "words" and made[column]:
            told = f"{shown(row[typed])} is a second one; write one only"
            self.work.wrong("details", row, typed, told)
        else:
            made.cells[column] = "; ".join(part for part in (made[column], text) if part)

    def values(self) -> None:
        """Details of a cell that holds no items: a further place, words or a note of the row."""
        for owner in self.work.owners:
            columns = self.work.book.forms[owner.form].columns
            for name, column in columns.items():
                if column.form in _VALUES:
                    for row in self.rows.get((owner.id, name), ()):
                        if row["item"] or not owner.row[name]:
                            continue
                        self.given.add(row.line)
                        self._value(owner, name, row)

    def _value(self, owner: Owner, column: str, row: Row) -> None:
        made = owner.made
        if row["words"] and not self._words(row):
            pass  # it is told of
        elif row["words"] and column in ("date", "until") and not made["date_words"]:
            made.cells["date_words"] = row["words"]
        elif row["words"]:
            told = (
                f"{shown(row['words'])} has no room beside {column}; write it into note of the row"
            )
            self.work.wrong("details", row, "words", told)
        if row["note"]:
            parts = [made["note"], row["note"]]
            made.cells["note"] = "; ".join(part for part in parts if part)
        made.places += self.work.read_places("details", row)
        made.origins += self.work.origins("details", row)

    def stray(self) -> None:
        """Say which no cell has asked for: their row, their column or their cell is not there."""
        of = {owner.id: owner for owner in self.work.owners}
        for row in self.work.forms.get("details", ()):
            if row.line in self.given:
                continue
            owner = of.get(row["row"])
            if owner is None:
                meant = self.work.nearest(row["row"], of)
                offer = f"; did you mean {shown(meant)}?" if meant else ""
                told = f"no row has the id {shown(row['row'])}{offer}"
                self.work.wrong("details", row, "row", told)
            elif row["column"] not in self.work.book.forms[owner.form].columns:
                meant = self.work.nearest(row["column"], self.work.book.forms[owner.form].columns)
                told = f"{shown(row['column'])} is no column of {owner.form}; " + (
                    f"did you mean {shown(meant)}?" if meant else "`casechron codebook` lists them"
                )
                self.work.wrong("details", row, "column", told)
            elif not owner.row[row["column"]]:
                item = f"{shown(row['item'])}: " if row["item"] else ""
                told = f"{item}{row['column']} of {shown(owner.id)} is empty; fill it, or delete"
                told = f"{told} the row"
                self.work.wrong("details", row, "item" if row["item"] else "column", told)
            else:
                told = f"the cell is empty; write which item of {row['column']} of"
                told = f"{told} {shown(owner.id)} is meant"
                if self.work.book.forms[owner.form].columns[row["column"]].form == "same":
                    told = f"{row['column']} of {shown(owner.id)} holds no items; empty the cell"
                self.work.wrong("details", row, "item", told)
