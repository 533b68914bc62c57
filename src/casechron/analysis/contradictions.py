"""How does a contradiction come about, step by step?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from casechron.analysis.rows import RowOfTable, table_of_rows
from casechron.analysis.windows import day_words
from casechron.characters import counted
from casechron.chronology import Chronology
from casechron.chronology.ages import aged_events
from casechron.chronology.constraints import Lowered
from casechron.chronology.network import HARD, OPEN, Network, negative_cycle
from casechron.chronology.statements import event_name
from casechron.review import Review

__all__ = ["contradictions"]

_ORDER = "what lasts starts no later than it ends"


@table_of_rows
def contradictions(review: Review) -> Iterator[RowOfTable]:
    """Which statements about time cannot hold together, and how do they come to clash?

    Each minimal set of statements that cannot hold together is gone round once: each step says how
    late something can be at most, given the steps before it, and the last asks for a later day than
    is left. Where a date admits several days and none between them, there is a round for each way
    in which they clash: the next begins where a day was too late. Leave out any one statement of a
    set, and the rest of it can hold.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per step of each conflict; none where everything can hold together.

        - `conflict`, `step` (number): the conflict, and the step within it, from 1
        - `says` (text): what the step says
        - `words` (text): the source's own words, if the row has any
        - `statement` (text): the whole statement that the step uses
        - `row`, `table` (text): its row and that row's table; empty where a step uses only that a
          start is no later than its end
        - `basis` (text): 'stated', 'derived' or 'judged'
        - `paragraphs` (text): where the source says it
        - `day` (date; NaT: the conflict names no date, or it would tell of a birth): the latest
          day that the step leaves; of the last step the earliest day that it asks for
        - `days_on` (days; <NA>: no day): that day, in days from the first step of the round
        - `days_needed`, `days_possible` (days; <NA>: not this step): what the longest step needs,
          and what all the others leave
        - `days_short` (days): how many days the round lacks
        - `days_to_relax_alone` (days; <NA>: no widening does, or dates with holes leave too many
          choices to try): by how many days this statement alone would have to be widened for
          everything to hold

    References
    ----------
    Negative cycles of a distance graph: Dechter, Meiri and Pearl 1991, *Artificial Intelligence*
    49, theorem 3.1.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> len(cc.contradictions(review))
    0
    >>> exact = cc.read_review("child-x-anytown-2019", duration_slack="none")
    >>> cc.contradictions(exact)[["conflict", "step", "row", "days_short"]]
       conflict  step           row  days_short
    0         1     1     harm-2015           5
    1         1     2  rl-icpc-harm           5
    2         1     3     icpc-2014           5
    """
    chronology = review.chronology
    for number, (conflict, networks) in enumerate(chronology.conflict_networks, start=1):
        to_relax = dict(zip(conflict.statements, conflict.relaxations, strict=True))
        steps = (step for network in networks for step in _steps(chronology, network))
        for step, (says, statement, *days) in enumerate(steps, start=1):
            about = _stated(chronology, statement)
            yield (number, step, says, *about, *days, to_relax.get(statement))


def _steps(chronology: Chronology, network: Network) -> Iterator[tuple[Any, ...]]:
    """A row for each step once round a set of statements that cannot hold, from a date on where
    one of them is a date; no day from where it comes to a point that keeps its own date."""
    cycle = negative_cycle(network)
    assert cycle is not None  # the set is a conflict
    begin = next((at for at, edge in enumerate(cycle) if network.tail[edge] == 0), 0)
    columns = (network.tail, network.head, network.length, network.statement)
    edges = [
        tuple(int(column[edge]) for column in columns) for edge in cycle[begin:] + cycle[:begin]
    ]
    days_short = -sum(length for _, _, length, _ in edges)
    dated = edges[0][0] == 0
    # The step that asks for the longest time between two points; a date asks for none.
    asked = [0 if 0 in (tail, head) else -length for tail, head, length, _ in edges]
    longest, most = asked.index(max(asked)), max(asked)
    lowered = chronology.lowered
    aged = aged_events(chronology.tables, lowered) if chronology.tables else ()
    at = [lowered.row_of[event] for event in aged]
    kept_dates = {*lowered.birth_points, *lowered.start[at], *lowered.end[at]} - {-1}
    latest, first_day, narrows = 0, None, False
    for step, (tail, head, length, statement) in enumerate(edges):
        latest += length
        # The last step names a day that is asked for, all others the last that is left: none for a
        # birth or beside a living child's age, nor by way of these, from which one could count.
        narrows |= tail != 0 and head in kept_dates
        day = -length if dated and head == 0 else None if narrows else latest
        if step == 0:
            first_day = day if dated else 0
        has_day = dated and day is not None
        needs = step == longest and most >= days_short and most > 0
        yield (
            _says(chronology, (tail, head, length), latest, days_short, has_day),
            statement,
            day if has_day else OPEN,
            None if day is None or first_day is None else day - first_day,
            *((most, most - days_short) if needs else (None, None)),
            days_short,
        )


def _stated(chronology: Chronology, statement: int) -> tuple[str, ...]:
    """The source's own words for a statement, and the statement, with its row, table, basis and
    paragraphs; all but one are empty for the rule that what lasts starts no later than it ends."""
    if statement == HARD:
        return "", _ORDER, "", "", "", ""
    lowered, said = chronology.lowered, chronology.statement(statement)
    kind, at = lowered.statement_rows[statement]
    words = lowered.events[at].date_words if kind == "date" else lowered.relations[at].words
    return words, said.words, said.row, said.table, said.basis, said.paragraphs


def _says(
    chronology: Chronology, edge: tuple[int, int, int], latest: int, days_short: int, dated: bool
) -> str:
    """One step in words: how late a point is at the most."""
    tail, head, length = edge
    point, reference = (_point_name(chronology.lowered, at) if at else "" for at in (head, tail))
    if tail == 0:
        return f"{point} is on {day_words(latest)} at the latest"
    if head == 0:
        too_late = f"{counted(days_short, 'day')} too late"
        return f"{reference} is on {day_words(-length)} at the earliest: {too_late}"
    if length < 0:
        step = f"{point} is at least {counted(-length, 'day')} before {reference}"
    else:
        late = f"at most {counted(length, 'day')} after" if length else "no later than"
        step = f"{point} is {late} {reference}"
    return f"{step}: on {day_words(latest)} at the latest" if dated else step


def _point_name(lowered: Lowered, point: int) -> str:
    """A point of the network as sentences name it: the event, or the start or end of what lasts."""
    of_event = (lowered.start == point) | (lowered.end == point) | (lowered.birth_points == point)
    event = int(np.flatnonzero(of_event)[0])
    name = event_name(lowered, lowered.events[event].id)
    if lowered.start[event] == lowered.end[event]:
        return name
    return f"the {'start' if lowered.start[event] == point else 'end'} of {name}"
