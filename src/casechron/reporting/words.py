"""What do the tables of the coded record show, in plain sentences? No sentence here holds a number
of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from casechron.reporting.said import said

if TYPE_CHECKING:
    from casechron.coding.reviews import ReviewMeta

Tables = Mapping[str, pd.DataFrame]


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun.

    >>> counted(1, "event"), counted(0, "event"), counted(2, "agency", "agencies")
    ('1 event', 'no events', '2 agencies')
    """
    noun = one if number == 1 else many or f"{one}s"
    return f"{number or 'no'} {noun}"


def sentences(text: str) -> list[str]:
    """The sentences of a description, each an item of a list.

    A numbered step within a sentence is no sentence.

    >>> sentences("Two steps: 1. “A” is late; 2. “B” waits. 3 bars.")
    ['Two steps: 1. “A” is late; 2. “B” waits.', '3 bars.']
    """
    return [one for one in _BETWEEN.split(text.strip()) if one]


def in_brief(text: str) -> str:
    """The beginning of a description: its first sentence, and its second if both are short; a very
    long one ends in '…'.

    >>> in_brief("Two bars. One is long. The other is " + "very " * 90 + "short.")
    'Two bars. One is long.'
    """
    first, *rest = sentences(text) or [""]
    if len(first) > _BRIEF:
        place = max(first.rfind(sign, 0, _BRIEF) for sign in (": ", "; ", ", ", " "))
        return first[: place if place > 0 else _BRIEF].rstrip(":;, ") + " …"
    return f"{first} {rest[0]}" if rest and len(first) + len(rest[0]) < _BRIEF else first


#: Between sentences: not after the number of a step, unless a number follows.
_BETWEEN = re.compile(r"(?<=[.!?])\s+(?=\d)|(?<=[.!?])(?<![:;] \d\.)\s+(?=[^\W\d_a-z]|[“‘])")
#: Characters.
_BRIEF = 240


def verb(number: int, one: str = "is", many: str = "are") -> str:
    """The verb that goes with a number of things, or with none.

    >>> verb(1), verb(0), verb(2), verb(2, "has", "have")
    ('is', 'is', 'are', 'have')
    """
    return one if number <= 1 else many


def listed(parts: list[str]) -> str:
    """Parts as an English list.

    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    return (
        parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""
    )


def quoted(words: str) -> str:
    """A row's summary as it stands in a sentence.

    >>> quoted("The case is closed.")
    '“The case is closed”'
    """
    return f"“{words.rstrip('.')}”"


def some_of(parts: list[str], words: int = 24) -> str:
    """Parts as an English list of about so many words; what does not fit is counted, the first
    always stands.

    >>> some_of(["one two", "three four", "five six"], 4), some_of(["one", "two"]), some_of([])
    ('one two, three four and 1 more', 'one and two', '')
    """
    shown = parts[:1]
    for part in parts[1:]:
        if len(" ".join([*shown, part]).split()) > words:
            break
        shown.append(part)
    rest = len(parts) - len(shown)
    return listed([*shown, f"{rest} more"] if rest else shown)


def capital(words: str) -> str:
    """Words as they begin a sentence.

    >>> capital("no events are coded.")
    'No events are coded.'
    """
    return words[:1].upper() + words[1:]


def sentence(words: str) -> str:
    """Words with one full stop at their end.

    >>> sentence("A dies"), sentence("A dies.")
    ('A dies.', 'A dies.')
    """
    return words if words.endswith(".") else f"{words}."


def summaries(events: pd.DataFrame) -> Callable[[str], str]:
    """How an event is called in a sentence, from its id: by its summary.

    >>> summaries(pd.DataFrame({"id": ["close"], "summary": ["The case is closed."]}))("close")
    '“The case is closed”'
    """
    called = dict(zip(events["id"], events["summary"], strict=True))
    return lambda event: quoted(called.get(event) or event)


def record_in_words(meta: ReviewMeta, tables: Tables) -> list[str]:
    """The key points of the record: what was coded, from which sources, and how firm it is."""
    events, coverage = tables["events"], tables["coverage"]
    absences = int((events["absence"] != "").sum())
    lacks = (
        f", and {counted(absences, 'thing')} reported as missing, unconfirmed or not enough"
        if absences
        else ""
    )
    points: list[str] = [
        said(
            f"{meta.title} ({meta.body}, {meta.year}) is coded from"
            f" {counted(len(tables['sources']), 'source')}. The record holds"
            f" {counted(len(events) - absences, 'event or state', 'events and states')}{lacks}.",
            "sources",
            "coded_events",
        )
    ]
    agencies, people = (
        tables["involvement"]["agency"].nunique(),
        tables["participation"]["person"].nunique(),
    )
    if agencies or people:
        # Of which there is none may not be coded, which says nothing of the source.
        bodies = [counted(agencies, "agency or body", "agencies or bodies")] * bool(agencies)
        persons = [counted(people, "person or group", "persons or groups")] * bool(people)
        parts = [*bodies, *persons]
        points.append(
            said(
                f"{capital(' and '.join(parts))} {verb(agencies + people, 'has', 'have')} a part in"
                " them.",
                "agencies_in_events",
                "accounts",
            )
        )
    points += _basis_in_words(tables)
    if len(coverage):
        coded = int((coverage["status"] == "coded").sum())
        why = "The table of paragraphs says why the others are not."
        points.append(
            said(
                (
                    f"Of {counted(len(coverage), 'paragraph')} in the source, {coded or 'none'}"
                    f" {verb(coded)} coded. {why}"
                    if coded < len(coverage)
                    else (
                        f"{verb(coded, 'The', 'All')} {counted(coded, 'paragraph')} of the source"
                        f" {verb(coded)} coded."
                    )
                ),
                "rows_by_paragraph",
            )
        )
    else:
        points.append(
            "No text of the sources was at hand, so an entry names its source but no place in it."
        )
    readings = tables["readings"]["reading"].nunique()
    also = (
        f"{counted(readings, 'other reading')} of the sources {verb(readings)} kept beside the one"
        " used here. "
    )
    alone = "One coding alone is no evidence of how far two people would agree."
    points.append(said(capital(also) + alone, "other_readings") if readings else alone)
    return points


def _basis_in_words(tables: Tables) -> list[str]:
    with_basis = [table["basis"] for table in tables.values() if "basis" in table]
    bases = pd.concat(with_basis) if with_basis else pd.Series(dtype="str")
    if bases.empty:
        return []
    stated, derived, judged = (
        int((bases == basis).sum()) for basis in ("stated", "derived", "judged")
    )
    return [
        said(
            f"Of {counted(len(bases), 'entry', 'entries')} in all tables, {stated or 'none'}"
            f" {verb(stated, 'says', 'say')} what the source states. {derived or 'None'}"
            f" {verb(derived, 'follows', 'follow')} from it by a rule, and {judged or 'none'}"
            f" {verb(judged, 'rests', 'rest')} on the coder's judgement.",
            "basis_of_rows",
        )
    ]


def coding_notes(meta: ReviewMeta) -> list[str]:
    """The coder's notes from review.toml, a sentence list of their paragraphs."""
    paragraphs = [" ".join(block.split()) for block in meta.notes.strip().split("\n\n")]
    return [
        f"Coded by {meta.coder}, {meta.coded_on}, with codebook {meta.codebook}.",
        *filter(None, paragraphs),
    ]


def alt_rows_by_paragraph(table: pd.DataFrame) -> str:
    """Alt text of the figure of coverage, from its table."""
    if table.empty:
        return "No bars: no text of the sources was at hand."
    most = table.iloc[int(table["rows"].to_numpy(dtype=int).argmax())]
    blank = int((table["rows"] == 0).sum())
    return (
        f"Bars for {counted(len(table), 'paragraph')}. Most rows rest on paragraph"
        f" {most['paragraph']}: {most['rows']}. {counted(blank, 'paragraph').capitalize()} without"
        " a coded row, each with its reason in the table."
    )
