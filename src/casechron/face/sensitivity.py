"""What changes if another would read it otherwise?"""

from __future__ import annotations

import pandas as pd

from casechron.analysis import robustness
from casechron.face.kept import kept
from casechron.review import Review

__all__ = [
    "changes_by_choice",
    "choices_combined",
    "conclusions_by_choice",
    "judged_orders",
    "sensitivity",
]


@kept
def _every(review: Review, *, until: str = "") -> robustness.Every:
    return robustness.every_combination(
        review.tables, review.policy, review.meta.jurisdiction, until=until
    )


@kept
def sensitivity(review: Review, *, until: str = "") -> pd.DataFrame:
    """Which waits, verdicts and counts hold however the vague dates are read, and which choice
    flips the others?

    A conclusion holds under another combination of choices if its verdict is the same, or if its
    number stays within the bounds first given. Counted are the choices that bear on it.

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
        One row per conclusion.

        - `about` (text): what it is about, such as 'response gap' or 'timescale'
        - `conclusion` (text): what is concluded under the policy given
        - `hold_under` (text): under which of the combinations with an admissible chronology it
          holds: 'all', 'most' (more than half), 'some' or 'none'
        - `combinations` (count): how many combinations of choices there are
        - `holds`, `changes`, `no_admissible_chronology` (count): under how many of them it holds,
          is another, or nothing can be said
        - `flipped_by` (text): the options that change it alone, all else as given; failing that,
          the fewest that do so together
        - `leans_on` (text): the orders that only the coder judged, without which it changes, or
          'none'
        - `under_all` (text): what is said over all admissible combinations

    Raises
    ------
    ValueError
        For `until` that is no event of the review.

    See Also
    --------
    conclusions_by_choice : what each single choice does to each conclusion.
    policies_tried : what the choices do to the days of events.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.sensitivity(review)[["about", "hold_under", "flipped_by"]].tail(3)
                     about hold_under              flipped_by
    13  concerns on record       some  judged orders left out
    14  concerns on record       some  judged orders left out
    15  concerns on record       some  judged orders left out
    """
    return robustness.robust_conclusions(_every(review, until=until))


@kept
def conclusions_by_choice(review: Review, *, until: str = "") -> pd.DataFrame:
    """What does each single choice do to each conclusion, all other choices as given?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.
    until : str, default ""
        The id of the event that ends the account, as in `sensitivity`.

    Returns
    -------
    pandas.DataFrame
        One row per conclusion and option: first the conclusion as given, last the judged orders
        left out one at a time. Options that change nothing at all are left out.

        - `about`, `conclusion` (text): the conclusion, as in `sensitivity`
        - `choice` (text): the option, as in 'late_from = 16', or 'as given'
        - `outcome` (text): 'holds', 'changes' or 'no admissible chronology'
        - `said` (text): what is then concluded

    Raises
    ------
    ValueError
        For `until` that is no event of the review.

    See Also
    --------
    changes_by_choice : only what changes.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.conclusions_by_choice(review)["outcome"].value_counts().to_dict()
    {'holds': 55, 'no admissible chronology': 32, 'changes': 9}
    """
    return robustness.conclusions_by_choice(_every(review, until=until))


@kept
def changes_by_choice(review: Review, *, until: str = "") -> pd.DataFrame:
    """Which conclusions does a single choice change?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.
    until : str, default ""
        The id of the event that ends the account, as in `sensitivity`.

    Returns
    -------
    pandas.DataFrame
        The rows of `conclusions_by_choice` in which a conclusion does not hold, and each conclusion
        as given; where a choice has no row, the conclusion holds under it.

        - `about`, `conclusion` (text): the conclusion, as in `sensitivity`
        - `choice` (text): the option, as in 'late_from = 16', or 'as given'
        - `outcome` (text): 'holds' (as given), 'changes' or 'no admissible chronology'
        - `said` (text): what is then concluded

    Raises
    ------
    ValueError
        For `until` that is no event of the review.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.changes_by_choice(review)["outcome"].value_counts().to_dict()
    {'no admissible chronology': 32, 'holds': 16, 'changes': 9}
    """
    return robustness.changes_by_choice(conclusions_by_choice(review, until=until))


@kept
def choices_combined(review: Review, *, until: str = "") -> pd.DataFrame:
    """Which choices were combined, and which are left out because they change nothing?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.
    until : str, default ""
        The id of the event that ends the account, as in `sensitivity`.

    Returns
    -------
    pandas.DataFrame
        One row per option.

        - `option` (text): the option, as in 'late_from = 16'
        - `treatment` (text): 'combined', 'combined; changes no conclusion', 'folded: changes no
          statement', 'held as given: too many to combine' or, of a judged order left out, 'tried
          alone'
        - `alone` (text): what the option alone leaves: 'admissible', 'no admissible chronology' or
          'as given'

    Raises
    ------
    ValueError
        For `until` that is no event of the review.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.choices_combined(review)[["option", "alone"]].head(3)
                            option                     alone
    0               late_from = 16                admissible
    1        duration_slack = none  no admissible chronology
    2  working_day_one = start day                admissible
    """
    return robustness.choices_combined(_every(review, until=until))


@kept
def judged_orders(review: Review, *, until: str = "") -> pd.DataFrame:
    """Which orders of events are only the coder's judgement, and which conclusions lean on each?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.
    until : str, default ""
        The id of the event that ends the account, as in `sensitivity`.

    Returns
    -------
    pandas.DataFrame
        One row per judged order and conclusion that leans on it, in the order of the coding; an
        order on which none leans has one row, with the conclusion 'none'.

        - `order` (text): the id of the row of relations
        - `says` (text): the order in words, with its basis and its places
        - `about`, `conclusion` (text): the conclusion that leans on it, as in `sensitivity`
        - `with_others` (text): the orders that have to be left out with it before the conclusion
          changes; 'none' where it is enough alone
        - `said_without` (text): what is concluded without it, all else as given

    Raises
    ------
    ValueError
        For `until` that is no event of the review.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.judged_orders(review)[["order", "about", "with_others"]]
                  order                        about with_others
    0  rl-worry-closure  first concern to first step        none
    1  rl-worry-closure           concerns on record        none
    2  rl-worry-closure           concerns on record        none
    3  rl-worry-closure           concerns on record        none
    """
    return robustness.judged_orders(_every(review, until=until), review.chronology)
