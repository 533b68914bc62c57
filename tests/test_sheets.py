"""What the bytes of a table's file can be, and what is said when they are not those of a CSV file
in UTF-8."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from a_good_review import good_review
from casechron.characters import nearest
from casechron.coding.cells import Ids, cell_breach
from casechron.coding.codebook import codebook
from casechron.coding.form_check import check_form
from casechron.coding.sheets import decoded
from text_tables import cells_of

HOW = (
    "save it as UTF-8 (Excel: 'CSV UTF-8 (Comma delimited)'; LibreOffice: character set 'Unicode"
    " (UTF-8)')"
)
HEADER = b"id,label,sector,note\nchildrens-services,Children's services,5A,\n"
REST = b"police,Police,6,\nunspecified,Unspecified agency,10,\n"


def complaints(folder: Path, data: bytes) -> list[str]:
    (folder / "agencies.csv").write_bytes(data)
    return [str(breach) for breach in check_form(folder).wrong]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return good_review(tmp_path)


def test_the_table_as_written_is_good(folder: Path) -> None:
    assert (folder / "agencies.csv").read_bytes() == HEADER + REST
    assert complaints(folder, HEADER + REST) == []


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + HEADER + REST,
        (HEADER + REST).replace(b"\n", b"\r\n"),
        (HEADER + REST).replace(b"\n", b"\r"),
        (HEADER + REST).rstrip(b"\n"),
        (HEADER + REST).replace(b",Police,", b',"Police",'),
        (HEADER + REST).replace(b"Police", "Policía".encode()),
    ],
    ids=cells_of("""
        byte order mark | Windows lines | old Mac lines | no last line end | quoted
        letters beyond ASCII
    """),
)
def test_what_is_right_all_the_same(data: bytes, folder: Path) -> None:
    assert complaints(folder, data) == []


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_named_and_read(encoding: str, folder: Path) -> None:
    text = (HEADER + REST).decode()
    assert complaints(folder, text.encode(encoding)) == [
        f"agencies.csv: the file is UTF-16, not UTF-8; {HOW}"
    ]
    (_, complaint) = complaints(folder, text.replace(",6,", ",no such,").encode(encoding))
    assert complaint.startswith("agencies.csv line 3, sector: 'no such' is no code of sector; ")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            [b"Police"],
            [b"Police\x92s"],
            (
                "line 3: the byte 0x92 is not UTF-8 (in Windows-1252 it is '’'); the file is not"
                " UTF-8: "
            ),
        ),
        (
            [b"Police"],
            [b"Polic\x81"],
            "line 3: the byte 0x81 is not UTF-8; the file is not UTF-8: ",
        ),
        (
            [b"Police", b"Unspec"],
            [b"Polic\xe9", b"\xdcnspec"],
            (
                "line 3: the byte 0xE9 is not UTF-8 (in Windows-1252 it is 'é'), nor is 1 further"
                " line; the file is not UTF-8: "
            ),
        ),
        (
            [b"Police", b"Unspec", b"Children"],
            [b"Polic\xe9", b"\xdcnspec", b"\xc7hildren"],
            (
                "line 2: the byte 0xC7 is not UTF-8 (in Windows-1252 it is 'Ç'), nor are 2 further"
                " lines; the file is not UTF-8: "
            ),
        ),
    ],
)
def test_windows_1252_is_named_with_its_lines(
    old: list[bytes], new: list[bytes], message: str, folder: Path
) -> None:
    data = HEADER + REST
    for before, after in zip(old, new, strict=True):
        data = data.replace(before, after)
    lines = complaints(folder, data)
    assert lines[0] == f"agencies.csv {message}{HOW}"
    # the byte that Windows-1252 lacks leaves a hole in the text, which is said as well
    assert len(lines) == (2 if b"\x81" in data else 1)


def test_a_nul_byte_is_named_and_passed_over(folder: Path) -> None:
    assert complaints(folder, (HEADER + REST).replace(b"Police", b"Po\0lice")) == [
        "agencies.csv line 3: the line holds a NUL byte, so the file is damaged; save it anew from"
        " the spreadsheet"
    ]


def test_a_spreadsheet_under_another_name(folder: Path) -> None:
    assert complaints(folder, b"PK\x03\x04\x14\0\x06\0") == [
        "agencies.csv: this is a workbook under the name of a CSV file; move it out of this folder,"
        " name it .xlsx, and let casechron read-sheet write the CSV files"
    ]


@pytest.mark.parametrize("data", [b"", b" \n", b"\xef\xbb\xbf\n\n"])
def test_an_empty_file(data: bytes, folder: Path) -> None:
    """It is one without rows, as a missing file is."""
    assert complaints(folder, data) == []
    (folder / "agencies.csv").unlink()
    assert [str(breach) for breach in check_form(folder).wrong] == []


def test_a_cell_too_long_for_any_reader(folder: Path) -> None:
    assert complaints(folder, HEADER + REST.replace(b"Police", b"x" * 200_000)) == [
        "agencies.csv line 3: a cell has more than 131,072 letters; at most 20,000 are allowed"
    ]


def test_after_a_quote_that_is_not_closed_nothing_dangles(folder: Path) -> None:
    assert complaints(folder, HEADER + REST.replace(b"Police", b'"Police')) == [
        "agencies.csv line 3: a double quote opens here and is never closed, so nothing after it"
        " was read; close it"
    ]


def test_review_toml_in_another_encoding(folder: Path) -> None:
    path = folder / "review.toml"
    path.write_bytes(path.read_bytes().replace(b"Neglect", b"N\xe9glect"))
    assert [str(breach) for breach in check_form(folder).wrong] == [
        "review.toml line 10: the byte 0xE9 is not UTF-8 (in Windows-1252 it is 'é'); the file is"
        " not UTF-8: save it as UTF-8 in a text editor"
    ]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), min_size=1))
def test_utf_8_is_read_as_it_is(text: str) -> None:
    assert decoded(text.encode()) == (text, [])
    assert decoded(b"\xef\xbb\xbf" + text.encode()) == (text, [])


@given(st.binary())
def test_any_bytes_are_some_text(data: bytes) -> None:
    text, wrong = decoded(data)
    assert "\0" not in text
    assert wrong or text == data.removeprefix(b"\xef\xbb\xbf").decode()


def test_the_nearest_word_ignores_case_spaces_and_underscores() -> None:
    assert nearest(" CASE closed", ["case-closed", "case"]) == "case-closed"
    assert nearest("case_closd", ["case-closed"]) == "case-closed"
    assert nearest("", ["a"]) == nearest("qq", []) == ""


def test_a_code_is_found_by_what_people_call_it_before_it_is_by_its_letters() -> None:
    """By letters alone a care order was another carer, a disclosure a closure, and an abbreviation
    nothing at all."""
    offered = {
        "interim-care-order": "did you mean 'court-order'?",
        "Supervision order": "did you mean 'court-order'?",
        "disclosure": "did you mean 'account'?",
        "EPO": "did you mean 'emergency-protection'?",
        "NFA": "did you mean 'no-further-action'?",
        "s47": "did you mean 'section-47'?",
        "initial conference": "did you mean 'icpc'?",
        "child protection conference": "did you mean 'conference'?",
        "phone call": "did you mean 'contact'?",
        # Without a cue the letters decide, as before.
        "school meeting": "did you mean 'professionals-meeting'?",
        "Refferal": "did you mean 'referral'?",
        "police check": "write one of the codes that `casechron codebook` lists",
    }
    kind = codebook().tables["events"].column("kind")
    assert {
        value: cell_breach(kind, value, Ids()).partition("; ")[2] for value in offered
    } == offered
