"""How does a new review begin? As a folder with everything in place and one worked row to a
table."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from casechron.coding.cells import is_slug, slug
from casechron.coding.codebook import Table, codebook
from casechron.coding.meta import KEYS, META, PLACEHOLDER
from casechron.coding.sheets import shown
from casechron.coding.worked import worked_rows

__all__ = ["BlankError", "new_coding", "new_review", "review_id", "table_text"]


_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+-(19|20)[0-9]{2}")


class BlankError(ValueError):
    """Why no new review was written."""


def review_id(text: str) -> str:
    """The id that a new review is given, as it is; raises `BlankError` for what is none, a path
    above all.

    >>> review_id("child-x-anytown-2021")
    'child-x-anytown-2021'
    """
    if _ID.fullmatch(text):
        return text
    last = slug(text.replace("\\", "/").rstrip("/").rpartition("/")[2])
    could = f"; did you mean '{last}'?" if _ID.fullmatch(last) else ""
    what = "a path" if "/" in text or "\\" in text else "no id of a review"
    raise BlankError(
        f"{shown(text)} is {what}; an id is the name of a folder in data/: child, body and year in"
        f" lower-case letters, digits and hyphens, as in child-x-example-2021{could}"
    )


def new_review(folder: str | Path) -> Path:
    """A new folder for a review: review.toml to fill in, and every table with the codebook's worked
    rows.

    The worked rows belong together and show how a row is written; they are invented, and to be
    replaced. Each of them that needs a locator has one. Once something in review.toml is filled in,
    `casechron check` names every worked row that still stands.

    Returns the folder. It is written under another name first and then renamed, so it is there in
    full or not at all. Raises `BlankError` where the folder exists, its name is no id, or it cannot
    be written.

    >>> import tempfile
    >>> made = new_review(Path(tempfile.mkdtemp()) / "child-x-anytown-2021")
    >>> (made / "themes.csv").read_text(encoding="utf-8").splitlines()
    ['row,theme', 'referral-2014,school-attendance']
    """
    return _made(folder, "a review", _files())


def new_coding(review: str | Path, coder: str) -> Path:
    """A new folder for an independent coding of a review, ``codings/<coder>/``: its tables with
    their worked rows.

    Returns the folder. Raises `BlankError` where the folder exists, its name is no id, or it cannot
    be written."""
    return _made(
        Path(review) / "codings" / coder,
        "a coder",
        {name: text for name, text in _files().items() if name != META},
    )


def _made(folder: str | Path, of: str, files: Mapping[str, str]) -> Path:
    folder = Path(os.path.abspath(folder))
    if not is_slug(folder.name):
        could = f", such as '{slug(folder.name)}'" if slug(folder.name) else ""
        raise BlankError(
            f"{shown(folder.name)} is no id of {of}; write lower-case letters, digits and"
            f" hyphens{could}"
        )
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
    return {META: _toml()} | {
        f"{name}.csv": table_text(table, worked_rows()[name])
        for name, table in codebook().tables.items()
    }


def _toml() -> str:
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
