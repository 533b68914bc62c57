"""Is a report known again that nothing has changed for, and anything that changed seen?"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from casechron import __version__
from casechron.coding.files import data_files, data_key, hash_of
from casechron.report.execution import Task
from casechron.report.export import (
    MADE_FROM,
    Freshness,
    Page,
    ReviewFacts,
    freshness,
    made_from,
    write_made_from,
    write_manifest,
)


@pytest.fixture
def review(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "alpha-2001"
    (folder / "codings" / "second").mkdir(parents=True)
    (folder / "review.toml").write_text("title = 'x'")
    (folder / "events.csv").write_text("id\ne1\n")
    (folder / "codings" / "second" / "events.csv").write_text("id\ne2\n")
    return folder


# ---- the data


def test_every_file_that_a_notebook_can_read_is_in_the_key(review: Path) -> None:
    seen = {data_key(review)}
    for name in ("review.toml", "events.csv", "codings/second/events.csv"):
        with (review / name).open("a") as file:
            file.write("\n")
        seen.add(data_key(review))
    (review / "events.csv").rename(review / "event.csv")
    seen.add(data_key(review))
    assert len(seen) == 5
    assert list(data_files(review)) == ["codings/second/events.csv", "event.csv", "review.toml"]


def test_what_no_notebook_reads_is_not(review: Path) -> None:
    before = data_key(review)
    for name in ("notes.docx", ".events.csv", ".idea/x.toml", "codings/.hidden/events.csv"):
        (review / name).parent.mkdir(exist_ok=True)
        (review / name).write_text("x")
    assert data_key(review) == before


def test_names_and_contents_do_not_run_together() -> None:
    assert hash_of([("a", b"bc")]) != hash_of([("ab", b"c")])
    assert hash_of([("a", b"x1:b1:y")]) != hash_of([("a", b"x"), ("b", b"y")])


# ---- how a report stands to what it would be made from


def wanted(data: str = "d", stems: str = "01 02", **parameters: object) -> dict[str, object]:
    facts = ReviewFacts("alpha-2001", "x")
    tasks = [
        Task(Page(stem, "When?"), f"source of {stem}", facts, {"policy": {}, **parameters}, Path())
        for stem in stems.split()
    ]
    return made_from(data, "none", tasks)


@pytest.fixture
def report(tmp_path: Path) -> Path:
    folder = tmp_path / "report"
    folder.mkdir()
    for stem in ("01", "02"):
        (folder / f"{stem}.ipynb").write_text(f"{stem} as it ran")
    write_made_from(folder, wanted())
    write_manifest(folder)
    return folder


def test_a_report_that_nothing_has_changed_for_is_known(report: Path, tmp_path: Path) -> None:
    assert freshness(tmp_path / "nowhere", wanted()) == Freshness()
    assert freshness(report, wanted()) == Freshness(unchanged=True, files=3)
    shutil.copytree(report, tmp_path / "elsewhere")
    assert freshness(tmp_path / "elsewhere", wanted()).unchanged
    record = json.loads((report / MADE_FROM).read_text())
    assert sorted(record) == ["casechron", "data", "notebooks", "questions"]
    assert (record["data"], record["casechron"], record["questions"]) == ("d", __version__, "none")


CHANGES = {
    "data": (lambda record: record.update(data="0"), ""),
    "version": (lambda record: record.update(casechron="0"), ""),
    "questions": (lambda record: record.update(questions="0"), ""),
    "source": (lambda record: record["notebooks"]["02"].update(source="0"), "01"),
    "parameters": (lambda record: record["notebooks"]["02"].update(parameters={}), "01"),
    "gone": (lambda record: record["notebooks"].pop("02"), "01"),
    "new": (lambda record: record["notebooks"].update({"03": {"source": "0"}}), "01 02"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_has_not_changed_is_kept(report: Path, name: str) -> None:
    change, kept = CHANGES[name]
    now = wanted()
    change(now)
    as_it_ran = {stem: f"{stem} as it ran" for stem in kept.split()}
    assert freshness(report, now) == Freshness(kept=as_it_ran)


@pytest.mark.parametrize("value", [1.0, True, "1", {"a": 2, "b": 1}])
def test_what_a_notebook_would_show_otherwise_is_another_parameter(
    report: Path, value: object
) -> None:
    before = {"b": 1, "a": 2} if isinstance(value, dict) else 1
    write_made_from(report, wanted(limit=before))
    write_manifest(report)
    assert freshness(report, wanted(limit=before)).unchanged
    assert freshness(report, wanted(limit=value)) == Freshness()


TAMPERS = {
    "another byte": lambda f: (f / "01.ipynb").write_text("other"),
    "a file more": lambda f: (f / "more").write_text(""),
    "a file less": lambda f: (f / "01.ipynb").unlink(),
    "no record": lambda f: (f / MADE_FROM).write_text("{"),
}


@pytest.mark.parametrize("name", TAMPERS)
def test_nothing_is_kept_of_a_report_that_is_not_as_it_was_rendered(
    report: Path, name: str
) -> None:
    TAMPERS[name](report)
    assert freshness(report, wanted()) == Freshness()


@pytest.mark.parametrize("text", ["", "[]", '{"notebooks": 1}', '{"notebooks": {"01": 1}}', "null"])
def test_a_report_that_says_nothing_or_nonsense_is_made_anew(report: Path, text: str) -> None:
    (report / MADE_FROM).write_text(text) if text else (report / MADE_FROM).unlink()
    write_manifest(report)
    assert freshness(report, wanted()) == Freshness()
    (report / "SHA256SUMS").write_bytes(b"\xff")
    assert freshness(report, wanted()) == Freshness()
