"""Do the coded rows still rest on the sentences that they were coded from, those too that a copy
cuts otherwise?

A source is known by the digests of its sentences alone. A copy may have the same words and cut them
otherwise: a heading runs into the text, a page break or a footnote parts a sentence, the end of a
line puts a hyphen into a word. So where the sentences of a copy are none of the source's, each run
of its words is tried: a digest that is met proves the words."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from casechron.characters import counted
from casechron.coding.source_text import MAY_BREAK
from casechron.coding.sources import DIGEST_LENGTH, LINE_END, digest, normalise, sentences_in

if TYPE_CHECKING:
    from hashlib import _Hash

#: In place of the digest of a sentence that is none of the source's.
NOT_OF_SOURCE = "other"
#: Of a sentence that a copy cuts otherwise: its most words, the paragraphs that may part it in two
#: (a page ends with footnotes), and the ways of writing it that are tried, by its hyphens.
_LONGEST, _BETWEEN, _WAYS = 200, 3, 27
#: So few words are a sentence only where something parts them from other words.
_FEW = 3
_ENDED = re.compile(r"""[.!?]["')\]]*$""")


class CopySentence(NamedTuple):
    """A sentence of a copy: where it begins there, its digest or `NOT_OF_SOURCE`, whether the copy
    cuts it otherwise than the source, and its words."""

    paragraph: int
    sentence: int
    digest: str
    recut: bool
    text: str


class _Word(NamedTuple):
    text: str
    paragraph: int
    sentence: int  # as the copy cuts it; 0 for the mark of an item
    first: bool  # of such a sentence


def sentences_of_copy(
    blocks: Sequence[str], salt: str, source: Sequence[str]
) -> list[CopySentence]:
    """The sentences of a copy in reading order; those of the source are cut as they are there.

    Parameters
    ----------
    blocks
        The paragraphs of the copy, as `casechron.coding.source_text.marked_paragraphs` has them.
    salt
        The salt of the digests.
    source
        The digests of all sentences of the source.

    Returns
    -------
    list of CopySentence
        Paragraphs are those of the copy, from 1, and sentences are counted in them, from 1. Marks
        of items, and numbers that belong to no sentence, are left out.

    Examples
    --------
    >>> heading, rained = digest("On rain", "00"), digest("It rained.", "00")
    >>> found = sentences_of_copy(["On rain It rained."], "00", [heading, rained])
    >>> [one.digest for one in found] == [heading, rained], found[0].recut
    (True, True)
    """
    words: list[_Word] = []
    starts: dict[int, CopySentence] = {}
    free: list[bool] = []
    known = set(source)
    for paragraph, block in enumerate(blocks, start=1):
        for number, (marks, text) in enumerate(_with_marks(block), start=1):
            plain, texts = text.replace(MAY_BREAK, ""), text.split()
            whole = digest(plain, salt)
            if whole in known:
                starts[len(words) + len(marks)] = CopySentence(paragraph, 0, whole, False, plain)
            words += [_Word(mark, paragraph, 0, False) for mark in marks]
            words += [_Word(word, paragraph, number, not at) for at, word in enumerate(texts)]
            free += [True] * len(marks) + [whole not in known] * len(texts)
    missing = Counter(source) - Counter(sentence.digest for sentence in starts.values())
    for path, digest_found in _runs(words, free, salt, missing) if missing else ():
        starts[path[0]] = _of([words[at] for at in path], digest_found)
    rest: dict[tuple[int, int], list[int]] = defaultdict(list)
    word_counts = Counter((word.paragraph, word.sentence) for word in words)
    for at, word in enumerate(words):
        if free[at] and word.sentence:
            rest[word.paragraph, word.sentence].append(at)
    for place, left in rest.items():
        sentence = _of([words[at] for at in left], NOT_OF_SOURCE)
        # The rest of a sentence in which others were found counts only if it has letters.
        if len(left) == word_counts[place] or any(map(str.isalpha, sentence.text)):
            starts[left[0]] = sentence
    numbers: Counter[int] = Counter()
    listed = []
    for _, sentence in sorted(starts.items()):
        numbers[sentence.paragraph] += 1
        listed.append(sentence._replace(sentence=numbers[sentence.paragraph]))
    return listed


def _of(words: Sequence[_Word], digest_found: str) -> CopySentence:
    text = " ".join(word.text for word in words).replace(MAY_BREAK, "")
    return CopySentence(words[0].paragraph, 0, digest_found, digest_found != NOT_OF_SOURCE, text)


def _with_marks(block: str) -> Iterator[tuple[list[str], str]]:
    """The sentences of a block, each with the marks of an item before it."""
    words = [word for line in LINE_END.split(block) for word in normalise(line).split()]
    at = 0
    for sentence in sentences_in(block):
        sentence_words = sentence.split()
        start = at
        while words[at : at + len(sentence_words)] != sentence_words:
            at += 1
        yield words[start:at], sentence
        at += len(sentence_words)


def _runs(
    words: Sequence[_Word], free: list[bool], salt: str, missing: Counter[str]
) -> list[tuple[list[int], str]]:
    """Runs of free words with a digest that is missing, the longest first; their words are free no
    more."""
    places = [at for at in range(len(words)) if free[at]]
    wanted = {bytes.fromhex(digits) for digits in missing}
    runs = [run for at in places for run in _from(words, free, at, salt, wanted)]
    runs.sort(key=lambda run: -len(run[0]))
    taken: list[tuple[list[int], str]] = []
    for path, digest_found in runs:
        if all(free[at] for at in path):
            taken.append((path, digest_found))
            for at in path:
                free[at] = False
    # A short run that another one sets apart goes once that one is dropped.
    while gone := [run for run in taken if len(run[0]) <= _FEW and not _alone(words, free, run[0])]:
        for run in gone:
            taken.remove(run)
            for at in run[0]:
                free[at] = True
    return taken


def _from(
    words: Sequence[_Word], free: Sequence[bool], start: int, salt: str, missing: Set[bytes]
) -> Iterator[tuple[list[int], str]]:
    """The runs from one word on; a run may leave out paragraphs between two that it has words
    of, once."""
    todo: list[tuple[int, list[int], list[_Hash], bool]] = [
        (start, [], [hashlib.sha256(f"{salt}\n".encode())], True)
    ]
    while todo:
        at, path, hashes, whole = todo.pop()
        while at < len(words) and len(path) < _LONGEST:
            if path and _parts(words[path[-1]], words[at]):
                break
            if whole and path and words[at].paragraph != words[path[-1]].paragraph:
                whole = False
                todo += [(later, [*path], hashes, False) for later in _later(words, at)]
            if not free[at]:
                break
            path.append(at)
            skip = len(path) == 1  # no space before the first word
            ways = _ways(words[at].text)
            hashes = [_longer(state, way[skip:]) for state in hashes for way in ways][:_WAYS]
            for state in hashes:
                digest_here = state.digest()[: DIGEST_LENGTH // 2]
                if digest_here in missing:
                    yield [*path], digest_here.hex()
            at += 1


def _parts(word: _Word, after: _Word) -> bool:
    """Whether the rules end a sentence between two words, whatever lines and paragraphs they
    stand in."""
    return after.first and not after.text[0].islower() and bool(_ENDED.search(word.text))


def _longer(state: _Hash, more: bytes) -> _Hash:
    copy = state.copy()
    copy.update(more)
    return copy


def _later(words: Sequence[_Word], at: int) -> list[int]:
    """Where the next paragraphs begin after that of a word."""
    begins = (
        later
        for later in range(at + 1, len(words))
        if words[later].paragraph != words[later - 1].paragraph
    )
    return list(islice(begins, _BETWEEN))


@cache
def _ways(word: str) -> list[bytes]:
    """How a word can be written that the end of a line has parted, with a space before it."""
    first, *parts = word.split(MAY_BREAK)
    ways = [first]
    for part in parts:
        signs = {way: ("", " ") if way.endswith("/") else ("", "-", "- ") for way in ways}
        ways = [f"{way.removesuffix('-')}{sign}{part}" for way in ways for sign in signs[way]]
    return [f" {way}".encode() for way in ways]


def _alone(words: Sequence[_Word], free: Sequence[bool], path: Sequence[int]) -> bool:
    """Whether something parts a run from the words before and after it: the end of a sentence, the
    mark of an item, another run; after it a capital will do, as after a heading."""

    def edge(at: int) -> bool:
        there = 0 <= at < len(words)
        return not (there and free[at] and any(map(str.isalnum, words[at].text)))

    before, after = path[0] - 1, path[-1] + 1
    begins = edge(before) or words[path[0]].first or bool(_ENDED.search(words[before].text))
    capital = edge(after) or not words[after].text[0].islower()
    return begins and (capital or words[after].first or bool(_ENDED.search(words[path[-1]].text)))


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
#: Rows named with a place.
_MANY = 3
#: Those of them where the same words stand.
STILL_THERE = ("exact", "moved", "recut")


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


def verified(
    places: Sequence[tuple[str, tuple[int, int], tuple[str, str, str]]],
    source_id: str,
    copy: Sequence[CopySentence],
) -> list[Verification]:
    """What became of places in a copy.

    Parameters
    ----------
    places
        Ids of rows, each with its paragraph and sentence, and the digests of that sentence, of the
        one before it and of the one after it.
    source_id
        The source that they are places of.
    copy
        The sentences of the copy, as `sentences_of_copy` has them.

    Returns
    -------
    list of Verification
        One for each place, in their order.
    """
    # The start and the end of the text are neighbours too.
    edge = CopySentence(0, 0, "", False, "")
    listed = [edge, *copy, edge]
    spots: dict[str, list[int]] = defaultdict(list)
    for spot, sentence in enumerate(listed):
        spots[sentence.digest].append(spot)
    return [
        Verification(
            row,
            source_id,
            paragraph,
            number,
            *_in_copy(listed, spots, (paragraph, number), *digests),
        )
        for row, (paragraph, number), digests in places
    ]


def _in_copy(
    listed: Sequence[CopySentence],
    spots: Mapping[str, Sequence[int]],
    place: tuple[int, int],
    itself: str,
    before: str,
    after: str,
) -> tuple[str, int | None, int | None]:
    """What became of a sentence, and its paragraph and number in a copy, by the spots of digests
    among its sentences."""
    ranked = []
    for spot in spots.get(itself, ()):
        sentence = listed[spot]
        if sentence[:2] == place and not sentence.recut:
            return "exact", *place
        sides = listed[spot - 1].digest == before, listed[spot + 1].digest == after
        rank = 0 if any(sides) else 2
        ranked.append((rank, -sum(sides), abs(sentence.paragraph - place[0]), spot, "moved"))
    # A sentence of the source is itself, not a changed form of another. One between both neighbours
    # comes before a copy of the sentence in quite other company, which is another sentence in the
    # same words. One neighbour will do, if it is a sentence: the start of a web page is not the
    # start of its article.
    for spot in spots.get(NOT_OF_SOURCE, ()):
        sides = listed[spot - 1].digest == before, listed[spot + 1].digest == after
        if all(sides) or (before and sides[0]) or (after and sides[1]):
            rank = 1 if all(sides) else 3
            ranked.append((rank, 0, abs(listed[spot].paragraph - place[0]), spot, "changed"))
    if not ranked:
        return "missing", None, None
    *_, spot, status = min(ranked)
    sentence = listed[spot]
    return "recut" if sentence.recut else status, sentence.paragraph, sentence.sentence


def all_hold(results: Iterable[Verification]) -> bool:
    """Does every place still hold, exact, moved or recut?

    >>> all_hold([Verification("visit-2014", "report", 3, 1, "moved", 4, 1)])
    True
    """
    return all(result.status in STILL_THERE for result in results)


def verification_report(results: Sequence[Verification], *, every: bool = False) -> str:
    """The outcome in words: counts of places, what the statuses that occur mean, a line for each
    sentence that is not exact, with the rows that rest on it.

    Where not one sentence was found again that is said first, and a missing one then has no line.
    With ``every`` each sentence has its line. It holds ids and numbers, never text of the source.

    >>> print(verification_report([Verification("visit-2014", "report", 3, 1, "moved", 4, 1)]))
    1 place: 0 exact, 1 moved, 0 recut, 0 changed, 0 missing
    moved: the same sentence under another number, as on a saved web page, whose blocks are counted otherwise
    <BLANKLINE>
    place  status  found at                 rows
    p3.1   moved   paragraph 4, sentence 1  visit-2014
    """  # noqa: E501
    counts = Counter(result.status for result in results)
    lost = bool(results) and not any(counts[status] for status in STILL_THERE)
    lines = []
    if lost:
        none = "the one sentence does not stand"
        none = f"none of the {len(results)} sentences stands" if results[1:] else none
        lines.append(f"{none} in this file: is it the right one?")
    each = ", ".join(f"{counts[status]} {status}" for status in STATUSES)
    lines.append(f"{counted(len(results), 'place')}: {each}")
    occurring = [status for status in STATUSES if counts[status] and status != "exact"]
    lines += [f"{status}: {STATUSES[status]}" for status in occurring]
    several = len({result.source for result in results}) > 1
    rows: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for result in sorted(
        results, key=lambda result: (result.source, result.paragraph, result.sentence)
    ):
        if every or result.status not in ("exact", "missing" if lost else ""):
            at = f"paragraph {result.found_paragraph}, sentence {result.found_sentence}"
            source = f"{result.source}:" if several else ""
            place = f"{source}p{result.paragraph}.{result.sentence}"
            cells = (place, result.status, at if result.found_paragraph else "")
            rows[cells].append(result.row)
    if rows:
        cut = [("place", "status", "found at", "rows")]
        cut += [(*cells, _listed(list(dict.fromkeys(ids)))) for cells, ids in rows.items()]
        widths = [max(map(len, column)) for column in zip(*cut, strict=True)]
        aligned = ("  ".join(map(str.ljust, line, widths)).rstrip() for line in cut)
        lines += ["", *aligned]
    return "\n".join(lines)


def _listed(ids: Sequence[str]) -> str:
    """Ids of rows, no more than a line has room for."""
    more = f" and {len(ids) - _MANY} more" if len(ids) > _MANY else ""
    return ", ".join(ids[:_MANY]) + more
