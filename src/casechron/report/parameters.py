"""Which parameters does a notebook declare, and can it take what it is to be given?

The cell tagged ``parameters`` is read as the Python that it is: each of its lines sets names, once,
to a value that does not depend on another of them. What else may stand in it are imports and texts.
All other forms are refused with their line, since a notebook whose parameters are only seen in part
would quietly run on its own values."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable

from nbformat import NotebookNode

from casechron.characters import legible, nearest, shown

TAG = "parameters"
_WRITE = "write NAME = VALUE, one parameter a line"


class ParameterError(ValueError):
    """Why a notebook's parameters cannot be read, or cannot be given: a sentence."""


def cell_of(notebook: NotebookNode) -> str:
    """The source of the cell tagged ``parameters``; '' if there is none.

    Raises `ParameterError` where there are two."""
    tagged = [cell for cell in notebook.cells if TAG in cell.metadata.get("tags", [])]
    if len(tagged) > 1:
        raise ParameterError(f"{len(tagged)} cells are tagged '{TAG}'; tag one")
    return str(tagged[0].source) if tagged else ""


def declared_parameters(source: str) -> dict[str, str]:
    """The parameters that a cell declares, in its order, with the source of their own values.

    Parameters
    ----------
    source : str
        The source of the cell tagged ``parameters``.

    Returns
    -------
    dict of str to str
        The value of each name that is set, as it is written.

    Raises
    ------
    ParameterError
        For what is no Python, a statement that sets no name, a name that is set twice, and a value
        that is made of another parameter's; with its line, from 1.

    Examples
    --------
    >>> declared_parameters("limit: int = 3  # rows; as in limit=5")
    {'limit': '3'}
    """
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the cell itself will warn, where it runs
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ParameterError(_no_python(source, error)) from error
    declared: dict[str, str] = {}
    for statement in tree.body:
        match statement:
            case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant(value=str())):
                continue
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                names = [name]
            case ast.Assign(targets=targets, value=value) if all(
                isinstance(target, ast.Name) for target in targets
            ):
                names = [target.id for target in targets if isinstance(target, ast.Name)]
            case _:
                first = (ast.get_source_segment(source, statement) or "").partition("\n")[0]
                raise _refused(statement, f"{shown(first)} declares no parameter; {_WRITE}")
        for name in names:
            if name in declared:
                raise _refused(statement, f"{name} is set a second time; {_WRITE}")
            declared[name] = ast.get_source_segment(source, value) or ""
        nodes = ast.walk(value)
        made_of = (each.id for each in nodes if isinstance(each, ast.Name) and each.id in declared)
        for name in made_of:
            message = f"this value is made of {name}, and would stay as it is where {name} is given"
            raise _refused(statement, f"{message}; make it in the next cell")
    return declared


def check_parameters(name: str, notebook: NotebookNode, names: Iterable[str]) -> dict[str, str]:
    """See that a notebook declares all that it is to be given.

    Parameters
    ----------
    name : str
        The name of its file, for messages.
    notebook : NotebookNode
        The notebook.
    names : iterable of str
        Those that it is to be given.

    Returns
    -------
    dict of str to str
        All that it declares, with their own values.

    Raises
    ------
    ParameterError
        For a name that is not declared, with the nearest that is and with all; and where `cell_of`
        and `declared_parameters` do.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_notebook
    >>> cell = new_code_cell("limit = 3", metadata={"tags": ["parameters"]})
    >>> try:
    ...     check_parameters("a.ipynb", new_notebook(cells=[cell]), ["limt"])
    ... except ParameterError as error:
    ...     print(error.args[0].partition("?")[0])
    a.ipynb has no parameter 'limt'; did you mean 'limit'
    """
    try:
        declared = declared_parameters(cell_of(notebook))
    except ParameterError as error:
        raise ParameterError(f"{name}: {error}") from error
    unknown = [given for given in names if given not in declared]
    if unknown:
        meant = [near for given in unknown if (near := nearest(given, declared))]
        offer = f"did you mean {' and '.join(map(shown, meant))}? I" if meant else "i"
        there = f"{offer}ts cell tagged '{TAG}' declares: {', '.join(declared)}"
        raise ParameterError(
            f"{name} has no parameter {', '.join(map(shown, unknown))};"
            f" {there if declared else f'no cell tagged {TAG!r} sets any; tag the one that does'}"
        )
    return declared


def _no_python(source: str, error: Exception) -> str:
    line = getattr(error, "lineno", None) or 1
    lines = source.splitlines()
    first = lines[line - 1].strip() if line <= len(lines) else ""
    what = "a command of IPython"
    if first[:1] not in ("%", "!", "?") and not first.endswith("?"):
        why = getattr(error, "msg", "") or str(error) or type(error).__name__
        what = f"no Python ({legible(why)})"
    return f"line {line} of the cell tagged '{TAG}': {shown(first)} is {what}; {_WRITE}"


def _refused(node: ast.stmt, message: str) -> ParameterError:
    return ParameterError(f"line {node.lineno} of the cell tagged '{TAG}': {message}")
