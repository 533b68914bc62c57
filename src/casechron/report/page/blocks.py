"""What stands on the page of a notebook, from the top down?

An executed notebook says of each output what it is (`show`); a page is made of these, and of the
notebook's prose. What a reader is not shown, such as code, stays in the notebook."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from itertools import zip_longest
from typing import Any

from nbformat import NotebookNode

from casechron.characters import legible
from casechron.report.page.drawings import drawings_in
from casechron.report.page.prose import markdown_html
from casechron.report.show import ROWS_SHOWN
from casechron.report.table_cells import TextColumn, head_of, number_text, read_csv_cells


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table as a page shows it: its id, its cells, and what can be unfolded."""

    id: str
    cells: Sequence[str]
    more: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table as a page shows it. `heads` are the names of its columns, `numbers` whether each
    holds numbers, `left_out` those that are not coded; `count` is how many rows there are."""

    name: str
    caption: str
    heads: Sequence[str]
    numbers: Sequence[bool]
    rows: Sequence[TableRow]
    count: int
    left_out: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a page: ``prose`` (Markdown in `text`), ``points``, ``cards``, ``figure``,
    ``table`` or ``text`` (what any other cell printed)."""

    kind: str
    name: str = ""
    text: str = ""
    title: str = ""
    points: Sequence[Mapping[str, Any]] = ()
    cards: Sequence[Mapping[str, Any]] = ()
    drawings: Mapping[str, str] = field(default_factory=dict)
    table: ShownTable | None = None

    @property
    def sentences(self) -> Sequence[str]:
        """The sentences of `text`, of which that on a chart has one to a lane or a row."""
        return re.split(r"(?<=\.) (?=[A-Z“0-9])", self.text)


@dataclass(frozen=True, slots=True)
class Notebook:
    """What an executed notebook gives to its page.

    `question` is its first heading, `name` what menus call it, `behind` whether it stands behind
    the pages for readers, `blocks` what stands on it, `questions` what can be discussed, `file` the
    name of its page."""

    stem: str
    question: str
    name: str
    behind: bool
    blocks: Sequence[Block]
    questions: Sequence[str]
    file: str

    def of_kind(self, kind: str) -> list[Block]:
        """Its blocks of a kind, from the top down."""
        return [block for block in self.blocks if block.kind == kind]

    @property
    def first(self) -> Mapping[str, Any]:
        """The first point of the page, with its `text` and `rows`; an empty one if it has none."""
        points = [point for block in self.of_kind("points")[:1] for point in block.points]
        return points[0] if points else {"text": "", "rows": []}

    @property
    def figure(self) -> Block | None:
        """The first chart of the page."""
        return next(iter(self.of_kind("figure")), None)

    @property
    def finding(self) -> str:
        """The first finding of the page, which is its title; '' where it has none."""
        return str(self.first["text"])

    @property
    def sections(self) -> Sequence[tuple[str, str]]:
        """The headings of its parts: the address and the words of each."""
        return [
            (address, unescape(re.sub(r"<[^>]*>", "", words)))
            for block in self.of_kind("prose")
            for address, words in re.findall(
                r'<h2 id="([^"]*)">(.*?)</h2>', markdown_html(block.text)
            )
        ]


def read_notebook(notebook: NotebookNode, stem: str) -> Notebook:
    """What stands in an executed notebook for its page.

    Parameters
    ----------
    notebook
        The executed notebook. The metadata of its first cell may say, under ``casechron``, the
        ``name`` that menus give to its page, that it stands ``behind`` the pages for readers, and
        ``questions`` for discussion.
    stem
        The name of its file without the ending.
    """
    blocks = _told(list(_blocks(notebook)))
    first = blocks[0].text if blocks and blocks[0].kind == "prose" else ""
    heading, _, rest = first.partition("\n")
    question = heading.lstrip("# ").strip()
    if blocks and blocks[0].kind == "prose":
        blocks[0] = Block("prose", text=rest.strip())
        if [block.kind for block in blocks[1:2]] == ["points"]:
            # Findings come first; how the chart is to be read stands beside it.
            blocks[:2] = blocks[1::-1]
    settings = notebook.cells[0].get("metadata", {}).get("casechron", {}) if notebook.cells else {}
    return Notebook(
        stem,
        question,
        str(settings.get("name") or question),
        bool(settings.get("behind")),
        blocks,
        tuple(map(str, settings.get("questions", ()))),
        f"{stem}.html",
    )


def shown_outputs(notebook: NotebookNode) -> Iterator[tuple[dict[str, Any], Mapping[str, Any]]]:
    """What the cells of a notebook showed through `show`: what each is, and its renderings."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            item = output.get("metadata", {}).get("casechron")
            if item:
                yield item, output.data


def tables_in(notebook: NotebookNode) -> list[dict[str, Any]]:
    """What a notebook says of each table that it showed."""
    return [item for item, _ in shown_outputs(notebook) if item["kind"] == "table"]


def _blocks(notebook: NotebookNode) -> Iterator[Block]:
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield Block("prose", text=cell.source)
        for output in cell.get("outputs", ()):
            match output.get("metadata", {}).get("casechron"):
                case {"kind": "points", "name": name, "points": points}:
                    yield Block("points", name, points=points)
                case {"kind": "cards", "name": name, "cards": cards}:
                    yield Block("cards", name, cards=cards)
                case {"kind": "figure", "name": name, "title": title}:
                    html = output.data["text/html"]
                    (alt,) = re.findall(r' alt="([^"]*)"', html)
                    yield Block("figure", name, unescape(alt), title, drawings=drawings_in(html))
                case {"kind": "table", "name": name, "columns": [_, *_], "csv": _} as item:
                    yield Block("table", name, table=table_of(item))
                case {"kind": _}:
                    pass  # a table that no page shows
                case _:
                    if text := output.get("text") or output.get("data", {}).get("text/plain", ""):
                        yield Block("text", text=legible(text))


def _told(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without the headings below which nothing is told before the next."""
    told = [block for block in blocks if block.kind != "points" or block.points]
    return [
        block
        for block, follows in zip_longest(told, told[1:], fillvalue=Block("prose", text="## "))
        if not (re.fullmatch("## .*", block.text) and follows.text.startswith("## "))
    ]


def table_of(item: Mapping[str, Any], *, whole: bool = False) -> ShownTable:
    """A table that a notebook showed, as a page shows it.

    Parameters
    ----------
    item
        What the output says of it, its CSV included.
    whole
        Whether every row and column is shown; else those that the notebook chose.
    """
    from_words = "begun" in item and not whole
    csv, fields = ("begun", "begun_fields") if from_words else ("csv", "fields")
    columns = read_csv_cells(item[csv], item[fields])
    by_name = {column.name: column for column in columns}
    count = item["rows"]
    chosen = [by_name[name] for name in item["columns"] if name in by_name]
    left_out, more = list[TextColumn](), list[TextColumn]()
    if whole:
        # The columns that the notebook shows come first, ids last.
        chosen += [column for column in columns if column not in chosen]
        chosen.sort(key=_of_ids)
    else:
        left_out = [column for column in chosen if count and not any(column.cells)]
        chosen = [column for column in chosen if column not in left_out]
        more = [by_name[name] for name in item["more"]]
    ids, cells = _ids(columns), list(map(_texts, chosen))
    unfolded = [(head_of(column), _texts(column)) for column in more]
    rows = [
        TableRow(
            ids[place],
            [texts[place] for texts in cells],
            [(head, texts[place]) for head, texts in unfolded if texts[place]],
        )
        for place in range(count if whole else min(count, ROWS_SHOWN))
    ]
    return ShownTable(
        item["name"],
        item["caption"],
        [head_of(column) for column in chosen],
        [column.type in ("integer", "number") for column in chosen],
        rows,
        count,
        [head_of(column) for column in left_out],
    )


def _texts(column: TextColumn) -> list[str]:
    """The cells of a column as a reader sees them."""
    if column.type == "boolean":
        words = {"true": "yes", "false": "no"}
        return [words.get(cell, "") for cell in column.cells]
    if column.type == "number":
        numbers = [float(cell) for cell in column.cells if cell]
        whole = all(number.is_integer() for number in numbers if abs(number) < 1e15)
        return [number_text(float(cell), whole) if cell else "" for cell in column.cells]
    return [legible(cell) if cell else "" for cell in column.cells]


def _of_ids(column: TextColumn) -> bool:
    """Whether a column holds ids of rows: words of small letters joined by hyphens.

    >>> [
    ...     _of_ids(TextColumn("of", "string", cells))
    ...     for cells in (["a-b; plan", ""], ["stated"], [""])
    ... ]
    [True, False, False]
    """
    an_id = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
    ids = all(re.fullmatch(f"(?:{an_id}(?:; {an_id})*)?", cell) for cell in column.cells)
    return ids and any("-" in cell for cell in column.cells)


def _ids(columns: Sequence[TextColumn]) -> list[str]:
    """An id for each row: what its first column of ids says, where no other row has it."""
    by_name = {column.name: column.cells for column in columns}
    id_columns = [by_name[name] for name in ("id", "event", "concern", "row") if name in by_name]
    first = next(iter([*id_columns, *by_name.values()]), [])
    return [
        cell if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", cell) and cell not in first[:at] else ""
        for at, cell in enumerate(first)
    ]
