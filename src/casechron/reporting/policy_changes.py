"""What does each other choice of the dating policy change in this review, as its own tables tell?

The box of the policy is written before anything is known of the review as a whole; what the
review's tables say of other choices is put into it when all its notebooks have run. Where they say
nothing, the general words stay."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from html import escape

__all__ = ["policy_changes", "with_changes"]

#: The tables that tell of other choices: what each moves, which conclusions it changes, and how it
#: was combined with others.
_MOVED, _CONCLUDED, _COMBINED, _WINDOWS = (
    "policies_tried",
    "conclusions_by_choice",
    "choices_combined",
    "bounds",
)
_NOT_ADMISSIBLE = "no admissible chronology"
_READING = "reading: "
_LINE = re.compile(r"<!-- tried (\w+) -->(.*?)<!-- tried -->", re.DOTALL)

Rows = list[dict[str, str]]


def policy_changes(tables: Mapping[str, str]) -> dict[str, str]:
    """What other choices change, as HTML, for each field of the policy for which one was tried;
    ``readings`` for all readings.

    `tables` maps the name of each table of the review to its CSV. Without a table of what was tried
    nothing is said, and without one of conclusions nothing of them.

    >>> tried = "alternative,windows_that_differ,status\\nlate_from = 16,2,admissible\\nwinter = ends,0,admissible\\n"
    >>> for field, words in policy_changes(
    ...     {"policies_tried": tried, "bounds": "event\\na\\nb\\nc\\n"}
    ... ).items():
    ...     print(field, words)
    late_from with <code>16</code>, 2 of 3 windows move.
    winter with <code>ends</code>, no window moves.
    """  # noqa: E501
    read = {name: list(csv.DictReader(io.StringIO(text))) for name, text in tables.items()}
    tried = {row.get("alternative", ""): row for row in read.get(_MOVED, [])}
    windows, conclusions = len(read.get(_WINDOWS, [])), _conclusions(read)
    found: dict[str, dict[str, list[str]]] = {}
    for name, row in tried.items():
        field, equals, value = name.partition(" = ")
        if equals:
            found.setdefault(field, {}).setdefault(
                _said(row, windows, conclusions, name), []
            ).append(value)
    words = {
        field: (
            "; ".join(
                f"with {' or '.join(_code(values))}, {changes}" for changes, values in said.items()
            )
            + "."
        )
        for field, said in found.items()
    }
    readings = {
        name.removeprefix(_READING): row for name, row in tried.items() if name.startswith(_READING)
    }
    if readings:
        words["readings"] = _readings(readings, windows, conclusions)
    return words


def with_changes(text: str, changes: Mapping[str, str]) -> str:
    """A page whose box of the policy says what other choices change in this review.

    >>> box = "<p>It moves by a year. <!-- tried winter -->Tried instead: ends.<!-- tried --></p>"
    >>> with_changes(box, {"winter": "with ends, no window moves."})
    '<p>It moves by a year. <strong>In this review:</strong> with ends, no window moves.</p>'
    >>> with_changes(box, {})
    '<p>It moves by a year. Tried instead: ends.</p>'
    """

    def said(match: re.Match[str]) -> str:
        words = changes.get(match[1])
        return f"<strong>In this review:</strong> {words}" if words else match[2]

    return _LINE.sub(said, text)


def _conclusions(read: Mapping[str, Rows]) -> dict[str, tuple[int, int]] | None:
    """How many conclusions each choice changes, and of how many; None where the review has no such
    table."""
    if not read.get(_CONCLUDED):
        return None
    of: dict[str, list[bool]] = {}
    for row in read[_CONCLUDED]:
        of.setdefault(row.get("choice", ""), []).append(row.get("outcome") == "changes")
    every = max(map(len, of.values()))
    # Of a choice that was tried there are rows only where it changes something.
    none = {row.get("option", ""): (0, every) for row in read.get(_COMBINED, [])}
    return none | {choice: (sum(changed), every) for choice, changed in of.items()}


def _said(
    row: Mapping[str, str],
    windows: int,
    conclusions: Mapping[str, tuple[int, int]] | None,
    name: str,
) -> str:
    if row.get("status") == _NOT_ADMISSIBLE:
        return (
            "there is no admissible chronology, since statements of the source contradict each"
            " other"
        )
    moved = _number(row)
    said = (
        f"{_of(moved, windows, 'window')} {'moves' if moved < 2 else 'move'}"
        if moved is not None
        else ""
    )
    changed = conclusions.get(name) if conclusions else None
    if changed:
        also = f"{_of(*changed, 'conclusion')} {'changes' if changed[0] < 2 else 'change'}"
        said = f"{said} and {also}" if said else also
    return said or "the tables of this report say no more"


def _readings(
    readings: Mapping[str, Mapping[str, str]],
    windows: int,
    conclusions: Mapping[str, tuple[int, int]] | None,
) -> str:
    moved = {name: number for name, row in readings.items() if (number := _number(row))}
    many = len(readings)
    said = (
        f"of {many} other readings, each tried alone, "
        if many > 1
        else "one other reading was tried: "
    )
    said += _most(moved, windows, "window") or "none moves a window"
    torn = [name for name, row in readings.items() if row.get("status") == _NOT_ADMISSIBLE]
    if torn:
        said += f"; with {', '.join(_code(torn))} there is no admissible chronology"
    if conclusions:
        changed = {
            name: of for name in readings if (of := conclusions.get(_READING + name, (0, 0)))[0]
        }
        every = max((of for _, of in conclusions.values()), default=0)
        words = _most({name: number for name, (number, _) in changed.items()}, every, "conclusion")
        said += f"; {words}" if words else "; none changes a conclusion"
    return said + "."


def _most(numbers: Mapping[str, int], of: int, what: str) -> str:
    """How many move or change something, and which does so most."""
    if not numbers:
        return ""
    does = {"window": "move", "conclusion": "change"}[what]
    most = max(numbers, key=lambda name: numbers[name])
    if len(numbers) == 1:
        return f"{_code([most])[0]} {does}s {_of(numbers[most], of, what)}"
    return (
        f"{len(numbers)} {does} {what}s (most of all {_code([most])[0]}:"
        f" {_of(numbers[most], of, what)})"
    )


def _of(number: int, every: int, what: str) -> str:
    """How many of how many: 'no window', '1 of 75 windows', or '2 windows' where nobody says of how
    many."""
    if not number:
        return f"no {what}"
    return (
        f"{number} of {every} {what}s" if every else f"{number} {what}{'' if number == 1 else 's'}"
    )


def _number(row: Mapping[str, str]) -> int | None:
    value = row.get("windows_that_differ", "")
    return int(value) if value.isdigit() else None


def _code(names: Iterable[str]) -> list[str]:
    return [f"<code>{escape(name)}</code>" for name in names]
