"""What did coders fill in, and which pages can be made of it?

The files of a review's form are read and expanded.

A notebook says in the metadata of its first cell what it needs, as `"needs": ["by", "answers"]`:
columns of events.csv, files, or columns of a file such as `findings.rests_on`. Each says it: a page
that forgot to would tell of what nobody has coded. Nothing heavy is imported, since
`casechron check` asks too."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from casechron.characters import meant_or, nearest
from casechron.coding.cells import either
from casechron.coding.codebook import codebook
from casechron.coding.expand import expand
from casechron.coding.expansion import Expanded
from casechron.coding.files import (
    CSV_BYTES,
    UnfitError,
    csv_text,
    lies_within,
    read_limited,
    wrong_file,
)
from casechron.coding.meta import META, meta_values
from casechron.coding.sheets import Breach, Row, Sheet, sheet_of

State = Literal["coded", "silent", "not coded"]


class NeedsError(ValueError):
    """What a notebook says that it needs is nothing that can be coded."""


class ReadForms(NamedTuple):
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

    def rows(self, name: str) -> list[Row]:
        """The rows of a file; none where it is missing."""
        return self.sheets[name].rows if name in self.sheets else []

    def at(self, name: str, row: Row, column: str, message: str) -> Breach:
        """A breach at a cell of a file, or at the row as such where no column is meant."""
        return Breach(self.sheets[name].file, row.line, column, message)

    def coded(self, name: str, complete: Collection[str]) -> State:
        """What an empty cell of a column means.

        Parameters
        ----------
        name
            A column of the events, a file, or a column of a file as ``"findings.rests_on"``.
        complete
            What review.toml says is coded wherever the source speaks of it.

        Returns
        -------
        str
            ``"silent"`` where `complete` has the column or the file: the source says nothing.
            ``"not coded"`` where no cell of it is filled, ``"coded"`` where some are: then an empty
            cell says nothing of the source.

        Raises
        ------
        KeyError
            For a name that is no file and no column.

        Examples
        --------
        >>> read = ReadForms({})
        >>> read.coded("by", []), read.coded("by", ["by"]), read.coded("views", ["views"])
        ('not coded', 'silent', 'silent')
        """
        forms = codebook().forms
        known = [*forms["events"].columns, *forms]
        known += [f"{file}.{column}" for file, of in forms.items() for column in of.columns]
        if name not in known:
            offer = meant_or(nearest(name, known))
            raise KeyError(f"there is no file and no column '{name}' of the form{offer}")
        form, column = _of_form(name)
        if (column or form) in complete or form in complete:
            return "silent"
        # A cell that holds just what an empty one means codes no more than an empty one.
        empty = ("", forms[form].columns[column].empty) if column else ()
        return "coded" if any(row[column] not in empty for row in self.rows(form)) else "not coded"

    def lacking(self, needs: Sequence[str], complete: Collection[str]) -> list[str]:
        """What of these is not coded; where the source is said to be silent, it is."""
        return [name for name in needs if self.coded(name, complete) == "not coded"]


def _of_form(name: str) -> tuple[str, str]:
    """The file that is meant by a name of what can be coded, and the column, '' for all of it."""
    if name in codebook().forms:
        return name, ""
    form, _, column = name.rpartition(".")
    return form or "events", column


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
    if message := wrong_file(path, lies_within(Path(os.path.abspath(path.parent)))):
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
    return csv_text(
        (column for column in form.columns if column in {*filled, *form.needed, *keep}), rows
    )


# What pages need


def complete_in(folder: Path) -> list[str]:
    """What the review.toml of a folder says is coded wherever the source speaks of it."""
    complete = meta_values(folder / META)[0].get("complete", [])
    return complete if isinstance(complete, list) else []


def needs_of(notebook: Mapping[str, Any]) -> tuple[str, ...]:
    """What a notebook needs, from the metadata of its first cell.

    Raises `NeedsError` where that says nothing, or no list of columns and files of the form.

    >>> needs_of({"cells": [{"metadata": {"needs": ["by", "findings"]}}]})
    ('by', 'findings')
    >>> needs_of({"cells": [{"metadata": {"needs": ["bye"]}}]})
    Traceback (most recent call last):
    ...
    casechron.coding.forms.NeedsError: needs in the metadata of the first cell: there is no \
file and no column 'bye' of the form; did you mean 'by'?
    """
    where = "needs in the metadata of the first cell"
    cells = notebook.get("cells") or [{}]
    needs = cells[0].get("metadata", {}).get("needs")
    if needs is None:
        raise NeedsError(
            f'{where}: there is none; say what has to be coded for this page, as "needs": ["by",'
            ' "findings"], or "needs": [] where nothing has to'
        )
    if not isinstance(needs, list) or not all(isinstance(name, str) for name in needs):
        raise NeedsError(f'{where}: {needs!r} is no list of names, such as ["by", "findings"]')
    for name in needs:
        try:
            ReadForms({}).coded(name, ())
        except KeyError as error:
            raise NeedsError(f"{where}: {error.args[0]}") from error
    return tuple(needs)


def to_fill(lacking: Sequence[str]) -> str:
    """What to fill in, in words.

    >>> to_fill(["by", "answers"]), to_fill(["findings", "views.holder"])
    ('Fill `by` and `answers` in events.csv.', 'Fill findings.csv and `holder` in views.csv.')
    """
    words: dict[str, list[str]] = {}
    for form, column in map(_of_form, lacking):
        words.setdefault(f"{form}.csv", []).extend([f"`{column}`"] if column else [])
    parts = [
        f"{either(columns, 'and')} in {file}" if columns else file
        for file, columns in words.items()
    ]
    return f"Fill {either(parts, 'and')}."


def pages_that_wait(folder: Path, forms: ReadForms) -> list[str]:
    """Of each page of the project that cannot be made of a review yet, what it would need: a line
    each, in the order of the notebooks' names.

    Raises `NeedsError` for a notebook that does not say it rightly."""
    complete, lines = complete_in(folder), []
    for path in sorted((folder.parent.parent / "notebooks").glob("*.ipynb")):
        try:
            notebook = json.loads(path.read_text(encoding="utf-8"))
            needs = needs_of(notebook)
        except (ValueError, AttributeError, OSError) as error:
            raise NeedsError(f"notebooks/{path.name}: {error}") from error
        if lacking := forms.lacking(needs, complete):
            lines.append(f"{question_of(notebook)} {to_fill(lacking)}")
    return lines


def question_of(notebook: Mapping[str, Any]) -> str:
    """The question that a notebook asks: its first heading; '' where it has none.

    >>> cell = {"cell_type": "markdown", "source": "# When did it happen?\\n\\nWords."}
    >>> question_of({"cells": [cell]})
    'When did it happen?'
    """
    for cell in notebook.get("cells", []):
        text = "".join(cell["source"]) if cell["cell_type"] == "markdown" else ""
        if heading := re.search(r"^#+\s+(.+?)\s*#*\s*$", text, re.MULTILINE):
            return heading[1]
    return ""
