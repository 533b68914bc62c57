"""Which bytes is a review, and has the run that started this process vouched for just these?"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from casechron.coding.files import CSV_BYTES, UnfitError, leads_out, read_limited, within

__all__ = ["VOUCHED_VARIABLE", "data_files", "data_key", "hash_of", "joined", "vouched_files"]

#: The variable in which a run that has checked a review names the review's `data_key` to the
#: notebooks that it starts, so that the check runs once a run and not once a notebook; of several
#: reviews their keys, with spaces between them.
VOUCHED_VARIABLE = "CASECHRON_VOUCHED"


def data_files(review_dir: Path) -> dict[str, bytes]:
    """All that a notebook can read of its review: CSV and TOML files, those of second codings too,
    by their path in it.

    What no check reads is left out: what lies beyond a link out of the project, and what is larger
    than any table. The check refuses a review that has such a file."""
    found = sorted(
        (path.relative_to(review_dir).as_posix(), path)
        for path in _walked(review_dir)
        if path.suffix in (".csv", ".toml")
    )
    files = {}
    for name, path in found:
        if path.is_file() and not _hidden(name):
            with suppress(UnfitError):
                files[name] = read_limited(path, CSV_BYTES)
    return files


def data_key(*review_dirs: Path) -> str:
    """The SHA-256 of `data_files`: paths and bytes; of several reviews that of their keys.

    It is what a run gives to its notebooks in `VOUCHED_VARIABLE`. (`export.data_hash`, which pages
    show, leaves second codings out.)"""
    keys = [hash_of(data_files(one).items()) for one in review_dirs]
    return keys[0] if len(keys) == 1 else joined(keys)


def joined(keys: Sequence[str]) -> str:
    """The key of several reviews, from theirs."""
    return hash_of(("", key.encode()) for key in keys)


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
    return files if hash_of(files.items()) in vouched.split() else None


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
    in a ring or out of the project is not followed."""
    roots = within(folder)
    for at, folders, files in os.walk(folder, followlinks=True):
        above = {Path(at).resolve(), *Path(at).resolve().parents}
        inner = [name for name in folders if not leads_out(Path(at, name), *roots)]
        folders[:] = [name for name in inner if Path(at, name).resolve() not in above]
        yield from (path for name in files if not leads_out(path := Path(at, name), *roots))


def _hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))
