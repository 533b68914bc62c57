"""Which bytes is a review, and has the run that started this process vouched for just these?"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

__all__ = ["VOUCHED_VARIABLE", "data_files", "data_key", "hash_of", "vouched_files"]

#: The variable in which a run that has checked a review names the review's `data_key` to the
#: notebooks that it starts, so that the check runs once a run and not once a notebook.
VOUCHED_VARIABLE = "CASECHRON_VOUCHED"


def data_files(review_dir: Path) -> dict[str, bytes]:
    """All that a notebook can read of its review: CSV and TOML files, those of second codings too,
    by their path in it."""
    found = sorted(
        (path.relative_to(review_dir).as_posix(), path)
        for path in _walked(review_dir)
        if path.is_file()
    )
    return {
        name: path.read_bytes()
        for name, path in found
        if name.endswith((".csv", ".toml")) and not _hidden(name)
    }


def data_key(review_dir: Path) -> str:
    """The SHA-256 of `data_files`: paths and bytes.

    It is what a run gives to its notebooks in `VOUCHED_VARIABLE`. (`export.data_hash`, which pages
    show, leaves second codings out.)"""
    return hash_of(data_files(review_dir).items())


def vouched_files(review_dir: Path) -> dict[str, bytes] | None:
    """The files of a review, if the run that started this process has vouched for these bytes.

    None where nobody vouches, or for other bytes than those that are read now."""
    vouched = os.environ.get(VOUCHED_VARIABLE, "")
    if not vouched:
        return None
    try:
        files = data_files(review_dir)
    except OSError:
        return None  # it is then checked, and the check names the file that cannot be read
    return files if hash_of(files.items()) == vouched else None


def hash_of(files: Iterable[tuple[str, bytes]]) -> str:
    """The SHA-256 of names and contents, in the order given."""
    import hashlib  # here, because `casechron check` has no need of it

    digest = hashlib.sha256()
    for name, content in files:
        # Lengths first, so that no two sets of files can run together to the same bytes.
        digest.update(f"{len(name.encode())}:{name}{len(content)}:".encode())
        digest.update(content)
    return digest.hexdigest()


def _walked(folder: Path) -> Iterator[Path]:
    """All files below a folder, those of linked folders too, as a notebook would find them; a link
    in a ring is not followed."""
    for at, folders, files in os.walk(folder, followlinks=True):
        above = {Path(at).resolve(), *Path(at).resolve().parents}
        folders[:] = [name for name in folders if Path(at, name).resolve() not in above]
        yield from (Path(at, name) for name in files)


def _hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))
