"""What does the source say, and where? The coded rows with codes put into words and places
added."""

from __future__ import annotations

import pandas as pd

from casechron.analysis import counterparts, parties, record
from casechron.analysis.kept import kept
from casechron.coding.folder import codings_in
from casechron.coding.reviews import read_coding
from casechron.review import Review

__all__ = [
    "accounts",
    "agencies_in_events",
    "basis_of_rows",
    "coded_events",
    "findings_and_recommendations",
    "further_facts",
    "other_readings",
    "rows_by_paragraph",
    "time_statements",
    "unmatched",
    "views_held",
    "who_is_who",
]


@kept
def who_is_who(review: Review) -> pd.DataFrame:
    """Which persons and which agencies are there, and what is each of them?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per person, then one per agency, in the order of the coding.

        - `party` (text): the id of the person or agency
        - `label` (text): how reports call it
        - `kind` (text): 'person or group' or 'agency or body'
        - `tie_or_sector` (text): a person's tie to the child, an agency's sector
        - `named` (text): 'no' for an agency that the source leaves unnamed, else 'yes'; empty for
          persons, of whom none is named
        - `note` (text): the coder's note, and of a person the ties to others

    See Also
    --------
    involvement : the agencies' parts in events.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.who_is_who(review)[["party", "named", "label", "tie_or_sector"]]
                    party named                label                 tie_or_sector
    0             child-x                          X                     the child
    1            mother-x                 X's mother                        mother
    2  childrens-services   yes  Children's services  Local authority: social care
    3              police   yes               Police                        Police
    4         unspecified    no   Unspecified agency        Unknown or unspecified
    5            school-x   yes           X's school                        School
    """
    return parties.who_is_who(review.tables)


@kept
def coded_events(review: Review) -> pd.DataFrame:
    """Which events, states and absences does the source give?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per event, state or absence, in the order of the coding.

        - `event` (text): its id
        - `date` (text): its date as coded, in EDTF or with early, mid, late or end; empty: none
        - `date_words` (text): the source's own words for the date
        - `date_basis`, `basis` (text): 'stated', 'derived' or 'judged', of the date and of the row
        - `kind` (text): what kind of event it is
        - `how_many` (text): 'once', or how often it occurred, as in 'at least 2'
        - `absence` (text): for what did not happen, how firmly that is said
        - `summary` (text): what happened, in the coder's words
        - `places` (text): paragraph and sentence of the source

    See Also
    --------
    chronicle : the same in order of time, with what is known of when.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.coded_events(review)[["event", "date", "kind"]].head(4)
               event                      date      kind
    0  referral-2014              late 2014-08  Referral
    1     visit-2014  [2014-08-21..2014-09-30]     Visit
    2        birth-x                   2007-05     Birth
    3  no-visit-2014                   2014-09     Visit
    """
    return record.coded_events(review.tables)


@kept
def accounts(review: Review) -> pd.DataFrame:
    """Which person took part in what, how firmly is it said, and on whose account?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per person, event, role and status, in the order of the coding.

        - `participation` (text): the id of the row
        - `person` (text): the person's label
        - `role` (text): the part that the person had
        - `event`, `summary` (text): the event's id, and what happened
        - `status` (text): how firmly it is said: 'reported as fact', 'alleged', 'denied' and so on
        - `account` (text): whose account it is; empty where the source speaks for itself
        - `basis` (text): 'stated', 'derived' or 'judged'
        - `places` (text): paragraph and sentence of the source

    See Also
    --------
    accounts_of_harm : what is said of harm, with who held it and when.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.accounts(review)[["person", "role", "event", "account", "status"]]
           person     role          event account            status
    0  X's mother  harming  referral-2014  Police           alleged
    1           X  subject  referral-2014          reported as fact
    """
    return record.accounts(review.tables)


@kept
def agencies_in_events(review: Review) -> pd.DataFrame:
    """Which agency had which role in which event, as coded?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per agency, event and role, in the order of the coding.

        - `involvement` (text): the id of the row
        - `agency` (text): the agency's label
        - `role` (text): the part that the agency had, or that it was missing
        - `event`, `summary` (text): the event's id, and what happened
        - `stated_absence` (text): for what the agency did not do, how firmly that is said
        - `basis` (text): 'stated', 'derived' or 'judged'
        - `places` (text): paragraph and sentence of the source

    See Also
    --------
    involvement : one row per event and agency, in order of time.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.agencies_in_events(review)[["agency", "role", "event"]].head(4)
                    agency                      role          event
    0  Children's services                  received  referral-2014
    1               Police                  not told  referral-2014
    2  Children's services  responsible, step absent  no-visit-2014
    3           X's school      held the information     worry-2014
    """
    return record.agencies_in_events(review.tables)


@kept
def further_facts(review: Review) -> pd.DataFrame:
    """Which further facts does the source give of events and persons?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per fact, in the order of the coding.

        - `attribute` (text): the id of the row
        - `of` (text): the person's label, or what happened
        - `fact` (text): what kind of fact it is, such as 'offence'
        - `value` (text): the fact
        - `at_event` (text): the id of the event at which it held, if one is named
        - `basis` (text): 'stated', 'derived' or 'judged'
        - `places` (text): paragraph and sentence of the source

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.further_facts(review)[["of", "fact", "value"]]
                            of                          fact               value
    0                        X                  age in years  7 (in late August)
    1     A plan is made for X          category of the plan             neglect
    2  A court passes sentence  length of sentence in months                  18
    """
    return record.further_facts(review.tables)


@kept
def time_statements(review: Review) -> pd.DataFrame:
    """Which statements tie two events in time?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per statement, in the order of the coding.

        - `relation` (text): the id of the row
        - `from_event`, `to_event` (text): the ids of the two events
        - `relation_type` (text): how they are tied: 'before', 'same day', 'gap' and so on
        - `gap` (text): the duration between them as an ISO 8601 duration, such as 'P2W'
        - `meaning` (text): whether that duration is exact, rounded, at least or at most
        - `words` (text): the source's own words
        - `basis` (text): 'stated', 'derived' or 'judged'
        - `places` (text): paragraph and sentence of the source

    See Also
    --------
    gaps : the days between two events that follow from all statements.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.time_statements(review)[["from_event", "gap", "meaning", "relation_type", "to_event"]]
          from_event  gap  meaning relation_type      to_event
    0  referral-2014  P2W  rounded           gap    visit-2014
    1     visit-2014                      before     plan-2014
    2     worry-2014                   not after  closure-2014
    3    bruise-2014                   not after     told-2014
    4      icpc-2014                    same day     plan-2014
    5      icpc-2014  P3M  rounded           gap     harm-2015
    """
    return record.time_statements(review.tables)


@kept
def views_held(review: Review) -> pd.DataFrame:
    """Which views did somebody hold, and which rows support or contradict them?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per view, in the order of the coding.

        - `view` (text): its id
        - `holder` (text): who held it; empty where the source does not say
        - `proposition` (text): what was held to be so
        - `date` (text): when, as coded
        - `supported_by`, `contradicted_by` (text): the ids of the rows coded for and against it
        - `basis` (text): 'stated', 'derived' or 'judged'
        - `places` (text): paragraph and sentence of the source

    See Also
    --------
    views_at_decisions : what stood for and against each view at each decision.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.views_held(review)[["holder", "proposition", "contradicted_by"]]
                    holder            proposition contradicted_by
    0  Children's services  The risk to X was low     bruise-2014
    """
    return record.views_held(review.tables)


@kept
def findings_and_recommendations(review: Review) -> pd.DataFrame:
    """What did the review find, and what does it recommend?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per finding, then one per recommendation, in the order of the coding.

        - `row` (text): its id
        - `what` (text): 'finding' with the review's own judgement, or 'recommendation'
        - `summary` (text): what was found or is recommended, in the coder's words
        - `by_or_to` (text): who found it, or to whom it is addressed
        - `basis` (text): 'stated', 'derived' or 'judged'
        - `places` (text): paragraph and sentence of the source

    See Also
    --------
    traceability : on which rows each finding rests.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.findings_and_recommendations(review)[["row", "what", "summary"]]
               row                what                                 summary
    0  fd-response  finding: shortfall  The response to the referral took long
    1    rc-visits      recommendation             Visit soon after a referral
    """
    return record.findings_and_recommendations(review.tables)


@kept
def other_readings(review: Review) -> pd.DataFrame:
    """Where could the source, or another source, be read otherwise?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per cell that a reading changes, in the order of the coding.

        - `reading` (text): the reading's id, as the dating policy's `readings` takes it
        - `row`, `column` (text): the row and the column of the cell
        - `as_coded`, `otherwise` (text): the cell's value, and the value under the reading
        - `source` (text): the id of the source that can be read so
        - `reason` (text): the coder's reason

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.other_readings(review)[["reading", "row", "column", "as_coded", "otherwise"]]
                  reading         row column                  as_coded   otherwise
    0  visit-in-september  visit-2014   date  [2014-08-21..2014-09-30]     2014-09
    1    plan-in-november   plan-2014   date                2014-10/..  2014-11/..
    """
    return record.other_readings(review.tables, review.replaced)


@kept
def basis_of_rows(review: Review) -> pd.DataFrame:
    """How much of the coding is stated by the source, derived from it, or judged by the coder?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per table whose rows have a basis, in the order of the codebook.

        - `table` (text): the table's name
        - `grain` (text): what one row of it stands for
        - `rows` (count): how many rows it has
        - `stated`, `derived`, `judged` (count): how many of them have this basis

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.basis_of_rows(review)[["table", "rows", "stated", "derived", "judged"]]
                 table  rows  stated  derived  judged
    0           events    16      16        0       0
    1      involvement    11      11        0       0
    2    participation     2       2        0       0
    3       attributes     3       2        1       0
    4        relations     6       1        4       1
    5            links     7       3        1       3
    6            views     1       1        0       0
    7         findings     1       1        0       0
    8  recommendations     1       1        0       0
    """
    return record.basis_of_rows(review.tables)


@kept
def rows_by_paragraph(review: Review) -> pd.DataFrame:
    """What was made of each paragraph of the source?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per paragraph in the table coverage, in the order of the coding.

        - `source` (text): the source's id
        - `paragraph` (number): the number of the paragraph
        - `section` (text): the heading under which it stands
        - `ordinal` (text): its number within the section
        - `status` (text): whether it was coded, and if not, why
        - `rows` (count): how many coded rows rest on it
        - `row_ids` (text): their ids
        - `note` (text): what was left out

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.rows_by_paragraph(review)[["source", "paragraph", "status", "rows"]]
       source  paragraph   status  rows
    0  report          1  heading     0
    1  report          2    coded    22
    2  report          3    coded    26
    """
    return record.rows_by_paragraph(review.tables)


@kept
def unmatched(review: Review, coding: str | Review | None = None) -> pd.DataFrame:
    """Which rows of other codings of the review have no counterpart in it?

    What a coder saw and the final coding does not hold: to be decided upon, not to be counted.
    Counterparts are one to one. What is read from the source directly (events, findings,
    recommendations, views) must share a sentence; dates and words are not compared.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.
    coding : str or Review, optional
        The name of a coder's folder in ``codings/`` of the review, or a coding as a review. Without
        one, each of those in ``codings/`` in turn.

    Returns
    -------
    pandas.DataFrame
        One row per row without a counterpart, by coding, by table and in the order of that coding.

        - `coding` (text): whose row it is
        - `table`, `row` (text): where it is, and its id; a theme by the row that has it
        - `says` (text): what it says
        - `places` (text): paragraph and sentence of the source
        - `beside` (text): the ids of rows of the review in the same table that share a sentence
          with it, or what it is about, and are no counterpart of another row

    Raises
    ------
    ReviewError
        Where the review has no coding of this name (all are named), or it cannot be read.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.unmatched(review, review).empty
    True
    """
    if coding is None:
        coders = [folder.name for folder in codings_in(review.folder)[0]]
        tables = [unmatched(review, coder) for coder in coders] or [unmatched(review, review)]
        return pd.concat(tables, ignore_index=True)
    coder = coding.meta.id.rpartition("/")[2] if isinstance(coding, Review) else coding
    other = coding.tables if isinstance(coding, Review) else read_coding(review.folder, coding)
    table = counterparts.unmatched(other, review.tables)
    table.insert(0, "coding", coder)
    return table
