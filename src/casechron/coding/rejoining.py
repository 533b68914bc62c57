"""Which lines of a text are one paragraph, where a page or a narrow column has cut them?

What is put together again: lines wrapped at a width, words parted at the end of a line, paragraphs
that a page break cuts. What goes: the heads, feet and numbers of pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from casechron.coding.sources import LINE_END, MARKER, normalise

#: Where the end of a line has parted a word, and how it is written is not known. Unicode keeps this
#: sign for the use of programs, so that no text has it.
MAY_BREAK = "\ufdd0"

#: A text is wrapped if its longest line has one of these widths and this share of its lines is
#: full. Where letters differ in width, a line is full from this share of the longest on.
_WIDTHS, _SHARE_FULL, _NEARLY = range(40, 161), 0.3, 0.75
#: Lines at the top and at the bottom of a page among which its head and foot are looked for.
_EDGE = 3
_PAGE_NUMBER = re.compile(
    r"(?:page )?-? ?(?:\d{1,4}|[ivxl]{1,6}) ?-?(?: ?(?:of|/|\|) ?\d{1,4})?", re.IGNORECASE
)
_ENDED = re.compile(r"""[.!?:;]["')\]\u2019\u201d]*$""")
_PARTED = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad]$")
#: After these signs a line may end where no space stands.
_UNSPACED = re.compile(r"(?<=\S)[-\u2010-\u2015\u00ad/]$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SOFT = "\u00ad"
_BULLETS = "\u2022\u2023\u25e6\u25aa\u25cf\u00b7"


def rejoined(text: str, *, printed: bool = False) -> list[str]:
    """The paragraphs of a text that was cut into lines or pages.

    Parameters
    ----------
    text
        The text; form feeds part its pages.
    printed
        Whether its lines are those of printed pages, whose letters differ in width. A text with
        several pages is taken to be so.

    Returns
    -------
    list of str
        The paragraphs, without the heads, feet and numbers of pages. Items of a list and lines that
        nothing has cut stay lines of a paragraph; in a text without blank lines they are paragraphs
        of their own. In a word that the end of a line has parted stands `MAY_BREAK`.

    Examples
    --------
    >>> rejoined("It rained on Mon-\\nday. A pail\\n\\n1\\n\\f\\nwas set out.")
    ['It rained on Mon\ufdd0day. A pail was set out.']
    """
    pages = [page for page in map(_lines, text.split("\f")) if any(page)]
    printed = printed or len(pages) > 1
    if len(pages) > 1:
        pages = _without_heads_and_feet(pages)
    lines = [line for page in pages for line in page]
    words = _words(lines)
    width = 0 if printed else _width(lines)
    parted = not printed and any(not line for page in pages for line in page)
    found: list[list[str]] = []
    for page in pages:
        for number, block in enumerate(_blocks(page)):
            if printed:
                width = round(_NEARLY * max(map(len, block)))
            whole = _whole_lines(block, width, words, printed)
            last = found[-1][-1] if found else ""
            beside = number == 0 or bool(_PARTED.search(last))  # as at the foot of a column
            if last and beside and _goes_on(last, whole[0]):
                found[-1][-1] = _joined(last, whole.pop(0), words, printed)
                found[-1] += whole
            else:
                found += [whole] if parted else [[line] for line in whole]
    return ["\n".join(block) for block in found]


def _lines(page: str) -> list[str]:
    """The lines of a page without its first and last blank ones; within it they are empty."""
    lines = [line.strip() if normalise(line) else "" for line in LINE_END.split(page)]
    there = [number for number, line in enumerate(lines) if line] or [0]
    return lines[there[0] : there[-1] + 1]


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """The lines between blank ones."""
    block: list[str] = []
    for line in [*lines, ""]:
        if line:
            block.append(line)
        elif block:
            yield block
            block = []


def _without_heads_and_feet(pages: Sequence[list[str]]) -> list[list[str]]:
    """Pages without the lines at their edges that are page numbers or stand, but for numbers, on
    half of the pages."""

    def edges(page: list[str]) -> list[int]:
        there = [number for number, line in enumerate(page) if line]
        return [*there[:_EDGE], *there[_EDGE:][-_EDGE:]]

    def bare(line: str) -> str:
        return re.sub(r"\d+", "0", normalise(line).lower())

    seen = Counter(one for page in pages for one in {bare(page[at]) for at in edges(page)})
    often = {one for one, many in seen.items() if many >= max(2, len(pages) / 2)}
    kept = []
    for page in pages:
        gone = {
            at
            for at in edges(page)
            if bare(page[at]) in often or _PAGE_NUMBER.fullmatch(normalise(page[at]))
        }
        kept.append(["" if at in gone else line for at, line in enumerate(page)])
    return [page for page in kept if any(page)]


def _width(lines: Sequence[str]) -> int:
    """The width at which lines were wrapped; 0 where they were not."""
    width = max(map(len, lines), default=0)
    pairs = [(line, after) for line, after in pairwise(lines) if line and after]
    full = sum(_is_full(line, after, width) for line, after in pairs)
    return width if width in _WIDTHS and full > 1 and full > _SHARE_FULL * len(pairs) else 0


def _is_full(line: str, after: str, width: int) -> bool:
    """Whether the first word of the next line would not have stood on a line."""
    return 0 < width < len(line) + 1 + len(after.split(maxsplit=1)[0])


def _goes_on(line: str, after: str) -> bool:
    """Whether the letters tell that a sentence goes on in the next line."""
    return not _ENDED.search(line) and after.lstrip("\"'([\u2018\u201c")[:1].islower()


def _whole_lines(block: Sequence[str], width: int, words: set[str], printed: bool) -> list[str]:
    """The lines of a block, those put together that were one."""
    whole: list[str] = []
    items = bool(MARKER.match(normalise(block[0])))
    last = ""
    for line in block:
        cut = bool(last) and (_is_full(last, line, width) or _goes_on(last, line))
        if cut and MARKER.match(normalise(line)):
            # A dash or a number may stand at the start of any line that was cut.
            cut = not (items or line[0] in _BULLETS or _ENDED.search(last))
        if cut:
            whole[-1] = _joined(whole[-1], line, words, printed)
        else:
            whole.append(line)
        last = line
    return whole


def _words(lines: Sequence[str]) -> set[str]:
    """The words of a text in small letters, without the two parts of one that a line end cuts."""
    words: set[str] = set()
    parted = False
    for line in lines:
        whole = line.split()[parted:]
        parted = bool(_PARTED.search(line))
        if parted:
            whole = whole[:-1]
        words |= set(_WORD.findall(normalise(" ".join(whole)).lower()))
    return words


def _joined(line: str, after: str, words: set[str], printed: bool) -> str:
    """Two lines in one. A hyphen at the end stays where the text has the word with it; it goes
    where the text has the word without it, and, where one prints, unless it has both parts."""
    if not _UNSPACED.search(line):
        return f"{line} {after}"
    if not _PARTED.search(line) or not after[0].islower():
        return f"{line}{MAY_BREAK}{after}"
    first = _WORD.findall(normalise(line[:-1]).lower())[-1]
    second = _WORD.findall(normalise(after).lower())[0]
    stays = first + second not in words and (not printed or {first, second} <= words)
    stays = f"{first}-{second}" in words or stays
    return f"{line if stays and line[-1] != _SOFT else line[:-1]}{MAY_BREAK}{after}"
