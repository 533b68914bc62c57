"""What may be written in the tables of a review: the codebook, declared once in codebook.toml.

Validation, blank tables, docs/codebook.md and the labels in figures all read this declaration.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a list: what may stand in a cell, what it means and how it is used."""

    code: str
    label: str
    definition: str
    rule: str
    example: str
    flags: frozenset[str] = frozenset()
    force: str = ""
    from_tables: tuple[str, ...] = ()
    to_tables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeList:
    """A closed list of codes."""

    name: str
    title: str
    codes: Mapping[str, Code]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what kind of value it holds, whether it must be filled, what it means."""

    name: str
    kind: str
    meaning: str
    required: bool = False
    list: str = ""
    refers: str = ""
    tables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its grain, its key, its columns in order, and worked rows."""

    name: str
    grain: str
    key: tuple[str, ...]
    unique: tuple[str, ...]
    columns: tuple[Column, ...]
    examples: tuple[Mapping[str, str], ...]

    @property
    def header(self) -> list[str]:
        """The names of the columns, in order."""
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        """The column of a name; KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"table {self.name} has no column {name}; it has {', '.join(self.header)}")


@dataclass(frozen=True, slots=True)
class FormColumn:
    """One column of a form: how its cells are read, what becomes of them, and what an empty one
    means."""

    name: str
    form: str
    meaning: str
    becomes: tuple[str, ...] = ()
    empty: str = ""
    list: str = ""
    link: str = ""
    reverse: bool = False
    empty_basis: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """One file that coders fill in: the tidy table that its rows become ('' where none), and the
    columns which that table then has besides its own."""

    name: str
    becomes: str
    adds: tuple[str, ...]
    columns: Mapping[str, FormColumn]
    #: The columns that must be there; all others may be missing.
    needed: tuple[str, ...] = ()
    #: The worked row with which the file of a new review begins; empty where it begins without.
    example: Mapping[str, str] = field(default_factory=dict)

    @property
    def table(self) -> Table:
        """The file as a table of texts."""
        columns = (Column(one.name, "text", one.meaning) for one in self.columns.values())
        return Table(self.name, "", (), (), tuple(columns), ())

    def column_of(self, tidy: str) -> str:
        """The column that is typed for a column of the tidy table; '' where none is.

        >>> codebook().forms["events"].column_of("count_max")
        'count'
        """
        return next((name for name, column in self.columns.items() if tidy in column.becomes), "")


@dataclass(frozen=True, slots=True)
class Roles:
    """The roles that the columns of one kind of event give: to an agency, to a child or sibling,
    to any other person; '' where the column is not for them."""

    agency: Mapping[str, str]
    child: Mapping[str, str]
    adult: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Words:
    """What the words in an item's bracket are: for each thing that an item can name, each word and
    the tidy column that it fills."""

    columns: Mapping[str, Mapping[str, str]]
    unspecified: frozenset[str]
    opinions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Codebook:
    """The whole declaration."""

    version: str
    lists: Mapping[str, CodeList]
    tables: Mapping[str, Table]
    forms: Mapping[str, Form]
    roles: Mapping[str, Roles]
    words: Words
    #: Kinship of the persons who have a child's role.
    children: frozenset[str]
    #: The role of an agency in `by` of an absence, and its grade in `without` of any other row.
    absent_by: str
    absent_without: str
    #: Kinds of which the row says whether they last.
    either: frozenset[str]
    ready: Mapping[str, Mapping[str, str]]
    #: What is implied where a column names nobody: the party ('' for the one child) and the kinds.
    implied: Mapping[str, tuple[str, frozenset[str]]]

    def header(self, table: str) -> list[str]:
        """The columns of a tidy table as it is read: its own, and then those that only a form has.

        >>> codebook().header("readings")[-3:]
        ['reason', 'kind', 'place']
        """
        adds = [one for form in self.forms.values() if form.becomes == table for one in form.adds]
        return [*self.tables[table].header, *adds]

    def codes(self, list_name: str) -> Mapping[str, Code]:
        """The codes of a list, in order."""
        return self.lists[list_name].codes

    def label(self, list_name: str, code: str) -> str:
        """What a code is called where people read it."""
        return self.lists[list_name].codes[code].label

    def flagged(self, list_name: str, flag: str) -> frozenset[str]:
        """Which codes of a list carry a flag?

        >>> sorted(codebook().flagged("event_kind", "protected"))
        ['birth']
        """
        return frozenset(
            code for code, entry in self.codes(list_name).items() if flag in entry.flags
        )


def _code(code: str, entry: Mapping[str, Any]) -> Code:
    known = {"label", "definition", "rule", "example", "flags", "force", "from", "to"}
    if unknown := set(entry) - known:
        raise ValueError(
            f"codebook.toml, code {code}: {sorted(unknown)} is no part of a code; allowed:"
            f" {sorted(known)}"
        )
    text = {
        name: str(entry.get(name, ""))
        for name in ("label", "definition", "rule", "example", "force")
    }
    many = {
        name: tuple(str(value) for value in entry.get(name, ())) for name in ("flags", "from", "to")
    }
    return Code(
        code=code,
        **text,
        flags=frozenset(many["flags"]),
        from_tables=many["from"],
        to_tables=many["to"],
    )


def _form(entry: Mapping[str, Any]) -> Form:
    columns = [
        FormColumn(**{**column, "becomes": tuple(column["becomes"])}) for column in entry["columns"]
    ]
    return Form(
        entry["name"],
        entry["becomes"],
        tuple(entry.get("adds", ())),
        {column.name: column for column in columns},
        tuple(entry.get("needed", ())),
        entry.get("example", {}),
    )


def _roles(entry: Mapping[str, Any]) -> dict[str, Roles]:
    columns = {name: roles for name, roles in entry.items() if name != "kinds"}
    of = Roles(
        {name: roles[0] for name, roles in columns.items()},
        {name: roles[1] for name, roles in columns.items()},
        {name: roles[-1] for name, roles in columns.items()},
    )
    return dict.fromkeys(entry["kinds"], of)


def _words(declared: Mapping[str, Any], lists: Mapping[str, CodeList]) -> Words:
    named = {name: entry for name, entry in declared.items() if isinstance(entry, dict)}
    return Words(
        {
            name: {code: column for of, column in entry.items() for code in lists[of].codes}
            for name, entry in named.items()
        },
        frozenset(declared["unspecified"]),
        frozenset(declared["opinions"]),
    )


def _column(entry: Mapping[str, object]) -> Column:
    tables = entry.get("tables", ())
    return Column(**{**entry, "tables": tuple(tables)})  # type: ignore[arg-type]


@cache
def codebook() -> Codebook:
    """The codebook that this version of the package declares.

    >>> codebook().tables["events"].grain
    'one row per event, state or absence'
    >>> codebook().label("basis", "derived")
    'derived'
    """
    declared = tomllib.loads(Path(__file__).with_name("codebook.toml").read_text(encoding="utf-8"))
    lists = {
        name: CodeList(
            name,
            entry["title"],
            {code: _code(code, value) for code, value in entry["codes"].items()},
        )
        for name, entry in declared["lists"].items()
    }
    tables = {
        entry["name"]: Table(
            name=entry["name"],
            grain=entry["grain"],
            key=tuple(entry["key"]),
            unique=tuple(entry.get("unique", ())),
            columns=tuple(_column(column) for column in entry["columns"]),
            examples=(entry["example"], *entry.get("more", ())),
        )
        for entry in declared["tables"]
    }
    roles = declared["roles"]
    return Codebook(
        version=declared["version"],
        lists=lists,
        tables=tables,
        forms={entry["name"]: _form(entry) for entry in declared["forms"]},
        roles={kind: of for entry in roles["kinds"] for kind, of in _roles(entry).items()},
        words=_words(declared["words"], lists),
        children=frozenset(roles["children"]),
        absent_by=roles["absent_by"],
        absent_without=roles["absent_without"],
        either=frozenset(declared["lasting"]["either"]),
        ready=declared["ready"],
        implied={
            column: (entry["party"], frozenset(entry["kinds"]))
            for column, entry in declared["implied"].items()
        },
    )


KINDS = {
    "id": "a short name: lower-case letters, digits and hyphens, unique in the whole review",
    "text": "free text, in own words, on one line",
    "words": "at most six of the source's words",
    "date": "EDTF, or early, mid, late or end before a month, a year or a season",
    "code": "a code of a list",
    "ref": "the id of a row of another table",
    "row": "the id of a row of any table",
    "party": "the id of an agency or a person",
    "count": "a whole number",
    "duration": "an ISO 8601 duration in one unit: P14D, P2W, P2M, P4Y",
    "column": "the name of a column of the row's table",
    "salt": "written by a tool",
    "digest": "written by a tool",
}


def markdown() -> str:
    """The codebook as a page of Markdown: docs/codebook.md."""
    book = codebook()
    lines = [
        "# The codebook of casechron",
        "",
        (
            f"Version {book.version}. Made by `casechron codebook` from"
            " `src/casechron/coding/codebook.toml`; do not edit by hand."
        ),
        "",
        (
            "A review is a folder `data/<review>/` with `review.toml` and one CSV file a table."
            " Files are UTF-8 with a header"
        ),
        (
            "line; an empty cell means *not stated*. Ids are unique in the whole review, so that"
            " any row can be named by its id."
        ),
        "",
        "## Tables",
        "",
    ]
    for table in book.tables.values():
        lines += [
            f"### {table.name}",
            "",
            f"Grain: {table.grain}. Key: {', '.join(f'`{name}`' for name in table.key)}.",
            "",
        ]
        lines += ["| column | filled | holds | meaning |", "|---|---|---|---|"]
        for column in table.columns:
            holds = KINDS[column.kind]
            if column.list:
                holds = (
                    f"a code of [{book.lists[column.list].title}](#{column.list.replace('_', '-')})"
                )
            if column.refers:
                holds = f"the id of a row of `{column.refers}`"
            if column.tables:
                holds = "the id of a row of " + " or ".join(f"`{name}`" for name in column.tables)
            lines.append(
                f"| `{column.name}` | {'always' if column.required else 'or empty'} | {holds} |"
                f" {column.meaning} |"
            )
        lines += ["", "A worked row:", "", "```", ",".join(table.header)]
        lines += [
            ",".join(_quoted(row[name]) for name in table.header) for row in table.examples[:1]
        ]
        lines += ["```", ""]
    lines += ["## Codes", ""]
    for code_list in book.lists.values():
        lines += [
            f'<a id="{code_list.name.replace("_", "-")}"></a>',
            "",
            f"### {code_list.title}",
            "",
        ]
        lines += ["| code | means | rule | example |", "|---|---|---|---|"]
        for code in code_list.codes.values():
            extra = ""
            if code.from_tables:
                extra = f" From {' or '.join(code.from_tables)} to {' or '.join(code.to_tables)}."
            if code.flags:
                extra += f" *({', '.join(sorted(code.flags))})*"
            lines.append(
                f"| `{code.code}` | **{code.label}.** {code.definition} | {code.rule}{extra} |"
                f" {code.example} |"
            )
        lines.append("")
    return "\n".join(lines)


def _quoted(value: str) -> str:
    return f'"{value}"' if "," in value else value
