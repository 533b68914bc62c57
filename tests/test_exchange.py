"""Are the files for other programs whole, the same each time, and written only where they may be?

tests/test_foreign.py has those programs open them."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import sqlite3
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import casechron as cc
from casechron.cli import main
from casechron.coding.codebook import codebook
from casechron.coding.reviews import ROOT_VARIABLE
from casechron.coding.source_text import source_paragraphs
from casechron.coding.sources import CopySentence, normalise, sentences_in
from casechron.exchange import ExchangeError, told_of
from casechron.exchange.datapackage import data_package
from casechron.exchange.qda import codebook_qdc, project_qdpx, sentence_spans
from casechron.exchange.sqlite import database
from casechron.report.export import data_hash, write_manifest
from test_locating import shipped
from thoroughly import drawn

ROOT = Path(__file__).parents[1]
REVIEWS = sorted(path.parent for path in (ROOT / "data").glob("*/review.toml"))
QDE = "{urn:QDA-XML:project:1.0}"
#: Letters beyond the first plane, a letter of two characters, and signs that are written plainly
#: before sentences are compared.
TEXT = """\
A review of Child X \N{CHILD}

The \N{CHILD} school \u201creferred\u201d X in August. A letter was sent \u2013 \N{CHILD}. Nothing came of it.

\u2022 Social workers of children\u2019s services visited in September.
\u2022 Afterwards she went to a cafe\u0301.
"""  # noqa: E501
EVENTS = """\
id,date,kind,summary,by,to,about,place
worry,2014-08,referral,A school refers a child's attendance,school,,X,p2.1; p2
,2014-09-02,visit,A social worker visits,childrens-services,,X,p3.1
outing,2014-09,contact,A walk,childrens-services,,X,p3.2
"""
#: What a data package says of the columns of the coded places.
LOCATORS: dict[str, dict[str, Any]] = {
    "row": {"constraints": {"required": True}, "description": "The coded row."},
    "source": {"constraints": {"required": True}, "description": "The source."},
    "paragraph": {
        "type": "integer",
        "description": "Number of the paragraph in the source; empty where no text was at hand.",
    },
    "sentence": {
        "type": "integer",
        "description": "Number of the sentence in the paragraph, from 1; empty where no text was at"
        " hand.",
    },
}
#: What a program that counts characters finds at each place.
SAID = {
    "p2.1": "The \N{CHILD} school \u201creferred\u201d X in August.",
    "p2.2": "A letter was sent \u2013 \N{CHILD}.",
    "p2.3": "Nothing came of it.",
    "p3.1": "Social workers of children\u2019s services visited in September.",
    "p3.2": "Afterwards she went to a cafe\u0301.",
}


def with_text(tmp_path: Path) -> Path:
    """A review whose folder holds its own text, located."""
    made = shipped(tmp_path)
    (made / "events.csv").write_text(EVENTS, encoding="utf-8")
    (made / "sources" / "report.txt").write_text(TEXT, encoding="utf-8")
    assert main(["locate", str(made)]) == 0
    return made


# ---------------------------------------------------------------- a coded text


def test_codes_stand_at_the_characters_of_their_sentences(tmp_path: Path) -> None:
    made = with_text(tmp_path)
    review, texts = cc.read_review(made), [("report", made / "sources" / "report.txt")]
    data, lost = project_qdpx(review, texts)
    assert lost == []
    assert project_qdpx(cc.read_review(made), texts)[0] == data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        project, name = archive.namelist()
        root, text = ET.fromstring(archive.read(project)), archive.read(name).decode()
    (source,) = root.iter(f"{QDE}TextSource")
    assert f"sources/{source.get('plainTextPath', '').removeprefix('internal://')}" == name
    selections = {one.get("name"): one for one in root.iter(f"{QDE}PlainTextSelection")}
    positions = {
        name: text[int(one.get("startPosition", "")) : int(one.get("endPosition", ""))]
        for name, one in selections.items()
    }
    assert positions == SAID
    names = {one.get("guid"): one.get("name") for one in root.iter(f"{QDE}Code")}
    coded = {
        place: {names[ref.get("targetGUID")] for ref in one.iter(f"{QDE}CodeRef")}
        for place, one in selections.items()
    }
    label = codebook().label
    assert {label("event_kind", "referral"), label("involvement_role", "raised")} <= coded["p2.1"]
    assert coded["p2.1"] == coded["p2.2"] == coded["p2.3"]
    assert label("event_kind", "visit") in coded["p3.1"]
    assert label("event_kind", "visit") not in coded["p3.2"]


@pytest.mark.parametrize(
    ("coded", "when"), [("", {"2026-11-28T00:00:00Z"}), ("codings/ann", set())]
)
def test_a_coding_that_does_not_say_when_it_was_made_has_no_time(
    tmp_path: Path, coded: str, when: set[str]
) -> None:
    child_e, out = ROOT / "data" / "child-e-example-2024", tmp_path / "a.qdpx"
    assert main(["export", str(child_e / coded), "--qdpx", str(out)]) == 0
    with zipfile.ZipFile(out) as archive:
        root = ET.fromstring(archive.read("project.qde"))
    assert {one.get("creationDateTime") for one in root.iter()} - {None} == when


def test_what_is_not_in_the_text_any_more_is_said_and_not_coded(tmp_path: Path) -> None:
    made = with_text(tmp_path)
    text = made / "sources" / "report.txt"
    text.write_text(TEXT.replace("A letter was", "Two letters were"), encoding="utf-8")
    data, lost = project_qdpx(cc.read_review(made), [("report", text)])
    assert lost == ["report p2.2: changed"]
    assert data.count(b"PK\x01\x02") == 2
    text.write_text("Quite another text.\n", encoding="utf-8")
    with pytest.raises(ExchangeError, match="not one sentence that rows rest on stands in"):
        project_qdpx(cc.read_review(made), [("report", text)])


def test_sentences_in_the_same_words_stand_each_at_its_own_place(tmp_path: Path) -> None:
    made = with_text(tmp_path)
    text = made / "sources" / "report.txt"
    text.write_text(TEXT.replace("Nothing came of it.", "She left. She left."), encoding="utf-8")
    again = EVENTS.replace("p3.2", "p2.3; p2.4").replace("p2.1; p2\n", "p2.1\n")
    (made / "events.csv").write_text(again, encoding="utf-8")
    assert main(["locate", str(made), "--force"]) == 0
    data, lost = project_qdpx(cc.read_review(made), [("report", text)])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = ET.fromstring(archive.read("project.qde"))
    starts = {
        one.get("name"): int(one.get("startPosition", ""))
        for one in root.iter(f"{QDE}PlainTextSelection")
    }
    assert lost == []
    assert starts["p2.4"] - starts["p2.3"] == len("She left. ")


def test_each_sentence_of_the_texts_that_are_shipped_has_its_characters() -> None:
    paths = [one for where in ("data", "validation") for one in (ROOT / where).glob("*/sources/*")]
    assert paths
    for path in paths:
        blocks = source_paragraphs(path)
        copy = [
            CopySentence(paragraph, number, "", False, words)
            for paragraph, block in enumerate(blocks, start=1)
            for number, words in enumerate(sentences_in(block), start=1)
        ]
        text, spans = "\n\n".join(blocks), sentence_spans(blocks, copy)
        found = {place: normalise(text[start:end]) for place, (start, end) in spans.items()}
        assert found == {(one.paragraph, one.sentence): one.text for one in copy}


def test_the_codebook_has_each_code_below_its_list_under_a_name_of_its_own() -> None:
    root = ET.fromstring(codebook_qdc())
    codes = root[0]
    book = codebook()
    assert [one.get("name") for one in codes] == [of.title for of in book.lists.values()]
    for group, of in zip(codes, book.lists.values(), strict=True):
        assert group.get("isCodable") == "false"
        said = [f"{code.definition}\n{code.rule}" for code in of.codes.values()]
        assert [one[0].text for one in group] == said
    names = [one.get("name", "").casefold() for one in root.iter("{urn:QDA-XML:codebook:1.0}Code")]
    assert len(names) == len(set(names))
    assert codebook_qdc() == codebook_qdc()


# ---------------------------------------------------------------- a database


@pytest.mark.parametrize("folder", drawn(REVIEWS, 3), ids=lambda folder: folder.name)
def test_the_database_holds_every_coded_cell_and_what_is_computed(folder: Path) -> None:
    review = cc.read_review(folder)
    data = database(review)
    assert database(cc.read_review(folder)) == data
    read = sqlite3.connect(":memory:")
    read.deserialize(data)
    assert read.execute("PRAGMA foreign_key_check").fetchall() == []
    for name, frame in review.tables.items():
        columns = [row[1] for row in read.execute(f'PRAGMA table_info("{name}")')]
        rows = read.execute(f'SELECT * FROM "{name}"').fetchall()
        assert set(frame) <= set(columns)
        written = [["" if cell is None else str(cell) for cell in row] for row in rows]
        assert written == frame[columns].to_numpy().tolist()
    about = dict(read.execute("SELECT * FROM about").fetchall())
    assert about["data_sha256"] == data_hash(folder)
    assert about["casechron"] == cc.__version__
    assert about["complete"] == "; ".join(review.meta.complete)
    for name in ("chronicle", "response_gaps", "timescale_checks"):
        frame = getattr(cc, name)(review)
        rows = read.execute(f"SELECT * FROM {name}").fetchall()
        assert len(rows) == len(frame)
        days = [column for column in frame if frame[column].dtype == "Int64"]
        for column in days:
            at = list(frame).index(column)
            assert [row[at] for row in rows] == [
                None if value is None else int(value)
                for value in frame[column].astype(object).where(frame[column].notna(), None)
            ]
    read.close()


@pytest.mark.parametrize(
    "folder",
    [one for one in REVIEWS if one.name[:7] in ("child-w", "child-e")],
    ids=lambda f: f.name,
)
def test_no_day_stands_in_the_database_that_is_not_told_beside_an_age(folder: Path) -> None:
    """The file holds the published ages of living children, and of what they may refer to no day
    that only the narrowing gives: an age and such a day come closer to a birth than any source."""
    review = cc.read_review(folder)
    exact, told = cc.bounds(review).set_index("event"), cc.chronicle(review).set_index("event")
    wider = told.index[told["beside_an_age"]]
    assert len(wider)
    names = ["earliest", "start_latest", "end_earliest", "latest"]
    exact, told = (frame.loc[wider, names] for frame in (exact, told))
    hidden = {str(day.date()) for day in exact.where(exact != told).stack().dropna()}
    read = sqlite3.connect(":memory:")
    read.deserialize(database(review))
    found = [
        (table, row)
        for (table,) in read.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        ).fetchall()
        for row in read.execute(f'SELECT * FROM "{table}"').fetchall()
        if hidden.intersection(map(str, row)) and wider.isin(row).any()
    ]
    read.close()
    assert found == []


def test_the_database_refuses_what_refers_to_nothing() -> None:
    read = sqlite3.connect(":memory:")
    read.deserialize(database(cc.read_review(REVIEWS[-1])))
    for name in codebook().tables:
        refers = {row[3] for row in read.execute(f"PRAGMA foreign_key_list({name})")}
        kinds = codebook().tables[name].columns
        assert refers == {one.name for one in kinds if one.kind in ("ref", "row", "party", "code")}
    keyed = {name: table.key for name, table in codebook().tables.items()} | {
        "chronicle": ("event",)
    }
    for name, key in keyed.items():
        columns = read.execute(f"PRAGMA table_info({name})").fetchall()
        assert tuple(row[1] for row in columns if row[5]) in (
            key,
            () if name == "locators" else key,
        )
    read.execute("PRAGMA foreign_keys = ON")
    read.execute("UPDATE events SET kind = 'nothing-of-the-kind'")
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        read.commit()
    read.close()


# ---------------------------------------------------------------- the tables of a report


BOUNDS = b"event\na\n"


def a_report(tmp_path: Path, coder: str = "") -> tuple[Path, Path]:
    """A review in a project, or a coding of it, and the reports beside it: one table, of the data
    as they are."""
    folder = tmp_path / "data" / REVIEWS[0].name
    shutil.copytree(REVIEWS[0], folder)
    report = tmp_path / "reports" / folder.name
    if coder:
        report = tmp_path / "build" / "codings" / f"{folder.name}--{coder}"
        folder = Path(shutil.copytree(REVIEWS[0], folder / "codings" / coder))
    (report / "tables").mkdir(parents=True)
    (report / "tables" / "bounds.csv").write_bytes(BOUNDS)
    (report / "more.html").write_text("no table", encoding="utf-8")
    write_table(report, folder, {"name": "bounds", "schema": {"fields": [{"name": "event"}]}})
    return folder, report


def write_table(report: Path, folder: Path, table: dict[str, Any]) -> None:
    """What a report says of the data of a folder and of its one table, and its digests anew."""
    table |= {"path": "tables/bounds.csv", "description": "Made by 01.ipynb"}
    package = {"version": data_hash(folder)[:16], "description": "Tables.", "resources": [table]}
    (report / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    write_manifest(report)


@pytest.mark.parametrize("coder", ["", "bob"])
def test_the_data_package_is_what_stands_in_the_report(coder: str, tmp_path: Path) -> None:
    folder, _ = a_report(tmp_path, coder)
    data = data_package(folder, tmp_path)
    assert data_package(folder, tmp_path) == data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["datapackage.json", "tables/bounds.csv"]
        assert archive.read("tables/bounds.csv") == BOUNDS
        package = json.loads(archive.read("datapackage.json"))
    assert package["resources"] == [
        {
            **{"name": "bounds", "path": "tables/bounds.csv"},
            "description": "One row per event, in the order of the coding. Made by 01.ipynb",
            "schema": {"fields": [{"name": "event", "description": "event (text): its id"}]},
            "hash": f"sha256:{hashlib.sha256(BOUNDS).hexdigest()}",
        }
    ]


def test_a_data_package_says_how_it_is_cited_and_what_each_column_means() -> None:
    """Whoever gets it alone has neither the help of a function nor the codebook."""
    folder = ROOT / "data" / "child-w-manchester-2020"
    review, digest = cc.read_review(folder), data_hash(folder)
    with zipfile.ZipFile(io.BytesIO(data_package(folder, ROOT))) as archive:
        package = json.loads(archive.read("datapackage.json"))
    assert package["description"] == (
        "Tables of a report made by casechron from coded tables of a published review. A text that"
        " a spreadsheet would read as a formula has an apostrophe before it. Several ids or"
        " labels in one cell are joined by '; '. An empty cell holds no value. Cite it as: "
        f"{review.meta.citation} Data {digest}, casechron {cc.__version__}."
        f" {review.meta.content_note}"
    )
    assert package["licenses"] == [{"name": "CC-BY-4.0", "title": review.meta.licence}]
    assert package["contributors"] == [{"title": "the casechron project", "role": "author"}]
    assert package["sources"] == [{"title": review.tables["sources"]["citation"][0]}]
    assert package["about"] == told_of(review)
    tables = {table["name"]: table for table in package["resources"]}
    assert tables["coded.locators"]["schema"] == {
        "fields": [{"name": name} | more for name, more in LOCATORS.items()],
        "foreignKeys": [
            {"fields": "source", "reference": {"resource": "coded.sources", "fields": "id"}}
        ],
    }
    people = tables["coded.people"]["schema"]
    assert people["primaryKey"] == ["id"]
    (kinship,) = [field for field in people["fields"] if field["name"] == "kinship"]
    assert kinship == {
        "name": "kinship",
        "constraints": {"required": True, "enum": [*codebook().codes("kinship")]},
        "description": "Tie to the child at the centre of the review.",
    }
    silent = {
        (name, field["name"])
        for name, table in tables.items()
        for field in table["schema"]["fields"]
        if "description" not in field
    }
    assert silent == {("opportunities", "when")}


def test_a_table_of_ones_own_has_any_columns_whatever_it_is_called(tmp_path: Path) -> None:
    folder, report = a_report(tmp_path)
    write_table(report, folder, {"name": "sources", "schema": {"fields": [{"name": "seen"}]}})
    with zipfile.ZipFile(io.BytesIO(data_package(folder, tmp_path))) as archive:
        (own,) = json.loads(archive.read("datapackage.json"))["resources"]
    assert own["schema"] == {"fields": [{"name": "seen"}]}
    assert own["description"] == "Made by 01.ipynb"


def test_a_report_that_is_not_there_or_not_of_the_data_is_not_exported(tmp_path: Path) -> None:
    folder, report = a_report(tmp_path)
    name = folder.name
    (report / "tables" / "bounds.csv").write_text("event\nb\n", encoding="utf-8")
    with pytest.raises(
        ExchangeError, match=r"as it was rendered \(tables/bounds\.csv: other bytes"
    ):
        data_package(folder, tmp_path)
    write_manifest(report)
    (folder / "agencies.csv").write_text("id,label,sector\n", encoding="utf-8")
    with pytest.raises(ExchangeError, match=f"{name} has changed since .* casechron render {name}"):
        data_package(folder, tmp_path)
    (report / "datapackage.json").unlink()
    with pytest.raises(ExchangeError, match=f"holds no tables of {name}; run casechron render"):
        data_package(folder, tmp_path)


# ---------------------------------------------------------------- the command


def test_each_format_is_written_once_and_says_what_opens_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = with_text(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(ROOT_VARIABLE, str(ROOT))
    capsys.readouterr()
    for option, name in (("qdc", "a.qdc"), ("qdpx", "a.qdpx"), ("sqlite", "a.db")):
        assert main(["export", str(made), f"--{option}", name]) == 0
        first, *more = capsys.readouterr().out.splitlines()
        assert first.startswith(f"wrote {name}: its " if option != "qdc" else f"wrote {name}: the ")
        assert more == (
            ["it holds the texts that stand in the review's folder, which may be passed on"]
            if option == "qdpx"
            else []
        )
        there = Path(name).read_bytes()
        assert main(["export", str(made), f"--{option}", name]) == 2
        assert capsys.readouterr().err == (
            f"casechron: {name} exists already, and may hold what is nowhere else; choose another"
            " name, or move it away first\n"
        )
        assert Path(name).read_bytes() == there


def test_a_text_of_ones_own_travels_to_its_owner_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = with_text(tmp_path)
    own = tmp_path / "own.txt"
    (made / "sources" / "report.txt").rename(own)
    toml = (made / "review.toml").read_text(encoding="utf-8")
    (made / "review.toml").write_text(
        toml.replace('text = "sources/report.txt"\n', ""), encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    assert main(["export", str(made), "--qdpx", "a.qdpx"]) == 2
    assert "names no text of any source" in capsys.readouterr().err
    inside = made / "a.qdpx"
    assert main(["export", str(made), "--qdpx", str(inside), "--source", str(own)]) == 2
    assert "the text of a source may not travel with a review" in capsys.readouterr().err
    assert not inside.exists()
    assert main(["export", str(made), "--qdpx", "a.qdpx", "--source", str(own)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        "it holds the text of the source, so that it is for you alone"
    )
    assert Path("a.qdpx").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--sqlite", "a.txt"], "'a.txt' is no name for it; let it end in .db"),
        (["--sqlite", "no/a.db"], "there is no folder 'no'; make it, or name another"),
        (["--qdc", "a.qdc", "--source", "t"], "a text travels with --qdpx alone; leave out"),
    ],
)
def test_what_cannot_be_written_is_said(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    said: str,
) -> None:
    made = shipped(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["export", str(made), *words]) == 2
    assert said in capsys.readouterr().err
