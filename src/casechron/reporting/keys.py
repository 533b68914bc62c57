"""What was a report made from, and is it still that?

Each report holds ``made_from.json``: hashes of its review's data, of casechron itself, of the lock,
of the modules beside the notebooks and of each notebook, with the parameters that it was given.
Nothing of a machine or of a version of Python is in it, so that a report that was committed is
known again wherever it is checked out. If all of that is as it was, and every byte is as the
manifest says, then making the report again would change nothing."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

import casechron
from casechron.reporting.export import MANIFEST, check_manifest, write_text
from casechron.reporting.tasks import Task

__all__ = [
    "DISTRIBUTIONS",
    "MADE_FROM",
    "Standing",
    "data_files",
    "data_key",
    "lock_key",
    "made_from",
    "module_files",
    "modules_key",
    "package_changed",
    "package_key",
    "standing",
    "versions",
    "write_made_from",
]

MADE_FROM = "made_from.json"
LOCK = "requirements.lock"
#: What has a hand in the bytes of a report. (tqdm draws the bar, and no more.)
DISTRIBUTIONS = (
    "contourpy",
    "cycler",
    "fonttools",
    "holidays",
    "ipykernel",
    "ipython",
    "jinja2",
    "kiwisolver",
    "markupsafe",
    "matplotlib",
    "matplotlib-inline",
    "mistune",
    "nbclient",
    "nbconvert",
    "nbformat",
    "numpy",
    "packaging",
    "pandas",
    "papermill",
    "pillow",
    "pyparsing",
    "python-dateutil",
    "six",
    "traitlets",
)
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)\s*==\s*([^\s;\\]+)", re.MULTILINE)


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


def _walked(folder: Path) -> Iterator[Path]:
    """All files below a folder, those of linked folders too, as a notebook would find them; a link
    in a ring is not followed."""
    for at, folders, files in os.walk(folder, followlinks=True):
        above = {Path(at).resolve(), *Path(at).resolve().parents}
        folders[:] = [name for name in folders if Path(at, name).resolve() not in above]
        yield from (Path(at, name) for name in files)


def data_key(review_dir: Path) -> str:
    """The SHA-256 of `data_files`: paths and bytes. (`export.data_hash`, which pages show, leaves
    second codings out.)"""
    return _hash_of(data_files(review_dir).items())


def module_files(project_root: Path) -> dict[str, bytes]:
    """The modules that a notebook can import of its project, by their path in it: those beside the
    notebooks and beside data/."""
    found = sorted({*project_root.glob("*.py"), *(project_root / "notebooks").glob("*.py")})
    return {
        path.relative_to(project_root).as_posix(): path.read_bytes()
        for path in found
        if path.is_file()
    }


def modules_key(project_root: Path) -> str:
    """The SHA-256 of `module_files`, or ``none``."""
    files = module_files(project_root)
    return _hash_of(files.items()) if files else "none"


@cache
def package_key() -> str:
    """The SHA-256 of casechron as it is installed: code, codebook, templates. It is the same
    wherever the package lies.

    It is that of the moment when this process first asked: what it has imported since is another
    matter (`package_changed`)."""
    return _package_key(_package())


def package_changed(key: str) -> bool:
    """Whether casechron, as its files are now, is another than the one with this key."""
    try:
        return _package_key(_package()) != key
    except FileNotFoundError:
        # Somebody is at it just now.
        return True


def _package() -> tuple[tuple[str, str, int, int], ...]:
    """The package's files: name, path, and what changes when somebody saves one."""
    top = Path(casechron.__file__).parent
    found = []
    for at, folders, files in os.walk(top):
        folders[:] = [
            name for name in folders if name != "__pycache__" and not name.startswith(".")
        ]
        for name in files:
            if not name.startswith("."):
                path = Path(at, name)
                there = path.stat()
                found.append(
                    (path.relative_to(top).as_posix(), str(path), there.st_mtime_ns, there.st_size)
                )
    return tuple(sorted(found))


@lru_cache(maxsize=1)
def _package_key(files: tuple[tuple[str, str, int, int], ...]) -> str:
    # It is asked for after every report; nothing is read again that nobody has saved.
    return _hash_of((name, Path(path).read_bytes()) for name, path, _, _ in files)


def lock_key(project_root: Path) -> str:
    """Which versions of others' packages are in use, as ``lock <SHA-256>`` or ``versions
    <SHA-256>``.

    The project's ``requirements.lock`` says it, if there is one and what is installed is what it
    pins: it may pin one version for one Python and another for the next, and still be one lock.
    Else the installed versions of `DISTRIBUTIONS` say it."""
    lock = project_root / LOCK
    installed = versions()
    if lock.is_file():
        content = lock.read_bytes()
        pinned = {
            (_plain(name), version)
            for name, version in _PIN.findall(content.decode("utf-8", errors="replace"))
        }
        if pinned.issuperset(installed.items()):
            return f"lock {hashlib.sha256(content).hexdigest()}"
    return f"versions {_hash_of((name, version.encode()) for name, version in installed.items())}"


@cache
def _installed() -> tuple[tuple[str, str], ...]:
    found = []
    for name in DISTRIBUTIONS:
        try:
            found.append((name, metadata.version(name)))
        except metadata.PackageNotFoundError:
            found.append((name, "none"))
    return tuple(found)


def versions() -> dict[str, str]:
    """The installed versions of `DISTRIBUTIONS`."""
    return dict(_installed())


def made_from(data: str, tasks: Sequence[Task], lock: str, modules: str = "none") -> dict[str, Any]:
    """What the report of a review is made from, as ``made_from.json`` holds it.

    `data` is its `data_key`, taken before anything was read of the review: what is saved meanwhile
    is then not overlooked."""
    said = {
        "data": data,
        "casechron": package_key(),
        "packages": lock,
        "modules": modules,
        "notebooks": {
            task.page.stem: {
                "source": hashlib.sha256(task.source.encode("utf-8")).hexdigest(),
                "parameters": task.parameters,
            }
            for task in tasks
        },
    }
    # As it will be when it is read again; a value that JSON does not know is known by its looks.
    whole: dict[str, Any] = json.loads(json.dumps(said, default=repr))
    return whole


def write_made_from(folder: Path, said: dict[str, Any]) -> None:
    """Write ``made_from.json`` into a report."""
    write_text(folder / MADE_FROM, json.dumps(said, ensure_ascii=False, indent=1) + "\n")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a report stands to what it would now be made from.

    `files` are as the manifest says, if it is `unchanged`; else `why` it is to be rendered, and
    `kept` holds by stem what of its executed notebooks would be no different."""

    unchanged: bool = False
    files: int = 0
    why: str = ""
    kept: dict[str, str] = field(default_factory=dict, hash=False)


def standing(folder: Path, wanted: dict[str, Any]) -> Standing:
    """How the report in `folder` stands to what it is now to be made from; every byte of it is
    read."""
    if not (folder / MANIFEST).is_file():
        return Standing()
    try:
        breaches = check_manifest(folder)
        there = (folder / MADE_FROM).is_file()
        had = (
            json.loads((folder / MADE_FROM).read_text(encoding="utf-8"))
            if there and not breaches
            else {}
        )
    except (OSError, ValueError) as error:
        breaches, had, there = [f"{type(error).__name__}: {error}"], {}, True
    if breaches:
        more = f" and {len(breaches) - 1} more" if len(breaches) > 1 else ""
        return Standing(why=f"it was not as it had been rendered ({breaches[0]}{more})")
    if not there:
        return Standing(why="it did not say what it was made from")
    if not _readable(had):
        return Standing(why=f"its {MADE_FROM} could not be read")
    if _same(had, wanted):
        lines = (folder / MANIFEST).read_text(encoding="utf-8").splitlines()
        return Standing(unchanged=True, files=len(lines))
    return Standing(why=_changes(had, wanted), kept=_kept(folder, had, wanted))


_SAID = {
    "data": "its data",
    "casechron": "casechron",
    "packages": "the packages in use",
    "modules": "the modules beside the notebooks",
}


def _same(one: Any, other: Any) -> bool:
    """Whether two things are the same as JSON: 1, 1.0 and true are not, nor are two orders; a
    notebook shows the difference."""
    return json.dumps(one) == json.dumps(other)


def _readable(had: Any) -> bool:
    notebooks = had.get("notebooks") if isinstance(had, dict) else None
    return isinstance(notebooks, dict) and all(
        isinstance(said, dict) for said in notebooks.values()
    )


def _changes(had: dict[str, Any], wanted: dict[str, Any]) -> str:
    """What has changed, in words."""
    changed = [words for part, words in _SAID.items() if had.get(part) != wanted[part]]
    before, now = had["notebooks"], wanted["notebooks"]
    changed += [
        stem for stem in now if stem in before and before[stem].get("source") != now[stem]["source"]
    ]
    if any(
        stem in before and not _same(before[stem].get("parameters"), now[stem]["parameters"])
        for stem in now
    ):
        changed.append("the parameters")
    parts = [f"{_listed(changed)} changed"] if changed else []
    parts += [
        f"{_listed(new)} came to it"
        for new in [[stem for stem in now if stem not in before]]
        if new
    ]
    parts += [
        f"{_listed(gone)} went" for gone in [[stem for stem in before if stem not in now]] if gone
    ]
    return ", ".join(parts) or "what it is made from is written otherwise"


def _kept(folder: Path, had: dict[str, Any], wanted: dict[str, Any]) -> dict[str, str]:
    """The executed notebooks of a whole report that would be no different if they ran again."""
    if any(had.get(part) != wanted[part] for part in _SAID):
        return {}
    same = [
        folder / f"{stem}.ipynb"
        for stem, said in wanted["notebooks"].items()
        if _same(had["notebooks"].get(stem), said)
    ]
    return {path.stem: path.read_text(encoding="utf-8") for path in same if path.is_file()}


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))


def _hash_of(files: Iterable[tuple[str, bytes]]) -> str:
    digest = hashlib.sha256()
    for name, content in files:
        # Lengths first, so that no two sets of files can run together to the same bytes.
        digest.update(f"{len(name.encode())}:{name}{len(content)}:".encode())
        digest.update(content)
    return digest.hexdigest()


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
