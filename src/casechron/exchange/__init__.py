"""A review in formats that other programs read, each one new file: the tables of its report as a
data package, the codebook and the coded text for programs of qualitative analysis, and the coded
tables as a database.

Here stands what all of them share: the file is new, whole, and has the same bytes each time."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

from casechron import __version__
from casechron.characters import shown
from casechron.report.export import data_hash
from casechron.review import Review

__all__ = ["ExchangeError", "new_path", "told_of", "write_new", "zipped"]


class ExchangeError(ValueError):
    """Why something is not written for other programs, and what to do about it."""


def told_of(review: Review) -> dict[str, str]:
    """What goes with a review wherever it goes: what review.toml says, by which digest its data are
    cited, which casechron computed with them, and under which dating policy."""
    told = review.meta._asdict() | {"complete": "; ".join(review.meta.complete)}
    told |= {"invented": "yes" if review.meta.invented else "no"}
    told |= {"data_sha256": data_hash(review.folder), "casechron": __version__}
    told |= {f"dating policy: {name}": value for name, value, _ in review.policy.describe()}
    return {what: str(value) for what, value in told.items()}


def new_path(path: Path, ending: str) -> Path:
    """The path of a file that is not there yet, in a folder that is.

    Parameters
    ----------
    path
        The file as a person named it.
    ending
        How its name has to end, as in ``.zip``: other programs tell by it what a file is.

    Returns
    -------
    pathlib.Path
        The path.

    Raises
    ------
    ExchangeError
        Where the name ends otherwise, the folder is missing, or something is there already: whose
        it is and whether somebody worked on it cannot be seen, so nothing is written over.
    """
    if path.suffix.lower() != ending:
        raise ExchangeError(f"{shown(path.name)} is no name for it; let it end in {ending}")
    if os.path.lexists(path):
        raise ExchangeError(
            f"{path.name} exists already, and may hold what is nowhere else; choose another name,"
            " or move it away first"
        )
    if not path.parent.is_dir():
        raise ExchangeError(f"there is no folder {shown(path.parent)}; make it, or name another")
    return path


def write_new(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file that is not there yet; a `private` one can be read by its owner alone.

    Raises `FileExistsError` where it has come about meanwhile."""
    mode = 0o600 if private else 0o666
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """An archive of files by name, in their order; without times, so that its bytes depend on
    nothing else.

    >>> zipped({"a.txt": b"a"}) == zipped({"a.txt": b"a"})
    True
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return out.getvalue()
