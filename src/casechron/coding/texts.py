"""What does the file of a source say, as plain text?

A source comes as a text file or as a web page that somebody saved; both become blocks with blank
lines between, which `casechron.coding.sources` counts."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from casechron.coding.files import SOURCE_BYTES, UnfitError, read_limited
from casechron.coding.sources import SourceError, paragraphs

__all__ = ["html_text", "read_source"]

_NO_TEXT = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a word-processor document or another archive"),
    (b"{\\rtf", "rich text"),
    (b"\xd0\xcf\x11\xe0", "an old word-processor document"),
)
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CHARSET = re.compile(rb"""<meta[^>]*charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_LOOKS_LIKE_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)


def read_source(file: str | Path) -> str:
    """The text of a file: plain text as it stands, a saved web page as blocks with blank lines
    between.

    Plain text is UTF-8, or UTF-16 with its mark. A web page (.html, .htm, .xhtml, or a text that
    starts like one) may also be in the encoding that it declares. Raises `SourceError` for a file
    that is not there, is too large, holds no text or is a PDF, a word-processor document or a web
    archive."""
    path = Path(file)
    if not path.is_file():
        raise SourceError(f"there is no file {path.name}")
    try:
        raw = read_limited(path, SOURCE_BYTES)
    except UnfitError as error:
        raise SourceError(f"{path.name}: {error}") from error
    for start, what in _NO_TEXT:
        if raw.startswith(start):
            raise SourceError(
                f"{path.name} is {what}, which is not read here; save as text (UTF-8)"
            )
    if path.suffix.lower() in {".mht", ".mhtml"}:
        raise SourceError(
            f"{path.name} is a web archive, which is not read here; save the page as HTML only, or"
            " as text"
        )
    text = _decoded(raw, path.name)
    if path.suffix.lower() in {".html", ".htm", ".xhtml"} or _LOOKS_LIKE_HTML.match(text):
        text = html_text(text)
    if not paragraphs(text):
        raise SourceError(f"{path.name} holds no text")
    return text


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
