"""Do the places of a form stand in a text of the source, and where are its sentences?

`locate_form` writes sentences.csv, the fingerprints of a source's sentences and never a word of
them; `verify_form` holds the places of the form against a copy."""

from __future__ import annotations

import re
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from casechron.characters import counted, shown
from casechron.coding.cells import Place
from casechron.coding.codebook import UNNAMED_SECTOR, codebook
from casechron.coding.expand import expand_forms
from casechron.coding.expansion import Origin, TidyRow
from casechron.coding.files import csv_text, write_files
from casechron.coding.items import folded, parted_bracket
from casechron.coding.messages import say
from casechron.coding.meta import sources_in
from casechron.coding.sheets import Breach, Row, read_whole_forms
from casechron.coding.source_text import marked_paragraphs, source_paragraphs
from casechron.coding.sources import (
    IS_DIGEST,
    NORMALISATION,
    NOT_OF_SOURCE,
    CopySentence,
    Sentence,
    SourceError,
    digest,
    meant_source,
    normalise,
    numbered_sentences,
    sentences_of_copy,
    text_digest,
    with_neighbours,
)

#: What can be said of a place, best first.
STATUSES = {
    "exact": "the same sentence in the same place",
    "moved": (
        "the same sentence under another number, as on a saved web page, whose blocks are counted"
        " otherwise"
    ),
    "recut": "the same words, cut into sentences or lines otherwise",
    "changed": "another sentence stands where it stood between its neighbours",
    "missing": "neither the sentence nor its place was found",
}
#: Those of them where the same words stand.
STILL_THERE = ("exact", "moved", "recut")
#: Rows named with a place.
_ROWS_NAMED = 3
#: Letters of a word of a label: shorter ones do not tell which agency it is.
_LEAST_LETTERS = 4
#: What is read as an initial, and can be the letter that a review gives a person.
_LETTER = re.compile(r"(?<!\w)[A-Z]\. (?=[A-Z])")


class _SourceInForm:
    """A folder's form as it is expanded, and the source that is meant; `SourceError` where the
    folder cannot be read or no source is meant."""

    def __init__(self, folder: str | Path, source_id: str | None) -> None:
        self.forms = forms = read_whole_forms(folder, SourceError)
        expanded = expand_forms(forms, sources_in(folder))
        numbered = [row for row in expanded.all_locators if row["paragraph"]]
        ids = [row["id"] for row in expanded.tables["sources"]]
        with_places = [key for key in ids if any(row["source"] == key for row in numbered)]
        among = with_places if len(ids) > 1 else ids
        self.source = meant_source(source_id, ids, among, "places are in several sources")
        if not self.source:
            raise SourceError(say("no-place-in-a-source"))
        self.tables = expanded.tables
        #: The locators that name a paragraph of the source, with paragraph and sentence; 0 where
        #: the whole paragraph is meant.
        self.places = [
            (row, int(row["paragraph"]), int(row["sentence"] or 0))
            for row in numbered
            if row["source"] == self.source
        ]
        #: The digests of each located sentence, of the one before it and of the one after it, by
        #: paragraph and sentence.
        self.around = with_neighbours(expanded.sentences.get(self.source, {}))
        salts = (row["salt"] for row in forms.rows("sentences") if row["source"] == self.source)
        #: The salt of the source's digests; '' where it was never located.
        self.salt = next(salts, "")


def rested_texts(texts: list[tuple[str, Path]], folder: str | Path) -> list[tuple[str, Path]]:
    """Those of some sources with their texts on whose paragraphs a row rests; the first of them
    where none is."""
    with_places = [text for text in texts if _SourceInForm(folder, text[0]).places]
    return with_places or texts[:1]


def locate_form(
    folder: str | Path, source_id: str | None, file: str | Path, *, force: bool = False
) -> int:
    """Write the digest of each sentence of a source, of which a text or a saved page is at hand,
    into sentences.csv of a review or a coding; how many there are.

    Other sources keep their rows, and a source that was located keeps its salt, so that doing it
    twice changes nothing. The source is None where only one can be meant. With `force` the text is
    taken although most sentences that rows rest on stand nowhere in it, or some stand under another
    number. `SourceError`, and nothing is written, where the folder or the text cannot be read, a
    place is not in the text, or the text seems to be another."""
    read, name = _SourceInForm(folder, source_id), Path(file).name
    _refuse_to_locate(read)
    text = "\n\n".join(source_paragraphs(Path(file)))
    sentences = numbered_sentences(text)
    _refuse_missing(read, sentences, name)
    salt = read.salt or secrets.token_hex(8)
    digests = {sentence[:2]: digest(sentence.text, salt) for sentence in sentences}
    if not force:
        _refuse_other_text(read, digests, name)
    others = [row.cells for row in read.forms.rows("sentences") if row["source"] != read.source]
    whole = {"source": read.source, "salt": salt, "digest": text_digest(text, salt)}
    located = [
        {"source": read.source, "paragraph": str(at[0]), "sentence": str(at[1]), "digest": itself}
        for at, itself in digests.items()
    ]
    table = csv_text(codebook().forms["sentences"].columns, [*others, whole, *located])
    write_files({Path(folder) / "sentences.csv": table.encode()})
    return len(located)


def _refuse_to_locate(read: _SourceInForm) -> None:
    """Raise `SourceError` where review.toml says that the source has no text, or one that was cut
    into sentences otherwise."""
    source = next(row for row in read.tables["sources"] if row["id"] == read.source)
    by, file = source["located_by"], source.origins[0].file
    if by.strip().lower().startswith("source only"):
        raise SourceError(say("source-only", file=file, source=read.source))
    declared = re.search(r"normalisation (\d+)", by, re.IGNORECASE)
    if declared and int(declared[1]) != NORMALISATION:
        values = {"source": read.source, "by": declared[1], "now": NORMALISATION}
        raise SourceError(say("other-normalisation", file=file, **values))


def _refuse_missing(read: _SourceInForm, sentences: Sequence[Sentence], name: str) -> None:
    """Raise `SourceError` with each place that the text does not have."""
    texts: dict[int, list[str]] = defaultdict(list)
    for paragraph, _, text in sentences:
        texts[paragraph].append(text)
    last = max(texts, default=0)
    lines = []
    for locator, paragraph, sentence in read.places:
        if paragraph not in texts:
            extent = f"{name} has {last} paragraphs"
        elif sentence > len(texts[paragraph]):
            extent = f"paragraph {paragraph} has {len(texts[paragraph])}"
            numbered = enumerate(texts[paragraph], start=1)
            if with_letter := [number for number, text in numbered if _LETTER.search(text)]:
                place = f"p{paragraph}.{with_letter[0]}"
                extent = f"{extent}; {say('after-an-initial', place=place)}"
        else:
            continue
        lines.append(f"{_typed_place(locator)} is not in the text: {extent}")
    if lines and last == 1:
        lines.append(say("single-paragraph", file=name))
    if lines:
        raise SourceError("\n".join(dict.fromkeys(lines)))


def _typed_place(locator: TidyRow) -> str:
    """A place with the cell in which it is typed."""
    return str(locator.breach(str(Place("", locator["paragraph"], locator["sentence"]))))


def _refuse_other_text(read: _SourceInForm, now: Mapping[tuple[int, int], str], name: str) -> None:
    """Raise `SourceError` where most sentences that rows rested on stand nowhere in the text, or
    any stands under another number, so that its rows would rest on another sentence unseen."""
    named = {(paragraph, sentence) for _, paragraph, sentence in read.places}
    before = {
        place: digests[0]
        for place, digests in read.around.items()
        if place in named or (place[0], 0) in named
    }
    digests_now = set(now.values())
    gone = sum(old not in digests_now for old in before.values())
    moved = [place for place, old in before.items() if old in digests_now and now.get(place) != old]
    if gone * 2 > len(before):
        many, where = gone, f"nowhere in {name}"
    elif moved:
        first = "p{}.{}".format(*moved[0])
        many, where = len(moved), f"under another number in {name}, first that of {first}"
    else:
        return
    values = {"many": many, "all": len(before), "where": where, "source": read.source}
    raise SourceError(say("other-text", **values))


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of one place that a coded row rests on; numbers from 1, None where nothing was
    found."""

    row: str
    source: str
    paragraph: int
    sentence: int
    status: str
    found_paragraph: int | None
    found_sentence: int | None


def _verifications(
    places: Iterable[tuple[str, tuple[int, int], tuple[str, str, str]]],
    source: str,
    copy: Sequence[CopySentence],
) -> Iterator[Verification]:
    """What became of each place in a copy: of ids of rows, each with its paragraph and sentence,
    and the digests of that sentence, of the one before it and of the one after it."""
    # The start and the end of the text are neighbours too; what is missing is found at the start.
    edge = CopySentence(0, 0, "", False, "")
    listed = [edge, *copy, edge]
    spots: dict[str, list[int]] = defaultdict(list)
    for spot, sentence in enumerate(listed):
        spots[sentence.digest].append(spot)
    for row, place, (itself, before, after) in places:
        ranked = [(_MISSING, 0, 0, 0, "missing")]
        # A sentence of the source is itself, not a changed form of another.
        for spot in chain(spots.get(itself, ()), spots.get(NOT_OF_SOURCE, ())):
            sentence = listed[spot]
            sides = listed[spot - 1].digest == before, listed[spot + 1].digest == after
            if sentence.digest == itself:
                status, rank = "recut" if sentence.recut else "moved", 1 if any(sides) else 3
                if sentence[:2] == place and not sentence.recut:
                    ranked = [(0, 0, 0, spot, "exact")]
                    break
            # One between both neighbours comes before a copy of the sentence in quite other
            # company, which is another sentence in the same words. One neighbour will do, if it is
            # a sentence: the start of a web page is not the start of its article.
            elif all(sides) or (before and sides[0]) or (after and sides[1]):
                status, rank = "changed", 2 if all(sides) else 4
            else:
                continue
            ranked.append((rank, -sum(sides), abs(sentence.paragraph - place[0]), spot, status))
        *_, spot, status = min(ranked)
        found_at = listed[spot].paragraph or None, listed[spot].sentence or None
        yield Verification(row, source, *place, status, *found_at)


#: The rank of a sentence that is nowhere in a copy, behind all that may be it.
_MISSING = 5


def all_hold(results: Iterable[Verification]) -> bool:
    """Does every place still hold, exact, moved or recut?

    >>> all_hold([Verification("visit-2014", "report", 3, 1, "moved", 4, 1)])
    True
    """
    return all(result.status in STILL_THERE for result in results)


def verification_report(results: Sequence[Verification]) -> str:
    """The outcome in words: counts of places, what the statuses that occur mean, a line for each
    sentence that is not exact, with the rows that rest on it.

    Where not one sentence was found again that is said first, and a missing one then has no line.
    It holds ids and numbers, never text of the source.

    >>> print(verification_report([Verification("visit-2014", "report", 3, 1, "moved", 4, 1)]))
    1 place: 0 exact, 1 moved, 0 recut, 0 changed, 0 missing
    moved: the same sentence under another number, as on a saved web page, whose blocks are counted otherwise
    <BLANKLINE>
    place  status  found at                 rows
    p3.1   moved   paragraph 4, sentence 1  visit-2014
    """  # noqa: E501
    counts = Counter(result.status for result in results)
    nothing_found = bool(results) and not any(counts[status] for status in STILL_THERE)
    lines = []
    if nothing_found:
        none = f"none of the {len(results)} sentences stands"
        none = none if results[1:] else "the one sentence does not stand"
        lines.append(f"{none} in this file: is it the right one?")
    each = ", ".join(f"{counts[status]} {status}" for status in STATUSES)
    lines.append(f"{counted(len(results), 'place')}: {each}")
    occurring = [status for status in STATUSES if counts[status] and status != "exact"]
    lines += [f"{status}: {STATUSES[status]}" for status in occurring]
    several = len({result.source for result in results}) > 1
    rows: dict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
    for result in sorted(results, key=attrgetter("source", "paragraph", "sentence")):
        if result.status not in ("exact", "missing" if nothing_found else ""):
            at = f"paragraph {result.found_paragraph}, sentence {result.found_sentence}"
            source = f"{result.source}:" if several else ""
            place = f"{source}p{result.paragraph}.{result.sentence}"
            rows[place, result.status, at if result.found_paragraph else ""][result.row] = None
    if rows:
        table = [("place", "status", "found at", "rows")]
        for cells, ids in rows.items():
            more = f" and {len(ids) - _ROWS_NAMED} more" if len(ids) > _ROWS_NAMED else ""
            table.append((*cells, ", ".join([*ids][:_ROWS_NAMED]) + more))
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines += ["", *("  ".join(map(str.ljust, line, widths)).rstrip() for line in table)]
    return "\n".join(lines)


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


def verify_form(folder: str | Path, source_id: str | None, file: str | Path) -> Verified:
    """Hold every place of a source against a copy of it, both named as `locate_form` takes them.

    `SourceError` where the source was not located, a place was not there then, or no row rests on
    it."""
    read = _SourceInForm(folder, source_id)
    if not read.salt:
        raise SourceError(say("not-located-yet", source=read.source))
    for row in read.forms.rows("sentences"):
        if row["source"] == read.source and row["paragraph"] and not IS_DIGEST(row["digest"]):
            message = say("no-sentence-digest", digest=row["digest"])
            raise SourceError(str(row.breach(message)))
    around, places, not_located = read.around, [], []
    rests: dict[tuple[int, int], list[Origin]] = defaultdict(list)
    for locator, paragraph, sentence in read.places:
        at = [place for place in around if place[0] == paragraph and sentence in (0, place[1])]
        for place in at:
            places.append((locator["row"], place, around[place]))
            rests[place].append(locator.origins[1])
        if not at:
            not_located.append(f"{_typed_place(locator)} {say('place-not-located')}")
    if not_located:
        raise SourceError("\n".join(dict.fromkeys(not_located)))
    if not places:
        raise SourceError(say("nothing-to-verify", source=read.source))
    digests = [itself for itself, *_ in around.values()]
    copy = sentences_of_copy(marked_paragraphs(Path(file)), read.salt, digests)
    verifications = [*_verifications(places, read.source, copy)]
    unnamed = _unnamed(read, verifications, copy)
    sheets = read.forms.sheets.values()
    typed = {(row.file, row.line): row for sheet in sheets for row in sheet.rows}
    return Verified(verifications, unnamed, read.source, copy, rests, typed)


def _unnamed(
    read: _SourceInForm, results: Sequence[Verification], copy: Sequence[CopySentence]
) -> list[Origin]:
    """Agencies coded as stated that no word of their sentences names, save those of the sector
    `UNNAMED_SECTOR`, those of which a sentence is missing and what another source can name."""
    texts = {(sentence.paragraph, sentence.sentence): folded(sentence.text) for sentence in copy}
    rests: dict[str, list[str]] = defaultdict(list)
    for result in results:
        at = (result.found_paragraph or 0, result.found_sentence or 0)
        rests[result.row].append(texts.get(at, ""))
    names = {
        agency["id"]: [agency["label"], *codebook().other_names.get(agency["id"], ())]
        for agency in read.tables["agencies"]
        if agency["sector"] != UNNAMED_SECTOR
    }
    locators = read.tables["locators"]
    elsewhere = {locator["row"] for locator in locators if locator["source"] != read.source}
    unnamed = []
    for part in read.tables["involvement"]:
        item = part.origins[0].item
        marked = parted_bracket(item)[0] != item and item.endswith(f"{part['basis']})")
        stated = part["basis"] == "stated" and not marked and part["agency"] in names
        if stated and part["id"] not in elsewhere:
            sentences = rests.get(part["id"], [""])
            if not any(not text or _names(names[part["agency"]], text) for text in sentences):
                unnamed.append(part.origins[0])
    return unnamed


def _names(names: Sequence[str], sentence: str) -> bool:
    """Whether a folded sentence has one of the names of an agency, or a longer word of its
    label."""
    words = [word for word in normalise(names[0]).split() if len(word) >= _LEAST_LETTERS]
    any_name = "|".join(re.escape(folded(name)) for name in names)
    return any(folded(word) in sentence for word in words) or bool(
        re.search(rf"(?<!\w)(?:{any_name})(?!\w)", sentence)
    )
