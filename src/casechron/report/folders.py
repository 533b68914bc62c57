"""How does a report take its place, whole or not at all, whatever ends the run?

A report is made in a hidden folder beside the one that stands, and the two change places in one
step where the system can do that. What an interrupted run left behind is mended when the next one
begins. Only one run at a time may write into a folder of reports. What is not a report of ours is
never replaced or removed: somebody may have named the wrong folder."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from casechron.characters import legible
from casechron.coding.files import UnfitError, out_folder
from casechron.report.execution import RenderError
from casechron.report.export import MANIFEST, SITE, SITE_PAGES, digests, in_manifest

_HANDS_OFF = "it is not replaced; move it away, or write elsewhere with --out"
#: The files that mark a report of any version, and the word that marks a page of the package.
_MARKS, _PAGE_WORD = ("report.json", MANIFEST), b"casechron"
#: The names of the hidden folders of this module; no other hidden folder is touched.
_OURS = re.compile(r"\.(?P<review>.+)\.casechron-(?P<kind>new|old)")
#: How the name of the temporary folder of a run begins.
_TEMPORARY = "casechron-run-"


@contextmanager
def locked(reports_dir: Path) -> Iterator[None]:
    """Lock this folder against other renderers; `RenderError` if one holds it. The system ends the
    lock with the process."""
    reports_dir.mkdir(parents=True, exist_ok=True)
    with _opened(reports_dir) as handle:
        if not _lock(handle):
            raise RenderError(
                f"another run is rendering into {reports_dir}; wait until it has ended, or write"
                " elsewhere with --out"
            )
        yield


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    handle = os.open(folder / _LOCK, _FLAGS)
    try:
        yield handle
    finally:
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    # A folder cannot be opened there. The name is hidden, so no manifest holds it.
    _LOCK, _FLAGS = ".lock", os.O_RDWR | os.O_CREAT

    def _lock(handle: int, without_locks: bool = True) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    # Only a folder: to open a named pipe of somebody else would wait for ever.
    _LOCK, _FLAGS = "", os.O_RDONLY | os.O_DIRECTORY

    def _lock(handle: int, without_locks: bool = True) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            # A file system without locks.
            return without_locks
        return True


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A temporary folder of a run and its processes, removed at the end of the run.

    What a run that was killed has left is removed by the next one. The system holds each folder for
    the run that made it, as long as that lives."""
    for left in Path(tempfile.gettempdir()).glob(f"{_TEMPORARY}*"):
        with suppress(OSError), _opened(left) as handle:
            if _lock(handle, without_locks=False):
                shutil.rmtree(left, ignore_errors=True)
    with (
        tempfile.TemporaryDirectory(prefix=_TEMPORARY, ignore_cleanup_errors=True) as folder,
        _opened(Path(folder)) as handle,
    ):
        _lock(handle)
        yield Path(folder)


def guard(reports_dir: Path, project_root: Path) -> None:
    """Raise `RenderError` where a folder of reports would stand in the way of something else.

    Reports are not written into the folders that people write, nor over pages that are not ours,
    nor beside what is none, save in the project's own ``reports/``.
    """
    try:
        out_folder(reports_dir)
    except UnfitError as error:
        raise RenderError(str(error)) from error
    if reports_dir.exists() and not reports_dir.is_dir():
        raise RenderError(f"{reports_dir} is a file; name a new folder, or one of reports")
    for name in ("data", "notebooks", "src"):
        taken = (project_root / name).resolve()
        if reports_dir == taken or taken in reports_dir.parents:
            raise RenderError(
                f"{reports_dir}: reports are not written into {name}/, which people write; name"
                " another folder"
            )
    if reports_dir == project_root.resolve():
        raise RenderError(
            f"{reports_dir} is the project itself; name a folder within it, as in --out"
            " build/reports"
        )
    for name in SITE_PAGES:
        page = reports_dir / name
        if page.is_file() and _PAGE_WORD not in page.read_bytes():
            raise RenderError(
                f"{page} is no page of casechron, and is not written over; name another folder, or"
                " move it away"
            )
    if reports_dir != project_root.resolve() / "reports" and not _holds_reports(reports_dir):
        raise RenderError(
            f"{reports_dir} holds something else than reports ({_first_in(reports_dir)}); name a"
            " new folder, or an empty one"
        )


def _holds_reports(folder: Path) -> bool:
    """Whether a folder is one of reports, or new, or holds nothing but empty folders."""
    kept = [path for path in folder.glob("[!.]*") if not path.is_dir() or any(path.iterdir())]
    ours = any((folder / name).is_file() for name in SITE_PAGES)
    return not kept or ours or any(folder.glob("*/report.json"))


def _first_in(folder: Path) -> str:
    """The first names of what a folder holds."""
    return _first_of(sorted(path.name for path in folder.iterdir()))


def _first_of(names: Sequence[str]) -> str:
    return legible(", ".join([*names[:3], *["…"] * (len(names) > 3)]))


def _foreign_files(report: Path) -> list[str]:
    """The files in a report that its manifest does not name: somebody else's."""
    if not (report / MANIFEST).is_file():
        return []
    return sorted({*digests(report)} - {MANIFEST, *in_manifest(report)})


def mend(reports_dir: Path) -> None:
    """Clear away what an interrupted run left, and put back a report that it had only moved
    aside."""
    for path in sorted(reports_dir.glob(".*")):
        leftover = _OURS.fullmatch(path.name)
        if not leftover:
            continue
        target = reports_dir / leftover["review"]
        is_folder = path.is_dir() and not path.is_symlink()
        if leftover["kind"] == "old" and is_folder and not target.exists():
            # Ended between the two renames of `replace`: the old report is the whole one.
            path.rename(target)
        else:
            _remove(path)
    for name in SITE:
        (reports_dir / f"{name}.part").unlink(missing_ok=True)


def stage(reports_dir: Path, review: str) -> Path:
    """A new and empty folder beside a report, of which nobody takes notice."""
    report = reports_dir / review
    if report.is_symlink() or (report.exists() and not report.is_dir()):
        raise RenderError(f"{report} is no folder of a report; {_HANDS_OFF}")
    is_report = any((report / name).is_file() for name in _MARKS)
    if report.is_dir() and not is_report and any(report.iterdir()):
        raise RenderError(
            f"{report} holds something else than a report ({_first_in(report)}); {_HANDS_OFF}"
        )
    if others := _foreign_files(report):
        raise RenderError(
            f"{report} holds what was not rendered there ({_first_of(others)}) and would go with"
            " the old report; move it away"
        )
    folder = reports_dir / f".{review}.casechron-new"
    _remove(folder)
    folder.mkdir(parents=True)
    return folder


def replace(folder: Path, target: Path) -> Path:
    """Put the new report where the old one was; the old one is removed."""
    if target.exists() and _exchanged(folder, target):
        _remove(folder)
        return target
    old = target.with_name(f".{target.name}.casechron-old")
    if target.exists():
        _remove(old)
        target.rename(old)
    folder.rename(target)
    _remove(old)
    return target


def _remove(path: Path) -> None:
    """Remove a file, a folder or a link, not its target; a failure shows when the name is used."""
    if path.is_symlink() or path.is_file():
        with suppress(OSError):
            path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)


def _exchanged(first: Path, second: Path) -> bool:
    """Give two folders each other's name in one step, if the system can."""
    with suppress(AttributeError, OSError, TypeError):
        here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE of Linux
        rename = ctypes.CDLL(None, use_errno=True).renameat2
        paths = here, os.fsencode(first), here, os.fsencode(second)
        return bool(rename(*paths, ctypes.c_uint(exchange)) == 0)
    return False
