"""Is what CI skips seen?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from thoroughly import EVERY

HERE = Path(__file__).parent
SKIPS = {
    "test_by_mark.py": (
        "import pytest\n@pytest.mark.skip(reason='by mark')\ndef test_it(): pass\n"
        "@pytest.mark.xfail(reason='known')\ndef test_known(): assert False\n"
        "def test_right(): pass\n"
    ),
    "test_by_call.py": "import pytest\ndef test_it(): pytest.skip('by call')\n",
    "test_by_fixture.py": (
        "import pytest\n@pytest.fixture\ndef thing(): pytest.skip('by fixture')\n"
        "def test_it(thing): pass\n"
    ),
    "test_by_module.py": "import pytest\npytest.importorskip('no_such_module_at_all')\n",
    "elsewhere/by_doctest.py": '"""\n>>> 1 + 1  # doctest: +SKIP\n3\n"""\n',
}


def run(folder: Path, *options: str) -> tuple[int, str]:
    for name, text in SKIPS.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    (folder / "nothing_skipped.py").write_text(
        f"import sys\nsys.path.append({str(HERE)!r})\nfrom thoroughly import NothingSkipped\n"
        "def pytest_configure(config): config.pluginmanager.register(NothingSkipped())\n"
    )
    (folder / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
    command = [sys.executable, "-m", "pytest", "--doctest-modules", "-p", "no:cacheprovider"]
    command += ["--continue-on-collection-errors", *options]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout


@pytest.mark.parametrize("workers", ["-n1" if EVERY else "-n0"])
def test_a_skip_is_a_failure_where_all_is_looked_at(tmp_path: Path, workers: str) -> None:
    code, output = run(tmp_path, "-p", "nothing_skipped", workers)
    assert code == 1
    counted = output.splitlines()[-1]
    # What is skipped before a test begins, or while a module is read, is an error to pytest.
    for part in ("2 failed", "1 passed", "1 xfailed", " errors"):
        assert part in counted, output
    assert "skipped" not in counted
    for reason in ("by mark", "by call", "by fixture", "no_such_module_at_all", "all tests skip"):
        assert reason in output
    assert "With CASECHRON_EVERY=1 nothing may be skipped" in output


def test_elsewhere_a_skip_is_a_skip(tmp_path: Path) -> None:
    code, output = run(tmp_path, "-n0")
    assert code == 0, output
    assert "1 passed, 6 skipped, 1 xfailed" in output
