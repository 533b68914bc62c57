"""What did coders fill in? The files of a review's form, read and expanded."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from casechron.coding.codebook import codebook
from casechron.coding.expand import Expanded, expand
from casechron.coding.files import CSV_BYTES, UnfitError, read_limited
from casechron.coding.sheets import Breach, Sheet, sheet_of

__all__ = ["ReadForms", "expand_forms", "read_forms"]


@dataclass(frozen=True, slots=True)
class ReadForms:
    """The files of a form by their name without `.csv`, those that are there."""

    sheets: Mapping[str, Sheet]
    prefix: str = ""

    @property
    def breaches(self) -> list[Breach]:
        """What kept a file or a line from being read."""
        return [breach for sheet in self.sheets.values() for breach in sheet.breaches]

    @property
    def left_alone(self) -> list[Breach]:
        """Columns that are not of the form; nothing is made of them."""
        return [breach for sheet in self.sheets.values() for breach in sheet.unknown]


def read_forms(folder: str | Path, prefix: str = "") -> ReadForms:
    """Read what a folder holds of the form.

    Parameters
    ----------
    folder
        The folder of a review, or of an independent coding.
    prefix
        What messages write before the name of a file.

    Returns
    -------
    ReadForms
        A missing file is one without rows; the cells have no blanks around them.
    """
    sheets = {}
    for name, form in codebook().forms.items():
        path = Path(folder) / f"{name}.csv"
        if not os.path.lexists(path):
            continue
        file = f"{prefix}{path.name}"
        try:
            sheet = sheet_of(read_limited(path, CSV_BYTES), form.table, file, form.needed)
        except UnfitError as error:
            sheet = Sheet(form.table, file, [], [Breach(file, None, "", str(error))], whole=False)
        for row in sheet.rows:
            row.cells = {column: value.strip() for column, value in row.cells.items()}
        sheets[name] = sheet
    return ReadForms(sheets, prefix)


def expand_forms(read: ReadForms, sources: Sequence[Mapping[str, object]]) -> Expanded:
    """Expand what was read, with the sources that review.toml names."""
    return expand({name: sheet.rows for name, sheet in read.sheets.items()}, sources, read.prefix)
