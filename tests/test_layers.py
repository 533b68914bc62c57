"""Do imports run one way, and does nothing in the package or the notebooks know a single review?"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "casechron"
#: Each room, and the rooms that it may import from beside itself.
ROOMS = {
    "coding": (),
    "chronology": ("coding",),
    "simulation": ("coding", "chronology"),
    "analysis": ("coding", "chronology"),
    "review": ("coding", "chronology"),
    "face": ("coding", "chronology", "analysis", "review"),
    "__init__": ("review", "face", "reporting"),
    "reporting": ("coding", "chronology", "simulation", "analysis", "review"),
    "exchange": ("coding", "review", "face", "reporting"),
    "checking": ("coding", "chronology"),
    "reconciling": ("coding", "review"),
    "coding_commands": ("coding", "review", "reconciling", "reporting", "exchange"),
    "cli": ("coding", "checking", "coding_commands", "simulation", "reporting"),
}
MODULES = sorted(SOURCE.rglob("*.py"))


def room_of(dotted: str) -> str:
    parts = dotted.split(".")
    return parts[1] if len(parts) > 1 else ""


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, (
                f"{path.relative_to(ROOT)} line {node.lineno}: import by full name, not relatively"
            )
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.split(".")[0] == "casechron"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_run_one_way(path: Path) -> None:
    own = path.relative_to(SOURCE).with_suffix("").parts[0]
    if own not in ROOMS:
        assert not {room_of(name) for name in imported(path)} & set(ROOMS), (
            f"{path.name} imports from a room"
        )
        return
    closed = set(ROOMS) - {own, *ROOMS[own]}
    wrong = sorted(name for name in imported(path) if room_of(name) in closed)
    assert not wrong, (
        f"{path.relative_to(SOURCE)} is in {own} and imports {wrong}, which it may not"
    )


def test_nothing_knows_one_review() -> None:
    reviews = [
        folder.name for folder in (ROOT / "data").iterdir() if (folder / "review.toml").is_file()
    ]
    assert len(reviews) >= 2
    texts = [
        *MODULES,
        *SOURCE.rglob("*.toml"),
        *SOURCE.rglob("*.j2"),
        *(ROOT / "notebooks").glob("*.ipynb"),
    ]
    for path in texts:
        text = path.read_text(encoding="utf-8")
        for review in reviews:
            assert review not in text, f"{path.relative_to(ROOT)} names the review {review}"


def test_the_coding_room_needs_no_pandas_at_import() -> None:
    for path in sorted((SOURCE / "coding").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        names = {getattr(node, "module", None) or node.names[0].name for node in top}
        heavy = {name.split(".")[0] for name in names} & {
            "pandas",
            "numpy",
            "matplotlib",
            "holidays",
            "papermill",
        }
        assert not heavy, (
            f"coding/{path.name} imports {sorted(heavy)} at its top; `casechron check` must start"
            " fast"
        )
