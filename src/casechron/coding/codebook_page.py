"""The codebook as a page: how a review is written, which code when, and what each code does."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from casechron.coding.codebook import (
    Code,
    CodeList,
    Column,
    Form,
    FormColumn,
    Roles,
    Table,
    codebook,
)

#: What a column of a tidy table holds, by its kind.
_HOLDS = {
    "id": "a short name, unique in the whole review",
    "text": "free text, in own words, on one line",
    "words": "at most six of the source's words",
    "date": "EDTF, or early, mid, late or end before a month, a year or a season",
    "row": "the id of a row of any table",
    "party": "the id of an agency or a person",
    "count": "a whole number",
    "duration": "an ISO 8601 duration in one unit: P14D, P2W, P2M, P4Y",
    "column": "the name of a column of the row's table",
    "salt": "written by a tool",
    "digest": "written by a tool",
}
#: Files that tools write.
_BY_TOOLS = {"sentences": "Written by `casechron locate`; nobody types it."}
_COLUMNS = ("by", "to", "with", "about", "without")


def markdown() -> str:
    """The codebook as a page of Markdown: docs/codebook.md."""
    return "\n".join([*_introduction(), *_sheet(), *_files(), *_codes(), *_tidy()])


def _introduction() -> Iterator[str]:
    yield from (
        "# The codebook of casechron",
        "",
        f"Version {codebook().version}. Made by `casechron codebook` from"
        " `src/casechron/coding/codebook.toml`; do not edit by hand.",
        "",
        "A review is a folder `data/<review>/` with `review.toml` and one sheet, `events.csv`: a",
        "row for what happened, when, and who had which part in it. Other files are optional; of",
        "every file any column may be left out that is not said to be needed, and columns may",
        "stand in any order. What has no filled cell is *not coded*. Ids are unique in a review.",
        "",
    )


# ---------------------------------------------------------------- the sheet


def _sheet() -> Iterator[str]:
    book = codebook()
    yield from ("## The sheet: events.csv", "")
    yield from _form(book.forms["events"])
    yield from ("## How cells are written", "")
    for form, notation in book.notations.items():
        yield from (_anchor(f"how-{form}"), f"### {notation.title}", "", notation.says, "")
        yield from _table(
            ("cell", "means"), ((f"`{cell}`", means) for cell, means in notation.cells)
        )
    yield from ("## Which code when", "")
    for entry in book.entries:
        yield from (f"### {entry.title}", "", entry.rule, "")
        yield from _rows("events", entry.rows)
    yield from ("## What coders ask", "")
    for ask, answer in book.questions:
        yield from (f"**{ask}{'' if ask.endswith('?') else '.'}** {answer}", "")
    yield from ("## A review without a text at hand", "", book.example.says, "")
    yield from ("In review.toml:", "", "```", book.example.review.strip(), "```", "")
    for name, rows in book.example.files.items():
        yield from (f"{name}.csv:", "")
        yield from _rows(name, rows)
    yield from _roles()
    yield from ("## Ready agencies", "", "They need no row of agencies.csv.", "")
    sectors = book.codes("sector")
    yield from _table(
        ("id", "label", "also called", "sector"),
        (
            (
                f"`{one}`",
                entry["label"],
                ", ".join(book.also[one]),
                f"{entry['sector']} ({sectors[entry['sector']].label})",
            )
            for one, entry in book.ready.items()
        ),
    )
    yield from (
        "## Cues",
        "",
        "By these words `casechron suggest` takes a sentence for a kind of event or a grade of"
        " absence, for a coder to judge. `*` is any ending of a word, `..` up to four words"
        " between.",
        "",
    )
    yield from _table(
        ("code", "cues"),
        (
            (f"`{code}`", ", ".join(cues).replace("*", r"\*"))
            for codes in book.cues.values()
            for code, cues in codes.items()
        ),
    )


def _roles() -> Iterator[str]:
    """What part the columns give, by kind."""
    book = codebook()
    labels = {
        **{code: one.label for code, one in book.codes("involvement_role").items()},
        **{code: one.label for code, one in book.codes("participation_role").items()},
    }
    yield from (
        "## Parts by kind",
        "",
        "What part a column gives to an agency / to a person; where it is another for a child or",
        "sibling than for other persons, the child's first. A bracket can say another. On an",
        "absence `by` is the agency whose step was lacking. Where two columns give one part, tools",
        "write the first of them.",
        "",
    )
    alike: dict[int, list[str]] = {}
    for kind, roles in book.roles.items():
        alike.setdefault(id(roles), []).append(kind)

    def part(roles: Roles, column: str) -> str:
        child, adult = roles.child[column], roles.adult[column]
        person = [labels[role] for role in dict.fromkeys((child, adult)) if role]
        agency = labels[roles.agency[column]] if roles.agency[column] else "–"
        return f"{agency} / {', '.join(person) or '–'}"

    yield from _table(
        ("kinds", *_COLUMNS),
        (
            (
                ", ".join(f"`{kind}`" for kind in kinds),
                *(part(book.roles[kinds[0]], name) for name in _COLUMNS),
            )
            for kinds in alike.values()
        ),
    )


# ---------------------------------------------------------------- files


def _files() -> Iterator[str]:
    yield from ("## The other files", "", "All are optional.", "")
    for name, form in codebook().forms.items():
        if name != "events":
            yield from (f"### {name}.csv", "")
            if name in _BY_TOOLS:
                yield from (_BY_TOOLS[name], "")
            yield from _form(form)


def _form(form: Form) -> Iterator[str]:
    """The columns of a file."""
    yield from _table(
        ("column", "written as", "meaning"),
        (
            (f"`{column.name}`", _written(form, column), column.meaning)
            for column in form.columns.values()
        ),
    )


def _written(form: Form, column: FormColumn) -> str:
    """How the cells of a column are written."""
    book = codebook()
    needed = " (needed)" if column.name in form.needed else ""
    tidy = book.tables[form.becomes] if form.becomes else None
    listed = column.list or next(
        (one.list for one in (tidy.columns if tidy else ()) if one.name == column.name), ""
    )
    if column.form != "same":
        written = f"[{book.notations[column.form].title.lower()}](#how-{column.form})"
        of = f" of [{book.lists[listed].title}]({_link(listed)})" if column.list else ""
        return written + of + needed
    return (
        f"a code of [{book.lists[listed].title}]({_link(listed)})" if listed else "text"
    ) + needed


# ---------------------------------------------------------------- codes


def _codes() -> Iterator[str]:
    book = codebook()
    yield from ("## What the flags do", "")
    for name, flags in book.flags.items():
        yield from (f"Of {book.lists[name].title.lower()}:", "")
        yield from _table(
            ("flag", "what the analyses make of it", "codes"),
            (
                (f"*{flag}*", does, ", ".join(f"`{code}`" for code in _flagged(name, flag)))
                for flag, does in flags.items()
            ),
        )
    yield from ("## Codes", "")
    for codes in book.lists.values():
        yield from _list(codes)


def _flagged(name: str, flag: str) -> Iterator[str]:
    return (code for code, entry in codebook().codes(name).items() if flag in entry.flags)


def _list(codes: CodeList) -> Iterator[str]:
    yield from (_anchor(codes.name), "", f"### {codes.title}", "")

    def rule(code: Code) -> str:
        extra = ""
        if code.from_tables:
            extra = f" From {' or '.join(code.from_tables)} to {' or '.join(code.to_tables)}."
        if code.flags:
            extra += f" *({', '.join(sorted(code.flags))})*"
        return code.rule + extra

    yield from _table(
        ("code", "means", "rule", "example"),
        (
            (f"`{code.code}`", f"**{code.label}.** {code.definition}", rule(code), code.example)
            for code in codes.codes.values()
        ),
    )


# ---------------------------------------------------------------- tidy tables


def _tidy() -> Iterator[str]:
    yield from (
        "## Tidy tables",
        "",
        "What the files become, and what every analysis reads. Nobody types them.",
        "",
    )
    for table in codebook().tables.values():
        key = ", ".join(f"`{name}`" for name in table.key)
        yield from (f"### {table.name}", "", f"Grain: {table.grain}. Key: {key}.", "")
        yield from _table(
            ("column", "filled", "holds", "meaning"),
            (
                (
                    f"`{column.name}`",
                    "always" if column.required else "or empty",
                    _holds(column),
                    column.meaning,
                )
                for column in _columns(table)
            ),
        )


def _columns(table: Table) -> Iterator[Column]:
    """The columns of a tidy table, with those that its form adds to it."""
    yield from table.columns
    for form in codebook().forms.values():
        if form.becomes == table.name:
            for name in form.adds:
                yield Column(name, "text", form.columns[name].meaning)


def _holds(column: Column) -> str:
    """What the cells of a column of a tidy table hold."""
    if column.list:
        return f"a code of [{codebook().lists[column.list].title}]({_link(column.list)})"
    if column.refers:
        return f"the id of a row of `{column.refers}`"
    if column.tables:
        return "the id of a row of " + " or ".join(f"`{name}`" for name in column.tables)
    return _HOLDS[column.kind]


# ---------------------------------------------------------------- pieces of Markdown


def _link(name: str) -> str:
    return f"#{name.replace('_', '-')}"


def _anchor(name: str) -> str:
    return f'<a id="{name.replace("_", "-")}"></a>\n'


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _rows(name: str, rows: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Rows of a file, as they stand in it."""
    columns = [one for one in codebook().forms[name].columns if any(one in row for row in rows)]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    yield from ("```", text.getvalue().strip(), "```", "")
