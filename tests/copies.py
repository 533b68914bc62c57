"""Copies of a text as people have them: saved, printed, wrapped, run together."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from html import escape

from casechron.coding.sources import paragraphs
from chronologies.make import docx
from pdf_pages import pdf


def _lines(text: str) -> Iterator[str]:
    """Its lines, each of which is a paragraph or an item of a list."""
    for block in paragraphs(text):
        yield from (" ".join(line.split()) for line in block.split("\n"))


def _bare(line: str) -> str:
    return re.sub(r"^[\u2022-]\s+", "", line)


def _wrapped(text: str) -> str:
    return "\n\n".join(
        "\n".join(textwrap.fill(line, 72) for line in block.split("\n"))
        for block in paragraphs(text)
    )


def _page(text: str) -> str:
    shown = "\n".join(f"<div><p>{escape(_bare(line))}</p></div>" for line in _lines(text))
    return f"<!doctype html><title>Rain</title><nav><a>Home</a></nav>{shown}<footer>End</footer>"


def hyphenated(line: str, width: int) -> list[str]:
    """A line cut at a width, words too long for the rest of one parted by a hyphen."""
    lines, rest = [], line
    while len(rest) > width:
        at = rest.rfind(" ", 0, width + 1)
        word = rest[at + 1 :].split(" ", 1)[0]
        room = width - at - 2
        hyphen = word.find("-") + 1
        if 0 < hyphen <= room + 1:
            lines.append(rest[: at + 1 + hyphen])
            rest = rest[at + 1 + hyphen :]
        elif room >= 3 and len(word) >= room + 3 and word[: room + 3].isalpha():
            lines.append(f"{rest[: at + 1 + room]}-")
            rest = rest[at + 1 + room :]
        else:
            lines.append(rest[:at])
            rest = rest[at + 1 :]
    return [*lines, rest]


def printed(
    text: str, *, width: int = 60, footnote: bool = False, height: int = 20
) -> list[list[str]]:
    """The lines of its pages, with head, foot and page number; the first page may have a
    footnote."""
    text = text.replace("\u2032", "\u2019")  # the tests' PDFs have no primes
    lines = [part for line in _lines(text) for part in [*hyphenated(line, width), ""]]
    pages = [lines[at : at + height] for at in range(0, len(lines), height)]
    many = len(pages)
    return [
        [
            *("A text on rain", ""),
            *page,
            *(("", "1 A note at the foot of the page.") if footnote and not number else ()),
            *("", "", f"Page {number + 1} of {many}"),
        ]
        for number, page in enumerate(pages)
    ]


def in_pages(text: str) -> str:
    """As a program that takes the text out of a PDF writes it."""
    return "\f".join("\n".join(page) for page in printed(text))


#: Names of files and how each is made of a text; lines of lists begin with a bullet there.
COPIES: dict[str, Callable[[str], str | bytes]] = {
    "saved.txt": str,
    "saved.html": _page,
    "saved.docx": lambda text: docx(*map(_bare, _lines(text))),
    "wrapped.txt": _wrapped,
    "wrapped-on.txt": lambda text: _wrapped(text).replace("\n\n", "\n"),
    "run-on.txt": lambda text: "\n".join(_lines(text)),
    "one-line.txt": lambda text: " ".join(_lines(text)),
    "pages.txt": in_pages,
    "printed.pdf": lambda text: pdf(*printed(text)),
    "narrow.pdf": lambda text: pdf(*printed(text, width=42)),
    "noted.pdf": lambda text: pdf(*printed(text, footnote=True, height=7)),
}
