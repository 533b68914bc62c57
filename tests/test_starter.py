"""Can somebody work who has the package and nothing of this repository?"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
import zipfile
from operator import attrgetter
from pathlib import Path
from textwrap import dedent
from typing import Any

import pandas as pd
import pytest
from jupyter_client.manager import start_new_kernel

import casechron as cc
from a_good_review import NAME, good_review
from an_example_review import example_review
from casechron.cli import main
from casechron.coding.reviews import ReviewError
from casechron.coding.starter import EXAMPLE, begin, starter

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
OWN = "20_days_left_open.ipynb"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an installed package consists of: the wheel, unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    code = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    built = subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    with zipfile.ZipFile(folder / built.stdout.split()[-1]) as wheel:
        wheel.extractall(folder / "site")
    return folder / "site"


def casechron(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of the installed package, which does not see this repository."""
    told = {name: value for name, value in os.environ.items() if name != "CASECHRON_ROOT"}
    return subprocess.run(
        [sys.executable, "-m", "casechron.cli", *arguments],
        cwd=folder,
        env={**told, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_package_brings_its_notebooks_and_the_words_on_its_method(installed: Path) -> None:
    packed = installed / "casechron" / "starter"
    there = {
        path.relative_to(packed).as_posix(): path.read_bytes()
        for path in packed.rglob("*")
        if path.is_file()
    }
    brought = [
        *(ROOT / "notebooks" / name for name in NOTEBOOKS),
        ROOT / "docs" / "method.md",
        *(path for path in (ROOT / EXAMPLE).rglob("*") if path.is_file()),
    ]
    assert there == {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in brought}
    modules = {
        path.relative_to(ROOT / "src").as_posix()
        for path in (ROOT / "src" / "casechron").rglob("*")
        if path.is_file()
    }
    modules = {name for name in modules if "__pycache__" not in name}
    assert {name for name in modules if not (installed / name).is_file()} == set()


def test_a_project_is_begun_and_rendered_with_the_package_alone(
    installed: Path, tmp_path: Path
) -> None:
    lost = casechron(installed, tmp_path, "check", "--all")
    assert lost.returncode == 2
    assert lost.stderr.endswith("let CASECHRON_ROOT name it, or make one: casechron init FOLDER\n")
    begun = casechron(installed, tmp_path, "init", "study")
    assert (begun.returncode, begun.stderr) == (0, "")
    study = tmp_path / "study"
    assert sorted(path.name for path in (study / "notebooks").iterdir()) == [*NOTEBOOKS, OWN]
    invented = casechron(installed, tmp_path, "simulate", "--reviews", "1", "--out", "invented")
    assert invented.returncode == 0, invented.stderr
    (review,) = (tmp_path / "invented" / "data").iterdir()
    review.rename(study / "data" / review.name)
    for name in NOTEBOOKS[1:]:
        (study / "notebooks" / name).unlink()
    rendered = casechron(installed, study, "render", "--all")
    assert rendered.returncode == 0, rendered.stdout + rendered.stderr
    report = study / "reports" / review.name
    assert {"index.html", "handout.html"} <= {path.name for path in report.glob("*.html")}
    # The worked question of the project's own: its package is found, and its table is right.
    table = pd.read_csv(report / "tables" / "days_left_open.csv")
    bounds = pd.read_csv(report / "tables" / "coded_events.csv")
    assert len(table) > 0
    assert set(table["event"]) <= set(bounds["event"])
    page = (report / OWN.replace(".ipynb", ".html")).read_text(encoding="utf-8")
    assert "Of " in page
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in page
    # The repository's words on the method, not a page without any.
    assert "Dechter" in (study / "reports" / "method.html").read_text(encoding="utf-8")


def test_three_lines_in_a_fresh_kernel_give_bounds_and_waits(
    installed: Path, tmp_path: Path
) -> None:
    assert casechron(installed, tmp_path, "init", "study").returncode == 0
    folder = example_review(tmp_path / "study" / "data")
    lines = """
    import casechron as cc
    review = cc.read_review()
    display(cc.bounds(review), cc.response_gaps(review)[["concern", "state"]], cc.__file__)
    """
    told = {name: value for name, value in os.environ.items() if name != "CASECHRON_ROOT"}
    environment = {**told, "PYTHONPATH": str(installed)}
    at = str(tmp_path / "study")
    manager, client = start_new_kernel(kernel_name="python3", cwd=at, env=environment)
    shown: list[dict[str, Any]] = []
    try:
        client.execute_interactive(
            dedent(lines), output_hook=lambda said: shown.append(said["content"]), timeout=120
        )
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    data = [one["data"] for one in shown if "data" in one]
    assert len(data) == 3, shown
    bounds, waits, file = data
    assert str(installed) in file["text/plain"]
    with (folder / "events.csv").open(encoding="utf-8", newline="") as coded:
        ids = [row["id"] for row in csv.DictReader(coded) if row["id"]]
    assert ids
    assert [one for one in ids if f"<td>{one}</td>" not in bounds["text/html"]] == []
    states = {
        "answered by a step": 3,
        "without an answer on record": 2,
        "told or counted in another row": 1,
        "the end of the account": 1,
    }
    assert {one: waits["text/html"].count(f"<td>{one}</td>") for one in states} == states


MONTHS = """\
import casechron as cc
import matplotlib.pyplot as plt


def events_by_month(review):
    months = cc.bounds(review).merge(review.tables["events"], left_on="event", right_on="id")
    months["month"] = months["earliest"].astype("str").str[:7]
    by_month = months.groupby("month", as_index=False)
    return by_month.agg(events=("event", "size"), row=("event", "first"))


def words_on_events_by_month(table):
    most = table.loc[table["events"].idxmax()]
    text = f"Most began in {most['month']}: {most['events']} events."
    return [cc.show.Point(text, (most["row"],))]


def draw_events_by_month(table):
    ax = plt.subplots(figsize=(7, 3))[1]
    ax.barh(table["month"], table["events"])
    return ax
"""


def test_a_newcomer_makes_a_question_by_the_steps_of_the_readme(
    installed: Path, tmp_path: Path
) -> None:
    """A table, a finding and a chart, one call each; what goes wrong on the way is told."""
    assert casechron(installed, tmp_path, "init", "study").returncode == 0
    study = tmp_path / "study"
    good_review(study / "data")
    for name in {*NOTEBOOKS} - {"02_chronology.ipynb"}:
        (study / "notebooks" / name).unlink()
    worked = (study / "notebooks" / OWN).read_text(encoding="utf-8")
    own, notebook = study / "own_questions", study / "notebooks" / "21_events_by_month.ipynb"
    (study / "notebooks" / OWN).rename(notebook)
    (own / "__init__.py").write_text("from own_questions.events_by_month import *\n")
    report = study / "reports" / NAME

    def made(functions: str = MONTHS, needs: str = '["date"]') -> str:
        """What `casechron render` says of the question, with these functions and these needs."""
        (own / "events_by_month.py").write_text(functions)
        text = json.loads(worked.replace("days_left_open", "events_by_month"))
        text["cells"][0]["source"] = "# In which month did most begin?"
        text["cells"][0]["metadata"]["needs"] = json.loads(needs)
        notebook.write_text(json.dumps(text), encoding="utf-8")
        done = casechron(installed, study, "render", "--all")
        return done.stdout + done.stderr

    assert "1 report rendered" in made()
    table = pd.read_csv(report / "tables" / "events_by_month.csv")
    most = table.loc[table["events"].idxmax()]
    title = f"Most began in {most['month']}: {most['events']} events"
    page = (report / "21_events_by_month.html").read_text(encoding="utf-8")
    assert f"<h1>{title}.</h1>" in page
    drawings = re.findall(r'<div class="drawing (\w+)"><svg.*?</svg>', page, re.DOTALL)
    assert drawings == ["narrow", "wide"]
    for drawing in re.findall(r'<div class="drawing \w+"><svg.*?</svg>', page, re.DOTALL):
        drawn = re.findall(r"<text[^>]*>([^<]*)</text>", drawing)
        assert title in " ".join(drawn)
    # An error within the own package, an id that is no row, and a need that is not coded or none.
    line = MONTHS.splitlines().index('    most = table.loc[table["events"].idxmax()]') + 1
    told = made(MONTHS.replace('table["events"].idxmax', 'table["event"].idxmax'))
    assert f", own_questions/events_by_month.py, line {line}: KeyError: 'event'" in told
    told = made(MONTHS.replace('(most["row"],)', '("nowhere",)'))
    assert "names rows that the review does not have: 'nowhere'" in told
    assert "there is no file and no column 'dtae' of the form" in made(needs='["dtae"]')
    assert "21_events_by_month.ipynb: needs in the metadata of the first cell" in made(needs="null")
    assert "1 report rendered" in made(needs='["findings.facts"]')
    assert not (report / "21_events_by_month.html").exists()
    waits = "In which month did most begin?"
    assert f"No page on “{waits}”: it is not coded." in (report / "index.html").read_text()
    checked = casechron(installed, study, "check", NAME).stdout
    assert f"no page yet: {waits} Fill `facts` in findings.csv." in checked


def test_the_readme_of_a_project_names_what_there_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begin(tmp_path)
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    for command in {*re.findall(r"`casechron ([a-z-]+)", text)}:
        with pytest.raises(SystemExit) as asked:
            main([command, "--help"])
        assert asked.value.code == 0, command
    names = {*re.findall(r"\bcc\.(\w+(?:\.\w+)?)", text)}
    assert {"read_review", "show.points", "show.figure", "show.table", "show.keep"} <= names
    assert [name for name in names if not callable(attrgetter(name)(cc))] == []
    there = re.findall(r"`((?:notebooks|own_questions)/[\w./]*)`", text)
    assert [name for name in there if not (tmp_path / name).exists()] == []
    capsys.readouterr()


def test_a_project_is_begun_in_a_new_or_empty_folder_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert starter() == ROOT
    (tmp_path / ".git").mkdir()
    assert begin(tmp_path) == [*NOTEBOOKS, OWN]
    with pytest.raises(ReviewError) as refused:
        begin(tmp_path)
    assert (
        str(refused.value)
        == f"{tmp_path} is not empty (.gitignore, README.md, casechron.toml, …); name a new folder,"
        " or copy the notebooks into it by hand"
    )
    assert main(["init", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"casechron: {refused.value}\n"
