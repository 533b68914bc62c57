"""Are the tables under each combination of structural choices those that reading them anew would
give?"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from a_timed_review import review
from casechron.analysis.choices import ALLEGED
from casechron.analysis.combinations import Combinations, combinations, without
from casechron.analysis.concerns import alleged_events
from casechron.analysis.policies import tables_under
from casechron.coding.policy import DatingPolicy
from casechron.coding.reviews import read_review

DATA = Path(__file__).parents[1] / "data"
W, A = "child-w-manchester-2020", "child-a-haringey-2008"
NAMES = ("events", "relations", "links", "involvement", "participation", "themes", "agencies")


@cache
def solved(name: str) -> tuple[dict[str, pd.DataFrame], Combinations]:
    tables = read_review(DATA / name)
    return tables, combinations(tables, DatingPolicy(), [])


@pytest.mark.parametrize("name", [W, A])
def test_each_table_is_what_reading_anew_gives(name: str) -> None:
    tables, found = solved(name)
    made = found.structures.each(NAMES, dict)
    for key, own in list(made.items())[:: max(1, len(made) // 8)]:
        options = [choice.options[at] for choice, at in zip(found.choices, key, strict=True) if at]
        readings = tuple(
            option.removeprefix("reading: ") for option in options if option.startswith("reading: ")
        )
        read = tables_under(tables, DatingPolicy(), replace(DatingPolicy(), readings=readings))
        if any(option.startswith(ALLEGED) for option in options):
            read = without(read, alleged_events(tables))
        for table in NAMES:
            assert_frame_equal(own[table], read[table])


def test_what_tables_have_in_common_is_asked_once() -> None:
    _, found = solved(W)
    asked: list[int] = []
    agencies = found.structures.each(
        ["agencies"], lambda tables: asked.append(len(tables["agencies"]))
    )
    # No reading changes an agency, so all combinations share one answer.
    assert len(asked) == 1
    assert len(agencies) == len(found.structures.keys) > 8
    with pytest.raises(KeyError):
        found.structures.each(["agencies"], lambda tables: tables["events"])


def test_the_tables_given_are_left_as_they_are() -> None:
    tables = review()
    before = {name: table.copy() for name, table in tables.items()}
    combinations(tables, DatingPolicy()).structures.each(list(tables), dict)
    for name, table in tables.items():
        assert_frame_equal(table, before[name])
