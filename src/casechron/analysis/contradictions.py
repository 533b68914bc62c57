"""How does a contradiction come about, step by step?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from casechron.analysis.columns import kept
from casechron.analysis.windows import day_words
from casechron.characters import counted
from casechron.chronology import Chronology, conflicting_statements
from casechron.chronology.constraints import Lowered
from casechron.chronology.day_columns import calendar_days, day_counts, texts
from casechron.chronology.network import HARD, OPEN, Ints, Network, negative_cycle
from casechron.chronology.statements import point_name
from casechron.review import Review

__all__ = ["contradictions"]

_ORDER = "what lasts starts no later than it ends"


@kept
def contradictions(review: Review) -> pd.DataFrame:
    """Which statements about time cannot hold together, and how do they come to clash?

    Each minimal set of statements that cannot hold together is gone round once: each step says how
    late something can be at most, given the steps before it, and the last asks for a later day than
    is left. Leave out any one statement of a set, and the rest of it can hold.

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
        - `day` (date; NaT: the conflict names no date): the latest day that the step leaves
        - `days_on` (days; <NA>: no date): that day, in days from the first step
        - `days_needed`, `days_possible` (days; <NA>: not this step): what the longest step needs,
          and what all the others leave
        - `days_short` (days): how many days the set lacks
        - `against_it` (text): what the others of the set put against this statement
        - `days_to_relax_alone` (days; <NA>: no widening does): by how many days this statement
          alone would have to be widened for everything to hold

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
    told = conflicting_statements(chronology)
    frames = [
        _steps(chronology, number, net)
        for number, (_, net) in enumerate(chronology.clashing, start=1)
    ]
    none = np.array([], np.int64)
    steps = pd.concat(frames, ignore_index=True) if frames else _frame([], none, none)
    text = ["statement", "table", "basis", "paragraphs", "against_it"]
    joined = steps.join(
        told.set_index(["conflict", "row"])[[*text, "days_to_relax_alone"]], on=["conflict", "row"]
    )
    joined[text] = joined[text].fillna("")
    joined["statement"] = joined["statement"].mask(joined["row"] == "", _ORDER)
    names = [
        *("conflict", "step", "says", "words", "statement", "row"),
        *("table", "basis", "paragraphs", "day", "days_on"),
    ]
    return joined[
        [*names, "days_needed", "days_possible", "days_short", "against_it", "days_to_relax_alone"]
    ]


def _frame(
    rows: list[tuple[int, int, str, str, str, int, int, int]], days: Ints, days_on: Ints
) -> pd.DataFrame:
    """From rows of conflict, step, what it says, words, row, days needed, possible and short;
    `days` and `days_on` stand beside them."""
    columns = [[row[at] for row in rows] for at in range(8)]
    return pd.DataFrame(
        {
            "conflict": np.array(columns[0], dtype=np.int64),
            "step": np.array(columns[1], dtype=np.int64),
            "says": texts(map(str, columns[2])),
            "words": texts(map(str, columns[3])),
            "row": texts(map(str, columns[4])),
            "day": calendar_days(days),
            "days_on": day_counts(days_on),
            "days_needed": day_counts(np.array(columns[5], dtype=np.int64)),
            "days_possible": day_counts(np.array(columns[6], dtype=np.int64)),
            "days_short": day_counts(np.array(columns[7], dtype=np.int64)),
        }
    )


def _steps(chronology: Chronology, number: int, net: Network) -> pd.DataFrame:
    lowered = chronology.lowered
    cycle = negative_cycle(net)
    assert cycle is not None  # the set is a conflict
    begin = next((at for at, edge in enumerate(cycle) if net.tail[edge] == 0), 0)
    edges = cycle[begin:] + cycle[:begin]
    short = -int(net.length[edges].sum())
    dated = int(net.tail[edges[0]]) == 0
    # The step that asks for the longest time between two points; a date asks for none.
    asks = [
        -int(net.length[edge]) if 0 not in (net.tail[edge], net.head[edge]) else 0 for edge in edges
    ]
    longest = int(np.argmax(asks))
    told = asks[longest] >= short and asks[longest] > 0
    rows, days, so_far = [], [], 0
    births = set(lowered.birth_points.tolist()) - {-1}
    for step, edge in enumerate(edges, start=1):
        tail, head, length, said = (
            int(column[edge]) for column in (net.tail, net.head, net.length, net.statement)
        )
        so_far += length
        # The last step names a day that is asked for, all others the last that is left.
        day = -length if dated and head == 0 else so_far
        # What the others leave for a birth is not told: nothing dates one more finely.
        day, tells = (OPEN, False) if head in births else (day, dated)
        row = "" if said == HARD else chronology.statement(said).row
        needs = told and step == longest + 1
        rows.append(
            (
                number,
                step,
                _says(lowered, tail, head, length, so_far, short, tells),
                _words(lowered, said),
                row,
                asks[longest] if needs else OPEN,
                asks[longest] - short if needs else OPEN,
                short,
            )
        )
        days.append(day)
    dates = np.array(days if dated else [OPEN] * len(days), dtype=np.int64)
    on = np.array([day if day == OPEN else day - (days[0] if dated else 0) for day in days])
    return _frame(rows, dates, on.astype(np.int64))


def _words(lowered: Lowered, said: int) -> str:
    if said == HARD:
        return ""
    kind, at = lowered.statement_rows[said]
    return lowered.events[at].date_words if kind == "date" else lowered.relations[at].words


def _says(
    lowered: Lowered, tail: int, head: int, length: int, so_far: int, short: int, dated: bool
) -> str:
    """One step in words: how late a point is at the most."""
    if tail == 0:
        return f"{point_name(lowered, head)} is on {day_words(so_far)} at the latest"
    if head == 0:
        of = point_name(lowered, tail)
        return f"{of} is on {day_words(-length)} at the earliest: {counted(short, 'day')} too late"
    one, other = point_name(lowered, head), point_name(lowered, tail)
    if length < 0:
        said = f"{one} is at least {counted(-length, 'day')} before {other}"
    else:
        late = f"at most {counted(length, 'day')} after" if length else "no later than"
        said = f"{one} is {late} {other}"
    return f"{said}: on {day_words(so_far)} at the latest" if dated else said
