"""What does review.toml say, as rows of two sheets, and what does it say after they were changed?

A cell is empty where the file has a placeholder, or nothing. Of the file nothing changes but the
values that differ from their cells: its comments and the order of its lines stay."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casechron.characters import text_breach
from casechron.coding.codebook import Form, FormColumn, Key, codebook
from casechron.coding.files import TOML_BYTES, lies_within, read_limited, wrong_file
from casechron.coding.meta import META, PLACEHOLDER
from casechron.coding.sheets import Row, Sheet
from casechron.coding.workbook_cells import WorkbookError

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

#: The sheets of a workbook that are review.toml.
REVIEW, SOURCES = "review", "sources"
#: Keys that are true or false in the file; in a cell yes, or nothing.
YES = ("invented", "default")
#: What the sheet of the review has a row for; what is coded throughout has a sheet of its own.
_ROWS = {name: key for name, key in codebook().keys.items() if name not in (SOURCES, "complete")}
_VALUE = "What the review says; empty: not filled in yet, or not said."


def _help(key: Key) -> str:
    return f"{key.write[:1].upper()}{key.write[1:]}."


def _form(name: str, needed: tuple[str, ...], columns: Mapping[str, str]) -> Form:
    """The two sheets are read and written as those of the tables are."""
    heads = {key: FormColumn(key, "same", meaning) for key, meaning in columns.items()}
    return Form(name, name, heads, needed=needed)


_HEADS = {"key": "What is asked for.", "value": _VALUE, "what": "What to write there."}
_SOURCE_HEADS = {name: _help(key) for name, key in codebook().source_keys.items()}
META_FORMS: Mapping[str, Form] = {
    REVIEW: _form(REVIEW, ("key", "value"), _HEADS),
    SOURCES: _form(SOURCES, ("id",), _SOURCE_HEADS),
}


def toml_text(folder: Path) -> str:
    """The text of a folder's review.toml; '' where it has none.

    Raises
    ------
    WorkbookError
        Where the file is not to be read, or is no TOML.
    """
    path = folder / META
    if not path.exists() and not path.is_symlink():
        return ""
    if message := wrong_file(path, lies_within(folder)):
        raise WorkbookError(f"{META}: {message}")
    try:
        text = read_limited(path, TOML_BYTES).decode("utf-8-sig")
        tomllib.loads(text)
    except ValueError as error:
        message = "it cannot be read; `casechron check` says where, and what to write"
        raise WorkbookError(f"{META}: {message}") from error
    return text


def meta_sheets(text: str) -> tuple[dict[str, Sheet], list[str]]:
    """The two sheets of a review.toml, and what of it no sheet could keep, a sentence each."""
    values = tomllib.loads(text)
    keys = [
        {"key": name, "value": _cell(values.get(name)), "what": _help(key)}
        for name, key in _ROWS.items()
    ]
    sources = [
        {key: _cell(source.get(key)) for key in _SOURCE_HEADS}
        for source in _tables(values.get(SOURCES))
    ]
    sheets = {}
    for name, cells in ((REVIEW, keys), (SOURCES, sources)):
        rows = [Row(at, row) for at, row in enumerate(cells, start=2)]
        sheets[name] = Sheet(META_FORMS[name].table, name, rows, [], whole=True)
    unfit = [
        f"{META}, {row['key'] if name == REVIEW else column}: {message}"
        for name, sheet in sheets.items()
        for row in sheet.rows
        for column, cell in row.cells.items()
        if (message := text_breach(cell, lines=name == REVIEW))
    ]
    return sheets, unfit


def _tables(value: object) -> list[Any]:
    """The sources of a file, or none where they are no list of tables."""
    good = isinstance(value, list) and all(isinstance(source, dict) for source in value)
    return value if good and isinstance(value, list) else []


def _cell(value: object) -> str:
    """A value as a cell has it."""
    if value is None or isinstance(value, bool):
        return "yes" if value else ""
    text = str(value)
    return "" if value == 0 or PLACEHOLDER in text else text.replace("\r\n", "\n").strip()


def _set(table: MutableMapping[str, Any], key: str, cell: str, *, needed: bool) -> None:
    """Write a cell into a table; a key that has the value already keeps its line."""
    import tomlkit

    value = table.get(key)
    if _cell(value) == cell:
        return
    if not cell and not needed:
        del table[key]
    elif key == "year" and (not cell or cell.isdecimal()):
        table[key] = int(cell or 0)
    elif key in YES and cell == "yes":
        table[key] = True
    elif "\n" in cell:
        table[key] = tomlkit.string(f"{cell}\n", multiline=True)
    else:
        table[key] = cell or PLACEHOLDER


def toml_with(
    text: str,
    review: Mapping[str, str],
    sources: Sequence[Mapping[str, str]] | None,
    complete: Sequence[str] | None,
) -> str:
    """A review.toml that says what a workbook does.

    Parameters
    ----------
    text
        The file as it is.
    review
        The cells of the sheet of the review by key; a key without a cell stays.
    sources
        The filled rows of the sheet of sources; None where there is no such sheet.
    complete
        What is coded throughout; None where the workbook does not say it.

    Returns
    -------
    str
        The file, in which only the lines of values that differ have changed.

    Examples
    --------
    >>> before = 'title = "FILL IN"  # ours\\nyear = 2021\\n'
    >>> print(toml_with(before, {"title": "Child X", "year": "2021"}, None, None), end="")
    title = "Child X"  # ours
    year = 2021
    """
    import tomlkit

    file = tomlkit.parse(text)
    for key, cell in review.items():
        _set(file, key, cell, needed=_ROWS[key].needed)
    if complete is not None:
        declared = file.unwrap().get("complete", [])
        if set(declared) != set(complete):
            kept = [name for name in declared if name in complete]
            file["complete"] = [*kept, *(name for name in complete if name not in kept)]
    if sources is not None:
        _set_sources(file, sources)
    return tomlkit.dumps(file)


def _set_sources(file: TOMLDocument, rows: Sequence[Mapping[str, str]]) -> None:
    """Let a file have a source for each row: the one of its id, else one that no row names, else a
    new one. A source that is not filled in stays."""
    import tomlkit
    from tomlkit.items import AoT, Table

    needed = [name for name, key in codebook().source_keys.items() if key.needed]
    there = _tables(file.get(SOURCES))
    left = list(range(len(there)))
    of_row: dict[int, int] = {}
    ids = [_cell(source.get("id")) for source in there]
    for at, row in enumerate(rows):
        if (same := next((place for place in left if ids[place] == row["id"]), None)) is not None:
            of_row[at] = same
            left.remove(same)
    for at in range(len(rows)):
        if at not in of_row and left:
            of_row[at] = left.pop(0)
    tables: list[Any] = []
    for at, row in enumerate(rows):
        table = there[of_row[at]] if at in of_row else tomlkit.table()
        for key, cell in row.items():
            _set(table, key, cell, needed=key in needed)
        if at not in of_row:
            for key in needed:
                table.setdefault(key, PLACEHOLDER)
        tables.append(table)
    blank = [at for at in left if not any(_cell(there[at].get(key)) for key in _SOURCE_HEADS)]
    order = [of_row[at] for at in sorted(of_row)]
    if order == sorted(order) and len(order) == len(rows) and len(left) == len(blank):
        return  # no source has gone, come or moved
    new = tomlkit.aot()
    for source in (*tables, *(there[at] for at in blank)):
        if not isinstance(table := source, Table):  # a source may stand within one line
            table = tomlkit.table()
            table.update(source)
        new.append(table)
    if not new or not isinstance(file.get(SOURCES), AoT):
        file.pop(SOURCES, None)  # what stands within one line cannot grow at its place
    if new and SOURCES not in file:
        file.add(tomlkit.nl())
    if new:
        file[SOURCES] = new
