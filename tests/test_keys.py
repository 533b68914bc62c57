from __future__ import annotations

import json
import os
import re
import shutil
from importlib import metadata
from pathlib import Path

import pytest

import casechron
from casechron.reporting import keys
from casechron.reporting.export import Page, ReviewFacts, write_manifest
from casechron.reporting.tasks import Task

ROOT = Path(__file__).parents[1]


@pytest.fixture
def review(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "alpha-2001"
    (folder / "codings" / "second").mkdir(parents=True)
    (folder / "review.toml").write_text("title = 'x'")
    (folder / "events.csv").write_text("id\ne1\n")
    (folder / "codings" / "second" / "events.csv").write_text("id\ne2\n")
    return folder


# ---- the data


def test_every_file_that_a_notebook_can_read_is_in_the_key(review):
    seen = {keys.data_key(review)}
    for name in ("review.toml", "events.csv", "codings/second/events.csv"):
        with (review / name).open("a") as file:
            file.write("\n")
        seen.add(keys.data_key(review))
    (review / "events.csv").rename(review / "event.csv")
    seen.add(keys.data_key(review))
    assert len(seen) == 5
    assert list(keys.data_files(review)) == [
        "codings/second/events.csv",
        "event.csv",
        "review.toml",
    ]


def test_what_no_notebook_reads_is_not(review):
    before = keys.data_key(review)
    for name in ("notes.docx", ".events.csv", ".idea/x.toml", "codings/.hidden/events.csv"):
        (review / name).parent.mkdir(exist_ok=True)
        (review / name).write_text("x")
    assert keys.data_key(review) == before


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_linked_folders_are_in_the_key_as_a_notebook_finds_them(review, tmp_path):
    (review / "codings").rename(tmp_path / "elsewhere")
    (review / "codings").symlink_to(tmp_path / "elsewhere")
    assert list(keys.data_files(review)) == [
        "codings/second/events.csv",
        "events.csv",
        "review.toml",
    ]
    before = keys.data_key(review)
    (tmp_path / "elsewhere" / "second" / "events.csv").write_text("id\ne3\n")
    assert keys.data_key(review) != before
    # A ring ends nowhere, and holds nothing that is not in the key already.
    before = keys.data_key(review)
    (review / "again").symlink_to(review)
    (tmp_path / "elsewhere" / "back").symlink_to(tmp_path / "elsewhere")
    (review / "gone.csv").symlink_to(tmp_path / "nowhere")
    assert keys.data_key(review) == before


# ---- modules of the project


def test_the_modules_that_a_notebook_can_import_have_a_key(tmp_path):
    (tmp_path / "notebooks" / "deeper").mkdir(parents=True)
    (tmp_path / "notebooks" / "deeper" / "x.py").write_text("")
    seen = [keys.modules_key(tmp_path)]
    assert seen == ["none"]
    for name, text in (
        ("notebooks/helper.py", ""),
        ("notebooks/helper.py", "a = 1"),
        ("helper.py", "a = 1"),
    ):
        (tmp_path / name).write_text(text)
        seen.append(keys.modules_key(tmp_path))
    assert len(set(seen)) == 4
    assert list(keys.module_files(tmp_path)) == ["helper.py", "notebooks/helper.py"]


# ---- the package


def test_the_package_has_one_key_wherever_it_lies_and_another_for_each_change(
    tmp_path, monkeypatch
):
    here = Path(casechron.__file__).parent
    keys.package_key.cache_clear()
    before = keys.package_key()
    there = tmp_path / "casechron"
    shutil.copytree(here, there)
    monkeypatch.setattr(casechron, "__file__", str(there / "__init__.py"))

    def key() -> str:
        keys.package_key.cache_clear()
        return keys.package_key()

    try:
        assert key() == before
        (there / "__pycache__").mkdir(exist_ok=True)
        (there / "__pycache__" / "x.pyc").write_bytes(b"x")
        assert key() == before
        for suffix in (".py", ".toml", ".j2", ".css", ".js"):
            found = sorted(there.rglob(f"*{suffix}"))[-1]
            text = found.read_text(encoding="utf-8")
            found.write_text(text + "\n", encoding="utf-8")
            # What this process began with is remembered, and what is there now is seen.
            assert keys.package_key() == before
            assert keys.package_changed(before), found
            assert key() != before, found
            found.write_text(text, encoding="utf-8")
            assert not keys.package_changed(before)
            link = there / f"gone{suffix}"
            link.symlink_to(there / "nowhere")
            assert keys.package_changed(before)
            link.unlink()
            assert key() == before
    finally:
        keys.package_key.cache_clear()


# ---- the packages of others


def test_the_lock_of_the_project_says_which_packages_are_in_use_if_they_are(tmp_path, monkeypatch):
    installed = {"numpy": "2.4.6", "pandas": "3.1.1"}
    monkeypatch.setattr(keys, "versions", lambda: installed)
    without = keys.lock_key(tmp_path)
    assert without.startswith("versions ")
    lock = tmp_path / "requirements.lock"
    text = (
        "numpy==2.4.6 ; python_version < '3.12' \\\n  --hash=sha256:0\nnumpy==2.5.5 ;"
        " python_version > '3.11'\nPandas==3.1.1\n"
    )
    lock.write_text(text)
    locked = keys.lock_key(tmp_path)
    assert locked.startswith("lock ")
    # Another Python, for which the same lock pins another version.
    installed["numpy"] = "2.5.5"
    assert keys.lock_key(tmp_path) == locked
    # Not what the lock says: then what is installed is said, and the report is none of the lock's.
    installed["numpy"] = "2.6.0"
    assert keys.lock_key(tmp_path).startswith("versions ")
    assert keys.lock_key(tmp_path) != without
    installed["numpy"] = "2.4.6"
    lock.write_text("# other words\n" + text)
    assert keys.lock_key(tmp_path).startswith("lock ")
    assert keys.lock_key(tmp_path) != locked
    lock.write_text("numpy==2.4.6\n")
    assert keys.lock_key(tmp_path) == without


def test_the_lock_of_this_repository_is_in_use_here():
    assert keys.lock_key(ROOT).startswith("lock ")


def test_all_that_the_package_depends_on_is_in_the_key_but_the_bar():
    import tomllib

    said = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "dependencies"
    ]
    assert {line.split(">")[0] for line in said} - {"tqdm"} <= set(keys.DISTRIBUTIONS)
    # What they draw and calculate with.
    for name in ("matplotlib", "pandas"):
        needed = [
            line
            for line in metadata.requires(name) or []
            if "extra" not in line and "sys_platform" not in line
        ]
        assert {re.split(r"[^\w.-]", line)[0].lower() for line in needed} <= set(
            keys.DISTRIBUTIONS
        ), name
    assert "none" not in keys.versions().values()


# ---- how a report stands


def tasks(*stems: str, **parameters: object) -> list[Task]:
    facts = ReviewFacts("alpha-2001", "x")
    return [
        Task(Page(stem, "When?"), f"source of {stem}", facts, {"policy": {}, **parameters}, Path())
        for stem in stems
    ]


def report(folder: Path, said: dict[str, object]) -> Path:
    folder.mkdir()
    for stem in said["notebooks"]:
        (folder / f"{stem}.ipynb").write_text(f"{stem} as it ran")
    keys.write_made_from(folder, said)
    write_manifest(folder)
    return folder


def test_a_report_that_nothing_has_changed_for_is_known(review, tmp_path):
    said = keys.made_from(keys.data_key(review), tasks("01", "02"), "lock 1")
    assert keys.standing(tmp_path / "r", said) == keys.Standing()
    folder = report(tmp_path / "r", said)
    assert keys.standing(folder, said) == keys.Standing(unchanged=True, files=3)
    assert json.loads((folder / "made_from.json").read_text())["packages"] == "lock 1"


@pytest.mark.parametrize(
    ("change", "why", "kept"),
    [
        (lambda said: said.update(data="0"), "its data changed", []),
        (
            lambda said: said.update(casechron="0", packages="0"),
            "casechron and the packages in use changed",
            [],
        ),
        (lambda said: said["notebooks"]["02"].update(source="0"), "02 changed", ["01"]),
        (
            lambda said: said["notebooks"]["02"].update(parameters={}),
            "the parameters changed",
            ["01"],
        ),
        (lambda said: said["notebooks"].pop("02"), "02 went", ["01"]),
        (
            lambda said: said["notebooks"].update({"03": {"source": "0"}}),
            "03 came to it",
            ["01", "02"],
        ),
    ],
    ids=["data", "package", "source", "parameters", "gone", "new"],
)
def test_what_has_changed_is_said_and_the_rest_is_kept(review, tmp_path, change, why, kept):
    folder = report(
        tmp_path / "r", keys.made_from(keys.data_key(review), tasks("01", "02"), "lock 1")
    )
    wanted = keys.made_from(keys.data_key(review), tasks("01", "02"), "lock 1")
    change(wanted)
    assert keys.standing(folder, wanted) == keys.Standing(
        why=why, kept={stem: f"{stem} as it ran" for stem in kept}
    )


@pytest.mark.parametrize("other", [1.0, True, "1", {"b": 1, "a": 2}])
def test_what_a_notebook_would_show_otherwise_is_another_parameter(review, tmp_path, other):
    data, had = keys.data_key(review), {"b": 1, "a": 2} if isinstance(other, dict) else 1
    folder = report(tmp_path / "r", keys.made_from(data, tasks("01", limit=had), "lock 1"))
    assert keys.standing(folder, keys.made_from(data, tasks("01", limit=had), "lock 1")).unchanged
    now = {"a": 2, "b": 1} if isinstance(other, dict) else other
    wanted = keys.made_from(data, tasks("01", limit=now), "lock 1")
    assert keys.standing(folder, wanted) == keys.Standing(why="the parameters changed")


@pytest.mark.parametrize(
    ("tamper", "why"),
    [
        (
            lambda folder: (folder / "01.ipynb").write_text("other"),
            "01.ipynb differs from SHA256SUMS",
        ),
        (
            lambda folder: (folder / "more").write_text(""),
            "more is in the folder but not in SHA256SUMS",
        ),
        (
            lambda folder: (folder / "01.ipynb").unlink(),
            "01.ipynb is in SHA256SUMS but not in the folder",
        ),
        (
            lambda folder: (folder / "made_from.json").write_text("{"),
            "made_from.json differs from SHA256SUMS",
        ),
    ],
    ids=["changed", "extra", "missing", "key"],
)
def test_nothing_is_kept_of_a_report_that_is_not_as_it_was_rendered(review, tmp_path, tamper, why):
    said = keys.made_from(keys.data_key(review), tasks("01"), "lock 1")
    folder = report(tmp_path / "r", said)
    tamper(folder)
    assert keys.standing(folder, said) == keys.Standing(
        why=f"it was not as it had been rendered ({why})"
    )


def test_a_report_that_says_nothing_or_nonsense_of_its_making_is_no_obstacle(review, tmp_path):
    said = keys.made_from(keys.data_key(review), tasks("01"), "lock 1")
    folder = report(tmp_path / "r", said)
    (folder / "made_from.json").unlink()
    write_manifest(folder)
    assert keys.standing(folder, said) == keys.Standing(why="it did not say what it was made from")
    for nonsense in ("[]", '{"notebooks": 1}', '{"notebooks": {"01": 1}}', "null"):
        (folder / "made_from.json").write_text(nonsense)
        write_manifest(folder)
        found = keys.standing(folder, said)
        assert (found.unchanged, found.kept) == (False, {})
        assert found.why == "its made_from.json could not be read"
    (folder / "SHA256SUMS").write_bytes(b"\xff")
    assert keys.standing(folder, said).why.startswith(
        "it was not as it had been rendered (UnicodeDecodeError: "
    )
