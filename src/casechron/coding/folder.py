"""What stands in the folder of a review or of a coding and does it belong there; and how does a new
review, coding or project begin?"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from casechron.characters import meant_then, nearest
from casechron.coding.codebook import codebook
from casechron.coding.files import (
    CODINGS,
    SUGGESTED,
    an_id,
    csv_text,
    from_here,
    is_coding,
    is_slug,
    leads_out,
    lies_within,
    prefix_of,
    project_of,
    slug,
    wrong_file,
    wrong_folder,
)
from casechron.coding.messages import say
from casechron.coding.meta import META, PLACEHOLDER, TEXTS
from casechron.coding.sheets import Breach

#: What two coders decided, which `casechron agree` keeps beside their folders.
DECISIONS = "decisions.csv"
#: What the folder of a review says to who opens it.
README = "README.md"
_WINDOWS_FILES = ("desktop.ini", "thumbs.db")
SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".ods", ".numbers")


def codings_in(folder: Path) -> tuple[list[Path], list[Breach]]:
    """The folders of a review's independent codings, and what stands among them and is none."""
    top = folder / CODINGS
    if not os.path.isdir(top) or leads_out(top, *lies_within(folder)):
        return [], []  # `folder_breaches` reports a link out of the project
    if message := wrong_folder(top):
        return [], [Breach(CODINGS, None, "", message)]
    message = "only folders stand here, one a coder; move the file into one of them, or away"
    entries = _entries(top)
    codings = [entry for entry in entries if entry.is_dir() or entry.is_symlink()]
    others = [entry for entry in entries if entry not in codings and entry.name != DECISIONS]
    return codings, [Breach(f"{CODINGS}/{entry.name}", None, "", message) for entry in others]


def folder_breaches(folder: Path) -> Iterator[Breach]:
    """What is wrong with the folder itself: its name, and what stands in it and has no place there.

    What is wrong with a file of the form is reported where it is read."""
    prefix = prefix_of(folder)
    # A review that is kept from `--all` can still be checked.
    if not is_slug(folder.name if prefix else folder.name.removeprefix("_")):
        could = f", such as '{slug(folder.name)}'" if slug(folder.name) else ""
        why = "the folder's name is no id; rename it with lower-case letters, digits and hyphens"
        yield Breach(prefix.rstrip("/") or folder.name, None, "", f"{why}{could}")
    wanted = [META, *(f"{name}.csv" for name in codebook().forms)]
    entries = {entry.name: entry for entry in _entries(folder)}
    roots = lies_within(folder)
    for file, entry in entries.items():
        allowed = file == SUGGESTED or (file == README and not prefix)
        if file in wanted or (allowed and entry.is_file()):
            continue
        if file in (CODINGS, TEXTS) and not prefix and entry.is_dir():
            if message := leads_out(entry, *roots):
                yield Breach(file, None, "", message)
            continue
        message = _stray(entry, wanted, bool(prefix), is_file=not wrong_file(entry, roots))
        yield Breach(prefix + file, None, "", message)


def _stray(entry: Path, wanted: list[str], coding: bool, *, is_file: bool) -> str:
    """What is said of a file that has no place here: it may be the only copy, so nobody is told to
    delete it."""
    if entry.suffix.lower() in SPREADSHEETS:
        return say("workbook-in-folder")
    what = "coding" if coding else "review"
    meant = nearest(entry.name, wanted) if is_file else ""
    offer = meant_then(meant, "rename it, or move it out of this folder")
    also = f"{META}{'' if coding else f', {README}, the folders {CODINGS} and {TEXTS}'}"
    return say("stray-file", what=what, offer=offer, also=also, files=", ".join(codebook().forms))


def _entries(folder: Path) -> list[Path]:
    """What stands in a folder, without hidden files, the locks of open spreadsheets and what
    Windows keeps there."""
    entries = (entry for entry in folder.iterdir() if not entry.name.startswith((".", "~$")))
    return sorted(entry for entry in entries if entry.name.lower() not in _WINDOWS_FILES)


#: The columns that a new events.csv has; every other one may be added.
STARTING_COLUMNS = ("date", "kind", "summary", "by", "to", "with", "about", "answers", "place")


class BlankError(ValueError):
    """Why no new review, coding or project was written."""


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
    top = Path(os.path.abspath(review)) / CODINGS
    if message := leads_out(top, *lies_within(top.parent)):
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
        why = error.strerror or type(error).__name__
        raise BlankError(f"{folder} cannot be written ({why})") from error
    return folder


def _worked_sheet() -> str:
    """events.csv with the heads that a sheet begins with and the codebook's worked row."""
    return csv_text(STARTING_COLUMNS, [codebook().forms["events"].example])


def blank_toml() -> str:
    """review.toml with a placeholder to a key and its help above it."""
    from jinja2 import Environment  # here, since a check needs no blank file

    template = Path(__file__).with_name("blank_review.toml.j2").read_text(encoding="utf-8")
    pages = Environment(trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    return pages.from_string(template).render(book=codebook(), placeholder=PLACEHOLDER)


def default_workbook(folder: Path) -> Path:
    """Where the workbook of a review or of a coding is written if nobody says where: in the
    project's folder, or in the current one where the review lies in no project.

    >>> default_workbook(Path("/p/data/child-x")).name
    'child-x.xlsx'
    >>> default_workbook(Path("/p/data/child-x/codings/bob")).name
    'child-x-bob.xlsx'
    """
    name = f"{folder.parents[1].name}-{folder.name}" if is_coding(folder) else folder.name
    return (project_of(folder) or Path.cwd()) / f"{name}.xlsx"


_PACKAGE = Path(__file__).parents[1]


def starter_folder() -> Path:
    """The folder of the notebooks and documents that come with the package.

    An installed package holds them; in a clone they are the clone's own.

    >>> sorted(path.name for path in (starter_folder() / "notebooks").glob("*.ipynb"))[0]
    '01_coding.ipynb'
    """
    installed = _PACKAGE / "starter"
    return installed if installed.is_dir() else _PACKAGE.parents[1]


def example_folder() -> Path:
    """The folder of the invented review that comes with the package, with its texts.

    >>> (example_folder() / "sources" / "report.md").is_file()
    True
    """
    reviews = sorted((starter_folder() / "data").glob(f"*/{META}"))
    return next(
        path.parent for path in reviews if tomllib.loads(path.read_text("utf-8")).get("invented")
    )


def new_project(project: Path, *, with_example: bool = False) -> list[str]:
    """Make a new project, ready for git: ``data/`` for reviews, the package's ``notebooks/``, one
    worked question of the project's own, a workflow that holds all to account, and the versions of
    all that is in use here; the names of the notebooks.

    In ``data/`` is the invented review, where that is asked for.

    Raises `BlankError` where the folder holds anything already.
    """
    entries = project.iterdir() if project.is_dir() else ()
    if names := sorted(path.name for path in entries if path.name != ".git"):
        first = ", ".join([*names[:3], *["…"] * (len(names) > 3)])
        raise BlankError(say("project-not-empty", folder=project, first=first))
    (project / "data").mkdir(parents=True)
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(_PACKAGE / "example", project, ignore=unwanted, dirs_exist_ok=True)
    if with_example:
        shutil.copytree(example_folder(), project / "data" / example_folder().name)
    for notebook in (starter_folder() / "notebooks").glob("*.ipynb"):
        shutil.copyfile(notebook, project / "notebooks" / notebook.name)
    workflow = project / ".github" / "workflows" / "reviews.yml"
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    text = workflow.read_text(encoding="utf-8").replace("PYTHON", python)
    workflow.write_text(text, encoding="utf-8", newline="")
    requirements = project / "requirements.txt"
    requirements.write_text(_requirements(), encoding="utf-8", newline="")
    # git keeps no empty folder, and a project is known by this one.
    (project / "data" / ".gitkeep").touch()
    return sorted(path.name for path in (project / "notebooks").glob("*.ipynb"))


def _requirements() -> str:
    """casechron and the packages that it depends on, in the versions that are installed here.

    A package that only some systems need is left to pip: no byte of a report depends on it."""
    from importlib.metadata import PackageNotFoundError, distribution

    from casechron import __version__

    lines, packages = [], ["casechron"]
    for package in packages:
        try:
            installed = distribution(package)
        except PackageNotFoundError:  # nbval, where only casechron itself is installed
            continue
        if package != "casechron":
            lines.append(f"{package}=={installed.version}")
        for requirement in installed.requires or ():
            needed, _, marker = requirement.partition(";")
            name = re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", needed, maxsplit=1)[0]).lower()
            of_nbval = package == "casechron" and re.fullmatch(r"""\s*extra == .nbval.""", marker)
            if name not in packages and (not marker or of_nbval):
                packages.append(name)
    return "\n".join([f"casechron[nbval]=={__version__}", *sorted(lines)]) + "\n"
