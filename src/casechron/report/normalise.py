"""Which parts of an executed notebook say something, and which only say when and where it ran?

Two runs of the same questions over the same data then give the same bytes, and ``git diff
reports/`` is the change in findings. What cannot be made the same is refused: see `breaches`."""

from __future__ import annotations

import copy
import re
from typing import Any

import nbformat
from nbformat import NotebookNode

#: The kernel of every notebook, without a version.
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
#: What a kernel says of its language, as far as any reader of notebooks asks for it.
LANGUAGE = {
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}
#: What may stay in the metadata of a cell: what somebody wrote, not what a run left behind.
_CELL_METADATA = ("casechron", "jupyter", "slideshow", "tags")
_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")
_INJECTED = "injected-parameters"
_SHOWS_ADDRESS = (
    "shows an address in memory, which differs from run to run; give the value a name instead"
)


def normalised(notebook: NotebookNode) -> NotebookNode:
    """The executed notebook without times, versions, random ids and paths; a copy.

    Cells get the ids cell-001, cell-002, …; execution counts and outputs stay, as nbval compares
    them. All that a cell wrote to one stream is one output, where its first part stood. Kernel and
    language are said without versions.

    >>> from nbformat.v4 import new_code_cell, new_notebook, new_output
    >>> parts = [new_output("stream", name="stdout", text=text) for text in ("a", "b")]
    >>> ran = new_notebook(
    ...     cells=[new_code_cell("print('a')", outputs=parts, metadata={"execution": {}})]
    ... )
    >>> cell = normalised(ran).cells[0]
    >>> cell.id, dict(cell.metadata), [output.text for output in cell.outputs]
    ('cell-001', {}, ['ab'])
    """
    notebook = copy.deepcopy(notebook)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": LANGUAGE})
    for place, cell in enumerate(notebook.cells, start=1):
        cell.id = f"cell-{place:03}"
        cell.metadata = nbformat.from_dict(
            {key: cell.metadata[key] for key in _CELL_METADATA if key in cell.metadata}
        )
        if cell.cell_type == "code":
            cell.outputs = _merged(cell.outputs)
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = cell.execution_count
                output.pop("transient", None)
    return notebook


def notebook_text(notebook: NotebookNode) -> str:
    """The notebook as the text of its file: valid nbformat 4.5, keys sorted, one line end at the
    end."""
    nbformat.validate(notebook)
    # (`nbformat.writes` would validate it once more.)
    text: str = nbformat.v4.writes(notebook)
    return text.rstrip("\n") + "\n"


def breaches(notebook: NotebookNode) -> list[str]:
    """What in an executed notebook would differ from run to run or cannot be read by all; a
    sentence each.

    Errors, cells that never ran, anything on the error stream (warnings carry paths), addresses of
    memory, and pictures without words."""
    problems = []
    for place, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        where = f"cell {cell_number(notebook, place)}"
        if cell.source.strip() and cell.execution_count is None:
            problems.append(f"{where} did not run")
        # What else a cell that failed has shown is part of its failing.
        errors = [output for output in cell.outputs if output.output_type == "error"]
        for output in errors or cell.outputs:
            problems += [f"{where} {what}" for what in _output_breaches(output)]
    return problems


def cell_number(notebook: NotebookNode, place: int) -> int:
    """The place of a cell as its author counts: from 1, without the cell that papermill adds."""
    before = notebook.cells[:place]
    return place + 1 - sum(_INJECTED in cell.metadata.get("tags", []) for cell in before)


def _output_breaches(output: NotebookNode) -> list[str]:
    if output.output_type == "error":
        return [f"raised {output.ename}: {output.evalue}"]
    if output.output_type == "stream":
        if output.name == "stderr":
            lines = " / ".join(line.strip() for line in output.text.strip().splitlines())
            return [f"wrote to the error stream, which no report shows: {lines[:300]}"]
        return [_SHOWS_ADDRESS] if _ADDRESS.search(output.text) else []
    if "casechron" in output.metadata:
        return []
    if any(kind.startswith("image/") for kind in output.data):
        return [
            "shows a picture without a name and without words; end the cell with"
            " cc.show.figure(ax, name=..., title=..., alt=...)"
        ]
    if any(isinstance(text, str) and _ADDRESS.search(text) for text in output.data.values()):
        return [_SHOWS_ADDRESS]
    return []


def _merged(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Each stream once, where it began: how a kernel cuts it up depends on the time that it
    took."""
    merged: list[NotebookNode] = []
    streams: dict[str, Any] = {}
    for output in outputs:
        is_stream = output.output_type == "stream"
        if is_stream and streams.setdefault(output.name, output) is not output:
            streams[output.name].text += output.text
        else:
            merged.append(output)
    return merged
