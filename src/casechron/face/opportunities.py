"""What was raised, what was known and done, what does the review say, and was the child seen?"""

from __future__ import annotations

import pandas as pd

from casechron.analysis import contacts as seen
from casechron.analysis.kept import kept
from casechron.review import Review

__all__ = ["contacts"]


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
        whether the child was seen, in the order of the coding. A contact of adults alone is left
        out unless it says so, and so are admissions, which are of another kind.

        - `contact`, `kind`, `summary` (text): its id, its kind, and what happened
        - `how_many` (text): 'once', or how often, as in 'at least 2'
        - `date` (text): its date as coded
        - `earliest`, `latest` (date; NaT: open): the days between which it lies
        - `as_judged` (True or False): whether these would be others without what the coder judged
        - `by` (text): the agencies that had a part in it
        - `persons` (text): the persons who had one; in brackets how it is said, where the source
          does not report it as a fact
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
