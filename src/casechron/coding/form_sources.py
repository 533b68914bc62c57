"""Do the places of a form stand in a text of the source, and where are its sentences?

`locate_form` writes sentences.csv, the fingerprints of a source's sentences and never a word of
them; `verify_form` holds the places of the form against a copy."""

from __future__ import annotations

import re
import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from casechron.characters import shown
from casechron.coding.codebook import codebook
from casechron.coding.expand import expand_forms
from casechron.coding.expansion import Expanded, Made, Origin, with_neighbours
from casechron.coding.files import csv_text, leads_out, lies_within, write_files
from casechron.coding.items import folded, without_bracket
from casechron.coding.meta import sources_in
from casechron.coding.sheets import Breach, Row, read_forms
from casechron.coding.source_text import marked_paragraphs, source_paragraphs
from casechron.coding.sources import (
    NORMALISATION,
    Sentence,
    SourceError,
    digest,
    normalise,
    numbered_sentences,
    text_digest,
)
from casechron.coding.verification import CopySentence, Verification, sentences_of_copy, verified

#: Shorter words of a label do not tell which agency it is.
_LEAST = 4
#: The sector of what the source does not name (see the codebook).
_UNNAMED = "10"
#: What is read as an initial, and can be the letter that a review gives a person.
_LETTER = re.compile(r"(?<!\w)[A-Z]\. (?=[A-Z])")


@dataclass(frozen=True, slots=True)
class _Read:
    """A folder's form as it is expanded, its sentences, and the source that is meant."""

    folder: Path
    done: Expanded
    rows: Sequence[Row]
    source: str
    typed: Mapping[tuple[str, int], Row]

    @classmethod
    def of(cls, folder: str | Path, source_id: str | None, prefix: str) -> _Read:
        """Read and expand a folder; `SourceError` where it cannot be read or no source is meant."""
        forms = read_forms(folder, prefix)
        if forms.breaches:
            raise SourceError("\n".join(map(str, forms.breaches)))
        done = expand_forms(forms, sources_in(folder, prefix))
        ids = [row["id"] for row in done.tables["sources"]]
        numbered = {row["source"] for row in done.tables["locators"] if row["paragraph"]}
        with_places = [key for key in ids if key in numbered] if len(ids) > 1 else ids
        source = meant_source(source_id, ids, with_places, "places are in several sources")
        if not source:
            message = "no place names a paragraph of any source; say which with --source-id"
            raise SourceError(message)
        typed = {(of.file, row.line): row for of in forms.sheets.values() for row in of.rows}
        return cls(Path(folder), done, forms.rows("sentences"), source, typed)

    @property
    def around(self) -> dict[tuple[int, int], tuple[str, str, str]]:
        """The digests of each located sentence, of the one before it and of the one after it, by
        paragraph and sentence."""
        return with_neighbours(self.done.sentences.get(self.source, {}))

    @property
    def salt(self) -> str:
        """The salt of the source's digests; '' where it was never located."""
        return next((row["salt"] for row in self.rows if row["source"] == self.source), "")

    def places(self) -> list[tuple[Made, int, int]]:
        """The locators that name a paragraph of the source, with paragraph and sentence; 0 where
        the whole paragraph is meant."""
        return [
            (row, int(row["paragraph"]), int(row["sentence"] or 0))
            for row in self.done.tables["locators"]
            if row["source"] == self.source and row["paragraph"]
        ]


def meant_source(named: str | None, ids: Sequence[str], among: Sequence[str], several: str) -> str:
    """The id of the source that is meant: the one that is named, or the only one of some, or '';
    `SourceError` where it is none of the review's or one of several."""
    if named is not None and named not in ids:
        known = ", ".join(ids) or "none"
        raise SourceError(f"review.toml has no source {shown(named)}; it has: {known}")
    if named is None and len(among) > 1:
        which = " or ".join(f"--source-id {source_id}" for source_id in among)
        raise SourceError(f"{several}; say of which this is the text: {which}")
    return named or next(iter(among), "")


def texts_at_hand(
    folder: str | Path, source_id: str | None = None, prefix: str = "", *, rested: bool = False
) -> list[tuple[str, Path]]:
    """The texts that stand in a review's own folder, each with its source.

    Parameters
    ----------
    folder, source_id, prefix
        As `locate_form` takes them; of None each source that has a text is meant.
    rested
        Leave out a text on none of whose paragraphs a row rests.

    Returns
    -------
    list of tuple
        The id of the source and the path of its text, in the order of review.toml.

    Raises
    ------
    SourceError
        Where no source that is meant has a text there, or it leads out of the project.
    """
    folder = Path(folder)
    review = folder.parents[1] if prefix else folder
    named = {str(source.get("id", "")): source for source in sources_in(folder, prefix)}
    meant = list(named) if source_id is None else [source_id]
    texts = [
        (key, review / str(named[key]["text"])) for key in meant if "text" in named.get(key, {})
    ]
    if not texts:
        of = "any source" if source_id is None else shown(source_id)
        message = f"review.toml names no text of {of} in the review's folder"
        raise SourceError(f"{message}; give it as --source FILE")
    for _, path in texts:
        for part in (path.parent, path):
            if message := leads_out(part, *lies_within(review)):
                raise SourceError(f"{part.name}: {message}")
    if not rested:
        return texts
    with_places = [text for text in texts if _Read.of(folder, text[0], prefix).places()]
    return with_places or texts[:1]


def locate_form(
    folder: str | Path,
    source_id: str | None,
    file: str | Path,
    *,
    force: bool = False,
    prefix: str = "",
) -> int:
    """Write the digest of each sentence of a source into sentences.csv; how many there are.

    Other sources keep their rows, and a source that was located keeps its salt, so that doing it
    twice changes nothing.

    Parameters
    ----------
    folder
        The folder of a review, or of a coding.
    source_id
        The source; None where only one can be meant.
    file
        Its text, or a saved page.
    force
        Take the text although most sentences that rows rest on stand nowhere in it, or some stand
        under another number.
    prefix
        What messages write before the name of a file.

    Raises
    ------
    SourceError
        Where the folder or the text cannot be read, a place is not in the text, or the text seems
        to be another; then nothing is written.
    """
    read = _Read.of(folder, source_id, prefix)
    _to_be_located(read)
    text = "\n\n".join(source_paragraphs(Path(file)))
    sentences = numbered_sentences(text)
    _absent(read, sentences, Path(file).name)
    salt = read.salt or secrets.token_hex(8)
    digests = {
        (sentence.paragraph, sentence.sentence): digest(sentence.text, salt)
        for sentence in sentences
    }
    if not force:
        _same_text(read, digests, Path(file).name)
    kept = [row.cells for row in read.rows if row["source"] != read.source]
    whole = {"source": read.source, "salt": salt, "digest": text_digest(text, salt)}
    located = [
        {
            "source": read.source,
            "paragraph": str(paragraph),
            "sentence": str(sentence),
            "digest": digest_of,
        }
        for (paragraph, sentence), digest_of in digests.items()
    ]
    columns = codebook().forms["sentences"].columns
    table = csv_text(columns, [*kept, whole, *located])
    write_files({read.folder / "sentences.csv": table.encode()})
    return len(located)


def _to_be_located(read: _Read) -> None:
    """Raise `SourceError` where review.toml says that the source has no text, or one that was cut
    into sentences otherwise."""
    source = next(row for row in read.done.tables["sources"] if row["id"] == read.source)
    by, file = source["located_by"], source.origins[0].file
    if by.strip().lower().startswith("source only"):
        message = f"{file}: located_by of {shown(read.source)} says 'source only'; say how its"
        raise SourceError(f"{message} paragraphs are counted, then locate it")
    declared = re.search(r"normalisation (\d+)", by, re.IGNORECASE)
    if declared and int(declared[1]) != NORMALISATION:
        why = (
            f"{file}: {shown(read.source)} was located by normalisation {declared[1]}; this version"
        )
        why = f"{why} has normalisation {NORMALISATION}: change located_by and locate anew"
        raise SourceError(why)


def _absent(read: _Read, sentences: Sequence[Sentence], name: str) -> None:
    """Raise `SourceError` with each place that the text does not have."""
    texts: dict[int, dict[int, str]] = defaultdict(dict)
    for numbered in sentences:
        texts[numbered.paragraph][numbered.sentence] = numbered.text
    last = max(texts, default=0)
    lines = []
    for locator, paragraph, sentence in read.places():
        here = texts.get(paragraph, {})
        if sentence not in here and (sentence or not here):
            has = _many(paragraph, here) if here else f"{name} has {last} paragraphs"
            lines.append(f"{_typed_place(locator)} is not in the text: {has}")
    if lines and last == 1:
        put = "put a blank line between its paragraphs, as between those of the text that was coded"
        lines.append(f"{name} is a single paragraph, for no blank line parts its text; {put}")
    if lines:
        raise SourceError("\n".join(dict.fromkeys(lines)))


def _many(paragraph: int, texts: Mapping[int, str]) -> str:
    """How many sentences a paragraph has, and which of them may look like two."""
    looks = [str(number) for number, text in texts.items() if _LETTER.search(text)]
    has = f"paragraph {paragraph} has {len(texts)}"
    if looks:
        has += f"; p{paragraph}.{looks[0]} goes on after a single letter with a full stop, which"
        has += " is read as an initial"
    return has


def _typed_place(locator: Made) -> str:
    """A place with the cell in which it is typed."""
    origin = locator.origins[0]
    place = f"p{locator['paragraph']}{'.' if locator['sentence'] else ''}{locator['sentence']}"
    return f"{origin.file} line {origin.line}, {origin.column}: {place}"


def _same_text(read: _Read, now: Mapping[tuple[int, int], str], name: str) -> None:
    """Raise `SourceError` where most sentences that rows rested on stand nowhere in the text, or
    any stands under another number, so that its rows would rest on another sentence unseen."""
    named = {(paragraph, sentence) for _, paragraph, sentence in read.places()}
    before = {
        place: digests[0]
        for place, digests in read.around.items()
        if place in named or (place[0], 0) in named
    }
    there = set(now.values())
    gone = sum(old not in there for old in before.values())
    moved = [place for place, old in before.items() if old in there and now.get(place) != old]
    of, why = f"of the {len(before)} sentences that rows rest on stand", ""
    if gone * 2 > len(before):
        why = f"{gone} {of} nowhere in {name}"
    elif moved:
        first = f"first that of p{moved[0][0]}.{moved[0][1]}"
        why = f"{len(moved)} {of} under another number in {name}, {first}"
    if why:
        message = f"{why}: is it the text of {shown(read.source)} as it was coded? If it is, say"
        raise SourceError(f"{message} --force to locate it anew")


class Verified(NamedTuple):
    """What became of every place of a source in a copy of it."""

    found: list[Verification]  # one for each row and sentence; of a paragraph, for each of its own
    unnamed: list[Origin]  # agencies that no sentence of their rows names and nothing marks derived
    source: str
    copy: list[CopySentence]
    rests: dict[tuple[int, int], list[Origin]]  # what rests on each paragraph and sentence
    typed: Mapping[tuple[str, int], Row]  # rows of the form by file and line

    @property
    def looks(self) -> list[Breach]:
        """What is worth a look, at the cell that was typed."""
        message = "is named by no sentence of its place: derived?"
        return [Breach(*origin[:3], f"{shown(origin.item)} {message}") for origin in self.unnamed]


def verify_form(
    folder: str | Path, source_id: str | None, file: str | Path, prefix: str = ""
) -> Verified:
    """Hold every place of a source against a copy of it.

    Parameters
    ----------
    folder, source_id, file, prefix
        As `locate_form` takes them.

    Returns
    -------
    Verified
        What became of each place, and what is worth a look there.

    Raises
    ------
    SourceError
        Where the source was not located, a place was not there then, or no row rests on it.
    """
    read = _Read.of(folder, source_id, prefix)
    if not read.salt:
        message = f"{shown(read.source)} was not located yet; run `casechron locate` with its text"
        raise SourceError(f"{message} first")
    around, places, lost = read.around, [], []
    rests: dict[tuple[int, int], list[Origin]] = defaultdict(list)
    for locator, paragraph, sentence in read.places():
        at = [place for place in around if place[0] == paragraph and sentence in (0, place[1])]
        places += [(locator["row"], place, around[place]) for place in at]
        lost += [] if at else [_typed_place(locator)]
        for place in at:
            rests[place].append(locator.origins[1])
    if lost:
        last = "was not there when it was located; correct the place, or run `casechron locate`"
        raise SourceError("\n".join(dict.fromkeys(f"{place} {last}" for place in lost)))
    if not places:
        why = f"no row rests on a paragraph of {shown(read.source)}, so there is nothing to verify"
        raise SourceError(why)
    digests = [neighbours[0] for neighbours in around.values()]
    copy = sentences_of_copy(marked_paragraphs(Path(file)), read.salt, digests)
    verifications = verified(places, read.source, copy)
    unnamed = _unnamed(read, verifications, copy)
    return Verified(verifications, unnamed, read.source, copy, rests, read.typed)


def _unnamed(
    read: _Read, results: Sequence[Verification], copy: Sequence[CopySentence]
) -> list[Origin]:
    """Agencies coded as stated that no word of their sentences names, save those of the sector
    `_UNNAMED` and those of which a sentence is missing."""
    texts = {(sentence.paragraph, sentence.sentence): folded(sentence.text) for sentence in copy}
    rests: dict[str, list[str]] = defaultdict(list)
    for result in results:
        at = (result.found_paragraph or 0, result.found_sentence or 0)
        rests[result.row].append(texts.get(at, ""))
    names = {
        agency["id"]: [agency["label"], *codebook().also.get(agency["id"], ())]
        for agency in read.done.tables["agencies"]
        if agency["sector"] != _UNNAMED
    }
    unnamed = []
    for part in read.done.tables["involvement"]:
        item = part.origins[0].item
        marked = without_bracket(item) is not None and item.endswith(f"{part['basis']})")
        there = rests.get(part["id"], [""])
        if part["basis"] != "stated" or marked or "" in there or part["agency"] not in names:
            continue
        if not any(_names(names[part["agency"]], text) for text in there):
            unnamed.append(part.origins[0])
    return unnamed


def _names(names: Sequence[str], sentence: str) -> bool:
    """Whether a folded sentence has one of the names of an agency, or a longer word of its
    label."""
    words = [word for word in normalise(names[0]).split() if len(word) >= _LEAST]
    whole = "|".join(re.escape(folded(name)) for name in names)
    return any(folded(word) in sentence for word in words) or bool(
        re.search(rf"(?<!\w)(?:{whole})(?!\w)", sentence)
    )
