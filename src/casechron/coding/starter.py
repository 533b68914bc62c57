"""What does somebody begin with who has the package and no project?"""

from __future__ import annotations

import re
import shutil
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import casechron
from casechron.coding.reviews import ReviewError

__all__ = ["begin", "example", "starter"]

#: What git need not keep of a project.
_IGNORED = """\
.venv/
__pycache__/
.pytest_cache/
.ipynb_checkpoints/
*.part
*.xlsx
.read-sheet.json
reports/.*
build/
"""


def starter() -> Path:
    """The folder of the notebooks and documents that come with the package, wherever it lies.

    An installed package holds them; in a clone they are the clone's own.

    >>> sorted(path.name for path in (starter() / "notebooks").glob("*.ipynb"))[0]
    '01_coding.ipynb'
    """
    package = Path(casechron.__file__).parent
    packed = package / "starter"
    return packed if packed.is_dir() else package.parents[1]


def example() -> Path:
    """The folder of the invented review that comes with the package, with its texts.

    >>> (example() / "sources" / "report.md").is_file()
    True
    """
    declared = sorted((starter() / "data").glob("*/review.toml"))
    return next(
        path.parent for path in declared if tomllib.loads(path.read_text("utf-8")).get("invented")
    )


def begin(project: Path, *, with_example: bool = False) -> list[str]:
    """Make a new project, ready for git: ``data/`` for reviews, the package's ``notebooks/``, one
    worked question of the project's own, a workflow that holds all to account, and the versions of
    all that is in use here; the names of the notebooks.

    In ``data/`` is the invented review, where that is asked for.

    Raises `ReviewError` where the folder holds anything already.
    """
    inside = project.iterdir() if project.is_dir() else ()
    if there := sorted(path.name for path in inside if path.name != ".git"):
        some = ", ".join([*there[:3], *["…"] * (len(there) > 3)])
        message = f"{project} is not empty ({some}); name a new folder"
        raise ReviewError(f"{message}, or copy the notebooks into it by hand")
    (project / "data").mkdir(parents=True)
    worked = Path(casechron.__file__).parent / "example"
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(worked, project, ignore=unwanted, dirs_exist_ok=True)
    if with_example:
        shutil.copytree(example(), project / "data" / example().name)
    for notebook in (starter() / "notebooks").glob("*.ipynb"):
        shutil.copyfile(notebook, project / "notebooks" / notebook.name)
    workflow = project / ".github" / "workflows" / "reviews.yml"
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    text = workflow.read_text(encoding="utf-8")
    for path, written in {
        workflow: text.replace("PYTHON", python),
        project / "requirements.txt": _requirements(),
        project / ".gitignore": _IGNORED,
        # Reports and sources are known by their bytes: git leaves the ends of lines as they are.
        project / ".gitattributes": "* -text\n",
        # git keeps no empty folder, and a project is known by this one.
        project / "data" / ".gitkeep": "",
    }.items():
        path.write_text(written, encoding="utf-8", newline="")
    return sorted(path.name for path in (project / "notebooks").glob("*.ipynb"))


def _requirements() -> str:
    """casechron and all that it stands on, in the versions that are installed here; what only some
    systems need is left to pip, and no byte of a report depends on it."""
    lines, wanted = [f"casechron[nbval]=={casechron.__version__}"], ["casechron"]
    for name in wanted:
        try:
            installed = distribution(name)
        except PackageNotFoundError:  # nbval, where only casechron itself is installed
            continue
        if name != "casechron":
            lines.append(f"{name}=={installed.version}")
        for asked in installed.requires or ():
            needed, _, marker = asked.partition(";")
            package = re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", needed, maxsplit=1)[0]).lower()
            of_nbval = name == "casechron" and re.fullmatch(r"""\s*extra == .nbval.""", marker)
            if package not in wanted and (not marker or of_nbval):
                wanted.append(package)
    return "\n".join([lines[0], *sorted(lines[1:])]) + "\n"
