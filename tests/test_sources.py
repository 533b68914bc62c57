"""Is a text cut and normalised by the stated rules, and the same way on every copy of it?"""

from __future__ import annotations

import hashlib
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from article import article_text
from casechron.coding.source_text import html_text
from casechron.coding.sources import (
    digest,
    normalise,
    numbered_sentences,
    paragraphs,
    sentences_in,
    text_digest,
)
from text_tables import cells_of
from thoroughly import examples

# ---------------------------------------------------------------- normalisation


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("\u2018a\u2019 \u201ab\u201b \u2032c\u2035 `d\u00b4", "'a' 'b' 'c' 'd'"),
        ("\u201ca\u201d \u201eb\u201f \u2033c\u2036 \u00abd\u00bb", '"a" "b" "c" "d"'),
        ("a\u2010b\u2011c\u2012d\u2013e\u2014f\u2015g\u2212h\ufe58i\uff0dj", "a-b-c-d-e-f-g-h-i-j"),
        ("wait\u2026", "wait..."),
        ("a\u00a0b\u202fc\u2009d\u3000e\tf\r\n g", "a b c d e f g"),
        ("safe\u00adguard\u200bing\ufeff\u2060", "safeguarding"),
        ("  lead and trail \u00a0", "lead and trail"),
        ("\ufb01le \uff21 cafe\u0301", "file A café"),
        ("Case Kept, mispeling too", "Case Kept, mispeling too"),
        ("", ""),
    ],
)
def test_normalise(written: str, normal: str) -> None:
    assert normalise(written) == normal


MARKS = "aZé1 .\n\t'\"-\u00a0\u00ad\u00b4\u00a8\u0301\u200b\u2018\u201d\u2014\u2026\u2033\ufe58\uff02\ufb01"  # noqa: E501
TYPOGRAPHY = st.text(st.sampled_from(MARKS))


@given(st.text() | TYPOGRAPHY)
@settings(max_examples=examples(300), deadline=None)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFKC", once)
    assert once == once.strip()
    assert "  " not in once


# ---------------------------------------------------------------- paragraphs


def test_paragraphs_are_the_blocks_between_blank_lines() -> None:
    text = (
        "\ufeff\n\nHeadline\r\n\r\nfiles\n \u200b\u00a0\n\n  \u2022 one\n  \u2022 two\n\fPage"
        " two\n\n\n"
    )
    assert paragraphs(text) == ["Headline", "files", "  \u2022 one\n  \u2022 two\n\fPage two"]
    assert paragraphs("") == []
    assert paragraphs(" \n\n\t") == []


# ---------------------------------------------------------------- sentences


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("A heading", ["A heading"]),
        (
            "It rained. It stopped! Why? Nobody knew.",
            ["It rained.", "It stopped!", "Why?", "Nobody knew."],
        ),
        ("It rained. 3 came.", ["It rained.", "3 came."]),
        ("It rained. so they said.", ["It rained. so they said."]),
        (
            "\u201cRain,\u201d it said. \u201cIt stopped.\u201d Then sun.",
            ['"Rain," it said.', '"It stopped."', "Then sun."],
        ),
        ("It rained (a lot.) [She] left.", ["It rained (a lot.)", "[She] left."]),
        ("It is 3.5 miles. Of A.B.C. House.", ["It is 3.5 miles.", "Of A.B.C. House."]),
        ("both\u2026.the two", ["both....the two"]),
        ("And so\u2026 The end.", ["And so...", "The end."]),
        ("Dr. Roe and Mrs. Doe met Mr. Poe, Ms. Woe and Prof. Moe in St. Ives.",) * 2,
        ("Tools, e.g. Hammers, i.e. Things, cf. Nails.",) * 2,
        ("See No. 5 and para. 4, p. 3, s. 47, Nos. 1 and Fig. 2 of Sept. 2017.",) * 2,
        (
            "Was it? No. She left. It was the WM's. 4 came.",
            ["Was it?", "No.", "She left.", "It was the WM's.", "4 came."],
        ),
        (
            "It was Roe. J. R. Doe agreed. Then it ended.",
            ["It was Roe.", "J. R. Doe agreed.", "Then it ended."],
        ),
        (
            "A plan for Child X. It failed. So for Baby B. Then",
            ["A plan for Child X.", "It failed.", "So for Baby B.", "Then"],
        ),
        ("Known to AB. He left, aged 7. He", ["Known to AB.", "He left, aged 7.", "He"]),
        ("It ended. Élan came.", ["It ended.", "Élan came."]),
        (
            "Do:\n  \u2022 Ask. Act\n  \u2013 Tell\n * Wait\n 1. Go\n2) Stay",
            ["Do:", "Ask.", "Act", "Tell", "Wait", "Go", "Stay"],
        ),
        ("\u2022\nAlone on its line\n\u2022", ["Alone on its line"]),
        ("2018 was wet.\n2018. It was", ["2018 was wet.", "2018.", "It was"]),
        ("It ended.\nand a wrapped\nline. On", ["It ended.", "and a wrapped line.", "On"]),
        ("It was Dr.\nRoe", ["It was Dr. Roe"]),
        ("...", ["..."]),
        ("", []),
    ],
)
def test_sentences(block: str, expected: list[str] | str) -> None:
    assert sentences_in(block) == ([expected] if isinstance(expected, str) else expected)


def test_the_look_back_reaches_over_every_abbreviation() -> None:
    assert sentences_in("x" * 200 + " person Q. Then") == ["x" * 200 + " person Q.", "Then"]
    assert sentences_in("x" * 200 + " Prof. Then") == ["x" * 200 + " Prof. Then"]


CURLY = str.maketrans({"'": "\u2019", '"': "\u201d", "-": "\u2013", " ": "\u00a0"})
PROSE = st.text(st.sampled_from("abC1 .!?'\"()-\n"), max_size=60)


@given(PROSE)
@settings(max_examples=examples(200), deadline=None)
def test_typography_changes_neither_the_cuts_nor_the_digests(text: str) -> None:
    fancy = text.translate(CURLY)
    assert numbered_sentences(fancy) == numbered_sentences(text)
    assert text_digest(fancy, "5a17") == text_digest(text, "5a17")


@given(PROSE)
@settings(max_examples=examples(200), deadline=None)
def test_no_word_is_lost_and_every_number_counts_up_from_one(text: str) -> None:
    sentences = numbered_sentences(text)
    kept = [char for sentence in sentences for char in sentence.text if char in "abC"]
    assert kept == [char for char in text if char in "abC"]
    assert all(sentence.text == normalise(sentence.text) != "" for sentence in sentences)
    for number, block in enumerate(paragraphs(text), start=1):
        places = [sentence.sentence for sentence in sentences if sentence.paragraph == number]
        assert places == list(range(1, len(sentences_in(block)) + 1))


# ---------------------------------------------------------------- digests


def test_a_digest_is_the_start_of_a_salted_sha_256() -> None:
    # FIPS 180-4's own example, 'abc', shows that the hash beneath is SHA-256.
    assert hashlib.sha256(b"abc").hexdigest().startswith("ba7816bf8f01cfea414140de5dae2223")
    assert digest("caf\u00e9", "00ff") == hashlib.sha256(b"00ff\ncaf\xc3\xa9").hexdigest()[:32]
    assert digest("It rained.", "00ff") != digest("It rained.", "00fe")
    assert digest("It rained.", "00ff") != digest("It rained", "00ff")


def test_the_digest_of_a_text_sees_words_sentences_and_paragraphs() -> None:
    texts = ["A b. C d.", "A b.\n\nC d.", "A b. C e.", "A b C d."]
    assert len({text_digest(text, "00ff") for text in texts}) == len(texts)
    assert text_digest("A\u00a0b.  C d.\r\n\r\n\r\n", "00ff") == text_digest("A b. C d.", "00ff")


# ---------------------------------------------------------------- the article, where it is at hand


def test_the_article_is_counted_as_its_locators_say() -> None:
    blocks = paragraphs(article_text())
    assert len(blocks) == 42
    assert normalise(blocks[2]) == "files"
    comments = [block for block in blocks[36:] if "2020 at" in block]
    assert [blocks.index(comment) + 1 for comment in comments] == [37, 41]

    assert [len(sentences_in(block)) for block in blocks] == cells_of("""
        1 | 1 | 1 | 1 | 1 | 2 | 1 | 2 | 1 | 1 | 2 | 1 | 2 | 2 | 1 | 1 | 2 | 2 | 1 | 1 | 1 | 2
        2 | 2 | 1 | 1 | 1 | 2 | 3 | 1 | 1 | 4 | 1 | 2 | 1 | 1 | 1 | 1 | 2 | 1 | 1 | 6
    """)


def test_the_article_as_a_page_has_the_same_sentences() -> None:
    text = article_text()
    page = "".join(
        f"<p>{block.replace('&', '&amp;').replace(chr(10), '<br>')}</p>"
        for block in paragraphs(text)
    )
    assert numbered_sentences(html_text(page)) == numbered_sentences(text)
