"""What is certain about knowledge only with an order that the coder judged: is it all of that, and
nothing else?"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

import casechron as cc
from casechron.analysis.knowledge import CERTAIN, POSSIBLE
from casechron.chronology import solve
from casechron.coding.reviews import read_coded
from made_reviews import review_of

DATA = Path(__file__).parents[1] / "data"
KEY = ["decision", "agency", "matter"]


def made(review: str) -> tuple[dict[str, pd.DataFrame], pd.DataFrame, pd.DataFrame]:
    tables = dict(read_coded(DATA / review).tables)
    chronology = solve(tables["events"], tables["relations"])
    given = review_of(tables, chronology)
    return tables, cc.knowledge(given), cc.information_at_decision(given)


def test_marked_is_what_is_no_longer_certain_in_a_coding_without_those_orders() -> None:
    tables, cells, reached = made("child-w-manchester-2020")
    less = tables | {
        "relations": (
            tables["relations"][tables["relations"]["basis"] != "judged"].reset_index(drop=True)
        )
    }
    assert len(less["relations"]) < len(tables["relations"])
    without = cc.knowledge(review_of(less, solve(less["events"], less["relations"]))).set_index(
        KEY
    )["known"]
    certain = cells[cells["known"] == CERTAIN]
    then = without.reindex(pd.MultiIndex.from_frame(certain[KEY])).fillna("").tolist()
    assert certain["only_as_judged"].tolist() == [
        "" if known == CERTAIN else "yes" for known in then
    ]
    # Without an order what was certain is possible, or, where only the order bounds it on a side,
    # nothing is said of it.
    assert set(then) == {CERTAIN, POSSIBLE, ""}
    assert set(cells.loc[cells["known"] != CERTAIN, "only_as_judged"]) == {""}
    for certain_with, only in zip(reached["certain_with"], reached["only_as_judged"], strict=True):
        assert set(only.split("; ")) - {""} <= set(certain_with.split("; "))
    assert (
        sum(len(only.split("; ")) for only in reached["only_as_judged"] if only)
        == (cells["only_as_judged"] == "yes").sum()
    )


def test_nothing_leans_on_orders_where_there_are_none() -> None:
    _, cells, reached = made("child-a-haringey-2008")
    assert set(cells["only_as_judged"]) == set(reached["only_as_judged"]) == {""}
