"""Are the sentences of a source found where the form says, and is nothing of them written down?"""

from __future__ import annotations

import csv
import os
import re
import shutil
from pathlib import Path

import pytest

from a_good_review import good_review
from casechron.cli import main
from casechron.coding.form_check import check_form
from casechron.coding.reviews import ROOT_VARIABLE
from casechron.coding.source_text import texts_at_hand
from casechron.coding.sources import SourceError, digest
from casechron.coding.verification import locate_form, rested_texts, verify_form
from test_fill import folder

TEXT = """\
A review of Child X

The school referred X in August. A letter was sent. Nothing came of it.

Social workers of children's services visited in September.
"""
EVENTS = """\
id,date,kind,summary,by,to,about,place
worry,2014-08,referral,A school refers a child's attendance,school,police,X,p2.1; p2
,2014-09-02,visit,A social worker visits,childrens-services,,X,p3.1
"""
COVERAGE = "paragraph,status\n1,heading\n"


def located(tmp_path: Path, text: str = TEXT, events: str = EVENTS) -> tuple[Path, Path]:
    review = folder(tmp_path, events=events, coverage=COVERAGE)
    toml = (review / "review.toml").read_text(encoding="utf-8")
    blocks = toml.replace('"source only"', '"Blocks of text"')
    (review / "review.toml").write_text(blocks, encoding="utf-8")
    source = tmp_path / "report.txt"
    source.write_text(text, encoding="utf-8")
    return review, source


def test_each_sentence_has_its_digest_and_no_word_is_kept(tmp_path: Path) -> None:
    review, source = located(tmp_path)
    assert locate_form(review, None, source) == 5
    written = (review / "sentences.csv").read_bytes()
    head, whole, *rows = written.decode().splitlines()
    assert head == "source,paragraph,sentence,salt,digest"
    assert whole.startswith("report,,,")
    assert [row.split(",")[1:3] for row in rows] == [
        ["1", "1"],
        ["2", "1"],
        ["2", "2"],
        ["2", "3"],
        ["3", "1"],
    ]
    assert not {"school", "letter", "september"} & set(
        written.decode().lower().replace(",", " ").split()
    )
    assert locate_form(review, "report", source) == 5
    assert (review / "sentences.csv").read_bytes() == written
    check = check_form(review)
    assert check.wrong == check.to_do == []


def test_one_of_several_coders_can_have_been_given_a_part(tmp_path: Path) -> None:
    """The review's own coding leaves nothing to another."""
    review, source = located(tmp_path, events=EVENTS[: EVENTS.index(",2014-09-02")])
    (review / "coverage.csv").write_text(f"{COVERAGE}3,not-coded\n", encoding="utf-8")
    locate_form(review, None, source)
    (to_do,) = map(str, check_form(review).to_do)
    assert to_do.startswith("coverage.csv: no row rests on paragraph 3 of 'report'")
    shutil.copytree(review, bob := review / "codings" / "bob")
    check = check_form(bob)
    assert check.wrong == check.to_do == []


def test_a_copy_is_exact_moved_or_changed(tmp_path: Path) -> None:
    review, source = located(tmp_path)
    locate_form(review, None, source)
    lines, looks = (verified := verify_form(review, None, source)).found, verified.looks
    assert {line.status for line in lines} == {"exact"}
    assert [str(look) for look in looks] == [
        "events.csv line 2, to: 'police' is named by no sentence of its place: derived?"
    ]
    source.write_text("Menu\n\n" + TEXT, encoding="utf-8")
    moved = verify_form(review, None, source)
    assert {line.status for line in moved.found} == {"moved"}
    assert moved.looks == looks
    source.write_text(TEXT.replace("referred X in", "told of X in"), encoding="utf-8")
    assert {line.status for line in verify_form(review, None, source).found} == {"exact", "changed"}


def test_places_of_readings_and_of_other_dates_are_held_like_all_others(tmp_path: Path) -> None:
    head, worry, visit = EVENTS.splitlines()
    rows = [f"{head},other_date", f"{worry},", f"{visit.replace('p3.1', 'p1.1')},OTHER"]
    review, source = located(tmp_path, events="\n".join(rows))
    events, readings = review / "events.csv", review / "readings.csv"
    without = events.read_text(encoding="utf-8").replace("OTHER", "")
    events.write_text(without, encoding="utf-8")
    (review / "coverage.csv").write_text("paragraph,status\n", encoding="utf-8")
    locate_form(review, None, source)
    (to_do,) = map(str, check_form(review).to_do)
    assert to_do.startswith("coverage.csv: no row rests on paragraph 3 of 'report'")
    before = len(verify_form(review, None, source).found)
    other = without.replace("p1.1,", "p1.1,2014-10-02 (report:p3.2)")
    reading = "reading,row,column,value,kind,place,reason\n"
    reading += "later,worry,date,2014-10,two-readings,p3.1,Either can be\n"
    events.write_text(other, encoding="utf-8")
    readings.write_text(reading.replace("p3.1", "p9.1"), encoding="utf-8")
    wrong = "'2014-10-02 (report:p3.2)': paragraph 3 has 1 sentence; correct the place"
    assert [str(breach) for breach in check_form(review).wrong] == [
        f"events.csv line 3, other_date: {wrong}",
        "readings.csv line 2, place: 'p9.1': 'report' has paragraphs 1 to 3; correct the place",
    ]
    with pytest.raises(SourceError, match=r"p3\.2"):
        verify_form(review, None, source)
    events.write_text(other.replace("p3.2", "p3.1"), encoding="utf-8")
    readings.write_text(reading, encoding="utf-8")
    check = check_form(review)
    assert check.wrong == check.to_do == []
    assert len(verify_form(review, None, source).found) == before + 2


def test_an_agency_that_is_marked_as_derived_is_no_question(tmp_path: Path) -> None:
    review, source = located(tmp_path, events=EVENTS.replace("police", "police (derived)"))
    locate_form(review, None, source)
    assert verify_form(review, None, source).looks == []


def test_what_another_source_of_the_row_can_name_is_no_question(tmp_path: Path) -> None:
    events = EVENTS.replace("p2.1; p2", "report:p2.1; radio:p1.1").replace(",p3", ",report:p3")
    review, source = located(tmp_path, events=events)
    with (review / "review.toml").open("a", encoding="utf-8") as meta:
        meta.write('\n[[sources]]\nid = "radio"\ncitation = "A broadcast"\n')
        meta.write('kind = "news-article"\nlocated_by = "Blocks of text"\n')
    locate_form(review, "report", source)
    assert verify_form(review, "report", source).looks == []


@pytest.mark.parametrize(
    ("agency", "sentence", "asked"),
    [
        ("gp", "The GP wrote.", False),
        ("gp", "The family doctor wrote.", False),
        ("gp", "The gpo wrote.", True),
        ("childrens-services", "Social workers came.", False),
        ("childrens-services", "Nobody came.", True),
    ],
)
def test_an_agency_is_named_by_its_label_or_by_what_it_is_also_called(
    tmp_path: Path, agency: str, sentence: str, asked: bool
) -> None:
    events = f"id,date,kind,summary,by,place\na,2014,contact,A contact,{agency},p2.1\n"
    review, source = located(tmp_path, f"A review\n\n{sentence}\n", events)
    locate_form(review, None, source)
    assert bool(verify_form(review, None, source).looks) is asked


def test_of_a_sentence_that_is_missing_nothing_is_asked(tmp_path: Path) -> None:
    review, source = located(tmp_path, events=EVENTS.replace("p2.1; p2", "p2.2"))
    locate_form(review, None, source)
    source.write_text(TEXT.replace("A letter was sent. ", ""), encoding="utf-8")
    assert verify_form(review, None, source).looks == []


def test_what_the_source_leaves_unnamed_is_no_question(tmp_path: Path) -> None:
    review, source = located(tmp_path, events=EVENTS.replace("police", "unspecified"))
    locate_form(review, None, source)
    assert verify_form(review, None, source).looks == []


def test_a_place_that_is_not_in_the_text_is_told_with_its_cell(tmp_path: Path) -> None:
    review, source = located(
        tmp_path, events=EVENTS.replace("p2.1", "p2.4").replace("p3.1", "p9.1")
    )
    with pytest.raises(SourceError) as error:
        locate_form(review, None, source)
    assert str(error.value).splitlines() == [
        "events.csv line 2, place: p2.4 is not in the text: paragraph 2 has 3",
        "events.csv line 3, place: p9.1 is not in the text: report.txt has 3 paragraphs",
    ]
    assert not (review / "sentences.csv").exists()
    # A letter that a review gives a person looks as an initial does.
    events = EVENTS.replace("p2.1; p2", "p2.3")
    hit = TEXT.replace("Nothing came of it.", "").replace(
        "referred X in August.", "saw Y. It asked."
    )
    (tmp_path / "letter").mkdir()
    review, source = located(tmp_path / "letter", hit, events)
    with pytest.raises(SourceError) as error:
        locate_form(review, None, source)
    assert str(error.value) == (
        "events.csv line 2, place: p2.3 is not in the text: paragraph 2 has 2; p2.1 goes on after"
        " a single letter with a full stop, which is read as an initial"
    )


def test_a_text_in_the_folder_that_is_not_located_is_still_to_do(tmp_path: Path) -> None:
    review, source = located(tmp_path)
    toml = (review / "review.toml").read_text(encoding="utf-8")
    assert [str(fault) for fault in check_form(review).to_do] == []
    (review / "sources").mkdir()
    source.rename(text := review / "sources" / "report.txt")
    with_text = f'{toml.rstrip()}\ntext = "sources/report.txt"\n'
    (review / "review.toml").write_text(with_text, encoding="utf-8")
    assert [str(fault) for fault in check_form(review).to_do] == [
        "sentences.csv: no sentence of 'sources/report.txt' is located, so that no place in it has"
        " been looked up; once rows have places: casechron locate"
    ]
    locate_form(review, None, text)
    checked = check_form(review)
    assert [*checked.wrong, *checked.to_do] == []


def test_another_text_is_taken_by_force_only(tmp_path: Path) -> None:
    review, source = located(tmp_path)
    locate_form(review, None, source)
    before = (review / "sentences.csv").read_bytes()
    source.write_text("One.\n\nTwo. Three. Four.\n\nFive.\n", encoding="utf-8")
    with pytest.raises(
        SourceError, match="4 of the 4 sentences that rows rest on stand nowhere in"
    ):
        locate_form(review, None, source)
    assert (review / "sentences.csv").read_bytes() == before
    assert locate_form(review, None, source, force=True) == 5


@pytest.mark.parametrize(
    ("source_id", "message"),
    [
        ("reprt", "review.toml has no source 'reprt'; it has: report"),
        (None, "'report' was not located yet; run `casechron locate` with its text first"),
    ],
)
def test_what_cannot_be_verified_says_why(
    tmp_path: Path, source_id: str | None, message: str
) -> None:
    review, source = located(tmp_path)
    with pytest.raises(SourceError) as error:
        verify_form(review, source_id, source)
    assert str(error.value) == message


def test_a_page_whose_blocks_are_counted_otherwise_is_no_text_to_locate(tmp_path: Path) -> None:
    """Its sentences are all there, under other numbers: rows would rest on others unseen."""
    review, source = located(tmp_path)
    locate_form(review, None, source)
    before = (review / "sentences.csv").read_bytes()
    source.write_text("Menu\n\n" + TEXT, encoding="utf-8")
    with pytest.raises(SourceError) as error:
        locate_form(review, None, source)
    assert str(error.value) == (
        "4 of the 4 sentences that rows rest on stand under another number in report.txt, first"
        " that of p2.1: is it the text of 'report' as it was coded? If it is, say --force to locate"
        " it anew"
    )
    assert (review / "sentences.csv").read_bytes() == before


def test_a_text_without_blank_lines_is_named_as_the_cause(tmp_path: Path) -> None:
    review, source = located(tmp_path, " ".join(TEXT.split()))
    with pytest.raises(SourceError) as error:
        locate_form(review, None, source)
    assert str(error.value).splitlines()[-1] == (
        "report.txt is a single paragraph, for no blank line parts its text; put a blank line"
        " between its paragraphs, as between those of the text that was coded"
    )


@pytest.mark.parametrize(
    ("by", "message"),
    [
        (
            "Source only",
            "located_by of 'report' says 'source only'; say how its paragraphs are counted, then"
            " locate it",
        ),
        (
            "Blocks (normalisation 2)",
            "'report' was located by normalisation 2; this version has normalisation 1: change"
            " located_by and locate anew",
        ),
    ],
)
def test_what_says_otherwise_how_it_was_cut_is_not_located(
    by: str, message: str, tmp_path: Path
) -> None:
    review, source = located(tmp_path)
    toml = review / "review.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(re.sub('located_by = ".*"', f'located_by = "{by}"', text), encoding="utf-8")
    with pytest.raises(SourceError) as error:
        locate_form(review, None, source)
    assert str(error.value) == f"review.toml: {message}"


def test_each_salt_is_another_and_a_write_that_fails_leaves_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    review, source = located(tmp_path)
    locate_form(review, None, source)
    written = review / "sentences.csv"
    before = written.read_bytes()

    def fails(part: object, path: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", fails)
        with pytest.raises(OSError, match="No space"):
            locate_form(review, None, source)
    assert written.read_bytes() == before
    assert not list(review.glob("*.part"))
    written.unlink()
    locate_form(review, None, source)
    assert len(written.read_bytes()) == len(before)
    assert written.read_bytes() != before


def test_which_source_is_meant_is_asked_where_there_are_several(tmp_path: Path) -> None:
    review, source = located(tmp_path)
    toml = review / "review.toml"
    part = '\n[[sources]]\nid = "other"\ncitation = "B"\nkind = "timeline"\nlocated_by = "blocks"\n'
    toml.write_text(toml.read_text(encoding="utf-8") + part, encoding="utf-8")
    events = review / "events.csv"
    text = events.read_text(encoding="utf-8").replace("p2.1; p2", "report:p2.1")
    events.write_text(text.replace("p3.1", "other:p3.1"), encoding="utf-8")
    with pytest.raises(SourceError) as error:
        locate_form(review, None, source)
    assert str(error.value) == (
        "places are in several sources; say of which this is the text: --source-id report or"
        " --source-id other"
    )
    assert locate_form(review, "other", source) == locate_form(review, "report", source) == 5
    rows = (review / "sentences.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 1 + 6 + 6


def shipped(tmp_path: Path) -> Path:
    """A review whose folder holds its own text."""
    review, source = located(tmp_path)
    (review / "sources").mkdir()
    source.rename(review / "sources" / "report.txt")
    named = (review / "review.toml").read_text(encoding="utf-8")
    named = named.replace("\nlocated_by", '\ntext = "sources/report.txt"\nlocated_by', 1)
    (review / "review.toml").write_text(named, encoding="utf-8")
    (review / "README.md").write_text("What this is.\n", encoding="utf-8")
    return review


def test_a_text_that_may_be_passed_on_stands_in_the_folder_and_is_held_unasked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    review = shipped(tmp_path)
    assert main(["locate", str(review)]) == 0
    assert main(["verify", str(review)]) == 0
    assert "worth a look: events.csv line 2, to: 'police'" in capsys.readouterr().out
    assert check_form(review).wrong == []
    (review / "sources" / "report.txt").write_text(TEXT.replace("X in", "Y in"), encoding="utf-8")
    assert main(["verify", str(review)]) == 1
    (review / "sources" / "report.txt").unlink()
    assert main(["verify", str(review)]) == 2
    assert "sources/report.txt: put it there, or name another" in capsys.readouterr().err


def test_the_sentences_are_printed_under_the_numbers_that_they_are_located_by(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    review = shipped(tmp_path)
    assert main(["locate", str(review), "--print"]) == 0
    assert not (review / "sentences.csv").exists()
    printed = dict(line.split("  ", 1) for line in capsys.readouterr().out.splitlines() if line)
    assert main(["locate", str(review)]) == 0
    with (review / "sentences.csv").open(encoding="utf-8", newline="") as file:
        salt, *rows = csv.DictReader(file)
    assert {f"p{row['paragraph']}.{row['sentence']}": row["digest"] for row in rows} == {
        place: digest(sentence, salt["salt"]) for place, sentence in printed.items()
    }


def test_all_reviews_are_verified_whose_texts_are_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    assert main(["verify", "--all"]) == 2
    assert "there is no review to verify" in capsys.readouterr().err
    review = shipped(tmp_path)
    assert main(["locate", str(review)]) == 0
    review.rename(tmp_path / "data" / "child-y-anytown-2019")
    good_review(tmp_path / "data")
    capsys.readouterr()
    assert main(["verify", "--all"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "child-x-anytown-2019: not verified, since no text of it is here"
    assert lines[1] == "child-y-anytown-2019:"
    assert re.match(r"\d+ places: (\d+) exact, 0 moved", lines[2])
    text = tmp_path / "data" / "child-y-anytown-2019" / "sources" / "report.txt"
    text.write_text(TEXT.replace("X in", "Y in"), encoding="utf-8")
    assert main(["verify", "--all"]) == 1
    capsys.readouterr()
    # A text that is missing is of one review: the next one is verified too.
    shutil.copytree(text.parents[1], text.parents[2] / "child-z-anytown-2019")
    text.unlink()
    monkeypatch.chdir(tmp_path)
    assert main(["verify", "--all"]) == 1
    _, _, of_y, of_z, *_ = capsys.readouterr().out.splitlines()
    missing = "data/child-y-anytown-2019/sources/report.txt"
    assert of_y == f"there is no file {missing}: put it there, or name another"
    assert of_z == "child-z-anytown-2019:"
    for words in (["verify"], ["verify", "--all", "child-x-anytown-2019"]):
        assert main(words) == 2
        assert "--all" in capsys.readouterr().err


def test_a_source_without_a_text_is_given_one(tmp_path: Path) -> None:
    review, _ = located(tmp_path)
    says = r"review.toml names no text of (any source|'news') in the review's folder; give it as"
    for source in (None, "news"):
        with pytest.raises(SourceError, match=says):
            texts_at_hand(review, source)


def test_a_text_on_which_no_row_rests_is_not_asked_for(tmp_path: Path) -> None:
    review = shipped(tmp_path)
    more = '\n[[sources]]\nid = "news"\ncitation = "N"\nkind = "news-article"\n'
    more += 'text = "sources/news.txt"\nlocated_by = "Blocks of text"\n'
    with (review / "review.toml").open("a", encoding="utf-8") as toml:
        toml.write(more)
    assert [source for source, _ in texts_at_hand(review)] == ["report", "news"]
    assert [source for source, _ in rested_texts(texts_at_hand(review), review)] == ["report"]


def test_no_text_leads_out_of_the_review(tmp_path: Path) -> None:
    review = shipped(tmp_path)
    outside = tmp_path / "secret.txt"
    outside.write_text(TEXT, encoding="utf-8")
    (review / "sources" / "report.txt").unlink()
    (review / "sources" / "report.txt").symlink_to(outside)
    with pytest.raises(SourceError, match=r"report\.txt: this is a link that leads out"):
        texts_at_hand(review)
    toml = (review / "review.toml").read_text(encoding="utf-8")
    leading_out = ("../secret.txt", "sources/../secret.txt", "/etc/hosts")
    for name in (*leading_out, "sources/.x", "notes.txt", "sources/réport.txt"):
        written = toml.replace("sources/report.txt", name)
        (review / "review.toml").write_text(written, encoding="utf-8")
        assert [fault.message for fault in check_form(review).wrong] == [
            f"source 1's text: '{name}' is no file in sources; write sources/ and the name of the"
            " file, in plain letters (a to z), such as sources/report.md"
        ]
        with pytest.raises(SourceError, match=r"review\.toml names no text of any source in the"):
            texts_at_hand(review)
