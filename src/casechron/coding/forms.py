"""What did coders fill in? The files of a review's form, read and expanded."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from casechron.coding.codebook import codebook
from casechron.coding.expand import Expanded, expand
from casechron.coding.files import CSV_BYTES, UnfitError, read_limited, within
from casechron.coding.folder import wrong_file
from casechron.coding.sheets import Breach, Row, Sheet, nearest, sheet_of

__all__ = ["ReadForms", "expand_forms", "form_text", "read_forms"]


class ReadForms(NamedTuple):
    """The files of a form by their name without `.csv`, those that are there."""

    sheets: Mapping[str, Sheet]
    prefix: str = ""

    @property
    def breaches(self) -> list[Breach]:
        """What kept a file or a line from being read."""
        return [breach for sheet in self.sheets.values() for breach in sheet.breaches]

    def rows(self, name: str) -> list[Row]:
        """The rows of a file; none where it is missing."""
        return self.sheets[name].rows if name in self.sheets else []

    def state(
        self, column: str, complete: Collection[str], form: str = "events"
    ) -> Literal["coded", "silent", "not coded"]:
        """What an empty cell of a column means.

        Parameters
        ----------
        column
            A column of the form; '' for the file as a whole.
        complete
            What review.toml says is coded wherever the source speaks of it.
        form
            The name of the file, without `.csv`.

        Returns
        -------
        str
            ``"silent"`` where `complete` has the column or the file: the source says nothing.
            ``"not coded"`` where no cell of it is filled, ``"coded"`` where some are: then an empty
            cell says nothing of the source.

        Examples
        --------
        >>> read = ReadForms({})
        >>> read.state("by", []), read.state("by", ["by"]), read.state("", ["views"], "views")
        ('not coded', 'silent', 'silent')
        """
        if (column or form) in complete or form in complete:
            return "silent"
        rows = self.rows(form)
        # Who writes what an empty cell means has coded no more than who leaves it empty.
        empty = ("", codebook().forms[form].columns[column].empty) if column else ()
        return "coded" if any(row[column] not in empty for row in rows) else "not coded"

    def coded(
        self, name: str, complete: Collection[str]
    ) -> Literal["coded", "silent", "not coded"]:
        """`state` by one name: a column of the events, a file, or a column of a file as
        ``"findings.rests_on"``.

        Raises
        ------
        KeyError
            For a name that is no file and no column.
        """
        forms = codebook().forms
        form, _, column = name.rpartition(".") if "." in name else ("events", "", name)
        if name in forms:
            form, column = name, ""
        known = [*forms["events"].columns, *forms]
        known += [f"{one}.{column}" for one, of in forms.items() for column in of.columns]
        if name not in known:
            near = nearest(name, known)
            meant = f"; did you mean '{near}'?" if near else ""
            raise KeyError(f"there is no file and no column '{name}' of the form{meant}")
        return self.state(column, complete, form)

    @property
    def left_alone(self) -> list[Breach]:
        """Columns that are not of the form; nothing is made of them."""
        return [breach for sheet in self.sheets.values() for breach in sheet.unknown]


def read_forms(
    folder: str | Path, prefix: str = "", files: Mapping[str, bytes] | None = None
) -> ReadForms:
    """Read what a folder holds of the form.

    Parameters
    ----------
    folder
        The folder of a review, or of an independent coding.
    prefix
        What messages write before the name of a file.
    files
        The bytes of the files by their names, where they have been read already.

    Returns
    -------
    ReadForms
        A missing file is one without rows; the cells have no blanks around them.
    """
    sheets = {}
    for name, form in codebook().forms.items():
        path = Path(folder) / f"{name}.csv"
        if path.name not in files if files is not None else not os.path.lexists(path):
            continue
        file = f"{prefix}{path.name}"
        try:
            data = _bytes(path) if files is None else files[path.name]
            sheet = sheet_of(data, form.table, file, form.needed)
        except UnfitError as error:
            sheet = Sheet(form.table, file, [], [Breach(file, None, "", str(error))], whole=False)
        for row in sheet.rows:
            row.cells = {column: value.strip() for column, value in row.cells.items()}
        sheets[name] = sheet
    return ReadForms(sheets, prefix)


def _bytes(path: Path) -> bytes:
    """The bytes of a file of the folder; `UnfitError` where it is none, or lies elsewhere."""
    if message := wrong_file(path, within(Path(os.path.abspath(path.parent)))):
        raise UnfitError(message)
    return read_limited(path, CSV_BYTES)


def expand_forms(read: ReadForms, sources: Sequence[Mapping[str, object]]) -> Expanded:
    """Expand what was read, with the sources that review.toml names."""
    return expand({name: sheet.rows for name, sheet in read.sheets.items()}, sources, read.prefix)


def form_text(name: str, rows: Iterable[Mapping[str, str]], keep: Collection[str] = ()) -> str:
    """A file of the form as the text of a CSV file: the columns that are filled, must be there or
    are to be kept, in the order of the codebook.

    >>> form_text("views", [{"id": "low", "holder": "gp", "words": ""}])
    'id,holder\\nlow,gp\\n'
    """
    rows = list(rows)
    form = codebook().forms[name]
    filled = {column for row in rows for column, cell in row.items() if cell}
    columns = [column for column in form.columns if column in {*filled, *form.needed, *keep}]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
