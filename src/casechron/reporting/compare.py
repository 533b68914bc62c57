"""Do the committed reports still follow from the data, the notebooks and the package?"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

__all__ = ["check_reports", "differences"]


def differences(committed: Path, fresh: Path) -> list[str]:
    """How do two folders differ, file by file? One sentence a difference, by path; empty when no
    byte differs.

    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
    ...     _ = (
    ...         Path(one, "a.csv").write_text("1"),
    ...         Path(two, "a.csv").write_text("2"),
    ...         Path(two, "b.csv").write_text(""),
    ...     )
    ...     differences(Path(one), Path(two))
    ['a.csv: other bytes', 'b.csv: not in the committed reports']
    """
    ours, theirs = _files(committed), _files(fresh)
    found = []
    for name in sorted(set(ours) | set(theirs)):
        if name not in theirs:
            found.append(f"{name}: committed, and no longer rendered")
        elif name not in ours:
            found.append(f"{name}: not in the committed reports")
        elif ours[name].read_bytes() != theirs[name].read_bytes():
            found.append(f"{name}: other bytes")
    return found


def check_reports(project_root: Path, *, jobs: int = 1) -> list[str]:
    """Render every report anew in a temporary folder and compare it with reports/, byte by byte.

    Returns one sentence a difference or failure; an empty list says that the reports reproduce.
    """
    from casechron.reporting.render import Interrupted, render_all

    with tempfile.TemporaryDirectory(prefix="casechron-") as folder:
        fresh = Path(folder) / "reports"
        try:
            summary = render_all(project_root, jobs=jobs, out_dir=fresh, force=True)
        except Interrupted as error:
            raise Interrupted(
                "interrupted before all reports were compared; nothing was changed", error.exit_code
            ) from error
        failed = [f"{review}: {why}" for review, why in summary.failures]
        return failed or differences(project_root / "reports", fresh)


def _files(folder: Path, suffixes: Sequence[str] = (".part",)) -> dict[str, Path]:
    return {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file()
        and path.suffix not in suffixes
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }
