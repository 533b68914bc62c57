"""Where in a source does a sentence stand, and what is its fingerprint?

A text becomes paragraphs, a paragraph becomes normalised sentences, a sentence becomes a salted
digest. The rules are numbered as one (`NORMALISATION`): change one of them, and every review has to
be located anew, so the number goes up. They are told in docs/method.md."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

#: Number of the rules by which a text is cut and normalised.
NORMALISATION = 1
#: Hexadecimal digits of a digest: 128 bits, far beyond accidental agreement, and half the width of
#: a row.
DIGEST_LENGTH = 32


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
    return ["\n".join(line for line, _ in block) for there, block in blocks if there]


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
    import hashlib  # here, because `casechron check` has no need of it

    return hashlib.sha256(f"{salt}\n{sentence}".encode()).hexdigest()[:DIGEST_LENGTH]


def text_digest(text: str, salt: str) -> str:
    """The fingerprint of a whole text, numbering and all: 32 hexadecimal digits.

    Of the normalised text: a sentence to a line, a blank line between paragraphs.

    >>> text_digest("It\u00a0rained.  It stopped.", "00ff") == text_digest(
    ...     "It rained. It stopped.\\n", "00ff"
    ... )
    True
    """
    return digest("\n\n".join("\n".join(sentences_in(block)) for block in paragraphs(text)), salt)
