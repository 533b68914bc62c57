"""Which timescales of the guidance were met, and of which can that not be said?"""

from __future__ import annotations

import pandas as pd

from casechron.analysis import national, timescales
from casechron.analysis import re_referrals as referrals
from casechron.analysis.kept import kept
from casechron.review import Review

__all__ = ["conferences_beside_national", "re_referrals", "timescale_checks"]


@kept
def timescale_checks(review: Review, *, until: str = "") -> pd.DataFrame:
    """Which timescales were met, and of which can that not be said?

    A rule is met if every admissible chronology says so, and not met only if, besides, no step that
    is not coded can have come first. A link between two steps binds first; otherwise the step that
    stops a clock is the earliest one of its kind on or after the start and within its spell (a case
    until it is closed, a plan until it ends). The due window runs from the first to the last day on
    which the limit can end; it is open where the clock starts only when an event becomes known.
    Limits are those of the review's jurisdiction. What is coded as a notification is no referral
    and starts no clock.

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
        One row per rule and clock, however many editions may apply; a rule that nothing in the
        review starts or stops has one row that says so.

        - `rule`, `title` (text): the rule's id, and what it is about
        - `edition` (text): the guidance and its edition, several where the date straddles them
        - `edition_applies` (text): by the date alone 'certain' ('certain as judged' if that is so
          only by days that the coder judged), or 'possible' where there are several; where one
          system of reviews gave way to another, which of the two a review came under is not told
        - `start`, `start_summary` (text): the id of the event that starts the clock, and what
          happened
        - `end`, `end_summary` (text): the id of the event that ends the clock, and what happened;
          empty where more than one can have ended it, or where it only shows that the step had been
          taken by then, which leaves its days and margins empty too
        - `may_end` (text): the ids of all events that can have ended it, or that show so
        - `limit` (text): the limit with its unit, as in '15 working days'
        - `verdict` (text): 'met', 'met as judged' (not without what the coder judged), 'not met',
          'undetermined', 'not applicable' or 'no admissible chronology'
        - `rests_on` (text): the ids of the judged rows that carry a verdict which does not hold
          without them
        - `would_settle` (text): the fact that would settle what is undetermined, or why the rule is
          not applicable; of a referral while a plan ran also whether it counted as one, which
          `re_referrals` says of it too
        - `start_earliest`, `start_latest` (date; NaT: open): the days on which the clock's first
          event can have begun
        - `due_earliest`, `due_latest` (date; NaT: open): the first and the last day on which the
          limit can end
        - `actual_earliest`, `actual_latest` (date; NaT: open): the days on which the step can have
          been taken
        - `met_from_earliest`, `met_from_latest` (date; NaT: not undetermined, or open): on or after
          which day the clock must have started, for a step on the first and on the last of its
          possible days to be in time
        - `due_days_min`, `due_days_max` (days; <NA>: open): calendar days from the start to the due
          day
        - `days_min`, `days_max` (days; <NA>: open): calendar days from the start to the step
        - `working_days_min`, `working_days_max` (working days; <NA>: open): the same in working
          days
        - `margin_min`, `margin_max` (working days; <NA>: open): left between the step and the due
          day; below 0 the step was late. A step on a day off after the due day is no working day
          late, here, in `verdict` and in `met_from_latest`
        - `end_days_min`, `end_days_max` (days; <NA>: open): from the start to the end of the
          account
        - `near_working_days_min`, `near_working_days_max` (working days; <NA>: open, or none near):
          from the event of `near` to the step
        - `within_limit` (text): in how many of the date pairs that the source admits the limit is
          kept
        - `near` (text): where the clock's start is not on record, the id of an event near to it:
          context, and no check
        - `convention` (text): the dating policy's working day 1: 'day after' or 'start day'
        - `other_convention` (text): the verdict under the other of these
        - `convention_matters` (text): 'yes' where that is another verdict, else 'no'
        - `end_of_account` (text): the id of the event that ends the account
        - `end_by_due` (text): whether that came on or before the due day: 'certain', 'possible' or
          'ruled out'
        - `source` (text): what bears the limit
        - `source_seen` (text): whether that is the guidance ('edition'), another text that tells of
          it ('secondary') or neither ('not seen')
        - `places` (text): where the source tells of the clock's two events

    Raises
    ------
    ValueError
        For `until` that is no event of the review.

    See Also
    --------
    response_gaps : every concern and its answer, with or without a limit.

    References
    ----------
    Each rule names its edition of the guidance; their addresses and limits are in
    ``casechron/analysis/timescales.csv``.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.timescale_checks(review)[["rule", "start", "end", "verdict"]].head(5)
                     rule           start        end         verdict
    0   referral-decision  referrals-2014               undetermined
    1          assessment  referrals-2014               undetermined
    2  initial-assessment                             not applicable
    3                icpc   strategy-2014  icpc-2014             met
    4    first-core-group       icpc-2014               undetermined
    """
    return timescales.timescale_checks(
        review.tables, review.chronology, review.meta.jurisdiction, until=until
    )


@kept
def conferences_beside_national(review: Review, *, until: str = "") -> pd.DataFrame:
    """Where does the interval to the initial conference stand beside the national distribution?

    The national figures run from the actual start of section 47 enquiries. Those of a region stand
    beside reviews of that region only (`region` in review.toml), and none where no conference is
    coded.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.
    until : str, default ""
        The id of the event that ends the account, as in `timescale_checks`.

    Returns
    -------
    pandas.DataFrame
        First one row per initial conference of the review, then one per area and year of the
        national figures.

        - `what` (text): the conference's id, or the area
        - `year` (number; <NA>: not known): the year of the conference, or of the figures
        - `measured_from` (text): 'strategy discussion' or 'section 47 enquiries'; empty where
          neither is on record
        - `working_days_min`, `working_days_max` (working days; <NA>: not known, or a national row):
          from there to the conference
        - `first_quartile`, `median`, `third_quartile` (working days; <NA>: the review's own row):
          of all conferences of the area
        - `conferences` (count; <NA>: the review's own row): how many there were
        - `within_10_working_days`, `in_11_to_15_working_days`, `in_16_to_20_working_days`,
          `in_21_or_more_working_days` (count; <NA>: the review's own row): of these, how many were
          held so soon
        - `years_later` (number; <NA>: not known): how many years after the review's conference the
          figures are
        - `source` (text): where the row comes from

    Raises
    ------
    ValueError
        For `until` that is no event of the review.

    References
    ----------
    Department for Education, *Children in need* statistics; the column `source` has the editions.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.conferences_beside_national(review)[["what", "year", "median", "conferences"]]
                                what  year  median  conferences
    0  icpc-2014, as far as recorded  2014    <NA>         <NA>
    1       England, all conferences  2023      14        74380
    2       England, all conferences  2025      14        72100
    """
    return national.conferences_beside_national(
        timescale_checks(review, until=until), region=review.meta.region
    )


@kept
def re_referrals(review: Review) -> pd.DataFrame:
    """Which referrals came within twelve months of the referral before, or of a closure?

    Two measures, named: that of the Department for Education counts from the referral before, and
    no request on an open case; the other counts from the last closure. Of several referrals in one
    row the first is asked, and a referral that another row counts has no row of its own. The
    Department counts each child: of two referrals that are coded as about other children, it cannot
    be told; where no child is coded, and from a closure, the review's family counts as one.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        Two rows per referral to children's social care, in the order of the coding; what is coded
        as a notification is none.

        - `referral`, `summary` (text): its id, and what happened
        - `measure` (text): 'after a referral' (the Department's) or 'after a closure'
        - `re_referral` (text): 'certain' if every admissible chronology says so, 'certain as
          judged' (not without what the coder judged), 'possible' if some do, 'cannot be told' where
          nothing on record says that the case had been closed, who received the referral, or that
          both were about one child; 'case open' where a plan certainly ran (one that goes on beyond
          the account did), 'as judged' too where that, or who received the referral, was; 'none on
          record', or 'no admissible chronology'
        - `rests_on` (text): the ids of the judged rows that carry what is so as judged
        - `before` (text): the ids of all that can have come last before it
        - `days_min`, `days_max` (days; <NA>: none, or open): since then
        - `would_settle` (text): the fact that would settle what is not certain
        - `places` (text): paragraph and sentence of the source

    References
    ----------
    Department for Education, *Children in need: a focus on re-referrals*; Goldacre and others 2025,
    *Children and Youth Services Review* 169, 108113, for the time from a closure.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.re_referrals(review)[["measure", "re_referral", "before", "days_min", "days_max"]]
                measure     re_referral        before  days_min  days_max
    0  after a referral  none on record                    <NA>      <NA>
    1   after a closure  cannot be told  closure-2014         1       468
    """
    return referrals.re_referrals(review.tables, review.chronology)
