"""Do the true days of a simulated review lie within what the chronology says of it?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from casechron.chronology import Chronology, solve
from casechron.chronology.network import is_open
from casechron.dates.days import day_text
from casechron.dates.policy import DatingPolicy
from simulation.reviews import TrueDay

if TYPE_CHECKING:
    import pandas as pd


def outside(
    tables: dict[str, pd.DataFrame], truth: Sequence[TrueDay], policy: DatingPolicy
) -> list[str]:
    """Every true day that its bounds exclude, and every true gap that the minimal network excludes,
    a sentence each.

    Empty is as it has to be: the chronology is admissible, and the truth is one of those that it
    admits.

    >>> from casechron.coding.reviews import frames_with
    >>> from simulation.reviews import simulate
    >>> made = simulate(1, events=12)
    >>> outside(frames_with(made.tables), made.truth, made.policy)
    []
    >>> moved = [
    ...     day._replace(day=day.day + 9999) if day.event == "icpc-1" else day for day in made.truth
    ... ]
    >>> len(outside(frames_with(made.tables), moved, made.policy)) > 0
    True
    """
    return outside_of(solve(tables["events"], tables["relations"], policy), truth)


def outside_of(chronology: Chronology, truth: Sequence[TrueDay]) -> list[str]:
    """The same, of a chronology that has been attempted."""
    if not chronology.admissible:
        return ["no chronology is admissible, and the truth is one"]
    lowered = chronology.lowered
    found, names, points, days = [], [], [], []
    for event, point, day in truth:
        at, name = lowered.row_of[event], f"{point} of {event}"
        low, high = _window(chronology, event, point)
        if not low <= day <= high:
            between = f"{_said(low)} and {_said(high)}"
            found.append(f"{name}: the true day {day_text(day)} is not between {between}")
        if chronology.in_network(at):
            names.append(name)
            points.append(int((lowered.end if point == "end" else lowered.start)[at]))
            days.append(day)
    true = np.array(days, dtype=np.int64)
    most = chronology.minimal[np.ix_(points, points)]
    for one, other in np.argwhere(true[None, :] - true[:, None] > most).tolist():
        found.append(
            f"from the {names[one]} to the {names[other]}: the true gap of"
            f" {days[other] - days[one]} days is more than the {most[one, other]} that are admitted"
        )
    return found


def _window(chronology: Chronology, event: str, point: str) -> tuple[int, int]:
    columns = slice(2, 4) if point == "end" else slice(0, 2)
    low, high = chronology.event_windows[chronology.lowered.row_of[event], columns]
    return int(low), int(high)


def _said(day: int) -> str:
    return "no bound" if is_open(day) else day_text(day)


def widths(chronology: Chronology, truth: Sequence[TrueDay]) -> list[int | None]:
    """How many days the chronology leaves open for each point of the truth, in its order: 1 is a
    certain day, None no end."""
    windows = [_window(chronology, event, point) for event, point, _ in truth]
    return [None if is_open(low) or is_open(high) else high - low + 1 for low, high in windows]
