"""Do the waits of the coded reviews come out as counted by hand from the dates that their sources
give?

The figures were counted on a calendar from the dates that stand in the comments, not taken from
the output. A duration in months is read as its source rounds: to half a month either way."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

import casechron as cc

DATA = Path(__file__).parents[1] / "data"

#: Review, first event, second event, least and most days from start to start, and why.
WAITS = [
    # 16 August 2020 to 1 or 31 January 2021.
    ("child-t-cwm-taf-morgannwg-2022", "referral-2020", "plan", 138, 168),
    # May to June, June to July 2021: a day at least, 60 at most.
    ("child-t-cwm-taf-morgannwg-2022", "burn", "plan-end", 1, 60),
    ("child-t-cwm-taf-morgannwg-2022", "plan-end", "death", 1, 60),
    ("child-t-cwm-taf-morgannwg-2022", "visit-last", "found", 1, 1),
]
CODED = sorted({wait[0] for wait in WAITS})


@cache
def review(name: str) -> cc.Review:
    return cc.read_review(DATA / name)


@pytest.mark.parametrize("wait", WAITS, ids=lambda wait: f"{wait[0]} {wait[1]} to {wait[2]}")
def test_a_wait_is_as_counted_by_hand(wait: tuple[str, str, str, int, int]) -> None:
    name, first, second, least, most = wait
    (found,) = cc.gaps(review(name), [(first, second)]).itertuples()
    assert (found.days_min, found.days_max) == (least, most)


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        # January to June 2021: 31 January to 1 June at least, 1 January to 30 June at most.
        ("child-t-cwm-taf-morgannwg-2022", 121, 180),
    ],
)
def test_a_plan_lasts_as_its_months_allow(name: str, least: int, most: int) -> None:
    ends = pd.DataFrame(
        {"from_event": ["plan"], "from_point": "start", "to_event": ["plan"], "to_point": "end"}
    )
    (found,) = cc.gaps(review(name), ends).itertuples()
    assert (found.days_min, found.days_max) == (least, most)


@pytest.mark.parametrize("name", CODED)
def test_every_row_rests_on_a_sentence_that_was_read(name: str) -> None:
    tables = review(name).tables
    places = tables["locators"]
    assert places["sentence"].ne("").all()
    assert places["digest"].ne("").all()
    for table in ("events", "findings", "views", "recommendations"):
        assert set(tables[table]["id"]) <= set(places["row"])
