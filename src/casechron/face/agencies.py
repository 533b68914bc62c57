"""Which agency was involved in what, in which phase, and who told whom?"""

from __future__ import annotations

import pandas as pd

from casechron.analysis import contacts as seen
from casechron.analysis import involvement as parts
from casechron.analysis import phases as cut
from casechron.analysis import telling
from casechron.analysis.kept import kept
from casechron.review import Review

__all__ = [
    "agency_contact",
    "contact_gaps",
    "involvement",
    "involvement_by_phase",
    "phase_of_events",
    "phases",
    "stated_absences",
    "telling_network",
    "tellings",
]


@kept
def involvement(review: Review) -> pd.DataFrame:
    """Which agency was involved in which event, and in which roles?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per event and agency with a part in it, events in order of time, agencies as coded.

        - `event`, `summary` (text): the event's id, and what happened
        - `said` (text): when, in words
        - `phase` (text): where the event falls, as in `phase_of_events`
        - `agency`, `agency_label` (text): the agency's id and label
        - `named` (True or False): False for a row that stands for unnamed agencies
        - `part` (text): what the roles come to; the first that fits of 'led or took part', 'raised
          or told', 'received', 'held or provided', 'was told of it', 'absent or insufficient, as
          stated' and 'learned or acted only afterwards'
        - `roles` (text): the roles as coded
        - `stated_absence` (text): for what the agency did not do, how firmly that is said
        - `rows` (text): the ids of the rows of involvement
        - `places` (text): paragraph and sentence of the source
        - `status` (text): 'admissible', 'absence: as stated' and so on, as in `bounds`

    See Also
    --------
    stated_absences : where the review says that an agency was missing.
    agencies_in_events : the rows as coded.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.involvement(review)[["event", "agency", "part"]].head(4)
               event              agency                               part
    0  referral-2014  childrens-services                           received
    1  referral-2014              police  absent or insufficient, as stated
    2  no-visit-2014  childrens-services  absent or insufficient, as stated
    3     worry-2014            school-x                   held or provided
    """
    return parts.involvement_by_event(review.tables, review.chronology)


@kept
def involvement_by_phase(review: Review) -> pd.DataFrame:
    """In which phase was each agency involved, and in which does the review say that it was
    missing?

    Counts are of what this source records; what an agency learned only afterwards does not count.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per agency and phase, agencies as coded, also where nothing is recorded; none for
        those that only learned or acted afterwards, as the body that made the review.

        - `agency`, `agency_label` (text): the agency's id and label
        - `named` (True or False): False for a row that stands for unnamed agencies
        - `phase` (number), `title` (text): the phase, as in `phases`
        - `recorded` (text): 'involved', 'possibly involved' or 'nothing recorded', each with
          'stated absence' or 'possible stated absence' where there is one
        - `contact_rows`, `contact_rows_may_fall` (count): rows of events with a part of the agency
          that certainly have a day in the phase, and that may have one
        - `absence_rows`, `absence_rows_may_fall` (count): the same of stated absences
        - `contacts_min`, `contacts_max` (count; <NA>: open): how many times it had a part there, by
          the counts of these rows
        - `rows` (text): the ids of the rows of involvement

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.involvement_by_phase(review)[["agency_label", "phase", "recorded"]].head(4)
              agency_label  phase                           recorded
    0  Children's services      1  involved; possible stated absence
    1  Children's services      2  involved; possible stated absence
    2  Children's services      3                           involved
    3  Children's services      4                   nothing recorded
    """
    return parts.involvement_by_phase(review.tables, review.chronology)


@kept
def agency_contact(review: Review) -> pd.DataFrame:
    """When did each agency first and last have a part in the case, as recorded?

    A contact is an event in which the agency had a part, other than as absent or by learning of it
    later. Each bound is attained by some admissible chronology.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per agency, as coded.

        - `agency`, `agency_label` (text): its id and label
        - `named` (True or False): False for a row that stands for unnamed agencies
        - `first_contact`, `last_contact` (text): when, in words
        - `first_earliest`, `first_latest` (date; NaT: open): the bounds of the first day of the
          first contact
        - `last_earliest`, `last_latest` (date; NaT: open): the bounds of the last day of the last
          contact
        - `contact_rows`, `absence_rows`, `later_rows` (count): rows of events in which it had a
          part, was missing, or learned or acted only afterwards
        - `contacts_min`, `contacts_max` (count; <NA>: open): how many times it had a part, by the
          counts of these rows
        - `can_be` (text): the ids of other named rows that can be the same body
        - `first_events`, `last_events` (text): the ids of the contacts that can have been the first
          and the last
        - `roles`, `rows` (text): its roles, and the ids of its rows of involvement
        - `status` (text): 'admissible' or 'no admissible chronology'

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.agency_contact(review)[["agency", "first_earliest", "first_latest", "contact_rows"]]
                   agency first_earliest first_latest  contact_rows
    0  childrens-services     2014-08-21   2014-08-31             5
    1              police            NaT          NaT             0
    2         unspecified            NaT          NaT             0
    3            school-x            NaT   2014-09-19             3
    """
    return parts.agency_contact(review.tables, review.chronology)


@kept
def contact_gaps(review: Review) -> pd.DataFrame:
    """What was the longest stretch without a contact of each agency on record?

    Least and most over the admissible chronologies, whichever contacts it lies between in each. No
    contact recorded is not the same as no contact.

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per agency with two dated contacts or more; unnamed agencies, and states that last,
        are left out.

        - `agency`, `agency_label` (text): the agency's id and label
        - `from_event`, `from_summary` (text): the contact from whose end on so long a stretch
          certainly lies, and what happened
        - `to_event`, `to_summary` (text): the contact up to whose start it does, and what happened
        - `days_min` (days): the longest stretch has at least so many in every chronology
        - `days_max` (days): and at most so many
        - `may_fall_between` (text): the ids of contacts that can lie in that stretch; those that no
          day bounds on one side are not counted, and with one of them it can have been shorter
        - `most_from`, `most_to` (text): the ids of the contacts between which it can have
          `days_max`
        - `ran_through`, `may_run_through` (text): the ids of plans, stays, and states in which the
          agency had a part, that certainly, or possibly, lasted on days of the stretch

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.contact_gaps(review)[["agency", "from_event", "to_event", "days_min", "days_max"]]
                   agency     from_event      to_event  days_min  days_max
    0  childrens-services  referral-2014  closure-2014        19        29
    1            school-x    bruise-2014     told-2014         0         6
    """
    return seen.contact_gaps(review.tables, review.chronology)


@kept
def stated_absences(review: Review) -> pd.DataFrame:
    """Where does the review say that an agency was absent, not involved enough or not told?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per agency and step that it was missing from, in order of time.

        - `involvement` (text): the id of the row of involvement
        - `agency`, `agency_label` (text): the agency's id and label
        - `named` (True or False): False for a row that stands for unnamed agencies
        - `absence`, `force` (text): in what way it was missing, and how firmly that is said
        - `event`, `step`, `summary` (text): the step's id, its kind, and what is said of it
        - `missing_step` (True or False): whether the step as a whole was absent or insufficient, so
          that no more is said of the agency than that the step was its own
        - `answers`, `answers_summary` (text): what the step was to answer: ids, and what happened
        - `said` (text): when, in words
        - `phase` (text): where it falls, as in `phase_of_events`
        - `basis` (text): 'stated', 'derived' or 'judged'
        - `places` (text): paragraph and sentence of the source

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.stated_absences(review)[["agency_label", "event", "force"]]
              agency_label          event              force
    0               Police  referral-2014     did not happen
    1  Children's services  no-visit-2014  no evidence found
    2               Police      icpc-2014     did not happen
    """
    return parts.stated_absences(review.tables, review.chronology)


@kept
def phases(review: Review) -> pd.DataFrame:
    """Into which phases do the turning points cut the case?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per phase, in order of time; one phase where no chronology is admissible.

        - `phase` (number): its number, from 1
        - `title` (text): from which kind of turning point to which
        - `from_event`, `to_event` (text): the ids of the turning points: the first is in the phase,
          the second in the next; empty is the beginning and the end of the account
        - `begins` (text): when it begins, in words
        - `earliest`, `latest` (date; NaT: open): the bounds of its first day
        - `events`, `may_fall` (count): rows that certainly fall into it as a whole, and those that
          may
        - `event_ids`, `may_fall_ids` (text): their ids
        - `same_day` (text): the ids of turning points that certainly fall on the day it begins
        - `status` (text): 'admissible' or 'no admissible chronology'

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.phases(review)[["phase", "from_event", "begins", "events"]]
       phase    from_event                          begins  events
    0      1                                                     4
    1      2  closure-2014            on 19 September 2014       4
    2      3     icpc-2014  between 20 and 22 October 2014       1
    3      4   breach-2014  between 3 and 24 November 2014       2
    4      5     harm-2015              on 12 January 2015       1
    """
    return cut.phases(review.tables, review.chronology)


@kept
def phase_of_events(review: Review) -> pd.DataFrame:
    """Into which phase does each event fall, and of which can it not be said?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per event, in order of time.

        - `event`, `summary` (text): its id, and what happened
        - `said` (text): when, in words
        - `first_phase`, `last_phase` (number): the phases in which it can lie: the same twice where
          it certainly lies in one
        - `certain_in` (text): the phases that certainly hold a day of it
        - `placed` (text): the same in words
        - `turning_point` (text): of a turning point, 'cuts', or against which cuts its order cannot
          be said, so that it cuts none
        - `places` (text): paragraph and sentence of the source
        - `status` (text): as in `bounds`

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.phase_of_events(review)[["event", "first_phase", "last_phase"]].head(4)
                event  first_phase  last_phase
    0         birth-x            1           1
    1  referrals-2014            1           5
    2   referral-2014            1           1
    3      visit-2014            1           1
    """
    return cut.phase_of_events(review.tables, review.chronology)


@kept
def tellings(review: Review) -> pd.DataFrame:
    """Who told whom of what, when and how, did it come in time, and which tellings does the review
    say were missing?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per telling, teller, hearer and event told of, in order of time.

        - `telling` (text): the id of the event that tells
        - `tie` (text): 'told', 'told afterwards', or what the review says was missing: 'not told',
          'not involved', 'insufficiently involved' or 'telling found absent'
        - `from_party`, `from_label`, `from_kind` (text): the teller's id, label and kind: 'agency',
          'unnamed', 'person' or 'not stated'
        - `to_party`, `to_label`, `to_kind` (text): the same of the hearer
        - `about`, `about_summary` (text): the id of the event told of, and what happened; empty
          where the telling is about no other row
        - `how` (text): the kind of the telling
        - `how_many` (text): 'once', or how often, as in 'at least 2'
        - `summary` (text): what the telling says
        - `said` (text): when it was, in words
        - `earliest`, `start_latest`, `end_earliest`, `latest` (date; NaT: open): its days, as in
          `bounds`
        - `next_decision` (text): the ids of the decisions that can be the first after what is told
          of
        - `in_time` (text): whether it reached those who decided by then: 'certain', 'possible',
          'not in time', 'not recorded as passed on' or 'no later decision'; empty for what was
          missing, told afterwards, or about no other row
        - `in_time_for` (text): the same for each decision
        - `rows` (text): the ids of the rows behind it
        - `places` (text): paragraph and sentence of the source
        - `status` (text): as in `bounds`

    See Also
    --------
    telling_network : one row per teller and hearer.
    knowledge : what each agency could have known at each decision.

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.tellings(review)[["telling", "in_time", "tie", "from_label"]]
              telling  in_time           tie  from_label
    0  referrals-2014                   told  not stated
    1   referral-2014                   told  not stated
    2   referral-2014               not told  not stated
    3       told-2014  certain          told  X's school
    4       icpc-2014           not involved      Police
    """
    return telling.tellings(review.tables, review.chronology)


@kept
def telling_network(review: Review) -> pd.DataFrame:
    """Between whom did information pass, and between whom does the review say that it did not?

    Parameters
    ----------
    review : Review
        As `read_review` gives it.

    Returns
    -------
    pandas.DataFrame
        One row per teller, hearer and tie: named agencies first, as coded, then persons, unnamed
        agencies and 'not stated'.

        - `from_party`, `from_label`, `from_kind` (text): the teller's id, label and kind
        - `to_party`, `to_label`, `to_kind` (text): the hearer's id, label and kind
        - `tie` (text): as in `tellings`
        - `tellings` (count): how many events tell, as recorded in this source
        - `in_time` (text): the best of theirs, as in `tellings`
        - `telling_ids` (text): their ids

    Examples
    --------
    >>> import casechron as cc
    >>> review = cc.read_review("child-x-anytown-2019")
    >>> cc.telling_network(review)[["from_label", "to_label", "tie", "tellings"]]
       from_label             to_label           tie  tellings
    0      Police  Children's services  not involved         1
    1  X's school  Children's services          told         1
    2  not stated  Children's services          told         1
    3  not stated               Police      not told         1
    4  not stated           not stated          told         1
    """
    return telling.telling_network(tellings(review), review.tables)
