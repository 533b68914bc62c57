"""How does a page say the same in fewer bytes? Tables say at each cell what HTML knows by itself,
or a rule could say once."""

from __future__ import annotations

import re

__all__ = ["compact", "lean_tables"]

_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
_NUMBER = re.compile(r'(<t[dh][^<>]*) class="number"')
_LOOK = re.compile(r'<table class="casechron([^"]*)"')
_CARDS = re.compile(r'(<table class="casechron cards[^"]*")(.*?</thead>)', re.DOTALL)
_HEAD = re.compile(r'<th scope="col"[^>]*>(.*?)</th>', re.DOTALL)
#: How columns look, by the letter with which a table names them: where, and what.
_COLUMNS = {
    "s": (".{0} tbody tr>:nth-child({1})", "white-space:nowrap"),
    "l": (".{0} tr>:nth-child({1})", "min-width:15rem"),
    "i": (".{0} tr>:nth-child({1})", "min-width:15rem"),
    "n": (".{0} tr>:nth-child({1})", "text-align:right;white-space:nowrap"),
}
#: On a phone a list of ids shows its first lines until it is touched: see page.js.
_FOLDED = (
    "@media screen and (max-width:32rem) and"
    " (scripting:enabled){{{0}{{display:-webkit-box!important;"
    "-webkit-box-orient:vertical;-webkit-line-clamp:3;overflow:hidden;cursor:pointer}}}}\n"
)
#: Tags of a table that HTML closes by itself: each ends where the next begins, or with the table.
_ENDS = re.compile(r"</(?:td|th|tr|thead)>|\n?</tbody>")
#: The tags that stand most often, and any other with a value; text may hold quotation marks, so
#: that only tags are looked at.
_OFTEN = re.compile(r'<(td class|th scope|tr id|a href)="([\w.#:/-]+)">')
_TAG = re.compile(r'<[a-z]+ [^<>"]*"[^<>]*>')
_VALUE = re.compile(r'(?<==)"([\w.#:/-]+)"')


def compact(text: str) -> str:
    """The same page: columns look as their table's class says, and tables say nothing that HTML
    knows by itself.

    Where a row is a card or a paragraph, its cells name their column: a table that may be shown so
    holds its heads as ``--1``, ``--2`` …, and one rule a column, for all tables of the page, hands
    them on.

    The last step of all: what reads a table in the page's text has to come before it.

    >>> print(
    ...     compact(
    ...         '<style></style><table class="casechron n1"><tr><td class="number">1</td></tr></table>'
    ...     )
    ... )
    <style>.n1 tr>:nth-child(1){text-align:right;white-space:nowrap}
    </style><table class="casechron n1"><tr><td>1</table>
    """  # noqa: E501
    rules = _column_rules(text)
    text = _CARDS.sub(lambda table: f"{table[1]}{_heads(table[2])}{table[2]}", text)
    text = _TABLE.sub(lambda table: lean_tables(_NUMBER.sub(r"\1", table.group(0))), text)
    return text.replace("</style>", f"{rules}</style>", 1)


def lean_tables(text: str) -> str:
    """Tables without end tags that HTML lets out, and without quotation marks around values that
    need none.

    What is read, by eye or ear, stays the same: the words, heads, scopes and addresses of every
    cell.

    >>> lean_tables(
    ...     '<table id="t">\\n<tr><th scope="row">a</th><td title="b c">1</td></tr>\\n</table>'
    ... )
    '<table id=t>\\n<tr><th scope=row>a<td title="b c">1\\n</table>'
    """
    often = _OFTEN.sub(r"<\1=\2>", _ENDS.sub("", text))
    return _TAG.sub(lambda tag: _VALUE.sub(r"\1", tag.group(0)), often)


def _column_rules(text: str) -> str:
    """The looks of the columns that the tables of a page name, such as ``n2``: the second column
    holds numbers."""
    found = {name for names in _LOOK.findall(text) for name in names.split() if name[1:].isdigit()}
    named = sorted(found, key=lambda name: int(name[1:]))
    rules = []
    for letter, (where, look) in _COLUMNS.items():
        places = [where.format(name, name[1:]) for name in named if name[0] == letter]
        rules += [f"{','.join(places)}{{{look}}}\n"] if places else []
        if letter == "i" and places:
            rules.append(
                _FOLDED.format(
                    ",".join(f"{place}:is(td):not(.whole,:focus-within)" for place in places)
                )
            )
    most = max((len(_HEAD.findall(table[2])) for table in _CARDS.finditer(text)), default=0)
    rules += [
        f".cards tr>:nth-child({place}){{--h:var(--{place})}}\n" for place in range(1, most + 1)
    ]
    return "".join(rules)


def _heads(markup: str) -> str:
    """The heads of a table as an attribute, from which the cells take them."""
    heads = enumerate(_HEAD.findall(markup), start=1)
    return ' style="' + ";".join(f"--{place}:'{_string(head)}'" for place, head in heads) + '"'


def _string(words: str) -> str:
    """Escaped words as they stand in a string of CSS within an attribute."""
    for this, that in (("\\", "\\\\"), ("'", "\\'"), ('"', "&quot;"), ("\n", "\\a ")):
        words = words.replace(this, that)
    return words
