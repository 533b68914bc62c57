"""Does each row say of time what the network of the whole review has from it?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from a_timed_review import review
from casechron.analysis.policies import policy_alternatives, tables_under
from casechron.analysis.row_edges import REFERENCE, Edge, Point, Statements
from casechron.chronology import attempt
from casechron.chronology.lowering import Lowered, lower
from casechron.chronology.network import HARD, OPEN
from casechron.coding.policy import DatingPolicy
from casechron.coding.reviews import read_review

DATA = Path(__file__).parents[1] / "data"
W, A = "child-w-manchester-2020", "child-a-haringey-2008"


def in_the_network(lowered: Lowered) -> set[Edge]:
    """The edges between the points of a network, a moment's one point named as its start."""
    names: dict[int, Point] = {0: REFERENCE}
    for row, start, end in zip(
        lowered.events, lowered.start.tolist(), lowered.end.tolist(), strict=True
    ):
        if start >= 0:
            names |= {end: (row.id, "end"), start: (row.id, "start")}
    net = lowered.network
    columns = (net.tail.tolist(), net.head.tolist(), net.length.tolist(), net.statement.tolist())
    return {
        (names[tail], names[head], length)
        for tail, head, length, said in zip(*columns, strict=True)
        if said != HARD
    }


def by_rows(said: dict[str, tuple[frozenset[Edge] | None, ...]], lowered: Lowered) -> set[Edge]:
    """What the rows of events in the network and of relations say, with the end of a moment named
    as its start."""
    inside = {
        row.id
        for row, start in zip(lowered.events, lowered.start.tolist(), strict=True)
        if start >= 0
    }
    outside = {row.id for row in lowered.events} - inside
    moments = {
        row.id
        for row, start, end in zip(
            lowered.events, lowered.start.tolist(), lowered.end.tolist(), strict=True
        )
        if start == end >= 0
    }

    def named(point: Point) -> Point:
        return (point[0], "start") if point[0] in moments else point

    found = {
        (named(one), named(other), length)
        for row, options in said.items()
        if row not in outside
        for edges in options
        for one, other, length in edges or ()
    }
    # That a start is no later than its end is said by no statement, and of a moment it says
    # nothing.
    return {
        edge
        for edge in found
        if edge[0] == REFERENCE or edge[1] == REFERENCE or edge[0][0] != edge[1][0]
    }


@pytest.mark.parametrize("name", [W, A])
def test_rows_say_under_each_policy_and_reading_what_the_network_has_from_them(name: str) -> None:
    policy, tables = DatingPolicy(), read_review(DATA / name)
    statements = Statements(tables, policy)
    alternatives = policy_alternatives(policy, tables)
    assert len(alternatives) > 8
    for option, other in [("as given", policy), *alternatives]:
        reading = option.removeprefix("reading: ") if option.startswith("reading: ") else ""
        under = replace(other, readings=())
        read = tables_under(tables, policy, other)
        lowered = lower(read["events"], read["relations"], under)
        said = statements.under([under], [reading])[reading]
        assert by_rows(said, lowered) == in_the_network(lowered), option


def test_a_policy_that_moves_nothing_is_known_to_move_nothing() -> None:
    tables = review()
    statements = Statements(tables, DatingPolicy())
    assert statements.moved_by([DatingPolicy(late_from=16)], [""])
    assert not statements.moved_by([DatingPolicy(early_to=15), DatingPolicy(winter="ends")], [""])
    # A date without 'early' is moved where a reading says it early.
    read = [
        {
            "reading": "sooner",
            "row": "conference",
            "column": "date",
            "value": "early 2018-06",
            "source": "s",
            "reason": "r",
        }
    ]
    with_reading = Statements(review(readings=read), DatingPolicy())
    assert not with_reading.moved_by([DatingPolicy(early_to=15)], [""])
    assert with_reading.moved_by([DatingPolicy(early_to=15)], ["", "sooner"])


def test_births_and_absences_are_their_windows_and_are_tied_to_nothing() -> None:
    events = pd.DataFrame(
        {
            "id": ["birth", "missed", "visit"],
            "kind": ["birth", "visit", "visit"],
            "date": ["2018-07", "2018-08-01", ""],
            "absence": ["", "did-not-happen", ""],
        }
    )
    relations = pd.DataFrame(
        {
            "id": ["r", "s"],
            "type": ["gap", "before"],
            "from_event": ["birth", "missed"],
            "to_event": ["visit", "visit"],
            "gap": ["P14D", ""],
            "meaning": ["exact", ""],
        }
    )
    tables = {
        "events": events,
        "relations": relations,
        "readings": pd.DataFrame(
            {"reading": [], "row": [], "column": [], "value": []}, dtype="str"
        ),
    }
    said = Statements(tables, DatingPolicy()).under([DatingPolicy()], [""])[""]
    first, last, visit = ("birth", "start"), ("birth", "end"), ("visit", "start")
    low, high = attempt(events, relations).lowered.stated[0, :2].tolist()
    assert said["birth"] == (
        frozenset(
            {
                (last, first, 0),
                (REFERENCE, first, high),
                (first, REFERENCE, -low),
                (REFERENCE, last, high),
                (last, REFERENCE, -low),
            }
        ),
    )
    assert said["r"] == (frozenset({(REFERENCE, visit, high + 14), (visit, REFERENCE, -low - 14)}),)
    assert "s" not in said
    assert said["visit"] == (
        frozenset({(("visit", "end"), visit, 0), (visit, ("visit", "end"), 0)}),
    )
    assert all(
        length < OPEN
        for options in said.values()
        for edges in options
        for *_, length in edges or ()
    )
