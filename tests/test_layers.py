"""Do imports run one way, and does nothing in the package or the notebooks know a single review?"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "casechron"
#: Each room, and the rooms that it may import from beside itself.
ROOMS = {
    "dates": (),
    "coding": ("dates",),
    "chronology": ("dates", "coding"),
    "review": ("dates", "coding", "chronology"),
    "analysis": ("dates", "coding", "chronology", "review"),
    "__init__": ("dates", "review", "analysis", "report"),
    "report": ("dates", "coding", "chronology", "analysis", "review"),
    "exchange": ("coding", "review", "analysis", "report"),
    "checking": ("dates", "coding", "chronology"),
    "reconciling": ("coding", "review", "analysis"),
    "coding_commands": (
        *("dates", "coding", "review", "checking", "reconciling", "analysis", "report", "exchange"),
    ),
    "cli": ("coding", "checking", "coding_commands"),
    "__main__": ("cli",),
}
OF_A_PAGE = {"cards", "in_words", "key_points"}
MODULES = sorted(SOURCE.rglob("*.py"))


def room_of(dotted: str) -> str:
    parts = dotted.split(".")
    return parts[1] if len(parts) > 1 else ""


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, (
                f"{path.relative_to(ROOT)} line {node.lineno}: import by full name, not relatively"
            )
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in names if name.split(".")[0] == "casechron"}


def test_imports_run_one_way() -> None:
    wrong = {}
    for path in MODULES:
        room = path.relative_to(SOURCE).with_suffix("").parts[0]
        # What is in no room may import from none.
        closed = set(ROOMS) - {room, *ROOMS[room]} if room in ROOMS else set(ROOMS)
        if crossing := sorted(name for name in imported(path) if room_of(name) in closed):
            wrong[str(path.relative_to(SOURCE))] = crossing
    assert wrong == {}, "what modules import and may not"
    assert len(MODULES) > 80


def test_no_module_waits_for_itself() -> None:
    """What is imported when a module begins leads back to it by no way; only what functions import
    when they run may."""
    names = {
        ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(".__init__")
        for path in MODULES
    }
    begins: dict[str, set[str]] = {}
    for path in MODULES:
        module = ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts)
        module = module.removesuffix(".__init__")
        wanted = begins[module] = set()
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom) and node.module in names:
                inner = {f"{node.module}.{alias.name}" for alias in node.names}
                wanted |= inner & names
                wanted |= {node.module} if inner - names else set()
            elif isinstance(node, ast.Import):
                wanted |= {alias.name for alias in node.names} & names
    assert len(begins) > 80
    # A circle is a CycleError that names its modules.
    TopologicalSorter(begins).prepare()


def test_no_word_of_a_page_follows_the_language_of_the_machine() -> None:
    """`calendar` has the names of months and days in the locale of the process."""
    asks = re.compile(r"\b(month_name|month_abbr|day_name|day_abbr)\b|strftime\([^)]*%[aAbBcxX]")
    assert [path.name for path in MODULES if asks.search(path.read_text(encoding="utf-8"))] == []


def test_no_module_is_longer_than_a_reader_reads() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    long = {str(path): many for path, many in lines.items() if many >= 500}
    assert long == {}, "a module has fewer than 500 lines: a question gets a module of its own"


def test_no_two_modules_give_one_name_to_two_things() -> None:
    """But for what notebooks call by the name of a page's module, as `cc.words.story.in_words`."""
    places = defaultdict(set)
    for path in MODULES:
        if "example" in path.parts:
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                places[node.name].add(str(path.relative_to(SOURCE)))
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for part in (part for target in targets for part in ast.walk(target)):
                    if isinstance(part, ast.Name):
                        places[part.id].add(str(path.relative_to(SOURCE)))
    alike = {
        name: sorted(where)
        for name, where in places.items()
        if len(where) > 1 and not name.startswith("_") and name not in OF_A_PAGE
    }
    assert alike == {}


def test_no_cell_of_joined_values_is_split_again() -> None:
    """Cells that a coder or timescales.csv joins are read once; a table has lists."""
    parts_a_cell = {
        str(path.relative_to(SOURCE))
        for path in MODULES
        if room_of(f"casechron.{path.relative_to(SOURCE).parts[0]}") in ("analysis", "report")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") in ("split", "partition")
        if any(isinstance(of, ast.Constant) and of.value in ("; ", ";", " · ") for of in call.args)
    }
    # Besides: the help of a table, a style of matplotlib's SVG, the reason of a reading.
    assert parts_a_cell == {
        "analysis/clocks.py",
        "analysis/tables.py",
        "report/draw/svg.py",
        "report/text/sensitivity.py",
    }


def test_simulated_reviews_are_made_without_what_they_test() -> None:
    paths = sorted((ROOT / "validation" / "simulation").glob("*.py"))
    rooms = {room_of(name) for path in paths for name in imported(path)}
    assert rooms == {"dates", "coding", "chronology"}


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


def test_every_module_that_contributing_names_is_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:\w+/)*\w+\.(?:py|toml))`", text))
    assert len(named) > 20
    roots = (ROOT, SOURCE, SOURCE / "coding", ROOT / "data" / "child-w-manchester-2020")
    # A project has its own of this one.
    named.remove("casechron.toml")
    lost = sorted(path for path in named if not any((root / path).is_file() for root in roots))
    assert lost == [], "files that CONTRIBUTING.md names and nobody has"
    _, way = text.split("### Where to look")
    names = set(re.findall(r"[(, ]`(\w+)`[),]", way.split("## Add a review")[0]))
    source = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    assert len(names) > 10
    assert names <= set(re.findall(r"\w+", source)), "names that are nowhere in the source"
    rooms = set(re.findall(r"`(\w+)[/`.]", way))
    there = {path.stem for path in SOURCE.iterdir()} - {"__init__", "__pycache__", "py"}
    assert there <= rooms, "rooms and modules at the top that CONTRIBUTING.md does not name"
