"""What is certain about knowledge only with an order that the coder judged: is it all of that, and
nothing else?"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from casechron.analysis import decisions, judged_knowledge, knowledge, known_at_decisions
from casechron.analysis.knowledge import CERTAIN, POSSIBLE
from casechron.chronology import attempt
from casechron.coding.reviews import read_review
from casechron.reporting.judged_knowledge_words import judged_knowledge_in_words

DATA = Path(__file__).parents[1] / "data"
KEY = ["decision", "agency", "matter"]


def made(review: str) -> tuple[dict[str, pd.DataFrame], pd.DataFrame, pd.DataFrame]:
    tables = dict(read_review(DATA / review))
    chronology = attempt(tables["events"], tables["relations"])
    cells = knowledge.knowledge(tables, chronology)
    marked = judged_knowledge.marked(cells, tables, chronology)
    pd.testing.assert_frame_equal(marked.drop(columns="only_as_judged"), cells)
    points = decisions.decisions(tables, chronology)
    return (
        tables,
        marked,
        judged_knowledge.with_judged(
            known_at_decisions.reached(cells, points, tables, chronology), marked
        ),
    )


def test_marked_is_what_is_no_longer_certain_in_a_coding_without_those_orders() -> None:
    tables, cells, reached = made("child-w-manchester-2020")
    less = tables | {
        "relations": (
            tables["relations"][tables["relations"]["basis"] != "judged"].reset_index(drop=True)
        )
    }
    assert len(less["relations"]) < len(tables["relations"])
    without = knowledge.knowledge(less, attempt(less["events"], less["relations"])).set_index(KEY)[
        "known"
    ]
    certain = cells[cells["known"] == CERTAIN]
    then = without.reindex(pd.MultiIndex.from_frame(certain[KEY])).tolist()
    assert certain["only_as_judged"].tolist() == [
        "" if known == CERTAIN else "yes" for known in then
    ]
    # Without an order more is possible, and never less.
    assert set(then) == {CERTAIN, POSSIBLE}
    assert set(cells.loc[cells["known"] != CERTAIN, "only_as_judged"]) == {""}
    for certain_with, only in zip(reached["certain_with"], reached["only_as_judged"], strict=True):
        assert set(only.split("; ")) - {""} <= set(certain_with.split("; "))
    assert (
        sum(len(only.split("; ")) for only in reached["only_as_judged"] if only)
        == (cells["only_as_judged"] == "yes").sum()
    )


def test_nothing_leans_on_orders_where_there_are_none() -> None:
    tables, cells, reached = made("child-a-haringey-2008")
    assert set(cells["only_as_judged"]) == set(reached["only_as_judged"]) == {""}
    assert judged_knowledge_in_words(cells, tables, "reached") == [
        "No order of events was only judged by the coder, so nothing that is certain here leans on"
        " one."
    ]


EVENTS = pd.DataFrame(
    {"id": ["d1", "d2"], "summary": ["A meeting", "The case is closed"]}, dtype="str"
)


def in_words(orders: int, *rows: tuple[str, str, str]) -> list[str]:
    cells = pd.DataFrame(rows, columns=["decision", "known", "only_as_judged"], dtype="str")
    relations = pd.DataFrame(
        {"id": [f"r{n}" for n in range(orders)], "basis": ["judged"] * orders}, dtype="str"
    )
    found = judged_knowledge_in_words(cells, {"events": EVENTS, "relations": relations}, "shown")
    assert all(one.tables == ("shown",) for one in found)
    return [str(one) for one in found]


@pytest.mark.parametrize(
    ("orders", "rows", "words"),
    [
        (
            2,
            [("d1", CERTAIN, ""), ("d2", POSSIBLE, "")],
            [
                (
                    "Nothing that is certain here leans on one or more of the 2 orders of events"
                    " that only the coder judged: it is certain without them too."
                )
            ],
        ),
        (
            1,
            [("d1", CERTAIN, "yes"), ("d1", CERTAIN, ""), ("d1", POSSIBLE, "")],
            [
                (
                    "Of 2 times that an agency certainly knew of a matter here by a decision, 1 is"
                    " certain only with the one order of events that only the coder judged; without"
                    " it it is possible. The page on the chronology says what it does to the dates."
                )
            ],
        ),
        (
            3,
            [
                ("d1", CERTAIN, "yes"),
                ("d2", CERTAIN, "yes"),
                ("d2", CERTAIN, "yes"),
                ("d2", CERTAIN, ""),
            ],
            [
                (
                    "Of 4 times that an agency certainly knew of a matter here by a decision, 3 are"
                    " certain only with one or more of the 3 orders of events that only the coder"
                    " judged; without them they are possible. The page on the chronology says what"
                    " they do to the dates."
                ),
                "By decision, most first: “The case is closed” (2 of 3) and “A meeting” (1 of 1).",
            ],
        ),
    ],
)
def test_in_words(orders: int, rows: list[tuple[str, str, str]], words: list[str]) -> None:
    assert in_words(orders, *rows) == words


def test_where_no_chronology_is_admissible_nothing_is_said() -> None:
    assert in_words(1, ("d1", "no admissible chronology", "")) == in_words(1) == []
