"""Which tables does a Word document hold, and which words stand around them? Read from the text of
the document itself (`word/document.xml`), with what its author sees in it: what is marked as
deleted is not read, what is marked as inserted is."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as Xml

from casechron.coding.characters import counted, shown
from casechron.coding.files import UnfitError
from casechron.coding.import_files import Cell, Gathered, ImportTable

#: What a document keeps and does not show as its text; the second half repeats the first.
_NOT_SHOWN = {"del", "moveFrom", "instrText", "Fallback", "pPr", "rPr", "tblPr", "sdtPr"}
_BETWEEN = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": " "}
#: Parts of a document beside its text, and what they are called.
_BESIDE = {
    "footnotes": "footnotes",
    "endnotes": "endnotes",
    "comments": "comments in the margin",
}
#: Signs that a table is ticked with, by their font and code.
_TICKS = {("wingdings", "F0FC"), ("wingdings", "F0FE"), ("wingdings 2", "F050")}
_CROSSES = {("wingdings", "F0FB"), ("wingdings", "F0FD"), ("wingdings 2", "F04F")}
#: Columns of a table.
_WIDE = 100


def docx_tables(
    path: Path, data: bytes, gathered: Gathered, heads: object
) -> Iterator[ImportTable]:
    """The tables of a Word document, each with the paragraphs that stand above it."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        document = packed.read("word/document.xml")
        beside = {
            words: packed.read(f"word/{name}.xml")
            for name, words in _BESIDE.items()
            if f"word/{name}.xml" in packed.namelist()
        }
    root = _parsed(document)
    for words, part in beside.items():
        if text := _text(_parsed(part)).strip():
            first = shown(" ".join(text.split()))
            gathered.left_out.append(f"the {words} of the document ({first}); no column is theirs")
    deleted = sum(bool(_deleted(one)) for one in root.iter() if _name(one) in ("del", "moveFrom"))
    if deleted:
        many = counted(deleted, "passage")
        gathered.left_out.append(f"{many} that the document marks as deleted or moved away")
    above: list[str] = []
    number = 0
    for one in _blocks(root):
        if _name(one) == "tbl":
            number += 1
            yield ImportTable(f"table {number}", list(_rows(one, gathered)), tuple(above))
            above = []
        elif text := gathered.cell(_text(one)).text:
            above.append(text)
    if above:
        yield ImportTable("the text below the tables", [], tuple(above))


def docx_paragraphs(packed: zipfile.ZipFile) -> list[str]:
    """The paragraphs of a Word document, those in its tables too, its footnotes and endnotes
    last."""
    there = packed.namelist()
    parts = [f"word/{name}.xml" for name in ("document", "footnotes", "endnotes")]
    return [
        _text(one)
        for part in parts
        if part in there
        for one in _blocks(_parsed(packed.read(part)), ("p",))
    ]


def _parsed(data: bytes) -> Xml.Element:
    if b"<!DOCTYPE" in data[:2000]:  # no word processor writes one
        raise UnfitError("the document declares a type of its own; save it anew as .docx")
    try:
        return Xml.fromstring(data)
    except Xml.ParseError as error:
        raise UnfitError(f"the document is damaged ({error}); save it anew as .docx") from error


def _name(element: Xml.Element) -> str:
    """The name of an element without its namespace, of which Word has two."""
    return element.tag.rpartition("}")[2]


def _value(element: Xml.Element, name: str) -> str | None:
    """The value of a property, '' where it stands without one, None where it does not stand."""
    for one in element:
        if _name(one) == name:
            return next((value for key, value in one.attrib.items() if key.endswith("}val")), "")
    return None


def _child(element: Xml.Element, name: str) -> Xml.Element:
    return next((one for one in element if _name(one) == name), Xml.Element(name))


def _blocks(element: Xml.Element, wanted: tuple[str, ...] = ("p", "tbl")) -> Iterator[Xml.Element]:
    """What stands below an element, through what only wraps it."""
    for one in element:
        if _name(one) in wanted:
            yield one
        elif _name(one) not in _NOT_SHOWN:
            yield from _blocks(one, wanted)


def _deleted(element: Xml.Element) -> str:
    return "".join(one.text or "" for one in element.iter() if _name(one) in ("delText", "t"))


def _text(element: Xml.Element) -> str:
    """The text of an element, with a line feed after each paragraph."""
    pieces = []
    for one in element:
        name = _name(one)
        if name in _NOT_SHOWN:
            continue
        if name == "t":
            pieces.append(one.text or "")
        elif name == "sym":
            pieces.append(_sign(one))
        else:
            pieces.append(_BETWEEN.get(name, "") or _text(one))
            if name in ("p", "tr"):
                pieces.append("\n")
            elif name == "tc":
                pieces.append(" ")
    return "".join(pieces)


def _sign(element: Xml.Element) -> str:
    """A sign of a font of signs: a tick, a cross, or its code."""
    said = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
    sign = said.get("font", "").lower(), said.get("char", "").upper()
    return "✓" if sign in _TICKS else "✗" if sign in _CROSSES else f"[sign {sign[1]}]"


def _rows(table: Xml.Element, gathered: Gathered) -> Iterator[tuple[int, list[Cell]]]:
    """The rows of a table, in columns of the table's grid."""
    before: list[Cell] = []
    for number, row in enumerate(_blocks(table, ("tr",)), start=1):
        of_row = _child(row, "trPr")
        if _value(of_row, "del") is not None:  # counted with the other deletions
            continue
        cells = [Cell("")] * _many(_value(of_row, "gridBefore"), 0)
        for cell in _blocks(row, ("tc",)):
            of_cell = _child(cell, "tcPr")
            merged = _value(of_cell, "vMerge")
            column = len(cells)
            text = _text(cell)
            if merged in ("", "continue") and column < len(before) and not text.strip():
                cells.append(Cell(before[column].text, "above"))
            else:
                cells.append(gathered.cell(text))
            cells += [Cell("", "left")] * (_many(_value(of_cell, "gridSpan"), 1) - 1)
        if len(cells) > _WIDE:
            raise UnfitError(f"a table has {len(cells)} columns; at most {_WIDE} are read")
        yield number, cells
        before = cells


def _many(value: str | None, default: int) -> int:
    """A number of columns."""
    return min(int(value), _WIDE) if value and re.fullmatch("[0-9]{1,4}", value) else default
