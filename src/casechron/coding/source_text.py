"""What does the file of a source say, as paragraphs, which lines belong together, and where is it?

A source comes as text, as a web page that somebody saved, as a Word document or as a PDF; each
becomes the blocks that `casechron.coding.sources` counts. Lines wrapped at a width, words parted at
the end of a line and paragraphs that a page break cuts are put together again; the heads, feet and
numbers of pages go."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Sequence
from html.parser import HTMLParser
from itertools import groupby, pairwise
from pathlib import Path

from casechron.characters import shown
from casechron.coding.files import (
    SOURCE_BYTES,
    UnfitError,
    from_here,
    leads_out,
    lies_within,
    read_limited,
    whole_review,
)
from casechron.coding.import_files import docx_paragraphs
from casechron.coding.messages import say
from casechron.coding.meta import sources_in
from casechron.coding.sources import LINE_END, MARKER, MAY_BREAK, SourceError, normalise, paragraphs
from casechron.coding.workbook_cells import unpacked

#: A text is wrapped if its longest line has one of these widths and this share of its lines is
#: full. Where letters differ in width, a line is full from this share of the longest on.
_WIDTHS, _SHARE_FULL, _NEARLY = range(40, 161), 0.3, 0.75
#: Lines at the top and at the bottom of a page among which its head and foot are looked for.
_EDGE_LINES = 3
_PAGE_NUMBER = re.compile(
    r"(?:page )?-? ?(?:\d{1,4}|[ivxl]{1,6}) ?-?(?: ?(?:of|/|\|) ?\d{1,4})?", re.IGNORECASE
)
_ENDED = re.compile(r"""[.!?:;]["')\]\u2019\u201d]*$""")
_PARTED = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad]$")
#: After these signs a line may end where no space stands.
_UNSPACED = re.compile(r"(?<=\S)[-\u2010-\u2015\u00ad/]$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SOFT = "\u00ad"
#: A line as it was cut, each piece after the first with the sign that joins it: so that a line of
#: many pieces is put together once, and not anew with each.
_Pieces = list[str]
_BULLETS = "\u2022\u2023\u25e6\u25aa\u25cf\u00b7"


def rejoined(text: str, *, printed: bool = False) -> list[str]:
    """The paragraphs of a text that was cut into lines or pages, which form feeds part; without the
    heads, feet and numbers of pages.

    It is `printed` where its lines are those of printed pages, whose letters differ in width; a
    text with several pages is taken to be so. Items of a list and lines that nothing has cut stay
    lines of a paragraph; in a text without blank lines they are paragraphs of their own. In a word
    that the end of a line has parted stands `MAY_BREAK`.

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
    rejoined_blocks: list[list[_Pieces]] = []
    for page in pages:
        blocks = [list(block) for has_text, block in groupby(page, key=bool) if has_text]
        for number, block in enumerate(blocks):
            if printed:
                width = round(_NEARLY * max(map(len, block)))
            whole = _whole_lines(block, width, words, printed)
            last = rejoined_blocks[-1][-1] if rejoined_blocks else [""]
            beside = number == 0 or bool(_PARTED.search(last[-1]))  # as at the foot of a column
            if last[-1] and beside and _goes_on(last[-1], whole[0][0]):
                _join(last, whole.pop(0), words, printed)
                rejoined_blocks[-1] += whole
            else:
                rejoined_blocks += [whole] if parted else [[line] for line in whole]
    return ["\n".join(map("".join, block)) for block in rejoined_blocks]


def _lines(page: str) -> list[str]:
    """The lines of a page without its first and last blank ones; within it they are empty."""
    lines = [line.strip() if normalise(line) else "" for line in LINE_END.split(page)]
    filled = [number for number, line in enumerate(lines) if line] or [0]
    return lines[filled[0] : filled[-1] + 1]


def _without_heads_and_feet(pages: Sequence[list[str]]) -> list[list[str]]:
    """Pages without the lines at their edges that are page numbers or stand, but for numbers, on
    half of the pages."""

    def edges(page: list[str]) -> list[int]:
        filled = [number for number, line in enumerate(page) if line]
        return [*filled[:_EDGE_LINES], *filled[_EDGE_LINES:][-_EDGE_LINES:]]

    def without_numbers(line: str) -> str:
        return re.sub(r"\d+", "0", normalise(line).lower())

    page_counts = Counter(
        line for page in pages for line in {without_numbers(page[at]) for at in edges(page)}
    )
    often = {line for line, count in page_counts.items() if count >= max(2, len(pages) / 2)}
    for page in pages:
        for at in edges(page):
            if without_numbers(page[at]) in often or _PAGE_NUMBER.fullmatch(normalise(page[at])):
                page[at] = ""
    return [page for page in pages if any(page)]


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


def _whole_lines(block: Sequence[str], width: int, words: set[str], printed: bool) -> list[_Pieces]:
    """The lines of a block, those put together that were one."""
    whole: list[_Pieces] = []
    items = bool(MARKER.match(normalise(block[0])))
    last = ""
    for line in block:
        cut = bool(last) and (_is_full(last, line, width) or _goes_on(last, line))
        if cut and MARKER.match(normalise(line)):
            # A dash or a number may stand at the start of any line that was cut.
            cut = not (items or line[0] in _BULLETS or _ENDED.search(last))
        if cut:
            _join(whole[-1], [line], words, printed)
        else:
            whole.append([line])
        last = line
    return whole


def _words(lines: Sequence[str]) -> set[str]:
    """The words of a text in small letters, without the two parts of one that a line end cuts."""
    words: set[str] = set()
    parted = False
    for line in lines:
        first, parted = parted, bool(_PARTED.search(line))
        whole = line.split()[first : -1 if parted else None]
        words |= set(_WORD.findall(normalise(" ".join(whole)).lower()))
    return words


def _join(line: _Pieces, after: _Pieces, words: set[str], printed: bool) -> None:
    """Put a line behind another one. A hyphen at the end stays where the text elsewhere has the
    word with one. Otherwise it goes where the text has the word without one, and in printed pages
    also where the text lacks one of the two parts as a word."""
    cut, between = line[-1], MAY_BREAK
    if not _UNSPACED.search(cut):
        between = " "
    elif _PARTED.search(cut) and after[0][0].islower():
        first = _WORD.findall(normalise(cut[:-1]).lower())[-1]
        second = _WORD.findall(normalise(after[0]).lower())[0]
        stays = first + second not in words and (not printed or {first, second} <= words)
        stays = f"{first}-{second}" in words or stays
        if not stays or cut[-1] == _SOFT:
            line[-1] = cut[:-1]
    line += [between + after[0], *after[1:]]


_NO_TEXT = (
    (b"PK\x03\x04", "an archive and no Word document"),
    (b"{\\rtf", "rich text"),
    (b"\xd0\xcf\x11\xe0", "an old word-processor document"),
)
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CHARSET = re.compile(rb"""<meta[^>]*charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_LOOKS_LIKE_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*|(?><!--.*?-->)\s*)*+<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)


def texts_at_hand(folder: str | Path, source_id: str | None = None) -> list[tuple[str, Path]]:
    """The texts that stand in a review's own folder, each with the id of its source, in the order
    of review.toml; of one source alone where it is named.

    `SourceError` where no source that is meant has a text there, or it leads out of the project."""
    review = whole_review(Path(folder))
    texts = [
        (source["id"], review / str(source["text"]))
        for source in sources_in(folder)
        if source_id in (None, source["id"]) and "text" in source
    ]
    if not texts:
        of_source = "any source" if source_id is None else shown(source_id)
        raise SourceError(say("no-text-at-hand", of=of_source))
    for _, path in texts:
        for part in (path.parent, path):
            if message := leads_out(part, *lies_within(review)):
                raise SourceError(f"{part.name}: {message}")
    return texts


def source_paragraphs(path: Path) -> list[str]:
    """The paragraphs of a file, in reading order: text, a saved web page, a Word document or a PDF,
    which needs the package pdfminer.six (the extra ``pdf``).

    Plain text is UTF-8, or UTF-16 with its mark; a web page (.html, .htm, .xhtml, or a text that
    starts like one) may be in the encoding that it declares. Lines that were wrapped and words that
    a line end parted are put together again, heads, feet and numbers of pages are left out.
    `SourceError`, which says what to do, where the file is not there, is too large, holds no text
    or is of another kind, or a PDF cannot be read here."""
    return [paragraph.replace(MAY_BREAK, "") for paragraph in marked_paragraphs(path)]


def marked_paragraphs(path: Path) -> list[str]:
    """What `source_paragraphs` reads, with `MAY_BREAK` in each word that the end of a line has
    parted."""
    if not path.is_file():
        raise SourceError(f"there is no file {from_here(path)}: put it there, or name another")
    try:
        raw = read_limited(path, SOURCE_BYTES)
        blocks = _read_paragraphs(raw, path)
    except UnfitError as error:
        raise SourceError(f"{path.name}: {error}") from error
    if not blocks:
        scanned = "; if it was scanned, let a program read its letters (OCR) first"
        raise SourceError(f"{path.name} holds no text{scanned if raw.startswith(b'%PDF-') else ''}")
    return blocks


def _read_paragraphs(raw: bytes, path: Path) -> list[str]:
    name, ending = path.name, path.suffix.lower()
    if raw.startswith(b"%PDF-"):
        return rejoined(_pdf_text(raw, name), printed=True)
    if zipfile.is_zipfile(io.BytesIO(raw)):
        with unpacked(raw) as packed:
            if "word/document.xml" in packed.namelist():
                return paragraphs("\n\n".join(docx_paragraphs(packed)))
    for start, kind in _NO_TEXT:
        if raw.startswith(start):
            raise SourceError(f"{name} is {kind}, which is not read here; save as text (UTF-8)")
    if ending in {".mht", ".mhtml"}:
        raise SourceError(say("web-archive", file=name))
    text = _decoded(raw, name)
    if ending in {".html", ".htm", ".xhtml"} or _LOOKS_LIKE_HTML.match(text):
        return paragraphs(html_text(text))
    return rejoined(text)


def _pdf_text(raw: bytes, name: str) -> str:
    """The text of a PDF, a blank line between its blocks and a form feed after each page."""
    try:
        from pdfminer.high_level import extract_text
        from pdfminer.pdfdocument import PDFPasswordIncorrect
    except ImportError as error:
        raise SourceError(say("pdf-reader-missing", file=name)) from error
    try:
        text = str(extract_text(io.BytesIO(raw)))
    except PDFPasswordIncorrect as error:
        raise SourceError(f"{name} opens with a password only; save it without one") from error
    except Exception as error:  # of a damaged file the package raises whatever it comes upon
        why = f"{type(error).__name__}: {error}".removesuffix(": ")
        raise SourceError(say("pdf-unread", file=name, why=why)) from error
    # Many fonts draw both hyphens alike, and then each that is printed is called a soft one.
    return text.replace("\u00ad", "-")


def _decoded(raw: bytes, name: str) -> str:
    encoding = next((known for mark, known in _MARKS if raw.startswith(mark)), "utf-8")
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as problem:
        byte = problem.start + 1
    if encoding == "utf-8" and (declared := _CHARSET.search(raw[:4096])):
        label = declared[1].decode("ascii", "replace").lower()
        # Browsers read 'iso-8859-1' as windows-1252 (WHATWG, Encoding), so pages are saved so.
        as_latin = label in {"iso-8859-1", "latin1", "ascii", "us-ascii"}
        try:
            return raw.decode("windows-1252" if as_latin else label)
        except (LookupError, UnicodeDecodeError):
            raise SourceError(say("other-encoding", file=name, label=label)) from None
    label = encoding.removesuffix("-sig").upper()
    raise SourceError(f"{name} is not in {label} (byte {byte}); save it as UTF-8 text")


_BLOCK_TAGS = (
    "address article aside blockquote body button caption center dd details dialog dir div dl dt"
    " fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main"
    " menu nav ol optgroup option p pre search section select summary table tbody td tfoot th thead"
    " tr ul"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split())
#: Never shown as text. Menus, asides, headers and footers stay: a headline often stands in one of
#: them.
_NOT_SHOWN = frozenset({"iframe", "noscript", "script", "style", "svg", "template", "title"})
_HTML_SPACE = re.compile(r"[ \t\r\n\f]+")
#: The end of a page is looked for anew with each tag that is never closed.
_MOST_UNCLOSED = 20


class _Blocks(HTMLParser):
    """Collects the text of a page with line feeds where the page breaks lines, blank lines between
    blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._hidden: list[str] = []
        self._verbatim = 0
        self._closing, self._unclosed = False, 0

    def close(self) -> None:
        self._closing = True  # what is not read by now begins with a tag that is never closed
        super().close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _NOT_SHOWN:
            self._hidden.append(tag)
        elif tag == "br":
            self.pieces.append("\n")
        elif tag in _BLOCKS:
            self.pieces.append("\n\n")
            self._verbatim += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            while self._hidden.pop() != tag:
                pass
        elif tag in _BLOCKS:
            self.pieces.append("\n\n")
            self._verbatim -= tag == "pre" and self._verbatim > 0

    def handle_data(self, data: str) -> None:
        self._unclosed += self._closing and data.startswith("<")
        if self._unclosed > _MOST_UNCLOSED:
            raise UnfitError(
                f"more than {_MOST_UNCLOSED} tags are never closed; save the page anew"
            )
        if not self._hidden:
            self.pieces.append(data if self._verbatim else _HTML_SPACE.sub(" ", data))


def html_text(page: str) -> str:
    """The text of a web page: its blocks with blank lines between, entities decoded, inline tags
    dropped.

    ``<br>`` is a line feed (two of them end a block). What a browser does not show (scripts,
    styles, the title in the head) is left out, menus and footers are not; so the blocks of a page
    are more than those of the article in it. `UnfitError` for a page that cannot be taken apart.

    >>> html_text("<h1>Over<b>view</b></h1><p>Rain &amp; sun.<br>Wind.</p>").split("\\n")
    ['Overview', '', 'Rain & sun.', 'Wind.']
    """
    parser = _Blocks()
    try:
        parser.feed(page)
        parser.close()
    except AssertionError as error:  # of the parser, at '<![' that begins nothing
        raise UnfitError(f"the page is damaged ({error}); save it anew, or as text") from error
    return "\n\n".join(paragraphs("".join(parser.pieces)))
