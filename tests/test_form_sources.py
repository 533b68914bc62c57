"""Are the sentences of a source found where the form says, and is nothing of them written down?"""

from __future__ import annotations

from pathlib import Path

import pytest

from casechron.coding.form_check import check_form
from casechron.coding.form_sources import locate_form, verify_form
from casechron.coding.sources import SourceError
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
    made = folder(tmp_path, events=events, coverage=COVERAGE)
    source = tmp_path / "report.txt"
    source.write_text(text, encoding="utf-8")
    return made, source


def test_each_sentence_has_its_digest_and_no_word_is_kept(tmp_path: Path) -> None:
    made, source = located(tmp_path)
    assert locate_form(made, None, source) == 5
    written = (made / "sentences.csv").read_bytes()
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
    assert locate_form(made, "report", source) == 5
    assert (made / "sentences.csv").read_bytes() == written
    found = check_form(made)
    assert found.wrong == found.to_do == []


def test_a_copy_is_exact_moved_or_changed(tmp_path: Path) -> None:
    made, source = located(tmp_path)
    locate_form(made, None, source)
    found, looks = verify_form(made, None, source)
    assert {one.status for one in found} == {"exact"}
    assert [str(one) for one in looks] == [
        "events.csv line 2, to: 'police' is named by no sentence of its place: derived?"
    ]
    source.write_text("Menu\n\n" + TEXT, encoding="utf-8")
    assert {one.status for one in verify_form(made, None, source)[0]} == {"moved"}
    source.write_text(TEXT.replace("referred X in", "told of X in"), encoding="utf-8")
    assert {one.status for one in verify_form(made, None, source)[0]} == {"exact", "changed"}


def test_an_agency_that_is_marked_as_derived_is_no_question(tmp_path: Path) -> None:
    made, source = located(tmp_path, events=EVENTS.replace("police", "police (derived)"))
    locate_form(made, None, source)
    assert verify_form(made, None, source)[1] == []


def test_a_place_that_is_not_in_the_text_is_told_with_its_cell(tmp_path: Path) -> None:
    made, source = located(tmp_path, events=EVENTS.replace("p2.1", "p2.4").replace("p3.1", "p9.1"))
    with pytest.raises(SourceError) as error:
        locate_form(made, None, source)
    assert str(error.value).splitlines() == [
        "events.csv line 2, place: p2.4 is not in the text: paragraph 2 has 3",
        "events.csv line 3, place: p9.1 is not in the text: report.txt has 3 paragraphs",
    ]
    assert not (made / "sentences.csv").exists()


def test_another_text_is_taken_by_force_only(tmp_path: Path) -> None:
    made, source = located(tmp_path)
    locate_form(made, None, source)
    before = (made / "sentences.csv").read_bytes()
    source.write_text("One.\n\nTwo. Three. Four.\n\nFive.\n", encoding="utf-8")
    with pytest.raises(
        SourceError, match="2 of the 2 sentences that rows rest on stand nowhere in"
    ):
        locate_form(made, None, source)
    assert (made / "sentences.csv").read_bytes() == before
    assert locate_form(made, None, source, force=True) == 5


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
    made, source = located(tmp_path)
    with pytest.raises(SourceError) as error:
        verify_form(made, source_id, source)
    assert str(error.value) == message
