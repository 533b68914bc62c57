"""Does verification say of every place what happened to it, and of no other?"""

from __future__ import annotations

import tempfile
from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from article import article_text
from casechron.coding.sources import SourceError, numbered_sentences, paragraphs
from casechron.coding.verification import (
    STATUSES,
    Verification,
    all_hold,
    locate_form,
    verification_report,
    verify_form,
)
from text_tables import cells_of
from thoroughly import examples

META = '[[sources]]\nid = "text"\ncitation = "T"\nkind = "review-report"\nlocated_by = "blocks"\n'
TEXT = """\
On rain

It rained on Monday. The roof held.

Heading

A pail was set out. It filled by noon. Nobody came.

Heading

The roof gave way. They left.
"""
Place = tuple[int, int]
Outcome = tuple[str, int | None, int | None]


def every_place(text: str) -> list[Place]:
    return [(sentence.paragraph, sentence.sentence) for sentence in numbered_sentences(text)]


def located(folder: Path, text: str, places: list[Place] | None = None) -> Path:
    """A review whose rows rest on places of the text, one row to a place, all of them unless
    said."""
    rows = every_place(text) if places is None else places
    (folder / "review.toml").write_text(META, encoding="utf-8")
    lines = [f"r-{at},,A,p{place[0]}.{place[1]}\n" for at, place in enumerate(rows)]
    (folder / "events.csv").write_text("id,date,summary,place\n" + "".join(lines), encoding="utf-8")
    (folder / "text.txt").write_text(text, encoding="utf-8")
    assert locate_form(folder, "text", folder / "text.txt") == len(every_place(text))
    return folder


def outcomes(folder: Path, copy: str, name: str = "copy.txt") -> dict[Place, Outcome]:
    (folder / name).write_text(copy, encoding="utf-8")
    return {
        (line.paragraph, line.sentence): (
            line.status,
            line.found_paragraph,
            line.found_sentence,
        )
        for line in verify_form(folder, "text", folder / name).found
    }


def exact(*places: Place) -> dict[Place, Outcome]:
    return {place: ("exact", *place) for place in places}


# ---------------------------------------------------------------- every status


def test_a_true_copy_is_exact_row_by_row(tmp_path: Path) -> None:
    folder = located(tmp_path, TEXT, [(4, 2), (2, 1), (4, 2)])
    assert verify_form(folder, None, folder / "text.txt").found == [
        Verification("r-0", "text", 4, 2, "exact", 4, 2),
        Verification("r-1", "text", 2, 1, "exact", 2, 1),
        Verification("r-2", "text", 4, 2, "exact", 4, 2),
    ]


def test_typography_does_not_matter(tmp_path: Path) -> None:
    folder = located(tmp_path, "\u2018It\u2019 rained\u00a0\u2013 \u201cmuch\u201d\u2026 So.")
    assert outcomes(folder, "'It'  rained -\n\"much\"... So.") == exact((1, 1), (1, 2))


def test_a_sentence_under_another_number_has_moved(tmp_path: Path) -> None:
    folder = located(tmp_path, TEXT, [(2, 1), (2, 2), (4, 3)])
    copy = TEXT.replace("Monday. The", "Monday. New here. The").replace(
        "Nobody came.", "\n\nNobody came."
    )
    assert outcomes(folder, copy) == {
        (2, 1): ("exact", 2, 1),
        (2, 2): ("moved", 2, 3),
        (4, 3): ("moved", 5, 1),
    }


def test_an_edited_sentence_has_changed(tmp_path: Path) -> None:
    folder = located(tmp_path, TEXT, [(4, 1), (4, 2), (4, 3)])
    assert outcomes(folder, TEXT.replace("by noon", "by one")) == {
        **exact((4, 1), (4, 3)),
        (4, 2): ("changed", 4, 2),
    }


def test_a_change_is_found_under_another_number(tmp_path: Path) -> None:
    folder = located(tmp_path, TEXT, [(4, 2)])
    assert outcomes(folder, "Added\n\n" + TEXT.replace("by noon", "by one")) == {
        (4, 2): ("changed", 5, 2)
    }


@pytest.mark.parametrize(
    ("old", "new", "place", "outcome"),
    [
        ("On rain\n", "On snow\n", (1, 1), ("changed", 1, 1)),
        ("They left.", "They stayed.", (6, 2), ("changed", 6, 2)),
        (
            "It filled by noon. Nobody came.",
            "It filled by one. None came.",
            (4, 2),
            ("changed", 4, 2),
        ),
        (
            "A pail was set out. It filled by noon.",
            "A cup was. It filled by one.",
            (4, 2),
            ("changed", 4, 2),
        ),
        (
            "A pail was set out. It filled by noon. Nobody came.",
            "A cup. One. None.",
            (4, 2),
            ("missing", None, None),
        ),
        ("It filled by noon.", "It filled. By noon it was full.", (4, 2), ("changed", 4, 2)),
        ("It filled by noon. ", "", (4, 2), ("missing", None, None)),
        ("On rain\n", "", (1, 1), ("missing", None, None)),
        ("They left.", "", (6, 2), ("missing", None, None)),
    ],
    ids=cells_of("""
        first | last | and next | and before | and both | cut in two | deleted | first deleted
        last deleted
    """),
)
def test_changed_or_missing(
    tmp_path: Path, old: str, new: str, place: Place, outcome: Outcome
) -> None:
    assert TEXT.count(old) == 1
    assert outcomes(located(tmp_path, TEXT, [place]), TEXT.replace(old, new)) == {place: outcome}


def test_the_only_sentence_of_a_text_changes(tmp_path: Path) -> None:
    folder = located(tmp_path, "It rained.")
    assert outcomes(folder, "It snowed.") == {(1, 1): ("changed", 1, 1)}
    assert outcomes(folder, "It snowed. It hailed.") == {(1, 1): ("missing", None, None)}


def test_another_text_altogether(tmp_path: Path) -> None:
    outcome_of = outcomes(located(tmp_path, TEXT), "Quite\n\nanother. Text.")
    assert outcome_of == dict.fromkeys(every_place(TEXT), ("missing", None, None))


def test_a_sentence_that_the_table_knows_is_no_changed_form_of_another(tmp_path: Path) -> None:
    copy = TEXT.replace("It filled by noon. Nobody came.", "They left.")
    folder = located(tmp_path, TEXT, [(4, 2), (6, 2)])
    assert outcomes(folder, copy) == {(4, 2): ("missing", None, None), (6, 2): ("exact", 6, 2)}


# ---------------------------------------------------------------- the same words in several places


def test_a_repeated_sentence_is_where_its_neighbours_are(tmp_path: Path) -> None:
    folder = located(tmp_path, TEXT, [(3, 1), (5, 1)])
    assert outcomes(folder, TEXT) == exact((3, 1), (5, 1))
    assert outcomes(folder, "Added\n\n" + TEXT) == {
        (3, 1): ("moved", 4, 1),
        (5, 1): ("moved", 6, 1),
    }
    assert outcomes(folder, "Added\n\nMore\n\nYet more\n\n" + TEXT) == {
        (3, 1): ("moved", 6, 1),
        (5, 1): ("moved", 8, 1),
    }


def test_a_repeated_sentence_that_was_edited_is_not_taken_for_its_twin(tmp_path: Path) -> None:
    folder = located(tmp_path, TEXT, [(3, 1), (5, 1)])
    assert outcomes(folder, TEXT.replace("Heading", "Other", 1)) == {
        (3, 1): ("changed", 3, 1),
        (5, 1): ("exact", 5, 1),
    }


def test_words_without_their_neighbours_have_moved_all_the_same(tmp_path: Path) -> None:
    folder = located(tmp_path, TEXT, [(5, 1)])
    assert outcomes(folder, "Here\n\nHeading\n\nThere") == {(5, 1): ("moved", 2, 1)}


# ---------------------------------------------------------------- web pages


def page(text: str) -> str:
    """The text as a site would print it: each line an element of its own, bullets drawn and not
    written."""
    lines = [
        line.strip().removeprefix("\u2022")
        for block in paragraphs(text)
        for line in block.split("\n")
    ]
    shown = "\n".join(
        f'<div class="b"><p>{escape(line).replace("roof", "ro<i>o</i>f")}</p></div>'
        for line in lines
    )
    return (
        "<!doctype"
        f" html><title>Rain</title><nav><a>Home</a></nav><article>{shown}</article><footer>End</footer>"  # noqa: E501
    )


def test_on_a_page_the_words_are_there_and_the_numbers_differ(tmp_path: Path) -> None:
    folder = located(tmp_path, TEXT)
    moved = {(number, place): ("moved", number + 1, place) for number, place in every_place(TEXT)}
    moved[3, 1], moved[5, 1] = ("moved", 4, 1), ("moved", 6, 1)
    assert outcomes(folder, page(TEXT), "page.html") == moved
    changed = outcomes(folder, page(TEXT.replace("by noon", "by one")), "page.html")
    assert changed == {**moved, (4, 2): ("changed", 5, 2)}


# ---------------------------------------------------------------- properties

WORDS = st.text(st.sampled_from("abcde"), min_size=1, max_size=4)


@st.composite
def texts(draw: st.DrawFn) -> list[list[str]]:
    """Paragraphs of sentences, no two sentences alike."""
    bodies = draw(
        st.lists(
            st.lists(WORDS, min_size=1, max_size=4).map(" ".join),
            min_size=1,
            max_size=12,
            unique=True,
        )
    )
    cuts = draw(st.lists(st.booleans(), min_size=len(bodies), max_size=len(bodies)))
    blocks: list[list[str]] = [[]]
    for body, cut in zip(bodies, cuts, strict=True):
        if cut and blocks[-1]:
            blocks.append([])
        blocks[-1].append(f"Z{body}.")
    return blocks


def joined(blocks: list[list[str]]) -> str:
    return "\n\n".join(" ".join(block) for block in blocks)


@given(texts(), st.data())
@settings(max_examples=examples(60), deadline=None)
def test_what_is_done_to_a_text_is_what_verification_says(
    blocks: list[list[str]], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = located(Path(name), joined(blocks))
        places = every_place(joined(blocks))
        assert outcomes(folder, joined(blocks)) == exact(*places)

        at = data.draw(st.integers(0, len(blocks)), label="paragraph put in before")
        put_in = joined([*blocks[:at], ["Xnew."], *blocks[at:]])
        later = {place: ("moved", place[0] + 1, place[1]) for place in places if place[0] > at}
        assert outcomes(folder, put_in) == {**exact(*places), **later}

        paragraph, sentence = data.draw(st.sampled_from(places), label="sentence edited")
        edited = [list(block) for block in blocks]
        edited[paragraph - 1][sentence - 1] = "Xedited."
        assert outcomes(folder, joined(edited)) == {
            **exact(*places),
            (paragraph, sentence): ("changed", paragraph, sentence),
        }


# ---------------------------------------------------------------- what is refused


def refusal(folder: Path, source: str | None = "text") -> str:
    with pytest.raises(SourceError) as raised:
        verify_form(folder, source, folder / "text.txt")
    return str(raised.value)


def test_what_was_not_located_cannot_be_verified(tmp_path: Path) -> None:
    located(tmp_path, TEXT, [(2, 1)])
    assert refusal(tmp_path, "none") == "review.toml has no source 'none'; it has: text"
    events = tmp_path / "events.csv"
    with events.open("a", encoding="utf-8") as file:
        file.write("new,,A,p2.7\nnewer,,A,p3.1; p12\n")
    lost = "was not there when it was located; correct the place, or run `casechron locate`"
    assert refusal(tmp_path).splitlines() == [
        f"events.csv line 3, place: p2.7 {lost}",
        f"events.csv line 4, place: p12 {lost}",
    ]
    (tmp_path / "sentences.csv").unlink()
    assert (
        refusal(tmp_path)
        == "'text' was not located yet; run `casechron locate` with its text first"
    )


@pytest.mark.parametrize("digest", ["", "zz", "0" * 31, "G" * 32])
def test_what_is_no_digest_is_told_with_its_line(tmp_path: Path, digest: str) -> None:
    folder = located(tmp_path, TEXT, [(2, 1)])
    table = folder / "sentences.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    # the heads, the whole text and the heading stand above the first sentence of paragraph 2
    start, _, _ = lines[3].rpartition(",")
    assert start == "text,2,1,"
    table.write_text("\n".join([*lines[:3], f"{start},{digest}", *lines[4:], ""]), encoding="utf-8")
    assert refusal(folder) == (
        f"sentences.csv line 4: '{digest}' is no digest of a sentence; run `casechron locate` with"
        " the text"
    )
    locate_form(folder, "text", folder / "text.txt", force=True)
    assert outcomes(folder, TEXT) == exact((2, 1))


def test_of_a_whole_paragraph_each_sentence_is_verified(tmp_path: Path) -> None:
    folder = located(tmp_path, TEXT, [(2, 1)])
    events = folder / "events.csv"
    events.write_text(events.read_text(encoding="utf-8").replace("p2.1", "p4"), encoding="utf-8")
    assert outcomes(folder, TEXT) == exact((4, 1), (4, 2), (4, 3))
    assert outcomes(folder, TEXT.replace("by noon", "by one"))[4, 2][0] == "changed"


def test_nothing_to_verify_is_no_success(tmp_path: Path) -> None:
    located(tmp_path, TEXT, [(2, 1)])
    (tmp_path / "events.csv").write_text("id,date,summary,place\nr-0,,A,text\n", encoding="utf-8")
    assert (
        refusal(tmp_path) == "no row rests on a paragraph of 'text', so there is nothing to verify"
    )


# ---------------------------------------------------------------- the report

RESULTS = [
    Verification("a", "text", 2, 1, "exact", 2, 1),
    Verification("long-name", "text", 10, 2, "missing", None, None),
    Verification("c", "text", 3, 1, "changed", 4, 1),
]


def test_the_report_counts_and_lists_what_is_not_exact() -> None:
    assert (
        verification_report(RESULTS)
        == "3 places: 1 exact, 0 moved, 0 recut, 1 changed, 1 missing\n"
        "changed: another sentence stands where it stood between its neighbours\n"
        "missing: neither the sentence nor its place was found\n"
        "\n"
        "place  status   found at                 rows\n"
        "p3.1   changed  paragraph 4, sentence 1  c\n"
        "p10.2  missing                           long-name"
    )
    assert (
        verification_report(RESULTS[:1])
        == "1 place: 1 exact, 0 moved, 0 recut, 0 changed, 0 missing"
    )


def test_of_several_sources_each_place_says_its_own() -> None:
    results = [RESULTS[2], Verification("c", "radio", 3, 1, "moved", 4, 1)]
    assert verification_report(results).splitlines()[4:] == [
        "place       status   found at                 rows",
        "radio:p3.1  moved    paragraph 4, sentence 1  c",
        "text:p3.1   changed  paragraph 4, sentence 1  c",
    ]


def test_a_file_with_none_of_the_sentences_is_doubted_before_anything_else() -> None:
    lost = [
        Verification(name, "text", 1, place, "missing", None, None)
        for place, name in enumerate("ab", 1)
    ]
    counts = (
        "2 places: 0 exact, 0 moved, 0 recut, 0 changed, 2 missing\nmissing: neither the sentence"
        " nor its place was found"
    )
    assert (
        verification_report(lost)
        == f"none of the 2 sentences stands in this file: is it the right one?\n{counts}"
    )
    assert verification_report(lost[:1]).startswith(
        "the one sentence does not stand in this file: is it the right one?\n1 place"
    )
    changed = [*lost, Verification("c", "text", 3, 1, "changed", 4, 1)]
    assert verification_report(changed).endswith("rows\np3.1   changed  paragraph 4, sentence 1  c")
    assert verification_report([]) == "0 places: 0 exact, 0 moved, 0 recut, 0 changed, 0 missing"


@pytest.mark.parametrize(
    ("status", "good"),
    [("exact", True), ("moved", True), ("recut", True), ("changed", False), ("missing", False)],
)
def test_a_review_holds_when_every_place_is_exact_or_moved(status: str, good: bool) -> None:
    assert status in STATUSES
    assert all_hold([RESULTS[0], Verification("b", "text", 1, 1, status, 1, 1)]) is good


# ---------------------------------------------------------------- the article, where it is at hand


def test_every_sentence_of_the_article_is_found_in_its_text_and_in_a_page_of_it(
    tmp_path: Path,
) -> None:
    text = article_text()
    folder = located(tmp_path, text)
    assert outcomes(folder, text) == exact(*every_place(text))
    outcome_of = outcomes(folder, page(text), "page.html")
    assert len(outcome_of) == 65
    assert {status for status, _, _ in outcome_of.values()} <= {"exact", "moved"}
    written = (folder / "sentences.csv").read_text(encoding="utf-8")
    assert not {"Child", "Manchester"} & set(written.replace(",", " ").split())
