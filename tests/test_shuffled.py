"""Does any table, or any sentence of a page, depend on the order of the rows that a review is
coded in? Every analysis of the package is asked of some reviews twice, the second time with the
rows of each table shuffled; so are the cells of the notebooks."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

import casechron as cc
from casechron.analysis import concerns
from casechron.chronology import constraints
from page_texts import shown
from real_reviews import real_review
from thoroughly import EVERY

W, E = "child-w-manchester-2020", "child-e-example-2024"
U, POLLY = "child-u-manchester-2013", "child-polly-derbyshire-2017"
AK, X_DUNDEE = "child-ak-northamptonshire-2019", "child-x-dundee-2009"
#: The seed of no shuffle: rows stand the other way round, so that each two change their places.
REVERSED = -1
SHUFFLES = [
    *((W, seed) for seed in range(4 if EVERY else 1)),
    *((of, REVERSED) for of in (E, U, POLLY)),
]
#: Pages tell the first of the findings and recommendations in the order of the coding.
AS_CODED = ("found_first", "found", "recommended")
TURNED = {
    "before": "after",
    "after": "before",
    "not before": "not after",
    "not after": "not before",
}


def analyses() -> list[str]:
    """All functions that take a review, and nothing else that has to be given."""
    found = []
    for name in dir(cc):
        function = getattr(cc, name)
        if callable(function) and not isinstance(function, type):
            first, *others = [*inspect.signature(function).parameters.values(), None]
            if first and first.name == "review":
                given = {"coding", "other"} & {one.name for one in others if one}
                found += [] if given else [name]
    return found


def shuffled(review: cc.Review, seed: int) -> cc.Review:
    draw = np.random.default_rng(abs(seed))
    return replace(
        review,
        tables={
            name: table.iloc[
                range(len(table))[::-1] if seed == REVERSED else draw.permutation(len(table))
            ].reset_index(drop=True)
            for name, table in review.tables.items()
        },
    )


@cache
def review(seed: int | None = None, of: str = W) -> cc.Review:
    return real_review(of) if seed is None else shuffled(review(of=of), seed)


def listed(column: str, cell: Any) -> Any:
    """A cell in which no order of what is listed matters."""
    if isinstance(cell, tuple):
        return tuple(sorted(str(listed(column, one)) for one in cell))
    if isinstance(cell, str):
        parts = re.split(r"; | · |, |: |para |[()]", cell)
        # A place is listed once, or twice where the same places are listed in two orders.
        return tuple(sorted(set(parts) if column in ("places", "review_says") else parts))
    return None if pd.isna(cell) else cell


def canonical(name: str, table: pd.DataFrame) -> list[tuple[Any, ...]]:
    """The rows of a table in no order."""
    if name in ("gaps", "order", "turning_point_gaps"):
        table = oriented(table)
    if name == "precedence":  # events of one day are told as one of them, with the others beside it
        for side in ("before", "after"):
            events = zip(table[side], table.pop(f"{side}_same_day"), strict=True)
            table[side] = [(first, *others) for first, others in events]
            table[f"{side}_summary"] = table[f"{side}_summary"].str.replace("on the same day: ", "")
    rows = table.to_dict("records")
    return sorted((tuple(listed(*item) for item in row.items()) for row in rows), key=repr)


def oriented(table: pd.DataFrame) -> pd.DataFrame:
    """Each pair from the lower id to the higher: which comes first is the order of the coding."""
    found = []
    for row in table.to_dict("records"):
        if row["from_event"] > row["to_event"]:
            turned = {
                **{f"from_{key[3:]}": value for key, value in row.items() if key[:3] == "to_"},
                **{f"to_{key[5:]}": value for key, value in row.items() if key[:5] == "from_"},
                **{
                    key.replace("min", "most").replace("max", "min").replace("most", "max"): None
                    if pd.isna(value)
                    else -value
                    for key, value in row.items()
                    if key.endswith(("_min", "_max"))
                },
                "known": {"at least": "at most", "at most": "at least"}.get(
                    row.get("known"), row.get("known")
                ),
                "order": TURNED.get(row.get("order"), row.get("order")),
            }
            row = {key: turned.get(key, value) for key, value in row.items()}
        found.append(row)
    return pd.DataFrame(found, columns=table.columns)


@cache
def rows_of(name: str, seed: int | None, of: str) -> list[tuple[Any, ...]]:
    """The rows that a function gives of a review, shuffled or as it stands, in no order."""
    return canonical(name, getattr(cc, name)(review(seed, of)))


def differs(name: str, seed: int, of: str) -> bool:
    return rows_of(name, None, of) != rows_of(name, seed, of)


def test_every_analysis_is_asked() -> None:
    assert len(analyses()) > 50
    assert {"bounds", "response_gaps", "sensitivity", "opportunities"} <= set(analyses())


@pytest.mark.parametrize(("of", "seed"), SHUFFLES)
@pytest.mark.parametrize("name", analyses())
def test_no_table_depends_on_the_order_of_rows(name: str, of: str, seed: int) -> None:
    assert not differs(name, seed, of)


@pytest.mark.parametrize("of", [AK, E, U, W, X_DUNDEE])
def test_no_answer_beside_other_reviews_depends_on_the_order_of_rows(of: str) -> None:
    """But for the numbers of the answers to one question."""
    one, other = (cc.across(review(seed, of)).drop(columns="row") for seed in (None, REVERSED))
    assert canonical("across", one) == canonical("across", other)


def told(review: cc.Review) -> dict[str, list[tuple[str, ...]]]:
    """The words of each sentence that the pages for readers tell of a review, of the titles and
    notes of their charts, and the waits that are drawn, in no order."""
    texts, tables = shown(review)
    waits = canonical("waits", tables["waits"])
    return {"waits": waits} | {
        name: sorted(
            tuple(sorted(re.findall(r"\w+", one.lower())))
            for text in each
            for one in re.split(r"(?<=[.:]) ", text)
        )
        for name, each in texts.items()
        if name not in AS_CODED and not name.startswith("spoken")
    }


@pytest.mark.parametrize("of", [AK, E, U, POLLY, W])
def test_no_sentence_of_a_page_depends_on_the_order_of_rows(of: str) -> None:
    before, after = told(review(of=of)), told(review(REVERSED, of))
    assert {"key_waits", "unanswered", "in_order", "who_knew", "chart waits"} <= set(before)
    assert before == after


def test_what_depends_on_the_order_of_rows_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two statements that are enough alone that which stands first in the file, for one."""
    said = constraints.from_arrays

    def as_in_the_file(points: int, *columns: Any) -> Any:
        order = np.argsort(columns[-1], kind="stable")
        return said(points, *(column[order] for column in columns))

    monkeypatch.setattr(constraints, "from_arrays", as_in_the_file)
    tables = [
        cc.bounds(one) for one in (replace(review()), *(shuffled(review(), s) for s in range(6)))
    ]
    assert len({str(canonical("bounds", table)) for table in tables}) > 1


@pytest.mark.parametrize("turn", [1, -1])
def test_the_account_ends_with_the_later_of_two_injuries(turn: int) -> None:
    """Whichever stands first; of two on one day with the lower id, and last what has no date."""
    events = pd.DataFrame(
        {
            "id": ["a", "b", "c", "d"],
            "date": ["2018-03", "2018-05-02", "", "2018-05-02"],
            "kind": "harm-to-child",
            "absence": "",
        }
    )[::turn]
    tables = {
        "events": events,
        "people": pd.DataFrame({"id": [], "kinship": []}),
        "participation": pd.DataFrame({"event": [], "person": [], "role": []}),
    }
    assert concerns.end_events(tables) == ["b", "d", "a", "c"]
    assert concerns.end_event(tables) == "b"
