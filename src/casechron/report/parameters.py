"""Which parameters does a notebook declare, and can it take what it is to be given?

The cell tagged ``parameters`` is read as the Python that it is: each of its lines sets names, once,
to a value that does not depend on another of them. What else may stand in it are the imports that
the annotations and values need, and texts. All other forms are refused with their line, since a
notebook whose parameters are only seen in part would quietly run on its own values."""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

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
        match statement:
            case ast.Import() | ast.ImportFrom():
                imports.append(statement)
                continue
            case ast.Expr(value=ast.Constant(value=str())):
                continue  # a text alone, which says something of the others
        for parameter in _declared(statement, source, comments):
            if parameter.name in declared:
                raise _refused(statement, f"{parameter.name} is set a second time; {_WRITE}")
            declared[parameter.name] = parameter
        _refuse_dependent(statement, declared)
    _refuse_idle_imports(imports, tree)
    return declared


def check_parameters(notebook: str, source: str, names: Iterable[str]) -> dict[str, Parameter]:
    """See that a notebook declares all that it is to be given.

    Parameters
    ----------
    notebook : str
        The name of its file, for messages.
    source : str
        The source of the cell tagged ``parameters``.
    names : iterable of str
        Those that it is to be given.

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
                if not isinstance(target, ast.Name):
                    raise _refused(statement, f"{shown(text(target))} is no name; {_WRITE}")
                yield Parameter(target.id, text(value), help=comment)
        case ast.AnnAssign(target=target):
            raise _refused(statement, f"{shown(text(target))} is no name; {_WRITE}")
        case _:
            forms = [words for words, kinds in _FORMS.items() if isinstance(statement, kinds)]
            called = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
            forms.append("a call" if called else "a statement")
            raise _refused(statement, f"{forms[0]} declares no parameter; {_WRITE}")


def _refuse_dependent(statement: ast.stmt, declared: dict[str, Parameter]) -> None:
    value = getattr(statement, "value", None)
    for node in ast.walk(value) if isinstance(value, ast.expr) else ():
        if isinstance(node, ast.Name) and node.id in declared:
            raise _refused(
                statement,
                f"this value is made of {node.id}, and would stay as it is where {node.id} is"
                " given; make it in the next cell",
            )


def _refuse_idle_imports(imports: Sequence[ast.Import | ast.ImportFrom], tree: ast.Module) -> None:
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
