"""What was once said wrongly of who knew, who was involved and what was found: each kind with its
right values, worked out by hand or by trying every day."""

from __future__ import annotations

import itertools
import random

import pandas as pd

from brute_force import day
from casechron.analysis.knowledge import CERTAIN, POSSIBLE, knowledge
from casechron.analysis.ways import ways
from involvement_cases import Tables, agency, event, part, solved, tables_of, tie


def known(tables: Tables) -> dict[tuple[str, str, str], str]:
    """The state of each decision, matter and agency."""
    found = knowledge(tables, solved(tables))
    names = ("decision", "matter", "agency")
    keys = zip(*(found[name] for name in names), strict=True)
    return dict(zip(keys, found["known"], strict=True))


def shuffled(tables: Tables, seed: int = 7) -> Tables:
    """The same tables with the rows of each in another order."""
    return {
        name: table.sample(frac=1, random_state=seed).reset_index(drop=True)
        for name, table in tables.items()
    }


def unordered(table: pd.DataFrame) -> list[tuple[object, ...]]:
    """The rows of a table, and what is listed in a cell, in no order."""
    rows = [
        tuple(
            tuple(sorted(cell.split("; ")))
            if isinstance(cell, str)
            else None
            if pd.isna(cell)
            else cell
            for cell in row
        )
        for row in table.itertuples(index=False)
    ]
    return sorted(rows, key=repr)


# ---------------------------------------------------------------- 24: a receipt without a date


def received(at_most: dict[str, tuple[int, int]], **more: list[dict[str, str]]) -> Tables:
    """A blow of which an agency received word, it is not said when; decisions before and after it
    acted on it. Each within its days."""
    kinds = {"blow": "violence", "answer": "assessment", "letter": "account"}
    return tables_of(
        agencies=[agency("cs", "Children's services", "5A"), agency("gp", "GP", "3A")],
        events=[
            event(name, kinds.get(name, "closure"), f"[{day(low)}..{day(high)}]")
            for name, (low, high) in at_most.items()
        ],
        involvement=[part("cs", "blow", "received"), *more.get("involvement", [])],
        links=more.get("links", []),
    )


def test_kind_24_a_receipt_without_a_date_is_not_lost_when_it_was_answered() -> None:
    days = {"blow": (1, 1), "early": (5, 5), "answer": (9, 9), "late": (12, 12)}
    alone = received(days)
    answered = received(
        days, involvement=[part("cs", "answer", "led")], links=[tie("answers", "answer", "blow")]
    )
    assert known(alone)["early", "blow", "cs"] == POSSIBLE
    # That it acted on the ninth says nothing of whether it had heard by the fifth.
    assert known(answered)["early", "blow", "cs"] == POSSIBLE
    assert known(answered)["late", "blow", "cs"] == CERTAIN
    assert known(answered)["early", "blow", "gp"] not in (CERTAIN, POSSIBLE)


def test_kind_24_every_day_of_every_event_and_of_the_receipt_agrees() -> None:
    draw = random.Random(24)
    seen = {CERTAIN: 0, POSSIBLE: 0, "": 0}
    for _ in range(150):
        days: dict[str, tuple[int, int]] = {}
        for name in ("blow", "answer", "letter", "end"):
            low = draw.randint(0, 4)
            days[name] = (low, low + draw.randint(0, 2))
        answers, told = draw.random() < 0.5, draw.random() < 0.5
        tables = received(
            days,
            involvement=[part("cs", "answer", "led"), part("cs", "letter", "received")],
            links=[tie("answers", "answer", "blow")] * answers
            + [tie("tells-of", "letter", "blow")] * told,
        )
        held = []
        begun = False
        spans = [range(low, high + 1) for low, high in days.values()]
        for blow, answer, letter, end in itertools.product(*spans):
            begun |= blow <= end
            # Word came on any day from the blow on, also after all that is coded.
            for receipt in range(blow, 9):
                ways_in = [receipt, *[max(answer, blow)] * answers, *[max(letter, blow)] * told]
                held.append(min(ways_in) <= end)
        right = CERTAIN if all(held) else POSSIBLE if any(held) else ""
        found = known(tables).get(("end", "blow", "cs"), "")
        assert (found if found in seen else "") == (right if begun else ""), (days, answers, told)
        seen[right] += 1
    assert min(seen.values()) > 5  # each state was met


def test_kind_24_the_order_of_rows_changes_no_way_and_no_state() -> None:
    tables = received(
        {"blow": (1, 1), "early": (5, 5), "answer": (9, 9), "letter": (3, 7)},
        involvement=[
            part("cs", "answer", "led"),
            {**part("cs", "answer", "took-part"), "id": "iv-cs-answer-too"},
            part("cs", "letter", "received"),
        ],
        links=[tie("answers", "answer", "blow"), tie("tells-of", "letter", "blow")],
    )
    for seed in range(5):
        other = shuffled(tables, seed)
        assert set(ways(other)) == set(ways(tables))
        assert unordered(knowledge(other, solved(other))) == unordered(
            knowledge(tables, solved(tables))
        )
