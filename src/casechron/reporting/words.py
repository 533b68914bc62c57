"""What do the tables of the coded record show, in plain sentences? No sentence here holds a number of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

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


def listed(parts: list[str]) -> str:
    """Parts as an English list.

    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def record_in_words(meta: ReviewMeta, tables: Tables) -> list[str]:
    """What was coded, from which sources, and how much of it is stated rather than judged?"""
    events, coverage = tables["events"], tables["coverage"]
    absences = int((events["absence"] != "").sum())
    with_basis = [table["basis"] for table in tables.values() if "basis" in table]
    bases = pd.concat(with_basis) if with_basis else pd.Series(dtype="str")
    said = [
        f"{meta.title} ({meta.body}, {meta.year}) is coded from {counted(len(tables['sources']), 'source')}: "
        f"{counted(len(events) - absences, 'event or state', 'events and states')}, "
        f"{counted(absences, 'stated absence')}, {counted(len(tables['agencies']), 'agency or body', 'agencies and bodies')} "
        f"and {counted(len(tables['people']), 'person or group', 'persons and groups')}.",
        f"Of {counted(len(bases), 'coded row')} with a basis, {int((bases == 'stated').sum())} are stated by the source, "
        f"{int((bases == 'derived').sum())} derived and {int((bases == 'judged').sum())} judged by the coder.",
    ]
    if len(coverage):
        coded = int((coverage["status"] == "coded").sum())
        said.append(
            f"{coded} of {counted(len(coverage), 'paragraph')} of the source "
            f"{'is' if coded == 1 else 'are'} coded; for the others the table of coverage says why not."
        )
    else:
        said.append("No text of the sources was at hand, so places name a source and nothing within it.")
    readings = tables["readings"]["reading"].nunique()
    if readings:
        kept = "is" if readings == 1 else "are"
        said.append(f"{counted(readings, 'alternative reading')} of the sources {kept} kept beside the default.")
    said.append("The coding is the project's own: it is no evidence of how far human coders would agree.")
    return said


def coding_notes(meta: ReviewMeta) -> list[str]:
    """The coder's notes from review.toml, a sentence list of their paragraphs."""
    paragraphs = [" ".join(block.split()) for block in meta.notes.strip().split("\n\n")]
    return [f"Coded by {meta.coder}, {meta.coded_on}, with codebook {meta.codebook}.", *filter(None, paragraphs)]


def alt_rows_by_paragraph(table: pd.DataFrame) -> str:
    """Alt text of the figure of coverage, from its table."""
    if table.empty:
        return "No bars: no text of the sources was at hand."
    most = table.iloc[int(table["rows"].to_numpy(dtype=int).argmax())]
    blank = int((table["rows"] == 0).sum())
    return (
        f"Bars for {counted(len(table), 'paragraph')}. Most rows rest on paragraph {most['paragraph']}: {most['rows']}. "
        f"{counted(blank, 'paragraph').capitalize()} without a coded row, each with its reason in the table."
    )
