"""What is wrong with a line that is no TOML, and how should it be written?

Runs only where the reader of TOML has refused a file, and says what it found in place of the
reader's own words."""

from __future__ import annotations

import re

from casechron.coding.sheets import shown

__all__ = ["toml_breach"]

_LIKE = 'a line is: key = "text in double quotes"'
_AT = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_PAIR = re.compile(r"\s*([A-Za-z_]+)\s*[=:]\s*(.*?)\s*")
_CURLY = "\u201c\u201d\u201e\u201f\u00ab\u00bb"
_CURLY_SINGLE = "\u2018\u2019\u201a\u201b"


def toml_breach(text: str, error: str) -> tuple[int | None, str, str]:
    """The line, an empty column and the message of a breach, from a text and what `tomllib` said of
    it.

    >>> print(*toml_breach("coder = AB", "Invalid value (at line 1, column 9)"))
    1  'coder = AB' is not TOML: the text has no quotes; write coder = "AB"
    """
    at = _AT.search(error)
    if at is None:
        return None, "", f"this is not TOML (too deep); {_LIKE}"
    lines = text.split("\n")
    number = int(at[1]) if at[1] else _opened(lines)
    if number is None or number > len(lines):
        return None, "", f"this is not TOML ({error.removesuffix(at[0])}); {_LIKE}"
    found = _what(lines, number, error.removesuffix(at[0]))
    return number, "", f"{shown(lines[number - 1].strip())} is not TOML: {found}"


def _opened(lines: list[str]) -> int | None:
    """The line on which a text over several lines opens that is never closed."""
    counted = [line.count('"""') for line in lines]
    return max((number for number, count in enumerate(counted, start=1) if count % 2), default=None)


def _what(lines: list[str], number: int, error: str) -> str:
    line = lines[number - 1]
    if error.startswith("Unterminated"):
        return 'a text opens here and is never closed; end it with """'
    pair = _PAIR.fullmatch(line)
    if pair is None:
        return f"there is no = after a key; {_LIKE}" if "=" not in line else f"{error}; {_LIKE}"
    key, value = pair[1], pair[2]
    if error == "Cannot overwrite a value":
        first = next(
            (
                n
                for n, other in enumerate(lines[: number - 1], start=1)
                if re.match(rf"\s*{key}\s*=", other)
            ),
            None,
        )
        where = f"in line {first} already" if first else "twice"
        return f"the key {key} stands {where}; delete one of the two lines"
    if not value:
        return f'nothing stands after the =; write {key} = "text in double quotes"'
    bare = value.strip(_CURLY + _CURLY_SINGLE + "\"'")
    right = f'{key} = "{_inner(bare)}"'
    if value[0] in _CURLY + _CURLY_SINGLE or value[-1] in _CURLY:
        return f"its quotes are curly; write straight ones, {right}"
    if not re.match(r"\s*[A-Za-z_]+\s*=", line):
        return f"there is no = after the key; write {right}"
    if error == "Invalid value" and value[0] not in "\"'[{":
        return f"the text has no quotes; write {right}"
    if error.startswith("Illegal character") and value[0] == '"' and value.count('"') == 1:
        return f"the quotes that open here are not closed on the line; write {right}"
    if value[0] == value[-1] == '"' and '"' in bare:
        return f"there are quotes within the text; write {right}"
    if "\\" in value and "'\\'" in error:
        return "a backslash stands in the text; write it twice, \\\\"
    return f"{error}; {_LIKE}"


def _inner(bare: str) -> str:
    return bare.replace('"', "'").replace("\\", "\\\\")
