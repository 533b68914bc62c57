"""What does somebody begin with who has the package and no project?"""

from __future__ import annotations

import shutil
from pathlib import Path

import casechron
from casechron.coding.reviews import ReviewError

__all__ = ["EXAMPLE", "begin", "starter"]

#: The invented review that comes with the package, with its texts.
EXAMPLE = "data/child-e-example-2024"

#: What git need not keep of a project.
_IGNORED = ".venv/\n.ipynb_checkpoints/\n*.part\n*.xlsx\nreports/.*\nbuild/\n"


def starter() -> Path:
    """The folder of the notebooks and documents that come with the package, wherever it lies.

    An installed package holds them; in a clone they are the clone's own.

    >>> sorted(path.name for path in (starter() / "notebooks").glob("*.ipynb"))[0]
    '01_coding.ipynb'
    """
    package = Path(casechron.__file__).parent
    packed = package / "starter"
    return packed if packed.is_dir() else package.parents[1]


def begin(project: Path, *, with_example: bool = False) -> list[str]:
    """Make a new project: ``data/`` for reviews, the package's ``notebooks/`` and one worked
    question of the project's own; the names of the notebooks.

    In ``data/`` is the invented review, where that is asked for.

    Raises `ReviewError` where the folder holds anything already.
    """
    there = (
        sorted(path.name for path in project.iterdir() if path.name != ".git")
        if project.is_dir()
        else []
    )
    if there:
        some = ", ".join([*there[:3], *["…"] * (len(there) > 3)])
        raise ReviewError(
            f"{project} is not empty ({some}); name a new folder, or copy the notebooks into it by"
            " hand"
        )
    (project / "data").mkdir(parents=True)
    worked = Path(casechron.__file__).parent / "example"
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(worked, project, ignore=unwanted, dirs_exist_ok=True)
    if with_example:
        shutil.copytree(starter() / EXAMPLE, project / EXAMPLE)
    for notebook in (starter() / "notebooks").glob("*.ipynb"):
        shutil.copyfile(notebook, project / "notebooks" / notebook.name)
    names = sorted(path.name for path in (project / "notebooks").glob("*.ipynb"))
    (project / ".gitignore").write_text(_IGNORED, encoding="utf-8")
    return names
