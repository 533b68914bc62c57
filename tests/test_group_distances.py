"""Are the distances of a group those of each combination alone?"""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from casechron.analysis.choices import AS_GIVEN, Choice, RowEdges
from casechron.analysis.group_distances import lean, lean_where, solved
from casechron.analysis.row_edges import REFERENCE, Edge, Edges, Point
from casechron.chronology.minimal import minimal
from casechron.chronology.network import OPEN, Network, negative_cycle

EVENTS = [f"e{number}" for number in range(5)]
POINTS: list[Point] = [REFERENCE, *((event, "start") for event in EVENTS)]


@st.composite
def statements(draw: st.DrawFn) -> tuple[dict[str, Edges], dict[str, dict[str, Edges]]]:
    """Edges of some rows as given, and what they are under each of three readings; no row is
    changed by r1 and by others."""
    edge = st.tuples(st.sampled_from(POINTS), st.sampled_from(POINTS), st.integers(-6, 20)).filter(
        lambda one: one[0] != one[1]
    )
    rows = draw(
        st.dictionaries(
            st.sampled_from("abcdef"), st.frozensets(edge, min_size=1, max_size=3), min_size=1
        )
    )
    readings = {}
    for reading, may in (("r1", "abc"), ("r2", "def"), ("r3", "def")):
        changed = draw(
            st.dictionaries(st.sampled_from(may), st.frozensets(edge, max_size=3), max_size=2)
        )
        readings[reading] = {row: edges for row, edges in (rows | changed).items() if edges}
    return rows, readings


def table(given: dict[str, Edges], readings: dict[str, dict[str, Edges]]) -> RowEdges:
    """r1 and r2 are choices of their own, r3 another option beside r2."""
    choices = (
        Choice("reading: r1", (AS_GIVEN, "reading: r1")),
        Choice("reading: r2", (AS_GIVEN, "reading: r2", "reading: r3")),
    )
    said = {"": given, **readings}
    return RowEdges(
        choices,
        (),
        ((),),
        {name: {row: (edges,) for row, edges in own.items()} for name, own in said.items()},
        {},
    )


def alone(edges: set[Edge]) -> dict[tuple[Point, Point], int] | None:
    """The greatest days between any two points under one combination; None if it has no
    chronology."""
    number = {point: at for at, point in enumerate(POINTS)}
    columns = [
        [number[tail] for tail, _, _ in edges],
        [number[head] for _, head, _ in edges],
        [w for *_, w in edges],
    ]
    net = Network(
        len(POINTS), *(np.array(column, dtype=np.int64) for column in (*columns, [0] * len(edges)))
    )
    if negative_cycle(net) is not None:
        return None
    found = minimal(net)
    return {
        (one, other): int(found[number[one], number[other]]) for one in POINTS for other in POINTS
    }


@settings(max_examples=80)
@given(statements(), st.sets(st.sampled_from(EVENTS)))
# As given it holds, and under each reading alone; not under r1 and r2 together.
@example(
    (
        {"d": frozenset({(POINTS[1], POINTS[2], 5)})},
        {
            "r1": {
                "d": frozenset({(POINTS[1], POINTS[2], 5)}),
                "a": frozenset({(POINTS[2], POINTS[1], -3)}),
            },
            "r2": {"d": frozenset({(POINTS[1], POINTS[2], 2)})},
            "r3": {"d": frozenset({(POINTS[1], POINTS[2], 4)})},
        },
    ),
    {"e0", "e1"},
)
def test_every_combination_is_what_the_network_gives_for_it_alone(
    said: tuple[dict[str, Edges], dict[str, dict[str, Edges]]], asked: set[str]
) -> None:
    edges_of = table(*said)
    group = solved(edges_of, edges_of.rows, asked)
    kept = list(group.place)
    assert {
        point for point in POINTS if point[0] in asked and point in edges_of_points(edges_of)
    } <= set(kept)
    admissible = group.holds
    for chosen in product(range(2), range(3)):
        stated = {
            edge
            for row in edges_of.rows
            for edge in edges_of.edges(row, {axis: chosen[axis] for axis in edges_of.axes(row)})
        }
        expected = alone(stated)
        assert bool(at(admissible, chosen)) == (expected is not None)
        if expected is None:
            continue
        for one, other in product(kept, kept):
            found = int(at(group.distance(one, other), chosen))
            assert found == expected[one, other], (chosen, one, other)
            at_once = group.every[group.place[one], group.place[other]][
                tuple(chosen[axis] for axis in group.axes)
            ]
            assert at_once == expected[one, other], (chosen, one, other)


def edges_of_points(edges: RowEdges) -> set[Point]:
    return set().union(*edges.points.values()) | {REFERENCE}


def at(array: np.ndarray, index: tuple[int, ...]) -> object:
    return array[
        tuple(one if size > 1 else 0 for one, size in zip(index, array.shape, strict=True))
    ]


def test_lengths_that_32_bits_cannot_hold_are_exact() -> None:
    far = 2**40
    given_edges = {"a": frozenset({(REFERENCE, POINTS[1], far), (POINTS[1], REFERENCE, -far)})}
    later = {"a": frozenset({(REFERENCE, POINTS[1], far + 9), (POINTS[1], REFERENCE, -far)})}
    edges_of = table(given_edges, {"r1": later, "r2": given_edges, "r3": given_edges})
    group = solved(edges_of, ["a"], {"e0"})
    assert group.distance(REFERENCE, POINTS[1]).ravel().tolist() == [far, far + 9]
    assert group.distance(POINTS[1], REFERENCE).ravel().tolist() == [-far]
    assert group.varied.dtype == np.int64


def test_what_cannot_hold_whatever_is_chosen_has_no_chronology_anywhere() -> None:
    clash = {"a": frozenset({(POINTS[1], POINTS[2], 1), (POINTS[2], POINTS[1], -2)})}
    edges_of = table(clash, {"r1": clash, "r2": clash, "r3": clash})
    group = solved(edges_of, ["a"], {"e0"})
    assert group.holds.ravel().tolist() == [False]
    assert group.distance(POINTS[1], POINTS[2]).ravel().tolist() == [OPEN]


@settings(max_examples=200)
@given(st.data())
def test_lean_where_keeps_the_values_that_are_held(data: st.DataObject) -> None:
    shape = data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=4), label="shape")
    thin = [data.draw(st.sampled_from([1, size])) for size in shape]
    size, thin_size = int(np.prod(shape)), int(np.prod(thin))
    array = np.array(data.draw(st.lists(st.integers(0, 1), min_size=size, max_size=size))).reshape(
        shape
    )
    held = np.array(
        data.draw(st.lists(st.booleans(), min_size=thin_size, max_size=thin_size))
    ).reshape(thin)
    found = lean_where(array, held)
    there = np.broadcast_to(held, shape)
    assert (np.broadcast_to(found, shape)[there] == array[there]).all()
    # Nothing is kept along an axis without a reason, and what is held everywhere is what `lean`
    # gives.
    assert found.size <= lean(array).size
    if held.all():
        assert found.tolist() == lean(array).tolist()
