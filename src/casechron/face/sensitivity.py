"""What changes if another would read it otherwise?"""

from __future__ import annotations

import pandas as pd

from casechron.analysis import sensitivity as parts
from casechron.analysis.choices import Choice, choices
from casechron.analysis.kept import kept
from casechron.review import Review

__all__ = ["bounds_by_policy", "changes_by_choice", "policies_tried", "sensitivity"]


@kept
def _tried(review: Review, *, until: str = "") -> parts.Tried:
    return parts.tried(review, until=until)


@kept
def _choices(review: Review) -> list[Choice]:
    return choices(dict(review.tables), review.chronology)


@kept
def sensitivity(review: Review, *, until: str = "") -> pd.DataFrame:
    """Which waits, verdicts, counts and orders hold if another choice is made, and which choice
    flips the others?

    One choice at a time, all else as given: each other value of the dating policy, each other
    reading of the source, what rests on allegations alone left out, and each row left out that only
    the coder judged. A verdict holds if it is the same, a number of days if no day outside it is
    admitted, a count if it is no lower, an order if the same or more is said of it.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.
    until : str, default ""
        The id of the event that ends the account; empty is the first injury, admission or death on
        record.

    Returns
    -------
    pandas.DataFrame
        One row per number or verdict; none where no chronology is admissible.

        - `about` (text): what it is about, such as 'response gap' or 'timescale'
        - `name` (text): which it is: the ids of its events, and of a timescale its title
        - `value` (text): what is printed, as its own table has it
        - `open` (True or False): whether that says only that something cannot be settled or does
          not apply
        - `flipped_by` (text): the choices under which it does not hold, or 'none'
        - `leans_on` (text): the ids of the rows that only the coder judged without which it does
          not hold, each left out by itself, or 'none'
        - `no_chronology_under` (text): the choices under which no chronology is admissible, so that
          nothing is said either way, or 'none'
        - `over_all` (text): what holds whichever of these choices is made

    Raises
    ------
    ValueError
        For `until` that is no event of the review.

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
               value                 flipped_by
    5  11 to 17 days  duration_slack = one-unit
    6  20 to 28 days                       none
    7   4 to 25 days                       none
    """
    return parts.sensitivity(_tried(review, until=until))


@kept
def changes_by_choice(review: Review, *, until: str = "") -> pd.DataFrame:
    """What does each choice change, and into what?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.
    until : str, default ""
        The id of the event that ends the account, as in `sensitivity`.

    Returns
    -------
    pandas.DataFrame
        One row per number or verdict of `sensitivity` and choice under which it does not hold.

        - `about`, `name`, `value` (text): as in `sensitivity`
        - `choice` (text): the choice, as in `policies_tried`
        - `value_then` (text): what is said then; 'not on record' where it is asked no more

    Raises
    ------
    ValueError
        For `until` that is no event of the review.

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
    return parts.changes_by_choice(_tried(review, until=until))


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
          window is then another
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
    return parts.policies_tried(review.tables, review.chronology, _choices(review))


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
    return parts.bounds_by_policy(review.tables, review.chronology, _choices(review))
