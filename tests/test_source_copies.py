"""Are the same words found in whatever file a reader has, and no others?"""

from __future__ import annotations

import textwrap
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from article import article_text
from casechron.coding import source_text
from casechron.coding.source_text import rejoined
from casechron.coding.sources import (
    MAY_BREAK,
    NOT_OF_SOURCE,
    digest,
    normalise,
    numbered_sentences,
    paragraphs,
    sentences_of_copy,
)
from casechron.coding.verification import verify_form
from copies import COPIES, hyphenated
from test_verification import located
from thoroughly import examples

TEXT = """\
The rain at Low Bridge

A review of the long wet autumn

In the autumn of 2011 it rained at Low Bridge on ninety-one days. The well-known roof of the \
village hall, which a multi-purpose committee had inspected in 1987, let water in from the second \
week on. Nobody wrote this down.

What was seen

Mrs. Field set out a pail on 3 October. It filled by noon, and a half-empty barrel was put beside \
it; both were full on the next day. \u201cThere is no water/no leak in this hall,\u201d the \
caretaker wrote.

The committee met on 14 October. It asked for:

\u2022 A look at the roof, with a long-handled lamp
\u2022 A list of who has a key
\u2022 A report by Christmas.

Whether anything came of this is not recorded. A neighbour says that a man with a ladder was there \
in November, but she did not see him upon the roof, and the counter-signed list of visitors, which \
is otherwise complete, has nobody on that day or on any of the days before and after.

What came then

The roof gave way on 2 December. Under it stood no. 47 of the old chairs. They left the hall to \
the rain.
"""


def statuses_in(folder: Path, text: str, name: str) -> dict[tuple[int, int], str]:
    """What becomes of each sentence in a copy of a text; the review is of `TEXT`."""
    copy = COPIES[name](text)
    (folder / name).write_bytes(copy.encode() if isinstance(copy, str) else copy)
    verified = verify_form(folder, "text", folder / name).found
    return {(line.paragraph, line.sentence): line.status for line in verified}


STILL_THERE = {"exact", "moved", "recut"}


@pytest.mark.parametrize("name", COPIES)
def test_the_same_words_are_found_in_each_copy(tmp_path: Path, name: str) -> None:
    statuses = statuses_in(located(tmp_path, TEXT), TEXT, name)
    assert len(statuses) == 20
    assert set(statuses.values()) <= STILL_THERE


@pytest.mark.parametrize("name", COPIES)
def test_one_other_word_is_found_in_each_copy_and_nothing_else(tmp_path: Path, name: str) -> None:
    folder = located(tmp_path, TEXT)
    for old, new, place in (
        ("set out a pail", "set out a cup", (5, 1)),
        ("half-empty", "half-filled", (5, 2)),
        ("There is no water", "There is much water", (5, 3)),
        ("who has a key", "who had a key", (7, 2)),
        ("she did not see", "he did not see", (8, 2)),
        ("What came then", "What came next", (9, 1)),
    ):
        assert TEXT.count(old) == 1
        statuses = statuses_in(folder, TEXT.replace(old, new), name)
        others = {at for at, status in statuses.items() if status not in STILL_THERE}
        assert others == {place}, new


def test_where_the_words_are_cut_otherwise_that_is_said(tmp_path: Path) -> None:
    folder = located(tmp_path, TEXT)
    one_line = statuses_in(folder, TEXT, "one-line.txt")
    # Headings and items of lists, and the sentences that each of them runs into.
    assert [at for at, status in one_line.items() if status == "recut"] == [
        *[(1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (6, 2), (7, 1), (7, 2), (7, 3), (9, 1), (10, 1)]
    ]
    assert set(statuses_in(folder, TEXT, "saved.txt").values()) == {"exact"}
    assert "recut" in statuses_in(folder, TEXT, "noted.pdf").values()


def test_of_wrapped_text_the_numbers_stay(tmp_path: Path) -> None:
    folder = located(tmp_path, TEXT)
    assert set(statuses_in(folder, TEXT, "wrapped.txt").values()) == {"exact"}


# ---------------------------------------------------------------- properties

WORDS = st.sampled_from(
    ["rain", "half-empty", "pail", "water/no", "committee", "over-long", "Bridge", "of", "a"]
)


@st.composite
def texts(draw: st.DrawFn) -> list[str]:
    """Sentences, no two alike."""
    bodies = draw(
        st.lists(st.lists(WORDS, min_size=4, max_size=25), min_size=2, max_size=8, unique_by=tuple)
    )
    return [f"Then {' '.join(body)} came." for body in bodies]


@given(texts(), st.integers(24, 70), st.integers(0, 7))
@settings(max_examples=examples(60), deadline=None)
def test_no_cut_hides_the_words_and_no_other_word_is_taken_for_them(
    listed: list[str], width: int, at: int
) -> None:
    source = [digest(sentence, "00") for sentence in listed]

    def digests_in(of: list[str]) -> list[str]:
        copy = rejoined("\n".join(hyphenated(" ".join(of), width)), printed=True)
        return [line.digest for line in sentences_of_copy(copy, "00", source)]

    assert digests_in(listed) == source
    at %= len(listed)
    other = [*listed[:at], listed[at].replace("Then", "Once"), *listed[at + 1 :]]
    expected = [*source[:at], NOT_OF_SOURCE, *source[at + 1 :]]
    assert digests_in(other) == expected


@given(st.integers(44, 120))
@settings(max_examples=examples(20), deadline=None)
def test_wrapping_is_undone(width: int) -> None:
    lines = [
        "\n".join(textwrap.fill(line, width) for line in block.split("\n"))
        for block in paragraphs(TEXT)
    ]
    again = "\n\n".join(rejoined("\n\n".join(lines))).replace(MAY_BREAK, "")
    assert numbered_sentences(again) == numbered_sentences(TEXT)


# ---------------------------------------------------------------- what is put together


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lines that\nnothing cut\n\nstay.", ["Lines that nothing cut", "stay."]),
        ("One.\nTwo.\n\nThree.", ["One.\nTwo.", "Three."]),
        ("One.\nTwo.\n\u2022 three", ["One.", "Two.", "\u2022 three"]),
        ("On rain\nIt rained.", ["On rain", "It rained."]),
        ("", []),
        ("1\n\f2\n\f", []),
        ("A head\n\nIt rained\n\n- 1 -\n\fA head\n\nall day.\n\n- 2 -", ["It rained all day."]),
        ("It rained.\n\niv\n\f\nIt stopped.\n\nPage 5 of 6", ["It rained.", "It stopped."]),
        ("It was 5\n\f12 rained.\n\f12 more.", ["It was 5", "12 rained.", "12 more."]),
    ],
)
def test_lines_and_pages(text: str, expected: list[str]) -> None:
    assert rejoined(text) == expected


def test_a_line_of_many_pieces_is_put_together_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def counted(text: str) -> str:
        seen.append(text)
        return normalise(text)

    monkeypatch.setattr(source_text, "normalise", counted)
    assert rejoined("abc-\n" * 200) == [MAY_BREAK.join(["abc-"] * 200)]
    # Each line a few times, never what was put together of the lines before it: 10 times 800.
    assert len("".join(seen)) < 8000


def test_in_wrapped_text_without_blank_lines_a_short_line_ends_a_paragraph() -> None:
    text = (
        "The roof of the hall was seen by Mrs. Anna\nField and by nobody else on that Monday in\n"
        "May.\nIt rained on the next day, and the pail of\nMrs. Field was full by noon.\nSo it was."
    )
    assert rejoined(text) == [
        "The roof of the hall was seen by Mrs. Anna Field and by nobody else on that Monday in"
        " May.",
        "It rained on the next day, and the pail of Mrs. Field was full by noon.",
        "So it was.",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the hall and the vil-\nlage", "vil|lage"),
        ("a follow-up and a follow-\nup", "follow-|up"),
        ("the roof, the top and the roof-\ntop", "roof-|top"),
        ("the rooftop, the roof, the top and the roof-\ntop", "roof|top"),
        ("a well-\nKnown one", "well-|Known"),
        ("and/\nor", "and/|or"),
        ("soft vil\u00ad\nlage", "vil|lage"),
    ],
)
def test_a_word_at_the_end_of_a_line_is_put_together_by_the_words_of_the_text(
    text: str, expected: str
) -> None:
    (joined,) = rejoined(text, printed=True)
    assert expected.replace("|", MAY_BREAK) in joined


def sentences_in(copy: list[str], *source: str) -> list[tuple[int, int, str, bool]]:
    listed = sentences_of_copy(copy, "00", [digest(sentence, "00") for sentence in source])
    return [
        (sentence.paragraph, sentence.sentence, sentence.text, sentence.recut)
        for sentence in listed
    ]


def test_few_words_are_no_sentence_within_another() -> None:
    copy = ["It rained. The Heading stood there."]
    assert sentences_in(copy, "Heading", "It rained.") == [
        (1, 1, "It rained.", False),
        (1, 2, "The Heading stood there.", False),
    ]
    assert sentences_in(["Heading It rained."], "Heading", "It rained.") == [
        (1, 1, "Heading", True),
        (1, 2, "It rained.", True),
    ]


def test_the_longest_sentence_is_taken() -> None:
    source = ("Rain at the hall", "Rain at the hall all day.")
    copy = ["Rain at the hall Rain at the hall all day."]
    assert [line[2:] for line in sentences_in(copy, *source)] == [(line, True) for line in source]


def test_a_number_alone_is_a_sentence_and_one_left_over_is_none() -> None:
    assert sentences_in(["2011! It rained."], "It rained.") == [
        (1, 1, "2011!", False),
        (1, 2, "It rained.", False),
    ]
    assert sentences_in(["3.12 It rained all day."], "It rained all day.") == [
        (1, 1, "It rained all day.", True)
    ]


def test_a_heading_that_stands_twice_is_found_twice() -> None:
    source = ("Heading", "It rained.", "Heading", "It stopped.")
    assert [
        line[2:] for line in sentences_in(["Heading", "It rained. Heading It stopped."], *source)
    ] == [*[("Heading", False), ("It rained.", False), ("Heading", True), ("It stopped.", True)]]


def test_a_sentence_goes_on_beyond_a_footnote_and_the_footnote_stays() -> None:
    copy = ["It rained on the old", "3 A note.", "roof all day. It stopped."]
    assert sentences_in(copy, "It rained on the old roof all day.", "It stopped.") == [
        (1, 1, "It rained on the old roof all day.", True),
        (2, 1, "3 A note.", False),
        (3, 1, "It stopped.", False),
    ]


def test_a_hyphen_of_the_text_is_a_hyphen() -> None:
    assert sentences_in(["A half-empty pail."], "A halfempty pail.") == [
        (1, 1, "A half-empty pail.", False)
    ]
    for way in ("A halfempty pail.", "A half-empty pail.", "A half- empty pail."):
        ((_, _, _, recut),) = sentences_in([f"A half{MAY_BREAK}empty pail."], way)
        assert recut is (way != "A halfempty pail.")


# ---------------------------------------------------------------- the article, where it is at hand


@pytest.mark.parametrize("name", COPIES)
def test_every_sentence_of_the_article_is_found_in_each_copy(tmp_path: Path, name: str) -> None:
    text = article_text()
    statuses = statuses_in(located(tmp_path, text), text, name)
    assert len(statuses) == 65
    assert set(statuses.values()) <= STILL_THERE, Counter(statuses.values())
