"""Do the tidy tables hold together, and is it sure which row an id names?

Ids, cells, keys and rules are asked over tidy rows, which know where a coder typed them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from casechron.characters import ID_LETTERS, listed, shown
from casechron.coding.cells import Ids, cell_breach
from casechron.coding.codebook import Table, codebook
from casechron.coding.expansion import NAMED_FORMS, Expanded, Origin, TidyRow, origin_of
from casechron.coding.messages import say
from casechron.coding.rules import (
    TIDY_RULES,
    Finding,
    Findings,
    TidyTables,
)
from casechron.coding.sheets import Breach, ReadForms

#: After so many wrong cells a table is not checked further.
MOST_WRONG_CELLS = 1000
#: How many rows are checked again under alternative readings.
MOST_TRIED = 500_000
#: Tables of which a rule needs all rows at once.
_WHOLE = frozenset({"people", "sources"})
#: Columns that go into the id of a tidy row that an item makes.
_IN_ID = ("event", "row", "agency", "person", "from_row", "to_row")
#: Columns that such a row takes from the row in whose cell the item stands, by its table.
_FROM_ROW_OF_CELL = {
    **dict.fromkeys(("involvement", "participation"), ("basis", "event")),
    **dict.fromkeys(("attributes", "themes"), ("basis", "row")),
}


def tidy_breaches(
    expanded: Expanded, meta: Mapping[str, object], already: Sequence[Breach], *, whole: bool
) -> list[Breach]:
    """Everything in the tidy tables that breaks a rule, at the cells of the form.

    Parameters
    ----------
    expanded
        The tidy tables.
    meta
        What review.toml says, as far as it can be relied on.
    already
        What is reported of the form: of a cell that was refused there, nothing more is.
    whole
        Whether all rows of the form could be read.
    """
    by_id, findings = _unique_ids(expanded.tables.values())
    tables = TidyTables(expanded.tables, by_id, meta, whole)
    ids = Ids({identity: row.table for identity, row in by_id.items()}, whole)
    for table in codebook().tables.values():
        findings += _cell_breaches(table, expanded.tables[table.name], ids)
    # Items that a cell repeats are reported when it is expanded.
    findings += _repeated_readings(expanded.tables["readings"])
    findings += _rule_breaches(tables)
    findings += _reading_breaches(tables, ids, list(findings))
    of_sources = any(breach.column == "sources" for breach in already)
    refused = {breach[:3] for breach in already}
    placed = [
        _typed(row, column, message)
        for row, column, message in findings
        if not _is_said_of_another(row, column, of_sources)
    ]
    return [breach for breach in placed if breach[:3] not in refused]


def _is_said_of_another(row: TidyRow | str, column: str, of_sources: bool) -> bool:
    """Whether a finding repeats one of another row: of the row in whose cell an item stands, or of
    all sources together."""
    if isinstance(row, str):
        return False
    if row.table == "sources" or not row.origins[0].item:
        return row.table == "sources" and of_sources
    if column == "id":
        parts = (row[name] for name in _IN_ID)
        return len(row["id"]) <= ID_LETTERS or any(len(part) > ID_LETTERS for part in parts)
    return column in _FROM_ROW_OF_CELL.get(row.table, ("basis",))


def _typed(row: TidyRow | str, column: str, message: str) -> Breach:
    """A breach of a tidy table where a coder typed it."""
    if isinstance(row, str):
        return Breach(f"{row}.csv", None, column, message)
    origin = row.origins[0]
    if row.table == "sources" and column in ("paragraphs", "salt", "digest"):
        located = row.origins[-1]
        return Breach(located.file, located.line or None, column, message)
    if row.table == "sources":
        message = message.replace("the cell is empty;", "the key is missing;")
        return Breach(origin.file, None, column, f"source {origin.item}: {message}")
    if column == "id" and origin.item:
        message = f"{message} in the id that it makes; shorten those that it is made of"
    if origin.item and not message.startswith(shown(origin.item)):
        message = f"{shown(origin.item)}: {message}"
    form, typed = codebook().forms.get(row.table), origin.column
    if form and column and not origin.item:  # the row as such made it, so one of its cells is meant
        typed = form.column_of(column)
    return Breach(origin.file, origin.line or None, typed or column, message)


def _unique_ids(tables: Iterable[Sequence[TidyRow]]) -> tuple[dict[str, TidyRow], list[Finding]]:
    """The row of each id of the whole review, and the ids that stand twice."""
    by_id: dict[str, TidyRow] = {}
    findings: list[Finding] = []
    for row in (row for rows in tables for row in rows if row["id"]):
        first = by_id.setdefault(row["id"], row)
        if first is not row:
            findings.append((row, "id", say("id-twice", id=row["id"], where=first.typed_at)))
    return by_id, findings


def _cell_breaches(table: Table, rows: Sequence[TidyRow], ids: Ids) -> Findings:
    """Cells that their column does not allow; the rows then know them as refused."""
    # Codes and ids recur in many rows, so each value is checked once.
    checked = [(column, dict[tuple[str, str], str]()) for column in table.columns]
    wrong = 0
    for place, row in enumerate(rows, start=1):
        for column, messages in checked:
            value = row.cells.get(column.name)
            if value is None:
                continue
            row_table = ids.table_of.get(row["row"], "") if column.kind == "column" else ""
            if (value, row_table) not in messages:
                messages[value, row_table] = cell_breach(column, value, ids, row_table)
            if message := messages[value, row_table]:
                row.refused.add(column.name)
                wrong += 1
                yield row, column.name, message
        if wrong > MOST_WRONG_CELLS and place < len(rows):
            # Guessing what was meant takes time, so the other rows are not checked.
            for unchecked in rows[place:]:
                unchecked.refused.update(table.header)
            yield row, "", say("too-many-wrong", many=MOST_WRONG_CELLS)
            return


def _repeated_readings(rows: Sequence[TidyRow]) -> Findings:
    """Readings of a cell that another row of the same reading has changed already."""
    key = codebook().tables["readings"].key
    columns = listed(key)
    first: dict[tuple[str, ...], TidyRow] = {}
    for row in rows:
        if row.sound(*key):
            earlier = first.setdefault(tuple(row[column] for column in key), row)
            if earlier is not row:
                yield row, key[0], say("row-twice", columns=columns, where=earlier.typed_at)


def _rule_breaches(tables: TidyTables) -> list[Finding]:
    """The findings of all rules."""
    return [finding for rule in TIDY_RULES for finding in rule(tables)]


def _naming(tables: TidyTables, ids: set[str]) -> dict[str, list[TidyRow]]:
    """The rows that name each of some ids, save those of `_WHOLE`."""
    naming: dict[str, list[TidyRow]] = defaultdict(list)
    for name, rows in tables.rows.items() if ids else ():
        for row in rows if name not in _WHOLE else ():
            for value in ids.intersection(row.cells.values()):
                naming[value].append(row)
    return naming


def _reading_breaches(tables: TidyTables, ids: Ids, already: Sequence[Finding]) -> Findings:
    """An alternative value is one that the cell could hold, differs from it, and fits the rows it
    would stand in."""
    chosen: dict[str, list[tuple[TidyRow, TidyRow]]] = {}
    for row in tables.rows["readings"]:
        if not row.sound("reading", "row", "column", "value") or row["row"] not in tables.by_id:
            continue
        target, name, value = tables.by_id[row["row"]], row["column"], row["value"]
        column = codebook().tables[target.table].column(name)
        if message := cell_breach(column, value, ids):
            yield row, "value", message
        elif value == target[name] and name in target.cells:
            same = "reading-same" if value else "reading-same-empty"
            yield row, "value", say(same, column=name, row=row["row"], value=value)
        else:
            chosen.setdefault(row["reading"], []).append((target, row))
    known = set(already)
    naming = _naming(tables, {row["row"] for row in tables.rows["readings"]})
    row_count = sum(map(len, tables.rows.values()))
    most = MOST_TRIED // max(row_count, 1) or 1
    if len(chosen) > most:
        message = say("too-many-readings", many=len(chosen), rows=row_count, most=most)
        yield "readings", "reading", message
    for reading, changes in islice(chosen.items(), most):
        before = [(target, target.cells, target.refused) for target, _ in changes]
        for target, row in changes:
            target.cells = target.cells | {row["column"]: row["value"]}
            target.refused = target.refused - {row["column"]}
        affected = tables
        if not any(target.table in _WHOLE for target, _ in changes):
            near = dict.fromkeys(row for _, change in changes for row in naming[change["row"]])
            rows_near = {
                name: rows if name in _WHOLE else [row for row in near if row.table == name]
                for name, rows in tables.rows.items()
            }
            affected = replace(tables, rows=rows_near)
        for finding in _rule_breaches(affected):
            if finding not in known:
                breach = _typed(*finding)
                yield changes[0][1], "value", say("reading-breaks", reading=reading, breach=breach)
        for target, cells, refused in reversed(before):
            target.cells, target.refused = cells, refused


#: The columns of tidy tables that name another row.
ENDS = {
    "links": ("from_row", "to_row"),
    "relations": ("from_event", "to_event"),
    "attributes": ("event",),
}


def references(expanded: Expanded, read: ReadForms) -> Iterator[tuple[str, Origin]]:
    """Each id by which a cell names another row than its own, and that cell."""
    tables = expanded.tables
    owner = {row["id"]: row.origins[0][:2] for form in NAMED_FORMS for row in tables[form]}
    for table, columns in ENDS.items():
        for tie in tables[table]:
            origin = tie.origins[0]
            for column in columns:
                if tie[column] and owner.get(tie[column]) != origin[:2]:
                    yield tie[column], origin if origin.item else origin._replace(column=column)
    for name in ("readings", "details"):
        for row in read.rows(name):
            yield row["row"], origin_of(row, "row")


def unsure_ids(expanded: Expanded, read: ReadForms) -> Iterator[Breach]:
    """Ids that several rows could be meant by: rows of one kind and month that have no id are
    numbered by what they hold, so that another row would be named as soon as one is added."""
    for identity, origin in references(expanded, read):
        if identity in expanded.alike:
            *lines, last = map(str, expanded.alike[identity])
            message = say("id-unsure", id=identity, lines=", ".join(lines), last=last)
            yield Breach(*origin[:3], message)
