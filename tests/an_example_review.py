"""The review of the examples in docstrings, which the package holds: that of `a_good_review`, with
some more that happened, so that every question has an answer in it. Invented from end to end."""

from __future__ import annotations

import shutil
from pathlib import Path

from casechron.review import EXAMPLE


def example_review(parent: Path) -> Path:
    """Copies the review into a folder of its name below a parent."""
    return Path(shutil.copytree(EXAMPLE, parent / EXAMPLE.name))
