"""What changes if another would read it otherwise? One choice at a time, all else as given.

What pages print (`quantities`) is asked anew under each choice (`choices`). It holds there if the
verdict is the same, if a number stays within the bounds first given. Under a choice that admits no
chronology nothing is said either way."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from casechron.analysis.choices import Choice, other_choices
from casechron.analysis.concerns import END_KINDS, by_event
from casechron.analysis.intervals import hull
from casechron.analysis.judgements import judged_rows
from casechron.analysis.quantities import (
    AT_A_DECISION,
    BY_ABOUT,
    NOT_BOUNDED,
    NOTHING_SO,
    Asked,
    Span,
    Value,
    still_holds,
    values_of,
)
from casechron.analysis.record import placed
from casechron.analysis.tables import as_in_help, cells, kept, rows_in
from casechron.analysis.timing import response_gaps
from casechron.analysis.windows import recurring, window_said
from casechron.chronology import Chronology
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.chronology.network import Ints
from casechron.review import Review

__all__ = ["bounds_by_policy", "changes_by_choice", "policies_tried", "sensitivity"]

#: Columns of events that say nothing but when: what they say is in the chronology.
_WHEN = ("date", "date_words", "date_basis", "summary")
#: What stands for a number that is asked no more under a choice.
NOT_ASKED = "not on record"
#: What stands where no choice is listed.
NO_CHOICE = ("none",)


@dataclass(frozen=True, eq=False)
class Tried:
    """What is printed as given, and under each choice (None: no chronology is admissible).

    `judged` are the rows that only the coder judged (`judged_rows`)."""

    choices: tuple[Choice, ...]
    judged: list[str]
    given: Mapping[tuple[str, str], Value]
    under: tuple[Mapping[tuple[str, str], Value] | None, ...]

    def flipping(self, name: tuple[str, str]) -> list[int]:
        """The places of the choices under which something that is printed does not hold."""
        return [
            at
            for at, values in enumerate(self.under)
            if values is not None and not still_holds(self.given[name], values.get(name))
        ]


@kept
def under_each_choice(review: Review) -> Tried:
    """What is printed of a review as given, and under each other choice.

    What is open as given, so that no number is printed, is not asked for; where no chronology is
    admissible as given, nothing is."""
    tables, chronology = dict(review.tables), review.chronology
    gaps = response_gaps(review)
    others = tuple(_choices(review))
    known: dict[Hashable, Any] = {}
    besides_time = {name: _besides_time(name, table) for name, table in tables.items()}
    as_given = Asked(tables, chronology, review.meta.jurisdiction, gaps, (), known)

    def under(choice: Choice) -> Asked:
        # What its tables say of other things than time, where it is not what the given ones say.
        shape = tuple(
            content
            for name, table in choice.tables.items()
            if table is not tables[name] and name not in ("relations", "readings")
            if (content := _besides_time(name, table)) != besides_time[name]
        )
        return replace(
            as_given,
            tables=choice.tables,
            chronology=choice.chronology,
            shape=shape and as_given.number(shape),
            given=as_given if choice.judged_only else None,
        )

    given = values_of(as_given) if chronology.admissible else {}
    given = {
        name: value
        for name, value in given.items()
        if BY_ABOUT[name[0]].words(value) != NOT_BOUNDED
    }
    values = tuple(
        values_of(under(choice)) if choice.chronology.admissible and given else None
        for choice in others
    )
    return Tried(others, judged_rows(tables), given, values)


@kept
def _choices(review: Review) -> list[Choice]:
    return other_choices(dict(review.tables), review.chronology)


def _besides_time(name: str, table: pd.DataFrame) -> Hashable:
    """What a table says of other things than time, and when the account can end: the dates say
    which event it is."""
    when = _WHEN if name == "events" else ()
    ends = rows_in(table, "kind", "date") if name == "events" else ()
    return (
        name,
        *(date for kind, date in ends if kind in END_KINDS),
        *(tuple(cells(table, column)) for column in table.columns if column not in when),
    )


@kept
def sensitivity(review: Review) -> pd.DataFrame:
    """Which waits, verdicts and counts hold if another choice is made, and which choice flips the
    others?

    One choice at a time, all else as given: each other value of the dating policy (of days of the
    month, one), each other reading of the source, what rests on allegations alone left out, all
    orders left out that only the coder judged, and each such row by itself. A verdict holds if it
    is the same, a number of days or of rows if none outside it is admitted.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per number or verdict; none where no chronology is admissible. That no matter is
        recorded so at a decision has one only where a choice changes that.

        - `about` (text): what it is about, such as 'response gap' or 'timescale'
        - `name` (text): which it is: the ids of its events; of a timescale its title and what
          starts its clock, or where that is not on record what ends it
        - `value` (text): what is printed, as its own table has it
        - `open` (True or False): whether that says only that something cannot be settled or does
          not apply, or that nothing is recorded so: no matter at a decision, concerns of which
          there may be none, or days that can be below 0 or are only at least 0
        - `flipped_by` (labels): the choices under which it does not hold, or 'none'
        - `leans_on` (ids): the ids of the rows that only the coder judged without which it does
          not hold, each left out by itself, or 'none'
        - `no_chronology_under` (labels): the choices under which no chronology is admissible, so
          that nothing is said either way, or 'none'
        - `over_all` (text): what holds whichever of these choices is made

    See Also
    --------
    changes_by_choice : what each choice makes of it.
    policies_tried : all choices, and how many windows each moves.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> found = cc.sensitivity(review)
    >>> found.loc[found["about"] == "response gap", ["value", "flipped_by"]]
               value                    flipped_by
    7  11 to 17 days  (duration_slack = one-unit,)
    8  20 to 28 days                       (none,)
    9   4 to 25 days                       (none,)
    """
    trial = under_each_choice(review)
    judged = {f"{row} left out": row for row in trial.judged}
    nothing_under = [one.name for one in trial.choices if not one.chronology.admissible]
    rows = []
    for name, value in trial.given.items():
        flips = [trial.choices[at].name for at in trial.flipping(name)]
        if value == NOTHING_SO and name[0] == AT_A_DECISION and not flips:
            continue
        words, is_open = BY_ABOUT[name[0]].words, BY_ABOUT[name[0]].open
        every = [value, *(values[name] for values in trial.under if values and name in values)]
        lists = (
            [choice for choice in flips if choice not in judged],
            [judged[choice] for choice in flips if choice in judged],
            nothing_under,
        )
        listed = (names or NO_CHOICE for names in lists)
        rows.append((*name, words(value), is_open(value), *listed, words(_over_all(every))))
    return as_in_help(sensitivity, rows)


@kept
def changes_by_choice(review: Review) -> pd.DataFrame:
    """What does each choice change, and into what?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per number or verdict of `sensitivity` and choice under which it does not hold.

        - `about`, `name`, `value` (text): as in `sensitivity`
        - `choice` (text): the choice, as in `policies_tried`
        - `value_then` (text): what is said then; 'not on record' where it is asked no more

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> changes = cc.changes_by_choice(review)
    >>> changes.loc[changes["choice"] == "judged orders left out", ["value", "value_then"]]
                   value       value_then
    4   at least 31 days      not bounded
    7    2 to 5 concerns  1 to 5 concerns
    9    3 to 6 concerns  2 to 6 concerns
    11   3 to 6 concerns  2 to 6 concerns
    13          1 matter        0 matters
    15          1 matter        0 matters
    17          1 matter        0 matters
    """
    trial = under_each_choice(review)
    rows = []
    for name, value in trial.given.items():
        words = BY_ABOUT[name[0]].words
        for at in trial.flipping(name):
            under = trial.under[at] or {}
            then = words(under[name]) if name in under else NOT_ASKED
            rows.append((*name, words(value), trial.choices[at].name, then))
    return as_in_help(changes_by_choice, rows)


@kept
def policies_tried(review: Review) -> pd.DataFrame:
    """What was chosen otherwise, and how many windows does each choice move?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per choice, each changed by itself.

        - `alternative` (text): the choice, as in 'late_from = 16', 'reading: ...', 'alleged events
          left out' or 'ID left out' for a row that only the coder judged
        - `meaning` (text): what it means; of a reading, the coder's reason; of a row, what it says
        - `windows_that_differ` (count; <NA>: no admissible chronology): of how many events the
          window, as `chronicle` tells it (no finer than the source beside a living child's age), is
          then another
        - `status` (text): 'admissible' or 'no admissible chronology'

    See Also
    --------
    bounds_by_policy : the windows that differ.
    sensitivity : the numbers and verdicts.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.policies_tried(review)[["alternative", "windows_that_differ"]].tail(3)
                                    alternative  windows_that_differ
    12                   judged orders left out                    1
    13                rl-worry-closure left out                    1
    14  lk-answers-icpc-2014-told-2014 left out                    0
    """
    chronology, others = review.chronology, _choices(review)
    rows = [
        (choice.name, choice.meaning, len(_moved(chronology, choice)), "admissible")
        if choice.chronology.admissible
        else (choice.name, choice.meaning, None, NOT_ADMISSIBLE)
        for choice in others
    ]
    return as_in_help(policies_tried, rows)


@kept
def bounds_by_policy(review: Review) -> pd.DataFrame:
    """Which windows would be others under another choice?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per choice of `policies_tried` and event whose window differs under it; one row that
        names no event for a choice under which no chronology is admissible.

        - `alternative` (text): the choice
        - `event`, `summary` (text): the event's id, and what happened
        - `said`, `said_under_it` (text): its window as given and under the choice, in words
        - `places` (text): paragraph and sentence of the source
        - `status` (text): 'admissible' or 'no admissible chronology'

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.bounds_by_policy(review)[["event", "alternative", "said_under_it"]].tail(3)
            event                alternative             said_under_it
    4              reading: plan-in-november  no admissible chronology
    5  worry-2014     judged orders left out                 not dated
    6  worry-2014  rl-worry-closure left out                 not dated
    """
    tables, chronology, others = review.tables, review.chronology, _choices(review)
    summary = by_event(tables, "summary")
    places, recurs = placed(tables["locators"]), recurring(chronology)
    rows = []
    for choice in others:
        solved = choice.chronology
        if not solved.admissible:
            rows.append((choice.name, "", "", "", NOT_ADMISSIBLE, "", NOT_ADMISSIBLE))
            continue
        several = recurring(solved)
        for at, then, days in _moved(chronology, choice):
            event = chronology.events[at]
            known = chronology.admissible or not chronology.in_network(at)
            words = window_said(
                chronology.shown[at], recurs[at], chronology.lowered.events[at].date
            )
            under = window_said(days, several[then], solved.lowered.events[then].date)
            row = (choice.name, event, summary[event], words if known else NOT_ADMISSIBLE, under)
            rows.append((*row, places.get(event, ""), "admissible"))
    return as_in_help(bounds_by_policy, rows)


def _moved(chronology: Chronology, choice: Choice) -> list[tuple[int, int, Ints]]:
    """The events whose window differs under a choice as it is shown: their places as given and
    under it, and the window under it."""
    there, days = choice.chronology.lowered.row_of, choice.chronology.shown
    return [
        (at, there[event], days[there[event]])
        for at, event in enumerate(chronology.events)
        if event in there and (chronology.shown[at] != days[there[event]]).any()
    ]


def _over_all(values: Sequence[Value]) -> Value:
    """What holds whichever of some values is right."""
    if isinstance(values[0], Span):
        return Span(*hull(value for value in values if isinstance(value, Span)))
    return "; ".join(dict.fromkeys(map(str, values)))
