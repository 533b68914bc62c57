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

    What is a concern is told by its kind, as coded: the source need not say that it asked for an
    answer, or that it was about the child; a contact with a service is none, whatever it shows. Two
    rows can tell of one worry where the source does not say so. What stands unmarked is stated;
    what the coder inferred is marked 'derived' or 'judged', or 'as judged' where it is certain only
    with what was judged. An order in time that was derived bounds what was on record, and the days
    to the next step, without a mark; of the concern's own days `inferred` says so. Findings that
    rest on no concern and on no answer have no place here; `findings_and_recommendations` has all.
    Nothing here is told more closely than the source dates an event that a living child's published
    age refers to.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.
    until : str, default ""
        The id of the event that ends the account, as in `response_gaps`.

    Returns
    -------
    pandas.DataFrame
        One row per concern whose answers do not stand in the row of another, in the order of the
        coding; what is certainly not before the end of the account is none.

        - `concern`, `raised`, `summary` (text): the concern's id, its kind, and what happened
        - `how_many` (text): 'once', or how often, as in 'at least 2'; empty for a worry, and for
          what lasts, of which the source gives no count
        - `by`, `to`, `held_by` (text): who raised it or, as is said, a part of it; who received it,
          who held it, as coded. Where no agency is coded with the concern itself: of the row that
          tells of it, if that is no concern, plea or sentence (else see `carried_by`)
        - `inferred` (text): what of these the source does not state, whether the row itself or its
          date is inferred, and ('days') whether one of its days would be another without the dates
          and orders that were judged, or without those that were derived
        - `carried_by` (text): the rows of this table that tell of it or count it too, so that it is
          not to be counted again
        - `includes` (text): what it counts or tells of, each with its id
        - `about` (text): the themes and facts that are coded of it and of what it includes
        - `date` (text): its date as coded
        - `earliest`, `latest` (date; NaT: open): the days between which its first day lies
        - `last_day_latest` (date; NaT: open): the latest day on which it ended, or occurred last
        - `open_sides` (text): 'no earliest day', 'no last day', or both, where nothing bounds its
          first day from below, or its last from above, but a birth, if the source does not say so,
          or a judged order against which the coding holds another reading; a date that can be read
          otherwise is not among them (`other_readings` has all)
        - `known_at_the_time` (text): as in `said_before_harm`
        - `on_record` (text): the ids of the other concerns that an agency, whichever it was,
          certainly held on the first day of this one or before (an absence from a meeting is of
          its day); of those that another counts, that one, and a part by itself only where more can
          be told of it
        - `on_record_as_judged` (text): those of them of which that is certain only with what the
          coder judged
        - `on_record_with` (text): each of `on_record` with the agencies that certainly held the
          concern itself, as coded: 'derived' or 'judged' where the agency's part or a tie is, and
          'judged' where the order in time is; who held a part of it is not named
        - `on_record_possibly` (text): the ids of those that one can have held by then
        - `on_record_cannot_be_told` (text): the ids of those of which no day says so, since the
          one or the other is open, also where it is this concern
        - `on_record_later_as_judged` (text): the ids of those that none held by then, but only by
          what the coder judged; a child's published age bounds no day, so that what hangs on it
          alone counts as judged. Of all others none is recorded to have; not asked are what this
          one counts, tells of or is told in, the other parts of that, its answers, what came with
          or after them, and what was learned only afterwards
        - `answers` (text): the ids of its answers
        - `done` (text): the answers in words, each with what it is and how firmly a lack is stated;
          'followed, not said to answer it' is what the concern led to and is not coded as an
          answer, as support of an adult; it is a state where there is no other. An agency's part
          that is coded as insufficient changes no state: see `review_says`
        - `state` (text): what became of the concern, as in `response_gaps`, over all its answers:
          what only the coder judged to be one counts where there is no other; of several a step
          comes first, then what was insufficient, what was missing and what was closed
        - `lack` (text): how firmly the source says that an answer was missing; 'derived' or
          'judged' where it is so inferred that this was its answer
        - `next_step`, `next_step_summary`, `next_step_follows`, `next_step_known` (text): the next
          protective step on record, as in `response_gaps`
        - `next_step_days_min`, `next_step_days_max` (days; <NA>: open, only an order, or none): the
          days to it
        - `next_step_working_days_min`, `next_step_working_days_max` (working days; <NA>: as for the
          days): the same in working days of the review's jurisdiction
        - `review_says` (text): the findings that rest on the concern, on what it includes, on its
          answers, on what counts these, or on somebody's part in one of them, with places;
          'derived' or 'judged' where the coder makes a tie on the way, or takes it for a finding
        - `places` (text): where the source tells of the concern, of its answers, of why they
          are its answers, and of what followed

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
