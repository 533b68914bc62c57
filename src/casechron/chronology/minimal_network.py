"""How many days can lie between any two points? The minimal network of a simple temporal
network."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casechron.chronology.network import OPEN, Ints, Network

SMALL = 160
"""Up to so many points, closing them all at once takes less time than choosing an order."""


def minimal_network(net: Network) -> Ints:
    """The minimal network: `m[i, j]` is the greatest day(j) - day(i), OPEN if nothing bounds it.

    Points are eliminated in the order of least degree, each leaving its neighbours their shortest
    way through it; what is left when all remaining points are neighbours is closed by Floyd and
    Warshall; then the eliminated points come back in reverse, each reading its distances off its
    neighbours' (Snowball: Planken, de Weerdt and van der Krogt 2012, Computing all-pairs shortest
    paths by leveraging low treewidth, Journal of Artificial Intelligence Research 43, 353-388). A
    text ties an event to few others, so this costs points squared times a small number. The network
    must be able to hold: ask `tightened` first. The result cannot be written to: networks of the
    same edges, as under choices that move no date, share it."""
    return _of_edges(net.points, *(part.tobytes() for part in (net.tail, net.head, net.length)))


@lru_cache(maxsize=16)
def _of_edges(n: int, *edges: bytes) -> Ints:
    tail, head, length = (np.frombuffer(part, np.int64) for part in edges)
    step = np.full((n, n), OPEN, dtype=np.int64)
    np.minimum.at(step, (tail, head), length)
    np.fill_diagonal(step, 0)
    order, ties, core = _eliminated(step)
    closed_core = _closed(step[np.ix_(core, core)])
    place = np.empty(n, dtype=np.int64)
    place[core] = np.arange(len(core))
    place[order] = np.arange(n - 1, len(core) - 1, -1)
    ahead = np.full(
        (n, n), OPEN, dtype=np.int64
    )  # ahead[i, j]: from i to j, in the order of `place`
    back = np.full(
        (n, n), OPEN, dtype=np.int64
    )  # its transpose, so that both directions read whole rows
    ahead[: len(core), : len(core)] = closed_core
    back[: len(core), : len(core)] = closed_core.T
    for point, near in zip(reversed(order), reversed(ties), strict=True):
        k = int(place[point])
        if near.size:
            rows = place[near]
            ahead[k, :k] = (step[point, near, None] + ahead[rows, :k]).min(axis=0)
            back[k, :k] = (step[near, point, None] + back[rows, :k]).min(axis=0)
            np.minimum(ahead[k, :k], OPEN, out=ahead[k, :k])
            np.minimum(back[k, :k], OPEN, out=back[k, :k])
            ahead[:k, k], back[:k, k] = back[k, :k], ahead[k, :k]
        ahead[k, k] = back[k, k] = 0
    result = ahead[np.ix_(place, place)]
    result[result > OPEN // 2] = OPEN
    result.flags.writeable = False
    return result


def _closed(step: Ints) -> Ints:
    """All shortest ways by Floyd and Warshall, in 32 bits where no sum can leave them: half the
    memory to move."""
    lengths = step[step < OPEN // 2]
    narrow = bool(np.abs(lengths).sum() < 2**28)
    way: NDArray[Any] = np.where(step < OPEN // 2, step, 2**29).astype(np.int32) if narrow else step
    through = np.empty_like(way)
    for k in range(len(way)):
        np.add(way[:, k, None], way[k], out=through)
        np.minimum(way, through, out=way)
    wide: Ints = way.astype(np.int64)
    if narrow:
        wide[wide >= 2**28] = OPEN
    return wide


def _eliminated(step: Ints) -> tuple[list[int], list[Ints], Ints]:
    """Points in order of elimination, the neighbours each had then, and the points that stayed.

    Changes `step`: after it, the way from neighbour to neighbour is no longer than through the
    point."""
    n = len(step)
    tied = step < OPEN
    tied |= tied.T
    np.fill_diagonal(tied, False)
    degree = tied.sum(axis=1)
    left = np.ones(n, dtype=bool)
    order: list[int] = []
    ties: list[Ints] = []
    gone = n + 1  # a degree above all others: never chosen again
    while len(order) < n and n > SMALL:
        point = int(degree.argmin())
        if degree[point] >= (n - len(order)) // 2:  # so dense that elimination saves nothing more
            break
        near = np.flatnonzero(tied[point])
        order.append(point)
        ties.append(near)
        left[point] = False
        tied[point] = tied[:, point] = False
        degree[point] = gone
        if near.size:
            square = (near[:, None], near)
            step[square] = np.minimum(step[square], step[near, point, None] + step[point, near])
            tied[square] = True
            tied[near, near] = False
            degree[near] = tied[near].sum(axis=1)
    return order, ties, np.flatnonzero(left)
