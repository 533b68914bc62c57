"""Which column of a chronology is which? By the names that the trade gives them, in one row of
heads or in two of which the upper one spans columns of the lower."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

from casechron.coding.import_files import Cell, ImportTable

#: What a column of a chronology can be, and what its name then has in it; the first that fits is
#: it. Those of facts are codes of the codebook. What fits nothing goes into `note`.
ROLES = {
    "birth": r"\bof birth\b|\bdob\b|\bborn\b",
    "unsure": r"\bseen (?:or )?spoken",
    "number": r"^(?:no|nos|number|row|item|#|s no|id|ref|ref no|reference|entry (?:no|number))$",
    "until": r"^(?:date )?(?:until|to|ended|end|end date|closed)$|^(?:end|finish) date$",
    "time": r"^time\b(?!line)|^(?!.*\bdate\b).*\btime(?: of day)?$",
    "child-seen-alone": r"\balone\b",
    "child-spoken-to": r"\bspoken (?:to|with)\b",
    "child-said": r"\bvoice\b|\b(?:views|wishes)\b|child (?:s )?said",
    "child-seen": r"\bseen\b",
    "impact": r"\bimpact\b",
    "date": r"\bdate|^(?:when|day|from|time frame|timeline)$",
    "period": r"^(?:year|month)$",
    "kind": r"^(?:type|kind|category|nature)\b",
    "note": r"comment|analysis|reflection|\bnotes?\b|significance|learning|missed|rationale|lesson",
    "place": r"^source|document|\brecords?$|evidence|\bfile\b|reference",
    "action": r"\bactions?\b|response|intervention|steps taken|what was done|service provided",
    "outcome": r"outcome|\bresults?\b|decision|conclusion",
    "by": r"agenc|organisation|^service$|^setting$|^team$",
    "professional": r"professional|worker|practitioner|\bstaff\b|\bby\b|^who$|author|officer",
    "about": r"\bsubject\b|family member|about|^person$"
    r"|^(?:name of )?child(?:ren)?(?: s)?(?: name)?$",
    "summary": r"event|incident|detail|description|happened|summary|information|\bentry\b|contact"
    r"|occurr|concern|content|narrative|chronology|history",
}
_PATTERNS = {role: re.compile(pattern) for role, pattern in ROLES.items()}
#: The heads of a table that explains initials.
_INITIALS = re.compile(r"initial|abbreviation|acronym|^key$|short")
_MEANING = re.compile(r"meaning|stands for|^agency$|in full|full|explanation|organisation|name")
#: Rows of which one can be the heads, and letters of a head.
_LOOKED_AT, _LONG = 15, 80


class Heads(NamedTuple):
    """The columns of a table: the role and the name of each, '' where it has none; the texts of
    the heads; and at which row of the table the entries begin."""

    roles: Sequence[str]
    names: Sequence[str]
    rows: Sequence[Sequence[str]]
    begins: int


def plain_head(text: str) -> str:
    """A head as it is compared: small letters, without marks and without what stands in brackets.

    >>> plain_head("Child's name (initials only):")
    'child s name'
    """
    text = re.sub(r"\([^)]*\)", " ", text.casefold()).replace("&", " and ")
    return " ".join(re.sub(r"[^\w#]+", " ", text).split())


def role_of(text: str, asked: Mapping[str, str] | None = None) -> str:
    """The role of a column by its head; '' where the name is none of the trade's.

    >>> [role_of(one) for one in ("Date & time", "Significant event", "Agency response", "Venue")]
    ['date', 'summary', 'action', '']
    """
    plain = plain_head(text)
    if asked and plain in asked:
        return asked[plain]
    if not plain or len(plain) > _LONG:
        return ""
    return next((role for role, has in _PATTERNS.items() if has.search(plain)), "")


def many_heads(texts: Iterable[str]) -> int:
    """How many of some texts are heads."""
    return sum(bool(role_of(text)) and len(text.split()) <= 8 for text in texts)


def is_key(table: ImportTable) -> bool:
    """Whether a table explains initials: two columns, of which the first is headed so."""
    if len(table.rows) < 2:
        return False
    first, second = ([cell.own for cell in table.rows[0][1] if cell.own] + ["", ""])[:2]
    wide = max(len([cell for cell in row if cell.text]) for _, row in table.rows)
    initials, meaning = _INITIALS.search(plain_head(first)), _MEANING.search(plain_head(second))
    return bool(initials and meaning) and wide == 2


def heads_of(table: ImportTable, asked: Mapping[str, str], before: Heads | None) -> Heads | None:
    """The heads of a table.

    Parameters
    ----------
    table
        The table.
    asked
        Roles that somebody gives to heads, as `plain_head` has them.
    before
        The heads of the table before it: one without heads that is as wide goes on from there.

    Returns
    -------
    Heads or None
        None where no row names a date and what happened.
    """
    for place, (_, row) in enumerate(table.rows[:_LOOKED_AT]):
        found = _heads_at(table, place, row, asked)
        # What stands above a chronology, as in 'Date begun: 5 May 2018', has digits.
        dates = [
            name for name, role in zip(found.names, found.roles, strict=True) if role == "date"
        ]
        heads = dates and not re.search(r"\d", dates[0])
        if heads and {"summary", "action"} & set(found.roles):
            return found
    return before._replace(begins=0) if before and _goes_on(table, before) else None


def _heads_at(
    table: ImportTable, place: int, row: Sequence[Cell], asked: Mapping[str, str]
) -> Heads:
    """What the heads are if they begin in a row."""
    names, begins, rows = _spread(row), place + 1, [[cell.own for cell in row]]
    below = table.rows[begins][1] if begins < len(table.rows) else []
    if _is_lower(row, below):
        rows.append([cell.own for cell in below])
        names = [under or over for over, under in zip_longest(names, rows[1], fillvalue="")]
        begins += 1
    roles = _roles(names, asked)
    return Heads(roles, names, rows, begins)


def _is_lower(row: Sequence[Cell], below: Sequence[Cell]) -> bool:
    """Whether a row is the lower one of two rows of heads: it has nothing but heads, and either
    the upper ones reach down into it or it parts what one of them spans."""
    own = [at for at, cell in enumerate(below) if cell.own]
    if not own or many_heads(below[at].text for at in own) < len(own):
        return False
    spanned = any(at >= len(row) or not row[at].own for at in own)
    return any(cell.part_of == "above" for cell in below) or (len(own) > 1 and spanned)


def _spread(row: Sequence[Cell]) -> list[str]:
    """The texts of a row of heads, of which one stands over each column that it spans."""
    texts: list[str] = []
    for cell in row:
        texts.append(texts[-1] if cell.part_of == "left" and texts else cell.text)
    return texts


def _roles(names: Iterable[str], asked: Mapping[str, str]) -> list[str]:
    """The role of each column; of two dates the first is it, and the other goes into `note`."""
    roles: list[str] = []
    for name in names:
        role = role_of(name, asked)
        roles.append("" if role == "unsure" or (role in _ONCE and role in roles) else role)
    if "date" not in roles and "period" in roles:
        roles[roles.index("period")] = "date"
    return roles


_ONCE: Collection[str] = ("date", "until", "time", "number", "kind", "period")


def _goes_on(table: ImportTable, before: Heads) -> bool:
    """Whether a table without heads is as wide as the one before it."""
    wide = max((len(row) for _, row in table.rows), default=0)
    return wide == len(before.roles)
