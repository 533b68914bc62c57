"""Do the commands that a coder runs again and again start without what they do not need?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from text_tables import words_of
from thoroughly import drawn

ROOT = Path(__file__).parents[1]
HEAVY = {
    *words_of("""
    pandas numpy matplotlib nbformat nbconvert nbclient papermill IPython ipykernel holidays
    distributed tqdm jinja2
""")
}
PIPES: dict[str, bool] = {"capture_output": True, "check": False}
REVIEWS = sorted(path.parent.name for path in (ROOT / "data").glob("*/review.toml"))


@pytest.mark.parametrize(
    "words", [["--help"], ["check", "--all"], *(["check", review] for review in drawn(REVIEWS))]
)
def test_help_and_check_import_nothing_heavy(words: list[str]) -> None:
    code = (
        "import sys\nfrom casechron.cli import main\ntry: left = main(sys.argv[1:])\nexcept"
        " SystemExit as end: left = end.code\nprint('loaded:', *sorted({name.partition('.')[0] for"
        " name in sys.modules}))\nsys.exit(left)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.splitlines()[-1].split()[1:])
    # The standard library is there, so the list is one of modules; nothing heavy is.
    assert {"argparse", "casechron"} <= loaded
    assert loaded & HEAVY == set()


def test_the_package_is_its_command() -> None:
    begun = [
        subprocess.run([sys.executable, *words, "codebook", "--nothing"], text=True, **PIPES)
        for words in (["-m", "casechron"], ["-c", "from casechron.cli import main; main()"])
    ]
    assert begun[0].stderr.startswith("usage: casechron ")
    assert {(done.stderr, done.returncode) for done in begun} == {(begun[0].stderr, 2)}
