"""Where does one item of a cell stand, in which words, and what is there to note of it? The rows of
details, which say it of an item or a value where the row of the cell does not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from casechron.characters import meant_or, shown
from casechron.coding.cells import words_breach
from casechron.coding.items import folded, parted_bracket
from casechron.coding.messages import say
from casechron.coding.sheets import Row

if TYPE_CHECKING:
    from casechron.coding.expansion import Owner, TidyRow, Work

#: How the cells are read that hold one value and no items.
_VALUES = ("same", "date", "until", "count", "lasts")


class Details:
    """The rows of details, given out to the items and values that they name: each adds a place,
    words or a note."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in work.forms.get("details", ()):
            self.rows[row["row"], row["column"]].append(row)
        #: The lines of details that a cell has used.
        self.used_lines: set[int] = set()

    def of(self, owner: Owner, column: str, items: Sequence[tuple[str, str]]) -> list[list[Row]]:
        """The rows of details for each item of a cell, given as its text and what it names.

        A row of details says the item as it stands in the cell, or its name alone where no other
        item of the cell has it."""
        rows_of_item: list[list[Row]] = [[] for _ in items]
        for row in self.rows.get((owner.id, column), ()) if owner.row[column] else ():
            wanted = folded(row["item"])
            if not wanted:
                continue
            self.used_lines.add(row.line)
            exact = [at for at, (text, _) in enumerate(items) if folded(text) == wanted]
            parts = [
                at
                for at, (text, name) in enumerate(items)
                if wanted in (folded(name), folded(parted_bracket(text)[0]))
                or folded(text).startswith(f"{wanted}:")
            ]
            if exact or len(parts) == 1:
                rows_of_item[(exact or parts)[0]].append(row)
                continue
            cell = f"{column} of {shown(owner.id)}"
            message = f"stands {len(parts)} times in {cell}; write the whole item"
            if not parts:
                meant = self.work.nearest(row["item"], [text for text, _ in items])
                write = "write an item as it stands in the cell, or delete the row"
                message = f"is no item of {cell}{meant_or(meant, write)}"
            self.work.wrong(row, "item", f"{shown(row['item'])} {message}")
        return rows_of_item

    def add(self, tidy: TidyRow, rows: Iterable[Row]) -> None:
        """Add to a tidy row what details say of its item."""
        for row in rows:
            words = self._read(tidy, row)
            if words and "words" in tidy.cells:
                if tidy["words"]:
                    self.work.wrong(row, "words", f"{shown(words)} is a second one; write one only")
                else:
                    tidy.cells["words"] = words
            elif words:
                # A table without `words` has them in its note, in quotes beside the coder's own.
                self._note(tidy, row, "words", f"\u201c{words}\u201d")
            self._note(tidy, row, "note", row["note"])

    def _read(self, tidy: TidyRow, row: Row) -> str:
        """Let a tidy row stand also where a row of details does; the words of that row, '' where
        they are too many, which is reported."""
        tidy.origins += self.work.origins("details", row)
        tidy.places += self.work.read_places(row)
        message = words_breach(row["words"])
        if message:
            self.work.wrong(row, "words", message)
        return "" if message else row["words"]

    def _note(self, tidy: TidyRow, row: Row, typed: str, text: str) -> None:
        """Add what one column of details holds to the note of a tidy row."""
        if text and "note" not in tidy.cells:
            self.work.wrong(row, typed, say("no-room", text=row[typed], row=row["row"]))
        elif text:
            tidy.cells["note"] = "; ".join(filter(None, (tidy["note"], text)))

    def read_values(self) -> None:
        """Details of a cell that holds no items: a further place, words or a note of the row."""
        for owner in self.work.owners:
            for name, column in self.work.book.forms[owner.form].columns.items():
                rows = self.rows.get((owner.id, name), ()) if column.form in _VALUES else ()
                for row in rows if owner.row[name] else ():
                    if not row["item"]:
                        self.used_lines.add(row.line)
                        self._value(owner.tidy, name, row)

    def _value(self, tidy: TidyRow, column: str, row: Row) -> None:
        words = self._read(tidy, row)
        if words and column in ("date", "until") and not tidy["date_words"]:
            tidy.cells["date_words"] = words
        elif words:
            message = say("no-room-beside", text=words, column=column)
            self.work.wrong(row, "words", message)
        if row["note"] and "note" not in tidy.cells:
            message = say("no-notes", text=row["note"], table=tidy.table)
            self.work.wrong(row, "note", message)
        else:
            self._note(tidy, row, "note", row["note"])

    def stray(self) -> None:
        """Report details that no cell has used: their row, column or cell is not there."""
        owners = {owner.id: owner for owner in self.work.owners}
        for row in self.work.forms.get("details", ()):
            if row.line in self.used_lines:
                continue
            column, owner, wrong_column = row["column"], owners.get(row["row"]), "item"
            columns = self.work.book.forms[owner.form].columns if owner else {}
            cell = f"{column} of {shown(row['row'])}"
            if owner is None:
                offer = meant_or(self.work.nearest(row["row"], owners))
                wrong_column, message = "row", f"no row has the id {shown(row['row'])}{offer}"
            elif column not in columns:
                meant = self.work.nearest(column, columns)
                offer = meant_or(meant, "`casechron codebook` lists them")
                wrong_column = "column"
                message = f"{shown(column)} is no column of {owner.form}{offer}"
            elif not owner.row[column]:
                item = f"{shown(row['item'])}: " if row["item"] else ""
                wrong_column = "item" if item else "column"
                message = f"{item}{cell} is empty; fill it, or delete the row"
            elif columns[column].form == "same":
                message = f"{cell} holds no items; empty the cell"
            else:
                message = f"the cell is empty; write which item of {cell} is meant"
            self.work.wrong(row, wrong_column, message)
