"""Where in a source does a sentence stand, what is its fingerprint, and where is it in a copy?

A text becomes paragraphs, a paragraph becomes normalised sentences, a sentence becomes a salted
digest. The rules are numbered as one (`NORMALISATION`): change one of them, and every review has to
be located anew, so the number goes up. docs/method.md describes them.

A copy may have the same words and cut them otherwise: a heading runs into the text, a page break or
a footnote parts a sentence, the end of a line puts a hyphen into a word. So where the sentences of
a copy are none of the source's, each run of its words is tried: a digest that is met proves the
words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cache
from itertools import groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from casechron.characters import shown

if TYPE_CHECKING:
    from hashlib import _Hash

#: Number of the rules by which a text is cut and normalised.
NORMALISATION = 1
#: Hexadecimal digits of a digest: 128 bits, far beyond accidental agreement, and half the width of
#: a row.
DIGEST_LENGTH = 32
IS_DIGEST = re.compile(rf"[0-9a-f]{{{DIGEST_LENGTH}}}").fullmatch


class SourceError(ValueError):
    """What is wrong with a source, its file or its locators: every breach at once, one to a
    line."""


class Sentence(NamedTuple):
    """A normalised sentence and its place, both numbers from 1."""

    paragraph: int
    sentence: int
    text: str


# ---------------------------------------------------------------- normalisation 1

_SINGLE = "\u2018\u2019\u201a\u201b\u2032\u2035\u2039\u203a\u00b4\u0060\u02b9\u02bb\u02bc\u02bd"
_DOUBLE = "\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\u301d\u301e\u301f"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2e3a\u2e3b\u2043"
#: Soft hyphen, zero-width spaces and joiners, byte order mark, marks of writing direction.
_INVISIBLE = "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"  # noqa: E501
_PLAIN: dict[int, str | None] = {
    **dict.fromkeys(map(ord, _SINGLE), "'"),
    **dict.fromkeys(map(ord, _DOUBLE), '"'),
    **dict.fromkeys(map(ord, _DASHES), "-"),
    **dict.fromkeys(map(ord, _INVISIBLE), None),
    ord("\u2026"): "...",
}


def normalise(text: str) -> str:
    """The text with quotes, dashes and spaces written one way.

    Unicode NFKC; curly quotes, primes and backticks become straight quotes, dashes and minus signs
    ``-``, the ellipsis three dots; soft hyphens and zero-width characters go; every run of white
    space, the non-breaking kind too, becomes one space, none at either end. Letters keep their
    case. Normalising twice changes nothing more.

    >>> normalise(" \u2018So\u2019,\u00a0she  said \u2013 \u201cit\u2026\u201d")
    '\\'So\\', she said - "it..."'
    """
    # Before NFKC, because it takes some marks apart ('\u2033' to two primes, '\u00b4' to a space
    # and an accent); and after it, because it makes some ('\ufe58' becomes a dash).
    plain = unicodedata.normalize("NFKC", text.translate(_PLAIN)).translate(_PLAIN)
    return " ".join(plain.split())


# ---------------------------------------------------------------- paragraphs

LINE_END = re.compile(r"\r\n|\r|\n")


def paragraphs(text: str) -> list[str]:
    """The blocks of a text, as they stand: paragraph 1 is the first of the list.

    Blocks are separated by blank lines; a line with nothing but white space or zero-width
    characters is blank. Lines within a block are kept apart by a line feed. Headings, captions and
    stray words count like any other block.

    >>> paragraphs("A heading\\n\\n\\nFirst line.\\nSecond line.\\n \\nLast.\\n")
    ['A heading', 'First line.\\nSecond line.', 'Last.']
    """
    lines = [(line, bool(normalise(line))) for line in LINE_END.split(text)]
    blocks = groupby(lines, key=itemgetter(1))
    return ["\n".join(line for line, _ in block) for has_text, block in blocks if has_text]


# ---------------------------------------------------------------- sentences

#: What lists are marked with. It is not part of the sentence: web pages draw it, and texts write
#: it.
MARKER = re.compile(r"(?:[\u2022\u2023\u25e6\u25aa\u25cf\u00b7*-](?:\s+|$)|\d{1,3}[.)]\s+(?=\S))")
_END = re.compile(r"""([.!?]["')\]]*)(\s+)(?=(\S))""")
_OPENING = "\"'(["
_NEVER_AN_END = re.compile(r"(?<!\w)(?:Dr|Mr|Mrs|Ms|Prof|St|e\.g|i\.e|cf)\.$")
#: 'No. 5' is a number, 'No. She left.' two sentences; so too 'Sept. 2017', 'para. 4', 's. 47'.
_NO_END_BEFORE_A_DIGIT = re.compile(
    r"(?<![\w'])(?:[Nn]os?|pp?|[Pp]aras?|ss?|[Cc]h|[Ff]ig|[Vv]ol|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.$"
)
_INITIAL = re.compile(r"(?<!\w)[A-Z]\.$")
#: Reviews give people letters for names, and sentences end with them: 'the plan for Child X. It
#: ...'.
_LETTER_FOR_A_NAME = re.compile(
    r"(?<!\w)(?:child|baby|infant|sibling|adult|mother|father|parent|person|family)\s[A-Z]\.$",
    re.IGNORECASE,
)
#: No pattern above looks further back than this.
_LOOK_BACK = 40


def sentences_in(paragraph: str) -> list[str]:
    """The normalised sentences of one block, in order: sentence 1 is the first of the list.

    A sentence ends at ``.``, ``!`` or ``?`` with any closing quotes and brackets, where white space
    and then an upper-case letter, a digit, an opening quote or bracket follow, or a new line. It
    does not end after titles and e.g., i.e., cf.; after No., p., para., s., the short names of
    months and the like where a digit follows; nor after an initial, unless the letter stands for a
    name ('Child X.'). A line that starts with a bullet, a dash, ``*``, ``1.`` or ``1)`` starts a
    sentence, and the mark is left out.

    >>> sentences_in("\u201cIt was late.\u201d Dr. Y. Roe came in Sept. 2011! Who knew?")
    ['"It was late."', 'Dr. Y. Roe came in Sept. 2011!', 'Who knew?']
    >>> sentences_in("Two steps:\\n  \u2022 Ask early\\n  \u2022 Write it down")
    ['Two steps:', 'Ask early', 'Write it down']
    """
    items: list[list[str]] = [[]]
    for line in LINE_END.split(paragraph):
        bare = normalise(line)
        if marker := MARKER.match(bare):
            items.append([])
            bare = bare[marker.end() :]
        if bare:
            items[-1].append(bare)
    return [sentence for item in items if item for sentence in _cut("\n".join(item))]


def _cut(text: str) -> list[str]:
    cut = []
    start = 0
    for end in _END.finditer(text):
        mark, space, first = end.groups()
        begins = "\n" in space or first.isupper() or first.isdigit() or first in _OPENING
        if begins and not (mark == "." and _is_no_end(text[: end.start() + 1], first)):
            cut.append(normalise(text[start : end.end(1)]))
            start = end.end()
    return [*cut, normalise(text[start:])]


def _is_no_end(before: str, following: str) -> bool:
    before = before[-_LOOK_BACK:]
    if _NEVER_AN_END.search(before):
        return True
    if following.isdigit() and _NO_END_BEFORE_A_DIGIT.search(before):
        return True
    return bool(_INITIAL.search(before)) and not _LETTER_FOR_A_NAME.search(before)


def numbered_sentences(text: str) -> list[Sentence]:
    """Every sentence of a text with its place, in reading order: one entry per sentence.

    >>> numbered_sentences("A heading\\n\\nIt rained. It stopped.")[-1]
    Sentence(paragraph=2, sentence=2, text='It stopped.')
    """
    return [
        Sentence(number, place, sentence)
        for number, block in enumerate(paragraphs(text), start=1)
        for place, sentence in enumerate(sentences_in(block), start=1)
    ]


# ---------------------------------------------------------------- digests


def digest(sentence: str, salt: str) -> str:
    """The fingerprint of a normalised sentence: 32 hexadecimal digits.

    The first 32 digits of the SHA-256 (FIPS 180-4) of the salt, a line feed and the sentence, in
    UTF-8. It is the same on every machine; another salt gives another fingerprint. The sentence is
    taken as it is: normalise it first.

    >>> digest("It rained.", salt="00ff")
    '31acfa62aff70eb4df8baaff6150a631'
    """
    from hashlib import sha256  # here, because `casechron check` has no need of it

    return sha256(f"{salt}\n{sentence}".encode()).hexdigest()[:DIGEST_LENGTH]


def text_digest(text: str, salt: str) -> str:
    """The fingerprint of a whole text, numbering and all: 32 hexadecimal digits.

    Of the normalised text: a sentence to a line, a blank line between paragraphs.

    >>> text_digest("It\u00a0rained.  It stopped.", "00ff") == text_digest(
    ...     "It rained. It stopped.\\n", "00ff"
    ... )
    True
    """
    return digest("\n\n".join("\n".join(sentences_in(block)) for block in paragraphs(text)), salt)


def with_neighbours(
    digests: Mapping[tuple[int, int], str],
) -> dict[tuple[int, int], tuple[str, str, str]]:
    """The digests of each located sentence, of the one before it and of the one after it, by
    paragraph and sentence, of digests in reading order."""
    places = [place for place in digests if place[0]]  # the whole text stands at (0, 0)
    edged = ["", *(digests[place] for place in places), ""]
    return dict(zip(places, zip(edged[1:], edged, edged[2:], strict=False), strict=False))


def meant_source(named: str | None, ids: Sequence[str], among: Sequence[str], several: str) -> str:
    """The id of the source that is meant: the one that is named, or the only one of some, or '';
    `SourceError` where it is none of the review's or one of several."""
    if named is not None and named not in ids:
        known_ids = ", ".join(ids) or "none"
        raise SourceError(f"review.toml has no source {shown(named)}; it has: {known_ids}")
    if named is None and len(among) > 1:
        options = " or ".join(f"--source-id {source_id}" for source_id in among)
        raise SourceError(f"{several}; say of which this is the text: {options}")
    return named or next(iter(among), "")


# ---------------------------------------------------------------- sentences of a copy

#: Where the end of a line has parted a word, and how it is written is not known. Unicode keeps this
#: sign for the use of programs, so that no text has it.
MAY_BREAK = "\ufdd0"
#: In place of the digest of a sentence that is none of the source's.
NOT_OF_SOURCE = "other"
#: Of a sentence that a copy cuts otherwise: its most words, the paragraphs that may part it in two
#: (a page ends with footnotes), and the spellings of it that are tried, by its hyphens.
_MOST_WORDS, _MOST_BETWEEN, _MOST_SPELLINGS = 200, 3, 27
#: So few words are a sentence only where something parts them from other words.
_FEW_WORDS = 3
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
    first: bool  # of a sentence, as the copy cuts it; a mark of an item is of none


def sentences_of_copy(
    blocks: Sequence[str], salt: str, source: Sequence[str]
) -> list[CopySentence]:
    """The sentences of a copy in reading order; those of the source are cut as they are there.

    The blocks are those of `casechron.coding.source_text.marked_paragraphs`; `source` has the
    digests, of this salt, of all sentences of the source. Paragraphs are those of the copy, and
    sentences are counted in them, from 1. Marks of items, and numbers that belong to no sentence,
    are left out.

    >>> heading, rained = digest("On rain", "00"), digest("It rained.", "00")
    >>> copy = sentences_of_copy(["On rain It rained."], "00", [heading, rained])
    >>> [sentence.digest for sentence in copy] == [heading, rained], copy[0].recut
    (True, True)
    """
    words: list[_Word] = []
    cut: list[range] = []
    for paragraph, block in enumerate(blocks, start=1):
        for marks, text in _with_marks(block):
            words += [_Word(mark, paragraph, False) for mark in marks]
            begins = len(words)
            words += [_Word(word, paragraph, not at) for at, word in enumerate(text.split())]
            cut.append(range(begins, len(words)))

    def text_of(path: Sequence[int]) -> str:
        return " ".join(words[at].text for at in path).replace(MAY_BREAK, "")

    as_cut = [(path, digest(text_of(path), salt)) for path in cut]
    known = set(source)
    found: list[tuple[Sequence[int], str, bool]] = [
        (path, itself, False) for path, itself in as_cut if itself in known
    ]
    free = set(range(len(words))).difference(*(path for path, *_ in found))
    if missing := Counter(source) - Counter(itself for _, itself, _ in found):
        found += [(path, itself, True) for path, itself in _runs(words, free, salt, missing)]
    for path in cut:
        rest = [at for at in path if at in free]
        # The rest of a sentence in which others were found counts only if it has letters.
        if rest and (len(rest) == len(path) or any(map(str.isalpha, text_of(rest)))):
            found.append((rest, NOT_OF_SOURCE, False))
    numbers: Counter[int] = Counter()
    listed = []
    for run, itself, recut in sorted(found, key=lambda sentence: sentence[0][0]):
        paragraph = words[run[0]].paragraph
        numbers[paragraph] += 1
        sentence = paragraph, numbers[paragraph], itself, recut, text_of(run)
        listed.append(CopySentence(*sentence))
    return listed


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
    words: Sequence[_Word], free: set[int], salt: str, missing: Iterable[str]
) -> list[tuple[list[int], str]]:
    """Runs of free words with a digest that is missing, the longest first; their words are free no
    more."""
    wanted = {bytes.fromhex(digits) for digits in missing}
    runs = [run for at in sorted(free) for run in _runs_from(words, free, at, salt, wanted)]
    runs.sort(key=lambda run: -len(run[0]))
    taken: list[tuple[list[int], str]] = []
    for path, digest_found in runs:
        if free.issuperset(path):
            taken.append((path, digest_found))
            free.difference_update(path)
    # A short run that another one sets apart goes once that one is dropped.
    while dropped := [
        run for run in taken if len(run[0]) <= _FEW_WORDS and not _set_apart(words, free, run[0])
    ]:
        for run in dropped:
            taken.remove(run)
            free.update(run[0])
    return taken


def _runs_from(
    words: Sequence[_Word], free: Set[int], start: int, salt: str, missing: Set[bytes]
) -> Iterator[tuple[list[int], str]]:
    """The runs from one word on; a run may leave out paragraphs between two that it has words
    of, once."""
    from hashlib import sha256

    todo: list[tuple[int, list[int], list[_Hash], bool]] = [
        (start, [], [sha256(f"{salt}\n".encode())], True)
    ]
    while todo:
        at, path, hashes, whole = todo.pop()
        while at < len(words) and len(path) < _MOST_WORDS:
            if path and _ends_between(words[path[-1]], words[at]):
                break
            if whole and path and words[at].paragraph != words[path[-1]].paragraph:
                whole = False
                todo += [(later, [*path], hashes, False) for later in _next_paragraphs(words, at)]
            if at not in free:
                break
            path.append(at)
            skip = len(path) == 1  # no space before the first word
            spellings = [spelling[skip:] for spelling in _spellings(words[at].text)]
            hashes = [_hash_with(state, spelling) for state in hashes for spelling in spellings]
            hashes = hashes[:_MOST_SPELLINGS]
            for state in hashes:
                digest_here = state.digest()[: DIGEST_LENGTH // 2]
                if digest_here in missing:
                    yield [*path], digest_here.hex()
            at += 1


def _ends_between(word: _Word, after: _Word) -> bool:
    """Whether the rules end a sentence between two words, whatever lines and paragraphs they
    stand in."""
    return after.first and not after.text[0].islower() and bool(_ENDED.search(word.text))


def _hash_with(state: _Hash, more: bytes) -> _Hash:
    copy = state.copy()
    copy.update(more)
    return copy


def _next_paragraphs(words: Sequence[_Word], at: int) -> list[int]:
    """Where the paragraphs begin that come next after that of a word."""
    begins = (
        later
        for later in range(at + 1, len(words))
        if words[later].paragraph != words[later - 1].paragraph
    )
    return list(islice(begins, _MOST_BETWEEN))


@cache
def _spellings(word: str) -> list[bytes]:
    """How a word can be written that the end of a line has parted, with a space before it."""
    first, *parts = word.split(MAY_BREAK)
    spellings = [first]
    for part in parts:
        spellings = [
            f"{begun.removesuffix('-')}{sign}{part}"
            for begun in spellings
            for sign in (("", " ") if begun.endswith("/") else ("", "-", "- "))
        ]
    return [f" {spelling}".encode() for spelling in spellings]


def _set_apart(words: Sequence[_Word], free: Set[int], path: Sequence[int]) -> bool:
    """Whether something parts a run from the words before and after it: the end of a sentence, the
    mark of an item, another run; after it a capital will do, as after a heading."""

    def edge(at: int) -> bool:
        return not (at in free and any(map(str.isalnum, words[at].text)))

    before, after = path[0] - 1, path[-1] + 1
    begins = edge(before) or words[path[0]].first or bool(_ENDED.search(words[before].text))
    capital = edge(after) or not words[after].text[0].islower()
    return begins and (capital or words[after].first or bool(_ENDED.search(words[path[-1]].text)))
