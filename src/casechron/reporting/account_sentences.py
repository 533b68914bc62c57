"""Who says that somebody harmed somebody, with what force, and who came to hold that? One account,
in sentences.

What is alleged stays alleged, what is denied is said to be, and nobody's account is counted or set
against another's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.reporting.words import capital, listed, verb

__all__ = ["accounts_in_sentences"]

_SOURCE, _UNKNOWN = "the source's own", "when is not stated"
_UNSAID = "who harmed whom is not said"


def accounts_in_sentences(rows: pd.DataFrame) -> list[str]:
    """The accounts of one incident, each in sentences of its own; a denial already said is not said
    again."""
    found: list[str] = []
    denied: set[str] = set()
    for row in rows.to_dict("records"):
        by = [one.removeprefix("denied by ") for one in row["denial"].split("; ") if one]
        denies = "".join(f"; {one} denies it" for one in by)
        if row["account"] not in denied or row["force"] != "denied":
            found.append(f"{capital(_claim(row))}{denies}.")
        denied |= set(by)
        found += _held_in_sentences(row)
    return found


def _claim(row: Mapping[Any, Any]) -> str:
    """What one account says, with its force, and whose account it is.

    >>> row = {
    ...     "status": "alleged",
    ...     "force": "alleged",
    ...     "account": "somebody not named",
    ...     "by_whom": "F",
    ...     "to_whom": "M",
    ...     "also_concerned": "",
    ... }
    >>> _claim(row)
    'somebody not named alleges that F did this to M'
    >>> _claim(row | {"by_whom": "", "to_whom": "", "also_concerned": "F; M"})
    'somebody not named alleges it; who harmed whom is not said (it concerns F and M)'
    >>> _claim(
    ...     row
    ...     | {"status": "counter-alleged", "account": "M", "by_whom": "F (accused)", "to_whom": ""}
    ... )
    'M in turn accuses F'
    >>> _claim(
    ...     row
    ...     | {
    ...         "status": "reported as fact",
    ...         "force": "fact",
    ...         "account": _SOURCE,
    ...         "by_whom": "",
    ...         "to_whom": "",
    ...         "also_concerned": "F; M",
    ...     }
    ... )
    'reported as fact; who harmed whom is not said (it concerns F and M)'
    >>> _claim(
    ...     row
    ...     | {
    ...         "status": "told to the review",
    ...         "force": "later",
    ...         "by_whom": "M (feared)",
    ...         "to_whom": "G (afraid)",
    ...     }
    ... )
    'told to the review by somebody not named: G was afraid of M'
    """
    status, who, what = row["status"] or "no status stated", row["account"], _deed(row)
    named, force, turn = (
        who != _SOURCE,
        row["force"],
        " in turn" if row["status"].startswith("counter") else "",
    )
    by, accused = _with_word(row["by_whom"], ""), _with_word(row["by_whom"], "accused")
    if force == "denied":
        return f"{who if named else 'somebody'} denies it"
    if force == "alleged" and named:
        if accused:
            return f"{who}{turn} accuses {listed(accused)}"
        unsaid = not what or what.startswith(_UNSAID)
        return (
            f"{who} alleges{turn}"
            f" {'it' if unsaid else f'that {what}'}{f'; {what}' if what and unsaid else ''}"
        )
    if status == "admitted" and by == [who] and not row["to_whom"]:
        return f"{who} admits it"
    if status == "convicted" and by and not row["to_whom"]:
        return (
            f"{listed(by)} {verb(len(by), 'was', 'were')} convicted of"
            f" this{f', on the account of {who}' if named else ''}"
        )
    teller = (
        {"later": f" by {who}", "opinion": f" of {who}"}.get(force, f" on the account of {who}")
        if named
        else ""
    )
    return f"{status}{teller}{'; ' if what.startswith(_UNSAID) else ': ' if what else ''}{what}"


def _deed(row: Mapping[Any, Any]) -> str:
    """Who did what to whom, as far as the account says it; that it is left unsaid, where somebody
    is concerned in it."""
    by, to = (_with_word(row[name], "") for name in ("by_whom", "to_whom"))
    accused, feared = (_with_word(row["by_whom"], word) for word in ("accused", "feared"))
    afraid, seen = (_with_word(row["to_whom"], word) for word in ("afraid", "injury seen"))
    concerned = listed(row["also_concerned"].split("; ")) if row["also_concerned"] else ""
    found = []
    if by:
        found.append(f"{listed(by)} did this{f' to {listed(to)}' if to else ''}")
    elif to:
        found.append(
            f"{listed(to)} {verb(len(to), 'was', 'were')} harmed; by whom, this account does"
            " not say"
        )
    if accused:
        found.append(f"{listed(accused)} {verb(len(accused))} accused")
    if afraid or feared:
        of = f" of {listed(feared)}" if feared else ""
        found.append(
            f"{listed(afraid) or 'somebody'} {verb(len(afraid), 'was', 'were')} afraid{of}"
        )
    if seen:
        found.append(f"an injury was seen on {listed(seen)}")
    return "; ".join(found) or (f"{_UNSAID} (it concerns {concerned})" if concerned else "")


def _with_word(cell: str, word: str) -> list[str]:
    """The names of a cell that have this word in brackets, or none."""
    parts = [one for one in cell.split("; ") if one]
    if not word:
        return [
            one for one in parts if not re.search(r" \((accused|feared|afraid|injury seen)\)$", one)
        ]
    return [one.removesuffix(f" ({word})") for one in parts if one.endswith(f" ({word})")]


def _held_in_sentences(row: Mapping[Any, Any]) -> list[str]:
    """Who came to hold an account, and when; who learned it only afterwards."""
    what, found = "denial" if row["force"] == "denied" else "account", []
    held = [one.removesuffix(")").rpartition(" (") for one in row["held_by"].split("; ") if one]
    dated = [(who, when) for who, _, when in held if when not in (NOT_ADMISSIBLE, _UNKNOWN)]
    if dated:
        (first, since), *others = dated
        more = "".join(f"; {who} {when}" for who, when in others)
        found.append(f"{capital(first)} came to hold this {what} {since}{more}.")
    rest = [who for who, _, when in held if when in (NOT_ADMISSIBLE, _UNKNOWN)]
    if rest:
        found.append(f"Held, from a day that cannot be told, by: {'; '.join(rest)}.")
    if row["learned_afterwards"]:
        found.append(f"Learned only afterwards by {listed(row['learned_afterwards'].split('; '))}.")
    return found
