"""Who decided, and what could each agency have known by then?"""

from __future__ import annotations

import pandas as pd

from casechron.analysis import decisions as points
from casechron.analysis import information_at_decision as known_at_decisions
from casechron.analysis import knowledge as known
from casechron.analysis.kept import kept
from casechron.chronology.day_columns import NOT_ADMISSIBLE
from casechron.review import Review

__all__ = [
    "decisions",
    "knowledge",
    "knowledge_at_a_decision",
    "knowledge_by_agency",
    "known_by_decision",
    "reached",
]


@kept
def decisions(review: Review) -> pd.DataFrame:
    """At which points did agencies decide, when, who decided, and who does the review say was left
    out?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per decision, in order of time.

        - `decision` (text): its id
        - `point` (text): 'decision' or 'response found absent or insufficient'
        - `kind`, `summary` (text): its kind, and what happened
        - `said` (text): when, in words
        - `absence` (text): for what did not happen, how firmly that is said
        - `decided_by`, `decided_by_ids` (text): the agencies that decided: labels and ids
        - `decided_by_is` (text): by what they are taken to have decided, or that the source does
          not say who did
        - `left_out`, `left_out_ids` (text): the agencies that the review calls not involved, not
          involved enough or not told: labels and ids
        - `answers` (text): the ids of the events that it answers
        - `rows` (text): the ids of the rows behind it
        - `places` (text): paragraph and sentence of the source
        - `status` (text): as in `bounds`

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.decisions(review)[["decision", "left_out_ids", "decided_by"]]
            decision left_out_ids           decided_by
    0   closure-2014               Children's services
    1  strategy-2014               Children's services
    2      icpc-2014       police  Children's services
    """
    return points.decisions(review.tables, review.chronology)


@kept
def knowledge(review: Review) -> pd.DataFrame:
    """At each decision, what could each agency have known?

    An agency certainly knew if it held the matter by the day of the decision in every admissible
    chronology, and possibly if in some. A matter is a concern or evidence on a view that had come
    about by then.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per decision, matter that had, or may have, come about by then, and agency;
        decisions in order of time, matters and agencies as coded.

        - `decision` (text): the decision's id
        - `agency`, `agency_label` (text): the agency's id and label
        - `named` (True or False): False for a row that stands for unnamed agencies
        - `matter`, `summary` (text): the matter's id, and what happened
        - `counted_as` (text): why it counts: 'concern', 'evidence on a view' or 'learned
          afterwards'
        - `had_come_about` (text): whether it had by then: 'certainly' or 'possibly'
        - `known` (text): 'certainly known', 'possibly known', 'recorded with another agency only,
          certainly or possibly by then', 'recorded with an agency that can be this one, certainly
          or possibly by then' (it is not named, or not told apart from this one), 'not recorded
          with any agency', 'learned only afterwards' or 'no admissible chronology'
        - `by` (text): the ways by which it came to know, in words
        - `basis` (text): how firm the firmest of them is: 'stated', 'derived' or 'judged'
        - `others` (text): the other agencies that knew, and how certainly
        - `decided`, `left_out` (True or False): whether the agency was among those who decided, and
          whether the review says that it was left out there
        - `rows` (text): the ids of the rows behind the ways
        - `only_as_judged` (text): 'yes' where 'certainly known' needs orders that only the coder
          judged

    See Also
    --------
    reached : the same from those who decided.
    knowledge_at_a_decision : one decision closely.

    References
    ----------
    Pairs in the minimal network: Dechter, Meiri and Pearl 1991, *Artificial Intelligence* 49,
    theorem 3.3. Closure under the earlier and the later of two solutions: Jeavons and Cooper 1995,
    *Artificial Intelligence* 79, 327-339.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cells = cc.knowledge(review)
    >>> cells.loc[cells["known"] == "certainly known", ["decision", "agency", "matter"]].head(4)
             decision              agency         matter
    0    closure-2014  childrens-services  referral-2014
    11   closure-2014            school-x     worry-2014
    12  strategy-2014  childrens-services  referral-2014
    23  strategy-2014            school-x     worry-2014
    """
    cells = known.knowledge(review.tables, review.chronology)
    return known.marked(cells, review.tables, review.chronology)


@kept
def reached(review: Review) -> pd.DataFrame:
    """Of what had come about by each decision, what stood on the record of those who decided, how
    old was it and how had it come there, and who else held it?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per decision and matter that had, or may have, come about by then.

        - `decision` (text): the decision's id, as `decisions` has it
        - `matter`, `summary` (text): the matter's id, and what happened
        - `counted_as`, `had_come_about` (text): as in `knowledge`
        - `reached` (text): what is recorded for those who decided, together, in the words of
          `knowledge`, or 'who decided is not stated'; that it stood on their record does not say
          that they looked
        - `age_days_min`, `age_days_max` (days; <NA>: open, or only an order): how old it was, from
          its first day to the decision
        - `came_by` (text): the ways by which it came to each agency that decided
        - `basis` (text): how firm the firmest of them is: 'stated', 'derived' or 'judged'
        - `certain_with`, `possible_with` (text): the agencies that certainly and possibly held it
        - `left_out_with` (text): those of them that the review says were left out of the decision
        - `learned_later` (text): the agencies that learned of it only afterwards
        - `carried_by` (text): the ids of concerns that tell of it or count it together with others
        - `rows` (text): the ids of the rows behind it
        - `places` (text): paragraph and sentence of the source
        - `only_as_judged` (text): those of `certain_with` that are certain only with orders that
          the coder judged

    See Also
    --------
    known_by_decision : how many matters stood on the record of those who decided.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.reached(review)[["certain_with", "decision", "matter"]].head(4)
              certain_with       decision          matter
    0  Children's services   closure-2014   referral-2014
    1                        closure-2014  referrals-2014
    2           X's school   closure-2014      worry-2014
    3  Children's services  strategy-2014   referral-2014
    """
    cells = knowledge(review)
    table = known_at_decisions.reached(cells, decisions(review), review.tables, review.chronology)
    table = known.with_judged(table, cells)
    return table.drop(columns=["decision_summary", "decided_by"])


@kept
def known_by_decision(review: Review) -> pd.DataFrame:
    """How many matters stood on the record of those who decided, and how many elsewhere, as
    recorded in this source?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per decision and way of reaching, also where there are none.

        - `decision`, `summary` (text): the decision's id, and what happened
        - `said` (text): when, in words
        - `reached` (text): as in `reached`
        - `matters` (count): how many matters; what another tells of, or counts together with
          others, is not counted again
        - `matter_ids` (text): their ids

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.known_by_decision(review)[["decision", "reached", "matters"]].head(3)
           decision                                            reached  matters
    0  closure-2014                                    certainly known        0
    1  closure-2014                                     possibly known        0
    2  closure-2014  recorded with another agency only, certainly o...        1
    """
    return known_at_decisions.known_by_decision(reached(review), decisions(review))


@kept
def knowledge_by_agency(review: Review) -> pd.DataFrame:
    """At each decision, which matters could each agency have known, and how many were elsewhere?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per decision and agency; decisions in order of time, agencies as coded.

        - `decision` (text): the decision's id
        - `agency`, `agency_label` (text): the agency's id and label
        - `named` (True or False): False for a row that stands for unnamed agencies
        - `part` (text): its part in the decision: 'decided', 'left out' or empty
        - `certainly_known`, `possibly_known`, `learned_afterwards` (text): the ids of the matters
        - `recorded_with_another`, `recorded_with_one_it_can_be`, `recorded_with_none` (count; <NA>:
          no admissible chronology): how many of the others are recorded with another agency only,
          with one that can be this one, or with none
        - `status` (text): 'admissible' or 'no admissible chronology'

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.knowledge_by_agency(review)[["decision", "certainly_known", "agency"]].head(4)
           decision certainly_known              agency
    0  closure-2014   referral-2014  childrens-services
    1  closure-2014                              police
    2  closure-2014                         unspecified
    3  closure-2014      worry-2014            school-x
    """
    return known_at_decisions.knowledge_by_agency(
        knowledge(review), decisions(review), review.tables
    )


@kept
def knowledge_at_a_decision(review: Review, *, decision: str = "") -> pd.DataFrame:
    """Who could have known what at one decision: what would those who decided have seen with
    everybody in the room?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.
    decision : str, default ""
        The id of the decision; empty is the one at which the review says that most agencies were
        left out, and of several such the last.

    Returns
    -------
    pandas.DataFrame
        The rows of `knowledge` for one decision: each matter for each agency that decided or was
        left out, and for every other what it held, then or later. Where no row is, nothing is
        recorded with that agency.

        - `decision` (text): the decision's id
        - `agency`, `agency_label` (text): the agency's id and label
        - `named` (True or False): False for a row that stands for unnamed agencies
        - `matter` (text): the matter's id; what it is, and who else held it, `reached` has
        - `known`, `by`, `basis`, `rows`, `only_as_judged` (text): as in `knowledge`
        - `group` (text): 'decided', 'left out', 'other agencies' or 'unnamed agencies'

    Raises
    ------
    ValueError
        For what is no decision of the review; all are named.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> room = cc.knowledge_at_a_decision(review, decision="icpc-2014")
    >>> room.loc[room["known"] == "certainly known", ["agency", "matter", "by"]]
                    agency         matter                                  by
    0   childrens-services  referral-2014   took part or held (referral-2014)
    6             school-x     worry-2014      took part or held (worry-2014)
    7   childrens-services    bruise-2014  told (told-2014, then bruise-2014)
    9             school-x    bruise-2014     took part or held (bruise-2014)
    10  childrens-services      told-2014       took part or held (told-2014)
    12            school-x      told-2014       took part or held (told-2014)
    """
    table = known_at_decisions.knowledge_at_a_decision(
        knowledge(review), decisions(review), decision
    )
    held = table["known"].isin((known.CERTAIN, known.POSSIBLE, known.LATER, NOT_ADMISSIBLE))
    shown = table.loc[held | table["decided"] | table["left_out"], list(_AT_ONE)]
    return shown.reset_index(drop=True)


#: What is so of an agency and a matter at one decision; what is so of the matter, `reached` has.
_AT_ONE = (
    "decision",
    "agency",
    "agency_label",
    "named",
    "matter",
    "known",
    "by",
    "basis",
    "rows",
    "only_as_judged",
    "group",
)
