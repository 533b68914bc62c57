"""Do simulated reviews come out the same wherever they are made, and can a project be made of
them?"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from casechron.coding.codebook import codebook
from casechron.coding.expand import expand
from casechron.coding.sheets import Row, form_text
from casechron.report.export import check_manifest
from casechron.report.page.build import INDEX
from casechron.report.render import render_all
from sheet_cases import differences, without_origin, wrong_lines
from simulate import main
from simulation import simulate, write_reviews
from simulation.as_form import as_form
from thoroughly import walked

ROOT = Path(__file__).parents[1]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def asked(out: Path) -> list[str]:
    return [
        "--reviews",
        "3",
        "--seed",
        "9",
        "--events",
        "12-30",
        "--vagueness",
        "0.8",
        "--undated",
        "0.3",
        "--policy",
        "winter=ends",
        "--out",
        str(out),
    ]


def test_the_same_seed_gives_the_same_bytes_whatever_is_around_it(tmp_path: Path) -> None:
    assert main(asked(tmp_path / "here")) == 0
    here = contents(tmp_path / "here")
    sheets = [name for name in here if name.endswith("/events.csv")]
    assert len(sheets) == 3
    for hashes, zone, language in (("0", "Asia/Tokyo", "C"), ("4711", "America/Lima", "C.UTF-8")):
        out = tmp_path / hashes
        around = {**os.environ, "PYTHONHASHSEED": hashes, "TZ": zone, "LC_ALL": language}
        command = [sys.executable, str(ROOT / "validation" / "simulate.py"), *asked(out)]
        subprocess.run(command, env=around, cwd=tmp_path, check=True, capture_output=True)
        assert contents(out) == here
    assert main(["--reviews", "3", "--seed", "10", "--out", str(tmp_path / "other")]) == 0
    other = contents(tmp_path / "other")
    assert not [name for name in here if name.endswith("events.csv") and here[name] == other[name]]


def test_what_the_command_line_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "invented"
    assert main(["--reviews", "1", "--events", "8", "--relations", "2", "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"reviews written into {out}: 1\n"
    for name, rows in (("events", 8), ("relations", 2)):
        sheet = out / "data" / "simulated-0001" / f"{name}.csv"
        assert len(sheet.read_text(encoding="utf-8").splitlines()) == rows + 1


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (["--events", "many"], "--events many: write a whole number, or two as in 20-60"),
        (["--events", "5-9", "--seed", "3"], "5 events: a simulated review has from 8 to 400"),
        (["--reviews", "0"], "0 reviews: write a whole number from 1"),
        (["--policy", "winter"], "winter is ''; write one of: starts, ends"),
        (["--vagueness", "2"], "vagueness 2.0: it is a share, from 0 to 1"),
    ],
)
def test_wrong_usage_is_a_sentence_and_writes_nothing(
    wrong: list[str], why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    with pytest.raises(SystemExit) as ended:
        main(["--out", str(out), *wrong])
    assert ended.value.code == 2
    assert f"simulate.py: error: {why}" in capsys.readouterr().err
    assert not out.exists()


@walked("a simulated review")
def test_a_simulated_review_renders_through_every_notebook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under the default policy, one review of middling vagueness."""
    monkeypatch.delenv("CASECHRON_ROOT", raising=False)
    simulated = simulate(21, events=26, vagueness=0.7, undated=0.25)
    write_reviews([simulated], tmp_path)
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    notebooks = sorted((tmp_path / "notebooks").glob("0[1-7]*.ipynb"))
    assert len(notebooks) == 7
    assert render_all(tmp_path, jobs=1, progress=False).failures == ()
    report = tmp_path / "reports" / simulated.id
    assert check_manifest(report) == []
    for notebook in notebooks:
        stem = "index" if notebook.stem == INDEX else notebook.stem
        page = (report / f"{stem}.html").read_text(encoding="utf-8")
        assert "Simulated review 1 (seed 21)" in page
        assert "This review is invented by a program" in page
    assert not [
        path for path in report.rglob("*") if path.is_file() and b",point,day" in path.read_bytes()
    ]


# ---------------------------------------------------------------- written in the form


DRAWN = [(seed, 10 + seed % 50, seed % 10 / 10, seed % 5 / 8) for seed in range(6000, 6040)]


@pytest.mark.parametrize(("seed", "events", "vagueness", "undated"), DRAWN)
def test_a_simulated_review_is_written_and_read_back(
    seed: int, events: int, vagueness: float, undated: float
) -> None:
    review = simulate(seed, seed % 97 + 1, events=events, vagueness=vagueness, undated=undated)
    tables = review.tables
    sources = [
        {name: value for name, value in row.items() if name not in ("paragraphs", "salt", "digest")}
        | {"default": bool(row["paragraphs"])}
        for row in tables["sources"]
    ]
    written = as_form(tables, review.text)
    forms = {
        name: [Row(line, dict(cells)) for line, cells in enumerate(rows, start=2)]
        for name, rows in written.items()
    }
    done = expand(forms, sources)
    assert wrong_lines(done) == [str(one) for one in done.to_do] == []
    assert differences(tables, done) == []
    assert without_origin(done, forms) == []
    # And back: the tidy tables make the very same sheets again, byte for byte.
    back = {
        name: [{one: made.cells.get(one, "") for one in table.header} for made in done.tables[name]]
        for name, table in codebook().tables.items()
    }
    again = as_form(back, review.text)
    assert {name: form_text(name, rows) for name, rows in again.items()} == {
        name: form_text(name, rows) for name, rows in written.items()
    }
