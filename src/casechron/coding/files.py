"""Which files and folders are read and written, which never, and which bytes are a review's?

How much of a file is read is declared here, once: more than any review has is refused before it is
read, so that whatever a folder holds, a check ends within seconds and says why. Nothing is read
through a link that leads out of the project, and nothing is written where an id or an option names
a place of somebody else's."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from casechron.characters import ID_LETTERS, legible, shown, text_breach
from casechron.coding.messages import say

#: Bytes of a table, of review.toml and of a source's text; lines of a table. The largest review
#: coded so far has 160 KB in 1,400 rows.
CSV_BYTES, TOML_BYTES, SOURCE_BYTES, LINES = 20_000_000, 100_000, 50_000_000, 50_000
#: The folder of a review that holds independent codings of it, each in a folder of its coder.
CODINGS = "codings"
_REVIEW = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+-(19|20)[0-9]{2}")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class UnfitError(ValueError):
    """Why a file is not read, or a folder not written."""


def read_limited(path: Path, most: int) -> bytes:
    """The bytes of a file of at most so many; `UnfitError` for what is larger, or is no file."""
    try:
        # Checked before opening, because opening a pipe waits until something writes into it.
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UnfitError("this is not a file; move it away and save the file in its place")
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        nowhere = isinstance(error, FileNotFoundError) and os.path.islink(path)
        why = "a link that leads nowhere" if nowhere else error.strerror or type(error).__name__
        raise UnfitError(f"the file cannot be read ({why})") from error
    if len(data) > most:
        size = max(len(data), status.st_size)
        raise UnfitError(f"the file has {size:,} bytes; at most {most:,} are read")
    return data


def read_file_of(folder: Path, name: str, most: int) -> bytes:
    """The bytes of a file in a review's folder; `UnfitError` where it is none, or lies
    elsewhere."""
    if message := wrong_file(folder / name, lies_within(folder)):
        raise UnfitError(message)
    return read_limited(folder / name, most)


def csv_text(columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> str:
    """A table as the text of a CSV file; what has no column is left out.

    >>> csv_text(["id", "label"], [{"id": "gp", "note": "two of them"}])
    'id,label\\ngp,\\n'
    """
    text = io.StringIO(newline="")
    writer = csv.DictWriter(
        text, [*columns], restval="", extrasaction="ignore", lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write_files(files: Mapping[Path, bytes | None]) -> None:
    """Write files whole, and none before all are ready; those without bytes are removed."""
    parts: list[tuple[Path, Path]] = []
    try:
        for path, data in files.items():
            if data is None:
                continue
            part = path.with_name(f"{path.name}.part")
            part.unlink(missing_ok=True)  # it may be a link, through which nothing is written
            part.touch(exist_ok=False)
            parts.append((part, path))
            part.write_bytes(data)
            if path.exists():
                shutil.copymode(path, part)
        for part, path in parts:
            os.replace(part, path)
    finally:
        for part, _ in parts:
            part.unlink(missing_ok=True)
    for path, data in files.items():
        if data is None:
            path.unlink()


def leads_out(path: Path, *within: Path) -> str:
    """What is wrong with a link that leads out of all of some folders; '' for any other path."""
    if not os.path.islink(path):
        return ""
    target = Path(os.path.realpath(path))
    if any(target.is_relative_to(os.path.realpath(folder)) for folder in within):
        return ""
    return say("link-out", target=target)


def is_coding(folder: Path) -> bool:
    """Whether a folder is an independent coding of a review, ``<review>/codings/<coder>``."""
    return folder.parent.name == CODINGS


def whole_review(folder: Path) -> Path:
    """The folder of the review that a folder is, or is a coding of."""
    return folder.parents[1] if is_coding(folder) else folder


def prefix_of(folder: Path) -> str:
    """What messages write before the names of a folder's files.

    >>> prefix_of(Path("data/child-x/codings/bob")), prefix_of(Path("data/child-x"))
    ('codings/bob/', '')
    """
    return f"{CODINGS}/{folder.name}/" if is_coding(folder) else ""


def project_of(folder: Path) -> Path | None:
    """The project of a review's folder, or of a coding's; None where it lies in no ``data/``."""
    review = whole_review(folder)
    return review.parents[1] if review.parent.name == "data" else None


def lies_within(folder: Path) -> list[Path]:
    """The folders out of which no link of a review may lead: the project and its data, or the
    review itself where it lies in no ``data/``."""
    project = project_of(folder)
    return [folder] if project is None else [project, project / "data"]


def wrong_folder(folder: Path) -> str:
    """Why nothing of a review's folder, or of a coding's, can be read; '' if it can."""
    if os.path.islink(folder) and not os.path.exists(folder):
        return "this is a link that leads nowhere; delete it"
    if project_of(folder) and (message := leads_out(folder, *lies_within(folder))):
        return message
    if not os.path.isdir(folder):
        return "this is not a folder" if os.path.lexists(folder) else "there is no such folder"
    try:
        os.listdir(folder)
        os.stat(folder / ".")  # may be denied where the names are not
    except OSError as error:
        return f"the folder cannot be read ({error.strerror or type(error).__name__})"
    return ""


def wrong_file(entry: Path, roots: Sequence[Path]) -> str:
    """Why something that stands where a file belongs is none; '' if it is one."""
    if message := leads_out(entry, *roots):
        return message
    if entry.is_file():
        return ""
    what = "not a file"
    if entry.is_dir():
        what = "a folder"
    elif entry.is_symlink():
        what = "a link that leads nowhere"
    return f"this is {what}; move it away and save the file in its place"


def slug(text: str) -> str:
    """The short name that a text would make; empty when nothing is left of it.

    >>> slug("Child W, 2020")
    'child-w-2020'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def is_slug(text: str) -> bool:
    """Whether a text is a short name: lower-case letters and digits, with hyphens between."""
    return _SLUG.fullmatch(text) is not None


def is_review_id(text: str) -> bool:
    """Whether a text is the id that a new review is given: child, body and year."""
    return _REVIEW.fullmatch(text) is not None


def an_id(text: str, of: str = "a review", *, new: bool = False) -> str:
    """The id that a person names a review or a coder by, as it is; `UnfitError` for what is none.

    An id is the name of one folder, never a path: what is made of it stands where its kind stands.
    That of a `new` review is child, body and year.

    >>> an_id("child-x-anytown-2021", new=True), an_id("pass-1", "a coder")
    ('child-x-anytown-2021', 'pass-1')
    """
    form = "write lower-case letters, digits and hyphens"
    form += ", child, body and year, as in child-x-example-2021" if new else ""
    if not text.strip():
        raise UnfitError(f"the id of {of} is empty; {form}")
    if len(text) > ID_LETTERS:
        raise UnfitError(text_breach(text, f"the id of {of}", most=ID_LETTERS))
    last = slug(re.split(r"[/\\]", text.rstrip("/\\"))[-1])
    meant = f"; did you mean '{last}'?" if is_review_id(last) or (last and not new) else ""
    if "/" in text or "\\" in text or text in (".", ".."):
        raise UnfitError(f"{shown(text)} is a path, and no id of {of}; {form}{meant}")
    if not (is_review_id(text) if new else is_slug(text)):
        raise UnfitError(f"{shown(text)} is no id of {of}; {form}{meant}")
    return text


def out_folder(text: str | Path) -> Path:
    """The folder that a person names to write into, in full; `UnfitError` for an empty name, the
    top of the file system and somebody's home."""
    if not str(text).strip():
        raise UnfitError("the folder's name is empty; name a new folder")
    folder = Path(os.path.abspath(text))
    # Names of the folders above are not checked: they were not chosen here.
    if message := text_breach(folder.name, "the folder's name"):
        raise UnfitError(message)
    real = os.path.realpath(folder)
    if os.path.dirname(real) == real:
        raise UnfitError(f"{shown(text)} is the top of the file system; name a new folder")
    if real == os.path.realpath(Path.home()):
        raise UnfitError(f"{shown(text)} is your home folder; name a new folder within it")
    return folder


def from_here(path: Path) -> str:
    """A path as a person at this place would write it: from the current folder if it lies below,
    else in full."""
    full, here = Path(os.path.abspath(path)), Path.cwd()
    return legible(full.relative_to(here) if full.is_relative_to(here) else full)


#: The variable in which a run that has checked a review names the review's `data_key` to the
#: notebooks that it starts, so that the check runs once a run and not once a notebook; of several
#: reviews their keys, with spaces between them.
VOUCHED_VARIABLE = "CASECHRON_VOUCHED"


#: What `casechron suggest` draws from a text, and no analysis reads.
SUGGESTED = "suggested.csv"


def data_files(review_dir: Path) -> dict[str, bytes]:
    """All that a notebook can read of its review: CSV and TOML files, those of second codings too,
    by their path in it. Candidates that `casechron suggest` drew are not of the coding.

    What no check reads is left out: what lies beyond a link out of the project, and what is larger
    than any table. The check refuses a review that has such a file."""
    files = {}
    for path in _walked(review_dir):
        name = path.relative_to(review_dir)
        is_data = path.suffix in (".csv", ".toml") and path.name != SUGGESTED and path.is_file()
        if is_data and not any(part.startswith(".") for part in name.parts):
            with suppress(UnfitError):
                files[name.as_posix()] = read_limited(path, CSV_BYTES)
    return dict(sorted(files.items()))


def data_key(*review_dirs: Path) -> str:
    """The SHA-256 of `data_files`: paths and bytes; of several reviews that of their keys.

    It is what a run gives to its notebooks in `VOUCHED_VARIABLE`. (`export.data_hash`, which pages
    show, leaves second codings out.)"""
    return joined_key([hash_of(data_files(folder).items()) for folder in review_dirs])


def joined_key(keys: Sequence[str]) -> str:
    """The key of several reviews, from theirs; of one its own."""
    return keys[0] if len(keys) == 1 else hash_of(("", key.encode()) for key in keys)


def vouched_files(review_dir: Path, vouched: str = "") -> dict[str, bytes] | None:
    """The files of a review, if somebody has vouched for these bytes: by default the run that
    started this process.

    None where nobody vouches, or for other bytes than those that are read now."""
    vouched = vouched or os.environ.get(VOUCHED_VARIABLE, "")
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
    roots = lies_within(folder)
    for at, folders, files in os.walk(folder, followlinks=True):
        above = {Path(at).resolve(), *Path(at).resolve().parents}
        inner = [name for name in folders if not leads_out(Path(at, name), *roots)]
        folders[:] = [name for name in inner if Path(at, name).resolve() not in above]
        yield from (path for name in files if not leads_out(path := Path(at, name), *roots))
