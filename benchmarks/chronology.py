"""How long does the chronology engine take, and how does that grow with the number of events?

    python benchmarks/chronology.py [--reviews 2000]

Reviews are made up around hidden true days, so that they hold together: dates to the day, the
month, part of a month or a year, states, events with a count, events without a date; per event
three relations of all types to events nearby in time. Times are wall seconds, the median of the
rounds. The minimal network is timed beside scipy's compiled `floyd_warshall` on the same network in
the same run, and the two must agree."""

from __future__ import annotations

import argparse
import math
import multiprocessing
import resource
import statistics
import sys
import time
import timeit
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date

import numpy as np
import pandas as pd
from scipy.sparse.csgraph import csgraph_from_dense, floyd_warshall

from casechron.chronology import bounds_table, network, solve
from casechron.chronology.constraints import lower
from casechron.chronology.network import OPEN, Network, from_arrays, minimal_network, tightened
from casechron.dates.policy import DatingPolicy

ROUNDS = 5
FIRST = date(2010, 1, 1).toordinal()


def review(events: int, relations: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """An events table and a relations table that hold together."""
    rng = np.random.default_rng(seed)
    start = np.sort(rng.integers(FIRST, FIRST + 3650, events))
    kinds = rng.choice(["moment", "span", "several", "undated"], events, p=[0.65, 0.15, 0.1, 0.1])
    end = start + np.where(
        (kinds == "span") | (kinds == "several"), rng.integers(0, 200, events), 0
    )
    form = rng.integers(0, 4, events)
    rows = [
        _event(f"e{i}", str(kinds[i]), int(start[i]), int(end[i]), int(form[i]))
        for i in range(events)
    ]
    a = rng.integers(0, events, relations)
    b = np.clip(a + rng.integers(-20, 21, relations), 0, events - 1)
    b = np.where(a == b, (a + 1) % events, b)
    loose = rng.integers(0, 15, relations)
    ties = [
        _tie(f"r{k}", int(i), int(j), start, end, kinds, int(loose[k]))
        for k, (i, j) in enumerate(zip(a, b, strict=True))
    ]
    columns = [
        "id",
        "type",
        "from_event",
        "from_point",
        "to_event",
        "to_point",
        "gap",
        "meaning",
        "words",
        "basis",
    ]
    return pd.DataFrame(rows, dtype="str"), pd.DataFrame(ties, columns=columns, dtype="str")


def _event(name: str, kind: str, start: int, end: int, form: int) -> dict[str, str]:
    def written(day: int) -> str:
        on = date.fromordinal(day)
        part = "early" if on.day <= 10 else "mid" if on.day <= 20 else "late"
        return (on.isoformat(), f"{on:%Y-%m}", f"{part} {on:%Y-%m}", f"{on:%Y}")[form]

    text = {
        "moment": written(start),
        "span": f"{written(start)}/{written(end) if form else '..'}",
        "several": f"[{date.fromordinal(start)}..{date.fromordinal(end)}]",
        "undated": "",
    }[kind]
    return {
        "id": name,
        "date": text,
        "date_words": "",
        "date_basis": "stated",
        "kind": "visit",
        "count_min": "2" if kind == "several" else "",
        "count_max": "",
        "absence": "",
        "summary": f"Something happened, the event number {name}",
        "basis": "stated",
    }


def _tie(
    name: str, i: int, j: int, start: np.ndarray, end: np.ndarray, kinds: np.ndarray, loose: int
) -> tuple[str, ...]:
    """A relation of one of the types that is true of the hidden days."""
    if start[i] > start[j]:
        i, j = j, i
    gap = int(start[j] - start[i])
    kind, spelled, meaning = "gap", f"P{max(gap - loose, 0)}D", "at-least"
    if loose % 3 == 0 and end[i] < start[j]:
        kind, spelled, meaning = ("before" if loose else "not-after"), "", ""
    elif loose % 3 == 1:
        spelled, meaning = f"P{round(gap / 7)}W", "rounded"
        if abs(gap - 7 * round(gap / 7)) > 3:
            spelled, meaning = f"P{gap}D", "exact"
    elif loose % 3 == 2 and end[j] <= end[i] and kinds[i] == "span":
        kind, spelled, meaning = "during", "", ""
        i, j = j, i
    return (name, kind, f"e{i}", "", f"e{j}", "", spelled, meaning, "", "stated")


def seconds(ask: Callable[[], object]) -> float:
    return statistics.median(timeit.repeat(ask, number=1, repeat=ROUNDS))


def dense(net: Network) -> np.ndarray:
    lengths = np.full((net.points, net.points), np.inf)
    np.minimum.at(lengths, (net.tail, net.head), net.length)
    np.fill_diagonal(lengths, 0)
    return csgraph_from_dense(lengths, null_value=np.inf)


def closed(net: Network) -> np.ndarray:
    """The minimal network, worked out anew although one of the same edges is remembered."""
    network._minimal_of_edges.cache_clear()
    return minimal_network(net)


def one_large_review(events: int, relations: int) -> bool:
    tables = review(events, relations, 1)
    policy = DatingPolicy()
    lowered = lower(*tables, policy)
    net = lowered.network
    chronology = solve(*tables, policy)
    assert chronology.admissible
    print(
        f"{events:,} events, {relations:,} relations: {net.points:,} points, {len(net.tail):,}"
        " edges"
    )
    # The columns of constraints as a caller would have them: every edge an upper bound from its
    # tail to its head.
    none = np.full(len(net.tail), -OPEN)
    arrays = seconds(
        lambda: tightened(
            from_arrays(net.points, net.tail, net.head, none, net.length, net.statement)
        )
    )
    tabled = seconds(lambda: solve(*tables, policy))
    worded = seconds(lambda: bounds_table(solve(*tables, policy)))
    ours, theirs = seconds(lambda: closed(net)), seconds(lambda: floyd_warshall(dense(net)))
    found = minimal_network(net)
    assert np.array_equal(np.where(found == OPEN, np.inf, found), floyd_warshall(dense(net)))
    print(f"  bounds from arrays                      {arrays:8.4f} s")
    print(f"  bounds from tables (lowering included)  {tabled:8.4f} s")
    print(f"  the table of bounds, with its words     {worded:8.4f} s")
    print(f"  minimal network                         {ours:8.4f} s")
    print(f"  scipy floyd_warshall, same network      {theirs:8.4f} s  ratio {theirs / ours:.1f}")
    met = arrays < 0.2 and tabled < 0.2 and ours < 2
    print(f"  targets 0.2 s, 0.2 s, 2 s: {'met' if met else 'MISSED'}")
    return met


def _many(task: tuple[int, int, int]) -> tuple[float, float, int]:
    """Seconds for bounds, seconds for minimal networks, and the peak memory in MiB of one worker's
    reviews."""
    first, last, events = task
    bounding = closing = 0.0
    for seed in range(first, last):
        tables = review(events, events // 2, seed)
        begun = time.perf_counter()
        chronology = solve(*tables)
        bounds_table(chronology)
        bounded = time.perf_counter()
        _ = chronology.minimal
        bounding, closing = bounding + bounded - begun, closing + time.perf_counter() - bounded
    return bounding, closing, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def many_reviews(reviews: int, events: int) -> bool:
    half = reviews // 2
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        found = list(pool.map(_many, [(0, half, events), (half, reviews, events)]))
    bounding, closing = (max(one[at] for one in found) for at in (0, 1))
    memory = sum(one[2] for one in found)
    print(f"\n{reviews:,} reviews of {events} events on two cores (reading no files)")
    print(
        f"  tables of bounds {bounding:.1f} s, minimal networks as well {bounding + closing:.1f} s,"
        f" memory {memory} MiB"
    )
    met = bounding + closing < 15 * reviews / 2000 and memory < 1024
    print(f"  target 15 s for 2,000 and 1,024 MiB: {'met' if met else 'MISSED'}")
    return met


def growth() -> None:
    print("\ngrowth, three relations an event; seconds")
    print(f"{'events':>8}{'points':>8}{'bounds':>10}{'tables':>10}{'minimal':>10}{'scipy':>10}")
    sizes, rows = [125, 250, 500, 1000, 2000], []
    for events in sizes:
        tables = review(events, 3 * events, 2)
        net = lower(*tables, DatingPolicy()).network
        row = [
            seconds(lambda: tightened(net)),  # noqa: B023
            seconds(lambda: solve(*tables)),  # noqa: B023
            seconds(lambda: closed(net)),  # noqa: B023
        ]
        row.append(seconds(lambda: floyd_warshall(dense(net))) if events <= 1000 else math.nan)  # noqa: B023
        rows.append(row)
        print(f"{events:8,}{net.points:8,}" + "".join(f"{one:10.4f}" for one in row))
    slopes = []
    for column in zip(*rows, strict=True):
        held = [
            (math.log(size), math.log(one))
            for size, one in zip(sizes, column, strict=True)
            if not math.isnan(one)
        ]
        slopes.append(np.polyfit(*zip(*held, strict=True), 1)[0])
    print(f"{'exponent':>16}" + "".join(f"{slope:10.2f}" for slope in slopes))


def circle(events: int) -> None:
    """A contradiction of as many statements as there are events: each before the next, round."""
    names = [f"e{at}" for at in range(events)]
    relations = pd.DataFrame(
        {"id": names, "type": "before", "from_event": names, "to_event": [*names[1:], names[0]]}
    )
    chronology = solve(pd.DataFrame({"id": names, "date": ""}), relations)
    begun = time.perf_counter()
    (found,) = chronology.conflicts
    taken = time.perf_counter() - begun
    print(f"\na circle of {len(found.statements)} orders, found and explained: {taken:.2f} s")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reviews", type=int, default=2000, help="how many reviews of 100 events")
    asked = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, numpy {np.__version__}, pandas {pd.__version__}")
    met = [one_large_review(1000, 3000), many_reviews(asked.reviews, 100)]
    growth()
    circle(300)
    return int(not all(met))


if __name__ == "__main__":
    sys.exit(main())
