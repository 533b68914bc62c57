"""Is the same text read from a text file, a web page, a Word document and a PDF?"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pdfminer.pdfdocument import PDFPasswordIncorrect

from casechron.coding.source_text import html_text, marked_paragraphs, source_paragraphs
from casechron.coding.sources import MAY_BREAK, SourceError, numbered_sentences
from chronologies.make import docx, table
from pdf_pages import pdf

PAGE = """<!DOCTYPE html>
<html><head><title>Not &mdash; shown</title><meta charset="utf-8"><style>p { color: red }</style>
<script>if (a < b) { document.write("<p>no</p>") }</script></head>
<body><nav><ul><li><a href="/">Home</a><li>News</ul></nav>
<header><h1>The r<em>ai</em>n of
   2011</h1></header>
<p>It rained&nbsp;on &lsquo;AB&rsquo; &amp; others.<sup></sup> It
stopped.<br>Later it r<!-- a remark -->ained <b>on</b>.</p>
<aside>An aside<br><br>in two</aside><svg><text>drawn</text></svg>
<table><tr><td>one</td><td>two</td></tr></table><pre>kept
  as it is</pre>
<p>Unclosed<p>Last &#8230; <button>Share</button></body></html>"""
BLOCKS = [
    (1, ["Home"]),
    (2, ["News"]),
    (3, ["The rain of 2011"]),
    (4, ["It rained on 'AB' & others.", "It stopped.", "Later it rained on."]),
    (5, ["An aside"]),
    (6, ["in two"]),
    (7, ["one"]),
    (8, ["two"]),
    (9, ["kept as it is"]),
    (10, ["Unclosed"]),
    (11, ["Last ..."]),
    (12, ["Share"]),
]
EXPECTED = [
    (number, place, text) for number, texts in BLOCKS for place, text in enumerate(texts, start=1)
]


def test_a_page_becomes_its_blocks() -> None:
    assert [tuple(sentence) for sentence in numbered_sentences(html_text(PAGE))] == EXPECTED


def test_lines_of_preformatted_text_stay_lines() -> None:
    assert html_text("<pre>one\n  two</pre><p>three\nfour</p>") == "one\n  two\n\nthree four"


def test_hidden_elements_may_be_nested_or_left_open() -> None:
    assert (
        html_text("<p>a</p><template><p>b<svg><title>c</title></svg></p></template><p>d</p></svg>")
        == "a\n\nd"
    )


@pytest.mark.parametrize("name", ["page.html", "page.HTM", "page.txt", "page"])
def test_a_page_is_known_by_its_name_or_by_its_start(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text(f"\n<!-- saved from a browser -->\n{PAGE}", encoding="utf-8")
    assert [
        tuple(sentence) for sentence in numbered_sentences("\n\n".join(source_paragraphs(file)))
    ] == EXPECTED


def test_a_text_that_speaks_of_tags_stays_a_text(tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_text("The tag <html> begins a page.", encoding="utf-8")
    assert source_paragraphs(file) == ["The tag <html> begins a page."]
    # A comment ends with its first end; where others were tried, many comments were tried for ever.
    file.write_text("<!-- a --> b --> <html>", encoding="utf-8")
    assert source_paragraphs(file) == ["<!-- a --> b --> <html>"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_of_a_text(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "text.txt"
    file.write_text("It \u2018rained\u2019.\n\nSo.", encoding=encoding)
    assert source_paragraphs(file) == ["It \u2018rained\u2019.", "So."]


@pytest.mark.parametrize("declared", ["windows-1252", "ISO-8859-1"])
def test_a_page_may_declare_its_encoding(tmp_path: Path, declared: str) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(
        f'<meta http-equiv="a" content="text/html; charset={declared}"><p>\u2018AB\u2019'.encode(
            "windows-1252"
        )
    )
    assert source_paragraphs(file) == ["\u2018AB\u2019"]


NOT_READ = "which is not read here; save as text (UTF-8)"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "a.docx",
            b"PK\x03\x04...",
            f"a.docx is an archive and no Word document, {NOT_READ}",
        ),
        ("a.rtf", b"{\\rtf1}", f"a.rtf is rich text, {NOT_READ}"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1", f"a.doc is an old word-processor document, {NOT_READ}"),
        (
            "a.mhtml",
            b"From: x",
            (
                "a.mhtml is a web archive, which is not read here; save the page as HTML only, or"
                " as text"
            ),
        ),
        ("a.txt", b"ab \x92c", "a.txt is not in UTF-8 (byte 4); save it as UTF-8 text"),
        ("a.txt", b"\xff\xfea", "a.txt is not in UTF-16 (byte 3); save it as UTF-8 text"),
        (
            "a.html",
            b"<meta charset=klingon>\x92",
            "a.html declares the encoding klingon and is not in it; save it as UTF-8",
        ),
        (
            "a.html",
            b"<meta charset='utf-8'>\x92",
            "a.html declares the encoding utf-8 and is not in it; save it as UTF-8",
        ),
        ("a.txt", b"", "a.txt holds no text"),
        ("a.html", b"<html><script>x</script>&nbsp;</html>", "a.html holds no text"),
        (
            "a.html",
            b"<p>It rained.</p><![<",
            "a.html: the page is damaged (expected name token at '<![<'); save it anew, or as text",
        ),
    ],
)
def test_what_is_no_text_is_refused_in_a_sentence(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(SourceError) as refusal:
        source_paragraphs(file)
    assert str(refusal.value) == message


def test_a_page_of_tags_that_are_never_closed_is_looked_through_a_few_times_only(
    tmp_path: Path,
) -> None:
    file = tmp_path / "a.html"
    file.write_text("<p>It rained.</p>" + "<a " * 20, encoding="utf-8")
    assert source_paragraphs(file)[0] == "It rained."
    file.write_text("<p>It rained.</p>" + "<a " * 21, encoding="utf-8")
    with pytest.raises(SourceError) as refusal:
        source_paragraphs(file)
    assert str(refusal.value) == "a.html: more than 20 tags are never closed; save the page anew"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as refusal:
        source_paragraphs(gone := tmp_path / "gone.txt")
    assert str(refusal.value) == f"there is no file {gone}: put it there, or name another"


# ---------------------------------------------------------------- documents


def test_a_word_document_is_read_with_its_tables_and_notes(tmp_path: Path) -> None:
    file = tmp_path / "report.docx"
    file.write_bytes(docx("It rained.", table(["Monday", "wet"]), footnotes="A note."))
    assert source_paragraphs(file) == ["It rained.", "Monday", "wet", "A note."]


def test_a_pdf_is_read_without_heads_feet_and_line_ends(tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(
        pdf(
            ["On rain in 2011", "", "It rained all week and the roof of the", "old build-"],
            ["On rain in 2012", "", "ing held. Nobody came.", "", "Page 2 of 2"],
        )
    )
    assert source_paragraphs(file) == [
        "It rained all week and the roof of the old building held. Nobody came."
    ]
    assert marked_paragraphs(file)[0].count(MAY_BREAK) == 1


def test_a_hyphen_that_a_font_calls_soft_is_a_hyphen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pdfminer.high_level.extract_text", lambda file: "A half\u00adempty pail.")
    file = tmp_path / "report.pdf"
    file.write_bytes(b"%PDF-1.4")
    assert source_paragraphs(file) == ["A half-empty pail."]


def test_a_pdf_with_a_password_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(file: object) -> str:
        raise PDFPasswordIncorrect

    monkeypatch.setattr("pdfminer.high_level.extract_text", locked)
    file = tmp_path / "report.pdf"
    file.write_bytes(b"%PDF-1.4")
    with pytest.raises(SourceError) as refusal:
        source_paragraphs(file)
    assert str(refusal.value) == "report.pdf opens with a password only; save it without one"


def test_without_its_package_a_pdf_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pdfminer.high_level", None)
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf(["It rained."]))
    with pytest.raises(SourceError) as refusal:
        source_paragraphs(file)
    assert str(refusal.value) == (
        "report.pdf is a PDF; to read it, install what reads them (pip install 'casechron[pdf]'),"
        " or save it as text (UTF-8)"
    )


def test_a_word_document_that_is_damaged_says_so(tmp_path: Path) -> None:
    whole, file = docx("It rained."), tmp_path / "a.docx"
    # a byte of the text; of the mark of its entry, and of how it was packed; and of where the
    # entries begin, so that its part would stand before the file
    entry, end = whole.rindex(b"PK\x01\x02"), whole.rindex(b"PK\x05\x06")
    for at in (whole.index(b"It rained."), entry, entry + 10, end + 17):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        with pytest.raises(SourceError, match=r"^a\.docx: the file is damaged; save it anew$"):
            source_paragraphs(file)


def test_a_pdf_without_letters_or_that_is_damaged_says_so(tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf([]))
    with pytest.raises(SourceError) as refusal:
        source_paragraphs(file)
    assert str(refusal.value) == (
        "report.pdf holds no text; if it was scanned, let a program read its letters (OCR) first"
    )
    file.write_bytes(b"%PDF-1.4 and no more")
    with pytest.raises(SourceError, match=r"report\.pdf is a PDF that cannot be read \(PDFSyntax"):
        source_paragraphs(file)
