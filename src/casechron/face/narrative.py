"""What happened, in order of time, and what do its days rest on?"""

from __future__ import annotations

import pandas as pd

from casechron.analysis import choices
from casechron.analysis import chronicle as chronicles
from casechron.analysis import timeline as timelines
from casechron.analysis.kept import kept
from casechron.review import Review

__all__ = [
    "bounds_and_orders",
    "chronicle",
    "dating_policy",
    "narrowings",
    "timeline",
]


@kept
def timeline(review: Review) -> pd.DataFrame:
    """What happened, in which lane, and on which days can it have happened?

    This is what the timeline draws.
    What lasts for years and what came after is not drawn. Days are those of `chronicle`; of a side
    that the source leaves open there is none.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per event that is drawn, in the order of `chronicle`.

        - `event` (text): its id
        - `lane` (text): 'home', 'raised', 'services', 'missing' or 'entry' (not classified yet)
        - `short` (text): the coder's label for it; empty where there is none
        - `summary` (text): what happened, in the coder's words
        - `when` (text): when it was, in words
        - `places` (text): paragraph and sentence of the source
        - `kind` (text): what kind of event it is
        - `who` (text): the named agencies that raised, led or provided it
        - `absence` (text): for what did not happen, how firmly that is said
        - `status` (text): 'alleged', 'alleged and denied' or 'alleged in part'; empty for facts
        - `always` (True or False): whether the timeline never leaves it out
        - `other_side` (True or False): whether to leave it out would tell one side alone: whose
          violence is told, what is alleged, and what was passed on before a case was closed
        - `earliest`, `latest` (date; NaT: open): the days on which it can have happened
        - `certain_from`, `certain_to` (date; NaT: none): the days on which it certainly went on

    See Also
    --------
    chronicle : every event, with all that is known of when.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.timeline(review)[["event", "lane", "earliest", "latest"]].head(3)
                event    lane   earliest     latest
    0         birth-x    home 2007-05-01 2007-05-31
    1  referrals-2014  raised 2014-01-01 2015-12-31
    2   referral-2014  raised 2014-08-21 2014-08-31
    """
    return timelines.timeline(review.tables, review.chronology)


@kept
def chronicle(review: Review) -> pd.DataFrame:
    """What happened, in order of time, with what is known of when?

    Rows stand in the order of `earliest`, then `latest`, then of the coding. What has no earliest
    day stands where it must have happened by, yet before whatever it is certainly not later than;
    what has no day at all comes last. Where no chronology is admissible the stated days give the
    order. No half of a join: where a living child's published age refers to an event, no day is
    finer than the source's own date of it, here and in what lies close to it; `bounds` has the
    days as the statements imply them.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per event, state or absence, in order of time.

        - `event` (text): its id
        - `said` (text): when it was, in words, as all statements together imply
        - `summary` (text): what happened, in the coder's words
        - `kind` (text): what kind of event it is
        - `date`, `date_words` (text): its date as coded, and in the source's own words
        - `other_dates` (text): the dates that other sources give it, each with its source and place
        - `how_many` (text): 'once', or how often, as in 'at least 2'
        - `recurs` (True or False): whether the row can stand for more than one occurrence
        - `state` (True or False): whether it lasts
        - `absence` (text): for what did not happen, how firmly that is said
        - `protected` (True or False): whether it is a birth, whose days are never narrowed
        - `alleged` (text): 'alleged', 'alleged and denied' or 'alleged in part', of what is said of
          persons in it; empty where it is reported as fact
        - `as_judged` (True or False): whether its days lean on an order, or a date, that only the
          coder judged
        - `basis` (text): 'stated', 'derived' or 'judged', of the row
        - `shape` (text): 'moment', 'span', 'several' or 'undated'
        - `said_stated` (text): when it was by its own date alone, in words
        - `stated_earliest`, `stated_start_latest`, `stated_end_earliest`, `stated_latest` (date;
          NaT: open): the days of its own date, as in `bounds`
        - `earliest`, `start_latest`, `end_earliest`, `latest` (date; NaT: open): the days that all
          statements together imply, as in `bounds`, or wider ones beside an age
        - `certain_from`, `certain_to` (date; NaT: none): the days on which it was certainly under
          way
        - `days_narrowed` (days; <NA>: an open bound was closed): how many days were lost in between
        - `narrowed_by`, `narrowed_by_rows` (text): the statements that did it, and their rows
        - `lane` (text): the agencies that had a part in it, or whose step an absence is
        - `places` (text): paragraph and sentence of the source
        - `status` (text): 'admissible', 'protected: as published', 'absence: as stated' or 'no
          admissible chronology'

    See Also
    --------
    bounds : the days alone, in the order of the coding.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.chronicle(review)[["event", "said"]].head(5)
                event                             said
    0         birth-x                      in May 2007
    1  referrals-2014            between 2014 and 2015
    2   referral-2014    between 21 and 31 August 2014
    3      visit-2014  between 1 and 17 September 2014
    4   no-visit-2014                in September 2014
    """
    return chronicles.chronicle(review.tables, review.chronology)


@kept
def narrowings(review: Review) -> pd.DataFrame:
    """Which events are known more closely than their own date says, and which statements did it?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per event whose window was narrowed, in the order of the coding; births and absences
        never are. One row with nothing but its status where no chronology is admissible.

        - `event`, `summary` (text): its id, and what happened
        - `before`, `after` (text): the window by its own date, and by all statements, in words
        - `days_narrowed` (days; <NA>: an open bound was closed): how many days were lost in between
        - `narrowed_by`, `narrowed_by_rows` (text): the statements that did it, and their rows
        - `leans_on` (text): the orders that only the coder judged, without which the window would
          be wider, or 'none'
        - `beside_an_age` (True or False): whether the window after is finer than what is shown
          beside a living child's published age
        - `places` (text): paragraph and sentence of the source
        - `status` (text): 'admissible' or 'no admissible chronology'

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.narrowings(review)[["event", "before", "days_narrowed"]]
            event                                   before  days_narrowed
    0  visit-2014  between 21 August and 30 September 2014             24
    1   plan-2014                     from October 2014 on             47
    2  worry-2014                                not dated           <NA>
    3   told-2014                        in September 2014             23
    """
    return chronicles.narrowings(review.tables, review.chronology)


@kept
def bounds_and_orders(review: Review) -> pd.DataFrame:
    """Between which days does each event lie, and on which judged orders do these days lean?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per event, in order of time as in `chronicle`.

        - `event` (text): its id
        - `stated_earliest`, `stated_latest` (date; NaT: open): what its own date says
        - `earliest`, `start_latest`, `end_earliest`, `latest` (date; NaT: open): what all
          statements together imply
        - `leans_on` (text): the orders that only the coder judged, without which, each left out by
          itself, a bound would be wider or open; 'none' where the bounds hold without any of them
        - `status` (text): as in `bounds`

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.bounds_and_orders(review)[["event", "earliest", "latest", "leans_on"]].tail(4)
                event   earliest     latest leans_on
    12    breach-2014 2014-11-03 2014-11-24     none
    13    answer-2014 2014-11-28 2014-11-28     none
    14      harm-2015 2015-01-12 2015-01-12     none
    15  sentence-2015        NaT        NaT     none
    """
    return chronicles.bounds_and_orders(chronicle(review), review.chronology)


@kept
def dating_policy(review: Review) -> pd.DataFrame:
    """How are vague dates, rounded durations and working days read here?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per field of the dating policy.

        - `field`, `value` (text): the field, as `read_review` takes it, and its value
        - `meaning` (text): what that means, in plain English

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019", duration_slack="none")
    >>> cc.dating_policy(review)[["field", "value"]]
                   field      value
    0           early_to         10
    1             mid_to         20
    2          late_from         21
    3           end_from         21
    4     duration_slack       none
    5  approximate_slack   one-unit
    6             winter     starts
    7    working_day_one  day after
    8           readings       none
    """
    return choices.dating_policy(review.policy)
