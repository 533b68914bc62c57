"""Are the digests written where they belong, and nothing else changed?"""

from __future__ import annotations

import csv
import hashlib
import os
from pathlib import Path

import pytest

from casechron.coding.locators import is_same_text, locate, located_sources
from casechron.coding.sources import SourceError, text_digest

TEXT = "The rain\n\nIt rained. It stopped.\n\nSun came.\n"
SOURCES = """\
id,citation,kind,published,address,located_by,paragraphs,salt,digest
list,"A ""list"", by day",timeline,2011,,source only,,,
report,"Roe, On rain",review-report,2012,,blocks of text,,00ff,
"""
LOCATORS = """\
row,source,paragraph,sentence,digest,digest_before,digest_after
sun,report,3,1,,,
sun,list,,,,,
rain,report,2,1,aaaaaaaa,bbbbbbbb,cccccccc
title,report,1,1,,,
named,report,,,dddddddd,,
"""


def salted(text: str) -> str:
    return hashlib.sha256(f"00ff\n{text}".encode()).hexdigest()[:32]


#: The one row that was located before, and truly.
LOCATORS = LOCATORS.replace("title,report,1,1,,,", f"title,report,1,1,{salted('The rain')},,")


def review(
    folder: Path, sources: str = SOURCES, locators: str = LOCATORS, text: str = TEXT
) -> Path:
    """A folder with the two tables in it, and the text beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sources.csv").write_bytes(sources.encode())
    (folder / "locators.csv").write_bytes(locators.encode())
    (folder.parent / "text.txt").write_text(text, encoding="utf-8")
    return folder


def refusal(folder: Path, source: str | None = "report") -> str:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(SourceError) as raised:
        locate(folder, source, folder.parent / "text.txt")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    return str(raised.value)


def test_locate_fills_the_digests_and_leaves_the_rest_byte_for_byte(tmp_path: Path) -> None:
    folder = review(tmp_path / "codings" / "second")
    os.chmod(folder / "locators.csv", 0o640)
    assert locate(folder, "report", tmp_path / "codings" / "text.txt") == 3
    title, rain, stopped, sun = map(salted, ["The rain", "It rained.", "It stopped.", "Sun came."])
    assert (
        (folder / "locators.csv").read_bytes().decode()
        == f"""\
row,source,paragraph,sentence,digest,digest_before,digest_after
sun,report,3,1,{sun},{stopped},
sun,list,,,,,
rain,report,2,1,{rain},{title},{stopped}
title,report,1,1,{title},,{rain}
named,report,,,,,
"""
    )
    whole = salted("The rain\n\nIt rained.\nIt stopped.\n\nSun came.")
    assert (folder / "sources.csv").read_bytes().decode() == SOURCES.replace(
        "text,,00ff,", f"text,3,00ff,{whole}"
    )
    assert (folder / "locators.csv").stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in folder.iterdir()) == ["locators.csv", "sources.csv"]


def test_locating_twice_changes_nothing(tmp_path: Path) -> None:
    folder = review(tmp_path / "review", sources=SOURCES.replace("00ff", ""))
    locate(folder, "report", tmp_path / "text.txt")
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    locate(folder, "report", tmp_path / "text.txt")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == first


def test_a_salt_is_made_where_there_is_none_and_is_another_each_time(tmp_path: Path) -> None:
    salts = []
    for name in ("one", "two"):
        folder = review(tmp_path / name, sources=SOURCES.replace("00ff", ""))
        locate(folder, "report", tmp_path / "text.txt")
        with (folder / "sources.csv").open(encoding="utf-8", newline="") as file:
            row = list(csv.DictReader(file))[1]
        assert len(bytes.fromhex(row["salt"])) == 8
        assert row["digest"] == text_digest(TEXT, row["salt"])
        salts.append(row["salt"])
    assert salts[0] != salts[1]


def test_line_ends_of_windows_become_line_feeds(tmp_path: Path) -> None:
    plain, windows = review(tmp_path / "plain"), review(tmp_path / "windows")
    for path in windows.iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    for folder in (plain, windows):
        locate(folder, "report", tmp_path / "text.txt")
    assert (windows / "locators.csv").read_bytes() == (plain / "locators.csv").read_bytes()
    assert (windows / "sources.csv").read_bytes() == (plain / "sources.csv").read_bytes()


def test_the_only_numbered_source_need_not_be_named(tmp_path: Path) -> None:
    folder = review(tmp_path / "review")
    assert located_sources(folder) == ["report"]
    assert locate(folder, None, tmp_path / "text.txt") == 3


def test_which_source_is_meant_is_asked_where_there_are_several_or_none(tmp_path: Path) -> None:
    several = review(
        tmp_path / "several", locators=LOCATORS.replace("sun,list,,,", "sun,list,1,1,")
    )
    assert located_sources(several) == ["list", "report"]
    assert (
        refusal(several, None)
        == "rows rest on numbered sentences of several sources; say of which this is the text: "
        "--source-id list or --source-id report"
    )
    none = review(
        tmp_path / "none",
        locators="".join(LOCATORS.splitlines(keepends=True)[::2][:1]) + "sun,list,,,,,\n",
    )
    assert located_sources(none) == []
    assert refusal(none, None) == "locators.csv: no row rests on a numbered sentence of any source"


def test_every_place_that_does_not_exist_is_said_at_once_and_nothing_is_written(
    tmp_path: Path,
) -> None:
    more = "far,report,4,1,,,\nlong,report,2,3,,,\nlist-is-no-concern,list,99,1,,,\nheading,report,1,2,,,\n"  # noqa: E501
    assert (
        refusal(review(tmp_path / "review", locators=LOCATORS + more))
        == "locators.csv line 7, paragraph: found 4; 'report' has 3 paragraphs\n"
        "locators.csv line 8, sentence: found 3; paragraph 2 of 'report' has 2 sentences\n"
        "locators.csv line 10, sentence: found 2; paragraph 1 of 'report' has 1 sentence"
    )


def test_a_text_with_another_number_of_paragraphs_is_refused(tmp_path: Path) -> None:
    counted = SOURCES.replace("text,,00ff", "text,15,00ff")
    folder = review(tmp_path / "review", sources=counted)
    assert (
        refusal(folder)
        == "text.txt has 3 paragraphs, and sources.csv line 3 says 15: is it the text of 'report'?"
        " If it is, correct the number, or say --force to have it replaced"
    )
    folder = review(tmp_path / "more", sources=counted, locators=LOCATORS + "far,report,9,1,,,\n")
    assert refusal(folder).startswith(
        "text.txt has 3 paragraphs, and sources.csv line 3 says 15, and 1 of the 4 places that"
        " locators.csv names is not in it: "
    )
    forced = review(tmp_path / "forced", sources=counted)
    assert locate(forced, "report", tmp_path / "text.txt", force=True) == 3
    assert "text,3,00ff," in (forced / "sources.csv").read_text(encoding="utf-8")


def test_a_text_without_blank_lines_is_named_as_the_cause(tmp_path: Path) -> None:
    flat = TEXT.replace("\n\n", "\n")
    put = "put a blank line between its paragraphs, as between those of the text that was coded"
    folder = review(
        tmp_path / "review", sources=SOURCES.replace("text,,00ff", "text,3,00ff"), text=flat
    )
    assert (
        refusal(folder)
        == "text.txt is a single paragraph, for no blank line parts its text; sources.csv line 3"
        f" says 3, and 2 of the 3 places that locators.csv names are not in it: {put}"
    )
    assert (
        refusal(review(tmp_path / "uncounted", text=flat))
        == "text.txt is a single paragraph, for no blank line parts its text, and 2 of the 3"
        f" places in locators.csv are not in it; {put}"
    )


def test_a_text_in_which_most_sentences_are_not_found_again_is_refused(tmp_path: Path) -> None:
    folder = review(tmp_path / "review")
    locate(folder, "report", tmp_path / "text.txt")
    (tmp_path / "text.txt").write_text(
        TEXT.replace("It rained.", "It snowed.").replace("Sun", "Fog"), encoding="utf-8"
    )
    assert (
        refusal(folder)
        == "2 of the 3 sentences that were located before stand nowhere in text.txt: is it the text"
        " of 'report'? If it is, say --force to locate it anew"
    )
    assert locate(folder, "report", tmp_path / "text.txt", force=True) == 3
    assert locate(folder, "report", tmp_path / "text.txt") == 3
    # one sentence of three may have been mended
    (tmp_path / "text.txt").write_text(
        TEXT.replace("It rained.", "It snowed.").replace("Sun", "Dew"), encoding="utf-8"
    )
    assert locate(folder, "report", tmp_path / "text.txt") == 3
    # nor does a row that was given its right number make another text of it
    locators = (
        (folder / "locators.csv")
        .read_text(encoding="utf-8")
        .replace("rain,report,2,1", "rain,report,2,2")
    )
    (folder / "locators.csv").write_text(locators, encoding="utf-8")
    assert locate(folder, "report", tmp_path / "text.txt") == 3


def test_numbers_that_are_none_are_said_at_once(tmp_path: Path) -> None:
    more = "a,report,0,1,,,\nb,report,2,,,,\nc,report,,1,,,\nd,report,two,-1,,,\n"
    assert (
        refusal(review(tmp_path / "review", locators=LOCATORS + more))
        == "locators.csv line 7, paragraph: found '0'; write a whole number from 1\n"
        "locators.csv line 8, sentence: found ''; write a whole number from 1\n"
        "locators.csv line 9, paragraph: found ''; write a whole number from 1\n"
        "locators.csv line 10, paragraph: found 'two'; write a whole number from 1\n"
        "locators.csv line 10, sentence: found '-1'; write a whole number from 1"
    )


def test_a_source_has_to_be_there_and_to_be_counted(tmp_path: Path) -> None:
    folder = review(tmp_path / "review")
    assert refusal(folder, "reprot") == "sources.csv has no source 'reprot'; it has: list, report"
    assert (
        refusal(folder, "list")
        == "sources.csv line 2, located_by: 'list' says 'source only'; say how its paragraphs are"
        " counted, then locate it"
    )


def test_another_normalisation_is_refused(tmp_path: Path) -> None:
    folder = review(
        tmp_path / "review", sources=SOURCES.replace("blocks of text", "blocks; normalisation 2")
    )
    assert (
        refusal(folder)
        == "sources.csv line 3, located_by: 'report' was located by normalisation 2; "
        "this version has normalisation 1: change the cell and locate anew"
    )
    same = review(
        tmp_path / "same", sources=SOURCES.replace("blocks of text", "blocks; normalisation 1")
    )
    assert locate(same, "report", tmp_path / "text.txt") == 3


def test_a_table_that_cannot_be_read_is_told_as_the_check_tells_it(tmp_path: Path) -> None:
    folder = review(tmp_path / "review", locators=LOCATORS + "rain,report,1\n")
    assert (
        refusal(folder)
        == "locators.csv line 7: the row has 3 cells, the header has 7; an empty cell still needs"
        " its comma"
    )


def test_a_write_that_fails_half_way_leaves_both_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = review(tmp_path / "review")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    write = Path.write_text

    def full(path: Path, text: str, **options: str) -> int:
        if path.name.startswith("locators"):
            raise OSError("no space left on device")
        return write(path, text, **options)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="no space left"):
        locate(folder, "report", tmp_path / "text.txt")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_is_same_text(tmp_path: Path) -> None:
    folder = review(tmp_path / "review")
    with pytest.raises(SourceError) as raised:
        is_same_text(folder, "report", tmp_path / "text.txt")
    assert (
        str(raised.value)
        == "sources.csv: 'report' has no salt or no digest; run `casechron locate` with its text"
        " first"
    )
    locate(folder, "report", tmp_path / "text.txt")
    assert is_same_text(folder, None, tmp_path / "text.txt")
    (tmp_path / "other.txt").write_text(TEXT.replace("stopped", "went on"), encoding="utf-8")
    assert not is_same_text(folder, "report", tmp_path / "other.txt")
