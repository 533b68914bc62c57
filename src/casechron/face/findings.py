"""What is said of harm and on whose account, which views were held, and what was found?"""

from __future__ import annotations

import pandas as pd

from casechron.analysis import dynamics, learning, views
from casechron.analysis.kept import kept
from casechron.review import Review

__all__ = [
    "accounts_of_harm",
    "completeness",
    "evidence_on_views",
    "holders_of_accounts",
    "plan_categories",
    "traceability",
    "views_at_decisions",
]


@kept
def accounts_of_harm(review: Review) -> pd.DataFrame:
    """Who is recorded as harming whom, on whose account, how firmly, when, and which agency held
    it?

    What one account does not say is empty, whatever other accounts of the incident say. Empty under
    those who held it is 'not recorded': somebody may have known.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per incident or statement of harm, account and status, incidents in the order of the
        coding; a denial stands directly below what it denies.

        - `event`, `summary`, `kind` (text): the incident's id, what happened, and its kind
        - `how_many` (text): 'once', or how often, as in 'at least 2'
        - `by_whom`, `to_whom`, `also_concerned` (text): the persons; a word in brackets after a
          name, such as 'afraid', says that no more than that is said of the person
        - `account` (text): whose account it is
        - `status`, `force` (text): how firmly it is said, and what force the codebook gives to that
        - `denial` (text): by whom it is denied
        - `said` (text): when the incident was, in words
        - `earliest`, `start_latest`, `end_earliest`, `latest` (date; NaT: open): its days, as in
          `bounds`
        - `certain_from`, `certain_to` (date; NaT: none): the days on which it was certainly under
          way
        - `held_by` (text): the agencies that held this account at the time, each with the days on
          which it can have come to hold it
        - `held_earliest`, `held_latest` (date; NaT: open): when the first of them can have come to
          hold it
        - `learned_afterwards` (text): the agencies that learned of it only afterwards
        - `responses` (text): what answered the incident, or was to answer it and was lacking
        - `basis` (text): 'stated', 'derived' or 'judged'
        - `parts` (text): the ids of the rows of participation behind it
        - `places` (text): paragraph and sentence of the source
        - `dates` (text): 'admissible' or 'no admissible chronology'

    See Also
    --------
    holders_of_accounts : one row per account and agency.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.accounts_of_harm(review)[["event", "by_whom", "account"]]
               event     by_whom           account
    0  referral-2014  X's mother            Police
    1  referral-2014              the source's own
    2    bruise-2014              the source's own
    3      harm-2015              the source's own
    """
    return dynamics.accounts_of_harm(review.tables, review.chronology)


@kept
def holders_of_accounts(review: Review) -> pd.DataFrame:
    """From when did which agency hold which account of harm, and through what?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per account of `accounts_of_harm` and agency that held it, in their order.

        - `event`, `account`, `status` (text): the account, as in `accounts_of_harm`
        - `agency` (text): the agency's label
        - `contemporaneous` (True or False): False for what it learned only afterwards
        - `said` (text): when it came to hold it, in words
        - `earliest`, `latest` (date; NaT: open): the days between which that lies
        - `through`, `rows` (text): the ids of the events that brought it, and of the rows behind
          them
        - `dates` (text): 'admissible' or 'no admissible chronology'

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.holders_of_accounts(review)[["event", "agency", "earliest", "latest"]]
               event               agency   earliest     latest
    0  referral-2014  Children's services 2014-08-21 2014-08-31
    1  referral-2014  Children's services 2014-08-21 2014-08-31
    2    bruise-2014           X's school 2014-09-24 2014-09-24
    3    bruise-2014  Children's services 2014-09-24 2014-09-30
    """
    return dynamics.holders_of_accounts(review.tables, review.chronology)


@kept
def evidence_on_views(review: Review) -> pd.DataFrame:
    """What supports and what contradicts each view, how firmly is it said, and who ties it to the
    view?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per view and row that supports or contradicts it; a view with nothing coded for or
        against it has one row.

        - `view`, `holder`, `proposition`, `view_date` (text): the view's id, who held it, what was
          held to be so, and when, as coded
        - `tie` (text): 'supports', 'contradicts' or 'nothing is coded for or against it'
        - `judged` (True or False): True where the coder alone ties the row to the view, so that it
          is no evidence that the source holds against it or for it
        - `evidence`, `evidence_summary` (text): the id of the row, and what it says
        - `evidence_status` (text): how firmly, and on whose account, it is said
        - `evidence_said` (text): when it came about, in words
        - `learned_afterwards` (text): the agencies that learned of it only afterwards
        - `basis` (text): of the tie: 'stated', 'derived' or 'judged'
        - `places` (text): paragraph and sentence of the source

    See Also
    --------
    views_at_decisions : whether it had come about by each decision, and who held it then.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.evidence_on_views(review)[["view", "tie", "evidence", "judged"]]
                view          tie     evidence  judged
    0  view-low-risk  contradicts  bruise-2014    True
    """
    table = views.views_at_decisions(review.tables, review.chronology)
    return table[list(_EVIDENCE)].drop_duplicates(ignore_index=True)


@kept
def views_at_decisions(review: Review) -> pd.DataFrame:
    """What supports or contradicts a view: had it come about by each decision, and who held it?

    That something was held is not to say that it was read or weighed.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per row of evidence and decision, decisions in order of time; `evidence_on_views`
        tells which views it bears on, `decisions` who decided and when.

        - `evidence`, `decision` (text): the ids of the row and of the decision
        - `evidence_when` (text): 'certainly by then', 'possibly by then', 'only later', 'found by
          the review, afterwards' or 'not comparable in time'
        - `held_certainly`, `held_possibly`, `held_later` (text): the agencies that held it by then
          in every admissible chronology, in some, or only after
        - `with_those_who_decided` (text): what is recorded for those who decided, in the words of
          `known` in `knowledge`, or 'who decided is not stated'; empty for a finding

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.views_at_decisions(review)[["evidence", "decision", "evidence_when"]]
          evidence       decision      evidence_when
    0  bruise-2014   closure-2014         only later
    1  bruise-2014  strategy-2014  certainly by then
    2  bruise-2014      icpc-2014  certainly by then
    """
    table = views.views_at_decisions(review.tables, review.chronology)
    table = table.loc[table["decision"] != "", list(_AT_DECISIONS)]
    return table.drop_duplicates(ignore_index=True)


#: What is so of a row of evidence and a view, and of a row of evidence and a decision.
_EVIDENCE = (
    "view",
    "holder",
    "proposition",
    "view_date",
    "tie",
    "judged",
    "evidence",
    "evidence_summary",
    "evidence_status",
    "evidence_said",
    "learned_afterwards",
    "basis",
    "places",
)
_AT_DECISIONS = (
    "evidence",
    "decision",
    "evidence_when",
    "held_certainly",
    "held_possibly",
    "held_later",
    "with_those_who_decided",
)


@kept
def traceability(review: Review) -> pd.DataFrame:
    """On which rows does each finding rest, and which recommendations address it?

    That a finding has no recommendation here is no statement that the review made none: see
    `completeness`.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per finding and row that it rests on, findings as coded, and one for a finding
        without any; then one per recommendation that addresses no coded finding.

        - `finding`, `polarity`, `finding_summary` (text): the finding's id, the review's own
          judgement ('shortfall', 'strength' or 'neither'), and what was found
        - `attributed_to`, `finding_basis` (text): whose finding it is, and its basis
        - `rests_on_rows` (count; <NA>: no finding): on how many rows it rests
        - `rests_on`, `rests_on_table`, `rests_on_event`, `rests_on_summary`, `rests_on_basis`
          (text): the row's id, its table, the event that it is or is a part of, what it says, and
          the basis of the tie
        - `recommendations`, `recommendation_summaries`, `recommendations_basis` (text): the ids of
          those that address the finding, what they say, and the basis of the tie
        - `untraced` (text): what is missing
        - `places` (text): paragraph and sentence of the source

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.traceability(review)[["finding", "recommendations", "polarity", "rests_on_rows"]]
           finding recommendations   polarity  rests_on_rows
    0  fd-response                  shortfall              1
    1                    rc-visits                      <NA>
    """
    return learning.traceability(review.tables)


@kept
def completeness(review: Review) -> pd.DataFrame:
    """Where does the coding say that a source gives only some of what the review found or
    recommended?

    No rows is no statement that the sources are complete.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per note of coverage, or summary of a publication, whose words say so.

        - `where` (text): where it stands
        - `note` (text): what it says

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.completeness(review)
                     where                                               note
    0  report, paragraph 3  Says that the list of recommendations is not c...
    """
    return learning.completeness(review.tables)


@kept
def plan_categories(review: Review) -> pd.DataFrame:
    """Under which category was each plan made, and after which incidents and matters, by theme?

    A theme is the coder's: that an incident has it is not to say that agencies knew of it.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per child protection plan, category and theme; a plan without a category, or without
        an incident of any theme, has a row all the same.

        - `plan`, `summary` (text): the plan's id, and what happened
        - `said` (text): when it was made, in words
        - `category`, `theme` (text): its category, and the theme of what is listed
        - `certainly_by_then`, `possibly_by_then`, `only_later` (text): the incidents and matters
          that had begun on the day of the plan or before in every admissible chronology, in some,
          or in none
        - `findings` (text): what the review says of the category
        - `certainly_by_then_rows`, `possibly_by_then_rows`, `only_later_rows` (text): their ids
        - `basis` (text): of the category: 'stated', 'derived' or 'judged'
        - `places` (text): paragraph and sentence of the source
        - `dates` (text): 'admissible' or 'no admissible chronology'

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.plan_categories(review)[["plan", "category", "theme"]]
            plan category              theme
    0  plan-2014  neglect  School attendance
    """
    return learning.plan_categories(review.tables, review.chronology)
