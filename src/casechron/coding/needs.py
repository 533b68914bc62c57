"""Which pages can be made of what is coded, and what would each other one need?

A notebook says in the metadata of its first cell what it needs, as `"needs": ["by", "answers"]`:
columns of events.csv, files, or columns of a file such as `findings.rests_on`. Each says it: a page
that forgot to would tell of what nobody has coded. Nothing heavy is imported, since
`casechron check` asks too."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from casechron.coding.codebook import codebook
from casechron.coding.forms import ReadForms, read_forms
from casechron.coding.meta import META, meta_values

__all__ = ["Coded", "NeedsError", "needs_of", "pages_that_wait", "question_of", "to_fill"]


class NeedsError(ValueError):
    """What a notebook says that it needs is nothing that can be coded."""


class Coded:
    """What of a review is coded: asked once, for all of its pages."""

    def __init__(self, forms: ReadForms, complete: Sequence[str]) -> None:
        self.forms, self._complete = forms, complete

    @classmethod
    def of(cls, folder: Path, forms: ReadForms | None = None) -> Coded:
        """What is coded in the folder of a review, of which the files may have been read."""
        complete = meta_values(folder / META)[0].get("complete", [])
        return cls(forms or read_forms(folder), complete if isinstance(complete, list) else [])

    def lacking(self, needs: Sequence[str]) -> list[str]:
        """What of these is not coded; where the source is said to be silent, it is."""
        return [one for one in needs if self.forms.coded(one, self._complete) == "not coded"]


def needs_of(notebook: Mapping[str, Any]) -> tuple[str, ...]:
    """What a notebook needs, from the metadata of its first cell.

    Raises `NeedsError` where that says nothing, or no list of columns and files of the form.

    >>> needs_of({"cells": [{"metadata": {"needs": ["by", "findings"]}}]})
    ('by', 'findings')
    >>> needs_of({"cells": [{"metadata": {"needs": ["bye"]}}]})
    Traceback (most recent call last):
    ...
    casechron.coding.needs.NeedsError: needs in the metadata of the first cell: there is no \
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
    if not isinstance(needs, list) or not all(isinstance(one, str) for one in needs):
        raise NeedsError(f'{where}: {needs!r} is no list of names, such as ["by", "findings"]')
    for one in needs:
        try:
            ReadForms({}).coded(one, ())
        except KeyError as error:
            raise NeedsError(f"{where}: {error.args[0]}") from error
    return tuple(needs)


def to_fill(lacking: Sequence[str]) -> str:
    """What to fill in, in words.

    >>> to_fill(["by", "answers"]), to_fill(["findings", "views.holder"])
    ('Fill `by` and `answers` in events.csv.', 'Fill findings.csv and `holder` in views.csv.')
    """
    words: dict[str, list[str]] = {}
    for one in lacking:
        form, _, column = one.rpartition(".")
        if not form and one in codebook().forms:
            form, column = one, ""
        words.setdefault(f"{form or 'events'}.csv", []).extend([f"`{column}`"] if column else [])
    parts = [f"{_and(columns)} in {file}" if columns else file for file, columns in words.items()]
    return f"Fill {_and(parts)}."


def pages_that_wait(folder: Path, forms: ReadForms) -> list[str]:
    """Of each page of the project that cannot be made of a review yet, what it would need: a line
    each, in the order of the notebooks' names.

    Raises `NeedsError` for a notebook that does not say it rightly."""
    coded, lines = Coded.of(folder, forms), []
    for path in sorted((folder.parent.parent / "notebooks").glob("*.ipynb")):
        try:
            notebook = json.loads(path.read_text(encoding="utf-8"))
            needs = needs_of(notebook)
        except (ValueError, AttributeError, OSError) as error:
            raise NeedsError(f"notebooks/{path.name}: {error}") from error
        if lacking := coded.lacking(needs):
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


def _and(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)
