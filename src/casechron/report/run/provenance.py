"""What was a report made from, and is it still that?

Each report holds ``made_from.json``: hashes of its review's data, of the project's own questions
and of each notebook, with the parameters that it was given, and the version of casechron. Nothing
of a machine or of a version of Python is in it, so that a report that was committed is known again
wherever it is checked out. If all of that is as it was, and every byte is as the manifest says, the
report is left alone. (`casechron check-reports` renders all anew and compares.)"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casechron import __version__
from casechron.coding.files import hash_of
from casechron.questions import questions_package
from casechron.report.execution import Task
from casechron.report.export import MANIFEST, check_manifest, write_text
from casechron.report.text.english import listed

MADE_FROM = "made_from.json"
#: The parts of it beside the notebooks, in words.
_PARTS = {
    "data": "its data",
    "casechron": "the version of casechron",
    "questions": "the project's own questions",
}


def questions_key(project_root: Path) -> str:
    """The SHA-256 of the package of the project's own questions, or ``none``.

    Raises `QuestionsError` for a package that is named and is not there."""
    package = questions_package(project_root)
    if package is None:
        return "none"
    files = sorted(path for path in package.rglob("*") if path.is_file())
    sources = [path for path in files if "__pycache__" not in path.parts]
    return hash_of(
        (path.relative_to(package.parent).as_posix(), path.read_bytes()) for path in sources
    )


def made_from(data: str, questions: str, tasks: Sequence[Task]) -> dict[str, Any]:
    """What the report of a review is made from, as ``made_from.json`` holds it.

    `data` is its `data_key`, taken before anything was read of the review: what is saved meanwhile
    is then not overlooked."""
    record = {
        "data": data,
        "casechron": __version__,
        "questions": questions,
        "notebooks": {
            task.page.stem: {
                "source": hashlib.sha256(task.source.encode("utf-8")).hexdigest(),
                "parameters": task.parameters,
            }
            for task in tasks
        },
    }
    # As it will be when it is read again; a value that JSON does not know is known by its looks.
    read: dict[str, Any] = json.loads(json.dumps(record, default=repr))
    return read


def write_made_from(folder: Path, record: dict[str, Any]) -> None:
    """Write ``made_from.json`` into a report."""
    write_text(folder / MADE_FROM, json.dumps(record, ensure_ascii=False, indent=1) + "\n")


@dataclass(frozen=True, slots=True)
class Freshness:
    """How a report stands to what it would now be made from.

    `files` are as the manifest says, if it is `unchanged`; else `why` it is to be rendered, and
    `kept` holds by stem what of its executed notebooks would be no different."""

    unchanged: bool = False
    files: int = 0
    why: str = ""
    kept: dict[str, str] = field(default_factory=dict, hash=False)


def freshness(folder: Path, expected: dict[str, Any]) -> Freshness:
    """How the report in `folder` stands to what it is now to be made from; every byte of it is
    read."""
    if not (folder / MANIFEST).is_file():
        return Freshness()
    try:
        breaches = check_manifest(folder)
        file = folder / MADE_FROM
        text = file.read_text(encoding="utf-8") if file.is_file() and not breaches else ""
        recorded = json.loads(text or "null")
    except (OSError, ValueError) as error:
        breaches, text, recorded = [f"{type(error).__name__}: {error}"], "", None
    if breaches:
        more = f" and {len(breaches) - 1} more" if len(breaches) > 1 else ""
        return Freshness(why=f"it was not as it had been rendered ({breaches[0]}{more})")
    if not text:
        return Freshness(why="it did not say what it was made from")
    notebooks = recorded.get("notebooks") if isinstance(recorded, dict) else None
    if not isinstance(notebooks, dict) or not all(isinstance(n, dict) for n in notebooks.values()):
        return Freshness(why=f"its {MADE_FROM} could not be read")
    if _same(recorded, expected):
        lines = (folder / MANIFEST).read_text(encoding="utf-8").splitlines()
        return Freshness(unchanged=True, files=len(lines))
    return _compared(folder, recorded, expected)


def _same(first: Any, second: Any) -> bool:
    """Whether two things are the same as JSON: 1, 1.0 and true are not, nor are two orders; a
    notebook shows the difference."""
    return json.dumps(first) == json.dumps(second)


def _compared(folder: Path, recorded: dict[str, Any], expected: dict[str, Any]) -> Freshness:
    """What has changed, in words, and the executed notebooks that would be no different if they ran
    again."""
    changed = [words for part, words in _PARTS.items() if recorded.get(part) != expected[part]]
    before, now = recorded["notebooks"], expected["notebooks"]
    both = [stem for stem in now if stem in before]
    same = [folder / f"{stem}.ipynb" for stem in both if _same(before[stem], now[stem])]
    kept = [path for path in same if path.is_file() and not changed]
    changed += [stem for stem in both if before[stem].get("source") != now[stem]["source"]]
    if any(not _same(before[stem].get("parameters"), now[stem]["parameters"]) for stem in both):
        changed.append("the parameters")
    new = [stem for stem in now if stem not in before]
    gone = [stem for stem in before if stem not in now]
    parts = [
        f"{listed(stems)} {what}"
        for stems, what in ((changed, "changed"), (new, "came to it"), (gone, "went"))
        if stems
    ]
    why = ", ".join(parts) or "what it is made from is written otherwise"
    return Freshness(why=why, kept={path.stem: path.read_text(encoding="utf-8") for path in kept})
