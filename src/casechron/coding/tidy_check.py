"""Do the tidy tables hold together? Ids, cells, keys and rules, over rows that know where a coder
typed them.

Nothing here knows of files: who asks says how a row is spoken of, and puts each breach where it was
typed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice

from casechron.coding.cells import Ids, cell_breach, form_breach
from casechron.coding.characters import shown
from casechron.coding.codebook import codebook
from casechron.coding.rules import Rule, Tables
from casechron.coding.sheets import Breach, Row, Sheet

#: Wrong cells of one table that are told.
MANY = 1000
#: Rows that are looked at once more for the sake of readings.
TRIED = 500_000
#: Tables whose rows a rule takes together.
_WHOLE = frozenset({"people", "sources"})
#: How a message names another row: its sheet and the row.
Where = Callable[[Sheet, Row], str]
Rules = Mapping[Rule, frozenset[str]]


def unique_ids(
    sheets: Mapping[str, Sheet], where: Where
) -> tuple[Ids, dict[str, tuple[str, Row]], list[Breach]]:
    """The ids of the whole review, the row of each, and those that stand twice."""
    by_id: dict[str, tuple[str, Row]] = {}
    found: list[Breach] = []
    for name, sheet in sheets.items():
        for row in sheet.rows:
            value = row["id"]
            other, first = by_id.setdefault(value, (name, row)) if value else (name, row)
            if first is not row:
                told = f"{shown(value)} is already the id of {where(sheets[other], first)}; ids are"
                told = f"{told} unique in the whole review, so write another"
                found.append(Breach(sheet.file, row.line, "id", told))
    in_part = {name for name in codebook().tables if name not in sheets or not sheets[name].whole}
    return Ids({value: name for value, (name, _) in by_id.items()}, in_part), by_id, found


def cell_breaches(sheet: Sheet, ids: Ids) -> Iterator[Breach]:
    """Cells that their column does not allow; the rows then know them as refused."""
    # Codes and ids stand in many rows: what is wrong with one is found once.
    known = [(column, dict[tuple[str, str], str]()) for column in sheet.table.columns]
    wrong = 0
    for place, row in enumerate(sheet.rows, start=1):
        cells, refused = row.cells, row.refused
        for column, messages in known:
            value = cells.get(column.name)
            if value is None or column.name in refused:
                continue
            asked = value, ids.table_of.get(row["row"], "") if column.kind == "column" else ""
            if asked not in messages:
                messages[asked] = cell_breach(column, value, ids, asked[1])
            if message := messages[asked]:
                refused.add(column.name)
                wrong += 1
                yield Breach(sheet.file, row.line, column.name, message)
        if wrong > MANY and place < len(sheet.rows):
            # What is meant by each takes time to find out.
            sheet.whole = False
            for unseen in sheet.rows[place:]:
                unseen.refused.update(sheet.table.header)
            told = f"more than {MANY:,} cells of this table are wrong; mend them first, nothing"
            yield Breach(sheet.file, row.line, "", f"{told} after this line has been looked at")
            return


def key_breaches(sheet: Sheet, where: Where) -> Iterator[Breach]:
    """Rows that say again what another row says, by the table's key or by what it declares
    unique."""
    for key in (sheet.table.key, sheet.table.unique):
        if not key or key == ("id",):  # ids are unique in the whole review, which is asked above
            continue
        first: dict[tuple[str, ...], Row] = {}
        for row in sheet.rows:
            if not row.sound(*key):
                continue
            other = first.setdefault(tuple([row.cells[column] for column in key]), row)
            if other is not row:
                same = f"{', '.join(key[:-1])} and {key[-1]}"
                told = f"{same} are those of {where(sheet, other)}; delete one, or correct it"
                yield Breach(sheet.file, row.line, key[0], told)


def rule_breaches(
    tables: Tables, rules: Rules, changed: frozenset[str] | None = None
) -> list[Breach]:
    """What breaks a rule, or one that reads one of the changed tables."""
    return [
        breach
        for rule, reads in rules.items()
        if changed is None or reads & changed
        for breach in rule(tables)
    ]


class _Near:
    """The rows that rules look at for the sake of some rows: themselves, and those that name the id
    of one."""

    def __init__(self, tables: Tables, ids: set[str]) -> None:
        self.tables = tables
        self.naming: dict[str, dict[int, tuple[str, Row]]] = defaultdict(dict)
        for name, sheet in tables.sheets.items():
            for row in sheet.rows if name not in _WHOLE else ():
                for value in ids.intersection(row.cells.values()):
                    self.naming[value][id(row)] = name, row

    def of(self, ids: Iterable[str]) -> Tables:
        """The tables with no other rows than those near some, and with all of `_WHOLE`."""
        rows: dict[str, list[Row]] = defaultdict(list)
        near = {at: one for each in ids for at, one in self.naming[each].items()}
        for name, row in near.values():
            rows[name].append(row)
        sheets = self.tables.sheets
        some = {name: replace(sheets[name], rows=found) for name, found in rows.items()}
        return replace(self.tables, sheets={**some, **{name: sheets[name] for name in _WHOLE}})


def reading_breaches(
    tables: Tables,
    ids: Ids,
    rules: Rules,
    already: Iterable[Breach],
    told_of: Callable[[Breach], Breach],
) -> Iterator[Breach]:
    """An alternative value is one that the cell could hold, differs from it, and fits the rows it
    would stand in.

    ``told_of`` puts a breach that a reading would make where it was typed."""
    book = codebook()
    chosen: dict[str, list[tuple[Row, str, Row]]] = {}
    for row in tables.rows("readings"):
        if not row.sound("reading", "row", "column", "value") or row["row"] not in tables.by_id:
            continue
        table, target = tables.by_id[row["row"]]
        name, value = row["column"], row["value"]
        if message := form_breach(value) or cell_breach(
            book.tables[table].column(name), value, ids
        ):
            yield tables.at("readings", row, "value", message)
        elif value == target[name] and name in target.cells:
            same = f"already holds {shown(value)}" if value else "is empty already"
            told = f"{name} of {shown(row['row'])} {same}; write a value that differs from it"
            yield tables.at("readings", row, "value", told)
        else:
            chosen.setdefault(row["reading"], []).append((target, name, row))
    known, near = set(already), _Near(tables, {row["row"] for row in tables.rows("readings")})
    rows = sum(len(sheet.rows) for sheet in tables.sheets.values())
    tried = TRIED // max(rows, 1) or 1
    if len(chosen) > tried:
        told = f"there are {len(chosen):,} readings, and each is tried against {rows:,} rows; at"
        yield tables.at("readings", None, "reading", f"{told} most {tried:,} are for so many")
    for reading, changes in islice(chosen.items(), tried):
        kept = [
            (target, name, target.cells.get(name, ""), name in target.refused)
            for target, name, _ in changes
        ]
        for target, name, row in changes:
            target.cells[name] = row["value"]
            target.refused.discard(name)
        changed = frozenset(tables.by_id[row["row"]][0] for _, _, row in changes)
        seen = tables if changed & _WHOLE else near.of(row["row"] for _, _, row in changes)
        for breach in rule_breaches(seen, rules, changed):
            if breach not in known:
                told = f"under the reading '{reading}' a rule would be broken: {told_of(breach)}"
                yield tables.at("readings", changes[0][2], "value", told)
        for target, name, value, refused in reversed(kept):
            target.cells[name] = value
            if refused:
                target.refused.add(name)
