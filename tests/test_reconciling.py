"""Is everything that two coders have to talk about in the workbook, and is what they decided
kept?"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from xlsxwriter import Workbook

import casechron as cc
from casechron import reconciling
from casechron.cli import main
from casechron.coding.reviews import find_root
from casechron.coding.workbook_cells import WorkbookError, read_cells
from casechron.reconciling import (
    SHEET,
    keep_decisions,
    listed_differences,
    write_list,
)

CHILD_W = "child-w-manchester-2020"
#: No test changes the review's own coding, which each list is held against.
read_once = cache(cc.read_review)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of its own with the review."""
    project = tmp_path_factory.mktemp("project")
    source = find_root(Path(__file__).parent) / "data" / CHILD_W
    (project / "notebooks").mkdir()
    return Path(shutil.copytree(source, project / "data" / CHILD_W))


@pytest.fixture(scope="module")
def two(whole: Path) -> tuple[cc.Review, cc.Review]:
    first, second = (cc.read_review(whole / "codings" / name) for name in ("pass-1", "pass-2"))
    return first, second


@pytest.fixture(autouse=True)
def _clean(whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (whole / "codings" / "decisions.csv").unlink(missing_ok=True)
    monkeypatch.chdir(whole.parents[1])
    monkeypatch.setattr(reconciling, "read_review", read_once)


def filled(source: Path, target: Path, decisions: Mapping[int, tuple[str, str]]) -> Path:
    """The workbook as a coder saves it, with decisions in some of its rows."""
    (sheet,) = read_cells(source, [SHEET])[1]
    (_, heads), *lines = sheet.rows
    with Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet(SHEET)
        page.write_row(0, 0, heads)
        for at, (_, cells) in enumerate(lines):
            row = dict(zip(heads, cells, strict=True))
            if at in decisions:
                row["decision"], row["reason"] = decisions[at]
            for place, head in enumerate(heads):
                page.write_string(at + 1, place, row[head])
    return target


def test_every_difference_and_every_row_that_the_review_lost_is_listed(
    two: tuple[cc.Review, cc.Review], whole: Path
) -> None:
    rows = listed_differences(*two)
    final = cc.read_review(whole)
    differences = cc.coding_differences(*two)
    lost = [cc.unmatched(final, coding)["row"].tolist() for coding in two]
    assert len(rows) == len(differences) + sum(map(len, lost))
    assert min(map(len, lost)) > 0
    apart = [row for row in rows if row["part"] == "not in the review"]
    assert [row["row"] for row in apart if row["row"]] == lost[0]
    assert [row["row_other"] for row in apart if row["row_other"]] == lost[1]
    assert {row["status"] for row in rows} == {"open"}
    # Held against the review itself, what it lost is a difference already.
    with_final = listed_differences(final, two[0])
    assert len(with_final) == len(cc.coding_differences(final, two[0]))


def test_decisions_are_kept_shown_and_taken_back(
    two: tuple[cc.Review, cc.Review], whole: Path, tmp_path: Path
) -> None:
    first = tmp_path / "first.xlsx"
    many = len(listed_differences(*two))
    message = write_list(*two, first)
    apart = len(cc.unmatched(cc.read_review(whole)))
    own = f"({apart} on what the review's own coding has otherwise, or not)"
    assert message.startswith(f"wrote {many} rows {own} into ")
    assert message.endswith(f": {many} open, 0 decided, 0 no longer differs")
    same = tmp_path / "same.xlsx"
    write_list(*two, same)
    assert first.read_bytes() == same.read_bytes()
    decided = filled(
        first, tmp_path / "decided.xlsx", {0: ("both", "two events, 02-03"), 5: ("neither", "")}
    )
    message = keep_decisions(decided, whole)
    assert message == (
        f"2 decisions in data/{CHILD_W}/codings/decisions.csv, 2 of them new, changed or taken back"
    )
    assert main(["check", CHILD_W]) == 0  # the file belongs there
    rows = listed_differences(*two)
    assert [at for at, row in enumerate(rows) if row["status"] == "decided"] == [0, 5]
    assert (rows[0]["decision"], rows[0]["reason"]) == ("both", "two events, 02-03")
    # Read again, nothing changes; taken back in the workbook, it is taken back here.
    assert keep_decisions(decided, whole).endswith(", 0 of them new, changed or taken back")
    again = tmp_path / "again.xlsx"
    write_list(*two, again)
    edits = {0: ("", ""), 5: ("neither", "p3"), 7: ("otherwise", "see p4")}
    changed = filled(again, tmp_path / "changed.xlsx", edits)
    first_line, *told = keep_decisions(changed, whole).splitlines()
    assert first_line.endswith("3 of them new, changed or taken back")
    names = {at: f"{row['row'] or row['row_other']}, {row['about']}" for at, row in enumerate(rows)}
    assert sorted(told) == [
        f"  changed: {names[5]}: neither, now neither: p3",
        f"  new: {names[7]}: otherwise: see p4",
        f"  taken back: {names[0]}: both: two events, 02-03",
    ]
    assert [at for at, row in enumerate(listed_differences(*two)) if row["decision"]] == [5, 7]
    # The first workbook, in which both are open, takes neither back; what it puts back is told.
    told = keep_decisions(decided, whole).splitlines()
    assert told[1:] == [f"  new: {names[0]}: both: two events, 02-03"]
    assert [at for at, row in enumerate(listed_differences(*two)) if row["decision"]] == [0, 5, 7]


def test_two_copies_of_a_list_are_both_kept(
    two: tuple[cc.Review, cc.Review], whole: Path, tmp_path: Path
) -> None:
    book = tmp_path / "list.xlsx"
    write_list(*two, book)
    of_a = {0: ("both", "two events"), 1: ("as the first", "")}
    of_b = {1: ("as the other", ""), 2: ("neither", ""), 0: ("", "ask Ann")}
    keep_decisions(filled(book, tmp_path / "a.xlsx", of_a), whole)
    told = keep_decisions(filled(book, tmp_path / "b.xlsx", of_b), whole)
    assert told.startswith("3 decisions in ")
    assert "as the first, now as the other" in told
    decided = [(row["decision"], row["reason"]) for row in listed_differences(*two)]
    expected = [("both", "ask Ann"), ("as the other", ""), ("neither", ""), ("", "")]
    assert decided[:4] == expected


def test_what_was_decided_and_differs_no_more_stays_on_the_list(
    two: tuple[cc.Review, cc.Review], whole: Path, tmp_path: Path
) -> None:
    book = tmp_path / "list.xlsx"
    write_list(*two, book)
    keep_decisions(filled(book, tmp_path / "decided.xlsx", {0: ("both", "")}), whole)
    path = whole / "codings" / "decisions.csv"
    key = listed_differences(*two)[0]["row"]
    path.write_text(path.read_text().replace(key, "row-that-is-gone"))
    rows = listed_differences(*two)
    assert rows[0]["status"] == "open"
    assert (rows[-1]["row"], rows[-1]["decision"]) == ("row-that-is-gone", "both")
    assert rows[-1]["status"] == "no longer differs"
    # Another pair of codings has decisions of its own.
    assert not any(row["decision"] for row in listed_differences(two[1], two[0]))


def test_what_the_coders_wrote_stays_beside_what_was_decided_on_it(
    two: tuple[cc.Review, cc.Review], whole: Path, tmp_path: Path
) -> None:
    book = tmp_path / "list.xlsx"
    write_list(*two, book)
    rows = listed_differences(*two)
    at, row = next(
        (at, row)
        for at, row in enumerate(rows)
        if row["row"] == "incident-chain" and row["about"] == "basis"
    )
    keep_decisions(filled(book, tmp_path / "decided.xlsx", {at: ("neither", "")}), whole)
    events = two[0].tables["events"]
    events.loc[events["id"] == row["row"], "basis"] = "derived"
    mended = replace(two[0], tables={**two[0].tables, "events": events})
    now = cc.coding_differences(mended, two[1]).set_index(["row", "about"])["says"]
    assert (row["says"], now["incident-chain", "basis"]) == ("judged", "derived")
    write_list(mended, two[1], tmp_path / "second.xlsx")
    more = filled(tmp_path / "second.xlsx", tmp_path / "more.xlsx", {at: ("neither", "see p4")})
    keep_decisions(more, whole)
    decided = {"decision": "neither", "reason": "see p4", "status": "decided"}
    assert listed_differences(mended, two[1])[at] == row | decided
    assert ",judged,stated," in (whole / "codings" / "decisions.csv").read_text()


def test_what_cannot_be_read_is_refused_and_changes_nothing(
    two: tuple[cc.Review, cc.Review], whole: Path, tmp_path: Path
) -> None:
    book = tmp_path / "list.xlsx"
    write_list(*two, book)
    with pytest.raises(WorkbookError, match=r"list\.xlsx exists already"):
        write_list(*two, book)
    wrong = tmp_path / "wrong.xlsx"
    with Workbook(wrong) as opened:
        page = opened.add_worksheet(SHEET)
        page.write_row(0, 0, ["part", "decision"])
        page.write_row(1, 0, ["date", "both"])
    with pytest.raises(WorkbookError, match="lacks the columns coding, coding_other, row, "):
        keep_decisions(wrong, whole)
    with Workbook(wrong) as opened:
        page = opened.add_worksheet(SHEET)
        page.write_row(0, 0, ["decision"])
        page.write_number(1, 0, 43340)
    with pytest.raises(WorkbookError, match=f"{SHEET}!A2: 43340"):
        keep_decisions(wrong, whole)
    with Workbook(wrong) as opened:
        opened.add_worksheet("other")
    with pytest.raises(WorkbookError, match=f"there is no sheet '{SHEET}' with rows in it"):
        keep_decisions(wrong, whole)
    (tmp_path / "text.xlsx").write_text("no workbook")
    with pytest.raises(WorkbookError, match=r"text\.xlsx: this is no workbook that can be read"):
        keep_decisions(tmp_path / "text.xlsx", whole)
    assert not (whole / "codings" / "decisions.csv").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("part,decision\n", "its heads are not coding,coding_other,part,"),
        ("{heads}\na,b\n", "line 2 has 2 cells, not 11; it is written by casechron agree"),
        ("", "its heads are not "),
    ],
    ids=["heads", "cells", "empty"],
)
def test_a_file_of_decisions_that_was_spoilt_is_told(
    text: str, message: str, two: tuple[cc.Review, cc.Review], whole: Path
) -> None:
    heads = "coding,coding_other,part,row,row_other,about,says,says_other,places,decision,reason"
    path = whole / "codings" / "decisions.csv"
    path.write_text(text.format(heads=heads))
    with pytest.raises(WorkbookError, match=f"decisions.csv: {message}"):
        listed_differences(*two)


def test_the_command_writes_the_list_and_keeps_decisions(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "list.xlsx"
    assert main(["agree", CHILD_W, "--sheet", str(book)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "For a paper:" in lines
    assert lines[-2].startswith("wrote ")
    assert lines[-1].startswith("fill in the column decision, save it, then: casechron agree")
    assert main(["agree", CHILD_W, "--decided", str(book)]) == 0
    decisions = f"data/{CHILD_W}/codings/decisions.csv"
    nothing = f"no decision is filled in, so nothing was written into {decisions}"
    assert capsys.readouterr().out.splitlines()[0] == nothing
    assert not (whole / "codings" / "decisions.csv").exists()
    filled(book, tmp_path / "decided.xlsx", {1: ("as the first", "")})
    assert main(["agree", CHILD_W, "--decided", str(tmp_path / "decided.xlsx")]) == 0
    kept, then = capsys.readouterr().out.splitlines()
    assert kept.startswith("1 decision in ")
    assert then.endswith(f", then: casechron check {CHILD_W}")
    assert (whole / "codings" / "decisions.csv").read_text().count("as the first") == 1
    # Neither of the two is the review's own coding, so that their figures stay as they are.
    assert not cc.agreement(cc.read_review(whole), draws=5)["note"].str.contains("mended").any()


def test_it_is_said_how_to_keep_a_coding_that_is_mended_by_decisions(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notebooks").mkdir()
    own = Path(shutil.copytree(whole, tmp_path / "data" / CHILD_W))
    shutil.rmtree(own / "codings" / "pass-2")
    monkeypatch.chdir(tmp_path)
    before = cc.agreement(cc.read_review(own), draws=5)
    assert main(["agree", CHILD_W, "--sheet", "list.xlsx"]) == 0
    copying = (
        f"first: copy the .csv files of data/{CHILD_W} into its codings/CODER, as only a copy shows"
        " how far two agree who have not talked; "
    )
    *_, first, then = capsys.readouterr().out.splitlines()
    assert (
        first == f"{copying}then write the sheet anew, as decisions stay with the two they are of"
    )
    assert then.startswith("fill in the column decision, save it, then: ")
    filled(Path("list.xlsx"), Path("decided.xlsx"), {1: ("as the first", "")})
    assert main(["agree", CHILD_W, "--decided", "decided.xlsx"]) == 0
    kept, first, _ = capsys.readouterr().out.splitlines()
    assert kept.startswith("1 decision in ")
    assert first == f"{copying}the decisions stay with: casechron agree {CHILD_W} --with pass-1"
    after = cc.agreement(cc.read_review(own), draws=5)
    note = "differences were decided: the final coding may have been mended with pass-1 in view"
    assert {*after["note"]} - {*before["note"]} == {note}
    said = cc.words.agreement.key_points(after, cc.unmatched(cc.read_review(own)))
    assert f"D{note[1:]}." in said
    copy = own / "codings" / "ann"
    copy.mkdir()
    for file in own.glob("*.csv"):
        shutil.copy(file, copy)
    of_copy = cc.agreement(cc.read_review(own), draws=5)
    assert of_copy["least"].tolist() == before["least"].tolist()
    assert not of_copy["note"].str.contains("mended").any()
    # Where it is said, the decision is found again, beside the copy too.
    assert main([*first.split("casechron ")[1].split(), "--sheet", "again.xlsx"]) == 0
    wrote, then = capsys.readouterr().out.splitlines()[-2:]
    assert wrote.endswith(" 1 decided, 0 no longer differs")
    assert then.startswith("fill in the column decision")
