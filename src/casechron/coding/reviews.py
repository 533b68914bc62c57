"""Where is a review, what do its tables hold, and which pages can be made of it?

A notebook says in the metadata of its first cell what it needs, as `"needs": ["by", "answers"]`:
columns of events.csv, files, or columns of a file such as `findings.rests_on`. Each says it: a page
that forgot to would tell of what nobody has coded."""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from casechron.characters import counted, listed, meant_then, nearest, shown, text_breach
from casechron.coding.codebook import codebook
from casechron.coding.expansion import Expanded
from casechron.coding.files import (
    CODINGS,
    from_here,
    is_coding,
    is_review_id,
    is_slug,
    slug,
    vouched_files,
    whole_review,
    wrong_folder,
)
from casechron.coding.folder import codings_in
from casechron.coding.form_check import FormCheck, by_message, check_form
from casechron.coding.messages import say
from casechron.coding.meta import META, ReviewMeta, meta_values
from casechron.coding.sheets import Breach, ReadForms, form_and_column
from casechron.dates.policy import DatingPolicy
from casechron.questions import ROOT_VARIABLE

if TYPE_CHECKING:
    import pandas as pd

_DEFAULT = DatingPolicy()


class ReviewError(ValueError):
    """Why a review cannot be read: a sentence, and the breaches if a check found them."""

    def __init__(self, message: str, breaches: Iterable[Breach] = ()) -> None:
        self.breaches = tuple(breaches)
        super().__init__("\n".join([message, *by_message(self.breaches)]))


class NeedsError(ValueError):
    """What a notebook says that it needs is nothing that can be coded."""


def find_root(start: str | Path | None = None) -> Path:
    """The folder that holds ``data/``, and ``notebooks/`` or a review in ``data/``.

    The environment variable CASECHRON_ROOT names it; else it is the nearest such folder at or above
    ``start`` (the current folder). Raises `ReviewError` when there is none.
    """
    if named := os.environ.get(ROOT_VARIABLE):
        root = Path(named).absolute()
        if not (root / "data").is_dir():
            raise ReviewError(say("root-without-data", variable=ROOT_VARIABLE, named=named))
        return root
    first = Path(start or ".").absolute()
    for folder in (first, *first.parents):
        data = folder / "data"
        if data.is_dir() and ((folder / "notebooks").is_dir() or any(data.glob("*/review.toml"))):
            return folder
    raise ReviewError(say("no-project", folder=first, variable=ROOT_VARIABLE))


class ListedReview(NamedTuple):
    """A review as it stands in ``data/``: its id, its folder, and why nothing of it can be read,
    '' if something can."""

    name: str
    folder: Path
    problem: str = ""


def list_reviews(root: str | Path | None = None) -> list[ListedReview]:
    """All reviews of a project, those that cannot be read too, in alphabetical order.

    A review is what stands in ``data/`` and has a review.toml or an events.csv, or an id for its
    name, or is a link or a folder that cannot be looked into. All else is left alone, and so is a
    name that begins with a dot or an underscore.

    Parameters
    ----------
    root
        The project's folder; default: that of `find_root`.

    Returns
    -------
    list of ListedReview
        A review with a `problem` cannot be read, and hinders no other.

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
        has_file = any(os.path.isfile(folder / file) for file in (META, "events.csv"))
        unread = problem and (os.path.islink(folder) or os.path.isdir(folder))
        if folder.name[0] not in "._" and (has_file or unread or is_review_id(folder.name)):
            listed.append(ListedReview(folder.name, folder, problem))
    return listed


def real_reviews(root: str | Path | None = None) -> list[ListedReview]:
    """Those of `list_reviews` that do not say that they are invented."""
    return [
        review
        for review in list_reviews(root)
        if meta_values(review.folder)[0].get("invented") is not True
    ]


def find_review(name: str | Path, root: str | Path | None = None) -> Path:
    """The folder of a review, from its id or from a path to it; an empty name is the first review
    there.

    So too of an independent coding, from a path or as ``<review>/codings/<coder>``.

    Raises `ReviewError` that names the nearest review, and all of them.
    """
    if name == "":
        # A notebook that is run unchanged shows the first review.
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
    names_there = [review.name for review in list_reviews(data.parent)]
    begins = (review for review in names_there if review.startswith(slug(str(name))))
    meant = next(begins, "") or nearest(str(name), names_there)
    names = meant_then(meant, f"the reviews are: {', '.join(names_there)}")
    names = names if names_there else "; there is none yet: `casechron new` makes one"
    raise ReviewError(f"there is no review {shown(name)} in {data}{names}")


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
            coders = ", ".join(_coders(top.parent)) or "none"
            raise ReviewError(say("no-such-coding", path=path, data=data, coders=coders))
    raise ReviewError(f"there is no folder {shown(path)}")


def read_meta(folder: str | Path) -> ReviewMeta:
    """What the review.toml of a review says.

    ``folder`` is an id or a path. An independent coding says of itself what its own review.toml
    has, and else what that of its review does; its id names both. Raises `ReviewError` with every
    breach of the file.
    """
    path = find_review(folder)
    has_toml, of_coding = (path / META).is_file(), is_coding(path)
    if not has_toml and not of_coding:
        raise ReviewError(say("review-without-toml", review=path.name))
    values, breaches = meta_values(path) if has_toml else ({}, [])
    if breaches:
        raise ReviewError(_intro(path, len(breaches)), breaches)
    keys = codebook().keys
    fields: dict[str, Any] = {
        name: value
        for name, value in values.items()
        if name in ReviewMeta._fields and (keys[name].needed or not of_coding)
    }
    fields["complete"] = tuple(cast("list[str]", values.get("complete", ())))
    if not of_coding:
        return ReviewMeta(id=path.absolute().name, **fields)
    whole = read_meta(whole_review(path))
    fields = {"coder": path.name, "coded_on": "", "notes": ""} | fields
    return whole._replace(id=f"{whole.id}/{CODINGS}/{path.name}", **fields)


@dataclass(frozen=True, slots=True)
class Coded:
    """What coders wrote of a review, read once.

    Attributes
    ----------
    tables : dict of str to pandas.DataFrame
        The tidy tables by name, one for each table of the codebook, in its order.
    to_do : tuple of Breach
        What is still to do; a review of which something is can be read nevertheless.
    forms : ReadForms
        The files as they were read: what is coded in them, and what is not.
    expanded : Expanded
        The rows of the tables, each with the cells that it came from.
    """

    tables: dict[str, pd.DataFrame]
    to_do: tuple[Breach, ...]
    forms: ReadForms
    expanded: Expanded


def read_coded(name_or_folder: str | Path, policy: DatingPolicy = _DEFAULT) -> Coded:
    """What coders wrote of a review: read, checked and expanded.

    Where the run that started this process has checked the very bytes that are read (`data_key`),
    they are not checked again.

    Parameters
    ----------
    name_or_folder
        The id of a review, or the path of a folder; also of an independent coding.
    policy
        Of the dating policy its readings: each replaces the value of the cells that it names, and
        the table ``readings`` itself stays as written.

    Returns
    -------
    Coded
        One frame a table, with the columns of the codebook, and after them those that only the
        form has (`Codebook.header`); all text, '' where nothing is said. Rows stand as those of the
        files that made them, and the items of a cell in its order.

    Raises
    ------
    ReviewError
        With everything that is wrong by `check_form`, for a reading that the review does not have,
        and where two chosen readings change the same cell.
    """
    folder = find_review(name_or_folder)
    checked = _checked(folder)
    expanded = with_readings(checked.expanded, policy.readings, folder.name)
    return Coded(frames_of(expanded), tuple(checked.to_do), checked.forms, expanded)


def read_coding(name_or_folder: str | Path, coder: str) -> dict[str, pd.DataFrame]:
    """The tables of an independent coding of a review, ``codings/<coder>/``, as those of
    `read_coded`."""
    if not isinstance(coder, str):
        raise TypeError(
            f"a coding is the name of a coder's folder, or a review, not {type(coder).__name__}"
        )
    top = find_review(name_or_folder) / CODINGS
    folder = top / coder
    if not is_slug(coder) or not os.path.isdir(folder):
        coders = _coders(top.parent)
        names = f"its codings are: {', '.join(coders)}" if coders else "it has none"
        raise ReviewError(f"the review '{top.parent.name}' has no coding {shown(coder)}; {names}")
    return frames_of(_checked(folder).expanded)


def _coders(review: Path) -> list[str]:
    """The coders who have a folder among a review's codings."""
    return [folder.name for folder in codings_in(review)[0]]


def _checked(folder: Path) -> FormCheck:
    """What a folder holds, if nothing is wrong with it."""
    files = None if is_coding(folder) else vouched_files(folder)
    checked = check_form(folder) if files is None else _vouched(folder, tuple(files.items()))
    if checked.wrong:
        raise ReviewError(_intro(folder, len(checked.wrong)), checked.wrong)
    return checked


def read_ahead(folder: Path, vouched: str) -> None:
    """Read a review whose bytes are vouched for, so that a fork of this process need not."""
    if not is_coding(folder) and (files := vouched_files(folder, vouched)) is not None:
        _vouched(folder, tuple(files.items()))


@lru_cache(maxsize=4)
def _vouched(folder: Path, files: tuple[tuple[str, bytes], ...]) -> FormCheck:
    """What a folder holds whose bytes somebody has checked; they are the same each time."""
    return check_form(folder, vouched=dict(files))


def _intro(folder: Path, count: int) -> str:
    name = whole_review(folder).name
    name += f", coding {folder.name}" if is_coding(folder) else ""
    return f"the review '{name}' cannot be read; {counted(count, 'thing')} to mend:"


def with_readings(expanded: Expanded, readings: Iterable[str], review: str) -> Expanded:
    """An expansion with the values of alternative readings in the cells that they name;
    `ReviewError` for a reading that is not there, and for two that change one cell."""
    rows = expanded.rows("readings")
    available = list(dict.fromkeys(row["reading"] for row in rows))
    chosen = list(readings)
    if unknown := [reading for reading in chosen if reading not in available]:
        names = f"its readings are: {', '.join(available)}" if available else "it has none"
        missing = ", ".join(f"'{reading}'" for reading in unknown)
        raise ReviewError(f"the review '{review}' has no reading {missing}; {names}")
    changed: dict[str, dict[str, str]] = defaultdict(dict)
    reading_of: dict[tuple[str, str], str] = {}
    for row in rows:
        if row["reading"] not in chosen:
            continue
        earlier = reading_of.setdefault((row["row"], row["column"]), row["reading"])
        if earlier != row["reading"]:
            raise ReviewError(say("two-readings", earlier=earlier, **row))
        changed[row["row"]][row["column"]] = row["value"]
    tables = {name: list(table) for name, table in expanded.tables.items()}
    replaced = {}
    for table in tables.values():
        for at, tidy_row in enumerate(table):
            if cells := changed.get(tidy_row["id"]):
                table[at] = replace(tidy_row, cells=tidy_row.cells | cells)
                for column in cells:
                    cell = tidy_row["id"], column
                    replaced[reading_of[cell], *cell] = tidy_row[column]
    return replace(expanded, tables=tables, replaced=replaced)


def frames_of(expanded: Expanded) -> dict[str, pd.DataFrame]:
    """The tidy tables of an expansion as frames."""
    return frames_with({name: expanded.rows(name) for name in expanded.tables})


def frames_with(tables: Mapping[str, Sequence[Mapping[str, str]]]) -> dict[str, pd.DataFrame]:
    """All tidy tables as frames of text, with these rows and the columns of `Codebook.header`; ''
    where a row has no such cell."""
    import pandas as pd  # `casechron check` has no need of it and should not wait for it

    text: Any = pd.api.types.pandas_dtype("str")  # looked up once, and not for each column
    frames = {}
    for name in codebook().tables:
        rows, header = tables.get(name, ()), codebook().header(name)
        columns = {head: pd.array([row.get(head, "") for row in rows], text) for head in header}
        frames[name] = pd.DataFrame(columns, copy=False)
    return frames


# What pages need


def complete_in(folder: Path) -> list[str]:
    """What the review.toml of a folder says is coded wherever the source speaks of it."""
    complete = meta_values(folder)[0].get("complete", [])
    return complete if isinstance(complete, list) else []


def needs_of(notebook: Mapping[str, Any]) -> tuple[str, ...]:
    """What a notebook needs, from the metadata of its first cell.

    Raises `NeedsError` where that says nothing, or no list of columns and files of the form.

    >>> needs_of({"cells": [{"metadata": {"needs": ["by", "findings"]}}]})
    ('by', 'findings')
    >>> needs_of({"cells": [{"metadata": {"needs": ["bye"]}}]})
    Traceback (most recent call last):
    ...
    casechron.coding.reviews.NeedsError: needs in the metadata of the first cell: there is no \
file and no column 'bye' of the form; did you mean 'by'?
    """
    place = "needs in the metadata of the first cell"
    cells = notebook.get("cells") or [{}]
    needs = cells[0].get("metadata", {}).get("needs")
    if needs is None:
        raise NeedsError(f"{place}: {say('no-needs')}")
    if not isinstance(needs, list) or not all(isinstance(name, str) for name in needs):
        raise NeedsError(f'{place}: {needs!r} is no list of names, such as ["by", "findings"]')
    for name in needs:
        try:
            form_and_column(name)
        except KeyError as error:
            raise NeedsError(f"{place}: {error.args[0]}") from error
    return tuple(needs)


def to_fill(lacking: Sequence[str]) -> str:
    """What to fill in, in words.

    >>> to_fill(["findings", "by", "answers"]).partition(", or ")[::2]
    ('Fill findings.csv and `by` and `answers` in events.csv', \
'say in `complete` of review.toml that the source is silent.')
    """
    columns: dict[str, list[str]] = defaultdict(list)
    for form, column in map(form_and_column, lacking):
        columns[f"{form}.csv"] += [f"`{column}`"] if column else []
    files = [f"{listed(names)} in {file}" if names else file for file, names in columns.items()]
    filled = f"Fill {listed(files)}"
    return f"{filled}, or say in `complete` of review.toml that the source is silent."


def pages_that_wait(folder: Path, forms: ReadForms) -> list[str]:
    """Of each page of the project that cannot be made of a review yet, what it would need: a line
    each, in the order of the notebooks' names.

    Raises `NeedsError` for a notebook that does not say it rightly."""
    complete, lines = complete_in(folder), []
    for path in sorted((folder.parent.parent / "notebooks").glob("*.ipynb")):
        try:
            notebook = json.loads(path.read_text(encoding="utf-8"))
            needs = needs_of(notebook)
        except (ValueError, AttributeError, OSError) as error:
            raise NeedsError(f"notebooks/{path.name}: {error}") from error
        if lacking := forms.lacking(needs, complete):
            lines.append(f"{question_of(notebook)} {to_fill(lacking)}")
    return lines


def question_of(notebook: Mapping[str, Any]) -> str:
    """The question that a notebook asks: its first heading; '' where it has none.

    >>> cell = {"cell_type": "markdown", "source": "# When did it happen?\\n\\nWords."}
    >>> question_of({"cells": [cell]})
    'When did it happen?'
    """
    for cell in notebook.get("cells", []):
        text = "".join(cell["source"]) if cell["cell_type"] == "markdown" else ""
        if heading := re.search(r"^#+\s+(.+?)\s*#*\s*$", text, re.MULTILINE):
            return heading[1]
    return ""
