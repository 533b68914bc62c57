"""What does the file of a source say, as paragraphs?

A source comes as text, as a web page that somebody saved, as a Word document or as a PDF; each
becomes the blocks that `casechron.coding.sources` counts."""

from __future__ import annotations

import io
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

from casechron.coding.files import SOURCE_BYTES, UnfitError, read_limited
from casechron.coding.import_files import docx_paragraphs
from casechron.coding.rejoining import MAY_BREAK, rejoined
from casechron.coding.sources import SourceError, paragraphs

_NO_TEXT = (
    (b"PK\x03\x04", "an archive and no Word document"),
    (b"{\\rtf", "rich text"),
    (b"\xd0\xcf\x11\xe0", "an old word-processor document"),
)
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CHARSET = re.compile(rb"""<meta[^>]*charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_LOOKS_LIKE_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)


def source_paragraphs(path: Path) -> list[str]:
    """The paragraphs of a file: text, a saved web page, a Word document or a PDF.

    Parameters
    ----------
    path
        The file. Plain text is UTF-8, or UTF-16 with its mark; a web page (.html, .htm, .xhtml, or
        a text that starts like one) may be in the encoding that it declares. A PDF needs the
        package pdfminer.six (the extra ``pdf``).

    Returns
    -------
    list of str
        The paragraphs in reading order, as `casechron.coding.sources.sentences` takes them: lines
        that were wrapped and words that a line end parted are put together again, heads, feet and
        numbers of pages are left out.

    Raises
    ------
    SourceError
        Where the file is not there, is too large, holds no text or is of another kind, or a PDF
        cannot be read here; the message says what to do.
    """
    return [one.replace(MAY_BREAK, "") for one in marked_paragraphs(path)]


def marked_paragraphs(path: Path) -> list[str]:
    """What `source_paragraphs` reads, with `casechron.coding.rejoining.MAY_BREAK` in each word that
    the end of a line has parted."""
    if not path.is_file():
        raise SourceError(f"there is no file {path.name}")
    try:
        raw = read_limited(path, SOURCE_BYTES)
        found = _paragraphs(raw, path)
    except UnfitError as error:
        raise SourceError(f"{path.name}: {error}") from error
    if not found:
        scanned = "; if it was scanned, let a program read its letters (OCR) first"
        raise SourceError(f"{path.name} holds no text{scanned if raw.startswith(b'%PDF-') else ''}")
    return found


def _paragraphs(raw: bytes, path: Path) -> list[str]:
    name, ending = path.name, path.suffix.lower()
    if raw.startswith(b"%PDF-"):
        return rejoined(_pdf_text(raw, name), printed=True)
    if zipfile.is_zipfile(io.BytesIO(raw)):
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            if "word/document.xml" in packed.namelist():
                return paragraphs("\n\n".join(docx_paragraphs(packed)))
    for start, what in _NO_TEXT:
        if raw.startswith(start):
            raise SourceError(f"{name} is {what}, which is not read here; save as text (UTF-8)")
    if ending in {".mht", ".mhtml"}:
        raise SourceError(
            f"{name} is a web archive, which is not read here; save the page as HTML only, or"
            " as text"
        )
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
        raise SourceError(
            f"{name} is a PDF; to read it, install what reads them (pip install 'casechron[pdf]'),"
            " or save it as text (UTF-8)"
        ) from error
    try:
        text = str(extract_text(io.BytesIO(raw)))
    except PDFPasswordIncorrect as error:
        raise SourceError(f"{name} opens with a password only; save it without one") from error
    except Exception as error:  # of a damaged file the package raises whatever it comes upon
        why = f"{type(error).__name__}: {error}".removesuffix(": ")
        raise SourceError(
            f"{name} is a PDF that cannot be read ({why}); print it into a new PDF, or save it as"
            " text (UTF-8)"
        ) from error
    # Many fonts draw both hyphens alike, and then each that is printed is called a soft one.
    return text.replace("\u00ad", "-")


def _decoded(raw: bytes, name: str) -> str:
    encoding = next((known for mark, known in _MARKS if raw.startswith(mark)), "utf-8")
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as problem:
        where = problem.start
    if encoding == "utf-8" and (declared := _CHARSET.search(raw[:4096])):
        label = declared[1].decode("ascii", "replace").lower()
        try:
            # Browsers read 'iso-8859-1' as windows-1252 (WHATWG, Encoding), so pages are saved that
            # way.
            return raw.decode(
                "windows-1252" if label in {"iso-8859-1", "latin1", "ascii", "us-ascii"} else label
            )
        except (LookupError, UnicodeDecodeError):
            raise SourceError(
                f"{name} declares the encoding {label} and is not in it; save it as UTF-8"
            ) from None
    raise SourceError(
        f"{name} is not in {encoding.removesuffix('-sig').upper()} (byte {where + 1}); save it as"
        " UTF-8 text"
    )


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


class _Blocks(HTMLParser):
    """Collects the text of a page with line feeds where the page breaks lines, blank lines between
    blocks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden: list[str] = []
        self._verbatim = 0

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
        if not self._hidden:
            self.pieces.append(data if self._verbatim else _HTML_SPACE.sub(" ", data))


def html_text(page: str) -> str:
    """The text of a web page: its blocks with blank lines between, entities decoded, inline tags
    dropped.

    ``<br>`` is a line feed (two of them end a block). What a browser does not show (scripts,
    styles, the title in the head) is left out, menus and footers are not; so the blocks of a page
    are more than those of the article in it.

    >>> html_text("<h1>Over<b>view</b></h1><p>Rain &amp; sun.<br>Wind.</p>").split("\\n")
    ['Overview', '', 'Rain & sun.', 'Wind.']
    """
    parser = _Blocks()
    parser.feed(page)
    parser.close()
    return "\n\n".join(paragraphs("".join(parser.pieces)))
