"""What a workbook says of the review, into review.toml: only lines of values that differ change."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from typing import TYPE_CHECKING, Any

from casechron.coding.codebook import Key, codebook
from casechron.coding.meta import PLACEHOLDER
from casechron.coding.workbook import COMPLETE, REVIEW_KEYS, SOURCES, toml_cell, toml_sources

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


def _set(table: MutableMapping[str, Any], name: str, key: Key, cell: str) -> None:
    """Write a cell into a table; a key that has the value already keeps its line."""
    import tomlkit

    if toml_cell(table.get(name)) == cell:
        return
    if not cell and not key.needed:
        del table[name]
    elif key.kind == "year" and (not cell or cell.isdecimal()):
        table[name] = int(cell or 0)
    elif key.kind == "flag" and cell == "yes":
        table[name] = True
    elif "\n" in cell:
        table[name] = tomlkit.string(f"{cell}\n", multiline=True)
    else:
        table[name] = cell or PLACEHOLDER


def toml_with(text: str, says: Mapping[str, Any]) -> str:
    """A review.toml that says what a workbook does: only the lines of values that differ change.

    Its sources are the filled rows of their sheet, what is coded throughout is a list, and every
    other value a cell; a key that the workbook does not have stays.

    >>> before = 'title = "FILL IN"  # ours\\nyear = 2021\\n'
    >>> print(toml_with(before, {"title": "Child X", "year": "2021"}), end="")
    title = "Child X"  # ours
    year = 2021
    """
    import tomlkit

    file = tomlkit.parse(text)
    for name, value in says.items():
        if name == SOURCES:
            _set_sources(file, value)
        elif name != COMPLETE:
            _set(file, name, REVIEW_KEYS[name], value)
        elif set(declared := file.unwrap().get(COMPLETE, [])) != set(value):
            kept = [each for each in declared if each in value]
            file[COMPLETE] = [*kept, *(each for each in value if each not in kept)]
    return tomlkit.dumps(file)


#: The place of a source that the file has not got yet.
_NEW = -1


def _set_sources(file: TOMLDocument, rows: Sequence[Mapping[str, str]]) -> None:
    """Let a file have a source for each row: the one of its id, else one that no row names, else a
    new one. A source that is not filled in stays."""
    import tomlkit
    from tomlkit.items import AoT, Table

    keys = codebook().source_keys
    sources = toml_sources(file)
    unused = list(range(len(sources)))
    places: list[int] = []
    for row in rows:
        same_id = (at for at in unused if toml_cell(sources[at].get("id")) == row["id"])
        places.append(next(same_id, _NEW))
        if places[-1] != _NEW:
            unused.remove(places[-1])
    places = [unused.pop(0) if place == _NEW and unused else place for place in places]
    tables: list[Any] = []
    for place, row in zip(places, rows, strict=True):
        table = tomlkit.table() if place == _NEW else sources[place]
        for name, cell in row.items():
            _set(table, name, keys[name], cell)
        if place == _NEW:
            for name, key in keys.items():
                if key.needed:
                    table.setdefault(name, PLACEHOLDER)
        tables.append(table)
    unnamed = [sources[at] for at in unused]
    blank = [source for source in unnamed if not any(toml_cell(source.get(key)) for key in keys)]
    if _NEW not in places and places == sorted(places) and len(unnamed) == len(blank):
        return  # no source has gone, come or moved
    new = tomlkit.aot()
    for source in (*tables, *blank):
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
