"""Which characters a text may hold, and how one is shown that may not stand in it."""

from __future__ import annotations

from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casechron.characters import first_refused, in_short, legible, named, shown, text_breach


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a\u202eb", "the cell holds U+202E RIGHT-TO-LEFT OVERRIDE at letter 2; delete it"),
        ("\u2066a", "the cell holds U+2066 LEFT-TO-RIGHT ISOLATE at letter 1; delete it"),
        ("ab\u2069", "the cell holds U+2069 POP DIRECTIONAL ISOLATE at letter 3; delete it"),
        ("a\U000e0001", "the cell holds U+E0001 LANGUAGE TAG at letter 2; delete it"),
        ("a\U000e0041", "the cell holds U+E0041 TAG LATIN CAPITAL LETTER A at letter 2; delete it"),
        ("a\xadb", "the cell holds U+00AD SOFT HYPHEN at letter 2; delete it"),
        ("a\u200bb", "the cell holds U+200B ZERO WIDTH SPACE at letter 2; delete it"),
        ("\ufeffa", "the cell holds U+FEFF ZERO WIDTH NO-BREAK SPACE at letter 1; delete it"),
        ("a\0b", "the cell holds U+0000 NUL at letter 2; delete it"),
        ("a\x1b[31m", "the cell holds U+001B ESCAPE at letter 2; delete it"),
        ("a\x9b", "the cell holds U+009B (a control) at letter 2; delete it"),
        ("a\tb", "the cell holds U+0009 TAB at letter 2; write a space instead or delete it"),
        ("a\ue000", "the cell holds U+E000 (for private use) at letter 2; delete it"),
        ("a\ud800", "the cell holds U+D800 (half of a pair) at letter 2; delete it"),
        ("a\u034fb", "the cell holds U+034F COMBINING GRAPHEME JOINER at letter 2; delete it"),
        ("a\u3164", "the cell holds U+3164 HANGUL FILLER at letter 2; delete it"),
        ("a\U000e0100", "the cell holds U+E0100 VARIATION SELECTOR-17 at letter 2; delete it"),
        (
            "a\nb",
            "the cell holds a line break (U+000A LINE FEED at letter 2); write it on one line",
        ),
        (
            "a\u2028b",
            "the cell holds a line break (U+2028 LINE SEPARATOR at letter 2); write it on one line",
        ),
        ("x" * 20_001, "the cell has 20,001 letters; at most 20,000 are allowed"),
        # A joiner after a Latin letter makes two words of what looks like one.
        ("po\u200dlice", "the cell holds U+200D ZERO WIDTH JOINER at letter 3; delete it"),
        ("\u200ca", "the cell holds U+200C ZERO WIDTH NON-JOINER at letter 1; delete it"),
    ],
)
def test_what_no_text_may_hold_is_named_with_its_place(text: str, message: str) -> None:
    assert text_breach(text) == message


def test_what_is_in_no_unicode_is_refused() -> None:
    # U+FFFF never will be a character; U+0378 may become one.
    for char in ("\uffff", "\u0378"):
        assert category(char) == "Cn"
        assert text_breach(f"a{char}").startswith(
            f"the cell holds U+{ord(char):04X} (not in Unicode "
        )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Children’s services – “as written”, 50 % … §47",
        "no\u00a0break",
        "Zoë, Łukasz, Nguyễn, Σωκράτης, Марія, 李, 김",
        "می\u200cخواهم",  # Persian needs the non-joiner
        "क्\u200dष",  # Devanagari the joiner
        "👩\u200d👧 ❤\ufe0f",
        "x" * 20_000,
    ],
)
def test_what_people_write_stands(text: str) -> None:
    assert text_breach(text) == ""


def test_a_text_of_several_lines_has_line_feeds_and_nothing_else() -> None:
    assert text_breach("a\nb\n", lines=True) == ""
    assert text_breach("a\rb", "the text", lines=True) == (
        "the text holds a line break (U+000D CARRIAGE RETURN at letter 2); end its lines with line"
        " feeds alone"
    )
    assert text_breach("a\n\u202e", lines=True) == (
        "the cell holds U+202E RIGHT-TO-LEFT OVERRIDE at letter 3; delete it"
    )


@given(st.text(max_size=100))
def test_a_value_is_shown_on_one_short_line(value: str) -> None:
    assert shown(value).isprintable()
    assert len(shown(value)) <= 63


@given(st.text(max_size=100))
def test_what_is_sent_to_a_terminal_holds_nothing_that_is_refused(text: str) -> None:
    assert first_refused(legible(text).replace("\t", " "), lines=True) is None
    if first_refused(text.replace("\t", " "), lines=True) is None:
        assert legible(text) == text


@given(st.text(max_size=50))
def test_the_first_refused_character_is_where_it_is_said_to_be(text: str) -> None:
    refused = first_refused(text)
    if refused is None:
        assert not {category(char) for char in text} & {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
    else:
        place, char = refused
        assert text[place] == char
        assert first_refused(text[:place]) is None


def test_a_long_value_is_cut_and_a_code_point_is_not() -> None:
    assert shown("x" * 61) == f"'{'x' * 60}…'"
    assert in_short("x" * 55 + "\x1b" * 9) == "x" * 55 + "…"
    assert named("é") == "U+00E9 LATIN SMALL LETTER E WITH ACUTE"
