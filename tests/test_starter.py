"""Can somebody work who has the package and nothing of this repository?"""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from casechron.cli import main
from casechron.coding.reviews import ReviewError
from casechron.coding.starter import begin, starter

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
    assert there == {
        **{f"notebooks/{name}": (ROOT / "notebooks" / name).read_bytes() for name in NOTEBOOKS},
        "docs/method.md": (ROOT / "docs" / "method.md").read_bytes(),
    }
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
        == f"{tmp_path} is not empty (.gitignore, casechron.toml, data, …); name a new folder, or"
        " copy the notebooks into it by hand"
    )
    assert main(["init", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"casechron: {refused.value}\n"
