"""What stands in the folder of a review or of a coding, and does it belong there?"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from casechron.coding.codebook import codebook
from casechron.coding.files import is_slug, leads_out, slug, within, wrong_folder
from casechron.coding.meta import META, TEXTS
from casechron.coding.sheets import Breach, nearest

__all__ = [
    "CODINGS",
    "DECISIONS",
    "README",
    "SUGGESTED",
    "codings_in",
    "folder_breaches",
    "is_coding",
    "prefix_of",
    "wrong_file",
]

CODINGS = "codings"
#: What two coders decided, which `casechron agree` keeps beside their folders.
DECISIONS = "decisions.csv"
#: What the folder of a review says to who opens it.
README = "README.md"
#: What `casechron suggest` draws from a text, and no analysis reads.
SUGGESTED = "suggested.csv"
_OF_WINDOWS = ("desktop.ini", "thumbs.db")
SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".ods", ".numbers")


def is_coding(folder: Path) -> bool:
    """Whether a folder is an independent coding of a review, ``<review>/codings/<coder>``."""
    return folder.parent.name == CODINGS


def prefix_of(folder: Path) -> str:
    """What messages write before the names of a folder's files.

    >>> prefix_of(Path("data/child-x/codings/bob")), prefix_of(Path("data/child-x"))
    ('codings/bob/', '')
    """
    return f"{CODINGS}/{folder.name}/" if is_coding(folder) else ""


def codings_in(folder: Path) -> tuple[list[Path], list[Breach]]:
    """The folders of a review's independent codings, and what stands among them and is none."""
    top = folder / CODINGS
    if not os.path.isdir(top) or leads_out(top, *within(folder)):
        return [], []  # a link out of the project is told of the review's folder
    if message := wrong_folder(top):
        return [], [Breach(CODINGS, None, "", message)]
    told = "only folders stand here, one a coder; move the file into one of them, or away"
    there = _entries(top)
    codings = [entry for entry in there if entry.is_dir() or entry.is_symlink()]
    others = [entry for entry in there if entry not in codings and entry.name != DECISIONS]
    return codings, [Breach(f"{CODINGS}/{entry.name}", None, "", told) for entry in others]


def wrong_file(entry: Path, roots: Sequence[Path]) -> str:
    """Why something that stands where a file belongs is none; '' if it is one."""
    if message := leads_out(entry, *roots):
        return message
    if entry.is_file():
        return ""
    what = (
        "a folder" if entry.is_dir() else "a link that leads nowhere" if entry.is_symlink() else ""
    )
    return f"this is {what or 'not a file'}; move it away and save the file in its place"


def folder_breaches(folder: Path, prefix: str = "") -> Iterator[Breach]:
    """What is wrong with the folder itself: its name, and what stands in it and has no place there.

    What is wrong with a file of the form is told by whoever reads it."""
    if not is_slug(folder.name):
        could = f", such as '{slug(folder.name)}'" if slug(folder.name) else ""
        told = "the folder's name is no id; rename it with lower-case letters, digits and hyphens"
        yield Breach(prefix.rstrip("/") or folder.name, None, "", f"{told}{could}")
    wanted = [META, *(f"{name}.csv" for name in codebook().forms)]
    there = {entry.name: entry for entry in _entries(folder)}
    missing = [file for file in wanted if file not in there]
    roots = within(folder)
    for file, entry in there.items():
        own = file == SUGGESTED or (file == README and not prefix)
        if file in wanted or (own and entry.is_file()):
            continue
        if file in (CODINGS, TEXTS) and not prefix and entry.is_dir():
            if message := leads_out(entry, *roots):
                yield Breach(file, None, "", message)
            continue
        told = _stray(entry, wanted, missing, bool(prefix), is_file=not wrong_file(entry, roots))
        yield Breach(prefix + file, None, "", told)


def _stray(
    entry: Path, wanted: list[str], missing: list[str], coding: bool, *, is_file: bool
) -> str:
    """What is said of a file that has no place here: it may be the only copy, so nobody is told to
    delete it."""
    meant = nearest(entry.name, wanted) if is_file else ""
    if meant and Path(meant).suffix == entry.suffix.lower():
        told = f"this is no file of a review; did you mean '{meant}'?"
        if meant not in missing:
            return f"{told} It is there too: move this one out of the folder"
        missing.remove(meant)
        return f"{told} Rename it"
    if entry.suffix.lower() in SPREADSHEETS:
        return (
            "this is a workbook; move it out of this folder, and let casechron read-sheet write its"
            " sheets into the CSV files"
        )
    what = "coding" if coding else "review"
    also = "" if coding else f", {README}, the folders {CODINGS} and {TEXTS}"
    files = ", ".join(codebook().forms)
    return (
        f"this is no part of a {what}; move it out of this folder. A {what} has {META}{also} and"
        f" CSV files of these names: {files}"
    )


def _entries(folder: Path) -> list[Path]:
    """What stands in a folder, without hidden files, the locks of open spreadsheets and what
    Windows keeps there."""
    there = (entry for entry in folder.iterdir() if not entry.name.startswith((".", "~$")))
    return sorted(entry for entry in there if entry.name.lower() not in _OF_WINDOWS)
