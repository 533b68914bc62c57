"""What may be written in the tables of a review: the codebook, declared once in codebook.toml.

Validation, blank tables, docs/codebook.md and the labels in figures all read this declaration."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from casechron.coding.files import csv_text

#: What stands behind a statement that leans on the coder's judgement, or of which sources differ.
AS_JUDGED = " (as judged)"
SOURCES_DIFFER = ", though sources differ"
#: The sector of an agency that the source does not name, or of which it is not known what it is.
UNNAMED_SECTOR = "10"
#: Of this kind an absence is a concern itself: somebody did not come.
CONDUCT = "behaviour"


class Code(NamedTuple):
    """One code of a list: what may stand in a cell, what it means and how it is used; `nations` is
    what it is called in a jurisdiction that has another name for it."""

    code: str
    label: str
    definition: str
    rule: str
    example: str
    flags: frozenset[str] = frozenset()
    force: str = ""
    from_tables: tuple[str, ...] = ()
    to_tables: tuple[str, ...] = ()
    nations: Mapping[str, str] = MappingProxyType({})

    @property
    def names(self) -> list[str]:
        """Its label, and what it is called in other nations."""
        return [self.label, *self.nations.values()]


class CodeList(NamedTuple):
    """A closed list of codes; `flagged` are those that carry each flag."""

    name: str
    title: str
    codes: Mapping[str, Code]
    flagged: Mapping[str, frozenset[str]]


class Column(NamedTuple):
    """One column: what kind of value it holds, whether it must be filled, what it means; the list
    of its codes, or the tables of which it holds ids (none: of any)."""

    name: str
    kind: str
    meaning: str
    required: bool = False
    list: str = ""
    tables: tuple[str, ...] = ()


class Table(NamedTuple):
    """One table: its grain, its key, its columns in order, and worked rows."""

    name: str
    columns: tuple[Column, ...]
    grain: str = ""
    key: tuple[str, ...] = ()
    unique: tuple[str, ...] = ()
    examples: tuple[Mapping[str, str], ...] = ()
    #: What coders call one of its rows.
    row: str = ""

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


class FormColumn(NamedTuple):
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


class Form(NamedTuple):
    """One file that coders fill in: the tidy table that its rows become ('' where none), and the
    columns which that table then has besides its own."""

    name: str
    becomes: str
    columns: Mapping[str, FormColumn]
    adds: tuple[str, ...] = ()
    #: The columns that must be there; all others may be missing.
    needed: tuple[str, ...] = ()
    #: The worked row with which the file of a new review begins; empty where it begins without.
    example: Mapping[str, str] = {}

    def column_of(self, tidy: str) -> str:
        """The column that is typed for a column of the tidy table; '' where none is.

        >>> codebook().forms["events"].column_of("count_max")
        'count'
        """
        return next((name for name, column in self.columns.items() if tidy in column.becomes), "")


class Roles(NamedTuple):
    """The roles that the columns of one kind of event give: to an agency, to a child or sibling,
    to any other person; '' where the column is not for them."""

    agency: Mapping[str, str]
    child: Mapping[str, str]
    adult: Mapping[str, str]


class Words(NamedTuple):
    """What the words in an item's bracket are: for each thing that an item can name, each word and
    the tidy column that it fills; and the statuses that need whose account it is, or have one where
    no word says it."""

    columns: Mapping[str, Mapping[str, str]]
    need_account: frozenset[str]
    unspecified: frozenset[str]
    opinions: frozenset[str]


class Key(NamedTuple):
    """One key of review.toml or of a source in it: what to write there, what kind of value it is,
    and whether it must be there."""

    write: str
    kind: str = "text"
    needed: bool = True


class Codebook(NamedTuple):
    """The whole declaration."""

    version: str
    lists: Mapping[str, CodeList]
    tables: Mapping[str, Table]
    forms: Mapping[str, Form]
    roles: Mapping[str, Roles]
    words: Words
    #: Kinship of the persons who have the roles of a child.
    child_kinship: frozenset[str]
    #: The role of an agency in `by` of an absence, and its grade in `without` of any other row.
    absent_by: str
    absent_without: str
    #: Roles that fit any kind.
    roles_anywhere: frozenset[str]
    #: Kinds of which the row says whether they last.
    may_last: frozenset[str]
    #: Kinds that are a moment and can be taken for what lasts.
    taken_to_last: frozenset[str]
    #: The agencies that a cell can name without a row of their own.
    ready_agencies: Mapping[str, Mapping[str, str]]
    #: What they are also called.
    other_names: Mapping[str, tuple[str, ...]]
    #: What is implied where a column names nobody: the party ('' for the one child) and the kinds.
    implied: Mapping[str, tuple[str, frozenset[str]]]
    #: Words by which a text is taken for a code of a list: by list and code.
    cues: Mapping[str, Mapping[str, tuple[str, ...]]]
    #: What each flag of a list's codes does in the analyses.
    flags: Mapping[str, Mapping[str, str]]
    #: The lane of the timeline in which each kind of event is drawn.
    lanes: Mapping[str, str]
    #: By the kind of a column what it holds, and what a message advises to write.
    kinds: Mapping[str, Mapping[str, str]]
    keys: Mapping[str, Key]
    source_keys: Mapping[str, Key]
    #: What pages show as it is declared: how the cells of each form are written (`notations`), the
    #: commonest entries of a chronology (`entries`), what coders ask (`questions`), and a review
    #: that has no text at hand (`example`).
    pages: Mapping[str, Any]

    def header(self, table: str) -> list[str]:
        """The columns of a tidy table as it is read: its own, and then those that only a form has.

        >>> codebook().header("readings")[-3:]
        ['reason', 'kind', 'place']
        """
        return [*self.tables[table].header, *(column.name for column in self.added_columns(table))]

    @property
    def always_last(self) -> frozenset[str]:
        """The kinds that last whatever their row says."""
        return self.flagged("event_kind", "state") - self.may_last

    def added_columns(self, table: str) -> tuple[Column, ...]:
        """The columns that a tidy table has besides its own, since only its form has them: the form
        of the same name, if its rows are typed and not made by cells alone."""
        form = self.forms.get(table)
        if form is None:
            return ()
        return tuple(Column(name, "text", form.columns[name].meaning) for name in form.adds)

    def codes(self, list_name: str) -> Mapping[str, Code]:
        """The codes of a list, in order."""
        return self.lists[list_name].codes

    def label(self, list_name: str, code: str, jurisdiction: str = "") -> str:
        """What a code is called where people read it, there if it has a name there; '' for none."""
        known = self.lists[list_name].codes[code] if code else None
        return known.nations.get(jurisdiction, known.label) if known else ""

    def flagged(self, list_name: str, flag: str) -> frozenset[str]:
        """Which codes of a list carry a flag?

        >>> sorted(codebook().flagged("event_kind", "protected"))
        ['birth']
        """
        return self.lists[list_name].flagged.get(flag, frozenset())


#: Parts of the declaration that pages alone show.
_PAGES = ("notations", "entries", "questions", "example")


def _tupled(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A declaration with tuples for its lists."""
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()
    }


def _code_list(name: str, entry: Mapping[str, Any]) -> CodeList:
    codes = {
        code: Code(code, **_tupled(declared) | {"flags": frozenset(declared.get("flags", ()))})
        for code, declared in entry["codes"].items()
    }
    flags = {flag for code in codes.values() for flag in code.flags}
    flagged = {
        flag: frozenset(name for name, code in codes.items() if flag in code.flags)
        for flag in flags
    }
    return CodeList(name, entry["title"], codes, flagged)


def _form(entry: Mapping[str, Any]) -> Form:
    columns = {column["name"]: FormColumn(**_tupled(column)) for column in entry["columns"]}
    return Form(**_tupled(entry) | {"columns": columns})


def _roles(entry: Mapping[str, Any]) -> dict[str, Roles]:
    columns = {name: roles for name, roles in entry.items() if name != "kinds"}
    # One role is for an agency, one for a child, and where there is a third, one for an adult.
    roles = Roles(*({name: given[at] for name, given in columns.items()} for at in (0, 1, -1)))
    return dict.fromkeys(entry["kinds"], roles)


def _words(declared: Mapping[str, Any], lists: Mapping[str, CodeList]) -> Words:
    columns = {
        name: {code: column for listed, column in entry.items() for code in lists[listed].codes}
        for name, entry in declared.items()
        if isinstance(entry, dict)
    }
    statuses = ("need_account", "unspecified", "opinions")
    return Words(columns, *(frozenset(declared[name]) for name in statuses))


def _table(entry: dict[str, Any]) -> Table:
    columns = tuple(Column(**_tupled(column)) for column in entry.pop("columns"))
    examples = (entry.pop("example"), *entry.pop("more", ()))
    return Table(columns=columns, examples=examples, **_tupled(entry))


@cache
def codebook() -> Codebook:
    """The codebook that this version of the package declares.

    >>> codebook().tables["events"].grain
    'one row per event, state or absence'
    >>> codebook().label("basis", "derived")
    'derived'
    """
    declared = tomllib.loads(Path(__file__).with_name("codebook.toml").read_text(encoding="utf-8"))
    lists = {name: _code_list(name, entry) for name, entry in declared["lists"].items()}
    roles, ready = declared["roles"], declared["ready"]
    other_names = {identity: tuple(entry.pop("also", ())) for identity, entry in ready.items()}
    return Codebook(
        version=declared["version"],
        lists=lists,
        tables={entry["name"]: _table(entry) for entry in declared["tables"]},
        forms={entry["name"]: _form(entry) for entry in declared["forms"]},
        roles={kind: given for entry in roles["kinds"] for kind, given in _roles(entry).items()},
        words=_words(declared["words"], lists),
        child_kinship=frozenset(roles["children"]),
        absent_by=roles["absent_by"],
        absent_without=roles["absent_without"],
        roles_anywhere=frozenset(roles["anywhere"]),
        may_last=frozenset(declared["lasting"]["may_last"]),
        taken_to_last=frozenset(declared["lasting"]["taken_to_last"]),
        ready_agencies=ready,
        other_names=other_names,
        implied={
            column: (entry["party"], frozenset(entry["kinds"]))
            for column, entry in declared["implied"].items()
        },
        cues={name: _tupled(codes) for name, codes in declared["cues"].items()},
        flags=declared["flags"],
        lanes={kind: lane for lane, kinds in declared["lanes"].items() for kind in kinds},
        kinds=declared["kinds"],
        keys={name: Key(**entry) for name, entry in declared["keys"].items()},
        source_keys={name: Key(**entry) for name, entry in declared["source_keys"].items()},
        pages={name: declared[name] for name in _PAGES},
    )


class Cue(NamedTuple):
    """A cue in a text: where, of which code, and as the codebook has it."""

    start: int
    end: int
    code: str
    cue: str


def cues_in(name: str, text: str) -> list[Cue]:
    """The cues of a list of codes in a text, in their order; the longest, where several begin at
    one place.

    >>> cues_in("event_kind", "An interim care order was made")[0].code
    'court-order'
    """
    pattern, cues = _cue_pattern(name)
    return [
        Cue(match.start(), match.end(), *cues[(match.lastindex or 0) - 1])
        for match in (pattern.finditer(text) if cues else ())
    ]


@cache
def _cue_pattern(name: str) -> tuple[re.Pattern[str], Sequence[tuple[str, str]]]:
    """One pattern for all cues of a list, the longest first; and the code and cue of each group."""
    cues = [(code, cue) for code, each in codebook().cues.get(name, {}).items() for cue in each]
    cues.sort(key=lambda pair: (-len(pair[1]), pair[1], pair[0]))
    groups = "|".join(
        f"({re.escape(cue)})".replace(r"\*", r"\w*").replace(r"\ \.\.\ ", r"(?:\ [^\s.;]+){0,4}\ ")
        for _, cue in cues
    )
    return re.compile(rf"(?<![\w-])(?:{groups})(?![\w-])", re.IGNORECASE), cues


def codebook_markdown() -> str:
    """The codebook as a page of Markdown, docs/codebook.md: codebook.md.j2, filled in."""
    from jinja2 import Environment, FileSystemLoader  # here, since a check needs no page

    book = codebook()
    # The kinds of one declaration share their roles.
    alike = groupby(book.roles, key=lambda kind: id(book.roles[kind]))
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent), trim_blocks=True, lstrip_blocks=True
    )
    return pages.get_template("codebook.md.j2").render(
        book=book,
        columns=[*next(iter(book.roles.values())).agency],
        kinds_with_parts=[[*kinds] for _, kinds in alike],
        csv_of=_csv_of,
    )


def _csv_of(form: str, rows: Sequence[Mapping[str, str]]) -> str:
    """Rows of a file, as they stand in it."""
    columns = codebook().forms[form].columns
    return csv_text([name for name in columns if any(name in row for row in rows)], rows).strip()
