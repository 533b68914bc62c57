"""A review's sheets as a workbook, in which a spreadsheet changes nothing that is typed.

Every cell has the format of text, so that no date, id or number becomes another one. Columns of one
code take nothing else; columns of several names or codes only offer them. Two sheets are
review.toml. What `casechron.coding.workbook_reading` reads back is what stands here."""

from __future__ import annotations

import hashlib
import io
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import starmap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casechron.characters import counted, text_breach
from casechron.coding.codebook import Form, FormColumn, Key, codebook
from casechron.coding.expansion import NAMED_FORMS
from casechron.coding.files import (
    TOML_BYTES,
    is_coding,
    lies_within,
    read_limited,
    write_files,
    wrong_file,
)
from casechron.coding.folder import STARTING_COLUMNS
from casechron.coding.form_check import READING_KINDS, SEQUENCES
from casechron.coding.messages import say
from casechron.coding.meta import JURISDICTIONS, META, PLACEHOLDER, PUBLISHED_OF
from casechron.coding.sheets import Breach, ReadForms, Row, Sheet, read_forms
from casechron.coding.workbook_cells import CREATED, TEXT, WorkbookError, headed
from casechron.coding.workbook_undone import filled_rows

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

#: How wide columns are, in letters, and what the workbook says to whoever fills it in.
_DECLARED = tomllib.loads(Path(__file__).with_name("workbook.toml").read_text(encoding="utf-8"))
_WIDTHS, _TEXTS, _READ_WIDTHS = (_DECLARED[name] for name in ("widths", "texts", "read_widths"))
_NARROW = _WIDTHS["narrow"]
#: The column of `events` that numbers its rows, and the sheets that are no table.
ROW_NUMBER, CODED, WHO, CODES_SHEET, READ_ME = "#", "coded", "who and what", "codes", "read me"
#: The first cell of those rows of `WHO` that name a file and the key of its content.
FILE = "file"
#: The sheets of a workbook that are review.toml.
REVIEW, SOURCES = "review", "sources"
#: The key of review.toml whose sheet is `CODED`.
COMPLETE = "complete"
#: What the sheet of the review has a row for; what is coded throughout has a sheet of its own.
REVIEW_KEYS = {
    name: key for name, key in codebook().keys.items() if name not in (SOURCES, COMPLETE)
}


def _key_help(key: Key) -> str:
    return f"{key.write[:1].upper()}{key.write[1:]}."


def _meta_form(name: str, needed: tuple[str, ...], columns: Mapping[str, str]) -> Form:
    """A sheet of review.toml, which is written and read as that of a table is."""
    heads = {head: FormColumn(head, "same", meaning) for head, meaning in columns.items()}
    return Form(name, name, heads, needed=needed)


_SOURCE_HEADS = {name: _key_help(key) for name, key in codebook().source_keys.items()}
META_FORMS: Mapping[str, Form] = {
    REVIEW: _meta_form(REVIEW, ("key", "value"), _DECLARED["review_columns"]),
    SOURCES: _meta_form(SOURCES, ("id",), _SOURCE_HEADS),
}
#: The tables of a workbook; what `casechron locate` writes is none.
TABLE_NAMES = tuple(name for name in codebook().forms if name != "sentences")
FORMS = {**{name: codebook().forms[name] for name in TABLE_NAMES}, **META_FORMS}
#: Columns of events of which an empty cell never says that the source is silent.
_NEVER_SILENT = ("id", "short", "note", "date_words")
#: Rows below the last one that have a number, and those in which a list is offered.
_SPARE, _ROWS = 200, 5_000
#: Empty rows that are printed.
_PRINTED = 20


def write_workbook(folder: str | Path, path: str | Path) -> list[str]:
    """Write the sheets of a review, or of a coding, as a new workbook, whose name ends in
    ``.xlsx``; what was written, a line a table.

    Raises `WorkbookError`, and writes nothing, where the file exists, or a table cannot be read
    whole."""
    path = new_file(path)
    data, lines = workbook_of(folder)
    write_files({path: data})
    return lines


def new_file(path: str | Path) -> Path:
    """The path of a workbook that is not there yet; `WorkbookError` for another."""
    path = Path(path)
    if path.suffix.lower() != ".xlsx":
        raise WorkbookError(f"'{path.name}' is no name of a workbook; let it end in .xlsx")
    if path.exists() or path.is_symlink():
        raise WorkbookError(say("workbook-there", path=path))
    return path


def workbook_of(folder: str | Path) -> tuple[bytes, list[str]]:
    """The bytes of the workbook that `write_workbook` writes, and its lines."""
    from xlsxwriter import Workbook

    folder = Path(folder)
    read = read_forms(folder)
    meta = meta_sheets(text) if (text := toml_text(folder)) else {}
    forms = ReadForms({**read.sheets, **meta})
    if wrong := [*read.breaches, *_unfit_cells(forms)]:
        raise WorkbookError("\n".join(map(str, wrong)))
    # What rows can name has a sheet though nothing is in it.
    tables = [name for name in TABLE_NAMES if name in NAMED_FORMS or name in forms.sheets]
    codes, ranges = _codes()
    who, parties = _who_rows(folder, forms)
    ranges["party"] = f"='{WHO}'!$B${parties[0]}:$B${parties[1]}"
    for name in TABLE_NAMES:
        who.append((FILE, name, content_key(forms.cells(name))))
    who += [(FILE, name, content_key(rows)) for name, rows in toml_contents(text).items()]
    data = io.BytesIO()
    with Workbook(data, {"in_memory": True}) as book:
        book.set_properties({"created": CREATED})
        writer = _SheetWriter(book)
        writer.plain(READ_ME, ("sheet", "what stands there"), _read_me(folder, [*meta, *tables]))
        for name in (*meta, *tables):
            writer.table(name, forms.rows(name), ranges)
        if meta:
            writer.plain(CODED, ("name", "coded", "what it is"), _coded(text, tables))
        writer.plain(WHO, ("what", "id", "label", "date"), who)
        writer.plain(CODES_SHEET, ("list", "code", "label", "definition", "rule", "example"), codes)
    lines = [
        f"{name}: {counted(sum(bool(row.filled) for row in forms.rows(name)), 'row')}"
        for name in (*meta, *tables)
        if name != REVIEW
    ]
    return data.getvalue(), [*lines, *map(str, forms.left_alone)]


def content_key(rows: Iterable[Mapping[str, str]]) -> str:
    """What a table holds, whatever the order of its columns and its empty rows, as a short key.

    >>> rows = [{"date": "2018", "summary": "A visit"}, {"summary": "", "date": ""}]
    >>> content_key(rows) == content_key([{"summary": "A visit", "date": "2018", "note": ""}])
    True
    """
    content = json.dumps(filled_rows(rows), sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _unfit_cells(forms: ReadForms) -> Iterator[Breach]:
    """Cells, and values of review.toml, that no workbook could keep as they are."""
    for name, sheet in forms.sheets.items():
        for row in sheet.rows:
            for column, cell in row.cells.items():
                if message := text_breach(cell, lines=name == REVIEW):
                    of_toml = Breach(META, None, row["key"] or column, message)
                    yield of_toml if name in META_FORMS else row.breach(message, column)


class _SheetWriter:
    """Writes the sheets of a workbook, each with the formats of text."""

    def __init__(self, book: Workbook) -> None:
        self.new_sheet, self.text = book.add_worksheet, book.add_format(TEXT)
        self.prose = book.add_format({**TEXT, "text_wrap": True})
        dark = {"bg_color": "#1F3A4D", "font_color": "#FFFFFF"}
        self.head = book.add_format({**TEXT, "bold": True, **dark})
        self.unused_head = book.add_format({**TEXT, "bold": True, "bg_color": "#C9D6DF"})

    def table(self, name: str, rows: Sequence[Row], ranges: Mapping[str, str]) -> None:
        """The sheet of one table: first the columns that are filled or that a new one has, then
        those that may be filled."""
        form = FORMS[name]
        unused: set[str] = set()
        if name == "events":
            unused.update(form.columns)
            unused.difference_update(STARTING_COLUMNS, *(row.filled for row in rows))
        names = sorted(form.columns, key=unused.__contains__)
        numbers = [ROW_NUMBER] if name == "events" else []
        sheet = headed(self.new_sheet(name), [*numbers, *names], self.head, frozen=1)
        columns = dict(enumerate((form.columns[column] for column in names), start=len(numbers)))
        for place, column in columns.items():
            if column.name in unused:
                sheet.write_string(0, place, column.name, self.unused_head)
            sheet.set_column(place, place, _width(column), self._format(column))
            sheet.write_comment(0, place, _help(column), _COMMENT)
            if name != REVIEW:  # its help stands beside each value, and so does its list
                sheet.data_validation(1, place, _ROWS, place, _rule(name, column, ranges))
        if numbers:
            sheet.write_comment(0, 0, _TEXTS["number"], _COMMENT)
            sheet.set_column(0, 0, 5, self.text)
            for number in range(1, len(rows) + _SPARE + 1):
                sheet.write_string(number, 0, str(number), self.text)
        for line, row in enumerate(rows, start=1):
            height = 1
            for place, column in columns.items():
                if cell := row[column.name]:
                    width = _width(column)
                    lines = sum(max(1, -(-len(part) // width)) for part in cell.split("\n"))
                    height = max(height, lines if width > _NARROW else 1)
                    sheet.write_string(line, place, cell, self._format(column))
            if height > 1:  # LibreOffice makes no row higher by itself
                sheet.set_row(line, 15 * min(height, 20))
            if name == REVIEW and (values := _LISTS.get((REVIEW, row["key"]))):
                sheet.data_validation(line, 1, line, 1, _one_of(values, "allowed"))
        sheet.autofilter(0, 0, len(rows) + (_SPARE if numbers else 0), max(columns))
        sheet.print_area(0, 0, len(rows) + _PRINTED, max(columns) - len(unused))

    def _format(self, column: FormColumn) -> Format:
        return self.prose if _width(column) > _NARROW else self.text

    def plain(self, name: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """A sheet to look things up in."""
        sheet = headed(self.new_sheet(name), heads, self.head, frozen=1)
        formats = [self.prose if head in _READ_WIDTHS else self.text for head in heads]
        last = 0
        for place, head in enumerate(heads):
            sheet.set_column(place, place, _READ_WIDTHS.get(head, 22), formats[place])
        for last, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                if cell:
                    sheet.write_string(last, place, cell, formats[place])
        sheet.autofilter(0, 0, last, len(heads) - 1)
        if name == CODED:  # its second column holds nothing but yes
            sheet.write_comment(0, 1, _TEXTS["coded"], _COMMENT)
            sheet.data_validation(1, 1, _ROWS, 1, _one_of(("yes",), "yes"))
        else:  # what is typed here is read by nothing
            sheet.protect("", {"autofilter": True, "sort": True, "format_columns": True})


_COMMENT = {"x_scale": 3, "y_scale": 3, "author": "casechron"}


def _width(column: FormColumn) -> int:
    """How wide a column is, in letters."""
    of_form = _DECLARED["form_widths"].get(column.form, _NARROW)
    return int(_WIDTHS.get(column.name, of_form))


def _help(column: FormColumn) -> str:
    """What may stand in a column, as the note of its head shows it."""
    lines = [column.meaning]
    if notation := codebook().pages["notations"].get(column.form):
        lines += ["", notation["says"], *(f"{cell}: {means}" for cell, means in notation["cells"])]
    return "\n".join(lines)


def _rule(name: str, column: FormColumn, ranges: Mapping[str, str]) -> dict[str, object]:
    """What a spreadsheet says and offers at the cells of a column."""
    values, strict = _list_of(name, column)
    rule: dict[str, object] = {"input_title": column.name, "input_message": column.meaning}
    if not values:
        return rule | {"validate": "any"}
    source = ranges[values] if isinstance(values, str) else [*values]
    rule |= {"validate": "list", "source": source}
    # Where the list is only an offer, other values raise no message.
    rule |= {"ignore_blank": True, "show_error": strict}
    return rule | {"error_title": column.name, "error_message": _TEXTS["one_of"]}


def _one_of(values: Sequence[str], text: str) -> dict[str, object]:
    """A rule that lets nothing but some values into a cell, and what is said of others."""
    return {"validate": "list", "source": [*values], "error_message": _TEXTS[text]}


def _list_of(name: str, column: FormColumn) -> tuple[str | tuple[str, ...], bool]:
    """What a column is offered: the name of a list, or what may stand there; and whether nothing
    else may."""
    if column.form in ("parties", "party", "holders"):
        return "party", False
    if column.form in ("codes", "facts"):
        return column.list or "attribute", False
    if (name, column.name) in _LISTS:
        return _LISTS[name, column.name], True
    table = codebook().tables.get(FORMS[name].becomes)
    for tidy in table.columns if table else ():
        if tidy.name == column.name and tidy.kind == "code":
            return tidy.list, True
    return "", False


#: What may stand in a column, or in the value of a key, that is no code of the codebook.
_LISTS = {
    ("events", "sequence"): SEQUENCES,
    ("readings", "kind"): READING_KINDS,
    (REVIEW, "jurisdiction"): tuple(JURISDICTIONS),
    (REVIEW, "published_of"): PUBLISHED_OF,
    (REVIEW, "invented"): ("yes",),
    (SOURCES, "default"): ("yes",),
}


def _codes() -> tuple[list[Sequence[str]], dict[str, str]]:
    """The rows of the sheet of codes, and where each list stands on it."""
    rows: list[Sequence[str]] = []
    ranges = {}
    for name, codes in codebook().lists.items():
        ranges[name] = f"={CODES_SHEET}!$B${len(rows) + 2}:$B${len(rows) + len(codes.codes) + 1}"
        for code in codes.codes.values():
            rows.append((name, code.code, code.label, code.definition, code.rule, code.example))
    return rows, ranges


def _who_rows(folder: Path, forms: ReadForms) -> tuple[list[Sequence[str]], tuple[int, int]]:
    """The rows of the sheet with ids and labels to copy, and the first and the last of those who
    can have a part in something."""
    rows: list[Sequence[str]] = [("review", folder.absolute().name)]
    first = len(rows) + 2
    coded_ids = {row["id"] for row in forms.rows("agencies")}
    for noun, name in (("person", "people"), ("agency", "agencies")):
        rows += [(noun, row["id"], row["label"]) for row in forms.rows(name)]
    rows += [
        ("ready agency", identity, agency["label"])
        for identity, agency in codebook().ready_agencies.items()
        if identity not in coded_ids
    ]
    last = len(rows) + 1
    rows += [
        (name.removesuffix("s"), row["id"], row["summary"] or row["proposition"], row["date"])
        for name in ("events", "findings", "views", "recommendations")
        for row in forms.rows(name)
        if row["id"]
    ]
    return rows, (first, last)


def _coded(text: str, tables: Iterable[str]) -> Iterable[Sequence[str]]:
    """What can be said to be coded throughout, and whether it is: the columns and the sheets that
    are there, and what review.toml says besides."""
    declared = _complete(text)
    events = codebook().forms["events"]
    columns = [
        name
        for name, column in events.columns.items()
        if not column.empty and name not in (*events.needed, *_NEVER_SILENT)
    ]
    sheets = [name for name in tables if name not in ("events", "details", "readings")]
    for name in dict.fromkeys([*columns, *sheets, *declared]):
        meaning = f"The sheet {name}." if name in sheets else ""
        if name in events.columns:
            meaning = events.columns[name].meaning
        yield name, "yes" if name in declared else "", meaning


def _complete(text: str) -> list[str]:
    """What a review.toml says is coded throughout."""
    complete = tomllib.loads(text).get(COMPLETE)
    return [str(name) for name in complete] if isinstance(complete, list) else []


def _read_me(folder: Path, sheets: Sequence[str]) -> Iterable[Sequence[str]]:
    """What to do with the workbook: which sheets to fill, in which order, and how to go on."""
    first = [name for name in (REVIEW, SOURCES, "people", "events") if name in sheets]
    for name in (*first, *(name for name in sheets if name not in first)):
        table = codebook().tables.get(FORMS[name].becomes)
        grain = table.grain if table and name not in META_FORMS else ""
        text = "; ".join(filter(None, (grain, _DECLARED["hints"].get(name, ""))))
        step = f"{first.index(name) + 1}. " if name in first else ""
        yield f"{step}{name}", f"{text[:1].upper()}{text[1:]}."
    name = f"{folder.absolute().parents[1].name}/codings/" if is_coding(folder) else ""
    name += folder.absolute().name
    for topic, text in _DECLARED["read_me"].items():
        if topic != CODED or REVIEW in sheets:
            yield topic, text.format(name=name)


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
        raise WorkbookError(f"{META}: {say('toml-unread')}") from error
    return text


def meta_sheets(text: str) -> dict[str, Sheet]:
    """The two sheets of a review.toml; a cell is empty where the file has a placeholder, or
    nothing."""
    values = tomllib.loads(text)
    cells = {
        REVIEW: [
            {"key": name, "value": toml_cell(values.get(name)), "what": _key_help(key)}
            for name, key in REVIEW_KEYS.items()
        ],
        SOURCES: [
            {key: toml_cell(source.get(key)) for key in _SOURCE_HEADS}
            for source in toml_sources(values)
        ],
    }
    return {
        name: Sheet(form, name, [*starmap(Row, enumerate(cells[name], start=2))], whole=True)
        for name, form in META_FORMS.items()
    }


def toml_contents(text: str) -> dict[str, list[Mapping[str, str]]]:
    """What a review.toml says, in rows as `content_key` takes them, by what is compared by itself:
    each key of the review, the sources, and what is coded throughout."""
    if not text:
        return {}
    sheets = meta_sheets(text)
    return {
        **{row["key"]: [{"value": row["value"]}] for row in sheets[REVIEW].rows},
        SOURCES: [row.cells for row in sheets[SOURCES].rows],
        COMPLETE: [{"name": name} for name in sorted(_complete(text))],
    }


def toml_sources(values: Mapping[str, Any]) -> list[Any]:
    """The sources of a review.toml, or none where they are no list of tables."""
    sources = values.get(SOURCES)
    if isinstance(sources, list) and all(isinstance(source, dict) for source in sources):
        return sources
    return []


def toml_cell(value: object) -> str:
    """A value of review.toml as a cell has it."""
    if value is None or isinstance(value, bool):
        return "yes" if value else ""
    text = str(value)
    return "" if value == 0 or PLACEHOLDER in text else text.replace("\r\n", "\n").strip()
