"""Tables that a tool writes, a person adds a column to, and the tool reads back: a CSV file, or a
workbook of one sheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from casechron.coding.characters import text_breach
from casechron.coding.files import CSV_BYTES, UnfitError, from_here, read_limited
from casechron.coding.sheets import decoded
from casechron.coding.workbook import CREATED, WorkbookError
from casechron.coding.workbook_cells import cell_name, grouped_cells, read_cells

Row = dict[str, str]


def as_csv(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """The bytes of a CSV file.

    >>> as_csv(["id", "accepted"], [{"id": "a", "accepted": "no"}])
    b'id,accepted\\na,no\\n'
    """
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def from_csv(path: Path, columns: Sequence[str], by: str) -> list[Row]:
    """The rows of a file that the command `by` wrote, none where there is none; `WorkbookError`
    where it is not as it was written."""
    if not path.exists():
        return []
    try:
        text, wrong = decoded(read_limited(path, CSV_BYTES))
    except UnfitError as error:
        raise WorkbookError(f"{from_here(path)}: {error}") from error
    lines = list(csv.reader(io.StringIO(text, newline="")))
    told = [message for _, message in wrong]
    if not lines or lines[0] != list(columns):
        told.append(f"its heads are not {','.join(columns)}")
    told += [
        f"line {at} has {len(cells)} cells, not {len(columns)}"
        for at, cells in enumerate(lines, start=1)
        if len(cells) != len(columns)
    ]
    told += [message for cells in lines for cell in cells if (message := text_breach(cell))]
    if told:
        raise WorkbookError(f"{from_here(path)}: {told[0]}; it is written by {by}")
    return [dict(zip(columns, cells, strict=True)) for cells in lines[1:]]


def as_workbook(
    name: str,
    widths: Mapping[str, int],
    rows: Sequence[Mapping[str, str]],
    offered: tuple[str, Sequence[str]],
) -> bytes:
    """The bytes of a workbook of one sheet: its columns with their widths, and what is offered in
    which of them."""
    from xlsxwriter import Workbook

    data, heads = io.BytesIO(), list(widths)
    with Workbook(data, {"in_memory": True}) as book:
        book.set_properties({"created": CREATED})
        text = book.add_format({"num_format": 49, "valign": "top", "text_wrap": True})
        bold = book.add_format({"num_format": 49, "bold": True, "bg_color": "#C9D6DF"})
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for place, (head, width) in enumerate(widths.items()):
            sheet.set_column(place, place, width, text)
            sheet.write_string(0, place, head, bold)
        for line, row in enumerate(rows, start=1):
            for place, head in enumerate(heads):
                sheet.write_string(line, place, row[head], text)
            # LibreOffice makes no row higher by itself.
            sheet.set_row(line, 15 * max(-(-len(row[head]) // widths[head]) for head in heads))
        sheet.autofilter(0, 0, len(rows), len(heads) - 1)
        offer = {"validate": "list", "source": list(offered[1]), "show_error": False}
        place = heads.index(offered[0])
        sheet.data_validation(1, place, max(len(rows), 1), place, offer)
    return data.getvalue()


def from_workbook(path: Path, name: str, columns: Sequence[str], anew: str) -> list[Row]:
    """The rows of a sheet that `as_workbook` wrote; `WorkbookError` where it cannot be read, lacks
    a column or has a cell that is no text. `anew` is how it is written anew."""
    try:
        sheets = read_cells(path, [name])[1]
    except UnfitError as error:
        raise WorkbookError(f"{path.name}: {error}") from error
    if not sheets or not sheets[0].rows:
        raise WorkbookError(f"{path.name}: there is no sheet '{name}' with rows in it")
    (sheet,) = sheets
    if sheet.slips:
        raise WorkbookError("\n".join(grouped_cells(sheet.slips.values())))
    (_, heads), *lines = sheet.rows
    if missing := [column for column in columns if column not in heads]:
        raise WorkbookError(
            f"{path.name}: the sheet '{name}' lacks the columns {', '.join(missing)}; {anew}"
        )
    wrong = [
        f"{name}!{cell_name(line, place)}: {message}"
        for line, cells in lines
        for place, cell in enumerate(cells)
        if (message := text_breach(cell))
    ]
    if wrong:
        raise WorkbookError("\n".join(wrong))
    return [dict(zip(heads, cells, strict=False)) for _, cells in lines]
