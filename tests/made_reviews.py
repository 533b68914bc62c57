"""A review made of tables, where a test has no folder to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pandas as pd

import casechron as cc
from casechron.analysis import clocks
from casechron.chronology import Chronology
from casechron.coding.meta import ReviewMeta
from casechron.dates.policy import DatingPolicy
from casechron.review import Review

_TEXTS = dict.fromkeys(ReviewMeta._fields[:14], "")


def varied(review: Review, tables: Mapping[str, pd.DataFrame], chronology: Chronology) -> Review:
    """The same review with other tables and with their chronology, which is solved already."""
    variant = replace(review, tables=tables, policy=chronology.policy)
    vars(variant)["chronology"] = chronology
    return variant


def review_of(
    tables: Mapping[str, pd.DataFrame],
    chronology: Chronology | None = None,
    jurisdiction: str = "England",
    region: str = "",
) -> Review:
    """A review that holds these tables and has this chronology; without one, that of its tables."""
    meta = ReviewMeta(
        **_TEXTS | {"id": "made", "year": 2020, "jurisdiction": jurisdiction, "region": region}
    )
    review = Review(tables, meta, DatingPolicy(), Path("made"))
    if chronology is None:
        return review
    return varied(review, tables, replace(chronology, tables=tables))


@contextmanager
def rules_are(*rules: clocks.Rule) -> Iterator[None]:
    """Timescales in place of those on file."""
    clocks.rules_of.cache_clear()
    with patch.object(clocks, "rules", lambda: rules):
        yield
    clocks.rules_of.cache_clear()


def evidence_by_decision(review: Review) -> pd.DataFrame:
    """Each row of evidence on each view, beside how it stood at each decision."""
    evidence, at_decisions = cc.evidence_on_views(review), cc.views_at_decisions(review)
    return evidence.merge(at_decisions, on="evidence", how="left").fillna("")
