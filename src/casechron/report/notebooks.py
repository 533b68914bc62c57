"""Which parameters does a notebook declare, and which parts of an executed one say something?

The cell tagged ``parameters`` is read as the Python that it is: each of its lines sets names, once,
to a value that does not depend on another of them. What else may stand in it are the imports that
the annotations and values need, and texts. All other forms are refused with their line, since a
notebook whose parameters are only seen in part would quietly run on its own values.

What only says when and where a notebook ran is taken out of it (`normalised`), so that two runs of
the same questions over the same data give the same bytes, and ``git diff reports/`` is the change
in findings. What cannot be made the same is refused: see `breaches`."""

from __future__ import annotations

import ast
import copy
import io
import re
import tokenize
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import nbformat
from nbformat import NotebookNode

from casechron.characters import legible, nearest, shown

TAG = "parameters"
#: What a statement that declares nothing is called, where its name does not say it.
_FORMS = {
    "a change of a value": ast.AugAssign,
    "a loop": ast.For | ast.AsyncFor | ast.While,
    "a condition": ast.If | ast.Match,
    "a function": ast.FunctionDef | ast.AsyncFunctionDef,
    "a class": ast.ClassDef,
    "a deletion": ast.Delete,
    "a block": ast.With | ast.AsyncWith | ast.Try | ast.TryStar,
}
_WRITE = "write NAME = VALUE, one parameter a line"
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
_ADDRESS_SAID = (
    "shows an address in memory, which differs from run to run; give the value a name instead"
)


class ParameterError(ValueError):
    """Why a notebook's parameters cannot be read, or cannot be given: a sentence."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as its notebook declares it.

    `default` and `annotation` are source, `help` is the comment on its line; '' where there is
    none."""

    name: str
    default: str
    annotation: str = ""
    help: str = ""


def cell_of(notebook: NotebookNode) -> str:
    """The source of the cell tagged ``parameters``; '' if there is none.

    Raises `ParameterError` where there are two."""
    tagged = [cell for cell in notebook.cells if TAG in cell.metadata.get("tags", [])]
    if len(tagged) > 1:
        raise ParameterError(f"{len(tagged)} cells are tagged '{TAG}'; tag one")
    return str(tagged[0].source) if tagged else ""


def declared_parameters(source: str) -> dict[str, Parameter]:
    """The parameters that a cell declares, by name, in its order.

    Parameters
    ----------
    source : str
        The source of the cell tagged ``parameters``.

    Returns
    -------
    dict of str to Parameter
        One for each name that is set.

    Raises
    ------
    ParameterError
        For what is no Python, a statement that sets no name, a name that is set twice, and a value
        that is made of another parameter's; with its line, from 1.

    Examples
    --------
    >>> print(declared_parameters("limit: int = 3  # rows; as in limit=5")["limit"])
    Parameter(name='limit', default='3', annotation='int', help='rows; as in limit=5')
    """
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the cell itself will warn, where it runs
            tree, comments = ast.parse(source), _comments(source)
    except (SyntaxError, tokenize.TokenError, ValueError, RecursionError, MemoryError) as error:
        raise ParameterError(_no_python(source, error)) from error
    declared: dict[str, Parameter] = {}
    imports: list[ast.Import | ast.ImportFrom] = []
    for statement in tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            imports.append(statement)
        elif not _is_text(statement):
            for parameter in _declared(statement, source, comments):
                if parameter.name in declared:
                    raise _refused(statement, f"{parameter.name} is set a second time; {_WRITE}")
                declared[parameter.name] = parameter
            _independent(statement, declared)
    _needed(imports, tree)
    return declared


def check_parameters(notebook: str, source: str, names: Iterable[str]) -> dict[str, Parameter]:
    """See that a notebook declares all that it is to be given.

    Parameters
    ----------
    notebook : str
        The name of its file, for messages.
    source : str
        The source of the cell tagged ``parameters``.
    given : iterable of str
        Names of parameters.

    Returns
    -------
    dict of str to Parameter
        All that it declares, by name.

    Raises
    ------
    ParameterError
        For a name that is not declared, with the nearest that is and with all; and where
        `declared_parameters` does.

    Examples
    --------
    >>> try:
    ...     check_parameters("a.ipynb", "limit = 3", ["limt"])
    ... except ParameterError as error:
    ...     print(error.args[0].partition("?")[0])
    a.ipynb has no parameter 'limt'; did you mean 'limit'
    """
    try:
        declared = declared_parameters(source)
    except ParameterError as error:
        raise ParameterError(f"{notebook}: {error}") from error
    unknown = [name for name in names if name not in declared]
    if unknown:
        meant = [near for name in unknown if (near := nearest(name, declared))]
        offer = f"did you mean {' and '.join(map(shown, meant))}? I" if meant else "i"
        raise ParameterError(
            f"{notebook} has no parameter {', '.join(map(shown, unknown))}; {offer}ts cell tagged"
            f" '{TAG}' declares: {', '.join(declared) or 'none'}"
        )
    return declared


def _declared(statement: ast.stmt, source: str, comments: dict[int, str]) -> Iterator[Parameter]:
    """The parameters that one statement declares."""

    def text(node: ast.expr | None) -> str:
        return "" if node is None else ast.get_source_segment(source, node) or ""

    last = statement.end_lineno or statement.lineno
    comment = comments.get(last) or comments.get(statement.lineno, "")
    match statement:
        case ast.AnnAssign(target=ast.Name(id=name), annotation=kind, value=ast.expr() as value):
            yield Parameter(name, text(value), text(kind), comment)
        case ast.AnnAssign(target=ast.Name(id=name), value=None):
            raise _refused(
                statement, f"{name} has no value; write {ast.unparse(statement)} = VALUE"
            )
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                for part, default in _pairs(target, value):
                    if not isinstance(part, ast.Name):
                        raise _refused(statement, f"{shown(text(part))} is no name; {_WRITE}")
                    yield Parameter(part.id, text(default), help=comment)
        case ast.AnnAssign(target=target):
            raise _refused(statement, f"{shown(text(target))} is no name; {_WRITE}")
        case _:
            forms = [words for words, kinds in _FORMS.items() if isinstance(statement, kinds)]
            called = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
            forms.append("a call" if called else "a statement")
            raise _refused(statement, f"{forms[0]} declares no parameter; {_WRITE}")


def _pairs(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """Each name of a target with its value: `a, b = 1, 2` are two."""
    if not isinstance(target, ast.Tuple | ast.List):
        return [(target, value)]
    parts: Sequence[ast.expr] = value.elts if isinstance(value, ast.Tuple | ast.List) else ()
    starred = any(isinstance(part, ast.Starred) for part in [*target.elts, *parts])
    if starred or len(parts) != len(target.elts):
        raise _refused(target, f"its names and its values are not as many; {_WRITE}")
    return [
        pair
        for target_and_part in zip(target.elts, parts, strict=True)
        for pair in _pairs(*target_and_part)
    ]


def _is_text(statement: ast.stmt) -> bool:
    """Whether a statement is a text alone, which says something of the others."""
    match statement:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
    return False


def _independent(statement: ast.stmt, declared: dict[str, Parameter]) -> None:
    value = getattr(statement, "value", None)
    for node in ast.walk(value) if isinstance(value, ast.expr) else ():
        if isinstance(node, ast.Name) and node.id in declared:
            raise _refused(
                statement,
                f"this value is made of {node.id}, and would stay as it is where {node.id} is"
                " given; make it in the next cell",
            )


def _needed(imports: Sequence[ast.Import | ast.ImportFrom], tree: ast.Module) -> None:
    """Imports stand beside parameters for the sake of their annotations and values alone."""
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for statement in imports:
        names = {(name.asname or name.name).partition(".")[0] for name in statement.names}
        if idle := ", ".join(sorted(names - used)):
            raise _refused(
                statement,
                f"an import declares no parameter, and none needs {idle}; move it to the next cell",
            )


def _comments(source: str) -> dict[int, str]:
    """The comment at the end of each line that has one."""
    return {
        token.start[0]: token.string.lstrip("#").strip()
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }


def _no_python(source: str, error: Exception) -> str:
    line = getattr(error, "lineno", None) or 1
    lines = source.splitlines()
    first = lines[line - 1].strip() if line <= len(lines) else ""
    what = "a command of IPython"
    if first[:1] not in ("%", "!", "?") and not first.endswith("?"):
        why = getattr(error, "msg", "") or str(error) or type(error).__name__
        what = f"no Python ({legible(why)})"
    return f"line {line} of the cell tagged '{TAG}': {shown(first)} is {what}; {_WRITE}"


def _refused(node: ast.stmt | ast.expr, message: str) -> ParameterError:
    return ParameterError(f"line {node.lineno} of the cell tagged '{TAG}': {message}")


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
        return [_ADDRESS_SAID] if _ADDRESS.search(output.text) else []
    if "casechron" in output.metadata:
        return []
    if any(kind.startswith("image/") for kind in output.data):
        return [
            "shows a picture without a name and without words; end the cell with"
            " cc.show.figure(ax, name=..., title=..., alt=...)"
        ]
    if any(isinstance(text, str) and _ADDRESS.search(text) for text in output.data.values()):
        return [_ADDRESS_SAID]
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
