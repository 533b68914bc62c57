"""The codebook as a page: how a review is written, which code when, and what each code does.

The page is `codebook.md.j2`; here stands what its cells say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from casechron.coding.codebook import Column, Form, FormColumn, Roles, codebook
from casechron.coding.event_parties import COLUMNS
from casechron.coding.sheets import csv_text


def markdown() -> str:
    """The codebook as a page of Markdown: docs/codebook.md."""
    from jinja2 import Environment, FileSystemLoader  # here, since a check needs no page

    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent), trim_blocks=True, lstrip_blocks=True
    )
    book = codebook()
    kinds: dict[int, list[str]] = {}
    for kind, roles in book.roles.items():
        kinds.setdefault(id(roles), []).append(kind)
    functions = (written, part, flagged, csv_of, holds)
    return pages.get_template("codebook.md.j2").render(
        {function.__name__: function for function in functions},
        book=book,
        columns=COLUMNS,
        parts=[(alike, book.roles[alike[0]]) for alike in kinds.values()],
    )


def _list(name: str) -> str:
    """A list of codes with a link to it."""
    return f"[{codebook().lists[name].title}](#{name.replace('_', '-')})"


def written(form: Form, column: FormColumn) -> str:
    """How the cells of a column are written."""
    book = codebook()
    tidy = book.tables[form.becomes].columns if form.becomes else ()
    listed = column.list or next(
        (tidy_column.list for tidy_column in tidy if tidy_column.name == column.name), ""
    )
    how = f"a code of {_list(listed)}" if listed else "text"
    if column.form != "same":
        how = f"[{book.pages['notations'][column.form]['title'].lower()}](#how-{column.form})"
        how += f" of {_list(listed)}" if column.list else ""
    return f"{how}{' (needed)' if column.name in form.needed else ''}"


def part(roles: Roles, column: str) -> str:
    """What part a column gives to an agency and to a person; the child's before the adult's."""
    book = codebook()
    agency, persons = roles.agency[column], (roles.child[column], roles.adult[column])
    person = [book.label("participation_role", role) for role in dict.fromkeys(persons) if role]
    return (
        f"{book.label('involvement_role', agency) if agency else '–'} / {', '.join(person) or '–'}"
    )


def flagged(name: str, flag: str) -> str:
    """The codes of a list that carry a flag."""
    codes = codebook().codes(name).items()
    return ", ".join(f"`{code}`" for code, entry in codes if flag in entry.flags)


def csv_of(name: str, rows: Sequence[Mapping[str, str]]) -> str:
    """Rows of a file, as they stand in it."""
    columns = [
        column for column in codebook().forms[name].columns if any(column in row for row in rows)
    ]
    return csv_text(columns, rows).strip()


def holds(column: Column) -> str:
    """What the cells of a column of a tidy table hold."""
    if column.list:
        return f"a code of {_list(column.list)}"
    if column.refers:
        return f"the id of a row of `{column.refers}`"
    if column.tables:
        return "the id of a row of " + " or ".join(f"`{name}`" for name in column.tables)
    return codebook().kinds[column.kind]["holds"]
