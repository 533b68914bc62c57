"""Are the lock files what pyproject.toml asks for, and nothing but versions and hashes?"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = sorted(ROOT.glob("requirements*.lock"))
_LINE = re.compile(r"-r requirements\.lock|[\w.-]+==[\w.]+( ; [^/:@]+)? \\")
_HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")


def entries(name: str) -> dict[str, set[str]]:
    """The versions that a lock file has of each package."""
    versions: dict[str, set[str]] = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([\w.-]+)==([\w.]+)", line):
            versions.setdefault(match[1], set()).add(match[2])
    return versions


def declared(*extras: str) -> dict[str, str]:
    """What pyproject.toml asks for, and the least that it allows."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"]]
    lines += [line for extra in extras for line in project["optional-dependencies"][extra]]
    lines += (ROOT / "requirements.build").read_text(encoding="utf-8").split()
    return dict(re.match(r"([\w-]+)>=([\d.]+)(?:,<\d+)?$", line).groups() for line in lines)


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_locks_have_versions_and_hashes_and_no_address(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines
    assert [line for line in lines if not (_LINE.fullmatch(line) or _HASH.fullmatch(line))] == []


def test_the_lowest_versions_that_are_tried_are_those_that_are_declared() -> None:
    tried = entries("requirements.lock") | entries("requirements-lowest.lock")
    for name, least in declared("test", "cluster", "pdf", "nbval").items():
        (version,) = tried[name]
        assert re.sub(r"(\.0)+$", "", version) == re.sub(r"(\.0)+$", "", least), (
            f"{name}: pyproject.toml allows {least}, and {version} is tried; run make lock"
        )


def test_no_lock_repeats_what_another_has() -> None:
    locked = set(re.findall(r"^\S.*$", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    for name in ("requirements-docs.lock", "requirements-lab.lock", "requirements-lowest.lock"):
        listed = re.findall(r"^\w.*$", (ROOT / name).read_text(), re.MULTILINE)
        assert listed
        assert locked.isdisjoint(listed)
    for extra in ("docs", "lab"):
        assert set(declared(extra)) <= {
            *entries("requirements.lock"),
            *entries(f"requirements-{extra}.lock"),
        }
