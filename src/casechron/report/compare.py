"""Do the committed reports still follow from the data, the notebooks and the package?"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path


def digests(folder: Path, pattern: str = "**/*") -> dict[str, str]:
    """What does a folder of reports hold?

    Parameters
    ----------
    folder : Path
        A folder; one that is not there holds nothing.
    pattern : str
        Which paths in it are looked at, as for `Path.glob`.

    Returns
    -------
    dict of str to str
        The SHA-256 of each file, by its path in the folder. Hidden files, and ``.part`` files that
        are being written, are left out.
    """
    names = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.glob(pattern)
        if path.is_file() and path.suffix != ".part"
    )
    return {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in names
        if not any(part.startswith(".") for part in name.split("/"))
    }


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """How each file that is not the same in two folders differs, by its path.

    Parameters
    ----------
    before, after : mapping of str to str
        The `digests` of the two folders.

    Returns
    -------
    dict of str to str
        ``gone``, ``new`` or ``other bytes``; empty when no byte differs.

    Examples
    --------
    >>> changed({"a.csv": "1", "c.csv": "3"}, {"a.csv": "2", "b.csv": "3"})
    {'a.csv': 'other bytes', 'b.csv': 'new', 'c.csv': 'gone'}
    """
    return {
        name: "gone" if name not in after else "other bytes" if name in before else "new"
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    }


def file_differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """How do two folders differ, file by file?

    Parameters
    ----------
    before, after : mapping of str to str
        As `changed` has them.

    Returns
    -------
    list of str
        What that gives, one line a difference, by path.

    Examples
    --------
    >>> file_differences({"a.csv": "1", "c.csv": "3"}, {"a.csv": "2", "b.csv": "3"})
    ['a.csv: other bytes', 'b.csv: new', 'c.csv: gone']
    """
    return [f"{name}: {how}" for name, how in changed(before, after).items()]


def check_reports(project_root: Path, *, jobs: int = 1) -> list[str]:
    """Render every report anew in a temporary folder and compare it with reports/, byte by byte.

    Returns one line a difference or failure; an empty list says that the reports reproduce.
    """
    from casechron.report.render import render_all
    from casechron.report.run.pool import Interrupted

    with tempfile.TemporaryDirectory(prefix="casechron-") as folder:
        fresh = Path(folder) / "reports"
        try:
            summary = render_all(project_root, jobs=jobs, out_dir=fresh, force=True)
        except Interrupted as error:
            raise Interrupted(
                "interrupted before all reports were compared; nothing was changed", error.exit_code
            ) from error
        failed = [f"{review}: {why}" for review, why in summary.failures]
        return failed or file_differences(digests(project_root / "reports"), digests(fresh))
