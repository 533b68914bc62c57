"""What stands on the page of a notebook, in reading order, and which tables does each statement
rest on?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from casechron.reporting.table_cells import read_csv_cells

__all__ = [
    "KEY_POINTS",
    "Step",
    "findings",
    "key_points",
    "overview",
    "parameters",
    "shown",
    "steps",
]

#: Findings whose name ends so are the key points of their notebook.
KEY_POINTS = "_key_points"

Named = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """A piece of a page: prose, or what a cell showed with the code that made it."""

    kind: str  # "prose" or "shown"
    source: str = ""
    outputs: tuple[Any, ...] = ()
    #: The tables, as (name, caption), on which the findings and figures among the outputs rest.
    rests_on: tuple[Named, ...] = ()
    key_points: bool = False


def steps(notebook: NotebookNode) -> list[Step]:
    """The pieces of a page, in order; code that shows nothing is put before that of the next step
    that does.

    Key points rest on every table of the notebook, other findings and figures on the tables of
    their section (from one heading to the next), a figure first of all on the table of its own
    name."""
    found: list[Step] = []
    held: list[str] = []
    sections = list(_sections(notebook))
    every = tuple(dict.fromkeys(one for _, tables in sections for one in tables))
    for cell, near in sections:
        if cell.cell_type == "markdown":
            found.append(Step("prose", cell.source))
        elif cell.cell_type == "code" and not _tags(cell):
            outputs = tuple(
                output for output in cell.outputs if _said(output).get("kind") != "style"
            )
            if cell.source.strip():
                held.append(cell.source)
            if outputs:
                points = any(
                    str(_said(output).get("name", "")).endswith(KEY_POINTS) for output in outputs
                )
                found.append(
                    Step("shown", "\n\n".join(held), outputs, every if points else near, points)
                )
                held = []
    return [*found, Step("shown", "\n\n".join(held))] if held else found


def parameters(notebook: NotebookNode) -> list[tuple[str, str]]:
    """The cells of parameters, as (what they are, source)."""
    said = {
        "parameters": "Parameters of the notebook, with their help",
        "injected-parameters": "Parameters of this report",
    }
    return [(said[tag], cell.source) for cell in notebook.cells for tag in _tags(cell)]


def shown(notebook: NotebookNode) -> Iterator[tuple[Any, Any]]:
    """What each output says of itself, and its data; outputs that say nothing are no part of a
    report."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "name" in _said(output):
                yield _said(output), output.data


def overview(notebook: NotebookNode, preferred: str = "") -> dict[str, Any]:
    """What other pages tell of this one: its key points, one figure (the preferred, else the first)
    and its tables.

    Keys: ``key_points`` (sentences), ``figure`` (name, caption, alt; or None), ``tables`` (name,
    caption and whether its rows stand for policies)."""
    figures = []
    tables = []
    for said, data in shown(notebook):
        if said["kind"] == "figure":
            figures.append({key: str(said[key]) for key in ("name", "caption", "alt")})
        elif said["kind"] == "table":
            columns = [column.name for column in read_csv_cells(data["text/csv"], said["fields"])]
            tried = "policies" in said["name"] or "by_policy" in said["name"] or "policy" in columns
            tables.append({"name": said["name"], "caption": said["caption"], "policies": tried})
    figure = next(
        (one for one in figures if one["name"] == preferred), figures[0] if figures else None
    )
    return {
        "key_points": [sentence for sentence, _ in key_points(notebook)],
        "figure": figure,
        "tables": tables,
    }


def key_points(notebook: NotebookNode) -> list[tuple[str, list[str]]]:
    """The key points of a notebook, each with the names of the tables on which it rests, if it
    names any."""
    found: list[tuple[str, list[str]]] = []
    for said, _ in shown(notebook):
        if said["kind"] == "words" and said["name"].endswith(KEY_POINTS):
            rests_on = said.get("rests_on") or [[]] * len(said["sentences"])
            found += zip(said["sentences"], rests_on, strict=True)
    return found


def findings(notebook: NotebookNode, name: str) -> list[str]:
    """The sentences of the findings of this name; none if the notebook shows no such findings."""
    return [
        sentence
        for said, _ in shown(notebook)
        if (said["kind"], said["name"]) == ("words", name)
        for sentence in said["sentences"]
    ]


def _sections(notebook: NotebookNode) -> Iterator[tuple[NotebookNode, tuple[Named, ...]]]:
    """Each cell, with the tables that are shown between the headings around it."""
    section: list[NotebookNode] = []
    for cell in [*notebook.cells, None]:
        if cell is None or (cell.cell_type == "markdown" and cell.source.lstrip().startswith("#")):
            tables = tuple(
                (said["name"], said["caption"])
                for one in section
                for said, _ in shown(_one_cell(one))
                if said["kind"] == "table"
            )
            yield from ((one, tables) for one in section)
            section = []
        if cell is not None:
            section.append(cell)


def _one_cell(cell: NotebookNode) -> NotebookNode:
    return NotebookNode(cells=[cell])


def _said(output: NotebookNode) -> Any:
    return output.get("metadata", {}).get("casechron", {})


def _tags(cell: NotebookNode) -> list[str]:
    return [
        tag for tag in cell.metadata.get("tags", []) if tag in ("parameters", "injected-parameters")
    ]
