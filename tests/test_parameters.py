"""What a cell of parameters declares, in each of the forms that people write."""

from __future__ import annotations

import ast

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casechron.characters import first_refused
from casechron.report.parameters import (
    ParameterError,
    cell_of,
    check_parameters,
    declared_parameters,
)

#: The source of a cell, and the value of each parameter in it, as it is written.
RIGHT: dict[str, dict[str, str]] = {
    "": {},
    "# words alone": {},
    '"""What they are."""\na = 1': {"a": "1"},
    'review = ""  # id': {"review": '""'},
    'label = "a=b"  # words on the page': {"label": '"a=b"'},
    "a = 1  # so many, as in a=3": {"a": "1"},
    'a = "#1"  # not a comment: "#1"': {"a": '"#1"'},
    "a = {'b': 1}  # fields": {"a": "{'b': 1}"},
    "a = {\n    'b': 1,  # inner\n}  # outer": {"a": "{\n    'b': 1,  # inner\n}"},
    "a = (  # first\n    1\n)": {"a": "1"},
    "a = '''x\n# no comment\n'''": {"a": "'''x\n# no comment\n'''"},
    'review = ""; policy = {}': {"review": '""', "policy": "{}"},
    "a = 1; b = 2  # both": {"a": "1", "b": "2"},
    "a = b = 1": {"a": "1", "b": "1"},
    "a: int = 1  # so many": {"a": "1"},
    "a: str | None = None": {"a": "None"},
    "a: dict[str, str] | None = {}": {"a": "{}"},
    'from typing import Literal\n\nkind: Literal["x", "y"] = "x"  # which': {"kind": '"x"'},
    "import datetime as dt\nday = dt.date(2018, 8, 28)": {"day": "dt.date(2018, 8, 28)"},
    "import os.path\na = os.path.join('x', 'y')": {"a": "os.path.join('x', 'y')"},
    "a = -1.5e3": {"a": "-1.5e3"},
    "a = not True": {"a": "not True"},
    "a = [x for x in (1, 2)]": {"a": "[x for x in (1, 2)]"},
    "ä_ö = 'ü'  # ß": {"ä_ö": "'ü'"},
    "a = 1 \\\n    + 2": {"a": "1 \\\n    + 2"},
    "a = 1\r\nb = 2": {"a": "1", "b": "2"},
    "a=1#close": {"a": "1"},
    "if_ = lambda: 1": {"if_": "lambda: 1"},
    "import os": {},
}
WRITE = "write NAME = VALUE, one parameter a line"
#: The source of a cell, the line at fault, and why it is refused.
REFUSED: dict[str, tuple[int, str]] = {
    "a = 1\nprint(a)": (2, f"'print(a)' declares no parameter; {WRITE}"),
    "a = 1\nfor b in (1, 2):\n    pass": (
        2,
        f"'for b in (1, 2):' declares no parameter; {WRITE}",
    ),
    "try:\n    a = 1\nfinally:\n    pass": (1, f"'try:' declares no parameter; {WRITE}"),
    "a = 1\na += 1": (2, f"'a += 1' declares no parameter; {WRITE}"),
    "a = 1\n\na": (3, f"'a' declares no parameter; {WRITE}"),
    "a: int": (1, f"'a: int' declares no parameter; {WRITE}"),
    "a = 1\na = 2": (2, f"a is set a second time; {WRITE}"),
    "a, b = 1, 2": (1, f"'a, b = 1, 2' declares no parameter; {WRITE}"),
    "a = b['c'] = 1": (1, f"'a = b['c'] = 1' declares no parameter; {WRITE}"),
    "a.b: int = 1": (1, f"'a.b: int = 1' declares no parameter; {WRITE}"),
    "limit = 3\ndouble = 2 * limit": (
        2,
        "this value is made of limit, and would stay as it is where limit is given; make it in the"
        " next cell",
    ),
    "%matplotlib inline\na = 1": (1, f"'%matplotlib inline' is a command of IPython; {WRITE}"),
    "a = 1\n!ls": (2, f"'!ls' is a command of IPython; {WRITE}"),
    "a?": (1, f"'a?' is a command of IPython; {WRITE}"),
    "a = ": (1, f"'a =' is no Python (invalid syntax); {WRITE}"),
    "a = 1\n\x1b[2J": (2, "'<U+001B>[2J' is no Python (invalid non-printable character U+001B)"),
}


@pytest.mark.parametrize("source", RIGHT)
def test_what_a_cell_declares(source: str) -> None:
    assert list(declared_parameters(source).items()) == list(RIGHT[source].items())


@pytest.mark.parametrize("source", REFUSED)
def test_what_declares_no_parameter_is_refused_with_its_line_and_form(source: str) -> None:
    line, why = REFUSED[source]
    with pytest.raises(ParameterError) as refused:
        declared_parameters(source)
    assert str(refused.value).startswith(f"line {line} of the cell tagged 'parameters': {why}")
    assert str(refused.value).endswith((why, WRITE))


def with_cell(source: str) -> nbformat.NotebookNode:
    """A notebook with this cell tagged ``parameters``."""
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": ["parameters"]})
    return nbformat.v4.new_notebook(cells=[cell])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["limit", "kind"], ""),
        (
            ["limt"],
            "a.ipynb has no parameter 'limt'; did you mean 'limit'? Its cell tagged 'parameters'"
            " declares: limit, kind",
        ),
        (
            ["zzz", "knd", "limit"],
            "a.ipynb has no parameter 'zzz', 'knd'; did you mean 'kind'? Its cell tagged"
            " 'parameters' declares: limit, kind",
        ),
        (
            ["\x1b"],
            "a.ipynb has no parameter '<U+001B>'; its cell tagged 'parameters' declares: limit,"
            " kind",
        ),
    ],
)
def test_what_is_given_is_declared(given: list[str], message: str) -> None:
    notebook = with_cell('limit = 3  # as in limit=5\nkind: str = "x"')
    if message:
        with pytest.raises(ParameterError) as refused:
            check_parameters("a.ipynb", notebook, given)
        assert str(refused.value) == message
    else:
        check_parameters("a.ipynb", notebook, given)


def test_a_notebook_without_such_a_cell_declares_none() -> None:
    with pytest.raises(ParameterError) as refused:
        check_parameters("a.ipynb", nbformat.v4.new_notebook(), ["limit"])
    assert str(refused.value) == (
        "a.ipynb has no parameter 'limit'; no cell tagged 'parameters' sets any; tag the one that"
        " does"
    )
    with pytest.raises(ParameterError) as refused:
        check_parameters("a.ipynb", with_cell("pass"), [])
    assert str(refused.value).startswith("a.ipynb: line 1 of the cell tagged 'parameters': ")


def test_the_cell_is_the_one_that_is_tagged() -> None:
    new, tagged = nbformat.v4.new_code_cell, {"tags": ["parameters"]}
    notebook = nbformat.v4.new_notebook(cells=[new("a = 1"), new("b = 2", metadata=tagged)])
    assert cell_of(notebook) == "b = 2"
    notebook.cells[1].metadata = {}
    assert cell_of(notebook) == ""
    notebook.cells = [new("a = 1", metadata=tagged), new("b = 2", metadata=tagged)]
    with pytest.raises(ParameterError) as refused:
        cell_of(notebook)
    assert str(refused.value) == "2 cells are tagged 'parameters'; tag one"


TYPED = st.text("ab=,;:()[]{}*#'\"\\\n\r\t\f 1.%!?@-\0", max_size=60)
#: A cell that is read, with up to three letters put in.
DAMAGED = st.builds(
    lambda cell, at, letters: cell[:at] + letters + cell[at:],
    st.sampled_from(sorted(RIGHT)),
    st.integers(0, 60),
    st.text("a=,;:# 1\n", max_size=3),
)


@given(st.text(max_size=60) | TYPED | DAMAGED)
def test_whatever_a_cell_holds_it_is_read_or_refused_in_a_sentence(source: str) -> None:
    try:
        parameters = declared_parameters(source)
    except ParameterError as error:
        parameters, outcome = {}, str(error)
    else:
        outcome = "read"
    assert first_refused(outcome) is None
    for name, value in parameters.items():
        assert name.isidentifier()
        ast.parse(value or "(", mode="eval")
