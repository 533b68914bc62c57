"""A first draft from a text: is each candidate what the text says and no more, is what a coder said
kept, and does nothing enter the tables?"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from article import ROOT, article_text
from casechron.cli import main
from casechron.coding import suggest as module
from casechron.coding.codebook import codebook
from casechron.coding.expand import expand_forms
from casechron.coding.files import csv_text
from casechron.coding.form_check import check_form
from casechron.coding.meta import sources_in
from casechron.coding.sheets import read_forms
from casechron.coding.source_text import source_paragraphs
from casechron.coding.sources import SourceError
from casechron.coding.suggest import (
    CANDIDATE_COLUMNS,
    CodedEvent,
    candidates,
    compared,
    merged,
    suggest,
)
from casechron.coding.workbook_cells import WorkbookError
from test_form_check import GOOD
from text_tables import records_of

#: An invented account.
TEXT = """\
A chronology

The family was known to children's social care from early 2016. In March 2017, Elm Road School
referred S1 to the police. There was no evidence that a strategy discussion took place within two
days.

In late August the case was closed. The GP was not invited to the conference a fortnight before the
move, and an unannounced visit was made on 3 May 2018.

He may march on.
"""
PARAGRAPHS = [block.replace("\n", " ").strip() for block in TEXT.split("\n\n")]
AGENCIES = [{"id": "elm", "label": "Elm Road School"}]
#: place, words, date, basis, earliest, latest, kind, absence, by, cue: by hand.
CANDIDATES = """\
p2.1|from early 2016||stated|2016-01-01||known-to-agencies||childrens-services|known to
p2.2|In March 2017|2017-03|stated|2017-03-01|2017-03-31|referral||elm; police|referred
p2.3|within two days|[2017-03-01..2017-04-02]|judged|2017-03-01|2017-04-02|strategy-discussion|\
no-evidence-found||strategy discussion*; no evidence
p3.1|In late August|late 2017-08|judged|2017-08-21|2017-08-31|closure|||case .. closed
p3.2|a fortnight before|||||||gp|
p3.2|on 3 May 2018|2018-05-03|stated|2018-05-03|2018-05-03|visit|did-not-happen|gp|\
unannounced visit*; was not invited
"""


def test_the_whole_table_of_an_account() -> None:
    rows = candidates(PARAGRAPHS, AGENCIES)
    columns = [column for column in CANDIDATE_COLUMNS if column not in ("decide", "accepted")]
    assert ["|".join(row[column] for column in columns) for row in rows] == CANDIDATES.splitlines()
    assert {row["accepted"] for row in rows} == {""}
    asked = {row["words"]: row["decide"] for row in rows if row["decide"]}
    assert asked["from early 2016"] == (
        "it can have happened once or lasted; early 2016/..; [early 2016..]"
    )
    assert asked["a fortnight before"] == "it is in relation to something else that happened"


def test_a_day_that_is_taken_to_stand_first_is_told_to_who_decides() -> None:
    rows = candidates(["He was seen on 1/11/2018 and on 13/11/2018, and she on 1 May 2018."])
    assert [(row["date"], row["date_basis"], row["decide"]) for row in rows] == [
        ("2018-11-01", "judged", "the day is taken to stand first, as in British texts"),
        ("2018-11-13", "stated", ""),
        ("2018-05-01", "stated", ""),
    ]


def test_of_the_text_only_the_words_of_dates_are_kept_and_six_at_most() -> None:
    text = "It rained between the end of July 2013 and at or about Christmas of 2013 in Anytown."
    (row,) = candidates([text])
    assert row["words"] == "between the end … Christmas of 2013"
    assert (row["earliest"], row["latest"]) == ("2013-07-21", "2014-01-07")
    assert not any("rained" in cell or "Anytown" in cell for cell in row.values())


def test_places_name_the_source_where_there_are_several() -> None:
    assert [row["place"] for row in candidates(["In May 2018."], (), "radio")] == ["radio:p1.1"]


@pytest.mark.parametrize("name", ["event_kind", "absence"])
def test_each_cue_is_of_a_code_and_stands_once(name: str) -> None:
    cues = codebook().cues[name]
    assert set(cues) <= set(codebook().codes(name))
    listed = [cue.lower() for of in cues.values() for cue in of]
    assert len(listed) == len(set(listed))


def test_every_kind_but_those_without_words_of_their_own_has_cues() -> None:
    assert set(codebook().codes("event_kind")) - set(codebook().cues["event_kind"]) == {
        "action",
        "decision",
        "entry",
    }


CUES = [(code, cue) for code, of in codebook().cues["event_kind"].items() for cue in of]


@pytest.mark.parametrize(("code", "cue"), CUES)
def test_a_sentence_with_a_cue_is_of_its_kind(code: str, cue: str) -> None:
    words = cue.replace("*", "").replace(" .. ", " then the ")
    assert code in {row["kind"] for row in candidates([f"So {words} there."])}


ABSENCES = [(code, cue) for code, of in codebook().cues["absence"].items() for cue in of]


@pytest.mark.parametrize(("code", "cue"), ABSENCES)
def test_a_sentence_that_says_only_what_is_missing_is_a_candidate(code: str, cue: str) -> None:
    words = cue.replace("*", "").replace(" .. ", " answer ")
    (row,) = candidates([f"So {words} here."])
    assert [row[one] for one in ("place", "date", "kind", "absence", "cue")] == [
        "p1.1",
        *("", ""),
        code,
        cue,
    ]


def test_of_cues_that_overlap_the_longest_counts() -> None:
    (row,) = candidates(["An initial child protection conference was held in May 2018."])
    assert (row["kind"], row["cue"]) == ("icpc", "initial child protection conference*")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("An inter-agency referral discussion was held.", "strategy-discussion"),
        ("A case conference was held.", "conference"),
        ("The initial case conference was held.", "icpc"),
        ("A child protection planning meeting was held.", "conference"),
        ("A child protection order was made.", "emergency-protection"),
        ("A care and support plan was made.", "child-in-need-plan"),
    ],
)
def test_steps_are_known_by_the_names_that_they_have_in_scotland_and_wales(
    text: str, kind: str
) -> None:
    (row,) = candidates([text.replace(".", " in May 2013.")])
    assert row["kind"] == kind


@pytest.mark.parametrize("text", ["He was unassessed.", "A bornean visitor.", "The nonreferral."])
def test_a_part_of_a_word_is_no_cue(text: str) -> None:
    assert candidates([text]) == []


def review(tmp_path: Path, **files: str) -> Path:
    folder = tmp_path / "child-x-example-2019"
    folder.mkdir()
    for name, text in GOOD.items():
        (folder / name).write_text(files.get(name.removesuffix(".csv"), text), encoding="utf-8")
    (tmp_path / "source.txt").write_text(TEXT, encoding="utf-8")
    return folder


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_nothing_enters_the_tables(tmp_path: Path) -> None:
    folder = review(tmp_path)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    checked = check_form(folder)
    suggest(folder, [("report", tmp_path / "source.txt")])
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(after) - set(before) == {"suggested.csv"}
    assert {name: after[name] for name in before} == before
    # whatever a coder has written into it
    rows = read(folder / "suggested.csv")
    text = (folder / "suggested.csv").read_text(encoding="utf-8")
    (folder / "suggested.csv").write_text(re.sub(",$", ",yes", text, flags=re.M), encoding="utf-8")
    assert len(rows) == 6
    again = check_form(folder)
    assert (again.wrong, again.looks) == (checked.wrong, checked.looks)


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_what_a_coder_refused_is_kept(tmp_path: Path, ending: str) -> None:
    folder, out = review(tmp_path), tmp_path / f"draft{ending}"
    first = suggest(folder, [("report", tmp_path / "source.txt")], out).rows
    decided = [row | {"accepted": "no" if "May" in row["words"] else ""} for row in first]
    text = (
        csv_text(CANDIDATE_COLUMNS, decided).encode()
        if ending == ".csv"
        else module.as_workbook("suggested", module._WIDTHS, decided, ("accepted", ("yes", "no")))
    )
    out.write_bytes(text)
    (tmp_path / "source.txt").write_text(TEXT.replace("on 3 May 2018", "soon"), encoding="utf-8")
    again = suggest(folder, [("report", tmp_path / "source.txt")], out).rows
    kept = [row for row in again if row["accepted"]]
    assert [(row["words"], row["accepted"]) for row in kept] == [("on 3 May 2018", "no")]
    assert [row["place"] for row in again] == sorted(row["place"] for row in again)
    if ending == ".csv":
        assert read(out) == again
    else:
        sheet = CalamineWorkbook.from_path(out).get_sheet_by_name("suggested").to_python()
        assert sheet[1:] == [[row[column] for column in CANDIDATE_COLUMNS] for row in again]


def test_a_second_run_writes_the_same_bytes(tmp_path: Path) -> None:
    folder = review(tmp_path)
    written = set()
    for _ in range(2):
        suggest(folder, [("report", tmp_path / "source.txt")])
        written.add((folder / "suggested.csv").read_bytes())
    assert len(written) == 1


def test_a_file_that_is_not_as_it_was_written_is_left_alone(tmp_path: Path) -> None:
    folder = review(tmp_path)
    (folder / "suggested.csv").write_text("place,mine\np1.1,x\n", encoding="utf-8")
    with pytest.raises(WorkbookError, match=r"its heads are not place,words,.+ casechron suggest"):
        suggest(folder, [("report", tmp_path / "source.txt")])
    assert (folder / "suggested.csv").read_text(encoding="utf-8") == "place,mine\np1.1,x\n"
    (folder / "suggested.csv").write_text("place,mine\np1.1," + "x" * 140_000, encoding="utf-8")
    with pytest.raises(WorkbookError, match=r"suggested\.csv: field larger than field limit"):
        suggest(folder, [("report", tmp_path / "source.txt")])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda asked: asked | {"source": "radio"}, "review.toml has no source 'radio'; it has"),
        (lambda asked: asked | {"out": Path("draft.pdf")}, "let its name end in .csv or .xlsx"),
        (
            lambda asked: asked | {"file": Path("none.txt")},
            "none.txt: put it there, or name another",
        ),
    ],
)
def test_what_cannot_be_done_is_told(
    tmp_path: Path, change: Callable[[dict[str, Any]], dict[str, Any]], message: str
) -> None:
    folder = review(tmp_path)
    asked = change({"file": tmp_path / "source.txt", "source": "report"})
    with pytest.raises(SourceError, match=re.escape(message)):
        suggest(folder, [(asked["source"], asked["file"])], asked.get("out"))


def test_it_is_asked_which_of_several_sources_a_text_is(tmp_path: Path) -> None:
    folder = review(tmp_path)
    first, second = (f'[[sources]]\nid = "{name}"\n' for name in ("report", "radio"))
    path = folder / "review.toml"
    path.write_text(path.read_text(encoding="utf-8") + second, encoding="utf-8")
    assert first in path.read_text(encoding="utf-8")
    with pytest.raises(SourceError, match=r"say of which .+ report or --source-id radio"):
        suggest(folder, [(None, tmp_path / "source.txt")])
    rows = suggest(folder, [("radio", tmp_path / "source.txt")]).rows
    assert rows[0]["place"] == "radio:p2.1"


#: Words of a newspaper of 22 January 2014, and the date that they mean there; '' where they do not
#: count from that day.
PRINTED = records_of("""
    words                                           | date
    They were found in April last year              | 2013-04
    The review, published today, has more           | 2014-01-22
    He was seen in May 2010 and yesterday           | 2014-01-21
    She moved last summer                           | 2013-22
    The family moved late last year                 | late 2013
    They met in 2010 and moved in May of that year  | 2010-05
    The mother had been ill in the last year        |
    He left two days later                          |
""")


@pytest.mark.parametrize("row", PRINTED, ids=lambda row: row["words"])
def test_a_newspaper_counts_from_the_day_of_print(row: dict[str, str]) -> None:
    dates = [found["date"] for found in candidates([row["words"]], printed="2014-01-22")]
    assert (dates or [""])[-1] == row.get("date", "")


@pytest.mark.parametrize(
    ("kind", "published", "date"),
    [
        ("news-article", "2014-01-22", "/2013-04"),
        ("news-article", "soon", "/2009-04"),
        ("review-report", "2014-01-22", "/2009-04"),
    ],
)
def test_the_day_of_print_is_that_of_a_news_article(
    tmp_path: Path, kind: str, published: str, date: str
) -> None:
    """What comes after does not count from there."""
    folder = review(tmp_path)
    text = tmp_path / "source.txt"
    text.write_text("It fell in May 2010. He hid it until April last year. In June she left.")
    path = folder / "review.toml"
    toml = path.read_text(encoding="utf-8")
    source = 'kind = "review-report"\npublished = "2019-05"'
    assert toml.count(source) == 1
    of_kind = f'kind = "{kind}"\npublished = "{published}"'
    path.write_text(toml.replace(source, of_kind), encoding="utf-8")
    rows = suggest(folder, [("report", text)]).rows
    assert [row["date"] for row in rows] == ["2010-05", date, "2010-06"]
    assert [row["date_basis"] for row in rows] == ["stated", "judged", "judged"]


def coded(identity: str, kind: str, place: str, *window: str) -> CodedEvent:
    first, last = window or ("", "")
    return CodedEvent(identity, kind, frozenset([place]), bool(window), (first, last))


def test_candidates_beside_a_coding() -> None:
    rows = candidates(PARAGRAPHS, AGENCIES)
    beside = compared(
        rows,
        [
            coded("known", "known-to-agencies", "p2.1", "2016-01-01", ""),
            coded("told", "notification", "p2.2", "2017-03-01", "2017-03-31"),  # by its days
            coded("discussion", "strategy-discussion", "p2"),  # by its kind, in the paragraph
            coded("closure", "closure", "p3.2"),  # another sentence
            coded("a-second", "known-to-agencies", "p2.1"),  # one to each
        ],
    )
    assert [(coded_row.id, row["place"]) for coded_row, row in beside.found] == [
        ("known", "p2.1"),
        ("told", "p2.2"),
        ("discussion", "p2.3"),
    ]
    assert [coded_row.id for coded_row in beside.missed] == ["closure", "a-second"]
    assert [row["place"] for row in beside.extra] == ["p3.1", "p3.2", "p3.2"]
    assert beside.table() == [
        "                  coded  found  same window  missed",
        "dated in words        2      2            2       0",
        "not                   3      1                    2",
        "candidates: 6, of which 3 are no coded row",
        "found: a candidate of its own is in a sentence of the row, with its days or its kind",
        "missed: closure, a-second",
    ]


def test_a_row_is_found_by_its_days_without_the_words_of_its_date_too() -> None:
    rows = candidates(["They met in 2019."])
    assert [(row["earliest"], row["kind"]) for row in rows] == [("2019-01-01", "")]
    bare = coded("met", "relationship", "p1.1", "2019-01-01", "2019-12-31")._replace(dated=False)
    assert [one.id for one, _ in compared(rows, [bare]).found] == ["met"]
    # Two that have no day have no day in common.
    undated = [row | {"earliest": "", "latest": ""} for row in rows]
    assert compared(undated, [bare._replace(window=("", ""))]).found == []


def test_what_is_missing_is_found_by_its_grade_where_nothing_else_stands_there() -> None:
    rows = candidates(["There is no record of any response.", "The GP did not tell anybody."])
    assert [(row["place"], row["absence"], row["by"]) for row in rows] == [
        ("p1.1", "no-evidence-found", ""),
        ("p2.1", "did-not-happen", "gp"),
    ]
    told, kept = coded("told", "action", "p1.1"), coded("kept", "information-sharing", "p2.1")
    beside = compared(rows, [told, kept._replace(absence="did-not-happen")])
    assert [(one.id, row["place"]) for one, row in beside.found] == [("kept", "p2.1")]
    assert ([one.id for one in beside.missed], beside.extra) == (["told"], rows[:1])


def test_what_was_decided_on_is_kept_with_its_own_words() -> None:
    rows = candidates(PARAGRAPHS, AGENCIES)
    before = [rows[0] | {"accepted": "no", "by": "school"}, rows[1], rows[2] | {"words": "in May"}]
    kept = merged(rows, [*before[:2], before[2] | {"accepted": "yes"}])
    assert [row["accepted"] for row in kept] == ["no", "", "", "yes", "", "", ""]
    assert kept[0]["by"] == "childrens-services"


def test_of_candidates_that_are_alike_each_keeps_what_was_said_to_it() -> None:
    rows = candidates(["He was seen on 3 May 2018 and she on 3 May 2018, and they on 3 May 2018."])
    assert [row["words"] for row in rows] == ["on 3 May 2018"] * 3
    before = [row | {"accepted": said} for row, said in zip(rows, ("", "no", "yes"), strict=True)]
    assert [row["accepted"] for row in merged(rows, before)] == ["", "no", "yes"]
    # One that the text no longer suggests stays where it was decided.
    assert [row["accepted"] for row in merged(rows[:1], before)] == ["", "no", "yes"]


def test_candidates_of_a_source_that_is_not_read_now_stay() -> None:
    """Also those on which nothing is said yet; of the source that is read only what was decided."""
    before = [
        row | {"place": f"{source}:{row['place']}"}
        for source in ("report", "radio")
        for row in candidates(["He was seen on 3 May 2018."])
    ]
    assert [row["place"] for row in merged([], before, ["radio"])] == ["report:p1.1"]
    kept = merged(before[1:], before, ["radio"])
    assert [row["place"] for row in kept] == ["radio:p1.1", "report:p1.1"]
    assert merged([], before, ["radio", "report"]) == []


def test_the_command_says_what_it_wrote_and_what_comes_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = review(tmp_path)
    source = str(tmp_path / "source.txt")
    assert main(["suggest", str(folder), "--source", source, "--source-id", "report"]) == 0
    out = capsys.readouterr().out
    assert "wrote 6 candidates into" in out
    assert "4 with a date, 2 whose date is to be decided; 0 accepted or refused before\n" in out
    assert out.splitlines()[-1].startswith("next: judge each row, write yes or no into accepted")


def test_child_w_is_suggested_as_it_was_coded() -> None:
    """Seen while the grammar was written, so no measure of it: it tells a change of either."""
    article_text()  # or skip
    folder = ROOT / "data" / "child-w-manchester-2020"
    done = expand_forms(read_forms(folder), [{"id": "community-care"}])
    paragraphs = article_text().split("\n\n")
    rows = candidates(paragraphs, [row.cells for row in read_forms(folder).rows("agencies")])
    beside = compared(rows, module._coded_rows(done, "community-care", False))
    dated = [(coded_row, row) for coded_row, row in beside.found if coded_row.dated]
    same = [
        coded_row
        for coded_row, row in dated
        if coded_row.window == (row["earliest"], row["latest"])
    ]
    counts = (len(dated), len(same), len(beside.found), len(beside.missed), len(beside.extra))
    assert counts == (17, 16, 50, 26, 43)


def test_the_open_example_is_suggested_as_it_was_coded() -> None:
    """Its coders wrote their dates without the grammar; what is counted here tells a change of
    either, and was taken from a first run."""
    folder = ROOT / "data" / "child-e-example-2024"
    counts = {}
    for source, file in (("report", "report.md"), ("news", "news.md")):
        forms = read_forms(folder)
        done = expand_forms(forms, sources_in(folder))
        paragraphs = source_paragraphs(folder / "sources" / file)
        agencies = [row.cells for row in forms.rows("agencies")]
        named = source != "report"
        rows = candidates(paragraphs, agencies, source if named else "")
        beside = compared(rows, module._coded_rows(done, source, named))
        dated = [(coded_row, row) for coded_row, row in beside.found if coded_row.dated]
        same = [
            coded_row
            for coded_row, row in dated
            if coded_row.window == (row["earliest"], row["latest"])
        ]
        numbers = (len(beside.found), len(beside.missed), len(beside.extra))
        counts[source] = (len(dated), len(same), *numbers)
    # Dated in words and found, of these with the same days; found, missed and extra.
    # A contact of 11 March 2021 and a call of 24 June 2021 are found by their days alone.
    assert counts == {"report": (35, 32, 66, 35, 51), "news": (11, 7, 20, 17, 17)}
