"""How does a new review begin? As a folder with everything in place and one worked row to a
table."""

from __future__ import annotations

import csv
import io
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from casechron.coding.codebook import Table, codebook
from casechron.coding.files import an_id, from_here, leads_out, within
from casechron.coding.meta import KEYS, META, PLACEHOLDER
from casechron.coding.worked import worked_rows

__all__ = ["BlankError", "blank_toml", "new_coding", "new_folder", "new_review", "table_text"]


class BlankError(ValueError):
    """Why no new review was written."""


def new_review(folder: str | Path) -> Path:
    """A new folder for a review: review.toml to fill in, and every table with the codebook's worked
    rows.

    The worked rows belong together and show how a row is written; they are invented, and to be
    replaced. Each of them that needs a locator has one. Once something in review.toml is filled in,
    `casechron check` names every worked row that still stands.

    Returns the folder. It is written under another name first and then renamed, so it is there in
    full or not at all. Raises `BlankError` where the folder exists or cannot be written, and
    `UnfitError` where its name is no id.

    >>> import tempfile
    >>> made = new_review(Path(tempfile.mkdtemp()) / "child-x-anytown-2021")
    >>> (made / "themes.csv").read_text(encoding="utf-8").splitlines()
    ['row,theme', 'referral-2014,school-attendance']
    """
    folder = Path(os.path.abspath(folder))
    an_id(folder.name)
    return new_folder(folder, _files())


def new_coding(review: str | Path, coder: str) -> Path:
    """A new folder for an independent coding of a review, ``codings/<coder>/``: its tables with
    their worked rows.

    Returns the folder. Raises `BlankError` where the folder exists, its name is no id, or it cannot
    be written; `UnfitError` for a name that is no id."""
    top = Path(os.path.abspath(review)) / "codings"
    if message := leads_out(top, *within(top.parent)):
        raise BlankError(f"{from_here(top)}: {message}")
    files = {name: text for name, text in _files().items() if name != META}
    return new_folder(top / an_id(coder, "a coder"), files)


def new_folder(folder: Path, files: Mapping[str, str]) -> Path:
    """A new folder with these files, there in full or not at all; `BlankError` where it cannot."""
    if os.path.lexists(folder):
        raise BlankError(f"{folder} exists already; choose another id, or move it away first")
    part = folder.with_name(f".{folder.name}.part")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if part.exists():  # left behind by a run that was cut short
            shutil.rmtree(part)
        part.mkdir()
        for name, text in files.items():
            (part / name).write_text(text, encoding="utf-8", newline="")
        part.rename(folder)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise BlankError(
            f"{folder} cannot be written ({error.strerror or type(error).__name__})"
        ) from error
    return folder


def table_text(table: Table, rows: Iterable[Mapping[str, str]]) -> str:
    """A table as the text of its CSV file: its header, then its rows; lines end in a line feed.

    >>> table_text(codebook().tables["themes"], [])
    'row,theme\\n'
    """
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, table.header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _files() -> dict[str, str]:
    """The text of each file of a blank review."""
    return {META: blank_toml()} | {
        f"{name}.csv": table_text(table, worked_rows()[name])
        for name, table in codebook().tables.items()
    }


def blank_toml() -> str:
    """review.toml with a placeholder to a key and its help above it."""
    filled = {
        "codebook": f'"{codebook().version}"',
        "year": "0",
        "notes": f'"""\n{PLACEHOLDER}\n"""',
    }
    quoted = f'"{PLACEHOLDER}"'
    lines = [
        (
            f"# What this review is. Replace every {PLACEHOLDER} (and the year 0), then run"
            " `casechron check`."
        ),
        (
            "# The tables beside this file hold worked rows, to show how a row is written: replace"
            " them too."
        ),
    ]
    for key, help_text in KEYS.items():
        lines += [
            "",
            f"# {help_text[0].upper()}{help_text[1:]}.",
            f"{key} = {filled.get(key, quoted)}",
        ]
    return "\n".join(lines) + "\n"
