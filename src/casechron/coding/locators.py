"""Where does each coded row say that it rests, and which sentence stands there?

`locate` writes the fingerprints of the sentences that locators.csv names, and never a word of them.
"""

from __future__ import annotations

import csv
import io
import os
import re
import secrets
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from casechron.coding.codebook import codebook
from casechron.coding.sheets import Row, Sheet, read_sheet
from casechron.coding.sources import (
    NORMALISATION,
    SourceError,
    digest,
    numbered_sentences,
    paragraphs,
    text_digest,
)
from casechron.coding.texts import read_source

__all__ = [
    "chosen_source",
    "counted",
    "is_same_text",
    "locate",
    "located_source",
    "located_sources",
    "numbered_rows",
    "read_table",
]


def read_table(folder: Path, name: str) -> Sheet:
    """One table; what keeps it from being read is told as `casechron check` tells it."""
    sheet = read_sheet(folder / f"{name}.csv", codebook().tables[name], f"{name}.csv")
    if sheet.breaches:
        raise SourceError("\n".join(map(str, sheet.breaches)))
    return sheet


def _written(sheet: Sheet) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, sheet.table.header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(row.cells for row in sheet.rows)
    return out.getvalue()


def _write(folder: Path, sheets: Sequence[Sheet]) -> None:
    """All or none, as far as a file system allows: each file is complete before the first is
    replaced."""
    paths = [folder / sheet.file for sheet in sheets]
    parts = [path.with_name(f"{path.name}.part") for path in paths]
    try:
        for part, path, sheet in zip(parts, paths, sheets, strict=True):
            part.write_text(_written(sheet), encoding="utf-8", newline="\n")
            shutil.copymode(path, part)
        for part, path in zip(parts, paths, strict=True):
            os.replace(part, path)
    finally:
        for part in parts:
            part.unlink(missing_ok=True)


def _source_row(sources: Sheet, source_id: str) -> Row:
    for row in sources.rows:
        if row["id"] == source_id:
            said = re.search(r"normalisation (\d+)", row["located_by"], re.IGNORECASE)
            if said and int(said[1]) != NORMALISATION:
                raise SourceError(
                    f"sources.csv line {row.line}, located_by: {source_id!r} was located by"
                    f" normalisation {said[1]}; this version has normalisation {NORMALISATION}:"
                    " change the cell and locate anew"
                )
            return row
    known = ", ".join(row["id"] for row in sources.rows) or "none"
    raise SourceError(f"sources.csv has no source {source_id!r}; it has: {known}")


def numbered_rows(locators: Sheet, source_id: str) -> list[tuple[Row, int, int]]:
    """The rows that name a sentence of the source, with its numbers; rows that name the source only
    are left out."""
    found = []
    breaches = []
    for row in locators.rows:
        if row["source"] != source_id or not (row["paragraph"] or row["sentence"]):
            continue
        bad = [
            f"locators.csv line {row.line}, {column}: found {row[column]!r}; write a whole number"
            " from 1"
            for column in ("paragraph", "sentence")
            if not re.fullmatch(r"[1-9][0-9]{0,8}", row[column])
        ]
        breaches += bad
        if not bad:
            found.append((row, int(row["paragraph"]), int(row["sentence"])))
    if breaches:
        raise SourceError("\n".join(breaches))
    return found


def located_sources(folder: str | Path) -> list[str]:
    """Which sources do rows of the review rest on by paragraph and sentence? Their ids, as in
    sources.csv.

    Those are the sources that can be located and verified; a source that is only named is not among
    them. Raises `SourceError` where a table cannot be read."""
    numbered = {
        row["source"] for row in read_table(Path(folder), "locators").rows if row["paragraph"]
    }
    return [row["id"] for row in read_table(Path(folder), "sources").rows if row["id"] in numbered]


def chosen_source(folder: Path, source_id: str | None) -> str:
    """The source that is meant: the one that is named, else the only one that rows rest on by
    number."""
    if source_id is not None:
        return source_id
    ids = located_sources(folder)
    if len(ids) == 1:
        return ids[0]
    if ids:
        which = " or ".join(f"--source-id {one}" for one in ids)
        raise SourceError(
            "rows rest on numbered sentences of several sources; say of which this is the text:"
            f" {which}"
        )
    raise SourceError("locators.csv: no row rests on a numbered sentence of any source")


def located_source(sources: Sheet, source_id: str) -> Row:
    """The row of a source that has been located."""
    source = _source_row(sources, source_id)
    if not source["salt"] or not source["digest"]:
        raise SourceError(
            f"sources.csv: {source_id!r} has no salt or no digest; run `casechron locate` with its"
            " text first"
        )
    return source


def counted(number: int, noun: str) -> str:
    """A number with its noun: '1 sentence', '2 sentences'."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def locate(
    folder: str | Path, source_id: str | None, file: str | Path, *, force: bool = False
) -> int:
    """Fill the digests of the places that rest on a source; the number of places filled.

    Reads locators.csv and sources.csv of a review folder, or of a folder of an independent coding,
    and rewrites them in place: rows keep their order, other sources their cells. In locators: the
    digests of the sentence and of its neighbours in the whole source, across paragraphs (empty at
    its start and end). In sources: the number of paragraphs, the digest of the text and, where
    there is none yet, a salt. Doing it twice changes nothing. A row that names the source only,
    without numbers, keeps no digest. ``source_id`` may be None where rows rest on one text only.

    Raises `SourceError`, with every paragraph or sentence that does not exist; then nothing is
    written. So too where the text seems to be another than the one that was coded: it has another
    number of paragraphs than sources.csv says, or most sentences that were located before stand
    nowhere in it. With ``force`` it is taken all the same."""
    folder = Path(folder)
    source_id = chosen_source(folder, source_id)
    sources, locators = read_table(folder, "sources"), read_table(folder, "locators")
    source = _source_row(sources, source_id)
    if source["located_by"].strip().lower().startswith("source only"):
        raise SourceError(
            f"sources.csv line {source.line}, located_by: {source_id!r} says 'source only'; "
            "say how its paragraphs are counted, then locate it"
        )
    places = numbered_rows(locators, source_id)
    text = read_source(file)
    all_sentences = numbered_sentences(text)
    position = {
        (found.paragraph, found.sentence): place for place, found in enumerate(all_sentences)
    }
    lengths = Counter(found.paragraph for found in all_sentences)
    last = len(paragraphs(text))

    name = Path(file).name
    absent = [place for place in places if place[1:] not in position]
    if not force and source["paragraphs"] not in ("", str(last)):
        raise SourceError(_other_count(name, last, source, len(absent), len(places)))
    if absent and last == 1:
        raise SourceError(
            f"{_one_block(name)}, and {_of(len(absent), len(places))} in locators.csv"
            f" {_verb(len(absent))} not in it; {_SEPARATE}"
        )
    breaches = []
    for row, paragraph, sentence in absent:
        where = f"locators.csv line {row.line}"
        if paragraph > last:
            breaches.append(
                f"{where}, paragraph: found {paragraph}; {source_id!r} has"
                f" {counted(last, 'paragraph')}"
            )
        else:
            has = counted(lengths[paragraph], "sentence")
            breaches.append(
                f"{where}, sentence: found {sentence}; paragraph {paragraph} of {source_id!r} has"
                f" {has}"
            )
    if breaches:
        raise SourceError("\n".join(breaches))

    salt = source["salt"] or secrets.token_hex(8)
    digests = ["", *(digest(found.text, salt) for found in all_sentences), ""]
    before = [row["digest"] for row, _, _ in places if row["digest"]] if source["salt"] else []
    gone = len([one for one in before if one not in digests])
    if not force and gone * 2 > len(before):
        stand = (
            f"{_verb(gone, 'was', 'were')} located before {_verb(gone, 'stands', 'stand')} nowhere"
            f" in {name}"
        )
        raise SourceError(
            f"{_of(gone, len(before), 'sentence')} that {stand}: is it the text of {source_id!r}?"
            " If it is, say --force to locate it anew"
        )
    for row in locators.rows:
        if row["source"] == source_id:
            row.cells.update(digest="", digest_before="", digest_after="")
    for row, paragraph, sentence in places:
        previous, itself, following = digests[position[paragraph, sentence] :][:3]
        row.cells.update(digest=itself, digest_before=previous, digest_after=following)
    source.cells.update(salt=salt, digest=text_digest(text, salt), paragraphs=str(last))
    _write(folder, [sources, locators])
    return len(places)


_SEPARATE = "put a blank line between its paragraphs, as between those of the text that was coded"


def _of(some: int, all_of: int, noun: str = "place") -> str:
    """How many of how many: '3 of the 4 places', 'the one place'."""
    return f"the one {noun}" if all_of == 1 else f"{some} of the {all_of} {noun}s"


def _verb(number: int, one: str = "is", more: str = "are") -> str:
    return one if number == 1 else more


def _one_block(name: str) -> str:
    return f"{name} is a single paragraph, for no blank line parts its text"


def _other_count(name: str, last: int, source: Row, absent: int, places: int) -> str:
    """What is said of a text whose paragraphs are not as many as sources.csv has."""
    line, said = source.line, source["paragraphs"]
    there = (
        f", and {_of(absent, places)} that locators.csv names {_verb(absent)} not in it"
        if absent
        else ""
    )
    if last == 1:
        return f"{_one_block(name)}; sources.csv line {line} says {said}{there}: {_SEPARATE}"
    return (
        f"{name} has {counted(last, 'paragraph')}, and sources.csv line {line} says {said}{there}:"
        f" is it the text of {source['id']!r}? If it is, correct the number, or say --force to have"
        " it replaced"
    )


def is_same_text(folder: str | Path, source_id: str | None, file: str | Path) -> bool:
    """Is the file, once normalised, the very text that was located, to the last sentence and
    paragraph?

    Raises `SourceError` where the source was never located.
    """
    folder = Path(folder)
    source = located_source(read_table(folder, "sources"), chosen_source(folder, source_id))
    return text_digest(read_source(file), source["salt"]) == source["digest"]
