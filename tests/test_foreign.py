"""Do programs that we did not write open each file that `casechron export` writes?

They have an environment of their own: `make foreign` sets it up. CI has it, and skips nothing."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import casechron as cc
from casechron.cli import main
from casechron.coding.codebook import codebook
from casechron.coding.meta import TEXTS
from casechron.coding.reviews import ROOT_VARIABLE
from casechron.coding.source_text import source_paragraphs
from casechron.coding.sources import normalise, sentences_in
from casechron.report.export import data_hash
from real_reviews import real_review
from test_exchange import REVIEWS, ROOT, SAID, with_text
from thoroughly import drawn

BIN = ROOT / ".venv-foreign" / "bin"
SCHEMAS = ROOT / "tests" / "schemas"

pytestmark = pytest.mark.skipif(
    not (BIN.parent / ".ready").is_file(), reason="programs that are not ours: run `make foreign`"
)


def asked(*words: object) -> Any:
    """What tests/foreign_programs.py finds."""
    program = [BIN / "python", ROOT / "tests" / "foreign_programs.py", *words]
    run = subprocess.run([*map(str, program)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def exported(folder: Path, option: str, out: Path) -> Path:
    assert main(["export", str(folder), f"--{option}", str(out)]) == 0
    return out


def test_frictionless_finds_the_tables_of_every_report_valid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ROOT_VARIABLE, str(ROOT))
    reviews = drawn(REVIEWS)
    packages = [
        exported(folder, "datapackage", tmp_path / f"{folder.name}.zip") for folder in reviews
    ]
    for folder, verdict in zip(reviews, asked("datapackage", *packages), strict=True):
        tables = list((ROOT / "reports" / folder.name / "tables").rglob("*.csv"))
        assert verdict["errors"] == []
        assert verdict["valid"]
        assert verdict["tables"] == len(tables) > 0


def test_the_codebook_is_valid_and_is_read(tmp_path: Path) -> None:
    file = exported(REVIEWS[0], "qdc", tmp_path / "codebook.qdc")
    assert asked("schema", SCHEMAS / "refi-qda-codebook-1.0.xsd", file) == []
    lists = codebook().lists.values()
    read = asked("qdc", file)
    assert [code_list[:2] for code_list in read] == [[of.title, False] for of in lists]
    assert [code_list[2] for code_list in read] == [
        [f"{code.definition}\n{code.rule}" for code in of.codes.values()] for of in lists
    ]


def test_a_coded_text_is_valid_and_each_sentence_has_its_codes(tmp_path: Path) -> None:
    review = with_text(tmp_path)
    meta = cc.read_review(review).meta
    version = f"data {data_hash(review)}, casechron {cc.__version__}"
    (name, description, user), read = coded_text(review, tmp_path / "project.qdpx")
    assert [meta.title in name, description, user] == [
        True,
        "\n".join([meta.citation, version, meta.licence, meta.content_note]),
        meta.coder,
    ]
    assert {name: words for _, name, words, *_ in read} == SAID
    rows = {row[1]: row[4].split(", ")[0] for row in read}
    assert rows == dict.fromkeys(("p2.1", "p2.2", "p2.3"), "worry") | {
        "p3.1": "visit-2014-09",
        "p3.2": "outing",
    }
    assert {coder for row in read for coder in row[5:]} == {meta.coder}
    coded = {name: codes for _, name, _, codes, *_ in read}
    assert codebook().label("event_kind", "referral") in coded["p2.2"]
    assert codebook().label("event_kind", "visit") in coded["p3.1"]
    for folder in (review for review in REVIEWS if (review / TEXTS).is_dir()):
        blocks = [
            paragraph
            for path in (folder / TEXTS).iterdir()
            for paragraph in source_paragraphs(path)
        ]
        _, read = coded_text(folder, tmp_path / f"{folder.name}.qdpx")
        assert read
        assert {normalise(words) for _, _, words, *_ in read} <= {
            words for block in blocks for words in sentences_in(block)
        }


def coded_text(folder: Path, out: Path) -> Any:
    """A review's text with its codes as they are read; the project has to be valid."""
    file = exported(folder, "qdpx", out)
    assert asked("schema", SCHEMAS / "refi-qda-project-1.0.xsd", file) == []
    return asked("qdpx", file)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address at which datasette serves the databases of all reviews, each by its name."""
    folder = tmp_path_factory.mktemp("served")
    files = [exported(review, "sqlite", folder / f"{review.name}.db") for review in REVIEWS]
    server = subprocess.Popen(
        [str(BIN / "datasette"), "serve", *map(str, files), "--host", "127.0.0.1", "--port", "0"],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert server.stderr is not None
        output = ""
        while not (address := re.search(r"running on (http://127\.0\.0\.1:\d+)", output)):
            line = server.stderr.readline()
            assert line, f"datasette ended: {output}"
            output += line
        yield address[1]
    finally:
        server.terminate()
        server.communicate(timeout=60)


@pytest.mark.parametrize("folder", REVIEWS, ids=lambda folder: folder.name)
def test_datasette_serves_the_database(served: str, folder: Path) -> None:
    review = real_review(folder)
    events = cc.chronicle(review)
    query = "select event, latest from chronicle join events on event = events.id"
    asks = f"?_shape=arrays&sql={query.replace(' ', '+')}"
    with urllib.request.urlopen(f"{served}/{folder.name}.json{asks}", timeout=60) as answer:
        rows = json.load(answer)["rows"]
    with urllib.request.urlopen(f"{served}/{folder.name}.json", timeout=60) as answer:
        tables = {listed["name"]: listed for listed in json.load(answer)["tables"]}
    for name, frame in review.tables.items():
        assert tables[name]["count"] == len(frame)
        assert set(frame) <= set(tables[name]["columns"])
    others = {name for name in tables if name not in review.tables and "codes_" not in name}
    computed = {"chronicle", "response_gaps", "timescale_checks"}
    assert others == {"about", "rows"} | computed
    assert all(tables[name]["count"] for name in others - computed)
    lists = codebook().lists
    assert {f"codes_{name}": len(of.codes) for name, of in lists.items()} == {
        name: listed["count"] for name, listed in tables.items() if name.startswith("codes_")
    }
    days = events["latest"].dt.strftime("%Y-%m-%d")
    assert dict(rows) == {
        event: None if open_ else day
        for event, day, open_ in zip(events["event"], days, events["latest"].isna(), strict=True)
    }


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="there is no sqlite3: install it")
def test_the_shell_of_sqlite_finds_the_database_whole(tmp_path: Path) -> None:
    file = exported(REVIEWS[0], "sqlite", tmp_path / "review.db")
    asks = "PRAGMA integrity_check; PRAGMA foreign_key_check; SELECT count(*) FROM events;"
    run = subprocess.run(
        ["sqlite3", "-readonly", str(file), asks], capture_output=True, text=True, check=True
    )
    events = len(real_review(REVIEWS[0]).tables["events"])
    assert run.stdout.split() == ["ok", str(events)]
