"""How large is the house: modules, lines, and lines of code without docstrings and comments?

python .ci/house.py [FOLDER]
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from collections import Counter
from pathlib import Path

#: What no code is: tokens of layout, and comments.
_LAYOUT = {
    *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE),
    *(tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER),
}
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def code_lines(text: str) -> int:
    """The lines of a module that hold code."""
    code: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in _LAYOUT:
            code.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            docstring = node.body[0]
            code.difference_update(range(docstring.lineno, (docstring.end_lineno or 0) + 1))
    return len(code)


def main() -> None:
    """Print a line for each room, and one for all."""
    source = Path(sys.argv[1] if len(sys.argv) > 1 else "src/casechron")
    modules, lines, code = Counter[str](), Counter[str](), Counter[str]()
    for path in sorted(source.rglob("*.py")):
        room = path.relative_to(source).parent.as_posix()
        text = path.read_text(encoding="utf-8")
        for counter, amount in (
            (modules, 1),
            (lines, len(text.splitlines())),
            (code, code_lines(text)),
        ):
            counter[room] += amount
            counter["all"] += amount
    print(f"{'room':24} {'modules':>8} {'lines':>8} {'code':>8}")
    for room, amount in sorted(code.items(), key=lambda item: (item[0] == "all", -item[1])):
        print(f"{room:24} {modules[room]:8,} {lines[room]:8,} {amount:8,}")


if __name__ == "__main__":
    main()
