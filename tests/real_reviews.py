"""The reviews of data/, each read once by a process: nothing of a review can be changed, and what
has been worked out of it is kept beside it. For tests that change no function of the package."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

import casechron as cc

DATA = Path(__file__).parents[1] / "data"


def real_review(name: str | Path) -> cc.Review:
    """A review of data/, by its name or its folder, under the default policy."""
    return _read(Path(name).name)


@cache
def _read(name: str) -> cc.Review:
    return cc.read_review(DATA / name)


def real_tables(name: str | Path) -> dict[str, pd.DataFrame]:
    """Its tables, which are nobody else's."""
    return dict(real_review(name).tables)
