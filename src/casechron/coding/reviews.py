"""Where is a review, and what do its tables hold?"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from casechron.coding.characters import shown, text_breach
from casechron.coding.checks import CODINGS, Breach, check_codings, check_review, read_checked
from casechron.coding.codebook import codebook
from casechron.coding.data_key import vouched_files
from casechron.coding.files import from_here, is_review_id, is_slug, slug, wrong_folder
from casechron.coding.meta import META, ReviewMeta, meta_of
from casechron.coding.policy import DatingPolicy
from casechron.coding.sheets import Sheet, in_brief, nearest, sheet_of
from casechron.questions import ROOT_VARIABLE

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Breach",
    "ListedReview",
    "ReviewError",
    "ReviewMeta",
    "check_codings",
    "check_review",
    "find_review",
    "find_root",
    "list_reviews",
    "read_coding",
    "read_meta",
    "read_review",
]

_DEFAULT = DatingPolicy()


class ReviewError(ValueError):
    """Why a review cannot be read: a sentence, and the breaches if a check found them."""

    def __init__(self, message: str, breaches: Iterable[Breach] = ()) -> None:
        self.breaches = tuple(breaches)
        super().__init__("\n".join([message, *in_brief(self.breaches)]))


def find_root(start: str | Path | None = None) -> Path:
    """The folder that holds ``data/``, and ``notebooks/`` or a review in ``data/``.

    The environment variable CASECHRON_ROOT names it; else it is the nearest such folder at or above
    ``start`` (the current folder). Raises `ReviewError` when there is none.
    """
    if named := os.environ.get(ROOT_VARIABLE):
        root = Path(named).absolute()
        if not (root / "data").is_dir():
            raise ReviewError(
                f"{ROOT_VARIABLE} is '{named}', which holds no folder data; let it name the folder"
                " that holds data and notebooks, or unset it"
            )
        return root
    first = Path(start or ".").absolute()
    for folder in (first, *first.parents):
        data = folder / "data"
        if data.is_dir() and ((folder / "notebooks").is_dir() or any(data.glob("*/review.toml"))):
            return folder
    raise ReviewError(
        f"no folder with data and notebooks was found at or above {first}; go into the project's"
        f" folder, let {ROOT_VARIABLE} name it, or make one: casechron init FOLDER"
    )


@dataclass(frozen=True, slots=True)
class ListedReview:
    """A review as it stands in ``data/``: its id, its folder, and why nothing of it can be read,
    '' if something can."""

    name: str
    folder: Path
    problem: str = ""


def list_reviews(root: str | Path | None = None) -> list[ListedReview]:
    """All reviews of a project, those that cannot be read too, in alphabetical order.

    A review is what stands in ``data/`` and has a review.toml or an events.csv, or an id for its
    name, or is a link or a folder that cannot be looked into. All else, and what is hidden, is left
    alone.

    Parameters
    ----------
    root
        The project's folder; default: that of `find_root`.

    Returns
    -------
    list of ListedReview
        A review with a `problem` is to be told by it, and hinders no other.

    Raises
    ------
    ReviewError
        Where there is no project, or its ``data/`` cannot be read.

    Examples
    --------
    >>> [review.name for review in list_reviews() if review.problem]
    []
    """
    data = (Path(root) if root else find_root()) / "data"
    if message := wrong_folder(data):
        raise ReviewError(f"{from_here(data)}: {message}")
    listed = []
    for folder in sorted(data.iterdir()):
        problem = wrong_folder(folder)
        has = any(os.path.isfile(folder / file) for file in (META, "events.csv"))
        closed = problem and (os.path.islink(folder) or os.path.isdir(folder))
        if folder.name[0] not in "._" and (has or closed or is_review_id(folder.name)):
            listed.append(ListedReview(folder.name, folder, problem))
    return listed


def find_review(name: str | Path, root: str | Path | None = None) -> Path:
    """The folder of a review, from its id or from a path to it; an empty name is the first review
    there.

    So too of an independent coding, from a path or as ``<review>/codings/<coder>``.

    Raises `ReviewError` that names the nearest review, and all of them.
    """
    if name == "":
        # Whoever opens a notebook and runs it as it stands sees a review.
        base = Path(root) if root else find_root()
        for review in list_reviews(base):
            if not review.problem:
                return review.folder
        raise ReviewError(f"there is no review in {base / 'data'}; `casechron new` makes one")
    path = Path(name)
    if message := text_breach(str(name), "the name"):
        raise ReviewError(f"there is no review {shown(name)}: {message}")
    if path.is_absolute() or len(path.parts) != 1 or path.name in ("", ".."):
        if os.path.isdir(path):
            folder = Path(os.path.abspath(path))
            if not folder.name:
                raise ReviewError(f"{shown(name)} is the top of the file system, and no review")
            return _read_from(folder)
        return _below_data(path, root)
    data = (Path(root) if root else find_root()) / "data"
    if os.path.lexists(data / path):
        return _read_from(data / path)
    if os.path.isfile(path / META):
        return path.absolute()
    there = [review.name for review in list_reviews(data.parent)]
    meant = next((review for review in there if review.startswith(slug(str(name)))), "") or nearest(
        str(name), there
    )
    offer = f"did you mean '{meant}'? T" if meant else "t"
    names = (
        f"{offer}he reviews are: {', '.join(there)}"
        if there
        else "there is none yet: `casechron new` makes one"
    )
    raise ReviewError(f"there is no review {shown(name)} in {data}; {names}")


def _read_from(folder: Path) -> Path:
    """A folder that stands; `ReviewError` where nothing of it can be read."""
    if message := wrong_folder(folder):
        raise ReviewError(f"the review {shown(folder.name)} cannot be read: {message}")
    return folder


def _below_data(path: Path, root: str | Path | None) -> Path:
    """The folder of a path that begins with a review's id, as in ``<review>/codings/<coder>``."""
    if not path.is_absolute() and path.parts[:1] not in ((), ("..",)):
        data = (Path(root) if root else find_root()) / "data"
        if os.path.isdir(data / path):
            return _read_from(Path(os.path.abspath(data / path)))
        top = data / path.parts[0] / CODINGS
        if path.parts[1:2] == (CODINGS,) and top.is_dir():
            there = sorted(entry.name for entry in top.iterdir() if entry.is_dir())
            raise ReviewError(
                f"there is no folder {shown(path)} here or in {data}; its codings are:"
                f" {', '.join(there) or 'none'}"
            )
    raise ReviewError(f"there is no folder {shown(path)}")


def read_meta(folder: str | Path) -> ReviewMeta:
    """What the review.toml of a review says.

    ``folder`` is an id or a path. Raises `ReviewError` with every breach of the file.
    """
    path = find_review(folder)
    if not (path / META).is_file():
        raise ReviewError(
            f"the review '{path.name}' has no {META}; `casechron new` writes a blank one"
        )
    meta, found = meta_of(path / META)
    if meta is None:
        raise ReviewError(_intro(path.name, len(found)), found)
    return meta


def read_review(
    name_or_folder: str | Path, policy: DatingPolicy = _DEFAULT
) -> dict[str, pd.DataFrame]:
    """The tables of a review, by name, with the readings that the policy chooses.

    One frame a table of the codebook, in its order; columns in its order, all text, '' where the
    cell is empty; rows in the order of the file. A chosen reading replaces the value of each cell
    that it names; the table ``readings`` itself stays as written.

    Raises `ReviewError` with every breach that `check_review` finds, for a reading that the review
    does not have, and where two chosen readings change the same cell. Where the run that started
    this process has checked the very bytes that are read (`data_key`), they are not checked again.
    """
    folder = find_review(name_or_folder)
    sheets = _vouched(folder)
    if sheets is None:
        sheets, found = read_checked(folder)
        if found:
            raise ReviewError(_intro(folder.name, len(found)), found)
    _apply(sheets, policy.readings, folder.name)
    return _frames(sheets)


def read_coding(name_or_folder: str | Path, coder: str) -> dict[str, pd.DataFrame]:
    """The tables of an independent coding of a review, ``codings/<coder>/``, as `read_review` gives
    them."""
    top = find_review(name_or_folder) / "codings"
    folder = top / coder
    if not is_slug(coder) or not os.path.isdir(folder):
        there = (
            sorted(entry.name for entry in top.iterdir() if entry.is_dir()) if top.is_dir() else []
        )
        names = f"its codings are: {', '.join(there)}" if there else "it has none"
        raise ReviewError(f"the review '{top.parent.name}' has no coding {shown(coder)}; {names}")
    sheets, found = read_checked(folder, f"codings/{coder}/")
    if found:
        raise ReviewError(_intro(f"{top.parent.name}, coding {coder}", len(found)), found)
    return _frames(sheets)


def _vouched(folder: Path) -> dict[str, Sheet] | None:
    """The tables of a review whose bytes the run that started this process has checked, else
    None."""
    files = vouched_files(folder)
    wanted = codebook().tables
    if files is None or not all(f"{name}.csv" in files for name in wanted):
        return None
    sheets = {
        name: sheet_of(files[f"{name}.csv"], table, f"{name}.csv") for name, table in wanted.items()
    }
    return None if any(sheet.breaches for sheet in sheets.values()) else sheets


def _intro(name: str, count: int) -> str:
    return f"the review '{name}' cannot be read; {count} thing{'' if count == 1 else 's'} to mend:"


def _apply(sheets: dict[str, Sheet], readings: Iterable[str], review: str) -> None:
    there = list(dict.fromkeys(row["reading"] for row in sheets["readings"].rows))
    chosen = list(readings)
    if unknown := [reading for reading in chosen if reading not in there]:
        names = f"its readings are: {', '.join(there)}" if there else "it has none"
        which = ", ".join(f"'{reading}'" for reading in unknown)
        raise ReviewError(f"the review '{review}' has no reading {which}; {names}")
    by_id = {row["id"]: row for sheet in sheets.values() for row in sheet.rows if row["id"]}
    by: dict[tuple[str, str], str] = {}
    for row in sheets["readings"].rows:
        if row["reading"] not in chosen:
            continue
        other = by.setdefault((row["row"], row["column"]), row["reading"])
        if other != row["reading"]:
            raise ReviewError(
                f"the readings '{other}' and '{row['reading']}' both change {row['column']} of "
                f"'{row['row']}'; choose one of them"
            )
        by_id[row["row"]].cells[row["column"]] = row["value"]


def _frames(sheets: dict[str, Sheet]) -> dict[str, pd.DataFrame]:
    import pandas as pd  # here, because `casechron check` has no need of it and should not wait for it  # noqa: E501

    return {
        name: pd.DataFrame(
            {
                column: [row.cells.get(column, "") for row in sheet.rows]
                for column in sheet.table.header
            },
            columns=pd.Index(sheet.table.header),
            dtype="str",
        )
        for name, sheet in sheets.items()
    }
