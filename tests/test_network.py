from __future__ import annotations

import itertools
from unittest import mock

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import NegativeCycleError as ScipyNegativeCycle
from scipy.sparse.csgraph import csgraph_from_dense, floyd_warshall

from brute_force import Constraint, network
from casechron.chronology.network import (
    LARGEST,
    OPEN,
    SMALL,
    NegativeCycleError,
    Network,
    Windows,
    minimal_network,
    most_days_from,
    negative_cycle,
    none_if_open,
    tightened,
)
from thoroughly import examples

GRID = range(5)


def window(windows: Windows, point: int) -> tuple[int | None, int | None]:
    """Least and greatest day of a point; None is open."""
    return none_if_open(windows.lower[point]), none_if_open(windows.upper[point])


@st.composite
def small_networks(draw: st.DrawFn) -> tuple[int, list[Constraint]]:
    """Three or four points, each within the grid, and some constraints; point 0 is the
    reference."""
    points = draw(st.integers(2, 5))
    constraints = [Constraint(0, p, 0, len(GRID) - 1, -1) for p in range(1, points)]
    some = st.none() | st.integers(-4, 4)
    for statement in range(draw(st.integers(0, 6))):
        i, j = draw(st.tuples(st.integers(0, points - 1), st.integers(0, points - 1)))
        constraints.append(Constraint(i, j, draw(some), draw(some), statement))
    return points, constraints


def satisfying(points: int, constraints: list[Constraint]) -> np.ndarray:
    """Every assignment of grid days to the points that satisfies all constraints, by trying them
    all."""

    def holds(days: tuple[int, ...], c: Constraint) -> bool:
        gap = days[c.to_point] - days[c.from_point]
        return (c.least is None or c.least <= gap) and (c.most is None or gap <= c.most)

    found = [(0, *days) for days in itertools.product(GRID, repeat=points - 1)]
    return np.array([days for days in found if all(holds(days, c) for c in constraints)]).reshape(
        -1, points
    )


@given(small_networks())
@settings(max_examples=examples(250), deadline=None)
def test_bounds_and_minimal_network_are_the_projections_of_all_solutions(
    case: tuple[int, list[Constraint]],
) -> None:
    points, constraints = case
    every = satisfying(points, constraints)
    net = network(points, constraints)
    if not len(every):
        with pytest.raises(NegativeCycleError):
            tightened(net)
        return
    windows = tightened(net)
    assert windows.lower.tolist() == every.min(axis=0).tolist()
    assert windows.upper.tolist() == every.max(axis=0).tolist()
    differences = every[:, None, :] - every[:, :, None]
    minimal = minimal_network(net).tolist()
    assert minimal == differences.max(axis=0).tolist()
    assert [most_days_from(net, point).tolist() for point in range(points)] == minimal


@given(small_networks())
@settings(max_examples=examples(150), deadline=None)
def test_a_negative_cycle_is_a_closed_chain_of_edges_that_fall_short(
    case: tuple[int, list[Constraint]],
) -> None:
    points, constraints = case
    net = network(points, constraints)
    cycle = negative_cycle(net)
    assert (cycle is None) == bool(len(satisfying(points, constraints)))
    if cycle is not None:
        assert net.head[cycle].tolist() == np.roll(net.tail[cycle], -1).tolist()
        assert net.length[cycle].sum() < 0
        assert len(set(net.tail[cycle].tolist())) == len(cycle)


@given(small_networks())
@settings(max_examples=examples(100), deadline=None)
def test_a_chain_adds_up_to_the_bound_it_explains(case: tuple[int, list[Constraint]]) -> None:
    net = network(*case)
    if negative_cycle(net) is not None:
        return
    windows = tightened(net)
    for point in range(1, net.points):
        up, down = (windows.chain(point, upper=side) for side in (True, False))
        assert net.length[up].sum() == windows.upper[point]
        assert -net.length[down].sum() == windows.lower[point]
        assert (net.tail[up[0]], net.head[up[-1]]) == (0, point)
        assert (net.tail[down[0]], net.head[down[-1]]) == (point, 0)


@st.composite
def larger_networks(draw: st.DrawFn) -> Network:
    """Up to 60 points, sparse or dense, bounds open or not, some of them unreachable from the
    reference."""
    points, ties = draw(st.integers(2, 60)), draw(st.integers(0, 200))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    true = rng.integers(-500, 500, points)
    true[0] = 0
    constraints = []
    # Mostly built around a solution, so that most of them can hold; sometimes one constraint is
    # off.
    for statement, (i, j) in enumerate(rng.integers(0, points, (ties, 2)).tolist()):
        if (
            i == j
        ):  # scipy and networkx leave the edge of a point with itself out; it has a test of its own
            continue
        gap = int(true[j] - true[i]) + (0 if rng.random() > 0.003 else 400)
        least = None if rng.random() < 0.4 else gap - int(rng.integers(0, 30))
        most = None if rng.random() < 0.4 else gap + int(rng.integers(0, 30))
        constraints.append(Constraint(i, j, least, most, statement))
    return network(points, constraints)


def dense(net: Network) -> np.ndarray:
    lengths = np.full((net.points, net.points), np.inf)
    np.minimum.at(lengths, (net.tail, net.head), net.length)
    return lengths


@given(larger_networks())
@settings(max_examples=examples(120), deadline=None)
def test_agrees_with_scipy_and_networkx(net: Network) -> None:
    lengths = dense(net)
    graph = nx.DiGraph()
    graph.add_nodes_from(range(net.points))
    graph.add_weighted_edges_from(
        (i, j, lengths[i, j]) for i, j in zip(*np.nonzero(lengths < np.inf), strict=True)
    )
    can_hold = not nx.negative_edge_cycle(graph)
    assert (negative_cycle(net) is None) == can_hold
    if not can_hold:
        with pytest.raises(ScipyNegativeCycle):
            floyd_warshall(csgraph_from_dense(lengths, null_value=np.inf))
        return
    np.fill_diagonal(lengths, 0)
    theirs = floyd_warshall(csgraph_from_dense(lengths, null_value=np.inf))
    ours = minimal_network(net)
    with mock.patch(
        "casechron.chronology.network.SMALL", 0
    ):  # by elimination, which larger networks take
        assert np.array_equal(minimal_network(net), ours)
    assert np.array_equal(np.where(ours == OPEN, np.inf, ours), theirs)
    windows = tightened(net)
    assert np.array_equal(windows.upper, ours[0])
    assert np.array_equal(windows.lower, -ours[:, 0])
    reached = nx.single_source_bellman_ford_path_length(graph, 0)
    assert {p: int(day) for p, day in enumerate(windows.upper) if day < OPEN} == reached


def test_example_of_dechter_meiri_and_pearl() -> None:
    """John and Fred going to work (Dechter, Meiri and Pearl 1991): example 1.1, as the simple
    problem of section 3.

    John goes by car (30 to 40 minutes), Fred in a carpool (40 to 50). Today John left home between
    7:10 and 7:20, Fred arrived at work between 8:00 and 8:10, and John arrived 10 to 20 minutes
    after Fred left home. Minutes after 7:00; points: 1 and 2 John leaves and arrives, 3 and 4 Fred.
    """
    net = network(
        5,
        [
            (0, 1, 10, 20, 0),
            (1, 2, 30, 40, 1),
            (3, 2, 10, 20, 2),
            (3, 4, 40, 50, 3),
            (0, 4, 60, 70, 4),
        ],
    )
    assert minimal_network(net).tolist() == [
        [0, 20, 50, 30, 70],
        [-10, 0, 40, 20, 60],
        [-40, -30, 0, -10, 30],
        [-20, -10, 20, 0, 50],
        [-60, -50, -20, -40, 0],
    ]
    # Could John have taken the bus (60 minutes or more) and Fred the carpool? The story then cannot
    # hold.
    bus = network(
        5,
        [
            (0, 1, 10, 20, 0),
            (1, 2, 60, None, 1),
            (3, 2, 10, 20, 2),
            (3, 4, 40, 50, 3),
            (0, 4, 60, 70, 4),
        ],
    )
    cycle = negative_cycle(bus)
    assert cycle is not None
    assert {int(bus.statement[edge]) for edge in cycle} == {0, 1, 2, 3, 4}


def test_a_contradiction_out_of_reach_of_every_date_is_found() -> None:
    net = network(3, [(1, 2, 1, None, 0), (2, 1, 1, None, 1)])
    cycle = negative_cycle(net)
    assert cycle is not None
    assert sorted(net.statement[cycle].tolist()) == [0, 1]
    with pytest.raises(NegativeCycleError, match="these constraints cannot hold together"):
        tightened(net)


def test_a_constraint_of_a_point_with_itself() -> None:
    assert negative_cycle(network(2, [(1, 1, 1, None, 0)])) == [0]
    assert negative_cycle(network(2, [(1, 1, -1, 1, 0)])) is None


def test_a_long_chain_takes_as_many_rounds_as_it_has_links() -> None:
    points = 700
    chain = [Constraint(p, p + 1, 1, None, p) for p in range(points - 1)]
    windows = tightened(network(points, [*chain, Constraint(0, points - 1, None, points, points)]))
    assert windows.lower.tolist() == list(range(points))
    assert windows.upper.tolist() == [0, *range(2, points + 1)]
    assert windows.network.statement[windows.chain(points - 1, upper=False)].tolist() == list(
        range(points - 2, -1, -1)
    )


def test_far_days_are_exact_and_farther_ones_refused() -> None:
    net = network(3, [(0, 1, LARGEST, LARGEST, 0), (1, 2, 1, 1, 1)])
    assert window(tightened(net), 2) == (LARGEST + 1, LARGEST + 1)
    assert minimal_network(net)[2, 0] == -LARGEST - 1
    with pytest.raises(
        OverflowError, match="a constraint of more than 380 billion years cannot be held exactly"
    ):
        network(2, [(0, 1, None, 2 * LARGEST + 1, 0)])


@pytest.mark.parametrize("far", [0, 2**20, 2**40])
def test_a_network_above_the_size_that_is_closed_at_once(far: int) -> None:
    rng = np.random.default_rng(7)
    points = SMALL + 60
    true = np.append(0, rng.integers(0, 4000, points - 1) + far)
    ties = [
        (i, j, int(true[j] - true[i]) - int(slack), int(true[j] - true[i]) + int(slack), k)
        for k, (i, j, slack) in enumerate(
            zip(*rng.integers(0, points, (2, 400)), rng.integers(0, 9, 400), strict=True)
        )
    ]
    net = network(
        points, [*ties, *[(0, p, int(true[p]) - 90, None, 400 + p) for p in range(1, points, 3)]]
    )
    lengths = dense(net)
    np.fill_diagonal(lengths, 0)
    theirs = floyd_warshall(csgraph_from_dense(lengths, null_value=np.inf))
    ours = minimal_network(net)
    assert np.array_equal(np.where(ours == OPEN, np.inf, ours), theirs)


def test_no_constraints_bound_nothing() -> None:
    net = network(3, [])
    assert window(tightened(net), 1) == (None, None)
    assert minimal_network(net).tolist() == [[0, OPEN, OPEN], [OPEN, 0, OPEN], [OPEN, OPEN, 0]]
    assert (none_if_open(OPEN), none_if_open(-OPEN), none_if_open(-3)) == (None, None, -3)


def test_subnetworks() -> None:
    net = network(3, [(0, 1, 0, 5, 0), (1, 2, 1, 2, 1), (1, 2, 0, None, -1)])
    assert set(net.only([0]).statement.tolist()) == {0, -1}
    assert set(net.without([0]).statement.tolist()) == {1, -1}
    assert window(tightened(net.widened(1, 3)), 2) == (0, 10)
    assert (
        net.length.tolist()
        == network(3, [(0, 1, 0, 5, 0), (1, 2, 1, 2, 1), (1, 2, 0, None, -1)]).length.tolist()
    )
