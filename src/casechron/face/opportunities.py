"""What was raised, what was known and done, what does the review say, and was the child seen?"""

from __future__ import annotations

import pandas as pd

from casechron.analysis import contacts as seen
from casechron.analysis import opportunities as raised
from casechron.face.kept import kept
from casechron.review import Review

__all__ = ["contacts", "opportunities"]


@kept
def opportunities(review: Review, *, until: str = "") -> pd.DataFrame:
    """For each concern: what was raised, what was then on record and with whom, what was done, and
    what does the review say of it?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.
    until : str, default ""
        The id of the event that ends the account, as in `response_gaps`.

    Returns
    -------
    pandas.DataFrame
        One row per concern that is not told or counted in another row, in the order of the coding.

        - `concern`, `raised`, `summary` (text): the concern's id, its kind, and what happened
        - `how_many` (text): 'once', or how often, as in 'at least 2'
        - `by`, `to`, `held_by` (text): who raised it, who received it, who is said to have held it
        - `date` (text): its date as coded
        - `earliest`, `latest` (date; NaT: open): the days between which it lies
        - `known_at_the_time` (text): as in `said_before_harm`
        - `on_record`, `on_record_possibly` (text): the ids of the other concerns that an agency
          certainly held on the first day of this one or before, and that one can have held
        - `on_record_with` (text): each of `on_record` with the agencies that certainly held it
        - `answers` (text): the ids of its answers
        - `done` (text): the answers in words, each with what it is, how firmly a lack is stated,
          and 'derived' or 'judged' where the tie is the coder's
        - `state` (text): what became of the concern, as in `response_gaps`
        - `next_step`, `next_step_summary`, `next_step_follows`, `next_step_known` (text): the next
          protective step on record, as in `response_gaps`
        - `next_step_days_min`, `next_step_days_max` (days; <NA>: open, only an order, or none): the
          days to it
        - `next_step_working_days_min`, `next_step_working_days_max` (working days; <NA>: as for the
          days): the same in working days of the review's jurisdiction
        - `review_says` (text): the findings that rest on the concern, on its answers or on
          somebody's part in these, with places; 'judged' where only the coder ties them
        - `places` (text): where the source tells of the concern and of its answers

    Raises
    ------
    ValueError
        For `until` that is no event of the review.

    See Also
    --------
    response_gaps : each concern and answer, with the days between them.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.opportunities(review)[["concern", "next_step", "state"]]
              concern             next_step                        state
    0   referral-2014  plan-2014; icpc-2014           answered by a step
    1  referrals-2014  plan-2014; icpc-2014  without an answer on record
    2      worry-2014  plan-2014; icpc-2014  without an answer on record
    3       told-2014  plan-2014; icpc-2014           answered by a step
    4     breach-2014                                 answered by a step
    """
    return raised.opportunities(
        review.tables, review.chronology, review.meta.jurisdiction, until=until
    )


@kept
def contacts(review: Review) -> pd.DataFrame:
    """At which contacts was the child seen, seen alone, spoken to or not seen, and what did it say?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per contact or visit that took place, and per other event of which the source says
        whether the child was seen, in the order of the coding.

        - `contact`, `kind`, `summary` (text): its id, its kind, and what happened
        - `how_many` (text): 'once', or how often, as in 'at least 2'
        - `date` (text): its date as coded
        - `earliest`, `latest` (date; NaT: open): the days between which it lies
        - `by` (text): the agencies that had a part in it
        - `persons` (text): the persons who had one
        - `seen`, `seen_alone`, `spoken_to` (text): 'yes', 'no', 'yes and no', or 'not said' where
          the source does not say
        - `child_said` (text): what the child said or showed
        - `facts` (text): what the source says of it, in words
        - `places` (text): paragraph and sentence of the source

    See Also
    --------
    involvement : every part of an agency in an event.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.contacts(review)[["contact", "by", "seen", "seen_alone", "spoken_to"]]
          contact by      seen seen_alone spoken_to
    0  visit-2014     not said   not said  not said
    """
    return seen.contacts(review.tables, review.chronology)
