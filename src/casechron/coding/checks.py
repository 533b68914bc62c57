"""Do the tidy tables of a review keep the rules of the codebook?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from casechron.coding.cells import Ids, cell_breach, form_breach
from casechron.coding.characters import shown
from casechron.coding.codebook import codebook
from casechron.coding.rules import ROW_RULES, Tables
from casechron.coding.sheets import Breach, Row, Sheet
from casechron.coding.years import TIME_RULES

#: Wrong cells of one table that are told.
MANY = 1000
#: Rows that are looked at once more for the sake of readings.
TRIED = 500_000
_EVERY = frozenset[str]().union(*ROW_RULES.values(), *TIME_RULES.values())


def _ids(sheets: dict[str, Sheet]) -> tuple[Ids, dict[str, tuple[str, Row]], list[Breach]]:
    """The ids of the whole review, and those that stand twice."""
    ids = Ids(
        in_part={name for name in codebook().tables if name not in sheets or not sheets[name].whole}
    )
    by_id: dict[str, tuple[str, Row]] = {}
    found: list[Breach] = []
    for name, sheet in sheets.items():
        for row in sheet.rows:
            if not (value := row["id"]):
                continue
            if value in by_id:
                other, first = by_id[value]
                where = (
                    f"line {first.line}"
                    if other == name
                    else f"{sheets[other].file} line {first.line}"
                )
                found.append(
                    Breach(
                        sheet.file,
                        row.line,
                        "id",
                        f"{shown(value)} is already the id of {where}; ids are "
                        "unique in the whole review, so write another",
                    )
                )
            else:
                by_id[value] = (name, row)
                ids.table_of[value] = name
    return ids, by_id, found


def _cells(sheet: Sheet, ids: Ids) -> Iterator[Breach]:
    """Cells that their column does not allow; the rows then know them as refused."""
    # Codes and ids stand in many rows: what is wrong with one is found once.
    known: dict[str, dict[tuple[str, str], str]] = {
        column.name: {} for column in sheet.table.columns
    }
    wrong = 0
    for place, row in enumerate(sheet.rows, start=1):
        cells, refused = row.cells, row.refused
        for column in sheet.table.columns:
            value = cells.get(column.name)
            if value is None or column.name in refused:
                continue
            asked = value, ids.table_of.get(row["row"], "") if column.kind == "column" else ""
            messages = known[column.name]
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
            yield Breach(
                sheet.file,
                row.line,
                "",
                f"more than {MANY:,} cells of this table are wrong; mend them first, nothing after"
                " this line has been looked at",
            )
            return


def _keys(sheet: Sheet) -> Iterator[Breach]:
    """Rows that say again what another row says, by the table's key or by what it declares
    unique."""
    for key in (sheet.table.key, sheet.table.unique):
        if not key or key == (
            "id",
        ):  # ids are unique in the whole review, which is asked elsewhere
            continue
        first: dict[tuple[str, ...], int] = {}
        for row in sheet.rows:
            if not row.sound(*key):
                continue
            cells = row.cells
            line = first.setdefault(tuple([cells[column] for column in key]), row.line)
            if line != row.line:
                yield Breach(
                    sheet.file,
                    row.line,
                    key[0],
                    f"{_listed(key)} are those of line {line}; the table has one "
                    "row for each: delete one, or correct it",
                )


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _rule_breaches(tables: Tables, changed: frozenset[str] = _EVERY) -> list[Breach]:
    """What breaks a rule that reads one of the changed tables."""
    rules = {**ROW_RULES, **TIME_RULES}
    return [breach for rule, reads in rules.items() if reads & changed for breach in rule(tables)]


def _readings(tables: Tables, ids: Ids, already: Iterable[Breach]) -> Iterator[Breach]:
    """An alternative value is one that the cell could hold, differs from it, and fits the rows it
    would stand in."""
    book = codebook()
    chosen: dict[str, list[tuple[Row, str, Row]]] = {}
    for row in tables.rows("readings"):
        if not row.sound("reading", "row", "column", "value") or row["row"] not in tables.by_id:
            continue
        table, target = tables.by_id[row["row"]]
        column = book.tables[table].column(row["column"])
        if message := form_breach(row["value"]) or cell_breach(column, row["value"], ids):
            yield tables.at("readings", row, "value", f"for {column.name} of {table}, {message}")
        elif row["value"] == target[column.name] and column.name in target.cells:
            same = (
                "is empty already" if not row["value"] else f"already holds {shown(row['value'])}"
            )
            yield tables.at(
                "readings",
                row,
                "value",
                f"{column.name} of {shown(row['row'])} {same}; an alternative "
                "differs from the default, which stands in the cell itself",
            )
        else:
            chosen.setdefault(row["reading"], []).append((target, column.name, row))
    known = set(already)
    rows = sum(len(sheet.rows) for sheet in tables.sheets.values())
    tried = TRIED // max(rows, 1) or 1
    if len(chosen) > tried:
        yield tables.at(
            "readings",
            None,
            "reading",
            f"there are {len(chosen):,} readings, and each is tried against {rows:,} rows; at most"
            f" {tried:,} are for so many",
        )
    for reading, changes in islice(chosen.items(), tried):
        kept = [
            (target, name, target.cells.get(name, ""), name in target.refused)
            for target, name, _ in changes
        ]
        for target, name, row in changes:
            target.cells[name] = row["value"]
            target.refused.discard(name)
        changed = frozenset(tables.by_id[row["row"]][0] for _, _, row in changes)
        for breach in _rule_breaches(tables, changed):
            if breach not in known:
                yield tables.at(
                    "readings",
                    changes[0][2],
                    "value",
                    f"under the reading '{reading}' a rule would be broken: {breach}",
                )
        for target, name, value, refused in reversed(kept):
            target.cells[name] = value
            if refused:
                target.refused.add(name)
