"""How does a new review begin? With review.toml and one sheet that shows how a row is written."""

from __future__ import annotations

import csv
import io
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from casechron.coding.codebook import codebook
from casechron.coding.files import an_id, from_here, leads_out, within
from casechron.coding.meta import KEYS, META, OPTIONAL, PLACEHOLDER, SOURCE_KEYS, SOURCE_NEEDED

__all__ = ["FIRST", "BlankError", "new_coding", "new_review"]

#: The columns that a sheet begins with; every other one may be added.
FIRST = ("date", "kind", "summary", "by", "to", "with", "about", "answers", "place")


class BlankError(ValueError):
    """Why no new review was written."""


def new_review(folder: str | Path) -> Path:
    """A new folder for a review: review.toml to fill in, and events.csv with its heads and one
    worked row.

    The worked row is invented, and to be replaced; `casechron check` names it while it stands.

    Returns the folder; it is there in full or not at all. Raises `BlankError` where it exists or
    cannot be written, and `UnfitError` where its name is no id.

    >>> import tempfile
    >>> made = new_review(Path(tempfile.mkdtemp()) / "child-x-anytown-2021")
    >>> sorted(path.name for path in made.iterdir())
    ['events.csv', 'review.toml']
    >>> (made / "events.csv").read_text(encoding="utf-8").splitlines()[0]
    'date,kind,summary,by,to,with,about,answers,place'
    """
    folder = Path(os.path.abspath(folder))
    an_id(folder.name)
    return new_folder(folder, {META: blank_toml(), "events.csv": _worked_sheet()})


def new_coding(review: str | Path, coder: str) -> Path:
    """A new folder for an independent coding of a review, ``codings/<coder>/``: events.csv with
    its heads and one worked row.

    Returns the folder. Raises `BlankError` where the folder exists or cannot be written, and
    `UnfitError` for a name that is no id."""
    top = Path(os.path.abspath(review)) / "codings"
    if message := leads_out(top, *within(top.parent)):
        raise BlankError(f"{from_here(top)}: {message}")
    return new_folder(top / an_id(coder, "a coder"), {"events.csv": _worked_sheet()})


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


def _worked_sheet() -> str:
    """events.csv with the heads that a sheet begins with and the codebook's worked row."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, FIRST, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerow(codebook().forms["events"].example)
    return text.getvalue()


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
            "# events.csv beside this file holds one worked row, to show how a row is written:"
            " replace it too."
        ),
    ]
    for key, help_text in KEYS.items():
        lines += [
            "",
            f"# {help_text[0].upper()}{help_text[1:]}.",
            f"{key} = {filled.get(key, quoted)}",
        ]
    lines += [
        "",
        "# Other keys that a review may have:",
        *(f"# {key}: {help_text}" for key, help_text in OPTIONAL.items() if key != "sources"),
        "",
        "[[sources]]",
        "# A text that the coding uses; each other one stands below a [[sources]] of its own.",
        *(f'{key} = "{PLACEHOLDER}"  # {SOURCE_KEYS[key]}' for key in SOURCE_NEEDED),
        *(
            f"# {key}: {help_text}"
            for key, help_text in SOURCE_KEYS.items()
            if key not in SOURCE_NEEDED
        ),
    ]
    return "\n".join(lines) + "\n"
