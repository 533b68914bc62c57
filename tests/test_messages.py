"""Is each sentence of `casechron check` said somewhere, with all that it tells of?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from casechron.coding import messages
from casechron.coding.codebook import codebook
from casechron.coding.messages import message_templates, say

CODING = Path(messages.__file__).parent
BOOK = codebook()
#: The columns of all tables and files.
COLUMNS = {
    *(column for table in BOOK.tables for column in BOOK.header(table)),
    *(column for form in BOOK.forms.values() for column in form.columns),
}


def sayings() -> Iterator[tuple[str, set[str] | None, str]]:
    """The name of each sentence where it is used, the values that it is given there (None where
    they come as a mapping), and the place."""
    for path in sorted(CODING.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and node.value in message_templates():
                yield str(node.value), None, f"{path.name} line {node.lineno}"
            if isinstance(node, ast.Call):
                given = {keyword.arg for keyword in node.keywords}
                method = getattr(node.func, "attr", "")
                if method == "_wrong_part":  # it tells of its item
                    given |= {"text", "name", "column"}
                if method in ("say", "slip"):  # of a row, which tells of its cells
                    given |= {"item", *COLUMNS}
                for name in [
                    argument.value for argument in node.args if isinstance(argument, ast.Constant)
                ]:
                    if name in message_templates() and None not in given:
                        place = f"{path.name} line {node.lineno}"
                        yield str(name), {str(name) for name in given}, place


def test_each_sentence_is_said_and_each_that_is_said_is_there() -> None:
    assert {name for name, _, _ in sayings()} == set(message_templates())


def test_a_sentence_is_given_all_that_it_tells_of() -> None:
    lacking = {}
    for name, given, place in sayings():
        asked = {field for _, field, _, _ in Formatter().parse(message_templates()[name]) if field}
        if given is not None and asked - given:
            lacking[place] = f"{name} tells of {sorted(asked - given)}, which it is not given"
    assert lacking == {}


def test_what_a_person_wrote_is_quoted_and_cut() -> None:
    sentence = say("month-of-id", id="x\x1b" * 40, date="2018")
    assert sentence == f"'{'x<U+001B>' * 6}x…' names a month, and its date is '2018'"
