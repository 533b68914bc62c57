"""A review made of tables, where a test has no folder to read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from casechron.chronology import Chronology
from casechron.coding.meta import ReviewMeta
from casechron.dates.policy import DatingPolicy
from casechron.review import Review

_TEXTS = dict.fromkeys(ReviewMeta._fields[:14], "")


def review_of(
    tables: Mapping[str, pd.DataFrame],
    chronology: Chronology | None = None,
    jurisdiction: str = "England",
) -> Review:
    """A review that holds these tables and has this chronology; without one, that of its tables."""
    meta = ReviewMeta(**_TEXTS | {"id": "made", "year": 2020, "jurisdiction": jurisdiction})
    policy = DatingPolicy() if chronology is None else chronology.policy
    review = Review(tables, meta, policy, Path("made"))
    if chronology is not None:
        vars(review)["chronology"] = chronology
    return review
