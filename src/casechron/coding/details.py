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
        for row in self.rows.get((owner["id"], column), ()) if owner.row[column] else ():
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
            cell = f"{column} of {shown(owner['id'])}"
            message = f"stands {len(parts)} times in {cell}; write the whole item"
            if not parts:
                meant = self.work.nearest(row["item"], [text for text, _ in items])
                write = "write an item as it stands in the cell, or delete the row"
                message = f"is no item of {cell}{meant_or(meant, write)}"
            self.work.wrong(row, "item", f"{shown(row['item'])} {message}")
        return rows_of_item

    def add(self, tidy: TidyRow, rows: Iterable[Row], value_of: str = "") -> None:
        """Add to a tidy row the places, words and notes that details give to its item, or to the
        value of one of its columns."""
        dated = value_of in ("date", "until")
        for row in rows:
            tidy.origins += self.work.origins("details", row)
            tidy.places += self.work.read_places(row)
            words, note, of = row["words"], row["note"], row["row"]
            room = "date_words" if dated else "" if value_of else "words"
            if message := words_breach(words):
                self.work.wrong(row, "words", message)
            elif words and room in tidy.cells and not tidy[room]:
                tidy.cells[room] = words
            elif words and value_of:
                message = say("no-room-beside", text=words, column=value_of)
                self.work.wrong(row, "words", message)
            elif words and room in tidy.cells:
                self.work.wrong(row, "words", f"{shown(words)} is a second one; write one only")
            elif words and not _noted(tidy, f"\u201c{words}\u201d"):  # beside the coder's own
                self.work.wrong(row, "words", say("no-room", text=words, row=of))
            if note and not _noted(tidy, note):
                table_alone = say("no-notes", text=note, table=tidy.table)
                message = table_alone if value_of else say("no-room", text=note, row=of)
                self.work.wrong(row, "note", message)

    def read_values(self) -> None:
        """Details of a cell that holds no items: a further place, words or a note of the row."""
        for owner in self.work.owners:
            for name, column in self.work.book.forms[owner.table].columns.items():
                if column.form in _VALUES and owner.row[name]:
                    rows = [
                        row for row in self.rows.get((owner["id"], name), ()) if not row["item"]
                    ]
                    self.used_lines.update(row.line for row in rows)
                    self.add(owner, rows, value_of=name)

    def stray(self) -> None:
        """Report details that no cell has used: their row, column or cell is not there."""
        owners = {owner["id"]: owner for owner in self.work.owners}
        for row in self.work.forms.get("details", ()):
            if row.line in self.used_lines:
                continue
            column, owner, wrong_column = row["column"], owners.get(row["row"]), "item"
            columns = self.work.book.forms[owner.table].columns if owner else {}
            cell = f"{column} of {shown(row['row'])}"
            if owner is None:
                offer = meant_or(self.work.nearest(row["row"], owners))
                wrong_column, message = "row", f"no row has the id {shown(row['row'])}{offer}"
            elif column not in columns:
                meant = self.work.nearest(column, columns)
                offer = meant_or(meant, "`casechron codebook` lists them")
                wrong_column = "column"
                message = f"{shown(column)} is no column of {owner.table}{offer}"
            elif not owner.row[column]:
                item = f"{shown(row['item'])}: " if row["item"] else ""
                wrong_column = "item" if item else "column"
                message = f"{item}{cell} is empty; fill it, or delete the row"
            elif columns[column].form == "same":
                message = f"{cell} holds no items; empty the cell"
            else:
                message = f"the cell is empty; write which item of {cell} is meant"
            self.work.wrong(row, wrong_column, message)


def _noted(tidy: TidyRow, text: str) -> bool:
    """Whether a tidy row has a note, to which the text is then added."""
    if "note" in tidy.cells:
        tidy.cells["note"] = "; ".join(filter(None, (tidy["note"], text)))
    return "note" in tidy.cells
