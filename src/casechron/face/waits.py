"""How long did each concern wait, and what had been said by then?"""

from __future__ import annotations

import pandas as pd

from casechron.analysis import prior_concerns, timing
from casechron.face.kept import kept
from casechron.review import Review

__all__ = [
    "breach_responses",
    "closures_and_next_concern",
    "concerns_before_decisions",
    "first_concern_to_first_step",
    "response_gaps",
    "said_before_harm",
    "steps_after_concerns",
    "steps_before_harm",
]


@kept
def response_gaps(review: Review, *, until: str = "") -> pd.DataFrame:
    """What became of each concern, how long did it wait for its answer, and which protective step
    on record came next?

    Days run from the start of the concern (its first occurrence) to the start of the answer or the
    step, which never precedes it. A closure, or a decision to do no more, is no answer. Where no
    protective step certainly follows, what is closed, missing or without an answer is observed up
    to the end of the account: the observed days say how long nothing is recorded. The next step
    need not have been taken because of the concern, and the concern need not be about the child.

    No days are closer than what the source itself says of when an event was to which a living
    child's published age refers, also where another of its statements gives them: what it dates to
    a month is told as any day of that month. Between two events whose days are both
    told more widely the days stay, since they tell the day of neither.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.
    until : str, default ""
        The id of the event that ends the account. Empty is the death, else the injury, else the
        admission on record: what certainly comes no earlier waits for nothing, and the others are
        observed up to the first of these that has a date of its own.

    Returns
    -------
    pandas.DataFrame
        One row per concern and answer, or one for a concern without any, in the order of the
        coding.

        - `concern`, `raised`, `summary` (text): the concern's id, its kind, and what happened
        - `how_many` (text): 'once', or how often, as in 'at least 2'; empty for a worry, and for
          what lasts, of which the source gives no count
        - `by`, `to`, `held_by` (text): who raised it, who received it, who held it, as coded, also
          where the source does not state it: see `inferred` in `opportunities`, and
          `agencies_in_events`
        - `themes` (text): what it was about
        - `says` (text): how firmly it is said of persons in it, and on whose account
        - `answer`, `answered_by`, `answer_summary` (text): the answer's id, its kind, with
          'derived' or 'judged' where the row that says so is, and what happened
        - `state` (text): 'answered by a step', 'closed or left', 'answered insufficiently',
          'missing (says the source)' (outright or with less force: see `lack`), 'followed, not
          said to answer it' (what it led to stands in `answer_summary`), 'without an answer on
          record', 'learned only afterwards' (no agency is recorded as having known, which is not
          that none did), 'told or counted in another row', 'itself an answer' or 'the end of the
          account'
        - `lack` (text): how firmly the source says that an answer was missing, with 'derived' or
          'judged' where it is so inferred that this was the answer to the concern
        - `carried_by` (text): the rows that tell of it or count it with others, or of which it
          tells, where its answers stand, so that it is not to be counted again
        - `known` (text): in what way the days are known: 'exactly', 'between', 'at least', 'only an
          order', 'no admissible chronology', or 'dated before it: worth a look'
        - `days_min`, `days_max` (days; <NA>: open, only an order, or no answer): the wait, at least
          and at most
        - `working_days_min`, `working_days_max` (working days; <NA>: as for the days): the same in
          working days of the review's jurisdiction
        - `left_open` (text): which event has no earliest or no latest day in its own coding, where
          that is why no days are told
        - `next_step`, `next_step_summary` (text): the ids of the protective steps that can be the
          next on record, and what happened; protective are the kinds that the codebook flags so, as
          a section 47 enquiry, a conference or a plan, and not an assessment
        - `next_step_follows` (text): 'certainly', 'possibly', 'none on record', or 'cannot be told'
          where no day ties the concern to a step, or it is an absence; 'as judged' where that, the
          steps or the days would be others without what the coder judged; empty where no agency is
          recorded as having known of it then, and at the end of the account
        - `next_step_known` (text): in what way its days are known, as in `known`
        - `next_step_days_min`, `next_step_days_max` (days; <NA>: open, only an order, or none): the
          least over the steps that may follow, the most over those that certainly do
        - `next_step_working_days_min`, `next_step_working_days_max` (working days; <NA>: as for the
          days): the same in working days
        - `next_step_left_open` (text): as `left_open`
        - `limit` (text): the limit that guidance sets on this wait, if any
        - `limit_days_min`, `limit_days_max` (days; <NA>: no limit, or open): the days that the
          limit spans
        - `within_limit` (text): in how many of the date pairs the limit is kept
        - `observed_to` (text): the event up to which a concern is seen to wait
        - `observed_known` (text): in what way the observed days are known, as in `known`
        - `observed_days_min`, `observed_days_max` (days; <NA>: open, or not observed): from the
          concern to that event
        - `observed_working_days_min`, `observed_working_days_max` (working days; <NA>: open, or
          not observed): the same in working days
        - `observed_left_open` (text): as `left_open`
        - `coded_as` (text): the basis of the tie between answer and concern
        - `places` (text): paragraph and sentence of the source

    Raises
    ------
    ValueError
        For `until` that is no event of the review.

    See Also
    --------
    opportunities : a row for each concern, with what was on record and what the review says.
    steps_after_concerns : every protective step that follows a concern.
    timescale_checks : the waits that guidance limits, with verdicts.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.response_gaps(review)[["concern", "next_step", "answer", "days_min", "days_max"]]
              concern             next_step       answer  days_min  days_max
    0   referral-2014  plan-2014; icpc-2014   visit-2014        11        17
    1  referrals-2014  plan-2014; icpc-2014                   <NA>      <NA>
    2      worry-2014  plan-2014; icpc-2014                   <NA>      <NA>
    3     bruise-2014  plan-2014; icpc-2014                   <NA>      <NA>
    4       told-2014  plan-2014; icpc-2014    icpc-2014        20        28
    5     breach-2014                        answer-2014         4        25
    6       harm-2015                                         <NA>      <NA>
    """
    return timing.response_gaps(
        review.tables, review.chronology, review.meta.jurisdiction, until=until
    )


@kept
def steps_after_concerns(review: Review) -> pd.DataFrame:
    """Which protective steps on record follow each concern, and after how many days?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per concern and protective step that certainly or possibly follows it, in the order
        of the coding; it need not be said to answer it.

        - `concern`, `summary` (text): the concern's id, and what happened
        - `step`, `step_summary` (text): the step's id, and what happened
        - `follows` (text): 'certainly' or 'possibly'; empty where no chronology is admissible
        - `known` (text): in what way the days are known, as in `response_gaps`
        - `days_min`, `days_max` (days; <NA>: open, or only an order): from the start of the one to
          the start of the other
        - `working_days_min`, `working_days_max` (working days; <NA>: as for the days): the same in
          working days of the review's jurisdiction
        - `left_open` (text): as in `response_gaps`
        - `places` (text): where the source tells of the concern and of the step

    See Also
    --------
    response_gaps : which of them came next.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> table = cc.steps_after_concerns(review)
    >>> table.loc[table["concern"] == "told-2014", ["step", "follows", "days_min", "days_max"]]
            step    follows  days_min  days_max
    8  plan-2014  certainly        20        28
    9  icpc-2014  certainly        20        28
    """
    return timing.steps_after_concerns(review.tables, review.chronology, review.meta.jurisdiction)


@kept
def breach_responses(review: Review, *, until: str = "") -> pd.DataFrame:
    """How long from a breach of a plan to the response?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.
    until : str, default ""
        The id of the event that ends the account, as in `response_gaps`.

    Returns
    -------
    pandas.DataFrame
        The rows of `response_gaps` whose concern is a breach of a plan, with the same columns.

    Raises
    ------
    ValueError
        For `until` that is no event of the review.

    See Also
    --------
    response_gaps : all concerns, and what each column means.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.breach_responses(review)[["concern", "answer", "days_min", "days_max"]]
           concern       answer  days_min  days_max
    0  breach-2014  answer-2014         4        25
    """
    return timing.breach_responses(response_gaps(review, until=until), review.tables)


@kept
def concerns_before_decisions(review: Review) -> pd.DataFrame:
    """How many concerns stood on record when each decision was taken, at least and at most?

    A concern is on record from the day on which an agency held it or was told of it at the time,
    whichever came first; the same day counts as before. What only tells of another concern, or is
    counted with others, is not counted again.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per decision, in the order of the coding.

        - `decision`, `kind`, `summary` (text): its id, its kind, and what happened
        - `earliest`, `latest` (date; NaT: open): the days between which it lies
        - `concerns_min` (count; <NA>: no admissible chronology): how many concerns an agency,
          whichever it was, held by the day of the decision in every admissible chronology, each row
          of the coding one, also where two can tell of one worry
        - `concerns_max` (count; <NA>: a source's 'several' has no bound): how many some admissible
          chronology has by then, also where no agency is recorded as having held them
        - `concerns_possible` (count; <NA>: no admissible chronology): how many can have been on
          record by then, each row taken at its least count
        - `certain`, `possible` (text): the ids of the rows that certainly were, and of those that
          can have been; what occurred several times can be in both
        - `status` (text): 'admissible' or 'no admissible chronology'
        - `places` (text): paragraph and sentence of the source

    References
    ----------
    The greatest distances from one point are themselves a solution: Dechter, Meiri and Pearl 1991,
    *Artificial Intelligence* 49, corollary 3.2.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.concerns_before_decisions(review)[["decision", "concerns_min", "concerns_max"]]
            decision  concerns_min  concerns_max
    0   closure-2014             2             5
    1  strategy-2014             3             6
    2      icpc-2014             3             6
    """
    return prior_concerns.concerns_before_decisions(review.tables, review.chronology)


@kept
def first_concern_to_first_step(review: Review) -> pd.DataFrame:
    """How long from the first concern on record to the first protective step?

    From the day on which the first concern came on record: held by an agency, or told at the time.
    The least and the most over all admissible chronologies, whichever concern and whichever step
    was the first in each. The concern can be about another child, and another than the step was
    taken on.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        Two rows: for any concern, and for those that were passed on to an agency.

        - `scope` (text): 'any concern' or 'concerns passed on'
        - `first_concern`, `first_step` (text): the ids of all rows that can have been the first
        - `known` (text): in what way the days are known, as in `response_gaps`
        - `days_min`, `days_max` (days; <NA>: open): from the one to the other
        - `working_days_min`, `working_days_max` (working days; <NA>: open, or more than one row can
          have been the first): the same in working days of the review's jurisdiction

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.first_concern_to_first_step(review)[["scope", "first_step", "days_min", "days_max"]]
                    scope            first_step  days_min  days_max
    0         any concern  plan-2014; icpc-2014        50      <NA>
    1  concerns passed on  plan-2014; icpc-2014        50        62
    """
    return prior_concerns.first_concern_to_first_step(
        review.tables, review.chronology, review.meta.jurisdiction
    )


@kept
def closures_and_next_concern(review: Review) -> pd.DataFrame:
    """How soon after each closure came the next concern?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per closure, in the order of the coding.

        - `closure`, `summary` (text): its id, and what happened
        - `next_concern`, `next_summary` (text): the concern that certainly comes later and has to
          come the soonest
        - `known` (text): in what way the days are known, as in `response_gaps`
        - `days_min` (days; <NA>: none): the least days to any concern that can come later; of what
          occurred several times, to an occurrence that can
        - `days_max` (days; <NA>: open): the days by which `next_concern` has come
        - `can_come_first` (text): the ids of concerns that may come before `next_concern`
        - `places` (text): where the source tells of the closure and of the concern

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.closures_and_next_concern(review)[["closure", "next_concern", "days_min", "days_max"]]
            closure next_concern  days_min  days_max
    0  closure-2014    told-2014         1         5
    """
    return prior_concerns.closures_and_next_concern(review.tables, review.chronology)


@kept
def steps_before_harm(review: Review, *, until: str = "") -> pd.DataFrame:
    """How long before the injury was each protective step?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.
    until : str, default ""
        The id of the event that ends the account; empty is every injury, admission or death on
        record.

    Returns
    -------
    pandas.DataFrame
        One row per protective step and end of the account.

        - `step`, `kind` (text): the step's id and its kind
        - `to_event`, `to_kind` (text): the id and the kind of the injury, admission or death
        - `known` (text): in what way the days are known, as in `response_gaps`
        - `days_min`, `days_max` (days; <NA>: open): from the start of the step to that event; below
          0 the step came later; no closer than what `response_gaps` tells
        - `working_days_min`, `working_days_max` (working days; <NA>: open): the same in working
          days of the review's jurisdiction
        - `step_first` (text): in how many of the date pairs that the source admits the step is not
          after the event
        - `places` (text): where the source tells of the step and of the event

    Raises
    ------
    ValueError
        For `until` that is no event of the review.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.steps_before_harm(review)[["step", "to_event", "days_min", "days_max"]]
            step   to_event  days_min  days_max
    0  plan-2014  harm-2015        82        84
    1  icpc-2014  harm-2015        82        84
    """
    return prior_concerns.steps_before_harm(
        review.tables, review.chronology, review.meta.jurisdiction, until=until
    )


@kept
def said_before_harm(review: Review, *, months: int = 12, until: str = "") -> pd.DataFrame:
    """What had been said in the months before the injury?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.
    months : int, default 12
        How many calendar months before the end of the account.
    until : str, default ""
        The id of the event that ends the account; empty is the first injury, admission or death on
        record.

    Returns
    -------
    pandas.DataFrame
        One row per concern or telling that can lie within these months, in the order of the coding;
        what occurred several times or lasted counts if its first or its last day lies there.

        - `event`, `kind`, `summary` (text): its id, its kind, and what happened
        - `date` (text): its date as coded
        - `by`, `to` (text): who raised it, and who received it
        - `known_at_the_time` (text): 'yes' where an agency is recorded as having held it then,
          'learned only afterwards' (no agency is recorded as having known, which is not that none
          did) or 'not recorded with any agency', each 'as judged' where without what the coder
          judged it would be another, or might have been told only after the end of the account
        - `within` (text): whether it lies there: 'certain', 'possible', or 'not dated' where no day
          bounds it on one side
        - `share` (text): in how many of the date pairs that the source admits it lies there
        - `before` (text): the id of the event that ends the account
        - `places` (text): paragraph and sentence of the source

    Raises
    ------
    ValueError
        For `until` that is no event of the review.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.said_before_harm(review, months=3)[["event", "within", "share"]]
                event    within                 share
    0  referrals-2014  possible  93 of 730 date pairs
    1     breach-2014   certain   22 of 22 date pairs
    """
    return prior_concerns.said_before_harm(
        review.tables, review.chronology, months=months, until=until
    )
