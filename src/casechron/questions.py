"""May a project have questions of its own? One package, which its ``casechron.toml`` names.

It is looked for last, after the standard library and all that is installed, and nothing else of the
project's folder is looked for at all: what lies beside downloaded tables is never imported."""

from __future__ import annotations

# Each import of casechron imports this module, so slow modules are imported where needed.
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from pathlib import Path
    from types import ModuleType

__all__ = ["ROOT_VARIABLE", "SETTINGS", "QuestionsError", "install_finder", "questions_package"]

#: The file of a project's settings, beside its ``data/``, and its only key.
SETTINGS, _QUESTIONS = "casechron.toml", "questions"
#: The variable that names the project's folder.
ROOT_VARIABLE = "CASECHRON_ROOT"


class QuestionsError(ImportError):
    """Why the package of a project's own questions cannot be had: a sentence."""


def questions_package(root: Path) -> Path | None:
    """The folder of the package that a project's ``casechron.toml`` names, if it names one.

    Raises `QuestionsError` where the file cannot be read, or names no package beside it.

    >>> from pathlib import Path
    >>> questions_package(Path("a-folder-without-settings")) is None
    True
    """
    import keyword
    import tomllib

    settings = root / SETTINGS
    try:
        name = tomllib.loads(settings.read_text(encoding="utf-8")).get(_QUESTIONS)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise QuestionsError(f"{SETTINGS} cannot be read: {error}") from error
    if name is None:
        return None
    wrong = f"{SETTINGS}, {_QUESTIONS}:"
    if not isinstance(name, str) or not name.isidentifier() or keyword.iskeyword(name):
        message = f"{name!r} is no name of a package; write the name of a folder beside it"
        example = f'as in {_QUESTIONS} = "own_questions"'
        raise QuestionsError(f"{wrong} {message} that holds an __init__.py, {example}")
    if name in sys.stdlib_module_names or name == "casechron":
        message = f"{name} is the name of another package, which would be found first"
        raise QuestionsError(f"{wrong} {message}; give the folder another name")
    folder = root / name
    if folder.is_symlink() or not (folder / "__init__.py").is_file():
        message = f"there is no package {name} beside it; it is a folder, and no link,"
        raise QuestionsError(f"{wrong} {message} that holds an __init__.py")
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            leads = "is a link, and may lead anywhere; put a copy there"
            raise QuestionsError(f"{path.relative_to(root)} {leads}")
    return folder


class _Finder:
    """Finds the package of a project's own questions, and nothing else."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The package, where it is asked for by its name."""
        if path is not None or "." in fullname or (root := _root()) is None:
            return None
        import importlib.util

        folder = questions_package(root)
        if folder is None or folder.name != fullname:
            return None
        return importlib.util.spec_from_file_location(
            fullname, folder / "__init__.py", submodule_search_locations=[str(folder)]
        )


def _root() -> Path | None:
    """The project in which this process runs: the one that is named; or the nearest folder with
    settings, where modules of the current folder are found anyway, as by hand in a notebook.

    A command looks for none in the folder where it is called: that may be anybody's data."""
    from pathlib import Path

    if named := os.environ.get(ROOT_VARIABLE):
        return Path(named)
    try:
        folder = Path.cwd()
    except OSError:  # it has been removed
        return None
    if not {"", str(folder)} & {*sys.path}:
        return None
    return next((at for at in (folder, *folder.parents) if (at / SETTINGS).is_file()), None)


def install_finder() -> None:
    """Let the package of a project's own questions be found from now on."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.append(_Finder())
