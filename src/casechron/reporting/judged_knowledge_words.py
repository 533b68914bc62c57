"""How much of what is certain about knowledge leans on orders that only the coder judged, in plain
sentences?"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from casechron.analysis.choices import judged_relations
from casechron.analysis.judged_knowledge import YES
from casechron.analysis.knowledge import CERTAIN
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.reporting.said import said
from casechron.reporting.words import counted, quoted, some_of, verb

__all__ = ["judged_knowledge_in_words"]


def judged_knowledge_in_words(
    cells: pd.DataFrame, tables: Mapping[str, pd.DataFrame], shown_in: str
) -> list[str]:
    """What is certainly known here only with an order that the coder judged, and at which
    decisions?

    `cells` is `judged_knowledge.marked`, all of it or what a page shows; `tables` are the coded
    ones; `shown_in` is the table of the page in which each cell can be looked up."""
    if cells.empty or (cells["known"] == NOT_ADMISSIBLE).any():
        return []
    orders, certain = len(judged_relations(tables)), cells[cells["known"] == CERTAIN]
    if not orders:
        return [
            "No order of events was only judged by the coder, so nothing that is certain here leans"
            " on one."
        ]
    leaning = certain[certain["only_as_judged"] == YES]
    total, some = len(certain), len(leaning)
    judged = (
        f"{verb(orders, 'the one order', f'one or more of the {orders} orders')} of events that"
        " only the coder judged"
    )
    without = f"without {verb(orders, 'it', 'them')}"
    if not some:
        return [
            said(
                f"Nothing that is certain here leans on {judged}: it is certain {without} too.",
                shown_in,
            )
        ]
    what = (
        f"Of {counted(total, 'time', 'times')} that an agency certainly knew of a matter here by a"
        f" decision, {some}"
    )
    words: list[str] = [
        said(
            f"{what} {verb(some, 'is', 'are')} certain only with {judged}; {without}"
            f" {verb(some, 'it is', 'they are')} possible. The page on the chronology says what"
            f" {verb(orders, 'it does', 'they do')} to the dates.",
            shown_in,
        )
    ]
    summary = dict(zip(tables["events"]["id"], tables["events"]["summary"], strict=True))
    if cells["decision"].nunique() > 1:
        many, out_of = (
            leaning["decision"].value_counts(sort=False),
            certain["decision"].value_counts(sort=False),
        )
        # Where most of it leans comes first.
        ranked = sorted(many.index, key=lambda one: -many[one])
        each = [f"{quoted(summary[one])} ({many[one]} of {out_of[one]})" for one in ranked]
        words.append(said(f"By decision, most first: {some_of(each, 34)}.", shown_in))
    return words
